-- Wire form of a round of matching.

CREATE OR REPLACE VIEW api.match_round WITH (security_invoker = true) AS
SELECT r.id, r.version, r.created_at, r.updated_at, r.created_by, r.status, r.policy_id, r.title, r.year, r.batch_no,
       r.method, array_to_json(r.unit_ids) AS unit_ids, r.start_on, r.weights, r.input_sha256, r.computed_at,
       r.operation_id, app.match_round_counts(r.id) AS counts,
       array_to_json(app.allowed_steps('match_round', r.status, true)) AS allowed_steps
FROM app.match_round r;
