/* Turns the embedded contract into operations at start: routes, permissions, validators, and the source of every word
 * of every statement. Whatever cannot be carried out stops the start with a sentence that names the operation, so that
 * a mistake in the contract is found on the developer's desk and not by a request. */
#include "load.h"
#include "contract.h"
#include "embedded.h"
#include "guard.h"
#include "handlers.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACE_MAX 256 /* a JSON pointer into the contract */

static json_t *document;
static struct schema_set *schemas;
static struct op *ops;
static int op_count;
static struct router *router;

static const char *const methods[] = {"get", "post", "put", "patch", "delete"};
static const char *const METHODS[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

bool load_stop(const struct op *op, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "contract: %s: ", op->id == NULL ? op->path : op->id);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return false;
}

/* Follows "#/components/…"; other references do not occur outside of schemas. */
const json_t *load_resolve(const json_t *node)
{
    const char *ref = json_string_value(json_object_get(node, "$ref"));
    if (ref == NULL || strncmp(ref, "#/", 2) != 0) return node;
    const json_t *at = document;
    char step[128];
    for (const char *word = ref + 2; at != NULL && *word != '\0';) {
        size_t size = strcspn(word, "/");
        snprintf(step, sizeof step, "%.*s", (int)size, word);
        at = json_object_get(at, step);
        word += size + (word[size] == '/');
    }
    return at;
}

const json_t *load_component(const char *kind, const char *name)
{
    return json_object_get(json_object_get(json_object_get(document, "components"), kind), name);
}

/* The schema at `node`, which stands at `where`. */
static const struct schema *compile(const struct op *op, const json_t *node, const char *where)
{
    char why[256];
    const struct schema *schema = schema_compile(schemas, node, where, why, sizeof why);
    if (schema == NULL) load_stop(op, "its schema cannot be used: %s", why);
    return schema;
}

static bool load_permission(struct op *op, const char *spec)
{
    static const struct {
        const char *word;
        enum db_role role;
    } roles[] = {
        {"city", DB_CITY},
        {"county", DB_COUNTY},
        {"enterprise", DB_ENTERPRISE},
        {"specialist", DB_SPECIALIST},
        /* Beside those without sign-in, who never come as far as the permissions. */
        {"institution", DB_PUBLIC},
    };
    if (strcmp(spec, "public") == 0) {
        op->is_public = true;
        op->db_roles |= (1U << DB_WORKER) - 1;
        return true;
    }
    struct permission *p = &op->permissions[op->permission_count];
    size_t role_size = strcspn(spec, "/+");
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (strlen(roles[i].word) != role_size || memcmp(roles[i].word, spec, role_size) != 0) continue;
        p->role = roles[i].role;
        p->admin = strstr(spec, "+admin") != NULL;
        if (spec[role_size] == '/') p->office = strndup(spec + role_size + 1, strcspn(spec + role_size + 1, "+"));
        op->db_roles |= 1U << p->role;
        op->permission_count++;
        return true;
    }
    return load_stop(op, "x-roles has the unknown word '%s'", spec);
}

static bool load_permissions(struct op *op, const json_t *node)
{
    const json_t *roles = json_object_get(node, "x-roles"), *role;
    size_t i;
    if (json_array_size(roles) == 0) return load_stop(op, "has no x-roles");
    if (json_array_size(roles) > OP_PERMISSIONS_MAX) return load_stop(op, "has too many x-roles");
    json_array_foreach (roles, i, role) {
        if (!load_permission(op, json_string_value(role))) return false;
    }
    if (op->is_public && op->permission_count > 0) return load_stop(op, "names public beside other roles");
    return true;
}

static bool load_need(const struct op *op, const json_t *node, const char *word, enum need *need)
{
    const char *value = json_string_value(json_object_get(node, word));
    bool reads = strcmp(op->method, "GET") == 0;
    if (value == NULL) return reads || load_stop(op, "has no %s", word);
    if (reads) return load_stop(op, "is a GET and has %s", word);
    if (strcmp(value, "none") == 0)
        *need = NEED_NONE;
    else if (strcmp(value, "required") == 0)
        *need = NEED_REQUIRED;
    else if (strcmp(value, "accepted") == 0 || strcmp(value, "optional") == 0)
        *need = NEED_ACCEPTED;
    else
        return load_stop(op, "%s has the unknown value '%s'", word, value);
    return true;
}

/* The x- words an operation may carry; any other would silently check nothing. */
static bool load_known_words(const struct op *op, const json_t *node)
{
    static const char *const known[] = {"x-roles",     "x-scopes",   "x-regulation", "x-step",        "x-idempotency",
                                        "x-max-bytes", "x-if-match", "x-query",      "x-max-auth-age"};
    const char *name;
    json_t *value;
    json_object_foreach ((json_t *)node, name, value) {
        bool is_known = strncmp(name, "x-", 2) != 0;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) is_known |= strcmp(name, known[i]) == 0;
        if (!is_known) return load_stop(op, "has the unknown word %s", name);
    }
    if (json_array_size(json_object_get(node, "x-regulation")) == 0) return load_stop(op, "has no x-regulation");
    return true;
}

static bool load_steps(struct op *op, const json_t *node)
{
    const json_t *steps = json_object_get(node, "x-step"), *step;
    size_t i;
    json_array_foreach (steps, i, step) {
        if (op->step_count == OP_STEPS_MAX) return load_stop(op, "has too many steps");
        op->steps[op->step_count++] = json_string_value(step);
    }
    return true;
}

/* Which of the road's own headers an operation lists. */
struct headers_seen {
    bool key, match, none_match;
};

/* Header parameters are the road's own business; here only their agreement with the x- words is looked at. Where two
 * conditions serve, neither is required by itself. */
static bool load_header(struct op *op, const char *name, bool required, struct headers_seen *seen)
{
    bool is_key = strcmp(name, "Idempotency-Key") == 0;
    bool is_match = strcmp(name, "If-Match") == 0;
    op->needs_digest |= strcmp(name, "Content-Digest") == 0;
    seen->key |= is_key;
    seen->match |= is_match;
    seen->none_match |= strcmp(name, "If-None-Match") == 0;
    if (is_key && required != (op->idempotency == NEED_REQUIRED))
        return load_stop(op, "x-idempotency and its Idempotency-Key header disagree");
    if (is_match && required != (op->if_match == NEED_REQUIRED && op->created == 0))
        return load_stop(op, "x-if-match and its If-Match header disagree");
    return true;
}

static bool load_parameter(struct op *op, const json_t *p, const char *where, struct headers_seen *seen)
{
    const char *name = json_string_value(json_object_get(p, "name"));
    const char *in = json_string_value(json_object_get(p, "in"));
    bool required = json_is_true(json_object_get(p, "required"));
    if (name == NULL || in == NULL) return load_stop(op, "has a parameter without name or place");
    if (strcmp(in, "header") == 0) return load_header(op, name, required, seen);
    bool in_path = strcmp(in, "path") == 0;
    int *count = in_path ? &op->path_word_count : &op->query_count;
    if (*count == (in_path ? PATH_WORDS_MAX : OP_PARAMETERS_MAX)) return load_stop(op, "has too many parameters");
    struct op_parameter *to = in_path ? &op->path_words[*count] : &op->query[*count];
    const json_t *schema = json_object_get(p, "schema");
    const char *type = json_string_value(json_object_get(load_resolve(schema), "type"));
    *to = (struct op_parameter){.name = name, .required = required};
    to->is_list = type != NULL && strcmp(type, "array") == 0;
    to->schema = compile(op, schema, where);
    (*count)++;
    return to->schema != NULL;
}

static bool load_parameters(struct op *op, const json_t *list, const char *where)
{
    struct headers_seen seen = {0};
    const json_t *p;
    size_t i;
    json_array_foreach (list, i, p) {
        char at[PLACE_MAX * 2];
        const char *ref = json_string_value(json_object_get(p, "$ref"));
        if (ref != NULL)
            snprintf(at, sizeof at, "%s/schema", ref + 1);
        else
            snprintf(at, sizeof at, "%.255s/parameters/%zu/schema", where, i);
        if (!load_parameter(op, load_resolve(p), at, &seen)) return false;
    }
    bool agree = seen.key == (op->idempotency != NEED_NONE) && seen.match == (op->if_match != NEED_NONE);
    if (seen.none_match != (op->created != 0))
        return load_stop(op, "If-None-Match is for a PUT with the successes 200 and 201, and for no other");
    return agree || load_stop(op, "x-idempotency or x-if-match disagrees with its header parameters");
}

/* Path words have to stand in the order of the path, for the router gives them in that order. */
static bool load_path_order(struct op *op)
{
    const char *at = op->path;
    for (int i = 0; i < op->path_word_count; i++) {
        at = strchr(at, '{');
        if (at == NULL) return load_stop(op, "has a path parameter that is not in its path");
        size_t size = strcspn(at + 1, "}");
        for (int j = i; j < op->path_word_count; j++) {
            bool same = strlen(op->path_words[j].name) == size && memcmp(op->path_words[j].name, at + 1, size) == 0;
            if (!same) continue;
            struct op_parameter moved = op->path_words[i];
            op->path_words[i] = op->path_words[j];
            op->path_words[j] = moved;
        }
        at += size;
    }
    return at == NULL || strchr(at, '{') == NULL || load_stop(op, "its path has a word that is no parameter");
}

/* Everything else is bytes to this service, without members to judge. */
static bool is_json(const char *media_type)
{
    size_t size = strlen(media_type);
    return strcmp(media_type, "application/json") == 0 || (size > 5 && strcmp(media_type + size - 5, "+json") == 0);
}

static bool load_body(struct op *op, const json_t *node, const char *where)
{
    const json_t *request = load_resolve(json_object_get(node, "requestBody"));
    if (request == NULL) return true;
    const json_t *content = json_object_get(request, "content");
    void *first = json_object_iter((json_t *)content);
    if (first == NULL || json_object_size(content) != 1) return load_stop(op, "needs one request media type");
    op->content_type = json_object_iter_key(first);
    op->body_required = json_is_true(json_object_get(request, "required"));
    op->takes_form = strcmp(op->content_type, "application/x-www-form-urlencoded") == 0;
    op->takes_bytes = !op->takes_form && !is_json(op->content_type);
    if (op->takes_bytes) return true;
    const json_t *schema = json_object_get(json_object_iter_value(first), "schema");
    char at[PLACE_MAX * 2];
    snprintf(at, sizeof at, "%.255s/requestBody/content/%.32s/schema", where, op->content_type);
    op->body = compile(op, schema, at);
    op->body_members = load_members(schema);
    return op->body != NULL;
}

/* A request has one outcome, with two exceptions: a PUT makes what it names or replaces it and shows the same; what
 * takes long is accepted as a job, of which another form tells. */
static bool load_outcome(struct op *op, int status, const json_t *body)
{
    if (status == 202) {
        op->job_answer = body;
        return true;
    }
    bool puts = strcmp(op->method, "PUT") == 0 && op->success == 200 && status == 201 && op->created == 0;
    if (op->success != 0 && !puts) return load_stop(op, "has two successes; only a PUT may have 200 and then 201");
    if (puts && !json_equal(op->answer, body)) return load_stop(op, "answers with 200 and 201 in two forms");
    if (puts)
        op->created = status;
    else
        op->success = status;
    op->answer = body;
    return true;
}

static bool load_success(struct op *op, const json_t *node)
{
    const char *status;
    json_t *value;
    json_object_foreach (json_object_get(node, "responses"), status, value) {
        if (status[0] != '2') continue;
        const json_t *response = load_resolve(value);
        void *media = json_object_iter(json_object_get(response, "content"));
        bool shows = media != NULL && is_json(json_object_iter_key(media));
        const json_t *body = shows ? json_object_get(json_object_iter_value(media), "schema") : NULL;
        if (!load_outcome(op, (int)strtol(status, NULL, 10), body)) return false;
        const json_t *cache = load_resolve(json_object_get(json_object_get(response, "headers"), "Cache-Control"));
        op->tells_location = json_object_get(json_object_get(response, "headers"), "Location") != NULL;
        op->cache_control = json_string_value(json_object_get(load_resolve(json_object_get(cache, "schema")), "const"));
    }
    return op->success != 0 || load_stop(op, "has no success among its responses");
}

static bool load_max_bytes(struct op *op, const json_t *bytes)
{
    json_int_t most = bytes == NULL ? (json_int_t)BODY_DEFAULT_MAX : json_integer_value(bytes);
    if (most < 1 || most > (json_int_t)BODY_MAX)
        return load_stop(op, "x-max-bytes is not a number from 1 to %zu", BODY_MAX);
    op->max_bytes = (size_t)most;
    return true;
}

static bool load_max_auth_age(struct op *op, const json_t *seconds)
{
    json_int_t most = json_integer_value(seconds);
    if (seconds == NULL) return true;
    if (op->is_public || op->has_scopes || most < 1 || most > 86400)
        return load_stop(op, "x-max-auth-age is no number of seconds of a day, or the public or machines may call");
    op->max_auth_age_s = (int)most;
    return true;
}

/* Several articles may stand behind an operation; the last is the one it is mainly about. */
static void load_article(struct op *op, const json_t *articles)
{
    const char *last = json_string_value(json_array_get(articles, json_array_size(articles) - 1));
    op->article = last == NULL || strcmp(last, "infrastructure") == 0 ? NULL : last;
}

/* The noun an operation is about: that of the last {<room>_id} in its path, else its tag. */
static void load_room(struct op *op, const json_t *node)
{
    op->noun = json_string_value(json_array_get(json_object_get(node, "tags"), 0));
    op->room = op->noun;
    for (int i = 0; i < op->path_word_count; i++) {
        size_t size = strlen(op->path_words[i].name);
        if (size > 3 && strcmp(op->path_words[i].name + size - 3, "_id") == 0)
            op->room = strndup(op->path_words[i].name, size - 3);
    }
    op->makes_part = op->room != NULL && strcmp(op->noun, op->room) != 0;
}

static bool load_operation(struct op *op, const json_t *node, const char *where)
{
    op->id = json_string_value(json_object_get(node, "operationId"));
    if (op->id == NULL) return load_stop(op, "%s has no operationId", op->method);
    if (contract_op(op->id) != NULL) return load_stop(op, "this operationId stands twice");
    bool good = load_known_words(op, node) && load_permissions(op, node) && load_security(op, node) &&
                load_need(op, node, "x-idempotency", &op->idempotency) &&
                load_need(op, node, "x-if-match", &op->if_match) && load_steps(op, node) && load_success(op, node) &&
                load_parameters(op, json_object_get(node, "parameters"), where) && load_path_order(op) &&
                load_body(op, node, where);
    if (!good) return false;
    load_room(op, node);
    load_article(op, json_object_get(node, "x-regulation"));
    if (!load_max_bytes(op, json_object_get(node, "x-max-bytes"))) return false;
    if (!load_max_auth_age(op, json_object_get(node, "x-max-auth-age"))) return false;
    op->handler = handler_find(op->id);
    return load_statements(op, json_object_get(node, "x-query"));
}

static bool load_path(const char *path, const json_t *item)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        const json_t *node = json_object_get(item, methods[i]);
        if (node == NULL) continue;
        struct op *op = &ops[op_count];
        op->path = path;
        op->method = METHODS[i];
        char where[PLACE_MAX];
        snprintf(where, sizeof where, "/paths/%s/%s", path, methods[i]);
        if (!load_operation(op, node, where)) return false;
        if (!router_add(router, op->method, path, op)) return load_stop(op, "its path is there already or too deep");
        op_count++;
    }
    return true;
}

bool contract_load(void)
{
    if (document != NULL) return true;
    if (!statements_load()) return false;
    json_error_t error;
    document = json_loadb(embedded_contract, embedded_contract_size, JSON_REJECT_DUPLICATES, &error);
    schemas = schema_set_new(document, SCHEMA_CONTRACT);
    router = router_new();
    const json_t *paths = json_object_get(document, "paths");
    ops = calloc(json_object_size(paths) * 5 + 1, sizeof *ops);
    if (document == NULL || ops == NULL) return false;
    const char *path;
    json_t *item;
    json_object_foreach ((json_t *)paths, path, item) {
        if (!load_path(path, item)) return false;
    }
    router_seal(router);
    return load_infrastructure();
}

const struct op *contract_ops(int *count)
{
    *count = op_count;
    return ops;
}

const struct op *contract_op(const char *id)
{
    for (int i = 0; i < op_count; i++) {
        if (strcmp(ops[i].id, id) == 0) return &ops[i];
    }
    return NULL;
}

const struct router *contract_router(void)
{
    return router;
}

const char *contract_json(size_t *size)
{
    *size = embedded_contract_size;
    return embedded_contract;
}

const json_t *contract_document(void)
{
    return document;
}
