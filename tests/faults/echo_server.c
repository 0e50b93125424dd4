/* A listener for the programs of this folder: guard, then 200 with what it saw as JSON, or the problem's status.
 *   echo_server [--port N] [--address A] [--threads N] [--body N] [--header-ms N] [--request-ms N] [--drain-ms N]
 *               [--budget-mib N]
 * prints "listening PORT" and serves until TERM. GET /v1/slow?ms=N answers after N milliseconds, GET /v1/large?size=N
 * with N bytes. It prints one line for each request that passed the guard, so that a smuggled one shows. */
#include "arena.h"
#include "buffer.h"
#include "guard.h"
#include "log.h"
#include "server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <time.h>

static const int statuses[] = {200,
#define PROBLEM_STATUS(code, word, status, zh, en) status,
                               PROBLEMS(PROBLEM_STATUS)
#undef PROBLEM_STATUS
};

static const char *const words[] = {"ok",
#define PROBLEM_WORD(code, word, status, zh, en) word,
                                    PROBLEMS(PROBLEM_WORD)
#undef PROBLEM_WORD
};

static const char *parameter(const struct asked *asked, const char *name)
{
    for (int i = 0; i < asked->parameter_count; i++)
        if (strcmp(asked->parameters[i].name, name) == 0) return asked->parameters[i].value;
    return "0";
}

static bool path_is(const struct asked *asked, const char *path)
{
    return asked->path_size == strlen(path) && memcmp(asked->path, path, asked->path_size) == 0;
}

static void add_member(struct buffer *b, const char *name, const char *text)
{
    buffer_add_json_string(b, name, strlen(name));
    buffer_add_text(b, ":");
    buffer_add_json_string(b, text, strlen(text));
    buffer_add_text(b, ",");
}

static void add_seen(struct buffer *b, const struct wire *w, const struct asked *asked, const char *word)
{
    buffer_add_text(b, "{");
    add_member(b, "code", word);
    add_member(b, "method", w->method);
    add_member(b, "peer", w->peer);
    buffer_add_text(b, "\"parameters\":{");
    for (int i = 0; i < asked->parameter_count; i++) {
        if (i > 0) buffer_add_text(b, ",");
        const struct parameter *p = &asked->parameters[i];
        buffer_add_json_string(b, p->name, strlen(p->name));
        buffer_add_text(b, ":");
        buffer_add_json_string(b, p->value, strlen(p->value));
    }
    buffer_add_text(b, "},\"body_size\":");
    buffer_add_int(b, (int64_t)w->body_size);
    buffer_add_text(b, "}");
}

static void add_large(struct buffer *b, long size)
{
    static const char zeros[1 << 16];
    while (size > 0) {
        size_t step = size < (long)sizeof zeros ? (size_t)size : sizeof zeros;
        buffer_add(b, zeros, step);
        size -= (long)step;
    }
}

static void serve(const struct asked *asked, const struct wire *wire, struct buffer *out)
{
    long ms = strtol(parameter(asked, "ms"), NULL, 10);
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    if (path_is(asked, "/v1/slow")) nanosleep(&pause, NULL);
    if (path_is(asked, "/v1/large"))
        add_large(out, strtol(parameter(asked, "size"), NULL, 10));
    else
        add_seen(out, wire, asked, "ok");
    if (path_is(asked, "/v1/bench")) return;
    printf("served %s %.*s\n", wire->method, (int)asked->path_size, asked->path);
    fflush(stdout);
}

static tss_t arenas;

static void end_arena(void *arena)
{
    arena_free(arena);
}

/* The arena of this thread, emptied; it ends with the thread. */
static struct arena *thread_arena(void)
{
    struct arena *arena = tss_get(arenas);
    if (arena == NULL && tss_set(arenas, arena = arena_new()) != thrd_success) abort();
    arena_reset(arena);
    return arena;
}

static void handle(const struct wire *wire, struct reply *reply)
{
    struct arena *arena = thread_arena();
    struct asked asked;
    struct faults faults = {.arena = arena};
    struct buffer out = {0};
    fail_t failed = guard(wire, &asked, &faults, arena);
    if (failed == OK) failed = guard_json(wire->body, wire->body_size);
    if (failed == OK)
        serve(&asked, wire, &out);
    else
        add_seen(&out, wire, &(struct asked){0}, words[failed]);
    reply->status = statuses[failed];
    reply->body = out.bytes;
    reply->body_size = out.size;
    reply->close = failed != OK;
    reply->headers[0].name = "Content-Type";
    reply->headers[0].value = failed == OK ? "application/json" : "application/problem+json";
    reply->header_count = 1;
}

struct block {
    struct block *next;
    char bytes[4000];
};

/* Memory that was in use and that the allocator keeps, for a block above it lives on. */
static void leave_freed(int mib)
{
    static struct block *top;
    for (int i = 0; i < mib * 256; i++) {
        struct block *b = malloc(sizeof *b);
        if (b == NULL) abort();
        b->next = top;
        top = b;
    }
    for (struct block *b; top != NULL && (b = top->next) != NULL; free(b)) top->next = b->next;
}

/* The options of the command line over their defaults; numbers but for the address. */
static int read_options(int count, char **arguments, struct server_options *o, int *drain_ms)
{
    long budget = 0, body = (long)BODY_MAX;
    for (int i = 1; i + 1 < count; i += 2) {
        const char *name = arguments[i];
        int number = (int)strtol(arguments[i + 1], NULL, 10);
        if (strcmp(name, "--address") == 0)
            o->address = arguments[i + 1];
        else if (strcmp(name, "--port") == 0)
            o->port = number;
        else if (strcmp(name, "--threads") == 0)
            o->threads = number;
        else if (strcmp(name, "--body") == 0)
            body = number;
        else if (strcmp(name, "--header-ms") == 0)
            o->header_deadline_ms = number;
        else if (strcmp(name, "--request-ms") == 0)
            o->request_deadline_ms = number;
        else if (strcmp(name, "--drain-ms") == 0)
            *drain_ms = number;
        else if (strcmp(name, "--budget-mib") == 0)
            budget = number;
        else if (strcmp(name, "--freed-mib") == 0)
            leave_freed(number);
        else
            return fprintf(stderr, "unknown option %s\n", name), 2;
    }
    o->body_limit = (size_t)body;
    o->memory_budget = (size_t)budget << 20;
    return 0;
}

int main(int count, char **arguments)
{
    struct server_options options = {.address = "127.0.0.1",
                                     .threads = 4,
                                     .connection_limit = 4096,
                                     .header_deadline_ms = 10000,
                                     .request_deadline_ms = 30000,
                                     .handler = handle};
    int drain_ms = 10000, signal_number;
    if (read_options(count, arguments, &options, &drain_ms) != 0) return 2;
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    log_open(LOG_INFO);
    if (tss_create(&arenas, end_arena) != thrd_success) return 1;
    struct server *server = server_start(&options);
    if (server == NULL) return 1;
    printf("listening %d\n", server_port(server));
    fflush(stdout);
    sigwait(&ends, &signal_number);
    server_stop(server, drain_ms);
    printf("stopped\n");
    return 0;
}
