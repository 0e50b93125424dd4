-- Wire form of a dispatch list. What the two offices write down between them is nobody else's to read; whose lines are
-- shown, and how much of them, app.dispatch_lines_shown says.

CREATE OR REPLACE VIEW api.dispatch_list WITH (security_invoker = true) AS
SELECT d.id, d.version, d.created_at, d.updated_at, p.created_by, d.status, d.title, d.year, d.batch_no, p.note,
       p.public_notice, d.notice_from, d.notice_to, p.consulted_at, p.concurred_by, p.fixed_by, p.fixed_at,
       (SELECT coalesce(json_agg(json_build_object(
            'id', s.id, 'version', s.version, 'unit_id', s.unit_id, 'status', s.status, 'match_id', s.match_id,
            'specialist_id', s.specialist_id, 'specialist_name', s.specialist_name,
            'institution_name', s.institution_name, 'enterprise_id', s.enterprise_id,
            'enterprise_name', s.enterprise_name, 'demand_id', s.demand_id, 'start_on', s.start_on,
            'end_on', s.end_on, 'talent_opinion', s.talent_opinion, 'talent_reason', s.talent_reason,
            'strike_reason', s.strike_reason, 'warnings', s.warnings, 'allowed_steps', s.allowed_steps)
            ORDER BY s.id), '[]')
        FROM app.dispatch_lines_shown(d.id, NULL) s) AS lines,
       array_to_json(app.allowed_steps('dispatch_list', d.status, true)) AS allowed_steps
FROM app.dispatch_list d CROSS JOIN LATERAL app.dispatch_list_private(d.id) p;
