-- From adopted pairs to people at work: lists, agreements, notices, placements and what came of them. Seven lists: two
-- whose people were placed, one whose lines stand at every point between, and one in each state before.

CREATE TEMPORARY TABLE demo_list (
    n integer PRIMARY KEY, title text, year integer, batch_no integer, public_notice boolean, began timestamptz,
    start_on date
);
INSERT INTO demo_list VALUES
    (1, '2025年第一批企业科技特派员选派名单', 2025, 1, false, '2024-12-20 03:00+00', '2025-01-01'),
    (2, '2026年第一批企业科技特派员选派名单', 2026, 1, true, '2026-03-12 07:00+00', '2026-04-01'),
    (3, '2026年第二批企业科技特派员选派名单', 2026, 2, false, '2026-09-28 02:00+00', '2026-11-01'),
    (4, '2026年第三批企业科技特派员选派名单', 2026, 3, true, '2026-10-12 03:00+00', '2026-12-01'),
    (5, '2026年第四批企业科技特派员选派名单', 2026, 4, false, '2026-10-13 03:00+00', '2026-12-01'),
    (6, '2026年第五批企业科技特派员选派名单', 2026, 5, false, '2026-10-15 03:00+00', '2026-12-01'),
    (7, '2026年第六批企业科技特派员选派名单', 2026, 6, false, '2026-10-19 03:00+00', '2026-12-01');

-- A line is known by its pair, and so are its agreement and placement.
CREATE TEMPORARY TABLE demo_line AS
SELECT p.n, CASE WHEN p.n <= 20 THEN 1 WHEN p.n <= 32 THEN 2 WHEN p.n <= 38 THEN 3 ELSE p.n - 35 END AS list,
       CASE WHEN p.n <= 20 THEN 1 WHEN p.n <= 32 THEN 2 WHEN p.n = 33 THEN 3 WHEN p.n = 34 THEN 4 END AS notice,
       pg_temp.demo_id('dispatch_line', p.n::text) AS id,
       app.id_from('agreement ' || pg_temp.demo_id('dispatch_line', p.n::text)) AS agreement_id,
       f.login AS firm, f.legal_representative, a.login AS person, a.full_name, c.login AS county, f.unit_id
FROM demo_pair p
JOIN demo_need d ON d.n = p.need
JOIN demo_firm f ON f.n = d.firm
JOIN demo_person a ON a.n = p.person
JOIN demo_account c ON c.unit_id = f.unit_id AND c.office = 'st'
WHERE p.round IN (2, 3);

CREATE FUNCTION pg_temp.demo_placement(line integer) RETURNS uuid LANGUAGE sql STABLE AS
$$
    SELECT app.id_from('placement ' || pg_temp.demo_id('dispatch_notice', l.notice::text) || ' ' || l.agreement_id)
    FROM demo_line l WHERE l.n = line
$$;

-- ---- lists

INSERT INTO demo_step (at, room, key, step, who, args)
SELECT l.began, 'dispatch_list', l.n::text, 'create', 'shi.kj',
       jsonb_build_object('title', l.title, 'year', l.year, 'batch_no', l.batch_no, 'public_notice', l.public_notice)
FROM demo_list l
UNION ALL
SELECT d.began + l.n * interval '10 seconds', 'dispatch_line', l.n::text, 'create', 'shi.kj',
       jsonb_build_object('dispatch_list_id', pg_temp.demo_id('dispatch_list', l.list::text), 'match_id',
                          pg_temp.demo_id('match', l.n::text), 'start_on', d.start_on)
FROM demo_line l JOIN demo_list d ON d.n = l.list
UNION ALL
SELECT d.began + interval '1 hour', 'dispatch_list', d.n::text, 'consult', 'shi.kj', '{}'
FROM demo_list d WHERE d.n <= 6
UNION ALL
SELECT d.began + interval '1 day', 'dispatch_list', d.n::text, 'concur', 'shi.rc',
       (SELECT jsonb_build_object('lines', jsonb_agg(jsonb_build_object('line_id', l.id, 'opinion', 'concur')
                                                     ORDER BY l.n))
        FROM demo_line l WHERE l.list = d.n)
FROM demo_list d WHERE d.n <= 5
UNION ALL
SELECT v.at, 'dispatch_list', v.list, v.step, 'shi.kj', '{}'
FROM (VALUES (timestamptz '2024-12-21 06:00+00', '1', 'fix'), ('2026-03-13 08:00+00', '2', 'announce'),
             ('2026-03-18 02:00+00', '2', 'fix'), ('2026-10-08 02:00+00', '3', 'fix'),
             ('2026-10-16 02:00+00', '4', 'announce')) AS v(at, list, step);

-- ---- agreements

CREATE TEMPORARY TABLE demo_terms AS
SELECT jsonb_build_object(
    'conditions', '提供独立办公室、试验场地和往返食宿。', 'fee_terms', '差旅、住宿和咨询费用据实列支。',
    'home_post_terms', '派驻期间保留原岗位、职称和待遇。', 'ip_terms', '合作产生的知识产权由双方另行约定。',
    'confidentiality_terms', '对所知技术和经营秘密负保密义务。', 'safety_terms', '入厂前安全培训，办理意外伤害保险。',
    'change_terms', '变更、解除须三方书面同意并报备。', 'liability_terms', '违约方赔偿由此造成的直接损失。') AS patch;

-- What a line's agreement went through after its list was fixed: days and who. Of those of the third list each stopped
-- somewhere else: 36 waits for its filing, 37 for two signatures, 38 is a draft.
CREATE TEMPORARY TABLE demo_signing AS
SELECT l.n, l.list, s.step, s.side, CASE l.list WHEN 1 THEN timestamptz '2024-12-22 03:00+00'
                                                WHEN 2 THEN '2026-03-19 03:00+00' ELSE '2026-10-09 03:00+00' END
                                    + s.days * interval '1 day' + l.n * interval '1 minute' AS at
FROM demo_line l
CROSS JOIN (VALUES (0, 'update', 'county'), (0.1, 'issue', 'county'), (1, 'sign', 'specialist'),
                   (2, 'sign', 'enterprise'), (3, 'sign', 'institution'), (4, 'file', 'talent')) AS s(days, step, side)
WHERE l.list <= 3 AND l.n < 38 AND NOT (l.n = 37 AND s.step || s.side IN ('signenterprise', 'signinstitution'))
  AND NOT (l.n IN (36, 37) AND s.step = 'file')
  AND NOT (l.n = 25 AND s.days >= 2);

-- 晶曜光电 wanted a clause changed first, and all signed the second text.
INSERT INTO demo_signing
SELECT 25, 2, s.step, s.side, s.at
FROM (VALUES ('refuse', 'enterprise', timestamptz '2026-03-21 02:00+00'), ('update', 'county', '2026-03-22 01:00+00'),
             ('issue', 'county', '2026-03-22 02:00+00'), ('sign', 'specialist', '2026-03-22 03:00+00'),
             ('sign', 'enterprise', '2026-03-22 04:00+00'), ('sign', 'institution', '2026-03-22 06:00+00'),
             ('file', 'talent', '2026-03-23 04:00+00')) AS s(step, side, at);

-- 太行新材料研究院 signs on paper (2 of 苏明霁): the bureau enters the stamped scan.
INSERT INTO demo_step (at, room, key, step, who)
SELECT g.at - interval '1 minute', 'attachment', 'scan ' || g.n, 'create', 'shi.kj2'
FROM demo_signing g WHERE g.n IN (12, 22) AND g.side = 'institution';

INSERT INTO demo_step (at, room, key, step, who, decision, opinion, args)
SELECT g.at, 'agreement', g.n::text, g.step,
       CASE g.side WHEN 'county' THEN l.county WHEN 'specialist' THEN l.person WHEN 'enterprise' THEN l.firm
                   WHEN 'talent' THEN 'shi.rc' ELSE CASE WHEN g.n IN (12, 22) THEN 'shi.kj2' ELSE 'institution' END END,
       CASE g.step WHEN 'file' THEN 'pass' WHEN 'refuse' THEN 'return' END,
       CASE g.step WHEN 'refuse' THEN '请明确知识产权归属。' END,
       jsonb_build_object('agreement_id', l.agreement_id) || CASE g.step
           WHEN 'update' THEN jsonb_build_object('patch', t.patch || CASE WHEN g.at = '2026-03-22 01:00+00'
               THEN '{"ip_terms": "专利权归企业，特派员和派出单位享有署名权和收益分成。"}'::jsonb ELSE '{}' END)
           WHEN 'sign' THEN jsonb_build_object(
               'signatory', CASE g.side WHEN 'specialist' THEN l.full_name WHEN 'enterprise' THEN l.legal_representative
                                        ELSE '科研处负责人' END,
               'post', CASE g.side WHEN 'enterprise' THEN '法定代表人' WHEN 'institution' THEN '科研处处长' END,
               'prepared', '-',
               'attachment_id', CASE WHEN g.n IN (12, 22) AND g.side = 'institution'
                                     THEN pg_temp.demo_id('attachment', 'scan ' || g.n) END)
           ELSE '{}' END
FROM demo_signing g JOIN demo_line l ON l.n = g.n CROSS JOIN demo_terms t
ORDER BY g.at;

-- ---- notices; the last one waits for the finance bureau

INSERT INTO demo_step (at, room, key, step, who, args)
SELECT v.at, 'dispatch_notice', v.notice::text, 'create', 'shi.kj',
       jsonb_build_object('title', '关于派驻企业科技特派员的通知', 'agreement_ids',
                          (SELECT jsonb_agg(l.agreement_id ORDER BY l.n) FROM demo_line l WHERE l.notice = v.notice))
FROM (VALUES (1, timestamptz '2024-12-28 02:00+00'), (2, '2026-03-26 02:00+00'), (3, '2026-10-14 02:00+00'),
             (4, '2026-10-15 02:00+00')) AS v(notice, at)
UNION ALL
SELECT v.at + o.i * interval '1 hour', 'dispatch_notice', v.notice::text, 'approve', o.who,
       '{"decision": "approve", "opinion": "同意下发"}'
FROM (VALUES (1, timestamptz '2024-12-29 00:00+00'), (2, '2026-03-27 00:00+00'), (3, '2026-10-15 00:00+00'),
             (4, '2026-10-16 00:00+00')) AS v(notice, at)
CROSS JOIN (VALUES (1, 'shi.kj'), (2, 'shi.rc'), (3, 'shi.gx'), (4, 'shi.cz')) AS o(i, who)
WHERE v.notice < 4 OR o.who <> 'shi.cz'
UNION ALL
SELECT v.at, 'dispatch_notice', v.notice::text, 'issue', 'shi.kj', jsonb_build_object('doc_no', v.doc_no)
FROM (VALUES (1, timestamptz '2024-12-30 02:00+00', '长科发〔2024〕61号'), (2, '2026-03-30 02:00+00', '长科发〔2026〕14号'),
             (3, '2026-10-16 06:00+00', '长科发〔2026〕47号')) AS v(notice, at, doc_no);

-- ---- placements: begun and ended by the days' work

INSERT INTO demo_step (at, room, key, step, who) VALUES
    ('2024-12-31 16:05+00', 'work', '2025-01-01', 'placement_activate', '-'),
    ('2025-12-31 16:05+00', 'work', '2026-01-01', 'placement_complete', '-'),
    ('2025-12-31 16:06+00', 'work', '2026-01-01', 'obligation_calendar', '-'),
    ('2026-03-31 16:05+00', 'work', '2026-04-01', 'placement_activate', '-'),
    ('2026-10-19 16:05+00', 'work', '2026-10-20', 'obligation_lapse', '-');

-- What no operation of this release does: nine of 2025 are closed; of 2026 one was ended after 110 days, one revoked, and
-- one pauses.
INSERT INTO demo_step (at, room, key, step, who, status)
SELECT timestamptz '2026-03-02 02:00+00' + l.n * interval '1 hour', 'placement', l.n::text, 'close', l.county, 'closed'
FROM demo_line l WHERE l.list = 1 AND l.n <> 15;
INSERT INTO demo_step (at, room, key, step, who, status, opinion) VALUES
    ('2026-07-19 16:05+00', 'placement', '26', 'terminate', '-', 'terminated', 'agreed'),
    ('2026-08-31 16:05+00', 'placement', '32', 'suspend', '-', 'suspended', NULL),
    ('2026-09-10 02:00+00', 'placement', '31', 'revoke', '-', 'revoked', 'sanction');

-- Every week what falls due in it is handed in, but for the half-year papers of one firm (28) and the closing of the
-- placement that is not closed yet (15).
INSERT INTO demo_step (at, room, key, step, who)
SELECT d, 'obligation', d::text, 'meet', '-'
FROM generate_series(timestamptz '2025-01-06 01:30+00', '2026-10-19 01:30+00', interval '7 days') d;

-- ---- issues in each state, and an objection to the list that is on public notice

CREATE TEMPORARY TABLE demo_issue (
    n integer PRIMARY KEY, at timestamptz, who text, line integer, list integer, category text, severity text,
    content text
);
INSERT INTO demo_issue VALUES
    (1, '2026-10-18 02:00+00', 'zhangling', 21, NULL, 'service', 'minor', '原定本月的两次到场服务尚未安排。'),
    (2, '2026-10-12 02:00+00', 'wenxi', 27, NULL, 'conditions', 'major', '压铸车间试验时段与生产冲突，无法采集数据。'),
    (3, '2026-10-08 02:00+00', 'huguan.kj', 23, NULL, 'other', 'minor', '企业反映服务记录的照片与日期不一致。'),
    (4, '2026-06-15 02:00+00', 'qy.12', 29, NULL, 'service', 'minor', '希望增加线上答疑。'),
    (5, '2026-09-01 02:00+00', 'fangjiming', 28, NULL, 'conditions', 'minor', '宿舍未安排。'),
    (6, '2026-10-13 02:00+00', 'tp.30', 30, NULL, 'arrears', 'serious', '差旅费用两个季度未结算。'),
    (7, '2026-03-14 02:00+00', 'qy.15', 22, 2, 'objection', 'major', '据了解，该人选同期承担其他派驻任务。'),
    (8, '2026-10-17 02:00+00', 'qy.14', 39, 4, 'objection', 'major', '据了解，该人选与派驻企业可能存在持股关系。');

INSERT INTO demo_step (at, room, key, step, who, args)
SELECT i.at, 'issue', i.n::text, 'create', i.who,
       jsonb_build_object('source', CASE WHEN i.list IS NULL THEN 'placement' ELSE 'public_notice' END,
                          'list_id', pg_temp.demo_id('dispatch_list', i.list::text),
                          'line_id', CASE WHEN i.list > 0 THEN pg_temp.demo_id('dispatch_line', i.line::text) END,
                          'placement_id', CASE WHEN i.list IS NULL THEN pg_temp.demo_placement(i.line) END,
                          'category', i.category, 'severity', i.severity, 'content', i.content)
FROM demo_issue i
UNION ALL
SELECT v.at, 'issue', v.issue, v.step, v.who, v.args::jsonb
FROM (VALUES
    (timestamptz '2026-10-13 02:00+00', '2', 'assign', 'tunliu.kj',
     '{"owner_side": "enterprise", "due_on": "2026-10-30"}'),
    ('2026-10-09 02:00+00', '3', 'assign', 'huguan.kj', '{"owner_side": "specialist", "due_on": "2026-10-20"}'),
    ('2026-10-15 02:00+00', '3', 'resolve', 'xunanqiao', '{"resolution": "照片为补拍，已更正日期并说明。"}'),
    ('2026-06-16 02:00+00', '4', 'resolve', 'luzhou.kj', '{"resolution": "双方商定每周三线上答疑。"}'),
    ('2026-06-18 02:00+00', '4', 'confirm', 'qy.12', '{"decision": "pass"}'),
    ('2026-09-02 02:00+00', '5', 'withdraw', 'fangjiming', '{"opinion": "已安排。"}'),
    ('2026-10-14 02:00+00', '6', 'assign', 'shangdang.kj',
     '{"owner_side": "county", "owner_office": "st", "due_on": "2026-10-24"}'),
    ('2026-10-16 02:00+00', '6', 'assign', 'shangdang.kj',
     '{"owner_side": "city", "due_on": "2026-10-31", "opinion": "涉及市级资金口径，请市科技局答复。"}'),
    ('2026-03-16 02:00+00', '7', 'resolve', 'shi.kj', '{"upheld": false, "resolution": "经核实，其上一期派驻已于2025年底结束。"}'),
    ('2026-03-17 02:00+00', '7', 'confirm', 'qy.15', '{"decision": "pass"}')) AS v(at, issue, step, who, args);
