-- The clock of a sandbox. Only a database that was loaded with the demo programme has one; without a row there is
-- nothing to set, whatever profile it is served under.

-- Sets the programme's time, from which it goes on. What the calendar did after that time is forgotten, so that it is
-- done again when the time comes again; the first day is noted, so that those skipped from now on are known.
CREATE OR REPLACE FUNCTION app.sandbox_set_clock(moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    today CONSTANT date := (SELECT p.day FROM app.work_periods() p);
BEGIN
    IF app.fact('actor') <> 'city/st'
       OR NOT EXISTS (SELECT FROM app.account a WHERE a.id = app.fact('account')::uuid AND a.is_admin) THEN
        RAISE EXCEPTION USING ERRCODE = 'TP403', MESSAGE = 'forbidden';
    END IF;
    IF NOT EXISTS (SELECT FROM app.job_run r WHERE r.job = 'day') THEN
        INSERT INTO app.job_run (job, period) VALUES ('day', today - 1);
    END IF;
    UPDATE app.sandbox_clock SET shift = moment - transaction_timestamp();
    DELETE FROM app.job_run WHERE period > (SELECT p.minute FROM app.work_periods() p);
END
$$;
ALTER FUNCTION app.sandbox_set_clock(timestamptz) OWNER TO tepai_internal;
