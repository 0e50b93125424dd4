/* Reading and writing of the key file: JSON with the signing keys as PEM and everything else as base64url. The text
 * passes through memory of jansson, which is not locked; it is wiped before it is given back. */
#include "key_file.h"
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <libgen.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_SIZE_MAX 65536
#define PEM_SIZE_MAX  1024

static const char *const state_words[] = {"next", "active", "retired"};
static const char *const secret_words[SECRET_COUNT] = {"pepper", "blind_index", "cursor", "sign_in", "refresh"};

static void *refuse(const char *path, const char *reason)
{
    log_line(LOG_ERROR, "key_file_refused", "path", path, "reason", reason, NULL);
    return NULL;
}

void signing_key_free(struct signing_key *k)
{
    EVP_PKEY_free(k->key);
    sodium_free(k->pem);
}

void key_set_free(struct key_set *set)
{
    if (set == NULL) return;
    for (int i = 0; i < set->signing_count; i++) signing_key_free(&set->signing[i]);
    for (int i = 0; i < set->head_count; i++) signing_key_free(&set->heads[i]);
    sodium_free(set->data);
    sodium_free(set->secrets);
    free(set);
}

static struct key_set *key_set_new(int data_count)
{
    struct key_set *set = calloc(1, sizeof *set);
    if (set == NULL) return NULL;
    set->data_count = data_count;
    set->data = sodium_allocarray((size_t)data_count, SECRET_SIZE);
    set->secrets = sodium_allocarray(SECRET_COUNT, SECRET_SIZE);
    if (set->data != NULL && set->secrets != NULL) return set;
    key_set_free(set);
    return NULL;
}

static bool coordinate(EVP_PKEY *key, const char *name, char out[44])
{
    BIGNUM *number = NULL;
    unsigned char bytes[32];
    bool good = EVP_PKEY_get_bn_param(key, name, &number) == 1 && BN_bn2binpad(number, bytes, sizeof bytes) == 32;
    BN_free(number);
    if (good) sodium_bin2base64(out, 44, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return good;
}

/* The point and its thumbprint (RFC 7638: required members in lexical order, no blanks). False for another curve. */
static bool name_key(struct signing_key *k)
{
    char curve[32], text[160];
    unsigned char hash[crypto_hash_sha256_BYTES];
    if (EVP_PKEY_get_utf8_string_param(k->key, OSSL_PKEY_PARAM_GROUP_NAME, curve, sizeof curve, NULL) != 1)
        return false;
    if (strcmp(curve, "prime256v1") != 0) return false;
    if (!coordinate(k->key, OSSL_PKEY_PARAM_EC_PUB_X, k->x)) return false;
    if (!coordinate(k->key, OSSL_PKEY_PARAM_EC_PUB_Y, k->y)) return false;
    int size = snprintf(text, sizeof text, "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}", k->x, k->y);
    crypto_hash_sha256(hash, (const unsigned char *)text, (unsigned long long)size);
    sodium_bin2base64(k->kid, sizeof k->kid, hash, sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return true;
}

static bool keep_pem(struct signing_key *k, const char *pem, size_t size)
{
    k->pem = sodium_malloc(size + 1);
    if (k->pem == NULL) return false;
    memcpy(k->pem, pem, size);
    k->pem[size] = '\0';
    k->pem_size = size;
    return true;
}

bool signing_key_make(struct signing_key *k, enum key_state state)
{
    char *pem = NULL;
    *k = (struct signing_key){.state = state, .key = EVP_EC_gen("P-256")};
    BIO *out = BIO_new(BIO_s_mem());
    bool good = out != NULL && k->key != NULL && name_key(k) &&
                PEM_write_bio_PrivateKey(out, k->key, NULL, NULL, 0, NULL, NULL) == 1;
    if (good) {
        long size = BIO_get_mem_data(out, &pem);
        good = keep_pem(k, pem, (size_t)size);
    }
    BIO_free(out); /* clears what it held */
    return good;
}

bool head_key_add(struct key_set *set)
{
    if (set->head_count == HEAD_KEYS_MAX) return false;
    if (set->head_count > 0) set->heads[set->head_count - 1].state = KEY_RETIRED;
    return signing_key_make(&set->heads[set->head_count++], KEY_ACTIVE);
}

struct key_set *key_set_make(void)
{
    struct key_set *set = key_set_new(1);
    if (set == NULL) return NULL;
    set->data_ids[0] = 1;
    randombytes_buf(set->data, SECRET_SIZE);
    randombytes_buf(set->secrets, (size_t)SECRET_COUNT * SECRET_SIZE);
    set->signing_count = 2;
    bool good = signing_key_make(&set->signing[0], KEY_ACTIVE) && signing_key_make(&set->signing[1], KEY_NEXT) &&
                head_key_add(set);
    if (good) return set;
    key_set_free(set);
    return NULL;
}

bool data_key_add(struct key_set *set)
{
    size_t held = (size_t)set->data_count;
    if (set->data_count == DATA_KEYS_MAX || set->data_ids[held - 1] == UINT32_MAX) return false;
    unsigned char *more = sodium_allocarray(held + 1, SECRET_SIZE);
    if (more == NULL) return false;
    memcpy(more, set->data, held * SECRET_SIZE);
    randombytes_buf(more + held * SECRET_SIZE, SECRET_SIZE);
    sodium_free(set->data);
    set->data = more;
    set->data_ids[held] = set->data_ids[held - 1] + 1;
    set->data_count++;
    return true;
}

static bool read_secret(unsigned char *out, const json_t *node)
{
    size_t size = 0;
    const char *text = json_string_value(node), *end = NULL;
    return text != NULL &&
           sodium_base642bin(out, SECRET_SIZE, text, json_string_length(node), NULL, &size, &end,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           size == SECRET_SIZE && *end == '\0';
}

static bool read_state(const char *word, enum key_state *state)
{
    for (int i = 0; word != NULL && i < 3; i++) {
        if (strcmp(word, state_words[i]) != 0) continue;
        *state = (enum key_state)i;
        return true;
    }
    return false;
}

static bool read_signing_key(struct signing_key *k, const json_t *node)
{
    const json_t *pem = json_object_get(node, "pem");
    const char *kid = json_string_value(json_object_get(node, "kid"));
    size_t size = json_string_length(pem);
    if (kid == NULL || size == 0 || size > PEM_SIZE_MAX) return false;
    if (!read_state(json_string_value(json_object_get(node, "state")), &k->state)) return false;
    k->retired_at = json_integer_value(json_object_get(node, "retired_at"));
    if (!keep_pem(k, json_string_value(pem), size)) return false;
    BIO *in = BIO_new_mem_buf(k->pem, (int)size);
    if (in == NULL) return false;
    k->key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
    BIO_free(in);
    return k->key != NULL && EVP_PKEY_is_a(k->key, "EC") && name_key(k) && strcmp(k->kid, kid) == 0;
}

/* One key signs and one is announced, or the file was not made by us. */
static bool read_signing_keys(struct key_set *set, const json_t *list)
{
    int states[3] = {0};
    if (json_array_size(list) > SIGNING_KEYS_MAX) return false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!read_signing_key(&set->signing[set->signing_count++], json_array_get(list, i))) return false;
        states[set->signing[i].state]++;
    }
    return states[KEY_ACTIVE] == 1 && states[KEY_NEXT] == 1;
}

static bool read_head_keys(struct key_set *set, const json_t *list)
{
    size_t count = json_array_size(list);
    if (count > HEAD_KEYS_MAX) return false;
    for (size_t i = 0; i < count; i++) {
        struct signing_key *k = &set->heads[set->head_count++];
        bool signs = i + 1 == count;
        if (!read_signing_key(k, json_array_get(list, i)) || k->state != (signs ? KEY_ACTIVE : KEY_RETIRED))
            return false;
    }
    return true;
}

static bool read_data_keys(struct key_set *set, const json_t *list)
{
    for (int i = 0; i < set->data_count; i++) {
        const json_t *node = json_array_get(list, (size_t)i);
        json_int_t id = json_integer_value(json_object_get(node, "id"));
        if (id < 1 || id > UINT32_MAX) return false;
        set->data_ids[i] = (uint32_t)id;
        if (i > 0 && set->data_ids[i] <= set->data_ids[i - 1]) return false;
        if (!read_secret(set->data + (size_t)i * SECRET_SIZE, json_object_get(node, "key"))) return false;
    }
    return true;
}

static struct key_set *read_set(const json_t *root)
{
    const json_t *data = json_object_get(root, "data"), *secrets = json_object_get(root, "secrets");
    size_t data_count = json_array_size(data);
    if (data_count == 0 || data_count > DATA_KEYS_MAX) return NULL;
    struct key_set *set = key_set_new((int)data_count);
    if (set == NULL) return NULL;
    bool good = read_signing_keys(set, json_object_get(root, "signing")) &&
                read_head_keys(set, json_object_get(root, "heads")) && read_data_keys(set, data);
    for (int i = 0; good && i < SECRET_COUNT; i++) {
        good = read_secret(set->secrets + (size_t)i * SECRET_SIZE, json_object_get(secrets, secret_words[i]));
    }
    if (good) return set;
    key_set_free(set);
    return NULL;
}

/* Overwrites every text of a tree; what remains of it is only fit to be given back. */
static void wipe(json_t *node)
{
    const char *name;
    json_t *part;
    size_t i;
    if (json_is_string(node)) sodium_memzero((char *)(uintptr_t)json_string_value(node), json_string_length(node));
    json_object_foreach (node, name, part) {
        wipe(part);
    }
    json_array_foreach (node, i, part) {
        wipe(part);
    }
}

/* The bytes of an open file in locked memory; NULL when it is too large or cannot be read. */
static char *slurp(int file, size_t *size)
{
    char *bytes = sodium_malloc(FILE_SIZE_MAX);
    ssize_t got = 1;
    for (*size = 0; bytes != NULL && got > 0 && *size < FILE_SIZE_MAX; *size += (size_t)got) {
        got = read(file, bytes + *size, FILE_SIZE_MAX - *size);
        if (got < 0) break;
    }
    if (got == 0) return bytes;
    sodium_free(bytes);
    return NULL;
}

struct key_set *key_file_read(const char *path)
{
    struct stat about;
    size_t size = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return refuse(path, strerrordesc_np(errno));
    bool known = fstat(file, &about) == 0 && S_ISREG(about.st_mode);
    bool open_to_others = !known || (about.st_mode & (S_IRWXG | S_IRWXO)) != 0;
    char *bytes = open_to_others ? NULL : slurp(file, &size);
    close(file);
    if (!known) return refuse(path, "not a regular file");
    if (open_to_others) return refuse(path, "others than its owner may open it: chmod 600");
    if (bytes == NULL) return refuse(path, "cannot be read");
    json_t *root = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, NULL);
    struct key_set *set = read_set(root);
    wipe(root);
    json_decref(root);
    sodium_free(bytes);
    if (set == NULL) return refuse(path, "damaged or not a key file");
    set->file = about;
    return set;
}

static json_t *write_secret(const unsigned char *secret)
{
    char text[44];
    sodium_bin2base64(text, sizeof text, secret, SECRET_SIZE, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    json_t *node = json_string(text);
    sodium_memzero(text, sizeof text);
    return node;
}

static json_t *write_signing_keys(const struct signing_key *keys, int count)
{
    json_t *list = json_array();
    for (const struct signing_key *k = keys; k < keys + count; k++) {
        json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:s}", "kid", k->kid, "state", state_words[k->state],
                                              "retired_at", (json_int_t)k->retired_at, "pem", k->pem));
    }
    return list;
}

static json_t *write_set(const struct key_set *set)
{
    json_t *data = json_array(), *secrets = json_object();
    for (int i = 0; i < set->data_count; i++) {
        json_array_append_new(data, json_pack("{s:I, s:o}", "id", (json_int_t)set->data_ids[i], "key",
                                              write_secret(set->data + (size_t)i * SECRET_SIZE)));
    }
    for (int i = 0; i < SECRET_COUNT; i++) {
        json_object_set_new(secrets, secret_words[i], write_secret(set->secrets + (size_t)i * SECRET_SIZE));
    }
    return json_pack("{s:o, s:o, s:o, s:o}", "signing", write_signing_keys(set->signing, set->signing_count), "heads",
                     write_signing_keys(set->heads, set->head_count), "data", data, "secrets", secrets);
}

static bool sync_folder(const char *path)
{
    char *copy = strdup(path);
    int folder = copy == NULL ? -1 : open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = folder >= 0 && fsync(folder) == 0;
    if (folder >= 0) close(folder);
    free(copy);
    return good;
}

/* link() fails when the name is taken, so of two servers that start at once one wins and the other reads. */
static bool put_in_place(const char *temporary, const char *path, bool replace)
{
    if (replace) return rename(temporary, path) == 0 && sync_folder(path);
    bool good = link(temporary, path) == 0;
    int reason = errno;
    unlink(temporary);
    errno = reason;
    return good && sync_folder(path);
}

bool key_file_write(const char *path, const struct key_set *set, bool replace)
{
    char temporary[4096];
    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary) return false;
    int file = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
    if (file < 0) return false;
    json_t *root = write_set(set);
    bool good = root != NULL && json_dumpfd(root, file, JSON_INDENT(1)) == 0 && fsync(file) == 0;
    wipe(root);
    json_decref(root);
    if (close(file) != 0) good = false;
    if (good) return put_in_place(temporary, path, replace);
    unlink(temporary);
    return false;
}
