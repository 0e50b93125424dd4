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

/* Statements of one transaction on the worker's connection, each with its own time limit. work_step() gives NULL after
 * a log line; then, and when the work is given up, work_settle(false) takes back what was done. True: it is committed.
 */
PGresult *work_step(bool first, const char *statement, const char *const *values);
bool work_settle(bool keep);

/* What came of a long job. BROKEN may be tried again, IMPOSSIBLE never; STOPPED belongs to nobody or somebody else. */
enum job_outcome { JOB_DONE, JOB_STOPPED, JOB_BROKEN, JOB_IMPOSSIBLE };

struct long_job {
    char id[37], kind[24], attempt[12];
};

/* Does the oldest long job that nobody does. False when there is none. */
bool operation_look(void);

/* Keeps the lease of the present job; called by another thread than its own, every second or so. */
void operation_beat(void);

/* For the job: false once it was stopped, or is another worker's; how far it is, of 10000. */
bool operation_goes_on(void);
void operation_progress(int bp);

/* A round of matching: reads the admissible pairs, computes the proposal and writes it. */
enum job_outcome match_round_compute(const struct long_job *job);

/* Does what the calendar holds for this moment. */
void calendar_look(void);

/* Takes files away that no row needs. */
void files_sweep(void);

/* Signs the feed's head when that is due. */
void head_look(void);

#endif
