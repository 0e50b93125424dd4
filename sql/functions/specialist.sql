-- What an entry of the register derives: its code, its validity, and what it takes along when it ends.

-- The entry of an approved application: a new one, or the person's own prolonged or revived, known by the blind index of
-- his number. The id of a new one is made from the application's, so that the demo programme has the same everywhere. A
-- paused entry takes the new facts and stays paused. An account in use keeps its entry; one that is stopped or closed
-- gives it up. It is the system that acts, as a consequence.
CREATE OR REPLACE FUNCTION app.specialist_enter(a app.application) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
    last  CONSTANT date := (app.today() + make_interval(months => app.policy_value_of(
                                a.policy_id, 'register_valid_months', NULL)::int) - interval '1 day')::date;
    entry uuid;
BEGIN
    SELECT s.id INTO entry FROM app.specialist s WHERE s.id_no_index = a.id_no_index FOR UPDATE;
    IF entry IS NULL THEN
        entry := overlay(overlay(md5('specialist ' || a.id) PLACING '8' FROM 13) PLACING '8' FROM 17)::uuid;
        INSERT INTO app.specialist (id, status, code, application_id, valid_from, valid_to, eligibility_ground, waived,
            id_no_masked, id_no_index, mobile_masked, bank_account_no_masked,
            full_name, gender, birth_on, id_type, email, institution_id, department, position, employment,
            education_code, degree_code, doctoral_status, title_code, title_level, title_obtained_on,
            service_qualification, qualification_no, qualification_valid_to, discipline, specialties, tech_fields,
            industries, research_summary, intended_service, achievements, service_experience, work_history, honours,
            available_from, available_to, preferred_units, bank_name, political_status, other_programmes)
        VALUES (entry, 'registered', app.next_number('TP', 'specialist', 'code'), a.id, app.today(), last,
            a.eligibility_ground, a.waiver IS NOT NULL, a.id_no_masked, a.id_no_index, a.mobile_masked,
            a.bank_account_no_masked, a.full_name, a.gender, a.birth_on, a.id_type, a.email, a.institution_id, a.department, a.position,
            a.employment, a.education_code, a.degree_code, a.doctoral_status, a.title_code, a.title_level,
            a.title_obtained_on, a.service_qualification, a.qualification_no, a.qualification_valid_to, a.discipline,
            a.specialties, a.tech_fields, a.industries, a.research_summary, a.intended_service, a.achievements,
            a.service_experience, a.work_history, a.honours, a.available_from, a.available_to, a.preferred_units,
            a.bank_name, a.political_status, a.other_programmes);
    ELSE
        UPDATE app.specialist s
        SET (status, application_id, valid_from, valid_to, eligibility_ground, waived, id_no_masked, mobile,
             mobile_masked, bank_account_no, bank_account_no_masked,
             full_name, gender, birth_on, id_type, email, institution_id, department, position, employment,
             education_code, degree_code, doctoral_status, title_code, title_level, title_obtained_on,
             service_qualification, qualification_no, qualification_valid_to, discipline, specialties, tech_fields,
             industries, research_summary, intended_service, achievements, service_experience, work_history, honours,
             available_from, available_to, preferred_units, bank_name, political_status, other_programmes)
          = (CASE s.status WHEN 'suspended' THEN s.status ELSE 'registered' END, a.id,
             CASE WHEN s.status IN ('expired', 'removed') THEN app.today() ELSE s.valid_from END, last,
             a.eligibility_ground, a.waiver IS NOT NULL, a.id_no_masked, NULL, a.mobile_masked, NULL,
             a.bank_account_no_masked,
             a.full_name, a.gender, a.birth_on, a.id_type, a.email, a.institution_id, a.department, a.position,
             a.employment, a.education_code, a.degree_code, a.doctoral_status, a.title_code, a.title_level,
             a.title_obtained_on, a.service_qualification, a.qualification_no, a.qualification_valid_to, a.discipline,
             a.specialties, a.tech_fields, a.industries, a.research_summary, a.intended_service, a.achievements,
             a.service_experience, a.work_history, a.honours, a.available_from, a.available_to, a.preferred_units,
             a.bank_name, a.political_status, a.other_programmes)
        WHERE s.id = entry;
    END IF;
    UPDATE app.account c SET specialist_id = NULL
    WHERE c.specialist_id = entry AND c.id <> a.applicant_id AND c.status <> 'active';
    UPDATE app.account c SET specialist_id = entry WHERE c.id = a.applicant_id;
    PERFORM app.act_as(actor);
    RETURN entry;
END
$$;
ALTER FUNCTION app.specialist_enter(app.application) OWNER TO tepai_internal;
REVOKE EXECUTE ON FUNCTION app.specialist_enter(app.application) FROM PUBLIC, tepai_city;

-- What is private of an entry: for the city's offices that keep the register and the person himself. The connection says
-- who asks, since that is what nobody can make up; all others get nulls.
CREATE OR REPLACE FUNCTION app.specialist_private(entry uuid) RETURNS app.specialist
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT s FROM app.specialist s
    WHERE s.id = entry
      AND (session_user = 'tepai_city' AND app.handles_applications()
           OR session_user = 'tepai_specialist' AND s.id = app.fact('specialist')::uuid)
$$;
ALTER FUNCTION app.specialist_private(uuid) OWNER TO tepai_internal;

-- Whose pause it is goes with the pause.
CREATE OR REPLACE FUNCTION app.specialist_fill() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    IF NEW.status = 'suspended' THEN
        NEW.suspended_by_side := coalesce(NEW.suspended_by_side,
                                          CASE app.my_side() WHEN 'specialist' THEN 'self' ELSE 'city' END);
    ELSE
        NEW.suspended_by_side := NULL;
        NEW.suspended_reason := NULL;
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER specialist_a_fill BEFORE INSERT OR UPDATE ON app.specialist
    FOR EACH ROW EXECUTE FUNCTION app.specialist_fill();

-- The menu of who has left the register is taken down with him.
CREATE OR REPLACE FUNCTION app.specialist_leave() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
BEGIN
    UPDATE app.service_offer SET status = 'retired' WHERE specialist_id = NEW.id AND status = 'published';
    PERFORM app.act_as(actor);
    RETURN NULL;
END
$$;
ALTER FUNCTION app.specialist_leave() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER specialist_leave AFTER UPDATE ON app.specialist
    FOR EACH ROW WHEN (NEW.status IN ('expired', 'removed') AND NEW.status <> OLD.status)
    EXECUTE FUNCTION app.specialist_leave();

-- The menu of who pauses is not shown meanwhile.
CREATE OR REPLACE FUNCTION app.specialist_pause() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
BEGIN
    UPDATE app.service_offer SET is_paused = NEW.status = 'suspended'
    WHERE specialist_id = NEW.id AND status = 'published';
    PERFORM app.act_as(actor);
    RETURN NULL;
END
$$;
ALTER FUNCTION app.specialist_pause() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER specialist_pause AFTER UPDATE ON app.specialist
    FOR EACH ROW WHEN (NEW.status IN ('registered', 'suspended') AND NEW.status <> OLD.status)
    EXECUTE FUNCTION app.specialist_pause();

-- Ids of the entries whose name, code, discipline, specialties, research, intended service or institution hold every
-- word of q. Who has all words in his own text is found by its grams; else one of them is his institution's.
CREATE OR REPLACE FUNCTION app.specialist_search(q text) RETURNS SETOF uuid LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT s.id
    FROM (SELECT own.*, NULL::text AS institution, (SELECT app.grams_suffice(q)) AS proven
          FROM app.specialist own
          WHERE own.grams @> app.grams(q)
          UNION ALL
          SELECT of.*, i.name, false
          FROM app.institution i
          CROSS JOIN LATERAL (SELECT e.* FROM app.specialist e WHERE e.institution_id = i.id OFFSET 0) of
          WHERE EXISTS (SELECT FROM unnest(app.words(q)) w WHERE strpos(app.folded(i.name), w) > 0)) s
    WHERE CASE (SELECT app.my_side())
              WHEN 'city' THEN true
              WHEN 'specialist' THEN s.id = (SELECT app.fact('specialist')::uuid)
              WHEN 'county' THEN s.status <> 'removed'
              WHEN 'enterprise' THEN s.status <> 'removed'
              ELSE false
          END
      AND (s.proven
           OR app.has_words(concat_ws(' ', s.full_name, s.code, s.discipline, app.spaced(s.specialties),
                                      s.research_summary, s.intended_service, s.institution), app.words(q)))
$$;
ALTER FUNCTION app.specialist_search(text) OWNER TO tepai_internal;

-- Entries after the last day of their validity, held after what stands on them.
CREATE OR REPLACE FUNCTION app.job_specialist_expire(day date) RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    moved integer;
BEGIN
    UPDATE app.specialist SET status = 'expired'
    WHERE id IN (SELECT s.id FROM app.specialist s
                 WHERE s.status IN ('registered', 'suspended') AND s.valid_to < day
                   AND app.papers_hold(NULL, NULL, s.id)
                 LIMIT app.job_portion() FOR UPDATE);
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END
$$;
