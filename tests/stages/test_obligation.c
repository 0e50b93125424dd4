/* What falls due in a term and in a year (articles 10 to 14): made with the dates when a placement begins, overdue the
 * day after, extended or excused by an S&T office. That the dates are right for any first day is for
 * tests/faults/obligation_dates.py; here stand the two terms that the rules were written with. */
#include "placement.h"

#include <string.h>

static const char *firm, *person, *placement; /* of lishi and linruochuan */

static const char *plan_from(const char *start_on)
{
    return sql(
        "SELECT string_agg(concat_ws(' ', kind, debtor_role, debtor_office, period, due_on), E'\\n' ORDER BY due_on,"
        " kind, debtor_role DESC) FROM app.obligation_plan(app.policy_current(), '140423', '%s', ('%s'::date +"
        " interval '12 months')::date - 1)",
        start_on, start_on);
}

static void a_term_from_the_first_of_a_month(void)
{
    CHECK_TEXT(plan_from("2026-04-01"), "work_plan specialist 2026-05-01\n"
                                        "quarter_report enterprise q1 2026-07-10\n"
                                        "inspection county h1 2026-09-30\n"
                                        "half_year_report enterprise h1 2026-10-15\n"
                                        "mid_term_statement specialist h1 2026-10-15\n"
                                        "mid_term_statement enterprise h1 2026-10-15\n"
                                        "mid_term_evaluation county h1 2026-10-30\n"
                                        "quarter_report enterprise q3 2027-01-10\n"
                                        "inspection county h2 2027-03-31\n"
                                        "annual_report enterprise y1 2027-04-15\n"
                                        "annual_statement specialist y1 2027-04-15\n"
                                        "annual_statement enterprise y1 2027-04-15\n"
                                        "annual_evaluation county y1 2027-04-30\n"
                                        "closure county st 2027-06-29");
}

static void a_term_whose_months_end_earlier(void)
{
    CHECK_TEXT(plan_from("2026-08-31"), "work_plan specialist 2026-09-30\n"
                                        "quarter_report enterprise q1 2026-12-09\n"
                                        "inspection county h1 2027-02-27\n"
                                        "half_year_report enterprise h1 2027-03-14\n"
                                        "mid_term_statement specialist h1 2027-03-14\n"
                                        "mid_term_statement enterprise h1 2027-03-14\n"
                                        "mid_term_evaluation county h1 2027-03-29\n"
                                        "quarter_report enterprise q3 2027-06-09\n"
                                        "inspection county h2 2027-08-30\n"
                                        "annual_report enterprise y1 2027-09-14\n"
                                        "annual_statement specialist y1 2027-09-14\n"
                                        "annual_statement enterprise y1 2027-09-14\n"
                                        "annual_evaluation county y1 2027-09-29\n"
                                        "closure county st 2027-11-28");
}

/* A term of four months has no middle; its first quarter is a quarter, the rest is told by the annual report. */
static void a_short_term_has_no_middle(void)
{
    CHECK_TEXT(
        sql("SELECT string_agg(concat_ws(' ', kind, period, due_on), ', ' ORDER BY due_on, kind) FROM"
            " app.obligation_plan(app.policy_current(), '140423', '2026-04-01', '2026-07-31') WHERE debtor_role <>"
            " 'specialist'"),
        "quarter_report q1 2026-07-10, inspection h1 2026-07-31, annual_report y1 2026-08-15, annual_statement y1"
        " 2026-08-15, annual_evaluation y1 2026-08-30, closure 2026-10-29");
}

/* Numbers come from the policy the placement was made under, and a unit's own go before the general ones. */
static void numbers_are_the_policy_s(void)
{
    const char *other =
        sql(QUIET " INSERT INTO app.policy SELECT (jsonb_populate_record(p, jsonb_build_object('id',"
                  " gen_random_uuid(), 'status', 'discarded', 'code', 'other', 'values', p.\"values\" ||"
                  " '[{\"key\": \"work_plan_due_days\", \"value\": 9, \"unit_id\": \"140427\"},"
                  " {\"key\": \"inspections_per_half_year\", \"value\": 2, \"unit_id\": \"140427\"},"
                  " {\"key\": \"inspections_per_half_year\", \"value\": 0, \"unit_id\": \"140428\"}]'))).* FROM"
                  " quiet, app.policy p WHERE p.id = app.policy_current() RETURNING id");
    static const char plan[] =
        "SELECT string_agg(concat_ws(' ', period, due_on), ', ' ORDER BY due_on, period) FROM"
        " app.obligation_plan('%s', '%s', '2026-04-01', '2027-03-31') WHERE kind = '%s'";
    CHECK_TEXT(sql(plan, other, "140427", "work_plan"), "2026-04-10");
    CHECK_TEXT(sql(plan, other, "140423", "work_plan"), "2026-05-01");
    CHECK_TEXT(sql(plan, other, "140427", "inspection"),
               "h1 2026-09-30, h1-2 2026-09-30, h2 2027-03-31, h2-2 2027-03-31");
    CHECK_TEXT(sql(plan, other, "140423", "inspection"), "h1 2026-09-30, h2 2027-03-31");
    CHECK_TEXT(sql(plan, other, "140428", "inspection"), NULL);
}

static void they_are_made_when_a_placement_begins(void)
{
    placement = pending(filed(firm, person, days_on(5)));
    CHECK_TEXT(sql("SELECT count(*) FROM app.obligation WHERE placement_id = '%s'", placement), "0");
    work("placement_activate", days_on(5));
    CHECK_TEXT(
        sql("SELECT count(*) FROM (SELECT kind, debtor_role, debtor_office, period, period_from, period_to, due_on"
            " FROM app.obligation WHERE placement_id = '%s' AND status = 'open' EXCEPT SELECT d.* FROM"
            " app.placement p, app.obligation_plan(p.policy_id, p.unit_id, p.start_on, p.end_on) d WHERE p.id ="
            " '%s') x",
            placement, placement),
        "0");
    CHECK_TEXT(sql("SELECT count(*) FROM app.obligation WHERE placement_id = '%s' AND created_by IS NULL AND unit_id ="
                   " '140423'",
                   placement),
               "14");
}

static int owed(const char *login, const char *filters)
{
    as(login);
    return walk(json("/v1/obligations?placement_id=%s&limit=4%s", placement, filters), NULL);
}

/* A debtor reads what he owes, county and city all of it. */
static void each_reads_what_concerns_him(void)
{
    CHECK(owed("lishi", "") == 6);
    CHECK(owed("linruochuan", "") == 3);
    CHECK(owed("xiangyuan.kj", "") == 14);
    CHECK(owed("xiangyuan.rc", "") == 14);
    CHECK(owed("shi.cz", "") == 14);
    CHECK(owed("huguan.kj", "") == 0);
    CHECK(owed("qingzhang", "") == 0);
    CHECK(owed("sumingji", "") == 0);
    as("lishi");
    ask("GET", json("/v1/obligations?placement_id=%s&limit=1", placement), NULL);
    EXPECT_TEXT("/items/0/kind", "quarter_report");
    EXPECT_TEXT("/items/0/enterprise_id", firm);
    EXPECT_TEXT("/items/0/specialist_id", NULL);
    EXPECT_TEXT("/items/0/allowed_steps", "[]");
    const char *id = keep("/items/0/id");
    ask("GET", json("/v1/events?subject_type=obligation&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/operation", "placement_activate");
    EXPECT_TEXT("/items/0/role", "system");
    as("linruochuan");
    ask("GET", json("/v1/events?subject_type=obligation&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items", "[]");
}

static void lists_are_filtered(void)
{
    CHECK(owed("shi.kj", "&debtor_role=county") == 5);
    CHECK(owed("shi.kj", "&debtor_role=county,specialist") == 8);
    CHECK(owed("shi.kj", "&kind=inspection,closure") == 3);
    CHECK(owed("shi.kj", "&status=overdue,met") == 0);
    CHECK(owed("shi.kj", "&unit_id=140427") == 0);
    CHECK(owed("shi.kj", json("&specialist_id=%s", person)) == 3);
    CHECK(owed("shi.kj", json("&enterprise_id=%s", firm)) == 6);
    const char *due =
        sql("SELECT due_on FROM app.obligation WHERE placement_id = '%s' AND kind = 'half_year_report'", placement);
    CHECK(owed("shi.kj", json("&due_on_from=%s", due)) == 11);
    CHECK(owed("shi.kj", json("&due_on_before=%s", due)) == 3);
    CHECK(owed("shi.kj", json("&due_on_from=%s&due_on_before=%s", due, sql("SELECT '%s'::date + 1", due))) == 3);
    as("shi.kj");
    const char *all = sql("SELECT count(*) FROM app.obligation");
    CHECK_TEXT(json("%d", walk("/v1/obligations?limit=3", "due_on")), all);
    CHECK_TEXT(json("%d", walk("/v1/obligations?limit=3&sort=-updated_at", "-updated_at")), all);
    CHECK_TEXT(json("%d", walk("/v1/obligations?limit=3&sort=id", NULL)), all);
}

static const char *one(const char *kind)
{
    return sql("SELECT id FROM app.obligation WHERE placement_id = '%s' AND kind = '%s' ORDER BY due_on LIMIT 1",
               placement, kind);
}

static const char *due_of(const char *id, int days)
{
    return sql("SELECT due_on + %d FROM app.obligation WHERE id = '%s'", days, id);
}

static void they_wait_for_their_debtor(void)
{
    const char *report = one("quarter_report"), *plan = one("work_plan"), *visit = one("inspection"),
               *closure = one("closure"), *place = waits_at("lishi", report);
    CHECK(place != NULL);
    if (place != NULL) {
        EXPECT_TEXT(json("%s/subject_type", place), "obligation");
        EXPECT_TEXT(json("%s/title", place), "季度工作进展：襄垣砺石煤基新材料有限公司");
        EXPECT_TEXT(json("%s/due_on", place), due_of(report, 0));
        EXPECT_TEXT(json("%s/unit_id", place), "140423");
        EXPECT_TEXT(json("%s/steps", place), "[]");
    }
    CHECK(waits_at("linruochuan", plan) != NULL);
    CHECK(waits_at("linruochuan", report) == NULL);
    CHECK(waits_at("lishi", plan) == NULL);
    CHECK(waits_at("xiangyuan.kj", visit) != NULL);
    CHECK(waits_at("xiangyuan.rc", visit) != NULL);
    CHECK(waits_at("xiangyuan.kj", closure) != NULL);
    CHECK(waits_at("xiangyuan.rc", closure) == NULL);
    CHECK(waits_at("huguan.kj", visit) == NULL);
    CHECK(waits_at("shi.kj", report) == NULL);
    as("lishi");
    CHECK(walk("/v1/todos?limit=2", NULL) >= 6);
}

static void they_are_overdue_the_day_after(void)
{
    const char *id = one("work_plan");
    work("obligation_lapse", due_of(id, 0));
    CHECK_TEXT(status_in("obligation", id), "open");
    CHECK(atoi(work("obligation_lapse", due_of(id, 1))) >= 1);
    CHECK_TEXT(status_in("obligation", id), "overdue");
    CHECK_TEXT(
        sql("SELECT operation || ' ' || role FROM app.event WHERE subject_id = '%s' AND subject_version = 2", id),
        "obligation_lapse system");
    CHECK(waits_at("linruochuan", id) != NULL);
    CHECK(owed("linruochuan", "&status=overdue") == 1);
}

static void extend(const char *login, const char *id, const char *day)
{
    as(login);
    call("obligation_extend", id, json("{'extended_to':'%s','reason':'资料封存'}", day));
}

static void an_office_grants_more_time(void)
{
    const char *id = one("quarter_report"), *due = due_of(id, 0), *later = due_of(id, 10);
    as("xiangyuan.kj");
    ask("GET", json("/v1/obligations?placement_id=%s&kind=quarter_report&limit=1", placement), NULL);
    EXPECT_TEXT("/items/0/allowed_steps", json("['excuse','extend']"));
    extend("xiangyuan.kj", id, due);
    EXPECT_RULE("extension_not_later");
    EXPECT_TEXT("/errors/0/pointer", "#/extended_to");
    extend("xiangyuan.kj", id, "9999-12-31");
    EXPECT_RULE("too_far_ahead");
    EXPECT_TEXT("/errors/0/pointer", "#/extended_to");
    extend("xiangyuan.rc", id, later);
    EXPECT(FORBIDDEN);
    extend("huguan.kj", id, later);
    EXPECT(NOT_FOUND);
    extend("lishi", id, later);
    EXPECT(FORBIDDEN);
    with("If-Match", "\"7\"");
    extend("xiangyuan.kj", id, later);
    EXPECT(VERSION_MISMATCH);
    extend("xiangyuan.kj", id, later);
    EXPECT_TEXT("/status", "open");
    EXPECT_TEXT("/due_on", due);
    EXPECT_TEXT("/extended_to", later);
    EXPECT_TEXT("/reason", "资料封存");
    EXPECT_EVENT(id, "obligation_extend", "extended_to");
    EXPECT_TEXT(json("%s/due_on", waits_at("lishi", id)), later);
    work("obligation_lapse", later);
    CHECK_TEXT(status_in("obligation", id), "open");
    work("obligation_lapse", due_of(id, 11));
    CHECK_TEXT(status_in("obligation", id), "overdue");
    extend("shi.kj", id, later);
    EXPECT_RULE("extension_not_later");
    extend("shi.kj", id, due_of(id, 30));
    EXPECT_TEXT("/status", "open");
}

static void nobody_helps_himself(void)
{
    const char *visit = one("inspection"), *later = due_of(visit, 30);
    extend("xiangyuan.kj", visit, later);
    EXPECT(TWO_PERSON_RULE);
    EXPECT_RULE("own_obligation");
    call("obligation_excuse", visit, json("{'reason':'x'}"));
    EXPECT_RULE("own_obligation");
    extend("shi.kj", visit, later);
    EXPECT_TEXT("/extended_to", later);
}

static void an_office_excuses(void)
{
    const char *id = one("half_year_report");
    as("xiangyuan.kj");
    call("obligation_excuse", id, json("{}"));
    EXPECT_FAULT("#/reason", "required");
    call("obligation_excuse", id, json("{'reason':'停产'}"));
    EXPECT_TEXT("/status", "excused");
    EXPECT_EVENT(id, "obligation_excuse", "status");
    CHECK(waits_at("lishi", id) == NULL);
    as("xiangyuan.kj");
    call("obligation_excuse", id, json("{'reason':'停产'}"));
    EXPECT(WRONG_STATE);
    extend("shi.kj", id, due_of(id, 30));
    EXPECT(WRONG_STATE);
    work("obligation_lapse", due_of(id, 40));
    CHECK_TEXT(status_in("obligation", id), "excused");
}

static const char *calendar(const char *unit)
{
    return sql(
        "SELECT string_agg(concat_ws(' ', kind, debtor_role, debtor_office, period, due_on), ', ' ORDER BY due_on,"
        " kind) FROM app.obligation WHERE placement_id IS NULL AND coalesce(unit_id, '') = '%s'",
        unit);
}

/* Meetings of the calendar: with the first placement of a unit, and on the first of January. */
static void meetings_follow_the_calendar(void)
{
    static const char year[] = "city_meeting city st 2026 2026-12-31";
    CHECK_TEXT(calendar(""), year);
    CHECK_TEXT(calendar("140423"), "county_symposium county 2026-H2 2026-12-31");
    CHECK_TEXT(calendar("140403"), NULL);
    const char *spring = pending(filed(new_firm_in("140403"), new_person(), "2027-02-28"));
    work("obligation_calendar", "2026-12-31");
    CHECK_TEXT(calendar(""), year);
    CHECK_TEXT(work("obligation_calendar", "2027-01-01"), "3");
    CHECK_TEXT(calendar(""), json("%s, city_meeting city st 2027 2027-12-31", year));
    CHECK_TEXT(calendar("140423"), "county_symposium county 2026-H2 2026-12-31, county_symposium county 2027-H1"
                                   " 2027-06-30, county_symposium county 2027-H2 2027-12-31");
    CHECK_TEXT(calendar("140403"), NULL);
    work("placement_activate", "2027-02-28");
    CHECK_TEXT(status_in("placement", spring), "active");
    CHECK_TEXT(calendar("140403"), "county_symposium county 2027-H1 2027-06-30, county_symposium county 2027-H2"
                                   " 2027-12-31");
    CHECK_TEXT(work("obligation_calendar", "2027-01-01"), "0");
    const char *city = sql("SELECT id FROM app.obligation WHERE kind = 'city_meeting' AND period = '2026'");
    const char *county = sql("SELECT id FROM app.obligation WHERE unit_id = '140423' AND period = '2026-H2'");
    CHECK(waits_at("shi.kj", city) != NULL);
    EXPECT_TEXT(json("%s/title", waits_at("shi.kj", city)), "市级工作会议");
    CHECK(waits_at("shi.rc", city) == NULL);
    CHECK(waits_at("xiangyuan.rc", county) != NULL);
    CHECK(waits_at("huguan.rc", county) == NULL);
    extend("shi.kj", city, "2027-03-01");
    EXPECT_RULE("own_obligation");
    extend("shi.kj", county, "2027-01-31");
    EXPECT_TEXT("/extended_to", "2027-01-31");
}

/* As many as the policy of the day wants: of all units, or of one. */
static void meetings_are_as_many_as_the_policy_wants(void)
{
    sql(QUIET " UPDATE app.policy SET \"values\" = jsonb_path_query_array(\"values\", '$[*] ? (@.key !="
              " \"city_meetings_per_year\")') || '[{\"key\": \"city_meetings_per_year\", \"value\": 2}, {\"key\":"
              " \"symposia_per_half_year\", \"value\": 3, \"unit_id\": \"140403\"}]' FROM quiet WHERE id ="
              " app.policy_current()");
    CHECK_TEXT(work("obligation_calendar", "2028-01-01"), "10"); /* 2 of the city, 6 and 2 of two units */
    CHECK_TEXT(sql("SELECT string_agg(period, ' ' ORDER BY period) FROM app.obligation WHERE unit_id = '140403' AND"
                   " kind = 'county_symposium' AND period LIKE '2028-%%'"),
               "2028-H1 2028-H1-2 2028-H1-3 2028-H2 2028-H2-2 2028-H2-3");
}

/* The database holds one of a kind for a period, whoever writes. */
static void none_is_made_twice(void)
{
    sql("CREATE OR REPLACE FUNCTION pg_temp.refused_by(command text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE name"
        " text; BEGIN SET LOCAL session_replication_role = replica; EXECUTE command; RETURN NULL; EXCEPTION WHEN"
        " unique_violation THEN GET STACKED DIAGNOSTICS name = CONSTRAINT_NAME; RETURN name; END $$");
    static const char copy[] = "SELECT pg_temp.refused_by($$INSERT INTO app.obligation SELECT (jsonb_populate_record(o,"
                               " jsonb_build_object('id', gen_random_uuid()))).* FROM app.obligation o WHERE o.id ="
                               " '%s'$$)";
    CHECK_TEXT(sql(copy, one("closure")), "obligation_placement_key");
    CHECK_TEXT(sql(copy, sql("SELECT id FROM app.obligation WHERE kind = 'city_meeting' LIMIT 1")),
               "obligation_calendar_key");
}

int main(void)
{
    harness_open();
    end_placements();
    firm = sql("SELECT enterprise_id FROM app.account WHERE login_name = 'lishi'");
    person = sql("SELECT specialist_id FROM app.account WHERE login_name = 'linruochuan'");
    RUN(a_term_from_the_first_of_a_month);
    RUN(a_term_whose_months_end_earlier);
    RUN(a_short_term_has_no_middle);
    RUN(numbers_are_the_policy_s);
    RUN(they_are_made_when_a_placement_begins);
    RUN(each_reads_what_concerns_him);
    RUN(lists_are_filtered);
    RUN(they_wait_for_their_debtor);
    RUN(they_are_overdue_the_day_after);
    RUN(an_office_grants_more_time);
    RUN(nobody_helps_himself);
    RUN(an_office_excuses);
    RUN(meetings_follow_the_calendar);
    RUN(meetings_are_as_many_as_the_policy_wants);
    RUN(none_is_made_twice);
    return harness_close();
}
