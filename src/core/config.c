/* Settings from the environment. Each wrong value is told at once, with what to do about it, so that nobody has to
 * start the service five times to learn of five mistakes. */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

#define PREFIX "TEPAI_"

static const struct {
    const char *name;
    enum setting_kind kind;
    const char *value;
    const char *limits; /* "least most" of a number, form of a text, the allowed words of a word */
    const char *meaning;
} table[SETTING_COUNT] = {
#define SETTING_ROW(name, kind, value, limits, meaning) {PREFIX #name, kind, value, limits, meaning},
    SETTINGS(SETTING_ROW)
#undef SETTING_ROW
};

static const char *values[SETTING_COUNT]; /* from the environment, which nobody changes later; NULL: the default */
static int64_t numbers[SETTING_COUNT];

static bool parse_int(const char *text, int64_t *number)
{
    char *end;
    errno = 0;
    long long parsed = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0) return false;
    *number = parsed;
    return true;
}

static bool load_int(int s, const char *value)
{
    char *rest;
    long long least = strtoll(table[s].limits, &rest, 10);
    long long most = strtoll(rest, NULL, 10);
    if (parse_int(value, &numbers[s]) && numbers[s] >= least && numbers[s] <= most) return true;
    fprintf(stderr, "%s must be a whole number from %lld to %lld; it is \"%s\". Set it or unset it for %s.\n",
            table[s].name, least, most, value, table[s].value);
    return false;
}

/* True when `word` is one of the words of `list`, which blanks separate. */
static bool is_listed(const char *list, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = list; *at != '\0'; at += strspn(at, " ")) {
        size_t end = strcspn(at, " ");
        if (end == size && memcmp(at, word, size) == 0) return true;
        at += end;
    }
    return false;
}

static bool load_word(int s, const char *value)
{
    if (is_listed(table[s].limits, value)) return true;
    fprintf(stderr, "%s must be one of: %s; it is \"%s\". Set it or unset it for %s.\n", table[s].name, table[s].limits,
            value, table[s].value);
    return false;
}

static bool is_address(const char *text)
{
    unsigned char bytes[16];
    return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

/* http or https, a host and no slash at the end, because paths are put behind it. */
static bool is_base_url(const char *text)
{
    const char *host = strncmp(text, "http://", 7) == 0 ? text + 7 : strncmp(text, "https://", 8) == 0 ? text + 8 : "";
    return *host != '\0' && *host != '/' && text[strlen(text) - 1] != '/';
}

/* Base URLs without a path, separated by commas: what a browser sends as Origin. */
static bool are_origins(const char *list)
{
    char origin[256];
    for (const char *at = list; *at != '\0'; at += *at == ',') {
        size_t size = strcspn(at, ",");
        if (size >= sizeof origin) return false;
        memcpy(origin, at, size);
        origin[size] = '\0';
        const char *host = is_base_url(origin) ? strstr(origin, "://") + 3 : "/";
        if (host[strcspn(host, "/ *")] != '\0' || strcmp(at + size, ",") == 0) return false;
        at += size;
    }
    return true;
}

static bool load_text(int s, const char *value)
{
    const char *form = table[s].limits;
    if (strcmp(form, "address") == 0 && strcmp(value, table[s].value) != 0 && !is_address(value)) {
        fprintf(stderr, "%s must be an IPv4 or IPv6 address in figures, not a name; it is \"%s\".\n", table[s].name,
                value);
        return false;
    }
    if (strcmp(form, "url") == 0 && strcmp(value, table[s].value) != 0 && !is_base_url(value)) {
        fprintf(stderr, "%s must be like https://tepai.example, without a slash at its end; it is \"%s\".\n",
                table[s].name, value);
        return false;
    }
    if (strcmp(form, "origins") == 0 && !are_origins(value)) {
        fprintf(stderr,
                "%s must name each origin like https://front.example, without path and blanks, with commas between "
                "them; it is \"%s\".\n",
                table[s].name, value);
        return false;
    }
    return true;
}

static bool load_setting(int s)
{
    values[s] = getenv(table[s].name);
    const char *value = config_text((enum setting)s);
    switch (table[s].kind) {
    case SETTING_INT: return load_int(s, value);
    case SETTING_WORD: return load_word(s, value);
    case SETTING_TEXT: return load_text(s, value);
    case SETTING_SECRET: break;
    }
    return true;
}

static bool is_known(const char *name, size_t size)
{
    for (int s = 0; s < SETTING_COUNT; s++)
        if (strlen(table[s].name) == size && memcmp(table[s].name, name, size) == 0) return true;
    return strncmp(name, PREFIX "TEST_", strlen(PREFIX "TEST_")) == 0;
}

/* A mistyped name would otherwise mean a default in silence. */
static bool check_names(void)
{
    bool fine = true;
    for (char **at = environ; *at; at++) {
        size_t size = strcspn(*at, "=");
        if (strncmp(*at, PREFIX, strlen(PREFIX)) != 0 || is_known(*at, size)) continue;
        fprintf(stderr, "There is no setting %.*s. `tepaid config` lists them; unset this one.\n", (int)size, *at);
        fine = false;
    }
    return fine;
}

bool config_load(void)
{
    bool fine = check_names();
    for (int s = 0; s < SETTING_COUNT; s++)
        if (!load_setting(s)) fine = false;
    if (fine && numbers[SETTING_ARGON2_SLOTS] * 2 > numbers[SETTING_THREADS]) {
        fprintf(stderr, "TEPAI_ARGON2_SLOTS must be at most half of TEPAI_THREADS, or sign-ins could take all of them: "
                        "set fewer slots or more threads.\n");
        fine = false;
    }
    return fine;
}

const char *config_text(enum setting s)
{
    return values[s] ? values[s] : table[s].value;
}

int64_t config_int(enum setting s)
{
    return numbers[s];
}

bool config_is(enum setting s, const char *word)
{
    return strcmp(config_text(s), word) == 0;
}

static const char *shown(int s)
{
    const char *value = config_text((enum setting)s);
    if (*value == '\0') return "(empty)";
    return table[s].kind == SETTING_SECRET ? "(set, not shown)" : value;
}

void config_print(FILE *out)
{
    for (int s = 0; s < SETTING_COUNT; s++) {
        fprintf(out, "%-29s %s%s\n", table[s].name, shown(s), values[s] ? "" : " (default)");
        fprintf(out, "    %s.", table[s].meaning);
        if (table[s].kind == SETTING_INT) fprintf(out, " Least and most: %s.", table[s].limits);
        if (table[s].kind == SETTING_WORD) fprintf(out, " One of: %s.", table[s].limits);
        if (values[s]) fprintf(out, " Default: %s.", *table[s].value != '\0' ? table[s].value : "(empty)");
        fputc('\n', out);
    }
}
