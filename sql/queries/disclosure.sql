-- part: disclosure_rows
SELECT d.*
FROM disclosure d
WHERE (:subject_type::text[] IS NULL OR d.subject_type = ANY (:subject_type::text[]))
  AND (:subject_id::uuid[] IS NULL OR d.subject_id = ANY (:subject_id::uuid[]))
  AND (:created_by::uuid[] IS NULL OR d.created_by = ANY (:created_by::uuid[]))
  AND (:created_at_from::timestamptz IS NULL OR d.created_at >= :created_at_from::timestamptz)
  AND (:created_at_before::timestamptz IS NULL OR d.created_at < :created_at_before::timestamptz)

-- name: disclosure_list
-- Who looked at personal data, the latest first.
-- include: disclosure_rows
  AND (d.created_at, d.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY d.created_at DESC, d.id DESC
LIMIT :limit::integer

-- name: disclosure_list_by_id
-- The same by id.
-- include: disclosure_rows
  AND d.id > :after_id::uuid
ORDER BY d.id
LIMIT :limit::integer

-- name: disclosure_create_blockers
-- The caller sees these values masked.
SELECT f.rule, f.pointer, f.figures
FROM app.disclosure_faults(:subject_type::text, :subject_id::uuid, app.text_array(:fields::jsonb)) f

-- name: disclosure_create
-- The record of the look, before anything is opened.
INSERT INTO app.disclosure (id, subject_type, subject_id, fields, purpose)
VALUES (:disclosure_id::uuid, :subject_type, :subject_id::uuid, app.text_array(:fields::jsonb), :purpose)

-- name: disclosure_opened
-- The record with the sealed values and the count of the hour, for the service to open or to refuse.
SELECT d.*, app.disclosure_sealed(d.id) AS sealed, h.made, h.wait_seconds
FROM disclosure d CROSS JOIN app.disclosures_of_the_hour() h
WHERE d.id = :disclosure_id::uuid
