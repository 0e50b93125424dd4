/* The worker's three threads: one moves events to the feed as they come, one does what the calendar holds, which may
 * take long after a pause and must not keep the feed waiting, and one does the long jobs that people ask for, while the
 * first keeps its lease. There is no leader to lose: each statement is one transaction, so a worker that is killed or
 * stopped between two holds nothing, and one that dies in the middle has done nothing. Locks of the database only keep
 * two from doing the same at once. */
#include "work.h"
#include "clock.h"
#include "db.h"
#include "jobs.h"
#include "log.h"
#include "metrics.h"
#include "sqlstate.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define THREADS            3
#define FEED_PORTION       "500" /* events a statement: about 20 ms */
#define FEED_PAUSE_MS      100
#define HEAD_PAUSE_MS      1000
#define CALENDAR_PAUSE_MS  1000
#define OPERATION_PAUSE_MS 500
#define PATIENCE_LEAST_MS  1000
#define PATIENCE_MOST_MS   300000

static pthread_t threads[THREADS];
static int running; /* of them */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake;
static atomic_bool stopping;

bool work_goes_on(void)
{
    return !stopping;
}

PGresult *work_ask(const char *statement, const char *const *values)
{
    struct db *db;
    struct answers a = {.failed = -1};
    const struct query q = {.statement = statement_find(statement), .values = values};
    db_request_begins();
    db_forget_ended(DB_WORKER);
    fail_t outcome = db_take(DB_WORKER, &db);
    if (outcome == OK) outcome = db_run(db, &q, 1, &a);
    PGresult *result = a.results[0];
    a.results[0] = NULL;
    if (outcome == OK) return result;
    metrics_add(METRIC_JOB_FAILURES);
    log_line(LOG_WARN, "work_failed", "statement", statement, "subject", values == NULL ? NULL : values[0], "sqlstate",
             a.failed == 0 ? sqlstate_of(result) : NULL, NULL);
    PQclear(result);
    db_clear(&a);
    return NULL;
}

static fail_t take_with_time(struct db **db)
{
    db_request_begins();
    return db_take(DB_WORKER, db);
}

PGresult *work_step(bool first, const char *statement, const char *const *values)
{
    struct db *db;
    struct answers a = {.failed = -1};
    const struct query q = {.statement = statement_find(statement), .values = values};
    if (first) db_forget_ended(DB_WORKER);
    fail_t outcome = take_with_time(&db);
    if (outcome == OK) outcome = first ? db_begin(db, &q, 1, &a) : db_more(db, &q, 1, &a);
    PGresult *result = a.results[0];
    if (outcome == OK && a.failed < 0) return result;
    metrics_add(METRIC_JOB_FAILURES);
    log_line(LOG_WARN, "work_failed", "statement", statement, "sqlstate", a.failed == 0 ? sqlstate_of(result) : NULL,
             NULL);
    db_clear(&a);
    return NULL;
}

bool work_settle(bool keep)
{
    struct db *db;
    bool lost;
    return take_with_time(&db) == OK && db_end(db, keep, NULL, &lost) == OK;
}

bool patience_over(const struct patience *p)
{
    return clock_ms() >= p->until_ms;
}

void patience_note(struct patience *p, bool good)
{
    int64_t wait = (int64_t)PATIENCE_LEAST_MS << (p->failures < 9U ? p->failures : 9U);
    p->failures = good ? 0 : p->failures + 1;
    p->until_ms = good ? 0 : clock_ms() + (wait < PATIENCE_MOST_MS ? wait : PATIENCE_MOST_MS);
}

/* True when there is more to move at once. */
static bool feed_look(void)
{
    static const char *const portion[] = {FEED_PORTION};
    static struct patience patience;
    if (!patience_over(&patience)) return false;
    PGresult *result = work_ask("work_feed", portion);
    patience_note(&patience, result != NULL);
    if (patience.failures > 2) patience.failures = 2; /* the feed waits 4 s at the most */
    if (result == NULL) return false;
    long moved = strtol(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    bool more = moved >= strtol(FEED_PORTION, NULL, 10);
    if (moved > 0) metrics_count(METRIC_FEED_EVENTS, (uint64_t)moved);
    if (moved >= 0 && !more) metrics_feed_caught_up();
    return more;
}

/* Sleeps; false at once when the thread is to end. */
static bool pause_for(int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += ms * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&mutex);
    int woken = 0;
    while (!stopping && woken == 0) woken = pthread_cond_timedwait(&wake, &mutex, &until);
    bool goes_on = !stopping;
    pthread_mutex_unlock(&mutex);
    return goes_on;
}

static void *feed_run(void *unused)
{
    int64_t looked_ms = 0;
    bool more;
    (void)unused;
    do {
        more = feed_look();
        if (clock_ms() - looked_ms >= HEAD_PAUSE_MS) {
            looked_ms = clock_ms();
            head_look();
            operation_beat();
        }
    } while (pause_for(more ? 0 : FEED_PAUSE_MS));
    db_close_all();
    return NULL;
}

static void *calendar_run(void *unused)
{
    (void)unused;
    do {
        calendar_look();
    } while (pause_for(CALENDAR_PAUSE_MS));
    db_close_all();
    return NULL;
}

static void *operation_run(void *unused)
{
    bool more;
    (void)unused;
    do {
        more = operation_look();
    } while (pause_for(more ? 0 : OPERATION_PAUSE_MS));
    db_close_all();
    return NULL;
}

bool work_start(void)
{
    void *(*const runs[THREADS])(void *) = {feed_run, calendar_run, operation_run};
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    stopping = false;
    for (running = 0; running < THREADS; running++)
        if (pthread_create(&threads[running], NULL, runs[running], NULL) != 0) break;
    bool started = running == THREADS;
    log_line(started ? LOG_INFO : LOG_ERROR, started ? "working" : "work_not_started", NULL);
    if (!started) work_stop();
    return started;
}

void work_begin_stop(void)
{
    pthread_mutex_lock(&mutex);
    stopping = true;
    pthread_cond_broadcast(&wake);
    pthread_mutex_unlock(&mutex);
}

void work_stop(void)
{
    work_begin_stop();
    while (running > 0) pthread_join(threads[--running], NULL);
    pthread_cond_destroy(&wake);
}
