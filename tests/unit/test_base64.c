/* Base64url as it comes from outside: one way to write each value, and no other is read. */
#include "base64.h"
#include "check.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static bool reads(const char *text, size_t size)
{
    unsigned char out[8];
    size_t got;
    return base64url_read(text, size, out, sizeof out, &got);
}

/* Every byte in every place of four characters: those of the alphabet, and none else. Also the bytes that libsodium
 * takes for '_'. */
static void the_alphabet_is_read_and_nothing_else(void)
{
    for (int byte = 1; byte < 256; byte++) {
        for (size_t at = 0; at < 4; at++) {
            char text[] = "AAAA";
            text[at] = (char)byte;
            check_note(reads(text, 4) == (strchr(alphabet, byte) != NULL), "byte", byte,
                       "is read when it is one of 64");
        }
    }
}

static void left_over_bits_and_padding_are_refused(void)
{
    CHECK(reads("AA", 2));
    CHECK(!reads("AB", 2));
    CHECK(!reads("A", 1));
    CHECK(!reads("AA==", 4));
    CHECK(reads("", 0));
}

static void what_has_no_room_is_refused(void)
{
    unsigned char out[2];
    size_t got;
    CHECK(!base64url_read("AAAA", 4, out, sizeof out, &got));
}

int main(void)
{
    RUN(the_alphabet_is_read_and_nothing_else);
    RUN(left_over_bits_and_padding_are_refused);
    RUN(what_has_no_room_is_refused);
    return REPORT();
}
