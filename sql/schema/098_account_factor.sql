-- The second factor of an account: time-based one-time codes (RFC 6238) and ten codes for the day the device is lost.

ALTER TABLE app.account ADD COLUMN second_factor boolean NOT NULL DEFAULT false;

-- secret is sealed by the service. It counts from confirmed_at on; last_step is the latest half minute whose code was
-- used, so that each is good once. recovery holds keyed hashes.
CREATE TABLE app.account_factor (
    account_id   uuid,
    secret       bytea NOT NULL,
    confirmed_at timestamptz,
    last_step    bigint NOT NULL DEFAULT 0,
    recovery     bytea[] NOT NULL DEFAULT '{}',
    CONSTRAINT account_factor_pkey PRIMARY KEY (account_id),
    CONSTRAINT account_factor_account_id_fkey FOREIGN KEY (account_id) REFERENCES app.account (id)
);
