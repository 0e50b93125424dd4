-- Administration of accounts. Nobody who serves may write the table: what an administrator or an owner may change, he
-- changes through these functions of the internal role, which look for themselves whether the account is in his reach.

-- Which unit's administrators look after an account.
CREATE OR REPLACE FUNCTION app.account_fill() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    NEW.managed_in := coalesce(NEW.unit_id, (SELECT e.unit_id FROM app.enterprise e WHERE e.id = NEW.enterprise_id));
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER account_a_fill BEFORE INSERT OR UPDATE ON app.account
    FOR EACH ROW EXECUTE FUNCTION app.account_fill();

-- A firm that moves to another unit takes its accounts along.
CREATE OR REPLACE FUNCTION app.account_follow_enterprise() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    UPDATE app.account SET managed_in = NEW.unit_id WHERE enterprise_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER enterprise_move_accounts AFTER UPDATE ON app.enterprise
    FOR EACH ROW WHEN (NEW.unit_id <> OLD.unit_id) EXECUTE FUNCTION app.account_follow_enterprise();

-- An organisation keeps an administrator. Two who stop each other come one after the other, and the second is refused.
-- A firm is administered by its county too, which may stop anyone there; and who is alone there may go.
CREATE OR REPLACE FUNCTION app.account_keep_admin() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(
        concat_ws(' ', 'administrators of', OLD.role, OLD.unit_id, OLD.enterprise_id), 0));
    IF OLD.role = 'enterprise'
       AND (app.my_side() = 'county'
            OR NOT EXISTS (SELECT FROM app.account a
                           WHERE a.id <> OLD.id AND a.status = 'active' AND a.enterprise_id = OLD.enterprise_id)) THEN
        RETURN NULL;
    END IF;
    IF NOT EXISTS (SELECT FROM app.account a
                   WHERE a.id <> OLD.id AND a.status = 'active' AND a.is_admin AND a.role = OLD.role
                     AND a.unit_id IS NOT DISTINCT FROM OLD.unit_id
                     AND a.enterprise_id IS NOT DISTINCT FROM OLD.enterprise_id) THEN
        RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = 'last_admin', MESSAGE = 'last_admin';
    END IF;
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER account_keep_admin AFTER UPDATE ON app.account FOR EACH ROW
    WHEN (OLD.is_admin AND OLD.status = 'active' AND NOT (NEW.is_admin AND NEW.status = 'active'))
    EXECUTE FUNCTION app.account_keep_admin();

-- Who is stopped is signed out on all devices at once, and no link brings him back but a new invitation.
CREATE OR REPLACE FUNCTION app.account_end_sessions() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    UPDATE app.session SET ended_at = now(), end_reason = 'disabled' WHERE account_id = NEW.id AND ended_at IS NULL;
    PERFORM app.link_revoke('password_reset', NEW.id);
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER account_end_sessions AFTER UPDATE ON app.account FOR EACH ROW
    WHEN (OLD.status = 'active' AND NEW.status <> 'active') EXECUTE FUNCTION app.account_end_sessions();

-- What the caller may do next with an account: all steps of his word where he administers it, with his own one alone
-- its closing.
CREATE OR REPLACE FUNCTION app.account_steps(in_status text, managed boolean) RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE AS
$$
DECLARE
    steps CONSTANT text[] := app.allowed_steps('account', in_status, true);
BEGIN
    RETURN CASE WHEN managed THEN steps ELSE ARRAY(SELECT s FROM unnest(steps) s WHERE s = 'close') END;
END
$$;

-- The account as the caller may change it: one he administers, or his own. Held until the end of the transaction.
CREATE OR REPLACE FUNCTION app.account_reach(given uuid, OUT account app.account, OUT managed boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
BEGIN
    SELECT a.* INTO account FROM app.account a
    WHERE a.id = given AND (a.id = app.fact('account')::uuid
                            OR app.managers(a.role, a.managed_in, a.enterprise_id) && app.my_words())
    FOR UPDATE;
    managed := app.managers(account.role, account.managed_in, account.enterprise_id) && app.my_words();
END
$$;

CREATE OR REPLACE FUNCTION app.account_lock(given uuid, OUT version integer, OUT status text, OUT allowed_steps text[])
RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    held record := app.account_reach(given);
BEGIN
    IF (held.account).id IS NOT NULL THEN
        version := (held.account).version;
        status := (held.account).status;
        allowed_steps := app.account_steps(status, held.managed);
        RETURN NEXT;
    END IF;
END
$$;

-- What is wrong with an account that is to be opened. Firms are looked for as the caller sees them.
CREATE OR REPLACE FUNCTION app.account_create_faults(for_role text, of_office text, of_unit text, of_firm uuid)
RETURNS TABLE (rule text, pointer text, figures text) LANGUAGE plpgsql STABLE AS
$$
DECLARE
    place text := coalesce(of_unit, (SELECT e.unit_id FROM app.enterprise e WHERE e.id = of_firm));
    fits  boolean := CASE for_role
        WHEN 'city' THEN of_office IS NOT NULL AND of_unit IS NULL AND of_firm IS NULL
        WHEN 'county' THEN of_office IN ('st', 'talent') AND of_unit IS NOT NULL AND of_firm IS NULL
        ELSE of_office IS NULL AND of_unit IS NULL AND of_firm IS NOT NULL END;
BEGIN
    IF NOT coalesce(fits, false) THEN
        RETURN QUERY SELECT 'account_fits_role', '#/role', NULL::text;
    ELSIF of_firm IS NOT NULL AND place IS NULL THEN
        RETURN QUERY SELECT 'reference_not_found', '#/enterprise_id', NULL::text;
    ELSIF NOT app.managers(for_role, place, of_firm) && app.my_words() THEN
        RETURN QUERY SELECT 'account_out_of_reach', '#/role', NULL::text;
    END IF;
END
$$;

-- Opens an account for somebody else, who gets in by an invitation.
CREATE OR REPLACE FUNCTION app.account_create(new_id uuid, login_name text, display_name text, phone bytea,
    phone_masked text, email text, role text, office text, unit text, firm uuid, is_admin boolean, locale text)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    made app.account;
BEGIN
    INSERT INTO app.account (id, status, login_name, display_name, phone, phone_masked, email, role, office, unit_id,
                             enterprise_id, is_admin, locale)
    VALUES (new_id, 'invited', login_name, display_name, phone, phone_masked, email, role, office, unit, firm,
            coalesce(is_admin, false), coalesce(locale, 'zh-CN'))
    RETURNING * INTO made;
    IF NOT app.managers(made.role, made.managed_in, made.enterprise_id) && app.my_words() THEN
        RAISE EXCEPTION USING ERRCODE = 'TP403', MESSAGE = 'account_out_of_reach';
    END IF;
    RETURN made.id;
END
$$;

-- Lays a patch over an account. Nobody gives or takes his own right to administer.
CREATE OR REPLACE FUNCTION app.account_update(given uuid, patch jsonb) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    held record := app.account_reach(given);
BEGIN
    IF patch ? 'is_admin' AND (held.account).id = app.fact('account')::uuid THEN
        RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = 'own_admin_right', MESSAGE = 'own_admin_right';
    END IF;
    RETURN QUERY
        UPDATE app.account a SET (display_name, phone, phone_masked, email, locale, is_admin)
            = (SELECT p.display_name, p.phone, p.phone_masked, p.email, p.locale, p.is_admin
               FROM jsonb_populate_record(a, patch) p)
        WHERE a.id = (held.account).id RETURNING a.id;
END
$$;

-- Moves an account to another state; the lifecycle says who may. Only an administrator moves what is not closed.
CREATE OR REPLACE FUNCTION app.account_move(given uuid, to_status text) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    held record := app.account_reach(given);
BEGIN
    RETURN QUERY
        UPDATE app.account a SET status = to_status
        WHERE a.id = (held.account).id AND (held.managed OR to_status = 'closed') RETURNING a.id;
END
$$;

-- An administrator makes a link for the person behind an account: to come in (seven days), also after having been
-- stopped, or to set a new password (one day). Only the latest link of a kind is good.
CREATE OR REPLACE FUNCTION app.account_invite(given uuid, link_hash bytea) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    held    record := app.account_reach(given);
    invited app.account;
BEGIN
    UPDATE app.account a
    SET invited_at = clock_timestamp(), status = CASE a.status WHEN 'disabled' THEN 'invited' ELSE a.status END,
        password_hash = CASE a.status WHEN 'active' THEN a.password_hash END
    WHERE a.id = (held.account).id AND held.managed AND a.status <> 'closed'
    RETURNING * INTO invited;
    IF invited.id IS NOT NULL THEN
        PERFORM app.link_revoke('account_activation', given), app.link_revoke('password_reset', given);
        PERFORM app.link_issue(NULL, CASE invited.status WHEN 'invited' THEN 'account_activation'
                                                         ELSE 'password_reset' END,
                               given, invited.version, NULL, NULL, NULL, link_hash,
                               CASE invited.status WHEN 'invited' THEN 7 ELSE 1 END);
        RETURN NEXT given;
    END IF;
END
$$;

-- The login name that a live link to an account is for.
CREATE OR REPLACE FUNCTION app.account_invited(link_hash bytea) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS
$$
    SELECT a.login_name
    FROM app.link l JOIN app.account a ON a.id = l.subject_id
    WHERE l.token_hash = link_hash AND l.kind IN ('account_activation', 'password_reset') AND l.state = 'issued'
      AND l.expires_at > now()
$$;

-- The holder of a link sets his password: an invited account becomes active; one that was active keeps its state, loses
-- its sessions and its wait. A second factor goes too, for who lost his telephone comes back this way.
CREATE OR REPLACE FUNCTION app.account_activate(link_hash bytea, new_hash text, name_key bytea)
RETURNS TABLE (account json, rights json, sessions json)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    taken app.link;
    owner app.account;
BEGIN
    PERFORM app.facts('account_activate', NULL, NULL);
    taken := app.link_take(link_hash);
    DELETE FROM app.account_factor WHERE account_id = taken.subject_id;
    UPDATE app.account a
    SET status = 'active', password_hash = new_hash, password_changed_at = now(), must_change_password = false,
        second_factor = false
    WHERE a.id = taken.subject_id
      AND a.status = CASE taken.kind WHEN 'account_activation' THEN 'invited' ELSE 'active' END
    RETURNING * INTO owner;
    IF owner.id IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'TP410', MESSAGE = 'link_spent';
    END IF;
    UPDATE app.session SET ended_at = now(), end_reason = 'password' WHERE account_id = owner.id AND ended_at IS NULL;
    PERFORM app.sign_in_uncharge(lower(owner.login_name), name_key, true);
    RETURN QUERY SELECT m.account, m.rights, m.sessions FROM api.me m WHERE m.id = owner.id;
END
$$;

-- The owner proved that he knows his password and has another from now on; his other devices are signed out, and a link
-- to reset it is of no use any more. Null when session or password have changed since.
CREATE OR REPLACE FUNCTION app.password_change(given_account uuid, checked_at timestamptz, given_session uuid,
    new_hash text, name_key bytea) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    owner app.account;
BEGIN
    SELECT a.* INTO owner FROM app.account a JOIN app.session s ON s.account_id = a.id
    WHERE a.id = given_account AND a.status = 'active' AND a.password_changed_at IS NOT DISTINCT FROM checked_at
      AND s.id = given_session AND s.ended_at IS NULL AND s.expires_at > now() FOR UPDATE OF a;
    IF owner.id IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('app.operation', 'account_change_password', true),
            set_config('app.actor', concat_ws('/', owner.role, owner.office), true),
            set_config('app.account', owner.id::text, true);
    UPDATE app.account SET password_hash = new_hash, password_changed_at = now(), must_change_password = false
    WHERE id = owner.id;
    UPDATE app.session SET ended_at = now(), end_reason = 'password'
    WHERE account_id = owner.id AND id <> given_session AND ended_at IS NULL;
    PERFORM app.sign_in_uncharge(lower(owner.login_name), name_key, true), app.link_revoke('password_reset', owner.id);
    RETURN owner.id;
END
$$;

-- The first administrator of the lead office, whom nobody can invite: the operator makes the link (tepaid account). Sent
-- again while nobody else administers that office; gives the login name of who does, and null when the link is made.
CREATE OR REPLACE FUNCTION app.account_open_first(new_login text, new_name text, link_hash bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, pg_temp AS
$$
DECLARE
    other text;
    owner app.account;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('administrators of city', 0));
    PERFORM set_config('app.operation', 'account_open_first', true), set_config('app.actor', 'system', true);
    SELECT a.login_name INTO other FROM app.account a
    WHERE a.role = 'city' AND a.office = 'st' AND a.is_admin AND a.status = 'active'
      AND lower(a.login_name) <> lower(new_login);
    IF other IS NOT NULL THEN
        RETURN other;
    END IF;
    INSERT INTO app.account (id, status, login_name, display_name, role, office, is_admin, locale)
    VALUES (app.uuid7(), 'invited', new_login, new_name, 'city', 'st', true, 'zh-CN')
    ON CONFLICT (lower(login_name)) DO NOTHING;
    UPDATE app.account a SET invited_at = clock_timestamp()
    WHERE lower(a.login_name) = lower(new_login) AND a.role = 'city' AND a.office = 'st' AND a.is_admin
      AND a.status IN ('invited', 'active')
    RETURNING * INTO owner;
    IF owner.id IS NULL THEN
        RETURN new_login;
    END IF;
    PERFORM app.link_revoke('account_activation', owner.id), app.link_revoke('password_reset', owner.id);
    PERFORM app.link_issue(NULL, CASE owner.status WHEN 'invited' THEN 'account_activation' ELSE 'password_reset' END,
                           owner.id, owner.version, NULL, NULL, NULL, link_hash, 1);
    RETURN NULL;
END
$$;

DO $$
DECLARE
    name        text;
    of_triggers CONSTANT text[] := ARRAY['account_fill()', 'account_follow_enterprise()', 'account_keep_admin()',
                                         'account_end_sessions()', 'account_reach(uuid)',
                                         'account_open_first(text,text,bytea)'];
    of_public   CONSTANT text[] := ARRAY['account_invited(bytea)', 'account_activate(bytea,text,bytea)',
                                         'password_change(uuid,timestamptz,uuid,text,bytea)'];
    of_all      CONSTANT text[] := ARRAY[
        'account_lock(uuid)', 'account_invite(uuid,bytea)', 'account_update(uuid,jsonb)', 'account_move(uuid,text)',
        'account_create(uuid,text,text,bytea,text,text,text,text,text,uuid,boolean,text)'];
BEGIN
    FOREACH name IN ARRAY of_triggers || of_public || of_all LOOP
        EXECUTE format('ALTER FUNCTION app.%s OWNER TO tepai_internal', name);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION app.%s FROM PUBLIC', name);
    END LOOP;
    FOREACH name IN ARRAY of_all LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION app.%s TO tepai_city, tepai_county, tepai_enterprise, '
                       'tepai_specialist', name);
    END LOOP;
    FOREACH name IN ARRAY of_public LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION app.%s TO tepai_public', name);
    END LOOP;
END
$$;
