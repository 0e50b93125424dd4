/* Limits of rate. Keys are hashed with a key of this process, so nobody can choose addresses that push another's
 * counter out; a table has its place for good, and threads meet only when they count in the same part of it. */
#include "limit.h"
#include "address.h"
#include "clock.h"
#include "config.h"
#include "stops.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sodium.h>
#include <stdalign.h>
#include <string.h>
#include <threads.h>

#define PARTS 64
#define SETS  64 /* of one part */
#define WAYS  8  /* places that one key may stand in */

struct counter {
    uint64_t key;
    int64_t began_ms;
    int64_t taken;
};

/* 98 KiB each; a part begins at a cache line of its own. */
static struct part {
    alignas(64) pthread_mutex_t lock;
    struct counter sets[SETS][WAYS];
} tables[LIMIT_KINDS][PARTS];

static const struct {
    const char *name;
    int window_s;
} kinds[LIMIT_KINDS] = {[LIMIT_ACCOUNT] = {"account", 60},
                        [LIMIT_CLIENT] = {"client", 60},
                        [LIMIT_ADDRESS] = {"address", 60},
                        [LIMIT_JOB] = {"job", 3600}};

static unsigned char hash_key[crypto_shorthash_KEYBYTES];
static once_flag begun = ONCE_FLAG_INIT;

static void begin(void)
{
    randombytes_buf(hash_key, sizeof hash_key);
    for (int kind = 0; kind < LIMIT_KINDS; kind++)
        for (int i = 0; i < PARTS; i++) pthread_mutex_init(&tables[kind][i].lock, NULL);
}

/* The counter of a key; a new one takes the place of the one that began first. */
static struct counter *counter_of(struct counter set[WAYS], uint64_t key)
{
    struct counter *oldest = set;
    for (int i = 0; i < WAYS; i++) {
        if (set[i].key == key) return &set[i];
        if (set[i].began_ms < oldest->began_ms) oldest = &set[i];
    }
    *oldest = (struct counter){.key = key};
    return oldest;
}

static struct allowance take(enum limit_kind kind, struct counter *c, int64_t quota, int64_t now_ms)
{
    const int64_t window_ms = (int64_t)kinds[kind].window_s * 1000;
    if (c->began_ms == 0 || now_ms - c->began_ms >= window_ms) {
        c->began_ms = now_ms;
        c->taken = 0;
    }
    c->taken++;
    int64_t left_ms = c->began_ms + window_ms - now_ms;
    return (struct allowance){.kind = kind,
                              .quota = quota,
                              .remaining = quota - c->taken,
                              .window_s = kinds[kind].window_s,
                              .reset_s = (int)((left_ms + 999) / 1000)};
}

struct allowance limit_take(enum limit_kind kind, int64_t quota, const void *key, size_t size, int64_t now_ms)
{
    uint64_t hash;
    call_once(&begun, begin);
    crypto_shorthash((unsigned char *)&hash, key, size, hash_key);
    struct part *part = &tables[kind][hash % PARTS];
    pthread_mutex_lock(&part->lock);
    struct allowance a = take(kind, counter_of(part->sets[hash / PARTS % SETS], hash), quota, now_ms);
    pthread_mutex_unlock(&part->lock);
    return a;
}

/* A household or a firm has a /56 of IPv6, so that one of its addresses proves nothing. */
static void count_address(struct req *r, int64_t quota)
{
    struct address from = address_of(r);
    if (from.is_local) return;
    size_t size = from.family == AF_INET6 ? 7 : 4;
    r->allowance = limit_take(LIMIT_ADDRESS, quota, from.bytes, size, clock_ms());
}

static void count_caller(struct req *r, enum limit_kind kind, int64_t quota, const char *id)
{
    if (quota != 0) r->allowance = limit_take(kind, quota, id, strlen(id), clock_ms());
}

void limit_count(struct req *r)
{
    int64_t strangers = config_int(SETTING_ADDRESS_LIMIT);
    if (r->actor.account[0] != '\0')
        count_caller(r, LIMIT_ACCOUNT, config_int(SETTING_ACCOUNT_LIMIT), r->actor.account);
    else if (r->actor.client[0] != '\0')
        count_caller(r, LIMIT_CLIENT, config_int(SETTING_CLIENT_LIMIT), r->actor.client);
    else if (strangers != 0)
        count_address(r, strangers);
}

fail_t limit_judge(struct req *r)
{
    if (r->allowance.quota == 0 || r->allowance.remaining >= 0) return OK;
    r->retry_after_s = r->allowance.reset_s;
    return TOO_MANY_REQUESTS;
}

fail_t limit_job(struct req *r)
{
    int64_t quota = config_int(SETTING_JOB_LIMIT);
    if (quota == 0) return OK;
    struct allowance a = limit_take(LIMIT_JOB, quota, r->actor.account, strlen(r->actor.account), clock_ms());
    if (a.remaining >= 0) return OK;
    r->allowance = a;
    return limit_judge(r);
}

void limit_headers(struct req *r)
{
    const struct allowance *a = &r->allowance;
    if (a->quota == 0) return;
    reply_header(r, "RateLimit-Policy",
                 arena_print(r->arena, "\"%s\";q=%lld;w=%d", kinds[a->kind].name, (long long)a->quota, a->window_s));
    reply_header(r, "RateLimit",
                 arena_print(r->arena, "\"%s\";r=%lld;t=%d", kinds[a->kind].name,
                             (long long)(a->remaining < 0 ? 0 : a->remaining), a->reset_s));
}
