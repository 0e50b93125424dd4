/* Connections of the serving roles for tests that ask the database itself. */
#include "as_role.h"

#include "harness.h"

#include <stdarg.h>
#include <stdlib.h>

PGconn *role_open(enum db_role role)
{
    const char *words[] = {"dbname", "user", "password", NULL};
    const char *values[] = {getenv("TEPAI_DATABASE_URL"), db_role_names[role], getenv("TEPAI_DATABASE_PASSWORD"), NULL};
    PGconn *conn = PQconnectdbParams(words, values, 1);
    if (PQstatus(conn) == CONNECTION_OK) return conn;
    printf("%s cannot connect\n0 passed, 1 failed\n", db_role_names[role]);
    exit(1);
}

const char *role_sql(PGconn *conn, const char *format, ...)
{
    static char value[65536];
    char text[4096];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    PGresult *result = PQexec(conn, text);
    ExecStatusType status = PQresultStatus(result);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        snprintf(value, sizeof value, "!%s", state == NULL ? "lost" : state);
    else
        snprintf(value, sizeof value, "%s", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return value;
}

void role_begin_as(PGconn *conn, const char *account)
{
    const char *session =
        sql("WITH s AS (INSERT INTO app.session (id, account_id, expires_at, ends_at) VALUES (gen_random_uuid(), '%s',"
            " now() + interval '30 minutes', now() + interval '1 hour') RETURNING id) SELECT id FROM s",
            account);
    role_sql(conn, "BEGIN");
    const char *set = role_sql(conn, "SELECT app.facts('test', '%s', '%s')", account, session);
    CHECK(set[0] != '!');
}

enum db_role role_serving(const char *role)
{
    for (enum db_role r = DB_CITY; r <= DB_SPECIALIST; r++) {
        if (strcmp(db_role_names[r] + strlen("tepai_"), role) == 0) return r;
    }
    return DB_PUBLIC;
}
