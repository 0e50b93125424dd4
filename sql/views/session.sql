-- Signed-in devices that are still good.

CREATE OR REPLACE VIEW api.session WITH (security_invoker = true) AS
SELECT id, account_id, created_at, device_name, ip_prefix, auth_at, last_used_at, expires_at
FROM app.session
WHERE ended_at IS NULL AND expires_at > now();
