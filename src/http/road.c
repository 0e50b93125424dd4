/* The road itself: whatever a request asks for, it meets these stops one after the other, and the first that objects
 * gives the answer. */
#include "road.h"
#include "clock.h"
#include "docs.h"
#include "log.h"
#include "metrics.h"
#include "server.h"
#include "stops.h"
#include "uuid.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <threads.h>

#define CONTENT_POLICY "default-src 'none'; frame-ancestors 'none'"

fail_t route(struct req *r)
{
    struct route found = router_find(contract_router(), r->wire->method, r->asked.path, r->asked.path_size);
    r->allow = found.allow;
    if (found.allow == NULL) return NOT_FOUND;
    if (found.op == NULL) return METHOD_NOT_ALLOWED;
    r->op = found.op;
    memcpy(r->path_words, found.words, sizeof r->path_words);
    return OK;
}

/* Chinese unless English is named first or alone of the two; weights (q) are not read, for clients name their first
 * choice first. */
static bool prefers_english(const char *accept_language)
{
    if (accept_language == NULL) return false;
    const char *english = NULL, *chinese = NULL;
    for (const char *at = accept_language; at != NULL && *at != '\0'; at = strchr(at, ',')) {
        while (*at == ',' || *at == ' ') at++;
        if (english == NULL && strncasecmp(at, "en", 2) == 0) english = at;
        if (chinese == NULL && strncasecmp(at, "zh", 2) == 0) chinese = at;
    }
    return english != NULL && (chinese == NULL || english < chinese);
}

/* Lower-case hexadecimal digits, not all of them zero. */
static bool is_trace_word(const char *text, size_t size)
{
    return strspn(text, "0123456789abcdef") == size && strspn(text, "0") < size;
}

/* version-traceid-parentid-flags (W3C Trace Context); anything else begins a trace of our own. */
static void continue_trace(struct req *r)
{
    const char *sent = r->asked.traceparent;
    bool good = sent != NULL && strlen(sent) == 55 && strncmp(sent, "00-", 3) == 0 && is_trace_word(sent + 3, 32) &&
                sent[35] == '-' && is_trace_word(sent + 36, 16) && sent[52] == '-' &&
                strspn(sent + 53, "0123456789abcdef") == 2;
    if (good) {
        memcpy(r->trace_id, sent + 3, 32);
        return;
    }
    unsigned char fresh[16];
    uuid_random(fresh, sizeof fresh);
    sodium_bin2hex(r->trace_id, sizeof r->trace_id, fresh, sizeof fresh);
}

static bool is_options(const struct req *r)
{
    return strcmp(r->wire->method, "OPTIONS") == 0;
}

static fail_t tell_methods(struct req *r)
{
    r->reply->status = 204;
    reply_header(r, "Allow", r->allow);
    return OK;
}

/* Fixed pages are no operations, so the router does not know them. */
static fail_t page(struct req *r)
{
    r->allow = "GET, HEAD, OPTIONS";
    if (is_options(r)) return tell_methods(r);
    if (strcmp(r->wire->method, "GET") != 0 && !r->reply->head) return METHOD_NOT_ALLOWED;
    docs_serve(r->asked.path, r->asked.path_size, r->reply);
    r->is_page = true;
    return OK;
}

/* Whoever balances asks for the health as often as it likes, and a browser's question before a request is none. */
static bool counts_for_address(const struct req *r)
{
    bool health = r->op != NULL && strcmp(r->op->room, "health") == 0;
    return r->asked.authorization == NULL && !health && !is_options(r);
}

/* A token that is none counts as no sign-in, or garbage would be free. */
static fail_t identify_and_count(struct req *r)
{
    fail_t identified = identify(r);
    if (identified == OK && r->asked.authorization == NULL) return OK;
    if (identified == OK || r->asked.authorization != NULL) limit_count(r);
    if (identified != OK) TRY(limit_judge(r));
    return identified;
}

static fail_t walk(struct req *r)
{
    fail_t refused = guard(r->wire, &r->asked, &r->faults, r->arena);
    r->english = prefers_english(r->asked.accept_language);
    continue_trace(r);
    r->reply->close = refused != OK;
    if (refused == METHOD_NOT_ALLOWED) return route(r);
    TRY(refused);
    fail_t routed = route(r);
    if (counts_for_address(r)) limit_count(r);
    TRY(limit_judge(r));
    if (docs_has(r->asked.path, r->asked.path_size)) return page(r);
    if (r->allow != NULL && is_options(r)) return tell_methods(r);
    TRY(routed);
    TRY(identify_and_count(r));
    TRY(permit(r));
    TRY(limit_judge(r));
    TRY(validate(r));
    return answer(r);
}

static void common_headers(struct req *r)
{
    reply_header(r, "X-Request-Id", r->id);
    reply_header(r, "API-Version",
                 json_string_value(json_object_get(json_object_get(contract_document(), "info"), "version")));
    reply_header(r, "X-Content-Type-Options", "nosniff");
    if (!r->is_page) reply_header(r, "Content-Security-Policy", CONTENT_POLICY);
    reply_header(r, "Vary", "Accept-Encoding, Accept-Language, Authorization, Origin");
    limit_headers(r);
    cors_headers(r);
    if (server_draining()) r->reply->close = true;
}

static void record(const struct req *r, fail_t outcome)
{
    int64_t duration = clock_us() - r->wire->began_us;
    const char *route_template = r->op == NULL ? NULL : r->op->path;
    const struct log_request line = {
        .operation = r->op == NULL ? NULL : r->op->id,
        .route = route_template,
        .method = r->op == NULL ? NULL : r->op->method,
        .request_id = r->id,
        .trace_id = r->trace_id,
        .account = r->actor.account[0] == '\0' ? NULL : r->actor.account,
        .client = r->actor.client[0] == '\0' ? NULL : r->actor.client,
        .problem = outcome == OK ? NULL : problem_of(outcome)->word,
        .status = r->reply->status,
        .duration_us = duration,
        .bytes = r->reply->body_size + r->reply->file_size,
    };
    log_request(&line);
    metrics_request(line.method == NULL ? "-" : line.method, route_template == NULL ? "-" : route_template,
                    r->reply->status, duration);
    if (outcome != OK) metrics_refusal(line.problem);
}

static once_flag arenas_once = ONCE_FLAG_INIT;
static tss_t arenas;

/* A thread takes its connections with it, too. */
static void arena_end(void *arena)
{
    arena_free(arena);
    db_close_all();
}

static void arenas_begin(void)
{
    if (tss_create(&arenas, arena_end) != thrd_success) abort();
}

/* One arena a thread, which ends with it. */
static struct arena *thread_arena(void)
{
    call_once(&arenas_once, arenas_begin);
    struct arena *arena = tss_get(arenas);
    if (arena != NULL) {
        arena_reset(arena);
        return arena;
    }
    arena = arena_new();
    if (tss_set(arenas, arena) != thrd_success) abort();
    return arena;
}

void road_forget(void)
{
    call_once(&arenas_once, arenas_begin);
    struct arena *arena = tss_get(arenas);
    if (arena != NULL) arena_reset(arena);
}

void road(const struct wire *wire, struct reply *reply)
{
    *reply = (struct reply){.head = strcmp(wire->method, "HEAD") == 0};
    struct arena *arena = thread_arena();
    struct req *r = arena_take(arena, sizeof *r);
    r->arena = arena;
    r->wire = wire;
    r->reply = reply;
    r->faults.arena = arena;
    uuid_make(r->id);
    fail_t outcome = walk(r);
    if (outcome != OK) reply_problem(r, outcome);
    common_headers(r);
    record(r, outcome);
    json_decref(r->body);
}
