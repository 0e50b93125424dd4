-- Wire form of an issue.

CREATE OR REPLACE VIEW api.issue WITH (security_invoker = true) AS
SELECT i.id, i.version, i.created_at, i.updated_at, i.created_by, i.unit_id, i.status, i.source, i.list_id, i.line_id,
       i.placement_id, i.category, i.severity, i.content, array_to_json(i.attachments) AS attachments, i.owner_side,
       i.owner_office, i.due_on, i.resolution, i.upheld, i.confirm_by_on,
       array_to_json(app.issue_steps(i)) AS allowed_steps
FROM app.issue i;
