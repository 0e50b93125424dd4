-- Wire form of an application. Its readers are the applicant, the bureau and the talent office, and the institution it
-- is about; numbers under seal are masked for all of them.

CREATE OR REPLACE VIEW api.application WITH (security_invoker = true) AS
SELECT a.id, a.version, a.created_at, a.updated_at, a.created_by, a.entered_for, a.status, a.policy_id, a.call_id,
       a.applicant_id, a.full_name, a.gender, a.birth_on, a.id_type, a.id_no_masked, a.mobile_masked, a.email,
       a.institution_id, a.department, a.position, a.employment, a.education_code, a.degree_code, a.doctoral_status,
       a.title_code, a.title_level, a.title_obtained_on, a.service_qualification, a.qualification_no,
       a.qualification_valid_to, a.discipline, array_to_json(a.specialties) AS specialties,
       array_to_json(a.tech_fields) AS tech_fields, array_to_json(a.industries) AS industries, a.research_summary,
       a.intended_service, a.achievements, a.service_experience, a.work_history, a.honours, a.available_from,
       a.available_to, array_to_json(a.preferred_units) AS preferred_units, a.bank_name, a.political_status,
       array_to_json(a.other_programmes) AS other_programmes, a.bank_account_no_masked, a.eligibility_ground,
       array_to_json(a.evidence) AS evidence, a.pledge_version, a.pledged_at, a.version_no, a.content_sha256,
       a.versions, a.waiver_request, a.consent, a.waiver, a.answer_by_on, a.correct_by_on, a.specialist_id,
       array_to_json(app.allowed_steps('application', a.status, true)) AS allowed_steps
FROM app.application a;
