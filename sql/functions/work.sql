-- What the background worker runs: jobs of the calendar, each once for its period, in the name of `system`, and sweeps
-- of what the house need not keep. The table of jobs and their times is in src/work/calendar.c.

-- Rows that one run of a job may move before it is asked again, so that no statement meets the time limit.
CREATE OR REPLACE FUNCTION app.job_portion() RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 1000 $$;

-- Published calls whose time is over.
CREATE OR REPLACE FUNCTION app.job_call_close(day date) RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    moved integer;
BEGIN
    UPDATE app.call SET status = 'closed'
    WHERE id IN (SELECT c.id FROM app.call c WHERE c.status = 'published' AND c.closes_at <= app.now()
                 LIMIT app.job_portion() FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END
$$;

-- Open demands after the last day of their validity, and returned ones after the last day to correct them.
CREATE OR REPLACE FUNCTION app.job_demand_expire(day date) RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    moved integer;
BEGIN
    UPDATE app.demand SET status = 'expired'
    WHERE id IN (SELECT d.id FROM app.demand d
                 WHERE d.status = 'open' AND d.valid_to < day OR d.status = 'returned' AND d.correct_by_on < day
                 LIMIT app.job_portion() FOR UPDATE);
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END
$$;

-- Adopted policies that a newer one has taken the place of.
CREATE OR REPLACE FUNCTION app.job_policy_supersede(day date) RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    moved integer;
BEGIN
    UPDATE app.policy p SET status = 'superseded'
    WHERE p.status = 'adopted' AND p.valid_to < day
      AND EXISTS (SELECT FROM app.policy n
                  WHERE n.status = 'adopted' AND n.valid_from > p.valid_to AND n.valid_from <= day);
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END
$$;

-- The periods of this moment: minute, hour, and the day whose work is due, which is done from five past midnight.
CREATE OR REPLACE FUNCTION app.work_periods(OUT minute text, OUT hour text, OUT day date) LANGUAGE sql STABLE AS
$$
    SELECT to_char(t.at, 'YYYY-MM-DD"T"HH24:MI'), to_char(t.at, 'YYYY-MM-DD"T"HH24'),
           (t.at - interval '5 minutes')::date
    FROM (SELECT app.now() AT TIME ZONE 'Asia/Shanghai' AS at) t
$$;

-- Days whose work is not finished: those since the first day ever finished, of the last 400; the present one at first.
CREATE OR REPLACE FUNCTION app.work_days() RETURNS SETOF date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT d::date
    FROM app.work_periods() p
    CROSS JOIN LATERAL generate_series(
        greatest(p.day - 400, least(p.day, (SELECT min(r.period)::date FROM app.job_run r WHERE r.job = 'day'))),
        p.day, interval '1 day') d
    WHERE NOT EXISTS (SELECT FROM app.job_run r WHERE r.job = 'day' AND r.period = to_char(d, 'YYYY-MM-DD'))
    ORDER BY 1
$$;
ALTER FUNCTION app.work_days() OWNER TO tepai_internal;

-- Does a job unless its period is done: gives how many rows it moved, null when it was done before, -1 when another
-- worker does it at this moment. Work and mark are one transaction: whoever dies in it has done neither. A job that
-- moved a whole portion is not marked, for it has more to do. `day` alone marks a day as finished.
CREATE OR REPLACE FUNCTION app.work_once(of_job text, of_period text, day date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    moved integer := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('tepai job ' || of_job)) THEN
        RETURN -1;
    END IF;
    INSERT INTO app.job_run (job, period) VALUES (of_job, of_period) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('app.operation', of_job, true), set_config('app.actor', 'system', true),
            set_config('app.account', '', true), set_config('app.session', '', true),
            set_config('app.unit', '', true), set_config('app.enterprise', '', true),
            set_config('app.specialist', '', true);
    IF of_job <> 'day' THEN
        EXECUTE format('SELECT app.%I($1)', 'job_' || of_job) INTO moved USING day;
    END IF;
    IF moved >= app.job_portion() THEN
        DELETE FROM app.job_run WHERE job = of_job AND period = of_period;
    ELSE
        UPDATE app.job_run SET rows = moved WHERE job = of_job AND period = of_period;
    END IF;
    RETURN moved;
END
$$;
ALTER FUNCTION app.work_once(text, text, date) OWNER TO tepai_internal;
