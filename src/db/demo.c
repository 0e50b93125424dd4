/* Demo data is SQL like any other, but for what SQL cannot make: the hash of the common password, sealed personal data,
 * the bytes of a file, and the house's proof of a signature. demo_secret holds the hash and what a file's row says of
 * its bytes; 010_personal.sql fills demo_personal with clear text, which is sealed here, and the files after it take
 * the sealed form from there; demo_statement holds the statements of the service, which the demo plays; and the proofs
 * are put beside the signatures at the end. */
#include "demo.h"

#include "admin.h"
#include "arena.h"
#include "demo_paper.h"
#include "embedded.h"
#include "files.h"
#include "migrate.h"
#include "password.h"
#include "proof.h"
#include "seal.h"

#include <sodium.h>
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

#define PAPER_SIZE (sizeof demo_paper - 1)

static void paper_digest(char hex[crypto_hash_sha256_BYTES * 2 + 1])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)demo_paper, PAPER_SIZE);
    sodium_bin2hex(hex, crypto_hash_sha256_BYTES * 2 + 1, digest, sizeof digest);
}

static bool hand_over_secrets(PGconn *c)
{
    char hash[PASSWORD_HASH_SIZE], digest[crypto_hash_sha256_BYTES * 2 + 1], size[12];
    if (password_hash(DEMO_PASSWORD, hash) != OK) {
        fprintf(stderr, "The demo password could not be hashed: memory lacks. Lower TEPAI_ARGON2_MIB.\n");
        return false;
    }
    paper_digest(digest);
    snprintf(size, sizeof size, "%zu", PAPER_SIZE);
    return admin_run(c, PERSONAL_FILE,
                     "CREATE TEMP TABLE demo_secret (password_hash text, paper_sha256 text, paper_bytes integer) "
                     "ON COMMIT DROP") &&
           admin_write(c, "INSERT INTO demo_secret VALUES ($1, $2, $3)", 3, (const char *const[]){hash, digest, size});
}

static bool hand_over_statements(PGconn *c)
{
    bool fine = admin_run(c, PERSONAL_FILE,
                          "CREATE TEMP TABLE demo_statement (name text PRIMARY KEY, sql text) ON COMMIT DROP");
    for (const struct sql_text *s = sql_statements; fine && s->name != NULL; s++)
        fine = admin_write(c, "INSERT INTO demo_statement VALUES ($1, $2)", 2, (const char *const[]){s->name, s->sql});
    return fine;
}

/* The one file that all rows name, as an upload leaves it. */
static bool keep_paper(void)
{
    char digest[crypto_hash_sha256_BYTES * 2 + 1];
    const struct announced paper = {"00000000-0000-4000-8000-00000000de30", digest, "application/pdf", PAPER_SIZE};
    enum whole found = WHOLE_NOT_YET;
    paper_digest(digest);
    bool kept = files_keep_part(paper.id, 1, demo_paper, PAPER_SIZE) == OK && files_assemble(&paper, &found) == OK &&
                found == WHOLE_GOOD;
    if (!kept) fprintf(stderr, "The scan of the demo programme could not be kept in TEPAI_FILES.\n");
    files_drop_parts(paper.id);
    return kept;
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

static bool prove(PGconn *c, struct arena *a, const char *agreement, const char *version, const char *party,
                  const char *said)
{
    const char *proof = proof_sign(a, AGREEMENT_PROOF, said);
    return proof != NULL && admin_write(c,
                                        "UPDATE app.agreement_signature SET proof_jws = $4 "
                                        "WHERE agreement_id = $1::uuid AND version_no = $2::integer AND party = $3",
                                        4, (const char *const[]){agreement, version, party, proof});
}

/* What the house says of each signature, as it does when one is given. */
static bool prove_signatures(PGconn *c)
{
    PGresult *r = admin_rows(c,
                             "SELECT agreement_id, version_no, party, json_build_object('agreement_id', agreement_id, "
                             "'content_sha256', content_sha256, 'party', party, 'signatory', signatory, "
                             "'iat', extract(epoch FROM now())::bigint) FROM app.agreement_signature",
                             0, NULL);
    if (r == NULL) return false;
    struct arena *a = arena_new();
    bool fine = true;
    for (int i = 0; fine && i < PQntuples(r); i++)
        fine = prove(c, a, PQgetvalue(r, i, 0), PQgetvalue(r, i, 1), PQgetvalue(r, i, 2), PQgetvalue(r, i, 3));
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
    bool fine = keep_paper() && hand_over_secrets(c) && hand_over_statements(c) &&
                admin_run(c, PERSONAL_FILE,
                          "CREATE TEMP TABLE demo_personal (room text, field text, id uuid, clear text, sealed bytea, "
                          "masked text, blind bytea, PRIMARY KEY (room, field, id)) ON COMMIT DROP") &&
                load_files(c) && prove_signatures(c);
    return admin_run(c, "demo", fine ? "COMMIT" : "ROLLBACK") && fine;
}
