/* Time-based one-time codes. */
#include "totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define SKEW_STEPS 1 /* clocks of telephones and a slow hand */

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void totp_code(const unsigned char secret[TOTP_SECRET_BYTES], int64_t step, char code[7])
{
    unsigned char counter[8], mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    for (int i = 0; i < 8; i++) counter[i] = (unsigned char)((uint64_t)step >> (8 * (7 - i)));
    HMAC(EVP_sha1(), secret, TOTP_SECRET_BYTES, counter, sizeof counter, mac, &size);
    const unsigned char *at = mac + (mac[19] & 15);
    unsigned number = (at[0] & 127U) << 24 | (unsigned)at[1] << 16 | (unsigned)at[2] << 8 | at[3];
    snprintf(code, 7, "%06u", number % 1000000);
    sodium_memzero(mac, sizeof mac);
}

int64_t totp_step(const unsigned char secret[TOTP_SECRET_BYTES], int64_t unix_s, const char *code)
{
    int64_t now = unix_s / TOTP_STEP_S, found = -1;
    char made[7];
    if (strlen(code) != 6) return -1;
    for (int64_t step = now - SKEW_STEPS; step <= now + SKEW_STEPS; step++) {
        totp_code(secret, step, made);
        if (sodium_memcmp(made, code, 6) == 0) found = step;
    }
    sodium_memzero(made, sizeof made);
    return found;
}

/* Twenty bytes are thirty-two letters, with no bit left over. */
void totp_encode(const unsigned char secret[TOTP_SECRET_BYTES], char text[TOTP_SECRET_TEXT])
{
    for (int i = 0; i < TOTP_SECRET_TEXT - 1; i++) {
        int bit = i * 5, at = bit / 8, shift = bit % 8;
        unsigned pair = (unsigned)secret[at] << 8 | (at + 1 < TOTP_SECRET_BYTES ? secret[at + 1] : 0U);
        text[i] = letters[pair >> (11 - shift) & 31];
    }
    text[TOTP_SECRET_TEXT - 1] = '\0';
}

int totp_decode(const char *text, unsigned char secret[TOTP_SECRET_BYTES])
{
    if (strlen(text) != TOTP_SECRET_TEXT - 1) return -1;
    memset(secret, 0, TOTP_SECRET_BYTES);
    for (int i = 0; i < TOTP_SECRET_TEXT - 1; i++) {
        const char *letter = strchr(letters, text[i]);
        if (letter == NULL) return -1;
        for (int b = 0; b < 5; b++) {
            int bit = i * 5 + b;
            if (((letter - letters) >> (4 - b) & 1) != 0) secret[bit / 8] |= (unsigned char)(128 >> bit % 8);
        }
    }
    return 0;
}
