/* Long jobs: who sees one, its lease, its end. */
#include "harness.h"
#include "subjects.h"
#include "work/jobs.h"

static const char *begin(const char *login)
{
    as(login);
    call("match_round_create", NULL, json("{'title':'x','year':2027,'method':'computed','start_on':'2027-01-01'}"));
    CHECK(status_of() == 202);
    return keep("/id");
}

static const char *state_of(const char *id)
{
    return sql("SELECT state || ' ' || attempts FROM app.operation WHERE id = '%s'", id);
}

static void seen_by_the_same_office(void)
{
    static const struct {
        const char *login;
        fail_t want;
    } readers[] = {
        {"shi.kj", OK}, {"shi.kj2", OK}, {"shi.rc", NOT_FOUND}, {"huguan.kj", NOT_FOUND}, {"lishi", NOT_FOUND}};
    const char *id = begin("shi.kj");
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        as(readers[i].login);
        call("operation_get", id, NULL);
        EXPECT(readers[i].want);
    }
    CHECK(operation_look());
}

/* Whoever has it is left alone while his lease runs; after that another begins anew, and the first is too late. */
static void a_job_left_behind_is_taken_up(void)
{
    const char *id = begin("shi.kj");
    CHECK_TEXT(sql("SELECT attempt FROM app.operation_take(15)"), "1");
    CHECK(!operation_look());
    CHECK_TEXT(sql("SELECT app.operation_beat('%s', 1, 2500, 15)", id), "t");
    as("shi.kj");
    call("operation_get", id, NULL);
    EXPECT_TEXT("/state", "running");
    EXPECT_TEXT("/progress_bp", "2500");
    sql("UPDATE app.operation SET leased_until = now() - interval '1 second' WHERE id = '%s'", id);
    CHECK(operation_look());
    CHECK_TEXT(state_of(id), "succeeded 2");
    CHECK_TEXT(sql("SELECT app.operation_beat('%s', 1, 0, 15)", id), "f");
    CHECK_TEXT(sql("SELECT app.match_round_finish('%s', 1, repeat('0', 64), '{}')", id), "f");
    CHECK_TEXT(sql("SELECT app.operation_fail('%s', 1)", id), "f");
    CHECK_TEXT(state_of(id), "succeeded 2");
}

/* A job that breaks its worker again and again is given up. */
static void a_job_that_cannot_be_done_fails(void)
{
    const char *id = begin("shi.kj");
    sql("UPDATE app.operation SET attempts = 5 WHERE id = '%s'", id);
    CHECK(operation_look());
    CHECK_TEXT(state_of(id), "failed 6");
    as("shi.kj");
    call("operation_get", id, NULL);
    EXPECT_TEXT("/problem/code", "internal_error");
    EXPECT_TEXT("/result", NULL);
    const char *round = sql("SELECT id FROM app.match_round WHERE operation_id = '%s'", id);
    call("match_round_get", round, NULL);
    EXPECT_TEXT("/status", "failed");
    EXPECT_TEXT("/allowed_steps", "[]");
}

static void ended_ones_are_swept_after_a_week(void)
{
    const char *id = begin("shi.kj"), *other = begin("shi.kj");
    CHECK(operation_look() && operation_look());
    sql("UPDATE app.operation SET expires_at = now() - interval '1 second' WHERE id = '%s'", id);
    sql("SELECT app.job_house_sweep(app.today())");
    as("shi.kj");
    call("operation_get", id, NULL);
    EXPECT(NOT_FOUND);
    call("operation_get", other, NULL);
    EXPECT(OK);
    call("match_round_get", sql("SELECT id FROM app.match_round WHERE operation_id = '%s'", id), NULL);
    EXPECT_TEXT("/operation_id", id);
}

int main(void)
{
    harness_open();
    subjects_open();
    RUN(seen_by_the_same_office);
    RUN(a_job_left_behind_is_taken_up);
    RUN(a_job_that_cannot_be_done_fails);
    RUN(ended_ones_are_swept_after_a_week);
    return harness_close();
}
