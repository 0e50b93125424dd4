/* Long jobs, one after the other. A job is a worker's as long as its lease is kept: the thread of the feed sees to
 * that, so a process that is killed or stopped loses the job after some seconds, and another begins it anew. Whoever is
 * late finds at the end that the job is his no more and takes back what he did, so each has exactly one result. */
#include "jobs.h"
#include "log.h"
#include "metrics.h"
#include "row.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEASE_S      "15"
#define ATTEMPTS_MAX 5

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct long_job present; /* without an id: none */
static atomic_int progress_bp;
static atomic_bool lost;

static const struct {
    const char *kind;
    enum job_outcome (*run)(const struct long_job *job);
} kinds[] = {
    {"match_round", match_round_compute},
};

bool operation_goes_on(void)
{
    return work_goes_on() && !lost;
}

void operation_progress(int bp)
{
    progress_bp = bp;
}

static void set_present(const struct long_job *job)
{
    pthread_mutex_lock(&mutex);
    present = *job;
    progress_bp = 0;
    lost = false;
    pthread_mutex_unlock(&mutex);
}

/* False when the database says that the job is not this worker's; one that says nothing leaves it to the lease. */
static bool beat(const struct long_job *job, const char *lease)
{
    char progress[12];
    snprintf(progress, sizeof progress, "%d", progress_bp);
    const char *const values[] = {job->id, job->attempt, progress, lease};
    PGresult *kept = work_ask("work_operation_beat", values);
    const char *word = kept == NULL ? NULL : row_text(kept, 0, "goes_on");
    bool goes_on = word == NULL || word[0] == 't';
    PQclear(kept);
    return goes_on;
}

void operation_beat(void)
{
    pthread_mutex_lock(&mutex);
    struct long_job job = present;
    pthread_mutex_unlock(&mutex);
    if (job.id[0] == '\0' || beat(&job, LEASE_S)) return;
    pthread_mutex_lock(&mutex);
    if (strcmp(job.id, present.id) == 0) lost = true;
    pthread_mutex_unlock(&mutex);
}

static bool take(struct long_job *job)
{
    PGresult *taken = work_ask("work_operation_take", (const char *const[]){LEASE_S});
    bool some = taken != NULL && PQntuples(taken) == 1;
    if (some) {
        snprintf(job->id, sizeof job->id, "%s", row_text(taken, 0, "id"));
        snprintf(job->kind, sizeof job->kind, "%s", row_text(taken, 0, "kind"));
        snprintf(job->attempt, sizeof job->attempt, "%s", row_text(taken, 0, "attempt"));
    }
    PQclear(taken);
    return some;
}

static enum job_outcome run(const struct long_job *job)
{
    if (strtol(job->attempt, NULL, 10) > ATTEMPTS_MAX) return JOB_IMPOSSIBLE;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].kind, job->kind) == 0) return kinds[i].run(job);
    return JOB_IMPOSSIBLE;
}

static void give_up(const struct long_job *job)
{
    PQclear(work_ask("work_operation_fail", (const char *const[]){job->id, job->attempt}));
}

bool operation_look(void)
{
    static struct patience patience;
    static const char *const words[] = {"done", "stopped", "broken", "impossible"};
    struct long_job job = {0}, none = {0};
    if (!patience_over(&patience) || !take(&job)) return false;
    set_present(&job);
    enum job_outcome outcome = run(&job);
    set_present(&none);
    log_line(outcome == JOB_DONE ? LOG_INFO : LOG_WARN, "job_ended", "kind", job.kind, "id", job.id, "attempt",
             job.attempt, "outcome", words[outcome], NULL);
    if (outcome == JOB_IMPOSSIBLE) give_up(&job);
    if (outcome == JOB_STOPPED || outcome == JOB_BROKEN) beat(&job, "0"); /* others need not wait for the lease */
    if (outcome == JOB_DONE) metrics_add(METRIC_JOB_RUNS);
    patience_note(&patience, outcome != JOB_BROKEN);
    return true;
}
