/* Reading base64url (RFC 4648, 5) that came from outside. */
#ifndef TEPAI_BASE64_H
#define TEPAI_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Puts the bytes of `text` into `out` and tells how many there are. False on what is not canonical: another alphabet,
 * padding, left-over bits that are not zero; or when there is no room. */
bool base64url_read(const char *text, size_t size, void *out, size_t room, size_t *out_size);

#endif
