-- What the background worker has done. A job's row is written in the transaction of its work, so that the work of one
-- period is done once, however many workers there are and whenever one of them dies.
CREATE TABLE app.job_run (
    job    text,
    period text,
    at     timestamptz NOT NULL DEFAULT now(),
    rows   integer NOT NULL DEFAULT 0,
    CONSTRAINT job_run_pkey PRIMARY KEY (job, period)
);
