-- A person's request to enter the register, with the consent of the institution he comes from (articles 2, 5, 6, 9.1).
-- Each submission freezes a version; consent and review are about that version and its hash.

-- Words of a list in one text, for its search.
CREATE FUNCTION app.spaced(given text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT array_to_string(given, ' ') $$;

-- id_no_birth_on and id_no_gender are what a resident ID number says, taken from it before it was sealed; null when the
-- number is no resident ID.
CREATE TABLE app.application (
    id                     uuid,
    version                integer NOT NULL,
    created_at             timestamptz NOT NULL,
    updated_at             timestamptz NOT NULL,
    created_by             uuid,
    entered_for            jsonb,
    status                 text NOT NULL DEFAULT 'draft',
    side                   text NOT NULL,
    shown                  boolean NOT NULL,
    policy_id              uuid NOT NULL,
    call_id                uuid NOT NULL,
    applicant_id           uuid NOT NULL,
    full_name              text,
    gender                 text,
    birth_on               date,
    id_type                text,
    id_no                  bytea,
    id_no_masked           text,
    id_no_index            bytea,
    id_no_birth_on         date,
    id_no_gender           text,
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
    eligibility_ground     text,
    evidence               uuid[] NOT NULL,
    pledge_version         text,
    pledged_at             timestamptz,
    version_no             integer NOT NULL,
    content_sha256         text,
    versions               jsonb NOT NULL,
    consent                jsonb,
    waiver                 jsonb,
    answer_by_on           date,
    correct_by_on          date,
    specialist_id          uuid,
    grams                  text[] GENERATED ALWAYS AS (app.grams(coalesce(full_name, '') || ' '
                               || coalesce(discipline, '') || ' ' || app.spaced(specialties))) STORED,
    CONSTRAINT application_pkey PRIMARY KEY (id),
    CONSTRAINT application_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT application_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES app.policy (id),
    CONSTRAINT application_call_id_fkey FOREIGN KEY (call_id) REFERENCES app.call (id),
    CONSTRAINT application_applicant_id_fkey FOREIGN KEY (applicant_id) REFERENCES app.account (id),
    CONSTRAINT application_institution_id_fkey FOREIGN KEY (institution_id) REFERENCES app.institution (id),
    CONSTRAINT value_not_allowed CHECK (
        gender IN ('female', 'male') AND id_type IN ('resident_id', 'passport', 'hk_mo_tw_permit')
        AND employment IN ('employed', 'doctoral_student') AND doctoral_status IN ('none', 'enrolled', 'awarded')
        AND title_level IN ('senior', 'associate_senior', 'intermediate', 'junior', 'technician', 'none')
        AND eligibility_ground IN ('doctorate', 'doctoral_student', 'title', 'service_qualification')
        AND (version_no = 0) = (content_sha256 IS NULL)),
    CONSTRAINT available_in_order CHECK (available_from <= available_to)
);
-- One person has one living application in a call.
CREATE UNIQUE INDEX application_id_no_key ON app.application (call_id, id_no_index)
    WHERE status NOT IN ('withdrawn', 'rejected', 'declined', 'expired');

-- One index for each order of the city's list; a person has few enough rows for one.
CREATE INDEX application_updated ON app.application (updated_at, id);
CREATE INDEX application_applicant ON app.application (applicant_id, updated_at, id);
CREATE INDEX application_status ON app.application (status, answer_by_on, correct_by_on);
CREATE INDEX application_call ON app.application (call_id);
CREATE INDEX application_institution ON app.application (institution_id);
CREATE INDEX application_grams ON app.application USING gin (grams);

CREATE TRIGGER application_b_guard BEFORE INSERT OR UPDATE ON app.application
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('application');
CREATE TRIGGER application_c_stamp BEFORE INSERT OR UPDATE ON app.application
    FOR EACH ROW EXECUTE FUNCTION app.stamp('side');
CREATE TRIGGER application_event AFTER INSERT OR UPDATE OR DELETE ON app.application
    FOR EACH ROW EXECUTE FUNCTION app.event_write('application',
        'full_name,gender,birth_on,id_no,id_no_birth_on,id_no_gender,mobile,email,work_history,honours,bank_name,bank_account_no,political_status,versions,consent');
