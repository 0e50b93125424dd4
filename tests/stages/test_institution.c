/* Institutions: named by applicants, confirmed and kept by the S&T bureau, with contacts for the city alone. */
#include "harness.h"
#include "subjects.h"

static const char *fields(void)
{
    return json("'uscc':'%s','name':'潞水农业大学','kind':'university','province_code':'140000',"
                "'contact_name':'邢科长','contact_phone':'0355-6000099'",
                fresh_uscc());
}

static const char *proposed(void)
{
    as("shenmobai");
    call("institution_create", NULL, json("{%s}", fields()));
    EXPECT(OK);
    return keep("/id");
}

static void a_specialist_names_one_and_the_bureau_confirms_it(void)
{
    const char *id = proposed();
    EXPECT_TEXT("/status", "proposed");
    EXPECT_TEXT("/version", "1");
    EXPECT_TEXT("/allowed_steps", "[]");
    EXPECT_EVENT(id, "institution_create", "uscc");
    as("shi.kj");
    call("institution_get", id, NULL);
    EXPECT_TEXT("/allowed_steps", json("['confirm']"));
    call("institution_confirm", id, json("{'decision':'pass','opinion':'属于高等院校'}"));
    EXPECT(OK);
    EXPECT_TEXT("/status", "active");
    EXPECT_TEXT("/version", "2");
    EXPECT_TEXT("/allowed_steps", "[]");
    EXPECT_EVENT(id, "institution_confirm", "status");
    call("institution_confirm", id, json("{'decision':'pass'}"));
    EXPECT(WRONG_STATE);
}

static void the_bureau_s_own_is_active_at_once(void)
{
    as("shi.kj");
    call("institution_create", NULL, json("{%s,'contact_email':'kyc@example.org'}", fields()));
    EXPECT(OK);
    EXPECT_TEXT("/status", "active");
    EXPECT_TEXT("/contact_email", "kyc@example.org");
    EXPECT_EVENT(keep("/id"), "institution_create", "name");
}

static void declining_needs_words_which_reach_who_named_it(void)
{
    const char *id = proposed();
    as("shi.kj");
    call("institution_confirm", id, json("{'decision':'reject'}"));
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("opinion_required");
    call("institution_confirm", id, json("{'decision':'return','opinion':'请补充'}"));
    EXPECT(VALIDATION_FAILED);
    call("institution_confirm", id, json("{'decision':'reject','opinion':'是企业，不是院校'}"));
    EXPECT_TEXT("/status", "declined");
    EXPECT_EVENT(id, "institution_confirm", "status");
    as("shenmobai");
    ask("GET", json("/v1/events?subject_type=institution&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/review/opinion", "是企业，不是院校");
    as("linruochuan");
    ask("GET", json("/v1/events?subject_type=institution&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/operation", "institution_confirm");
    CHECK_TEXT(text_at("/items/0/review"), NULL);
}

static void what_was_declined_stays_and_leaves_its_code(void)
{
    const char *id = proposed(), *code = keep("/uscc");
    as("shi.kj");
    call("institution_create", NULL, json("{'uscc':'%s','name':'另一大学','kind':'university'}", code));
    EXPECT(DUPLICATE);
    EXPECT_TEXT("/errors/0/pointer", "#/uscc");
    call("institution_confirm", id, json("{'decision':'reject','opinion':'误填'}"));
    call("institution_update", id, json("{'address':'x'}"));
    EXPECT(WRONG_STATE);
    EXPECT_RULE("not_editable");
    call("institution_create", NULL, json("{'uscc':'%s','name':'另一大学','kind':'university'}", code));
    EXPECT(OK);
}

static void codes_are_judged(void)
{
    as("shi.kj");
    call("institution_create", NULL, json("{'uscc':'12149999DM0000013M','name':'x','kind':'university'}"));
    EXPECT_RULE("uscc_checksum");
    EXPECT_TEXT("/errors/0/article", "2");
    call("institution_create", NULL,
         json("{'uscc':'%s','name':'x','kind':'university','province_code':'990000'}", fresh_uscc()));
    EXPECT_RULE("unknown_code");
    EXPECT_TEXT("/errors/0/pointer", "#/province_code");
    const char *id = proposed();
    as("shi.kj");
    call("institution_update", id, json("{'uscc':'12149999DM0000013M'}"));
    EXPECT_RULE("uscc_checksum");
    call("institution_update", id, json("{'province_code':'000000'}"));
    EXPECT_RULE("unknown_code");
    call("institution_update", id, json("{'kind':'company'}"));
    EXPECT(VALIDATION_FAILED);
}

/* Who could write the address would get his own institution's link. */
static void the_address_for_links_is_the_bureau_s(void)
{
    as("shenmobai");
    call("institution_create", NULL, json("{%s,'contact_email':'me@example.org'}", fields()));
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("institution_email_by_city");
    const char *id = proposed();
    as("shi.kj2");
    call("institution_update", id, json("{'contact_email':'kyc@example.org','valid_to':'2030-12-31'}"));
    EXPECT_TEXT("/contact_email", "kyc@example.org");
    EXPECT_TEXT("/valid_to", "2030-12-31");
    EXPECT_TEXT("/version", "2");
    EXPECT_EVENT(id, "institution_update", "contact_email");
    CHECK_TEXT(
        sql("SELECT changes ->> 'contact_email' FROM app.event WHERE subject_id = '%s' AND subject_version = 2", id),
        "{}");
    call("institution_update", id, json("{'contact_email':'kyc@example.org'}"));
    EXPECT_TEXT("/version", "2");
    call("institution_update", id, json("{'name':null}"));
    EXPECT(VALIDATION_FAILED);
}

/* An institution was listed until today, whoever enters its end; what stands may be sent again. */
static void its_end_is_not_past(void)
{
    const char *yesterday = sql("SELECT app.today() - 1"), *today = sql("SELECT app.today()");
    as("shi.kj");
    call("institution_create", NULL, json("{%s,'valid_to':'%s'}", fields(), yesterday));
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("institution_ends_in_past");
    call("institution_create", NULL, json("{%s,'valid_to':'%s'}", fields(), today));
    const char *id = keep("/id");
    call("institution_update", id, json("{'valid_to':'%s'}", yesterday));
    EXPECT_RULE("institution_ends_in_past");
    sql("UPDATE app.institution SET valid_to = '%s' WHERE id = '%s'", yesterday, id);
    call("institution_update", id, json("{'valid_to':'%s','address':'长治市'}", yesterday));
    EXPECT(OK);
}

static void only_the_city_sees_whom_to_ask(void)
{
    static const char *const others[] = {"huguan.kj", "huguan.rc", "lishi", "shenmobai", "linruochuan"};
    static const char *const cities[] = {"shi.kj", "shi.rc", "shi.gx", "shi.cz"};
    const char *id = proposed();
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        as(others[i]);
        call("institution_get", id, NULL);
        EXPECT_TEXT("/name", "潞水农业大学");
        CHECK_TEXT(text_at("/contact_name"), NULL);
        CHECK_TEXT(text_at("/contact_phone"), NULL);
        CHECK_TEXT(text_at("/contact_email"), NULL);
    }
    for (size_t i = 0; i < sizeof cities / sizeof cities[0]; i++) {
        as(cities[i]);
        call("institution_get", id, NULL);
        EXPECT_TEXT("/contact_name", "邢科长");
        EXPECT_TEXT("/contact_phone", "0355-6000099");
    }
}

static void it_waits_for_the_bureau(void)
{
    const char *id = proposed();
    as("shi.kj");
    bool waits = false;
    ask("GET", "/v1/todos?limit=200", NULL);
    for (int i = 0; text_at(json("/items/%d", i)) != NULL; i++)
        waits |= strcmp(text_at(json("/items/%d/subject_id", i)), id) == 0;
    CHECK(waits);
    static const char *const others[] = {"shi.rc", "shenmobai", "huguan.kj"};
    for (int o = 0; o < 3; o++) {
        as(others[o]);
        ask("GET", "/v1/todos?limit=200", NULL);
        for (int i = 0; text_at(json("/items/%d", i)) != NULL; i++)
            CHECK(strcmp(text_at(json("/items/%d/subject_id", i)), id) != 0);
    }
}

static void lists_are_filtered_and_searched(void)
{
    as("lishi");
    CHECK(walk("/v1/institutions?limit=5", "-updated_at") >= 12);
    CHECK(walk("/v1/institutions?limit=5&sort=id", "id") >= 12);
    CHECK(walk("/v1/institutions?status=proposed&kind=new_rd_institute", NULL) == 1);
    EXPECT_TEXT("/items/0/name", "长川数字技术研究院");
    CHECK(walk("/v1/institutions?province_code=410000,120000", NULL) == 2);
    CHECK(walk("/v1/institutions?q=%E6%99%8B%E5%8E%9F", NULL) == 1);
    EXPECT_TEXT("/items/0/name", "晋原理工大学");
    CHECK(walk("/v1/institutions?q=dm0000021f", NULL) == 1);
    CHECK(walk("/v1/institutions?q=%E6%99%8B%E5%8E%9F%20%E5%85%89%E7%94%B5", NULL) == 0);
}

int main(void)
{
    harness_open();
    subjects_open();
    RUN(a_specialist_names_one_and_the_bureau_confirms_it);
    RUN(the_bureau_s_own_is_active_at_once);
    RUN(declining_needs_words_which_reach_who_named_it);
    RUN(what_was_declined_stays_and_leaves_its_code);
    RUN(codes_are_judged);
    RUN(the_address_for_links_is_the_bureau_s);
    RUN(its_end_is_not_past);
    RUN(only_the_city_sees_whom_to_ask);
    RUN(it_waits_for_the_bureau);
    RUN(lists_are_filtered_and_searched);
    return harness_close();
}
