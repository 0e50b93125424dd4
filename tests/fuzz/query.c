/* The request target: what the guard lets through is compared with a second, simpler reading of the same bytes. */
#include "guard.h"

#include <stdlib.h>
#include <string.h>

static struct arena *arena;

/* Percent-decodes what is known to be well-formed and compares. */
static const char *same(const char *raw, const char *decoded, const char *ends)
{
    for (; *raw != '\0' && strchr(ends, *raw) == NULL; raw++, decoded++) {
        unsigned byte = (unsigned char)*raw;
        if (*raw == '%') {
            char digits[3] = {raw[1], raw[2], '\0'};
            byte = (unsigned)strtoul(digits, NULL, 16);
            raw += 2;
        }
        if (byte < 0x20 || byte == 0x7F || (unsigned char)*decoded != byte) abort();
    }
    if (*decoded != '\0') abort();
    return raw;
}

static void check_query(const char *raw, const struct asked *asked)
{
    for (int i = 0; i < asked->parameter_count; i++) {
        raw = same(raw, asked->parameters[i].name, "=&");
        raw = *raw == '=' ? same(raw + 1, asked->parameters[i].value, "&") : raw;
        if (*raw == '&')
            raw++;
        else if (*raw != '\0')
            abort();
    }
    if (*raw != '\0') abort();
}

static void check_path(const struct asked *asked)
{
    for (size_t i = 0; i + 1 < asked->path_size; i++)
        if (asked->path[i] == '/' && asked->path[i + 1] == '/') abort();
    if (memchr(asked->path, ';', asked->path_size) != NULL) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *target = malloc(size + 1);
    if (target == NULL) abort();
    if (size > 0) memcpy(target, data, size);
    target[size] = '\0';
    struct wire w = {.method = "GET", .target = target, .version = "HTTP/1.0", .peer = "::1"};
    if (arena == NULL) arena = arena_new();
    arena_reset(arena);
    struct faults faults = {.arena = arena};
    struct asked asked;
    if (guard(&w, &asked, &faults, arena) == OK) {
        const char *mark = strchr(target, '?');
        check_path(&asked);
        check_query(mark == NULL ? "" : mark + 1, &asked);
    }
    free(target);
    return 0;
}
