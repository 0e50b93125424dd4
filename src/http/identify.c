/* Who asks. A request without a token is the public; one with a flaw in its token is nobody, on public operations too:
 * a caller who believes to be signed in must not be served as a stranger. */
#include "address.h"
#include "client.h"
#include "config.h"
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

/* That it lives, may call from here and still has the scopes, the transaction tells. */
static void machine(struct req *r)
{
    r->facts[FACT_CLIENT] = r->actor.client;
    r->facts[FACT_TOKEN] = r->actor.token;
    r->facts[FACT_SCOPES] = r->op->scope_array;
    r->facts[FACT_ADDRESS] = address_text(r);
}

/* Where tokens are made, Authorization is the proof of a client, which the operation judges. */
static fail_t by_secret(struct req *r)
{
    struct client_secret sent;
    if (r->asked.authorization == NULL) return OK;
    return client_secret_read(r->arena, r->asked.authorization, &sent) ? OK : UNAUTHENTICATED;
}

fail_t identify(struct req *r)
{
    if (r->asked.capability_token != NULL) return by_link(r);
    if (r->op->takes_client) return by_secret(r);
    const char *sent = r->asked.authorization;
    if (sent == NULL) return r->op->is_public ? OK : UNAUTHENTICATED;
    if (strncasecmp(sent, BEARER, strlen(BEARER)) != 0) return UNAUTHENTICATED;
    const char *token = sent + strlen(BEARER);
    TRY(token_verify(token, strlen(token), &r->actor));
    if (r->actor.client[0] != '\0') {
        machine(r);
        return OK;
    }
    r->facts[FACT_ACCOUNT] = r->actor.account;
    r->facts[FACT_SESSION] = r->actor.session;
    r->facts[FACT_FACTOR] = config_is(SETTING_PROFILE, "demo") ? NULL : "true";
    return OK;
}
