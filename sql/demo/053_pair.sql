-- Three rounds and the pairs they proposed: 2025 and 2026 are adopted, 2027 waits for its adoption with one pair that
-- both sides have confirmed, one that its person has not answered, and one whose firm declared an interest.

CREATE TEMPORARY TABLE demo_round (n integer PRIMARY KEY, title text, year integer, batch_no integer, start_on date);
INSERT INTO demo_round VALUES
    (1, '2027年度先行匹配', 2027, 1, '2027-04-01'),
    (2, '2025年度匹配', 2025, 1, '2025-01-01'),
    (3, '2026年度匹配', 2026, 1, '2026-04-01');

CREATE TEMPORARY TABLE demo_pair (n integer PRIMARY KEY, round integer, need integer, person integer);
INSERT INTO demo_pair VALUES
    (1, 1, 7, 3), (2, 1, 9, 4), (3, 1, 19, 8),
    (11, 2, 1, 1), (12, 2, 5, 2), (13, 2, 4, 4), (14, 2, 10, 11), (15, 2, 61, 7),
    (16, 2, 62, 12), (17, 2, 63, 13), (18, 2, 64, 14), (19, 2, 65, 15), (20, 2, 66, 16),
    -- Four who stay where they were, then eight who are new.
    (21, 3, 57, 1), (22, 3, 58, 2), (23, 3, 59, 4), (24, 3, 60, 11),
    (25, 3, 2, 3), (26, 3, 3, 17), (27, 3, 6, 5), (28, 3, 8, 8),
    (29, 3, 11, 29), (30, 3, 15, 30), (31, 3, 20, 31), (32, 3, 33, 32),
    -- Pairs that begin in the autumn, each of them at another place of its way.
    (33, 3, 67, 33), (34, 3, 68, 34), (35, 3, 69, 35), (36, 3, 70, 36), (37, 3, 71, 37), (38, 3, 72, 38),
    (39, 3, 73, 39), (40, 3, 74, 40), (41, 3, 75, 41), (42, 3, 76, 42);

-- The entry that an approved application made.
CREATE FUNCTION pg_temp.demo_specialist(person integer) RETURNS uuid LANGUAGE sql IMMUTABLE AS
$$ SELECT app.id_from('specialist ' || pg_temp.demo_id('application', person::text)) $$;
