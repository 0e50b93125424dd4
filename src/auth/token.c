/* Access tokens. libjwt makes header and claims and never judges a token: it accepts "none" without a key, takes an
 * HMAC keyed with a public key and looks at no claim. What came from outside is taken apart here, in an order that
 * reaches OpenSSL only with a key we pinned to the named kid, and that reads claims only of a text whose signature
 * holds. */
#include "token.h"
#include "clock.h"
#include "config.h"
#include "es256.h"
#include "guard.h"
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

#define CLIENT      "tepai"               /* the application that people sign in with */
#define INSTANT_MAX ((json_int_t)1 << 40) /* keeps sums and differences of claims far from overflow */

static const char *const role_words[DB_ROLES] = {
    [DB_CITY] = "city", [DB_COUNTY] = "county", [DB_ENTERPRISE] = "enterprise", [DB_SPECIALIST] = "specialist"};

/* The three parts of a token, as they stand in it and decoded. */
struct parts {
    const char *signed_text; /* header, dot, payload */
    size_t signed_size;
    char header[TOKEN_SIZE_MAX], payload[TOKEN_SIZE_MAX];
    size_t header_size, payload_size;
    unsigned char signature[ES256_SIZE];
};

/* libsodium refuses padding, other alphabets, and left-over bits that are not zero. */
static bool decode(const char *text, size_t size, void *out, size_t room, size_t *out_size)
{
    return size > 0 && sodium_base642bin(out, room, text, size, NULL, out_size, NULL,
                                         sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
}

static bool take_apart(const char *token, size_t size, struct parts *p)
{
    if (size > TOKEN_SIZE_MAX) return false;
    const char *dot = memchr(token, '.', size);
    if (dot == NULL) return false;
    const char *payload = dot + 1, *end = token + size;
    const char *second = memchr(payload, '.', (size_t)(end - payload));
    if (second == NULL || memchr(second + 1, '.', (size_t)(end - second - 1)) != NULL) return false;
    size_t signature_size = 0;
    p->signed_text = token;
    p->signed_size = (size_t)(second - token);
    return decode(token, (size_t)(dot - token), p->header, sizeof p->header, &p->header_size) &&
           decode(payload, (size_t)(second - payload), p->payload, sizeof p->payload, &p->payload_size) &&
           decode(second + 1, (size_t)(end - second - 1), p->signature, sizeof p->signature, &signature_size) &&
           signature_size == ES256_SIZE;
}

static json_t *parse(const char *text, size_t size)
{
    if (guard_json(text, size) != OK) return NULL;
    json_t *object = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(object)) return object;
    json_decref(object);
    return NULL;
}

static bool says(const json_t *object, const char *member, const char *word)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text != NULL && strcmp(text, word) == 0;
}

/* The key pinned to the header's kid. Exactly three members leave no place for jwk, jku, x5u, zip or crit. */
static const struct signing_key *judge_header(const struct parts *p)
{
    json_t *header = parse(p->header, p->header_size);
    const json_t *kid = json_object_get(header, "kid");
    const struct signing_key *key = NULL;
    if (json_is_string(kid) && json_object_size(header) == 3) {
        key = keys_find(json_string_value(kid), json_string_length(kid));
    }
    if (key != NULL && (!says(header, "alg", "ES256") || !says(header, "typ", "at+jwt"))) key = NULL;
    json_decref(header);
    return key;
}

static bool instant(const json_t *claims, const char *name, json_int_t *out)
{
    const json_t *claim = json_object_get(claims, name);
    *out = json_integer_value(claim);
    return json_is_integer(claim) && *out > 0 && *out < INSTANT_MAX;
}

static bool judge_times(const json_t *claims, int64_t now, json_int_t *exp, json_int_t *auth_time)
{
    json_int_t iat, nbf;
    if (!instant(claims, "exp", exp) || !instant(claims, "iat", &iat) || !instant(claims, "nbf", &nbf)) return false;
    if (!instant(claims, "auth_time", auth_time)) return false;
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
        if (!says(claims, "role", role_words[role])) continue;
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

static bool judge_actor(const json_t *claims, struct actor *actor)
{
    const char *office, *unit, *firm, *person, *scope;
    if (!take_id(claims, "sub", actor->account) || !take_id(claims, "sid", actor->session)) return false;
    if (!take_role(claims, actor) || !take_text(claims, "office", &office) || !take_text(claims, "unit", &unit)) {
        return false;
    }
    if (!take_text(claims, "enterprise", &firm) || !take_text(claims, "specialist", &person)) return false;
    if (!take_text(claims, "scope", &scope) || (scope != NULL && strcmp(scope, "admin") != 0)) return false;
    if (!office_fits(actor->role, office, unit)) return false;
    if (office != NULL) memcpy(actor->office, office, strlen(office) + 1); /* at most "industry" */
    actor->is_admin = scope != NULL;
    return true;
}

static bool judge_claims(const struct parts *p, int64_t now, json_int_t *exp, struct actor *actor)
{
    char jti[37];
    json_int_t auth_time;
    json_t *claims = parse(p->payload, p->payload_size);
    bool good = claims != NULL && says(claims, "iss", config_text(SETTING_PUBLIC_URL)) &&
                says(claims, "aud", config_text(SETTING_AUDIENCE)) && says(claims, "client_id", CLIENT) &&
                take_id(claims, "jti", jti) && judge_times(claims, now, exp, &auth_time) && judge_actor(claims, actor);
    if (good) actor->auth_time = auth_time;
    json_decref(claims);
    return good;
}

static bool judge(const char *token, size_t size, int64_t now, json_int_t *exp, struct actor *actor)
{
    struct parts p;
    if (!take_apart(token, size, &p)) return false;
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

static bool put_claims(jwt_t *jwt, const struct actor *actor, const char *unit, const char *enterprise,
                       const char *specialist)
{
    char jti[37];
    long now = (long)clock_unix();
    uuid_make(jti);
    return put(jwt, "iss", config_text(SETTING_PUBLIC_URL)) && put(jwt, "aud", config_text(SETTING_AUDIENCE)) &&
           put(jwt, "sub", actor->account) && put(jwt, "client_id", CLIENT) && put(jwt, "sid", actor->session) &&
           jwt_add_grant_int(jwt, "exp", now + TOKEN_LIFETIME_S) == 0 && jwt_add_grant_int(jwt, "iat", now) == 0 &&
           jwt_add_grant_int(jwt, "nbf", now) == 0 &&
           jwt_add_grant_int(jwt, "auth_time", (long)actor->auth_time) == 0 && put(jwt, "jti", jti) &&
           put(jwt, "role", role_words[actor->role]) && put(jwt, "office", actor->office) && put(jwt, "unit", unit) &&
           put(jwt, "enterprise", enterprise) && put(jwt, "specialist", specialist) &&
           put(jwt, "scope", actor->is_admin ? "admin" : NULL);
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

const char *token_issue(struct arena *a, const struct actor *actor, const char *unit, const char *enterprise,
                        const char *specialist)
{
    struct actor seen;
    char token[TOKEN_SIZE_MAX];
    const struct signing_key *key = keys_active();
    jwt_t *jwt = NULL;
    if (key == NULL || jwt_new(&jwt) != 0) return NULL;
    bool good = jwt_add_header(jwt, "alg", "ES256") == 0 && jwt_add_header(jwt, "typ", "at+jwt") == 0 &&
                jwt_add_header(jwt, "kid", key->kid) == 0 && put_claims(jwt, actor, unit, enterprise, specialist) &&
                encode(jwt, key, token);
    jwt_free(jwt);
    if (!good || token_verify(token, strlen(token), &seen) != OK) return NULL;
    return arena_copy(a, token, strlen(token));
}
