/* Personal data at rest. A sealed value is: algorithm (1 byte: 1 = XChaCha20-Poly1305), key id (4 bytes), nonce (24),
 * ciphertext and tag (16). Its place is bound in as additional data, so a value copied into another row, field or
 * table does not open there. Nonces are random, which 24 bytes allow. */
#include "seal.h"
#include "keys.h"

#include <ctype.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define ALGORITHM 1
#define HEAD      5
#define NONCE     crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG       crypto_aead_xchacha20poly1305_ietf_ABYTES

/* What is bound in: algorithm and key id of the value, then the words of its place, each ended by a NUL, so that no
 * two places read alike. `kind` keeps fields and kept answers apart. */
struct bound_in {
    const unsigned char *bytes;
    size_t size;
};

static struct bound_in bind_place(struct arena *a, const unsigned char head[HEAD], char kind,
                                  const char *const words[3])
{
    size_t size = HEAD + 1;
    for (int i = 0; i < 3; i++) size += strlen(words[i]) + 1;
    unsigned char *bytes = arena_take(a, size), *at = bytes + HEAD + 1;
    memcpy(bytes, head, HEAD);
    bytes[HEAD] = (unsigned char)kind;
    for (int i = 0; i < 3; i++) {
        size_t length = strlen(words[i]) + 1;
        memcpy(at, words[i], length);
        at += length;
    }
    return (struct bound_in){bytes, size};
}

static const char *to_bytea(struct arena *a, const unsigned char *bytes, size_t size)
{
    char *hex = arena_take(a, size * 2 + 3);
    hex[0] = '\\';
    hex[1] = 'x';
    sodium_bin2hex(hex + 2, size * 2 + 1, bytes, size);
    return hex;
}

static unsigned char *from_bytea(struct arena *a, const char *text, size_t *size)
{
    size_t length = strlen(text);
    if (length < 2 || text[0] != '\\' || text[1] != 'x') return NULL;
    unsigned char *bytes = arena_take(a, length / 2);
    bool good = sodium_hex2bin(bytes, length / 2, text + 2, length - 2, NULL, size, NULL) == 0;
    return good ? bytes : NULL;
}

static const char *seal_at(struct arena *a, char kind, const char *const words[3], const void *clear, size_t size)
{
    uint32_t id;
    const unsigned char *key = keys_data_newest(&id);
    unsigned char *out = arena_take(a, HEAD + NONCE + size + TAG);
    out[0] = ALGORITHM;
    for (int i = 0; i < 4; i++) out[1 + i] = (unsigned char)(id >> (24 - 8 * i));
    randombytes_buf(out + HEAD, NONCE);
    struct bound_in place = bind_place(a, out, kind, words);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + HEAD + NONCE, NULL, clear, size, place.bytes, place.size, NULL,
                                               out + HEAD, key);
    return to_bytea(a, out, HEAD + NONCE + size + TAG);
}

static const char *unseal_at(struct arena *a, char kind, const char *const words[3], const char *sealed, size_t *size)
{
    size_t got = 0;
    const unsigned char *in = from_bytea(a, sealed, &got);
    if (in == NULL || got < HEAD + NONCE + TAG || in[0] != ALGORITHM) return NULL;
    uint32_t id = (uint32_t)in[1] << 24 | (uint32_t)in[2] << 16 | (uint32_t)in[3] << 8 | in[4];
    const unsigned char *key = keys_data(id);
    if (key == NULL) return NULL;
    struct bound_in place = bind_place(a, in, kind, words);
    *size = got - HEAD - NONCE - TAG;
    char *clear = arena_take(a, *size + 1);
    int opened =
        crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)clear, NULL, NULL, in + HEAD + NONCE,
                                                   got - HEAD - NONCE, place.bytes, place.size, in + HEAD, key);
    return opened == 0 ? clear : NULL;
}

const char *seal(struct arena *a, const char *room, const char *field, const char *row, const char *clear)
{
    return seal_at(a, 'f', (const char *const[]){room, field, row}, clear, strlen(clear));
}

const char *unseal(struct arena *a, const char *room, const char *field, const char *row, const char *sealed)
{
    size_t size;
    return unseal_at(a, 'f', (const char *const[]){room, field, row}, sealed, &size);
}

const char *seal_bytes(struct arena *a, const char *context, const void *bytes, size_t size)
{
    return seal_at(a, 'b', (const char *const[]){context, "", ""}, bytes, size);
}

const char *unseal_bytes(struct arena *a, const char *context, const char *sealed, size_t *size)
{
    return unseal_at(a, 'b', (const char *const[]){context, "", ""}, sealed, size);
}

/* One character of a number as it is compared: full-width forms as ASCII, letters as capitals, blanks and hyphens left
 * out. Gives the bytes read from `at`. */
static size_t normal_character(const unsigned char *at, unsigned char *out, size_t *size)
{
    if (at[0] == 0xe3 && at[1] == 0x80 && at[2] == 0x80) return 3; /* the wide blank, U+3000 */
    unsigned char c = at[0];
    size_t taken = 1;
    if (c == 0xef && (at[1] == 0xbc || at[1] == 0xbd) && at[2] >= 0x80) { /* U+FF00 to U+FF7F */
        unsigned offset = (at[1] == 0xbd ? 0x40U : 0U) + (at[2] & 0x3fU);
        if (offset >= 1 && offset <= 0x5e) {
            c = (unsigned char)(0x20 + offset);
            taken = 3;
        }
    }
    if (c == '-' || c == ' ' || c == '\t') return taken;
    out[(*size)++] = (unsigned char)(c < 0x80 ? toupper(c) : c);
    return taken;
}

static unsigned char *normal(struct arena *a, const char *clear, size_t *size)
{
    const unsigned char *at = (const unsigned char *)clear;
    unsigned char *out = arena_take(a, strlen(clear) + 1);
    *size = 0;
    while (*at != '\0') at += normal_character(at, out, size);
    return out;
}

const char *blind_index(struct arena *a, const char *field, const char *clear)
{
    crypto_auth_hmacsha256_state state;
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    size_t size;
    const unsigned char *value = normal(a, clear, &size);
    crypto_auth_hmacsha256_init(&state, keys_secret(SECRET_BLIND_INDEX), 32);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)field, strlen(field) + 1);
    crypto_auth_hmacsha256_update(&state, value, size);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(&state, sizeof state);
    return to_bytea(a, mac, sizeof mac);
}

static bool is_phone(const char *field)
{
    size_t size = strlen(field);
    bool phone = size >= 5 && strcmp(field + size - 5, "phone") == 0;
    return phone || (size >= 6 && strcmp(field + size - 6, "mobile") == 0);
}

static bool is_mobile(const char *clear)
{
    return strlen(clear) == 11 && clear[0] == '1' && strspn(clear, "0123456789") == 11;
}

/* Characters that stay visible at both ends: never more than half of them. */
static void visible(const char *field, const char *clear, size_t count, size_t *first, size_t *last)
{
    if (is_phone(field) && is_mobile(clear)) {
        *first = 3;
        *last = 4;
        return;
    }
    *first = *last = count >= 16 ? 4 : count / 4;
}

const char *mask(struct arena *a, const char *field, const char *clear)
{
    size_t count = 0, first, last, at = 0, size = 0;
    for (const char *c = clear; *c != '\0'; c++) count += (*c & 0xc0) != 0x80;
    visible(field, clear, count, &first, &last);
    char *out = arena_take(a, strlen(clear) + 1);
    for (const char *c = clear; *c != '\0'; c++) {
        bool begins = (*c & 0xc0) != 0x80;
        at += begins;
        if (at <= first || at > count - last)
            out[size++] = *c;
        else if (begins)
            out[size++] = '*';
    }
    return out;
}
