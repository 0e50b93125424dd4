/* Background work: the feed's sequencer in one thread, deadlines and sweeps in another. Any number of processes may run
 * it on one database; what is done once is the database's to see to (sql/functions/work.sql). */
#ifndef TEPAI_WORK_H
#define TEPAI_WORK_H

#include <stdbool.h>

/* Starts the threads. False after a log line. Contract and keys are loaded. */
bool work_start(void);

/* Tells the threads to end; what they have begun goes on meanwhile. */
void work_begin_stop(void);

/* Lets the running statement finish, at most the database's deadline, and ends the threads. */
void work_stop(void);

#endif
