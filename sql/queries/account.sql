-- name: account_get_me
-- Who I am, what I may, and where I am signed in.
SELECT a.id, a.version, a.created_at, a.updated_at, a.status, a.login_name, a.display_name, a.phone_masked, a.email,
       a.role, a.office, a.unit_id, a.enterprise_id, a.specialist_id, a.is_admin, a.locale, a.must_change_password,
       a.last_login_at,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'id', s.id, 'created_at', app.rfc3339(s.created_at), 'device_name', s.device_name,
                   'ip_prefix', s.ip_prefix, 'last_used_at', app.rfc3339(s.last_used_at),
                   'expires_at', app.rfc3339(s.expires_at)) ORDER BY s.created_at, s.id), '[]')
        FROM session s WHERE s.account_id = a.id) AS sessions
FROM account a
WHERE a.id = (SELECT app.fact('account')::uuid)

-- name: account_register
-- Opens an account of a firm or a person who has none.
SELECT app.account_register(:account_id::uuid, :login_name, :password_hash, :display_name, :phone::bytea,
                            :phone_masked, :email, :role, :locale) AS id
