-- Why filters stand inside coalesce is told in enterprise.sql.

-- part: dispatch_list_rows
SELECT d.id, d.version, d.created_at, d.updated_at, d.status, d.title, d.year, d.batch_no, d.notice_from, d.notice_to
FROM app.dispatch_list d
WHERE coalesce((:status::text[] IS NULL OR d.status = ANY (:status::text[]))
      AND (:year::integer[] IS NULL OR d.year = ANY (:year::integer[]))
      AND (:notice_to_from::date IS NULL OR d.notice_to >= :notice_to_from::date)
      AND (:notice_to_before::date IS NULL OR d.notice_to < :notice_to_before::date)
      AND (:updated_since::timestamptz IS NULL OR d.updated_at >= :updated_since::timestamptz), false)

-- name: dispatch_list_list
-- Lists the caller may see, by updated at, the latest first.
-- include: dispatch_list_rows
  AND (d.updated_at, d.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY d.updated_at DESC, d.id DESC
LIMIT :limit::integer

-- name: dispatch_list_list_by_id
-- The same by id, for walks that must not miss a row.
-- include: dispatch_list_rows
  AND d.id > :after_id::uuid
ORDER BY d.id
LIMIT :limit::integer

-- name: dispatch_list_get
-- One list with its lines, as its reader may see it.
SELECT * FROM dispatch_list WHERE id = :dispatch_list_id::uuid

-- name: dispatch_list_lock
-- The row a step or change is about, held until the end of the transaction.
SELECT d.version, d.status, app.allowed_steps('dispatch_list', d.status, true) AS allowed_steps
FROM app.dispatch_list d WHERE d.id = :dispatch_list_id::uuid FOR UPDATE

-- name: dispatch_list_create
-- Begins a list; lines are put on it one by one.
INSERT INTO app.dispatch_list (id, title, year, batch_no, note, public_notice)
VALUES (:dispatch_list_id::uuid, :title, :year::integer, :batch_no::integer, :note,
        coalesce(:public_notice::boolean, false))

-- name: dispatch_list_update_blockers
-- Only a draft is written.
SELECT 'not_editable' AS rule, NULL::text AS pointer, d.status AS figures
FROM app.dispatch_list d WHERE d.id = :dispatch_list_id::uuid AND d.status <> 'draft'

-- name: dispatch_list_update
-- Lays the patch over the row; null in it empties a member.
UPDATE app.dispatch_list d
SET (title, year, batch_no, note, public_notice)
  = (SELECT p.title, p.year, p.batch_no, p.note, coalesce(p.public_notice, false)
     FROM jsonb_populate_record(app.dispatch_list_private(d.id), :patch::jsonb) p)
WHERE d.id = :dispatch_list_id::uuid

-- name: dispatch_list_consult_blockers
-- There must be something to talk about.
SELECT 'list_empty' AS rule, NULL::text AS pointer, NULL::text AS figures
WHERE NOT EXISTS (SELECT FROM app.dispatch_line l
                  WHERE l.list_id = :dispatch_list_id::uuid AND l.status = 'listed')

-- name: dispatch_list_consult
-- Asks the talent office about every line; what it said before is asked anew.
UPDATE app.dispatch_list SET status = 'consulting' WHERE id = :dispatch_list_id::uuid

-- name: dispatch_list_concur_blockers
-- Each listed line is judged once, and an objection says why.
SELECT f.rule, f.pointer, f.figures FROM app.concurrence_faults(:dispatch_list_id::uuid, :lines::jsonb) f

-- name: dispatch_list_concur
-- The talent office's word on each line; one objection sends the list back.
WITH changed AS (
    UPDATE app.dispatch_list d SET status = app.dispatch_lines_judge(d.id, :lines::jsonb)
    WHERE d.id = :dispatch_list_id::uuid
    RETURNING d.id, d.version, d.status)
INSERT INTO app.review (subject_type, subject_id, subject_version, step, decision, opinion)
SELECT 'dispatch_list', c.id, c.version, 'concur', CASE c.status WHEN 'concurred' THEN 'pass' ELSE 'return' END,
       :opinion::text
FROM changed c

-- name: dispatch_list_announce
-- Puts the list on public notice; its days come from the policy.
UPDATE app.dispatch_list SET status = 'announced' WHERE id = :dispatch_list_id::uuid

-- name: dispatch_list_fix_blockers
-- Every precondition, asked again while list, firms, persons and pairs are held.
SELECT f.rule, f.pointer, f.figures FROM app.dispatch_list_fix_faults(:dispatch_list_id::uuid) f

-- name: dispatch_list_fix
-- The list is final; its lines are fixed by the trigger.
UPDATE app.dispatch_list SET status = 'fixed' WHERE id = :dispatch_list_id::uuid

-- name: dispatch_list_reopen
-- Opened for changes, with the reason; concurrence and notice are gone.
WITH changed AS (
    UPDATE app.dispatch_list SET status = 'draft' WHERE id = :dispatch_list_id::uuid RETURNING id, version)
INSERT INTO app.review (subject_type, subject_id, subject_version, step, opinion)
SELECT 'dispatch_list', c.id, c.version, 'reopen', :reason::text FROM changed c

-- name: dispatch_list_cancel
-- The list is given up, and its lines are struck for the same reason.
WITH struck AS (
    UPDATE app.dispatch_line SET status = 'struck', strike_reason = :reason::text
    WHERE list_id = :dispatch_list_id::uuid AND status = 'listed'),
changed AS (
    UPDATE app.dispatch_list SET status = 'cancelled' WHERE id = :dispatch_list_id::uuid RETURNING id, version)
INSERT INTO app.review (subject_type, subject_id, subject_version, step, opinion)
SELECT 'dispatch_list', c.id, c.version, 'cancel', :reason::text FROM changed c
