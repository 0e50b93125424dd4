/* The database as a serving role sees it, on a connection of that role, without the road. */
#ifndef TEPAI_AS_ROLE_H
#define TEPAI_AS_ROLE_H

#include "db.h"

#include <stdbool.h>

/* A connection of the role to the test's own database; ends the program on failure. The caller closes it with
 * PQfinish(). */
PGconn *role_open(enum db_role role);

/* The first column of the first row, "" when it is null or there is none, or "!" and the SQLSTATE of a refusal. Lives
 * until the next call. */
const char *role_sql(PGconn *conn, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Begins a transaction with the facts of this account, as a request of it would. The caller ends it. */
void role_begin_as(PGconn *conn, const char *account);

/* The serving role of an account's role, such as "county". */
enum db_role role_serving(const char *role);

#endif
