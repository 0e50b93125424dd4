/* What single parts of a request cost, for run.py; nothing is asserted.
 *   costs routing        nanoseconds for the contract's first route, its last and its slowest
 *   costs token          for a token that is remembered, and for one whose signature is verified
 *   costs road TARGET N  walks the road N times without a socket, for a tool that counts instructions
 *   costs acceptance     for the proposal of a match round: 10,000 firms and persons, 20 admissible pairs each
 * BENCH_TOKEN is an access token; keys and database come from tepaid's own settings. */
#include "acceptance.h"
#include "auth/token_cache.h"
#include "clock.h"
#include "config.h"
#include "contract.h"
#include "keys.h"
#include "log.h"
#include "road.h"
#include "token.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define SIDES  10000
#define EACH   20
#define ROUTES 200000
#define HITS   200000
#define MISSES 300

static int64_t sink; /* what is measured must have an effect */

/* The path of an operation as a client sends it: an id in the place of each word in braces. */
static void fill_path(char *out, size_t room, const char *path)
{
    size_t size = 0;
    for (const char *at = path; *at != '\0' && size + 40 < room;) {
        if (*at != '{') {
            out[size++] = *at++;
            continue;
        }
        size += (size_t)snprintf(out + size, room - size, "01980000-0000-7000-8000-000000000001");
        at = strchr(at, '}') + 1;
    }
    out[size] = '\0';
}

static double route_ns(const struct op *op)
{
    char path[512];
    fill_path(path, sizeof path, op->path);
    size_t size = strlen(path);
    int64_t began = clock_us();
    for (int i = 0; i < ROUTES; i++) sink += router_find(contract_router(), op->method, path, size).word_count;
    return (double)(clock_us() - began) * 1000 / ROUTES;
}

static int measure_routing(void)
{
    int count;
    const struct op *ops = contract_ops(&count);
    double first = route_ns(&ops[0]), last = route_ns(&ops[count - 1]), slowest = 0;
    const char *slow_id = "";
    for (int i = 0; i < count; i++) {
        double ns = route_ns(&ops[i]);
        if (ns > slowest) slow_id = ops[i].id;
        if (ns > slowest) slowest = ns;
    }
    printf("{\"routes\":%d,\"first_ns\":%.0f,\"last_ns\":%.0f,\"slowest_ns\":%.0f,\"slowest\":\"%s\"}\n", count, first,
           last, slowest, slow_id);
    return 0;
}

static double verify_us(const char *token, int times, bool forget, bool verify)
{
    struct actor actor;
    int64_t began = clock_us();
    for (int i = 0; i < times; i++) {
        if (forget) token_cache_clear();
        if (verify && token_verify(token, strlen(token), &actor) != OK) return -1;
    }
    return (double)(clock_us() - began) / times;
}

static int measure_token(const char *token)
{
    double hit = verify_us(token, HITS, false, true);
    double miss = verify_us(token, MISSES, true, true) - verify_us(token, MISSES, true, false);
    if (hit < 0) return fputs("BENCH_TOKEN is not valid\n", stderr), 1;
    printf("{\"hit_us\":%.2f,\"miss_us\":%.1f}\n", hit, miss);
    return 0;
}

static void put_header(struct wire *w, const char *name, const char *value)
{
    w->headers[w->header_count++] =
        (struct header){.name = name, .value = value, .name_size = strlen(name), .value_size = strlen(value)};
}

static int walk_road(const char *token, const char *target, int times)
{
    char bearer[TOKEN_SIZE_MAX + 8];
    struct wire wire = {.method = "GET", .target = target, .version = "HTTP/1.1", .peer = "127.0.0.1"};
    snprintf(bearer, sizeof bearer, "Bearer %s", token);
    put_header(&wire, "Host", "127.0.0.1");
    put_header(&wire, "Authorization", bearer);
    for (int i = 0; i < times; i++) {
        struct reply reply;
        wire.began_us = clock_us();
        road(&wire, &reply);
        free(reply.body);
        if (reply.status != 200) return fprintf(stderr, "%s answers %d\n", target, reply.status), 1;
    }
    return 0;
}

static bool goes_on(void)
{
    return true;
}

/* Scores alone, and all of one taste: everybody would rather have the same few, which makes the most offers. */
static struct acceptance_pair pair_of(uint32_t enterprise, uint32_t i, bool one_taste)
{
    uint32_t specialist = (enterprise * 7919 + i * 104729) % SIDES;
    return (struct acceptance_pair){.enterprise = enterprise,
                                    .demand = enterprise,
                                    .specialist = specialist,
                                    .priority_no = ACCEPTANCE_UNRANKED,
                                    .enterprise_rank = one_taste ? (int32_t)specialist : ACCEPTANCE_UNRANKED,
                                    .specialist_rank = one_taste ? (int32_t)(SIDES - enterprise) : ACCEPTANCE_UNRANKED,
                                    .score_bp = (int32_t)((enterprise * 31 + specialist * 17) % 10000)};
}

static double propose_ms(struct acceptance_pair *pairs, uint32_t *chosen, bool one_taste)
{
    struct rusage before, after;
    size_t matched;
    for (uint32_t e = 0; e < SIDES; e++)
        for (uint32_t i = 0; i < EACH; i++) pairs[e * EACH + i] = pair_of(e, i, one_taste);
    getrusage(RUSAGE_SELF, &before);
    if (acceptance_propose(pairs, SIDES * EACH, goes_on, chosen, &matched, NULL) != ACCEPTANCE_DONE) return -1;
    getrusage(RUSAGE_SELF, &after);
    sink += (int64_t)matched;
    return (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) * 1000 +
           (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec) / 1000 +
           (double)(after.ru_stime.tv_sec - before.ru_stime.tv_sec) * 1000 +
           (double)(after.ru_stime.tv_usec - before.ru_stime.tv_usec) / 1000;
}

static int measure_acceptance(void)
{
    struct acceptance_pair *pairs = malloc(sizeof *pairs * SIDES * EACH);
    uint32_t *chosen = malloc(sizeof *chosen * SIDES * EACH);
    struct rusage all;
    if (pairs == NULL || chosen == NULL) return 1;
    double scores = propose_ms(pairs, chosen, false), one_taste = propose_ms(pairs, chosen, true);
    getrusage(RUSAGE_SELF, &all);
    printf("{\"pairs\":%d,\"scores_ms\":%.0f,\"one_taste_ms\":%.0f,\"peak_rss_mb\":%.0f}\n", SIDES * EACH, scores,
           one_taste, (double)all.ru_maxrss / 1024);
    free(pairs);
    free(chosen);
    return 0;
}

int main(int count, char **words)
{
    const char *what = count > 1 ? words[1] : "", *token = getenv("BENCH_TOKEN");
    if (strcmp(what, "acceptance") == 0) return measure_acceptance();
    if (sodium_init() < 0 || !config_load()) return 1;
    log_open(LOG_ERROR);
    if (!keys_load(config_text(SETTING_KEYS)) || !contract_load() || token == NULL) return 1;
    if (strcmp(what, "routing") == 0) return measure_routing();
    if (strcmp(what, "token") == 0) return measure_token(token);
    if (strcmp(what, "road") == 0 && count == 4) return walk_road(token, words[2], (int)strtol(words[3], NULL, 10));
    fputs("usage: costs routing | token | road TARGET N | acceptance\n", stderr);
    return 2;
}
