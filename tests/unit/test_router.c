/* The router: exactness, the words in braces, Allow, and that the last route costs no more than the first. */
#include "check.h"
#include "clock.h"
#include "router.h"

#include <stdint.h>
#include <stdlib.h>

static struct router *router;

/* The router only hands operations on, so any address will do for one. */
static const struct op *op(uintptr_t number)
{
    return (const struct op *)number;
}

static void add(const char *method, const char *path, uintptr_t number)
{
    CHECK(router_add(router, method, path, op(number)));
}

static void make(void)
{
    router = router_new();
    add("GET", "/v1/demands", 1);
    add("POST", "/v1/demands", 2);
    add("GET", "/v1/demands/{demand_id}", 3);
    add("PATCH", "/v1/demands/{demand_id}", 4);
    add("POST", "/v1/demands/{demand_id}/first-review", 5);
    add("GET", "/v1/demands/current", 6);
    add("POST", "/v1/demands/current/lines/{line_id}", 7);
    add("POST", "/v1/demands/{demand_id}/lines/{line_id}/parts/{part_no}", 8);
    add("GET", "/healthz", 9);
    CHECK(!router_add(router, "GET", "/healthz", op(10)));
    CHECK(!router_add(router, "GET", "/v1/demands/{other_id}", op(10)));
    CHECK(!router_add(router, "get", "/x", op(10)));
    CHECK(!router_add(router, "GET", "x", op(10)));
    CHECK(!router_add(router, "GET", "/{a}/{b}/{c}/{d}/{e}", op(10)));
    router_seal(router);
}

static struct route find(const char *method, const char *path)
{
    return router_find(router, method, path, strlen(path));
}

static void finds(const char *method, const char *path, uintptr_t number)
{
    if (find(method, path).op != op(number)) printf("%s %s\n", method, path);
    CHECK(find(method, path).op == op(number));
}

static void finds_each(void)
{
    finds("GET", "/v1/demands", 1);
    finds("POST", "/v1/demands", 2);
    finds("GET", "/v1/demands/x", 3);
    finds("PATCH", "/v1/demands/x", 4);
    finds("POST", "/v1/demands/x/first-review", 5);
    finds("GET", "/healthz", 9);
}

static void literal_wins(void)
{
    finds("GET", "/v1/demands/current", 6);
    CHECK(find("GET", "/v1/demands/current").word_count == 0);
    finds("GET", "/v1/demands/currents", 3);
    finds("POST", "/v1/demands/current/lines/7", 7);
}

/* "current" leads into the literal branch, which ends; the word is then tried as an id. */
static void literal_branch_gives_way(void)
{
    finds("POST", "/v1/demands/current/first-review", 5);
    struct route found = find("POST", "/v1/demands/current/lines/1/parts/2");
    CHECK(found.op == op(8));
    CHECK(found.word_count == 3);
}

static void is_word(struct slice word, const char *want)
{
    CHECK(word.size == strlen(want) && memcmp(word.at, want, word.size) == 0);
}

static void words_come_in_order(void)
{
    struct route found = find("POST", "/v1/demands/ab/lines/c/parts/12");
    CHECK(found.word_count == 3);
    is_word(found.words[0], "ab");
    is_word(found.words[1], "c");
    is_word(found.words[2], "12");
}

static void matching_is_exact(void)
{
    static const char *const wrong[] = {
        "",
        "/",
        "/v1",
        "/v1/",
        "/v1/demands/",
        "//v1/demands",
        "/v1//demands",
        "/V1/demands",
        "/v1/Demands",
        "/healthz/",
        "/v1/demands/x/",
        "healthz",
        "/v1/demands?x",
        "/v1/demands//first-review",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK(find("GET", wrong[i]).op == NULL);
        CHECK(find("GET", wrong[i]).allow == NULL);
    }
}

static void size_ends_the_path(void)
{
    CHECK(router_find(router, "GET", "/v1/demands/x?limit=1", 13).op == op(3));
    CHECK(router_find(router, "GET", "/v1/demands", 10).op == NULL);
}

static void allow_lists_methods(void)
{
    CHECK_TEXT(find("PUT", "/v1/demands").allow, "GET, HEAD, OPTIONS, POST");
    CHECK_TEXT(find("GET", "/v1/demands/x").allow, "GET, HEAD, OPTIONS, PATCH");
    CHECK_TEXT(find("GET", "/v1/demands/x/first-review").allow, "OPTIONS, POST");
    CHECK_TEXT(find("OPTIONS", "/healthz").allow, "GET, HEAD, OPTIONS");
}

static void methods_are_exact(void)
{
    finds("HEAD", "/v1/demands", 1);
    CHECK(find("HEAD", "/v1/demands/x/first-review").op == NULL);
    CHECK(find("OPTIONS", "/v1/demands").op == NULL);
    CHECK(find("get", "/v1/demands").op == NULL);
    CHECK(find("TRACE", "/v1/demands").op == NULL);
    CHECK(find("", "/v1/demands").op == NULL);
}

/* The least time of several rounds, in microseconds, for 20,000 look-ups. */
static int64_t cost(const struct router *r, const char *path)
{
    int64_t least = INT64_MAX;
    size_t size = strlen(path);
    for (int round = 0; round < 9; round++) {
        int64_t began = clock_us();
        for (int i = 0; i < 20000; i++)
            if (router_find(r, "GET", path, size).op == NULL) return INT64_MAX;
        int64_t took = clock_us() - began;
        if (took < least) least = took;
    }
    return least;
}

/* With 300 routes a list would make the last one some hundred times as dear as the first. */
static void last_route_costs_no_more(void)
{
    struct router *r = router_new();
    char path[64];
    for (int i = 0; i < 300; i++) {
        snprintf(path, sizeof path, "/v1/room-%03d/{room_id}/step", i);
        router_add(r, "GET", path, op(1));
    }
    router_seal(r);
    int64_t first = cost(r, "/v1/room-000/x/step"), last = cost(r, "/v1/room-299/x/step");
    CHECK(last < 2 * first);
    router_free(r);
}

int main(void)
{
    RUN(make);
    RUN(finds_each);
    RUN(literal_wins);
    RUN(literal_branch_gives_way);
    RUN(words_come_in_order);
    RUN(matching_is_exact);
    RUN(size_ends_the_path);
    RUN(allow_lists_methods);
    RUN(methods_are_exact);
    RUN(last_route_costs_no_more);
    router_free(router);
    return REPORT();
}
