/* Addresses and keys of sign-in counters. */
#include "sign_in.h"
#include "config.h"
#include "keys.h"
#include "row.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* X-Real-IP counts only when the peer is the proxy we were told of; anybody can send one. */
static const char *address_of(const struct req *r)
{
    const char *front = config_text(SETTING_FRONT), *peer = r->wire->peer == NULL ? "" : r->wire->peer;
    bool believed = front[0] != '\0' && strcmp(front, peer) == 0 && r->asked.real_ip != NULL;
    return believed ? r->asked.real_ip : peer;
}

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

/* Takes an address apart; one in IPv4's corner of IPv6 is the IPv4 address. The family, or 0 when it is none. */
static int parse(const char *text, unsigned char bytes[16])
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (inet_pton(AF_INET, text, bytes) == 1) return AF_INET;
    if (inet_pton(AF_INET6, text, bytes) != 1) return 0;
    if (memcmp(bytes, mapped, sizeof mapped) != 0) return AF_INET6;
    memmove(bytes, bytes + 12, 4);
    return AF_INET;
}

static bool is_loopback(int family, const unsigned char *bytes)
{
    static const unsigned char loopback[16] = {[15] = 1};
    return family == AF_INET ? bytes[0] == 127 : memcmp(bytes, loopback, sizeof loopback) == 0;
}

void origin_of(struct req *r, struct origin *o)
{
    unsigned char bytes[16];
    char address[INET6_ADDRSTRLEN], network[INET6_ADDRSTRLEN];
    int family = parse(address_of(r), bytes);
    *o = (struct origin){0};
    if (family == 0) return;
    bool local = is_loopback(family, bytes);
    inet_ntop(family, bytes, address, sizeof address);
    if (family == AF_INET)
        bytes[3] = 0;
    else
        memset(bytes + 7, 0, 9);
    inet_ntop(family, bytes, network, sizeof network);
    o->network = arena_print(r->arena, "%s/%d", network, family == AF_INET ? 24 : 56);
    if (local) return;
    o->address_key = sign_in_key(r->arena, "address", address);
    o->network_key = sign_in_key(r->arena, "network", o->network);
}

fail_t judge_wait(struct req *r, const PGresult *result)
{
    const char *wait = row_text(result, 0, "wait");
    r->retry_after_s = wait == NULL ? 0 : (int)strtol(wait, NULL, 10);
    return r->retry_after_s > 0 ? TOO_MANY_REQUESTS : OK;
}
