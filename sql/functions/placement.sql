-- A placement from the notice to its end (articles 4, 9.5): made with the notice, begun and ended by the calendar, and
-- what it takes along. All of it is the system's doing.

-- A placement for each agreement of an issued notice. An agreement that was taken back at this moment stops all. What
-- starts on the very day begins at once, for the day's work is done already.
CREATE OR REPLACE FUNCTION app.dispatch_notice_place() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
    line  app.agreement;
BEGIN
    FOR line IN SELECT a.* FROM app.dispatch_notice_agreement l JOIN app.agreement a ON a.id = l.agreement_id
             WHERE l.notice_id = NEW.id ORDER BY l.position FOR UPDATE OF a LOOP
        IF line.status <> 'filed' THEN
            RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = 'agreement_not_filed', MESSAGE = 'agreement_not_filed';
        END IF;
        INSERT INTO app.placement (id, unit_id, placement_no, policy_id, specialist_id, enterprise_id, institution_id,
                                   demand_id, agreement_id, notice_id, start_on, end_on, service_quota)
        SELECT app.id_from('placement ' || NEW.id || ' ' || line.id), e.unit_id,
               app.next_number('PZ', 'placement', 'placement_no'),
               line.policy_id, line.specialist_id, line.enterprise_id, line.institution_id, line.demand_id, line.id,
               NEW.id, line.start_on, line.end_on, line.service_quota
        FROM app.enterprise e WHERE e.id = line.enterprise_id;
    END LOOP;
    UPDATE app.placement SET status = 'active' WHERE notice_id = NEW.id AND start_on = NEW.issued_on;
    PERFORM app.act_as(actor);
    RETURN NULL;
END
$$;

-- It has begun: person and firm show it, and what falls due in the term stands with its dates.
CREATE OR REPLACE FUNCTION app.placement_begin() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    UPDATE app.enterprise SET current_placement_id = NEW.id WHERE id = NEW.enterprise_id;
    UPDATE app.specialist SET is_placed = true, current_placement_id = NEW.id WHERE id = NEW.specialist_id;
    INSERT INTO app.obligation (id, unit_id, kind, placement_id, debtor_role, debtor_office, enterprise_id,
                                specialist_id, period, period_from, period_to, due_on)
    SELECT app.id_from(concat_ws(' ', 'obligation', NEW.id, d.kind, d.debtor_role, d.period)), NEW.unit_id, d.kind,
           NEW.id, d.debtor_role, d.debtor_office, CASE d.debtor_role WHEN 'enterprise' THEN NEW.enterprise_id END,
           CASE d.debtor_role WHEN 'specialist' THEN NEW.specialist_id END, d.period, d.period_from, d.period_to, d.due_on
    FROM app.obligation_plan(NEW.policy_id, NEW.unit_id, NEW.start_on, NEW.end_on) d
    ORDER BY d.due_on, d.kind;
    PERFORM app.obligation_calendar(NEW.unit_id, NEW.start_on);
    RETURN NULL;
END
$$;

-- It is over: person and firm are free for another, and its agreement with it.
CREATE OR REPLACE FUNCTION app.placement_end() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
BEGIN
    UPDATE app.agreement SET status = CASE NEW.status WHEN 'completed' THEN 'ended' ELSE 'dissolved' END
    WHERE id = NEW.agreement_id AND status = 'filed';
    UPDATE app.enterprise SET current_placement_id = NULL
    WHERE id = NEW.enterprise_id AND current_placement_id = NEW.id;
    UPDATE app.specialist SET is_placed = false, current_placement_id = NULL
    WHERE id = NEW.specialist_id AND current_placement_id = NEW.id;
    PERFORM app.act_as(actor);
    RETURN NULL;
END
$$;

-- Without its agreement, or with a side that was barred, a placement does not begin (article 16).
CREATE OR REPLACE FUNCTION app.placement_drop() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
BEGIN
    UPDATE app.placement
    SET status = 'cancelled', end_reason = CASE TG_TABLE_NAME WHEN 'agreement' THEN 'agreement_ended' ELSE 'sanction' END
    WHERE status = 'pending'
      AND CASE TG_TABLE_NAME WHEN 'agreement' THEN agreement_id WHEN 'specialist' THEN specialist_id
                             ELSE enterprise_id END = NEW.id;
    PERFORM app.act_as(actor);
    RETURN NULL;
END
$$;

-- Placements and what falls due in them go with their firm when it moves.
CREATE OR REPLACE FUNCTION app.placement_follow_enterprise() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    UPDATE app.placement SET unit_id = NEW.unit_id WHERE enterprise_id = NEW.id;
    UPDATE app.obligation SET unit_id = NEW.unit_id
    WHERE placement_id IN (SELECT p.id FROM app.placement p WHERE p.enterprise_id = NEW.id);
    RETURN NULL;
END
$$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['dispatch_notice_place()', 'placement_begin()', 'placement_end()', 'placement_drop()',
                                'placement_follow_enterprise()'] LOOP
        EXECUTE format('ALTER FUNCTION app.%s OWNER TO tepai_internal', name);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION app.%s FROM PUBLIC', name);
    END LOOP;
END
$$;

CREATE OR REPLACE TRIGGER dispatch_notice_place AFTER UPDATE ON app.dispatch_notice
    FOR EACH ROW WHEN (NEW.status = 'issued' AND OLD.status <> 'issued') EXECUTE FUNCTION app.dispatch_notice_place();
CREATE OR REPLACE TRIGGER placement_begin AFTER UPDATE ON app.placement
    FOR EACH ROW WHEN (NEW.status = 'active' AND OLD.status = 'pending') EXECUTE FUNCTION app.placement_begin();
CREATE OR REPLACE TRIGGER placement_end AFTER UPDATE ON app.placement
    FOR EACH ROW WHEN (NEW.status IN ('completed', 'terminated', 'revoked') AND OLD.status IN ('active', 'suspended'))
    EXECUTE FUNCTION app.placement_end();
CREATE OR REPLACE TRIGGER agreement_drop_placement AFTER UPDATE ON app.agreement
    FOR EACH ROW WHEN (OLD.status = 'filed' AND NEW.status = 'cancelled') EXECUTE FUNCTION app.placement_drop();
CREATE OR REPLACE TRIGGER specialist_bar_placement AFTER UPDATE OF barred_until ON app.specialist
    FOR EACH ROW WHEN (NEW.barred_until >= app.today()) EXECUTE FUNCTION app.placement_drop();
CREATE OR REPLACE TRIGGER enterprise_bar_placement AFTER UPDATE OF barred_until ON app.enterprise
    FOR EACH ROW WHEN (NEW.barred_until >= app.today()) EXECUTE FUNCTION app.placement_drop();
CREATE OR REPLACE TRIGGER enterprise_move_placements AFTER UPDATE ON app.enterprise
    FOR EACH ROW WHEN (NEW.unit_id <> OLD.unit_id) EXECUTE FUNCTION app.placement_follow_enterprise();

-- Placements whose first day has come. What may not begin waits with its reasons, and is looked at again each day. Few
-- at a time, for each brings a score of rows with their events, and a busy machine must not meet the time limit.
CREATE OR REPLACE FUNCTION app.job_placement_activate(day date) RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    most  CONSTANT integer := 25;
    moved integer := 0;
    rules text[];
    p     app.placement;
BEGIN
    FOR p IN SELECT * FROM app.placement w WHERE w.status = 'pending' AND w.start_on <= day
             ORDER BY w.start_on, w.id FOR UPDATE LOOP
        rules := ARRAY(SELECT DISTINCT f.rule
                       FROM app.pair_standing_faults(p.demand_id, p.specialist_id, 'matched', p.start_on) f ORDER BY 1);
        CONTINUE WHEN rules <> '{}' AND rules = p.hold_reasons;
        UPDATE app.placement SET status = CASE WHEN rules = '{}' THEN 'active' ELSE status END, hold_reasons = rules
        WHERE id = p.id;
        moved := moved + 1;
        EXIT WHEN moved = most;
    END LOOP;
    RETURN CASE WHEN moved = most THEN app.job_portion() ELSE moved END;
END
$$;

-- Placements after their last day.
CREATE OR REPLACE FUNCTION app.job_placement_complete(day date) RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    moved integer;
BEGIN
    UPDATE app.placement SET status = 'completed', ended_on = end_on, end_reason = 'completed'
    WHERE id IN (SELECT p.id FROM app.placement p WHERE p.status IN ('active', 'suspended') AND p.end_on < day
                 LIMIT app.job_portion() FOR UPDATE);
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END
$$;
