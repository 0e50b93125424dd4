-- A programme of years to come: 100,000 demands over the demo's enterprises, ten events for each, and 100,000 entries in
-- the register. Written past the triggers, for the figures are about reading and about the next write.
SET session_replication_role = replica;

-- What cleans up after such a load would take one of the cores while the first figures are measured.
ALTER TABLE app.demand SET (autovacuum_enabled = off);
ALTER TABLE app.event SET (autovacuum_enabled = off);
ALTER TABLE app.specialist SET (autovacuum_enabled = off);

-- The ids are decimal behind a constant head, so that pgbench, which knows only numbers, can name them.
INSERT INTO app.demand (id, version, created_at, updated_at, unit_id, status, side, shown, policy_id, enterprise_id, kind,
                        title, description, current_state, task_groups, tech_field, industry_code, service_forms, targets,
                        urgency, valid_to, confidentiality, contact_name, contact_phone_masked, opened_at)
SELECT ('0000000000007' || 1008000000000000000 + n)::uuid, 4, at, at, e.unit_id,
       (ARRAY['open', 'open', 'open', 'county_review', 'city_review', 'returned', 'expired'])[1 + n % 7], 'enterprise', true,
       (SELECT id FROM app.policy LIMIT 1), e.id, 'technology',
       (ARRAY['铝合金压铸', '减速器', '光伏组件', '多糖提取', '轴承钢', '瓦斯提纯', '焦炭'])[1 + n % 7]
           || (ARRAY['缺陷控制', '在线监测', '工艺优化', '质量标准', '能耗降低'])[1 + n % 5] || ' ' || n,
       repeat('现有工艺波动较大，成品率不稳定，需要专家协助找出原因并给出可验证的改进方案。', 4),
       '已做过两轮试验，数据可以提供。', ARRAY['rd_transfer'],
       (ARRAY['new_materials', 'advanced_manufacturing', 'new_energy_saving'])[1 + n % 3], 'C', ARRAY['rd', 'consulting'],
       '[{"name": "成品率", "unit": "%", "from_value": "82", "target_value": "93"}]', 'normal',
       date '2027-10-01' + n % 300, 'open', '王工', '138****0013', at
FROM generate_series(1, 100000) n
CROSS JOIN LATERAL (SELECT timestamptz '2026-01-01' + n * interval '4 minutes' AS at) t
JOIN (SELECT id, unit_id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS firms
      FROM app.enterprise WHERE status = 'active') e ON e.place = n % e.firms;

INSERT INTO app.event (at, operation, subject_type, subject_id, unit_id, op, subject_version, role, changes,
                       changes_sha256, seen_by, seen_by_before)
SELECT d.updated_at + i * interval '1 second', 'demand_update', 'demand', d.id, d.unit_id, 'upsert', i, 'enterprise',
       '{"title": {"old": "甲", "new": "乙"}}', repeat('0', 64),
       ARRAY['city', 'unit:' || d.unit_id, 'enterprise:' || d.enterprise_id], '{}'
FROM app.demand d, generate_series(1, 10) i
WHERE d.id >= '00000000-0000-7100-8000-000000000000' AND d.id < '00000000-0000-7200-0000-000000000000';

-- What a person is looked for by: a hundred words of two characters, each in the texts of one entry in fifty. The index of
-- words is made once, at the end.
DROP INDEX app.specialist_grams;
INSERT INTO app.specialist (id, version, created_at, updated_at, status, code, application_id, full_name, id_no_index,
                            institution_id, position, employment, doctoral_status, title_level, discipline, specialties,
                            tech_fields, industries, research_summary, intended_service, achievements, work_history,
                            preferred_units, other_programmes, eligibility_ground, waived, valid_from, valid_to)
SELECT ('0000000000007' || 3008000000000000000 + n)::uuid, 1, at, at, 'registered', 'TP-2030-' || lpad(n::text, 6, '0'),
       a.id, (ARRAY['林', '苏', '白', '许', '闻', '郑', '秦', '方'])[1 + n % 8] || w.one, sha256(n::text::bytea),
       a.institution_id, '研究员', 'employed', 'awarded', 'senior', w.one || '工程', ARRAY[w.one || '技术', w.two || '工艺'],
       ARRAY[(ARRAY['new_materials', 'advanced_manufacturing', 'new_energy_saving'])[1 + n % 3]], '{}',
       '长期从事' || w.one || '和' || w.two || '的研究，主持过多项课题，熟悉装备、工艺和检验。',
       '到企业诊断' || w.two || '工序，提出改进方案，培训技术人员并跟踪效果。', '[]', '[]', '{}', '{}', 'title', false,
       date '2026-01-01' + n % 300, date '2029-01-01' + n % 300
FROM generate_series(1, 100000) n
CROSS JOIN LATERAL (SELECT timestamptz '2026-01-01' + n * interval '4 minutes' AS at) t
CROSS JOIN (SELECT id, institution_id FROM app.application LIMIT 1) a
CROSS JOIN (SELECT array_agg(a || b) AS all FROM unnest('{浮,铸,轧,焊,磨,酿,纺,织,镀,染}'::text[]) a,
            unnest('{选,造,制,接,削,酵,纱,布,膜,整}'::text[]) b) words
CROSS JOIN LATERAL (SELECT words.all[1 + n % 100] AS one, words.all[1 + n / 100 % 100] AS two) w;
CREATE INDEX specialist_grams ON app.specialist USING gin (grams);

-- What matching compares, and what candidates are looked for by.
INSERT INTO app.match_person (specialist_id, stands, tech_fields, task_groups, service_forms, pairs)
SELECT s.id, true, s.tech_fields, '{rd_transfer}', '{rd}', app.person_pairs(s, NULL)
FROM app.specialist s WHERE s.id >= '00000000-0000-7300-8000-000000000000' AND s.id < '00000000-0000-7400-0000-000000000000';
INSERT INTO app.match_person_field (tech_field, merit, specialist_id)
SELECT s.tech_fields[1], 5000 + 100 * app.title_rank(s.title_level), s.id
FROM app.specialist s WHERE s.id >= '00000000-0000-7300-8000-000000000000' AND s.id < '00000000-0000-7400-0000-000000000000';
INSERT INTO app.match_need (demand_id, stands, tech_field, merit, pairs)
SELECT d.id, true, d.tech_field, e.priority_bp,
       app.pair_codes(concat_ws(' ', d.title, d.description, app.target_names(d.targets)))
FROM app.demand d JOIN app.enterprise e ON e.id = d.enterprise_id
WHERE d.status = 'open' AND d.id >= '00000000-0000-7100-8000-000000000000' AND d.id < '00000000-0000-7200-0000-000000000000';
SELECT app.job_match_count(date '2026-10-20');

-- The feed as it is after years: all of it in its place, so that the sequencer has only what is measured to move.
INSERT INTO app.feed (pos, seq, hash)
SELECT (SELECT coalesce(max(pos), 0) FROM app.feed) + row_number() OVER (ORDER BY e.seq), e.seq, sha256(e.id::text::bytea)
FROM app.event e WHERE NOT EXISTS (SELECT FROM app.feed f WHERE f.seq = e.seq);
UPDATE app.feed_mark SET low = (SELECT max(seq) FROM app.event);

SET session_replication_role = origin;
VACUUM ANALYZE;
CHECKPOINT;
