-- Ninety wishes: those of the pairs that were adopted for 2025 and 2026, and what both sides wish for in the autumn of
-- 2026. Twenty-five pairs are mutual, two wishes come with a declared tie, five were declined.

CREATE TEMPORARY TABLE demo_wish (
    n integer PRIMARY KEY, side text, demand integer, person integer, rank integer, note text, conflict jsonb
);
INSERT INTO demo_wish
SELECT v.n, v.side, d.n, p.n, v.rank, v.note, coalesce(v.conflict, '{"kind": "none", "detail": null}')
FROM (VALUES
    (1, 'enterprise', '转载机远程运维平台数据治理', '林若川', 1, '曾合作开展减速器诊断', NULL::jsonb),
    (2, 'enterprise', '环保型气体绝缘开关柜结构设计', '白知衡', 1, NULL, NULL),
    (3, 'enterprise', '功率模块银烧结工艺窗口', '白知衡', 1, NULL, NULL),
    (4, 'enterprise', '焦炉煤气制氢联产天然气工艺评估', '方既明', 1, NULL,
     '{"kind": "employment", "detail": "该专家2023年曾任本公司技术顾问"}'),
    (5, 'enterprise', '潞党参产地趁鲜加工与溯源', '许南乔', 1, NULL, NULL),
    (6, 'specialist', '转载机远程运维平台数据治理', '林若川', 1, NULL, NULL),
    (7, 'specialist', '刮板输送机中部槽耐磨材料选型', '林若川', 2, NULL, NULL),
    (8, 'specialist', '功率模块银烧结工艺窗口', '白知衡', 1, '与在研课题一致', NULL),
    (9, 'specialist', '潞党参产地趁鲜加工与溯源', '许南乔', 1, NULL, NULL),
    (10, 'specialist', '硅锰合金炉气余热与粉尘回收', '苏明霁', 1, NULL, NULL)) AS v(n, side, demand, person, rank, note, conflict)
JOIN demo_need d ON d.title = v.demand
JOIN demo_person p ON p.full_name = v.person;

INSERT INTO demo_step (at, room, key, step, who, status, decision, opinion) VALUES
    ('2026-10-09 01:10+00', 'intention', '1', 'rank', 'zhangling', 'active', NULL, NULL),
    ('2026-10-09 01:20+00', 'intention', '2', 'rank', 'qy.13', 'active', NULL, NULL),
    ('2026-10-09 01:30+00', 'intention', '3', 'rank', 'qy.39', 'active', NULL, NULL),
    ('2026-10-09 01:40+00', 'intention', '4', 'rank', 'qy.20', 'active', NULL, NULL),
    ('2026-10-09 01:50+00', 'intention', '5', 'rank', 'qy.23', 'active', NULL, NULL),
    ('2026-10-10 01:10+00', 'intention', '6', 'rank', 'linruochuan', 'active', NULL, NULL),
    ('2026-10-10 01:10+00', 'intention', '7', 'rank', 'linruochuan', 'active', NULL, NULL),
    ('2026-10-10 01:20+00', 'intention', '8', 'rank', 'baizhiheng', 'active', NULL, NULL),
    ('2026-10-10 01:30+00', 'intention', '9', 'rank', 'xunanqiao', 'active', NULL, NULL),
    ('2026-10-10 01:40+00', 'intention', '10', 'rank', 'sumingji', 'active', NULL, NULL),
    ('2026-10-12 01:10+00', 'intention', '5', 'decline', 'xunanqiao', 'declined', NULL, '该基地距离较远，难以保证到场次数'),
    ('2026-10-12 01:10+00', 'intention', '9', 'rank', 'xunanqiao', 'withdrawn', NULL, NULL);

-- Both sides of a pair wished for each other before its round.
INSERT INTO demo_wish
SELECT CASE s.side WHEN 'enterprise' THEN 100 ELSE 200 END + p.n, s.side, p.need, p.person, 1, NULL,
       '{"kind": "none", "detail": null}'
FROM demo_pair p CROSS JOIN (VALUES ('enterprise'), ('specialist')) AS s(side)
WHERE p.n BETWEEN 11 AND 32;

INSERT INTO demo_step (at, room, key, step, who, status)
SELECT CASE p.round WHEN 2 THEN timestamptz '2024-12-16 03:00+00' ELSE '2026-02-10 03:00+00' END
           + p.n * interval '1 minute' + CASE w.side WHEN 'specialist' THEN interval '1 hour' ELSE '0' END,
       'intention', w.n::text, 'rank', CASE w.side WHEN 'specialist' THEN a.login ELSE f.login END, 'active'
FROM demo_wish w
JOIN demo_pair p ON p.need = w.demand AND p.person = w.person
JOIN demo_need d ON d.n = w.demand JOIN demo_firm f ON f.n = d.firm JOIN demo_person a ON a.n = w.person
WHERE w.n > 100;

-- This autumn: people who wish for a demand, firms that wish for a person, and one pair in which both do (11 and 12).
INSERT INTO demo_wish
SELECT v.n, v.side, v.demand, v.person, 1, NULL, '{"kind": "none", "detail": null}'
FROM (VALUES (11, 'enterprise', 35, 45), (12, 'specialist', 35, 45)) AS v(n, side, demand, person)
UNION ALL
SELECT 20 + i, 'specialist', ('{12,13,16,17,22,23,27,32,36,45}'::integer[])[1 + i % 10], p, 1, NULL,
       CASE i WHEN 3 THEN '{"kind": "kinship", "detail": "申请人的胞弟在该企业任车间主任"}'
              ELSE '{"kind": "none", "detail": null}' END::jsonb
FROM unnest('{18,19,20,21,22,23,24,25,26,27,28,42,43,44,46,47,48,16}'::integer[]) WITH ORDINALITY AS e(p, i)
UNION ALL
SELECT 40 + i, 'enterprise', d, p, 1 + (i > 9)::integer, NULL, '{"kind": "none", "detail": null}'
FROM unnest('{13,16,17,22,23,27,32,36,45,13,16,17,22,23,27,32}'::integer[],
            '{26,27,28,42,43,44,46,47,48,20,21,22,23,24,25,26}'::integer[]) WITH ORDINALITY AS e(d, p, i);

INSERT INTO demo_step (at, room, key, step, who, status)
SELECT timestamptz '2026-10-11 03:00+00' + w.n * interval '11 minutes', 'intention', w.n::text, 'rank',
       CASE w.side WHEN 'specialist' THEN a.login ELSE f.login END, 'active'
FROM demo_wish w
JOIN demo_need d ON d.n = w.demand JOIN demo_firm f ON f.n = d.firm JOIN demo_person a ON a.n = w.person
WHERE w.n BETWEEN 11 AND 100;

INSERT INTO demo_step (at, room, key, step, who, status, opinion)
SELECT timestamptz '2026-10-15 02:00+00' + w.n * interval '1 minute', 'intention', w.n::text, 'decline',
       CASE w.side WHEN 'specialist' THEN f.login ELSE a.login END, 'declined',
       CASE w.side WHEN 'specialist' THEN '本轮已有更合适的人选' ELSE '近期项目任务较重，无法保证服务次数' END
FROM demo_wish w
JOIN demo_need d ON d.n = w.demand JOIN demo_firm f ON f.n = d.firm JOIN demo_person a ON a.n = w.person
WHERE w.n IN (21, 25, 42, 46);
