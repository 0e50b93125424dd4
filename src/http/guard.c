/* Refuses requests that two parsers could read in two ways (request smuggling), and whatever is over the largest
 * limits. It runs after the whole request has arrived: it prevents effects, not bytes. Each refusal closes the
 * connection, so what follows on the wire is never taken for a request. */
#include "guard.h"

#include "target.h"

#include <string.h>
#include <strings.h>

#define TARGET_MAX       ((size_t)8192)
#define HEADER_BLOCK_MAX ((size_t)16384) /* all lines after the request line */
#define JSON_DEPTH_MAX   32              /* jansson alone would take 2048, which is deeper than a thread's stack */

/* Headers that count once. Two lines of one of them would let a proxy and us believe different ones. */
enum single {
    ACCEPT_LANGUAGE, /* the first line counts: it chooses a language, nothing more */
    AUTHORIZATION,
    CAPABILITY_TOKEN,
    CONTENT_DIGEST,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    EXPECT,
    HOST,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    ORIGIN,
    REAL_IP,
    TRACEPARENT,
    TRANSFER_ENCODING,
    SINGLES
};

static const char *const single_names[SINGLES] = {
    [ACCEPT_LANGUAGE] = "accept-language",
    [AUTHORIZATION] = "authorization",
    [CAPABILITY_TOKEN] = "capability-token",
    [CONTENT_DIGEST] = "content-digest",
    [CONTENT_ENCODING] = "content-encoding",
    [CONTENT_LENGTH] = "content-length",
    [CONTENT_TYPE] = "content-type",
    [EXPECT] = "expect",
    [HOST] = "host",
    [IDEMPOTENCY_KEY] = "idempotency-key",
    [IF_MATCH] = "if-match",
    [IF_NONE_MATCH] = "if-none-match",
    [ORIGIN] = "origin",
    [REAL_IP] = "x-real-ip",
    [TRACEPARENT] = "traceparent",
    [TRANSFER_ENCODING] = "transfer-encoding",
};

/* One judgement under way. */
struct judging {
    const struct wire *wire;
    struct faults *faults;
    struct arena *arena;
    const char *single[SINGLES]; /* NULL when absent */
};

static fail_t bad_header(const struct judging *j, enum single s, enum fault_kind kind, const char *want)
{
    faults_add(j->faults, PLACE_HEADER, kind, single_names[s], want);
    return MALFORMED_REQUEST;
}

/* A token of RFC 9110, 5.6.2. A blank before the colon makes a name that is none, and is refused here. */
static bool is_token(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_word && (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL)) return false;
    }
    return size > 0;
}

static bool has_control_byte(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F) return true;
    }
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The value without blanks at its ends, which belong to the framing and not to the value (RFC 9110, 5.5). */
static const char *trimmed(const struct header *h, struct arena *arena)
{
    size_t from = 0, to = h->value_size;
    while (from < to && is_blank(h->value[from])) from++;
    while (to > from && is_blank(h->value[to - 1])) to--;
    return to == h->value_size ? h->value + from : arena_copy(arena, h->value + from, to - from);
}

static int single_of(const struct header *h)
{
    for (int s = 0; s < SINGLES; s++)
        if (strlen(single_names[s]) == h->name_size && strncasecmp(single_names[s], h->name, h->name_size) == 0)
            return s;
    return SINGLES;
}

static fail_t read_headers(struct judging *j)
{
    for (int i = 0; i < j->wire->header_count; i++) {
        const struct header *h = &j->wire->headers[i];
        if (!is_token(h->name, h->name_size) || has_control_byte(h->value, h->value_size)) return MALFORMED_REQUEST;
        int s = single_of(h);
        if (s == SINGLES) continue;
        if (j->single[s] == NULL)
            j->single[s] = trimmed(h, j->arena);
        else if (s != ACCEPT_LANGUAGE)
            return bad_header(j, (enum single)s, FAULT_NOT_UNIQUE, NULL);
    }
    return OK;
}

/* The bytes of the request head as the HTTP library shows it, each line with its ": " and CRLF. */
static size_t shown_size(const struct wire *w)
{
    size_t size = strlen(w->method) + 1 + strlen(w->target) + 1 + strlen(w->version) + 2 + 2;
    for (int i = 0; i < w->header_count; i++) size += w->headers[i].name_size + 2 + w->headers[i].value_size + 2;
    return size;
}

/* The size rule: the library cuts at a NUL, joins folded lines and skips padding without a word, but it counts every
 * raw byte. More raw bytes than shown ones: something is hidden. Fewer: a line ended in a bare LF. */
static bool hides_bytes(const struct wire *w)
{
    return w->header_size != 0 && w->header_size != shown_size(w);
}

static fail_t check_sizes(const struct wire *w)
{
    size_t request_line = strlen(w->method) + strlen(w->target) + strlen(w->version) + 4;
    if (strlen(w->target) > TARGET_MAX) return URI_TOO_LONG;
    if (w->header_count > WIRE_HEADERS_MAX) return HEADERS_TOO_LARGE;
    size_t size = w->header_size > request_line ? w->header_size : shown_size(w);
    return size - request_line > HEADER_BLOCK_MAX ? HEADERS_TOO_LARGE : OK;
}

static bool is_version_1_0(const struct wire *w)
{
    return strcmp(w->version, "HTTP/1.0") == 0;
}

/* Decimal digits only. More announced than arrived: the server cut what was over its limit. */
static fail_t check_content_length(const struct judging *j)
{
    const char *text = j->single[CONTENT_LENGTH];
    size_t length = 0, digits = strspn(text, "0123456789");
    if (digits == 0 || text[digits] != '\0') return bad_header(j, CONTENT_LENGTH, FAULT_FORMAT, "1*DIGIT");
    for (size_t i = 0; i < digits && length <= BODY_MAX; i++) length = length * 10 + (size_t)(text[i] - '0');
    if (length > BODY_MAX || length > j->wire->body_size) return BODY_TOO_LARGE;
    return length == j->wire->body_size ? OK : bad_header(j, CONTENT_LENGTH, FAULT_FORMAT, "1*DIGIT");
}

/* Where the body ends must be said once and in one way (RFC 9112, 6). */
static fail_t check_framing(const struct judging *j)
{
    const char *coding = j->single[TRANSFER_ENCODING];
    if (coding != NULL) {
        if (j->single[CONTENT_LENGTH] != NULL) return bad_header(j, TRANSFER_ENCODING, FAULT_NOT_ALLOWED, NULL);
        if (strcmp(coding, "chunked") != 0) return bad_header(j, TRANSFER_ENCODING, FAULT_ENUM, "chunked");
        if (is_version_1_0(j->wire)) return bad_header(j, TRANSFER_ENCODING, FAULT_NOT_ALLOWED, NULL);
    }
    if (j->single[CONTENT_LENGTH] != NULL) TRY(check_content_length(j));
    if (coding == NULL && j->single[CONTENT_LENGTH] == NULL && j->wire->body_size > 0) return MALFORMED_REQUEST;
    return j->wire->body_size > BODY_MAX ? BODY_TOO_LARGE : OK;
}

/* A name or an address, then a port. Names of hosts need no escapes, so none are taken. */
static bool is_host(const char *text)
{
    static const char name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    const char *rest = text + strspn(text, name);
    if (text[0] == '[') {
        size_t inside = strspn(text + 1, "0123456789abcdefABCDEF:.");
        rest = inside >= 2 && text[1 + inside] == ']' ? text + inside + 2 : text;
    }
    if (rest == text) return false;
    if (rest[0] == '\0') return true;
    size_t digits = strspn(rest + 1, "0123456789");
    return rest[0] == ':' && digits <= 5 && rest[1 + digits] == '\0';
}

static fail_t check_host(const struct judging *j)
{
    const char *host = j->single[HOST];
    if (host == NULL) return is_version_1_0(j->wire) ? OK : bad_header(j, HOST, FAULT_REQUIRED, NULL);
    return is_host(host) ? OK : bad_header(j, HOST, FAULT_FORMAT, "host[:port]");
}

static fail_t check_rest(const struct judging *j)
{
    const char *expect = j->single[EXPECT];
    if (expect != NULL && strcasecmp(expect, "100-continue") != 0)
        return bad_header(j, EXPECT, FAULT_ENUM, "100-continue");
    if (j->single[AUTHORIZATION] != NULL && j->single[CAPABILITY_TOKEN] != NULL)
        return bad_header(j, CAPABILITY_TOKEN, FAULT_NOT_ALLOWED, NULL);
    return OK;
}

/* Methods are compared byte for byte: `get` is another method than `GET`. */
static bool is_our_method(const char *method)
{
    static const char *const ours[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        if (strcmp(method, ours[i]) == 0) return true;
    return false;
}

static void hand_over(const struct judging *j, struct asked *asked)
{
    asked->accept_language = j->single[ACCEPT_LANGUAGE];
    asked->authorization = j->single[AUTHORIZATION];
    asked->capability_token = j->single[CAPABILITY_TOKEN];
    asked->content_digest = j->single[CONTENT_DIGEST];
    asked->content_encoding = j->single[CONTENT_ENCODING];
    asked->content_type = j->single[CONTENT_TYPE];
    asked->idempotency_key = j->single[IDEMPOTENCY_KEY];
    asked->if_match = j->single[IF_MATCH];
    asked->if_none_match = j->single[IF_NONE_MATCH];
    asked->origin = j->single[ORIGIN];
    asked->real_ip = j->single[REAL_IP];
    asked->traceparent = j->single[TRACEPARENT];
}

fail_t guard(const struct wire *wire, struct asked *asked, struct faults *faults, struct arena *arena)
{
    struct judging j = {.wire = wire, .faults = faults, .arena = arena};
    *asked = (struct asked){0};
    TRY(check_sizes(wire));
    if (hides_bytes(wire)) return MALFORMED_REQUEST;
    if (!is_version_1_0(wire) && strcmp(wire->version, "HTTP/1.1") != 0) return MALFORMED_REQUEST;
    TRY(read_headers(&j));
    hand_over(&j, asked);
    TRY(check_framing(&j));
    TRY(check_host(&j));
    TRY(check_rest(&j));
    TRY(target_parse(wire->target, asked, faults, arena));
    return is_our_method(wire->method) ? OK : METHOD_NOT_ALLOWED;
}

fail_t guard_json(const char *body, size_t size)
{
    int depth = 0;
    bool in_string = false;
    if (size > 0 && memchr(body, '\0', size) != NULL) return MALFORMED_JSON;
    for (size_t i = 0; i < size; i++) {
        char c = body[i];
        if (in_string && c == '\\') i++;
        if (c == '"') in_string = !in_string;
        if (in_string) continue;
        if ((c == '{' || c == '[') && ++depth > JSON_DEPTH_MAX) return MALFORMED_JSON;
        if ((c == '}' || c == ']') && depth > 0) depth--;
    }
    return OK;
}
