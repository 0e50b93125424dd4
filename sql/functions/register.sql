-- What an application derives and refuses: birthday and sex from a resident ID, a frozen version at each submission,
-- the grounds of articles 5 and 6, and the entry into the register at its approval.

-- The content of a version as it is frozen, shown to the institution and hashed: with its number, so that no two versions
-- have one hash. Numbers under seal stand in it masked.
CREATE OR REPLACE FUNCTION app.application_content(a app.application) RETURNS jsonb LANGUAGE sql STABLE AS
$$
    SELECT to_jsonb(a) - '{id,version,created_at,updated_at,created_by,entered_for,status,side,shown,policy_id,id_no,
        id_no_index,id_no_birth_on,id_no_gender,mobile,bank_account_no,content_sha256,versions,consent,waiver,
        pledged_at,answer_by_on,correct_by_on,specialist_id,grams,bank_name,bank_account_no_masked,
        political_status}'::text[]
$$;

-- What the holder of a link reads: the content of the version he is asked about.
CREATE OR REPLACE FUNCTION app.application_document(of_id uuid) RETURNS jsonb LANGUAGE sql STABLE AS
$$ SELECT a.versions -> -1 -> 'content' FROM app.application a WHERE a.id = of_id $$;

-- What a link for an application carries. Its holder sends the version back as If-Match.
CREATE OR REPLACE FUNCTION app.application_link(of_id uuid)
RETURNS TABLE (version integer, content_sha256 text, institution_id uuid, days integer, waits boolean)
LANGUAGE sql STABLE AS
$$
    SELECT a.version, a.content_sha256, a.institution_id, app.policy_value_of(a.policy_id, 'consent_link_days', NULL)::int,
           a.status = 'institution_review'
    FROM app.application a WHERE a.id = of_id
$$;

-- Freezes the version that is being submitted. The institution's word is about one version: a new one asks anew.
CREATE OR REPLACE FUNCTION app.application_freeze(a app.application) RETURNS app.application LANGUAGE plpgsql AS
$$
DECLARE
    content jsonb;
BEGIN
    a.version_no := a.version_no + 1;
    content := app.application_content(a);
    a.content_sha256 := encode(sha256(convert_to(content::text, 'UTF8')), 'hex');
    a.versions := a.versions || jsonb_build_object('no', a.version_no, 'content', content, 'sha256', a.content_sha256,
                                                   'submitted_at', app.rfc3339(app.now()));
    a.consent := NULL;
    a.waiver := NULL;
    a.answer_by_on := app.today() + app.policy_value_of(a.policy_id, 'consent_link_days', NULL)::int;
    RETURN a;
END
$$;

CREATE OR REPLACE FUNCTION app.application_fill() RETURNS trigger LANGUAGE plpgsql AS
$$
DECLARE
    came_from text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.status ELSE '-' END;
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.policy_id := app.policy_current();
        NEW.applicant_id := coalesce(NEW.applicant_id, app.fact('account')::uuid);
        NEW.version_no := 0;
        NEW.versions := '[]';
    END IF;
    NEW.specialties := coalesce(NEW.specialties, '{}');
    NEW.tech_fields := coalesce(NEW.tech_fields, '{}');
    NEW.industries := coalesce(NEW.industries, '{}');
    NEW.achievements := coalesce(NEW.achievements, '[]');
    NEW.work_history := coalesce(NEW.work_history, '[]');
    NEW.preferred_units := coalesce(NEW.preferred_units, '{}');
    NEW.other_programmes := coalesce(NEW.other_programmes, '{}');
    NEW.evidence := coalesce(NEW.evidence, '{}');
    IF NEW.id_type = 'resident_id' AND NEW.id_no IS NOT NULL THEN
        NEW.birth_on := NEW.id_no_birth_on;
        NEW.gender := NEW.id_no_gender;
    END IF;
    IF NEW.status = came_from THEN
        RETURN NEW;
    END IF;
    IF came_from = 'institution_review' AND app.my_side() = 'institution' THEN
        PERFORM app.link_answer('application_consent', NEW.id);
    END IF;
    NEW.answer_by_on := NULL;
    NEW.correct_by_on := CASE WHEN NEW.status = 'returned'
                              THEN app.today() + app.policy_value_of(NEW.policy_id, 'correction_days', NULL)::int END;
    IF NEW.status = 'institution_review' THEN
        NEW := app.application_freeze(NEW);
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER application_a_fill BEFORE INSERT OR UPDATE ON app.application
    FOR EACH ROW EXECUTE FUNCTION app.application_fill();

-- What follows in rows that no serving role may touch. These are triggers, so that nobody can ask for it on its own:
-- the approved person's entry, and the end of an institution's link with the wait for it, when no answer used it up.
CREATE OR REPLACE FUNCTION app.application_enter() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    IF NEW.status = 'approved' AND (TG_OP = 'INSERT' OR OLD.status <> 'approved') THEN
        NEW.specialist_id := app.specialist_enter(NEW);
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER application_a_register BEFORE INSERT OR UPDATE ON app.application
    FOR EACH ROW EXECUTE FUNCTION app.application_enter();

CREATE OR REPLACE FUNCTION app.application_unlink() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    PERFORM app.link_revoke('application_consent', NEW.id);
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER application_unlink AFTER UPDATE ON app.application FOR EACH ROW
    WHEN (OLD.status = 'institution_review' AND NEW.status <> 'institution_review')
    EXECUTE FUNCTION app.application_unlink();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['application_enter()', 'application_unlink()'] LOOP
        EXECUTE format('ALTER FUNCTION app.%s OWNER TO tepai_internal', name);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION app.%s FROM PUBLIC', name);
    END LOOP;
END
$$;

CREATE OR REPLACE TRIGGER application_files AFTER INSERT OR UPDATE ON app.application
    FOR EACH ROW EXECUTE FUNCTION
    app.attachment_bind_row('evidence', 'entered_for.attachment_id', 'consent.attachment_id');

-- Whether the same person has another living application in the call, whoever entered it.
CREATE OR REPLACE FUNCTION app.application_lives(in_call uuid, of_person bytea, but_for uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT EXISTS (SELECT FROM app.application a
                   WHERE a.call_id = in_call AND a.id_no_index = of_person AND a.id IS DISTINCT FROM but_for
                     AND a.status NOT IN ('withdrawn', 'rejected', 'declined', 'expired'))
$$;
ALTER FUNCTION app.application_lives(uuid, bytea, uuid) OWNER TO tepai_internal;

-- Whether the caller has a draft in the call already. An office may enter several people's papers.
CREATE OR REPLACE FUNCTION app.draft_open(in_call uuid) RETURNS boolean LANGUAGE sql STABLE AS
$$
    SELECT EXISTS (SELECT FROM app.application a
                   WHERE a.call_id = in_call AND a.applicant_id = app.fact('account')::uuid
                     AND a.status = 'draft' AND a.side = 'specialist')
$$;

-- Whether an account may be an application's applicant: a live one of a researcher; others name only themselves.
CREATE OR REPLACE FUNCTION app.applicant_known(given uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT EXISTS (SELECT FROM app.account a WHERE a.id = given AND a.role = 'specialist' AND a.status = 'active'
                   AND (app.my_side() = 'city' OR a.id = app.fact('account')::uuid))
$$;
ALTER FUNCTION app.applicant_known(uuid) OWNER TO tepai_internal;

-- Whether an account's entry in the register is another person's than the one of this number.
CREATE OR REPLACE FUNCTION app.applicant_differs(applicant uuid, of_person bytea) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT EXISTS (SELECT FROM app.account c JOIN app.specialist s ON s.id = c.specialist_id
                   WHERE c.id = applicant AND s.id_no_index <> of_person)
$$;
ALTER FUNCTION app.applicant_differs(uuid, bytea) OWNER TO tepai_internal;

-- Whether the person of this number stands in the register with another account that is in use. Only the bureau is told.
CREATE OR REPLACE FUNCTION app.entry_held(applicant uuid, of_person bytea) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT EXISTS (SELECT FROM app.specialist s JOIN app.account c ON c.specialist_id = s.id
                   WHERE s.id_no_index = of_person AND c.id <> applicant AND c.status = 'active')
$$;
ALTER FUNCTION app.entry_held(uuid, bytea) OWNER TO tepai_internal;

-- Codes of a person that no dictionary holds, and units that are none.
CREATE OR REPLACE FUNCTION app.person_code_faults(given jsonb)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT f.rule, f.pointer, f.figures
    FROM (VALUES ('education', 'education_code'), ('degree', 'degree_code'), ('title', 'title_code'),
                 ('tech_field', 'tech_fields'), ('industry', 'industries'), ('sister_programme', 'other_programmes'),
                 ('political_status', 'political_status'))
         AS c(dictionary, member)
    CROSS JOIN app.code_faults(c.dictionary, given -> c.member, '#/' || c.member) f
    UNION ALL
    SELECT 'reference_not_found', '#/preferred_units/' || (u.i - 1), NULL
    FROM jsonb_array_elements_text(CASE WHEN jsonb_typeof(given -> 'preferred_units') = 'array'
                                        THEN given -> 'preferred_units' ELSE '[]' END) WITH ORDINALITY AS u(code, i)
    WHERE NOT EXISTS (SELECT FROM app.unit n WHERE n.code = u.code)
$$;

-- Rules an application must keep whenever it is written. a is the record as it would be, given what was sent of it.
CREATE OR REPLACE FUNCTION app.application_faults(a app.application, given jsonb)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT * FROM app.person_code_faults(given)
    UNION ALL
    SELECT 'derived_from_id', '#/' || m.member, NULL
    FROM (VALUES ('birth_on'), ('gender')) AS m(member)
    WHERE a.id_type = 'resident_id' AND given ->> m.member IS NOT NULL
    UNION ALL
    SELECT 'id_no_invalid', '#/id_no', NULL
    WHERE a.id_type = 'resident_id' AND a.id_no IS NOT NULL AND a.id_no_birth_on IS NULL
    UNION ALL
    SELECT 'already_applied', '#/id_no', NULL WHERE app.application_lives(a.call_id, a.id_no_index, a.id)
    UNION ALL
    SELECT 'applicant_is_other_person', '#/id_no', NULL
    WHERE app.applicant_differs(coalesce(a.applicant_id, app.fact('account')::uuid), a.id_no_index)
    UNION ALL
    SELECT 'reference_not_found', '#/institution_id', NULL
    WHERE given ->> 'institution_id' IS NOT NULL
      AND NOT EXISTS (SELECT FROM app.institution i WHERE i.id = a.institution_id)
    UNION ALL
    SELECT 'reference_not_found', '#/call_id', NULL
    WHERE given ->> 'call_id' IS NOT NULL AND NOT EXISTS (SELECT FROM app.call c WHERE c.id = a.call_id)
    UNION ALL
    SELECT 'call_not_for_application', '#/call_id', NULL
    FROM app.call c WHERE given ->> 'call_id' IS NOT NULL AND c.id = a.call_id AND c.kind <> 'specialist'
$$;

-- Members that must be there before the institution is asked, by their pointers.
CREATE OR REPLACE FUNCTION app.application_missing(a app.application)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT 'missing_before_submit', '#/' || m.member, NULL::text
    FROM (VALUES ('full_name', a.full_name IS NULL), ('id_type', a.id_type IS NULL), ('id_no', a.id_no IS NULL),
                 ('gender', a.gender IS NULL), ('birth_on', a.birth_on IS NULL), ('mobile', a.mobile IS NULL),
                 ('institution_id', a.institution_id IS NULL), ('department', a.department IS NULL),
                 ('position', a.position IS NULL), ('employment', a.employment IS NULL),
                 ('education_code', a.education_code IS NULL), ('doctoral_status', a.doctoral_status IS NULL),
                 ('title_level', a.title_level IS NULL), ('discipline', a.discipline IS NULL),
                 ('specialties', a.specialties = '{}'), ('tech_fields', a.tech_fields = '{}'),
                 ('research_summary', a.research_summary IS NULL), ('intended_service', a.intended_service IS NULL),
                 ('eligibility_ground', a.eligibility_ground IS NULL), ('evidence', a.evidence = '{}'))
         AS m(member, missing)
    WHERE m.missing
$$;

-- The ground of articles 5 and 6 that is claimed but not proven, or that the application's policy does not know. An
-- honorary doctorate (1…) is no doctor's degree (2…).
CREATE OR REPLACE FUNCTION app.ground_faults(a app.application)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT g.rule, '#/eligibility_ground', NULL::text
    FROM (VALUES ('{senior,associate_senior,intermediate,junior,technician}'::text[])) AS levels(high_first)
    CROSS JOIN LATERAL (VALUES
        ('doctorate', 'ground_doctorate_unproven', a.doctoral_status = 'awarded' AND left(a.degree_code, 1) = '2'),
        ('doctoral_student', 'ground_student_unproven',
         a.doctoral_status = 'enrolled' AND a.employment = 'doctoral_student'),
        ('title', 'ground_title_too_low',
         array_position(levels.high_first, a.title_level)
         <= array_position(levels.high_first, app.policy_value_of(a.policy_id, 'title_level_min', NULL) #>> '{}')),
        ('service_qualification', 'ground_qualification_unproven',
         a.service_qualification IS NOT NULL AND a.qualification_no IS NOT NULL
         AND coalesce(a.qualification_valid_to, 'infinity') >= app.today())) AS g(ground, rule, holds)
    WHERE g.ground = a.eligibility_ground AND g.holds IS NOT TRUE
    UNION ALL
    SELECT 'ground_not_listed', '#/eligibility_ground', NULL
    WHERE NOT app.policy_value_of(a.policy_id, 'eligibility_grounds', NULL) ? a.eligibility_ground
$$;

-- The last day of a sanction in force against a person, wherever he applies; null when there is none.
CREATE OR REPLACE FUNCTION app.person_barred(of_person bytea) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT s.barred_until FROM app.specialist s WHERE s.id_no_index = of_person AND s.barred_until >= app.today()
$$;
ALTER FUNCTION app.person_barred(bytea) OWNER TO tepai_internal;

-- What no ground and no waiver makes good: an institution that is not listed, a sanction in force, an account whose
-- entry is another person's.
CREATE OR REPLACE FUNCTION app.application_standing_faults(a app.application)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT 'institution_not_listed', '#/institution_id', NULL::text
    WHERE a.institution_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM app.institution i
                      WHERE i.id = a.institution_id AND i.status = 'active'
                        AND coalesce(i.valid_to, 'infinity') >= app.today())
    UNION ALL
    SELECT 'applicant_is_other_person', '#/id_no', NULL WHERE app.applicant_differs(a.applicant_id, a.id_no_index)
    UNION ALL
    SELECT 'barred', NULL, b.until::text FROM app.person_barred(a.id_no_index) AS b(until) WHERE b.until IS NOT NULL
$$;

-- Ids of the applications whose person, discipline or specialties hold every word of q, within the caller's scope.
CREATE OR REPLACE FUNCTION app.application_search(q text) RETURNS SETOF uuid LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT a.id
    FROM app.application a
    WHERE a.grams @> app.grams(q)
      AND CASE (SELECT app.my_side())
              WHEN 'city' THEN (SELECT app.handles_applications()) AND (a.shown OR a.side = 'city')
              WHEN 'specialist' THEN a.applicant_id = (SELECT app.fact('account')::uuid)
                                     AND (a.shown OR a.side = 'specialist')
              ELSE false
          END
      AND ((SELECT app.grams_suffice(q))
           OR app.has_words(concat_ws(' ', a.full_name, a.discipline, app.spaced(a.specialties)), app.words(q)))
$$;
ALTER FUNCTION app.application_search(text) OWNER TO tepai_internal;

-- Drafts whose call is over, applications their institution did not answer in time and no live link may still answer,
-- and returned ones after the last day to correct them.
CREATE OR REPLACE FUNCTION app.job_application_expire(day date) RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    moved integer;
BEGIN
    UPDATE app.application SET status = 'expired'
    WHERE id IN (SELECT a.id FROM app.application a JOIN app.call c ON c.id = a.call_id
                 WHERE a.status = 'draft' AND c.status IN ('closed', 'cancelled')
                    OR a.status = 'returned' AND a.correct_by_on < day
                    OR a.status = 'institution_review' AND a.answer_by_on < day
                       AND NOT EXISTS (SELECT FROM app.link l
                                       WHERE l.kind = 'application_consent' AND l.subject_id = a.id
                                         AND l.state = 'issued' AND l.expires_at > app.now())
                 LIMIT app.job_portion() FOR UPDATE OF a);
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END
$$;
