/* What waits for whom: a record comes onto a list with the step that makes the next one a caller's duty, and leaves it
 * with the step that does it. */
#include "harness.h"

static const char *firm;

/* The steps that wait for the present caller on a record, as JSON; NULL when none. */
static const char *waiting(const char *id)
{
    ask("GET", "/v1/todos?limit=200", NULL);
    EXPECT(OK);
    for (int i = 0; text_at(json("/items/%d", i)) != NULL; i++) {
        if (strcmp(text_at(json("/items/%d/subject_id", i)), id) == 0) return text_at(json("/items/%d/steps", i));
    }
    return NULL;
}

static const char *waiting_for(const char *login, const char *id)
{
    as(login);
    return waiting(id);
}

static const char *submitted(void)
{
    as("lishi");
    call("demand_create", NULL,
         json("{'enterprise_id':'%s','kind':'talent','title':'检测工程师','description':'指导建立检测能力',"
              "'task_groups':['talent_training'],'tech_field':'new_materials','industry_code':'C',"
              "'service_forms':['training'],"
              "'targets':[{'name':'人数','unit':null,'from_value':null,'target_value':'3'}]}",
              firm));
    const char *id = keep("/id");
    CHECK_TEXT(waiting(id), NULL);
    call("demand_submit", id, NULL);
    EXPECT(OK);
    return id;
}

static void a_demand_goes_from_desk_to_desk(void)
{
    const char *id = submitted();
    CHECK_TEXT(waiting(id), NULL);
    CHECK_TEXT(waiting_for("xiangyuan.rc", id), json("['first_review']"));
    CHECK_TEXT(waiting_for("huguan.kj", id), NULL);
    CHECK_TEXT(waiting_for("shi.kj", id), NULL);
    as("xiangyuan.kj");
    call("demand_first_review", id, json("{'decision':'pass'}"));
    CHECK_TEXT(waiting(id), NULL);
    CHECK_TEXT(waiting_for("shi.rc", id), NULL);
    CHECK_TEXT(waiting_for("shi.kj2", id), json("['review']"));
    call("demand_review", id, json("{'decision':'pass'}"));
    CHECK_TEXT(waiting(id), NULL);
}

static void what_is_returned_waits_for_its_side(void)
{
    const char *id = submitted();
    as("xiangyuan.kj");
    call("demand_first_review", id, json("{'decision':'return','opinion':'请补充'}"));
    const char *due = keep("/correct_by_on");
    CHECK_TEXT(waiting(id), NULL);
    CHECK_TEXT(waiting_for("lishi", id), json("['submit']"));
    EXPECT_TEXT("/items/0/subject_type", "demand");
    EXPECT_TEXT("/items/0/title", "检测工程师");
    EXPECT_TEXT("/items/0/status", "returned");
    EXPECT_TEXT("/items/0/due_on", due);
    EXPECT_TEXT("/items/0/unit_id", "140423");
}

static void drafts_of_calls_wait_for_their_office(void)
{
    as("qinyuan.kj");
    call("call_create", NULL,
         json("{'kind':'demand','title':'征集','year':2031,'opens_at':'2026-10-01T00:00:00Z',"
              "'closes_at':'2026-12-31T00:00:00Z'}"));
    const char *id = keep("/id");
    CHECK_TEXT(waiting(id), json("['publish']"));
    CHECK_TEXT(waiting_for("qinyuan.rc", id), NULL);
    CHECK_TEXT(waiting_for("shi.kj", id), NULL);
    as("qinyuan.kj");
    call("call_publish", id, NULL);
    CHECK_TEXT(waiting(id), NULL);
}

static void firms_wait_for_their_county(void)
{
    const char *id = sql("SELECT id FROM app.enterprise WHERE status = 'county_review' ORDER BY id LIMIT 1");
    const char *unit = sql("SELECT unit_id FROM app.enterprise WHERE id = '%s'", id);
    const char *officer = sql("SELECT min(login_name) FROM app.account WHERE role = 'county' AND unit_id = '%s'", unit);
    CHECK_TEXT(waiting_for(officer, id), json("['confirm']"));
    CHECK_TEXT(waiting_for("shi.kj", id), NULL);
}

/* A draft of the numbers waits for an administrator who did not write it. */
static void a_policy_waits_for_a_second_administrator(void)
{
    const char *author = sql("SELECT id FROM app.account WHERE login_name = 'shi.kj'");
    const char *id = sql("BEGIN; SET LOCAL app.actor = 'city/st'; SET LOCAL app.account = '%s';"
                         " INSERT INTO app.policy (id, status, code, title, doc_no, valid_from, valid_to, \"values\")"
                         " SELECT gen_random_uuid(), 'draft', '2029', title, doc_no, '2029-06-10', '2034-06-09',"
                         " \"values\" FROM app.policy WHERE status = 'adopted'; COMMIT;"
                         " SELECT id FROM app.policy WHERE code = '2029'",
                         author);
    sql("UPDATE app.account SET is_admin = false WHERE login_name = 'shi.kj2'");
    CHECK_TEXT(waiting_for("shi.kj", id), NULL);
    CHECK_TEXT(waiting_for("shi.kj2", id), NULL);
    sql("UPDATE app.account SET is_admin = true WHERE login_name = 'shi.kj2'");
    CHECK_TEXT(waiting_for("shi.kj2", id), json("['adopt']"));
    sql("DELETE FROM app.policy WHERE id = '%s'", id);
}

static void lists_are_walked_whole(void)
{
    as("shi.kj");
    const char *want =
        sql("SELECT (SELECT count(*) FROM app.demand WHERE status = 'city_review')"
            " + (SELECT count(*) FROM app.institution WHERE status = 'proposed')"
            " + (SELECT count(*) FROM app.match_round WHERE status = 'proposed')"
            " + (SELECT count(*) FROM app.application WHERE status IN ('institution_review',"
            " 'city_review') AND shown)"
            " + (SELECT count(*) FROM app.dispatch_list WHERE status IN ('draft', 'concurred', 'announced'))"
            " + (SELECT count(*) FROM app.match m WHERE status = 'adopted' AND NOT EXISTS (SELECT FROM"
            " app.dispatch_line l WHERE l.match_id = m.id AND l.status IN ('listed', 'fixed')))"
            " + (SELECT count(*) FROM app.agreement WHERE status IN ('draft', 'signing'))"
            " + (SELECT count(*) FROM app.agreement a WHERE status = 'filed' AND NOT EXISTS (SELECT FROM"
            " app.dispatch_notice_agreement n WHERE n.agreement_id = a.id AND n.live))"
            " + (SELECT count(*) FROM app.issue WHERE status = 'open' OR status = 'assigned' AND"
            " owner_side = 'city')"
            " + (SELECT count(*) FROM app.obligation WHERE status IN ('open', 'overdue') AND debtor_role ="
            " 'city')");
    CHECK_TEXT(json("%d", walk("/v1/todos?limit=2", NULL)), want);
    CHECK(walk("/v1/todos?limit=200", NULL) > 2);
    as("luzhixing");
    CHECK(walk("/v1/todos", NULL) == 0);
    as(NULL);
    ask("GET", "/v1/todos", NULL);
    EXPECT(UNAUTHENTICATED);
}

/* The same rows in the same order whether they come one by one or at once, across those with a date and without. */
static void a_page_goes_on_where_the_last_ended(const char *login)
{
    const char *whole[200], *next = "/v1/todos?limit=1";
    int count = 0;
    as(login);
    ask("GET", "/v1/todos?limit=200", NULL);
    while (count < 200 && (whole[count] = keep(json("/items/%d", count))) != NULL) count++;
    CHECK(count > 2);
    for (int i = 0; i < count && next != NULL; i++) {
        ask("GET", next, NULL);
        EXPECT_TEXT("/items/0", whole[i]);
        const char *cursor = keep("/next_cursor");
        CHECK((cursor == NULL) == (i + 1 == count));
        next = cursor == NULL ? NULL : json("/v1/todos?limit=1&cursor=%s", cursor);
    }
}

static void pages_join(void)
{
    submitted();
    sql("SET session_replication_role = replica;"
        " UPDATE app.demand SET status = 'returned', side = 'county', correct_by_on = app.today() + version"
        " WHERE id IN (SELECT id FROM app.demand WHERE unit_id = '140423' AND status <> 'county_review' LIMIT 2);"
        " RESET session_replication_role");
    a_page_goes_on_where_the_last_ended("shi.kj");
    a_page_goes_on_where_the_last_ended("xiangyuan.kj");
}

static void the_most_urgent_comes_first(void)
{
    submitted();
    as("lishi");
    ask("GET", "/v1/todos?limit=200", NULL);
    const char *before = "";
    for (int i = 0; text_at(json("/items/%d", i)) != NULL; i++) {
        const char *due = text_at(json("/items/%d/due_on", i));
        const char *at = json("%s %s", due == NULL ? "9999" : due, text_at(json("/items/%d/since_at", i)));
        CHECK(strcmp(before, at) <= 0);
        before = at;
    }
}

static void the_list_is_filtered(void)
{
    submitted();
    as("shi.kj");
    ask("GET", "/v1/todos?limit=200&subject_type=institution,demand", NULL);
    for (int i = 0; text_at(json("/items/%d", i)) != NULL; i++) {
        const char *type = text_at(json("/items/%d/subject_type", i));
        CHECK(strcmp(type, "institution") == 0 || strcmp(type, "demand") == 0);
    }
    CHECK(walk("/v1/todos?subject_type=institution,demand&limit=2", NULL) > 2);
    CHECK_TEXT(json("%d", walk("/v1/todos?subject_type=application", NULL)),
               sql("SELECT count(*) FROM app.application WHERE status IN ('institution_review', 'city_review')"
                   " AND shown"));
    CHECK(walk("/v1/todos?subject_type=placement,bank_account", NULL) == 0);
    ask("GET", "/v1/todos?limit=200", NULL);
    const char *due = keep("/items/0/due_on");
    CHECK(due != NULL);
    CHECK(walk(json("/v1/todos?due_on_before=%s", due), NULL) == 0);
    ask("GET", json("/v1/todos?due_on_before=%s", sql("SELECT date '%s' + 1", due)), NULL);
    EXPECT_TEXT("/items/0/due_on", due);
}

int main(void)
{
    harness_open();
    firm = sql("SELECT enterprise_id FROM app.account WHERE login_name = 'lishi'");
    RUN(a_demand_goes_from_desk_to_desk);
    RUN(what_is_returned_waits_for_its_side);
    RUN(drafts_of_calls_wait_for_their_office);
    RUN(firms_wait_for_their_county);
    RUN(a_policy_waits_for_a_second_administrator);
    RUN(lists_are_walked_whole);
    RUN(pages_join);
    RUN(the_most_urgent_comes_first);
    RUN(the_list_is_filtered);
    return harness_close();
}
