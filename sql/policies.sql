-- Who may read and write which rows and columns: row-level security and grants of all tables, written anew each time.
-- A connection belongs to one database role for each kind of caller; unit, firm and person come as facts. A fact is
-- asked as (SELECT app.fact(...)), once a statement, and the side compared inside, (SELECT app.my_side() = 'city'): of
-- a boolean the planner expects half of the rows, of a comparison next to none. No facts: no rows. The owner of the
-- tables never serves; the internal role has policies without bounds and grants for exactly what its functions do.

DO $$
DECLARE
    t record;
    p record;
    serving CONSTANT text := 'tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist, tepai_worker';
    -- Tables whose rows belong to nobody: the lifecycle, what is made of it, and the clock.
    house CONSTANT text[] := '{lifecycle,allowed_step,sandbox_clock}';
BEGIN
    FOR p IN SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'app' LOOP
        EXECUTE format('DROP POLICY %I ON app.%I', p.policyname, p.tablename);
    END LOOP;
    EXECUTE 'REVOKE ALL ON ALL TABLES IN SCHEMA app, api, api_specialist FROM PUBLIC, tepai_internal, ' || serving;
    FOR t IN SELECT tablename AS name FROM pg_tables
             WHERE schemaname = 'app' AND tableowner = 'tepai_owner' AND tablename <> ALL (house) LOOP
        EXECUTE format('ALTER TABLE app.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t.name);
        EXECUTE format('CREATE POLICY internal ON app.%I TO tepai_internal USING (true) WITH CHECK (true)', t.name);
    END LOOP;

    -- Functions that run as their caller may be called by all; each that runs as the internal role is granted by name.
    EXECUTE 'REVOKE ALL ON ALL FUNCTIONS IN SCHEMA app FROM PUBLIC';
    FOR p IN SELECT oid::regprocedure AS name FROM pg_proc
             WHERE pronamespace = 'app'::regnamespace AND NOT prosecdef LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO tepai_internal, ', p.name) || serving;
    END LOOP;
END
$$;

GRANT SELECT ON ALL TABLES IN SCHEMA api TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
GRANT SELECT ON ALL TABLES IN SCHEMA api_specialist TO tepai_specialist;
GRANT SELECT ON app.lifecycle, app.allowed_step, app.sandbox_clock, app.unit, app.policy, app.dictionary_entry
    TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist, tepai_worker, tepai_internal;

-- unit, dictionary_entry, policy: anybody reads them; a policy once it is adopted.
CREATE POLICY readers ON app.unit FOR SELECT
    TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING ((SELECT app.fact('actor')) IS NOT NULL);
CREATE POLICY readers ON app.dictionary_entry FOR SELECT
    TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING ((SELECT app.fact('actor')) IS NOT NULL);
CREATE POLICY city_create ON app.dictionary_entry FOR INSERT TO tepai_city
    WITH CHECK ((SELECT app.fact('actor')) = 'city/st' AND (SELECT app.fact('admin')) IS NOT NULL);
CREATE POLICY city_write ON app.dictionary_entry FOR UPDATE TO tepai_city
    USING ((SELECT app.fact('actor')) = 'city/st' AND (SELECT app.fact('admin')) IS NOT NULL);
GRANT INSERT (dictionary, code, zh, en, parent_code, standard, attrs, sort_no, valid_from, valid_to),
      UPDATE (zh, en, parent_code, standard, attrs, sort_no, valid_from, valid_to)
    ON app.dictionary_entry TO tepai_city;
CREATE POLICY readers ON app.policy FOR SELECT
    TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING ((SELECT app.fact('actor')) IS NOT NULL AND status IN ('adopted', 'superseded'));
CREATE POLICY city ON app.policy FOR SELECT TO tepai_city USING ((SELECT app.fact('actor')) IS NOT NULL);
CREATE POLICY city_create ON app.policy FOR INSERT TO tepai_city WITH CHECK ((SELECT app.fact('actor')) = 'city/st');
CREATE POLICY city_write ON app.policy FOR UPDATE TO tepai_city USING ((SELECT app.fact('actor')) = 'city/st');
GRANT INSERT (id, code, title, doc_no, valid_from, valid_to, "values"), UPDATE (status) ON app.policy TO tepai_city;
GRANT UPDATE (status, superseded_by) ON app.policy TO tepai_internal;

-- event: whoever may see its subject now or could before. Written by a trigger alone.
GRANT SELECT, INSERT ON app.event TO tepai_internal;
GRANT SELECT ON app.event TO tepai_city, tepai_county, tepai_enterprise;
GRANT SELECT (id, seq, at, operation, subject_type, subject_id, unit_id, op, subject_version, role, office, seen_by,
              seen_by_before) ON app.event TO tepai_specialist;
GRANT EXECUTE ON FUNCTION app.event_of_own(uuid) TO tepai_specialist;
CREATE POLICY readers ON app.event FOR SELECT TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING (seen_by && (SELECT app.my_words()) OR seen_by_before && (SELECT app.my_words()));

-- feed, job_run: the background worker's, through its functions alone. Which position an event has is no secret to
-- whoever sees the event; the hashes are for those who verify them.
GRANT SELECT, INSERT ON app.feed, app.feed_head TO tepai_internal;
GRANT SELECT, UPDATE ON app.feed_mark TO tepai_internal;
GRANT SELECT ON app.event_seq_seq TO tepai_internal;
GRANT SELECT, INSERT, UPDATE, DELETE ON app.job_run TO tepai_internal;
GRANT SELECT (pos, seq) ON app.feed TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
CREATE POLICY readers ON app.feed FOR SELECT TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING ((SELECT app.fact('actor')) IS NOT NULL);
GRANT EXECUTE ON FUNCTION app.feed_advance(integer), app.feed_head_due(integer), app.feed_head_keep(bigint, text),
    app.work_days(), app.work_once(text, text, date)
    TO tepai_worker;
GRANT UPDATE (status) ON app.policy, app.call, app.demand TO tepai_internal;
GRANT SELECT, DELETE ON app.idempotency TO tepai_internal;

-- migration: a server sees before it serves whether the tables are those it knows.
GRANT SELECT ON app.migration TO tepai_worker;
CREATE POLICY version ON app.migration FOR SELECT TO tepai_worker USING (true);

-- The clock of a sandbox is set by the city, through a function alone.
GRANT UPDATE (shift) ON app.sandbox_clock TO tepai_internal;
GRANT EXECUTE ON FUNCTION app.sandbox_set_clock(timestamptz), app.work_days() TO tepai_city;

-- review: offices read what concerns them, the other side what is meant for it; everybody what closed a call.
GRANT SELECT ON app.review TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
GRANT INSERT (subject_type, subject_id, subject_version, unit_id, enterprise_id, step, decision, reason_code, opinion,
              unit_words, signatory, visible_to_applicant)
    ON app.review TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
CREATE POLICY calls ON app.review FOR SELECT TO tepai_county, tepai_enterprise, tepai_specialist
    USING ((SELECT app.fact('actor')) IS NOT NULL AND subject_type = 'call' AND visible_to_applicant);
CREATE POLICY city ON app.review TO tepai_city
    USING ((SELECT app.fact('actor')) IS NOT NULL
           AND (subject_type <> 'application' OR (SELECT app.handles_applications())));
CREATE POLICY county ON app.review TO tepai_county
    USING (unit_id = (SELECT app.fact('unit'))) WITH CHECK (unit_id = (SELECT app.fact('unit')));
CREATE POLICY enterprise ON app.review FOR SELECT TO tepai_enterprise
    USING (enterprise_id = (SELECT app.fact('enterprise')::uuid)
           AND (visible_to_applicant OR account = (SELECT app.fact('account')::uuid)));
CREATE POLICY enterprise_write ON app.review FOR INSERT TO tepai_enterprise
    WITH CHECK (enterprise_id = (SELECT app.fact('enterprise')::uuid));
-- A researcher reads what was said about his own applications, entry and matches; his policies on those tables say which.
CREATE POLICY specialist ON app.review FOR SELECT TO tepai_specialist
    USING ((visible_to_applicant OR account = (SELECT app.fact('account')::uuid))
           AND CASE subject_type WHEN 'application' THEN subject_id IN (SELECT a.id FROM app.application a)
                                 WHEN 'agreement' THEN subject_id IN (SELECT a.id FROM app.agreement a)
                                 WHEN 'match' THEN subject_id IN (SELECT m.id FROM app.match m)
                                 WHEN 'specialist' THEN subject_id = (SELECT app.fact('specialist')::uuid)
                                 WHEN 'placement' THEN subject_id IN (SELECT p.id FROM app.placement p) END);
CREATE POLICY specialist_write ON app.review FOR INSERT TO tepai_specialist
    WITH CHECK (CASE subject_type WHEN 'specialist' THEN subject_id = (SELECT app.fact('specialist')::uuid)
                                  WHEN 'match' THEN subject_id IN (SELECT m.id FROM app.match m) END);
CREATE POLICY specialist_refuse ON app.review FOR INSERT TO tepai_specialist
    WITH CHECK ((SELECT app.my_side() = 'specialist') AND subject_type = 'agreement' AND step = 'refuse'
                AND subject_id IN (SELECT a.id FROM app.agreement a));
CREATE POLICY institution_write ON app.review FOR INSERT TO tepai_public
    WITH CHECK ((subject_type, step) IN (('application', 'consent'), ('agreement', 'refuse'))
                AND subject_id = (SELECT app.fact('link_subject')::uuid));

-- idempotency: the caller's own keys.
GRANT SELECT, INSERT (scope, key, fingerprint), UPDATE (status, etag, location, body) ON app.idempotency
    TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
GRANT SELECT ON app.idempotency TO tepai_internal;
CREATE POLICY own ON app.idempotency TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING (scope = (SELECT app.key_scope())) WITH CHECK (scope = (SELECT app.key_scope()));

-- link: its holder sees what it is for, the S&T bureau whom it was made for; the hashes are nobody's.
GRANT SELECT, INSERT, UPDATE ON app.link TO tepai_internal;
GRANT SELECT (id, kind, subject_id, subject_version, content_sha256, institution_id, expires_at, state)
    ON app.link TO tepai_public;
GRANT SELECT (id, kind, subject_id, subject_version, content_sha256, institution_id, recipient_email, expires_at, state)
    ON app.link TO tepai_city;
CREATE POLICY city ON app.link FOR SELECT TO tepai_city
    USING ((SELECT app.fact('actor')) = 'city/st' AND kind IN ('application_consent', 'agreement_signature'));
CREATE POLICY holder ON app.link FOR SELECT TO tepai_public USING (id = (SELECT app.fact('link')::uuid));

-- disclosure: who looked, the city and those whose data it was; nobody changes what was recorded.
GRANT SELECT, INSERT (id, subject_type, subject_id, fields, purpose) ON app.disclosure
    TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
GRANT SELECT ON app.disclosure TO tepai_internal;
GRANT EXECUTE ON FUNCTION app.disclosure_sealed(uuid) TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
CREATE POLICY own ON app.disclosure TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING (created_by = (SELECT app.fact('account')::uuid))
    WITH CHECK (created_by = (SELECT app.fact('account')::uuid));
CREATE POLICY city ON app.disclosure FOR SELECT TO tepai_city
    USING ((SELECT app.my_side() = 'city')
           AND (subject_type <> 'application' OR (SELECT app.handles_applications())));
CREATE POLICY subject ON app.disclosure FOR SELECT TO tepai_specialist
    USING (subject_account = (SELECT app.fact('account')::uuid)
           OR specialist_id = (SELECT app.fact('specialist')::uuid));

-- Sealing anew is the internal role's, in the columns that hold sealed values.
DO $$
DECLARE
    c record;
BEGIN
    FOR c IN SELECT room, field FROM app.sealed_columns() LOOP
        EXECUTE format('GRANT SELECT (id, %1$I), UPDATE (%1$I) ON app.%2$I TO tepai_internal', c.field, c.room);
    END LOOP;
END
$$;

-- enterprise: drafts belong to the side that began them. The city's own writing is the move to another unit; a rule
-- of the operation holds it to that, for one statement serves all who may change a record.
GRANT SELECT ON app.enterprise TO tepai_city, tepai_county, tepai_enterprise, tepai_internal;
GRANT SELECT (id, version, created_at, updated_at, unit_id, status, side, name, industry_code, chain_code,
              is_above_scale, is_weak_rd_sme, priority_bp) ON app.enterprise TO tepai_specialist;
GRANT INSERT (id, entered_for, unit_id, uscc, uscc_override_reason, uscc_override_scan_id, name, is_legal_person,
              legal_representative, registered_on, registered_capital_fen, address, industry_code, chain_code,
              main_business, contact_name,
              contact_phone, contact_phone_masked, contact_email, figures, is_above_scale, is_weak_rd_sme,
              hitech_cert_no, hitech_valid_to, sme_tech_no, sme_tech_year, rd_platforms, other_programmes)
    ON app.enterprise TO tepai_county, tepai_enterprise;
GRANT UPDATE (unit_id, uscc, uscc_override_reason, uscc_override_scan_id, name, is_legal_person, legal_representative,
              registered_on, registered_capital_fen, address, industry_code, chain_code, main_business, contact_name,
              contact_phone,
              contact_phone_masked, contact_email, figures, is_above_scale, is_weak_rd_sme, hitech_cert_no,
              hitech_valid_to, sme_tech_no, sme_tech_year, rd_platforms, other_programmes)
    ON app.enterprise TO tepai_city, tepai_county, tepai_enterprise;
GRANT UPDATE (status) ON app.enterprise TO tepai_county, tepai_enterprise;
GRANT UPDATE (priority_bp) ON app.enterprise TO tepai_internal;
CREATE POLICY city ON app.enterprise FOR SELECT TO tepai_city
    USING ((SELECT app.my_side() = 'city') AND (shown OR side = 'city'));
CREATE POLICY city_write ON app.enterprise FOR UPDATE TO tepai_city USING ((SELECT app.fact('actor')) = 'city/st');
CREATE POLICY county ON app.enterprise FOR SELECT TO tepai_county
    USING (unit_id = (SELECT app.fact('unit')) AND (shown OR side = 'county'));
CREATE POLICY county_write ON app.enterprise FOR UPDATE TO tepai_county
    USING (unit_id = (SELECT app.fact('unit')) AND (shown OR side = 'county'));
CREATE POLICY county_create ON app.enterprise FOR INSERT TO tepai_county
    WITH CHECK (unit_id = (SELECT app.fact('unit')) AND side = 'county');
CREATE POLICY enterprise ON app.enterprise FOR SELECT TO tepai_enterprise
    USING (id = (SELECT app.fact('enterprise')::uuid) AND (shown OR side = 'enterprise'));
CREATE POLICY enterprise_write ON app.enterprise FOR UPDATE TO tepai_enterprise
    USING (id = (SELECT app.fact('enterprise')::uuid) AND (shown OR side = 'enterprise'));
CREATE POLICY enterprise_create ON app.enterprise FOR INSERT TO tepai_enterprise
    WITH CHECK ((SELECT app.fact('enterprise')) IS NULL AND side = 'enterprise');
CREATE POLICY specialist ON app.enterprise FOR SELECT TO tepai_specialist
    USING ((SELECT app.my_side() = 'specialist') AND status = 'active');

-- bank_account: the firm's, its county's, and of the city those who pay: talent and finance. The sealed number is
-- nobody's to read.
GRANT SELECT (id, version, created_at, updated_at, created_by, unit_id, status, enterprise_id, bank_name, branch,
              account_name, account_no_masked)
    ON app.bank_account TO tepai_city, tepai_county, tepai_enterprise;
GRANT SELECT (account_no_index), INSERT (id, enterprise_id, bank_name, branch, account_name, account_no,
                                         account_no_masked, account_no_index) ON app.bank_account TO tepai_enterprise;
GRANT UPDATE (status) ON app.bank_account TO tepai_county;
GRANT SELECT, UPDATE (unit_id, status) ON app.bank_account TO tepai_internal;
CREATE POLICY city ON app.bank_account FOR SELECT TO tepai_city
    USING ((SELECT app.fact('actor')) IN ('city/talent', 'city/finance'));
CREATE POLICY county ON app.bank_account FOR SELECT TO tepai_county USING (unit_id = (SELECT app.fact('unit')));
CREATE POLICY county_write ON app.bank_account FOR UPDATE TO tepai_county
    USING ((SELECT app.fact('actor')) = 'county/talent' AND unit_id = (SELECT app.fact('unit')));
CREATE POLICY enterprise ON app.bank_account FOR SELECT TO tepai_enterprise
    USING (enterprise_id = (SELECT app.fact('enterprise')::uuid));
CREATE POLICY enterprise_create ON app.bank_account FOR INSERT TO tepai_enterprise
    WITH CHECK (enterprise_id = (SELECT app.fact('enterprise')::uuid));

-- institution: all who sign in read it, the city alone its contacts; an applicant names one, the bureau keeps them.
GRANT SELECT (id, version, created_at, updated_at, created_by, status, uscc, name, kind, province_code, address,
              valid_to) ON app.institution TO tepai_county, tepai_enterprise, tepai_specialist;
GRANT SELECT ON app.institution TO tepai_city, tepai_internal;
GRANT INSERT (id, uscc, name, kind, province_code, address, contact_name, contact_email, contact_phone, valid_to)
    ON app.institution TO tepai_city, tepai_specialist;
GRANT UPDATE (status, uscc, name, kind, province_code, address, contact_name, contact_email, contact_phone, valid_to)
    ON app.institution TO tepai_city;
CREATE POLICY readers ON app.institution FOR SELECT TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING ((SELECT app.fact('actor')) IS NOT NULL);
CREATE POLICY city_write ON app.institution FOR UPDATE TO tepai_city USING ((SELECT app.fact('actor')) = 'city/st');
CREATE POLICY city_create ON app.institution FOR INSERT TO tepai_city
    WITH CHECK ((SELECT app.fact('actor')) = 'city/st');
CREATE POLICY specialist_create ON app.institution FOR INSERT TO tepai_specialist
    WITH CHECK ((SELECT app.my_side() = 'specialist') AND contact_email IS NULL);
CREATE POLICY named ON app.review FOR SELECT TO tepai_specialist
    USING (subject_type = 'institution' AND visible_to_applicant
           AND EXISTS (SELECT FROM app.institution i
                       WHERE i.id = subject_id AND i.created_by = (SELECT app.fact('account')::uuid)));

-- call: what was published is everybody's to read; drafts are their author's side's.
GRANT SELECT (id, version, created_at, updated_at, created_by, unit_id, status, kind, doc_no, title, year, batch_no,
              body, opens_at, closes_at, attachments) ON app.call TO tepai_public, tepai_enterprise, tepai_specialist;
GRANT SELECT ON app.call TO tepai_city, tepai_county, tepai_internal;
GRANT INSERT (id, kind, doc_no, title, year, batch_no, body, opens_at, closes_at, attachments),
      UPDATE (status, doc_no, title, year, batch_no, body, opens_at, closes_at, attachments)
    ON app.call TO tepai_city, tepai_county;
CREATE POLICY readers ON app.call FOR SELECT
    TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING ((SELECT app.fact('actor')) IS NOT NULL AND shown);
CREATE POLICY city ON app.call FOR SELECT TO tepai_city USING ((SELECT app.my_side() = 'city') AND side = 'city');
CREATE POLICY city_write ON app.call FOR UPDATE TO tepai_city
    USING ((SELECT app.fact('actor')) = 'city/st' AND (shown OR side = 'city'));
CREATE POLICY city_create ON app.call FOR INSERT TO tepai_city
    WITH CHECK ((SELECT app.fact('actor')) = 'city/st' AND unit_id IS NULL AND side = 'city');
CREATE POLICY county ON app.call FOR SELECT TO tepai_county
    USING (unit_id = (SELECT app.fact('unit')) AND side = 'county');
CREATE POLICY county_write ON app.call FOR UPDATE TO tepai_county
    USING ((SELECT app.fact('actor')) = 'county/st' AND unit_id = (SELECT app.fact('unit')));
CREATE POLICY county_create ON app.call FOR INSERT TO tepai_county
    WITH CHECK ((SELECT app.fact('actor')) = 'county/st' AND unit_id = (SELECT app.fact('unit')) AND side = 'county');

-- application: the applicant's and the city's; the holder of a link sees the one behind it. Drafts belong to the side
-- that began them.
GRANT SELECT ON app.application TO tepai_city, tepai_specialist, tepai_internal;
GRANT SELECT (id, version, status, version_no, content_sha256, versions, consent)
    ON app.application TO tepai_public;
GRANT INSERT (id, entered_for, applicant_id, call_id, full_name, gender, birth_on, id_type, id_no, id_no_masked,
              id_no_index, id_no_birth_on,
              id_no_gender, mobile, mobile_masked, bank_account_no, bank_account_no_masked, email, institution_id,
              department, position, employment, education_code, degree_code, doctoral_status, title_code, title_level,
              title_obtained_on, service_qualification, qualification_no, qualification_valid_to, discipline,
              specialties, tech_fields, industries, research_summary, intended_service, achievements,
              service_experience, work_history, honours, available_from, available_to, preferred_units, bank_name,
              political_status, other_programmes, eligibility_ground, evidence),
      UPDATE (status, pledge_version, pledged_at, waiver_request, full_name, gender, birth_on, id_type, id_no,
              id_no_masked, id_no_index, id_no_birth_on, id_no_gender,
              mobile, mobile_masked, bank_account_no, bank_account_no_masked, email, institution_id, department,
              position, employment, education_code, degree_code, doctoral_status, title_code, title_level,
              title_obtained_on, service_qualification, qualification_no, qualification_valid_to, discipline,
              specialties, tech_fields, industries, research_summary, intended_service, achievements,
              service_experience, work_history, honours, available_from, available_to, preferred_units, bank_name,
              political_status, other_programmes, eligibility_ground, evidence)
    ON app.application TO tepai_city, tepai_specialist;
GRANT UPDATE (consent, waiver) ON app.application TO tepai_city;
GRANT UPDATE (status, consent) ON app.application TO tepai_public;
GRANT UPDATE (status) ON app.application TO tepai_internal;
CREATE POLICY city ON app.application FOR SELECT TO tepai_city
    USING ((SELECT app.handles_applications()) AND (shown OR side = 'city'));
CREATE POLICY city_write ON app.application FOR UPDATE TO tepai_city
    USING ((SELECT app.fact('actor')) = 'city/st' AND (shown OR side = 'city'));
CREATE POLICY city_create ON app.application FOR INSERT TO tepai_city
    WITH CHECK ((SELECT app.fact('actor')) = 'city/st' AND side = 'city');
CREATE POLICY specialist ON app.application FOR SELECT TO tepai_specialist
    USING (applicant_id = (SELECT app.fact('account')::uuid) AND (shown OR side = 'specialist'));
CREATE POLICY specialist_write ON app.application FOR UPDATE TO tepai_specialist
    USING (applicant_id = (SELECT app.fact('account')::uuid) AND (shown OR side = 'specialist'));
CREATE POLICY specialist_create ON app.application FOR INSERT TO tepai_specialist
    WITH CHECK (applicant_id = (SELECT app.fact('account')::uuid) AND side = 'specialist');
CREATE POLICY institution ON app.application FOR SELECT TO tepai_public
    USING (id = (SELECT app.fact('link_subject')::uuid));
CREATE POLICY institution_write ON app.application FOR UPDATE TO tepai_public
    USING (id = (SELECT app.fact('link_subject')::uuid));

-- specialist: the city and the person himself; counties and firms see who has not left, by what their view shows. Numbers
-- and contact are for the offices that keep the register and the person. The entry itself is made by the system.
GRANT SELECT ON app.specialist TO tepai_city, tepai_specialist, tepai_internal;
GRANT SELECT (id, version, created_at, updated_at, status, code, full_name, institution_id, position, employment,
              education_code, degree_code, doctoral_status, title_code, title_level, title_obtained_on,
              service_qualification, qualification_valid_to, discipline, specialties, tech_fields, industries,
              research_summary, intended_service, achievements, service_experience, available_from, available_to,
              preferred_units, other_programmes, valid_from, valid_to,
              is_placed, current_placement_id, grades)
    ON app.specialist TO tepai_county, tepai_enterprise;
GRANT INSERT, UPDATE ON app.specialist TO tepai_internal;
GRANT UPDATE (specialist_id) ON app.account TO tepai_internal;
GRANT UPDATE (status, suspended_reason, mobile, mobile_masked, email, research_summary, intended_service,
              available_from, available_to, preferred_units, bank_name, bank_account_no, bank_account_no_masked)
    ON app.specialist TO tepai_city, tepai_specialist;
CREATE POLICY city ON app.specialist FOR SELECT TO tepai_city USING ((SELECT app.my_side() = 'city'));
CREATE POLICY city_write ON app.specialist FOR UPDATE TO tepai_city USING ((SELECT app.fact('actor')) = 'city/st');
CREATE POLICY readers ON app.specialist FOR SELECT TO tepai_county, tepai_enterprise
    USING ((SELECT app.fact('actor')) IS NOT NULL AND status <> 'removed');
CREATE POLICY own ON app.specialist FOR SELECT TO tepai_specialist
    USING (id = (SELECT app.fact('specialist')::uuid));
CREATE POLICY own_write ON app.specialist FOR UPDATE TO tepai_specialist
    USING (id = (SELECT app.fact('specialist')::uuid));

-- service_offer: published ones are for all who are signed in, unless their owner pauses; the menu is its owner's to
-- write.
GRANT SELECT ON app.service_offer TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist, tepai_internal;
GRANT INSERT (id, specialist_id, title, description, deliverables, task_group, service_forms, tech_fields, fee_fen,
              available_from, available_to),
      UPDATE (status, title, description, deliverables, task_group, service_forms, tech_fields, fee_fen, available_from,
              available_to) ON app.service_offer TO tepai_specialist;
GRANT UPDATE (status, is_paused) ON app.service_offer TO tepai_internal;
CREATE POLICY city ON app.service_offer FOR SELECT TO tepai_city USING ((SELECT app.my_side() = 'city'));
CREATE POLICY readers ON app.service_offer FOR SELECT TO tepai_county, tepai_enterprise, tepai_specialist
    USING ((SELECT app.fact('actor')) IS NOT NULL AND status = 'published' AND NOT is_paused);
CREATE POLICY own ON app.service_offer FOR SELECT TO tepai_specialist
    USING (specialist_id = (SELECT app.fact('specialist')::uuid));
CREATE POLICY own_write ON app.service_offer FOR UPDATE TO tepai_specialist
    USING (specialist_id = (SELECT app.fact('specialist')::uuid));
CREATE POLICY own_create ON app.service_offer FOR INSERT TO tepai_specialist
    WITH CHECK (specialist_id = (SELECT app.fact('specialist')::uuid));

GRANT EXECUTE ON FUNCTION app.application_lives(uuid, bytea, uuid), app.applicant_known(uuid),
                          app.applicant_differs(uuid, bytea), app.application_search(text)
    TO tepai_city, tepai_specialist;
GRANT EXECUTE ON FUNCTION app.person_barred(bytea) TO tepai_city, tepai_specialist;
GRANT EXECUTE ON FUNCTION app.entry_held(uuid, bytea) TO tepai_city;
GRANT EXECUTE ON FUNCTION app.specialist_private(uuid), app.specialist_search(text), app.service_offer_search(text)
    TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;

-- demand: drafts belong to the side that began them; specialists see open ones and those they are matched with, without
-- what their views hide.
GRANT SELECT (id, version, created_at, updated_at, created_by, entered_for, unit_id, status, side, shown, policy_id,
              enterprise_id, call_id, kind, title, description, current_state, task_groups, tech_field, industry_code,
              service_forms, targets, budget_fen, cooperation_mode, wanted_title_level, wanted_degree, wanted_profile,
              named_specialist_id, urgency, expected_start_on, valid_to, priority_no, confidentiality, contact_name,
              contact_phone_masked, opened_at, correct_by_on, close_reason),
      UPDATE (status) ON app.demand TO tepai_city;
GRANT SELECT ON app.demand TO tepai_county, tepai_enterprise, tepai_internal;
GRANT SELECT (id, version, created_at, updated_at, unit_id, status, side, enterprise_id, call_id, kind, title,
              description, current_state, task_groups, tech_field, industry_code, service_forms, targets, budget_fen,
              cooperation_mode, wanted_title_level, wanted_degree, wanted_profile, named_specialist_id, urgency,
              expected_start_on, valid_to, confidentiality, opened_at, correct_by_on) ON app.demand TO tepai_specialist;
GRANT UPDATE (unit_id) ON app.demand TO tepai_internal;
GRANT INSERT (id, entered_for, enterprise_id, call_id, kind, title, description, current_state, task_groups, tech_field,
              industry_code, service_forms, targets, budget_fen, cooperation_mode, wanted_title_level, wanted_degree,
              wanted_profile, named_specialist_id, urgency, expected_start_on, valid_to, priority_no, confidentiality,
              contact_name, contact_phone, contact_phone_masked),
      UPDATE (status, call_id, kind, title, description, current_state, task_groups, tech_field, industry_code,
              service_forms, targets, budget_fen, cooperation_mode, wanted_title_level, wanted_degree, wanted_profile,
              named_specialist_id, urgency, expected_start_on, valid_to, priority_no, confidentiality, contact_name,
              contact_phone, contact_phone_masked, close_reason) ON app.demand TO tepai_county, tepai_enterprise;
CREATE POLICY city ON app.demand FOR SELECT TO tepai_city
    USING ((SELECT app.my_side() = 'city') AND (shown OR side = 'city'));
CREATE POLICY city_write ON app.demand FOR UPDATE TO tepai_city
    USING ((SELECT app.fact('actor')) = 'city/st' AND shown);
CREATE POLICY county ON app.demand FOR SELECT TO tepai_county
    USING (unit_id = (SELECT app.fact('unit')) AND (shown OR side = 'county'));
CREATE POLICY county_write ON app.demand FOR UPDATE TO tepai_county
    USING (unit_id = (SELECT app.fact('unit')) AND (shown OR side = 'county'));
CREATE POLICY county_create ON app.demand FOR INSERT TO tepai_county
    WITH CHECK (unit_id = (SELECT app.fact('unit')) AND side = 'county');
CREATE POLICY enterprise ON app.demand FOR SELECT TO tepai_enterprise
    USING (enterprise_id = (SELECT app.fact('enterprise')::uuid) AND (shown OR side = 'enterprise'));
CREATE POLICY enterprise_write ON app.demand FOR UPDATE TO tepai_enterprise
    USING (enterprise_id = (SELECT app.fact('enterprise')::uuid) AND (shown OR side = 'enterprise'));
CREATE POLICY enterprise_create ON app.demand FOR INSERT TO tepai_enterprise
    WITH CHECK (enterprise_id = (SELECT app.fact('enterprise')::uuid) AND side = 'enterprise');
CREATE POLICY specialist ON app.demand FOR SELECT TO tepai_specialist
    USING ((SELECT app.my_side() = 'specialist')
           AND (status = 'open' OR id = ANY ((SELECT app.demands_known())::uuid[])));

-- intention: one's own side's wishes, a county its firms'; the other side's once they are mutual or the pair was matched.
-- Rank, note and conflict of a wish are shown by a function to its own side alone.
GRANT SELECT ON app.intention TO tepai_city;
GRANT SELECT (id, version, created_at, updated_at, unit_id, status, side, demand_id, specialist_id, decline_reason,
              mutual) ON app.intention TO tepai_county, tepai_enterprise, tepai_specialist;
GRANT INSERT (id, entered_for, side, demand_id, specialist_id, rank, note, conflict),
      UPDATE (status, rank, note, conflict, decline_reason) ON app.intention
    TO tepai_county, tepai_enterprise, tepai_specialist;
GRANT SELECT, UPDATE (unit_id, status, mutual) ON app.intention TO tepai_internal;
GRANT SELECT ON app.match, app.dispatch_line, app.placement TO tepai_internal;
GRANT EXECUTE ON FUNCTION app.intention_private(uuid), app.specialist_takes_wishes(uuid),
                          app.wish_is_declined(text, uuid, uuid), app.wish_is_met(text, uuid, uuid),
                          app.pair_is_proposed(uuid, uuid)
    TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
CREATE POLICY city ON app.intention FOR SELECT TO tepai_city
    USING ((SELECT app.fact('actor')) IN ('city/st', 'city/talent'));
CREATE POLICY county ON app.intention FOR SELECT TO tepai_county
    USING (unit_id = (SELECT app.fact('unit')) AND (side = 'enterprise' OR mutual));
CREATE POLICY county_create ON app.intention FOR INSERT TO tepai_county
    WITH CHECK (unit_id = (SELECT app.fact('unit')) AND side = 'enterprise');
CREATE POLICY county_write ON app.intention FOR UPDATE TO tepai_county
    USING (unit_id = (SELECT app.fact('unit')) AND side = 'enterprise');
CREATE POLICY enterprise ON app.intention FOR SELECT TO tepai_enterprise
    USING (enterprise_id = (SELECT app.fact('enterprise')::uuid) AND (side = 'enterprise' OR mutual));
CREATE POLICY enterprise_create ON app.intention FOR INSERT TO tepai_enterprise
    WITH CHECK (enterprise_id = (SELECT app.fact('enterprise')::uuid) AND side = 'enterprise');
CREATE POLICY enterprise_write ON app.intention FOR UPDATE TO tepai_enterprise
    USING (enterprise_id = (SELECT app.fact('enterprise')::uuid) AND (side = 'enterprise' OR mutual))
    WITH CHECK (enterprise_id = (SELECT app.fact('enterprise')::uuid) AND (side = 'enterprise' OR status = 'declined'));
CREATE POLICY specialist ON app.intention FOR SELECT TO tepai_specialist
    USING (specialist_id = (SELECT app.fact('specialist')::uuid) AND (side = 'specialist' OR mutual));
CREATE POLICY specialist_create ON app.intention FOR INSERT TO tepai_specialist
    WITH CHECK (specialist_id = (SELECT app.fact('specialist')::uuid) AND side = 'specialist');
CREATE POLICY specialist_write ON app.intention FOR UPDATE TO tepai_specialist
    USING (specialist_id = (SELECT app.fact('specialist')::uuid) AND (side = 'specialist' OR mutual))
    WITH CHECK (specialist_id = (SELECT app.fact('specialist')::uuid) AND (side = 'specialist' OR status = 'declined'));

-- match_need, match_person and their index: what scores compare, for functions of the internal role alone.
GRANT SELECT, INSERT, UPDATE ON app.match_need, app.match_person TO tepai_internal;
GRANT SELECT, INSERT, DELETE ON app.match_person_field, app.match_rarity TO tepai_internal;
GRANT EXECUTE ON FUNCTION app.match_suggest(text, uuid, date, integer, uuid, integer)
    TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;

-- operation: whoever began a job and, of offices, all who sit there. It moves by functions alone.
GRANT SELECT (id, kind, state, progress_bp, result, problem, account_id, actor, unit_id, expires_at) ON app.operation
    TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
GRANT SELECT, INSERT, UPDATE, DELETE ON app.operation TO tepai_internal;
GRANT EXECUTE ON FUNCTION app.operation_take(integer), app.operation_beat(uuid, integer, integer, integer),
    app.operation_fail(uuid, integer) TO tepai_worker;
CREATE POLICY own ON app.operation FOR SELECT TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING (account_id = (SELECT app.fact('account')::uuid));
CREATE POLICY office ON app.operation FOR SELECT TO tepai_city, tepai_county
    USING (actor = (SELECT app.fact('actor')) AND unit_id IS NOT DISTINCT FROM (SELECT app.fact('unit')));

-- match_round: the two offices that match; counties read what was adopted for their unit.
GRANT SELECT ON app.match_round TO tepai_city, tepai_county, tepai_internal;
GRANT INSERT (id, title, year, batch_no, method, unit_ids, start_on), UPDATE (status) ON app.match_round TO tepai_city;
GRANT UPDATE (status, input_sha256, computed_at, counts, match_changes) ON app.match_round TO tepai_internal;
-- Lists of what waits ask every room; firms and persons find nothing here, for no policy is theirs.
GRANT SELECT (id, title, status, updated_at) ON app.match_round TO tepai_enterprise, tepai_specialist;
GRANT SELECT, INSERT, DELETE ON app.match_pair TO tepai_internal;
GRANT EXECUTE ON FUNCTION app.match_round_counts(uuid) TO tepai_city, tepai_county;
GRANT EXECUTE ON FUNCTION app.match_round_adopt_faults(uuid, jsonb) TO tepai_city;
GRANT EXECUTE ON FUNCTION app.match_round_open(uuid), app.match_round_read(uuid, uuid[], uuid[]),
    app.match_round_keep_pairs(uuid, uuid[], uuid[], uuid[], integer[], integer[]),
    app.match_round_propose(uuid, uuid[], uuid[]), app.match_round_finish(uuid, integer, text, jsonb) TO tepai_worker;
CREATE POLICY city ON app.match_round FOR SELECT TO tepai_city
    USING ((SELECT app.fact('actor')) IN ('city/st', 'city/talent'));
CREATE POLICY city_create ON app.match_round FOR INSERT TO tepai_city
    WITH CHECK ((SELECT app.fact('actor')) IN ('city/st', 'city/talent'));
CREATE POLICY city_write ON app.match_round FOR UPDATE TO tepai_city
    USING ((SELECT app.fact('actor')) IN ('city/st', 'city/talent'));
CREATE POLICY county ON app.match_round FOR SELECT TO tepai_county
    USING (status = 'adopted' AND coalesce((SELECT app.fact('unit')) = ANY (unit_ids),
                                           (SELECT app.fact('unit')) IS NOT NULL));

-- match: the city, both sides, and the county once it is adopted. Each side writes its own answer; a trigger sees to
-- that, for one statement serves both.
GRANT SELECT ON app.match TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist, tepai_internal;
GRANT INSERT (id, round_id, demand_id, specialist_id), UPDATE (status, exclude_reason, conflict_cleared_by) ON app.match
    TO tepai_city;
GRANT UPDATE (enterprise_answer, specialist_answer, answer_note) ON app.match TO tepai_enterprise, tepai_specialist;
GRANT INSERT (id, round_id, demand_id, specialist_id, components), UPDATE (status, exclude_reason, unit_id) ON app.match
    TO tepai_internal;
GRANT UPDATE (priority_no) ON app.demand TO tepai_internal;
GRANT SELECT ON app.dispatch_line, app.placement, app.intention TO tepai_internal;
GRANT EXECUTE ON FUNCTION app.match_create_faults(uuid, uuid, uuid) TO tepai_city;
GRANT EXECUTE ON FUNCTION app.pair_standing_faults(uuid, uuid, text, date) TO tepai_city;
GRANT EXECUTE ON FUNCTION app.match_answer_faults(uuid) TO tepai_enterprise, tepai_specialist;
GRANT EXECUTE ON FUNCTION app.match_demand_hold(uuid) TO tepai_city, tepai_enterprise, tepai_specialist;
GRANT EXECUTE ON FUNCTION app.papers_hold(uuid, uuid, uuid)
    TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
GRANT EXECUTE ON FUNCTION app.match_contact(uuid), app.warnings_told(text[], uuid, uuid)
    TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
GRANT EXECUTE ON FUNCTION app.match_is_limited(app.match), app.demands_known() TO tepai_specialist;
CREATE POLICY city ON app.match FOR SELECT TO tepai_city USING ((SELECT app.my_side() = 'city'));
CREATE POLICY city_create ON app.match FOR INSERT TO tepai_city
    WITH CHECK ((SELECT app.fact('actor')) IN ('city/st', 'city/talent'));
CREATE POLICY city_write ON app.match FOR UPDATE TO tepai_city
    USING ((SELECT app.fact('actor')) IN ('city/st', 'city/talent'));
CREATE POLICY county ON app.match FOR SELECT TO tepai_county
    USING (unit_id = (SELECT app.fact('unit')) AND status IN ('adopted', 'placed', 'released'));
CREATE POLICY enterprise ON app.match FOR SELECT TO tepai_enterprise
    USING (enterprise_id = (SELECT app.fact('enterprise')::uuid));
CREATE POLICY enterprise_write ON app.match FOR UPDATE TO tepai_enterprise
    USING (enterprise_id = (SELECT app.fact('enterprise')::uuid));
CREATE POLICY specialist ON app.match FOR SELECT TO tepai_specialist
    USING (specialist_id = (SELECT app.fact('specialist')::uuid));
CREATE POLICY specialist_write ON app.match FOR UPDATE TO tepai_specialist
    USING (specialist_id = (SELECT app.fact('specialist')::uuid));
-- agreement: its parties, the firm's county and the city; the holder of a link the one behind it. Firm and county write
-- the terms of a draft. Text, numbers and days are the triggers' to set. Texts and signatures are never changed.
GRANT SELECT ON app.agreement, app.agreement_version, app.agreement_signature
    TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist, tepai_internal;
GRANT UPDATE (status) ON app.agreement TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
GRANT UPDATE (signed_parties) ON app.agreement TO tepai_public, tepai_city, tepai_enterprise, tepai_specialist;
GRANT UPDATE (service_quota, service_forms, tasks, conditions, fee_terms, home_post_terms, ip_terms,
              confidentiality_terms, safety_terms, change_terms, liability_terms)
    ON app.agreement TO tepai_county, tepai_enterprise;
GRANT INSERT, UPDATE (unit_id, status) ON app.agreement TO tepai_internal;
GRANT INSERT ON app.agreement_version TO tepai_internal;
GRANT SELECT ON app.placement TO tepai_internal;
GRANT INSERT (agreement_id, version_no, party, signatory, post, method, content_sha256, statement, proof_jws,
              attachment_id)
    ON app.agreement_signature TO tepai_public, tepai_city, tepai_enterprise, tepai_specialist;
GRANT EXECUTE ON FUNCTION app.agreement_standing_faults(uuid)
    TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
GRANT EXECUTE ON FUNCTION app.agreement_specialist_name(uuid)
    TO tepai_public, tepai_city, tepai_enterprise, tepai_specialist;
GRANT EXECUTE ON FUNCTION app.agreement_has_placement(uuid) TO tepai_city;
CREATE POLICY city ON app.agreement FOR SELECT TO tepai_city USING ((SELECT app.my_side() = 'city'));
CREATE POLICY city_write ON app.agreement FOR UPDATE TO tepai_city
    USING ((SELECT app.fact('actor')) IN ('city/st', 'city/talent'));
CREATE POLICY county ON app.agreement FOR SELECT TO tepai_county USING (unit_id = (SELECT app.fact('unit')));
CREATE POLICY county_write ON app.agreement FOR UPDATE TO tepai_county USING (unit_id = (SELECT app.fact('unit')));
CREATE POLICY enterprise ON app.agreement FOR SELECT TO tepai_enterprise
    USING (enterprise_id = (SELECT app.fact('enterprise')::uuid));
CREATE POLICY enterprise_write ON app.agreement FOR UPDATE TO tepai_enterprise
    USING (enterprise_id = (SELECT app.fact('enterprise')::uuid));
CREATE POLICY specialist ON app.agreement FOR SELECT TO tepai_specialist
    USING (specialist_id = (SELECT app.fact('specialist')::uuid));
CREATE POLICY specialist_write ON app.agreement FOR UPDATE TO tepai_specialist
    USING (specialist_id = (SELECT app.fact('specialist')::uuid));
CREATE POLICY institution ON app.agreement FOR SELECT TO tepai_public
    USING (id = (SELECT app.fact('link_subject')::uuid));
CREATE POLICY institution_write ON app.agreement FOR UPDATE TO tepai_public
    USING (id = (SELECT app.fact('link_subject')::uuid));
CREATE POLICY readers ON app.agreement_version FOR SELECT
    TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING ((SELECT app.fact('actor')) IS NOT NULL AND EXISTS (SELECT FROM app.agreement a WHERE a.id = agreement_id));
CREATE POLICY readers ON app.agreement_signature FOR SELECT
    TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING ((SELECT app.fact('actor')) IS NOT NULL AND EXISTS (SELECT FROM app.agreement a WHERE a.id = agreement_id));
CREATE POLICY own_create ON app.agreement_signature FOR INSERT
    TO tepai_public, tepai_city, tepai_enterprise, tepai_specialist
    WITH CHECK ((SELECT app.fact('actor')) IS NOT NULL AND party = (SELECT app.agreement_party())
                AND EXISTS (SELECT FROM app.agreement a WHERE a.id = agreement_id));

-- attachment: one's own organisation's until a record names it, then whoever may read that record. The parts follow.
GRANT SELECT ON app.attachment, app.attachment_part TO tepai_public;
GRANT SELECT, INSERT (id, file_name, media_type, size_bytes, sha256, purpose), UPDATE (state) ON app.attachment
    TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
GRANT SELECT, UPDATE (state, subject_type, subject_id) ON app.attachment TO tepai_internal;
GRANT SELECT, DELETE ON app.attachment_part TO tepai_internal;
GRANT EXECUTE ON FUNCTION app.blobs_unused(text[]), app.parts_unused(uuid[]) TO tepai_worker;
GRANT SELECT, INSERT, DELETE ON app.attachment_part TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
CREATE POLICY own ON app.attachment FOR SELECT TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING (subject_id IS NULL AND ARRAY[owner] && (SELECT app.my_words()));
CREATE POLICY own_create ON app.attachment FOR INSERT TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    WITH CHECK (subject_id IS NULL AND ARRAY[owner] && (SELECT app.my_words()));
CREATE POLICY own_write ON app.attachment FOR UPDATE TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING (ARRAY[owner] && (SELECT app.my_words()));
CREATE POLICY subject ON app.attachment FOR SELECT TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING ((SELECT app.fact('actor')) IS NOT NULL AND subject_id IS NOT NULL
           AND app.attachment_visible(subject_type, subject_id, id));
CREATE POLICY published ON app.attachment FOR SELECT TO tepai_public
    USING ((SELECT app.fact('actor')) IS NOT NULL AND subject_id IS NOT NULL AND subject_type = 'call'
           AND app.attachment_visible(subject_type, subject_id, id));
-- The holder of a link reads the evidence of the version he is asked about; other files of the record are not his.
CREATE POLICY institution ON app.attachment FOR SELECT TO tepai_public
    USING (subject_id = (SELECT app.fact('link_subject')::uuid) AND subject_type = 'application'
           AND EXISTS (SELECT FROM app.application a
                       WHERE a.id = subject_id AND a.versions -> -1 -> 'content' -> 'evidence' ? attachment.id::text));
CREATE POLICY readers ON app.attachment_part FOR SELECT
    TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING (EXISTS (SELECT FROM app.attachment a WHERE a.id = attachment_id));
CREATE POLICY own_create ON app.attachment_part FOR INSERT
    TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    WITH CHECK (EXISTS (SELECT FROM app.attachment a
                        WHERE a.id = attachment_id AND ARRAY[a.owner] && (SELECT app.my_words())));
CREATE POLICY own_delete ON app.attachment_part FOR DELETE
    TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist
    USING (EXISTS (SELECT FROM app.attachment a
                   WHERE a.id = attachment_id AND ARRAY[a.owner] && (SELECT app.my_words())));
GRANT EXECUTE ON FUNCTION app.attachment_bind(uuid[], text, uuid, text)
    TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;

GRANT EXECUTE ON FUNCTION app.demand_search(text), app.enterprise_search(text),
                          app.institution_search(text), app.institution_contact(uuid)
    TO tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
GRANT EXECUTE ON FUNCTION app.call_search(text)
    TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist;
