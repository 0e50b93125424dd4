/* Tokens of capability links: `cap_`, then base64url of 32 random bytes and the first 16 of their HMAC-SHA-256. */
#include "link.h"

#include "base64.h"
#include "config.h"
#include "digest.h"
#include "keys.h"

#include <sodium.h>
#include <string.h>

#define PREFIX       "cap_"
#define RANDOM_BYTES 32
#define MAC_BYTES    16
#define TOKEN_BYTES  (RANDOM_BYTES + MAC_BYTES)
#define TOKEN_SIZE   68UL /* the prefix and 64 characters of base64url */

/* The key is one of its own, derived from that of refresh tokens: the file of keys needs no new member for it. */
static void authenticate(unsigned char mac[MAC_BYTES], const unsigned char random[RANDOM_BYTES])
{
    unsigned char key[crypto_auth_hmacsha256_KEYBYTES], whole[crypto_auth_hmacsha256_BYTES];
    crypto_kdf_derive_from_key(key, sizeof key, 1, "caplinks", keys_secret(SECRET_REFRESH));
    crypto_auth_hmacsha256(whole, random, RANDOM_BYTES, key);
    memcpy(mac, whole, MAC_BYTES);
    sodium_memzero(key, sizeof key);
}

struct new_link link_make(struct arena *a)
{
    unsigned char bytes[TOKEN_BYTES];
    char text[sodium_base64_ENCODED_LEN(TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    randombytes_buf(bytes, RANDOM_BYTES);
    authenticate(bytes + RANDOM_BYTES, bytes);
    sodium_bin2base64(text, sizeof text, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    const char *token = arena_print(a, PREFIX "%s", text), *front = config_text(SETTING_FRONT_URL);
    if (front[0] == '\0') front = config_text(SETTING_PUBLIC_URL);
    return (struct new_link){.url = arena_print(a, "%s/answer#%s", front, token), .hash = digest_of_text(a, token)};
}

const char *link_hash(struct arena *a, const char *token)
{
    unsigned char bytes[TOKEN_BYTES], mac[MAC_BYTES];
    size_t prefix = strlen(PREFIX), size = 0;
    if (strlen(token) != TOKEN_SIZE || strncmp(token, PREFIX, prefix) != 0) return NULL;
    if (!base64url_read(token + prefix, TOKEN_SIZE - prefix, bytes, sizeof bytes, &size)) return NULL;
    if (size != sizeof bytes) return NULL;
    authenticate(mac, bytes);
    return sodium_memcmp(mac, bytes + RANDOM_BYTES, MAC_BYTES) == 0 ? digest_of_text(a, token) : NULL;
}
