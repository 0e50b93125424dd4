-- Signing in, refreshing, confirming and registering: what callers without sign-in may do to accounts and sessions,
-- each as one function, for tepai_public has no grant on the tables. A try is counted before its password is looked
-- at, in a transaction of its own, so that parallel guesses cannot slip past the counter. All times are real times.

-- How long the next try of a name waits after so many failures: five are free, then 1 s doubling to 15 min. Over a day
-- that leaves 5 + 10 + 94 = 109 tries.
CREATE OR REPLACE FUNCTION app.sign_in_delay(tries integer) RETURNS interval LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN tries >= 5 THEN least(2 ^ least(tries - 5, 10), 900) * interval '1 second' END $$;

-- Whole seconds from now until an instant, from one to a day: what Retry-After says.
CREATE OR REPLACE FUNCTION app.seconds_until(instant timestamptz) RETURNS integer LANGUAGE sql VOLATILE AS
$$ SELECT least(greatest(1, ceil(extract(epoch FROM instant - clock_timestamp()))), 86400)::integer $$;

-- Counts one try of an address or network in its present minute; the seconds to wait when it has had its share.
CREATE OR REPLACE FUNCTION app.sign_in_charge_address(given_kind text, given_key bytea, share integer)
RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    charged app.sign_in_attempt;
BEGIN
    IF given_key IS NULL THEN
        RETURN 0;
    END IF;
    INSERT INTO app.sign_in_attempt AS a (kind, key, tries, at) VALUES (given_kind, given_key, 1, clock_timestamp())
    ON CONFLICT (kind, key) DO UPDATE
        SET tries = CASE WHEN a.at > excluded.at - interval '1 minute' THEN a.tries + 1 ELSE 1 END,
            at = CASE WHEN a.at > excluded.at - interval '1 minute' THEN a.at ELSE excluded.at END
    RETURNING * INTO charged;
    RETURN CASE WHEN charged.tries > share THEN app.seconds_until(charged.at + interval '1 minute') ELSE 0 END;
END
$$;

-- Both limits of where a try comes from; null keys are callers on the machine itself. Also forgets a few counters that
-- have been quiet for a day, so that the table stays as large as a day's names.
CREATE OR REPLACE FUNCTION app.sign_in_charge_place(address_key bytea, network_key bytea) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    DELETE FROM app.sign_in_attempt WHERE (kind, key) IN (
        SELECT a.kind, a.key FROM app.sign_in_attempt a WHERE a.at < now() - interval '1 day'
        ORDER BY a.at LIMIT 3 FOR UPDATE SKIP LOCKED);
    RETURN greatest(app.sign_in_charge_address('network', network_key, 120),
                    app.sign_in_charge_address('address', address_key, 30));
END
$$;

-- Counts one try of a name as failed, or says how long it still has to wait. A success takes the count back.
CREATE OR REPLACE FUNCTION app.sign_in_charge_name(given_key bytea, OUT wait integer, OUT wait_until timestamptz)
LANGUAGE plpgsql AS
$$
DECLARE
    counted app.sign_in_attempt;
    moment  timestamptz;
BEGIN
    INSERT INTO app.sign_in_attempt (kind, key, tries, at) VALUES ('name', given_key, 0, clock_timestamp())
    ON CONFLICT DO NOTHING;
    SELECT * INTO counted FROM app.sign_in_attempt a WHERE a.kind = 'name' AND a.key = given_key FOR UPDATE;
    moment := clock_timestamp();
    wait := 0;
    IF counted.wait_until > moment THEN
        wait := app.seconds_until(counted.wait_until);
        RETURN;
    END IF;
    IF counted.at < moment - interval '1 day' THEN
        counted.tries := 0;
    END IF;
    wait_until := moment + app.sign_in_delay(counted.tries + 1);
    UPDATE app.sign_in_attempt a SET tries = counted.tries + 1, at = moment, wait_until = sign_in_charge_name.wait_until
    WHERE a.kind = 'name' AND a.key = given_key;
END
$$;

-- What a sign-in needs before its password is looked at. wait above 0: not now. password_hash null: there is no such
-- account or it may not sign in, and the caller spends the same time on it. The caller folds the name: lower() here
-- would take letters such as the Kelvin sign for ASCII ones, and each spelling would have a counter of its own.
CREATE OR REPLACE FUNCTION app.sign_in_find(folded_name text, name_key bytea, address_key bytea, network_key bytea,
    OUT wait integer, OUT account_id uuid, OUT password_hash text, OUT password_changed_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    found   app.account;
    charged record;
BEGIN
    wait := app.sign_in_charge_place(address_key, network_key);
    IF wait > 0 THEN
        RETURN;
    END IF;
    SELECT * INTO found FROM app.account a WHERE lower(a.login_name) = folded_name;
    IF found.locked_until > clock_timestamp() THEN
        wait := app.seconds_until(found.locked_until);
        RETURN;
    END IF;
    charged := app.sign_in_charge_name(name_key);
    wait := charged.wait;
    IF wait > 0 OR found.id IS NULL THEN
        RETURN;
    END IF;
    IF charged.wait_until IS NOT NULL THEN
        UPDATE app.account a SET locked_until = charged.wait_until WHERE a.id = found.id;
    END IF;
    IF found.status = 'active' THEN
        account_id := found.id;
        password_hash := found.password_hash;
        password_changed_at := found.password_changed_at;
    END IF;
END
$$;

-- Takes one counted try back: its password was right, or was never looked at for want of a hash slot. After a right
-- one (forget) nothing of the earlier failures stays.
CREATE OR REPLACE FUNCTION app.sign_in_uncharge(folded_name text, name_key bytea, forget boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    UPDATE app.sign_in_attempt a
    SET tries = CASE WHEN forget THEN 0 ELSE greatest(a.tries - 1, 0) END, wait_until = NULL
    WHERE a.kind = 'name' AND a.key = name_key;
    UPDATE app.account a SET locked_until = NULL
    WHERE lower(a.login_name) = folded_name AND a.locked_until IS NOT NULL;
END
$$;

-- Longest life of a session and longest time without a refresh: offices work from a desk by day, firms and persons
-- from a phone.
CREATE OR REPLACE FUNCTION app.session_life(role text, OUT longest interval, OUT idle interval)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT CASE WHEN role IN ('city', 'county') THEN interval '12 hours' ELSE interval '30 days' END,
           CASE WHEN role IN ('city', 'county') THEN interval '1 hour' ELSE interval '14 days' END
$$;

-- One row about a session that is about to get an access token.
CREATE OR REPLACE FUNCTION app.session_claims_of(given_session uuid) RETURNS SETOF app.session_claims
LANGUAGE sql STABLE AS
$$
    SELECT s.id, a.id, a.role, a.office, a.unit_id, a.enterprise_id, a.specialist_id, a.is_admin,
           floor(extract(epoch FROM s.auth_at))::bigint, app.rfc3339(s.expires_at)
    FROM app.session s JOIN app.account a ON a.id = s.account_id WHERE s.id = given_session
$$;

-- The password was right: opens the session with its first refresh token. No row when the account has been stopped or
-- got another password since it was looked up.
CREATE OR REPLACE FUNCTION app.sign_in_done(given_account uuid, checked_at timestamptz, new_hash text, name_key bytea,
    new_session uuid, refresh_hash bytea, device_name text, ip_prefix text) RETURNS SETOF app.session_claims
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    owner app.account;
    life  record;
BEGIN
    UPDATE app.account a SET last_login_at = now(), password_hash = coalesce(new_hash, a.password_hash)
    WHERE a.id = given_account AND a.status = 'active' AND a.password_changed_at IS NOT DISTINCT FROM checked_at
    RETURNING * INTO owner;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    life := app.session_life(owner.role);
    INSERT INTO app.session (id, account_id, device_name, ip_prefix, expires_at, ends_at)
    VALUES (new_session, owner.id, sign_in_done.device_name, sign_in_done.ip_prefix,
            now() + least(life.idle, life.longest), now() + life.longest);
    INSERT INTO app.refresh_token (hash, session_id) VALUES (refresh_hash, new_session);
    PERFORM app.sign_in_uncharge(lower(owner.login_name), name_key, true);
    RETURN QUERY SELECT * FROM app.session_claims_of(new_session);
END
$$;

-- Uses a refresh token up and puts its successor in its place. The caller derives the successor from the presented
-- token, so that a repetition within 10 s, while the successor is unused, can be answered with the same one: a lost
-- answer. Any other repetition means that two parties hold the token, and ends the session. No row: no live session.
-- The session's row is locked first, so that parallel refreshes of one family come one after the other.
CREATE OR REPLACE FUNCTION app.session_rotate(presented bytea, next_hash bytea) RETURNS SETOF app.session_claims
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    live  app.session;
    owner app.account;
    token app.refresh_token;
    life  record;
BEGIN
    SELECT s.* INTO live FROM app.session s JOIN app.refresh_token t ON t.session_id = s.id
    WHERE t.hash = presented FOR UPDATE OF s;
    IF NOT FOUND OR live.ended_at IS NOT NULL THEN
        RETURN;
    END IF;
    IF live.expires_at <= now() THEN
        UPDATE app.session SET ended_at = live.expires_at, end_reason = 'expired' WHERE id = live.id;
        RETURN;
    END IF;
    SELECT * INTO owner FROM app.account a WHERE a.id = live.account_id AND a.status = 'active';
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT * INTO token FROM app.refresh_token t WHERE t.hash = presented;
    IF token.used_at IS NULL THEN
        life := app.session_life(owner.role);
        INSERT INTO app.refresh_token (hash, session_id) VALUES (next_hash, live.id);
        UPDATE app.refresh_token SET used_at = clock_timestamp(), successor = next_hash WHERE hash = presented;
        UPDATE app.session SET last_used_at = now(), expires_at = least(now() + life.idle, live.ends_at)
        WHERE id = live.id;
        RETURN QUERY SELECT * FROM app.session_claims_of(live.id);
        RETURN;
    END IF;
    IF token.successor = next_hash AND token.used_at > clock_timestamp() - interval '10 seconds'
       AND EXISTS (SELECT FROM app.refresh_token t WHERE t.hash = next_hash AND t.used_at IS NULL) THEN
        RETURN QUERY SELECT * FROM app.session_claims_of(live.id);
        RETURN;
    END IF;
    UPDATE app.session SET ended_at = now(), end_reason = 'reuse' WHERE id = live.id;
    RETURN;
END
$$;

-- Whose live session it is: the folded name under which a confirmation's password is counted.
CREATE OR REPLACE FUNCTION app.session_owner(given_account uuid, given_session uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT lower(a.login_name) FROM app.session s JOIN app.account a ON a.id = s.account_id
    WHERE s.id = given_session AND s.account_id = given_account AND s.ended_at IS NULL AND s.expires_at > now()
      AND a.status = 'active'
$$;

-- The owner proved who he is once more.
CREATE OR REPLACE FUNCTION app.session_confirmed(given_account uuid, checked_at timestamptz, given_session uuid,
    name_key bytea) RETURNS SETOF app.session_claims
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    owner app.account;
BEGIN
    SELECT * INTO owner FROM app.account a
    WHERE a.id = given_account AND a.status = 'active' AND a.password_changed_at IS NOT DISTINCT FROM checked_at
    FOR UPDATE;
    UPDATE app.session s SET auth_at = now()
    WHERE s.id = given_session AND s.account_id = owner.id AND s.ended_at IS NULL AND s.expires_at > now();
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM app.sign_in_uncharge(lower(owner.login_name), name_key, true);
    RETURN QUERY SELECT * FROM app.session_claims_of(given_session);
END
$$;

-- A firm's or a researcher's own account, at once active; the event names the public as its actor.
CREATE OR REPLACE FUNCTION app.account_register(new_id uuid, login_name text, password_hash text, display_name text,
    phone bytea, phone_masked text, email text, role text, locale text)
RETURNS TABLE (account json, rights json, sessions json)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    IF role NOT IN ('enterprise', 'specialist') THEN
        RAISE EXCEPTION USING ERRCODE = 'TP403', MESSAGE = 'role_not_open';
    END IF;
    PERFORM app.facts('account_register', NULL, NULL);
    INSERT INTO app.account (id, status, login_name, display_name, phone, phone_masked, email, role, locale,
                         password_hash, password_changed_at)
    VALUES (new_id, 'active', login_name, display_name, phone, phone_masked, email, role, coalesce(locale, 'zh-CN'),
            password_hash, now());
    RETURN QUERY SELECT m.account, m.rights, m.sessions FROM api.me m WHERE m.id = new_id;
END
$$;

DO $$
DECLARE
    name           text;
    open_to_public CONSTANT text[] := ARRAY[
        'sign_in_charge_place(bytea,bytea)', 'sign_in_find(text,bytea,bytea,bytea)',
        'sign_in_uncharge(text,bytea,boolean)', 'sign_in_done(uuid,timestamptz,text,bytea,uuid,bytea,text,text)',
        'session_rotate(bytea,bytea)', 'session_owner(uuid,uuid)', 'session_confirmed(uuid,timestamptz,uuid,bytea)',
        'account_register(uuid,text,text,text,bytea,text,text,text,text)'];
BEGIN
    FOREACH name IN ARRAY open_to_public LOOP
        EXECUTE format('ALTER FUNCTION app.%s OWNER TO tepai_internal', name);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION app.%s FROM PUBLIC', name);
        EXECUTE format('GRANT EXECUTE ON FUNCTION app.%s TO tepai_public', name);
    END LOOP;
END
$$;
