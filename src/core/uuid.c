/* UUIDs of version 7: 48 bits of milliseconds, 12 bits that count within a millisecond, 62 random bits. */
#include "uuid.h"

#include <sodium.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

/* Milliseconds and, below them, the twelve bits of RFC 9562 method 3: the fraction of a millisecond in 1/4096. Two
 * UUIDs of one thread thus sort in the order in which they were made, as far as the clock can tell them apart. */
static uint64_t time_part(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    uint64_t fraction = (uint64_t)now.tv_nsec % 1000000 * 4096 / 1000000;
    return ms << 12 | fraction;
}

/* A system call for each name would be a tenth of what a request costs. */
void uuid_random(unsigned char *out, size_t size)
{
    static _Thread_local unsigned char pool[512];
    static _Thread_local size_t left;
    if (left < size) {
        randombytes_buf(pool, sizeof pool);
        left = sizeof pool;
    }
    left -= size;
    memcpy(out, pool + left, size);
}

void uuid_make(char out[37])
{
    unsigned char bytes[16];
    uint64_t at = time_part();
    uuid_random(bytes, sizeof bytes);
    for (int i = 0; i < 6; i++) bytes[i] = (unsigned char)(at >> (52 - 8 * i));
    bytes[6] = (unsigned char)(0x70 | (at >> 8 & 0x0F));
    bytes[7] = (unsigned char)at;
    bytes[8] = (unsigned char)(0x80 | (bytes[8] & 0x3F));
    char hex[33];
    sodium_bin2hex(hex, sizeof hex, bytes, sizeof bytes);
    char *to = out;
    for (int i = 0; i < 32; i++) {
        if (i == 8 || i == 12 || i == 16 || i == 20) *to++ = '-';
        *to++ = hex[i];
    }
    *to = '\0';
}

bool uuid_valid(const char *text)
{
    for (int i = 0; i < 36; i++) {
        bool is_hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        char c = text[i];
        if (is_hyphen ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    }
    return text[36] == '\0';
}
