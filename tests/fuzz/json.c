/* Any bytes as a request body, on the way a body takes: the guard's scan, the parser, a schema with references and
 * unevaluated members. What was accepted nests no deeper than 32 and is the same after writing and reading. */
#include "guard.h"
#include "schema.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char contract[] =
    "{\"type\":\"object\",\"allOf\":[{\"$ref\":\"#/$defs/fields\"}],\"required\":[\"title\"],"
    "\"unevaluatedProperties\":false,\"$defs\":{\"fields\":{\"properties\":{"
    "\"title\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":100,\"pattern\":\"^[^\\\\x00-\\\\x1f]*$\"},"
    "\"uscc\":{\"type\":\"string\",\"format\":\"uscc\"},\"due_on\":{\"type\":[\"string\",\"null\"],\"format\":\"date\"}"
    ","
    "\"fen\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":9007199254740991,\"multipleOf\":100},"
    "\"tags\":{\"type\":\"array\",\"uniqueItems\":true,\"maxItems\":50,\"items\":{\"enum\":[\"a\",\"b\",1,null]}},"
    "\"below\":{\"oneOf\":[{\"$ref\":\"#/$defs/fields\"},{\"type\":\"null\"}]}}}}}";

static const struct schema *body_schema(void)
{
    static const struct schema *schema;
    if (schema != NULL) return schema;
    char why[200] = "";
    json_t *document = json_loads(contract, 0, NULL);
    schema = schema_compile(schema_set_new(document, SCHEMA_CONTRACT), document, "", why, sizeof why);
    if (schema == NULL) abort();
    return schema;
}

static int depth_of(const json_t *value)
{
    int deepest = 0, depth;
    const char *name;
    json_t *below;
    size_t index;
    json_object_foreach ((json_t *)(uintptr_t)value, name, below) {
        depth = depth_of(below);
        if (depth > deepest) deepest = depth;
    }
    json_array_foreach (value, index, below) {
        depth = depth_of(below);
        if (depth > deepest) deepest = depth;
    }
    return deepest + (json_is_object(value) || json_is_array(value));
}

static void check_round_trip(const json_t *body)
{
    char *text = json_dumps(body, JSON_COMPACT);
    json_t *again = text == NULL ? NULL : json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    if (again == NULL || !json_equal(body, again)) abort();
    json_decref(again);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    if (guard_json(text, size) != OK) return 0;
    json_t *body = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    if (body == NULL) return 0;
    if (depth_of(body) > 32) abort();
    check_round_trip(body);
    struct faults faults = {.arena = arena_new()};
    if (schema_validate(body_schema(), body, PLACE_BODY, "#", &faults) != (faults.count == 0)) abort();
    arena_free(faults.arena);
    json_decref(body);
    return 0;
}
