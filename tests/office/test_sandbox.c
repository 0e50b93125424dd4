/* The clock of a sandbox: who sets it, what follows it and what does not, and which days wait for their work. */
#include "as_role.h"
#include "harness.h"

static void set(const char *now)
{
    call("sandbox_set_clock", NULL, json("{'now':'%s'}", now));
}

static void finish_day(PGconn *worker, const char *day)
{
    role_sql(worker, "SELECT app.work_once('demand_expire', '%s', '%s')", day, day);
    role_sql(worker, "SELECT app.work_once('day', '%s', '%s')", day, day);
}

static void time_goes_on_from_there(void)
{
    as("shi.kj");
    set("2026-12-01T10:00:00+08:00");
    EXPECT(OK);
    EXPECT_TEXT("/now", "2026-12-01T02:00:00.000Z");
    CHECK_TEXT(sql("SELECT app.now() - '2026-12-01T02:00:00Z' BETWEEN '0 s' AND '1 min'"), "t");
    CHECK_TEXT(sql("SELECT app.today()"), "2026-12-01");
    ask("GET", "/v1/me", NULL);
    EXPECT(OK);
}

static void days_wait_until_their_work_is_done(void)
{
    PGconn *worker = role_open(DB_WORKER);
    as("shi.kj");
    sql("DELETE FROM app.job_run");
    set("2026-12-04T10:00:00+08:00");
    EXPECT_TEXT("/days_waiting", "4"); /* the day it was, and three more */
    const char *demand = sql("SELECT id FROM app.demand WHERE status = 'open' LIMIT 1");
    sql("UPDATE app.demand SET valid_to = '2026-12-02' WHERE id = '%s'", demand);
    for (int day = 1; day <= 4; day++) finish_day(worker, json("2026-12-0%d", day));
    set("2026-12-04T10:00:00+08:00");
    EXPECT_TEXT("/days_waiting", "0");
    CHECK_TEXT(sql("SELECT status FROM app.demand WHERE id = '%s'", demand), "expired");
    set("2026-12-05T00:04:59+08:00"); /* the day begins at five past */
    EXPECT_TEXT("/days_waiting", "0");
    set("2026-12-05T00:05:00+08:00");
    EXPECT_TEXT("/days_waiting", "1");
    PQfinish(worker);
}

static void set_back_the_work_is_done_again(void)
{
    as("shi.kj");
    set("2026-12-02T10:00:00+08:00");
    EXPECT_TEXT("/days_waiting", "0");
    set("2026-12-04T10:00:00+08:00");
    EXPECT_TEXT("/days_waiting", "2");
    CHECK_TEXT(sql("SELECT max(period) FROM app.job_run WHERE job = 'demand_expire'"), "2026-12-02");
}

/* What the contract calls a RealInstant is one: signing in keeps to real time while records live in another year. */
static void signing_in_keeps_to_real_time(void)
{
    as("shi.kj");
    set("2028-12-04T10:00:00+08:00");
    ask("POST", "/v1/sessions", json("{'login_name':'shi.kj','password':'Tepai-Demo-2026'}"));
    EXPECT(OK);
    const char *soon = sql("SELECT app.rfc3339(now() + interval '1 hour')");
    const char *month = sql("SELECT app.rfc3339(now() + interval '32 days')");
    CHECK(strcmp(text_at("/refresh_expires_at"), month) < 0);
    ask("GET", "/v1/me", NULL);
    CHECK(strcmp(text_at("/account/last_login_at"), soon) < 0);
    CHECK(strcmp(text_at("/sessions/0/created_at"), soon) < 0);
    CHECK(strcmp(text_at("/sessions/0/expires_at"), month) < 0);
    call("account_update", keep("/account/id"), json("{'display_name':'某人'}"));
    call("account_get", sql("SELECT id FROM app.account WHERE login_name = 'shi.kj'"), NULL);
    CHECK(strcmp(text_at("/updated_at"), "2028-12-04") > 0);
    call("account_invite", sql("SELECT id FROM app.account WHERE login_name = 'huguan.kj'"), NULL);
    CHECK(text_at("/expires_at") != NULL && strcmp(text_at("/expires_at"), month) < 0);
    set("2026-12-04T10:00:00+08:00");
}

static void others_may_not(void)
{
    static const char *const others[] = {"shi.kj2", "shi.rc", "huguan.kj", "lishi", "linruochuan"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        as(others[i]);
        set("2026-12-24T10:00:00+08:00");
        EXPECT(FORBIDDEN);
    }
    as(NULL);
    set("2026-12-24T10:00:00+08:00");
    EXPECT(UNAUTHENTICATED);
    CHECK_TEXT(sql("SELECT app.today()"), "2026-12-04");
}

/* Whatever the road lets through, the function asks again. */
static void the_database_asks_again(void)
{
    PGconn *conn = role_open(DB_CITY);
    role_begin_as(conn, sql("SELECT id FROM app.account WHERE login_name = 'shi.kj2'"));
    CHECK_TEXT(role_sql(conn, "SELECT app.sandbox_set_clock(now())"), "!TP403");
    PQfinish(conn);
}

static void no_century_but_this(void)
{
    as("shi.kj");
    set("2019-01-01T00:00:00Z");
    EXPECT_FAULT("#/now", "pattern");
    set("2040-01-01T00:00:00Z");
    EXPECT_FAULT("#/now", "pattern");
    call("sandbox_set_clock", NULL, "{}");
    EXPECT_FAULT("#/now", "required");
}

static void real_data_has_no_such_clock(void)
{
    as("shi.kj");
    sql("DELETE FROM app.sandbox_clock");
    set("2026-12-24T10:00:00+08:00");
    EXPECT(FORBIDDEN);
    EXPECT_RULE("sandbox_only");
    CHECK_TEXT(sql("SELECT count(*) FROM app.sandbox_clock"), "0");
}

int main(void)
{
    harness_open();
    sql("UPDATE app.account SET is_admin = false WHERE login_name = 'shi.kj2'");
    RUN(time_goes_on_from_there);
    RUN(days_wait_until_their_work_is_done);
    RUN(set_back_the_work_is_done_again);
    RUN(signing_in_keeps_to_real_time);
    RUN(others_may_not);
    RUN(the_database_asks_again);
    RUN(no_century_but_this);
    RUN(real_data_has_no_such_clock);
    return harness_close();
}
