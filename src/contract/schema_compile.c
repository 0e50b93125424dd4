/* The compiler: turns the keywords of each schema into steps. A keyword that is not in the table below, or whose
 * argument is not what the standard says, makes the schema unusable, so that nothing is ever silently unchecked. */
#include "schema_internal.h"

#include "buffer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS_MAX 40  /* more than the table has keywords with steps */
#define WANT_MAX  400 /* bytes of an enum that a fault shows */
#define DEEPEST   800 /* schemas inside one another, so that a chain of references cannot exhaust the stack */

struct build {
    struct schema_set *set;
    struct schema *schema;
    const char *word; /* the keyword that is being compiled */
    struct step steps[STEPS_MAX];
    size_t count;
};

typedef bool keyword_compile(struct build *b, const json_t *argument);

static keyword_compile compile_schema, compile_defs, compile_ref, compile_type, compile_const, compile_enum,
    compile_count, compile_pattern, compile_format, compile_limit, compile_unique, compile_required, compile_members,
    compile_names, compile_items, compile_contains, compile_list, compile_not, compile_if, compile_dependents,
    compile_unevaluated;

/* All known keywords in the order in which their steps run: cheap ones first, lengths before patterns (those of
 * referenced schemas too), and the
 * unevaluated ones last, for they look at what the others left. NULL: nothing to do here. */
static const struct keyword {
    const char *name;
    enum keyword_shape shape;
    keyword_compile *compile;
} keywords[] = {
    {"$schema", HOLDS_NONE, compile_schema},
    {"$id", HOLDS_NONE, NULL},
    {"$anchor", HOLDS_NONE, NULL},
    {"$comment", HOLDS_NONE, NULL},
    {"title", HOLDS_NONE, NULL},
    {"description", HOLDS_NONE, NULL},
    {"default", HOLDS_NONE, NULL},
    {"deprecated", HOLDS_NONE, NULL},
    {"readOnly", HOLDS_NONE, NULL},
    {"writeOnly", HOLDS_NONE, NULL},
    {"examples", HOLDS_NONE, NULL},
    {"example", HOLDS_NONE, NULL},
    {"$defs", HOLDS_MAP, compile_defs},
    {"type", HOLDS_NONE, compile_type},
    {"const", HOLDS_NONE, compile_const},
    {"enum", HOLDS_NONE, compile_enum},
    {"minLength", HOLDS_NONE, compile_count},
    {"maxLength", HOLDS_NONE, compile_count},
    {"pattern", HOLDS_NONE, compile_pattern},
    {"format", HOLDS_NONE, compile_format},
    {"minimum", HOLDS_NONE, compile_limit},
    {"exclusiveMinimum", HOLDS_NONE, compile_limit},
    {"maximum", HOLDS_NONE, compile_limit},
    {"exclusiveMaximum", HOLDS_NONE, compile_limit},
    {"multipleOf", HOLDS_NONE, compile_limit},
    {"minItems", HOLDS_NONE, compile_count},
    {"maxItems", HOLDS_NONE, compile_count},
    {"uniqueItems", HOLDS_NONE, compile_unique},
    {"minProperties", HOLDS_NONE, compile_count},
    {"maxProperties", HOLDS_NONE, compile_count},
    {"required", HOLDS_NONE, compile_required},
    {"dependentRequired", HOLDS_NONE, compile_dependents},
    {"properties", HOLDS_MAP, compile_members},
    {"patternProperties", HOLDS_MAP, compile_members},
    {"additionalProperties", HOLDS_SCHEMA, compile_members},
    {"propertyNames", HOLDS_SCHEMA, compile_names},
    {"prefixItems", HOLDS_LIST, compile_items},
    {"items", HOLDS_SCHEMA, compile_items},
    {"contains", HOLDS_SCHEMA, compile_contains},
    {"minContains", HOLDS_NONE, compile_contains},
    {"maxContains", HOLDS_NONE, compile_contains},
    {"$ref", HOLDS_NONE, compile_ref},
    {"allOf", HOLDS_LIST, compile_list},
    {"anyOf", HOLDS_LIST, compile_list},
    {"oneOf", HOLDS_LIST, compile_list},
    {"not", HOLDS_SCHEMA, compile_not},
    {"if", HOLDS_SCHEMA, compile_if},
    {"then", HOLDS_SCHEMA, compile_if},
    {"else", HOLDS_SCHEMA, compile_if},
    {"dependentSchemas", HOLDS_MAP, compile_dependents},
    {"unevaluatedItems", HOLDS_SCHEMA, compile_unevaluated},
    {"unevaluatedProperties", HOLDS_SCHEMA, compile_unevaluated},
};

#define KEYWORD_COUNT (sizeof keywords / sizeof keywords[0])

static const struct keyword *find_keyword(const char *name)
{
    for (size_t i = 0; i < KEYWORD_COUNT; i++)
        if (strcmp(keywords[i].name, name) == 0) return &keywords[i];
    return NULL;
}

enum keyword_shape schema_keyword_shape(const char *name)
{
    const struct keyword *k = find_keyword(name);
    return k == NULL ? HOLDS_NONE : k->shape;
}

static bool refuse(struct build *b, const char *sentence)
{
    return schema_refuse(b->set, b->schema->place, "%s %s", b->word, sentence);
}

/* The caller fills in the rest of the step. */
static struct step *add_step(struct build *b, step_check *check, unsigned on)
{
    struct step *step = &b->steps[b->count++];
    step->check = check;
    step->on = on;
    return step;
}

/* True when an earlier keyword of the same group has made the step already. */
static bool has_step(const struct build *b, step_check *check)
{
    for (size_t i = 0; i < b->count; i++)
        if (b->steps[i].check == check) return true;
    return false;
}

static void *take_list(struct build *b, size_t count, size_t size)
{
    return arena_take(b->set->arena, (count > 0 ? count : 1) * size);
}

/* The schema at a node below this one. */
static const struct schema *child(struct build *b, const json_t *node)
{
    if (json_is_object(node) || json_is_boolean(node)) return schema_build(b->set, node);
    refuse(b, "must hold a schema");
    return NULL;
}

/* The same for a schema that is laid on the same value. */
static const struct schema *applied(struct build *b, const json_t *node)
{
    const struct schema *schema = child(b, node);
    if (schema == NULL || json_is_boolean(node)) return schema;
    struct applied *a = arena_take(b->set->arena, sizeof *a);
    a->next = b->schema->applied;
    a->schema = schema_at(b->set, node);
    b->schema->applied = a;
    return schema;
}

/* The schema of a keyword beside the present one, `*schema` NULL when it is absent. */
static bool sibling(struct build *b, const char *name, const struct schema **schema)
{
    const json_t *node = json_object_get(b->schema->node, name);
    *schema = node == NULL ? NULL : child(b, node);
    return node == NULL || *schema != NULL;
}

static bool compile_schema(struct build *b, const json_t *argument)
{
    static const char *const dialects[] = {"https://json-schema.org/draft/2020-12/schema",
                                           "https://json-schema.org/draft/2020-12/schema#",
                                           "https://spec.openapis.org/oas/3.1/dialect/base"};
    for (size_t i = 0; json_is_string(argument) && i < sizeof dialects / sizeof dialects[0]; i++)
        if (strcmp(json_string_value(argument), dialects[i]) == 0) return true;
    return refuse(b, "names another dialect than 2020-12");
}

/* Definitions are compiled even when nothing refers to them: a mistake should not wait for its first use. */
static bool compile_defs(struct build *b, const json_t *argument)
{
    const char *name;
    json_t *node;
    if (!json_is_object(argument)) return refuse(b, "must be an object");
    json_object_foreach ((json_t *)(uintptr_t)argument, name, node) {
        if (child(b, node) == NULL) return false;
    }
    return true;
}

/* The target may still be compiling, in a recursive schema; its address is all that is needed. */
static bool compile_ref(struct build *b, const json_t *argument)
{
    const json_t *node;
    if (!json_is_string(argument)) return refuse(b, "must be a string");
    if (!schema_refer(b->set, b->schema, json_string_value(argument), &node)) return false;
    const struct schema *schema = applied(b, node);
    if (schema == NULL) return false;
    add_step(b, apply_ref, ON_ALL)->schema = schema;
    return true;
}

static unsigned type_by_name(const char *name)
{
    static const struct {
        const char *name;
        unsigned kinds;
    } types[] = {{"null", ON_NULL},     {"boolean", ON_BOOLEAN}, {"object", ON_OBJECT},  {"array", ON_ARRAY},
                 {"string", ON_STRING}, {"number", ON_NUMBER},   {"integer", ON_INTEGER}};
    for (size_t i = 0; name != NULL && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(name, types[i].name) == 0) return types[i].kinds;
    return 0;
}

/* Strings stand there as they are, other values as JSON. */
static void add_want(struct buffer *want, const json_t *value)
{
    if (want->size > WANT_MAX) return;
    if (want->size > 0) buffer_add_text(want, ", ");
    char *dump =
        json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15));
    buffer_add_text(want, dump != NULL ? dump : json_string_value(value));
    free(dump);
    if (want->size > WANT_MAX) buffer_add_text(want, " …");
}

/* The values as a fault shows them. */
static const char *want_of(struct build *b, const json_t **values, size_t count)
{
    struct buffer want = {0};
    for (size_t i = 0; i < count; i++) add_want(&want, values[i]);
    const char *text = arena_copy(b->set->arena, want.bytes, want.size);
    buffer_free(&want);
    return text;
}

/* The elements of an array, or the one value that stands in its place. */
static size_t read_values(struct build *b, const json_t *argument, const json_t ***values)
{
    size_t count = json_is_array(argument) ? json_array_size(argument) : 1;
    *values = take_list(b, count, sizeof(const json_t *));
    for (size_t i = 0; i < count; i++) (*values)[i] = json_is_array(argument) ? json_array_get(argument, i) : argument;
    return count;
}

static bool compile_type(struct build *b, const json_t *argument)
{
    const json_t **names = NULL;
    size_t count = read_values(b, argument, &names);
    unsigned types = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned more = type_by_name(json_string_value(names[i]));
        if (more == 0) return refuse(b, "names an unknown type");
        types |= more;
    }
    if (count == 0) return refuse(b, "names no type");
    struct step *step = add_step(b, check_type, ON_ALL);
    step->types = types;
    step->want = want_of(b, names, count);
    step->last = true;
    return true;
}

static bool add_values(struct build *b, const json_t **values, size_t count)
{
    struct step *step = add_step(b, check_enum, ON_ALL);
    step->values.list = values;
    step->values.count = count;
    step->want = want_of(b, values, count);
    step->last = true;
    return true;
}

static bool compile_const(struct build *b, const json_t *argument)
{
    const json_t **value = take_list(b, 1, sizeof(const json_t *));
    *value = argument;
    return add_values(b, value, 1);
}

static bool compile_enum(struct build *b, const json_t *argument)
{
    const json_t **values;
    if (!json_is_array(argument)) return refuse(b, "must be an array");
    size_t count = read_values(b, argument, &values);
    return add_values(b, values, count);
}

/* A count is a whole number from 0; "2.0" is one too. */
static bool read_count(struct build *b, const json_t *argument, size_t *count)
{
    if (!json_is_number(argument)) return refuse(b, "must be a number");
    long double number = value_number(argument);
    if (number < 0 || number != floorl(number)) return refuse(b, "must be a whole number from 0");
    *count = number > (long double)(SIZE_MAX / 2) ? SIZE_MAX / 2 : (size_t)number;
    return true;
}

/* The limits on lengths and counts. */
static bool compile_count(struct build *b, const json_t *argument)
{
    static const struct {
        const char *word;
        step_check *check;
        unsigned on;
    } counts[] = {{"minLength", check_min_length, ON_STRING},
                  {"maxLength", check_max_length, ON_STRING},
                  {"minItems", check_min_items, ON_ARRAY},
                  {"maxItems", check_max_items, ON_ARRAY},
                  {"minProperties", check_min_properties, ON_OBJECT},
                  {"maxProperties", check_max_properties, ON_OBJECT}};
    size_t count = 0, i = 0;
    if (!read_count(b, argument, &count)) return false;
    while (strcmp(counts[i].word, b->word) != 0) i++;
    struct step *step = add_step(b, counts[i].check, counts[i].on);
    step->count = count;
    step->want = arena_print(b->set->arena, "%zu", count);
    step->last = strncmp(b->word, "max", 3) == 0; /* no pattern on what is too long, no walk over what is too many */
    return true;
}

/* Patterns are compiled here, once; a broken one stops the start and not a request. */
static bool compile_pattern(struct build *b, const json_t *argument)
{
    if (!json_is_string(argument)) return refuse(b, "must be a string");
    const char *source = json_string_value(argument);
    const struct pattern *pattern = pattern_new(b->set, source, json_string_length(argument), b->schema->place);
    if (pattern == NULL) return false;
    struct step *step = add_step(b, check_pattern, ON_STRING);
    step->pattern = pattern;
    step->want = pattern->source;
    return true;
}

/* The bits of the integer formats of OpenAPI, 0 for every other name. */
static int width_of(const char *name)
{
    if (strcmp(name, "int32") == 0) return 32;
    return strcmp(name, "int64") == 0 ? 64 : 0;
}

/* In the standard's manner an unknown format is a remark; in the contract it would be a check that never happens. */
static bool compile_format(struct build *b, const json_t *argument)
{
    if (!json_is_string(argument)) return refuse(b, "must be a string");
    const char *name = json_string_value(argument);
    format_check *format = format_find(name);
    int width = width_of(name);
    if (format == NULL && width == 0)
        return b->set->manner == SCHEMA_STANDARD || refuse(b, "names a format nobody here can check");
    struct step *step = width > 0 ? add_step(b, check_width, ON_NUMBER) : add_step(b, check_format, ON_STRING);
    if (width > 0)
        step->number.value = ldexpl(1, width - 1);
    else
        step->format = format;
    step->want = name;
    return true;
}

/* What an exclusive limit wants, said inclusively where only integers come into question. */
static const char *exclusive_want(struct build *b, const json_t *argument, int toward)
{
    bool whole = b->count > 0 && json_is_integer(argument) && b->steps[0].check == check_type &&
                 (b->steps[0].types & ON_REAL) == 0;
    if (!whole) return arena_print(b->set->arena, "%s (%s)", want_of(b, &argument, 1), toward > 0 ? ">" : "<");
    return arena_print(b->set->arena, "%lld", (long long)json_integer_value(argument) + toward);
}

/* The four limits and multipleOf. */
static bool compile_limit(struct build *b, const json_t *argument)
{
    static const struct {
        const char *word;
        step_check *check;
        int exclusive;
    } limits[] = {{"minimum", check_minimum, 0},
                  {"maximum", check_maximum, 0},
                  {"exclusiveMinimum", check_exclusive_minimum, 1},
                  {"exclusiveMaximum", check_exclusive_maximum, -1},
                  {"multipleOf", check_multiple_of, 0}};
    size_t i = 0;
    if (!json_is_number(argument)) return refuse(b, "must be a number");
    while (strcmp(limits[i].word, b->word) != 0) i++;
    const char *want =
        limits[i].exclusive ? exclusive_want(b, argument, limits[i].exclusive) : want_of(b, &argument, 1);
    if (limits[i].check == check_multiple_of) {
        if (value_number(argument) <= 0) return refuse(b, "must be more than 0");
        want = arena_print(b->set->arena, "n × %s", want);
    }
    struct step *step = add_step(b, limits[i].check, ON_NUMBER);
    step->number = (struct number){value_number(argument), argument};
    step->want = want;
    return true;
}

static bool compile_unique(struct build *b, const json_t *argument)
{
    if (!json_is_boolean(argument)) return refuse(b, "must be true or false");
    if (json_is_true(argument)) add_step(b, check_unique_items, ON_ARRAY);
    return true;
}

/* Names from an array of strings. */
static bool read_names(struct build *b, const json_t *array, struct names *names)
{
    if (!json_is_array(array)) return refuse(b, "must be an array of names");
    names->count = json_array_size(array);
    names->list = take_list(b, names->count, sizeof *names->list);
    for (size_t i = 0; i < names->count; i++) {
        const json_t *name = json_array_get(array, i);
        if (!json_is_string(name)) return refuse(b, "must be an array of names");
        names->list[i] = (struct text){json_string_value(name), json_string_length(name)};
    }
    return true;
}

static bool compile_required(struct build *b, const json_t *argument)
{
    struct names names;
    if (!read_names(b, argument, &names)) return false;
    add_step(b, check_required, ON_OBJECT)->names = names;
    return true;
}

/* dependentRequired and dependentSchemas. */
static bool compile_dependents(struct build *b, const json_t *argument)
{
    if (!json_is_object(argument)) return refuse(b, "must be an object");
    bool schemas = strcmp(b->word, "dependentSchemas") == 0;
    struct dependents *all = take_list(b, 1, sizeof *all);
    all->list = take_list(b, json_object_size(argument), sizeof *all->list);
    const char *name;
    json_t *node;
    json_object_foreach ((json_t *)(uintptr_t)argument, name, node) {
        struct dependent *d = &all->list[all->count++];
        d->name = name;
        if (schemas) d->schema = applied(b, node);
        if (schemas ? d->schema == NULL : !read_names(b, node, &d->names)) return false;
    }
    add_step(b, schemas ? apply_dependents : check_dependent_required, ON_OBJECT)->dependents = all;
    return true;
}

/* Sizes first: most names differ there already. */
int member_order(const void *a, const void *b)
{
    const struct text *x = a, *y = b;
    if (x->size != y->size) return x->size < y->size ? -1 : 1;
    return memcmp(x->bytes, y->bytes, x->size);
}

static bool read_named(struct build *b, const json_t *map, struct members *m)
{
    const char *name;
    json_t *node;
    if (map != NULL && !json_is_object(map)) return refuse(b, "must be an object");
    m->named = take_list(b, json_object_size(map), sizeof *m->named);
    json_object_foreach ((json_t *)(uintptr_t)map, name, node) {
        const struct schema *schema = child(b, node);
        if (schema == NULL) return false;
        m->named[m->named_count++] = (struct member){{name, strlen(name)}, schema};
    }
    qsort(m->named, m->named_count, sizeof *m->named, member_order);
    return true;
}

static bool read_patterned(struct build *b, const json_t *map, struct members *m)
{
    const char *source;
    json_t *node;
    if (map != NULL && !json_is_object(map)) return refuse(b, "must be an object");
    m->patterned = take_list(b, json_object_size(map), sizeof *m->patterned);
    json_object_foreach ((json_t *)(uintptr_t)map, source, node) {
        struct patterned *p = &m->patterned[m->patterned_count++];
        p->pattern = pattern_new(b->set, source, strlen(source), b->schema->place);
        p->schema = p->pattern == NULL ? NULL : child(b, node);
        if (p->schema == NULL) return false;
    }
    return true;
}

/* The three keywords about members make one step, which walks over the members once. */
static bool compile_members(struct build *b, const json_t *argument)
{
    (void)argument;
    if (has_step(b, apply_members)) return true;
    struct members *m = take_list(b, 1, sizeof *m);
    add_step(b, apply_members, ON_OBJECT)->members = m;
    const json_t *node = b->schema->node;
    return read_named(b, json_object_get(node, "properties"), m) &&
           read_patterned(b, json_object_get(node, "patternProperties"), m) &&
           sibling(b, "additionalProperties", &m->others);
}

static bool compile_names(struct build *b, const json_t *argument)
{
    const struct schema *schema = child(b, argument);
    if (schema == NULL) return false;
    add_step(b, apply_names, ON_OBJECT)->schema = schema;
    return true;
}

static bool read_schemas(struct build *b, const json_t *list, struct schemas *schemas,
                         const struct schema *(*read)(struct build *, const json_t *))
{
    if (!json_is_array(list) || json_array_size(list) == 0) return refuse(b, "must be an array of schemas");
    schemas->list = take_list(b, json_array_size(list), sizeof(const struct schema *));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const struct schema *schema = read(b, json_array_get(list, i));
        if (schema == NULL) return false;
        schemas->list[schemas->count++] = schema;
    }
    return true;
}

/* prefixItems and items make one step as well. */
static bool compile_items(struct build *b, const json_t *argument)
{
    (void)argument;
    if (has_step(b, apply_items)) return true;
    struct items *items = take_list(b, 1, sizeof *items);
    add_step(b, apply_items, ON_ARRAY)->items = items;
    const json_t *first = json_object_get(b->schema->node, "prefixItems");
    if (first != NULL && !read_schemas(b, first, &items->first, child)) return false;
    return sibling(b, "items", &items->rest);
}

/* minContains and maxContains alone mean nothing, but must be counts. */
static bool compile_contains(struct build *b, const json_t *argument)
{
    const json_t *node = b->schema->node, *least = json_object_get(node, "minContains"),
                 *most = json_object_get(node, "maxContains");
    if (strcmp(b->word, "contains") != 0) return read_count(b, argument, &(size_t){0});
    struct contains *c = take_list(b, 1, sizeof *c);
    *c = (struct contains){.schema = child(b, argument), .least = 1, .most = SIZE_MAX};
    if (c->schema == NULL) return false;
    if (least != NULL && !read_count(b, least, &c->least)) return false;
    if (most != NULL && !read_count(b, most, &c->most)) return false;
    c->want_least = arena_print(b->set->arena, "%zu", c->least);
    c->want_most = arena_print(b->set->arena, "%zu", c->most);
    add_step(b, apply_contains, ON_ARRAY)->contains = c;
    return true;
}

/* allOf, anyOf, oneOf. */
static bool compile_list(struct build *b, const json_t *argument)
{
    struct schemas schemas = {0};
    if (!read_schemas(b, argument, &schemas, applied)) return false;
    step_check *check = apply_all_of;
    if (strcmp(b->word, "anyOf") == 0) check = apply_any_of;
    if (strcmp(b->word, "oneOf") == 0) check = apply_one_of;
    add_step(b, check, ON_ALL)->schemas = schemas;
    return true;
}

static bool compile_not(struct build *b, const json_t *argument)
{
    const struct schema *schema = applied(b, argument);
    if (schema == NULL) return false;
    add_step(b, apply_not, ON_ALL)->schema = schema;
    return true;
}

/* `then` and `else` without `if` mean nothing, but must still be schemas. */
static bool compile_if(struct build *b, const json_t *argument)
{
    if (strcmp(b->word, "if") != 0) return child(b, argument) != NULL;
    const json_t *then = json_object_get(b->schema->node, "then"),
                 *otherwise = json_object_get(b->schema->node, "else");
    struct condition *c = take_list(b, 1, sizeof *c);
    c->condition = applied(b, argument);
    c->then = then == NULL ? &schema_anything : applied(b, then);
    c->otherwise = otherwise == NULL ? &schema_anything : applied(b, otherwise);
    if (c->condition == NULL || c->then == NULL || c->otherwise == NULL) return false;
    add_step(b, apply_if, ON_ALL)->condition = c;
    return true;
}

/* Marks the schema as one that must know what its keywords looked at; no other schema pays for that. */
static bool compile_unevaluated(struct build *b, const json_t *argument)
{
    const struct schema *schema = child(b, argument);
    if (schema == NULL) return false;
    bool items = strcmp(b->word, "unevaluatedItems") == 0;
    step_check *check = items ? apply_unevaluated_items : apply_unevaluated_members;
    add_step(b, check, items ? ON_ARRAY : ON_OBJECT)->schema = schema;
    b->schema->collects = true;
    return true;
}

static bool knows_all_words(struct schema_set *set, const struct schema *schema)
{
    const char *word;
    json_t *argument;
    json_object_foreach ((json_t *)(uintptr_t)schema->node, word, argument) {
        if (strncmp(word, "x-", 2) == 0 || find_keyword(word) != NULL) continue;
        return schema_refuse(set, schema->place, "the keyword %s is not supported", word);
    }
    return true;
}

/* Compiles a surveyed schema and all below it, or returns what was or is being compiled. Keywords are looked up in the
 * order of the table, not in that of the document. */
const struct schema *schema_build(struct schema_set *set, const json_t *node)
{
    if (json_is_boolean(node)) return json_is_true(node) ? &schema_anything : &schema_nothing;
    struct schema *schema = schema_at(set, node);
    if (schema->state != SURVEYED) return schema;
    schema->state = COMPILING;
    if (!knows_all_words(set, schema)) return NULL;
    if (++set->depth > DEEPEST) schema_refuse(set, schema->place, "the schemas lead too deep");
    if (set->depth > DEEPEST) return NULL;
    struct build b = {.set = set, .schema = schema};
    for (size_t i = 0; i < KEYWORD_COUNT; i++) {
        const json_t *argument = json_object_get(node, keywords[i].name);
        b.word = keywords[i].name;
        if (argument == NULL || keywords[i].compile == NULL) continue;
        if (!keywords[i].compile(&b, argument)) return NULL;
    }
    struct step *steps = take_list(&b, b.count, sizeof *steps);
    memcpy(steps, b.steps, b.count * sizeof *steps);
    set->depth--;
    schema->steps = steps;
    schema->step_count = b.count;
    schema->state = COMPILED;
    schema->next_fresh = set->fresh;
    set->fresh = schema;
    return schema;
}
