/* Rounds of matching (article 9.3): begun as a job or by hand, computed from wishes and scores, edited, adopted in one
 * transaction, dropped and stopped. */
#include "as_role.h"
#include "matching.h"
#include "work/jobs.h"

#include <stdlib.h>

/* Rooms of the demo programme take no part: only what a test made is open and registered. */
static void clear(void)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.demand SET status = 'expired' WHERE status ="
        " 'open'; UPDATE app.specialist SET status = 'expired' WHERE status = 'registered'; UPDATE app.intention SET"
        " status = 'lapsed' WHERE status = 'active'; UPDATE app.match SET status = 'released' WHERE status = 'adopted';"
        " UPDATE app.match SET status = 'excluded' WHERE status IN ('proposed', 'confirmed'); UPDATE app.account SET"
        " specialist_id = NULL WHERE login_name = '" PERSON_LOGIN "'; UPDATE app.enterprise SET barred_until = NULL;"
        " COMMIT");
}

static const char *begin(const char *login, const char *members)
{
    as(login);
    call("match_round_create", NULL,
         json("{'title':'2027年度匹配','year':2027,'method':'computed','start_on':'" START_ON "'%s}", members));
    CHECK(status_of() == 202);
    return keep("/id");
}

/* The round that a job is for, computed. */
static const char *computed(void)
{
    const char *job = begin("shi.kj", "");
    CHECK(operation_look());
    as("shi.kj");
    call("operation_get", job, NULL);
    EXPECT_TEXT("/state", "succeeded");
    return keep("/result/match_round_id");
}

static const char *pair_of(const char *round, const char *need)
{
    return sql(
        "SELECT specialist_id FROM app.match WHERE round_id = '%s' AND demand_id = '%s' AND status IN ('proposed',"
        " 'confirmed', 'adopted')",
        round, need);
}

static const char *match_of(const char *round, const char *need)
{
    return sql("SELECT id FROM app.match WHERE round_id = '%s' AND demand_id = '%s'", round, need);
}

static void a_computed_round_is_a_job(void)
{
    clear();
    const char *job = begin("shi.rc", ",'batch_no':1,'unit_ids':['140423','140427']");
    CHECK_TEXT(header_of("Location"), json("/v1/operations/%s", job));
    CHECK_TEXT(header_of("Retry-After"), "2");
    EXPECT_TEXT("/kind", "match_round");
    EXPECT_TEXT("/state", "queued");
    EXPECT_TEXT("/progress_bp", "0");
    EXPECT_TEXT("/result", NULL);
    const char *round = sql("SELECT id FROM app.match_round WHERE operation_id = '%s'", job);
    call("match_round_get", round, NULL);
    EXPECT_TEXT("/status", "computing");
    EXPECT_TEXT("/operation_id", job);
    EXPECT_TEXT("/counts", NULL);
    EXPECT_TEXT("/allowed_steps", json("['cancel']"));
    EXPECT_TEXT("/weights/match_candidates", "one_sided");
    EXPECT_TEXT("/weights/match_weights_bp/tech_field", "2500");
    EXPECT_EVENT(round, "match_round_create", "status");
    CHECK(operation_look());
    CHECK(!operation_look());
    as("shi.rc");
    call("operation_get", job, NULL);
    EXPECT_TEXT("/state", "succeeded");
    EXPECT_TEXT("/progress_bp", "10000");
    EXPECT_TEXT("/result/match_round_id", round);
    CHECK(text_at("/expires_at") != NULL);
    call("match_round_get", round, NULL);
    EXPECT_TEXT("/status", "proposed");
    CHECK(strlen(text_at("/input_sha256")) == 64);
    CHECK_TEXT(
        sql("SELECT operation || ' ' || role FROM app.event WHERE subject_id = '%s' AND subject_version = 2", round),
        "match_round_finish system");
    ask("GET", json("/v1/match-rounds?year=2027&status=proposed&sort=id"), NULL);
    EXPECT(OK);
    CHECK(strstr(bytes_of(), round) != NULL);
}

/* The same key again gives the same job and begins no second. */
static void a_repeated_key_begins_once(void)
{
    as("shi.kj");
    const char *before = sql("SELECT count(*) FROM app.operation"), *first = NULL;
    for (int turn = 0; turn < 2; turn++) {
        with("Idempotency-Key", "round-once");
        call("match_round_create", NULL,
             json("{'title':'一次','year':2027,'method':'computed','start_on':'" START_ON "'}"));
        CHECK(status_of() == 202);
        CHECK_TEXT(header_of("Retry-After"), "2");
        CHECK(turn == 0 || strcmp(first, text_at("/id")) == 0);
        first = keep("/id");
    }
    CHECK(atoi(sql("SELECT count(*) FROM app.operation")) == atoi(before) + 1);
    CHECK(operation_look());
}

/* E1: S1>S2; E2: S1>S2>S3; E3: S2>S1; S1: E2>E1>E3; S2: E1>E3>E2; S3: E2 gives E1-S2 and E2-S1. */
static void the_vector_of_the_rules(void)
{
    static const int wishes[][3] = {{1, 1, 1}, {1, 2, 2}, {2, 1, 1}, {2, 2, 2}, {2, 3, 3}, {3, 2, 1}, {3, 1, 2}};
    static const int persons[][3] = {{1, 2, 1}, {1, 1, 2}, {1, 3, 3}, {2, 1, 1}, {2, 3, 2}, {2, 2, 3}, {3, 2, 1}};
    const char *need[4], *person[4];
    clear();
    for (int i = 1; i <= 3; i++) need[i] = new_need(i + 1), person[i] = new_person(i + 1);
    for (int i = 0; i < 7; i++)
        wish("enterprise", need[wishes[i][0]], person[wishes[i][1]], wishes[i][2], "active", "none");
    for (int i = 0; i < 7; i++)
        wish("specialist", need[persons[i][1]], person[persons[i][0]], persons[i][2], "active", "none");
    const char *round = computed();
    CHECK_TEXT(pair_of(round, need[1]), person[2]);
    CHECK_TEXT(pair_of(round, need[2]), person[1]);
    CHECK_TEXT(pair_of(round, need[3]), NULL);
    call("match_round_get", round, NULL);
    EXPECT_TEXT("/counts",
                json("{'pairs':7,'demands':3,'matched':2,'enterprises':3,'specialists':3,'blocking_pairs':0}"));
    /* Both had wished for each other, so it is confirmed; the explanation is kept with it. */
    call("match_get", match_of(round, need[1]), NULL);
    EXPECT_TEXT("/status", "confirmed");
    EXPECT_TEXT("/origin", "computed");
    EXPECT_TEXT("/created_by", NULL);
    EXPECT_TEXT("/components/0/key", "tech_field");
    EXPECT_TEXT("/components/8/key", "place");
    CHECK(text_at("/components/1/facts") != NULL && text_at("/components/1/zh") != NULL);
    const char *again = computed();
    CHECK_TEXT(
        sql("SELECT a.input_sha256 = b.input_sha256 FROM app.match_round a, app.match_round b WHERE a.id = '%s' AND"
            " b.id = '%s'",
            round, again),
        "t");
    CHECK_TEXT(pair_of(again, need[1]), person[2]);
    sql("UPDATE app.demand SET priority_no = 3 WHERE id = '%s'", need[1]);
    CHECK_TEXT(
        sql("SELECT a.input_sha256 = b.input_sha256 FROM app.match_round a, app.match_round b WHERE a.id = '%s' AND"
            " b.id = '%s'",
            round, computed()),
        "f");
}

/* Who declined, who declared an interest, who is barred, away or taken takes no part. */
static void who_takes_part(void)
{
    const char *need[9], *person[9];
    clear();
    for (int i = 2; i < 9; i++) {
        need[i] = new_need(i);
        person[i] = new_person(i);
        wish("enterprise", need[i], person[i], 1, "active", i == 4 ? "kinship" : "none");
    }
    wish("enterprise", need[3], person[3], 1, "declined", "none");
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.enterprise SET barred_until = app.today() + 9 "
        "WHERE id = (SELECT enterprise_id FROM app.demand WHERE id ="
        " '%s'); COMMIT",
        need[5]);
    sql("UPDATE app.specialist SET available_from = '2027-01-02' WHERE id = '%s'", person[6]);
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.specialist SET status = 'suspended',"
        " suspended_by_side = 'self' WHERE id = '%s'; COMMIT",
        person[7]);
    const char *by_hand = new_round_by_hand(), *taken = pair_by_hand(by_hand, need[8], person[8]);
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.match SET status = 'adopted' WHERE id = '%s';"
        " COMMIT",
        taken);
    const char *round = computed();
    CHECK_TEXT(sql("SELECT string_agg(demand_id::text, ',') FROM app.match WHERE round_id = '%s'", round), need[2]);
    call("match_get", match_of(round, need[2]), NULL);
    EXPECT_TEXT("/status", "proposed");
    EXPECT_TEXT("/enterprise_answer", "accepted");
    EXPECT_TEXT("/specialist_answer", "none");
}

/* What the city changes is told: by counts of pairs that would rather have each other. */
static void edits_show_blocking_pairs(void)
{
    const char *need[4], *person[4];
    clear();
    for (int i = 2; i < 4; i++) need[i] = new_need(i), person[i] = new_person(i);
    for (int i = 2; i < 4; i++) {
        wish("enterprise", need[i], person[2], 1, "active", "none");
        wish("enterprise", need[i], person[3], 2, "active", "none");
        wish("specialist", need[2], person[i], 1, "active", "none");
        wish("specialist", need[3], person[i], 2, "active", "none");
    }
    const char *round = computed();
    CHECK_TEXT(pair_of(round, need[2]), person[2]);
    call("match_exclude", match_of(round, need[2]), json("{'reason':'另有安排'}"));
    EXPECT(OK);
    call("match_exclude", match_of(round, need[3]), json("{'reason':'另有安排'}"));
    EXPECT(OK);
    call("match_round_get", round, NULL);
    EXPECT_TEXT("/counts/matched", "0");
    EXPECT_TEXT("/counts/blocking_pairs", "4");
    pair_by_hand(round, need[2], person[3]);
    pair_by_hand(round, need[3], person[2]);
    EXPECT(OK);
    call("match_round_get", round, NULL);
    EXPECT_TEXT("/counts/matched", "2");
    EXPECT_TEXT("/counts/blocking_pairs", "1");
    EXPECT_TEXT("/version", "6"); /* each edit raises it, so that who adopts decides on what he read */
    /* By hand from the beginning, the same edit is measured by the wishes of those in it. */
    const char *by_hand = new_round_by_hand();
    EXPECT_TEXT("/counts/blocking_pairs", "0");
    pair_by_hand(by_hand, need[2], person[3]);
    pair_by_hand(by_hand, need[3], person[2]);
    call("match_round_get", by_hand, NULL);
    EXPECT_TEXT("/counts/blocking_pairs", "1");
}

static void adoption_takes_what_is_confirmed(void)
{
    const char *need[5], *person[5];
    clear();
    for (int i = 2; i < 5; i++) need[i] = new_need(i), person[i] = new_person(i);
    for (int i = 2; i < 5; i++) wish("enterprise", need[i], person[i], 1, "active", "none");
    for (int i = 2; i < 4; i++) wish("specialist", need[i], person[i], 1, "active", "none");
    const char *round = computed(), *changed = pair_by_hand(round, new_need(5), new_person(5));
    call("match_exclude", changed, json("{'reason':'另有安排'}"));
    EXPECT(OK);
    as("shi.rc");
    call("match_round_adopt", round, "{}");
    EXPECT(FORBIDDEN);
    as("huguan.kj");
    call("match_round_get", round, NULL);
    EXPECT(NOT_FOUND);
    as("shi.kj");
    ask("GET", "/v1/todos?limit=200", NULL);
    CHECK(strstr(bytes_of(), round) != NULL);
    with("If-Match", "\"2\""); /* before the pair was put in and taken out */
    call("match_round_adopt", round, "{}");
    EXPECT(VERSION_MISMATCH);
    call("match_round_adopt", round, "{}");
    EXPECT_TEXT("/status", "adopted");
    EXPECT_TEXT("/allowed_steps", "[]");
    EXPECT_TEXT("/counts/matched", "2");
    EXPECT_TEXT("/counts/blocking_pairs", "0");
    EXPECT_EVENT(round, "match_round_adopt", "status");
    CHECK_TEXT(status_of_match(match_of(round, need[2])), "adopted");
    CHECK_TEXT(status_of_match(match_of(round, need[4])), "excluded");
    CHECK_TEXT(sql("SELECT string_agg(status, ',' ORDER BY title) FROM app.demand WHERE id IN ('%s', '%s', '%s')",
                   need[2], need[3], need[4]),
               "matched,matched,open");
    CHECK_TEXT(
        sql("SELECT operation || ' ' || role FROM app.event WHERE subject_id = '%s' ORDER BY subject_version DESC"
            " LIMIT 1",
            need[2]),
        "match_round_adopt system");
    call("match_round_adopt", round, "{}");
    EXPECT(WRONG_STATE);
    as("huguan.kj");
    call("match_round_get", round, NULL);
    EXPECT_TEXT("/status", "adopted");
}

static void an_adoption_needs_a_confirmed_pair(void)
{
    clear();
    const char *round = new_round_by_hand();
    call("match_round_adopt", round, "{}");
    EXPECT_RULE("round_has_no_confirmed");
    pair_by_hand(round, new_need(2), new_person(2));
    call("match_round_adopt", round, "{}");
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("round_has_no_confirmed");
}

/* A declared interest is cleared with a reason at the adoption; exclusion is no clearance. */
/* Who lost his standing after both sides confirmed is not adopted; taken out, he stops nobody else. */
static void who_lost_his_standing_is_not_adopted(void)
{
    clear();
    const char *need = new_need(2), *person = new_person(2);
    wish("enterprise", need, person, 1, "active", "none");
    wish("specialist", need, person, 1, "active", "none");
    const char *round = computed();
    static const char *const cases[][3] = {
        {"status = 'suspended', suspended_by_side = 'self'", "status = 'registered', suspended_by_side = NULL",
         "specialist_not_registered"},
        {"available_from = '2099-01-01'", "available_from = NULL", "specialist_not_available"},
        {"barred_until = app.today()", "barred_until = NULL", "barred"},
    };
    const char *pair = sql("SELECT app.pair_name('%s', '%s')", need, person);
    as("shi.kj");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.specialist SET %s WHERE id = '%s'; COMMIT",
            cases[i][0], person);
        call("match_round_adopt", round, "{}");
        EXPECT_RULE(cases[i][2]);
        EXPECT_RULE("pair_standing_lost");
        CHECK(strstr(bytes_of(), pair) != NULL);
        sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.specialist SET %s WHERE id = '%s'; COMMIT",
            cases[i][1], person);
    }
    call("match_round_adopt", round, "{}");
    EXPECT_TEXT("/status", "adopted");
}

static void an_interest_is_cleared_with_a_reason(void)
{
    clear();
    const char *need = new_need(2), *person = new_person(2), *round = new_round_by_hand();
    wish("enterprise", need, person, 1, "active", "none");
    wish("specialist", need, person, 1, "active", "shareholding");
    const char *match = pair_by_hand(round, need, person);
    EXPECT_TEXT("/status", "confirmed");
    EXPECT_TEXT("/warnings", json("['conflict_declared']"));
    call("match_round_adopt", round, "{}");
    EXPECT(CONFLICT_OF_INTEREST);
    EXPECT_RULE("conflict_not_cleared");
    CHECK_TEXT(
        text_at("/errors/0/detail"),
        sql("SELECT s.code || '（' || d.title || '）已声明利益关系，须说明理由准予或先行剔除' FROM app.match m JOIN"
            " app.specialist s ON s.id = m.specialist_id JOIN app.demand d ON d.id = m.demand_id WHERE m.id = '%s'",
            match));
    call("match_round_adopt", round, json("{'cleared':[{'match_id':'" NOWHERE_ID "','reason':'x'}]}"));
    EXPECT_RULE("reference_not_found");
    CHECK(strstr(bytes_of(), "#/cleared/0/match_id") != NULL);
    call("match_round_adopt", round, json("{'cleared':[{'match_id':'%s'}]}", match));
    EXPECT_FAULT("#/cleared/0/reason", "required");
    call("match_round_adopt", round, json("{'cleared':[{'match_id':'%s','reason':'持股不足百分之一'}]}", match));
    EXPECT_TEXT("/status", "adopted");
    call("match_get", match, NULL);
    EXPECT_TEXT("/status", "adopted");
    EXPECT_TEXT("/conflict_cleared_by", sql("SELECT id FROM app.account WHERE login_name = 'shi.kj'"));
    CHECK_TEXT(sql("SELECT opinion FROM app.review WHERE subject_id = '%s' AND decision = 'clear'", match),
               "持股不足百分之一");
}

/* Two rounds propose the same person: whoever is adopted first has him. */
static void only_a_declared_interest_is_cleared(void)
{
    clear();
    const char *need = new_need(2), *person = new_person(2), *round = new_round_by_hand();
    wish("enterprise", need, person, 1, "active", "none");
    wish("specialist", need, person, 1, "active", "none");
    const char *match = pair_by_hand(round, need, person);
    call("match_round_adopt", round, json("{'cleared':[{'match_id':'%s','reason':'并无关系'}]}", match));
    EXPECT_RULE("nothing_to_clear");
    CHECK(strstr(bytes_of(), "#/cleared/0/match_id") != NULL);
}

/* A side that declined and then came to wish for the pair itself has thought better of it. */
static void a_pair_that_is_mutual_again_is_proposed(void)
{
    clear();
    const char *need[4], *person[4];
    for (int i = 2; i < 4; i++) need[i] = new_need(i), person[i] = new_person(i);
    for (int i = 2; i < 4; i++) wish("specialist", need[i], person[i], 1, "declined", "none");
    wish("specialist", need[2], person[2], 1, "active", "none");
    wish("enterprise", need[2], person[2], 1, "active", "none");
    wish("specialist", need[3], person[3], 1, "active", "none");
    const char *round = computed();
    CHECK_TEXT(pair_of(round, need[2]), person[2]);
    CHECK_TEXT(pair_of(round, need[3]), NULL);
}

static void who_is_taken_is_proposed_no_more(void)
{
    clear();
    const char *need = new_need(2), *other = new_need(3), *person = new_person(2);
    const char *first = new_round_by_hand(), *second = new_round_by_hand();
    wish("enterprise", need, person, 1, "active", "none");
    wish("enterprise", other, person, 1, "active", "none");
    wish("specialist", need, person, 1, "active", "none");
    wish("specialist", other, person, 2, "active", "none");
    pair_by_hand(first, need, person);
    const char *late = pair_by_hand(second, other, person);
    call("match_round_adopt", first, "{}");
    EXPECT(OK);
    CHECK_TEXT(status_of_match(late), "excluded");
    call("match_round_adopt", second, "{}");
    EXPECT_RULE("round_has_no_confirmed");
    const char *third = new_round_by_hand();
    pair_by_hand(third, other, person);
    EXPECT(PLACEMENT_OVERLAP);
    EXPECT_RULE("pair_not_free");
    EXPECT_TEXT("/errors/0/pointer", "#/specialist_id");
}

/* A line that came beside matching, as by a renewal, holds its firm. */
static void who_is_listed_meanwhile_stops_the_adoption(void)
{
    clear();
    const char *need = new_need(2), *person = new_person(2), *round = new_round_by_hand();
    wish("enterprise", need, person, 1, "active", "none");
    wish("specialist", need, person, 1, "active", "none");
    const char *match = pair_by_hand(round, need, person);
    sql("BEGIN; SET LOCAL session_replication_role = replica; INSERT INTO app.dispatch_line (id, version, created_at,"
        " updated_at, unit_id, list_id, match_id, specialist_id, enterprise_id, demand_id, start_on, end_on, "
        "list_status) SELECT"
        " gen_random_uuid(), 1, app.now(), app.now(), m.unit_id, gen_random_uuid(), gen_random_uuid(), m.specialist_id,"
        " m.enterprise_id, m.demand_id, '2026-06-01', '2027-05-31', 'draft' FROM app.match m WHERE m.id = '%s'; COMMIT",
        match);
    as("shi.kj");
    call("match_round_adopt", round, "{}");
    EXPECT(PLACEMENT_OVERLAP);
    EXPECT_RULE("pair_not_free");
    sql("BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM app.dispatch_line WHERE specialist_id = '%s';"
        " COMMIT",
        person);
    call("match_round_adopt", round, "{}");
    EXPECT(OK);
}

static void a_round_is_dropped(void)
{
    clear();
    const char *round = new_round_by_hand(), *match = pair_by_hand(round, new_need(2), new_person(2));
    as("shi.rc");
    call("match_round_cancel", round, "{}");
    EXPECT_FAULT("#/reason", "required");
    call("match_round_cancel", round, json("{'reason':'改由计算产生'}"));
    EXPECT_TEXT("/status", "cancelled");
    CHECK_TEXT(status_of_match(match), "excluded");
    call("match_round_cancel", round, json("{'reason':'改由计算产生'}"));
    EXPECT(WRONG_STATE);
    pair_by_hand(round, new_need(3), new_person(3));
    EXPECT(WRONG_STATE);
    EXPECT_RULE("round_not_proposed");
}

/* Pairs serve what may still be edited; the sweep takes those of other rounds. */
static void a_settled_round_keeps_no_pairs(void)
{
    clear();
    wish("enterprise", new_need(2), new_person(2), 1, "active", "none");
    const char *dropped = computed(), *kept = computed();
    call("match_round_cancel", dropped, json("{'reason':'重复计算'}"));
    EXPECT(OK);
    PGconn *worker = role_open(DB_WORKER);
    role_sql(worker, "SELECT app.work_once('house_sweep', 'pairs', '2026-10-20')");
    PQfinish(worker);
    CHECK_TEXT(
        sql("SELECT string_agg(round_id::text, ' ') FROM app.match_pair WHERE round_id IN ('%s', '%s')", dropped, kept),
        kept);
}

/* Stopped before or while it is computed: the job ends as cancelled and leaves nothing. */
static void a_computation_is_stopped(void)
{
    clear();
    const char *need = new_need(2), *person = new_person(2), *job = begin("shi.kj", "");
    wish("enterprise", need, person, 1, "active", "none");
    const char *round = sql("SELECT id FROM app.match_round WHERE operation_id = '%s'", job);
    call("match_round_cancel", round, json("{'reason':'范围有误'}"));
    EXPECT_TEXT("/status", "cancelled");
    call("operation_get", job, NULL);
    EXPECT_TEXT("/state", "cancelled");
    CHECK(!operation_look());
    job = begin("shi.kj", "");
    round = sql("SELECT id FROM app.match_round WHERE operation_id = '%s'", job);
    sql("CREATE FUNCTION app.stop_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('app.actor',"
        " 'city/st', true); UPDATE app.match_round SET status = 'cancelled' WHERE id = NEW.round_id; RETURN NULL; END "
        "$$;"
        " CREATE TRIGGER zz_stop AFTER INSERT ON app.match FOR EACH ROW EXECUTE FUNCTION app.stop_it()");
    CHECK(operation_look());
    sql("DROP TRIGGER zz_stop ON app.match; DROP FUNCTION app.stop_it()");
    CHECK_TEXT(sql("SELECT count(*) FROM app.match WHERE round_id = '%s'", round), "0");
    CHECK_TEXT(sql("SELECT count(*) FROM app.match_pair WHERE round_id = '%s'", round), "0");
    CHECK_TEXT(sql("SELECT state FROM app.operation WHERE id = '%s'", job), "running");
    sql("UPDATE app.operation SET leased_until = now() - interval '1 second' WHERE id = '%s'", job);
    CHECK(operation_look());
    CHECK_TEXT(sql("SELECT state || ' ' || attempts FROM app.operation WHERE id = '%s'", job), "succeeded 2");
}

static void what_is_wrong_is_refused(void)
{
    as("shi.kj");
    call("match_round_create", NULL,
         json("{'title':'x','year':2027,'method':'manual','start_on':'2026-10-19','unit_ids':['140423','999999']}"));
    EXPECT_RULE("round_starts_in_past");
    EXPECT_RULE("reference_not_found");
    CHECK(strstr(bytes_of(), "#/unit_ids/1") != NULL);
    call("match_round_create", NULL, json("{'title':'x','year':2027,'method':'manual','start_on':'9999-12-31'}"));
    EXPECT_RULE("too_far_ahead");
    EXPECT_TEXT("/errors/0/pointer", "#/start_on");
    call("match_round_create", NULL, json("{'title':'x','year':1999,'method':'guess','start_on':'2027-02-30'}"));
    EXPECT_FAULT("#/year", "too_small");
    EXPECT_FAULT("#/method", "enum");
    EXPECT_FAULT("#/start_on", "format");
    as("huguan.kj");
    call("match_round_create", NULL, json("{'title':'x','year':2027,'method':'manual','start_on':'" START_ON "'}"));
    EXPECT(FORBIDDEN);
}

/* With `any` as the policy's candidates, scores alone propose. */
static void scores_propose_without_wishes(void)
{
    clear();
    const char *need = new_need(2), *person = new_person(2);
    sql("UPDATE app.specialist SET tech_fields = ARRAY[(SELECT tech_field FROM app.demand WHERE id = '%s')] WHERE id = "
        "'%s'",
        need, person);
    const char *job = begin("shi.kj", "");
    sql("UPDATE app.match_round SET weights = weights || '{\"match_candidates\": \"any\"}' WHERE operation_id = '%s'",
        job);
    CHECK(operation_look());
    const char *round = sql("SELECT id FROM app.match_round WHERE operation_id = '%s'", job);
    CHECK_TEXT(pair_of(round, need), person);
    CHECK_TEXT(
        sql("SELECT score_bp >= 3000 AND enterprise_answer = 'none' FROM app.match WHERE round_id = '%s'", round), "t");
}

int main(void)
{
    harness_open();
    subjects_open();
    RUN(a_computed_round_is_a_job);
    RUN(a_repeated_key_begins_once);
    RUN(the_vector_of_the_rules);
    RUN(who_takes_part);
    RUN(edits_show_blocking_pairs);
    RUN(adoption_takes_what_is_confirmed);
    RUN(an_adoption_needs_a_confirmed_pair);
    RUN(who_lost_his_standing_is_not_adopted);
    RUN(an_interest_is_cleared_with_a_reason);
    RUN(only_a_declared_interest_is_cleared);
    RUN(a_pair_that_is_mutual_again_is_proposed);
    RUN(who_is_taken_is_proposed_no_more);
    RUN(who_is_listed_meanwhile_stops_the_adoption);
    RUN(a_round_is_dropped);
    RUN(a_settled_round_keeps_no_pairs);
    RUN(a_computation_is_stopped);
    RUN(what_is_wrong_is_refused);
    RUN(scores_propose_without_wishes);
    return harness_close();
}
