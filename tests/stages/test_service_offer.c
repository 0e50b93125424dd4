/* The menus of article 4: who stands in the register offers services, everybody signed in reads them. */
#include "register.h"

#define OFFER                                                                                                            \
    "{'title':'磨损诊断','description':'到现场诊断','deliverables':'诊断报告','task_group':'tech_liaison'," \
    "'service_forms':['testing'],'tech_fields':['new_materials'],'fee_fen':800000}"

static const char *entry, *offer;

static void only_the_registered_offer(void)
{
    as("peiyunshu");
    call("service_offer_create", NULL, json(OFFER));
    EXPECT(NOT_ELIGIBLE);
    EXPECT_RULE("not_in_register");
    entry = entered(APPLICANT, ID_NO);
    as(APPLICANT);
    call("service_offer_create", NULL, json(OFFER));
    CHECK(status_of() == 201);
    EXPECT_TEXT("/status", "published");
    EXPECT_TEXT("/specialist_id", entry);
    EXPECT_TEXT("/allowed_steps", json("['retire']"));
    offer = keep("/id");
    EXPECT_EVENT(offer, "service_offer_create", "title");
    as("shi.kj");
    call("service_offer_create", NULL, json(OFFER));
    EXPECT(FORBIDDEN);
}

static void create_keeps_the_rules(void)
{
    as(APPLICANT);
    call("service_offer_create", NULL,
         json("{'title':'x','description':'x','deliverables':'x','task_group':'magic','service_forms':['magic'],"
              "'tech_fields':['magic']}"));
    EXPECT_RULE("unknown_code");
    call("service_offer_create", NULL, json("{'title':'x'}"));
    EXPECT(VALIDATION_FAILED);
}

static void everybody_reads_menus(void)
{
    static const char *const readers[] = {"lishi", "huguan.kj", "shi.gx", "peiyunshu"};
    for (size_t i = 0; i < 4; i++) {
        as(readers[i]);
        call("service_offer_get", offer, NULL);
        EXPECT_TEXT("/title", "磨损诊断");
        EXPECT_TEXT("/allowed_steps", "[]");
        ask("GET", "/v1/service-offers?q=%E7%A3%A8%E6%8D%9F&task_group=tech_liaison&service_form=testing", NULL);
        EXPECT_TEXT("/items/0/id", offer);
    }
    as("peiyunshu");
    call("service_offer_update", offer, json("{'fee_fen':1}"));
    EXPECT(NOT_FOUND);
    call("service_offer_retire", offer, NULL);
    EXPECT(NOT_FOUND);
}

static void the_owner_changes_and_retires(void)
{
    as(APPLICANT);
    call("service_offer_update", offer, json("{'fee_fen':900000}"));
    EXPECT_TEXT("/fee_fen", "900000");
    EXPECT_EVENT(offer, "service_offer_update", "fee_fen");
    call("service_offer_update", offer, json("{'available_from':'2027-02-01','available_to':'2027-01-01'}"));
    EXPECT_RULE("available_in_order");
    with("If-Match", "\"1\"");
    call("service_offer_retire", offer, NULL);
    EXPECT(VERSION_MISMATCH);
    call("service_offer_retire", offer, NULL);
    EXPECT_TEXT("/status", "retired");
    EXPECT_EVENT(offer, "service_offer_retire", "status");
    call("service_offer_update", offer, json("{'fee_fen':1}"));
    EXPECT_RULE("not_editable");
    call("service_offer_retire", offer, NULL);
    EXPECT(WRONG_STATE);
    as("lishi");
    call("service_offer_get", offer, NULL);
    EXPECT(NOT_FOUND);
    ask("GET", json("/v1/service-offers?specialist_id=%s", entry), NULL);
    EXPECT_TEXT("/items", "[]");
}

static bool reads(const char *login, const char *id)
{
    as(login);
    call("service_offer_get", id, NULL);
    bool found = status_of() == 200;
    int listed = walk(json("/v1/service-offers?specialist_id=%s&status=published", entry), NULL);
    CHECK(found == (listed > 0));
    CHECK(found == (walk(json("/v1/service-offers?q=%%E7%%A3%%A8%%E6%%8D%%9F&specialist_id=%s", entry), NULL) > 0));
    return found;
}

/* Who pauses keeps his menu, adds nothing to it, and is found by it again when he is back. */
static void a_pause_hides_the_menu(void)
{
    as(APPLICANT);
    call("service_offer_create", NULL, json(OFFER));
    const char *id = keep("/id");
    CHECK(reads("lishi", id) && reads("huguan.kj", id) && reads("peiyunshu", id) && reads("shi.kj", id));
    as(APPLICANT);
    call("specialist_suspend", entry, json("{'reason':'访学'}"));
    EXPECT(OK);
    call("service_offer_create", NULL, json(OFFER));
    EXPECT_RULE("not_in_register");
    CHECK(!reads("lishi", id) && !reads("huguan.kj", id) && !reads("peiyunshu", id));
    CHECK(reads("shi.kj", id) && reads(APPLICANT, id));
    CHECK_TEXT(sql("SELECT role || ' ' || ('enterprise' = ANY (seen_by)) || ('enterprise' = ANY (seen_by_before))"
                   " FROM app.event WHERE subject_id = '%s' ORDER BY seq DESC LIMIT 1",
                   id),
               "system falsetrue");
    as(APPLICANT);
    call("specialist_resume", entry, NULL);
    EXPECT(OK);
    CHECK(reads("lishi", id) && reads("huguan.kj", id));
}

int main(void)
{
    harness_open();
    subjects_open();
    RUN(only_the_registered_offer);
    RUN(create_keeps_the_rules);
    RUN(everybody_reads_menus);
    RUN(the_owner_changes_and_retires);
    RUN(a_pause_hides_the_menu);
    return harness_close();
}
