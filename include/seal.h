/* Personal data at rest: XChaCha20-Poly1305 under a data key, bound to the place it belongs to, and a keyed blind
 * index under another key for look-ups. */
#ifndef TEPAI_SEAL_H
#define TEPAI_SEAL_H

#include "arena.h"
#include "fail.h"

#include <stddef.h>

/* The sealed form of `clear` as PostgreSQL bytea hex ("\\x…"): algorithm id (1 byte), key id (4), nonce (24),
 * ciphertext with tag. `room`, `field` and `row` (a UUID) are bound in, so that a value moved elsewhere does not open.
 */
const char *seal(struct arena *a, const char *room, const char *field, const char *row, const char *clear);

/* The clear text, or NULL when `sealed` was not sealed for this place or its key is gone. */
const char *unseal(struct arena *a, const char *room, const char *field, const char *row, const char *sealed);

/* The same for bytes that belong to no field: kept answers. `context` is bound in. */
const char *seal_bytes(struct arena *a, const char *context, const void *bytes, size_t size);
const char *unseal_bytes(struct arena *a, const char *context, const char *sealed, size_t *size);

/* HMAC-SHA-256 of the normalised value under the index key, as bytea hex. Equal values of one field give equal bytes.
 */
const char *blind_index(struct arena *a, const char *field, const char *clear);

/* How a value is shown: phones 138****0013, other numbers their first and last four characters. */
const char *mask(struct arena *a, const char *field, const char *clear);

#endif
