-- Accounts are older than the firms they act for.

ALTER TABLE app.account
    ADD CONSTRAINT account_enterprise_id_fkey FOREIGN KEY (enterprise_id) REFERENCES app.enterprise (id);
CREATE INDEX account_enterprise ON app.account (enterprise_id) WHERE enterprise_id IS NOT NULL;
