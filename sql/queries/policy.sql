-- part: policy_rows
SELECT p.id, p.version, p.created_at, p.updated_at, p.created_by, p.status, p.code, p.title, p.doc_no, p.valid_from,
       p.valid_to
FROM policy p
WHERE (:status::text[] IS NULL OR p.status = ANY (:status::text[]))

-- name: policy_list
-- Versions of the numbers behind the rules, the latest first.
-- include: policy_rows
  AND (p.valid_from, p.id) < (:after_1::date, :after_id::uuid)
ORDER BY p.valid_from DESC, p.id DESC
LIMIT :limit::integer

-- name: policy_list_by_id
-- The same by id.
-- include: policy_rows
  AND p.id > :after_id::uuid
ORDER BY p.id
LIMIT :limit::integer

-- name: policy_get
-- One version with all its numbers.
SELECT * FROM policy WHERE id = :policy_id::uuid

-- name: policy_lock
-- The version a decision is about, held until the end of the transaction.
SELECT p.version, p.status, app.allowed_steps('policy', p.status, true) AS allowed_steps
FROM app.policy p WHERE p.id = :policy_id::uuid FOR UPDATE

-- name: policy_create_blockers
-- Every number there is, once, and each what its key demands.
SELECT f.rule, f.pointer, f.figures FROM app.policy_faults(:values::jsonb) f

-- name: policy_create
-- Begins a draft.
INSERT INTO app.policy (id, code, title, doc_no, valid_from, valid_to, "values")
VALUES (:policy_id::uuid, :code, :title, :doc_no, :valid_from::date, :valid_to::date, app.policy_values(:values::jsonb))

-- name: policy_adopt_blockers
-- A second person decides, with an opinion when he turns it down.
SELECT f.rule, f.pointer, f.figures FROM app.opinion_faults(:decision::text, :opinion::text) f
UNION ALL
SELECT 'policy_author_decides', NULL, NULL
FROM app.policy p WHERE p.id = :policy_id::uuid AND p.created_by = app.fact('account')::uuid

-- name: policy_adopt
-- The decision, kept with its opinion; older versions of the same days are superseded by the trigger.
WITH changed AS (
    UPDATE app.policy
    SET status = CASE :decision::text WHEN 'pass' THEN 'adopted' WHEN 'reject' THEN 'discarded' END
    WHERE id = :policy_id::uuid
    RETURNING id, version)
INSERT INTO app.review (subject_type, subject_id, subject_version, step, decision, opinion)
SELECT 'policy', c.id, c.version, 'adopt', :decision::text, :opinion::text FROM changed c
