-- An account as its owner sees it.

CREATE OR REPLACE VIEW api.account WITH (security_invoker = true) AS
SELECT id, version, created_at, updated_at, created_by, status, login_name, display_name, phone_masked, email, role,
       office, unit_id, enterprise_id, specialist_id, is_admin, locale, must_change_password, last_login_at,
       locked_until
FROM app.account;
