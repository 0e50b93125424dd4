/* Log lines are put together in a buffer on the stack and leave whole, by one write(2) or through the queue of a
 * running service, so that lines of several threads never mix and nothing is allocated. What does not fit is left out
 * rather than cut in the middle of the JSON. */
#include "log.h"

#include "log_queue.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 16384
#define TEXT_MAX_BYTES 1024                      /* of one value as it was given */
#define PAIR_ROOM      (TEXT_MAX_BYTES * 6 + 64) /* each byte may become \u00XX */

struct line {
    char bytes[LINE_MAX_BYTES];
    size_t size;
};

static enum log_level least_level = LOG_INFO;

static const char *const level_names[] = {"debug", "info", "warn", "error"};

void log_open(enum log_level least)
{
    least_level = least;
}

static void put(struct line *l, const char *bytes, size_t size)
{
    memcpy(l->bytes + l->size, bytes, size);
    l->size += size;
}

/* Length of the well-formed UTF-8 sequence at `at`, 0 when there is none (RFC 3629: no overlong forms, no surrogates,
 * nothing above U+10FFFF). */
static size_t sequence(const unsigned char *at, size_t rest)
{
    size_t size = at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : 2;
    if (at[0] < 0xC2 || at[0] > 0xF4 || size > rest) return 0;
    for (size_t i = 1; i < size; i++)
        if ((at[i] & 0xC0) != 0x80) return 0;
    if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F)) return 0;
    if ((at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F)) return 0;
    return size;
}

/* Puts the character at `at` and gives the number of bytes it took. */
static size_t put_character(struct line *l, const unsigned char *at, size_t rest)
{
    if (*at < 0x20 || *at == 0x7F) {
        char code[7];
        int size = snprintf(code, sizeof code, "\\u%04x", *at);
        put(l, code, (size_t)size);
        return 1;
    }
    if (*at < 0x80) {
        if (*at == '"' || *at == '\\') put(l, "\\", 1);
        put(l, (const char *)at, 1);
        return 1;
    }
    size_t size = sequence(at, rest);
    if (size == 0) {
        put(l, "\\ufffd", 6);
        return 1;
    }
    put(l, (const char *)at, size);
    return size;
}

static void put_text(struct line *l, const char *text)
{
    size_t size = strnlen(text, TEXT_MAX_BYTES);
    put(l, "\"", 1);
    for (size_t at = 0; at < size;) at += put_character(l, (const unsigned char *)text + at, size - at);
    put(l, "\"", 1);
}

static bool put_name(struct line *l, const char *name)
{
    if (LINE_MAX_BYTES - l->size < PAIR_ROOM || strlen(name) > 32) return false;
    put(l, ",\"", 2);
    put(l, name, strlen(name));
    put(l, "\":", 2);
    return true;
}

static void put_pair(struct line *l, const char *name, const char *text)
{
    if (text != NULL && put_name(l, name)) put_text(l, text);
}

static void put_number(struct line *l, const char *name, long long number)
{
    char digits[24];
    int size = snprintf(digits, sizeof digits, "%lld", number);
    if (put_name(l, name)) put(l, digits, (size_t)size);
}

static void begin(struct line *l, enum log_level level, const char *event)
{
    struct timespec now;
    struct tm utc;
    char stamp[64];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t size = strftime(stamp, sizeof stamp, "{\"time\":\"%Y-%m-%dT%H:%M:%S", &utc);
    l->size = 0;
    put(l, stamp, size);
    int fraction = snprintf(stamp, sizeof stamp, ".%03dZ\"", (int)(now.tv_nsec / 1000000));
    put(l, stamp, (size_t)fraction);
    put_pair(l, "level", level_names[level]);
    put_pair(l, "event", event);
}

/* A full disk or a closed pipe must not stop the service: what cannot be written is lost. */
static void end(struct line *l, enum log_level level)
{
    put(l, "}\n", 2);
    if (log_queue_take(l->bytes, l->size, level >= LOG_WARN)) return;
    while (write(STDERR_FILENO, l->bytes, l->size) < 0 && errno == EINTR) continue;
}

void log_line(enum log_level level, const char *event, ...)
{
    if (level < least_level) return;
    struct line l;
    begin(&l, level, event);
    va_list pairs;
    va_start(pairs, event);
    for (const char *name; (name = va_arg(pairs, const char *)) != NULL;)
        put_pair(&l, name, va_arg(pairs, const char *));
    va_end(pairs);
    end(&l, level);
}

void log_request(const struct log_request *r)
{
    if (LOG_INFO < least_level) return;
    struct line l;
    begin(&l, LOG_INFO, "request");
    put_pair(&l, "operation", r->operation);
    put_pair(&l, "method", r->method);
    put_pair(&l, "route", r->route);
    put_number(&l, "status", r->status);
    put_pair(&l, "problem", r->problem);
    put_number(&l, "duration_us", r->duration_us);
    put_number(&l, "bytes", (long long)r->bytes);
    put_pair(&l, "request_id", r->request_id);
    put_pair(&l, "trace_id", r->trace_id);
    put_pair(&l, "account", r->account);
    put_pair(&l, "client", r->client);
    end(&l, LOG_INFO);
}
