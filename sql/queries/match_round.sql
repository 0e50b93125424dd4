-- Why filters stand inside coalesce is told in demand.sql.

-- part: match_round_rows
SELECT r.id, r.version, r.created_at, r.updated_at, r.status, r.title, r.year, r.batch_no, r.method, r.unit_ids,
       r.start_on, r.computed_at
FROM match_round r
WHERE coalesce((:status::text[] IS NULL OR r.status = ANY (:status::text[]))
      AND (:year::integer[] IS NULL OR r.year = ANY (:year::integer[]))
      AND (:method::text IS NULL OR r.method = :method::text)
      AND (:start_on_from::date IS NULL OR r.start_on >= :start_on_from::date)
      AND (:start_on_before::date IS NULL OR r.start_on < :start_on_before::date)
      AND (:updated_since::timestamptz IS NULL OR r.updated_at >= :updated_since::timestamptz), false)

-- name: match_round_list
-- Rounds the caller may see, by updated at, the latest first.
-- include: match_round_rows
  AND (r.updated_at, r.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY r.updated_at DESC, r.id DESC
LIMIT :limit::integer

-- name: match_round_list_by_id
-- The same by id, for walks that must not miss a row.
-- include: match_round_rows
  AND r.id > :after_id::uuid
ORDER BY r.id
LIMIT :limit::integer

-- name: match_round_get
-- One round as its reader may see it.
SELECT * FROM match_round WHERE id = :match_round_id::uuid

-- name: match_round_begun
-- The same for its create: a computed one is answered by its job.
SELECT r.*, to_json(o) AS accepted, o.id AS accepted_id
FROM match_round r LEFT JOIN operation o ON o.id = r.operation_id
WHERE r.id = :match_round_id::uuid

-- name: match_round_lock
-- The row a step is about. The job that computes it may go on writing matches, and sees in the end that it was stopped.
SELECT r.version, r.status, app.allowed_steps('match_round', r.status, true) AS allowed_steps
FROM app.match_round r WHERE r.id = :match_round_id::uuid FOR NO KEY UPDATE

-- name: match_round_create_blockers
-- A term that begins in the next two years, and units that there are.
SELECT 'round_starts_in_past' AS rule, '#/start_on' AS pointer, :start_on::text AS figures
WHERE :start_on::date < app.today()
UNION ALL
SELECT f.rule, f.pointer, f.figures FROM app.far_faults(:start_on::date, '#/start_on') f
UNION ALL
SELECT 'reference_not_found', '#/unit_ids/' || (u.i - 1), NULL
FROM jsonb_array_elements_text(:unit_ids::jsonb) WITH ORDINALITY AS u(code, i)
WHERE NOT EXISTS (SELECT FROM app.unit x WHERE x.code = u.code)

-- name: match_round_create
-- Opens a round; the trigger keeps the policy's rules with it and begins the job of a computed one.
INSERT INTO app.match_round (id, title, year, batch_no, method, unit_ids, start_on)
VALUES (:match_round_id::uuid, :title, :year::integer, :batch_no::integer, :method,
        app.text_array(:unit_ids::jsonb), :start_on::date)

-- name: match_round_adopt_blockers
-- Somebody has confirmed, declared interests are cleared, and nobody is taken already.
SELECT f.rule, f.pointer, f.figures FROM app.match_round_adopt_faults(:match_round_id::uuid, :cleared::jsonb) f

-- name: match_round_adopt
-- The bureau's word; the triggers take the confirmed pairs and exclude the rest. What clears an interest is kept.
WITH clearance AS (
    SELECT (c ->> 'match_id')::uuid AS match_id, c ->> 'reason' AS reason FROM jsonb_array_elements(:cleared::jsonb) c),
cleared AS (
    UPDATE app.match m SET conflict_cleared_by = app.fact('account')::uuid
    FROM clearance c WHERE m.id = c.match_id AND m.round_id = :match_round_id::uuid
    RETURNING m.id, m.version, m.unit_id, m.enterprise_id, c.reason),
noted AS (
    INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, enterprise_id, step, decision, opinion,
                            visible_to_applicant)
    SELECT 'match', c.id, c.version, c.unit_id, c.enterprise_id, 'adopt', 'clear', c.reason, false FROM cleared c)
UPDATE app.match_round SET status = 'adopted' WHERE id = :match_round_id::uuid

-- name: match_round_cancel
-- The round is dropped, or its computation stopped.
WITH changed AS (
    UPDATE app.match_round SET status = 'cancelled' WHERE id = :match_round_id::uuid
    RETURNING id, version)
INSERT INTO app.review (subject_type, subject_id, subject_version, step, opinion)
SELECT 'match_round', c.id, c.version, 'cancel', :reason::text FROM changed c

-- name: work_match_round_open
-- The round of a job, and who takes part in it.
SELECT id, input, portion, enterprises, demand_count, specialist_count, demands, specialists
FROM app.match_round_open(:operation::uuid)

-- name: work_match_round_read
-- The admissible pairs of some of its demands.
SELECT demand_id, specialist_id, enterprise_id, priority_no, enterprise_rank, specialist_rank, score_bp, priority_bp,
       opened_us, entered_us
FROM app.match_round_read(:round::uuid, :demands::uuid[], :specialists::uuid[])

-- name: work_match_round_keep_pairs
-- Keeps a portion of the pairs the proposal came from.
SELECT app.match_round_keep_pairs(:round::uuid, :demands::uuid[], :specialists::uuid[], :enterprises::uuid[],
                                  :enterprise_places::integer[], :specialist_places::integer[]) AS kept

-- name: work_match_round_propose
-- Writes a portion of the proposal.
SELECT app.match_round_propose(:round::uuid, :demands::uuid[], :specialists::uuid[]) AS made

-- name: work_match_round_finish
-- Ends the job with its result.
SELECT app.match_round_finish(:operation::uuid, :attempt::integer, :sha256, :counts::jsonb) AS ended
