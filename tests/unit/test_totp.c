/* One-time codes against the vectors of RFC 6238, appendix B, of which six figures are kept, and the letters of
 * RFC 4648. */
#include "check.h"
#include "totp.h"

#include <string.h>

static const unsigned char *const secret = (const unsigned char *)"12345678901234567890";

static void vectors_of_the_rfc_hold(void)
{
    static const struct {
        int64_t at;
        const char *code;
    } vectors[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                   {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    char code[7];
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        totp_code(secret, vectors[i].at / TOTP_STEP_S, code);
        CHECK_TEXT(code, vectors[i].code);
        CHECK(totp_step(secret, vectors[i].at, code) == vectors[i].at / TOTP_STEP_S);
    }
}

static void neighbours_are_taken_and_no_others(void)
{
    CHECK(totp_step(secret, 59 + 30, "287082") == 1);
    CHECK(totp_step(secret, 59 - 30, "287082") == 1);
    CHECK(totp_step(secret, 59 + 60, "287082") == -1);
    CHECK(totp_step(secret, 59, "287083") == -1);
    CHECK(totp_step(secret, 59, "87082") == -1);
    CHECK(totp_step(secret, 59, "") == -1);
}

static void secrets_are_spelled(void)
{
    char text[TOTP_SECRET_TEXT];
    unsigned char back[TOTP_SECRET_BYTES];
    totp_encode(secret, text);
    CHECK_TEXT(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    CHECK(totp_decode(text, back) == 0 && memcmp(back, secret, sizeof back) == 0);
    CHECK(totp_decode("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", back) == -1);
    CHECK(totp_decode("GEZ", back) == -1);
}

int main(void)
{
    RUN(vectors_of_the_rfc_hold);
    RUN(neighbours_are_taken_and_no_others);
    RUN(secrets_are_spelled);
    return REPORT();
}
