/* The deadlines of connections. The timers of the HTTP library only measure idleness: a client that sends one byte a
 * second never ends. So each connection is entered here, and a thread cuts what is past its deadline. */
#ifndef TEPAI_WATCHDOG_H
#define TEPAI_WATCHDOG_H

#include <microhttpd.h>
#include <stddef.h>

struct watchdog;
struct watched; /* one connection */

/* Deadlines in milliseconds; above 3/4 of `memory_budget` bytes (0: never) receiving connections are cut, too. */
struct watchdog *watchdog_start(int header_ms, int request_ms, size_t memory_budget);
void watchdog_stop(struct watchdog *w);

/* A connection begins and ends. Between the two its descriptor is open, so only then it may be cut. */
struct watched *watchdog_enter(struct watchdog *w, struct MHD_Connection *connection);
void watchdog_leave(struct watchdog *w, struct watched *c);

/* What the connection does now; called by the thread that serves it.
 * receiving: the request line is here; *is_fresh falls to 0 when the complete header is handed on.
 * running: the handler runs; exempt, for it has a deadline of its own.
 * answering: the answer is being sent; `file_size` bytes of a file have a second more for each 64 KiB. waiting:
 * answered, another request may come. */
void watchdog_receiving(struct watched *c, const int *is_fresh);
void watchdog_running(struct watched *c);
void watchdog_answering(struct watched *c, size_t file_size);
void watchdog_waiting(struct watched *c);

/* Sends `answer` on the connection of the calling thread whose header is complete but not handed on, and ends it. */
void watchdog_refuse_fresh(struct watchdog *w, const char *answer);

const char *watched_peer(const struct watched *c); /* textual address of the other end */
struct MHD_Connection *watched_connection(const struct watched *c);

#endif
