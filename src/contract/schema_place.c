/* Places: a survey finds every schema of a document with its JSON pointer and its base URI, and references are
 * resolved to them. References lead to places of the same document alone; nothing is ever fetched. */
#include "schema_internal.h"

#include "buffer.h"
#include "contract/uri.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

static int by_node(const void *a, const void *b)
{
    const struct schema *x = a, *y = b;
    return ((uintptr_t)x->node > (uintptr_t)y->node) - ((uintptr_t)x->node < (uintptr_t)y->node);
}

/* A node is its own name: the same place reached in two ways is one schema, compiled once. */
struct schema *schema_at(struct schema_set *set, const json_t *node)
{
    struct schema key = {.node = node};
    struct schema **found = tfind(&key, &set->by_node, by_node);
    return found == NULL ? NULL : *found;
}

static const struct identifier *find_identifier(const struct schema_set *set, const char *uri)
{
    for (const struct identifier *i = set->identifiers; i != NULL; i = i->next)
        if (strcmp(i->uri, uri) == 0) return i;
    return NULL;
}

void schema_identify(struct schema_set *set, const char *uri, const json_t *node, const char *place)
{
    struct identifier *i = arena_take(set->arena, sizeof *i);
    *i = (struct identifier){set->identifiers, uri, node, place};
    set->identifiers = i;
}

/* A URI that two places claim would make every reference to it a guess. */
static bool identify_once(struct schema_set *set, const char *uri, const json_t *node, const char *place)
{
    const struct identifier *other = find_identifier(set, uri);
    if (other != NULL && other->node == node) return true;
    if (other != NULL) return schema_refuse(set, place, "%s is also the name of #%s", uri, other->place);
    schema_identify(set, uri, node, place);
    return true;
}

/* Takes note of $id and $anchor; `*base` becomes the one inside this schema. */
static bool note_names(struct schema_set *set, const json_t *node, const char *place, const char **base)
{
    const json_t *id = json_object_get(node, "$id"), *anchor = json_object_get(node, "$anchor");
    if (id != NULL) {
        const char *text = json_string_value(id);
        if (text == NULL) return schema_refuse(set, place, "$id must be a string");
        const char *hash = strchr(text, '#');
        if (hash != NULL && hash[1] != '\0') return schema_refuse(set, place, "$id must have no fragment");
        *base = uri_resolve(set->arena, *base, text);
        if (!identify_once(set, *base, node, place)) return false;
    }
    if (anchor == NULL) return true;
    if (!json_is_string(anchor)) return schema_refuse(set, place, "$anchor must be a string");
    const char *uri = arena_print(set->arena, "%s#%s", *base, json_string_value(anchor));
    return identify_once(set, uri, node, place);
}

/* `place`/`name`, the name escaped as RFC 6901 says. */
static const char *place_below(struct schema_set *set, const char *place, const char *name)
{
    struct buffer b = {0};
    buffer_add_text(&b, place);
    buffer_add_text(&b, "/");
    for (const char *at = name; *at != '\0'; at++) {
        if (*at == '~') buffer_add_text(&b, "~0");
        if (*at == '/') buffer_add_text(&b, "~1");
        if (*at != '~' && *at != '/') buffer_add(&b, at, 1);
    }
    const char *below = arena_copy(set->arena, b.bytes, b.size);
    buffer_free(&b);
    return below;
}

static bool survey_list(struct schema_set *set, const json_t *list, const char *place, const char *base)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *below = arena_print(set->arena, "%s/%zu", place, i);
        if (!schema_survey(set, json_array_get(list, i), below, base)) return false;
    }
    return true;
}

static bool survey_map(struct schema_set *set, const json_t *map, const char *place, const char *base)
{
    const char *name;
    json_t *node;
    json_object_foreach ((json_t *)(uintptr_t)map, name, node) {
        if (!schema_survey(set, node, place_below(set, place, name), base)) return false;
    }
    return true;
}

static bool survey_keyword(struct schema_set *set, const char *word, const json_t *node, const char *place,
                           const char *base)
{
    switch (schema_keyword_shape(word)) {
    case HOLDS_SCHEMA: return schema_survey(set, node, place_below(set, place, word), base);
    case HOLDS_LIST: return survey_list(set, node, place_below(set, place, word), base);
    case HOLDS_MAP: return survey_map(set, node, place_below(set, place, word), base);
    case HOLDS_NONE: break;
    }
    return true;
}

/* Walks over the places where schemas may stand, and no others: an $id inside of an enum or an example is data. */
bool schema_survey(struct schema_set *set, const json_t *node, const char *place, const char *base)
{
    if (!json_is_object(node) || schema_at(set, node) != NULL) return true;
    if (!note_names(set, node, place, &base)) return false;
    struct schema *schema = arena_take(set->arena, sizeof *schema);
    *schema = (struct schema){.node = node, .place = place, .base = base, .strict = set->manner == SCHEMA_CONTRACT};
    if (tsearch(schema, &set->by_node, by_node) == NULL) abort();
    const char *word;
    json_t *below;
    json_object_foreach ((json_t *)(uintptr_t)node, word, below) {
        if (!survey_keyword(set, word, below, place, base)) return false;
    }
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    char low = (char)(c | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/* The fragment with its percent escapes undone; NULL when one is broken or makes a NUL. */
static char *decode_fragment(struct arena *a, struct uri_part fragment)
{
    char *text = arena_copy(a, fragment.at, fragment.size), *to = text;
    for (size_t i = 0; i < fragment.size; i++) {
        if (fragment.at[i] != '%') {
            *to++ = fragment.at[i];
            continue;
        }
        int high = fragment.size - i > 2 ? hex_digit(fragment.at[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(fragment.at[i + 2]) : -1;
        if (low < 0 || 16 * high + low == 0) return NULL;
        *to++ = (char)(16 * high + low);
        i += 2;
    }
    *to = '\0';
    return text;
}

/* One word of a JSON pointer, its escapes undone in place; returns what follows it. */
static char *pointer_word(char *word)
{
    char *to = word, *at = word;
    for (; *at != '\0' && *at != '/'; at++) {
        bool escaped = *at == '~' && (at[1] == '0' || at[1] == '1');
        if (escaped) at++;
        *to++ = *at;
        if (escaped) to[-1] = *at == '0' ? '~' : '/';
    }
    char *next = *at == '/' ? at + 1 : NULL;
    *to = '\0';
    return next;
}

static const json_t *array_item(const json_t *array, const char *word)
{
    char *end;
    if (word[0] < '0' || word[0] > '9' || (word[0] == '0' && word[1] != '\0')) return NULL;
    unsigned long index = strtoul(word, &end, 10);
    return *end == '\0' ? json_array_get(array, index) : NULL;
}

/* What the pointer leads to. `base` becomes that of the last schema on the way, for an $id may stand on it. */
static const json_t *follow(struct schema_set *set, const json_t *node, char *pointer, const char **base)
{
    char *word = pointer + 1, *next;
    for (; word != NULL && node != NULL; word = next) {
        next = pointer_word(word);
        node = json_is_array(node) ? array_item(node, word) : json_object_get(node, word);
        const struct schema *schema = node == NULL ? NULL : schema_at(set, node);
        if (schema != NULL) *base = schema->base;
    }
    return node;
}

/* Resolves a reference from the schema it stands in to a node, which is surveyed when nobody has been there yet. */
bool schema_refer(struct schema_set *set, const struct schema *from, const char *reference, const json_t **node)
{
    const char *uri = uri_resolve(set->arena, from->base, reference);
    struct uri_part fragment = uri_split(reference, strlen(reference)).fragment;
    char *word = decode_fragment(set->arena, fragment);
    if (word == NULL) return schema_refuse(set, from->place, "$ref %s is broken", reference);
    const char *whole = word[0] == '\0' || word[0] == '/' ? uri : arena_print(set->arena, "%s#%s", uri, word);
    const struct identifier *found = find_identifier(set, whole);
    if (found == NULL) return schema_refuse(set, from->place, "$ref %s leads out of this document", reference);
    const char *place = found->place;
    *node = found->node;
    if (word[0] == '/') {
        place = arena_print(set->arena, "%s%s", found->place, word);
        *node = follow(set, *node, word, &uri);
    }
    if (*node == NULL) return schema_refuse(set, from->place, "$ref %s leads nowhere", reference);
    if (!json_is_object(*node) && !json_is_boolean(*node))
        return schema_refuse(set, from->place, "$ref %s does not lead to a schema", reference);
    return schema_survey(set, *node, place, uri);
}
