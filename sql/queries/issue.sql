-- Why filters stand inside coalesce is told in enterprise.sql.

-- part: issue_rows
SELECT i.id, i.version, i.created_at, i.updated_at, i.unit_id, i.status, i.source, i.list_id, i.line_id, i.placement_id,
       i.category, i.severity, i.owner_side, i.owner_office, i.due_on, i.upheld
FROM app.issue i
WHERE coalesce((:status::text[] IS NULL OR i.status = ANY (:status::text[]))
      AND (:unit_id::text[] IS NULL OR i.unit_id = ANY (:unit_id::text[]))
      AND (:source::text[] IS NULL OR i.source = ANY (:source::text[]))
      AND (:category::text[] IS NULL OR i.category = ANY (:category::text[]))
      AND (:list_id::uuid[] IS NULL OR i.list_id = ANY (:list_id::uuid[]))
      AND (:placement_id::uuid[] IS NULL OR i.placement_id = ANY (:placement_id::uuid[]))
      AND (:owner_side::text[] IS NULL OR i.owner_side = ANY (:owner_side::text[]))
      AND (:due_on_from::date IS NULL OR i.due_on >= :due_on_from::date)
      AND (:due_on_before::date IS NULL OR i.due_on < :due_on_before::date)
      AND (:updated_since::timestamptz IS NULL OR i.updated_at >= :updated_since::timestamptz), false)

-- name: issue_list
-- Issues the caller may see, by updated at, the latest first.
-- include: issue_rows
  AND (i.updated_at, i.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY i.updated_at DESC, i.id DESC
LIMIT :limit::integer

-- name: issue_list_by_id
-- The same by id, for walks that must not miss a row.
-- include: issue_rows
  AND i.id > :after_id::uuid
ORDER BY i.id
LIMIT :limit::integer

-- name: issue_get
-- One issue as its reader may see it.
SELECT * FROM issue WHERE id = :issue_id::uuid

-- name: issue_lock
-- The row a step is about, held until the end of the transaction.
SELECT i.version, i.status, app.issue_steps(i) AS allowed_steps
FROM app.issue i WHERE i.id = :issue_id::uuid FOR UPDATE

-- name: issue_create_blockers
-- What it is about must be the caller's to name, and an objection comes while the list is announced.
SELECT f.rule, f.pointer, f.figures
FROM app.issue_faults(:source::text, :list_id::uuid, :line_id::uuid, :placement_id::uuid, :category::text) f

-- name: issue_create
-- Raises it; whose it is, unit and sides come from the trigger.
INSERT INTO app.issue (id, source, list_id, line_id, placement_id, category, severity, content, attachments)
VALUES (:issue_id::uuid, :source, :list_id::uuid, :line_id::uuid, :placement_id::uuid, :category, :severity, :content,
        (SELECT array_agg(e::uuid) FROM jsonb_array_elements_text(:attachments::jsonb) e))

-- name: issue_assign_blockers
-- An office that may resolve it or a side of the placement, and a day to come. Objections are decided by an office.
SELECT 'owner_office_fits' AS rule, '#/owner_office' AS pointer, NULL::text AS figures
WHERE CASE :owner_side::text WHEN 'city' THEN coalesce(:owner_office::text, 'st') <> 'st'
                             WHEN 'county' THEN coalesce(:owner_office::text, 'st') NOT IN ('st', 'talent')
                             ELSE :owner_office::text IS NOT NULL END
UNION ALL
SELECT 'objection_owner', '#/owner_side', NULL
FROM app.issue i
WHERE i.id = :issue_id::uuid AND i.source = 'public_notice' AND :owner_side::text NOT IN ('city', 'county')
UNION ALL
SELECT 'due_in_past', '#/due_on', NULL WHERE :due_on::date < app.today()

-- name: issue_assign
-- It gets an owner and a date, or another one.
WITH changed AS (
    UPDATE app.issue
    SET status = 'assigned', owner_side = :owner_side::text,
        owner_office = CASE :owner_side::text WHEN 'city' THEN 'st' ELSE :owner_office::text END,
        due_on = :due_on::date
    WHERE id = :issue_id::uuid
    RETURNING id, version, unit_id)
INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, step, opinion)
SELECT 'issue', c.id, c.version, c.unit_id, 'assign', :opinion::text FROM changed c

-- name: issue_resolve_blockers
-- Of an objection it is said whether it holds, and of nothing else.
SELECT 'upheld_required' AS rule, '#/upheld' AS pointer, NULL::text AS figures
FROM app.issue i WHERE i.id = :issue_id::uuid AND i.source = 'public_notice' AND :upheld::boolean IS NULL
UNION ALL
SELECT 'upheld_of_objections', '#/upheld', NULL
FROM app.issue i WHERE i.id = :issue_id::uuid AND i.source <> 'public_notice' AND :upheld::boolean IS NOT NULL

-- name: issue_resolve
-- What was done about it; the raiser is asked whether he is content.
WITH changed AS (
    UPDATE app.issue SET status = 'resolved', resolution = :resolution::text, upheld = :upheld::boolean
    WHERE id = :issue_id::uuid
    RETURNING id, version, unit_id)
INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, step, decision, opinion)
SELECT 'issue', c.id, c.version, c.unit_id, 'resolve',
       CASE :upheld::boolean WHEN true THEN 'upheld' WHEN false THEN 'dismissed' END, :resolution::text
FROM changed c

-- name: issue_confirm_blockers
-- Who is not content says why.
SELECT f.rule, f.pointer, f.figures FROM app.opinion_faults(:decision::text, :opinion::text) f

-- name: issue_confirm
-- The raiser is content, and it is closed; or not, and it goes back to its owner.
WITH changed AS (
    UPDATE app.issue SET status = CASE :decision::text WHEN 'pass' THEN 'closed' WHEN 'return' THEN 'assigned' END
    WHERE id = :issue_id::uuid
    RETURNING id, version, unit_id)
INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, step, decision, opinion)
SELECT 'issue', c.id, c.version, c.unit_id, 'confirm', :decision::text, :opinion::text FROM changed c

-- name: issue_withdraw
-- The raiser takes it back.
WITH changed AS (
    UPDATE app.issue SET status = 'withdrawn' WHERE id = :issue_id::uuid RETURNING id, version, unit_id)
INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, step, opinion)
SELECT 'issue', c.id, c.version, c.unit_id, 'withdraw', :opinion::text FROM changed c
