/* Migrations. Files of sql/schema run once each, in order, in a transaction of their own that also notes path and hash
 * in app.migration; a file that was noted and has changed since is refused. What can be run again (functions,
 * lifecycle, views, policies) runs whole when any of it changed, and so does the reference data. The roles file comes
 * first and stands outside this book-keeping, for roles belong to the cluster and app.migration to a schema it makes.
 */
#include "migrate.h"

#include "admin.h"
#include "config.h"
#include "db.h"
#include "demo.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define ROLES_FILE "schema/000_roles.sql"
#define HASH_SIZE  (crypto_hash_sha256_BYTES * 2 + 1)
#define LOCK_TRIES 60 /* a second each: a migration waits for running statements, never they for it */

/* Sections that are run again whole, in this order. A section is a folder or the beginning of a file's name. The
 * others call what is in base.sql. */
static const char *const repeatable[] = {"functions/base", "functions/", "lifecycle", "views/", "policies", NULL};
static const char *const reference[] = {"reference/", NULL};

/* Their names in app.migration. */
#define REPEATABLE "functions, lifecycle, views, policies"
#define REFERENCE  "reference data"
#define SECTIONS   2

static bool is_in(const struct sql_file *file, const char *section)
{
    return strncmp(file->path, section, strlen(section)) == 0;
}

static void hash_end(crypto_hash_sha256_state *state, char out[HASH_SIZE])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_final(state, hash);
    sodium_bin2hex(out, HASH_SIZE, hash, sizeof hash);
}

static void hash_add(crypto_hash_sha256_state *state, const char *text)
{
    crypto_hash_sha256_update(state, (const unsigned char *)text, strlen(text) + 1);
}

static void hash_file(const struct sql_file *file, char out[HASH_SIZE])
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    hash_add(&state, file->text);
    hash_end(&state, out);
}

static void hash_sections(const char *const *sections, char out[HASH_SIZE])
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    for (; *sections != NULL; sections++)
        for (const struct sql_file *file = sql_files; file->path != NULL; file++)
            if (is_in(file, *sections)) {
                hash_add(&state, file->path);
                hash_add(&state, file->text);
            }
    hash_end(&state, out);
}

/* What the database has noted under a path. */
enum noted { NOTED_NOTHING, NOTED_SAME, NOTED_OTHER, NOTED_UNKNOWN };

static enum noted noted(PGconn *c, const char *path, const char *hash)
{
    PGresult *r = admin_rows(c, "SELECT sha256 FROM app.migration WHERE path = $1", 1, &path);
    if (r == NULL) return NOTED_UNKNOWN;
    enum noted found = NOTED_NOTHING;
    if (PQntuples(r) == 1) found = strcmp(PQgetvalue(r, 0, 0), hash) == 0 ? NOTED_SAME : NOTED_OTHER;
    PQclear(r);
    return found;
}

static bool note(PGconn *c, const char *path, const char *hash)
{
    return admin_write(c,
                       "INSERT INTO app.migration (path, sha256) VALUES ($1, $2) ON CONFLICT (path) DO UPDATE "
                       "SET sha256 = excluded.sha256, applied_at = now()",
                       2, (const char *const[]){path, hash});
}

static bool finish(PGconn *c, bool fine)
{
    return admin_run(c, "transaction", fine ? "COMMIT" : "ROLLBACK") && fine;
}

static bool run_as_owner(PGconn *c, const struct sql_file *file)
{
    return admin_run(c, file->path, "SET LOCAL ROLE tepai_owner") && admin_run(c, file->path, file->text) &&
           admin_run(c, file->path, "RESET ROLE");
}

/* A migration needs locks that running statements hold. It asks for a second and gives way, so that nobody queues
 * behind it for longer, and then asks again. */
static bool apply(PGconn *c, const struct sql_file *file, const char *hash)
{
    const struct timespec second = {.tv_sec = 1};
    for (int tried = 1; tried <= LOCK_TRIES; tried++) {
        bool fine = admin_run(c, file->path, "BEGIN; SET LOCAL lock_timeout = '1s'") && run_as_owner(c, file) &&
                    note(c, file->path, hash);
        if (finish(c, fine)) return true;
        if (!admin_was_locked()) return false;
        fprintf(stderr, "%s: others hold the locks it needs; asked %d of %d times.\n", file->path, tried, LOCK_TRIES);
        nanosleep(&second, NULL);
    }
    return false;
}

static bool migrate_file(PGconn *c, const struct sql_file *file)
{
    char hash[HASH_SIZE];
    hash_file(file, hash);
    switch (noted(c, file->path, hash)) {
    case NOTED_NOTHING: printf("migration %s\n", file->path); return apply(c, file, hash);
    case NOTED_SAME: return true;
    case NOTED_OTHER:
        fprintf(stderr,
                "sql/%s was changed after it had been applied here. Put it back as it was and write what is "
                "new in a migration of its own.\n",
                file->path);
        return false;
    case NOTED_UNKNOWN: break;
    }
    return false;
}

static bool is_migration(const struct sql_file *file)
{
    return is_in(file, "schema/") && strcmp(file->path, ROLES_FILE) != 0;
}

static bool migrate_files(PGconn *c)
{
    for (const struct sql_file *file = sql_files; file->path != NULL; file++)
        if (is_migration(file) && !migrate_file(c, file)) return false;
    return true;
}

/* Belongs to the owner of all tables, so that policies.sql treats it like the others. */
static const struct sql_file book = {
    "app.migration", "CREATE TABLE IF NOT EXISTS app.migration (path text CONSTRAINT migration_pkey PRIMARY KEY, "
                     "sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"};

static bool run_roles(PGconn *c)
{
    const struct sql_file *file = sql_files;
    while (file->path != NULL && strcmp(file->path, ROLES_FILE) != 0) file++;
    return file->path != NULL && admin_run(c, file->path, file->text) && admin_run(c, book.path, "BEGIN") &&
           finish(c, run_as_owner(c, &book));
}

/* The reference data is written by the administrator, whom row-level security does not stop; the rest by the owner. */
static bool run_section(PGconn *c, const char *section, bool as_owner)
{
    for (const struct sql_file *file = sql_files; file->path != NULL; file++) {
        if (!is_in(file, section)) continue;
        if (!(as_owner ? run_as_owner(c, file) : admin_run(c, file->path, file->text))) return false;
    }
    return true;
}

static bool run_sections(PGconn *c, const char *name, const char *const *sections, bool as_owner)
{
    char hash[HASH_SIZE];
    hash_sections(sections, hash);
    enum noted found = noted(c, name, hash);
    if (found == NOTED_SAME || found == NOTED_UNKNOWN) return found == NOTED_SAME;
    printf("%s\n", name);
    bool fine = admin_run(c, name, "BEGIN");
    for (; fine && *sections != NULL; sections++) fine = run_section(c, *sections, as_owner);
    return finish(c, fine && note(c, name, hash));
}

/* The password travels as its SCRAM verifier, so neither the server's log nor a listener learns it. */
static bool set_password(PGconn *c, const char *role, const char *password)
{
    char *verifier = PQencryptPasswordConn(c, password, role, "scram-sha-256");
    if (verifier == NULL) return false;
    char *quoted = PQescapeLiteral(c, verifier, strlen(verifier));
    char command[512];
    snprintf(command, sizeof command, "ALTER ROLE %s PASSWORD %s", role, quoted == NULL ? "" : quoted);
    bool fine = quoted != NULL && admin_run(c, role, command);
    PQfreemem(quoted);
    PQfreemem(verifier);
    return fine;
}

static bool set_passwords(PGconn *c)
{
    const char *password = config_text(SETTING_DATABASE_PASSWORD);
    if (*password == '\0') return true;
    for (int role = 0; role < DB_ROLES; role++)
        if (!set_password(c, db_role_names[role], password)) return false;
    return true;
}

/* Two at once would both find the same file missing: the second waits and then finds it applied. */
static bool migrate(PGconn *c, bool with_demo)
{
    return admin_run(c, "lock", "SELECT pg_advisory_lock(hashtext('tepai migrations'))") && run_roles(c) &&
           migrate_files(c) && run_sections(c, REPEATABLE, repeatable, true) &&
           run_sections(c, REFERENCE, reference, false) && set_passwords(c) && (!with_demo || demo_load(c));
}

bool migrate_run(bool with_demo)
{
    PGconn *c = admin_connect();
    if (c == NULL) return false;
    bool fine = migrate(c, with_demo);
    PQfinish(c);
    return fine;
}

/* True when `r`, the rows of app.migration, has this path with this hash. */
static bool has(const PGresult *r, const char *path, const char *hash)
{
    for (int i = 0; i < PQntuples(r); i++)
        if (strcmp(PQgetvalue(r, i, 0), path) == 0) return strcmp(PQgetvalue(r, i, 1), hash) == 0;
    return false;
}

static bool has_sections(const PGresult *r, const char *name, const char *const *sections)
{
    char hash[HASH_SIZE];
    hash_sections(sections, hash);
    return has(r, name, hash);
}

/* A database with more migrations than this binary knows belongs to a newer one that is being rolled out: migrations
 * are made so that the older one goes on working, while the sections that run again are the newer one's. */
static bool is_current(const PGresult *r)
{
    int known = 0;
    char hash[HASH_SIZE];
    for (const struct sql_file *file = sql_files; file->path != NULL; file++) {
        if (!is_migration(file)) continue;
        hash_file(file, hash);
        if (!has(r, file->path, hash)) return false;
        known++;
    }
    if (PQntuples(r) > known + SECTIONS) return true;
    return has_sections(r, REPEATABLE, repeatable) && has_sections(r, REFERENCE, reference);
}

/* Why this database cannot be served, or NULL. */
static const char *what_lacks(PGconn *c)
{
    if (c == NULL)
        return "the database cannot be reached, or `tepaid migrate` has not run with this TEPAI_DATABASE_PASSWORD";
    PGresult *r = PQexec(c, "SELECT path, sha256 FROM app.migration");
    bool current = PQresultStatus(r) == PGRES_TUPLES_OK && is_current(r);
    PQclear(r);
    return current ? NULL : "the database is not at this version: run `tepaid migrate`";
}

static atomic_bool found_current;

bool migrate_current(const char **why)
{
    PGconn *c = serving_connect();
    *why = what_lacks(c);
    PQfinish(c);
    atomic_store(&found_current, *why == NULL);
    return *why == NULL;
}

bool migrate_found_current(void)
{
    return atomic_load(&found_current);
}
