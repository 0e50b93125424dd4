-- Small tools that views, statements and rules share. This file is run first, for the others call what is here.

-- An instant as the wire writes it, for instants inside JSON.
CREATE OR REPLACE FUNCTION app.rfc3339(at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

-- A JSON array of strings as text[]; null stays null.
CREATE OR REPLACE FUNCTION app.text_array(given jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT CASE WHEN jsonb_typeof(given) = 'array'
                THEN ARRAY(SELECT e.value FROM jsonb_array_elements_text(given) WITH ORDINALITY AS e(value, i)
                           ORDER BY e.i) END
$$;

-- An id made from a name (version 8), for rows that come of others: the demo programme has the same everywhere.
CREATE OR REPLACE FUNCTION app.id_from(name text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT overlay(overlay(md5(name) PLACING '8' FROM 13) PLACING '8' FROM 17)::uuid $$;

-- The side of the caller: city, county, enterprise, specialist, institution, public or system.
CREATE OR REPLACE FUNCTION app.my_side() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT split_part(app.fact('actor'), '/', 1) $$;

-- Whether the caller's office of the city handles applications: the S&T bureau and the talent office. The others know
-- the register that comes of them.
CREATE OR REPLACE FUNCTION app.handles_applications() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(app.fact('actor') IN ('city/st', 'city/talent'), false) $$;

-- What an Idempotency-Key belongs to: the caller's account, the machine, or the link he holds.
CREATE OR REPLACE FUNCTION app.key_scope() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(app.fact('account'), app.fact('client'), app.fact('link'))::uuid $$;

-- The words of seen_by that mean the caller. Nobody is meant when no facts are set.
CREATE OR REPLACE FUNCTION app.my_words() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$
    SELECT CASE WHEN app.fact('actor') IS NULL THEN '{}' ELSE ARRAY['public', 'account:' || app.fact('account')]
           || CASE WHEN coalesce(app.fact('account'), app.fact('client')) IS NOT NULL THEN ARRAY['signed_in'] END
           || CASE app.my_side()
                  WHEN 'city' THEN ARRAY['city', app.fact('actor')]
                  WHEN 'county' THEN ARRAY['county', 'unit:' || app.fact('unit')]
                  WHEN 'enterprise' THEN ARRAY['enterprise', 'enterprise:' || app.fact('enterprise')]
                  WHEN 'specialist' THEN ARRAY['specialist', 'specialist:' || app.fact('specialist')]
              END
           || CASE WHEN app.fact('admin') IS NULL THEN '{}' ELSE CASE app.fact('actor')
                  WHEN 'city/st' THEN ARRAY['admin:city', 'admin:all']
                  WHEN 'enterprise' THEN ARRAY['admin:enterprise:' || app.fact('enterprise')]
                  ELSE ARRAY['admin:' || coalesce('unit:' || app.fact('unit'), 'city')]
              END END END
$$;

-- Whose administrators look after an account, in the same words: those of its organisation; besides, those of the
-- city's lead office after every county, those of a county after its firms. Who belongs to nobody yet, a researcher or
-- a firm without a record, is looked after by the lead office.
CREATE OR REPLACE FUNCTION app.managers(role text, unit text, firm uuid) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT CASE WHEN role = 'city' THEN ARRAY['admin:city']
                WHEN role = 'county' THEN ARRAY['admin:unit:' || unit, 'admin:all']
                WHEN firm IS NOT NULL THEN ARRAY['admin:enterprise:' || firm, 'admin:unit:' || unit]
                ELSE ARRAY['admin:all'] END
$$;

-- The caller's organisation in such a word: whose file his upload is. A firm or a person that is not recorded yet is its account.
CREATE OR REPLACE FUNCTION app.my_owner() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$
    SELECT CASE app.my_side()
               WHEN 'city' THEN 'city'
               WHEN 'county' THEN 'unit:' || app.fact('unit')
               WHEN 'enterprise' THEN coalesce('enterprise:' || app.fact('enterprise'), 'account:' || app.fact('account'))
               WHEN 'specialist' THEN coalesce('specialist:' || app.fact('specialist'), 'account:' || app.fact('account'))
           END
$$;

-- From which states of a list on a county reads the lines of its unit.
CREATE OR REPLACE FUNCTION app.county_reads_lines(list_status text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT list_status IN ('concurred', 'announced', 'fixed') $$;

-- Whether a list is on public notice: from its announcement to the end of its last day, whoever acts on it when.
CREATE OR REPLACE FUNCTION app.is_on_notice(list_status text, notice_to date) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(list_status = 'announced' AND app.today() <= notice_to, false) $$;

-- Who may read a row of a resource, in the words of seen_by. It says again what policies.sql says row by row, for
-- events are read long after the row has moved on; a test compares the two.
CREATE OR REPLACE FUNCTION app.audience(resource text, r jsonb) RETURNS text[] LANGUAGE plpgsql STABLE AS
$$
DECLARE
    unit text := 'unit:' || (r ->> 'unit_id');
    -- Those that handle applications and dispatch lists.
    offices CONSTANT text[] := ARRAY['city/st', 'city/talent'];
    firm text := 'enterprise:' || (r ->> CASE resource WHEN 'enterprise' THEN 'id' ELSE 'enterprise_id' END);
BEGIN
    IF r ->> 'shown' = 'false' AND NOT (resource = 'application' AND r ->> 'side' = 'city') THEN
        RETURN ARRAY[CASE r ->> 'side' WHEN 'county' THEN unit WHEN 'enterprise' THEN firm
                                       WHEN 'specialist' THEN 'account:' || (r ->> 'applicant_id') ELSE 'city' END];
    END IF;
    CASE resource
        WHEN 'policy' THEN
            RETURN ARRAY[CASE WHEN r ->> 'status' IN ('adopted', 'superseded') THEN 'public' ELSE 'city' END];
        WHEN 'account' THEN
            RETURN ARRAY['account:' || (r ->> 'id')]
                   || app.managers(r ->> 'role', r ->> 'managed_in', (r ->> 'enterprise_id')::uuid);
        WHEN 'disclosure' THEN
            RETURN ARRAY['account:' || (r ->> 'created_by'), 'account:' || (r ->> 'subject_account'),
                         'specialist:' || (r ->> 'specialist_id')]
                   || CASE WHEN r ->> 'subject_type' = 'application' THEN offices ELSE ARRAY['city'] END;
        WHEN 'client' THEN
            RETURN ARRAY['city/st', unit];
        WHEN 'call', 'dictionary_entry' THEN
            RETURN ARRAY['public'];
        WHEN 'institution' THEN
            RETURN ARRAY['signed_in'];
        -- Of a file its owner hears; other readers of its record hear of the record.
        WHEN 'attachment' THEN
            RETURN ARRAY[r ->> 'owner'];
        WHEN 'enterprise' THEN
            RETURN ARRAY['city', unit, firm] || CASE WHEN r ->> 'status' = 'active' THEN ARRAY['specialist'] END;
        WHEN 'bank_account' THEN
            RETURN ARRAY['city/talent', 'city/finance', unit, firm];
        WHEN 'application' THEN
            RETURN offices || CASE WHEN r ->> 'shown' IS DISTINCT FROM 'false'
                                   THEN ARRAY['account:' || (r ->> 'applicant_id')] END;
        WHEN 'specialist' THEN
            RETURN ARRAY['city', 'specialist:' || (r ->> 'id')]
                   || CASE WHEN r ->> 'status' <> 'removed' THEN ARRAY['county', 'enterprise'] END;
        WHEN 'service_offer' THEN
            RETURN ARRAY['city', 'specialist:' || (r ->> 'specialist_id')]
                   || CASE WHEN r ->> 'status' = 'published' AND r ->> 'is_paused' = 'false'
                           THEN ARRAY['county', 'enterprise', 'specialist'] END;
        WHEN 'match_round' THEN
            RETURN offices || CASE WHEN r ->> 'status' = 'adopted'
                                   THEN coalesce((SELECT array_agg('unit:' || u.code)
                                                  FROM jsonb_array_elements_text(nullif(r -> 'unit_ids', 'null')) AS u(code)),
                                                 ARRAY['county']) END;
        WHEN 'match' THEN
            RETURN ARRAY['city', firm, 'specialist:' || (r ->> 'specialist_id')]
                   || CASE WHEN r ->> 'status' IN ('adopted', 'placed', 'released') THEN ARRAY[unit] END;
        WHEN 'demand' THEN
            RETURN ARRAY['city', unit, firm] || CASE WHEN r ->> 'status' = 'open' THEN ARRAY['specialist'] END;
        WHEN 'intention' THEN
            RETURN offices || CASE WHEN r ->> 'side' = 'enterprise' OR r ->> 'mutual' = 'true'
                                   THEN ARRAY[unit, firm] END
                           || CASE WHEN r ->> 'side' = 'specialist' OR r ->> 'mutual' = 'true'
                                   THEN ARRAY['specialist:' || (r ->> 'specialist_id')] END;
        WHEN 'dispatch_notice' THEN
            RETURN ARRAY['city'] || CASE WHEN r ->> 'status' = 'issued' THEN app.text_array(r -> 'readers') END;
        WHEN 'agreement', 'placement', 'obligation' THEN
            RETURN ARRAY['city', unit, firm, 'specialist:' || (r ->> 'specialist_id')];
        WHEN 'dispatch_list' THEN
            RETURN offices || CASE WHEN app.is_on_notice(r ->> 'status', (r ->> 'notice_to')::date) THEN ARRAY['public']
                                   WHEN app.county_reads_lines(r ->> 'status')
                                   THEN ARRAY(SELECT 'unit:' || u FROM jsonb_array_elements_text(r -> 'unit_ids') u) END;
        WHEN 'dispatch_line' THEN
            RETURN offices || CASE WHEN r ->> 'status' <> 'struck' AND app.county_reads_lines(r ->> 'list_status')
                                   THEN ARRAY[unit] END;
        WHEN 'issue' THEN
            RETURN ARRAY['city', unit, r ->> 'raised_by']
                   || CASE r ->> 'owner_side' WHEN 'enterprise' THEN ARRAY[firm]
                                              WHEN 'specialist' THEN ARRAY['specialist:' || (r ->> 'specialist_id')] END;
    END CASE;
END
$$;

-- From here on it is somebody else who acts in this transaction: what follows from a step is the system's doing. Gives
-- the one who acted before, for the way back.
CREATE OR REPLACE FUNCTION app.act_as(actor text) RETURNS text LANGUAGE plpgsql VOLATILE AS
$$
DECLARE
    before CONSTANT text := app.fact('actor');
BEGIN
    PERFORM set_config('app.actor', coalesce(actor, ''), true);
    RETURN before;
END
$$;
REVOKE EXECUTE ON FUNCTION app.act_as(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.act_as(text) TO tepai_internal;

-- AFTER UPDATE of a firm that moves to another unit: the rows of a room, the trigger's argument, go with it.
CREATE OR REPLACE FUNCTION app.follow_enterprise() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    EXECUTE format('UPDATE app.%I SET unit_id = $1 WHERE enterprise_id = $2', TG_ARGV[0]) USING NEW.unit_id, NEW.id;
    RETURN NULL;
END
$$;
ALTER FUNCTION app.follow_enterprise() OWNER TO tepai_internal;

-- The next number of a year in a column, such as XY-2026-0001. Two at the same time come one after the other; a year
-- of more than 9,999 goes on with five digits.
CREATE OR REPLACE FUNCTION app.next_number(letters text, of_room text, of_column text) RETURNS text
LANGUAGE plpgsql VOLATILE AS
$$
DECLARE
    head CONSTANT text := letters || to_char(app.today(), '"-"YYYY"-"');
    next integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(of_room || '.' || of_column, 0));
    EXECUTE format('SELECT coalesce(max(substr(t.%1$I, %2$s)::integer), 0) + 1 FROM app.%3$I t WHERE t.%1$I LIKE $1',
                   of_column, length(head) + 1, of_room) INTO next USING head || '%';
    RETURN head || lpad(next::text, greatest(4, length(next::text)), '0');
END
$$;

-- Old and new of the members that differ; personal ones are named without values. What a table keeps for itself is not
-- told, and where it keeps a count or list of a record's parts, the parts are named.
CREATE OR REPLACE FUNCTION app.row_changes(before jsonb, after jsonb, personal text[]) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS
$$
    WITH parts(kept, member) AS (
        VALUES ('approval_count', 'approvals'), ('signed_parties', 'signatures'), ('line_changes', 'lines'))
    SELECT coalesce(jsonb_object_agg(coalesce(p.member, key),
                                     CASE WHEN p.member IS NOT NULL OR key = ANY (personal) THEN '{}'::jsonb
                                          ELSE jsonb_build_object('old', app.wire_value(key, b.value),
                                                                  'new', app.wire_value(key, a.value)) END), '{}')
    FROM jsonb_each(before) b FULL JOIN jsonb_each(after) a USING (key) LEFT JOIN parts p ON p.kept = key
    WHERE coalesce(b.value, 'null') <> coalesce(a.value, 'null')
      AND NOT (p.member IS NOT NULL AND before = '{}') -- what is made has no parts yet
      AND key <> ALL ('{id,version,created_at,updated_at,created_by,side,shown,grams,managed_in,owner,raised_by,readers,
                        list_status,match_changes,is_paused,id_no_birth_on,id_no_gender,counted_at,subject_account}')
      AND key NOT LIKE '%\_masked' AND key NOT LIKE '%\_index'
$$;

-- Changes as those read them who may not read every member: what is private is not even named.
CREATE OR REPLACE FUNCTION app.changes_told(changes jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT coalesce(jsonb_object_agg(c.key, c.value) FILTER (WHERE c.value <> '{}'), '{}') FROM jsonb_each(changes) c
$$;

-- Who changed what in an event of a specialist's own record: one that is read as his by its words, not as any
-- specialist's. No row for others.
CREATE OR REPLACE FUNCTION app.event_of_own(event uuid, OUT account uuid, OUT on_behalf_of jsonb, OUT changes jsonb)
RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT e.account, e.on_behalf_of, e.changes
    FROM app.event e
    WHERE e.id = event_of_own.event
      AND e.seen_by || e.seen_by_before && ARRAY['account:' || app.fact('account'), 'specialist:' || app.fact('specialist')]
$$;
ALTER FUNCTION app.event_of_own(uuid) OWNER TO tepai_internal;

-- The steps the caller may take from a state with a row of his own; rules and the clock are not asked.
CREATE OR REPLACE FUNCTION app.allowed_steps(of_resource text, in_status text, own boolean) RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE AS
$$
BEGIN
    RETURN CASE WHEN own THEN coalesce((SELECT s.steps FROM app.allowed_step s
                                        WHERE s.resource = of_resource AND s.status = in_status
                                          AND s.actor = app.fact('actor')), '{}') ELSE '{}' END;
END
$$;

-- The words of a search, as they are compared.
CREATE OR REPLACE FUNCTION app.words(q text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT array_remove(regexp_split_to_array(app.folded(q), '\s+'), '') $$;

-- Whether the grams of a text already prove that it holds every word: they do for words of two characters.
CREATE OR REPLACE FUNCTION app.grams_suffice(q text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT bool_and(char_length(w) = 2) FROM unnest(app.words(q)) w $$;

-- Whether a text holds every word.
CREATE OR REPLACE FUNCTION app.has_words(given text, words text[]) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS
$$
DECLARE
    text_folded text := app.folded(given);
    word        text;
BEGIN
    FOREACH word IN ARRAY words LOOP
        IF strpos(text_folded, word) = 0 THEN
            RETURN false;
        END IF;
    END LOOP;
    RETURN true;
END
$$;

-- The policy in force on a date; null when there is none, and then no call may be made (article 20). A superseded
-- version stays in force until its successor begins.
CREATE OR REPLACE FUNCTION app.policy_in_force(on_date date) RETURNS uuid LANGUAGE sql STABLE AS
$$
    SELECT p.id
    FROM app.policy p LEFT JOIN app.policy successor ON successor.id = p.superseded_by
    WHERE on_date BETWEEN p.valid_from AND p.valid_to
      AND (p.status = 'adopted' OR p.status = 'superseded' AND coalesce(successor.valid_from > on_date, true))
    ORDER BY p.status LIMIT 1
$$;

-- The policy that rules what begins now: the one in force, else the last that was. Its expiry stops calls alone.
CREATE OR REPLACE FUNCTION app.policy_current() RETURNS uuid LANGUAGE sql STABLE AS
$$
    SELECT coalesce(app.policy_in_force(app.today()),
                    (SELECT p.id FROM app.policy p
                     WHERE p.status IN ('adopted', 'superseded') AND p.valid_from <= app.today()
                     ORDER BY p.status, p.valid_from DESC LIMIT 1))
$$;

-- One number of the policy a record was made under; a unit's own value goes before the general one.
CREATE OR REPLACE FUNCTION app.policy_value_of(of_policy uuid, key text, unit text) RETURNS jsonb LANGUAGE sql STABLE AS
$$
    SELECT v -> 'value'
    FROM app.policy p CROSS JOIN jsonb_array_elements(p."values") v
    WHERE p.id = of_policy AND v ->> 'key' = policy_value_of.key
      AND coalesce(v ->> 'unit_id', unit) IS NOT DISTINCT FROM unit
    ORDER BY v ->> 'unit_id' NULLS LAST LIMIT 1
$$;

-- The same of the current policy, for what has none of its own.
CREATE OR REPLACE FUNCTION app.policy_value(key text, unit text) RETURNS jsonb LANGUAGE sql STABLE AS
$$ SELECT app.policy_value_of(app.policy_current(), key, unit) $$;

-- Units by name, as a refusal tells them.
CREATE OR REPLACE FUNCTION app.unit_names(VARIADIC codes text[]) RETURNS text LANGUAGE sql STABLE AS
$$
    SELECT string_agg(u.name_zh, '、' ORDER BY c.i)
    FROM unnest(codes) WITH ORDINALITY AS c(code, i) JOIN app.unit u USING (code)
$$;

-- A row of the rule too_far_ahead for a day that nobody can mean: one of more than two years from today.
CREATE OR REPLACE FUNCTION app.far_faults(given date, place text)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT 'too_far_ahead', place, l.latest::text
    FROM (SELECT (app.today() + interval '2 years')::date AS latest) l WHERE given > l.latest
$$;

-- Rows of the rule unknown_code for a code or an array of codes that a dictionary does not hold today.
CREATE OR REPLACE FUNCTION app.code_faults(of_dictionary text, given jsonb, place text)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT 'unknown_code', place || c.suffix, of_dictionary
    FROM (SELECT given #>> '{}' AS code, '' AS suffix WHERE jsonb_typeof(given) = 'string'
          UNION ALL
          SELECT e.value, '/' || (e.i - 1)
          FROM jsonb_array_elements_text(CASE WHEN jsonb_typeof(given) = 'array' THEN given ELSE '[]' END)
               WITH ORDINALITY AS e(value, i)) c
    WHERE NOT EXISTS (SELECT FROM app.dictionary_entry d
                      WHERE d.dictionary = of_dictionary
                        -- GB/T 4754 is held by section letter; deeper codes begin with it.
                        AND d.code = CASE of_dictionary WHEN 'industry' THEN left(c.code, 1) ELSE c.code END
                        AND app.today() BETWEEN d.valid_from AND coalesce(d.valid_to, 'infinity'))
$$;

-- Whether the bureau has put a term itself, so that the terms shipped with the programme do not undo it.
CREATE OR REPLACE FUNCTION app.term_is_kept(term uuid) RETURNS boolean LANGUAGE sql STABLE AS
$$
    SELECT EXISTS (SELECT FROM app.event e WHERE e.subject_type = 'dictionary_entry' AND e.subject_id = term
                     AND e.operation = 'dictionary_put_entry')
$$;

-- An office that enters a paper form says for whom and why; others enter for themselves.
CREATE OR REPLACE FUNCTION app.entered_for_faults(given jsonb) RETURNS TABLE (rule text, pointer text, figures text)
LANGUAGE sql STABLE AS
$$
    SELECT 'entered_for_required', '#/entered_for', NULL::text WHERE app.my_side() IN ('city', 'county') AND given IS NULL
    UNION ALL
    SELECT 'entered_for_office_only', '#/entered_for', NULL WHERE app.my_side() IN ('enterprise', 'specialist') AND given IS NOT NULL
$$;

-- A county that changes, submits or withdraws a record that the firm began does it for the firm, and says for whom and
-- why. side is who began the record.
CREATE OR REPLACE FUNCTION app.acting_faults(given jsonb, side text)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT 'on_behalf_required', '#/entered_for', NULL::text
    WHERE app.my_side() = 'county' AND side = 'enterprise' AND given IS NULL
    UNION ALL
    SELECT 'entered_for_office_only', '#/entered_for', NULL WHERE app.my_side() = 'enterprise' AND given IS NOT NULL
$$;

-- Notes for whom the transaction acts, for its events, and binds the paper that says so. It is always true, so that it
-- stands in the WHERE of the act.
CREATE OR REPLACE FUNCTION app.act_for(given jsonb, of_type text, of_id uuid) RETURNS boolean LANGUAGE plpgsql AS
$$
BEGIN
    IF given IS NOT NULL THEN
        PERFORM set_config('app.on_behalf_of', given::text, true);
        PERFORM app.attachment_bind(ARRAY[given ->> 'attachment_id']::uuid[], of_type, of_id, 'entered_for')
        WHERE given ->> 'attachment_id' IS NOT NULL;
    END IF;
    RETURN true;
END
$$;

-- Who submitted a record for a firm does not pass it as well.
CREATE OR REPLACE FUNCTION app.submitter_faults(of_type text, of_id uuid, decision text)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT 'submitter_decides', NULL::text, NULL::text
    WHERE decision = 'pass'
      AND app.fact('account')::uuid = (SELECT e.account FROM app.event e
                                       WHERE e.subject_type = of_type AND e.subject_id = of_id
                                         AND e.operation = of_type || '_submit'
                                       ORDER BY e.subject_version DESC LIMIT 1)
$$;

-- Anything but acceptance needs an opinion that the other side can act on.
CREATE OR REPLACE FUNCTION app.opinion_faults(decision text, opinion text)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql IMMUTABLE AS
$$
    SELECT 'opinion_required', '#/opinion', NULL::text
    WHERE decision NOT IN ('pass', 'close', 'approve') AND coalesce(btrim(opinion), '') = ''
$$;

-- What is said of a review: whoever has to correct or give up is shown why, and a coded reason is one of the dictionary.
CREATE OR REPLACE FUNCTION app.review_faults(decision text, opinion text, reason_code text, visible boolean)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT * FROM app.opinion_faults(decision, opinion)
    UNION ALL
    SELECT 'opinion_hidden', '#/visible_to_applicant', NULL WHERE decision IN ('return', 'reject') AND NOT visible
    UNION ALL
    SELECT * FROM app.code_faults('review_reason', to_jsonb(reason_code), '#/reason_code')
$$;
