-- Candidates for one demand or one person (article 9.3). Of a large register or a long list of demands the nearest are
-- looked for by index and only these are scored: those who share the rarest pairs of characters of the text, and the
-- first of the field and of related ones. How many of each stands in the functions below.

-- Of the pairs of a text those that fewest of a side have: as many as 2000 have together, the rarest that is known in any
-- case, and of those the sample does not know at most 60.
CREATE OR REPLACE FUNCTION app.match_rare(of_side text, given bigint[]) RETURNS bigint[] LANGUAGE sql STABLE AS
$$
    SELECT coalesce(array_agg(r.pair), '{}')
    FROM (SELECT g.pair, c.holders, sum(c.holders) OVER w AS together, row_number() OVER w AS n
          FROM unnest(given) AS g(pair) LEFT JOIN app.match_rarity c ON c.side = of_side AND c.pair = g.pair
          WINDOW w AS (PARTITION BY c.holders IS NULL ORDER BY c.holders, g.pair)) r
    WHERE CASE WHEN r.holders IS NULL THEN r.n <= 60 ELSE r.n = 1 OR r.together <= 2000 END
$$;

-- Counts pairs in a sample of about 3000 of each side, so that the work does not grow with the register.
CREATE OR REPLACE FUNCTION app.job_match_count(day date) RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    people_bp CONSTANT real := least(100, 300000.0 / greatest((SELECT count(*) FROM app.match_person), 1));
    needs_bp  CONSTANT real := least(100, 300000.0 / greatest((SELECT count(*) FROM app.match_need), 1));
BEGIN
    DELETE FROM app.match_rarity;
    INSERT INTO app.match_rarity (side, pair, holders)
    SELECT 'specialist', pair, count(*) * 100 / people_bp
    FROM app.match_person m TABLESAMPLE SYSTEM (people_bp) REPEATABLE (1) CROSS JOIN unnest(m.pairs) pair
    WHERE m.stands GROUP BY pair
    UNION ALL
    SELECT 'enterprise', pair, count(*) * 100 / needs_bp
    FROM app.match_need m TABLESAMPLE SYSTEM (needs_bp) REPEATABLE (1) CROSS JOIN unnest(m.pairs) pair
    WHERE m.stands GROUP BY pair;
    RETURN 0;
END
$$;

-- Fields related to one by the dictionary.
CREATE OR REPLACE FUNCTION app.related_fields(field text) RETURNS text[] LANGUAGE sql STABLE AS
$$
    SELECT coalesce((SELECT app.text_array(f.attrs -> 'related') FROM app.dictionary_entry f
                     WHERE f.dictionary = 'tech_field' AND f.code = field), '{}')
$$;

-- People near a demand: 100 by shared rare pairs, 60 first of the field and 20 of each related one, the named one, and
-- whom the firm wishes for. Whom the other side's wish is from is not looked at: it would give the wish away.
CREATE OR REPLACE FUNCTION app.match_people_near(need app.match_need, since date, until date) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE AS
$$
DECLARE
    related CONSTANT text[] := app.related_fields(need.tech_field);
    rare    CONSTANT bigint[] := app.match_rare('specialist', need.pairs);
BEGIN
    RETURN QUERY
    (SELECT h.specialist_id
     FROM unnest(rare) AS r(pair)
     CROSS JOIN LATERAL (SELECT p.specialist_id, p.tech_fields FROM app.match_person p
                         WHERE p.stands AND p.pairs @> ARRAY[r.pair] LIMIT 500) h
     GROUP BY h.specialist_id, h.tech_fields
     ORDER BY need.tech_field = ANY (h.tech_fields) DESC, h.tech_fields && related DESC, count(*) DESC, h.specialist_id
     LIMIT 100)
    UNION
    SELECT n.specialist_id
    FROM unnest(need.tech_field || related) WITH ORDINALITY AS f(code, n)
    CROSS JOIN LATERAL (SELECT m.specialist_id FROM app.match_person_field m
                        WHERE m.tech_field = f.code
                          -- As a value, so that it is asked row by row until there are enough.
                          AND (SELECT NOT EXISTS (SELECT FROM app.terms_taken() t
                                                  WHERE t.specialist_id = m.specialist_id AND t.start_on <= until
                                                    AND t.end_on >= since))
                        ORDER BY m.merit DESC, m.specialist_id
                        LIMIT CASE f.n WHEN 1 THEN 60 ELSE 20 END) n
    UNION
    SELECT d.named_specialist_id FROM app.demand d WHERE d.id = need.demand_id AND d.named_specialist_id IS NOT NULL
    UNION
    SELECT i.specialist_id FROM app.intention i
    WHERE i.demand_id = need.demand_id AND i.side = 'enterprise' AND i.status = 'active';
END
$$;

-- Demands near a person, likewise: 100 by shared rare pairs, 60 first by the firm's priority of each of his fields and
-- 20 of each related one, those that name him, and those he wishes for.
CREATE OR REPLACE FUNCTION app.match_needs_near(person app.match_person) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE AS
$$
DECLARE
    related CONSTANT text[] := ARRAY(SELECT DISTINCT r FROM unnest(person.tech_fields) f, unnest(app.related_fields(f)) r
                                     WHERE r <> ALL (person.tech_fields));
    rare    CONSTANT bigint[] := app.match_rare('enterprise', person.pairs);
BEGIN
    RETURN QUERY
    (SELECT h.demand_id
     FROM unnest(rare) AS r(pair)
     CROSS JOIN LATERAL (SELECT n.demand_id, n.tech_field FROM app.match_need n
                         WHERE n.stands AND n.pairs @> ARRAY[r.pair] LIMIT 500) h
     GROUP BY h.demand_id, h.tech_field
     ORDER BY h.tech_field = ANY (person.tech_fields) DESC, h.tech_field = ANY (related) DESC, count(*) DESC, h.demand_id
     LIMIT 100)
    UNION
    SELECT n.demand_id
    FROM unnest(person.tech_fields || related) WITH ORDINALITY AS f(code, n)
    CROSS JOIN LATERAL (SELECT m.demand_id FROM app.match_need m
                        WHERE m.stands AND m.tech_field = f.code
                        ORDER BY m.merit DESC, m.demand_id
                        LIMIT CASE WHEN f.n <= cardinality(person.tech_fields) THEN 60 ELSE 20 END) n
    UNION
    SELECT d.id FROM app.demand d WHERE d.named_specialist_id = person.specialist_id AND d.status = 'open'
    UNION
    SELECT i.demand_id FROM app.intention i
    WHERE i.specialist_id = person.specialist_id AND i.side = 'specialist' AND i.status = 'active';
END
$$;

-- Whether the caller may ask for the candidates of a demand or a person.
CREATE OR REPLACE FUNCTION app.match_may_ask(of_type text, subject uuid) RETURNS boolean LANGUAGE sql STABLE AS
$$
    SELECT CASE of_type || ' ' || app.my_side()
               WHEN 'specialist specialist' THEN subject = app.fact('specialist')::uuid
               WHEN 'demand enterprise' THEN EXISTS (SELECT FROM app.demand d WHERE d.id = subject
                                                     AND d.enterprise_id = app.fact('enterprise')::uuid)
               WHEN 'demand county' THEN EXISTS (SELECT FROM app.demand d WHERE d.id = subject
                                                 AND d.unit_id = app.fact('unit'))
               ELSE coalesce(app.fact('actor') IN ('city/st', 'city/talent'), false)
           END
$$;

-- Those of the near people who take part in a matching of the demand, none when the demand itself does not. They are
-- looked up one by one, which OFFSET holds the planner to: it would rather read whole tables.
CREATE OR REPLACE FUNCTION app.match_people(of_demand uuid, begins date)
RETURNS TABLE (demand_id uuid, specialist_id uuid)
LANGUAGE plpgsql STABLE AS
$$
DECLARE
    today CONSTANT date := app.today();
    since CONSTANT date := (SELECT greatest(coalesce(begins, d.expected_start_on), today) FROM app.demand d
                            WHERE d.id = of_demand);
    until CONSTANT date := app.term_end(since);
    need  app.match_need;
BEGIN
    SELECT n.* INTO need
    FROM app.match_need n JOIN app.demand d ON d.id = n.demand_id JOIN app.enterprise e ON e.id = d.enterprise_id
    WHERE n.demand_id = of_demand AND d.status = 'open' AND e.status = 'active'
      AND coalesce(e.barred_until < today, true)
      AND NOT EXISTS (SELECT FROM app.terms_taken() t
                      WHERE t.enterprise_id = e.id AND t.start_on <= until AND t.end_on >= since);
    RETURN QUERY
    SELECT of_demand, s.id
    FROM app.match_people_near(need, since, until) AS k(id)
    CROSS JOIN LATERAL (
        SELECT p.id FROM app.specialist p
        WHERE p.id = k.id AND p.status = 'registered' AND coalesce(p.barred_until < today, true)
          AND coalesce(p.available_from <= since, true) AND coalesce(p.available_to >= since, true)
          AND NOT EXISTS (SELECT FROM app.terms_taken() t
                          WHERE t.specialist_id = p.id AND t.start_on <= until AND t.end_on >= since)
          AND NOT EXISTS (SELECT FROM app.pairs_declined() x WHERE x.demand_id = of_demand AND x.specialist_id = p.id)
        OFFSET 0) s
    WHERE need.demand_id IS NOT NULL;
END
$$;

-- The same of a person, each demand at its own start where none is given.
CREATE OR REPLACE FUNCTION app.match_needs(of_person uuid, begins date)
RETURNS TABLE (demand_id uuid, specialist_id uuid)
LANGUAGE plpgsql STABLE AS
$$
DECLARE
    today  CONSTANT date := app.today();
    months CONSTANT interval := make_interval(months => app.policy_value('term_months', NULL)::integer);
    taken  CONSTANT datemultirange := coalesce((SELECT range_agg(daterange(t.start_on, t.end_on, '[]'))
                                                FROM app.terms_taken() t WHERE t.specialist_id = of_person), '{}');
    person app.match_person;
BEGIN
    SELECT * INTO person FROM app.match_person m WHERE m.specialist_id = of_person;
    RETURN QUERY
    SELECT d.id, of_person
    FROM app.match_needs_near(person) AS k(id)
    CROSS JOIN LATERAL (
        SELECT n.id
        FROM app.demand n
        JOIN app.enterprise e ON e.id = n.enterprise_id
        CROSS JOIN app.specialist s
        CROSS JOIN LATERAL (SELECT greatest(coalesce(begins, n.expected_start_on), today) AS start_on) b
        CROSS JOIN LATERAL (SELECT b.start_on, (b.start_on + months - interval '1 day')::date AS end_on) t
        WHERE n.id = k.id AND n.status = 'open' AND e.status = 'active' AND coalesce(e.barred_until < today, true)
          AND s.id = of_person AND s.status = 'registered' AND coalesce(s.barred_until < today, true)
          AND coalesce(s.available_from <= t.start_on, true) AND coalesce(s.available_to >= t.start_on, true)
          AND NOT taken && daterange(t.start_on, t.end_on, '[]')
          AND NOT EXISTS (SELECT FROM app.terms_taken() x
                          WHERE x.enterprise_id = e.id AND x.start_on <= t.end_on AND x.end_on >= t.start_on)
          AND NOT EXISTS (SELECT FROM app.pairs_declined() x WHERE x.demand_id = n.id AND x.specialist_id = of_person)
        OFFSET 0) d;
END
$$;

-- Components as a specialist may read them of a limited demand: what its outline shows, of the rest the values alone.
CREATE OR REPLACE FUNCTION app.match_veiled(components jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT coalesce(jsonb_agg(
        CASE WHEN c.value ->> 'key' IN ('tech_field', 'task_group', 'place') THEN c.value
             ELSE c.value || '{"facts": {}, "zh": "有限公开的需求，内容不予说明",
                               "en": "The demand is limited, so no facts are told"}' END ORDER BY c.n), '[]')
    FROM jsonb_array_elements(components) WITH ORDINALITY AS c(value, n)
$$;

-- One page of candidates below a score and an id, the best first. What the other side wishes is told when mutual; to the
-- city always. Plans are kept whatever is asked for, since making them costs more than they do, and read no table whole:
-- where many share a pair, the planner takes a part of the table for enough.
CREATE OR REPLACE FUNCTION app.match_page(of_type text, subject uuid, begins date, below integer, below_id uuid,
                                          rows integer)
RETURNS TABLE (id uuid, demand_id uuid, specialist_id uuid, score_bp integer, components jsonb, wished boolean,
               mutual boolean, conflict boolean)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS
$$
DECLARE
    weights CONSTANT jsonb := app.policy_value('match_weights_bp', NULL);
    least   CONSTANT integer := app.policy_value('match_min_score_bp', NULL)::integer;
    asking  CONSTANT text := CASE app.my_side() WHEN 'city' THEN NULL ELSE app.wishing_side() END;
    veiled  CONSTANT boolean := app.my_side() = 'specialist';
    demands uuid[];
    people  uuid[];
BEGIN
    IF of_type = 'demand' THEN
        SELECT array_agg(p.demand_id), array_agg(p.specialist_id) INTO demands, people FROM app.match_people(subject, begins) p;
    ELSE
        SELECT array_agg(p.demand_id), array_agg(p.specialist_id) INTO demands, people FROM app.match_needs(subject, begins) p;
    END IF;
    -- The page, before anything is explained.
    SELECT array_agg(k.demand_id), array_agg(k.specialist_id) INTO demands, people
    FROM (SELECT m.demand_id, m.specialist_id
          FROM app.match_score(demands, people, begins, weights) m
          CROSS JOIN LATERAL (SELECT CASE of_type WHEN 'demand' THEN m.specialist_id ELSE m.demand_id END AS id) c
          WHERE (m.score_bp, c.id) < (below, below_id)
            AND (m.score_bp >= least
                 OR EXISTS (SELECT FROM app.intention i
                            WHERE i.demand_id = m.demand_id AND i.specialist_id = m.specialist_id
                              AND i.status = 'active' AND (asking IS NULL OR i.side = asking)))
          ORDER BY m.score_bp DESC, c.id DESC
          LIMIT rows) k;
    RETURN QUERY
    SELECT c.id, x.demand_id, x.specialist_id, x.score_bp,
           CASE WHEN veiled AND d.confidentiality = 'limited' THEN app.match_veiled(x.components) ELSE x.components END,
           w.wished, w.mutual, w.conflict
    FROM app.match_explained(demands, people, begins, weights) x
    JOIN app.demand d ON d.id = x.demand_id
    CROSS JOIN LATERAL (SELECT CASE of_type WHEN 'demand' THEN x.specialist_id ELSE x.demand_id END AS id) c
    CROSS JOIN LATERAL (
        SELECT count(*) > 0 AS wished, coalesce(bool_or(i.mutual), false) AS mutual,
               coalesce(bool_or(i.conflict ->> 'kind' <> 'none'), false) AS conflict
        FROM app.intention i
        WHERE i.demand_id = x.demand_id AND i.specialist_id = x.specialist_id AND i.status = 'active'
          AND (asking IS NULL OR i.side = asking)) w
    ORDER BY x.score_bp DESC, c.id DESC;
END
$$;

-- The same for who may ask.
CREATE OR REPLACE FUNCTION app.match_suggest(of_type text, subject uuid, begins date, below integer, below_id uuid,
                                             rows integer)
RETURNS TABLE (id uuid, demand_id uuid, specialist_id uuid, score_bp integer, components jsonb, wished boolean,
               mutual boolean, conflict boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    IF app.match_may_ask(of_type, subject) THEN
        RETURN QUERY SELECT p.* FROM app.match_page(of_type, subject, begins, below, below_id, rows) p;
    END IF;
END
$$;
ALTER FUNCTION app.match_suggest(text, uuid, date, integer, uuid, integer) OWNER TO tepai_internal;
