/* The jobs of the calendar and when they are due. A job is a function app.job_<name>(day) of the database; that it runs
 * once for each period is seen to there. After a pause, or when a sandbox's clock was set forward, the days between are
 * done one by one. */
#include "clock.h"
#include "jobs.h"
#include "log.h"
#include "metrics.h"
#include "row.h"

#include <stdlib.h>
#include <string.h>

#define PORTION      1000 /* app.job_portion() */
#define PORTIONS_MAX 100  /* of one job in a row */

/* Days begin at 00:05 in Changzhi, by the programme's clock. */
enum every { EVERY_MINUTE, EVERY_HOUR, EVERY_DAY, EVERIES };

static struct job {
    const char *name;
    enum every every;
    char done[20]; /* the last minute or hour known to be done */
    struct patience patience;
    void (*after)(void); /* what this process does behind it, or NULL */
} jobs[] = {
    {.name = "call_close", .every = EVERY_MINUTE},      /* their windows are over */
    {.name = "application_expire", .every = EVERY_DAY}, /* draft, answer or correction too late */
    {.name = "specialist_expire", .every = EVERY_DAY},  /* validity over */
    {.name = "demand_expire", .every = EVERY_DAY},      /* validity over, or not corrected in time */
    {.name = "agreement_expire", .every = EVERY_DAY},   /* not sent or not signed in time */
    {.name = "link_expire", .every = EVERY_DAY},
    {.name = "issue_close", .every = EVERY_DAY},         /* their raisers were silent */
    {.name = "enterprise_priority", .every = EVERY_DAY}, /* certificate over, or other weights */
    {.name = "client_close", .every = EVERY_DAY},        /* their last day is over */
    {.name = "placement_complete", .every = EVERY_DAY},  /* before others begin, for the same people */
    {.name = "placement_activate", .every = EVERY_DAY},
    {.name = "obligation_calendar", .every = EVERY_DAY},                     /* on the first of January */
    {.name = "obligation_lapse", .every = EVERY_DAY},                        /* their date has passed */
    {.name = "match_count", .every = EVERY_DAY},                             /* which words are rare */
    {.name = "policy_supersede", .every = EVERY_DAY},                        /* a newer version is in force */
    {.name = "attachment_purge", .every = EVERY_HOUR, .after = files_sweep}, /* files that no record names */
    {.name = "house_sweep", .every = EVERY_HOUR},                            /* what the house need not keep */
};
#define JOBS (sizeof jobs / sizeof *jobs)

/* What came of a job besides rows moved: another worker does it just now, or the database refused. */
#define BUSY   (-1L)
#define FAILED (-2L)

/* Rows moved, 0 also when the period was done before; BUSY or FAILED when it is still to be done. */
static long run_portion(const char *name, const char *period, const char *day)
{
    const char *const values[] = {name, period, day};
    PGresult *result = work_ask("work_once", values);
    const char *text = result == NULL ? NULL : row_text(result, 0, "moved");
    long moved = result == NULL ? FAILED : text == NULL ? 0 : strtol(text, NULL, 10);
    if (text != NULL && moved >= 0) metrics_add(METRIC_JOB_RUNS);
    if (moved > 0) log_line(LOG_INFO, "job_done", "job", name, "period", period, "rows", text, NULL);
    PQclear(result);
    return moved;
}

/* True when the period is done. Being busy elsewhere is no failure: whoever has it may die, and then we are next. */
static bool run(const char *name, const char *period, const char *day, struct patience *patience)
{
    long moved = PORTION;
    if (!patience_over(patience)) return false;
    for (int i = 0; i < PORTIONS_MAX && moved >= PORTION && work_goes_on(); i++) moved = run_portion(name, period, day);
    patience_note(patience, moved != FAILED);
    return moved >= 0 && moved < PORTION;
}

static void run_often(struct job *job, const char *period, const char *day)
{
    if (strcmp(job->done, period) == 0 || !run(job->name, period, day, &job->patience)) return;
    memcpy(job->done, period, strlen(period) + 1);
    if (job->after != NULL) job->after();
}

/* What each minute and hour asks for. */
static void look_often(void)
{
    PGresult *now = work_ask("work_periods", NULL);
    if (now == NULL) return;
    const char *periods[EVERIES] = {row_text(now, 0, "minute"), row_text(now, 0, "hour"), row_text(now, 0, "day")};
    for (size_t j = 0; j < JOBS && work_goes_on(); j++)
        if (jobs[j].every != EVERY_DAY) run_often(&jobs[j], periods[jobs[j].every], periods[EVERY_DAY]);
    PQclear(now);
}

static void finish_day(const char *day, struct patience *patience)
{
    bool finished = true;
    for (size_t j = 0; j < JOBS && work_goes_on(); j++)
        if (jobs[j].every == EVERY_DAY) finished = run(jobs[j].name, day, day, &jobs[j].patience) && finished;
    if (finished && work_goes_on()) run("day", day, day, patience);
}

/* Days that have work to do. Each is finished once all of its jobs are done; one that fails does not hold up others,
 * and many days do not hold up what each minute asks for. */
static void finish_days(void)
{
    static struct patience patience;
    if (!patience_over(&patience)) return;
    PGresult *days = work_ask("work_days", NULL);
    patience_note(&patience, days != NULL);
    for (int i = 0; i < PQntuples(days) && work_goes_on(); i++) {
        if (i > 0) look_often();
        finish_day(PQgetvalue(days, i, 0), &patience);
    }
    PQclear(days);
}

void calendar_look(void)
{
    look_often();
    if (work_goes_on()) finish_days();
}
