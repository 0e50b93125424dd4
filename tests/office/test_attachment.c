/* Files: who announces them, who sees them before and after a record names them, and how a record binds them. */
#include "as_role.h"
#include "contract.h"
#include "files.h"
#include "harness.h"
#include "office/files_folder.h"
#include "subjects.h"
#include "work/jobs.h"

#include <fcntl.h>
#include <regex.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

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

/* Puts files into a state beside the road. */
static void set_state(const char *state, const char *column, const char *value)
{
    sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " UPDATE app.attachment SET state = '%s' FROM quiet WHERE %s = '%s'",
        state, column, value);
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
    set_state("purged", "sha256", sql("SELECT encode(sha256('%s'), 'hex')", FILE_BYTES));
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

/* A bound file is read by those who read its record, and by nobody else. Specialists see the outline of an open demand
 * alone, so the paper behind it is not theirs. */
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
    expect_seen(SPECIALIST, file, NOT_FOUND);
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
    set_state("purged", "created_by", account);
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

#define PART ((size_t)4 << 20)

/* Bytes of a file, of which no two parts are alike; the caller frees them. */
static char *bytes_like(const char *begin, size_t begin_size, size_t size)
{
    char *bytes = malloc(size);
    for (size_t i = 0; bytes != NULL && i < size; i++) bytes[i] = (char)(i * 31 + i / 4093);
    if (bytes != NULL) memcpy(bytes, begin, begin_size);
    return bytes;
}

static const char *hex_of(const char *bytes, size_t size)
{
    static char hex[65];
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)bytes, size);
    return sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
}

static const char *announce_bytes(const char *name, const char *type, const char *bytes, size_t size)
{
    call("attachment_create", NULL,
         json("{'file_name':'%s','media_type':'%s','size_bytes':%zu,'sha256':'%s'}", name, type, size,
              hex_of(bytes, size)));
    EXPECT(OK);
    return keep("/id");
}

static void send_part(const char *id, int part_no, const char *bytes, size_t size)
{
    ask_bytes("PUT", json("/v1/attachments/%s/parts/%d", id, part_no), bytes, size);
}

/* In any order, each as often as one likes; with the last one the file is stored and can be read. */
static void parts_make_a_file(void)
{
    size_t size = PART + 1000;
    char *bytes = bytes_like("%PDF-1.7", 8, size);
    as(login_of(ENTERPRISE));
    const char *id = announce_bytes("聘书 1.pdf", "application/pdf", bytes, size);
    for (int turn = 0; turn < 2; turn++) {
        send_part(id, 2, bytes + PART, 1000);
        EXPECT(OK);
        EXPECT_TEXT("/parts_missing", "[1]");
        EXPECT_TEXT("/version", "1");
    }
    call("attachment_download", id, NULL);
    EXPECT(WRONG_STATE);
    EXPECT_TEXT("/current_status", "pending");
    send_part(id, 1, bytes, PART);
    EXPECT_TEXT("/state", "stored");
    EXPECT_TEXT("/parts_missing", "[]");
    EXPECT_EVENT(id, "attachment_upload", "state");
    send_part(id, 1, bytes, PART);
    EXPECT(OK);
    EXPECT_TEXT("/version", "2");
    call("attachment_download", id, NULL);
    EXPECT(OK);
    CHECK(memcmp(bytes_of(), bytes, size) == 0);
    CHECK_TEXT(header_of("Content-Type"), "application/pdf");
    CHECK_TEXT(header_of("Content-Disposition"), "attachment; filename*=UTF-8''%E8%81%98%E4%B9%A6%201.pdf");
    CHECK_TEXT(header_of("Repr-Digest"), digest_of(bytes, size));
    free(bytes);
}

/* Bytes that are not the announced ones, or not of the announced type, are forgotten, and the parts are due again. */
static void wrong_bytes_are_forgotten(void)
{
    static const char wrong[] = "%PDF-1.7 another one";
    as(login_of(ENTERPRISE));
    const char *id = announce_bytes("a.pdf", "application/pdf", "%PDF-1.7 the proper 1", sizeof wrong);
    send_part(id, 1, wrong, sizeof wrong);
    EXPECT(DIGEST_MISMATCH);
    call("attachment_get", id, NULL);
    EXPECT_TEXT("/state", "pending");
    EXPECT_TEXT("/parts_missing", "[1]");
    with("Idempotency-Key", "the-same-key");
    send_part(id, 1, wrong, sizeof wrong);
    EXPECT(DIGEST_MISMATCH);
    with("Idempotency-Key", "the-same-key");
    send_part(id, 1, "%PDF-1.7 the proper 1", sizeof wrong);
    EXPECT_TEXT("/state", "stored");
}

static void types_are_looked_at(void)
{
    static const struct {
        const char *name, *type, *bytes;
        size_t size;
    } files[] = {
        {"a.pdf", "application/pdf", "%PDF-2.0 a", 10},
        {"a.png", "image/png", "\x89PNG\r\n\x1A\n..", 10},
        {"a.jpg", "image/jpeg", "\xFF\xD8\xFF\xE0......", 10},
        {"a.ofd", "application/ofd", "PK\x03\x04......", 10},
        {"a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "PK\x03\x04.....d", 10},
        {"a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK\x03\x04.....x", 10}};
    as(login_of(ENTERPRISE));
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        send_part(announce_bytes(files[i].name, files[i].type, files[i].bytes, 10), 1, files[i].bytes, 10);
        EXPECT_TEXT("/state", "stored");
        size_t other = (i + 1) % 4; /* of another beginning for each */
        if (other == i) other = 0;
        const char *id = announce_bytes(files[i].name, files[i].type, files[other].bytes, 10);
        if (strcmp(text_at("/state"), "stored") == 0) continue;
        send_part(id, 1, files[other].bytes, 10);
        check_note(status_of() == 422, files[i].name, __LINE__, files[other].name);
    }
}

static bool contract_takes(const char *digest)
{
    const json_t *at = contract_document();
    static const char *const way[] = {"components", "parameters", "content_digest", "schema", "pattern"};
    for (size_t i = 0; i < sizeof way / sizeof way[0]; i++) at = json_object_get(at, way[i]);
    regex_t pattern;
    CHECK(regcomp(&pattern, json_string_value(at), REG_EXTENDED | REG_NOSUB) == 0);
    bool takes = regexec(&pattern, digest, 0, NULL, 0) == 0;
    regfree(&pattern);
    return takes;
}

/* Each part says what it hashes to, and has the size that its place gives it. */
static void parts_are_judged(void)
{
    static const char *const bad[] = {"", "sha-256=:AAAA:", "md5=:AAAAAAAAAAAAAAAAAAAAAA==:", "X48E9qOokqqrvdts8nOJ",
                                      "sha-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=",
                                      /* its last letter has bits that are no part of a hash */
                                      "sha-256=:I5Po16038J2IBDlVCx3B8D4ej2oVSDzlJ0iYJShG37Z=:"};
    as(login_of(ENTERPRISE));
    const char *id = announced(login_of(ENTERPRISE), 5000000);
    with("Content-Digest", NULL);
    send_part(id, 1, "x", 1);
    EXPECT_FAULT("content-digest", "required");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        with("Content-Digest", bad[i]);
        send_part(id, 1, "x", 1);
        EXPECT_FAULT("content-digest", "format");
        check_note(!contract_takes(bad[i]), bad[i], __LINE__, "the contract takes it");
    }
    CHECK(contract_takes(digest_of("y", 1)));
    with("Content-Digest", digest_of("y", 1));
    send_part(id, 1, "x", 1);
    EXPECT(DIGEST_MISMATCH);
    send_part(id, 1, "", 0);
    EXPECT_FAULT("#", "required");
    send_part(id, 1, "x", 1);
    EXPECT_RULE("attachment_part_size");
    CHECK(strstr(bytes_of(), "4194304") != NULL);
    send_part(id, 2, "x", 1);
    CHECK(strstr(bytes_of(), "805696") != NULL);
    send_part(id, 3, "x", 1);
    EXPECT(NOT_FOUND);
    send_part(id, 6, "x", 1);
    EXPECT(VALIDATION_FAILED);
    with("If-Match", "\"7\"");
    send_part(id, 1, "x", 1);
    EXPECT_RULE("attachment_part_size");
}

/* A part that the disk has lost is asked for again. */
static void a_lost_part_is_due_again(void)
{
    size_t size = PART + 9;
    char *bytes = bytes_like("%PDF-1.7 lost", 13, size);
    as(login_of(ENTERPRISE));
    const char *id = announce_bytes("b.pdf", "application/pdf", bytes, size);
    send_part(id, 1, bytes, PART);
    files_drop_parts(id);
    send_part(id, 2, bytes + PART, 9);
    EXPECT(OK);
    EXPECT_TEXT("/parts_missing", "[1]");
    send_part(id, 1, bytes, PART);
    EXPECT_TEXT("/state", "stored");
    free(bytes);
}

/* A purged file takes no parts and gives none; a stale condition is refused. */
static void states_are_kept(void)
{
    const char *id = subject("attachment", ENTERPRISE, OWN, "purged");
    as(login_of(ENTERPRISE));
    call("attachment_upload", id, FILE_BYTES);
    EXPECT(WRONG_STATE);
    EXPECT_RULE("not_editable");
    call("attachment_download", id, NULL);
    EXPECT_TEXT("/current_status", "purged");
    with("If-Match", "\"7\"");
    call("attachment_upload", subject("attachment", ENTERPRISE, OWN, "pending"), FILE_BYTES);
    EXPECT(VERSION_MISMATCH);
}

/* Whoever reads the record reads the bytes, and only their owner sends any. */
static void bytes_follow_the_record(void)
{
    const char *demand = subject("demand", ENTERPRISE, OWN, "returned");
    const char *file = subject("attachment", ENTERPRISE, OWN, "stored");
    as(login_of(COUNTY_ST));
    call("attachment_download", file, NULL);
    EXPECT(NOT_FOUND);
    bound(login_of(ENTERPRISE), file, demand);
    call("attachment_download", file, NULL);
    EXPECT(OK);
    CHECK_TEXT(bytes_of(), FILE_BYTES);
    call("attachment_upload", file, FILE_BYTES);
    EXPECT(NOT_FOUND);
    as(login_of(ENTERPRISE));
    call("attachment_upload", file, FILE_BYTES);
    EXPECT(OK);
    EXPECT_TEXT("/subject_id", demand);
}

static bool lists(const char *target, const char *id)
{
    size_t i;
    json_t *item;
    ask("GET", target, NULL);
    EXPECT(OK);
    json_array_foreach (json_object_get(body_of(), "items"), i, item) {
        if (strcmp(json_string_value(json_object_get(item, "id")), id) == 0) return true;
    }
    return false;
}

/* An organisation finds the files it has sent, and what waits for a record among them; whoever reads a record finds
 * its files. */
static void files_are_found(void)
{
    const char *demand = subject("demand", ENTERPRISE, OWN, "returned");
    const char *free = subject("attachment", ENTERPRISE, OWN, "stored"),
               *named = subject("attachment", ENTERPRISE, COLLEAGUE, "stored"),
               *waits = subject("attachment", ENTERPRISE, OWN, "pending");
    bound(login_of(ENTERPRISE), named, demand);
    const char *of = json("/v1/attachments?subject_type=demand&subject_id=%s", demand);
    as(login_of(ENTERPRISE));
    CHECK(lists("/v1/attachments?limit=200", free) && lists("/v1/attachments?limit=200", named));
    CHECK(lists("/v1/attachments?state=pending&limit=200", waits) &&
          !lists("/v1/attachments?state=pending&limit=200", free));
    CHECK(lists("/v1/attachments?attached=false&limit=200", free) &&
          !lists("/v1/attachments?attached=false&limit=200", named));
    CHECK(lists(of, named) && !lists(of, free));
    CHECK(walk("/v1/attachments?limit=3", "-created_at") > 3);
    as(login_of(COUNTY_ST));
    CHECK(lists(of, named) && !lists("/v1/attachments?limit=200", named));
    as(login_of(SPECIALIST));
    CHECK(!lists(of, named));
}

/* Makes a file of the folder look as if it had lain there for two days. */
static void age(int under, const char *name)
{
    const struct timespec old[] = {{.tv_sec = time(NULL) - 2 * 24 * 3600}, {.tv_sec = time(NULL) - 2 * 24 * 3600}};
    CHECK(utimensat(under, name, old, AT_SYMLINK_NOFOLLOW) == 0);
}

static bool lies(int under, const char *name)
{
    return faccessat(under, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Seven days after its announcement a file that no record names is purged; a bound one never is. */
static void waiting_files_are_purged(void)
{
    const char *pending = subject("attachment", ENTERPRISE, OWN, "pending"),
               *stored = subject("attachment", ENTERPRISE, OWN, "stored"),
               *fresh = subject("attachment", ENTERPRISE, OWN, "stored"),
               *named = subject("attachment", ENTERPRISE, OWN, "stored");
    bound(login_of(ENTERPRISE), named, subject("demand", ENTERPRISE, OWN, "returned"));
    sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " UPDATE app.attachment SET created_at = app.now() - interval '169 hours' FROM quiet WHERE id IN ('%s', '%s',"
        " '%s')",
        pending, stored, named);
    PGconn *worker = role_open(DB_WORKER);
    CHECK(strtol(role_sql(worker, "SELECT app.work_once('attachment_purge', 'x', '2026-10-21')"), NULL, 10) >= 2);
    PQfinish(worker);
    static const char query[] = "SELECT state FROM app.attachment WHERE id = '%s'";
    CHECK_TEXT(sql(query, pending), "purged");
    CHECK_TEXT(sql(query, stored), "purged");
    CHECK_TEXT(sql(query, fresh), "stored");
    CHECK_TEXT(sql(query, named), "stored");
    CHECK_TEXT(
        sql("SELECT operation || ' ' || role FROM app.event WHERE subject_id = '%s' ORDER BY at DESC LIMIT 1", stored),
        "attachment_purge system");
}

/* Bytes go a day after the last row that has them, and parts a day after nobody waits for them. */
static void bytes_without_a_row_are_swept(void)
{
    static const char bytes[] = "%PDF-1.7 to be swept";
    const struct files_folder *f = files_folder();
    char blob[FILES_NAME_SIZE];
    as(login_of(ENTERPRISE));
    const char *id = announce_bytes("s.pdf", "application/pdf", bytes, sizeof bytes);
    const char *part = json("%s.1", id);
    CHECK(files_keep_part(id, 1, bytes, sizeof bytes) == OK);
    age(f->parts, part);
    files_sweep();
    CHECK(lies(f->parts, part));
    send_part(id, 1, bytes, sizeof bytes);
    EXPECT_TEXT("/state", "stored");
    CHECK(!lies(f->parts, part));
    CHECK(files_keep_part(id, 1, bytes, sizeof bytes) == OK);
    files_blob_name(blob, hex_of(bytes, sizeof bytes));
    age(f->blobs, blob);
    files_sweep();
    CHECK(lies(f->blobs, blob) && lies(f->parts, part));
    age(f->parts, part);
    files_sweep();
    CHECK(lies(f->blobs, blob) && !lies(f->parts, part));
    set_state("purged", "id", id);
    int hold = files_hold();
    files_sweep();
    CHECK(lies(f->blobs, blob));
    files_release(hold);
    files_sweep();
    CHECK(!lies(f->blobs, blob));
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
    RUN(parts_make_a_file);
    RUN(wrong_bytes_are_forgotten);
    RUN(types_are_looked_at);
    RUN(parts_are_judged);
    RUN(a_lost_part_is_due_again);
    RUN(states_are_kept);
    RUN(bytes_follow_the_record);
    RUN(files_are_found);
    RUN(waiting_files_are_purged);
    RUN(bytes_without_a_row_are_swept);
    return harness_close();
}
