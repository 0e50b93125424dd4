-- name: link_get_current
-- The one document behind the link that asks.
SELECT * FROM link WHERE id = (SELECT app.fact('link')::uuid)

-- name: link_create_blockers
-- A document that there is, and that waits for an answer.
SELECT 'reference_not_found' AS rule, '#/subject_id' AS pointer, NULL::text AS figures
WHERE NOT EXISTS (SELECT FROM app.link_wanted(:kind, :subject_id::uuid))
UNION ALL
SELECT 'document_not_waiting', '#/subject_id', NULL
FROM app.link_wanted(:kind, :subject_id::uuid) w WHERE NOT w.waits

-- name: link_create
-- Makes the link in the place of the older one.
SELECT app.link_create(:link_id::uuid, :kind, :subject_id::uuid, :new_link_hash::bytea)

-- name: link_create_shown
-- The link for whoever sends it; only this answer has the token.
SELECT l.id, l.kind, l.subject_id, l.subject_version, l.content_sha256, l.institution_id, l.recipient_email,
       l.expires_at, :new_link_url::text AS url
FROM app.link l WHERE l.id = :link_id::uuid
