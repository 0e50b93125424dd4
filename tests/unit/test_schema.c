/* The schema engine: what it finds and where it says so, what it refuses to compile, and that a hostile value or
 * pattern ends in good time. The public suite of JSON Schema judges the keywords one by one; see tests/judges. */
#include "check.h"
#include "clock.h"
#include "schema.h"

#include <stdio.h>
#include <stdlib.h>

static char told[4096]; /* what was told last: "pointer code want; …" */

static const char *word_of(enum fault_kind kind)
{
    static const char *const words[] = {
#define FAULT_WORD(kind, word, zh, en) word,
        FAULT_KINDS(FAULT_WORD)
#undef FAULT_WORD
    };
    return words[kind];
}

static void tell(const struct faults *faults)
{
    size_t at = 0;
    told[0] = '\0';
    for (int i = 0; i < faults->count && at < sizeof told; i++) {
        const struct fault *f = &faults->list[i];
        const char *gap = f->want[0] == '\0' ? "" : " ";
        at += (size_t)snprintf(told + at, sizeof told - at, "%s%s %s%s%s", i > 0 ? "; " : "", f->where,
                               word_of(f->kind), gap, f->want);
    }
}

static json_t *parse(const char *text)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    if (value == NULL) printf("not JSON: %s\n", text);
    return value;
}

/* The faults of a value in words; "" when it is valid, the reason when the schema cannot be used. The verdict alone
 * must agree with them. */
static const char *judge_as(enum schema_manner manner, const char *schema_text, const char *value_text)
{
    json_t *document = parse(schema_text), *value = parse(value_text);
    struct schema_set *set = schema_set_new(document, manner);
    struct faults faults = {.arena = arena_new()};
    const struct schema *schema = schema_compile(set, document, "", told, sizeof told);
    if (schema != NULL) {
        bool valid = schema_validate(schema, value, PLACE_BODY, "#", &faults);
        CHECK(valid == (faults.count == 0));
        CHECK(valid == schema_validate(schema, value, PLACE_BODY, "#", NULL));
        tell(&faults);
    }
    arena_free(faults.arena);
    schema_set_free(set);
    json_decref(value);
    json_decref(document);
    return told;
}

static const char *judge(const char *schema, const char *value)
{
    return judge_as(SCHEMA_CONTRACT, schema, value);
}

static const char *judge_text(const char *schema_text, const char *text)
{
    json_t *document = parse(schema_text);
    struct schema_set *set = schema_set_new(document, SCHEMA_CONTRACT);
    struct faults faults = {.arena = arena_new()};
    const struct schema *schema = schema_compile(set, document, "", told, sizeof told);
    if (schema != NULL) {
        schema_validate_text(schema, text, PLACE_PARAMETER, "word", &faults);
        tell(&faults);
    }
    arena_free(faults.arena);
    schema_set_free(set);
    json_decref(document);
    return told;
}

static void all_faults_are_told_at_once(void)
{
    const char *schema = "{\"type\":\"object\",\"required\":[\"title\",\"year\"],\"additionalProperties\":false,"
                         "\"properties\":{\"title\":{\"type\":\"string\",\"maxLength\":3},"
                         "\"year\":{\"type\":\"integer\",\"minimum\":2024},"
                         "\"targets\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
                         "\"required\":[\"due_on\"],\"properties\":{\"due_on\":{\"type\":\"string\","
                         "\"format\":\"date\"}}}}}}";
    CHECK_TEXT(judge(schema, "{\"title\":\"企业\",\"year\":2026,\"targets\":[{\"due_on\":\"2026-10-20\"}]}"), "");
    CHECK_TEXT(judge(schema, "{\"year\":2020,\"extra\":1,\"targets\":[{\"due_on\":\"2026-02-30\"},{},7]}"),
               "#/title required; #/year too_small 2024; #/extra unknown; #/targets/0/due_on format date; "
               "#/targets/1/due_on required; #/targets/2 type object");
}

static void pointers_are_escaped(void)
{
    CHECK_TEXT(judge("{\"properties\":{\"a/b~c\":false,\"名\":false}}", "{\"a/b~c\":1,\"名\":1}"),
               "#/a~1b~0c unknown; #/%E5%90%8D unknown");
    CHECK_TEXT(judge("{\"required\":[\"a b\"]}", "{}"), "#/a%20b required");
}

static void each_keyword_has_its_word(void)
{
    CHECK_TEXT(judge("{\"type\":[\"string\",\"null\"]}", "1"), "# type string, null");
    CHECK_TEXT(judge("{\"enum\":[\"a\",\"b\",1,null]}", "\"c\""), "# enum a, b, 1, null");
    CHECK_TEXT(judge("{\"const\":[1]}", "[2]"), "# enum [1]");
    CHECK_TEXT(judge("{\"minLength\":2}", "\"企\""), "# too_short 2");
    CHECK_TEXT(judge("{\"maxLength\":1}", "\"企业\""), "# too_long 1");
    CHECK_TEXT(judge("{\"pattern\":\"^a$\"}", "\"a\\n\""), "# pattern ^a$");
    CHECK_TEXT(judge("{\"maximum\":10}", "11"), "# too_large 10");
    CHECK_TEXT(judge("{\"type\":\"integer\",\"exclusiveMinimum\":0}", "0"), "# too_small 1");
    CHECK_TEXT(judge("{\"type\":\"number\",\"exclusiveMaximum\":1.5}", "1.5"), "# too_large 1.5 (<)");
    CHECK_TEXT(judge("{\"multipleOf\":100}", "150"), "# format n × 100");
    CHECK_TEXT(judge("{\"minItems\":1}", "[]"), "# too_few 1");
    CHECK_TEXT(judge("{\"maxItems\":1,\"items\":false}", "[1,2]"), "# too_many 1");
    CHECK_TEXT(judge("{\"uniqueItems\":true}", "[1,2,1]"), "# not_unique");
    CHECK_TEXT(judge("{\"contains\":{\"const\":1},\"minContains\":2}", "[1,3]"), "# too_few 2");
    CHECK_TEXT(judge("{\"contains\":{\"const\":1},\"maxContains\":1}", "[1,1]"), "# too_many 1");
    CHECK_TEXT(judge("{\"minProperties\":1}", "{}"), "# too_few 1");
    CHECK_TEXT(judge("{\"maxProperties\":1}", "{\"a\":1,\"b\":2}"), "# too_many 1");
    CHECK_TEXT(judge("{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}"), "#/b required");
    CHECK_TEXT(judge("{\"not\":{\"type\":\"null\"}}", "null"), "# not_allowed");
    CHECK_TEXT(judge("false", "1"), "# not_allowed");
    CHECK_TEXT(judge("{\"propertyNames\":{\"maxLength\":1}}", "{\"ab\":1}"), "#/ab too_long 1");
    CHECK_TEXT(judge("{\"format\":\"int32\"}", "2147483648"), "# format int32");
    CHECK_TEXT(judge("{\"format\":\"int32\"}", "-2147483648"), "");
}

static void the_nearest_branch_speaks(void)
{
    const char *kinds = "{\"oneOf\":["
                        "{\"properties\":{\"kind\":{\"const\":\"a\"},\"n\":{\"type\":\"integer\"}}},"
                        "{\"properties\":{\"kind\":{\"const\":\"b\"},\"n\":{\"type\":\"string\"}}}]}";
    CHECK_TEXT(judge(kinds, "{\"kind\":\"b\",\"n\":1}"), "#/n type string");
    CHECK_TEXT(judge(kinds, "{\"kind\":\"a\",\"n\":\"1\"}"), "#/n type integer");
    CHECK_TEXT(judge(kinds, "{}"), "# not_allowed");
    const char *types = "{\"anyOf\":[{\"type\":\"string\",\"maxLength\":2},{\"type\":\"null\"}]}";
    CHECK_TEXT(judge(types, "7"), "# type string, null");
    CHECK_TEXT(judge(types, "\"abc\""), "# too_long 2");
}

static void integers_are_strict_in_the_contract(void)
{
    const char *schema = "{\"type\":\"integer\"}";
    CHECK_TEXT(judge(schema, "1.0"), "# type integer");
    CHECK_TEXT(judge(schema, "1E2"), "# type integer");
    CHECK_TEXT(judge(schema, "9007199254740991"), "");
    CHECK_TEXT(judge_as(SCHEMA_STANDARD, schema, "1.0"), "");
    CHECK_TEXT(judge_as(SCHEMA_STANDARD, schema, "1.5"), "# type integer");
}

static void numbers_compare_exactly(void)
{
    CHECK_TEXT(judge("{\"const\":1}", "1.0"), "");
    CHECK_TEXT(judge("{\"maximum\":9007199254740992}", "9007199254740993"), "# too_large 9007199254740992");
    CHECK_TEXT(judge("{\"enum\":[9007199254740993]}", "9007199254740992.0"), "# enum 9007199254740993");
    CHECK_TEXT(judge("{\"multipleOf\":0.01}", "19.99"), "");
    CHECK_TEXT(judge("{\"multipleOf\":0.01}", "19.991"), "# format n × 0.01");
    CHECK_TEXT(judge("{\"multipleOf\":0.1}", "9223372036854775807"), "");
    CHECK_TEXT(judge("{\"multipleOf\":1e300}", "5"), "# format n × 1e300");
    CHECK_TEXT(judge("{\"uniqueItems\":true}", "[{\"a\":1,\"b\":2},{\"b\":2.0,\"a\":1}]"), "# not_unique");
}

static void unevaluated_sees_through_references(void)
{
    const char *schema = "{\"$ref\":\"#/$defs/base\",\"properties\":{\"b\":true},\"unevaluatedProperties\":false,"
                         "\"$defs\":{\"base\":{\"properties\":{\"a\":{\"type\":\"string\"}}}}}";
    CHECK_TEXT(judge(schema, "{\"a\":\"x\",\"b\":1}"), "");
    CHECK_TEXT(judge(schema, "{\"a\":\"x\",\"c\":1,\"d\":2}"), "#/c unknown; #/d unknown");
    CHECK_TEXT(judge(schema, "{\"a\":1}"), "#/a type string");
    CHECK_TEXT(judge("{\"anyOf\":[{\"required\":[\"a\"],\"properties\":{\"a\":true}},{\"properties\":{\"b\":true}}],"
                     "\"unevaluatedProperties\":false}",
                     "{\"b\":1,\"a\":2,\"c\":3}"),
               "#/c unknown");
    CHECK_TEXT(judge("{\"prefixItems\":[true],\"contains\":{\"const\":2},\"unevaluatedItems\":false}", "[1,2,3]"),
               "#/2 not_allowed");
}

static void recursion_works_and_circles_are_refused(void)
{
    const char *tree =
        "{\"type\":\"object\",\"properties\":{\"below\":{\"type\":\"array\",\"items\":{\"$ref\":\"#\"}}},"
        "\"additionalProperties\":false}";
    CHECK_TEXT(judge(tree, "{\"below\":[{\"below\":[{}]}]}"), "");
    CHECK_TEXT(judge(tree, "{\"below\":[{\"below\":[{\"x\":1}]}]}"), "#/below/0/below/0/x unknown");
    const char *endless = "#: the schema applies itself without end";
    CHECK_TEXT(judge("{\"$ref\":\"#\"}", "1"), endless);
    CHECK_TEXT(judge("{\"allOf\":[{\"anyOf\":[{\"not\":{\"$ref\":\"#\"}}]}]}", "1"), endless);
    CHECK(
        strstr(
            judge("{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"$ref\":\"#/$defs/a\"}}}",
                  "1"),
            "without end") != NULL);
}

static void what_is_not_known_stops(void)
{
    CHECK_TEXT(judge("{\"properties\":{\"a\":{\"minimun\":1}}}", "1"),
               "#/properties/a: the keyword minimun is not supported");
    CHECK_TEXT(judge("{\"$dynamicRef\":\"#a\"}", "1"), "#: the keyword $dynamicRef is not supported");
    CHECK_TEXT(judge("{\"format\":\"ipv4\"}", "1"), "#: format names a format nobody here can check");
    CHECK_TEXT(judge_as(SCHEMA_STANDARD, "{\"format\":\"ipv4\"}", "\"x\""), "");
    CHECK_TEXT(judge("{\"$ref\":\"other.json\"}", "1"), "#: $ref other.json leads out of this document");
    CHECK_TEXT(judge("{\"$ref\":\"#/$defs/none\"}", "1"), "#: $ref #/$defs/none leads nowhere");
    CHECK_TEXT(judge("{\"$defs\":{\"a\":{\"type\":\"text\"}}}", "1"), "#/$defs/a: type names an unknown type");
    CHECK_TEXT(judge("{\"maxLength\":-1}", "1"), "#: maxLength must be a whole number from 0");
    CHECK_TEXT(judge("{\"pattern\":\"(?i)a\"}", "1"), "#: a group of the pattern is of an unknown kind");
    CHECK_TEXT(judge("{\"pattern\":\"\\\\Aa\"}", "1"), "#: \\A in a pattern is not known");
    CHECK_TEXT(judge("{\"$defs\":{\"a\":{\"$anchor\":\"x\"},\"b\":{\"$anchor\":\"x\"}}}", "1"),
               "#/$defs/b: #x is also the name of #/$defs/a");
    CHECK_TEXT(judge("{\"x-personal\":\"p1\",\"title\":\"t\",\"example\":1}", "1"), "");
    CHECK_TEXT(judge("[]", "1"), "#: a schema must be an object, true or false");
}

static void places_are_compiled_once(void)
{
    json_t *document = parse("{\"components\":{\"schemas\":{\"A\":{\"type\":\"array\",\"items\":{\"$ref\":"
                             "\"#/components/schemas/B\"}},\"B\":{\"type\":\"integer\"}}}}");
    json_t *schemas = json_object_get(json_object_get(document, "components"), "schemas");
    struct schema_set *set = schema_set_new(document, SCHEMA_CONTRACT);
    const json_t *a = json_object_get(schemas, "A"), *b = json_object_get(schemas, "B");
    char why[200];
    const struct schema *first = schema_compile(set, a, "/components/schemas/A", why, sizeof why);
    CHECK(first != NULL && first == schema_compile(set, a, "/components/schemas/A", why, sizeof why));
    CHECK(schema_compile(set, b, "/components/schemas/B", why, sizeof why) != NULL);
    json_t *value = parse("[1,\"x\"]");
    struct faults faults = {.arena = arena_new()};
    CHECK(!schema_validate(first, value, PLACE_BODY, "#", &faults));
    tell(&faults);
    CHECK_TEXT(told, "#/1 type integer");
    arena_free(faults.arena);
    json_decref(value);
    schema_set_free(set);
    json_decref(document);
}

static void texts_are_judged_by_their_type(void)
{
    const char *number = "{\"type\":\"integer\",\"minimum\":1,\"maximum\":200}";
    CHECK_TEXT(judge_text(number, "50"), "");
    CHECK_TEXT(judge_text(number, "201"), "word too_large 200");
    const char *const no_integers[] = {"",   "-", "+1", "01", "1.0", "1e2", " 1", "1 ", "-0", "9223372036854775808",
                                       "0x1"};
    for (size_t i = 0; i < sizeof no_integers / sizeof no_integers[0]; i++)
        CHECK_TEXT(judge_text(number, no_integers[i]), "word type integer");
    CHECK_TEXT(judge_text("{\"type\":\"integer\"}", "-9223372036854775808"), "");
    CHECK_TEXT(judge_text("{\"type\":\"boolean\"}", "true"), "");
    CHECK_TEXT(judge_text("{\"type\":\"boolean\"}", "True"), "word type boolean");
    CHECK_TEXT(judge_text("{\"type\":\"string\",\"maxLength\":2}", "123"), "word too_long 2");
    CHECK_TEXT(judge_text("{\"type\":\"number\"}", "1.5"), "");
    CHECK_TEXT(judge_text("{\"type\":\"string\"}", "\xff"), "word type string");
}

static void lists_are_words_between_commas(void)
{
    const char *list = "{\"$ref\":\"#/$defs/l\",\"$defs\":{\"l\":{\"type\":\"array\",\"maxItems\":2,"
                       "\"items\":{\"type\":\"string\",\"enum\":[\"draft\",\"open\"]}}}}";
    CHECK_TEXT(judge_text(list, "draft,open"), "");
    CHECK_TEXT(judge_text(list, "draft,open,draft"), "word too_many 2");
    CHECK_TEXT(judge_text(list, "draft,"), "word enum draft, open");
    CHECK_TEXT(judge_text(list, ""), "word enum draft, open");
    CHECK_TEXT(judge_text("{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}", "1,2"), "");
    CHECK_TEXT(judge_text("{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}", "1,x"), "word type integer");
}

static void patterns_are_those_of_ecmascript(void)
{
    CHECK_TEXT(judge("{\"pattern\":\"^\\\\d\\\\w\\\\s$\"}", "\"1a\\u00a0\""), "");
    CHECK_TEXT(judge("{\"pattern\":\"^\\\\d$\"}", "\"\\u07c0\""), "# pattern ^\\d$");
    CHECK_TEXT(judge("{\"pattern\":\"^[\\\\s\\\\S]$\"}", "\"\\n\""), "");
    CHECK_TEXT(judge("{\"pattern\":\"^.$\"}", "\"\\u2028\""), "# pattern ^.$");
    CHECK_TEXT(judge("{\"pattern\":\"^\\\\uD83D\\\\uDC32\\\\u{1F432}+$\"}", "\"\\ud83d\\udc32\\ud83d\\udc32\""), "");
    CHECK_TEXT(judge("{\"pattern\":\"^\\\\p{Script=Han}\\\\p{Lowercase_Letter}$\"}", "\"特a\""), "");
    CHECK_TEXT(judge("{\"pattern\":\"^[[:a]]$\"}", "\":]\""), "");
    CHECK(strstr(judge("{\"pattern\":\"a++\"}", "1"), "repeats") != NULL);
    CHECK(strstr(judge("{\"pattern\":\"[b\"}", "1"), "cannot be compiled") != NULL);
}

/* A string of `count` times `c` with a tail, as JSON. */
static char *long_text(char c, size_t count, const char *tail)
{
    char *text = malloc(count + strlen(tail) + 3);
    if (text == NULL) abort();
    text[0] = '"';
    memset(text + 1, c, count);
    snprintf(text + 1 + count, strlen(tail) + 2, "%s\"", tail);
    return text;
}

static void catastrophic_patterns_end_as_a_fault(void)
{
    static const char *const schemas[] = {"{\"pattern\":\"^(a+)+$\"}", "{\"pattern\":\"^(a|aa)+$\"}",
                                          "{\"pattern\":\"^(a*)*b$\"}", "{\"pattern\":\"^(.*a){20}$\"}"};
    char *text = long_text('a', 65536, "!");
    for (size_t i = 0; i < sizeof schemas / sizeof schemas[0]; i++) {
        int64_t before = clock_us();
        CHECK(strncmp(judge(schemas[i], text), "# pattern ", 10) == 0);
        CHECK(clock_us() - before < 2000000); /* both verdicts, on a busy machine and under sanitizers */
    }
    free(text);
}

static void a_pattern_given_up_never_passes(void)
{
    char *text = long_text('a', 65536, "!");
    CHECK_TEXT(judge("{\"not\":{\"pattern\":\"^(a+)+$\"}}", text), "# not_allowed");
    CHECK_TEXT(judge("{\"if\":{\"pattern\":\"^(a+)+$\"},\"then\":false}", text), "# not_allowed");
    free(text);
}

static void branches_cannot_multiply_without_end(void)
{
    const char *schema = "{\"anyOf\":[{\"items\":{\"$ref\":\"#\"},\"minItems\":1},"
                         "{\"items\":{\"$ref\":\"#\"},\"minItems\":1}],\"type\":\"array\"}";
    char value[64] = "";
    for (int i = 0; i < 60; i++) value[i] = i < 30 ? '[' : ']';
    int64_t before = clock_us();
    CHECK_TEXT(judge(schema, value), "# not_allowed");
    CHECK(clock_us() - before < 10000000);
}

static void lengths_come_before_patterns(void)
{
    char *text = long_text('a', 65536, "!");
    CHECK_TEXT(judge("{\"pattern\":\"^(a+)+$\",\"maxLength\":100}", text), "# too_long 100");
    CHECK_TEXT(judge("{\"$ref\":\"#/$defs/a\",\"maxLength\":100,\"$defs\":{\"a\":{\"pattern\":\"^(a+)+$\"}}}", text),
               "# too_long 100");
    free(text);
}

static void many_faults_end_at_the_limit(void)
{
    char value[4096] = "[", *at = value + 1;
    for (int i = 0; i < 200; i++) at += snprintf(at, 16, "%s\"x\"", i > 0 ? "," : "");
    at[0] = ']';
    judge("{\"items\":{\"type\":\"integer\"}}", value);
    CHECK(strstr(told, "#/49 type integer") != NULL && strstr(told, "#/50 ") == NULL);
}

static void many_items_are_compared_in_good_time(void)
{
    json_t *array = json_array(), *document = parse("{\"uniqueItems\":true}");
    for (int i = 0; i < 100000; i++) json_array_append_new(array, json_pack("{s:i}", "n", i));
    struct schema_set *set = schema_set_new(document, SCHEMA_CONTRACT);
    char why[200];
    const struct schema *schema = schema_compile(set, document, "", why, sizeof why);
    int64_t before = clock_us();
    CHECK(schema_validate(schema, array, PLACE_BODY, "#", NULL));
    CHECK(clock_us() - before < 3000000);
    json_array_append_new(array, json_pack("{s:f}", "n", 7.0));
    CHECK(!schema_validate(schema, array, PLACE_BODY, "#", NULL));
    schema_set_free(set);
    json_decref(array);
    json_decref(document);
}

static void deep_schemas_are_refused(void)
{
    json_t *document = json_object();
    for (int i = 0; i < 1500; i++) {
        json_t *outer = json_object();
        json_object_set_new(outer, i % 2 == 0 ? "not" : "items", document);
        document = outer;
    }
    struct schema_set *set = schema_set_new(document, SCHEMA_STANDARD);
    char why[200] = "";
    CHECK(schema_compile(set, document, "", why, sizeof why) == NULL);
    CHECK(strstr(why, "too deep") != NULL);
    CHECK(schema_compile(set, document, "", why, sizeof why) == NULL); /* once unusable, always */
    schema_set_free(set);
    json_decref(document);
}

int main(void)
{
    RUN(all_faults_are_told_at_once);
    RUN(pointers_are_escaped);
    RUN(each_keyword_has_its_word);
    RUN(the_nearest_branch_speaks);
    RUN(integers_are_strict_in_the_contract);
    RUN(numbers_compare_exactly);
    RUN(unevaluated_sees_through_references);
    RUN(recursion_works_and_circles_are_refused);
    RUN(what_is_not_known_stops);
    RUN(places_are_compiled_once);
    RUN(texts_are_judged_by_their_type);
    RUN(lists_are_words_between_commas);
    RUN(patterns_are_those_of_ecmascript);
    RUN(catastrophic_patterns_end_as_a_fault);
    RUN(a_pattern_given_up_never_passes);
    RUN(branches_cannot_multiply_without_end);
    RUN(lengths_come_before_patterns);
    RUN(many_faults_end_at_the_limit);
    RUN(many_items_are_compared_in_good_time);
    RUN(deep_schemas_are_refused);
    return REPORT();
}
