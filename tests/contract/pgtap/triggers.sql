-- A resource is a table with a version. Each writes its events and its stamp, each with a status has a life, and nobody
-- who serves can go past that.
BEGIN;
SELECT no_plan();

CREATE TEMPORARY VIEW resource AS
SELECT t.oid, t.relname,
       EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'status' AND NOT a.attisdropped)
           AS has_life
FROM app_table t
WHERE t.relname <> 'migration'
  AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'version' AND NOT a.attisdropped);

SELECT set_eq('SELECT relname::text FROM resource',
              ARRAY['account', 'agreement', 'application', 'attachment', 'bank_account', 'call', 'client', 'demand',
                    'dictionary_entry', 'disclosure', 'dispatch_line', 'dispatch_list', 'dispatch_notice', 'enterprise',
                    'institution', 'intention', 'issue', 'match', 'match_round', 'obligation', 'placement', 'policy',
                    'service_offer', 'specialist'],
              'the resources');
SELECT trigger_is('app'::name, relname, relname || '_event'::name, 'app'::name, 'event_write'::name,
                  relname || ' writes events')
FROM resource;
-- A row trigger (1) that comes after (not 2) an INSERT (4), a DELETE (8) and an UPDATE (16), and is not switched off.
SELECT is((SELECT g.tgtype::int || g.tgenabled::text FROM pg_trigger g
           WHERE g.tgrelid = r.oid AND g.tgfoid = 'app.event_write'::regproc),
          '29O', r.relname || ' writes an event for each changed row')
FROM resource r;
SELECT is((SELECT bit_or(g.tgtype::int) FROM pg_trigger g
           WHERE g.tgrelid = r.oid AND g.tgfoid = 'app.stamp'::regproc AND g.tgenabled = 'O') & 31,
          1 | 2 | 4 | 16, r.relname || ' is stamped before')
FROM resource r;
SELECT is((SELECT g.tgtype & 31 FROM pg_trigger g
           WHERE g.tgrelid = r.oid AND g.tgfoid = 'app.lifecycle_guard'::regproc AND g.tgenabled = 'O'),
          1 | 2 | 4 | 16, r.relname || ' moves by its lifecycle alone')
FROM resource r WHERE has_life;

SELECT is_empty($$ SELECT tgrelid::regclass, tgname FROM pg_trigger g JOIN app_table t ON t.oid = g.tgrelid
                   WHERE NOT tgisinternal AND tgenabled <> 'O' $$, 'no trigger is switched off');

SELECT * FROM finish();
ROLLBACK;
