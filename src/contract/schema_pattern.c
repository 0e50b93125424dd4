/* Regular expressions of ECMA-262, which JSON Schema uses, by PCRE2. Where the two differ the pattern is rewritten or
 * refused, so that nothing means here what it does not mean elsewhere: \d and \w are ASCII, $ is the very end, \s and
 * the dot know the line ends of Unicode, and there are no inline flags. */
#include "schema_internal.h"

#include "buffer.h"
#include "log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* White space of ECMA-262 for a class, and all that is not. PCRE2 compiles with PCRE2_ALT_BSUX: \u{…} is a character.
 */
#define SPACE "\\x09-\\x0d\\x20\\xa0\\u{1680}\\u{2000}-\\u{200a}\\u{2028}\\u{2029}\\u{202f}\\u{205f}\\u{3000}\\u{feff}"
#define NO_SPACE                                                                                                       \
    "\\x00-\\x08\\x0e-\\x1f\\x21-\\x9f\\u{a1}-\\u{167f}\\u{1681}-\\u{1fff}\\u{200b}-\\u{2027}\\u{202a}-\\u{202e}"      \
    "\\u{2030}-\\u{205e}\\u{2060}-\\u{2fff}\\u{3001}-\\u{fefe}\\u{ff00}-\\u{10ffff}"
#define NO_LINE_END "[^\\n\\r\\u{2028}\\u{2029}]"

struct rewrite {
    struct schema_set *set;
    const char *place;
    const char *at, *end;
    struct buffer out;
    bool in_class;
};

/* The code unit of "\uD83D", -1 when four hexadecimal digits do not follow. */
static int code_unit(const char *at, const char *end)
{
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return -1;
    int unit = 0;
    for (int i = 2; i < 6; i++) {
        const char *digit = strchr("0123456789abcdefABCDEF", at[i]);
        if (digit == NULL || *digit == '\0') return -1;
        int value = at[i] <= '9' ? at[i] - '0' : (at[i] | 0x20) - 'a' + 10;
        unit = 16 * unit + value;
    }
    return unit;
}

/* A character outside the first plane may be spelled as its two surrogates. */
static bool add_surrogates(struct rewrite *r)
{
    int high = code_unit(r->at, r->end);
    int low = high >= 0xD800 && high <= 0xDBFF ? code_unit(r->at + 6, r->end) : -1;
    if (low < 0xDC00 || low > 0xDFFF) return false;
    char text[16];
    snprintf(text, sizeof text, "\\u{%x}", 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
    buffer_add_text(&r->out, text);
    r->at += 12;
    return true;
}

/* "\\u{1F600}" as it stands, so that its brace is not taken for the end of a repetition. */
static bool add_braced(struct rewrite *r)
{
    const char *close = memchr(r->at, '}', (size_t)(r->end - r->at));
    if (close == NULL || r->at[2] != '{') return false;
    buffer_add(&r->out, r->at, (size_t)(close + 1 - r->at));
    r->at = close + 1;
    return true;
}

/* The short name of a general category, for PCRE2 knows no others. */
static struct text short_category(struct text name)
{
    static const char *const names[][2] = {
        {"Letter", "L"},
        {"Cased_Letter", "L&"},
        {"Uppercase_Letter", "Lu"},
        {"Lowercase_Letter", "Ll"},
        {"Titlecase_Letter", "Lt"},
        {"Modifier_Letter", "Lm"},
        {"Other_Letter", "Lo"},
        {"Mark", "M"},
        {"Number", "N"},
        {"Decimal_Number", "Nd"},
        {"digit", "Nd"},
        {"Letter_Number", "Nl"},
        {"Other_Number", "No"},
        {"Punctuation", "P"},
        {"punct", "P"},
        {"Symbol", "S"},
        {"Separator", "Z"},
        {"Space_Separator", "Zs"},
        {"Control", "Cc"},
        {"Other", "C"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i][0]) == name.size && memcmp(names[i][0], name.bytes, name.size) == 0)
            return (struct text){names[i][1], strlen(names[i][1])};
    return name;
}

/* \p{Letter}, \P{Script=Han}; r->at is at the backslash. */
static bool add_property(struct rewrite *r)
{
    const char *close = memchr(r->at, '}', (size_t)(r->end - r->at));
    if (close == NULL || r->at[2] != '{')
        return schema_refuse(r->set, r->place, "\\%c needs {…} in a pattern", r->at[1]);
    struct text name = {r->at + 3, (size_t)(close - r->at - 3)};
    static const char *const prefixes[] = {"General_Category=", "gc="};
    for (size_t i = 0; i < 2; i++) {
        size_t size = strlen(prefixes[i]);
        if (name.size <= size || memcmp(name.bytes, prefixes[i], size) != 0) continue;
        name.bytes += size;
        name.size -= size;
    }
    name = short_category(name);
    buffer_add(&r->out, r->at, 3);
    buffer_add(&r->out, name.bytes, name.size);
    buffer_add_text(&r->out, "}");
    r->at = close + 1;
    return true;
}

/* Letters that ECMA-262 does not know after a backslash (\A, \z, \Q, \K …) mean something to PCRE2 alone. */
static bool add_escape(struct rewrite *r)
{
    if (r->end - r->at < 2) return schema_refuse(r->set, r->place, "the pattern ends with a backslash");
    char c = r->at[1];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter && strchr("dDwWsSbBtnvfrcxupPk", c) == NULL)
        return schema_refuse(r->set, r->place, "\\%c in a pattern is not known", c);
    if (c == 'p' || c == 'P') return add_property(r);
    if (c == 'u' && (add_surrogates(r) || add_braced(r))) return true;
    r->at += 2;
    if (c == 's' || c == 'S') {
        const char *space = c == 's' ? SPACE : NO_SPACE;
        if (!r->in_class) buffer_add_text(&r->out, "[");
        buffer_add_text(&r->out, space);
        if (!r->in_class) buffer_add_text(&r->out, "]");
    } else if (c == 'v') {
        buffer_add_text(&r->out, "\\x0b"); /* to PCRE2 \v would be any vertical space */
    } else {
        buffer_add(&r->out, r->at - 2, 2);
    }
    return true;
}

/* What may follow "(?" in ECMA-262; PCRE2 knows more, but nobody else would. */
static bool is_known_group(const char *at, const char *end)
{
    if (at < end && at[0] == '*') return false;
    if (end - at < 2 || at[0] != '?') return true;
    if (at[1] == '<') return end - at >= 3 && at[2] != '>';
    return at[1] == ':' || at[1] == '=' || at[1] == '!';
}

/* A character outside of classes. "a++" would be possessive to PCRE2 and is an error in ECMA-262. */
static bool add_plain(struct rewrite *r)
{
    char c = *r->at++;
    if (c == '(' && !is_known_group(r->at, r->end))
        return schema_refuse(r->set, r->place, "a group of the pattern is of an unknown kind");
    bool repeat = c == '*' || c == '+' || c == '?' || c == '}';
    if (repeat && r->at < r->end && *r->at == '+')
        return schema_refuse(r->set, r->place, "the pattern repeats a repetition");
    if (c == '.') {
        buffer_add_text(&r->out, NO_LINE_END);
        return true;
    }
    if (c == '[') r->in_class = true;
    buffer_add(&r->out, &c, 1);
    if (c == '[' && r->at < r->end && *r->at == '^') buffer_add(&r->out, r->at++, 1);
    return true;
}

/* A character inside of one; an empty class matches nothing, and "[^]" anything. */
static void add_in_class(struct rewrite *r)
{
    char c = *r->at++;
    if (c == ']') r->in_class = false;
    if (c == '[') buffer_add_text(&r->out, "\\"); /* or "[:" would begin a POSIX class */
    buffer_add(&r->out, &c, 1);
}

static bool rewrite(struct rewrite *r)
{
    while (r->at < r->end) {
        if (*r->at == '\\') {
            if (!add_escape(r)) return false;
        } else if (r->in_class) {
            add_in_class(r);
        } else if (!add_plain(r)) {
            return false;
        }
    }
    return true;
}

const struct pattern *pattern_new(struct schema_set *set, const char *source, size_t size, const char *place)
{
    struct rewrite r = {.set = set, .place = place, .at = source, .end = source + size};
    pcre2_code *code = NULL;
    if (rewrite(&r)) {
        uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALLOW_EMPTY_CLASS | PCRE2_MATCH_UNSET_BACKREF |
                           PCRE2_ALT_BSUX | PCRE2_NEVER_BACKSLASH_C;
        int error = 0;
        PCRE2_SIZE offset = 0;
        code = pcre2_compile((PCRE2_SPTR)(r.out.size > 0 ? r.out.bytes : ""), r.out.size, options, &error, &offset,
                             set->pattern_rules);
        PCRE2_UCHAR message[128] = "";
        if (code == NULL && pcre2_get_error_message(error, message, sizeof message) != 0)
            schema_refuse(set, place, "the pattern cannot be compiled: %s", (const char *)message);
    }
    buffer_free(&r.out);
    if (code == NULL) return NULL;
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without it, where pages cannot be made executable, only slower */
    struct pattern *pattern = arena_take(set->arena, sizeof *pattern);
    *pattern = (struct pattern){set->patterns, set, arena_copy(set->arena, source, size), place, code};
    set->patterns = pattern;
    return pattern;
}

/* The JIT's own stack is small (32 KiB); what does not fit is matched again by the interpreter, under limits on the
 * heap. Match data is made once per judged value and belongs to its run, so threads share nothing. */
enum match pattern_match(struct run *run, const struct pattern *pattern, const char *text, size_t size)
{
    if (run->match == NULL) run->match = pcre2_match_data_create(1, NULL);
    if (run->match == NULL) abort();
    PCRE2_SPTR subject = (PCRE2_SPTR)text;
    uint32_t options = PCRE2_NO_UTF_CHECK; /* the parser has let no other text in */
    pcre2_match_context *limits = pattern->set->limits;
    int found = pcre2_match(pattern->code, subject, size, 0, options, run->match, limits);
    if (found == PCRE2_ERROR_JIT_STACKLIMIT)
        found = pcre2_match(pattern->code, subject, size, 0, options | PCRE2_NO_JIT, run->match, limits);
    if (found >= 0) return MATCHES;
    if (found == PCRE2_ERROR_NOMATCH) return MATCHES_NOT;
    log_line(LOG_WARN, "pattern_limit", "schema", pattern->place, NULL);
    return MATCH_GIVEN_UP;
}
