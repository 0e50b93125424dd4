-- Wishes of both sides in the autumn of 2026: three pairs that are mutual, one with a declared tie, one that was declined.

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
