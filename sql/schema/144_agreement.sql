-- What specialist, institution and enterprise sign (article 9.5). The text is rendered once for each version and frozen;
-- its SHA-256 is what the three parties sign. issue_by_on is the last day for a draft, sign_by_on that for signatures.

CREATE TABLE app.agreement (
    id                  uuid,
    version             integer NOT NULL,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    created_by          uuid,
    unit_id             text NOT NULL,
    status              text NOT NULL DEFAULT 'draft',
    line_id             uuid NOT NULL,
    agreement_no        text NOT NULL,
    version_no          integer NOT NULL DEFAULT 0,
    amends_id           uuid,
    policy_id           uuid NOT NULL,
    specialist_id       uuid NOT NULL,
    institution_id      uuid NOT NULL,
    enterprise_id       uuid NOT NULL,
    demand_id           uuid NOT NULL,
    start_on            date NOT NULL,
    end_on              date NOT NULL,
    service_quota       integer NOT NULL,
    service_forms       text[] NOT NULL DEFAULT '{}',
    tasks               jsonb NOT NULL DEFAULT '[]',
    conditions          text,
    fee_terms           text,
    home_post_terms     text,
    ip_terms            text,
    confidentiality_terms text,
    safety_terms        text,
    change_terms        text,
    liability_terms     text,
    template_version    text,
    "text"              text,
    content_sha256      text,
    issue_by_on         date,
    sign_by_on          date,
    signed_parties      text[] NOT NULL DEFAULT '{}',
    filing_no           text,
    filed_on            date,
    filed_by            uuid,
    CONSTRAINT agreement_pkey PRIMARY KEY (id),
    CONSTRAINT agreement_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT agreement_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES app.unit (code),
    CONSTRAINT agreement_line_id_fkey FOREIGN KEY (line_id) REFERENCES app.dispatch_line (id),
    CONSTRAINT agreement_amends_id_fkey FOREIGN KEY (amends_id) REFERENCES app.agreement (id),
    CONSTRAINT agreement_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES app.policy (id),
    CONSTRAINT agreement_specialist_id_fkey FOREIGN KEY (specialist_id) REFERENCES app.specialist (id),
    CONSTRAINT agreement_institution_id_fkey FOREIGN KEY (institution_id) REFERENCES app.institution (id),
    CONSTRAINT agreement_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES app.enterprise (id),
    CONSTRAINT agreement_demand_id_fkey FOREIGN KEY (demand_id) REFERENCES app.demand (id),
    CONSTRAINT agreement_filed_by_fkey FOREIGN KEY (filed_by) REFERENCES app.account (id),
    CONSTRAINT value_not_allowed CHECK (
        start_on <= end_on AND service_quota > 0 AND version_no >= 0
        AND ("text" IS NULL) = (content_sha256 IS NULL) AND ("text" IS NULL) = (template_version IS NULL)
        AND signed_parties <@ '{specialist,institution,enterprise}'
        AND CASE status WHEN 'draft' THEN "text" IS NULL AND signed_parties = '{}'
                        WHEN 'signing' THEN "text" IS NOT NULL AND cardinality(signed_parties) < 3
                        WHEN 'signed' THEN cardinality(signed_parties) = 3
                        WHEN 'filed' THEN cardinality(signed_parties) = 3 AND filing_no IS NOT NULL
                        ELSE true END)
);
-- One live agreement a line, beside it one amending draft.
CREATE UNIQUE INDEX agreement_line_id_key ON app.agreement (line_id, (amends_id IS NOT NULL))
    WHERE status IN ('draft', 'signing', 'signed', 'filed');
CREATE UNIQUE INDEX agreement_agreement_no_key ON app.agreement (agreement_no);
CREATE UNIQUE INDEX agreement_filing_no_key ON app.agreement (filing_no);
CREATE INDEX agreement_updated ON app.agreement (updated_at, id);
CREATE INDEX agreement_unit_updated ON app.agreement (unit_id, updated_at, id);
CREATE INDEX agreement_enterprise ON app.agreement (enterprise_id, updated_at, id);
CREATE INDEX agreement_specialist ON app.agreement (specialist_id, updated_at, id);
CREATE INDEX agreement_unit_waiting
    ON app.agreement (unit_id, status, app.due(issue_by_on, sign_by_on), updated_at, id);
CREATE INDEX agreement_waiting ON app.agreement (status, app.due(issue_by_on, sign_by_on), updated_at, id);

CREATE TRIGGER agreement_b_guard BEFORE INSERT OR UPDATE ON app.agreement
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('agreement');
CREATE TRIGGER agreement_c_stamp BEFORE INSERT OR UPDATE ON app.agreement
    FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER agreement_event AFTER INSERT OR UPDATE OR DELETE ON app.agreement
    FOR EACH ROW EXECUTE FUNCTION app.event_write('agreement', 'text');

-- Each text that was sent to be signed; append-only, so that a signature can be judged when its text is no longer the
-- present one.
CREATE TABLE app.agreement_version (
    agreement_id     uuid NOT NULL,
    version_no       integer NOT NULL,
    template_version text NOT NULL,
    "text"           text NOT NULL,
    content_sha256   text NOT NULL,
    issued_on        date NOT NULL DEFAULT app.today(),
    CONSTRAINT agreement_version_pkey PRIMARY KEY (agreement_id, version_no),
    CONSTRAINT agreement_version_content_sha256_key UNIQUE (agreement_id, version_no, content_sha256),
    CONSTRAINT agreement_version_agreement_id_fkey FOREIGN KEY (agreement_id) REFERENCES app.agreement (id)
);

-- A party's word for one version of the text, bound to its hash; append-only.
CREATE TABLE app.agreement_signature (
    agreement_id   uuid NOT NULL,
    version_no     integer NOT NULL,
    party          text NOT NULL,
    signatory      text NOT NULL,
    post           text,
    method         text NOT NULL,
    content_sha256 text NOT NULL,
    statement      text NOT NULL,
    proof_jws      text NOT NULL,
    attachment_id  uuid,
    account_id     uuid DEFAULT app.fact('account')::uuid,
    at             timestamptz NOT NULL DEFAULT app.now(),
    CONSTRAINT agreement_signature_pkey PRIMARY KEY (agreement_id, version_no, party),
    CONSTRAINT agreement_signature_agreement_id_version_no_content_sha256_fkey
        FOREIGN KEY (agreement_id, version_no, content_sha256) REFERENCES app.agreement_version (agreement_id, version_no, content_sha256),
    CONSTRAINT agreement_signature_attachment_id_fkey FOREIGN KEY (attachment_id) REFERENCES app.attachment (id),
    CONSTRAINT value_not_allowed CHECK (
        party IN ('specialist', 'institution', 'enterprise') AND method IN ('account', 'link', 'scan')
        AND (method = 'scan') = (attachment_id IS NOT NULL) AND (method = 'account') = (party <> 'institution'))
);
