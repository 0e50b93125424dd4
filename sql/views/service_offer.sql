-- Wire form of a line of a menu; every signed-in reader sees the same.

CREATE OR REPLACE VIEW api.service_offer WITH (security_invoker = true) AS
SELECT o.id, o.version, o.created_at, o.updated_at, o.created_by, o.status, o.specialist_id, o.title, o.description,
       o.deliverables, o.task_group, array_to_json(o.service_forms) AS service_forms, array_to_json(o.tech_fields) AS
       tech_fields, o.fee_fen, o.available_from, o.available_to,
       array_to_json(app.allowed_steps('service_offer', o.status,
                                       o.specialist_id = (SELECT app.fact('specialist')::uuid))) AS allowed_steps
FROM app.service_offer o;
