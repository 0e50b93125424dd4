-- Wire form of a line, as a write shows it; readers meet lines inside their list.

CREATE OR REPLACE VIEW api.dispatch_line WITH (security_invoker = true) AS
SELECT s.id, s.version, s.created_at, s.updated_at, s.created_by, s.unit_id, s.status, s.list_id, s.match_id,
       s.specialist_id, s.specialist_name, s.institution_name, s.enterprise_id, s.enterprise_name, s.demand_id,
       s.start_on, s.end_on, s.talent_opinion, s.talent_reason, s.strike_reason, s.warnings, s.allowed_steps
FROM app.dispatch_line l CROSS JOIN LATERAL app.dispatch_lines_shown(l.list_id, l.id) s;
