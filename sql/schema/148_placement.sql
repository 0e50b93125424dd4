-- One specialist in one enterprise for one term (article 4). The database itself refuses a second one on any day of it.

-- An id as a range of one, which the exclusion of overlapping days can compare without an extension.
CREATE TYPE app.uuid_range AS RANGE (subtype = uuid);

CREATE TABLE app.placement (
    id                  uuid,
    version             integer NOT NULL,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    created_by          uuid,
    unit_id             text NOT NULL,
    status              text NOT NULL DEFAULT 'pending',
    placement_no        text NOT NULL,
    policy_id           uuid NOT NULL,
    specialist_id       uuid NOT NULL,
    enterprise_id       uuid NOT NULL,
    institution_id      uuid NOT NULL,
    demand_id           uuid NOT NULL,
    agreement_id        uuid NOT NULL,
    notice_id           uuid NOT NULL,
    term_no             integer NOT NULL DEFAULT 1,
    renewed_from_id     uuid,
    start_on            date NOT NULL,
    end_on              date NOT NULL,
    ended_on            date,
    end_reason          text,
    service_quota       integer NOT NULL,
    suspensions         jsonb NOT NULL DEFAULT '[]',
    -- Rules that kept it from beginning on its day; the S&T bureau has it on its desk while there are any.
    hold_reasons        text[] NOT NULL DEFAULT '{}',
    CONSTRAINT placement_pkey PRIMARY KEY (id),
    CONSTRAINT placement_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT placement_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES app.unit (code),
    CONSTRAINT placement_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES app.policy (id),
    CONSTRAINT placement_specialist_id_fkey FOREIGN KEY (specialist_id) REFERENCES app.specialist (id),
    CONSTRAINT placement_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES app.enterprise (id),
    CONSTRAINT placement_institution_id_fkey FOREIGN KEY (institution_id) REFERENCES app.institution (id),
    CONSTRAINT placement_demand_id_fkey FOREIGN KEY (demand_id) REFERENCES app.demand (id),
    CONSTRAINT placement_agreement_id_fkey FOREIGN KEY (agreement_id) REFERENCES app.agreement (id),
    CONSTRAINT placement_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES app.dispatch_notice (id),
    CONSTRAINT placement_renewed_from_id_fkey FOREIGN KEY (renewed_from_id) REFERENCES app.placement (id),
    CONSTRAINT value_not_allowed CHECK (
        start_on <= end_on AND ended_on <= end_on AND service_quota > 0 AND term_no > 0),
    CONSTRAINT placement_specialist_overlap EXCLUDE USING gist (
        app.uuid_range(specialist_id, specialist_id, '[]') WITH =,
        daterange(start_on, coalesce(ended_on, end_on), '[]') WITH &&) WHERE (status <> 'cancelled'),
    CONSTRAINT placement_enterprise_overlap EXCLUDE USING gist (
        app.uuid_range(enterprise_id, enterprise_id, '[]') WITH =,
        daterange(start_on, coalesce(ended_on, end_on), '[]') WITH &&) WHERE (status <> 'cancelled')
);
CREATE UNIQUE INDEX placement_placement_no_key ON app.placement (placement_no);
CREATE UNIQUE INDEX placement_agreement_id_key ON app.placement (agreement_id) WHERE status <> 'cancelled';
CREATE INDEX placement_updated ON app.placement (updated_at, id);
CREATE INDEX placement_unit_updated ON app.placement (unit_id, updated_at, id);
CREATE INDEX placement_enterprise ON app.placement (enterprise_id, updated_at, id);
CREATE INDEX placement_specialist ON app.placement (specialist_id, updated_at, id);
CREATE INDEX placement_unit_id ON app.placement (unit_id, id);
-- What begins, what ends, and what could not begin.
CREATE INDEX placement_due ON app.placement (start_on, id) WHERE status = 'pending';
CREATE INDEX placement_over ON app.placement (end_on, id) WHERE status IN ('active', 'suspended');
CREATE INDEX placement_held ON app.placement (start_on, updated_at, id) WHERE status = 'pending' AND hold_reasons <> '{}';

CREATE TRIGGER placement_b_guard BEFORE INSERT OR UPDATE ON app.placement
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('placement');
CREATE TRIGGER placement_c_stamp BEFORE INSERT OR UPDATE ON app.placement
    FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER placement_event AFTER INSERT OR UPDATE OR DELETE ON app.placement
    FOR EACH ROW EXECUTE FUNCTION app.event_write('placement', 'hold_reasons');
