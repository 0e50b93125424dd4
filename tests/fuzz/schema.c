/* Any schema against any value: the input is a schema, a NUL byte and a value (or a parameter's text). Whatever comes,
 * compiling ends, both ways of judging agree, and every fault has a place and, in the contract's manner, an end. */
#include "schema.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define REQUIRE(condition)                                                                                             \
    do {                                                                                                               \
        if (!(condition)) abort();                                                                                     \
    } while (0)

/* Levels of brackets; the standard's manner has no limit on work, so deep values are kept from it. */
static int depth_of(const char *text, size_t size)
{
    int depth = 0, deepest = 0;
    for (size_t i = 0; i < size; i++) {
        depth += (text[i] == '[') + (text[i] == '{') - (text[i] == ']') - (text[i] == '}');
        if (depth > deepest) deepest = depth;
    }
    return deepest;
}

static void judge(const struct schema *schema, const json_t *value)
{
    struct faults faults = {.arena = arena_new()};
    bool valid = schema_validate(schema, value, PLACE_BODY, "#", &faults);
    REQUIRE(valid == (faults.count == 0));
    REQUIRE(valid == schema_validate(schema, value, PLACE_BODY, "#", NULL));
    for (int i = 0; i < faults.count; i++) REQUIRE(faults.list[i].where[0] == '#' && faults.list[i].want != NULL);
    arena_free(faults.arena);
}

static void judge_text(const struct schema *schema, const char *text)
{
    struct faults faults = {.arena = arena_new()};
    bool valid = schema_validate_text(schema, text, PLACE_PARAMETER, "name", &faults);
    REQUIRE(valid == (faults.count == 0));
    arena_free(faults.arena);
}

static void try_manner(const json_t *document, enum schema_manner manner, const json_t *value, const char *text)
{
    char why[200] = "";
    struct schema_set *set = schema_set_new(document, manner);
    const struct schema *schema = schema_compile(set, document, "", why, sizeof why);
    REQUIRE((schema == NULL) == (why[0] != '\0'));
    if (schema != NULL && value != NULL) judge(schema, value);
    if (schema != NULL && manner == SCHEMA_CONTRACT) judge_text(schema, text);
    schema_set_free(set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *input = (const char *)data, *gap = size == 0 ? NULL : memchr(input, '\0', size);
    if (gap == NULL) return 0;
    size_t rest = size - (size_t)(gap + 1 - input);
    json_t *document = json_loadb(input, (size_t)(gap - input), JSON_DECODE_ANY, NULL);
    json_t *value = json_loadb(gap + 1, rest, JSON_DECODE_ANY, NULL);
    char *text = strndup(gap + 1, rest);
    if (document != NULL && depth_of(gap + 1, rest) <= 32) {
        try_manner(document, SCHEMA_CONTRACT, value, text);
        if (depth_of(gap + 1, rest) <= 3) try_manner(document, SCHEMA_STANDARD, value, text);
    }
    free(text);
    json_decref(value);
    json_decref(document);
    return 0;
}
