/* Dispatch lists of article 9.4: the S&T bureau puts adopted pairs on a list, the talent office is asked about each,
 * the list may be announced, and the bureau fixes it. The pairs are of 襄垣县 and 壶关县. */
#include "harness.h"
#include "subjects.h"

#include <stdlib.h>

#define XIANGYUAN "140423"
#define HUGUAN    "140427"

static const char *line; /* of the list that was drafted last */

static const char *column(const char *table, const char *name, const char *id)
{
    return sql("SELECT %s FROM app.%s WHERE id = '%s'", name, table, id);
}

static const char *empty_list(void)
{
    static int made;
    as("shi.kj");
    call("dispatch_list_create", NULL,
         json("{'title':'第%d批拟选派名单','year':2026,'batch_no':%d}", made + 20, made + 20));
    made++;
    EXPECT_TEXT("/status", "draft");
    return keep("/id");
}

static void put(const char *list, const char *match, const char *more)
{
    call("dispatch_line_create", list, json("{'match_id':'%s'%s}", match, more));
}

/* A draft with one line of 襄垣县. */
static const char *draft(void)
{
    const char *list = empty_list();
    put(list, adopted_pair(XIANGYUAN), "");
    EXPECT_TEXT("/status", "listed");
    line = keep("/id");
    return list;
}

static const char *consulting(void)
{
    const char *list = draft();
    call("dispatch_list_consult", list, NULL);
    EXPECT_TEXT("/status", "consulting");
    return list;
}

static void say(const char *list, const char *words)
{
    as("shi.rc");
    call("dispatch_list_concur", list, json("{'lines':[{'line_id':'%s',%s}]}", line, words));
}

static const char *concurred(void)
{
    const char *list = consulting();
    say(list, "'opinion':'concur'");
    EXPECT_TEXT("/status", "concurred");
    as("shi.kj");
    return list;
}

static const char *announced(void)
{
    const char *list = concurred();
    call("dispatch_list_announce", list, NULL);
    EXPECT_TEXT("/status", "announced");
    return list;
}

static const char *days_later(int days)
{
    return sql("UPDATE app.sandbox_clock SET shift = shift + interval '%d days'", days);
}

static void the_bureau_drafts_a_list(void)
{
    as("shi.kj");
    call("dispatch_list_create", NULL,
         json("{'title':'2026年第一批','year':2026,'batch_no':90,'note':'内部说明','public_notice':true}"));
    EXPECT_TEXT("/status", "draft");
    EXPECT_TEXT("/note", "内部说明");
    EXPECT_TEXT("/public_notice", "true");
    EXPECT_TEXT("/lines", "[]");
    EXPECT_TEXT("/allowed_steps", json("['cancel','consult']"));
    const char *id = keep("/id");
    EXPECT_EVENT(id, "dispatch_list_create", "status");
    call("dispatch_list_create", NULL, json("{'title':'重号','year':2026,'batch_no':90}"));
    EXPECT(DUPLICATE);
    EXPECT_TEXT("/errors/0/pointer", "#/batch_no");
    call("dispatch_list_update", id, json("{'title':'2026年首批','note':null}"));
    EXPECT_TEXT("/title", "2026年首批");
    EXPECT_TEXT("/note", NULL);
    EXPECT_TEXT("/public_notice", "true");
    EXPECT_EVENT(id, "dispatch_list_update", "title");
    call("dispatch_list_update", id, json("{'year':null}"));
    EXPECT(VALIDATION_FAILED);
    call("dispatch_list_consult", id, NULL);
    EXPECT_RULE("list_empty");
    as("shi.rc");
    call("dispatch_list_update", id, json("{'title':'x'}"));
    EXPECT(FORBIDDEN);
}

/* Sides, unit and term come from the pair and the policy. */
static void a_line_takes_what_its_pair_has(void)
{
    const char *list = empty_list(), *pair = adopted_pair(XIANGYUAN);
    const char *before = column("dispatch_list", "version", list);
    put(list, pair, ",'start_on':'2027-08-31'");
    EXPECT_TEXT("/list_id", list);
    EXPECT_TEXT("/unit_id", XIANGYUAN);
    EXPECT_TEXT("/start_on", "2027-08-31");
    EXPECT_TEXT("/end_on", "2028-08-30");
    EXPECT_TEXT("/talent_opinion", "none");
    EXPECT_TEXT("/warnings", "[]");
    EXPECT_TEXT("/allowed_steps", json("['strike']"));
    EXPECT_TEXT("/specialist_id", column("match", "specialist_id", pair));
    EXPECT_TEXT("/enterprise_id", column("match", "enterprise_id", pair));
    EXPECT_TEXT("/demand_id", column("match", "demand_id", pair));
    const char *id = keep("/id");
    EXPECT_EVENT(id, "dispatch_line_create", "status");
    CHECK(atoi(column("dispatch_list", "version", list)) == atoi(before) + 1);
    call("dispatch_list_get", list, NULL);
    EXPECT_TEXT("/lines/0/id", id);
    EXPECT_TEXT("/lines/0/version", "1");
    EXPECT_TEXT(
        "/lines/0/enterprise_name",
        sql("SELECT e.name FROM app.match m JOIN app.enterprise e ON e.id = m.enterprise_id WHERE m.id = '%s'", pair));
}

/* Month ends clip: the term is added first, then a day is taken off. */
static void terms_end_by_the_calendar(void)
{
    static const char *const days[][2] = {{"2027-03-01", "2028-02-29"},
                                          {"2027-02-28", "2028-02-27"},
                                          {"2028-02-29", "2029-02-27"},
                                          {"2027-01-01", "2027-12-31"}};
    const char *list = empty_list();
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        put(list, adopted_pair(HUGUAN), json(",'start_on':'%s'", days[i][0]));
        EXPECT_TEXT("/end_on", days[i][1]);
    }
    put(list, adopted_pair(HUGUAN), "");
    EXPECT_TEXT("/start_on", sql("SELECT app.today() + 60"));
}

/* No notice takes a term that has begun, whatever the reason; and nobody means a day beyond two years. */
static void a_start_lies_ahead_and_near(void)
{
    const char *list = empty_list(), *pair = adopted_pair(XIANGYUAN), *past = sql("SELECT app.today() - 1");
    const char *latest = sql("SELECT (app.today() + interval '2 years')::date");
    put(list, pair, json(",'start_on':'%s'", past));
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("start_in_past");
    EXPECT_TEXT("/errors/0/pointer", "#/start_on");
    EXPECT_TEXT("/errors/0/article", "4");
    put(list, pair, json(",'start_on':'%s','reason':'人员已先行到岗'", past));
    EXPECT_RULE("start_in_past");
    put(list, pair, json(",'start_on':'9999-12-31'"));
    EXPECT_RULE("too_far_ahead");
    EXPECT_TEXT("/errors/0/pointer", "#/start_on");
    CHECK(strstr(bytes_of(), latest) != NULL);
    put(list, pair, json(",'start_on':'%s'", sql("SELECT '%s'::date + 1", latest)));
    EXPECT_RULE("too_far_ahead");
    put(list, pair, json(",'start_on':'%s','reason':'按企业投产时间'", latest));
    EXPECT_TEXT("/start_on", latest);
}

static bool waits_for_the_bureau(const char *id)
{
    as("shi.kj");
    ask("GET", "/v1/todos?subject_type=match&limit=200", NULL);
    return strstr(bytes_of(), id) != NULL;
}

/* An adopted pair is on the bureau's desk until it is on a list. */
static void an_adopted_pair_waits_for_a_list(void)
{
    const char *pair = adopted_pair(HUGUAN);
    CHECK(waits_for_the_bureau(pair));
    as("shi.rc");
    ask("GET", "/v1/todos?subject_type=match&limit=200", NULL);
    CHECK(strstr(bytes_of(), pair) == NULL);
    put(empty_list(), pair, "");
    EXPECT_TEXT("/status", "listed");
    CHECK(!waits_for_the_bureau(pair));
}

static void set_match(const char *match, const char *what)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.match SET %s WHERE id = '%s'; COMMIT", what,
        match);
}

/* The pair has this side in common with a line, whose own pair makes room, for a side is in one adopted pair. */
static void share_side(const char *match, const char *side, const char *with_line)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.match m SET status = 'placed' FROM"
        " app.dispatch_line l WHERE l.id = '%s' AND m.id = l.match_id; UPDATE app.match m SET %s = l.%s FROM"
        " app.dispatch_line l WHERE m.id = '%s' AND l.id = '%s'; COMMIT",
        with_line, side, side, match, with_line);
}

static void set_side(const char *table, const char *match, const char *what)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.%s SET %s WHERE id = (SELECT %s_id FROM"
        " app.match WHERE id = '%s'); COMMIT",
        table, what, table, match);
}

/* Each side of a pair in good standing, tried one by one; then the same pair is taken. */
static void only_good_standing_is_listed(void)
{
    static const struct {
        const char *table, *bad, *good, *rule;
        fail_t problem;
    } cases[] = {
        {"enterprise", "status = 'closed'", "status = 'active'", "enterprise_not_confirmed", NOT_ELIGIBLE},
        {"enterprise", "barred_until = app.today()", "barred_until = NULL", "barred", SANCTIONED},
        {"specialist", "status = 'expired'", "status = 'registered'", "specialist_not_registered", NOT_ELIGIBLE},
        {"specialist", "barred_until = app.today()", "barred_until = app.today() - 1", "barred", SANCTIONED},
        {"specialist", "available_to = app.today() + 59", "available_to = NULL", "specialist_not_available",
         RULE_VIOLATED},
        {"demand", "status = 'withdrawn'", "status = 'matched'", "demand_not_matched", WRONG_STATE},
    };
    const char *list = empty_list(), *pair = adopted_pair(XIANGYUAN);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        set_side(cases[i].table, pair, cases[i].bad);
        put(list, pair, "");
        EXPECT(cases[i].problem);
        EXPECT_RULE(cases[i].rule);
        EXPECT_TEXT("/errors/0/pointer", "#/match_id");
        set_side(cases[i].table, pair, cases[i].good);
    }
    set_match(pair, "status = 'confirmed'");
    put(list, pair, "");
    EXPECT(WRONG_STATE);
    EXPECT_RULE("match_not_adopted");
    set_match(pair, "status = 'adopted'");
    put(list, NOWHERE_ID, "");
    EXPECT(REFERENCE_NOT_FOUND);
    put(list, pair, "");
    EXPECT(OK);
}

static void wish(const char *match, const char *status, const char *kind)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM app.intention WHERE demand_id = (SELECT"
        " demand_id FROM app.match WHERE id = '%s'); INSERT INTO app.intention (id, version, created_at, updated_at,"
        " unit_id, status, side, demand_id, enterprise_id, specialist_id, rank, conflict) SELECT gen_random_uuid(), 1,"
        " now(), now(), unit_id, '%s', 'enterprise', demand_id, enterprise_id, specialist_id, 1,"
        " '{\"kind\": \"%s\"}' FROM app.match WHERE id = '%s'; COMMIT",
        match, status, kind, match);
}

/* The talent office concurs knowing of an interest that was cleared; the county is not told. */
static void a_declared_interest_is_cleared_first(void)
{
    const char *list = empty_list(), *pair = adopted_pair(XIANGYUAN);
    wish(pair, "honoured", "shareholding");
    put(list, pair, "");
    EXPECT_RULE("conflict_not_cleared");
    set_match(pair, "conflict_cleared_by = (SELECT id FROM app.account WHERE login_name = 'shi.kj')");
    put(list, pair, "");
    EXPECT_TEXT("/warnings", json("['conflict_declared']"));
    line = keep("/id");
    call("dispatch_list_consult", list, NULL);
    say(list, "'opinion':'concur'");
    EXPECT_TEXT("/lines/0/warnings", json("['conflict_declared']"));
    as("xiangyuan.kj");
    call("dispatch_list_get", list, NULL);
    EXPECT_TEXT("/lines/0/id", line);
    EXPECT_TEXT("/lines/0/warnings", "[]");
    as("shi.kj");
    call("dispatch_list_reopen", list, json("{'reason':'增补人选'}"));
    EXPECT(OK);
    const char *other = adopted_pair(XIANGYUAN);
    wish(other, "withdrawn", "kinship");
    put(list, other, "");
    EXPECT(OK);
    const char *third = adopted_pair(XIANGYUAN);
    wish(third, "honoured", "none");
    put(list, third, "");
    EXPECT(OK);
}

/* One line reserves both sides on every other list, until it is struck. */
static void one_to_one(void)
{
    const char *first = draft(), *taken = line, *second = empty_list();
    const char *pair = adopted_pair(XIANGYUAN);
    share_side(pair, "specialist_id", taken);
    put(second, pair, "");
    EXPECT(PLACEMENT_OVERLAP);
    EXPECT_RULE("specialist_reserved");
    EXPECT_TEXT("/errors/0/article", "4");
    CHECK(strstr(text_at("/errors/0/detail"), column("dispatch_list", "title", first)) != NULL);
    pair = adopted_pair(XIANGYUAN);
    share_side(pair, "enterprise_id", taken);
    put(second, pair, "");
    EXPECT_RULE("enterprise_reserved");
    call("dispatch_line_strike", taken, json("{'reason':'本人放弃'}"));
    EXPECT_TEXT("/status", "struck");
    put(second, pair, "");
    EXPECT(OK);
}

/* The database holds it alone, whoever writes: with every trigger asleep a second live line is refused. */
static void the_database_reserves(void)
{
    draft();
    const char *taken = line;
    draft();
    sql("CREATE FUNCTION pg_temp.refused(command text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE name text; BEGIN"
        " SET LOCAL session_replication_role = replica; EXECUTE command; RETURN NULL; EXCEPTION WHEN unique_violation"
        " THEN GET STACKED DIAGNOSTICS name = CONSTRAINT_NAME; RETURN name; END $$");
    static const char *const sides[] = {"specialist_id", "enterprise_id"};
    for (size_t i = 0; i < 2; i++)
        CHECK_TEXT(sql("SELECT pg_temp.refused($$UPDATE app.dispatch_line SET %s = '%s' WHERE id = '%s'$$)", sides[i],
                       column("dispatch_line", sides[i], taken), line),
                   json("dispatch_line_%s_key", sides[i]));
}

static void place(const char *side, const char *match, const char *status, int from, int to)
{
    static int made;
    sql("BEGIN; SET LOCAL session_replication_role = replica; INSERT INTO app.placement (id, version, created_at,"
        " updated_at, unit_id, status, placement_no, policy_id, specialist_id, enterprise_id, institution_id, "
        "demand_id,"
        " agreement_id, notice_id, start_on, end_on, service_quota) SELECT gen_random_uuid(), 1, now(), now(), unit_id,"
        " '%s', 'X-%d', gen_random_uuid(), CASE '%s' WHEN 'specialist' THEN specialist_id ELSE gen_random_uuid() END,"
        " CASE '%s' WHEN 'enterprise' THEN enterprise_id ELSE gen_random_uuid() END, gen_random_uuid(),"
        " gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), app.today() + %d, app.today() + %d, 10 FROM "
        "app.match"
        " WHERE id = '%s'; COMMIT",
        status, ++made, side, side, from, to, match);
}

/* The line would run from day 60 on. */
static void who_is_placed_then_is_not_listed(void)
{
    const char *list = empty_list(), *pair = adopted_pair(XIANGYUAN);
    place("specialist", pair, "active", -300, 59);
    place("specialist", pair, "cancelled", 50, 90);
    put(list, pair, "");
    EXPECT(OK);
    pair = adopted_pair(XIANGYUAN);
    place("specialist", pair, "active", -300, 60);
    put(list, pair, "");
    EXPECT(PLACEMENT_OVERLAP);
    EXPECT_RULE("placement_specialist_overlap");
    pair = adopted_pair(XIANGYUAN);
    place("enterprise", pair, "pending", 420, 700);
    put(list, pair, "");
    EXPECT_RULE("placement_enterprise_overlap");
}

static void double_funding_warns_and_never_blocks(void)
{
    const char *list = empty_list(), *pair = adopted_pair(XIANGYUAN);
    set_side("enterprise", pair, "other_programmes = '{tech_vice_president}'");
    set_side("specialist", pair, "other_programmes = '{other}'");
    sql("SELECT pg_temp.clone('demand', (SELECT demand_id FROM app.match WHERE id = '%s'), jsonb_build_object('status',"
        " 'fulfilled', 'updated_at', app.now() - interval '23 months'))",
        pair);
    put(list, pair, "");
    EXPECT_TEXT("/warnings", json("['enterprise_in_sister_programme','specialist_in_sister_programme',"
                                  "'same_demand_fulfilled']"));
    pair = adopted_pair(XIANGYUAN);
    sql("SELECT pg_temp.clone('demand', (SELECT demand_id FROM app.match WHERE id = '%s'), jsonb_build_object('status',"
        " 'fulfilled', 'updated_at', app.now() - interval '25 months'))",
        pair);
    put(list, pair, "");
    EXPECT_TEXT("/warnings", "[]");
}

static void a_line_is_struck_with_a_reason(void)
{
    const char *list = draft();
    call("dispatch_line_strike", line, json("{}"));
    EXPECT_FAULT("#/reason", "required");
    with("If-Match", "\"7\"");
    call("dispatch_line_strike", line, json("{'reason':'x'}"));
    EXPECT(VERSION_MISMATCH);
    call("dispatch_line_strike", line, json("{'reason':'本人放弃'}"));
    EXPECT_TEXT("/status", "struck");
    EXPECT_TEXT("/strike_reason", "本人放弃");
    EXPECT_EVENT(line, "dispatch_line_strike", "strike_reason");
    call("dispatch_line_strike", line, json("{'reason':'x'}"));
    EXPECT(WRONG_STATE);
    call("dispatch_list_get", list, NULL);
    EXPECT_TEXT("/lines/0/status", "struck");
    CHECK_TEXT(column("dispatch_list", "unit_ids", list), "{}");
}

/* Lines come and go in a draft only. */
static void a_list_under_way_keeps_its_lines(void)
{
    const char *list = consulting();
    put(list, adopted_pair(XIANGYUAN), "");
    EXPECT(WRONG_STATE);
    EXPECT_RULE("list_not_draft");
    EXPECT_TEXT("/current_status", "consulting");
    call("dispatch_line_strike", line, json("{'reason':'x'}"));
    EXPECT_RULE("list_not_draft");
    call("dispatch_list_update", list, json("{'title':'x'}"));
    EXPECT_RULE("not_editable");
    CHECK_TEXT(column("dispatch_line", "status", line), "listed");
}

static void the_talent_office_speaks_of_every_line(void)
{
    const char *list = draft(), *first = line;
    put(list, adopted_pair(HUGUAN), "");
    line = keep("/id");
    call("dispatch_list_consult", list, NULL);
    EXPECT(OK);
    say(list, "'opinion':'concur'");
    EXPECT_RULE("line_not_judged");
    EXPECT_TEXT("/errors/0/pointer", "#/lines");
    call("dispatch_list_concur", list,
         json("{'lines':[{'line_id':'%s','opinion':'concur'},{'line_id':'%s','opinion':'concur'}]}", line, line));
    EXPECT_RULE("line_judged_twice");
    call("dispatch_list_concur", list,
         json("{'lines':[{'line_id':'%s','opinion':'concur'},{'line_id':'" NOWHERE_ID "','opinion':'concur'}]}", line));
    EXPECT_RULE("reference_not_found");
    EXPECT_TEXT("/errors/0/pointer", "#/lines/1/line_id");
    call("dispatch_list_concur", list,
         json("{'lines':[{'line_id':'%s','opinion':'object'},{'line_id':'%s','opinion':'concur'}]}", line, first));
    EXPECT_RULE("objection_needs_reason");
    EXPECT_TEXT("/errors/0/pointer", "#/lines/0/reason");
    CHECK_TEXT(column("dispatch_line", "talent_opinion", first), "none");
    as("shi.kj");
    call("dispatch_list_concur", list, json("{'lines':[{'line_id':'%s','opinion':'concur'}]}", line));
    EXPECT(FORBIDDEN);
}

/* One objection sends the list back; the next consultation asks about each line anew. */
static void an_objection_sends_it_back(void)
{
    const char *list = consulting();
    say(list, "'opinion':'object','reason':'同期承担其他任务'");
    EXPECT_TEXT("/status", "draft");
    EXPECT_TEXT("/lines/0/talent_opinion", "object");
    EXPECT_TEXT("/lines/0/talent_reason", "同期承担其他任务");
    EXPECT_TEXT("/concurred_by", NULL);
    EXPECT_EVENT(list, "dispatch_list_concur", "status");
    as("shi.kj");
    call("dispatch_list_consult", list, NULL);
    EXPECT_TEXT("/lines/0/talent_opinion", "none");
    EXPECT_TEXT("/lines/0/talent_reason", NULL);
    say(list, "'opinion':'concur'");
    EXPECT_TEXT("/status", "concurred");
    EXPECT_TEXT("/concurred_by", sql("SELECT id FROM app.account WHERE login_name = 'shi.rc'"));
    EXPECT_TEXT("/allowed_steps", "[]");
}

/* On one connection role stand two offices: what the talent office thinks is not the bureau's to write. */
static void the_bureau_cannot_write_the_opinion(void)
{
    consulting();
    CHECK_TEXT(sql("CREATE FUNCTION pg_temp.state(command text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE"
                   " command; RETURN 'done'; EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE; END $$; SELECT 'made'"),
               "made");
    CHECK_TEXT(sql("SELECT pg_temp.state(format('SELECT set_config(''app.actor'', ''city/st'', true)')) ||"
                   " pg_temp.state('UPDATE app.dispatch_line SET talent_opinion = ''concur'' WHERE id = ''%s''')",
                   line),
               "done42501");
}

static void a_concurred_list_is_fixed(void)
{
    const char *list = concurred();
    call("dispatch_list_get", list, NULL);
    EXPECT_TEXT("/allowed_steps", json("['announce','cancel','fix','reopen']"));
    call("dispatch_list_fix", list, NULL);
    EXPECT_TEXT("/status", "fixed");
    EXPECT_TEXT("/lines/0/status", "fixed");
    EXPECT_TEXT("/fixed_by", sql("SELECT id FROM app.account WHERE login_name = 'shi.kj'"));
    CHECK(text_at("/fixed_at") != NULL);
    EXPECT_EVENT(list, "dispatch_list_fix", "status");
    CHECK_TEXT(sql("SELECT operation || ' ' || role FROM app.event WHERE subject_id = '%s' AND changes #>>"
                   " '{status,new}' = 'fixed'",
                   line),
               "dispatch_list_fix system");
    call("dispatch_list_fix", list, NULL);
    EXPECT(WRONG_STATE);
    call("dispatch_list_cancel", list, json("{'reason':'x'}"));
    EXPECT(WRONG_STATE);
}

/* Everything is asked again when the list is fixed, whatever held when the lines were put on it. */
static void every_precondition_is_asked_again(void)
{
    static const struct {
        const char *table, *bad, *good, *rule;
    } cases[] = {
        {"enterprise", "status = 'closed'", "status = 'active'", "enterprise_not_confirmed"},
        {"enterprise", "barred_until = app.today()", "barred_until = NULL", "barred"},
        {"specialist", "status = 'expired'", "status = 'registered'", "specialist_not_registered"},
        {"specialist", "barred_until = app.today()", "barred_until = NULL", "barred"},
        {"specialist", "available_to = app.today() + 59", "available_to = NULL", "specialist_not_available"},
        {"demand", "status = 'withdrawn'", "status = 'matched'", "demand_not_matched"},
    };
    const char *list = concurred(), *pair = column("dispatch_line", "match_id", line);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        set_side(cases[i].table, pair, cases[i].bad);
        call("dispatch_list_fix", list, NULL);
        EXPECT_RULE(cases[i].rule);
        set_side(cases[i].table, pair, cases[i].good);
    }
    set_match(pair, "status = 'released'");
    call("dispatch_list_fix", list, NULL);
    EXPECT_RULE("match_not_adopted");
    set_match(pair, "status = 'adopted'");
    wish(pair, "honoured", "employment");
    call("dispatch_list_fix", list, NULL);
    EXPECT_RULE("conflict_not_cleared");
    wish(pair, "honoured", "none");
    place("enterprise", pair, "active", 0, 60);
    call("dispatch_list_fix", list, NULL);
    EXPECT(PLACEMENT_OVERLAP);
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.placement SET status = 'cancelled'; COMMIT");
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.dispatch_line SET talent_opinion = 'none' "
        "WHERE"
        " id = '%s'; COMMIT",
        line);
    call("dispatch_list_fix", list, NULL);
    EXPECT_RULE("line_not_concurred");
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.dispatch_line SET talent_opinion = 'concur',"
        " status = 'struck' WHERE id = '%s'; COMMIT",
        line);
    call("dispatch_list_fix", list, NULL);
    EXPECT_RULE("list_empty");
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.dispatch_line SET status = 'listed' WHERE id ="
        " '%s'; COMMIT",
        line);
    days_later(61);
    call("dispatch_list_fix", list, NULL);
    EXPECT_RULE("start_in_past");
    days_later(-61);
    call("dispatch_list_fix", list, NULL);
    EXPECT_TEXT("/status", "fixed");
}

/* The account that concurred moved to the other office meanwhile. */
static void who_concurred_does_not_fix(void)
{
    const char *list = concurred();
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.dispatch_list SET concurred_by = (SELECT id "
        "FROM"
        " app.account WHERE login_name = 'shi.kj') WHERE id = '%s'; COMMIT",
        list);
    call("dispatch_list_fix", list, NULL);
    EXPECT(TWO_PERSON_RULE);
    EXPECT_RULE("concurrer_fixes");
    as("shi.kj2");
    call("dispatch_list_fix", list, NULL);
    EXPECT_TEXT("/status", "fixed");
}

static bool reads(const char *login, const char *list)
{
    as(login);
    call("dispatch_list_get", list, NULL);
    return status_of() == 200;
}

/* Names are public in its days and no longer, whenever the list is fixed. */
static void a_notice_runs_its_days(void)
{
    const char *list = announced();
    EXPECT_TEXT("/public_notice", "true");
    EXPECT_TEXT("/notice_from", sql("SELECT app.today()"));
    EXPECT_TEXT("/notice_to", sql("SELECT app.today() + 4"));
    EXPECT_EVENT(list, "dispatch_list_announce", "notice_to");
    call("dispatch_list_fix", list, NULL);
    EXPECT(WINDOW_CLOSED);
    EXPECT_RULE("notice_not_over");
    days_later(4);
    call("dispatch_list_fix", list, NULL);
    EXPECT_RULE("notice_not_over");
    CHECK(reads(NULL, list) && reads("qingzhang", list));
    days_later(1);
    CHECK(!reads(NULL, list) && !reads("qingzhang", list) && reads("xiangyuan.kj", list));
    as("shi.kj");
    call("dispatch_list_fix", list, NULL);
    EXPECT_TEXT("/status", "fixed");
    days_later(-5);
}

/* A list that is meant for notice is announced before it is fixed, and after each change again. */
static void a_promised_notice_is_held(void)
{
    const char *list = draft();
    call("dispatch_list_update", list, json("{'public_notice':true}"));
    call("dispatch_list_consult", list, NULL);
    say(list, "'opinion':'concur'");
    as("shi.kj");
    call("dispatch_list_fix", list, NULL);
    EXPECT_RULE("notice_not_held");
    call("dispatch_list_announce", list, NULL);
    EXPECT(OK);
    call("dispatch_list_reopen", list, json("{'reason':'异议成立'}"));
    EXPECT_TEXT("/status", "draft");
    EXPECT_TEXT("/notice_to", NULL);
    EXPECT_TEXT("/concurred_by", NULL);
    EXPECT_EVENT(list, "dispatch_list_reopen", "status");
    call("dispatch_list_consult", list, NULL);
    say(list, "'opinion':'concur'");
    as("shi.kj");
    call("dispatch_list_fix", list, NULL);
    EXPECT_RULE("notice_not_held");
}

static void object_to(const char *list, const char *login)
{
    as(login);
    call("issue_create", NULL,
         json("{'source':'public_notice','list_id':'%s','line_id':'%s','category':'objection','severity':'major',"
              "'content':'存在持股关系'}",
              list, line));
    EXPECT_TEXT("/status", "open");
}

static void objections_hold_it(void)
{
    const char *list = announced();
    object_to(list, "qingzhang");
    const char *issue = keep("/id");
    days_later(5);
    as("shi.kj");
    call("dispatch_list_fix", list, NULL);
    EXPECT(WRONG_STATE);
    EXPECT_RULE("objection_undecided");
    call("issue_resolve", issue, json("{'resolution':'经核查不存在','upheld':false}"));
    EXPECT(OK);
    as("qingzhang");
    call("issue_confirm", issue, json("{'decision':'return','opinion':'与事实不符'}"));
    EXPECT_TEXT("/status", "assigned");
    as("shi.kj");
    call("dispatch_list_fix", list, NULL);
    EXPECT_RULE("objection_undecided");
    call("issue_resolve", issue, json("{'resolution':'再次核查不存在','upheld':false}"));
    call("dispatch_list_fix", list, NULL);
    EXPECT_TEXT("/status", "fixed");
    days_later(-5);
}

/* An objection that holds is answered by striking the line; the rest of the list goes on. */
static void an_upheld_objection_ends_its_line(void)
{
    const char *list = draft(), *bad = line;
    put(list, adopted_pair(HUGUAN), "");
    const char *good = keep("/id");
    call("dispatch_list_consult", list, NULL);
    as("shi.rc");
    call("dispatch_list_concur", list,
         json("{'lines':[{'line_id':'%s','opinion':'concur'},{'line_id':'%s','opinion':'concur'}]}", bad, good));
    as("shi.kj");
    call("dispatch_list_announce", list, NULL);
    line = bad;
    object_to(list, "linruochuan");
    const char *issue = keep("/id");
    as("shi.kj");
    call("issue_resolve", issue, json("{'resolution':'持股属实','upheld':true}"));
    days_later(5);
    call("dispatch_list_fix", list, NULL);
    EXPECT_RULE("objection_upheld");
    call("dispatch_list_reopen", list, json("{'reason':'异议成立'}"));
    call("dispatch_line_strike", bad, json("{'reason':'异议成立'}"));
    call("dispatch_list_update", list, json("{'public_notice':false}"));
    call("dispatch_list_consult", list, NULL);
    line = good;
    say(list, "'opinion':'concur'");
    as("shi.kj");
    call("dispatch_list_fix", list, NULL);
    EXPECT_TEXT("/status", "fixed");
    CHECK_TEXT(column("dispatch_line", "status", good), "fixed");
    CHECK_TEXT(column("dispatch_line", "status", bad), "struck");
    days_later(-5);
}

static void a_cancelled_list_frees_both_sides(void)
{
    const char *list = concurred();
    call("dispatch_list_cancel", list, json("{'reason':'本批不再选派'}"));
    EXPECT_TEXT("/status", "cancelled");
    EXPECT_TEXT("/lines/0/status", "struck");
    EXPECT_TEXT("/lines/0/strike_reason", "本批不再选派");
    EXPECT_EVENT(list, "dispatch_list_cancel", "status");
    as("shi.kj");
    call("dispatch_list_create", NULL,
         json("{'title':'同号再来','year':2026,'batch_no':%s}", column("dispatch_list", "batch_no", list)));
    EXPECT(OK);
}

/* Whoever is barred leaves every list that is not fixed, whatever its state. */
static void who_is_barred_is_struck(void)
{
    const char *list = concurred();
    sql("UPDATE app.enterprise SET barred_until = app.today() + 30 WHERE id = '%s'",
        column("dispatch_line", "enterprise_id", line));
    CHECK_TEXT(column("dispatch_line", "status", line), "struck");
    CHECK_TEXT(sql("SELECT role FROM app.event WHERE subject_id = '%s' ORDER BY subject_version DESC LIMIT 1", line),
               "system");
    call("dispatch_list_fix", list, NULL);
    EXPECT_RULE("list_empty");
    draft();
    sql("UPDATE app.specialist SET barred_until = app.today() + 30 WHERE id = '%s'",
        column("dispatch_line", "specialist_id", line));
    CHECK_TEXT(column("dispatch_line", "status", line), "struck");
}

/* The firm needs nobody any more: its line goes, the list stays, and the person is free for another firm. */
static void a_withdrawn_demand_leaves_its_list(void)
{
    const char *list = concurred(), *match = column("dispatch_line", "match_id", line);
    as("xiangyuan.kj");
    call("demand_withdraw", column("dispatch_line", "demand_id", line),
         json("{'close_reason':'withdrawn','entered_for':{'side':'enterprise','reason':'企业电话委托'}}"));
    EXPECT_TEXT("/status", "withdrawn");
    CHECK_TEXT(column("dispatch_line", "status", line), "struck");
    CHECK_TEXT(column("dispatch_line", "strike_reason", line), "需求已关闭");
    CHECK_TEXT(column("match", "status", match), "released");
    CHECK_TEXT(column("dispatch_list", "status", list), "concurred");
    CHECK_TEXT(
        sql("SELECT operation || ' ' || role FROM app.event WHERE subject_id = '%s' ORDER BY subject_version DESC"
            " LIMIT 1",
            line),
        "demand_withdraw system");
    as("shi.kj");
    call("dispatch_list_fix", list, NULL);
    EXPECT_RULE("list_empty");
    const char *freed = line, *other = adopted_pair(HUGUAN);
    share_side(other, "specialist_id", freed);
    put(empty_list(), other, "");
    EXPECT(OK);
}

/* Who leaves the register leaves the list with it, and the demand is open for another person. */
static void who_leaves_the_register_is_struck(void)
{
    concurred();
    const char *person = column("dispatch_line", "specialist_id", line);
    as("shi.kj");
    call("specialist_remove", person, json("{'reason':'调离'}"));
    EXPECT_TEXT("/status", "removed");
    CHECK_TEXT(column("dispatch_line", "status", line), "struck");
    CHECK_TEXT(column("dispatch_line", "strike_reason", line), "特派员已出库");
    CHECK_TEXT(column("demand", "status", column("dispatch_line", "demand_id", line)), "open");
    concurred();
    person = column("dispatch_line", "specialist_id", line);
    set_side("specialist", column("dispatch_line", "match_id", line),
             "valid_from = app.today() - 9, valid_to = app.today() - 1");
    sql("SELECT set_config('app.actor', 'system', false)");
    sql("SELECT app.job_specialist_expire(app.today())");
    sql("SELECT set_config('app.actor', '', false)");
    CHECK_TEXT(column("specialist", "status", person), "expired");
    CHECK_TEXT(column("dispatch_line", "status", line), "struck");
}

/* What comes of a line elsewhere: an agreement that comes to nothing, a placement that begins. */
static void a_line_follows_its_agreement_and_placement(void)
{
    const char *list = concurred(), *lapses = line;
    call("dispatch_list_fix", list, NULL);
    EXPECT(OK);
    call("agreement_cancel", sql("SELECT id FROM app.agreement WHERE line_id = '%s'", lapses),
         json("{'opinion':'企业停产'}"));
    EXPECT_TEXT("/status", "cancelled");
    list = concurred();
    const char *placed = line;
    call("dispatch_list_fix", list, NULL);
    EXPECT(OK);
    sql("BEGIN; SET LOCAL session_replication_role = replica; INSERT INTO app.placement (id, version, created_at,"
        " updated_at, unit_id, status, placement_no, policy_id, specialist_id, enterprise_id, institution_id, "
        "demand_id,"
        " agreement_id, notice_id, start_on, end_on, service_quota) SELECT l.id, 1, now(), now(), l.unit_id, 'pending',"
        " 'Y-' || l.id, gen_random_uuid(), l.specialist_id, l.enterprise_id, gen_random_uuid(), l.demand_id, a.id,"
        " gen_random_uuid(), l.start_on, l.end_on, 10 FROM app.dispatch_line l JOIN app.agreement a ON a.line_id = l.id"
        " WHERE l.id = '%s'; COMMIT",
        placed);
    sql("BEGIN; ALTER TABLE app.placement DISABLE TRIGGER USER; ALTER TABLE app.placement ENABLE TRIGGER"
        " placement_place_dispatch_line; UPDATE app.placement SET status = 'active' WHERE id = '%s'; ALTER TABLE"
        " app.placement ENABLE TRIGGER USER; COMMIT",
        placed);
    CHECK_TEXT(column("dispatch_line", "status", lapses), "lapsed");
    CHECK_TEXT(column("dispatch_line", "status", placed), "placed");
}

/* ---- who reads */

static const char *const line_secrets[] = {"version",       "unit_id",        "status",        "match_id",
                                           "specialist_id", "enterprise_id",  "demand_id",     "start_on",
                                           "end_on",        "talent_opinion", "talent_reason", "strike_reason"};
static const char *const list_secrets[] = {"created_by",   "note",     "public_notice", "consulted_at",
                                           "concurred_by", "fixed_by", "fixed_at"};

/* Names, institution and firm of an announcement, and nothing else. */
static void sees_the_announcement_alone(const char *login, const char *list)
{
    as(login);
    call("dispatch_list_get", list, NULL);
    EXPECT(OK);
    for (size_t i = 0; i < sizeof list_secrets / sizeof list_secrets[0]; i++)
        EXPECT_TEXT(json("/%s", list_secrets[i]), NULL);
    for (size_t i = 0; i < sizeof line_secrets / sizeof line_secrets[0]; i++)
        EXPECT_TEXT(json("/lines/0/%s", line_secrets[i]), NULL);
    EXPECT_TEXT("/lines/0/warnings", "[]");
    EXPECT_TEXT("/lines/0/allowed_steps", "[]");
    EXPECT_TEXT("/allowed_steps", "[]");
    EXPECT_TEXT("/lines/0/id", line);
    CHECK(text_at("/lines/0/specialist_name") != NULL && text_at("/lines/0/institution_name") != NULL &&
          text_at("/lines/0/enterprise_name") != NULL);
    CHECK(text_at("/lines/1") == NULL);
}

static void everybody_reads_an_announcement(void)
{
    static const char *const readers[] = {NULL, "qingzhang", "linruochuan", "shi.gx", "shi.cz", "huguan.kj"};
    const char *list = draft(), *kept_line = line;
    put(list, adopted_pair(XIANGYUAN), "");
    call("dispatch_line_strike", keep("/id"), json("{'reason':'本人放弃'}"));
    call("dispatch_list_consult", list, NULL);
    line = kept_line;
    say(list, "'opinion':'concur'");
    as("shi.kj");
    call("dispatch_list_announce", list, NULL);
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) sees_the_announcement_alone(readers[i], list);
    as("xiangyuan.kj");
    call("dispatch_list_get", list, NULL);
    EXPECT_TEXT("/lines/0/status", "listed");
    EXPECT_TEXT("/lines/1", NULL);
    EXPECT_TEXT("/note", NULL);
    as("shi.rc2");
    call("dispatch_list_get", list, NULL);
    CHECK(text_at("/lines/1/strike_reason") != NULL || text_at("/lines/0/strike_reason") != NULL);
}

/* The timeline of an announcement says no more than the announcement. */
static void its_timeline_keeps_what_the_offices_noted(void)
{
    const char *list = announced();
    days_later(5);
    call("dispatch_list_fix", list, NULL);
    EXPECT(OK);
    days_later(-5);
    as("qingzhang");
    ask("GET", json("/v1/events?subject_type=dispatch_list&subject_id=%s", list), NULL);
    EXPECT_TEXT("/items/0/operation", "dispatch_list_announce");
    EXPECT_TEXT("/items/1", NULL);
    list = announced();
    call("dispatch_list_reopen", list, json("{'reason':'另有安排'}"));
    EXPECT(OK);
    as("qingzhang");
    ask("GET", json("/v1/events?subject_type=dispatch_list&subject_id=%s", list), NULL);
    EXPECT_TEXT("/items/0/operation", "dispatch_list_reopen");
    EXPECT_TEXT("/items/0/changes/status/new", "draft");
    EXPECT_TEXT("/items/0/changes/concurred_by", "{}");
}

/* A county knows of its lines from the concurrence on; nobody else does before the notice. */
static void a_county_reads_from_the_concurrence_on(void)
{
    static const char *const others[] = {NULL, "qingzhang", "linruochuan", "shi.gx", "huguan.kj"};
    const char *list = consulting();
    CHECK(!reads("xiangyuan.kj", list));
    say(list, "'opinion':'concur'");
    CHECK(reads("xiangyuan.kj", list));
    CHECK(reads("xiangyuan.rc", list));
    EXPECT_TEXT("/lines/0/status", "listed");
    EXPECT_TEXT("/lines/0/unit_id", XIANGYUAN);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) CHECK(!reads(others[i], list));
    ask("GET", json("/v1/events?subject_type=dispatch_line&subject_id=%s", line), NULL);
    EXPECT_TEXT("/items", "[]");
    as("xiangyuan.kj");
    ask("GET", json("/v1/events?subject_type=dispatch_line&subject_id=%s", line), NULL);
    CHECK(text_at("/items/0") != NULL);
    as("shi.kj");
    call("dispatch_list_reopen", list, json("{'reason':'调整'}"));
    CHECK(!reads("xiangyuan.kj", list));
}

static void a_firm_that_moves_takes_its_lines_along(void)
{
    const char *list = concurred();
    const char *moved = column("dispatch_line", "enterprise_id", line);
    call("enterprise_update", moved, move_to(moved, HUGUAN));
    EXPECT(OK);
    CHECK(!reads("xiangyuan.kj", list));
    CHECK(reads("huguan.kj", list));
}

static bool waits_for(const char *login, const char *id)
{
    as(login);
    ask("GET", "/v1/todos?limit=200", NULL);
    EXPECT(OK);
    for (int i = 0; text_at(json("/items/%d", i)) != NULL; i++) {
        if (strcmp(text_at(json("/items/%d/subject_id", i)), id) == 0) return true;
    }
    return false;
}

static void it_waits_for_who_is_next(void)
{
    const char *list = draft();
    CHECK(waits_for("shi.kj", list) && waits_for("shi.kj2", list) && !waits_for("shi.rc", list));
    as("shi.kj");
    call("dispatch_list_consult", list, NULL);
    CHECK(waits_for("shi.rc", list) && !waits_for("shi.kj", list) && !waits_for("shi.cz", list));
    say(list, "'opinion':'concur'");
    CHECK(waits_for("shi.kj", list) && !waits_for("shi.rc", list) && !waits_for("xiangyuan.kj", list));
    as("shi.kj");
    call("dispatch_list_announce", list, NULL);
    CHECK(waits_for("shi.kj", list));
    days_later(5);
    as("shi.kj");
    call("dispatch_list_fix", list, NULL);
    CHECK(!waits_for("shi.kj", list));
    days_later(-5);
}

static void a_repeated_key_does_it_once(void)
{
    const char *list = empty_list(), *pair = adopted_pair(XIANGYUAN);
    const char *key = "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0140";
    with("Idempotency-Key", key);
    put(list, pair, "");
    const char *id = keep("/id");
    with("Idempotency-Key", key);
    put(list, pair, "");
    EXPECT_TEXT("/id", id);
    CHECK_TEXT(header_of("Idempotency-Replayed"), "true");
    CHECK_TEXT(sql("SELECT count(*) FROM app.dispatch_line WHERE list_id = '%s'", list), "1");
    put(list, adopted_pair(XIANGYUAN), json(",'id':'%s'", id));
    EXPECT(DUPLICATE);
    EXPECT_TEXT("/errors/0/pointer", "#/id");
    with("If-Match", "\"1\"");
    put(list, adopted_pair(XIANGYUAN), "");
    EXPECT(VERSION_MISMATCH);
}

/* A step of a list changes its lines and a line its list: whatever happened here, no record's events are out of order.
 */
static void events_come_in_their_order(void)
{
    CHECK_TEXT(
        sql("SELECT count(*) FROM app.event a JOIN app.event b ON a.subject_id = b.subject_id AND a.subject_type ="
            " b.subject_type AND a.subject_version < b.subject_version AND a.seq > b.seq"),
        "0");
}

static void lists_are_filtered(void)
{
    as("shi.kj");
    CHECK(walk("/v1/dispatch-lists?limit=3", "-updated_at") > 10);
    CHECK_TEXT(json("%d", walk("/v1/dispatch-lists?limit=3&sort=id", "id")),
               sql("SELECT count(*) FROM app.dispatch_list"));
    CHECK_TEXT(json("%d", walk("/v1/dispatch-lists?status=draft,fixed", NULL)),
               sql("SELECT count(*) FROM app.dispatch_list WHERE status IN ('draft', 'fixed')"));
    CHECK(walk("/v1/dispatch-lists?year=2031", NULL) == 0);
    CHECK(walk("/v1/dispatch-lists?updated_since=2039-01-01T00:00:00Z", NULL) == 0);
    as(NULL);
    CHECK_TEXT(json("%d", walk("/v1/dispatch-lists", NULL)),
               sql("SELECT count(*) FROM app.dispatch_list WHERE status = 'announced'"));
}

int main(void)
{
    harness_open();
    subjects_open();
    RUN(the_bureau_drafts_a_list);
    RUN(a_line_takes_what_its_pair_has);
    RUN(terms_end_by_the_calendar);
    RUN(a_start_lies_ahead_and_near);
    RUN(an_adopted_pair_waits_for_a_list);
    RUN(only_good_standing_is_listed);
    RUN(a_declared_interest_is_cleared_first);
    RUN(one_to_one);
    RUN(the_database_reserves);
    RUN(who_is_placed_then_is_not_listed);
    RUN(double_funding_warns_and_never_blocks);
    RUN(a_line_is_struck_with_a_reason);
    RUN(a_list_under_way_keeps_its_lines);
    RUN(the_talent_office_speaks_of_every_line);
    RUN(an_objection_sends_it_back);
    RUN(the_bureau_cannot_write_the_opinion);
    RUN(a_concurred_list_is_fixed);
    RUN(every_precondition_is_asked_again);
    RUN(who_concurred_does_not_fix);
    RUN(a_notice_runs_its_days);
    RUN(a_promised_notice_is_held);
    RUN(objections_hold_it);
    RUN(an_upheld_objection_ends_its_line);
    RUN(a_cancelled_list_frees_both_sides);
    RUN(who_is_barred_is_struck);
    RUN(a_withdrawn_demand_leaves_its_list);
    RUN(who_leaves_the_register_is_struck);
    RUN(a_line_follows_its_agreement_and_placement);
    RUN(everybody_reads_an_announcement);
    RUN(its_timeline_keeps_what_the_offices_noted);
    RUN(a_county_reads_from_the_concurrence_on);
    RUN(a_firm_that_moves_takes_its_lines_along);
    RUN(it_waits_for_who_is_next);
    RUN(a_repeated_key_does_it_once);
    RUN(events_come_in_their_order);
    RUN(lists_are_filtered);
    return harness_close();
}
