/* Wishes of both sides (article 9.3): who writes which list, what the other side learns of it and when, and what
 * becomes of wishes. 长治漳岭 and 林若川 act, 潞州 is the firm's county; 壶关 and others stand beside and should see
 * nothing. */
#include "harness.h"

#define FREE "{'kind':'none'}"

static const char *firm, *demand, *other_demand, *lin, *su, *wen;

static const char *entry_of(const char *login)
{
    return sql("SELECT specialist_id FROM app.account WHERE login_name = '%s'", login);
}

static const char *demand_titled(const char *title)
{
    return sql("SELECT id FROM app.demand WHERE title = '%s'", title);
}

static const char *wish_for_person(const char *person)
{
    return json("{'specialist_id':'%s','conflict':" FREE "}", person);
}

static const char *wish_for_demand(const char *of)
{
    return json("{'demand_id':'%s','conflict':" FREE "}", of);
}

/* Puts the list of the demand as whoever asks; wishes are joined by commas. */
static void put_demand(const char *wishes)
{
    call("intention_rank", NULL, json("{'demand_id':'%s','wishes':[%s]}", demand, wishes));
}

static void put_own(const char *wishes)
{
    call("intention_rank", NULL, json("{'wishes':[%s]}", wishes));
}

/* No wishes but those of a test. */
static void start(void)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM app.intention WHERE demand_id IN ('%s', '%s')"
        " OR specialist_id IN ('%s', '%s', '%s'); DELETE FROM app.match WHERE demand_id = '%s'; UPDATE app.demand SET"
        " status = 'open' WHERE id = '%s'; COMMIT",
        demand, other_demand, lin, su, wen, demand, demand);
}

static const char *state_of(const char *side, const char *person)
{
    return sql("SELECT status || ' ' || mutual FROM app.intention WHERE side = '%s' AND demand_id = '%s' AND"
               " specialist_id = '%s' ORDER BY created_at DESC LIMIT 1",
               side, demand, person);
}

static const char *wish_id(const char *side, const char *person)
{
    return sql("SELECT id FROM app.intention WHERE side = '%s' AND demand_id = '%s' AND specialist_id = '%s' AND status"
               " = 'active'",
               side, demand, person);
}

static int seen(const char *login)
{
    as(login);
    return walk(json("/v1/intentions?demand_id=%s", demand), "-updated_at");
}

static void a_list_is_put_as_a_whole(void)
{
    start();
    as("zhangling");
    put_demand(json("%s,%s,%s", wish_for_person(lin), wish_for_person(su), wish_for_person(wen)));
    EXPECT(OK);
    EXPECT_TEXT("/side", "enterprise");
    EXPECT_TEXT("/demand_id", demand);
    EXPECT_TEXT("/specialist_id", NULL);
    EXPECT_TEXT("/items/0/specialist_id", lin);
    EXPECT_TEXT("/items/0/rank", "1");
    EXPECT_TEXT("/items/2/rank", "3");
    EXPECT_TEXT("/items/2/unit_id", "140403");
    EXPECT_TEXT("/items/2/status", "active");
    EXPECT_TEXT("/items/2/mutual", "false");
    EXPECT_TEXT("/items/2/allowed_steps", json("['rank']"));
    const char *first = keep("/items/0/id"), *last = keep("/items/2/id");
    EXPECT_EVENT(first, "intention_rank", "status");
    CHECK_TEXT(sql("SELECT changes ->> 'rank' FROM app.event WHERE subject_id = '%s'", first), "{}");
    /* Ranks that change places, one left off: the rows stay what they are. */
    put_demand(json("%s,%s", wish_for_person(wen), wish_for_person(lin)));
    EXPECT_TEXT("/items/0/id", last);
    EXPECT_TEXT("/items/0/version", "2");
    EXPECT_TEXT("/items/1/id", first);
    EXPECT_TEXT("/items/2", NULL);
    CHECK_TEXT(state_of("enterprise", su), "withdrawn false");
    /* The same again changes nothing and makes no event. */
    const char *events = sql("SELECT count(*) FROM app.event"), *version = keep("/version");
    put_demand(json("%s,%s", wish_for_person(wen), wish_for_person(lin)));
    EXPECT_TEXT("/version", version);
    CHECK_TEXT(sql("SELECT count(*) FROM app.event"), events);
    put_demand("");
    EXPECT_TEXT("/items", "[]");
    CHECK_TEXT(state_of("enterprise", lin), "withdrawn false");
}

static void a_stale_list_is_not_written_over(void)
{
    start();
    as("zhangling");
    put_demand(wish_for_person(lin));
    const char *etag = header_of("ETag");
    char kept[60];
    snprintf(kept, sizeof kept, "%s", etag);
    as("luzhou.kj");
    call("intention_rank", NULL,
         json("{'demand_id':'%s','entered_for':{'side':'enterprise','reason':'纸质志愿表'},'wishes':[%s,%s]}", demand,
              wish_for_person(su), wish_for_person(lin)));
    EXPECT(OK);
    EXPECT_TEXT("/items/0/entered_for/reason", "纸质志愿表");
    EXPECT_TEXT("/items/1/entered_for", NULL);
    as("zhangling");
    with("If-Match", kept);
    put_demand(wish_for_person(lin));
    EXPECT(VERSION_MISMATCH);
    CHECK_TEXT(state_of("enterprise", su), "active false");
    with("If-Match", json("'%s'", text_at("/current_version")));
    put_demand(wish_for_person(lin));
    EXPECT(OK);
}

/* One paper for all wishes of the list; it becomes the demand's file. */
static void a_paper_list_carries_its_scan(void)
{
    start();
    const char *scan = sql(
        "WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " INSERT INTO app.attachment (id, version, created_at, updated_at, owner, file_name, media_type, size_bytes,"
        " sha256, purpose, state) SELECT gen_random_uuid(), 1, app.now(), app.now(), 'unit:140403', '志愿.pdf',"
        " 'application/pdf', 20, encode(sha256('志愿'), 'hex'), 'evidence', 'stored' FROM quiet RETURNING id");
    as("luzhou.kj");
    call("intention_rank", NULL,
         json("{'demand_id':'%s','entered_for':{'side':'enterprise','reason':'纸质志愿表','attachment_id':'%s'},"
              "'wishes':[%s,%s]}",
              demand, scan, wish_for_person(lin), wish_for_person(su)));
    EXPECT_TEXT("/items/1/entered_for/attachment_id", scan);
    CHECK_TEXT(sql("SELECT subject_type || ' ' || subject_id FROM app.attachment WHERE id = '%s'", scan),
               json("demand %s", demand));
    call("intention_rank", NULL,
         json("{'demand_id':'%s','entered_for':{'side':'enterprise','reason':'x','attachment_id':"
              "'0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000'},'wishes':[%s]}",
              demand, wish_for_person(wen)));
    EXPECT(REFERENCE_NOT_FOUND);
    EXPECT_TEXT("/errors/0/pointer", "#/entered_for/attachment_id");
}

static void a_wish_is_known_when_it_is_mutual(void)
{
    start();
    as("zhangling");
    put_demand(json("{'specialist_id':'%s','note':'曾合作','conflict':{'kind':'other','detail':'同乡'}}", lin));
    EXPECT_TEXT("/items/0/conflict/kind", "other");
    const char *wish = keep("/items/0/id");
    CHECK(seen("linruochuan") == 0);
    ask("GET", json("/v1/events?subject_type=intention&subject_id=%s", wish), NULL);
    EXPECT_TEXT("/items", "[]");
    put_own(json("%s,%s", wish_for_demand(other_demand), wish_for_demand(demand)));
    EXPECT_TEXT("/items/1/mutual", "true");
    EXPECT_TEXT("/items/0/mutual", "false");
    CHECK_TEXT(state_of("enterprise", lin), "active true");
    CHECK_TEXT(sql("SELECT role FROM app.event WHERE subject_id = '%s' ORDER BY subject_version DESC LIMIT 1", wish),
               "system");
    /* That it exists, and nothing else of it. */
    CHECK(seen("linruochuan") == 2);
    ask("GET", json("/v1/intentions?demand_id=%s&side=enterprise", demand), NULL);
    EXPECT_TEXT("/items/0/id", wish);
    EXPECT_TEXT("/items/0/rank", NULL);
    EXPECT_TEXT("/items/0/note", NULL);
    EXPECT_TEXT("/items/0/conflict", NULL);
    EXPECT_TEXT("/items/0/created_by", NULL);
    EXPECT_TEXT("/items/0/allowed_steps", json("['decline']"));
    CHECK(strstr(bytes_of(), "同乡") == NULL && strstr(bytes_of(), "曾合作") == NULL);
    CHECK(seen("zhangling") == 2);
    ask("GET", json("/v1/intentions?demand_id=%s&side=specialist", demand), NULL);
    EXPECT_TEXT("/items/0/rank", NULL);
    CHECK(seen("luzhou.kj") == 2);
    CHECK(seen("shi.kj") == 2);
    ask("GET", json("/v1/intentions?demand_id=%s&side=specialist", demand), NULL);
    EXPECT_TEXT("/items/0/rank", "2");
    CHECK(seen("huguan.kj") == 0 && seen("qingzhang") == 0 && seen("sumingji") == 0);
    as("shi.cz");
    ask("GET", "/v1/intentions", NULL);
    EXPECT(FORBIDDEN);
    /* What is taken back is no longer the other side's to know. */
    as("linruochuan");
    put_own(wish_for_demand(other_demand));
    CHECK_TEXT(state_of("enterprise", lin), "active false");
    CHECK(seen("linruochuan") == 1);
    CHECK(seen("zhangling") == 1);
    CHECK_TEXT(
        sql("SELECT array_to_string(seen_by_before, ' ') LIKE '%%specialist:%s%%' AND array_to_string(seen_by, ' ')"
            " NOT LIKE '%%specialist:%%' FROM app.event WHERE subject_id = '%s' ORDER BY subject_version DESC"
            " LIMIT 1",
            lin, wish),
        "t");
}

/* A match of 林若川 with the demand, made beside the road: its own room is tried elsewhere. */
static void put_match(const char *status)
{
    const char *round = sql(
        "WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true)), r AS (INSERT"
        " INTO app.match_round (id, version, created_at, updated_at, status, policy_id, title, year, method, start_on,"
        " weights) SELECT gen_random_uuid(), 1, app.now(), app.now(), 'proposed', p.id, '试验', 2027, 'manual',"
        " '2027-01-01', '{}' FROM quiet, app.policy p WHERE p.status = 'adopted' LIMIT 1 RETURNING id) SELECT id"
        " FROM r");
    sql("SELECT set_config('app.actor', 'city/st', false)");
    sql("INSERT INTO app.match (id, round_id, demand_id, specialist_id) VALUES (gen_random_uuid(), '%s', '%s', '%s')",
        round, demand, lin);
    sql("SELECT set_config('app.actor', 'system', false)");
    if (strcmp(status, "adopted") != 0) return;
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.match SET status = 'confirmed' WHERE "
        "demand_id ="
        " '%s'; COMMIT",
        demand);
    sql("UPDATE app.match SET status = 'adopted' WHERE demand_id = '%s'", demand);
}

static void a_match_makes_a_wish_known_and_its_adoption_honours_it(void)
{
    start();
    as("zhangling");
    put_demand(wish_for_person(lin));
    put_match("proposed");
    CHECK_TEXT(state_of("enterprise", lin), "active true");
    CHECK(seen("linruochuan") == 1);
    start();
    as("zhangling");
    put_demand(wish_for_person(lin));
    as("linruochuan");
    put_own(wish_for_demand(demand));
    put_match("adopted");
    CHECK_TEXT(state_of("enterprise", lin), "honoured true");
    CHECK_TEXT(state_of("specialist", lin), "honoured true");
    start();
}

static void the_other_side_declines_with_a_reason(void)
{
    start();
    as("zhangling");
    put_demand(json("%s,%s", wish_for_person(su), wish_for_person(lin)));
    const char *unknown = wish_id("enterprise", su), *wish = wish_id("enterprise", lin);
    as("linruochuan");
    put_own(wish_for_demand(demand));
    const char *version = sql("SELECT version FROM app.intention WHERE id = '%s'", wish);
    const char *match = json("'%s'", version);
    with("If-Match", match);
    call("intention_decline", unknown, json("{'reason':'x'}"));
    EXPECT(NOT_FOUND);
    with("If-Match", match);
    call("intention_decline", wish, json("{}"));
    EXPECT_FAULT("#/reason", "required");
    with("If-Match", json("'9'"));
    call("intention_decline", wish, json("{'reason':'x'}"));
    EXPECT(VERSION_MISMATCH);
    with("If-Match", NULL);
    call("intention_decline", wish, json("{'reason':'x'}"));
    EXPECT(PRECONDITION_REQUIRED);
    /* Nobody declines his own wish. */
    const char *own = wish_id("specialist", lin);
    with("If-Match", json("'1'"));
    call("intention_decline", own, json("{'reason':'x'}"));
    EXPECT(WRONG_STATE);
    with("If-Match", match);
    call("intention_decline", wish, json("{'reason':'本年度已有安排'}"));
    EXPECT_TEXT("/status", "declined");
    EXPECT_TEXT("/rank", NULL);
    EXPECT_TEXT("/allowed_steps", "[]");
    EXPECT_EVENT(wish, "intention_decline", "status");
    CHECK_TEXT(state_of("specialist", lin), "withdrawn false");
    with("If-Match", json("'%s'", sql("SELECT version FROM app.intention WHERE id = '%s'", wish)));
    call("intention_decline", wish, json("{'reason':'x'}"));
    EXPECT(WRONG_STATE);
    as("zhangling");
    ask("GET", json("/v1/intentions?demand_id=%s&status=declined", demand), NULL);
    EXPECT_TEXT("/items/0/decline_reason", "本年度已有安排");
    EXPECT_TEXT("/items/0/rank", "2");
    /* Asked again he need not answer again; when he comes to wish for it himself the word is taken back. */
    put_demand(wish_for_person(lin));
    EXPECT_RULE("wish_declined");
    EXPECT_TEXT("/errors/0/article", "9.3");
    as("linruochuan");
    put_own(wish_for_demand(demand));
    EXPECT(OK);
    as("zhangling");
    put_demand(wish_for_person(lin));
    EXPECT_TEXT("/items/0/mutual", "true");
}

static void a_list_keeps_the_rules(void)
{
    start();
    as("zhangling");
    call("intention_rank", NULL, json("{'wishes':[]}"));
    EXPECT_RULE("wish_list_of_demand");
    put_demand(wish_for_demand(other_demand));
    EXPECT_RULE("wish_names_other_side");
    EXPECT_TEXT("/errors/0/pointer", "#/wishes/0");
    put_demand(json("%s,%s", wish_for_person(lin), wish_for_person(lin)));
    EXPECT_RULE("wish_twice");
    EXPECT_TEXT("/errors/0/pointer", "#/wishes/1");
    put_demand(json("{'specialist_id':'%s','conflict':{'kind':'kinship'}}", lin));
    EXPECT_RULE("conflict_detail_missing");
    EXPECT_TEXT("/errors/0/pointer", "#/wishes/0/conflict/detail");
    put_demand(json("{'specialist_id':'%s'}", lin));
    EXPECT_FAULT("#/wishes/0/conflict", "required");
    put_demand(wish_for_person("0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000"));
    EXPECT(REFERENCE_NOT_FOUND);
    EXPECT_TEXT("/errors/0/pointer", "#/wishes/0/specialist_id");
    call("intention_rank", NULL, json("{'demand_id':'%s','wishes':[]}", demand_titled("光伏组件隐裂在线检测")));
    EXPECT(REFERENCE_NOT_FOUND);
    EXPECT_TEXT("/errors/0/pointer", "#/demand_id");
    call("intention_rank", NULL,
         json("{'demand_id':'%s','entered_for':{'side':'enterprise','reason':'x'},'wishes':[]}", demand));
    EXPECT_RULE("entered_for_office_only");
    as("luzhou.rc");
    put_demand("");
    EXPECT_RULE("entered_for_required");
    as("linruochuan");
    call("intention_rank", NULL, json("{'demand_id':'%s','wishes':[]}", demand));
    EXPECT_RULE("wish_list_of_demand");
    put_own(wish_for_demand(demand_titled("煤基针状焦连续化制备")));
    EXPECT(REFERENCE_NOT_FOUND);
    EXPECT_TEXT("/errors/0/pointer", "#/wishes/0/demand_id");
    CHECK_TEXT(sql("SELECT count(*) FROM app.intention WHERE demand_id = '%s'", demand), "0");
}

static void set_person(const char *person, const char *change)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.specialist SET %s WHERE id = '%s'; COMMIT",
        change, person);
}

static void who_is_away_takes_no_new_wish(void)
{
    start();
    as("zhangling");
    put_demand(wish_for_person(lin));
    set_person(lin, "status = 'suspended', suspended_by_side = 'self'");
    set_person(su, "barred_until = app.today() + 30");
    /* One that stands already may stay. */
    put_demand(wish_for_person(lin));
    EXPECT(OK);
    put_demand(json("%s,%s", wish_for_person(lin), wish_for_person(su)));
    EXPECT(NOT_ELIGIBLE);
    EXPECT_RULE("specialist_takes_no_wishes");
    EXPECT_TEXT("/errors/0/pointer", "#/wishes/1/specialist_id");
    as("sumingji");
    put_own(wish_for_demand(demand));
    EXPECT_RULE("specialist_takes_no_wishes");
    set_person(su, "barred_until = NULL");
    set_person(lin, "status = 'registered', suspended_by_side = NULL");
}

static void only_an_open_demand_of_a_firm_in_good_standing_has_a_list(void)
{
    start();
    as("zhangling");
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.demand SET status = 'matched' WHERE id = '%s';"
        " COMMIT",
        demand);
    put_demand(wish_for_person(lin));
    EXPECT(WRONG_STATE);
    EXPECT_RULE("demand_not_open");
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.demand SET status = 'open' WHERE id = '%s';"
        " UPDATE app.enterprise SET barred_until = app.today() + 1 WHERE id = '%s'; COMMIT",
        demand, firm);
    put_demand(wish_for_person(lin));
    EXPECT(SANCTIONED);
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.enterprise SET barred_until = NULL WHERE id ="
        " '%s'; COMMIT",
        firm);
}

/* What the system does as a consequence; the row it is a consequence of is moved by SQL, as the system. */
static void wishes_lapse_with_demand_and_person(void)
{
    start();
    as("zhangling");
    put_demand(json("%s,%s", wish_for_person(lin), wish_for_person(su)));
    as("sumingji");
    put_own(wish_for_demand(demand));
    sql("SELECT set_config('app.actor', 'system', false)");
    set_person(su, "status = 'suspended', suspended_by_side = 'city'");
    CHECK_TEXT(state_of("enterprise", su), "active true");
    sql("UPDATE app.specialist SET status = 'expired' WHERE id = '%s'", su);
    CHECK_TEXT(state_of("enterprise", su), "lapsed true");
    CHECK_TEXT(state_of("specialist", su), "lapsed true");
    CHECK_TEXT(state_of("enterprise", lin), "active false");
    set_person(su, "status = 'registered', suspended_by_side = NULL");
    sql("UPDATE app.specialist SET barred_until = app.today() + 30 WHERE id = '%s'", lin);
    CHECK_TEXT(state_of("enterprise", lin), "lapsed false");
    set_person(lin, "barred_until = NULL");
    as("zhangling");
    put_demand(wish_for_person(wen));
    sql("UPDATE app.demand SET status = 'matched' WHERE id = '%s'", demand);
    CHECK_TEXT(state_of("enterprise", wen), "active false");
    sql("UPDATE app.demand SET status = 'withdrawn', close_reason = 'sanction' WHERE id = '%s'", demand);
    CHECK_TEXT(state_of("enterprise", wen), "lapsed false");
    CHECK_TEXT(sql("SELECT operation IS NULL FROM app.event WHERE subject_type = 'intention' LIMIT 1"), "f");
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.demand SET status = 'open', close_reason = "
        "NULL"
        " WHERE id = '%s'; COMMIT",
        demand);
}

static void wishes_go_with_their_firm(void)
{
    start();
    as("zhangling");
    put_demand(wish_for_person(lin));
    as("shi.kj");
    call("enterprise_update", firm, move_to(firm, "140427"));
    EXPECT(OK);
    CHECK(seen("luzhou.kj") == 0);
    CHECK(seen("huguan.kj") == 1);
    as("shi.kj");
    call("enterprise_update", firm, move_to(firm, "140403"));
    EXPECT(OK);
}

static void a_demand_may_name_its_person(void)
{
    as("zhangling");
    call("demand_create", NULL,
         json("{'enterprise_id':'%s','kind':'technology','named_specialist_id':'%s'}", firm, lin));
    EXPECT_TEXT("/named_specialist_id", lin);
    const char *id = keep("/id");
    call("demand_update", id, json("{'named_specialist_id':'%s'}", su));
    EXPECT_TEXT("/named_specialist_id", su);
    call("demand_update", id, json("{'named_specialist_id':'0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000'}"));
    EXPECT(REFERENCE_NOT_FOUND);
    EXPECT_TEXT("/errors/0/pointer", "#/named_specialist_id");
    call("demand_create", NULL,
         json("{'enterprise_id':'%s','kind':'technology','named_specialist_id':'0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000'}",
              firm));
    EXPECT(REFERENCE_NOT_FOUND);
    /* Of the specialists he alone reads his name. */
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.demand SET named_specialist_id = '%s' WHERE "
        "id ="
        " '%s'; COMMIT",
        lin, demand);
    as("linruochuan");
    call("demand_get", demand, NULL);
    EXPECT_TEXT("/named_specialist_id", lin);
    as("sumingji");
    call("demand_get", demand, NULL);
    EXPECT_TEXT("/named_specialist_id", NULL);
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.demand SET named_specialist_id = NULL; "
        "COMMIT");
}

static void a_repeated_key_does_it_once(void)
{
    start();
    as("zhangling");
    with("Idempotency-Key", "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0093");
    put_demand(wish_for_person(lin));
    EXPECT(OK);
    const char *id = keep("/items/0/id");
    with("Idempotency-Key", "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0093");
    put_demand(wish_for_person(lin));
    EXPECT_TEXT("/items/0/id", id);
    CHECK_TEXT(header_of("Idempotency-Replayed"), "true");
    with("Idempotency-Key", "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0093");
    put_demand("");
    EXPECT(IDEMPOTENCY_KEY_REUSED);
}

/* The database holds ranks apart by itself, whoever writes. */
static void a_rank_stands_once(void)
{
    start();
    as("zhangling");
    put_demand(json("%s,%s", wish_for_person(lin), wish_for_person(su)));
    as("linruochuan");
    put_own(json("%s,%s", wish_for_demand(demand), wish_for_demand(other_demand)));
    sql("CREATE FUNCTION pg_temp.refused_by(command text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE name text; BEGIN"
        " EXECUTE command; RETURN NULL; EXCEPTION WHEN exclusion_violation THEN GET STACKED DIAGNOSTICS name ="
        " CONSTRAINT_NAME; RETURN name; END $$");
    sql("SELECT set_config('app.actor', 'system', false)");
    CHECK_TEXT(sql("SELECT pg_temp.refused_by($$UPDATE app.intention SET rank = 1 WHERE side = 'enterprise' AND"
                   " demand_id = '%s'$$)",
                   demand),
               "rank_once_per_demand");
    CHECK_TEXT(sql("SELECT pg_temp.refused_by($$UPDATE app.intention SET rank = 1 WHERE side = 'specialist' AND"
                   " specialist_id = '%s'$$)",
                   lin),
               "rank_once_per_specialist");
}

static void lists_are_filtered(void)
{
    as("shi.rc");
    CHECK_TEXT(json("%d", walk("/v1/intentions?limit=3", "-updated_at")), sql("SELECT count(*) FROM app.intention"));
    CHECK_TEXT(json("%d", walk("/v1/intentions?limit=3&sort=id", "id")), sql("SELECT count(*) FROM app.intention"));
    CHECK_TEXT(json("%d", walk("/v1/intentions?mutual=true&side=specialist&status=active", NULL)),
               sql("SELECT count(*) FROM app.intention WHERE mutual AND side = 'specialist' AND status = 'active'"));
    CHECK_TEXT(json("%d", walk(json("/v1/intentions?specialist_id=%s&unit_id=140403", lin), NULL)),
               sql("SELECT count(*) FROM app.intention WHERE specialist_id = '%s' AND unit_id = '140403'", lin));
    CHECK(walk("/v1/intentions?updated_since=2039-01-01T00:00:00Z", NULL) == 0);
}

int main(void)
{
    harness_open();
    firm = sql("SELECT enterprise_id FROM app.account WHERE login_name = 'zhangling'");
    demand = demand_titled("矿用减速器齿轮热处理变形控制");
    other_demand = demand_titled("转载机远程运维平台数据治理");
    lin = entry_of("linruochuan");
    su = entry_of("sumingji");
    wen = entry_of("wenxi");
    RUN(a_list_is_put_as_a_whole);
    RUN(a_stale_list_is_not_written_over);
    RUN(a_paper_list_carries_its_scan);
    RUN(a_wish_is_known_when_it_is_mutual);
    RUN(a_match_makes_a_wish_known_and_its_adoption_honours_it);
    RUN(the_other_side_declines_with_a_reason);
    RUN(a_list_keeps_the_rules);
    RUN(who_is_away_takes_no_new_wish);
    RUN(only_an_open_demand_of_a_firm_in_good_standing_has_a_list);
    RUN(wishes_lapse_with_demand_and_person);
    RUN(wishes_go_with_their_firm);
    RUN(a_demand_may_name_its_person);
    RUN(a_repeated_key_does_it_once);
    RUN(a_rank_stands_once);
    RUN(lists_are_filtered);
    return harness_close();
}
