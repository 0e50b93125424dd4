-- What the files of pgtap/ share. They run as the administrator; a role's attempts are made in its name.

CREATE SCHEMA tap;
CREATE EXTENSION pgtap SCHEMA tap;
SET search_path = tap;

CREATE VIEW serving AS
SELECT oid, rolname, substr(rolname, 7) AS role
FROM pg_roles WHERE rolname LIKE 'tepai\_%' AND rolcanlogin;

CREATE VIEW app_table AS
SELECT c.oid, c.relname, c.relowner, c.relrowsecurity, c.relforcerowsecurity,
       -- Their rows belong to nobody: the lifecycle, what is made of it, and the clock.
       c.relname IN ('lifecycle', 'allowed_step', 'sandbox_clock') AS is_house
FROM pg_class c WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('r', 'p');

-- What comes of a statement in the name of a role: the SQLSTATE of its refusal, or done. Nothing of it stays.
CREATE FUNCTION tried(role name, statement text) RETURNS text LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM set_config('session_authorization', role, true);
    EXECUTE statement;
    RAISE EXCEPTION USING ERRCODE = 'TAP00';
EXCEPTION WHEN OTHERS THEN
    RETURN CASE SQLSTATE WHEN 'TAP00' THEN 'done' ELSE SQLSTATE END;
END
$$;
