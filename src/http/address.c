/* The caller's address, in one form for all that count by it. */
#include "address.h"
#include "config.h"

#include <arpa/inet.h>
#include <string.h>

/* X-Real-IP counts only when the peer is the proxy we were told of; anybody can send one. */
static const char *text_of(const struct req *r)
{
    const char *front = config_text(SETTING_FRONT), *peer = r->wire->peer == NULL ? "" : r->wire->peer;
    bool believed = front[0] != '\0' && strcmp(front, peer) == 0 && r->asked.real_ip != NULL;
    return believed ? r->asked.real_ip : peer;
}

static int parse(const char *text, unsigned char bytes[16])
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (inet_pton(AF_INET, text, bytes) == 1) return AF_INET;
    if (inet_pton(AF_INET6, text, bytes) != 1) return 0;
    if (memcmp(bytes, mapped, sizeof mapped) != 0) return AF_INET6;
    memmove(bytes, bytes + 12, 4);
    return AF_INET;
}

struct address address_of(const struct req *r)
{
    static const unsigned char loopback[16] = {[15] = 1};
    struct address a = {0};
    a.family = parse(text_of(r), a.bytes);
    if (a.family == AF_INET) a.is_local = a.bytes[0] == 127;
    if (a.family == AF_INET6) a.is_local = memcmp(a.bytes, loopback, sizeof loopback) == 0;
    return a;
}

const char *address_text(const struct req *r)
{
    struct address a = address_of(r);
    char text[INET6_ADDRSTRLEN];
    if (a.family == 0 || inet_ntop(a.family, a.bytes, text, sizeof text) == NULL) return NULL;
    return arena_copy(r->arena, text, strlen(text));
}
