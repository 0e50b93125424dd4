-- Something due, as a row with a fixed date (articles 10 to 14, 18). The firm or the person is named where it is the
-- debtor alone; of a placement the unit always is.

CREATE TABLE app.obligation (
    id                  uuid,
    version             integer NOT NULL,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    created_by          uuid,
    unit_id             text,
    status              text NOT NULL DEFAULT 'open',
    kind                text NOT NULL,
    placement_id        uuid,
    debtor_role         text NOT NULL,
    debtor_office       text,
    enterprise_id       uuid,
    specialist_id       uuid,
    period              text,
    period_from         date,
    period_to           date,
    due_on              date NOT NULL,
    extended_to         date,
    fulfilled_on        date,
    fulfilled_by        jsonb,
    reason              text,
    CONSTRAINT obligation_pkey PRIMARY KEY (id),
    CONSTRAINT obligation_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT obligation_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES app.unit (code),
    CONSTRAINT obligation_placement_id_fkey FOREIGN KEY (placement_id) REFERENCES app.placement (id),
    CONSTRAINT obligation_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES app.enterprise (id),
    CONSTRAINT obligation_specialist_id_fkey FOREIGN KEY (specialist_id) REFERENCES app.specialist (id),
    CONSTRAINT value_not_allowed CHECK (
        debtor_role IN ('city', 'county', 'enterprise', 'specialist') AND period_from <= period_to
        AND debtor_office IN ('st', 'talent', 'industry', 'finance')
        AND (enterprise_id IS NOT NULL) = (debtor_role = 'enterprise')
        AND (specialist_id IS NOT NULL) = (debtor_role = 'specialist')
        AND (unit_id IS NOT NULL OR debtor_role = 'city') AND (placement_id IS NOT NULL OR period IS NOT NULL))
);
-- One of a kind for a period and a debtor; what was cancelled makes room for another.
CREATE UNIQUE INDEX obligation_placement_key ON app.obligation
    (placement_id, kind, debtor_role, coalesce(debtor_office, ''), coalesce(period, ''))
    WHERE placement_id IS NOT NULL AND status <> 'cancelled';
CREATE UNIQUE INDEX obligation_calendar_key ON app.obligation
    (coalesce(unit_id, ''), kind, coalesce(debtor_office, ''), period)
    WHERE placement_id IS NULL AND status <> 'cancelled';
CREATE INDEX obligation_due ON app.obligation (due_on, id);
CREATE INDEX obligation_unit_due ON app.obligation (unit_id, due_on, id);
CREATE INDEX obligation_placement ON app.obligation (placement_id);
CREATE INDEX obligation_enterprise ON app.obligation (enterprise_id, due_on, id);
CREATE INDEX obligation_specialist ON app.obligation (specialist_id, due_on, id);
CREATE INDEX obligation_updated ON app.obligation (updated_at, id);
CREATE INDEX obligation_unit_updated ON app.obligation (unit_id, updated_at, id);
CREATE INDEX obligation_unit_id ON app.obligation (unit_id, id);
-- What is over is asked by the day that counts: the one it was extended to, else the first.
CREATE INDEX obligation_open ON app.obligation (app.due(extended_to, due_on), id) WHERE status = 'open';
CREATE INDEX obligation_waiting ON app.obligation
    (debtor_role, debtor_office, app.due(extended_to, due_on), updated_at, id) WHERE status IN ('open', 'overdue');
CREATE INDEX obligation_unit_waiting ON app.obligation
    (unit_id, debtor_role, app.due(extended_to, due_on), updated_at, id) WHERE status IN ('open', 'overdue');

CREATE TRIGGER obligation_b_guard BEFORE INSERT OR UPDATE ON app.obligation
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('obligation');
CREATE TRIGGER obligation_c_stamp BEFORE INSERT OR UPDATE ON app.obligation
    FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER obligation_event AFTER INSERT OR UPDATE OR DELETE ON app.obligation
    FOR EACH ROW EXECUTE FUNCTION app.event_write('obligation', '');
