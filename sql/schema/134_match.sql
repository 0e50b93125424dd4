-- A proposed pair of demand and person (article 9.3). In a round live pairs hold a person once and a firm once.

CREATE TABLE app.match (
    id                  uuid,
    version             integer NOT NULL,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    created_by          uuid,
    unit_id             text NOT NULL,
    status              text NOT NULL DEFAULT 'proposed',
    round_id            uuid NOT NULL,
    demand_id           uuid NOT NULL,
    enterprise_id       uuid NOT NULL,
    specialist_id       uuid NOT NULL,
    origin              text NOT NULL,
    score_bp            integer NOT NULL,
    components          jsonb NOT NULL,
    warnings            text[] NOT NULL DEFAULT '{}',
    enterprise_answer   text NOT NULL DEFAULT 'none',
    specialist_answer   text NOT NULL DEFAULT 'none',
    answer_note         text,
    exclude_reason      text,
    conflict_cleared_by uuid,
    CONSTRAINT match_pkey PRIMARY KEY (id),
    CONSTRAINT match_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT match_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES app.unit (code),
    CONSTRAINT match_round_id_fkey FOREIGN KEY (round_id) REFERENCES app.match_round (id),
    CONSTRAINT match_demand_id_fkey FOREIGN KEY (demand_id) REFERENCES app.demand (id),
    CONSTRAINT match_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES app.enterprise (id),
    CONSTRAINT match_specialist_id_fkey FOREIGN KEY (specialist_id) REFERENCES app.specialist (id),
    CONSTRAINT match_conflict_cleared_by_fkey FOREIGN KEY (conflict_cleared_by) REFERENCES app.account (id),
    CONSTRAINT value_not_allowed CHECK (
        origin IN ('computed', 'manual') AND score_bp BETWEEN 0 AND 10000
        AND enterprise_answer IN ('none', 'accepted', 'declined')
        AND specialist_answer IN ('none', 'accepted', 'declined'))
);
CREATE UNIQUE INDEX match_specialist_id_key ON app.match (round_id, specialist_id)
    WHERE status IN ('proposed', 'confirmed', 'adopted', 'placed');
CREATE UNIQUE INDEX match_enterprise_id_key ON app.match (round_id, enterprise_id)
    WHERE status IN ('proposed', 'confirmed', 'adopted', 'placed');
-- Across all rounds an adopted pair holds its demand, its person and its firm until it is placed or released.
CREATE UNIQUE INDEX match_demand_id_adopted_key ON app.match (demand_id) WHERE status = 'adopted';
CREATE UNIQUE INDEX match_specialist_id_adopted_key ON app.match (specialist_id) WHERE status = 'adopted';
CREATE UNIQUE INDEX match_enterprise_id_adopted_key ON app.match (enterprise_id) WHERE status = 'adopted';
CREATE INDEX match_updated ON app.match (updated_at, id);
CREATE INDEX match_unit_updated ON app.match (unit_id, updated_at, id);
CREATE INDEX match_in_round ON app.match (round_id, id);
CREATE INDEX match_demand ON app.match (demand_id);
CREATE INDEX match_enterprise ON app.match (enterprise_id, updated_at, id);
CREATE INDEX match_specialist ON app.match (specialist_id, updated_at, id);

CREATE TRIGGER match_b_guard BEFORE INSERT OR UPDATE ON app.match
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('match');
CREATE TRIGGER match_c_stamp BEFORE INSERT OR UPDATE ON app.match
    FOR EACH ROW EXECUTE FUNCTION app.stamp();
-- Firm and components stay out of the timeline, for of a limited demand a person reads them only later.
CREATE TRIGGER match_event AFTER INSERT OR UPDATE OR DELETE ON app.match
    FOR EACH ROW EXECUTE FUNCTION app.event_write('match', 'answer_note,components,enterprise_id,conflict_cleared_by');
