/* The job of a computed round (article 9.3): who takes part is read once, their admissible pairs in portions; the
 * proposal is computed; pairs and proposal are written in portions of one transaction, whose last statement ends the
 * job. What was read is what input_sha256 is of; whoever leaves meanwhile is left out when it is written. */
#include "acceptance.h"
#include "buffer.h"
#include "row.h"
#include "work/jobs.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAIRS_MAX       1500000 /* about 250 MB */
#define ID_SIZE         36
#define KEEP_PORTION    5000
#define PROPOSE_PORTION 25
/* How far the job is after each part. */
#define READ_BP    6000
#define CHOSEN_BP  6500
#define WRITTEN_BP 9900

struct ids {
    char demand[ID_SIZE], specialist[ID_SIZE], enterprise[ID_SIZE];
};

struct round {
    const struct long_job *job;
    PGresult *open; /* the round and who takes part */
    struct acceptance_pair *pairs;
    struct acceptance_place *places;
    struct ids *ids;
    size_t count, room;
    uint32_t *chosen;
    size_t chosen_count;
    crypto_hash_sha256_state input;
};

static const char *about(const struct round *r, const char *column)
{
    return row_text(r->open, 0, column);
}

static size_t number_of(const struct round *r, const char *column)
{
    return strtoul(about(r, column), NULL, 10);
}

static bool make_room(struct round *r, size_t more)
{
    if (r->count + more > PAIRS_MAX) return false;
    if (r->count + more <= r->room) return true;
    size_t room = (r->count + more) * 2;
    struct acceptance_pair *pairs = realloc(r->pairs, room * sizeof *pairs);
    if (pairs != NULL) r->pairs = pairs;
    struct ids *ids = pairs == NULL ? NULL : realloc(r->ids, room * sizeof *ids);
    if (ids == NULL) return false;
    r->ids = ids;
    r->room = room;
    return true;
}

static int32_t rank_at(const PGresult *rows, int row, const char *column)
{
    const char *text = row_text(rows, row, column);
    return text == NULL ? ACCEPTANCE_UNRANKED : (int32_t)strtol(text, NULL, 10);
}

static int64_t value_at(const PGresult *rows, int row, const char *column)
{
    const char *text = row_text(rows, row, column);
    return text == NULL ? 0 : strtoll(text, NULL, 10);
}

static void hash_row(struct round *r, const PGresult *rows, int row)
{
    for (int column = 0; column < PQnfields(rows); column++) {
        const char *text = PQgetvalue(rows, row, column);
        crypto_hash_sha256_update(&r->input, (const unsigned char *)text, strlen(text) + 1);
    }
}

static void add_pair(struct round *r, const PGresult *rows, int row)
{
    struct ids *ids = &r->ids[r->count];
    memcpy(ids->demand, row_text(rows, row, "demand_id"), ID_SIZE);
    memcpy(ids->specialist, row_text(rows, row, "specialist_id"), ID_SIZE);
    memcpy(ids->enterprise, row_text(rows, row, "enterprise_id"), ID_SIZE);
    r->pairs[r->count++] = (struct acceptance_pair){
        .priority_no = rank_at(rows, row, "priority_no"),
        .enterprise_rank = rank_at(rows, row, "enterprise_rank"),
        .specialist_rank = rank_at(rows, row, "specialist_rank"),
        .score_bp = (int32_t)value_at(rows, row, "score_bp"),
        .priority_bp = (int32_t)value_at(rows, row, "priority_bp"),
        .opened_us = value_at(rows, row, "opened_us"),
        .entered_us = value_at(rows, row, "entered_us"),
    };
    hash_row(r, rows, row);
}

/* A part of the demands as an array: in the array of all, each id takes its own size and a comma. */
static enum job_outcome read_portion(struct round *r, size_t first, size_t size)
{
    struct buffer demands = {0};
    buffer_add_text(&demands, "{");
    buffer_add(&demands, about(r, "demands") + 1 + first * (ID_SIZE + 1), size * (ID_SIZE + 1) - 1);
    buffer_add(&demands, "}", 2);
    const char *const values[] = {about(r, "id"), demands.bytes, about(r, "specialists")};
    PGresult *rows = work_ask("work_match_round_read", values);
    buffer_free(&demands);
    if (rows == NULL) return JOB_BROKEN;
    bool fits = make_room(r, (size_t)PQntuples(rows));
    for (int i = 0; fits && i < PQntuples(rows); i++) add_pair(r, rows, i);
    PQclear(rows);
    return fits ? JOB_DONE : JOB_IMPOSSIBLE;
}

static enum job_outcome read_pairs(struct round *r)
{
    size_t all = number_of(r, "demand_count"), portion = number_of(r, "portion");
    const char *rules = about(r, "input");
    crypto_hash_sha256_init(&r->input);
    crypto_hash_sha256_update(&r->input, (const unsigned char *)rules, strlen(rules) + 1);
    for (size_t first = 0; first < all; first += portion) {
        if (!operation_goes_on()) return JOB_STOPPED;
        enum job_outcome outcome = read_portion(r, first, all - first < portion ? all - first : portion);
        if (outcome != JOB_DONE) return outcome;
        operation_progress((int)(first * READ_BP / all));
    }
    return JOB_DONE;
}

/* ---- numbers in the order of ids */

static int by_id(const void *a, const void *b)
{
    return memcmp(a, b, ID_SIZE);
}

/* Gives each pair the place of one of its ids among all such ids. */
static bool number(struct round *r, size_t id_at, size_t number_at)
{
    char *sorted = malloc(r->count * ID_SIZE + 1);
    if (sorted == NULL) return false;
    for (size_t i = 0; i < r->count; i++) memcpy(sorted + i * ID_SIZE, (const char *)&r->ids[i] + id_at, ID_SIZE);
    qsort(sorted, r->count, ID_SIZE, by_id);
    size_t distinct = 0;
    for (size_t i = 0; i < r->count; i++) {
        if (i > 0 && by_id(sorted + i * ID_SIZE, sorted + (distinct - 1) * ID_SIZE) == 0) continue;
        memmove(sorted + distinct++ * ID_SIZE, sorted + i * ID_SIZE, ID_SIZE);
    }
    for (size_t i = 0; i < r->count; i++) {
        const char *found = bsearch((const char *)&r->ids[i] + id_at, sorted, distinct, ID_SIZE, by_id);
        uint32_t place = (uint32_t)((size_t)(found - sorted) / ID_SIZE);
        memcpy((char *)&r->pairs[i] + number_at, &place, sizeof place);
    }
    free(sorted);
    return true;
}

static enum job_outcome choose(struct round *r)
{
    static const enum job_outcome outcomes[] = {JOB_DONE, JOB_STOPPED, JOB_IMPOSSIBLE};
    r->chosen = malloc((r->count + 1) * sizeof *r->chosen);
    r->places = malloc((r->count + 1) * sizeof *r->places);
    bool good = r->chosen != NULL && r->places != NULL &&
                number(r, offsetof(struct ids, enterprise), offsetof(struct acceptance_pair, enterprise)) &&
                number(r, offsetof(struct ids, demand), offsetof(struct acceptance_pair, demand)) &&
                number(r, offsetof(struct ids, specialist), offsetof(struct acceptance_pair, specialist));
    if (!good) return JOB_IMPOSSIBLE;
    enum acceptance_outcome outcome =
        acceptance_propose(r->pairs, r->count, operation_goes_on, r->chosen, &r->chosen_count, r->places);
    operation_progress(CHOSEN_BP);
    return outcomes[outcome];
}

/* ---- writing */

/* Arrays of one portion, in the order of a statement's words. */
struct columns {
    struct buffer demands, specialists, enterprises, enterprise_places, specialist_places;
};

static void add_text(struct buffer *array, const char *text, size_t size)
{
    buffer_add(array, array->size == 0 ? "{" : ",", 1);
    buffer_add(array, text, size);
}

static void add_number(struct buffer *array, uint32_t number)
{
    char text[12];
    add_text(array, text, (size_t)snprintf(text, sizeof text, "%u", number));
}

static const char *closed(struct buffer *array)
{
    buffer_add(array, "}", 2);
    return array->bytes;
}

static void columns_free(struct columns *c)
{
    buffer_free(&c->demands);
    buffer_free(&c->specialists);
    buffer_free(&c->enterprises);
    buffer_free(&c->enterprise_places);
    buffer_free(&c->specialist_places);
}

static bool keep_portion(const struct round *r, size_t first, size_t end)
{
    struct columns c = {0};
    for (size_t i = first; i < end; i++) {
        add_text(&c.demands, r->ids[i].demand, ID_SIZE);
        add_text(&c.specialists, r->ids[i].specialist, ID_SIZE);
        add_text(&c.enterprises, r->ids[i].enterprise, ID_SIZE);
        add_number(&c.enterprise_places, r->places[i].of_enterprise);
        add_number(&c.specialist_places, r->places[i].of_specialist);
    }
    const char *const values[] = {about(r, "id"),         closed(&c.demands),           closed(&c.specialists),
                                  closed(&c.enterprises), closed(&c.enterprise_places), closed(&c.specialist_places)};
    PGresult *kept = work_step(first == 0, "work_match_round_keep_pairs", values);
    bool good = kept != NULL;
    PQclear(kept);
    columns_free(&c);
    return good;
}

static bool propose_portion(const struct round *r, size_t first, size_t end)
{
    struct columns c = {0};
    for (size_t i = first; i < end; i++) {
        add_text(&c.demands, r->ids[r->chosen[i]].demand, ID_SIZE);
        add_text(&c.specialists, r->ids[r->chosen[i]].specialist, ID_SIZE);
    }
    const char *const values[] = {about(r, "id"), closed(&c.demands), closed(&c.specialists)};
    PGresult *made = work_step(false, "work_match_round_propose", values);
    bool good = made != NULL;
    PQclear(made);
    columns_free(&c);
    return good;
}

static enum job_outcome write_portions(const struct round *r, size_t all, size_t portion, int from_bp, int to_bp,
                                       bool (*write)(const struct round *, size_t, size_t))
{
    for (size_t first = 0; first < all; first += portion) {
        if (!operation_goes_on()) return JOB_STOPPED;
        if (!write(r, first, all - first < portion ? all : first + portion)) return JOB_BROKEN;
        operation_progress(from_bp + (int)(first * (size_t)(to_bp - from_bp) / all));
    }
    return JOB_DONE;
}

static enum job_outcome finish(struct round *r)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[sizeof hash * 2 + 1], counts[160];
    crypto_hash_sha256_final(&r->input, hash);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    snprintf(counts, sizeof counts, "{\"demands\":%s,\"enterprises\":%s,\"specialists\":%s,\"pairs\":%zu}",
             about(r, "demand_count"), about(r, "enterprises"), about(r, "specialist_count"), r->count);
    const char *const values[] = {r->job->id, r->job->attempt, hex, counts};
    PGresult *ended = work_step(r->count == 0, "work_match_round_finish", values);
    const char *word = ended == NULL ? NULL : row_text(ended, 0, "ended");
    enum job_outcome outcome = word == NULL ? JOB_BROKEN : word[0] == 't' ? JOB_DONE : JOB_STOPPED;
    PQclear(ended);
    return outcome;
}

static enum job_outcome write_all(struct round *r)
{
    enum job_outcome outcome =
        write_portions(r, r->count, KEEP_PORTION, CHOSEN_BP, (CHOSEN_BP + WRITTEN_BP) / 2, keep_portion);
    if (outcome == JOB_DONE)
        outcome = write_portions(r, r->chosen_count, PROPOSE_PORTION, (CHOSEN_BP + WRITTEN_BP) / 2, WRITTEN_BP,
                                 propose_portion);
    if (outcome == JOB_DONE) outcome = finish(r);
    bool settled = work_settle(outcome == JOB_DONE);
    return outcome == JOB_DONE && !settled ? JOB_BROKEN : outcome;
}

static enum job_outcome compute(struct round *r)
{
    enum job_outcome outcome = read_pairs(r);
    if (outcome == JOB_DONE) outcome = choose(r);
    return outcome == JOB_DONE ? write_all(r) : outcome;
}

enum job_outcome match_round_compute(const struct long_job *job)
{
    struct round r = {.job = job};
    r.open = work_ask("work_match_round_open", (const char *const[]){job->id});
    enum job_outcome outcome = r.open == NULL ? JOB_BROKEN : PQntuples(r.open) == 0 ? JOB_STOPPED : compute(&r);
    PQclear(r.open);
    free(r.pairs);
    free(r.places);
    free(r.ids);
    free(r.chosen);
    return outcome;
}
