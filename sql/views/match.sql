-- Wire form of a match. Each side reads how to reach the other once both have said yes; of a limited demand a person
-- reads neither firm nor facts before that.

CREATE OR REPLACE VIEW api.match WITH (security_invoker = true) AS
SELECT m.id, m.version, m.created_at, m.updated_at, m.created_by, m.unit_id, m.status, m.round_id, m.demand_id,
       m.enterprise_id, m.specialist_id, m.origin, m.score_bp, m.components,
       array_to_json(app.warnings_told(m.warnings, m.demand_id, m.specialist_id)) AS warnings, m.enterprise_answer,
       m.specialist_answer, m.answer_note, m.exclude_reason,
       CASE WHEN (SELECT app.my_side()) = 'city' THEN m.conflict_cleared_by END AS conflict_cleared_by,
       app.match_contact(m.id) AS contact,
       array_to_json(app.allowed_steps('match', m.status, true)) AS allowed_steps
FROM app.match m;

CREATE OR REPLACE VIEW api_specialist.match WITH (security_invoker = true) AS
SELECT m.id, m.version, m.created_at, m.updated_at, NULL::uuid AS created_by, m.unit_id, m.status, m.round_id,
       m.demand_id, CASE WHEN NOT l.limited THEN m.enterprise_id END AS enterprise_id, m.specialist_id, m.origin,
       m.score_bp, CASE WHEN l.limited THEN app.match_veiled(m.components) ELSE m.components END AS components,
       CASE WHEN l.limited THEN '[]' ELSE array_to_json(app.warnings_told(m.warnings, m.demand_id, m.specialist_id))
           END AS warnings, m.enterprise_answer, m.specialist_answer, m.answer_note, m.exclude_reason,
       NULL::uuid AS conflict_cleared_by, app.match_contact(m.id) AS contact,
       array_to_json(app.allowed_steps('match', m.status, true)) AS allowed_steps
FROM app.match m CROSS JOIN LATERAL (SELECT app.match_is_limited(m) AS limited) l;
