-- What a call derives, and its search.

-- A county's call is its own unit's, the city's is the whole city's: nobody sends the unit.
CREATE OR REPLACE FUNCTION app.call_fill() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    NEW.unit_id := CASE WHEN TG_OP = 'UPDATE' THEN OLD.unit_id ELSE app.fact('unit') END;
    NEW.batch_no := coalesce(NEW.batch_no, 1);
    NEW.attachments := coalesce(NEW.attachments, '{}');
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER call_a_fill BEFORE INSERT OR UPDATE ON app.call
    FOR EACH ROW EXECUTE FUNCTION app.call_fill();

CREATE OR REPLACE TRIGGER call_files AFTER INSERT OR UPDATE ON app.call
    FOR EACH ROW EXECUTE FUNCTION app.attachment_bind_row('attachments');

-- A call needs a regulation in force and a window that is not over.
CREATE OR REPLACE FUNCTION app.call_faults(closes timestamptz) RETURNS TABLE (rule text, pointer text, figures text)
LANGUAGE sql STABLE AS
$$
    SELECT 'policy_expired', NULL::text, NULL::text WHERE app.policy_in_force(app.today()) IS NULL
    UNION ALL
    SELECT 'call_window_in_past', '#/closes_at', NULL WHERE closes <= app.now()
$$;

-- Ids of the calls whose text holds every word of q, within the caller's scope.
CREATE OR REPLACE FUNCTION app.call_search(q text) RETURNS SETOF uuid LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT c.id
    FROM app.call c
    WHERE c.grams @> app.grams(q)
      AND CASE (SELECT app.my_side())
              WHEN 'city' THEN c.shown OR c.side = 'city'
              WHEN 'county' THEN c.shown OR (c.side = 'county' AND c.unit_id = (SELECT app.fact('unit')))
              ELSE c.shown
          END
      AND ((SELECT app.grams_suffice(q)) OR app.has_words(concat_ws(' ', c.title, c.doc_no, c.body), app.words(q)))
$$;
ALTER FUNCTION app.call_search(text) OWNER TO tepai_internal;
