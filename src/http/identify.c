/* Who asks. A request without a token is the public; one with a flaw in its token is nobody, on public operations too:
 * a caller who believes to be signed in must not be served as a stranger. */
#include "link.h"
#include "stops.h"
#include "token.h"

#include <string.h>
#include <strings.h>

#define BEARER "Bearer "

/* The guard has seen that no bearer token stands beside it. Whether the link still lives, the transaction tells. */
static fail_t by_link(struct req *r)
{
    r->facts[FACT_LINK] = link_hash(r->arena, r->asked.capability_token);
    return r->facts[FACT_LINK] == NULL ? UNAUTHENTICATED : OK;
}

fail_t identify(struct req *r)
{
    if (r->asked.capability_token != NULL) return by_link(r);
    const char *sent = r->asked.authorization;
    if (sent == NULL) return r->op->is_public ? OK : UNAUTHENTICATED;
    if (strncasecmp(sent, BEARER, strlen(BEARER)) != 0) return UNAUTHENTICATED;
    const char *token = sent + strlen(BEARER);
    TRY(token_verify(token, strlen(token), &r->actor));
    r->facts[FACT_ACCOUNT] = r->actor.account;
    r->facts[FACT_SESSION] = r->actor.session;
    return OK;
}
