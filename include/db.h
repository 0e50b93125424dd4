/* The road to PostgreSQL: one connection for each thread and role, statements known by name, every wait bounded. */
#ifndef TEPAI_DB_H
#define TEPAI_DB_H

#include "fail.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

/* The roles that serve. The order is that of the bits in op->db_roles. */
enum db_role { DB_PUBLIC, DB_CITY, DB_COUNTY, DB_ENTERPRISE, DB_SPECIALIST, DB_WORKER, DB_ROLES };

extern const char *const db_role_names[DB_ROLES]; /* "tepai_public" … */

struct db; /* a connection of the calling thread */

/* One named statement of sql/queries, its :words replaced by $1 … */
struct statement {
    const char *name;
    const char *sql;
    const char **words; /* words[i] is bound to $i+1 */
    int word_count;
    unsigned db_roles; /* bit set of the roles that prepare it */
};

/* Reads all embedded statements. False after a log line that names a malformed one. */
bool statements_load(void);
struct statement *statement_find(const char *name);
struct statement *statement_at(int index); /* NULL past the last */

/* Begins the time that the database has for one request of this thread, however often it is asked. */
void db_request_begins(void);

/* Leaves the database at most `ms` more for this request. */
void db_request_shorten(int64_t ms);

/* True while that time is not over. */
bool db_request_has_time(void);

/* The thread's connection of this role, opened and prepared when first needed. UNAVAILABLE within a second when the
 * database cannot be reached, and at once for a second after such a failure. */
fail_t db_take(enum db_role role, struct db **db);

/* Closes the thread's connections when the one of this role was ended while nobody used it: only a farewell comes
 * unasked. For statements that must not be sent twice, before db_take(). */
void db_forget_ended(enum db_role role);

/* Closes the connections of the calling thread; of use at a thread's end. */
void db_close_all(void);

/* One prepared statement with its values, all as text; NULL is SQL NULL. */
struct query {
    const struct statement *statement;
    const char *const *values;
};

#define SEGMENT_MAX 16

/* What one segment brought back: a result for each query, in order; results after the first error are NULL. They
 * belong to the caller, who gives them back with db_clear(). */
struct answers {
    PGresult *results[SEGMENT_MAX];
    int count;
    int failed; /* index of the query that the database refused, or -1 */
    bool lost;  /* the connection broke: whether a commit that was sent took place is not known */
};

void db_clear(struct answers *a);

/* Sends the queries in one pipeline with one Sync and collects their results; OK means that all of it is committed.
 * A refused query gives the problem of its SQLSTATE (sqlstate.h). */
fail_t db_run(struct db *db, const struct query *queries, int count, struct answers *answers);

/* The two halves of a write. db_begin sends BEGIN and the queries and collects the results without a commit: OK also
 * when a query was refused (answers->failed tells). db_more goes on in the same transaction, as db_begin. db_end keeps
 * (COMMIT, with one more query before it when `last` is given) or rolls back. After a failure of db_begin nothing is
 * left to end. */
fail_t db_begin(struct db *db, const struct query *queries, int count, struct answers *answers);
fail_t db_more(struct db *db, const struct query *queries, int count, struct answers *answers);
fail_t db_end(struct db *db, bool keep, const struct query *last, bool *lost);

#endif
