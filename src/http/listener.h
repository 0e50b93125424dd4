/* The listening socket and the thread that accepts from it. The HTTP library could do both, but when it stops to
 * listen its own threads race for the socket and the loser aborts the process, and clients that were already queued
 * are reset. With a thread of ours a stop accepts what is queued and then refuses. */
#ifndef TEPAI_LISTENER_H
#define TEPAI_LISTENER_H

#include <netinet/in.h>
#include <stdbool.h>

struct listener;

/* Takes over an accepted, non-blocking socket. */
typedef void (*listener_accepted)(void *context, int descriptor, const struct sockaddr *peer, socklen_t peer_size);

/* Binds to a numeric address; NULL, after a log line, when that fails. Clients are queued from here on. */
struct listener *listener_open(const char *address, int port);
int listener_port(const struct listener *l);

bool listener_run(struct listener *l, listener_accepted accepted, void *context);

/* Accepts what is queued, refuses from then on, ends the thread and frees. */
void listener_close(struct listener *l);

#endif
