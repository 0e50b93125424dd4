/* What the parts of the schema engine share. A schema is compiled to a list of steps, one or a few keywords each, and
 * a value is judged by running the steps that look at its kind of value. Nothing here changes once compiled. */
#ifndef TEPAI_SCHEMA_INTERNAL_H
#define TEPAI_SCHEMA_INTERNAL_H

#define PCRE2_CODE_UNIT_WIDTH 8

#include "arena.h"
#include "format.h"
#include "schema.h"

#include <pcre2.h>
#include <stdint.h>

/* Kinds of JSON value, as bits. Whether a real without fraction is an integer depends on the manner. */
enum kind {
    ON_NULL = 1,
    ON_BOOLEAN = 2,
    ON_OBJECT = 4,
    ON_ARRAY = 8,
    ON_STRING = 16,
    ON_INTEGER = 32,
    ON_REAL = 64,
    ON_NUMBER = ON_INTEGER | ON_REAL,
    ON_ALL = 127,
};

/* A limit: every int64 and every double fits a long double exactly. */
struct number {
    long double value;
    const json_t *json;
};

struct text {
    const char *bytes;
    size_t size;
};

struct names {
    struct text *list;
    size_t count;
};

struct pattern {
    struct pattern *next;         /* all patterns of the set, to free them */
    const struct schema_set *set; /* has the limits */
    const char *source;           /* as the schema spells it */
    const char *place;
    pcre2_code *code;
};

struct schemas {
    const struct schema **list;
    size_t count;
};

struct members {
    struct member {
        struct text name;
        const struct schema *schema;
    } * named; /* sorted by size and bytes */
    size_t named_count;
    struct patterned {
        const struct pattern *pattern;
        const struct schema *schema;
    } * patterned;
    size_t patterned_count;
    const struct schema *others; /* additionalProperties; NULL when the schema does not say */
};

struct items {
    struct schemas first;
    const struct schema *rest; /* items; NULL when the schema does not say */
};

struct contains {
    const struct schema *schema;
    size_t least, most;
    const char *want_least, *want_most;
};

struct condition {
    const struct schema *condition, *then, *otherwise;
};

/* dependentRequired, dependentSchemas: what a member's presence asks for. */
struct dependent {
    const char *name;
    struct names names;
    const struct schema *schema;
};

struct dependents {
    struct dependent *list;
    size_t count;
};

struct run;
struct spot;
struct step;

typedef bool step_check(struct run *run, const struct step *step, const struct spot *spot);

struct step {
    step_check *check;
    unsigned on;      /* kinds of value it looks at */
    bool last;        /* when it fails, what follows in the schema would only repeat the fault */
    const char *want; /* what a fault says was wanted */
    union {
        unsigned types;
        size_t count;
        struct number number;
        const struct pattern *pattern;
        format_check *format;
        const struct schema *schema;
        struct schemas schemas;
        const struct members *members;
        const struct items *items;
        const struct contains *contains;
        const struct condition *condition;
        const struct dependents *dependents;
        struct {
            const json_t **list;
            size_t count;
        } values;
        struct names names;
    };
};

enum schema_state { SURVEYED, COMPILING, COMPILED, VISITING, SOUND };

/* A schema at its place. Found by the survey, filled by the compiler. */
struct schema {
    const json_t *node;
    const char *place; /* JSON pointer from the document's root */
    const char *base;  /* URI that references inside it start from */
    enum schema_state state;
    bool strict;   /* SCHEMA_CONTRACT */
    bool collects; /* has unevaluatedItems or unevaluatedProperties, and so must know what its other keywords saw */
    const struct step *steps;
    size_t step_count;
    struct applied {
        const struct applied *next;
        struct schema *schema;
    } * applied; /* schemas it lays on the same value: a circle of these would never end */
    int height;  /* schemas laid on the same value under one another, from this one down */
    struct schema *next_fresh;
};

extern const struct schema schema_anything, schema_nothing; /* true and false */

/* What a URI names: the document, an embedded $id, or an $anchor. */
struct identifier {
    struct identifier *next;
    const char *uri;
    const json_t *node;
    const char *place;
};

struct schema_set {
    struct arena *arena; /* owns all that was compiled, but for the patterns' code */
    const json_t *document;
    enum schema_manner manner;
    void *by_node; /* tsearch() tree of struct schema */
    struct identifier *identifiers;
    struct pattern *patterns;
    int depth;            /* of the schema that is being compiled */
    struct schema *fresh; /* compiled since the last look for circles */
    pcre2_match_context *limits;
    pcre2_compile_context *pattern_rules;
    char why[512]; /* the first thing that made the set unusable; empty while it is usable */
};

/* Notes why the set is unusable: the place, then the sentence. Always false. */
bool schema_refuse(struct schema_set *set, const char *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* schema_place.c: which schemas there are, where, and what references mean */
enum keyword_shape { HOLDS_NONE, HOLDS_SCHEMA, HOLDS_LIST, HOLDS_MAP };
enum keyword_shape schema_keyword_shape(const char *name);
struct schema *schema_at(struct schema_set *set, const json_t *node);
bool schema_survey(struct schema_set *set, const json_t *node, const char *place, const char *base);
bool schema_refer(struct schema_set *set, const struct schema *from, const char *reference, const json_t **node);
void schema_identify(struct schema_set *set, const char *uri, const json_t *node, const char *place);

/* schema_compile.c */
int member_order(const void *a, const void *b); /* by size and bytes of a struct text, the first in struct member */
const struct schema *schema_build(struct schema_set *set, const json_t *node);

/* schema_pattern.c: regular expressions of ECMA-262 by PCRE2 */
enum match { MATCHES, MATCHES_NOT, MATCH_GIVEN_UP };
const struct pattern *pattern_new(struct schema_set *set, const char *source, size_t size, const char *place);
enum match pattern_match(struct run *run, const struct pattern *pattern, const char *text, size_t size);

/* schema_value.c: values compared as JSON Schema compares them */
unsigned value_kind(const json_t *value);
long double value_number(const json_t *value);
bool value_equal(const json_t *a, const json_t *b);
bool value_is_multiple(const json_t *value, const json_t *of);
bool value_all_differ(const json_t *array);
size_t value_length(const char *text, size_t size);

/* Which members or items of one value some keyword has looked at. */
struct seen {
    size_t count;
    uint64_t few[2]; /* bits of up to 128, which spares an allocation */
    uint64_t *many;  /* bits of more, from calloc */
};

/* The value that is being judged, and the way to it. */
struct spot {
    const struct spot *above; /* NULL at the root */
    const char *name;         /* member of the value above; NULL for an item */
    size_t name_size;
    size_t index;
    const json_t *value;
    struct seen *seen; /* NULL when nobody asks */
};

/* One call of schema_validate(). */
struct run {
    struct faults *faults; /* NULL: the verdict alone */
    const char *base;
    enum place place;
    bool strict;        /* SCHEMA_CONTRACT */
    uint64_t work_left; /* schemas that may still be run; the body's size alone does not bound them */
    bool given_up;      /* a limit was reached: whatever comes of it, the value does not pass */
    pcre2_match_data *match;
};

/* schema_check.c: the keywords that look at a value */
bool schema_run(struct run *run, const struct schema *schema, const struct spot *spot);
bool run_steps(struct run *run, const struct schema *schema, const struct spot *spot);

/* True when going on after a fault would find nothing that is asked for. */
bool run_has_enough(const struct run *run);

/* Adds a fault at the spot, or at its member that is missing. Always false, so that a check can end with it. */
bool run_fault(struct run *run, enum fault_kind kind, const struct spot *spot, const struct text *member,
               const char *want);

/* The same for a place in words; a fault that is in the list already is not added again. */
void run_note(struct run *run, enum fault_kind kind, const char *where, const char *want);

/* The place of the spot in words, from malloc. */
char *run_pointer(const struct run *run, const struct spot *spot, const struct text *member);

step_check check_nothing, check_type, check_enum, check_min_length, check_max_length, check_pattern, check_format,
    check_width, check_minimum, check_exclusive_minimum, check_maximum, check_exclusive_maximum, check_multiple_of,
    check_min_items, check_max_items, check_unique_items, check_min_properties, check_max_properties, check_required,
    check_dependent_required;

/* schema_apply.c: the keywords that apply other schemas */
step_check apply_ref, apply_all_of, apply_any_of, apply_one_of, apply_not, apply_if, apply_dependents, apply_members,
    apply_names, apply_items, apply_contains, apply_unevaluated_members, apply_unevaluated_items;
bool run_collecting(struct run *run, const struct schema *schema, const struct spot *spot);

#endif
