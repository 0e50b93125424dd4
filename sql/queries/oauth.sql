-- name: client_find
-- A client that says who it is, by a secret or by the keys its assertion is judged by.
SELECT f.wait, f.id, f.office, f.unit_id, f.scopes, f.jwks
FROM app.client_find(:client_id::uuid, :try_key::bytea, :secret_hash::bytea, :address::inet) f

-- name: client_refused
-- Counts a try that failed.
SELECT app.client_refused(:try_key::bytea, :address_key::bytea, :network_key::bytea) AS wait

-- name: client_admit
-- The client has proven itself; null when its assertion was used before.
SELECT app.client_admit(:client_id::uuid, :try_key::bytea, :jti, :jti_ends::bigint) AS id

-- name: client_give_back
-- An access token that is refused from now on.
SELECT app.client_give_back(:client_id::uuid, :token_id::uuid)
