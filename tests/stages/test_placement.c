/* A placement from its notice to its end (articles 4, 9.5): made with the notice, begun on its first day when both
 * sides are in good standing, ended after its last, stopped before it begins. */
#include "placement.h"

#include <pthread.h>
#include <string.h>

#define OBLIGATIONS "14" /* of a term of 12 months */

static const char *field(const char *placement, const char *column)
{
    return sql("SELECT %s FROM app.placement WHERE id = '%s'", column, placement);
}

static const char *obligations_of(const char *placement)
{
    return sql("SELECT count(*) FROM app.obligation WHERE placement_id = '%s'", placement);
}

static const char *placed_anew(int days)
{
    return pending(filed_anew(days_on(days)));
}

static const char *running(void)
{
    const char *id = placed_anew(10);
    work("placement_activate", days_on(10));
    CHECK_TEXT(status_in("placement", id), "active");
    return id;
}

static void it_begins_on_its_day(void)
{
    const char *id = placed_anew(10);
    work("placement_activate", days_on(9));
    CHECK_TEXT(status_in("placement", id), "pending");
    CHECK_TEXT(obligations_of(id), "0");
    CHECK(atoi(work("placement_activate", days_on(10))) >= 1);
    CHECK_TEXT(status_in("placement", id), "active");
    CHECK_TEXT(
        sql("SELECT operation || ' ' || role FROM app.event WHERE subject_id = '%s' AND subject_version = 2", id),
        "placement_activate system");
    CHECK_TEXT(obligations_of(id), OBLIGATIONS);
    CHECK_TEXT(sql("SELECT is_placed || ' ' || (current_placement_id = '%s') FROM app.specialist WHERE id = '%s'", id,
                   field(id, "specialist_id")),
               "true true");
    CHECK_TEXT(sql("SELECT current_placement_id FROM app.enterprise WHERE id = '%s'", field(id, "enterprise_id")), id);
    as("shi.kj");
    call("specialist_get", field(id, "specialist_id"), NULL);
    EXPECT_TEXT("/is_placed", "true");
    EXPECT_TEXT("/current_placement_id", id);
    call("enterprise_get", field(id, "enterprise_id"), NULL);
    EXPECT_TEXT("/current_placement_id", id);
    call("placement_get", id, NULL);
    EXPECT_TEXT("/status", "active");
    EXPECT_TEXT("/version", "2");
    EXPECT_TEXT("/hold_reasons", "[]");
    EXPECT_TEXT("/allowed_steps", "[]");
}

static void it_begins_once(void)
{
    const char *id = running();
    CHECK_TEXT(work("placement_activate", days_on(10)), "0");
    CHECK_TEXT(work("placement_activate", days_on(11)), "0");
    CHECK_TEXT(obligations_of(id), OBLIGATIONS);
    CHECK_TEXT(field(id, "version"), "2");
}

/* A notice of the very day: the day's work is done already, so it begins with the notice. */
static void issued_on_its_day_it_begins_at_once(void)
{
    const char *agreement = filed_anew(today()), *id = pending(agreement);
    CHECK_TEXT(status_in("placement", id), "active");
    CHECK_TEXT(obligations_of(id), OBLIGATIONS);
    CHECK_TEXT(sql("SELECT string_agg(role, ',' ORDER BY subject_version) FROM app.event WHERE subject_id = '%s'", id),
               "system,system");
}

static void who_lost_his_standing_waits(void)
{
    const char *id = placed_anew(10), *person = field(id, "specialist_id"), *firm = field(id, "enterprise_id");
    set_quietly("specialist", person, "barred_until = app.today() + 90");
    set_quietly("enterprise", firm, "status = 'closed'");
    set_quietly("demand", field(id, "demand_id"), "status = 'withdrawn'");
    CHECK(waits_at("shi.kj", id) == NULL);
    CHECK(atoi(work("placement_activate", days_on(10))) >= 1);
    CHECK_TEXT(status_in("placement", id), "pending");
    CHECK_TEXT(field(id, "hold_reasons"), "{barred,demand_not_matched,enterprise_not_confirmed}");
    CHECK_TEXT(obligations_of(id), "0");
    const char *place = waits_at("shi.kj", id);
    CHECK(place != NULL);
    if (place != NULL) {
        EXPECT_TEXT(json("%s/subject_type", place), "placement");
        EXPECT_TEXT(json("%s/steps", place), json("['cancel']"));
        EXPECT_TEXT(json("%s/due_on", place), days_on(10));
    }
    CHECK(waits_at("shi.rc", id) == NULL);
    CHECK(waits_at("xiangyuan.kj", id) == NULL);
    as("shi.gx");
    call("placement_get", id, NULL);
    EXPECT_TEXT("/hold_reasons", json("['barred','demand_not_matched','enterprise_not_confirmed']"));
    as("xiangyuan.kj");
    call("placement_get", id, NULL);
    EXPECT_TEXT("/hold_reasons", "[]");
    ask("GET", json("/v1/events?subject_type=placement&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/changes/hold_reasons", "{}");
    /* Unchanged, it is left alone; mended, it begins late. */
    const char *version = field(id, "version");
    CHECK_TEXT(work("placement_activate", days_on(11)), "0");
    CHECK_TEXT(field(id, "version"), version);
    set_quietly("specialist", person, "barred_until = NULL");
    set_quietly("enterprise", firm, "status = 'active'");
    set_quietly("demand", field(id, "demand_id"), "status = 'matched'");
    work("placement_activate", days_on(12));
    CHECK_TEXT(status_in("placement", id), "active");
    CHECK_TEXT(field(id, "hold_reasons"), "{}");
    CHECK(waits_at("shi.kj", id) == NULL);
}

static void who_left_the_register_does_not_begin(void)
{
    const char *id = placed_anew(10);
    set_quietly("specialist", field(id, "specialist_id"), "status = 'suspended', suspended_by_side = 'self'");
    work("placement_activate", days_on(10));
    CHECK_TEXT(field(id, "hold_reasons"), "{specialist_not_registered}");
    CHECK_TEXT(status_in("placement", id), "pending");
}

/* A sanction stops at once what has not begun; what runs is another step's business. */
static void a_bar_cancels_what_has_not_begun(void)
{
    static const char *const sides[] = {"specialist", "enterprise"};
    for (int i = 0; i < 2; i++) {
        const char *runs = running(), *waits = placed_anew(20);
        sql("UPDATE app.%s SET barred_until = app.today() WHERE id IN ('%s', '%s')", sides[i],
            field(runs, json("%s_id", sides[i])), field(waits, json("%s_id", sides[i])));
        CHECK_TEXT(status_in("placement", waits), "cancelled");
        CHECK_TEXT(field(waits, "end_reason"), "sanction");
        CHECK_TEXT(status_in("placement", runs), "active");
    }
}

static void without_its_agreement_it_does_not_begin(void)
{
    const char *id = placed_anew(10);
    sql("BEGIN; SET LOCAL app.actor = 'system'; UPDATE app.agreement SET status = 'cancelled' WHERE id = '%s'; COMMIT",
        field(id, "agreement_id"));
    CHECK_TEXT(status_in("placement", id), "cancelled");
    CHECK_TEXT(field(id, "end_reason"), "agreement_ended");
}

static void the_bureau_stops_it_before_it_begins(void)
{
    const char *id = placed_anew(10);
    as("shi.kj");
    call("placement_get", id, NULL);
    EXPECT_TEXT("/allowed_steps", json("['cancel']"));
    call("placement_cancel", id, json("{'opinion':'  '}"));
    EXPECT_RULE("opinion_required");
    with("If-Match", "\"9\"");
    call("placement_cancel", id, json("{'opinion':'企业停产'}"));
    EXPECT(VERSION_MISMATCH);
    call("placement_cancel", id, json("{'opinion':'企业停产'}"));
    EXPECT_TEXT("/status", "cancelled");
    EXPECT_TEXT("/end_reason", "cancelled");
    EXPECT_EVENT(id, "placement_cancel", "status");
    call("placement_cancel", id, json("{'opinion':'x'}"));
    EXPECT(WRONG_STATE);
    as("xiangyuan.kj");
    call("placement_cancel", id, json("{'opinion':'x'}"));
    EXPECT(FORBIDDEN);
    ask("GET", json("/v1/events?subject_type=placement&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/review/opinion", "企业停产");
    work("placement_activate", days_on(10));
    CHECK_TEXT(status_in("placement", id), "cancelled");
    /* Both are free for the same days again. */
    pending(filed(field(id, "enterprise_id"), field(id, "specialist_id"), days_on(10)));
}

static void what_runs_is_not_cancelled(void)
{
    const char *id = running();
    as("shi.kj");
    call("placement_cancel", id, json("{'opinion':'x'}"));
    EXPECT(WRONG_STATE);
    EXPECT_TEXT("/current_status", "active");
}

/* It ends by itself, by a change or by a sanction, never because somebody left. */
static void nobody_leaves_it(void)
{
    const char *waits = placed_anew(20), *runs = running();
    as("xiangyuan.kj");
    call("demand_withdraw", field(runs, "demand_id"),
         json("{'close_reason':'withdrawn','entered_for':{'side':'enterprise','reason':'企业电话委托'}}"));
    EXPECT(WRONG_STATE);
    EXPECT_RULE("placement_runs");
    CHECK(strstr(text_at("/errors/0/detail"), field(runs, "placement_no")) != NULL);
    const char *const both[] = {waits, runs};
    for (int i = 0; i < 2; i++) {
        as("xiangyuan.kj");
        call("enterprise_close", field(both[i], "enterprise_id"), json("{'opinion':'迁出'}"));
        EXPECT_RULE("enterprise_has_live_demands");
        EXPECT_RULE("agreement_under_way");
        EXPECT_RULE("placement_runs");
        as("shi.kj");
        call("specialist_remove", field(both[i], "specialist_id"), json("{'reason':'调离'}"));
        EXPECT(WRONG_STATE);
        EXPECT_RULE("placement_runs");
    }
    as("xiangyuan.kj");
    call("demand_withdraw", field(waits, "demand_id"),
         json("{'close_reason':'withdrawn','entered_for':{'side':'enterprise','reason':'企业电话委托'}}"));
    EXPECT_TEXT("/status", "withdrawn");
    CHECK_TEXT(status_in("placement", waits), "cancelled");
    CHECK_TEXT(status_in("agreement", field(waits, "agreement_id")), "cancelled");
    as("shi.kj");
    call("specialist_remove", field(waits, "specialist_id"), json("{'reason':'调离'}"));
    EXPECT_TEXT("/status", "removed");
}

static void it_ends_after_its_last_day(void)
{
    const char *id = running(), *last = field(id, "end_on");
    work("placement_complete", last);
    CHECK_TEXT(status_in("placement", id), "active");
    work("placement_complete", sql("SELECT '%s'::date + 1", last));
    CHECK_TEXT(status_in("placement", id), "completed");
    CHECK_TEXT(field(id, "ended_on"), last);
    CHECK_TEXT(field(id, "end_reason"), "completed");
    CHECK_TEXT(status_in("agreement", field(id, "agreement_id")), "ended");
    CHECK_TEXT(sql("SELECT is_placed || ' ' || (current_placement_id IS NULL) FROM app.specialist WHERE id = '%s'",
                   field(id, "specialist_id")),
               "false true");
    CHECK_TEXT(
        sql("SELECT current_placement_id IS NULL FROM app.enterprise WHERE id = '%s'", field(id, "enterprise_id")),
        "t");
    CHECK_TEXT(work("placement_complete", sql("SELECT '%s'::date + 2", last)), "0");
}

/* The same two people go on the day after: one ends and the other begins in one night. */
static void another_begins_the_day_after(void)
{
    const char *id = running(), *next_day = sql("SELECT end_on + 1 FROM app.placement WHERE id = '%s'", id);
    const char *next = pending(filed(field(id, "enterprise_id"), field(id, "specialist_id"), next_day));
    work("placement_complete", next_day);
    work("placement_activate", next_day);
    CHECK_TEXT(status_in("placement", id), "completed");
    CHECK_TEXT(status_in("placement", next), "active");
    CHECK_TEXT(sql("SELECT current_placement_id FROM app.specialist WHERE id = '%s'", field(id, "specialist_id")),
               next);
}

/* With every trigger asleep the database still refuses a second placement on any day of the first. */
static void no_day_has_two(void)
{
    static const char *const starts[] = {"start_on", "end_on", "start_on - 30", "start_on + 30"};
    const char *id = placed_anew(10), *other = placed_anew(10);
    sql("CREATE OR REPLACE FUNCTION pg_temp.refused_by(command text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE name"
        " text; BEGIN SET LOCAL session_replication_role = replica; EXECUTE command; RETURN NULL; EXCEPTION WHEN"
        " exclusion_violation THEN GET STACKED DIAGNOSTICS name = CONSTRAINT_NAME; RETURN name; END $$");
    for (int i = 0; i < 4; i++) {
        CHECK_TEXT(sql("SELECT pg_temp.refused_by($$UPDATE app.placement o SET specialist_id = p.specialist_id,"
                       " start_on = p.%s, end_on = p.%s + 60 FROM app.placement p WHERE p.id = '%s' AND o.id = '%s'$$)",
                       starts[i], starts[i], id, other),
                   "placement_specialist_overlap");
        CHECK_TEXT(sql("SELECT pg_temp.refused_by($$UPDATE app.placement o SET enterprise_id = p.enterprise_id,"
                       " start_on = p.%s, end_on = p.%s + 60 FROM app.placement p WHERE p.id = '%s' AND o.id = '%s'$$)",
                       starts[i], starts[i], id, other),
                   "placement_enterprise_overlap");
    }
    CHECK_TEXT(sql("SELECT pg_temp.refused_by($$UPDATE app.placement o SET specialist_id = p.specialist_id, start_on ="
                   " p.end_on + 1, end_on = p.end_on + 60 FROM app.placement p WHERE p.id = '%s' AND o.id = '%s'$$)",
                   id, other),
               NULL);
}

/* Two workers at one time; whoever comes second finds nothing to do. */
static void *work_beside(void *day)
{
    PGconn *conn = role_open(DB_WORKER);
    PGresult *done;
    char command[120];
    for (int i = 0; i < 40; i++) {
        snprintf(command, sizeof command, "SELECT app.work_once('placement_activate', 'beside %d', '%s')", i,
                 (const char *)day);
        done = PQexec(conn, command);
        PQclear(done);
    }
    PQfinish(conn);
    return NULL;
}

static void two_workers_begin_it_once(void)
{
    pthread_t first, second;
    const char *ids[10], *day = days_on(12);
    for (int i = 0; i < 10; i++) ids[i] = placed_anew(12);
    CHECK(pthread_create(&first, NULL, work_beside, (void *)day) == 0);
    CHECK(pthread_create(&second, NULL, work_beside, (void *)day) == 0);
    pthread_join(first, NULL);
    pthread_join(second, NULL);
    for (int i = 0; i < 10; i++) {
        CHECK_TEXT(status_in("placement", ids[i]), "active");
        CHECK_TEXT(obligations_of(ids[i]), OBLIGATIONS);
        CHECK_TEXT(field(ids[i], "version"), "2");
    }
}

/* Many on one day come in portions, and what is held back does not hold up the rest. */
static void a_great_day_comes_in_portions(void)
{
    const char *day = days_on(30);
    sql(QUIET
        " , firm AS (INSERT INTO app.enterprise (id, version, created_at, updated_at, unit_id, status, side, shown,"
        " uscc, name, is_legal_person, figures, is_above_scale, is_weak_rd_sme, rd_platforms, other_programmes,"
        " priority_bp) SELECT gen_random_uuid(), 1, app.now(), app.now(), '140403', CASE WHEN n %% 5 = 0 THEN"
        " 'closed' ELSE 'active' END, 'enterprise', true, 'GREAT' || lpad(n::text, 13, '0'), '大日' || n, true,"
        " '[]', false, false, '{}', '{}', 0 FROM quiet, generate_series(1, 110) n RETURNING id),"
        " person AS (INSERT INTO app.specialist (id, version, created_at, updated_at, status, code, application_id,"
        " full_name, id_no_index, specialties, tech_fields, industries, achievements, work_history,"
        " preferred_units, other_programmes, eligibility_ground, waived, valid_from, valid_to) SELECT"
        " gen_random_uuid(), 1, app.now(), app.now(), 'registered', 'TP-2097-' || lpad(n::text, 4, '0'),"
        " gen_random_uuid(), '大日' || n, sha256(uuid_send(gen_random_uuid())), '{}', '{}', '{}', '[]', '[]',"
        " '{}', '{}', 'title', false, app.today(), app.today() + 900 FROM quiet, generate_series(1, 110) n"
        " RETURNING id) INSERT INTO app.placement (id, version, created_at, updated_at, unit_id, status,"
        " placement_no, policy_id, specialist_id, enterprise_id, institution_id, demand_id, agreement_id, notice_id,"
        " start_on, end_on, service_quota) SELECT gen_random_uuid(), 1, app.now(), app.now(), '140403', 'pending',"
        " 'PZ-2097-' || f.n, app.policy_current(), p.id, f.id, gen_random_uuid(), gen_random_uuid(),"
        " gen_random_uuid(), gen_random_uuid(), '%s'::date, '%s'::date + 364, 10 FROM (SELECT id, row_number() OVER"
        " () AS n FROM firm) f JOIN (SELECT id, row_number() OVER () AS n FROM person) p USING (n)",
        day, day);
    sql(QUIET " INSERT INTO app.demand " MATCHED "'matched', p.demand_id, p.unit_id, p.enterprise_id FROM quiet,"
              " app.placement p WHERE p.placement_no LIKE 'PZ-2097-%%'");
    const char *moved = "1000";
    int turns = 0;
    for (; turns < 20 && strcmp(moved, "1000") == 0; turns++) moved = work("placement_activate", day);
    CHECK(turns == 5);
    CHECK_TEXT(sql("SELECT string_agg(status || ' ' || n, ', ' ORDER BY status) FROM (SELECT status, count(*) AS n FROM"
                   " app.placement WHERE placement_no LIKE 'PZ-2097-%%' GROUP BY status) x"),
               "active 88, pending 22");
    sql("SET session_replication_role = replica; DELETE FROM app.obligation WHERE placement_id IN (SELECT id FROM"
        " app.placement WHERE placement_no LIKE 'PZ-2097-%%'); DELETE FROM app.placement WHERE placement_no LIKE"
        " 'PZ-2097-%%'; RESET session_replication_role");
}

static void each_side_reads_its_own(void)
{
    static const char *const readers[] = {"shi.kj", "shi.cz", "xiangyuan.kj", "xiangyuan.rc", "lishi", "linruochuan"};
    static const char *const strangers[] = {"huguan.kj", "qingzhang", "sumingji"};
    const char *firm = sql("SELECT enterprise_id FROM app.account WHERE login_name = 'lishi'");
    const char *person = sql("SELECT specialist_id FROM app.account WHERE login_name = 'linruochuan'");
    const char *id = pending(filed(firm, person, days_on(3000)));
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        as(readers[i]);
        call("placement_get", id, NULL);
        EXPECT_TEXT("/id", id);
        ask("GET", json("/v1/placements?status=pending&enterprise_id=%s&specialist_id=%s", firm, person), NULL);
        EXPECT_TEXT("/items/0/id", id);
        EXPECT_TEXT("/items/1", NULL);
        ask("GET", json("/v1/events?subject_type=placement&subject_id=%s", id), NULL);
        EXPECT_TEXT("/items/0/operation", "dispatch_notice_issue");
    }
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        as(strangers[i]);
        call("placement_get", id, NULL);
        EXPECT(NOT_FOUND);
        ask("GET", json("/v1/events?subject_type=placement&subject_id=%s", id), NULL);
        EXPECT_TEXT("/items", "[]");
    }
}

static void lists_are_filtered(void)
{
    as("shi.kj");
    CHECK_TEXT(json("%d", walk("/v1/placements?limit=5", "-updated_at")), sql("SELECT count(*) FROM app.placement"));
    CHECK_TEXT(json("%d", walk("/v1/placements?limit=5&sort=id&status=active,pending", NULL)),
               sql("SELECT count(*) FROM app.placement WHERE status IN ('active', 'pending')"));
    CHECK_TEXT(
        json("%d", walk(json("/v1/placements?start_on_from=%s&start_on_before=%s", days_on(10), days_on(11)), NULL)),
        sql("SELECT count(*) FROM app.placement WHERE start_on = app.today() + 10"));
    CHECK_TEXT(
        json("%d", walk(json("/v1/placements?end_on_from=%s&end_on_before=%s", days_on(380), days_on(4000)), NULL)),
        sql("SELECT count(*) FROM app.placement WHERE end_on BETWEEN app.today() + 380 AND app.today() + 3999"));
}

static void it_goes_with_a_firm_that_moves(void)
{
    const char *id = running();
    as("shi.kj");
    call("enterprise_update", field(id, "enterprise_id"), move_to(field(id, "enterprise_id"), "140427"));
    EXPECT(OK);
    CHECK_TEXT(field(id, "unit_id"), "140427");
    CHECK_TEXT(sql("SELECT count(*) FROM app.obligation WHERE placement_id = '%s' AND unit_id = '140427'", id),
               OBLIGATIONS);
    as("huguan.kj");
    call("placement_get", id, NULL);
    EXPECT_TEXT("/id", id);
    as("xiangyuan.kj");
    call("placement_get", id, NULL);
    EXPECT(NOT_FOUND);
}

int main(void)
{
    harness_open();
    RUN(it_begins_on_its_day);
    RUN(it_begins_once);
    RUN(issued_on_its_day_it_begins_at_once);
    RUN(who_lost_his_standing_waits);
    RUN(who_left_the_register_does_not_begin);
    RUN(a_bar_cancels_what_has_not_begun);
    RUN(without_its_agreement_it_does_not_begin);
    RUN(the_bureau_stops_it_before_it_begins);
    RUN(what_runs_is_not_cancelled);
    RUN(nobody_leaves_it);
    RUN(it_ends_after_its_last_day);
    RUN(another_begins_the_day_after);
    RUN(no_day_has_two);
    RUN(two_workers_begin_it_once);
    RUN(a_great_day_comes_in_portions);
    RUN(each_side_reads_its_own);
    RUN(lists_are_filtered);
    RUN(it_goes_with_a_firm_that_moves);
    return harness_close();
}
