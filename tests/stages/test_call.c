/* Calls of article 9.1: the city's for specialists or demands of the whole city, a county's for demands of its own.
 * What was published is everybody's to read. 沁源县 calls here; 壶关县 stands beside. */
#include "harness.h"
#include "subjects.h"

#include <stdlib.h>

/* A call with further members, each of a year of its own, for a batch is called once. */
static const char *draft_of(const char *login, const char *kind, const char *members)
{
    static int year = 2030;
    as(login);
    call("call_create", NULL,
         json("{'kind':'%s','title':'企业科技需求征集','year':%d,'opens_at':'2026-10-01T00:00:00+08:00',"
              "'closes_at':'2026-12-31T00:00:00+08:00'%s}",
              kind, year++, members));
    EXPECT(OK);
    return keep("/id");
}

static const char *draft(void)
{
    return draft_of("qinyuan.kj", "demand", "");
}

static const char *published(void)
{
    const char *id = draft();
    call("call_publish", id, NULL);
    EXPECT_TEXT("/status", "published");
    return id;
}

static void create_begins_a_draft(void)
{
    const char *id = draft();
    CHECK(status_of() == 201);
    CHECK_TEXT(header_of("Location"), json("/v1/calls/%s", id));
    EXPECT_TEXT("/version", "1");
    EXPECT_TEXT("/status", "draft");
    EXPECT_TEXT("/unit_id", "140431");
    EXPECT_TEXT("/batch_no", "1");
    EXPECT_TEXT("/opens_at", "2026-09-30T16:00:00.000Z");
    EXPECT_TEXT("/allowed_steps", json("['close','publish']"));
    EXPECT_EVENT(id, "call_create", "title");
    draft_of("shi.kj", "specialist", "");
    EXPECT_TEXT("/unit_id", NULL);
}

static void create_keeps_the_rules(void)
{
    as("qinyuan.kj");
    call("call_create", NULL,
         json("{'kind':'demand','title':'x','year':2026,'batch_no':50,'opens_at':'2026-12-02T00:00:00+08:00',"
              "'closes_at':'2026-12-01T00:00:00+08:00'}"));
    EXPECT_RULE("call_opens_before_closes");
    call("call_create", NULL,
         json("{'kind':'demand','title':'x','year':2026,'batch_no':50,'opens_at':'2026-09-01T00:00:00+08:00',"
              "'closes_at':'2026-10-01T00:00:00+08:00'}"));
    EXPECT(WINDOW_CLOSED);
    EXPECT_RULE("call_window_in_past");
    call("call_create", NULL,
         json("{'kind':'specialist','title':'x','year':2026,'batch_no':50,'opens_at':'2026-09-01T00:00:00+08:00',"
              "'closes_at':'2026-12-01T00:00:00+08:00'}"));
    EXPECT_RULE("call_county_demand_only");
    call("call_create", NULL, json("{'kind':'demand','title':'x','year':1999,'opens_at':'2026-12-02 00:00'}"));
    EXPECT_FAULT("#/year", "too_small");
    EXPECT_FAULT("#/opens_at", "format");
    EXPECT_FAULT("#/closes_at", "required");
}

static void offices_of_technology_alone_call(void)
{
    static const char *const others[] = {"shi.rc", "qinyuan.rc", "lishi", "linruochuan"};
    const char *id = published();
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        as(others[i]);
        call("call_create", NULL,
             json("{'kind':'demand','title':'x','year':2026,'opens_at':'2026-12-01T00:00:00Z',"
                  "'closes_at':'2026-12-02T00:00:00Z'}"));
        EXPECT(FORBIDDEN);
        call("call_publish", id, NULL);
        EXPECT(FORBIDDEN);
        call("call_close", id, json("{'decision':'close'}"));
        EXPECT(FORBIDDEN);
        call("call_get", id, NULL);
        EXPECT_TEXT("/allowed_steps", "[]");
    }
}

/* Article 20: after the regulation has ended nothing is called for. The clock is moved, not the regulation. */
static void no_call_without_a_policy(void)
{
    const char *id = draft_of("shi.kj", "demand", "");
    call("call_update", id, json("{'closes_at':'2040-01-01T00:00:00Z'}"));
    sql("UPDATE app.sandbox_clock SET shift = shift + interval '10 years'");
    call("call_publish", id, NULL);
    EXPECT(POLICY_EXPIRED);
    EXPECT_RULE("policy_expired");
    call("call_create", NULL,
         json("{'kind':'demand','title':'x','year':2037,'opens_at':'2037-01-01T00:00:00Z',"
              "'closes_at':'2037-12-02T00:00:00Z'}"));
    EXPECT(POLICY_EXPIRED);
    sql("UPDATE app.sandbox_clock SET shift = shift - interval '10 years'");
    call("call_publish", id, NULL);
    EXPECT(OK);
}

static void a_batch_is_called_once(void)
{
    const char *id = draft(), *year = keep("/year");
    const char *body = json("{'kind':'demand','title':'x','year':%s,'opens_at':'2026-10-01T00:00:00Z',"
                            "'closes_at':'2026-12-02T00:00:00Z'}",
                            year);
    call("call_create", NULL, body);
    EXPECT(DUPLICATE);
    as("huguan.kj");
    call("call_create", NULL, body);
    EXPECT(OK);
    as("qinyuan.kj");
    call("call_close", id, json("{'decision':'cancel','opinion':'重新起草'}"));
    EXPECT_TEXT("/status", "cancelled");
    call("call_create", NULL, body);
    EXPECT(OK);
    call("call_create", NULL,
         json("{'id':'%s','kind':'demand','title':'x','year':%s,'batch_no':3,'opens_at':'2026-10-01T00:00:00Z',"
              "'closes_at':'2026-12-02T00:00:00Z'}",
              id, year));
    EXPECT(DUPLICATE);
    EXPECT_TEXT("/conflicting_id", id);
}

static void drafts_are_their_sides_own(void)
{
    static const char *const others[] = {"shi.kj", "huguan.kj", "lishi", "linruochuan", NULL};
    const char *id = draft();
    call("call_close", id, json("{'decision':'cancel','opinion':'放弃'}"));
    const char *dropped = id;
    id = draft();
    for (int i = 0; i < 5; i++) {
        as(others[i]);
        call("call_get", id, NULL);
        EXPECT(NOT_FOUND);
        call("call_get", dropped, NULL);
        EXPECT(NOT_FOUND);
    }
    as("qinyuan.rc");
    call("call_get", id, NULL);
    EXPECT(OK);
    ask("GET", json("/v1/events?subject_type=call&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/operation", "call_create");
    as("shi.kj");
    ask("GET", json("/v1/events?subject_type=call&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items", "[]");
}

static void strangers_change_nothing(void)
{
    const char *id = published(), *citys = draft_of("shi.kj", "demand", "");
    as("huguan.kj");
    call("call_get", id, NULL);
    EXPECT_TEXT("/allowed_steps", "[]");
    call("call_update", id, json("{'closes_at':'2027-12-31T00:00:00Z'}"));
    EXPECT(NOT_FOUND);
    call("call_close", id, json("{'decision':'close'}"));
    EXPECT(NOT_FOUND);
    call("call_publish", citys, NULL);
    EXPECT(NOT_FOUND);
    as(NULL);
    call("call_close", id, json("{'decision':'close'}"));
    EXPECT(UNAUTHENTICATED);
}

static void a_patch_is_a_merge(void)
{
    const char *id = draft_of("qinyuan.kj", "demand", ",'doc_no':'沁科函〔2026〕99号','body':'面向全县企业'");
    call("call_update", id, json("{'title':'沁源县需求征集','body':null}"));
    EXPECT(OK);
    EXPECT_TEXT("/version", "2");
    EXPECT_TEXT("/title", "沁源县需求征集");
    EXPECT_TEXT("/body", NULL);
    EXPECT_TEXT("/doc_no", "沁科函〔2026〕99号");
    EXPECT_EVENT(id, "call_update", "title");
    call("call_update", id, json("{'title':'沁源县需求征集','closes_at':'2026-12-30T16:00:00Z'}"));
    EXPECT_TEXT("/version", "2");
    CHECK_TEXT(sql("SELECT count(*) FROM app.event WHERE subject_id = '%s'", id), "2");
    call("call_update", id, json("{'kind':'specialist','title':null}"));
    EXPECT_FAULT("#/kind", "unknown");
    EXPECT_FAULT("#/title", "type");
    call("call_update", id, json("{'closes_at':'2026-09-01T00:00:00Z'}"));
    EXPECT_RULE("call_opens_before_closes");
}

static void once_published_only_the_end_moves(void)
{
    const char *id = published();
    call("call_update", id, json("{'title':'x','opens_at':'2026-10-02T00:00:00Z'}"));
    EXPECT_RULE("published_call_fixed");
    CHECK(strstr(bytes_of(), "#/title") != NULL && strstr(bytes_of(), "#/opens_at") != NULL);
    call("call_update", id, json("{'closes_at':'2026-12-01T00:00:00Z'}"));
    EXPECT_RULE("published_call_fixed");
    call("call_update", id, json("{'closes_at':'2027-02-01T00:00:00+08:00'}"));
    EXPECT_TEXT("/closes_at", "2027-01-31T16:00:00.000Z");
    EXPECT_EVENT(id, "call_update", "closes_at");
    call("call_close", id, json("{'decision':'close'}"));
    call("call_update", id, json("{'closes_at':'2027-03-01T00:00:00+08:00'}"));
    EXPECT(WRONG_STATE);
    EXPECT_RULE("not_editable");
}

static void published_calls_are_everybodys(void)
{
    const char *id = published();
    EXPECT_EVENT(id, "call_publish", "status");
    EXPECT_TEXT("/allowed_steps", json("['close']"));
    call("call_publish", id, NULL);
    EXPECT(WRONG_STATE);
    EXPECT_TEXT("/current_status", "published");
    as(NULL);
    call("call_get", id, NULL);
    EXPECT_TEXT("/title", "企业科技需求征集");
    EXPECT_TEXT("/allowed_steps", "[]");
}

/* Calls of long ago, which come last in the list. */
static void old_calls(int count)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; INSERT INTO app.call (id, version, created_at, "
        "updated_at,"
        " status, side, shown, kind, title, year, batch_no, opens_at, closes_at) SELECT gen_random_uuid(), 1, "
        "app.now(),"
        " app.now(), 'closed', 'city', true, 'demand', '征集', 2099, o.last + n, '2000-01-01', '2000-01-02' FROM"
        " (SELECT coalesce(max(batch_no), 0) AS last FROM app.call WHERE year = 2099) o, generate_series(1, %d) n; "
        "COMMIT",
        count);
}

/* A total is exact up to 10,000, and no page has one that was not asked for it. */
static void more_than_ten_thousand_are_not_counted(void)
{
    static const char list[] = "/v1/calls?kind=demand&limit=1";
    as(NULL);
    ask("GET", list, NULL);
    EXPECT_TEXT("/total", NULL);
    ask("GET", json("%s&total=false", list), NULL);
    EXPECT_TEXT("/total", NULL);
    ask("GET", json("%s&total=true", list), NULL);
    EXPECT_TEXT("/total_is_minimum", "false");
    old_calls(10000 - atoi(text_at("/total")));
    ask("GET", json("%s&total=true", list), NULL);
    EXPECT_TEXT("/total", "10000");
    EXPECT_TEXT("/total_is_minimum", "false");
    old_calls(1);
    ask("GET", json("%s&total=true", list), NULL);
    EXPECT_TEXT("/total", "10000");
    EXPECT_TEXT("/total_is_minimum", "true");
    ask("GET", json("%s&total=true&cursor=%s", list, text_at("/next_cursor")), NULL);
    EXPECT_TEXT("/total", "10000");
    sql("BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM app.call WHERE year = 2099; COMMIT");
}

static void expect_file(const char *login, const char *id, fail_t code)
{
    as(login);
    call("attachment_get", id, NULL);
    EXPECT(code);
    call("attachment_download", id, NULL);
    EXPECT(code);
}

/* The annex of a draft is its side's; that of a published call is everybody's, signed in or not. One that a draft named
 * for a while and dropped is no part of what was published. */
static void annexes_are_read_with_the_call(void)
{
    const char *annex = stored_file("qinyuan.kj"), *dropped = stored_file("qinyuan.kj");
    const char *id = draft_of("qinyuan.kj", "demand", json(",'attachments':['%s']", dropped));
    EXPECT_TEXT("/attachments", json("['%s']", dropped));
    call("call_update", id, json("{'attachments':['%s']}", annex));
    EXPECT_EVENT(id, "call_update", "attachments");
    expect_file("qinyuan.rc", annex, OK);
    expect_file(NULL, annex, NOT_FOUND);
    expect_file("huguan.kj", annex, NOT_FOUND);
    as("qinyuan.kj");
    call("call_publish", id, NULL);
    EXPECT_TEXT("/attachments", json("['%s']", annex));
    static const char *const readers[] = {NULL, "shi.kj", "huguan.kj", "lishi", "linruochuan"};
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        expect_file(readers[i], annex, OK);
        CHECK_TEXT(bytes_of(), FILE_BYTES);
        expect_file(readers[i], dropped, NOT_FOUND);
    }
    as("qinyuan.kj");
    call("call_update", id, json("{'attachments':[]}"));
    EXPECT_RULE("published_call_fixed");
    call("call_update", draft(), json("{'attachments':['%s']}", stored_file("lishi")));
    EXPECT(REFERENCE_NOT_FOUND);
    EXPECT_TEXT("/errors/0/pointer", "#/attachments");
}

static void a_call_ends_in_two_ways(void)
{
    const char *id = published();
    call("call_close", id, json("{'decision':'close','opinion':'数量已满足'}"));
    EXPECT_TEXT("/status", "closed");
    EXPECT_EVENT(id, "call_close", "status");
    call("call_close", id, json("{'decision':'close'}"));
    EXPECT(WRONG_STATE);
    as("lishi");
    ask("GET", json("/v1/events?subject_type=call&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/review/opinion", "数量已满足");
    id = published();
    call("call_close", id, json("{'decision':'cancel'}"));
    EXPECT_RULE("opinion_required");
    call("call_close", id, json("{'decision':'cancel','opinion':'征集方案调整'}"));
    EXPECT_TEXT("/status", "cancelled");
    as(NULL);
    call("call_get", id, NULL);
    EXPECT(OK);
    id = draft();
    call("call_close", id, json("{'decision':'close'}"));
    EXPECT(WRONG_STATE);
}

static void filters_choose(void)
{
    static const struct {
        const char *query, *where;
    } filters[] = {
        {"kind=specialist", "kind = 'specialist'"},
        {"kind=specialist,demand", "true"},
        {"status=published", "status = 'published'"},
        {"status=closed,cancelled", "status IN ('closed', 'cancelled')"},
        {"unit_id=140431", "unit_id = '140431'"},
        {"year=2026,2027", "year IN (2026, 2027)"},
        {"opens_at_from=2026-01-01T00:00:00Z&opens_at_before=2027-01-01T00:00:00Z",
         "opens_at >= '2026-01-01 00:00+00' AND opens_at < '2027-01-01 00:00+00'"},
        {"closes_at_from=2026-06-01T00:00:00Z", "closes_at >= '2026-06-01 00:00+00'"},
        {"closes_at_before=2026-06-01T00:00:00Z", "closes_at < '2026-06-01 00:00+00'"},
        {"updated_since=2020-01-01T00:00:00Z", "updated_at >= '2020-01-01 00:00+00'"},
        {"kind=demand&status=published", "kind = 'demand' AND status = 'published'"},
    };
    as(NULL);
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        int shown = walk(json("/v1/calls?%s&limit=2", filters[i].query), "-opens_at");
        const char *want = sql("SELECT count(*) FROM app.call WHERE shown AND %s", filters[i].where);
        CHECK_TEXT(json("%d", shown), want);
        CHECK(shown > 0);
    }
    ask("GET", "/v1/calls?kind=party&year=soon&sort=title", NULL);
    EXPECT_FAULT("kind", "enum");
    EXPECT_FAULT("year", "type");
    EXPECT_FAULT("sort", "enum");
}

static void each_reader_walks_his_own(void)
{
    static const struct {
        const char *login, *where;
    } readers[] = {{"shi.kj", "shown OR side = 'city'"},
                   {"qinyuan.rc", "shown OR unit_id = '140431' AND side = 'county'"},
                   {"lishi", "shown"},
                   {"linruochuan", "shown"},
                   {NULL, "shown"}};
    static const char *const sorts[] = {"-opens_at", "id"};
    draft();
    draft_of("shi.kj", "specialist", "");
    for (int i = 0; i < 5; i++) {
        as(readers[i].login);
        const char *want = sql("SELECT count(*) FROM app.call WHERE %s", readers[i].where);
        for (int s = 0; s < 2; s++)
            CHECK_TEXT(json("%d", walk(json("/v1/calls?limit=3&sort=%s", sorts[s]), sorts[s])), want);
    }
}

static void cursors_fit_their_list_alone(void)
{
    as(NULL);
    ask("GET", "/v1/calls?limit=1&kind=specialist", NULL);
    const char *cursor = keep("/next_cursor");
    CHECK_TEXT(header_of("Link"), json("</v1/calls?limit=1&kind=specialist&cursor=%s>; rel='next'", cursor));
    ask("GET", json("/v1/calls?limit=2&kind=specialist&cursor=%s", cursor), NULL);
    EXPECT(OK);
    ask("GET", json("/v1/calls?limit=1&kind=demand&cursor=%s", cursor), NULL);
    EXPECT(CURSOR_INVALID);
    ask("GET", json("/v1/calls?limit=1&kind=specialist&sort=id&cursor=%s", cursor), NULL);
    EXPECT(CURSOR_INVALID);
    ask("GET", json("/v1/calls?limit=1&kind=specialist&cursor=%.*s", (int)strlen(cursor) - 1, cursor), NULL);
    EXPECT(CURSOR_INVALID);
}

/* 沁源 is two characters, too short for trigrams. */
static void words_are_found(void)
{
    as(NULL);
    ask("GET", "/v1/calls?q=%E6%B2%81%E6%BA%90", NULL);
    CHECK(text_at("/items/0/title") != NULL);
    ask("GET", "/v1/calls?q=%E6%B2%81%E6%BA%90%20%E5%A3%B6%E5%85%B3", NULL);
    EXPECT_TEXT("/items", "[]");
    draft_of("qinyuan.kj", "demand", ",'body':'芍药专项'");
    ask("GET", "/v1/calls?q=%E8%8A%8D%E8%8D%AF", NULL);
    CHECK(text_at("/items/0/id") != NULL);
    as("huguan.kj");
    ask("GET", "/v1/calls?q=%E8%8A%8D%E8%8D%AF", NULL);
    EXPECT_TEXT("/items", "[]");
    ask("GET", "/v1/calls?q=%E6%B2%81%E6%BA%90&sort=id", NULL);
    EXPECT_FAULT("sort", "not_allowed");
}

static void what_is_known_is_not_sent_again(void)
{
    const char *id = published();
    as(NULL);
    call("call_get", id, NULL);
    const char *etag = json("%s", header_of("ETag"));
    with("If-None-Match", etag);
    call("call_get", id, NULL);
    CHECK(status_of() == 304 && body_of() == NULL);
    with("If-None-Match", etag);
    as("qinyuan.kj");
    call("call_get", id, NULL);
    CHECK(status_of() == 200);
}

int main(void)
{
    harness_open();
    subjects_open();
    RUN(create_begins_a_draft);
    RUN(create_keeps_the_rules);
    RUN(offices_of_technology_alone_call);
    RUN(no_call_without_a_policy);
    RUN(a_batch_is_called_once);
    RUN(drafts_are_their_sides_own);
    RUN(strangers_change_nothing);
    RUN(a_patch_is_a_merge);
    RUN(once_published_only_the_end_moves);
    RUN(published_calls_are_everybodys);
    RUN(more_than_ten_thousand_are_not_counted);
    RUN(annexes_are_read_with_the_call);
    RUN(a_call_ends_in_two_ways);
    RUN(filters_choose);
    RUN(each_reader_walks_his_own);
    RUN(cursors_fit_their_list_alone);
    RUN(words_are_found);
    RUN(what_is_known_is_not_sent_again);
    return harness_close();
}
