/* What the first half of a transaction sends and brings back; shared by answer.c, which carries it out, and judge.c. */
#ifndef TEPAI_SEGMENT_H
#define TEPAI_SEGMENT_H

#include "req.h"

/* The queries of one segment and where each stands in it; -1 when the operation has none of that kind. */
struct segment {
    struct query queries[SEGMENT_MAX];
    int count;
    int facts, claim, lock, blockers, act, get;
    struct answers answers;
};

/* OK, or the objection of the first result that has one. */
fail_t judge(struct req *r, const struct segment *s);

/* The problem of a statement the database refused, put into words by the constraint's name. */
fail_t refused_by_database(struct req *r, const PGresult *result);

#endif
