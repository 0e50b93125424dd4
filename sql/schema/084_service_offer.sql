-- A line of a specialist's menu: a service he offers to any firm (article 4).

CREATE TABLE app.service_offer (
    id             uuid,
    version        integer NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    created_by     uuid,
    status         text NOT NULL DEFAULT 'published',
    specialist_id  uuid NOT NULL,
    title          text NOT NULL,
    description    text NOT NULL,
    deliverables   text NOT NULL,
    task_group     text NOT NULL,
    service_forms  text[] NOT NULL,
    tech_fields    text[] NOT NULL,
    fee_fen        bigint,
    available_from date,
    available_to   date,
    grams          text[] GENERATED ALWAYS AS (app.grams(title || ' ' || description || ' ' || deliverables)) STORED,
    CONSTRAINT service_offer_pkey PRIMARY KEY (id),
    CONSTRAINT service_offer_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT service_offer_specialist_id_fkey FOREIGN KEY (specialist_id) REFERENCES app.specialist (id),
    CONSTRAINT value_not_allowed CHECK (fee_fen >= 0),
    CONSTRAINT available_in_order CHECK (available_from <= available_to)
);
CREATE INDEX service_offer_updated ON app.service_offer (updated_at, id);
CREATE INDEX service_offer_published_updated ON app.service_offer (updated_at, id) WHERE status = 'published';
CREATE INDEX service_offer_specialist ON app.service_offer (specialist_id, updated_at, id);
CREATE INDEX service_offer_grams ON app.service_offer USING gin (grams);

CREATE TRIGGER service_offer_b_guard BEFORE INSERT OR UPDATE ON app.service_offer
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('service_offer');
CREATE TRIGGER service_offer_c_stamp BEFORE INSERT OR UPDATE ON app.service_offer
    FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER service_offer_event AFTER INSERT OR UPDATE OR DELETE ON app.service_offer
    FOR EACH ROW EXECUTE FUNCTION app.event_write('service_offer', '');
