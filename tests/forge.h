/* An independent maker of tokens, good and forged: any header, any payload, any key. */
#ifndef TEPAI_FORGE_H
#define TEPAI_FORGE_H

#include "config.h"
#include "keys.h"

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORGED_MAX 16384

/* Settings and keys of this program alone, in a folder that is told by the return value. */
static inline const char *forge_open(void)
{
    static char folder[] = "/tmp/tepai-test-XXXXXX", path[64];
    if (mkdtemp(folder) == NULL) abort();
    snprintf(path, sizeof path, "%s/keys.json", folder);
    if (!config_load() || !keys_load(path)) abort();
    return path;
}

static inline void forge_close(const char *path)
{
    char folder[64];
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    keys_free();
    remove(path);
    remove(folder);
}

/* Appends a part as base64url and gives the new size of the token. */
static inline size_t forge_part(char *token, size_t size, const void *bytes, size_t count)
{
    sodium_bin2base64(token + size, FORGED_MAX - size, bytes, count, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return size + strlen(token + size);
}

/* An ECDSA signature as r‖s, each of `half` bytes. */
static inline size_t forge_sign(EVP_PKEY *key, const EVP_MD *hash, const char *text, size_t size, unsigned char *out,
                                int half)
{
    unsigned char der[256];
    const unsigned char *at = der;
    size_t der_size = sizeof der;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (EVP_DigestSignInit(context, NULL, hash, NULL, key) != 1) abort();
    if (EVP_DigestSign(context, der, &der_size, (const unsigned char *)text, size) != 1) abort();
    EVP_MD_CTX_free(context);
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)der_size);
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, half);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + half, half);
    ECDSA_SIG_free(pair);
    return (size_t)half * 2;
}

/* header.payload, signed with ES256 under `key`. */
static inline void forge(char token[FORGED_MAX], EVP_PKEY *key, const void *header, size_t header_size,
                         const void *payload, size_t payload_size)
{
    unsigned char signature[64];
    size_t size = forge_part(token, 0, header, header_size);
    token[size++] = '.';
    size = forge_part(token, size, payload, payload_size);
    forge_sign(key, EVP_sha256(), token, size, signature, 32);
    token[size++] = '.';
    forge_part(token, size, signature, sizeof signature);
}

#endif
