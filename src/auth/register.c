/* A firm or a researcher opens an account of its own, without being anybody yet: what it may act for comes later, by
 * its first enterprise or its entry in the register. */
#include "password.h"
#include "row.h"
#include "seal.h"
#include "session.h"
#include "sign_in.h"
#include "uuid.h"

#include <string.h>

/* Registrations cost a password hash, so they count with the sign-ins of their address. */
static fail_t charge(struct req *r)
{
    struct origin from;
    PGresult *result = NULL;
    origin_of(r, &from);
    TRY(req_run(r, DB_PUBLIC, "sign_in_charge_place", (const char *const[]){from.address_key, from.network_key},
                &result));
    fail_t outcome = judge_wait(r, result);
    PQclear(result);
    return outcome;
}

/* Length and characters are the contract's to judge. */
static fail_t judge_password(struct req *r, const char *login_name, const char *password)
{
    if (strstr(folded(r->arena, password), folded(r->arena, login_name)) == NULL) return OK;
    req_broken(r, rule_find("password_holds_login_name"), "#/password", NULL);
    return RULE_VIOLATED;
}

static fail_t insert(struct req *r, const char *hash, PGresult **made)
{
    char id[37];
    uuid_make(id);
    const char *phone = body_text(r, "phone");
    const char *sealed = phone == NULL ? NULL : seal(r->arena, "account", "phone", id, phone);
    const char *masked = phone == NULL ? NULL : mask(r->arena, "phone", phone);
    const char *values[] = {id,
                            body_text(r, "login_name"),
                            hash,
                            body_text(r, "display_name"),
                            sealed,
                            masked,
                            body_text(r, "email"),
                            body_text(r, "role"),
                            body_text(r, "locale")};
    return req_run(r, DB_PUBLIC, "account_register", values, made);
}

fail_t account_register(struct req *r)
{
    char hash[PASSWORD_HASH_SIZE];
    PGresult *made = NULL;
    struct shape shape;
    struct buffer body = {0};
    const char *password = body_text(r, "password");
    TRY(judge_password(r, body_text(r, "login_name"), password));
    TRY(charge(r));
    if (password_hash(password, hash) != OK) {
        r->retry_after_s = 1;
        return UNAVAILABLE;
    }
    TRY(insert(r, hash, &made));
    row_shape(&shape, made);
    row_write(&body, &shape, made, 0);
    PQclear(made);
    reply_body(r, &body);
    reply_header(r, "Location", "/v1/me");
    return OK;
}
