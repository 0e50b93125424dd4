-- name: sandbox_set_clock
-- Sets the programme's time.
SELECT app.sandbox_set_clock(:now::timestamptz)

-- name: sandbox_set_clock_blockers
-- Elsewhere the programme's time is the real one.
SELECT 'sandbox_only' AS rule, NULL AS pointer, NULL AS figures
WHERE NOT EXISTS (SELECT FROM app.sandbox_clock)

-- name: sandbox_clock
-- The programme's time and what is still to be done for it.
SELECT app.now() AS now, (SELECT count(*) FROM app.work_days())::integer AS days_waiting
