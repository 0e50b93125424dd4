/* The bytes of uploaded files: outside of the database, in a private folder, known by their SHA-256. Whatever stands
 * under its final name there is whole and on the disk; all else is left over from something that died and is swept
 * away. */
#ifndef TEPAI_FILES_H
#define TEPAI_FILES_H

#include "fail.h"

#include <stdbool.h>
#include <stddef.h>

#define FILE_PART_BYTES ((size_t)4 << 20)
#define FILE_PARTS_MAX  5

/* Makes the folder or looks at the one that is there. False after a sentence on standard error when it is not ours
 * alone or cannot be written. */
bool files_open(const char *folder);

/* A file as it was announced. */
struct announced {
    const char *id;     /* of its row */
    const char *sha256; /* 64 lower-case hexadecimal digits */
    const char *media_type;
    size_t size;
};

int files_part_count(size_t size);
size_t files_part_size(size_t size, int part_no); /* of part 1 … count */

/* Keeps one part; on OK it is on the disk. Kept again it takes the place of the earlier one. UNAVAILABLE after a log
 * line when the disk refuses. */
fail_t files_keep_part(const char *id, int part_no, const char *bytes, size_t size);

/* What the kept parts are together. */
enum whole { WHOLE_NOT_YET, WHOLE_GOOD, WHOLE_WRONG };

/* Puts the parts together, when all are there, and keeps the whole when size, SHA-256 and first bytes are those that
 * were announced. */
fail_t files_assemble(const struct announced *a, enum whole *found);

/* Forgets the parts of a file. */
void files_drop_parts(const char *id);

/* A stored file of this many bytes, open for reading, or -1 after a log line. */
int files_read(const char *sha256, size_t size);

/* While a hold lasts, no sweep takes a file away: it covers the moment in which bytes lie there and no row says so yet.
 * -1 when a sweep did not end within two seconds. */
int files_hold(void);
void files_release(int hold);

#endif
