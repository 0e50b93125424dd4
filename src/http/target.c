/* The request target: path and query apart, each parameter once, nothing normalised. Two readers of one target (a
 * proxy, a log, we) must never see two different rows, so whatever could be read in two ways is refused. */
#include "target.h"

#include <string.h>

/* What RFC 3986 lets stand in a path segment, without escapes and ';'. The contract's own words need less. */
static bool may_stand_in_path(unsigned char c)
{
    bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_word || (c != '\0' && strchr("-._~!$&'()*+,=:@", c) != NULL);
}

static bool is_dot_segment(const char *segment, size_t size)
{
    return (size == 1 && segment[0] == '.') || (size == 2 && segment[0] == '.' && segment[1] == '.');
}

/* A slash at the end is let through: no route has one, so it becomes a plain 404. */
static bool path_is_plain(const char *path, size_t size)
{
    if (size == 0 || path[0] != '/') return false;
    size_t start = 1;
    for (size_t i = 1; i <= size; i++) {
        if (i < size && path[i] != '/') {
            if (!may_stand_in_path((unsigned char)path[i])) return false;
            continue;
        }
        if (i == start && i < size) return false;
        if (is_dot_segment(path + start, i - start)) return false;
        start = i + 1;
    }
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* Bytes of the UTF-8 character at `p`; 0 when it is cut, overlong, a surrogate or beyond U+10FFFF. */
static size_t character_size(const unsigned char *p, size_t left)
{
    unsigned char least = 0x80, most = 0xBF;
    size_t size = 0;
    if (p[0] < 0x80) return 1;
    if (p[0] >= 0xC2 && p[0] <= 0xDF) size = 2;
    if (p[0] >= 0xE0 && p[0] <= 0xEF) size = 3;
    if (p[0] >= 0xF0 && p[0] <= 0xF4) size = 4;
    if (size == 0 || size > left) return 0;
    if (p[0] == 0xE0) least = 0xA0;
    if (p[0] == 0xED) most = 0x9F;
    if (p[0] == 0xF0) least = 0x90;
    if (p[0] == 0xF4) most = 0x8F;
    if (p[1] < least || p[1] > most) return 0;
    for (size_t i = 2; i < size; i++)
        if (p[i] < 0x80 || p[i] > 0xBF) return 0;
    return size;
}

/* Valid UTF-8 without control characters below U+0020 and without DEL. */
static bool is_clean_text(const char *text, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t i = 0; i < size;) {
        if (bytes[i] < 0x20 || bytes[i] == 0x7F) return false;
        size_t step = character_size(bytes + i, size - i);
        if (step == 0) return false;
        i += step;
    }
    return true;
}

/* The percent-decoded text, or NULL when it is not what it should be. '+' stays a plus: that it means a blank is a
 * custom of HTML forms and not of URIs (RFC 3986), and "+08:00" stands in every timestamp. */
const char *target_decode(const char *raw, size_t size, struct arena *arena)
{
    char *text = arena_take(arena, size + 1);
    size_t to = 0;
    for (size_t i = 0; i < size; i++) {
        if (raw[i] != '%') {
            text[to++] = raw[i];
            continue;
        }
        int high = size - i > 2 ? hex_digit(raw[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(raw[i + 2]) : -1;
        if (low < 0) return NULL;
        text[to++] = (char)(high * 16 + low);
        i += 2;
    }
    return is_clean_text(text, to) ? text : NULL;
}

static bool is_known(const struct asked *asked, const char *name)
{
    for (int i = 0; i < asked->parameter_count; i++)
        if (strcmp(asked->parameters[i].name, name) == 0) return true;
    return false;
}

static fail_t add_pair(const char *pair, size_t size, struct asked *asked, struct faults *faults, struct arena *arena)
{
    const char *equals = memchr(pair, '=', size);
    size_t name_size = equals == NULL ? size : (size_t)(equals - pair);
    size_t value_size = equals == NULL ? 0 : size - name_size - 1;
    const char *name = target_decode(pair, name_size, arena);
    if (name == NULL || name[0] == '\0') return MALFORMED_REQUEST;
    const char *value = equals == NULL ? "" : target_decode(equals + 1, value_size, arena);
    if (value == NULL) {
        faults_add(faults, PLACE_PARAMETER, FAULT_FORMAT, name, "UTF-8, percent-encoded");
        return MALFORMED_REQUEST;
    }
    if (is_known(asked, name)) {
        faults_add(faults, PLACE_PARAMETER, FAULT_NOT_UNIQUE, name, NULL);
        return MALFORMED_REQUEST;
    }
    if (asked->parameter_count == PARAMETERS_MAX) return MALFORMED_REQUEST;
    asked->parameters[asked->parameter_count++] = (struct parameter){.name = name, .value = value};
    return OK;
}

/* Pairs between '&'; an empty pair has no name and is refused like any pair without one. */
static fail_t parse_query(const char *query, struct asked *asked, struct faults *faults, struct arena *arena)
{
    while (query != NULL) {
        const char *end = strchr(query, '&');
        size_t size = end == NULL ? strlen(query) : (size_t)(end - query);
        TRY(add_pair(query, size, asked, faults, arena));
        query = end == NULL ? NULL : end + 1;
    }
    return OK;
}

/* Visible ASCII without '#', which would begin a fragment and is never sent. */
static bool bytes_are_visible(const char *target)
{
    for (const char *p = target; *p != '\0'; p++)
        if (*p <= ' ' || *p >= 0x7F || *p == '#') return false;
    return true;
}

/* The name of the parameter in whose value `at` stands, or "target" when it stands elsewhere. */
static const char *parameter_around(const char *target, const char *at, struct arena *arena)
{
    const char *mark = strchr(target, '?'), *name = at;
    if (mark == NULL || mark > at) return "target";
    while (name[-1] != '?' && name[-1] != '&') name--;
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz_");
    return size > 0 && name[size] == '=' && name + size < at ? arena_copy(arena, name, size) : "target";
}

/* curl sends letters beyond ASCII as they are typed, browsers do not; without the place nobody would find the cause. */
static bool has_letters(const char *target, struct faults *faults, struct arena *arena)
{
    const char *at = target;
    while (*at != '\0' && (unsigned char)*at < 0x80) at++;
    if (*at == '\0') return false;
    faults_add(faults, PLACE_PARAMETER, FAULT_FORMAT, parameter_around(target, at, arena), "UTF-8, percent-encoded");
    return true;
}

fail_t target_parse(const char *target, struct asked *asked, struct faults *faults, struct arena *arena)
{
    const char *mark = strchr(target, '?');
    asked->path = target;
    asked->path_size = mark == NULL ? strlen(target) : (size_t)(mark - target);
    if (has_letters(target, faults, arena)) return MALFORMED_REQUEST;
    if (!bytes_are_visible(target) || !path_is_plain(asked->path, asked->path_size)) return MALFORMED_REQUEST;
    return mark == NULL || mark[1] == '\0' ? OK : parse_query(mark + 1, asked, faults, arena);
}
