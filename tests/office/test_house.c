/* What the service says about itself and what everybody may read: health, contract, problems, keys, lifecycle, units,
 * dictionaries, the numbers of the regulation. All of it without sign-in. */
#include "config.h"
#include "docs.h"
#include "harness.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static void it_lives_and_is_ready(void)
{
    call("health_live", NULL, NULL);
    CHECK(status_of() == 200);
    call("health_ready", NULL, NULL);
    CHECK(status_of() == 200);
    EXPECT_TEXT("/checks/database", "up");
    EXPECT_TEXT("/checks/migrations", "current");
    CHECK_TEXT(header_of("Cache-Control"), "private, no-cache");
}

/* A server that has other keys than the file seals and signs what its neighbours cannot read. */
static void readiness_looks_at_the_keys(void)
{
    const char *path = config_text(SETTING_KEYS), *aside = json("%s.aside", path);
    CHECK(rename(path, aside) == 0);
    call("health_ready", NULL, NULL);
    CHECK(status_of() == 503);
    EXPECT_TEXT("/checks/keys", "not_usable");
    CHECK(rename(aside, path) == 0);
    call("health_ready", NULL, NULL);
    CHECK(status_of() == 200);
    EXPECT_TEXT("/checks/keys", "usable");
}

/* Leaves this program's database `limit` connections (-1: any number) and ends those of the public role. */
static void limit_connections(int limit)
{
    sql("DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' CONNECTION LIMIT %d'; END $$", limit);
    sql("SELECT count(pg_terminate_backend(a.pid, 5000)) FROM pg_stat_activity a"
        " WHERE a.datname = current_database() AND a.usename = 'tepai_public'");
}

/* The connection that served before says nothing about the database of now, neither good nor bad. */
static void readiness_asks_the_database(void)
{
    const struct timespec fail_fast = {.tv_sec = 1, .tv_nsec = 100000000};
    call("health_ready", NULL, NULL);
    limit_connections(0);
    call("health_ready", NULL, NULL);
    CHECK(status_of() == 503);
    EXPECT_TEXT("/checks/database", "down");
    limit_connections(-1);
    nanosleep(&fail_fast, NULL);
    call("health_ready", NULL, NULL);
    CHECK(status_of() == 200);
    limit_connections(-1);
    call("health_ready", NULL, NULL);
    CHECK(status_of() == 200);
}

static void every_answer_says_what_it_is(void)
{
    call("health_live", NULL, NULL);
    CHECK(strlen(header_of("X-Request-Id")) == 36);
    CHECK_TEXT(header_of("API-Version"),
               json_string_value(json_object_get(json_object_get(contract_document(), "info"), "version")));
    CHECK_TEXT(header_of("X-Content-Type-Options"), "nosniff");
    CHECK_TEXT(header_of("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'");
    CHECK(strstr(header_of("Vary"), "Accept-Language") != NULL);
    CHECK_TEXT(header_of("Content-Type"), "application/json");
}

/* Public answers are kept by caches: each has a tag, an age, and a 304. */
static void public_answers_are_cached(void)
{
    static const struct {
        const char *path, *cache;
    } answers[] = {{"/v1/openapi.json", "public, max-age=3600"},
                   {"/v1/lifecycle", "public, max-age=3600"},
                   {"/v1/units", "public, max-age=3600"},
                   {"/v1/dictionaries", "public, max-age=3600"},
                   {"/.well-known/jwks.json", "public, max-age=300"},
                   {"/v1/policies", "private, no-cache"}};
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        ask("GET", answers[i].path, NULL);
        CHECK(status_of() == 200);
        CHECK_TEXT(header_of("Cache-Control"), answers[i].cache);
        const char *etag = json("%s", header_of("ETag"));
        with("If-None-Match", etag);
        ask("GET", answers[i].path, NULL);
        CHECK(status_of() == 304 && body_of() == NULL);
        CHECK(header_of("Content-Type") == NULL);
        CHECK_TEXT(header_of("ETag"), etag);
        with("If-None-Match", "\"0000000000000000\"");
        ask("GET", answers[i].path, NULL);
        CHECK(status_of() == 200);
    }
}

static void the_contract_is_served(void)
{
    call("contract_get", NULL, NULL);
    EXPECT_TEXT("/openapi", "3.1.0");
    CHECK(json_equal(body_of(), contract_document()));
}

static void problems_are_explained(void)
{
    call("problem_get", "wrong_state", NULL);
    EXPECT_TEXT("/status", "409");
    EXPECT_TEXT("/zh", "当前状态不允许此操作");
    EXPECT_TEXT("/en", "Not possible in the present state");
    call("problem_get", "no_such_code", NULL);
    EXPECT(NOT_FOUND);
    call("problem_get", "Wrong-State", NULL);
    EXPECT_FAULT("code", "pattern");
    for (fail_t code = MALFORMED_REQUEST; code <= UNAVAILABLE; code++) {
        call("problem_get", problem_of(code)->word, NULL);
        EXPECT_TEXT("/code", problem_of(code)->word);
    }
}

static void a_problem_points_to_its_explanation(void)
{
    as(NULL);
    call("account_get_me", NULL, NULL);
    CHECK_TEXT(header_of("Content-Type"), "application/problem+json");
    CHECK_TEXT(header_of("Cache-Control"), "no-store");
    CHECK_TEXT(header_of("WWW-Authenticate"), "Bearer realm=\"tepai\"");
    CHECK_TEXT(text_at("/instance"), json("urn:uuid:%s", header_of("X-Request-Id")));
    ask("GET", json("%s", text_at("/type")), NULL);
    EXPECT_TEXT("/code", "unauthenticated");
}

static void a_good_trace_is_continued(void)
{
    static const char *const traces[] = {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                                         "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                                         "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902bX-01",
                                         "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7_01",
                                         "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
                                         "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                                         "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"};
    for (size_t i = 0; i < sizeof traces / sizeof traces[0]; i++) {
        with("traceparent", traces[i]);
        ask("GET", "/v1/nowhere", NULL);
        CHECK((strncmp(text_at("/trace_id"), traces[i] + 3, 32) == 0) == (i == 0));
    }
}

static void keys_are_published(void)
{
    call("oauth_get_keys", NULL, NULL);
    EXPECT_TEXT("/keys/0/kty", "EC");
    EXPECT_TEXT("/keys/0/crv", "P-256");
    EXPECT_TEXT("/keys/0/alg", "ES256");
    EXPECT_TEXT("/keys/1/use", "sig");
    CHECK(strstr(bytes_of(), "\"d\"") == NULL);
}

/* The place of a room in the answer, -1 when it has no life there. */
static int place_of(const char *room)
{
    const json_t *resources = json_object_get(body_of(), "resources");
    for (int i = 0; i < (int)json_array_size(resources); i++)
        if (strcmp(text_at(json("/resources/%d/resource", i)), room) == 0) return i;
    return -1;
}

static void the_lifecycle_is_data(void)
{
    static const char *const rooms[] = {"policy", "account",     "enterprise", "bank_account",  "institution",
                                        "call",   "application", "specialist", "service_offer", "demand"};
    call("lifecycle_get", NULL, NULL);
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        int at = place_of(rooms[i]);
        check_note(at >= 0, rooms[i], 0, "has its rows");
        const json_t *rows =
            json_object_get(json_array_get(json_object_get(body_of(), "resources"), (size_t)at), "rows");
        CHECK_TEXT(json("%zu", json_array_size(rows)),
                   sql("SELECT count(*) FROM app.lifecycle WHERE resource = '%s'", rooms[i]));
    }
    const char *first = json("/resources/%d/rows/0", place_of("demand"));
    EXPECT_TEXT(json("%s/from_state", first), NULL);
    EXPECT_TEXT(json("%s/step", first), "create");
    EXPECT_TEXT(json("%s/who", first), json("['enterprise','county']"));
    EXPECT_TEXT(json("%s/article", first), "9.2");
}

static void fourteen_units_implement_the_programme(void)
{
    CHECK(walk("/v1/units", "code") == 14);
    CHECK(walk("/v1/units?limit=3", "code") == 14);
    ask("GET", "/v1/units?limit=200", NULL);
    EXPECT_TEXT("/items/4/name_zh", "襄垣县");
    EXPECT_TEXT("/items/12/code", "CZGX01");
    EXPECT_TEXT("/items/12/gb2260_code", NULL);
    EXPECT_TEXT("/items/13/code", "CZJK01");
}

static void dictionaries_are_read_by_name(void)
{
    ask("GET", "/v1/dictionaries?dictionary=tech_field", NULL);
    EXPECT_TEXT("/items/7/code", "advanced_manufacturing");
    EXPECT_TEXT("/items/7/zh", "先进制造与自动化");
    EXPECT_TEXT("/items/8", NULL);
    const char *all = sql("SELECT count(*) FROM app.dictionary_entry");
    CHECK_TEXT(json("%d", walk("/v1/dictionaries?limit=200", "dictionary")), all);
    CHECK_TEXT(json("%d", walk("/v1/dictionaries?limit=7", "dictionary")), all);
    CHECK(walk("/v1/dictionaries?dictionary=task_group,service_form&limit=2", "dictionary") == 11);
    CHECK(walk("/v1/dictionaries?dictionary=no_such", "dictionary") == 0);
}

static void the_numbers_of_the_regulation_are_public(void)
{
    ask("GET", "/v1/policies?status=adopted", NULL);
    EXPECT_TEXT("/items/0/code", "2024");
    EXPECT_TEXT("/items/0/valid_to", "2029-06-09");
    const char *id = keep("/items/0/id");
    call("policy_get", id, NULL);
    EXPECT_TEXT("/id", id);
    EXPECT_TEXT("/allowed_steps", "[]");
    CHECK(strstr(bytes_of(), "\"key\":\"min_services_per_year\"") != NULL || strstr(bytes_of(), "origin") != NULL);
    CHECK(walk("/v1/policies?sort=id&limit=1", "id") >= 1);
    call("policy_get", "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000", NULL);
    EXPECT(NOT_FOUND);
}

static void only_listed_origins_may_read(void)
{
    setenv("TEPAI_ORIGINS", "https://a.example,https://b.example:8443", 1);
    CHECK(config_load());
    with("Origin", "https://b.example:8443");
    ask("GET", "/v1/units", NULL);
    CHECK_TEXT(header_of("Access-Control-Allow-Origin"), "https://b.example:8443");
    CHECK(strstr(header_of("Access-Control-Expose-Headers"), "ETag, Location") != NULL);
    CHECK(header_of("Access-Control-Allow-Credentials") == NULL && header_of("Access-Control-Max-Age") == NULL);
    with("Origin", "https://a.example");
    ask("GET", "/v1/me", NULL);
    EXPECT(UNAUTHENTICATED);
    CHECK_TEXT(header_of("Access-Control-Allow-Origin"), "https://a.example");
    with("Origin", "https://a.example");
    ask("OPTIONS", "/v1/demands", NULL);
    CHECK_TEXT(header_of("Access-Control-Allow-Methods"), header_of("Allow"));
    CHECK(strstr(header_of("Access-Control-Allow-Headers"), "If-Match") != NULL);
    CHECK_TEXT(header_of("Access-Control-Max-Age"), "7200");
    static const char *const strangers[] = {"https://a.exampl", "https://a.example.org", "null", "",
                                            "https://a.example,https://b.example:8443"};
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        with("Origin", strangers[i]);
        ask("GET", "/v1/units", NULL);
        CHECK(status_of() == 200 && header_of("Access-Control-Allow-Origin") == NULL);
    }
    unsetenv("TEPAI_ORIGINS");
    CHECK(config_load());
    with("Origin", "https://a.example");
    ask("GET", "/v1/units", NULL);
    CHECK(header_of("Access-Control-Allow-Origin") == NULL);
}

static void pages_are_read_alone(void)
{
    docs_open("");
    ask("GET", "/docs", NULL);
    CHECK(status_of() == 200 && strstr(header_of("Content-Security-Policy"), "script-src 'self'") != NULL);
    ask("OPTIONS", "/docs", NULL);
    CHECK(status_of() == 204);
    CHECK_TEXT(header_of("Allow"), "GET, HEAD, OPTIONS");
    ask("POST", "/docs", NULL);
    EXPECT(METHOD_NOT_ALLOWED);
    CHECK_TEXT(header_of("Allow"), "GET, HEAD, OPTIONS");
}

/* What the contract never lets through is refused by the tables all the same, under the name of a rule. */
static void tables_keep_rules_by_themselves(void)
{
    static const struct {
        const char *statement, *rule;
    } breaches[] = {
        {"UPDATE app.policy SET valid_from = ''2030-01-01''", "policy_range_ordered"},
        {"INSERT INTO app.policy SELECT (p).* FROM (SELECT jsonb_populate_record(o, ''{\"id\":"
         "\"0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000\",\"code\":\"x\"}'') AS p FROM app.policy o) c",
         "policy_ranges_apart"},
        {"UPDATE app.demand SET budget_fen = -1", "value_not_allowed"},
        {"UPDATE app.demand SET priority_no = 21", "value_not_allowed"},
        {"UPDATE app.call SET kind = ''party''", "value_not_allowed"},
        {"UPDATE app.enterprise SET registered_capital_fen = -1", "value_not_allowed"},
    };
    sql("CREATE FUNCTION pg_temp.breach(statement text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE rule text; BEGIN"
        " SET LOCAL session_replication_role = replica; EXECUTE statement; RETURN 'nobody objects';"
        " EXCEPTION WHEN integrity_constraint_violation THEN GET STACKED DIAGNOSTICS rule = CONSTRAINT_NAME;"
        " RETURN rule; END $$");
    for (size_t i = 0; i < sizeof breaches / sizeof breaches[0]; i++) {
        CHECK_TEXT(sql("SELECT pg_temp.breach('%s')", breaches[i].statement), breaches[i].rule);
        CHECK(rule_find(breaches[i].rule) != NULL);
    }
}

int main(void)
{
    harness_open();
    RUN(it_lives_and_is_ready);
    RUN(readiness_looks_at_the_keys);
    RUN(readiness_asks_the_database);
    RUN(every_answer_says_what_it_is);
    RUN(public_answers_are_cached);
    RUN(the_contract_is_served);
    RUN(problems_are_explained);
    RUN(a_problem_points_to_its_explanation);
    RUN(a_good_trace_is_continued);
    RUN(keys_are_published);
    RUN(the_lifecycle_is_data);
    RUN(fourteen_units_implement_the_programme);
    RUN(dictionaries_are_read_by_name);
    RUN(the_numbers_of_the_regulation_are_public);
    RUN(only_listed_origins_may_read);
    RUN(pages_are_read_alone);
    RUN(tables_keep_rules_by_themselves);
    return harness_close();
}
