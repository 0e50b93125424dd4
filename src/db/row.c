/* Columns to JSON. PostgreSQL's text form is already JSON for numbers and json; the rest needs quotes, and instants
 * another spelling (RFC 3339, UTC, milliseconds). */
#include "row.h"

#include <stdbool.h>
#include <string.h>

/* Type oids of PostgreSQL, fixed since ever (catalog/pg_type.dat). */
enum {
    OID_BOOL = 16,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_JSON = 114,
    OID_TIMESTAMPTZ = 1184,
    OID_JSONB = 3802
};

static enum column_kind kind_of(Oid type)
{
    switch (type) {
    case OID_BOOL: return COLUMN_BOOL;
    case OID_INT2:
    case OID_INT4:
    case OID_INT8:
    case OID_JSON:
    case OID_JSONB: return COLUMN_VERBATIM;
    case OID_TIMESTAMPTZ: return COLUMN_INSTANT;
    default: return COLUMN_TEXT;
    }
}

/* The position of a page, and the job that a create was accepted as. */
static bool is_for_the_road(const char *name)
{
    static const char *const names[] = {"after_1", "after_id", "accepted", "accepted_id"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0) return true;
    return false;
}

void row_shape(struct shape *shape, const PGresult *result)
{
    shape->count = PQnfields(result) < COLUMNS_MAX ? PQnfields(result) : COLUMNS_MAX;
    for (int i = 0; i < shape->count; i++) {
        struct column *c = &shape->columns[i];
        c->name = PQfname(result, i);
        c->name_size = strlen(c->name);
        c->kind = is_for_the_road(c->name) ? COLUMN_HIDDEN : kind_of(PQftype(result, i));
    }
}

size_t row_instant(char *out, const char *text, size_t size)
{
    if (size < 19) return 0;
    memcpy(out, text, 19);
    out[10] = 'T';
    memcpy(out + 19, ".000Z", 6);
    for (size_t i = 0; text[19] == '.' && i < 3 && 20 + i < size; i++) {
        char digit = text[20 + i];
        if (digit < '0' || digit > '9') break;
        out[20 + i] = digit;
    }
    return 24;
}

static void value_write(struct buffer *out, enum column_kind kind, const char *value, size_t size)
{
    char instant[32];
    switch (kind) {
    case COLUMN_BOOL: buffer_add_text(out, value[0] == 't' ? "true" : "false"); break;
    case COLUMN_VERBATIM: buffer_add(out, value, size); break;
    case COLUMN_INSTANT: buffer_add_json_string(out, instant, row_instant(instant, value, size)); break;
    default: buffer_add_json_string(out, value, size); break;
    }
}

void row_write(struct buffer *out, const struct shape *shape, const PGresult *result, int row)
{
    char before = '{';
    for (int i = 0; i < shape->count; i++) {
        const struct column *c = &shape->columns[i];
        if (c->kind == COLUMN_HIDDEN) continue;
        buffer_add(out, &before, 1);
        before = ',';
        buffer_add(out, "\"", 1);
        buffer_add(out, c->name, c->name_size);
        buffer_add(out, "\":", 2);
        if (PQgetisnull(result, row, i)) {
            buffer_add(out, "null", 4);
            continue;
        }
        value_write(out, c->kind, PQgetvalue(result, row, i), (size_t)PQgetlength(result, row, i));
    }
    buffer_add_text(out, before == '{' ? "{}" : "}");
}

const char *row_text(const PGresult *result, int row, const char *column)
{
    int at = PQfnumber(result, column);
    return at < 0 || PQgetisnull(result, row, at) ? NULL : PQgetvalue(result, row, at);
}
