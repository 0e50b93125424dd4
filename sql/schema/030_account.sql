-- Who signs in, on which devices, and what slows down the guessing of passwords. Times of sign-in are real times,
-- never the sandbox's: a clock set forward must not end a session or a wait.

-- An account serves one office, one firm or one person. phone is sealed by the service, password_hash is Argon2id;
-- neither stands in a view. enterprise_id gets its foreign key when there are enterprises.
CREATE TABLE app.account (
    id                   uuid,
    version              integer NOT NULL,
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL,
    created_by           uuid,
    status               text NOT NULL,
    login_name           text NOT NULL,
    display_name         text NOT NULL,
    phone                bytea,
    phone_masked         text,
    email                text,
    role                 text NOT NULL,
    office               text,
    unit_id              text,
    enterprise_id        uuid,
    specialist_id        uuid,
    is_admin             boolean NOT NULL DEFAULT false,
    locale               text NOT NULL DEFAULT 'zh-CN',
    must_change_password boolean NOT NULL DEFAULT false,
    last_login_at        timestamptz,
    locked_until         timestamptz,
    password_hash        text,
    password_changed_at  timestamptz,
    CONSTRAINT account_pkey PRIMARY KEY (id),
    CONSTRAINT account_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT account_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES app.unit (code),
    -- The name is ASCII so that the service, which has no Unicode tables, folds it as the index does.
    CONSTRAINT value_not_allowed CHECK (
        login_name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{3,63}$' AND locale IN ('zh-CN', 'en')
        AND CASE role
            WHEN 'city' THEN office IN ('st', 'talent', 'industry', 'finance') AND unit_id IS NULL
            WHEN 'county' THEN office IN ('st', 'talent') AND unit_id IS NOT NULL
            WHEN 'enterprise' THEN office IS NULL AND unit_id IS NULL
            WHEN 'specialist' THEN office IS NULL AND unit_id IS NULL
            ELSE false END
        AND (enterprise_id IS NULL OR role = 'enterprise') AND (specialist_id IS NULL OR role = 'specialist'))
);
CREATE UNIQUE INDEX account_login_name_key ON app.account (lower(login_name));

CREATE TRIGGER account_b_guard BEFORE INSERT OR UPDATE ON app.account
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('account');
CREATE TRIGGER account_c_stamp_insert BEFORE INSERT ON app.account FOR EACH ROW EXECUTE FUNCTION app.stamp();
-- Signing in, waiting and a hash made anew with other parameters are no change of the account and make no event.
CREATE TRIGGER account_c_stamp_update BEFORE UPDATE ON app.account FOR EACH ROW
    WHEN (to_jsonb(OLD) - '{last_login_at,locked_until,password_hash}'::text[]
          IS DISTINCT FROM to_jsonb(NEW) - '{last_login_at,locked_until,password_hash}'::text[])
    EXECUTE FUNCTION app.stamp();
CREATE TRIGGER account_event AFTER INSERT OR UPDATE OR DELETE ON app.account
    FOR EACH ROW EXECUTE FUNCTION app.event_write('account', 'display_name,phone,email,password_hash');

-- One signed-in device. expires_at moves with each refresh and never beyond ends_at; auth_at is the last proof of
-- identity, which sensitive steps ask for.
CREATE TABLE app.session (
    id           uuid,
    account_id   uuid NOT NULL,
    device_name  text,
    ip_prefix    text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    auth_at      timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL,
    ended_at     timestamptz,
    end_reason   text,
    CONSTRAINT session_pkey PRIMARY KEY (id),
    CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES app.account (id),
    CONSTRAINT value_not_allowed CHECK (
        expires_at <= ends_at AND (ended_at IS NULL) = (end_reason IS NULL)
        AND end_reason IN ('logout', 'expired', 'reuse', 'password', 'disabled'))
);
CREATE INDEX session_live ON app.session (account_id, expires_at) WHERE ended_at IS NULL;

-- A family of refresh tokens is what a session has here: each was used once and names its successor, the last was not.
-- Used ones are kept as long as the session, for a stolen one is known by coming back.
CREATE TABLE app.refresh_token (
    hash       bytea,
    session_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at    timestamptz,
    successor  bytea,
    CONSTRAINT refresh_token_pkey PRIMARY KEY (hash),
    CONSTRAINT refresh_token_session_id_fkey FOREIGN KEY (session_id) REFERENCES app.session (id),
    CONSTRAINT value_not_allowed CHECK ((used_at IS NULL) = (successor IS NULL))
);
CREATE INDEX refresh_token_session ON app.refresh_token (session_id);

-- Counters of sign-in. key is a keyed hash of a login name, whether there is such an account or not, or of an address
-- or its network: people type passwords into the field of the name. at: the last try of a name, or the beginning of
-- an address's minute.
CREATE TABLE app.sign_in_attempt (
    kind       text,
    key        bytea,
    tries      integer NOT NULL,
    at         timestamptz NOT NULL,
    wait_until timestamptz,
    CONSTRAINT sign_in_attempt_pkey PRIMARY KEY (kind, key),
    CONSTRAINT value_not_allowed CHECK (kind IN ('name', 'address', 'network') AND tries >= 0)
);
CREATE INDEX sign_in_attempt_at ON app.sign_in_attempt (at);

-- What an access token and its answer say about a session.
CREATE TYPE app.session_claims AS (
    session_id         uuid,
    account_id         uuid,
    role               text,
    office             text,
    unit_id            text,
    enterprise_id      uuid,
    specialist_id      uuid,
    is_admin           boolean,
    auth_time          bigint,
    refresh_expires_at text
);
