/* Tokens from anywhere. The first byte says what the rest is: a whole token, a header, a payload or a signature of a
 * token whose other parts are good. Nothing but a signed payload may ever be accepted. */
#include "token.h"
#include "../forge.h"

#include <stdint.h>

#define GOOD_CLAIMS                                                                                                    \
    "{\"iss\":\"http://127.0.0.1:8080\",\"aud\":\"tepai\",\"sub\":\"0197f0c4-6f2e-7c31-9d8a-3b1f5e6a7c90\","           \
    "\"client_id\":\"tepai\",\"sid\":\"0197f0d0-5b1e-7a40-8c3f-2d9e6b7a1c05\",\"exp\":4102444800,"                     \
    "\"iat\":4102444200,\"nbf\":1,\"auth_time\":1,\"jti\":\"0197f0d0-5b1e-7a40-8c3f-2d9e6b7a1c06\","                   \
    "\"role\":\"county\",\"office\":\"st\",\"unit\":\"140427\"}"

static char token[FORGED_MAX + 8192], header[128];

static const char *folder;

static void leave_nothing(void)
{
    forge_close(folder);
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    folder = forge_open();
    atexit(leave_nothing);
    snprintf(header, sizeof header, "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", keys_active()->kid);
    return 0;
}

static size_t with_signature(const uint8_t *data, size_t size)
{
    size_t at = forge_part(token, 0, header, strlen(header));
    token[at++] = '.';
    at = forge_part(token, at, GOOD_CLAIMS, strlen(GOOD_CLAIMS));
    token[at++] = '.';
    return forge_part(token, at, data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct actor actor;
    if (size == 0 || size > 4096) return 0;
    uint8_t kind = data[0] & 3;
    data++;
    size--;
    EVP_PKEY *key = keys_active()->key;
    size_t token_size = size;
    if (kind == 0) memcpy(token, data, size);
    if (kind == 1) forge(token, key, data, size, GOOD_CLAIMS, strlen(GOOD_CLAIMS));
    if (kind == 2) forge(token, key, header, strlen(header), data, size);
    if (kind == 3) with_signature(data, size);
    if (kind != 0) token_size = strlen(token);
    if (token_verify(token, token_size, &actor) == OK && kind != 2) __builtin_trap();
    return 0;
}
