-- Why filters stand inside coalesce is told in enterprise.sql.

-- part: obligation_rows
SELECT o.id, o.version, o.created_at, o.updated_at, o.created_by, o.unit_id, o.status, o.kind, o.placement_id,
       o.debtor_role,
       o.debtor_office, o.enterprise_id, o.specialist_id, o.period, o.period_from, o.period_to, o.due_on, o.extended_to,
       o.fulfilled_on, o.fulfilled_by, o.reason, o.allowed_steps
FROM obligation o
WHERE coalesce((:status::text[] IS NULL OR o.status = ANY (:status::text[]))
      AND (:kind::text[] IS NULL OR o.kind = ANY (:kind::text[]))
      AND (:unit_id::text[] IS NULL OR o.unit_id = ANY (:unit_id::text[]))
      AND (:placement_id::uuid[] IS NULL OR o.placement_id = ANY (:placement_id::uuid[]))
      AND (:debtor_role::text[] IS NULL OR o.debtor_role = ANY (:debtor_role::text[]))
      AND (:enterprise_id::uuid[] IS NULL OR o.enterprise_id = ANY (:enterprise_id::uuid[]))
      AND (:specialist_id::uuid[] IS NULL OR o.specialist_id = ANY (:specialist_id::uuid[]))
      AND (:due_on_from::date IS NULL OR o.due_on >= :due_on_from::date)
      AND (:due_on_before::date IS NULL OR o.due_on < :due_on_before::date)
      AND (:updated_since::timestamptz IS NULL OR o.updated_at >= :updated_since::timestamptz), false)

-- name: obligation_list
-- Obligations the caller may see, the earliest due first.
-- include: obligation_rows
  AND (o.due_on, o.id) > (:after_1::date, :after_id::uuid)
ORDER BY o.due_on, o.id
LIMIT :limit::integer

-- name: obligation_list_by_updated_at
-- The same by updated at, the latest first.
-- include: obligation_rows
  AND (o.updated_at, o.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY o.updated_at DESC, o.id DESC
LIMIT :limit::integer

-- name: obligation_list_by_id
-- The same by id, for walks that must not miss a row.
-- include: obligation_rows
  AND o.id > :after_id::uuid
ORDER BY o.id
LIMIT :limit::integer

-- name: obligation_get
-- One obligation as its reader may see it: what a step answers with.
SELECT * FROM obligation WHERE id = :obligation_id::uuid

-- name: obligation_lock
-- The row a step is about, held until the end of the transaction.
SELECT o.version, o.status, app.allowed_steps('obligation', o.status, true) AS allowed_steps
FROM app.obligation o WHERE o.id = :obligation_id::uuid FOR UPDATE

-- name: obligation_extend_blockers
-- Later than it is due now, not in the past and not beyond two years; nobody extends what his own office owes.
SELECT 'own_obligation' AS rule, NULL::text AS pointer, NULL::text AS figures
FROM app.obligation o WHERE o.id = :obligation_id::uuid AND o.debtor_role = app.my_side()
UNION ALL
SELECT 'extension_not_later', '#/extended_to', greatest(app.due(o.extended_to, o.due_on), app.today() - 1)::text
FROM app.obligation o
WHERE o.id = :obligation_id::uuid
  AND :extended_to::date <= greatest(app.due(o.extended_to, o.due_on), app.today() - 1)
UNION ALL
SELECT f.rule, f.pointer, f.figures FROM app.far_faults(:extended_to::date, '#/extended_to') f

-- name: obligation_extend
-- More time; the first date stays what it was.
UPDATE app.obligation SET status = 'open', extended_to = :extended_to::date, reason = :reason
WHERE id = :obligation_id::uuid

-- name: obligation_excuse_blockers
-- Nobody excuses himself.
SELECT 'own_obligation' AS rule, NULL::text AS pointer, NULL::text AS figures
FROM app.obligation o WHERE o.id = :obligation_id::uuid AND o.debtor_role = app.my_side()

-- name: obligation_excuse
-- It need not be met, and this is why.
UPDATE app.obligation SET status = 'excused', reason = :reason WHERE id = :obligation_id::uuid
