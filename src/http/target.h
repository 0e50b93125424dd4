/* The request target, taken apart: part of the guard; and forms, which are written like a query. */
#ifndef TEPAI_TARGET_H
#define TEPAI_TARGET_H

#include "guard.h"

#include <jansson.h>

/* Fills the path and the parameters of `asked`. `target` is not longer than the guard allows. */
fail_t target_parse(const char *target, struct asked *asked, struct faults *faults, struct arena *arena);

/* The percent-decoded text, or NULL when it is no clean UTF-8 of printable characters. '+' stays a plus. */
const char *target_decode(const char *raw, size_t size, struct arena *arena);

/* A form as an object of texts, which the caller gives back in any case. Fails with MALFORMED_REQUEST, and names a
 * member that stands twice. */
fail_t form_parse(const char *bytes, size_t size, struct faults *faults, struct arena *arena, json_t **out);

#endif
