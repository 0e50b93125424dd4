/* What stands between the log and standard error while the service runs: whoever reads the log slowly, or not at all,
 * holds up no request. */
#ifndef TEPAI_LOG_QUEUE_H
#define TEPAI_LOG_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

/* From now on a thread of its own writes the lines; what waits is written before the process ends or aborts. When the
 * thread cannot start, a line says so and lines are written where they are made, as before. */
void log_queue_start(void);

/* Takes one whole line. An urgent one is written at once where that does not block. A line that there is no room for
 * is counted as lost. False before log_queue_start(). */
bool log_queue_take(const char *bytes, size_t size, bool urgent);

/* Waits until all is written, `ms` at most. */
void log_queue_drain(int ms);

#endif
