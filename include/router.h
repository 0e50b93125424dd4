/* Finds the operation of a method and a path: a trie over path words, filled once at start, then only read. */
#ifndef TEPAI_ROUTER_H
#define TEPAI_ROUTER_H

#include <stdbool.h>
#include <stddef.h>

#define PATH_WORDS_MAX 4

struct op;
struct router;

struct slice {
    const char *at;
    size_t size;
};

struct route {
    const struct op *op;                /* NULL when nothing matches */
    struct slice words[PATH_WORDS_MAX]; /* what stood in the path's braces, in order */
    int word_count;
    const char *allow; /* methods of this path for Allow, "GET, HEAD, OPTIONS, POST"; NULL when there is no such path */
};

struct router *router_new(void);
void router_free(struct router *r);

/* Adds `method` on a path such as "/v1/demands/{demand_id}/submission". False when that pair is there already or the
 * path has more than PATH_WORDS_MAX words in braces. A literal word wins over one in braces. */
bool router_add(struct router *r, const char *method, const char *path, const struct op *op);

/* To be called once after the last router_add: makes the Allow lists. */
void router_seal(struct router *r);

/* Looks `path` (without query) up; HEAD finds the operation of GET. Matching is exact, byte for byte: a trailing or
 * doubled slash finds nothing. */
struct route router_find(const struct router *r, const char *method, const char *path, size_t path_size);

#endif
