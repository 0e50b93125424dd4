-- Wire form of a demand. Specialists see open ones and those they are matched with, without contacts, and of a limited
-- one field, group and unit alone until a match with them is confirmed.

CREATE OR REPLACE VIEW api.demand WITH (security_invoker = true) AS
SELECT d.id, d.version, d.created_at, d.updated_at, d.created_by, d.entered_for, d.unit_id, d.status, d.policy_id,
       d.enterprise_id, d.call_id, d.kind, d.title, d.description, d.current_state,
       array_to_json(d.task_groups) AS task_groups, d.tech_field, d.industry_code,
       array_to_json(d.service_forms) AS service_forms, d.targets, d.budget_fen, d.cooperation_mode,
       d.wanted_title_level, d.wanted_degree, d.wanted_profile, d.urgency, d.expected_start_on, d.valid_to,
       d.priority_no, d.confidentiality, d.contact_name, d.contact_phone_masked, d.opened_at, d.correct_by_on,
       d.close_reason, array_to_json(app.allowed_steps('demand', d.status, true)) AS allowed_steps,
       d.named_specialist_id
FROM app.demand d;

CREATE OR REPLACE VIEW api_specialist.demand WITH (security_invoker = true) AS
SELECT d.id, d.version, d.created_at, d.updated_at, NULL::uuid AS created_by, NULL::jsonb AS entered_for, d.unit_id,
       d.status, NULL::uuid AS policy_id,
       CASE WHEN k.known THEN d.enterprise_id END AS enterprise_id,
       CASE WHEN k.known THEN d.call_id END AS call_id,
       CASE WHEN k.known THEN d.kind END AS kind,
       CASE WHEN k.known THEN d.title END AS title,
       CASE WHEN k.known THEN d.description END AS description,
       CASE WHEN k.known THEN d.current_state END AS current_state,
       array_to_json(d.task_groups) AS task_groups,
       d.tech_field,
       CASE WHEN k.known THEN d.industry_code END AS industry_code,
       CASE WHEN k.known THEN array_to_json(d.service_forms) ELSE '[]' END AS service_forms,
       CASE WHEN k.known THEN d.targets ELSE '[]' END AS targets,
       CASE WHEN k.known THEN d.budget_fen END AS budget_fen,
       CASE WHEN k.known THEN d.cooperation_mode END AS cooperation_mode,
       CASE WHEN k.known THEN d.wanted_title_level END AS wanted_title_level,
       CASE WHEN k.known THEN d.wanted_degree END AS wanted_degree,
       CASE WHEN k.known THEN d.wanted_profile END AS wanted_profile,
       CASE WHEN k.known THEN d.urgency END AS urgency,
       CASE WHEN k.known THEN d.expected_start_on END AS expected_start_on,
       d.valid_to,
       NULL::integer AS priority_no,
       d.confidentiality,
       NULL::text AS contact_name,
       NULL::text AS contact_phone_masked,
       CASE WHEN k.known THEN d.opened_at END AS opened_at,
       NULL::date AS correct_by_on,
       NULL::text AS close_reason,
       '[]'::json AS allowed_steps,
       -- Who is named may know it, others may not.
       CASE d.named_specialist_id WHEN (SELECT app.fact('specialist')::uuid) THEN d.named_specialist_id END
           AS named_specialist_id
FROM app.demand d
CROSS JOIN LATERAL (SELECT d.confidentiality = 'open' OR d.id = ANY ((SELECT app.demands_known())::uuid[]) AS known) k;
