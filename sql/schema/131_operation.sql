-- Long jobs (202): asked for by somebody, done by a worker, exactly one result. A worker keeps its lease while it lives;
-- when it dies the lease runs out, and another begins the job anew under the next number of attempts.

CREATE TABLE app.operation (
    id           uuid DEFAULT app.uuid7(),
    kind         text NOT NULL,
    state        text NOT NULL DEFAULT 'queued',
    progress_bp  integer NOT NULL DEFAULT 0,
    result       jsonb,
    problem      jsonb,
    account_id   uuid DEFAULT app.fact('account')::uuid,
    actor        text NOT NULL DEFAULT app.fact('actor'),
    unit_id      text DEFAULT app.fact('unit'),
    leased_until timestamptz,
    attempts     integer NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL DEFAULT now(),
    finished_at  timestamptz,
    expires_at   timestamptz,
    CONSTRAINT operation_pkey PRIMARY KEY (id),
    CONSTRAINT operation_account_id_fkey FOREIGN KEY (account_id) REFERENCES app.account (id),
    CONSTRAINT value_not_allowed CHECK (
        kind IN ('match_round', 'export', 'statistics') AND progress_bp BETWEEN 0 AND 10000
        AND state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')
        AND (state = 'succeeded') = (result IS NOT NULL) AND (state = 'failed') = (problem IS NOT NULL)
        AND (state IN ('queued', 'running')) = (expires_at IS NULL))
);
CREATE INDEX operation_waiting ON app.operation (created_at) WHERE state IN ('queued', 'running');
CREATE INDEX operation_expires ON app.operation (expires_at);
CREATE INDEX operation_account ON app.operation (account_id, created_at);
