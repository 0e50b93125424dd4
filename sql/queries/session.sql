-- name: sign_in_find
-- Counts the try of a name and its address, and brings the hash its password is compared with.
SELECT f.wait, f.account_id, f.password_hash, f.password_changed_at
FROM app.sign_in_find(:folded_name, :name_key::bytea, :address_key::bytea, :network_key::bytea) f

-- name: sign_in_charge_place
-- Counts a registration with the tries of its address, for it costs a password hash too.
SELECT app.sign_in_charge_place(:address_key::bytea, :network_key::bytea) AS wait

-- name: sign_in_uncharge
-- Takes back a try whose password was never looked at.
SELECT app.sign_in_uncharge(:folded_name, :name_key::bytea, false)

-- name: sign_in_done
-- Opens the session of a right password. No row: the account has changed since it was looked up.
SELECT * FROM app.sign_in_done(:account_id::uuid, :checked_at::timestamptz, :new_hash, :name_key::bytea,
                               :session_id::uuid, :refresh_hash::bytea, :device_name, :ip_prefix)

-- name: session_rotate
-- Exchanges a refresh token for its successor. No row: the session is no longer live.
SELECT * FROM app.session_rotate(:presented::bytea, :next_hash::bytea)

-- name: session_owner
-- The folded login name behind a live session; null when it has ended.
SELECT app.session_owner(:account_id::uuid, :session_id::uuid) AS folded_name

-- name: session_confirmed
-- Notes that the owner of a session has proven who he is once more. No row: it has ended meanwhile.
SELECT *
FROM app.session_confirmed(:account_id::uuid, :checked_at::timestamptz, :session_id::uuid, :name_key::bytea)

-- name: session_end
-- Signs out one of the caller's own devices.
UPDATE app.session s SET ended_at = now(), end_reason = 'logout'
WHERE s.id = :session_id::uuid AND s.account_id = (SELECT app.fact('account')::uuid)
  AND s.ended_at IS NULL AND s.expires_at > now()
