/* The road without a socket. */
#include "harness.h"

#include "arena.h"
#include "clock.h"
#include "config.h"
#include "files.h"
#include "keys.h"
#include "log.h"
#include "migrate.h"
#include "pdf.h"
#include "road.h"
#include "uuid.h"

#include <ftw.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#define DEMO_PASSWORD "Tepai-Demo-2026"
#define HEADERS_MAX   16
#define ACCOUNTS_MAX  64
#define PROOF_AGE_S   200 /* sensitive operations ask for a sign-in of the last 300 s */
#define TOKEN_ROOM    4200
#define WALK_MAX      2000

static char database[64];
static PGconn *owner; /* the operator's connection, for sql() */
static struct reply reply;
static json_t *answer_json;
static const char *token, *capability, *caller;
static struct {
    const char *name, *value;
} extra[HEADERS_MAX];
static int extra_count;
static struct {
    const char *login, *token;
    int64_t since;
} signed_in[ACCOUNTS_MAX];
static int signed_in_count;
static struct schema_set *answer_schemas;
static struct arena *kept;

static void stop(const char *what)
{
    printf("%s\n0 passed, 1 failed\n", what);
    exit(1);
}

static PGconn *connect_to(const char *url, const char *name)
{
    const char *words[] = {"dbname", "dbname", NULL};
    const char *values[] = {url, name, NULL};
    PGconn *conn = PQconnectdbParams(words, values, 1);
    if (PQstatus(conn) != CONNECTION_OK) stop("the test database cannot be reached");
    PQclear(PQexec(conn, "SET client_min_messages = warning"));
    return conn;
}

static void run_or_stop(PGconn *conn, const char *text)
{
    PGresult *result = PQexec(conn, text);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) stop(PQresultErrorMessage(result));
    PQclear(result);
}

static void copy_database(const char *url, const char *from)
{
    char command[160];
    PGconn *conn = connect_to(url, "postgres");
    snprintf(database, sizeof database, "tepai_test_%d", (int)getpid());
    snprintf(command, sizeof command, "DROP DATABASE IF EXISTS %s", database);
    run_or_stop(conn, command);
    snprintf(command, sizeof command, "CREATE DATABASE %s TEMPLATE %s", database, from);
    run_or_stop(conn, command);
    /* A copy has the rows of its original and not the rights on it. */
    snprintf(command, sizeof command, "REVOKE CREATE, TEMPORARY ON DATABASE %s FROM PUBLIC", database);
    run_or_stop(conn, command);
    PQfinish(conn);
}

/* The same server, this program's own database. */
static void point_at_copy(const char *url)
{
    char own[512];
    const char *query = strchr(url, '?');
    const char *path = strrchr(url, '/');
    if (query != NULL) {
        for (path = query; path > url && *path != '/';) path--;
    }
    snprintf(own, sizeof own, "%.*s/%s%s", (int)(path - url), url, database, query == NULL ? "" : query);
    setenv("TEPAI_DATABASE_URL", own, 1);
}

static char files[] = "/tmp/tepai-files-XXXXXX";

/* Files of this program's own, for it may run as another user than the service. */
static void open_files(void)
{
    if (mkdtemp(files) == NULL || !files_open(files)) stop("the folder of files cannot be made");
}

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *at)
{
    (void)s, (void)kind, (void)at;
    return remove(path);
}

void harness_open(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    const char *url = getenv("TEPAI_DATABASE_URL"), *demo = getenv("TEPAI_TEST_TEMPLATE");
    if (url == NULL || demo == NULL) stop("TEPAI_DATABASE_URL and TEPAI_TEST_TEMPLATE are not set: use ./dev test");
    unsetenv("TEPAI_TEST_TEMPLATE");
    copy_database(url, demo);
    owner = connect_to(url, database);
    point_at_copy(url);
    kept = arena_new();
    if (sodium_init() < 0 || !config_load()) stop("the settings are wrong");
    log_open(LOG_ERROR);
    const char *why;
    if (!keys_load(config_text(SETTING_KEYS)) || !contract_load()) stop("the contract or the keys cannot be loaded");
    if (!migrate_current(&why)) stop(why);
    open_files();
    answer_schemas = schema_set_new(contract_document(), SCHEMA_CONTRACT);
}

int harness_close(void)
{
    char command[160];
    db_close_all();
    PQfinish(owner);
    snprintf(command, sizeof command, "DROP DATABASE IF EXISTS %s WITH (FORCE)", database);
    owner = connect_to(getenv("TEPAI_DATABASE_URL"), "postgres");
    run_or_stop(owner, command);
    PQfinish(owner);
    nftw(files, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    json_decref(answer_json);
    free(reply.body);
    schema_set_free(answer_schemas);
    arena_free(kept);
    pdf_close();
    keys_free();
    return REPORT();
}

void with(const char *name, const char *value)
{
    if (extra_count == HEADERS_MAX) stop("too many headers");
    extra[extra_count].name = name;
    extra[extra_count++].value = value;
}

static bool is_set(const char *name)
{
    for (int i = 0; i < extra_count; i++) {
        if (strcasecmp(extra[i].name, name) == 0) return true;
    }
    return false;
}

const char *digest_of(const void *bytes, size_t size)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char base64[sodium_base64_ENCODED_LEN(sizeof hash, sodium_base64_VARIANT_ORIGINAL)];
    crypto_hash_sha256(hash, bytes, size);
    sodium_bin2base64(base64, sizeof base64, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
    return arena_print(kept, "sha-256=:%s:", base64);
}

static void add_header(struct wire *w, const char *name, const char *value)
{
    struct header *h = &w->headers[w->header_count++];
    *h = (struct header){.name = name, .value = value, .name_size = strlen(name), .value_size = strlen(value)};
}

/* A 2xx body fits the schema of its operation; a refusal is a problem. */
static void check_answer(const char *method, const char *target)
{
    char why[256];
    struct faults faults = {.arena = kept};
    size_t path_size = strcspn(target, "?");
    const struct op *op = router_find(contract_router(), method, target, path_size).op;
    bool by_oauth = json_object_get(answer_json, "error") != NULL;
    json_t *problem = json_object_get(json_object_get(json_object_get(contract_document(), "components"), "schemas"),
                                      by_oauth ? "OauthError" : "Problem");
    bool readiness = op != NULL && strcmp(op->id, "health_ready") == 0 && reply.status == 503;
    bool refused = reply.status >= 400 && !readiness;
    bool begun = reply.status == 202;
    const json_t *schema = refused ? problem : op == NULL ? NULL : begun ? op->job_answer : op->answer;
    if (answer_json == NULL || schema == NULL) return;
    const struct schema *compiled = schema_compile(answer_schemas, schema,
                                                   refused && by_oauth ? "/oauth_error"
                                                   : refused           ? "/problem"
                                                   : begun             ? "/job"
                                                                       : op->id,
                                                   why, sizeof why);
    if (compiled == NULL) stop(why);
    if (schema_validate(compiled, answer_json, PLACE_BODY, "#", &faults)) return;
    check_note(0, op == NULL ? target : op->id, reply.status, "its answer does not fit the contract");
    for (int i = 0; i < faults.count; i++)
        printf("    %s fault %d %s\n", faults.list[i].where, (int)faults.list[i].kind,
               faults.list[i].want == NULL ? "" : faults.list[i].want);
}

/* The type and, where one is needed, the digest of a body, unless the test set them. */
static void describe_body(struct wire *w, const char *method, const char *target, const char *body, size_t size)
{
    const struct op *op = router_find(contract_router(), method, target, strcspn(target, "?")).op;
    bool bytes = op != NULL && op->takes_bytes, patches = strcmp(method, "PATCH") == 0;
    bool named = bytes || (op != NULL && op->takes_form);
    if (!is_set("Content-Type"))
        add_header(w, "Content-Type",
                   named     ? op->content_type
                   : patches ? "application/merge-patch+json"
                             : "application/json");
    if (bytes && op->needs_digest && !is_set("Content-Digest")) add_header(w, "Content-Digest", digest_of(body, size));
}

/* A file is read as its receiver would. */
static void take_file(void)
{
    if (reply.file_size == 0) return;
    reply.body = malloc(reply.file_size);
    ssize_t got = reply.body == NULL ? -1 : pread(reply.file, reply.body, reply.file_size, 0);
    if (got != (ssize_t)reply.file_size) stop("the file of an answer cannot be read");
    reply.body_size = reply.file_size;
    close(reply.file);
}

/* Of a 304 the listener sends the size alone. */
static bool has_body(void)
{
    return reply.body != NULL && reply.status != 304;
}

void ask(const char *method, const char *target, const char *body)
{
    ask_bytes(method, target, body, body == NULL ? 0 : strlen(body));
}

void ask_bytes(const char *method, const char *target, const char *body, size_t size)
{
    char bearer[TOKEN_ROOM];
    struct wire w = {.method = method, .target = target, .version = "HTTP/1.1", .peer = "127.0.0.1"};
    add_header(&w, "Host", "127.0.0.1");
    if (token != NULL && !is_set("Authorization")) {
        snprintf(bearer, sizeof bearer, "Bearer %s", token);
        add_header(&w, "Authorization", bearer);
    }
    if (capability != NULL && !is_set("Capability-Token") && !is_set("Authorization"))
        add_header(&w, "Capability-Token", capability);
    if (body != NULL) describe_body(&w, method, target, body, size);
    for (int i = 0; i < extra_count; i++) {
        if (extra[i].value != NULL) add_header(&w, extra[i].name, extra[i].value);
    }
    extra_count = 0;
    w.body = body;
    w.body_size = size;
    if (body != NULL) add_header(&w, "Content-Length", arena_print(kept, "%zu", w.body_size));
    json_decref(answer_json);
    free(reply.body);
    road(&w, &reply);
    take_file();
    answer_json = has_body() ? json_loadb(reply.body, reply.body_size, JSON_DECODE_ANY, NULL) : NULL;
    check_answer(method, target);
}

const char *token_of(const char *login_name)
{
    int at = 0;
    while (at < signed_in_count && strcmp(signed_in[at].login, login_name) != 0) at++;
    if (at < signed_in_count && clock_unix() - signed_in[at].since < PROOF_AGE_S) return signed_in[at].token;
    if (at == ACCOUNTS_MAX) stop("too many accounts");
    const char *before = token, *held = capability;
    token = capability = NULL;
    ask("POST", "/v1/sessions",
        arena_print(kept, "{\"login_name\":\"%s\",\"password\":\"%s\"}", login_name, DEMO_PASSWORD));
    if (reply.status != 201) stop(arena_print(kept, "%s cannot sign in: %s", login_name, bytes_of()));
    token = before;
    capability = held;
    if (at == signed_in_count) signed_in_count++;
    signed_in[at].login = login_name;
    signed_in[at].since = clock_unix();
    return signed_in[at].token = keep("/access_token");
}

void as(const char *login_name)
{
    caller = login_name;
    capability = NULL;
    token = login_name == NULL ? NULL : token_of(login_name);
}

void as_token(const char *given)
{
    capability = NULL;
    token = given;
}

void as_link(const char *capability_token)
{
    caller = token = NULL;
    capability = capability_token;
}

static const char *fill_path(const char *path, const char *id)
{
    const char *open = strchr(path, '{');
    if (open == NULL || id == NULL) return path;
    const char *rest = strchr(open, '}') + 1;
    if (strcmp(rest, "/parts/{part_no}") == 0) rest = "/parts/1";
    if (strcmp(rest, "/entries/{code}") == 0) rest = ""; /* the id holds both words, as they stand in the path */
    return arena_print(kept, "%.*s%s%s", (int)(open - path), path, id, rest);
}

/* The row's present version, looked up beside the road so that a stranger sends it too. */
static void add_match(const struct op *op, const char *id)
{
    const char *version = sql("SELECT version FROM app.%s WHERE id::text = '%s'", op->room, id);
    with("If-Match", version == NULL ? "\"1\"" : arena_print(kept, "\"%s\"", version));
}

void call(const char *operation, const char *id, const char *body)
{
    const struct op *op = contract_op(operation);
    if (op == NULL) stop(operation);
    if (op->if_match == NEED_REQUIRED && !is_set("If-Match")) add_match(op, id);
    if (op->idempotency == NEED_REQUIRED && !is_set("Idempotency-Key")) {
        char *key = arena_take(kept, 37);
        uuid_make(key);
        with("Idempotency-Key", key);
    }
    ask(op->method, fill_path(op->path, id), body);
}

int status_of(void)
{
    return reply.status;
}

const char *header_of(const char *name)
{
    for (int i = 0; i < reply.header_count; i++) {
        if (strcasecmp(reply.headers[i].name, name) == 0) return reply.headers[i].value;
    }
    return NULL;
}

const char *bytes_of(void)
{
    return has_body() ? arena_copy(kept, reply.body, reply.body_size) : "";
}

size_t size_of(void)
{
    return has_body() ? reply.body_size : 0;
}

const json_t *body_of(void)
{
    return answer_json;
}

static const json_t *value_at(const char *pointer)
{
    const json_t *at = answer_json;
    char word[128];
    for (const char *step = pointer; *step == '/';) {
        size_t size = strcspn(step + 1, "/");
        snprintf(word, sizeof word, "%.*s", (int)size, step + 1);
        at = json_is_array(at) ? json_array_get(at, (size_t)strtoul(word, NULL, 10)) : json_object_get(at, word);
        step += size + 1;
    }
    return at;
}

const char *text_at(const char *pointer)
{
    const json_t *value = value_at(pointer);
    if (value == NULL || json_is_null(value)) return NULL;
    if (json_is_string(value)) return json_string_value(value);
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    const char *copy = arena_print(kept, "%s", text);
    free(text);
    return copy;
}

const char *rule_at(int index)
{
    return text_at(arena_print(kept, "/errors/%d/rule", index));
}

const char *keep(const char *pointer)
{
    const char *text = text_at(pointer);
    return text == NULL ? NULL : arena_print(kept, "%s", text);
}

const char *move_to(const char *firm, const char *unit)
{
    return json("{'unit_id':'%s','reason':'企业迁址','unit_words':[{'unit_id':'%s','opinion':'同意迁出'},"
                "{'unit_id':'%s','opinion':'同意迁入'}]}",
                unit, sql("SELECT unit_id FROM app.enterprise WHERE id = '%s'", firm), unit);
}

const char *json(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text;
    if (vasprintf(&text, format, arguments) < 0) stop("no memory");
    va_end(arguments);
    for (char *at = text; *at != '\0'; at++) {
        if (*at == '\'') *at = '"';
    }
    const char *copy = arena_print(kept, "%s", text);
    free(text);
    return copy;
}

/* Below, at or above zero as `a` stands before, beside or after `b`. */
static int compare(const json_t *a, const json_t *b)
{
    if (json_is_integer(a)) {
        json_int_t left = json_integer_value(a), right = json_integer_value(b);
        return left < right ? -1 : left > right;
    }
    return strcmp(json_string_value(a), json_string_value(b));
}

/* Rows without an id are known by all they say. */
static void check_place(json_t *seen, const json_t *row, const json_t *before, const char *sort)
{
    const char *id = json_string_value(json_object_get(row, "id"));
    char *whole = id == NULL ? json_dumps(row, JSON_COMPACT) : NULL;
    const char *name = id == NULL ? whole : id;
    check_note(json_object_get(seen, name) == NULL, name, 0, "is shown twice");
    json_object_set_new(seen, name, json_true());
    free(whole);
    if (before == NULL || sort == NULL) return;
    bool falls = sort[0] == '-';
    int order = compare(json_object_get(before, sort + falls), json_object_get(row, sort + falls));
    check_note(falls ? order >= 0 : order <= 0, id, 0, "stands out of order");
}

int walk(const char *target, const char *sort)
{
    json_t *seen = json_object(), *before = NULL, *row;
    const char *page = target;
    while (page != NULL && json_object_size(seen) < WALK_MAX) {
        size_t i;
        ask("GET", page, NULL);
        expect(OK, page, 0);
        json_array_foreach (json_object_get(answer_json, "items"), i, row) {
            check_place(seen, row, before, sort);
            json_decref(before);
            before = json_incref(row);
        }
        const char *cursor = text_at("/next_cursor");
        page =
            cursor == NULL ? NULL : arena_print(kept, "%s%ccursor=%s", target, strchr(target, '?') ? '&' : '?', cursor);
    }
    int count = (int)json_object_size(seen);
    json_decref(before);
    json_decref(seen);
    return count;
}

const char *sql(const char *format, ...)
{
    char text[4096];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    PGresult *result = PQexec(owner, text);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) stop(PQresultErrorMessage(result));
    bool found = status == PGRES_TUPLES_OK && PQntuples(result) > 0 && !PQgetisnull(result, 0, 0);
    const char *value = found ? arena_print(kept, "%s", PQgetvalue(result, 0, 0)) : NULL;
    PQclear(result);
    return value;
}

void end_placements(void)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica;"
        " UPDATE app.placement SET status = CASE status WHEN 'pending' THEN 'cancelled' ELSE 'closed' END,"
        " ended_on = start_on;"
        " DELETE FROM app.obligation; UPDATE app.specialist SET is_placed = false, current_placement_id = NULL;"
        " UPDATE app.enterprise SET current_placement_id = NULL; COMMIT");
}

void expect(fail_t code, const char *file, int line)
{
    const char *want = code == OK ? "success" : problem_of(code)->word;
    /* Where tokens are made, the status alone tells the problem. */
    const char *got = text_at("/error") == NULL ? text_at("/code") : want;
    bool good = code == OK ? reply.status < 400
                           : reply.status == problem_of(code)->status && got != NULL && strcmp(got, want) == 0;
    check_note(good, file, line, want);
    if (!good) printf("    got %d %s\n", reply.status, bytes_of());
}

void expect_text(const char *pointer, const char *want, const char *file, int line)
{
    check_text(text_at(pointer), want, file, line, pointer);
}

void expect_rule(const char *rule, const char *file, int line)
{
    for (int i = 0; rule_at(i) != NULL; i++) {
        if (strcmp(rule_at(i), rule) == 0) {
            check_note(1, file, line, rule);
            return;
        }
    }
    check_note(0, file, line, rule);
    printf("    got %d %s\n", reply.status, bytes_of());
}

void expect_fault(const char *where, const char *code, const char *file, int line)
{
    static const char *const places[] = {"pointer", "parameter", "header"};
    const json_t *entry;
    size_t i;
    json_array_foreach (json_object_get(answer_json, "errors"), i, entry) {
        const char *named = json_string_value(json_object_get(entry, "code"));
        for (int place = 0; place < 3; place++) {
            const char *at = json_string_value(json_object_get(entry, places[place]));
            if (named == NULL || at == NULL || strcmp(at, where) != 0 || strcmp(named, code) != 0) continue;
            check_note(1, file, line, where);
            return;
        }
    }
    check_note(0, file, line, where);
    printf("    got %d %s\n", reply.status, bytes_of());
}

void expect_event(const char *id, const char *operation, const char *member, const char *file, int line)
{
    const char *got = sql("SELECT string_agg(concat_ws(' ', e.operation, coalesce(a.login_name, '-'),"
                          "                            CASE WHEN e.changes ? '%s' THEN '%s' END), '; ')"
                          " FROM app.event e LEFT JOIN app.account a ON a.id = e.account"
                          " WHERE e.subject_id = '%s' AND e.subject_version ="
                          "       (SELECT max(subject_version) FROM app.event WHERE subject_id = '%s')",
                          member, member, id, id);
    check_text(got, arena_print(kept, "%s %s %s", operation, caller == NULL ? "-" : caller, member), file, line, id);
}
