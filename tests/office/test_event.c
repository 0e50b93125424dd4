/* The timeline of a record: who did what to which version, and what was said, as far as the reader may know. */
#include "harness.h"

static const char *firm;

static void timeline(const char *type, const char *id, const char *more)
{
    ask("GET", json("/v1/events?subject_type=%s&subject_id=%s%s", type, id, more), NULL);
}

/* A demand of 砺石 that its county typed from paper and returned once: four versions. */
static const char *four_versions(void)
{
    as("xiangyuan.kj");
    call(
        "demand_create", NULL,
        json(
            "{'enterprise_id':'%s','kind':'talent','title':'检测工程师','description':'指导建立检测能力',"
            "'task_groups':['talent_training'],'tech_field':'new_materials','industry_code':'C',"
            "'service_forms':['training'],'targets':[{'name':'人数','unit':null,'from_value':null,'target_value':'3'}],"
            "'contact_phone':'13900000103','entered_for':{'side':'enterprise','reason':'纸质需求表'}}",
            firm));
    EXPECT(OK);
    const char *id = keep("/id");
    call("demand_submit", id, NULL);
    call("demand_first_review", id, json("{'decision':'return','opinion':'请写明专业'}"));
    call("demand_update", id, json("{'wanted_profile':'碳材料检测','contact_phone':'13900000188'}"));
    EXPECT_TEXT("/version", "4");
    return id;
}

static void a_timeline_tells_who_did_what(void)
{
    const char *id = four_versions();
    timeline("demand", id, "");
    EXPECT_TEXT("/items/0/operation", "demand_update");
    EXPECT_TEXT("/items/0/subject_version", "4");
    EXPECT_TEXT("/items/0/op", "upsert");
    EXPECT_TEXT("/items/0/role", "county");
    EXPECT_TEXT("/items/0/office", "st");
    EXPECT_TEXT("/items/0/on_behalf_of", json("{'side':'enterprise','reason':'纸质需求表'}"));
    EXPECT_TEXT("/items/0/changes/wanted_profile", json("{'new':'碳材料检测','old':null}"));
    EXPECT_TEXT("/items/0/changes/contact_phone", "{}");
    EXPECT_TEXT("/items/0/review", NULL);
    EXPECT_TEXT("/items/1/changes/status", json("{'new':'returned','old':'county_review'}"));
    EXPECT_TEXT("/items/1/review/step", "first_review");
    EXPECT_TEXT("/items/1/review/decision", "return");
    EXPECT_TEXT("/items/1/review/opinion", "请写明专业");
    EXPECT_TEXT("/items/3/operation", "demand_create");
    EXPECT_TEXT("/items/4", NULL);
}

static void it_reads_both_ways_and_by_pages(void)
{
    const char *id = four_versions();
    timeline("demand", id, "&sort=pos");
    EXPECT_TEXT("/items/0/operation", "demand_create");
    timeline("demand", id, "&limit=3");
    EXPECT_TEXT("/has_more", "true");
    const char *target = json("/v1/events?subject_type=demand&subject_id=%s&limit=1", id);
    CHECK(walk(target, "-subject_version") == 4);
    CHECK(walk(json("%s&sort=pos", target), "subject_version") == 4);
}

/* The place among all changes; a new event has it once the feed has been moved. */
static void events_have_their_place(void)
{
    const char *id = four_versions();
    timeline("demand", id, "");
    EXPECT_TEXT("/items/0/pos", NULL);
    sql("SELECT app.feed_advance(100000)");
    timeline("demand", id, "");
    EXPECT_TEXT("/items/0/pos", sql("SELECT max(pos) FROM app.feed"));
    as("lishi");
    timeline("demand", id, "&sort=pos");
    CHECK(text_at("/items/0/pos") != NULL);
}

/* Who began earlier and then waited for the row is told of later, for he changed it later. */
static void a_timeline_is_in_the_order_of_the_changes(void)
{
    const char *id = four_versions();
    sql("BEGIN");
    sql("SELECT set_config('app.actor', 'city/st', true)");
    call("demand_update", id, json("{'wanted_profile':'先'}"));
    sql("UPDATE app.demand SET wanted_profile = '后' WHERE id = '%s'", id);
    sql("COMMIT");
    timeline("demand", id, "");
    EXPECT_TEXT("/items/0/subject_version", "6");
    EXPECT_TEXT("/items/1/subject_version", "5");
}

/* A clock that was set back makes a time and no order. */
static void nor_does_a_clock_that_is_set_back_change_it(void)
{
    const char *id = four_versions();
    sql("INSERT INTO app.sandbox_clock (shift) VALUES (interval '-400 days')"
        " ON CONFLICT (one) DO UPDATE SET shift = app.sandbox_clock.shift - interval '400 days'");
    call("demand_update", id, json("{'wanted_profile':'检测'}"));
    sql("UPDATE app.sandbox_clock SET shift = shift + interval '400 days'");
    timeline("demand", id, "");
    EXPECT_TEXT("/items/0/subject_version", "5");
    CHECK(text_at("/items/0/at") != NULL && strcmp(text_at("/items/0/at"), text_at("/items/1/at")) < 0);
    timeline("demand", id, "&sort=pos");
    EXPECT_TEXT("/items/4/subject_version", "5");
}

static void a_timeline_is_filtered(void)
{
    const char *id = four_versions();
    timeline("demand", id, "&operation=demand_submit,demand_create");
    EXPECT_TEXT("/items/0/operation", "demand_submit");
    EXPECT_TEXT("/items/1/operation", "demand_create");
    EXPECT_TEXT("/items/2", NULL);
    timeline("demand", id, "&at_from=2000-01-01T00:00:00Z&at_before=2001-01-01T00:00:00Z");
    EXPECT_TEXT("/items/0", NULL);
}

static void readers_see_what_is_theirs(void)
{
    static const struct {
        const char *login;
        int versions;
    } readers[] = {{"xiangyuan.rc", 4}, {"shi.cz", 3},    {"lishi", 3},
                   {"huguan.kj", 0},    {"qingzhang", 0}, {"linruochuan", 0}};
    const char *target = json("/v1/events?subject_type=demand&subject_id=%s", four_versions());
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        as(readers[i].login);
        check_note(walk(target, "-subject_version") == readers[i].versions, readers[i].login, 0, "number of events");
    }
    as(NULL);
    ask("GET", target, NULL);
    EXPECT(UNAUTHENTICATED);
}

static void specialists_learn_that_and_not_how(void)
{
    const char *open = sql("SELECT id FROM app.demand WHERE status = 'open' AND confidentiality = 'limited' LIMIT 1");
    as("linruochuan");
    timeline("demand", open, "");
    EXPECT_TEXT("/items/0/operation", "demand_review");
    EXPECT_TEXT("/items/0/changes", NULL);
    EXPECT_TEXT("/items/0/account", NULL);
    EXPECT_TEXT("/items/0/review", NULL);
}

/* Of his own record a specialist learns what changed, and that it was he. */
static void own_records_tell_how(void)
{
    const char *entry = sql("SELECT specialist_id FROM app.account WHERE login_name = 'linruochuan'");
    as("linruochuan");
    call("specialist_update", entry, json("{'preferred_units':['140427']}"));
    EXPECT(OK);
    timeline("specialist", entry, "");
    EXPECT_TEXT("/items/0/operation", "specialist_update");
    EXPECT_TEXT("/items/0/changes/preferred_units/new", json("['140427']"));
    EXPECT_TEXT("/items/0/account", sql("SELECT id FROM app.account WHERE login_name = 'linruochuan'"));
}

static void other_records_have_one_too(void)
{
    as("lishi");
    timeline("enterprise", firm, "");
    EXPECT_TEXT("/items/0/subject_id", firm);
    const char *account = sql("SELECT id FROM app.account WHERE login_name = 'lishi'");
    timeline("account", account, "");
    EXPECT(OK);
    as("qingzhang");
    timeline("account", account, "");
    EXPECT_TEXT("/items", "[]");
    timeline("policy", sql("SELECT id FROM app.policy LIMIT 1"), "");
    EXPECT(OK);
}

static void the_record_must_be_named(void)
{
    as("lishi");
    ask("GET", "/v1/events", NULL);
    EXPECT_FAULT("subject_type", "required");
    EXPECT_FAULT("subject_id", "required");
    ask("GET", "/v1/events?subject_type=party&subject_id=1", NULL);
    EXPECT_FAULT("subject_type", "enum");
    EXPECT_FAULT("subject_id", "format");
}

static void every_version_has_its_event(void)
{
    static const char *const rooms[] = {"enterprise", "call", "demand"};
    for (int i = 0; i < 3; i++)
        CHECK_TEXT(sql("SELECT count(*) FROM app.%s r WHERE r.version <>"
                       " (SELECT count(DISTINCT e.subject_version) FROM app.event e WHERE e.subject_id = r.id)",
                       rooms[i]),
                   "0");
    CHECK_TEXT(
        sql("SELECT count(*) FROM app.event WHERE changes_sha256 <> encode(sha256(changes::text::bytea), 'hex')"), "0");
}

int main(void)
{
    harness_open();
    firm = sql("SELECT enterprise_id FROM app.account WHERE login_name = 'lishi'");
    RUN(a_timeline_tells_who_did_what);
    RUN(it_reads_both_ways_and_by_pages);
    RUN(events_have_their_place);
    RUN(a_timeline_is_in_the_order_of_the_changes);
    RUN(nor_does_a_clock_that_is_set_back_change_it);
    RUN(a_timeline_is_filtered);
    RUN(readers_see_what_is_theirs);
    RUN(specialists_learn_that_and_not_how);
    RUN(own_records_tell_how);
    RUN(other_records_have_one_too);
    RUN(the_record_must_be_named);
    RUN(every_version_has_its_event);
    return harness_close();
}
