-- Roles and schemas. The one file that runs as the administrator of the cluster; roles belong to the whole
-- cluster, so every line can be run again in a second database.
-- One login role for each kind of caller: row-level security and grants (policies.sql) are written for these.

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['tepai_owner', 'tepai_internal'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        END IF;
    END LOOP;
    FOREACH name IN ARRAY ARRAY['tepai_public', 'tepai_city', 'tepai_county', 'tepai_enterprise', 'tepai_specialist',
                                'tepai_worker'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', name);
        END IF;
        -- Bounds of one statement, one lock wait and one idle transaction: the caller's own deadline is 6 s.
        EXECUTE format('ALTER ROLE %I SET statement_timeout = ''5s''', name);
        EXECUTE format('ALTER ROLE %I SET lock_timeout = ''2s''', name);
        EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''10s''', name);
        EXECUTE format('ALTER ROLE %I SET search_path = api, pg_temp', name);
        EXECUTE format('ALTER ROLE %I SET timezone = ''UTC''', name);
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), name);
    END LOOP;
    -- An administrator who may create roles but is no superuser acts as the owner by being its member.
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('GRANT tepai_owner TO %I', current_user);
    END IF;
    EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END
$$;

-- A specialist reads narrower views of the same names; what has no narrower one is found in api.
ALTER ROLE tepai_specialist SET search_path = api_specialist, api, pg_temp;

-- The owner hands functions over to the internal role, so it must be a member of it.
GRANT tepai_internal TO tepai_owner;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION tepai_owner;
CREATE SCHEMA IF NOT EXISTS api AUTHORIZATION tepai_owner;
CREATE SCHEMA IF NOT EXISTS api_specialist AUTHORIZATION tepai_owner;
GRANT USAGE ON SCHEMA app, api
    TO tepai_public, tepai_city, tepai_county, tepai_enterprise, tepai_specialist, tepai_worker;
GRANT USAGE ON SCHEMA api_specialist TO tepai_specialist;
GRANT USAGE, CREATE ON SCHEMA app TO tepai_internal;
