-- Machine clients: the system of a county that acts for one of its offices. Times of sign-in are real times here too.

-- A JWK set of at most two public keys on P-256, each with a name of its own.
CREATE FUNCTION app.jwks_fit(given jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT jsonb_typeof(given) = 'object' AND given - 'keys' = '{}' AND jsonb_typeof(given -> 'keys') = 'array'
           AND count(*) <= 2 AND count(DISTINCT k ->> 'kid') = count(*)
           AND coalesce(bool_and(coalesce(k ->> 'kty' = 'EC' AND k ->> 'crv' = 'P-256'
                                          AND k ->> 'x' ~ '^[A-Za-z0-9_-]{43}$' AND k ->> 'y' ~ '^[A-Za-z0-9_-]{43}$'
                                          AND k ->> 'kid' ~ '^[A-Za-z0-9_.-]{1,64}$' AND NOT k ? 'd', false)), true)
    FROM jsonb_array_elements(CASE WHEN jsonb_typeof(given -> 'keys') = 'array' THEN given -> 'keys' ELSE '[]' END) k
$$;

-- scopes: all that its tokens may ever say. allowed_networks: where it may call from, empty for anywhere. expires_on:
-- the last day it may. It proves itself by a key of jwks or by a secret.
CREATE TABLE app.client (
    id               uuid,
    version          integer NOT NULL,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    created_by       uuid,
    unit_id          text NOT NULL,
    status           text NOT NULL,
    name             text NOT NULL,
    office           text NOT NULL,
    scopes           text[] NOT NULL,
    jwks             jsonb NOT NULL DEFAULT '{"keys": []}',
    allowed_networks cidr[] NOT NULL DEFAULT '{}',
    expires_on       date,
    CONSTRAINT client_pkey PRIMARY KEY (id),
    CONSTRAINT client_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT client_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES app.unit (code),
    CONSTRAINT value_not_allowed CHECK (
        office IN ('st', 'talent') AND char_length(name) BETWEEN 1 AND 100 AND cardinality(scopes) BETWEEN 1 AND 64
        AND array_to_string(scopes, ' ', '-') ~ '^[a-z][a-z0-9_]*:(read|write)( [a-z][a-z0-9_]*:(read|write))*$'
        AND cardinality(allowed_networks) <= 20 AND app.jwks_fit(jwks))
);
CREATE INDEX client_unit ON app.client (unit_id, status);

CREATE TRIGGER client_b_guard BEFORE INSERT OR UPDATE ON app.client
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('client');
CREATE TRIGGER client_c_stamp BEFORE INSERT OR UPDATE ON app.client FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER client_event AFTER INSERT OR UPDATE OR DELETE ON app.client
    FOR EACH ROW EXECUTE FUNCTION app.event_write('client', '');

-- Two places a client, so that one secret can take over from the other; the secret itself is known by its SHA-256.
CREATE TABLE app.client_secret (
    client_id  uuid,
    slot       integer,
    hash       bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    ends_at    timestamptz NOT NULL,
    CONSTRAINT client_secret_pkey PRIMARY KEY (client_id, slot),
    CONSTRAINT client_secret_client_id_fkey FOREIGN KEY (client_id) REFERENCES app.client (id),
    CONSTRAINT value_not_allowed CHECK (
        slot IN (1, 2) AND octet_length(hash) = 32 AND ends_at - created_at <= interval '366 days')
);

-- Assertions that were used, until they end by themselves: each is good once.
CREATE TABLE app.client_assertion (
    client_id uuid,
    jti       text,
    ends_at   timestamptz NOT NULL,
    CONSTRAINT client_assertion_pkey PRIMARY KEY (client_id, jti),
    CONSTRAINT client_assertion_client_id_fkey FOREIGN KEY (client_id) REFERENCES app.client (id)
);
CREATE INDEX client_assertion_ends_at ON app.client_assertion (ends_at);

-- Access tokens that their client gave back, by their jti, for as long as they would have lived.
CREATE TABLE app.client_token (
    id        uuid,
    client_id uuid NOT NULL,
    ends_at   timestamptz NOT NULL,
    CONSTRAINT client_token_pkey PRIMARY KEY (id),
    CONSTRAINT client_token_client_id_fkey FOREIGN KEY (client_id) REFERENCES app.client (id)
);
CREATE INDEX client_token_ends_at ON app.client_token (ends_at);
