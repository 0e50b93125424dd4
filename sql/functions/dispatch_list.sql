-- What a dispatch list derives, what it does to its lines, and when it may be fixed (article 9.4).

-- What each step writes down: when the talent office was asked, who concurred, the days of the public notice, who fixed
-- the list. A list that is changed again has lost the concurrence and the notice.
CREATE OR REPLACE FUNCTION app.dispatch_list_fill() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    IF NEW.status = OLD.status THEN
        RETURN NEW;
    END IF;
    CASE NEW.status
        WHEN 'consulting' THEN
            NEW.consulted_at := app.now();
        WHEN 'concurred' THEN
            NEW.concurred_by := app.fact('account')::uuid;
        WHEN 'announced' THEN
            NEW.public_notice := true;
            NEW.notice_from := app.today();
            NEW.notice_to := app.today() + app.policy_value('public_notice_days', NULL)::integer - 1;
        WHEN 'fixed' THEN
            NEW.fixed_by := app.fact('account')::uuid;
            NEW.fixed_at := app.now();
        WHEN 'draft' THEN
            NEW.concurred_by := NULL;
            NEW.notice_from := NULL;
            NEW.notice_to := NULL;
        ELSE
            NULL;
    END CASE;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER dispatch_list_a_fill BEFORE UPDATE ON app.dispatch_list
    FOR EACH ROW EXECUTE FUNCTION app.dispatch_list_fill();

-- The lines go with their list: a new consultation asks about each of them anew, and they are fixed with it.
CREATE OR REPLACE FUNCTION app.dispatch_list_carry() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
BEGIN
    UPDATE app.dispatch_line l
    SET list_status = NEW.status,
        status = CASE NEW.status WHEN 'fixed' THEN 'fixed' ELSE l.status END,
        talent_opinion = CASE NEW.status WHEN 'consulting' THEN 'none' ELSE l.talent_opinion END,
        talent_reason = CASE NEW.status WHEN 'consulting' THEN NULL ELSE l.talent_reason END
    WHERE l.list_id = NEW.id AND l.status = 'listed';
    PERFORM app.act_as(actor);
    RETURN NULL;
END
$$;
ALTER FUNCTION app.dispatch_list_carry() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER dispatch_list_carry AFTER UPDATE ON app.dispatch_list
    FOR EACH ROW WHEN (NEW.status <> OLD.status) EXECUTE FUNCTION app.dispatch_list_carry();

-- What beyond the announcement the two offices read that agree on the list. The connection says who asks, since that is
-- what nobody can make up; all others get nulls.
CREATE OR REPLACE FUNCTION app.dispatch_list_private(of_list uuid) RETURNS app.dispatch_list
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT d FROM app.dispatch_list d
    WHERE d.id = of_list AND session_user = 'tepai_city' AND app.fact('actor') IN ('city/st', 'city/talent')
$$;
ALTER FUNCTION app.dispatch_list_private(uuid) OWNER TO tepai_internal;

-- What the talent office says must be about every line that is listed, once, with a reason where it objects.
CREATE OR REPLACE FUNCTION app.concurrence_faults(of_list uuid, given jsonb)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    WITH said AS (
        SELECT (e.value ->> 'line_id')::uuid AS line_id, e.value ->> 'opinion' AS opinion,
               btrim(coalesce(e.value ->> 'reason', '')) AS reason, e.i - 1 AS place
        FROM jsonb_array_elements(given) WITH ORDINALITY AS e(value, i)),
    listed AS (SELECT l.id FROM app.dispatch_line l WHERE l.list_id = of_list AND l.status = 'listed')
    SELECT 'reference_not_found', '#/lines/' || s.place || '/line_id', NULL::text
    FROM said s WHERE s.line_id NOT IN (SELECT l.id FROM listed l)
    UNION ALL
    SELECT 'line_judged_twice', '#/lines/' || s.place || '/line_id', NULL
    FROM said s WHERE EXISTS (SELECT FROM said o WHERE o.line_id = s.line_id AND o.place < s.place)
    UNION ALL
    SELECT 'objection_needs_reason', '#/lines/' || s.place || '/reason', NULL
    FROM said s WHERE s.opinion = 'object' AND s.reason = ''
    UNION ALL
    SELECT 'line_not_judged', '#/lines', count(*)::text
    FROM listed l WHERE l.id NOT IN (SELECT s.line_id FROM said s) HAVING count(*) > 0
$$;

-- Writes what was said to the lines and gives the state that comes of it. A statement of its own, inside the one that
-- moves the list: the list changes its lines again, and each line's events have to come in their order.
CREATE OR REPLACE FUNCTION app.dispatch_lines_judge(of_list uuid, given jsonb) RETURNS text
LANGUAGE plpgsql VOLATILE AS
$$
BEGIN
    UPDATE app.dispatch_line l
    SET talent_opinion = e ->> 'opinion', talent_reason = nullif(btrim(coalesce(e ->> 'reason', '')), '')
    FROM jsonb_array_elements(given) e
    WHERE l.id = (e ->> 'line_id')::uuid AND l.list_id = of_list AND l.status = 'listed';
    RETURN CASE WHEN given @> '[{"opinion": "object"}]' THEN 'draft' ELSE 'concurred' END;
END
$$;

-- Why a list cannot be fixed. Everything is asked again here, in the transaction that fixes it: the list is locked, and
-- demands, pairs, firms and persons are held, so that none of it changes between this look and the commit.
CREATE OR REPLACE FUNCTION app.dispatch_list_fix_faults(of_list uuid)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    d app.dispatch_list;
BEGIN
    SELECT * INTO d FROM app.dispatch_list WHERE id = of_list;
    PERFORM FROM app.demand n
    WHERE n.id IN (SELECT l.demand_id FROM app.dispatch_line l WHERE l.list_id = of_list AND l.status = 'listed')
    ORDER BY n.id FOR SHARE;
    PERFORM FROM app.match m
    WHERE m.id IN (SELECT l.match_id FROM app.dispatch_line l WHERE l.list_id = of_list AND l.status = 'listed')
    ORDER BY m.id FOR SHARE;
    PERFORM FROM app.enterprise e
    WHERE e.id IN (SELECT l.enterprise_id FROM app.dispatch_line l WHERE l.list_id = of_list AND l.status = 'listed')
    ORDER BY e.id FOR SHARE;
    PERFORM FROM app.specialist s
    WHERE s.id IN (SELECT l.specialist_id FROM app.dispatch_line l WHERE l.list_id = of_list AND l.status = 'listed')
    ORDER BY s.id FOR SHARE;
    RETURN QUERY
    WITH listed AS (
        SELECT l.*, s.code
        FROM app.dispatch_line l JOIN app.specialist s ON s.id = l.specialist_id
        WHERE l.list_id = of_list AND l.status = 'listed')
    SELECT 'list_empty', NULL::text, NULL::text WHERE NOT EXISTS (SELECT FROM listed)
    UNION ALL
    SELECT 'line_not_concurred', NULL, l.code FROM listed l WHERE l.talent_opinion <> 'concur'
    UNION ALL
    SELECT 'notice_not_held', NULL, NULL WHERE d.public_notice AND d.notice_to IS NULL
    UNION ALL
    SELECT 'notice_not_over', NULL, d.notice_to::text WHERE d.notice_to >= app.today()
    UNION ALL
    SELECT 'objection_undecided', NULL, l.code
    FROM listed l JOIN app.issue i ON i.line_id = l.id AND i.status IN ('open', 'assigned')
    UNION ALL
    SELECT 'objection_upheld', NULL, l.code
    FROM listed l JOIN app.issue i ON i.line_id = l.id AND i.status IN ('resolved', 'closed') AND i.upheld
    UNION ALL
    SELECT f.rule, NULL, coalesce(f.figures, l.code)
    FROM listed l CROSS JOIN app.dispatch_line_standing(l.match_id, l.start_on) f
    UNION ALL
    SELECT 'start_in_past', NULL, l.start_on::text FROM listed l WHERE l.start_on < app.today()
    UNION ALL
    SELECT f.rule, NULL, f.figures
    FROM listed l CROSS JOIN app.placed_meanwhile(l.specialist_id, l.enterprise_id, l.start_on, l.end_on) f;
END
$$;
ALTER FUNCTION app.dispatch_list_fix_faults(uuid) OWNER TO tepai_internal;
