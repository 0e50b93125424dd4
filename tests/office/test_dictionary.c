/* Coded terms are written by the administrators of the S&T bureau: made, changed, ended, never removed. What was
 * recorded with a term stays good after its end. */
#include "db.h"
#include "harness.h"
#include "road.h"

#include <pthread.h>
#include <stdlib.h>

#define TERM(code) "sister_programme/entries/" code

/* A whole term with this name and last day. */
static const char *term(const char *zh, const char *valid_to)
{
    return json("{'zh':'%s','en':'A programme','standard':null,'attrs':{'eligible':false},'sort_no':9,'valid_from':"
                "'2024-06-10','valid_to':%s}",
                zh, valid_to);
}

static void put(const char *code, const char *header, const char *tag, const char *body)
{
    with(header, tag);
    if (strcmp(header, "If-Match") != 0) with("If-Match", NULL);
    call("dictionary_put_entry", code, body);
}

static const char *id_of(const char *code)
{
    return sql("SELECT id FROM app.dictionary_entry WHERE dictionary = 'sister_programme' AND code = '%s'", code);
}

/* Codes of the dictionary as a list shows them, in their order. */
static const char *listed(const char *parameters)
{
    const char *codes = "";
    size_t i;
    json_t *item;
    ask("GET", json("/v1/dictionaries?dictionary=sister_programme%s", parameters), NULL);
    json_array_foreach (json_object_get(body_of(), "items"), i, item)
        codes = json("%s %s", codes, json_string_value(json_object_get(item, "code")));
    return codes;
}

static void a_term_is_made_once(void)
{
    as("shi.kj");
    put(TERM("made"), "If-None-Match", "*", term("新项目", "null"));
    CHECK(status_of() == 201);
    EXPECT_TEXT("/dictionary", "sister_programme");
    EXPECT_TEXT("/code", "made");
    EXPECT_TEXT("/version", "1");
    EXPECT_TEXT("/attrs", "{\"eligible\":false}");
    EXPECT_TEXT("/created_by", sql("SELECT id FROM app.account WHERE login_name = 'shi.kj'"));
    CHECK(strncmp(header_of("ETag"), "\"1.", 3) == 0);
    EXPECT_EVENT(id_of("made"), "dictionary_put_entry", "zh");
    ask("GET", json("/v1/events?subject_type=dictionary_entry&subject_id=%s", id_of("made")), NULL);
    EXPECT_TEXT("/items/0/operation", "dictionary_put_entry");
    put(TERM("made"), "If-None-Match", "*", term("另一项目", "null"));
    EXPECT(VERSION_MISMATCH);
    EXPECT_TEXT("/current_version", "1");
    CHECK(strstr(listed(""), " made") != NULL);
}

static void a_term_is_replaced_whole(void)
{
    as("shi.kj");
    put(TERM("made"), "If-Match", "\"1\"",
        json("{'zh':'改名','en':'Other name','sort_no':3,'valid_from':'2024-06-10'}"));
    CHECK(status_of() == 200);
    EXPECT_TEXT("/zh", "改名");
    EXPECT_TEXT("/attrs", "{}");
    EXPECT_TEXT("/version", "2");
    EXPECT_EVENT(id_of("made"), "dictionary_put_entry", "zh");
    put(TERM("made"), "If-Match", "\"2\"",
        json("{'zh':'改名','en':'Other name','sort_no':3,'valid_from':'2024-06-10'}"));
    EXPECT_TEXT("/version", "2");
    put(TERM("made"), "If-Match", "\"1\"", term("陈旧", "null"));
    EXPECT(VERSION_MISMATCH);
    EXPECT_TEXT("/current_version", "2");
}

/* Who has read a term means that one, who has not means none; who says neither, or both, has to say which. */
static void one_condition_is_needed(void)
{
    as("shi.kj");
    put(TERM("made"), "If-Match", NULL, term("甲", "null"));
    EXPECT(PRECONDITION_REQUIRED);
    put(TERM("absent"), "If-Match", NULL, term("甲", "null"));
    EXPECT(PRECONDITION_REQUIRED);
    put(TERM("absent"), "If-Match", "\"1\"", term("甲", "null"));
    EXPECT(NOT_FOUND);
    with("If-Match", "\"2\"");
    with("If-None-Match", "*");
    call("dictionary_put_entry", TERM("made"), term("甲", "null"));
    EXPECT_FAULT("if-none-match", "not_allowed");
    put(TERM("absent"), "If-None-Match", "\"1\"", term("甲", "null"));
    EXPECT_FAULT("if-none-match", "pattern");
    put("no_such/entries/absent", "If-None-Match", "*", term("甲", "null"));
    EXPECT(NOT_FOUND);
    CHECK(id_of("absent") == NULL);
    CHECK_TEXT(sql("SELECT count(*) FROM app.dictionary_entry WHERE dictionary = 'no_such'"), "0");
}

static void only_administrators_of_the_bureau_write(void)
{
    static const char *const others[] = {"shi.kj2", "shi.rc", "huguan.kj", "jinzhen", "linruochuan"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        as(others[i]);
        put(TERM("made"), "If-Match", "\"2\"", term("外人", "null"));
        EXPECT(FORBIDDEN);
    }
    as(NULL);
    put(TERM("made"), "If-Match", "\"2\"", term("外人", "null"));
    EXPECT(UNAUTHENTICATED);
}

static void a_repeated_key_gets_the_first_answer(void)
{
    as("shi.kj");
    for (int turn = 0; turn < 2; turn++) {
        with("Idempotency-Key", "a-term-made-once");
        put(TERM("keyed"), "If-None-Match", "*", term("带键", "null"));
        CHECK(status_of() == 201);
        CHECK((header_of("Idempotency-Replayed") != NULL) == (turn == 1));
    }
    CHECK_TEXT(sql("SELECT count(*) FROM app.event WHERE subject_id = '%s'", id_of("keyed")), "1");
}

static void wrong_terms_are_refused(void)
{
    static const char *const bodies[][2] = {
        {"{'zh':'甲','en':'A','sort_no':1,'valid_from':'2027-01-01','valid_to':'2026-12-31'}", "term_range_ordered"},
        {"{'zh':'甲','en':'A','sort_no':1,'valid_from':'2024-06-10','valid_to':'2026-10-18'}", "term_ends_in_past"},
        {"{'zh':'甲','en':'A','sort_no':1,'valid_from':'2024-06-10','parent_code':'nobody'}", "unknown_code"},
        {"{'zh':'甲','en':'A','sort_no':1,'valid_from':'2024-06-10','parent_code':'made'}", "value_not_allowed"},
    };
    as("shi.kj");
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        put(TERM("made"), "If-Match", "\"2\"", json("%s", bodies[i][0]));
        EXPECT(RULE_VIOLATED);
        EXPECT_RULE(bodies[i][1]);
    }
    put(TERM("made"), "If-Match", "\"2\"",
        json("{'zh':'甲','en':'A','sort_no':1,'valid_from':'2024-06-10','attrs':{'pay':1}}"));
    EXPECT_FAULT("#/attrs/pay", "unknown");
    put("title/entries/x-new", "If-None-Match", "*",
        json("{'zh':'正高级工艺师','en':'Senior "
             "craftsman','parent_code':'senior','sort_no':30,'valid_from':'2024-06-10'}"));
    CHECK(status_of() == 201);
}

/* The day after its last, a term is refused in new data, stays in old records, and is never used again. */
static void an_ended_term_lives_on_in_records(void)
{
    as("shi.kj");
    put(TERM("made"), "If-Match", "\"2\"", term("将止", "'2026-10-21'"));
    EXPECT_TEXT("/valid_to", "2026-10-21");
    const char *firm = sql("SELECT enterprise_id FROM app.account WHERE login_name = 'jinzhen'");
    const char *county = sql("SELECT login_name FROM app.account a JOIN app.enterprise e ON e.unit_id = a.unit_id"
                             " WHERE e.id = '%s' AND a.office = 'st' LIMIT 1",
                             firm);
    as(county);
    call("enterprise_update", firm,
         json("{'other_programmes':['made'],'reason':'在册','entered_for':{'side':'enterprise','reason':'电话委托'}}"));
    EXPECT(OK);
    sql("UPDATE app.sandbox_clock SET shift = shift + interval '2 days'");
    CHECK(strstr(listed(""), " made") == NULL);
    CHECK(strstr(listed("&with_expired=true"), " made") != NULL);
    call("enterprise_get", firm, NULL);
    EXPECT_TEXT("/other_programmes", "[\"made\"]");
    call("enterprise_update", firm,
         json("{'main_business':'照旧','reason':'在册','entered_for':{'side':'enterprise','reason':'电话委托'}}"));
    EXPECT(OK);
    EXPECT_TEXT("/other_programmes", "[\"made\"]");
    call("enterprise_update", firm,
         json("{'other_programmes':['other','made'],'reason':'在册','entered_for':{'side':'enterprise','reason':'"
              "电话委托'}}"));
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("unknown_code");
    as("shi.kj");
    put(TERM("made"), "If-Match", "\"3\"", term("复活", "null"));
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("term_ended");
    sql("UPDATE app.sandbox_clock SET shift = shift - interval '2 days'");
}

/* The terms shipped with the programme are laid over the present ones at each upgrade, but not over the bureau's. */
static void what_the_programme_ships_leaves_it_alone(void)
{
    CHECK_TEXT(sql("SELECT app.term_is_kept('%s')", id_of("made")), "t");
    CHECK_TEXT(sql("SELECT app.term_is_kept('%s')", id_of("expert_workstation")), "f");
}

struct twin {
    const char *token, *body;
    int status;
};

static void *send_twin(void *given)
{
    struct twin *t = given;
    struct reply reply;
    char bearer[4200], size[24];
    struct wire w = {.method = "PUT",
                     .target = "/v1/dictionaries/" TERM("twin"),
                     .version = "HTTP/1.1",
                     .peer = "127.0.0.1",
                     .body = t->body,
                     .body_size = strlen(t->body)};
    snprintf(bearer, sizeof bearer, "Bearer %s", t->token);
    snprintf(size, sizeof size, "%zu", strlen(t->body));
    const char *const headers[][2] = {{"Host", "127.0.0.1"},
                                      {"Authorization", bearer},
                                      {"Content-Type", "application/json"},
                                      {"Content-Length", size},
                                      {"If-None-Match", "*"}};
    for (int i = 0; i < 5; i++)
        w.headers[w.header_count++] = (struct header){.name = headers[i][0],
                                                      .value = headers[i][1],
                                                      .name_size = strlen(headers[i][0]),
                                                      .value_size = strlen(headers[i][1])};
    road(&w, &reply);
    t->status = reply.status;
    free(reply.body);
    db_close_all();
    return NULL;
}

/* The loser of a race has found nothing there and must not replace what the winner made. */
static void twins_make_a_term_once(void)
{
    pthread_t threads[2];
    struct twin twins[2];
    for (int i = 0; i < 2; i++) {
        twins[i] = (struct twin){.token = token_of("shi.kj"), .body = term(i == 0 ? "甲" : "乙", "null")};
        CHECK(pthread_create(&threads[i], NULL, send_twin, &twins[i]) == 0);
    }
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    int winner = twins[0].status == 201 ? 0 : 1;
    CHECK(twins[winner].status == 201 && twins[1 - winner].status == 412);
    CHECK_TEXT(sql("SELECT zh || version FROM app.dictionary_entry WHERE code = 'twin'"), winner == 0 ? "甲1" : "乙1");
}

int main(void)
{
    harness_open();
    sql("UPDATE app.account SET is_admin = false WHERE login_name = 'shi.kj2'");
    RUN(a_term_is_made_once);
    RUN(a_term_is_replaced_whole);
    RUN(one_condition_is_needed);
    RUN(only_administrators_of_the_bureau_write);
    RUN(a_repeated_key_gets_the_first_answer);
    RUN(wrong_terms_are_refused);
    RUN(an_ended_term_lives_on_in_records);
    RUN(what_the_programme_ships_leaves_it_alone);
    RUN(twins_make_a_term_once);
    return harness_close();
}
