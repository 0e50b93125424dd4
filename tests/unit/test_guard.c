/* The guard on requests built here; over a socket tests/faults/framing.py asks the same and more. */
#include "guard.h"

#include "check.h"

#include <stdlib.h>

static struct arena *arena;
static struct asked asked;
static struct faults faults;

static struct wire wire_of(const char *method, const char *target)
{
    struct wire w = {.method = method, .target = target, .version = "HTTP/1.1", .peer = "127.0.0.1"};
    w.headers[w.header_count++] = (struct header){"Host", "a", 4, 1};
    return w;
}

static void add(struct wire *w, const char *name, const char *value)
{
    w->headers[w->header_count++] = (struct header){name, value, strlen(name), strlen(value)};
}

static fail_t judge(const struct wire *w)
{
    arena_reset(arena);
    faults = (struct faults){.arena = arena};
    return guard(w, &asked, &faults, arena);
}

static fail_t judge_target(const char *target)
{
    struct wire w = wire_of("GET", target);
    return judge(&w);
}

static fail_t judge_header(const char *name, const char *value)
{
    struct wire w = wire_of("GET", "/");
    add(&w, name, value);
    return judge(&w);
}

static fail_t judge_host(const char *host)
{
    struct wire w = wire_of("GET", "/");
    w.headers[0] = (struct header){"Host", host, 4, strlen(host)};
    return judge(&w);
}

static bool names(enum place place, enum fault_kind kind, const char *where)
{
    if (faults.count != 1) return false;
    const struct fault *f = &faults.list[0];
    return f->place == place && f->kind == kind && strcmp(f->where, where) == 0;
}

static void methods(void)
{
    static const char *const ours[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    static const char *const others[] = {"get", "Get", "", "TRACE", "CONNECT", "GETS", "GE", "BREW"};
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        struct wire w = wire_of(ours[i], "/");
        CHECK(judge(&w) == OK);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct wire w = wire_of(others[i], "/");
        CHECK(judge(&w) == METHOD_NOT_ALLOWED);
    }
}

static void versions(void)
{
    static const char *const wrong[] = {"HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "http/1.1", "HTTP/1.10", "", "HTTP/1"};
    struct wire w = wire_of("GET", "/");
    w.version = "HTTP/1.0";
    CHECK(judge(&w) == OK);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        w.version = wrong[i];
        CHECK(judge(&w) == MALFORMED_REQUEST);
    }
}

static void paths(void)
{
    static const char *const plain[] = {"/", "/v1/x", "/v1/x/", "/a.b/..c/.d", "/-_~!$&'()*+,=:@", "/v1?"};
    static const char *const wrong[] = {"",       "x",     "*",     "http://a/", "//",   "/a//b", "/.",   "/..",
                                        "/a/./b", "/a/..", "/a;b",  "/%61",      "/%00", "/a b",  "/a#b", "/\xe4",
                                        "/\x7f",  "/a\tb", "/a\\b", "/\"",       "/<",   "?a=1",  "/a|b", "/{a}"};
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) CHECK(judge_target(plain[i]) == OK);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) CHECK(judge_target(wrong[i]) == MALFORMED_REQUEST);
    CHECK(judge_target("/v1/units?x=/%2F") == OK);
    CHECK(asked.path_size == 9 && memcmp(asked.path, "/v1/units", 9) == 0);
}

static void queries(void)
{
    CHECK(judge_target("/?a=1&b=%E4%B8%AD%e6%96%87&c&d=&e==%3D&f=+08:00") == OK);
    CHECK(asked.parameter_count == 6);
    CHECK_TEXT(asked.parameters[1].name, "b");
    CHECK_TEXT(asked.parameters[1].value, "中文");
    CHECK_TEXT(asked.parameters[2].value, "");
    CHECK_TEXT(asked.parameters[3].value, "");
    CHECK_TEXT(asked.parameters[4].value, "==");
    CHECK_TEXT(asked.parameters[5].value, "+08:00");
    CHECK(judge_target("/?%61%62=x") == OK);
    CHECK_TEXT(asked.parameters[0].name, "ab");
}

static void wrong_queries(void)
{
    static const char *const wrong[] = {"/?=1",
                                        "/?&",
                                        "/?a=1&",
                                        "/?a=1&&b=2",
                                        "/?a=%",
                                        "/?a=%2",
                                        "/?a=%zz",
                                        "/?a=%2z",
                                        "/?a=%00",
                                        "/?a=%0A",
                                        "/?a=%1F",
                                        "/?a=%7F",
                                        "/?a=%FF",
                                        "/?a=%C0%80",
                                        "/?a=%C1%BF",
                                        "/?a=%E0%80%80",
                                        "/?a=%ED%A0%80",
                                        "/?a=%E4%B8",
                                        "/?a=%80",
                                        "/?a=%F4%90%80%80",
                                        "/?a=%F0%80%80%80",
                                        "/?%00=1",
                                        "/?%=1",
                                        "/?a=1#b",
                                        "/?a= b",
                                        "/?a=\xe4\xb8\xad",
                                        "/?a=%F5%80%80%80"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) CHECK(judge_target(wrong[i]) == MALFORMED_REQUEST);
    CHECK(judge_target("/?a=%zz") == MALFORMED_REQUEST && names(PLACE_PARAMETER, FAULT_FORMAT, "a"));
    CHECK(judge_target("/?id=1&x=2&id=1") == MALFORMED_REQUEST && names(PLACE_PARAMETER, FAULT_NOT_UNIQUE, "id"));
    CHECK(judge_target("/?id=1&%69d=2") == MALFORMED_REQUEST && names(PLACE_PARAMETER, FAULT_NOT_UNIQUE, "id"));
}

static void characters(void)
{
    CHECK(judge_target("/?a=%C2%80%DF%BF%E0%A0%80%ED%9F%BF%EE%80%80%EF%BF%BF%F0%90%80%80%F4%8F%BF%BF") == OK);
    CHECK(strlen(asked.parameters[0].value) == 24);
}

static void parameter_count(void)
{
    char target[600] = "/?";
    for (int i = 0; i < PARAMETERS_MAX; i++) {
        char pair[32];
        snprintf(pair, sizeof pair, "%sp%d=%d", i == 0 ? "" : "&", i, i);
        strncat(target, pair, sizeof target - strlen(target) - 1);
    }
    CHECK(judge_target(target) == OK && asked.parameter_count == PARAMETERS_MAX);
    strncat(target, "&one=more", sizeof target - strlen(target) - 1);
    CHECK(judge_target(target) == MALFORMED_REQUEST);
}

static void hosts(void)
{
    static const char *const right[] = {"a", "a.example", "a:80", "127.0.0.1:8080", "[::1]", "[::1]:8080", " a ", "a:"};
    static const char *const wrong[] = {"",     " ",  "a b", "a,b", "a/b",     "u@a",     "a:b", "a:123456",
                                        "[::1", "[]", "[x]", ":80", "a:80:80", "[::1]80", "a%41"};
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) CHECK(judge_host(right[i]) == OK);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) CHECK(judge_host(wrong[i]) == MALFORMED_REQUEST);
    struct wire w = wire_of("GET", "/");
    w.header_count = 0;
    CHECK(judge(&w) == MALFORMED_REQUEST && names(PLACE_HEADER, FAULT_REQUIRED, "host"));
    w.version = "HTTP/1.0";
    CHECK(judge(&w) == OK);
}

static void single_headers(void)
{
    static const char *const singles[] = {"authorization", "Capability-Token", "CONTENT-DIGEST", "content-encoding",
                                          "content-type",  "expect",           "host",           "idempotency-key",
                                          "if-match",      "if-none-match",    "origin",         "x-real-ip",
                                          "traceparent",   "transfer-encoding"};
    for (size_t i = 0; i < sizeof singles / sizeof singles[0]; i++) {
        struct wire w = wire_of("GET", "/");
        add(&w, singles[i], "100-continue");
        add(&w, singles[i], "100-continue");
        CHECK(judge(&w) == MALFORMED_REQUEST);
        CHECK(faults.count == 1 && faults.list[0].kind == FAULT_NOT_UNIQUE);
    }
    struct wire w = wire_of("GET", "/");
    add(&w, "Accept-Language", "en");
    add(&w, "Accept-Language", "zh");
    add(&w, "Accept", "a/b");
    add(&w, "Accept", "c/d");
    CHECK(judge(&w) == OK);
    CHECK_TEXT(asked.accept_language, "en");
}

static void values(void)
{
    struct wire w = wire_of("GET", "/");
    add(&w, "AUTHORIZATION", "Bearer x");
    add(&w, "if-Match", "  \"3\"\t ");
    CHECK(judge(&w) == OK);
    CHECK_TEXT(asked.authorization, "Bearer x");
    CHECK_TEXT(asked.if_match, "\"3\"");
    CHECK_TEXT(asked.content_type, NULL);
    CHECK(judge_header("X", "a\tb\xe4") == OK);
    CHECK(judge_header("X", "a\rb") == MALFORMED_REQUEST);
    CHECK(judge_header("X", "a\nb") == MALFORMED_REQUEST);
    CHECK(judge_header("X", "\x1b") == MALFORMED_REQUEST);
    CHECK(judge_header("X", "\x7f") == MALFORMED_REQUEST);
    w.headers[1] = (struct header){"X", "a\0b", 1, 3};
    CHECK(judge(&w) == MALFORMED_REQUEST);
}

static void header_names(void)
{
    static const char *const wrong[] = {"", "A ", " A", "A B", "A\t", "A(", "A\x80", "A\x01", "A/B", "\"A\"", "A:"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) CHECK(judge_header(wrong[i], "x") == MALFORMED_REQUEST);
    CHECK(judge_header("!#$%&'*+-.^_`|~09azAZ", "x") == OK);
    struct wire w = wire_of("GET", "/");
    w.headers[w.header_count++] = (struct header){"A\0B", "x", 3, 1};
    CHECK(judge(&w) == MALFORMED_REQUEST);
}

static fail_t judge_body(const char *name, const char *value, const char *other, const char *other_value, size_t size)
{
    struct wire w = wire_of("POST", "/");
    w.body = "12345678";
    w.body_size = size;
    if (name != NULL) add(&w, name, value);
    if (other != NULL) add(&w, other, other_value);
    return judge(&w);
}

static void framing(void)
{
    CHECK(judge_body("Content-Length", "5", NULL, NULL, 5) == OK);
    CHECK(judge_body("Content-Length", " 5\t", NULL, NULL, 5) == OK);
    CHECK(judge_body("Content-Length", "05", NULL, NULL, 5) == OK);
    CHECK(judge_body("Transfer-Encoding", "chunked", NULL, NULL, 5) == OK);
    CHECK(judge_body(NULL, NULL, NULL, NULL, 0) == OK);
    CHECK(judge_body(NULL, NULL, NULL, NULL, 5) == MALFORMED_REQUEST);
    CHECK(judge_body("Content-Length", "4", NULL, NULL, 5) == MALFORMED_REQUEST);
    CHECK(judge_body("Content-Length", "5", "Content-Length", "5", 5) == MALFORMED_REQUEST);
    CHECK(judge_body("Content-Length", "5", "Transfer-Encoding", "chunked", 5) == MALFORMED_REQUEST);
    CHECK(judge_body("Transfer-Encoding", "chunked", "content-length", "5", 5) == MALFORMED_REQUEST);
    static const char *const lengths[] = {"", "+5", "-5", "5x", "0x5", "5,5", "5 5", "5.0"};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        CHECK(judge_body("Content-Length", lengths[i], NULL, NULL, 5) == MALFORMED_REQUEST);
    static const char *const codings[] = {"", "Chunked", "identity", "gzip, chunked", "chunked, chunked", "chunked;a"};
    for (size_t i = 0; i < sizeof codings / sizeof codings[0]; i++)
        CHECK(judge_body("Transfer-Encoding", codings[i], NULL, NULL, 5) == MALFORMED_REQUEST);
    struct wire w = wire_of("POST", "/");
    add(&w, "Transfer-Encoding", "chunked");
    w.version = "HTTP/1.0";
    CHECK(judge(&w) == MALFORMED_REQUEST);
}

static void body_limit(void)
{
    char number[32];
    snprintf(number, sizeof number, "%zu", BODY_MAX);
    CHECK(judge_body("Content-Length", number, NULL, NULL, BODY_MAX) == OK);
    snprintf(number, sizeof number, "%zu", BODY_MAX + 1);
    CHECK(judge_body("Content-Length", number, NULL, NULL, BODY_MAX + 1) == BODY_TOO_LARGE);
    CHECK(judge_body("Content-Length", "99999999999999999999999999", NULL, NULL, BODY_MAX + 1) == BODY_TOO_LARGE);
    CHECK(judge_body("Content-Length", "200000", NULL, NULL, 100001) == BODY_TOO_LARGE);
    CHECK(judge_body("Transfer-Encoding", "chunked", NULL, NULL, BODY_MAX) == OK);
    CHECK(judge_body("Transfer-Encoding", "chunked", NULL, NULL, BODY_MAX + 1) == BODY_TOO_LARGE);
}

static char *filled(size_t size, char first)
{
    char *text = malloc(size + 1);
    if (text == NULL) abort();
    memset(text, 'x', size);
    if (size > 0) text[0] = first;
    text[size] = '\0';
    return text;
}

static void target_limit(void)
{
    for (size_t size = 8191; size <= 8193; size++) {
        char *target = filled(size, '/');
        CHECK(judge_target(target) == (size <= 8192 ? OK : URI_TOO_LONG));
        free(target);
    }
}

/* "GET / HTTP/1.1" CRLF, "Host: a" CRLF, "X: " value CRLF, CRLF. */
static void header_limits(void)
{
    for (size_t size = 16383; size <= 16385; size++) {
        struct wire w = wire_of("GET", "/");
        char *value = filled(size - 16, 'x');
        add(&w, "X", value);
        CHECK(judge(&w) == (size <= 16384 ? OK : HEADERS_TOO_LARGE));
        w.header_size = 16 + size;
        CHECK(judge(&w) == (size <= 16384 ? OK : HEADERS_TOO_LARGE));
        free(value);
    }
    struct wire w = wire_of("GET", "/");
    while (w.header_count < WIRE_HEADERS_MAX) add(&w, "X", "");
    CHECK(judge(&w) == OK);
    w.header_count++;
    CHECK(judge(&w) == HEADERS_TOO_LARGE);
}

static void size_rule(void)
{
    struct wire w = wire_of("GET", "/");
    w.header_size = 16 + 9 + 2;
    CHECK(judge(&w) == OK);
    w.header_size++;
    CHECK(judge(&w) == MALFORMED_REQUEST);
    w.header_size -= 2;
    CHECK(judge(&w) == MALFORMED_REQUEST);
    w.header_size = 3;
    CHECK(judge(&w) == MALFORMED_REQUEST);
}

static void other_headers(void)
{
    CHECK(judge_header("Expect", "100-continue") == OK);
    CHECK(judge_header("Expect", "100-Continue") == OK);
    CHECK(judge_header("Expect", "200-ok") == MALFORMED_REQUEST && names(PLACE_HEADER, FAULT_ENUM, "expect"));
    struct wire w = wire_of("GET", "/");
    add(&w, "Authorization", "a");
    add(&w, "Capability-Token", "b");
    CHECK(judge(&w) == MALFORMED_REQUEST && names(PLACE_HEADER, FAULT_NOT_ALLOWED, "capability-token"));
}

static fail_t judge_depth(int depth)
{
    char text[200];
    memset(text, '[', (size_t)depth);
    memset(text + depth, ']', (size_t)depth);
    return guard_json(text, 2 * (size_t)depth);
}

static void json(void)
{
    CHECK(guard_json(NULL, 0) == OK);
    CHECK(guard_json("1\0", 2) == MALFORMED_JSON);
    CHECK(judge_depth(32) == OK);
    CHECK(judge_depth(33) == MALFORMED_JSON);
    const char *brackets = "\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"";
    CHECK(guard_json(brackets, strlen(brackets)) == OK);
    const char *escaped = "[\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\\\", [1]]";
    CHECK(guard_json(escaped, strlen(escaped)) == OK);
    const char *closed = "[\"\\\\\", [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[";
    CHECK(guard_json(closed, strlen(closed)) == MALFORMED_JSON);
    const char *wide =
        "[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]";
    CHECK(guard_json(wide, strlen(wide)) == OK);
    CHECK(guard_json("]]]]\"\\", 6) == OK);
}

int main(void)
{
    arena = arena_new();
    RUN(methods);
    RUN(versions);
    RUN(paths);
    RUN(queries);
    RUN(wrong_queries);
    RUN(characters);
    RUN(parameter_count);
    RUN(hosts);
    RUN(single_headers);
    RUN(values);
    RUN(header_names);
    RUN(framing);
    RUN(body_limit);
    RUN(target_limit);
    RUN(header_limits);
    RUN(size_rule);
    RUN(other_headers);
    RUN(json);
    arena_free(arena);
    return REPORT();
}
