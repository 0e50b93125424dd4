/* Scores and candidates (article 9.3): what a score is made of and what never is, who asks for whom, who is no
 * candidate, and that pages come in one order. 长治漳岭 asks about its demand, 林若川 about himself. */
#include "harness.h"

#include <stdarg.h>
#include <stdlib.h>

static const char *demand, *firm, *lin, *su;

#define ASK_DEMAND "/v1/match-candidates?subject_type=demand&subject_id=%s"
#define ASK_PERSON "/v1/match-candidates?subject_type=specialist&subject_id=%s"

/* SQL, printf-style; json() would take its quotes for others. Kept until some calls later. */
static const char *said(const char *format, ...) __attribute__((format(printf, 1, 2)));
static const char *said(const char *format, ...)
{
    static char texts[16][4000];
    static int last;
    va_list args;
    va_start(args, format);
    last = (last + 1) % 16;
    vsnprintf(texts[last], sizeof texts[last], format, args);
    va_end(args);
    return texts[last];
}

/* A change without waking a trigger, where what scores compare does not follow from it; else with the triggers. */
static void quietly(const char *change)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; %s; COMMIT", change);
}

static void as_the_system(const char *change)
{
    sql("SELECT set_config('app.actor', 'system', false)");
    sql("%s", change);
}

/* The place of a candidate in the answer, or -1. */
static int place_of(const char *id)
{
    for (int i = 0; text_at(json("/items/%d", i)) != NULL; i++) {
        if (strcmp(text_at(json("/items/%d/id", i)), id) == 0) return i;
    }
    return -1;
}

static bool suggests(const char *login, const char *target, const char *id)
{
    as(login);
    ask("GET", target, NULL);
    EXPECT(OK);
    return place_of(id) >= 0;
}

/* The value of one component of the pair of the demand and 林若川, as the city sees it. */
static int component(const char *key)
{
    const char *found =
        sql("SELECT c ->> 'value_bp' FROM jsonb_array_elements(app.match_components('%s', '%s', NULL, NULL))"
            " c WHERE c ->> 'key' = '%s'",
            demand, lin, key);
    return found == NULL ? -1 : atoi(found);
}

static int score(void)
{
    return atoi(
        sql("SELECT score_bp FROM app.match_score(ARRAY['%s'::uuid], ARRAY['%s'::uuid], NULL, NULL)", demand, lin));
}

static void set_demand(const char *change)
{
    as_the_system(said("UPDATE app.demand SET %s WHERE id = '%s'", change, demand));
}

static void set_person(const char *change)
{
    as_the_system(said("UPDATE app.specialist SET %s WHERE id = '%s'", change, lin));
}

static void a_score_is_the_weighed_sum_of_nine(void)
{
    as("zhangling");
    ask("GET", json(ASK_DEMAND, demand), NULL);
    EXPECT(OK);
    int at = place_of(lin);
    CHECK(at >= 0);
    static const char *const keys[] = {"tech_field", "topic",        "task_group",   "qualification", "record",
                                       "priority",   "service_form", "availability", "place"};
    static const int weights[] = {2500, 2000, 1000, 1000, 1000, 1000, 500, 500, 500};
    long sum = 0;
    for (int i = 0; i < 9; i++) {
        EXPECT_TEXT(json("/items/%d/components/%d/key", at, i), keys[i]);
        EXPECT_TEXT(json("/items/%d/components/%d/weight_bp", at, i), json("%d", weights[i]));
        sum += (long)weights[i] * atoi(text_at(json("/items/%d/components/%d/value_bp", at, i)));
        CHECK(text_at(json("/items/%d/components/%d/facts", at, i))[1] != '}');
        CHECK(strlen(text_at(json("/items/%d/components/%d/zh", at, i))) > 6);
        CHECK(strlen(text_at(json("/items/%d/components/%d/en", at, i))) > 6);
    }
    EXPECT_TEXT(json("/items/%d/score_bp", at), json("%ld", sum / 10000));
    EXPECT_TEXT(json("/items/%d/demand_id", at), demand);
    EXPECT_TEXT(json("/items/%d/specialist_id", at), lin);
    EXPECT_TEXT(json("/items/%d/components/0/facts/relation", at), "same");
}

static void fields_are_the_same_related_or_neither(void)
{
    set_demand("tech_field = 'advanced_manufacturing'");
    CHECK(component("tech_field") == 10000);
    set_demand("tech_field = 'new_materials'");
    CHECK(component("tech_field") == 5000);
    set_demand("tech_field = 'biology_medicine'");
    CHECK(component("tech_field") == 0);
    set_demand("tech_field = 'advanced_manufacturing'");
}

/* The share of the demand's pairs of characters in title, description and targets that the person has: here 4 of 8. */
static void topic_is_the_share_of_common_pairs(void)
{
    sql("CREATE TABLE kept AS SELECT title, description, targets FROM app.demand WHERE id = '%s'", demand);
    sql("CREATE TABLE kept_person AS SELECT specialties, research_summary, intended_service FROM app.specialist WHERE "
        "id ="
        " '%s'",
        lin);
    set_demand("title = '齿轮热裂', description = '齿轮 齿轮', targets = '[{\"name\": \"裂纹率高低\"}]'");
    CHECK(component("topic") == 0);
    set_person("specialties = '{热裂}', research_summary = '齿轮', intended_service = '裂纹 高低'");
    /* 齿轮 轮热 热裂 裂纹 纹率 率高 高低: 7, of which 齿轮 热裂 裂纹 高低 are shared. */
    CHECK(component("topic") == 4 * 10000 / 7);
    CHECK_TEXT(
        sql("SELECT c #>> '{facts,shared}' FROM jsonb_array_elements(app.match_components('%s', '%s', NULL, NULL)) c"
            " WHERE c ->> 'key' = 'topic'",
            demand, lin),
        "4");
    /* The menu's words count too. */
    as("linruochuan");
    call("service_offer_create", NULL,
         json("{'title':'轮热','description':'x','deliverables':'y','task_group':'rd_transfer','service_forms':['rd'],"
              "'tech_fields':[]}"));
    EXPECT(OK);
    const char *offer = keep("/id");
    CHECK(component("topic") == 5 * 10000 / 7);
    CHECK(component("task_group") > 0);
    call("service_offer_retire", offer, NULL);
    EXPECT(OK);
    CHECK(component("topic") == 4 * 10000 / 7);
    as_the_system(
        said("UPDATE app.demand d SET (title, description, targets) = (SELECT k.title, k.description, k.targets"
             " FROM kept k) WHERE id = '%s'",
             demand));
    as_the_system(said("UPDATE app.specialist d SET (specialties, research_summary, intended_service) = (SELECT"
                       " k.specialties, k.research_summary, k.intended_service FROM kept_person k) WHERE id = '%s'",
                       lin));
}

static void groups_and_forms_count_by_their_share(void)
{
    sql("CREATE TABLE kept_codes AS SELECT task_groups, service_forms FROM app.demand WHERE id = '%s'", demand);
    set_demand("task_groups = '{tech_liaison,rd_transfer,talent_training}', service_forms = '{testing,platform}'");
    CHECK(component("task_group") == 3333);
    CHECK(component("service_form") == 5000);
    as_the_system(
        said("UPDATE app.demand d SET (task_groups, service_forms) = (SELECT k.task_groups, k.service_forms FROM"
             " kept_codes k) WHERE id = '%s'",
             demand));
}

static void title_and_degree_are_met_or_not(void)
{
    set_demand("wanted_title_level = 'senior', wanted_degree = 'doctor'");
    CHECK(component("qualification") == 10000);
    set_person("title_level = 'intermediate'");
    CHECK(component("qualification") == 5000);
    set_person("degree_code = '1'"); /* an honorary doctorate is no degree */
    CHECK(component("qualification") == 0);
    set_demand("wanted_title_level = 'none', wanted_degree = NULL");
    CHECK(component("qualification") == 10000);
    set_person("title_level = 'senior', degree_code = '208'");
}

static void the_last_grade_is_the_record(void)
{
    static const struct {
        const char *grades;
        int value;
    } cases[] = {{"[]", 5000},
                 {"[{\"year\": 2025, \"grade\": \"excellent\"}]", 10000},
                 {"[{\"year\": 2025, \"grade\": \"excellent\"}, {\"year\": 2026, \"grade\": \"good\"}]", 7500},
                 {"[{\"year\": 2026, \"grade\": \"qualified\"}, {\"year\": 2025, \"grade\": \"good\"}]", 4000},
                 {"[{\"year\": 2025, \"grade\": \"unqualified\"}]", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        set_person(said("grades = $$%s$$", cases[i].grades));
        CHECK(component("record") == cases[i].value);
    }
    set_person("grades = '[]'");
}

static void time_and_place_count(void)
{
    set_person("available_from = NULL, available_to = NULL, preferred_units = '{}'");
    CHECK(component("availability") == 10000);
    CHECK(component("place") == 5000);
    set_person("available_to = app.today() + 200, preferred_units = '{140427}'");
    CHECK(component("availability") == 5000);
    CHECK(component("place") == 0);
    set_person("available_to = app.today() - 1, preferred_units = '{140427,140403}'");
    CHECK(component("availability") == 0);
    CHECK(component("place") == 10000);
    set_person("available_to = NULL, preferred_units = '{}'");
    CHECK(component("priority") == atoi(sql("SELECT priority_bp FROM app.enterprise WHERE id = '%s'", firm)));
}

/* Whatever these are changed to, every component stays as it was. */
static void what_must_not_count_does_not(void)
{
    static const char *const changes[] = {
        "UPDATE app.specialist SET gender = CASE gender WHEN 'male' THEN 'female' ELSE 'male' END",
        "UPDATE app.specialist SET birth_on = '1950-01-01', id_no_masked = '1401**********0013'",
        "UPDATE app.specialist SET political_status = '01'",
        "UPDATE app.specialist SET full_name = '阿不都热依木', email = 'x@example.org', mobile_masked = '1'",
        "UPDATE app.specialist SET id_type = 'passport', work_history = '[{\"org\": \"本企业\"}]', honours = '党'",
        "UPDATE app.specialist SET other_programmes = '{deputy_science}', bank_name = 'x'",
        "UPDATE app.service_offer SET fee_fen = 1",
        "UPDATE app.demand SET budget_fen = 1, contact_name = '亲属'",
        "UPDATE app.enterprise SET legal_representative = '林若川', contact_name = '林若川'",
        "UPDATE app.intention SET conflict = '{\"kind\": \"kinship\", \"detail\": \"夫妻\"}'"};
#define ALL_SCORES                                                                                                     \
    "SELECT md5(string_agg(x.components::text || x.score_bp, '' ORDER BY x.demand_id, x.specialist_id)) FROM (SELECT"  \
    " array_agg(d.id) AS d, array_agg(s.id) AS s FROM app.demand d, app.specialist s WHERE d.status = 'open') p CROSS" \
    " JOIN LATERAL app.match_explained(p.d, p.s, NULL, NULL) x"
    const char *before = sql(ALL_SCORES);
    CHECK(strlen(before) == 32);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        quietly(changes[i]);
        check_text(sql(ALL_SCORES), before, changes[i], 0, "no score moves");
        as_the_system("UPDATE app.specialist SET version = version");
        check_text(sql(ALL_SCORES), before, changes[i], 0, "nor when what scores compare is made anew");
    }
    set_person("grades = '[{\"year\": 2025, \"grade\": \"excellent\"}]'");
    CHECK(strcmp(sql(ALL_SCORES), before) != 0);
    set_person("grades = '[]'");
}

static void each_side_asks_for_its_own(void)
{
    static const char *const may[] = {"zhangling", "luzhou.kj", "luzhou.rc", "shi.kj", "shi.rc"};
    static const char *const may_not[] = {"qingzhang", "huguan.kj", "linruochuan"};
    for (size_t i = 0; i < sizeof may / sizeof may[0]; i++) CHECK(suggests(may[i], json(ASK_DEMAND, demand), lin));
    for (size_t i = 0; i < sizeof may_not / sizeof may_not[0]; i++) {
        CHECK(!suggests(may_not[i], json(ASK_DEMAND, demand), lin));
        EXPECT_TEXT("/items", "[]");
    }
    CHECK(suggests("linruochuan", json(ASK_PERSON, lin), demand));
    CHECK(suggests("shi.rc", json(ASK_PERSON, lin), demand));
    static const char *const others[] = {"sumingji", "zhangling", "luzhou.kj"};
    for (size_t i = 0; i < 3; i++) CHECK(!suggests(others[i], json(ASK_PERSON, lin), demand));
    as("shi.gx");
    ask("GET", json(ASK_DEMAND, demand), NULL);
    EXPECT(FORBIDDEN);
    as("zhangling");
    ask("GET", "/v1/match-candidates?subject_type=demand", NULL);
    EXPECT_FAULT("subject_id", "required");
    ask("GET", json("/v1/match-candidates?subject_type=firm&subject_id=%s", demand), NULL);
    EXPECT_FAULT("subject_type", "enum");
}

/* Nobody's phone, mail or name stands in an answer. */
static void no_contact_is_shown(void)
{
    as("zhangling");
    ask("GET", json(ASK_DEMAND, demand), NULL);
    CHECK(strstr(bytes_of(), "example.org") == NULL && strstr(bytes_of(), "****") == NULL);
    as("linruochuan");
    ask("GET", json(ASK_PERSON, lin), NULL);
    CHECK(place_of(demand) >= 0);
    CHECK(strstr(bytes_of(), "****") == NULL && strstr(bytes_of(), "contact") == NULL);
}

static void rank(const char *login, const char *member, const char *id, const char *of, const char *conflict)
{
    as(login);
    call("intention_rank", NULL,
         json("{%s'wishes':[{'%s':'%s','conflict':{'kind':'%s','detail':'试验'}}]}", of, member, id, conflict));
    EXPECT(OK);
}

static void wishes_are_told_to_their_own_side(void)
{
    quietly(said("DELETE FROM app.intention WHERE demand_id = '%s' OR specialist_id = '%s'", demand, lin));
    rank("linruochuan", "demand_id", demand, "", "employment");
    CHECK(suggests("linruochuan", json(ASK_PERSON, lin), demand));
    EXPECT_TEXT(json("/items/%d/wished", place_of(demand)), "true");
    EXPECT_TEXT(json("/items/%d/mutual", place_of(demand)), "false");
    EXPECT_TEXT(json("/items/%d/conflict", place_of(demand)), "true");
    CHECK(suggests("zhangling", json(ASK_DEMAND, demand), lin));
    EXPECT_TEXT(json("/items/%d/wished", place_of(lin)), "false");
    EXPECT_TEXT(json("/items/%d/conflict", place_of(lin)), "false");
    CHECK(suggests("shi.kj", json(ASK_DEMAND, demand), lin));
    EXPECT_TEXT(json("/items/%d/wished", place_of(lin)), "true");
    EXPECT_TEXT(json("/items/%d/conflict", place_of(lin)), "true");
    rank("zhangling", "specialist_id", lin, json("'demand_id':'%s',", demand), "none");
    CHECK(suggests("zhangling", json(ASK_DEMAND, demand), lin));
    EXPECT_TEXT(json("/items/%d/mutual", place_of(lin)), "true");
    EXPECT_TEXT(json("/items/%d/conflict", place_of(lin)), "false");
    /* Declined, the pair is out for both sides. */
    const char *wish = sql("SELECT id FROM app.intention WHERE demand_id = '%s' AND side = 'specialist' AND status ="
                           " 'active'",
                           demand);
    with("If-Match", json("'%s'", sql("SELECT version FROM app.intention WHERE id = '%s'", wish)));
    call("intention_decline", wish, json("{'reason':'另有安排'}"));
    EXPECT(OK);
    CHECK(!suggests("zhangling", json(ASK_DEMAND, demand), lin));
    CHECK(!suggests("linruochuan", json(ASK_PERSON, lin), demand));
    CHECK(!suggests("shi.kj", json(ASK_DEMAND, demand), lin));
    quietly(said("DELETE FROM app.intention WHERE demand_id = '%s' OR specialist_id = '%s'", demand, lin));
}

/* Someone wished for, though no field is shared and the score is below the policy's least. */
static void whom_a_side_wishes_for_is_always_shown(void)
{
    const char *xu = sql("SELECT specialist_id FROM app.account WHERE login_name = 'xunanqiao'");
    quietly(
        "UPDATE app.policy SET \"values\" = (SELECT jsonb_agg(CASE v ->> 'key' WHEN 'match_min_score_bp' THEN v ||"
        " '{\"value\": 9000}' ELSE v END ORDER BY n) FROM jsonb_array_elements(\"values\") WITH ORDINALITY x(v, n))");
    CHECK(!suggests("zhangling", json(ASK_DEMAND, demand), lin));
    rank("zhangling", "specialist_id", xu, json("'demand_id':'%s',", demand), "none");
    CHECK(suggests("zhangling", json(ASK_DEMAND, demand), xu));
    quietly(
        "UPDATE app.policy SET \"values\" = (SELECT jsonb_agg(CASE v ->> 'key' WHEN 'match_min_score_bp' THEN v ||"
        " '{\"value\": 3000}' ELSE v END ORDER BY n) FROM jsonb_array_elements(\"values\") WITH ORDINALITY x(v, n))");
    quietly(said("DELETE FROM app.intention WHERE demand_id = '%s'", demand));
}

static void expect_out(const char *change, const char *back)
{
    quietly(change);
    as_the_system("UPDATE app.specialist SET version = version");
    check_note(!suggests("zhangling", json(ASK_DEMAND, demand), lin), "people", 0, change);
    check_note(!suggests("linruochuan", json(ASK_PERSON, lin), demand), "demands", 0, change);
    quietly(back);
    as_the_system("UPDATE app.specialist SET version = version");
    as_the_system(said("UPDATE app.demand SET version = version WHERE id = '%s'", demand));
    check_note(suggests("zhangling", json(ASK_DEMAND, demand), lin), "people", 0, back);
    check_note(suggests("linruochuan", json(ASK_PERSON, lin), demand), "demands", 0, back);
}

static void who_takes_no_part_is_no_candidate(void)
{
    expect_out(said("UPDATE app.specialist SET status = 'suspended', suspended_by_side = 'city' WHERE id = '%s'", lin),
               said("UPDATE app.specialist SET status = 'registered', suspended_by_side = NULL WHERE id = '%s'", lin));
    expect_out(said("UPDATE app.specialist SET barred_until = app.today() WHERE id = '%s'", lin),
               said("UPDATE app.specialist SET barred_until = NULL WHERE id = '%s'", lin));
    expect_out(said("UPDATE app.specialist SET available_from = '2029-01-01' WHERE id = '%s'", lin),
               said("UPDATE app.specialist SET available_from = NULL WHERE id = '%s'", lin));
    expect_out(said("UPDATE app.demand SET status = 'matched' WHERE id = '%s'", demand),
               said("UPDATE app.demand SET status = 'open' WHERE id = '%s'", demand));
    expect_out(said("UPDATE app.enterprise SET barred_until = app.today() WHERE id = '%s'", firm),
               said("UPDATE app.enterprise SET barred_until = NULL WHERE id = '%s'", firm));
}

/* A placement of the person, then of the firm, on days of the term; one that is over by then is none, be it for a term
 * that is asked for. */
static void who_is_placed_is_no_candidate(void)
{
    static const char *const insert =
        "INSERT INTO app.dispatch_line (id, version, created_at, updated_at, unit_id, status, list_id, match_id,"
        " specialist_id, enterprise_id, demand_id, start_on, end_on, list_status) VALUES (gen_random_uuid(), 1, now(), "
        "now(), '140403',"
        " '%s', gen_random_uuid(), gen_random_uuid(), '%s', '%s', '%s', '%s', '%s', 'draft')";
    char held[800];
    quietly("DELETE FROM app.dispatch_line");
    snprintf(held, sizeof held, insert, "listed", lin, "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001", demand, "2027-01-01",
             "2027-12-31");
    quietly(held);
    CHECK(!suggests("zhangling", json(ASK_DEMAND, demand), lin));
    CHECK(!suggests("linruochuan", json(ASK_PERSON, lin), demand));
    CHECK(!suggests("zhangling", json(ASK_DEMAND "&start_on=2027-12-31", demand), lin));
    CHECK(!suggests("linruochuan", json(ASK_PERSON "&start_on=2027-12-31", lin), demand));
    CHECK(suggests("zhangling", json(ASK_DEMAND "&start_on=2028-01-01", demand), lin));
    CHECK(suggests("linruochuan", json(ASK_PERSON "&start_on=2028-01-01", lin), demand));
    quietly(said("UPDATE app.dispatch_line SET specialist_id = '%s', enterprise_id = '%s'", su, firm));
    CHECK(!suggests("zhangling", json(ASK_DEMAND, demand), lin));
    CHECK(!suggests("linruochuan", json(ASK_PERSON, lin), demand));
    quietly("UPDATE app.dispatch_line SET start_on = '2025-01-01', end_on = '2025-12-31'");
    CHECK(suggests("zhangling", json(ASK_DEMAND, demand), lin));
    quietly("UPDATE app.dispatch_line SET start_on = '2027-01-01', end_on = '2027-12-31', status = 'struck'");
    CHECK(suggests("zhangling", json(ASK_DEMAND, demand), lin));
    quietly("DELETE FROM app.dispatch_line");
}

/* Of a limited demand a specialist is told what its outline shows. */
static void a_limited_demand_is_not_explained(void)
{
    as_the_system(said("UPDATE app.demand SET confidentiality = 'limited' WHERE id = '%s'", demand));
    CHECK(suggests("linruochuan", json(ASK_PERSON, lin), demand));
    int at = place_of(demand);
    static const char *const told[] = {"0", "2", "8"}, *const veiled[] = {"1", "3", "4", "5", "6", "7"};
    for (size_t i = 0; i < 3; i++) CHECK(strlen(text_at(json("/items/%d/components/%s/facts", at, told[i]))) > 2);
    for (size_t i = 0; i < 6; i++) {
        EXPECT_TEXT(json("/items/%d/components/%s/facts", at, veiled[i]), "{}");
        CHECK(strstr(text_at(json("/items/%d/components/%s/zh", at, veiled[i])), "有限公开") != NULL);
    }
    CHECK(suggests("zhangling", json(ASK_DEMAND, demand), lin));
    CHECK(strlen(text_at(json("/items/%d/components/1/facts", place_of(lin)))) > 2);
    as_the_system(said("UPDATE app.demand SET confidentiality = 'open' WHERE id = '%s'", demand));
}

/* Page by page the same as at once, the best first, each once. */
static void pages_come_in_one_order(void)
{
    char all[4000], paged[4000] = "";
    as("shi.kj");
    ask("GET", json(ASK_DEMAND "&limit=200", demand), NULL);
    snprintf(all, sizeof all, "%s", "");
    int count = 0, least = 10001;
    for (; text_at(json("/items/%d", count)) != NULL; count++) {
        int next = atoi(text_at(json("/items/%d/score_bp", count)));
        CHECK(next <= least && next >= 3000);
        least = next;
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s ", text_at(json("/items/%d/id", count)));
    }
    CHECK(count >= 3);
    const char *target = json(ASK_DEMAND "&limit=1", demand), *page = target;
    for (int i = 0; i < count + 1 && page != NULL; i++) {
        ask("GET", page, NULL);
        snprintf(paged + strlen(paged), sizeof paged - strlen(paged), "%s ", text_at("/items/0/id"));
        const char *cursor = text_at("/next_cursor");
        page = cursor == NULL ? NULL : json("%s&cursor=%s", target, cursor);
    }
    CHECK_TEXT(paged, all);
}

/* A person named in a demand is looked at whatever his field. */
static void the_named_person_is_a_candidate(void)
{
    const char *xu = sql("SELECT specialist_id FROM app.account WHERE login_name = 'xunanqiao'");
    quietly(
        said("DELETE FROM app.match_person_field WHERE specialist_id = '%s'; UPDATE app.match_person SET pairs = '{}'"
             " WHERE specialist_id = '%s'; UPDATE app.specialist SET grades = '[{\"year\": 2025, \"grade\":"
             " \"excellent\"}]', preferred_units = '{140403}' WHERE id = '%s'; UPDATE app.match_person SET grade ="
             " '{\"year\": 2025, \"grade\": \"excellent\"}' WHERE specialist_id = '%s'",
             xu, xu, xu, xu));
    CHECK(!suggests("shi.kj", json(ASK_DEMAND, demand), xu));
    quietly(said("UPDATE app.demand SET named_specialist_id = '%s' WHERE id = '%s'", xu, demand));
    CHECK(suggests("shi.kj", json(ASK_DEMAND, demand), xu));
    quietly("UPDATE app.demand SET named_specialist_id = NULL");
}

/* The pairs few have are what candidates are looked for by; how many have one is counted each day. */
static void rare_pairs_come_first(void)
{
    sql("SELECT app.job_match_count('2026-10-20')");
    CHECK_TEXT(
        sql("SELECT holders FROM app.match_rarity WHERE side = 'specialist' AND pair = (app.pair_codes('减速'))[1]"),
        sql("SELECT count(*) FROM app.match_person WHERE stands AND pairs @> app.pair_codes('减速')"));
    sql("INSERT INTO app.match_rarity SELECT 'specialist', n, n * 500 FROM generate_series(1, 9) n");
    CHECK_TEXT(sql("SELECT app.match_rare('specialist', ARRAY[9, 4, 1, 2, 3, 700]::bigint[])::text"), "{1,2,700}");
    CHECK_TEXT(sql("SELECT app.match_rare('specialist', ARRAY[8, 9]::bigint[])::text"), "{8}");
    CHECK_TEXT(sql("SELECT app.pair_words(app.pair_codes('齿轮箱'))::text"), "{轮箱,齿轮}");
}

static void weights_are_the_policys(void)
{
    int before = score();
    CHECK(before > 0);
    CHECK_TEXT(sql("SELECT score_bp FROM app.match_score(ARRAY['%s'::uuid], ARRAY['%s'::uuid], NULL, '{\"tech_field\":"
                   " 10000, \"topic\": 0, \"task_group\": 0, \"qualification\": 0, \"record\": 0, \"priority\": 0,"
                   " \"service_form\": 0, \"availability\": 0, \"place\": 0}')",
                   demand, lin),
               "10000");
}

int main(void)
{
    harness_open();
    end_placements();
    demand = sql("SELECT id FROM app.demand WHERE title = '矿用减速器齿轮热处理变形控制'");
    firm = sql("SELECT enterprise_id FROM app.demand WHERE id = '%s'", demand);
    lin = sql("SELECT specialist_id FROM app.account WHERE login_name = 'linruochuan'");
    su = sql("SELECT specialist_id FROM app.account WHERE login_name = 'sumingji'");
    RUN(a_score_is_the_weighed_sum_of_nine);
    RUN(fields_are_the_same_related_or_neither);
    RUN(topic_is_the_share_of_common_pairs);
    RUN(groups_and_forms_count_by_their_share);
    RUN(title_and_degree_are_met_or_not);
    RUN(the_last_grade_is_the_record);
    RUN(time_and_place_count);
    RUN(what_must_not_count_does_not);
    RUN(each_side_asks_for_its_own);
    RUN(no_contact_is_shown);
    RUN(wishes_are_told_to_their_own_side);
    RUN(whom_a_side_wishes_for_is_always_shown);
    RUN(who_takes_no_part_is_no_candidate);
    RUN(who_is_placed_is_no_candidate);
    RUN(a_limited_demand_is_not_explained);
    RUN(pages_come_in_one_order);
    RUN(the_named_person_is_a_candidate);
    RUN(rare_pairs_come_first);
    RUN(weights_are_the_policys);
    return harness_close();
}
