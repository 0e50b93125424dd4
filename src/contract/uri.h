/* URI references of RFC 3986: taken apart, and resolved against a base. */
#ifndef TEPAI_URI_H
#define TEPAI_URI_H

#include "arena.h"

#include <stddef.h>

struct uri_part {
    const char *at; /* NULL when the part is absent, which is not the same as empty */
    size_t size;
};

struct uri {
    struct uri_part scheme, authority, path, query, fragment; /* without their delimiters */
};

/* Takes a reference apart (RFC 3986, appendix B); the parts point into `text`. Judges nothing. */
struct uri uri_split(const char *text, size_t size);

/* `reference` as seen from `base` (section 5.2.2), without its fragment; the text belongs to `a`. */
char *uri_resolve(struct arena *a, const char *base, const char *reference);

#endif
