/* The proposal of a match round: the vector of the programme's rules, its order of preferences word by word, no
 * blocking pair on thousands of random instances, and on small ones the best of all stable proposals for every
 * enterprise. SEED=… plays the same instances again. */
#include "acceptance.h"
#include "check.h"

#include <stdlib.h>
#include <time.h>

#define PAIRS_MAX 14400
#define UNRANKED  ACCEPTANCE_UNRANKED

static struct acceptance_pair pairs[PAIRS_MAX];
static struct acceptance_place places[PAIRS_MAX];
static uint32_t chosen[PAIRS_MAX];
static size_t count, chosen_count;

static bool always(void)
{
    return true;
}

static bool never(void)
{
    return false;
}

static enum acceptance_outcome propose(void)
{
    return acceptance_propose(pairs, count, always, chosen, &chosen_count, places);
}

/* Demand and enterprise of one number; by wishes alone. */
static void wish(uint32_t enterprise, int32_t enterprise_rank, uint32_t specialist, int32_t specialist_rank)
{
    pairs[count++] = (struct acceptance_pair){.enterprise = enterprise,
                                              .demand = enterprise,
                                              .specialist = specialist,
                                              .priority_no = UNRANKED,
                                              .enterprise_rank = enterprise_rank,
                                              .specialist_rank = specialist_rank};
}

static bool chose(uint32_t enterprise, uint32_t specialist)
{
    for (size_t i = 0; i < chosen_count; i++)
        if (pairs[chosen[i]].enterprise == enterprise && pairs[chosen[i]].specialist == specialist) return true;
    return false;
}

/* E1: S1>S2; E2: S1>S2>S3; E3: S2>S1; S1: E2>E1>E3; S2: E1>E3>E2; S3: E2. */
static void the_vector_of_the_rules(void)
{
    count = 0;
    wish(1, 1, 1, 2);
    wish(1, 2, 2, 1);
    wish(2, 1, 1, 1);
    wish(2, 2, 2, 3);
    wish(2, 3, 3, 1);
    wish(3, 1, 2, 2);
    wish(3, 2, 1, 3);
    CHECK(propose() == ACCEPTANCE_DONE);
    CHECK(chosen_count == 2);
    CHECK(chose(1, 2));
    CHECK(chose(2, 1));
    CHECK(places[0].of_enterprise == 0 && places[1].of_enterprise == 1);
    CHECK(places[2].of_specialist == 0 && places[0].of_specialist == 1 && places[6].of_specialist == 2);
}

static void nothing_gives_nothing(void)
{
    count = 0;
    CHECK(propose() == ACCEPTANCE_DONE);
    CHECK(chosen_count == 0);
    wish(7, 1, 9, 1);
    CHECK(propose() == ACCEPTANCE_DONE);
    CHECK(chosen_count == 1 && chose(7, 9));
}

/* Of two demands of a firm its own order decides, whatever scores and wishes say of the other. */
static void a_firm_ranks_its_demands_first(void)
{
    count = 0;
    wish(1, 1, 1, 1);
    wish(1, UNRANKED, 2, 1);
    pairs[0].priority_no = 2;
    pairs[0].score_bp = 9000;
    pairs[1].priority_no = 1;
    pairs[1].demand = 5;
    CHECK(propose() == ACCEPTANCE_DONE);
    CHECK(chosen_count == 1 && chose(1, 2));
}

/* Two pairs compete for one side; the first of them is to win. */
static void first_wins(const char *rule, struct acceptance_pair winner, struct acceptance_pair loser)
{
    for (int turned = 0; turned < 2; turned++) {
        count = 2;
        pairs[turned] = winner;
        pairs[1 - turned] = loser;
        CHECK(propose() == ACCEPTANCE_DONE);
        check_note(chosen_count == 1 && chosen[0] == (uint32_t)turned, __FILE__, __LINE__, rule);
    }
}

static void preferences_are_strict(void)
{
    struct acceptance_pair base = {.priority_no = UNRANKED,
                                   .enterprise_rank = UNRANKED,
                                   .specialist_rank = UNRANKED,
                                   .score_bp = 5000,
                                   .priority_bp = 4000,
                                   .opened_us = 100,
                                   .entered_us = 100};
    struct acceptance_pair winner = base, loser = base;
    loser.specialist = 1;
    first_wins("a specialist's id, when all else is equal", winner, loser);
    winner.specialist = 1, loser.specialist = 0, loser.entered_us = 101;
    first_wins("who entered the register earlier", winner, loser);
    winner.entered_us = 102, winner.score_bp = 5001;
    first_wins("the higher score", winner, loser);
    loser.score_bp = 9000, winner.enterprise_rank = 20;
    first_wins("a wish before what is no wish", winner, loser);
    loser.enterprise_rank = 1, winner.priority_no = 20;
    first_wins("a demand that has a number", winner, loser);

    winner = loser = base;
    loser.enterprise = loser.demand = 1;
    first_wins("a demand's id, when all else is equal", winner, loser);
    winner.enterprise = winner.demand = 2, loser.opened_us = 101;
    first_wins("the demand that opened earlier", winner, loser);
    winner.opened_us = 102, winner.priority_bp = 4001;
    first_wins("the firm of higher priority", winner, loser);
    loser.priority_bp = 9000, winner.score_bp = 5001;
    first_wins("the higher score of two firms", winner, loser);
    loser.score_bp = 9000, winner.specialist_rank = 20;
    first_wins("a specialist's wish", winner, loser);
    winner.specialist_rank = 1, loser.specialist_rank = 2, loser.priority_no = 1;
    first_wins("a specialist does not ask for the firm's order", winner, loser);
}

/* Every firm and every person of the same taste makes the most offers: about half of all pairs. */
static void can_be_stopped(void)
{
    count = 0;
    for (uint32_t i = 0; i < 120 * 120; i++) wish(i / 120, (int32_t)(i % 120), i % 120, 119 - (int32_t)(i / 120));
    CHECK(acceptance_propose(pairs, count, never, chosen, &chosen_count, NULL) == ACCEPTANCE_STOPPED);
    CHECK(chosen_count == 0);
    CHECK(propose() == ACCEPTANCE_DONE);
    CHECK(chosen_count == 120 && chose(119, 0));
}

/* ---- random instances */

static uint64_t state;

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint32_t roll(uint32_t below)
{
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return (uint32_t)((z ^ z >> 31) >> 33) % below;
}

static bool is_there(uint32_t demand, uint32_t specialist)
{
    for (size_t i = 0; i < count; i++)
        if (pairs[i].demand == demand && pairs[i].specialist == specialist) return true;
    return false;
}

/* Few different values, so that ties are many. */
static void roll_pairs(uint32_t enterprises, uint32_t specialists, size_t most)
{
    static int32_t priority_no[400], priority_bp[400];
    static int64_t opened[400], entered[400];
    for (uint32_t i = 0; i < 400; i++) {
        priority_no[i] = roll(2) == 0 ? UNRANKED : (int32_t)roll(3);
        priority_bp[i] = (int32_t)roll(3) * 2000;
        opened[i] = roll(3);
        entered[i] = roll(3);
    }
    count = 0;
    for (size_t tried = 0; tried < most; tried++) {
        uint32_t enterprise = roll(enterprises), demand = enterprise * 2 + roll(2), specialist = roll(specialists);
        if (is_there(demand, specialist)) continue;
        pairs[count++] = (struct acceptance_pair){.enterprise = enterprise,
                                                  .demand = demand,
                                                  .specialist = specialist,
                                                  .priority_no = priority_no[demand],
                                                  .enterprise_rank = roll(2) == 0 ? UNRANKED : (int32_t)roll(4),
                                                  .specialist_rank = roll(2) == 0 ? UNRANKED : (int32_t)roll(4),
                                                  .score_bp = (int32_t)roll(4) * 2500,
                                                  .priority_bp = priority_bp[enterprise],
                                                  .opened_us = opened[demand],
                                                  .entered_us = entered[specialist]};
    }
}

/* The rules once more, told another way: below zero when the side would rather have `a`. */
static int64_t enterprise_rather(const struct acceptance_pair *a, const struct acceptance_pair *b)
{
    if (a->priority_no != b->priority_no) return (int64_t)a->priority_no - b->priority_no;
    if (a->enterprise_rank != b->enterprise_rank) return (int64_t)a->enterprise_rank - b->enterprise_rank;
    if (a->score_bp != b->score_bp) return (int64_t)b->score_bp - a->score_bp;
    if (a->opened_us != b->opened_us) return a->opened_us - b->opened_us;
    if (a->entered_us != b->entered_us) return a->entered_us - b->entered_us;
    if (a->demand != b->demand) return (int64_t)a->demand - b->demand;
    return (int64_t)a->specialist - b->specialist;
}

static int64_t specialist_rather(const struct acceptance_pair *a, const struct acceptance_pair *b)
{
    if (a->specialist_rank != b->specialist_rank) return (int64_t)a->specialist_rank - b->specialist_rank;
    if (a->score_bp != b->score_bp) return (int64_t)b->score_bp - a->score_bp;
    if (a->priority_bp != b->priority_bp) return (int64_t)b->priority_bp - a->priority_bp;
    if (a->opened_us != b->opened_us) return a->opened_us - b->opened_us;
    return (int64_t)a->demand - b->demand;
}

/* Whether `p` and its two sides would rather have each other than what `these` give them. */
static bool blocks(const struct acceptance_pair *p, const uint32_t *these, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const struct acceptance_pair *has = &pairs[these[i]];
        if (has == p) return false;
        if (has->enterprise == p->enterprise && enterprise_rather(has, p) < 0) return false;
        if (has->specialist == p->specialist && specialist_rather(has, p) < 0) return false;
    }
    return true;
}

static size_t blocking(const uint32_t *these, size_t size)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) found += blocks(&pairs[i], these, size);
    return found;
}

static bool one_to_one(const uint32_t *these, size_t size)
{
    for (size_t i = 0; i < size; i++)
        for (size_t j = i + 1; j < size; j++)
            if (pairs[these[i]].enterprise == pairs[these[j]].enterprise ||
                pairs[these[i]].specialist == pairs[these[j]].specialist)
                return false;
    return true;
}

static void no_pair_blocks(void)
{
    int wrong = 0;
    for (int round = 0; round < 3000; round++) {
        roll_pairs(1 + roll(20), 1 + roll(20), 1 + roll(200));
        propose();
        wrong += !one_to_one(chosen, chosen_count) || blocking(chosen, chosen_count) != 0;
    }
    CHECK(wrong == 0);
    for (int round = 0; round < 3; round++) {
        roll_pairs(150, 180, 2000);
        propose();
        CHECK(one_to_one(chosen, chosen_count) && blocking(chosen, chosen_count) == 0);
    }
}

/* What is counted as blocking is found when it is there. */
static void a_worse_proposal_is_blocked(void)
{
    int noticed = 0;
    for (int round = 0; round < 200; round++) {
        roll_pairs(6, 6, 30);
        propose();
        if (chosen_count > 1) noticed += blocking(chosen, chosen_count - 1) > 0;
    }
    CHECK(noticed > 150);
}

/* Of all stable proposals of a small instance none gives an enterprise more. */
static uint32_t best[12];
static bool is_best, seen_stable;

static void weigh(const uint32_t *these, size_t size)
{
    if (blocking(these, size) != 0) return;
    seen_stable = true;
    for (size_t i = 0; i < size; i++) {
        const struct acceptance_pair *got = &pairs[these[i]];
        bool better = true;
        for (size_t j = 0; j < chosen_count; j++) {
            const struct acceptance_pair *ours = &pairs[chosen[j]];
            if (ours->enterprise == got->enterprise && enterprise_rather(ours, got) <= 0) better = false;
        }
        if (better) is_best = false;
    }
}

static void try_all(uint32_t *these, size_t size, uint32_t from)
{
    weigh(these, size);
    for (uint32_t i = from; i < count; i++) {
        these[size] = i;
        if (one_to_one(these, size + 1)) try_all(these, size + 1, i + 1);
    }
}

static void best_for_every_enterprise(void)
{
    int wrong = 0;
    for (int round = 0; round < 2000; round++) {
        roll_pairs(1 + roll(4), 1 + roll(4), 1 + roll(14));
        propose();
        is_best = true, seen_stable = false;
        try_all(best, 0, 0);
        wrong += !is_best || !seen_stable;
    }
    CHECK(wrong == 0);
}

/* The order in which pairs are read says nothing. */
static void order_of_reading_says_nothing(void)
{
    static struct acceptance_pair before[PAIRS_MAX];
    static bool was[400][400];
    int differ = 0;
    for (int round = 0; round < 300; round++) {
        roll_pairs(12, 12, 80);
        propose();
        memset(was, 0, sizeof was);
        for (size_t i = 0; i < chosen_count; i++) was[pairs[chosen[i]].demand][pairs[chosen[i]].specialist] = true;
        size_t had = chosen_count;
        memcpy(before, pairs, count * sizeof *pairs);
        for (uint32_t i = (uint32_t)count; i > 1; i--) {
            uint32_t other = roll(i);
            struct acceptance_pair moved = pairs[i - 1];
            pairs[i - 1] = pairs[other];
            pairs[other] = moved;
        }
        propose();
        differ += chosen_count != had;
        for (size_t i = 0; i < chosen_count; i++) differ += !was[pairs[chosen[i]].demand][pairs[chosen[i]].specialist];
    }
    CHECK(differ == 0);
}

int main(void)
{
    const char *given = getenv("SEED");
    uint64_t seed = given == NULL ? (uint64_t)time(NULL) : strtoull(given, NULL, 10);
    state = seed;
    printf("seed %llu\n", (unsigned long long)seed);
    RUN(the_vector_of_the_rules);
    RUN(nothing_gives_nothing);
    RUN(a_firm_ranks_its_demands_first);
    RUN(preferences_are_strict);
    RUN(can_be_stopped);
    RUN(no_pair_blocks);
    RUN(a_worse_proposal_is_blocked);
    RUN(best_for_every_enterprise);
    RUN(order_of_reading_says_nothing);
    return REPORT();
}
