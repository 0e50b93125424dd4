/* A new password: changed by its owner, who proves that he knows the old one, or set by whoever holds the link that an
 * administrator made for the account. */
#include "link.h"
#include "password.h"
#include "password_rules.h"
#include "row.h"
#include "session.h"
#include "sign_in.h"

#include <string.h>

fail_t account_change_password(struct req *r)
{
    struct proof p;
    PGresult *changed = NULL;
    char hash[PASSWORD_HASH_SIZE];
    const char *name = NULL, *fresh = body_text(r, "new_password");
    TRY(session_owner_name(r, &name));
    TRY(password_judge(r, name, fresh, "#/new_password"));
    TRY(prove(r, name, body_text(r, "current_password"), &p));
    TRY(password_hash_or_wait(r, fresh, hash));
    const char *values[] = {r->actor.account, p.changed_at, r->actor.session, hash, p.name_key};
    TRY(req_run(r, DB_PUBLIC, "password_change", values, &changed));
    bool done = row_text(changed, 0, "changed") != NULL;
    PQclear(changed);
    if (!done) return SESSION_ENDED;
    r->reply->status = r->op->success;
    return OK;
}

/* The login name behind a live link, for the rules of the password. */
static fail_t invited_name(struct req *r, const char *hash, const char **name)
{
    PGresult *found = NULL;
    TRY(req_run(r, DB_PUBLIC, "account_invited", (const char *const[]){hash}, &found));
    const char *text = row_text(found, 0, "login_name");
    *name = text == NULL ? NULL : arena_copy(r->arena, text, strlen(text));
    PQclear(found);
    return *name == NULL ? CAPABILITY_SPENT : OK;
}

fail_t account_activate(struct req *r)
{
    PGresult *shown = NULL;
    char hash[PASSWORD_HASH_SIZE];
    const char *name = NULL, *password = body_text(r, "password"), *link = link_hash(r->arena, body_text(r, "token"));
    if (link == NULL) return UNAUTHENTICATED;
    TRY(charge_place(r));
    TRY(invited_name(r, link, &name));
    TRY(password_judge(r, name, password, "#/password"));
    TRY(password_hash_or_wait(r, password, hash));
    const char *key = sign_in_key(r->arena, "name", folded(r->arena, name));
    TRY(req_run(r, DB_PUBLIC, "account_activate", (const char *const[]){link, hash, key}, &shown));
    reply_row(r, shown);
    PQclear(shown);
    return OK;
}
