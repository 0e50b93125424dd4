-- name: attachment_get
-- One file and how much of it has arrived.
SELECT * FROM attachment WHERE id = :attachment_id::uuid

-- part: attachment_page
-- Of each record or organisation no more than a page is read, in the order of the list. Why filters stand inside
-- coalesce is told in enterprise.sql.
  AND coalesce((:subject_type::text[] IS NULL OR f.subject_type = ANY (:subject_type::text[]))
      AND (:state::text[] IS NULL OR f.state = ANY (:state::text[]))
      AND (:attached::boolean IS NULL OR (f.subject_id IS NOT NULL) = :attached::boolean), false)
  AND (f.created_at, f.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY f.created_at DESC, f.id DESC
LIMIT :limit::integer

-- name: attachment_list
-- Files of the records that are named, else those that the caller's organisation has sent, the latest first.
WITH page AS (
    SELECT p.id
    FROM unnest(:subject_id::uuid[]) AS record(id) CROSS JOIN LATERAL (
        SELECT f.id FROM app.attachment f WHERE f.subject_id = record.id
        -- include: attachment_page
    ) p
    UNION ALL
    SELECT p.id
    FROM unnest((SELECT app.my_words())) AS organisation(word) CROSS JOIN LATERAL (
        SELECT f.id FROM app.attachment f WHERE f.owner = organisation.word
        -- include: attachment_page
    ) p
    WHERE :subject_id::uuid[] IS NULL)
SELECT a.*
FROM attachment a
WHERE a.id IN (SELECT page.id FROM page)
ORDER BY a.created_at DESC, a.id DESC
LIMIT :limit::integer

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

-- name: attachment_lock
-- The row a part belongs to, held until the end of the transaction. No step is ever asked of it.
SELECT a.version, a.state AS status, '{}'::text[] AS allowed_steps
FROM app.attachment a WHERE a.id = :attachment_id::uuid FOR UPDATE

-- name: attachment_upload_blockers
-- What was purged does not come back.
SELECT 'not_editable' AS rule, NULL::text AS pointer, NULL::text AS figures
FROM app.attachment a WHERE a.id = :attachment_id::uuid AND a.state = 'purged'

-- name: attachment_upload
-- Notes what became of a part: it was kept, it made the whole complete, or the whole is not what was announced.
WITH arrived AS (
    INSERT INTO app.attachment_part (attachment_id, part_no)
    SELECT a.id, :part_no::integer FROM app.attachment a
    WHERE a.id = :attachment_id::uuid AND a.state = 'pending' AND :prepared::text = 'part'
    ON CONFLICT DO NOTHING),
dropped AS (
    -- A last part that did not complete the whole means that the disk has lost another one, which is asked for again.
    DELETE FROM app.attachment_part p USING attachment a
    WHERE p.attachment_id = :attachment_id::uuid AND a.id = p.attachment_id
      AND (:prepared::text IN ('whole', 'wrong')
           OR :prepared::text = 'part' AND p.part_no <> :part_no::integer
              AND a.part_count = 1 + (SELECT count(*) FROM app.attachment_part h
                                      WHERE h.attachment_id = a.id AND h.part_no <> :part_no::integer)))
UPDATE app.attachment a
SET state = CASE WHEN a.state = 'pending' AND :prepared::text = 'whole' THEN 'stored' ELSE a.state END
WHERE a.id = :attachment_id::uuid

-- name: attachment_download
-- What is sent, and where its bytes lie.
SELECT a.state, a.file_name, a.media_type, a.size_bytes, a.sha256 FROM attachment a WHERE a.id = :attachment_id::uuid
