/* Bodies that are forms (WHATWG URL, 5.1): pairs between '&', a blank written as '+', everything else as in a query. An
 * empty value counts as absent (RFC 6749, 3.2). */
#include "target.h"

#include <stdlib.h>
#include <string.h>

static fail_t doubled(struct faults *faults, struct arena *arena, const char *name)
{
    faults_add(faults, PLACE_BODY, FAULT_NOT_UNIQUE, arena_print(arena, "#/%s", name), NULL);
    return MALFORMED_REQUEST;
}

/* `seen` has every name, those without a value too. */
static fail_t add_pair(const char *pair, size_t size, json_t *seen, json_t *out, struct faults *faults,
                       struct arena *arena)
{
    const char *equals = memchr(pair, '=', size);
    size_t name_size = equals == NULL ? size : (size_t)(equals - pair);
    size_t value_size = equals == NULL ? 0 : size - name_size - 1;
    const char *name = target_decode(pair, name_size, arena);
    const char *value = target_decode(pair + size - value_size, value_size, arena);
    if (name == NULL || name[0] == '\0' || value == NULL) return MALFORMED_REQUEST;
    if (json_object_get(seen, name) != NULL) return doubled(faults, arena, name);
    json_object_set_new(seen, name, json_true());
    if (value[0] != '\0') json_object_set_new(out, name, json_string(value));
    return OK;
}

static fail_t add_pairs(char *body, json_t *seen, json_t *out, struct faults *faults, struct arena *arena)
{
    for (char *rest = body, *pair; (pair = strsep(&rest, "&")) != NULL;) {
        if (json_object_size(seen) == PARAMETERS_MAX) return MALFORMED_REQUEST;
        TRY(add_pair(pair, strlen(pair), seen, out, faults, arena));
    }
    return OK;
}

fail_t form_parse(const char *bytes, size_t size, struct faults *faults, struct arena *arena, json_t **out)
{
    char *body = arena_copy(arena, bytes, size);
    if (memchr(bytes, '\0', size) != NULL) return MALFORMED_REQUEST;
    for (char *c = body; *c != '\0'; c++) {
        if (*c == '+') *c = ' ';
    }
    json_t *seen = json_object();
    *out = json_object();
    fail_t outcome = add_pairs(body, seen, *out, faults, arena);
    json_decref(seen);
    return outcome;
}
