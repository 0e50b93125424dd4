/* The thread that draws papers. A usual one costs 40 to 170 ms of CPU, one with every Chinese character some seconds,
 * so no request thread does it: it waits a little, and whoever comes again finds what was made meanwhile. The last
 * papers are kept, since one is read by several parties. */
#include "press.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#define KEPT    8 /* papers waiting or made */
#define WAITERS 4 /* request threads */
#define WAIT_S  3

enum state { EMPTY, WAITING, DRAWING, MADE };

static struct job {
    enum state state;
    unsigned char hash[PDF_HASH_SIZE];
    struct pdf *paper;
    struct buffer bytes; /* when it is made */
    fail_t outcome;
    uint64_t turn; /* when it was last asked for */
} jobs[KEPT];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wanted = PTHREAD_COND_INITIALIZER, made;
static pthread_t thread;
static bool runs, ends;
static int waiters;
static uint64_t turns;

static struct job *oldest(enum state state)
{
    struct job *found = NULL;
    for (int i = 0; i < KEPT; i++) {
        bool older = found == NULL || jobs[i].turn < found->turn;
        if (jobs[i].state == state && older) found = &jobs[i];
    }
    return found;
}

static void forget(struct job *j)
{
    buffer_free(&j->bytes);
    if (j->paper != NULL) pdf_free(j->paper);
    *j = (struct job){0};
}

/* Under the lock, which is given up while it draws. */
static void draw_one(struct job *j)
{
    struct buffer bytes = {0};
    j->state = DRAWING;
    pthread_mutex_unlock(&lock);
    fail_t outcome = pdf_draw(j->paper, &bytes);
    pthread_mutex_lock(&lock);
    pdf_free(j->paper);
    j->paper = NULL;
    j->bytes = bytes;
    j->outcome = outcome;
    j->state = MADE;
    pthread_cond_broadcast(&made);
}

static void *draw_until_end(void *none)
{
    pthread_mutex_lock(&lock);
    while (!ends) {
        struct job *next = oldest(WAITING);
        if (next == NULL)
            pthread_cond_wait(&wanted, &lock);
        else
            draw_one(next);
    }
    pthread_mutex_unlock(&lock);
    return none;
}

/* With the first paper. Waits are told by a clock that nobody sets. */
static bool start(void)
{
    pthread_condattr_t monotonic;
    if (runs) return true;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&made, &monotonic);
    pthread_condattr_destroy(&monotonic);
    runs = pthread_create(&thread, NULL, draw_until_end, NULL) == 0;
    return runs;
}

static struct job *known(const unsigned char hash[PDF_HASH_SIZE])
{
    for (int i = 0; i < KEPT; i++)
        if (jobs[i].state != EMPTY && memcmp(jobs[i].hash, hash, PDF_HASH_SIZE) == 0) return &jobs[i];
    return NULL;
}

/* Takes the paper over. NULL when every place is taken by one that is still to be made. */
static struct job *enter(struct pdf *p, const unsigned char hash[PDF_HASH_SIZE])
{
    struct job *j = oldest(EMPTY);
    if (j == NULL) j = oldest(MADE);
    if (j == NULL || !start()) {
        pdf_free(p);
        return NULL;
    }
    forget(j);
    *j = (struct job){.state = WAITING, .paper = p};
    memcpy(j->hash, hash, PDF_HASH_SIZE);
    pthread_cond_signal(&wanted);
    return j;
}

/* The paper of this hash when it is made in time; another may have its place by then. */
static struct job *wait_for(struct job *j, const unsigned char hash[PDF_HASH_SIZE])
{
    struct timespec until;
    int late = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WAIT_S;
    if (waiters == WAITERS && j->state != MADE) return NULL;
    waiters++;
    while (j != NULL && j->state != MADE && late == 0) {
        late = pthread_cond_timedwait(&made, &lock, &until);
        j = known(hash);
    }
    waiters--;
    return j != NULL && j->state == MADE ? j : NULL;
}

/* A failure is told once and not kept: the fonts may be there next time. */
static fail_t take(struct job *j, struct buffer *out)
{
    fail_t outcome = j->outcome;
    if (outcome == OK) buffer_add(out, j->bytes.bytes, j->bytes.size);
    if (outcome != OK) forget(j);
    return outcome;
}

fail_t pdf_end(struct pdf *p, struct buffer *out)
{
    unsigned char hash[PDF_HASH_SIZE];
    *out = (struct buffer){0};
    pdf_hash(p, hash);
    pthread_mutex_lock(&lock);
    struct job *j = known(hash);
    if (j != NULL)
        pdf_free(p);
    else
        j = enter(p, hash);
    if (j != NULL) j->turn = ++turns;
    if (j != NULL) j = wait_for(j, hash);
    fail_t outcome = j == NULL ? UNAVAILABLE : take(j, out);
    pthread_mutex_unlock(&lock);
    return outcome;
}

void pdf_close(void)
{
    pthread_mutex_lock(&lock);
    bool ran = runs;
    ends = true;
    pthread_cond_signal(&wanted);
    pthread_mutex_unlock(&lock);
    if (ran) pthread_join(thread, NULL);
    for (int i = 0; i < KEPT; i++) forget(&jobs[i]);
}
