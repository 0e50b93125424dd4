/* Capability links: tokens that show one document and take one answer, or open one account. A token is 256 random bits
 * and a MAC, so that an altered one is told from one that is spent; the database keeps its hash alone. */
#ifndef TEPAI_LINK_H
#define TEPAI_LINK_H

#include "arena.h"

/* A new link for the one who makes it, who sees it once; owned by the arena. */
struct new_link {
    const char *url;  /* page of the front with the token in the fragment, which no log sees */
    const char *hash; /* SHA-256 of the token as bytea hex, for app.link */
};
struct new_link link_make(struct arena *a);

/* The hash of a token that came back, or NULL when it is altered or none of ours. */
const char *link_hash(struct arena *a, const char *token);

#endif
