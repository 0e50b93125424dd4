-- A dated invitation to apply or to state demands (article 9.1). unit_id null is the whole city; once published only
-- its end may move, and only later. What was published once stays readable (shown), closed or cancelled.

CREATE TABLE app.call (
    id           uuid,
    version      integer NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    created_by   uuid,
    unit_id      text,
    status       text NOT NULL DEFAULT 'draft',
    side         text NOT NULL,
    shown        boolean NOT NULL,
    kind         text NOT NULL,
    doc_no       text,
    title        text NOT NULL,
    year         integer NOT NULL,
    batch_no     integer NOT NULL,
    body         text,
    opens_at     timestamptz NOT NULL,
    closes_at    timestamptz NOT NULL,
    grams        text[] GENERATED ALWAYS AS (app.grams(title || ' ' || coalesce(doc_no, '') || ' '
                     || coalesce(body, ''))) STORED,
    CONSTRAINT call_pkey PRIMARY KEY (id),
    CONSTRAINT call_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT call_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES app.unit (code),
    CONSTRAINT call_opens_before_closes CHECK (opens_at < closes_at),
    CONSTRAINT call_county_demand_only CHECK (unit_id IS NULL OR kind = 'demand'),
    CONSTRAINT value_not_allowed CHECK (kind IN ('specialist', 'demand'))
);
CREATE UNIQUE INDEX call_batch_no_key ON app.call (kind, unit_id, year, batch_no) NULLS NOT DISTINCT
    WHERE status <> 'cancelled';
CREATE INDEX call_opens ON app.call (opens_at, id);
CREATE INDEX call_grams ON app.call USING gin (grams);

CREATE TRIGGER call_b_guard BEFORE INSERT OR UPDATE ON app.call
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('call');
CREATE TRIGGER call_c_stamp BEFORE INSERT OR UPDATE ON app.call FOR EACH ROW EXECUTE FUNCTION app.stamp('side');
CREATE TRIGGER call_event AFTER INSERT OR UPDATE OR DELETE ON app.call
    FOR EACH ROW EXECUTE FUNCTION app.event_write('call', '');
