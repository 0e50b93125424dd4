-- Where the funds of an enterprise are paid (article 18). The number is sealed; its blind index tells that a number
-- serves two firms without showing it.

CREATE TABLE app.bank_account (
    id                uuid,
    version           integer NOT NULL,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    created_by        uuid,
    unit_id           text NOT NULL,
    status            text NOT NULL DEFAULT 'proposed',
    enterprise_id     uuid NOT NULL,
    bank_name         text NOT NULL,
    branch            text NOT NULL,
    account_name      text NOT NULL,
    account_no        bytea NOT NULL,
    account_no_masked text NOT NULL,
    account_no_index  bytea NOT NULL,
    CONSTRAINT bank_account_pkey PRIMARY KEY (id),
    CONSTRAINT bank_account_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT bank_account_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES app.unit (code),
    CONSTRAINT bank_account_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES app.enterprise (id)
);
-- A firm has one account that is paid to, and at most one that waits to take its place.
CREATE UNIQUE INDEX bank_account_enterprise_id_key ON app.bank_account (enterprise_id, status)
    WHERE status IN ('proposed', 'confirmed');
-- No two firms are paid into one account.
CREATE UNIQUE INDEX bank_account_account_no_key ON app.bank_account (account_no_index) WHERE status = 'confirmed';
CREATE INDEX bank_account_updated ON app.bank_account (updated_at, id);
CREATE INDEX bank_account_unit_updated ON app.bank_account (unit_id, updated_at, id);
CREATE INDEX bank_account_enterprise ON app.bank_account (enterprise_id, updated_at, id);
CREATE INDEX bank_account_proposed ON app.bank_account (unit_id, updated_at) WHERE status = 'proposed';

CREATE TRIGGER bank_account_b_guard BEFORE INSERT OR UPDATE ON app.bank_account
    FOR EACH ROW EXECUTE FUNCTION app.lifecycle_guard('bank_account');
CREATE TRIGGER bank_account_c_stamp BEFORE INSERT OR UPDATE ON app.bank_account
    FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER bank_account_event AFTER INSERT OR UPDATE OR DELETE ON app.bank_account
    FOR EACH ROW EXECUTE FUNCTION app.event_write('bank_account', 'account_no');
