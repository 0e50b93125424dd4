/* One socket, one thread: accept and hand over. */
#include "listener.h"

#include "log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define QUEUE 1024 /* clients the kernel holds until they are accepted; it may hold fewer (net.core.somaxconn) */

struct listener {
    int socket, bell; /* the bell wakes the thread for the stop */
    int port;
    bool is_running;
    pthread_t thread;
    listener_accepted accepted;
    void *context;
};

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t parse_address(const char *text, int port, union address *to)
{
    *to = (union address){0};
    if (inet_pton(AF_INET, text, &to->v4.sin_addr) == 1) {
        to->v4.sin_family = AF_INET;
        to->v4.sin_port = htons((uint16_t)port);
        return sizeof to->v4;
    }
    *to = (union address){0};
    if (inet_pton(AF_INET6, text, &to->v6.sin6_addr) != 1) return 0;
    to->v6.sin6_family = AF_INET6;
    to->v6.sin6_port = htons((uint16_t)port);
    return sizeof to->v6;
}

/* A listening socket or -1. An IPv6 one takes IPv6 alone, so that a peer's address has one spelling. */
static int open_socket(const union address *a, socklen_t size)
{
    int on = 1;
    int s = socket(a->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s < 0) return -1;
    bool is_set = setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0;
    if (a->any.sa_family == AF_INET6) is_set = is_set && setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0;
    if (is_set && bind(s, &a->any, size) == 0 && listen(s, QUEUE) == 0) return s;
    int why = errno;
    close(s);
    errno = why;
    return -1;
}

static int port_of(int s)
{
    union address a = {0};
    socklen_t size = sizeof a;
    if (getsockname(s, &a.any, &size) != 0) return 0;
    return ntohs(a.any.sa_family == AF_INET6 ? a.v6.sin6_port : a.v4.sin_port);
}

struct listener *listener_open(const char *address, int port)
{
    union address a;
    char number[12];
    socklen_t size = parse_address(address, port, &a);
    errno = EINVAL;
    int s = size == 0 ? -1 : open_socket(&a, size);
    int bell = s < 0 ? -1 : eventfd(0, EFD_CLOEXEC);
    if (bell < 0) {
        snprintf(number, sizeof number, "%d", port);
        log_line(LOG_ERROR, "listen_failed", "address", address, "port", number, "why", strerrordesc_np(errno), NULL);
        if (s >= 0) close(s);
        return NULL;
    }
    struct listener *l = calloc(1, sizeof *l);
    if (l == NULL) abort();
    l->socket = s;
    l->bell = bell;
    l->port = port_of(s);
    return l;
}

int listener_port(const struct listener *l)
{
    return l->port;
}

/* True while there was one to accept. Out of descriptors or memory: a pause, for connections end and free them. */
static bool accept_one(const struct listener *l)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    union address peer;
    socklen_t size = sizeof peer;
    int s = accept4(l->socket, &peer.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (s >= 0) {
        l->accepted(l->context, s, &peer.any, size);
        return true;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        log_line(LOG_WARN, "accept_failed", "why", strerrordesc_np(errno), NULL);
        nanosleep(&pause, NULL);
        return false;
    }
    return errno == ECONNABORTED || errno == EINTR;
}

/* Closing a listening socket resets whoever was queued since the last accept. So first a filter drops what arrives:
 * those clients try again after a second and are refused then. */
static void drop_arrivals(const struct listener *l)
{
    struct sock_filter drop = {.code = BPF_RET | BPF_K, .k = 0};
    struct sock_fprog program = {.len = 1, .filter = &drop};
    setsockopt(l->socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

static void *accept_all(void *data)
{
    struct listener *l = data;
    struct pollfd waiting[] = {{.fd = l->socket, .events = POLLIN}, {.fd = l->bell, .events = POLLIN}};
    while (waiting[1].revents == 0) {
        if (poll(waiting, 2, -1) < 0) continue;
        for (int i = 0; i < QUEUE && accept_one(l); i++) continue;
    }
    drop_arrivals(l);
    while (accept_one(l)) continue;
    return NULL;
}

bool listener_run(struct listener *l, listener_accepted accepted, void *context)
{
    l->accepted = accepted;
    l->context = context;
    l->is_running = pthread_create(&l->thread, NULL, accept_all, l) == 0;
    return l->is_running;
}

void listener_close(struct listener *l)
{
    if (l->is_running) {
        eventfd_write(l->bell, 1);
        pthread_join(l->thread, NULL);
    }
    close(l->socket);
    close(l->bell);
    free(l);
}
