-- Accounts are administered: by the administrators of their organisation and, for a county or a firm, by those above.

-- managed_in is the unit whose administrators look after an account: its own, or that of its firm. It is kept in the
-- row, because an event's readers are told from the row alone.
ALTER TABLE app.account ADD COLUMN managed_in text;
ALTER TABLE app.account ADD CONSTRAINT account_managed_in_fkey FOREIGN KEY (managed_in) REFERENCES app.unit (code);
-- A researcher has no organisation here, so there is nothing to administer.
ALTER TABLE app.account ADD CONSTRAINT account_fits_role CHECK (NOT (role = 'specialist' AND is_admin));
CREATE INDEX account_updated ON app.account (updated_at DESC, id DESC);

-- What is there already gets its unit; the events of it tell the administrators of accounts they did not see before.
ALTER TABLE app.account NO FORCE ROW LEVEL SECURITY;
ALTER TABLE app.enterprise NO FORCE ROW LEVEL SECURITY;
UPDATE app.account a
SET managed_in = coalesce(a.unit_id, (SELECT e.unit_id FROM app.enterprise e WHERE e.id = a.enterprise_id))
WHERE a.unit_id IS NOT NULL OR a.enterprise_id IS NOT NULL;
ALTER TABLE app.account FORCE ROW LEVEL SECURITY;
ALTER TABLE app.enterprise FORCE ROW LEVEL SECURITY;
