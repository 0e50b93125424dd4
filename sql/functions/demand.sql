-- What a demand derives and refuses (article 9.2), and its search.

-- Unit and policy are fixed at creation; validity is the policy's term at most, counted anew after an expiry; a
-- returned demand gets the day until which it may be corrected.
CREATE OR REPLACE FUNCTION app.demand_fill() RETURNS trigger LANGUAGE plpgsql AS
$$
DECLARE
    came_from text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.status ELSE '-' END;
    longest   date;
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- Held, or a firm that moves at this moment would leave the new demand behind.
        SELECT e.unit_id INTO NEW.unit_id FROM app.enterprise e WHERE e.id = NEW.enterprise_id FOR SHARE;
        NEW.policy_id := app.policy_current();
    END IF;
    NEW.task_groups := coalesce(NEW.task_groups, '{}');
    NEW.service_forms := coalesce(NEW.service_forms, '{}');
    NEW.targets := coalesce(NEW.targets, '[]');
    NEW.urgency := coalesce(NEW.urgency, 'normal');
    NEW.confidentiality := coalesce(NEW.confidentiality, 'open');
    IF NEW.status IN ('draft', 'returned') OR NEW.valid_to IS NULL
       OR NEW.status <> came_from AND came_from IN ('draft', 'returned', 'expired') THEN
        -- Months are added first, then the day taken off: a term of 12 months from 10 June ends on 9 June.
        longest := (app.today() + make_interval(months => app.policy_value_of(
                        NEW.policy_id, 'demand_valid_months', NEW.unit_id)::int) - interval '1 day')::date;
        NEW.valid_to := least(CASE WHEN came_from = 'expired' AND NEW.valid_to < app.today() THEN NULL
                                   ELSE NEW.valid_to END, longest);
    END IF;
    IF NEW.status = came_from THEN
        RETURN NEW;
    END IF;
    NEW.correct_by_on := CASE WHEN NEW.status = 'returned'
                              THEN app.today() + app.policy_value_of(
                                  NEW.policy_id, 'correction_days', NEW.unit_id)::int END;
    NEW.opened_at := CASE WHEN NEW.status = 'open' THEN app.now() ELSE NEW.opened_at END;
    NEW.close_reason := CASE NEW.status WHEN 'withdrawn' THEN NEW.close_reason WHEN 'expired' THEN 'expired' END;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER demand_a_fill BEFORE INSERT OR UPDATE ON app.demand
    FOR EACH ROW EXECUTE FUNCTION app.demand_fill();

-- The scan of a paper form.
CREATE OR REPLACE TRIGGER demand_files AFTER INSERT OR UPDATE ON app.demand
    FOR EACH ROW EXECUTE FUNCTION app.attachment_bind_row('entered_for.attachment_id');

-- Rules a demand's members must keep whenever they are written: codes that exist, a call that asks for demands
-- of this unit, and a person of the register; both in the caller's sight.
CREATE OR REPLACE FUNCTION app.demand_faults(given jsonb, of_unit text)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT * FROM app.code_faults('task_group', given -> 'task_groups', '#/task_groups')
    UNION ALL
    SELECT * FROM app.code_faults('tech_field', given -> 'tech_field', '#/tech_field')
    UNION ALL
    SELECT * FROM app.code_faults('industry', given -> 'industry_code', '#/industry_code')
    UNION ALL
    SELECT * FROM app.code_faults('service_form', given -> 'service_forms', '#/service_forms')
    UNION ALL
    SELECT 'reference_not_found', '#/call_id', NULL
    WHERE given ->> 'call_id' IS NOT NULL
      AND NOT EXISTS (SELECT FROM app.call c WHERE c.id = (given ->> 'call_id')::uuid)
    UNION ALL
    SELECT 'reference_not_found', '#/named_specialist_id', NULL
    WHERE given ->> 'named_specialist_id' IS NOT NULL
      AND NOT EXISTS (SELECT FROM app.specialist s WHERE s.id = (given ->> 'named_specialist_id')::uuid)
    UNION ALL
    SELECT 'call_not_for_demand', '#/call_id', NULL
    FROM app.call c
    WHERE c.id = (given ->> 'call_id')::uuid AND (c.kind <> 'demand' OR coalesce(c.unit_id, of_unit) <> of_unit)
$$;

-- A rank that another demand of the firm has that is under way: matching asks which of them comes first.
CREATE OR REPLACE FUNCTION app.priority_no_faults(of_demand uuid, firm uuid, rank integer, place text)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT 'priority_no_taken', place, rank::text
    WHERE EXISTS (SELECT FROM app.demand o
                  WHERE o.enterprise_id = firm AND o.id <> of_demand AND o.priority_no = rank
                    AND o.status IN ('county_review', 'city_review', 'open', 'matched'))
$$;

-- Members that must be there before the county is asked, by their pointers.
CREATE OR REPLACE FUNCTION app.demand_missing(d app.demand)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT 'missing_before_submit', '#/' || m.member, NULL::text
    FROM (VALUES ('title', d.title IS NULL), ('description', d.description IS NULL),
                 ('task_groups', d.task_groups = '{}'), ('tech_field', d.tech_field IS NULL),
                 ('industry_code', d.industry_code IS NULL), ('service_forms', d.service_forms = '{}'),
                 ('targets', d.targets = '[]')) AS m(member, missing)
    WHERE m.missing
$$;

-- Ids of the demands whose visible text holds every word of q, within the caller's scope. The text of a limited
-- demand is hidden from specialists, so they never find it by it.
CREATE OR REPLACE FUNCTION app.demand_search(q text) RETURNS SETOF uuid LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT d.id
    FROM app.demand d
    WHERE d.grams @> app.grams(q)
      AND CASE (SELECT app.my_side())
              WHEN 'city' THEN d.shown OR d.side = 'city'
              WHEN 'county' THEN d.unit_id = (SELECT app.fact('unit')) AND (d.shown OR d.side = 'county')
              WHEN 'enterprise' THEN d.enterprise_id = (SELECT app.fact('enterprise')::uuid)
                                     AND (d.shown OR d.side = 'enterprise')
              WHEN 'specialist' THEN d.status = 'open' AND d.confidentiality = 'open'
              ELSE false
          END
      AND ((SELECT app.grams_suffice(q))
           OR app.has_words(concat_ws(' ', d.title, d.description, d.current_state), app.words(q)))
$$;
ALTER FUNCTION app.demand_search(text) OWNER TO tepai_internal;
