-- name: dispatch_line_get
-- One line as its reader may see it.
SELECT * FROM dispatch_line WHERE id = :dispatch_line_id::uuid

-- name: dispatch_line_lock
-- The row a step is about, held until the end of the transaction, and its list before it, as app.papers_hold() tells.
WITH list AS MATERIALIZED (
    SELECT d.id FROM app.dispatch_list d
    WHERE d.id = (SELECT l.list_id FROM app.dispatch_line l WHERE l.id = :dispatch_line_id::uuid) FOR UPDATE)
SELECT l.version, l.status, app.allowed_steps('dispatch_line', l.status, true) AS allowed_steps
FROM app.dispatch_line l
WHERE l.id = :dispatch_line_id::uuid AND l.list_id = (SELECT list.id FROM list) FOR UPDATE

-- name: dispatch_line_create_blockers
-- An adopted pair in good standing, of whom neither is on another list or placed in the term.
SELECT f.rule, f.pointer, f.figures
FROM app.dispatch_line_faults(:dispatch_list_id::uuid, :match_id::uuid, :start_on::date) f

-- name: dispatch_line_create
-- Puts a pair on the list; sides, unit and term come from the trigger.
WITH made AS (
    INSERT INTO app.dispatch_line (id, list_id, match_id, start_on)
    VALUES (:dispatch_line_id::uuid, :dispatch_list_id::uuid, :match_id::uuid, :start_on::date)
    RETURNING id, version)
INSERT INTO app.review (subject_type, subject_id, subject_version, step, opinion)
SELECT 'dispatch_line', m.id, m.version, 'create', :reason::text FROM made m

-- name: dispatch_line_strike_blockers
-- Lines come and go while their list is a draft.
SELECT 'list_not_draft' AS rule, NULL::text AS pointer, NULL::text AS figures
FROM app.dispatch_line l WHERE l.id = :dispatch_line_id::uuid AND l.list_status <> 'draft'

-- name: dispatch_line_strike
-- Takes the line off the list, with the reason; both sides are free again.
WITH changed AS (
    UPDATE app.dispatch_line SET status = 'struck', strike_reason = :reason::text WHERE id = :dispatch_line_id::uuid
    RETURNING id, version)
INSERT INTO app.review (subject_type, subject_id, subject_version, step, opinion)
SELECT 'dispatch_line', c.id, c.version, 'strike', :reason::text FROM changed c
