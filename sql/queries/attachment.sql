-- name: attachment_get
-- One file and how much of it has arrived.
SELECT * FROM attachment WHERE id = :attachment_id::uuid

-- name: attachment_create_blockers
-- What no record names yet costs room, so there is a limit to it.
SELECT 'attachment_quota' AS rule, NULL::text AS pointer, NULL::text AS figures
FROM app.attachment a
WHERE a.created_by = :actor_account::uuid AND a.subject_id IS NULL AND a.state <> 'purged'
HAVING count(*) >= 200 OR sum(a.size_bytes) + :size_bytes::integer > 268435456

-- name: attachment_create
-- Announces a file.
INSERT INTO app.attachment (id, file_name, media_type, size_bytes, sha256, purpose)
VALUES (:attachment_id::uuid, :file_name, :media_type, :size_bytes::integer, :sha256, :purpose)
