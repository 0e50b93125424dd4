-- One pair on a dispatch list, with its term (article 9.4). Live lines hold a person once and a firm once.

CREATE TABLE app.dispatch_line (
    id                  uuid,
    version             integer NOT NULL,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    created_by          uuid,
    unit_id             text NOT NULL,
    status              text NOT NULL DEFAULT 'listed',
    list_id             uuid NOT NULL,
    match_id            uuid NOT NULL,
    specialist_id       uuid NOT NULL,
    enterprise_id       uuid NOT NULL,
    demand_id           uuid NOT NULL,
    start_on            date NOT NULL,
    end_on              date NOT NULL,
    talent_opinion      text NOT NULL DEFAULT 'none',
    talent_reason       text,
    strike_reason       text,
    -- Why it begins in the past, where it does.
    start_reason        text,
    warnings            text[] NOT NULL DEFAULT '{}',
    -- The state of its list, on which it depends who reads it.
    list_status         text NOT NULL,
    CONSTRAINT dispatch_line_pkey PRIMARY KEY (id),
    CONSTRAINT dispatch_line_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT dispatch_line_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES app.unit (code),
    CONSTRAINT dispatch_line_list_id_fkey FOREIGN KEY (list_id) REFERENCES app.dispatch_list (id),
    CONSTRAINT dispatch_line_match_id_fkey FOREIGN KEY (match_id) REFERENCES app.match (id),
    CONSTRAINT dispatch_line_specialist_id_fkey FOREIGN KEY (specialist_id) REFERENCES app.specialist (id),
    CONSTRAINT dispatch_line_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES app.enterprise (id),
    CONSTRAINT dispatch_line_demand_id_fkey FOREIGN KEY (demand_id) REFERENCES app.demand (id),
    CONSTRAINT value_not_allowed CHECK (start_on <= end_on AND talent_opinion IN ('none', 'concur', 'object'))
);
CREATE UNIQUE INDEX dispatch_line_specialist_id_key ON app.dispatch_line (specialist_id) WHERE status IN ('listed', 'fixed');
CREATE UNIQUE INDEX dispatch_line_enterprise_id_key ON app.dispatch_line (enterprise_id) WHERE status IN ('listed', 'fixed');
CREATE INDEX dispatch_line_list ON app.dispatch_line (list_id, id);
CREATE INDEX dispatch_line_match ON app.dispatch_line (match_id);

CREATE TRIGGER dispatch_line_b_guard BEFORE INSERT OR UPDATE ON app.dispatch_line
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('dispatch_line');
CREATE TRIGGER dispatch_line_c_stamp BEFORE INSERT OR UPDATE ON app.dispatch_line
    FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER dispatch_line_event AFTER INSERT OR UPDATE OR DELETE ON app.dispatch_line
    FOR EACH ROW EXECUTE FUNCTION app.event_write('dispatch_line', '');
