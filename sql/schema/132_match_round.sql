-- One computed or hand-made proposal of pairs (article 9.3). Its job is kept for some days only, so no key holds the two
-- together.

CREATE TABLE app.match_round (
    id                  uuid,
    version             integer NOT NULL,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    created_by          uuid,
    status              text NOT NULL,
    policy_id           uuid NOT NULL,
    title               text NOT NULL,
    year                integer NOT NULL,
    batch_no            integer,
    method              text NOT NULL,
    unit_ids            text[],
    start_on            date NOT NULL,
    weights             jsonb NOT NULL,
    input_sha256        text,
    computed_at         timestamptz,
    operation_id        uuid,
    counts              jsonb,
    -- Counts pairs that the city put in or took out, so that the version of the round rises with them.
    match_changes       integer NOT NULL DEFAULT 0,
    CONSTRAINT match_round_pkey PRIMARY KEY (id),
    CONSTRAINT match_round_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT match_round_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES app.policy (id),
    CONSTRAINT value_not_allowed CHECK (method IN ('computed', 'manual') AND year BETWEEN 2021 AND 2100 AND batch_no > 0)
);
CREATE INDEX match_round_updated ON app.match_round (updated_at, id);
CREATE INDEX match_round_operation ON app.match_round (operation_id) WHERE operation_id IS NOT NULL;

CREATE TRIGGER match_round_b_guard BEFORE INSERT OR UPDATE ON app.match_round
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('match_round');
CREATE TRIGGER match_round_c_stamp BEFORE INSERT OR UPDATE ON app.match_round
    FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER match_round_event AFTER INSERT OR UPDATE OR DELETE ON app.match_round
    FOR EACH ROW EXECUTE FUNCTION app.event_write('match_round', '');

-- The admissible pairs a round was computed from, each with its place in the lists of its two sides: what blocking pairs
-- are counted by after the proposal was edited. Nobody but the system reads places.
CREATE TABLE app.match_pair (
    round_id         uuid,
    demand_id        uuid,
    specialist_id    uuid,
    enterprise_id    uuid NOT NULL,
    enterprise_place integer NOT NULL,
    specialist_place integer NOT NULL,
    CONSTRAINT match_pair_pkey PRIMARY KEY (round_id, demand_id, specialist_id),
    CONSTRAINT match_pair_round_id_fkey FOREIGN KEY (round_id) REFERENCES app.match_round (id)
);
