-- Opening sealed values. Whoever sees a value masked may ask for the clear one; what is handed to the service here is
-- still sealed, for the keys are not in the database.

-- The sealed fields of a record whose masked form the caller sees, read through his own view of it.
CREATE OR REPLACE FUNCTION app.masked_fields(subject_type text, subject_id uuid) RETURNS SETOF text
LANGUAGE plpgsql STABLE AS
$$
DECLARE
    seen jsonb;
BEGIN
    EXECUTE format('SELECT to_jsonb(v) FROM %I v WHERE v.id = $1', subject_type) INTO seen USING subject_id;
    RETURN QUERY
    SELECT left(m.key, -length('_masked')) FROM jsonb_each(seen) m
    WHERE m.key LIKE '%\_masked' AND m.value <> 'null';
END
$$;

-- What is wrong with a request to see values. A record without a masked field in sight looks like none.
CREATE OR REPLACE FUNCTION app.disclosure_faults(subject_type text, subject_id uuid, fields text[])
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    WITH seen AS MATERIALIZED (SELECT f FROM app.masked_fields(subject_type, subject_id) f)
    SELECT 'reference_not_found', '#/subject_id', NULL::text WHERE NOT EXISTS (SELECT FROM seen)
    UNION ALL
    SELECT 'field_not_disclosed', '#/fields/' || (w.i - 1), w.field
    FROM unnest(fields) WITH ORDINALITY AS w(field, i)
    WHERE EXISTS (SELECT FROM seen) AND NOT EXISTS (SELECT FROM seen WHERE seen.f = w.field)
$$;

-- BEFORE INSERT: who looks, in which office, and whom the record is about. One disclosure of an account waits for the
-- one before it, so that the count of the hour is right.
CREATE OR REPLACE FUNCTION app.disclosure_fill() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    about jsonb;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('disclosure ' || app.fact('account'), 0));
    EXECUTE format('SELECT to_jsonb(t) FROM app.%I t WHERE t.id = $1', NEW.subject_type) INTO about
    USING NEW.subject_id;
    NEW.role := app.my_side();
    NEW.office := nullif(split_part(app.fact('actor'), '/', 2), '');
    NEW.unit_id := about ->> 'unit_id';
    NEW.subject_account := CASE NEW.subject_type WHEN 'account' THEN NEW.subject_id
                                                 ELSE (about ->> 'applicant_id')::uuid END;
    NEW.specialist_id := CASE NEW.subject_type WHEN 'specialist' THEN NEW.subject_id
                                               ELSE (about ->> 'specialist_id')::uuid END;
    RETURN NEW;
END
$$;
ALTER FUNCTION app.disclosure_fill() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER disclosure_a_fill BEFORE INSERT ON app.disclosure
    FOR EACH ROW EXECUTE FUNCTION app.disclosure_fill();

-- The sealed values that a disclosure of the caller's own names, by field, each with the place its seal is bound to. A
-- column without a masked one beside it holds no sealed value and is never given. What an entry of the register took
-- from an application is still sealed there.
CREATE OR REPLACE FUNCTION app.disclosure_sealed(disclosure_id uuid) RETURNS json LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    d      app.disclosure;
    about  jsonb;
    source jsonb;
BEGIN
    SELECT * INTO d FROM app.disclosure o WHERE o.id = disclosure_id AND o.created_by = app.fact('account')::uuid;
    EXECUTE format('SELECT to_jsonb(t) FROM app.%I t WHERE t.id = $1', d.subject_type) INTO about USING d.subject_id;
    IF d.subject_type = 'specialist' THEN
        SELECT to_jsonb(a) INTO source FROM app.application a WHERE a.id = (about ->> 'application_id')::uuid;
    END IF;
    RETURN (SELECT json_object_agg(f.field, CASE
                WHEN about ->> f.field IS NULL AND source IS NOT NULL
                THEN json_build_object('room', 'application', 'row', source ->> 'id', 'value', source ->> f.field)
                ELSE json_build_object('room', d.subject_type, 'row', d.subject_id, 'value', about ->> f.field) END)
            FROM unnest(d.fields) AS f(field) WHERE about ? (f.field || '_masked'));
END
$$;
ALTER FUNCTION app.disclosure_sealed(uuid) OWNER TO tepai_internal;

-- How many disclosures the caller has made in the last hour, and the seconds until the first of them is older.
CREATE OR REPLACE FUNCTION app.disclosures_of_the_hour(OUT made integer, OUT wait_seconds integer)
LANGUAGE sql STABLE AS
$$
    SELECT count(*)::integer, ceil(extract(epoch FROM min(d.counted_at) + interval '1 hour' - now()))::integer
    FROM app.disclosure d
    WHERE d.created_by = app.fact('account')::uuid AND d.counted_at > now() - interval '1 hour'
$$;
