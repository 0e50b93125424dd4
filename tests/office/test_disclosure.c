/* Clear values for a purpose: whoever sees a value masked may see it clear, and every look is recorded before it is
 * answered. */
#include "config.h"
#include "harness.h"

#include <stdlib.h>

static const char *demand_of_huguan(void)
{
    return sql("SELECT d.id FROM app.demand d JOIN app.unit u ON u.code = d.unit_id WHERE d.shown AND"
               " d.contact_phone IS NOT NULL AND u.name_zh LIKE '壶关%%' ORDER BY d.id LIMIT 1");
}

static void look(const char *login, const char *type, const char *id, const char *field)
{
    as(login);
    call("disclosure_create", NULL,
         json("{'subject_type':'%s','subject_id':'%s','fields':['%s'],'purpose':'电话核实需求内容'}", type, id, field));
}

static const char *count(void)
{
    return sql("SELECT count(*) FROM app.disclosure");
}

static void whoever_sees_it_masked_may_see_it_clear(void)
{
    const char *id = demand_of_huguan();
    const char *masked = sql("SELECT contact_phone_masked FROM app.demand WHERE id = '%s'", id);
    look("huguan.kj", "demand", id, "contact_phone");
    EXPECT(OK);
    CHECK(status_of() == 201);
    CHECK_TEXT(header_of("Cache-Control"), "no-store");
    const char *clear = keep("/values/contact_phone");
    CHECK(clear != NULL && strlen(clear) == 11 && strncmp(clear, masked, 3) == 0 && strcmp(clear + 7, masked + 7) == 0);
    EXPECT_TEXT("/role", "county");
    EXPECT_TEXT("/office", "st");
    EXPECT_TEXT("/unit_id", "140427");
    CHECK(text_at("/sealed") == NULL && text_at("/made") == NULL);
    const char *made = keep("/id");
    EXPECT_EVENT(made, "disclosure_create", "subject_id");
    CHECK_TEXT(sql("SELECT changes -> 'purpose' FROM app.event WHERE subject_id = '%s'", made), "{}");
    CHECK_TEXT(sql("SELECT 1 FROM app.event WHERE changes::text LIKE '%%%s%%'", clear), NULL);
    CHECK_TEXT(sql("SELECT 1 FROM app.disclosure d WHERE d::text LIKE '%%%s%%'", clear), NULL);
    look("shi.rc", "demand", id, "contact_phone");
    EXPECT_TEXT("/values/contact_phone", clear);
}

/* Byte for byte, but for the number of the request. */
static const char *refusal_of(const char *login, const char *id)
{
    look(login, "demand", id, "contact_phone");
    EXPECT(REFERENCE_NOT_FOUND);
    return keep("/errors");
}

static void others_learn_nothing(void)
{
    const char *id = demand_of_huguan(), *before = count();
    const char *nowhere = refusal_of("qinyuan.kj", "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000");
    CHECK_TEXT(refusal_of("qinyuan.kj", id), nowhere);
    CHECK_TEXT(refusal_of("linruochuan", sql("SELECT id FROM app.demand WHERE status = 'open' AND contact_phone IS NOT"
                                             " NULL AND confidentiality = 'open' LIMIT 1")),
               nowhere);
    look("lishi", "demand",
         sql("SELECT d.id FROM app.demand d WHERE d.contact_phone IS NOT NULL AND d.enterprise_id <> (SELECT"
             " enterprise_id FROM app.account WHERE login_name = 'lishi') LIMIT 1"),
         "contact_phone");
    EXPECT(REFERENCE_NOT_FOUND);
    /* Whole rooms that are closed to a side look the same. */
    look("huguan.kj", "application", sql("SELECT id FROM app.application LIMIT 1"), "mobile");
    EXPECT(REFERENCE_NOT_FOUND);
    look("linruochuan", "bank_account", sql("SELECT id FROM app.bank_account LIMIT 1"), "account_no");
    EXPECT(REFERENCE_NOT_FOUND);
    CHECK_TEXT(count(), before);
}

static void only_masked_fields_are_opened(void)
{
    const char *id = demand_of_huguan(), *before = count();
    static const char *const wrong[] = {"title", "contact_name", "contact_phone_masked", "grams", "password_hash"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        look("huguan.kj", "demand", id, wrong[i]);
        EXPECT(RULE_VIOLATED);
        EXPECT_RULE("field_not_disclosed");
        EXPECT_TEXT("/errors/0/pointer", "#/fields/0");
    }
    look("huguan.kj", "policy", id, "title");
    EXPECT_FAULT("#/subject_type", "enum");
    as("huguan.kj");
    call("disclosure_create", NULL, json("{'subject_type':'demand','subject_id':'%s','fields':['contact_phone']}", id));
    EXPECT_FAULT("#/purpose", "required");
    CHECK_TEXT(count(), before);
}

static void firms_see_their_own(void)
{
    const char *own = sql("SELECT enterprise_id FROM app.account WHERE login_name = 'lishi'");
    look("lishi", "enterprise", own, "contact_phone");
    EXPECT(OK);
    CHECK(strlen(text_at("/values/contact_phone")) == 11);
}

/* One's own phone, and an administrator those of his organisation; to the rest of the city an account is nobody's. */
static void accounts_are_their_owners_and_their_administrators(void)
{
    const char *own = sql("SELECT id FROM app.account WHERE login_name = 'linruochuan'");
    as("linruochuan");
    call("account_update", own, json("{'phone':'13900000777'}"));
    EXPECT(OK);
    look("linruochuan", "account", own, "phone");
    EXPECT_TEXT("/values/phone", "13900000777");
    CHECK_TEXT(sql("SELECT subject_account FROM app.disclosure WHERE id = '%s'", text_at("/id")), own);
    look("huguan.kj", "account", own, "phone");
    EXPECT(REFERENCE_NOT_FOUND);
}

/* A value that does not open gives no record of a look that never was. */
static void a_value_of_another_place_does_not_open(void)
{
    const char *id = demand_of_huguan();
    sql("CREATE TEMP TABLE was AS SELECT contact_phone FROM app.demand WHERE id = '%s'", id);
    sql("UPDATE app.demand SET contact_phone = (SELECT d.contact_phone FROM app.demand d WHERE d.id <> '%s' AND"
        " d.contact_phone IS NOT NULL LIMIT 1) WHERE id = '%s'",
        id, id);
    const char *before = count();
    look("huguan.kj", "demand", id, "contact_phone");
    EXPECT(INTERNAL_ERROR);
    CHECK_TEXT(count(), before);
    sql("UPDATE app.demand SET contact_phone = (SELECT contact_phone FROM was) WHERE id = '%s'", id);
    look("huguan.kj", "demand", id, "contact_phone");
    EXPECT(OK);
}

static void the_hour_has_a_limit(void)
{
    const char *id = demand_of_huguan();
    setenv("TEPAI_DISCLOSURE_LIMIT", "3", 1);
    CHECK(config_load());
    sql("UPDATE app.disclosure SET counted_at = now() - interval '59 minutes'");
    sql("DELETE FROM app.disclosure WHERE created_by = (SELECT id FROM app.account WHERE login_name = 'huguan.rc')");
    for (int i = 0; i < 3; i++) {
        look("huguan.rc", "demand", id, "contact_phone");
        EXPECT(OK);
    }
    const char *before = count();
    look("huguan.rc", "demand", id, "contact_phone");
    EXPECT(TOO_MANY_REQUESTS);
    CHECK(atoi(header_of("Retry-After")) > 3500 && atoi(header_of("Retry-After")) <= 3600);
    CHECK_TEXT(count(), before);
    look("huguan.rc2", "demand", id, "contact_phone");
    EXPECT(OK);
    sql("UPDATE app.disclosure SET counted_at = now() - interval '61 minutes' WHERE created_by = (SELECT id FROM"
        " app.account WHERE login_name = 'huguan.rc')");
    look("huguan.rc", "demand", id, "contact_phone");
    EXPECT(OK);
    setenv("TEPAI_DISCLOSURE_LIMIT", "60", 1);
    CHECK(config_load());
}

static void the_city_and_the_person_read_the_record(void)
{
    const char *person = sql("SELECT id FROM app.account WHERE login_name = 'linruochuan'");
    look("huguan.kj", "demand", demand_of_huguan(), "contact_phone");
    const char *made = keep("/id");
    as("linruochuan");
    CHECK(walk("/v1/disclosures", "-created_at") == 1); /* his own look at his own phone */
    sql("UPDATE app.disclosure SET subject_account = '%s' WHERE id = '%s'", person, made);
    CHECK(walk("/v1/disclosures", "-created_at") == 2);
    as("shi.kj");
    CHECK_TEXT(json("%d", walk("/v1/disclosures?limit=2", "-created_at")), count());
    CHECK_TEXT(json("%d", walk("/v1/disclosures?limit=2&sort=id", "id")), count());
    ask("GET",
        json("/v1/disclosures?subject_type=enterprise&created_by=%s",
             sql("SELECT id FROM app.account WHERE login_name = 'lishi'")),
        NULL);
    CHECK(json_array_size(json_object_get(body_of(), "items")) == 1);
    EXPECT_TEXT("/items/0/subject_type", "enterprise");
    as("huguan.kj");
    ask("GET", "/v1/disclosures", NULL);
    EXPECT(FORBIDDEN);
}

/* An entry shows what its application was sealed with, until the person changes it. */
static void the_register_opens_what_the_application_sealed(void)
{
    const char *entry = sql("SELECT specialist_id FROM app.account WHERE login_name = 'linruochuan'");
    look("linruochuan", "specialist", entry, "id_no");
    EXPECT(OK);
    CHECK_TEXT(text_at("/values/id_no"), "149999198001010013");
    look("shi.kj", "specialist", entry, "mobile");
    CHECK_TEXT(text_at("/values/mobile"), "19903570001");
    as("linruochuan");
    call("specialist_update", entry, json("{'mobile':'13900000388'}"));
    EXPECT(OK);
    look("linruochuan", "specialist", entry, "mobile");
    CHECK_TEXT(text_at("/values/mobile"), "13900000388");
    look("lishi", "specialist", entry, "mobile");
    EXPECT(REFERENCE_NOT_FOUND);
}

/* What the contract seals can be asked for, where the record has a wire form of its own. */
static void every_sealed_field_can_be_asked_for(void)
{
    int ops;
    const struct op *op = contract_ops(&ops);
    const json_t *schemas = json_object_get(json_object_get(contract_document(), "components"), "schemas");
    const json_t *kinds = json_object_get(json_object_get(schemas, "DisclosureSubject"), "enum");
    for (int i = 0; i < ops; i++) {
        const char *member;
        json_t *sealed, *kind;
        size_t at;
        json_object_foreach (op[i].body_members, member, sealed) {
            if (!json_is_true(sealed) || sql("SELECT to_regclass('api.%s')", op[i].room) == NULL) continue;
            bool listed = false;
            json_array_foreach (kinds, at, kind) listed |= strcmp(json_string_value(kind), op[i].room) == 0;
            check_note(listed, op[i].id, 0, member);
        }
    }
}

int main(void)
{
    harness_open();
    RUN(whoever_sees_it_masked_may_see_it_clear);
    RUN(others_learn_nothing);
    RUN(only_masked_fields_are_opened);
    RUN(firms_see_their_own);
    RUN(accounts_are_their_owners_and_their_administrators);
    RUN(a_value_of_another_place_does_not_open);
    RUN(the_hour_has_a_limit);
    RUN(the_city_and_the_person_read_the_record);
    RUN(the_register_opens_what_the_application_sealed);
    RUN(every_sealed_field_can_be_asked_for);
    return harness_close();
}
