/* Counters and histograms in the Prometheus text format; safe from any thread. */
#ifndef TEPAI_METRICS_H
#define TEPAI_METRICS_H

#include "buffer.h"

#include <stdbool.h>
#include <stdint.h>

/* One answered request: http_server_request_duration_seconds by method, route template and status. */
void metrics_request(const char *method, const char *route, int status, int64_t duration_us);

enum metric {
    METRIC_REPLAYS,             /* answers repeated under an Idempotency-Key */
    METRIC_DATABASE_CONNECTS,   /* connections opened */
    METRIC_DATABASE_LOST,       /* connections given up */
    METRIC_DATABASE_FAIL_FAST,  /* requests refused while the database is away */
    METRIC_SIGN_IN_SLOTS_TAKEN, /* sign-ins refused for want of a hash slot */
    METRIC_TOKEN_CACHE_HITS,
    METRIC_TOKEN_CACHE_MISSES,
    METRIC_WATCHDOG_CUTS,  /* connections cut past their deadline */
    METRIC_LOG_LINES_LOST, /* lines that the log had no room for */
    METRIC_JOB_RUNS,       /* periods of background jobs done by this process */
    METRIC_JOB_FAILURES,   /* background statements that failed, each to be tried again */
    METRIC_FEED_EVENTS,    /* events this process moved to the feed */
    METRIC_COUNT
};
void metrics_add(enum metric m);
void metrics_count(enum metric m, uint64_t many);

/* The feed holds every event committed until now, as far as this process knows. */
void metrics_feed_caught_up(void);

/* One refused request, by problem code. */
void metrics_refusal(const char *code);

/* All of it as text; `out` is appended to. */
void metrics_write(struct buffer *out);

/* Serves GET /metrics on 127.0.0.1:`port` from a thread of its own. False after a log line when it cannot. */
bool metrics_listen(int port);
void metrics_close(void);

#endif
