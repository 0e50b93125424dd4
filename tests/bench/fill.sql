-- A programme of years to come: 100,000 demands over the demo's enterprises and ten events for each. Written past the
-- triggers, for the figures are about reading and about the next write.
SET session_replication_role = replica;

-- What cleans up after such a load would take one of the cores while the first figures are measured.
ALTER TABLE app.demand SET (autovacuum_enabled = off);
ALTER TABLE app.event SET (autovacuum_enabled = off);

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

-- The feed as it is after years: all of it in its place, so that the sequencer has only what is measured to move.
INSERT INTO app.feed (pos, seq, hash)
SELECT (SELECT coalesce(max(pos), 0) FROM app.feed) + row_number() OVER (ORDER BY e.seq), e.seq, sha256(e.id::text::bytea)
FROM app.event e WHERE NOT EXISTS (SELECT FROM app.feed f WHERE f.seq = e.seq);
UPDATE app.feed_mark SET low = (SELECT max(seq) FROM app.event);

SET session_replication_role = origin;
VACUUM ANALYZE;
CHECKPOINT;
