/* Issues: problems of a placement (article 11), raised by one of its sides or an office and followed up until the
 * raiser is content, and objections to a list on public notice (article 9.4). The placement is 砺石's of 襄垣县. */
#include "harness.h"
#include "subjects.h"

#include <stdlib.h>

#define XIANGYUAN "140423"

static const char *placement, *list, *line;

static const char *column(const char *name, const char *id)
{
    return sql("SELECT %s FROM app.issue WHERE id = '%s'", name, id);
}

static void days_later(int days)
{
    sql("UPDATE app.sandbox_clock SET shift = shift + interval '%d days'", days);
}

/* A placement of 砺石 and 林若川, made beside the road. */
static void make_placement(void)
{
    placement = sql(
        "WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true)) INSERT INTO"
        " app.placement (id, version, created_at, updated_at, unit_id, status, placement_no, policy_id, specialist_id,"
        " enterprise_id, institution_id, demand_id, agreement_id, notice_id, start_on, end_on, service_quota) SELECT"
        " gen_random_uuid(), 1, now(), now(), '" XIANGYUAN "', 'active', 'X-1', gen_random_uuid(), (SELECT"
        " specialist_id FROM app.account WHERE login_name = 'linruochuan'), (SELECT enterprise_id FROM app.account "
        "WHERE"
        " login_name = 'lishi'), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),"
        " app.today() - 30, app.today() + 334, 10 FROM quiet RETURNING id");
}

/* A list of 襄垣县 with one line, on public notice from today. */
static void announce(void)
{
    static int made = 200;
    as("shi.kj");
    call("dispatch_list_create", NULL, json("{'title':'公示名单','year':2027,'batch_no':%d}", ++made % 100 + 1));
    list = keep("/id");
    call("dispatch_line_create", list, json("{'match_id':'%s'}", adopted_pair(XIANGYUAN)));
    line = keep("/id");
    call("dispatch_list_consult", list, NULL);
    as("shi.rc");
    call("dispatch_list_concur", list, json("{'lines':[{'line_id':'%s','opinion':'concur'}]}", line));
    as("shi.kj");
    call("dispatch_list_announce", list, NULL);
    EXPECT_TEXT("/status", "announced");
}

static void report(const char *login, const char *more)
{
    as(login);
    call("issue_create", NULL,
         json("{'source':'placement','placement_id':'%s','category':'conditions','severity':'minor','content':"
              "'现场办公条件尚未落实'%s}",
              placement, more));
}

static const char *reported(const char *login)
{
    report(login, "");
    EXPECT_TEXT("/status", "open");
    return keep("/id");
}

static void object_to(const char *login)
{
    as(login);
    call("issue_create", NULL,
         json("{'source':'public_notice','list_id':'%s','line_id':'%s','category':'objection','severity':'major',"
              "'content':'存在持股关系'}",
              list, line));
}

static const char *objected(const char *login)
{
    object_to(login);
    EXPECT_TEXT("/status", "open");
    return keep("/id");
}

static void assign(const char *login, const char *id, const char *owner)
{
    as(login);
    call("issue_assign", id, json("{%s,'due_on':'%s'}", owner, sql("SELECT app.today() + 5")));
}

static void resolve(const char *login, const char *id)
{
    as(login);
    call("issue_resolve", id, json("{'resolution':'已安排独立办公室'}"));
}

static void a_side_raises_a_problem(void)
{
    const char *id = reported("linruochuan");
    EXPECT_TEXT("/unit_id", XIANGYUAN);
    EXPECT_TEXT("/placement_id", placement);
    EXPECT_TEXT("/owner_side", NULL);
    EXPECT_TEXT("/attachments", "[]");
    EXPECT_TEXT("/allowed_steps", json("['withdraw']"));
    EXPECT_EVENT(id, "issue_create", "status");
    CHECK_TEXT(header_of("Location"), json("/v1/issues/%s", id));
    as("xiangyuan.kj");
    call("issue_get", id, NULL);
    EXPECT_TEXT("/allowed_steps", json("['assign','resolve']"));
    as("shi.rc");
    call("issue_get", id, NULL);
    EXPECT_TEXT("/allowed_steps", "[]");
}

static void files_go_with_it(void)
{
    as("linruochuan");
    const char *file = sql(
        "WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true)) INSERT INTO"
        " app.attachment (id, version, created_at, updated_at, created_by, owner, file_name, media_type, size_bytes,"
        " sha256, purpose, state) SELECT gen_random_uuid(), 1, app.now(), app.now(), a.id, 'specialist:' ||"
        " a.specialist_id, '照片.pdf', 'application/pdf', 20, encode(sha256(uuid_send(gen_random_uuid())), 'hex'),"
        " 'evidence', 'stored' FROM quiet, app.account a WHERE a.login_name = 'linruochuan' RETURNING id");
    report("linruochuan", json(",'attachments':['" NOWHERE_ID "']"));
    EXPECT(REFERENCE_NOT_FOUND);
    EXPECT_TEXT("/errors/0/pointer", "#/attachments");
    report("linruochuan", json(",'attachments':['%s']", file));
    EXPECT_TEXT("/attachments/0", file);
    as("xiangyuan.rc");
    ask("GET", json("/v1/attachments/%s", file), NULL);
    EXPECT_TEXT("/subject_type", "issue");
    as("huguan.kj");
    ask("GET", json("/v1/attachments/%s", file), NULL);
    EXPECT(NOT_FOUND);
}

/* What an issue is about must be the caller's to name. */
static void others_placements_are_nowhere(void)
{
    static const char *const near[] = {"lishi", "linruochuan", "xiangyuan.kj", "xiangyuan.rc", "shi.kj"};
    static const char *const far[] = {"qingzhang", "sumingji", "huguan.kj"};
    for (size_t i = 0; i < sizeof near / sizeof near[0]; i++) reported(near[i]);
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++) {
        report(far[i], "");
        EXPECT(REFERENCE_NOT_FOUND);
        EXPECT_TEXT("/errors/0/pointer", "#/placement_id");
    }
    report("shi.rc", "");
    EXPECT(FORBIDDEN);
    report(NULL, "");
    EXPECT(UNAUTHENTICATED);
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.placement SET status = 'closed' WHERE id ="
        " '%s'; COMMIT",
        placement);
    report("lishi", "");
    EXPECT(WRONG_STATE);
    EXPECT_RULE("placement_over");
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.placement SET status = 'active' WHERE id ="
        " '%s'; COMMIT",
        placement);
}

static void ids_fit_the_source(void)
{
    announce();
    as("lishi");
    call("issue_create", NULL, json("{'source':'placement','category':'service','severity':'minor','content':'x'}"));
    EXPECT_RULE("issue_source_fits");
    call("issue_create", NULL,
         json("{'source':'placement','placement_id':'%s','list_id':'%s','category':'service','severity':'minor',"
              "'content':'x'}",
              placement, list));
    EXPECT_RULE("issue_source_fits");
    call("issue_create", NULL,
         json("{'source':'public_notice','list_id':'%s','category':'objection','severity':'minor','content':'x'}",
              list));
    EXPECT_RULE("issue_source_fits");
    call("issue_create", NULL,
         json("{'source':'public_notice','list_id':'%s','line_id':'%s','category':'service','severity':'minor',"
              "'content':'x'}",
              list, line));
    EXPECT_RULE("objection_category");
    call("issue_create", NULL,
         json("{'source':'placement','placement_id':'%s','category':'objection','severity':'minor','content':'x'}",
              placement));
    EXPECT_RULE("objection_category");
    call("issue_create", NULL,
         json("{'source':'public_notice','list_id':'%s','line_id':'" NOWHERE_ID "','category':'objection',"
              "'severity':'minor','content':'x'}",
              list));
    EXPECT(REFERENCE_NOT_FOUND);
    EXPECT_TEXT("/errors/0/pointer", "#/line_id");
    call("issue_create", NULL, json("{'source':'inspection','category':'service','severity':'minor','content':'x'}"));
    EXPECT_FAULT("#/source", "enum");
}

/* Anybody who is signed in may object while the notice runs: firms and counties from elsewhere, people whose account
 * has no entry. */
static void everybody_may_object_in_time(void)
{
    static const char *const raisers[] = {"qingzhang",    "linruochuan", "huguan.kj",
                                          "xiangyuan.rc", "shi.kj",      "shenmobai"};
    announce();
    for (size_t i = 0; i < sizeof raisers / sizeof raisers[0]; i++) {
        const char *id = objected(raisers[i]);
        EXPECT_TEXT("/unit_id", XIANGYUAN);
        call("issue_get", id, NULL);
        EXPECT_TEXT("/id", id);
    }
    object_to(NULL);
    EXPECT(UNAUTHENTICATED);
    days_later(4);
    objected("qingzhang");
    days_later(1);
    object_to("qingzhang");
    EXPECT(WINDOW_CLOSED);
    EXPECT_RULE("objection_window_closed");
    days_later(-5);
    as("shi.kj");
    call("dispatch_list_reopen", list, json("{'reason':'调整'}"));
    object_to("qingzhang");
    EXPECT(REFERENCE_NOT_FOUND);
    EXPECT_TEXT("/errors/0/pointer", "#/list_id");
    object_to("shi.kj");
    EXPECT_RULE("objection_window_closed");
}

static void the_county_assigns_it(void)
{
    const char *id = reported("linruochuan");
    assign("xiangyuan.kj", id, "'owner_side':'enterprise'");
    EXPECT_TEXT("/status", "assigned");
    EXPECT_TEXT("/owner_side", "enterprise");
    EXPECT_TEXT("/due_on", sql("SELECT app.today() + 5"));
    EXPECT_TEXT("/allowed_steps", json("['assign']"));
    EXPECT_EVENT(id, "issue_assign", "owner_side");
    assign("xiangyuan.rc", id, "'owner_side':'city'");
    EXPECT_TEXT("/owner_office", "st");
    as("lishi");
    call("issue_get", id, NULL);
    EXPECT(NOT_FOUND);
    assign("huguan.kj", id, "'owner_side':'county'");
    EXPECT(NOT_FOUND);
    assign("lishi", id, "'owner_side':'county'");
    EXPECT(FORBIDDEN);
    resolve("shi.kj", id);
    EXPECT_TEXT("/status", "resolved");
    assign("shi.kj", id, "'owner_side':'county'");
    EXPECT(WRONG_STATE);
}

static void owners_are_offices_or_sides(void)
{
    static const char *const wrong[] = {"'owner_side':'city','owner_office':'talent'",
                                        "'owner_side':'enterprise','owner_office':'st'",
                                        "'owner_side':'specialist','owner_office':'st'"};
    const char *id = reported("linruochuan");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assign("shi.kj", id, wrong[i]);
        EXPECT_RULE("owner_office_fits");
        EXPECT_TEXT("/errors/0/pointer", "#/owner_office");
    }
    call("issue_assign", id, json("{'owner_side':'county','due_on':'%s'}", sql("SELECT app.today() - 1")));
    EXPECT_RULE("due_in_past");
    call("issue_assign", id, json("{'owner_side':'public','due_on':'2030-01-01'}"));
    EXPECT(VALIDATION_FAILED);
    assign("shi.kj", id, "'owner_side':'county','owner_office':'talent'");
    EXPECT_TEXT("/owner_office", "talent");
    resolve("xiangyuan.kj", id);
    EXPECT(WRONG_STATE);
    resolve("xiangyuan.rc", id);
    EXPECT_TEXT("/status", "resolved");
}

static void its_owner_resolves_it(void)
{
    const char *id = reported("linruochuan");
    assign("xiangyuan.kj", id, "'owner_side':'enterprise'");
    resolve("xiangyuan.kj", id);
    EXPECT(WRONG_STATE);
    resolve("linruochuan", id);
    EXPECT(WRONG_STATE);
    as("lishi");
    call("issue_resolve", id, json("{'resolution':'已安排','upheld':true}"));
    EXPECT_RULE("upheld_of_objections");
    resolve("lishi", id);
    EXPECT_TEXT("/status", "resolved");
    EXPECT_TEXT("/resolution", "已安排独立办公室");
    EXPECT_TEXT("/confirm_by_on", sql("SELECT app.today() + 10"));
    EXPECT_TEXT("/allowed_steps", "[]");
    EXPECT_EVENT(id, "issue_resolve", "resolution");
    as("linruochuan");
    call("issue_get", id, NULL);
    EXPECT_TEXT("/allowed_steps", json("['confirm']"));
    ask("GET", json("/v1/events?subject_type=issue&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/review/opinion", "已安排独立办公室");
}

static void it_may_be_dealt_with_at_once(void)
{
    const char *id = reported("lishi");
    resolve("xiangyuan.rc", id);
    EXPECT_TEXT("/status", "resolved");
    EXPECT_TEXT("/owner_side", "county");
    EXPECT_TEXT("/owner_office", "talent");
    as("lishi");
    call("issue_confirm", id, json("{'decision':'return','opinion':'未解决'}"));
    EXPECT_TEXT("/status", "assigned");
    EXPECT_TEXT("/owner_side", "county");
    EXPECT_TEXT("/due_on", sql("SELECT app.today() + 10"));
}

static void the_raiser_is_content_or_not(void)
{
    const char *id = reported("linruochuan");
    assign("xiangyuan.kj", id, "'owner_side':'enterprise'");
    resolve("lishi", id);
    call("issue_confirm", id, json("{'decision':'pass'}"));
    EXPECT(WRONG_STATE);
    as("linruochuan");
    call("issue_confirm", id, json("{'decision':'return'}"));
    EXPECT_RULE("opinion_required");
    call("issue_confirm", id, json("{'decision':'reject','opinion':'x'}"));
    EXPECT(VALIDATION_FAILED);
    call("issue_confirm", id, json("{'decision':'return','opinion':'仍无网络'}"));
    EXPECT_TEXT("/status", "assigned");
    EXPECT_TEXT("/resolution", NULL);
    EXPECT_TEXT("/confirm_by_on", NULL);
    EXPECT_EVENT(id, "issue_confirm", "status");
    as("lishi");
    ask("GET", json("/v1/events?subject_type=issue&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/review/opinion", "仍无网络");
    resolve("lishi", id);
    as("linruochuan");
    call("issue_confirm", id, json("{'decision':'pass'}"));
    EXPECT_TEXT("/status", "closed");
    EXPECT_TEXT("/allowed_steps", "[]");
    call("issue_confirm", id, json("{'decision':'pass'}"));
    EXPECT(WRONG_STATE);
}

static const char *close_silent(void)
{
    return sql("SELECT app.work_once('issue_close', 'test ' || gen_random_uuid(), app.today())");
}

/* Silence is consent from the day after the last one. */
static void silence_closes_it(void)
{
    const char *id = reported("linruochuan");
    resolve("xiangyuan.kj", id);
    days_later(10);
    close_silent();
    CHECK_TEXT(column("status", id), "resolved");
    days_later(1);
    CHECK(atoi(close_silent()) >= 1);
    CHECK_TEXT(column("status", id), "closed");
    CHECK_TEXT(
        sql("SELECT operation || ' ' || role FROM app.event WHERE subject_id = '%s' ORDER BY subject_version DESC"
            " LIMIT 1",
            id),
        "issue_close system");
    CHECK_TEXT(close_silent(), "0");
    days_later(-11);
}

static void the_raiser_may_withdraw(void)
{
    const char *id = reported("linruochuan");
    as("lishi");
    call("issue_withdraw", id, json("{}"));
    EXPECT(NOT_FOUND);
    as("xiangyuan.kj");
    call("issue_withdraw", id, json("{}"));
    EXPECT(WRONG_STATE);
    as("linruochuan");
    with("If-Match", "\"7\"");
    call("issue_withdraw", id, json("{}"));
    EXPECT(VERSION_MISMATCH);
    call("issue_withdraw", id, json("{'opinion':'已自行解决'}"));
    EXPECT_TEXT("/status", "withdrawn");
    EXPECT_EVENT(id, "issue_withdraw", "status");
    id = reported("linruochuan");
    assign("xiangyuan.kj", id, "'owner_side':'county'");
    as("linruochuan");
    call("issue_withdraw", id, json("{}"));
    EXPECT_TEXT("/status", "withdrawn");
}

/* The list is the city's: its bureau handles objections, or has an office look into them, and says whether they hold.
 */
static void the_bureau_decides_on_objections(void)
{
    announce();
    const char *id = objected("qingzhang");
    as("xiangyuan.kj");
    call("issue_get", id, NULL);
    EXPECT_TEXT("/allowed_steps", "[]");
    call("issue_resolve", id, json("{'resolution':'x','upheld':false}"));
    EXPECT(WRONG_STATE);
    assign("shi.kj", id, "'owner_side':'enterprise'");
    EXPECT_RULE("objection_owner");
    EXPECT_TEXT("/errors/0/pointer", "#/owner_side");
    assign("shi.kj", id, "'owner_side':'county'");
    EXPECT_TEXT("/status", "assigned");
    as("xiangyuan.kj");
    call("issue_resolve", id, json("{'resolution':'经核查不存在'}"));
    EXPECT_RULE("upheld_required");
    call("issue_resolve", id, json("{'resolution':'经核查不存在','upheld':false}"));
    EXPECT_TEXT("/upheld", "false");
    CHECK_TEXT(sql("SELECT decision FROM app.review WHERE subject_id = '%s' AND step = 'resolve'", id), "dismissed");
    as("qingzhang");
    call("issue_confirm", id, json("{'decision':'pass'}"));
    EXPECT_TEXT("/status", "closed");
}

static bool reads(const char *login, const char *id)
{
    as(login);
    call("issue_get", id, NULL);
    bool seen = status_of() == 200;
    ask("GET", json("/v1/events?subject_type=issue&subject_id=%s", id), NULL);
    CHECK((text_at("/items/0") != NULL) == seen);
    return seen;
}

static void raiser_owner_county_and_city_read(void)
{
    static const char *const readers[] = {"linruochuan", "xiangyuan.kj", "xiangyuan.rc", "shi.kj", "shi.rc", "shi.cz"};
    static const char *const others[] = {"lishi", "qingzhang", "sumingji", "huguan.kj"};
    const char *id = reported("linruochuan");
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) CHECK(reads(readers[i], id));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) CHECK(!reads(others[i], id));
    assign("xiangyuan.kj", id, "'owner_side':'enterprise'");
    CHECK(reads("lishi", id));
    assign("xiangyuan.kj", id, "'owner_side':'specialist'");
    CHECK(reads("linruochuan", id));
    as("linruochuan");
    call("issue_get", id, NULL);
    EXPECT_TEXT("/allowed_steps", json("['resolve','withdraw']"));
    announce();
    id = objected("huguan.kj");
    CHECK(reads("huguan.rc", id) && reads("xiangyuan.kj", id) && !reads("luzhou.kj", id));
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
    const char *id = reported("linruochuan");
    CHECK(waits_for("xiangyuan.kj", id) && waits_for("xiangyuan.rc", id) && waits_for("shi.kj", id));
    CHECK(!waits_for("linruochuan", id) && !waits_for("lishi", id) && !waits_for("shi.rc", id));
    assign("xiangyuan.kj", id, "'owner_side':'enterprise'");
    CHECK(waits_for("lishi", id) && !waits_for("xiangyuan.kj", id) && !waits_for("shi.kj", id));
    resolve("lishi", id);
    CHECK(waits_for("linruochuan", id) && !waits_for("lishi", id));
    as("linruochuan");
    call("issue_confirm", id, json("{'decision':'pass'}"));
    CHECK(!waits_for("linruochuan", id));
    announce();
    id = objected("qingzhang");
    CHECK(waits_for("shi.kj", id) && !waits_for("xiangyuan.kj", id));
}

/* A title of several lines stands on one in a to-do list. */
static void a_title_is_one_line(void)
{
    report("linruochuan", "");
    as("linruochuan");
    call("issue_create", NULL,
         json("{'source':'placement','placement_id':'%s','category':'other','severity':'serious','content':"
              "'第一行\\n第二行'}",
              placement));
    const char *id = keep("/id");
    as("xiangyuan.kj");
    ask("GET", "/v1/todos?limit=200", NULL);
    bool found = false;
    for (int i = 0; text_at(json("/items/%d", i)) != NULL; i++) {
        if (strcmp(text_at(json("/items/%d/subject_id", i)), id) != 0) continue;
        EXPECT_TEXT(json("/items/%d/title", i), "第一行 第二行");
        found = true;
    }
    CHECK(found);
}

static void a_firm_that_moves_takes_its_issues_along(void)
{
    announce();
    const char *id = objected("qingzhang");
    as("shi.kj");
    const char *moved = sql("SELECT enterprise_id FROM app.dispatch_line WHERE id = '%s'", line);
    call("enterprise_update", moved, move_to(moved, "140427"));
    EXPECT(OK);
    as("xiangyuan.kj");
    call("issue_get", id, NULL);
    EXPECT(NOT_FOUND);
    CHECK(reads("huguan.kj", id));
}

static void a_repeated_key_does_it_once(void)
{
    const char *key = "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0157", *count = sql("SELECT count(*) + 1 FROM app.issue");
    with("Idempotency-Key", key);
    const char *id = reported("lishi");
    with("Idempotency-Key", key);
    report("lishi", "");
    EXPECT_TEXT("/id", id);
    CHECK_TEXT(sql("SELECT count(*) FROM app.issue"), count);
}

static void lists_are_filtered(void)
{
    as("shi.cz");
    CHECK_TEXT(json("%d", walk("/v1/issues?limit=3", "-updated_at")), sql("SELECT count(*) FROM app.issue"));
    CHECK_TEXT(json("%d", walk("/v1/issues?limit=3&sort=id", "id")), sql("SELECT count(*) FROM app.issue"));
    CHECK_TEXT(json("%d", walk("/v1/issues?source=public_notice&category=objection&status=open", NULL)),
               sql("SELECT count(*) FROM app.issue WHERE source = 'public_notice' AND status = 'open'"));
    CHECK_TEXT(json("%d", walk(json("/v1/issues?placement_id=%s&owner_side=enterprise,city", placement), NULL)),
               sql("SELECT count(*) FROM app.issue WHERE placement_id = '%s' AND owner_side IN ('enterprise', 'city')",
                   placement));
    CHECK_TEXT(json("%d", walk(json("/v1/issues?list_id=%s", list), NULL)),
               sql("SELECT count(*) FROM app.issue WHERE list_id = '%s'", list));
    CHECK(walk("/v1/issues?unit_id=140425", NULL) == 0);
    CHECK(walk("/v1/issues?updated_since=2039-01-01T00:00:00Z", NULL) == 0);
    as("qingzhang");
    CHECK_TEXT(json("%d", walk("/v1/issues", "-updated_at")),
               sql("SELECT count(*) FROM app.issue WHERE created_by = (SELECT id FROM app.account WHERE login_name ="
                   " 'qingzhang')"));
}

int main(void)
{
    harness_open();
    subjects_open();
    end_placements();
    make_placement();
    RUN(a_side_raises_a_problem);
    RUN(files_go_with_it);
    RUN(others_placements_are_nowhere);
    RUN(ids_fit_the_source);
    RUN(everybody_may_object_in_time);
    RUN(the_county_assigns_it);
    RUN(owners_are_offices_or_sides);
    RUN(its_owner_resolves_it);
    RUN(it_may_be_dealt_with_at_once);
    RUN(the_raiser_is_content_or_not);
    RUN(silence_closes_it);
    RUN(the_raiser_may_withdraw);
    RUN(the_bureau_decides_on_objections);
    RUN(raiser_owner_county_and_city_read);
    RUN(it_waits_for_who_is_next);
    RUN(a_title_is_one_line);
    RUN(a_firm_that_moves_takes_its_issues_along);
    RUN(a_repeated_key_does_it_once);
    RUN(lists_are_filtered);
    return harness_close();
}
