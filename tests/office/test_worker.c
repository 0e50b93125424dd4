/* The worker's threads: the feed moves on while the calendar stands in a long sweep, and an end is heard in the middle
 * of one. */
#include "as_role.h"
#include "files.h"
#include "harness.h"
#include "office/files_folder.h"
#include "work.h"
#include "work/jobs.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FOLDERS 64
#define GATE    "4711"

/* Bytes that no row has, in as many folders, which have lain there for two days. */
static void leave_blobs(void)
{
    const struct timespec old[] = {{.tv_sec = time(NULL) - 2 * 24 * 3600}, {.tv_sec = time(NULL) - 2 * 24 * 3600}};
    const struct files_folder *f = files_folder();
    char name[FILES_NAME_SIZE], sha256[65];
    for (unsigned i = 0; i < FOLDERS; i++) {
        snprintf(sha256, sizeof sha256, "%02x%062u", i, 0U);
        mkdirat(f->blobs, json("%02x", i), 0700);
        files_blob_name(name, sha256);
        close(openat(f->blobs, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        CHECK(utimensat(f->blobs, name, old, 0) == 0);
    }
}

static int blobs_left(void)
{
    char name[FILES_NAME_SIZE], sha256[65];
    int left = 0;
    for (unsigned i = 0; i < FOLDERS; i++) {
        snprintf(sha256, sizeof sha256, "%02x%062u", i, 0U);
        files_blob_name(name, sha256);
        left += faccessat(files_folder()->blobs, name, F_OK, 0) == 0;
    }
    return left;
}

/* Asks until a statement gives 't', for ten seconds at most. */
static bool comes_true(const char *statement)
{
    const struct timespec pause = {.tv_nsec = 5000000};
    const time_t until = time(NULL) + 10;
    while (time(NULL) < until) {
        const char *got = sql("%s", statement);
        if (got != NULL && strcmp(got, "t") == 0) return true;
        nanosleep(&pause, NULL);
    }
    return false;
}

/* Until the connection given back is closed, whoever asks for the gate's lock waits. */
static PGconn *shut_gate(void)
{
    PGconn *gate = role_open(DB_CITY);
    role_sql(gate, "BEGIN");
    role_sql(gate, "SELECT pg_advisory_xact_lock(" GATE ")");
    return gate;
}

#define SOMEBODY_WAITS                                                                                                 \
    "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = " GATE " AND NOT granted"
#define ALL_FED "SELECT count(*) = 0 FROM app.event e WHERE NOT EXISTS (SELECT FROM app.feed f WHERE f.seq = e.seq)"

static void the_feed_moves_beside_a_sweep(void)
{
    leave_blobs();
    sql("CREATE OR REPLACE FUNCTION app.blobs_unused(names text[]) RETURNS SETOF text LANGUAGE sql VOLATILE AS"
        " 'SELECT pg_advisory_xact_lock_shared(" GATE "); SELECT unnest(names)'");
    PGconn *gate = shut_gate();
    CHECK(work_start());
    CHECK(comes_true(SOMEBODY_WAITS));
    sql("UPDATE app.enterprise SET address = 'a' || clock_timestamp() WHERE status = 'active'");
    CHECK(comes_true(ALL_FED));
    CHECK(comes_true(SOMEBODY_WAITS));
    CHECK(blobs_left() == FOLDERS);
    /* Folders are still to come, each of which would wait as long. */
    work_stop();
    CHECK(blobs_left() == FOLDERS);
    PQfinish(gate);
}

/* Nothing more is begun by one who is to end. */
static void an_end_is_heard_between_two_steps(void)
{
    CHECK(!work_goes_on());
    files_sweep();
    calendar_look();
    CHECK(blobs_left() == FOLDERS);
    CHECK_TEXT(sql("SELECT count(*) FROM app.job_run WHERE job = 'day'"), "0");
}

/* Forty days are caught up with: the feed is not behind any of them. */
static void the_feed_moves_beside_days(void)
{
    sql("INSERT INTO app.job_run VALUES ('day', to_char(app.today() - 40, 'YYYY-MM-DD'), now(), 0)");
    sql("CREATE OR REPLACE FUNCTION app.job_demand_expire(day date) RETURNS integer LANGUAGE plpgsql AS"
        " 'BEGIN PERFORM pg_advisory_xact_lock_shared(" GATE "); RETURN 0; END'");
    PGconn *gate = shut_gate();
    CHECK(work_start());
    CHECK(comes_true(SOMEBODY_WAITS));
    sql("UPDATE app.enterprise SET address = 'b' || clock_timestamp() WHERE status = 'active'");
    CHECK(comes_true(ALL_FED));
    CHECK(comes_true(SOMEBODY_WAITS));
    PQfinish(gate);
    CHECK(comes_true("SELECT count(*) > 40 FROM app.job_run WHERE job = 'day'"));
    work_stop();
}

int main(void)
{
    harness_open();
    RUN(the_feed_moves_beside_a_sweep);
    RUN(an_end_is_heard_between_two_steps);
    RUN(the_feed_moves_beside_days);
    return harness_close();
}
