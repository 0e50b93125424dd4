-- Filters stand inside coalesce, as those of the demands do and for the same reason.

-- part: service_offer_rows
SELECT o.id, o.version, o.created_at, o.updated_at, o.status, o.specialist_id, o.title, o.task_group, o.service_forms,
       o.tech_fields, o.fee_fen, o.available_from, o.available_to
FROM service_offer o
WHERE coalesce((:status::text[] IS NULL OR o.status = ANY (:status::text[]))
      AND (:specialist_id::uuid[] IS NULL OR o.specialist_id = ANY (:specialist_id::uuid[]))
      AND (:task_group::text[] IS NULL OR o.task_group = ANY (:task_group::text[]))
      AND (:tech_field::text[] IS NULL OR o.tech_fields::jsonb ?| :tech_field::text[])
      AND (:service_form::text[] IS NULL OR o.service_forms::jsonb ?| :service_form::text[])
      AND (:fee_fen_min::bigint IS NULL OR o.fee_fen >= :fee_fen_min::bigint)
      AND (:fee_fen_max::bigint IS NULL OR o.fee_fen <= :fee_fen_max::bigint)
      AND (:available_from_from::date IS NULL OR o.available_from >= :available_from_from::date)
      AND (:available_from_before::date IS NULL OR o.available_from < :available_from_before::date)
      AND (:available_to_from::date IS NULL OR o.available_to >= :available_to_from::date)
      AND (:available_to_before::date IS NULL OR o.available_to < :available_to_before::date)
      AND (:updated_since::timestamptz IS NULL OR o.updated_at >= :updated_since::timestamptz), false)

-- name: service_offer_list
-- Lines of menus the caller may see, by updated at, the latest first.
-- include: service_offer_rows
  AND (o.updated_at, o.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY o.updated_at DESC, o.id DESC
LIMIT :limit::integer

-- name: service_offer_list_by_id
-- The same by id, for walks that must not miss a row.
-- include: service_offer_rows
  AND o.id > :after_id::uuid
ORDER BY o.id
LIMIT :limit::integer

-- name: service_offer_list_search
-- The same that hold all the words.
-- include: service_offer_rows
  AND o.id IN (SELECT app.service_offer_search(:q))
  AND (o.updated_at, o.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY o.updated_at DESC, o.id DESC
LIMIT :limit::integer

-- name: service_offer_get
-- One line of a menu.
SELECT * FROM service_offer WHERE id = :service_offer_id::uuid

-- name: service_offer_lock
-- The row a step or change is about, held until the end of the transaction.
SELECT o.version, o.status, app.allowed_steps('service_offer', o.status, true) AS allowed_steps
FROM app.service_offer o WHERE o.id = :service_offer_id::uuid FOR UPDATE

-- name: service_offer_create_blockers
-- Who stands in the register offers services, in codes that exist.
SELECT f.rule, f.pointer, f.figures FROM app.service_offer_faults(:whole::jsonb) f

-- name: service_offer_create
-- A new line of the caller's own menu, published at once.
INSERT INTO app.service_offer (id, specialist_id, title, description, deliverables, task_group, service_forms,
                               tech_fields, fee_fen, available_from, available_to)
SELECT :service_offer_id::uuid, app.fact('specialist')::uuid,
       p.title, p.description, p.deliverables, p.task_group, p.service_forms, p.tech_fields, p.fee_fen,
       p.available_from, p.available_to
FROM jsonb_populate_record(NULL::app.service_offer, :whole::jsonb) p

-- name: service_offer_update_blockers
-- A line that was taken down stays as it was.
SELECT 'not_editable' AS rule, NULL::text AS pointer, NULL::text AS figures
FROM app.service_offer o WHERE o.id = :service_offer_id::uuid AND o.status <> 'published'
UNION ALL
SELECT f.rule, f.pointer, f.figures FROM app.service_offer_faults(:patch::jsonb) f

-- name: service_offer_update
-- Lays the patch over the row; null in it empties a member.
UPDATE app.service_offer o
SET (title, description, deliverables, task_group, service_forms, tech_fields, fee_fen, available_from, available_to)
  = (SELECT p.title, p.description, p.deliverables, p.task_group, p.service_forms, p.tech_fields, p.fee_fen,
            p.available_from, p.available_to
     FROM jsonb_populate_record(o, :patch::jsonb) p)
WHERE o.id = :service_offer_id::uuid

-- name: service_offer_retire
-- The line is taken off the menu.
UPDATE app.service_offer SET status = 'retired' WHERE id = :service_offer_id::uuid
