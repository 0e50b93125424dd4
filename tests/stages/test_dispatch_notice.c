/* The joint notice of four offices (article 9.5): drafted by the S&T bureau from filed agreements, signed off by four
 * offices with four accounts, numbered, issued. */
#include "clock.h"
#include "paper.h"
#include "placement.h"

#include <string.h>
#include <unistd.h>

/* What was told to come again comes again. */
#define PATIENCE_MS 60000
#define PAUSE_US    200000

static const char *create_with(const char *members)
{
    as("shi.kj");
    call("dispatch_notice_create", NULL, json("%s", members));
    return text_at("/errors/0/rule");
}

static void the_bureau_drafts_it(void)
{
    const char *first = filed_anew(days_on(10)), *second = filed_anew(days_on(11));
    as("shi.kj");
    call("dispatch_notice_create", NULL, json("{'title':'通知','agreement_ids':['%s','%s']}", second, first));
    CHECK(status_of() == 201);
    const char *id = keep("/id");
    CHECK_TEXT(header_of("Location"), json("/v1/dispatch-notices/%s", id));
    EXPECT_TEXT("/status", "signing_off");
    EXPECT_TEXT("/agreement_ids/0", second);
    EXPECT_TEXT("/agreement_ids/1", first);
    EXPECT_TEXT("/approvals", "[]");
    EXPECT_TEXT("/doc_no", NULL);
    EXPECT_TEXT("/issued_on", NULL);
    EXPECT_TEXT("/allowed_steps", json("['approve','cancel']"));
    EXPECT_EVENT(id, "dispatch_notice_create", "title");
    as("shi.rc");
    call("dispatch_notice_create", NULL, json("{'title':'通知','agreement_ids':['%s']}", first));
    EXPECT(FORBIDDEN);
}

static void only_filed_agreements_that_begin_later(void)
{
    const char *signed_only = filed_anew(days_on(10)), *late = filed_anew(days_on(-1));
    set_quietly("agreement", signed_only, "status = 'signed'");
    draft_notice(signed_only);
    EXPECT(WRONG_STATE);
    EXPECT_RULE("agreement_not_filed");
    EXPECT_TEXT("/errors/0/pointer", "#/agreement_ids/0");
    draft_notice(late);
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("start_before_notice");
    EXPECT_TEXT("/errors/0/article", "9.5");
    CHECK_TEXT(create_with("{'title':'通知','agreement_ids':['0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000']}"),
               "reference_not_found");
    EXPECT(REFERENCE_NOT_FOUND);
    CHECK_TEXT(
        sql("SELECT count(*) FROM app.dispatch_notice_agreement WHERE agreement_id IN ('%s', '%s')", signed_only, late),
        "0");
}

static void both_sides_are_in_good_standing(void)
{
    const char *firm = new_firm_in("140427"), *person = new_person(), *agreement = filed(firm, person, days_on(10));
    set_quietly("enterprise", firm, "barred_until = app.today()");
    draft_notice(agreement);
    EXPECT(SANCTIONED);
    EXPECT_RULE("barred");
    set_quietly("enterprise", firm, "barred_until = NULL, status = 'closed'");
    draft_notice(agreement);
    EXPECT_RULE("enterprise_not_confirmed");
    set_quietly("enterprise", firm, "status = 'active'");
    set_quietly("specialist", person, "barred_until = app.today()");
    draft_notice(agreement);
    EXPECT_RULE("barred");
    set_quietly("specialist", person, "barred_until = NULL, status = 'removed'");
    draft_notice(agreement);
    EXPECT(NOT_ELIGIBLE);
    EXPECT_RULE("specialist_not_registered");
    set_quietly("specialist", person, "status = 'registered', available_to = app.today() + 9");
    draft_notice(agreement);
    EXPECT_RULE("specialist_not_available");
    set_quietly("specialist", person, "available_to = NULL");
    const char *need = sql("SELECT demand_id FROM app.agreement WHERE id = '%s'", agreement);
    set_quietly("demand", need, "status = 'withdrawn'");
    draft_notice(agreement);
    EXPECT_RULE("demand_not_matched");
    set_quietly("demand", need, "status = 'matched'");
    drafted(agreement);
}

static void an_agreement_stands_on_one_live_notice(void)
{
    const char *agreement = filed_anew(days_on(10)), *first = drafted(agreement);
    draft_notice(agreement);
    EXPECT(DUPLICATE);
    EXPECT_RULE("agreement_on_notice");
    say("shi.cz", first, "{'decision':'refuse','opinion':'经费未落实'}");
    EXPECT_TEXT("/status", "refused");
    const char *second = drafted(agreement);
    as("shi.kj");
    call("dispatch_notice_cancel", second, json("{'opinion':'另行下发'}"));
    EXPECT_TEXT("/status", "cancelled");
    pending(agreement);
    draft_notice(agreement);
    EXPECT_RULE("agreement_on_notice");
}

/* The database holds it alone. */
static void a_second_line_is_refused_by_the_table(void)
{
    const char *agreement = filed_anew(days_on(10)), *other = drafted(filed_anew(days_on(10)));
    drafted(agreement);
    sql("CREATE FUNCTION pg_temp.refused_by(command text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE name text; BEGIN"
        " EXECUTE command; RETURN NULL; EXCEPTION WHEN unique_violation OR check_violation THEN GET STACKED DIAGNOSTICS"
        " name = CONSTRAINT_NAME; RETURN name; END $$");
    CHECK_TEXT(sql("SELECT pg_temp.refused_by($$INSERT INTO app.dispatch_notice_agreement (notice_id, agreement_id,"
                   " position, unit_id, enterprise_id, specialist_id) SELECT '%s', agreement_id, 2, unit_id,"
                   " enterprise_id, specialist_id FROM app.dispatch_notice_agreement WHERE agreement_id = '%s'$$)",
                   other, agreement),
               "dispatch_notice_agreement_key");
    sql("SET session_replication_role = replica");
    CHECK_TEXT(
        sql("SELECT pg_temp.refused_by($$UPDATE app.dispatch_notice SET status = 'approved' WHERE id = '%s'$$)", other),
        "value_not_allowed");
    sql("RESET session_replication_role");
}

static void four_offices_sign_off(void)
{
    const char *id = drafted(filed_anew(days_on(10)));
    for (int i = 0; i < 4; i++) {
        CHECK(waits_at(signers[i], id) != NULL);
        EXPECT_TEXT(json("%s/steps", waits_at(signers[i], id)), json("['approve']"));
        say(signers[i], id, "{'decision':'approve','opinion':'同意'}");
        EXPECT_TEXT("/status", i < 3 ? "signing_off" : "approved");
        CHECK(strstr(text_at("/allowed_steps"), "approve") == NULL);
        EXPECT_TEXT("/version", json("%d", i + 2));
        EXPECT_TEXT(json("/approvals/%d/decision", i), "approve");
        EXPECT_EVENT(id, "dispatch_notice_approve", "approvals");
        if (i < 3) CHECK(waits_at(signers[i], id) == NULL);
    }
    CHECK_TEXT(sql("SELECT count(DISTINCT account_id) || ' ' || count(DISTINCT office) FROM"
                   " app.dispatch_notice_approval WHERE notice_id = '%s'",
                   id),
               "4 4");
    EXPECT_TEXT(json("%s/steps", waits_at("shi.kj", id)), json("['issue']"));
    CHECK(waits_at("shi.cz", id) == NULL);
    ask("GET", json("/v1/events?subject_type=dispatch_notice&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/review/office", "finance");
    EXPECT_TEXT("/items/0/review/opinion", "同意");
    say("shi.kj", id, "{'decision':'approve'}");
    EXPECT(WRONG_STATE);
}

static void an_office_speaks_once_and_by_one_person(void)
{
    const char *id = drafted(filed_anew(days_on(10)));
    say("shi.kj", id, "{'decision':'approve'}");
    EXPECT(OK);
    say("shi.kj2", id, "{'decision':'approve'}");
    EXPECT(DUPLICATE);
    EXPECT_RULE("office_signed_already");
    say("shi.kj", id, "{'decision':'refuse','opinion':'改主意'}");
    EXPECT_RULE("office_signed_already");
    /* Somebody who changed his office has spoken already. */
    sql("UPDATE app.dispatch_notice_approval SET account_id = (SELECT id FROM app.account WHERE login_name = 'shi.rc')"
        " WHERE notice_id = '%s'",
        id);
    say("shi.rc", id, "{'decision':'approve'}");
    EXPECT(TWO_PERSON_RULE);
    EXPECT_RULE("account_signed_already");
    say("shi.rc2", id, "{'decision':'approve'}");
    EXPECT_TEXT("/status", "signing_off");
    CHECK_TEXT(sql("SELECT approval_count FROM app.dispatch_notice WHERE id = '%s'", id), "2");
}

static void one_refusal_ends_it(void)
{
    const char *id = drafted(filed_anew(days_on(10)));
    say("shi.rc", id, "{'decision':'approve'}");
    say("shi.gx", id, "{'decision':'refuse'}");
    EXPECT_RULE("opinion_required");
    say("shi.gx", id, "{'decision':'refuse','opinion':'名单有误'}");
    EXPECT_TEXT("/status", "refused");
    EXPECT_EVENT(id, "dispatch_notice_approve", "status");
    EXPECT_TEXT("/allowed_steps", "[]");
    say("shi.cz", id, "{'decision':'approve'}");
    EXPECT(WRONG_STATE);
    issue(id);
    EXPECT(WRONG_STATE);
}

static void who_reads_an_older_version_is_told(void)
{
    const char *id = drafted(filed_anew(days_on(10)));
    say("shi.rc", id, "{'decision':'approve'}");
    as("shi.cz");
    with("If-Match", "\"1\"");
    call("dispatch_notice_approve", id, json("{'decision':'approve'}"));
    EXPECT(VERSION_MISMATCH);
    with("If-Match", NULL);
    call("dispatch_notice_approve", id, json("{'decision':'approve'}"));
    EXPECT(PRECONDITION_REQUIRED);
    call("dispatch_notice_approve", id, json("{'decision':'pass'}"));
    EXPECT(VALIDATION_FAILED);
    as("xiangyuan.kj");
    call("dispatch_notice_approve", id, json("{'decision':'approve'}"));
    EXPECT(FORBIDDEN);
}

static void issued_it_makes_placements(void)
{
    const char *agreement = filed_anew(days_on(10)), *id = signed_off(agreement), *number = doc_no();
    as("shi.rc");
    call("dispatch_notice_issue", id, json("{'doc_no':'%s'}", number));
    EXPECT(FORBIDDEN);
    as("shi.kj");
    call("dispatch_notice_issue", id, json("{'doc_no':'%s'}", number));
    EXPECT_TEXT("/status", "issued");
    EXPECT_TEXT("/doc_no", number);
    EXPECT_TEXT("/issued_on", today());
    EXPECT_TEXT("/allowed_steps", "[]");
    EXPECT_EVENT(id, "dispatch_notice_issue", "doc_no");
    CHECK_TEXT(sql("SELECT p.status || ' ' || (p.start_on = a.start_on AND p.end_on = a.end_on AND p.service_quota ="
                   " a.service_quota AND p.specialist_id = a.specialist_id AND p.enterprise_id = a.enterprise_id AND"
                   " p.unit_id = a.unit_id) FROM app.placement p JOIN app.agreement a ON a.id = p.agreement_id WHERE"
                   " p.notice_id = '%s'",
                   id),
               "pending true");
    CHECK_TEXT(sql("SELECT operation || ' ' || role FROM app.event WHERE subject_id = '%s'", placement_of(agreement)),
               "dispatch_notice_issue system");
    call("dispatch_notice_cancel", id, json("{'opinion':'x'}"));
    EXPECT(WRONG_STATE);
}

static void a_number_is_given_once_and_of_this_year(void)
{
    const char *first = signed_off(filed_anew(days_on(10))), *second = signed_off(filed_anew(days_on(10)));
    const char *number = doc_no();
    static const char *const wrong[] = {"长科发2026年1号", "长科发〔2026〕0号", "〔2026〕1号", "长科发〔2026〕12345号",
                                        "x"};
    as("shi.kj");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        call("dispatch_notice_issue", first, json("{'doc_no':'%s'}", wrong[i]));
        EXPECT(VALIDATION_FAILED);
        CHECK_TEXT(text_at("/errors/0/pointer"), "#/doc_no");
    }
    call("dispatch_notice_issue", first, json("{'doc_no':'长科发〔2024〕5号'}"));
    EXPECT_RULE("doc_no_of_other_year");
    call("dispatch_notice_issue", first, json("{'doc_no':'%s'}", number));
    EXPECT(OK);
    call("dispatch_notice_issue", second, json("{'doc_no':'%s'}", number));
    EXPECT(DUPLICATE);
    EXPECT_TEXT("/errors/0/pointer", "#/doc_no");
    CHECK_TEXT(status_in("dispatch_notice", second), "approved");
    CHECK_TEXT(sql("SELECT count(*) FROM app.placement WHERE notice_id = '%s'", second), "0");
    issue(second);
    EXPECT(OK);
}

/* What was true when it was drafted has to be true when it is issued. */
static void everything_is_asked_again(void)
{
    const char *firm = new_firm_in("140423"), *person = new_person(), *agreement = filed(firm, person, days_on(1));
    const char *id = signed_off(agreement);
    set_quietly("agreement", agreement, "status = 'cancelled'");
    issue(id);
    EXPECT(WRONG_STATE);
    EXPECT_RULE("agreement_not_filed");
    set_quietly("agreement", agreement, "status = 'filed', start_on = app.today() - 1");
    issue(id);
    EXPECT_RULE("start_before_notice");
    set_quietly("agreement", agreement, "start_on = app.today() + 1");
    set_quietly("enterprise", firm, "barred_until = app.today() + 5");
    issue(id);
    EXPECT(SANCTIONED);
    EXPECT_RULE("barred");
    set_quietly("enterprise", firm, "barred_until = NULL");
    set_quietly("specialist", person, "status = 'expired'");
    issue(id);
    EXPECT_RULE("specialist_not_registered");
    set_quietly("specialist", person, "status = 'registered'");
    CHECK_TEXT(sql("SELECT count(*) FROM app.placement WHERE notice_id = '%s'", id), "0");
    issue(id);
    EXPECT_TEXT("/status", "issued");
}

/* Nothing is approved that could not be issued today; a refusal is heard all the same. */
static void approvals_ask_again(void)
{
    const char *agreement = filed_anew(days_on(1)), *id = drafted(agreement);
    set_quietly("agreement", agreement, "start_on = app.today() - 1");
    say("shi.cz", id, "{'decision':'approve'}");
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("start_before_notice");
    CHECK(waits_at("shi.kj", agreement) != NULL);
    say("shi.cz", id, "{'decision':'refuse','opinion':'起始日已过'}");
    EXPECT_TEXT("/status", "refused");
}

/* A notice that has lost an agreement is taken back, and the others may go to another. */
static void it_goes_with_its_agreement(void)
{
    const char *lost = filed_anew(days_on(10)), *other = filed_anew(days_on(10));
    for (int approved = 0; approved < 2; approved++) {
        as("shi.kj");
        call("dispatch_notice_create", NULL, json("{'title':'通知','agreement_ids':['%s','%s']}", other, lost));
        const char *id = keep("/id");
        for (int i = 0; approved == 1 && i < 4; i++) say(signers[i], id, "{'decision':'approve'}");
        CHECK(waits_at("shi.kj", other) == NULL);
        as("shi.kj");
        call("agreement_cancel", lost, json("{'opinion':'企业停产'}"));
        EXPECT_TEXT("/status", "cancelled");
        CHECK_TEXT(status_in("dispatch_notice", id), "cancelled");
        EXPECT_EVENT(id, "agreement_cancel", "status");
        CHECK(waits_at("shi.cz", id) == NULL && waits_at("shi.kj", id) == NULL);
        CHECK(waits_at("shi.kj", other) != NULL && waits_at("shi.kj", lost) == NULL);
        lost = filed_anew(days_on(10));
    }
    pending(other);
    CHECK(waits_at("shi.kj", other) == NULL);
}

static void one_to_one_is_held(void)
{
    const char *firm = new_firm_in("140423"), *person = new_person();
    pending(filed(firm, person, days_on(10)));
    const char *same_person = signed_off(filed(new_firm_in("140427"), person, days_on(300)));
    issue(same_person);
    EXPECT(PLACEMENT_OVERLAP);
    EXPECT_RULE("placement_specialist_overlap");
    EXPECT_TEXT("/errors/0/article", "4");
    const char *same_firm = signed_off(filed(firm, new_person(), days_on(300)));
    issue(same_firm);
    EXPECT(PLACEMENT_OVERLAP);
    EXPECT_RULE("placement_enterprise_overlap");
    CHECK_TEXT(status_in("dispatch_notice", same_firm), "approved");
    pending(filed(firm, person, sql("SELECT end_on + 1 FROM app.placement WHERE enterprise_id = '%s'", firm)));
    CHECK_TEXT(sql("SELECT count(*) FROM app.placement WHERE specialist_id = '%s'", person), "2");
}

static void it_can_be_taken_back(void)
{
    const char *id = signed_off(filed_anew(days_on(10)));
    as("shi.kj");
    call("dispatch_notice_cancel", id, json("{'opinion':' '}"));
    EXPECT_RULE("opinion_required");
    call("dispatch_notice_cancel", id, json("{'opinion':'企业改制'}"));
    EXPECT_TEXT("/status", "cancelled");
    EXPECT_EVENT(id, "dispatch_notice_cancel", "status");
    issue(id);
    EXPECT(WRONG_STATE);
}

static void a_repeated_key_drafts_once(void)
{
    const char *body = json("{'title':'通知','agreement_ids':['%s']}", filed_anew(days_on(10)));
    as("shi.kj");
    with("Idempotency-Key", "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0146");
    call("dispatch_notice_create", NULL, body);
    const char *id = keep("/id");
    with("Idempotency-Key", "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0146");
    call("dispatch_notice_create", NULL, body);
    EXPECT_TEXT("/id", id);
    CHECK_TEXT(header_of("Idempotency-Replayed"), "true");
}

static const char *own_firm(const char *login)
{
    return sql("SELECT enterprise_id FROM app.account WHERE login_name = '%s'", login);
}

static const char *own_entry(const char *login)
{
    return sql("SELECT specialist_id FROM app.account WHERE login_name = '%s'", login);
}

/* Units, firms and persons read an issued one, with their own lines, and not what the offices said. */
static void its_parties_read_it_once_issued(void)
{
    static const char *const parties[] = {"lishi", "xiangyuan.kj", "xiangyuan.rc", "linruochuan"};
    static const char *const strangers[] = {"qingzhang", "huguan.kj", "huguan.rc"};
    const char *own = filed(own_firm("lishi"), own_entry("linruochuan"), days_on(2000));
    const char *other = filed(new_firm_in("140403"), new_person(), days_on(10));
    as("shi.kj");
    call("dispatch_notice_create", NULL, json("{'title':'通知','agreement_ids':['%s','%s']}", other, own));
    const char *id = keep("/id");
    for (int i = 0; i < 4; i++) {
        as(parties[i]);
        call("dispatch_notice_get", id, NULL);
        EXPECT(NOT_FOUND);
        say(signers[i], id, "{'decision':'approve'}");
    }
    issue(id);
    EXPECT(OK);
    for (int i = 0; i < 4; i++) {
        as(parties[i]);
        call("dispatch_notice_get", id, NULL);
        EXPECT_TEXT("/agreement_ids", json("['%s']", own));
        EXPECT_TEXT("/approvals", "[]");
        ask("GET", "/v1/dispatch-notices?status=issued", NULL);
        EXPECT_TEXT("/items/0/id", id);
        ask("GET", json("/v1/events?subject_type=dispatch_notice&subject_id=%s", id), NULL);
        EXPECT_TEXT("/items/0/operation", "dispatch_notice_issue");
        EXPECT_TEXT("/items/1", NULL);
        EXPECT_TEXT("/items/0/changes/readers/new", NULL);
    }
    for (int i = 0; i < 3; i++) {
        as(strangers[i]);
        call("dispatch_notice_get", id, NULL);
        EXPECT(NOT_FOUND);
        ask("GET", json("/v1/events?subject_type=dispatch_notice&subject_id=%s", id), NULL);
        EXPECT_TEXT("/items", "[]");
    }
    as("luzhou.kj");
    call("dispatch_notice_get", id, NULL);
    EXPECT_TEXT("/agreement_ids", json("['%s']", other));
}

static void an_issued_notice_goes_with_a_firm_that_moves(void)
{
    const char *firm = new_firm_in("140423"), *agreement = filed(firm, new_person(), days_on(10));
    issue(signed_off(agreement));
    const char *id = keep("/id");
    as("huguan.kj");
    call("dispatch_notice_get", id, NULL);
    EXPECT(NOT_FOUND);
    as("shi.kj");
    call("enterprise_update", firm, move_to(firm, "140427"));
    EXPECT(OK);
    as("huguan.kj");
    call("dispatch_notice_get", id, NULL);
    EXPECT_TEXT("/agreement_ids", json("['%s']", agreement));
    CHECK_TEXT(sql("SELECT unit_id FROM app.placement WHERE agreement_id = '%s'", agreement), "140427");
}

static bool says(const char *text, const char *words)
{
    return strstr(text, words) != NULL;
}

/* The document, which may not be made yet when it is first asked for. */
static void read_paper(const char *id)
{
    int64_t until = clock_ms() + PATIENCE_MS;
    call("dispatch_notice_download", id, NULL);
    while (status_of() == 503 && clock_ms() < until) {
        usleep(PAUSE_US);
        call("dispatch_notice_download", id, NULL);
    }
}

/* The same as its reader gets it, as text. */
static const char *paper_of(const char *login, const char *id)
{
    as(login);
    read_paper(id);
    CHECK(status_of() == 200 && strncmp(bytes_of(), "%PDF-", 5) == 0);
    CHECK_TEXT(header_of("Content-Type"), "application/pdf");
    CHECK(says(header_of("Content-Disposition"), "attachment; filename*=UTF-8''"));
    return paper_text(bytes_of(), size_of(), "-raw");
}

/* Head, number, addressees, offices, date and list; without number and date while the offices have it, and with the
 * reader's own lines alone outside of the city. */
static void it_is_a_document(void)
{
    const char *own = filed_anew(days_on(10)), *other = filed(new_firm_in("140427"), new_person(), days_on(10));
    as("shi.kj");
    call("dispatch_notice_create", NULL,
         json("{'title':'关于派驻特派员的通知','agreement_ids':['%s','%s']}", own, other));
    const char *id = keep("/id"), *number = doc_no();
    const char *mine = sql("SELECT e.name FROM app.agreement a JOIN app.enterprise e ON e.id = a.enterprise_id WHERE"
                           " a.id = '%s'",
                           own);
    const char *theirs = sql("SELECT e.name FROM app.agreement a JOIN app.enterprise e ON e.id = a.enterprise_id WHERE"
                             " a.id = '%s'",
                             other);
    const char *text = paper_of("shi.cz", id);
    CHECK(says(text, "（未编号）") && says(text, "会签稿") && says(text, "关于派驻特派员的通知"));
    CHECK(!says(text, "2026年") && !says(text, "作废"));
    for (int i = 0; i < 4; i++) say(signers[i], id, "{'decision':'approve'}");
    as("shi.kj");
    call("dispatch_notice_issue", id, json("{'doc_no':'%s'}", number));
    EXPECT(OK);
    text = paper_of("shi.cz", id);
    CHECK(says(text, number) && says(text, "襄垣县、壶关县科技、人才主管部门") && says(text, "〔2024〕3号"));
    CHECK(says(text, "长治市科学技术局") && says(text, "中共长治市委人才工作领导组办公室"));
    CHECK(says(text, "长治市工业和信息化局") && says(text, "长治市财政局"));
    CHECK(says(text, sql("SELECT to_char(app.today(), 'FMYYYY年FMMM月FMDD日')")));
    CHECK(says(text, "抄送：有关派出单位，派驻企业。") && !says(text, "会签稿"));
    CHECK(says(text, sql("SELECT to_char(app.today(), 'FMYYYY年FMMM月FMDD日印发')")));
    CHECK(says(text, "企业科技特派员派驻名单") && says(text, mine) && says(text, theirs) && !says(text, "摘录"));
    const char *tag = json("%s", header_of("ETag"));
    with("If-None-Match", tag);
    call("dispatch_notice_download", id, NULL);
    CHECK(status_of() == 304);
    text = paper_of("xiangyuan.kj", id);
    CHECK(says(text, mine) && !says(text, theirs) && says(text, "名单（摘录）"));
    as("luzhou.kj");
    call("dispatch_notice_download", id, NULL);
    EXPECT(NOT_FOUND);
}

/* What was refused or taken back says so on each page. */
static void a_dead_notice_says_so(void)
{
    const char *agreement = filed_anew(days_on(10)), *refused = drafted(agreement);
    say("shi.cz", refused, "{'decision':'refuse','opinion':'经费未落实'}");
    const char *cancelled = drafted(agreement);
    as("shi.kj");
    call("dispatch_notice_cancel", cancelled, json("{'opinion':'另行下发'}"));
    CHECK(says(paper_of("shi.cz", refused), "会签未通过"));
    const char *text = paper_of("shi.cz", cancelled);
    int pages = 0, marked = 0;
    for (const char *at = text; (at = strchr(at, '\f')) != NULL; at++) pages++;
    for (const char *at = text; (at = strstr(at, "已撤回")) != NULL; at++) marked++;
    CHECK(pages > 1 && marked == pages);
}

static void lists_are_walked(void)
{
    as("shi.kj");
    const char *count = sql("SELECT count(*) FROM app.dispatch_notice");
    CHECK_TEXT(json("%d", walk("/v1/dispatch-notices?limit=3", "-updated_at")), count);
    CHECK_TEXT(json("%d", walk("/v1/dispatch-notices?limit=3&sort=id", NULL)), count);
    CHECK_TEXT(json("%d", walk("/v1/dispatch-notices?status=refused,cancelled&limit=2", NULL)),
               sql("SELECT count(*) FROM app.dispatch_notice WHERE status IN ('refused', 'cancelled')"));
}

int main(void)
{
    harness_open();
    RUN(the_bureau_drafts_it);
    RUN(only_filed_agreements_that_begin_later);
    RUN(both_sides_are_in_good_standing);
    RUN(an_agreement_stands_on_one_live_notice);
    RUN(a_second_line_is_refused_by_the_table);
    RUN(four_offices_sign_off);
    RUN(an_office_speaks_once_and_by_one_person);
    RUN(one_refusal_ends_it);
    RUN(who_reads_an_older_version_is_told);
    RUN(issued_it_makes_placements);
    RUN(a_number_is_given_once_and_of_this_year);
    RUN(everything_is_asked_again);
    RUN(approvals_ask_again);
    RUN(it_goes_with_its_agreement);
    RUN(one_to_one_is_held);
    RUN(it_can_be_taken_back);
    RUN(a_repeated_key_drafts_once);
    RUN(its_parties_read_it_once_issued);
    RUN(an_issued_notice_goes_with_a_firm_that_moves);
    RUN(it_is_a_document);
    RUN(a_dead_notice_says_so);
    RUN(lists_are_walked);
    return harness_close();
}
