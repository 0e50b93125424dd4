/* Statements of the house. The header is written as one fixed text, so that there is no choice of algorithm in it. */
#include "proof.h"

#include "es256.h"
#include "keys.h"

#include <sodium.h>
#include <string.h>

static const char *encoded(struct arena *a, const void *bytes, size_t size)
{
    size_t room = sodium_base64_ENCODED_LEN(size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return sodium_bin2base64(arena_take(a, room), room, bytes, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

const char *proof_sign(struct arena *a, const char *typ, const char *payload)
{
    unsigned char signature[ES256_SIZE];
    const struct signing_key *key = keys_head_active();
    const char *header = arena_print(a, "{\"alg\":\"ES256\",\"typ\":\"%s\",\"kid\":\"%s\"}", typ, key->kid);
    const char *body =
        arena_print(a, "%s.%s", encoded(a, header, strlen(header)), encoded(a, payload, strlen(payload)));
    if (!es256_sign(key->key, body, strlen(body), signature)) return NULL;
    return arena_print(a, "%s.%s", body, encoded(a, signature, sizeof signature));
}
