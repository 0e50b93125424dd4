-- What scores compare, made ready: the pairs of neighbouring characters of each demand and each person as numbers, and
-- by field who comes first. Kept by triggers beside the rows it is made from; read by the internal role's functions
-- alone. A demand stands here while it is open, a person while he is registered; both stay for what is scored later.

-- The pairs of neighbouring characters of a text as numbers: code point of the first times 2 to the 21st, plus that of
-- the second. No two pairs share a number.
CREATE FUNCTION app.pair_codes(given text) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT coalesce(array_agg(DISTINCT (ascii(g)::bigint << 21) + ascii(substr(g, 2))), '{}')
    FROM unnest(app.grams(given)) g WHERE char_length(g) = 2
$$;

-- The words of a demand's targets.
CREATE FUNCTION app.target_names(targets jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT coalesce(string_agg(t ->> 'name', ' '), '') FROM jsonb_array_elements(targets) t $$;

CREATE TABLE app.match_need (
    demand_id  uuid,
    stands     boolean NOT NULL,
    tech_field text,
    merit      integer NOT NULL,
    pairs      bigint[] NOT NULL,
    CONSTRAINT match_need_pkey PRIMARY KEY (demand_id),
    CONSTRAINT match_need_demand_id_fkey FOREIGN KEY (demand_id) REFERENCES app.demand (id)
);
CREATE INDEX match_need_field ON app.match_need (tech_field, merit DESC, demand_id) WHERE stands;
CREATE INDEX match_need_pairs ON app.match_need USING gin (pairs) WHERE stands;

CREATE TABLE app.match_person (
    specialist_id uuid,
    stands        boolean NOT NULL,
    tech_fields   text[] NOT NULL,
    task_groups   text[] NOT NULL,
    service_forms text[] NOT NULL,
    grade         jsonb,
    pairs         bigint[] NOT NULL,
    CONSTRAINT match_person_pkey PRIMARY KEY (specialist_id),
    CONSTRAINT match_person_specialist_id_fkey FOREIGN KEY (specialist_id) REFERENCES app.specialist (id)
);
CREATE INDEX match_person_pairs ON app.match_person USING gin (pairs) WHERE stands;

-- A person has up to four fields, so they stand apart.
CREATE TABLE app.match_person_field (
    tech_field    text NOT NULL,
    merit         integer NOT NULL,
    specialist_id uuid NOT NULL,
    CONSTRAINT match_person_field_pkey PRIMARY KEY (specialist_id, tech_field),
    CONSTRAINT match_person_field_specialist_id_fkey FOREIGN KEY (specialist_id) REFERENCES app.specialist (id)
);
CREATE INDEX match_person_field_first ON app.match_person_field (tech_field, merit DESC, specialist_id);

-- How many of a side have a pair, counted each day from a sample: candidates are looked for by the rarest pairs first.
CREATE TABLE app.match_rarity (
    side    text NOT NULL,
    pair    bigint NOT NULL,
    holders integer NOT NULL,
    CONSTRAINT match_rarity_pkey PRIMARY KEY (side, pair)
);

-- What stands in the tables already. Nobody has been graded yet. Row-level security holds the owner off too, until the
-- policies are written anew behind this.
ALTER TABLE app.demand NO FORCE ROW LEVEL SECURITY;
ALTER TABLE app.enterprise NO FORCE ROW LEVEL SECURITY;
ALTER TABLE app.specialist NO FORCE ROW LEVEL SECURITY;
ALTER TABLE app.service_offer NO FORCE ROW LEVEL SECURITY;
INSERT INTO app.match_need (demand_id, stands, tech_field, merit, pairs)
SELECT d.id, d.status = 'open', d.tech_field, e.priority_bp,
       app.pair_codes(concat_ws(' ', d.title, d.description, app.target_names(d.targets)))
FROM app.demand d JOIN app.enterprise e ON e.id = d.enterprise_id
WHERE d.status IN ('open', 'matched');
INSERT INTO app.match_person (specialist_id, stands, tech_fields, task_groups, service_forms, pairs)
SELECT s.id, s.status = 'registered', s.tech_fields,
       ARRAY(SELECT DISTINCT f.task_group FROM app.service_offer f
             WHERE f.specialist_id = s.id AND f.status = 'published'),
       ARRAY(SELECT DISTINCT unnest(f.service_forms) FROM app.service_offer f
             WHERE f.specialist_id = s.id AND f.status = 'published'),
       app.pair_codes(concat_ws(' ', app.spaced(s.specialties), s.research_summary, s.intended_service,
                                (SELECT string_agg(concat_ws(' ', f.title, f.description, f.deliverables), ' ')
                                 FROM app.service_offer f WHERE f.specialist_id = s.id AND f.status = 'published')))
FROM app.specialist s;
INSERT INTO app.match_person_field (tech_field, merit, specialist_id)
SELECT DISTINCT f.code, 5000
       + 100 * coalesce(array_position('{technician,junior,intermediate,associate_senior,senior}', s.title_level), 0)
       + CASE left(s.degree_code, 1) WHEN '2' THEN 20 WHEN '3' THEN 10 ELSE 0 END, s.id
FROM app.specialist s CROSS JOIN unnest(s.tech_fields) AS f(code)
WHERE s.status = 'registered';
