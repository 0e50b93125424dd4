/* Administering accounts: whose administrators reach whose accounts, what ends with an account, and what keeps an
 * organisation from losing its last administrator. */
#include "clock.h"
#include "config.h"
#include "harness.h"
#include "totp.h"

#include <stdlib.h>

#define PASSWORD "Tepai-Demo-2026"

static const char *account_id(const char *login)
{
    return sql("SELECT id FROM app.account WHERE login_name = '%s'", login);
}

static const char *firm_of(const char *login)
{
    return sql("SELECT enterprise_id FROM app.account WHERE login_name = '%s'", login);
}

/* A new account of a county or of a firm in it, opened by the administrator who is asking; its id. */
static const char *open_county_account(const char *login, const char *unit)
{
    call("account_create", NULL,
         json("{'login_name':'%s','display_name':'新同事','phone':'13900001234','role':'county','office':'talent',"
              "'unit_id':'%s'}",
              login, unit));
    EXPECT(OK);
    return keep("/id");
}

/* Lets an invited person in, beside the road, with the password of the demo people. */
static void let_in(const char *id)
{
    sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " UPDATE app.account SET status = 'active', password_changed_at = now(), password_hash = (SELECT password_hash"
        " FROM app.account WHERE login_name = 'shi.kj') FROM quiet WHERE id = '%s'",
        id);
}

static void an_administrator_opens_an_account(void)
{
    as("huguan.kj");
    const char *id = open_county_account("huguan.new", "140427");
    EXPECT_TEXT("/status", "invited");
    EXPECT_TEXT("/phone_masked", "139****1234");
    EXPECT_TEXT("/unit_id", "140427");
    EXPECT_TEXT("/is_admin", "false");
    EXPECT_TEXT("/locale", "zh-CN");
    EXPECT_EVENT(id, "account_create", "login_name");
    CHECK(strstr(bytes_of(), "13900001234") == NULL);
    CHECK_TEXT(sql("SELECT changes ->> 'display_name' FROM app.event WHERE subject_id = '%s'", id), "{}");
    ask("GET", "/v1/accounts?status=invited&role=county&unit_id=140427", NULL);
    EXPECT_TEXT("/items/0/id", id);
    as(NULL);
    call("session_create", NULL, "{\"login_name\":\"huguan.new\",\"password\":\"" PASSWORD "\"}");
    EXPECT(SIGN_IN_FAILED);
}

static void refused_to_open(const char *rights, const char *rule)
{
    call("account_create", NULL, json("{'login_name':'never.made','display_name':'无',%s}", rights));
    CHECK(status_of() == 422);
    EXPECT_RULE(rule);
}

static void nobody_opens_accounts_beyond_his_reach(void)
{
    const char *own_firm = firm_of("zhangling");
    as("shi.kj");
    refused_to_open(json("'role':'enterprise','enterprise_id':'%s'", own_firm), "account_out_of_reach");
    refused_to_open("'role':'city'", "account_fits_role");
    refused_to_open("'role':'county','office':'finance','unit_id':'140427'", "account_fits_role");
    refused_to_open("'role':'county','office':'st','unit_id':'999999'", "reference_not_found");
    as("huguan.kj");
    refused_to_open("'role':'city','office':'st'", "account_out_of_reach");
    refused_to_open("'role':'county','office':'st','unit_id':'140423'", "account_out_of_reach");
    const char *foreign = sql("SELECT id FROM app.enterprise WHERE unit_id <> '140427' AND status = 'active' LIMIT 1");
    refused_to_open(json("'role':'enterprise','enterprise_id':'%s'", foreign), "reference_not_found");
    call("account_create", NULL,
         "{\"login_name\":\"Shi.KJ\",\"display_name\":\"同名\",\"role\":\"county\",\"office\":\"st\","
         "\"unit_id\":\"140427\"}");
    EXPECT(DUPLICATE);
    CHECK(sql("SELECT 1 FROM app.account WHERE login_name = 'never.made'") == NULL);
}

/* The lead office looks after counties, researchers and firms without a record, but not after a county's firms. */
static void reach_is_by_organisation(void)
{
    const char *county = account_id("huguan.rc2"), *firm = account_id("zhangling"), *person = account_id("wenxi");
    as("shi.kj");
    call("account_get", county, NULL);
    EXPECT(OK);
    call("account_get", person, NULL);
    EXPECT(OK);
    call("account_get", firm, NULL);
    EXPECT(NOT_FOUND);
    const char *unit = sql("SELECT managed_in FROM app.account WHERE id = '%s'", firm);
    as(sql("SELECT login_name FROM app.account WHERE unit_id = '%s' AND office = 'st' AND is_admin", unit));
    call("account_get", firm, NULL);
    EXPECT(OK);
    as(sql("SELECT login_name FROM app.account WHERE unit_id <> '%s' AND is_admin AND office = 'st' LIMIT 1", unit));
    call("account_get", firm, NULL);
    EXPECT(NOT_FOUND);
    as("huguan.rc2");
    call("account_get", county, NULL);
    EXPECT(FORBIDDEN);
}

/* A firm that moves takes its accounts along, and both counties hear of it. */
static void accounts_follow_their_firm(void)
{
    const char *id = account_id("zhangling"), *firm = firm_of("zhangling");
    const char *before = sql("SELECT managed_in FROM app.account WHERE id = '%s'", id);
    const char *after = sql("SELECT code FROM app.unit WHERE code <> '%s' AND code <> '140427' LIMIT 1", before);
    as("shi.kj");
    call("enterprise_update", firm, move_to(firm, after));
    EXPECT(OK);
    as(sql("SELECT login_name FROM app.account WHERE unit_id = '%s' AND office = 'st' AND is_admin", after));
    call("account_get", id, NULL);
    EXPECT(OK);
    CHECK_TEXT(sql("SELECT 'admin:unit:%s' = ANY (seen_by) AND 'admin:unit:%s' = ANY (seen_by_before) FROM app.event"
                   " WHERE subject_id = '%s' ORDER BY subject_version DESC LIMIT 1",
                   after, before, id),
               "t");
}

static void an_account_is_changed_by_its_owner(void)
{
    const char *id = account_id("sumingji");
    as("sumingji");
    call("account_update", id, "{\"phone\":\"13700009876\",\"email\":\"su@example.org\"}");
    EXPECT(OK);
    EXPECT_TEXT("/phone_masked", "137****9876");
    EXPECT_TEXT("/allowed_steps/0", "close");
    EXPECT_EVENT(id, "account_update", "phone");
    call("account_update", id, "{\"email\":\"su@example.org\"}");
    EXPECT(OK);
    CHECK_TEXT(text_at("/version"), sql("SELECT count(*) FROM app.event WHERE subject_id = '%s'", id));
    call("account_update", id, "{\"is_admin\":true}");
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("own_admin_right");
    call("account_update", account_id("wenxi"), "{\"email\":\"x@example.org\"}");
    EXPECT(NOT_FOUND);
    as("shi.kj");
    call("account_update", id, "{\"is_admin\":true}");
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("account_fits_role");
}

/* Its sessions end in the same moment, on every server. */
static void a_stopped_account_is_signed_out(void)
{
    as("pingshun.kj");
    const char *id = open_county_account("pingshun.new", "140425");
    let_in(id);
    as("pingshun.new");
    call("account_get_me", NULL, NULL);
    EXPECT(OK);
    as("pingshun.kj");
    call("account_disable", id, NULL);
    EXPECT(OK);
    EXPECT_TEXT("/status", "disabled");
    EXPECT_EVENT(id, "account_disable", "status");
    as("pingshun.new");
    call("account_get_me", NULL, NULL);
    EXPECT(SESSION_ENDED);
    CHECK_TEXT(sql("SELECT string_agg(DISTINCT end_reason, ',') FROM app.session WHERE account_id = '%s'", id),
               "disabled");
    as("pingshun.kj");
    call("account_disable", id, NULL);
    EXPECT(WRONG_STATE);
    call("account_close", id, NULL);
    EXPECT(OK);
    call("account_update", id, "{\"locale\":\"en\"}");
    EXPECT(WRONG_STATE);
    EXPECT_RULE("not_editable");
}

static void an_account_is_closed_by_its_owner(void)
{
    const char *id = account_id("peiyunshu");
    as("peiyunshu");
    call("account_close", id, NULL);
    EXPECT(OK);
    EXPECT_TEXT("/status", "closed");
    call("account_get_me", NULL, NULL);
    EXPECT(SESSION_ENDED);
}

static void an_organisation_keeps_an_administrator(void)
{
    const char *first = account_id("qinyuan.kj"), *second = account_id("qinyuan.rc");
    as("qinyuan.kj");
    call("account_update", second, "{\"is_admin\":false}");
    EXPECT(OK);
    call("account_disable", first, NULL);
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("last_admin");
    as("shi.kj");
    call("account_close", first, NULL);
    EXPECT(RULE_VIOLATED);
    call("account_update", first, "{\"is_admin\":false}");
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("last_admin");
    call("account_update", second, "{\"is_admin\":true}");
    EXPECT(OK);
    call("account_disable", first, NULL);
    EXPECT(OK);
}

/* Who is no longer an administrator is none at once, whatever his token still says. */
static void the_right_to_administer_ends_at_once(void)
{
    as("licheng.rc");
    call("account_get", account_id("licheng.rc2"), NULL);
    EXPECT(OK);
    as("licheng.kj");
    call("account_update", account_id("licheng.rc"), "{\"is_admin\":false}");
    EXPECT(OK);
    as("licheng.rc");
    call("account_get", account_id("licheng.rc2"), NULL);
    EXPECT(NOT_FOUND);
    call("account_disable", account_id("licheng.rc2"), NULL);
    EXPECT(NOT_FOUND);
}

/* A device that was signed in a while ago must prove itself again before it stops anybody (RFC 9470). */
static void sensitive_steps_want_a_recent_proof(void)
{
    const char *target = account_id("zhangzi.rc2");
    as(NULL);
    call("session_create", NULL, "{\"login_name\":\"zhangzi.kj\",\"password\":\"" PASSWORD "\"}");
    const char *session = keep("/id"), *refresh = keep("/refresh_token");
    sql("UPDATE app.session SET auth_at = auth_at - interval '301 s' WHERE id = '%s'", session);
    call("session_refresh", NULL, json("{'refresh_token':'%s'}", refresh));
    as_token(keep("/access_token"));
    call("account_get", target, NULL);
    EXPECT(OK);
    call("account_disable", target, NULL);
    EXPECT(RECENT_SIGN_IN_REQUIRED);
    CHECK_TEXT(header_of("WWW-Authenticate"),
               "Bearer realm=\"tepai\", error=\"insufficient_user_authentication\", max_age=300");
    call("session_confirm", session, "{\"password\":\"" PASSWORD "\"}");
    as_token(keep("/access_token"));
    call("account_disable", target, NULL);
    EXPECT(OK);
}

static const char *token_in_url(void)
{
    const char *url = keep("/url");
    CHECK(url != NULL && strchr(url, '#') != NULL);
    return url == NULL || strchr(url, '#') == NULL ? "" : strchr(url, '#') + 1;
}

static void activate(const char *token, const char *password)
{
    as(NULL);
    call("account_activate", NULL, json("{'token':'%s','password':'%s'}", token, password));
}

static void sign_in(const char *login, const char *password)
{
    as(NULL);
    call("session_create", NULL, json("{'login_name':'%s','password':'%s'}", login, password));
}

/* The link is seen once, by the administrator; an older one, an altered one and one that was used are of no use. */
static void an_invited_person_comes_in(void)
{
    as("wuxiang.kj");
    const char *id = open_county_account("wuxiang.new", "140429");
    call("account_invite", id, NULL);
    EXPECT(OK);
    EXPECT_TEXT("/kind", "account_activation");
    CHECK_TEXT(header_of("Cache-Control"), "no-store");
    EXPECT_EVENT(id, "account_invite", "invited_at");
    const char *older = token_in_url();
    call("account_invite", id, NULL);
    const char *token = token_in_url();
    activate(older, "Zhuozhang-He-2026");
    EXPECT(CAPABILITY_SPENT);
    activate(json("%.*sA", (int)strlen(token) - 1, token), "Zhuozhang-He-2026");
    CHECK(status_of() == 401 || token[strlen(token) - 1] == 'A');
    activate(token, "wuxiang.new-2026");
    EXPECT_RULE("password_holds_login_name");
    activate(token, "Zhuozhang-He-2026");
    EXPECT(OK);
    EXPECT_TEXT("/account/status", "active");
    EXPECT_EVENT(id, "account_activate", "status");
    activate(token, "Another-Word-2027");
    EXPECT(CAPABILITY_SPENT);
    sign_in("wuxiang.new", "Zhuozhang-He-2026");
    EXPECT(OK);
    CHECK(sql("SELECT 1 FROM app.event WHERE subject_id = '%s' AND changes::text LIKE '%%argon2%%'", id) == NULL);
}

/* A reset sets a new password and ends the sessions of the old one; what was stopped returns by a new invitation. */
static void a_password_is_reset_by_a_link(void)
{
    const char *id = account_id("gaoxin.rc2");
    as("gaoxin.rc2");
    as("gaoxin.kj");
    call("account_invite", id, NULL);
    EXPECT_TEXT("/kind", "password_reset");
    const char *token = token_in_url();
    as("gaoxin.rc2");
    call("account_get_me", NULL, NULL);
    EXPECT(OK);
    activate(token, "Gaoxin-Rencai-Ban-7");
    EXPECT(OK);
    as("gaoxin.rc2");
    call("account_get_me", NULL, NULL);
    EXPECT(SESSION_ENDED);
    as("gaoxin.kj");
    call("account_invite", id, NULL);
    token = token_in_url();
    call("account_disable", id, NULL);
    EXPECT(OK);
    activate(token, "Gaoxin-Rencai-Ban-8");
    EXPECT(CAPABILITY_SPENT);
    as("gaoxin.kj");
    call("account_invite", id, NULL);
    EXPECT_TEXT("/kind", "account_activation");
    token = token_in_url();
    sign_in("gaoxin.rc2", "Gaoxin-Rencai-Ban-7");
    EXPECT(SIGN_IN_FAILED);
    activate(token, "Gaoxin-Rencai-Ban-9");
    EXPECT(OK);
    sign_in("gaoxin.rc2", "Gaoxin-Rencai-Ban-9");
    EXPECT(OK);
}

static void change_password(const char *from, const char *to)
{
    call("account_change_password", NULL, json("{'current_password':'%s','new_password':'%s'}", from, to));
}

/* The device that changed it stays signed in, every other is out. */
static void an_owner_changes_his_password(void)
{
    const char *id = account_id("jingkai.rc2");
    sign_in("jingkai.rc2", PASSWORD);
    const char *other = keep("/access_token");
    as("jingkai.rc2");
    change_password("Wrong-Password-1", "Zhangze-Hu-2026-Qiu");
    EXPECT(SIGN_IN_FAILED);
    change_password(PASSWORD, "Zhangze-Hu-2026-Qiu");
    CHECK(status_of() == 204);
    EXPECT_EVENT(id, "account_change_password", "password_changed_at");
    call("account_get_me", NULL, NULL);
    EXPECT(OK);
    as_token(other);
    call("account_get_me", NULL, NULL);
    EXPECT(SESSION_ENDED);
    sign_in("jingkai.rc2", PASSWORD);
    EXPECT(SIGN_IN_FAILED);
    sign_in("jingkai.rc2", "Zhangze-Hu-2026-Qiu");
    EXPECT(OK);
}

static void refused_password(const char *password, const char *rule)
{
    change_password(PASSWORD, password);
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE(rule);
}

static void passwords_are_long_and_not_common(void)
{
    static const char *const common[] = {"Password1234",    "p@ssw0rd-2026-!", "123456789012",   "aaaaaaaaaaaab",
                                         "qwertyqwerty12",  "Changzhi2026!!",  "Tepai2026#####", "WoAiNi-1314-520",
                                         "abcabcabcabc123", "P4ssw0rd!!!!",    "adminadmin2026"};
    as("zhengguanlan");
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) refused_password(common[i], "password_common");
    refused_password("Zhengguanlan-2026", "password_holds_login_name");
    change_password(PASSWORD, "short-one-1");
    EXPECT(VALIDATION_FAILED);
    setenv("TEPAI_PASSWORD_RULES", "mlps", 1);
    CHECK(config_load());
    refused_password("only small letters", "password_composition");
    change_password(PASSWORD, "Three-classes-now");
    CHECK(status_of() == 204);
    unsetenv("TEPAI_PASSWORD_RULES");
    CHECK(config_load());
    change_password("Three-classes-now", "only small letters");
    CHECK(status_of() == 204);
}

static const char *code_of(const char *secret, int steps)
{
    unsigned char bytes[TOTP_SECRET_BYTES];
    static char code[7];
    CHECK(totp_decode(secret, bytes) == 0);
    totp_code(bytes, clock_unix() / TOTP_STEP_S + steps, code);
    return code;
}

static void sign_in_with(const char *otp)
{
    as(NULL);
    call("session_create", NULL, json("{'login_name':'qinxian.rc2','password':'" PASSWORD "','otp':'%s'}", otp));
}

/* The secret and the recovery codes are seen once; each code is good once; the password alone is no longer enough. */
static void a_second_factor_is_asked_for(void)
{
    const char *id = account_id("qinxian.rc2");
    as("qinxian.rc2");
    call("account_confirm_factor", NULL, "{\"code\":\"123456\"}");
    EXPECT(NOT_FOUND);
    call("account_begin_factor", NULL, NULL);
    EXPECT(OK);
    CHECK_TEXT(header_of("Cache-Control"), "no-store");
    const char *secret = keep("/secret");
    CHECK(strstr(text_at("/url"), secret) != NULL);
    CHECK(sql("SELECT 1 FROM app.account_factor WHERE position(convert_to('%s', 'UTF8') IN secret) > 0", secret) ==
          NULL);
    call("account_confirm_factor", NULL, json("{'code':'%s'}", code_of(secret, 9)));
    EXPECT_RULE("second_factor_code_wrong");
    sign_in("qinxian.rc2", PASSWORD);
    EXPECT(OK);
    as("qinxian.rc2");
    call("account_confirm_factor", NULL, json("{'code':'%s'}", code_of(secret, -1)));
    EXPECT(OK);
    const char *recovery = keep("/recovery_codes/0");
    EXPECT_EVENT(id, "account_confirm_factor", "second_factor");
    call("account_begin_factor", NULL, NULL);
    EXPECT_RULE("second_factor_present");
    sign_in("qinxian.rc2", PASSWORD);
    EXPECT(SECOND_FACTOR_REQUIRED);
    sign_in("qinxian.rc2", "Wrong-Password-1");
    EXPECT(SIGN_IN_FAILED);
    sign_in_with(code_of(secret, -1));
    EXPECT(SIGN_IN_FAILED);
    sign_in_with(code_of(secret, 0));
    EXPECT(OK);
    sign_in_with(code_of(secret, 0));
    EXPECT(SIGN_IN_FAILED);
    sign_in_with("aaaaa-bbbbb");
    EXPECT(SIGN_IN_FAILED);
    sign_in_with(recovery);
    EXPECT(OK);
    as_token(keep("/access_token"));
    sign_in_with(recovery);
    EXPECT(SIGN_IN_FAILED);
    as("qinxian.rc2");
    call("account_get_me", NULL, NULL);
    EXPECT_TEXT("/account/second_factor", "true");
    call("account_remove_factor", NULL, NULL);
    CHECK(status_of() == 204);
    call("account_remove_factor", NULL, NULL);
    EXPECT(NOT_FOUND);
    sign_in("qinxian.rc2", PASSWORD);
    EXPECT(OK);
}

int main(void)
{
    harness_open();
    RUN(an_administrator_opens_an_account);
    RUN(nobody_opens_accounts_beyond_his_reach);
    RUN(reach_is_by_organisation);
    RUN(accounts_follow_their_firm);
    RUN(an_account_is_changed_by_its_owner);
    RUN(a_stopped_account_is_signed_out);
    RUN(an_account_is_closed_by_its_owner);
    RUN(an_organisation_keeps_an_administrator);
    RUN(the_right_to_administer_ends_at_once);
    RUN(sensitive_steps_want_a_recent_proof);
    RUN(an_invited_person_comes_in);
    RUN(a_password_is_reset_by_a_link);
    RUN(an_owner_changes_his_password);
    RUN(a_second_factor_is_asked_for);
    RUN(passwords_are_long_and_not_common);
    return harness_close();
}
