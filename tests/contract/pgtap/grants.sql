-- Who may do what, kept by hand beside sql/policies.sql: a grant more or less than stands here is a mistake in one of
-- the two. R reads all columns, r some; a adds, w changes, d removes rows. Which rows, the policies say.
BEGIN;
SELECT no_plan();

CREATE TEMPORARY TABLE expected (relname name PRIMARY KEY, words text);
INSERT INTO expected VALUES
    -- table              public city county enterprise specialist worker, and the internal role
    ('account',          '-    r    r    r    r    -    Raw'),
    ('account_factor',   '-    -    -    -    -    -    Rawd'),
    ('agreement',        'Rw   Rw   Rw   Rw   Rw   -    Raw'),
    ('agreement_signature', 'Ra Ra  R    Ra   Ra   -    R'),
    ('agreement_version', 'R   R    R    R    R    -    Ra'),
    ('allowed_step',     'R    R    R    R    R    R    R'),
    ('application',      'rw   Raw  -    -    Raw  -    Rw'),
    ('attachment',       'R    Raw  Raw  Raw  Raw  -    Rw'),
    ('attachment_part',  'R    Rad  Rad  Rad  Rad  -    Rd'),
    ('bank_account',     '-    r    rw   ra   -    -    Rw'),
    ('call',             'r    Raw  Raw  r    r    -    Rw'),
    ('client',           '-    R    R    -    -    -    Rw'),
    ('client_assertion', '-    -    -    -    -    -    Rad'),
    ('client_secret',    '-    -    -    -    -    -    R'),
    ('client_token',     '-    -    -    -    -    -    Rad'),
    ('demand',           '-    rw   Raw  Raw  r    -    Rw'),
    ('dictionary_entry', 'R    Raw  R    R    R    R    R'),
    ('disclosure',       '-    Ra   Ra   Ra   Ra   -    R'),
    ('dispatch_line',    '-    Raw  R    -    -    -    Rw'),
    ('dispatch_list',    'r    raw  r    r    r    -    Rw'),
    ('dispatch_notice',  '-    Raw  R    R    R    -    Rw'),
    ('dispatch_notice_agreement', '-    Ra   R    R    R    -    Rw'),
    ('dispatch_notice_approval', '-    Ra   R    R    R    -    R'),
    ('enterprise',       '-    Rw   Raw  Raw  r    -    Rw'),
    ('event',            '-    R    R    R    r    -    Ra'),
    ('feed',             '-    r    r    r    r    -    Ra'),
    ('feed_head',        '-    -    -    -    -    -    Ra'),
    ('feed_mark',        '-    -    -    -    -    -    Rw'),
    ('idempotency',      'Raw  Raw  Raw  Raw  Raw  -    Rd'),
    ('institution',      '-    Raw  r    r    ra   -    R'),
    ('intention',        '-    R    raw  raw  raw  -    Rw'),
    ('issue',            '-    Raw  Raw  Raw  Raw  -    Rw'),
    ('job_run',          '-    -    -    -    -    -    Rawd'),
    ('lifecycle',        'R    R    R    R    R    R    R'),
    ('link',             'r    r    -    -    -    -    Raw'),
    ('match',            '-    Raw  R    Rw   Rw   -    Raw'),
    ('match_pair',       '-    -    -    -    -    -    Rad'),
    ('match_round',      '-    Raw  R    r    r    -    Rw'),
    ('match_need',       '-    -    -    -    -    -    Raw'),
    ('match_person',     '-    -    -    -    -    -    Raw'),
    ('match_person_field', '-  -    -    -    -    -    Rad'),
    ('match_rarity',     '-    -    -    -    -    -    Rad'),
    ('migration',        '-    -    -    -    -    R    -'),
    ('obligation',       '-    Rw   Rw   R    R    -    Raw'),
    ('operation',        '-    r    r    r    r    -    Rawd'),
    ('placement',        '-    Rw   R    R    R    -    Raw'),
    ('policy',           'R    Raw  R    R    R    R    Rw'),
    ('refresh_token',    '-    -    -    -    -    -    Rawd'),
    ('review',           'a    Ra   Ra   Ra   Ra   -    -'),
    ('sandbox_clock',    'R    R    R    R    R    R    Rw'),
    ('service_offer',    '-    R    R    R    Raw  -    Rw'),
    ('session',          '-    Rw   Rw   Rw   Rw   -    Rawd'),
    ('sign_in_attempt',  '-    -    -    -    -    -    Rawd'),
    ('specialist',       '-    Rw   r    r    Rw   -    Raw'),
    ('unit',             'R    R    R    R    R    R    R');

CREATE TEMPORARY VIEW granted AS
SELECT t.relname, string_agg(coalesce(nullif(concat(
           CASE WHEN has_table_privilege(r.oid, t.oid, 'SELECT') THEN 'R'
                WHEN has_any_column_privilege(r.oid, t.oid, 'SELECT') THEN 'r' END,
           CASE WHEN has_any_column_privilege(r.oid, t.oid, 'INSERT') THEN 'a' END,
           CASE WHEN has_any_column_privilege(r.oid, t.oid, 'UPDATE') THEN 'w' END,
           CASE WHEN has_table_privilege(r.oid, t.oid, 'DELETE') THEN 'd' END), ''), '-'), ' ' ORDER BY n.i) AS words
FROM unnest('{public,city,county,enterprise,specialist,worker,internal}'::text[]) WITH ORDINALITY AS n(role, i)
JOIN pg_roles r ON r.rolname = 'tepai_' || n.role
CROSS JOIN app_table t
GROUP BY t.relname;

SELECT is(g.words, regexp_replace(e.words, ' +', ' ', 'g'), 'grants on ' || coalesce(g.relname, e.relname))
FROM granted g FULL JOIN expected e USING (relname);

-- What was written down stays written: nobody rewrites it or removes it, and the internal role adds to it at most.
SELECT ok(NOT (has_any_column_privilege(r.oid, t.oid, 'UPDATE') OR has_table_privilege(r.oid, t.oid, 'DELETE')),
          format('%s changes nothing in %s', r.rolname, t.relname))
FROM app_table t CROSS JOIN pg_roles r
WHERE t.relname IN ('event', 'review', 'disclosure', 'feed', 'feed_head', 'lifecycle', 'migration',
                    'agreement_version', 'agreement_signature')
  AND r.rolname LIKE 'tepai\_%' AND r.rolname <> 'tepai_owner';
SELECT is(count(*), 9::bigint, 'all of these tables are there') FROM app_table
WHERE relname IN ('event', 'review', 'disclosure', 'feed', 'feed_head', 'lifecycle', 'migration',
                    'agreement_version', 'agreement_signature');
SELECT is(string_agg(r.rolname || ' ' || p.word, ', '), NULL, 'only its owner truncates, refers to or triggers on ' || t.relname)
FROM app_table t
LEFT JOIN (pg_roles r CROSS JOIN unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p(word))
    ON r.rolname LIKE 'tepai\_%' AND r.rolname <> 'tepai_owner' AND has_table_privilege(r.oid, t.oid, p.word)
GROUP BY t.relname;

-- Bytes are sealed values, their indexes and hashes. Whoever reads sealed ones may ask for their clear values by
-- disclosure_create alone; hashes of passwords, tokens and keys are nobody's.
SELECT set_eq(
    $$ SELECT format('%s.%s', t.relname, a.attname), string_agg(s.role, ' ' ORDER BY s.role)
       FROM app_table t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
       JOIN serving s ON has_column_privilege(s.oid, t.oid, a.attnum, 'SELECT')
       WHERE a.atttypid = 'bytea'::regtype OR a.attname = 'password_hash' GROUP BY 1 $$,
    $$ VALUES
    ('application.bank_account_no',       'city specialist'),
    ('application.id_no',                 'city specialist'),
    ('application.id_no_index',           'city specialist'),
    ('application.mobile',                'city specialist'),
    ('bank_account.account_no_index',     'enterprise'),
    ('demand.contact_phone',              'county enterprise'),
    ('enterprise.contact_phone',          'city county enterprise'),
    ('idempotency.body',                  'city county enterprise public specialist'),
    ('idempotency.fingerprint',           'city county enterprise public specialist'),
    ('specialist.bank_account_no',        'city specialist'),
    ('specialist.id_no_index',            'city specialist'),
    ('specialist.mobile',                 'city specialist') $$,
    'who reads sealed columns, indexes and hashes');

-- Functions that run as the internal role, and who may call them; the others follow a trigger or each other.
SELECT set_eq(
    $$ SELECT p.proname::text, string_agg(DISTINCT s.role, ' ' ORDER BY s.role)
       FROM pg_proc p JOIN serving s ON has_function_privilege(s.oid, p.oid, 'EXECUTE')
       WHERE p.prosecdef AND p.pronamespace = 'app'::regnamespace GROUP BY 1 $$,
    $$ VALUES
    ('dispatch_line_faults',    'city'),
    ('dispatch_list_fix_faults', 'city'),
    ('entry_held',              'city'),
    ('link_create',             'city'),
    ('match_create_faults',     'city'),
    ('match_round_adopt_faults', 'city'),
    ('sandbox_set_clock',       'city'),
    ('match_round_counts',      'city county'),
    ('call_search',             'city county enterprise public specialist'),
    ('dispatch_lines_shown',    'city county enterprise public specialist'),
    ('dispatch_list_private',   'city county enterprise public specialist'),
    ('facts',                   'city county enterprise public specialist worker'),
    ('account_create',          'city county enterprise specialist'),
    ('account_invite',          'city county enterprise specialist'),
    ('account_lock',            'city county enterprise specialist'),
    ('account_move',            'city county enterprise specialist'),
    ('account_update',          'city county enterprise specialist'),
    ('attachment_bind',         'city county enterprise specialist'),
    ('demand_search',           'city county enterprise specialist'),
    ('disclosure_sealed',       'city county enterprise specialist'),
    ('intention_private',       'city county enterprise specialist'),
    ('match_suggest',           'city county enterprise specialist'),
    ('specialist_takes_wishes', 'city county enterprise specialist'),
    ('wish_is_declined',        'city county enterprise specialist'),
    ('wish_is_met',             'city county enterprise specialist'),
    ('enterprise_search',       'city county enterprise specialist'),
    ('factor_remove',           'city county enterprise specialist'),
    ('institution_contact',     'city county enterprise specialist'),
    ('institution_search',      'city county enterprise specialist'),
    ('match_contact',           'city county enterprise specialist'),
    ('pair_is_proposed',        'city county enterprise specialist'),
    ('warnings_told',           'city county enterprise specialist'),
    ('issue_faults',            'city county enterprise specialist'),
    ('service_offer_search',    'city county enterprise specialist'),
    ('specialist_private',      'city county enterprise specialist'),
    ('specialist_search',       'city county enterprise specialist'),
    ('link_document',           'city public'),
    ('agreement_has_placement', 'city'),
    ('agreement_specialist_name', 'city enterprise public specialist'),
    ('agreement_standing_faults', 'city county enterprise public specialist'),
    ('applicant_differs',       'city specialist'),
    ('applicant_known',         'city specialist'),
    ('application_lives',       'city specialist'),
    ('application_search',      'city specialist'),
    ('person_barred',           'city specialist'),
    ('work_days',               'city worker'),
    ('account_activate',        'public'),
    ('account_invited',         'public'),
    ('account_register',        'public'),
    ('client_admit',            'public'),
    ('client_find',             'public'),
    ('client_give_back',        'public'),
    ('client_refused',          'public'),
    ('factor_begin',            'public'),
    ('factor_confirm',          'public'),
    ('factor_of',               'public'),
    ('factor_use',              'public'),
    ('link_answer',             'public'),
    ('password_change',         'public'),
    ('session_confirmed',       'public'),
    ('session_owner',           'public'),
    ('session_rotate',          'public'),
    ('sign_in_charge_place',    'public'),
    ('sign_in_done',            'public'),
    ('sign_in_find',            'public'),
    ('sign_in_uncharge',        'public'),
    ('match_answer_faults',     'enterprise specialist'),
    ('match_demand_hold',       'city enterprise specialist'),
    ('pair_standing_faults',    'city'),
    ('papers_hold',             'city county enterprise specialist'),
    ('demands_known',           'specialist'),
    ('event_of_own',            'specialist'),
    ('match_is_limited',        'specialist'),
    ('blobs_unused',            'worker'),
    ('feed_advance',            'worker'),
    ('feed_head_due',           'worker'),
    ('feed_head_keep',          'worker'),
    ('match_round_finish',      'worker'),
    ('match_round_keep_pairs',  'worker'),
    ('match_round_open',        'worker'),
    ('match_round_propose',     'worker'),
    ('match_round_read',        'worker'),
    ('operation_beat',          'worker'),
    ('operation_fail',          'worker'),
    ('operation_take',          'worker'),
    ('parts_unused',            'worker'),
    ('work_once',               'worker') $$,
    'who calls what runs as the internal role');

SELECT * FROM finish();
ROLLBACK;
