/* Named statements become what PostgreSQL prepares: words are numbered, and a colon that is no word's stays. Values go
 * to PostgreSQL as C strings and would be cut at a NUL without a word, so none may pass the edges where they come in.
 */
#include "check.h"
#include "db.h"
#include "guard.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORD(n) ",:w" #n
#define FIVE(n) WORD(n##0) WORD(n##1) WORD(n##2) WORD(n##3) WORD(n##4)
#define SIXTY   FIVE(a) FIVE(b) FIVE(c) FIVE(d) FIVE(e) FIVE(f) FIVE(g) FIVE(h) FIVE(i) FIVE(j) FIVE(k) FIVE(l)

struct sql_text {
    const char *name, *room, *sql;
};
struct sql_text sql_statements[] = {
    {"words", "probe", "SELECT :one, :two_2, :one"},
    {"prefixes", "probe", "SELECT :id, :id_2, :i, :_x"},
    {"casts", "probe", "SELECT :one::uuid, now()::text, '1'::integer"},
    {"cast_list", "probe", "SELECT x FROM t WHERE s = ANY (:list::text[]) AND d < (:day)::date"},
    {"strings", "probe", "SELECT ':no', \":no\", 'it''s :no', :yes -- :no\n, :also"},
    {"quotes", "probe", "SELECT '', '\":no', \"':no\", '-- ', :yes, \"a\"\":no\", 1 - :two -- it's :no\n, :three"},
    {"slices", "probe", "SELECT a[1:2], a[b:c] FROM t WHERE x = :a"},
    {"colons", "probe", "SELECT a[:], a[1:], a[:2], 5 :: int, :A, ':'"},
    {"begins", "probe", ":first"},
    {"none", "probe", "SELECT 1"},
    {"comment", "probe", "SELECT :a -- :no"},
    {"changes", "probe", ""},
    {NULL, NULL, NULL},
};
const int sql_statement_count = 12;

static void check_statement(const char *name, const char *sql, int count, const char *const *words)
{
    const struct statement *s = statement_find(name);
    CHECK_TEXT(s->sql, sql);
    CHECK(s->word_count == count);
    for (int i = 0; i < count && i < s->word_count; i++) CHECK_TEXT(s->words[i], words[i]);
}

#define WORDS(...)                                                                                                     \
    (const char *const[])                                                                                              \
    {                                                                                                                  \
        __VA_ARGS__                                                                                                    \
    }

static void the_same_word_is_one_parameter(void)
{
    check_statement("words", "SELECT $1, $2, $1", 2, WORDS("one", "two_2"));
    check_statement("prefixes", "SELECT $1, $2, $3, $4", 4, WORDS("id", "id_2", "i", "_x"));
}

static void casts_keep_their_colons(void)
{
    check_statement("casts", "SELECT $1::uuid, now()::text, '1'::integer", 1, WORDS("one"));
    check_statement("cast_list", "SELECT x FROM t WHERE s = ANY ($1::text[]) AND d < ($2)::date", 2,
                    WORDS("list", "day"));
}

static void quotes_and_comments_hold_no_words(void)
{
    check_statement("strings", "SELECT ':no', \":no\", 'it''s :no', $1 -- :no\n, $2", 2, WORDS("yes", "also"));
    check_statement("quotes", "SELECT '', '\":no', \"':no\", '-- ', $1, \"a\"\":no\", 1 - $2 -- it's :no\n, $3", 3,
                    WORDS("yes", "two", "three"));
    check_statement("comment", "SELECT $1 -- :no", 1, WORDS("a"));
}

static void slices_keep_their_colons(void)
{
    check_statement("slices", "SELECT a[1:2], a[b:c] FROM t WHERE x = $1", 1, WORDS("a"));
    check_statement("colons", "SELECT a[:], a[1:], a[:2], 5 :: int, :A, ':'", 0, NULL);
}

static void any_place_will_do(void)
{
    check_statement("begins", "$1", 1, WORDS("first"));
    check_statement("none", "SELECT 1", 0, NULL);
    CHECK(statement_find("nothing") == NULL);
    CHECK(statement_at(sql_statement_count) == NULL);
    CHECK_TEXT(statement_at(0)->name, "words");
}

/* Loads with another text for the statement "changes", in a process of its own; gives what was logged. */
static bool loads(const char *sql, char *said, size_t room)
{
    int ends[2], status = 1;
    if (pipe(ends) != 0) abort();
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        sql_statements[sql_statement_count - 1].sql = sql;
        _exit(statements_load() ? 0 : 1);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], said, room - 1);
    said[got > 0 ? got : 0] = '\0';
    close(ends[0]);
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The limits: 64 words, 16 KiB. Beyond them the start ends and says where. */
static void too_much_stops_the_start(void)
{
    static const char words_64[] = SIXTY ",:a,:b,:c,:d";
    static const char words_65[] = SIXTY ",:a,:b,:c,:d,:e";
    static char text[20001], quoted[20001];
    char said[1024];
    memset(text, ' ', sizeof text - 1);
    memset(quoted, '\'', 1);
    memset(quoted + 1, 'x', sizeof quoted - 2);
    CHECK(loads(words_64, said, sizeof said));
    CHECK_TEXT(said, "");
    CHECK(!loads(words_65, said, sizeof said));
    CHECK(strstr(said, "statement_malformed") != NULL && strstr(said, "\"changes\"") != NULL);
    CHECK(!loads(text, said, sizeof said) && strstr(said, "statement_malformed") != NULL);
    CHECK(!loads(quoted, said, sizeof said) && strstr(said, "statement_malformed") != NULL);
    text[16000] = '\0';
    CHECK(loads(text, said, sizeof said));
}

static struct arena *arena;
static struct asked asked;

static struct wire wire_of(const char *target)
{
    struct wire w = {.method = "GET", .target = target, .version = "HTTP/1.1", .peer = "127.0.0.1"};
    w.headers[w.header_count++] = (struct header){"Host", "a", 4, 1};
    return w;
}

static fail_t judge(const struct wire *w)
{
    struct faults faults = {.arena = arena};
    arena_reset(arena);
    return guard(w, &asked, &faults, arena);
}

static void no_nul_comes_by_the_target(void)
{
    static const char *const wrong[] = {"/%00",          "/v1/calls/%00", "/v1/calls/a%00b", "/?a=%00", "/?a=admin%00",
                                        "/?a=admin%00x", "/?a=%00admin",  "/?a=1&b=%00",     "/?%00=1", "/?a%00=1",
                                        "/?a=%C0%80",    "/?a=%E0%80%80", "/?a=%F0%80%80%80"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct wire w = wire_of(wrong[i]);
        CHECK(judge(&w) == MALFORMED_REQUEST);
    }
    /* Decoded once: an escaped percent sign before 00 is three harmless characters. */
    struct wire w = wire_of("/?a=%2500");
    CHECK(judge(&w) == OK);
    CHECK_TEXT(asked.parameters[0].value, "%00");
}

/* The library shows what stands before the NUL; only the count of raw bytes tells that there was more. */
static void no_nul_comes_by_the_request_line(void)
{
    static const char sent[] = "GET /?a=admin\0x HTTP/1.1\r\nHost: a\r\n\r\n";
    struct wire w = wire_of("/?a=admin");
    w.header_size = sizeof sent - 1;
    CHECK(judge(&w) == MALFORMED_REQUEST);
    w.header_size -= 2;
    CHECK(judge(&w) == OK);
}

static void no_nul_comes_by_a_header(void)
{
    static const struct header wrong[] = {{"Idempotency-Key", "admin\0x", 15, 7},
                                          {"Idempotency-Key", "admin\0", 15, 6},
                                          {"If-Match", "\0", 8, 1},
                                          {"Authorization", "Bearer a\0b", 13, 10},
                                          {"X-Any", "\0x", 5, 2},
                                          {"X-A\0ny", "x", 6, 1},
                                          {"\0", "x", 1, 1},
                                          {"Idempotency-Key\0", "x", 16, 1}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct wire w = wire_of("/");
        w.headers[w.header_count++] = wrong[i];
        CHECK(judge(&w) == MALFORMED_REQUEST);
    }
    struct wire w = wire_of("/");
    w.headers[w.header_count++] = (struct header){"Idempotency-Key", "admin", 15, 5};
    CHECK(judge(&w) == OK);
    CHECK_TEXT(asked.idempotency_key, "admin");
}

/* A body as the road reads it. */
static json_t *body_of(const char *bytes, size_t size)
{
    json_error_t error;
    return guard_json(bytes, size) == OK ? json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &error) : NULL;
}

#define BODY(text)                                                                                                     \
    {                                                                                                                  \
        text, sizeof text - 1                                                                                          \
    }

static void no_nul_comes_by_the_body(void)
{
    static const struct {
        const char *bytes;
        size_t size;
    } wrong[] = {BODY("{\"a\":\"admin\\u0000x\"}"),
                 BODY("{\"a\":\"admin\\u0000\"}"),
                 BODY("{\"a\":\"\\u0000\"}"),
                 BODY("{\"a\\u0000\":1}"),
                 BODY("{\"a\":[\"\\u0000\"]}"),
                 BODY("{\"a\":\"\\\\\\u0000\"}"),
                 BODY("{\"a\":\"admin\0x\"}"),
                 BODY("{\"a\0\":1}"),
                 BODY("{\"a\":1\0}"),
                 BODY("{\"a\":1}\0"),
                 BODY("\0{\"a\":1}"),
                 BODY("{\"a\":\"\xc0\x80\"}")};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        json_t *j = body_of(wrong[i].bytes, wrong[i].size);
        CHECK(j == NULL);
        json_decref(j);
    }
}

/* A backslash before \u0000 takes its meaning away; what is kept has the length that it seems to have. */
static void what_passes_is_not_cut(void)
{
    static const char body[] = "{\"a\":\"admin\\\\u0000x\",\"b\":\"\\u0001\\u0100\"}";
    json_t *j = body_of(body, sizeof body - 1);
    const char *member;
    const json_t *value;
    CHECK(j != NULL);
    json_object_foreach (j, member, value) CHECK(strlen(json_string_value(value)) == json_string_length(value));
    CHECK_TEXT(json_string_value(json_object_get(j, "a")), "admin\\u0000x");
    CHECK_TEXT(json_string_value(json_object_get(j, "b")), "\x01\xc4\x80");
    json_decref(j);
}

int main(void)
{
    RUN(too_much_stops_the_start);
    CHECK(statements_load());
    RUN(the_same_word_is_one_parameter);
    RUN(casts_keep_their_colons);
    RUN(quotes_and_comments_hold_no_words);
    RUN(slices_keep_their_colons);
    RUN(any_place_will_do);
    arena = arena_new();
    RUN(no_nul_comes_by_the_target);
    RUN(no_nul_comes_by_the_request_line);
    RUN(no_nul_comes_by_a_header);
    RUN(no_nul_comes_by_the_body);
    RUN(what_passes_is_not_cut);
    arena_free(arena);
    return REPORT();
}
