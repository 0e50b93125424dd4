-- Who may do what with accounts and sessions. Sign-in works through functions of tepai_internal; a signed-in person
-- reads his own account and reads and ends his own sessions. Password hashes, sealed phones, refresh tokens and
-- counters are nobody's to read.

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['account', 'session', 'refresh_token', 'sign_in_attempt'] LOOP
        EXECUTE format('ALTER TABLE app.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE app.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('DROP POLICY IF EXISTS %I ON app.%I', name || '_internal', name);
        EXECUTE format('CREATE POLICY %I ON app.%I TO tepai_internal USING (true)', name || '_internal', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON app.%I TO tepai_internal', name);
    END LOOP;
END
$$;
GRANT DELETE ON app.sign_in_attempt TO tepai_internal;

DROP POLICY IF EXISTS account_own ON app.account;
CREATE POLICY account_own ON app.account FOR SELECT TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING (id = (SELECT app.fact('account')::uuid));
GRANT SELECT (id, version, created_at, updated_at, created_by, status, login_name, display_name, phone_masked, email,
              role, office, unit_id, enterprise_id, specialist_id, is_admin, locale, must_change_password,
              last_login_at, locked_until)
    ON app.account TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;

DROP POLICY IF EXISTS session_own ON app.session;
CREATE POLICY session_own ON app.session TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING (account_id = (SELECT app.fact('account')::uuid));
GRANT SELECT, UPDATE (ended_at, end_reason) ON app.session
    TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;

GRANT SELECT ON api.account, api.session TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
