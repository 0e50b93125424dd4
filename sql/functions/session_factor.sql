-- The second factor: begun, confirmed, used and taken away. The service knows the secret and judges the codes; that
-- each is good once is the database's to keep.

-- A session's owner gets a new secret, which does not count yet. Null when his factor is confirmed or the session ended.
CREATE OR REPLACE FUNCTION app.factor_begin(given_account uuid, given_session uuid, sealed bytea) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    INSERT INTO app.account_factor AS f (account_id, secret)
    SELECT given_account, sealed WHERE app.session_owner(given_account, given_session) IS NOT NULL
    ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret WHERE f.confirmed_at IS NULL
    RETURNING f.account_id
$$;

-- The secret of an account, and whether it counts.
CREATE OR REPLACE FUNCTION app.factor_of(given_account uuid, OUT secret bytea, OUT confirmed boolean)
RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$ SELECT f.secret, f.confirmed_at IS NOT NULL FROM app.account_factor f WHERE f.account_id = given_account $$;

-- Uses up the code of a half minute, or a recovery code. Null when it was used before.
CREATE OR REPLACE FUNCTION app.factor_use(given_account uuid, step bigint, recovery_hash bytea) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    UPDATE app.account_factor f
    SET last_step = coalesce(step, f.last_step), recovery = array_remove(f.recovery, recovery_hash)
    WHERE f.account_id = given_account AND (f.last_step < step OR f.recovery @> ARRAY[recovery_hash])
    RETURNING f.account_id
$$;

-- From now on the account asks for codes.
CREATE OR REPLACE FUNCTION app.factor_confirm(given_account uuid, given_session uuid, step bigint, hashes bytea[])
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    owner app.account;
BEGIN
    UPDATE app.account_factor f SET confirmed_at = now(), last_step = step, recovery = hashes
    WHERE f.account_id = given_account AND f.confirmed_at IS NULL
      AND app.session_owner(given_account, given_session) IS NOT NULL;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT * INTO owner FROM app.account a WHERE a.id = given_account;
    PERFORM set_config('app.operation', 'account_confirm_factor', true),
            set_config('app.actor', concat_ws('/', owner.role, owner.office), true),
            set_config('app.account', owner.id::text, true);
    UPDATE app.account SET second_factor = true WHERE id = owner.id;
    RETURN owner.id;
END
$$;

-- The caller's own factor is taken away; no row when there is none.
CREATE OR REPLACE FUNCTION app.factor_remove() RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    DELETE FROM app.account_factor WHERE account_id = app.fact('account')::uuid;
    RETURN QUERY UPDATE app.account a SET second_factor = false
                 WHERE a.id = app.fact('account')::uuid AND a.second_factor RETURNING a.id;
END
$$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['factor_begin(uuid,uuid,bytea)', 'factor_of(uuid)', 'factor_use(uuid,bigint,bytea)',
                                'factor_confirm(uuid,uuid,bigint,bytea[])', 'factor_remove()'] LOOP
        EXECUTE format('ALTER FUNCTION app.%s OWNER TO tepai_internal', name);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION app.%s FROM PUBLIC', name);
        EXECUTE format('GRANT EXECUTE ON FUNCTION app.%s TO %s', name, CASE name WHEN 'factor_remove()'
                       THEN 'tepai_city, tepai_county, tepai_enterprise, tepai_specialist' ELSE 'tepai_public' END);
    END LOOP;
END
$$;
