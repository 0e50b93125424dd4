/* Where a caller is: the other end of the connection, or whom the proxy in front names. */
#ifndef TEPAI_ADDRESS_H
#define TEPAI_ADDRESS_H

#include "req.h"

#include <stdbool.h>

struct address {
    int family; /* AF_INET or AF_INET6; 0 when it is not known */
    unsigned char bytes[16];
    bool is_local; /* on this machine */
};

/* An address in IPv4's corner of IPv6 is the IPv4 address. */
struct address address_of(const struct req *r);

/* The same as text in the arena; NULL when it is not known. */
const char *address_text(const struct req *r);

#endif
