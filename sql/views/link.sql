-- A link as its holder sees it: what it is for, until when, which operations may answer it, and the document itself.

CREATE OR REPLACE VIEW api.link WITH (security_invoker = true) AS
SELECT l.id, l.kind, l.subject_id, l.subject_version, l.content_sha256, l.institution_id, l.expires_at,
       -- The kind begins with the room of its document; the lifecycle says what an institution may do there.
       (SELECT coalesce(json_agg(DISTINCT y.resource || '_' || y.step), '[]')
        FROM app.lifecycle y
        WHERE y.resource = split_part(l.kind, '_', 1) AND 'institution' = ANY (string_to_array(y.who, ', '))) AS answers,
       app.link_document(l.kind, l.subject_id) AS document
FROM app.link l;
