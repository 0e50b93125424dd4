/* Pipelines against a real server, with statements and a table of the program's own: what fails, where, and that
 * nothing of it stays; success only once it is committed. The states of PostgreSQL as problems stand here too, for no
 * result with a state can be made without a server. */
#include "check.h"
#include "config.h"
#include "db.h"
#include "log.h"
#include "sqlstate.h"

#include <stdlib.h>

struct sql_text {
    const char *name, *room, *sql;
};
const struct sql_text sql_statements[] = {
    {"keep", "probe", "INSERT INTO app.probe (id) VALUES (:id::integer)"},
    {"keep_late", "probe", "INSERT INTO app.probe (id, other) VALUES (:id::integer, -1)"},
    {"fail", "probe", "SELECT 1 / (:id::integer - :id::integer)"},
    {"echo", "probe", "SELECT :text::text || :text::text AS twice"},
    {"raise", "probe", "SELECT app.probe_raise(:state)"},
    {NULL, NULL, NULL},
};
const int sql_statement_count = 5;

#define MANY (10 << 20)

static PGconn *owner;

static const char *ask(const char *text)
{
    static char answer[64];
    PGresult *r = PQexec(owner, text);
    snprintf(answer, sizeof answer, "%s", PQntuples(r) > 0 ? PQgetvalue(r, 0, 0) : "");
    CHECK(PQresultStatus(r) == PGRES_TUPLES_OK || PQresultStatus(r) == PGRES_COMMAND_OK);
    PQclear(r);
    return answer;
}

static struct db *city(void)
{
    struct db *db = NULL;
    db_request_begins();
    CHECK(db_take(DB_CITY, &db) == OK);
    return db;
}

static struct query query(const char *name, const char *const *values)
{
    return (struct query){.statement = statement_find(name), .values = values};
}

static const char *const one[] = {"1"}, *const two[] = {"2"};

/* The connection serves on, and no more than `rows` have been kept. */
static void check_after(const char *rows)
{
    struct answers a;
    struct query q = query("echo", (const char *const[]){"ab"});
    CHECK_TEXT(ask("SELECT count(*) FROM app.probe"), rows);
    CHECK(db_run(city(), &q, 1, &a) == OK);
    CHECK_TEXT(PQgetvalue(a.results[0], 0, 0), "abab");
    db_clear(&a);
    ask("TRUNCATE app.probe");
}

static void an_error_anywhere_takes_all_back(void)
{
    for (int at = 0; at < 3; at++) {
        struct answers a;
        struct query queries[] = {query("keep", one), query("keep", two), query("keep", (const char *const[]){"3"})};
        queries[at] = query("fail", one);
        CHECK(db_run(city(), queries, 3, &a) == INTERNAL_ERROR);
        CHECK(a.failed == at);
        db_clear(&a);
        check_after("0");
    }
}

static void the_sync_commits(void)
{
    struct answers a;
    struct query queries[] = {query("keep", one), query("keep", two)};
    CHECK(db_run(city(), queries, 2, &a) == OK);
    CHECK(a.failed == -1 && a.count == 2);
    db_clear(&a);
    check_after("2");
}

/* A deferred constraint speaks when all rows have been read already. */
static void a_late_error_is_heard(void)
{
    struct answers a;
    struct query late = query("keep_late", one);
    CHECK(db_run(city(), &late, 1, &a) == REFERENCE_NOT_FOUND);
    db_clear(&a);
    check_after("0");
    bool lost;
    struct db *db = city();
    CHECK(db_begin(db, &late, 1, &a) == OK && a.failed == -1);
    CHECK(db_end(db, true, NULL, &lost) == REFERENCE_NOT_FOUND && !lost);
    db_clear(&a);
    check_after("0");
}

static void a_write_is_kept_or_not(void)
{
    for (int keep = 0; keep < 2; keep++) {
        bool lost;
        struct answers a;
        struct db *db = city();
        struct query first = query("keep", one), last = query("keep", two);
        CHECK(db_begin(db, &first, 1, &a) == OK && a.failed == -1);
        CHECK_TEXT(ask("SELECT count(*) FROM app.probe"), "0");
        CHECK(db_end(db, keep, keep ? &last : NULL, &lost) == OK);
        db_clear(&a);
        check_after(keep ? "2" : "0");
    }
}

static void a_refused_write_can_be_ended(void)
{
    bool lost;
    struct answers a;
    struct db *db = city();
    struct query queries[] = {query("keep", one), query("fail", one), query("keep", two)};
    CHECK(db_begin(db, queries, 3, &a) == OK && a.failed == 1 && a.results[2] == NULL);
    CHECK(db_end(db, false, NULL, &lost) == OK && !lost);
    db_clear(&a);
    check_after("0");
}

static void a_refused_last_query_takes_all_back(void)
{
    bool lost;
    struct answers a;
    struct db *db = city();
    struct query first = query("keep", one), last = query("fail", one);
    CHECK(db_begin(db, &first, 1, &a) == OK);
    CHECK(db_end(db, true, &last, &lost) == INTERNAL_ERROR && !lost);
    db_clear(&a);
    check_after("0");
}

/* Client and server would wait for each other's full buffers for ever if one of them blocked. */
static void large_values_go_both_ways(void)
{
    struct answers a;
    char *large = malloc(MANY + 1);
    memset(large, 'x', MANY);
    large[MANY] = '\0';
    struct query queries[] = {query("echo", (const char *const[]){large}), query("echo", (const char *const[]){large})};
    CHECK(db_run(city(), queries, 2, &a) == OK);
    CHECK(PQgetlength(a.results[1], 0, 0) == 2 * MANY);
    db_clear(&a);
    free(large);
    check_after("0");
}

static void a_lost_commit_is_not_called_kept(void)
{
    bool lost = false;
    struct answers a;
    struct db *db = city();
    struct query first = query("keep", one);
    CHECK(db_begin(db, &first, 1, &a) == OK);
    ask("SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE usename = 'tepai_city' AND"
        " datname = current_database()");
    CHECK(db_end(db, true, NULL, &lost) == UNAVAILABLE && lost);
    db_clear(&a);
    check_after("0");
}

static void states_become_problems(void)
{
    static const struct {
        const char *state;
        fail_t problem;
    } table[] = {
        {"TP401", SESSION_ENDED},     {"TP409", WRONG_STATE},       {"22P02", VALIDATION_FAILED},
        {"22021", VALIDATION_FAILED}, {"22003", VALIDATION_FAILED}, {"22008", VALIDATION_FAILED},
        {"23502", RULE_VIOLATED},     {"23514", RULE_VIOLATED},     {"23503", REFERENCE_NOT_FOUND},
        {"23505", DUPLICATE},         {"42501", FORBIDDEN},         {"40001", CONCURRENT_CHANGE},
        {"40P01", CONCURRENT_CHANGE}, {"55P03", CONCURRENT_CHANGE}, {"57014", UNAVAILABLE},
        {"53100", UNAVAILABLE},       {"22012", INTERNAL_ERROR},    {"42P01", INTERNAL_ERROR},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct answers a;
        struct query q = query("raise", &table[i].state);
        CHECK(db_run(city(), &q, 1, &a) == table[i].problem);
        CHECK_TEXT(sqlstate_of(a.results[0]), table[i].state);
        db_clear(&a);
    }
    PGresult *without = PQmakeEmptyPGresult(NULL, PGRES_FATAL_ERROR);
    CHECK_TEXT(sqlstate_of(without), "");
    CHECK_TEXT(sqlstate_constraint(without), "");
    CHECK(sqlstate_problem(without) == UNAVAILABLE);
    PQclear(without);
    check_after("0");
}

static void make_table(void)
{
    ask("SET client_min_messages = error");
    ask("DROP TABLE IF EXISTS app.probe");
    ask("CREATE TABLE app.probe (id integer PRIMARY KEY, other integer REFERENCES app.probe DEFERRABLE INITIALLY "
        "DEFERRED)");
    ask("GRANT SELECT, INSERT ON app.probe TO tepai_city");
    ask("CREATE OR REPLACE FUNCTION app.probe_raise(state text) RETURNS void LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING ERRCODE = state; END $$");
}

int main(void)
{
    owner = PQconnectdb(getenv("TEPAI_DATABASE_URL"));
    unsetenv("TEPAI_TEST_TEMPLATE");
    if (PQstatus(owner) != CONNECTION_OK || !config_load() || !statements_load()) return 1;
    log_open(LOG_ERROR);
    make_table();
    const struct statement *s;
    for (int i = 0; (s = statement_at(i)) != NULL; i++) statement_find(s->name)->db_roles = 1U << DB_CITY;
    RUN(the_sync_commits);
    RUN(an_error_anywhere_takes_all_back);
    RUN(a_late_error_is_heard);
    RUN(a_write_is_kept_or_not);
    RUN(a_refused_write_can_be_ended);
    RUN(a_refused_last_query_takes_all_back);
    RUN(large_values_go_both_ways);
    RUN(a_lost_commit_is_not_called_kept);
    RUN(states_become_problems);
    ask("DROP TABLE app.probe");
    ask("DROP FUNCTION app.probe_raise");
    db_close_all();
    PQfinish(owner);
    return REPORT();
}
