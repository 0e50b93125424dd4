-- Wire form of a placement. What keeps one from beginning is told to the city alone, for it may be a bar of one side.

CREATE OR REPLACE VIEW api.placement WITH (security_invoker = true) AS
SELECT p.id, p.version, p.created_at, p.updated_at, p.created_by, p.unit_id, p.status, p.placement_no, p.policy_id,
       p.specialist_id, p.enterprise_id, p.institution_id, p.demand_id, p.agreement_id, p.notice_id, p.term_no,
       p.renewed_from_id, p.start_on, p.end_on, p.ended_on, p.end_reason, p.service_quota, p.suspensions,
       CASE (SELECT app.my_side()) WHEN 'city' THEN array_to_json(p.hold_reasons) ELSE '[]' END AS hold_reasons,
       array_to_json(app.allowed_steps('placement', p.status, true)) AS allowed_steps
FROM app.placement p;
