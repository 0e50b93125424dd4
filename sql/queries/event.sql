-- Of one subject the order of seq is that of the feed, and an event has it at once; the time does not decide, for
-- clocks are set.

-- part: event_rows
SELECT e.id, e.pos, e.at, e.operation, e.subject_type, e.subject_id, e.unit_id, e.op, e.subject_version, e.account,
       e.role, e.office, e.client, e.on_behalf_of, e.changes, e.seq AS after_1, e.id AS after_id,
       CASE WHEN r.id IS NOT NULL
            THEN json_build_object('step', r.step, 'decision', r.decision, 'reason_code', r.reason_code,
                                   'opinion', r.opinion, 'unit_words', r.unit_words, 'signatory', r.signatory,
                                   'account', r.account, 'office', r.office, 'at', app.rfc3339(r.at)) END AS review
FROM event e
LEFT JOIN app.review r ON r.subject_type = e.subject_type AND r.subject_id = e.subject_id
                      AND r.subject_version = e.subject_version
WHERE e.subject_type = :subject_type::text AND e.subject_id = :subject_id::uuid
  AND (:operation::text[] IS NULL OR e.operation = ANY (:operation::text[]))
  AND (:at_from::timestamptz IS NULL OR e.at >= :at_from::timestamptz)
  AND (:at_before::timestamptz IS NULL OR e.at < :at_before::timestamptz)

-- name: event_list
-- The timeline of one subject with the opinions the caller may read, the latest first.
-- include: event_rows
  AND (e.seq, e.id) < (:after_1::bigint, :after_id::uuid)
ORDER BY e.seq DESC, e.id DESC
LIMIT :limit::integer

-- name: event_list_oldest
-- The same from the beginning.
-- include: event_rows
  AND (e.seq, e.id) > (:after_1::bigint, :after_id::uuid)
ORDER BY e.seq, e.id
LIMIT :limit::integer
