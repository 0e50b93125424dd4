/* The values of a statement for one request. Where each comes from was decided at start; here it is only fetched.
 * Personal data is sealed on the way, so that no statement ever sees it in clear. */
#include "clean.h"
#include "format.h"
#include "link.h"
#include "seal.h"
#include "stops.h"

#include <stdlib.h>
#include <string.h>

const char *req_json(struct req *r, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (text == NULL) abort(); /* as every room does that gets no memory */
    const char *kept = arena_copy(r->arena, text, strlen(text));
    clean_free(text);
    return kept;
}

/* A member as text: scalars as they are, nested ones as JSON; NULL when absent or null. */
static const char *member_text(struct req *r, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING: return json_string_value(value);
    case JSON_TRUE: return "true";
    case JSON_FALSE: return "false";
    case JSON_NULL: return NULL;
    case JSON_INTEGER: return arena_print(r->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    default: return req_json(r, value);
    }
}

/* The id that personal data is bound to: of the resource that the path ends with, or of the one being made. */
static const char *row_id(const struct req *r)
{
    return r->op->path_word_count > 0 ? r->path_values[r->op->path_word_count - 1] : r->new_id;
}

static const char *personal(struct req *r, enum source source, const char *member)
{
    const char *clear = body_text(r, member);
    if (clear == NULL) return NULL;
    if (source == FROM_MASKED) return mask(r->arena, member, clear);
    if (source == FROM_INDEX) return blind_index(r->arena, member, clear);
    return seal(r->arena, r->op->room, member, row_id(r), clear);
}

static void lay(json_t *copy, struct req *r, const char *member, const char *ending, const char *value)
{
    json_object_set_new(copy, arena_print(r->arena, "%s%s", member, ending),
                        value == NULL ? json_null() : json_string(value));
}

/* What a resident ID number says of its holder is read here, for after this it is sealed: digits 7 to 14 are the
 * birthday, the 17th is odd for men. Nothing is said for a number of another kind. */
static void lay_resident(json_t *copy, struct req *r, const char *member, const char *clear)
{
    bool resident = clear != NULL && format_cn_id(clear, strlen(clear), true);
    const char *birth_on = resident ? arena_print(r->arena, "%.4s-%.2s-%.2s", clear + 6, clear + 10, clear + 12) : NULL;
    lay(copy, r, member, "_birth_on", birth_on);
    lay(copy, r, member, "_gender", !resident ? NULL : clear[16] % 2 == 1 ? "male" : "female");
}

/* The whole body with its personal members sealed, and their masked forms and blind indexes beside them. */
static const char *whole(struct req *r)
{
    json_t *copy = json_copy(r->body);
    const char *member;
    json_t *value;
    json_object_foreach (r->body, member, value) {
        if (!json_is_true(json_object_get(r->op->body_members, member))) continue;
        lay(copy, r, member, "", personal(r, FROM_SEALED, member));
        lay(copy, r, member, "_masked", personal(r, FROM_MASKED, member));
        lay(copy, r, member, "_index", personal(r, FROM_INDEX, member));
        if (strcmp(member, "id_no") == 0) lay_resident(copy, r, member, body_text(r, member));
    }
    const char *text = member_text(r, copy);
    json_decref(copy);
    return text;
}

/* One link a request, however often its statements are tried. */
static const char *new_link(struct req *r, int word)
{
    if (r->link[LINK_HASH] == NULL) {
        struct new_link made = link_make(r->arena);
        r->link[LINK_HASH] = made.hash;
        r->link[LINK_URL] = made.url;
    }
    return r->link[word];
}

static const char *value_of(struct req *r, const struct word_source *s)
{
    switch (s->source) {
    case FROM_PATH: return r->path_values[s->index];
    case FROM_QUERY: return r->query_values[s->index];
    case FROM_FACT: return r->facts[s->index];
    case FROM_PAGE: return r->page[s->index];
    case FROM_WHOLE: return r->whole[s->index];
    case FROM_KEY: return r->key[s->index];
    case FROM_LINK: return new_link(r, s->index);
    case FROM_NEW_ID: return r->new_id;
    case FROM_HANDLER: return r->prepared;
    case FROM_PATCH: return whole(r);
    case FROM_BODY: {
        const json_t *value = json_object_get(r->body, s->name);
        return value == NULL ? NULL : member_text(r, value);
    }
    default: return personal(r, s->source, s->name);
    }
}

const char *const *bind_values(struct req *r, const struct bound *b)
{
    const char **values = arena_take(r->arena, sizeof *values * (size_t)(b->statement->word_count + 1));
    for (int i = 0; i < b->statement->word_count; i++) values[i] = value_of(r, &b->sources[i]);
    return values;
}
