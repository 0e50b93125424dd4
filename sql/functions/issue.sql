-- Whose an issue is, what may be done with it, and when it closes by itself (articles 9.4, 11).

-- Three relations decide about steps. Problems of a placement are handled by its county or the bureau, objections to a
-- list by the bureau alone, for the list is the city's.
CREATE OR REPLACE FUNCTION app.issue_is_handled(i app.issue) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$
    SELECT coalesce(CASE app.my_side() WHEN 'city' THEN app.fact('actor') = 'city/st'
                                       WHEN 'county' THEN i.source = 'placement' AND i.unit_id = app.fact('unit') END,
                    false)
$$;
CREATE OR REPLACE FUNCTION app.issue_is_owned(i app.issue) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$
    SELECT coalesce(i.owner_side = app.my_side()
                    AND coalesce(i.owner_office = split_part(app.fact('actor'), '/', 2), true)
                    AND CASE i.owner_side WHEN 'city' THEN true
                                          WHEN 'county' THEN i.unit_id = app.fact('unit')
                                          WHEN 'enterprise' THEN i.enterprise_id = app.fact('enterprise')::uuid
                                          WHEN 'specialist' THEN i.specialist_id = app.fact('specialist')::uuid END,
                    false)
$$;
CREATE OR REPLACE FUNCTION app.issue_is_raised(i app.issue) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT i.raised_by = ANY (app.my_words()) $$;

-- What the caller may do: who handles it passes it on or deals with it at once, its owner resolves it, its raiser says
-- whether he is content.
CREATE OR REPLACE FUNCTION app.issue_steps(i app.issue) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$
    SELECT coalesce(array_agg(s ORDER BY n), '{}')
    FROM unnest(app.allowed_steps('issue', i.status, true)) WITH ORDINALITY AS a(s, n)
    WHERE CASE WHEN s = 'assign' THEN app.issue_is_handled(i)
               WHEN s = 'resolve' AND i.status = 'open' THEN app.issue_is_handled(i)
               WHEN s = 'resolve' THEN app.issue_is_owned(i)
               ELSE app.issue_is_raised(i) END
$$;

-- Why an issue cannot be raised. A placement is named by its own sides and its offices; a list by anybody who is signed
-- in, while its announcement runs. The list is held, so that it is not fixed between this look and the commit.
CREATE OR REPLACE FUNCTION app.issue_faults(of_source text, of_list uuid, of_line uuid, of_placement uuid,
                                            of_category text)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    d app.dispatch_list;
BEGIN
    IF (of_source = 'public_notice') <> (of_list IS NOT NULL) OR (of_source = 'public_notice') <> (of_line IS NOT NULL)
       OR (of_source = 'placement') <> (of_placement IS NOT NULL) THEN
        RETURN QUERY SELECT 'issue_source_fits', '#/source', NULL::text;
        RETURN;
    END IF;
    SELECT * INTO d FROM app.dispatch_list l
    WHERE l.id = of_list AND (l.status = 'announced' OR app.audience('dispatch_list', to_jsonb(l)) && app.my_words())
    FOR SHARE;
    RETURN QUERY
    SELECT 'objection_category', '#/category', NULL::text
    WHERE (of_source = 'public_notice') <> (of_category = 'objection')
    UNION ALL
    SELECT 'reference_not_found', '#/list_id', NULL WHERE of_list IS NOT NULL AND d.id IS NULL
    UNION ALL
    SELECT 'objection_window_closed', '#/list_id', coalesce(d.notice_to::text, '-')
    WHERE d.id IS NOT NULL
      AND NOT app.is_on_notice(d.status, d.notice_to)
    UNION ALL
    SELECT 'reference_not_found', '#/line_id', NULL
    WHERE d.id IS NOT NULL
      AND NOT EXISTS (SELECT FROM app.dispatch_line l WHERE l.id = of_line AND l.list_id = of_list AND l.status = 'listed')
    UNION ALL
    SELECT 'reference_not_found', '#/placement_id', NULL
    WHERE of_placement IS NOT NULL
      AND NOT EXISTS (SELECT FROM app.placement p
                      WHERE p.id = of_placement
                        AND CASE app.my_side() WHEN 'city' THEN true
                                               WHEN 'county' THEN p.unit_id = app.fact('unit')
                                               WHEN 'enterprise' THEN p.enterprise_id = app.fact('enterprise')::uuid
                                               WHEN 'specialist' THEN p.specialist_id = app.fact('specialist')::uuid END)
    UNION ALL
    SELECT 'placement_over', '#/placement_id', p.status
    FROM app.placement p WHERE p.id = of_placement AND p.status IN ('cancelled', 'closed');
END
$$;
ALTER FUNCTION app.issue_faults(text, uuid, uuid, uuid, text) OWNER TO tepai_internal;

-- Whose it is comes from who raises it, unit and sides from the line or placement. Each step keeps its days: the raiser
-- has some to answer a resolution, and what comes back to its owner is due anew. Of an objection the list is held at
-- every step, for whether it may be fixed depends on it.
CREATE OR REPLACE FUNCTION app.issue_fill() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    silence CONSTANT integer := app.policy_value('issue_confirm_days', NULL)::integer;
BEGIN
    PERFORM FROM app.dispatch_list d WHERE d.id = NEW.list_id FOR SHARE;
    IF TG_OP = 'INSERT' THEN
        NEW.raised_by := app.my_owner();
        NEW.attachments := coalesce(NEW.attachments, '{}');
        SELECT x.unit_id, x.enterprise_id, x.specialist_id INTO NEW.unit_id, NEW.enterprise_id, NEW.specialist_id
        FROM (SELECT l.unit_id, l.enterprise_id, l.specialist_id FROM app.dispatch_line l WHERE l.id = NEW.line_id
              UNION ALL
              SELECT p.unit_id, p.enterprise_id, p.specialist_id FROM app.placement p WHERE p.id = NEW.placement_id) x;
        RETURN NEW;
    END IF;
    IF NEW.status = OLD.status THEN
        RETURN NEW;
    END IF;
    IF NEW.status = 'resolved' THEN
        NEW.confirm_by_on := app.today() + silence;
        -- Dealt with at once: whoever did it answers for it.
        IF OLD.status = 'open' THEN
            NEW.owner_side := app.my_side();
            NEW.owner_office := nullif(split_part(app.fact('actor'), '/', 2), '');
            NEW.due_on := app.today();
        END IF;
    END IF;
    IF OLD.status = 'resolved' AND NEW.status = 'assigned' THEN
        NEW.resolution := NULL;
        NEW.upheld := NULL;
        NEW.confirm_by_on := NULL;
        NEW.due_on := greatest(NEW.due_on, app.today() + silence);
    END IF;
    RETURN NEW;
END
$$;
ALTER FUNCTION app.issue_fill() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER issue_a_fill BEFORE INSERT OR UPDATE ON app.issue
    FOR EACH ROW EXECUTE FUNCTION app.issue_fill();
CREATE OR REPLACE TRIGGER issue_files AFTER INSERT ON app.issue
    FOR EACH ROW EXECUTE FUNCTION app.attachment_bind_row('attachments');

-- Issues go with their firm when it moves to another unit.
CREATE OR REPLACE TRIGGER enterprise_move_issues AFTER UPDATE ON app.enterprise
    FOR EACH ROW WHEN (NEW.unit_id <> OLD.unit_id) EXECUTE FUNCTION app.follow_enterprise('issue');

-- Resolved issues whose raiser said nothing until his last day.
CREATE OR REPLACE FUNCTION app.job_issue_close(day date) RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    moved integer;
BEGIN
    UPDATE app.issue SET status = 'closed'
    WHERE id IN (SELECT i.id FROM app.issue i WHERE i.status = 'resolved' AND app.due(i.confirm_by_on, i.due_on) < day
                 LIMIT app.job_portion() FOR UPDATE);
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END
$$;
