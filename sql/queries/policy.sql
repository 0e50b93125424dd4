-- name: policy_list
-- Versions of the numbers behind the rules, the latest first.
SELECT p.id, p.version, p.created_at, p.updated_at, p.created_by, p.status, p.code, p.title, p.doc_no, p.valid_from,
       p.valid_to
FROM policy p
WHERE (:status::text[] IS NULL OR p.status = ANY (:status::text[]))
  AND (p.valid_from, p.id) < (:after_1::date, :after_id::uuid)
ORDER BY p.valid_from DESC, p.id DESC
LIMIT :limit::integer

-- name: policy_list_by_id
-- The same by id.
SELECT p.id, p.version, p.created_at, p.updated_at, p.created_by, p.status, p.code, p.title, p.doc_no, p.valid_from,
       p.valid_to
FROM policy p
WHERE (:status::text[] IS NULL OR p.status = ANY (:status::text[]))
  AND p.id > :after_id::uuid
ORDER BY p.id
LIMIT :limit::integer

-- name: policy_get
-- One version with all its numbers.
SELECT * FROM policy WHERE id = :policy_id::uuid
