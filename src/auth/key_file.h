/* The key file on disk and as one set in memory. */
#ifndef TEPAI_KEY_FILE_H
#define TEPAI_KEY_FILE_H

#include "keys.h"

#include <sys/stat.h>

#define SIGNING_KEYS_MAX 8 /* next, active and those retired within a token's life */
#define DATA_KEYS_MAX    64
#define HEAD_KEYS_MAX    64 /* all there ever were */
#define SECRET_SIZE      32

/* What a file held. Never changed once it is in use; a changed file makes another set. */
struct key_set {
    struct key_set *older;
    uint64_t epoch;
    struct stat file; /* as it was when it was read */
    int signing_count, head_count, data_count;
    struct signing_key signing[SIGNING_KEYS_MAX];
    struct signing_key heads[HEAD_KEYS_MAX]; /* the last one signs; none in a file of an earlier version */
    uint32_t data_ids[DATA_KEYS_MAX];
    unsigned char *data;    /* data_count × SECRET_SIZE bytes in locked memory */
    unsigned char *secrets; /* SECRET_COUNT × SECRET_SIZE bytes in locked memory */
};

/* A set of fresh keys, or NULL. */
struct key_set *key_set_make(void);
void key_set_free(struct key_set *set);

/* A fresh signing key; false when OpenSSL has no randomness or memory. */
bool signing_key_make(struct signing_key *key, enum key_state state);

void signing_key_free(struct signing_key *key);

/* One more key that signs heads, in the place of the one before. */
bool head_key_add(struct key_set *set);

/* One more data key, which seals from now on. */
bool data_key_add(struct key_set *set);

/* NULL after a log line that says what is wrong with the file. */
struct key_set *key_file_read(const char *path);

/* Writes through a temporary file of mode 0600. With `replace` it takes the place of the file there is; without, it
 * must be the first: errno is EEXIST when another process was faster. */
bool key_file_write(const char *path, const struct key_set *set, bool replace);

#endif
