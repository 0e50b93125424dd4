-- An "order" of an enterprise (articles 4, 9.2). Reviewed first by its county, then by the city; open ones are what
-- specialists see. unit_id is copied from the enterprise and follows it.

CREATE TABLE app.demand (
    id                   uuid,
    version              integer NOT NULL,
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL,
    created_by           uuid,
    entered_for          jsonb,
    unit_id              text NOT NULL,
    status               text NOT NULL DEFAULT 'draft',
    side                 text NOT NULL,
    shown                boolean NOT NULL,
    policy_id            uuid NOT NULL,
    enterprise_id        uuid NOT NULL,
    call_id              uuid,
    kind                 text NOT NULL,
    title                text,
    description          text,
    current_state        text,
    task_groups          text[] NOT NULL,
    tech_field           text,
    industry_code        text,
    service_forms        text[] NOT NULL,
    targets              jsonb NOT NULL,
    budget_fen           bigint,
    cooperation_mode     text,
    wanted_title_level   text,
    wanted_degree        text,
    wanted_profile       text,
    urgency              text NOT NULL,
    expected_start_on    date,
    valid_to             date NOT NULL,
    priority_no          integer,
    confidentiality      text NOT NULL,
    contact_name         text,
    contact_phone        bytea,
    contact_phone_masked text,
    opened_at            timestamptz,
    correct_by_on        date,
    close_reason         text,
    grams                text[] GENERATED ALWAYS AS (app.grams(coalesce(title, '') || ' ' || coalesce(description, '')
                             || ' ' || coalesce(current_state, ''))) STORED,
    CONSTRAINT demand_pkey PRIMARY KEY (id),
    CONSTRAINT demand_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT demand_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES app.unit (code),
    CONSTRAINT demand_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES app.policy (id),
    CONSTRAINT demand_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES app.enterprise (id),
    CONSTRAINT demand_call_id_fkey FOREIGN KEY (call_id) REFERENCES app.call (id),
    CONSTRAINT value_not_allowed CHECK (
        kind IN ('technology', 'talent') AND urgency IN ('normal', 'urgent')
        AND confidentiality IN ('open', 'limited') AND budget_fen >= 0
        AND priority_no BETWEEN 1 AND 20
        AND close_reason IN ('withdrawn', 'solved_elsewhere', 'sanction', 'expired'))
);
-- The ranks of a firm's open demands differ: matching asks which of them comes first.
CREATE UNIQUE INDEX demand_priority_no_key ON app.demand (enterprise_id, priority_no) WHERE status = 'open';

-- One index for each order of the list and each kind of reader; a firm has few enough rows for one.
CREATE INDEX demand_updated ON app.demand (updated_at, id);
CREATE INDEX demand_valid_to ON app.demand (valid_to, id);
CREATE INDEX demand_unit_updated ON app.demand (unit_id, updated_at, id);
CREATE INDEX demand_unit_valid_to ON app.demand (unit_id, valid_to, id);
CREATE INDEX demand_unit_id ON app.demand (unit_id, id);
CREATE INDEX demand_enterprise_updated ON app.demand (enterprise_id, updated_at, id);
CREATE INDEX demand_open_updated ON app.demand (updated_at, id) WHERE status = 'open';
CREATE INDEX demand_open_valid_to ON app.demand (valid_to, id) WHERE status = 'open';
CREATE INDEX demand_open_id ON app.demand (id) WHERE status = 'open';
-- What waits for an office is asked by state.
CREATE INDEX demand_status ON app.demand (status, unit_id);
CREATE INDEX demand_call ON app.demand (call_id) WHERE call_id IS NOT NULL;
CREATE INDEX demand_grams ON app.demand USING gin (grams);

CREATE TRIGGER demand_b_guard BEFORE INSERT OR UPDATE ON app.demand
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('demand');
CREATE TRIGGER demand_c_stamp BEFORE INSERT OR UPDATE ON app.demand FOR EACH ROW EXECUTE FUNCTION app.stamp('side');
CREATE TRIGGER demand_event AFTER INSERT OR UPDATE OR DELETE ON app.demand
    FOR EACH ROW EXECUTE FUNCTION app.event_write('demand', 'contact_name,contact_phone');
