/* Two buffers take turns: lines are put into one while a thread writes the other with one write(2). A line of a request
 * thread so costs a copy and no system call, and a pipe that nobody reads stops the writing thread alone. Lines that
 * found no room are counted; a line and a metric tell how many. */
#include "log_queue.h"

#include "clock.h"
#include "log.h"
#include "metrics.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define HALF_BYTES (256 << 10)
#define RESERVE    (48 << 10) /* of it for warnings and errors, when request lines have filled the rest */
#define GATHER_MS  10         /* how long a line may wait for company */
#define END_MS     1000       /* for what waits when the process ends */

struct half {
    size_t size;
    char bytes[HALF_BYTES];
};

static struct half halves[2], *filling = &halves[0];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;   /* all of this but `output`; nobody waits holding it */
static pthread_mutex_t output = PTHREAD_MUTEX_INITIALIZER; /* standard error; the writing thread may wait holding it */
static pthread_cond_t wanted, written;
static bool is_running, is_asleep, is_urgent, is_writing;
static uint64_t lost;

static void write_whole(const char *bytes, size_t size)
{
    struct pollfd out = {.fd = STDERR_FILENO, .events = POLLOUT};
    while (size > 0) {
        ssize_t sent = write(STDERR_FILENO, bytes, size);
        if (sent < 0 && errno == EAGAIN && poll(&out, 1, -1) >= 0) continue;
        if (sent < 0 && errno != EAGAIN && errno != EINTR) return;
        if (sent <= 0) continue;
        bytes += sent;
        size -= (size_t)sent;
    }
}

/* Whatever fits into a pipe that is ready for writing goes without waiting, as long as nobody else writes. */
static bool write_now(const char *bytes, size_t size)
{
    struct pollfd out = {.fd = STDERR_FILENO, .events = POLLOUT};
    if (size > PIPE_BUF || pthread_mutex_trylock(&output) != 0) return false;
    bool ready = poll(&out, 1, 0) == 1 && (out.revents & POLLOUT) != 0;
    bool sent = ready && write(STDERR_FILENO, bytes, size) >= 0;
    pthread_mutex_unlock(&output);
    return sent;
}

static struct timespec after_ms(int ms)
{
    int64_t until = clock_ms() + ms;
    return (struct timespec){.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};
}

/* Until there are lines, and then a little longer unless one is urgent. */
static void wait_for_lines(void)
{
    while (filling->size == 0) {
        is_asleep = true;
        pthread_cond_wait(&wanted, &lock);
        is_asleep = false;
    }
    struct timespec until = after_ms(GATHER_MS);
    while (!is_urgent && pthread_cond_timedwait(&wanted, &lock, &until) != ETIMEDOUT) continue;
    is_urgent = false;
}

static void tell_lost(uint64_t lines)
{
    char number[24];
    snprintf(number, sizeof number, "%llu", (unsigned long long)lines);
    log_line(LOG_WARN, "log_lines_lost", "lines", number, NULL);
}

static void write_half(struct half *full)
{
    pthread_mutex_lock(&output);
    write_whole(full->bytes, full->size);
    pthread_mutex_unlock(&output);
}

static void *write_all(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&lock);
    for (;;) {
        wait_for_lines();
        struct half *full = filling;
        uint64_t missing = lost;
        filling = full == &halves[0] ? &halves[1] : &halves[0];
        lost = 0;
        is_writing = true;
        pthread_mutex_unlock(&lock);
        write_half(full);
        if (missing > 0) tell_lost(missing);
        pthread_mutex_lock(&lock);
        full->size = 0;
        is_writing = false;
        if (filling->size == 0) pthread_cond_broadcast(&written);
    }
    return NULL;
}

static bool put(const char *bytes, size_t size, bool urgent)
{
    size_t room = HALF_BYTES - (urgent ? 0 : RESERVE);
    if (filling->size + size > room) {
        lost++;
        return false;
    }
    memcpy(filling->bytes + filling->size, bytes, size);
    filling->size += size;
    is_urgent = is_urgent || urgent;
    return true;
}

bool log_queue_take(const char *bytes, size_t size, bool urgent)
{
    if (!is_running) return false;
    if (urgent && write_now(bytes, size)) return true;
    pthread_mutex_lock(&lock);
    bool kept = put(bytes, size, urgent);
    bool wake = is_asleep || urgent;
    pthread_mutex_unlock(&lock);
    if (wake) pthread_cond_signal(&wanted);
    if (!kept) metrics_add(METRIC_LOG_LINES_LOST);
    return true;
}

void log_queue_drain(int ms)
{
    struct timespec until = after_ms(ms);
    int waited = 0;
    pthread_mutex_lock(&lock);
    is_urgent = true;
    pthread_cond_signal(&wanted);
    while ((filling->size > 0 || is_writing) && waited == 0) waited = pthread_cond_timedwait(&written, &lock, &until);
    pthread_mutex_unlock(&lock);
}

static void at_end(void)
{
    log_queue_drain(END_MS);
}

/* abort() comes back to its own work when this returns. Its thread holds none of our locks: nothing here allocates. */
static void at_abort(int unused)
{
    (void)unused;
    log_line(LOG_ERROR, "aborted", NULL);
    log_queue_drain(END_MS);
}

void log_queue_start(void)
{
    pthread_t thread;
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&wanted, &steady);
    pthread_cond_init(&written, &steady);
    pthread_condattr_destroy(&steady);
    if (pthread_create(&thread, NULL, write_all, NULL) != 0) {
        log_line(LOG_WARN, "log_thread_missing", NULL);
        return;
    }
    pthread_detach(thread);
    is_running = true;
    atexit(at_end);
    signal(SIGABRT, at_abort);
}
