/* What `tepaid check` looks at, and serving too: promises such as "an acknowledged write is never lost" rest on
 * settings of PostgreSQL that somebody else may have changed. */
#include "selfcheck.h"

#include "admin.h"
#include "config.h"
#include "db.h"
#include "log.h"

#include <jansson.h>
#include <microhttpd.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define LIBPQ_LEAST 150020

static bool tested_with(const char *library, const char *tested, const char *found)
{
    bool same = strcmp(tested, found) == 0;
    if (!same) log_line(LOG_WARN, "library_untested", "library", library, "tested", tested, "found", found, NULL);
    return same;
}

bool check_libraries(void)
{
    char found[16];
    int version = PQlibVersion();
    snprintf(found, sizeof found, "%d.%d", version / 10000, version % 10000);
    if (version < LIBPQ_LEAST) {
        fprintf(stderr, "libpq %s is too old: 15.20 or later is needed. Update libpq5.\n", found);
        return false;
    }
    tested_with("libpq", "15.20", found);
    tested_with("libmicrohttpd", "0.9.75", MHD_get_version());
    tested_with("jansson", "2.14", jansson_version_str());
    tested_with("libsodium", "1.0.18", sodium_version_string());
    return true;
}

static const struct {
    const char *setting, *wanted, *why;
} server_settings[] = {
    {"data_checksums", "on", "a damaged page must be noticed (initdb --data-checksums)"},
    {"fsync", "on", "what was acknowledged must survive a crash"},
    {"full_page_writes", "on", "what was acknowledged must survive a crash"},
    {"synchronous_commit", "on", "what was acknowledged must survive a crash"},
    {"client_connection_check_interval", "1s", "statements of a client that is gone must end"},
    {"password_encryption", "scram-sha-256", "passwords of roles must not be kept as MD5"},
    {"log_parameter_max_length", "0", "personal data must not reach the server's log"},
    {"log_parameter_max_length_on_error", "0", "personal data must not reach the server's log"},
    {"log_error_verbosity", "terse", "personal data must not reach the server's log"},
    {"server_encoding", "UTF8", "names are Chinese"},
};
#define SERVER_SETTINGS (sizeof server_settings / sizeof *server_settings)

static const struct {
    const char *setting, *wanted;
} role_settings[] = {
    {"statement_timeout", "5s"}, {"lock_timeout", "2s"}, {"idle_in_transaction_session_timeout", "10s"}};
#define ROLE_SETTINGS (sizeof role_settings / sizeof *role_settings)

static bool server_setting_fits(PGconn *c, size_t i)
{
    PGresult *r = admin_rows(c, "SELECT current_setting($1)", 1, &server_settings[i].setting);
    if (r == NULL) return false;
    const char *found = PQgetvalue(r, 0, 0);
    bool fits = strcmp(found, server_settings[i].wanted) == 0;
    if (!fits)
        fprintf(stderr, "PostgreSQL: set %s to %s (it is %s): %s.\n", server_settings[i].setting,
                server_settings[i].wanted, found, server_settings[i].why);
    PQclear(r);
    return fits;
}

static bool role_setting_fits(PGconn *c, const char *role, size_t i)
{
    char wanted[80];
    snprintf(wanted, sizeof wanted, "%s=%s", role_settings[i].setting, role_settings[i].wanted);
    PGresult *r = admin_rows(c,
                             "SELECT 1 FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole "
                             "WHERE r.rolname = $1 AND $2 = ANY (s.setconfig)",
                             2, (const char *const[]){role, wanted});
    bool fits = r != NULL && PQntuples(r) > 0;
    if (r != NULL && !fits) fprintf(stderr, "PostgreSQL: role %s lacks %s. Run `tepaid migrate`.\n", role, wanted);
    PQclear(r);
    return fits;
}

static bool all_fit(PGconn *c)
{
    bool fit = true;
    for (size_t i = 0; i < SERVER_SETTINGS; i++)
        if (!server_setting_fits(c, i)) fit = false;
    for (int role = 0; role < DB_ROLES; role++)
        for (size_t i = 0; i < ROLE_SETTINGS; i++)
            if (!role_setting_fits(c, db_role_names[role], i)) fit = false;
    return fit;
}

bool check_database_url(void)
{
    PQconninfoOption *given = PQconninfoParse(config_text(SETTING_DATABASE_URL), NULL);
    bool names_somebody = false;
    for (const PQconninfoOption *o = given; o != NULL && o->keyword != NULL; o++) {
        bool who = strcmp(o->keyword, "user") == 0 || strcmp(o->keyword, "password") == 0;
        names_somebody |= who && o->val != NULL && *o->val != '\0';
    }
    PQconninfoFree(given);
    if (!names_somebody) return true;
    if (config_is(SETTING_PROFILE, "demo")) {
        log_line(LOG_WARN, "database_url_names_a_user", "advice", "a server needs host and database only", NULL);
        return true;
    }
    fputs(
        "TEPAI_DATABASE_URL names a user or a password. A server serves as the roles tepai_* and needs host, port and "
        "database only; leave the rest to `tepaid migrate`.\n",
        stderr);
    return false;
}

bool check_database(void)
{
    PGconn *c = serving_connect();
    if (c == NULL) return false;
    bool fit = all_fit(c);
    PQfinish(c);
    return fit || config_is(SETTING_PROFILE, "demo");
}

bool check_statements(void)
{
    bool fine = true;
    struct db *db;
    for (int role = 0; role < DB_ROLES; role++) {
        if (db_take((enum db_role)role, &db) == OK) continue;
        fprintf(stderr,
                "Role %s cannot connect and prepare its statements; the log lines above say why. Is "
                "TEPAI_DATABASE_PASSWORD the one that `tepaid migrate` had?\n",
                db_role_names[role]);
        fine = false;
        break;
    }
    db_close_all();
    return fine;
}
