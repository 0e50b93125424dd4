/* County systems (RFC 6749, 4.4): a client proves itself by its secret or by a signed assertion and gets a token of ten
 * minutes for scopes it was given; it may give a token back (RFC 7009). A secret is 256 random bits, known to the
 * database by its SHA-256. */
#include "client.h"
#include "address.h"
#include "clock.h"
#include "digest.h"
#include "row.h"
#include "sign_in.h"
#include "token.h"
#include "uuid.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BASIC         "Basic "
#define SECRET_PREFIX "cs_"
#define SECRET_SIZE   46UL /* the prefix and 43 characters of base64url */
#define ID_SIZE       36UL
#define PAIR_MAX      200 /* of id, colon and secret, with room for needless escapes */
#define JWT_BEARER    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

static bool is_secret(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return strlen(text) == SECRET_SIZE && strncmp(text, SECRET_PREFIX, strlen(SECRET_PREFIX)) == 0 &&
           strspn(text, letters) == SECRET_SIZE;
}

/* Neither our ids nor our secrets hold a character that a form would escape. */
bool client_secret_read(struct arena *a, const char *authorization, struct client_secret *out)
{
    char pair[PAIR_MAX];
    size_t size = 0;
    if (strncasecmp(authorization, BASIC, strlen(BASIC)) != 0) return false;
    const char *sent = authorization + strlen(BASIC);
    for (const char *c = sent; *c != '\0'; c++) {
        if (*c < '+' || *c > 'z') return false; /* libsodium takes letters beyond ASCII for some of the alphabet */
    }
    int read = sodium_base642bin((unsigned char *)pair, sizeof pair - 1, sent, strlen(sent), NULL, &size, NULL,
                                 sodium_base64_VARIANT_ORIGINAL);
    if (read != 0 || size != ID_SIZE + 1 + SECRET_SIZE || pair[ID_SIZE] != ':') return false;
    pair[size] = pair[ID_SIZE] = '\0';
    const char *secret = pair + ID_SIZE + 1;
    if (!uuid_valid(pair) || !is_secret(secret)) return false;
    *out = (struct client_secret){.id = arena_copy(a, pair, ID_SIZE), .hash = digest_of_text(a, secret)};
    sodium_memzero(pair, sizeof pair);
    return true;
}

/* A client while it proves itself, and what the database has of it then. */
struct client {
    const char *id, *secret_hash, *assertion; /* what was sent */
    const char *try_key;
    const char *office, *unit, *scopes, *jwks;
    struct origin from;
};

/* One proof and not two; an id beside it names the same client (RFC 7521, 4.2). */
static fail_t read_proof(struct req *r, struct client *c)
{
    struct client_secret sent = {0};
    const char *type = body_text(r, "client_assertion_type"), *named = body_text(r, "client_id");
    bool basic = r->asked.authorization != NULL;
    c->assertion = body_text(r, "client_assertion");
    if ((c->assertion != NULL) != (type != NULL) || (basic && type != NULL)) return VALIDATION_FAILED;
    if (type != NULL && strcmp(type, JWT_BEARER) != 0) return UNAUTHENTICATED;
    if (basic && !client_secret_read(r->arena, r->asked.authorization, &sent)) return UNAUTHENTICATED;
    c->secret_hash = sent.hash;
    c->id = c->assertion == NULL ? sent.id : assertion_client(r->arena, c->assertion);
    return c->id == NULL || (named != NULL && strcmp(named, c->id) != 0) ? UNAUTHENTICATED : OK;
}

static const char *kept(struct arena *a, const PGresult *row, const char *column)
{
    const char *text = row_text(row, 0, column);
    return text == NULL ? NULL : arena_copy(a, text, strlen(text));
}

/* UNAUTHENTICATED when there is no such client now, here and with this secret. */
static fail_t find(struct req *r, struct client *c)
{
    PGresult *found = NULL;
    const char *values[] = {c->id, c->try_key, c->secret_hash, address_text(r)};
    TRY(req_run(r, DB_PUBLIC, "client_find", values, &found));
    fail_t waits = judge_wait(r, found);
    bool known = row_text(found, 0, "id") != NULL;
    c->office = kept(r->arena, found, "office");
    c->unit = kept(r->arena, found, "unit_id");
    c->scopes = kept(r->arena, found, "scopes");
    c->jwks = kept(r->arena, found, "jwks");
    PQclear(found);
    TRY(waits);
    return known ? OK : UNAUTHENTICATED;
}

/* Uses the assertion up, and forgets tries that failed before. */
static fail_t admit(struct req *r, const struct client *c, const struct assertion *shown)
{
    PGresult *admitted = NULL;
    const char *ends = shown->jti == NULL ? NULL : arena_print(r->arena, "%lld", (long long)shown->ends);
    const char *values[] = {c->id, c->try_key, shown->jti, ends};
    TRY(req_run(r, DB_PUBLIC, "client_admit", values, &admitted));
    bool first = row_text(admitted, 0, "id") != NULL;
    PQclear(admitted);
    return first ? OK : UNAUTHENTICATED;
}

static fail_t judge_proof(struct req *r, struct client *c)
{
    struct assertion shown = {0};
    TRY(find(r, c));
    if (c->assertion != NULL && !assertion_judge(r->arena, c->assertion, c->id, c->jwks, &shown))
        return UNAUTHENTICATED;
    return admit(r, c, &shown);
}

static fail_t count_refusal(struct req *r, const struct client *c)
{
    PGresult *counted = NULL;
    const char *values[] = {c->try_key, c->from.address_key, c->from.network_key};
    TRY(req_run(r, DB_PUBLIC, "client_refused", values, &counted));
    fail_t waits = judge_wait(r, counted);
    PQclear(counted);
    return waits == OK ? UNAUTHENTICATED : waits;
}

static fail_t prove_client(struct req *r, struct client *c)
{
    *c = (struct client){0};
    TRY(read_proof(r, c));
    origin_of(r, &c->from);
    c->try_key = sign_in_key(r->arena, "client",
                             arena_print(r->arena, "%s %s", c->id, c->from.network == NULL ? "" : c->from.network));
    fail_t judged = judge_proof(r, c);
    return judged == UNAUTHENTICATED ? count_refusal(r, c) : judged;
}

static fail_t refuse(struct req *r, const char *word)
{
    r->oauth_error = word;
    return VALIDATION_FAILED;
}

/* Whether a word stands among words separated by blanks. */
static bool among(const char *words, const char *word, size_t size)
{
    for (const char *at = words; *at != '\0';) {
        size_t here = strcspn(at, " ");
        if (here == size && memcmp(at, word, size) == 0) return true;
        at += here + (at[here] == ' ');
    }
    return false;
}

/* All it has, when it asks for none. */
static bool grant(const struct client *c, const char *asked)
{
    while (*asked != '\0') {
        size_t size = strcspn(asked, " ");
        if (!among(c->scopes, asked, size)) return false;
        asked += size + (asked[size] == ' ');
    }
    return true;
}

static fail_t reply_token(struct req *r, const struct client *c, const char *scope)
{
    struct buffer body = {0};
    struct actor actor = {.role = DB_COUNTY, .auth_time = clock_unix()};
    snprintf(actor.client, sizeof actor.client, "%s", c->id);
    snprintf(actor.office, sizeof actor.office, "%s", c->office);
    const char *token = token_issue(r->arena, &actor, &(const struct token_about){.unit = c->unit, .scope = scope});
    if (token == NULL) return INTERNAL_ERROR;
    buffer_add_text(&body, "{\"access_token\":");
    buffer_add_json_string(&body, token, strlen(token));
    buffer_add_text(&body, ",\"token_type\":\"Bearer\",\"expires_in\":");
    buffer_add_int(&body, TOKEN_LIFETIME_S);
    buffer_add_text(&body, ",\"scope\":");
    buffer_add_json_string(&body, scope, strlen(scope));
    buffer_add_text(&body, "}");
    reply_header(r, "Pragma", "no-cache");
    reply_body(r, &body);
    return OK;
}

fail_t oauth_issue_token(struct req *r)
{
    struct client c;
    const char *asked = body_text(r, "scope");
    TRY(prove_client(r, &c));
    if (asked != NULL && !grant(&c, asked)) return refuse(r, "invalid_scope");
    return reply_token(r, &c, asked == NULL ? c.scopes : asked);
}

/* What is no token, or has ended, needs no ending: that is a success too (RFC 7009, 2.2). */
fail_t oauth_revoke_token(struct req *r)
{
    struct client c;
    struct actor actor = {0};
    PGresult *done = NULL;
    struct buffer body = {0};
    const char *token = body_text(r, "token");
    TRY(prove_client(r, &c));
    bool lives = token_verify(token, strlen(token), &actor) == OK;
    if (lives && strcmp(actor.client, c.id) != 0) return refuse(r, "invalid_grant");
    if (lives) TRY(req_run(r, DB_PUBLIC, "client_give_back", (const char *const[]){c.id, actor.token}, &done));
    PQclear(done);
    buffer_add_text(&body, "{}");
    reply_body(r, &body);
    return OK;
}
