/* Agreements of article 9.5: drafted from a fixed line, written in turn, frozen, signed by three, filed; and every way
 * in which a text, a signature or a link comes to nothing. */
#include "agreement.h"
#include "arena.h"
#include "as_role.h"
#include "clock.h"
#include "es256.h"
#include "keys.h"
#include "paper.h"
#include "register.h"
#include "road.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What was told to come again comes again. */
#define PATIENCE_MS 60000
#define PAUSE_US    200000

static struct arena *kept;

static void system_does(const char *change)
{
    sql("SELECT set_config('app.actor', 'system', false)");
    sql("%s", change);
    sql("SELECT set_config('app.actor', '', false)");
}

/* What the road never does: a change beside all triggers. */
static void quietly(const char *change)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; %s; COMMIT", change);
}

/* The paper, which may not be made yet when it is first asked for. */
static void read_paper(const char *id)
{
    int64_t until = clock_ms() + PATIENCE_MS;
    call("agreement_download", id, NULL);
    while (status_of() == 503 && clock_ms() < until) {
        usleep(PAUSE_US);
        call("agreement_download", id, NULL);
    }
}

static bool waits_for(const char *login, const char *id)
{
    as(login);
    ask("GET", "/v1/todos?limit=200", NULL);
    return strstr(bytes_of(), id) != NULL;
}

static void a_fixed_line_makes_a_draft(void)
{
    const char *id = drafted();
    as(FIRM_LOGIN);
    call("agreement_get", id, NULL);
    EXPECT_TEXT("/status", "draft");
    EXPECT_TEXT("/version_no", "0");
    EXPECT_TEXT("/service_quota", "10");
    EXPECT_TEXT("/start_on", "2027-01-01");
    EXPECT_TEXT("/end_on", "2027-12-31");
    EXPECT_TEXT("/issue_by_on", "2026-11-19");
    EXPECT_TEXT("/tasks/0/due_on", "2027-12-31");
    EXPECT_TEXT("/text", NULL);
    EXPECT_TEXT("/signatures", "[]");
    EXPECT_TEXT("/allowed_steps", "[]");
    CHECK(strncmp(text_at("/agreement_no"), "XY-2026-", 8) == 0);
    const char *no = keep("/agreement_no");
    drafted();
    CHECK_TEXT(sql("SELECT count(*) FROM app.agreement WHERE agreement_no = '%s'", no), "1");
    CHECK_TEXT(sql("SELECT role FROM app.event WHERE subject_id = '%s'", id), "system");
}

/* The vectors of the regulation's arithmetic: ten a year, pro rata, rounded up. */
static void services_are_pro_rata(void)
{
    static const char *const vectors[][3] = {{"2027-01-01", "2027-12-31", "10"},
                                             {"2027-01-01", "2027-07-02", "6"},
                                             {"2027-01-01", "2027-07-01", "5"},
                                             {"2028-02-29", "2029-02-27", "10"}};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        CHECK_TEXT(
            sql("SELECT app.agreement_min_services(app.policy_current(), '%s', '%s')", vectors[i][0], vectors[i][1]),
            vectors[i][2]);
}

/* What was drafted under one policy is judged by it, whatever is in force by then. */
static void a_draft_keeps_its_policy(void)
{
    const char *id = drafted();
    quietly(
        "INSERT INTO app.policy SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'code',"
        " 'earlier', 'valid_from', '2020-01-01', 'valid_to', '2020-12-31', 'values', (SELECT jsonb_agg(CASE v ->>"
        " 'key' WHEN 'min_services_per_year' THEN v || '{\"value\": 4}' ELSE v END) FROM"
        " jsonb_array_elements(p.values) v)))).* FROM app.policy p WHERE id = app.policy_current()");
    quietly(arena_print(kept,
                        "UPDATE app.agreement SET policy_id = (SELECT id FROM app.policy WHERE code = 'earlier')"
                        " WHERE id = '%s'",
                        id));
    as(FIRM_LOGIN);
    call("agreement_update", id, json("{'service_quota':4}"));
    EXPECT_TEXT("/service_quota", "4");
    call("agreement_update", id, json("{'service_quota':3}"));
    EXPECT_RULE("quota_below_policy");
    CHECK(strstr(bytes_of(), "4次") != NULL);
    quietly(arena_print(kept,
                        "UPDATE app.agreement SET policy_id = app.policy_current() WHERE id = '%s'; DELETE FROM"
                        " app.policy WHERE code = 'earlier'",
                        id));
}

static void its_parties_and_offices_read_it(void)
{
    static const char *const readers[] = {FIRM_LOGIN, PERSON_LOGIN, "xiangyuan.kj", "xiangyuan.rc",
                                          "shi.kj",   "shi.rc",     "shi.cz"};
    static const char *const others[] = {"huguan.kj", "sumingji", "jingyao"};
    const char *id = drafted();
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        as(readers[i]);
        call("agreement_get", id, NULL);
        EXPECT(OK);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        as(others[i]);
        call("agreement_get", id, NULL);
        EXPECT(NOT_FOUND);
        call("agreement_download", id, NULL);
        EXPECT(NOT_FOUND);
    }
}

static void both_sides_write_in_turn(void)
{
    const char *id = drafted();
    as(FIRM_LOGIN);
    call("agreement_update", id, json("{'conditions':'提供办公室和试验台','service_quota':12}"));
    EXPECT_TEXT("/service_quota", "12");
    EXPECT_EVENT(id, "agreement_update", "conditions");
    as("xiangyuan.kj");
    with("If-Match", "\"1\"");
    call("agreement_update", id, json("{'conditions':'x'}"));
    EXPECT(VERSION_MISMATCH);
    call("agreement_update", id, json("{'fee_terms':'据实列支','conditions':null}"));
    EXPECT_TEXT("/conditions", NULL);
    EXPECT_TEXT("/service_quota", "12");
    call("agreement_update", id, json("{'fee_terms':'据实列支'}"));
    EXPECT_TEXT("/version", "3");
    as(PERSON_LOGIN);
    call("agreement_update", id, json("{'fee_terms':'x'}"));
    EXPECT(FORBIDDEN);
    as(FIRM_LOGIN);
    call("agreement_update", id, json("{'start_on':'2026-01-01'}"));
    EXPECT(VALIDATION_FAILED);
}

static void terms_keep_the_rules(void)
{
    const char *id = drafted();
    as(FIRM_LOGIN);
    call("agreement_update", id,
         json("{'service_quota':9,'service_forms':['magic'],'tasks':[{'task_group':'magic','content':'x','target':null,"
              "'due_on':'2028-01-01'},{'task_group':'rd_transfer','content':'y','target':null,'due_on':null}]}"));
    EXPECT_RULE("quota_below_policy");
    EXPECT_RULE("unknown_code");
    EXPECT_RULE("task_due_outside_term");
    CHECK(strstr(bytes_of(), "#/service_forms/0") != NULL && strstr(bytes_of(), "#/tasks/0/task_group") != NULL);
    CHECK(strstr(bytes_of(), "#/tasks/0/due_on") != NULL && strstr(bytes_of(), "#/tasks/1") == NULL);
    call("agreement_update", id, json("{'tasks':null}"));
    EXPECT(VALIDATION_FAILED);
    call("agreement_update", id, json("{'service_quota':10}"));
    EXPECT(OK);
}

static void issue_lists_what_is_missing(void)
{
    const char *id = drafted();
    as(FIRM_LOGIN);
    call("agreement_update", id, json("{'tasks':[],'service_forms':[]}"));
    as("xiangyuan.kj");
    call("agreement_issue", id, NULL);
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("missing_before_issue");
    CHECK(strstr(bytes_of(), "#/tasks") != NULL && strstr(bytes_of(), "#/ip_terms") != NULL);
    CHECK(strstr(bytes_of(), "#/service_forms") != NULL && strstr(bytes_of(), "#/liability_terms") != NULL);
    as(FIRM_LOGIN);
    call("agreement_issue", id, NULL);
    EXPECT(FORBIDDEN);
}

/* Blanks of any width say nothing. */
static void blanks_are_no_terms(void)
{
    const char *id = drafted();
    as(FIRM_LOGIN);
    call("agreement_update", id, json("{" TERMS "}"));
    static const char *const blanks[] = {" ", "\\u3000", "\\u00a0\\t\\n", "\\u200b\\u2028"};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        as(FIRM_LOGIN);
        call("agreement_update", id, json("{'ip_terms':'%s'}", blanks[i]));
        EXPECT(OK);
        as("xiangyuan.kj");
        call("agreement_issue", id, NULL);
        EXPECT_RULE("missing_before_issue");
        EXPECT_TEXT("/errors/0/pointer", "#/ip_terms");
        EXPECT_TEXT("/errors/1", NULL);
    }
    as(FIRM_LOGIN);
    call("agreement_update", id, json("{'ip_terms':'\\u3000共有'}"));
    as("xiangyuan.kj");
    call("agreement_issue", id, NULL);
    EXPECT_TEXT("/status", "signing");
}

/* Headings begin at the margin; nothing that a side writes can. */
static void terms_make_no_headings(void)
{
    const char *id = drafted();
    as(FIRM_LOGIN);
    call("agreement_update", id, json("{" TERMS "}"));
    call("agreement_update", id,
         json("{'conditions':'提供办公室\\n十三、伪造甲\\r\\n　十四、伪造乙\\u2028十五、伪造丙\\n\\n',"
              "'tasks':[{'task_group':'rd_transfer','content':'甲\\u2028十六、伪造丁','target':null,'due_on':null}]}"));
    EXPECT(OK);
    as("xiangyuan.kj");
    call("agreement_issue", id, NULL);
    const char *text = keep("/text");
    CHECK_TEXT(
        sql("SELECT string_agg(l, '|') FROM regexp_split_to_table('%s', '\n') l WHERE l !~ '^　　\\S'", text),
        "企业科技特派员三方服务协议|一、派驻期限|二、服务次数和形式|三、服务任务|四、办公、科研和生活条件|五、费用|"
        "六、原岗位待遇|七、知识产权|八、保密|九、安全和保险|十、变更和解除|十一、违约责任|十二、签署和备案");
    CHECK(strstr(text, "\n　　提供办公室\n　　十三、伪造甲\n　　十四、伪造乙\n　　十五、伪造丙\n五、费用") != NULL);
    CHECK(strstr(text, "甲 十六、伪造丁") != NULL);
}

static void issue_freezes_the_text(void)
{
    const char *id = issued();
    EXPECT_TEXT("/version_no", "1");
    EXPECT_TEXT("/sign_by_on", "2026-11-19");
    EXPECT_TEXT("/issue_by_on", NULL);
    EXPECT_TEXT("/template_version", "2026-2");
    EXPECT_TEXT(
        "/content_sha256",
        sql("SELECT encode(sha256(convert_to(\"text\", 'UTF8')), 'hex') FROM app.agreement WHERE id = '%s'", id));
    static const char *const words[] = {
        PERSON_NAME,    "襄垣砺石煤基新材料有限公司", "晋原理工大学", "2027年12月31日", "不少于10次",
        "热效率提高5%", "长科规〔2024〕3号"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) CHECK(strstr(text_at("/text"), words[i]) != NULL);
    EXPECT_EVENT(id, "agreement_issue", "status");
    CHECK_TEXT(sql("SELECT count(*) FROM app.event WHERE subject_id = '%s' AND changes::text ~ '" PERSON_NAME "'", id),
               "0");
    as(FIRM_LOGIN);
    call("agreement_update", id, json("{'fee_terms':'x'}"));
    EXPECT(WRONG_STATE);
    EXPECT_RULE("not_editable");
    as("shi.kj");
    call("agreement_issue", id, NULL);
    EXPECT(WRONG_STATE);
}

/* The same terms give the same text; a number and a version part two texts of one kind. */
static void the_text_depends_on_the_terms_alone(void)
{
    const char *id = issued();
    CHECK_TEXT(sql("SELECT app.agreement_text(a) = a.\"text\" FROM app.agreement a WHERE a.id = '%s'", id), "t");
    sql("UPDATE app.sandbox_clock SET shift = shift + interval '3 days'");
    CHECK_TEXT(sql("SELECT app.agreement_text(a) = a.\"text\" FROM app.agreement a WHERE a.id = '%s'", id), "t");
    sql("UPDATE app.sandbox_clock SET shift = shift - interval '3 days'");
}

/* Tries the step while one side after the other has lost its standing, and mends it again. */
static void expect_standing(const char *id, const char *login, const char *operation, const char *body)
{
    static const char *const cases[][3] = {
        {"demand", "status = 'withdrawn'", "demand_not_matched"},
        {"enterprise", "status = 'closed'", "enterprise_not_confirmed"},
        {"enterprise", "barred_until = '2026-12-31'", "barred"},
        {"specialist", "status = 'removed'", "specialist_not_registered"},
        {"specialist", "barred_until = '2026-12-31'", "barred"},
        {"specialist", "available_to = '2026-12-31'", "specialist_not_available"},
        {"institution", "status = 'declined'", "institution_not_listed"},
    };
    as(login);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *of = sql("SELECT %s_id FROM app.agreement WHERE id = '%s'", cases[i][0], id);
        const char *row = sql("SELECT to_jsonb(t) FROM app.%s t WHERE id = '%s'", cases[i][0], of);
        quietly(arena_print(kept, "UPDATE app.%s SET %s WHERE id = '%s'", cases[i][0], cases[i][1], of));
        call(operation, id, body);
        EXPECT_RULE(cases[i][2]);
        const char *column = arena_copy(kept, cases[i][1], strcspn(cases[i][1], " "));
        quietly(arena_print(kept,
                            "UPDATE app.%s t SET %s = (SELECT %s FROM jsonb_populate_record(t, '{\"%s\": %s}')) WHERE"
                            " id = '%s'",
                            cases[i][0], column, column, column, sql("SELECT ('%s'::jsonb -> '%s')::text", row, column),
                            of));
    }
}

/* At every step on the text, whoever takes it. */
static void both_sides_must_stand(void)
{
    const char *id = drafted();
    as("xiangyuan.kj");
    call("agreement_update", id, json("{" TERMS "}"));
    expect_standing(id, "xiangyuan.kj", "agreement_issue", NULL);
    call("agreement_issue", id, NULL);
    EXPECT(OK);
    expect_standing(id, FIRM_LOGIN, "agreement_sign",
                    json("{'content_sha256':'%s','signatory':'李石','post':'代表'}", hash_of(id)));
    CHECK_TEXT(sql("SELECT count(*) FROM app.agreement_signature WHERE agreement_id = '%s'", id), "0");
    id = signed_by_all();
    expect_standing(id, "shi.rc", "agreement_file", json("{'decision':'pass'}"));
    call("agreement_file", id, json("{'decision':'pass'}"));
    EXPECT_TEXT("/status", "filed");
}

/* ---- signatures */

static size_t decoded(const char *text, size_t size, unsigned char *out, size_t room)
{
    size_t found = 0;
    CHECK(sodium_base642bin(out, room, text, size, NULL, &found, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0);
    return found;
}

/* Whether a proof was signed by a key of the published set, with the type of signatures; *said is its payload. */
static bool proof_holds(const char *jws, json_t **said)
{
    unsigned char header[300], payload[1200], signature[80];
    const char *first = strchr(jws, '.'), *second = strchr(first + 1, '.');
    size_t size = decoded(jws, (size_t)(first - jws), header, sizeof header);
    json_t *head = json_loadb((char *)header, size, 0, NULL);
    size = decoded(first + 1, (size_t)(second - first - 1), payload, sizeof payload);
    *said = json_loadb((char *)payload, size, 0, NULL);
    const char *kid = json_string_value(json_object_get(head, "kid"));
    CHECK_TEXT(json_string_value(json_object_get(head, "typ")), "agreement-signature+jws");
    CHECK_TEXT(json_string_value(json_object_get(head, "alg")), "ES256");
    CHECK(strstr(keys_jwks(kept), kid) != NULL);
    const struct signing_key *key = keys_head_find(kid);
    size = decoded(second + 1, strlen(second + 1), signature, sizeof signature);
    bool holds = key != NULL && size == ES256_SIZE && es256_holds(key->key, jws, (size_t)(second - jws), signature);
    json_decref(head);
    return holds;
}

static void a_signature_has_a_proof(void)
{
    json_t *said;
    const char *id = issued();
    sign_as(PERSON_LOGIN, id, PERSON_NAME);
    EXPECT_TEXT("/status", "signing");
    EXPECT_TEXT("/signatures/0/party", "specialist");
    EXPECT_TEXT("/signatures/0/method", "account");
    EXPECT_TEXT("/signatures/0/content_sha256", hash_of(id));
    EXPECT_TEXT("/signatures/0/statement", "已阅读第1版全文，同意签署。");
    EXPECT_EVENT(id, "agreement_sign", "signatures");
    char *jws = arena_print(kept, "%s", text_at("/signatures/0/proof_jws"));
    CHECK(proof_holds(jws, &said));
    CHECK_TEXT(json_string_value(json_object_get(said, "agreement_id")), id);
    CHECK_TEXT(json_string_value(json_object_get(said, "content_sha256")), hash_of(id));
    CHECK_TEXT(json_string_value(json_object_get(said, "party")), "specialist");
    CHECK_TEXT(json_string_value(json_object_get(said, "signatory")), PERSON_NAME);
    CHECK(json_integer_value(json_object_get(said, "iat")) > 1700000000);
    json_decref(said);
    char *payload = strchr(jws, '.') + 5;
    *payload = *payload == 'A' ? 'B' : 'A';
    CHECK(!proof_holds(jws, &said));
    json_decref(said);
}

/* The year does not end with its 9,999th number. */
static void numbers_go_on_past_four_digits(void)
{
    const char *head = sql("SELECT 'XY-' || extract(year FROM app.today())::text || '-'");
    sql("BEGIN");
    sql("SET LOCAL session_replication_role = replica");
    for (int last = 9999; last < 10001; last++) {
        sql("UPDATE app.agreement SET agreement_no = '%s%d' WHERE id = (SELECT id FROM app.agreement ORDER BY id"
            " LIMIT 1)",
            head, last);
        CHECK_TEXT(sql("SELECT app.next_number('XY', 'agreement', 'agreement_no')"), json("%s%d", head, last + 1));
    }
    sql("ROLLBACK");
}

static void three_parties_sign_once_each(void)
{
    const char *id = issued();
    sign_by_link(id);
    EXPECT_TEXT("/signatures/0/method", "link");
    sign_as(FIRM_LOGIN, id, "李石");
    EXPECT_TEXT("/status", "signing");
    EXPECT_TEXT("/allowed_steps", json("['refuse']"));
    sign_as(FIRM_LOGIN, id, "李石");
    EXPECT(DUPLICATE);
    EXPECT_RULE("already_signed");
    sign_as(PERSON_LOGIN, id, PERSON_NAME);
    EXPECT_TEXT("/status", "signed");
    EXPECT_TEXT("/signatures/2/party", "specialist");
    sign_as(PERSON_LOGIN, id, PERSON_NAME);
    EXPECT(WRONG_STATE);
    CHECK_TEXT(sql("SELECT count(*) FROM app.agreement_signature WHERE agreement_id = '%s'", id), "3");
}

static void a_signature_is_about_the_text_read(void)
{
    const char *id = issued();
    as(PERSON_LOGIN);
    call("agreement_sign", id, json("{'content_sha256':'%064d','signatory':'" PERSON_NAME "'}", 0));
    EXPECT(DIGEST_MISMATCH);
    EXPECT_RULE("signed_text_differs");
    sign_as(PERSON_LOGIN, id, "林某");
    EXPECT_RULE("signatory_is_another");
    call("agreement_sign", id, json("{'content_sha256':'%s'}", hash_of(id)));
    EXPECT(VALIDATION_FAILED);
    with("If-Match", "\"1\"");
    sign_as(PERSON_LOGIN, id, PERSON_NAME);
    EXPECT(VERSION_MISMATCH);
    as("xiangyuan.kj");
    call("agreement_sign", id, json("{'content_sha256':'%s','signatory':'x'}", hash_of(id)));
    EXPECT(FORBIDDEN);
    CHECK_TEXT(sql("SELECT count(*) FROM app.agreement_signature WHERE agreement_id = '%s'", id), "0");
}

static void a_retry_signs_once(void)
{
    const char *id = issued();
    for (int turn = 0; turn < 2; turn++) {
        with("Idempotency-Key", "sign-once");
        sign_as(PERSON_LOGIN, id, PERSON_NAME);
        EXPECT(OK);
    }
    CHECK_TEXT(header_of("Idempotency-Replayed"), "true");
    CHECK_TEXT(sql("SELECT count(*) FROM app.agreement_signature WHERE agreement_id = '%s'", id), "1");
}

static void the_bureau_enters_the_stamped_paper(void)
{
    const char *id = issued(), *token = new_link("agreement_signature", id, 300), *scan = stored_file("shi.kj");
    sign_as("shi.kj", id, "周主任");
    EXPECT_RULE("signature_scan_required");
    sign_as("shi.rc", id, "周主任");
    EXPECT(FORBIDDEN);
    as(FIRM_LOGIN);
    call("agreement_sign", id,
         json("{'content_sha256':'%s','signatory':'李石','attachment_id':'%s'}", hash_of(id), scan));
    EXPECT_RULE("signature_scan_office_only");
    as("shi.kj");
    call("agreement_sign", id,
         json("{'content_sha256':'%s','signatory':'周主任','attachment_id':'%s'}", hash_of(id), NOWHERE_ID));
    EXPECT(REFERENCE_NOT_FOUND);
    EXPECT_TEXT("/errors/0/pointer", "#/attachment_id");
    call("agreement_sign", id,
         json("{'content_sha256':'%s','signatory':'周主任','attachment_id':'%s'}", hash_of(id), scan));
    EXPECT_TEXT("/signatures/0/party", "institution");
    EXPECT_TEXT("/signatures/0/method", "scan");
    EXPECT_TEXT("/signatures/0/attachment_id", scan);
    as(FIRM_LOGIN);
    call("attachment_get", scan, NULL);
    EXPECT_TEXT("/subject_type", "agreement");
    as_link(token);
    ask("GET", "/v1/links/current", NULL);
    EXPECT(CAPABILITY_SPENT);
}

static void nobody_signs_late_or_barred(void)
{
    const char *id = issued();
    quietly(arena_print(kept, "UPDATE app.agreement SET sign_by_on = '2026-10-19' WHERE id = '%s'", id));
    sign_as(PERSON_LOGIN, id, PERSON_NAME);
    EXPECT(WINDOW_CLOSED);
    EXPECT_RULE("signing_time_over");
    quietly(arena_print(kept, "UPDATE app.agreement SET sign_by_on = '2026-10-20' WHERE id = '%s'", id));
    quietly("UPDATE app.specialist SET barred_until = '2026-10-20' WHERE full_name = '" PERSON_NAME "'");
    sign_as(FIRM_LOGIN, id, "李石");
    EXPECT(SANCTIONED);
    EXPECT_RULE("barred");
    quietly("UPDATE app.specialist SET barred_until = NULL WHERE full_name = '" PERSON_NAME "'");
    sign_as(FIRM_LOGIN, id, "李石");
    EXPECT(OK);
}

/* One request over the road, as a thread of the server takes it; sent again when the database was busy. */
struct hand {
    const char *target, *header, *value, *key, *body;
    int status;
};

static void *write_at_once(void *given)
{
    struct hand *h = given;
    struct reply answer;
    char size[24];
    size_t length = (size_t)snprintf(size, sizeof size, "%zu", strlen(h->body));
    struct wire w = {.method = "POST",
                     .target = h->target,
                     .version = "HTTP/1.1",
                     .peer = "127.0.0.1",
                     .body = h->body,
                     .body_size = strlen(h->body),
                     .header_count = 5,
                     .headers = {{"Host", "127.0.0.1", 4, 9},
                                 {"Content-Type", "application/json", 12, 16},
                                 {"Content-Length", size, 14, length},
                                 {"Idempotency-Key", h->key, 15, strlen(h->key)},
                                 {h->header, h->value, strlen(h->header), strlen(h->value)}}};
    for (int64_t until = clock_ms() + PATIENCE_MS; h->status == 0 || (h->status == 503 && clock_ms() < until);) {
        if (h->status == 503) usleep(PAUSE_US);
        road(&w, &answer);
        h->status = answer.status;
        free(answer.body);
    }
    return NULL;
}

#define HANDS 12

static void all_at_once(struct hand hands[HANDS])
{
    pthread_t threads[HANDS];
    for (int i = 0; i < HANDS; i++) pthread_create(&threads[i], NULL, write_at_once, &hands[i]);
    for (int i = 0; i < HANDS; i++) pthread_join(threads[i], NULL);
}

static int answered(const struct hand hands[HANDS], int status)
{
    int count = 0;
    for (int i = 0; i < HANDS; i++) count += hands[i].status == status;
    return count;
}

/* The i-th hand: one of the three parties in turn. */
static struct hand hand_of(const char *id, const char *link, int i)
{
    static const char *const people[] = {PERSON_LOGIN, FIRM_LOGIN}, *const names[] = {PERSON_NAME, "李石", "周主任"};
    bool by_link = i % 3 == 2;
    return (struct hand){
        .target = arena_print(kept, "/v1/agreements/%s/signatures", id),
        .header = by_link ? "Capability-Token" : "Authorization",
        .value = by_link ? link : arena_print(kept, "Bearer %s", token_of(people[i % 3])),
        .key = arena_print(kept, "hand-%s-%d", id, i),
        .body = json("{'content_sha256':'%s','signatory':'%s'}", hash_of(id), names[i % 3]),
    };
}

/* Four hands of each party sign at the same time: one of each is taken, and the third taken makes it signed. */
static void three_parties_sign_at_once(void)
{
    struct hand hands[HANDS];
    const char *id = issued(), *link = new_link("agreement_signature", id, 300);
    for (int i = 0; i < HANDS; i++) hands[i] = hand_of(id, link, i);
    all_at_once(hands);
    CHECK(answered(hands, 200) == 3 && answered(hands, 409) + answered(hands, 410) == HANDS - 3);
    CHECK_TEXT(sql("SELECT status FROM app.agreement WHERE id = '%s'", id), "signed");
    CHECK_TEXT(sql("SELECT count(DISTINCT party) FROM app.agreement_signature WHERE agreement_id = '%s'", id), "3");
}

/* A refusal between signatures leaves none of them standing. */
static void a_refusal_among_signatures_voids_them(void)
{
    struct hand hands[HANDS];
    const char *id = issued(), *link = new_link("agreement_signature", id, 300);
    for (int i = 0; i < HANDS; i++) hands[i] = hand_of(id, link, i);
    hands[1].target = arena_print(kept, "/v1/agreements/%s/refusal", id);
    hands[1].body = json("{'decision':'return','content_sha256':'%s','opinion':'再议'}", hash_of(id));
    hands[4] = hands[7] = hands[10] = hands[1];
    hands[4].key = "refuse-1", hands[7].key = "refuse-2", hands[10].key = "refuse-3";
    all_at_once(hands);
    CHECK_TEXT(sql("SELECT status || cardinality(signed_parties) FROM app.agreement WHERE id = '%s'", id), "draft0");
    as(FIRM_LOGIN);
    call("agreement_get", id, NULL);
    EXPECT_TEXT("/signatures", "[]");
    CHECK_TEXT(sql("SELECT count(*) FROM app.review WHERE subject_id = '%s'", id), "1");
}

/* No serving role writes a signature for another, changes one, or touches a text. */
static void signatures_cannot_be_forged(void)
{
    static const char *const roles[] = {"city", "county", "enterprise", "specialist"};
    const char *id = issued();
    sign_as(PERSON_LOGIN, id, PERSON_NAME);
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        PGconn *conn = role_open(role_serving(roles[i]));
        role_begin_as(conn, sql("SELECT id FROM app.account WHERE login_name = '%s'", i == 0   ? "shi.kj"
                                                                                      : i == 1 ? "xiangyuan.kj"
                                                                                      : i == 2 ? FIRM_LOGIN
                                                                                               : PERSON_LOGIN));
        role_sql(conn, "SAVEPOINT s");
        CHECK_TEXT(role_sql(conn, "UPDATE app.agreement_signature SET signatory = 'x' RETURNING party"), "!42501");
        role_sql(conn, "ROLLBACK TO s");
        CHECK_TEXT(role_sql(conn, "UPDATE app.agreement SET \"text\" = 'x' WHERE id = '%s' RETURNING id", id),
                   "!42501");
        role_sql(conn, "ROLLBACK TO s");
        CHECK_TEXT(
            role_sql(conn,
                     "INSERT INTO app.agreement_signature (agreement_id, version_no, party, signatory, method,"
                     " content_sha256, statement, proof_jws) VALUES ('%s', 1, '%s', 'x', 'account', '%s', 'x', 'x')"
                     " RETURNING party",
                     id, i == 2 ? "specialist" : "enterprise", hash_of(id)),
            "!42501");
        role_sql(conn, "ROLLBACK");
        PQfinish(conn);
    }
}

/* ---- refusals */

static void a_change_of_text_voids_all(void)
{
    const char *id = issued(), *first = hash_of(id), *token = new_link("agreement_signature", id, 300);
    sign_as(PERSON_LOGIN, id, PERSON_NAME);
    as(FIRM_LOGIN);
    call("agreement_refuse", id, json("{'decision':'return','content_sha256':'%s'}", first));
    EXPECT_RULE("opinion_required");
    call("agreement_refuse", id, json("{'decision':'return','content_sha256':'%064d','opinion':'x'}", 0));
    EXPECT(DIGEST_MISMATCH);
    call("agreement_refuse", id,
         json("{'decision':'return','content_sha256':'%s','opinion':'x','reason_code':'magic'}", first));
    EXPECT_RULE("unknown_code");
    call("agreement_refuse", id, json("{'decision':'return','content_sha256':'%s','opinion':'请明确成果归属'}", first));
    EXPECT_TEXT("/status", "draft");
    EXPECT_TEXT("/text", NULL);
    EXPECT_TEXT("/content_sha256", NULL);
    EXPECT_TEXT("/signatures", "[]");
    EXPECT_TEXT("/issue_by_on", "2026-11-19");
    as_link(token);
    ask("GET", "/v1/links/current", NULL);
    EXPECT(CAPABILITY_SPENT);
    as(PERSON_LOGIN);
    ask("GET", json("/v1/events?subject_type=agreement&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/review/opinion", "请明确成果归属");
    as("xiangyuan.kj");
    call("agreement_update", id, json("{'ip_terms':'归企业所有'}"));
    call("agreement_issue", id, NULL);
    EXPECT_TEXT("/version_no", "2");
    EXPECT_TEXT("/signatures", "[]");
    CHECK(strcmp(text_at("/content_sha256"), first) != 0);
    as(PERSON_LOGIN);
    call("agreement_sign", id, json("{'content_sha256':'%s','signatory':'" PERSON_NAME "'}", first));
    EXPECT(DIGEST_MISMATCH);
    sign_as(PERSON_LOGIN, id, PERSON_NAME);
    EXPECT_TEXT("/signatures/0/statement", "已阅读第2版全文，同意签署。");
    EXPECT_TEXT("/signatures/1", NULL);
    CHECK_TEXT(sql("SELECT count(*) FROM app.agreement_signature WHERE agreement_id = '%s' AND version_no = 1", id),
               "1");
    CHECK_TEXT(sql("SELECT count(*) FROM app.agreement_version WHERE agreement_id = '%s' AND content_sha256 ="
                   " encode(sha256(convert_to(\"text\", 'UTF8')), 'hex')",
                   id),
               "2");
}

/* The same terms once more are a new version all the same: nobody's old word comes back. */
static void the_same_terms_are_signed_anew(void)
{
    const char *id = issued(), *first = hash_of(id);
    sign_as(PERSON_LOGIN, id, PERSON_NAME);
    call("agreement_refuse", id, json("{'decision':'return','content_sha256':'%s','opinion':'再议'}", first));
    as("xiangyuan.kj");
    call("agreement_issue", id, NULL);
    EXPECT_TEXT("/version_no", "2");
    EXPECT_TEXT("/signatures", "[]");
    CHECK(strcmp(text_at("/content_sha256"), first) != 0);
}

static void a_party_refuses_for_good(void)
{
    const char *id = issued();
    as(PERSON_LOGIN);
    call("agreement_refuse", id,
         json("{'decision':'reject','content_sha256':'%s','opinion':'出国访学','signatory':'别人'}", hash_of(id)));
    EXPECT_TEXT("/status", "refused");
    CHECK_TEXT(sql("SELECT coalesce(signatory, opinion) FROM app.review WHERE subject_id = '%s'", id), "出国访学");
    EXPECT_TEXT("/allowed_steps", "[]");
    as("shi.kj");
    call("agreement_cancel", id, json("{'opinion':'x'}"));
    EXPECT(WRONG_STATE);
    as("shi.kj");
    call("agreement_refuse", id, json("{'decision':'reject','content_sha256':'%s','opinion':'x'}", hash_of(id)));
    EXPECT(FORBIDDEN);
}

/* ---- the institution's link */

static void the_institution_answers_by_its_link(void)
{
    const char *id = issued();
    as("shi.kj");
    call("link_create", NULL, json("{'kind':'agreement_signature','subject_id':'%s'}", id));
    EXPECT(OK);
    EXPECT_TEXT("/content_sha256", hash_of(id));
    const char *token = strchr(keep("/url"), '#') + 1;
    sign_as(PERSON_LOGIN, id, PERSON_NAME);
    as_link(token);
    ask("GET", "/v1/links/current", NULL);
    EXPECT_TEXT("/answers", json("['agreement_refuse','agreement_sign']"));
    EXPECT_TEXT("/document/version_no", "1");
    CHECK(strstr(text_at("/document/text"), "晋原理工大学") != NULL);
    read_paper(id);
    EXPECT(OK);
    call("agreement_get", id, NULL);
    EXPECT(FORBIDDEN);
    as_link(token);
    with("Idempotency-Key", "by-link");
    call("agreement_sign", id, json("{'content_sha256':'%s','signatory':'周主任'}", hash_of(id)));
    EXPECT_TEXT("/signatures/1/party", "institution");
    with("Idempotency-Key", "by-link");
    call("agreement_sign", id, json("{'content_sha256':'%s','signatory':'周主任'}", hash_of(id)));
    EXPECT(OK);
    CHECK_TEXT(header_of("Idempotency-Replayed"), "true");
    with("Idempotency-Key", "again");
    call("agreement_sign", id, json("{'content_sha256':'%s','signatory':'周主任'}", hash_of(id)));
    EXPECT(CAPABILITY_SPENT);
    CHECK_TEXT(sql("SELECT string_agg(state, ',') FROM app.link WHERE subject_id = '%s'", id), "answered");
    as("shi.kj");
    call("link_create", NULL, json("{'kind':'agreement_signature','subject_id':'%s'}", id));
    EXPECT_RULE("document_not_waiting");
}

static void the_institution_refuses_by_its_link(void)
{
    const char *id = issued();
    as_link(new_link("agreement_signature", id, 300));
    call("agreement_refuse", id,
         json("{'decision':'return','content_sha256':'%s','opinion':'请补充原岗位待遇'}", hash_of(id)));
    EXPECT_RULE("signatory_required");
    EXPECT_TEXT("/errors/0/pointer", "#/signatory");
    call("agreement_refuse", id,
         json("{'decision':'return','content_sha256':'%s','opinion':'请补充原岗位待遇','signatory':'周主任'}",
              hash_of(id)));
    EXPECT_TEXT("/status", "draft");
    call("agreement_refuse", id, json("{'decision':'reject','content_sha256':'%s','opinion':'x'}", SETTLED_ID));
    EXPECT(VALIDATION_FAILED);
    call("agreement_refuse", id, json("{'decision':'reject','content_sha256':'%064d','opinion':'x'}", 0));
    EXPECT(CAPABILITY_SPENT);
    as("xiangyuan.kj");
    ask("GET", json("/v1/events?subject_type=agreement&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/review/opinion", "请补充原岗位待遇");
    EXPECT_TEXT("/items/0/review/signatory", "周主任");
    EXPECT_TEXT("/items/0/role", "institution");
}

static void a_link_opens_its_own_agreement(void)
{
    const char *other = issued(), *id = issued();
    as_link(new_link("agreement_signature", id, 300));
    call("agreement_download", other, NULL);
    EXPECT(NOT_FOUND);
    call("agreement_sign", other, json("{'content_sha256':'%s','signatory':'周主任'}", hash_of(other)));
    EXPECT(NOT_FOUND);
}

/* ---- filing and ends */

static void the_talent_office_files(void)
{
    const char *id = issued();
    as("shi.rc");
    call("agreement_file", id, json("{'decision':'pass'}"));
    EXPECT(WRONG_STATE);
    id = filed();
    EXPECT_TEXT("/filed_on", "2026-10-20");
    EXPECT_TEXT("/filed_by", sql("SELECT id FROM app.account WHERE login_name = 'shi.rc'"));
    const char *no = keep("/filing_no");
    CHECK(strncmp(no, "BA-2026-", 8) == 0);
    filed();
    CHECK(strcmp(text_at("/filing_no"), no) > 0);
    id = signed_by_all();
    as("shi.kj");
    call("agreement_file", id, json("{'decision':'pass'}"));
    EXPECT(FORBIDDEN);
    as("shi.rc");
    call("agreement_file", id, json("{'decision':'return'}"));
    EXPECT_RULE("opinion_required");
    quietly("UPDATE app.specialist SET barred_until = '2026-12-31' WHERE full_name = '" PERSON_NAME "'");
    call("agreement_file", id, json("{'decision':'pass'}"));
    EXPECT_RULE("barred");
    quietly("UPDATE app.specialist SET barred_until = NULL WHERE full_name = '" PERSON_NAME "'");
    call("agreement_file", id, json("{'decision':'return','opinion':'服务次数有误'}"));
    EXPECT_TEXT("/status", "draft");
    EXPECT_TEXT("/signatures", "[]");
    EXPECT_TEXT("/filing_no", NULL);
}

/* No notice would take it, so nobody works on it any more: the bureau cancels it. */
static void a_term_that_has_begun_goes_no_further(void)
{
    static const char *const past = "UPDATE app.agreement SET start_on = '2026-10-19' WHERE id = '%s'";
    const char *draft = drafted();
    as(FIRM_LOGIN);
    call("agreement_update", draft, json("{" TERMS "}"));
    quietly(arena_print(kept, past, draft));
    as("xiangyuan.kj");
    call("agreement_issue", draft, NULL);
    EXPECT(WINDOW_CLOSED);
    EXPECT_RULE("agreement_start_passed");
    const char *signing = issued();
    quietly(arena_print(kept, past, signing));
    sign_as(PERSON_LOGIN, signing, PERSON_NAME);
    EXPECT_RULE("agreement_start_passed");
    const char *signed_one = signed_by_all();
    CHECK(!waits_for("shi.kj", signed_one));
    quietly(arena_print(kept, past, signed_one));
    as("shi.rc");
    call("agreement_file", signed_one, json("{'decision':'pass'}"));
    EXPECT_RULE("agreement_start_passed");
    EXPECT_TEXT("/errors/0/article", "9.5");
    CHECK(waits_for("shi.kj", signed_one));
    as("shi.rc");
    call("agreement_file", signed_one, json("{'decision':'return','opinion':'起始日已过'}"));
    EXPECT_TEXT("/status", "draft");
    EXPECT_TEXT("/issue_by_on", "2026-10-19");
}

/* Filed, it is the bureau's to put on a notice; too late for one, the bureau's to cancel, and the line lapses. */
static void a_filed_agreement_waits_for_the_bureau(void)
{
    const char *id = filed();
    CHECK(waits_for("shi.kj", id) && !waits_for("shi.rc", id));
    ask("GET", "/v1/todos?subject_type=agreement&due_on_before=2027-01-02&limit=200", NULL);
    CHECK(strstr(bytes_of(), id) == NULL);
    as("shi.kj");
    ask("GET", "/v1/todos?subject_type=agreement&due_on_before=2027-01-02&limit=200", NULL);
    CHECK(strstr(bytes_of(), id) != NULL);
    quietly(arena_print(kept, "UPDATE app.agreement SET start_on = '2026-10-19' WHERE id = '%s'", id));
    CHECK(waits_for("shi.kj", id));
    CHECK(strstr(bytes_of(), json("'steps':['cancel']")) != NULL);
    call("agreement_cancel", id, json("{'opinion':'起始日已过'}"));
    EXPECT_TEXT("/status", "cancelled");
    CHECK(!waits_for("shi.kj", id));
    CHECK_TEXT(
        sql("SELECT l.status FROM app.dispatch_line l JOIN app.agreement a ON a.line_id = l.id WHERE a.id = '%s'", id),
        "lapsed");
}

/* Nobody has longer to write or sign than until the term begins. */
static void time_to_sign_ends_with_the_start(void)
{
    const char *id = drafted();
    as(FIRM_LOGIN);
    call("agreement_update", id, json("{" TERMS "}"));
    quietly(arena_print(kept, "UPDATE app.agreement SET start_on = '2026-10-25' WHERE id = '%s'", id));
    as("xiangyuan.kj");
    call("agreement_issue", id, NULL);
    EXPECT_TEXT("/sign_by_on", "2026-10-25");
}

static void put_placement(const char *id, const char *status)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; INSERT INTO app.placement (id, version, created_at,"
        " updated_at, unit_id, status, placement_no, policy_id, specialist_id, enterprise_id, institution_id, "
        "demand_id,"
        " agreement_id, notice_id, start_on, end_on, service_quota) SELECT gen_random_uuid(), 1, app.now(), app.now(),"
        " unit_id, '%s', 'X-' || id, policy_id, specialist_id, enterprise_id, institution_id, demand_id, id,"
        " gen_random_uuid(), start_on, end_on, service_quota FROM app.agreement WHERE id = '%s'; COMMIT",
        status, id);
}

static void the_bureau_cancels_before_a_placement(void)
{
    const char *id = filed();
    put_placement(id, "pending");
    as("shi.kj");
    call("agreement_cancel", id, json("{'opinion':'企业停产'}"));
    EXPECT(WRONG_STATE);
    EXPECT_RULE("placement_follows");
    quietly(arena_print(kept, "DELETE FROM app.placement WHERE agreement_id = '%s'", id));
    call("agreement_cancel", id, "{}");
    EXPECT(VALIDATION_FAILED);
    call("agreement_cancel", id, json("{'opinion':'x','reason_code':'magic'}"));
    EXPECT_RULE("unknown_code");
    call("agreement_cancel", id, json("{'opinion':'企业停产'}"));
    EXPECT_TEXT("/status", "cancelled");
    as("xiangyuan.kj");
    call("agreement_cancel", id, json("{'opinion':'x'}"));
    EXPECT(FORBIDDEN);
}

static const char *status_of_agreement(const char *id)
{
    return sql("SELECT status FROM app.agreement WHERE id = '%s'", id);
}

static void it_goes_with_its_pending_placement(void)
{
    const char *id = filed();
    put_placement(id, "pending");
    system_does(arena_print(kept, "UPDATE app.placement SET status = 'cancelled' WHERE agreement_id = '%s'", id));
    CHECK_TEXT(status_of_agreement(id), "cancelled");
    quietly(arena_print(kept, "DELETE FROM app.placement WHERE agreement_id = '%s'", id));
}

static void a_bar_cancels_what_has_not_begun(void)
{
    const char *running = filed(), *signing = issued(), *draft = drafted();
    put_placement(running, "active");
    system_does(arena_print(
        kept,
        "UPDATE app.enterprise SET barred_until = '2026-10-19' WHERE id = (SELECT enterprise_id FROM app.agreement"
        " WHERE id = '%s')",
        draft));
    CHECK_TEXT(status_of_agreement(draft), "draft");
    system_does(arena_print(
        kept,
        "UPDATE app.enterprise SET barred_until = '2027-10-19' WHERE id = (SELECT enterprise_id FROM app.agreement"
        " WHERE id = '%s')",
        draft));
    CHECK_TEXT(status_of_agreement(draft), "cancelled");
    CHECK_TEXT(status_of_agreement(signing), "cancelled");
    CHECK_TEXT(status_of_agreement(running), "filed");
    system_does(
        arena_print(kept,
                    "UPDATE app.enterprise SET barred_until = NULL WHERE id = (SELECT enterprise_id FROM app.agreement"
                    " WHERE id = '%s')",
                    draft));
    const char *other = issued();
    system_does(arena_print(
        kept,
        "UPDATE app.specialist SET barred_until = '2027-10-19' WHERE id = (SELECT specialist_id FROM app.agreement"
        " WHERE id = '%s')",
        other));
    CHECK_TEXT(status_of_agreement(other), "cancelled");
    system_does(
        arena_print(kept,
                    "UPDATE app.specialist SET barred_until = NULL WHERE id = (SELECT specialist_id FROM app.agreement"
                    " WHERE id = '%s')",
                    other));
    quietly(arena_print(kept, "DELETE FROM app.placement WHERE agreement_id = '%s'", running));
}

static const char *demand_of(const char *id)
{
    return sql("SELECT demand_id FROM app.agreement WHERE id = '%s'", id);
}

/* What its demand no longer asks for is cancelled, and with it the placement that waits; what runs keeps its demand. */
static void a_withdrawn_demand_ends_what_has_not_begun(void)
{
    const char *id = filed();
    put_placement(id, "active");
    as(FIRM_LOGIN);
    call("demand_withdraw", demand_of(id), json("{'close_reason':'withdrawn','opinion':'不再需要'}"));
    EXPECT(WRONG_STATE);
    EXPECT_RULE("placement_runs");
    CHECK_TEXT(status_of_agreement(id), "filed");
    quietly(arena_print(kept, "UPDATE app.placement SET status = 'pending' WHERE agreement_id = '%s'", id));
    call("demand_withdraw", demand_of(id), json("{'close_reason':'withdrawn','opinion':'不再需要'}"));
    EXPECT_TEXT("/status", "withdrawn");
    CHECK_TEXT(status_of_agreement(id), "cancelled");
    CHECK_TEXT(sql("SELECT status || ' ' || end_reason FROM app.placement WHERE agreement_id = '%s'", id),
               "cancelled agreement_ended");
    CHECK_TEXT(
        sql("SELECT l.status FROM app.dispatch_line l JOIN app.agreement a ON a.line_id = l.id WHERE a.id = '%s'", id),
        "lapsed");
    CHECK_TEXT(
        sql("SELECT operation || ' ' || role FROM app.event WHERE subject_id = '%s' ORDER BY subject_version DESC"
            " LIMIT 1",
            id),
        "demand_withdraw system");
    quietly(arena_print(kept, "DELETE FROM app.placement WHERE agreement_id = '%s'", id));
}

static void who_leaves_the_register_signs_nothing(void)
{
    const char *id = issued(), *person = sql("SELECT specialist_id FROM app.agreement WHERE id = '%s'", id);
    as(PERSON_LOGIN);
    call("specialist_remove", person, json("{'reason':'个人原因'}"));
    EXPECT_TEXT("/status", "removed");
    CHECK_TEXT(status_of_agreement(id), "cancelled");
    quietly(arena_print(kept, "UPDATE app.specialist SET status = 'registered' WHERE id = '%s'", person));
}

static void time_ends_drafts_and_signing(void)
{
    const char *draft = drafted(), *signing = issued(), *token = new_link("agreement_signature", signing, 3000);
    sql("SELECT app.work_once('agreement_expire', 'test 1', '2026-11-19')");
    CHECK_TEXT(status_of_agreement(draft), "draft");
    CHECK_TEXT(status_of_agreement(signing), "signing");
    sql("SELECT app.work_once('agreement_expire', 'test 2', '2026-11-20')");
    CHECK_TEXT(status_of_agreement(draft), "expired");
    CHECK_TEXT(status_of_agreement(signing), "expired");
    as_link(token);
    ask("GET", "/v1/links/current", NULL);
    EXPECT(CAPABILITY_SPENT);
}

/* ---- the paper */

static void the_paper_shows_the_text(void)
{
    const char *id = drafted();
    as(FIRM_LOGIN);
    call("agreement_download", id, NULL);
    EXPECT(WRONG_STATE);
    id = signed_by_all();
    as("xiangyuan.kj");
    read_paper(id);
    EXPECT(OK);
    CHECK_TEXT(header_of("Content-Type"), "application/pdf");
    CHECK(strncmp(bytes_of(), "%PDF-", 5) == 0);
    CHECK(strstr(header_of("Content-Disposition"), "XY-2026-") != NULL);
    const char *text = paper_text(bytes_of(), size_of(), "-raw");
    static const char *const words[] = {"企业科技特派员三方服务协议",
                                        "一、派驻期限",
                                        "襄垣砺石煤基新材料有限公司",
                                        "三方签署",
                                        "甲方（派驻企业）",
                                        "签署人：李石",
                                        "账号签署",
                                        "一次性链接签署",
                                        "待备案"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) CHECK(strstr(text, words[i]) != NULL);
    CHECK(strstr(text, "备案号") == NULL);
    CHECK(strstr(text, arena_print(kept, "%.20s", hash_of(id))) != NULL);
    const char *tag = arena_print(kept, "%s", header_of("ETag"));
    with("If-None-Match", tag);
    call("agreement_download", id, NULL);
    CHECK(status_of() == 304);
    call("agreement_download", id, NULL);
    CHECK_TEXT(header_of("ETag"), tag);
}

static const char *words_of(const char *id)
{
    as("shi.kj");
    read_paper(id);
    EXPECT(OK);
    return paper_text(bytes_of(), size_of(), "-raw");
}

/* Who has the paper alone reads whether it holds; once filed, where. */
static void the_paper_says_what_it_is(void)
{
    static const char *const marks[][2] = {{"refused", "已拒绝签署"},
                                           {"cancelled", "已取消"},
                                           {"expired", "逾期未签"},
                                           {"dissolved", "已解除"},
                                           {"superseded", "已由变更协议替代"}};
    CHECK(strstr(words_of(issued()), "尚未生效") != NULL);
    const char *id = filed(), *no = keep("/filing_no"), *text = words_of(id);
    CHECK(strstr(text, "尚未生效") == NULL);
    CHECK(strstr(text, arena_print(kept, "备案号：%s", no)) != NULL &&
          strstr(text, "备案日期：2026年10月20日") != NULL);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        quietly(arena_print(kept, "UPDATE app.agreement SET status = '%s' WHERE id = '%s'", marks[i][0], id));
        text = words_of(id);
        int pages = 0, marked = 0;
        for (const char *at = text; (at = strchr(at, '\f')) != NULL; at++) pages++;
        for (const char *at = text; (at = strstr(at, marks[i][1])) != NULL; at++) marked++;
        CHECK(pages > 1 && marked == pages);
    }
}

/* ---- lists */

static void it_waits_for_whose_turn_it_is(void)
{
    const char *id = drafted();
    CHECK(waits_for("xiangyuan.kj", id) && waits_for("shi.kj", id));
    CHECK(!waits_for(FIRM_LOGIN, id) && !waits_for("shi.rc", id) && !waits_for("huguan.kj", id));
    id = issued();
    CHECK(waits_for(FIRM_LOGIN, id) && waits_for(PERSON_LOGIN, id) && waits_for("shi.kj", id));
    CHECK(!waits_for("xiangyuan.kj", id));
    sign_as(FIRM_LOGIN, id, "李石");
    CHECK(!waits_for(FIRM_LOGIN, id) && waits_for(PERSON_LOGIN, id));
    sign_by_link(id);
    CHECK(!waits_for("shi.kj", id) && !waits_for("shi.rc", id));
    sign_as(PERSON_LOGIN, id, PERSON_NAME);
    CHECK(waits_for("shi.rc", id) && !waits_for(PERSON_LOGIN, id));
}

static void a_firm_that_moves_takes_its_agreements_along(void)
{
    const char *id = drafted(), *firm = sql("SELECT enterprise_id FROM app.agreement WHERE id = '%s'", id);
    as("shi.kj");
    call("enterprise_update", firm, move_to(firm, "140427"));
    EXPECT(OK);
    as("xiangyuan.kj");
    call("agreement_get", id, NULL);
    EXPECT(NOT_FOUND);
    as("huguan.kj");
    call("agreement_get", id, NULL);
    EXPECT_TEXT("/unit_id", "140427");
    as("shi.kj");
    call("enterprise_update", firm, move_to(firm, "140423"));
    EXPECT(OK);
}

static void lists_are_filtered(void)
{
    const char *id = drafted(), *firm = sql("SELECT enterprise_id FROM app.agreement WHERE id = '%s'", id),
               *person = sql("SELECT specialist_id FROM app.agreement WHERE id = '%s'", id);
    as("shi.cz");
    CHECK_TEXT(json("%d", walk("/v1/agreements?limit=3", "-updated_at")), sql("SELECT count(*) FROM app.agreement"));
    CHECK_TEXT(json("%d", walk("/v1/agreements?limit=3&sort=id", "id")), sql("SELECT count(*) FROM app.agreement"));
    CHECK_TEXT(json("%d", walk("/v1/agreements?status=draft,signing&limit=200", NULL)),
               sql("SELECT count(*) FROM app.agreement WHERE status IN ('draft', 'signing')"));
    CHECK_TEXT(
        json("%d", walk(json("/v1/agreements?enterprise_id=%s&specialist_id=%s&unit_id=140423&limit=200", firm, person),
                        NULL)),
        sql("SELECT count(*) FROM app.agreement WHERE enterprise_id = '%s' AND specialist_id = '%s'", firm, person));
    CHECK(walk("/v1/agreements?updated_since=2039-01-01T00:00:00Z", NULL) == 0);
    as("huguan.kj");
    CHECK_TEXT(json("%d", walk("/v1/agreements?limit=200", NULL)),
               sql("SELECT count(*) FROM app.agreement WHERE unit_id = '140427'"));
}

int main(void)
{
    harness_open();
    subjects_open();
    end_placements();
    kept = arena_new();
    RUN(a_fixed_line_makes_a_draft);
    RUN(services_are_pro_rata);
    RUN(a_draft_keeps_its_policy);
    RUN(its_parties_and_offices_read_it);
    RUN(both_sides_write_in_turn);
    RUN(terms_keep_the_rules);
    RUN(issue_lists_what_is_missing);
    RUN(blanks_are_no_terms);
    RUN(terms_make_no_headings);
    RUN(issue_freezes_the_text);
    RUN(the_text_depends_on_the_terms_alone);
    RUN(both_sides_must_stand);
    RUN(a_signature_has_a_proof);
    RUN(numbers_go_on_past_four_digits);
    RUN(three_parties_sign_once_each);
    RUN(a_signature_is_about_the_text_read);
    RUN(a_retry_signs_once);
    RUN(the_bureau_enters_the_stamped_paper);
    RUN(nobody_signs_late_or_barred);
    RUN(three_parties_sign_at_once);
    RUN(a_refusal_among_signatures_voids_them);
    RUN(signatures_cannot_be_forged);
    RUN(a_change_of_text_voids_all);
    RUN(the_same_terms_are_signed_anew);
    RUN(a_party_refuses_for_good);
    RUN(the_institution_answers_by_its_link);
    RUN(the_institution_refuses_by_its_link);
    RUN(a_link_opens_its_own_agreement);
    RUN(the_talent_office_files);
    RUN(a_term_that_has_begun_goes_no_further);
    RUN(a_filed_agreement_waits_for_the_bureau);
    RUN(time_to_sign_ends_with_the_start);
    RUN(the_bureau_cancels_before_a_placement);
    RUN(it_goes_with_its_pending_placement);
    RUN(a_bar_cancels_what_has_not_begun);
    RUN(a_withdrawn_demand_ends_what_has_not_begun);
    RUN(who_leaves_the_register_signs_nothing);
    RUN(time_ends_drafts_and_signing);
    RUN(the_paper_shows_the_text);
    RUN(the_paper_says_what_it_is);
    RUN(it_waits_for_whose_turn_it_is);
    RUN(a_firm_that_moves_takes_its_agreements_along);
    RUN(lists_are_filtered);
    arena_free(kept);
    return harness_close();
}
