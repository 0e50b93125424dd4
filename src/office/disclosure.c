/* Clear values of sealed fields, for a purpose. The road has recorded the look in the transaction it is part of; here
 * the values are opened, and when that cannot be, or the hour's count is full, the record goes with the rest. */
#include "config.h"
#include "log.h"
#include "row.h"
#include "seal.h"
#include "stops.h"

#include <stdlib.h>
#include <string.h>

static fail_t judge_count(struct req *r)
{
    int64_t most = config_int(SETTING_DISCLOSURE_LIMIT);
    if (most == 0 || strtoll(row_text(r->row, 0, "made"), NULL, 10) <= most) return OK;
    r->retry_after_s = (int)strtol(row_text(r->row, 0, "wait_seconds"), NULL, 10);
    return TOO_MANY_REQUESTS;
}

static void add_value(struct buffer *out, const char *field, const char *clear)
{
    if (out->bytes[out->size - 1] != '{') buffer_add_text(out, ",");
    buffer_add_json_string(out, field, strlen(field));
    buffer_add_text(out, ":");
    if (clear == NULL)
        buffer_add_text(out, "null");
    else
        buffer_add_json_string(out, clear, strlen(clear));
}

/* {"contact_phone":"13900000101"}: each sealed value opened at its place. */
static fail_t open_values(struct req *r, const json_t *sealed, struct buffer *out)
{
    const char *name;
    json_t *place;
    buffer_add_text(out, "{");
    json_object_foreach ((json_t *)sealed, name, place) {
        const char *room = json_string_value(json_object_get(place, "room"));
        const char *row = json_string_value(json_object_get(place, "row"));
        const char *column = json_string_value(json_object_get(place, "field"));
        const char *bytes =
            json_string_value(json_object_get(place, "value")); /* NULL: emptied since the caller saw it masked */
        const char *clear = bytes == NULL ? NULL : unseal(r->arena, room, column, row, bytes);
        if (bytes != NULL && clear == NULL) {
            log_line(LOG_ERROR, "value_not_opened", "room", room, "field", column, "row", row, NULL);
            return INTERNAL_ERROR;
        }
        add_value(out, name, clear);
    }
    buffer_add_text(out, "}");
    return OK;
}

static fail_t add_values(struct req *r, struct buffer *out)
{
    json_error_t error;
    json_t *sealed = json_loads(row_text(r->row, 0, "sealed"), 0, &error);
    fail_t opened = open_values(r, sealed, out);
    json_decref(sealed);
    return opened;
}

/* The resource is written without the columns that served to make it. */
static void hide(struct shape *shape, const char *name)
{
    for (int i = 0; i < shape->count; i++)
        if (strcmp(shape->columns[i].name, name) == 0) shape->columns[i].kind = COLUMN_HIDDEN;
}

fail_t disclosure_create(struct req *r)
{
    struct buffer body = {0}, values = {0};
    struct shape shape;
    TRY(judge_count(r));
    row_shape(&shape, r->row);
    hide(&shape, "sealed");
    hide(&shape, "made");
    hide(&shape, "wait_seconds");
    fail_t opened = add_values(r, &values);
    if (opened == OK) {
        row_write(&body, &shape, r->row, 0);
        body.size--; /* the closing brace */
        buffer_add_text(&body, ",\"values\":");
        buffer_add(&body, values.bytes, values.size);
        buffer_add_text(&body, "}");
        reply_body(r, &body);
    }
    buffer_free(&values);
    return opened;
}
