/* Demands of article 9.2, from the first draft to one that is open for matching: 砺石 of 襄垣县 states them, its county
 * looks first, the city after it. 壶关县 and its firm 青嶂 stand beside and should see nothing. */
#include "harness.h"
#include "subjects.h"

#include <stdlib.h>

#define COMPLETE                                                                                                               \
    "'kind':'technology','title':'针状焦煅烧尾气余热利用','description':'煅烧工序尾气温度高、含尘多'," \
    "'current_state':'尾气直接降温排放','task_groups':['rd_transfer'],'tech_field':'new_energy_saving',"               \
    "'industry_code':'C','service_forms':['rd'],"                                                                              \
    "'targets':[{'name':'余热回收率','unit':null,'from_value':'0','target_value':'45'}],"                                 \
    "'contact_name':'李砺','contact_phone':'13900000103'"

static const char *firm;

/* A complete demand of 砺石 with further members, as a draft. */
static const char *draft_with(const char *members)
{
    as("lishi");
    call("demand_create", NULL, json("{'enterprise_id':'%s'," COMPLETE "%s}", firm, members));
    EXPECT(OK);
    return keep("/id");
}

static const char *draft(void)
{
    return draft_with("");
}

static const char *submitted(void)
{
    const char *id = draft();
    call("demand_submit", id, NULL);
    EXPECT_TEXT("/status", "county_review");
    return id;
}

static const char *returned(void)
{
    const char *id = submitted();
    as("xiangyuan.kj");
    call("demand_first_review", id, json("{'decision':'return','reason_code':'incomplete','opinion':'请补充指标'}"));
    EXPECT_TEXT("/status", "returned");
    return id;
}

static const char *reported(void)
{
    const char *id = submitted();
    as("xiangyuan.rc");
    call("demand_first_review", id, json("{'decision':'pass'}"));
    EXPECT_TEXT("/status", "city_review");
    return id;
}

/* Takes a draft through county and city. */
static const char *open_up(const char *id)
{
    as("lishi");
    call("demand_submit", id, NULL);
    as("xiangyuan.kj");
    call("demand_first_review", id, json("{'decision':'pass'}"));
    as("shi.kj");
    call("demand_review", id, json("{'decision':'pass'}"));
    EXPECT_TEXT("/status", "open");
    return id;
}

static const char *opened(void)
{
    return open_up(draft());
}

/* What time does to a demand, done by hand. */
static void expire(const char *id)
{
    sql("BEGIN; SET LOCAL app.actor = 'system'; UPDATE app.demand SET status = 'expired' WHERE id = '%s'; COMMIT", id);
}

static void create_begins_a_draft(void)
{
    const char *id = draft();
    CHECK(status_of() == 201);
    CHECK_TEXT(header_of("Location"), json("/v1/demands/%s", id));
    EXPECT_TEXT("/version", "1");
    EXPECT_TEXT("/status", "draft");
    EXPECT_TEXT("/unit_id", "140423");
    EXPECT_TEXT("/urgency", "normal");
    EXPECT_TEXT("/confidentiality", "open");
    EXPECT_TEXT("/allowed_steps", json("['submit','withdraw']"));
    CHECK_TEXT(text_at("/policy_id"), sql("SELECT id FROM app.policy WHERE status = 'adopted'"));
    CHECK_TEXT(text_at("/valid_to"), sql("SELECT (app.today() + interval '12 months' - interval '1 day')::date"));
    EXPECT_EVENT(id, "demand_create", "title");
}

static void create_takes_little(void)
{
    as("lishi");
    call("demand_create", NULL, json("{'enterprise_id':'%s','kind':'talent'}", firm));
    EXPECT(OK);
    EXPECT_TEXT("/targets", "[]");
    call("demand_create", NULL, json("{'enterprise_id':'%s','kind':'talent','valid_to':'2026-12-31'}", firm));
    EXPECT_TEXT("/valid_to", "2026-12-31");
}

static void create_keeps_the_rules(void)
{
    as("lishi");
    call("demand_create", NULL,
         json("{'enterprise_id':'%s','kind':'talent','task_groups':['rd_transfer','magic'],'tech_field':'magic',"
              "'industry_code':'T9','service_forms':['magic'],'entered_for':{'side':'enterprise','reason':'x'}}",
              firm));
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("unknown_code");
    EXPECT_RULE("entered_for_office_only");
    CHECK(strstr(bytes_of(), "#/task_groups/1") != NULL);
    CHECK(strstr(bytes_of(), "#/tech_field") != NULL);
    CHECK(strstr(bytes_of(), "#/service_forms/0") != NULL);
    CHECK(strstr(bytes_of(), "#/industry_code") == NULL);
    as("huguan.kj");
    call("demand_create", NULL, json("{'enterprise_id':'%s','kind':'talent'}", firm));
    EXPECT_RULE("reference_not_found");
    EXPECT_RULE("entered_for_required");
    as("shi.kj");
    call("demand_create", NULL, json("{'enterprise_id':'%s','kind':'talent'}", firm));
    EXPECT(FORBIDDEN);
}

static void create_checks_the_call(void)
{
    const char *specialist_call = sql("SELECT id FROM app.call WHERE kind = 'specialist' AND status = 'published'");
    const char *elsewhere = sql("SELECT id FROM app.call WHERE kind = 'demand' AND unit_id = '140431'");
    as("lishi");
    call("demand_create", NULL, json("{'enterprise_id':'%s','kind':'talent','call_id':'%s'}", firm, specialist_call));
    EXPECT_RULE("call_not_for_demand");
    call("demand_create", NULL, json("{'enterprise_id':'%s','kind':'talent','call_id':'%s'}", firm, elsewhere));
    EXPECT_RULE("call_not_for_demand");
    call("demand_create", NULL, json("{'enterprise_id':'%s','kind':'talent','call_id':'%s'}", firm, firm));
    EXPECT(REFERENCE_NOT_FOUND);
}

static void a_repeated_id_is_a_duplicate(void)
{
    const char *id = draft(), *body = json("{'id':'%s','enterprise_id':'%s','kind':'talent'}", id, firm);
    call("demand_create", NULL, body);
    EXPECT(DUPLICATE);
    EXPECT_TEXT("/conflicting_id", id);
    as("huguan.kj");
    const char *other = sql("SELECT id FROM app.enterprise WHERE unit_id = '140427' AND status = 'active' LIMIT 1");
    call("demand_create", NULL,
         json("{'id':'%s','enterprise_id':'%s','kind':'talent','entered_for':{'side':'enterprise','reason':'纸质'}}",
              id, other));
    EXPECT(DUPLICATE);
    EXPECT_TEXT("/conflicting_id", NULL);
}

static void a_county_enters_paper_forms(void)
{
    const char *form = stored_file("xiangyuan.kj");
    as("xiangyuan.kj");
    call("demand_create", NULL,
         json("{'enterprise_id':'%s'," COMPLETE ",'entered_for':{'side':'enterprise','reason':'纸质需求表',"
              "'attachment_id':'%s'}}",
              firm, form));
    EXPECT(OK);
    EXPECT_TEXT("/entered_for/reason", "纸质需求表");
    EXPECT_TEXT("/entered_for/attachment_id", form);
    const char *id = keep("/id");
    as("lishi");
    call("demand_get", id, NULL);
    EXPECT(NOT_FOUND);
    as("xiangyuan.rc");
    call("demand_submit", id, NULL);
    EXPECT(OK);
    EXPECT_EVENT(id, "demand_submit", "status");
    as("lishi");
    call("demand_get", id, NULL);
    EXPECT_TEXT("/status", "county_review");
    call("attachment_get", form, NULL);
    EXPECT_TEXT("/subject_id", id);
}

#define FOR_FIRM "'entered_for':{'side':'enterprise','reason':'企业电话委托'}"

/* Of the county's newest event: for whom it was done; the firm reads the same. */
static void expect_for_firm(const char *id, const char *operation)
{
    as("lishi");
    ask("GET", json("/v1/events?subject_type=demand&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/operation", operation);
    EXPECT_TEXT("/items/0/on_behalf_of/reason", "企业电话委托");
    as("xiangyuan.kj");
}

/* What a county does to a demand that the firm began it does for the firm, and says so. */
static void a_county_acts_for_the_firm(void)
{
    const char *id = returned(), *form = stored_file("xiangyuan.kj");
    as("xiangyuan.kj");
    call("demand_update", id, json("{'title':'县里改的标题'}"));
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("on_behalf_required");
    EXPECT_TEXT("/errors/0/pointer", "#/entered_for");
    call("demand_update", id, json("{'title':'余热利用与除尘'," FOR_FIRM "}"));
    EXPECT_TEXT("/entered_for", NULL);
    expect_for_firm(id, "demand_update");
    call("demand_submit", id, NULL);
    EXPECT_RULE("on_behalf_required");
    call("demand_submit", id,
         json("{'entered_for':{'side':'enterprise','reason':'企业电话委托','attachment_id':'%s'}}", form));
    EXPECT_TEXT("/status", "county_review");
    expect_for_firm(id, "demand_submit");
    call("attachment_get", form, NULL);
    EXPECT_TEXT("/subject_id", id);
    call("demand_first_review", id, json("{'decision':'pass'}"));
    EXPECT(TWO_PERSON_RULE);
    EXPECT_RULE("submitter_decides");
    EXPECT_TEXT("/errors/0/article", "9.2");
    as("xiangyuan.rc");
    call("demand_first_review", id, json("{'decision':'pass'}"));
    EXPECT_TEXT("/status", "city_review");
    as("xiangyuan.kj");
    call("demand_withdraw", id, json("{'close_reason':'withdrawn'}"));
    EXPECT_RULE("on_behalf_required");
    call("demand_withdraw", id, json("{'close_reason':'withdrawn'," FOR_FIRM "}"));
    EXPECT_TEXT("/status", "withdrawn");
    expect_for_firm(id, "demand_withdraw");
    as("lishi");
    call("demand_submit", draft(), json("{" FOR_FIRM "}"));
    EXPECT_RULE("entered_for_office_only");
    call("demand_update", draft(), json("{" FOR_FIRM "}"));
    EXPECT_RULE("entered_for_office_only");
}

static void drafts_are_their_sides_own(void)
{
    static const char *const others[] = {"shi.kj", "xiangyuan.kj", "huguan.kj", "qingzhang", "linruochuan"};
    const char *id = draft();
    call("demand_withdraw", id, json("{'close_reason':'withdrawn'}"));
    const char *dropped = id;
    id = draft();
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        as(others[i]);
        call("demand_get", id, NULL);
        EXPECT(NOT_FOUND);
        call("demand_get", dropped, NULL);
        EXPECT(NOT_FOUND);
        ask("GET", json("/v1/events?subject_type=demand&subject_id=%s", id), NULL);
        EXPECT_TEXT("/items", "[]");
    }
}

static void strangers_find_nothing(void)
{
    const char *id = submitted();
    as("huguan.kj");
    call("demand_get", id, NULL);
    EXPECT(NOT_FOUND);
    call("demand_first_review", id, json("{'decision':'pass'}"));
    EXPECT(NOT_FOUND);
    as("qingzhang");
    call("demand_get", id, NULL);
    EXPECT(NOT_FOUND);
    call("demand_update", id, json("{'title':'x'}"));
    EXPECT(NOT_FOUND);
    call("demand_withdraw", id, json("{'close_reason':'withdrawn'}"));
    EXPECT(NOT_FOUND);
    as("linruochuan");
    call("demand_get", id, NULL);
    EXPECT(NOT_FOUND);
    as(NULL);
    call("demand_get", id, NULL);
    EXPECT(UNAUTHENTICATED);
}

static void a_patch_is_a_merge(void)
{
    const char *id = draft();
    call("demand_update", id, json("{'title':'余热利用与除尘','current_state':null,'task_groups':['tech_liaison']}"));
    EXPECT(OK);
    EXPECT_TEXT("/version", "2");
    EXPECT_TEXT("/title", "余热利用与除尘");
    EXPECT_TEXT("/current_state", NULL);
    EXPECT_TEXT("/task_groups", json("['tech_liaison']"));
    EXPECT_TEXT("/description", "煅烧工序尾气温度高、含尘多");
    EXPECT_EVENT(id, "demand_update", "title");
    call("demand_update", id, json("{'title':'余热利用与除尘'}"));
    EXPECT_TEXT("/version", "2");
    call("demand_update", id, "{}");
    EXPECT_TEXT("/version", "2");
    CHECK_TEXT(sql("SELECT count(*) FROM app.event WHERE subject_id = '%s'", id), "2");
    call("demand_update", id, json("{'kind':null}"));
    EXPECT(VALIDATION_FAILED);
    call("demand_update", id, json("{'tech_field':'magic','call_id':'%s'}", firm));
    EXPECT_RULE("unknown_code");
    EXPECT_RULE("reference_not_found");
}

static void only_drafts_and_returned_change(void)
{
    const char *id = submitted();
    call("demand_update", id, json("{'title':'x'}"));
    EXPECT(WRONG_STATE);
    EXPECT_RULE("not_editable");
    EXPECT_TEXT("/current_status", "county_review");
    id = returned();
    as("lishi");
    call("demand_update", id, json("{'title':'补正后的题目'}"));
    EXPECT_TEXT("/title", "补正后的题目");
    as("shi.kj");
    call("demand_update", id, json("{'title':'x'}"));
    EXPECT(FORBIDDEN);
}

static void phones_are_sealed(void)
{
    const char *id = draft();
    EXPECT_TEXT("/contact_phone_masked", "139****0103");
    CHECK(strstr(bytes_of(), "13900000103") == NULL);
    CHECK_TEXT(
        sql("SELECT length(contact_phone) > 20 AND position('13900000103' IN encode(contact_phone, 'escape')) = 0"
            " FROM app.demand WHERE id = '%s'",
            id),
        "t");
    call("demand_update", id, json("{'contact_phone':'13900000188'}"));
    EXPECT_TEXT("/contact_phone_masked", "139****0188");
    CHECK_TEXT(sql("SELECT changes FROM app.event WHERE subject_id = '%s' AND subject_version = 2", id),
               "{\"contact_phone\": {}}");
    CHECK_TEXT(sql("SELECT count(*) FROM app.event WHERE changes::text ~ '1390000|\\*\\*\\*\\*|李砺'"), "0");
    call("demand_update", id, json("{'contact_phone':null}"));
    EXPECT_TEXT("/contact_phone_masked", NULL);
    CHECK_TEXT(sql("SELECT contact_phone IS NULL FROM app.demand WHERE id = '%s'", id), "t");
    call("demand_update", id, json("{'contact_phone':'12345'}"));
    EXPECT_FAULT("#/contact_phone", "format");
}

static void submit_lists_what_is_missing(void)
{
    static const char *const members[] = {"title",         "description",   "task_groups", "tech_field",
                                          "industry_code", "service_forms", "targets"};
    as("lishi");
    call("demand_create", NULL, json("{'enterprise_id':'%s','kind':'talent'}", firm));
    call("demand_submit", keep("/id"), NULL);
    EXPECT(RULE_VIOLATED);
    for (int i = 0; i < 7; i++) {
        CHECK_TEXT(rule_at(i), "missing_before_submit");
        CHECK(strstr(bytes_of(), json("'#/%s'", members[i])) != NULL);
    }
    EXPECT_TEXT("/errors/7", NULL);
}

static void submit_wants_days_to_come(void)
{
    const char *id = draft_with(",'valid_to':'2026-10-19'");
    call("demand_submit", id, NULL);
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("demand_validity_over");
    CHECK(strstr(bytes_of(), "#/valid_to") != NULL);
    call("demand_update", id, json("{'valid_to':'2026-10-20'}"));
    call("demand_submit", id, NULL);
    EXPECT_TEXT("/status", "county_review");
}

/* null takes a member out, and what a demand cannot be without is then what it is when nothing is said. */
static void null_is_the_term_of_the_policy(void)
{
    const char *id = draft_with(",'valid_to':'2026-12-31','urgency':'urgent'");
    const char *longest = sql("SELECT (app.today() + interval '12 months' - interval '1 day')::date");
    call("demand_update", id, json("{'valid_to':null,'urgency':null}"));
    EXPECT(OK);
    EXPECT_TEXT("/valid_to", longest);
    EXPECT_TEXT("/urgency", "normal");
    call("demand_update", id, json("{'valid_to':'2026-12-31'}"));
    EXPECT_TEXT("/valid_to", "2026-12-31");
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.demand SET status = 'expired' WHERE id = '%s';"
        " COMMIT",
        id);
    call("demand_update", id, json("{'valid_to':null}"));
    EXPECT_TEXT("/valid_to", longest);
}

static void submit_wants_a_start_to_come(void)
{
    const char *id = draft_with(",'expected_start_on':'2026-10-19'");
    call("demand_submit", id, NULL);
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("expected_start_in_past");
    EXPECT_TEXT("/errors/0/pointer", "#/expected_start_on");
    call("demand_update", id, json("{'expected_start_on':'2026-10-20'}"));
    call("demand_submit", id, NULL);
    EXPECT_TEXT("/status", "county_review");
}

/* A demand keeps the numbers of the policy it was made under. */
static void terms_are_those_of_its_policy(void)
{
    const char *policy = sql("SELECT pg_temp.clone('policy', p.id, jsonb_build_object('status', 'superseded', 'code',"
                             " 'brief', 'values', (SELECT jsonb_agg(CASE v ->> 'key' WHEN 'correction_days' THEN v ||"
                             " '{\"value\": 2}' WHEN 'demand_valid_months' THEN v || '{\"value\": 1}' ELSE v END) FROM"
                             " jsonb_array_elements(p.\"values\") v))) FROM app.policy p WHERE p.status = 'adopted'");
    const char *id = draft();
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.demand SET policy_id = '%s' WHERE id = '%s';"
        " COMMIT",
        policy, id);
    call("demand_submit", id, NULL);
    EXPECT_TEXT("/valid_to", "2026-11-19");
    as("xiangyuan.kj");
    call("demand_first_review", id, json("{'decision':'return','opinion':'请补充指标'}"));
    EXPECT_TEXT("/correct_by_on", "2026-10-22");
}

static void submit_takes_its_states(void)
{
    const char *id = submitted();
    EXPECT_EVENT(id, "demand_submit", "status");
    EXPECT_TEXT("/allowed_steps", json("['withdraw']"));
    call("demand_submit", id, NULL);
    EXPECT(WRONG_STATE);
    EXPECT_TEXT("/current_status", "county_review");
    EXPECT_TEXT("/allowed_steps", json("['withdraw']"));
    id = opened();
    expire(id);
    as("lishi");
    call("demand_submit", id, NULL);
    EXPECT_TEXT("/status", "county_review");
    EXPECT_TEXT("/close_reason", NULL);
}

static void submit_asks_for_a_firm_in_good_standing(void)
{
    const char *id = draft(), *was = "BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.enterprise SET";
    sql("%s barred_until = '2027-06-30' WHERE id = '%s'; COMMIT", was, firm);
    call("demand_submit", id, NULL);
    EXPECT(SANCTIONED);
    EXPECT_RULE("barred");
    CHECK(strstr(text_at("/detail"), "2027-06-30") != NULL);
    sql("%s barred_until = NULL, status = 'county_review' WHERE id = '%s'; COMMIT", was, firm);
    call("demand_submit", id, NULL);
    EXPECT(NOT_ELIGIBLE);
    EXPECT_RULE("enterprise_not_confirmed");
    sql("%s status = 'active' WHERE id = '%s'; COMMIT", was, firm);
    call("demand_submit", id, NULL);
    EXPECT(OK);
}

/* While a firm is being closed or moved by another request, nobody builds on what it was. */
static void a_firm_under_change_is_waited_for(void)
{
    const char *id = draft();
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.enterprise SET updated_at = updated_at"
        " WHERE id = '%s'",
        firm);
    call("demand_submit", id, NULL);
    EXPECT(CONCURRENT_CHANGE);
    CHECK_TEXT(header_of("Retry-After"), "1");
    call("demand_create", NULL, json("{'enterprise_id':'%s','kind':'talent'}", firm));
    EXPECT(CONCURRENT_CHANGE);
    sql("ROLLBACK");
    call("demand_submit", id, NULL);
    EXPECT(OK);
}

static void submit_keeps_the_calls_window(void)
{
    as("xiangyuan.kj");
    call("call_create", NULL,
         json("{'kind':'demand','title':'窗口试验','year':2026,'batch_no':91,'opens_at':'2026-10-01T00:00:00+08:00',"
              "'closes_at':'2026-12-01T00:00:00+08:00'}"));
    const char *round = keep("/id");
    call("call_publish", round, NULL);
    const char *early = draft_with(json(",'call_id':'%s'", round)), *late = draft_with(json(",'call_id':'%s'", round));
    call("demand_submit", early, NULL);
    EXPECT(OK);
    as("xiangyuan.kj");
    call("call_close", round, json("{'decision':'close'}"));
    as("lishi");
    call("demand_submit", late, NULL);
    EXPECT(WINDOW_CLOSED);
    EXPECT_RULE("call_window_closed");
}

static void the_county_looks_first(void)
{
    const char *id = submitted();
    as("xiangyuan.kj");
    call("demand_get", id, NULL);
    EXPECT_TEXT("/allowed_steps", json("['first_review','withdraw']"));
    call("demand_first_review", id, json("{'decision':'return'}"));
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("opinion_required");
    EXPECT_TEXT("/errors/0/pointer", "#/opinion");
    call("demand_first_review", id, json("{'decision':'pass','opinion':'情况属实'}"));
    EXPECT_TEXT("/status", "city_review");
    EXPECT_EVENT(id, "demand_first_review", "status");
    call("demand_first_review", id, json("{'decision':'pass'}"));
    EXPECT(WRONG_STATE);
    as("lishi");
    call("demand_first_review", id, json("{'decision':'pass'}"));
    EXPECT(FORBIDDEN);
}

/* Whoever has to correct or give up hears why; a reason in a code is one of the dictionary. */
static void what_is_refused_says_why(void)
{
    static const char *const decisions[] = {"return", "reject"};
    const char *id = submitted();
    as("xiangyuan.kj");
    for (int i = 0; i < 2; i++) {
        call("demand_first_review", id,
             json("{'decision':'%s','opinion':'补','visible_to_applicant':false,'reason_code':'zzz'}", decisions[i]));
        EXPECT(RULE_VIOLATED);
        EXPECT_RULE("opinion_hidden");
        EXPECT_RULE("unknown_code");
        CHECK(strstr(bytes_of(), "#/visible_to_applicant") != NULL && strstr(bytes_of(), "#/reason_code") != NULL);
    }
    call("demand_first_review", id, json("{'decision':'pass','opinion':'内部意见','visible_to_applicant':false}"));
    EXPECT_TEXT("/status", "city_review");
    as("lishi");
    ask("GET", json("/v1/events?subject_type=demand&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/review", NULL);
    as("shi.kj");
    call("demand_review", id, json("{'decision':'return','opinion':'补','visible_to_applicant':false}"));
    EXPECT_RULE("opinion_hidden");
    call(
        "demand_review", id,
        json("{'decision':'return_to_county','opinion':'请核实','visible_to_applicant':false,'reason_code':'untrue'}"));
    EXPECT_TEXT("/status", "county_review");
}

static void what_is_returned_comes_back(void)
{
    const char *id = returned();
    CHECK_TEXT(text_at("/correct_by_on"),
               sql("SELECT app.today() + app.policy_value('correction_days', '140423')::int"));
    EXPECT_EVENT(id, "demand_first_review", "status");
    as("lishi");
    ask("GET", json("/v1/events?subject_type=demand&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/review/opinion", "请补充指标");
    EXPECT_TEXT("/items/0/review/reason_code", "incomplete");
    call("demand_submit", id, NULL);
    EXPECT_TEXT("/status", "county_review");
    EXPECT_TEXT("/correct_by_on", NULL);
    as("xiangyuan.kj");
    call("demand_first_review", id,
         json("{'decision':'reject','opinion':'不属于科技需求','reason_code':'out_of_scope'}"));
    EXPECT_TEXT("/status", "rejected");
    EXPECT_TEXT("/allowed_steps", "[]");
    as("lishi");
    ask("GET", json("/v1/events?subject_type=demand&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/operation", "demand_first_review");
    EXPECT_TEXT("/items/0/review/opinion", "不属于科技需求");
}

static void nothing_passes_for_a_barred_firm(void)
{
    const char *was = "BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.enterprise SET barred_until =";
    const char *id = submitted(), *later = reported();
    sql("%s '2027-06-30' WHERE id = '%s'; COMMIT", was, firm);
    as("xiangyuan.kj");
    call("demand_first_review", id, json("{'decision':'pass'}"));
    EXPECT(SANCTIONED);
    as("shi.kj");
    call("demand_review", later, json("{'decision':'pass'}"));
    EXPECT(SANCTIONED);
    call("demand_review", later, json("{'decision':'reject','opinion':'企业处于限制期'}"));
    EXPECT(OK);
    sql("%s NULL WHERE id = '%s'; COMMIT", was, firm);
}

/* What was valid when it was submitted may have run out on a desk: it goes back, and nobody passes it. */
static void nothing_passes_after_its_validity(void)
{
    static const char late[] = "UPDATE app.demand SET valid_to = app.today() - 1 WHERE id = '%s'";
    const char *id = submitted();
    sql(late, id);
    as("xiangyuan.kj");
    call("demand_first_review", id, json("{'decision':'pass'}"));
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("demand_validity_over");
    sql("UPDATE app.demand SET valid_to = app.today() WHERE id = '%s'", id);
    call("demand_first_review", id, json("{'decision':'pass'}"));
    EXPECT_TEXT("/status", "city_review");
    sql(late, id);
    as("shi.kj");
    call("demand_review", id, json("{'decision':'pass'}"));
    EXPECT_RULE("demand_validity_over");
    call("demand_review", id, json("{'decision':'return','opinion':'请延长有效期后重新提交'}"));
    EXPECT_TEXT("/status", "returned");
}

static void the_city_opens(void)
{
    const char *id = reported();
    as("shi.kj");
    call("demand_get", id, NULL);
    EXPECT_TEXT("/allowed_steps", json("['review']"));
    call("demand_review", id, json("{'decision':'pass'}"));
    EXPECT_TEXT("/status", "open");
    EXPECT_EVENT(id, "demand_review", "opened_at");
    CHECK(text_at("/opened_at") != NULL);
    call("demand_review", id, json("{'decision':'pass'}"));
    EXPECT(WRONG_STATE);
    as("shi.rc");
    call("demand_get", id, NULL);
    EXPECT_TEXT("/allowed_steps", "[]");
    call("demand_review", id, json("{'decision':'pass'}"));
    EXPECT(FORBIDDEN);
}

static void the_city_sends_back(void)
{
    static const struct {
        const char *decision, *leads_to;
    } ways[] = {{"return_to_county", "county_review"}, {"return", "returned"}, {"reject", "rejected"}};
    for (int i = 0; i < 3; i++) {
        const char *id = reported();
        as("shi.kj2");
        call("demand_review", id, json("{'decision':'%s'}", ways[i].decision));
        EXPECT_RULE("opinion_required");
        call("demand_review", id, json("{'decision':'%s','opinion':'请核实指标'}", ways[i].decision));
        EXPECT_TEXT("/status", ways[i].leads_to);
        EXPECT_EVENT(id, "demand_review", "status");
    }
}

static void withdrawing_says_why(void)
{
    const char *id = opened();
    as("lishi");
    call("demand_withdraw", id, "{}");
    EXPECT_FAULT("#/close_reason", "required");
    call("demand_withdraw", id, json("{'close_reason':'solved_elsewhere','opinion':'已自行解决'}"));
    EXPECT_TEXT("/status", "withdrawn");
    EXPECT_TEXT("/close_reason", "solved_elsewhere");
    EXPECT_EVENT(id, "demand_withdraw", "status");
    call("demand_withdraw", id, json("{'close_reason':'withdrawn'}"));
    EXPECT(WRONG_STATE);
    as("xiangyuan.kj");
    ask("GET", json("/v1/events?subject_type=demand&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/review/opinion", "已自行解决");
}

/* A firm hears that a rank is taken when it submits, from whatever its other demand waits for; a reviewer, when the two
 * have met on the way. */
static void ranks_differ_among_live_ones(void)
{
    const char *first = draft_with(",'priority_no':17"), *second = draft_with(",'priority_no':17");
    call("demand_submit", first, NULL);
    call("demand_submit", second, NULL);
    EXPECT(DUPLICATE);
    EXPECT_RULE("priority_no_taken");
    EXPECT_TEXT("/errors/0/pointer", "#/priority_no");
    CHECK(strstr(bytes_of(), "排序17") != NULL);
    sql("UPDATE app.demand SET priority_no = NULL WHERE id = '%s'", first);
    call("demand_submit", second, NULL);
    EXPECT(OK);
    sql("UPDATE app.demand SET priority_no = 17 WHERE id = '%s'", first);
    as("xiangyuan.kj");
    call("demand_first_review", second, json("{'decision':'pass'}"));
    EXPECT_RULE("priority_no_taken");
    sql("UPDATE app.demand SET priority_no = NULL WHERE id = '%s'", first);
    call("demand_first_review", second, json("{'decision':'pass'}"));
    call("demand_first_review", first, json("{'decision':'pass'}"));
    sql("UPDATE app.demand SET priority_no = 17 WHERE id = '%s'", first);
    as("shi.kj");
    call("demand_review", second, json("{'decision':'pass'}"));
    EXPECT(DUPLICATE);
    EXPECT_RULE("priority_no_taken");
    EXPECT_TEXT("/errors/0/pointer", NULL);
    as("lishi");
    call("demand_withdraw", first, json("{'close_reason':'withdrawn'}"));
    as("shi.kj");
    call("demand_review", second, json("{'decision':'pass'}"));
    EXPECT(OK);
}

static void specialists_see_open_ones(void)
{
    const char *id = opened();
    as("linruochuan");
    call("demand_get", id, NULL);
    EXPECT_TEXT("/title", "针状焦煅烧尾气余热利用");
    EXPECT_TEXT("/enterprise_id", firm);
    EXPECT_TEXT("/contact_name", NULL);
    EXPECT_TEXT("/contact_phone_masked", NULL);
    EXPECT_TEXT("/created_by", NULL);
    EXPECT_TEXT("/allowed_steps", "[]");
    as("lishi");
    call("demand_withdraw", id, json("{'close_reason':'withdrawn'}"));
    as("linruochuan");
    call("demand_get", id, NULL);
    EXPECT(NOT_FOUND);
}

/* Of a limited demand a specialist sees field, groups, unit and end; not by its text in a search, nor by a filter on
 * what is hidden. */
static void limited_ones_show_an_outline(void)
{
    static const char *const hidden[] = {"title",   "description", "kind",       "enterprise_id", "industry_code",
                                         "urgency", "opened_at",   "budget_fen", "contact_name",  "wanted_profile"};
    const char *id = draft_with(",'confidentiality':'limited'");
    call("demand_update", id, json("{'current_state':'独门秘方烘焙'}"));
    open_up(id);
    as("linruochuan");
    call("demand_get", id, NULL);
    EXPECT_TEXT("/tech_field", "new_energy_saving");
    EXPECT_TEXT("/task_groups", json("['rd_transfer']"));
    EXPECT_TEXT("/unit_id", "140423");
    EXPECT_TEXT("/confidentiality", "limited");
    EXPECT_TEXT("/targets", "[]");
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) EXPECT_TEXT(json("/%s", hidden[i]), NULL);
    ask("GET", "/v1/demands?q=%E7%8B%AC%E9%97%A8", NULL);
    EXPECT_TEXT("/items", "[]");
    ask("GET", json("/v1/demands?enterprise_id=%s", firm), NULL);
    CHECK(strstr(bytes_of(), id) == NULL);
    as("shi.kj");
    ask("GET", "/v1/demands?q=%E7%8B%AC%E9%97%A8", NULL);
    EXPECT_TEXT("/items/0/id", id);
}

static void filters_choose(void)
{
    static const struct {
        const char *query, *where;
    } filters[] = {
        {"status=open", "status = 'open'"},
        {"status=open,matched,expired", "status IN ('open', 'matched', 'expired')"},
        {"unit_id=140427,CZGX01", "unit_id IN ('140427', 'CZGX01')"},
        {"kind=talent", "kind = 'talent'"},
        {"tech_field=new_materials", "tech_field = 'new_materials'"},
        {"task_group=rd_transfer,tech_liaison", "task_groups && '{rd_transfer,tech_liaison}'"},
        {"urgency=urgent", "urgency = 'urgent'"},
        {"industry_code=C", "industry_code LIKE 'C%'"},
        {"confidentiality=limited", "confidentiality = 'limited'"},
        {"cooperation_mode=commissioned,joint_development",
         "cooperation_mode IN ('commissioned', 'joint_development')"},
        {"expected_start_on_from=2026-07-01", "expected_start_on >= '2026-07-01'"},
        {"expected_start_on_before=2026-07-01", "expected_start_on < '2026-07-01'"},
        {"valid_to_from=2026-12-01&valid_to_before=2027-06-01", "valid_to >= '2026-12-01' AND valid_to < '2027-06-01'"},
        {"status=open&kind=technology", "status = 'open' AND kind = 'technology'"},
        {"updated_since=2026-10-01T00:00:00%2B08:00", "updated_at >= '2026-10-01 00:00+08'"},
    };
    as("shi.kj");
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        int shown = walk(json("/v1/demands?%s&limit=9", filters[i].query), "-updated_at");
        const char *want = sql("SELECT count(*) FROM app.demand WHERE shown AND %s", filters[i].where);
        CHECK_TEXT(json("%d", shown), want);
        CHECK(shown > 0);
    }
    CHECK_TEXT(json("%d", walk(json("/v1/demands?enterprise_id=%s", firm), "-updated_at")),
               sql("SELECT count(*) FROM app.demand WHERE shown AND enterprise_id = '%s'", firm));
    ask("GET", "/v1/demands?status=asleep&colour=red&limit=0", NULL);
    EXPECT_FAULT("status", "enum");
    EXPECT_FAULT("colour", "unknown");
    EXPECT_FAULT("limit", "too_small");
}

static void each_reader_walks_his_own(void)
{
    static const struct {
        const char *login, *where;
    } readers[] = {{"shi.gx", "shown"},
                   {"xiangyuan.rc2", "unit_id = '140423' AND (shown OR side = 'county')"},
                   {"lishi", "unit_id = '140423' AND (shown OR side = 'enterprise') AND enterprise_id ="
                             " (SELECT enterprise_id FROM app.account WHERE login_name = 'lishi')"},
                   {"linruochuan", "status = 'open' OR id IN (SELECT m.demand_id FROM app.match m JOIN app.account a"
                                   " USING (specialist_id) WHERE a.login_name = 'linruochuan' AND m.status IN"
                                   " ('confirmed', 'adopted', 'placed'))"}};
    static const char *const sorts[] = {"-updated_at", "id", "valid_to"};
    for (int i = 0; i < 4; i++) {
        as(readers[i].login);
        const char *want = sql("SELECT count(*) FROM app.demand WHERE %s", readers[i].where);
        for (int s = 0; s < 3; s++)
            CHECK_TEXT(json("%d", walk(json("/v1/demands?limit=7&sort=%s", sorts[s]), sorts[s])), want);
    }
}

static void cursors_fit_their_list_alone(void)
{
    as("shi.kj");
    ask("GET", "/v1/demands?limit=3&status=open", NULL);
    const char *cursor = keep("/next_cursor");
    EXPECT_TEXT("/has_more", "true");
    CHECK_TEXT(header_of("Link"), json("</v1/demands?limit=3&status=open&cursor=%s>; rel='next'", cursor));
    ask("GET", json("/v1/demands?limit=5&status=open&cursor=%s", cursor), NULL);
    EXPECT(OK);
    ask("GET", json("/v1/demands?limit=3&status=matched&cursor=%s", cursor), NULL);
    EXPECT(CURSOR_INVALID);
    ask("GET", json("/v1/demands?limit=3&status=open&sort=id&cursor=%s", cursor), NULL);
    EXPECT(CURSOR_INVALID);
    ask("GET", json("/v1/enterprises?cursor=%s", cursor), NULL);
    EXPECT(CURSOR_INVALID);
    char *altered = strdup(cursor);
    altered[10] = altered[10] == 'A' ? 'B' : 'A';
    ask("GET", json("/v1/demands?limit=3&status=open&cursor=%s", altered), NULL);
    EXPECT(CURSOR_INVALID);
    free(altered);
}

/* 轴承 is two characters, too short for trigrams. */
static void words_are_found(void)
{
    as("shi.kj");
    ask("GET", "/v1/demands?q=%E8%BD%B4%E6%89%BF&total=true", NULL);
    EXPECT_TEXT("/total", json("%zu", json_array_size(json_object_get(body_of(), "items"))));
    CHECK(text_at("/items/0/title") != NULL && strstr(text_at("/items/0/title"), "轴承") != NULL);
    ask("GET", "/v1/demands?q=%E8%BD%B4%E6%89%BF%20%E5%A4%B9%E6%9D%82%E7%89%A9", NULL);
    CHECK(text_at("/items/0/title") != NULL && strstr(text_at("/items/0/title"), "夹杂物") != NULL);
    ask("GET", "/v1/demands?q=%E8%BD%B4%E6%89%BF%20%E5%85%9A%E5%8F%82", NULL);
    EXPECT_TEXT("/items", "[]");
    ask("GET", "/v1/demands?q=\xe8\xbd\xb4\xe6\x89\xbf", NULL);
    EXPECT(MALFORMED_REQUEST);
    EXPECT_FAULT("q", "format");
    ask("GET", "/v1/demands/\xe8\xbd\xb4", NULL);
    EXPECT_FAULT("target", "format");
    ask("GET", "/v1/demands?q=a", NULL); /* no index knows single letters */
    EXPECT_FAULT("q", "pattern");
    ask("GET", "/v1/demands?q=a%20b", NULL);
    EXPECT_FAULT("q", "pattern");
    ask("GET", "/v1/demands?q=%E8%BD%B4", NULL);
    EXPECT(OK);
    ask("GET", "/v1/demands?q=%E8%BD%B4%E6%89%BF%20a", NULL);
    EXPECT(OK);
    ask("GET", "/v1/demands?q=mini-led", NULL);
    CHECK(text_at("/items/0/title") != NULL && strstr(text_at("/items/0/title"), "Mini-LED") != NULL);
    ask("GET", "/v1/demands?q=%E8%BD%B4%E6%89%BF&sort=id", NULL);
    EXPECT_FAULT("sort", "not_allowed");
    as("huguan.kj");
    ask("GET", "/v1/demands?q=%E8%BD%B4%E6%89%BF", NULL);
    EXPECT_TEXT("/items", "[]");
}

static void what_is_known_is_not_sent_again(void)
{
    const char *id = draft();
    call("demand_get", id, NULL);
    const char *etag = json("%s", header_of("ETag"));
    with("If-None-Match", etag);
    call("demand_get", id, NULL);
    CHECK(status_of() == 304 && body_of() == NULL);
    CHECK_TEXT(header_of("ETag"), etag);
    call("demand_update", id, json("{'title':'新题目'}"));
    with("If-None-Match", etag);
    call("demand_get", id, NULL);
    CHECK(status_of() == 200);
}

int main(void)
{
    harness_open();
    subjects_open();
    firm = sql("SELECT enterprise_id FROM app.account WHERE login_name = 'lishi'");
    RUN(create_begins_a_draft);
    RUN(create_takes_little);
    RUN(create_keeps_the_rules);
    RUN(create_checks_the_call);
    RUN(a_repeated_id_is_a_duplicate);
    RUN(a_county_enters_paper_forms);
    RUN(a_county_acts_for_the_firm);
    RUN(drafts_are_their_sides_own);
    RUN(strangers_find_nothing);
    RUN(a_patch_is_a_merge);
    RUN(only_drafts_and_returned_change);
    RUN(phones_are_sealed);
    RUN(submit_lists_what_is_missing);
    RUN(submit_wants_days_to_come);
    RUN(null_is_the_term_of_the_policy);
    RUN(submit_wants_a_start_to_come);
    RUN(terms_are_those_of_its_policy);
    RUN(submit_takes_its_states);
    RUN(submit_asks_for_a_firm_in_good_standing);
    RUN(a_firm_under_change_is_waited_for);
    RUN(submit_keeps_the_calls_window);
    RUN(the_county_looks_first);
    RUN(what_is_refused_says_why);
    RUN(what_is_returned_comes_back);
    RUN(nothing_passes_for_a_barred_firm);
    RUN(nothing_passes_after_its_validity);
    RUN(the_city_opens);
    RUN(the_city_sends_back);
    RUN(withdrawing_says_why);
    RUN(ranks_differ_among_live_ones);
    RUN(specialists_see_open_ones);
    RUN(limited_ones_show_an_outline);
    RUN(filters_choose);
    RUN(each_reader_walks_his_own);
    RUN(cursors_fit_their_list_alone);
    RUN(words_are_found);
    RUN(what_is_known_is_not_sent_again);
    return harness_close();
}
