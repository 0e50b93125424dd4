/* Values that must never leave their place: unique names, phones, mail, passwords and tokens go through the service by
 * right and wrong doors, and are then looked for in the log, in problems, in metrics, in events, in kept answers, in
 * other readers' answers and, when TEPAI_TEST_POSTGRES_LOG names it, in PostgreSQL's own log. */
#include "arena.h"
#include "harness.h"
#include "log.h"
#include "metrics.h"
#include "subjects.h"

#include <stdlib.h>
#include <unistd.h>

#define PHONE    "13977313373"
#define PHONE_2  "13977313374"
#define PASSWORD "Canary-Vogel-9f2e1c"
#define GUESS    "Canary-Guess-77ab0d"
#define NAME     "金丝雀甲乙丙"
#define MAIL     "canary.vogel@example.org"
#define LOGIN    "canary.firm"

static struct arena *kept;
static FILE *log_file;
static struct buffer problems; /* all refusals */
static const char *access_token, *refresh_token, *firm, *demand;

#define TEXT(...) arena_print(kept, __VA_ARGS__)

/* Everything that is never to be found. */
static const char *canaries[12];
static int canary_count;

/* Refusals are kept to be searched. */
static void asked(void)
{
    if (status_of() >= 400) buffer_add_text(&problems, bytes_of());
}

static void post(const char *target, const char *body)
{
    ask("POST", target, body);
    asked();
}

static void stage_the_log(void)
{
    log_file = tmpfile();
    CHECK(log_file != NULL && dup2(fileno(log_file), STDERR_FILENO) >= 0);
    log_open(LOG_DEBUG);
}

/* Registers, signs in, and guesses wrong. */
static void people(void)
{
    as(NULL);
    const char *body = TEXT("{\"login_name\":\"" LOGIN "\",\"password\":\"" PASSWORD "\",\"display_name\":\"" NAME
                            "\",\"phone\":\"" PHONE "\",\"email\":\"" MAIL "\",\"role\":\"enterprise\"}");
    post("/v1/registrations", body);
    EXPECT(OK);
    post("/v1/registrations", body);
    EXPECT(DUPLICATE);
    post("/v1/registrations", TEXT("{\"login_name\":\"" PHONE "\",\"password\":\"" GUESS "\",\"phone\":\"" PHONE "x\","
                                   "\"email\":\"" MAIL "@x\",\"display_name\":[\"" NAME "\"]}"));
    EXPECT(VALIDATION_FAILED);
    post("/v1/sessions", TEXT("{\"login_name\":\"" LOGIN "\",\"password\":\"" GUESS "\"}"));
    EXPECT(SIGN_IN_FAILED);
    post("/v1/sessions", TEXT("{\"login_name\":\"" GUESS "\",\"password\":\"" GUESS "\"}"));
    EXPECT(SIGN_IN_FAILED);
    post("/v1/sessions", TEXT("{\"login_name\":\"" LOGIN "\",\"password\":\"" PASSWORD "\"}"));
    EXPECT(OK);
    access_token = keep("/access_token");
    refresh_token = keep("/refresh_token");
}

static const char *contact(void)
{
    return "\"contact_name\":\"" NAME "\",\"contact_phone\":\"" PHONE "\",\"contact_email\":\"" MAIL "\"";
}

static void records(void)
{
    as_token(access_token);
    call("enterprise_create", NULL,
         TEXT("{\"unit_id\":\"%s\",\"uscc\":\"%s\",\"name\":\"试验企业\",\"is_legal_person\":true,\"legal_"
              "representative\":\"" NAME "\",%s}",
              unit_here(), fresh_uscc(), contact()));
    EXPECT(OK);
    firm = keep("/id");
    CHECK_TEXT(text_at("/contact_phone_masked"), "139****3373");
    call("enterprise_update", firm, "{\"contact_phone\":\"" PHONE_2 "\"}");
    EXPECT(OK);
    call("demand_create", NULL,
         TEXT("{\"enterprise_id\":\"%s\",\"kind\":\"talent\",\"title\":\"试验需求\",\"contact_name\":\"" NAME
              "\",\"contact_phone\":\"" PHONE "\"}",
              firm));
    EXPECT(OK);
    demand = keep("/id");
    call("demand_update", demand, "{\"contact_phone\":\"" PHONE_2 "\"}");
    EXPECT(OK);
    call("disclosure_create", NULL,
         TEXT("{\"subject_type\":\"demand\",\"subject_id\":\"%s\",\"fields\":[\"contact_phone\"],"
              "\"purpose\":\"致电" NAME "\"}",
              demand));
    CHECK_TEXT(text_at("/values/contact_phone"), PHONE_2);
}

/* Values in the wrong places: members, parameters, path, headers, broken JSON, and what the database refuses. Names
 * that the contract does not know are no values: they are told, for their sender has to find them. */
static void wrong_doors(void)
{
    as_token(access_token);
    call("demand_update", demand, "{\"contact_phone\":\"" PHONE_2 "9\",\"kind\":\"" PHONE "\"}");
    asked();
    call("demand_update", demand, "{\"contact_phone\":\"" PHONE "\",\"title\":\"" NAME);
    asked();
    call("enterprise_update", firm, "{\"uscc\":\"" PHONE "\"}");
    asked();
    call("enterprise_update", firm, "{\"industry_code\":\"Q\",\"is_above_scale\":true,\"contact_name\":\"" NAME "\"}");
    asked();
    ask("GET", "/v1/demands?status=" PHONE, NULL);
    asked();
    ask("GET", "/v1/demands?q=" PHONE "&sort=id", NULL);
    asked();
    ask("GET", "/v1/demands/" PHONE, NULL);
    asked();
    ask("GET", "/v1/" PHONE, NULL);
    asked();
    ask("GET", "/v1/demands?cursor=" PHONE, NULL);
    asked();
    with("If-Match", PHONE);
    with("Idempotency-Key", PHONE " " PHONE);
    ask("PATCH", TEXT("/v1/demands/%s", demand), "{}");
    asked();
    with("Authorization", TEXT("Bearer %s", GUESS));
    ask("GET", "/v1/me", NULL);
    asked();
    with("Content-Type", PHONE);
    ask("POST", "/v1/demands", "{}");
    asked();
    post("/v1/sessions/refreshes", TEXT("{\"refresh_token\":\"%sx\"}", refresh_token));
    EXPECT(SESSION_ENDED);
    CHECK(problems.size > 3000);
}

static void collect(void)
{
    static const char *const fixed[] = {PHONE, PHONE_2, PASSWORD, GUESS, NAME, MAIL};
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) canaries[canary_count++] = fixed[i];
    canaries[canary_count++] = access_token;
    canaries[canary_count++] = refresh_token;
    canaries[canary_count++] = strrchr(access_token, '.') + 1;
    canaries[canary_count++] = "Tepai-Demo-2026";
}

static void search(const char *text, const char *where)
{
    for (int i = 0; i < canary_count; i++) check_note(strstr(text, canaries[i]) == NULL, where, 0, canaries[i]);
}

static char *whole_file(FILE *f)
{
    char *text = NULL;
    size_t size = 0, got;
    rewind(f);
    do {
        text = realloc(text, size + 65537);
        got = fread(text + size, 1, 65536, f);
        size += got;
    } while (got > 0);
    text[size] = '\0';
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '\0') text[i] = ' ';
    }
    return text;
}

/* The log tells of these requests and of none of their values; each of its lines is one JSON object. */
static void log_is_clean(void)
{
    fflush(stderr);
    char *text = whole_file(log_file), *rest = text, *line;
    int lines = 0;
    search(text, "log");
    CHECK(strstr(text, "enterprise_create") != NULL && strstr(text, "validation_failed") != NULL);
    while ((line = strsep(&rest, "\n")) != NULL) {
        if (line[0] == '\0') continue;
        json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        check_note(json_is_object(object), "log", 0, line);
        json_decref(object);
        lines++;
    }
    CHECK(lines >= 20);
    free(text);
}

static void problems_are_clean(void)
{
    buffer_add(&problems, "", 1);
    search(problems.bytes, "problems");
}

static void metrics_are_clean(void)
{
    struct buffer out = {0};
    metrics_write(&out);
    buffer_add(&out, "", 1);
    CHECK(strstr(out.bytes, "http_server_request_duration_seconds") != NULL);
    search(out.bytes, "metrics");
    buffer_free(&out);
}

/* Values in a table as text; bytes are looked for as they are and not as PostgreSQL shows them. */
static void table_is_without(const char *table, const char *canary)
{
    const char *hits = sql("SELECT count(*) FROM %s t WHERE position('%s' IN t::text) > 0 OR"
                           " position(encode(convert_to('%s', 'UTF8'), 'hex') IN t::text) > 0",
                           table, canary, canary);
    check_note(strcmp(hits, "0") == 0, table, 0, canary);
}

/* Names and mail stand in their own rows; nothing else stands anywhere, and events and kept answers have neither. */
static void tables_are_clean(void)
{
    char list[2000];
    snprintf(list, sizeof list, "%s",
             sql("SELECT string_agg(oid::regclass::text, ',') FROM pg_class WHERE relkind = 'r'"
                 " AND relnamespace = 'app'::regnamespace"));
    for (char *rest = list, *table; (table = strsep(&rest, ",")) != NULL;) {
        bool own_row = strcmp(table, "app.account") == 0 || strcmp(table, "app.enterprise") == 0 ||
                       strcmp(table, "app.demand") == 0 || strcmp(table, "app.disclosure") == 0;
        for (int i = 0; i < canary_count; i++) {
            bool plain = strcmp(canaries[i], NAME) == 0 || strcmp(canaries[i], MAIL) == 0;
            if (!own_row || !plain) table_is_without(table, canaries[i]);
        }
    }
    CHECK_TEXT(sql("SELECT count(*) > 0 FROM app.idempotency WHERE body IS NOT NULL"), "t");
}

/* Those who may not see a contact do not get it in any form, the masked one included. */
static void others_do_not_get_it(void)
{
    sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true)) UPDATE"
        " app.enterprise SET status = 'active', shown = true FROM quiet WHERE id = '%s'",
        firm);
    sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true)) UPDATE"
        " app.demand SET status = 'open', shown = true FROM quiet WHERE id = '%s'",
        demand);
    as(login_of(SPECIALIST));
    const struct {
        const char *operation, *id;
    } reads[] = {{"enterprise_get", firm}, {"demand_get", demand}, {"enterprise_list", NULL}, {"demand_list", NULL}};
    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++) {
        call(reads[i].operation, reads[i].id, NULL);
        EXPECT(OK);
        search(bytes_of(), reads[i].operation);
        check_note(strstr(bytes_of(), "139****337") == NULL, reads[i].operation, 0, "masked phone");
    }
    as_token(access_token);
    ask("GET", TEXT("/v1/events?subject_type=enterprise&subject_id=%s", firm), NULL);
    EXPECT(OK);
    search(bytes_of(), "event_list");
    CHECK(strstr(bytes_of(), "\"contact_phone\":{}") != NULL || strstr(bytes_of(), "\"contact_phone\": {}") != NULL);
}

static void postgres_log_is_clean(void)
{
    const char *path = getenv("TEPAI_TEST_POSTGRES_LOG");
    FILE *f = path == NULL ? NULL : fopen(path, "r");
    CHECK(path == NULL || f != NULL);
    if (f == NULL) return;
    char *text = whole_file(f);
    search(text, "PostgreSQL's log");
    free(text);
    fclose(f);
}

int main(void)
{
    harness_open();
    subjects_open();
    kept = arena_new();
    RUN(stage_the_log);
    RUN(people);
    RUN(records);
    RUN(wrong_doors);
    RUN(collect);
    RUN(log_is_clean);
    RUN(problems_are_clean);
    RUN(metrics_are_clean);
    RUN(tables_are_clean);
    RUN(others_do_not_get_it);
    RUN(postgres_log_is_clean);
    buffer_free(&problems);
    return harness_close();
}
