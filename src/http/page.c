/* Pages of a list: the order asked for, the position the page begins at, and the cursor that says where the next one
 * does. A cursor is signed so that nobody builds positions by hand, and names its list, order and filters so that it
 * fits no other; it carries no rights. */
#include "base64.h"
#include "keys.h"
#include "stops.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_DEFAULT   50
#define SIGNATURE_BYTES 16
#define CURSOR_MAX      512
#define CURSOR_KEY_ID   1

static const char *query_value(const struct req *r, const char *name)
{
    for (int i = 0; i < r->op->query_count; i++) {
        if (strcmp(r->op->query[i].name, name) == 0) return r->query_values[i];
    }
    return NULL;
}

static fail_t choose_order(struct req *r)
{
    const char *sort = query_value(r, "sort");
    const struct order *first = &r->op->orders[0];
    const char *word = sort == NULL ? first->word : sort;
    if (query_value(r, "q") != NULL) {
        if (strcmp(word, first->word) != 0) {
            faults_add(&r->faults, PLACE_PARAMETER, FAULT_NOT_ALLOWED, "sort", NULL);
            return VALIDATION_FAILED;
        }
        word = "q";
    }
    for (int i = 0; i < r->op->order_count; i++) {
        if (strcmp(r->op->orders[i].word, word) == 0) r->order = &r->op->orders[i];
    }
    return r->order == NULL ? INTERNAL_ERROR : OK;
}

/* Hash of everything that chooses rows, so that a cursor is good for the very same filters alone. */
static const char *filters_hash(const struct req *r)
{
    unsigned char hash[16];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    for (int i = 0; i < r->op->query_count; i++) {
        const char *name = r->op->query[i].name, *value = r->query_values[i];
        bool chooses = strcmp(name, "cursor") != 0 && strcmp(name, "limit") != 0 && strcmp(name, "total") != 0;
        if (value == NULL || !chooses) continue;
        crypto_generichash_update(&state, (const unsigned char *)name, strlen(name) + 1);
        crypto_generichash_update(&state, (const unsigned char *)value, strlen(value) + 1);
    }
    crypto_generichash_final(&state, hash, sizeof hash);
    char *hex = arena_take(r->arena, sizeof hash * 2 + 1);
    return sodium_bin2hex(hex, sizeof hash * 2 + 1, hash, sizeof hash);
}

static void sign(const char *payload, size_t size, unsigned char out[SIGNATURE_BYTES])
{
    unsigned char whole[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256(whole, (const unsigned char *)payload, size, keys_secret(SECRET_CURSOR));
    memcpy(out, whole, SIGNATURE_BYTES);
}

static size_t put_base64(char *to, size_t room, const void *bytes, size_t size)
{
    sodium_bin2base64(to, room, bytes, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return strlen(to);
}

const char *page_cursor(struct req *r, const char *value, const char *id)
{
    json_t *j = json_pack("{s:i,s:s,s:i,s:s,s:s,s:[s,s]}", "v", 1, "o", r->op->id, "k", CURSOR_KEY_ID, "s",
                          r->order->word, "f", filters_hash(r), "a", value, id);
    char *text = json_dumps(j, JSON_COMPACT);
    json_decref(j);
    unsigned char signature[SIGNATURE_BYTES];
    sign(text, strlen(text), signature);
    size_t room = sodium_base64_ENCODED_LEN(strlen(text), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *out = arena_take(r->arena, room + sizeof signature * 2);
    size_t size = put_base64(out, room, text, strlen(text));
    out[size] = '.';
    put_base64(out + size + 1, sizeof signature * 2, signature, sizeof signature);
    free(text);
    return out;
}

static bool is_word(const json_t *j, const char *member, const char *wanted)
{
    const char *value = json_string_value(json_object_get(j, member));
    return value != NULL && strcmp(value, wanted) == 0;
}

/* The signed part of a cursor, or NULL when one bit of it is not ours. */
static json_t *cursor_payload(const char *cursor)
{
    char text[CURSOR_MAX];
    unsigned char signature[64], right[SIGNATURE_BYTES];
    size_t text_size, signature_size;
    const char *dot = strchr(cursor, '.');
    if (dot == NULL || !base64url_read(cursor, (size_t)(dot - cursor), text, sizeof text, &text_size)) return NULL;
    if (!base64url_read(dot + 1, strlen(dot + 1), signature, sizeof signature, &signature_size)) return NULL;
    sign(text, text_size, right);
    if (signature_size != sizeof right || sodium_memcmp(signature, right, sizeof right) != 0) return NULL;
    json_error_t error;
    return json_loadb(text, text_size, JSON_REJECT_DUPLICATES, &error);
}

static fail_t open_cursor(struct req *r, const char *cursor)
{
    json_t *j = cursor_payload(cursor);
    bool fits = is_word(j, "o", r->op->id) && is_word(j, "s", r->order->word) && is_word(j, "f", filters_hash(r));
    const json_t *after = json_object_get(j, "a");
    const char *value = json_string_value(json_array_get(after, 0)), *id = json_string_value(json_array_get(after, 1));
    if (fits && value != NULL && id != NULL) {
        r->page[PAGE_AFTER_1] = arena_print(r->arena, "%s", value);
        r->page[PAGE_AFTER_ID] = arena_print(r->arena, "%s", id);
    }
    json_decref(j);
    return r->page[PAGE_AFTER_ID] == NULL ? CURSOR_INVALID : OK;
}

/* The page that a total counts, where one was asked for: from the beginning, and one row longer than is told. */
static void open_whole(struct req *r)
{
    const char *total = query_value(r, "total");
    r->counts = total != NULL && strcmp(total, "true") == 0;
    if (!r->counts) return;
    r->whole[PAGE_AFTER_1] = r->op->orders[0].first_value;
    r->whole[PAGE_AFTER_ID] = r->op->orders[0].first_id;
    r->whole[PAGE_LIMIT] = arena_print(r->arena, "%d", TOTAL_MAX + 1);
}

fail_t page_open(struct req *r)
{
    TRY(choose_order(r));
    open_whole(r);
    const char *limit = query_value(r, "limit"), *cursor = query_value(r, "cursor");
    r->limit = limit == NULL ? LIMIT_DEFAULT : (int)strtol(limit, NULL, 10);
    r->page[PAGE_LIMIT] = arena_print(r->arena, "%d", r->limit + 1);
    if (cursor != NULL) return open_cursor(r, cursor);
    r->page[PAGE_AFTER_1] = r->order->first_value;
    r->page[PAGE_AFTER_ID] = r->order->first_id;
    return OK;
}
