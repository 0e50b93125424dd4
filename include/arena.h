/* Memory of one request. Everything taken from an arena lives until the request has been answered and is then
 * given back at once, so no code on the road frees anything. A failed allocation ends the process: an answer built
 * from half of what was needed would be worse than a restart. */
#ifndef TEPAI_ARENA_H
#define TEPAI_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* A new, empty arena; the caller ends it with arena_free(). */
struct arena *arena_new(void);
void arena_free(struct arena *a);

/* Zeroes and forgets everything in it and keeps its first block for the next request. */
void arena_reset(struct arena *a);

/* `size` bytes, aligned for any type, zeroed. */
void *arena_take(struct arena *a, size_t size);

/* A copy of `size` bytes and a terminating NUL. */
char *arena_copy(struct arena *a, const char *bytes, size_t size);

/* A formatted string. */
char *arena_print(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
