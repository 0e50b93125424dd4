/* A set-associative table: the hash names a set of eight places, so that finding and replacing look at eight entries
 * and memory is fixed (about 1 MiB). Sets share 64 locks, each held for less than a microsecond. */
#include "token_cache.h"

#include <pthread.h>
#include <string.h>

#define PLACES 8
#define SETS   (TOKEN_CACHE_SIZE / PLACES)
#define LOCKS  64

struct entry {
    unsigned char hash[32];
    uint64_t epoch; /* 0: empty */
    uint64_t used;  /* the set's count of uses when it was last found */
    int64_t end;
    struct actor actor;
};

static struct set {
    uint64_t uses;
    struct entry places[PLACES];
} sets[SETS];

static pthread_mutex_t locks[LOCKS] = {[0 ... LOCKS - 1] = PTHREAD_MUTEX_INITIALIZER};

static size_t set_of(const unsigned char hash[32])
{
    return ((size_t)hash[0] << 8 | hash[1]) % SETS;
}

static struct entry *entry_of(struct set *set, const unsigned char hash[32])
{
    for (int i = 0; i < PLACES; i++) {
        struct entry *e = &set->places[i];
        if (e->epoch != 0 && memcmp(e->hash, hash, sizeof e->hash) == 0) return e;
    }
    return NULL;
}

bool token_cache_find(const unsigned char hash[32], uint64_t epoch, int64_t now, struct actor *actor)
{
    size_t at = set_of(hash);
    pthread_mutex_lock(&locks[at % LOCKS]);
    struct entry *e = entry_of(&sets[at], hash);
    bool hit = e != NULL && e->epoch == epoch && now < e->end;
    if (hit) {
        e->used = ++sets[at].uses;
        *actor = e->actor;
    }
    if (e != NULL && !hit) e->epoch = 0;
    pthread_mutex_unlock(&locks[at % LOCKS]);
    return hit;
}

/* The token's own place when it has one, else an empty one, else the one not used for longest. */
static struct entry *place_for(struct set *set, const unsigned char hash[32])
{
    struct entry *oldest = entry_of(set, hash);
    if (oldest != NULL) return oldest;
    oldest = &set->places[0];
    for (int i = 0; i < PLACES; i++) {
        struct entry *e = &set->places[i];
        if (e->epoch == 0) return e;
        if (e->used < oldest->used) oldest = e;
    }
    return oldest;
}

void token_cache_keep(const unsigned char hash[32], uint64_t epoch, int64_t end, const struct actor *actor)
{
    size_t at = set_of(hash);
    pthread_mutex_lock(&locks[at % LOCKS]);
    struct entry *e = place_for(&sets[at], hash);
    memcpy(e->hash, hash, sizeof e->hash);
    e->epoch = epoch;
    e->used = ++sets[at].uses;
    e->end = end;
    e->actor = *actor;
    pthread_mutex_unlock(&locks[at % LOCKS]);
}

void token_cache_clear(void)
{
    for (size_t at = 0; at < SETS; at++) {
        pthread_mutex_lock(&locks[at % LOCKS]);
        memset(&sets[at], 0, sizeof sets[at]);
        pthread_mutex_unlock(&locks[at % LOCKS]);
    }
}
