-- Why filters stand inside coalesce is told in enterprise.sql.

-- part: dispatch_notice_rows
SELECT n.id, n.version, n.created_at, n.updated_at, n.status, n.doc_no, n.title, n.issued_on
FROM dispatch_notice n
WHERE coalesce((:status::text[] IS NULL OR n.status = ANY (:status::text[]))
      AND (:issued_on_from::date IS NULL OR n.issued_on >= :issued_on_from::date)
      AND (:issued_on_before::date IS NULL OR n.issued_on < :issued_on_before::date)
      AND (:updated_since::timestamptz IS NULL OR n.updated_at >= :updated_since::timestamptz), false)

-- name: dispatch_notice_list
-- Notices the caller may see, by updated at, the latest first.
-- include: dispatch_notice_rows
  AND (n.updated_at, n.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY n.updated_at DESC, n.id DESC
LIMIT :limit::integer

-- name: dispatch_notice_list_by_id
-- The same by id, for walks that must not miss a row.
-- include: dispatch_notice_rows
  AND n.id > :after_id::uuid
ORDER BY n.id
LIMIT :limit::integer

-- name: dispatch_notice_get
-- One notice as its reader may see it.
SELECT * FROM dispatch_notice WHERE id = :dispatch_notice_id::uuid

-- name: dispatch_notice_lock
-- The row a step is about, held until the end of the transaction.
SELECT n.version, n.status, app.allowed_steps('dispatch_notice', n.status, true) AS allowed_steps
FROM app.dispatch_notice n WHERE n.id = :dispatch_notice_id::uuid FOR UPDATE

-- name: dispatch_notice_create_blockers
-- Filed agreements that begin today or later, each on no other notice, of sides in good standing.
SELECT 'reference_not_found' AS rule, '#/agreement_ids/' || (g.i - 1) AS pointer, NULL::text AS figures
FROM jsonb_array_elements_text(:agreement_ids::jsonb) WITH ORDINALITY AS g(id, i)
WHERE NOT EXISTS (SELECT FROM app.agreement a WHERE a.id = g.id::uuid)
UNION ALL
SELECT 'agreement_on_notice', '#/agreement_ids/' || (g.i - 1), NULL
FROM jsonb_array_elements_text(:agreement_ids::jsonb) WITH ORDINALITY AS g(id, i)
WHERE EXISTS (SELECT FROM app.dispatch_notice_agreement l WHERE l.agreement_id = g.id::uuid AND l.live)
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.dispatch_notice_faults(app.text_array(:agreement_ids::jsonb)::uuid[]) f

-- name: dispatch_notice_create
-- Drafts the notice with its lines in the order given; it waits for four offices.
WITH made AS (
    INSERT INTO app.dispatch_notice (id, title) VALUES (:dispatch_notice_id::uuid, :title) RETURNING id)
INSERT INTO app.dispatch_notice_agreement (notice_id, agreement_id, position, unit_id, enterprise_id, specialist_id)
SELECT m.id, a.id, g.i, a.unit_id, a.enterprise_id, a.specialist_id
FROM made m
CROSS JOIN jsonb_array_elements_text(:agreement_ids::jsonb) WITH ORDINALITY AS g(id, i)
JOIN app.agreement a ON a.id = g.id::uuid

-- name: dispatch_notice_approve_blockers
-- One word an office, four different people; a refusal says why. Nothing is approved that could not be issued today.
SELECT f.rule, f.pointer, f.figures FROM app.opinion_faults(:decision::text, :opinion::text) f
UNION ALL
SELECT CASE WHEN v.office = split_part(app.fact('actor'), '/', 2) THEN 'office_signed_already'
            ELSE 'account_signed_already' END, NULL, NULL
FROM app.dispatch_notice_approval v
WHERE v.notice_id = :dispatch_notice_id::uuid
  AND (v.office = split_part(app.fact('actor'), '/', 2) OR v.account_id = app.fact('account')::uuid)
UNION ALL
SELECT f.rule, NULL, f.figures
FROM app.dispatch_notice_faults(app.dispatch_notice_agreements(:dispatch_notice_id::uuid)) f
WHERE :decision::text = 'approve'

-- name: dispatch_notice_approve
-- An office's word; the trigger counts the words and moves the notice.
WITH said AS (
    INSERT INTO app.dispatch_notice_approval (notice_id, decision, opinion)
    VALUES (:dispatch_notice_id::uuid, :decision::text, :opinion::text)
    RETURNING notice_id)
INSERT INTO app.review (subject_type, subject_id, subject_version, step, decision, opinion)
SELECT 'dispatch_notice', n.id, n.version + 1, 'approve', :decision::text, :opinion::text
FROM said s JOIN app.dispatch_notice n ON n.id = s.notice_id

-- name: dispatch_notice_issue_blockers
-- All that was asked at the draft is asked again, and the number is of this year.
SELECT 'doc_no_of_other_year' AS rule, '#/doc_no' AS pointer, to_char(app.today(), 'YYYY') AS figures
WHERE position('〔' || to_char(app.today(), 'YYYY') || '〕' IN :doc_no::text) = 0
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.dispatch_notice_faults(app.dispatch_notice_agreements(:dispatch_notice_id::uuid)) f

-- name: dispatch_notice_issue
-- Numbers and issues it; the triggers set the day and make the placements.
UPDATE app.dispatch_notice SET status = 'issued', doc_no = :doc_no WHERE id = :dispatch_notice_id::uuid

-- name: dispatch_notice_cancel_blockers
-- The other offices read why.
SELECT f.rule, f.pointer, f.figures FROM app.opinion_faults('cancel', :opinion::text) f

-- name: dispatch_notice_cancel
-- Taken back before it is issued; its agreements may stand on another.
WITH changed AS (
    UPDATE app.dispatch_notice SET status = 'cancelled' WHERE id = :dispatch_notice_id::uuid RETURNING id, version)
INSERT INTO app.review (subject_type, subject_id, subject_version, step, decision, opinion)
SELECT 'dispatch_notice', c.id, c.version, 'cancel', 'cancel', :opinion::text FROM changed c

-- name: dispatch_notice_download
-- What the document says: its lines as cells, parted by the control character for that, which no text here may hold. It
-- cites what its agreements were made under, whatever is in force when it is read.
SELECT n.status, n.title, n.doc_no,
       coalesce(n.issued_on, (n.created_at AT TIME ZONE 'Asia/Shanghai')::date)::text AS made_on,
       to_char(n.issued_on, 'FMYYYY年FMMM月FMDD日') AS issued_on, l.regulation_no,
       (SELECT coalesce(string_agg(u.name_zh, '、' ORDER BY u.code), '各县区') FROM app.unit u WHERE u.code = ANY (l.units))
           AS addressees, l.cells, l.count, CASE WHEN app.my_side() <> 'city' THEN 'true' END AS excerpt
FROM dispatch_notice n
CROSS JOIN LATERAL (
    SELECT count(*)::integer AS count, array_agg(DISTINCT u.code) AS units,
           string_agg(DISTINCT p.doc_no, '、') AS regulation_no,
           string_agg(array_to_string(ARRAY[x.no::text, s.full_name, i.name, e.name, u.name_zh,
                                            to_char(a.start_on, 'YYYY.MM.DD') || '—' || to_char(a.end_on, 'YYYY.MM.DD')],
                                      E'\x1F', '—'), E'\x1F' ORDER BY x.no) AS cells
    FROM (SELECT k.*, row_number() OVER (ORDER BY k.position) AS no
          FROM app.dispatch_notice_agreement k WHERE k.notice_id = n.id) x
    JOIN app.agreement a ON a.id = x.agreement_id
    JOIN app.policy p ON p.id = a.policy_id
    LEFT JOIN app.specialist s ON s.id = a.specialist_id
    LEFT JOIN app.institution i ON i.id = a.institution_id
    LEFT JOIN app.enterprise e ON e.id = a.enterprise_id
    JOIN app.unit u ON u.code = x.unit_id) l
WHERE n.id = :dispatch_notice_id::uuid
