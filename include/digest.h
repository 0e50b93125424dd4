/* Hashes in the form in which statements take them. */
#ifndef TEPAI_DIGEST_H
#define TEPAI_DIGEST_H

#include "arena.h"

/* SHA-256 of a token or secret as bytea hex (\x and 64 digits), which is all the database knows of it; owned by the
 * arena. */
const char *digest_of_text(struct arena *a, const char *text);

#endif
