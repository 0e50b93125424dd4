/* tepaid account: every account is opened by an administrator, but for the first one. The operator of the database
 * makes the link by which that person comes in, and nobody else administers the lead office by then. */
#include "arena.h"
#include "commands.h"
#include "config.h"
#include "db/admin.h"
#include "keys.h"
#include "link.h"

#include <stdio.h>

/* Tells what came of it; NULL: the database refused, and said so itself. */
static bool tell(const PGresult *r, const char *login, const char *url)
{
    if (r == NULL) return false;
    if (!PQgetisnull(r, 0, 0)) {
        fprintf(stderr,
                "%s administers the S&T bureau already, or the name %s is somebody else's: accounts are opened in the "
                "service.\n",
                PQgetvalue(r, 0, 0), login);
        return false;
    }
    printf("%s sets a password with this link, which is good once and for one day:\n%s\n", login, url);
    return true;
}

static bool open_first(PGconn *c, const char *login, const char *name)
{
    struct arena *a = arena_new();
    struct new_link link = link_make(a);
    PGresult *r = admin_rows(c, "SELECT app.account_open_first($1, $2, $3::bytea)", 3,
                             (const char *const[]){login, name, link.hash});
    bool fine = tell(r, login, link.url);
    PQclear(r);
    arena_free(a);
    return fine;
}

int account_command(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: tepaid account LOGIN_NAME DISPLAY_NAME\n", stderr);
        return 2;
    }
    PGconn *c = keys_load(config_text(SETTING_KEYS)) ? admin_connect() : NULL;
    bool fine = c != NULL && open_first(c, argv[1], argv[2]);
    PQfinish(c);
    keys_free();
    return fine ? 0 : 1;
}
