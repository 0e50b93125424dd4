-- Opening sealed values. Whoever sees a value masked may ask for the clear one; what is handed to the service here is
-- still sealed, for the keys are not in the database.

-- The sealed fields of a record whose masked form the caller sees, read through his own view of it. What a match shows of
-- the other side's contact is one level deeper: contact.phone_masked is the field contact_phone.
CREATE OR REPLACE FUNCTION app.masked_fields(subject_type text, subject_id uuid) RETURNS SETOF text
LANGUAGE plpgsql STABLE AS
$$
DECLARE
    seen jsonb;
BEGIN
    IF NOT has_any_column_privilege(format('app.%I', subject_type), 'SELECT') THEN
        RETURN; -- a room that is closed to the caller
    END IF;
    EXECUTE format('SELECT to_jsonb(v) FROM %I v WHERE v.id = $1', subject_type) INTO seen USING subject_id;
    RETURN QUERY
    SELECT left(m.key, -length('_masked'))
    FROM (SELECT e.key, e.value FROM jsonb_each(seen) e
          UNION ALL
          SELECT 'contact_' || c.key, c.value
          FROM jsonb_each(CASE jsonb_typeof(seen -> 'contact') WHEN 'object' THEN seen -> 'contact' ELSE '{}' END) c) m
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
    NEW.specialist_id := CASE WHEN NEW.subject_type = 'specialist' THEN NEW.subject_id
                              WHEN NEW.subject_type = 'match' AND NEW.role = 'specialist' THEN NULL -- the firm's
                              ELSE (about ->> 'specialist_id')::uuid END;
    RETURN NEW;
END
$$;
ALTER FUNCTION app.disclosure_fill() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER disclosure_a_fill BEFORE INSERT ON app.disclosure
    FOR EACH ROW EXECUTE FUNCTION app.disclosure_fill();

-- A sealed value with the place its seal is bound to; none for a column without a masked one beside it, which holds no
-- sealed value. What an entry of the register took from an application is still sealed there.
CREATE OR REPLACE FUNCTION app.sealed_at(room text, id uuid, field text) RETURNS jsonb LANGUAGE plpgsql STABLE AS
$$
DECLARE
    about jsonb;
BEGIN
    EXECUTE format('SELECT to_jsonb(t) FROM app.%I t WHERE t.id = $1', room) INTO about USING id;
    IF NOT about ? (field || '_masked') THEN
        RETURN NULL;
    END IF;
    IF room = 'specialist' AND about ->> field IS NULL THEN
        RETURN app.sealed_at('application', (about ->> 'application_id')::uuid, field);
    END IF;
    RETURN jsonb_build_object('room', room, 'row', id, 'field', field, 'value', about ->> field);
END
$$;

-- The other side's phone behind the contact that a match shows: the person's, or that of the demand or its firm.
CREATE OR REPLACE FUNCTION app.sealed_of_match(of_id uuid) RETURNS jsonb LANGUAGE sql STABLE AS
$$
    SELECT CASE session_user
               WHEN 'tepai_enterprise' THEN app.sealed_at('specialist', m.specialist_id, 'mobile')
               WHEN 'tepai_specialist' THEN
                   CASE WHEN d.contact_phone_masked IS NOT NULL THEN app.sealed_at('demand', d.id, 'contact_phone')
                        ELSE app.sealed_at('enterprise', m.enterprise_id, 'contact_phone') END END
    FROM app.match m JOIN app.demand d ON d.id = m.demand_id
    WHERE m.id = of_id
$$;

-- The sealed values that a disclosure of the caller's own names, by field.
CREATE OR REPLACE FUNCTION app.disclosure_sealed(disclosure_id uuid) RETURNS json LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT json_object_agg(f.field, p.place)
    FROM app.disclosure d
    CROSS JOIN unnest(d.fields) AS f(field)
    CROSS JOIN LATERAL (SELECT CASE d.subject_type WHEN 'match' THEN app.sealed_of_match(d.subject_id)
                                                   ELSE app.sealed_at(d.subject_type, d.subject_id, f.field) END) p(place)
    WHERE d.id = disclosure_id AND d.created_by = app.fact('account')::uuid AND p.place IS NOT NULL
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
