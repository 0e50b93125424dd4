/* Files: who announces them, who sees them before and after a record names them, and how a record binds them. */
#include "arena.h"
#include "as_role.h"
#include "harness.h"
#include "subjects.h"

#include <stdlib.h>

#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const char *announcement(const char *name, const char *type, int size)
{
    return json("{'file_name':'%s','media_type':'%s','size_bytes':%d,'sha256':'" HASH_A "'}", name, type, size);
}

static const char *announced(const char *login, int size)
{
    as(login);
    call("attachment_create", NULL, announcement("聘书.pdf", "application/pdf", size));
    EXPECT(OK);
    return keep("/id");
}

/* An announcement says how many parts are to come. */
static void announces(void)
{
    const char *id = announced(login_of(ENTERPRISE), 4194305);
    EXPECT_TEXT("/state", "pending");
    EXPECT_TEXT("/part_count", "2");
    EXPECT_TEXT("/parts_missing", "[1,2]");
    EXPECT_TEXT("/purpose", "other");
    EXPECT_TEXT("/subject_id", NULL);
    CHECK_TEXT(header_of("Location"), json("/v1/attachments/%s", id));
    EXPECT_EVENT(id, "attachment_create", "size_bytes");
    call("attachment_get", id, NULL);
    EXPECT_TEXT("/file_name", "聘书.pdf");
    EXPECT_TEXT("/created_by", sql("SELECT id FROM app.account WHERE login_name = '%s'", login_of(ENTERPRISE)));
    announced(login_of(ENTERPRISE), 4194304);
    EXPECT_TEXT("/parts_missing", "[1]");
    announced(login_of(ENTERPRISE), 20971520);
    EXPECT_TEXT("/parts_missing", "[1,2,3,4,5]");
}

static void limits_of_an_announcement(void)
{
    as(login_of(ENTERPRISE));
    call("attachment_create", NULL, announcement("a.pdf", "application/pdf", 20971521));
    EXPECT_FAULT("#/size_bytes", "too_large");
    call("attachment_create", NULL, announcement("a.pdf", "application/pdf", 0));
    EXPECT_FAULT("#/size_bytes", "too_small");
    call("attachment_create", NULL, announcement("a.html", "text/html", 9));
    EXPECT_FAULT("#/media_type", "enum");
}

/* A name is no path, hides nothing and ends as its type does. */
static void names(void)
{
    static const char *const bad[] = {"../a.pdf",     "a/b.pdf",      "C:a.pdf",         "a\\\\b.pdf",
                                      ".pdf",         " a.pdf",       "a\\u202efdp.pdf", "a\\u200b.pdf",
                                      "a\\u0085.pdf", "a\\u2066.pdf", "a?.pdf"};
    static const char *const other[][2] = {{"a.exe", "application/pdf"},
                                           {"a", "application/pdf"},
                                           {"a.pdf", "image/png"},
                                           {"a.pdf.exe", "application/pdf"},
                                           {"a.pdf ", "application/pdf"}};
    static const char *const good[][2] = {
        {"聘书 (终稿).PDF", "application/pdf"},
        {"a.jpeg", "image/jpeg"},
        {"b.ofd", "application/ofd"},
        {"c.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        {"d.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {"e.png", "image/png"}};
    as(login_of(SPECIALIST));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        call("attachment_create", NULL, announcement(bad[i], "application/pdf", 9));
        EXPECT(VALIDATION_FAILED);
        EXPECT_FAULT("#/file_name", "pattern");
    }
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
        call("attachment_create", NULL, announcement(other[i][0], other[i][1], 9));
        EXPECT(RULE_VIOLATED);
        EXPECT_RULE("attachment_name_fits_type");
    }
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        call("attachment_create", NULL, announcement(good[i][0], good[i][1], 9));
        EXPECT(OK);
        EXPECT_TEXT("/file_name", good[i][0]);
    }
}

/* Bytes that the organisation has are not sent twice; of what another one has nothing is told. */
static void same_bytes_again(void)
{
    const char *stored = subject("attachment", ENTERPRISE, COLLEAGUE, "stored");
    const char *body = json("{'file_name':'另一名.pdf','media_type':'application/pdf','size_bytes':%zu,'sha256':'%s'}",
                            sizeof FILE_BYTES - 1, sql("SELECT sha256 FROM app.attachment WHERE id = '%s'", stored));
    as(login_of(ENTERPRISE));
    call("attachment_create", NULL, body);
    EXPECT_TEXT("/state", "stored");
    EXPECT_TEXT("/parts_missing", "[]");
    as(login_of(CITY_OTHER));
    call("attachment_create", NULL, body);
    EXPECT_TEXT("/state", "pending");
    sql("UPDATE app.attachment SET state = 'purged' WHERE sha256 = encode(sha256('%s'), 'hex')", FILE_BYTES);
    as(login_of(ENTERPRISE));
    call("attachment_create", NULL, body);
    EXPECT_TEXT("/state", "pending");
}

/* Runs one statement as a demo account, in a transaction that is given up. */
static const char *as_account(const char *login, const char *statement)
{
    static char got[200];
    const char *account = sql("SELECT id FROM app.account WHERE login_name = '%s'", login);
    PGconn *conn = role_open(role_serving(sql("SELECT role FROM app.account WHERE login_name = '%s'", login)));
    role_begin_as(conn, account);
    snprintf(got, sizeof got, "%s", role_sql(conn, "%s", statement));
    role_sql(conn, "COMMIT");
    PQfinish(conn);
    return got;
}

static const char *bound(const char *login, const char *file, const char *demand)
{
    return as_account(login, json("SELECT app.attachment_bind(ARRAY[$$%s$$]::uuid[], $$demand$$, $$%s$$, $$evidence$$)",
                                  file, demand));
}

/* A record takes stored files of its writer's own; all others look like files that are not there. */
static void binds(void)
{
    const char *demand = subject("demand", ENTERPRISE, OWN, "returned"),
               *other = subject("demand", ENTERPRISE, OWN, "returned");
    const char *file = subject("attachment", ENTERPRISE, OWN, "stored");
    const char *firm = login_of(ENTERPRISE);
    CHECK_TEXT(bound(firm, subject("attachment", ENTERPRISE, OWN, "pending"), demand), "!23503");
    CHECK_TEXT(bound(firm, subject("attachment", ENTERPRISE, OWN, "purged"), demand), "!23503");
    CHECK_TEXT(bound(firm, subject("attachment", ENTERPRISE, NEIGHBOUR, "stored"), demand), "!23503");
    CHECK_TEXT(bound(firm, NOWHERE_ID, demand), "!23503");
    CHECK_TEXT(bound(login_of(COUNTY_ST), file, demand), "!23503");
    CHECK_TEXT(bound(firm, file, demand), "");
    CHECK_TEXT(bound(firm, file, demand), "");
    CHECK_TEXT(bound(firm, file, other), "!23503");
    CHECK_TEXT(sql("SELECT subject_id FROM app.attachment WHERE id = '%s'", file), demand);
}

static void expect_seen(enum caller c, const char *file, fail_t outcome)
{
    as(login_of(c));
    call("attachment_get", file, NULL);
    EXPECT(outcome);
}

/* Changes a demand without waking a trigger. */
static void set_demand(const char *id, const char *changes)
{
    sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " UPDATE app.demand SET %s FROM quiet WHERE id = '%s'",
        changes, id);
}

/* A bound file is read by those who read its record, and by nobody else. */
static void follows_its_record(void)
{
    const char *demand = subject("demand", ENTERPRISE, OWN, "returned");
    const char *file = subject("attachment", ENTERPRISE, OWN, "stored");
    expect_seen(COUNTY_ST, file, NOT_FOUND);
    bound(login_of(ENTERPRISE), file, demand);
    expect_seen(ENTERPRISE, file, OK);
    CHECK(text_at("/created_by") != NULL);
    expect_seen(COUNTY_ST, file, OK);
    EXPECT_TEXT("/subject_type", "demand");
    EXPECT_TEXT("/created_by", NULL);
    expect_seen(COUNTY_OTHER, file, OK);
    expect_seen(CITY_OTHER, file, OK);
    expect_seen(SPECIALIST, file, NOT_FOUND);
    set_demand(demand, "status = 'open'");
    expect_seen(SPECIALIST, file, OK);
    set_demand(demand, "status = 'returned', unit_id = (SELECT max(code) FROM app.unit WHERE code <> unit_id)");
    expect_seen(COUNTY_ST, file, NOT_FOUND);
}

static void a_record_has_at_most_fifty(void)
{
    const char *demand = subject("demand", ENTERPRISE, OWN, "returned"), *last = NULL;
    for (int i = 0; i < 51; i++) {
        last = subject("attachment", ENTERPRISE, OWN, "stored");
        if (i < 50)
            sql("UPDATE app.attachment SET subject_type = 'demand', subject_id = '%s' WHERE id = '%s'", demand, last);
    }
    CHECK_TEXT(bound(login_of(ENTERPRISE), last, demand), "!23514");
    CHECK(rule_find("attachment_limit") != NULL);
}

/* What waits for a record is counted in files and in bytes, for each account. */
static void waiting_files_have_a_limit(void)
{
    const char *login = login_of(CITY_OTHER);
    const char *account = sql("SELECT id FROM app.account WHERE login_name = '%s'", login);
    as(login);
    sql("UPDATE app.attachment SET state = 'purged' WHERE created_by = '%s'", account);
    for (int i = 0; i < 12; i++) announced(login, 20971520);
    call("attachment_create", NULL, announcement("a.pdf", "application/pdf", 20971520));
    EXPECT(RULE_VIOLATED);
    EXPECT_RULE("attachment_quota");
    call("attachment_create", NULL, announcement("a.pdf", "application/pdf", 1000));
    EXPECT(OK);
    sql("UPDATE app.attachment SET size_bytes = 1 WHERE created_by = '%s'", account);
    for (int i = 13; i < 200; i++)
        sql("SELECT pg_temp.clone('attachment', (SELECT id FROM app.attachment WHERE created_by = '%s' AND state ="
            " 'pending' LIMIT 1), '{}')",
            account);
    call("attachment_create", NULL, announcement("a.pdf", "application/pdf", 1000));
    EXPECT_RULE("attachment_quota");
    as(login_of(CITY_ST));
    call("attachment_create", NULL, announcement("a.pdf", "application/pdf", 1000));
    EXPECT(OK);
}

/* Only what the contract lets in is written: neither owner nor state nor record is anybody's to say. */
static void nobody_says_whose_it_is(void)
{
    static const char *const statements[] = {
        "UPDATE app.attachment SET owner = 'city'",
        "UPDATE app.attachment SET subject_type = 'demand', subject_id = gen_random_uuid()",
        "UPDATE app.attachment SET sha256 = sha256",
        "INSERT INTO app.attachment (id, file_name, media_type, size_bytes, sha256, purpose, owner) VALUES"
        " (gen_random_uuid(), 'a.pdf', 'application/pdf', 1, '" HASH_A "', 'other', 'city')",
        "INSERT INTO app.attachment (id, file_name, media_type, size_bytes, sha256, purpose, state) VALUES"
        " (gen_random_uuid(), 'a.pdf', 'application/pdf', 1, '" HASH_A "', 'other', 'stored')",
        "DELETE FROM app.attachment"};
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        CHECK_TEXT(as_account(login_of(ENTERPRISE), statements[i]), "!42501");
}

int main(void)
{
    harness_open();
    subjects_open();
    RUN(announces);
    RUN(limits_of_an_announcement);
    RUN(names);
    RUN(same_bytes_again);
    RUN(binds);
    RUN(follows_its_record);
    RUN(a_record_has_at_most_fifty);
    RUN(waiting_files_have_a_limit);
    RUN(nobody_says_whose_it_is);
    return harness_close();
}
