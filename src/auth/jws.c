/* Tokens from outside, taken apart. A library would do this too, but decodes before it refuses. */
#include "jws.h"
#include "base64.h"
#include "guard.h"

#include <string.h>

#define INSTANT_MAX ((json_int_t)1 << 40) /* keeps sums and differences of claims far from overflow */

bool jws_take_apart(const char *token, size_t size, struct jws *out)
{
    if (size > JWS_SIZE_MAX) return false;
    const char *dot = memchr(token, '.', size);
    if (dot == NULL) return false;
    const char *payload = dot + 1, *end = token + size;
    const char *second = memchr(payload, '.', (size_t)(end - payload));
    if (second == NULL || memchr(second + 1, '.', (size_t)(end - second - 1)) != NULL) return false;
    size_t signature_size = 0;
    out->signed_text = token;
    out->signed_size = (size_t)(second - token);
    return base64url_read(token, (size_t)(dot - token), out->header, sizeof out->header, &out->header_size) &&
           base64url_read(payload, (size_t)(second - payload), out->payload, sizeof out->payload, &out->payload_size) &&
           base64url_read(second + 1, (size_t)(end - second - 1), out->signature, sizeof out->signature,
                          &signature_size) &&
           signature_size == ES256_SIZE;
}

json_t *jws_object(const char *text, size_t size)
{
    if (guard_json(text, size) != OK) return NULL;
    json_t *object = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(object)) return object;
    json_decref(object);
    return NULL;
}

bool jws_says(const json_t *object, const char *member, const char *word)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text != NULL && strcmp(text, word) == 0;
}

bool jws_instant(const json_t *claims, const char *name, json_int_t *out)
{
    const json_t *claim = json_object_get(claims, name);
    *out = json_integer_value(claim);
    return json_is_integer(claim) && *out > 0 && *out < INSTANT_MAX;
}
