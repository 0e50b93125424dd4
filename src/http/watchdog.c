/* A list of all open connections and the thread that cuts late and greedy ones out of it. */
#include "watchdog.h"

#include "clock.h"
#include "log.h"
#include "metrics.h"

#include <arpa/inet.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LOOK_EVERY_MS 20 /* at the memory: a fast network fills 128 MiB in 100 ms */
#define LOOKS         5  /* one look in so many is at the deadlines, too */

enum phase { WAITING, RECEIVING, RUNNING, ANSWERING };

struct watched {
    struct watched *next, *previous;
    struct MHD_Connection *connection;
    pthread_t thread; /* that serves it */
    int descriptor;
    bool is_cut;                   /* under the lock */
    const int *is_fresh;           /* for its own thread only; NULL between requests */
    _Atomic enum phase phase;      /* written after the time that belongs to it */
    _Atomic int64_t waiting_since; /* milliseconds: connected, or the previous answer was sent */
    _Atomic int64_t since;         /* the request line arrived, or the answer began */
    char peer[INET6_ADDRSTRLEN];
};

struct watchdog {
    int header_ms, request_ms;
    size_t memory_budget;
    atomic_bool is_over;
    pthread_t thread;
    pthread_mutex_t lock; /* the list; also held while cutting, so that no descriptor is closed meanwhile */
    struct watched *first;
};

static void cut(struct watched *c)
{
    c->is_cut = true;
    shutdown(c->descriptor, SHUT_RDWR);
    metrics_add(METRIC_WATCHDOG_CUTS);
}

/* The library tells the size of a header only once it is complete. Asked from here it is a look at one word that its
 * thread may be writing: either answer is right at that moment. */
static bool header_is_complete(const struct watched *c)
{
    return MHD_get_connection_info(c->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE) != NULL;
}

/* Bytes that nobody here has read yet: its thread is busy with another request, and the client waits for us. */
static bool has_unread(const struct watched *c)
{
    int bytes = 0;
    return ioctl(c->descriptor, FIONREAD, &bytes) == 0 && bytes > 0;
}

/* Our own slowness is no reason to cut, but only for twice the time: an endless flood leaves bytes unread, too. */
static bool is_header_late(const struct watchdog *w, const struct watched *c, int64_t waiting)
{
    return waiting > w->header_ms && (waiting > 2 * (int64_t)w->header_ms || !has_unread(c));
}

static bool is_late(const struct watchdog *w, const struct watched *c, int64_t now)
{
    enum phase phase = atomic_load(&c->phase);
    int64_t waiting = now - atomic_load(&c->waiting_since), receiving = now - atomic_load(&c->since);
    switch (phase) {
    case WAITING: return is_header_late(w, c, waiting);
    case RECEIVING: return receiving > w->request_ms || (is_header_late(w, c, waiting) && !header_is_complete(c));
    case ANSWERING: return receiving > w->request_ms;
    case RUNNING: break;
    }
    return false;
}

static void cut_late(struct watchdog *w)
{
    pthread_mutex_lock(&w->lock);
    int64_t now = clock_ms();
    for (struct watched *c = w->first; c != NULL; c = c->next)
        if (!c->is_cut && is_late(w, c, now)) cut(c);
    pthread_mutex_unlock(&w->lock);
}

/* Bytes of memory this process holds; 0 when the system does not say. */
static size_t resident_size(void)
{
    char line[128], *end = line;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL) return 0;
    if (fgets(line, sizeof line, file) != NULL) strtoul(line, &end, 10); /* the address space comes first */
    fclose(file);
    return end == line ? 0 : strtoul(end, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

static bool is_receiving(const struct watched *c)
{
    return !c->is_cut && atomic_load(&c->phase) == RECEIVING;
}

static struct watched *oldest_receiving(const struct watchdog *w)
{
    struct watched *oldest = NULL;
    for (struct watched *c = w->first; c != NULL; c = c->next)
        if (is_receiving(c) && (oldest == NULL || atomic_load(&c->since) < atomic_load(&oldest->since))) oldest = c;
    return oldest;
}

/* The younger half is spared, for a good request is there for a moment only. What is cut and not closed yet belongs to
 * the older half: on a busy machine its memory is freed some looks later. */
static int count_greedy(const struct watchdog *w)
{
    int receiving = 0, leaving = 0;
    for (const struct watched *c = w->first; c != NULL; c = c->next) {
        leaving += c->is_cut;
        receiving += is_receiving(c);
    }
    return (receiving + leaving) / 2 - leaving;
}

/* What was freed counts as resident until it is given back to the system. */
static bool is_memory_short(const struct watchdog *w)
{
    size_t enough = w->memory_budget / 4 * 3;
    if (w->memory_budget == 0 || resident_size() < enough) return false;
    malloc_trim(0);
    return resident_size() >= enough;
}

/* Bodies wait in memory before any of our code sees them. The oldest unfinished ones are the likeliest to be meant
 * badly; 32 of them at a time are 128 MiB at the most. */
static void cut_greedy(struct watchdog *w)
{
    if (!is_memory_short(w)) return;
    int count = 0;
    pthread_mutex_lock(&w->lock);
    int greedy = count_greedy(w);
    for (struct watched *c; count < 32 && count < greedy && (c = oldest_receiving(w)) != NULL; count++) cut(c);
    pthread_mutex_unlock(&w->lock);
    if (count > 0) log_line(LOG_WARN, "memory_short", "action", "receiving connections cut", NULL);
}

static void *watch(void *data)
{
    struct watchdog *w = data;
    const struct timespec pause = {.tv_nsec = LOOK_EVERY_MS * 1000000L};
    for (unsigned look = 1; !atomic_load(&w->is_over); look++) {
        nanosleep(&pause, NULL);
        cut_greedy(w);
        if (look % LOOKS == 0) cut_late(w);
    }
    return NULL;
}

struct watchdog *watchdog_start(int header_ms, int request_ms, size_t memory_budget)
{
    struct watchdog *w = calloc(1, sizeof *w);
    if (w == NULL) abort();
    w->header_ms = header_ms;
    w->request_ms = request_ms;
    w->memory_budget = memory_budget;
    pthread_mutex_init(&w->lock, NULL);
    if (pthread_create(&w->thread, NULL, watch, w) == 0) return w;
    pthread_mutex_destroy(&w->lock);
    free(w);
    return NULL;
}

void watchdog_stop(struct watchdog *w)
{
    atomic_store(&w->is_over, true);
    pthread_join(w->thread, NULL);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

static void write_peer(struct watched *c)
{
    const struct sockaddr *a = MHD_get_connection_info(c->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    const void *number = a->sa_family == AF_INET6
                             ? (const void *)&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr
                             : (const void *)&((const struct sockaddr_in *)(const void *)a)->sin_addr;
    if (inet_ntop(a->sa_family, number, c->peer, sizeof c->peer) == NULL) c->peer[0] = '\0';
}

struct watched *watchdog_enter(struct watchdog *w, struct MHD_Connection *connection)
{
    struct watched *c = calloc(1, sizeof *c);
    if (c == NULL) abort();
    c->connection = connection;
    c->thread = pthread_self();
    c->descriptor = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    write_peer(c);
    watchdog_waiting(c);
    pthread_mutex_lock(&w->lock);
    c->next = w->first;
    if (w->first != NULL) w->first->previous = c;
    w->first = c;
    pthread_mutex_unlock(&w->lock);
    return c;
}

void watchdog_leave(struct watchdog *w, struct watched *c)
{
    pthread_mutex_lock(&w->lock);
    if (c->previous != NULL)
        c->previous->next = c->next;
    else
        w->first = c->next;
    if (c->next != NULL) c->next->previous = c->previous;
    pthread_mutex_unlock(&w->lock);
    free(c);
}

void watchdog_receiving(struct watched *c, const int *is_fresh)
{
    c->is_fresh = is_fresh;
    atomic_store(&c->since, clock_ms());
    atomic_store(&c->phase, RECEIVING);
}

void watchdog_running(struct watched *c)
{
    atomic_store(&c->phase, RUNNING);
}

void watchdog_answering(struct watched *c, size_t file_size)
{
    atomic_store(&c->since, clock_ms() + (int64_t)(file_size >> 16) * 1000);
    atomic_store(&c->phase, ANSWERING);
}

void watchdog_waiting(struct watched *c)
{
    c->is_fresh = NULL;
    atomic_store(&c->waiting_since, clock_ms());
    atomic_store(&c->phase, WAITING);
}

static bool is_fresh_here(const struct watched *c)
{
    if (!pthread_equal(c->thread, pthread_self())) return false;
    return c->is_fresh != NULL && *c->is_fresh != 0 && header_is_complete(c);
}

void watchdog_refuse_fresh(struct watchdog *w, const char *answer)
{
    pthread_mutex_lock(&w->lock);
    for (struct watched *c = w->first; c != NULL; c = c->next) {
        if (c->is_cut || !is_fresh_here(c)) continue;
        (void)send(c->descriptor, answer, strlen(answer), MSG_NOSIGNAL | MSG_DONTWAIT);
        shutdown(c->descriptor, SHUT_RDWR);
        c->is_cut = true;
    }
    pthread_mutex_unlock(&w->lock);
}

const char *watched_peer(const struct watched *c)
{
    return c->peer;
}

struct MHD_Connection *watched_connection(const struct watched *c)
{
    return c->connection;
}
