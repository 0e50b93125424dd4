-- Machine clients: how one is known before there are facts about it, and the facts themselves. Tries that failed are
-- counted for a client and the network they came from, so that nobody elsewhere can keep a county's system out; a
-- secret of 256 bits needs no more. All times are real times.

-- Whether it may act now and from here. An address that is not known is in no network.
CREATE OR REPLACE FUNCTION app.client_lives(c app.client, address inet) RETURNS boolean LANGUAGE sql STABLE AS
$$
    SELECT c.status = 'active' AND (c.expires_on IS NULL OR c.expires_on >= (now() AT TIME ZONE 'Asia/Shanghai')::date)
           AND (c.allowed_networks = '{}' OR coalesce(address <<= ANY (c.allowed_networks), false))
$$;

-- What proving itself needs. wait above 0: not now. id null: there is no such client, it may not sign in, or the secret
-- is not its own; without a secret its keys are for the caller to judge by.
CREATE OR REPLACE FUNCTION app.client_find(given_client uuid, try_key bytea, secret_hash bytea, address inet,
    OUT wait integer, OUT id uuid, OUT office text, OUT unit_id text, OUT scopes text, OUT jwks text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    wait := coalesce((SELECT app.seconds_until(a.wait_until) FROM app.sign_in_attempt a
                      WHERE a.kind = 'name' AND a.key = try_key AND a.wait_until > clock_timestamp()), 0);
    IF wait > 0 THEN
        RETURN;
    END IF;
    SELECT c.id, c.office, c.unit_id, array_to_string(c.scopes, ' '), c.jwks::text INTO id, office, unit_id, scopes, jwks
    FROM app.client c
    WHERE c.id = given_client AND app.client_lives(c, address)
      AND (secret_hash IS NULL OR EXISTS (SELECT FROM app.client_secret s WHERE s.client_id = c.id
                                          AND s.hash = secret_hash AND s.ends_at > now()));
END
$$;

-- Counts a failed try, and says how long to wait when that was one too many.
CREATE OR REPLACE FUNCTION app.client_refused(try_key bytea, address_key bytea, network_key bytea) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    RETURN greatest(app.sign_in_charge_place(address_key, network_key),
                    (SELECT n.wait FROM app.sign_in_charge_name(try_key) n));
END
$$;

-- It has proven itself: forgets failed tries, and uses its assertion up. Null when that was used before.
CREATE OR REPLACE FUNCTION app.client_admit(given_client uuid, try_key bytea, given_jti text, jti_ends bigint)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    IF given_jti IS NOT NULL THEN
        INSERT INTO app.client_assertion (client_id, jti, ends_at) VALUES (given_client, given_jti, to_timestamp(jti_ends))
        ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
    END IF;
    UPDATE app.sign_in_attempt a SET tries = 0, wait_until = NULL
    WHERE a.kind = 'name' AND a.key = try_key AND a.tries > 0;
    RETURN given_client;
END
$$;

-- One of its access tokens is refused from now on. A token lives ten minutes and a minute of leeway.
CREATE OR REPLACE FUNCTION app.client_give_back(given_client uuid, token uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    INSERT INTO app.client_token (id, client_id, ends_at) VALUES (token, given_client, now() + interval '15 minutes')
    ON CONFLICT DO NOTHING
$$;

-- A machine as the caller: it lives, its token was not given back, and the scopes the operation needs are still its own.
CREATE OR REPLACE FUNCTION app.client_facts(given_client uuid, token uuid, needed text[], address inet) RETURNS void
LANGUAGE plpgsql AS
$$
DECLARE
    held app.client;
BEGIN
    SELECT * INTO held FROM app.client c
    WHERE c.id = given_client AND session_user = 'tepai_county' AND app.client_lives(c, address)
      AND NOT EXISTS (SELECT FROM app.client_token t WHERE t.id = token);
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'TP401', MESSAGE = 'session_ended';
    END IF;
    IF NOT needed <@ held.scopes THEN
        RAISE EXCEPTION USING ERRCODE = 'TP40S', MESSAGE = 'insufficient_scope';
    END IF;
    PERFORM set_config('app.actor', 'county/' || held.office, true), set_config('app.client', held.id::text, true),
            set_config('app.unit', held.unit_id, true);
END
$$;

-- Clients whose last day is over. They are refused without this; it makes their state say so.
CREATE OR REPLACE FUNCTION app.job_client_close(day date) RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    moved integer;
BEGIN
    UPDATE app.client SET status = 'closed'
    WHERE id IN (SELECT c.id FROM app.client c
                 WHERE c.status = 'active' AND c.expires_on < (now() AT TIME ZONE 'Asia/Shanghai')::date
                 LIMIT app.job_portion() FOR UPDATE);
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END
$$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['client_find(uuid,bytea,bytea,inet)', 'client_refused(bytea,bytea,bytea)',
                                'client_admit(uuid,bytea,text,bigint)', 'client_give_back(uuid,uuid)'] LOOP
        EXECUTE format('ALTER FUNCTION app.%s OWNER TO tepai_internal', name);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION app.%s FROM PUBLIC', name);
        EXECUTE format('GRANT EXECUTE ON FUNCTION app.%s TO tepai_public', name);
    END LOOP;
END
$$;
