-- The filters of a list stand inside coalesce, for a reason of the planner: a plan that serves all parameters takes
-- each of them for selective, expects next to no rows and reads the whole table to sort it. Inside coalesce it expects
-- half of the rows and walks the index of the order until the page is full.

-- part: call_rows
SELECT c.id, c.version, c.created_at, c.updated_at, c.unit_id, c.status, c.kind, c.doc_no, c.title, c.year, c.batch_no,
       c.opens_at, c.closes_at
FROM call c
WHERE coalesce((:kind::text[] IS NULL OR c.kind = ANY (:kind::text[]))
      AND (:status::text[] IS NULL OR c.status = ANY (:status::text[]))
      AND (:unit_id::text[] IS NULL OR c.unit_id = ANY (:unit_id::text[]))
      AND (:year::integer[] IS NULL OR c.year = ANY (:year::integer[]))
      AND (:opens_at_from::timestamptz IS NULL OR c.opens_at >= :opens_at_from::timestamptz)
      AND (:opens_at_before::timestamptz IS NULL OR c.opens_at < :opens_at_before::timestamptz)
      AND (:closes_at_from::timestamptz IS NULL OR c.closes_at >= :closes_at_from::timestamptz)
      AND (:closes_at_before::timestamptz IS NULL OR c.closes_at < :closes_at_before::timestamptz)
      AND (:updated_since::timestamptz IS NULL OR c.updated_at >= :updated_since::timestamptz), false)

-- name: call_list
-- Calls the caller may see, by opens at, the latest first.
-- include: call_rows
  AND (c.opens_at, c.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY c.opens_at DESC, c.id DESC
LIMIT :limit::integer

-- name: call_list_by_id
-- The same by id, for walks that must not miss a row.
-- include: call_rows
  AND c.id > :after_id::uuid
ORDER BY c.id
LIMIT :limit::integer

-- name: call_list_search
-- The same that hold all the words.
-- include: call_rows
  AND c.id IN (SELECT app.call_search(:q))
  AND (c.opens_at, c.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY c.opens_at DESC, c.id DESC
LIMIT :limit::integer

-- name: call_get
-- One call.
SELECT * FROM call WHERE id = :call_id::uuid

-- name: call_lock
-- The row a step or change is about, held until the end of the transaction.
SELECT c.version, c.status, app.allowed_steps('call', c.status, true) AS allowed_steps
FROM app.call c WHERE c.id = :call_id::uuid FOR UPDATE

-- name: call_create_blockers
-- Without a regulation in force nothing is called for (article 20).
SELECT f.rule, f.pointer, f.figures FROM app.call_faults(:closes_at::timestamptz) f

-- name: call_create
-- Begins a draft, the city's or the county's own.
INSERT INTO app.call (id, kind, doc_no, title, year, batch_no, body, opens_at, closes_at, attachments)
VALUES (:call_id::uuid, :kind, :doc_no, :title, :year::integer, :batch_no::integer, :body, :opens_at::timestamptz,
        :closes_at::timestamptz, app.text_array(:attachments::jsonb)::uuid[])

-- name: call_update_blockers
-- A published call keeps its words; its end may move, and only later.
SELECT 'not_editable' AS rule, NULL::text AS pointer, NULL::text AS figures
FROM app.call c WHERE c.id = :call_id::uuid AND c.status NOT IN ('draft', 'published')
UNION ALL
SELECT 'published_call_fixed', '#/' || k.key, NULL
FROM app.call c
CROSS JOIN jsonb_populate_record(c, :patch::jsonb) p
CROSS JOIN jsonb_object_keys(:patch::jsonb) AS k(key)
WHERE c.id = :call_id::uuid AND c.status = 'published'
  AND CASE k.key WHEN 'closes_at' THEN p.closes_at < c.closes_at
                 ELSE to_jsonb(p) -> k.key IS DISTINCT FROM to_jsonb(c) -> k.key END

-- name: call_update
-- Lays the patch over the row.
UPDATE app.call c
SET (doc_no, title, year, batch_no, body, opens_at, closes_at, attachments)
  = (SELECT p.doc_no, p.title, p.year, p.batch_no, p.body, p.opens_at, p.closes_at, p.attachments
     FROM jsonb_populate_record(c, :patch::jsonb) p)
WHERE c.id = :call_id::uuid

-- name: call_publish_blockers
-- The same rules once more on the day of publication.
SELECT f.rule, f.pointer, f.figures
FROM app.call c CROSS JOIN app.call_faults(c.closes_at) f WHERE c.id = :call_id::uuid

-- name: call_publish
-- Everybody may read it from now on.
UPDATE app.call SET status = 'published' WHERE id = :call_id::uuid

-- name: call_close_blockers
-- A cancelled call owes a reason to those who answered it.
SELECT f.rule, f.pointer, f.figures FROM app.opinion_faults(:decision::text, :opinion::text) f

-- name: call_close
-- Ends a call, or cancels it. A draft is dropped without a word to others.
WITH noted AS (
    INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, step, decision, opinion)
    SELECT 'call', c.id, c.version + 1, c.unit_id, 'close', :decision::text, :opinion::text
    FROM app.call c WHERE c.id = :call_id::uuid AND c.status <> 'draft')
UPDATE app.call
SET status = CASE :decision::text WHEN 'close' THEN 'closed' WHEN 'cancel' THEN 'cancelled' END
WHERE id = :call_id::uuid
