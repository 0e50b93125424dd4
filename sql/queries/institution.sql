-- Lists read the table and not the view, which asks for the contacts of each row. Why filters stand inside coalesce is
-- told in enterprise.sql.

-- part: institution_rows
SELECT i.id, i.version, i.created_at, i.updated_at, i.status, i.uscc, i.name, i.kind, i.province_code, i.valid_to
FROM app.institution i
WHERE coalesce((:status::text[] IS NULL OR i.status = ANY (:status::text[]))
      AND (:kind::text[] IS NULL OR i.kind = ANY (:kind::text[]))
      AND (:province_code::text[] IS NULL OR i.province_code = ANY (:province_code::text[]))
      AND (:valid_to_from::date IS NULL OR i.valid_to >= :valid_to_from::date)
      AND (:valid_to_before::date IS NULL OR i.valid_to < :valid_to_before::date)
      AND (:updated_since::timestamptz IS NULL OR i.updated_at >= :updated_since::timestamptz), false)

-- name: institution_list
-- The institutions, the latest changed first.
-- include: institution_rows
  AND (i.updated_at, i.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY i.updated_at DESC, i.id DESC
LIMIT :limit::integer

-- name: institution_list_by_id
-- The same by id, for walks through all of them.
-- include: institution_rows
  AND i.id > :after_id::uuid
ORDER BY i.id
LIMIT :limit::integer

-- name: institution_list_search
-- The same that hold all the words.
-- include: institution_rows
  AND i.id IN (SELECT app.institution_search(:q))
  AND (i.updated_at, i.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY i.updated_at DESC, i.id DESC
LIMIT :limit::integer

-- name: institution_get
-- One institution as its reader may see it.
SELECT * FROM institution WHERE id = :institution_id::uuid

-- name: institution_lock
-- The row a step or change is about, held until the end of the transaction.
SELECT i.version, i.status, app.allowed_steps('institution', i.status, true) AS allowed_steps
FROM app.institution i WHERE i.id = :institution_id::uuid FOR UPDATE

-- name: institution_create_blockers
-- A genuine code, a place in China, no address of an applicant's own, and no end that is past.
SELECT f.rule, f.pointer, f.figures
FROM app.institution_faults(jsonb_build_object('uscc', :uscc::text, 'province_code', :province_code::text,
    'contact_email', :contact_email::text)) f
UNION ALL
SELECT 'institution_ends_in_past', '#/valid_to', NULL WHERE :valid_to::date < app.today()

-- name: institution_create
-- Enters an institution, or names a new one.
INSERT INTO app.institution (id, uscc, name, kind, province_code, address, contact_name, contact_email, contact_phone,
                             valid_to)
VALUES (:institution_id::uuid, :uscc, :name, :kind, :province_code, :address, :contact_name, :contact_email,
        :contact_phone, :valid_to::date)

-- name: institution_update_blockers
-- What was declined stays as it was. Who has ended does so today at the earliest, for until now he was listed.
SELECT 'not_editable' AS rule, NULL::text AS pointer, NULL::text AS figures
FROM app.institution i WHERE i.id = :institution_id::uuid AND i.status = 'declined'
UNION ALL
SELECT 'institution_ends_in_past', '#/valid_to', NULL
FROM app.institution i
WHERE i.id = :institution_id::uuid AND (:patch::jsonb ->> 'valid_to')::date < app.today()
  AND (:patch::jsonb ->> 'valid_to')::date IS DISTINCT FROM i.valid_to
UNION ALL
SELECT f.rule, f.pointer, f.figures FROM app.institution_faults(:patch::jsonb) f

-- name: institution_update
-- Lays the patch over the row.
UPDATE app.institution i
SET (uscc, name, kind, province_code, address, contact_name, contact_email, contact_phone, valid_to)
  = (SELECT p.uscc, p.name, p.kind, p.province_code, p.address, p.contact_name, p.contact_email, p.contact_phone,
            p.valid_to
     FROM jsonb_populate_record(i, :patch::jsonb) p)
WHERE i.id = :institution_id::uuid

-- name: institution_confirm_blockers
-- Anything but acceptance needs words.
SELECT f.rule, f.pointer, f.figures FROM app.opinion_faults(:decision::text, :opinion::text) f

-- name: institution_confirm
-- The bureau's word on whether it is a university or an institute.
WITH changed AS (
    UPDATE app.institution
    SET status = CASE :decision::text WHEN 'pass' THEN 'active' WHEN 'reject' THEN 'declined' END
    WHERE id = :institution_id::uuid
    RETURNING id, version)
INSERT INTO app.review (subject_type, subject_id, subject_version, step, decision, opinion)
SELECT 'institution', c.id, c.version, 'confirm', :decision::text, :opinion::text
FROM changed c
