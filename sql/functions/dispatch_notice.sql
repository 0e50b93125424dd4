-- What a notice of four offices refuses, counts and sets going (article 9.5).

-- What stands against agreements on a notice, at creation, at each approval and when it is issued: each is filed, its
-- start is not past, and both sides are in good standing. The agreements are held, before the sides.
CREATE OR REPLACE FUNCTION app.dispatch_notice_faults(agreements uuid[])
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE plpgsql VOLATILE AS
$$
BEGIN
    PERFORM FROM app.agreement a WHERE a.id = ANY (agreements) ORDER BY a.id FOR NO KEY UPDATE;
    RETURN QUERY
    WITH line AS (
        SELECT '#/agreement_ids/' || (g.i - 1) AS place, a.agreement_no, a.status, a.start_on, a.demand_id,
               a.specialist_id
        FROM unnest(agreements) WITH ORDINALITY AS g(id, i) JOIN app.agreement a ON a.id = g.id)
    SELECT 'agreement_not_filed', l.place, l.agreement_no FROM line l WHERE l.status <> 'filed'
    UNION ALL
    SELECT 'start_before_notice', l.place, l.start_on::text FROM line l WHERE l.start_on < app.today()
    UNION ALL
    SELECT f.rule, l.place, f.figures
    FROM line l CROSS JOIN app.pair_standing_faults(l.demand_id, l.specialist_id, 'matched', l.start_on) f;
END
$$;

-- The agreements of a notice, in their order, as far as the caller sees them.
CREATE OR REPLACE FUNCTION app.dispatch_notice_agreements(of_notice uuid) RETURNS uuid[] LANGUAGE sql STABLE AS
$$
    SELECT ARRAY(SELECT l.agreement_id FROM app.dispatch_notice_agreement l
                 WHERE l.notice_id = of_notice ORDER BY l.position)
$$;

-- Issued, it bears the day and reaches the units, firms and persons of its lines.
CREATE OR REPLACE FUNCTION app.dispatch_notice_fill() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    IF NEW.status = 'issued' AND OLD.status <> 'issued' THEN
        NEW.issued_on := app.today();
        NEW.readers := ARRAY(
            SELECT DISTINCT w.word
            FROM app.dispatch_notice_agreement l
            CROSS JOIN unnest(ARRAY['unit:' || l.unit_id, 'enterprise:' || l.enterprise_id,
                                    'specialist:' || l.specialist_id]) AS w(word)
            WHERE l.notice_id = NEW.id ORDER BY 1);
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER dispatch_notice_a_fill BEFORE UPDATE ON app.dispatch_notice
    FOR EACH ROW EXECUTE FUNCTION app.dispatch_notice_fill();

-- What an office says moves the notice: one refusal ends it, the fourth approval completes it. The words are counted as
-- they stand in the table, so that no statement can say otherwise.
CREATE OR REPLACE FUNCTION app.dispatch_notice_count() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    approvals CONSTANT integer := (SELECT count(*) FROM app.dispatch_notice_approval v
                                   WHERE v.notice_id = NEW.notice_id AND v.decision = 'approve');
BEGIN
    UPDATE app.dispatch_notice
    SET approval_count = approvals,
        status = CASE WHEN NEW.decision = 'refuse' THEN 'refused' WHEN approvals = 4 THEN 'approved' ELSE status END
    WHERE id = NEW.notice_id;
    RETURN NULL;
END
$$;

-- A refused or cancelled notice lets its agreements go to another.
CREATE OR REPLACE FUNCTION app.dispatch_notice_release() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    UPDATE app.dispatch_notice_agreement SET live = false WHERE notice_id = NEW.id;
    RETURN NULL;
END
$$;

-- Without one of its agreements a notice cannot be issued any more: it is taken back, and the others go to another.
CREATE OR REPLACE FUNCTION app.dispatch_notice_follow_agreement() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
BEGIN
    UPDATE app.dispatch_notice SET status = 'cancelled'
    WHERE status IN ('signing_off', 'approved')
      AND id IN (SELECT l.notice_id FROM app.dispatch_notice_agreement l WHERE l.agreement_id = NEW.id AND l.live);
    PERFORM app.act_as(actor);
    RETURN NULL;
END
$$;

-- Lines go with their firm when it moves, and an issued notice reaches the new unit.
CREATE OR REPLACE FUNCTION app.dispatch_notice_follow_enterprise() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    WITH moved AS (
        UPDATE app.dispatch_notice_agreement SET unit_id = NEW.unit_id WHERE enterprise_id = NEW.id RETURNING notice_id)
    UPDATE app.dispatch_notice n SET readers = array_append(n.readers, 'unit:' || NEW.unit_id)
    FROM (SELECT DISTINCT m.notice_id FROM moved m) m
    WHERE n.id = m.notice_id AND n.status = 'issued';
    RETURN NULL;
END
$$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['dispatch_notice_count()', 'dispatch_notice_release()',
                                'dispatch_notice_follow_agreement()', 'dispatch_notice_follow_enterprise()'] LOOP
        EXECUTE format('ALTER FUNCTION app.%s OWNER TO tepai_internal', name);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION app.%s FROM PUBLIC', name);
    END LOOP;
END
$$;

CREATE OR REPLACE TRIGGER dispatch_notice_approval_count AFTER INSERT ON app.dispatch_notice_approval
    FOR EACH ROW EXECUTE FUNCTION app.dispatch_notice_count();
CREATE OR REPLACE TRIGGER dispatch_notice_release AFTER UPDATE ON app.dispatch_notice
    FOR EACH ROW WHEN (NEW.status IN ('refused', 'cancelled') AND NEW.status <> OLD.status)
    EXECUTE FUNCTION app.dispatch_notice_release();
CREATE OR REPLACE TRIGGER agreement_cancel_notice AFTER UPDATE ON app.agreement
    FOR EACH ROW WHEN (OLD.status = 'filed' AND NEW.status = 'cancelled')
    EXECUTE FUNCTION app.dispatch_notice_follow_agreement();
CREATE OR REPLACE TRIGGER enterprise_move_notices AFTER UPDATE ON app.enterprise
    FOR EACH ROW WHEN (NEW.unit_id <> OLD.unit_id) EXECUTE FUNCTION app.dispatch_notice_follow_enterprise();

-- What the caller may do: an office that has given its word gives no other.
CREATE OR REPLACE FUNCTION app.dispatch_notice_steps(n app.dispatch_notice) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE AS
$$
    SELECT CASE WHEN EXISTS (SELECT FROM app.dispatch_notice_approval a
                             WHERE a.notice_id = n.id AND a.office = split_part(app.fact('actor'), '/', 2))
                THEN array_remove(s.steps, 'approve') ELSE s.steps END
    FROM (SELECT app.allowed_steps('dispatch_notice', n.status, true) AS steps) s
$$;
