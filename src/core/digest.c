/* One way to hash what is kept as its hash alone: links, refresh tokens, secrets of machines. */
#include "digest.h"

#include <sodium.h>
#include <string.h>

const char *digest_of_text(struct arena *a, const char *text)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[sizeof hash * 2 + 1];
    crypto_hash_sha256(hash, (const unsigned char *)text, strlen(text));
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return arena_print(a, "\\x%s", hex);
}
