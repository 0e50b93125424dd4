/* The answer's bytes and headers. */
#include "stops.h"

#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CACHE_PRIVATE "private, no-cache"

void reply_header(struct req *r, const char *name, const char *value)
{
    struct reply *reply = r->reply;
    if (reply->header_count == REPLY_HEADERS_MAX) return;
    reply->headers[reply->header_count].name = name;
    reply->headers[reply->header_count++].value = value;
}

/* What the bytes hash to: equal bytes, equal tag, on every server. */
static const char *body_hash(struct req *r, const struct buffer *body)
{
    static const unsigned char key[crypto_shorthash_KEYBYTES] = "tepai entity tag";
    unsigned char hash[crypto_shorthash_BYTES];
    crypto_shorthash(hash, (const unsigned char *)body->bytes, body->size, key);
    char *hex = arena_take(r->arena, sizeof hash * 2 + 1);
    return sodium_bin2hex(hex, sizeof hash * 2 + 1, hash, sizeof hash);
}

static bool not_modified(const struct req *r, const char *etag)
{
    const char *sent = r->asked.if_none_match;
    bool reads = strcmp(r->op->method, "GET") == 0;
    return reads && sent != NULL && (strcmp(sent, "*") == 0 || strstr(sent, etag) != NULL);
}

static void reply_bytes(struct req *r, int status, struct buffer *body)
{
    struct reply *reply = r->reply;
    reply->status = status;
    reply->body = body->bytes;
    reply->body_size = body->size;
    *body = (struct buffer){0};
    reply_header(r, "Cache-Control", r->op->cache_control == NULL ? CACHE_PRIVATE : r->op->cache_control);
}

void reply_body(struct req *r, struct buffer *body)
{
    reply_header(r, "Content-Type", "application/json");
    reply_bytes(r, r->begun ? 202 : r->made ? r->op->created : r->op->success, body);
}

/* A 304 tells the size of what it stands for and no type (RFC 9110, 8.6 and 15.4.5), so it keeps the bytes: the library
 * sends their size and leaves them out. */
void reply_file(struct req *r, int file, size_t size, const char *media_type, const char *etag)
{
    bool same = not_modified(r, etag);
    r->reply->status = same ? 304 : r->op->success;
    r->reply->file = file;
    r->reply->file_size = size;
    if (!same) reply_header(r, "Content-Type", media_type);
    reply_header(r, "Cache-Control", CACHE_PRIVATE);
    reply_header(r, "ETag", etag);
}

/* All but letters, digits and a few marks as the bytes of its UTF-8. */
void reply_file_name(struct req *r, const char *name)
{
    static const char begin[] = "attachment; filename*=UTF-8''";
    char *out = arena_take(r->arena, sizeof begin + strlen(name) * 3), *to = mempcpy(out, begin, sizeof begin - 1);
    for (const char *at = name; *at != '\0'; at++) {
        bool plain = isalnum((unsigned char)*at) || strchr("!#$&+-.^_`|~", *at) != NULL;
        if (plain)
            *to++ = *at;
        else
            to += snprintf(to, 4, "%%%02X", (unsigned char)*at);
    }
    reply_header(r, "Content-Disposition", out);
}

void reply_document(struct req *r, struct buffer *body, const char *media_type)
{
    const char *etag = arena_print(r->arena, "\"%s\"", body_hash(r, body));
    bool same = not_modified(r, etag);
    if (!same) reply_header(r, "Content-Type", media_type);
    reply_bytes(r, same ? 304 : r->op->success, body);
    reply_header(r, "ETag", etag);
}

void reply_resource(struct req *r, struct buffer *body, const char *version)
{
    const char *hash = body_hash(r, body);
    const char *etag =
        version == NULL ? arena_print(r->arena, "\"%s\"", hash) : arena_print(r->arena, "\"%s.%s\"", version, hash);
    r->key[KEY_ETAG] = etag;
    if (not_modified(r, etag))
        reply_bytes(r, 304, body);
    else
        reply_body(r, body);
    reply_header(r, "ETag", etag);
}
