/* Deferred acceptance. Pairs are sorted once into the lists of the enterprises and once into those of the specialists;
 * then each enterprise walks down its own list until somebody holds its offer, and a specialist holds the best offer so
 * far. Each pair is offered at most once. */
#include "acceptance.h"

#include <stdlib.h>

#define ASK_EVERY 4096 /* offers between two questions whether to go on */
#define NOBODY    UINT32_MAX

static int compare(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* The first of the comparisons that tells two pairs apart. */
static int first_of(const int *order, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (order[i] != 0) return order[i];
    return 0;
}

/* Its demands in the firm's own order, the wishes of each in theirs, then by score; the earlier entry of the register
 * before the later. */
static int by_enterprise(const void *left, const void *right, void *pairs)
{
    const struct acceptance_pair *all = pairs, *a = &all[*(const uint32_t *)left], *b = &all[*(const uint32_t *)right];
    const int order[] = {compare(a->enterprise, b->enterprise),
                         compare(a->priority_no, b->priority_no),
                         compare(a->enterprise_rank, b->enterprise_rank),
                         compare(b->score_bp, a->score_bp),
                         compare(a->opened_us, b->opened_us),
                         compare(a->entered_us, b->entered_us),
                         compare(a->demand, b->demand),
                         compare(a->specialist, b->specialist)};
    return first_of(order, sizeof order / sizeof order[0]);
}

/* Wishes in their order, then by score; the firm of higher priority first, then the demand that opened earlier. */
static int by_specialist(const void *left, const void *right, void *pairs)
{
    const struct acceptance_pair *all = pairs, *a = &all[*(const uint32_t *)left], *b = &all[*(const uint32_t *)right];
    const int order[] = {compare(a->specialist, b->specialist), compare(a->specialist_rank, b->specialist_rank),
                         compare(b->score_bp, a->score_bp),     compare(b->priority_bp, a->priority_bp),
                         compare(a->opened_us, b->opened_us),   compare(a->demand, b->demand)};
    return first_of(order, sizeof order / sizeof order[0]);
}

struct market {
    const struct acceptance_pair *pairs;
    size_t count;
    bool (*goes_on)(void);
    uint32_t *list;   /* pairs in the order of the enterprises' lists */
    uint32_t *order;  /* pairs in the order of the specialists' lists; then the place of a pair in it */
    uint32_t *places; /* of a pair in the order of the specialists */
    uint32_t *next;   /* of an enterprise: where in `list` its next offer is */
    uint32_t *held;   /* of a specialist: the pair held, or NOBODY */
    uint32_t enterprises, specialists;
};

static void count_sides(struct market *m)
{
    for (size_t i = 0; i < m->count; i++) {
        if (m->pairs[i].enterprise >= m->enterprises) m->enterprises = m->pairs[i].enterprise + 1;
        if (m->pairs[i].specialist >= m->specialists) m->specialists = m->pairs[i].specialist + 1;
    }
}

static uint32_t *room_for(size_t count)
{
    return calloc(count + 1, sizeof(uint32_t));
}

static bool market_open(struct market *m)
{
    count_sides(m);
    m->list = room_for(m->count);
    m->order = room_for(m->count);
    m->places = room_for(m->count);
    m->next = room_for(m->enterprises);
    m->held = room_for(m->specialists);
    return m->list != NULL && m->order != NULL && m->places != NULL && m->next != NULL && m->held != NULL;
}

static void market_close(struct market *m)
{
    free(m->list);
    free(m->order);
    free(m->places);
    free(m->next);
    free(m->held);
}

static void sort_lists(struct market *m)
{
    for (uint32_t i = 0; i < m->count; i++) m->list[i] = m->order[i] = i;
    qsort_r(m->list, m->count, sizeof *m->list, by_enterprise, (void *)m->pairs);
    qsort_r(m->order, m->count, sizeof *m->order, by_specialist, (void *)m->pairs);
    for (uint32_t i = 0; i < m->count; i++) m->places[m->order[i]] = i;
    for (uint32_t i = 0; i < m->specialists; i++) m->held[i] = NOBODY;
    for (uint32_t i = (uint32_t)m->count; i-- > 0;) m->next[m->pairs[m->list[i]].enterprise] = i;
}

/* The enterprise's next offer, or NOBODY past the end of its list. */
static uint32_t next_offer(struct market *m, uint32_t enterprise)
{
    uint32_t at = m->next[enterprise];
    if (at >= m->count || m->pairs[m->list[at]].enterprise != enterprise) return NOBODY;
    m->next[enterprise] = at + 1;
    return m->list[at];
}

/* The specialist holds the better of two offers. Gives the one let go, or NOBODY. */
static uint32_t hold(struct market *m, uint32_t offer)
{
    uint32_t *held = &m->held[m->pairs[offer].specialist], other = *held;
    if (other != NOBODY && m->places[other] < m->places[offer]) return offer;
    *held = offer;
    return other;
}

/* One enterprise after the other enters; whoever is let go goes on down its list at once. */
static bool settle(struct market *m)
{
    size_t offers = 0;
    for (uint32_t entering = 0; entering < m->enterprises; entering++) {
        for (uint32_t offer = next_offer(m, entering); offer != NOBODY;) {
            if (++offers % ASK_EVERY == 0 && !m->goes_on()) return false;
            uint32_t let_go = hold(m, offer);
            offer = let_go == NOBODY ? NOBODY : next_offer(m, m->pairs[let_go].enterprise);
        }
    }
    return true;
}

static int by_number(const void *left, const void *right)
{
    return compare(*(const uint32_t *)left, *(const uint32_t *)right);
}

static size_t take_held(const struct market *m, uint32_t *chosen)
{
    size_t taken = 0;
    for (uint32_t s = 0; s < m->specialists; s++)
        if (m->held[s] != NOBODY) chosen[taken++] = m->held[s];
    qsort(chosen, taken, sizeof *chosen, by_number);
    return taken;
}

/* Places in `list` and `order` begin anew with each enterprise and each specialist. */
static void tell_places(const struct market *m, struct acceptance_place *places)
{
    uint32_t first = 0;
    for (uint32_t i = 0; i < m->count; i++) {
        if (m->pairs[m->list[i]].enterprise != m->pairs[m->list[first]].enterprise) first = i;
        places[m->list[i]].of_enterprise = i - first;
    }
    first = 0;
    for (uint32_t i = 0; i < m->count; i++) {
        if (m->pairs[m->order[i]].specialist != m->pairs[m->order[first]].specialist) first = i;
        places[m->order[i]].of_specialist = i - first;
    }
}

enum acceptance_outcome acceptance_propose(const struct acceptance_pair *pairs, size_t count, bool (*goes_on)(void),
                                           uint32_t *chosen, size_t *chosen_count, struct acceptance_place *places)
{
    struct market m = {.pairs = pairs, .count = count, .goes_on = goes_on};
    enum acceptance_outcome outcome = ACCEPTANCE_NO_MEMORY;
    *chosen_count = 0;
    if (market_open(&m)) {
        sort_lists(&m);
        outcome = settle(&m) ? ACCEPTANCE_DONE : ACCEPTANCE_STOPPED;
        if (outcome == ACCEPTANCE_DONE) *chosen_count = take_held(&m, chosen);
        if (outcome == ACCEPTANCE_DONE && places != NULL) tell_places(&m, places);
    }
    market_close(&m);
    return outcome;
}
