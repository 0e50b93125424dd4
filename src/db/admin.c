/* Plain, waiting calls of libpq, fit for a person at a terminal: an error is told with file and line, so that a mistake
 * in a migration is found where it was written. */
#include "admin.h"

#include "config.h"
#include "db.h"
#include "sqlstate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Below 15.20 plans made for one role could serve another (CVE-2026-14666), so row-level security did not hold. */
#define SERVER_LEAST 150020

static bool was_locked;

bool admin_was_locked(void)
{
    return was_locked;
}

static void ignore_notice(void *unused, const PGresult *notice)
{
    (void)unused, (void)notice;
}

static bool is_new_enough(const PGconn *c)
{
    int version = PQserverVersion(c);
    if (version >= SERVER_LEAST) return true;
    fprintf(stderr, "PostgreSQL %d.%d is too old: 15.20 or later is needed. Update the server.\n", version / 10000,
            version % 10000);
    return false;
}

/* `user` NULL: the one of the URL. */
static PGconn *connect_as(const char *user, const char *password)
{
    const char *url = config_text(SETTING_DATABASE_URL);
    if (*url == '\0') {
        fprintf(stderr, "TEPAI_DATABASE_URL is not set. Set it, for example to "
                        "postgresql://postgres@/tepai?host=/run/postgresql; ./dev up makes a database of its own.\n");
        return NULL;
    }
    const char *const names[] = {"dbname", "application_name", "connect_timeout", "user", "password", NULL};
    const char *const values[] = {url, "tepaid admin", "10", user, password, NULL};
    PGconn *c = PQconnectdbParams(names, values, 1);
    if (PQstatus(c) != CONNECTION_OK) fprintf(stderr, "The database of TEPAI_DATABASE_URL: %s", PQerrorMessage(c));
    if (PQstatus(c) != CONNECTION_OK || !is_new_enough(c)) {
        PQfinish(c);
        return NULL;
    }
    PQsetNoticeReceiver(c, ignore_notice, NULL);
    return c;
}

PGconn *admin_connect(void)
{
    return connect_as(NULL, NULL);
}

PGconn *serving_connect(void)
{
    return connect_as(db_role_names[DB_WORKER], config_text(SETTING_DATABASE_PASSWORD));
}

/* Line of the character at `position`, which PostgreSQL counts from 1. */
static int line_of(long position, const char *sql)
{
    int line = 1;
    for (const char *at = sql; *at != '\0' && position > 1; at++) {
        if (*at == '\n') line++;
        if (((unsigned char)*at & 0xC0) != 0x80) position--;
    }
    return line;
}

static void tell(const PGconn *c, const PGresult *r, const char *file, const char *sql)
{
    const char *message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    const char *context = PQresultErrorField(r, PG_DIAG_CONTEXT);
    const char *position = PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION);
    fputs(file, stderr);
    if (position != NULL) fprintf(stderr, ":%d", line_of(strtol(position, NULL, 10), sql));
    fprintf(stderr, ": %s (%s)\n", message != NULL ? message : PQerrorMessage(c), sqlstate_of(r));
    if (context != NULL) fprintf(stderr, "    %s\n", context);
}

/* Commands and rows are both success; anything else is told. */
static PGresult *checked(PGconn *c, PGresult *r, const char *file, const char *sql)
{
    ExecStatusType status = PQresultStatus(r);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return r;
    was_locked = strcmp(sqlstate_of(r), "55P03") == 0;
    tell(c, r, file, sql);
    PQclear(r);
    return NULL;
}

bool admin_run(PGconn *c, const char *file, const char *sql)
{
    PGresult *r = checked(c, PQexec(c, sql), file, sql);
    PQclear(r);
    return r != NULL;
}

bool admin_as_owner(PGconn *c)
{
    return admin_run(c, "role", "SET ROLE tepai_owner; SET lock_timeout = '2s'");
}

bool admin_read_all(PGconn *c)
{
    return admin_run(c, "role", "SET ROLE tepai_internal; SET default_transaction_read_only = on");
}

PGresult *admin_rows(PGconn *c, const char *sql, int count, const char *const *values)
{
    return checked(c, PQexecParams(c, sql, count, NULL, values, NULL, NULL, 0), sql, sql);
}

bool admin_write(PGconn *c, const char *sql, int count, const char *const *values)
{
    PGresult *r = admin_rows(c, sql, count, values);
    PQclear(r);
    return r != NULL;
}
