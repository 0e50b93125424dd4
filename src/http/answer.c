/* The transaction. A read is one pipeline that commits itself; a write is judged here between its two halves, from the
 * results the first half brought, so that no room judges again. Both are repeated where a repetition is safe. */
#include "clean.h"
#include "metrics.h"
#include "row.h"
#include "seal.h"
#include "segment.h"
#include "sqlstate.h"
#include "stops.h"

#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ATTEMPTS_MAX  5
#define PAUSE_STEP_MS 10
#define JOB_RETRY_S   "2" /* when to look after a job that was begun */

static int add(struct req *r, struct segment *s, const struct bound *b)
{
    if (b->statement == NULL) return -1;
    s->queries[s->count] = (struct query){.statement = b->statement, .values = bind_values(r, b)};
    return s->count++;
}

static const char *resource_bytes(struct buffer *out, const PGresult *result)
{
    struct shape shape;
    row_shape(&shape, result);
    row_write(out, &shape, result, 0);
    return row_text(result, 0, "version");
}

/* RFC 3986: what is no unreserved character is escaped, so that nothing of it can end the link. */
static void add_escaped(struct buffer *out, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        char escape[4];
        bool plain = isalnum((unsigned char)*at) || strchr("-._~,", *at) != NULL;
        if (plain)
            buffer_add(out, at, 1);
        else
            buffer_add(out, escape, (size_t)snprintf(escape, sizeof escape, "%%%02X", (unsigned char)*at));
    }
}

/* The query of the next page: the same filters again, with the cursor in the place of the old one. */
static void add_link(struct req *r, const char *cursor)
{
    struct buffer link = {0};
    buffer_add_text(&link, "<");
    buffer_add_text(&link, r->op->path);
    buffer_add_text(&link, "?");
    for (int i = 0; i < r->asked.parameter_count; i++) {
        const struct parameter *p = &r->asked.parameters[i];
        if (strcmp(p->name, "cursor") == 0) continue;
        buffer_add_text(&link, p->name);
        buffer_add_text(&link, "=");
        add_escaped(&link, p->value);
        buffer_add_text(&link, "&");
    }
    buffer_add_text(&link, "cursor=");
    buffer_add_text(&link, cursor);
    buffer_add_text(&link, ">; rel=\"next\"");
    reply_header(r, "Link", arena_copy(r->arena, link.bytes, link.size));
    buffer_free(&link);
}

/* Where the next page begins: the position of this page's last row. */
static const char *next_cursor(struct req *r, const PGresult *rows, int last)
{
    const char *value = row_text(rows, last, "after_1"), *id = row_text(rows, last, "after_id");
    if (value == NULL) value = row_text(rows, last, r->order->column);
    if (id == NULL) id = row_text(rows, last, "id");
    return page_cursor(r, value == NULL ? "" : value, id == NULL ? "" : id);
}

static void add_total(struct buffer *out, const PGresult *counted)
{
    char text[64];
    long total = strtol(row_text(counted, 0, "total"), NULL, 10);
    bool is_minimum = total > TOTAL_MAX;
    snprintf(text, sizeof text, ",\"total\":%ld,\"total_is_minimum\":%s", is_minimum ? TOTAL_MAX : total,
             is_minimum ? "true" : "false");
    buffer_add_text(out, text);
}

static void reply_page(struct req *r, const PGresult *rows, const PGresult *counted)
{
    struct buffer out = {0};
    struct shape shape;
    int found = PQntuples(rows), shown = found > r->limit ? r->limit : found;
    row_shape(&shape, rows);
    buffer_add_text(&out, "{\"items\":[");
    for (int i = 0; i < shown; i++) {
        if (i > 0) buffer_add_text(&out, ",");
        row_write(&out, &shape, rows, i);
    }
    const char *cursor = found > shown ? next_cursor(r, rows, shown - 1) : NULL;
    buffer_add_text(&out, cursor == NULL ? "],\"has_more\":false,\"next_cursor\":null"
                                         : "],\"has_more\":true,\"next_cursor\":\"");
    if (cursor != NULL) {
        buffer_add_text(&out, cursor);
        buffer_add_text(&out, "\"");
        add_link(r, cursor);
    }
    if (counted != NULL) add_total(&out, counted);
    buffer_add_text(&out, "}");
    reply_resource(r, &out, NULL);
}

static fail_t read_rows(struct req *r, const struct segment *s)
{
    const PGresult *rows = s->answers.results[s->count - 1];
    if (r->op->is_list) {
        reply_page(r, rows, r->counts ? s->answers.results[s->count - 2] : NULL);
        return OK;
    }
    if (PQntuples(rows) == 0) return NOT_FOUND;
    struct buffer out = {0};
    const char *version = resource_bytes(&out, rows);
    reply_resource(r, &out, version);
    return OK;
}

static fail_t read_once(struct req *r, struct segment *s)
{
    struct db *db;
    TRY(db_take(r->actor.role, &db));
    return db_run(db, s->queries, s->count, &s->answers);
}

/* A prepared plan whose tables a migration has changed is made anew on a new connection. */
static bool plan_outdated(const struct answers *a)
{
    if (a->failed < 0 || strcmp(sqlstate_of(a->results[a->failed]), "0A000") != 0) return false;
    db_close_all();
    return true;
}

/* The rows of the operation's read are the last result of `s`, which the caller clears. A lost connection is tried once
 * more, an outdated plan to the end: a second migration may follow the first. */
static fail_t read_until_done(struct req *r, struct segment *s)
{
    *s = (struct segment){0};
    add(r, s, &road_facts);
    if (r->counts) add(r, s, &r->order->total);
    add(r, s, r->op->is_list ? &r->order->statement : &r->op->get);
    for (int attempt = 1;; attempt++) {
        fail_t outcome = read_once(r, s);
        bool repeats = outcome != OK && attempt < ATTEMPTS_MAX &&
                       (plan_outdated(&s->answers) || (s->answers.lost && attempt == 1));
        if (!repeats || !db_request_has_time()) return outcome;
        db_clear(&s->answers);
    }
}

static fail_t read_and_answer(struct req *r)
{
    struct segment s;
    fail_t outcome = read_until_done(r, &s);
    if (outcome == OK) outcome = read_rows(r, &s);
    db_clear(&s.answers);
    return outcome;
}

fail_t req_read(struct req *r, PGresult **row)
{
    struct segment s;
    fail_t outcome = read_until_done(r, &s);
    PGresult **found = &s.answers.results[s.count - 1];
    *row = NULL;
    if (outcome == OK && PQntuples(*found) == 0) outcome = NOT_FOUND;
    if (outcome == OK) {
        *row = *found;
        *found = NULL;
    }
    db_clear(&s.answers);
    return outcome;
}

/* What makes two requests the same: method, path and query, condition, bytes. */
static const char *fingerprint(struct req *r)
{
    crypto_hash_sha256_state state;
    unsigned char hash[crypto_hash_sha256_BYTES];
    const char *parts[] = {r->wire->method, r->wire->target, r->asked.if_match == NULL ? "" : r->asked.if_match};
    crypto_hash_sha256_init(&state);
    for (int i = 0; i < 3; i++)
        crypto_hash_sha256_update(&state, (const unsigned char *)parts[i], strlen(parts[i]) + 1);
    crypto_hash_sha256_update(&state, (const unsigned char *)r->wire->body, r->wire->body_size);
    crypto_hash_sha256_final(&state, hash);
    char *hex = arena_take(r->arena, sizeof hash * 2 + 3);
    memcpy(hex, "\\x", 2);
    sodium_bin2hex(hex + 2, sizeof hash * 2 + 1, hash, sizeof hash);
    return hex;
}

static void prepare_segment(struct req *r, struct segment *s)
{
    *s = (struct segment){.claim = -1};
    s->facts = add(r, s, &road_facts);
    if (r->key[KEY_KEY] != NULL) {
        r->key[KEY_FINGERPRINT] = fingerprint(r);
        s->claim = add(r, s, &road_key_claim);
    }
    s->lock = add(r, s, &r->op->lock);
    s->blockers = add(r, s, &r->op->blockers);
    s->act = add(r, s, &r->op->act);
    s->get = add(r, s, &r->op->get);
}

/* What takes long was begun as a job (202): the answer tells of it and where it can be asked for. */
static fail_t render_job(struct req *r, const char *job)
{
    struct buffer out = {0};
    TRY(limit_job(r));
    r->begun = true;
    buffer_add_text(&out, job);
    reply_resource(r, &out, NULL);
    r->key[KEY_LOCATION] = arena_print(r->arena, "/v1/operations/%s", row_text(r->row, 0, "accepted_id"));
    reply_header(r, "Location", r->key[KEY_LOCATION]);
    reply_header(r, "Retry-After", JOB_RETRY_S);
    return OK;
}

static fail_t render(struct req *r, const struct segment *s)
{
    struct buffer out = {0};
    if (s->get < 0) {
        r->reply->status = r->op->success;
        return OK;
    }
    r->row = s->answers.results[s->get];
    const char *job = r->op->job_answer == NULL ? NULL : row_text(r->row, 0, "accepted");
    if (job != NULL) return render_job(r, job);
    if (r->op->handler != NULL && !r->op->handler_first) return r->op->handler(r);
    const char *version = resource_bytes(&out, r->row);
    reply_resource(r, &out, version);
    if (r->new_id == NULL || !r->op->tells_location) return OK;
    r->key[KEY_LOCATION] = arena_print(r->arena, "%s/%s", r->op->path, r->new_id);
    reply_header(r, "Location", r->key[KEY_LOCATION]);
    return OK;
}

/* An answer that was made but whose commit did not take place is taken back, too. */
void req_take_back(struct req *r)
{
    clean_free(r->reply->body);
    *r->reply = (struct reply){.head = r->reply->head};
}

/* Whose keys these are: the account's, the machine's or the link's. */
static const char *key_owner(const struct req *r)
{
    if (r->facts[FACT_LINK] != NULL) return r->facts[FACT_LINK];
    return r->actor.client[0] == '\0' ? r->actor.account : r->actor.client;
}

/* The answer as it is kept under its key; what it shows may be personal, so it is sealed. */
static const struct query *kept_answer(struct req *r, struct query *keep)
{
    if (r->key[KEY_KEY] == NULL) return NULL;
    r->key[KEY_STATUS] = arena_print(r->arena, "%d", r->reply->status);
    if (r->reply->body != NULL)
        r->key[KEY_BODY] = seal_bytes(r->arena, key_owner(r), r->reply->body, r->reply->body_size);
    *keep = (struct query){.statement = road_key_keep.statement, .values = bind_values(r, &road_key_keep)};
    return keep;
}

static fail_t write_once(struct req *r, struct segment *s, bool *lost)
{
    struct db *db;
    struct query keep;
    TRY(db_take(r->actor.role, &db));
    fail_t begun = db_begin(db, s->queries, s->count, &s->answers);
    if (begun != OK) {
        *lost = s->answers.lost;
        return begun;
    }
    fail_t judged = judge(r, s);
    if (judged == OK) judged = render(r, s);
    if (judged != OK) {
        fail_t ended = db_end(db, false, NULL, lost);
        *lost = false;
        return ended == OK ? judged : ended;
    }
    fail_t ended = db_end(db, true, kept_answer(r, &keep), lost);
    if (ended != OK) req_take_back(r);
    *lost = *lost && r->key[KEY_KEY] != NULL; /* without a key nobody can tell whether it took place */
    return ended;
}

/* The stored answer again, bytes and headers as they were. */
static fail_t reply_kept(struct req *r, const PGresult *kept)
{
    size_t size = 0;
    struct buffer out = {0};
    const char *sealed = row_text(kept, 0, "body"), *etag = row_text(kept, 0, "etag"),
               *location = row_text(kept, 0, "location");
    const char *bytes = sealed == NULL ? NULL : unseal_bytes(r->arena, key_owner(r), sealed, &size);
    if (sealed != NULL && bytes == NULL) return INTERNAL_ERROR;
    if (bytes != NULL) {
        buffer_add(&out, bytes, size);
        reply_body(r, &out);
    }
    r->reply->status = (int)strtol(row_text(kept, 0, "status"), NULL, 10);
    if (etag != NULL) reply_header(r, "ETag", arena_print(r->arena, "%s", etag));
    if (location != NULL) reply_header(r, "Location", arena_print(r->arena, "%s", location));
    if (r->reply->status == 202) reply_header(r, "Retry-After", JOB_RETRY_S);
    reply_header(r, "Idempotency-Replayed", "true");
    metrics_add(METRIC_REPLAYS);
    return OK;
}

/* The answer that was given to this key before; NOT_FOUND when its owner gave up and the work is ours after all. */
static fail_t replay(struct req *r)
{
    struct segment s = {0};
    struct db *db;
    add(r, &s, &road_facts);
    add(r, &s, &road_key_get);
    TRY(db_take(r->actor.role, &db));
    fail_t outcome = db_run(db, s.queries, s.count, &s.answers);
    const PGresult *kept = s.answers.results[1];
    if (outcome == OK && PQntuples(kept) == 0) outcome = NOT_FOUND;
    if (outcome == OK && strcmp(row_text(kept, 0, "fingerprint"), r->key[KEY_FINGERPRINT]) != 0)
        outcome = IDEMPOTENCY_KEY_REUSED;
    if (outcome == OK) outcome = reply_kept(r, kept);
    db_clear(&s.answers);
    return outcome;
}

/* 10 to 200 ms, longer with each try, so that two who collide do not collide again. */
static void pause_before(int attempt)
{
    int64_t ms = (int64_t)attempt * PAUSE_STEP_MS * 2 + (int64_t)randombytes_uniform(PAUSE_STEP_MS * 10);
    struct timespec t = {.tv_nsec = ms * 1000000};
    nanosleep(&t, NULL);
}

/* A link that finds its document moved on lost a race or came late: asked once more, the facts say that it is spent. */
static bool link_came_late(const struct req *r, fail_t outcome)
{
    return r->facts[FACT_LINK] != NULL && (outcome == WRONG_STATE || outcome == VERSION_MISMATCH);
}

/* Serialisation failures and plans that a migration made old are tried to the end, lock waits once more, a lost
 * connection once where that is safe. */
static bool again(const struct req *r, const struct segment *s, fail_t outcome, bool lost, int attempt)
{
    if (attempt >= ATTEMPTS_MAX || !db_request_has_time()) return false;
    if (link_came_late(r, outcome)) return attempt == 1;
    if (plan_outdated(&s->answers)) return true;
    if (lost) return attempt == 1;
    if (outcome != CONCURRENT_CHANGE || s->answers.failed < 0) return false;
    const char *state = sqlstate_of(s->answers.results[s->answers.failed]);
    return strcmp(state, "55P03") != 0 || attempt == 1;
}

static bool claimed_before(const struct segment *s)
{
    return s->claim >= 0 && s->answers.failed == s->claim &&
           strcmp(sqlstate_of(s->answers.results[s->claim]), "23505") == 0;
}

static fail_t write_until_done(struct req *r)
{
    for (int attempt = 1;; attempt++) {
        struct segment s;
        bool lost = false;
        prepare_segment(r, &s);
        fail_t outcome = write_once(r, &s, &lost);
        bool replays = outcome != OK && claimed_before(&s);
        bool repeats = outcome != OK && !replays && again(r, &s, outcome, lost, attempt);
        db_clear(&s.answers);
        if (replays) outcome = replay(r);
        bool given_up = replays && outcome == NOT_FOUND;
        if (given_up) outcome = IDEMPOTENCY_IN_PROGRESS; /* whoever had the key did not keep it */
        repeats |= given_up && attempt < ATTEMPTS_MAX && db_request_has_time();
        if (outcome == CONCURRENT_CHANGE || outcome == IDEMPOTENCY_IN_PROGRESS) r->retry_after_s = 1;
        if (!repeats) return outcome;
        r->broken_count = 0;
        r->retry_after_s = 0;
        r->problem_members = NULL;
        pause_before(attempt);
    }
}

/* A create whose own id is taken says so, where the caller may see the record. */
fail_t req_write(struct req *r)
{
    fail_t outcome = write_until_done(r);
    bool own_id = outcome == DUPLICATE && r->broken_count == 1 && r->broken[0].pointer != NULL &&
                  strcmp(r->broken[0].pointer, "#/id") == 0;
    if (!own_id || r->op->get.statement == NULL) return outcome;
    struct segment s = {0};
    struct db *db;
    add(r, &s, &road_facts);
    add(r, &s, &r->op->get);
    TRY(db_take(r->actor.role, &db));
    if (db_run(db, s.queries, s.count, &s.answers) == OK && PQntuples(s.answers.results[1]) > 0)
        r->conflict_id = r->new_id;
    db_clear(&s.answers);
    return outcome;
}

const char *body_text(const struct req *r, const char *member)
{
    return json_string_value(json_object_get(r->body, member));
}

static fail_t run_once(enum db_role role, const struct query *q, struct answers *a)
{
    struct db *db;
    TRY(db_take(role, &db));
    return db_run(db, q, 1, a);
}

fail_t req_run(struct req *r, enum db_role role, const char *statement, const char *const *values, PGresult **result)
{
    struct answers a = {.failed = -1};
    const struct query q = {.statement = statement_find(statement), .values = values};
    if (q.statement == NULL) return INTERNAL_ERROR;
    db_forget_ended(role);
    fail_t outcome = run_once(role, &q, &a);
    for (int attempt = 1; outcome != OK && attempt < ATTEMPTS_MAX && plan_outdated(&a); attempt++) {
        db_clear(&a);
        outcome = run_once(role, &q, &a);
    }
    if (outcome != OK && a.failed == 0) outcome = refused_by_database(r, a.results[0]);
    *result = outcome == OK ? a.results[0] : NULL;
    if (outcome == OK) a.results[0] = NULL;
    db_clear(&a);
    return outcome;
}

fail_t answer(struct req *r)
{
    db_request_begins();
    bool first = r->op->handler_first || r->op->act.statement == NULL;
    if (r->op->handler != NULL && first) return r->op->handler(r);
    if (strcmp(r->op->method, "GET") == 0) return read_and_answer(r);
    return req_write(r);
}
