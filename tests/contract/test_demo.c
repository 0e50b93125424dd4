/* The demo programme keeps the rules it shows: what was submitted could be submitted, every state is there and stays
 * there when the first night's work is done, and the rows name files and proofs that hold. */
#include "as_role.h"
#include "embedded.h"
#include "harness.h"

#include <string.h>

static const char *statement(const char *name)
{
    for (const struct sql_text *s = sql_statements; s->name != NULL; s++)
        if (strcmp(s->name, name) == 0) return s->sql;
    return "";
}

/* pg_temp.judged(row, account, given): the rules that stand against submitting a row, asked by whoever wrote it. */
static void make_judge(const char *room)
{
    sql("CREATE OR REPLACE FUNCTION pg_temp.judged(account uuid, given jsonb) RETURNS text LANGUAGE plpgsql AS $f$"
        " DECLARE found text; a app.account; BEGIN SELECT * INTO a FROM app.account x WHERE x.id = account;"
        " PERFORM set_config('app.actor', concat_ws('/', a.role, a.office), true),"
        " set_config('app.account', a.id::text, true), set_config('app.unit', coalesce(a.unit_id, ''), true),"
        " set_config('app.enterprise', coalesce(a.enterprise_id::text, ''), true),"
        " set_config('app.specialist', coalesce(a.specialist_id::text, ''), true);"
        " EXECUTE format('SELECT string_agg(concat_ws('' '', rule, pointer), ''; '') FROM (%%s) b',"
        " regexp_replace($s$%s$s$, '(?<!:):([a-z][a-z0-9_]*)', '($1 ->> ''\\1'')', 'g')) INTO found USING given;"
        " RETURN found; END $f$",
        statement(json("%s_submit_blockers", room)));
}

static void submitted_rows_pass(const char *room, const char *rows, const char *given, const char *least)
{
    make_judge(room);
    CHECK_TEXT(sql("SELECT count(*) >= %s FROM app.%s r WHERE %s", least, room, rows), "t");
    CHECK_TEXT(
        sql("SELECT string_agg(r.id || ': ' || j.found, E'\n') FROM app.%s r"
            " CROSS JOIN LATERAL pg_temp.judged(r.created_by, jsonb_build_object('%s_id', r.id) || %s) AS j(found)"
            " WHERE (%s) AND j.found IS NOT NULL",
            room, room, given, rows),
        NULL);
}

static void what_was_submitted_could_be(void)
{
    submitted_rows_pass("application", "version_no > 0 AND status <> 'expired'",
                        "jsonb_build_object('pledge_version', '2024', 'waiver_request', r.waiver_request)", "58");
    submitted_rows_pass("demand", "status IN ('county_review', 'city_review')", "'{}'", "10");
    submitted_rows_pass("enterprise", "status = 'county_review'", "'{}'", "2");
}

/* State and number, in the order of the states. */
static const char *states(const char *room)
{
    return sql("SELECT string_agg(status || ' ' || n, ', ' ORDER BY status) FROM (SELECT status, count(*) AS n FROM"
               " app.%s GROUP BY status) x",
               room);
}

static void it_is_as_large_as_told(void)
{
    CHECK_TEXT(states("application"),
               "approved 48, city_review 3, draft 2, institution_review 3, rejected 1, returned 2,"
               " withdrawn 1");
    CHECK_TEXT(states("specialist"), "expired 1, registered 46, suspended 1");
    CHECK_TEXT(sql("SELECT count(*) FROM app.specialist WHERE waived"), "1");
    CHECK_TEXT(states("match_round"), "adopted 2, proposed 1");
    CHECK_TEXT(states("dispatch_list"), "announced 1, concurred 1, consulting 1, draft 1, fixed 3");
    CHECK_TEXT(states("agreement"), "dissolved 2, draft 1, ended 10, filed 13, signed 1, signing 1");
    CHECK_TEXT(states("placement"), "active 9, closed 9, completed 1, pending 1, revoked 1, suspended 1, terminated 1");
    CHECK_TEXT(sql("SELECT count(*) FROM app.intention"), "90");
    CHECK_TEXT(sql("SELECT count(*) FROM app.intention e JOIN app.intention s USING (demand_id, specialist_id) WHERE"
                   " e.side = 'enterprise' AND s.side = 'specialist' AND e.mutual AND s.mutual"
                   " AND e.status IN ('active', 'honoured') AND s.status = e.status"),
               "25");
    CHECK_TEXT(sql("SELECT string_agg(role || ' ' || n, ', ' ORDER BY role) FROM (SELECT role, count(*) AS n FROM"
                   " app.account GROUP BY role) x"),
               "city 8, county 42, enterprise 40, specialist 60");
}

/* Two persons write the policy, and who founds a firm administers it. */
static void two_administrators_can_act(void)
{
    CHECK_TEXT(sql("SELECT string_agg(login_name, ', ' ORDER BY login_name) FROM app.account WHERE is_admin AND role ="
                   " 'city' AND office = 'st'"),
               "shi.kj, shi.kj2");
    CHECK_TEXT(sql("SELECT is_admin FROM app.account WHERE login_name = 'lishi'"), "t");
}

static void scans_and_proofs_hold(void)
{
    CHECK_TEXT(sql("SELECT count(DISTINCT sha256) || ' ' || min(state) || ' ' || max(state) FROM app.attachment"),
               "1 stored stored");
    CHECK_TEXT(sql("SELECT count(*) FROM app.attachment WHERE subject_id IS NULL"), "0");
    CHECK_TEXT(sql("SELECT count(*) FROM app.agreement_signature WHERE proof_jws !~ '^[\\w-]+[.][\\w-]+[.][\\w-]+$'"),
               "0");
}

/* The work of the first night, in the order of the calendar. */
static void the_first_night_takes_no_state_away(void)
{
    static const char *const rooms[] = {"application", "specialist",      "demand",    "match", "dispatch_list",
                                        "agreement",   "dispatch_notice", "placement", "issue", "obligation"};
    static const char *const jobs[] = {
        "call_close",  "application_expire", "specialist_expire",  "demand_expire",       "agreement_expire",
        "issue_close", "placement_complete", "placement_activate", "obligation_calendar", "obligation_lapse"};
    static char before[sizeof rooms / sizeof rooms[0]][400];
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++)
        snprintf(before[i], sizeof before[i], "%s", states(rooms[i]));
    PGconn *worker = role_open(DB_WORKER);
    for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++)
        CHECK(role_sql(worker, "SELECT app.work_once('%s', 'test', app.today())", jobs[i])[0] != '!');
    PQfinish(worker);
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) CHECK_TEXT(states(rooms[i]), before[i]);
    CHECK_TEXT(
        sql("SELECT string_agg(DISTINCT l.to_state, ', ') FROM app.lifecycle l WHERE l.resource = 'demand' AND NOT"
            " EXISTS (SELECT FROM app.demand d WHERE d.status = l.to_state)"),
        NULL);
}

int main(void)
{
    harness_open();
    RUN(it_is_as_large_as_told);
    RUN(what_was_submitted_could_be);
    RUN(two_administrators_can_act);
    RUN(scans_and_proofs_hold);
    RUN(the_first_night_takes_no_state_away);
    return harness_close();
}
