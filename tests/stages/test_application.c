/* Applications of articles 2, 5, 6 and 9.1: a researcher applies in answer to the open call, his institution has its
 * say by a link, the S&T bureau decides. Each ground is tried, and each refusal that a rule knows. */
#include "as_role.h"
#include "register.h"

#include <stdlib.h>
#include <string.h>

static const char *other_id(void)
{
    return "149999199602290043";
}

static const char *awaiting_review(const char *members)
{
    const char *id = submit_it(draft_of(APPLICANT, ID_NO, members));
    consent_by_link(id, "pass");
    EXPECT(OK);
    as("shi.kj");
    return id;
}

static void create_begins_a_draft(void)
{
    const char *id = draft_of(APPLICANT, ID_NO, "");
    call("application_get", id, NULL);
    EXPECT_TEXT("/status", "draft");
    EXPECT_TEXT("/version", "1");
    EXPECT_TEXT("/version_no", "0");
    EXPECT_TEXT("/birth_on", "1949-12-31");
    EXPECT_TEXT("/gender", "female");
    EXPECT_TEXT("/id_no_masked", "1101**********002X");
    EXPECT_TEXT("/mobile_masked", "139****0321");
    EXPECT_TEXT("/allowed_steps", json("['submit','withdraw']"));
    CHECK(strstr(bytes_of(), ID_NO) == NULL && strstr(bytes_of(), "13900000321") == NULL);
    EXPECT_EVENT(id, "application_create", "call_id");
    CHECK_TEXT(sql("SELECT count(*) FROM app.event WHERE changes::text ~ '" ID_NO "|13900000321|1949-12-31|陆知行'"),
               "0");
    CHECK_TEXT(sql("SELECT position('" ID_NO "' IN encode(id_no, 'escape')) FROM app.application WHERE id = '%s'", id),
               "0");
    forget();
}

static void create_keeps_the_rules(void)
{
    const char *demand_call = sql("SELECT id FROM app.call WHERE kind = 'demand' LIMIT 1");
    as(APPLICANT);
    call("application_create", NULL,
         json("{'call_id':'%s','id_type':'resident_id','id_no':'110105194912310021','birth_on':'1949-12-31',"
              "'degree_code':'999','tech_fields':['magic'],'preferred_units':['000000'],'institution_id':'%s',"
              "'applicant_id':'%s','entered_for':{'side':'specialist','reason':'x'}}",
              demand_call, demand_call, demand_call));
    EXPECT_RULE("call_not_for_application");
    EXPECT_RULE("id_no_invalid");
    EXPECT_RULE("derived_from_id");
    EXPECT_RULE("unknown_code");
    EXPECT_RULE("reference_not_found");
    EXPECT_RULE("entered_for_office_only");
    CHECK(strstr(bytes_of(), "#/institution_id") != NULL && strstr(bytes_of(), "#/applicant_id") != NULL);
    CHECK(strstr(bytes_of(), "#/preferred_units/0") != NULL && strstr(bytes_of(), "110105") == NULL);
    call("application_create", NULL,
         json("{'call_id':'%s','available_from':'2027-02-01','available_to':'2027-01-01'}", open_call()));
    EXPECT_RULE("available_in_order");
    call("application_create", NULL, json("{'call_id':'%s','evidence':['%s']}", open_call(), demand_call));
    EXPECT(REFERENCE_NOT_FOUND);
    call("application_create", NULL, json("{'call_id':'%s','id_no':'x'}", open_call()));
    EXPECT(VALIDATION_FAILED);
    as("shi.kj");
    call("application_create", NULL, json("{'call_id':'%s'}", open_call()));
    EXPECT_RULE("entered_for_required");
    EXPECT_RULE("applicant_required");
    as("lishi");
    call("application_create", NULL, json("{'call_id':'%s'}", open_call()));
    EXPECT(FORBIDDEN);
}

static void one_person_applies_once(void)
{
    const char *id = draft_of(APPLICANT, ID_NO, "");
    as("peiyunshu");
    call("application_create", NULL, json("{'call_id':'%s','id_type':'resident_id','id_no':'" ID_NO "'}", open_call()));
    EXPECT(DUPLICATE);
    EXPECT_RULE("already_applied");
    as(APPLICANT);
    call("application_withdraw", id, NULL);
    EXPECT_TEXT("/status", "withdrawn");
    draft_of(APPLICANT, ID_NO, "");
    forget();
}

/* Files are bound to drafts, so drafts are not for the taking. Once it is under way another may be begun. */
static void one_draft_is_open_at_a_time(void)
{
    const char *id = draft_of(APPLICANT, ID_NO, "");
    call("application_create", NULL, json("{'call_id':'%s'}", open_call()));
    EXPECT(DUPLICATE);
    EXPECT_RULE("draft_open");
    submit_it(id);
    call("application_create", NULL, json("{'call_id':'%s'}", open_call()));
    EXPECT(OK);
    forget();
}

/* An account that has an entry applies as its person alone. */
static void an_account_is_one_person(void)
{
    as("linruochuan");
    call("application_create", NULL, json("{'call_id':'%s','id_type':'resident_id','id_no':'" ID_NO "'}", open_call()));
    EXPECT_RULE("applicant_is_other_person");
    call("application_create", NULL, json("{'call_id':'%s'}", open_call()));
    EXPECT(OK);
    const char *id = keep("/id");
    call("application_update", id, json("{'id_type':'resident_id','id_no':'%s'}", other_id()));
    EXPECT_RULE("applicant_is_other_person");
    call("application_withdraw", id, NULL);
    EXPECT_TEXT("/status", "withdrawn");
}

/* The entry came to the account, or to another in use, while the application was under way. */
static void an_approval_takes_no_entry_over(void)
{
    const char *id = awaiting_review("");
    const char *held = sql("SELECT specialist_id FROM app.account WHERE login_name = 'linruochuan'");
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.application SET id_no_index ="
        " (SELECT id_no_index FROM app.specialist WHERE id = '%s') WHERE id = '%s'; COMMIT",
        held, id);
    call("application_review", id, json("{'decision':'pass'}"));
    EXPECT_RULE("entry_of_other_account");
    CHECK_TEXT(sql("SELECT specialist_id FROM app.account WHERE login_name = 'linruochuan'"), held);
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.application SET id_no_index = sha256('x'),"
        " applicant_id = (SELECT id FROM app.account WHERE login_name = 'linruochuan') WHERE id = '%s'; COMMIT",
        id);
    call("application_review", id, json("{'decision':'pass'}"));
    EXPECT_RULE("applicant_is_other_person");
    call("application_review", id, json("{'decision':'reject','opinion':'材料不实'}"));
    EXPECT_TEXT("/status", "rejected");
}

/* The text under an applicant's name is his own: the bureau sends it back, it does not rewrite it. */
static void the_bureau_writes_what_it_entered(void)
{
    const char *id = submit_it(draft_of(APPLICANT, ID_NO, ""));
    consent_by_link(id, "return");
    as("shi.kj");
    call("application_update", id, json("{'position':'院长'}"));
    EXPECT_RULE("applicant_writes_own");
    as(APPLICANT);
    call("application_update", id, json("{'position':'教授'}"));
    EXPECT_TEXT("/position", "教授");
    forget();
}

static void drafts_and_others_are_hidden(void)
{
    const char *id = draft_of(APPLICANT, ID_NO, "");
    as("shi.kj");
    call("application_get", id, NULL);
    EXPECT(NOT_FOUND);
    as("peiyunshu");
    call("application_get", id, NULL);
    EXPECT(NOT_FOUND);
    call("application_withdraw", id, NULL);
    EXPECT(NOT_FOUND);
    as(APPLICANT);
    submit_it(id);
    ask("GET", "/v1/applications?status=institution_review&tech_field=new_materials", NULL);
    EXPECT_TEXT("/items/0/id", id);
    as("shi.rc");
    call("application_get", id, NULL);
    EXPECT_TEXT("/status", "institution_review");
    ask("GET", "/v1/applications?q=%E8%80%90%E7%A3%A8%E6%9D%90%E6%96%99", NULL);
    EXPECT_TEXT("/items/0/id", id);
    as("peiyunshu");
    ask("GET", "/v1/applications?q=%E8%80%90%E7%A3%A8%E6%9D%90%E6%96%99", NULL);
    EXPECT_TEXT("/items", "[]");
    forget();
}

static void a_patch_lays_over(void)
{
    const char *id = draft_of(APPLICANT, ID_NO, "");
    call("application_update", id,
         json("{'position':'教授','id_no':'%s','bank_account_no':'6222999900000000321'}", other_id()));
    EXPECT_TEXT("/position", "教授");
    EXPECT_TEXT("/birth_on", "1996-02-29");
    EXPECT_TEXT("/bank_account_no_masked", "6222***********0321");
    EXPECT_EVENT(id, "application_update", "position");
    call("application_update", id, json("{'birth_on':'1996-02-28'}"));
    EXPECT_RULE("derived_from_id");
    call("application_update", id,
         json("{'id_type':'passport','id_no':'E12345678','birth_on':'1990-01-01','gender':'male'}"));
    EXPECT_TEXT("/birth_on", "1990-01-01");
    EXPECT_TEXT("/id_no_masked", "E1*****78");
    call("application_update", id, json("{'education_code':'77'}"));
    EXPECT_RULE("unknown_code");
    with("If-Match", "\"1\"");
    call("application_update", id, json("{'position':'x'}"));
    EXPECT(VERSION_MISMATCH);
    forget();
}

static void submit_lists_what_is_missing(void)
{
    as(APPLICANT);
    call("application_create", NULL, json("{'call_id':'%s','full_name':'陆知行'}", open_call()));
    const char *id = keep("/id");
    call("application_submit", id, json("{'pledge_version':null}"));
    EXPECT_RULE("missing_before_submit");
    EXPECT_TEXT("/errors/0/article", "9.1");
    EXPECT_RULE("pledge_missing");
    CHECK(strstr(bytes_of(), "#/evidence") != NULL && strstr(bytes_of(), "#/id_no") != NULL);
    CHECK(strstr(bytes_of(), "#/department") != NULL && strstr(bytes_of(), "#/position") != NULL);
    call("application_submit", id, "{}");
    EXPECT(VALIDATION_FAILED);
    forget();
}

/* Each ground of article 5 with what does not prove it, and what does. */
static void grounds_are_tested(void)
{
    static const char *const grounds[][3] = {
        {"'eligibility_ground':'doctorate','degree_code':'1'", "ground_doctorate_unproven", "'degree_code':'208'"},
        {"'eligibility_ground':'doctorate','doctoral_status':'enrolled'", "ground_doctorate_unproven",
         "'doctoral_status':'awarded'"},
        {"'eligibility_ground':'doctoral_student','doctoral_status':'enrolled','employment':'employed'",
         "ground_student_unproven", "'employment':'doctoral_student'"},
        {"'eligibility_ground':'title','title_level':'junior'", "ground_title_too_low", "'title_level':'intermediate'"},
        {"'eligibility_ground':'service_qualification','service_qualification':'技术经理人','qualification_no':'J1',"
         "'qualification_valid_to':'2026-10-19'",
         "ground_qualification_unproven", "'qualification_valid_to':'2026-10-20'"},
    };
    for (size_t i = 0; i < sizeof grounds / sizeof grounds[0]; i++) {
        const char *id = draft_of(APPLICANT, ID_NO, grounds[i][0]);
        call("application_submit", id, json("{'pledge_version':'2024'}"));
        EXPECT(NOT_ELIGIBLE);
        EXPECT_RULE(grounds[i][1]);
        call("application_update", id, json("{%s}", grounds[i][2]));
        submit_it(id);
        forget();
    }
}

/* An adopted version of another time, in which one value is another. */
static const char *other_policy(const char *key, const char *value)
{
    static int made;
    return sql(
        "SELECT pg_temp.clone('policy', p.id, jsonb_build_object('status', 'superseded', 'code', 'x-%d', 'values',"
        " (SELECT jsonb_agg(CASE v ->> 'key' WHEN '%s' THEN v || jsonb_build_object('value', '%s'::jsonb) ELSE v"
        " END) FROM jsonb_array_elements(p.\"values\") v))) FROM app.policy p WHERE p.status = 'adopted'",
        ++made, key, value);
}

static const char *draft_under(const char *policy)
{
    const char *id = draft_of(APPLICANT, ID_NO, json("'title_level':'associate_senior'"));
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.application SET policy_id = '%s' WHERE id ="
        " '%s'; COMMIT",
        policy, id);
    return id;
}

static void submit_under(const char *id)
{
    call("application_submit", id,
         json("{'pledge_version':'%s'}", sql("SELECT p.code FROM app.policy p JOIN app.application a ON a.policy_id ="
                                             " p.id WHERE a.id = '%s'",
                                             id)));
}

/* Which grounds there are, and which title is enough, is the policy's to say: that of the application. */
static void grounds_are_the_policys(void)
{
    submit_under(draft_under(other_policy("title_level_min", "\"senior\"")));
    EXPECT(NOT_ELIGIBLE);
    EXPECT_RULE("ground_title_too_low");
    forget();
    submit_under(draft_under(other_policy("title_level_min", "\"associate_senior\"")));
    EXPECT(OK);
    forget();
    submit_under(draft_under(other_policy("eligibility_grounds", "[\"doctorate\"]")));
    EXPECT(NOT_ELIGIBLE);
    EXPECT_RULE("ground_not_listed");
    forget();
}

/* A record keeps the numbers of the version it was made under, whatever is in force when they are asked for. */
static void days_are_those_of_its_policy(void)
{
    const char *id = draft_under(other_policy("consent_link_days", "3"));
    submit_under(id);
    EXPECT_TEXT("/answer_by_on", "2026-10-23");
    as("shi.kj");
    call("link_create", NULL, json("{'kind':'application_consent','subject_id':'%s'}", id));
    CHECK_TEXT(sql("SELECT (expires_at - app.now() < interval '3 days 1 minute')::text FROM app.link WHERE subject_id ="
                   " '%s'",
                   id),
               "true");
    forget();
    id = draft_under(other_policy("correction_days", "2"));
    submit_under(id);
    consent_by_link(id, "return");
    CHECK_TEXT(sql("SELECT correct_by_on FROM app.application WHERE id = '%s'", id), "2026-10-22");
    forget();
}

static void submit_asks_for_standing_and_pledge(void)
{
    const char *proposed = sql("SELECT id FROM app.institution WHERE status = 'proposed' LIMIT 1");
    const char *id = draft_of(APPLICANT, ID_NO, json("'institution_id':'%s'", proposed));
    call("application_submit", id, json("{'pledge_version':'2019'}"));
    EXPECT_RULE("institution_not_listed");
    EXPECT_RULE("pledge_missing");
    forget();
}

static void submit_freezes_a_version(void)
{
    const char *id = submit_it(draft_of(APPLICANT, ID_NO, "")), *first = keep("/content_sha256");
    EXPECT_TEXT("/version_no", "1");
    EXPECT_TEXT("/versions/0/content/full_name", "陆知行");
    EXPECT_TEXT("/versions/0/sha256", first);
    EXPECT_TEXT("/answer_by_on", "2026-11-03");
    CHECK(strstr(bytes_of(), ID_NO) == NULL);
    EXPECT_EVENT(id, "application_submit", "status");
    call("application_update", id, json("{'position':'x'}"));
    EXPECT_RULE("not_editable");
    consent_by_link(id, "return");
    EXPECT_TEXT("/status", "returned");
    as(APPLICANT);
    call("application_get", id, NULL);
    EXPECT_TEXT("/correct_by_on", "2026-10-30");
    ask("GET", "/v1/todos", NULL);
    EXPECT_TEXT("/items/0/subject_id", id);
    call("application_update", id, json("{'position':'教授'}"));
    submit_it(id);
    EXPECT_TEXT("/version_no", "2");
    EXPECT_TEXT("/consent", NULL);
    EXPECT_TEXT("/versions/0/sha256", first);
    CHECK_TEXT(sql("SELECT count(DISTINCT v ->> 'sha256') FROM app.application, jsonb_array_elements(versions) v WHERE "
                   "id = '%s'",
                   id),
               "2");
    forget();
}

static void the_word_is_bound_to_its_version(void)
{
    const char *id = submit_it(draft_of(APPLICANT, ID_NO, ""));
    const char *body = json("{'decision':'pass','content_sha256':'%064d','signatory':'周主任'}", 0);
    as_link(new_link("application_consent", id, 300));
    with("If-Match", "\"2\"");
    call("application_consent", id, body);
    EXPECT_RULE("consent_other_version");
    ask("GET", "/v1/links/current", NULL);
    EXPECT_TEXT("/document/full_name", "陆知行");
    EXPECT_TEXT("/answers", json("['application_consent']"));
    CHECK(strstr(bytes_of(), "13900000321") == NULL);
    const char *hash = sql("SELECT content_sha256 FROM app.application WHERE id = '%s'", id);
    with("If-Match", "\"2\"");
    call("application_consent", id,
         json("{'decision':'pass','content_sha256':'%s','signatory':'周主任','attachment_id':'%s'}", hash, id));
    EXPECT_RULE("consent_scan_office_only");
    with("If-Match", "\"2\"");
    call("application_consent", id, json("{'decision':'pass','content_sha256':'%s','signatory':'周主任'}", hash));
    EXPECT_TEXT("/status", "city_review");
    CHECK_TEXT(sql("SELECT signatory FROM app.review WHERE subject_id = '%s' AND step = 'consent'", id), "周主任");
    EXPECT_TEXT("/consent/method", "link");
    EXPECT_TEXT("/consent/content_sha256", hash);
    CHECK(strstr(bytes_of(), "full_name") == NULL && strstr(bytes_of(), "versions") == NULL);
    CHECK(strstr(bytes_of(), "masked") == NULL && strstr(bytes_of(), "created_by") == NULL);
    CHECK_TEXT(sql("SELECT state FROM app.link WHERE subject_id = '%s'", id), "answered");
    with("If-Match", "\"3\"");
    call("application_consent", id, json("{'decision':'pass','content_sha256':'%s','signatory':'周主任'}", hash));
    CHECK(status_of() == 410);
    forget();
}

/* A file of the applicant with its bytes. */
static const char *uploaded(void)
{
    as(APPLICANT);
    call("attachment_create", NULL,
         json("{'file_name':'学位证.pdf','media_type':'application/pdf','size_bytes':%zu,'sha256':'%s'}",
              sizeof FILE_BYTES - 1, sql("SELECT encode(sha256('%s'), 'hex')", FILE_BYTES)));
    EXPECT(OK);
    const char *id = keep("/id");
    if (strcmp(text_at("/state"), "stored") != 0) call("attachment_upload", id, FILE_BYTES);
    EXPECT_TEXT("/state", "stored");
    return id;
}

static void expect_file(const char *id, fail_t code)
{
    call("attachment_get", id, NULL);
    EXPECT(code);
    call("attachment_download", id, NULL);
    EXPECT(code);
}

/* The holder of a link reads the evidence of the version he is asked about, and no other file of the record. */
static void the_institution_reads_the_evidence(void)
{
    const char *first = uploaded(), *second = uploaded();
    const char *id = draft_of(APPLICANT, ID_NO, json("'evidence':['%s']", first));
    call("application_update", id, json("{'evidence':['%s']}", second));
    submit_it(id);
    const char *others = new_link("application_consent", subject("application", SPECIALIST, STRANGER, NULL), 24);
    const char *token = new_link("application_consent", id, 24);
    as_link(token);
    expect_file(second, OK);
    CHECK_TEXT(bytes_of(), FILE_BYTES);
    call("attachment_get", second, NULL);
    EXPECT_TEXT("/created_by", NULL);
    expect_file(first, NOT_FOUND);
    as_link(others);
    expect_file(second, NOT_FOUND);
    as_link(token);
    with("If-Match", json("'%s'", sql("SELECT version FROM app.application WHERE id = '%s'", id)));
    call("application_consent", id,
         json("{'decision':'pass','content_sha256':'%s','signatory':'周主任'}",
              sql("SELECT content_sha256 FROM app.application WHERE id = '%s'", id)));
    EXPECT_TEXT("/status", "city_review");
    expect_file(second, CAPABILITY_SPENT);
    forget();
}

static void an_answer_ends_the_application_or_not(void)
{
    const char *id = submit_it(draft_of(APPLICANT, ID_NO, ""));
    consent_by_link(id, "reject");
    EXPECT_TEXT("/status", "declined");
    id = submit_it(draft_of(APPLICANT, ID_NO, ""));
    new_link("application_consent", id, 300);
    as(APPLICANT);
    call("application_withdraw", id, NULL);
    EXPECT_TEXT("/status", "withdrawn");
    CHECK_TEXT(sql("SELECT state FROM app.link WHERE subject_id = '%s'", id), "revoked");
}

/* The whole of it as people do it: the bureau makes the link, its holder reads and answers. */
static void the_bureaus_link_takes_the_answer(void)
{
    const char *id = submit_it(draft_of(APPLICANT, ID_NO, ""));
    as("shi.kj");
    call("link_create", NULL, json("{'kind':'application_consent','subject_id':'%s'}", id));
    EXPECT(OK);
    as_link(strchr(keep("/url"), '#') + 1);
    ask("GET", "/v1/links/current", NULL);
    EXPECT_TEXT("/subject_version", "2");
    const char *hash = keep("/content_sha256");
    with("If-Match", "\"2\"");
    call("application_consent", id, json("{'decision':'pass','content_sha256':'%s','signatory':'周主任'}", hash));
    EXPECT_TEXT("/status", "city_review");
    as("shi.kj");
    call("link_create", NULL, json("{'kind':'application_consent','subject_id':'%s'}", id));
    EXPECT_RULE("document_not_waiting");
    forget();
}

static void the_bureau_enters_paper(void)
{
    as("shi.kj");
    const char *applicant = sql("SELECT id FROM app.account WHERE login_name = '" APPLICANT "'");
    call("application_create", NULL,
         json("{'call_id':'%s','institution_id':'%s','id_no':'" ID_NO
              "','eligibility_ground':'title','evidence':['%s']," PERSON
              ",'applicant_id':'%s','entered_for':{'side':'specialist','reason':'纸质申请','attachment_id':'%s'}}",
              open_call(), listed_institution(), stored_file("shi.kj"), applicant, stored_file("shi.kj")));
    EXPECT(OK);
    const char *id = submit_it(keep("/id")), *hash = keep("/content_sha256");
    call("application_consent", id, json("{'decision':'pass','content_sha256':'%s','signatory':'周主任'}", hash));
    EXPECT_RULE("consent_scan_required");
    call("application_consent", id,
         json("{'decision':'pass','content_sha256':'%s','signatory':'周主任','attachment_id':'%s'}", hash,
              stored_file("shi.kj")));
    EXPECT_TEXT("/consent/method", "scan");
    as(APPLICANT);
    call("application_get", id, NULL);
    EXPECT_TEXT("/status", "city_review");
    forget();
}

static void the_bureau_decides(void)
{
    const char *id = awaiting_review("");
    call("application_review", id, json("{'decision':'return'}"));
    EXPECT_RULE("opinion_required");
    call("application_review", id,
         json("{'decision':'return','opinion':'x','visible_to_applicant':false,'reason_code':'zzz'}"));
    EXPECT_RULE("opinion_hidden");
    EXPECT_RULE("unknown_code");
    call("application_review", id,
         json("{'decision':'pass','waiver':{'reason':'急需','decision_no':'长科〔2026〕1号'}}"));
    EXPECT_RULE("waiver_not_needed");
    call("application_review", id, json("{'decision':'reject','opinion':'材料不实'}"));
    EXPECT_TEXT("/status", "rejected");
    EXPECT_EVENT(id, "application_review", "status");
    as(APPLICANT);
    ask("GET", json("/v1/events?subject_type=application&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/review/opinion", "材料不实");
    as("shi.rc");
    call("application_review", id, json("{'decision':'pass'}"));
    EXPECT(FORBIDDEN);
}

/* Without a ground a person may ask for a waiver; what asks for one passes by a decision alone. */
static void a_waiver_excuses_the_ground(void)
{
    const char *id = draft_of(APPLICANT, "14999919830303001X", "'full_name':'试免','title_level':'junior'");
    call("application_submit", id, json("{'pledge_version':'2024'}"));
    EXPECT(NOT_ELIGIBLE);
    EXPECT_RULE("ground_title_too_low");
    call("application_submit", id, json("{'pledge_version':'2024','waiver_request':'在企业一线二十年'}"));
    EXPECT_TEXT("/status", "institution_review");
    EXPECT_TEXT("/waiver_request", "在企业一线二十年");
    EXPECT_TEXT("/versions/0/content/waiver_request", "在企业一线二十年");
    consent_by_link(id, "pass");
    as("shi.kj");
    call("application_review", id, json("{'decision':'pass'}"));
    EXPECT(NOT_ELIGIBLE);
    EXPECT_RULE("ground_title_too_low");
    call("application_review", id,
         json("{'decision':'pass','waiver':{'reason':'急需','decision_no':'长科〔2026〕1号'}}"));
    EXPECT_TEXT("/status", "approved");
    EXPECT_TEXT("/waiver/decision_no", "长科〔2026〕1号");
    call("specialist_get", keep("/specialist_id"), NULL);
    EXPECT_TEXT("/waived", "true");
}

static void a_ground_that_holds_needs_no_waiver(void)
{
    const char *id = draft_of(APPLICANT, ID_NO, "");
    call("application_submit", id, json("{'pledge_version':'2024','waiver_request':'更稳妥'}"));
    EXPECT_RULE("waiver_not_needed");
    forget();
}

/* The same text submitted again is another version, and its hash says so. */
static void no_two_versions_have_one_hash(void)
{
    const char *id = submit_it(draft_of(APPLICANT, ID_NO, ""));
    consent_by_link(id, "return");
    as(APPLICANT);
    submit_it(id);
    call("application_get", id, NULL);
    EXPECT_TEXT("/version_no", "2");
    CHECK(strcmp(keep("/versions/0/sha256"), keep("/versions/1/sha256")) != 0);
    forget();
}

/* How many rows of an application's six places the database shows to an account of the city, and whether its files. */
static const char *reach(const char *login, const char *id, const char *look)
{
    PGconn *conn = role_open(DB_CITY);
    role_begin_as(conn, sql("SELECT id FROM app.account WHERE login_name = '%s'", login));
    const char *seen = role_sql(conn,
                                "SELECT concat_ws(' ', (SELECT count(*) FROM app.application WHERE id = '%s'),"
                                " (SELECT count(*) FROM app.application_search('试阅')),"
                                " (SELECT least(count(*), 1) FROM app.review WHERE subject_id = '%s'),"
                                " (SELECT least(count(*), 1) FROM app.event WHERE subject_id = '%s'),"
                                " (SELECT count(*) FROM app.event WHERE subject_id = '%s'),"
                                " (SELECT count(*) FROM app.disclosure WHERE id = '%s'),"
                                " app.attachment_visible('application', '%s', NULL)::int)",
                                id, id, id, look, look, id);
    PQfinish(conn);
    return seen;
}

/* The offices of industry and finance know the register alone: no value of an application, none of its changes and
 * words, none of its files, and not who looked. */
static void other_offices_reach_no_application(void)
{
    static const char *const logins[] = {"shi.kj", "shi.rc", "shi.gx", "shi.cz"};
    const char *id = awaiting_review("'full_name':'试阅','id_no':'149999198001010021'");
    const char *body =
        json("{'subject_type':'application','subject_id':'%s','fields':['id_no'],'purpose':'核对身份'}", id);
    call("disclosure_create", NULL, body);
    EXPECT(OK);
    const char *look = keep("/id");
    for (size_t i = 0; i < sizeof logins / sizeof logins[0]; i++) {
        as(logins[i]);
        call("disclosure_create", NULL, body);
        EXPECT(i < 2 ? OK : REFERENCE_NOT_FOUND);
        CHECK_TEXT(reach(logins[i], id, look), i < 2 ? "1 1 1 1 1 1 1" : "0 0 0 0 0 0 0");
    }
}

int main(void)
{
    harness_open();
    subjects_open();
    RUN(create_begins_a_draft);
    RUN(create_keeps_the_rules);
    RUN(one_person_applies_once);
    RUN(one_draft_is_open_at_a_time);
    RUN(an_account_is_one_person);
    RUN(an_approval_takes_no_entry_over);
    RUN(the_bureau_writes_what_it_entered);
    RUN(drafts_and_others_are_hidden);
    RUN(a_patch_lays_over);
    RUN(submit_lists_what_is_missing);
    RUN(grounds_are_tested);
    RUN(grounds_are_the_policys);
    RUN(days_are_those_of_its_policy);
    RUN(submit_asks_for_standing_and_pledge);
    RUN(submit_freezes_a_version);
    RUN(the_word_is_bound_to_its_version);
    RUN(the_institution_reads_the_evidence);
    RUN(an_answer_ends_the_application_or_not);
    RUN(the_bureaus_link_takes_the_answer);
    RUN(the_bureau_enters_paper);
    RUN(the_bureau_decides);
    RUN(other_offices_reach_no_application);
    /* Gives the account an entry, so that it can be no other person after it. */
    RUN(a_ground_that_holds_needs_no_waiver);
    RUN(no_two_versions_have_one_hash);
    RUN(a_waiver_excuses_the_ground);
    return harness_close();
}
