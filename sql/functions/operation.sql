-- Long jobs: who takes one, keeps it and ends it. Leases and ages are real time, as all of the house's are.

-- Consequences and jobs act as the system; what they do is written down under the name of a step or job.
CREATE OR REPLACE FUNCTION app.act_as_system(operation text) RETURNS void LANGUAGE sql VOLATILE AS
$$
    SELECT set_config('app.operation', operation, true), set_config('app.actor', 'system', true),
           set_config('app.account', '', true), set_config('app.session', '', true), set_config('app.unit', '', true),
           set_config('app.enterprise', '', true), set_config('app.specialist', '', true)
$$;

-- The oldest job that nobody does: new, or left by a worker that lives no more.
CREATE OR REPLACE FUNCTION app.operation_take(lease_seconds integer)
RETURNS TABLE (id uuid, kind text, attempt integer)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    UPDATE app.operation o
    SET state = 'running', progress_bp = 0, attempts = o.attempts + 1,
        leased_until = now() + make_interval(secs => lease_seconds)
    WHERE o.id = (SELECT w.id FROM app.operation w
                  WHERE w.state = 'queued' OR w.state = 'running' AND w.leased_until < now()
                  ORDER BY w.created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING o.id, o.kind, o.attempts
$$;
ALTER FUNCTION app.operation_take(integer) OWNER TO tepai_internal;

-- The lease goes on while the job is this worker's; false when it was stopped or another worker has it.
CREATE OR REPLACE FUNCTION app.operation_beat(of_id uuid, attempt integer, progress integer, lease_seconds integer)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    UPDATE app.operation o
    SET leased_until = now() + make_interval(secs => lease_seconds), progress_bp = greatest(o.progress_bp, progress)
    WHERE o.id = of_id AND o.attempts = attempt AND o.state = 'running';
    RETURN FOUND;
END
$$;
ALTER FUNCTION app.operation_beat(uuid, integer, integer, integer) OWNER TO tepai_internal;

-- Ends a job, once: whoever is late finds that it is his no more. The result stays for seven days.
CREATE OR REPLACE FUNCTION app.operation_end(of_id uuid, attempt integer, into_state text, result jsonb, problem jsonb)
RETURNS boolean LANGUAGE plpgsql VOLATILE AS
$$
BEGIN
    UPDATE app.operation o
    SET state = into_state, result = operation_end.result, problem = operation_end.problem,
        progress_bp = CASE into_state WHEN 'succeeded' THEN 10000 ELSE o.progress_bp END, leased_until = NULL,
        finished_at = now(), expires_at = now() + interval '7 days'
    WHERE o.id = of_id AND o.attempts = coalesce(attempt, o.attempts) AND o.state IN ('queued', 'running');
    RETURN FOUND;
END
$$;

-- A job that cannot be done: its record says so, and so does what it was for.
CREATE OR REPLACE FUNCTION app.operation_fail(of_id uuid, attempt integer) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    PERFORM app.act_as_system('operation_fail');
    IF NOT app.operation_end(of_id, attempt, 'failed', NULL, '{"code": "internal_error"}') THEN
        RETURN false;
    END IF;
    UPDATE app.match_round r SET status = 'failed' WHERE r.operation_id = of_id AND r.status = 'computing';
    RETURN true;
END
$$;
ALTER FUNCTION app.operation_fail(uuid, integer) OWNER TO tepai_internal;
