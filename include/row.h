/* Rows as JSON bytes, straight from libpq's buffer: a column's name is the key, its type says how it is written. */
#ifndef TEPAI_ROW_H
#define TEPAI_ROW_H

#include "buffer.h"

#include <libpq-fe.h>

#define COLUMNS_MAX 80

enum column_kind { COLUMN_TEXT, COLUMN_VERBATIM, COLUMN_BOOL, COLUMN_INSTANT, COLUMN_HIDDEN };

/* How the rows of one result are written; made once for all its rows. */
struct shape {
    int count;
    struct column {
        const char *name;
        size_t name_size;
        enum column_kind kind;
    } columns[COLUMNS_MAX];
};

/* Columns after_1 and after_id, the position of a page, and accepted and accepted_id, a job, are not shown. Points into
 * `result`. */
void row_shape(struct shape *shape, const PGresult *result);

/* Appends one row as an object. */
void row_write(struct buffer *out, const struct shape *shape, const PGresult *result, int row);

/* "2026-11-23 19:00:50.123456+00" as "2026-11-23T19:00:50.123Z"; `out` has room for 32 bytes. */
size_t row_instant(char *out, const char *text, size_t size);

/* Text of a column by name, NULL when there is no such column or it is NULL. */
const char *row_text(const PGresult *result, int row, const char *column);

#endif
