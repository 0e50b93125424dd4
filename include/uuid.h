/* UUIDs of version 7 (RFC 9562): time first, so that keys made in sequence lie close together. */
#ifndef TEPAI_UUID_H
#define TEPAI_UUID_H

#include <stdbool.h>
#include <stddef.h>

/* Writes 36 lower-case characters and a NUL. */
void uuid_make(char out[37]);

/* Random bytes for names such as request and trace ids; not for secrets. At most 512 at a time. */
void uuid_random(unsigned char *out, size_t size);

/* True for the lower-case hyphenated form of any version. */
bool uuid_valid(const char *text);

#endif
