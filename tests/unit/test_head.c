/* Heads of the feed: what was signed is read again, and nothing else is. */
#include "head.h"

#include "check.h"
#include "es256.h"
#include "forge.h"

static char head[HEAD_SIZE];
static const char hash[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

static bool reads(const char *text)
{
    struct head out;
    return head_read(text, strlen(text), &out);
}

static void test_round_trip(void)
{
    struct head out;
    CHECK(head_sign("81240", hash, "2026-07-01T02:15:00.000Z", head));
    CHECK(head_read(head, strlen(head), &out));
    CHECK(out.pos == 81240);
    CHECK_TEXT(out.hash, hash);
    CHECK_TEXT(out.at, "2026-07-01T02:15:00.000Z");
}

/* Every character of it counts. */
static void test_altered(void)
{
    char altered[HEAD_SIZE];
    for (size_t i = 0; i < strlen(head); i++) {
        memcpy(altered, head, sizeof altered);
        altered[i] = altered[i] == 'A' ? 'B' : 'A';
        CHECK(!reads(altered));
    }
    for (size_t size = 0; size < strlen(head); size++) {
        struct head out;
        CHECK(!head_read(head, size, &out));
    }
    CHECK(!reads(""));
    CHECK(!reads(".."));
}

/* A head whose header has the right kid between these two texts. */
static const char *forged(const char *before, const char *after, EVP_PKEY *key)
{
    static char token[FORGED_MAX];
    char header[256], payload[256];
    unsigned char signature[64];
    snprintf(header, sizeof header, "%s%s%s", before, keys_head_active()->kid, after);
    snprintf(payload, sizeof payload, "{\"pos\":1,\"hash\":\"%s\",\"at\":\"2026-07-01T02:15:00.000Z\"}", hash);
    size_t size = forge_part(token, 0, header, strlen(header));
    token[size++] = '.';
    size = forge_part(token, size, payload, strlen(payload));
    if (!es256_sign(key, token, size, signature)) return "";
    token[size++] = '.';
    forge_part(token, size, signature, sizeof signature);
    return token;
}

static void test_forged(void)
{
    static const char right[] = "{\"alg\":\"ES256\",\"typ\":\"feed-head+jws\",\"kid\":\"", end[] = "\"}";
    EVP_PKEY *own = keys_head_active()->key, *other = EVP_EC_gen("P-256");
    CHECK(reads(forged(right, end, own)));
    CHECK(!reads(forged(right, end, other)));
    CHECK(!reads(forged(right, end, keys_active()->key)));
    CHECK(!reads(forged("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"", end, own)));
    CHECK(!reads(forged("{\"alg\":\"none\",\"typ\":\"feed-head+jws\",\"kid\":\"", end, own)));
    CHECK(!reads(forged(right, "\",\"jwk\":{}}", own)));
    CHECK(!reads(forged("{\"alg\":\"ES256\",\"typ\":\"feed-head+jws\",\"kid\":\"x", end, own)));
    EVP_PKEY_free(other);
}

int main(void)
{
    const char *path = forge_open();
    RUN(test_round_trip);
    RUN(test_altered);
    RUN(test_forged);
    forge_close(path);
    return REPORT();
}
