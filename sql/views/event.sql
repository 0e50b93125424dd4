-- Wire form of an event: who did what to which version. Specialists learn that a thing changed, not how.

CREATE OR REPLACE VIEW api.event WITH (security_invoker = true) AS
SELECT e.id, e.at, e.operation, e.subject_type, e.subject_id, e.unit_id, e.op, e.subject_version, e.account, e.role,
       e.office, e.on_behalf_of, e.changes, (SELECT f.pos FROM app.feed f WHERE f.seq = e.seq) AS pos
FROM app.event e;

CREATE OR REPLACE VIEW api_specialist.event WITH (security_invoker = true) AS
SELECT e.id, e.at, e.operation, e.subject_type, e.subject_id, e.unit_id, e.op, e.subject_version, NULL::uuid AS account,
       e.role, e.office, NULL::jsonb AS on_behalf_of, NULL::jsonb AS changes,
       (SELECT f.pos FROM app.feed f WHERE f.seq = e.seq) AS pos
FROM app.event e;
