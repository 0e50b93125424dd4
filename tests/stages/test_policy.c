/* Versions of the numbers behind the rules (article 20): one administrator drafts, another adopts; a version is whole
 * and right in every value; what is adopted takes the place of older versions of the same days. */
#include "harness.h"

#define AUTHOR  "shi.kj"
#define DECIDER "shi.kj2"

/* A version with the values of 2024, changed by a jsonb expression over `v`. */
static const char *version_with(const char *code, const char *from, const char *to, const char *change)
{
    return sql(
        "SELECT json_build_object('code', '%s', 'title', '参数', 'doc_no', '长科规', 'valid_from', '%s', 'valid_to',"
        " '%s', 'values', %s) FROM (SELECT \"values\" AS v FROM app.policy WHERE code = '2024') x",
        code, from, to, change);
}

static const char *draft(const char *code, const char *from, const char *to)
{
    as(AUTHOR);
    call("policy_create", NULL, version_with(code, from, to, "v"));
    EXPECT(OK);
    return keep("/id");
}

static void adopt(const char *id)
{
    as(DECIDER);
    call("policy_adopt", id, json("{'decision':'pass'}"));
    EXPECT(OK);
}

static void two_administrators_write_a_version(void)
{
    const char *id = draft("two", "2040-01-01", "2040-12-31");
    CHECK(status_of() == 201);
    EXPECT_TEXT("/status", "draft");
    EXPECT_TEXT("/decided_by", NULL);
    EXPECT_TEXT("/values/2/measure", "months");
    EXPECT_TEXT("/allowed_steps", json("['adopt']"));
    EXPECT_EVENT(id, "policy_create", "code");
    as(NULL);
    call("policy_get", id, NULL);
    EXPECT(NOT_FOUND);
    as(AUTHOR);
    call("policy_adopt", id, json("{'decision':'pass'}"));
    EXPECT(TWO_PERSON_RULE);
    EXPECT_RULE("policy_author_decides");
    adopt(id);
    EXPECT_TEXT("/status", "adopted");
    CHECK_TEXT(text_at("/decided_by"), sql("SELECT id FROM app.account WHERE login_name = '" DECIDER "'"));
    EXPECT_EVENT(id, "policy_adopt", "status");
    call("policy_adopt", id, json("{'decision':'pass'}"));
    EXPECT(WRONG_STATE);
    as(NULL);
    call("policy_get", id, NULL);
    EXPECT(OK);
}

static void a_draft_is_turned_down_with_a_reason(void)
{
    const char *id = draft("down", "2041-01-01", "2041-12-31");
    as(DECIDER);
    call("policy_adopt", id, json("{'decision':'reject'}"));
    EXPECT_RULE("opinion_required");
    call("policy_adopt", id, json("{'decision':'reject','opinion':'比例过高'}"));
    EXPECT_TEXT("/status", "discarded");
    CHECK_TEXT(sql("SELECT opinion FROM app.review WHERE subject_id = '%s'", id), "比例过高");
    as(NULL);
    call("policy_get", id, NULL);
    EXPECT(NOT_FOUND);
}

static void administrators_alone_write(void)
{
    static const char *const others[] = {"shi.rc", "huguan.kj", "lishi", "linruochuan"};
    const char *id = draft("others", "2042-01-01", "2042-12-31");
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        as(others[i]);
        call("policy_create", NULL, version_with("no", "2042-01-01", "2042-12-31", "v"));
        EXPECT(FORBIDDEN);
        call("policy_adopt", id, json("{'decision':'pass'}"));
        EXPECT(FORBIDDEN);
    }
}

/* The city's second officer, while he is no administrator. */
static void a_plain_officer_does_not(void)
{
    as(NULL);
    ask("POST", "/v1/sessions", json("{'login_name':'" DECIDER "','password':'Tepai-Demo-2026'}"));
    as_token(keep("/access_token"));
    call("policy_create", NULL, version_with("no", "2042-01-01", "2042-12-31", "v"));
    EXPECT(FORBIDDEN);
}

static void refuse(const char *change, const char *rule, const char *pointer)
{
    as(AUTHOR);
    call("policy_create", NULL, version_with("wrong", "2043-01-01", "2043-12-31", change));
    EXPECT(RULE_VIOLATED);
    CHECK_TEXT(rule_at(0), rule);
    CHECK_TEXT(text_at("/errors/0/pointer"), pointer);
}

static const char *value_of(int line, const char *value)
{
    static char change[300];
    snprintf(change, sizeof change, "jsonb_set(v, '{%d,value}', '%s')", line, value);
    return change;
}

static void values_are_what_their_keys_demand(void)
{
    static const struct {
        int line;
        const char *value;
    } wrong[] = {
        {0, "[]"},
        {0, "['doctorate','doctorate']"},
        {0, "['nobody']"},
        {1, "'professor'"},
        {2, "0"},
        {2, "\"twelve\""},
        {5, "10001"},
        {18, "1"},
        {22, "-1"},
        {39, "{'tech_field':10000}"},
        {40, "{'above_scale':4000,'hitech':4000,'weak_rd_sme':1999}"},
        {45, "{'q2':'monthly'}"},
        {45, "{'q5':'annual'}"},
        {52, "{'excellent':7500,'good':7500,'qualified':6000}"},
        {52, "{'excellent':6000,'good':7500,'qualified':9000}"},
        {64, "[1,1]"},
        {64, "[400]"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        refuse(value_of(wrong[i].line, json("%s", wrong[i].value)), "policy_value_wrong",
               json("#/values/%d/value", wrong[i].line));
    refuse("jsonb_set(v, '{2,measure}', '\"days\"')", "policy_value_wrong", "#/values/2/measure");
}

static void a_version_is_whole(void)
{
    refuse("v - 4", "policy_key_missing", "#/values");
    refuse("v || jsonb_build_array(v -> 4)", "policy_key_twice", "#/values/65");
    refuse("jsonb_set(v, '{4,key}', '\"moon_phase\"')", "policy_key_unknown", "#/values/4/key");
    refuse("v || jsonb_build_array((v -> 4) || '{\"unit_id\": \"140427\"}')", "policy_key_not_per_unit",
           "#/values/65/unit_id");
    as(AUTHOR);
    call("policy_create", NULL,
         version_with("wrong", "2043-01-01", "2043-12-31",
                      "v || jsonb_build_array((v -> 22) || '{\"unit_id\": \"999999\"}')"));
    EXPECT(REFERENCE_NOT_FOUND);
    call("policy_create", NULL, version_with("wrong", "2043-12-31", "2043-01-01", "v"));
    EXPECT_RULE("policy_range_ordered");
    call("policy_create", NULL, version_with("2024", "2043-01-01", "2043-12-31", "v"));
    EXPECT(DUPLICATE);
    call("policy_create", NULL, version_with("1.5", "2043-01-01", "2043-12-31", "jsonb_set(v, '{4,value}', '1.5')"));
    EXPECT_FAULT("#/values/4/value", "type");
}

static const char *in_force(const char *day)
{
    return sql("SELECT p.code FROM app.policy p WHERE p.id = app.policy_in_force('%s')", day);
}

static const char *status_of_version(const char *code)
{
    return sql("SELECT status FROM app.policy WHERE code = '%s'", code);
}

/* The old version rules until the new one begins, and not again after the new one has ended. */
static void the_newer_version_takes_the_place_of_the_older(void)
{
    const char *older = draft("older", "2050-01-01", "2053-12-31"), *newer = draft("newer", "2051-01-01", "2052-12-31");
    adopt(older);
    CHECK_TEXT(in_force("2051-06-01"), "older");
    adopt(newer);
    CHECK_TEXT(status_of_version("older"), "superseded");
    CHECK_TEXT(in_force("2050-12-31"), "older");
    CHECK_TEXT(in_force("2051-01-01"), "newer");
    CHECK_TEXT(in_force("2053-01-01"), NULL);
    CHECK_TEXT(sql("SELECT role FROM app.event WHERE subject_id = '%s' ORDER BY at DESC, id DESC LIMIT 1", older),
               "system");
    as(NULL);
    call("policy_get", older, NULL);
    EXPECT_TEXT("/status", "superseded");
    EXPECT_TEXT("/version", "3");
}

static void a_unit_s_own_value_goes_before(void)
{
    as(AUTHOR);
    call("policy_create", NULL,
         version_with("own", "2026-01-01", "2026-12-31",
                      "v || jsonb_build_array((v -> 22) || '{\"unit_id\": \"140427\", \"value\": 7000}')"));
    EXPECT(OK);
    adopt(keep("/id"));
    CHECK_TEXT(sql("SELECT app.policy_value('city_share_bp', '140427')"), "7000");
    CHECK_TEXT(sql("SELECT app.policy_value('city_share_bp', '140423')"), "5000");
}

static void the_table_refuses_the_author_too(void)
{
    const char *id = draft("table", "2060-01-01", "2060-12-31");
    CHECK_TEXT(sql("SELECT pg_temp.refusal('UPDATE app.policy SET decided_by = created_by WHERE id = ''%s''')", id),
               "policy_author_decides");
}

int main(void)
{
    harness_open();
    sql("UPDATE app.account SET is_admin = false WHERE login_name = '" DECIDER "'");
    RUN(a_plain_officer_does_not);
    sql("UPDATE app.account SET is_admin = true WHERE login_name = '" DECIDER "'");
    sql("CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE name text; BEGIN"
        " EXECUTE statement; RETURN NULL; EXCEPTION WHEN OTHERS THEN GET STACKED DIAGNOSTICS name = CONSTRAINT_NAME;"
        " RETURN name; END $$");
    RUN(two_administrators_write_a_version);
    RUN(a_draft_is_turned_down_with_a_reason);
    RUN(administrators_alone_write);
    RUN(values_are_what_their_keys_demand);
    RUN(a_version_is_whole);
    RUN(the_newer_version_takes_the_place_of_the_older);
    RUN(a_unit_s_own_value_goes_before);
    RUN(the_table_refuses_the_author_too);
    return harness_close();
}
