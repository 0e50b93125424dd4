/* The register (articles 4, 9.1, 10): an approval makes the entry, prolongs it or brings it back under the same code;
 * pauses, leaving and the end of validity; who sees what of a person. */
#include "as_role.h"
#include "register.h"

#include <string.h>

static const char *entry;

static void approval_makes_the_entry(void)
{
    entry = entered(APPLICANT, ID_NO);
    as("shi.rc");
    call("specialist_get", entry, NULL);
    EXPECT_TEXT("/status", "registered");
    CHECK(strncmp(text_at("/code"), "TP-2026-", 8) == 0);
    EXPECT_TEXT("/full_name", "陆知行");
    EXPECT_TEXT("/valid_from", "2026-10-20");
    EXPECT_TEXT("/valid_to", "2029-10-19");
    EXPECT_TEXT("/mobile_masked", "139****0321");
    EXPECT_TEXT("/waived", "false");
    CHECK_TEXT(sql("SELECT operation || ' ' || role FROM app.event WHERE subject_id = '%s'", entry),
               "application_review system");
    as(APPLICANT);
    ask("GET", "/v1/me", NULL);
    EXPECT_TEXT("/rights/specialist_id", entry);
}

/* Firms and counties read who he is and what he can do; other researchers nothing. */
static void private_members_are_hidden(void)
{
    static const char *const hidden[] = {
        "gender",          "birth_on",   "id_no_masked",     "mobile_masked", "email",
        "department",      "bank_name",  "work_history",     "honours",       "id_type",
        "application_id",  "created_by", "political_status", "waived",        "eligibility_ground",
        "qualification_no"};
    static const char *const readers[] = {"lishi", "huguan.kj", "shi.gx", "shi.cz"};
    for (size_t r = 0; r < 4; r++) {
        as(readers[r]);
        call("specialist_get", entry, NULL);
        EXPECT_TEXT("/discipline", "材料学");
        EXPECT_TEXT("/allowed_steps", "[]");
        for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) EXPECT_TEXT(json("/%s", hidden[i]), NULL);
    }
    call("disclosure_create", NULL,
         json("{'subject_type':'specialist','subject_id':'%s','fields':['mobile'],'purpose':'核对身份信息'}", entry));
    EXPECT_RULE("reference_not_found");
    as("peiyunshu");
    call("specialist_get", entry, NULL);
    EXPECT(NOT_FOUND);
    as(APPLICANT);
    call("specialist_get", entry, NULL);
    EXPECT_TEXT("/mobile_masked", "139****0321");
}

static void the_list_is_searched(void)
{
    as("lishi");
    ask("GET", "/v1/specialists?q=%E8%80%90%E7%A3%A8&tech_field=new_materials&title_level=senior&is_placed=false",
        NULL);
    EXPECT_TEXT("/items/0/id", entry);
    ask("GET", json("/v1/specialists?q=13900000321"), NULL);
    EXPECT_TEXT("/items", "[]");
    ask("GET", "/v1/specialists?q=%E8%80%90%E7%A3%A8&is_placed=true", NULL);
    EXPECT_TEXT("/items", "[]");
}

/* By the number of the register, by the institution, and by one word of his own and one of the institution's. */
static void he_is_found_by_code_and_institution(void)
{
    const char *code = sql("SELECT code FROM app.specialist WHERE id = '%s'", entry);
    const char *institution = sql("SELECT regexp_replace(encode(convert_to(i.name, 'UTF8'), 'hex'), '(..)',"
                                  " '%%\\1', 'g') FROM app.specialist s JOIN app.institution i"
                                  " ON i.id = s.institution_id WHERE s.id = '%s'",
                                  entry);
    as("lishi");
    CHECK(walk(json("/v1/specialists?q=%s", code), NULL) == 1);
    EXPECT_TEXT("/items/0/id", entry);
    CHECK(walk(json("/v1/specialists?code=%s", code), NULL) == 1);
    CHECK(walk("/v1/specialists?code=TP-1999-0001", NULL) == 0);
    CHECK_TEXT(json("%d", walk(json("/v1/specialists?q=%s", institution), NULL)),
               sql("SELECT count(*) FROM app.specialist WHERE status <> 'removed' AND institution_id ="
                   " (SELECT institution_id FROM app.specialist WHERE id = '%s')",
                   entry));
    ask("GET", json("/v1/specialists?q=%s%%20%%E8%%80%%90%%E7%%A3%%A8", institution), NULL);
    EXPECT_TEXT("/items/0/id", entry);
    CHECK(walk(json("/v1/specialists?q=%s%%20%%E9%%85%%BF%%E9%%85%%92", institution), NULL) == 0);
    sql("UPDATE app.specialist SET industries = '{A01,C35}' WHERE id = '%s'", entry);
    CHECK(walk("/v1/specialists?industry=C", NULL) == 1);
    CHECK(walk("/v1/specialists?industry=C36", NULL) == 0);
}

static void contact_changes_at_any_time(void)
{
    as(APPLICANT);
    call("specialist_update", entry,
         json("{'mobile':'13900000399','available_to':'2027-12-31','bank_name':'长治银行'}"));
    EXPECT_TEXT("/mobile_masked", "139****0399");
    EXPECT_EVENT(entry, "specialist_update", "available_to");
    call("specialist_update", entry, json("{'title_level':'senior'}"));
    EXPECT(VALIDATION_FAILED);
    call("specialist_update", entry, json("{'preferred_units':['000000']}"));
    EXPECT_RULE("reference_not_found");
    as("lishi");
    call("specialist_update", entry, json("{'available_to':null}"));
    EXPECT(FORBIDDEN);
}

static void who_pauses_resumes(void)
{
    as(APPLICANT);
    call("specialist_suspend", entry, json("{'reason':'访学'}"));
    EXPECT_TEXT("/status", "suspended");
    EXPECT_TEXT("/suspended_by_side", "self");
    EXPECT_EVENT(entry, "specialist_suspend", "status");
    call("specialist_suspend", entry, json("{'reason':'访学'}"));
    EXPECT(WRONG_STATE);
    as("shi.kj");
    call("specialist_resume", entry, NULL);
    EXPECT_RULE("resumed_by_other_side");
    as(APPLICANT);
    call("specialist_resume", entry, NULL);
    EXPECT_TEXT("/status", "registered");
    EXPECT_TEXT("/suspended_reason", NULL);
    as("shi.kj");
    call("specialist_suspend", entry, json("{'reason':'核查'}"));
    as(APPLICANT);
    call("specialist_resume", entry, NULL);
    EXPECT_RULE("resumed_by_other_side");
    as("shi.kj");
    call("specialist_resume", entry, NULL);
    EXPECT(OK);
}

static void who_leaves_comes_back_under_his_code(void)
{
    as(APPLICANT);
    call("service_offer_create", NULL,
         json("{'title':'磨损诊断','description':'现场诊断','deliverables':'报告','task_group':'tech_liaison',"
              "'service_forms':['testing'],'tech_fields':['new_materials']}"));
    EXPECT(OK);
    const char *offer = keep("/id");
    call("specialist_remove", entry, json("{'reason':'调离'}"));
    EXPECT_TEXT("/status", "removed");
    const char *code = keep("/code");
    call("service_offer_get", offer, NULL);
    EXPECT_TEXT("/status", "retired");
    call("specialist_update", entry, json("{'available_to':null}"));
    EXPECT_RULE("not_editable");
    as("lishi");
    call("specialist_get", entry, NULL);
    EXPECT(NOT_FOUND);
    forget();
    CHECK_TEXT(entered(APPLICANT, ID_NO), entry);
    call("specialist_get", entry, NULL);
    EXPECT_TEXT("/status", "registered");
    EXPECT_TEXT("/code", code);
    EXPECT_TEXT("/mobile_masked", "139****0321");
}

/* The day after the last one, by the job of the calendar. */
static void validity_ends(void)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.specialist SET valid_from = '2020-01-01',"
        " valid_to = '2026-10-19' WHERE id = '%s'; COMMIT",
        entry);
    PGconn *worker = role_open(DB_WORKER);
    CHECK_TEXT(role_sql(worker, "SELECT app.work_once('specialist_expire', 'x', '2026-10-20')"), "1");
    PQfinish(worker);
    CHECK_TEXT(sql("SELECT status FROM app.specialist WHERE id = '%s'", entry), "expired");
    forget();
    CHECK_TEXT(entered(APPLICANT, ID_NO), entry);
    call("specialist_get", entry, NULL);
    EXPECT_TEXT("/valid_from", "2026-10-20");
}

static void applications_expire(void)
{
    forget();
    const char *late = submit_it(draft_of(APPLICANT, ID_NO, ""));
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.application SET answer_by_on = '2026-10-19'"
        " WHERE id = '%s'; COMMIT",
        late);
    new_link("application_consent", late, 300);
    PGconn *worker = role_open(DB_WORKER);
    CHECK_TEXT(role_sql(worker, "SELECT app.work_once('application_expire', 'x', '2026-10-20')"), "0");
    sql("UPDATE app.link SET state = 'revoked' WHERE subject_id = '%s'", late);
    CHECK_TEXT(role_sql(worker, "SELECT app.work_once('application_expire', 'y', '2026-10-20')"), "1");
    PQfinish(worker);
    as(APPLICANT);
    call("application_get", late, NULL);
    EXPECT_TEXT("/status", "expired");
}

/* A sanction in force keeps the person out, whichever account he applies with. */
static void the_barred_stay_out(void)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.specialist SET barred_until = '2027-06-30' "
        "WHERE"
        " id = '%s'; COMMIT",
        entry);
    const char *id = draft_of("peiyunshu", ID_NO, "");
    call("application_submit", id, json("{'pledge_version':'2024'}"));
    EXPECT(SANCTIONED);
    EXPECT_RULE("barred");
    forget();
}

int main(void)
{
    harness_open();
    subjects_open();
    RUN(approval_makes_the_entry);
    RUN(private_members_are_hidden);
    RUN(the_list_is_searched);
    RUN(he_is_found_by_code_and_institution);
    RUN(contact_changes_at_any_time);
    RUN(who_pauses_resumes);
    RUN(who_leaves_comes_back_under_his_code);
    RUN(validity_ends);
    RUN(applications_expire);
    RUN(the_barred_stay_out);
    return harness_close();
}
