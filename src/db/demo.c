/* Demo data is SQL like any other, but for two things that SQL cannot make: the hash of the common password, and sealed
 * personal data. Both are handed over in temporary tables: demo_secret holds the hash; 010_personal.sql fills
 * demo_personal with clear text, which is sealed here, and the files after it take the sealed form from there. */
#include "demo.h"

#include "admin.h"
#include "arena.h"
#include "migrate.h"
#include "password.h"
#include "seal.h"

#include <stdio.h>
#include <string.h>

#define DEMO_PASSWORD "Tepai-Demo-2026"
#define DEMO_FOLDER   "demo/"
#define PERSONAL_FILE "demo/010_personal.sql"

/* 1: no accounts yet, 0: some, -1: could not be asked. */
static int is_empty(PGconn *c)
{
    PGresult *r = admin_rows(c, "SELECT 1 FROM app.account LIMIT 1", 0, NULL);
    int empty = r == NULL ? -1 : PQntuples(r) == 0;
    PQclear(r);
    return empty;
}

static bool hand_over_password(PGconn *c)
{
    char hash[PASSWORD_HASH_SIZE];
    if (password_hash(DEMO_PASSWORD, hash) != OK) {
        fprintf(stderr, "The demo password could not be hashed: memory lacks. Lower TEPAI_ARGON2_MIB.\n");
        return false;
    }
    return admin_run(c, PERSONAL_FILE, "CREATE TEMP TABLE demo_secret (password_hash text) ON COMMIT DROP") &&
           admin_write(c, "INSERT INTO demo_secret VALUES ($1)", 1, (const char *const[]){hash});
}

static bool seal_row(PGconn *c, struct arena *a, const char *room, const char *field, const char *id, const char *clear)
{
    const char *values[] = {
        room, field, id, seal(a, room, field, id, clear), mask(a, field, clear), blind_index(a, field, clear)};
    return values[3] != NULL &&
           admin_write(c,
                       "UPDATE demo_personal SET sealed = $4::bytea, masked = $5, blind = $6::bytea "
                       "WHERE room = $1 AND field = $2 AND id = $3::uuid",
                       6, values);
}

static bool seal_rows(PGconn *c)
{
    PGresult *r = admin_rows(c, "SELECT room, field, id, clear FROM demo_personal WHERE clear IS NOT NULL", 0, NULL);
    if (r == NULL) return false;
    struct arena *a = arena_new();
    bool fine = true;
    for (int i = 0; fine && i < PQntuples(r); i++)
        fine = seal_row(c, a, PQgetvalue(r, i, 0), PQgetvalue(r, i, 1), PQgetvalue(r, i, 2), PQgetvalue(r, i, 3));
    arena_free(a);
    PQclear(r);
    return fine;
}

static bool load_file(PGconn *c, const struct sql_file *file)
{
    bool is_personal = strcmp(file->path, PERSONAL_FILE) == 0;
    return admin_run(c, file->path, file->text) && (!is_personal || seal_rows(c));
}

static bool load_files(PGconn *c)
{
    for (const struct sql_file *file = sql_files; file->path != NULL; file++) {
        if (strncmp(file->path, DEMO_FOLDER, strlen(DEMO_FOLDER)) != 0) continue;
        if (!load_file(c, file)) return false;
    }
    return true;
}

bool demo_load(PGconn *c)
{
    int empty = is_empty(c);
    if (empty == 0) puts("The database has accounts already and is left as it is: no demo programme.");
    if (empty != 1) return empty == 0;
    puts("demo programme");
    if (!admin_run(c, "demo", "BEGIN")) return false;
    bool fine = hand_over_password(c) &&
                admin_run(c, PERSONAL_FILE,
                          "CREATE TEMP TABLE demo_personal (room text, field text, id uuid, clear text, sealed bytea, "
                          "masked text, blind bytea, PRIMARY KEY (room, field, id)) ON COMMIT DROP") &&
                load_files(c);
    return admin_run(c, "demo", fine ? "COMMIT" : "ROLLBACK") && fine;
}
