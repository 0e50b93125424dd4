-- The filters of a list stand inside coalesce, for a reason of the planner: a plan that serves all parameters takes
-- each of them for selective, expects next to no rows and reads the whole table to sort it. Inside coalesce it expects
-- half of the rows and walks the index of the order until the page is full.

-- part: demand_rows
SELECT d.id, d.version, d.created_at, d.updated_at, d.unit_id, d.status, d.enterprise_id, d.call_id, d.kind, d.title,
       d.task_groups, d.tech_field, d.industry_code, d.urgency, d.expected_start_on, d.valid_to, d.priority_no,
       d.confidentiality, d.opened_at
FROM demand d
WHERE coalesce((:status::text[] IS NULL OR d.status = ANY (:status::text[]))
      AND (:unit_id::text[] IS NULL OR d.unit_id = ANY (:unit_id::text[]))
      AND (:enterprise_id::uuid[] IS NULL OR d.enterprise_id = ANY (:enterprise_id::uuid[]))
      AND (:call_id::uuid[] IS NULL OR d.call_id = ANY (:call_id::uuid[]))
      AND (:kind::text[] IS NULL OR d.kind = ANY (:kind::text[]))
      AND (:tech_field::text[] IS NULL OR d.tech_field = ANY (:tech_field::text[]))
      AND (:task_group::text[] IS NULL OR d.task_groups::jsonb ?| :task_group::text[])
      AND (:urgency::text[] IS NULL OR d.urgency = ANY (:urgency::text[]))
      AND (:industry_code::text[] IS NULL OR d.industry_code ^@ ANY (:industry_code::text[]))
      AND (:confidentiality::text[] IS NULL OR d.confidentiality = ANY (:confidentiality::text[]))
      AND (:cooperation_mode::text[] IS NULL OR d.cooperation_mode = ANY (:cooperation_mode::text[]))
      AND (:expected_start_on_from::date IS NULL OR d.expected_start_on >= :expected_start_on_from::date)
      AND (:expected_start_on_before::date IS NULL OR d.expected_start_on < :expected_start_on_before::date)
      AND (:valid_to_from::date IS NULL OR d.valid_to >= :valid_to_from::date)
      AND (:valid_to_before::date IS NULL OR d.valid_to < :valid_to_before::date)
      AND (:updated_since::timestamptz IS NULL OR d.updated_at >= :updated_since::timestamptz), false)

-- name: demand_list
-- Demands the caller may see, by updated at, the latest first.
-- include: demand_rows
  AND (d.updated_at, d.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY d.updated_at DESC, d.id DESC
LIMIT :limit::integer

-- name: demand_list_by_id
-- The same by id, for walks that must not miss a row.
-- include: demand_rows
  AND d.id > :after_id::uuid
ORDER BY d.id
LIMIT :limit::integer

-- name: demand_list_by_valid_to
-- The same by the end of their validity, the earliest first.
-- include: demand_rows
  AND (d.valid_to, d.id) > (:after_1::date, :after_id::uuid)
ORDER BY d.valid_to, d.id
LIMIT :limit::integer

-- name: demand_list_search
-- The same that hold all the words.
-- include: demand_rows
  AND d.id IN (SELECT app.demand_search(:q))
  AND (d.updated_at, d.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY d.updated_at DESC, d.id DESC
LIMIT :limit::integer

-- name: demand_get
-- One demand as its reader may see it.
SELECT * FROM demand WHERE id = :demand_id::uuid

-- name: demand_lock
-- The row a step or change is about, held until the end of the transaction, and what stands on it before it.
WITH papers AS MATERIALIZED (
    SELECT app.papers_hold(d.id, NULL, NULL) AS held FROM app.demand d WHERE d.id = :demand_id::uuid)
SELECT d.version, d.status, app.allowed_steps('demand', d.status, true) AS allowed_steps
FROM app.demand d WHERE d.id = :demand_id::uuid AND (SELECT p.held FROM papers p) FOR UPDATE OF d

-- name: demand_create_blockers
-- The firm must be in the caller's sight; codes and call must fit.
SELECT f.rule, f.pointer, f.figures FROM app.entered_for_faults(:entered_for::jsonb) f
UNION ALL
SELECT 'reference_not_found', '#/enterprise_id', NULL
WHERE NOT EXISTS (SELECT FROM app.enterprise e WHERE e.id = :enterprise_id::uuid)
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.enterprise e
CROSS JOIN app.demand_faults(jsonb_build_object('task_groups', :task_groups::jsonb, 'tech_field', :tech_field::text,
    'industry_code', :industry_code::text, 'service_forms', :service_forms::jsonb, 'call_id', :call_id::uuid,
    'named_specialist_id', :named_specialist_id::uuid), e.unit_id) f
WHERE e.id = :enterprise_id::uuid

-- name: demand_create
-- Begins a draft; unit, policy and validity come from the trigger.
INSERT INTO app.demand (id, entered_for, enterprise_id, call_id, kind, title, description, current_state, task_groups,
                        tech_field, industry_code, service_forms, targets, budget_fen, cooperation_mode,
                        wanted_title_level, wanted_degree, wanted_profile, named_specialist_id, urgency,
                        expected_start_on, valid_to, priority_no, confidentiality, contact_name, contact_phone,
                        contact_phone_masked)
VALUES (:demand_id::uuid, :entered_for::jsonb, :enterprise_id::uuid, :call_id::uuid, :kind, :title, :description,
        :current_state, app.text_array(:task_groups::jsonb), :tech_field, :industry_code,
        app.text_array(:service_forms::jsonb), :targets::jsonb, :budget_fen::bigint, :cooperation_mode,
        :wanted_title_level, :wanted_degree, :wanted_profile, :named_specialist_id::uuid, :urgency,
        :expected_start_on::date, :valid_to::date, :priority_no::integer, :confidentiality, :contact_name,
        :contact_phone::bytea, :contact_phone_masked)

-- name: demand_update_blockers
-- Only drafts, returned and expired demands are written; codes and call must fit.
SELECT 'not_editable' AS rule, NULL::text AS pointer, NULL::text AS figures
FROM app.demand d WHERE d.id = :demand_id::uuid AND d.status NOT IN ('draft', 'returned', 'expired')
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.demand d CROSS JOIN app.demand_faults(:patch::jsonb, d.unit_id) f
WHERE d.id = :demand_id::uuid
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.demand d CROSS JOIN app.acting_faults(nullif(:patch::jsonb -> 'entered_for', 'null'), d.side) f
WHERE d.id = :demand_id::uuid

-- name: demand_update
-- Lays the patch over the row; null in it empties a member.
UPDATE app.demand d
SET (call_id, kind, title, description, current_state, task_groups, tech_field, industry_code, service_forms, targets,
     budget_fen, cooperation_mode, wanted_title_level, wanted_degree, wanted_profile, named_specialist_id, urgency,
     expected_start_on, valid_to, priority_no, confidentiality, contact_name, contact_phone, contact_phone_masked)
  = (SELECT p.call_id, p.kind, p.title, p.description, p.current_state, p.task_groups, p.tech_field, p.industry_code,
            p.service_forms, p.targets, p.budget_fen, p.cooperation_mode, p.wanted_title_level, p.wanted_degree,
            p.wanted_profile, p.named_specialist_id, p.urgency, p.expected_start_on, p.valid_to, p.priority_no,
            p.confidentiality, p.contact_name, p.contact_phone, p.contact_phone_masked
     FROM jsonb_populate_record(d, :patch::jsonb) p)
WHERE d.id = :demand_id::uuid AND app.act_for(nullif(:patch::jsonb -> 'entered_for', 'null'), 'demand', d.id)

-- name: demand_submit_blockers
-- Complete, still valid, with a start to come and a rank of its own, from a confirmed firm without a bar, and, the first
-- time, while its call takes demands. After an expiry the validity is counted anew.
SELECT m.rule, m.pointer, m.figures
FROM app.demand d CROSS JOIN app.demand_missing(d) m WHERE d.id = :demand_id::uuid
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.demand d CROSS JOIN app.enterprise_standing_faults(d.enterprise_id) f WHERE d.id = :demand_id::uuid
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.demand d CROSS JOIN app.acting_faults(:entered_for::jsonb, d.side) f WHERE d.id = :demand_id::uuid
UNION ALL
SELECT 'demand_validity_over', '#/valid_to', d.valid_to::text
FROM app.demand d WHERE d.id = :demand_id::uuid AND d.status <> 'expired' AND d.valid_to < app.today()
UNION ALL
SELECT 'expected_start_in_past', '#/expected_start_on', d.expected_start_on::text
FROM app.demand d WHERE d.id = :demand_id::uuid AND d.expected_start_on < app.today()
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.demand d
CROSS JOIN app.priority_no_faults(d.id, d.enterprise_id, d.priority_no, '#/priority_no') f
WHERE d.id = :demand_id::uuid
UNION ALL
SELECT 'call_window_closed', '#/call_id', NULL
FROM app.demand d
WHERE d.id = :demand_id::uuid AND d.status = 'draft' AND d.call_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM app.call c WHERE c.id = d.call_id AND c.status = 'published'
                  AND app.now() >= c.opens_at AND app.now() < c.closes_at)

-- name: demand_submit
-- Asks the county for its first review.
UPDATE app.demand SET status = 'county_review'
WHERE id = :demand_id::uuid AND app.act_for(:entered_for::jsonb, 'demand', id)

-- name: demand_first_review_blockers
-- Nothing passes for a firm that is barred or no longer confirmed, nor beside another demand of the same rank, nor after
-- its validity.
SELECT f.rule, f.pointer, f.figures FROM app.review_faults(:decision::text, :opinion::text, :reason_code::text,
    :visible_to_applicant::boolean) f
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.demand d CROSS JOIN app.enterprise_standing_faults(d.enterprise_id) f
WHERE d.id = :demand_id::uuid AND :decision::text = 'pass'
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.demand d CROSS JOIN app.priority_no_faults(d.id, d.enterprise_id, d.priority_no, NULL) f
WHERE d.id = :demand_id::uuid AND :decision::text = 'pass'
UNION ALL
SELECT 'demand_validity_over', NULL, d.valid_to::text
FROM app.demand d WHERE d.id = :demand_id::uuid AND :decision::text = 'pass' AND d.valid_to < app.today()
UNION ALL
SELECT f.rule, f.pointer, f.figures FROM app.submitter_faults('demand', :demand_id::uuid, :decision::text) f

-- name: demand_first_review
-- The county's word, kept with its opinion.
WITH changed AS (
    UPDATE app.demand
    SET status = CASE :decision::text WHEN 'pass' THEN 'city_review' WHEN 'return' THEN 'returned'
                                      WHEN 'reject' THEN 'rejected' END
    WHERE id = :demand_id::uuid
    RETURNING id, version, unit_id, enterprise_id)
INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, enterprise_id, step, decision, reason_code,
                        opinion, visible_to_applicant)
SELECT 'demand', c.id, c.version, c.unit_id, c.enterprise_id, 'first_review', :decision::text, :reason_code::text,
       :opinion::text, coalesce(:visible_to_applicant::boolean, true)
FROM changed c

-- name: demand_review_blockers
-- The same for the city.
SELECT f.rule, f.pointer, f.figures FROM app.review_faults(:decision::text, :opinion::text, :reason_code::text,
    :visible_to_applicant::boolean) f
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.demand d CROSS JOIN app.enterprise_standing_faults(d.enterprise_id) f
WHERE d.id = :demand_id::uuid AND :decision::text = 'pass'
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.demand d CROSS JOIN app.priority_no_faults(d.id, d.enterprise_id, d.priority_no, NULL) f
WHERE d.id = :demand_id::uuid AND :decision::text = 'pass'
UNION ALL
SELECT 'demand_validity_over', NULL, d.valid_to::text
FROM app.demand d WHERE d.id = :demand_id::uuid AND :decision::text = 'pass' AND d.valid_to < app.today()

-- name: demand_review
-- The city's word; passing opens the demand for matching.
WITH changed AS (
    UPDATE app.demand
    SET status = CASE :decision::text WHEN 'pass' THEN 'open' WHEN 'return' THEN 'returned'
                                      WHEN 'return_to_county' THEN 'county_review' WHEN 'reject' THEN 'rejected' END
    WHERE id = :demand_id::uuid
    RETURNING id, version, unit_id, enterprise_id)
INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, enterprise_id, step, decision, reason_code,
                        opinion, visible_to_applicant)
SELECT 'demand', c.id, c.version, c.unit_id, c.enterprise_id, 'review', :decision::text, :reason_code::text,
       :opinion::text, coalesce(:visible_to_applicant::boolean, true)
FROM changed c

-- name: demand_withdraw_blockers
-- Whoever withdraws for the firm says so, and nobody does so once the placement has begun.
SELECT f.rule, f.pointer, f.figures
FROM app.demand d CROSS JOIN app.acting_faults(:entered_for::jsonb, d.side) f WHERE d.id = :demand_id::uuid
UNION ALL
SELECT 'placement_runs', NULL, p.placement_no
FROM app.demand d JOIN app.placement p ON p.enterprise_id = d.enterprise_id AND p.demand_id = d.id
WHERE d.id = :demand_id::uuid AND p.status IN ('active', 'suspended')

-- name: demand_withdraw
-- The firm needs it no longer. A draft is dropped without a word to others; what stands on a matched one ends with it,
-- by the triggers of those rooms.
WITH noted AS (
    INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, enterprise_id, step, decision, opinion)
    SELECT 'demand', d.id, d.version + 1, d.unit_id, d.enterprise_id, 'withdraw', :close_reason::text, :opinion::text
    FROM app.demand d WHERE d.id = :demand_id::uuid AND d.status <> 'draft')
UPDATE app.demand SET status = 'withdrawn', close_reason = :close_reason::text
WHERE id = :demand_id::uuid AND app.act_for(:entered_for::jsonb, 'demand', id)
