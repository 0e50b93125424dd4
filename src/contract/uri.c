/* URI references (RFC 3986), as far as references between schemas and the format uri-reference need them. */
#include "uri.h"

#include "buffer.h"

#include <stdbool.h>
#include <string.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_scheme_byte(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

/* Bytes of the scheme before its colon, 0 when there is none. */
static size_t scheme_size(const char *text, size_t size)
{
    if (size == 0 || !is_letter(text[0])) return 0;
    size_t n = 1;
    while (n < size && is_scheme_byte(text[n])) n++;
    return n < size && text[n] == ':' ? n : 0;
}

/* Takes what stands at `*at` up to the first of `ends`. */
static struct uri_part take_until(const char **at, const char *end, const char *ends)
{
    const char *start = *at;
    while (*at < end && (**at == '\0' || strchr(ends, **at) == NULL)) (*at)++;
    return (struct uri_part){start, (size_t)(*at - start)};
}

struct uri uri_split(const char *text, size_t size)
{
    struct uri u = {0};
    const char *at = text, *end = text + size;
    size_t scheme = scheme_size(text, size);
    if (scheme > 0) {
        u.scheme = (struct uri_part){text, scheme};
        at += scheme + 1;
    }
    if (end - at >= 2 && at[0] == '/' && at[1] == '/') {
        at += 2;
        u.authority = take_until(&at, end, "/?#");
    }
    u.path = take_until(&at, end, "?#");
    if (at < end && *at == '?') {
        at++;
        u.query = take_until(&at, end, "#");
    }
    if (at < end) u.fragment = (struct uri_part){at + 1, (size_t)(end - at - 1)};
    return u;
}

/* Drops the last segment of what was written since `start`, with the slash before it. */
static void drop_segment(struct buffer *b, size_t start)
{
    while (b->size > start && b->bytes[b->size - 1] != '/') b->size--;
    if (b->size > start) b->size--;
}

/* Writes a path without its "." and ".." segments (section 5.2.4). */
static void add_path(struct buffer *b, const char *path, size_t size)
{
    size_t start = b->size;
    const char *at = path, *end = path + size;
    while (at < end) {
        const char *from = at;
        if (*at == '/') at++;
        const char *word = at;
        while (at < end && *at != '/') at++;
        size_t length = (size_t)(at - word);
        bool up = length == 2 && memcmp(word, "..", 2) == 0;
        if (!up && !(length == 1 && word[0] == '.')) {
            buffer_add(b, from, (size_t)(at - from));
            continue;
        }
        if (up) drop_segment(b, start);
        if (at == end) buffer_add_text(b, "/");
    }
}

/* The reference's path under the folder of the base (section 5.2.3). */
static void add_merged_path(struct buffer *b, const struct uri *base, struct uri_part path)
{
    struct buffer merged = {0};
    size_t folder = base->path.size;
    while (folder > 0 && base->path.at[folder - 1] != '/') folder--;
    if (folder == 0 && base->authority.at != NULL) buffer_add_text(&merged, "/");
    buffer_add(&merged, base->path.at, folder);
    buffer_add(&merged, path.at, path.size);
    add_path(b, merged.bytes, merged.size);
    buffer_free(&merged);
}

static void add_part(struct buffer *b, const char *before, struct uri_part part, const char *after)
{
    if (part.at == NULL) return;
    buffer_add_text(b, before);
    buffer_add(b, part.at, part.size);
    buffer_add_text(b, after);
}

char *uri_resolve(struct arena *a, const char *base_text, const char *reference)
{
    struct uri base = uri_split(base_text, strlen(base_text)), r = uri_split(reference, strlen(reference));
    struct buffer b = {0};
    bool own_scheme = r.scheme.at != NULL, own_authority = own_scheme || r.authority.at != NULL;
    add_part(&b, "", own_scheme ? r.scheme : base.scheme, ":");
    add_part(&b, "//", own_authority ? r.authority : base.authority, "");
    if (own_authority || (r.path.size > 0 && r.path.at[0] == '/')) {
        add_path(&b, r.path.at, r.path.size);
        add_part(&b, "?", r.query, "");
    } else if (r.path.size > 0) {
        add_merged_path(&b, &base, r.path);
        add_part(&b, "?", r.query, "");
    } else {
        buffer_add(&b, base.path.at, base.path.size);
        add_part(&b, "?", r.query.at != NULL ? r.query : base.query, "");
    }
    char *text = arena_copy(a, b.bytes, b.size);
    buffer_free(&b);
    return text;
}
