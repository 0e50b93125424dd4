-- Plays the steps in the order of their days, each at its time and in the name of who took it, so that versions, events
-- and opinions are those of a life that was really lived. Then the clock stands at 2026-10-20 09:00 in Changzhi.

CREATE FUNCTION pg_temp.demo_clock(at timestamptz) RETURNS void LANGUAGE sql AS
$$
    INSERT INTO app.sandbox_clock (shift) VALUES (at - now()) ON CONFLICT (one) DO UPDATE SET shift = excluded.shift
$$;

CREATE FUNCTION pg_temp.demo_be(who text, operation text) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    a app.account;
BEGIN
    SELECT * INTO a FROM app.account WHERE login_name = who;
    PERFORM set_config('app.operation', operation, true),
            set_config('app.actor', CASE who WHEN '-' THEN CASE operation WHEN 'account_create' THEN 'city/st' ELSE 'system' END
                                             WHEN 'public' THEN 'public' WHEN 'institution' THEN 'institution'
                                             ELSE concat_ws('/', a.role, a.office) END, true),
            set_config('app.account', coalesce(a.id::text, ''), true),
            set_config('app.unit', coalesce(a.unit_id, ''), true),
            set_config('app.enterprise', coalesce(a.enterprise_id::text, ''), true),
            set_config('app.specialist', coalesce(a.specialist_id::text, ''), true);
END
$$;

-- The statements of the service, which the loader put there: their words are bound from one JSON object.
UPDATE demo_statement SET sql = regexp_replace(sql, '(?<!:):([a-z][a-z0-9_]*)', '($1 ->> ''\1'')', 'g');

-- What a step is given: its own words, and the hash of the text that is agreed to or signed.
CREATE FUNCTION pg_temp.demo_given(s demo_step) RETURNS jsonb LANGUAGE sql STABLE AS
$$
    SELECT jsonb_build_object(s.room || '_id', pg_temp.demo_id(s.room, s.key), 'decision', s.decision,
                              'opinion', s.opinion, 'content_sha256', coalesce(a.content_sha256, g.content_sha256))
           || coalesce(s.args, '{}')
    FROM (SELECT 1) one
    LEFT JOIN app.application a ON a.id = (s.args ->> 'application_id')::uuid
    LEFT JOIN app.agreement g ON g.id = (s.args ->> 'agreement_id')::uuid
$$;

-- Becomes the database role of who acts, as a connection of the service is; nobody's role for the system and for the
-- holder of a link. An administrator who may not become it acts as he is.
CREATE FUNCTION pg_temp.demo_role(who text) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    role CONSTANT text := (SELECT 'tepai_' || a.role FROM app.account a WHERE a.login_name = who);
BEGIN
    PERFORM set_config('search_path', CASE role WHEN 'tepai_specialist' THEN 'api_specialist, api' ELSE 'api' END, true);
    IF pg_has_role(session_user, role, 'MEMBER') THEN
        EXECUTE format('SET LOCAL ROLE %I', role);
    END IF;
END
$$;

-- Stops the loading when a rule of the service stands against a step.
CREATE FUNCTION pg_temp.demo_judge(s demo_step, given jsonb) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    judge CONSTANT text := (SELECT d.sql FROM demo_statement d WHERE d.name = s.room || '_' || s.step || '_blockers');
    found text;
BEGIN
    IF judge IS NOT NULL THEN
        PERFORM pg_temp.demo_role(s.who);
        EXECUTE format('SELECT string_agg(concat_ws('' '', b.rule, b.pointer, b.figures), ''; '') FROM (%s) b', judge)
        INTO found USING given;
        RESET ROLE;
    END IF;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION '%_% of % by % on %: %', s.room, s.step, s.key, s.who, s.at, found;
    END IF;
END
$$;

-- A step as the service plays it: the rules, then the statement, under row-level security.
CREATE FUNCTION pg_temp.demo_act(s demo_step) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    act   CONSTANT text := (SELECT d.sql FROM demo_statement d WHERE d.name = s.room || '_' || s.step);
    given CONSTANT jsonb := pg_temp.demo_given(s);
    done  bigint;
BEGIN
    PERFORM pg_temp.demo_judge(s, given), pg_temp.demo_role(s.who);
    EXECUTE act USING given;
    GET DIAGNOSTICS done = ROW_COUNT;
    RESET ROLE;
    IF done = 0 THEN
        RAISE EXCEPTION '%_% of % by % on %: no row', s.room, s.step, s.key, s.who, s.at;
    END IF;
END
$$;

-- A file of the caller's with the bytes that the loader keeps.
CREATE FUNCTION pg_temp.demo_file(file uuid, name text, use text) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    operation CONSTANT text := app.fact('operation');
BEGIN
    PERFORM set_config('app.operation', 'attachment_create', true);
    INSERT INTO app.attachment (id, file_name, media_type, size_bytes, sha256, purpose)
    SELECT file, name, 'application/pdf', p.paper_bytes, p.paper_sha256, use FROM demo_secret p;
    PERFORM set_config('app.operation', 'attachment_upload', true);
    UPDATE app.attachment SET state = 'stored' WHERE id = file;
    PERFORM set_config('app.operation', operation, true);
END
$$;

-- An invited person has no password before he activates the account; who registers himself has one at once.
CREATE FUNCTION pg_temp.demo_account_step(s demo_step) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    hash CONSTANT text := (SELECT p.password_hash FROM demo_secret p WHERE s.step IN ('register', 'activate'));
BEGIN
    IF s.step NOT IN ('create', 'register') THEN
        UPDATE app.account SET status = s.status, password_hash = coalesce(hash, password_hash),
               password_changed_at = CASE WHEN hash IS NULL THEN password_changed_at ELSE app.now() END
        WHERE login_name = s.key;
        RETURN;
    END IF;
    INSERT INTO app.account (id, status, login_name, display_name, email, role, office, unit_id, enterprise_id, is_admin,
                             password_hash, password_changed_at)
    SELECT pg_temp.demo_id('account', a.login), s.status, a.login, a.display_name, a.login || '@example.org', a.role,
           a.office, a.unit_id, pg_temp.demo_id('enterprise', a.enterprise), a.is_admin, hash,
           CASE WHEN hash IS NOT NULL THEN app.now() END
    FROM demo_account a WHERE a.login = s.key;
END
$$;

CREATE FUNCTION pg_temp.demo_create(s demo_step) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    paper CONSTANT jsonb := '{"side": "enterprise", "reason": "企业提交纸质材料，由县区代为录入", "attachment_id": null}';
    file  uuid;
BEGIN
    CASE s.room
        WHEN 'enterprise' THEN
            INSERT INTO app.enterprise (id, entered_for, unit_id, uscc, uscc_override_reason, name, is_legal_person,
                legal_representative, registered_on, registered_capital_fen, address, industry_code, chain_code,
                main_business, contact_name, contact_phone, contact_phone_masked, contact_email, figures, is_above_scale,
                is_weak_rd_sme, hitech_cert_no, hitech_valid_to, sme_tech_no, sme_tech_year, rd_platforms, other_programmes)
            SELECT p.id, CASE WHEN f.on_paper THEN paper END, f.unit_id, f.uscc, f.uscc_override_reason, f.name,
                   f.is_legal_person, f.legal_representative, f.registered_on, f.registered_capital_fen, f.address, f.industry_code,
                   f.chain_code, f.main_business, f.contact_name, p.sealed, p.masked, f.contact_email, f.figures,
                   f.is_above_scale, f.is_weak_rd_sme, f.hitech_cert_no, f.hitech_valid_to, f.sme_tech_no, f.sme_tech_year,
                   f.rd_platforms, f.other_programmes
            FROM demo_firm f JOIN demo_personal p ON p.room = 'enterprise' AND p.id = pg_temp.demo_id('enterprise', s.key)
            WHERE f.n = s.key::integer;
        WHEN 'bank_account' THEN
            INSERT INTO app.bank_account (id, enterprise_id, bank_name, branch, account_name, account_no,
                                          account_no_masked, account_no_index)
            SELECT p.id, e.id, b.bank_name, b.branch, e.name, p.sealed, p.masked, p.blind
            FROM demo_bank_account b JOIN app.enterprise e ON e.id = pg_temp.demo_id('enterprise', b.firm::text)
            JOIN demo_personal p ON p.id = pg_temp.demo_id('bank_account', s.key)
            WHERE b.n = s.key::integer;
        WHEN 'institution' THEN
            INSERT INTO app.institution (id, uscc, name, kind, province_code, address, contact_name, contact_email,
                                         contact_phone)
            SELECT pg_temp.demo_id('institution', s.key), i.uscc, i.name, i.kind, i.province_code, i.address,
                   i.contact_name, i.contact_email, i.contact_phone
            FROM demo_institution i WHERE i.n = s.key::integer;
        WHEN 'call' THEN
            INSERT INTO app.call (id, kind, doc_no, title, year, batch_no, body, opens_at, closes_at)
            SELECT pg_temp.demo_id('call', s.key), c.kind, c.doc_no, c.title, c.year, c.batch_no, c.body, c.opens_at,
                   c.closes_at
            FROM demo_call c WHERE c.n = s.key::integer;
        WHEN 'application' THEN
            -- Drafts have no evidence yet.
            IF (SELECT a.way FROM demo_applying a WHERE a.n = s.key::integer) <> 'draft' THEN
                file := pg_temp.demo_id('attachment', 'evidence ' || s.key);
                PERFORM pg_temp.demo_file(file, '资格证明.pdf', 'evidence');
            END IF;
            INSERT INTO app.application (id, call_id, full_name, id_type, id_no, id_no_masked, id_no_index,
                id_no_birth_on, id_no_gender, mobile, mobile_masked, email, institution_id, department, position,
                employment, education_code, degree_code, doctoral_status, title_code, title_level, discipline,
                specialties, tech_fields, research_summary, intended_service, eligibility_ground, evidence)
            SELECT i.id, pg_temp.demo_id('call', p.call::text), p.full_name, 'resident_id', i.sealed, i.masked, i.blind,
                   p.birth_on, p.gender, m.sealed, m.masked, p.login || '@example.org',
                   u.id, CASE u.kind WHEN 'university' THEN f.department ELSE replace(f.department, '学院', '研究室') END,
                   CASE p.employment WHEN 'doctoral_student' THEN '博士研究生' ELSE coalesce(t.zh, '工程技术人员') END,
                   p.employment, p.education_code, p.degree_code, p.doctoral_status, p.title_code, p.title_level,
                   p.discipline, p.specialties, ARRAY[p.tech_field], p.research_summary, p.intended_service,
                   p.eligibility_ground, array_remove(ARRAY[file], NULL)
            FROM demo_person p
            JOIN demo_field f ON f.tech_field = p.tech_field
            JOIN app.institution u ON u.id = pg_temp.demo_id('institution', p.institution::text)
            LEFT JOIN app.dictionary_entry t ON t.dictionary = 'title' AND t.code = p.title_code
            JOIN demo_personal i ON i.id = pg_temp.demo_id('application', s.key) AND i.field = 'id_no'
            JOIN demo_personal m ON m.id = i.id AND m.field = 'mobile'
            WHERE p.n = s.key::integer;
        WHEN 'service_offer' THEN
            INSERT INTO app.service_offer (id, specialist_id, title, description, deliverables, task_group,
                                           service_forms, tech_fields, fee_fen)
            SELECT pg_temp.demo_id('service_offer', s.key), app.fact('specialist')::uuid, o.title, o.description,
                   o.deliverables, o.task_group, o.service_forms, o.tech_fields, o.fee_fen
            FROM demo_offer o WHERE o.n = s.key::integer;
        WHEN 'demand' THEN
            INSERT INTO app.demand (id, entered_for, enterprise_id, call_id, kind, title, description, current_state,
                task_groups, tech_field, industry_code, service_forms, targets, budget_fen, cooperation_mode,
                wanted_title_level, wanted_degree, wanted_profile, urgency, expected_start_on, valid_to, priority_no,
                confidentiality, contact_name, contact_phone, contact_phone_masked)
            SELECT p.id, CASE WHEN d.on_paper THEN paper END, pg_temp.demo_id('enterprise', d.firm::text),
                   pg_temp.demo_id('call', d.call::text), d.kind, d.title, d.description, d.current_state, d.task_groups,
                   d.tech_field, f.industry_code, d.service_forms, d.targets, d.budget_fen, d.cooperation_mode,
                   d.wanted_title_level, d.wanted_degree, d.wanted_profile, d.urgency, d.expected_start_on, d.valid_to,
                   d.priority_no, d.confidentiality, d.contact_name, p.sealed, p.masked
            FROM demo_need d JOIN demo_firm f ON f.n = d.firm
            JOIN demo_personal p ON p.room = 'demand' AND p.id = pg_temp.demo_id('demand', s.key)
            WHERE d.n = s.key::integer;
        WHEN 'match_round' THEN
            INSERT INTO app.match_round (id, title, year, batch_no, method, start_on)
            SELECT pg_temp.demo_id('match_round', s.key), r.title, r.year, r.batch_no, 'manual', r.start_on
            FROM demo_round r WHERE r.n = s.key::integer;
        WHEN 'attachment' THEN
            PERFORM pg_temp.demo_file(pg_temp.demo_id('attachment', s.key), '盖章扫描件.pdf', 'signature_scan');
    END CASE;
END
$$;

-- Moves a status and keeps the words of who decided beside it.
CREATE FUNCTION pg_temp.demo_move(s demo_step) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    subject CONSTANT uuid := pg_temp.demo_id(s.room, s.key);
    moved   record;
BEGIN
    CASE s.room
        WHEN 'enterprise' THEN
            UPDATE app.enterprise SET status = s.status WHERE id = subject
            RETURNING version, unit_id, id AS enterprise_id INTO moved;
        WHEN 'bank_account' THEN
            UPDATE app.bank_account SET status = s.status WHERE id = subject
            RETURNING version, unit_id, enterprise_id INTO moved;
        WHEN 'call' THEN
            UPDATE app.call SET status = s.status WHERE id = subject
            RETURNING version, unit_id, NULL::uuid AS enterprise_id INTO moved;
        WHEN 'demand' THEN
            UPDATE app.demand SET status = s.status,
                   close_reason = CASE WHEN s.step = 'withdraw' THEN s.decision ELSE close_reason END
            WHERE id = subject
            RETURNING version, unit_id, enterprise_id INTO moved;
    END CASE;
    IF s.decision IS NOT NULL OR s.opinion IS NOT NULL THEN
        INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, enterprise_id, step, decision, opinion)
        VALUES (s.room, subject, moved.version, moved.unit_id, moved.enterprise_id, s.step, s.decision, s.opinion);
    END IF;
END
$$;

-- A wish is made by its first step; what others follow is its status, with the words of who declined.
CREATE FUNCTION pg_temp.demo_wish_step(s demo_step) RETURNS void LANGUAGE plpgsql AS
$$
BEGIN
    IF s.status = 'active' THEN
        INSERT INTO app.intention (id, side, demand_id, specialist_id, rank, note, conflict)
        SELECT pg_temp.demo_id('intention', s.key), w.side, pg_temp.demo_id('demand', w.demand::text), p.id, w.rank,
               w.note, w.conflict
        FROM demo_wish w
        JOIN app.specialist p ON p.application_id = pg_temp.demo_id('application', w.person::text)
        WHERE w.n = s.key::integer;
    ELSE
        UPDATE app.intention SET status = s.status, decline_reason = s.opinion
        WHERE id = pg_temp.demo_id('intention', s.key);
    END IF;
END
$$;

-- What no operation of this release does: the system's own moves and those of the service year.
CREATE FUNCTION pg_temp.demo_follow(s demo_step) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    placed CONSTANT uuid := CASE s.room WHEN 'placement' THEN pg_temp.demo_placement(s.key::integer) END;
BEGIN
    CASE s.room
        WHEN 'work' THEN
            EXECUTE format('SELECT app.%I($1)', 'job_' || s.step) USING s.key::date;
        WHEN 'specialist' THEN
            UPDATE app.specialist SET status = s.status, valid_to = app.today() - 1
            WHERE id = pg_temp.demo_specialist(s.key::integer);
        WHEN 'placement' THEN
            UPDATE app.placement p
            SET status = s.status, end_reason = coalesce(s.opinion, p.end_reason),
                ended_on = CASE WHEN s.opinion IS NULL THEN p.ended_on ELSE app.today() - 1 END,
                suspensions = CASE s.step WHEN 'suspend' THEN jsonb_build_array(jsonb_build_object(
                    'from', app.today(), 'to', app.today() + 90)) ELSE p.suspensions END
            WHERE p.id = placed;
            UPDATE app.obligation o SET status = 'cancelled'
            WHERE o.placement_id = placed AND o.status IN ('open', 'overdue') AND s.step IN ('terminate', 'revoke');
        WHEN 'obligation' THEN
            UPDATE app.obligation o SET status = 'met', fulfilled_on = app.today()
            WHERE o.status = 'open' AND o.due_on < app.today() + 7
              AND NOT coalesce(o.placement_id = pg_temp.demo_placement(28) AND o.period = 'h1', false)
              AND NOT coalesce(o.placement_id = pg_temp.demo_placement(15) AND o.kind = 'closure', false);
    END CASE;
END
$$;

DO $$
DECLARE
    s demo_step;
BEGIN
    FOR s IN SELECT * FROM demo_step d ORDER BY d.at, d.no LOOP
        PERFORM pg_temp.demo_clock(s.at), pg_temp.demo_be(s.who, s.room || '_' || s.step);
        IF s.room = 'account' THEN
            PERFORM pg_temp.demo_account_step(s);
        ELSIF s.room = 'intention' THEN
            PERFORM pg_temp.demo_wish_step(s);
        ELSIF s.step = 'create' AND (s.args IS NULL OR s.room = 'application') THEN
            PERFORM pg_temp.demo_create(s);
        ELSIF s.args IS NOT NULL THEN
            PERFORM pg_temp.demo_act(s);
        ELSIF s.room IN ('work', 'specialist', 'placement', 'obligation') THEN
            PERFORM pg_temp.demo_follow(s);
        ELSE
            PERFORM pg_temp.demo_judge(s, pg_temp.demo_given(s)) WHERE s.step = 'submit';
            PERFORM pg_temp.demo_move(s);
        END IF;
    END LOOP;

    -- Locked by too many tries: a mark of the house, no change of the account.
    UPDATE app.account SET locked_until = now() + interval '1 year' WHERE login_name = 'qy.36';
    PERFORM pg_temp.demo_clock('2026-10-20T01:00:00Z');
END
$$;
