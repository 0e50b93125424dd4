/* Passwords: argon2id by libsodium over an HMAC with a pepper that is not in the database. At most ARGON2_SLOTS hashes
 * run at once; a caller never waits for a slot. */
#ifndef TEPAI_PASSWORD_H
#define TEPAI_PASSWORD_H

#include "fail.h"

#include <stdbool.h>

#define PASSWORD_HASH_SIZE 128

/* Writes the hash of `password`. UNAVAILABLE when no slot is free or memory lacks. */
fail_t password_hash(const char *password, char out[PASSWORD_HASH_SIZE]);

/* OK and *right tells. `hash` NULL does the same work and is never right, so that an unknown name takes as long. */
fail_t password_verify(const char *hash, const char *password, bool *right);

/* True when the hash was made with other parameters than today's. */
bool password_outdated(const char *hash);

#endif
