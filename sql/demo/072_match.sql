-- A round by hand for 2027 that waits for its adoption: one pair that both sides have confirmed, one that its person has
-- not answered yet.

CREATE TEMPORARY TABLE demo_round (n integer PRIMARY KEY, title text, year integer, batch_no integer, start_on date);
INSERT INTO demo_round VALUES (1, '2027年度先行匹配', 2027, 1, '2027-04-01');

CREATE TEMPORARY TABLE demo_pair (n integer PRIMARY KEY, round integer, need integer, person integer);
INSERT INTO demo_pair VALUES (1, 1, 7, 3), (2, 1, 9, 4);

INSERT INTO demo_step (at, room, key, step, who, status, decision, opinion) VALUES
    ('2026-10-12 02:30+00', 'match_round', '1', 'create', 'shi.kj', 'proposed', NULL, NULL),
    ('2026-10-12 02:40+00', 'match', '1', 'create', 'shi.kj', 'proposed', NULL, NULL),
    ('2026-10-12 02:50+00', 'match', '2', 'create', 'shi.rc', 'proposed', NULL, NULL),
    ('2026-10-14 01:00+00', 'match', '1', 'answer', 'yaolan', 'proposed', 'accepted', NULL),
    ('2026-10-15 01:00+00', 'match', '1', 'answer', 'baizhiheng', 'confirmed', 'accepted', '愿意承担检测算法部分'),
    ('2026-10-16 01:00+00', 'match', '2', 'answer', 'guyun', 'proposed', 'accepted', NULL);
