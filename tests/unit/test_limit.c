/* Limits of rate with a clock of the test's own: what is left, when it begins anew, and that the table forgives rather
 * than punishes when more ask than it has places for. */
#include "check.h"
#include "limit.h"

#include <pthread.h>
#include <stdbool.h>

static struct allowance ask(enum limit_kind kind, const char *key, int64_t quota, int64_t now_ms)
{
    return limit_take(kind, quota, key, strlen(key), now_ms);
}

static void test_a_window(void)
{
    struct allowance a = ask(LIMIT_ACCOUNT, "first", 3, 1000);
    CHECK(a.kind == LIMIT_ACCOUNT && a.quota == 3 && a.remaining == 2 && a.reset_s == 60);
    CHECK(ask(LIMIT_ACCOUNT, "first", 3, 1000).remaining == 1);
    a = ask(LIMIT_ACCOUNT, "first", 3, 31001);
    CHECK(a.remaining == 0 && a.reset_s == 30);
    a = ask(LIMIT_ACCOUNT, "first", 3, 60999);
    CHECK(a.remaining == -1 && a.reset_s == 1); /* one too many, to the last millisecond */
    CHECK(ask(LIMIT_ACCOUNT, "first", 3, 61000).remaining == 2);
}

static void test_jobs_count_by_the_hour(void)
{
    struct allowance a = ask(LIMIT_JOB, "first", 1, 1000);
    CHECK(a.kind == LIMIT_JOB && a.remaining == 0 && a.window_s == 3600 && a.reset_s == 3600);
    CHECK(ask(LIMIT_JOB, "first", 1, 3600999).remaining == -1);
    CHECK(ask(LIMIT_JOB, "first", 1, 3601000).remaining == 0);
}

static void test_refused_ones_do_not_prolong(void)
{
    for (int i = 0; i < 1000; i++) (void)ask(LIMIT_ACCOUNT, "eager", 2, 1000 + i * 50);
    CHECK(ask(LIMIT_ACCOUNT, "eager", 2, 61000).remaining == 1);
}

static void test_keys_and_kinds_are_apart(void)
{
    (void)ask(LIMIT_ACCOUNT, "one", 5, 1000);
    CHECK(ask(LIMIT_ACCOUNT, "two", 5, 1000).remaining == 4);
    CHECK(ask(LIMIT_ADDRESS, "one", 5, 1000).remaining == 4);
    CHECK(ask(LIMIT_ACCOUNT, "one", 5, 1000).remaining == 3);
}

/* A million addresses in a second: those counted lately are still known, and none is refused for another's sake. */
static void test_flood(void)
{
    int refused = 0;
    for (unsigned i = 0; i < 1000000; i++)
        refused += limit_take(LIMIT_ADDRESS, 60, &i, sizeof i, 100000 + i / 1000).remaining < 0;
    CHECK(refused == 0);
    unsigned last = 999999;
    CHECK(limit_take(LIMIT_ADDRESS, 60, &last, sizeof last, 101000).remaining == 58);
}

#define THREADS 4
#define EACH    50000

static void *ask_often(void *allowed)
{
    for (int i = 0; i < EACH; i++) *(int *)allowed += ask(LIMIT_ACCOUNT, "shared", 1000, 500000).remaining >= 0;
    return NULL;
}

static void test_threads(void)
{
    pthread_t threads[THREADS];
    int allowed[THREADS] = {0}, all = 0;
    for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, ask_often, &allowed[i]);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++) all += allowed[i];
    CHECK(all == 1000);
}

int main(void)
{
    RUN(test_a_window);
    RUN(test_jobs_count_by_the_hour);
    RUN(test_refused_ones_do_not_prolong);
    RUN(test_keys_and_kinds_are_apart);
    RUN(test_flood);
    RUN(test_threads);
    return REPORT();
}
