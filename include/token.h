/* Access tokens (RFC 9068, ES256): libjwt makes header and claims, OpenSSL signs and verifies under the key pinned to
 * the kid. */
#ifndef TEPAI_TOKEN_H
#define TEPAI_TOKEN_H

#include "arena.h"
#include "fail.h"
#include "req.h"

#define TOKEN_LIFETIME_S 600
#define TOKEN_LEEWAY_S   60
#define TOKEN_SIZE_MAX   4096 /* JWS_SIZE_MAX */

/* What a token says of its actor besides; NULL where it does not apply. `scope` is a machine's. */
struct token_about {
    const char *unit, *enterprise, *specialist, *scope;
};

/* The token of this actor, or NULL when it could not be made; what is made has passed token_verify. */
const char *token_issue(struct arena *a, const struct actor *actor, const struct token_about *about);

/* Fills `actor` from a token; UNAUTHENTICATED for any flaw. Verified tokens are remembered by their hash until they
 * expire, which spares the signature alone. */
fail_t token_verify(const char *token, size_t size, struct actor *actor);

#endif
