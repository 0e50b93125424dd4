-- Wire form of an entry of the register. The offices of the city that keep it and the person read all of it; others read
-- who he is and what he can do, without contact, without what is private and without how he came in.

CREATE OR REPLACE VIEW api.specialist WITH (security_invoker = true) AS
SELECT s.id, s.version, s.created_at, s.updated_at, p.created_by, s.status, s.code, p.application_id, s.full_name,
       p.gender, p.birth_on, p.id_type, p.id_no_masked, p.mobile_masked, p.email, s.institution_id, p.department,
       s.position, s.employment, s.education_code, s.degree_code, s.doctoral_status, s.title_code, s.title_level,
       s.title_obtained_on, s.service_qualification, p.qualification_no, s.qualification_valid_to, s.discipline,
       array_to_json(s.specialties) AS specialties, array_to_json(s.tech_fields) AS tech_fields,
       array_to_json(s.industries) AS industries, s.research_summary, s.intended_service, s.achievements,
       s.service_experience, p.work_history, p.honours, s.available_from, s.available_to,
       array_to_json(s.preferred_units) AS preferred_units, p.bank_name, p.political_status,
       array_to_json(s.other_programmes) AS other_programmes, p.bank_account_no_masked, p.eligibility_ground,
       p.waived, s.valid_from, s.valid_to, p.suspended_reason, p.suspended_by_side, s.is_placed,
       s.current_placement_id, p.barred_until, p.renewal_barred_until, s.grades,
       array_to_json(app.allowed_steps('specialist', s.status, true)) AS allowed_steps
FROM app.specialist s CROSS JOIN LATERAL app.specialist_private(s.id) p;
