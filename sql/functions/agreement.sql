-- What an agreement derives and refuses: the draft a fixed line makes, the text that is signed, the end of signatures
-- and links with each new text, and what follows from other rooms (articles 9.4, 9.5, 16).

-- The services a term owes: those of a year by its policy, pro rata for a shorter one and rounded up (article 12).
CREATE OR REPLACE FUNCTION app.agreement_min_services(of_policy uuid, start_on date, end_on date) RETURNS integer
LANGUAGE sql STABLE AS
$$
    SELECT ceil(app.policy_value_of(of_policy, 'min_services_per_year', NULL)::numeric
                * least(end_on - start_on + 1, y.days) / y.days)
    FROM (SELECT (start_on + interval '12 months')::date - start_on AS days) y
$$;

-- ---- the text

CREATE OR REPLACE FUNCTION app.chinese_day(given date) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT to_char(given, 'FMYYYY"年"FMMM"月"FMDD"日"') $$;

-- What breaks a line, be it on paper or on a screen.
CREATE OR REPLACE FUNCTION app.line_breaks() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT E'[\n\r\u000B\u000C\u0085\u2028\u2029]+' $$;

-- Whether a text says nothing: blanks of any width, line breaks and signs that have no shape.
CREATE OR REPLACE FUNCTION app.is_blank(given text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT coalesce(given, '') !~ (E'[^\u0001-\u0020\u007F-\u00A0\u00AD\u115F\u1160\u1680\u180E\u2000-\u200F'
                                   || E'\u2028-\u202F\u205F-\u206F\u3000\u3164\uFEFF\uFFA0]')
$$;

-- A name or title on its line, whatever it is made of.
CREATE OR REPLACE FUNCTION app.on_one_line(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT regexp_replace(given, app.line_breaks(), ' ', 'g') $$;

-- Paragraphs of a text, each beginning with two wide blanks. No line of a term begins otherwise, so none can pass for a
-- heading, which begins at the margin; what has no shape is no paragraph.
CREATE OR REPLACE FUNCTION app.paragraphs(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT string_agg('　　' || btrim(l.line, E' \t　'), E'\n' ORDER BY l.i)
    FROM regexp_split_to_table(given, app.line_breaks()) WITH ORDINALITY AS l(line, i)
    WHERE NOT app.is_blank(l.line)
$$;

-- The Chinese names of coded terms, in the order given.
CREATE OR REPLACE FUNCTION app.term_names(of_dictionary text, codes text[]) RETURNS text LANGUAGE sql STABLE AS
$$
    SELECT string_agg(coalesce(d.zh, c.code), '、' ORDER BY c.i)
    FROM unnest(codes) WITH ORDINALITY AS c(code, i)
    LEFT JOIN app.dictionary_entry d ON d.dictionary = of_dictionary AND d.code = c.code
$$;

CREATE OR REPLACE FUNCTION app.agreement_parties(a app.agreement) RETURNS text LANGUAGE sql STABLE AS
$$
    SELECT string_agg(l.label || '：' || app.on_one_line(l.said), E'\n' ORDER BY l.i)
    FROM app.enterprise e, app.specialist s, app.institution i
    CROSS JOIN LATERAL (VALUES
        (1, '甲方（派驻企业）', e.name), (2, '统一社会信用代码', e.uscc), (3, '法定代表人', e.legal_representative),
        (4, '住所', e.address), (5, '乙方（企业科技特派员）', s.full_name), (6, '入库编号', s.code),
        (7, '所在部门', s.department), (8, '职务', s.position), (9, '丙方（派出单位）', i.name),
        (10, '统一社会信用代码', i.uscc)) AS l(i, label, said)
    WHERE e.id = a.enterprise_id AND s.id = a.specialist_id AND i.id = a.institution_id AND l.said IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION app.agreement_tasks(tasks jsonb) RETURNS text LANGUAGE sql STABLE AS
$$
    SELECT string_agg(t.i || '．' || app.term_names('task_group', ARRAY[t.task ->> 'task_group']) || '：'
                      || app.on_one_line(t.task ->> 'content')
                      || coalesce('；目标：' || app.on_one_line(t.task ->> 'target'), '')
                      || coalesce('；完成期限：' || app.chinese_day((t.task ->> 'due_on')::date), '') || '。',
                      E'\n' ORDER BY t.i)
    FROM jsonb_array_elements(tasks) WITH ORDINALITY AS t(task, i)
$$;

-- Which wording the text follows; a change of app.agreement_text() is a new one.
CREATE OR REPLACE FUNCTION app.agreement_template() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT '2026-2' $$;

-- The whole text of the version: title, number, parties, then the terms under their headings, one paragraph a line.
-- Title and headings begin at the margin, all else two wide blanks in: that alone tells them apart, here and on paper.
-- Nothing in it depends on the clock, so that the same terms give the same text.
CREATE OR REPLACE FUNCTION app.agreement_text(a app.agreement) RETURNS text LANGUAGE sql STABLE AS
$$
    SELECT concat_ws(E'\n', '企业科技特派员三方服务协议',
        app.paragraphs('协议编号：' || a.agreement_no || '　第' || a.version_no || '版'),
        app.paragraphs(app.agreement_parties(a)),
        '　　根据《长治市企业科技特派员工作管理办法》（' || p.doc_no || '），经供需对接、双向选择和市级确定选派名单，'
            || '甲、乙、丙三方就乙方到甲方开展科技服务一事达成如下协议。',
        '一、派驻期限', '　　自' || app.chinese_day(a.start_on) || '起，至' || app.chinese_day(a.end_on) || '止。',
        '二、服务次数和形式', '　　派驻期内服务不少于' || a.service_quota || '次，形式为'
            || app.term_names('service_form', a.service_forms) || '。对接的企业需求：'
            || app.on_one_line(d.title) || '。',
        '三、服务任务', app.paragraphs(app.agreement_tasks(a.tasks)),
        '四、办公、科研和生活条件', app.paragraphs(a.conditions),
        '五、费用', app.paragraphs(a.fee_terms),
        '六、原岗位待遇', app.paragraphs(a.home_post_terms),
        '七、知识产权', app.paragraphs(a.ip_terms),
        '八、保密', app.paragraphs(a.confidentiality_terms),
        '九、安全和保险', app.paragraphs(a.safety_terms),
        '十、变更和解除', app.paragraphs(a.change_terms),
        '十一、违约责任', app.paragraphs(a.liability_terms),
        '十二、签署和备案', '　　三方对同一文本分别签署，签署以文本的摘要（SHA-256）为准；文本如有改动即成新版，'
            || '此前的签署一律作废。本协议经三方签署并由市委人才办备案。')
    FROM app.policy p, app.demand d
    WHERE p.id = a.policy_id AND d.id = a.demand_id
$$;

-- A party's signature under the present version, as its paper shows it; null when there is none.
CREATE OR REPLACE FUNCTION app.agreement_signed(a app.agreement, of_party text) RETURNS text LANGUAGE sql STABLE AS
$$
    SELECT format(E'（%s）\n\n签署人：%s\n职务：%s\n日期：%s',
                  CASE s.method WHEN 'account' THEN '账号签署' WHEN 'link' THEN '一次性链接签署' ELSE '盖章件录入' END,
                  s.signatory, s.post, app.chinese_day((s.at AT TIME ZONE 'Asia/Shanghai')::date))
    FROM app.agreement_signature s
    WHERE s.agreement_id = a.id AND s.version_no = a.version_no AND s.party = of_party
$$;

-- ---- the row

-- The last day to send a draft to be signed, or to sign: the days of its policy, and never after the start.
CREATE OR REPLACE FUNCTION app.agreement_due(a app.agreement) RETURNS date LANGUAGE sql STABLE AS
$$ SELECT least(app.today() + app.policy_value_of(a.policy_id, 'agreement_sign_days', NULL)::int, a.start_on) $$;

-- A new text: the next version, frozen beside the row, that nobody has signed.
CREATE OR REPLACE FUNCTION app.agreement_freeze(a app.agreement) RETURNS app.agreement LANGUAGE plpgsql AS
$$
BEGIN
    a.version_no := a.version_no + 1;
    a.template_version := app.agreement_template();
    a."text" := app.agreement_text(a);
    a.content_sha256 := encode(sha256(convert_to(a."text", 'UTF8')), 'hex');
    a.signed_parties := '{}';
    a.issue_by_on := NULL;
    a.sign_by_on := app.agreement_due(a);
    INSERT INTO app.agreement_version (agreement_id, version_no, template_version, "text", content_sha256)
    VALUES (a.id, a.version_no, a.template_version, a."text", a.content_sha256);
    RETURN a;
END
$$;

-- Back to a draft: the text is void, and with it every signature.
CREATE OR REPLACE FUNCTION app.agreement_thaw(a app.agreement) RETURNS app.agreement LANGUAGE plpgsql AS
$$
BEGIN
    a.template_version := NULL;
    a."text" := NULL;
    a.content_sha256 := NULL;
    a.signed_parties := '{}';
    a.sign_by_on := NULL;
    a.issue_by_on := app.agreement_due(a);
    RETURN a;
END
$$;

CREATE OR REPLACE FUNCTION app.agreement_fill() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.agreement_no := app.next_number('XY', 'agreement', 'agreement_no');
        RETURN app.agreement_thaw(NEW);
    END IF;
    -- A link is used up by its answer, be it the first signature or the last.
    IF app.my_side() = 'institution' AND NEW IS DISTINCT FROM OLD THEN
        PERFORM app.link_answer('agreement_signature', NEW.id);
    END IF;
    IF NEW.status = OLD.status THEN
        RETURN NEW;
    END IF;
    IF NEW.status = 'signing' THEN
        NEW := app.agreement_freeze(NEW);
    ELSIF NEW.status = 'draft' THEN
        NEW := app.agreement_thaw(NEW);
    ELSIF NEW.status = 'filed' THEN
        NEW.filing_no := app.next_number('BA', 'agreement', 'filing_no');
        NEW.filed_on := app.today();
        NEW.filed_by := app.fact('account')::uuid;
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER agreement_a_fill BEFORE INSERT OR UPDATE ON app.agreement
    FOR EACH ROW EXECUTE FUNCTION app.agreement_fill();

-- The institution's link ends when the text does, or when its stamped paper came another way.
CREATE OR REPLACE FUNCTION app.agreement_unlink() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    PERFORM app.link_revoke('agreement_signature', NEW.id);
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER agreement_unlink AFTER UPDATE ON app.agreement FOR EACH ROW
    WHEN (OLD.status = 'signing' AND (NEW.status <> 'signing' OR 'institution' = ANY (NEW.signed_parties)))
    EXECUTE FUNCTION app.agreement_unlink();

-- The scan of a stamped paper belongs to its agreement.
CREATE OR REPLACE FUNCTION app.agreement_bind_scan() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM app.attachment_bind(ARRAY[NEW.attachment_id], 'agreement', NEW.agreement_id, 'attachment_id');
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER agreement_signature_scan AFTER INSERT ON app.agreement_signature FOR EACH ROW
    WHEN (NEW.attachment_id IS NOT NULL) EXECUTE FUNCTION app.agreement_bind_scan();

-- ---- what follows from other rooms; the system acts

-- A line that is fixed makes the draft: its pair and term, the demand's forms and tasks, the services of the policy. A
-- line is fixed once, so the id is made from the line's.
CREATE OR REPLACE FUNCTION app.agreement_draft() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
BEGIN
    INSERT INTO app.agreement (id, unit_id, line_id, policy_id, specialist_id, institution_id, enterprise_id, demand_id,
                               start_on, end_on, service_quota, service_forms, tasks)
    SELECT app.id_from('agreement ' || NEW.id), NEW.unit_id, NEW.id, p.id, NEW.specialist_id, s.institution_id,
           NEW.enterprise_id, NEW.demand_id, NEW.start_on, NEW.end_on,
           app.agreement_min_services(p.id, NEW.start_on, NEW.end_on), coalesce(d.service_forms, '{}'),
           coalesce((SELECT jsonb_agg(jsonb_build_object('task_group', g.code, 'content', d.title, 'target', NULL,
                                                         'due_on', NEW.end_on) ORDER BY g.i)
                     FROM unnest(d.task_groups) WITH ORDINALITY AS g(code, i)), '[]')
    FROM app.specialist s, app.demand d, app.policy_current() AS p(id)
    WHERE s.id = NEW.specialist_id AND d.id = NEW.demand_id;
    PERFORM app.act_as(actor);
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER dispatch_line_draft_agreement AFTER UPDATE ON app.dispatch_line FOR EACH ROW
    WHEN (OLD.status <> 'fixed' AND NEW.status = 'fixed') EXECUTE FUNCTION app.agreement_draft();

-- Cancels what these ask for, unless the placement has begun: then it ends with the placement.
CREATE OR REPLACE FUNCTION app.agreement_cancel_all(of_demand uuid, of_firm uuid, of_person uuid, of_agreement uuid)
RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    actor CONSTANT text := app.act_as('system');
BEGIN
    UPDATE app.agreement a SET status = 'cancelled'
    WHERE (a.demand_id = of_demand OR a.enterprise_id = of_firm OR a.specialist_id = of_person OR a.id = of_agreement)
      AND a.status IN ('draft', 'signing', 'signed', 'filed')
      AND NOT EXISTS (SELECT FROM app.placement p
                      WHERE p.agreement_id = a.id AND p.status NOT IN ('pending', 'cancelled'));
    PERFORM app.act_as(actor);
END
$$;

CREATE OR REPLACE FUNCTION app.agreement_follow_enterprise() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    IF NEW.barred_until >= app.today() AND NEW.barred_until IS DISTINCT FROM OLD.barred_until THEN
        PERFORM app.agreement_cancel_all(NULL, NEW.id, NULL, NULL);
    END IF;
    UPDATE app.agreement SET unit_id = NEW.unit_id WHERE enterprise_id = NEW.id AND unit_id <> NEW.unit_id;
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER enterprise_move_agreements AFTER UPDATE ON app.enterprise FOR EACH ROW
    WHEN (NEW.barred_until IS DISTINCT FROM OLD.barred_until OR NEW.unit_id <> OLD.unit_id)
    EXECUTE FUNCTION app.agreement_follow_enterprise();

-- Whoever is barred or leaves the register begins no placement; the trigger says when.
CREATE OR REPLACE FUNCTION app.agreement_follow_specialist() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    PERFORM app.agreement_cancel_all(NULL, NULL, NEW.id, NULL);
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER specialist_barred_agreements AFTER UPDATE ON app.specialist FOR EACH ROW
    WHEN (NEW.status IN ('expired', 'removed') AND NEW.status <> OLD.status
          OR NEW.barred_until IS DISTINCT FROM OLD.barred_until AND NEW.barred_until >= app.today())
    EXECUTE FUNCTION app.agreement_follow_specialist();

-- What is agreed for a demand that closes before the placement begins is agreed for nothing.
CREATE OR REPLACE FUNCTION app.agreement_follow_demand() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    PERFORM app.agreement_cancel_all(NEW.id, NULL, NULL, NULL);
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER demand_end_agreements AFTER UPDATE ON app.demand FOR EACH ROW
    WHEN (OLD.status = 'matched' AND NEW.status NOT IN ('open', 'matched'))
    EXECUTE FUNCTION app.agreement_follow_demand();

CREATE OR REPLACE FUNCTION app.agreement_follow_placement() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    PERFORM app.agreement_cancel_all(NULL, NULL, NULL, NEW.agreement_id);
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER placement_cancel_agreement AFTER UPDATE ON app.placement FOR EACH ROW
    WHEN (OLD.status = 'pending' AND NEW.status = 'cancelled') EXECUTE FUNCTION app.agreement_follow_placement();

-- ---- rules

-- What a term of the draft may not be. a is the record as it would be, given what was sent of it.
CREATE OR REPLACE FUNCTION app.agreement_faults(a app.agreement, given jsonb)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT f.rule, f.pointer, f.figures
    FROM app.code_faults('service_form', given -> 'service_forms', '#/service_forms') f
    UNION ALL
    SELECT f.rule, f.pointer, f.figures
    FROM jsonb_array_elements(a.tasks) WITH ORDINALITY AS t(task, i)
    CROSS JOIN app.code_faults('task_group', t.task -> 'task_group', '#/tasks/' || (t.i - 1) || '/task_group') f
    WHERE given ? 'tasks'
    UNION ALL
    SELECT 'task_due_outside_term', '#/tasks/' || (t.i - 1) || '/due_on', NULL
    FROM jsonb_array_elements(a.tasks) WITH ORDINALITY AS t(task, i)
    WHERE given ? 'tasks' AND (t.task ->> 'due_on')::date NOT BETWEEN a.start_on AND a.end_on
    UNION ALL
    SELECT 'quota_below_policy', '#/service_quota', m.least::text
    FROM app.agreement_min_services(a.policy_id, a.start_on, a.end_on) AS m(least)
    WHERE given ? 'service_quota' AND a.service_quota < m.least
$$;

-- Members that must say something before the text is made, by their pointers.
CREATE OR REPLACE FUNCTION app.agreement_missing(a app.agreement)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT 'missing_before_issue', '#/' || m.member, NULL::text
    FROM (VALUES ('service_forms', a.service_forms = '{}'), ('tasks', a.tasks = '[]'),
                 ('conditions', app.is_blank(a.conditions)), ('fee_terms', app.is_blank(a.fee_terms)),
                 ('home_post_terms', app.is_blank(a.home_post_terms)), ('ip_terms', app.is_blank(a.ip_terms)),
                 ('confidentiality_terms', app.is_blank(a.confidentiality_terms)),
                 ('safety_terms', app.is_blank(a.safety_terms)), ('change_terms', app.is_blank(a.change_terms)),
                 ('liability_terms', app.is_blank(a.liability_terms))) AS m(member, missing)
    WHERE m.missing
    UNION ALL
    SELECT 'missing_before_issue', '#/tasks/' || (t.i - 1) || '/content', NULL
    FROM jsonb_array_elements(a.tasks) WITH ORDINALITY AS t(task, i) WHERE app.is_blank(t.task ->> 'content')
$$;

-- What stands against the parties today: the pair's standing, and an institution that is not listed. Not every caller
-- may read these rows, so it is asked here, about an agreement that the statement has found for him.
CREATE OR REPLACE FUNCTION app.agreement_standing_faults(of_id uuid)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    RETURN QUERY
    SELECT f.rule, NULL::text, f.figures
    FROM app.agreement a CROSS JOIN app.pair_standing_faults(a.demand_id, a.specialist_id, 'matched', a.start_on) f
    WHERE a.id = of_id
    UNION ALL
    SELECT 'institution_not_listed', NULL, NULL
    FROM app.agreement a JOIN app.institution i ON i.id = a.institution_id
    WHERE a.id = of_id AND (i.status <> 'active' OR i.valid_to < app.today());
END
$$;

-- A term that has begun already cannot be agreed on any more: no notice would take it.
CREATE OR REPLACE FUNCTION app.agreement_start_faults(a app.agreement)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$ SELECT 'agreement_start_passed', NULL::text, a.start_on::text WHERE a.start_on < app.today() $$;

-- The name under which the register has the person of an agreement, for his signature.
CREATE OR REPLACE FUNCTION app.agreement_specialist_name(of_id uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$ SELECT s.full_name FROM app.agreement a JOIN app.specialist s ON s.id = a.specialist_id WHERE a.id = of_id $$;

-- Whether a placement waits or runs under an agreement.
CREATE OR REPLACE FUNCTION app.agreement_has_placement(of_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$ SELECT EXISTS (SELECT FROM app.placement p WHERE p.agreement_id = of_id AND p.status <> 'cancelled') $$;

-- The party that the caller signs for; the bureau enters the institution's stamped paper.
CREATE OR REPLACE FUNCTION app.agreement_party() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT CASE app.my_side() WHEN 'city' THEN 'institution' ELSE app.my_side() END $$;

-- What the caller may do: a party that has signed signs no more.
CREATE OR REPLACE FUNCTION app.agreement_steps(a app.agreement) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$
    SELECT CASE WHEN app.agreement_party() = ANY (a.signed_parties) THEN array_remove(s.steps, 'sign') ELSE s.steps END
    FROM (SELECT app.allowed_steps('agreement', a.status, true) AS steps) s
$$;

-- ---- what links and jobs ask

-- What the holder of a link reads: the text he is asked to sign.
CREATE OR REPLACE FUNCTION app.agreement_document(of_id uuid) RETURNS jsonb LANGUAGE sql STABLE AS
$$
    SELECT jsonb_build_object('agreement_no', a.agreement_no, 'version_no', a.version_no, 'start_on', a.start_on,
                              'end_on', a.end_on, 'sign_by_on', a.sign_by_on, 'text', a."text")
    FROM app.agreement a WHERE a.id = of_id
$$;

-- What a link for an agreement carries. It is made while the institution's signature is awaited.
CREATE OR REPLACE FUNCTION app.agreement_link(of_id uuid)
RETURNS TABLE (version integer, content_sha256 text, institution_id uuid, days integer, waits boolean)
LANGUAGE sql STABLE AS
$$
    SELECT a.version, a.content_sha256, a.institution_id, app.policy_value('consent_link_days', NULL)::int,
           a.status = 'signing' AND NOT 'institution' = ANY (a.signed_parties)
    FROM app.agreement a WHERE a.id = of_id
$$;

-- Drafts that were not sent to be signed in time, and texts that were not signed in time.
CREATE OR REPLACE FUNCTION app.job_agreement_expire(day date) RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    moved integer;
BEGIN
    UPDATE app.agreement SET status = 'expired'
    WHERE id IN (SELECT a.id FROM app.agreement a
                 WHERE a.status = 'draft' AND a.issue_by_on < day OR a.status = 'signing' AND a.sign_by_on < day
                 LIMIT app.job_portion() FOR UPDATE);
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END
$$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['agreement_fill()', 'agreement_unlink()', 'agreement_draft()',
                                'agreement_follow_enterprise()', 'agreement_follow_specialist()',
                                'agreement_follow_demand()',
                                'agreement_follow_placement()', 'agreement_standing_faults(uuid)',
                                'agreement_specialist_name(uuid)', 'agreement_has_placement(uuid)'] LOOP
        EXECUTE format('ALTER FUNCTION app.%s OWNER TO tepai_internal', name);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION app.%s FROM PUBLIC', name);
    END LOOP;
END
$$;
