/* Bodies as the road reads them: the guard's scan first, then jansson, which refuses duplicate members. The documents
 * stand at the borders where parsers differ: a front, a log and we must not read one body in two ways. */
#include "check.h"
#include "guard.h"

#include <jansson.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

/* Sanitizers make frames several times as large. */
#ifdef __SANITIZE_ADDRESS__
#define STACK_BYTES ((size_t)8 << 20)
#else
#define STACK_BYTES ((size_t)2 << 20)
#endif
#define PARSER_DEPTH_MAX 2048 /* of jansson, behind the guard's 32 */

struct document {
    const char *bytes;
    size_t size;
};

#define DOC(text)                                                                                                      \
    {                                                                                                                  \
        text, sizeof text - 1                                                                                          \
    }
#define IN(text)   DOC("{\"a\":" text "}")
#define TEXT(text) IN("\"" text "\"")
#define COUNT(of)  (sizeof(of) / sizeof(of)[0])

static const struct document accepted[] = {
    DOC("{}"),
    DOC(" {} "),
    DOC("\t\r\n {\"a\" : [ 1 , 2 ] }\n"),
    DOC("[]"),
    DOC("[[],{},\"\",0,true,false,null]"),
    DOC("{\"\":0}"),
    DOC("{\"a\":{\"a\":1}}"),
    DOC("{\"a\":1,\"A\":2}"),
    DOC("{\"a\":1,\"a \":2}"),
    DOC("{\"a\":null,\"b\":true,\"c\":false}"),
    DOC("[{\"a\":1},{\"a\":1}]"),
    DOC("{\"\\u0061\":1}"),
    DOC("{\"\xc3\xa9\":1,\"e\xcc\x81\":2}"), /* one look, two names: nothing is normalised */
    IN("0"),
    IN("-0"),
    IN("1"),
    IN("1.0"),
    IN("-0.0"),
    IN("1E2"),
    IN("1e+2"),
    IN("0.5e-3"),
    IN("50000.10"),
    IN("2147483648"),
    IN("9007199254740991"),
    IN("9007199254740993"),
    IN("9223372036854775807"),
    IN("-9223372036854775808"),
    IN("9223372036854775808.0"),
    IN("1e308"),
    IN("-1.7976931348623157e308"),
    TEXT(""),
    TEXT("\\\"\\\\\\/\\b\\f\\n\\r\\t"),
    TEXT("\\u0041"),
    TEXT("\\u0001\\u001f\\u007f"),
    TEXT("\x7f"),
    TEXT("\\\\u0000"),
    TEXT("\\ud83d\\ude00"),
    TEXT("\\uD83D\\uDE00"),
    TEXT("\\udbff\\udfff"),
    TEXT("\\ud7ff\\ue000"),
    TEXT("特派"),
    TEXT("\xc2\x80\xdf\xbf"),
    TEXT("\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80"),
    TEXT("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"),
    TEXT("\xef\xbb\xbf"),
    TEXT("[[[[{{{{[[[[{{{{[[[[{{{{[[[[{{{{[[[[{{{{"),
    TEXT("\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["),
    TEXT("// /* */"),
};

static const struct document refused[] = {
    /* cut short */
    DOC(""),
    DOC(" "),
    DOC("{"),
    DOC("["),
    DOC("\""),
    DOC("{\"a"),
    DOC("{\"a\""),
    DOC("{\"a\":"),
    DOC("{\"a\":1"),
    DOC("{\"a\":1,"),
    DOC("{\"a\":[1}"),
    DOC("{\"a\":\"x}"),
    DOC("{\"a\":\"x\\"),
    DOC("{\"a\":\"x\\\"}"),
    DOC("{\"a\":\"\\u12"),
    DOC("[1,2"),
    DOC("[{\"a\":1]"),
    /* no JSON */
    DOC("}"),
    DOC("[1,]"),
    DOC("[,1]"),
    DOC("[1 2]"),
    DOC("{\"a\":1,}"),
    DOC("{,}"),
    DOC("{a:1}"),
    DOC("{'a':1}"),
    DOC("{1:1}"),
    DOC("{\"a\" 1}"),
    DOC("{\"a\":}"),
    DOC("{\"a\",1}"),
    DOC("{\"a\"::1}"),
    DOC("// {}"),
    DOC("{/* */}"),
    DOC("{} // {}"),
    DOC("\v{}"),
    DOC("\f{}"),
    DOC("\xc2\xa0{}"),
    /* a value alone is no body */
    DOC("1"),
    DOC("\"a\""),
    DOC("null"),
    DOC("true"),
    /* bytes behind the end */
    DOC("{\"a\":1}x"),
    DOC("{}{}"),
    DOC("{},"),
    DOC("{}]"),
    DOC("{}\"a\""),
    DOC("{}\x80"),
    /* numbers */
    IN("01"),
    IN("-01"),
    IN("+1"),
    IN("--1"),
    IN(".5"),
    IN("-.5"),
    IN("5."),
    IN("1e"),
    IN("1e+"),
    IN("1.5e1.5"),
    IN("0x10"),
    IN("1_000"),
    IN("1 000"),
    IN("-"),
    IN("NaN"),
    IN("-NaN"),
    IN("nan"),
    IN("Infinity"),
    IN("-Infinity"),
    IN("inf"),
    IN("9223372036854775808"),
    IN("-9223372036854775809"),
    IN("100000000000000000000000000000"),
    IN("1e400"),
    IN("-1e400"),
    IN("1.8e308"),
    IN("\xef\xbc\x91"), /* a full-width 1 */
    /* words */
    IN("True"),
    IN("nul"),
    IN("nulll"),
    IN("undefined"),
    /* the same member twice */
    DOC("{\"a\":1,\"a\":2}"),
    DOC("{\"a\":1,\"a\":1}"),
    DOC("{\"a\":1,\"\\u0061\":2}"),
    DOC("{\"\\u0061\":1,\"a\":2}"),
    DOC("{\"\\u0061\":1,\"\\u0061\":2}"),
    DOC("{\"/\":1,\"\\/\":2}"),
    DOC("{\"\":1,\"\":2}"),
    DOC("{\"a\":1,\"b\":2,\"a\":3}"),
    DOC("{\"b\":{\"a\":1,\"a\":1}}"),
    DOC("[{\"a\":1,\"a\":1}]"),
    DOC("{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":2}"),
    /* escapes and surrogates */
    TEXT("\\x41"),
    TEXT("\\a"),
    TEXT("\\0"),
    TEXT("\\U0041"),
    TEXT("\\u00"),
    TEXT("\\u00g0"),
    TEXT("\\u 041"),
    TEXT("\\u0000"),
    TEXT("a\\u0000b"),
    DOC("{\"a\\u0000\":1}"),
    DOC("{\"a\\u0000b\":1,\"a\":2}"),
    TEXT("\\ud83d"),
    TEXT("\\ude00"),
    TEXT("\\ud83dx"),
    TEXT("\\ud83d\\u0041"),
    TEXT("\\ud83d\\ud83d"),
    TEXT("\\ude00\\ud83d"),
    TEXT("\\ud83d\\n"),
    DOC("{\"\\ud83d\":1}"),
    /* bytes in a string */
    TEXT("\n"),
    TEXT("\t"),
    TEXT("\r"),
    TEXT("\x01"),
    TEXT("\x1f"),
    TEXT("\xff"),
    TEXT("\xfe"),
    TEXT("\x80"),
    TEXT("\xc0\x80"),
    TEXT("\xc0\xaf"),
    TEXT("\xc1\xbf"),
    TEXT("\xc3"),
    TEXT("\xc3("),
    TEXT("\xe0\x80\xaf"),
    TEXT("\xe0\x9f\xbf"),
    TEXT("\xe7\x89"),
    TEXT("\xed\xa0\x80"),
    TEXT("\xed\xbf\xbf"),
    TEXT("\xed\xa0\xbd\xed\xb8\x80"),
    TEXT("\xf0\x80\x80\xaf"),
    TEXT("\xf0\x8f\xbf\xbf"),
    TEXT("\xf4\x90\x80\x80"),
    TEXT("\xf5\x80\x80\x80"),
    TEXT("\xf8\x88\x80\x80\x80"),
    DOC("{\"\xff\":1}"),
    /* other encodings */
    DOC("\xef\xbb\xbf{}"),
    DOC("\xef\xbb\xbf"),
    DOC("\xff\xfe{\0}\0"),
    DOC("\xfe\xff\0{\0}"),
    DOC("{\0}\0"),
    /* NUL bytes, where a C string would end and the bytes go on */
    DOC("\0"),
    DOC("\0{}"),
    DOC("{}\0"),
    DOC("{}\0x"),
    IN("1\0"),
    IN("1\0x"),
    DOC("[1\0]"),
    DOC("[1.5e3\0]"),
    DOC("1\0"),
    TEXT("x\0y"),
    DOC("{\"a\0b\":1}"),
    DOC("{\"a\0\":1,\"a\":2}"),
    DOC("{\0\"a\":1}"),
};

/* What RFC 8259 leaves to the reader: either verdict is right, as long as it is one. */
static const struct document survived[] = {
    IN("1e-400"),
    IN("-1e-400"),
    IN("4.9e-324"),
    IN("2e-324"),
    IN("0e99999999999999999999"),
    IN("1e-99999999999999999999"),
    IN("0.00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001"),
    IN("123456789012345678901234567890.5"),
    TEXT("\xef\xb7\x90"),
    TEXT("\xef\xbf\xbe"),
    TEXT("\xef\xbf\xbf"),
    TEXT("\\ufffe\\uffff"),
    TEXT("\\ud83f\\udffe"),
    TEXT("\xe2\x80\xa8\xe2\x80\xae"),
    DOC("{\"__proto__\":{\"a\":1}}"),
    DOC("]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]{}"),
    DOC("{\"a\":\"\\"),
    DOC("\\"),
    DOC("\\\"{\\\"[[\""),
};

/* A copy of exact size, so that the address sanitizer sees a read past the end. */
static json_t *body_of(const char *bytes, size_t size)
{
    json_error_t error;
    json_t *j = NULL;
    char *exact = malloc(size > 0 ? size : 1);
    memcpy(exact, bytes, size);
    if (guard_json(exact, size) == OK) j = json_loadb(exact, size, JSON_REJECT_DUPLICATES, &error);
    free(exact);
    return j;
}

static void show(const struct document *d)
{
    printf("    ");
    for (size_t i = 0; i < d->size; i++) {
        unsigned char c = (unsigned char)d->bytes[i];
        printf(c < ' ' || c > '~' ? "\\x%02x" : "%c", c);
    }
    printf("\n");
}

static void check_all(const struct document *list, size_t count, bool wanted)
{
    for (size_t i = 0; i < count; i++) {
        json_t *j = body_of(list[i].bytes, list[i].size);
        CHECK((j != NULL) == wanted);
        if ((j != NULL) != wanted) show(&list[i]);
        json_decref(j);
    }
}

static void what_is_json_is_read(void)
{
    check_all(accepted, COUNT(accepted), true);
}

static void what_is_not_is_refused(void)
{
    check_all(refused, COUNT(refused), false);
}

/* What was read is written and read again as the same value: no verdict leaves half a value behind. */
static void the_rest_is_survived(void)
{
    for (size_t i = 0; i < COUNT(survived); i++) {
        json_t *j = body_of(survived[i].bytes, survived[i].size);
        char *text = json_dumps(j, JSON_COMPACT);
        json_t *again = text == NULL ? NULL : body_of(text, strlen(text));
        CHECK(j == NULL ? again == NULL : again != NULL);
        free(text);
        json_decref(again);
        json_decref(j);
    }
}

/* Each accepted document cut at every byte, and with each byte turned into one that belongs to no UTF-8. */
static void no_byte_is_missing(void)
{
    char bytes[256];
    for (size_t i = 0; i < COUNT(accepted); i++) {
        const struct document *d = &accepted[i];
        size_t end = d->size;
        while (d->bytes[end - 1] == ' ' || d->bytes[end - 1] == '\n') end--;
        for (size_t cut = 0; cut < end; cut++) {
            json_t *shorter = body_of(d->bytes, cut);
            memcpy(bytes, d->bytes, d->size);
            bytes[cut] = '\xff';
            json_t *spoilt = body_of(bytes, d->size);
            CHECK(shorter == NULL && spoilt == NULL);
            json_decref(shorter);
            json_decref(spoilt);
        }
    }
}

static json_t *number_of(const char *digits)
{
    char body[128];
    int size = snprintf(body, sizeof body, "{\"a\":%s}", digits);
    json_t *j = body_of(body, (size_t)size);
    json_t *number = json_incref(json_object_get(j, "a"));
    json_decref(j);
    return number;
}

static void check_integer(const char *digits, long long value)
{
    json_t *j = number_of(digits);
    CHECK(json_is_integer(j) && json_integer_value(j) == value);
    json_decref(j);
}

static void check_real(const char *digits, double value)
{
    json_t *j = number_of(digits);
    CHECK(json_is_real(j) && json_real_value(j) == value && signbit(json_real_value(j)) == signbit(value));
    json_decref(j);
}

/* Integers are exact to their last digit; what has a point or an exponent is none, even when it is whole, so that a
 * sum of money is never rounded on the way. */
static void numbers_keep_their_value(void)
{
    check_integer("0", 0);
    check_integer("-0", 0);
    check_integer("9007199254740991", 9007199254740991);
    check_integer("9007199254740993", 9007199254740993);
    check_integer("9223372036854775807", INT64_MAX);
    check_integer("-9223372036854775808", INT64_MIN);
    check_real("1.0", 1);
    check_real("1E2", 100);
    check_real("-0.0", -0.0);
    check_real("9223372036854775808.0", 0x1p63);
}

static char *nested(size_t depth, const char *open, const char *close, size_t *size)
{
    size_t open_size = strlen(open);
    char *body = malloc(depth * (open_size + 1));
    for (size_t i = 0; i < depth; i++) {
        memcpy(body + i * open_size, open, open_size);
        body[depth * open_size + i] = close[0];
    }
    *size = depth * (open_size + 1);
    return body;
}

static bool accepted_at(size_t depth, const char *open, const char *close)
{
    size_t size;
    char *body = nested(depth, open, close, &size);
    json_t *j = body_of(body, size);
    free(body);
    json_decref(j);
    return j != NULL;
}

/* Of the guard alone, for a body that never closes what it opens. */
static bool scan_passes(size_t depth, const char *open)
{
    size_t size;
    char *body = nested(depth, open, "]", &size);
    fail_t outcome = guard_json(body, depth * strlen(open));
    free(body);
    return outcome == OK;
}

static void depths(void)
{
    static const size_t too_deep[] = {33, 34, 2047, 2048, 2049, 100000};
    CHECK(accepted_at(31, "[", "]") && accepted_at(32, "[", "]"));
    CHECK(scan_passes(32, "[") && scan_passes(16, "{\"a\":[") && scan_passes(31, "[{\"a\":1},"));
    CHECK(!scan_passes(17, "{\"a\":[") && !scan_passes(32, "[{\"a\":1},"));
    for (size_t i = 0; i < COUNT(too_deep); i++) {
        CHECK(!accepted_at(too_deep[i], "[", "]"));
        CHECK(!accepted_at(too_deep[i], "{\"a\":", "}"));
        CHECK(!scan_passes(too_deep[i], "["));
    }
}

/* Were the guard gone, jansson's own limit would hold, and the stack be large enough up to it. */
static void parser_alone(void)
{
    static const size_t list[] = {PARSER_DEPTH_MAX - 1, PARSER_DEPTH_MAX, PARSER_DEPTH_MAX + 1, 100000};
    for (size_t i = 0; i < COUNT(list); i++) {
        size_t size;
        char *body = nested(list[i], "[", "]", &size);
        json_t *j = json_loadb(body, size, JSON_REJECT_DUPLICATES, NULL);
        char *text = json_dumps(j, JSON_COMPACT);
        CHECK((j != NULL) == (list[i] <= PARSER_DEPTH_MAX));
        CHECK((text != NULL) == (j != NULL));
        free(text);
        free(body);
        json_decref(j);
    }
}

static void *go_deep(void *unused)
{
    depths();
    parser_alone();
    return unused;
}

/* On a stack as small as a request thread has. */
static void depth_is_bounded(void)
{
    pthread_t thread;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, STACK_BYTES);
    CHECK(pthread_create(&thread, &small, go_deep, NULL) == 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&small);
}

/* Brackets that close before any opens must not lend depth to those that follow. */
static void closing_first_lends_nothing(void)
{
    char body[200];
    memset(body, ']', 100);
    memset(body + 100, '[', 33);
    CHECK(guard_json(body, 133) == MALFORMED_JSON);
    CHECK(guard_json(body, 132) == OK);
}

int main(void)
{
    RUN(what_is_json_is_read);
    RUN(what_is_not_is_refused);
    RUN(the_rest_is_survived);
    RUN(no_byte_is_missing);
    RUN(numbers_keep_their_value);
    RUN(depth_is_bounded);
    RUN(closing_first_lends_nothing);
    return REPORT();
}
