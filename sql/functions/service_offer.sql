-- What a line of a menu refuses, and its search.

-- Codes that exist, and an owner who stands in the register.
CREATE OR REPLACE FUNCTION app.service_offer_faults(given jsonb)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT 'not_in_register', NULL::text, NULL::text
    WHERE NOT EXISTS (SELECT FROM app.specialist s
                      WHERE s.id = app.fact('specialist')::uuid AND s.status = 'registered')
    UNION ALL
    SELECT * FROM app.code_faults('task_group', given -> 'task_group', '#/task_group')
    UNION ALL
    SELECT * FROM app.code_faults('service_form', given -> 'service_forms', '#/service_forms')
    UNION ALL
    SELECT * FROM app.code_faults('tech_field', given -> 'tech_fields', '#/tech_fields')
$$;

-- Lists are never null.
CREATE OR REPLACE FUNCTION app.service_offer_fill() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    NEW.service_forms := coalesce(NEW.service_forms, '{}');
    NEW.tech_fields := coalesce(NEW.tech_fields, '{}');
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER service_offer_a_fill BEFORE INSERT OR UPDATE ON app.service_offer
    FOR EACH ROW EXECUTE FUNCTION app.service_offer_fill();

-- Ids of the offers whose text holds every word of q, within the caller's scope.
CREATE OR REPLACE FUNCTION app.service_offer_search(q text) RETURNS SETOF uuid LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT o.id
    FROM app.service_offer o
    WHERE o.grams @> app.grams(q)
      AND CASE (SELECT app.my_side())
              WHEN 'city' THEN true
              WHEN 'specialist' THEN o.status = 'published' AND NOT o.is_paused
                                     OR o.specialist_id = (SELECT app.fact('specialist')::uuid)
              WHEN 'county' THEN o.status = 'published' AND NOT o.is_paused
              WHEN 'enterprise' THEN o.status = 'published' AND NOT o.is_paused
              ELSE false
          END
      AND ((SELECT app.grams_suffice(q))
           OR app.has_words(concat_ws(' ', o.title, o.description, o.deliverables), app.words(q)))
$$;
ALTER FUNCTION app.service_offer_search(text) OWNER TO tepai_internal;
