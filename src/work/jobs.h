/* What the parts of the background work share: statements on the worker's connection. */
#ifndef TEPAI_JOBS_H
#define TEPAI_JOBS_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

/* Runs one statement, a transaction of its own, with values in the order of its words. NULL after a log line. The
 * caller gives the result back with PQclear(). */
PGresult *work_ask(const char *statement, const char *const *values);

/* When something may be tried again: 1 s after its first failure, doubling to 5 min. */
struct patience {
    unsigned failures;
    int64_t until_ms;
};
bool patience_over(const struct patience *p);
void patience_note(struct patience *p, bool good);

/* False once the worker is to end: whoever has a long way to go asks between two steps. */
bool work_goes_on(void);

/* Does what the calendar holds for this moment. */
void calendar_look(void);

/* Takes files away that no row needs. */
void files_sweep(void);

/* Signs the feed's head when that is due. */
void head_look(void);

#endif
