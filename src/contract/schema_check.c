/* Judging a value: the engine that runs a schema's steps, the faults it notes, and the keywords that look at the
 * value alone. */
#include "schema_internal.h"

#include "buffer.h"
#include "log.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_SHOWN 200 /* bytes of a member's name in a pointer; a client's own name may be as long as its body */

static const struct step nothing_step = {.check = check_nothing, .on = ON_ALL};

const struct schema schema_anything = {.state = SOUND};
const struct schema schema_nothing = {.state = SOUND, .steps = &nothing_step, .step_count = 1};

bool run_has_enough(const struct run *run)
{
    return run->faults == NULL || run->given_up || run->faults->count >= FAULTS_MAX;
}

/* Branches that hold one another can multiply the work with each level of the value. */
static bool has_work_left(struct run *run, const struct schema *schema)
{
    if (run->given_up) return false;
    if (run->work_left-- > 0) return true;
    log_line(LOG_WARN, "schema_limit", "schema", schema->place, NULL);
    run->given_up = true;
    return false;
}

bool schema_run(struct run *run, const struct schema *schema, const struct spot *spot)
{
    if (!has_work_left(run, schema)) return false;
    if (schema->collects && (value_kind(spot->value) & (ON_OBJECT | ON_ARRAY)))
        return run_collecting(run, schema, spot);
    return run_steps(run, schema, spot);
}

/* Without a list of faults the first failure is the verdict; with one, the rest is looked at too. */
bool run_steps(struct run *run, const struct schema *schema, const struct spot *spot)
{
    unsigned kind = value_kind(spot->value);
    bool good = true;
    for (size_t i = 0; i < schema->step_count; i++) {
        const struct step *step = &schema->steps[i];
        if (!(step->on & kind) || step->check(run, step, spot)) continue;
        good = false;
        if (step->last || run_has_enough(run)) break;
    }
    return good;
}

/* The pointer is a URI fragment when it begins with "#": what a fragment may not hold is percent-encoded. */
static void add_name(struct buffer *b, const char *name, size_t size, bool fragment)
{
    static const char hex[] = "0123456789ABCDEF";
    if (size > NAME_MAX_SHOWN) size = NAME_MAX_SHOWN;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)name[i];
        bool plain = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
                     (c != '\0' && strchr("-._!$&'()*+,;=:@?", c) != NULL);
        if (c == '~' || c == '/')
            buffer_add_text(b, c == '~' ? "~0" : "~1");
        else if (plain || !fragment)
            buffer_add(b, name + i, 1);
        else
            buffer_add(b, (char[]){'%', hex[c >> 4], hex[c & 15]}, 3);
    }
}

/* The words from the root to the spot. */
static void add_way(struct buffer *b, const struct spot *spot, bool fragment)
{
    if (spot->above == NULL) return;
    add_way(b, spot->above, fragment);
    buffer_add(b, "/", 1);
    if (spot->name != NULL)
        add_name(b, spot->name, spot->name_size, fragment);
    else
        buffer_add_int(b, (int64_t)spot->index);
}

/* Parameters and headers have a name and nothing below it. */
char *run_pointer(const struct run *run, const struct spot *spot, const struct text *member)
{
    struct buffer b = {0};
    buffer_add_text(&b, run->base);
    if (run->place == PLACE_BODY) {
        add_way(&b, spot, run->base[0] == '#');
        if (member != NULL) buffer_add_text(&b, "/");
        if (member != NULL) add_name(&b, member->bytes, member->size, run->base[0] == '#');
    }
    buffer_add(&b, "", 1);
    return b.bytes;
}

void run_note(struct run *run, enum fault_kind kind, const char *where, const char *want)
{
    struct faults *f = run->faults;
    if (want == NULL) want = "";
    for (int i = 0; i < f->count; i++) /* two schemas may say the same of one place */
        if (f->list[i].kind == kind && strcmp(f->list[i].where, where) == 0 && strcmp(f->list[i].want, want) == 0)
            return;
    faults_add(f, run->place, kind, where, want);
}

bool run_fault(struct run *run, enum fault_kind kind, const struct spot *spot, const struct text *member,
               const char *want)
{
    if (run_has_enough(run)) return false;
    char *where = run_pointer(run, spot, member);
    run_note(run, kind, where, want);
    free(where);
    return false;
}

bool check_nothing(struct run *run, const struct step *step, const struct spot *spot)
{
    (void)step;
    return run_fault(run, FAULT_NOT_ALLOWED, spot, NULL, NULL);
}

static bool is_whole(const json_t *value)
{
    double real = json_real_value(value);
    return real == floor(real);
}

/* 1.0 is an integer to the standard, but not in the contract: a real has no place where money is. */
bool check_type(struct run *run, const struct step *step, const struct spot *spot)
{
    unsigned kind = value_kind(spot->value);
    if (step->types & kind) return true;
    if (kind == ON_REAL && (step->types & ON_INTEGER) && !run->strict && is_whole(spot->value)) return true;
    return run_fault(run, FAULT_TYPE, spot, NULL, step->want);
}

bool check_enum(struct run *run, const struct step *step, const struct spot *spot)
{
    for (size_t i = 0; i < step->values.count; i++)
        if (value_equal(spot->value, step->values.list[i])) return true;
    return run_fault(run, FAULT_ENUM, spot, NULL, step->want);
}

static size_t length_of(const json_t *string)
{
    return value_length(json_string_value(string), json_string_length(string));
}

bool check_min_length(struct run *run, const struct step *step, const struct spot *spot)
{
    return length_of(spot->value) >= step->count || run_fault(run, FAULT_TOO_SHORT, spot, NULL, step->want);
}

bool check_max_length(struct run *run, const struct step *step, const struct spot *spot)
{
    return length_of(spot->value) <= step->count || run_fault(run, FAULT_TOO_LONG, spot, NULL, step->want);
}

/* A pattern that is given up ends the judgement: under `not` a mere "does not match" would let the value pass. */
bool check_pattern(struct run *run, const struct step *step, const struct spot *spot)
{
    const char *text = json_string_value(spot->value);
    enum match match = pattern_match(run, step->pattern, text, json_string_length(spot->value));
    if (match == MATCHES) return true;
    run_fault(run, FAULT_PATTERN, spot, NULL, step->want);
    run->given_up = match == MATCH_GIVEN_UP;
    return false;
}

bool check_format(struct run *run, const struct step *step, const struct spot *spot)
{
    bool fits = step->format(json_string_value(spot->value), json_string_length(spot->value), run->strict);
    return fits || run_fault(run, FAULT_FORMAT, spot, NULL, step->want);
}

/* An integer of two's complement, whose lowest is one further from 0 than its highest. */
bool check_width(struct run *run, const struct step *step, const struct spot *spot)
{
    long double number = value_number(spot->value), end = step->number.value;
    return (number >= -end && number < end) || run_fault(run, FAULT_FORMAT, spot, NULL, step->want);
}

bool check_minimum(struct run *run, const struct step *step, const struct spot *spot)
{
    bool fits = value_number(spot->value) >= step->number.value;
    return fits || run_fault(run, FAULT_TOO_SMALL, spot, NULL, step->want);
}

bool check_exclusive_minimum(struct run *run, const struct step *step, const struct spot *spot)
{
    bool fits = value_number(spot->value) > step->number.value;
    return fits || run_fault(run, FAULT_TOO_SMALL, spot, NULL, step->want);
}

bool check_maximum(struct run *run, const struct step *step, const struct spot *spot)
{
    bool fits = value_number(spot->value) <= step->number.value;
    return fits || run_fault(run, FAULT_TOO_LARGE, spot, NULL, step->want);
}

bool check_exclusive_maximum(struct run *run, const struct step *step, const struct spot *spot)
{
    bool fits = value_number(spot->value) < step->number.value;
    return fits || run_fault(run, FAULT_TOO_LARGE, spot, NULL, step->want);
}

/* There is no kind of fault of its own for this: a multiple of 100 has the form "n × 100". */
bool check_multiple_of(struct run *run, const struct step *step, const struct spot *spot)
{
    bool fits = value_is_multiple(spot->value, step->number.json);
    return fits || run_fault(run, FAULT_FORMAT, spot, NULL, step->want);
}

bool check_min_items(struct run *run, const struct step *step, const struct spot *spot)
{
    bool fits = json_array_size(spot->value) >= step->count;
    return fits || run_fault(run, FAULT_TOO_FEW, spot, NULL, step->want);
}

bool check_max_items(struct run *run, const struct step *step, const struct spot *spot)
{
    bool fits = json_array_size(spot->value) <= step->count;
    return fits || run_fault(run, FAULT_TOO_MANY, spot, NULL, step->want);
}

bool check_unique_items(struct run *run, const struct step *step, const struct spot *spot)
{
    (void)step;
    return value_all_differ(spot->value) || run_fault(run, FAULT_NOT_UNIQUE, spot, NULL, NULL);
}

bool check_min_properties(struct run *run, const struct step *step, const struct spot *spot)
{
    bool fits = json_object_size(spot->value) >= step->count;
    return fits || run_fault(run, FAULT_TOO_FEW, spot, NULL, step->want);
}

bool check_max_properties(struct run *run, const struct step *step, const struct spot *spot)
{
    bool fits = json_object_size(spot->value) <= step->count;
    return fits || run_fault(run, FAULT_TOO_MANY, spot, NULL, step->want);
}

/* Notes every name that is missing, at the place where it should be. */
static bool has_names(struct run *run, const struct names *names, const struct spot *spot)
{
    bool good = true;
    for (size_t i = 0; i < names->count; i++) {
        const struct text *name = &names->list[i];
        if (json_object_getn(spot->value, name->bytes, name->size) != NULL) continue;
        good = run_fault(run, FAULT_REQUIRED, spot, name, NULL);
        if (run_has_enough(run)) break;
    }
    return good;
}

bool check_required(struct run *run, const struct step *step, const struct spot *spot)
{
    return has_names(run, &step->names, spot);
}

bool check_dependent_required(struct run *run, const struct step *step, const struct spot *spot)
{
    bool good = true;
    for (size_t i = 0; i < step->dependents->count; i++) {
        const struct dependent *d = &step->dependents->list[i];
        if (json_object_get(spot->value, d->name) != NULL && !has_names(run, &d->names, spot)) good = false;
    }
    return good;
}
