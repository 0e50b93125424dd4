-- The roles themselves: none has powers of its own, none is a member of another, each wait of theirs ends.
BEGIN;
SELECT no_plan();

SELECT set_eq('SELECT role FROM serving',
              ARRAY['public', 'city', 'county', 'enterprise', 'specialist', 'worker'], 'the serving roles');
SELECT ok(NOT (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication), rolname || ' has no powers')
FROM pg_roles WHERE rolname LIKE 'tepai\_%';
SELECT ok(NOT rolcanlogin, rolname || ' does not sign in') FROM pg_roles
WHERE rolname IN ('tepai_owner', 'tepai_internal');
SELECT ok(NOT r.rolinherit AND NOT EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid),
          r.rolname || ' is a member of nothing')
FROM serving s JOIN pg_roles r USING (oid);
SELECT ok(r.rolconfig @> '{statement_timeout=5s,lock_timeout=2s,idle_in_transaction_session_timeout=10s}',
          r.rolname || ' has deadlines')
FROM serving s JOIN pg_roles r USING (oid);

SELECT is_empty(
    $$ SELECT rolname, nspname FROM serving s CROSS JOIN pg_namespace n
       WHERE has_schema_privilege(s.oid, n.oid, 'CREATE') AND nspname NOT LIKE 'pg\_temp%' $$,
    'nobody who serves creates anything anywhere');
-- The database that tepaid migrated, of which this is a copy.
SELECT ok(NOT has_database_privilege(oid, current_setting('tap.migrated'), p.word), role || ' has no ' || p.word)
FROM serving CROSS JOIN unnest(ARRAY['TEMPORARY', 'CREATE']) AS p(word);
SELECT is_empty('SELECT parname FROM pg_parameter_acl', 'nobody may set what only an administrator sets');

SELECT * FROM finish();
ROLLBACK;
