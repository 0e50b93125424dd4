/* Machine clients: how a county's own system proves itself where tokens are made. */
#ifndef TEPAI_CLIENT_H
#define TEPAI_CLIENT_H

#include "arena.h"
#include "fail.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct req;

#define ASSERTION_LIFETIME_S 300

/* An id and the SHA-256 of a secret (bytea hex), from `Authorization: Basic`. */
struct client_secret {
    const char *id, *hash;
};

/* False when it is another scheme, no id of ours, or no secret of our making. */
bool client_secret_read(struct arena *a, const char *authorization, struct client_secret *out);

/* A signed assertion (RFC 7523) that has not been judged: whose it says it is. `id` is NULL when it is none at all. */
const char *assertion_client(struct arena *a, const char *assertion);

/* What is good in an assertion. */
struct assertion {
    const char *jti;
    int64_t ends; /* Unix seconds after which it would be refused for its age */
};

/* Judges an assertion by the keys that are registered for the client: signature, type, issuer, audience, times. */
bool assertion_judge(struct arena *a, const char *assertion, const char *client, const char *jwks,
                     struct assertion *out);

fail_t oauth_issue_token(struct req *r);
fail_t oauth_revoke_token(struct req *r);

#endif
