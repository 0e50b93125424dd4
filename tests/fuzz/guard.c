/* The guard on any request: lines of method, target, version, header size and headers "name:value", then a body. What
 * it lets through must keep the promises of guard.h. */
#include "guard.h"

#include <stdlib.h>
#include <string.h>

static struct arena *arena;

/* The next line, ended by LF or the end; NULs may stand in it. A terminated copy in memory of its own, so that a read
 * past it shows. */
static char *next_line(const uint8_t **at, size_t *left, size_t *size)
{
    const uint8_t *end = *left == 0 ? NULL : memchr(*at, '\n', *left);
    *size = end == NULL ? *left : (size_t)(end - *at);
    char *line = malloc(*size + 1);
    if (line == NULL) abort();
    memcpy(line, *at, *size);
    line[*size] = '\0';
    size_t step = end == NULL ? *size : *size + 1;
    *at += step;
    *left -= step;
    return line;
}

static void add_header(struct wire *w, char *line, size_t size)
{
    char *colon = memchr(line, ':', size);
    if (w->header_count++ >= WIRE_HEADERS_MAX) return;
    size_t name_size = colon == NULL ? size : (size_t)(colon - line);
    if (colon != NULL) *colon = '\0';
    const char *value = colon == NULL ? "" : colon + 1;
    w->headers[w->header_count - 1] = (struct header){line, value, name_size, colon == NULL ? 0 : size - name_size - 1};
}

static void check_promises(const struct wire *w, const struct asked *asked)
{
    if (asked->path_size == 0 || asked->path[0] != '/' || memchr(asked->path, '%', asked->path_size) != NULL) abort();
    if (asked->parameter_count < 0 || asked->parameter_count > PARAMETERS_MAX) abort();
    if (asked->authorization != NULL && asked->capability_token != NULL) abort();
    if (w->body_size > BODY_MAX || w->header_count > WIRE_HEADERS_MAX) abort();
    for (int i = 0; i < asked->parameter_count; i++)
        for (int j = 0; j < i; j++)
            if (strcmp(asked->parameters[i].name, asked->parameters[j].name) == 0) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *lines[80];
    size_t sizes[80];
    int count = 0;
    while (count < 80 && (count < 4 || size > 0)) {
        lines[count] = next_line(&data, &size, &sizes[count]);
        if (count++ >= 4 && sizes[count - 1] == 0) break;
    }
    struct wire w = {.method = lines[0], .target = lines[1], .version = lines[2], .peer = "::1"};
    w.header_size = (size_t)strtoul(lines[3], NULL, 10);
    for (int i = 4; i < count; i++)
        if (sizes[i] > 0) add_header(&w, lines[i], sizes[i]);
    w.body = (const char *)data;
    w.body_size = size;
    if (arena == NULL) arena = arena_new();
    arena_reset(arena);
    struct faults faults = {.arena = arena};
    struct asked asked;
    if (guard(&w, &asked, &faults, arena) == OK) check_promises(&w, &asked);
    if (guard_json(w.body, w.body_size) == OK && size > 0 && memchr(w.body, '\0', size) != NULL) abort();
    for (int i = 0; i < count; i++) free(lines[i]);
    return 0;
}
