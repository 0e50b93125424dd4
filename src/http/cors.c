/* What a page of another origin may do in a browser (Fetch, 3.2): those origins that the operator lists, with the
 * token they were given. Credentials are never allowed, for there are no cookies. */
#include "config.h"
#include "stops.h"

#include <string.h>

#define SENT_HEADERS                                                                                                   \
    "Authorization, Capability-Token, Content-Type, Content-Digest, Accept-Language, If-Match, If-None-Match, "        \
    "Idempotency-Key, traceparent"
#define SHOWN_HEADERS                                                                                                  \
    "ETag, Location, Link, Retry-After, RateLimit, RateLimit-Policy, Idempotency-Replayed, Deprecation, Sunset, "      \
    "X-Request-Id, API-Version, Content-Language"
#define PREFLIGHT_SECONDS "7200"

static bool is_listed(const char *origin)
{
    size_t size = strlen(origin);
    for (const char *at = config_text(SETTING_ORIGINS); *at != '\0'; at += *at == ',') {
        size_t end = strcspn(at, ",");
        if (end == size && size > 0 && memcmp(at, origin, size) == 0) return true;
        at += end;
    }
    return false;
}

void cors_headers(struct req *r)
{
    const char *origin = r->asked.origin;
    if (origin == NULL || !is_listed(origin)) return;
    reply_header(r, "Access-Control-Allow-Origin", origin);
    reply_header(r, "Access-Control-Expose-Headers", SHOWN_HEADERS);
    if (strcmp(r->wire->method, "OPTIONS") != 0 || r->allow == NULL) return;
    reply_header(r, "Access-Control-Allow-Methods", r->allow);
    reply_header(r, "Access-Control-Allow-Headers", SENT_HEADERS);
    reply_header(r, "Access-Control-Max-Age", PREFLIGHT_SECONDS);
}
