/* Tokens that have been verified, by the SHA-256 of their whole text. It spares the signature alone: expiry is looked
 * at on every hit, and the session in every transaction. */
#ifndef TEPAI_TOKEN_CACHE_H
#define TEPAI_TOKEN_CACHE_H

#include "req.h"

#include <stdbool.h>
#include <stdint.h>

#define TOKEN_CACHE_SIZE 4096

/* True when this token was verified under the keys of `epoch` and `now` is before its end. */
bool token_cache_find(const unsigned char hash[32], uint64_t epoch, int64_t now, struct actor *actor);

/* Remembers it until `end` (Unix seconds); in a full set the one not used for longest makes room. */
void token_cache_keep(const unsigned char hash[32], uint64_t epoch, int64_t end, const struct actor *actor);

void token_cache_clear(void);

#endif
