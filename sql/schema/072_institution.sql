-- The universities and institutes that specialists come from (article 2). An applicant may name a new one; the S&T
-- bureau confirms it and keeps the address to which links go.
CREATE TABLE app.institution (
    id            uuid,
    version       integer NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    created_by    uuid,
    status        text NOT NULL,
    uscc          text NOT NULL,
    name          text NOT NULL,
    kind          text NOT NULL,
    province_code text,
    address       text,
    contact_name  text,
    contact_email text,
    contact_phone text,
    valid_to      date,
    grams         text[] GENERATED ALWAYS AS (app.grams(name || ' ' || uscc)) STORED,
    CONSTRAINT institution_pkey PRIMARY KEY (id),
    CONSTRAINT institution_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT value_not_allowed CHECK (kind IN ('university', 'research_institute', 'new_rd_institute'))
);
-- One that was declined does not keep the true holder of the code out.
CREATE UNIQUE INDEX institution_uscc_key ON app.institution (uscc) WHERE status <> 'declined';
CREATE INDEX institution_updated ON app.institution (updated_at, id);
CREATE INDEX institution_proposed ON app.institution (updated_at) WHERE status = 'proposed';
CREATE INDEX institution_grams ON app.institution USING gin (grams);

CREATE TRIGGER institution_b_guard BEFORE INSERT OR UPDATE ON app.institution
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('institution');
CREATE TRIGGER institution_c_stamp BEFORE INSERT OR UPDATE ON app.institution
    FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER institution_event AFTER INSERT OR UPDATE OR DELETE ON app.institution
    FOR EACH ROW EXECUTE FUNCTION app.event_write('institution', 'contact_name,contact_email,contact_phone');

ALTER TABLE app.link
    ADD CONSTRAINT link_institution_id_fkey FOREIGN KEY (institution_id) REFERENCES app.institution (id);
