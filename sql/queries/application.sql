-- Filters stand inside coalesce, as those of the demands do and for the same reason.

-- part: application_rows
SELECT a.id, a.version, a.created_at, a.updated_at, a.status, a.call_id, a.applicant_id, a.full_name,
       a.institution_id, a.title_level, a.discipline, a.tech_fields, a.eligibility_ground, a.version_no,
       a.answer_by_on, a.correct_by_on, a.specialist_id
FROM application a
WHERE coalesce((:status::text[] IS NULL OR a.status = ANY (:status::text[]))
      AND (:call_id::uuid[] IS NULL OR a.call_id = ANY (:call_id::uuid[]))
      AND (:institution_id::uuid[] IS NULL OR a.institution_id = ANY (:institution_id::uuid[]))
      AND (:eligibility_ground::text[] IS NULL OR a.eligibility_ground = ANY (:eligibility_ground::text[]))
      AND (:tech_field::text[] IS NULL OR a.tech_fields::jsonb ?| :tech_field::text[])
      AND (:answer_by_on_from::date IS NULL OR a.answer_by_on >= :answer_by_on_from::date)
      AND (:answer_by_on_before::date IS NULL OR a.answer_by_on < :answer_by_on_before::date)
      AND (:updated_since::timestamptz IS NULL OR a.updated_at >= :updated_since::timestamptz), false)

-- name: application_list
-- Applications the caller may see, by updated at, the latest first.
-- include: application_rows
  AND (a.updated_at, a.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY a.updated_at DESC, a.id DESC
LIMIT :limit::integer

-- name: application_list_by_id
-- The same by id, for walks that must not miss a row.
-- include: application_rows
  AND a.id > :after_id::uuid
ORDER BY a.id
LIMIT :limit::integer

-- name: application_list_search
-- The same that hold all the words.
-- include: application_rows
  AND a.id IN (SELECT app.application_search(:q))
  AND (a.updated_at, a.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY a.updated_at DESC, a.id DESC
LIMIT :limit::integer

-- name: application_get
-- One application as its reader may see it.
SELECT * FROM application WHERE id = :application_id::uuid

-- name: application_lock
-- The row a step or change is about, held until the end of the transaction.
SELECT a.version, a.status, app.allowed_steps('application', a.status, true) AS allowed_steps
FROM app.application a WHERE a.id = :application_id::uuid FOR UPDATE

-- name: application_create_blockers
-- An office says for whom it enters; call, institution, number and codes must fit.
SELECT f.rule, f.pointer, f.figures FROM app.entered_for_faults(:entered_for::jsonb) f
UNION ALL
SELECT 'applicant_required', '#/applicant_id', NULL WHERE app.my_side() = 'city' AND :applicant_id::uuid IS NULL
UNION ALL
SELECT 'reference_not_found', '#/applicant_id', NULL
WHERE :applicant_id::uuid IS NOT NULL AND NOT app.applicant_known(:applicant_id::uuid)
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM jsonb_populate_record(NULL::app.application, :whole::jsonb) a
CROSS JOIN app.application_faults(a, :whole::jsonb) f
UNION ALL
SELECT 'draft_open', '#/call_id', NULL
FROM jsonb_populate_record(NULL::app.application, :whole::jsonb) a WHERE app.draft_open(a.call_id)

-- name: application_create
-- Begins a draft; policy and what a resident ID says come from the trigger.
INSERT INTO app.application (id, entered_for, applicant_id,
    call_id, full_name, gender, birth_on, id_type, id_no, id_no_masked, id_no_index, id_no_birth_on, id_no_gender,
    mobile, mobile_masked, bank_account_no, bank_account_no_masked, email, institution_id, department, position,
    employment, education_code, degree_code, doctoral_status, title_code, title_level, title_obtained_on,
    service_qualification, qualification_no, qualification_valid_to, discipline, specialties, tech_fields, industries,
    research_summary, intended_service, achievements, service_experience, work_history, honours, available_from,
    available_to, preferred_units, bank_name, political_status, other_programmes, eligibility_ground, evidence)
SELECT :application_id::uuid, :entered_for::jsonb, :applicant_id::uuid,
       p.call_id, p.full_name, p.gender, p.birth_on, p.id_type, p.id_no, p.id_no_masked, p.id_no_index,
       p.id_no_birth_on, p.id_no_gender, p.mobile, p.mobile_masked, p.bank_account_no, p.bank_account_no_masked,
       p.email, p.institution_id, p.department, p.position, p.employment, p.education_code, p.degree_code,
       p.doctoral_status, p.title_code, p.title_level, p.title_obtained_on, p.service_qualification,
       p.qualification_no, p.qualification_valid_to, p.discipline, p.specialties, p.tech_fields, p.industries,
       p.research_summary, p.intended_service, p.achievements, p.service_experience, p.work_history, p.honours,
       p.available_from, p.available_to, p.preferred_units, p.bank_name, p.political_status, p.other_programmes,
       p.eligibility_ground, p.evidence
FROM jsonb_populate_record(NULL::app.application, :whole::jsonb) p

-- name: application_update_blockers
-- Only drafts and returned applications are written, and by the bureau only those it entered.
SELECT 'not_editable' AS rule, NULL::text AS pointer, NULL::text AS figures
FROM app.application a WHERE a.id = :application_id::uuid AND a.status NOT IN ('draft', 'returned')
UNION ALL
SELECT 'applicant_writes_own', NULL, NULL
FROM app.application a WHERE a.id = :application_id::uuid AND app.my_side() = 'city' AND a.side <> 'city'
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.application a CROSS JOIN jsonb_populate_record(a, :patch::jsonb) p
CROSS JOIN app.application_faults(p, :patch::jsonb) f
WHERE a.id = :application_id::uuid

-- name: application_update
-- Lays the patch over the row; null in it empties a member.
UPDATE app.application a
SET (full_name, gender, birth_on, id_type, id_no, id_no_masked, id_no_index, id_no_birth_on, id_no_gender, mobile,
     mobile_masked, bank_account_no, bank_account_no_masked, email, institution_id, department, position, employment,
     education_code, degree_code, doctoral_status, title_code, title_level, title_obtained_on, service_qualification,
     qualification_no, qualification_valid_to, discipline, specialties, tech_fields, industries, research_summary,
     intended_service, achievements, service_experience, work_history, honours, available_from, available_to,
     preferred_units, bank_name, political_status, other_programmes, eligibility_ground, evidence)
  = (SELECT p.full_name, p.gender, p.birth_on, p.id_type, p.id_no, p.id_no_masked, p.id_no_index, p.id_no_birth_on,
            p.id_no_gender, p.mobile, p.mobile_masked, p.bank_account_no, p.bank_account_no_masked, p.email,
            p.institution_id, p.department, p.position, p.employment, p.education_code, p.degree_code,
            p.doctoral_status, p.title_code, p.title_level, p.title_obtained_on, p.service_qualification,
            p.qualification_no, p.qualification_valid_to, p.discipline, p.specialties, p.tech_fields, p.industries,
            p.research_summary, p.intended_service, p.achievements, p.service_experience, p.work_history, p.honours,
            p.available_from, p.available_to, p.preferred_units, p.bank_name, p.political_status, p.other_programmes,
            p.eligibility_ground, p.evidence
     FROM jsonb_populate_record(a, :patch::jsonb) p)
WHERE a.id = :application_id::uuid

-- name: application_submit_blockers
-- Complete, on a ground that holds or with a request to waive it, from a listed institution, with the pledge, and, the
-- first time, while its call is open.
SELECT m.rule, m.pointer, m.figures
FROM app.application a CROSS JOIN app.application_missing(a) m WHERE a.id = :application_id::uuid
UNION ALL
SELECT g.rule, g.pointer, g.figures
FROM app.application a CROSS JOIN app.ground_faults(a) g
WHERE a.id = :application_id::uuid AND :waiver_request::text IS NULL
UNION ALL
SELECT 'waiver_not_needed', '#/waiver_request', NULL
FROM app.application a
WHERE a.id = :application_id::uuid AND :waiver_request::text IS NOT NULL
  AND NOT EXISTS (SELECT FROM app.ground_faults(a))
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.application a CROSS JOIN app.application_standing_faults(a) f WHERE a.id = :application_id::uuid
UNION ALL
SELECT 'pledge_missing', '#/pledge_version', p.code
FROM app.application a JOIN app.policy p ON p.id = a.policy_id
WHERE a.id = :application_id::uuid
  AND (:pledge_version::text IS DISTINCT FROM p.code
       OR app.my_side() = 'city' AND a.entered_for ->> 'attachment_id' IS NULL)
UNION ALL
SELECT 'call_window_closed', '#/call_id', NULL
FROM app.application a
WHERE a.id = :application_id::uuid AND a.status = 'draft'
  AND NOT EXISTS (SELECT FROM app.call c WHERE c.id = a.call_id AND c.status = 'published'
                  AND app.now() >= c.opens_at AND app.now() < c.closes_at)

-- name: application_submit
-- Freezes a version and asks the institution.
UPDATE app.application
SET status = 'institution_review', pledge_version = :pledge_version::text, pledged_at = app.now(),
    waiver_request = :waiver_request::text
WHERE id = :application_id::uuid

-- name: application_consent_blockers
-- The word is about the version that was read. An office that enters it shows the stamped paper.
SELECT f.rule, f.pointer, f.figures FROM app.review_faults(:decision::text, :opinion::text, :reason_code::text,
    true) f
UNION ALL
SELECT 'consent_other_version', '#/content_sha256', a.version_no::text
FROM app.application a WHERE a.id = :application_id::uuid AND a.content_sha256 <> :content_sha256::text
UNION ALL
SELECT 'consent_scan_required', '#/attachment_id', NULL
WHERE app.my_side() = 'city' AND :attachment_id::uuid IS NULL
UNION ALL
SELECT 'consent_scan_office_only', '#/attachment_id', NULL
WHERE app.my_side() = 'institution' AND :attachment_id::uuid IS NOT NULL

-- name: application_consent
-- The institution's word, by its link or from the stamped paper, bound to version and hash.
WITH changed AS (
    UPDATE app.application
    SET status = CASE :decision::text WHEN 'pass' THEN 'city_review' WHEN 'return' THEN 'returned'
                                      WHEN 'reject' THEN 'declined' END,
        consent = jsonb_build_object('decision', :decision::text, 'signatory', :signatory::text, 'post', :post::text,
            'method', CASE app.my_side() WHEN 'city' THEN 'scan' ELSE 'link' END, 'attachment_id', :attachment_id::uuid,
            'version_no', version_no, 'content_sha256', content_sha256, 'at', app.rfc3339(app.now()))
    WHERE id = :application_id::uuid
    RETURNING id, version)
INSERT INTO app.review (subject_type, subject_id, subject_version, step, decision, reason_code, opinion, signatory,
                        visible_to_applicant)
SELECT 'application', c.id, c.version, 'consent', :decision::text, :reason_code::text, :opinion::text, :signatory::text,
       true
FROM changed c

-- name: application_consent_given
-- What whoever gave the word is shown: the outcome for the document, nothing of the person.
SELECT a.id, a.version, a.status, a.consent FROM app.application a WHERE a.id = :application_id::uuid

-- name: application_review_blockers
-- Nothing passes on a ground that fails, but by a waiver with reason and number (article 5), and nobody who is barred,
-- whose institution is not listed, or whose entry is in another account's hands.
SELECT f.rule, f.pointer, f.figures FROM app.review_faults(:decision::text, :opinion::text, :reason_code::text,
    :visible_to_applicant::boolean) f
UNION ALL
SELECT g.rule, g.pointer, g.figures
FROM app.application a CROSS JOIN app.ground_faults(a) g
WHERE a.id = :application_id::uuid AND :decision::text = 'pass' AND :waiver::jsonb IS NULL
UNION ALL
SELECT 'waiver_not_needed', '#/waiver', NULL
FROM app.application a
WHERE a.id = :application_id::uuid AND :waiver::jsonb IS NOT NULL
  AND (:decision::text <> 'pass' OR NOT EXISTS (SELECT FROM app.ground_faults(a)))
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.application a CROSS JOIN app.application_standing_faults(a) f
WHERE a.id = :application_id::uuid AND :decision::text = 'pass'
UNION ALL
SELECT 'entry_of_other_account', NULL, NULL
FROM app.application a
WHERE a.id = :application_id::uuid AND :decision::text = 'pass' AND app.entry_held(a.applicant_id, a.id_no_index)

-- name: application_review
-- The bureau's word; an approval makes, prolongs or revives the entry in the register.
WITH changed AS (
    UPDATE app.application
    SET status = CASE :decision::text WHEN 'pass' THEN 'approved' WHEN 'return' THEN 'returned'
                                      WHEN 'reject' THEN 'rejected' END,
        waiver = CASE WHEN :waiver::jsonb IS NOT NULL
                      THEN :waiver::jsonb || jsonb_build_object('by', app.fact('account'),
                                                                'at', app.rfc3339(app.now())) END
    WHERE id = :application_id::uuid
    RETURNING id, version)
INSERT INTO app.review (subject_type, subject_id, subject_version, step, decision, reason_code, opinion,
                        visible_to_applicant)
SELECT 'application', c.id, c.version, 'review', :decision::text, :reason_code::text, :opinion::text,
       coalesce(:visible_to_applicant::boolean, true)
FROM changed c

-- name: application_withdraw
-- The applicant takes it back; the institution's link ends with it.
UPDATE app.application SET status = 'withdrawn' WHERE id = :application_id::uuid
