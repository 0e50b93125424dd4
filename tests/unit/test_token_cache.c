/* The cache of verified tokens: expiry, bound, keys, and that only the very same token is found. */
#include "auth/token_cache.h"
#include "check.h"
#include "forge.h"
#include "token.h"

#include <pthread.h>

static const struct actor official = {.role = DB_COUNTY, .account = "a", .session = "s", .office = "st"};

/* The n-th hash; the first two bytes choose the set. */
static void hash_of(unsigned char hash[32], uint32_t n)
{
    crypto_generichash(hash, 32, (const unsigned char *)&n, sizeof n, NULL, 0);
}

static bool found(const unsigned char hash[32], uint64_t epoch, int64_t now)
{
    struct actor actor = {0};
    bool hit = token_cache_find(hash, epoch, now, &actor);
    return hit && strcmp(actor.office, "st") == 0 && actor.role == DB_COUNTY;
}

static void test_expiry(void)
{
    unsigned char hash[32];
    hash_of(hash, 1);
    token_cache_keep(hash, 1, 1000, &official);
    CHECK(found(hash, 1, 999));
    CHECK(!found(hash, 1, 1000));
    CHECK(!found(hash, 1, 999)); /* what has ended is gone */
}

static void test_epoch(void)
{
    unsigned char hash[32];
    hash_of(hash, 2);
    token_cache_keep(hash, 1, 1000, &official);
    CHECK(!found(hash, 2, 1));
    CHECK(!found(hash, 1, 1));
}

static void test_altered_byte(void)
{
    unsigned char hash[32];
    hash_of(hash, 3);
    token_cache_keep(hash, 1, 1000, &official);
    for (int i = 0; i < 32; i++) {
        hash[i] ^= 1;
        CHECK(!found(hash, 1, 1));
        hash[i] ^= 1;
    }
    CHECK(found(hash, 1, 1));
}

static void test_bound(void)
{
    unsigned char hash[32];
    int kept = 0;
    token_cache_clear();
    for (uint32_t n = 0; n < 5 * TOKEN_CACHE_SIZE; n++) {
        hash_of(hash, n);
        token_cache_keep(hash, 1, 1000, &official);
        CHECK(found(hash, 1, 1));
    }
    for (uint32_t n = 0; n < 5 * TOKEN_CACHE_SIZE; n++) {
        hash_of(hash, n);
        kept += found(hash, 1, 1);
    }
    CHECK(kept <= TOKEN_CACHE_SIZE);
    CHECK(kept > TOKEN_CACHE_SIZE * 9 / 10);
}

/* Of more tokens than a set holds, the one used all the time stays. */
static void test_least_recently_used(void)
{
    unsigned char favourite[32] = {0}, other[32] = {0};
    token_cache_clear();
    favourite[31] = 0xff;
    token_cache_keep(favourite, 1, 1000, &official);
    for (unsigned char n = 0; n < 100; n++) {
        CHECK(found(favourite, 1, 1));
        other[31] = n;
        token_cache_keep(other, 1, 1000, &official);
    }
    CHECK(found(favourite, 1, 1));
    other[31] = 0;
    CHECK(!found(other, 1, 1));
}

static void test_kept_once(void)
{
    unsigned char hash[32] = {7}, other[32] = {7};
    token_cache_clear();
    for (unsigned char n = 1; n < 8; n++) {
        other[31] = n;
        token_cache_keep(other, 1, 1000, &official);
    }
    for (int n = 0; n < 20; n++) token_cache_keep(hash, 1, 1000, &official);
    for (unsigned char n = 1; n < 8; n++) {
        other[31] = n;
        CHECK(found(other, 1, 1));
    }
}

/* A token that has been altered or has ended is refused however often its good form was seen. */
static void test_through_verifier(void)
{
    struct arena *a = arena_new();
    struct actor actor = {.role = DB_COUNTY,
                          .account = "0197f0c4-6f2e-7c31-9d8a-3b1f5e6a7c90",
                          .session = "0197f0d0-5b1e-7a40-8c3f-2d9e6b7a1c05",
                          .office = "st",
                          .auth_time = 1},
                 seen;
    char *token = arena_print(a, "%s", token_issue(a, &actor, &(const struct token_about){.unit = "140427"}));
    size_t size = strlen(token);
    for (int i = 0; i < 3; i++) CHECK(token_verify(token, size, &seen) == OK);
    for (size_t at = 0; at < size; at += 7) {
        char was = token[at];
        token[at] = was == 'A' ? 'B' : 'A';
        CHECK(token_verify(token, size, &seen) == UNAUTHENTICATED);
        token[at] = was;
    }
    CHECK(token_verify(token, size, &seen) == OK);
    CHECK(token_verify(token, size - 1, &seen) == UNAUTHENTICATED);
    arena_free(a);
}

static void *hammer(void *start)
{
    unsigned char hash[32];
    uint32_t first = *(uint32_t *)start;
    for (uint32_t n = 0; n < 20000; n++) {
        hash_of(hash, first + n % 3000);
        if (!found(hash, 1, 1)) token_cache_keep(hash, 1, 1000, &official);
    }
    return NULL;
}

static void test_threads(void)
{
    pthread_t threads[4];
    uint32_t starts[4] = {0, 1000, 2000, 0};
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, hammer, &starts[i]);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    CHECK(true);
}

int main(void)
{
    const char *path = forge_open();
    RUN(test_expiry);
    RUN(test_epoch);
    RUN(test_altered_byte);
    RUN(test_bound);
    RUN(test_least_recently_used);
    RUN(test_kept_once);
    RUN(test_through_verifier);
    RUN(test_threads);
    forge_close(path);
    return REPORT();
}
