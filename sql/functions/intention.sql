-- Wishes of both sides for a pair of demand and person (article 9.3): what each may know of the other's, and what becomes
-- of them when a demand closes, a person leaves or a match is adopted.

-- The side whose list the caller writes; a county writes for its firms.
CREATE OR REPLACE FUNCTION app.wishing_side() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT CASE app.my_side() WHEN 'specialist' THEN 'specialist' ELSE 'enterprise' END $$;

-- What the caller may do with a wish: rank his own side's, decline the other's.
CREATE OR REPLACE FUNCTION app.intention_steps(status text, side text) RETURNS text[] LANGUAGE sql STABLE AS
$$
    SELECT array_remove(app.allowed_steps('intention', status, true),
                        CASE side WHEN app.wishing_side() THEN 'decline' ELSE 'rank' END)
$$;

-- What is private of a wish: its own side's, for a firm's also its county's, and the city's. The connection says who
-- asks; all others get nulls.
CREATE OR REPLACE FUNCTION app.intention_private(wish uuid) RETURNS app.intention
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT i FROM app.intention i
    WHERE i.id = wish
      AND (session_user = 'tepai_city'
           OR session_user = 'tepai_county' AND i.side = 'enterprise' AND i.unit_id = app.fact('unit')
           OR session_user = 'tepai_enterprise' AND i.side = 'enterprise'
              AND i.enterprise_id = app.fact('enterprise')::uuid
           OR session_user = 'tepai_specialist' AND i.side = 'specialist'
              AND i.specialist_id = app.fact('specialist')::uuid)
$$;
ALTER FUNCTION app.intention_private(uuid) OWNER TO tepai_internal;

-- A list as rows: its order is the rank. One of the two ids stands for the whole list, the other in each wish.
CREATE OR REPLACE FUNCTION app.wishes(of_demand uuid, given jsonb)
RETURNS TABLE (rank integer, place text, demand_id uuid, specialist_id uuid, note text, conflict jsonb)
LANGUAGE sql STABLE AS
$$
    SELECT w.n::integer, '#/wishes/' || (w.n - 1),
           CASE app.wishing_side() WHEN 'enterprise' THEN of_demand ELSE (w.wish ->> 'demand_id')::uuid END,
           CASE app.wishing_side() WHEN 'enterprise' THEN (w.wish ->> 'specialist_id')::uuid
                                   ELSE app.fact('specialist')::uuid END,
           w.wish ->> 'note',
           jsonb_build_object('kind', w.wish #> '{conflict,kind}', 'detail', w.wish #> '{conflict,detail}')
    FROM jsonb_array_elements(given) WITH ORDINALITY AS w(wish, n)
$$;

-- Active wishes of the list the caller writes.
CREATE OR REPLACE FUNCTION app.wished(of_demand uuid) RETURNS TABLE (id uuid, demand_id uuid, specialist_id uuid)
LANGUAGE sql STABLE AS
$$
    SELECT i.id, i.demand_id, i.specialist_id FROM app.intention i
    WHERE i.status = 'active' AND i.side = 'enterprise' AND i.demand_id = of_demand
      AND app.wishing_side() = 'enterprise'
    UNION ALL
    SELECT i.id, i.demand_id, i.specialist_id FROM app.intention i
    WHERE i.status = 'active' AND i.side = 'specialist' AND i.specialist_id = app.fact('specialist')::uuid
      AND app.wishing_side() = 'specialist'
$$;

-- Holds a list until the end of the transaction and tells its version: one more than the sum of those of all wishes that
-- ever stood in it, so that any change of one changes it.
CREATE OR REPLACE FUNCTION app.wish_list_hold(of_demand uuid) RETURNS bigint LANGUAGE plpgsql VOLATILE AS
$$
BEGIN
    IF app.wishing_side() = 'enterprise' THEN
        PERFORM FROM app.demand d WHERE d.id = of_demand FOR NO KEY UPDATE;
    ELSE
        PERFORM FROM app.specialist s WHERE s.id = app.fact('specialist')::uuid FOR NO KEY UPDATE;
    END IF;
    RETURN app.wish_list_version(of_demand);
END
$$;
CREATE OR REPLACE FUNCTION app.wish_list_version(of_demand uuid) RETURNS bigint LANGUAGE sql STABLE AS
$$
    SELECT 1 + coalesce(sum(i.version), 0)
    FROM app.intention i
    WHERE CASE app.wishing_side() WHEN 'enterprise' THEN i.side = 'enterprise' AND i.demand_id = of_demand
               ELSE i.side = 'specialist' AND i.specialist_id = app.fact('specialist')::uuid END
$$;

-- Whether a person stands in the register without a pause or a bar; more is not told.
CREATE OR REPLACE FUNCTION app.specialist_takes_wishes(person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT EXISTS (SELECT FROM app.specialist s
                   WHERE s.id = person AND s.status = 'registered' AND coalesce(s.barred_until < app.today(), true))
$$;
ALTER FUNCTION app.specialist_takes_wishes(uuid) OWNER TO tepai_internal;

-- Whether the other side declined this side's wish for the pair and has not come to wish for it since.
CREATE OR REPLACE FUNCTION app.wish_is_declined(of_side text, demand uuid, person uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    RETURN EXISTS (SELECT FROM app.pairs_declined() x
                   WHERE x.demand_id = demand AND x.specialist_id = person AND x.side = of_side);
END
$$;
ALTER FUNCTION app.wish_is_declined(text, uuid, uuid) OWNER TO tepai_internal;

-- Whether a match was proposed for a pair and waits for its round: then a side's word is its answer to the match.
CREATE OR REPLACE FUNCTION app.pair_is_proposed(demand uuid, person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT EXISTS (SELECT FROM app.match m
                   WHERE m.demand_id = demand AND m.specialist_id = person AND m.status IN ('proposed', 'confirmed'))
$$;
ALTER FUNCTION app.pair_is_proposed(uuid, uuid) OWNER TO tepai_internal;

-- What a list must keep as a whole, and who may write one: an open demand of a confirmed firm, or a person of the
-- register, neither of them barred.
CREATE OR REPLACE FUNCTION app.wish_list_faults(of_demand uuid)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql VOLATILE AS
$$
    SELECT 'wish_list_of_demand', '#/demand_id', NULL::text
    WHERE (app.wishing_side() = 'enterprise') <> (of_demand IS NOT NULL)
    UNION ALL
    SELECT 'reference_not_found', '#/demand_id', NULL
    WHERE app.wishing_side() = 'enterprise' AND of_demand IS NOT NULL
      AND NOT EXISTS (SELECT FROM app.demand d WHERE d.id = of_demand)
    UNION ALL
    SELECT 'demand_not_open', '#/demand_id', d.status
    FROM app.demand d WHERE app.wishing_side() = 'enterprise' AND d.id = of_demand AND d.status <> 'open'
    UNION ALL
    SELECT f.rule, '#/demand_id', f.figures
    FROM app.demand d CROSS JOIN app.enterprise_standing_faults(d.enterprise_id) f
    WHERE app.wishing_side() = 'enterprise' AND d.id = of_demand
    UNION ALL
    SELECT 'specialist_takes_no_wishes', NULL, NULL
    WHERE app.wishing_side() = 'specialist'
      AND NOT coalesce(app.specialist_takes_wishes(app.fact('specialist')::uuid), false)
$$;

-- What each wish must keep. Whom a wish that stands already is for may meanwhile pause or be matched elsewhere.
CREATE OR REPLACE FUNCTION app.wish_faults(of_demand uuid, given jsonb)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT 'wish_names_other_side', '#/wishes/' || (w.n - 1), NULL::text
    FROM jsonb_array_elements(given) WITH ORDINALITY AS w(wish, n)
    WHERE CASE app.wishing_side() WHEN 'enterprise' THEN w.wish ->> 'specialist_id' IS NULL OR w.wish ->> 'demand_id' IS NOT NULL
               ELSE w.wish ->> 'demand_id' IS NULL OR w.wish ->> 'specialist_id' IS NOT NULL END
    UNION ALL
    SELECT 'wish_twice', w.place, NULL
    FROM app.wishes(of_demand, given) w
    WHERE EXISTS (SELECT FROM app.wishes(of_demand, given) e
                  WHERE e.demand_id = w.demand_id AND e.specialist_id = w.specialist_id AND e.rank < w.rank)
    UNION ALL
    SELECT 'conflict_detail_missing', w.place || '/conflict/detail', NULL
    FROM app.wishes(of_demand, given) w
    WHERE w.conflict ->> 'kind' <> 'none' AND coalesce(btrim(w.conflict ->> 'detail'), '') = ''
    UNION ALL
    SELECT CASE WHEN known.seen THEN 'specialist_takes_no_wishes' ELSE 'reference_not_found' END,
           w.place || '/specialist_id', NULL
    FROM app.wishes(of_demand, given) w
    CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM app.specialist s WHERE s.id = w.specialist_id) AS seen) known
    WHERE app.wishing_side() = 'enterprise' AND NOT coalesce(app.specialist_takes_wishes(w.specialist_id), false)
      AND w.specialist_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM app.wished(of_demand) i WHERE i.specialist_id = w.specialist_id)
    UNION ALL
    SELECT 'reference_not_found', w.place || '/demand_id', NULL
    FROM app.wishes(of_demand, given) w
    WHERE app.wishing_side() = 'specialist' AND w.demand_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM app.demand d WHERE d.id = w.demand_id AND d.status = 'open')
      AND NOT EXISTS (SELECT FROM app.wished(of_demand) i WHERE i.demand_id = w.demand_id)
    UNION ALL
    SELECT 'wish_is_proposed', '#/wishes', NULL
    FROM app.wished(of_demand) i
    WHERE app.pair_is_proposed(i.demand_id, i.specialist_id)
      AND NOT EXISTS (SELECT FROM app.wishes(of_demand, given) w
                      WHERE w.demand_id = i.demand_id AND w.specialist_id = i.specialist_id)
    UNION ALL
    SELECT 'wish_declined', w.place, NULL
    FROM app.wishes(of_demand, given) w
    WHERE app.wish_is_declined(app.wishing_side(), w.demand_id, w.specialist_id)
$$;

-- Whether the other side of a pair may know of a wish: it wishes the same, or the pair was matched.
CREATE OR REPLACE FUNCTION app.wish_is_met(of_side text, demand uuid, person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT EXISTS (SELECT FROM app.intention i
                   WHERE i.demand_id = demand AND i.specialist_id = person AND i.side <> of_side
                     AND i.status = 'active')
        OR EXISTS (SELECT FROM app.match m WHERE m.demand_id = demand AND m.specialist_id = person)
$$;
ALTER FUNCTION app.wish_is_met(text, uuid, uuid) OWNER TO tepai_internal;

-- Unit and firm are the demand's. The two wishes for a pair come and go one after the other, or neither would see that
-- the other is there; what was withdrawn is no longer the other side's to see.
CREATE OR REPLACE FUNCTION app.intention_fill() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT d.unit_id, d.enterprise_id INTO NEW.unit_id, NEW.enterprise_id
        FROM app.demand d WHERE d.id = NEW.demand_id;
    ELSIF NEW.status = OLD.status THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(concat('intention ', NEW.demand_id, NEW.specialist_id), 0));
    NEW.mutual := CASE NEW.status WHEN 'active' THEN app.wish_is_met(NEW.side, NEW.demand_id, NEW.specialist_id)
                                  WHEN 'withdrawn' THEN false ELSE NEW.mutual END;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER intention_a_fill BEFORE INSERT OR UPDATE ON app.intention
    FOR EACH ROW EXECUTE FUNCTION app.intention_fill();

-- The scan of a paper list is its demand's file, for a list has no row of its own.
CREATE OR REPLACE FUNCTION app.intention_bind_scan() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM app.attachment_bind(ARRAY[(NEW.entered_for ->> 'attachment_id')::uuid], 'demand', NEW.demand_id,
                                'entered_for');
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER intention_files AFTER INSERT ON app.intention
    FOR EACH ROW WHEN (NEW.entered_for ->> 'attachment_id' IS NOT NULL) EXECUTE FUNCTION app.intention_bind_scan();

-- The other side's wish for the pair becomes known with this one, and unknown again when this one is gone.
CREATE OR REPLACE FUNCTION app.intention_meet() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
BEGIN
    UPDATE app.intention i SET mutual = app.wish_is_met(i.side, i.demand_id, i.specialist_id)
    WHERE i.demand_id = NEW.demand_id AND i.specialist_id = NEW.specialist_id AND i.side <> NEW.side
      AND i.status = 'active' AND i.mutual <> app.wish_is_met(i.side, i.demand_id, i.specialist_id);
    PERFORM app.act_as(actor);
    RETURN NULL;
END
$$;
ALTER FUNCTION app.intention_meet() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER intention_meet_new AFTER INSERT ON app.intention
    FOR EACH ROW EXECUTE FUNCTION app.intention_meet();
CREATE OR REPLACE TRIGGER intention_meet_change AFTER UPDATE ON app.intention
    FOR EACH ROW WHEN (NEW.status <> OLD.status) EXECUTE FUNCTION app.intention_meet();

-- Active wishes of a demand or a person, moved to a state by the system as a consequence of something else.
CREATE OR REPLACE FUNCTION app.intention_end(of_demand uuid, of_specialist uuid, state text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
BEGIN
    UPDATE app.intention i SET status = state
    WHERE i.status = 'active' AND (of_demand IS NULL OR i.demand_id = of_demand)
      AND (of_specialist IS NULL OR i.specialist_id = of_specialist);
    PERFORM app.act_as(actor);
END
$$;
ALTER FUNCTION app.intention_end(uuid, uuid, text) OWNER TO tepai_internal;

-- A demand that is neither open nor matched any more ends the wishes for it, a person's leaving or bar those for him.
CREATE OR REPLACE FUNCTION app.intention_lapse_with_demand() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    PERFORM app.intention_end(NEW.id, NULL, 'lapsed');
    RETURN NULL;
END
$$;
ALTER FUNCTION app.intention_lapse_with_demand() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER demand_intention_lapse AFTER UPDATE ON app.demand
    FOR EACH ROW WHEN (OLD.status IN ('open', 'matched') AND NEW.status NOT IN ('open', 'matched'))
    EXECUTE FUNCTION app.intention_lapse_with_demand();

CREATE OR REPLACE FUNCTION app.intention_lapse_with_person() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    IF NEW.status IN ('expired', 'removed') OR NEW.barred_until >= app.today() THEN
        PERFORM app.intention_end(NULL, NEW.id, 'lapsed');
    END IF;
    RETURN NULL;
END
$$;
ALTER FUNCTION app.intention_lapse_with_person() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER specialist_intention_lapse AFTER UPDATE ON app.specialist
    FOR EACH ROW WHEN (NEW.status <> OLD.status OR NEW.barred_until IS DISTINCT FROM OLD.barred_until)
    EXECUTE FUNCTION app.intention_lapse_with_person();

-- A match makes the wishes for its pair known to both sides; its adoption carries them out.
CREATE OR REPLACE FUNCTION app.intention_follow_match() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM app.intention_end(NEW.demand_id, NEW.specialist_id, 'honoured');
        RETURN NULL;
    END IF;
    actor := app.act_as('system');
    UPDATE app.intention i SET mutual = true
    WHERE i.demand_id = NEW.demand_id AND i.specialist_id = NEW.specialist_id AND i.status = 'active' AND NOT i.mutual;
    PERFORM app.act_as(actor);
    RETURN NULL;
END
$$;
ALTER FUNCTION app.intention_follow_match() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER match_intention_known AFTER INSERT ON app.match
    FOR EACH ROW EXECUTE FUNCTION app.intention_follow_match();
CREATE OR REPLACE TRIGGER match_intention_honour AFTER UPDATE ON app.match
    FOR EACH ROW WHEN (NEW.status = 'adopted' AND OLD.status <> 'adopted')
    EXECUTE FUNCTION app.intention_follow_match();

-- Wishes go with their firm when it moves to another unit.
CREATE OR REPLACE TRIGGER enterprise_move_intentions AFTER UPDATE ON app.enterprise
    FOR EACH ROW WHEN (NEW.unit_id <> OLD.unit_id) EXECUTE FUNCTION app.follow_enterprise('intention');
