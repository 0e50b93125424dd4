/* What judges of signed tokens share: taking one apart, and reading its parts without believing them. */
#ifndef TEPAI_JWS_H
#define TEPAI_JWS_H

#include "es256.h"

#include <jansson.h>

#define JWS_SIZE_MAX 4096

/* The three parts of a token, as they stand in it and decoded. */
struct jws {
    const char *signed_text; /* header, dot, payload */
    size_t signed_size;
    char header[JWS_SIZE_MAX], payload[JWS_SIZE_MAX];
    size_t header_size, payload_size;
    unsigned char signature[ES256_SIZE];
};

/* False unless it is three non-empty parts of canonical base64url, at most JWS_SIZE_MAX bytes, with 64 of signature. */
bool jws_take_apart(const char *token, size_t size, struct jws *out);

/* A part as a JSON object, which the caller gives back; NULL when it is none, or says a thing twice. */
json_t *jws_object(const char *text, size_t size);

bool jws_says(const json_t *object, const char *member, const char *word);

/* A claim that is a time: a whole number of seconds, far from overflow. */
bool jws_instant(const json_t *claims, const char *name, json_int_t *out);

#endif
