-- Wire form of an event: who did what to which version. Of what is a firm's or an office's specialists learn that it
-- changed, not how; of what is their own they learn all.

CREATE OR REPLACE VIEW api.event WITH (security_invoker = true) AS
SELECT e.id, e.at, e.operation, e.subject_type, e.subject_id, e.unit_id, e.op, e.subject_version, e.account, e.role,
       e.office, e.on_behalf_of,
       CASE WHEN e.subject_type = 'intention' AND (SELECT app.my_side()) <> 'city' THEN app.changes_told(e.changes)
            ELSE e.changes END AS changes,
       (SELECT f.pos FROM app.feed f WHERE f.seq = e.seq) AS pos, e.client, e.seq
FROM app.event e;

CREATE OR REPLACE VIEW api_specialist.event WITH (security_invoker = true) AS
SELECT e.id, e.at, e.operation, e.subject_type, e.subject_id, e.unit_id, e.op, e.subject_version, o.account,
       e.role, e.office, o.on_behalf_of,
       CASE e.subject_type WHEN 'intention' THEN app.changes_told(o.changes) ELSE o.changes END AS changes,
       (SELECT f.pos FROM app.feed f WHERE f.seq = e.seq) AS pos, NULL::uuid AS client, e.seq
FROM app.event e LEFT JOIN LATERAL app.event_of_own(e.id) o ON true;
