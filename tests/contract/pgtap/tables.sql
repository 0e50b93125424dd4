-- Row security is on for every table whose rows belong to somebody, for its owner too; views ask as their reader;
-- functions that ask as somebody else are closed.
BEGIN;
SELECT no_plan();

SELECT ok((relrowsecurity AND relforcerowsecurity) <> is_house,
          format('row security of %s is %s', relname, CASE WHEN is_house THEN 'off' ELSE 'on and forced' END))
FROM app_table;
SELECT is((SELECT rolname FROM pg_roles r WHERE r.oid = relowner), 'tepai_owner', relname || ' belongs to the owner')
FROM pg_class
WHERE relnamespace IN ('app'::regnamespace, 'api'::regnamespace, 'api_specialist'::regnamespace)
  AND relkind IN ('r', 'p', 'v', 'S');
SELECT is_empty(
    $$ SELECT nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
       WHERE relkind IN ('r', 'p', 'm', 'f') AND nspname NOT IN ('app', 'pg_catalog', 'information_schema')
         AND nspname NOT LIKE 'pg\_t%' $$,
    'no table stands outside app');
SELECT ok(coalesce(reloptions && '{security_invoker=true}', false), relname || ' asks as its reader')
FROM pg_class WHERE relkind = 'v' AND relnamespace IN ('app'::regnamespace, 'api'::regnamespace,
                                                       'api_specialist'::regnamespace);

-- A policy is for named roles and asks for a fact. That a server sees which migrations there are is the one exception;
-- the parts of a file follow the file.
SELECT is_empty($$ SELECT polrelid::regclass, polname FROM pg_policy WHERE 0 = ANY (polroles) $$,
                'no policy is for everybody');
SELECT is_empty($$ SELECT polrelid::regclass, polname FROM pg_policy WHERE NOT polpermissive $$,
                'policies are of one kind, so that their sum is what is allowed');
SELECT set_eq(
    $$ SELECT tablename || ' ' || policyname FROM pg_policies
       WHERE schemaname = 'app' AND NOT roles && '{tepai_internal}'
         AND coalesce(qual, '') || coalesce(with_check, '') !~ '(fact|my_words|my_side|key_scope|handles_applications)\('
    $$,
    ARRAY['migration version', 'attachment_part readers'], 'policies that ask for no fact');

SELECT is(p.proowner::regrole::text, 'tepai_internal', p.oid::regprocedure || ' runs as the internal role')
FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = 'app'::regnamespace;
SELECT is_empty(
    $$ SELECT oid::regprocedure FROM pg_proc WHERE prosecdef AND pronamespace NOT IN ('app'::regnamespace,
       'pg_catalog'::regnamespace) $$, 'no function outside app runs as somebody else');
SELECT is_empty(
    $$ SELECT oid::regprocedure FROM pg_proc WHERE prosecdef AND pronamespace = 'app'::regnamespace
       AND proconfig IS DISTINCT FROM '{"search_path=app, pg_temp"}' $$, 'their names cannot be taken over');
-- What makes values of a range type is PostgreSQL's own and only joins two values; nobody else can close it.
SELECT is_empty(
    $$ SELECT p.oid::regprocedure FROM pg_proc p
       CROSS JOIN LATERAL aclexplode(coalesce(proacl, acldefault('f', proowner))) a
       WHERE pronamespace = 'app'::regnamespace AND a.grantee = 0 AND a.privilege_type = 'EXECUTE'
         AND prolang <> (SELECT oid FROM pg_language WHERE lanname = 'internal') $$,
    'no function is everybody''s');

SELECT * FROM finish();
ROLLBACK;
