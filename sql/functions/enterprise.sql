-- What a firm's record derives and refuses: its priority (article 7), the checksum of its credit code, its gaps.

-- Whether a unified social credit code has the alphabet and the check character of GB 32100-2015. The outer modulus
-- matters: a sum divisible by 31 gives the character 0.
CREATE OR REPLACE FUNCTION app.uscc_valid(code text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT code ~ '^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$'
           AND right(code, 1) = (
               SELECT substr(a.letters, (31 - sum(v.value * w.weight)::int % 31) % 31 + 1, 1)
               FROM (VALUES ('0123456789ABCDEFGHJKLMNPQRTUWXY')) a(letters)
               CROSS JOIN unnest('{1,3,9,27,19,26,16,17,20,29,25,13,8,24,10,30,28}'::int[])
                          WITH ORDINALITY AS w(weight, i)
               CROSS JOIN LATERAL (VALUES (strpos(a.letters, substr(code, w.i::int, 1)) - 1)) v(value)
               GROUP BY a.letters)
$$;

-- What the three classes of article 7 give a firm, as a policy weighs them. A certificate counts until its last day.
CREATE OR REPLACE FUNCTION app.enterprise_priority(e app.enterprise, weights jsonb) RETURNS integer
LANGUAGE sql STABLE AS
$$
    SELECT CASE WHEN e.is_above_scale THEN (weights -> 'above_scale')::int ELSE 0 END
        + CASE WHEN e.hitech_cert_no IS NOT NULL AND e.hitech_valid_to >= app.today()
               THEN (weights -> 'hitech')::int ELSE 0 END
        + CASE WHEN e.is_weak_rd_sme THEN (weights -> 'weak_rd_sme')::int ELSE 0 END
$$;

-- Lists are never null, and the priority is that of the day.
CREATE OR REPLACE FUNCTION app.enterprise_fill() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    NEW.figures := coalesce(NEW.figures, '[]');
    NEW.rd_platforms := coalesce(NEW.rd_platforms, '{}');
    NEW.other_programmes := coalesce(NEW.other_programmes, '{}');
    NEW.is_above_scale := coalesce(NEW.is_above_scale, false);
    NEW.is_weak_rd_sme := coalesce(NEW.is_weak_rd_sme, false);
    NEW.priority_bp := app.enterprise_priority(NEW, app.policy_value('enterprise_priority_bp', NULL));
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER enterprise_a_fill BEFORE INSERT OR UPDATE ON app.enterprise
    FOR EACH ROW EXECUTE FUNCTION app.enterprise_fill();

-- Firms whose certificate ended, and all that a new policy weighs otherwise: the trigger writes their priority anew.
CREATE OR REPLACE FUNCTION app.job_enterprise_priority(day date) RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    weights jsonb := app.policy_value('enterprise_priority_bp', NULL);
    moved   integer;
BEGIN
    UPDATE app.enterprise SET priority_bp = NULL
    WHERE id IN (SELECT e.id FROM app.enterprise e WHERE e.priority_bp <> app.enterprise_priority(e, weights)
                 LIMIT app.job_portion() FOR UPDATE);
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END
$$;

-- The first record an enterprise account makes is its own: account and firm are bound, for this transaction too, and
-- the account is the firm's administrator, for nobody else could invite its colleagues.
CREATE OR REPLACE FUNCTION app.account_bind_enterprise() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    UPDATE app.account SET enterprise_id = NEW.id, is_admin = true
    WHERE id = app.fact('account')::uuid AND enterprise_id IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = 'account_has_enterprise',
                              MESSAGE = 'account_has_enterprise';
    END IF;
    PERFORM set_config('app.enterprise', NEW.id::text, true);
    RETURN NULL;
END
$$;
ALTER FUNCTION app.account_bind_enterprise() OWNER TO tepai_internal;
CREATE OR REPLACE TRIGGER enterprise_bind AFTER INSERT ON app.enterprise
    FOR EACH ROW WHEN (NEW.side = 'enterprise') EXECUTE FUNCTION app.account_bind_enterprise();

-- A firm that moves takes its demands along, whoever may see them.
CREATE OR REPLACE TRIGGER enterprise_move AFTER UPDATE ON app.enterprise
    FOR EACH ROW WHEN (NEW.unit_id <> OLD.unit_id) EXECUTE FUNCTION app.follow_enterprise('demand');

-- The scans of a paper form and of a licence.
CREATE OR REPLACE TRIGGER enterprise_files AFTER INSERT OR UPDATE ON app.enterprise
    FOR EACH ROW EXECUTE FUNCTION app.attachment_bind_row('entered_for.attachment_id', 'uscc_override_scan_id');

-- Rules a firm's members must keep whenever they are written: codes, and a credit code that is genuine or excused by
-- the county, which shows the licence. given holds the members that are sent, stands those on record that are not.
CREATE OR REPLACE FUNCTION app.enterprise_faults(given jsonb, stands jsonb)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT * FROM app.code_faults('industry', given -> 'industry_code', '#/industry_code')
    UNION ALL
    SELECT * FROM app.code_faults('industry_chain', given -> 'chain_code', '#/chain_code')
    UNION ALL
    SELECT * FROM app.code_faults('sister_programme', given -> 'other_programmes', '#/other_programmes')
    UNION ALL
    SELECT 'reference_not_found', '#/unit_id', NULL
    WHERE given ->> 'unit_id' IS NOT NULL
      AND NOT EXISTS (SELECT FROM app.unit u WHERE u.code = given ->> 'unit_id'
                      AND app.today() BETWEEN u.valid_from AND coalesce(u.valid_to, 'infinity'))
    UNION ALL
    SELECT CASE WHEN w.firm ->> 'uscc_override_reason' IS NULL THEN 'uscc_checksum'
                ELSE 'uscc_override_scan_required' END,
           CASE WHEN w.firm ->> 'uscc_override_reason' IS NULL THEN '#/uscc' ELSE '#/uscc_override_scan_id' END, NULL
    FROM (SELECT stands || given AS firm) w
    WHERE given ?| '{uscc,uscc_override_reason,uscc_override_scan_id}' AND NOT app.uscc_valid(w.firm ->> 'uscc')
      AND (w.firm ->> 'uscc_override_reason' IS NULL OR w.firm ->> 'uscc_override_scan_id' IS NULL)
    UNION ALL
    SELECT 'uscc_override_county_only', '#/' || m.member, NULL
    FROM unnest('{uscc_override_reason,uscc_override_scan_id}'::text[]) AS m(member)
    WHERE app.my_side() = 'enterprise' AND given ->> m.member IS NOT NULL
$$;

-- What the county confirms of a firm.
CREATE OR REPLACE FUNCTION app.enterprise_facts() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT '{uscc,name,is_legal_person,unit_id,is_above_scale,is_weak_rd_sme,hitech_cert_no,hitech_valid_to,sme_tech_no,
             sme_tech_year}'::text[]
$$;

-- The confirmed facts a patch would change: only the office that confirmed them changes them, with a reason.
CREATE OR REPLACE FUNCTION app.enterprise_guarded(e app.enterprise, patch jsonb) RETURNS SETOF text
LANGUAGE sql STABLE AS
$$
    SELECT k.key FROM jsonb_each(patch) AS k(key, value)
    WHERE k.key = ANY (app.enterprise_facts())
      AND k.value <> to_jsonb(e) -> k.key
$$;

-- The city moves a confirmed firm on the word of both counties: the one it leaves and the one it comes to, each once.
CREATE OR REPLACE FUNCTION app.unit_words_faults(e app.enterprise, patch jsonb)
RETURNS TABLE (rule text, figures text) LANGUAGE sql STABLE AS
$$
    WITH move AS (
        SELECT app.my_side() = 'city' AND e.status = 'active' AND patch ->> 'unit_id' <> e.unit_id AS is_one,
               nullif(patch -> 'unit_words', 'null') AS words)
    SELECT 'unit_words_required', app.unit_names(e.unit_id, patch ->> 'unit_id')
    FROM move
    WHERE is_one
      AND (words IS NULL
           OR (SELECT array_agg(w ->> 'unit_id' ORDER BY w ->> 'unit_id') FROM jsonb_array_elements(words) w)
              <> ARRAY[least(e.unit_id, patch ->> 'unit_id'), greatest(e.unit_id, patch ->> 'unit_id')])
    UNION ALL
    SELECT 'unit_words_of_moves', NULL FROM move WHERE is_one IS NOT TRUE AND words IS NOT NULL
$$;

-- Keeps the letters of both units with the firm. It is always true, so that it stands in the WHERE of the act.
CREATE OR REPLACE FUNCTION app.unit_words_keep(words jsonb, firm uuid) RETURNS boolean LANGUAGE plpgsql AS
$$
DECLARE
    letters uuid[] := ARRAY(SELECT DISTINCT (w ->> 'attachment_id')::uuid
                            FROM jsonb_array_elements(nullif(words, 'null')) w WHERE w ->> 'attachment_id' IS NOT NULL);
BEGIN
    IF letters <> '{}' THEN
        PERFORM app.attachment_bind(letters, 'enterprise', firm, 'unit_words');
    END IF;
    RETURN true;
END
$$;

-- Who may change what of a record: firm and county all of it until it is confirmed, and before a closed one is taken up
-- again; of a confirmed one the firm what needs no confirmation, the county the confirmed facts, the city the unit.
CREATE OR REPLACE FUNCTION app.enterprise_update_faults(e app.enterprise, patch jsonb)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT 'not_editable', NULL::text, NULL::text
    WHERE e.status <> 'active' AND (e.status NOT IN ('draft', 'returned', 'closed') OR app.my_side() = 'city')
    UNION ALL
    SELECT 'city_moves_unit_only', '#/' || k.key, NULL
    FROM jsonb_object_keys(patch) AS k(key)
    WHERE app.my_side() = 'city' AND k.key NOT IN ('unit_id', 'reason', 'unit_words')
    UNION ALL
    SELECT 'confirmed_facts_county_only', '#/' || g.key, NULL
    FROM app.enterprise_guarded(e, patch) AS g(key) WHERE e.status = 'active' AND app.my_side() = 'enterprise'
    UNION ALL
    SELECT 'unit_moves_by_city', '#/unit_id', NULL
    FROM app.enterprise_guarded(e, patch) AS g(key)
    WHERE e.status = 'active' AND app.my_side() = 'county' AND g.key = 'unit_id'
    UNION ALL
    SELECT 'own_unit_only', '#/unit_id', NULL
    WHERE e.status <> 'active' AND app.my_side() = 'county' AND patch ->> 'unit_id' <> e.unit_id
    UNION ALL
    SELECT f.rule, f.pointer, f.figures
    FROM app.acting_faults(nullif(patch -> 'entered_for', 'null'), e.side) f
    -- The facts of a confirmed firm are the county's own to change.
    WHERE e.status <> 'active' OR patch - app.enterprise_facts() - '{reason,uscc_override_reason,uscc_override_scan_id}'
                                  ::text[] <> '{}'
    UNION ALL
    SELECT 'reason_required', '#/reason', NULL
    WHERE e.status = 'active' AND app.my_side() IN ('city', 'county')
      AND coalesce(btrim(patch ->> 'reason'), '') = '' AND EXISTS (SELECT FROM app.enterprise_guarded(e, patch))
    UNION ALL
    SELECT f.rule, '#/unit_words', f.figures FROM app.unit_words_faults(e, patch) f
    UNION ALL
    SELECT f.rule, f.pointer, f.figures FROM app.enterprise_faults(patch, to_jsonb(e)) f
$$;

-- Members that must be there before the county is asked, by their pointers.
CREATE OR REPLACE FUNCTION app.enterprise_missing(e app.enterprise)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql STABLE AS
$$
    SELECT 'missing_before_submit', '#/' || m.member, NULL::text
    FROM (VALUES ('legal_representative', e.legal_representative IS NULL), ('registered_on', e.registered_on IS NULL),
                 ('registered_capital_fen', e.registered_capital_fen IS NULL), ('address', e.address IS NULL),
                 ('industry_code', e.industry_code IS NULL), ('chain_code', e.chain_code IS NULL),
                 ('main_business', e.main_business IS NULL), ('contact_name', e.contact_name IS NULL),
                 ('contact_phone', e.contact_phone IS NULL)) AS m(member, missing)
    WHERE m.missing
    UNION ALL
    SELECT 'figures_last_year_missing', '#/figures', y.last::text
    FROM (SELECT extract(year FROM app.today())::int - 1 AS last) y
    WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(e.figures) f WHERE (f -> 'year')::int = y.last)
$$;

-- What a sanction or a missing confirmation refuses to a firm (articles 7, 16). Its row is held until the end of the
-- transaction, so that it cannot be closed or barred between this look and the commit.
CREATE OR REPLACE FUNCTION app.enterprise_standing_faults(of_enterprise uuid)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE sql VOLATILE AS
$$
    WITH firm AS (SELECT e.status, e.barred_until FROM app.enterprise e WHERE e.id = of_enterprise FOR SHARE)
    SELECT 'enterprise_not_confirmed', '#/enterprise_id', NULL::text FROM firm f WHERE f.status <> 'active'
    UNION ALL
    SELECT 'barred', '#/enterprise_id', f.barred_until::text FROM firm f WHERE f.barred_until >= app.today()
$$;

-- Ids of the firms whose visible text holds every word of q, within the caller's scope. A specialist sees and
-- searches the name alone.
CREATE OR REPLACE FUNCTION app.enterprise_search(q text) RETURNS SETOF uuid LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT e.id
    FROM app.enterprise e
    WHERE e.grams @> app.grams(q)
      AND CASE (SELECT app.my_side())
              WHEN 'city' THEN e.shown OR e.side = 'city'
              WHEN 'county' THEN e.unit_id = (SELECT app.fact('unit')) AND (e.shown OR e.side = 'county')
              WHEN 'enterprise' THEN e.id = (SELECT app.fact('enterprise')::uuid) AND (e.shown OR e.side = 'enterprise')
              WHEN 'specialist' THEN e.status = 'active'
              ELSE false
          END
      AND app.has_words(CASE (SELECT app.my_side()) WHEN 'specialist' THEN e.name
                             ELSE concat_ws(' ', e.name, e.uscc, e.main_business) END, app.words(q))
$$;
ALTER FUNCTION app.enterprise_search(text) OWNER TO tepai_internal;
