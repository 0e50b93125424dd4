-- The filters of a list stand inside coalesce, for a reason of the planner: a plan that serves all parameters takes
-- each of them for selective, expects next to no rows and reads the whole table to sort it. Inside coalesce it expects
-- half of the rows and walks the index of the order until the page is full.

-- part: enterprise_rows
SELECT e.id, e.version, e.created_at, e.updated_at, e.unit_id, e.status, e.uscc, e.name, e.industry_code, e.chain_code,
       e.is_above_scale, e.is_weak_rd_sme, e.priority_bp
FROM enterprise e
WHERE coalesce((:status::text[] IS NULL OR e.status = ANY (:status::text[]))
      AND (:unit_id::text[] IS NULL OR e.unit_id = ANY (:unit_id::text[]))
      AND (:industry_code::text[] IS NULL OR e.industry_code ^@ ANY (:industry_code::text[]))
      AND (:is_above_scale::boolean IS NULL OR e.is_above_scale = :is_above_scale::boolean)
      AND (:chain_code::text[] IS NULL OR e.chain_code = ANY (:chain_code::text[]))
      AND (:is_weak_rd_sme::boolean IS NULL OR e.is_weak_rd_sme = :is_weak_rd_sme::boolean)
      AND (:has_hitech::boolean IS NULL
           OR (SELECT app.my_side()) <> 'specialist'
           AND (e.hitech_cert_no IS NOT NULL AND e.hitech_valid_to >= (SELECT app.today())) = :has_hitech::boolean)
      AND (:updated_since::timestamptz IS NULL OR e.updated_at >= :updated_since::timestamptz), false)

-- name: enterprise_list
-- Firms the caller may see, by updated at, the latest first.
-- include: enterprise_rows
  AND (e.updated_at, e.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY e.updated_at DESC, e.id DESC
LIMIT :limit::integer

-- name: enterprise_list_by_id
-- The same by id, for walks that must not miss a row.
-- include: enterprise_rows
  AND e.id > :after_id::uuid
ORDER BY e.id
LIMIT :limit::integer

-- name: enterprise_list_by_priority
-- The same by the priority of article 7, the highest first.
-- include: enterprise_rows
  AND (e.priority_bp, e.id) < (:after_1::integer, :after_id::uuid)
ORDER BY e.priority_bp DESC, e.id DESC
LIMIT :limit::integer

-- name: enterprise_list_search
-- The same that hold all the words.
-- include: enterprise_rows
  AND e.id IN (SELECT app.enterprise_search(:q))
  AND (e.updated_at, e.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY e.updated_at DESC, e.id DESC
LIMIT :limit::integer

-- name: enterprise_get
-- One firm as its reader may see it.
SELECT * FROM enterprise WHERE id = :enterprise_id::uuid

-- name: enterprise_lock
-- The row a step or change is about, held until the end of the transaction, and what stands on it before it.
WITH papers AS MATERIALIZED (
    SELECT app.papers_hold(NULL, e.id, NULL) AS held FROM app.enterprise e WHERE e.id = :enterprise_id::uuid)
SELECT e.version, e.status, app.allowed_steps('enterprise', e.status, true) AS allowed_steps
FROM app.enterprise e WHERE e.id = :enterprise_id::uuid AND (SELECT p.held FROM papers p) FOR UPDATE OF e

-- name: enterprise_create_blockers
-- One firm an account; a county enters firms of its own unit for them.
SELECT f.rule, f.pointer, f.figures FROM app.entered_for_faults(:entered_for::jsonb) f
UNION ALL
SELECT 'account_has_enterprise', NULL, NULL
WHERE app.my_side() = 'enterprise' AND app.fact('enterprise') IS NOT NULL
UNION ALL
SELECT 'own_unit_only', '#/unit_id', NULL WHERE app.my_side() = 'county' AND :unit_id::text <> app.fact('unit')
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.enterprise_faults(jsonb_build_object('uscc', :uscc::text, 'uscc_override_reason', :uscc_override_reason::text,
    'uscc_override_scan_id', :uscc_override_scan_id::uuid, 'unit_id', :unit_id::text,
    'industry_code', :industry_code::text, 'chain_code', :chain_code::text,
    'other_programmes', :other_programmes::jsonb), '{}') f

-- name: enterprise_create
-- Begins a record; an enterprise account is bound to it by a trigger.
INSERT INTO app.enterprise (id, entered_for, unit_id, uscc, uscc_override_reason, uscc_override_scan_id, name,
                            is_legal_person, legal_representative, registered_on, registered_capital_fen, address,
                            industry_code, chain_code, main_business, contact_name, contact_phone, contact_phone_masked,
                            contact_email, figures, is_above_scale, is_weak_rd_sme, hitech_cert_no, hitech_valid_to,
                            sme_tech_no, sme_tech_year, rd_platforms, other_programmes)
VALUES (:enterprise_id::uuid, :entered_for::jsonb, :unit_id, :uscc, :uscc_override_reason,
        :uscc_override_scan_id::uuid, :name, :is_legal_person::boolean, :legal_representative, :registered_on::date,
        :registered_capital_fen::bigint,
        :address, :industry_code, :chain_code, :main_business, :contact_name, :contact_phone::bytea,
        :contact_phone_masked, :contact_email, :figures::jsonb, :is_above_scale::boolean, :is_weak_rd_sme::boolean,
        :hitech_cert_no, :hitech_valid_to::date, :sme_tech_no, :sme_tech_year::integer,
        app.text_array(:rd_platforms::jsonb), app.text_array(:other_programmes::jsonb))

-- name: enterprise_update_blockers
-- Who may change what of a record in which state.
SELECT f.rule, f.pointer, f.figures
FROM app.enterprise e CROSS JOIN app.enterprise_update_faults(e, :patch::jsonb) f
WHERE e.id = :enterprise_id::uuid

-- name: enterprise_update
-- Lays the patch over the row; what changes a confirmed fact is noted with its reason, and a move with both units'
-- words.
WITH noted AS (
    INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, enterprise_id, step, opinion,
                            unit_words)
    SELECT 'enterprise', e.id, e.version + 1, e.unit_id, e.id, 'update', :patch::jsonb ->> 'reason',
           nullif(:patch::jsonb -> 'unit_words', 'null')
    FROM app.enterprise e
    WHERE e.id = :enterprise_id::uuid AND e.status = 'active'
      AND EXISTS (SELECT FROM app.enterprise_guarded(e, :patch::jsonb)))
UPDATE app.enterprise e
SET (unit_id, uscc, uscc_override_reason, uscc_override_scan_id, name, is_legal_person, legal_representative,
     registered_on, registered_capital_fen, address, industry_code, chain_code, main_business, contact_name,
     contact_phone,
     contact_phone_masked, contact_email, figures, is_above_scale, is_weak_rd_sme, hitech_cert_no, hitech_valid_to,
     sme_tech_no, sme_tech_year, rd_platforms, other_programmes)
  = (SELECT p.unit_id, p.uscc, p.uscc_override_reason, p.uscc_override_scan_id, p.name, p.is_legal_person,
            p.legal_representative, p.registered_on, p.registered_capital_fen, p.address, p.industry_code,
            p.chain_code, p.main_business,
            p.contact_name, p.contact_phone, p.contact_phone_masked, p.contact_email, p.figures, p.is_above_scale,
            p.is_weak_rd_sme, p.hitech_cert_no, p.hitech_valid_to, p.sme_tech_no, p.sme_tech_year, p.rd_platforms,
            p.other_programmes
     FROM jsonb_populate_record(e, :patch::jsonb) p)
WHERE e.id = :enterprise_id::uuid
  AND app.act_for(nullif(:patch::jsonb -> 'entered_for', 'null'), 'enterprise', e.id)
  AND app.unit_words_keep(:patch::jsonb -> 'unit_words', e.id)

-- name: enterprise_submit_blockers
-- Complete, with the figures of the last full year.
SELECT m.rule, m.pointer, m.figures
FROM app.enterprise e CROSS JOIN app.enterprise_missing(e) m WHERE e.id = :enterprise_id::uuid
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.enterprise e CROSS JOIN app.acting_faults(:entered_for::jsonb, e.side) f WHERE e.id = :enterprise_id::uuid

-- name: enterprise_submit
-- Asks the county to confirm the record.
UPDATE app.enterprise SET status = 'county_review'
WHERE id = :enterprise_id::uuid AND app.act_for(:entered_for::jsonb, 'enterprise', id)

-- name: enterprise_confirm_blockers
-- Only a legal person is confirmed (article 7), and not by who submitted it; anything else needs words.
SELECT f.rule, f.pointer, f.figures FROM app.review_faults(:decision::text, :opinion::text, :reason_code::text,
    :visible_to_applicant::boolean) f
UNION ALL
SELECT 'not_legal_person', '#/is_legal_person', NULL
FROM app.enterprise e WHERE e.id = :enterprise_id::uuid AND :decision::text = 'pass' AND NOT e.is_legal_person
UNION ALL
SELECT f.rule, f.pointer, f.figures
FROM app.submitter_faults('enterprise', :enterprise_id::uuid, :decision::text) f

-- name: enterprise_confirm
-- The county's word on registration and legal personality.
WITH changed AS (
    UPDATE app.enterprise
    SET status = CASE :decision::text WHEN 'pass' THEN 'active' WHEN 'return' THEN 'returned'
                                      WHEN 'reject' THEN 'rejected' END
    WHERE id = :enterprise_id::uuid
    RETURNING id, version, unit_id)
INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, enterprise_id, step, decision, reason_code,
                        opinion, visible_to_applicant)
SELECT 'enterprise', c.id, c.version, c.unit_id, c.id, 'confirm', :decision::text, :reason_code::text, :opinion::text,
       coalesce(:visible_to_applicant::boolean, true)
FROM changed c

-- name: enterprise_close_blockers
-- A firm does not leave while its demands, agreements or placements are under way.
SELECT 'enterprise_has_live_demands' AS rule, NULL::text AS pointer, count(*)::text AS figures
FROM app.demand d
WHERE d.enterprise_id = :enterprise_id::uuid AND d.status IN ('county_review', 'city_review', 'open', 'matched')
HAVING count(*) > 0
UNION ALL
SELECT 'agreement_under_way', NULL, a.agreement_no
FROM app.agreement a
WHERE a.enterprise_id = :enterprise_id::uuid AND a.status IN ('draft', 'signing', 'signed', 'filed')
UNION ALL
SELECT 'placement_runs', NULL, p.placement_no
FROM app.placement p
WHERE p.enterprise_id = :enterprise_id::uuid AND p.status IN ('pending', 'active', 'suspended')

-- name: enterprise_close
-- The firm was dissolved or left, or its record was never finished.
WITH noted AS (
    INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, enterprise_id, step, opinion)
    SELECT 'enterprise', e.id, e.version + 1, e.unit_id, e.id, 'close', :opinion::text
    FROM app.enterprise e WHERE e.id = :enterprise_id::uuid AND e.status <> 'draft')
UPDATE app.enterprise SET status = 'closed' WHERE id = :enterprise_id::uuid
