/* Metrics. Series of requests live in one fixed table under a mutex (its keys are route templates of the contract, so
 * their number is bounded); counters are atomic. */
#include "metrics.h"

#include "clock.h"
#include "fail.h"
#include "log.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Upper bounds in microseconds and as text, as the semantic conventions of OpenTelemetry name them. */
static const int64_t bounds_us[] = {5000,   10000,  25000,   50000,   75000,   100000,  250000,
                                    500000, 750000, 1000000, 2500000, 5000000, 7500000, 10000000};
static const char *const bounds[] = {"0.005", "0.01", "0.025", "0.05", "0.075", "0.1", "0.25",
                                     "0.5",   "0.75", "1",     "2.5",  "5",     "7.5", "10"};
#define BOUNDS (sizeof bounds / sizeof *bounds)

/* About 250 operations times the few statuses that each really gives. */
#define SERIES_MAX 4096

struct series {
    const char *method; /* one of method_names */
    char *route;        /* NULL: the slot is free */
    int status;
    uint64_t buckets[BOUNDS + 1]; /* the last: above all bounds */
    uint64_t sum_us;
};

static struct series table[SERIES_MAX];
static uint64_t series_lost; /* requests that found the table full */
static pthread_mutex_t table_mutex = PTHREAD_MUTEX_INITIALIZER;

static const char *const method_names[] = {"GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"};
#define METHODS (sizeof method_names / sizeof *method_names)

/* Anybody can send any word as a method, and each would be a new series. */
static const char *known_method(const char *method)
{
    for (size_t i = 0; i < METHODS; i++)
        if (strcmp(method_names[i], method) == 0) return method_names[i];
    return "_OTHER";
}

static size_t slot_of(const char *method, const char *route, int status)
{
    size_t hash = (size_t)status * 31 + (unsigned char)method[0] + (unsigned char)method[1];
    for (; *route != '\0'; route++) hash = hash * 131 + (unsigned char)*route;
    return hash % SERIES_MAX;
}

static struct series *series_at(const char *method, const char *route, int status)
{
    size_t slot = slot_of(method, route, status);
    for (int tried = 0; tried < SERIES_MAX; tried++, slot = (slot + 1) % SERIES_MAX) {
        struct series *s = &table[slot];
        if (s->route == NULL) {
            *s = (struct series){.method = method, .route = strdup(route), .status = status};
            return s->route == NULL ? NULL : s;
        }
        if (s->status == status && s->method == method && strcmp(s->route, route) == 0) return s;
    }
    return NULL;
}

void metrics_request(const char *method, const char *route, int status, int64_t duration_us)
{
    size_t bucket = 0;
    while (bucket < BOUNDS && duration_us > bounds_us[bucket]) bucket++;
    pthread_mutex_lock(&table_mutex);
    struct series *s = series_at(known_method(method), route == NULL ? "" : route, status);
    if (s != NULL) {
        s->buckets[bucket]++;
        s->sum_us += (uint64_t)duration_us;
    } else {
        series_lost++;
    }
    pthread_mutex_unlock(&table_mutex);
}

static const struct {
    const char *name, *help;
} counters[METRIC_COUNT] = {
    [METRIC_REPLAYS] = {"tepai_replays_total", "Answers repeated under an Idempotency-Key."},
    [METRIC_DATABASE_CONNECTS] = {"tepai_database_connects_total", "Connections to the database opened."},
    [METRIC_DATABASE_LOST] = {"tepai_database_lost_total", "Connections to the database given up."},
    [METRIC_DATABASE_FAIL_FAST] = {"tepai_database_fail_fast_total", "Requests refused while the database is away."},
    [METRIC_SIGN_IN_SLOTS_TAKEN] = {"tepai_sign_in_slots_taken_total", "Sign-ins refused for want of a hash slot."},
    [METRIC_TOKEN_CACHE_HITS] = {"tepai_token_cache_hits_total", "Tokens found verified."},
    [METRIC_TOKEN_CACHE_MISSES] = {"tepai_token_cache_misses_total", "Tokens whose signature was verified."},
    [METRIC_WATCHDOG_CUTS] = {"tepai_watchdog_cuts_total",
                              "Connections cut past their deadline or for want of memory."},
    [METRIC_LOG_LINES_LOST] = {"tepai_log_lines_lost_total", "Log lines lost because nobody read the log."},
    [METRIC_JOB_RUNS] = {"tepai_job_runs_total", "Periods of background jobs done."},
    [METRIC_JOB_FAILURES] = {"tepai_job_failures_total", "Background statements that failed and are tried again."},
    [METRIC_FEED_EVENTS] = {"tepai_feed_events_total", "Events moved to the feed."},
};
static atomic_uint_fast64_t counts[METRIC_COUNT];

void metrics_count(enum metric m, uint64_t many)
{
    atomic_fetch_add_explicit(&counts[m], many, memory_order_relaxed);
}

void metrics_add(enum metric m)
{
    metrics_count(m, 1);
}

static _Atomic int64_t caught_up_ms; /* 0: no worker runs here */

void metrics_feed_caught_up(void)
{
    atomic_store_explicit(&caught_up_ms, clock_ms(), memory_order_relaxed);
}

static const char *const problem_words[] = {
#define PROBLEM_WORD(code, word, status, zh, en) word,
    PROBLEMS(PROBLEM_WORD)
#undef PROBLEM_WORD
};
#define PROBLEM_COUNT (sizeof problem_words / sizeof *problem_words)
static atomic_uint_fast64_t refusals[PROBLEM_COUNT];

void metrics_refusal(const char *code)
{
    for (size_t i = 0; i < PROBLEM_COUNT; i++) {
        if (strcmp(problem_words[i], code) != 0) continue;
        atomic_fetch_add_explicit(&refusals[i], 1, memory_order_relaxed);
        return;
    }
}

static void __attribute__((format(printf, 2, 3))) add(struct buffer *out, const char *format, ...)
{
    char text[512];
    va_list values;
    va_start(values, format);
    int size = vsnprintf(text, sizeof text, format, values);
    va_end(values);
    if (size > 0 && (size_t)size < sizeof text) buffer_add(out, text, (size_t)size);
}

#define DURATION "http_server_request_duration_seconds"

static void write_series(struct buffer *out, const struct series *s)
{
    uint64_t sum = 0;
    char labels[384];
    snprintf(labels, sizeof labels, "http_request_method=\"%s\",http_route=\"%s\",http_response_status_code=\"%d\"",
             s->method, s->route, s->status);
    for (size_t i = 0; i <= BOUNDS; i++) {
        sum += s->buckets[i];
        add(out, DURATION "_bucket{%s,le=\"%s\"} %lu\n", labels, i < BOUNDS ? bounds[i] : "+Inf", sum);
    }
    add(out, DURATION "_sum{%s} %lu.%06lu\n", labels, s->sum_us / 1000000, s->sum_us % 1000000);
    add(out, DURATION "_count{%s} %lu\n", labels, sum);
}

static void write_counter(struct buffer *out, const char *name, const char *help)
{
    add(out, "# HELP %s %s\n# TYPE %s counter\n", name, help, name);
}

static void write_requests(struct buffer *out)
{
    buffer_add_text(out, "# HELP " DURATION " Time from the whole request to its answer.\n"
                         "# TYPE " DURATION " histogram\n");
    pthread_mutex_lock(&table_mutex);
    for (int i = 0; i < SERIES_MAX; i++)
        if (table[i].route != NULL) write_series(out, &table[i]);
    uint64_t lost = series_lost;
    pthread_mutex_unlock(&table_mutex);
    write_counter(out, "tepai_series_lost_total", "Requests that no series could be kept for.");
    add(out, "tepai_series_lost_total %lu\n", lost);
}

/* Grows when the feed stands still, whatever the reason. */
static void write_feed_age(struct buffer *out)
{
    int64_t at = atomic_load(&caught_up_ms);
    if (at == 0) return;
    int64_t age = clock_ms() - at;
    add(out,
        "# HELP tepai_feed_age_seconds Time since the feed held every committed event.\n"
        "# TYPE tepai_feed_age_seconds gauge\ntepai_feed_age_seconds %ld.%03ld\n",
        (long)(age / 1000), (long)(age % 1000));
}

void metrics_write(struct buffer *out)
{
    write_requests(out);
    write_feed_age(out);
    for (int i = 0; i < METRIC_COUNT; i++) {
        write_counter(out, counters[i].name, counters[i].help);
        add(out, "%s %lu\n", counters[i].name, (unsigned long)atomic_load(&counts[i]));
    }
    write_counter(out, "tepai_refusals_total", "Refused requests by problem code.");
    for (size_t i = 0; i < PROBLEM_COUNT; i++)
        add(out, "tepai_refusals_total{code=\"%s\"} %lu\n", problem_words[i], (unsigned long)atomic_load(&refusals[i]));
}

static struct MHD_Daemon *listener;

static void __attribute__((format(printf, 2, 0))) library_says(void *unused, const char *format, va_list values)
{
    char text[512];
    (void)unused;
    vsnprintf(text, sizeof text, format, values);
    log_line(LOG_WARN, "metrics_listener", "message", text, NULL);
}

static enum MHD_Result answer(void *unused, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **state)
{
    (void)unused, (void)version, (void)upload, (void)upload_size, (void)state;
    struct buffer out = {0};
    bool found = strcmp(url, "/metrics") == 0 && strcmp(method, "GET") == 0;
    if (found)
        metrics_write(&out);
    else
        buffer_add_text(&out, "Only GET /metrics is here.\n");
    struct MHD_Response *response = MHD_create_response_from_buffer(out.size, out.bytes, MHD_RESPMEM_MUST_FREE);
    if (response == NULL) {
        buffer_free(&out);
        return MHD_NO;
    }
    MHD_add_response_header(response, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    enum MHD_Result sent = MHD_queue_response(connection, found ? MHD_HTTP_OK : MHD_HTTP_NOT_FOUND, response);
    MHD_destroy_response(response);
    return sent;
}

bool metrics_listen(int port)
{
    struct sockaddr_in loopback = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG, (uint16_t)port, NULL, NULL, answer,
                                NULL, MHD_OPTION_EXTERNAL_LOGGER, library_says, NULL, MHD_OPTION_SOCK_ADDR, &loopback,
                                MHD_OPTION_CONNECTION_LIMIT, 16u, MHD_OPTION_CONNECTION_TIMEOUT, 5u, MHD_OPTION_END);
    if (listener != NULL) return true;
    log_line(LOG_ERROR, "metrics_not_listening", "advice", "set TEPAI_METRICS_PORT to a free port or to 0", NULL);
    return false;
}

void metrics_close(void)
{
    if (listener != NULL) MHD_stop_daemon(listener);
    listener = NULL;
}
