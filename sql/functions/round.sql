-- A round of matching (article 9.3): the snapshot it is computed under, the pairs that are admissible, what the job
-- writes, and what adoption and cancellation bring about.

-- A round keeps the rules it is made under: policy, weights, who is a candidate. A computed one begins as a job.
CREATE OR REPLACE FUNCTION app.match_round_fill() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    NEW.policy_id := app.policy_current();
    NEW.unit_ids := nullif(NEW.unit_ids, '{}');
    NEW.weights := jsonb_build_object('match_weights_bp', app.policy_value('match_weights_bp', NULL),
                                      'match_candidates', app.policy_value('match_candidates', NULL),
                                      'match_min_score_bp', app.policy_value('match_min_score_bp', NULL));
    NEW.status := CASE NEW.method WHEN 'computed' THEN 'computing' ELSE 'proposed' END;
    IF NEW.method = 'computed' THEN
        INSERT INTO app.operation (kind) VALUES ('match_round') RETURNING id INTO NEW.operation_id;
    END IF;
    RETURN NEW;
END
$$;
ALTER FUNCTION app.match_round_fill() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER match_round_a_fill BEFORE INSERT ON app.match_round
    FOR EACH ROW EXECUTE FUNCTION app.match_round_fill();

-- The admissible pairs of some demands with what their order of preference comes from. Candidates are those both sides
-- wish for, those one side wishes for and the other has not declined, or all that score enough, as the policy says;
-- pairs with a declared interest are left to the city's hand.
CREATE OR REPLACE FUNCTION app.match_round_pairs(r app.match_round, demands uuid[], specialists uuid[])
RETURNS TABLE (demand_id uuid, specialist_id uuid, enterprise_id uuid, priority_no integer, enterprise_rank integer,
               specialist_rank integer, score_bp integer, priority_bp integer, opened_us bigint, entered_us bigint)
LANGUAGE sql STABLE AS
$$
    WITH wished AS MATERIALIZED (
        SELECT i.demand_id, i.specialist_id,
               min(i.rank) FILTER (WHERE i.side = 'enterprise' AND i.status = 'active') AS enterprise_rank,
               min(i.rank) FILTER (WHERE i.side = 'specialist' AND i.status = 'active') AS specialist_rank,
               bool_or(i.status IN ('active', 'honoured') AND i.conflict ->> 'kind' <> 'none') AS conflict
        FROM app.intention i
        WHERE i.demand_id = ANY (demands) AND i.status IN ('active', 'honoured')
        GROUP BY i.demand_id, i.specialist_id),
    candidate AS MATERIALIZED (
        SELECT w.demand_id, w.specialist_id
        FROM wished w
        WHERE r.weights ->> 'match_candidates' <> 'any' AND w.specialist_id = ANY (specialists)
          AND CASE r.weights ->> 'match_candidates'
                  WHEN 'mutual' THEN w.enterprise_rank IS NOT NULL AND w.specialist_rank IS NOT NULL
                  ELSE coalesce(w.enterprise_rank, w.specialist_rank) IS NOT NULL END
        UNION ALL
        SELECT d.id, s.id FROM unnest(demands) AS d(id) CROSS JOIN unnest(specialists) AS s(id)
        WHERE r.weights ->> 'match_candidates' = 'any'),
    open AS MATERIALIZED (
        SELECT c.demand_id, c.specialist_id, w.enterprise_rank, w.specialist_rank
        FROM candidate c LEFT JOIN wished w USING (demand_id, specialist_id)
        WHERE NOT coalesce(w.conflict, false)
          AND NOT EXISTS (SELECT FROM app.pairs_declined() x
                          WHERE x.demand_id = c.demand_id AND x.specialist_id = c.specialist_id)),
    scored AS (
        SELECT s.*
        FROM (SELECT array_agg(o.demand_id) AS demands, array_agg(o.specialist_id) AS specialists FROM open o) a
        CROSS JOIN LATERAL app.match_score(a.demands, a.specialists, r.start_on, r.weights -> 'match_weights_bp') s)
    SELECT o.demand_id, o.specialist_id, d.enterprise_id, d.priority_no, o.enterprise_rank, o.specialist_rank,
           s.score_bp, e.priority_bp, (extract(epoch FROM d.opened_at) * 1000000)::bigint,
           (extract(epoch FROM p.created_at) * 1000000)::bigint
    FROM open o
    JOIN scored s USING (demand_id, specialist_id)
    JOIN app.demand d ON d.id = o.demand_id
    JOIN app.enterprise e ON e.id = d.enterprise_id
    JOIN app.specialist p ON p.id = o.specialist_id
    WHERE r.weights ->> 'match_candidates' <> 'any' OR s.score_bp >= (r.weights -> 'match_min_score_bp')::integer
       OR coalesce(o.enterprise_rank, o.specialist_rank) IS NOT NULL
    ORDER BY o.demand_id, o.specialist_id
$$;

-- What a job begins with: its round, who takes part in it, and for how many demands it may ask at once, so that no
-- statement scores more than some thousand pairs.
CREATE OR REPLACE FUNCTION app.match_round_open(of_operation uuid)
RETURNS TABLE (id uuid, input text, portion integer, enterprises integer, demand_count integer,
               specialist_count integer, demands uuid[], specialists uuid[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT r.id, r.start_on || ' ' || r.weights::text,
           CASE r.weights ->> 'match_candidates' WHEN 'any' THEN greatest(20000 / greatest(cardinality(s.ids), 1), 1)
                                                 ELSE 100 END,
           d.enterprises, coalesce(cardinality(d.ids), 0),
           coalesce(cardinality(s.ids), 0), coalesce(d.ids, '{}'), coalesce(s.ids, '{}')
    FROM app.match_round r
    CROSS JOIN LATERAL (
        SELECT array_agg(t.id ORDER BY t.id) AS ids, count(DISTINCT t.enterprise_id)::integer AS enterprises
        FROM app.match_demands(r.unit_ids, r.start_on) m(id) JOIN app.demand t ON t.id = m.id) d
    CROSS JOIN LATERAL (
        SELECT array_agg(m.id ORDER BY m.id) AS ids FROM app.match_specialists(r.start_on) m(id)) s
    WHERE r.operation_id = of_operation AND r.status = 'computing'
$$;
ALTER FUNCTION app.match_round_open(uuid) OWNER TO tepai_internal;

CREATE OR REPLACE FUNCTION app.match_round_read(round uuid, demands uuid[], specialists uuid[])
RETURNS TABLE (demand_id uuid, specialist_id uuid, enterprise_id uuid, priority_no integer, enterprise_rank integer,
               specialist_rank integer, score_bp integer, priority_bp integer, opened_us bigint, entered_us bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT p.* FROM app.match_round r CROSS JOIN LATERAL app.match_round_pairs(r, demands, specialists) p
    WHERE r.id = round
$$;
ALTER FUNCTION app.match_round_read(uuid, uuid[], uuid[]) OWNER TO tepai_internal;

-- A portion of the pairs the proposal came from, and of the proposal. They become true with the end of the job alone.
CREATE OR REPLACE FUNCTION app.match_round_keep_pairs(round uuid, demands uuid[], specialists uuid[],
    enterprises uuid[], enterprise_places integer[], specialist_places integer[]) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    INSERT INTO app.match_pair (round_id, demand_id, specialist_id, enterprise_id, enterprise_place, specialist_place)
    SELECT round, p.*
    FROM unnest(demands, specialists, enterprises, enterprise_places, specialist_places) AS p;
    RETURN cardinality(demands);
END
$$;
ALTER FUNCTION app.match_round_keep_pairs(uuid, uuid[], uuid[], uuid[], integer[], integer[]) OWNER TO tepai_internal;

CREATE OR REPLACE FUNCTION app.match_round_propose(round uuid, demands uuid[], specialists uuid[]) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    made integer;
BEGIN
    PERFORM app.act_as_system('match_round_finish');
    INSERT INTO app.match (id, round_id, demand_id, specialist_id, components)
    SELECT app.uuid7(), round, p.demand_id, p.specialist_id,
           app.match_components(p.demand_id, p.specialist_id, r.start_on, r.weights -> 'match_weights_bp')
    FROM app.match_round r CROSS JOIN unnest(demands, specialists) AS p(demand_id, specialist_id)
    WHERE r.id = round;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END
$$;
ALTER FUNCTION app.match_round_propose(uuid, uuid[], uuid[]) OWNER TO tepai_internal;

-- The end of the job: result and round in the transaction of what was written. False when the job was stopped or is
-- another worker's by now; then nothing of it may stay.
CREATE OR REPLACE FUNCTION app.match_round_finish(of_operation uuid, attempt integer, sha256 text, counts jsonb)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    round uuid;
BEGIN
    PERFORM app.act_as_system('match_round_finish');
    SELECT r.id INTO round FROM app.match_round r WHERE r.operation_id = of_operation AND r.status = 'computing' FOR NO KEY UPDATE;
    IF round IS NULL OR NOT app.operation_end(of_operation, attempt, 'succeeded',
                                              jsonb_build_object('match_round_id', round), NULL) THEN
        RETURN false;
    END IF;
    UPDATE app.match_round r
    SET status = 'proposed', input_sha256 = sha256, computed_at = app.now(),
        counts = match_round_finish.counts || jsonb_build_object(
            'matched', (SELECT count(*) FROM app.match m WHERE m.round_id = round),
            'blocking_pairs', app.match_round_blocking(r))
    WHERE r.id = round;
    RETURN true;
END
$$;
ALTER FUNCTION app.match_round_finish(uuid, integer, text, jsonb) OWNER TO tepai_internal;

-- Pairs of a round that would rather have each other than what the proposal gives them, however it came about. A side
-- that has nobody would rather have any; one whose pair was never admissible as well. A round by hand is measured by
-- the wishes of those in it.
CREATE OR REPLACE FUNCTION app.match_round_blocking(r app.match_round) RETURNS integer LANGUAGE sql STABLE AS
$$
    WITH live AS MATERIALIZED (
        SELECT m.demand_id, m.specialist_id, m.enterprise_id
        FROM app.match m
        WHERE m.round_id = r.id AND m.status IN ('proposed', 'confirmed', 'adopted', 'placed')),
    named AS MATERIALIZED (
        SELECT p.*
        FROM (SELECT array_agg(l.demand_id) AS demands, array_agg(l.specialist_id) AS specialists FROM live l) a
        CROSS JOIN LATERAL app.match_round_pairs(r, a.demands, a.specialists) p
        WHERE r.method = 'manual'),
    pair AS MATERIALIZED (
        SELECT p.demand_id, p.specialist_id, p.enterprise_id, p.enterprise_place, p.specialist_place
        FROM app.match_pair p WHERE p.round_id = r.id
        UNION ALL
        SELECT n.demand_id, n.specialist_id, n.enterprise_id,
               row_number() OVER (PARTITION BY n.enterprise_id
                                  ORDER BY n.priority_no, n.enterprise_rank, n.score_bp DESC, n.opened_us,
                                           n.entered_us, n.demand_id, n.specialist_id)::integer,
               row_number() OVER (PARTITION BY n.specialist_id
                                  ORDER BY n.specialist_rank, n.score_bp DESC, n.priority_bp DESC, n.opened_us,
                                           n.demand_id)::integer
        FROM named n),
    has AS MATERIALIZED (
        SELECT l.enterprise_id, l.specialist_id, p.enterprise_place, p.specialist_place
        FROM live l LEFT JOIN pair p USING (demand_id, specialist_id))
    SELECT count(*)::integer
    FROM pair p
    LEFT JOIN has e ON e.enterprise_id = p.enterprise_id
    LEFT JOIN has s ON s.specialist_id = p.specialist_id
    WHERE p.enterprise_place < coalesce(e.enterprise_place, 2147483647)
      AND p.specialist_place < coalesce(s.specialist_place, 2147483647)
$$;

-- The counts as they are shown: while a round is proposed, of the proposal as it has been edited and answered; after
-- that as they were kept. Whoever may read the round may ask.
CREATE OR REPLACE FUNCTION app.match_round_counts(of_id uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT CASE WHEN r.status = 'proposed' THEN
               coalesce(r.counts, jsonb_build_object('demands', m.live, 'enterprises', m.live, 'specialists', m.live,
                                                     'pairs', m.live))
               || jsonb_build_object('matched', m.live, 'blocking_pairs', app.match_round_blocking(r))
           ELSE r.counts END
    FROM app.match_round r
    CROSS JOIN LATERAL (SELECT count(*) AS live FROM app.match m
                        WHERE m.round_id = r.id AND m.status IN ('proposed', 'confirmed')) m
    WHERE r.id = of_id
$$;
ALTER FUNCTION app.match_round_counts(uuid) OWNER TO tepai_internal;

-- What stands against an adoption. Adoptions come one after the other, and demands are held before matches, as a
-- withdrawal holds them: so a person, a firm or a demand that two rounds propose goes with one of them. Matches of
-- other rounds that the adoption will exclude are held with its own.
CREATE OR REPLACE FUNCTION app.match_round_adopt_faults(round uuid, cleared jsonb)
RETURNS TABLE (rule text, pointer text, figures text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('match adoption', 0));
    PERFORM FROM app.demand d
    WHERE d.id IN (SELECT m.demand_id FROM app.match m WHERE m.round_id = round AND m.status = 'confirmed')
    ORDER BY d.id FOR UPDATE;
    PERFORM FROM app.match m
    WHERE m.status IN ('proposed', 'confirmed')
      AND (m.round_id = round
           OR m.demand_id IN (SELECT t.demand_id FROM app.match t WHERE t.round_id = round AND t.status = 'confirmed')
           OR m.enterprise_id IN (SELECT t.enterprise_id FROM app.match t
                                  WHERE t.round_id = round AND t.status = 'confirmed')
           OR m.specialist_id IN (SELECT t.specialist_id FROM app.match t
                                  WHERE t.round_id = round AND t.status = 'confirmed'))
    ORDER BY m.id FOR UPDATE;
    RETURN QUERY
    WITH taken AS (
        SELECT m.* FROM app.match m WHERE m.round_id = round AND m.status = 'confirmed'),
    lost AS MATERIALIZED (
        SELECT f.rule, f.figures, t.demand_id, t.specialist_id
        FROM (SELECT t.* FROM taken t ORDER BY t.enterprise_id) t JOIN app.match_round r ON r.id = round
        CROSS JOIN app.pair_standing_faults(t.demand_id, t.specialist_id, 'open', r.start_on) f
        UNION ALL
        SELECT 'pair_declined', NULL, t.demand_id, t.specialist_id
        FROM taken t JOIN app.pairs_declined() x USING (demand_id, specialist_id))
    SELECT 'round_has_no_confirmed', NULL::text, NULL::text WHERE NOT EXISTS (SELECT FROM taken)
    UNION ALL
    SELECT 'reference_not_found', '#/cleared/' || (c.i - 1) || '/match_id', NULL
    FROM jsonb_array_elements(cleared) WITH ORDINALITY AS c(entry, i)
    WHERE NOT EXISTS (SELECT FROM taken t WHERE t.id = (c.entry ->> 'match_id')::uuid)
    UNION ALL
    SELECT 'conflict_not_cleared', '#/cleared', app.pair_name(t.demand_id, t.specialist_id)
    FROM taken t
    WHERE app.pair_conflict(t.demand_id, t.specialist_id)
      AND NOT EXISTS (SELECT FROM jsonb_array_elements(cleared) c WHERE (c ->> 'match_id')::uuid = t.id)
    UNION ALL
    SELECT 'nothing_to_clear', '#/cleared/' || (c.i - 1) || '/match_id', NULL
    FROM jsonb_array_elements(cleared) WITH ORDINALITY AS c(entry, i)
    JOIN taken t ON t.id = (c.entry ->> 'match_id')::uuid
    WHERE NOT app.pair_conflict(t.demand_id, t.specialist_id)
    UNION ALL
    -- Each such pair by its name, and behind it why.
    (SELECT w.rule, NULL, w.figures
     FROM (SELECT DISTINCT 'pair_standing_lost', app.pair_name(l.demand_id, l.specialist_id), l.specialist_id, 1 FROM lost l
           UNION ALL
           SELECT l.rule, l.figures, l.specialist_id, 2 FROM lost l) w(rule, figures, person, place)
     ORDER BY w.person, w.place)
    UNION ALL
    SELECT 'pair_not_free', NULL, app.pair_name(t.demand_id, t.specialist_id)
    FROM taken t JOIN app.match_round r ON r.id = round
    WHERE NOT app.firm_is_free(t.enterprise_id, r.start_on, app.term_end(r.start_on))
       OR NOT app.person_is_free(t.specialist_id, r.start_on, app.term_end(r.start_on));
END
$$;
ALTER FUNCTION app.match_round_adopt_faults(uuid, jsonb) OWNER TO tepai_internal;

-- Adoption takes the pairs that both sides confirmed and excludes the rest; whoever is dropped goes with his round.
CREATE OR REPLACE FUNCTION app.match_round_settle() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
BEGIN
    IF NEW.status = 'adopted' THEN
        UPDATE app.match m SET status = 'excluded', exclude_reason = '本轮匹配名单未采用'
        WHERE m.round_id = NEW.id AND m.status = 'proposed';
        UPDATE app.match m SET status = 'adopted' WHERE m.round_id = NEW.id AND m.status = 'confirmed';
    ELSE
        PERFORM app.operation_end(NEW.operation_id, NULL, 'cancelled', NULL, NULL);
        UPDATE app.match m SET status = 'excluded', exclude_reason = '本轮匹配已取消'
        WHERE m.round_id = NEW.id AND m.status IN ('proposed', 'confirmed');
    END IF;
    PERFORM app.act_as(actor);
    RETURN NULL;
END
$$;
ALTER FUNCTION app.match_round_settle() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER match_round_settle AFTER UPDATE ON app.match_round
    FOR EACH ROW WHEN (NEW.status IN ('adopted', 'cancelled') AND NEW.status <> OLD.status)
    EXECUTE FUNCTION app.match_round_settle();

-- What the city edits is decided on with the round: its version rises.
CREATE OR REPLACE FUNCTION app.match_round_edit() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    IF app.my_side() = 'city' THEN
        UPDATE app.match_round r SET match_changes = r.match_changes + 1 WHERE r.id = NEW.round_id;
    END IF;
    RETURN NULL;
END
$$;
ALTER FUNCTION app.match_round_edit() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER match_round_edit_new AFTER INSERT ON app.match
    FOR EACH ROW EXECUTE FUNCTION app.match_round_edit();
CREATE OR REPLACE TRIGGER match_round_edit_out AFTER UPDATE ON app.match
    FOR EACH ROW WHEN (NEW.status = 'excluded' AND OLD.status <> 'excluded') EXECUTE FUNCTION app.match_round_edit();

-- BEFORE the adoption: the counts of what is adopted, kept with the round.
CREATE OR REPLACE FUNCTION app.match_round_count() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    confirmed CONSTANT integer := (SELECT count(*) FROM app.match m WHERE m.round_id = NEW.id AND m.status = 'confirmed');
BEGIN
    NEW.counts := app.match_round_counts(NEW.id) || jsonb_build_object('matched', confirmed);
    RETURN NEW;
END
$$;
ALTER FUNCTION app.match_round_count() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER match_round_a_count BEFORE UPDATE ON app.match_round
    FOR EACH ROW WHEN (NEW.status = 'adopted' AND OLD.status = 'proposed')
    EXECUTE FUNCTION app.match_round_count();
