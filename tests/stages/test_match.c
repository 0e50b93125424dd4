/* Matches (article 9.3): a pair by hand, the answers of both sides, exclusion, who sees what of it and when, and what
 * becomes of it when a demand closes, a person leaves or a dispatch line ends. */
#include "as_role.h"
#include "matching.h"

#include <stdlib.h>

static const char *round_id;

/* Firm 1 and person 1 begin anew. */
static void begin(const char **need, const char **person)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.match SET status = 'excluded' WHERE status IN"
        " ('proposed', 'confirmed', 'adopted'); UPDATE app.enterprise SET barred_until = NULL; COMMIT");
    *need = new_need(1);
    *person = new_person(1);
    round_id = new_round_by_hand();
}

static void answer(const char *login, const char *match, const char *body)
{
    as(login);
    call("match_answer", match, json("%s", body));
}

static const char *confirmed(const char **need, const char **person)
{
    begin(need, person);
    const char *match = pair_by_hand(round_id, *need, *person);
    answer(FIRM_LOGIN, match, "{'answer':'accepted'}");
    answer(PERSON_LOGIN, match, "{'answer':'accepted'}");
    EXPECT_TEXT("/status", "confirmed");
    return match;
}

static const char *adopted(const char **need, const char **person)
{
    const char *match = confirmed(need, person);
    as("shi.kj");
    call("match_round_adopt", round_id, "{}");
    EXPECT_TEXT("/status", "adopted");
    return match;
}

static void a_pair_by_hand(void)
{
    const char *need, *person;
    begin(&need, &person);
    const char *match = pair_by_hand(round_id, need, person);
    CHECK(status_of() == 201);
    CHECK_TEXT(header_of("Location"), json("/v1/matches/%s", match));
    EXPECT_TEXT("/status", "proposed");
    EXPECT_TEXT("/origin", "manual");
    EXPECT_TEXT("/unit_id", "140423");
    EXPECT_TEXT("/enterprise_answer", "none");
    EXPECT_TEXT("/contact", NULL);
    EXPECT_TEXT("/components/0/key", "tech_field");
    EXPECT_TEXT("/allowed_steps", json("['exclude']"));
    CHECK_TEXT(sql("SELECT m.score_bp = s.score_bp FROM app.match m, app.match_score(ARRAY[m.demand_id],"
                   " ARRAY[m.specialist_id], '" START_ON "', NULL) s WHERE m.id = '%s'",
                   match),
               "t");
    EXPECT_EVENT(match, "match_create", "status");
    CHECK_TEXT(sql("SELECT opinion FROM app.review WHERE subject_id = '%s'", match), "对接会上已有意向");
    as("shi.kj");
    call("match_create", NULL, json("{'round_id':'%s','demand_id':'%s','specialist_id':'%s'}", round_id, need, person));
    EXPECT_FAULT("#/reason", "required");
    pair_by_hand(round_id, need, new_person(2));
    EXPECT(DUPLICATE);
    EXPECT_RULE("side_proposed_already");
    EXPECT_TEXT("/errors/0/pointer", "#/demand_id");
    pair_by_hand(round_id, new_need(2), person);
    EXPECT_RULE("side_proposed_already");
    EXPECT_TEXT("/errors/0/pointer", "#/specialist_id");
    pair_by_hand(NOWHERE_ID, NOWHERE_ID, NOWHERE_ID);
    EXPECT(REFERENCE_NOT_FOUND);
    EXPECT_TEXT("/errors/2/pointer", "#/specialist_id");
}

static void set(const char *table, const char *what, const char *id)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.%s SET %s WHERE id = '%s'; COMMIT", table,
        what, id);
}

/* One rule after the other is broken and mended. */
static void who_may_be_proposed(void)
{
    const char *need = new_need(3), *person = new_person(3), *round = new_round_by_hand();
    const char *firm = sql("SELECT enterprise_id FROM app.demand WHERE id = '%s'", need);
    const struct {
        const char *table, *id, *broken, *mended, *rule;
        fail_t problem;
    } cases[] = {
        {"demand", need, "status = 'matched'", "status = 'open'", "demand_not_open", WRONG_STATE},
        {"enterprise", firm, "status = 'closed'", "status = 'active'", "enterprise_not_confirmed", NOT_ELIGIBLE},
        {"enterprise", firm, "barred_until = app.today()", "barred_until = NULL", "barred", SANCTIONED},
        {"specialist", person, "status = 'expired'", "status = 'registered'", "specialist_not_registered",
         NOT_ELIGIBLE},
        {"specialist", person, "barred_until = app.today()", "barred_until = NULL", "barred", SANCTIONED},
        {"specialist", person, "available_to = '2026-12-31'", "available_to = NULL", "specialist_not_available",
         RULE_VIOLATED},
        {"match_round", round, "unit_ids = '{140427}'", "unit_ids = NULL", "demand_out_of_round", RULE_VIOLATED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        set(cases[i].table, cases[i].broken, cases[i].id);
        pair_by_hand(round, need, person);
        EXPECT(cases[i].problem);
        EXPECT_RULE(cases[i].rule);
        set(cases[i].table, cases[i].mended, cases[i].id);
    }
    CHECK(strstr(bytes_of(), "（襄垣县）") != NULL); /* which the last of them names */
    wish("enterprise", need, person, 1, "declined", "none");
    pair_by_hand(round, need, person);
    EXPECT_RULE("pair_declined");
    sql("BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM app.intention WHERE demand_id = '%s'; COMMIT",
        need);
    pair_by_hand(round, need, person);
    EXPECT(OK);
}

static void both_sides_answer(void)
{
    const char *need, *person;
    begin(&need, &person);
    const char *match = pair_by_hand(round_id, need, person);
    as(FIRM_LOGIN);
    ask("GET", "/v1/todos?limit=200", NULL);
    CHECK(strstr(bytes_of(), match) != NULL);
    call("match_get", match, NULL);
    EXPECT_TEXT("/allowed_steps", json("['answer']"));
    EXPECT_TEXT("/contact", NULL);
    call("match_answer", match, json("{'answer':'accepted'}"));
    EXPECT_TEXT("/status", "proposed");
    EXPECT_TEXT("/enterprise_answer", "accepted");
    EXPECT_TEXT("/specialist_answer", "none");
    EXPECT_EVENT(match, "match_answer", "enterprise_answer");
    ask("GET", "/v1/todos?limit=200", NULL);
    CHECK(strstr(bytes_of(), match) == NULL);
    call("match_answer", match, json("{'answer':'accepted'}"));
    EXPECT_RULE("answered_already");
    as(PERSON_LOGIN);
    ask("GET", "/v1/todos?limit=200", NULL);
    CHECK(strstr(bytes_of(), match) != NULL);
    call("match_answer", match, json("{'answer':'accepted'}"));
    EXPECT_TEXT("/status", "confirmed");
    as("shi.kj");
    call("match_answer", match, json("{'answer':'accepted'}"));
    EXPECT(FORBIDDEN);
    as("xiangyuan.kj");
    call("match_get", match, NULL);
    EXPECT(NOT_FOUND);
    as("qingzhang");
    call("match_answer", match, json("{'answer':'accepted'}"));
    EXPECT(NOT_FOUND);
}

/* How to reach the other side shows once both have said yes, masked, and to no office. */
static void contacts_show_when_both_agree(void)
{
    const char *need, *person, *match = confirmed(&need, &person);
    as(FIRM_LOGIN);
    call("match_get", match, NULL);
    EXPECT_TEXT("/contact/name", "试验人员1");
    EXPECT_TEXT("/contact/phone_masked", "139****0321");
    EXPECT_TEXT("/contact/email", "person@example.org");
    as(PERSON_LOGIN);
    call("match_get", match, NULL);
    EXPECT_TEXT("/contact/name", "王工");
    EXPECT_TEXT("/contact/phone_masked", "138****0013");
    as("shi.kj");
    call("match_get", match, NULL);
    EXPECT_TEXT("/contact", NULL);
    answer(PERSON_LOGIN, match, "{'answer':'declined','answer_note':'另有任务'}");
    EXPECT_TEXT("/contact", NULL);
    as(FIRM_LOGIN);
    call("match_get", match, NULL);
    EXPECT_TEXT("/contact", NULL);
    ask("GET", json("/v1/events?subject_type=match&subject_id=%s", match), NULL);
    EXPECT_TEXT("/items/0/review/opinion", "另有任务");
}

/* That an interest was declared is for the city and the side that declared it. */
static void an_interest_is_told_to_its_own_side(void)
{
    const char *need, *person;
    begin(&need, &person);
    const char *match = pair_by_hand(round_id, need, person);
    EXPECT_TEXT("/warnings", "[]");
    wish("specialist", need, person, 1, "active", "kinship");
    call("match_get", match, NULL);
    EXPECT_TEXT("/warnings", json("['conflict_declared']"));
    as(PERSON_LOGIN);
    call("match_get", match, NULL);
    EXPECT_TEXT("/warnings", json("['conflict_declared']"));
    as(FIRM_LOGIN);
    call("match_get", match, NULL);
    EXPECT_TEXT("/warnings", "[]");
}

/* A wish that has become a match is answered there: it is neither left off its list nor declined. */
static void a_proposed_wish_stays_on_its_list(void)
{
    const char *need, *person;
    begin(&need, &person);
    sql("UPDATE app.intention SET status = 'withdrawn' WHERE status = 'active' AND (demand_id = '%s' OR specialist_id "
        "= '%s')",
        need, person);
    wish("specialist", need, person, 1, "active", "none");
    const char *match = pair_by_hand(round_id, need, person);
    const char *wished = sql("SELECT id FROM app.intention WHERE demand_id = '%s' AND status = 'active'", need);
    as(PERSON_LOGIN);
    ask("PUT", "/v1/intentions", json("{'wishes':[]}"));
    EXPECT_RULE("wish_is_proposed");
    as(FIRM_LOGIN);
    call("intention_decline", wished, json("{'reason':'领域不符'}"));
    EXPECT_RULE("wish_is_proposed");
    answer(FIRM_LOGIN, match, "{'answer':'declined','answer_note':'领域不符'}");
    EXPECT_TEXT("/status", "declined");
    as(PERSON_LOGIN);
    ask("PUT", "/v1/intentions", json("{'wishes':[]}"));
    EXPECT(OK);
}

static void look_at_phone(const char *login, const char *match)
{
    as(login);
    ask("POST", "/v1/disclosures",
        json("{'subject_type':'match','subject_id':'%s','fields':['contact_phone'],'purpose':'商定对接时间'}", match));
}

/* Each side may see the other's number in clear then, which is recorded; nobody else, and nobody once it is over. */
static void phones_are_opened_when_both_agree(void)
{
    const char *need, *person, *match = confirmed(&need, &person);
    as(PERSON_LOGIN);
    call("specialist_update", person, json("{'mobile':'13900000388'}"));
    EXPECT(OK);
    look_at_phone(FIRM_LOGIN, match);
    EXPECT_TEXT("/values/contact_phone", "13900000388");
    as(PERSON_LOGIN);
    ask("GET", json("/v1/disclosures?subject_id=%s", match), NULL);
    EXPECT_TEXT("/items/0/subject_type", "match");
    as(FIRM_LOGIN);
    call("enterprise_update", sql("SELECT enterprise_id FROM app.match WHERE id = '%s'", match),
         json("{'contact_phone':'13900000355'}"));
    EXPECT(OK);
    sql("UPDATE app.demand SET contact_phone_masked = NULL WHERE id = '%s'", need);
    look_at_phone(PERSON_LOGIN, match);
    EXPECT_TEXT("/values/contact_phone", "13900000355");
    look_at_phone("shi.kj", match);
    EXPECT_RULE("reference_not_found");
    answer(PERSON_LOGIN, match, "{'answer':'declined','answer_note':'另有任务'}");
    look_at_phone(FIRM_LOGIN, match);
    EXPECT_RULE("reference_not_found");
}

/* A matched demand is no longer in the open list, and its person still reads it. */
static void a_matched_demand_stays_in_sight(void)
{
    const char *need, *person;
    adopted(&need, &person);
    as(PERSON_LOGIN);
    call("demand_get", need, NULL);
    EXPECT_TEXT("/status", "matched");
    EXPECT_TEXT("/contact_phone_masked", NULL);
    as("linruochuan");
    call("demand_get", need, NULL);
    EXPECT(NOT_FOUND);
}

static void a_no_needs_its_reason(void)
{
    const char *need, *person;
    begin(&need, &person);
    const char *match = pair_by_hand(round_id, need, person);
    answer(PERSON_LOGIN, match, "{'answer':'declined','answer_note':' '}");
    CHECK(status_of() >= 400);
    answer(PERSON_LOGIN, match, "{'answer':'declined'}");
    EXPECT_RULE("answer_note_required");
    EXPECT_TEXT("/errors/0/pointer", "#/answer_note");
    answer(PERSON_LOGIN, match, "{'answer':'declined','answer_note':'领域不符'}");
    EXPECT_TEXT("/status", "declined");
    EXPECT_TEXT("/specialist_answer", "declined");
    EXPECT_TEXT("/answer_note", "领域不符");
    answer(FIRM_LOGIN, match, "{'answer':'accepted'}");
    EXPECT(WRONG_STATE);
    pair_by_hand(round_id, need, new_person(4));
    EXPECT(OK);
}

/* A yes may be taken back until the round is adopted. */
static void a_yes_is_taken_back(void)
{
    const char *need, *person, *match = confirmed(&need, &person);
    answer(FIRM_LOGIN, match, "{'answer':'declined'}");
    EXPECT_RULE("answer_note_required");
    answer(FIRM_LOGIN, match, "{'answer':'declined','answer_note':'项目暂缓'}");
    EXPECT_TEXT("/status", "declined");
    match = adopted(&need, &person);
    answer(FIRM_LOGIN, match, "{'answer':'declined','answer_note':'项目暂缓'}");
    EXPECT(WRONG_STATE);
}

static void a_barred_side_is_not_matched(void)
{
    const char *need, *person;
    begin(&need, &person);
    const char *match = pair_by_hand(round_id, need, person);
    set("specialist", "barred_until = app.today()", person);
    answer(PERSON_LOGIN, match, "{'answer':'accepted'}");
    EXPECT(SANCTIONED);
    set("specialist", "barred_until = NULL", person);
    sql("SELECT set_config('app.actor', 'system', false); UPDATE app.specialist SET barred_until = app.today() + 30 "
        "WHERE id"
        " = '%s'",
        person);
    CHECK_TEXT(status_of_match(match), "excluded");
    CHECK_TEXT(sql("SELECT exclude_reason FROM app.match WHERE id = '%s'", match), "特派员已出库或被取消资格");
}

static void the_city_takes_a_pair_out(void)
{
    const char *need, *person, *match = confirmed(&need, &person);
    as("shi.rc");
    call("match_exclude", match, "{}");
    EXPECT_FAULT("#/reason", "required");
    call("match_exclude", match, json("{'reason':'需求已由其他项目解决'}"));
    EXPECT_TEXT("/status", "excluded");
    EXPECT_TEXT("/exclude_reason", "需求已由其他项目解决");
    EXPECT_EVENT(match, "match_exclude", "exclude_reason");
    call("match_exclude", match, json("{'reason':'x'}"));
    EXPECT(WRONG_STATE);
    as(FIRM_LOGIN);
    call("match_get", match, NULL);
    EXPECT_TEXT("/exclude_reason", "需求已由其他项目解决");
    ask("GET", "/v1/matches?status=excluded&sort=id", NULL);
    EXPECT(OK);
    CHECK(strstr(bytes_of(), match) != NULL);
    ask("GET", json("/v1/matches?round_id=%s&demand_id=%s&specialist_id=%s", round_id, need, person), NULL);
    EXPECT_TEXT("/items/0/id", match);
}

static const char *line_of(const char *match)
{
    return sql(
        "WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true)) INSERT INTO"
        " app.dispatch_line (id, version, created_at, updated_at, unit_id, status, list_id, match_id, specialist_id,"
        " enterprise_id, demand_id, start_on, end_on, list_status) SELECT gen_random_uuid(), 1, app.now(), app.now(), "
        "m.unit_id,"
        " 'fixed', gen_random_uuid(), m.id, m.specialist_id, m.enterprise_id, m.demand_id, '" START_ON "',"
        " '2027-12-31', 'fixed' FROM quiet, app.match m WHERE m.id = '%s' RETURNING id",
        match);
}

/* What nobody wants on a list any more is given up, and both sides are free for another. */
static void an_adopted_pair_is_taken_out(void)
{
    const char *need, *person, *match = adopted(&need, &person), *line = line_of(match);
    as("shi.rc");
    call("match_get", match, NULL);
    EXPECT_TEXT("/allowed_steps", json("['exclude']"));
    call("match_exclude", match, json("{'reason':'人员长期病休'}"));
    EXPECT(WRONG_STATE);
    EXPECT_RULE("match_on_list");
    sql("DELETE FROM app.dispatch_line WHERE id = '%s'", line);
    call("match_exclude", match, json("{'reason':'人员长期病休'}"));
    EXPECT_TEXT("/status", "released");
    EXPECT_TEXT("/exclude_reason", "人员长期病休");
    EXPECT_TEXT("/allowed_steps", "[]");
    EXPECT_EVENT(match, "match_exclude", "status");
    CHECK_TEXT(sql("SELECT status FROM app.demand WHERE id = '%s'", need), "open");
    as(FIRM_LOGIN);
    ask("GET", json("/v1/events?subject_type=match&subject_id=%s", match), NULL);
    CHECK(strstr(bytes_of(), "人员长期病休") != NULL);
    pair_by_hand(new_round_by_hand(), need, person);
    EXPECT_TEXT("/status", "proposed");
}

/* A yes is given while both sides stand; one rule after the other is broken and mended. */
static void a_yes_needs_good_standing(void)
{
    const char *need, *person;
    begin(&need, &person);
    const char *match = pair_by_hand(round_id, need, person);
    const struct {
        const char *table, *id, *broken, *mended, *rule;
    } cases[] = {
        {"demand", need, "status = 'withdrawn'", "status = 'open'", "demand_not_open"},
        {"enterprise", sql("SELECT enterprise_id FROM app.demand WHERE id = '%s'", need), "status = 'closed'",
         "status = 'active'", "enterprise_not_confirmed"},
        {"specialist", person, "status = 'expired'", "status = 'registered'", "specialist_not_registered"},
        {"specialist", person, "available_from = '2027-01-02'", "available_from = NULL", "specialist_not_available"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        set(cases[i].table, cases[i].broken, cases[i].id);
        answer(PERSON_LOGIN, match, "{'answer':'accepted'}");
        EXPECT_RULE(cases[i].rule);
        set(cases[i].table, cases[i].mended, cases[i].id);
    }
    set("specialist", "status = 'expired'", person);
    answer(PERSON_LOGIN, match, "{'answer':'declined','answer_note':'另有任务'}");
    EXPECT_TEXT("/status", "declined");
}

/* Of a limited demand the person reads field, group and unit until both have said yes. */
static void a_limited_demand_stays_limited(void)
{
    const char *need, *person;
    begin(&need, &person);
    set("demand", "confidentiality = 'limited'", need);
    const char *match = pair_by_hand(round_id, need, person);
    as(PERSON_LOGIN);
    call("match_get", match, NULL);
    EXPECT_TEXT("/enterprise_id", NULL);
    EXPECT_TEXT("/components/1/key", "topic");
    EXPECT_TEXT("/components/1/facts", "{}");
    CHECK(strcmp(text_at("/components/0/facts"), "{}") != 0);
    ask("GET", json("/v1/matches?round_id=%s", round_id), NULL);
    EXPECT_TEXT("/items/0/enterprise_id", NULL);
    call("demand_get", need, NULL);
    EXPECT_TEXT("/title", NULL);
    const char *outline = sql("SELECT '襄垣县' || zh FROM app.dictionary_entry f, app.demand d WHERE d.id = '%s' AND"
                              " f.dictionary = 'tech_field' AND f.code = d.tech_field",
                              need);
    ask("GET", "/v1/todos?subject_type=match", NULL);
    CHECK(outline != NULL && strstr(bytes_of(), outline) != NULL);
    ask("GET", json("/v1/events?subject_type=match&subject_id=%s", match), NULL);
    EXPECT_TEXT("/items/0/operation", "match_create");
    EXPECT_TEXT("/items/0/changes/enterprise_id", "{}");
    EXPECT_TEXT("/items/0/changes/components", "{}");
    as(FIRM_LOGIN);
    call("match_get", match, NULL);
    CHECK(strcmp(text_at("/components/1/facts"), "{}") != 0);
    answer(FIRM_LOGIN, match, "{'answer':'accepted'}");
    answer(PERSON_LOGIN, match, "{'answer':'accepted'}");
    EXPECT_TEXT("/status", "confirmed");
    CHECK(text_at("/enterprise_id") != NULL);
    CHECK(strcmp(text_at("/components/1/facts"), "{}") != 0);
    call("demand_get", need, NULL);
    EXPECT_TEXT("/title", "试验需求1");
    EXPECT_TEXT("/contact_phone_masked", NULL);
}

/* Signs that a pair may be paid for twice warn and do not stop. */
static void double_funding_warns(void)
{
    const char *need, *person;
    begin(&need, &person);
    const char *firm = sql("SELECT enterprise_id FROM app.demand WHERE id = '%s'", need);
    set("enterprise", "other_programmes = '{other}'", firm);
    set("specialist", "other_programmes = '{other}'", person);
    const char *before = new_need(1);
    set("demand", "status = 'fulfilled', updated_at = app.now() - interval '23 months'", before);
    pair_by_hand(round_id, need, person);
    EXPECT_TEXT("/warnings", json("['enterprise_in_sister_programme','specialist_in_sister_programme',"
                                  "'same_demand_fulfilled']"));
    set("enterprise", "other_programmes = '{}'", firm);
    set("demand", "updated_at = app.now() - interval '25 months'", before);
    begin(&need, &person);
    pair_by_hand(round_id, need, person);
    EXPECT_TEXT("/warnings", "[]");
}

static void a_demand_that_closes_ends_its_match(void)
{
    const char *need, *person, *match = confirmed(&need, &person);
    as(FIRM_LOGIN);
    call("demand_withdraw", need, json("{'close_reason':'withdrawn','opinion':'不再需要'}"));
    EXPECT_TEXT("/status", "withdrawn");
    CHECK_TEXT(status_of_match(match), "excluded");
    CHECK_TEXT(
        sql("SELECT operation || ' ' || role FROM app.event WHERE subject_id = '%s' ORDER BY subject_version DESC"
            " LIMIT 1",
            match),
        "demand_withdraw system");
    match = adopted(&need, &person);
    as(FIRM_LOGIN);
    call("demand_withdraw", need, json("{'close_reason':'withdrawn','opinion':'不再需要'}"));
    EXPECT_TEXT("/status", "withdrawn");
    CHECK_TEXT(status_of_match(match), "released");
    CHECK_TEXT(sql("SELECT status FROM app.demand WHERE id = '%s'", need), "withdrawn");
}

static void a_person_who_leaves_ends_his_match(void)
{
    const char *need, *person, *match = adopted(&need, &person);
    as("shi.kj");
    call("specialist_remove", person, json("{'reason':'调离'}"));
    EXPECT(OK);
    CHECK_TEXT(status_of_match(match), "released");
    CHECK_TEXT(sql("SELECT status FROM app.demand WHERE id = '%s'", need), "open");
}

static void move_line(const char *line, const char *status)
{
    sql("BEGIN; SELECT set_config('app.actor', 'system', true), set_config('app.operation', 'probe', true); UPDATE"
        " app.dispatch_line SET status = '%s' WHERE id = '%s'; COMMIT",
        status, line);
}

/* The match and its demand go with the dispatch line. */
static void a_line_carries_the_match_on(void)
{
    const char *need, *person, *match = adopted(&need, &person), *line = line_of(match);
    as("xiangyuan.kj");
    call("match_get", match, NULL);
    EXPECT_TEXT("/status", "adopted");
    const char *heir = new_need(1);
    set("demand", "priority_no = 7", need);
    set("demand", "priority_no = 7", heir);
    move_line(line, "lapsed");
    CHECK_TEXT(status_of_match(match), "released");
    CHECK_TEXT(sql("SELECT status FROM app.demand WHERE id = '%s'", need), "open");
    CHECK_TEXT(sql("SELECT priority_no FROM app.demand WHERE id = '%s'", need), NULL);
    CHECK_TEXT(sql("SELECT priority_no FROM app.demand WHERE id = '%s'", heir), "7");
    match = adopted(&need, &person);
    line = line_of(match);
    move_line(line, "placed");
    CHECK_TEXT(status_of_match(match), "placed");
    CHECK_TEXT(sql("SELECT status FROM app.demand WHERE id = '%s'", need), "matched");
    sql("DELETE FROM app.dispatch_line WHERE id = '%s'", line);
}

/* Nobody answers for the other side, whatever statement reaches the table. */
static void each_side_writes_its_own_answer(void)
{
    const char *need, *person;
    begin(&need, &person);
    const char *match = pair_by_hand(round_id, need, person);
    PGconn *conn = role_open(DB_SPECIALIST);
    role_begin_as(conn, sql("SELECT id FROM app.account WHERE login_name = '" PERSON_LOGIN "'"));
    role_sql(conn,
             "UPDATE app.match SET enterprise_answer = 'accepted', specialist_answer = 'accepted' WHERE id = '%s'",
             match);
    CHECK_TEXT(role_sql(conn,
                        "SELECT enterprise_answer || ' ' || specialist_answer || ' ' || status FROM app.match WHERE id"
                        " = '%s'",
                        match),
               "none accepted proposed");
    CHECK_TEXT(role_sql(conn, "UPDATE app.match SET status = 'confirmed' WHERE id = '%s'", match), "!42501");
    PQfinish(conn);
}

int main(void)
{
    harness_open();
    subjects_open();
    RUN(a_pair_by_hand);
    RUN(who_may_be_proposed);
    RUN(both_sides_answer);
    RUN(contacts_show_when_both_agree);
    RUN(an_interest_is_told_to_its_own_side);
    RUN(a_proposed_wish_stays_on_its_list);
    RUN(phones_are_opened_when_both_agree);
    RUN(a_matched_demand_stays_in_sight);
    RUN(a_no_needs_its_reason);
    RUN(a_yes_is_taken_back);
    RUN(a_barred_side_is_not_matched);
    RUN(the_city_takes_a_pair_out);
    RUN(an_adopted_pair_is_taken_out);
    RUN(a_yes_needs_good_standing);
    RUN(a_limited_demand_stays_limited);
    RUN(double_funding_warns);
    RUN(a_demand_that_closes_ends_its_match);
    RUN(a_person_who_leaves_ends_his_match);
    RUN(a_line_carries_the_match_on);
    RUN(each_side_writes_its_own_answer);
    return harness_close();
}
