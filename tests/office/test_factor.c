/* In the default profile nobody of city or county works with a password alone: until a second factor is confirmed, the
 * account can do what registers one, and nothing else. In the demo profile, and for all others, nothing is asked. */
#include "clock.h"
#include "config.h"
#include "harness.h"
#include "subjects.h"
#include "totp.h"
#include "uuid.h"

#include <stdlib.h>

static void profile(const char *word)
{
    setenv("TEPAI_PROFILE", word, 1);
    CHECK(config_load());
}

static bool is_among(const char *const *names, const char *name)
{
    while (*names != NULL && strcmp(*names, name) != 0) names++;
    return *names != NULL;
}

/* What registers a factor; and what asks no database who calls, for it is the same for everybody. */
static bool stays_open(const struct op *op)
{
    static const char *const names[] = {"account_get_me",
                                        "account_begin_factor",
                                        "account_confirm_factor",
                                        "account_change_password",
                                        "session_confirm",
                                        "session_end",
                                        "session_create",
                                        "session_refresh",
                                        "account_register",
                                        "account_activate",
                                        "health_live",
                                        "health_ready",
                                        "contract_get",
                                        "problem_get",
                                        "oauth_get_metadata",
                                        "oauth_get_keys",
                                        "oauth_issue_token",
                                        "oauth_revoke_token",
                                        NULL};
    return is_among(names, op->id);
}

/* A complete request for a record that is not there: the facts object before anybody looks for it. */
static void attempt(const struct op *op, enum caller c)
{
    bool refers;
    char key[37];
    bool names_a_record = op->path_word_count > 0 && strcmp(op->room, "dictionary") != 0;
    const char *body = op->content_type == NULL ? NULL : body_for(op, c, NOWHERE, &refers);
    if (body == NULL && op->content_type != NULL) body = body_for(op, c, OWN, &refers);
    if (body == NULL && op->content_type != NULL) body = body_for(op, c, NEIGHBOUR, &refers);
    uuid_make(key);
    if (op->if_match == NEED_REQUIRED) with("If-Match", "\"1\"");
    if (op->idempotency == NEED_REQUIRED) with("Idempotency-Key", key);
    as(login_of(c));
    ask(op->method, target_of(op, names_a_record ? NOWHERE_ID : NULL), body);
}

/* Every operation that asks the database who calls. */
static void all_else_is_closed(void)
{
    static const enum caller staff[] = {CITY_ST, CITY_OTHER, COUNTY_ST, COUNTY_OTHER};
    int count, closed = 0;
    const struct op *ops = contract_ops(&count);
    profile("default");
    for (size_t s = 0; s < sizeof staff / sizeof staff[0]; s++) {
        for (int i = 0; i < count; i++) {
            if (!may_call(&ops[i], staff[s]) || stays_open(&ops[i])) continue;
            attempt(&ops[i], staff[s]);
            check_test = ops[i].id;
            EXPECT(SECOND_FACTOR_MISSING);
            closed++;
        }
    }
    CHECK(closed > 100);
    check_test = "all_else_is_closed";
    CHECK_TEXT(header_of("WWW-Authenticate"), "Bearer realm=\"tepai\", error=\"insufficient_user_authentication\"");
    CHECK(strstr(text_at("/detail"), "/v1/me/second-factor") != NULL);
}

/* A token is looked at on public operations too; without one they are open to anybody. */
static void public_ones_are_open_without_a_token(void)
{
    profile("default");
    as("shi.kj");
    ask("GET", "/v1/calls", NULL);
    EXPECT(SECOND_FACTOR_MISSING);
    as(NULL);
    ask("GET", "/v1/calls", NULL);
    EXPECT(OK);
}

static void others_are_not_asked(void)
{
    profile("default");
    as("lishi");
    ask("GET", "/v1/demands", NULL);
    EXPECT(OK);
    as("linruochuan");
    ask("GET", "/v1/demands", NULL);
    EXPECT(OK);
    as_caller(MACHINE);
    ask("GET", "/v1/demands", NULL);
    EXPECT(OK);
    profile("demo");
    as("shi.kj");
    ask("GET", "/v1/demands", NULL);
    EXPECT(OK);
}

static const char *code_now(const char *secret)
{
    static char code[7];
    unsigned char bytes[TOTP_SECRET_BYTES];
    CHECK(totp_decode(secret, bytes) == 0);
    totp_code(bytes, clock_unix() / TOTP_STEP_S, code);
    return code;
}

/* The way in, with one token from the first sign-in to the first work; and out again. */
static void a_confirmed_factor_opens_at_once(void)
{
    profile("default");
    as("huguan.kj");
    call("account_get_me", NULL, NULL);
    EXPECT(OK);
    EXPECT_TEXT("/account/second_factor", "false");
    ask("GET", "/v1/demands", NULL);
    EXPECT(SECOND_FACTOR_MISSING);
    call("account_begin_factor", NULL, NULL);
    EXPECT(OK);
    const char *secret = keep("/secret");
    ask("GET", "/v1/demands", NULL); /* begun is not confirmed */
    EXPECT(SECOND_FACTOR_MISSING);
    call("account_confirm_factor", NULL, "{\"code\":\"000000\"}");
    ask("GET", "/v1/demands", NULL);
    EXPECT(SECOND_FACTOR_MISSING);
    call("account_confirm_factor", NULL, json("{'code':'%s'}", code_now(secret)));
    EXPECT(OK);
    ask("GET", "/v1/demands", NULL);
    EXPECT(OK);
    ask("GET", "/v1/todos", NULL);
    EXPECT(OK);
    call("account_remove_factor", NULL, NULL);
    CHECK(status_of() == 204);
    ask("GET", "/v1/demands", NULL);
    EXPECT(SECOND_FACTOR_MISSING);
}

/* A password may be changed before, for a new account often has to. */
static void a_password_may_be_changed_before(void)
{
    profile("default");
    as("huguan.rc");
    call("account_change_password", NULL,
         "{\"current_password\":\"Tepai-Demo-2026\",\"new_password\":\"Tepai-Demo-2026\"}");
    CHECK(status_of() == 204);
    ask("GET", "/v1/demands", NULL);
    EXPECT(SECOND_FACTOR_MISSING);
    const char *session = sql("SELECT s.id FROM app.session s JOIN app.account a ON a.id = s.account_id WHERE"
                              " a.login_name = 'huguan.rc' AND s.ended_at IS NULL ORDER BY s.created_at DESC LIMIT 1");
    call("session_end", session, NULL);
    CHECK(status_of() == 204);
    ask("GET", "/v1/me", NULL);
    EXPECT(SESSION_ENDED);
}

int main(void)
{
    harness_open();
    subjects_open();
    RUN(all_else_is_closed);
    RUN(public_ones_are_open_without_a_token);
    RUN(others_are_not_asked);
    RUN(a_confirmed_factor_opens_at_once);
    RUN(a_password_may_be_changed_before);
    return harness_close();
}
