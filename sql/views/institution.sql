-- Wire form of an institution. Only the city sees whom to ask there.

CREATE OR REPLACE VIEW api.institution WITH (security_invoker = true) AS
SELECT i.id, i.version, i.created_at, i.updated_at, i.created_by, i.status, i.uscc, i.name, i.kind, i.province_code,
       i.address, c.contact_name, c.contact_email, c.contact_phone, i.valid_to,
       array_to_json(app.allowed_steps('institution', i.status, true)) AS allowed_steps
FROM app.institution i CROSS JOIN LATERAL app.institution_contact(i.id) c;
