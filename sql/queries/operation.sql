-- name: operation_get
-- One long job as its reader may see it.
SELECT * FROM operation WHERE id = :operation_id::uuid

-- name: work_operation_take
-- Takes the oldest job that nobody does.
SELECT id, kind, attempt FROM app.operation_take(:lease::integer)

-- name: work_operation_beat
-- Says that the worker lives and how far it is; false when the job is its own no more.
SELECT app.operation_beat(:id::uuid, :attempt::integer, :progress::integer, :lease::integer) AS goes_on

-- name: work_operation_fail
-- Ends a job that cannot be done.
SELECT app.operation_fail(:id::uuid, :attempt::integer) AS ended
