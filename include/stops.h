/* The stops of the road behind the guard, in their order. Each returns OK or the answer's problem. */
#ifndef TEPAI_STOPS_H
#define TEPAI_STOPS_H

#include "req.h"

/* Finds the operation: NOT_FOUND, METHOD_NOT_ALLOWED (with r->allow). */
fail_t route(struct req *r);

/* Counts the request for its address or, signed in, for its account or machine; limit_judge() is TOO_MANY_REQUESTS,
 * with Retry-After, when that was one too many. Callers on the machine itself have no address limit. */
void limit_count(struct req *r);
fail_t limit_judge(struct req *r);

/* Counts a long job for the account that begins it; TOO_MANY_REQUESTS when it is one too many in an hour. */
fail_t limit_job(struct req *r);

/* Who asks: the bearer token, when one was sent. */
fail_t identify(struct req *r);

/* May this role call the operation at all. */
fail_t permit(struct req *r);

/* Path words, query, conditions and body against the contract; what passes is ready to be bound. */
fail_t validate(struct req *r);

/* The transaction: a handler, a read or a write. */
fail_t answer(struct req *r);

/* The values of a statement for this request, in the arena. */
const char *const *bind_values(struct req *r, const struct bound *b);

/* Sets r->order, r->page and r->limit from sort, q, limit and cursor. */
fail_t page_open(struct req *r);

/* The cursor behind this row, in the arena. */
const char *page_cursor(struct req *r, const char *value, const char *id);

/* The answer's body, headers and conditions for bytes made from a resource; `version` may be NULL. */
void reply_resource(struct req *r, struct buffer *body, const char *version);

/* How much is left of the limit that was counted. */
void limit_headers(struct req *r);

/* Lets pages of the origins that the operator lists read the answer. */
void cors_headers(struct req *r);

/* Fills the reply with a problem in the caller's language. */
void reply_problem(struct req *r, fail_t code);

/* Members advice_zh, advice_en and rules of a problem, behind others that are there already. */
void problem_explain(struct req *r, struct buffer *out, const struct problem *p);

#endif
