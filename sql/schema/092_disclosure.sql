-- Who looked at which sealed values of which record, and what for. A row is made before the values are opened and is
-- never changed; the values stand in no row and no event.
CREATE TABLE app.disclosure (
    id              uuid,
    version         integer NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    created_by      uuid,
    unit_id         text,
    subject_type    text NOT NULL,
    subject_id      uuid NOT NULL,
    fields          text[] NOT NULL,
    purpose         text NOT NULL,
    role            text NOT NULL,
    office          text,
    -- The person whom the values are about, as an account, a specialist, or both.
    subject_account uuid,
    specialist_id   uuid,
    -- The limit of disclosures keeps to real time; created_at is the programme's.
    counted_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT disclosure_pkey PRIMARY KEY (id),
    CONSTRAINT disclosure_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT disclosure_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES app.unit (code)
);
CREATE INDEX disclosure_created_at ON app.disclosure (created_at, id);
CREATE INDEX disclosure_counted_at ON app.disclosure (created_by, counted_at);
CREATE INDEX disclosure_subject ON app.disclosure (subject_type, subject_id);
CREATE INDEX disclosure_subject_account ON app.disclosure (subject_account) WHERE subject_account IS NOT NULL;
CREATE INDEX disclosure_specialist_id ON app.disclosure (specialist_id) WHERE specialist_id IS NOT NULL;

CREATE TRIGGER disclosure_c_stamp BEFORE INSERT OR UPDATE ON app.disclosure
    FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER disclosure_event AFTER INSERT OR UPDATE OR DELETE ON app.disclosure
    FOR EACH ROW EXECUTE FUNCTION app.event_write('disclosure', 'purpose');
