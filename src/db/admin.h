/* Plain connections: the administrator's for migrations and reports at the command line, a serving role's for what is
 * looked at before serving. They wait without a deadline, so no request may use them. What fails is told in a sentence
 * on standard error. */
#ifndef TEPAI_ADMIN_H
#define TEPAI_ADMIN_H

#include <libpq-fe.h>
#include <stdbool.h>

/* The user of TEPAI_DATABASE_URL, on a server that is new enough; NULL after a sentence. PQfinish() ends it. */
PGconn *admin_connect(void);

/* The same database as a serving role with its password, for what a server looks at before it serves. */
PGconn *serving_connect(void);

/* From now on the connection acts as the owner of the tables, who sees no row but may call the functions of the
 * internal role, and waits for a lock for two seconds at most. False after a sentence. */
bool admin_as_owner(PGconn *c);

/* From now on the connection reads every row of the programme, as the role behind the functions of the service, and
 * writes none. False after a sentence. */
bool admin_read_all(PGconn *c);

/* One or several commands of which no rows are wanted. `file` is named with the line of an error. */
bool admin_run(PGconn *c, const char *file, const char *sql);

/* True when the last failure was a lock that others held for too long. */
bool admin_was_locked(void);

/* Rows of one statement with text values $1 …; NULL after a sentence. PQclear() ends them. */
PGresult *admin_rows(PGconn *c, const char *sql, int count, const char *const *values);

/* One command with text values. */
bool admin_write(PGconn *c, const char *sql, int count, const char *const *values);

#endif
