-- The register: the entry of each approved person (articles 4, 9.1, 10). Its facts are copied from the application that
-- was approved last. What a seal protects stays in that application, for a seal opens in its own place alone; a number
-- that the person changed later is sealed here and goes before it.

CREATE TABLE app.specialist (
    id                     uuid,
    version                integer NOT NULL,
    created_at             timestamptz NOT NULL,
    updated_at             timestamptz NOT NULL,
    created_by             uuid,
    status                 text NOT NULL,
    code                   text NOT NULL,
    application_id         uuid NOT NULL,
    full_name              text NOT NULL,
    gender                 text,
    birth_on               date,
    id_type                text,
    id_no_masked           text,
    id_no_index            bytea NOT NULL,
    mobile                 bytea,
    mobile_masked          text,
    email                  text,
    institution_id         uuid,
    department             text,
    position               text,
    employment             text,
    education_code         text,
    degree_code            text,
    doctoral_status        text,
    title_code             text,
    title_level            text,
    title_obtained_on      date,
    service_qualification  text,
    qualification_no       text,
    qualification_valid_to date,
    discipline             text,
    specialties            text[] NOT NULL,
    tech_fields            text[] NOT NULL,
    industries             text[] NOT NULL,
    research_summary       text,
    intended_service       text,
    achievements           jsonb NOT NULL,
    service_experience     text,
    work_history           jsonb NOT NULL,
    honours                text,
    available_from         date,
    available_to           date,
    preferred_units        text[] NOT NULL,
    bank_name              text,
    bank_account_no        bytea,
    bank_account_no_masked text,
    political_status       text,
    other_programmes       text[] NOT NULL,
    eligibility_ground     text NOT NULL,
    waived                 boolean NOT NULL,
    valid_from             date NOT NULL,
    valid_to               date NOT NULL,
    suspended_reason       text,
    suspended_by_side      text,
    is_placed              boolean NOT NULL DEFAULT false,
    current_placement_id   uuid,
    barred_until           date,
    renewal_barred_until   date,
    grades                 jsonb NOT NULL DEFAULT '[]',
    grams                  text[] GENERATED ALWAYS AS (app.grams(full_name || ' ' || coalesce(discipline, '') || ' '
                               || app.spaced(specialties) || ' ' || coalesce(research_summary, '') || ' '
                               || coalesce(intended_service, ''))) STORED,
    CONSTRAINT specialist_pkey PRIMARY KEY (id),
    CONSTRAINT specialist_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT specialist_application_id_fkey FOREIGN KEY (application_id) REFERENCES app.application (id),
    CONSTRAINT specialist_institution_id_fkey FOREIGN KEY (institution_id) REFERENCES app.institution (id),
    CONSTRAINT value_not_allowed CHECK (
        code ~ '^TP-[0-9]{4}-[0-9]{4,}$' AND valid_from <= valid_to AND suspended_by_side IN ('self', 'city')
        AND (status = 'suspended') = (suspended_by_side IS NOT NULL)),
    CONSTRAINT available_in_order CHECK (available_from <= available_to)
);
CREATE UNIQUE INDEX specialist_code_key ON app.specialist (code);
-- One person has one entry for life, whichever account he applied with.
CREATE UNIQUE INDEX specialist_id_no_key ON app.specialist (id_no_index);

CREATE INDEX specialist_updated ON app.specialist (updated_at, id);
CREATE INDEX specialist_status ON app.specialist (status, valid_to);
CREATE INDEX specialist_application ON app.specialist (application_id);
CREATE INDEX specialist_institution ON app.specialist (institution_id);
CREATE INDEX specialist_grams ON app.specialist USING gin (grams);

CREATE TRIGGER specialist_b_guard BEFORE INSERT OR UPDATE ON app.specialist
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('specialist');
CREATE TRIGGER specialist_c_stamp BEFORE INSERT OR UPDATE ON app.specialist
    FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER specialist_event AFTER INSERT OR UPDATE OR DELETE ON app.specialist
    FOR EACH ROW EXECUTE FUNCTION app.event_write('specialist',
        'full_name,gender,birth_on,mobile,email,work_history,honours,bank_name,bank_account_no,political_status,suspended_reason');

ALTER TABLE app.application ADD CONSTRAINT application_specialist_id_fkey
    FOREIGN KEY (specialist_id) REFERENCES app.specialist (id);
ALTER TABLE app.account ADD CONSTRAINT account_specialist_id_fkey
    FOREIGN KEY (specialist_id) REFERENCES app.specialist (id);
