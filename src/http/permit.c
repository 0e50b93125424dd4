/* x-roles, x-scopes and x-max-auth-age, as the contract spells them. Whose record it is, row-level security decides
 * later. */
#include "clock.h"
#include "stops.h"

#include <string.h>

static bool allows(const struct permission *p, const struct actor *a)
{
    if (p->role != a->role) return false;
    if (p->office != NULL && strcmp(p->office, a->office) != 0) return false;
    return !p->admin || a->is_admin;
}

/* A sensitive step wants to know that it is still the owner who holds the device (RFC 9470). A link is a proof by
 * itself: it is good for one answer, and nobody signs in behind it. */
static fail_t recent(const struct req *r)
{
    if (r->facts[FACT_LINK] != NULL) return OK;
    bool old = r->op->max_auth_age_s > 0 && clock_unix() - r->actor.auth_time > r->op->max_auth_age_s;
    return old ? RECENT_SIGN_IN_REQUIRED : OK;
}

/* What anybody may call is open to machines too, unless it shows them more. */
static fail_t in_scope(const struct req *r)
{
    if (r->op->is_public && !r->op->has_scopes) return OK;
    if (!r->op->has_scopes) return FORBIDDEN;
    return (r->op->scopes & ~r->actor.scopes) == 0 ? OK : INSUFFICIENT_SCOPE;
}

static fail_t in_role(const struct req *r)
{
    if (r->op->is_public) return OK;
    for (int i = 0; i < r->op->permission_count; i++) {
        if (allows(&r->op->permissions[i], &r->actor)) return recent(r);
    }
    return FORBIDDEN;
}

fail_t permit(struct req *r)
{
    TRY(in_role(r));
    return r->actor.client[0] == '\0' ? OK : in_scope(r);
}
