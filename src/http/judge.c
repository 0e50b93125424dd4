/* What objects to a write. The results are looked at in the order they were asked for, and the first that objects is
 * the answer, so that a caller always hears the most basic reason: ended session, missing row, stale version, wrong
 * state, broken rule, constraint. */
#include "log.h"
#include "row.h"
#include "segment.h"
#include "sqlstate.h"

#include <stdlib.h>
#include <string.h>

void req_broken(struct req *r, const struct rule *rule, const char *pointer, const char *figures)
{
    if (r->broken_count == BROKEN_RULES_MAX) return;
    struct broken_rule *b = &r->broken[r->broken_count++];
    b->rule = rule;
    b->pointer = pointer == NULL ? NULL : arena_print(r->arena, "%s", pointer);
    b->figures = figures == NULL ? NULL : arena_print(r->arena, "%s", figures);
}

/* `demand_enterprise_id_fkey` objects to #/enterprise_id: constraints are named after table and column. */
static const char *constraint_pointer(struct req *r, const char *constraint)
{
    const char *table = r->op->noun;
    size_t size = strlen(table), whole = strlen(constraint);
    const char *ending = strrchr(constraint, '_');
    if (whole < size + 2 || strncmp(constraint, table, size) != 0 || ending < constraint + size) return NULL;
    const char *column = constraint + size + 1;
    if (strcmp(ending, "_pkey") == 0 || column >= ending) return "#/id";
    return arena_print(r->arena, "#/%.*s", (int)(ending - column), column);
}

/* Whether `word` stands in `name` between its ends and underscores. */
static bool has_word(const char *name, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = strstr(name, word); at != NULL; at = strstr(at + 1, word)) {
        if ((at == name || at[-1] == '_') && (at[size] == '\0' || at[size] == '_')) return true;
    }
    return false;
}

/* `figures_year_unique` objects to #/figures: the one member sent that the rule's name holds. With none or several the
 * rule is about the whole. */
static const char *rule_pointer(struct req *r, const char *rule)
{
    const char *found = NULL, *member;
    json_t *value;
    json_object_foreach (r->body, member, value) {
        if (!has_word(rule, member)) continue;
        if (found != NULL) return NULL;
        found = member;
    }
    return found == NULL ? NULL : arena_print(r->arena, "#/%s", found);
}

fail_t refused_by_database(struct req *r, const PGresult *result)
{
    const char *constraint = sqlstate_constraint(result);
    fail_t problem = sqlstate_problem(result);
    if (problem == INTERNAL_ERROR || problem == FORBIDDEN) {
        log_line(LOG_ERROR, "statement_refused", "operation", r->op->id, "sqlstate", sqlstate_of(result), "constraint",
                 constraint, NULL);
    }
    const struct rule *rule = rule_find(constraint);
    if (rule != NULL) {
        req_broken(r, rule, rule_pointer(r, constraint), NULL);
        return rule->problem;
    }
    if (problem == DUPLICATE) rule = rule_find("already_recorded");
    if (problem == REFERENCE_NOT_FOUND) rule = rule_find("reference_not_found");
    if (rule != NULL) req_broken(r, rule, constraint_pointer(r, constraint), NULL);
    return problem;
}

static bool among(const char *array, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = strstr(array, word); at != NULL; at = strstr(at + 1, word)) {
        bool begins = at > array && (at[-1] == '{' || at[-1] == ',');
        if (begins && (at[size] == '}' || at[size] == ',')) return true;
    }
    return false;
}

/* {submit,withdraw} as ["submit","withdraw"]. */
static const char *steps_json(struct req *r, const char *array)
{
    char *out = arena_take(r->arena, strlen(array) * 3 + 3), *to = out;
    *to++ = '[';
    for (const char *at = array + 1; *at != '\0' && *at != '}';) {
        size_t size = strcspn(at, ",}");
        if (to > out + 1) *to++ = ',';
        *to++ = '"';
        memcpy(to, at, size);
        to += size;
        *to++ = '"';
        at += size + (at[size] == ',');
    }
    *to = ']';
    return out;
}

/* A refusal for the state tells the state, and what may be done in it. */
static void tell_state(struct req *r, const PGresult *lock)
{
    const char *steps = row_text(lock, 0, "allowed_steps"), *status = row_text(lock, 0, "status");
    if (steps == NULL || status == NULL) return;
    r->problem_members =
        arena_print(r->arena, ",\"current_status\":\"%s\",\"allowed_steps\":%s", status, steps_json(r, steps));
}

/* A part that is made takes its own first step; whether its whole lets it, a rule of the operation says. */
static fail_t judge_state(struct req *r, const PGresult *lock)
{
    const char *steps = row_text(lock, 0, "allowed_steps");
    if (r->op->step_count == 0 || steps == NULL || r->op->makes_part) return OK;
    for (int i = 0; i < r->op->step_count; i++) {
        if (among(steps, r->op->steps[i])) return OK;
    }
    return WRONG_STATE;
}

/* Where nothing is, a PUT may make it, unless it says that it has read it or says nothing where it must. */
static fail_t judge_absence(const struct req *r)
{
    if (r->op->created == 0 || r->if_match != 0) return NOT_FOUND;
    return r->makes || r->op->if_match != NEED_REQUIRED ? OK : PRECONDITION_REQUIRED;
}

static fail_t judge_lock(struct req *r, const PGresult *lock)
{
    if (PQntuples(lock) == 0) return judge_absence(r);
    const char *version = row_text(lock, 0, "version");
    if (r->if_match == 0 && !r->makes && r->op->if_match == NEED_REQUIRED) return PRECONDITION_REQUIRED;
    bool stale = r->if_match != 0 && (version == NULL || strtoll(version, NULL, 10) != r->if_match);
    if (stale || r->makes) {
        r->problem_members = arena_print(r->arena, ",\"current_version\":%s", version == NULL ? "0" : version);
        return VERSION_MISMATCH;
    }
    return judge_state(r, lock);
}

static fail_t judge_blockers(struct req *r, const PGresult *rows)
{
    fail_t first = OK;
    for (int i = 0; i < PQntuples(rows); i++) {
        const struct rule *rule = rule_find(PQgetvalue(rows, i, 0));
        if (rule == NULL) {
            log_line(LOG_ERROR, "rule_unknown", "operation", r->op->id, "rule", PQgetvalue(rows, i, 0), NULL);
            return INTERNAL_ERROR;
        }
        req_broken(r, rule, row_text(rows, i, "pointer"), row_text(rows, i, "figures"));
        if (first == OK) first = rule->problem;
    }
    return first;
}

static fail_t judge_claim(struct req *r, const PGresult *claim)
{
    if (strcmp(sqlstate_of(claim), "55P03") != 0) return sqlstate_problem(claim);
    r->retry_after_s = 1;
    return IDEMPOTENCY_IN_PROGRESS;
}

/* A twin may have made it since the lock found nothing: then this one has replaced it, which it must not. */
static fail_t judge_act(struct req *r, const PGresult *act)
{
    if (strcmp(PQcmdTuples((PGresult *)act), "0") == 0) return NOT_FOUND;
    if (r->op->created == 0) return OK;
    const char *created = row_text(act, 0, "created");
    r->made = created != NULL && created[0] == 't';
    return r->makes && !r->made ? VERSION_MISMATCH : OK;
}

static fail_t judge_results(struct req *r, const struct segment *s)
{
    const struct answers *a = &s->answers;
    for (int i = 0; i < s->count; i++) {
        const PGresult *result = a->results[i];
        if (i == a->failed && i == s->claim) return judge_claim(r, result);
        if (i == a->failed) return refused_by_database(r, result);
        if (i == s->lock) TRY(judge_lock(r, result));
        if (i == s->blockers) TRY(judge_blockers(r, result));
        if (i == s->act) TRY(judge_act(r, result));
        if (i == s->get && PQntuples(result) == 0) return NOT_FOUND;
    }
    return OK;
}

fail_t judge(struct req *r, const struct segment *s)
{
    fail_t objection = judge_results(r, s);
    if (objection == WRONG_STATE && s->lock >= 0) tell_state(r, s->answers.results[s->lock]);
    return objection;
}
