-- name: idempotency_claim
-- Takes the key for this transaction; a second claim is refused by the primary key, or waits for the first.
INSERT INTO app.idempotency (scope, key, fingerprint)
VALUES (app.key_scope(), :idempotency_key, :fingerprint::bytea)

-- name: idempotency_get
-- The answer kept under a key, and the print of the request it belongs to.
SELECT i.fingerprint, i.status, i.etag, i.location, i.body
FROM app.idempotency i WHERE i.scope = (SELECT app.key_scope()) AND i.key = :idempotency_key

-- name: idempotency_keep
-- Keeps the answer beside the work it tells of.
UPDATE app.idempotency SET status = :status::integer, etag = :etag, location = :location, body = :body::bytea
WHERE scope = (SELECT app.key_scope()) AND key = :idempotency_key
