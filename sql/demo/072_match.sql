-- How the pairs came about: by hand, with a word of both sides where their wishes had not said yes already.

INSERT INTO demo_step (at, room, key, step, who, status) VALUES
    ('2024-12-17 02:30+00', 'match_round', '2', 'create', 'shi.kj', 'proposed'),
    ('2026-02-25 02:30+00', 'match_round', '3', 'create', 'shi.kj', 'proposed'),
    ('2026-10-12 02:30+00', 'match_round', '1', 'create', 'shi.kj', 'proposed');

INSERT INTO demo_step (at, room, key, step, who, args)
SELECT s.at + p.n * interval '1 minute', 'match', p.n::text, 'create', 'shi.rc',
       jsonb_build_object('match_id', pg_temp.demo_id('match', p.n::text), 'round_id',
                          pg_temp.demo_id('match_round', p.round::text), 'demand_id',
                          pg_temp.demo_id('demand', p.need::text), 'specialist_id',
                          pg_temp.demo_specialist(p.person), 'reason', '技术对接会上双方有合作意愿')
FROM demo_pair p
JOIN (VALUES (1, timestamptz '2026-10-12 02:40+00'), (2, '2024-12-17 03:00+00'), (3, '2026-02-25 03:00+00'))
    AS s(round, at) ON s.round = p.round;

INSERT INTO demo_step (at, room, key, step, who, args)
SELECT v.at, 'match', v.key, 'answer', v.who,
       jsonb_build_object('match_id', pg_temp.demo_id('match', v.key), 'answer', 'accepted', 'answer_note', v.note)
FROM (VALUES (timestamptz '2026-10-14 01:00+00', '1', 'yaolan', NULL),
             ('2026-10-15 01:00+00', '1', 'baizhiheng', '愿意承担检测算法部分'),
             ('2026-10-16 01:00+00', '2', 'guyun', NULL),
             ('2026-10-16 02:00+00', '3', 'fangjiming', NULL)) AS v(at, key, who, note)
UNION ALL
SELECT timestamptz '2026-03-03 01:00+00' + p.n * interval '1 minute' + s.days * interval '1 day', 'match', p.n::text,
       'answer', CASE s.days WHEN 0 THEN f.login ELSE a.login END,
       jsonb_build_object('match_id', pg_temp.demo_id('match', p.n::text), 'answer', 'accepted')
FROM demo_pair p
JOIN demo_need d ON d.n = p.need JOIN demo_firm f ON f.n = d.firm JOIN demo_person a ON a.n = p.person
CROSS JOIN generate_series(0, 1) AS s(days)
WHERE p.n >= 33;

INSERT INTO demo_step (at, room, key, step, who, args)
SELECT v.at, 'match_round', v.key, 'adopt', 'shi.kj',
       jsonb_build_object('match_round_id', pg_temp.demo_id('match_round', v.key), 'cleared', '[]'::jsonb)
FROM (VALUES (timestamptz '2024-12-20 02:00+00', '2'), ('2026-03-12 06:00+00', '3')) AS v(at, key);

-- The demands of 2025 were met.
INSERT INTO demo_step (at, room, key, step, who, status)
SELECT '2026-01-12 06:20+00', 'demand', n::text, 'fulfil', '-', 'fulfilled' FROM generate_series(61, 66) n;
