/* The manners of writing, the same for every room and tried on demands: keys and retries, conditions, methods, media
 * types, what a refusal says and in which language. */
#include "arena.h"
#include "db.h"
#include "harness.h"
#include "road.h"
#include "subjects.h"

#include <pthread.h>
#include <stdlib.h>

#define KEY "0197f0c4-6f2e-7c31-9d8a-3b1f5e6a7c90"

static const char *firm;

/* The smallest demand of 砺石. */
static const char *small(const char *title)
{
    return json("{'enterprise_id':'%s','kind':'talent','title':'%s'}", firm, title);
}

static const char *created(void)
{
    as("lishi");
    call("demand_create", NULL, small("检测工程师"));
    EXPECT(OK);
    return keep("/id");
}

static const char *count_of(const char *title)
{
    return sql("SELECT count(*) FROM app.demand WHERE title = '%s'", title);
}

static void a_retry_gets_the_same_answer(void)
{
    as("lishi");
    with("Idempotency-Key", KEY);
    call("demand_create", NULL, small("重试一次"));
    CHECK(status_of() == 201);
    CHECK(header_of("Idempotency-Replayed") == NULL);
    const char *bytes = bytes_of(), *etag = json("%s", header_of("ETag")), *place = json("%s", header_of("Location"));
    with("Idempotency-Key", "\"" KEY "\"");
    call("demand_create", NULL, small("重试一次"));
    CHECK(status_of() == 201);
    CHECK_TEXT(header_of("Idempotency-Replayed"), "true");
    CHECK_TEXT(bytes_of(), bytes);
    CHECK_TEXT(header_of("ETag"), etag);
    CHECK_TEXT(header_of("Location"), place);
    CHECK_TEXT(count_of("重试一次"), "1");
    CHECK_TEXT(sql("SELECT position('重试一次'::bytea IN body) FROM app.idempotency WHERE key = '" KEY "'"), "0");
}

static void a_key_names_one_request(void)
{
    as("lishi");
    with("Idempotency-Key", KEY);
    call("demand_create", NULL, small("另一件事"));
    EXPECT(IDEMPOTENCY_KEY_REUSED);
    CHECK_TEXT(count_of("另一件事"), "0");
    as("xiangyuan.kj");
    with("Idempotency-Key", KEY);
    call("demand_create", NULL,
         json("{'enterprise_id':'%s','kind':'talent','entered_for':{'side':'enterprise','reason':'纸质'}}", firm));
    CHECK(status_of() == 201);
}

static void creating_needs_a_key(void)
{
    as("lishi");
    with("Idempotency-Key", NULL);
    call("demand_create", NULL, small("没有钥匙"));
    EXPECT(IDEMPOTENCY_KEY_MISSING);
    with("Idempotency-Key", "not visible");
    call("demand_create", NULL, small("没有钥匙"));
    EXPECT_FAULT("idempotency-key", "pattern");
    char *large = malloc(258);
    memset(large, 'k', 257);
    large[257] = '\0';
    with("Idempotency-Key", large);
    call("demand_create", NULL, small("没有钥匙"));
    EXPECT_FAULT("idempotency-key", "too_long");
    free(large);
    CHECK_TEXT(count_of("没有钥匙"), "0");
}

static void after_a_refusal_the_key_is_free(void)
{
    const char *id = created();
    with("Idempotency-Key", "free-again");
    call("demand_submit", id, NULL);
    EXPECT(RULE_VIOLATED);
    CHECK_TEXT(sql("SELECT count(*) FROM app.idempotency WHERE key = 'free-again'"), "0");
    with("Idempotency-Key", "free-again");
    call("demand_withdraw", id, json("{'close_reason':'withdrawn'}"));
    EXPECT(OK);
}

/* The stored answer comes before the condition, so a retry never fails for its own success. */
static void a_retried_change_does_not_meet_itself(void)
{
    const char *id = created();
    for (int i = 0; i < 2; i++) {
        with("If-Match", "\"1\"");
        with("Idempotency-Key", "same-change");
        call("demand_update", id, json("{'title':'新题目'}"));
        CHECK(status_of() == 200);
        EXPECT_TEXT("/version", "2");
    }
    CHECK_TEXT(header_of("Idempotency-Replayed"), "true");
    with("If-Match", "\"2\"");
    with("Idempotency-Key", "same-change");
    call("demand_update", id, json("{'title':'新题目'}"));
    EXPECT(IDEMPOTENCY_KEY_REUSED);
}

/* One of two equal requests; answers where it came from. */
struct twin {
    const char *token, *body;
    int status;
    bool replayed;
    char *answer;
};

static void *send_twin(void *given)
{
    struct twin *t = given;
    struct reply reply;
    char bearer[4200], size[24];
    struct wire w = {.method = "POST", .target = "/v1/demands", .version = "HTTP/1.1", .peer = "127.0.0.1"};
    snprintf(bearer, sizeof bearer, "Bearer %s", t->token);
    snprintf(size, sizeof size, "%zu", strlen(t->body));
    const char *const headers[][2] = {{"Host", "127.0.0.1"},
                                      {"Authorization", bearer},
                                      {"Content-Type", "application/json"},
                                      {"Content-Length", size},
                                      {"Idempotency-Key", "twins"}};
    for (int i = 0; i < 5; i++)
        w.headers[w.header_count++] = (struct header){.name = headers[i][0],
                                                      .value = headers[i][1],
                                                      .name_size = strlen(headers[i][0]),
                                                      .value_size = strlen(headers[i][1])};
    w.body = t->body;
    w.body_size = strlen(t->body);
    road(&w, &reply);
    t->status = reply.status;
    for (int i = 0; i < reply.header_count; i++) {
        if (strcmp(reply.headers[i].name, "Idempotency-Replayed") == 0) t->replayed = true;
    }
    t->answer = strndup(reply.body, reply.body_size);
    free(reply.body);
    db_close_all();
    return NULL;
}

static void twins_are_born_once(void)
{
    pthread_t threads[2];
    struct twin twins[2];
    for (int i = 0; i < 2; i++) {
        twins[i] = (struct twin){.token = token_of("lishi"), .body = small("双胞胎")};
        CHECK(pthread_create(&threads[i], NULL, send_twin, &twins[i]) == 0);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        CHECK(twins[i].status == 201);
    }
    CHECK(twins[0].replayed != twins[1].replayed);
    CHECK_TEXT(twins[0].answer, twins[1].answer);
    CHECK_TEXT(count_of("双胞胎"), "1");
    free(twins[0].answer);
    free(twins[1].answer);
}

/* Somebody else holds the key, or the row, for longer than anybody waits: 2 s a lock. */
static void who_waits_too_long_is_told(void)
{
    const char *id = created();
    sql("BEGIN; INSERT INTO app.idempotency (scope, key, fingerprint)"
        " SELECT a.id, 'running', '' FROM app.account a WHERE a.login_name = 'lishi'");
    with("Idempotency-Key", "running");
    call("demand_create", NULL, small("正在进行"));
    EXPECT(IDEMPOTENCY_IN_PROGRESS);
    CHECK_TEXT(header_of("Retry-After"), "1");
    sql("ROLLBACK");
    with("Idempotency-Key", "running");
    call("demand_create", NULL, small("正在进行"));
    EXPECT(OK);
    sql("BEGIN; SELECT 1 FROM app.demand WHERE id = '%s' FOR UPDATE", id);
    with("If-Match", "\"1\"");
    call("demand_update", id, json("{'title':'x'}"));
    EXPECT(CONCURRENT_CHANGE);
    CHECK_TEXT(header_of("Retry-After"), "1");
    sql("ROLLBACK");
}

static void a_change_is_decided_on_what_was_read(void)
{
    const char *id = created(), *etag = json("%s", header_of("ETag"));
    with("If-Match", NULL);
    call("demand_update", id, json("{'title':'甲'}"));
    EXPECT(PRECONDITION_REQUIRED);
    with("If-Match", "*");
    call("demand_update", id, json("{'title':'甲'}"));
    EXPECT(PRECONDITION_REQUIRED);
    with("If-Match", etag);
    call("demand_update", id, json("{'title':'甲'}"));
    EXPECT_TEXT("/version", "2");
    with("If-Match", etag);
    call("demand_update", id, json("{'title':'乙'}"));
    EXPECT(VERSION_MISMATCH);
    EXPECT_TEXT("/current_version", "2");
    with("If-Match", "\"2\"");
    call("demand_update", id, json("{'title':'乙'}"));
    EXPECT_TEXT("/version", "3");
}

static void one_strong_tag_is_a_condition(void)
{
    static const char *const flawed[] = {"\"1\", \"2\"", "W/\"1\"", "1", "\"\"", "\"0\"", "\"one\"", "\"99999999999\""};
    const char *id = created();
    for (size_t i = 0; i < sizeof flawed / sizeof flawed[0]; i++) {
        with("If-Match", flawed[i]);
        call("demand_update", id, json("{'title':'甲'}"));
        EXPECT_FAULT("if-match", "pattern");
    }
}

/* Existence comes before the condition, the condition before the state, the state before the rules. */
static void the_most_basic_reason_is_told(void)
{
    const char *id = created();
    call("demand_withdraw", id, json("{'close_reason':'withdrawn'}"));
    with("If-Match", "\"1\"");
    call("demand_submit", id, NULL);
    EXPECT(VERSION_MISMATCH);
    call("demand_submit", id, NULL);
    EXPECT(WRONG_STATE);
    as("qingzhang");
    with("If-Match", "\"1\"");
    call("demand_submit", id, NULL);
    EXPECT(NOT_FOUND);
    as("linruochuan");
    call("demand_submit", id, NULL);
    EXPECT(FORBIDDEN);
    with("If-Match", "nonsense");
    call("demand_submit", "not-a-uuid", NULL);
    EXPECT(FORBIDDEN);
}

static void everything_wrong_is_told_at_once(void)
{
    const char *id = created();
    as("lishi");
    with("If-Match", "W/\"1\"");
    ask("PATCH", json("/v1/demands/%s?dry=1", id),
        json("{'title':'','kind':'party','task_groups':['rd_transfer','rd_transfer'],'budget_fen':-1,"
             "'targets':[{'name':'余热','unit':null,'from_value':'ten','target_value':'45','note':'x'}],'unit_id':'"
             "140427',"
             "'valid_to':'2026-02-30','contact_phone':'10086'}"));
    EXPECT(VALIDATION_FAILED);
    EXPECT_FAULT("if-match", "pattern");
    EXPECT_FAULT("dry", "unknown");
    EXPECT_FAULT("#/title", "too_short");
    EXPECT_FAULT("#/kind", "enum");
    EXPECT_FAULT("#/task_groups", "not_unique");
    EXPECT_FAULT("#/budget_fen", "too_small");
    EXPECT_FAULT("#/targets/0/from_value", "pattern");
    EXPECT_FAULT("#/targets/0/note", "unknown");
    EXPECT_FAULT("#/unit_id", "unknown");
    EXPECT_FAULT("#/valid_to", "format");
    EXPECT_FAULT("#/contact_phone", "format");
    CHECK(strstr(bytes_of(), "10086") == NULL && strstr(bytes_of(), "party") == NULL);
    call("demand_get", "not-a-uuid", NULL);
    EXPECT_FAULT("demand_id", "format");
}

static void bodies_are_json(void)
{
    static const char *const flawed[] = {"{", "[]x", "{\"title\":\"a\",\"title\":\"b\"}", "{\"title\":\"\\ud800\"}",
                                         "NaN"};
    as("lishi");
    for (int i = 0; i < 5; i++) {
        call("demand_create", NULL, flawed[i]);
        EXPECT(MALFORMED_JSON);
    }
    char deep[400];
    memset(deep, '[', 399);
    deep[399] = '\0';
    call("demand_create", NULL, deep);
    EXPECT(MALFORMED_JSON);
    call("demand_create", NULL, "[]");
    EXPECT_FAULT("#", "type");
    call("demand_create", NULL, NULL);
    EXPECT_FAULT("#", "required");
    as("shi.kj");
    call("call_publish", NOWHERE_ID, "{}");
    EXPECT_FAULT("#", "not_allowed");
}

static void media_types_are_kept(void)
{
    const char *id = created();
    with("Content-Type", "text/plain");
    call("demand_create", NULL, small("x"));
    EXPECT(UNSUPPORTED_MEDIA_TYPE);
    CHECK_TEXT(header_of("Accept-Post"), "application/json");
    with("Content-Type", "application/json");
    call("demand_update", id, json("{'title':'x'}"));
    EXPECT(UNSUPPORTED_MEDIA_TYPE);
    CHECK_TEXT(header_of("Accept-Patch"), "application/merge-patch+json");
    with("Content-Encoding", "gzip");
    call("demand_create", NULL, small("x"));
    EXPECT(UNSUPPORTED_MEDIA_TYPE);
    with("Content-Type", "application/json; charset=utf-8");
    call("demand_create", NULL, small("带字符集"));
    EXPECT(OK);
}

static void bodies_have_a_size(void)
{
    size_t size = 1024UL * 1024 + 1;
    char *large = malloc(size + 1);
    memset(large, ' ', size);
    large[size] = '\0';
    as("lishi");
    call("demand_create", NULL, large);
    EXPECT(BODY_TOO_LARGE);
    memcpy(large, "{}", 2);
    large[size - 1] = '\0';
    call("demand_create", NULL, large);
    EXPECT(VALIDATION_FAILED);
    free(large);
}

static void requests_have_a_size(void)
{
    char *large = malloc(17UL * 1024);
    memset(large, 'a', 17UL * 1024);
    large[17UL * 1024 - 1] = '\0';
    as(NULL);
    with("X-Filler", large);
    ask("GET", "/v1/units", NULL);
    EXPECT(HEADERS_TOO_LARGE);
    memcpy(large, "/v1/units?limit=", 16);
    large[9UL * 1024] = '\0';
    ask("GET", large, NULL);
    EXPECT(URI_TOO_LONG);
    free(large);
}

/* Who believes to be signed in must not be served as a stranger. */
static void a_flawed_token_is_nobodys(void)
{
    static const char *const flawed[] = {"Bearer x", "Bearer a.b.c", "Basic bGlzaGk6eA==", "Bearer"};
    as(NULL);
    for (int i = 0; i < 4; i++) {
        with("Authorization", flawed[i]);
        ask("GET", "/v1/units", NULL);
        EXPECT(UNAUTHENTICATED);
        CHECK(strncmp(header_of("WWW-Authenticate"), "Bearer", 6) == 0);
    }
    as_token(json("%sA", token_of("lishi")));
    ask("GET", "/v1/units", NULL);
    EXPECT(UNAUTHENTICATED);
    as_token(token_of("lishi"));
    ask("GET", "/v1/units", NULL);
    EXPECT(OK);
}

static void methods_are_those_of_the_contract(void)
{
    const char *id = created();
    ask("PUT", json("/v1/demands/%s", id), NULL);
    EXPECT(METHOD_NOT_ALLOWED);
    CHECK_TEXT(header_of("Allow"), "GET, HEAD, OPTIONS, PATCH");
    ask("OPTIONS", json("/v1/demands/%s/submission", id), NULL);
    CHECK(status_of() == 204 && body_of() == NULL);
    CHECK_TEXT(header_of("Allow"), "OPTIONS, POST");
    ask("GET", "/v1/nothing", NULL);
    EXPECT(NOT_FOUND);
    ask("GET", "/v1/demands/", NULL);
    EXPECT(NOT_FOUND);
    ask("GET", json("/v1/demands/%s", id), NULL);
    const char *etag = json("%s", header_of("ETag"));
    ask("HEAD", json("/v1/demands/%s", id), NULL);
    CHECK(status_of() == 200);
    CHECK_TEXT(header_of("ETag"), etag);
    ask("HEAD", json("/v1/demands/%s/submission", id), NULL);
    EXPECT(METHOD_NOT_ALLOWED);
}

static void names_are_said_once(void)
{
    as("lishi");
    ask("GET", "/v1/demands?status=open&status=draft", NULL);
    EXPECT(MALFORMED_REQUEST);
    ask("GET", "/v1/demands?status=open,open", NULL);
    EXPECT_FAULT("status", "not_unique");
    ask("GET", "/v1/demands?status=%zz", NULL);
    EXPECT(MALFORMED_REQUEST);
    CHECK(strlen(text_at("/trace_id")) == 32);
    ask("GET", "/v1/demands?Status=open", NULL);
    EXPECT_FAULT("Status", "unknown");
}

static void refusals_speak_two_languages(void)
{
    static const struct {
        const char *accept, *spoken, *title;
    } readers[] = {{"en", "en", "Not found"},           {"en-GB,en;q=0.8", "en", "Not found"},
                   {"fr, en;q=0.5", "en", "Not found"}, {"zh-CN,zh;q=0.9,en;q=0.8", "zh-CN", "未找到"},
                   {"fr", "zh-CN", "未找到"},           {NULL, "zh-CN", "未找到"}};
    as(NULL);
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        with("Accept-Language", readers[i].accept);
        ask("GET", "/v1/nothing", NULL);
        EXPECT_TEXT("/title", readers[i].title);
        CHECK_TEXT(header_of("Content-Language"), readers[i].spoken);
    }
    const char *id = created();
    with("Accept-Language", "en");
    call("demand_submit", id, NULL);
    EXPECT_TEXT("/errors/0/detail", "This must be filled in before submission");
    with("Accept-Language", "en");
    ask("GET", "/v1/demands?limit=201", NULL);
    EXPECT_TEXT("/errors/0/detail", "should be at most 200");
}

static void a_trace_is_continued(void)
{
    as(NULL);
    with("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    ask("GET", "/v1/nothing", NULL);
    EXPECT_TEXT("/trace_id", "4bf92f3577b34da6a3ce929d0e0e4736");
    with("traceparent", "00-00000000000000000000000000000000-00f067aa0ba902b7-01");
    ask("GET", "/v1/nothing", NULL);
    CHECK(strcmp(text_at("/trace_id"), "00000000000000000000000000000000") != 0);
}

int main(void)
{
    harness_open();
    firm = sql("SELECT enterprise_id FROM app.account WHERE login_name = 'lishi'");
    RUN(a_retry_gets_the_same_answer);
    RUN(a_key_names_one_request);
    RUN(creating_needs_a_key);
    RUN(after_a_refusal_the_key_is_free);
    RUN(a_retried_change_does_not_meet_itself);
    RUN(twins_are_born_once);
    RUN(who_waits_too_long_is_told);
    RUN(a_change_is_decided_on_what_was_read);
    RUN(one_strong_tag_is_a_condition);
    RUN(the_most_basic_reason_is_told);
    RUN(everything_wrong_is_told_at_once);
    RUN(bodies_are_json);
    RUN(media_types_are_kept);
    RUN(bodies_have_a_size);
    RUN(requests_have_a_size);
    RUN(a_flawed_token_is_nobodys);
    RUN(methods_are_those_of_the_contract);
    RUN(names_are_said_once);
    RUN(refusals_speak_two_languages);
    RUN(a_trace_is_continued);
    return harness_close();
}
