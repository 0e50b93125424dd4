/* The doors of the schema engine: sets, compiling with the look for circles, judging a value or one parameter's
 * text. */
#include "schema_internal.h"

#include <ctype.h>
#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Work that one match may do before it is given up. The contract's patterns take a few steps for any value, a
 * group that is repeated takes one or two for each character. */
#define MATCH_LIMIT    30000
#define MATCH_DEPTH    30000
#define MATCH_HEAP_KIB 8192
#define WORK_LIMIT     4000000 /* schemas run on one body; 1 MiB of it holds at most half a million values */
#define HIGHEST        200     /* schemas laid on one value under one another */
#define PLACE_SHOWN    120     /* bytes of a place in a sentence; its end says more than its beginning */

struct schema_set *schema_set_new(const json_t *document, enum schema_manner manner)
{
    struct arena *arena = arena_new();
    struct schema_set *set = arena_take(arena, sizeof *set);
    *set = (struct schema_set){.arena = arena, .document = document, .manner = manner};
    set->limits = pcre2_match_context_create(NULL);
    set->pattern_rules = pcre2_compile_context_create(NULL);
    if (set->limits == NULL || set->pattern_rules == NULL) abort();
    pcre2_set_match_limit(set->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(set->limits, MATCH_DEPTH);
    pcre2_set_heap_limit(set->limits, MATCH_HEAP_KIB);
    pcre2_set_compile_extra_options(set->pattern_rules, PCRE2_EXTRA_ALT_BSUX);
    schema_identify(set, "", document, "");
    return set;
}

static void leave(void *schema)
{
    (void)schema; /* the arena owns it */
}

void schema_set_free(struct schema_set *set)
{
    if (set == NULL) return;
    for (struct pattern *p = set->patterns; p != NULL; p = p->next) pcre2_code_free(p->code);
    pcre2_match_context_free(set->limits);
    pcre2_compile_context_free(set->pattern_rules);
    tdestroy(set->by_node, leave);
    arena_free(set->arena);
}

bool schema_refuse(struct schema_set *set, const char *place, const char *format, ...)
{
    if (set->why[0] != '\0') return false;
    size_t length = strlen(place);
    bool cut = length > PLACE_SHOWN;
    va_list list;
    va_start(list, format);
    int size =
        snprintf(set->why, sizeof set->why, "#%s%s: ", cut ? "…" : "", cut ? place + length - PLACE_SHOWN : place);
    if (size > 0 && (size_t)size < sizeof set->why)
        vsnprintf(set->why + size, sizeof set->why - (size_t)size, format, list);
    va_end(list);
    return false;
}

/* Schemas that apply one another to the same value, and so come back to where they began, would never end. */
static bool is_sound(struct schema_set *set, struct schema *schema)
{
    if (schema->state == SOUND) return true;
    if (schema->state == VISITING) return schema_refuse(set, schema->place, "the schema applies itself without end");
    schema->state = VISITING;
    for (const struct applied *a = schema->applied; a != NULL; a = a->next) {
        if (!is_sound(set, a->schema)) return false;
        if (a->schema->height >= schema->height) schema->height = a->schema->height + 1;
    }
    if (schema->height > HIGHEST) return schema_refuse(set, schema->place, "too many schemas lie on one value");
    schema->state = SOUND;
    return true;
}

const struct schema *schema_compile(struct schema_set *set, const json_t *node, const char *pointer, char *why,
                                    size_t why_size)
{
    const struct schema *schema = NULL;
    const char *place = arena_copy(set->arena, pointer, strlen(pointer));
    if (!json_is_object(node) && !json_is_boolean(node))
        schema_refuse(set, place, "a schema must be an object, true or false");
    else if (set->why[0] == '\0' && schema_survey(set, node, place, ""))
        schema = schema_build(set, node);
    for (; set->fresh != NULL; set->fresh = set->fresh->next_fresh)
        if (schema == NULL || !is_sound(set, set->fresh)) break;
    if (set->why[0] == '\0') return schema;
    snprintf(why, why_size, "%s", set->why);
    return NULL;
}

bool schema_validate(const struct schema *schema, const json_t *value, enum place place, const char *base,
                     struct faults *faults)
{
    struct run run = {.faults = faults, .place = place, .base = base, .strict = schema->strict};
    struct spot root = {.value = value};
    int before = faults == NULL ? 0 : faults->count;
    run.work_left = schema->strict ? WORK_LIMIT : UINT64_MAX;
    bool good = schema_run(&run, schema, &root) && !run.given_up;
    pcre2_match_data_free(run.match);
    if (run.given_up && faults != NULL && faults->count == before) /* inside of a branch */
        faults_add(faults, place, FAULT_NOT_ALLOWED, base, NULL);
    return good;
}

/* The kinds of value a schema lets pass, as far as `type` says, also through $ref and allOf. */
static unsigned kinds_of(const struct schema *schema)
{
    unsigned kinds = ON_ALL;
    for (size_t i = 0; i < schema->step_count; i++) {
        const struct step *step = &schema->steps[i];
        if (step->check == check_type) kinds &= step->types;
        if (step->check == apply_ref) kinds &= kinds_of(step->schema);
        for (size_t j = 0; step->check == apply_all_of && j < step->schemas.count; j++)
            kinds &= kinds_of(step->schemas.list[j]);
    }
    return kinds;
}

/* The schema of an array's items, also through $ref and allOf; NULL when nothing is said of them. */
static const struct schema *items_of(const struct schema *schema)
{
    const struct schema *items = NULL;
    for (size_t i = 0; items == NULL && i < schema->step_count; i++) {
        const struct step *step = &schema->steps[i];
        if (step->check == apply_items) items = step->items->rest;
        if (step->check == apply_ref) items = items_of(step->schema);
        for (size_t j = 0; items == NULL && step->check == apply_all_of && j < step->schemas.count; j++)
            items = items_of(step->schemas.list[j]);
    }
    return items;
}

/* The shortest decimal spelling of an int64; NULL for every other text. */
static json_t *integer_of(const char *text, size_t size)
{
    const char *first = text + (text[0] == '-');
    size_t count = size - (size_t)(first - text);
    if (count == 0 || (first[0] == '0' && size > 1)) return NULL;
    for (size_t i = 0; i < count; i++)
        if (!isdigit((unsigned char)first[i])) return NULL;
    errno = 0;
    long long number = strtoll(text, NULL, 10);
    return errno == 0 ? json_integer(number) : NULL;
}

/* A number as JSON spells it. */
static json_t *number_of(const char *text, size_t size)
{
    json_t *number = json_loadb(text, size, JSON_DECODE_ANY, NULL);
    if (number == NULL || json_is_number(number)) return number;
    json_decref(number);
    return NULL;
}

/* The value that a text spells when its schema lets pass `kinds`. A text that spells none of them stays a string, so
 * that the schema itself says what is wrong. NULL when it is not even UTF-8. */
static json_t *scalar_of(unsigned kinds, const char *text, size_t size)
{
    json_t *value = NULL;
    if (kinds & ON_STRING) return json_stringn(text, size);
    if ((kinds & ON_BOOLEAN) && size == 4 && memcmp(text, "true", 4) == 0) return json_true();
    if ((kinds & ON_BOOLEAN) && size == 5 && memcmp(text, "false", 5) == 0) return json_false();
    char *copy = strndup(text, size); /* strtoll() wants an end */
    if (copy == NULL) abort();
    if (kinds & ON_INTEGER) value = integer_of(copy, size);
    if (value == NULL && (kinds & ON_REAL)) value = number_of(copy, size);
    free(copy);
    return value != NULL ? value : json_stringn(text, size);
}

/* The words between commas, each as the items' schema takes it. */
static json_t *array_of(const struct schema *schema, const char *text)
{
    const struct schema *items = items_of(schema);
    unsigned kinds = items == NULL ? ON_STRING : kinds_of(items);
    json_t *array = json_array();
    for (const char *at = text, *comma;; at = comma + 1) {
        comma = strchrnul(at, ',');
        json_t *item = scalar_of(kinds, at, (size_t)(comma - at));
        if (item == NULL || json_array_append_new(array, item) != 0) {
            json_decref(array);
            return NULL;
        }
        if (*comma == '\0') return array;
    }
}

bool schema_validate_text(const struct schema *schema, const char *text, enum place place, const char *name,
                          struct faults *faults)
{
    unsigned kinds = kinds_of(schema);
    bool array = (kinds & (ON_ARRAY | ON_STRING)) == ON_ARRAY;
    json_t *value = array ? array_of(schema, text) : scalar_of(kinds, text, strlen(text));
    if (value == NULL) { /* a byte that is no text */
        if (faults != NULL) faults_add(faults, place, FAULT_TYPE, name, "string");
        return false;
    }
    bool good = schema_validate(schema, value, place, name, faults);
    json_decref(value);
    return good;
}
