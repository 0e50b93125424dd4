/* Connections and pipelines. Each thread keeps one connection for each role it has served, so no lock and no hand-over
 * stand between a request and the database. libpq is only used without blocking: every wait is a poll() of ours with
 * a deadline, because statement_timeout is the server's timer and says nothing when the server itself is stuck. */
#include "clock.h"
#include "config.h"
#include "db.h"
#include "embedded.h"
#include "hosts.h"
#include "log.h"
#include "metrics.h"
#include "sqlstate.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_DEADLINE_MS 800 /* leaves a queue behind it a fifth of the second that fail-fast begins with */
#define FAIL_FAST_MS        1000

const char *const db_role_names[DB_ROLES] = {"tepai_public",     "tepai_city",       "tepai_county",
                                             "tepai_enterprise", "tepai_specialist", "tepai_worker"};

struct db {
    PGconn *conn;
    int64_t until_ms; /* the present request's deadline */
};

static _Thread_local struct db connections[DB_ROLES];
static _Thread_local int64_t away_until_ms;
static _Thread_local int64_t request_until_ms;

void db_request_begins(void)
{
    request_until_ms = clock_ms() + config_int(SETTING_DATABASE_DEADLINE_MS);
}

void db_request_shorten(int64_t ms)
{
    int64_t until = clock_ms() + ms;
    if (until < request_until_ms) request_until_ms = until;
}

bool db_request_has_time(void)
{
    return clock_ms() < request_until_ms;
}

/* What has come of `events` (above zero), 0 past the deadline, -1 when broken. */
static int wait_ready(const struct db *db, short events)
{
    for (;;) {
        int64_t left = db->until_ms - clock_ms();
        if (left <= 0) return 0;
        struct pollfd p = {.fd = PQsocket(db->conn), .events = events};
        int ready = poll(&p, 1, (int)left);
        if (ready > 0) return p.revents;
        if (ready < 0 && errno != EINTR) return -1;
    }
}

void db_close_all(void)
{
    for (int i = 0; i < DB_ROLES; i++) {
        PQfinish(connections[i].conn);
        connections[i].conn = NULL;
    }
}

/* A broken or stuck connection says that its siblings are of no use either. */
static void forget(const char *why)
{
    log_line(LOG_WARN, "database_lost", "reason", why, NULL);
    metrics_add(METRIC_DATABASE_LOST);
    db_close_all();
}

static fail_t drop(const char *why)
{
    forget(why);
    return UNAVAILABLE;
}

void db_forget_ended(enum db_role role)
{
    struct db *db = &connections[role];
    if (db->conn == NULL) return;
    struct pollfd p = {.fd = PQsocket(db->conn), .events = POLLIN};
    if (poll(&p, 1, 0) > 0) forget("ended");
}

static void on_notice(void *unused, const PGresult *notice)
{
    (void)unused;
    log_line(LOG_DEBUG, "database_notice", "sqlstate", sqlstate_of(notice), NULL);
}

/* Words and values for libpq; a later pair of a word counts. */
struct parameters {
    const char *names[64], *values[64];
    int count;
};

static void add_parameter(struct parameters *p, const char *name, const char *value)
{
    if (p->count == 63 || value == NULL) return;
    p->names[p->count] = name;
    p->values[p->count++] = value;
}

/* The operator's URL with the serving role in the place of its user, and addresses in the place of names. */
static PGconn *connect_start(enum db_role role)
{
    struct parameters p = {.count = 0};
    struct hosts hosts;
    PQconninfoOption *given = PQconninfoParse(config_text(SETTING_DATABASE_URL), NULL);
    if (given == NULL) return NULL;
    for (const PQconninfoOption *o = given; o->keyword != NULL; o++) add_parameter(&p, o->keyword, o->val);
    add_parameter(&p, "user", db_role_names[role]);
    add_parameter(&p, "password", config_text(SETTING_DATABASE_PASSWORD));
    add_parameter(&p, "application_name", "tepaid");
    add_parameter(&p, "options", "-c TimeZone=UTC -c DateStyle=ISO");
    if (hosts_copy(&hosts)) {
        add_parameter(&p, "host", hosts.host);
        add_parameter(&p, "hostaddr", hosts.hostaddr);
        add_parameter(&p, "port", hosts.port);
    }
    PGconn *conn = PQconnectStartParams(p.names, p.values, 0);
    PQconninfoFree(given);
    return conn;
}

static bool connect_finish(struct db *db)
{
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK) {
        if (state == PGRES_POLLING_FAILED) return false;
        if (wait_ready(db, state == PGRES_POLLING_READING ? POLLIN : POLLOUT) <= 0) return false;
        state = PQconnectPoll(db->conn);
    }
    return PQsetnonblocking(db->conn, 1) == 0 && PQenterPipelineMode(db->conn) == 1;
}

/* Sends what is queued and takes in what has come. False when the connection is of no more use. */
static bool move_bytes(struct db *db)
{
    int unsent = PQflush(db->conn);
    if (unsent < 0) return false;
    int ready = wait_ready(db, unsent > 0 ? POLLIN | POLLOUT : POLLIN);
    if (ready <= 0) return false;
    return (ready & ~POLLOUT) == 0 || PQconsumeInput(db->conn) == 1;
}

/* The next result of the pipeline; *result is NULL at the end of a query. False when the connection is lost. */
static bool next_result(struct db *db, PGresult **result)
{
    while (PQisBusy(db->conn)) {
        if (!move_bytes(db)) return false;
    }
    *result = PQgetResult(db->conn);
    return true;
}

/* Reads the results of `count` queries into `a` and, with `sync`, the end of the pipeline behind them. */
static bool collect(struct db *db, int count, bool sync, struct answers *a)
{
    if (PQflush(db->conn) < 0) return false;
    for (int at = 0; at < count;) {
        PGresult *r;
        if (!next_result(db, &r)) return false;
        if (r == NULL) {
            at++;
            continue;
        }
        ExecStatusType status = PQresultStatus(r);
        if (status == PGRES_FATAL_ERROR && sqlstate_of(r)[0] == '\0') {
            PQclear(r);
            return false;
        }
        if (status == PGRES_FATAL_ERROR && a->failed < 0) a->failed = at;
        if (status == PGRES_PIPELINE_ABORTED)
            PQclear(r);
        else
            a->results[at] = r;
    }
    a->count = count;
    PGresult *end = NULL;
    if (!sync) return true;
    if (!next_result(db, &end)) return false;
    /* A deferred constraint speaks here, where the Sync commits. */
    if (end != NULL && PQresultStatus(end) == PGRES_FATAL_ERROR && a->failed < 0 && count < SEGMENT_MAX) {
        a->failed = count;
        a->results[a->count++] = end;
        if (!next_result(db, &end)) return false;
        if (end == NULL && !next_result(db, &end)) return false;
    }
    bool ended = end != NULL && PQresultStatus(end) == PGRES_PIPELINE_SYNC;
    PQclear(end);
    return ended;
}

static bool send(struct db *db, const struct query *q)
{
    return PQsendQueryPrepared(db->conn, q->statement->name, q->statement->word_count, q->values, NULL, NULL, 0) == 1;
}

static bool send_word(struct db *db, const char *prepared)
{
    return PQsendQueryPrepared(db->conn, prepared, 0, NULL, NULL, NULL, 0) == 1;
}

/* begin, commit and rollback are prepared like any other statement: nothing is parsed on a request. */
static const char *const words[][2] = {{"begin", "BEGIN"}, {"commit", "COMMIT"}, {"rollback", "ROLLBACK"}};

static bool prepare_some(struct db *db, enum db_role role, int *next)
{
    struct answers a = {.failed = -1};
    const char *names[SEGMENT_MAX];
    int count = 0;
    bool queued = true;
    const struct statement *s;
    for (; count < SEGMENT_MAX - 1 && (s = statement_at(*next)) != NULL; (*next)++) {
        if ((s->db_roles & 1U << role) == 0) continue;
        names[count++] = s->name;
        queued = queued && PQsendPrepare(db->conn, s->name, s->sql, 0, NULL) == 1;
    }
    bool done = queued && PQpipelineSync(db->conn) == 1 && collect(db, count, true, &a);
    if (done && a.failed >= 0 && a.failed < count) {
        log_line(LOG_ERROR, "statement_refused", "statement", names[a.failed], "role", db_role_names[role], "sqlstate",
                 sqlstate_of(a.results[a.failed]), NULL);
    }
    bool good = done && a.failed < 0;
    db_clear(&a);
    return good;
}

static bool prepare_all(struct db *db, enum db_role role)
{
    struct answers a = {.failed = -1};
    bool queued = true;
    for (int i = 0; i < 3; i++) queued = queued && PQsendPrepare(db->conn, words[i][0], words[i][1], 0, NULL) == 1;
    bool good = queued && PQpipelineSync(db->conn) == 1 && collect(db, 3, true, &a) && a.failed < 0;
    db_clear(&a);
    for (int next = 0; good && statement_at(next) != NULL;) good = prepare_some(db, role, &next);
    return good;
}

static bool open_connection(struct db *db, enum db_role role)
{
    db->until_ms = clock_ms() + CONNECT_DEADLINE_MS;
    db->conn = connect_start(role);
    if (db->conn == NULL) return false;
    PQsetNoticeReceiver(db->conn, on_notice, NULL);
    metrics_add(METRIC_DATABASE_CONNECTS);
    return connect_finish(db) && prepare_all(db, role);
}

fail_t db_take(enum db_role role, struct db **out)
{
    struct db *db = &connections[role];
    if (db->conn == NULL) {
        if (clock_ms() < away_until_ms) {
            metrics_add(METRIC_DATABASE_FAIL_FAST);
            return UNAVAILABLE;
        }
        if (!open_connection(db, role)) {
            away_until_ms = clock_ms() + FAIL_FAST_MS;
            return drop("connect");
        }
    }
    db->until_ms = request_until_ms;
    *out = db;
    return OK;
}

void db_clear(struct answers *a)
{
    for (int i = 0; i < SEGMENT_MAX; i++) {
        PQclear(a->results[i]);
        a->results[i] = NULL;
    }
}

static fail_t lost(struct db *db, struct answers *a)
{
    a->lost = PQstatus(db->conn) == CONNECTION_BAD;
    return drop(a->lost ? "broken" : "deadline");
}

fail_t db_run(struct db *db, const struct query *queries, int count, struct answers *answers)
{
    *answers = (struct answers){.failed = -1};
    bool queued = true;
    for (int i = 0; i < count; i++) queued = queued && send(db, &queries[i]);
    if (!queued || PQpipelineSync(db->conn) != 1 || !collect(db, count, true, answers)) return lost(db, answers);
    return answers->failed < 0 ? OK : sqlstate_problem(answers->results[answers->failed]);
}

fail_t db_begin(struct db *db, const struct query *queries, int count, struct answers *answers)
{
    *answers = (struct answers){.failed = -1};
    struct answers begun = {.failed = -1};
    bool queued = send_word(db, "begin");
    for (int i = 0; i < count; i++) queued = queued && send(db, &queries[i]);
    bool good = queued && PQsendFlushRequest(db->conn) == 1 && collect(db, 1, false, &begun) &&
                collect(db, count, false, answers);
    db_clear(&begun);
    return good ? OK : lost(db, answers);
}

fail_t db_more(struct db *db, const struct query *queries, int count, struct answers *answers)
{
    *answers = (struct answers){.failed = -1};
    bool queued = true;
    for (int i = 0; i < count; i++) queued = queued && send(db, &queries[i]);
    bool good = queued && PQsendFlushRequest(db->conn) == 1 && collect(db, count, false, answers);
    return good ? OK : lost(db, answers);
}

/* After an error the server skips everything up to a Sync, so one goes before the ROLLBACK and one behind it. */
static bool roll_back(struct db *db)
{
    struct answers a = {.failed = -1};
    bool good = PQpipelineSync(db->conn) == 1 && collect(db, 0, true, &a) && send_word(db, "rollback") &&
                PQpipelineSync(db->conn) == 1 && collect(db, 1, true, &a) && a.failed < 0;
    db_clear(&a);
    return good && PQtransactionStatus(db->conn) == PQTRANS_IDLE;
}

fail_t db_end(struct db *db, bool keep, const struct query *last, bool *is_lost)
{
    struct answers a = {.failed = -1};
    *is_lost = false;
    if (!keep) return roll_back(db) ? OK : lost(db, &a);
    int count = last == NULL ? 1 : 2;
    bool queued = (last == NULL || send(db, last)) && send_word(db, "commit") && PQpipelineSync(db->conn) == 1;
    if (!queued || !collect(db, count, true, &a)) {
        db_clear(&a);
        fail_t failed = lost(db, &a);
        *is_lost = a.lost;
        return failed;
    }
    fail_t outcome = a.failed < 0 ? OK : sqlstate_problem(a.results[a.failed]);
    db_clear(&a);
    if (outcome != OK && PQtransactionStatus(db->conn) != PQTRANS_IDLE && !roll_back(db)) return lost(db, &a);
    return outcome;
}
