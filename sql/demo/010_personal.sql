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
    status   text,
    decision text,
    opinion  text,
    args     jsonb -- what the operation <room>_<step> is given, when it is played as the service plays it
);

-- A resident ID number of a division that does not exist, with its right check character (GB 11643-1999).
CREATE FUNCTION pg_temp.demo_id_no(birth_on date, serial integer) RETURNS text LANGUAGE sql IMMUTABLE AS
$$
    SELECT n.head || substr('10X98765432', 1 + (
               SELECT sum(substr(n.head, w.i::int, 1)::int * w.weight)::int % 11
               FROM unnest('{7,9,10,5,8,4,2,1,6,3,7,9,10,5,8,4,2}'::int[]) WITH ORDINALITY AS w(weight, i)), 1)
    FROM (SELECT '149999' || to_char(birth_on, 'YYYYMMDD') || to_char(serial, 'FM000') AS head) n
$$;
-- What the many are made from: a name nobody else of them has, and a birthday.
CREATE FUNCTION pg_temp.demo_name(n integer) RETURNS text LANGUAGE sql IMMUTABLE AS
$$
    SELECT ('{顾,沈,韦,祝,温,项,柯,褚,骆,池,单,阮,岑,路,翟,燕}'::text[])[1 + n % 16]
           || ('{望舒,见山,听澜,知微,行简,牧野,怀瑾,砚之,清和}'::text[])[1 + n % 9]
$$;
CREATE FUNCTION pg_temp.demo_birthday(n integer) RETURNS date LANGUAGE sql IMMUTABLE AS
$$ SELECT date '1968-03-01' + n * 397 % 8600 $$;

-- Numbers of a range no operator has given out.
INSERT INTO demo_personal (room, field, id, clear)
SELECT 'enterprise', 'contact_phone', pg_temp.demo_id('enterprise', n::text), '1990355' || to_char(n, 'FM0000')
FROM generate_series(1, 40) n
UNION ALL
SELECT 'demand', 'contact_phone', pg_temp.demo_id('demand', n::text), '1990356' || to_char(n, 'FM0000')
FROM generate_series(1, 76) n
UNION ALL
SELECT 'bank_account', 'account_no', pg_temp.demo_id('bank_account', n::text), '6222999900000003' || to_char(n, 'FM000')
FROM generate_series(1, 4) n
UNION ALL
SELECT 'application', 'mobile', pg_temp.demo_id('application', n::text), '1990357' || to_char(n, 'FM0000')
FROM generate_series(1, 60) n
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
             (9, '149999198807070023')) AS p(n, id_no)
UNION ALL
SELECT 'application', 'id_no', pg_temp.demo_id('application', n::text),
       pg_temp.demo_id_no(pg_temp.demo_birthday(n), 100 + n)
FROM generate_series(10, 57) n
UNION ALL
-- Three who apply once more.
SELECT 'application', 'id_no', pg_temp.demo_id('application', p.n::text),
       pg_temp.demo_id_no(pg_temp.demo_birthday(p.again), 100 + p.again)
FROM (VALUES (58, 50), (59, 13), (60, 14)) AS p(n, again);
