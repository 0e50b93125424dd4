-- What every room stands on: the programme's clock, the facts about the caller, the lifecycle as data, the event
-- of each change, opinions, kept answers, and the three triggers that every resource table carries.

-- The programme's time. A sandbox shifts it; without a row it is the real time.
CREATE TABLE app.sandbox_clock (
    one   boolean PRIMARY KEY DEFAULT true,
    shift interval NOT NULL,
    CONSTRAINT sandbox_clock_one_row CHECK (one)
);

CREATE FUNCTION app.now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT now() + coalesce((SELECT c.shift FROM app.sandbox_clock c), interval '0') $$;

-- Civil dates of the programme are dates in Changzhi.
CREATE FUNCTION app.today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT (app.now() AT TIME ZONE 'Asia/Shanghai')::date $$;

-- A fact about the caller, set by app.facts() for one transaction; null when there is none.
-- Callers write (SELECT app.fact('unit')), so that a statement asks once and not once a row.
CREATE FUNCTION app.fact(name text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.' || name, true), '') $$;

-- UUID version 7 with the microsecond in its 12 bits of rand_a, so that ids of one row's events keep their order.
CREATE FUNCTION app.uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS
$$
    SELECT encode(substring(int8send(t.us / 1000) FROM 3 FOR 6)
                  || int2send((28672 + (t.us % 1000) * 4096 / 1000)::int2)
                  || substring(uuid_send(gen_random_uuid()) FROM 9 FOR 8), 'hex')::uuid
    FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::int8 AS us) t
$$;

-- Text as it is compared in a search: compatibility form, lower case.
CREATE FUNCTION app.folded(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT lower(normalize(given, NFKC)) $$;

-- All pairs of neighbouring characters and all single Han characters of a text: a two-character Chinese word is
-- one element, so an array index finds it, which trigrams would not. Compared byte by byte: ten times as fast.
CREATE FUNCTION app.grams(given text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS
$$
DECLARE
    chars text[] := string_to_array(regexp_replace(app.folded(given), '\s+', ' ', 'g'), NULL);
BEGIN
    RETURN ARRAY(SELECT c COLLATE "C" FROM unnest(chars) c WHERE c COLLATE "C" BETWEEN '㐀' AND '鿿'
                 UNION
                 SELECT (p.a || p.b) COLLATE "C" FROM unnest(chars, chars[2:]) AS p(a, b)
                 WHERE p.a <> ' ' AND p.b <> ' ');
END
$$;

-- The lifecycle of every resource, one row a transition; filled by lifecycle.sql, whose order no keeps. from_state '-'
-- is creation.
CREATE TABLE app.lifecycle (
    no         integer GENERATED ALWAYS AS IDENTITY,
    resource   text NOT NULL,
    from_state text NOT NULL,
    step       text NOT NULL,
    to_state   text NOT NULL,
    who        text NOT NULL,
    duty       boolean NOT NULL,
    article    text NOT NULL,
    zh         text NOT NULL,
    en         text NOT NULL,
    CONSTRAINT lifecycle_pkey PRIMARY KEY (resource, from_state, to_state, step)
);

-- Which steps a caller's word has in a state: made from the lifecycle, read once for each resource shown.
CREATE TABLE app.allowed_step (
    resource text NOT NULL,
    status   text NOT NULL,
    actor    text NOT NULL,
    steps    text[] NOT NULL,
    CONSTRAINT allowed_step_pkey PRIMARY KEY (resource, status, actor)
);

-- One row for each changed row of a resource, written in the same transaction and never changed.
CREATE TABLE app.event (
    id              uuid PRIMARY KEY DEFAULT app.uuid7(),
    at              timestamptz NOT NULL DEFAULT app.now(),
    operation       text NOT NULL,
    subject_type    text NOT NULL,
    subject_id      uuid NOT NULL,
    unit_id         text,
    op              text NOT NULL,
    subject_version integer NOT NULL,
    account         uuid,
    role            text,
    office          text,
    client          uuid,
    on_behalf_of    jsonb,
    changes         jsonb,
    changes_sha256  text NOT NULL,
    seen_by         text[] NOT NULL,
    seen_by_before  text[] NOT NULL,
    CONSTRAINT event_op CHECK (op IN ('upsert', 'removed'))
);
CREATE INDEX event_subject ON app.event (subject_type, subject_id, at, id);

-- What a deciding step said. subject_version is the version the decision made, so it stands beside its event.
CREATE TABLE app.review (
    id                   uuid PRIMARY KEY DEFAULT app.uuid7(),
    subject_type         text NOT NULL,
    subject_id           uuid NOT NULL,
    subject_version      integer NOT NULL,
    unit_id              text,
    enterprise_id        uuid,
    step                 text NOT NULL,
    decision             text,
    reason_code          text,
    opinion              text,
    visible_to_applicant boolean NOT NULL DEFAULT true,
    account              uuid DEFAULT app.fact('account')::uuid,
    office               text DEFAULT nullif(split_part(app.fact('actor'), '/', 2), ''),
    at                   timestamptz NOT NULL DEFAULT app.now()
);
CREATE INDEX review_subject ON app.review (subject_type, subject_id, subject_version);

-- The answer of a write that came with a key, kept so that a retry gets the same bytes. Real time, not the sandbox's.
CREATE TABLE app.idempotency (
    scope       uuid NOT NULL,
    key         text NOT NULL,
    fingerprint bytea NOT NULL,
    status      integer,
    etag        text,
    location    text,
    body        bytea,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT idempotency_pkey PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_created_at ON app.idempotency (created_at);

-- BEFORE INSERT OR UPDATE. Version, times and author are never the caller's to say. A row that did not change keeps
-- its version. With the argument 'side' the table also remembers who began a row (side) and whether it ever left that
-- side (shown): a draft that was dropped stays its author's.
CREATE FUNCTION app.stamp() RETURNS trigger LANGUAGE plpgsql AS
$$
DECLARE
    -- grams is generated after this trigger, so NEW never holds it.
    apart  CONSTANT text[] := '{version,created_at,updated_at,created_by,grams}';
    hidden CONSTANT text[] := '{draft,withdrawn,cancelled,closed}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        NEW.created_at := app.now();
        NEW.updated_at := NEW.created_at;
        NEW.created_by := app.fact('account')::uuid;
        IF TG_ARGV[0] = 'side' THEN
            NEW.side := split_part(app.fact('actor'), '/', 1);
            NEW.shown := NEW.status <> ALL (hidden);
        END IF;
        RETURN NEW;
    END IF;
    NEW.created_at := OLD.created_at;
    NEW.created_by := OLD.created_by;
    IF TG_ARGV[0] = 'side' THEN
        NEW.side := OLD.side;
        NEW.shown := OLD.shown OR NEW.status <> ALL (hidden);
    END IF;
    IF to_jsonb(NEW) - apart = to_jsonb(OLD) - apart THEN
        NEW.version := OLD.version;
        NEW.updated_at := OLD.updated_at;
        RETURN NEW;
    END IF;
    NEW.version := OLD.version + 1;
    NEW.updated_at := app.now();
    RETURN NEW;
END
$$;

-- BEFORE INSERT OR UPDATE, argument: resource. No status moves but by a row of the lifecycle that names the caller.
CREATE FUNCTION app.lifecycle_guard() RETURNS trigger LANGUAGE plpgsql AS
$$
DECLARE
    from_status text := '-';
    actor       text := app.fact('actor');
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.status = OLD.status THEN
            RETURN NEW;
        END IF;
        from_status := OLD.status;
    END IF;
    IF EXISTS (SELECT FROM app.lifecycle l
               WHERE l.resource = TG_ARGV[0] AND l.from_state = from_status AND l.to_state = NEW.status
                 AND string_to_array(l.who, ', ') && ARRAY[actor, split_part(actor, '/', 1)]) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'TP409', MESSAGE = 'wrong_state';
END
$$;

-- A column's value as the wire shows it: instants, known by the ending of their name, in UTC with milliseconds.
CREATE FUNCTION app.wire_value(key text, value jsonb) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS
$$
    SELECT CASE WHEN key LIKE '%\_at' AND jsonb_typeof(value) = 'string'
                THEN to_jsonb(to_char((value #>> '{}')::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
                ELSE value END
$$;

-- Old and new of the columns that differ; personal ones are named without values.
CREATE FUNCTION app.row_changes(before jsonb, after jsonb, personal text[]) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS
$$
    SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = ANY (personal) THEN '{}'::jsonb
                                               ELSE jsonb_build_object('old', app.wire_value(key, b.value),
                                                                       'new', app.wire_value(key, a.value)) END), '{}')
    FROM jsonb_each(before) b FULL JOIN jsonb_each(after) a USING (key)
    WHERE coalesce(b.value, 'null') <> coalesce(a.value, 'null')
      AND key <> ALL ('{id,version,created_at,updated_at,created_by,side,shown,grams}')
      AND key NOT LIKE '%\_masked' AND key NOT LIKE '%\_index'
$$;

-- AFTER INSERT OR UPDATE OR DELETE, arguments: resource, names of its personal columns. One event for one change,
-- with who may read it now and who could before. No caller may write events himself, so it runs as the internal role.
CREATE FUNCTION app.event_write() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    before  jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
    after   jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE to_jsonb(NEW) END;
    subject jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    differ  jsonb;
BEGIN
    IF before -> 'version' = after -> 'version' THEN
        RETURN NULL;
    END IF;
    differ := app.row_changes(before, after, string_to_array(TG_ARGV[1], ','));
    INSERT INTO app.event (operation, subject_type, subject_id, unit_id, op, subject_version, account, role, office,
                           client, on_behalf_of, changes, changes_sha256, seen_by, seen_by_before)
    VALUES (coalesce(app.fact('operation'), 'migration'), TG_ARGV[0], (subject ->> 'id')::uuid, subject ->> 'unit_id',
            CASE WHEN TG_OP = 'DELETE' THEN 'removed' ELSE 'upsert' END,
            (subject ->> 'version')::integer + (TG_OP = 'DELETE')::integer,
            app.fact('account')::uuid, split_part(app.fact('actor'), '/', 1),
            nullif(split_part(app.fact('actor'), '/', 2), ''), app.fact('client')::uuid,
            nullif(subject -> 'entered_for', 'null'), differ, encode(sha256(convert_to(differ::text, 'UTF8')), 'hex'),
            CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE app.audience(TG_ARGV[0], after) END,
            CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE app.audience(TG_ARGV[0], before) END);
    RETURN NULL;
END
$$;
ALTER FUNCTION app.event_write() OWNER TO tepai_internal;
REVOKE EXECUTE ON FUNCTION app.event_write() FROM PUBLIC;
