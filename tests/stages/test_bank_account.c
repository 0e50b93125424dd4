/* Where the funds of a firm are paid (article 18): the firm names its account, the talent department of its county
 * confirms it. 襄垣砺石 and its county act; 壶关 stands beside and should see nothing. */
#include "harness.h"

#define FIRM_NAME "襄垣砺石煤基新材料有限公司"

static const char *firm;

static const char *new_number(void)
{
    static int count;
    return json("62229999000088%05d", ++count);
}

static void propose(const char *number)
{
    call("bank_account_create", NULL,
         json("{'enterprise_id':'%s','bank_name':'太行示例银行','branch':'襄垣支行','account_name':'" FIRM_NAME
              "','account_no':'%s'}",
              firm, number));
}

static const char *proposed(void)
{
    as("lishi");
    propose(new_number());
    EXPECT_TEXT("/status", "proposed");
    return keep("/id");
}

static void decide(const char *login, const char *id, const char *body)
{
    as(login);
    call("bank_account_confirm", id, json("%s", body));
}

static const char *confirmed(void)
{
    const char *id = proposed();
    decide("xiangyuan.rc", id, "{'decision':'pass'}");
    EXPECT_TEXT("/status", "confirmed");
    return id;
}

static const char *status_in_table(const char *id)
{
    return sql("SELECT status FROM app.bank_account WHERE id = '%s'", id);
}

static const char *events_of(const char *id)
{
    return sql("SELECT count(*) FROM app.event WHERE subject_id = '%s'", id);
}

static void a_firm_names_its_account(void)
{
    as("lishi");
    propose("6222999900007777");
    CHECK(status_of() == 201);
    const char *id = keep("/id");
    CHECK_TEXT(header_of("Location"), json("/v1/bank-accounts/%s", id));
    EXPECT_TEXT("/version", "1");
    EXPECT_TEXT("/status", "proposed");
    EXPECT_TEXT("/unit_id", "140423");
    EXPECT_TEXT("/account_no_masked", "6222********7777");
    EXPECT_TEXT("/allowed_steps", "[]");
    EXPECT_EVENT(id, "bank_account_create", "bank_name");
    CHECK_TEXT(sql("SELECT changes ->> 'account_no' FROM app.event WHERE subject_id = '%s'", id), "{}");
}

/* Sealed, and nowhere else: in no table, event, kept answer or refusal. */
static void the_number_is_nowhere_in_clear(void)
{
    static const char canary[] = "62229999000066613";
    as("lishi");
    propose(canary);
    const char *id = keep("/id");
    CHECK(strstr(bytes_of(), canary) == NULL);
    CHECK_TEXT(sql("SELECT length(account_no) > 40 AND length(account_no_index) >= 16 FROM app.bank_account WHERE id ="
                   " '%s'",
                   id),
               "t");
    propose("62229999000066613x");
    EXPECT_FAULT("#/account_no", "pattern");
    CHECK(strstr(bytes_of(), canary) == NULL);
    char tables[4000];
    snprintf(tables, sizeof tables, "%s",
             sql("SELECT string_agg(oid::regclass::text, ',') FROM pg_class WHERE relkind = 'r' AND relnamespace ="
                 " 'app'::regnamespace"));
    for (char *rest = tables, *table; (table = strsep(&rest, ",")) != NULL;)
        check_text(sql("SELECT count(*) FROM %s t WHERE position('%s' IN t::text) > 0 OR"
                       " position(encode(convert_to('%s', 'UTF8'), 'hex') IN t::text) > 0",
                       table, canary, canary),
                   "0", table, 0, "no row holds the number");
}

static void numbers_are_digits(void)
{
    static const char *const wrong[] = {"1234567", "123456789012345678901234567890123", "6222 9999 0000", "-12345678"};
    as("lishi");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        propose(wrong[i]);
        EXPECT(VALIDATION_FAILED);
        CHECK_TEXT(text_at("/errors/0/pointer"), "#/account_no");
    }
    propose("12345678");
    EXPECT(OK);
    propose("12345678901234567890123456789012");
    EXPECT(OK);
    call("bank_account_create", NULL, json("{'enterprise_id':'%s','colour':'red'}", firm));
    EXPECT_FAULT("#/bank_name", "required");
    EXPECT_FAULT("#/colour", "unknown");
}

static void the_account_is_in_the_firms_name(void)
{
    as("lishi");
    call("bank_account_create", NULL,
         json("{'enterprise_id':'%s','bank_name':'x','branch':'x','account_name':'郝砺石','account_no':'%s'}", firm,
              new_number()));
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("account_name_differs");
    EXPECT_TEXT("/errors/0/pointer", "#/account_name");
    EXPECT_TEXT("/errors/0/article", "18");
}

/* A firm that was renamed while its account waited must name it anew. */
static void a_renamed_firm_is_not_paid(void)
{
    const char *id = proposed();
    sql("UPDATE app.enterprise SET name = '襄垣砺石集团' WHERE id = '%s'", firm);
    decide("xiangyuan.rc", id, "{'decision':'pass'}");
    EXPECT_RULE("account_name_differs");
    decide("xiangyuan.rc", id, "{'decision':'reject','opinion':'企业已更名'}");
    EXPECT_TEXT("/status", "rejected");
    sql("UPDATE app.enterprise SET name = '" FIRM_NAME "' WHERE id = '%s'", firm);
}

static void set_firm_status(const char *status)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.enterprise SET status = '%s' WHERE id = '%s';"
        " COMMIT",
        status, firm);
}

static void only_a_confirmed_firm_is_paid(void)
{
    const char *id = proposed();
    set_firm_status("closed");
    as("lishi");
    propose(new_number());
    EXPECT(NOT_ELIGIBLE);
    EXPECT_RULE("enterprise_not_confirmed");
    decide("xiangyuan.rc", id, "{'decision':'pass'}");
    EXPECT_RULE("enterprise_not_confirmed");
    set_firm_status("active");
    decide("xiangyuan.rc", id, "{'decision':'pass'}");
    EXPECT(OK);
}

static void the_talent_department_decides(void)
{
    const char *id = proposed();
    decide("xiangyuan.kj", id, "{'decision':'pass'}");
    EXPECT(FORBIDDEN);
    decide("shi.rc", id, "{'decision':'pass'}");
    EXPECT(FORBIDDEN);
    decide("lishi", id, "{'decision':'pass'}");
    EXPECT(FORBIDDEN);
    decide("huguan.rc", id, "{'decision':'pass'}");
    EXPECT(NOT_FOUND);
    as("xiangyuan.rc");
    call("bank_account_get", id, NULL);
    EXPECT_TEXT("/allowed_steps", json("['confirm']"));
    with("If-Match", "\"7\"");
    call("bank_account_confirm", id, json("{'decision':'pass'}"));
    EXPECT(VERSION_MISMATCH);
    with("If-Match", NULL);
    call("bank_account_confirm", id, json("{'decision':'pass'}"));
    EXPECT(PRECONDITION_REQUIRED);
    call("bank_account_confirm", id, json("{'decision':'return','opinion':'x'}"));
    EXPECT(VALIDATION_FAILED);
    call("bank_account_confirm", id, json("{'decision':'pass','opinion':'与开户许可证一致'}"));
    EXPECT_TEXT("/status", "confirmed");
    EXPECT_TEXT("/version", "2");
    EXPECT_TEXT("/allowed_steps", "[]");
    EXPECT_EVENT(id, "bank_account_confirm", "status");
    call("bank_account_confirm", id, json("{'decision':'pass'}"));
    EXPECT(WRONG_STATE);
    as("lishi");
    ask("GET", json("/v1/events?subject_type=bank_account&subject_id=%s", id), NULL);
    EXPECT_TEXT("/items/0/review/opinion", "与开户许可证一致");
}

static void a_refusal_needs_words(void)
{
    const char *before = confirmed(), *id = proposed();
    decide("xiangyuan.rc", id, "{'decision':'reject'}");
    EXPECT_RULE("opinion_required");
    decide("xiangyuan.rc", id, "{'decision':'reject','opinion':'须为基本账户'}");
    EXPECT_TEXT("/status", "rejected");
    EXPECT_EVENT(id, "bank_account_confirm", "status");
    CHECK_TEXT(status_in_table(before), "confirmed");
    decide("xiangyuan.rc", id, "{'decision':'pass'}");
    EXPECT(WRONG_STATE);
}

/* An account of the talent department that once was the firm's. */
static void who_entered_it_does_not_decide(void)
{
    const char *id = proposed();
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.bank_account SET created_by = (SELECT id FROM"
        " app.account WHERE login_name = 'xiangyuan.rc') WHERE id = '%s'; COMMIT",
        id);
    decide("xiangyuan.rc", id, "{'decision':'pass'}");
    EXPECT(TWO_PERSON_RULE);
    EXPECT_RULE("account_author_decides");
    decide("xiangyuan.rc", id, "{'decision':'reject','opinion':'x'}");
    EXPECT(TWO_PERSON_RULE);
    decide("xiangyuan.rc2", id, "{'decision':'pass'}");
    EXPECT_TEXT("/status", "confirmed");
}

static void a_later_proposal_replaces_the_earlier(void)
{
    const char *paid = confirmed(), *first = proposed(), *second = proposed();
    CHECK_TEXT(status_in_table(first), "replaced");
    CHECK_TEXT(status_in_table(paid), "confirmed");
    EXPECT_EVENT(second, "bank_account_create", "status");
    CHECK_TEXT(events_of(first), "2");
    CHECK_TEXT(
        sql("SELECT operation || ' ' || role FROM app.event WHERE subject_id = '%s' AND subject_version = 2", first),
        "bank_account_create system");
    decide("xiangyuan.rc", first, "{'decision':'pass'}");
    EXPECT(WRONG_STATE);
    decide("xiangyuan.rc", second, "{'decision':'pass'}");
    EXPECT_TEXT("/status", "confirmed");
    CHECK_TEXT(status_in_table(paid), "replaced");
    CHECK_TEXT(events_of(paid), "3");
    CHECK_TEXT(events_of(second), "2");
    CHECK_TEXT(sql("SELECT count(*) FROM app.bank_account WHERE enterprise_id = '%s' AND status = 'confirmed'", firm),
               "1");
}

/* A refused write replaces nothing. */
static void what_is_refused_replaces_nothing(void)
{
    const char *id = proposed();
    propose("123");
    EXPECT(VALIDATION_FAILED);
    call("bank_account_create", NULL,
         json("{'id':'%s','enterprise_id':'%s','bank_name':'x','branch':'x','account_name':'" FIRM_NAME
              "','account_no':'%s'}",
              id, firm, new_number()));
    EXPECT(DUPLICATE);
    CHECK_TEXT(status_in_table(id), "proposed");
}

static void a_number_serves_one_firm(void)
{
    const char *number = new_number();
    as("lishi");
    propose(number);
    const char *id = keep("/id");
    propose(number);
    EXPECT(OK);
    CHECK_TEXT(status_in_table(id), "replaced");
    id = keep("/id");
    decide("xiangyuan.rc", id, "{'decision':'pass'}");
    EXPECT(OK);
    as("lishi");
    propose(number);
    EXPECT(DUPLICATE);
    EXPECT_RULE("account_confirmed_already");
    as("qingzhang");
    call("bank_account_create", NULL,
         json("{'enterprise_id':'%s','bank_name':'x','branch':'x','account_name':'壶关青嶂生物制药有限公司',"
              "'account_no':'%s'}",
              sql("SELECT enterprise_id FROM app.account WHERE login_name = 'qingzhang'"), number));
    EXPECT(OK);
    const char *taken = keep("/id");
    decide("huguan.rc", taken, "{'decision':'pass'}");
    EXPECT(DUPLICATE);
    EXPECT_TEXT("/errors/0/pointer", "#/account_no");
    EXPECT_TEXT("/conflicting_id", NULL);
    CHECK_TEXT(status_in_table(taken), "proposed");
}

/* The database holds it alone, whoever writes: with every trigger asleep a second one is refused. */
static void one_is_paid_to(void)
{
    confirmed();
    const char *id = proposed();
    sql("CREATE FUNCTION pg_temp.refused_by(command text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE name text; BEGIN"
        " SET LOCAL session_replication_role = replica; EXECUTE command; RETURN NULL; EXCEPTION WHEN unique_violation"
        " THEN GET STACKED DIAGNOSTICS name = CONSTRAINT_NAME; RETURN name; END $$");
    CHECK_TEXT(
        sql("SELECT pg_temp.refused_by($$UPDATE app.bank_account SET status = 'confirmed' WHERE id = '%s'$$)", id),
        "bank_account_enterprise_id_key");
    CHECK_TEXT(status_in_table(id), "proposed");
}

static void a_repeated_key_does_it_once(void)
{
    as("lishi");
    const char *key = "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0090", *number = new_number();
    with("Idempotency-Key", key);
    propose(number);
    EXPECT(OK);
    const char *id = keep("/id"), *count = sql("SELECT count(*) FROM app.bank_account");
    with("Idempotency-Key", key);
    propose(number);
    EXPECT_TEXT("/id", id);
    CHECK_TEXT(header_of("Idempotency-Replayed"), "true");
    CHECK_TEXT(sql("SELECT count(*) FROM app.bank_account"), count);
    CHECK_TEXT(events_of(id), "1");
    with("Idempotency-Key", key);
    propose(new_number());
    EXPECT(IDEMPOTENCY_KEY_REUSED);
}

static void who_pays_reads(void)
{
    static const char *const readers[] = {"lishi", "xiangyuan.kj", "xiangyuan.rc", "shi.rc", "shi.cz"};
    static const char *const refused[] = {"shi.kj", "shi.gx", "linruochuan"};
    static const char *const strangers[] = {"huguan.kj", "huguan.rc", "qingzhang"};
    const char *id = proposed();
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        as(readers[i]);
        call("bank_account_get", id, NULL);
        EXPECT_TEXT("/id", id);
        ask("GET", json("/v1/events?subject_type=bank_account&subject_id=%s", id), NULL);
        EXPECT_TEXT("/items/0/operation", "bank_account_create");
    }
    for (size_t i = 0; i < 3; i++) {
        as(refused[i]);
        call("bank_account_get", id, NULL);
        EXPECT(FORBIDDEN);
        ask("GET", json("/v1/events?subject_type=bank_account&subject_id=%s", id), NULL);
        EXPECT_TEXT("/items", "[]");
        as(strangers[i]);
        call("bank_account_get", id, NULL);
        EXPECT(NOT_FOUND);
        ask("GET", json("/v1/events?subject_type=bank_account&subject_id=%s", id), NULL);
        EXPECT_TEXT("/items", "[]");
    }
    as("qingzhang");
    propose(new_number());
    EXPECT(REFERENCE_NOT_FOUND);
}

static void the_number_is_disclosed_for_a_purpose(void)
{
    as("lishi");
    propose("6222999900005551");
    const char *id = keep("/id");
    const char *body = json("{'subject_type':'bank_account','subject_id':'%s','fields':['account_no'],"
                            "'purpose':'核对开户许可证'}",
                            id);
    static const char *const readers[] = {"xiangyuan.rc", "shi.cz", "lishi"};
    static const char *const others[] = {"shi.kj", "huguan.rc", "linruochuan"};
    for (size_t i = 0; i < 3; i++) {
        as(readers[i]);
        call("disclosure_create", NULL, body);
        EXPECT_TEXT("/values/account_no", "6222999900005551");
        as(others[i]);
        call("disclosure_create", NULL, body);
        EXPECT(REFERENCE_NOT_FOUND);
    }
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

static void it_waits_for_the_talent_department(void)
{
    static const char *const others[] = {"xiangyuan.kj", "huguan.rc", "shi.rc",     "shi.cz",
                                         "shi.kj",       "lishi",     "linruochuan"};
    const char *id = proposed();
    CHECK(waits_for("xiangyuan.rc", id));
    CHECK(waits_for("xiangyuan.rc2", id));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) CHECK(!waits_for(others[i], id));
    decide("xiangyuan.rc", id, "{'decision':'pass'}");
    CHECK(!waits_for("xiangyuan.rc2", id));
}

/* Accounts and the right to decide on them go with the firm. */
static void a_firm_that_moves_takes_its_accounts_along(void)
{
    const char *id = proposed();
    as("shi.kj");
    call("enterprise_update", firm, move_to(firm, "140427"));
    EXPECT(OK);
    as("xiangyuan.rc");
    call("bank_account_get", id, NULL);
    EXPECT(NOT_FOUND);
    decide("huguan.rc2", id, "{'decision':'pass'}");
    EXPECT_TEXT("/unit_id", "140427");
    as("shi.kj");
    call("enterprise_update", firm, move_to(firm, "140423"));
    EXPECT(OK);
}

static void lists_are_filtered(void)
{
    as("lishi");
    CHECK(walk("/v1/bank-accounts?limit=3", "-updated_at") > 10);
    CHECK(walk("/v1/bank-accounts?limit=3&sort=id", "id") > 10);
    CHECK(walk("/v1/bank-accounts?status=confirmed", NULL) == 1);
    as("shi.cz");
    CHECK_TEXT(json("%d", walk("/v1/bank-accounts?limit=200", "-updated_at")),
               sql("SELECT count(*) FROM app.bank_account"));
    CHECK_TEXT(json("%d", walk(json("/v1/bank-accounts?unit_id=140423&enterprise_id=%s", firm), NULL)),
               sql("SELECT count(*) FROM app.bank_account WHERE enterprise_id = '%s'", firm));
    CHECK(walk("/v1/bank-accounts?unit_id=140403", NULL) == 1);
    CHECK(walk("/v1/bank-accounts?updated_since=2039-01-01T00:00:00Z", NULL) == 0);
}

int main(void)
{
    harness_open();
    firm = sql("SELECT enterprise_id FROM app.account WHERE login_name = 'lishi'");
    RUN(a_firm_names_its_account);
    RUN(the_number_is_nowhere_in_clear);
    RUN(numbers_are_digits);
    RUN(the_account_is_in_the_firms_name);
    RUN(a_renamed_firm_is_not_paid);
    RUN(only_a_confirmed_firm_is_paid);
    RUN(the_talent_department_decides);
    RUN(a_refusal_needs_words);
    RUN(who_entered_it_does_not_decide);
    RUN(a_later_proposal_replaces_the_earlier);
    RUN(what_is_refused_replaces_nothing);
    RUN(a_number_serves_one_firm);
    RUN(one_is_paid_to);
    RUN(a_repeated_key_does_it_once);
    RUN(who_pays_reads);
    RUN(the_number_is_disclosed_for_a_purpose);
    RUN(it_waits_for_the_talent_department);
    RUN(a_firm_that_moves_takes_its_accounts_along);
    RUN(lists_are_filtered);
    return harness_close();
}
