/* Heads of the feed as JWS (RFC 7515): who holds one can prove later what the feed was when it was signed. */
#ifndef TEPAI_HEAD_H
#define TEPAI_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEAD_SIZE 640 /* room for one, with its end */

/* Signs position, hash (64 hex digits) and time (RFC 3339). False when OpenSSL gives no signature. */
bool head_sign(const char *pos, const char *hash, const char *at, char out[HEAD_SIZE]);

struct head {
    int64_t pos;
    char hash[65];
    char at[40];
};

/* Takes a head apart. False unless a key of ours for heads signed it. */
bool head_read(const char *text, size_t size, struct head *out);

#endif
