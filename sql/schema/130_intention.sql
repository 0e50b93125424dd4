-- One side's ranked wish for a pair of demand and person (article 9.3). The unit and the firm are those of the demand.
-- mutual says whether the other side may know of it: it wishes the same, or the pair was matched.

CREATE TABLE app.intention (
    id                  uuid,
    version             integer NOT NULL,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    created_by          uuid,
    entered_for         jsonb,
    unit_id             text NOT NULL,
    status              text NOT NULL DEFAULT 'active',
    side                text NOT NULL,
    demand_id           uuid NOT NULL,
    enterprise_id       uuid NOT NULL,
    specialist_id       uuid NOT NULL,
    rank                integer NOT NULL,
    note                text,
    conflict            jsonb NOT NULL,
    decline_reason      text,
    mutual              boolean NOT NULL DEFAULT false,
    CONSTRAINT intention_pkey PRIMARY KEY (id),
    CONSTRAINT intention_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT intention_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES app.unit (code),
    CONSTRAINT intention_demand_id_fkey FOREIGN KEY (demand_id) REFERENCES app.demand (id),
    CONSTRAINT intention_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES app.enterprise (id),
    CONSTRAINT intention_specialist_id_fkey FOREIGN KEY (specialist_id) REFERENCES app.specialist (id),
    CONSTRAINT value_not_allowed CHECK (side IN ('enterprise', 'specialist') AND rank BETWEEN 1 AND 20),
    -- A list is put as a whole, so ranks may meet on the way: they are judged at the end of the statement.
    CONSTRAINT rank_once_per_demand EXCLUDE USING btree (demand_id WITH =, rank WITH =)
        WHERE (side = 'enterprise' AND status = 'active') DEFERRABLE INITIALLY IMMEDIATE,
    CONSTRAINT rank_once_per_specialist EXCLUDE USING btree (specialist_id WITH =, rank WITH =)
        WHERE (side = 'specialist' AND status = 'active') DEFERRABLE INITIALLY IMMEDIATE
);
CREATE UNIQUE INDEX intention_pair_key ON app.intention (side, demand_id, specialist_id) WHERE status = 'active';
CREATE INDEX intention_updated ON app.intention (updated_at, id);
CREATE INDEX intention_unit_updated ON app.intention (unit_id, updated_at, id);
CREATE INDEX intention_enterprise ON app.intention (enterprise_id, updated_at, id);
CREATE INDEX intention_specialist ON app.intention (specialist_id, updated_at, id);
CREATE INDEX intention_demand ON app.intention (demand_id, specialist_id, status);

CREATE TRIGGER intention_b_guard BEFORE INSERT OR UPDATE ON app.intention
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('intention');
CREATE TRIGGER intention_c_stamp BEFORE INSERT OR UPDATE ON app.intention
    FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER intention_event AFTER INSERT OR UPDATE OR DELETE ON app.intention
    FOR EACH ROW EXECUTE FUNCTION app.event_write('intention', 'rank,note,conflict,decline_reason');
