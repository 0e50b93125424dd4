-- Wire form of something due.

CREATE OR REPLACE VIEW api.obligation WITH (security_invoker = true) AS
SELECT o.id, o.version, o.created_at, o.updated_at, o.created_by, o.unit_id, o.status, o.kind, o.placement_id,
       o.debtor_role, o.debtor_office, o.enterprise_id, o.specialist_id, o.period, o.period_from, o.period_to, o.due_on,
       o.extended_to, o.fulfilled_on, o.fulfilled_by, o.reason,
       array_to_json(app.allowed_steps('obligation', o.status, true)) AS allowed_steps
FROM app.obligation o;
