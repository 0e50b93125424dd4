/* Addresses and keys of sign-in counters. */
#include "sign_in.h"
#include "address.h"
#include "keys.h"
#include "row.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

const char *sign_in_key(struct arena *a, const char *kind, const char *text)
{
    crypto_auth_hmacsha256_state state;
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    char *hex = arena_take(a, sizeof mac * 2 + 3);
    crypto_auth_hmacsha256_init(&state, keys_secret(SECRET_SIGN_IN), 32);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)kind, strlen(kind) + 1);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, strlen(text));
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(&state, sizeof state);
    memcpy(hex, "\\x", 2);
    sodium_bin2hex(hex + 2, sizeof mac * 2 + 1, mac, sizeof mac);
    return hex;
}

const char *folded(struct arena *a, const char *text)
{
    char *copy = arena_copy(a, text, strlen(text));
    for (char *c = copy; *c != '\0'; c++) {
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c + ('a' - 'A'));
    }
    return copy;
}

void origin_of(struct req *r, struct origin *o)
{
    struct address from = address_of(r);
    char address[INET6_ADDRSTRLEN], network[INET6_ADDRSTRLEN];
    *o = (struct origin){0};
    if (from.family == 0) return;
    inet_ntop(from.family, from.bytes, address, sizeof address);
    if (from.family == AF_INET)
        from.bytes[3] = 0;
    else
        memset(from.bytes + 7, 0, 9);
    inet_ntop(from.family, from.bytes, network, sizeof network);
    o->network = arena_print(r->arena, "%s/%d", network, from.family == AF_INET ? 24 : 56);
    if (from.is_local) return;
    o->address_key = sign_in_key(r->arena, "address", address);
    o->network_key = sign_in_key(r->arena, "network", o->network);
}

fail_t judge_wait(struct req *r, const PGresult *result)
{
    const char *wait = row_text(result, 0, "wait");
    r->retry_after_s = wait == NULL ? 0 : (int)strtol(wait, NULL, 10);
    return r->retry_after_s > 0 ? TOO_MANY_REQUESTS : OK;
}
