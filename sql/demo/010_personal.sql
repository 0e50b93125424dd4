-- A small living programme for ./dev up and for tests: people, firms and demands that do not exist. This first file
-- names the personal values; the loader seals them before the next files read them back.
-- The data files fill tables of this session alone; 900_play.sql then plays every step in the order of its day.

RESET ROLE;

-- Ids are made from names, so that every copy of the demonstration has the same.
CREATE FUNCTION pg_temp.demo_id(room text, key text) RETURNS uuid LANGUAGE sql IMMUTABLE AS
$$ SELECT overlay(overlay(md5('tepai demo ' || room || ' ' || key) PLACING '4' FROM 13) PLACING '8' FROM 17)::uuid $$;

-- One step of the programme: when, which row, what and by whom; - is time or consequence, public is nobody signed in.
CREATE TEMPORARY TABLE demo_step (
    no       integer GENERATED ALWAYS AS IDENTITY,
    at       timestamptz NOT NULL,
    room     text NOT NULL,
    key      text NOT NULL,
    step     text NOT NULL,
    who      text NOT NULL,
    status   text NOT NULL,
    decision text,
    opinion  text
);

-- Numbers of a range no operator has given out.
INSERT INTO demo_personal (room, field, id, clear)
SELECT 'enterprise', 'contact_phone', pg_temp.demo_id('enterprise', n::text), '1990355' || to_char(n, 'FM0000')
FROM generate_series(1, 40) n
UNION ALL
SELECT 'demand', 'contact_phone', pg_temp.demo_id('demand', n::text), '1990356' || to_char(n, 'FM0000')
FROM generate_series(1, 56) n
UNION ALL
SELECT 'bank_account', 'account_no', pg_temp.demo_id('bank_account', n::text), '6222999900000003' || to_char(n, 'FM000')
FROM generate_series(1, 4) n
UNION ALL
SELECT 'application', 'mobile', pg_temp.demo_id('application', n::text), '1990357' || to_char(n, 'FM0000')
FROM generate_series(1, 9) n
UNION ALL
SELECT 'application', 'id_no', pg_temp.demo_id('application', p.n::text), p.id_no
FROM (VALUES (1, '149999198001010013'),
             (2, '149999198203150022'),
             (3, '149999199108080032'),
             (4, '149999197802280051'),
             (5, '149999199602290043'),
             (6, '149999197005050069'),
             (7, '149999198612120078'),
             (8, '149999198404040014'),
             (9, '149999198807070023')) AS p(n, id_no);
