/* Signing in by password, exchanging refresh tokens and proving identity again. The database counts a try before its
 * password is looked at; here only the password is judged and the tokens are made.
 *
 * A refresh token is 256 random bits, known to the database by its SHA-256. Its successor is the HMAC of the token
 * itself under a secret of the key file: whoever sends a token again within the grace, on any server, gets the same
 * successor, and nothing that could be stolen is stored for it. */
#include "session.h"
#include "digest.h"
#include "keys.h"
#include "password.h"
#include "row.h"
#include "sign_in.h"
#include "token.h"
#include "uuid.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REFRESH_BYTES 32

static const char *kept(struct arena *a, const char *text)
{
    return text == NULL ? NULL : arena_copy(a, text, strlen(text));
}

/* The try was counted but its password never looked at, so it is taken back. */
static fail_t no_slot(struct req *r, const char *name, const char *name_key)
{
    PGresult *result = NULL;
    TRY(req_run(r, DB_PUBLIC, "sign_in_uncharge", (const char *const[]){name, name_key}, &result));
    PQclear(result);
    r->retry_after_s = 1;
    return UNAVAILABLE;
}

/* A hash with other parameters than today's is made anew while the password is at hand; without a slot, next time. */
static const char *renewed(struct arena *a, const char *hash, const char *password)
{
    char fresh[PASSWORD_HASH_SIZE];
    if (!password_outdated(hash) || password_hash(password, fresh) != OK) return NULL;
    return kept(a, fresh);
}

fail_t prove(struct req *r, const char *name, const char *password, struct proof *proof)
{
    struct origin from;
    PGresult *found = NULL;
    bool right = false;
    origin_of(r, &from);
    proof->name_key = sign_in_key(r->arena, "name", name);
    TRY(req_run(r, DB_PUBLIC, "sign_in_find",
                (const char *const[]){name, proof->name_key, from.address_key, from.network_key}, &found));
    fail_t waits = judge_wait(r, found);
    const char *hash = kept(r->arena, row_text(found, 0, "password_hash"));
    proof->account = kept(r->arena, row_text(found, 0, "account_id"));
    proof->changed_at = kept(r->arena, row_text(found, 0, "password_changed_at"));
    PQclear(found);
    TRY(waits);
    if (password_verify(hash, password, &right) != OK) return no_slot(r, name, proof->name_key);
    if (!right) return SIGN_IN_FAILED;
    TRY(prove_factor(r, proof->account));
    proof->new_hash = renewed(r->arena, hash, password);
    return OK;
}

static const char *refresh_text(struct arena *a, const unsigned char bytes[REFRESH_BYTES])
{
    char text[44];
    sodium_bin2base64(text, sizeof text, bytes, REFRESH_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return arena_print(a, "rt_%s", text);
}

static const char *refresh_new(struct arena *a)
{
    unsigned char bytes[REFRESH_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    return refresh_text(a, bytes);
}

static const char *refresh_successor(struct arena *a, const char *token)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256(mac, (const unsigned char *)token, strlen(token), keys_secret(SECRET_REFRESH));
    return refresh_text(a, mac);
}

static void fill(char *out, size_t room, const char *text)
{
    snprintf(out, room, "%s", text == NULL ? "" : text);
}

/* The actor of an app.session_claims row. */
static struct actor actor_of(const PGresult *claims)
{
    struct actor actor = {.role = DB_PUBLIC};
    const char *role = row_text(claims, 0, "role");
    for (enum db_role i = DB_CITY; i <= DB_SPECIALIST; i++) {
        if (strcmp(db_role_names[i] + strlen("tepai_"), role) == 0) actor.role = i;
    }
    fill(actor.account, sizeof actor.account, row_text(claims, 0, "account_id"));
    fill(actor.session, sizeof actor.session, row_text(claims, 0, "session_id"));
    fill(actor.office, sizeof actor.office, row_text(claims, 0, "office"));
    actor.is_admin = strcmp(row_text(claims, 0, "is_admin"), "t") == 0;
    actor.auth_time = strtoll(row_text(claims, 0, "auth_time"), NULL, 10);
    return actor;
}

static void member(struct buffer *out, const char *before, const char *value)
{
    buffer_add_text(out, before);
    buffer_add_json_string(out, value, strlen(value));
}

/* The tokens of a session; a NULL refresh token is left out. */
static fail_t reply_tokens(struct req *r, const PGresult *claims, const char *refresh)
{
    struct buffer body = {0};
    struct actor actor = actor_of(claims);
    const struct token_about about = {.unit = row_text(claims, 0, "unit_id"),
                                      .enterprise = row_text(claims, 0, "enterprise_id"),
                                      .specialist = row_text(claims, 0, "specialist_id")};
    const char *token = token_issue(r->arena, &actor, &about);
    if (token == NULL) return INTERNAL_ERROR;
    member(&body, "{\"id\":", actor.session);
    member(&body, ",\"token_type\":\"Bearer\",\"access_token\":", token);
    buffer_add_text(&body, ",\"expires_in\":");
    buffer_add_int(&body, TOKEN_LIFETIME_S);
    if (refresh != NULL) {
        member(&body, ",\"refresh_token\":", refresh);
        member(&body, ",\"refresh_expires_at\":", row_text(claims, 0, "refresh_expires_at"));
    }
    buffer_add_text(&body, "}");
    reply_body(r, &body);
    return OK;
}

/* Runs a statement that brings one row of claims, or none: `refused` then. */
static fail_t claim(struct req *r, const char *statement, const char *const *values, fail_t refused,
                    const char *refresh)
{
    PGresult *claims = NULL;
    TRY(req_run(r, DB_PUBLIC, statement, values, &claims));
    fail_t outcome = PQntuples(claims) == 0 ? refused : reply_tokens(r, claims, refresh);
    PQclear(claims);
    return outcome;
}

fail_t session_create(struct req *r)
{
    struct proof p;
    struct origin from;
    char id[37];
    TRY(prove(r, folded(r->arena, body_text(r, "login_name")), body_text(r, "password"), &p));
    const char *refresh = refresh_new(r->arena);
    uuid_make(id);
    origin_of(r, &from);
    const char *values[] = {p.account,
                            p.changed_at,
                            p.new_hash,
                            p.name_key,
                            id,
                            digest_of_text(r->arena, refresh),
                            body_text(r, "device_name"),
                            from.network};
    return claim(r, "sign_in_done", values, SIGN_IN_FAILED, refresh);
}

fail_t session_refresh(struct req *r)
{
    const char *presented = body_text(r, "refresh_token"), *next = refresh_successor(r->arena, presented);
    const char *values[] = {digest_of_text(r->arena, presented), digest_of_text(r->arena, next)};
    return claim(r, "session_rotate", values, SESSION_ENDED, next);
}

fail_t session_owner_name(struct req *r, const char **name)
{
    PGresult *owner = NULL;
    TRY(req_run(r, DB_PUBLIC, "session_owner", (const char *const[]){r->actor.account, r->actor.session}, &owner));
    *name = kept(r->arena, row_text(owner, 0, "folded_name"));
    PQclear(owner);
    return *name == NULL ? SESSION_ENDED : OK;
}

fail_t session_confirm(struct req *r)
{
    struct proof p;
    const char *name = NULL, *session = r->actor.session;
    TRY(session_owner_name(r, &name));
    if (strcmp(r->path_values[0], session) != 0) return NOT_FOUND; /* a token confirms its own session */
    TRY(prove(r, name, body_text(r, "password"), &p));
    const char *values[] = {r->actor.account, p.changed_at, session, p.name_key};
    return claim(r, "session_confirmed", values, SESSION_ENDED, NULL);
}
