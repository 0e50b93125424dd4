-- What a line of a dispatch list takes from its pair, what it refuses, and where it goes with others (articles 4, 9.4).

-- The pair of a line must still stand: adopted, cleared where a side declared an interest, both sides in good standing.
-- Demand, match, firm and person are held, in this order, until the end of the transaction.
CREATE OR REPLACE FUNCTION app.dispatch_line_standing(of_match uuid, begins date)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    pair app.match;
BEGIN
    PERFORM FROM app.demand d WHERE d.id = (SELECT m.demand_id FROM app.match m WHERE m.id = of_match) FOR SHARE;
    SELECT * INTO pair FROM app.match m WHERE m.id = of_match FOR SHARE;
    RETURN QUERY
    SELECT 'match_not_adopted', '#/match_id', app.pair_name(pair.demand_id, pair.specialist_id)
    WHERE pair.status <> 'adopted'
    UNION ALL
    SELECT 'conflict_not_cleared', '#/match_id', app.pair_name(pair.demand_id, pair.specialist_id)
    WHERE pair.conflict_cleared_by IS NULL AND app.pair_conflict(pair.demand_id, pair.specialist_id)
    UNION ALL
    SELECT f.rule, '#/match_id', f.figures
    FROM app.pair_standing_faults(pair.demand_id, pair.specialist_id, 'matched', begins) f;
END
$$;
ALTER FUNCTION app.dispatch_line_standing(uuid, date) OWNER TO tepai_internal;

-- Placements of either side on a day of the term (article 4).
CREATE OR REPLACE FUNCTION app.placed_meanwhile(person uuid, firm uuid, start_on date, end_on date)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT CASE WHEN p.specialist_id = person THEN 'placement_specialist_overlap'
                ELSE 'placement_enterprise_overlap' END,
           '#/match_id', p.placement_no
    FROM app.placement p
    WHERE (p.specialist_id = person OR p.enterprise_id = firm) AND p.status <> 'cancelled'
      AND p.start_on <= placed_meanwhile.end_on AND coalesce(p.ended_on, p.end_on) >= placed_meanwhile.start_on
$$;
ALTER FUNCTION app.placed_meanwhile(uuid, uuid, date, date) OWNER TO tepai_internal;

-- Why a pair cannot be put on a list. Demand, match, firm and person are held, in this order, until the end of the
-- transaction: who puts the same person on another list at this moment waits, and then sees this line.
CREATE OR REPLACE FUNCTION app.dispatch_line_faults(of_list uuid, of_match uuid, given_start_on date)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    m      app.match;
    begins date;
BEGIN
    SELECT * INTO m FROM app.match WHERE id = of_match;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'reference_not_found', '#/match_id', NULL::text;
        RETURN;
    END IF;
    PERFORM FROM app.demand d WHERE d.id = m.demand_id FOR SHARE;
    PERFORM FROM app.match h WHERE h.id = of_match FOR SHARE;
    PERFORM FROM app.enterprise e WHERE e.id = m.enterprise_id FOR NO KEY UPDATE;
    PERFORM FROM app.specialist s WHERE s.id = m.specialist_id FOR NO KEY UPDATE;
    begins := coalesce(given_start_on, app.line_start(of_match));
    RETURN QUERY
    SELECT 'list_not_draft', NULL::text, NULL::text FROM app.dispatch_list d WHERE d.id = of_list AND d.status <> 'draft'
    UNION ALL
    SELECT f.rule, f.pointer, f.figures FROM app.dispatch_line_standing(of_match, begins) f
    UNION ALL
    SELECT 'start_in_past', '#/start_on', begins::text WHERE begins < app.today()
    UNION ALL
    SELECT f.rule, f.pointer, f.figures FROM app.far_faults(begins, '#/start_on') f
    UNION ALL
    SELECT 'specialist_reserved', '#/match_id', d.title
    FROM app.dispatch_line l JOIN app.dispatch_list d ON d.id = l.list_id
    WHERE l.specialist_id = m.specialist_id AND l.status IN ('listed', 'fixed')
    UNION ALL
    SELECT 'enterprise_reserved', '#/match_id', d.title
    FROM app.dispatch_line l JOIN app.dispatch_list d ON d.id = l.list_id
    WHERE l.enterprise_id = m.enterprise_id AND l.status IN ('listed', 'fixed')
    UNION ALL
    SELECT f.rule, f.pointer, f.figures
    FROM app.placed_meanwhile(m.specialist_id, m.enterprise_id, begins, app.term_end(begins)) f;
END
$$;
ALTER FUNCTION app.dispatch_line_faults(uuid, uuid, date) OWNER TO tepai_internal;

-- The start that the round of a pair was made for.
CREATE OR REPLACE FUNCTION app.line_start(of_match uuid) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$ SELECT r.start_on FROM app.match m JOIN app.match_round r ON r.id = m.round_id WHERE m.id = of_match $$;
ALTER FUNCTION app.line_start(uuid) OWNER TO tepai_internal;

-- Both sides, the unit and the term come from the pair and the policy. The firm is held, or one that moves at this
-- moment would leave its line behind.
CREATE OR REPLACE FUNCTION app.dispatch_line_fill() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    SELECT m.specialist_id, m.enterprise_id, m.demand_id INTO NEW.specialist_id, NEW.enterprise_id, NEW.demand_id
    FROM app.match m WHERE m.id = NEW.match_id;
    SELECT e.unit_id INTO NEW.unit_id FROM app.enterprise e WHERE e.id = NEW.enterprise_id FOR SHARE;
    NEW.list_status := (SELECT d.status FROM app.dispatch_list d WHERE d.id = NEW.list_id);
    NEW.start_on := coalesce(NEW.start_on, app.line_start(NEW.match_id));
    NEW.end_on := app.term_end(NEW.start_on);
    NEW.warnings := app.match_warnings(NEW.demand_id, NEW.specialist_id)
                    || CASE WHEN app.pair_conflict(NEW.demand_id, NEW.specialist_id) THEN ARRAY['conflict_declared'] END;
    RETURN NEW;
END
$$;
ALTER FUNCTION app.dispatch_line_fill() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER dispatch_line_a_fill BEFORE INSERT ON app.dispatch_line
    FOR EACH ROW EXECUTE FUNCTION app.dispatch_line_fill();

-- Both offices write lines on one connection role; what the talent office thinks of one is the talent office's to say.
CREATE OR REPLACE FUNCTION app.dispatch_line_opinion() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    IF app.fact('actor') IN ('city/talent', 'system') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'the opinion is the talent office''s';
END
$$;
CREATE OR REPLACE TRIGGER dispatch_line_a_opinion BEFORE UPDATE ON app.dispatch_line FOR EACH ROW
    WHEN ((NEW.talent_opinion, NEW.talent_reason) IS DISTINCT FROM (OLD.talent_opinion, OLD.talent_reason))
    EXECUTE FUNCTION app.dispatch_line_opinion();

-- A list is another one with each line that comes or goes; which units it is about goes with its live lines.
CREATE OR REPLACE FUNCTION app.dispatch_line_count() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    UPDATE app.dispatch_list d
    SET line_changes = d.line_changes + 1,
        unit_ids = ARRAY(SELECT DISTINCT l.unit_id FROM app.dispatch_line l
                         WHERE l.list_id = d.id AND l.status <> 'struck' ORDER BY 1)
    WHERE d.id = NEW.list_id AND d.status <> 'cancelled';
    RETURN NULL;
END
$$;
ALTER FUNCTION app.dispatch_line_count() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER dispatch_line_listed AFTER INSERT ON app.dispatch_line
    FOR EACH ROW EXECUTE FUNCTION app.dispatch_line_count();
CREATE OR REPLACE TRIGGER dispatch_line_struck AFTER UPDATE ON app.dispatch_line FOR EACH ROW
    WHEN (NEW.status = 'struck' AND OLD.status <> 'struck' OR NEW.unit_id <> OLD.unit_id)
    EXECUTE FUNCTION app.dispatch_line_count();

-- Lines go with their firm when it moves to another unit.
CREATE OR REPLACE TRIGGER enterprise_move_dispatch_lines AFTER UPDATE ON app.enterprise
    FOR EACH ROW WHEN (NEW.unit_id <> OLD.unit_id) EXECUTE FUNCTION app.follow_enterprise('dispatch_line');

-- Whose demand closes, who leaves the register and who is barred is struck from every list that is not fixed yet. The
-- lists are held already, by app.papers_hold().
CREATE OR REPLACE FUNCTION app.dispatch_line_follow_side() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
    why   text := CASE TG_TABLE_NAME WHEN 'demand' THEN '需求已关闭' ELSE '特派员已出库' END;
BEGIN
    IF TG_TABLE_NAME <> 'demand' THEN
        IF NEW.barred_until >= app.today() THEN
            why := '取消派驻资格期间（至' || NEW.barred_until || '）';
        END IF;
    END IF;
    UPDATE app.dispatch_line l SET status = 'struck', strike_reason = why
    WHERE l.status = 'listed'
      AND CASE TG_TABLE_NAME WHEN 'demand' THEN l.demand_id WHEN 'enterprise' THEN l.enterprise_id
                             ELSE l.specialist_id END = NEW.id;
    PERFORM app.act_as(actor);
    RETURN NULL;
END
$$;
ALTER FUNCTION app.dispatch_line_follow_side() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER demand_end_dispatch_lines AFTER UPDATE ON app.demand FOR EACH ROW
    WHEN (OLD.status = 'matched' AND NEW.status NOT IN ('open', 'matched'))
    EXECUTE FUNCTION app.dispatch_line_follow_side();
CREATE OR REPLACE TRIGGER enterprise_bar_dispatch_lines AFTER UPDATE ON app.enterprise FOR EACH ROW
    WHEN (NEW.barred_until IS DISTINCT FROM OLD.barred_until AND NEW.barred_until >= app.today())
    EXECUTE FUNCTION app.dispatch_line_follow_side();
CREATE OR REPLACE TRIGGER specialist_bar_dispatch_lines AFTER UPDATE ON app.specialist FOR EACH ROW
    WHEN (NEW.status IN ('expired', 'removed') AND NEW.status <> OLD.status
          OR NEW.barred_until IS DISTINCT FROM OLD.barred_until AND NEW.barred_until >= app.today())
    EXECUTE FUNCTION app.dispatch_line_follow_side();

-- A line lapses when the agreement that was drafted from it comes to nothing.
CREATE OR REPLACE FUNCTION app.dispatch_line_lapse() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
BEGIN
    UPDATE app.dispatch_line SET status = 'lapsed' WHERE id = NEW.line_id AND status = 'fixed';
    PERFORM app.act_as(actor);
    RETURN NULL;
END
$$;
ALTER FUNCTION app.dispatch_line_lapse() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER agreement_lapse_dispatch_line AFTER UPDATE ON app.agreement FOR EACH ROW
    WHEN (NEW.status IN ('refused', 'cancelled', 'expired') AND NEW.status <> OLD.status AND NEW.amends_id IS NULL)
    EXECUTE FUNCTION app.dispatch_line_lapse();

-- A line has done its work when its placement begins.
CREATE OR REPLACE FUNCTION app.dispatch_line_place() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
BEGIN
    UPDATE app.dispatch_line l SET status = 'placed'
    FROM app.agreement a WHERE a.id = NEW.agreement_id AND l.id = a.line_id AND l.status = 'fixed';
    PERFORM app.act_as(actor);
    RETURN NULL;
END
$$;
ALTER FUNCTION app.dispatch_line_place() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER placement_place_dispatch_line AFTER UPDATE ON app.placement FOR EACH ROW
    WHEN (NEW.status = 'active' AND OLD.status = 'pending') EXECUTE FUNCTION app.dispatch_line_place();

-- The lines of a list, or one of them, as the reader may see them: the two offices read all, a county those of its unit
-- once the talent office has concurred, and everybody names, institution and firm in the days of its notice. Of what is
-- not the reader's there are nulls. The connection says who asks.
CREATE OR REPLACE FUNCTION app.dispatch_lines_shown(of_list uuid, of_line uuid)
RETURNS TABLE (id uuid, version integer, created_at timestamptz, updated_at timestamptz, created_by uuid, unit_id text,
               status text, list_id uuid, match_id uuid, specialist_id uuid, specialist_name text,
               institution_name text, enterprise_id uuid, enterprise_name text, demand_id uuid, start_on date,
               end_on date, talent_opinion text, talent_reason text, strike_reason text, warnings json,
               allowed_steps json)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    WITH reader AS (
        SELECT session_user = 'tepai_city' AND app.fact('actor') IN ('city/st', 'city/talent') AS is_office,
               CASE session_user WHEN 'tepai_county' THEN app.fact('unit') END AS unit)
    SELECT l.id, w.version, w.created_at, w.updated_at, w.created_by, w.unit_id, w.status, l.list_id, w.match_id,
           w.specialist_id, s.full_name, i.name, w.enterprise_id, e.name, w.demand_id, w.start_on, w.end_on,
           w.talent_opinion, w.talent_reason, w.strike_reason,
           array_to_json(CASE WHEN r.is_office THEN coalesce(w.warnings, '{}')
                              ELSE array_remove(coalesce(w.warnings, '{}'), 'conflict_declared') END),
           array_to_json(app.allowed_steps('dispatch_line', w.status, w.list_status = 'draft'))
    FROM app.dispatch_line l
    CROSS JOIN reader r
    CROSS JOIN LATERAL (
        SELECT r.is_office OR coalesce(l.unit_id = r.unit AND app.county_reads_lines(l.list_status), false)
                              AND l.status <> 'struck' AS whole) f
    LEFT JOIN app.dispatch_line w ON f.whole AND w.id = l.id
    JOIN app.dispatch_list d ON d.id = l.list_id
    JOIN app.specialist s ON s.id = l.specialist_id
    JOIN app.enterprise e ON e.id = l.enterprise_id
    LEFT JOIN app.institution i ON i.id = s.institution_id
    WHERE l.list_id = of_list AND (of_line IS NULL OR l.id = of_line)
      AND (f.whole OR app.is_on_notice(d.status, d.notice_to) AND l.status = 'listed')
$$;
ALTER FUNCTION app.dispatch_lines_shown(uuid, uuid) OWNER TO tepai_internal;
