-- Wire form of a wish. Rank, note and conflict are for its own side, its county and the city alone.

CREATE OR REPLACE VIEW api.intention WITH (security_invoker = true) AS
SELECT i.id, i.version, i.created_at, i.updated_at, p.created_by, p.entered_for, i.unit_id, i.status, i.side,
       i.demand_id, i.specialist_id, p.rank, p.note, p.conflict, i.decline_reason, i.mutual,
       array_to_json(app.intention_steps(i.status, i.side)) AS allowed_steps
FROM app.intention i CROSS JOIN LATERAL app.intention_private(i.id) p;
