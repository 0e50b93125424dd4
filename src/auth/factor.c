/* The second factor of one's own account: a secret that is shown once, confirmed by a code of it, and ten recovery
 * codes. At sign-in the password is judged first, so that only who knows it hears that a code is wanted. */
#include "clock.h"
#include "row.h"
#include "seal.h"
#include "session.h"
#include "sign_in.h"
#include "totp.h"

#include <sodium.h>
#include <string.h>

#define RECOVERY_CODES 10

static const char *recovery_hash(struct arena *a, const char *account, const char *code)
{
    return sign_in_key(a, "recovery", arena_print(a, "%s %s", account, code));
}

/* Writes the secret of the account; *confirmed tells whether it counts. NOT_FOUND without one. */
static fail_t secret_of(struct req *r, const char *account, unsigned char secret[TOTP_SECRET_BYTES], bool *confirmed)
{
    PGresult *found = NULL;
    TRY(req_run(r, DB_PUBLIC, "factor_of", (const char *const[]){account}, &found));
    const char *sealed = row_text(found, 0, "secret"), *text = NULL;
    *confirmed = sealed != NULL && strcmp(row_text(found, 0, "confirmed"), "t") == 0;
    if (sealed != NULL) text = unseal(r->arena, "account", "second_factor", account, sealed);
    bool none = sealed == NULL;
    PQclear(found);
    if (none) return NOT_FOUND;
    return text != NULL && totp_decode(text, secret) == 0 ? OK : INTERNAL_ERROR;
}

static fail_t use_up(struct req *r, const char *account, const char *step, const char *hash)
{
    PGresult *used = NULL;
    TRY(req_run(r, DB_PUBLIC, "factor_use", (const char *const[]){account, step, hash}, &used));
    bool good = row_text(used, 0, "used") != NULL;
    PQclear(used);
    return good ? OK : SIGN_IN_FAILED;
}

fail_t prove_factor(struct req *r, const char *account)
{
    unsigned char secret[TOTP_SECRET_BYTES];
    bool confirmed = false;
    const char *code = body_text(r, "otp");
    fail_t found = secret_of(r, account, secret, &confirmed);
    if (found == NOT_FOUND || (found == OK && !confirmed)) return OK;
    TRY(found);
    if (code == NULL) return SECOND_FACTOR_REQUIRED;
    int64_t step = totp_step(secret, clock_unix(), code);
    sodium_memzero(secret, sizeof secret);
    if (strchr(code, '-') != NULL) return use_up(r, account, NULL, recovery_hash(r->arena, account, code));
    return step < 0 ? SIGN_IN_FAILED : use_up(r, account, arena_print(r->arena, "%lld", (long long)step), NULL);
}

static fail_t present(struct req *r)
{
    req_broken(r, rule_find("second_factor_present"), NULL, NULL);
    return RULE_VIOLATED;
}

fail_t account_begin_factor(struct req *r)
{
    unsigned char secret[TOTP_SECRET_BYTES];
    char text[TOTP_SECRET_TEXT];
    PGresult *begun = NULL;
    struct buffer body = {0};
    const char *name = NULL;
    TRY(session_owner_name(r, &name));
    randombytes_buf(secret, sizeof secret);
    totp_encode(secret, text);
    const char *values[] = {r->actor.account, r->actor.session,
                            seal(r->arena, "account", "second_factor", r->actor.account, text)};
    TRY(req_run(r, DB_PUBLIC, "factor_begin", values, &begun));
    bool done = row_text(begun, 0, "begun") != NULL;
    PQclear(begun);
    if (!done) return present(r);
    buffer_add_text(&body, arena_print(r->arena,
                                       "{\"secret\":\"%s\",\"url\":\"otpauth://totp/Tepai:%s?secret=%s&issuer=Tepai\"}",
                                       text, name, text));
    sodium_memzero(secret, sizeof secret);
    reply_body(r, &body);
    return OK;
}

/* Ten codes of fifty bits, as JSON into `body`; their hashes as a PostgreSQL array. */
static const char *new_recovery_codes(struct req *r, struct buffer *body)
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    const char *hashes = "";
    buffer_add_text(body, "{\"recovery_codes\":[");
    for (int i = 0; i < RECOVERY_CODES; i++) {
        char code[12];
        for (int c = 0; c < 11; c++) code[c] = (char)(c == 5 ? '-' : letters[randombytes_uniform(32)]);
        code[11] = '\0';
        hashes = arena_print(r->arena, "%s%s\"\\%s\"", hashes, i == 0 ? "" : ",",
                             recovery_hash(r->arena, r->actor.account, code));
        buffer_add_text(body, arena_print(r->arena, "%s\"%s\"", i == 0 ? "" : ",", code));
    }
    buffer_add_text(body, "]}");
    return arena_print(r->arena, "{%s}", hashes);
}

fail_t account_confirm_factor(struct req *r)
{
    unsigned char secret[TOTP_SECRET_BYTES];
    bool confirmed = false;
    PGresult *done = NULL;
    struct buffer body = {0};
    TRY(secret_of(r, r->actor.account, secret, &confirmed));
    if (confirmed) return present(r);
    int64_t step = totp_step(secret, clock_unix(), body_text(r, "code"));
    sodium_memzero(secret, sizeof secret);
    if (step < 0) {
        req_broken(r, rule_find("second_factor_code_wrong"), "#/code", NULL);
        return RULE_VIOLATED;
    }
    const char *hashes = new_recovery_codes(r, &body);
    const char *values[] = {r->actor.account, r->actor.session, arena_print(r->arena, "%lld", (long long)step), hashes};
    fail_t kept = req_run(r, DB_PUBLIC, "factor_confirm", values, &done);
    bool counts = kept == OK && row_text(done, 0, "confirmed") != NULL;
    PQclear(done);
    if (counts)
        reply_body(r, &body);
    else
        buffer_free(&body);
    return kept != OK ? kept : counts ? OK : SESSION_ENDED;
}
