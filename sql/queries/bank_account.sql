-- Why filters stand inside coalesce is told in enterprise.sql.

-- part: bank_account_rows
SELECT b.id, b.version, b.created_at, b.updated_at, b.unit_id, b.status, b.enterprise_id, b.bank_name, b.branch,
       b.account_name, b.account_no_masked
FROM bank_account b
WHERE coalesce((:status::text[] IS NULL OR b.status = ANY (:status::text[]))
      AND (:unit_id::text[] IS NULL OR b.unit_id = ANY (:unit_id::text[]))
      AND (:enterprise_id::uuid[] IS NULL OR b.enterprise_id = ANY (:enterprise_id::uuid[]))
      AND (:updated_since::timestamptz IS NULL OR b.updated_at >= :updated_since::timestamptz), false)

-- name: bank_account_list
-- Accounts the caller may see, by updated at, the latest first.
-- include: bank_account_rows
  AND (b.updated_at, b.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY b.updated_at DESC, b.id DESC
LIMIT :limit::integer

-- name: bank_account_list_by_id
-- The same by id, for walks that must not miss a row.
-- include: bank_account_rows
  AND b.id > :after_id::uuid
ORDER BY b.id
LIMIT :limit::integer

-- name: bank_account_get
-- One account as its reader may see it.
SELECT * FROM bank_account WHERE id = :bank_account_id::uuid

-- name: bank_account_lock
-- The row a step is about, held until the end of the transaction.
SELECT b.version, b.status, app.allowed_steps('bank_account', b.status, true) AS allowed_steps
FROM app.bank_account b WHERE b.id = :bank_account_id::uuid FOR UPDATE

-- name: bank_account_create_blockers
-- The firm's own account, and not the one that is paid to already.
SELECT 'reference_not_found' AS rule, '#/enterprise_id' AS pointer, NULL::text AS figures
WHERE NOT EXISTS (SELECT FROM app.enterprise e WHERE e.id = :enterprise_id::uuid)
UNION ALL
SELECT f.rule, f.pointer, f.figures FROM app.bank_account_faults(:enterprise_id::uuid, :account_name::text) f
UNION ALL
SELECT 'account_confirmed_already', '#/account_no', NULL
FROM app.bank_account b
WHERE b.enterprise_id = :enterprise_id::uuid AND b.status = 'confirmed'
  AND b.account_no_index = :account_no_index::bytea

-- name: bank_account_create
-- Names the account; the trigger takes the unit from the firm and replaces what was proposed before.
INSERT INTO app.bank_account (id, enterprise_id, bank_name, branch, account_name, account_no, account_no_masked,
                              account_no_index)
VALUES (:bank_account_id::uuid, :enterprise_id::uuid, :bank_name, :branch, :account_name, :account_no::bytea,
        :account_no_masked, :account_no_index::bytea)

-- name: bank_account_confirm_blockers
-- A second person decides; what passes is still in the name of a confirmed firm.
SELECT f.rule, f.pointer, f.figures FROM app.opinion_faults(:decision::text, :opinion::text) f
UNION ALL
SELECT 'account_author_decides', NULL, NULL
FROM app.bank_account b WHERE b.id = :bank_account_id::uuid AND b.created_by = app.fact('account')::uuid
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.bank_account b CROSS JOIN app.bank_account_faults(b.enterprise_id, b.account_name) f
WHERE b.id = :bank_account_id::uuid AND :decision::text = 'pass'

-- name: bank_account_confirm
-- The talent department's word; the account that was paid to before is replaced by the trigger.
WITH changed AS (
    UPDATE app.bank_account
    SET status = CASE :decision::text WHEN 'pass' THEN 'confirmed' WHEN 'reject' THEN 'rejected' END
    WHERE id = :bank_account_id::uuid
    RETURNING id, version, unit_id, enterprise_id)
INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, enterprise_id, step, decision, opinion)
SELECT 'bank_account', c.id, c.version, c.unit_id, c.enterprise_id, 'confirm', :decision::text, :opinion::text
FROM changed c
