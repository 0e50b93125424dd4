/* x-roles, as the contract spells them. Whose record it is, row-level security decides later. */
#include "stops.h"

#include <string.h>

static bool allows(const struct permission *p, const struct actor *a)
{
    if (p->role != a->role) return false;
    if (p->office != NULL && strcmp(p->office, a->office) != 0) return false;
    return !p->admin || a->is_admin;
}

fail_t permit(struct req *r)
{
    if (r->op->is_public) return OK;
    for (int i = 0; i < r->op->permission_count; i++) {
        if (allows(&r->op->permissions[i], &r->actor)) return OK;
    }
    return FORBIDDEN;
}
