/* The proposal of a match round (article 9.3): deferred acceptance over contracts (Gale and Shapley 1962, with
 * contracts as Hatfield and Milgrom 2005), enterprises proposing. Knows no database: pairs in, chosen pairs out. */
#ifndef TEPAI_ACCEPTANCE_H
#define TEPAI_ACCEPTANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A rank, or the priority a firm gives a demand, that nobody gave. */
#define ACCEPTANCE_UNRANKED INT32_MAX

/* An admissible pair of demand and specialist. The numbers of enterprises, demands and specialists follow the order of
 * their ids, so that the last tie falls by them; no pair stands twice. */
struct acceptance_pair {
    uint32_t enterprise, demand, specialist;
    int32_t priority_no;     /* the firm's own order of its demands */
    int32_t enterprise_rank; /* place in the demand's list of wishes */
    int32_t specialist_rank; /* place in the specialist's list of wishes */
    int32_t score_bp;
    int32_t priority_bp; /* of the enterprise */
    int64_t opened_us;   /* when the demand opened */
    int64_t entered_us;  /* when the specialist entered the register */
};

/* Where a pair stands in the lists of its two sides, 0 first. */
struct acceptance_place {
    uint32_t of_enterprise, of_specialist;
};

enum acceptance_outcome { ACCEPTANCE_DONE, ACCEPTANCE_STOPPED, ACCEPTANCE_NO_MEMORY };

/* Fills `chosen`, which has room for `count`, with the indexes of the pairs of the stable proposal that is best for
 * every enterprise, in rising order, and `places`, when given, with the place of each pair. No enterprise and no
 * specialist is in two chosen pairs, and no pair of `pairs` would rather have each other. Takes O(count log count);
 * the same pairs in another order give the same proposal. `goes_on` is asked now and then; false ends it as STOPPED. */
enum acceptance_outcome acceptance_propose(const struct acceptance_pair *pairs, size_t count, bool (*goes_on)(void),
                                           uint32_t *chosen, size_t *chosen_count, struct acceptance_place *places);

#endif
