-- Wire form of an account that funds are paid to; its number is masked for everybody.

CREATE OR REPLACE VIEW api.bank_account WITH (security_invoker = true) AS
SELECT b.id, b.version, b.created_at, b.updated_at, b.created_by, b.unit_id, b.status, b.enterprise_id, b.bank_name,
       b.branch, b.account_name, b.account_no_masked,
       array_to_json(app.allowed_steps('bank_account', b.status, true)) AS allowed_steps
FROM app.bank_account b;
