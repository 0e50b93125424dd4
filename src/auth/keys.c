/* The keys in use. Readers take the present set through one atomic pointer and hold it as long as they like: when the
 * file has changed another set takes its place, and the old ones, a few kilobytes a rotation, live until the end. */
#include "keys.h"
#include "buffer.h"
#include "clock.h"
#include "key_file.h"
#include "log.h"
#include "token.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define LOOK_AT_ISSUE_MS   60000
#define LOOK_AT_UNKNOWN_MS 1000

/* A server that has not noticed a rotation issues under the retired key for up to a minute, which is also the leeway
 * of clocks. */
#define RETIRED_LIFE_S (TOKEN_LIFETIME_S + TOKEN_LEEWAY_S)

static _Atomic(struct key_set *) current;
static char *file_path;
static _Atomic int64_t looked_ms;
static pthread_mutex_t reading = PTHREAD_MUTEX_INITIALIZER;

static bool is_good(const struct signing_key *k)
{
    return k->state != KEY_RETIRED || clock_unix() < k->retired_at + RETIRED_LIFE_S;
}

static void publish(struct key_set *set)
{
    set->older = atomic_load(&current);
    set->epoch = set->older == NULL ? 1 : set->older->epoch + 1;
    atomic_store(&current, set);
}

static bool is_unchanged(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Opens and locks the file as it stands: a rotation that went before has put another file under this name. */
static int lock_file(const char *path)
{
    for (;;) {
        struct stat held, named_now;
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0 || flock(file, LOCK_EX) != 0 || fstat(file, &held) != 0) return file;
        if (stat(path, &named_now) == 0 && is_unchanged(&held, &named_now)) return file;
        close(file);
    }
}

/* Reads, changes and writes the file, one process at a time. False after a log line `failure`. */
static bool rewrite_file(const char *path, bool (*change)(struct key_set *), const char *failure)
{
    int lock = lock_file(path);
    struct key_set *set = lock < 0 ? NULL : key_file_read(path);
    bool good = set != NULL && change(set) && key_file_write(path, set, true);
    if (!good) log_line(LOG_ERROR, failure, "path", path, NULL);
    key_set_free(set);
    if (lock >= 0) close(lock);
    return good;
}

static bool first_head_key(struct key_set *set)
{
    return set->head_count > 0 || head_key_add(set);
}

/* The file as it is now; one of an earlier version gets the key that it lacks. */
static struct key_set *read_whole(const char *path)
{
    struct key_set *set = key_file_read(path);
    if (set == NULL || set->head_count > 0) return set;
    key_set_free(set);
    return rewrite_file(path, first_head_key, "key_file_not_completed") ? key_file_read(path) : NULL;
}

/* Under the lock of reading. */
static void read_changed(void)
{
    struct stat now;
    if (stat(file_path, &now) != 0 || is_unchanged(&now, &atomic_load(&current)->file)) return;
    struct key_set *set = read_whole(file_path);
    if (set != NULL) publish(set);
}

/* Looks at the file when nobody has done so for `period_ms`; threads that come meanwhile go on with what there is. */
static void notice_change(int64_t period_ms)
{
    int64_t last = atomic_load(&looked_ms), moment = clock_ms();
    if (moment - last < period_ms || !atomic_compare_exchange_strong(&looked_ms, &last, moment)) return;
    if (pthread_mutex_trylock(&reading) != 0) return;
    read_changed();
    pthread_mutex_unlock(&reading);
}

bool keys_in_order(void)
{
    struct stat now;
    pthread_mutex_lock(&reading);
    read_changed();
    bool known = stat(file_path, &now) == 0 && is_unchanged(&now, &atomic_load(&current)->file);
    pthread_mutex_unlock(&reading);
    return known;
}

/* Makes the file when there is none. True also when another process made it at the same moment. */
static bool make_file(const char *path)
{
    if (access(path, F_OK) == 0) return true;
    struct key_set *fresh = key_set_make();
    bool good = fresh != NULL && (key_file_write(path, fresh, false) || errno == EEXIST);
    if (!good) log_line(LOG_ERROR, "key_file_not_written", "path", path, "reason", strerrordesc_np(errno), NULL);
    key_set_free(fresh);
    return good;
}

bool keys_load(const char *path)
{
    if (sodium_init() < 0 || !make_file(path)) return false;
    struct key_set *set = read_whole(path);
    char *copy = strdup(path);
    if (set == NULL || copy == NULL) {
        key_set_free(set);
        free(copy);
        return false;
    }
    free(file_path);
    file_path = copy;
    publish(set);
    atomic_store(&looked_ms, clock_ms());
    return true;
}

void keys_free(void)
{
    struct key_set *set = atomic_exchange(&current, NULL);
    while (set != NULL) {
        struct key_set *older = set->older;
        key_set_free(set);
        set = older;
    }
    free(file_path);
    file_path = NULL;
}

static const struct signing_key *in_state(const struct key_set *set, enum key_state state)
{
    for (int i = 0; i < set->signing_count; i++) {
        if (set->signing[i].state == state) return &set->signing[i];
    }
    return NULL;
}

const struct signing_key *keys_active(void)
{
    notice_change(LOOK_AT_ISSUE_MS);
    return in_state(atomic_load(&current), KEY_ACTIVE);
}

static const struct signing_key *named(const struct key_set *set, const char *kid, size_t size)
{
    for (int i = 0; i < set->signing_count; i++) {
        const struct signing_key *k = &set->signing[i];
        if (strlen(k->kid) == size && memcmp(k->kid, kid, size) == 0) return is_good(k) ? k : NULL;
    }
    return NULL;
}

const struct signing_key *keys_find(const char *kid, size_t size)
{
    const struct signing_key *k = named(atomic_load(&current), kid, size);
    if (k != NULL) return k;
    notice_change(LOOK_AT_UNKNOWN_MS);
    return named(atomic_load(&current), kid, size);
}

uint64_t keys_epoch(void)
{
    return atomic_load(&current)->epoch;
}

static const char *jwk(struct arena *a, const char *list, const struct signing_key *k)
{
    return arena_print(a,
                       "%s%s{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\",\"kid\":\"%s\","
                       "\"alg\":\"ES256\",\"use\":\"sig\"}",
                       list, *list == '\0' ? "" : ",", k->x, k->y, k->kid);
}

const char *keys_jwks(struct arena *a)
{
    const struct key_set *set = atomic_load(&current);
    const char *list = "";
    for (int i = 0; i < set->signing_count; i++)
        if (is_good(&set->signing[i])) list = jwk(a, list, &set->signing[i]);
    for (int i = 0; i < set->head_count; i++) list = jwk(a, list, &set->heads[i]);
    return arena_print(a, "{\"keys\":[%s]}", list);
}

const struct signing_key *keys_head_active(void)
{
    notice_change(LOOK_AT_ISSUE_MS);
    const struct key_set *set = atomic_load(&current);
    return &set->heads[set->head_count - 1];
}

const struct signing_key *keys_head_find(const char *kid)
{
    const struct key_set *set = atomic_load(&current);
    for (int i = 0; i < set->head_count; i++)
        if (strcmp(set->heads[i].kid, kid) == 0) return &set->heads[i];
    return NULL;
}

const unsigned char *keys_secret(enum secret s)
{
    return atomic_load(&current)->secrets + (size_t)s * SECRET_SIZE;
}

const unsigned char *keys_data_newest(uint32_t *id)
{
    notice_change(LOOK_AT_ISSUE_MS);
    const struct key_set *set = atomic_load(&current);
    *id = set->data_ids[set->data_count - 1];
    return set->data + (size_t)(set->data_count - 1) * SECRET_SIZE;
}

static const unsigned char *data_key_of(const struct key_set *set, uint32_t id)
{
    for (int i = 0; i < set->data_count; i++) {
        if (set->data_ids[i] == id) return set->data + (size_t)i * SECRET_SIZE;
    }
    return NULL;
}

/* A key that this process does not know was made since by a rotation that another one noticed first. */
const unsigned char *keys_data(uint32_t id)
{
    const unsigned char *key = data_key_of(atomic_load(&current), id);
    if (key != NULL) return key;
    pthread_mutex_lock(&reading);
    read_changed();
    pthread_mutex_unlock(&reading);
    return data_key_of(atomic_load(&current), id);
}

/* Drops what has been retired for a token's life and moves the others one state on. */
static bool rotate_set(struct key_set *set)
{
    int kept = 0;
    for (int i = 0; i < set->signing_count; i++) {
        struct signing_key *k = &set->signing[i];
        if (!is_good(k)) {
            signing_key_free(k);
            continue;
        }
        if (k->state == KEY_ACTIVE) k->retired_at = clock_unix();
        if (k->state != KEY_RETIRED) k->state = k->state == KEY_NEXT ? KEY_ACTIVE : KEY_RETIRED;
        set->signing[kept++] = *k;
    }
    set->signing_count = kept;
    if (kept == SIGNING_KEYS_MAX || !head_key_add(set)) return false;
    return signing_key_make(&set->signing[set->signing_count++], KEY_NEXT);
}

bool keys_rotate(const char *path)
{
    return sodium_init() >= 0 && rewrite_file(path, rotate_set, "keys_not_rotated");
}

bool keys_rotate_sealing(const char *path)
{
    return sodium_init() >= 0 && rewrite_file(path, data_key_add, "keys_not_rotated");
}
