/* What signing in, confirming and registering share: where a try comes from, and the keys it is counted under. */
#ifndef TEPAI_SIGN_IN_H
#define TEPAI_SIGN_IN_H

#include "req.h"

/* The place of a caller. Keys are NULL for callers on the machine itself, who are not counted. */
struct origin {
    const char *address_key, *network_key; /* bytea hex */
    const char *network;                   /* "203.0.113.0/24", IPv6 as /56 */
};

void origin_of(struct req *r, struct origin *o);

/* HMAC of a login name or an address, as bytea hex: counters hold neither names nor addresses. */
const char *sign_in_key(struct arena *a, const char *kind, const char *text);

/* ASCII letters in lower case; login names have no others. */
const char *folded(struct arena *a, const char *text);

/* TOO_MANY_REQUESTS, with Retry-After, when the result's column `wait` is above zero. */
fail_t judge_wait(struct req *r, const PGresult *result);

#endif
