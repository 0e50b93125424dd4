-- Keeps what scores compare beside the rows it is made from.

-- What a person is measured by: fields and words of the entry and of the published menu. Those who stand in the register
-- are found by field, the better graded first, then by title and degree.
CREATE OR REPLACE FUNCTION app.match_person_take(person uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    INSERT INTO app.match_person AS m (specialist_id, stands, tech_fields, task_groups, service_forms, grade, pairs)
    SELECT s.id, s.status = 'registered', s.tech_fields, o.task_groups, o.service_forms, app.last_grade(s.grades),
           app.person_pairs(s, o.words)
    FROM app.specialist s CROSS JOIN LATERAL app.menu_of(s.id) o
    WHERE s.id = person
    ON CONFLICT (specialist_id) DO UPDATE
    SET (stands, tech_fields, task_groups, service_forms, grade, pairs)
      = (excluded.stands, excluded.tech_fields, excluded.task_groups, excluded.service_forms, excluded.grade,
         excluded.pairs);
    DELETE FROM app.match_person_field f WHERE f.specialist_id = person;
    INSERT INTO app.match_person_field (tech_field, merit, specialist_id)
    SELECT DISTINCT f.code, app.record_bp(app.last_grade(s.grades) ->> 'grade') + 100 * app.title_rank(s.title_level)
                            + CASE app.degree_held(s.degree_code) WHEN 'doctor' THEN 20 WHEN 'master' THEN 10 ELSE 0 END,
           s.id
    FROM app.specialist s CROSS JOIN unnest(s.tech_fields) AS f(code)
    WHERE s.id = person AND s.status = 'registered';
END
$$;
ALTER FUNCTION app.match_person_take(uuid) OWNER TO tepai_internal;

CREATE OR REPLACE FUNCTION app.match_person_follow() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    PERFORM app.match_person_take(CASE TG_TABLE_NAME WHEN 'specialist' THEN NEW.id
                                                     ELSE (to_jsonb(NEW) ->> 'specialist_id')::uuid END);
    RETURN NULL;
END
$$;
ALTER FUNCTION app.match_person_follow() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER specialist_index AFTER INSERT OR UPDATE ON app.specialist
    FOR EACH ROW EXECUTE FUNCTION app.match_person_follow();
CREATE OR REPLACE TRIGGER service_offer_index AFTER INSERT OR UPDATE ON app.service_offer
    FOR EACH ROW EXECUTE FUNCTION app.match_person_follow();

-- What a demand is measured by; it is taken up when it opens, for only then it can be matched and its text stands.
CREATE OR REPLACE FUNCTION app.match_need_follow() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    INSERT INTO app.match_need AS m (demand_id, stands, tech_field, merit, pairs)
    SELECT NEW.id, NEW.status = 'open', NEW.tech_field, e.priority_bp,
           app.pair_codes(concat_ws(' ', NEW.title, NEW.description, app.target_names(NEW.targets)))
    FROM app.enterprise e WHERE e.id = NEW.enterprise_id
    ON CONFLICT (demand_id) DO UPDATE
    SET (stands, tech_field, merit, pairs) = (excluded.stands, excluded.tech_field, excluded.merit, excluded.pairs);
    RETURN NULL;
END
$$;
ALTER FUNCTION app.match_need_follow() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER demand_index AFTER UPDATE ON app.demand
    FOR EACH ROW WHEN (NEW.status = 'open' OR OLD.status = 'open') EXECUTE FUNCTION app.match_need_follow();

CREATE OR REPLACE FUNCTION app.match_merit_follow() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    UPDATE app.match_need n SET merit = NEW.priority_bp
    FROM app.demand d WHERE d.enterprise_id = NEW.id AND n.demand_id = d.id;
    RETURN NULL;
END
$$;
ALTER FUNCTION app.match_merit_follow() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER enterprise_index AFTER UPDATE ON app.enterprise
    FOR EACH ROW WHEN (NEW.priority_bp <> OLD.priority_bp) EXECUTE FUNCTION app.match_merit_follow();
