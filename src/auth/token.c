/* Access tokens. libjwt makes header and claims and never judges a token: it accepts "none" without a key, takes an
 * HMAC keyed with a public key and looks at no claim. What came from outside is taken apart here, in an order that
 * reaches OpenSSL only with a key we pinned to the named kid, and that reads claims only of a text whose signature
 * holds. */
#include "token.h"
#include "clock.h"
#include "config.h"
#include "contract.h"
#include "es256.h"
#include "jws.h"
#include "keys.h"
#include "metrics.h"
#include "token_cache.h"
#include "uuid.h"

#include <jansson.h>
#include <jwt.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define CLIENT "tepai" /* the application that people sign in with */

static const char *const role_words[DB_ROLES] = {
    [DB_CITY] = "city", [DB_COUNTY] = "county", [DB_ENTERPRISE] = "enterprise", [DB_SPECIALIST] = "specialist"};

/* The key pinned to the header's kid. Exactly three members leave no place for jwk, jku, x5u, zip or crit. */
static const struct signing_key *judge_header(const struct jws *p)
{
    json_t *header = jws_object(p->header, p->header_size);
    const json_t *kid = json_object_get(header, "kid");
    const struct signing_key *key = NULL;
    if (json_is_string(kid) && json_object_size(header) == 3) {
        key = keys_find(json_string_value(kid), json_string_length(kid));
    }
    if (key != NULL && (!jws_says(header, "alg", "ES256") || !jws_says(header, "typ", "at+jwt"))) key = NULL;
    json_decref(header);
    return key;
}

static bool judge_times(const json_t *claims, int64_t now, json_int_t *exp, json_int_t *auth_time)
{
    json_int_t iat, nbf;
    if (!jws_instant(claims, "exp", exp) || !jws_instant(claims, "iat", &iat) || !jws_instant(claims, "nbf", &nbf))
        return false;
    if (!jws_instant(claims, "auth_time", auth_time)) return false;
    if (*exp <= iat || *exp - iat > TOKEN_LIFETIME_S) return false;
    return iat <= now + TOKEN_LEEWAY_S && nbf <= now + TOKEN_LEEWAY_S && now < *exp + TOKEN_LEEWAY_S;
}

/* A claim that is an id. */
static bool take_id(const json_t *claims, const char *name, char out[37])
{
    const char *text = json_string_value(json_object_get(claims, name));
    if (text == NULL || !uuid_valid(text)) return false;
    memcpy(out, text, 37);
    return true;
}

/* A claim that may be absent, but is text when it is there. */
static bool take_text(const json_t *claims, const char *name, const char **out)
{
    const json_t *claim = json_object_get(claims, name);
    *out = json_string_value(claim);
    return claim == NULL || (*out != NULL && (*out)[0] != '\0');
}

static bool take_role(const json_t *claims, struct actor *actor)
{
    for (enum db_role role = DB_CITY; role <= DB_SPECIALIST; role++) {
        if (!jws_says(claims, "role", role_words[role])) continue;
        actor->role = role;
        return true;
    }
    return false;
}

/* Offices work for the city or for a unit; firms and persons have none. */
static bool office_fits(enum db_role role, const char *office, const char *unit)
{
    if (role != DB_CITY && role != DB_COUNTY) return office == NULL && unit == NULL;
    if (office == NULL || (unit != NULL) != (role == DB_COUNTY)) return false;
    if (strcmp(office, "st") == 0 || strcmp(office, "talent") == 0) return true;
    return role == DB_CITY && (strcmp(office, "industry") == 0 || strcmp(office, "finance") == 0);
}

/* A person: an account with its session. */
static bool judge_person(const json_t *claims, struct actor *actor)
{
    const char *firm, *person, *scope;
    if (!jws_says(claims, "client_id", CLIENT)) return false;
    if (!take_id(claims, "sub", actor->account) || !take_id(claims, "sid", actor->session)) return false;
    if (!take_text(claims, "enterprise", &firm) || !take_text(claims, "specialist", &person)) return false;
    if (!take_text(claims, "scope", &scope) || (scope != NULL && strcmp(scope, "admin") != 0)) return false;
    actor->is_admin = scope != NULL;
    return true;
}

/* A county's machine: it is its own subject, has no session, and may do what its scopes say. */
static bool judge_machine(const json_t *claims, struct actor *actor)
{
    const char *scope;
    if (!take_id(claims, "sub", actor->client) || !jws_says(claims, "client_id", actor->client)) return false;
    if (actor->role != DB_COUNTY || !take_text(claims, "scope", &scope) || scope == NULL) return false;
    if (json_object_get(claims, "enterprise") != NULL || json_object_get(claims, "specialist") != NULL) return false;
    actor->scopes = contract_scopes(scope);
    return true;
}

static bool judge_actor(const json_t *claims, struct actor *actor)
{
    const char *office, *unit;
    if (!take_role(claims, actor) || !take_text(claims, "office", &office) || !take_text(claims, "unit", &unit)) {
        return false;
    }
    if (!office_fits(actor->role, office, unit)) return false;
    if (office != NULL) memcpy(actor->office, office, strlen(office) + 1); /* at most "industry" */
    return json_object_get(claims, "sid") == NULL ? judge_machine(claims, actor) : judge_person(claims, actor);
}

static bool judge_claims(const struct jws *p, int64_t now, json_int_t *exp, struct actor *actor)
{
    json_int_t auth_time;
    json_t *claims = jws_object(p->payload, p->payload_size);
    bool good = claims != NULL && jws_says(claims, "iss", config_text(SETTING_PUBLIC_URL)) &&
                jws_says(claims, "aud", config_text(SETTING_AUDIENCE)) && take_id(claims, "jti", actor->token) &&
                judge_times(claims, now, exp, &auth_time) && judge_actor(claims, actor);
    if (good) actor->auth_time = auth_time;
    json_decref(claims);
    return good;
}

static bool judge(const char *token, size_t size, int64_t now, json_int_t *exp, struct actor *actor)
{
    struct jws p;
    if (!jws_take_apart(token, size, &p)) return false;
    const struct signing_key *key = judge_header(&p);
    return key != NULL && es256_holds(key->key, p.signed_text, p.signed_size, p.signature) &&
           judge_claims(&p, now, exp, actor);
}

fail_t token_verify(const char *token, size_t size, struct actor *actor)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    int64_t now = clock_unix();
    uint64_t epoch = keys_epoch();
    if (size > TOKEN_SIZE_MAX || EVP_Digest(token, size, hash, NULL, EVP_sha256(), NULL) != 1) return UNAUTHENTICATED;
    if (token_cache_find(hash, epoch, now, actor)) {
        metrics_add(METRIC_TOKEN_CACHE_HITS);
        return OK;
    }
    metrics_add(METRIC_TOKEN_CACHE_MISSES);
    struct actor found = {0};
    json_int_t exp;
    if (!judge(token, size, now, &exp, &found)) return UNAUTHENTICATED;
    token_cache_keep(hash, epoch, exp + TOKEN_LEEWAY_S, &found);
    *actor = found;
    return OK;
}

/* Adds a claim unless it does not apply. */
static bool put(jwt_t *jwt, const char *claim, const char *value)
{
    return value == NULL || value[0] == '\0' || jwt_add_grant(jwt, claim, value) == 0;
}

/* A machine is its own subject and has no session; all others sign in with our application. */
static bool put_claims(jwt_t *jwt, const struct actor *actor, const struct token_about *about)
{
    char jti[37];
    long now = (long)clock_unix();
    bool is_machine = actor->client[0] != '\0';
    uuid_make(jti);
    return put(jwt, "iss", config_text(SETTING_PUBLIC_URL)) && put(jwt, "aud", config_text(SETTING_AUDIENCE)) &&
           put(jwt, "sub", is_machine ? actor->client : actor->account) &&
           put(jwt, "client_id", is_machine ? actor->client : CLIENT) && put(jwt, "sid", actor->session) &&
           jwt_add_grant_int(jwt, "exp", now + TOKEN_LIFETIME_S) == 0 && jwt_add_grant_int(jwt, "iat", now) == 0 &&
           jwt_add_grant_int(jwt, "nbf", now) == 0 &&
           jwt_add_grant_int(jwt, "auth_time", (long)actor->auth_time) == 0 && put(jwt, "jti", jti) &&
           put(jwt, "role", role_words[actor->role]) && put(jwt, "office", actor->office) &&
           put(jwt, "unit", about->unit) && put(jwt, "enterprise", about->enterprise) &&
           put(jwt, "specialist", about->specialist) &&
           put(jwt, "scope",
               is_machine        ? about->scope
               : actor->is_admin ? "admin"
                                 : NULL);
}

/* Appends a part in base64url. False when the token would be too long. */
static bool append(char *token, size_t *size, const void *bytes, size_t count)
{
    size_t needs = sodium_base64_ENCODED_LEN(count, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    if (*size + needs > TOKEN_SIZE_MAX) return false;
    sodium_bin2base64(token + *size, needs, bytes, count, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    *size += needs - 1;
    return true;
}

/* header.claims.signature. jwt_encode_str() would do this, but writes "JWT" over any other typ (1.10.2). */
static bool encode(jwt_t *jwt, const struct signing_key *key, char token[TOKEN_SIZE_MAX])
{
    unsigned char signature[ES256_SIZE];
    size_t size = 0;
    char *header = jwt_get_headers_json(jwt, NULL), *claims = jwt_get_grants_json(jwt, NULL);
    bool good = header != NULL && claims != NULL && append(token, &size, header, strlen(header));
    if (good) token[size++] = '.';
    good = good && append(token, &size, claims, strlen(claims)) && es256_sign(key->key, token, size, signature);
    if (good) token[size++] = '.';
    good = good && append(token, &size, signature, sizeof signature);
    free(header);
    free(claims);
    return good;
}

const char *token_issue(struct arena *a, const struct actor *actor, const struct token_about *about)
{
    struct actor seen;
    char token[TOKEN_SIZE_MAX];
    const struct signing_key *key = keys_active();
    jwt_t *jwt = NULL;
    if (key == NULL || jwt_new(&jwt) != 0) return NULL;
    bool good = jwt_add_header(jwt, "alg", "ES256") == 0 && jwt_add_header(jwt, "typ", "at+jwt") == 0 &&
                jwt_add_header(jwt, "kid", key->kid) == 0 && put_claims(jwt, actor, about) && encode(jwt, key, token);
    jwt_free(jwt);
    if (!good || token_verify(token, strlen(token), &seen) != OK) return NULL;
    return arena_copy(a, token, strlen(token));
}
