/* What signing in, confirming and registering share: where a try comes from, and the keys it is counted under. */
#ifndef TEPAI_SIGN_IN_H
#define TEPAI_SIGN_IN_H

#include "req.h"

/* The place of a caller. Keys are NULL for callers on the machine itself, who are not counted. */
struct origin {
    const char *address_key, *network_key; /* bytea hex */
    const char *network;                   /* "203.0.113.0/24", IPv6 as /56 */
};

void origin_of(struct req *r, struct origin *o);

/* HMAC of a login name or an address, as bytea hex: counters hold neither names nor addresses. */
const char *sign_in_key(struct arena *a, const char *kind, const char *text);

/* ASCII letters in lower case; login names have no others. */
const char *folded(struct arena *a, const char *text);

/* Whose password was right, as the database had it. */
struct proof {
    const char *account, *changed_at;
    const char *name_key;
    const char *new_hash; /* with today's parameters, when the old one was outdated; else NULL */
};

/* SIGN_IN_FAILED for a wrong name as for a wrong password, after the same work. `name` is folded. */
fail_t prove(struct req *r, const char *name, const char *password, struct proof *proof);

/* Judges the body's `otp` for an account whose password was right: SECOND_FACTOR_REQUIRED when it has a factor and none
 * was sent, SIGN_IN_FAILED for a wrong code or one that was used. */
fail_t prove_factor(struct req *r, const char *account);

/* The folded name of the caller's live session; SESSION_ENDED when it has none. */
fail_t session_owner_name(struct req *r, const char **name);

/* Counts what costs a password hash without a sign-in with the sign-ins of its address. */
fail_t charge_place(struct req *r);

/* password_hash(), which says when to come again while no slot is free. */
fail_t password_hash_or_wait(struct req *r, const char *password, char hash[]);

/* Answers with the first row of a result. */
void reply_row(struct req *r, const PGresult *result);

/* TOO_MANY_REQUESTS, with Retry-After, when the result's column `wait` is above zero. */
fail_t judge_wait(struct req *r, const PGresult *result);

#endif
