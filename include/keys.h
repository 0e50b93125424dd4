/* The key file: token signing keys, keys that sign heads of the feed, data keys, and the secrets of passwords,
 * look-ups, cursors and sign-in. Made at first start; several servers share one file and notice when it changes.
 * Secrets stay in locked memory. */
#ifndef TEPAI_KEYS_H
#define TEPAI_KEYS_H

#include "arena.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum key_state { KEY_NEXT, KEY_ACTIVE, KEY_RETIRED };

/* A key that signs access tokens or heads of the feed (ES256), never both. */
struct signing_key {
    char kid[44]; /* RFC 7638 thumbprint */
    enum key_state state;
    int64_t retired_at; /* Unix seconds; a retired key verifies for one token lifetime */
    EVP_PKEY *key;
    char *pem; /* private key as the file has it, in locked memory */
    size_t pem_size;
    char x[44], y[44]; /* public point as base64url */
};

/* Reads the file at `path`, or makes it when there is none. False after a log line. What the functions below give
 * lives until keys_free(), also when the file has changed meanwhile. */
bool keys_load(const char *path);
void keys_free(void);

const struct signing_key *keys_active(void);
const struct signing_key *keys_find(const char *kid, size_t size); /* NULL when unknown or no longer good */

/* The key that signs heads of the feed, and any that ever did: what they signed is to be verified for years. NULL when
 * unknown. A token's key is none of them, and the reverse. */
const struct signing_key *keys_head_active(void);
const struct signing_key *keys_head_find(const char *kid);

/* Whether the file is there and what was read of it is what it holds; it is read anew when it has changed. */
bool keys_in_order(void);

/* Changes whenever another set of keys has been read: what was verified before is to be verified anew. */
uint64_t keys_epoch(void);

/* Public keys as a JWK set (RFC 7517), next one included; owned by the arena. */
const char *keys_jwks(struct arena *a);

/* The next key becomes active, the active one retired, and a new next one is made; the key of heads is retired and a
 * new one takes its place at once, for nobody verifies heads by a copy of the key set. Writes the file in one step.
 * False after a log line. Running servers notice within a minute. */
bool keys_rotate(const char *path);

/* A new key seals from now on; the older ones stay, for values and kept answers that they sealed. The key of blind
 * indexes is not among them: with another one no value would be found, so it never changes. */
bool keys_rotate_sealing(const char *path);

enum secret {
    SECRET_PEPPER,      /* of password hashes */
    SECRET_BLIND_INDEX, /* of look-ups by sealed values */
    SECRET_CURSOR,      /* of page cursors */
    SECRET_SIGN_IN,     /* of names and addresses in sign-in counters */
    SECRET_REFRESH,     /* of the successors of refresh tokens */
    SECRET_COUNT
};
const unsigned char *keys_secret(enum secret s); /* 32 bytes */

/* Data keys for sealing: the newest, and any by its id. NULL when the id is unknown. */
const unsigned char *keys_data_newest(uint32_t *id);
const unsigned char *keys_data(uint32_t id);

#endif
