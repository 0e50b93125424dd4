-- name: work_feed
-- Moves committed events to the feed.
SELECT app.feed_advance(:most::integer)

-- name: work_head_due
-- The head of the feed when it wants signing.
SELECT pos, hash, at FROM app.feed_head_due(:every::integer)

-- name: work_head_keep
-- Keeps a signed head.
SELECT app.feed_head_keep(:pos::bigint, :head) AS kept

-- name: work_periods
-- Minute, hour and day that jobs are due for.
SELECT minute, hour, day FROM app.work_periods()

-- name: work_days
-- Days whose work is not finished, the earliest first.
SELECT day FROM app.work_days() AS w(day)

-- name: work_once
-- Does a job unless its period is done.
SELECT app.work_once(:job, :period, :day::date) AS moved

-- name: work_blobs_unused
-- Those of the files, by their SHA-256, that no stored row has.
SELECT u.name FROM app.blobs_unused(:names::text[]) AS u(name)

-- name: work_parts_unused
-- Those of the files, by id, that wait for no part.
SELECT u.id FROM app.parts_unused(:ids::uuid[]) AS u(id)
