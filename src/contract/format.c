/* The formats of the contract. Each check reads bytes only: what is not ASCII fits none of them. */
#include "format.h"

#include "contract/uri.h"

#include <string.h>
#include <time.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* True when `c` is one of `set`; strchr() alone would also find the NUL at its end. */
static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* The number that `count` digits spell, -1 when one of them is no digit. */
static int digits(const char *text, size_t count)
{
    int number = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_digit(text[i])) return -1;
        number = 10 * number + (text[i] - '0');
    }
    return number;
}

bool format_uuid(const char *text, size_t size, bool strict)
{
    if (size != 36) return false;
    for (size_t i = 0; i < 36; i++) {
        char c = text[i];
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? c != '-' : !is_hex(c)) return false;
        if (strict && c >= 'A' && c <= 'F') return false;
    }
    return true;
}

static bool is_calendar_day(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1) return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* PostgreSQL knows no year 0, so the contract's manner refuses it. */
static bool is_full_date(const char *text, bool strict)
{
    int year = digits(text, 4), month = digits(text + 5, 2), day = digits(text + 8, 2);
    if (text[4] != '-' || text[7] != '-') return false;
    return year >= (strict ? 1 : 0) && is_calendar_day(year, month, day);
}

bool format_date(const char *text, size_t size, bool strict)
{
    return size == 10 && is_full_date(text, strict);
}

/* Minutes of "Z" or "+08:00", which must end the text; false when it is neither. */
static bool read_offset(const char *text, size_t size, int *minutes)
{
    *minutes = 0;
    if (size == 1) return is_one_of(text[0], "Zz");
    if (size != 6 || !is_one_of(text[0], "+-") || text[3] != ':') return false;
    int hour = digits(text + 1, 2), minute = digits(text + 4, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return false;
    *minutes = (60 * hour + minute) * (text[0] == '-' ? -1 : 1);
    return true;
}

/* UTC has had a second 60 only at the end of 30 June and of 31 December. `shift` days lie from the local date to the
 * date in UTC. */
static bool is_leap_second(int month, int day, int minute_of_day_utc, int shift)
{
    static const int last_june[] = {701, 630, 629}, last_december[] = {101, 1231, 1230};
    int date = 100 * month + day;
    return minute_of_day_utc == 24 * 60 - 1 && (date == last_june[shift + 1] || date == last_december[shift + 1]);
}

/* False when the instant, told in UTC, leaves the years 1 to 9999. */
static bool keeps_four_digits(const char *text, int shift)
{
    if (shift < 0) return memcmp(text, "0001-01-01", 10) != 0;
    return shift == 0 || memcmp(text, "9999-12-31", 10) != 0;
}

/* Hours and minutes of the offset reach over midnight, so leap seconds are judged in UTC. */
bool format_date_time(const char *text, size_t size, bool strict)
{
    if (size < 20 || !is_full_date(text, strict) || !is_one_of(text[10], "Tt")) return false;
    int hour = digits(text + 11, 2), minute = digits(text + 14, 2), second = digits(text + 17, 2), offset;
    if (text[13] != ':' || text[16] != ':' || hour < 0 || minute < 0 || second < 0) return false;
    if (hour > 23 || minute > 59 || second > 60) return false;
    size_t at = 19;
    if (text[at] == '.') {
        size_t first = ++at;
        while (at < size && is_digit(text[at])) at++;
        if (at == first) return false;
    }
    if (!read_offset(text + at, size - at, &offset)) return false;
    int utc = 60 * hour + minute - offset, shift = 0;
    if (utc < 0) shift = -1;
    if (utc >= 24 * 60) shift = 1;
    if (strict && !keeps_four_digits(text, shift)) return false;
    return second < 60 || is_leap_second(digits(text + 5, 2), digits(text + 8, 2), utc - shift * 24 * 60, shift);
}

/* Four numbers from 0 to 255 without leading zeros. */
static bool is_ipv4(const char *text, size_t size)
{
    const char *at = text, *end = text + size;
    for (int part = 0; part < 4; part++) {
        if (part > 0 && (at == end || *at++ != '.')) return false;
        const char *start = at;
        while (at < end && at - start < 4 && is_digit(*at)) at++;
        size_t length = (size_t)(at - start);
        if (length == 0 || length > 3 || (length > 1 && *start == '0') || digits(start, length) > 255) return false;
    }
    return at == end;
}

/* Groups of one to four hexadecimal digits; one run of them may be left out as "::", the last two may be IPv4. */
static bool is_ipv6(const char *text, size_t size)
{
    size_t at = 0, groups = 0;
    bool gap = false;
    while (at < size) {
        size_t left = size - at, length = 0;
        while (length < left && length < 5 && is_hex(text[at + length])) length++;
        if (length < left && text[at + length] == '.') {
            groups += 2;
            return is_ipv4(text + at, left) && (groups == 8 || (gap && groups < 8));
        }
        if (length > 4) return false;
        if (length > 0) groups++;
        at += length;
        if (at == size) break;
        if (text[at++] != ':' || (length == 0 && at > 1)) return false;
        bool doubled = at < size && text[at] == ':';
        if (doubled ? gap : length == 0 || at == size) return false;
        gap = gap || doubled;
        if (doubled) at++;
    }
    return groups == 8 || (gap && groups < 8);
}

#define ATOM "!#$%&'*+-/=?^_`{|}~" /* beside letters and digits, RFC 5322 section 3.2.3 */

static bool is_dot_atom(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bool dot = text[i] == '.';
        if (dot ? i == 0 || i + 1 == size || text[i - 1] == '.'
                : !is_letter(text[i]) && !is_digit(text[i]) && !is_one_of(text[i], ATOM))
            return false;
    }
    return size > 0;
}

/* Printable ASCII in quotes; a backslash takes the next byte as it is. */
static bool is_quoted_string(const char *text, size_t size)
{
    if (size < 2 || text[0] != '"' || text[size - 1] != '"') return false;
    for (size_t i = 1; i + 1 < size; i++) {
        if (text[i] == '"') return false;
        if (text[i] == '\\' && ++i + 1 == size) return false;
        if (text[i] < ' ' || text[i] > '~') return false;
    }
    return true;
}

/* Labels of letters, digits and inner hyphens, at most 63 bytes each. */
static bool is_domain(const char *text, size_t size)
{
    size_t label = 0;
    for (size_t i = 0; i < size; i++) {
        bool edge = label == 0 || i + 1 == size || text[i + 1] == '.';
        if (text[i] == '.' ? label == 0 : !is_letter(text[i]) && !is_digit(text[i]) && (text[i] != '-' || edge))
            return false;
        label = text[i] == '.' ? 0 : label + 1;
        if (label > 63) return false;
    }
    return label > 0;
}

static bool is_address_literal(const char *text, size_t size)
{
    if (size < 2 || text[0] != '[' || text[size - 1] != ']') return false;
    if (size > 7 && memcmp(text + 1, "IPv6:", 5) == 0) return is_ipv6(text + 6, size - 7);
    return is_ipv4(text + 1, size - 2);
}

bool format_email(const char *text, size_t size, bool strict)
{
    (void)strict;
    const char *at = memrchr(text, '@', size);
    if (at == NULL || size > 254) return false;
    size_t local = (size_t)(at - text), rest = size - local - 1;
    if (local > 64 || !(is_dot_atom(text, local) || is_quoted_string(text, local))) return false;
    return is_domain(at + 1, rest) || is_address_literal(at + 1, rest);
}

/* Unreserved characters, sub-delimiters, percent escapes and `more`. */
static bool is_uri_text(struct uri_part part, const char *more)
{
    for (size_t i = 0; i < part.size; i++) {
        char c = part.at[i];
        if (is_letter(c) || is_digit(c) || is_one_of(c, "-._~!$&'()*+,;=") || is_one_of(c, more)) continue;
        if (c != '%' || part.size - i < 3 || !is_hex(part.at[i + 1]) || !is_hex(part.at[i + 2])) return false;
        i += 2;
    }
    return true;
}

/* [user@]host[:port] */
static bool is_authority(struct uri_part part)
{
    if (part.at == NULL) return true;
    const char *at = memrchr(part.at, '@', part.size), *end = part.at + part.size;
    const char *host = at == NULL ? part.at : at + 1;
    if (at != NULL && !is_uri_text((struct uri_part){part.at, (size_t)(at - part.at)}, ":")) return false;
    const char *port = end;
    while (port > host && is_digit(port[-1])) port--;
    const char *host_end = port > host && port[-1] == ':' ? port - 1 : end;
    struct uri_part name = {host, (size_t)(host_end - host)};
    if (name.size > 0 && name.at[0] == '[')
        return name.size > 2 && host_end[-1] == ']' && is_ipv6(name.at + 1, name.size - 2);
    return is_uri_text(name, "");
}

bool format_uri_reference(const char *text, size_t size, bool strict)
{
    (void)strict;
    struct uri u = uri_split(text, size);
    if (!is_authority(u.authority) || !is_uri_text(u.path, ":@/")) return false;
    if (!is_uri_text(u.query, ":@/?") || !is_uri_text(u.fragment, ":@/?")) return false;
    if (u.scheme.at != NULL || u.authority.at != NULL) return true;
    /* without a scheme a colon in the first segment would read as one (section 4.2) */
    const char *slash = memchr(u.path.at, '/', u.path.size);
    size_t first = slash == NULL ? u.path.size : (size_t)(slash - u.path.at);
    return memchr(u.path.at, ':', first) == NULL;
}

/* Weights are 3^i mod 31. The outer remainder makes 0 of a sum that 31 divides, where some tables say 31. */
bool format_uscc(const char *text, size_t size, bool strict)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY"; /* no I O S V Z */
    (void)strict;
    if (size != 18 || digits(text + 2, 6) < 0) return false;
    int sum = 0, weight = 1;
    for (size_t i = 0; i < 17; i++) {
        if (!is_one_of(text[i], alphabet)) return false;
        sum += weight * (int)(strchr(alphabet, text[i]) - alphabet);
        weight = 3 * weight % 31;
    }
    return text[17] == alphabet[(31 - sum % 31) % 31];
}

/* The date in China, eight hours ahead of UTC, as the number yyyymmdd. */
static int today_in_china(void)
{
    time_t now = time(NULL) + (time_t)8 * 3600;
    struct tm day;
    gmtime_r(&now, &day);
    return 10000 * (day.tm_year + 1900) + 100 * (day.tm_mon + 1) + day.tm_mday;
}

/* Digits 7 to 14 are the birthday. */
bool format_cn_id(const char *text, size_t size, bool strict)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    (void)strict;
    if (size != 18) return false;
    int sum = 0;
    for (size_t i = 0; i < 17; i++) {
        if (!is_digit(text[i])) return false;
        sum += weights[i] * (text[i] - '0');
    }
    if (text[17] != "10X98765432"[sum % 11]) return false;
    int year = digits(text + 6, 4), month = digits(text + 10, 2), day = digits(text + 12, 2);
    return is_calendar_day(year, month, day) && digits(text + 6, 8) <= today_in_china();
}

bool format_cn_mobile(const char *text, size_t size, bool strict)
{
    (void)strict;
    if (size != 11 || text[0] != '1' || text[1] < '3' || text[1] > '9') return false;
    return digits(text + 2, 9) >= 0;
}

format_check *format_find(const char *name)
{
    static const struct {
        const char *name;
        format_check *check;
    } formats[] = {
        {"uuid", format_uuid},           {"date", format_date},           {"email", format_email},
        {"date-time", format_date_time}, {"uscc", format_uscc},           {"uri-reference", format_uri_reference},
        {"cn-id", format_cn_id},         {"cn-mobile", format_cn_mobile},
    };
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(name, formats[i].name) == 0) return formats[i].check;
    return NULL;
}
