/* Named statements: the text of sql/queries with its :words turned into $1, $2 … A word is known by its name alone, so
 * the same word twice is one parameter. */
#include "db.h"
#include "embedded.h"
#include "log.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 64
#define SQL_MAX   16384

static struct statement *statements;

static bool is_word_start(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_';
}

static bool is_word(char c)
{
    return is_word_start(c) || (c >= '0' && c <= '9');
}

/* Length of a quoted string or comment that begins here, 0 when none does: their colons are no words. */
static size_t skipped(const char *at)
{
    if (*at == '\'' || *at == '"') {
        const char *end = strchr(at + 1, *at);
        return end == NULL ? strlen(at) : (size_t)(end - at) + 1;
    }
    if (at[0] == '-' && at[1] == '-') return strcspn(at, "\n");
    return 0;
}

static int word_index(struct statement *s, const char *name, size_t size)
{
    for (int i = 0; i < s->word_count; i++) {
        if (strlen(s->words[i]) == size && memcmp(s->words[i], name, size) == 0) return i;
    }
    if (s->word_count == WORDS_MAX) return -1;
    s->words[s->word_count] = strndup(name, size);
    return s->word_count++;
}

/* A colon begins a word unless it is part of a cast (::) or of an array slice (1:n). */
static bool word_begins(const char *sql, const char *at)
{
    if (*at != ':' || !is_word_start(at[1])) return false;
    return at == sql || (at[-1] != ':' && !is_word(at[-1]));
}

static bool statement_parse(struct statement *s, const char *sql)
{
    char out[SQL_MAX];
    size_t size = 0;
    s->words = calloc(WORDS_MAX, sizeof *s->words);
    for (const char *at = sql; *at != '\0';) {
        if (size + 16 >= sizeof out || s->words == NULL) return false;
        size_t skip = skipped(at);
        if (skip > 0) {
            if (size + skip + 16 >= sizeof out) return false;
            memcpy(out + size, at, skip);
            size += skip;
            at += skip;
            continue;
        }
        if (!word_begins(sql, at)) {
            out[size++] = *at++;
            continue;
        }
        size_t length = 1;
        while (is_word(at[1 + length])) length++;
        int index = word_index(s, at + 1, length);
        if (index < 0) return false;
        size += (size_t)snprintf(out + size, sizeof out - size, "$%d", index + 1);
        at += 1 + length;
    }
    s->sql = strndup(out, size);
    return s->sql != NULL;
}

bool statements_load(void)
{
    if (statements != NULL) return true;
    statements = calloc((size_t)sql_statement_count, sizeof *statements);
    if (statements == NULL) return false;
    for (int i = 0; i < sql_statement_count; i++) {
        statements[i].name = sql_statements[i].name;
        if (statement_parse(&statements[i], sql_statements[i].sql)) continue;
        log_line(LOG_ERROR, "statement_malformed", "statement", sql_statements[i].name, NULL);
        return false;
    }
    return true;
}

struct statement *statement_find(const char *name)
{
    for (int i = 0; i < sql_statement_count; i++) {
        if (strcmp(statements[i].name, name) == 0) return &statements[i];
    }
    return NULL;
}

struct statement *statement_at(int index)
{
    return index < sql_statement_count ? &statements[index] : NULL;
}
