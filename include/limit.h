/* How often somebody may ask: counters in this process's memory, for a counter that all servers share would cost a
 * write for each request. Their memory is bounded; who is not seen for long or when very many ask is forgotten. */
#ifndef TEPAI_LIMIT_H
#define TEPAI_LIMIT_H

#include <stddef.h>
#include <stdint.h>

/* Requests are counted by the minute, long jobs by the hour. */
enum limit_kind { LIMIT_ACCOUNT, LIMIT_CLIENT, LIMIT_ADDRESS, LIMIT_JOB, LIMIT_KINDS };

/* What is left to one key after this request. */
struct allowance {
    enum limit_kind kind;
    int64_t quota;     /* requests a window; 0: nothing was counted */
    int64_t remaining; /* below zero: this request was one too many */
    int window_s;
    int reset_s; /* until the window ends */
};

/* Counts one request at `now_ms` (monotonic). The window of a key begins with its first request, so that two full
 * windows may follow each other closely, but never more than `quota` fall into one. Safe on any thread. */
struct allowance limit_take(enum limit_kind kind, int64_t quota, const void *key, size_t size, int64_t now_ms);

#endif
