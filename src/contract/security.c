/* Who may call at all, said twice in the contract: for the program in x-roles and x-scopes, for clients in `security`.
 * Where the two disagree one of them is wrong, so the start is stopped. */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCOPES_MAX 64 /* bits of a number */

static const char *scopes[SCOPES_MAX];
static int scope_count;

static uint64_t bit_of(const char *word, size_t size)
{
    for (int i = 0; i < scope_count; i++) {
        if (strlen(scopes[i]) == size && memcmp(scopes[i], word, size) == 0) return UINT64_C(1) << i;
    }
    return 0;
}

uint64_t contract_scopes(const char *words)
{
    uint64_t bits = 0;
    while (*words != '\0') {
        size_t size = strcspn(words, " ");
        bits |= bit_of(words, size);
        words += size + (words[size] == ' ');
    }
    return bits;
}

const char *contract_scope(int index)
{
    return index < scope_count ? scopes[index] : NULL;
}

/* Scopes are a room, a colon, read or write, and stand in the scheme `machine` with a sentence. */
static bool load_scope(const struct op *op, const char *word)
{
    const json_t *scheme = load_component("securitySchemes", "machine");
    const json_t *flow = json_object_get(json_object_get(scheme, "flows"), "clientCredentials");
    const char *colon = word == NULL ? NULL : strchr(word, ':');
    bool shaped = colon != NULL && strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_") == (size_t)(colon - word) &&
                  (strcmp(colon, ":read") == 0 || strcmp(colon, ":write") == 0);
    if (!shaped) return load_stop(op, "x-scopes has a word that is no scope");
    if (json_object_get(json_object_get(flow, "scopes"), word) == NULL)
        return load_stop(op, "its scope %s is not described in the security scheme", word);
    if (bit_of(word, strlen(word)) != 0) return true;
    if (scope_count == SCOPES_MAX) return load_stop(op, "there are too many scopes");
    scopes[scope_count++] = word;
    return true;
}

/* Whoever proves nobody's presence opens nothing that asks for a recent sign-in, and acts for a county alone. */
static bool load_scopes(struct op *op, const json_t *words)
{
    const json_t *word;
    size_t i;
    char text[200] = "";
    bool for_county = op->is_public;
    op->scope_text = "";
    op->scope_array = "{}";
    if (words == NULL) return true;
    for (int p = 0; p < op->permission_count; p++)
        for_county |= op->permissions[p].role == DB_COUNTY && !op->permissions[p].admin;
    if (json_array_size(words) == 0 || !for_county) return load_stop(op, "its x-scopes are of no use to a county");
    json_array_foreach (words, i, word) {
        if (!load_scope(op, json_string_value(word))) return false;
        size_t size = strlen(text);
        snprintf(text + size, sizeof text - size, "%s%s", i == 0 ? "" : " ", json_string_value(word));
    }
    op->has_scopes = true;
    op->scopes = contract_scopes(text);
    op->scope_text = strdup(text);
    size_t room = strlen(text) + 3;
    char *array = malloc(room);
    if (op->scope_text == NULL || array == NULL) return false;
    snprintf(array, room, "{%s}", text);
    for (char *c = array; *c != '\0'; c++) {
        if (*c == ' ') *c = ',';
    }
    op->scope_array = array;
    return true;
}

/* The alternatives of `security`: nobody, or one scheme each. */
struct offered {
    bool none, bearer, capability, client;
    const json_t *machine;
};

static bool load_alternative(const struct op *op, const json_t *alternative, struct offered *o)
{
    void *first = json_object_iter((json_t *)alternative);
    const char *scheme = first == NULL ? "" : json_object_iter_key(first);
    bool known = true;
    if (json_object_size(alternative) > 1) return load_stop(op, "its security asks for two proofs at once");
    if (first == NULL)
        o->none = true;
    else if (strcmp(scheme, "bearer") == 0)
        o->bearer = true;
    else if (strcmp(scheme, "capability") == 0)
        o->capability = true;
    else if (strcmp(scheme, "client_secret") == 0)
        o->client = true;
    else if (strcmp(scheme, "machine") == 0)
        o->machine = json_object_iter_value(first);
    else
        known = false;
    return known || load_stop(op, "its security has the unknown scheme %s", scheme);
}

bool load_security(struct op *op, const json_t *node)
{
    struct offered o = {0};
    const json_t *alternative, *words = json_object_get(node, "x-scopes");
    size_t i;
    bool people = false, institutions = false;
    json_array_foreach (json_object_get(node, "security"), i, alternative) {
        if (!load_alternative(op, alternative, &o)) return false;
    }
    for (int p = 0; p < op->permission_count; p++) {
        people |= op->permissions[p].role != DB_PUBLIC;
        institutions |= op->permissions[p].role == DB_PUBLIC;
    }
    op->takes_client = o.client;
    if (op->is_public) people = !o.client;
    bool links = o.capability == institutions || (o.capability && op->is_public);
    if (o.none != op->is_public || o.bearer != people || !links)
        return load_stop(op, "its x-roles and its security disagree");
    if ((words == NULL) != (o.machine == NULL) || (words != NULL && !json_equal(words, o.machine)))
        return load_stop(op, "its x-scopes and its security disagree");
    return load_scopes(op, words);
}
