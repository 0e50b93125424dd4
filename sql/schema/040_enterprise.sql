-- A firm that asks for and hosts a specialist (article 7). Its county confirms local registration and legal
-- personality. side is who began the record, shown whether it ever left that side: a draft is its author's alone.

-- True when no two elements of a JSON array agree in a member, such as the year of a row of figures.
CREATE FUNCTION app.unique_member(given jsonb, member text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT count(*) = count(DISTINCT e.value -> member) FROM jsonb_array_elements(given) e $$;

CREATE TABLE app.enterprise (
    id                     uuid,
    version                integer NOT NULL,
    created_at             timestamptz NOT NULL,
    updated_at             timestamptz NOT NULL,
    created_by             uuid,
    entered_for            jsonb,
    unit_id                text NOT NULL,
    status                 text NOT NULL DEFAULT 'draft',
    side                   text NOT NULL,
    shown                  boolean NOT NULL,
    uscc                   text NOT NULL,
    uscc_override_reason   text,
    name                   text NOT NULL,
    is_legal_person        boolean NOT NULL,
    legal_representative   text,
    registered_on          date,
    registered_capital_fen bigint,
    address                text,
    industry_code          text,
    chain_code             text,
    main_business          text,
    contact_name           text,
    contact_phone          bytea,
    contact_phone_masked   text,
    contact_email          text,
    figures                jsonb NOT NULL,
    is_above_scale         boolean NOT NULL,
    is_weak_rd_sme         boolean NOT NULL,
    hitech_cert_no         text,
    hitech_valid_to        date,
    sme_tech_no            text,
    sme_tech_year          integer,
    rd_platforms           text[] NOT NULL,
    other_programmes       text[] NOT NULL,
    priority_bp            integer NOT NULL,
    barred_until           date,
    grams                  text[] GENERATED ALWAYS AS (app.grams(name || ' ' || uscc || ' '
                               || coalesce(main_business, ''))) STORED,
    CONSTRAINT enterprise_pkey PRIMARY KEY (id),
    CONSTRAINT enterprise_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT enterprise_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES app.unit (code),
    CONSTRAINT above_scale_industry CHECK (NOT is_above_scale OR left(industry_code, 1) IN ('B', 'C', 'D')),
    CONSTRAINT not_legal_person CHECK (status <> 'active' OR is_legal_person),
    CONSTRAINT figures_year_unique CHECK (app.unique_member(figures, 'year')),
    CONSTRAINT value_not_allowed CHECK (registered_capital_fen >= 0)
);
-- A refused record does not keep a firm from trying again.
CREATE UNIQUE INDEX enterprise_uscc_key ON app.enterprise (uscc) WHERE status <> 'rejected';
CREATE INDEX enterprise_updated ON app.enterprise (updated_at, id);
CREATE INDEX enterprise_priority ON app.enterprise (priority_bp, id);
CREATE INDEX enterprise_unit_updated ON app.enterprise (unit_id, updated_at, id);
CREATE INDEX enterprise_unit_priority ON app.enterprise (unit_id, priority_bp, id);
CREATE INDEX enterprise_unit_id ON app.enterprise (unit_id, id);
-- Most records are confirmed and wait for nothing; of the others a to-do list asks by state.
CREATE INDEX enterprise_status ON app.enterprise (status, unit_id) WHERE status <> 'active';
CREATE INDEX enterprise_grams ON app.enterprise USING gin (grams);

CREATE TRIGGER enterprise_b_guard BEFORE INSERT OR UPDATE ON app.enterprise
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('enterprise');
CREATE TRIGGER enterprise_c_stamp BEFORE INSERT OR UPDATE ON app.enterprise
    FOR EACH ROW EXECUTE FUNCTION app.stamp('side');
CREATE TRIGGER enterprise_event AFTER INSERT OR UPDATE OR DELETE ON app.enterprise
    FOR EACH ROW EXECUTE FUNCTION app.event_write('enterprise',
        'legal_representative,contact_name,contact_phone,contact_email');
