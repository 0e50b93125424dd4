/* Background work: the feed's sequencer, deadlines and sweeps, in a thread of its own. Any number of processes may run
 * it on one database; what is done once is the database's to see to (sql/functions/work.sql). */
#ifndef TEPAI_WORK_H
#define TEPAI_WORK_H

#include <stdbool.h>

/* Starts the thread. False after a log line. Contract and keys are loaded. */
bool work_start(void);

/* Lets the running statement finish, at most the database's deadline, and ends the thread. */
void work_stop(void);

#endif
