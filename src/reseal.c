/* tepaid keys reseal: seals personal data anew that older keys sealed, in small transactions beside the service, which
 * reads values of any key in the file meanwhile. It may be stopped and run again at any time. */
#include "arena.h"
#include "commands.h"
#include "db/admin.h"
#include "keys.h"
#include "seal.h"

#include <stdio.h>
#include <string.h>

#define PORTION_TEXT "200"
#define FIRST_ID     "00000000-0000-0000-0000-000000000000"

struct column {
    const char *room, *field;
    char after[37]; /* the last row that was looked at */
    long resealed, unopened;
};

/* False when the database fails; a value that does not open is counted and left as it is. */
static bool reseal_value(PGconn *c, struct arena *a, struct column *of, const char *id, const char *sealed)
{
    const char *clear = unseal(a, of->room, of->field, id, sealed);
    if (clear == NULL) {
        of->unopened++;
        return true;
    }
    const char *values[] = {of->room, of->field, id, sealed, seal(a, of->room, of->field, id, clear)};
    PGresult *r =
        admin_rows(c, "SELECT app.reseal($1, $2, $3::uuid, $4::bytea, $5::bytea)", 5, (const char *const *)values);
    if (r != NULL && strcmp(PQgetvalue(r, 0, 0), "t") == 0) of->resealed++;
    PQclear(r);
    return r != NULL;
}

/* One transaction; rows seen, or -1. */
static int reseal_portion(PGconn *c, struct arena *a, struct column *of)
{
    uint32_t newest;
    char key[12];
    keys_data_newest(&newest);
    snprintf(key, sizeof key, "%u", newest);
    const char *values[] = {of->room, of->field, key, of->after};
    if (!admin_run(c, "reseal", "BEGIN")) return -1;
    PGresult *r = admin_rows(
        c, "SELECT id, sealed FROM app.sealed_by_others($1, $2, $3::integer, $4::uuid, " PORTION_TEXT ")", 4, values);
    int seen = r == NULL ? -1 : PQntuples(r);
    bool fine = r != NULL;
    for (int i = 0; fine && i < seen; i++) {
        fine = reseal_value(c, a, of, PQgetvalue(r, i, 0), PQgetvalue(r, i, 1));
        snprintf(of->after, sizeof of->after, "%s", PQgetvalue(r, i, 0));
    }
    PQclear(r);
    arena_reset(a);
    return admin_run(c, "reseal", fine ? "COMMIT" : "ROLLBACK") && fine ? seen : -1;
}

static bool reseal_column(PGconn *c, struct arena *a, const char *room, const char *field)
{
    struct column of = {.room = room, .field = field, .after = FIRST_ID};
    int seen;
    do {
        seen = reseal_portion(c, a, &of);
    } while (seen > 0);
    printf("%s.%s: %ld sealed anew", room, field, of.resealed);
    if (of.unopened > 0) printf(", %ld do not open under any key there is", of.unopened);
    putchar('\n');
    return seen == 0 && of.unopened == 0;
}

int reseal_command(void)
{
    PGconn *c = admin_connect();
    bool fine = c != NULL && admin_as_owner(c);
    PGresult *columns = fine ? admin_rows(c, "SELECT room, field FROM app.sealed_columns()", 0, NULL) : NULL;
    struct arena *a = arena_new();
    fine = columns != NULL;
    for (int i = 0; columns != NULL && i < PQntuples(columns); i++)
        fine &= reseal_column(c, a, PQgetvalue(columns, i, 0), PQgetvalue(columns, i, 1));
    arena_free(a);
    PQclear(columns);
    PQfinish(c);
    return fine ? 0 : 1;
}
