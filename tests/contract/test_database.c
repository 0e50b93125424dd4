/* What the database owes by itself, whatever the service above it does wrong, as far as facts, events and the contract
 * are needed to ask for it. Roles, grants, row security and triggers are asked for in pgtap/. */
#include "as_role.h"
#include "harness.h"

#include <stdlib.h>

/* Runs a query whose every row is a fault: "what is wrong". */
static void no_rows(const char *query)
{
    const char *found = sql("SELECT string_agg(x::text, '; ') FROM (%s) AS f(x)", query);
    check_note(found == NULL, "database", 0, found == NULL ? query : found);
}

/* Tables whose rows belong to nobody: the lifecycle and what is made of it, public in any case, and the clock. */
#define HOUSE "('lifecycle', 'allowed_step', 'sandbox_clock')"

/* The narrower views have the very columns of the wide ones, or one statement could not serve both. */
static void narrow_views_have_the_same_columns(void)
{
    no_rows("SELECT n.table_name || '.' || coalesce(n.column_name, w.column_name) FROM (SELECT * FROM"
            " information_schema.columns WHERE table_schema = 'api_specialist') n FULL JOIN (SELECT * FROM"
            " information_schema.columns WHERE table_schema = 'api' AND table_name IN (SELECT table_name FROM"
            " information_schema.views WHERE table_schema = 'api_specialist')) w USING (table_name, ordinal_position)"
            " WHERE (n.column_name, n.udt_name) IS DISTINCT FROM (w.column_name, w.udt_name)");
}

/* row.c writes these types and no others. */
static void views_have_plain_types(void)
{
    no_rows("SELECT table_schema || '.' || table_name || '.' || column_name FROM information_schema.columns"
            " WHERE table_schema IN ('api', 'api_specialist') AND udt_name NOT IN"
            " ('text', 'uuid', 'int4', 'int8', 'bool', 'date', 'timestamptz', 'json', 'jsonb')");
}

static void only_the_language_is_installed(void)
{
    no_rows("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'");
    no_rows("SELECT lanname FROM pg_language WHERE lanname NOT IN ('internal', 'c', 'sql', 'plpgsql')");
}

/* Every foreign key names its column, so that a refusal can point at it. */
static void constraints_are_named_for_their_column(void)
{
    no_rows("SELECT c.conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid WHERE c.contype = 'f' AND"
            " c.connamespace = 'app'::regnamespace AND c.conname <> t.relname || '_' || (SELECT string_agg(attname,"
            " '_' ORDER BY array_position(c.conkey, a.attnum)) FROM pg_attribute a WHERE a.attrelid = c.conrelid AND "
            "a.attnum = ANY (c.conkey)) || '_fkey'");
    no_rows("SELECT i.indexrelid::regclass FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON"
            " x.oid = i.indexrelid WHERE i.indisunique AND t.relnamespace = 'app'::regnamespace AND x.relname NOT LIKE"
            " t.relname || '\\_%key'");
}

static void each_role(void (*test)(enum db_role role, PGconn *conn))
{
    for (enum db_role role = 0; role < DB_ROLES; role++) {
        PGconn *conn = role_open(role);
        test(role, conn);
        PQfinish(conn);
    }
}

static void expect_value(enum db_role role, const char *got, const char *want, const char *what)
{
    bool good = strcmp(got, want) == 0;
    check_note(good, db_role_names[role], 0, what);
    if (!good) printf("    got %s, want %s\n", got, want);
}

#define EACH_TABLE "SELECT string_agg(oid::regclass::text, ',' ORDER BY relname) FROM pg_class WHERE "

static void table_is_empty(enum db_role role, PGconn *conn, const char *table)
{
    if (role == DB_WORKER && strcmp(table, "app.migration") == 0) return; /* a server looks there before it serves */
    const char *count = role_sql(conn, "SELECT count(*) FROM %s", table);
    check_note(strcmp(count, "0") == 0 || strcmp(count, "!42501") == 0, db_role_names[role], 0, table);
}

/* No facts, no rows: a forgotten facts statement shows nothing. */
static void nothing_is_seen(enum db_role role, PGconn *conn)
{
    char list[4096];
    snprintf(list, sizeof list, "%s",
             sql(EACH_TABLE "relkind IN ('r', 'p', 'v') AND relnamespace IN ('app'::regnamespace,"
                            " 'api'::regnamespace, 'api_specialist'::regnamespace) AND relname NOT IN " HOUSE));
    for (char *rest = list, *table; (table = strsep(&rest, ",")) != NULL;) table_is_empty(role, conn, table);
    no_rows("SELECT 'the tables are empty for their owner too' WHERE NOT EXISTS (SELECT FROM app.demand)");
}

static void without_facts_nothing_is_seen(void)
{
    each_role(nothing_is_seen);
}

#define NOWHERE_CLIENT "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000"

/* Facts that the caller makes up himself do not make him another role: a session of the account is needed. */
static void facts_are_proven(enum db_role role, PGconn *conn)
{
    const char *account = sql("SELECT id FROM app.account WHERE role = '%s' AND status = 'active' LIMIT 1",
                              role == DB_CITY ? "county" : "city");
    const char *session = sql("WITH s AS (INSERT INTO app.session (id, account_id, expires_at, ends_at) VALUES"
                              " (gen_random_uuid(), '%s', now() + interval '1 hour', now() + interval '1 hour')"
                              " RETURNING id) SELECT id FROM s",
                              account);
    expect_value(role, role_sql(conn, "SELECT app.facts('test', '%s', '%s')", account, session), "!TP401",
                 "an account of another role");
    expect_value(role, role_sql(conn, "SELECT app.facts('test', '%s', gen_random_uuid())", account), "!TP401",
                 "a session that is not there");
    expect_value(
        role,
        role_sql(conn, "SELECT app.facts('test', NULL, NULL, NULL, NULL, (SELECT '%s'::uuid), NULL)",
                 role == DB_COUNTY ? NOWHERE_CLIENT : sql("SELECT id FROM app.client WHERE status = 'active' LIMIT 1")),
        "!TP401", "a machine of another role, or none");
    if (role != DB_PUBLIC)
        expect_value(role, role_sql(conn, "SELECT app.facts('test', NULL, NULL)"), "!TP401",
                     "nobody on a role's connection");
}

static void facts_need_a_live_session(void)
{
    each_role(facts_are_proven);
}

/* For one reader and room: the rows its policies show against the rows whose last event names the reader. */
static void compare_audience(PGconn *conn, const char *login, const char *room, const char *words)
{
#define IDS "count(*) || ' rows, ' || md5(coalesce(string_agg(id::text, ',' ORDER BY id), ''))"
    /* Of a file its owner hears; other readers of its record hear of the record. Of a demand that left the open list a
     * matched person reads the record, and hears of the match. */
    const char *own = strcmp(room, "attachment") == 0 ? "WHERE owner = ANY (app.my_words())"
                      : strcmp(room, "demand") == 0   ? "WHERE app.my_side() <> 'specialist' OR status = 'open'"
                                                      : "";
    char visible[120], place[120];
    role_sql(conn, "SAVEPOINT room");
    snprintf(visible, sizeof visible, "%s", role_sql(conn, "SELECT " IDS " FROM app.%s %s", room, own));
    role_sql(conn, "ROLLBACK TO room");
    if (strcmp(visible, "!42501") == 0) /* no grant shows as little as no row */
        snprintf(visible, sizeof visible, "%s", sql("SELECT " IDS " FROM app.event WHERE false"));
    snprintf(place, sizeof place, "%s reads %s", login, room);
    const char *told =
        sql("WITH last AS (SELECT DISTINCT ON (subject_id) subject_id AS id, seen_by FROM app.event WHERE"
            " subject_type = '%s' ORDER BY subject_id, subject_version DESC) SELECT " IDS
            " FROM last WHERE seen_by && '%s'::text[]",
            room, words);
    check_note(strcmp(visible, told) == 0, place, 0, "audience");
    if (strcmp(visible, told) != 0) printf("    rows show %s, events %s\n", visible, told);
#undef IDS
}

static void compare_reader(const char *login)
{
    static const char *const rooms[] = {
        "policy",     "disclosure",   "institution", "enterprise",      "call",          "demand",      "account",
        "attachment", "bank_account", "issue",       "dispatch_list",   "dispatch_line", "match_round", "match",
        "agreement",  "client",       "intention",   "dispatch_notice", "placement",     "obligation"};
    char words[400];
    const char *account = sql("SELECT id FROM app.account WHERE login_name = '%s'", login);
    PGconn *conn = role_open(role_serving(sql("SELECT role FROM app.account WHERE login_name = '%s'", login)));
    role_begin_as(conn, account);
    snprintf(words, sizeof words, "%s", role_sql(conn, "SELECT app.my_words()"));
    CHECK(words[0] == '{' && words[1] != '}');
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) compare_audience(conn, login, rooms[i], words);
    PQfinish(conn);
}

/* seen_by says once more what the policies say; for the rows of the demo programme and all its readers they agree. */
static void events_are_seen_by_whom_rows_are(void)
{
    char list[8192];
    snprintf(list, sizeof list, "%s",
             sql("SELECT string_agg(login_name, ',' ORDER BY login_name) FROM app.account WHERE"
                 " status = 'active'"));
    int readers = 0;
    for (char *rest = list, *login; (login = strsep(&rest, ",")) != NULL; readers++) compare_reader(login);
    CHECK(readers >= 60);
}

/* Every row has as many events as versions, numbered without a gap. */
static void versions_are_events(void)
{
    static const char *const rooms[] = {"policy",        "disclosure",       "account",   "attachment",
                                        "institution",   "enterprise",       "call",      "demand",
                                        "bank_account",  "dictionary_entry", "issue",     "dispatch_list",
                                        "dispatch_line", "match_round",      "match",     "client",
                                        "intention",     "dispatch_notice",  "placement", "obligation"};
    char query[700];
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        snprintf(query, sizeof query,
                 "SELECT r.id FROM app.%s r WHERE r.version <> (SELECT count(*) FROM app.event e WHERE e.subject_type ="
                 " '%s' AND e.subject_id = r.id) OR r.version <> (SELECT max(e.subject_version) FROM app.event e WHERE"
                 " e.subject_type = '%s' AND e.subject_id = r.id)",
                 rooms[i], rooms[i], rooms[i]);
        no_rows(query);
    }
}

/* Every present status was reached by rows of the lifecycle, event by event. */
static void statuses_were_reached_by_steps(void)
{
    no_rows("SELECT e.subject_type || ' ' || coalesce(e.changes #>> '{status,old}', '-') || ' ' || (e.changes #>>"
            " '{status,new}') FROM app.event e WHERE e.changes ? 'status' AND NOT EXISTS (SELECT FROM app.lifecycle l"
            " WHERE l.resource = e.subject_type AND l.from_state = coalesce(e.changes #>> '{status,old}', '-') AND"
            " l.to_state = e.changes #>> '{status,new}')");
}

static void personal_columns_have_no_values_in_events(void)
{
    no_rows(
        "SELECT e.subject_type || '.' || c.key FROM app.event e CROSS JOIN jsonb_each(e.changes) c WHERE c.key IN"
        " ('phone', 'contact_phone', 'contact_name', 'contact_email', 'legal_representative', 'display_name',"
        " 'email', 'password_hash', 'file_name', 'note', 'conflict', 'decline_reason', 'rank') AND c.value <> '{}'");
    no_rows("SELECT DISTINCT c.key FROM app.event e CROSS JOIN jsonb_each(e.changes) c WHERE c.key LIKE '%\\_masked'"
            " OR c.key LIKE '%\\_index' OR c.key IN ('grams', 'side', 'shown')");
    no_rows("SELECT 'no event names a personal column, so nothing was tried' WHERE NOT EXISTS (SELECT FROM app.event"
            " WHERE changes ? 'contact_phone')");
    no_rows("SELECT 'the digest is not that of the changes' FROM app.event WHERE changes_sha256 <>"
            " encode(sha256(convert_to(changes::text, 'UTF8')), 'hex') LIMIT 1");
}

static const json_t *resolve(const json_t *node)
{
    const char *ref = json_string_value(json_object_get(node, "$ref"));
    const json_t *at = contract_document();
    if (ref == NULL) return node;
    char *copy = strdup(ref + 2), *rest = copy, *word;
    while ((word = strsep(&rest, "/")) != NULL) at = json_object_get(at, word);
    free(copy);
    return at;
}

/* Members of a schema that are marked x-personal, through $ref and allOf. */
static void personal_members(const json_t *schema, json_t *names)
{
    const json_t *node = resolve(schema), *part;
    const char *name;
    json_t *member;
    size_t i;
    json_object_foreach (json_object_get(node, "properties"), name, member) {
        bool marked = json_object_get(resolve(member), "x-personal") != NULL || json_object_get(member, "x-personal");
        if (marked) json_object_set_new(names, name, json_true());
    }
    json_array_foreach (json_object_get(node, "allOf"), i, part) personal_members(part, names);
}

static bool has_member(const json_t *schema, const char *name)
{
    const json_t *node = resolve(schema), *part;
    size_t i;
    if (json_object_get(json_object_get(node, "properties"), name) != NULL) return true;
    json_array_foreach (json_object_get(node, "allOf"), i, part) {
        if (has_member(part, name)) return true;
    }
    return false;
}

/* What an event may say of a table's columns, as resource.member separated by commas. */
static const char *told_members(void)
{
    return sql(
        "SELECT string_agg(c.relname || '.' || k, ',') FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid"
        " CROSS JOIN LATERAL jsonb_object_keys(app.row_changes('{\"id\": 0}', (SELECT jsonb_object_agg(a.attname,"
        " '2026-01-01T00:00:00Z') FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT"
        " a.attisdropped), '{}')) k WHERE g.tgname LIKE '%%\\_event' AND c.relnamespace = 'app'::regnamespace");
}

/* What no schema has: whose a record is, which its readers see by what it is about; what an invitation and a password
 * leave behind; what was taken over from an application; and what only machines have until their administration is in
 * the contract. */
static bool is_told_beside(const char *pair)
{
    static const char *const beside[] = {
        "account.specialist_id",    "account.invited_at",        "account.password_changed_at", "account.password_hash",
        "disclosure.specialist_id", "dispatch_list.unit_ids",    "intention.enterprise_id",     "issue.enterprise_id",
        "issue.specialist_id",      "specialist.bank_account_no"};
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
        if (strcmp(beside[i], pair) == 0) return true;
    }
    return strncmp(pair, "client.", 7) == 0;
}

/* What a timeline says changed is a member that the contract knows: of the record, of its line in a list, or of what
 * makes it. */
static void changes_name_members(void)
{
    static const char *const endings[] = {"", "Item", "Create", "Patch"};
    const json_t *schemas = json_object_get(json_object_get(contract_document(), "components"), "schemas");
    char *list = strdup(told_members()), *rest = list, *pair;
    while ((pair = strsep(&rest, ",")) != NULL) {
        if (is_told_beside(pair)) continue;
        char *member = strchr(pair, '.');
        *member++ = '\0';
        const char *camel = sql("SELECT replace(initcap(replace('%s', '_', ' ')), ' ', '')", pair);
        bool known = false;
        for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
            char schema[80];
            snprintf(schema, sizeof schema, "%s%s", camel, endings[i]);
            known |= has_member(json_object_get(schemas, schema), member);
        }
        check_note(known, pair, 0, member);
    }
    free(list);
}

static void compare_personal(const char *room, const char *schema)
{
    json_t *names = json_object();
    const char *name, *given = sql("SELECT (regexp_match(pg_get_triggerdef(oid), $$'%s', '([a-z_,]*)'$$))[1] FROM"
                                   " pg_trigger WHERE tgname = '%s_event'",
                                   room, room);
    json_t *value;
    personal_members(
        json_object_get(json_object_get(json_object_get(contract_document(), "components"), "schemas"), schema), names);
    json_object_foreach (names, name, value) {
        const char *held = sql("SELECT 1 WHERE '%s' = ANY (string_to_array('%s', ','))", name, given);
        check_note(held != NULL, room, 0, name);
    }
    const char *rest = sql("SELECT count(*) FROM unnest(string_to_array('%s', ',')) AS c(c) WHERE c NOT IN ('',"
                           " 'password_hash', 'id_no_birth_on', 'id_no_gender', 'versions', 'consent')",
                           given);
    check_note(atoi(rest) == (int)json_object_size(names), room, 0,
               "columns given to the event trigger are the marked ones");
    json_decref(names);
}

/* What the contract marks as personal is what the event trigger is told, and the reverse. */
static void personal_marks_agree(void)
{
    compare_personal("enterprise", "EnterpriseCreate");
    compare_personal("bank_account", "BankAccountCreate");
    compare_personal("dispatch_line", "DispatchLineCreate");
    compare_personal("issue", "IssueCreate");
    compare_personal("institution", "InstitutionCreate");
    compare_personal("demand", "DemandCreate");
    compare_personal("account", "AccountRegister");
    compare_personal("call", "CallCreate");
    compare_personal("disclosure", "DisclosureCreate");
    compare_personal("application", "ApplicationCreate");
    compare_personal("attachment", "AttachmentCreate");
    compare_personal("obligation", "ObligationExtend");
}

/* Foreign keys look behind the policies, so a reference to another's record must be refused by a rule before. */
static void sealed_columns_hold_no_plain_text(void)
{
    no_rows("SELECT id FROM app.enterprise WHERE contact_phone IS NOT NULL AND (length(contact_phone) < 40 OR"
            " position(convert_to('139', 'UTF8') IN contact_phone) > 0 AND position(convert_to('13900', 'UTF8') IN"
            " contact_phone) > 0)");
    no_rows("SELECT id FROM app.account WHERE phone IS NOT NULL AND phone_masked !~ '[*]{4}'");
    no_rows("SELECT id FROM app.demand WHERE contact_phone IS NOT NULL AND contact_phone_masked !~ '[*]{4}'");
}

int main(void)
{
    harness_open();
    RUN(narrow_views_have_the_same_columns);
    RUN(views_have_plain_types);
    RUN(only_the_language_is_installed);
    RUN(constraints_are_named_for_their_column);
    RUN(without_facts_nothing_is_seen);
    RUN(facts_need_a_live_session);
    RUN(events_are_seen_by_whom_rows_are);
    RUN(versions_are_events);
    RUN(statuses_were_reached_by_steps);
    RUN(personal_columns_have_no_values_in_events);
    RUN(personal_marks_agree);
    RUN(changes_name_members);
    RUN(sealed_columns_hold_no_plain_text);
    return harness_close();
}
