-- Who may do what with accounts and sessions, after policies.sql has made all tables private to the internal role.
-- Sign-in and administration work through functions of that role; a signed-in person reads his own account and, as an
-- administrator, those he looks after, and reads and ends his own sessions. Password hashes, sealed phones, refresh tokens and counters are nobody's to read.

GRANT SELECT, INSERT, UPDATE ON app.account, app.session, app.refresh_token TO tepai_internal;
GRANT DELETE ON app.session, app.refresh_token TO tepai_internal;
GRANT SELECT, INSERT, UPDATE, DELETE ON app.account_factor TO tepai_internal;
GRANT SELECT, INSERT, UPDATE, DELETE ON app.sign_in_attempt TO tepai_internal;
GRANT USAGE ON SCHEMA api TO tepai_internal;
GRANT SELECT ON api.me TO tepai_internal;

GRANT SELECT (id, version, created_at, updated_at, created_by, status, login_name, display_name, phone_masked, email,
              role, office, unit_id, enterprise_id, specialist_id, is_admin, locale, must_change_password,
              last_login_at, locked_until, managed_in, invited_at, second_factor)
    ON app.account TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
CREATE POLICY own ON app.account FOR SELECT TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING (id = (SELECT app.fact('account')::uuid));
CREATE POLICY administrators ON app.account FOR SELECT TO tepai_city, tepai_county, tepai_enterprise
    USING (app.managers(role, managed_in, enterprise_id) && (SELECT app.my_words()));

GRANT SELECT, UPDATE (ended_at, end_reason) ON app.session
    TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
CREATE POLICY own ON app.session TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING (account_id = (SELECT app.fact('account')::uuid))
    WITH CHECK (account_id = (SELECT app.fact('account')::uuid));
