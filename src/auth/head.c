/* Heads of the feed. The header is written and compared as one fixed text with the kid in it, so there is nothing in it
 * to be parsed and no choice of algorithm. */
#include "head.h"

#include "base64.h"
#include "es256.h"
#include "keys.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define HEADER    "{\"alg\":\"ES256\",\"typ\":\"feed-head+jws\",\"kid\":\"%.43s\"}"
#define PART_SIZE 256

static const int base64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

/* Appends a part in base64url; `size` grows. */
static void append(char *out, size_t *size, const void *bytes, size_t count)
{
    sodium_bin2base64(out + *size, HEAD_SIZE - *size, bytes, count, base64);
    *size += strlen(out + *size);
}

bool head_sign(const char *pos, const char *hash, const char *at, char out[HEAD_SIZE])
{
    char header[PART_SIZE], payload[PART_SIZE];
    unsigned char signature[ES256_SIZE];
    size_t size = 0;
    const struct signing_key *key = keys_head_active();
    int header_size = snprintf(header, sizeof header, HEADER, key->kid);
    int payload_size = snprintf(payload, sizeof payload, "{\"pos\":%s,\"hash\":\"%s\",\"at\":\"%s\"}", pos, hash, at);
    if (payload_size >= (int)sizeof payload) return false;
    append(out, &size, header, (size_t)header_size);
    out[size++] = '.';
    append(out, &size, payload, (size_t)payload_size);
    if (!es256_sign(key->key, out, size, signature)) return false;
    out[size++] = '.';
    append(out, &size, signature, sizeof signature);
    return true;
}

/* The key that the header names, if the header is the one we write. */
static const struct signing_key *key_of(const char *header, size_t size)
{
    char kid[44] = "", same[PART_SIZE];
    const char *name = size < 44 + 2 ? NULL : header + size - 45;
    if (name == NULL) return NULL;
    memcpy(kid, name, 43);
    int same_size = snprintf(same, sizeof same, HEADER, kid);
    return (size_t)same_size == size && memcmp(same, header, size) == 0 ? keys_head_find(kid) : NULL;
}

static bool take_text(const json_t *payload, const char *name, char *out, size_t room)
{
    const char *text = json_string_value(json_object_get(payload, name));
    return text != NULL && snprintf(out, room, "%s", text) < (int)room;
}

static bool take_payload(const char *text, size_t size, struct head *out)
{
    json_t *payload = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    out->pos = json_integer_value(json_object_get(payload, "pos"));
    bool good = out->pos > 0 && take_text(payload, "hash", out->hash, sizeof out->hash) &&
                take_text(payload, "at", out->at, sizeof out->at);
    json_decref(payload);
    return good;
}

bool head_read(const char *text, size_t size, struct head *out)
{
    char header[PART_SIZE], payload[PART_SIZE];
    unsigned char signature[ES256_SIZE];
    size_t header_size, payload_size, signature_size;
    const char *dot = memchr(text, '.', size);
    if (dot == NULL) return false;
    const char *second = memchr(dot + 1, '.', size - (size_t)(dot + 1 - text));
    if (second == NULL) return false;
    if (!base64url_read(text, (size_t)(dot - text), header, sizeof header, &header_size)) return false;
    if (!base64url_read(dot + 1, (size_t)(second - dot - 1), payload, sizeof payload, &payload_size)) return false;
    if (!base64url_read(second + 1, size - (size_t)(second + 1 - text), signature, sizeof signature, &signature_size) ||
        signature_size != sizeof signature)
        return false;
    const struct signing_key *key = key_of(header, header_size);
    return key != NULL && es256_holds(key->key, text, (size_t)(second - text), signature) &&
           take_payload(payload, payload_size, out);
}
