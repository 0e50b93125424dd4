-- Wire form of a long job.

CREATE OR REPLACE VIEW api.operation WITH (security_invoker = true) AS
SELECT o.id, o.kind, o.state, o.progress_bp, o.result, o.problem, o.expires_at
FROM app.operation o;
