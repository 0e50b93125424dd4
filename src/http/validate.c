/* The request against its contract. Everything wrong is gathered before anything is said, so that a client can mend all
 * of it at once. */
#include "stops.h"
#include "target.h"
#include "uuid.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool fault(struct req *r, enum place place, enum fault_kind kind, const char *where, const char *want)
{
    faults_add(&r->faults, place, kind, where, want);
    return false;
}

/* `a,b` as the array {"a","b"}; the schema has already judged each word. */
static const char *array_literal(struct req *r, const char *list)
{
    size_t size = strlen(list);
    char *out = arena_take(r->arena, size * 4 + 4), *to = out;
    *to++ = '{';
    *to++ = '"';
    for (const char *at = list; *at != '\0'; at++) {
        if (*at == ',') {
            to = mempcpy(to, (const char[]){'"', ',', '"'}, 3);
            continue;
        }
        if (*at == '"' || *at == '\\') *to++ = '\\';
        *to++ = *at;
    }
    memcpy(to, "\"}", 3);
    return out;
}

static void path_words(struct req *r)
{
    for (int i = 0; i < r->op->path_word_count; i++) {
        const struct op_parameter *p = &r->op->path_words[i];
        r->path_values[i] = arena_copy(r->arena, r->path_words[i].at, r->path_words[i].size);
        schema_validate_text(p->schema, r->path_values[i], PLACE_PARAMETER, p->name, &r->faults);
    }
}

static int query_index(const struct op *op, const char *name)
{
    for (int i = 0; i < op->query_count; i++) {
        if (strcmp(op->query[i].name, name) == 0) return i;
    }
    return -1;
}

static bool is_sent(const struct req *r, const char *name)
{
    for (int i = 0; i < r->asked.parameter_count; i++) {
        if (strcmp(r->asked.parameters[i].name, name) == 0) return true;
    }
    return false;
}

static void query(struct req *r)
{
    for (int i = 0; i < r->asked.parameter_count; i++) {
        const struct parameter *sent = &r->asked.parameters[i];
        int at = query_index(r->op, sent->name);
        if (at < 0) {
            fault(r, PLACE_PARAMETER, FAULT_UNKNOWN, sent->name, NULL);
            continue;
        }
        const struct op_parameter *p = &r->op->query[at];
        bool good = schema_validate_text(p->schema, sent->value, PLACE_PARAMETER, p->name, &r->faults);
        if (good) r->query_values[at] = p->is_list ? array_literal(r, sent->value) : sent->value;
    }
    for (int i = 0; i < r->op->query_count; i++) {
        const struct op_parameter *p = &r->op->query[i];
        if (p->required && !is_sent(r, p->name)) fault(r, PLACE_PARAMETER, FAULT_REQUIRED, p->name, NULL);
    }
}

/* The quotes of a structured header (RFC 8941) are no part of the key, and clients without them are served too. */
static bool key_header(struct req *r)
{
    const char *sent = r->asked.idempotency_key;
    if (r->op->idempotency == NEED_NONE || sent == NULL) return true;
    size_t size = strlen(sent);
    bool quoted = size >= 2 && sent[0] == '"' && sent[size - 1] == '"';
    const char *key = quoted ? arena_copy(r->arena, sent + 1, size - 2) : sent;
    if (key[0] == '\0') return fault(r, PLACE_HEADER, FAULT_TOO_SHORT, "idempotency-key", "1");
    if (strlen(key) > 255) return fault(r, PLACE_HEADER, FAULT_TOO_LONG, "idempotency-key", "255");
    for (const char *at = key; *at != '\0'; at++) {
        if (*at <= ' ' || *at > '~') return fault(r, PLACE_HEADER, FAULT_PATTERN, "idempotency-key", "[!-~]{1,255}");
    }
    r->key[KEY_KEY] = key;
    return true;
}

/* One strong tag, of which only the version in front counts: "4.3f9ac2e17b4d5a60" or "4". A star says nothing about
 * what was read and is taken as absent. */
static bool match_header(struct req *r)
{
    const char *sent = r->asked.if_match;
    if (r->op->if_match == NEED_NONE || sent == NULL || strcmp(sent, "*") == 0) return true;
    char *end = NULL;
    long long version = sent[0] == '"' && sent[1] >= '1' && sent[1] <= '9' ? strtoll(sent + 1, &end, 10) : 0;
    bool tail = version > 0 && (*end == '"' || *end == '.') && strchr(end, '"') == sent + strlen(sent) - 1;
    if (!tail || version > INT32_MAX) return fault(r, PLACE_HEADER, FAULT_PATTERN, "if-match", "\"VERSION.HASH\"");
    r->if_match = version;
    return true;
}

/* A PUT that may make what it names is told by a star that nothing may be there; one condition at a time. */
static bool none_match_header(struct req *r)
{
    const char *sent = r->asked.if_none_match;
    if (r->op->created == 0 || sent == NULL) return true;
    if (strcmp(sent, "*") != 0) return fault(r, PLACE_HEADER, FAULT_PATTERN, "if-none-match", "*");
    if (r->asked.if_match != NULL) return fault(r, PLACE_HEADER, FAULT_NOT_ALLOWED, "if-none-match", NULL);
    r->makes = true;
    return true;
}

static bool same_media_type(const char *sent, const char *wanted)
{
    size_t size = strlen(wanted);
    if (sent == NULL || strncasecmp(sent, wanted, size) != 0) return false;
    const char *rest = sent + size;
    while (*rest == ' ') rest++;
    if (*rest == '\0') return true;
    return strcasecmp(rest, "; charset=utf-8") == 0 || strcasecmp(rest, ";charset=utf-8") == 0;
}

#define DIGEST_BEGIN "sha-256=:"

/* The 32 bytes of `sha-256=:BASE64:` (RFC 9530, of whose algorithms one is enough). */
static bool read_digest(const char *sent, unsigned char digest[crypto_hash_sha256_BYTES])
{
    size_t begin = strlen(DIGEST_BEGIN), got = 0;
    const char *end = NULL;
    if (strncmp(sent, DIGEST_BEGIN, begin) != 0) return false;
    return sodium_base642bin(digest, crypto_hash_sha256_BYTES, sent + begin, strlen(sent + begin), NULL, &got, &end,
                             sodium_base64_VARIANT_ORIGINAL) == 0 &&
           got == crypto_hash_sha256_BYTES && strcmp(end, ":") == 0;
}

/* Bytes that were bent on the way are refused before anybody keeps them. */
static fail_t digest(struct req *r)
{
    unsigned char stated[crypto_hash_sha256_BYTES], found[crypto_hash_sha256_BYTES];
    const char *sent = r->asked.content_digest;
    if (!r->op->needs_digest) return OK;
    if (sent == NULL) {
        fault(r, PLACE_HEADER, FAULT_REQUIRED, "content-digest", NULL);
        return OK;
    }
    if (!read_digest(sent, stated)) {
        fault(r, PLACE_HEADER, FAULT_FORMAT, "content-digest", "sha-256=:BASE64:");
        return OK;
    }
    if (r->faults.count > 0) return OK;
    crypto_hash_sha256(found, (const unsigned char *)r->wire->body, r->wire->body_size);
    return memcmp(found, stated, sizeof found) == 0 ? OK : DIGEST_MISMATCH;
}

static fail_t form(struct req *r)
{
    TRY(form_parse(r->wire->body, r->wire->body_size, &r->faults, r->arena, &r->body));
    schema_validate(r->op->body, r->body, PLACE_BODY, "#", &r->faults);
    return OK;
}

static fail_t body(struct req *r)
{
    const struct op *op = r->op;
    bool sent = r->wire->body_size > 0;
    if (sent && op->content_type == NULL) {
        fault(r, PLACE_BODY, FAULT_NOT_ALLOWED, "#", NULL);
        return OK;
    }
    if (r->wire->body_size > op->max_bytes) return BODY_TOO_LARGE;
    if (!sent) {
        if (op->body_required) fault(r, PLACE_BODY, FAULT_REQUIRED, "#", NULL);
        return OK;
    }
    if (r->asked.content_encoding != NULL) return UNSUPPORTED_MEDIA_TYPE;
    if (!same_media_type(r->asked.content_type, op->content_type)) return UNSUPPORTED_MEDIA_TYPE;
    if (op->takes_bytes) return digest(r);
    if (op->takes_form) return form(r);
    TRY(guard_json(r->wire->body, r->wire->body_size));
    json_error_t error;
    r->body = json_loadb(r->wire->body, r->wire->body_size, JSON_REJECT_DUPLICATES, &error);
    if (r->body == NULL) return MALFORMED_JSON;
    schema_validate(op->body, r->body, PLACE_BODY, "#", &r->faults);
    return OK;
}

/* The id of what will be made: the client's own or a fresh one. */
static void new_id(struct req *r)
{
    if (r->op->success != 201 || (r->op->path_word_count > 0 && !r->op->makes_part)) return;
    const char *own = body_text(r, "id");
    char *made = arena_take(r->arena, 37);
    if (own == NULL) uuid_make(made);
    r->new_id = own == NULL ? made : own;
}

fail_t validate(struct req *r)
{
    r->facts[FACT_OPERATION] = r->op->id;
    path_words(r);
    query(r);
    bool headers = key_header(r) && match_header(r) && none_match_header(r);
    TRY(body(r));
    if (!headers || r->faults.count > 0) return VALIDATION_FAILED;
    if (r->op->idempotency == NEED_REQUIRED && r->key[KEY_KEY] == NULL) return IDEMPOTENCY_KEY_MISSING;
    new_id(r);
    return r->op->is_list ? page_open(r) : OK;
}
