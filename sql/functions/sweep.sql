-- What the house need not keep. All times are real times: a sandbox's clock set forward must not throw anything away.

-- Kept answers older than 30 days, sign-in sessions that ended 30 days ago after their refresh tokens, counters of
-- sign-in that have been quiet for a day, assertions and tokens of machines that have ended by themselves, old rows of the
-- worker's own book but those of days, long jobs seven days after their end, and the pairs of rounds that are settled:
-- their counts are kept. Each part takes at most a portion; when one was full, the sum is no less and the job is asked
-- again at once.
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
    DELETE FROM app.refresh_token WHERE hash IN (
        SELECT t.hash FROM app.session s JOIN app.refresh_token t ON t.session_id = s.id
        WHERE least(s.ended_at, s.expires_at) < now() - interval '30 days' LIMIT app.job_portion());
    GET DIAGNOSTICS gone = ROW_COUNT;
    total := total + gone;
    DELETE FROM app.session WHERE id IN (
        SELECT s.id FROM app.session s
        WHERE least(s.ended_at, s.expires_at) < now() - interval '30 days'
          AND NOT EXISTS (SELECT FROM app.refresh_token t WHERE t.session_id = s.id) LIMIT app.job_portion());
    GET DIAGNOSTICS gone = ROW_COUNT;
    total := total + gone;
    DELETE FROM app.sign_in_attempt WHERE (kind, key) IN (
        SELECT a.kind, a.key FROM app.sign_in_attempt a WHERE a.at < now() - interval '1 day'
        ORDER BY a.at LIMIT app.job_portion());
    GET DIAGNOSTICS gone = ROW_COUNT;
    total := total + gone;
    DELETE FROM app.client_assertion WHERE (client_id, jti) IN (
        SELECT a.client_id, a.jti FROM app.client_assertion a WHERE a.ends_at < now() LIMIT app.job_portion());
    GET DIAGNOSTICS gone = ROW_COUNT;
    total := total + gone;
    DELETE FROM app.client_token WHERE id IN (
        SELECT t.id FROM app.client_token t WHERE t.ends_at < now() LIMIT app.job_portion());
    GET DIAGNOSTICS gone = ROW_COUNT;
    total := total + gone;
    DELETE FROM app.job_run WHERE (job, period) IN (
        SELECT r.job, r.period FROM app.job_run r WHERE length(r.period) > 10 AND r.at < now() - interval '7 days'
        LIMIT app.job_portion());
    GET DIAGNOSTICS gone = ROW_COUNT;
    total := total + gone;
    DELETE FROM app.operation WHERE id IN (
        SELECT o.id FROM app.operation o WHERE o.expires_at < now() LIMIT app.job_portion());
    GET DIAGNOSTICS gone = ROW_COUNT;
    total := total + gone;
    DELETE FROM app.match_pair WHERE (round_id, demand_id, specialist_id) IN (
        SELECT p.round_id, p.demand_id, p.specialist_id
        FROM app.match_round r JOIN app.match_pair p ON p.round_id = r.id
        WHERE r.status NOT IN ('computing', 'proposed') LIMIT app.job_portion());
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN total + gone;
END
$$;
