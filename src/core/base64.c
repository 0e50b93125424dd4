/* libsodium 1.0.18 takes any byte above 0x7F for the last character of the alphabet, so that a token could be written
 * in more ways than one: the alphabet is looked at first. */
#include "base64.h"

#include <sodium.h>
#include <string.h>

bool base64url_read(const char *text, size_t size, void *out, size_t room, size_t *out_size)
{
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)text[i] > 0x7F) return false;
    }
    return sodium_base642bin(out, room, text, size, NULL, out_size, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) ==
           0;
}
