-- Lists read the table and not the view, which asks for what is private of each entry. Filters stand inside coalesce, as
-- those of the demands do and for the same reason.

-- part: specialist_rows
SELECT s.id, s.version, s.created_at, s.updated_at, s.status, s.code, s.full_name, s.institution_id, s.title_code,
       s.title_level, s.discipline, array_to_json(s.specialties) AS specialties,
       array_to_json(s.tech_fields) AS tech_fields, s.valid_to, s.is_placed, s.available_from, s.available_to
FROM app.specialist s
WHERE coalesce((:status::text[] IS NULL OR s.status = ANY (:status::text[]))
      AND (:institution_id::uuid[] IS NULL OR s.institution_id = ANY (:institution_id::uuid[]))
      AND (:tech_field::text[] IS NULL OR s.tech_fields && :tech_field::text[])
      AND (:title_level::text[] IS NULL OR s.title_level = ANY (:title_level::text[]))
      AND (:is_placed::boolean IS NULL OR s.is_placed = :is_placed::boolean)
      AND (:preferred_unit::text[] IS NULL OR s.preferred_units && :preferred_unit::text[])
      AND (:code::text[] IS NULL OR s.code = ANY (:code::text[]))
      AND (:industry::text[] IS NULL
           OR EXISTS (SELECT FROM unnest(s.industries) AS c WHERE c ^@ ANY (:industry::text[])))
      AND (:valid_to_from::date IS NULL OR s.valid_to >= :valid_to_from::date)
      AND (:valid_to_before::date IS NULL OR s.valid_to < :valid_to_before::date)
      AND (:available_from_from::date IS NULL OR s.available_from >= :available_from_from::date)
      AND (:available_from_before::date IS NULL OR s.available_from < :available_from_before::date)
      AND (:available_to_from::date IS NULL OR s.available_to >= :available_to_from::date)
      AND (:available_to_before::date IS NULL OR s.available_to < :available_to_before::date)
      AND (:updated_since::timestamptz IS NULL OR s.updated_at >= :updated_since::timestamptz), false)

-- name: specialist_list
-- Entries the caller may see, by updated at, the latest first.
-- include: specialist_rows
  AND (s.updated_at, s.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY s.updated_at DESC, s.id DESC
LIMIT :limit::integer

-- name: specialist_list_by_id
-- The same by id, for walks that must not miss a row.
-- include: specialist_rows
  AND s.id > :after_id::uuid
ORDER BY s.id
LIMIT :limit::integer

-- name: specialist_list_search
-- The same that hold all the words.
-- include: specialist_rows
  AND s.id IN (SELECT app.specialist_search(:q))
  AND (s.updated_at, s.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY s.updated_at DESC, s.id DESC
LIMIT :limit::integer

-- name: specialist_get
-- One entry as its reader may see it.
SELECT * FROM specialist WHERE id = :specialist_id::uuid

-- name: specialist_lock
-- The row a step or change is about, held until the end of the transaction, and what stands on it before it.
WITH papers AS MATERIALIZED (
    SELECT app.papers_hold(NULL, NULL, s.id) AS held FROM app.specialist s WHERE s.id = :specialist_id::uuid)
SELECT s.version, s.status, app.allowed_steps('specialist', s.status, true) AS allowed_steps
FROM app.specialist s WHERE s.id = :specialist_id::uuid AND (SELECT p.held FROM papers p) FOR UPDATE OF s

-- name: specialist_update_blockers
-- Who has left the register changes nothing in it.
SELECT 'not_editable' AS rule, NULL::text AS pointer, NULL::text AS figures
FROM app.specialist s WHERE s.id = :specialist_id::uuid AND s.status NOT IN ('registered', 'suspended')
UNION ALL
SELECT f.rule, f.pointer, f.figures FROM app.person_code_faults(:patch::jsonb) f

-- name: specialist_update
-- Contact, availability, wishes and summary; facts under eligibility come by a new application alone.
UPDATE app.specialist s
SET (mobile, mobile_masked, email, research_summary, intended_service, available_from, available_to, preferred_units,
     bank_name, bank_account_no, bank_account_no_masked)
  = (SELECT p.mobile, p.mobile_masked, p.email, p.research_summary, p.intended_service, p.available_from,
            p.available_to, p.preferred_units, p.bank_name, p.bank_account_no, p.bank_account_no_masked
     FROM jsonb_populate_record(s, :patch::jsonb) p)
WHERE s.id = :specialist_id::uuid

-- name: specialist_suspend
-- The entry pauses, by the person's own wish or by the bureau.
WITH changed AS (
    UPDATE app.specialist SET status = 'suspended', suspended_reason = :reason::text WHERE id = :specialist_id::uuid
    RETURNING id, version)
INSERT INTO app.review (subject_type, subject_id, subject_version, step, opinion)
SELECT 'specialist', c.id, c.version, 'suspend', :reason::text FROM changed c

-- name: specialist_resume_blockers
-- The side that paused it resumes it.
SELECT 'resumed_by_other_side' AS rule, NULL::text AS pointer, NULL::text AS figures
FROM app.specialist s
WHERE s.id = :specialist_id::uuid
  AND s.suspended_by_side <> CASE app.my_side() WHEN 'specialist' THEN 'self' ELSE 'city' END

-- name: specialist_resume
-- The pause is over.
UPDATE app.specialist SET status = 'registered' WHERE id = :specialist_id::uuid

-- name: specialist_remove_blockers
-- Nobody leaves a placement by leaving the register.
SELECT 'placement_runs' AS rule, NULL::text AS pointer, p.placement_no AS figures
FROM app.placement p
WHERE p.specialist_id = :specialist_id::uuid AND p.status IN ('pending', 'active', 'suspended')

-- name: specialist_remove
-- The person leaves, or is taken off; the menu goes with him, and what has not come to a notice.
WITH changed AS (
    UPDATE app.specialist SET status = 'removed' WHERE id = :specialist_id::uuid
    RETURNING id, version)
INSERT INTO app.review (subject_type, subject_id, subject_version, step, opinion)
SELECT 'specialist', c.id, c.version, 'remove', :reason::text FROM changed c
