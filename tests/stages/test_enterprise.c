/* Firms of article 7: they or their county record them, the county confirms local registration and legal personality.
 * Each test that begins a firm does it with an account of its own in 襄垣县; 壶关县 stands beside and should see
 * nothing. */
#include "as_role.h"
#include "harness.h"
#include "subjects.h"

#include <stdlib.h>

/* The demo clock stands in 2026, so the last full year is 2025. */
#define COMPLETE                                                                                                              \
    "'unit_id':'140423','name':'襄垣朗洲铸件有限公司','is_legal_person':true,'legal_representative':'周岚',"      \
    "'registered_on':'2019-04-08','registered_capital_fen':1000000000,'address':'襄垣县富阳工业园',"                  \
    "'industry_code':'C','chain_code':'special_steel','main_business':'汽车与机械用铸件的研发、生产和销售'," \
    "'contact_name':'周岚','contact_phone':'13900000101','contact_email':'zhoulan@example.org',"                            \
    "'figures':[{'year':2025,'employees':86,'rd_staff':9,'revenue_fen':6200000000,'rd_expense_fen':210000000,"                \
    "'assets_fen':null}]"

static const char *firm;

/* A credit code with its right check character, of a division that does not exist. */
static const char *new_code(void)
{
    static int count;
    return sql("SELECT c FROM (SELECT '91140499MATE%05d' || x AS c"
               " FROM unnest(string_to_array('0123456789ABCDEFGHJKLMNPQRTUWXY', NULL)) x) t WHERE app.uscc_valid(c)",
               ++count);
}

/* A new enterprise account without a firm; asks as it from now on. */
static void as_newcomer(void)
{
    static int count;
    const char *login = json("newcomer.%d", ++count);
    as(NULL);
    call("account_register", NULL,
         json("{'login_name':'%s','password':'Tepai-Demo-2026','display_name':'周岚','phone':'13900000101',"
              "'role':'enterprise'}",
              login));
    EXPECT(OK);
    as(login);
}

/* A complete firm of a newcomer with further members, as a draft. */
static const char *draft_with(const char *members)
{
    as_newcomer();
    call("enterprise_create", NULL, json("{'uscc':'%s'," COMPLETE "%s}", new_code(), members));
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
    call("enterprise_submit", id, NULL);
    EXPECT_TEXT("/status", "county_review");
    return id;
}

static const char *returned(void)
{
    const char *id = submitted();
    as("xiangyuan.kj");
    call("enterprise_confirm", id, json("{'decision':'return','opinion':'请核对注册地址'}"));
    EXPECT_TEXT("/status", "returned");
    return id;
}

static const char *confirmed(void)
{
    const char *id = submitted();
    as("xiangyuan.rc");
    call("enterprise_confirm", id, json("{'decision':'pass'}"));
    EXPECT_TEXT("/status", "active");
    return id;
}

static const char *owner_of(const char *id)
{
    return sql("SELECT login_name FROM app.account WHERE enterprise_id = '%s'", id);
}

/* Codes in use, one whose sum is divisible by 31, and codes with one flaw each (GB 32100-2015). */
static void codes_are_checked(void)
{
    static const struct {
        const char *code, *valid;
    } codes[] = {{"91140491MAK2TX345N", "t"}, {"91350100M000100Y43", "t"}, {"911101066976941872", "t"},
                 {"91140499MADM001740", "t"}, {"91310115MA1H8R7C6D", "f"}, {"9114049IMAK2TX345N", "f"},
                 {"91140491MAK2TX345n", "f"}, {"91140491MAK2TX345", "f"},  {"", "f"}};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        CHECK_TEXT(sql("SELECT app.uscc_valid('%s')", codes[i].code), codes[i].valid);
}

static void create_begins_a_draft(void)
{
    const char *id = draft();
    CHECK(status_of() == 201);
    CHECK_TEXT(header_of("Location"), json("/v1/enterprises/%s", id));
    EXPECT_TEXT("/version", "1");
    EXPECT_TEXT("/status", "draft");
    EXPECT_TEXT("/is_above_scale", "false");
    EXPECT_TEXT("/priority_bp", "0");
    EXPECT_TEXT("/rd_platforms", "[]");
    EXPECT_TEXT("/allowed_steps", json("['submit']"));
    EXPECT_EVENT(id, "enterprise_create", "name");
    CHECK_TEXT(sql("SELECT operation FROM app.event WHERE subject_type = 'account' AND subject_id ="
                   " (SELECT id FROM app.account WHERE enterprise_id = '%s') AND subject_version = 2",
                   id),
               "enterprise_create");
}

static void the_first_firm_is_the_accounts_own(void)
{
    const char *id = draft();
    call("account_get_me", NULL, NULL);
    EXPECT_TEXT("/rights/enterprise_id", id);
    call("enterprise_create", NULL,
         json("{'unit_id':'140423','uscc':'%s','name':'第二家','is_legal_person':true}", new_code()));
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("account_has_enterprise");
}

/* Nobody else could invite the founder's colleagues. His next token says so. */
static void who_records_a_firm_administers_it(void)
{
    const char *id = draft();
    as(NULL);
    ask("POST", "/v1/sessions", json("{'login_name':'%s','password':'Tepai-Demo-2026'}", owner_of(id)));
    as_token(keep("/access_token"));
    call("account_get_me", NULL, NULL);
    EXPECT_TEXT("/rights/is_admin", "true");
    call("account_create", NULL,
         json("{'login_name':'colleague.first','display_name':'同事','phone':'13900001234','role':'enterprise',"
              "'enterprise_id':'%s'}",
              id));
    EXPECT_TEXT("/status", "invited");
    EXPECT_TEXT("/is_admin", "false");
    EXPECT_TEXT("/enterprise_id", id);
}

/* The founder may go while he is alone, and while he is not, only when another administers the firm; his county, which
 * administers it too, may stop him. */
static void a_firm_may_lose_its_founder(void)
{
    const char *id = draft(), *founder = sql("SELECT id FROM app.account WHERE enterprise_id = '%s'", id);
    sql("UPDATE app.account SET enterprise_id = '%s', is_admin = false WHERE login_name = 'qy.35'", id);
    call("account_close", founder, NULL);
    EXPECT_RULE("last_admin");
    as("xiangyuan.kj");
    call("account_disable", founder, NULL);
    EXPECT_TEXT("/status", "disabled");
    const char *alone = sql("SELECT id FROM app.account WHERE enterprise_id = '%s'", draft());
    call("account_close", alone, NULL);
    EXPECT_TEXT("/status", "closed");
}

static void create_keeps_the_rules(void)
{
    as_newcomer();
    call("enterprise_create", NULL,
         json("{'unit_id':'149999','uscc':'91310115MA1H8R7C6D','name':'甲','is_legal_person':true,"
              "'uscc_override_reason':'x','uscc_override_scan_id':'" NOWHERE_ID
              "','industry_code':'C','chain_code':'magic','other_programmes':['magic'],"
              "'entered_for':{'side':'enterprise','reason':'x'}}"));
    EXPECT_RULE("reference_not_found");
    EXPECT_RULE("uscc_override_county_only");
    EXPECT_RULE("unknown_code");
    EXPECT_RULE("entered_for_office_only");
    CHECK(strstr(bytes_of(), "#/uscc_override_scan_id") != NULL);
    CHECK(strstr(bytes_of(), "#/chain_code") != NULL && strstr(bytes_of(), "#/other_programmes/0") != NULL);
    call("enterprise_create", NULL,
         json("{'unit_id':'140423','uscc':'91310115MA1H8R7C6D','name':'甲','is_legal_person':true}"));
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("uscc_checksum");
    EXPECT_TEXT("/errors/0/article", "7");
    EXPECT_TEXT("/errors/0/pointer", "#/uscc");
    EXPECT_TEXT("/errors/0/article", "7");
    as("xiangyuan.kj");
    call("enterprise_create", NULL,
         json("{'unit_id':'140427','uscc':'%s','name':'甲','is_legal_person':true}", new_code()));
    EXPECT_RULE("own_unit_only");
    EXPECT_RULE("entered_for_required");
    as("shi.kj");
    call("enterprise_create", NULL,
         json("{'unit_id':'140427','uscc':'%s','name':'甲','is_legal_person':true}", new_code()));
    EXPECT(FORBIDDEN);
}

static void figures_and_scale_are_checked(void)
{
    static const char year[] = "{'year':2025,'employees':1,'rd_staff':1,'revenue_fen':1,'rd_expense_fen':1,"
                               "'assets_fen':1}";
    const char *id = draft();
    call("enterprise_update", id, json("{'figures':[%s,%s]}", year, year));
    EXPECT_RULE("figures_year_unique");
    EXPECT_TEXT("/errors/0/pointer", "#/figures");
    call("enterprise_update", id, json("{'is_above_scale':true,'industry_code':'I'}"));
    EXPECT(NOT_ELIGIBLE);
    EXPECT_RULE("above_scale_industry");
    call("enterprise_update", id, json("{'is_above_scale':true,'industry_code':'B06'}"));
    EXPECT_TEXT("/priority_bp", "4000");
    call("enterprise_update", id, json("{'hitech_cert_no':'GR2024','hitech_valid_to':'2027-01-01'}"));
    EXPECT_TEXT("/priority_bp", "8000");
    call("enterprise_update", id, json("{'is_weak_rd_sme':true,'hitech_valid_to':'2026-01-01'}"));
    EXPECT_TEXT("/priority_bp", "6000");
}

static void a_taken_code_is_a_duplicate(void)
{
    const char *taken = sql("SELECT uscc FROM app.enterprise WHERE id = '%s'", firm);
    as_newcomer();
    call("enterprise_create", NULL,
         json("{'unit_id':'140423','uscc':'%s','name':'冒名','is_legal_person':true}", taken));
    EXPECT(DUPLICATE);
    EXPECT_TEXT("/errors/0/pointer", "#/uscc");
    EXPECT_TEXT("/conflicting_id", NULL);
    CHECK(strstr(bytes_of(), taken) == NULL);
    const char *refused = sql("SELECT uscc FROM app.enterprise WHERE status = 'rejected' LIMIT 1");
    call("enterprise_create", NULL,
         json("{'unit_id':'140428','uscc':'%s','name':'再次登记','is_legal_person':true}", refused));
    EXPECT(OK);
    const char *id = keep("/id");
    as_newcomer();
    call("enterprise_create", NULL,
         json("{'id':'%s','unit_id':'140423','uscc':'%s','name':'x','is_legal_person':true}", id, new_code()));
    EXPECT(DUPLICATE);
    EXPECT_TEXT("/conflicting_id", NULL);
}

/* A paper form that a county types, with a credit code that fails its check. */
static const char *paper_form(const char *form, const char *members)
{
    return json("{'uscc':'91350211M0000XUF46','uscc_override_reason':'执照如此',%s'entered_for':{'side':'enterprise',"
                "'reason':'纸质登记表','attachment_id':'%s'}," COMPLETE "}",
                members, form);
}

static void a_county_enters_paper_forms(void)
{
    as("xiangyuan.kj");
    const char *form = stored_file("xiangyuan.kj"), *licence = stored_file("xiangyuan.kj");
    call("enterprise_create", NULL, paper_form(form, ""));
    EXPECT_RULE("uscc_override_scan_required");
    EXPECT_TEXT("/errors/0/pointer", "#/uscc_override_scan_id");
    const char *scan = json("'uscc_override_scan_id':'%s',", licence);
    call("enterprise_create", NULL, paper_form(stored_file("shi.kj"), scan));
    EXPECT(REFERENCE_NOT_FOUND);
    EXPECT_TEXT("/errors/0/pointer", "#/entered_for");
    const char *body = paper_form(form, scan);
    call("enterprise_create", NULL, body);
    EXPECT(OK);
    EXPECT_TEXT("/entered_for/attachment_id", form);
    EXPECT_TEXT("/uscc_override_scan_id", licence);
    EXPECT_TEXT("/entered_for/side", "enterprise");
    EXPECT_TEXT("/uscc_override_reason", "执照如此");
    EXPECT_TEXT("/allowed_steps", json("['close','submit']"));
    const char *id = keep("/id");
    call("enterprise_create", NULL, json("%s", body));
    EXPECT(DUPLICATE);
    call("enterprise_update", id, json("{'uscc_override_reason':null}"));
    EXPECT_RULE("uscc_checksum");
    call("enterprise_update", id, json("{'uscc_override_scan_id':null}"));
    EXPECT_RULE("uscc_override_scan_required");
    call("attachment_get", licence, NULL);
    EXPECT_TEXT("/subject_id", id);
    call("enterprise_update", id, json("{'unit_id':'140427'}"));
    EXPECT_RULE("own_unit_only");
    call("enterprise_close", id, "{}");
    EXPECT_TEXT("/status", "closed");
}

#define FOR_FIRM "'entered_for':{'side':'enterprise','reason':'企业电话委托'}"

/* What a county does to a record that the firm began it does for the firm, but for the facts that it confirms itself.
 */
static void a_county_acts_for_the_firm(void)
{
    const char *id = returned();
    as("xiangyuan.kj");
    call("enterprise_update", id, json("{'address':'襄垣县王桥工业园'}"));
    EXPECT_RULE("on_behalf_required");
    call("enterprise_update", id, json("{'address':'襄垣县王桥工业园'," FOR_FIRM "}"));
    EXPECT(OK);
    call("enterprise_submit", id, NULL);
    EXPECT_RULE("on_behalf_required");
    call("enterprise_submit", id, json("{" FOR_FIRM "}"));
    EXPECT_TEXT("/status", "county_review");
    call("enterprise_confirm", id, json("{'decision':'pass'}"));
    EXPECT(TWO_PERSON_RULE);
    EXPECT_RULE("submitter_decides");
    as("xiangyuan.rc");
    call("enterprise_confirm", id, json("{'decision':'pass'}"));
    EXPECT_TEXT("/status", "active");
    call("enterprise_update", id, json("{'contact_name':'周平','name':'新名','reason':'工商变更'}"));
    EXPECT_RULE("on_behalf_required");
    call("enterprise_update", id, json("{'name':'襄垣新朗洲铸件有限公司','reason':'工商变更'}"));
    EXPECT(OK);
    as(owner_of(id));
    ask("GET", json("/v1/events?subject_type=enterprise&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/on_behalf_of", NULL);
    EXPECT_TEXT("/items/2/operation", "enterprise_submit");
    EXPECT_TEXT("/items/2/on_behalf_of/reason", "企业电话委托");
    call("enterprise_update", id, json("{" FOR_FIRM "}"));
    EXPECT_RULE("entered_for_office_only");
}

static void drafts_are_their_sides_own(void)
{
    static const char *const others[] = {"shi.kj", "xiangyuan.kj", "huguan.kj", "lishi", "linruochuan"};
    const char *id = draft();
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        as(others[i]);
        call("enterprise_get", id, NULL);
        EXPECT(NOT_FOUND);
        ask("GET", json("/v1/events?subject_type=enterprise&subject_id=%s", id), NULL);
        EXPECT_TEXT("/items", "[]");
    }
}

static void strangers_find_nothing(void)
{
    const char *id = submitted();
    as("huguan.kj");
    call("enterprise_get", id, NULL);
    EXPECT(NOT_FOUND);
    call("enterprise_confirm", id, json("{'decision':'pass'}"));
    EXPECT(NOT_FOUND);
    call("enterprise_close", id, "{}");
    EXPECT(NOT_FOUND);
    as("lishi");
    call("enterprise_get", id, NULL);
    EXPECT(NOT_FOUND);
    call("enterprise_update", id, json("{'name':'x'}"));
    EXPECT(NOT_FOUND);
    call("enterprise_submit", id, NULL);
    EXPECT(NOT_FOUND);
    as("linruochuan");
    call("enterprise_get", id, NULL);
    EXPECT(NOT_FOUND);
    as(NULL);
    call("enterprise_get", id, NULL);
    EXPECT(UNAUTHENTICATED);
}

static void a_patch_is_a_merge(void)
{
    const char *id = draft();
    call("enterprise_update", id, json("{'name':'襄垣朗洲精铸有限公司','address':null,'rd_platforms':['铸造中心']}"));
    EXPECT(OK);
    EXPECT_TEXT("/version", "2");
    EXPECT_TEXT("/name", "襄垣朗洲精铸有限公司");
    EXPECT_TEXT("/address", NULL);
    EXPECT_TEXT("/rd_platforms", json("['铸造中心']"));
    EXPECT_TEXT("/registered_on", "2019-04-08");
    EXPECT_EVENT(id, "enterprise_update", "name");
    call("enterprise_update", id, json("{'name':'襄垣朗洲精铸有限公司'}"));
    EXPECT_TEXT("/version", "2");
    CHECK_TEXT(sql("SELECT count(*) FROM app.event WHERE subject_id = '%s'", id), "2");
    call("enterprise_update", id, json("{'name':null,'uscc':'short','colour':'red'}"));
    EXPECT_FAULT("#/name", "type");
    EXPECT_FAULT("#/uscc", "pattern");
    EXPECT_FAULT("#/colour", "unknown");
}

static void only_drafts_and_returned_change(void)
{
    const char *id = submitted();
    call("enterprise_update", id, json("{'address':'x'}"));
    EXPECT(WRONG_STATE);
    EXPECT_RULE("not_editable");
    id = returned();
    as(owner_of(id));
    call("enterprise_update", id, json("{'address':'襄垣县富阳工业园二路'}"));
    EXPECT(OK);
    as("xiangyuan.kj");
    call("enterprise_update", id, json("{'unit_id':'140427'}"));
    EXPECT_RULE("own_unit_only");
}

static void confirmed_facts_are_guarded(void)
{
    const char *id = confirmed(), *owner = owner_of(id);
    as(owner);
    call("enterprise_update", id, json("{'address':'襄垣县王桥工业园'}"));
    EXPECT(OK);
    call("enterprise_update", id, json("{'name':'新名','is_weak_rd_sme':true}"));
    EXPECT_RULE("confirmed_facts_county_only");
    call("enterprise_update", id, json("{'hitech_cert_no':'GR1','hitech_valid_to':'2030-01-01'}"));
    EXPECT_RULE("confirmed_facts_county_only");
    call("enterprise_update", id, json("{'sme_tech_no':'2026140423','sme_tech_year':2026}"));
    EXPECT_RULE("confirmed_facts_county_only");
    as("xiangyuan.kj");
    call("enterprise_update", id, json("{'hitech_cert_no':'GR1','hitech_valid_to':'2030-01-01'}"));
    EXPECT_RULE("reason_required");
    call("enterprise_update", id,
         json("{'hitech_cert_no':'GR1','hitech_valid_to':'2030-01-01','reason':'核对高新技术企业证书原件'}"));
    EXPECT_TEXT("/priority_bp", "4000");
    call("enterprise_update", id, json("{'name':'新名'}"));
    EXPECT_RULE("reason_required");
    call("enterprise_update", id, json("{'unit_id':'140427','reason':'迁址'}"));
    EXPECT_RULE("unit_moves_by_city");
    call("enterprise_update", id, json("{'name':'襄垣新朗洲有限公司','reason':'工商变更'}"));
    EXPECT_TEXT("/name", "襄垣新朗洲有限公司");
    EXPECT_EVENT(id, "enterprise_update", "name");
    as(owner);
    ask("GET", json("/v1/events?subject_type=enterprise&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/review/step", "update");
    EXPECT_TEXT("/items/0/review/opinion", "工商变更");
}

static int priorities_follow(const char *period)
{
    PGconn *worker = role_open(DB_WORKER);
    int moved = atoi(role_sql(worker, "SELECT app.work_once('enterprise_priority', '%s', app.today())", period));
    PQfinish(worker);
    return moved;
}

/* A certificate counts until its last day, and the weights are those in force: the day's work sees to both. */
static void priority_follows_time_and_policy(void)
{
    static const char move_clock[] = "UPDATE app.sandbox_clock SET shift = shift + interval '%s'";
    static const char query[] = "SELECT priority_bp || ' ' || version FROM app.enterprise WHERE id = '%s'";
    const char *id = draft_with(",'hitech_cert_no':'GR2023','hitech_valid_to':'2026-10-25'");
    EXPECT_TEXT("/priority_bp", "4000");
    priorities_follow("a");
    CHECK_TEXT(sql(query, id), "4000 1");
    sql(move_clock, "5 days");
    priorities_follow("b");
    CHECK_TEXT(sql(query, id), "4000 1");
    sql(move_clock, "1 day");
    CHECK(priorities_follow("c") >= 1);
    CHECK_TEXT(sql(query, id), "0 2");
    CHECK_TEXT(
        sql("SELECT operation || ' ' || role FROM app.event WHERE subject_id = '%s' ORDER BY at DESC LIMIT 1", id),
        "enterprise_priority system");
    sql(move_clock, "-6 days");
    CHECK(priorities_follow("d") >= 1);
    sql("UPDATE app.policy SET \"values\" = replace(\"values\"::text, '\"hitech\": 4000', '\"hitech\": 3000')::jsonb"
        " WHERE status = 'adopted'");
    CHECK(priorities_follow("e") >= 1);
    CHECK_TEXT(sql(query, id), "3000 4");
    sql("UPDATE app.policy SET \"values\" = replace(\"values\"::text, '\"hitech\": 3000', '\"hitech\": 4000')::jsonb"
        " WHERE status = 'adopted'");
    priorities_follow("f");
    CHECK(priorities_follow("g") == 0);
}

/* Firm and demands leave the sight of one county and come into that of the other. */
static void the_city_moves_a_firm(void)
{
    const char *id = confirmed();
    as(owner_of(id));
    call("demand_create", NULL, json("{'enterprise_id':'%s','kind':'talent'}", id));
    const char *demand = keep("/id");
    as("shi.kj");
    call("enterprise_update", id, json("{'name':'x','unit_id':'140427','reason':'迁址'}"));
    EXPECT_RULE("city_moves_unit_only");
    call("enterprise_update", id, json("{'unit_id':'140427'}"));
    EXPECT_RULE("reason_required");
    call("enterprise_update", id, move_to(id, "149999"));
    EXPECT(REFERENCE_NOT_FOUND);
    call("enterprise_update", id, move_to(id, "140427"));
    EXPECT_TEXT("/unit_id", "140427");
    EXPECT_EVENT(id, "enterprise_update", "unit_id");
    CHECK_TEXT(sql("SELECT unit_id FROM app.demand WHERE id = '%s'", demand), "140427");
    as("huguan.kj");
    call("enterprise_get", id, NULL);
    EXPECT(OK);
    as("xiangyuan.kj");
    call("enterprise_get", id, NULL);
    EXPECT(NOT_FOUND);
    as("shi.rc");
    call("enterprise_update", id, move_to(id, "140423"));
    EXPECT(FORBIDDEN);
}

/* Both counties say yes, the one that is left and the one that is come to; their words and letters are kept. */
static void a_move_needs_both_words(void)
{
    const char *id = confirmed(), *letter = stored_file("shi.kj");
    static const char *const wrong[] = {
        "", ",'unit_words':null",
        ",'unit_words':[{'unit_id':'140423','opinion':'同意'},{'unit_id':'140423','opinion':'同意'}]",
        ",'unit_words':[{'unit_id':'140428','opinion':'同意'},{'unit_id':'140427','opinion':'同意'}]"};
    as("shi.kj");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        call("enterprise_update", id, json("{'unit_id':'140427','reason':'迁址'%s}", wrong[i]));
        EXPECT(RULE_VIOLATED);
        EXPECT_RULE("unit_words_required");
        EXPECT_TEXT("/errors/0/pointer", "#/unit_words");
        CHECK(strstr(bytes_of(), "（襄垣县、壶关县）") != NULL);
    }
    call("enterprise_update", id,
         json("{'unit_id':'140427','reason':'迁址','unit_words':[{'unit_id':'140423','opinion':'同意'}]}"));
    EXPECT(VALIDATION_FAILED);
    const char *words = json("[{'unit_id':'140427','opinion':'同意迁入','attachment_id':'%s'},"
                             "{'unit_id':'140423','opinion':'同意迁出'}]",
                             letter);
    as("xiangyuan.kj");
    call("enterprise_update", id, json("{'is_above_scale':false,'reason':'核对','unit_words':%s}", words));
    EXPECT_RULE("unit_words_of_moves");
    as("shi.kj");
    call("enterprise_update", id, json("{'reason':'核对','unit_words':%s}", words));
    EXPECT_RULE("unit_words_of_moves");
    call("enterprise_update", id, json("{'unit_id':'140427','reason':'迁址','unit_words':%s}", words));
    EXPECT_TEXT("/unit_id", "140427");
    ask("GET", json("/v1/events?subject_type=enterprise&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/review/opinion", "迁址");
    EXPECT_TEXT("/items/0/review/unit_words/0/attachment_id", letter);
    EXPECT_TEXT("/items/0/review/unit_words/1/opinion", "同意迁出");
    EXPECT_TEXT("/items/1/review/unit_words", NULL);
    as("huguan.kj");
    call("attachment_get", letter, NULL);
    EXPECT_TEXT("/subject_id", id);
}

static void phones_are_sealed(void)
{
    const char *id = draft();
    EXPECT_TEXT("/contact_phone_masked", "139****0101");
    CHECK(strstr(bytes_of(), "13900000101") == NULL);
    CHECK_TEXT(
        sql("SELECT length(contact_phone) > 20 AND position('13900000101' IN encode(contact_phone, 'escape')) = 0"
            " FROM app.enterprise WHERE id = '%s'",
            id),
        "t");
    call("enterprise_update", id, json("{'contact_phone':'13900000199','legal_representative':'周山'}"));
    EXPECT_TEXT("/contact_phone_masked", "139****0199");
    CHECK_TEXT(sql("SELECT changes FROM app.event WHERE subject_id = '%s' AND subject_version = 2", id),
               "{\"contact_phone\": {}, \"legal_representative\": {}}");
    CHECK_TEXT(sql("SELECT count(*) FROM app.event WHERE changes::text ~ '1390000|\\*\\*\\*\\*|周岚|周山'"), "0");
    call("enterprise_update", id, json("{'contact_phone':null}"));
    EXPECT_TEXT("/contact_phone_masked", NULL);
}

static void submit_lists_what_is_missing(void)
{
    static const char *const members[] = {
        "legal_representative", "registered_on", "registered_capital_fen", "address",      "industry_code",
        "chain_code",           "main_business", "contact_name",           "contact_phone"};
    as_newcomer();
    call("enterprise_create", NULL,
         json("{'unit_id':'140423','uscc':'%s','name':'甲','is_legal_person':true}", new_code()));
    call("enterprise_submit", keep("/id"), NULL);
    EXPECT(RULE_VIOLATED);
    for (int i = 0; i < 9; i++) {
        CHECK_TEXT(rule_at(i), "missing_before_submit");
        CHECK(strstr(bytes_of(), json("'#/%s'", members[i])) != NULL);
    }
    EXPECT_RULE("figures_last_year_missing");
    CHECK(strstr(text_at("/errors/9/detail"), "2025") != NULL);
}

static void submit_takes_its_states(void)
{
    const char *id = submitted();
    EXPECT_EVENT(id, "enterprise_submit", "status");
    call("enterprise_submit", id, NULL);
    EXPECT(WRONG_STATE);
    EXPECT_TEXT("/current_status", "county_review");
    EXPECT_TEXT("/allowed_steps", "[]");
    id = returned();
    as(owner_of(id));
    call("enterprise_submit", id, NULL);
    EXPECT_TEXT("/status", "county_review");
}

static void the_county_confirms(void)
{
    const char *id = submitted(), *owner = owner_of(id);
    as("xiangyuan.kj");
    call("enterprise_get", id, NULL);
    EXPECT_TEXT("/allowed_steps", json("['confirm']"));
    call("enterprise_confirm", id, json("{'decision':'return'}"));
    EXPECT_RULE("opinion_required");
    call("enterprise_confirm", id, json("{'decision':'return_to_county','opinion':'x'}"));
    EXPECT_FAULT("#/decision", "enum");
    call("enterprise_confirm", id, json("{'decision':'pass'}"));
    EXPECT_TEXT("/status", "active");
    EXPECT_EVENT(id, "enterprise_confirm", "status");
    call("enterprise_confirm", id, json("{'decision':'pass'}"));
    EXPECT(WRONG_STATE);
    as(owner);
    call("enterprise_confirm", id, json("{'decision':'pass'}"));
    EXPECT(FORBIDDEN);
    id = submitted();
    as("xiangyuan.kj");
    call("enterprise_confirm", id, json("{'decision':'reject','opinion':'不在本县注册'}"));
    EXPECT_TEXT("/status", "rejected");
    EXPECT_TEXT("/allowed_steps", "[]");
}

static void a_refusal_is_not_hidden(void)
{
    const char *id = submitted();
    as("xiangyuan.kj");
    call("enterprise_confirm", id,
         json("{'decision':'reject','opinion':'x','visible_to_applicant':false,'reason_code':'zzz'}"));
    EXPECT_RULE("opinion_hidden");
    EXPECT_RULE("unknown_code");
    call("enterprise_confirm", id, json("{'decision':'return','opinion':'请补充','reason_code':'incomplete'}"));
    EXPECT_TEXT("/status", "returned");
}

static void a_branch_is_no_legal_person(void)
{
    const char *id = draft();
    call("enterprise_update", id, json("{'is_legal_person':false}"));
    call("enterprise_submit", id, NULL);
    as("xiangyuan.kj");
    call("enterprise_confirm", id, json("{'decision':'pass'}"));
    EXPECT(NOT_ELIGIBLE);
    EXPECT_RULE("not_legal_person");
    call("enterprise_confirm", id, json("{'decision':'reject','opinion':'分支机构'}"));
    EXPECT(OK);
}

static void a_firm_closes_and_returns(void)
{
    as("xiangyuan.kj");
    call("enterprise_close", firm, "{}");
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("enterprise_has_live_demands");
    const char *id = confirmed();
    as("xiangyuan.kj");
    call("enterprise_close", id, json("{'opinion':'企业已迁出'}"));
    EXPECT_TEXT("/status", "closed");
    EXPECT_EVENT(id, "enterprise_close", "status");
    call("enterprise_close", id, "{}");
    EXPECT(WRONG_STATE);
    as(owner_of(id));
    call("enterprise_submit", id, NULL);
    EXPECT_TEXT("/status", "county_review");
    call("enterprise_close", id, "{}");
    EXPECT(FORBIDDEN);
}

static void specialists_see_an_outline(void)
{
    static const char *const hidden[] = {"uscc",         "is_legal_person", "legal_representative", "address",
                                         "contact_name", "created_by",      "contact_phone_masked", "hitech_cert_no"};
    as("linruochuan");
    call("enterprise_get", firm, NULL);
    CHECK(strstr(text_at("/name"), "砺石") != NULL);
    EXPECT_TEXT("/unit_id", "140423");
    EXPECT_TEXT("/figures", "[]");
    EXPECT_TEXT("/allowed_steps", "[]");
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) EXPECT_TEXT(json("/%s", hidden[i]), NULL);
    ask("GET", "/v1/enterprises?q=91140499MADM000359", NULL);
    EXPECT_TEXT("/items", "[]");
    ask("GET", json("/v1/enterprises?status=county_review,returned,rejected,closed"), NULL);
    EXPECT_TEXT("/items", "[]");
}

static void filters_choose(void)
{
    static const struct {
        const char *query, *where;
    } filters[] = {
        {"status=active", "status = 'active'"},
        {"status=county_review,returned", "status IN ('county_review', 'returned')"},
        {"unit_id=140427,CZJK01", "unit_id IN ('140427', 'CZJK01')"},
        {"industry_code=C", "industry_code LIKE 'C%'"},
        {"is_above_scale=true", "is_above_scale"},
        {"is_weak_rd_sme=true", "is_weak_rd_sme"},
        {"chain_code=coal_chemistry,special_steel", "chain_code IN ('coal_chemistry', 'special_steel')"},
        {"has_hitech=true", "hitech_cert_no IS NOT NULL AND hitech_valid_to >= app.today()"},
        {"has_hitech=false", "NOT (hitech_cert_no IS NOT NULL AND coalesce(hitech_valid_to >= app.today(), false))"},
        {"is_above_scale=false&status=active", "NOT is_above_scale AND status = 'active'"},
        {"updated_since=2026-01-01T00:00:00Z", "updated_at >= '2026-01-01 00:00+00'"},
    };
    as("shi.kj");
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        int shown = walk(json("/v1/enterprises?%s&limit=9", filters[i].query), "-updated_at");
        const char *want = sql("SELECT count(*) FROM app.enterprise WHERE shown AND %s", filters[i].where);
        CHECK_TEXT(json("%d", shown), want);
        CHECK(shown > 0);
    }
    as("linruochuan");
    CHECK(walk("/v1/enterprises?has_hitech=true", NULL) + walk("/v1/enterprises?has_hitech=false", NULL) == 0);
    as("shi.kj");
    ask("GET", "/v1/enterprises?status=open&is_above_scale=yes&sort=name", NULL);
    EXPECT_FAULT("status", "enum");
    EXPECT_FAULT("is_above_scale", "type");
    EXPECT_FAULT("sort", "enum");
}

static void each_reader_walks_his_own(void)
{
    static const struct {
        const char *login, *where;
    } readers[] = {{"shi.cz", "shown"},
                   {"xiangyuan.rc2", "unit_id = '140423' AND (shown OR side = 'county')"},
                   {"lishi", "id = (SELECT enterprise_id FROM app.account WHERE login_name = 'lishi')"},
                   {"linruochuan", "status = 'active'"}};
    static const char *const sorts[] = {"-updated_at", "id", "-priority_bp"};
    for (int i = 0; i < 4; i++) {
        as(readers[i].login);
        const char *want = sql("SELECT count(*) FROM app.enterprise WHERE %s", readers[i].where);
        for (int s = 0; s < 3; s++)
            CHECK_TEXT(json("%d", walk(json("/v1/enterprises?limit=7&sort=%s", sorts[s]), sorts[s])), want);
    }
}

static void cursors_fit_their_list_alone(void)
{
    as("shi.kj");
    ask("GET", "/v1/enterprises?limit=3&sort=-priority_bp", NULL);
    const char *cursor = keep("/next_cursor");
    CHECK_TEXT(header_of("Link"), json("</v1/enterprises?limit=3&sort=-priority_bp&cursor=%s>; rel='next'", cursor));
    ask("GET", json("/v1/enterprises?limit=9&sort=-priority_bp&cursor=%s", cursor), NULL);
    EXPECT(OK);
    ask("GET", json("/v1/enterprises?limit=3&cursor=%s", cursor), NULL);
    EXPECT(CURSOR_INVALID);
    ask("GET", json("/v1/enterprises?limit=3&sort=-priority_bp&unit_id=140423&cursor=%s", cursor), NULL);
    EXPECT(CURSOR_INVALID);
    ask("GET", json("/v1/enterprises?limit=3&sort=-priority_bp&cursor=x%s", cursor), NULL);
    EXPECT(CURSOR_INVALID);
}

/* 特钢 is two characters, too short for trigrams. */
static void words_are_found(void)
{
    as("shi.kj");
    ask("GET", "/v1/enterprises?q=%E9%87%91%E7%A0%A7%20%E7%89%B9%E9%92%A2", NULL);
    CHECK(text_at("/items/0/name") != NULL && strstr(text_at("/items/0/name"), "金砧特钢") != NULL);
    ask("GET", "/v1/enterprises?q=91140499madm000359", NULL);
    EXPECT_TEXT("/items/0/id", firm);
    ask("GET", "/v1/enterprises?q=%E7%89%B9%E9%92%A2&sort=-priority_bp", NULL);
    EXPECT_FAULT("sort", "not_allowed");
    as("huguan.kj");
    ask("GET", "/v1/enterprises?q=%E9%87%91%E7%A0%A7", NULL);
    EXPECT_TEXT("/items", "[]");
}

static void what_is_known_is_not_sent_again(void)
{
    as("xiangyuan.kj");
    call("enterprise_get", firm, NULL);
    const char *etag = json("%s", header_of("ETag"));
    with("If-None-Match", etag);
    call("enterprise_get", firm, NULL);
    CHECK(status_of() == 304 && body_of() == NULL);
    as("linruochuan");
    with("If-None-Match", etag);
    call("enterprise_get", firm, NULL);
    CHECK(status_of() == 200);
}

int main(void)
{
    harness_open();
    firm = sql("SELECT enterprise_id FROM app.account WHERE login_name = 'lishi'");
    RUN(codes_are_checked);
    RUN(create_begins_a_draft);
    RUN(the_first_firm_is_the_accounts_own);
    RUN(who_records_a_firm_administers_it);
    RUN(a_firm_may_lose_its_founder);
    RUN(create_keeps_the_rules);
    RUN(figures_and_scale_are_checked);
    RUN(a_taken_code_is_a_duplicate);
    RUN(a_county_enters_paper_forms);
    RUN(a_county_acts_for_the_firm);
    RUN(drafts_are_their_sides_own);
    RUN(strangers_find_nothing);
    RUN(a_patch_is_a_merge);
    RUN(only_drafts_and_returned_change);
    RUN(confirmed_facts_are_guarded);
    RUN(priority_follows_time_and_policy);
    RUN(the_city_moves_a_firm);
    RUN(a_move_needs_both_words);
    RUN(phones_are_sealed);
    RUN(submit_lists_what_is_missing);
    RUN(submit_takes_its_states);
    RUN(the_county_confirms);
    RUN(a_refusal_is_not_hidden);
    RUN(a_branch_is_no_legal_person);
    RUN(a_firm_closes_and_returns);
    RUN(specialists_see_an_outline);
    RUN(filters_choose);
    RUN(each_reader_walks_his_own);
    RUN(cursors_fit_their_list_alone);
    RUN(words_are_found);
    RUN(what_is_known_is_not_sent_again);
    return harness_close();
}
