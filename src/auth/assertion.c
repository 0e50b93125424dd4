/* Assertions by which a machine proves that it holds its private key (RFC 7523), judged in the manner of access tokens:
 * one algorithm and one type, exactly three members in the header, a key that was registered under the named kid, and
 * claims only after the signature. The one thing read before is whose keys to judge by. */
#include "client.h"
#include "clock.h"
#include "config.h"
#include "jws.h"
#include "token.h"
#include "uuid.h"

#include <string.h>

#define TYPE    "client-authentication+jwt"
#define JTI_MAX 128

const char *assertion_client(struct arena *a, const char *assertion)
{
    struct jws parts;
    if (!jws_take_apart(assertion, strlen(assertion), &parts)) return NULL;
    json_t *claims = jws_object(parts.payload, parts.payload_size);
    const char *subject = json_string_value(json_object_get(claims, "sub"));
    const char *id = subject != NULL && uuid_valid(subject) ? arena_copy(a, subject, strlen(subject)) : NULL;
    json_decref(claims);
    return id;
}

/* The registered key of the header's kid; the caller gives it back. */
static EVP_PKEY *registered(const json_t *jwks, const json_t *header)
{
    const json_t *key;
    size_t i;
    const char *kid = json_string_value(json_object_get(header, "kid"));
    json_array_foreach (json_object_get(jwks, "keys"), i, key) {
        if (kid == NULL || !jws_says(key, "kid", kid)) continue;
        return es256_public(json_string_value(json_object_get(key, "x")), json_string_value(json_object_get(key, "y")));
    }
    return NULL;
}

static EVP_PKEY *judge_header(const struct jws *parts, const char *jwks)
{
    json_t *header = jws_object(parts->header, parts->header_size), *keys = json_loads(jwks, 0, NULL);
    bool good = json_object_size(header) == 3 && jws_says(header, "alg", "ES256") && jws_says(header, "typ", TYPE);
    EVP_PKEY *key = good ? registered(keys, header) : NULL;
    json_decref(header);
    json_decref(keys);
    return key;
}

/* A time that may be absent, but is one that has come when it is there. */
static bool has_come(const json_t *claims, const char *name, int64_t now)
{
    json_int_t at;
    return json_object_get(claims, name) == NULL || (jws_instant(claims, name, &at) && at <= now + TOKEN_LEEWAY_S);
}

static bool judge_times(const json_t *claims, int64_t now, struct assertion *out)
{
    json_int_t exp;
    if (!jws_instant(claims, "exp", &exp) || !has_come(claims, "iat", now) || !has_come(claims, "nbf", now))
        return false;
    out->ends = exp + TOKEN_LEEWAY_S;
    return now < out->ends && exp <= now + ASSERTION_LIFETIME_S + TOKEN_LEEWAY_S;
}

static bool judge_claims(struct arena *a, const struct jws *parts, const char *client, struct assertion *out)
{
    json_t *claims = jws_object(parts->payload, parts->payload_size);
    const json_t *jti = json_object_get(claims, "jti");
    size_t size = json_string_length(jti);
    bool good = jws_says(claims, "iss", client) && jws_says(claims, "sub", client) &&
                jws_says(claims, "aud", config_text(SETTING_PUBLIC_URL)) && size > 0 && size <= JTI_MAX &&
                judge_times(claims, clock_unix(), out);
    if (good) out->jti = arena_copy(a, json_string_value(jti), size);
    json_decref(claims);
    return good;
}

bool assertion_judge(struct arena *a, const char *assertion, const char *client, const char *jwks,
                     struct assertion *out)
{
    struct jws parts;
    if (!jws_take_apart(assertion, strlen(assertion), &parts)) return false;
    EVP_PKEY *key = judge_header(&parts, jwks);
    bool good = key != NULL && es256_holds(key, parts.signed_text, parts.signed_size, parts.signature) &&
                judge_claims(a, &parts, client, out);
    EVP_PKEY_free(key);
    return good;
}
