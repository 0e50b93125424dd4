/* A firm or a researcher opens an account of its own, without being anybody yet: what it may act for comes later, by
 * its first enterprise or its entry in the register. */
#include "password.h"
#include "password_rules.h"
#include "row.h"
#include "seal.h"
#include "session.h"
#include "sign_in.h"
#include "uuid.h"

#include <string.h>

fail_t charge_place(struct req *r)
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

fail_t password_hash_or_wait(struct req *r, const char *password, char hash[])
{
    if (password_hash(password, hash) == OK) return OK;
    r->retry_after_s = 1;
    return UNAVAILABLE;
}

void reply_row(struct req *r, const PGresult *result)
{
    struct shape shape;
    struct buffer body = {0};
    row_shape(&shape, result);
    row_write(&body, &shape, result, 0);
    reply_body(r, &body);
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
    const char *password = body_text(r, "password");
    TRY(password_judge(r, body_text(r, "login_name"), password, "#/password"));
    TRY(charge_place(r));
    TRY(password_hash_or_wait(r, password, hash));
    TRY(insert(r, hash, &made));
    reply_row(r, made);
    PQclear(made);
    reply_header(r, "Location", "/v1/me");
    return OK;
}
