/* What every operation owes, made from the contract for each of them: wrong role, wrong body, wrong parameters, missing
 * and stale conditions, repeated keys, content types, methods, headers. After each answer its headers, its form and its
 * place among the statuses the contract lists are looked at. */
#include "arena.h"
#include "harness.h"
#include "schema.h"
#include "subjects.h"
#include "uuid.h"

#include <stdlib.h>
#include <strings.h>

static struct arena *kept;
static int tried;

#define TEXT(...) arena_print(kept, __VA_ARGS__)

static const struct op *op_now; /* the operation under test */

static void note(bool holds, const char *what)
{
    check_note(holds, op_now == NULL ? "contract" : op_now->id, 0, what);
    if (!holds) printf("    got %d %.500s\n", status_of(), bytes_of());
}

/* The operation as the document has it. */
static const json_t *node_of(const struct op *op)
{
    char method[8];
    snprintf(method, sizeof method, "%s", op->method);
    for (char *c = method; *c != '\0'; c++) *c = (char)(*c | 0x20);
    return json_object_get(json_object_get(json_object_get(contract_document(), "paths"), op->path), method);
}

static const json_t *resolve(const json_t *node)
{
    const char *ref = json_string_value(json_object_get(node, "$ref"));
    if (ref == NULL) return node;
    const json_t *at = contract_document();
    char *copy = strdup(ref + 2), *rest = copy, *word;
    while ((word = strsep(&rest, "/")) != NULL) at = json_object_get(at, word);
    free(copy);
    return at;
}

static bool has(const char *header, const char *value)
{
    const char *got = header_of(header);
    return got != NULL && strcmp(got, value) == 0;
}

/* What may come from the road before an operation is reached, and stands once in the contract and not per operation. */
static bool road_gives(int status)
{
    static const int common[] = {404, 405, 413, 414, 415, 431};
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
        if (common[i] == status) return true;
    }
    return false;
}

static void check_status(void)
{
    const char *status = TEXT("%d", status_of());
    bool listed = json_object_get(json_object_get(node_of(op_now), "responses"), status) != NULL;
    bool bodiless = status_of() == 204 && listed;
    note(listed || road_gives(status_of()), "the status is listed in the contract");
    note(bodiless || status_of() == 304 || bytes_of()[0] != '\0', "there is a body");
}

/* JSON, but for the operations whose success is listed with other types. */
static bool is_answer_type(const char *type)
{
    const json_t *responses = op_now == NULL ? NULL : json_object_get(node_of(op_now), "responses");
    const json_t *success = json_object_get(responses, TEXT("%d", status_of()));
    const json_t *content = success == NULL ? NULL : json_object_get(resolve(success), "content");
    return content == NULL ? strcmp(type, "application/json") == 0 : json_object_get(content, type) != NULL;
}

static void check_headers(void)
{
    const char *id = header_of("X-Request-Id"), *type = header_of("Content-Type");
    note(id != NULL && uuid_valid(id), "X-Request-Id is a UUID");
    note(header_of("API-Version") != NULL, "API-Version is told");
    note(has("X-Content-Type-Options", "nosniff"), "types are not guessed");
    note(has("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"), "nothing may be loaded");
    note(has("Vary", "Accept-Encoding, Accept-Language, Authorization, Origin"), "Vary");
    note(status_of() == 204 || header_of("Cache-Control") != NULL, "Cache-Control");
    if (status_of() < 300 && status_of() != 204)
        note(type != NULL && is_answer_type(type), "the type is the contract's");
}

/* The two endpoints of OAuth refuse in its own words. */
static void check_oauth_error(void)
{
    note(op_now != NULL && op_now->takes_client, "only where tokens are made");
    note(has("Content-Type", "application/json") && has("Cache-Control", "no-store"),
         "the type and that nobody keeps it");
    if (status_of() == 401) note(has("WWW-Authenticate", "Basic realm=\"tepai\""), "401 has a challenge");
    if (status_of() == 429 || status_of() == 503) note(header_of("Retry-After") != NULL, "says when to come again");
}

/* Every refusal is a problem document whose members agree with the answer it comes in. */
static void check_problem(void)
{
    if (text_at("/error") != NULL) {
        check_oauth_error();
        return;
    }
    const struct problem *p = problem_find(text_at("/code") == NULL ? "" : text_at("/code"));
    note(has("Content-Type", "application/problem+json"), "the type is application/problem+json");
    note(p != NULL && p->status == status_of(), "the code belongs to the status");
    note(text_at("/status") != NULL && atoi(text_at("/status")) == status_of(), "status is repeated");
    note(p != NULL && text_at("/type") != NULL && strcmp(text_at("/type"), TEXT("/v1/problems/%s", p->word)) == 0,
         "type");
    const char *instance = text_at("/instance"), *id = header_of("X-Request-Id");
    note(instance != NULL && id != NULL && strcmp(instance + strlen("urn:uuid:"), id) == 0, "instance is the request");
    note(has("Content-Language", "zh-CN"), "the language is told");
    if (status_of() == 401) note(header_of("WWW-Authenticate") != NULL, "401 has a challenge");
    if (status_of() == 405) note(header_of("Allow") != NULL, "405 has Allow");
    if (status_of() == 429 || status_of() == 503) note(header_of("Retry-After") != NULL, "says when to come again");
}

/* After each answer. */
static void look(void)
{
    tried++;
    check_headers();
    check_status();
    bool readiness = op_now != NULL && strcmp(op_now->id, "health_ready") == 0 && status_of() == 503;
    if (status_of() >= 400 && !readiness) check_problem();
}

/* The first kind of caller the contract lets in, whose own record serves for trying. */
static enum caller caller_of(const struct op *op)
{
    static const enum caller order[] = {COUNTY_ST,  CITY_ST,      ENTERPRISE, SPECIALIST,
                                        CITY_OTHER, COUNTY_OTHER, INSTITUTION};
    if (op->is_public) return NOBODY;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (may_call(op, order[i])) return order[i];
    }
    return NOBODY;
}

static const char *room_of(const struct op *op)
{
    return op->path_word_count > 0 ? op->room : NULL;
}

static enum owner owner_of(const struct op *op, enum caller c)
{
    bool creates_demand = strcmp(op->id, "demand_create") == 0;
    if (op->path_word_count == 0) return creates_demand && c != ENTERPRISE ? NEIGHBOUR : OWN;
    static const char *const nobodys[] = {"policy",        "institution",   "specialist",
                                          "service_offer", "dispatch_list", "dispatch_line"};
    bool personal = strcmp(op->room, "application") == 0 || (c == SPECIALIST && strcmp(op->room, "service_offer") == 0);
    if (personal || strcmp(op->room, "session") == 0) return OWN;
    if (strcmp(op->room, "bank_account") == 0) return c == ENTERPRISE ? OWN : NEIGHBOUR;
    if (strcmp(op->room, "match") == 0 || strcmp(op->room, "match_round") == 0)
        return c == ENTERPRISE ? OWN : c == COUNTY_ST ? NEIGHBOUR : STRANGER;
    if (strcmp(op->room, "operation") == 0) return OWN;
    if (strcmp(op->room, "agreement") == 0) return c == ENTERPRISE ? OWN : c == COUNTY_ST ? NEIGHBOUR : STRANGER;
    static const char *const sent[] = {"dispatch_notice", "placement", "obligation"};
    for (size_t i = 0; i < sizeof sent / sizeof sent[0]; i++) {
        if (strcmp(op->room, sent[i]) == 0) return c == COUNTY_ST ? NEIGHBOUR : STRANGER;
    }
    if (strcmp(op->room, "call") == 0) return c == NOBODY ? STRANGER : OWN;
    bool owns = c == COUNTY_ST || c == ENTERPRISE;
    for (size_t i = 0; i < sizeof nobodys / sizeof nobodys[0]; i++) owns &= strcmp(op->room, nobodys[i]) != 0;
    return owns ? OWN : STRANGER;
}

/* A request that works: who, where, what. */
struct request {
    enum caller caller;
    const char *id, *target, *body;
};

static struct request good_request(const struct op *op)
{
    struct request q = {.caller = caller_of(op)};
    enum owner o = owner_of(op, q.caller);
    bool refers;
    if (room_of(op) != NULL && strcmp(op->room, "problem") != 0)
        q.id = subject(op->room, q.caller, o, state_for(op, q.caller));
    q.target = target_of(op, q.id);
    q.body = body_for(op, q.caller, o, &refers);
    return q;
}

static void be(const struct op *op, const struct request *q)
{
    as_caller(q->caller);
    if (strcmp(op->room, "session") == 0 && op->path_word_count > 0) as_token(fresh_token());
}

/* Headers that make the request complete. */
static void complete(const struct op *op, const struct request *q)
{
    if (op->if_match == NEED_REQUIRED && q->id != NULL) with("If-Match", TEXT("\"%s\"", version_of(op, q->id)));
    char *key = arena_take(kept, 37);
    uuid_make(key);
    if (op->idempotency == NEED_REQUIRED) with("Idempotency-Key", key);
}

/* The request with another target or body, complete otherwise. */
static void send(const struct op *op, const struct request *q, const char *target, const char *body)
{
    complete(op, q);
    ask(op->method, target, body);
    look();
}

static void for_each_op(const char *name, void (*test)(const struct op *op))
{
    int count;
    const struct op *ops = contract_ops(&count);
    for (int i = 0; i < count; i++) {
        op_now = &ops[i];
        check_test = TEXT("%s, %s", name, op_now->id);
        test(op_now);
    }
    op_now = NULL;
}

/* Nothing said against it, an operation works: without this the refusals below would prove nothing. */
static void works(const struct op *op)
{
    struct request q = good_request(op);
    be(op, &q);
    send(op, &q, q.target, q.body);
    note(status_of() == op->success, "works");
    const char *cache = op->cache_control == NULL ? "private, no-cache" : op->cache_control;
    if (op->success != 204) note(has("Cache-Control", cache), "Cache-Control is the contract's");
    if (op->success == 201 && op->idempotency == NEED_REQUIRED) {
        note((header_of("Location") != NULL) == op->tells_location, "a create tells where, as the contract says");
        note(op->tells_location || strcmp(op->id, "link_create") == 0 || strcmp(op->room, op->noun) != 0,
             "what was made can be read somewhere");
        note(header_of("ETag") != NULL, "a create has a version");
    }
}

/* Who may not is told so before anything he sends is looked at. */
static void wrong_role(const struct op *op)
{
    for (enum caller c = 0; c < CALLERS; c++) {
        if (may_call(op, c)) continue;
        as_caller(c);
        ask(op->method, target_of(op, NOWHERE_ID), op->content_type == NULL ? NULL : "not even JSON");
        look();
        if (c == NOBODY)
            EXPECT(UNAUTHENTICATED);
        else
            EXPECT(FORBIDDEN);
    }
}

/* A token with a flaw is no token, on public operations too. */
static void bad_token(const struct op *op)
{
    static const char *const bad[] = {"Bearer", "Bearer ", "Basic YTpi", "Bearer x.y.z", "Token t"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        as(NULL);
        with("Authorization", bad[i]);
        ask(op->method, target_of(op, NOWHERE_ID), NULL);
        look();
        EXPECT(UNAUTHENTICATED);
    }
}

/* The target with one more pair in its query. */
static const char *plus(const char *target, const char *pair)
{
    return TEXT("%s%c%s", target, strchr(target, '?') == NULL ? '?' : '&', pair);
}

static void refused(const struct op *op, const struct request *q, const char *pair)
{
    send(op, q, plus(q->target, pair), q->body);
    note(status_of() == 400, pair);
}

/* One parameter in all the ways in which two readers could differ about it. */
static void wrong_parameter(const struct op *op, const struct request *q, const char *name)
{
    refused(op, q, TEXT("%s=a&%s=b", name, name));
    refused(op, q, TEXT("%s=a&%%%02x%s=b", name, (unsigned char)name[0], name + 1));
    refused(op, q, TEXT("%s=%%00", name));
    refused(op, q, TEXT("%s=a%%00b", name));
    refused(op, q, TEXT("%s=%%FF", name));
    refused(op, q, TEXT("%s=%%2", name));
    refused(op, q, TEXT("%s=%%zz", name));
    refused(op, q, TEXT("%s=%%C0%%AF", name));
    refused(op, q, TEXT("%s[]=a", name));
}

/* Every operation × parameter; path words repeated in the query are unknown there. */
static void parameters(const struct op *op)
{
    struct request q = good_request(op);
    be(op, &q);
    refused(op, &q, "unheard_of=1");
    refused(op, &q, "%00=1");
    refused(op, &q, "=1");
    refused(op, &q, "&");
    for (int i = 0; i < op->query_count; i++) wrong_parameter(op, &q, op->query[i].name);
    for (int i = 0; i < op->path_word_count; i++) {
        wrong_parameter(op, &q, op->path_words[i].name);
        refused(op, &q, TEXT("%s=%s", op->path_words[i].name, q.id == NULL ? "not_found" : q.id));
    }
}

/* A required parameter that is not there. */
static void missing_parameter(const struct op *op)
{
    struct request q = good_request(op);
    be(op, &q);
    for (int i = 0; i < op->query_count; i++) {
        if (!op->query[i].required) continue;
        send(op, &q, op->path, NULL);
        EXPECT(VALIDATION_FAILED);
        EXPECT_FAULT(op->query[i].name, "required");
    }
}

/* A path word that is no word of its kind. */
static void wrong_path_word(const struct op *op)
{
    static const char *const words[] = {"1", "x'--", "0199AAAA-BBBB-7CCC-8DDD-EEEEFFFF0000", "null", "~", "0199aaaa"};
    struct request q = good_request(op);
    be(op, &q);
    for (size_t i = 0; op->path_word_count > 0 && i < sizeof words / sizeof words[0]; i++) {
        bool word = strcmp(op->room, "problem") == 0 || strcmp(op->room, "dictionary") == 0;
        bool fits = word && strcmp(words[i], "null") == 0;
        send(op, &q, target_of(op, words[i]), q.body);
        note(status_of() == (fits ? 404 : 400), words[i]);
    }
}

static bool takes_body(const struct op *op)
{
    return op->content_type != NULL;
}

static bool takes_json(const struct op *op)
{
    return takes_body(op) && !op->takes_bytes && !op->takes_form;
}

/* A body that is no JSON, no object, or says a thing twice. */
static void wrong_body(const struct op *op)
{
    static const char *const bodies[] = {"{",
                                         "{\"a\":1,}",
                                         "{} {}",
                                         "{\"a\":1e400}",
                                         "{\"\\u0000\":1}",
                                         "\xEF\xBB\xBF{}",
                                         "nul",
                                         "{'a':1}",
                                         "{\"a\":\"\\ud800\"}",
                                         "{\"a\":01}",
                                         "{\"a\":1,\"\\u0061\":2}"};
    static const char *const other[] = {"[]", "1", "\"x\"", "null", "[{}]"};
    if (!takes_json(op)) return;
    struct request q = good_request(op);
    be(op, &q);
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        send(op, &q, q.target, bodies[i]);
        EXPECT(MALFORMED_JSON);
    }
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
        send(op, &q, q.target, other[i]);
        note(status_of() == 400, other[i]);
    }
    send(op, &q, q.target,
         TEXT("{\"a\":%.*s1%.*s}", 40, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 40,
              "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"));
    EXPECT(MALFORMED_JSON);
}

/* An operation without a body takes none, and one that needs a body says so. */
static void body_or_none(const struct op *op)
{
    struct request q = good_request(op);
    be(op, &q);
    if (!takes_body(op)) {
        with("Content-Type", "application/json");
        send(op, &q, q.target, "{\"unheard_of\":1}");
        note(status_of() == 400, "a body where there is none");
        return;
    }
    send(op, &q, q.target, NULL);
    note(status_of() == (op->body_required ? 400 : op->success), "no body");
}

static void unknown_member(const struct op *op)
{
    if (!takes_json(op)) return;
    struct request q = good_request(op);
    be(op, &q);
    json_t *body = json_loads(q.body, 0, NULL);
    json_object_set_new(body, "unheard_of", json_true());
    char *text = json_dumps(body, JSON_COMPACT);
    send(op, &q, q.target, text);
    EXPECT(VALIDATION_FAILED);
    EXPECT_FAULT("#/unheard_of", "unknown");
    free(text);
    json_decref(body);
}

/* Names in `required`, through $ref and allOf. */
static void required_members(const json_t *schema, json_t *names)
{
    const json_t *node = resolve(schema), *part;
    size_t i;
    json_array_foreach (json_object_get(node, "required"), i, part) json_array_append(names, (json_t *)part);
    json_array_foreach (json_object_get(node, "allOf"), i, part) required_members(part, names);
}

static const json_t *body_schema(const struct op *op)
{
    const json_t *content = json_object_get(resolve(json_object_get(node_of(op), "requestBody")), "content");
    return json_object_get(json_object_get(content, op->content_type), "schema");
}

static void send_changed(const struct op *op, const struct request *q, const char *member, json_t *value)
{
    json_t *body = json_loads(q->body, 0, NULL);
    if (value == NULL)
        json_object_del(body, member);
    else
        json_object_set_new(body, member, value);
    char *text = json_dumps(body, JSON_COMPACT);
    send(op, q, q->target, text);
    free(text);
    json_decref(body);
}

static void missing_member(const struct op *op)
{
    json_t *names = json_array(), *name;
    size_t i;
    if (takes_json(op)) required_members(body_schema(op), names);
    struct request q = {0};
    if (json_array_size(names) > 0) q = good_request(op);
    if (json_array_size(names) > 0) be(op, &q);
    json_array_foreach (names, i, name) {
        send_changed(op, &q, json_string_value(name), NULL);
        EXPECT(VALIDATION_FAILED);
        EXPECT_FAULT(TEXT("#/%s", json_string_value(name)), "required");
    }
    json_decref(names);
}

/* A second record with the id of the first is told which one that is, and is not made. */
static void own_id_again(const struct op *op)
{
    if (!takes_body(op) || json_object_get(op->body_members, "id") == NULL) return;
    char id[37];
    uuid_make(id);
    for (int turn = 0; turn < 2; turn++) {
        struct request q = good_request(op);
        be(op, &q);
        send_changed(op, &q, "id", json_string(id));
        if (turn == 0) EXPECT(OK);
    }
    EXPECT(DUPLICATE);
    EXPECT_RULE("already_recorded");
    EXPECT_TEXT("/conflicting_id", id);
}

/* A fault of our own: no detail leaves, and nothing of the work stays. */
static void our_own_fault(void)
{
    op_now = contract_op("call_publish");
    struct request q = good_request(op_now);
    sql("CREATE FUNCTION app.divide() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM 1 / 0; RETURN NEW; END'");
    sql("CREATE TRIGGER call_zz AFTER UPDATE ON app.call FOR EACH ROW EXECUTE FUNCTION app.divide()");
    be(op_now, &q);
    send(op_now, &q, q.target, q.body);
    EXPECT(INTERNAL_ERROR);
    note(strstr(bytes_of(), "divi") == NULL && strstr(bytes_of(), "22012") == NULL, "tells no detail");
    CHECK_TEXT(sql("SELECT status FROM app.call WHERE id = '%s'", q.id), "draft");
    sql("DROP TRIGGER call_zz ON app.call");
    sql("DROP FUNCTION app.divide()");
    send(op_now, &q, q.target, q.body);
    EXPECT(OK);
    op_now = NULL;
}

/* A value no member takes: an object with a member of its own, and a text of a million characters. */
static void wrong_member(const struct op *op)
{
    const char *name;
    json_t *value;
    if (!takes_json(op)) return;
    struct request q = good_request(op);
    be(op, &q);
    char *long_text = malloc(100002);
    memset(long_text, 'x', 100001);
    long_text[100001] = '\0';
    json_object_foreach (op->body_members, name, value) {
        send_changed(op, &q, name, json_pack("{s:b}", "unheard_of", 1));
        EXPECT(VALIDATION_FAILED);
        send_changed(op, &q, name, json_string(long_text));
        EXPECT(VALIDATION_FAILED);
        note(strstr(bytes_of(), "xxxx") == NULL, "what was sent is not repeated");
    }
    free(long_text);
}

/* Text of control characters, and of the NUL that JSON can spell. */
static void control_characters(const struct op *op)
{
    const char *name;
    json_t *value;
    if (!takes_json(op)) return;
    struct request q = good_request(op);
    be(op, &q);
    json_object_foreach (op->body_members, name, value) {
        send_changed(op, &q, name,
                     json_string("a\x01"
                                 "b"));
        EXPECT(VALIDATION_FAILED);
    }
}

static void if_match(const struct op *op)
{
    static const char *const malformed[] = {"\"0\"", "W/\"1\"", "\"1\", \"2\"",   "1",
                                            "\"x\"", "\"-1\"",  "\"99999999999\""};
    if (op->if_match != NEED_REQUIRED) return;
    struct request q = good_request(op);
    be(op, &q);
    static const char *const absent[] = {NULL, "*"};
    for (int i = 0; i < 2; i++) {
        with("If-Match", absent[i]);
        ask(op->method, q.target, q.body);
        look();
        EXPECT(PRECONDITION_REQUIRED);
    }
    with("If-Match", "\"77\"");
    ask(op->method, q.target, q.body);
    look();
    EXPECT(VERSION_MISMATCH);
    CHECK_TEXT(text_at("/current_version"), version_of(op, q.id));
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        with("If-Match", malformed[i]);
        ask(op->method, q.target, q.body);
        look();
        EXPECT(VALIDATION_FAILED);
    }
}

/* The tag of any form of the record serves, and the stored one is untouched by all that was refused. */
static void if_match_takes_tags(const struct op *op)
{
    if (op->if_match != NEED_REQUIRED) return;
    struct request q = good_request(op);
    be(op, &q);
    const char *version = version_of(op, q.id);
    with("If-Match", TEXT("\"%s.0123456789abcdef.gz\"", version));
    ask(op->method, q.target, q.body);
    look();
    note(status_of() == op->success, "the tag of another projection");
}

/* The same key and bytes again: the same answer, bytes and headers, and no second effect. */
static void repeated_key(const struct op *op)
{
    if (op->idempotency == NEED_NONE || strcmp(op->method, "GET") == 0) return;
    struct request q = good_request(op);
    be(op, &q);
    char key[37];
    uuid_make(key);
    const char *match = q.id == NULL ? NULL : TEXT("\"%s\"", version_of(op, q.id));
    const char *first = NULL, *etag = NULL, *location = NULL, *events = NULL;
    for (int turn = 0; turn < 2; turn++) {
        if (match != NULL) with("If-Match", match);
        with("Idempotency-Key", turn == 0 ? key : TEXT("\"%s\"", key));
        ask(op->method, q.target, q.body);
        look();
        note(status_of() == op->success, turn == 0 ? "with a key" : "the key again");
        if (turn == 0) {
            first = TEXT("%s", bytes_of());
            etag = TEXT("%s", header_of("ETag") == NULL ? "" : header_of("ETag"));
            location = TEXT("%s", header_of("Location") == NULL ? "" : header_of("Location"));
            events = sql("SELECT count(*) FROM app.event");
            note(header_of("Idempotency-Replayed") == NULL, "the first is no replay");
        }
    }
    CHECK_TEXT(bytes_of(), first);
    CHECK_TEXT(header_of("ETag") == NULL ? "" : header_of("ETag"), etag);
    CHECK_TEXT(header_of("Location") == NULL ? "" : header_of("Location"), location);
    note(has("Idempotency-Replayed", "true"), "the second says that it is a replay");
    CHECK_TEXT(sql("SELECT count(*) FROM app.event"), events);
    with("Idempotency-Key", key);
    if (match != NULL) with("If-Match", "\"88\"");
    ask(op->method, q.target, op->content_type == NULL ? NULL : TEXT("%s ", q.body));
    look();
    EXPECT(IDEMPOTENCY_KEY_REUSED);
}

static void wrong_key(const struct op *op)
{
    static const char *const bad[] = {"\"\"", "a b",
                                      "schl\xC3\xBC"
                                      "ssel"};
    if (op->idempotency == NEED_NONE || strcmp(op->method, "GET") == 0) return;
    struct request q = good_request(op);
    be(op, &q);
    for (size_t i = 0; i <= sizeof bad / sizeof bad[0]; i++) {
        char *key = arena_take(kept, 258);
        memset(key, 'k', 256);
        if (op->if_match == NEED_REQUIRED) with("If-Match", "\"1\"");
        with("Idempotency-Key", i < sizeof bad / sizeof bad[0] ? bad[i] : key);
        ask(op->method, q.target, q.body);
        look();
        note(status_of() == 400, i < sizeof bad / sizeof bad[0] ? bad[i] : "a key of 256");
    }
    if (op->idempotency != NEED_REQUIRED) return;
    ask(op->method, q.target, q.body);
    look();
    EXPECT(IDEMPOTENCY_KEY_MISSING);
}

/* The type an operation names is the only one it takes. */
static void content_type(const struct op *op)
{
    static const char *const types[] = {NULL,
                                        "",
                                        "application/x-www-form-urlencoded",
                                        "multipart/form-data",
                                        "multipart/form-data; boundary=x",
                                        "text/plain",
                                        "application/jsonx",
                                        "application/json, text/plain",
                                        "application/json application/json",
                                        "application/json; charset=utf-16",
                                        "application/json;",
                                        "json"};
    if (!takes_body(op)) return;
    struct request q = good_request(op);
    be(op, &q);
    bool patches = strcmp(op->method, "PATCH") == 0;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (op->takes_form && types[i] != NULL && strcmp(types[i], op->content_type) == 0) continue;
        with("Content-Type", types[i]);
        send(op, &q, q.target, q.body);
        EXPECT(UNSUPPORTED_MEDIA_TYPE);
        note(has(patches ? "Accept-Patch" : "Accept-Post", op->content_type), "says which type it takes");
    }
    with("Content-Type", patches ? "application/json" : "application/merge-patch+json");
    send(op, &q, q.target, q.body);
    EXPECT(UNSUPPORTED_MEDIA_TYPE);
    with("Content-Encoding", "gzip");
    send(op, &q, q.target, q.body);
    EXPECT(UNSUPPORTED_MEDIA_TYPE);
    with("Content-Encoding", "identity");
    send(op, &q, q.target, q.body);
    EXPECT(UNSUPPORTED_MEDIA_TYPE);
    with("Content-Type", op->content_type);
    with("content-type", op->content_type);
    send(op, &q, q.target, q.body);
    EXPECT(MALFORMED_REQUEST);
}

/* A charset that says what JSON always is does no harm, nor does another case of the type's letters. */
static void content_type_spellings(const struct op *op)
{
    if (!takes_body(op)) return;
    struct request q = good_request(op);
    be(op, &q);
    with("Content-Type", TEXT("%s; charset=UTF-8", op->content_type));
    send(op, &q, q.target, q.body);
    note(status_of() == op->success, "with its charset");
}

static void body_too_large(const struct op *op)
{
    if (!takes_body(op)) return;
    struct request q = good_request(op);
    be(op, &q);
    char *body = malloc(op->max_bytes + 2);
    memset(body, ' ', op->max_bytes + 1);
    memcpy(body, "{}", 2);
    body[op->max_bytes + 1] = '\0';
    send(op, &q, q.target, body);
    EXPECT(BODY_TOO_LARGE);
    free(body);
}

/* The methods the contract has for a path, as Allow lists them. */
static const char *allowed_methods(const json_t *item)
{
    static const char *const words[][2] = {{"get", "GET, HEAD"}, {"post", "POST"},     {"put", "PUT"},
                                           {"patch", "PATCH"},   {"delete", "DELETE"}, {NULL, "OPTIONS"}};
    const char *list = "";
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i][0] != NULL && json_object_get(item, words[i][0]) == NULL) continue;
        list = TEXT("%s%s%s", list, list[0] == '\0' ? "" : ", ", words[i][1]);
    }
    return list;
}

static const char *sorted_words(const char *list)
{
    static const char *const words[] = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"};
    const char *out = "";
    for (size_t i = 0; list != NULL && i < sizeof words / sizeof words[0]; i++) {
        if (strstr(list, words[i]) != NULL) out = TEXT("%s %s", out, words[i]);
    }
    return out;
}

/* OPTIONS and 405 tell the methods of a path; other spellings of a method are no method. */
static void allow(void)
{
    static const char *const methods[] = {"GET",    "HEAD", "POST",  "PUT",     "PATCH",
                                          "DELETE", "get",  "TRACE", "CONNECT", "BREW"};
    const char *path;
    json_t *item;
    json_object_foreach (json_object_get(contract_document(), "paths"), path, item) {
        const struct op nameless = {.id = path, .path = path};
        const char *target = target_of(&nameless, NOWHERE_ID), *want = allowed_methods(item);
        op_now = NULL;
        as(NULL);
        ask("OPTIONS", target, NULL);
        check_note(status_of() == 204, path, 0, "OPTIONS");
        CHECK_TEXT(sorted_words(header_of("Allow")), sorted_words(want));
        for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
            if (strstr(want, methods[i]) != NULL) continue;
            ask(methods[i], target, NULL);
            EXPECT(METHOD_NOT_ALLOWED);
            const char *told = i < 6 ? want : header_of("Allow");
            CHECK_TEXT(sorted_words(header_of("Allow")), sorted_words(told));
        }
    }
}

/* HEAD follows GET, and the tag of an answer brings 304. */
static void head_and_not_modified(const struct op *op)
{
    if (strcmp(op->method, "GET") != 0) return;
    struct request q = good_request(op);
    be(op, &q);
    ask("GET", q.target, NULL);
    look();
    const char *etag = header_of("ETag") == NULL ? NULL : TEXT("%s", header_of("ETag"));
    int status = status_of();
    ask("HEAD", q.target, NULL);
    note(status_of() == status, "HEAD has the status of GET");
    const char *again = header_of("ETag");
    note((etag == NULL) == (again == NULL), "HEAD has the tag of GET");
    bool lists_304 = json_object_get(json_object_get(node_of(op), "responses"), "304") != NULL;
    note(lists_304 == (etag != NULL), "304 is listed where there is a tag");
    if (etag == NULL) return;
    with("If-None-Match", etag);
    ask("GET", q.target, NULL);
    look();
    note(status_of() == 304 && bytes_of()[0] == '\0', "304 when nothing changed");
    with("If-None-Match", "\"1.0000000000000000\"");
    ask("GET", q.target, NULL);
    look();
    note(status_of() == 200, "another tag brings the answer");
}

/* Problems speak the caller's language; bodies do not depend on it. */
static void language(const struct op *op)
{
    as(NULL);
    with("Accept-Language", "en-GB, zh;q=0.5");
    ask(op->method, plus(target_of(op, NOWHERE_ID), "a=1&a=2"), NULL);
    EXPECT(MALFORMED_REQUEST);
    note(has("Content-Language", "en"), "English when it is asked for");
}

/* Wrong pages: limits, orders, cursors. */
static void pages(const struct op *op)
{
    static const char *const bad[] = {"limit=0",      "limit=201", "limit=-1", "limit=1.0", "limit=",    "limit=+1",
                                      "sort=nothing", "sort=",     "cursor=",  "limit=%20", "total=yes", "total="};
    if (!op->is_list) return;
    struct request q = good_request(op);
    be(op, &q);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) refused(op, &q, bad[i]);
    ask("GET", plus(q.target, "cursor=eyJ2IjoxfQ.AAAAAAAAAAAAAAAAAAAAAA"), NULL);
    look();
    EXPECT(CURSOR_INVALID);
    for (int i = 0; i < op->order_count; i++) {
        if (strcmp(op->orders[i].word, "q") == 0) continue;
        ask("GET", plus(q.target, TEXT("sort=%s&limit=2", op->orders[i].word)), NULL);
        look();
        note(status_of() == 200, op->orders[i].word);
    }
}

/* ---- filters */

/* What a filter's name says beyond the member it is about. */
enum range { EQUAL, FROM, BEFORE, MIN, MAX };

struct filter {
    const char *name, *member;
    enum range range;
};

static struct filter filter_named(const char *name)
{
    static const char *const endings[] = {[FROM] = "_from", [BEFORE] = "_before", [MIN] = "_min", [MAX] = "_max"};
    struct filter f = {.name = name, .member = name};
    for (enum range r = FROM; r <= MAX; r++) {
        size_t size = strlen(name), ending = strlen(endings[r]);
        if (size <= ending || strcmp(name + size - ending, endings[r]) != 0) continue;
        f.member = TEXT("%.*s", (int)(size - ending), name);
        f.range = r;
    }
    return f;
}

/* The member's value in a row; `task_group` filters `task_groups`. */
static const json_t *value_in(const json_t *row, const struct filter *f)
{
    const json_t *value = json_object_get(row, f->member);
    return value != NULL ? value : json_object_get(row, TEXT("%ss", f->member));
}

static const char *as_text(const json_t *value)
{
    if (json_is_integer(value)) return TEXT("%lld", (long long)json_integer_value(value));
    if (json_is_boolean(value)) return json_is_true(value) ? "true" : "false";
    return json_string_value(value);
}

/* A deeper code of an industry is found by its letter, so a word may go on. */
static bool fits(const json_t *value, const struct filter *f, const char *wanted)
{
    const char *text = as_text(value);
    if (json_is_array(value)) {
        size_t i;
        const json_t *one;
        json_array_foreach ((json_t *)value, i, one) {
            if (fits(one, f, wanted)) return true;
        }
    }
    if (text == NULL) return false;
    switch (f->range) {
    case FROM: return strcmp(text, wanted) >= 0;
    case BEFORE: return strcmp(text, wanted) < 0;
    case MIN: return strtoll(text, NULL, 10) >= strtoll(wanted, NULL, 10);
    case MAX: return strtoll(text, NULL, 10) <= strtoll(wanted, NULL, 10);
    default: return strncmp(text, wanted, strlen(wanted)) == 0;
    }
}

/* A value that some row has: the middle of those there are, so that a range divides them. */
static const char *some_value(const json_t *rows, const struct filter *f)
{
    const char *found[200];
    int count = 0;
    size_t i;
    const json_t *row;
    json_array_foreach ((json_t *)rows, i, row) {
        const json_t *value = value_in(row, f);
        const char *text = as_text(json_is_array(value) ? json_array_get(value, 0) : value);
        if (text != NULL && count < 200) found[count++] = text;
    }
    return count == 0 ? NULL : found[count / 2];
}

static int filters_tried;

/* What was asked with total=true says how many rows there are, where one page shows them all, and that there are more
 * than it shows, where not. */
static void total_is_right(void)
{
    json_int_t total = json_integer_value(json_object_get(body_of(), "total"));
    json_int_t shown = (json_int_t)json_array_size(json_object_get(body_of(), "items"));
    note(text_at("/next_cursor") == NULL ? total == shown : total > shown, TEXT("its total is %lld", (long long)total));
    note(json_is_false(json_object_get(body_of(), "total_is_minimum")), "which are all");
}

/* Those that fit the filter are shown, and no others; where the rows are all there are, none is missing. */
static void filter(const char *target, const json_t *rows, bool are_all, const char *name)
{
    struct filter f = filter_named(name);
    const char *wanted = some_value(rows, &f);
    if (wanted == NULL) return;
    size_t i, expected = 0;
    const json_t *row;
    json_array_foreach ((json_t *)rows, i, row) expected += fits(value_in(row, &f), &f, wanted);
    const char *pair = TEXT("%s=%s", name, wanted);
    ask("GET", plus(target, pair), NULL);
    look();
    const json_t *shown = json_object_get(body_of(), "items");
    bool all_fit = true;
    total_is_right();
    json_array_foreach ((json_t *)shown, i, row) all_fit &= fits(value_in(row, &f), &f, wanted);
    note(status_of() == 200 && all_fit && json_array_size(shown) >= (are_all ? expected : 1), pair);
    filters_tried++;
}

/* The total is that of the first order, whichever is asked for. */
static void every_order_counts(const struct op *op, const char *target)
{
    const char *total = keep("/total");
    total_is_right();
    for (int i = 1; i < op->order_count; i++) {
        if (strcmp(op->orders[i].word, "q") == 0) continue;
        ask("GET", plus(target, TEXT("sort=%s", op->orders[i].word)), NULL);
        look();
        note(text_at("/total") != NULL && strcmp(text_at("/total"), total) == 0, op->orders[i].word);
    }
}

/* A filter called like a member shows what has its value, a range what lies in it, to each who may ask. */
static void filters(const struct op *op)
{
    if (!op->is_list) return;
    struct request q = good_request(op);
    bool counts = strcmp(op->id, "match_suggest") != 0;
    for (enum caller c = 0; c < CALLERS; c++) {
        if (!may_call(op, c)) continue;
        as_caller(c);
        const char *target = plus(q.target, counts ? "limit=200&total=true" : "limit=200");
        ask("GET", target, NULL);
        json_t *rows = json_deep_copy(json_object_get(body_of(), "items"));
        bool are_all = text_at("/next_cursor") == NULL;
        if (counts) every_order_counts(op, target);
        for (int i = 0; i < op->query_count; i++) filter(target, rows, are_all, op->query[i].name);
        json_decref(rows);
    }
}

static void filters_were_tried(void)
{
    check_note(filters_tried > 300, "filters", 0, TEXT("%d were tried", filters_tried));
}

/* A cursor is good for its own list, order and filters alone, and not with one bit turned. */
static void cursors(const struct op *op)
{
    if (!op->is_list) return;
    struct request q = good_request(op);
    be(op, &q);
    ask("GET", plus(q.target, "limit=1"), NULL);
    look();
    const char *cursor = keep("/next_cursor");
    if (cursor == NULL) return;
    note(header_of("Link") != NULL && strstr(header_of("Link"), cursor) != NULL, "Link has the cursor too");
    ask("GET", plus(q.target, TEXT("limit=1&cursor=%s", cursor)), NULL);
    look();
    note(status_of() == 200, "the next page");
    char *bent = arena_copy(kept, cursor, strlen(cursor));
    bent[strlen(bent) / 2] = bent[strlen(bent) / 2] == 'A' ? 'B' : 'A';
    ask("GET", plus(q.target, TEXT("limit=1&cursor=%s", bent)), NULL);
    look();
    EXPECT(CURSOR_INVALID);
    as(login_of(CITY_ST));
    ask("GET", TEXT("%s?cursor=%s", strcmp(op->id, "call_list") == 0 ? "/v1/policies" : "/v1/calls", cursor), NULL);
    EXPECT(CURSOR_INVALID);
}

/* Every example of the contract is what its schema says. */
static void examples(const struct op *op)
{
    static struct schema_set *set;
    char why[256];
    const char *status, *type, *name;
    json_t *value, *media, *example;
    if (set == NULL) set = schema_set_new(contract_document(), SCHEMA_CONTRACT);
    json_t *all = json_object();
    json_object_foreach (json_object_get(node_of(op), "responses"), status, value) json_object_set(all, status, value);
    const json_t *request = json_object_get(node_of(op), "requestBody");
    if (request != NULL) json_object_set(all, "request", (json_t *)request);
    json_object_foreach (all, status, value) {
        json_object_foreach (json_object_get(resolve(value), "content"), type, media) {
            if (strstr(type, "json") == NULL) continue; /* bytes are shown nowhere */
            const struct schema *schema =
                schema_compile(set, json_object_get(media, "schema"), TEXT("/%s/%s", op->id, status), why, sizeof why);
            note(schema != NULL, "its schema compiles");
            note(json_object_size(json_object_get(media, "examples")) > 0, TEXT("%s has an example", status));
            json_object_foreach (json_object_get(media, "examples"), name, example) {
                const json_t *shown = json_object_get(resolve(example), "value");
                bool fits = schema != NULL && schema_validate(schema, shown, PLACE_BODY, "#", NULL);
                check_note(fits, op->id, 0, TEXT("%s: the example %s fits its schema", status, name));
            }
        }
    }
    json_decref(all);
}

/* What every operation lists beside its own: nobody can be surprised by a status. */
static void statuses_listed(const struct op *op)
{
    const json_t *listed = json_object_get(node_of(op), "responses");
    note(json_object_get(listed, "400") != NULL && json_object_get(listed, "500") != NULL, "400 and 500 are listed");
    note(json_object_get(listed, "401") != NULL, "401 is listed, for a token with a flaw is refused everywhere");
    note(op->is_public || json_object_get(listed, "403") != NULL,
         "403 where sign-in is asked for: one role at least, the holder of a link, is refused");
    note((op->content_type == NULL) == (json_object_get(listed, "415") == NULL), "415 where there is a body");
    note((op->if_match == NEED_REQUIRED) == (json_object_get(listed, "428") != NULL),
         "428 where a condition is required");
    note((op->if_match != NEED_NONE) == (json_object_get(listed, "412") != NULL), "412 where there is a condition");
}

int main(void)
{
    harness_open();
    subjects_open();
    kept = arena_new();
#define EACH(test) for_each_op(#test, test)
    EACH(filters); /* first, while a page shows all there is */
    RUN(filters_were_tried);
    EACH(works);
    EACH(wrong_role);
    EACH(bad_token);
    EACH(parameters);
    EACH(missing_parameter);
    EACH(wrong_path_word);
    EACH(wrong_body);
    EACH(body_or_none);
    EACH(unknown_member);
    EACH(missing_member);
    EACH(own_id_again);
    RUN(our_own_fault);
    EACH(wrong_member);
    EACH(control_characters);
    EACH(if_match);
    EACH(if_match_takes_tags);
    EACH(repeated_key);
    EACH(wrong_key);
    EACH(content_type);
    EACH(content_type_spellings);
    EACH(body_too_large);
    RUN(allow);
    EACH(head_and_not_modified);
    EACH(language);
    EACH(pages);
    EACH(cursors);
    EACH(examples);
    EACH(statuses_listed);
    printf("generated: %d requests\n", tried);
    return harness_close();
}
