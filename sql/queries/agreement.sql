-- Why filters stand inside coalesce is told in enterprise.sql.

-- part: agreement_rows
SELECT a.id, a.version, a.created_at, a.updated_at, a.unit_id, a.status, a.line_id, a.agreement_no, a.version_no,
       a.amends_id, a.specialist_id, a.institution_id, a.enterprise_id, a.demand_id, a.start_on, a.end_on,
       a.service_quota, a.content_sha256, a.issue_by_on, a.sign_by_on, a.filing_no, a.filed_on
FROM agreement a
WHERE coalesce((:status::text[] IS NULL OR a.status = ANY (:status::text[]))
      AND (:unit_id::text[] IS NULL OR a.unit_id = ANY (:unit_id::text[]))
      AND (:enterprise_id::uuid[] IS NULL OR a.enterprise_id = ANY (:enterprise_id::uuid[]))
      AND (:specialist_id::uuid[] IS NULL OR a.specialist_id = ANY (:specialist_id::uuid[]))
      AND (:demand_id::uuid[] IS NULL OR a.demand_id = ANY (:demand_id::uuid[]))
      AND (:line_id::uuid[] IS NULL OR a.line_id = ANY (:line_id::uuid[]))
      AND (:agreement_no::text IS NULL OR a.agreement_no = :agreement_no::text)
      AND (:start_on_from::date IS NULL OR a.start_on >= :start_on_from::date)
      AND (:start_on_before::date IS NULL OR a.start_on < :start_on_before::date)
      AND (:end_on_from::date IS NULL OR a.end_on >= :end_on_from::date)
      AND (:end_on_before::date IS NULL OR a.end_on < :end_on_before::date)
      AND (:sign_by_on_from::date IS NULL OR a.sign_by_on >= :sign_by_on_from::date)
      AND (:sign_by_on_before::date IS NULL OR a.sign_by_on < :sign_by_on_before::date)
      AND (:updated_since::timestamptz IS NULL OR a.updated_at >= :updated_since::timestamptz), false)

-- name: agreement_list
-- Agreements the caller may see, by updated at, the latest first.
-- include: agreement_rows
  AND (a.updated_at, a.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY a.updated_at DESC, a.id DESC
LIMIT :limit::integer

-- name: agreement_list_by_id
-- The same by id, for walks that must not miss a row.
-- include: agreement_rows
  AND a.id > :after_id::uuid
ORDER BY a.id
LIMIT :limit::integer

-- name: agreement_get
-- One agreement as its reader may see it.
SELECT * FROM agreement WHERE id = :agreement_id::uuid

-- name: agreement_download
-- What its paper is made of: the frozen text, the signatures it has, and where it was filed.
SELECT a.status, a.agreement_no, a.version_no, a.template_version, a."text", a.content_sha256, v.issued_on, a.filing_no,
       app.chinese_day(a.filed_on) AS filed_on,
       app.agreement_signed(a, 'enterprise') AS enterprise_signed,
       app.agreement_signed(a, 'specialist') AS specialist_signed,
       app.agreement_signed(a, 'institution') AS institution_signed
FROM app.agreement a
LEFT JOIN app.agreement_version v ON v.agreement_id = a.id AND v.version_no = a.version_no
WHERE a.id = :agreement_id::uuid

-- name: agreement_lock
-- The row a step or change is about, held until the end of the transaction.
SELECT a.version, a.status, app.allowed_steps('agreement', a.status, true) AS allowed_steps
FROM app.agreement a WHERE a.id = :agreement_id::uuid FOR UPDATE

-- name: agreement_update_blockers
-- Only drafts are written: a text that was sent to be signed stays as it is.
SELECT 'not_editable' AS rule, NULL::text AS pointer, a.status AS figures
FROM app.agreement a WHERE a.id = :agreement_id::uuid AND a.status <> 'draft'
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.agreement a CROSS JOIN jsonb_populate_record(a, :patch::jsonb) p
CROSS JOIN app.agreement_faults(p, :patch::jsonb) f
WHERE a.id = :agreement_id::uuid

-- name: agreement_update
-- Lays the patch over the row; null in it empties a member.
UPDATE app.agreement a
SET (service_quota, service_forms, tasks, conditions, fee_terms, home_post_terms, ip_terms, confidentiality_terms,
     safety_terms, change_terms, liability_terms)
  = (SELECT p.service_quota, p.service_forms, p.tasks, p.conditions, p.fee_terms, p.home_post_terms, p.ip_terms,
            p.confidentiality_terms, p.safety_terms, p.change_terms, p.liability_terms
     FROM jsonb_populate_record(a, :patch::jsonb) p)
WHERE a.id = :agreement_id::uuid

-- name: agreement_issue_blockers
-- Complete, before its term begins, and between parties that stand as the list found them.
SELECT m.rule, m.pointer, m.figures
FROM app.agreement a CROSS JOIN app.agreement_missing(a) m WHERE a.id = :agreement_id::uuid
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.agreement a CROSS JOIN app.agreement_start_faults(a) f WHERE a.id = :agreement_id::uuid
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.agreement a CROSS JOIN app.agreement_standing_faults(a.id) f WHERE a.id = :agreement_id::uuid

-- name: agreement_issue
-- The trigger renders the text, freezes it as the next version and counts the days.
UPDATE app.agreement SET status = 'signing' WHERE id = :agreement_id::uuid

-- name: agreement_sign_blockers
-- The signature is about the present text, in time, the party's first, between sides in good standing; the specialist
-- signs under his own name, and the bureau for the institution with the stamped paper alone.
SELECT 'signed_text_differs' AS rule, '#/content_sha256' AS pointer, a.version_no::text AS figures
FROM app.agreement a WHERE a.id = :agreement_id::uuid AND a.content_sha256 <> :content_sha256::text
UNION ALL
SELECT 'signing_time_over', NULL, a.sign_by_on::text
FROM app.agreement a WHERE a.id = :agreement_id::uuid AND a.status = 'signing' AND a.sign_by_on < app.today()
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.agreement a CROSS JOIN app.agreement_start_faults(a) f WHERE a.id = :agreement_id::uuid
UNION ALL
SELECT 'already_signed', NULL, a.version_no::text
FROM app.agreement a WHERE a.id = :agreement_id::uuid AND app.agreement_party() = ANY (a.signed_parties)
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.agreement a CROSS JOIN app.agreement_standing_faults(a.id) f
WHERE a.id = :agreement_id::uuid
UNION ALL
SELECT 'signatory_is_another', '#/signatory', NULL
FROM app.agreement a
WHERE a.id = :agreement_id::uuid AND app.agreement_party() = 'specialist'
  AND app.agreement_specialist_name(a.id) <> :signatory::text
UNION ALL
SELECT 'reference_not_found', '#/attachment_id', NULL
WHERE :attachment_id::uuid IS NOT NULL AND NOT EXISTS (SELECT FROM app.attachment f WHERE f.id = :attachment_id::uuid)
UNION ALL
SELECT 'signature_scan_required', '#/attachment_id', NULL
WHERE app.my_side() = 'city' AND :attachment_id::uuid IS NULL
UNION ALL
SELECT 'signature_scan_office_only', '#/attachment_id', NULL
WHERE app.my_side() <> 'city' AND :attachment_id::uuid IS NOT NULL

-- name: agreement_sign
-- One party's signature with its proof; the third one makes the agreement signed.
WITH signed AS (
    INSERT INTO app.agreement_signature (agreement_id, version_no, party, signatory, post, method, content_sha256,
                                         statement, proof_jws, attachment_id)
    SELECT a.id, a.version_no, app.agreement_party(), :signatory::text, :post::text,
           CASE app.my_side() WHEN 'city' THEN 'scan' WHEN 'institution' THEN 'link' ELSE 'account' END,
           :content_sha256::text, '已阅读第' || a.version_no || '版全文，同意签署。', :prepared::text,
           :attachment_id::uuid
    FROM app.agreement a
    WHERE a.id = :agreement_id::uuid
    RETURNING agreement_id, party)
UPDATE app.agreement a
SET signed_parties = a.signed_parties || s.party,
    status = CASE WHEN cardinality(a.signed_parties) = 2 THEN 'signed' ELSE a.status END
FROM signed s WHERE a.id = s.agreement_id

-- name: agreement_refuse_blockers
-- The word is about the present text, and says what is wrong with it.
SELECT f.rule, f.pointer, f.figures FROM app.review_faults(:decision::text, :opinion::text, :reason_code::text, true) f
UNION ALL
SELECT 'signed_text_differs', '#/content_sha256', a.version_no::text
FROM app.agreement a WHERE a.id = :agreement_id::uuid AND a.content_sha256 <> :content_sha256::text
UNION ALL
SELECT 'signatory_required', '#/signatory', NULL
WHERE app.agreement_party() = 'institution' AND :signatory::text IS NULL

-- name: agreement_refuse
-- Back to a draft, with every signature void, or refused for good.
WITH changed AS (
    UPDATE app.agreement
    SET status = CASE :decision::text WHEN 'return' THEN 'draft' WHEN 'reject' THEN 'refused' END
    WHERE id = :agreement_id::uuid
    RETURNING id, version, unit_id, enterprise_id)
INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, enterprise_id, step, decision, reason_code,
                        opinion, signatory)
SELECT 'agreement', c.id, c.version, c.unit_id, c.enterprise_id, 'refuse', :decision::text, :reason_code::text,
       :opinion::text, CASE app.agreement_party() WHEN 'institution' THEN :signatory::text END
FROM changed c

-- name: agreement_file_blockers
-- Nothing is filed between sides of whom one has lost his standing.
SELECT f.rule, f.pointer, f.figures FROM app.review_faults(:decision::text, :opinion::text, :reason_code::text, true) f
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.agreement a CROSS JOIN app.agreement_standing_faults(a.id) f
WHERE a.id = :agreement_id::uuid AND :decision::text = 'pass'
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.agreement a CROSS JOIN app.agreement_start_faults(a) f
WHERE a.id = :agreement_id::uuid AND :decision::text = 'pass'

-- name: agreement_file
-- The talent office's word; the trigger gives the filing number, or makes a draft of it again.
WITH changed AS (
    UPDATE app.agreement
    SET status = CASE :decision::text WHEN 'pass' THEN 'filed' WHEN 'return' THEN 'draft' END
    WHERE id = :agreement_id::uuid
    RETURNING id, version, unit_id, enterprise_id)
INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, enterprise_id, step, decision, reason_code,
                        opinion)
SELECT 'agreement', c.id, c.version, c.unit_id, c.enterprise_id, 'file', :decision::text, :reason_code::text,
       :opinion::text
FROM changed c

-- name: agreement_cancel_blockers
-- What has a placement is ended through the placement.
SELECT 'placement_follows' AS rule, NULL::text AS pointer, NULL::text AS figures
FROM app.agreement a WHERE a.id = :agreement_id::uuid AND app.agreement_has_placement(a.id)
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.code_faults('review_reason', to_jsonb(:reason_code::text), '#/reason_code') f

-- name: agreement_cancel
-- The bureau takes it back, with the reason.
WITH changed AS (
    UPDATE app.agreement SET status = 'cancelled' WHERE id = :agreement_id::uuid
    RETURNING id, version, unit_id, enterprise_id)
INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, enterprise_id, step, reason_code, opinion)
SELECT 'agreement', c.id, c.version, c.unit_id, c.enterprise_id, 'cancel', :reason_code::text, :opinion::text
FROM changed c
