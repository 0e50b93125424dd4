-- Why filters stand inside coalesce is told in enterprise.sql.

-- part: placement_rows
SELECT p.id, p.version, p.created_at, p.updated_at, p.unit_id, p.status, p.placement_no, p.specialist_id,
       p.enterprise_id,
       p.institution_id, p.demand_id, p.agreement_id, p.notice_id, p.term_no, p.start_on, p.end_on, p.ended_on
FROM placement p
WHERE coalesce((:status::text[] IS NULL OR p.status = ANY (:status::text[]))
      AND (:unit_id::text[] IS NULL OR p.unit_id = ANY (:unit_id::text[]))
      AND (:enterprise_id::uuid[] IS NULL OR p.enterprise_id = ANY (:enterprise_id::uuid[]))
      AND (:specialist_id::uuid[] IS NULL OR p.specialist_id = ANY (:specialist_id::uuid[]))
      AND (:demand_id::uuid[] IS NULL OR p.demand_id = ANY (:demand_id::uuid[]))
      AND (:agreement_id::uuid[] IS NULL OR p.agreement_id = ANY (:agreement_id::uuid[]))
      AND (:notice_id::uuid[] IS NULL OR p.notice_id = ANY (:notice_id::uuid[]))
      AND (:placement_no::text IS NULL OR p.placement_no = :placement_no::text)
      AND (:start_on_from::date IS NULL OR p.start_on >= :start_on_from::date)
      AND (:start_on_before::date IS NULL OR p.start_on < :start_on_before::date)
      AND (:end_on_from::date IS NULL OR p.end_on >= :end_on_from::date)
      AND (:end_on_before::date IS NULL OR p.end_on < :end_on_before::date)
      AND (:updated_since::timestamptz IS NULL OR p.updated_at >= :updated_since::timestamptz), false)

-- name: placement_list
-- Placements the caller may see, by updated at, the latest first.
-- include: placement_rows
  AND (p.updated_at, p.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY p.updated_at DESC, p.id DESC
LIMIT :limit::integer

-- name: placement_list_by_id
-- The same by id, for walks that must not miss a row.
-- include: placement_rows
  AND p.id > :after_id::uuid
ORDER BY p.id
LIMIT :limit::integer

-- name: placement_get
-- One placement as its reader may see it.
SELECT * FROM placement WHERE id = :placement_id::uuid

-- name: placement_lock
-- The row a step is about, held until the end of the transaction.
SELECT p.version, p.status, app.allowed_steps('placement', p.status, true) AS allowed_steps
FROM app.placement p WHERE p.id = :placement_id::uuid FOR UPDATE

-- name: placement_cancel_blockers
-- Both sides and the county read why.
SELECT f.rule, f.pointer, f.figures FROM app.opinion_faults('cancel', :opinion::text) f

-- name: placement_cancel
-- It does not begin. Its agreement is cancelled with it by the triggers of that room.
WITH changed AS (
    UPDATE app.placement SET status = 'cancelled', end_reason = 'cancelled'
    WHERE id = :placement_id::uuid
    RETURNING id, version, unit_id, enterprise_id)
INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, enterprise_id, step, decision, opinion)
SELECT 'placement', c.id, c.version, c.unit_id, c.enterprise_id, 'cancel', 'cancel', :opinion::text FROM changed c
