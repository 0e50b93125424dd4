-- Who asks: the first statement of every transaction. The token only says which account and session to look up; what
-- policies and triggers read comes from the rows, so that nothing outlives a sign-out or the end of an account.

DROP FUNCTION IF EXISTS app.facts(text, uuid, uuid);
DROP FUNCTION IF EXISTS app.facts(text, uuid, uuid, bytea, text);
DROP FUNCTION IF EXISTS app.facts(text, uuid, uuid, bytea, text, uuid, uuid, text[], inet);

-- given_link is the hash of a capability's token, given_key the Idempotency-Key that came with it. A machine is told by
-- given_client and the id of its token, with the scopes that the operation needs and the address it calls from.
-- asks_factor: this server serves nobody of city and county by a password alone.
CREATE OR REPLACE FUNCTION app.facts(operation text, given_account uuid, given_session uuid,
    given_link bytea DEFAULT NULL, given_key text DEFAULT NULL, given_client uuid DEFAULT NULL,
    given_token uuid DEFAULT NULL, needed_scopes text[] DEFAULT '{}', given_address inet DEFAULT NULL,
    asks_factor boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    who       record;
    -- What registers a factor, or ends the attempt; most of these judge the session by themselves.
    enrolling CONSTANT text[] := '{account_get_me,account_begin_factor,account_confirm_factor,account_change_password,'
                                 'session_confirm,session_end}';
BEGIN
    IF given_account IS NULL THEN
        IF session_user <> 'tepai_public' AND given_client IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'TP401', MESSAGE = 'session_ended';
        END IF;
        PERFORM set_config('app.operation', operation, true), set_config('app.actor', 'public', true),
                set_config('app.account', '', true), set_config('app.session', '', true),
                set_config('app.client', '', true), set_config('app.unit', '', true), set_config('app.enterprise', '', true),
                set_config('app.specialist', '', true), set_config('app.admin', '', true),
                set_config('app.link', '', true), set_config('app.link_subject', '', true);
        IF given_link IS NOT NULL THEN
            PERFORM app.link_facts(given_link, given_key);
        ELSIF given_client IS NOT NULL THEN
            PERFORM app.client_facts(given_client, given_token, needed_scopes, given_address);
        END IF;
        RETURN;
    END IF;
    SELECT a.role, a.office, a.unit_id, a.enterprise_id, a.specialist_id, a.is_admin, a.second_factor INTO who
    FROM app.session s JOIN app.account a ON a.id = s.account_id
    WHERE s.id = given_session AND s.account_id = given_account AND s.ended_at IS NULL AND s.expires_at > now()
      AND a.status = 'active' AND session_user = 'tepai_' || a.role;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'TP401', MESSAGE = 'session_ended';
    END IF;
    IF asks_factor AND who.role IN ('city', 'county') AND NOT who.second_factor AND operation <> ALL (enrolling) THEN
        RAISE EXCEPTION USING ERRCODE = 'TP40F', MESSAGE = 'second_factor_missing';
    END IF;
    PERFORM set_config('app.operation', operation, true),
            set_config('app.actor', concat_ws('/', who.role, who.office), true),
            set_config('app.account', given_account::text, true), set_config('app.session', given_session::text, true),
            set_config('app.client', '', true),
            set_config('app.unit', coalesce(who.unit_id, ''), true),
            set_config('app.enterprise', coalesce(who.enterprise_id::text, ''), true),
            set_config('app.specialist', coalesce(who.specialist_id::text, ''), true),
            set_config('app.admin', CASE WHEN who.is_admin THEN 'true' ELSE '' END, true),
            set_config('app.link', '', true), set_config('app.link_subject', '', true);
END
$$;
ALTER FUNCTION app.facts(text, uuid, uuid, bytea, text, uuid, uuid, text[], inet, boolean) OWNER TO tepai_internal;
REVOKE EXECUTE ON FUNCTION app.facts(text, uuid, uuid, bytea, text, uuid, uuid, text[], inet, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.facts(text, uuid, uuid, bytea, text, uuid, uuid, text[], inet, boolean)
    TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist, tepai_worker;
