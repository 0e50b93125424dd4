/* ES256 signatures as JWS has them: r and s of 32 bytes each (RFC 7518, 3.4). */
#ifndef TEPAI_ES256_H
#define TEPAI_ES256_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>

#define ES256_SIZE 64

/* The public key at a point of the curve, its coordinates in base64url (RFC 7518, 6.2.1). NULL when it is no point of
 * it. The caller gives it back with EVP_PKEY_free(). */
EVP_PKEY *es256_public(const char *x, const char *y);

/* False when OpenSSL has no memory or randomness. */
bool es256_sign(EVP_PKEY *key, const char *text, size_t size, unsigned char out[ES256_SIZE]);

bool es256_holds(EVP_PKEY *key, const char *text, size_t size, const unsigned char signature[ES256_SIZE]);

#endif
