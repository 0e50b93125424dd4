/* Time-based one-time codes, RFC 6238: SHA-1, six figures, half minutes. */
#ifndef TEPAI_TOTP_H
#define TEPAI_TOTP_H

#include <stddef.h>
#include <stdint.h>

#define TOTP_SECRET_BYTES 20 /* as long as the hash (RFC 4226, 4) */
#define TOTP_SECRET_TEXT  33 /* in base32, with its end */
#define TOTP_STEP_S       30

/* The code of a step as six figures. */
void totp_code(const unsigned char secret[TOTP_SECRET_BYTES], int64_t step, char code[7]);

/* The step of `code` among the present one and its neighbours, or -1. */
int64_t totp_step(const unsigned char secret[TOTP_SECRET_BYTES], int64_t unix_s, const char *code);

/* Base32 of RFC 4648 without padding. */
void totp_encode(const unsigned char secret[TOTP_SECRET_BYTES], char text[TOTP_SECRET_TEXT]);
int totp_decode(const char *text, unsigned char secret[TOTP_SECRET_BYTES]); /* 0, or -1 for a text that is none */

#endif
