/* Signing in, refreshing, confirming, signing out and registering, over the road; and what slows down guessing. */
#include "config.h"
#include "harness.h"
#include "road.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define PASSWORD "Tepai-Demo-2026"

static void sign_in(const char *login, const char *password)
{
    as(NULL);
    call("session_create", NULL, json("{'login_name':'%s','password':'%s','device_name':'办公电脑'}", login, password));
}

static void refresh(const char *token)
{
    as(NULL);
    call("session_refresh", NULL, json("{'refresh_token':'%s'}", token));
}

/* Lets every wait of sign-in pass, as time would. */
static void let_waits_pass(void)
{
    sql("UPDATE app.sign_in_attempt SET wait_until = now() - interval '1 s' WHERE wait_until > now()");
    sql("UPDATE app.account SET locked_until = NULL WHERE login_name <> 'qy.36'");
}

static void a_session_has_tokens(void)
{
    sign_in("huguan.kj", PASSWORD);
    CHECK(status_of() == 201);
    CHECK_TEXT(header_of("Cache-Control"), "no-store");
    EXPECT_TEXT("/token_type", "Bearer");
    EXPECT_TEXT("/expires_in", "600");
    CHECK(strncmp(text_at("/refresh_token"), "rt_", 3) == 0 && strlen(text_at("/refresh_token")) == 46);
    const char *id = keep("/id");
    as_token(keep("/access_token"));
    call("account_get_me", NULL, NULL);
    EXPECT_TEXT("/account/login_name", "huguan.kj");
    EXPECT_TEXT("/rights/role", "county");
    EXPECT_TEXT("/rights/office", "st");
    EXPECT_TEXT("/sessions/0/id", id);
    EXPECT_TEXT("/sessions/0/device_name", "办公电脑");
    EXPECT_TEXT("/sessions/0/ip_prefix", "127.0.0.0/24");
}

static void a_name_has_no_case(void)
{
    sign_in("HuGuan.KJ", PASSWORD);
    EXPECT(OK);
    sign_in("huguan.\xe2\x84\xaaJ", PASSWORD); /* the Kelvin sign */
    EXPECT(SIGN_IN_FAILED);
}

static void failures_look_alike(void)
{
    static const char *const names[] = {"nobody.here", "huguan.kj", "qy.28", "qy.29"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        sign_in(names[i], i < 2 ? "Wrong-Password-1" : PASSWORD);
        EXPECT(SIGN_IN_FAILED);
        CHECK(text_at("/detail") == NULL || strstr(text_at("/detail"), names[i]) == NULL);
        CHECK(header_of("WWW-Authenticate") != NULL);
    }
    sign_in("qy.36", PASSWORD);
    EXPECT(TOO_MANY_REQUESTS);
    CHECK(header_of("Retry-After") != NULL);
}

/* Five tries are free, then 1 s doubling to 15 min; for a name that exists and for one that does not. */
static void waits_double(void)
{
    const char *version = sql("SELECT version FROM app.account WHERE login_name = 'shi.cz2'");
    static const char *const names[] = {"shi.cz2", "not.a.name"};
    static const int waits[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900};
    for (size_t n = 0; n < 2; n++) {
        for (int i = 0; i < 5; i++) {
            sign_in(names[n], "Wrong-Password-1");
            EXPECT(SIGN_IN_FAILED);
        }
        for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
            sign_in(names[n], PASSWORD);
            EXPECT(TOO_MANY_REQUESTS);
            int wait = atoi(header_of("Retry-After"));
            CHECK(wait == waits[i] || wait == waits[i] - 1);
            let_waits_pass();
            sign_in(names[n], "Wrong-Password-1");
            EXPECT(SIGN_IN_FAILED);
        }
    }
    let_waits_pass();
    sign_in("shi.cz2", PASSWORD);
    EXPECT(OK);
    CHECK(sql("SELECT locked_until FROM app.account WHERE login_name = 'shi.cz2'") == NULL);
    CHECK_TEXT(sql("SELECT version FROM app.account WHERE login_name = 'shi.cz2'"), version);
    for (int i = 0; i < 5; i++) {
        sign_in("shi.cz2", "Wrong-Password-1");
        EXPECT(SIGN_IN_FAILED);
    }
    let_waits_pass();
}

static void a_day_without_tries_forgives(void)
{
    for (int i = 0; i < 5; i++) sign_in("quiet.name", "Wrong-Password-1");
    sign_in("quiet.name", "Wrong-Password-1");
    EXPECT(TOO_MANY_REQUESTS);
    sql("UPDATE app.sign_in_attempt SET at = at - interval '25 hours', wait_until = wait_until - interval '25 hours'");
    for (int i = 0; i < 5; i++) {
        sign_in("quiet.name", "Wrong-Password-1");
        EXPECT(SIGN_IN_FAILED);
    }
    CHECK(atoi(sql("SELECT count(*) FROM app.sign_in_attempt WHERE at < now() - interval '24 hours'")) < 5);
}

/* From outside, 30 tries a minute from an address and 120 from its network, whatever the names. */
static void addresses_have_limits(void)
{
    int address = 0, network = 0;
    setenv("TEPAI_FRONT", "127.0.0.1", 1);
    CHECK(config_load());
    for (int i = 0; i < 32; i++) {
        with("X-Real-IP", "203.0.113.5");
        sign_in(json("guess.%d", i), "Wrong-Password-1");
        address += status_of() == 401;
    }
    CHECK(address == 30);
    EXPECT(TOO_MANY_REQUESTS);
    CHECK(atoi(header_of("Retry-After")) > 0 && atoi(header_of("Retry-After")) <= 60);
    for (int i = 0; i < 120; i++) {
        with("X-Real-IP", json("203.0.113.%d", 100 + i));
        sign_in(json("guess.%d", 100 + i), "Wrong-Password-1");
        network += status_of() == 401;
    }
    CHECK(network == 120 - 32);
    with("X-Real-IP", "203.0.114.1");
    sign_in("huguan.kj", PASSWORD);
    EXPECT(OK);
    unsetenv("TEPAI_FRONT");
    CHECK(config_load());
}

static void lifetimes_fit_the_role(void)
{
    static const char *const ask_life =
        "SELECT (s.expires_at - s.created_at)::text || ' ' || (s.ends_at - s.created_at)"
        " FROM app.session s WHERE s.id = '%s'";
    sign_in("luzhou.rc", PASSWORD);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    CHECK_TEXT(sql(ask_life, text_at("/id")), "01:00:00 12:00:00");
    sign_in("linruochuan", PASSWORD);
    CHECK_TEXT(sql(ask_life, text_at("/id")), "14 days 30 days");
#pragma GCC diagnostic pop
}

/* The service outlives its database: a connection that was ended meanwhile costs nobody his sign-in. */
static void a_restart_of_the_database_goes_unnoticed(void)
{
    sign_in("luzhou.kj", PASSWORD);
    sql("SELECT count(pg_terminate_backend(a.pid, 5000)) FROM pg_stat_activity a"
        " WHERE a.datname = current_database() AND a.usename LIKE 'tepai_%%'");
    sign_in("luzhou.kj", PASSWORD);
    EXPECT(OK);
}

static void a_refresh_token_is_good_once(void)
{
    sign_in("luzhou.kj", PASSWORD);
    const char *first = keep("/refresh_token"), *id = keep("/id");
    refresh(first);
    EXPECT(OK);
    EXPECT_TEXT("/id", id);
    const char *second = keep("/refresh_token"), *access = keep("/access_token");
    CHECK(strcmp(first, second) != 0);
    refresh(first); /* a lost answer */
    EXPECT_TEXT("/refresh_token", second);
    as_token(access);
    call("account_get_me", NULL, NULL);
    EXPECT(OK);
    refresh(second);
    EXPECT(OK);
    const char *third = keep("/refresh_token");
    refresh(first); /* its successor has been used */
    EXPECT(SESSION_ENDED);
    CHECK_TEXT(sql("SELECT end_reason FROM app.session WHERE id = '%s'", id), "reuse");
    refresh(third);
    EXPECT(SESSION_ENDED);
    as_token(access);
    call("account_get_me", NULL, NULL);
    EXPECT(SESSION_ENDED);
    CHECK_TEXT(header_of("WWW-Authenticate"), "Bearer realm=\"tepai\", error=\"invalid_token\"");
}

static void a_late_repetition_ends_the_session(void)
{
    sign_in("luzhou.kj", PASSWORD);
    const char *first = keep("/refresh_token"), *id = keep("/id");
    refresh(first);
    const char *second = keep("/refresh_token");
    sql("UPDATE app.refresh_token SET used_at = used_at - interval '11 s' WHERE session_id = '%s' AND used_at IS NOT "
        "NULL",
        id);
    refresh(first);
    EXPECT(SESSION_ENDED);
    refresh(second);
    EXPECT(SESSION_ENDED);
}

static void a_session_ends_in_time(void)
{
    sign_in("luzhou.kj", PASSWORD);
    const char *token = keep("/refresh_token"), *access = keep("/access_token"), *id = keep("/id");
    sql("UPDATE app.session SET expires_at = now() + interval '5 min', ends_at = now() + interval '10 min' "
        "WHERE id = '%s'",
        id);
    refresh(token);
    EXPECT(OK);
    token = keep("/refresh_token");
    CHECK_TEXT(sql("SELECT (expires_at = ends_at)::text FROM app.session WHERE id = '%s'", id), "true");
    sql("UPDATE app.session SET expires_at = now() - interval '1 s' WHERE id = '%s'", id);
    as_token(access);
    call("account_get_me", NULL, NULL);
    EXPECT(SESSION_ENDED);
    refresh(token);
    EXPECT(SESSION_ENDED);
    CHECK_TEXT(sql("SELECT end_reason FROM app.session WHERE id = '%s'", id), "expired");
    refresh("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    EXPECT(SESSION_ENDED);
}

#define TWINS 50

static struct twin {
    const char *body;
    char answer[4096];
    int status;
} twins[TWINS];

static void refresh_once(struct twin *t)
{
    struct reply answer = {0};
    char size[24];
    size_t length = (size_t)snprintf(size, sizeof size, "%zu", strlen(t->body));
    struct wire w = {.method = "POST",
                     .target = "/v1/sessions/refreshes",
                     .version = "HTTP/1.1",
                     .peer = "127.0.0.1",
                     .body = t->body,
                     .body_size = strlen(t->body),
                     .header_count = 3,
                     .headers = {{"Host", "127.0.0.1", 4, 9},
                                 {"Content-Type", "application/json", 12, 16},
                                 {"Content-Length", size, 14, length}}};
    road(&w, &answer);
    t->status = answer.status;
    snprintf(t->answer, sizeof t->answer, "%.*s", (int)answer.body_size, answer.body == NULL ? "" : answer.body);
    free(answer.body);
}

/* On a busy machine the last ones are told to come back after a second, and so they do, as a client would. */
static void *refresh_twin(void *data)
{
    struct twin *t = data;
    refresh_once(t);
    for (int i = 0; i < 10 && t->status == 503; i++) {
        sleep(1);
        refresh_once(t);
    }
    db_close_all();
    return NULL;
}

static void one_round_of_twins(void)
{
    pthread_t threads[TWINS];
    sign_in("luzhou.kj", PASSWORD);
    const char *first = keep("/refresh_token"), *id = keep("/id"), *successor = NULL;
    const char *body = json("{'refresh_token':'%s'}", first);
    int served = 0, alike = 0;
    for (int i = 0; i < TWINS; i++) {
        twins[i].body = body;
        pthread_create(&threads[i], NULL, refresh_twin, &twins[i]);
    }
    for (int i = 0; i < TWINS; i++) {
        pthread_join(threads[i], NULL);
        const char *found = strstr(twins[i].answer, "\"refresh_token\":");
        served += twins[i].status == 200 && found != NULL;
        if (successor == NULL && found != NULL) successor = found;
        alike += found != NULL && strncmp(found, successor, 64) == 0;
    }
    CHECK(served == TWINS && alike == TWINS);
    CHECK_TEXT(sql("SELECT count(*) FROM app.refresh_token WHERE session_id = '%s'", id), "2");
    CHECK_TEXT(sql("SELECT (ended_at IS NULL)::text FROM app.session WHERE id = '%s'", id), "true");
    if (successor == NULL) return;
    refresh(json("%.46s", successor + strlen("\"refresh_token\":\"")));
    EXPECT(OK);
    refresh(first);
    EXPECT(SESSION_ENDED);
}

static void parallel_refreshes_have_one_successor(void)
{
    for (int i = 0; i < 5; i++) one_round_of_twins();
}

static void a_proof_is_renewed(void)
{
    sign_in("changbei.kj", PASSWORD);
    EXPECT(SIGN_IN_FAILED);
    sign_in("wuxiang.kj", PASSWORD);
    const char *id = keep("/id"), *access = keep("/access_token");
    sql("UPDATE app.session SET auth_at = now() - interval '1 h' WHERE id = '%s'", id);
    as_token(access);
    call("session_confirm", id, "{\"password\":\"Wrong-Password-1\"}");
    EXPECT(SIGN_IN_FAILED);
    call("session_confirm", "0197f0c4-6f2e-7c31-9d8a-3b1f5e6a7c90", "{\"password\":\"" PASSWORD "\"}");
    EXPECT(NOT_FOUND);
    call("session_confirm", id, "{\"password\":\"" PASSWORD "\"}");
    EXPECT(OK);
    CHECK(status_of() == 200 && text_at("/refresh_token") == NULL);
    CHECK_TEXT(sql("SELECT (auth_at > now() - interval '1 min')::text FROM app.session WHERE id = '%s'", id), "true");
    as_token(keep("/access_token"));
    call("account_get_me", NULL, NULL);
    EXPECT(OK);
    for (int i = 0; i < 5; i++) call("session_confirm", id, "{\"password\":\"Wrong-Password-1\"}");
    call("session_confirm", id, "{\"password\":\"" PASSWORD "\"}");
    EXPECT(TOO_MANY_REQUESTS); /* counted with the name's sign-ins */
    let_waits_pass();
}

static void signing_out_ends_one_session(void)
{
    sign_in("qinxian.kj", PASSWORD);
    const char *one = keep("/id"), *one_access = keep("/access_token"), *token = keep("/refresh_token");
    sign_in("qinxian.kj", PASSWORD);
    const char *two_access = keep("/access_token");
    as("qinyuan.kj");
    call("session_end", one, NULL);
    EXPECT(NOT_FOUND);
    as_token(two_access);
    call("session_end", one, NULL);
    CHECK(status_of() == 204);
    call("session_end", one, NULL);
    EXPECT(NOT_FOUND);
    call("account_get_me", NULL, NULL);
    EXPECT(OK);
    as_token(one_access);
    call("account_get_me", NULL, NULL);
    EXPECT(SESSION_ENDED);
    call("session_confirm", one, "{\"password\":\"" PASSWORD "\"}");
    EXPECT(SESSION_ENDED);
    refresh(token);
    EXPECT(SESSION_ENDED);
}

static void a_stopped_account_is_out_at_once(void)
{
    sign_in("qy.10", PASSWORD);
    const char *access = keep("/access_token"), *token = keep("/refresh_token");
    sql("SELECT set_config('app.actor', 'city/st', false)");
    sql("UPDATE app.account SET status = 'disabled' WHERE login_name = 'qy.10'");
    as_token(access);
    call("account_get_me", NULL, NULL);
    EXPECT(SESSION_ENDED);
    refresh(token);
    EXPECT(SESSION_ENDED);
    sign_in("qy.10", PASSWORD);
    EXPECT(SIGN_IN_FAILED);
}

static void an_old_hash_is_replaced(void)
{
    static const char *const hash =
        "SELECT substr(password_hash, 1, 27) FROM app.account WHERE login_name = 'gaoxin.kj'";
    const char *version = sql("SELECT version FROM app.account WHERE login_name = 'gaoxin.kj'");
    setenv("TEPAI_ARGON2_PASSES", "3", 1);
    CHECK(config_load());
    sign_in("gaoxin.kj", PASSWORD);
    EXPECT(OK);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
    CHECK(strstr(sql(hash), ",t=3") != NULL);
#pragma GCC diagnostic pop
    CHECK_TEXT(sql("SELECT version FROM app.account WHERE login_name = 'gaoxin.kj'"), version);
    unsetenv("TEPAI_ARGON2_PASSES");
    CHECK(config_load());
    sign_in("gaoxin.kj", PASSWORD);
    EXPECT(OK);
}

#define NEWCOMER                                                                                                       \
    "{'login_name':'%s','password':'%s','display_name':'周岚','phone':'13900000101','email':'zhoulan@example.org',"  \
    "'role':'%s'}"

static void anybody_may_register(void)
{
    as(NULL);
    call("account_register", NULL, json(NEWCOMER, "Lanzhou.QY", "Langzhu-2026-Neu", "enterprise"));
    CHECK(status_of() == 201);
    CHECK_TEXT(header_of("Location"), "/v1/me");
    EXPECT_TEXT("/account/login_name", "Lanzhou.QY");
    EXPECT_TEXT("/account/phone_masked", "139****0101");
    EXPECT_TEXT("/account/version", "1");
    EXPECT_TEXT("/rights/role", "enterprise");
    const char *id = keep("/account/id");
    CHECK_TEXT(sql("SELECT (position('13900000101'::bytea in phone) = 0 AND length(phone) = 56)::text FROM app.account "
                   "WHERE id = '%s'",
                   id),
               "true");
    CHECK_TEXT(sql("SELECT operation || ' ' || role FROM app.event WHERE subject_id = '%s'", id),
               "account_register public");
    CHECK(strstr(sql("SELECT changes::text FROM app.event WHERE subject_id = '%s'", id), "周岚") == NULL);
    sign_in("lanzhou.qy", "Langzhu-2026-Neu");
    EXPECT(OK);
    as(NULL);
    call("account_register", NULL, json(NEWCOMER, "lanzhou.qy", "Langzhu-2026-Neu", "specialist"));
    EXPECT(DUPLICATE);
    EXPECT_TEXT("/errors/0/pointer", "#/login_name");
}

static void registration_has_rules(void)
{
    as(NULL);
    call("account_register", NULL, json(NEWCOMER, "newcomer", "My-NEWCOMER-2026", "enterprise"));
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("password_holds_login_name");
    EXPECT_TEXT("/errors/0/pointer", "#/password");
    call("account_register", NULL, json(NEWCOMER, "newcomer", "short", "enterprise"));
    EXPECT(VALIDATION_FAILED);
    call("account_register", NULL, json(NEWCOMER, "newcomer", "Langzhu-2026-Neu", "city"));
    EXPECT(VALIDATION_FAILED);
    call("account_register", NULL, json(NEWCOMER, "新来的", "Langzhu-2026-Neu", "enterprise"));
    EXPECT(VALIDATION_FAILED);
    CHECK(sql("SELECT 1 FROM app.account WHERE login_name = 'newcomer'") == NULL);
}

int main(void)
{
    harness_open();
    RUN(a_session_has_tokens);
    RUN(a_name_has_no_case);
    RUN(failures_look_alike);
    RUN(waits_double);
    RUN(a_day_without_tries_forgives);
    RUN(addresses_have_limits);
    RUN(lifetimes_fit_the_role);
    RUN(a_restart_of_the_database_goes_unnoticed);
    RUN(a_refresh_token_is_good_once);
    RUN(a_late_repetition_ends_the_session);
    RUN(a_session_ends_in_time);
    RUN(parallel_refreshes_have_one_successor);
    RUN(a_proof_is_renewed);
    RUN(signing_out_ends_one_session);
    RUN(a_stopped_account_is_out_at_once);
    RUN(an_old_hash_is_replaced);
    RUN(anybody_may_register);
    RUN(registration_has_rules);
    return harness_close();
}
