/* UUIDs of version 7 (RFC 9562): time first, so that keys made in sequence lie close together. */
#ifndef TEPAI_UUID_H
#define TEPAI_UUID_H

#include <stdbool.h>

/* Writes 36 lower-case characters and a NUL. */
void uuid_make(char out[37]);

/* True for the lower-case hyphenated form of any version. */
bool uuid_valid(const char *text);

#endif
