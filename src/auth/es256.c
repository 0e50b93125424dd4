/* ES256 by OpenSSL. It works on signatures in DER; ours are the two numbers side by side, as JWS wants them. */
#include "es256.h"
#include "base64.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/params.h>
#include <sodium.h>
#include <string.h>

/* Order of P-256: both halves of a signature are from 1 to one less than it. */
static const unsigned char order[32] = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                        0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};

/* One INTEGER of DER: no leading zeros but the one that keeps the number positive. Its size, 0 when out of range. */
static size_t der_integer(unsigned char out[35], const unsigned char number[32])
{
    if (sodium_is_zero(number, 32) || memcmp(number, order, 32) >= 0) return 0;
    size_t skip = 0;
    while (number[skip] == 0) skip++;
    size_t sign = number[skip] >> 7, size = 32 - skip;
    out[0] = 0x02;
    out[1] = (unsigned char)(size + sign);
    out[2] = 0;
    memcpy(out + 2 + sign, number + skip, size);
    return 2 + sign + size;
}

static bool coordinate(unsigned char out[32], const char *text)
{
    size_t size = 0;
    return text != NULL && base64url_read(text, strlen(text), out, 32, &size) && size == 32;
}

/* OpenSSL refuses a point that does not lie on the curve. */
EVP_PKEY *es256_public(const char *x, const char *y)
{
    unsigned char point[65] = {0x04}; /* uncompressed */
    if (!coordinate(point + 1, x) || !coordinate(point + 33, y)) return NULL;
    OSSL_PARAM of[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char[]){"prime256v1"}, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    bool made = context != NULL && EVP_PKEY_fromdata_init(context) == 1 &&
                EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, of) == 1;
    EVP_PKEY_CTX_free(context);
    return made ? key : NULL;
}

bool es256_holds(EVP_PKEY *key, const char *text, size_t size, const unsigned char signature[ES256_SIZE])
{
    unsigned char r[35], s[35], der[72] = {0x30};
    size_t r_size = der_integer(r, signature), s_size = der_integer(s, signature + 32);
    if (r_size == 0 || s_size == 0) return false;
    der[1] = (unsigned char)(r_size + s_size);
    memcpy(der + 2, r, r_size);
    memcpy(der + 2 + r_size, s, s_size);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool holds = context != NULL && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                 EVP_DigestVerify(context, der, 2 + r_size + s_size, (const unsigned char *)text, size) == 1;
    EVP_MD_CTX_free(context);
    return holds;
}

bool es256_sign(EVP_PKEY *key, const char *text, size_t size, unsigned char out[ES256_SIZE])
{
    unsigned char der[80];
    const unsigned char *at = der;
    size_t der_size = sizeof der;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool made = context != NULL && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestSign(context, der, &der_size, (const unsigned char *)text, size) == 1;
    EVP_MD_CTX_free(context);
    ECDSA_SIG *pair = made ? d2i_ECDSA_SIG(NULL, &at, (long)der_size) : NULL;
    made = pair != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, 32) == 32 &&
           BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + 32, 32) == 32;
    ECDSA_SIG_free(pair);
    return made;
}
