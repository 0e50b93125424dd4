-- name: facts
-- Who asks; the first statement of every transaction.
SELECT app.facts(:actor_operation::text, :actor_account::uuid, :actor_session::uuid, :actor_link::bytea,
                 :idempotency_key::text, :actor_client::uuid, :actor_token::uuid, :actor_scopes::text[],
                 :actor_address::inet, coalesce(:actor_factor::boolean, false))
