-- Versions of the numbers behind the rules: which numbers there are, what each may be, and what an adoption does to the
-- versions before it.

-- Every key there is. form says what a value is: a number from low to high, yes_no, one of words, a list of words
-- (words), for each of words a share that add up to 10000 (weights) or that fall in their order (cutoffs), for each of
-- words another word (replaced), or a list of numbers (days). per_unit: a unit may have a value of its own.
CREATE OR REPLACE FUNCTION app.policy_keys()
RETURNS TABLE (key text, form text, measure text, low bigint, high bigint, words text[], per_unit boolean)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT k.key, k.form, k.measure, k.low,
           coalesce(k.high, CASE k.measure WHEN 'bp' THEN 10000 WHEN 'months' THEN 120 WHEN 'days' THEN 3650
                                           WHEN 'minutes' THEN 1440 WHEN 'fen' THEN 100000000000 ELSE 1000 END),
           k.words::text[], coalesce(k.per_unit, false)
    FROM (VALUES
        ('eligibility_grounds', 'words', NULL, 0, NULL, '{doctorate,doctoral_student,title,service_qualification}', NULL),
        ('title_level_min', 'word', NULL, 0, NULL, '{senior,associate_senior,intermediate,junior,technician}', NULL),
        ('term_months', 'number', 'months', 1, NULL, NULL, NULL),
        ('renewal_term_months', 'number', 'months', 1, NULL, NULL, NULL),
        ('min_services_per_year', 'number', 'count', 0, NULL, NULL, NULL),
        ('excellent_share_bp', 'number', 'bp', 0, NULL, NULL, NULL),
        ('fund_total_fen', 'number', 'fen', 0, NULL, NULL, NULL),
        ('payout_usages', 'words', NULL, 0, NULL, '{travel,lodging,consulting,technical_service}', NULL),
        ('fund_gate', 'word', NULL, 0, NULL, '{mid_term_closed}', NULL),
        ('renewal_grades', 'words', NULL, 0, NULL, '{excellent,good,qualified}', NULL),
        ('city_meetings_per_year', 'number', 'count', 0, 12, NULL, NULL),
        ('evaluation_interval_months', 'number', 'months', 1, 12, NULL, NULL),
        ('assessments_per_year', 'number', 'count', 1, 12, NULL, NULL),
        ('mid_terms_per_term', 'number', 'count', 0, 12, NULL, NULL),
        ('assess_min_days', 'number', 'days', 0, NULL, NULL, NULL),
        ('excellent_scope', 'word', NULL, 0, NULL, '{city,unit}', NULL),
        ('excellent_rounding', 'word', NULL, 0, NULL, '{floor}', NULL),
        ('renewal_bar_months', 'number', 'months', 0, NULL, NULL, NULL),
        ('renewal_qualified_by_exception', 'yes_no', NULL, 0, NULL, NULL, NULL),
        ('renewal_open_days', 'number', 'days', 0, NULL, NULL, NULL),
        ('renewal_max_gap_days', 'number', 'days', 0, NULL, NULL, NULL),
        ('renewal_answer_days', 'number', 'days', 0, NULL, NULL, NULL),
        ('city_share_bp', 'number', 'bp', 0, NULL, NULL, true),
        ('unqualified_reduction_bp', 'number', 'bp', 0, NULL, NULL, NULL),
        ('recovery_due_days', 'number', 'days', 0, NULL, NULL, NULL),
        ('offset_window_days', 'number', 'days', 0, NULL, NULL, NULL),
        ('disburse_due_days', 'number', 'days', 0, NULL, NULL, NULL),
        ('acknowledge_days', 'number', 'days', 0, NULL, NULL, NULL),
        ('receipt_days', 'number', 'days', 0, NULL, NULL, NULL),
        ('arrears_days', 'number', 'days', 0, NULL, NULL, NULL),
        ('register_valid_months', 'number', 'months', 1, NULL, NULL, NULL),
        ('consent_link_days', 'number', 'days', 1, 90, NULL, NULL),
        ('correction_days', 'number', 'days', 1, NULL, NULL, NULL),
        ('demand_valid_months', 'number', 'months', 1, NULL, NULL, NULL),
        ('public_notice_days', 'number', 'days', 0, NULL, NULL, NULL),
        ('agreement_sign_days', 'number', 'days', 1, NULL, NULL, NULL),
        ('match_candidates', 'word', NULL, 0, NULL, '{mutual,one_sided,any}', NULL),
        ('match_min_score_bp', 'number', 'bp', 0, NULL, NULL, NULL),
        ('double_funding_months', 'number', 'months', 0, NULL, NULL, NULL),
        ('match_weights_bp', 'weights', 'bp', 0, NULL,
         '{tech_field,topic,task_group,qualification,record,priority,service_form,availability,place}', NULL),
        ('enterprise_priority_bp', 'weights', 'bp', 0, NULL, '{above_scale,hitech,weak_rd_sme}', NULL),
        ('work_plan_due_days', 'number', 'days', 0, NULL, NULL, NULL),
        ('quarter_due_days', 'number', 'days', 0, NULL, NULL, NULL),
        ('half_year_due_days', 'number', 'days', 0, NULL, NULL, NULL),
        ('annual_due_days', 'number', 'days', 0, NULL, NULL, NULL),
        ('quarter_replaced', 'replaced', NULL, 0, NULL, '{q1,q2,q3,q4,half_year,annual}', NULL),
        ('service_min_minutes', 'number', 'minutes', 1, NULL, NULL, NULL),
        ('service_max_per_day', 'number', 'count', 1, 24, NULL, NULL),
        ('service_remote_max_share_bp', 'number', 'bp', 0, NULL, NULL, NULL),
        ('confirm_days', 'number', 'days', 1, NULL, NULL, NULL),
        ('mid_term_due_days', 'number', 'days', 0, NULL, NULL, NULL),
        ('annual_evaluation_due_days', 'number', 'days', 0, NULL, NULL, NULL),
        ('grade_cutoffs_bp', 'cutoffs', 'bp', 0, NULL, '{excellent,good,qualified}', NULL),
        ('mid_term_cutoffs_bp', 'cutoffs', 'bp', 0, NULL, '{on_track,attention}', NULL),
        ('appeal_days', 'number', 'days', 1, NULL, NULL, NULL),
        ('appeal_decision_days', 'number', 'days', 1, NULL, NULL, NULL),
        ('change_confirm_days', 'number', 'days', 1, NULL, NULL, NULL),
        ('response_days', 'number', 'days', 1, NULL, NULL, NULL),
        ('sanction_default_months', 'number', 'months', 1, NULL, NULL, NULL),
        ('inspections_per_half_year', 'number', 'count', 0, 12, NULL, true),
        ('symposia_per_half_year', 'number', 'count', 0, 12, NULL, true),
        ('issue_confirm_days', 'number', 'days', 1, NULL, NULL, NULL),
        ('closure_due_days', 'number', 'days', 0, NULL, NULL, NULL),
        ('standing_valid_days', 'number', 'days', 1, NULL, NULL, NULL),
        ('reminder_days', 'days', 'days', -365, 365, NULL, NULL)
    ) AS k(key, form, measure, low, high, words, per_unit)
$$;

-- A JSON value as a whole number; null when it is anything else.
CREATE OR REPLACE FUNCTION app.whole_number(value jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN jsonb_typeof(value) = 'number' AND value::text ~ '^-?[0-9]{1,15}$' THEN value::text::bigint END $$;

-- Whether all members of an object have names among `words` and each of them is there (`whole`).
CREATE OR REPLACE FUNCTION app.has_members(value jsonb, words text[], whole boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT jsonb_typeof(value) = 'object' AND value - words = '{}' AND (NOT whole OR value ?& words) $$;

-- Whether a value is what its key demands.
CREATE OR REPLACE FUNCTION app.policy_value_fits(of_key text, value jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS
$$
DECLARE
    k record;
    shares bigint[];
BEGIN
    SELECT * INTO k FROM app.policy_keys() p WHERE p.key = of_key;
    IF k.form IN ('weights', 'cutoffs') AND app.has_members(value, k.words, true) THEN
        shares := ARRAY(SELECT app.whole_number(value -> w.word) FROM unnest(k.words) WITH ORDINALITY AS w(word, i)
                        ORDER BY w.i);
    END IF;
    RETURN coalesce(CASE k.form
        WHEN 'number' THEN app.whole_number(value) BETWEEN k.low AND k.high
        WHEN 'yes_no' THEN jsonb_typeof(value) = 'boolean'
        WHEN 'word' THEN jsonb_typeof(value) = 'string' AND value #>> '{}' = ANY (k.words)
        WHEN 'words' THEN jsonb_typeof(value) = 'array' AND jsonb_array_length(value) > 0
            AND (SELECT bool_and(jsonb_typeof(e) = 'string' AND e #>> '{}' = ANY (k.words))
                        AND count(*) = count(DISTINCT e) FROM jsonb_array_elements(value) e)
        WHEN 'weights' THEN array_position(shares, NULL) IS NULL
            AND (SELECT min(s) >= 0 AND sum(s) = 10000 FROM unnest(shares) s)
        WHEN 'cutoffs' THEN array_position(shares, NULL) IS NULL
            AND (SELECT min(s) >= 0 AND max(s) <= 10000 FROM unnest(shares) s)
            AND shares = ARRAY(SELECT DISTINCT s FROM unnest(shares) s ORDER BY s DESC)
        WHEN 'replaced' THEN app.has_members(value, k.words[:4], false)
            AND NOT EXISTS (SELECT FROM jsonb_each(value) e
                            WHERE jsonb_typeof(e.value) <> 'string' OR e.value #>> '{}' <> ALL (k.words[5:]))
        WHEN 'days' THEN jsonb_typeof(value) = 'array'
            AND (SELECT count(*) = count(DISTINCT e) AND count(*) = count(app.whole_number(e))
                        AND coalesce(bool_and(app.whole_number(e) BETWEEN k.low AND k.high), true)
                 FROM jsonb_array_elements(value) e)
    END, false);
END
$$;

-- What is wrong with the values of a version, place by place.
CREATE OR REPLACE FUNCTION app.policy_faults(given jsonb) RETURNS TABLE (rule text, pointer text, figures text)
LANGUAGE sql STABLE AS
$$
    WITH sent AS (
        SELECT v.value AS line, v.value ->> 'key' AS key, v.value ->> 'unit_id' AS unit_id,
               '#/values/' || (v.i - 1) AS place, k.measure, k.per_unit, k.key IS NOT NULL AS known,
               count(*) OVER (PARTITION BY v.value ->> 'key', v.value ->> 'unit_id' ORDER BY v.i) AS nth
        FROM jsonb_array_elements(given) WITH ORDINALITY AS v(value, i)
        LEFT JOIN app.policy_keys() k ON k.key = v.value ->> 'key')
    SELECT 'policy_key_unknown', s.place || '/key', NULL::text FROM sent s WHERE NOT s.known
    UNION ALL
    SELECT 'policy_key_twice', s.place, s.key FROM sent s WHERE s.nth > 1
    UNION ALL
    SELECT 'policy_value_wrong', s.place || '/value', s.key
    FROM sent s WHERE s.known AND NOT app.policy_value_fits(s.key, s.line -> 'value')
    UNION ALL
    SELECT 'policy_value_wrong', s.place || '/measure', s.key
    FROM sent s WHERE s.known AND s.line ->> 'measure' IS NOT NULL AND s.line ->> 'measure' IS DISTINCT FROM s.measure
    UNION ALL
    SELECT 'policy_key_not_per_unit', s.place || '/unit_id', s.key
    FROM sent s WHERE s.known AND s.unit_id IS NOT NULL AND NOT s.per_unit
    UNION ALL
    SELECT 'reference_not_found', s.place || '/unit_id', NULL
    FROM sent s WHERE s.unit_id IS NOT NULL AND NOT EXISTS (SELECT FROM app.unit u WHERE u.code = s.unit_id)
    UNION ALL
    SELECT 'policy_key_missing', '#/values', k.key
    FROM app.policy_keys() k WHERE NOT EXISTS (SELECT FROM sent s WHERE s.key = k.key AND s.unit_id IS NULL)
$$;

-- The values as they are kept: in the order sent, each with the measure of its key.
CREATE OR REPLACE FUNCTION app.policy_values(given jsonb) RETURNS jsonb LANGUAGE sql STABLE AS
$$
    SELECT jsonb_agg(jsonb_build_object('key', k.key, 'value', v.value -> 'value', 'measure', k.measure,
                                        'article', v.value ->> 'article', 'origin', v.value ->> 'origin',
                                        'unit_id', v.value ->> 'unit_id') ORDER BY v.i)
    FROM jsonb_array_elements(given) WITH ORDINALITY AS v(value, i)
    JOIN app.policy_keys() k ON k.key = v.value ->> 'key'
$$;

-- BEFORE UPDATE of a draft that is decided on: by whom and when. What is adopted takes the place of the versions whose
-- days it touches; that is the system's doing, and the exclusion of overlapping ranges then finds nothing.
CREATE OR REPLACE FUNCTION app.policy_decide() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor text;
BEGIN
    NEW.decided_by := app.fact('account')::uuid;
    NEW.decided_at := app.now();
    IF NEW.status = 'adopted' THEN
        actor := app.act_as('system');
        UPDATE app.policy p SET status = 'superseded', superseded_by = NEW.id
        WHERE p.status = 'adopted' AND daterange(p.valid_from, p.valid_to, '[]')
                                       && daterange(NEW.valid_from, NEW.valid_to, '[]');
        PERFORM app.act_as(actor);
    END IF;
    RETURN NEW;
END
$$;
ALTER FUNCTION app.policy_decide() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER policy_a_decide BEFORE UPDATE ON app.policy FOR EACH ROW
    WHEN (OLD.status = 'draft' AND NEW.status IN ('adopted', 'discarded')) EXECUTE FUNCTION app.policy_decide();
