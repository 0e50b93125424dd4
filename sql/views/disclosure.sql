-- Wire form of a disclosure: who looked at what, and why; never what he saw.

CREATE OR REPLACE VIEW api.disclosure WITH (security_invoker = true) AS
SELECT d.id, d.version, d.created_at, d.updated_at, d.created_by, d.unit_id, d.subject_type, d.subject_id,
       array_to_json(d.fields) AS fields, d.purpose, d.role, d.office
FROM app.disclosure d;
