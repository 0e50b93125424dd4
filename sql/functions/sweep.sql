-- What the house need not keep. All times are real times: a sandbox's clock set forward must not throw anything away.

-- Kept answers older than 30 days, sign-in sessions that ended 30 days ago with their refresh tokens, counters of
-- sign-in that have been quiet for a day, and old rows of the worker's own book but those of days.
CREATE OR REPLACE FUNCTION app.job_house_sweep(day date) RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    gone  integer;
    total integer;
BEGIN
    DELETE FROM app.idempotency WHERE (scope, key) IN (
        SELECT i.scope, i.key FROM app.idempotency i WHERE i.created_at < now() - interval '30 days'
        ORDER BY i.created_at LIMIT app.job_portion());
    GET DIAGNOSTICS total = ROW_COUNT;
    WITH over AS (SELECT s.id FROM app.session s WHERE least(s.ended_at, s.expires_at) < now() - interval '30 days'
                  ORDER BY s.id LIMIT app.job_portion() / 10),
         tokens AS (DELETE FROM app.refresh_token t USING over o WHERE t.session_id = o.id)
    SELECT count(*) INTO gone FROM over;
    DELETE FROM app.session s WHERE least(s.ended_at, s.expires_at) < now() - interval '30 days'
        AND NOT EXISTS (SELECT FROM app.refresh_token t WHERE t.session_id = s.id);
    total := total + gone;
    DELETE FROM app.sign_in_attempt WHERE (kind, key) IN (
        SELECT a.kind, a.key FROM app.sign_in_attempt a WHERE a.at < now() - interval '1 day'
        ORDER BY a.at LIMIT app.job_portion());
    GET DIAGNOSTICS gone = ROW_COUNT;
    total := total + gone;
    DELETE FROM app.job_run WHERE (job, period) IN (
        SELECT r.job, r.period FROM app.job_run r WHERE length(r.period) > 10 AND r.at < now() - interval '7 days'
        LIMIT app.job_portion());
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN total + gone;
END
$$;
