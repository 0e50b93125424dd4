-- An account as its owner and its administrators see it.
CREATE OR REPLACE VIEW api.account WITH (security_invoker = true) AS
SELECT a.id, a.version, a.created_at, a.updated_at, a.created_by, a.status, a.login_name, a.display_name,
       a.phone_masked, a.email, a.role, a.office, a.unit_id, a.enterprise_id, a.specialist_id, a.is_admin, a.locale,
       a.must_change_password, a.last_login_at, a.locked_until,
       array_to_json(app.account_steps(
           a.status, app.managers(a.role, a.managed_in, a.enterprise_id) && (SELECT app.my_words()))) AS allowed_steps,
       a.second_factor
FROM app.account a;

-- An account as its owner sees it: itself, for whom it may act, and the devices it is signed in on, latest first.

CREATE OR REPLACE VIEW api.me WITH (security_invoker = true) AS
SELECT a.id,
       json_build_object(
           'id', a.id, 'version', a.version, 'created_at', app.rfc3339(a.created_at),
           'updated_at', app.rfc3339(a.updated_at), 'created_by', a.created_by, 'status', a.status,
           'login_name', a.login_name, 'display_name', a.display_name, 'phone_masked', a.phone_masked,
           'email', a.email, 'locale', a.locale, 'must_change_password', a.must_change_password,
           'second_factor', a.second_factor,
           'last_login_at', app.rfc3339(a.last_login_at), 'locked_until', app.rfc3339(a.locked_until)) AS account,
       json_build_object(
           'role', a.role, 'office', a.office, 'unit_id', a.unit_id, 'enterprise_id', a.enterprise_id,
           'specialist_id', a.specialist_id, 'is_admin', a.is_admin) AS rights,
       (SELECT coalesce(json_agg(json_build_object(
                   'id', s.id, 'device_name', s.device_name, 'ip_prefix', s.ip_prefix,
                   'created_at', app.rfc3339(s.created_at), 'last_used_at', app.rfc3339(s.last_used_at),
                   'expires_at', app.rfc3339(s.expires_at))), '[]')
        FROM (SELECT * FROM app.session l
              WHERE l.account_id = a.id AND l.ended_at IS NULL AND l.expires_at > now()
              ORDER BY l.created_at DESC, l.id DESC LIMIT 200) s) AS sessions
FROM app.account a;
