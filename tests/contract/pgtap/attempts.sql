-- What no serving role may do, whatever statement reaches it: each of these is tried as each role.
BEGIN;
SELECT no_plan();

SELECT is(tried(rolname, 'SELECT app.now()'), 'done', role || ' may do something at all') FROM serving;

CREATE TEMPORARY TABLE attempt (statement text);
INSERT INTO attempt VALUES
    -- records of what happened
    ('UPDATE app.event SET operation = ''x'''),
    ('DELETE FROM app.event'),
    ('TRUNCATE app.event'),
    ('INSERT INTO app.event (operation, subject_type, subject_id, op, subject_version, changes_sha256, seen_by,'
     ' seen_by_before) VALUES (''x'', ''demand'', gen_random_uuid(), ''upsert'', 1, '''', ''{}'', ''{}'')'),
    ('UPDATE app.feed SET hash = '''''),
    ('DELETE FROM app.feed'),
    ('UPDATE app.review SET opinion = ''x'''),
    ('DELETE FROM app.review'),
    ('UPDATE app.disclosure SET purpose = ''x'''),
    ('DELETE FROM app.disclosure'),
    ('DELETE FROM app.demand'),
    ('DELETE FROM app.enterprise'),
    ('DELETE FROM app.application'),
    ('DELETE FROM app.account'),
    ('DELETE FROM app.idempotency'),
    -- what one may and what the rules are
    ('UPDATE app.account SET is_admin = true'),
    ('UPDATE app.policy SET "values" = ''[]'''),
    ('UPDATE app.policy SET valid_to = ''2099-12-31'''),
    ('UPDATE app.policy SET decided_by = NULL'),
    ('UPDATE app.lifecycle SET who = ''public'''),
    ('UPDATE app.allowed_step SET steps = ''{}'''),
    ('INSERT INTO app.sandbox_clock VALUES (true, ''1 day'')'),
    ('INSERT INTO app.specialist (code) VALUES (''x'')'),
    -- secrets
    ('SELECT password_hash FROM app.account'),
    ('SELECT phone FROM app.account'),
    ('SELECT token_hash FROM app.link'),
    ('SELECT hash FROM app.refresh_token'),
    ('SELECT hash FROM app.client_secret'),
    ('SELECT jti FROM app.client_assertion'),
    ('DELETE FROM app.client_token'),
    ('UPDATE app.client SET scopes = ''{demand:write}'''),
    ('SELECT key FROM app.sign_in_attempt'),
    ('SELECT * FROM app.account_factor'),
    -- triggers, row security, and other people's rights
    ('SET session_replication_role = replica'),
    ('SELECT set_config(''session_replication_role'', ''replica'', true)'),
    ('ALTER TABLE app.demand DISABLE TRIGGER ALL'),
    ('ALTER TABLE app.demand DISABLE TRIGGER demand_event'),
    ('ALTER TABLE app.demand DISABLE ROW LEVEL SECURITY'),
    ('ALTER TABLE app.demand NO FORCE ROW LEVEL SECURITY'),
    ('DROP POLICY city ON app.demand'),
    ('DROP TRIGGER demand_event ON app.demand'),
    ('GRANT tepai_owner TO CURRENT_USER'),
    ('ALTER ROLE CURRENT_USER BYPASSRLS'),
    ('SET ROLE tepai_owner'),
    ('SET ROLE tepai_internal'),
    -- objects of one's own, and the world outside
    ('CREATE TABLE app.x (a int)'),
    ('CREATE TABLE api.x (a int)'),
    ('CREATE TABLE public.x (a int)'),
    ('CREATE TEMPORARY TABLE x (a int)'),
    ('CREATE SCHEMA x'),
    ('CREATE FUNCTION api.x() RETURNS int LANGUAGE sql AS ''SELECT 1'''),
    ('CREATE EXTENSION dblink'),
    ('COPY (SELECT 1) TO PROGRAM ''true'''),
    ('COPY (SELECT 1) TO ''/tmp/x'''),
    ('SELECT pg_read_file(''/etc/passwd'')'),
    ('SELECT lo_import(''/etc/passwd'')'),
    ('SELECT setval(pg_get_serial_sequence(''app.lifecycle'', ''no''), 1)'),
    ('SELECT app.account_bind_enterprise()'),
    ('LOCK TABLE app.demand IN ACCESS EXCLUSIVE MODE');

SELECT is(tried(rolname, statement), '42501', role || ': ' || statement) FROM serving CROSS JOIN attempt;

-- Turning row security off does not widen a query: it refuses it.
SELECT is(tried(s.rolname, format('SET LOCAL row_security = off; SELECT %I FROM app.%I LIMIT 1', a.attname, t.relname)),
          '42501', format('%s reads %s no further without row security', s.role, t.relname))
FROM app_table t CROSS JOIN serving s
CROSS JOIN LATERAL (SELECT attname FROM pg_attribute c
                    WHERE c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
                      AND has_column_privilege(s.oid, t.oid, c.attnum, 'SELECT') LIMIT 1) a
WHERE NOT t.is_house;

SELECT * FROM finish();
ROLLBACK;
