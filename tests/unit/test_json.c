/* Bodies as the road reads them: the guard's scan first, then jansson, which refuses duplicate members. The documents
 * stand at the borders where parsers differ. */
#include "check.h"
#include "guard.h"

#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

static bool accepted(const char *body, size_t size)
{
    json_error_t error;
    if (guard_json(body, size) != OK) return false;
    json_t *j = json_loadb(body, size, JSON_REJECT_DUPLICATES, &error);
    json_decref(j);
    return j != NULL;
}

static void check_all(const char *const *list, bool wanted)
{
    for (; *list != NULL; list++) {
        bool is = accepted(*list, strlen(*list));
        CHECK(is == wanted);
        if (is != wanted) printf("    %s\n", *list);
    }
}

static void what_is_json_is_read(void)
{
    static const char *const list[] = {"{}",
                                       " {} ",
                                       "[]",
                                       "{\"a\":1}",
                                       "{\"a\":-0}",
                                       "{\"a\":0.5e-3}",
                                       "{\"a\":1E2}",
                                       "{\"a\":9223372036854775807}",
                                       "{\"a\":-9223372036854775808}",
                                       "{\"a\":9007199254740991}",
                                       "{\"a\":1.0}",
                                       "{\"a\":1e308}",
                                       "{\"a\":null,\"b\":true}",
                                       "{\"a\":\"\\ud83d\\ude00\"}",
                                       "{\"a\":\"\\u0041\"}",
                                       "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}",
                                       "{\"a\":\"特派\"}",
                                       "{\"a\":\"\xf4\x8f\xbf\xbf\"}",
                                       "{\"\":0}",
                                       "{\"a\":{\"a\":1}}",
                                       "\t\r\n {\"a\" : [ 1 , 2 ] }\n",
                                       "{\"a\":\"[[[[{{{{\"}",
                                       NULL};
    check_all(list, true);
}

static void what_is_not_is_refused(void)
{
    static const char *const list[] = {"",
                                       " ",
                                       "{",
                                       "}",
                                       "[1,]",
                                       "{\"a\":1,}",
                                       "{a:1}",
                                       "{'a':1}",
                                       "{\"a\" 1}",
                                       "{\"a\":}",
                                       "{\"a\":1}x",
                                       "{}{}",
                                       "{},",
                                       "// {}",
                                       "{/* */}",
                                       "{\"a\":01}",
                                       "{\"a\":+1}",
                                       "{\"a\":.5}",
                                       "{\"a\":5.}",
                                       "{\"a\":1e}",
                                       "{\"a\":0x10}",
                                       "{\"a\":NaN}",
                                       "{\"a\":Infinity}",
                                       "{\"a\":-}",
                                       "{\"a\":True}",
                                       "{\"a\":nul}",
                                       "{\"a\":9223372036854775808}",
                                       "{\"a\":1e400}",
                                       "{\"a\":\"\\ud83d\"}",
                                       "{\"a\":\"\\ude00\"}",
                                       "{\"a\":\"\\ude00\\ud83d\"}",
                                       "{\"a\":\"\\u00\"}",
                                       "{\"a\":\"\\x41\"}",
                                       "{\"a\":\"\\u0000\"}",
                                       "{\"a\\u0000\":1}",
                                       "{\"a\":\"\n\"}",
                                       "{\"a\":\"\t\"}",
                                       "{\"a\":\"x}",
                                       "{\"a\":1,\"a\":2}",
                                       "{\"a\":1,\"\\u0061\":2}",
                                       "{\"b\":{\"a\":1,\"a\":1}}",
                                       "\xef\xbb\xbf{}",
                                       "{\"a\":\"\xff\"}",
                                       "{\"a\":\"\xc0\x80\"}",
                                       "{\"a\":\"\xc1\xbf\"}",
                                       "{\"a\":\"\xe0\x80\xaf\"}",
                                       "{\"a\":\"\xed\xa0\x80\"}",
                                       "{\"a\":\"\xf0\x80\x80\xaf\"}",
                                       "{\"a\":\"\xf4\x90\x80\x80\"}",
                                       "{\"a\":\"\xe7\x89\"}",
                                       "{\"a\":\"\x80\"}",
                                       NULL};
    check_all(list, false);
}

/* Where a C string would end and the bytes go on. */
static void a_nul_byte_is_refused_anywhere(void)
{
    static const char after_number[] = "{\"a\":1\0}", in_text[] = "{\"a\":\"x\0y\"}", at_end[] = "{\"a\":1}\0",
                      bare_number[] = "1\0";
    CHECK(!accepted(after_number, sizeof after_number - 1));
    CHECK(!accepted(in_text, sizeof in_text - 1));
    CHECK(!accepted(at_end, sizeof at_end - 1));
    CHECK(!accepted(bare_number, sizeof bare_number - 1));
}

static bool accepted_at(size_t depth, const char *open, const char *close)
{
    size_t open_size = strlen(open), size = depth * (open_size + 1);
    char *body = malloc(size + 2);
    for (size_t i = 0; i < depth; i++) {
        memcpy(body + i * open_size, open, open_size);
        body[depth * open_size + i] = close[0];
    }
    bool is = accepted(body, size);
    free(body);
    return is;
}

/* On a stack as small as a request thread has. */
static void *go_deep(void *unused)
{
    static const size_t too_deep[] = {33, 34, 2047, 2048, 2049, 100000};
    CHECK(accepted_at(31, "[", "]") && accepted_at(32, "[", "]"));
    for (size_t i = 0; i < sizeof too_deep / sizeof too_deep[0]; i++) {
        CHECK(!accepted_at(too_deep[i], "[", "]"));
        CHECK(!accepted_at(too_deep[i], "{\"a\":", "}"));
    }
    return unused;
}

static void depth_is_bounded(void)
{
    pthread_t thread;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 2 << 20);
    CHECK(pthread_create(&thread, &small, go_deep, NULL) == 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&small);
}

int main(void)
{
    RUN(what_is_json_is_read);
    RUN(what_is_not_is_refused);
    RUN(a_nul_byte_is_refused_anywhere);
    RUN(depth_is_bounded);
    return REPORT();
}
