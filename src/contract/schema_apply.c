/* The keywords that apply other schemas, to the same value or to its members and items, and the account of what they
 * looked at, which unevaluatedProperties and unevaluatedItems ask for. */
#include "schema_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void seen_open(struct seen *seen, size_t count)
{
    *seen = (struct seen){.count = count};
    if (count <= 64 * (sizeof seen->few / sizeof seen->few[0])) return;
    seen->many = calloc((count + 63) / 64, sizeof *seen->many);
    if (seen->many == NULL) abort();
}

static void seen_close(struct seen *seen)
{
    free(seen->many);
}

static uint64_t *seen_bits(struct seen *seen)
{
    return seen->many != NULL ? seen->many : seen->few;
}

static void seen_mark(struct seen *seen, size_t index)
{
    if (seen != NULL) seen_bits(seen)[index / 64] |= UINT64_C(1) << index % 64;
}

static bool seen_has(struct seen *seen, size_t index)
{
    return seen_bits(seen)[index / 64] >> index % 64 & 1;
}

/* Both belong to the same value. */
static void seen_merge(struct seen *into, struct seen *from)
{
    if (into == NULL) return;
    for (size_t i = 0; i < (into->count + 63) / 64; i++) seen_bits(into)[i] |= seen_bits(from)[i];
}

static void seen_mark_all(struct seen *seen)
{
    if (seen != NULL) memset(seen_bits(seen), 0xFF, (seen->count + 63) / 64 * sizeof(uint64_t));
}

static size_t size_of(const json_t *value)
{
    return json_is_array(value) ? json_array_size(value) : json_object_size(value);
}

/* A schema with unevaluated keywords sees what it and the schemas it applies looked at, not what its neighbours did;
 * whoever applies it sees all of that. */
bool run_collecting(struct run *run, const struct schema *schema, const struct spot *spot)
{
    struct seen seen;
    struct spot here = *spot;
    seen_open(&seen, size_of(spot->value));
    here.seen = &seen;
    bool good = run_steps(run, schema, &here);
    seen_merge(spot->seen, &seen);
    seen_close(&seen);
    return good;
}

/* The verdict alone, without faults; what a schema saw counts only when it holds. */
static bool holds(struct run *run, const struct schema *schema, const struct spot *spot)
{
    struct faults *faults = run->faults;
    struct seen seen;
    struct spot here = *spot;
    bool collects = spot->seen != NULL;
    run->faults = NULL;
    if (collects) {
        seen_open(&seen, spot->seen->count);
        here.seen = &seen;
    }
    bool good = schema_run(run, schema, &here);
    if (collects) {
        if (good) seen_merge(spot->seen, &seen);
        seen_close(&seen);
    }
    run->faults = faults;
    return good;
}

bool apply_ref(struct run *run, const struct step *step, const struct spot *spot)
{
    return schema_run(run, step->schema, spot);
}

bool apply_all_of(struct run *run, const struct step *step, const struct spot *spot)
{
    bool good = true;
    for (size_t i = 0; i < step->schemas.count; i++) {
        if (schema_run(run, step->schemas.list[i], spot)) continue;
        good = false;
        if (run_has_enough(run)) break;
    }
    return good;
}

/* How far a value is from the branch whose faults are given: of another type altogether, of another kind by a constant
 * one level below (a discriminator), or only imperfect. */
static int distance(const struct faults *faults, const char *here)
{
    size_t size = strlen(here);
    int farthest = 0;
    for (int i = 0; i < faults->count; i++) {
        const struct fault *f = &faults->list[i];
        if (f->kind == FAULT_TYPE && strcmp(f->where, here) == 0) return 2;
        bool below = strncmp(f->where, here, size) == 0 && f->where[size] == '/';
        if (f->kind == FAULT_ENUM && below && strchr(f->where + size + 1, '/') == NULL) farthest = 1;
    }
    return farthest;
}

/* The faults of one branch in a list of their own, which the caller frees. */
static struct faults *try_branch(struct run *run, const struct schema *schema, const struct spot *spot)
{
    struct faults *faults = run->faults, *trial = calloc(1, sizeof *trial);
    struct spot here = *spot;
    if (trial == NULL) abort();
    trial->arena = faults->arena;
    run->faults = trial;
    here.seen = NULL;
    schema_run(run, schema, &here);
    run->faults = faults;
    return trial;
}

/* All branches want another type: what they want, together. */
static void note_types(struct run *run, const struct step *step, const struct spot *spot, const char *here)
{
    const char *want = "";
    for (size_t i = 0; i < step->schemas.count; i++) {
        struct faults *trial = try_branch(run, step->schemas.list[i], spot);
        for (int j = 0; j < trial->count; j++) {
            const struct fault *f = &trial->list[j];
            if (f->kind != FAULT_TYPE || strcmp(f->where, here) != 0) continue;
            want = arena_print(trial->arena, "%s%s%s", want, want[0] == '\0' ? "" : ", ", f->want);
        }
        free(trial);
    }
    run_note(run, FAULT_TYPE, here, want);
}

/* The faults of the branch that came nearest, which the caller frees; `*far` says how near. A schema that compiled has
 * at least one branch. */
static struct faults *try_branches(struct run *run, const struct schemas *branches, const struct spot *spot,
                                   const char *here, int *far)
{
    struct faults *nearest = try_branch(run, branches->list[0], spot);
    *far = distance(nearest, here) * (FAULTS_MAX + 1) + nearest->count;
    for (size_t i = 1; i < branches->count; i++) {
        struct faults *trial = try_branch(run, branches->list[i], spot);
        int this_far = distance(trial, here) * (FAULTS_MAX + 1) + trial->count;
        bool nearer = this_far < *far;
        free(nearer ? nearest : trial);
        if (!nearer) continue;
        nearest = trial;
        *far = this_far;
    }
    return nearest;
}

/* None of the branches holds. Nobody wants to read what is wrong by each of them, so the nearest speaks. */
static bool note_nearest(struct run *run, const struct step *step, const struct spot *spot)
{
    int far;
    seen_mark_all(spot->seen); /* or everything in it would be called unknown as well */
    if (run_has_enough(run)) return false;
    char *here = run_pointer(run, spot, NULL);
    struct faults *nearest = try_branches(run, &step->schemas, spot, here, &far);
    bool all_of_other_type = far > 2 * FAULTS_MAX;
    if (all_of_other_type) note_types(run, step, spot, here);
    for (int i = 0; !all_of_other_type && i < nearest->count && !run_has_enough(run); i++)
        run_note(run, nearest->list[i].kind, nearest->list[i].where, nearest->list[i].want);
    free(nearest);
    free(here);
    return false;
}

/* Stops at the first branch that holds, unless somebody wants to know what all of them looked at. */
bool apply_any_of(struct run *run, const struct step *step, const struct spot *spot)
{
    bool good = false;
    for (size_t i = 0; i < step->schemas.count; i++) {
        if (!holds(run, step->schemas.list[i], spot)) continue;
        good = true;
        if (spot->seen == NULL) break;
    }
    return good || note_nearest(run, step, spot);
}

bool apply_one_of(struct run *run, const struct step *step, const struct spot *spot)
{
    size_t good = 0;
    for (size_t i = 0; i < step->schemas.count && good < 2; i++) good += holds(run, step->schemas.list[i], spot);
    if (good == 0) return note_nearest(run, step, spot);
    return good == 1 || run_fault(run, FAULT_NOT_ALLOWED, spot, NULL, NULL);
}

/* What is under `not` has looked at nothing: it holds only when its schema does not. */
bool apply_not(struct run *run, const struct step *step, const struct spot *spot)
{
    struct spot here = *spot;
    here.seen = NULL;
    return !holds(run, step->schema, &here) || run_fault(run, FAULT_NOT_ALLOWED, spot, NULL, NULL);
}

bool apply_if(struct run *run, const struct step *step, const struct spot *spot)
{
    const struct condition *c = step->condition;
    return schema_run(run, holds(run, c->condition, spot) ? c->then : c->otherwise, spot);
}

bool apply_dependents(struct run *run, const struct step *step, const struct spot *spot)
{
    bool good = true;
    for (size_t i = 0; i < step->dependents->count; i++) {
        const struct dependent *d = &step->dependents->list[i];
        if (json_object_get(spot->value, d->name) == NULL) continue;
        if (!schema_run(run, d->schema, spot)) good = false;
    }
    return good;
}

/* One member of an object while it is walked over; jansson keeps members in the order they came, so an index names
 * one for `seen`. */
struct walk {
    const json_t *object;
    void *at;
    struct spot spot;
};

static void walk_read(struct walk *w)
{
    if (w->at == NULL) return;
    w->spot.name = json_object_iter_key(w->at);
    w->spot.name_size = json_object_iter_key_len(w->at);
    w->spot.value = json_object_iter_value(w->at);
}

static struct walk walk_begin(const struct spot *spot)
{
    struct walk w = {.object = spot->value, .spot = {.above = spot}};
    w.at = json_object_iter((json_t *)(uintptr_t)w.object); /* only reads, though it does not say so */
    walk_read(&w);
    return w;
}

static void walk_on(struct walk *w)
{
    w->at = json_object_iter_next((json_t *)(uintptr_t)w->object, w->at);
    w->spot.index++;
    walk_read(w);
}

/* A member that may not be there at all is called unknown, not forbidden. */
static bool run_member(struct run *run, const struct schema *schema, const struct spot *spot)
{
    if (schema == &schema_nothing) return run_fault(run, FAULT_UNKNOWN, spot, NULL, NULL);
    return schema_run(run, schema, spot);
}

static const struct schema *find_named(const struct members *m, const struct spot *spot)
{
    struct text name = {spot->name, spot->name_size};
    const struct member *found =
        m->named_count == 0 ? NULL : bsearch(&name, m->named, m->named_count, sizeof *m->named, member_order);
    return found == NULL ? NULL : found->schema;
}

/* Applies what patternProperties says of a member; `*matched` becomes true when it says anything. */
static bool apply_patterned(struct run *run, const struct members *m, const struct spot *spot, bool *matched)
{
    bool good = true;
    for (size_t i = 0; i < m->patterned_count; i++) {
        const struct patterned *p = &m->patterned[i];
        enum match match = pattern_match(run, p->pattern, spot->name, spot->name_size);
        if (match == MATCHES_NOT) continue;
        *matched = true;
        if (match == MATCHES && run_member(run, p->schema, spot)) continue;
        good = false;
        if (match == MATCHES) continue;
        run_fault(run, FAULT_PATTERN, spot, NULL, p->pattern->source);
        run->given_up = true;
    }
    return good;
}

/* properties, patternProperties and additionalProperties in one walk. A member counts as looked at even when it is
 * wrong, so that it is not called unknown on top. */
bool apply_members(struct run *run, const struct step *step, const struct spot *spot)
{
    const struct members *m = step->members;
    bool good = true;
    for (struct walk w = walk_begin(spot); w.at != NULL; walk_on(&w)) {
        const struct schema *named = find_named(m, &w.spot);
        bool matched = named != NULL;
        if (matched && !run_member(run, named, &w.spot)) good = false;
        if (!apply_patterned(run, m, &w.spot, &matched)) good = false;
        if (!matched && m->others != NULL && !run_member(run, m->others, &w.spot)) good = false;
        if (matched || m->others != NULL) seen_mark(spot->seen, w.spot.index);
        if (!good && run_has_enough(run)) break;
    }
    return good;
}

/* The names as strings; what is wrong with one is told at its member. */
bool apply_names(struct run *run, const struct step *step, const struct spot *spot)
{
    bool good = true;
    for (struct walk w = walk_begin(spot); w.at != NULL; walk_on(&w)) {
        json_t *name = json_stringn_nocheck(w.spot.name, w.spot.name_size);
        struct spot here = w.spot;
        if (name == NULL) abort();
        here.value = name;
        if (!schema_run(run, step->schema, &here)) good = false;
        json_decref(name);
        if (!good && run_has_enough(run)) break;
    }
    return good;
}

bool apply_items(struct run *run, const struct step *step, const struct spot *spot)
{
    const struct items *items = step->items;
    size_t count = json_array_size(spot->value);
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        const struct schema *schema = i < items->first.count ? items->first.list[i] : items->rest;
        if (schema == NULL) break;
        struct spot item = {.above = spot, .index = i, .value = json_array_get(spot->value, i)};
        if (!schema_run(run, schema, &item)) good = false;
        seen_mark(spot->seen, i);
        if (!good && run_has_enough(run)) break;
    }
    return good;
}

bool apply_contains(struct run *run, const struct step *step, const struct spot *spot)
{
    const struct contains *c = step->contains;
    size_t count = json_array_size(spot->value), found = 0;
    for (size_t i = 0; i < count; i++) {
        struct spot item = {.above = spot, .index = i, .value = json_array_get(spot->value, i)};
        if (!holds(run, c->schema, &item)) continue;
        found++;
        seen_mark(spot->seen, i);
    }
    if (found < c->least) return run_fault(run, FAULT_TOO_FEW, spot, NULL, c->want_least);
    return found <= c->most || run_fault(run, FAULT_TOO_MANY, spot, NULL, c->want_most);
}

bool apply_unevaluated_members(struct run *run, const struct step *step, const struct spot *spot)
{
    bool good = true;
    for (struct walk w = walk_begin(spot); w.at != NULL; walk_on(&w)) {
        if (seen_has(spot->seen, w.spot.index)) continue;
        if (!run_member(run, step->schema, &w.spot)) good = false;
        seen_mark(spot->seen, w.spot.index);
        if (!good && run_has_enough(run)) break;
    }
    return good;
}

bool apply_unevaluated_items(struct run *run, const struct step *step, const struct spot *spot)
{
    bool good = true;
    for (size_t i = 0; i < json_array_size(spot->value); i++) {
        if (seen_has(spot->seen, i)) continue;
        struct spot item = {.above = spot, .index = i, .value = json_array_get(spot->value, i)};
        if (!schema_run(run, step->schema, &item)) good = false;
        seen_mark(spot->seen, i);
        if (!good && run_has_enough(run)) break;
    }
    return good;
}
