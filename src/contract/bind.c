/* Finds the statements of each operation by their names and decides, once and for all, where the value of each of their
 * words comes from. */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bound road_facts, road_key_claim, road_key_get, road_key_keep;

static const char *const fact_words[FACT_WORDS] = {"actor_operation", "actor_account", "actor_session",
                                                   "actor_link",      "actor_client",  "actor_token",
                                                   "actor_scopes",    "actor_address", "actor_factor"};
static const char *const page_words[PAGE_WORDS] = {"after_1", "after_id", "limit"};
static const char *const link_words[LINK_WORDS] = {"new_link_hash", "new_link_url"};
static const char *const key_words[KEY_WORDS] = {"idempotency_key", "fingerprint", "status", "etag",
                                                 "location",        "body"};

static int index_of(const char *const *list, int count, const char *word)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(list[i], word) == 0) return i;
    }
    return -1;
}

static int parameter_of(const struct op_parameter *list, int count, const char *word)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(list[i].name, word) == 0) return i;
    }
    return -1;
}

static void members_add(json_t *members, const json_t *schema)
{
    const json_t *node = load_resolve(schema), *part;
    const char *name;
    json_t *member;
    size_t i;
    json_object_foreach (json_object_get(node, "properties"), name, member) {
        const char *mark = json_string_value(json_object_get(load_resolve(member), "x-personal"));
        json_object_set_new(members, name, json_boolean(mark != NULL && strcmp(mark, "p1") == 0));
    }
    json_array_foreach (json_object_get(node, "allOf"), i, part) members_add(members, part);
}

json_t *load_members(const json_t *schema)
{
    json_t *members = json_object();
    members_add(members, schema);
    return members;
}

/* The schema of one member, through $ref and allOf, or NULL. */
static const json_t *member_schema(const json_t *schema, const char *name)
{
    const json_t *node = load_resolve(schema), *part;
    const json_t *member = json_object_get(json_object_get(node, "properties"), name);
    if (member != NULL) return load_resolve(member);
    size_t i;
    json_array_foreach (json_object_get(node, "allOf"), i, part) {
        member = member_schema(part, name);
        if (member != NULL) return member;
    }
    return NULL;
}

/* Of a resource of its own, or of a part of the one in the path. */
static bool is_create(const struct op *op)
{
    return strcmp(op->method, "POST") == 0 && (op->path_word_count == 0 || op->makes_part);
}

/* `contact_phone_masked` and `contact_phone_index` are made from the sealed member `contact_phone`. */
static bool personal_source(const struct op *op, const char *word, struct word_source *to)
{
    static const struct {
        const char *ending;
        enum source source;
    } forms[] = {{"_masked", FROM_MASKED}, {"_index", FROM_INDEX}};
    for (size_t i = 0; i < 2; i++) {
        size_t size = strlen(word), ending = strlen(forms[i].ending);
        if (size <= ending || strcmp(word + size - ending, forms[i].ending) != 0) continue;
        char *member = strndup(word, size - ending);
        to->source = forms[i].source;
        to->name = member;
        if (json_is_true(json_object_get(op->body_members, member))) return true;
        free(member);
    }
    return false;
}

static bool body_source(const struct op *op, const char *word, struct word_source *to)
{
    const json_t *personal = json_object_get(op->body_members, word);
    if (strcmp(word, "prepared") == 0 && op->handler != NULL) {
        to->source = FROM_HANDLER;
        return true;
    }
    bool whole = strcmp(word, "whole") == 0 && strcmp(op->method, "POST") == 0;
    if (whole || (strcmp(word, "patch") == 0 && strcmp(op->method, "PATCH") == 0)) {
        to->source = FROM_PATCH;
        return true;
    }
    if (personal == NULL) return personal_source(op, word, to);
    to->source = json_is_true(personal) ? FROM_SEALED : FROM_BODY;
    to->name = word;
    return true;
}

static bool word_source(const struct op *op, const char *word, struct word_source *to)
{
    char own_id[64];
    snprintf(own_id, sizeof own_id, "%s_id", op->noun == NULL ? "" : op->noun);
    const struct {
        enum source source;
        int index;
    } by_index[] = {
        {FROM_PATH, parameter_of(op->path_words, op->path_word_count, word)},
        {FROM_FACT, index_of(fact_words, FACT_WORDS, word)},
        {FROM_LINK, index_of(link_words, LINK_WORDS, word)},
        {FROM_PAGE, op->is_list ? index_of(page_words, PAGE_WORDS, word) : -1},
        {FROM_QUERY, parameter_of(op->query, op->query_count, word)},
    };
    for (size_t i = 0; i < sizeof by_index / sizeof by_index[0]; i++) {
        if (by_index[i].index < 0) continue;
        *to = (struct word_source){.source = by_index[i].source, .index = by_index[i].index};
        return true;
    }
    if (is_create(op) && strcmp(word, own_id) == 0) {
        *to = (struct word_source){.source = FROM_NEW_ID};
        return true;
    }
    return body_source(op, word, to);
}

static bool bind_statement(const struct op *op, const char *name, struct bound *to)
{
    struct statement *s = statement_find(name);
    if (s == NULL) return load_stop(op, "has neither a handler nor the statement %s", name);
    s->db_roles |= op->db_roles;
    to->statement = s;
    to->sources = calloc((size_t)s->word_count + 1, sizeof *to->sources);
    if (to->sources == NULL) return false;
    for (int i = 0; i < s->word_count; i++) {
        if (word_source(op, s->words[i], &to->sources[i])) continue;
        return load_stop(op, "the word :%s of statement %s cannot be bound", s->words[i], name);
    }
    return true;
}

/* The same where the statement may be absent. */
static bool bind_optional(const struct op *op, const char *prefix, const char *ending, struct bound *to)
{
    char name[96];
    snprintf(name, sizeof name, "%s%s", prefix, ending);
    return statement_find(name) == NULL || bind_statement(op, name, to);
}

/* The end of the range where the first page of an order begins, by the type its column has in the contract. */
static void order_begin(const struct op *op, struct order *o)
{
    bool falls = o->word[0] == '-';
    const json_t *items =
        load_resolve(json_object_get(json_object_get(load_resolve(op->answer), "properties"), "items"));
    const json_t *item = json_object_get(items, "items");
    const json_t *column = member_schema(item, o->column), *id = member_schema(item, "id");
    const char *format = json_string_value(json_object_get(column, "format"));
    const char *id_format = json_string_value(json_object_get(id, "format"));
    bool uuids = id_format != NULL && strcmp(id_format, "uuid") == 0;
    json_t *type = json_object_get(column, "type");
    const char *word = json_is_array(type) ? json_string_value(json_array_get(type, 0)) : json_string_value(type);
    o->first_id =
        uuids ? (falls ? "ffffffff-ffff-ffff-ffff-ffffffffffff" : "00000000-0000-0000-0000-000000000000") : "";
    if (format != NULL && strncmp(format, "date", 4) == 0)
        o->first_value = falls ? "infinity" : "-infinity";
    else if (format != NULL && strcmp(format, "int64") == 0)
        o->first_value = falls ? "9223372036854775807" : "-9223372036854775808";
    else if (word != NULL && strcmp(word, "integer") == 0)
        o->first_value = falls ? "2147483647" : "-2147483648";
    else
        o->first_value = "";
}

static bool load_order(struct op *op, const char *word, const json_t *statement)
{
    if (op->order_count == OP_ORDERS_MAX) return load_stop(op, "has too many orders");
    const char *name = json_string_value(statement);
    struct order *o = &op->orders[op->order_count++];
    o->word = word;
    o->column = word[0] == '-' ? word + 1 : word;
    if (name == NULL) return load_stop(op, "x-query names no statement for %s", word);
    return bind_statement(op, name, &o->statement);
}

/* What counts the rows of an order is made of its statement (embed.awk), and its page holds them all. */
static bool bind_total(const struct op *op, struct order *o)
{
    const struct statement *list = o->statement.statement;
    char name[96];
    snprintf(name, sizeof name, "%s_total", list->name);
    if (!bind_statement(op, name, &o->total)) return false;
    for (int i = 0; i < o->total.statement->word_count; i++) {
        if (o->total.sources[i].source == FROM_PAGE) o->total.sources[i].source = FROM_WHOLE;
    }
    return true;
}

/* Rows are counted as the first order finds them, or the search. */
static bool load_totals(struct op *op)
{
    if (parameter_of(op->query, op->query_count, "total") < 0) return true;
    for (int i = 0; i < op->order_count; i++) {
        struct order *o = &op->orders[i];
        bool has_own = i == 0 || strcmp(o->word, "q") == 0;
        if (has_own && !bind_total(op, o)) return false;
        if (!has_own) o->total = op->orders[0].total;
    }
    return true;
}

/* A search is shown in the list's first order, so its page begins where that order begins. */
static bool load_list(struct op *op, const json_t *x_query)
{
    const char *word;
    json_t *statement;
    op->is_list = true;
    json_object_foreach ((json_t *)x_query, word, statement) {
        if (!load_order(op, word, statement)) return false;
    }
    for (int i = 0; i < op->order_count; i++) {
        struct order *o = &op->orders[i];
        const struct order *first = &op->orders[0];
        if (strcmp(o->word, "q") != 0) {
            order_begin(op, o);
            continue;
        }
        o->column = first->column;
        o->first_value = first->first_value;
        o->first_id = first->first_id;
    }
    return op->order_count > 0 ? load_totals(op) : load_stop(op, "x-query has no order");
}

/* What an operation is about is its room's row, unless it has a lock of its own: a list is more than a row. */
static bool bind_lock(struct op *op)
{
    if (op->if_match == NEED_NONE) return true;
    if (!bind_optional(op, op->id, "_lock", &op->lock)) return false;
    return op->lock.statement != NULL || bind_optional(op, op->room, "_lock", &op->lock);
}

static bool load_write(struct op *op, const json_t *x_query)
{
    const char *act = x_query == NULL ? op->id : json_string_value(json_array_get(x_query, 0));
    const char *get = json_string_value(json_array_get(x_query, 1));
    char get_name[96];
    snprintf(get_name, sizeof get_name, "%s_get", op->room);
    if (act == NULL || !bind_statement(op, act, &op->act)) return false;
    for (int i = 0; i < op->act.statement->word_count; i++)
        op->handler_first |= op->act.sources[i].source == FROM_HANDLER;
    if (op->created != 0 && strstr(op->act.statement->sql, " AS created") == NULL)
        return load_stop(op, "its statement does not tell by a column created which of the two it did");
    if (!bind_optional(op, op->id, "_blockers", &op->blockers)) return false;
    if (!bind_lock(op)) return false;
    if (op->if_match != NEED_NONE && op->lock.statement == NULL)
        return load_stop(op, "has no statement %s_lock", op->room);
    return op->answer == NULL || bind_statement(op, get == NULL ? get_name : get, &op->get);
}

bool load_statements(struct op *op, const json_t *x_query)
{
    if (op->handler != NULL && x_query == NULL) return true;
    if (json_is_object(x_query)) return load_list(op, x_query);
    if (strcmp(op->method, "GET") != 0) return load_write(op, x_query);
    const char *name = x_query == NULL ? op->id : json_string_value(json_array_get(x_query, 0));
    return name != NULL && bind_statement(op, name, &op->get);
}

static bool bind_road(const char *name, struct bound *to)
{
    struct op nobody = {.id = name};
    struct statement *s = statement_find(name);
    if (s == NULL) return load_stop(&nobody, "the road's statement is missing");
    s->db_roles = (1U << DB_WORKER) - 1;
    to->statement = s;
    to->sources = calloc((size_t)s->word_count + 1, sizeof *to->sources);
    if (to->sources == NULL) return false;
    for (int i = 0; i < s->word_count; i++) {
        int fact = index_of(fact_words, FACT_WORDS, s->words[i]), key = index_of(key_words, KEY_WORDS, s->words[i]);
        if (fact < 0 && key < 0) return load_stop(&nobody, "the word :%s cannot be bound", s->words[i]);
        to->sources[i].source = fact < 0 ? FROM_KEY : FROM_FACT;
        to->sources[i].index = fact < 0 ? key : fact;
    }
    return true;
}

/* Statements that no operation has: those of the background worker, known by their name, and those that sign-in runs on
 * the public connection. */
static void prepare_for_the_rest(void)
{
    const struct statement *s;
    for (int i = 0; (s = statement_at(i)) != NULL; i++) {
        bool is_work = strncmp(s->name, "work_", 5) == 0;
        if (s->db_roles == 0) statement_find(s->name)->db_roles = 1U << (is_work ? DB_WORKER : DB_PUBLIC);
    }
}

bool load_infrastructure(void)
{
    bool good = bind_road("facts", &road_facts) && bind_road("idempotency_claim", &road_key_claim) &&
                bind_road("idempotency_get", &road_key_get) && bind_road("idempotency_keep", &road_key_keep);
    if (good) prepare_for_the_rest();
    return good;
}
