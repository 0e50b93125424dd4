/* The first stop of the road: refuses what is ambiguous or over the largest limits, before anybody acts on it. */
#ifndef TEPAI_GUARD_H
#define TEPAI_GUARD_H

#include "arena.h"
#include "fail.h"
#include "faults.h"
#include "wire.h"

#define PARAMETERS_MAX 40
#define BODY_MAX       ((size_t)4 << 20) /* the largest body any operation takes; most take less (x-max-bytes) */

struct parameter {
    const char *name;  /* decoded, valid UTF-8, without NUL and control characters; '+' stays '+' */
    const char *value; /* the same */
};

/* What the guard made of the request line and the single-valued headers. Values point into the arena or the wire. */
struct asked {
    const char *path; /* as sent; it holds no escape, no empty and no dot segment */
    size_t path_size;
    struct parameter parameters[PARAMETERS_MAX]; /* each name once */
    int parameter_count;
    const char *accept_language, *authorization, *capability_token, *content_digest, *content_encoding, *content_type,
        *idempotency_key, *if_match, *if_none_match, *origin, *real_ip, *traceparent; /* NULL when absent */
};

/* Judges `wire` and fills `asked`. Fails with MALFORMED_REQUEST, METHOD_NOT_ALLOWED (unknown or mis-spelled method),
 * BODY_TOO_LARGE, URI_TOO_LONG or HEADERS_TOO_LARGE, and names the place in `faults` where one can be named. */
fail_t guard(const struct wire *wire, struct asked *asked, struct faults *faults, struct arena *arena);

/* MALFORMED_JSON when `body` holds a NUL byte or nests deeper than 32; jansson judges the rest. */
fail_t guard_json(const char *body, size_t size);

#endif
