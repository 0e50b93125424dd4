/* Capability links: what their holder sees and may, when they end, that they are used once, and that nothing but their
 * hash is kept. */
#include "arena.h"
#include "as_role.h"
#include "harness.h"
#include "link.h"
#include "road.h"
#include "stages/register.h"
#include "subjects.h"
#include "uuid.h"

#include <pthread.h>
#include <stdlib.h>

#define KIND   "agreement_signature"
#define RACERS 16

static struct arena *kept;

#define TEXT(...) arena_print(kept, __VA_ARGS__)

static const char *fresh_subject(void)
{
    char *id = arena_take(kept, 37);
    uuid_make(id);
    return id;
}

static void read_link(void)
{
    ask("GET", "/v1/links/current", NULL);
}

static const char *state_of(const char *token)
{
    return sql("SELECT state FROM app.link WHERE token_hash = '%s'", link_hash(kept, token));
}

/* A connection without sign-in that has said which link it holds; NULL, with the state in *refused, when it may not. */
static PGconn *holder(const char *token, const char **refused)
{
    PGconn *conn = role_open(DB_PUBLIC);
    role_sql(conn, "BEGIN");
    const char *set = role_sql(conn, "SELECT app.facts('test', NULL, NULL, '%s'::bytea)", link_hash(kept, token));
    *refused = set[0] == '!' ? TEXT("%s", set) : NULL;
    if (*refused == NULL) return conn;
    PQfinish(conn);
    return NULL;
}

static void its_holder_reads_the_one_document(void)
{
    const char *subject = fresh_subject(), *token = new_link(KIND, subject, 24);
    as_link(token);
    call("link_get_current", NULL, NULL);
    EXPECT(OK);
    EXPECT_TEXT("/kind", KIND);
    EXPECT_TEXT("/subject_id", subject);
    EXPECT_TEXT("/subject_version", "1");
    EXPECT_TEXT("/content_sha256", sql("SELECT encode(sha256('content'), 'hex')"));
    EXPECT_TEXT("/document/agreement_no", "TP-2026-0001");
    CHECK_TEXT(header_of("Cache-Control"), "no-store");
}

/* The scanners of mail servers open every link; none is used up by it. */
static void reading_uses_nothing_up(void)
{
    const char *token = new_link(KIND, fresh_subject(), 24);
    as_link(token);
    for (int turn = 0; turn < 20; turn++) {
        ask(turn % 2 == 0 ? "HEAD" : "GET", "/v1/links/current", NULL);
        EXPECT(OK);
    }
    CHECK_TEXT(state_of(token), "issued");
    CHECK_TEXT(sql("SELECT used_at FROM app.link WHERE token_hash = '%s'", link_hash(kept, token)), NULL);
}

/* One character of a token turned, one more and one less, at every place: never a link, and never told as a spent one.
 */
static void an_altered_token_is_nobody(void)
{
    const char *token = new_link(KIND, fresh_subject(), 24);
    for (size_t at = 0; at < strlen(token); at++) {
        char *bent = arena_copy(kept, token, strlen(token));
        bent[at] = bent[at] == 'A' ? 'B' : 'A';
        as_link(bent);
        read_link();
        EXPECT(UNAUTHENTICATED);
        CHECK_TEXT(header_of("WWW-Authenticate"), "Bearer realm=\"tepai\"");
    }
    const char *const others[] = {"cap_", "x", TEXT("%sA", token), TEXT("%.*s", (int)strlen(token) - 1, token),
                                  TEXT("Bearer %s", token)};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        as_link(others[i]);
        read_link();
        EXPECT(UNAUTHENTICATED);
    }
}

/* Also where nobody need sign in: a caller who believes to hold a link is not served as a stranger. */
static void an_altered_token_is_refused_by_public_operations(void)
{
    as_link("cap_nothing");
    ask("GET", "/v1/calls", NULL);
    EXPECT(UNAUTHENTICATED);
    as_link(new_link(KIND, fresh_subject(), 24));
    ask("GET", "/v1/calls", NULL);
    EXPECT(OK);
}

static void beside_a_bearer_token_it_is_refused(void)
{
    const char *token = new_link(KIND, fresh_subject(), 24);
    as("shi.kj");
    with("Capability-Token", token);
    read_link();
    EXPECT(MALFORMED_REQUEST);
    EXPECT_FAULT("capability-token", "not_allowed");
}

static void spent(const char *token)
{
    as_link(token);
    read_link();
    EXPECT(CAPABILITY_SPENT);
    ask("GET", "/v1/calls", NULL);
    EXPECT(CAPABILITY_SPENT);
}

static void it_ends_by_the_programme_s_clock(void)
{
    const char *token = new_link(KIND, fresh_subject(), 24);
    as_link(token);
    sql("UPDATE app.sandbox_clock SET shift = shift + interval '23 hours'");
    read_link();
    EXPECT(OK);
    sql("UPDATE app.sandbox_clock SET shift = shift + interval '1 hour'");
    spent(token);
    sql("UPDATE app.sandbox_clock SET shift = shift - interval '24 hours'");
    read_link();
    EXPECT(OK);
}

/* The daily job only writes down what the clock has done. */
static void an_overdue_link_says_so(void)
{
    const char *late = new_link(KIND, fresh_subject(), -1), *live = new_link(KIND, fresh_subject(), 1);
    spent(late);
    CHECK_TEXT(state_of(late), "issued");
    sql("SELECT app.job_link_expire(app.today())");
    CHECK_TEXT(state_of(late), "expired");
    CHECK_TEXT(state_of(live), "issued");
    spent(late);
}

static const char *issue(const char *subject)
{
    struct new_link made = link_make(kept);
    sql("SELECT app.link_issue(NULL, '" KIND "', '%s', 2, encode(sha256('newer'), 'hex'), NULL, NULL, '%s', 14)",
        subject, made.hash);
    return strchr(made.url, '#') + 1;
}

static void a_newer_link_revokes_the_older(void)
{
    const char *subject = fresh_subject(), *older = new_link(KIND, subject, 24), *newer = issue(subject);
    spent(older);
    CHECK_TEXT(state_of(older), "revoked");
    as_link(newer);
    read_link();
    EXPECT_TEXT("/subject_version", "2");
    EXPECT_TEXT("/content_sha256", sql("SELECT encode(sha256('newer'), 'hex')"));
    sql("SELECT app.link_revoke('" KIND "', '%s')", subject);
    spent(newer);
    CHECK_TEXT(sql("SELECT count(*) FROM app.link WHERE subject_id = '%s' AND state = 'issued'", subject), "0");
}

/* Facts are the link's and nothing else's; the document is the link's own. */
static void a_link_is_good_for_its_own_document(void)
{
    const char *subject = fresh_subject(), *other = fresh_subject(), *refused;
    PGconn *conn = holder(new_link(KIND, subject, 24), &refused);
    CHECK_TEXT(role_sql(conn, "SELECT app.fact('actor')"), "institution");
    CHECK_TEXT(role_sql(conn, "SELECT app.fact('link_subject')"), subject);
    CHECK_TEXT(role_sql(conn, "SELECT app.fact('account') IS NULL AND app.fact('unit') IS NULL"), "t");
    CHECK_TEXT(role_sql(conn, "SELECT count(*) FROM app.link"), "1");
    CHECK_TEXT(role_sql(conn, "SELECT app.link_document('" KIND "', '%s') IS NULL", other), "t");
    CHECK_TEXT(role_sql(conn, "SELECT app.link_answer('" KIND "', '%s')", other), "!TP410");
    PQfinish(conn);
}

/* A token is no key on a connection of another role, and one that opens an account shows no document. */
static void other_uses_are_refused(void)
{
    const char *subject = fresh_subject(), *token = new_link(KIND, subject, 24), *hash = link_hash(kept, token);
    PGconn *conn = role_open(DB_CITY);
    CHECK_TEXT(role_sql(conn, "SELECT app.facts('test', NULL, NULL, '%s'::bytea)", hash), "!TP401");
    CHECK_TEXT(role_sql(conn, "SELECT token_hash FROM app.link"), "!42501");
    PQfinish(conn);
    spent(new_link("account_activation", subject, 24));
    conn = role_open(DB_PUBLIC);
    CHECK_TEXT(role_sql(conn, "SELECT token_hash FROM app.link"), "!42501");
    CHECK_TEXT(role_sql(conn, "SELECT app.link_take('%s'::bytea)", hash), "!42501");
    CHECK_TEXT(role_sql(conn, "SELECT app.link_issue(NULL, '" KIND "', '%s', 1, NULL, NULL, NULL, NULL, 1)", subject),
               "!42501");
    PQfinish(conn);
    for (enum db_role role = DB_CITY; role <= DB_SPECIALIST; role++) {
        conn = role_open(role);
        CHECK_TEXT(role_sql(conn, "SELECT app.link_issue(NULL, 'password_reset', '%s', 1, NULL, NULL, NULL, '%s', 1)",
                            subject, hash),
                   "!42501");
        CHECK_TEXT(role_sql(conn, "SELECT app.link_revoke('" KIND "', '%s')", subject), "!42501");
        CHECK_TEXT(role_sql(conn, "SELECT app.specialist_enter(NULL)"), "!42501");
        CHECK_TEXT(role_sql(conn, "SELECT app.link_create(NULL, '" KIND "', '%s', '%s')", subject, hash),
                   role == DB_CITY ? "!TP403" : "!42501");
        PQfinish(conn);
    }
}

/* A link to an account is taken once, and a link to a document is none of those. */
static void an_account_s_link_is_taken_once(void)
{
    const char *subject = fresh_subject(), *token = new_link("account_activation", subject, 24);
    CHECK_TEXT(sql("SELECT subject_id FROM app.link_take('%s')", link_hash(kept, token)), subject);
    CHECK_TEXT(state_of(token), "answered");
    static const char *const taken = "DO $$ BEGIN PERFORM app.link_take('%s'); RAISE 'taken'; EXCEPTION WHEN SQLSTATE"
                                     " 'TP410' THEN NULL; END $$";
    char text[300];
    snprintf(text, sizeof text, taken, link_hash(kept, token));
    sql("%s", text);
    snprintf(text, sizeof text, taken, link_hash(kept, new_link(KIND, subject, 24)));
    sql("%s", text);
}

/* An answer that was lost on the way is given again under its key, on a link that is spent since. */
static void a_spent_link_keeps_its_answers(void)
{
    const char *subject = fresh_subject(), *token = new_link(KIND, subject, 24), *hash = link_hash(kept, token), *no;
    PGconn *conn = holder(token, &no);
    role_sql(conn, "INSERT INTO app.idempotency (scope, key, fingerprint) VALUES (app.key_scope(), 'k1', 'f')");
    CHECK(role_sql(conn, "SELECT app.link_answer('" KIND "', '%s')", subject)[0] != '!');
    role_sql(conn, "COMMIT");
    role_sql(conn, "BEGIN");
    CHECK_TEXT(role_sql(conn, "SELECT app.facts('test', NULL, NULL, '%s'::bytea, 'k1')", hash), "");
    CHECK_TEXT(role_sql(conn, "SELECT count(*) FROM app.idempotency"), "1");
    CHECK_TEXT(role_sql(conn, "SELECT app.fact('link_subject') IS NULL"), "t");
    role_sql(conn, "ROLLBACK");
    CHECK_TEXT(role_sql(conn, "SELECT app.facts('test', NULL, NULL, '%s'::bytea, 'k2')", hash), "!TP410");
    PQfinish(conn);
}

static _Atomic int wins, losses;

struct race {
    PGconn *conn;
    const char *subject;
};

/* The lines of SQL are put together before the threads begin, for the test's own helpers share one buffer. */
static void *answer_once(void *given)
{
    const struct race *race = given;
    PGresult *result = PQexec(race->conn, race->subject);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (PQresultStatus(result) == PGRES_TUPLES_OK)
        wins++;
    else if (state != NULL && strcmp(state, "TP410") == 0)
        losses++;
    PQclear(result);
    PQclear(PQexec(race->conn, "COMMIT"));
    return NULL;
}

/* Sixteen who hold the same link and answer at once, each in a transaction that has seen it live. */
static void one_answer_wins(void)
{
    const char *subject = fresh_subject(), *token = new_link(KIND, subject, 24), *refused;
    struct race races[RACERS];
    pthread_t threads[RACERS];
    wins = losses = 0;
    for (int i = 0; i < RACERS; i++)
        races[i] = (struct race){holder(token, &refused), TEXT("SELECT app.link_answer('" KIND "', '%s')", subject)};
    for (int i = 0; i < RACERS; i++) pthread_create(&threads[i], NULL, answer_once, &races[i]);
    for (int i = 0; i < RACERS; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < RACERS; i++) PQfinish(races[i].conn);
    CHECK(wins == 1 && losses == RACERS - 1);
    CHECK_TEXT(state_of(token), "answered");
    spent(token);
}

/* The bureau makes the link of a document that waits; it reads it once, and the older one ends. */
static void the_bureau_makes_the_link(void)
{
    const char *subject = fresh_subject(), *older = new_link(KIND, subject, 24);
    as("shi.kj");
    call("link_create", NULL, json("{'kind':'" KIND "','subject_id':'%s'}", subject));
    EXPECT(OK);
    CHECK(status_of() == 201 && header_of("Location") == NULL);
    CHECK_TEXT(header_of("Cache-Control"), "no-store");
    EXPECT_TEXT("/subject_version", "3");
    EXPECT_TEXT("/recipient_email", "kjc01@example.org");
    CHECK_TEXT(sql("SELECT (expires_at - created_at)::text FROM app.link WHERE id = '%s'", text_at("/id")), "14 days");
    CHECK_TEXT(sql("SELECT a.login_name FROM app.link l JOIN app.account a ON a.id = l.created_by WHERE l.id = '%s'",
                   text_at("/id")),
               "shi.kj");
    const char *url = keep("/url"), *token = strchr(url, '#') + 1;
    CHECK(strncmp(url, "http://127.0.0.1:8080/answer#cap_", 33) == 0);
    spent(older);
    as_link(token);
    read_link();
    EXPECT_TEXT("/content_sha256", sql("SELECT encode(sha256('text'), 'hex')"));
    /* Not even the answer kept for a retry has it in clear. */
    CHECK_TEXT(sql("SELECT count(*) FROM app.idempotency WHERE position('%s'::bytea IN body) > 0", token), "0");
    CHECK_TEXT(sql("SELECT count(*) FROM app.event WHERE changes::text LIKE '%%cap\\_%%'"), "0");
}

static void a_link_needs_a_document_that_waits(void)
{
    as("shi.kj");
    call("link_create", NULL, json("{'kind':'" KIND "','subject_id':'" NOWHERE_ID "'}"));
    EXPECT(REFERENCE_NOT_FOUND);
    EXPECT_TEXT("/errors/0/pointer", "#/subject_id");
    call("link_create", NULL, json("{'kind':'" KIND "','subject_id':'" SETTLED_ID "'}"));
    EXPECT(WRONG_STATE);
    EXPECT_RULE("document_not_waiting");
    call("link_create", NULL, json("{'kind':'password_reset','subject_id':'%s'}", fresh_subject()));
    EXPECT(VALIDATION_FAILED);
    as("shi.rc");
    call("link_create", NULL, json("{'kind':'" KIND "','subject_id':'%s'}", fresh_subject()));
    EXPECT(FORBIDDEN);
}

/* A repeated request gives the same link again; another key makes another. */
static void a_retry_gives_the_same_link(void)
{
    const char *subject = fresh_subject(), *body = json("{'kind':'" KIND "','subject_id':'%s'}", subject),
               *first = NULL;
    as("shi.kj");
    for (int turn = 0; turn < 2; turn++) {
        with("Idempotency-Key", TEXT("link-of-%s", subject + 24));
        call("link_create", NULL, body);
        EXPECT(OK);
        if (first == NULL) first = keep("/url");
        CHECK_TEXT(text_at("/url"), first);
    }
    call("link_create", NULL, body);
    CHECK(strcmp(text_at("/url"), first) != 0);
    spent(strchr(first, '#') + 1);
}

static const char *answer_target, *answer_token, *answer_body;
static _Atomic int answered, refused_as_spent;

/* One answer over the road, as a thread of the server takes it. */
static void *answer_over_the_road(void *key)
{
    struct reply answer;
    char size[24];
    size_t length = (size_t)snprintf(size, sizeof size, "%zu", strlen(answer_body));
    struct wire w = {.method = "POST",
                     .target = answer_target,
                     .version = "HTTP/1.1",
                     .peer = "127.0.0.1",
                     .body = answer_body,
                     .body_size = strlen(answer_body),
                     .header_count = 6,
                     .headers = {{"Host", "127.0.0.1", 4, 9},
                                 {"Content-Type", "application/json", 12, 16},
                                 {"Content-Length", size, 14, length},
                                 {"If-Match", "\"2\"", 8, 3},
                                 {"Idempotency-Key", key, 15, strlen(key)},
                                 {"Capability-Token", answer_token, 16, strlen(answer_token)}}};
    road(&w, &answer);
    if (answer.status == 200) answered++;
    if (answer.status == 410) refused_as_spent++;
    free(answer.body);
    return NULL;
}

static void answer_at_once(const char *(*key_of)(int racer))
{
    pthread_t threads[RACERS];
    answered = refused_as_spent = 0;
    for (int i = 0; i < RACERS; i++) pthread_create(&threads[i], NULL, answer_over_the_road, (void *)key_of(i));
    for (int i = 0; i < RACERS; i++) pthread_join(threads[i], NULL);
}

static const char *own_key(int racer)
{
    return TEXT("answer-%d", racer);
}

/* An application that waits, and everything of its answer. */
static const char *waiting_application(void)
{
    const char *id = submit_it(draft_of(APPLICANT, ID_NO, ""));
    answer_token = new_link("application_consent", id, 24);
    answer_target = TEXT("/v1/applications/%s/consent", id);
    answer_body = json("{'decision':'pass','content_sha256':'%s','signatory':'周主任'}",
                       sql("SELECT content_sha256 FROM app.application WHERE id = '%s'", id));
    return id;
}

/* Sixteen answers with one link at once: one is taken, and the others hear that the link is spent, not that somebody
 * was faster. */
static void one_answer_is_taken(void)
{
    const char *id = waiting_application();
    answer_at_once(own_key);
    CHECK(answered == 1 && refused_as_spent == RACERS - 1);
    CHECK_TEXT(sql("SELECT status || ' ' || version FROM app.application WHERE id = '%s'", id), "city_review 3");
    CHECK_TEXT(sql("SELECT count(*) FROM app.review WHERE subject_id = '%s'", id), "1");
    CHECK_TEXT(state_of(answer_token), "answered");
    forget();
}

/* The answer was taken and its own answer lost: the same key brings it again, on the spent link; another does not. */
static void a_lost_answer_is_given_again(void)
{
    const char *id = waiting_application(), *first = NULL;
    for (int turn = 0; turn < 2; turn++) {
        as_link(answer_token);
        with("If-Match", "\"2\"");
        with("Idempotency-Key", "lost");
        ask("POST", answer_target, answer_body);
        EXPECT(OK);
        if (turn == 0) first = bytes_of();
        CHECK_TEXT(bytes_of(), first);
    }
    CHECK_TEXT(header_of("Idempotency-Replayed"), "true");
    with("If-Match", "\"2\"");
    with("Idempotency-Key", "lost");
    ask("POST", answer_target, TEXT("%s ", answer_body));
    EXPECT(IDEMPOTENCY_KEY_REUSED);
    with("If-Match", "\"2\"");
    with("Idempotency-Key", "other");
    ask("POST", answer_target, answer_body);
    EXPECT(CAPABILITY_SPENT);
    read_link();
    EXPECT(CAPABILITY_SPENT);
    CHECK_TEXT(sql("SELECT version FROM app.application WHERE id = '%s'", id), "3");
    forget();
}

/* Two links of one document made at the same moment: both are made, one lives. */
static void *issue_once(void *given)
{
    const struct race *race = given;
    PGresult *result = PQexec(race->conn, race->subject);
    if (PQresultStatus(result) == PGRES_TUPLES_OK) wins++;
    PQclear(result);
    return NULL;
}

static void one_link_lives(void)
{
    const char *subject = fresh_subject();
    struct race races[RACERS];
    pthread_t threads[RACERS];
    wins = 0;
    for (int i = 0; i < RACERS; i++)
        races[i] = (struct race){PQconnectdb(getenv("TEPAI_DATABASE_URL")),
                                 TEXT("SELECT app.link_issue(NULL, '" KIND
                                      "', '%s', 1, encode(sha256('c'), 'hex'), NULL, NULL, '%s', 14)",
                                      subject, link_make(kept).hash)};
    for (int i = 0; i < RACERS; i++) pthread_create(&threads[i], NULL, issue_once, &races[i]);
    for (int i = 0; i < RACERS; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < RACERS; i++) PQfinish(races[i].conn);
    CHECK(wins == RACERS);
    CHECK_TEXT(sql("SELECT count(*) FROM app.link WHERE subject_id = '%s' AND state = 'issued'", subject), "1");
    CHECK_TEXT(sql("SELECT count(*) FROM app.link WHERE subject_id = '%s' AND state = 'revoked'", subject), "15");
}

/* The address of the page stands before the #, which no browser sends; the token is nowhere in the database. */
static void only_the_hash_is_kept(void)
{
    struct new_link made = link_make(kept), other = link_make(kept);
    const char *token = strchr(made.url, '#') + 1;
    CHECK(strncmp(token, "cap_", 4) == 0 && strlen(token) == 68 && strcmp(made.url, other.url) != 0);
    CHECK_TEXT(link_hash(kept, token), made.hash);
    const char *issued = new_link(KIND, fresh_subject(), 24);
    CHECK_TEXT(sql("SELECT count(*) FROM app.link l WHERE to_jsonb(l)::text LIKE '%%%s%%'", issued + 4), "0");
}

int main(void)
{
    harness_open();
    subjects_open();
    kept = arena_new();
    RUN(its_holder_reads_the_one_document);
    RUN(reading_uses_nothing_up);
    RUN(an_altered_token_is_nobody);
    RUN(an_altered_token_is_refused_by_public_operations);
    RUN(beside_a_bearer_token_it_is_refused);
    RUN(it_ends_by_the_programme_s_clock);
    RUN(an_overdue_link_says_so);
    RUN(a_newer_link_revokes_the_older);
    RUN(a_link_is_good_for_its_own_document);
    RUN(other_uses_are_refused);
    RUN(an_account_s_link_is_taken_once);
    RUN(a_spent_link_keeps_its_answers);
    RUN(one_answer_wins);
    RUN(one_answer_is_taken);
    RUN(a_lost_answer_is_given_again);
    RUN(one_link_lives);
    RUN(the_bureau_makes_the_link);
    RUN(a_link_needs_a_document_that_waits);
    RUN(a_retry_gives_the_same_link);
    RUN(only_the_hash_is_kept);
    return harness_close();
}
