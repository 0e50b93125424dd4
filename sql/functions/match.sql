-- A match derives its sides, its explained score, warnings and the answers that wishes already gave (article 9.3), and
-- moves with the round, the demand, the people and the dispatch line it belongs to.

-- The wish that a side has for a pair, as its place in the list; null when it has none.
CREATE OR REPLACE FUNCTION app.wish_rank(of_side text, demand uuid, specialist uuid) RETURNS integer
LANGUAGE sql STABLE AS
$$
    SELECT i.rank FROM app.intention i
    WHERE i.side = of_side AND i.demand_id = demand AND i.specialist_id = specialist AND i.status = 'active'
$$;

-- Whether a side declared an interest in the other that the city has to look at.
CREATE OR REPLACE FUNCTION app.pair_conflict(demand uuid, specialist uuid) RETURNS boolean LANGUAGE sql STABLE AS
$$
    SELECT EXISTS (SELECT FROM app.intention i
                   WHERE i.demand_id = demand AND i.specialist_id = specialist AND i.status IN ('active', 'honoured')
                     AND i.conflict ->> 'kind' <> 'none')
$$;

-- Signs that a pair may be paid for twice. They warn and never block.
CREATE OR REPLACE FUNCTION app.match_warnings(demand uuid, specialist uuid) RETURNS text[] LANGUAGE sql STABLE AS
$$
    SELECT array_remove(ARRAY[
        CASE WHEN e.other_programmes <> '{}' THEN 'enterprise_in_sister_programme' END,
        CASE WHEN s.other_programmes <> '{}' THEN 'specialist_in_sister_programme' END,
        CASE WHEN EXISTS (SELECT FROM app.demand o
                          WHERE o.enterprise_id = d.enterprise_id AND o.id <> d.id AND o.status = 'fulfilled'
                            AND app.folded(o.title) = app.folded(d.title)
                            AND o.updated_at > app.now() - make_interval(
                                months => app.policy_value('double_funding_months', d.unit_id)::integer))
             THEN 'same_demand_fulfilled' END], NULL)
    FROM app.demand d
    JOIN app.enterprise e ON e.id = d.enterprise_id
    JOIN app.specialist s ON s.id = match_warnings.specialist
    WHERE d.id = match_warnings.demand
$$;

-- The warnings as the caller reads them: that an interest was declared is for the city and the side that declared it.
CREATE OR REPLACE FUNCTION app.warnings_told(warnings text[], demand uuid, specialist uuid) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT warnings || CASE WHEN EXISTS (
        SELECT FROM app.intention i
        WHERE i.demand_id = demand AND i.specialist_id = specialist AND i.status IN ('active', 'honoured')
          AND i.conflict ->> 'kind' <> 'none'
          AND (session_user = 'tepai_city' OR i.side = app.wishing_side())) THEN ARRAY['conflict_declared'] END
$$;
ALTER FUNCTION app.warnings_told(text[], uuid, uuid) OWNER TO tepai_internal;

-- Both sides are held, so that neither leaves while the pair comes to be; a pair of which one has left does not. An own
-- wish is already a yes. A job explains many pairs at once and brings the components along. Answers are each side's own,
-- and the state is what the two say.
CREATE OR REPLACE FUNCTION app.match_fill() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    round app.match_round;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.enterprise_answer := CASE app.my_side() WHEN 'specialist' THEN OLD.enterprise_answer ELSE NEW.enterprise_answer END;
        NEW.specialist_answer := CASE app.my_side() WHEN 'enterprise' THEN OLD.specialist_answer ELSE NEW.specialist_answer END;
    ELSE
        SELECT d.enterprise_id, d.unit_id INTO NEW.enterprise_id, NEW.unit_id
        FROM app.demand d WHERE d.id = NEW.demand_id AND d.status = 'open' FOR SHARE;
        PERFORM FROM app.specialist s WHERE s.id = NEW.specialist_id AND s.status = 'registered' FOR SHARE;
        IF NOT FOUND OR NEW.enterprise_id IS NULL THEN
            RETURN NULL;
        END IF;
        SELECT * INTO round FROM app.match_round r WHERE r.id = NEW.round_id;
        NEW.origin := CASE app.fact('actor') WHEN 'system' THEN 'computed' ELSE 'manual' END;
        NEW.components := coalesce(NEW.components,
                                   app.match_components(NEW.demand_id, NEW.specialist_id, round.start_on,
                                                        round.weights -> 'match_weights_bp'));
        NEW.score_bp := (SELECT sum((c -> 'value_bp')::bigint * (c -> 'weight_bp')::bigint) / 10000
                         FROM jsonb_array_elements(NEW.components) c);
        NEW.warnings := app.match_warnings(NEW.demand_id, NEW.specialist_id);
        NEW.enterprise_answer := CASE WHEN app.wish_rank('enterprise', NEW.demand_id, NEW.specialist_id) IS NULL
                                      THEN 'none' ELSE 'accepted' END;
        NEW.specialist_answer := CASE WHEN app.wish_rank('specialist', NEW.demand_id, NEW.specialist_id) IS NULL
                                      THEN 'none' ELSE 'accepted' END;
    END IF;
    IF NEW.status IN ('proposed', 'confirmed') THEN
        NEW.status := CASE WHEN 'declined' IN (NEW.enterprise_answer, NEW.specialist_answer) THEN 'declined'
                           WHEN NEW.enterprise_answer = 'accepted' AND NEW.specialist_answer = 'accepted' THEN 'confirmed'
                           ELSE 'proposed' END;
    END IF;
    RETURN NEW;
END
$$;
ALTER FUNCTION app.match_fill() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER match_a_fill BEFORE INSERT OR UPDATE ON app.match
    FOR EACH ROW EXECUTE FUNCTION app.match_fill();

-- Whether a pair may go on towards a placement that begins on a day: what every step asks, from the answer to the first
-- day of service (articles 4, 7, 9.3, 16). The demand is in the state that the step needs; the firm is confirmed; the
-- person stands in the register and is available then; neither is barred. All three are held until the end of the
-- transaction, so that nobody leaves between this look and the commit. A step that writes a paper holds the paper, the
-- demand and the match first, as app.papers_hold() tells.
CREATE OR REPLACE FUNCTION app.pair_standing_faults(of_demand uuid, of_specialist uuid, wanted text, begins date)
RETURNS TABLE (side text, rule text, figures text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    need   app.demand;
    person app.specialist;
BEGIN
    SELECT * INTO need FROM app.demand d WHERE d.id = of_demand FOR SHARE;
    RETURN QUERY
    SELECT 'demand', CASE wanted WHEN 'open' THEN 'demand_not_open' ELSE 'demand_not_matched' END, need.status
    WHERE need.status IS DISTINCT FROM wanted
    UNION ALL
    SELECT 'enterprise', f.rule, f.figures FROM app.enterprise_standing_faults(need.enterprise_id) f;
    SELECT * INTO person FROM app.specialist s WHERE s.id = of_specialist FOR SHARE;
    RETURN QUERY
    SELECT 'specialist', 'specialist_not_registered', person.code
    WHERE person.status IS DISTINCT FROM 'registered'
    UNION ALL
    SELECT 'specialist', 'barred', person.barred_until::text WHERE person.barred_until >= app.today()
    UNION ALL
    SELECT 'specialist', 'specialist_not_available', begins::text
    WHERE begins < person.available_from OR begins > person.available_to;
END
$$;
ALTER FUNCTION app.pair_standing_faults(uuid, uuid, text, date) OWNER TO tepai_internal;

-- Holds what stands on a demand, a firm or a person, before its own row is held: whoever withdraws, closes, removes,
-- moves or bars one asks for it first, since the papers end or go with it. Steps on papers hold the paper and then the
-- sides, so that all hold in one order and none waits for the other for ever: rounds and lists, agreements, placements,
-- demands, matches, firms, persons. A line is held by its list until it is fixed, and by its agreement from then on.
-- Jobs take many in one transaction, and begin again when they meet another.
CREATE OR REPLACE FUNCTION app.papers_hold(of_demand uuid, of_enterprise uuid, of_specialist uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    firm CONSTANT uuid := coalesce(of_enterprise, (SELECT d.enterprise_id FROM app.demand d
                                                   WHERE d.id = of_demand AND d.status = 'matched'));
BEGIN
    PERFORM FROM app.dispatch_list d
    WHERE d.id IN (SELECT l.list_id FROM app.dispatch_line l
                   WHERE (l.enterprise_id = firm OR l.specialist_id = of_specialist) AND l.status = 'listed')
    ORDER BY d.id FOR UPDATE;
    PERFORM FROM app.agreement a
    WHERE (a.enterprise_id = firm OR a.specialist_id = of_specialist)
      AND a.status IN ('draft', 'signing', 'signed', 'filed')
    ORDER BY a.id FOR UPDATE;
    PERFORM FROM app.placement p
    WHERE (p.enterprise_id = firm OR p.specialist_id = of_specialist) AND p.status IN ('pending', 'active', 'suspended')
    ORDER BY p.id FOR UPDATE;
    IF of_demand IS NULL THEN
        PERFORM FROM app.demand d
        WHERE d.id IN (SELECT m.demand_id FROM app.match m
                       WHERE (m.enterprise_id = firm OR m.specialist_id = of_specialist) AND m.status = 'adopted')
        ORDER BY d.id FOR UPDATE;
        PERFORM FROM app.match m
        WHERE (m.enterprise_id = firm OR m.specialist_id = of_specialist)
          AND m.status IN ('proposed', 'confirmed', 'adopted')
        ORDER BY m.id FOR UPDATE;
    END IF;
    RETURN true;
END
$$;
ALTER FUNCTION app.papers_hold(uuid, uuid, uuid) OWNER TO tepai_internal;

-- A pair as an office knows it: the person's code in the register and the title of the demand.
CREATE OR REPLACE FUNCTION app.pair_name(of_demand uuid, of_specialist uuid) RETURNS text LANGUAGE sql STABLE AS
$$
    SELECT s.code || '（' || d.title || '）' FROM app.demand d, app.specialist s
    WHERE d.id = of_demand AND s.id = of_specialist
$$;

-- What stands against a pair by hand.
CREATE OR REPLACE FUNCTION app.match_create_faults(round uuid, demand uuid, specialist uuid)
RETURNS TABLE (rule text, pointer text, figures text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    r      app.match_round;
    wanted app.demand;
    person app.specialist;
    last   date;
BEGIN
    SELECT * INTO r FROM app.match_round x WHERE x.id = round FOR NO KEY UPDATE;
    SELECT * INTO wanted FROM app.demand x WHERE x.id = demand AND x.shown FOR SHARE;
    SELECT * INTO person FROM app.specialist x WHERE x.id = specialist;
    last := app.term_end(r.start_on);
    RETURN QUERY
    SELECT 'reference_not_found', m.place, NULL::text
    FROM (VALUES ('#/round_id', r.id), ('#/demand_id', wanted.id), ('#/specialist_id', person.id)) AS m(place, found)
    WHERE m.found IS NULL;
    RETURN QUERY
    SELECT 'round_not_proposed', '#/round_id', r.status WHERE r.status <> 'proposed'
    UNION ALL
    SELECT 'demand_out_of_round', '#/demand_id', app.unit_names(wanted.unit_id) WHERE wanted.unit_id <> ALL (r.unit_ids)
    UNION ALL
    SELECT f.rule, CASE f.side WHEN 'specialist' THEN '#/specialist_id' ELSE '#/demand_id' END, f.figures
    FROM app.pair_standing_faults(wanted.id, person.id, 'open', r.start_on) f
    WHERE wanted.id IS NOT NULL AND person.id IS NOT NULL
    UNION ALL
    SELECT 'pair_declined', '#/specialist_id', NULL
    WHERE EXISTS (SELECT FROM app.pairs_declined() x WHERE x.demand_id = demand AND x.specialist_id = specialist)
    UNION ALL
    SELECT 'pair_not_free', '#/demand_id', (SELECT e.name FROM app.enterprise e WHERE e.id = wanted.enterprise_id)
    WHERE NOT app.firm_is_free(wanted.enterprise_id, r.start_on, last)
    UNION ALL
    SELECT 'pair_not_free', '#/specialist_id', person.code
    WHERE NOT app.person_is_free(specialist, r.start_on, last)
    UNION ALL
    SELECT 'side_proposed_already', '#/demand_id', NULL
    WHERE EXISTS (SELECT FROM app.match a
                  WHERE a.round_id = round AND a.enterprise_id = wanted.enterprise_id
                    AND a.status IN ('proposed', 'confirmed'))
    UNION ALL
    SELECT 'side_proposed_already', '#/specialist_id', NULL
    WHERE EXISTS (SELECT FROM app.match a
                  WHERE a.round_id = round AND a.specialist_id = specialist
                    AND a.status IN ('proposed', 'confirmed'));
END
$$;
ALTER FUNCTION app.match_create_faults(uuid, uuid, uuid) OWNER TO tepai_internal;

-- What stands against a yes to a match, of which a side may not see all.
CREATE OR REPLACE FUNCTION app.match_answer_faults(of_match uuid) RETURNS TABLE (rule text, figures text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT f.rule, f.figures
    FROM app.match m JOIN app.match_round r ON r.id = m.round_id
    CROSS JOIN app.pair_standing_faults(m.demand_id, m.specialist_id, 'open', r.start_on) f
    WHERE m.id = of_match
$$;
ALTER FUNCTION app.match_answer_faults(uuid) OWNER TO tepai_internal;

-- Holds the demand of a match, which comes before it.
CREATE OR REPLACE FUNCTION app.match_demand_hold(demand uuid) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp AS
$$ SELECT true FROM app.demand d WHERE d.id = demand FOR NO KEY UPDATE $$;
ALTER FUNCTION app.match_demand_hold(uuid) OWNER TO tepai_internal;

-- How one side reaches the other, once both have said yes: the firm's contact is that of the demand. Masked, as all
-- numbers are; the connection says who asks.
CREATE OR REPLACE FUNCTION app.match_contact(of_id uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT CASE session_user
               WHEN 'tepai_enterprise' THEN jsonb_build_object('name', s.full_name, 'phone_masked', s.mobile_masked,
                                                               'email', s.email)
               WHEN 'tepai_specialist' THEN jsonb_build_object('name', coalesce(d.contact_name, e.contact_name),
                                                               'phone_masked', coalesce(d.contact_phone_masked,
                                                                                        e.contact_phone_masked),
                                                               'email', e.contact_email) END
    FROM app.match m
    JOIN app.demand d ON d.id = m.demand_id
    JOIN app.enterprise e ON e.id = m.enterprise_id
    JOIN app.specialist s ON s.id = m.specialist_id
    WHERE m.id = of_id AND m.status IN ('confirmed', 'adopted', 'placed')
      AND (session_user = 'tepai_enterprise' AND m.enterprise_id = app.fact('enterprise')::uuid
           OR session_user = 'tepai_specialist' AND m.specialist_id = app.fact('specialist')::uuid)
$$;
ALTER FUNCTION app.match_contact(uuid) OWNER TO tepai_internal;

-- Whether the demand of a match limits what a person reads of it before both sides have said yes.
CREATE OR REPLACE FUNCTION app.match_is_limited(m app.match) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT m.status NOT IN ('confirmed', 'adopted', 'placed')
       AND EXISTS (SELECT FROM app.demand d WHERE d.id = m.demand_id AND d.confidentiality = 'limited')
$$;
ALTER FUNCTION app.match_is_limited(app.match) OWNER TO tepai_internal;

-- The demands on which the person who asks and the firm have both said yes to a match.
CREATE OR REPLACE FUNCTION app.demands_known() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT coalesce(array_agg(m.demand_id), '{}')
    FROM app.match m
    WHERE m.specialist_id = app.fact('specialist')::uuid AND m.status IN ('confirmed', 'adopted', 'placed')
$$;
ALTER FUNCTION app.demands_known() OWNER TO tepai_internal;

-- An adopted match takes its demand along, and nobody of the pair stays proposed elsewhere. One that is released gives
-- the demand back; its rank goes to another demand that took it meanwhile.
CREATE OR REPLACE FUNCTION app.match_follow() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
BEGIN
    IF NEW.status = 'adopted' THEN
        UPDATE app.demand d SET status = 'matched' WHERE d.id = NEW.demand_id;
        UPDATE app.match m SET status = 'excluded', exclude_reason = '企业、需求或特派员已列入采用的匹配'
        WHERE m.id IN (SELECT o.id FROM app.match o
                       WHERE o.id <> NEW.id AND o.status IN ('proposed', 'confirmed') AND o.round_id <> NEW.round_id
                         AND (o.demand_id = NEW.demand_id OR o.enterprise_id = NEW.enterprise_id
                              OR o.specialist_id = NEW.specialist_id)
                       ORDER BY o.id FOR UPDATE);
    ELSE
        UPDATE app.demand d
        SET status = 'open',
            priority_no = CASE WHEN NOT EXISTS (SELECT FROM app.demand o
                                                WHERE o.enterprise_id = d.enterprise_id AND o.status = 'open'
                                                  AND o.priority_no = d.priority_no) THEN d.priority_no END
        WHERE d.id = NEW.demand_id AND d.status = 'matched';
    END IF;
    PERFORM app.act_as(actor);
    RETURN NULL;
END
$$;
ALTER FUNCTION app.match_follow() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER match_follow AFTER UPDATE ON app.match
    FOR EACH ROW WHEN (NEW.status IN ('adopted', 'released') AND NEW.status <> OLD.status)
    EXECUTE FUNCTION app.match_follow();

-- A line that is struck or lapses releases its match; one that is placed places it.
CREATE OR REPLACE FUNCTION app.match_follow_line() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
BEGIN
    UPDATE app.match m SET status = CASE NEW.status WHEN 'placed' THEN 'placed' ELSE 'released' END
    WHERE m.id = NEW.match_id AND m.status = 'adopted';
    PERFORM app.act_as(actor);
    RETURN NULL;
END
$$;
ALTER FUNCTION app.match_follow_line() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER dispatch_line_match AFTER UPDATE ON app.dispatch_line
    FOR EACH ROW WHEN (NEW.status IN ('struck', 'lapsed', 'placed') AND NEW.status <> OLD.status)
    EXECUTE FUNCTION app.match_follow_line();

-- Whose demand closes, who is barred and who leaves is proposed no more; an adopted match that no live line carries on
-- is given up with them.
CREATE OR REPLACE FUNCTION app.match_end(of_demand uuid, of_enterprise uuid, of_specialist uuid, reason text)
RETURNS void LANGUAGE plpgsql VOLATILE AS
$$
BEGIN
    UPDATE app.match m
    SET status = CASE m.status WHEN 'adopted' THEN 'released' ELSE 'excluded' END,
        exclude_reason = CASE m.status WHEN 'adopted' THEN m.exclude_reason ELSE reason END
    WHERE m.id IN (SELECT o.id FROM app.match o
                   WHERE (o.demand_id = of_demand OR o.enterprise_id = of_enterprise OR o.specialist_id = of_specialist)
                     AND (o.status IN ('proposed', 'confirmed') OR o.status = 'adopted'
                          AND NOT EXISTS (SELECT FROM app.dispatch_line l
                                          WHERE l.match_id = o.id AND l.status IN ('listed', 'fixed')))
                   ORDER BY o.id FOR UPDATE);
END
$$;

CREATE OR REPLACE FUNCTION app.match_follow_side() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
BEGIN
    CASE TG_TABLE_NAME
        WHEN 'demand' THEN PERFORM app.match_end(NEW.id, NULL, NULL, '需求已关闭');
        WHEN 'enterprise' THEN PERFORM app.match_end(NULL, NEW.id, NULL, '企业已关闭或被取消资格');
        ELSE PERFORM app.match_end(NULL, NULL, NEW.id, '特派员已出库或被取消资格');
    END CASE;
    PERFORM app.act_as(actor);
    RETURN NULL;
END
$$;
ALTER FUNCTION app.match_follow_side() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER demand_match AFTER UPDATE ON app.demand
    FOR EACH ROW WHEN (OLD.status IN ('open', 'matched') AND NEW.status NOT IN ('open', 'matched'))
    EXECUTE FUNCTION app.match_follow_side();
CREATE OR REPLACE TRIGGER enterprise_match AFTER UPDATE ON app.enterprise
    FOR EACH ROW WHEN (OLD.status = 'active' AND NEW.status <> 'active'
                       OR NEW.barred_until IS DISTINCT FROM OLD.barred_until AND NEW.barred_until >= app.today())
    EXECUTE FUNCTION app.match_follow_side();
CREATE OR REPLACE TRIGGER specialist_match AFTER UPDATE ON app.specialist
    FOR EACH ROW WHEN (NEW.status IN ('expired', 'removed') AND NEW.status <> OLD.status
                       OR NEW.barred_until IS DISTINCT FROM OLD.barred_until AND NEW.barred_until >= app.today())
    EXECUTE FUNCTION app.match_follow_side();

-- Matches go with their firm when it moves to another unit.
CREATE OR REPLACE TRIGGER enterprise_move_matches AFTER UPDATE ON app.enterprise
    FOR EACH ROW WHEN (NEW.unit_id <> OLD.unit_id) EXECUTE FUNCTION app.follow_enterprise('match');
