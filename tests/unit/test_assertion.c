/* Assertions of machines: whatever is not exactly right is no proof. Each forgery has a control beside it that passes
 * and differs from it in that one thing. */
#include "arena.h"
#include "check.h"
#include "client.h"
#include "clock.h"
#include "forge.h"

#include <jansson.h>
#include <openssl/core_names.h>

#define CLIENT "0197f0c4-6f2e-7c31-9d8a-3b1f5e6a7c90"
#define OTHER  "0197f0c4-6f2e-7c31-9d8a-3b1f5e6a7c91"
#define HEADER "{\"alg\":\"ES256\",\"typ\":\"client-authentication+jwt\",\"kid\":\"k1\"}"

static struct arena *kept;
static EVP_PKEY *key;
static const char *jwks;
static char token[FORGED_MAX];
static int mutations;

static bool accepted(void)
{
    struct assertion out;
    return assertion_judge(kept, token, CLIENT, jwks, &out);
}

static json_t *good_claims(void)
{
    json_int_t now = clock_unix();
    return json_pack("{s:s,s:s,s:s,s:I,s:s}", "iss", CLIENT, "sub", CLIENT, "aud", config_text(SETTING_PUBLIC_URL),
                     "exp", now + 300, "jti", "a-jti");
}

static void make_text(EVP_PKEY *by, const char *header, const char *payload)
{
    forge(token, by, header, strlen(header), payload, strlen(payload));
}

static void make(EVP_PKEY *by, const char *header, json_t *claims)
{
    char *payload = json_dumps(claims, JSON_COMPACT);
    make_text(by, header, payload);
    free(payload);
    json_decref(claims);
}

static void refused(const char *what)
{
    char forged[FORGED_MAX];
    memcpy(forged, token, sizeof forged);
    make(key, HEADER, good_claims());
    check_note(accepted(), __FILE__, __LINE__, "the control passes");
    memcpy(token, forged, sizeof forged);
    check_note(!accepted(), __FILE__, __LINE__, what);
    mutations++;
}

static const char *coordinate(EVP_PKEY *of, const char *name)
{
    BIGNUM *number = NULL;
    unsigned char bytes[32];
    char *text = arena_take(kept, 44);
    EVP_PKEY_get_bn_param(of, name, &number);
    BN_bn2binpad(number, bytes, sizeof bytes);
    BN_free(number);
    return sodium_bin2base64(text, 44, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static const char *jwk(EVP_PKEY *of, const char *kid)
{
    return arena_print(kept, "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}", kid,
                       coordinate(of, OSSL_PKEY_PARAM_EC_PUB_X), coordinate(of, OSSL_PKEY_PARAM_EC_PUB_Y));
}

static void test_good(void)
{
    struct assertion out = {0};
    json_int_t now = clock_unix();
    json_t *claims = good_claims();
    json_object_set_new(claims, "iat", json_integer(now));
    json_object_set_new(claims, "nbf", json_integer(now));
    json_object_set_new(claims, "unheard_of", json_true());
    make(key, HEADER, claims);
    CHECK(assertion_judge(kept, token, CLIENT, jwks, &out));
    CHECK_TEXT(out.jti, "a-jti");
    CHECK(out.ends >= now + 360 && out.ends <= now + 362);
    CHECK_TEXT(assertion_client(kept, token), CLIENT);
}

static void test_headers(void)
{
    static const char *const headers[] = {
        "{\"alg\":\"none\",\"typ\":\"client-authentication+jwt\",\"kid\":\"k1\"}",
        "{\"alg\":\"HS256\",\"typ\":\"client-authentication+jwt\",\"kid\":\"k1\"}",
        "{\"alg\":\"ES384\",\"typ\":\"client-authentication+jwt\",\"kid\":\"k1\"}",
        "{\"alg\":\"es256\",\"typ\":\"client-authentication+jwt\",\"kid\":\"k1\"}",
        "{\"alg\":[\"ES256\"],\"typ\":\"client-authentication+jwt\",\"kid\":\"k1\"}",
        "{\"typ\":\"client-authentication+jwt\",\"kid\":\"k1\"}",
        "{\"alg\":\"ES256\",\"kid\":\"k1\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"k1\"}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"k1\"}",
        "{\"alg\":\"ES256\",\"typ\":\"standing+jwt\",\"kid\":\"k1\"}",
        "{\"alg\":\"ES256\",\"typ\":\"Client-Authentication+JWT\",\"kid\":\"k1\"}",
        "{\"alg\":\"ES256\",\"typ\":\"client-authentication+jwt\"}",
        "{\"alg\":\"ES256\",\"typ\":\"client-authentication+jwt\",\"kid\":\"k3\"}",
        "{\"alg\":\"ES256\",\"typ\":\"client-authentication+jwt\",\"kid\":\"K1\"}",
        "{\"alg\":\"ES256\",\"typ\":\"client-authentication+jwt\",\"kid\":\"\"}",
        "{\"alg\":\"ES256\",\"typ\":\"client-authentication+jwt\",\"kid\":null}",
        "{\"alg\":\"ES256\",\"typ\":\"client-authentication+jwt\",\"kid\":\"k1\",\"jwk\":{}}",
        "{\"alg\":\"ES256\",\"typ\":\"client-authentication+jwt\",\"kid\":\"k1\",\"jku\":\"https://evil.example\"}",
        "{\"alg\":\"ES256\",\"typ\":\"client-authentication+jwt\",\"kid\":\"k1\",\"x5u\":\"https://evil.example\"}",
        "{\"alg\":\"ES256\",\"typ\":\"client-authentication+jwt\",\"kid\":\"k1\",\"crit\":[\"exp\"]}",
        "{\"alg\":\"ES256\",\"typ\":\"client-authentication+jwt\",\"kid\":\"k1\",\"zip\":\"DEF\"}",
        "{\"alg\":\"ES256\",\"alg\":\"ES256\",\"typ\":\"client-authentication+jwt\",\"kid\":\"k1\"}",
        "[]",
        "not json",
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        make(key, headers[i], good_claims());
        refused(headers[i]);
    }
}

static void test_claims(void)
{
    static const struct {
        const char *claim, *json; /* NULL leaves it out */
    } changes[] = {
        {"iss", NULL},
        {"iss", "\"" OTHER "\""},
        {"iss", "[\"" CLIENT "\"]"},
        {"iss", "\"" CLIENT " \""},
        {"sub", NULL},
        {"sub", "\"" OTHER "\""},
        {"sub", "1"},
        {"aud", NULL},
        {"aud", "\"tepai\""},
        {"aud", "[\"http://127.0.0.1:8080\"]"},
        {"aud", "\"http://127.0.0.1:8080/\""},
        {"aud", "\"http://127.0.0.1:8080/v1/oauth/token\""},
        {"exp", NULL},
        {"exp", "\"4102444800\""},
        {"exp", "4102444800"},
        {"exp", "4102444800.5"},
        {"exp", "9223372036854775807"},
        {"exp", "0"},
        {"exp", "-1"},
        {"exp", "true"},
        {"exp", "null"},
        {"iat", "4102444800"},
        {"iat", "\"0\""},
        {"iat", "1.5"},
        {"iat", "null"},
        {"nbf", "4102444800"},
        {"nbf", "\"0\""},
        {"nbf", "null"},
        {"jti", NULL},
        {"jti", "\"\""},
        {"jti", "7"},
        {"jti", "[\"a-jti\"]"},
        {"jti", "null"},
        {"jti",
         "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
         "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        json_t *claims = good_claims();
        if (changes[i].json == NULL)
            json_object_del(claims, changes[i].claim);
        else
            json_object_set_new(claims, changes[i].claim, json_loads(changes[i].json, JSON_DECODE_ANY, NULL));
        make(key, HEADER, claims);
        check_test = changes[i].claim;
        refused(changes[i].json == NULL ? "left out" : changes[i].json);
    }
}

/* Five minutes, and a minute for clocks that differ. */
static void test_times(void)
{
    static const struct {
        json_int_t exp;
        bool good;
    } times[] = {{300, true},  {355, true},   {1, true},    {-55, true},
                 {365, false}, {3600, false}, {-60, false}, {-600, false}};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        json_t *claims = good_claims();
        json_object_set_new(claims, "exp", json_integer(clock_unix() + times[i].exp));
        make(key, HEADER, claims);
        if (times[i].good)
            CHECK(accepted());
        else
            refused("times");
    }
}

static void test_payload_texts(void)
{
    json_t *claims = good_claims();
    char *good = json_dumps(claims, JSON_COMPACT), text[2048];
    snprintf(text, sizeof text, "{\"iss\":\"" CLIENT "\",%s", good + 1);
    make_text(key, HEADER, text);
    refused("a doubled member");
    snprintf(text, sizeof text, "{\"\\u0069ss\":\"" CLIENT "\",%s", good + 1);
    make_text(key, HEADER, text);
    refused("a doubled member, once escaped");
    snprintf(text, sizeof text, "[%s]", good);
    make_text(key, HEADER, text);
    refused("an array");
    snprintf(text, sizeof text, "%s x", good);
    make_text(key, HEADER, text);
    refused("text behind the object");
    forge(token, key, HEADER, strlen(HEADER), good, strlen(good) + 1);
    refused("a NUL byte behind the object");
    free(good);
    json_decref(claims);
}

/* Another's key, the service's own, the second registered one under the name of the first, another curve. */
static void test_keys(void)
{
    EVP_PKEY *other = EVP_EC_gen("P-256"), *second = EVP_EC_gen("P-256");
    const char *one = jwks;
    make(other, HEADER, good_claims());
    refused("another's key");
    make(keys_active()->key, HEADER, good_claims());
    refused("the key of access tokens");
    jwks = arena_print(kept, "{\"keys\":[%s,%s]}", jwk(key, "k1"), jwk(second, "k2"));
    make(second, "{\"alg\":\"ES256\",\"typ\":\"client-authentication+jwt\",\"kid\":\"k2\"}", good_claims());
    CHECK(accepted());
    make(second, HEADER, good_claims());
    refused("the second key under the first one's name");
    jwks = one;
    make(second, "{\"alg\":\"ES256\",\"typ\":\"client-authentication+jwt\",\"kid\":\"k2\"}", good_claims());
    refused("a key that was taken away");
    make(key, HEADER, good_claims());
    jwks = "{\"keys\":[]}";
    CHECK(!accepted());
    jwks = "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k1\",\"x\":"
           "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
           "\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}]}";
    CHECK(!accepted()); /* no point of the curve */
    jwks = "{\"keys\":[{\"kid\":\"k1\"}]}";
    CHECK(!accepted());
    jwks = one;
    CHECK(accepted());
    EVP_PKEY_free(other);
    EVP_PKEY_free(second);
}

static void refused_text(const char *text, const char *what)
{
    memcpy(token, text, strlen(text) + 1);
    refused(what);
}

/* One byte of the text, of its shape or of its signature. */
static void test_shapes(void)
{
    make(key, HEADER, good_claims());
    char *good = arena_copy(kept, token, strlen(token));
    int size = (int)strlen(good), last = (int)(strrchr(good, '.') - good);
    for (int at = 0; at < size; at += 7) {
        char one = good[at];
        good[at] = one == 'A' ? 'B' : 'A';
        refused_text(good, "one character");
        good[at] = one;
    }
    refused_text(arena_print(kept, "%.*s.", last, good), "no signature");
    refused_text(arena_print(kept, "%.*s", last, good), "two parts");
    refused_text(arena_print(kept, "%.*s\xFF", size - 1, good), "a letter beyond ASCII");
    refused_text(arena_print(kept, "%s.", good), "a dot behind it");
    refused_text(arena_print(kept, "%s.AAAA", good), "four parts");
    refused_text(arena_print(kept, "%s=", good), "padding");
    refused_text(arena_print(kept, " %s", good), "a blank before it");
    refused_text(arena_print(kept, "%.*s.%086d", last, good, 0), "a signature of no meaning");
    refused_text(arena_print(kept, "%.*s.%.86s", last, good,
                             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
                 "r and s of zero");
    refused_text("", "nothing");
    memset(token, 'A', 5000);
    token[5000] = '\0';
    refused("5,000 bytes");
}

/* Only whose keys to judge by is read before the signature, and only when it is an id. */
static void test_client_of_an_assertion(void)
{
    static const char *const subjects[] = {"", "x", "0197F0C4-6F2E-7C31-9D8A-3B1F5E6A7C90", CLIENT " ", "' OR 1=1 --"};
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        json_t *claims = good_claims();
        json_object_set_new(claims, "sub", json_string(subjects[i]));
        make(key, HEADER, claims);
        CHECK(assertion_client(kept, token) == NULL);
    }
    CHECK(assertion_client(kept, "a.b.c") == NULL);
    CHECK(assertion_client(kept, "") == NULL);
}

/* `Basic` is an id, a colon and a secret of our making, in base64, and nothing else. */
static void test_secrets(void)
{
#define SECRET "cs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    static const struct {
        const char *scheme, *pair;
        bool good;
    } sent[] = {
        {"Basic ", CLIENT ":" SECRET, true},
        {"basic ", CLIENT ":" SECRET, true},
        {"Basic", CLIENT ":" SECRET, false},
        {"Basic  ", CLIENT ":" SECRET, false},
        {"Bearer ", CLIENT ":" SECRET, false},
        {"Basic ", CLIENT ":" SECRET "A", false},
        {"Basic ", CLIENT ":" SECRET "\n", false},
        {"Basic ", CLIENT "::" SECRET, false},
        {"Basic ", CLIENT ":", false},
        {"Basic ", ":" SECRET, false},
        {"Basic ", "0197F0C4-6F2E-7C31-9D8A-3B1F5E6A7C90:" SECRET, false},
        {"Basic ", CLIENT ":cs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%", false},
        {"Basic ", CLIENT ":cap_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", false},
        {"Basic ", "", false},
    };
    struct client_secret out;
    char base64[400];
    for (size_t i = 0; i < sizeof sent / sizeof sent[0]; i++) {
        sodium_bin2base64(base64, sizeof base64, (const unsigned char *)sent[i].pair, strlen(sent[i].pair),
                          sodium_base64_VARIANT_ORIGINAL);
        const char *header = arena_print(kept, "%s%s", sent[i].scheme, base64);
        check_note(client_secret_read(kept, header, &out) == sent[i].good, sent[i].scheme, (int)i, sent[i].pair);
    }
    CHECK_TEXT(out.id, CLIENT);
    CHECK(strncmp(out.hash, "\\x", 2) == 0 && strlen(out.hash) == 66);
    char huge[2000];
    memset(huge, 'A', sizeof huge - 1);
    memcpy(huge, "Basic ", 6);
    huge[sizeof huge - 1] = '\0';
    CHECK(!client_secret_read(kept, huge, &out));
}

int main(void)
{
    const char *path = forge_open();
    kept = arena_new();
    key = EVP_EC_gen("P-256");
    jwks = arena_print(kept, "{\"keys\":[%s]}", jwk(key, "k1"));
    RUN(test_good);
    RUN(test_headers);
    RUN(test_claims);
    RUN(test_times);
    RUN(test_payload_texts);
    RUN(test_keys);
    RUN(test_shapes);
    RUN(test_client_of_an_assertion);
    RUN(test_secrets);
    CHECK(mutations >= 100);
    printf("%d mutations\n", mutations);
    EVP_PKEY_free(key);
    arena_free(kept);
    forge_close(path);
    return REPORT();
}
