/* Memory of one request: blocks in a chain, taken from front to back and given back together. */
#include "arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BLOCK ((size_t)16384) /* most requests fit into it */
#define ALIGNMENT   _Alignof(max_align_t)

struct block {
    struct block *next; /* the one that was in use before */
    size_t size, used;
    _Alignas(max_align_t) char bytes[];
};

struct arena {
    struct block *now; /* never NULL; the last of the chain is the first block */
};

static struct block *block_new(size_t size, struct block *next)
{
    struct block *b = size > SIZE_MAX / 2 ? NULL : calloc(1, sizeof *b + size);
    if (b == NULL) abort();
    b->next = next;
    b->size = size;
    b->used = 0;
    return b;
}

struct arena *arena_new(void)
{
    struct arena *a = malloc(sizeof *a);
    if (a == NULL) abort();
    a->now = block_new(FIRST_BLOCK, NULL);
    return a;
}

/* What was taken is zeroed here and not when it is taken, so that nothing of a request stays behind. */
static void block_clear(struct block *b)
{
    explicit_bzero(b->bytes, b->used);
    b->used = 0;
}

void arena_reset(struct arena *a)
{
    while (a->now->next != NULL) {
        struct block *next = a->now->next;
        block_clear(a->now);
        free(a->now);
        a->now = next;
    }
    block_clear(a->now);
}

void arena_free(struct arena *a)
{
    if (a == NULL) return;
    arena_reset(a);
    free(a->now);
    free(a);
}

void *arena_take(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 4) abort();
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (a->now->size - a->now->used < size) {
        size_t twice = 2 * a->now->size;
        a->now = block_new(size > twice ? size : twice, a->now);
    }
    char *taken = a->now->bytes + a->now->used;
    a->now->used += size;
    return taken;
}

char *arena_copy(struct arena *a, const char *bytes, size_t size)
{
    char *copy = arena_take(a, size + 1);
    if (size > 0) memcpy(copy, bytes, size);
    return copy;
}

char *arena_print(struct arena *a, const char *format, ...)
{
    va_list list, again;
    va_start(list, format);
    va_copy(again, list);
    int size = vsnprintf(NULL, 0, format, list);
    if (size < 0) abort();
    char *text = arena_take(a, (size_t)size + 1);
    vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    va_end(list);
    return text;
}
