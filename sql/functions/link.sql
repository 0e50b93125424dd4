-- Links: made, shown, answered, ended. They run as the internal role, for nobody who serves may touch the rows; a room
-- calls them inside its own statements, so that document and link change together.

-- The clock a link ends by. The days of a document's link are the programme's, so they pass on its clock; those of an
-- account are real, as all of sign-in is.
CREATE OR REPLACE FUNCTION app.link_clock(kind text) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN kind IN ('account_activation', 'password_reset') THEN now() ELSE app.now() END $$;

-- Makes the one live link of a document; the older one is revoked. Gives the id, given or new.
CREATE OR REPLACE FUNCTION app.link_issue(new_id uuid, of_kind text, of_subject uuid, version integer, sha256 text,
    institution uuid, email text, hash bytea, days integer) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    made   uuid := coalesce(new_id, app.uuid7());
    moment timestamptz := app.link_clock(of_kind);
BEGIN
    -- Two who make a link for one document at the same time come one after the other.
    PERFORM pg_advisory_xact_lock(hashtextextended(of_kind || of_subject, 0));
    PERFORM app.link_revoke(of_kind, of_subject);
    INSERT INTO app.link (id, kind, subject_id, subject_version, content_sha256, institution_id, recipient_email,
                          token_hash, created_at, expires_at)
    VALUES (made, of_kind, of_subject, version, sha256, institution, email, hash, moment,
            moment + make_interval(days => days));
    RETURN made;
END
$$;

-- Ends the live link of a document that was withdrawn or has a newer version; how many there were.
CREATE OR REPLACE FUNCTION app.link_revoke(of_kind text, of_subject uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    ended integer;
BEGIN
    UPDATE app.link l SET state = 'revoked'
    WHERE l.kind = of_kind AND l.subject_id = of_subject AND l.state = 'issued';
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END
$$;

-- The document is answered by the holder: his link is used up, and is refused when it already was. An answer that
-- the demo programme plays has no link, and null comes back.
CREATE OR REPLACE FUNCTION app.link_answer(of_kind text, of_subject uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    own      uuid := app.fact('link')::uuid;
    answered uuid;
BEGIN
    IF own IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE app.link l SET state = 'answered', used_at = app.link_clock(l.kind)
    WHERE l.id = own AND l.kind = of_kind AND l.subject_id = of_subject AND l.state = 'issued'
      AND l.expires_at > app.link_clock(l.kind)
    RETURNING l.id INTO answered;
    IF answered IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'TP410', MESSAGE = 'link_spent';
    END IF;
    RETURN answered;
END
$$;

-- Uses up a link that opens an account, by the hash of its token.
CREATE OR REPLACE FUNCTION app.link_take(given_hash bytea) RETURNS app.link
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    taken app.link;
BEGIN
    UPDATE app.link l SET state = 'answered', used_at = now()
    WHERE l.token_hash = given_hash AND l.kind IN ('account_activation', 'password_reset') AND l.state = 'issued'
      AND l.expires_at > now()
    RETURNING * INTO taken;
    IF taken.id IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'TP410', MESSAGE = 'link_spent';
    END IF;
    RETURN taken;
END
$$;

-- The document behind a link as its holder sees it: its content and nothing about its way through the offices. The kind
-- begins with the room of the document, and that room has a function for it: app.application_document(uuid).
CREATE OR REPLACE FUNCTION app.link_document(of_kind text, of_subject uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    shown jsonb;
BEGIN
    IF app.fact('link_subject')::uuid = of_subject THEN
        EXECUTE format('SELECT app.%I($1)', split_part(of_kind, '_', 1) || '_document') INTO shown USING of_subject;
    END IF;
    RETURN shown;
END
$$;

-- What a link for a document would carry: a row for each document that the caller can see, and whether it waits for an
-- institution's answer. The document's room has a function for this too: app.application_link(uuid).
CREATE OR REPLACE FUNCTION app.link_wanted(of_kind text, of_subject uuid)
RETURNS TABLE (version integer, content_sha256 text, institution_id uuid, days integer, waits boolean)
LANGUAGE plpgsql AS
$$
DECLARE
    room CONSTANT text := split_part(of_kind, '_', 1);
BEGIN
    IF to_regprocedure(format('app.%I(uuid)', room || '_link')) IS NOT NULL THEN
        RETURN QUERY EXECUTE format('SELECT * FROM app.%I($1)', room || '_link') USING of_subject;
    END IF;
END
$$;

-- The S&T bureau's link for a document that waits, in the place of the older one; it goes to the address of the
-- institution's record. All but the token is taken from the rows, so that nothing can be made up; an account is no
-- document. Null when there is nothing to answer.
CREATE OR REPLACE FUNCTION app.link_create(new_id uuid, of_kind text, of_subject uuid, hash bytea) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    made uuid;
BEGIN
    IF app.fact('actor') IS DISTINCT FROM 'city/st' THEN
        RAISE EXCEPTION USING ERRCODE = 'TP403', MESSAGE = 'forbidden';
    END IF;
    SELECT app.link_issue(new_id, of_kind, of_subject, w.version, w.content_sha256, w.institution_id, i.contact_email,
                          hash, w.days)
    INTO made
    FROM app.link_wanted(of_kind, of_subject) w LEFT JOIN app.institution i ON i.id = w.institution_id
    WHERE w.waits;
    RETURN made;
END
$$;

-- The holder of a link as the caller. A spent link still gives back the answers kept under its keys, for an answer that
-- was lost on the way is asked for again; it names no document then, so nothing can be read or done with it.
CREATE OR REPLACE FUNCTION app.link_facts(given_hash bytea, given_key text) RETURNS void
LANGUAGE plpgsql AS
$$
DECLARE
    held app.link;
    live boolean;
BEGIN
    SELECT * INTO held FROM app.link l
    WHERE l.token_hash = given_hash AND l.kind IN ('application_consent', 'agreement_signature');
    live := coalesce(held.state = 'issued' AND held.expires_at > app.link_clock(held.kind), false);
    IF session_user <> 'tepai_public'
       OR NOT live AND NOT EXISTS (SELECT FROM app.idempotency i WHERE i.scope = held.id AND i.key = given_key) THEN
        RAISE EXCEPTION USING ERRCODE = 'TP410', MESSAGE = 'link_spent';
    END IF;
    PERFORM set_config('app.actor', 'institution', true), set_config('app.link', held.id::text, true),
            set_config('app.link_subject', CASE WHEN live THEN held.subject_id::text ELSE '' END, true);
END
$$;

-- Links whose time is over. They are refused without this; it makes their state say so.
CREATE OR REPLACE FUNCTION app.job_link_expire(day date) RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    moved integer;
BEGIN
    UPDATE app.link SET state = 'expired'
    WHERE id IN (SELECT l.id FROM app.link l WHERE l.state = 'issued' AND l.expires_at <= app.link_clock(l.kind)
                 LIMIT app.job_portion() FOR UPDATE);
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END
$$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['link_issue(uuid,text,uuid,integer,text,uuid,text,bytea,integer)',
                                'link_revoke(text,uuid)', 'link_answer(text,uuid)', 'link_take(bytea)',
                                'link_document(text,uuid)', 'link_create(uuid,text,uuid,bytea)'] LOOP
        EXECUTE format('ALTER FUNCTION app.%s OWNER TO tepai_internal', name);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION app.%s FROM PUBLIC, tepai_city, tepai_county, tepai_enterprise, '
                       'tepai_specialist', name);
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION app.link_create(uuid, text, uuid, bytea) TO tepai_city;
GRANT EXECUTE ON FUNCTION app.link_answer(text, uuid) TO tepai_public;
GRANT EXECUTE ON FUNCTION app.link_document(text, uuid) TO tepai_public, tepai_city;
