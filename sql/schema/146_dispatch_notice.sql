-- The joint notice of four offices (article 9.5).

CREATE TABLE app.dispatch_notice (
    id                  uuid,
    version             integer NOT NULL,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    created_by          uuid,
    status              text NOT NULL DEFAULT 'signing_off',
    doc_no              text,
    title               text NOT NULL,
    issued_on           date,
    -- Made by triggers: how many offices have approved, and who reads it once it is issued, in the words of seen_by.
    approval_count      integer NOT NULL DEFAULT 0,
    readers             text[] NOT NULL DEFAULT '{}',
    CONSTRAINT dispatch_notice_pkey PRIMARY KEY (id),
    CONSTRAINT dispatch_notice_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT value_not_allowed CHECK (
        (status = 'issued') = (issued_on IS NOT NULL AND doc_no IS NOT NULL) AND approval_count BETWEEN 0 AND 4
        AND (status NOT IN ('approved', 'issued') OR approval_count = 4))
);
CREATE UNIQUE INDEX dispatch_notice_doc_no_key ON app.dispatch_notice (doc_no);
CREATE INDEX dispatch_notice_updated ON app.dispatch_notice (updated_at, id);
CREATE INDEX dispatch_notice_waiting ON app.dispatch_notice (status, updated_at, id)
    WHERE status IN ('signing_off', 'approved');

CREATE TRIGGER dispatch_notice_b_guard BEFORE INSERT OR UPDATE ON app.dispatch_notice
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('dispatch_notice');
CREATE TRIGGER dispatch_notice_c_stamp BEFORE INSERT OR UPDATE ON app.dispatch_notice
    FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER dispatch_notice_event AFTER INSERT OR UPDATE OR DELETE ON app.dispatch_notice
    FOR EACH ROW EXECUTE FUNCTION app.event_write('dispatch_notice', 'readers');

-- The filed agreements a notice carries; each stands on one live notice. A refused or cancelled one lets them go.
CREATE TABLE app.dispatch_notice_agreement (
    notice_id     uuid NOT NULL,
    agreement_id  uuid NOT NULL,
    position      integer NOT NULL,
    live          boolean NOT NULL DEFAULT true,
    unit_id       text NOT NULL,
    enterprise_id uuid NOT NULL,
    specialist_id uuid NOT NULL,
    CONSTRAINT dispatch_notice_agreement_pkey PRIMARY KEY (notice_id, agreement_id),
    CONSTRAINT dispatch_notice_agreement_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES app.dispatch_notice (id),
    CONSTRAINT dispatch_notice_agreement_agreement_id_fkey FOREIGN KEY (agreement_id) REFERENCES app.agreement (id)
);
CREATE UNIQUE INDEX dispatch_notice_agreement_key ON app.dispatch_notice_agreement (agreement_id) WHERE live;

-- One word an office, four different accounts; append-only. Who speaks is never the statement's to say.
CREATE TABLE app.dispatch_notice_approval (
    notice_id  uuid NOT NULL,
    office     text NOT NULL DEFAULT split_part(app.fact('actor'), '/', 2),
    decision   text NOT NULL,
    opinion    text,
    account_id uuid NOT NULL DEFAULT app.fact('account')::uuid,
    at         timestamptz NOT NULL DEFAULT app.now(),
    CONSTRAINT dispatch_notice_approval_pkey PRIMARY KEY (notice_id, office),
    CONSTRAINT dispatch_notice_approval_account_key UNIQUE (notice_id, account_id),
    CONSTRAINT dispatch_notice_approval_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES app.dispatch_notice (id),
    CONSTRAINT dispatch_notice_approval_account_id_fkey FOREIGN KEY (account_id) REFERENCES app.account (id),
    CONSTRAINT value_not_allowed CHECK (
        office IN ('st', 'talent', 'industry', 'finance') AND decision IN ('approve', 'refuse'))
);
