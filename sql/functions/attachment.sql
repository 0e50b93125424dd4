-- What a file derives, who may read it, and how a record takes it for its own.

-- Bytes of a part, but for the last.
CREATE OR REPLACE FUNCTION app.part_bytes() RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT 4194304 $$;

-- Bytes that the same organisation has already need not be sent again. Of other organisations nothing is asked, or an
-- announcement would tell what they have. The row that proves it is held, so that it is not purged meanwhile.
CREATE OR REPLACE FUNCTION app.attachment_fill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    NEW.owner := app.my_owner();
    NEW.purpose := coalesce(NEW.purpose, 'other');
    PERFORM FROM app.attachment a
    WHERE a.sha256 = NEW.sha256 AND a.state = 'stored' AND a.owner = NEW.owner AND a.media_type = NEW.media_type
      AND a.size_bytes = NEW.size_bytes
    LIMIT 1 FOR SHARE;
    NEW.state := CASE WHEN FOUND THEN 'stored' ELSE 'pending' END;
    RETURN NEW;
END
$$;
ALTER FUNCTION app.attachment_fill() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER attachment_a_fill BEFORE INSERT ON app.attachment
    FOR EACH ROW EXECUTE FUNCTION app.attachment_fill();

-- A state is technical and no lifecycle, but it has an order: bytes are stored once, and what is purged stays so.
CREATE OR REPLACE FUNCTION app.attachment_guard() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    IF NEW.state = OLD.state OR OLD.state = 'pending' AND NEW.state = 'stored'
       OR NEW.state = 'purged' AND app.my_side() = 'system' AND OLD.subject_id IS NULL THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'TP409', MESSAGE = 'wrong_state';
END
$$;
CREATE OR REPLACE TRIGGER attachment_b_guard BEFORE UPDATE ON app.attachment
    FOR EACH ROW EXECUTE FUNCTION app.attachment_guard();

-- Whether the caller may read the record that a file belongs to. A room that has files adds its line; the policies of
-- its table do the rest. Who has no grant on the table at all reads none of it, and a specialist, who sees the outline of
-- firms and demands, not the papers behind it. Of a call it is the annexes it names: what a draft dropped was not published.
CREATE OR REPLACE FUNCTION app.attachment_visible(of_type text, of_id uuid, file uuid) RETURNS boolean
LANGUAGE plpgsql STABLE AS
$$
BEGIN
    IF NOT has_any_column_privilege('app.' || of_type, 'SELECT')
       OR app.my_side() = 'specialist' AND of_type IN ('enterprise', 'demand') THEN
        RETURN false;
    END IF;
    CASE of_type
        WHEN 'enterprise' THEN RETURN EXISTS (SELECT FROM app.enterprise e WHERE e.id = of_id);
        WHEN 'call' THEN RETURN EXISTS (SELECT FROM app.call c WHERE c.id = of_id AND file = ANY (c.attachments));
        WHEN 'application' THEN RETURN EXISTS (SELECT FROM app.application a WHERE a.id = of_id);
        WHEN 'agreement' THEN RETURN EXISTS (SELECT FROM app.agreement a WHERE a.id = of_id);
        WHEN 'demand' THEN RETURN EXISTS (SELECT FROM app.demand d WHERE d.id = of_id);
        WHEN 'issue' THEN RETURN EXISTS (SELECT FROM app.issue i WHERE i.id = of_id);
    END CASE;
END
$$;

-- Binds files to the record that names them. Each must be stored and either the caller's own and free or bound to that
-- record before; else it is refused as a reference that names nothing. place is the column, for the refusal.
CREATE OR REPLACE FUNCTION app.attachment_bind(ids uuid[], of_type text, of_id uuid, place text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    UPDATE app.attachment a SET subject_type = of_type, subject_id = of_id
    WHERE a.id = ANY (ids) AND a.state = 'stored' AND a.subject_id IS NULL AND ARRAY[a.owner] && app.my_words();
    IF EXISTS (SELECT FROM unnest(ids) AS i(id)
               WHERE NOT EXISTS (SELECT FROM app.attachment a
                                 WHERE a.id = i.id AND a.subject_type = of_type AND a.subject_id = of_id)) THEN
        RAISE EXCEPTION USING ERRCODE = '23503', MESSAGE = 'reference_not_found',
                              CONSTRAINT = of_type || '_' || place || '_fkey';
    END IF;
    IF (SELECT count(*) FROM app.attachment a WHERE a.subject_type = of_type AND a.subject_id = of_id) > 50 THEN
        RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = 'attachment_limit', CONSTRAINT = 'attachment_limit';
    END IF;
END
$$;
ALTER FUNCTION app.attachment_bind(uuid[], text, uuid, text) OWNER TO tepai_internal;

-- The ids in a value: of one file, of a list, or of nothing.
CREATE OR REPLACE FUNCTION app.attachment_ids(given jsonb) RETURNS uuid[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT CASE jsonb_typeof(given)
               WHEN 'string' THEN ARRAY[(given #>> '{}')::uuid]
               WHEN 'array' THEN ARRAY(SELECT e::uuid FROM jsonb_array_elements_text(given) e)
               ELSE '{}'
           END
$$;

-- AFTER INSERT OR UPDATE of a room that has files; arguments: the places where their ids stand, such as 'evidence' or
-- 'entered_for.attachment_id'. A file that is named no more stays bound: an older version of the record had it.
CREATE OR REPLACE FUNCTION app.attachment_bind_row() RETURNS trigger LANGUAGE plpgsql AS
$$
DECLARE
    place text;
    given jsonb;
BEGIN
    FOREACH place IN ARRAY TG_ARGV LOOP
        given := to_jsonb(NEW) #> string_to_array(place, '.');
        IF cardinality(app.attachment_ids(given)) > 0
           AND (TG_OP = 'INSERT' OR given IS DISTINCT FROM to_jsonb(OLD) #> string_to_array(place, '.')) THEN
            PERFORM app.attachment_bind(app.attachment_ids(given), TG_TABLE_NAME, NEW.id, split_part(place, '.', 1));
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

-- Files that no record named within seven days.
CREATE OR REPLACE FUNCTION app.job_attachment_purge(day date) RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    moved integer;
BEGIN
    WITH over AS (
        UPDATE app.attachment SET state = 'purged'
        WHERE id IN (SELECT a.id FROM app.attachment a
                     WHERE a.subject_id IS NULL AND a.state <> 'purged'
                       AND a.created_at < app.now() - interval '7 days'
                     LIMIT app.job_portion() FOR UPDATE SKIP LOCKED)
        RETURNING id),
    parts AS (DELETE FROM app.attachment_part p USING over o WHERE p.attachment_id = o.id)
    SELECT count(*) INTO moved FROM over;
    RETURN moved;
END
$$;

-- What the sweep of the folder asks: bytes that no row has, and parts that no row waits for.
CREATE OR REPLACE FUNCTION app.blobs_unused(names text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT n FROM unnest(names) n WHERE NOT EXISTS (SELECT FROM app.attachment a WHERE a.sha256 = n AND a.state = 'stored')
$$;
ALTER FUNCTION app.blobs_unused(text[]) OWNER TO tepai_internal;
CREATE OR REPLACE FUNCTION app.parts_unused(ids uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT DISTINCT i FROM unnest(ids) i
    WHERE NOT EXISTS (SELECT FROM app.attachment a WHERE a.id = i AND a.state = 'pending')
$$;
ALTER FUNCTION app.parts_unused(uuid[]) OWNER TO tepai_internal;
