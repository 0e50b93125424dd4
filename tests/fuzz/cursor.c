/* Cursors from anywhere. The first byte says what the rest is: a whole cursor, bytes laid over a good one, or the last
 * value of a page, which has to come back as it was. None but ours is ever taken. */
#include "../forge.h"
#include "stops.h"

#include <stdint.h>

#define ID "0197f0c4-6f2e-7c31-9d8a-3b1f5e6a7c90"

static const char *folder;
static struct arena *arena;
static struct op op = {.id = "demand_list",
                       .is_list = true,
                       .query = {{.name = "cursor"}, {.name = "status"}},
                       .query_count = 2,
                       .orders = {{.word = "-updated_at", .first_value = "infinity", .first_id = "f"}},
                       .order_count = 1};

static void leave_nothing(void)
{
    forge_close(folder);
}

int LLVMFuzzerInitialize(int *count, char ***arguments);

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    folder = forge_open();
    atexit(leave_nothing);
    arena = arena_new();
    return 0;
}

static struct req request(const char *cursor)
{
    return (struct req){.op = &op,
                        .arena = arena,
                        .order = &op.orders[0],
                        .faults = {.arena = arena},
                        .query_values = {cursor, "{open}"}};
}

static fail_t opened(const char *cursor, struct req *r)
{
    *r = request(cursor);
    return page_open(r);
}

/* What a list sorts by, text of a line, comes back as it was. */
static bool is_line(const char *value)
{
    json_t *text = json_string(value);
    bool line = text != NULL && strlen(value) <= 100;
    for (const char *at = value; *at != '\0'; at++) line &= (unsigned char)*at >= ' ';
    json_decref(text);
    return line;
}

static void round_trip(const char *value)
{
    struct req r = request(NULL), next;
    if (!is_line(value)) return;
    const char *cursor = page_cursor(&r, value, ID);
    if (opened(cursor, &next) != OK) __builtin_trap();
    if (strcmp(next.page[PAGE_AFTER_1], value) != 0 || strcmp(next.page[PAGE_AFTER_ID], ID) != 0) __builtin_trap();
}

static void laid_over(const uint8_t *data, size_t size)
{
    struct req r = request(NULL), next;
    const char *good = page_cursor(&r, "2026-07-01T02:15:00.000000Z", ID);
    char *cursor = arena_copy(arena, good, strlen(good));
    size_t at = size == 0 ? 0 : data[0] % strlen(good);
    for (size_t i = 1; i < size && at + i - 1 < strlen(good); i++)
        if (data[i] != '\0') cursor[at + i - 1] = (char)data[i];
    bool same = strcmp(cursor, good) == 0;
    if ((opened(cursor, &next) == OK) != same) __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct req next;
    if (size == 0 || size > 512) return 0; /* the contract takes no longer cursor */
    arena_reset(arena);
    char *text = arena_copy(arena, (const char *)data + 1, size - 1);
    switch (data[0] % 3) {
    case 0:
        if (opened(text, &next) == OK) __builtin_trap();
        break;
    case 1: laid_over(data + 1, size - 1); break;
    default: round_trip(text);
    }
    return 0;
}
