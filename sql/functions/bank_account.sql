-- What an account to be paid to refuses, and how a newer one takes the place of an older (article 18).

-- The firm must be confirmed and the account in its own name: funds reach nobody else. The firm's row is held until the
-- end of the transaction, so that it cannot be renamed or closed in between.
CREATE OR REPLACE FUNCTION app.bank_account_faults(of_enterprise uuid, account_name text)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql VOLATILE AS
$$
    WITH firm AS (SELECT e.status, e.name FROM app.enterprise e WHERE e.id = of_enterprise FOR SHARE)
    SELECT 'enterprise_not_confirmed', '#/enterprise_id', NULL::text FROM firm f WHERE f.status <> 'active'
    UNION ALL
    SELECT 'account_name_differs', '#/account_name', NULL FROM firm f
    WHERE f.name <> bank_account_faults.account_name
$$;

-- A row that comes into a state takes the place of the firm's row that was in it; that is the system's doing. Proposals
-- of one firm come one after the other. A confirmation takes no such lock: it holds its row, which a proposal at the
-- same time waits for.
CREATE OR REPLACE FUNCTION app.bank_account_replace() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('bank_account ' || NEW.enterprise_id, 0));
        NEW.unit_id := (SELECT e.unit_id FROM app.enterprise e WHERE e.id = NEW.enterprise_id);
    END IF;
    UPDATE app.bank_account SET status = 'replaced'
    WHERE enterprise_id = NEW.enterprise_id AND status = NEW.status AND id <> NEW.id;
    PERFORM app.act_as(actor);
    RETURN NEW;
END
$$;
ALTER FUNCTION app.bank_account_replace() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER bank_account_a_propose BEFORE INSERT ON app.bank_account
    FOR EACH ROW EXECUTE FUNCTION app.bank_account_replace();
CREATE OR REPLACE TRIGGER bank_account_a_confirm BEFORE UPDATE ON app.bank_account
    FOR EACH ROW WHEN (NEW.status = 'confirmed' AND OLD.status <> 'confirmed')
    EXECUTE FUNCTION app.bank_account_replace();

-- Accounts go with their firm when it moves to another unit.
CREATE OR REPLACE TRIGGER enterprise_move_bank_accounts AFTER UPDATE ON app.enterprise
    FOR EACH ROW WHEN (NEW.unit_id <> OLD.unit_id) EXECUTE FUNCTION app.follow_enterprise('bank_account');
