/* The listener: sockets, threads, deadlines and draining, over ulfius and libmicrohttpd. */
#ifndef TEPAI_SERVER_H
#define TEPAI_SERVER_H

#include "wire.h"

#include <stdbool.h>

struct server;

/* Answers one request; called on a server thread, which the handler may hold for seconds at the most. */
typedef void (*server_handler)(const struct wire *wire, struct reply *reply);

struct server_options {
    const char *address; /* numeric IPv4 or IPv6 */
    int port;            /* 0 takes any free port */
    int threads;         /* at least 2 */
    int connection_limit, per_address_limit;
    int header_deadline_ms;  /* from the connection or the previous answer to the end of the header */
    int request_deadline_ms; /* from the request line to the end of the body; again for sending the answer */
    size_t memory_budget;    /* bytes; above 3/4 of it receiving connections are cut, 0: never */
    size_t body_limit;       /* the largest body any operation takes */
    server_handler handler;
    void (*answered)(void); /* called when what the handler's reply points to may go; or NULL */
};

/* NULL, after a log line that says why, when it cannot listen. */
struct server *server_start(const struct server_options *options);
int server_port(const struct server *s);

/* Refuses new clients, waits until every connection is done or `drain_ms` is over, then ends the threads and frees.
 * Idle connections are left to their clients, who may be sending on them just now. */
void server_stop(struct server *s, int drain_ms);

/* True from the moment a stop was asked for: /readyz says so and answers close their connection. */
bool server_draining(void);
void server_begin_drain(void);

#endif
