/* The key file: made once, private, noticed when it changes, and refused when it is damaged. */
#include "check.h"
#include "clock.h"
#include "forge.h"
#include "token.h"

#include <jansson.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *path;

static void edit(void (*change)(json_t *root))
{
    json_t *root = json_load_file(path, 0, NULL);
    change(root);
    json_dump_file(root, path, 0);
    json_decref(root);
}

static json_t *signing(json_t *root, size_t index)
{
    return json_array_get(json_object_get(root, "signing"), index);
}

static void test_first_start(void)
{
    struct stat about;
    CHECK(stat(path, &about) == 0 && (about.st_mode & 0777) == 0600);
    CHECK(keys_active()->state == KEY_ACTIVE);
    CHECK(strlen(keys_active()->kid) == 43);
    uint32_t id = 0;
    const unsigned char *newest = keys_data_newest(&id);
    CHECK(id == 1 && keys_data(1) == newest && keys_data(2) == NULL);
    for (enum secret s = 0; s < SECRET_COUNT; s++) {
        CHECK(!sodium_is_zero(keys_secret(s), 32));
        CHECK(s == 0 || memcmp(keys_secret(s), keys_secret(s - 1), 32) != 0);
    }
}

static void test_same_after_restart(void)
{
    char kid[44], pepper[32];
    snprintf(kid, sizeof kid, "%s", keys_active()->kid);
    memcpy(pepper, keys_secret(SECRET_PEPPER), 32);
    uint64_t epoch = keys_epoch();
    CHECK(keys_load(path));
    CHECK_TEXT(keys_active()->kid, kid);
    CHECK(memcmp(pepper, keys_secret(SECRET_PEPPER), 32) == 0);
    CHECK(keys_epoch() != epoch);
}

static void test_find(void)
{
    const char *kid = keys_active()->kid;
    CHECK(keys_find(kid, 43) == keys_active());
    CHECK(keys_find(kid, 42) == NULL);
    CHECK(keys_find("", 0) == NULL);
    CHECK(keys_find("x", 1) == NULL);
}

/* Heads of the feed are signed by a key of their own, which no token is accepted under, and the reverse. */
static void test_head_key(void)
{
    const struct signing_key *k = keys_head_active();
    CHECK(k->state == KEY_ACTIVE && keys_head_find(k->kid) == k);
    CHECK(keys_find(k->kid, strlen(k->kid)) == NULL);
    CHECK(keys_head_find(keys_active()->kid) == NULL);
}

/* After a rotation another key signs, and what the one before signed is still verified. */
static void test_head_key_rotates(void)
{
    char before[44];
    snprintf(before, sizeof before, "%s", keys_head_active()->kid);
    CHECK(keys_rotate(path) && keys_load(path));
    CHECK(strcmp(keys_head_active()->kid, before) != 0);
    CHECK(keys_head_find(before) != NULL && keys_head_find(before)->state == KEY_RETIRED);
}

static void drop_heads(json_t *root)
{
    json_object_del(root, "heads");
}

/* A file of a version that signed no heads gets the key, and keeps all others. */
static void test_older_file(void)
{
    char kid[44];
    snprintf(kid, sizeof kid, "%s", keys_active()->kid);
    edit(drop_heads);
    CHECK(keys_load(path));
    CHECK_TEXT(keys_active()->kid, kid);
    char made[44];
    snprintf(made, sizeof made, "%s", keys_head_active()->kid);
    CHECK(keys_load(path));
    CHECK_TEXT(keys_head_active()->kid, made);
}

/* The thumbprint, made another way (RFC 7638). */
static void test_jwks(void)
{
    struct arena *a = arena_new();
    json_t *set = json_loads(keys_jwks(a), 0, NULL), *keys = json_object_get(set, "keys"), *key;
    size_t i;
    CHECK(json_array_size(keys) == 3); /* active, next, and the one of heads */
    json_array_foreach (keys, i, key) {
        unsigned char hash[32];
        char thumbprint[44];
        json_t *required =
            json_pack("{s:O,s:O,s:O,s:O}", "kty", json_object_get(key, "kty"), "crv", json_object_get(key, "crv"), "x",
                      json_object_get(key, "x"), "y", json_object_get(key, "y"));
        char *text = json_dumps(required, JSON_SORT_KEYS | JSON_COMPACT);
        crypto_hash_sha256(hash, (const unsigned char *)text, strlen(text));
        sodium_bin2base64(thumbprint, sizeof thumbprint, hash, 32, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
        CHECK_TEXT(thumbprint, json_string_value(json_object_get(key, "kid")));
        CHECK_TEXT(json_string_value(json_object_get(key, "alg")), "ES256");
        CHECK(json_object_get(key, "d") == NULL && json_object_size(key) == 7);
        json_decref(required);
        free(text);
    }
    json_decref(set);
    arena_free(a);
}

/* Twelve processes start at once without a file: one file, one active key. */
static void test_concurrent_first_start(void)
{
    char kids[12][44] = {0};
    remove(path);
    int ends[2];
    if (pipe(ends) != 0) return;
    for (int i = 0; i < 12; i++) {
        if (fork() != 0) continue;
        bool good = keys_load(path);
        ssize_t sent = write(ends[1], good ? keys_active()->kid : "failed", 44);
        _exit(sent == 44 ? 0 : 1);
    }
    for (int i = 0; i < 12; i++) CHECK(read(ends[0], kids[i], 44) == 44);
    while (wait(NULL) > 0) continue;
    CHECK(keys_load(path));
    for (int i = 0; i < 12; i++) CHECK_TEXT(kids[i], keys_active()->kid);
    close(ends[0]);
    close(ends[1]);
}

static const char *next_kid(void)
{
    static char kid[44];
    json_t *root = json_load_file(path, 0, NULL);
    for (size_t i = 0; i < json_array_size(json_object_get(root, "signing")); i++) {
        if (strcmp(json_string_value(json_object_get(signing(root, i), "state")), "next") == 0)
            snprintf(kid, sizeof kid, "%s", json_string_value(json_object_get(signing(root, i), "kid")));
    }
    json_decref(root);
    return kid;
}

/* As two servers and a `keys rotate` beside them: a token under the new key arrives at one that has not noticed. */
static void test_rotation_is_noticed(void)
{
    char old[44], was_next[44];
    snprintf(old, sizeof old, "%s", keys_active()->kid);
    snprintf(was_next, sizeof was_next, "%s", next_kid());
    CHECK(keys_rotate(path));
    CHECK_TEXT(keys_active()->kid, old);
    sleep(1);
    usleep(100000);
    const char *fresh = next_kid();
    CHECK(keys_find(fresh, strlen(fresh)) != NULL);
    CHECK_TEXT(keys_active()->kid, was_next);
    CHECK(keys_find(old, strlen(old)) != NULL);
    CHECK(keys_find(old, strlen(old))->state == KEY_RETIRED);
}

/* No more than one look a second: an unknown kid costs a caller nothing. */
static void test_unknown_kid_is_cheap(void)
{
    int64_t began = clock_us();
    for (int i = 0; i < 100000; i++) {
        if (keys_find("unknown", 7) != NULL) CHECK(false);
    }
    CHECK(clock_us() - began < 1000000);
}

static int64_t retired_at;

static void retire(json_t *root)
{
    for (size_t i = 0; i < json_array_size(json_object_get(root, "signing")); i++) {
        json_t *key = signing(root, i);
        if (strcmp(json_string_value(json_object_get(key, "state")), "retired") == 0)
            json_object_set_new(key, "retired_at", json_integer(retired_at));
    }
}

static void test_retired_life(void)
{
    struct arena *a = arena_new();
    char old[44] = "";
    json_t *root = json_load_file(path, 0, NULL);
    for (size_t i = 0; i < json_array_size(json_object_get(root, "signing")); i++) {
        json_t *key = signing(root, i);
        if (strcmp(json_string_value(json_object_get(key, "state")), "retired") == 0)
            snprintf(old, sizeof old, "%s", json_string_value(json_object_get(key, "kid")));
    }
    json_decref(root);
    retired_at = clock_unix() - TOKEN_LIFETIME_S;
    edit(retire);
    CHECK(keys_load(path) && keys_find(old, strlen(old)) != NULL);
    CHECK(strstr(keys_jwks(a), old) != NULL);
    retired_at = clock_unix() - TOKEN_LIFETIME_S - TOKEN_LEEWAY_S;
    edit(retire);
    CHECK(keys_load(path) && keys_find(old, strlen(old)) == NULL);
    CHECK(strstr(keys_jwks(a), old) == NULL);
    CHECK(keys_rotate(path));
    root = json_load_file(path, 0, NULL);
    CHECK(json_array_size(json_object_get(root, "signing")) == 3); /* the old one is gone from the file too */
    json_decref(root);
    CHECK(keys_load(path));
    arena_free(a);
}

static void test_parallel_rotations(void)
{
    keys_free();
    remove(path);
    CHECK(keys_load(path));
    for (int i = 0; i < 4; i++) {
        if (fork() == 0) _exit(keys_rotate(path) ? 0 : 1);
    }
    int status, failed = 0;
    while (wait(&status) > 0) failed += status != 0;
    CHECK(failed == 0);
    json_t *root = json_load_file(path, 0, NULL);
    CHECK(json_array_size(json_object_get(root, "signing")) == 6);
    json_decref(root);
    CHECK(keys_load(path));
}

static void test_open_file_is_refused(void)
{
    static const mode_t modes[] = {0644, 0640, 0604, 0660, 0666, 0610};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        chmod(path, modes[i]);
        CHECK(!keys_load(path));
    }
    chmod(path, 0600);
    CHECK(keys_load(path));
    CHECK(!keys_load("/"));
    CHECK(!keys_load("/nowhere/keys.json"));
}

static void wrong_kid(json_t *root)
{
    json_object_set_new(signing(root, 0), "kid", json_string("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
}
static void wrong_state(json_t *root)
{
    json_object_set_new(signing(root, 0), "state", json_string("good"));
}
static void two_active(json_t *root)
{
    json_object_set_new(signing(root, 0), "state", json_string("active"));
    json_object_set_new(signing(root, 1), "state", json_string("active"));
}
static void no_signing(json_t *root)
{
    json_object_del(root, "signing");
}
static void no_data(json_t *root)
{
    json_array_clear(json_object_get(root, "data"));
}
static void short_secret(json_t *root)
{
    json_object_set_new(json_object_get(root, "secrets"), "pepper", json_string("AAAA"));
}
static void no_secret(json_t *root)
{
    json_object_del(json_object_get(root, "secrets"), "refresh");
}
static void doubled_data(json_t *root)
{
    json_t *data = json_object_get(root, "data");
    json_array_append(data, json_array_get(data, 0));
}
static void other_curve(json_t *root)
{
    char *text = NULL;
    EVP_PKEY *key = EVP_EC_gen("P-384");
    BIO *out = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL);
    long size = BIO_get_mem_data(out, &text);
    json_object_set_new(signing(root, 0), "pem", json_stringn(text, (size_t)size));
    BIO_free(out);
    EVP_PKEY_free(key);
}

static void test_damaged_files(void)
{
    static void (*const damages[])(json_t *) = {wrong_kid,    wrong_state, two_active,   no_signing, no_data,
                                                short_secret, no_secret,   doubled_data, other_curve};
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        edit(damages[i]);
        CHECK(!keys_load(path));
        remove(path);
        CHECK(keys_load(path));
    }
    static const char *const texts[] = {"", "{", "[]", "{}", "null"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        FILE *file = fopen(path, "w");
        fputs(texts[i], file);
        fclose(file);
        CHECK(!keys_load(path));
    }
    remove(path);
    CHECK(keys_load(path));
}

int main(void)
{
    path = forge_open();
    RUN(test_first_start);
    RUN(test_same_after_restart);
    RUN(test_find);
    RUN(test_jwks);
    RUN(test_head_key);
    RUN(test_older_file);
    RUN(test_head_key_rotates);
    RUN(test_concurrent_first_start);
    RUN(test_rotation_is_noticed);
    RUN(test_unknown_kid_is_cheap);
    RUN(test_retired_life);
    RUN(test_parallel_rotations);
    RUN(test_open_file_is_refused);
    RUN(test_damaged_files);
    forge_close(path);
    return REPORT();
}
