/* The authorisation matrix: every operation, tried by every kind of caller on records that stand to it in every way,
 * compared cell by cell with matrix.tsv, which is kept by hand. The cells come from the contract, so an operation that
 * nobody thought about fails here. */
#include "harness.h"
#include "subjects.h"
#include "uuid.h"

#include <stdlib.h>

#define LINE_MAX_SIZE 400
#define PAGES_MAX     20

/* One line of the table. */
struct line {
    char operation[64], caller[20], cells[OWNERS][10];
    bool used;
};

static struct line lines[3000];
static int line_count, cell_count;

static void read_line(char *text)
{
    struct line *l = &lines[line_count++];
    char *word = strtok(text, "\t\n");
    snprintf(l->operation, sizeof l->operation, "%s", word);
    word = strtok(NULL, "\t\n");
    snprintf(l->caller, sizeof l->caller, "%s", word == NULL ? "" : word);
    for (int o = 0; o < OWNERS; o++) {
        word = strtok(NULL, "\t\n");
        snprintf(l->cells[o], sizeof l->cells[o], "%s", word == NULL ? "" : word);
    }
}

static void read_table(void)
{
    char text[LINE_MAX_SIZE];
    FILE *f = fopen(SOURCE_DIR "/tests/contract/matrix.tsv", "r");
    while (f != NULL && fgets(text, sizeof text, f) != NULL) {
        if (text[0] != '#' && strncmp(text, "operation\t", 10) != 0) read_line(text);
    }
    CHECK(f != NULL && line_count > 0);
    if (f != NULL) fclose(f);
}

static struct line *line_of(const struct op *op, enum caller c)
{
    for (int i = 0; i < line_count; i++) {
        if (strcmp(lines[i].operation, op->id) == 0 && strcmp(lines[i].caller, caller_words[c]) == 0) return &lines[i];
    }
    return NULL;
}

static void note(bool holds, const struct op *op, enum caller c, int o, const char *what)
{
    char place[120];
    snprintf(place, sizeof place, "%s as %s, %s", op->id, caller_words[c], o < 0 ? "line" : owner_words[o]);
    check_note(holds, place, 0, what);
}

/* Every operation × caller stands once, and nothing else does. */
static void table_is_complete(void)
{
    int count;
    const struct op *ops = contract_ops(&count);
    for (int i = 0; i < count; i++) {
        for (enum caller c = 0; c < CALLERS; c++) {
            struct line *l = line_of(&ops[i], c);
            note(l != NULL && !l->used, &ops[i], c, -1, "stands once in the table");
            if (l != NULL) l->used = true;
        }
    }
    for (int i = 0; i < line_count; i++)
        check_note(lines[i].used, lines[i].operation, 0, "the line belongs to an operation, once");
}

/* A role the contract lets in is refused nowhere in the table, and one it does not is refused everywhere. */
static void table_agrees_with_roles(void)
{
    int count;
    const struct op *ops = contract_ops(&count);
    for (int i = 0; i < count; i++) {
        for (enum caller c = 0; c < CALLERS; c++) {
            const struct line *l = line_of(&ops[i], c);
            const char *refusal = c == NOBODY ? "401" : "403";
            bool allowed = may_call(&ops[i], c), some = false;
            for (int o = 0; l != NULL && o < OWNERS; o++) {
                if (strcmp(l->cells[o], "-") == 0) continue;
                bool bad_token = strcmp(ops[i].id, "session_refresh") == 0 && o == NOWHERE;
                note(allowed != (strcmp(l->cells[o], refusal) == 0) || bad_token, &ops[i], c, o, "agrees with x-roles");
                some = true;
            }
            note(some, &ops[i], c, -1, "has a cell");
        }
    }
}

/* The room whose record an operation is about; NULL for those about none. */
static const char *room_tried(const struct op *op)
{
    static const char *const rooms[] = {
        "attachment",   "disclosure",    "institution",   "enterprise",      "demand",    "call",
        "application",  "specialist",    "service_offer", "policy",          "session",   "account",
        "bank_account", "dispatch_list", "dispatch_line", "issue",           "agreement", "operation",
        "match_round",  "match",         "intention",     "dispatch_notice", "placement", "obligation"};
    if (strcmp(op->id, "match_suggest") == 0) return NULL;
    if (strcmp(op->id, "event_list") == 0 || strcmp(op->id, "todo_list") == 0) return "demand";
    if (!op->is_list && op->path_word_count == 0) return NULL;
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        if (strcmp(op->room, rooms[i]) == 0) return rooms[i];
    }
    return NULL;
}

static const char *id_tried(const struct op *op, enum caller c, enum owner o, bool *stands)
{
    const char *room = room_tried(op), *id = NULL;
    bool takes_any_id = op->path_word_count > 0 || strcmp(op->id, "event_list") == 0;
    if (room == NULL) {
        *stands = o == OWN || (o == NOWHERE && op->path_word_count > 0);
        return o == NOWHERE ? "no_such_word" : NULL;
    }
    if (o != NOWHERE || takes_any_id) id = subject(room, c, o, state_for(op, c));
    *stands = id != NULL;
    /* An event of the record, as a change makes it. */
    if (id != NULL && strcmp(op->id, "event_list") == 0)
        sql("UPDATE app.demand SET title = title || '.' WHERE id = '%s'", id);
    return id;
}

static void attempt(const struct op *op, const char *id, const char *body)
{
    static char key[37], match[40];
    if (op->if_match == NEED_REQUIRED) {
        const char *version = version_of(op, id);
        snprintf(match, sizeof match, "\"%s\"", version == NULL ? "1" : version);
        with("If-Match", match);
    }
    uuid_make(key);
    if (op->idempotency == NEED_REQUIRED) with("Idempotency-Key", key);
    ask(op->method, target_of(op, id), body);
}

static bool page_holds(const char *id)
{
    size_t i;
    json_t *item;
    json_array_foreach (json_object_get(body_of(), "items"), i, item) {
        const char *own = json_string_value(json_object_get(item, "id")),
                   *subject_id = json_string_value(json_object_get(item, "subject_id"));
        if ((own != NULL && strcmp(own, id) == 0) || (subject_id != NULL && strcmp(subject_id, id) == 0)) return true;
    }
    return false;
}

/* "shown" or "hidden", by walking the whole list; a status when the list is refused. */
static const char *seen_in_list(const struct op *op, const char *id)
{
    static char target[1200], status[12];
    const char *base = target_of(op, id);
    snprintf(target, sizeof target, "%s%climit=200", base, strchr(base, '?') == NULL ? '?' : '&');
    for (int page = 0; page < PAGES_MAX; page++) {
        ask("GET", target, NULL);
        snprintf(status, sizeof status, "%d", status_of());
        if (status_of() != 200) return status;
        if (page_holds(id)) return "shown";
        const char *cursor = text_at("/next_cursor");
        if (cursor == NULL) return "hidden";
        snprintf(target, sizeof target, "%s%climit=200&cursor=%s", base, strchr(base, '?') == NULL ? '?' : '&', cursor);
    }
    return "endless";
}

/* The answer without what differs from request to request. */
static char *masked_answer(void)
{
    static const char *const headers[] = {"Content-Type",     "Content-Language", "Cache-Control", "ETag", "Location",
                                          "WWW-Authenticate", "Retry-After",      "Vary",          "Link", "Allow"};
    json_t *body = json_deep_copy(body_of());
    json_object_del(body, "instance");
    json_object_del(body, "trace_id");
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        const char *value = header_of(headers[i]);
        if (value != NULL) json_object_set_new(body, headers[i], json_string(value));
    }
    char *text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(body);
    return text;
}

/* A record that is not the caller's looks exactly like none. */
static void compare_with_nowhere(const struct op *op, enum caller c, enum owner o, int nowhere_status,
                                 const char *nowhere)
{
    if (nowhere == NULL || status_of() != nowhere_status || status_of() < 404) return;
    char *answer = masked_answer();
    note(strcmp(answer, nowhere) == 0, op, c, (int)o, "looks like an id that names nothing");
    if (strcmp(answer, nowhere) != 0) printf("    got  %s\n    want %s\n", answer, nowhere);
    free(answer);
}

static void try_cell(const struct op *op, enum caller c, enum owner o, const char *want)
{
    bool stands, refers = true;
    char got[12];
    const char *id = id_tried(op, c, o, &stands);
    const char *body = body_for(op, c, o, &refers);
    bool by_body = op->content_type != NULL && op->path_word_count == 0;
    bool is_cell = by_body ? refers : stands;
    note(is_cell == (strcmp(want, "-") != 0), op, c, (int)o,
         "is a cell of the table exactly when such a record can be");
    if (!is_cell || strcmp(want, "-") == 0) return;
    cell_count++;
    as_caller(c);
    if (c == ENTERPRISE && strcmp(op->id, "enterprise_create") == 0) as(unbound_login());
    if (o == OWN && login_of(c) != NULL && room_tried(op) != NULL && strcmp(op->room, "session") == 0)
        as_token(fresh_token());
    bool lists_records = op->is_list && room_tried(op) != NULL;
    if (!lists_records) attempt(op, id, body);
    snprintf(got, sizeof got, "%d", status_of());
    const char *seen = lists_records ? seen_in_list(op, id) : got;
    note(strcmp(seen, want) == 0, op, c, (int)o, want);
    if (strcmp(seen, want) != 0) printf("    got %s %.600s\n", seen, lists_records ? "" : bytes_of());
}

static void try_line(const struct op *op, enum caller c)
{
    const struct line *l = line_of(op, c);
    char *nowhere = NULL;
    int nowhere_status = 0;
    if (l == NULL) return;
    try_cell(op, c, NOWHERE, l->cells[NOWHERE]);
    if (strcmp(l->cells[NOWHERE], "-") != 0 && status_of() >= 404) {
        nowhere = masked_answer();
        nowhere_status = status_of();
    }
    for (enum owner o = OWN; o < NOWHERE; o++) {
        try_cell(op, c, o, l->cells[o]);
        if (strcmp(l->cells[o], "-") != 0) compare_with_nowhere(op, c, o, nowhere_status, nowhere);
    }
    free(nowhere);
}

static void cells(void)
{
    int count;
    const struct op *ops = contract_ops(&count);
    for (int i = 0; i < count; i++) {
        for (enum caller c = 0; c < CALLERS; c++) try_line(&ops[i], c);
    }
    printf("matrix: %d cells\n", cell_count);
}

static bool is_named(const char *const *names, const char *name)
{
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0) return true;
    }
    return false;
}

/* Members outside of the list are null, or an empty array; those in the list are whatever they are. */
static void only_shows(const char *const *members, const char *what)
{
    const char *name;
    json_t *value;
    CHECK(json_object_size(body_of()) > 10);
    json_object_foreach ((json_t *)body_of(), name, value) {
        bool hidden = json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0);
        check_note(hidden || is_named(members, name), what, 0, name);
    }
}

/* A specialist sees of a firm its name, place, branch and classes. */
static void specialist_sees_the_outline_of_a_firm(void)
{
    static const char *const shown[] = {
        "id",         "version",        "created_at",     "updated_at",  "unit_id", "status", "name", "industry_code",
        "chain_code", "is_above_scale", "is_weak_rd_sme", "priority_bp", NULL};
    as(login_of(SPECIALIST));
    call("enterprise_get", subject("enterprise", SPECIALIST, STRANGER, NULL), NULL);
    EXPECT(OK);
    only_shows(shown, "enterprise_get as specialist");
    CHECK(text_at("/name") != NULL);
}

/* Of a limited demand a specialist sees field, groups and unit; of an open one nobody's name and phone. */
static void specialist_sees_the_outline_of_a_limited_demand(void)
{
    static const char *const outline[] = {"id",       "version",         "created_at",  "updated_at",
                                          "unit_id",  "status",          "task_groups", "tech_field",
                                          "valid_to", "confidentiality", NULL};
    const char *id = subject("demand", SPECIALIST, STRANGER, NULL);
    as(login_of(SPECIALIST));
    call("demand_get", id, NULL);
    EXPECT(OK);
    CHECK(text_at("/title") != NULL && text_at("/enterprise_id") != NULL);
    CHECK(text_at("/contact_name") == NULL && text_at("/contact_phone_masked") == NULL);
    CHECK(text_at("/created_by") == NULL && text_at("/priority_no") == NULL);
    sql("UPDATE app.demand SET confidentiality = 'limited' WHERE id = '%s'", id);
    call("demand_get", id, NULL);
    EXPECT(OK);
    only_shows(outline, "demand_get of a limited demand as specialist");
    CHECK(text_at("/tech_field") != NULL);
}

/* Makes a demand limited without waking the trigger that would move it down the list. */
static void limit_demand(const char *id)
{
    sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " UPDATE app.demand SET confidentiality = 'limited' FROM quiet WHERE id = '%s'",
        id);
}

/* In lists too: what a row hides when it is read alone, it hides in a page. */
static void lists_hide_what_rows_hide(void)
{
    static const char *const outline[] = {"id",       "version",         "created_at",  "updated_at",
                                          "unit_id",  "status",          "task_groups", "tech_field",
                                          "valid_to", "confidentiality", NULL};
    const char *id = subject("demand", SPECIALIST, STRANGER, NULL);
    const char *name;
    json_t *value;
    limit_demand(id);
    as(login_of(SPECIALIST));
    ask("GET", "/v1/demands?limit=1", NULL);
    EXPECT_TEXT("/items/0/id", id);
    json_object_foreach (json_array_get(json_object_get(body_of(), "items"), 0), name, value) {
        bool hidden = json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0);
        check_note(hidden || is_named(outline, name), "demand_list as specialist", 0, name);
    }
}

/* A search does not find what it may not show. */
static void search_does_not_tell_hidden_text(void)
{
    const char *id = subject("demand", SPECIALIST, STRANGER, NULL);
    sql("UPDATE app.demand SET confidentiality = 'limited', title = '琥珀密钥' WHERE id = '%s'", id);
    as(login_of(SPECIALIST));
    ask("GET", "/v1/demands?q=%E7%90%A5%E7%8F%80%E5%AF%86%E9%92%A5", NULL);
    EXPECT(OK);
    CHECK_TEXT(text_at("/items"), "[]");
    as(login_of(CITY_ST));
    ask("GET", "/v1/demands?q=%E7%90%A5%E7%8F%80%E5%AF%86%E9%92%A5", NULL);
    EXPECT_TEXT("/items/0/id", id);
}

/* Members that are derived or another's to set are no part of any body. */
static void derived_members_are_refused(void)
{
    static const char *const derived[] = {"version",       "created_at", "updated_at",   "created_by", "status",
                                          "priority_bp",   "policy_id",  "barred_until", "opened_at",  "correct_by_on",
                                          "allowed_steps", "side",       "shown",        "account_id", NULL};
    static const char *const operations[] = {"enterprise_create", "enterprise_update", "call_create", "call_update",
                                             "demand_create",     "demand_update",     NULL};
    char body[200];
    as(login_of(COUNTY_ST));
    for (int i = 0; operations[i] != NULL; i++) {
        for (int m = 0; derived[m] != NULL; m++) {
            snprintf(body, sizeof body, "{\"%s\":1}", derived[m]);
            call(operations[i], NOWHERE_ID, body);
            EXPECT(VALIDATION_FAILED);
            check_note(strstr(bytes_of(), derived[m]) != NULL, operations[i], 0, derived[m]);
        }
    }
    call("demand_create", NULL, "{\"unit_id\":\"140403\"}");
    EXPECT(VALIDATION_FAILED);
    call("call_create", NULL, "{\"unit_id\":\"140403\"}");
    EXPECT(VALIDATION_FAILED);
}

/* Members one role may set and another may not. */
static void members_of_others_are_refused(void)
{
    as(login_of(ENTERPRISE));
    call("enterprise_update", subject("enterprise", ENTERPRISE, OWN, "active"), "{\"name\":\"另一名称\"}");
    EXPECT(RULE_VIOLATED);
    call("enterprise_update", subject("enterprise", ENTERPRISE, OWN, "returned"),
         "{\"uscc_override_reason\":\"licence shows it\"}");
    EXPECT_RULE("uscc_override_county_only");
    as(login_of(COUNTY_ST));
    char body[100];
    snprintf(body, sizeof body, "{\"unit_id\":\"%s\",\"reason\":\"moved\"}", unit_elsewhere());
    call("enterprise_update", subject("enterprise", COUNTY_ST, NEIGHBOUR, "active"), body);
    EXPECT(RULE_VIOLATED);
    as(login_of(CITY_ST));
    call("enterprise_update", subject("enterprise", CITY_ST, STRANGER, "active"),
         "{\"address\":\"x\",\"reason\":\"y\"}");
    EXPECT(RULE_VIOLATED);
}

int main(void)
{
    harness_open();
    subjects_open();
    RUN(read_table);
    RUN(table_is_complete);
    RUN(table_agrees_with_roles);
    RUN(cells);
    RUN(specialist_sees_the_outline_of_a_firm);
    RUN(specialist_sees_the_outline_of_a_limited_demand);
    RUN(lists_hide_what_rows_hide);
    RUN(search_does_not_tell_hidden_text);
    RUN(derived_members_are_refused);
    RUN(members_of_others_are_refused);
    return harness_close();
}
