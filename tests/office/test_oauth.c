/* County systems: what proves one, what its token may do, and that nothing outlives the row it stands on. */
#include "as_role.h"
#include "clock.h"
#include "forge.h"
#include "harness.h"
#include "subjects.h"

#include <stdlib.h>

#define DEMO        "0197f0d0-0423-7000-8000-c11e00000001" /* of 襄垣县, 140423 */
#define DEMO_SECRET "cs_Tepai-Demo-2026_county-system-of-Xiangyuan0"
#define SECOND      "cs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define TOKEN       "/v1/oauth/token"
#define REVOCATION  "/v1/oauth/revocation"
#define GRANT       "grant_type=client_credentials"

static const char *basic(const char *id, const char *secret)
{
    char pair[200], text[300];
    snprintf(pair, sizeof pair, "%s:%s", id, secret);
    sodium_bin2base64(text, sizeof text, (const unsigned char *)pair, strlen(pair), sodium_base64_VARIANT_ORIGINAL);
    return json("Basic %s", text);
}

static void post(const char *target, const char *secret, const char *form)
{
    as(NULL);
    with("Authorization", basic(DEMO, secret));
    ask("POST", target, form);
}

static void expect_error(const char *want, int status, const char *place, int line)
{
    bool good = status_of() == status && text_at("/error") != NULL && strcmp(text_at("/error"), want) == 0;
    check_note(good, place, line, want);
    if (!good) printf("    got %d %s\n", status_of(), bytes_of());
}

#define EXPECT_ERROR(want, status) expect_error((want), (status), __FILE__, __LINE__)

/* Failed tries slow down those after them; most tests here are not about that. */
static void forget_tries(void)
{
    sql("DELETE FROM app.sign_in_attempt");
}

static const char *fresh_token_for(const char *scope)
{
    post(TOKEN, DEMO_SECRET, scope == NULL ? GRANT : json(GRANT "&scope=%s", scope));
    EXPECT(OK);
    return keep("/access_token");
}

/* A change of the row beside the road and its triggers. */
static void set(const char *members)
{
    sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " UPDATE app.client SET %s FROM quiet WHERE id = '" DEMO "'",
        members);
}

static void metadata_tells_the_way(void)
{
    as(NULL);
    call("oauth_get_metadata", NULL, NULL);
    EXPECT(OK);
    EXPECT_TEXT("/issuer", config_text(SETTING_PUBLIC_URL));
    static const char *const endpoints[][2] = {
        {"/token_endpoint", "POST"}, {"/revocation_endpoint", "POST"}, {"/jwks_uri", "GET"}};
    for (size_t i = 0; i < 3; i++) {
        const char *url = text_at(endpoints[i][0]), *issuer = config_text(SETTING_PUBLIC_URL);
        bool begins = url != NULL && strncmp(url, issuer, strlen(issuer)) == 0;
        const char *path = begins ? url + strlen(issuer) : "";
        check_note(router_find(contract_router(), endpoints[i][1], path, strlen(path)).op != NULL, endpoints[i][0], 0,
                   "is an operation");
    }
    const json_t *scopes = json_object_get(body_of(), "scopes_supported");
    CHECK(json_array_size(scopes) >= 10);
    for (size_t i = 0; i < json_array_size(scopes); i++)
        CHECK_TEXT(json_string_value(json_array_get(scopes, i)), contract_scope((int)i));
    EXPECT_TEXT("/token_endpoint_auth_methods_supported", "[\"private_key_jwt\",\"client_secret_basic\"]");
}

static void a_secret_brings_a_token(void)
{
    post(TOKEN, DEMO_SECRET, GRANT "&scope=demand%3Aread+enterprise%3Aread");
    EXPECT(OK);
    EXPECT_TEXT("/token_type", "Bearer");
    EXPECT_TEXT("/expires_in", "600");
    EXPECT_TEXT("/scope", "demand:read enterprise:read");
    CHECK_TEXT(header_of("Cache-Control"), "no-store");
    CHECK_TEXT(header_of("Pragma"), "no-cache");
    CHECK(text_at("/refresh_token") == NULL);
    as_token(keep("/access_token"));
    ask("GET", "/v1/demands?limit=200", NULL);
    EXPECT(OK);
    const json_t *items = json_object_get(body_of(), "items"), *item;
    size_t i;
    CHECK(json_array_size(items) > 0);
    json_array_foreach (items, i, item) CHECK_TEXT(json_string_value(json_object_get(item, "unit_id")), "140423");
    call("demand_get", sql("SELECT id FROM app.demand WHERE unit_id <> '140423' AND shown LIMIT 1"), NULL);
    EXPECT(NOT_FOUND);
}

static void all_its_scopes_unless_it_names_some(void)
{
    fresh_token_for(NULL);
    CHECK_TEXT(text_at("/scope"), sql("SELECT array_to_string(scopes, ' ') FROM app.client WHERE id = '" DEMO "'"));
    post(TOKEN, DEMO_SECRET, GRANT "&scope=");
    EXPECT(OK);
    CHECK(strlen(text_at("/scope")) > 20);
}

static void an_assertion_brings_a_token_once(void)
{
    bool refers;
    const struct op *op = contract_op("oauth_issue_token");
    const char *form = body_for(op, NOBODY, OWN, &refers);
    as(NULL);
    call("oauth_issue_token", NULL, form);
    EXPECT(OK);
    as_token(keep("/access_token"));
    ask("GET", "/v1/demands", NULL);
    EXPECT(OK);
    as(NULL);
    call("oauth_issue_token", NULL, form);
    EXPECT_ERROR("invalid_client", 401);
    call("oauth_issue_token", NULL, body_for(op, NOBODY, OWN, &refers));
    EXPECT(OK);
    CHECK(atoi(sql("SELECT count(*) FROM app.client_assertion WHERE client_id = '%s'", machine_id())) == 2);
    forget_tries();
}

/* Only what the client was given, and only what the token says. */
static void scopes_are_not_widened(void)
{
    static const char *const wider[] = {"account:write",
                                        "demand:read+account:read",
                                        "demand:reads",
                                        "demand",
                                        "demand:read++event:read",
                                        "admin",
                                        "DEMAND:READ",
                                        "+demand:read",
                                        "demand:read%00"};
    for (size_t i = 0; i < sizeof wider / sizeof wider[0]; i++) {
        post(TOKEN, DEMO_SECRET, json(GRANT "&scope=%s", wider[i]));
        check_note(status_of() == 400, wider[i], 0, "is not granted");
    }
    post(TOKEN, DEMO_SECRET, GRANT "&scope=account:write");
    EXPECT_ERROR("invalid_scope", 400);
    const char *narrow = fresh_token_for("demand:read");
    as_token(narrow);
    ask("GET", "/v1/enterprises", NULL);
    EXPECT(INSUFFICIENT_SCOPE);
    CHECK_TEXT(header_of("WWW-Authenticate"),
               "Bearer realm=\"tepai\", error=\"insufficient_scope\", scope=\"enterprise:read\"");
    ask("POST", "/v1/demands", "{}");
    EXPECT(INSUFFICIENT_SCOPE);
    ask("GET", "/v1/calls", NULL); /* drafts of the unit are shown there */
    EXPECT(INSUFFICIENT_SCOPE);
    ask("GET", "/v1/units", NULL);
    EXPECT(OK);
}

/* What has no scope is closed: deciding, signing, unmasking, accounts. */
static void decisions_are_closed(void)
{
    static const char *const closed[] = {"demand_first_review", "enterprise_confirm", "disclosure_create",
                                         "account_list",        "account_get_me",     "session_end",
                                         "call_create",         "call_publish"};
    as_token(fresh_token_for(NULL));
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++) {
        call(closed[i], NOWHERE_ID, contract_op(closed[i])->content_type == NULL ? NULL : "{}");
        EXPECT(FORBIDDEN);
        CHECK(!contract_op(closed[i])->has_scopes);
    }
}

/* A row that narrows, ends or moves is felt by the next request, whatever the token says. */
static void a_change_of_the_row_is_felt_at_once(void)
{
    const char *token = fresh_token_for(NULL);
    as_token(token);
    ask("GET", "/v1/demands", NULL);
    EXPECT(OK);
    set("scopes = '{enterprise:read}'");
    ask("GET", "/v1/demands", NULL);
    EXPECT(INSUFFICIENT_SCOPE);
    ask("GET", "/v1/enterprises", NULL);
    EXPECT(OK);
    set("scopes = '{demand:read,enterprise:read}'");
    static const char *const ends[][2] = {
        {"status = 'closed'", "status = 'active'"},
        {"status = 'requested'", "status = 'active'"},
        {"expires_on = (now() AT TIME ZONE 'Asia/Shanghai')::date - 1",
         "expires_on = (now() AT TIME ZONE 'Asia/Shanghai')::date"},
        {"allowed_networks = '{10.0.0.0/8,2001:db8::/32}'", "allowed_networks = '{10.0.0.0/8,127.0.0.0/8}'"},
    };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        set(ends[i][0]);
        as_token(token);
        ask("GET", "/v1/demands", NULL);
        EXPECT(SESSION_ENDED);
        post(TOKEN, DEMO_SECRET, GRANT);
        EXPECT_ERROR("invalid_client", 401);
        set(ends[i][1]);
        as_token(token);
        ask("GET", "/v1/demands", NULL);
        EXPECT(OK);
        post(TOKEN, DEMO_SECRET, GRANT);
        EXPECT(OK);
        forget_tries();
    }
}

/* Two at a time, so that one can take over from the other; each has its own end. */
static void two_secrets_live_at_a_time(void)
{
    post(TOKEN, SECOND, GRANT);
    EXPECT_ERROR("invalid_client", 401);
    sql("INSERT INTO app.client_secret VALUES ('" DEMO "', 2, sha256('" SECOND "'), now(), now() + interval '1 day')");
    post(TOKEN, SECOND, GRANT);
    EXPECT(OK);
    post(TOKEN, DEMO_SECRET, GRANT);
    EXPECT(OK);
    sql("UPDATE app.client_secret SET ends_at = now() - interval '1 second' WHERE client_id = '" DEMO "' AND slot = 2");
    post(TOKEN, SECOND, GRANT);
    EXPECT_ERROR("invalid_client", 401);
    post(TOKEN, DEMO_SECRET, GRANT);
    EXPECT(OK);
    forget_tries();
}

/* The database holds to it by itself. */
static void rows_that_may_not_be(void)
{
    static const char *const wrong[] = {
        "INSERT INTO app.client_secret VALUES ('" DEMO "', 3, sha256('x'), now(), now() + interval '1 day')",
        "INSERT INTO app.client_secret VALUES ('" DEMO "', 2, sha256('x'), now(), now() + interval '2 years')",
        "INSERT INTO app.client_secret VALUES ('" DEMO "', 2, 'cs_in clear', now(), now() + interval '1 day')",
        "UPDATE app.client SET scopes = '{}' WHERE id = '" DEMO "'",
        "UPDATE app.client SET scopes = '{demand:sign}' WHERE id = '" DEMO "'",
        "UPDATE app.client SET scopes = ARRAY['demand:read', NULL] WHERE id = '" DEMO "'",
        "UPDATE app.client SET office = 'finance' WHERE id = '" DEMO "'",
        "UPDATE app.client SET jwks = '{\"keys\": [{\"kid\": \"a\"}]}' WHERE id = '" DEMO "'",
        "UPDATE app.client SET jwks = '[]' WHERE id = '" DEMO "'",
        "UPDATE app.client SET jwks = (SELECT jsonb_set(jwks, '{keys}', (jwks -> 'keys') || (jwks -> 'keys')) FROM"
        " app.client WHERE jwks <> '{\"keys\": []}' LIMIT 1) WHERE id = '" DEMO "'", /* the same kid twice */
        "UPDATE app.client SET jwks = (SELECT jsonb_set(jwks, '{keys,0,d}', '\"private\"') FROM app.client WHERE jwks "
        "<>"
        " '{\"keys\": []}' LIMIT 1) WHERE id = '" DEMO "'",
        "UPDATE app.client SET status = 'rejected' WHERE id = '" DEMO "'",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const char *refused = sql("WITH x AS (SELECT 1) SELECT pg_temp.refused($q$%s$q$)", wrong[i]);
        check_note(refused != NULL && strcmp(refused, "t") == 0, "rows_that_may_not_be", (int)i, wrong[i]);
    }
}

/* A form is read once and strictly; what OAuth says to ignore is ignored. */
static void forms(void)
{
    static const struct {
        const char *form, *error; /* NULL: good */
    } sent[] = {
        {GRANT "&unheard_of=1", NULL},
        {GRANT "&client_id=" DEMO, NULL},
        {GRANT "&resource=", NULL},
        {"grant%5Ftype=client%5fcredentials", NULL},
        {GRANT "&" GRANT, "invalid_request"},
        {GRANT "&scope=demand:read&scope=event:read", "invalid_request"},
        {GRANT "&scope=&scope=event:read", "invalid_request"},
        {GRANT "&%73cope=event:read&scope=event:read", "invalid_request"},
        {GRANT "&x=%00", "invalid_request"},
        {GRANT "&x=%FF", "invalid_request"},
        {GRANT "&x=%zz", "invalid_request"},
        {GRANT "&x=%2", "invalid_request"},
        {GRANT "&=1", "invalid_request"},
        {GRANT "&", "invalid_request"},
        {"&" GRANT, "invalid_request"},
        {"grant_type", "invalid_request"},
        {"grant_type=", "invalid_request"},
        {"scope=demand:read", "invalid_request"},
        {"{\"grant_type\":\"client_credentials\"}", "invalid_request"},
        {"grant_type=password&username=a&password=b", "unsupported_grant_type"},
        {"grant_type=authorization_code&code=x", "unsupported_grant_type"},
        {"grant_type=refresh_token&refresh_token=x", "unsupported_grant_type"},
        {"grant_type=Client_Credentials", "unsupported_grant_type"},
        {GRANT "&client_assertion=a.b.c", "invalid_request"},
        {GRANT "&client_assertion_type=x", "invalid_request"},
        {GRANT "&client_assertion_type=x&client_assertion=a.b.c", "invalid_request"}, /* two proofs */
    };
    for (size_t i = 0; i < sizeof sent / sizeof sent[0]; i++) {
        post(TOKEN, DEMO_SECRET, sent[i].form);
        if (sent[i].error == NULL)
            EXPECT(OK);
        else
            expect_error(sent[i].error, 400, sent[i].form, (int)i);
    }
    char many[2000] = GRANT;
    for (int i = 0; i < 40; i++) snprintf(many + strlen(many), sizeof many - strlen(many), "&x%d=1", i);
    post(TOKEN, DEMO_SECRET, many);
    EXPECT_ERROR("invalid_request", 400);
    post(TOKEN, DEMO_SECRET, GRANT "&scope=demand:read&scope=event:read");
    EXPECT_TEXT("/error_description", "#/scope: should have no repeated items");
}

static void what_proves_nothing(void)
{
    bool refers;
    const char *form = body_for(contract_op("oauth_issue_token"), NOBODY, OWN, &refers);
    const char *const headers[] = {
        basic(DEMO, SECOND),
        basic(NOWHERE_ID, DEMO_SECRET),
        basic(machine_id(), DEMO_SECRET),
        basic("huguan.kj", "x"),
        "Basic",
        "Basic !!!",
        "Bearer x.y.z",
        "Digest x",
        basic(DEMO, "cs_short"),
        json("Bearer %s", token_of("huguan.kj")),
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        as(NULL);
        with("Authorization", headers[i]);
        ask("POST", TOKEN, GRANT);
        expect_error("invalid_client", 401, headers[i], (int)i);
        CHECK_TEXT(header_of("WWW-Authenticate"), "Basic realm=\"tepai\"");
        forget_tries();
    }
    as(NULL);
    ask("POST", TOKEN, GRANT);
    EXPECT_ERROR("invalid_client", 401);
    ask("POST", TOKEN, GRANT "&client_id=" DEMO "&client_secret=" DEMO_SECRET); /* never in the body */
    EXPECT_ERROR("invalid_client", 401);
    ask("POST", TOKEN, json("%s&client_id=" DEMO, form));
    EXPECT_ERROR("invalid_client", 401);
    ask("POST", TOKEN,
        GRANT "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Asaml2-bearer"
              "&client_assertion=a.b.c");
    EXPECT_ERROR("invalid_client", 401);
    ask("POST", TOKEN, json("%sA", form)); /* its last character */
    EXPECT_ERROR("invalid_client", 401);
    post(TOKEN, DEMO_SECRET, GRANT "&client_id=" NOWHERE_ID);
    EXPECT_ERROR("invalid_client", 401);
    post(TOKEN, DEMO_SECRET, form);
    EXPECT_ERROR("invalid_request", 400);
    forget_tries();
}

static void only_forms_are_read(void)
{
    with("Content-Type", "application/json");
    post(TOKEN, DEMO_SECRET, "{\"grant_type\":\"client_credentials\"}");
    EXPECT_ERROR("invalid_request", 415);
    CHECK_TEXT(header_of("Accept-Post"), "application/x-www-form-urlencoded");
    with("Content-Type", "multipart/form-data; boundary=x");
    post(REVOCATION, DEMO_SECRET, "token=x");
    EXPECT_ERROR("invalid_request", 415);
}

/* Given back on one server, refused on all: the next request asks the database. */
static void a_token_given_back_is_refused_at_once(void)
{
    const char *one = fresh_token_for(NULL), *other = fresh_token_for(NULL);
    as_token(one);
    ask("GET", "/v1/demands", NULL);
    EXPECT(OK);
    post(REVOCATION, DEMO_SECRET, json("token=%s&token_type_hint=access_token", one));
    EXPECT(OK);
    CHECK_TEXT(bytes_of(), "{}");
    as_token(one);
    ask("GET", "/v1/demands", NULL);
    EXPECT(SESSION_ENDED);
    as_token(other);
    ask("GET", "/v1/demands", NULL);
    EXPECT(OK);
    post(REVOCATION, DEMO_SECRET, json("token=%s", one));
    EXPECT(OK);
    static const char *const none[] = {"x", "a.b.c", "rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    for (size_t i = 0; i < 3; i++) {
        post(REVOCATION, DEMO_SECRET, json("token=%s", none[i]));
        EXPECT(OK);
    }
}

static void nobody_gives_back_what_is_another_s(void)
{
    const char *others = machine_token(NULL);
    post(REVOCATION, DEMO_SECRET, json("token=%s", others));
    EXPECT_ERROR("invalid_grant", 400);
    as_token(others);
    ask("GET", "/v1/demands", NULL);
    EXPECT(OK);
    post(REVOCATION, DEMO_SECRET, json("token=%s", token_of("huguan.kj")));
    EXPECT_ERROR("invalid_grant", 400);
    as("huguan.kj");
    ask("GET", "/v1/me", NULL);
    EXPECT(OK);
    as(NULL);
    call("oauth_revoke_token", NULL, json("token=%s", others));
    EXPECT_ERROR("invalid_client", 401);
    post(REVOCATION, DEMO_SECRET, "token=");
    EXPECT_ERROR("invalid_request", 400);
}

/* What a machine does stands under its name, in its unit, and once. */
static void its_work_is_recorded(void)
{
    as_caller(MACHINE);
    const char *body = json("{'unit_id':'%s','uscc':'%s','name':'机器登记企业','is_legal_person':true,'entered_for':"
                            "{'side':'enterprise','reason':'paper form'}}",
                            unit_here(), fresh_uscc());
    with("Idempotency-Key", "machine-1");
    ask("POST", "/v1/enterprises", body);
    EXPECT(OK);
    EXPECT_TEXT("/unit_id", unit_here());
    CHECK(text_at("/created_by") == NULL);
    const char *id = keep("/id");
    CHECK_TEXT(
        sql("SELECT concat_ws(' ', operation, role, office, client, account) FROM app.event WHERE subject_id = '%s'",
            id),
        json("enterprise_create county st %s", machine_id()));
    with("Idempotency-Key", "machine-1");
    ask("POST", "/v1/enterprises", body);
    EXPECT(OK);
    CHECK_TEXT(header_of("Idempotency-Replayed"), "true");
    CHECK_TEXT(text_at("/id"), id);
    ask("GET", json("/v1/events?subject_type=enterprise&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/client", machine_id());
    CHECK(text_at("/items/0/account") == NULL);
    call("enterprise_update", id, "{\"main_business\":\"铸造\"}");
    EXPECT(OK);
    ask("GET", "/v1/todos", NULL);
    EXPECT(OK);
    as_token(fresh_token_for(NULL));
    call("enterprise_get", id, NULL);
    EXPECT(strcmp(unit_here(), "140423") == 0 ? OK : NOT_FOUND);
}

/* Five failures of a client from one network, and each try after them waits; the right secret too, for it is not looked
 * at. A success in time forgets them. */
static void guessing_is_slowed_down(void)
{
    forget_tries();
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 4; i++) {
            post(TOKEN, SECOND, GRANT);
            EXPECT_ERROR("invalid_client", 401);
        }
        post(TOKEN, DEMO_SECRET, GRANT);
        EXPECT(OK);
    }
    for (int i = 0; i < 5; i++) {
        post(TOKEN, SECOND, GRANT);
        EXPECT_ERROR("invalid_client", 401);
    }
    post(TOKEN, DEMO_SECRET, GRANT);
    EXPECT_ERROR("temporarily_unavailable", 429);
    CHECK(header_of("Retry-After") != NULL && atoi(header_of("Retry-After")) >= 1);
    CHECK_TEXT(sql("SELECT count(*) FROM app.sign_in_attempt WHERE encode(key, 'escape') LIKE '%%" DEMO "%%'"), "0");
    forget_tries();
    post(TOKEN, DEMO_SECRET, GRANT);
    EXPECT(OK);
}

/* The row says so when its last day is over, and what has ended by itself is thrown away. */
static void jobs_clear_up(void)
{
    PGconn *worker = role_open(DB_WORKER);
    sql("INSERT INTO app.client_assertion VALUES ('" DEMO "', 'old', now() - interval '1 minute')");
    sql("INSERT INTO app.client_token VALUES (gen_random_uuid(), '" DEMO "', now() - interval '1 minute')");
    const char *kept_jti = sql("SELECT count(*) FROM app.client_assertion WHERE ends_at > now()");
    CHECK(atoi(kept_jti) > 0);
    CHECK(atoi(role_sql(worker, "SELECT app.work_once('house_sweep', '2026-10-20T11', '2026-10-20')")) >= 2);
    CHECK_TEXT(sql("SELECT count(*) FROM app.client_assertion"), kept_jti);
    CHECK_TEXT(sql("SELECT count(*) FROM app.client_token WHERE ends_at < now()"), "0");
    set("expires_on = (now() AT TIME ZONE 'Asia/Shanghai')::date");
    CHECK_TEXT(role_sql(worker, "SELECT app.work_once('client_close', '2026-10-20', '2026-10-20')"), "0");
    set("expires_on = (now() AT TIME ZONE 'Asia/Shanghai')::date - 1");
    CHECK_TEXT(role_sql(worker, "SELECT app.work_once('client_close', '2026-10-21', '2026-10-21')"), "1");
    CHECK_TEXT(sql("SELECT status FROM app.client WHERE id = '" DEMO "'"), "closed");
    CHECK_TEXT(
        sql("SELECT operation || ' ' || role FROM app.event WHERE subject_id = '" DEMO "' ORDER BY seq DESC LIMIT 1"),
        "client_close system");
    PQfinish(worker);
}

int main(void)
{
    harness_open();
    subjects_open();
    sql("CREATE FUNCTION pg_temp.refused(statement text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN EXECUTE "
        "statement;"
        " RAISE EXCEPTION 'it was taken'; EXCEPTION WHEN OTHERS THEN RETURN SQLERRM <> 'it was taken'; END $$");
    RUN(metadata_tells_the_way);
    RUN(a_secret_brings_a_token);
    RUN(all_its_scopes_unless_it_names_some);
    RUN(an_assertion_brings_a_token_once);
    RUN(scopes_are_not_widened);
    RUN(decisions_are_closed);
    RUN(a_change_of_the_row_is_felt_at_once);
    RUN(two_secrets_live_at_a_time);
    RUN(rows_that_may_not_be);
    RUN(forms);
    RUN(what_proves_nothing);
    RUN(only_forms_are_read);
    RUN(a_token_given_back_is_refused_at_once);
    RUN(nobody_gives_back_what_is_another_s);
    RUN(its_work_is_recorded);
    RUN(guessing_is_slowed_down);
    RUN(jobs_clear_up);
    return harness_close();
}
