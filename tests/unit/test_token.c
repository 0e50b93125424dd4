/* Forged access tokens: every mutation beside a control that is made the same way without it and passes. */
#include "check.h"
#include "clock.h"
#include "forge.h"
#include "token.h"
#include "uuid.h"

#include <jansson.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#define ACCOUNT "0197f0c4-6f2e-7c31-9d8a-3b1f5e6a7c90"
#define SESSION "0197f0d0-5b1e-7a40-8c3f-2d9e6b7a1c05"

static char token[FORGED_MAX];
static int mutations;

static const struct signing_key *active(void)
{
    return keys_active();
}

static bool accepted(const char *text, size_t size)
{
    struct actor actor;
    return token_verify(text, size, &actor) == OK;
}

static const char *good_header(void)
{
    static char text[128];
    snprintf(text, sizeof text, "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", active()->kid);
    return text;
}

/* Claims of an official of 壶关县, as token_issue() makes them. */
static json_t *good_claims(void)
{
    char jti[37];
    json_int_t now = clock_unix();
    uuid_make(jti);
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:I,s:s,s:s,s:s,s:s}", "iss", config_text(SETTING_PUBLIC_URL),
                     "aud", config_text(SETTING_AUDIENCE), "sub", ACCOUNT, "client_id", "tepai", "sid", SESSION, "exp",
                     now + 600, "iat", now, "nbf", now, "auth_time", now, "jti", jti, "role", "county", "office", "st",
                     "unit", "140427");
}

static char *good_payload(void)
{
    json_t *claims = good_claims();
    char *payload = json_dumps(claims, JSON_COMPACT);
    json_decref(claims);
    return payload;
}

static void make_text(const char *header, const char *payload)
{
    forge(token, active()->key, header, strlen(header), payload, strlen(payload));
}

static void make(const char *header, json_t *claims)
{
    char *payload = json_dumps(claims, JSON_COMPACT);
    make_text(header, payload);
    free(payload);
    json_decref(claims);
}

static void make_good(void)
{
    make(good_header(), good_claims());
}

/* The control passes, and then what stands in `token` does not. */
static void check_control(const char *what)
{
    char control[FORGED_MAX];
    memcpy(control, token, sizeof control);
    make_good();
    check_note(accepted(token, strlen(token)), __FILE__, __LINE__, what);
    memcpy(token, control, sizeof control);
}

static void refused_bytes(const char *what, const char *text, size_t size)
{
    check_control("the control passes");
    check_note(!accepted(text, size), __FILE__, __LINE__, what);
    mutations++;
}

static void refused(const char *what)
{
    refused_bytes(what, token, strlen(token));
}

static void test_headers(void)
{
    /* %s is the active kid. */
    static const char *const headers[] = {
        "{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
        "{\"alg\":\"None\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
        "{\"alg\":\"\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
        "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
        "{\"alg\":\"HS512\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
        "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
        "{\"alg\":\"ES384\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
        "{\"alg\":\"ES256K\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
        "{\"alg\":\"es256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
        "{\"alg\":\"ES256 \",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
        "{\"alg\":[\"ES256\"],\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
        "{\"alg\":null,\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
        "{\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
        "{\"alg\":\"ES256\",\"kid\":\"%s\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
        "{\"alg\":\"ES256\",\"typ\":\"jwt\",\"kid\":\"%s\"}",
        "{\"alg\":\"ES256\",\"typ\":\"AT+JWT\",\"kid\":\"%s\"}",
        "{\"alg\":\"ES256\",\"typ\":\"application/at+jwt\",\"kid\":\"%s\"}",
        "{\"alg\":\"ES256\",\"typ\":\"standing+jwt\",\"kid\":\"%s\"}",
        "{\"alg\":\"ES256\",\"typ\":\"client-authentication+jwt\",\"kid\":\"%s\"}",
        "{\"alg\":\"ES256\",\"typ\":1,\"kid\":\"%s\"}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%sA\"}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\" %s\"}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":[\"%s\"]}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\",\"crit\":[\"exp\"]}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\",\"zip\":\"DEF\"}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\",\"jku\":\"https://evil.example\"}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\",\"x5u\":\"https://evil.example\"}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\",\"x5c\":[]}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\",\"jwk\":{}}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\",\"cty\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\",\"b64\":false}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"other\",\"kid\":\"%s\"}",
        "{\"alg\":\"none\",\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\",\"\\u006bid\":\"other\"}",
        "[{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}]",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"} {}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"",
        "\xef\xbb\xbf{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
    };
    static const char *const without_kid[] = {
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\"}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"\"}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":null}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":0}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"../../dev/null\"}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
        "{}",
        "\"\"",
        "null",
        "not json",
    };
    char header[512];
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(header, sizeof header, headers[i], active()->kid);
#pragma GCC diagnostic pop
        make(header, good_claims());
        refused(headers[i]);
    }
    for (size_t i = 0; i < sizeof without_kid / sizeof without_kid[0]; i++) {
        make(without_kid[i], good_claims());
        refused(without_kid[i]);
    }
}

/* One claim with another value; json NULL leaves it out. */
struct changed {
    const char *claim, *json;
};

static void change(json_t *claims, const struct changed *c)
{
    if (c->json == NULL)
        json_object_del(claims, c->claim);
    else
        json_object_set_new(claims, c->claim, json_loads(c->json, JSON_DECODE_ANY, NULL));
}

static void test_claims(void)
{
    static const struct changed changes[] = {
        {"iss", NULL},
        {"iss", "\"\""},
        {"iss", "\"http://127.0.0.1:8080/\""},
        {"iss", "\"HTTP://127.0.0.1:8080\""},
        {"iss", "[\"http://127.0.0.1:8080\"]"},
        {"iss", "null"},
        {"aud", NULL},
        {"aud", "\"other\""},
        {"aud", "[\"tepai\"]"},
        {"aud", "[\"tepai\",\"other\"]"},
        {"aud", "\"TEPAI\""},
        {"aud", "\"tepai \""},
        {"client_id", NULL},
        {"client_id", "\"other\""},
        {"sub", NULL},
        {"sub", "\"\""},
        {"sub", "1"},
        {"sub", "\"0197F0C4-6F2E-7C31-9D8A-3B1F5E6A7C90\""},
        {"sub", "\"0197f0c4-6f2e-7c31-9d8a-3b1f5e6a7c90 \""},
        {"sub", "\"' OR 1=1 --\""},
        {"sid", NULL},
        {"sid", "\"x\""},
        {"sid", "[]"},
        {"jti", NULL},
        {"jti", "\"1\""},
        {"jti", "7"},
        {"exp", NULL},
        {"exp", "null"},
        {"exp", "\"4102444800\""},
        {"exp", "4102444800"},
        {"exp", "4102444800.5"},
        {"exp", "0"},
        {"exp", "-1"},
        {"exp", "true"},
        {"exp", "9223372036854775807"},
        {"exp", "1e9"},
        {"iat", NULL},
        {"iat", "\"0\""},
        {"iat", "0"},
        {"iat", "1.0"},
        {"iat", "-9223372036854775808"},
        {"iat", "4102444800"},
        {"nbf", NULL},
        {"nbf", "4102444800"},
        {"nbf", "\"0\""},
        {"nbf", "1.5"},
        {"auth_time", NULL},
        {"auth_time", "\"1\""},
        {"auth_time", "0.5"},
        {"role", NULL},
        {"role", "\"public\""},
        {"role", "\"worker\""},
        {"role", "\"admin\""},
        {"role", "\"County\""},
        {"role", "[\"county\"]"},
        {"role", "\"city\""}, /* with a unit */
        {"role", "\"enterprise\""},
        {"role", "\"specialist\""},
        {"office", NULL},
        {"office", "\"industry\""},
        {"office", "\"finance\""},
        {"office", "\"\""},
        {"office", "\"st \""},
        {"office", "1"},
        {"unit", NULL},
        {"unit", "140427"},
        {"unit", "\"\""},
        {"enterprise", "1"},
        {"specialist", "[]"},
        {"scope", "\"\""},
        {"scope", "\"Admin\""},
        {"scope", "\"admin demand:write\""},
        {"scope", "true"},
        {"scope", "null"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        json_t *claims = good_claims();
        change(claims, &changes[i]);
        make(good_header(), claims);
        check_test = changes[i].claim;
        refused(changes[i].json == NULL ? "left out" : changes[i].json);
    }
}

static json_t *timed(json_int_t exp, json_int_t iat, json_int_t nbf)
{
    json_t *claims = good_claims();
    json_int_t now = clock_unix();
    json_object_set_new(claims, "exp", json_integer(now + exp));
    json_object_set_new(claims, "iat", json_integer(now + iat));
    json_object_set_new(claims, "nbf", json_integer(now + nbf));
    return claims;
}

/* Claims of a machine of 壶关县. */
static json_t *machine_claims(void)
{
    json_t *claims = good_claims();
    json_object_del(claims, "sid");
    json_object_set_new(claims, "client_id", json_string(ACCOUNT));
    json_object_set_new(claims, "scope", json_string("demand:read demand:write"));
    return claims;
}

/* A machine is one in every claim, and never an administrator, a person or another role. */
static void test_machine_claims(void)
{
    static const struct changed changes[] = {
        {"client_id", NULL},
        {"client_id", "\"tepai\""},
        {"client_id", "\"" SESSION "\""},
        {"client_id", "[\"" ACCOUNT "\"]"},
        {"client_id", "1"},
        {"sub", NULL},
        {"sub", "\"" SESSION "\""},
        {"sub", "\"tepai\""},
        {"sid", "\"" SESSION "\""},
        {"sid", "null"},
        {"sid", "\"\""},
        {"scope", NULL},
        {"scope", "\"\""},
        {"scope", "null"},
        {"scope", "[\"demand:read\"]"},
        {"scope", "1"},
        {"role", "\"city\""},
        {"role", "\"enterprise\""},
        {"role", "\"specialist\""},
        {"office", NULL},
        {"office", "\"finance\""},
        {"unit", NULL},
        {"enterprise", "\"" SESSION "\""},
        {"specialist", "\"" SESSION "\""},
        {"jti", NULL},
        {"exp", NULL},
        {"auth_time", NULL},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        make(good_header(), machine_claims());
        CHECK(accepted(token, strlen(token)));
        json_t *claims = machine_claims();
        change(claims, &changes[i]);
        make(good_header(), claims);
        check_test = changes[i].claim;
        refused(changes[i].json == NULL ? "left out" : changes[i].json);
    }
}

/* The word of a person's right means nothing in a machine's token. */
static void test_machine_is_no_administrator(void)
{
    struct actor seen = {0};
    json_t *claims = machine_claims();
    json_object_set_new(claims, "scope", json_string("admin"));
    make(good_header(), claims);
    CHECK(token_verify(token, strlen(token), &seen) == OK);
    CHECK(!seen.is_admin && seen.scopes == 0 && seen.account[0] == '\0' && seen.session[0] == '\0');
    CHECK_TEXT(seen.client, ACCOUNT);
}

static void test_times(void)
{
    static const struct {
        json_int_t exp, iat, nbf;
        bool good;
    } times[] = {
        {600, 0, 0, true},        {1, -599, -599, true}, {-50, -650, -650, true}, {650, 50, 50, true},
        {600, 0, 55, true},       {601, 0, 0, false},    {600, -1, -1, false},    {-61, -600, -600, false},
        {-60, -600, -600, false}, {680, 80, 80, false},  {600, 0, 70, false},     {600, 600, 0, false},
        {0, 10, 0, false},        {86400, 0, 0, false},
    };
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        make(good_header(), timed(times[i].exp, times[i].iat, times[i].nbf));
        if (times[i].good)
            CHECK(accepted(token, strlen(token)));
        else
            refused("times");
    }
}

static void test_payload_texts(void)
{
    char *good = good_payload(), doubled[2048], nested[4096] = "";
    snprintf(doubled, sizeof doubled, "{\"role\":\"city\",%s", good + 1);
    make_text(good_header(), doubled);
    refused("a doubled member");
    snprintf(doubled, sizeof doubled, "{\"\\u0072ole\":\"city\",%s", good + 1);
    make_text(good_header(), doubled);
    refused("a doubled member, once escaped");
    snprintf(doubled, sizeof doubled, "%s x", good);
    make_text(good_header(), doubled);
    refused("text behind the object");
    snprintf(doubled, sizeof doubled, "[%s]", good);
    make_text(good_header(), doubled);
    refused("an array");
    forge(token, active()->key, good_header(), strlen(good_header()), good, strlen(good) + 1);
    refused("a NUL byte behind the object");
    size_t size = (size_t)snprintf(nested, sizeof nested, "{\"deep\":");
    for (int i = 0; i < 1000; i++) nested[size++] = '[';
    for (int i = 0; i < 1000; i++) nested[size++] = ']';
    snprintf(nested + size, sizeof nested - size, ",%s", good + 1);
    make_text(good_header(), nested);
    refused("depth 1000");
    make_text(good_header(), "{\"iss\":\"\\ud800\"}");
    refused("a lone surrogate");
    free(good);
}

static EVP_PKEY *other_key(const char *curve)
{
    EVP_PKEY *key = EVP_EC_gen(curve);
    if (key == NULL) abort();
    return key;
}

static size_t signed_size(void)
{
    return (size_t)(strrchr(token, '.') - token);
}

static void put_signature(const unsigned char *bytes, size_t size)
{
    size_t at = signed_size() + 1;
    forge_part(token, at, bytes, size);
}

static void test_other_keys(void)
{
    unsigned char mac[64], p384[96];
    unsigned int mac_size = 0;
    char *pem = NULL;
    EVP_PKEY *stranger = other_key("P-256"), *curve = other_key("P-384");
    char *payload = good_payload();
    forge(token, stranger, good_header(), strlen(good_header()), payload, strlen(payload));
    refused("another P-256 key");
    make_good();
    forge_sign(curve, EVP_sha384(), token, signed_size(), p384, 48);
    put_signature(p384, sizeof p384);
    refused("a P-384 signature");
    make_good();
    put_signature(p384, 64);
    refused("64 bytes of a P-384 signature");
    BIO *out = BIO_new(BIO_s_mem());
    PEM_write_bio_PUBKEY(out, active()->key);
    long pem_size = BIO_get_mem_data(out, &pem);
    for (int i = 0; i < 2; i++) {
        char header[160];
        const EVP_MD *hash = i == 0 ? EVP_sha256() : EVP_sha512();
        snprintf(header, sizeof header, "{\"alg\":\"%s\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
                 i == 0 ? "HS256" : "HS512", active()->kid);
        make_text(header, payload);
        HMAC(hash, pem, (int)pem_size, (const unsigned char *)token, signed_size(), mac, &mac_size);
        put_signature(mac, mac_size);
        refused("an HMAC under the public key");
    }
    BIO_free(out);
    EVP_PKEY_free(stranger);
    EVP_PKEY_free(curve);
    free(payload);
}

static void test_signatures(void)
{
    static const unsigned char order[32] = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                            0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                            0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
    unsigned char good[64], bad[72];
    make_good();
    forge_sign(active()->key, EVP_sha256(), token, signed_size(), good, 32);
    put_signature(good, sizeof good);
    CHECK(accepted(token, strlen(token)));
    for (int half = 0; half < 2; half++) {
        unsigned char *at = bad + half * 32;
        memcpy(bad, good, 64);
        memset(at, 0, 32);
        put_signature(bad, 64);
        refused("zero");
        memcpy(at, order, 32);
        put_signature(bad, 64);
        refused("the order");
        memset(at, 0xff, 32);
        put_signature(bad, 64);
        refused("above the order");
        memcpy(at, good + half * 32, 32);
        at[31] ^= 1;
        put_signature(bad, 64);
        refused("one bit");
    }
    memset(bad, 0, sizeof bad);
    put_signature(bad, 64);
    refused("all zero");
    memcpy(bad, good + 32, 32);
    memcpy(bad + 32, good, 32);
    put_signature(bad, 64);
    refused("r and s exchanged");
    put_signature(good, 63);
    refused("63 bytes");
    memcpy(bad, good, 64);
    bad[64] = 0;
    put_signature(bad, 65);
    refused("65 bytes");
    put_signature(good, 32);
    refused("32 bytes");
}

/* Each half of a signature is right, 0, 1, the order of the curve or all ones; only both right pass. */
static void test_pairs(void)
{
    static const unsigned char order[32] = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                            0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                            0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
    unsigned char halves[2][5][32] = {0}, both[64];
    make_good();
    forge_sign(active()->key, EVP_sha256(), token, signed_size(), both, 32);
    for (int half = 0; half < 2; half++) {
        memcpy(halves[half][0], both + half * 32, 32);
        halves[half][2][31] = 1;
        memcpy(halves[half][3], order, 32);
        memset(halves[half][4], 0xff, 32);
    }
    for (int pair = 1; pair < 25; pair++) {
        memcpy(both, halves[0][pair / 5], 32);
        memcpy(both + 32, halves[1][pair % 5], 32);
        put_signature(both, sizeof both);
        refused("a pair of which one half is wrong");
    }
}

/* Every word for "not signed", with no signature, a byte, and the signature of the good token. */
static void test_unsigned(void)
{
    static const char *const words[] = {"none", "None", "NONE", "nOnE", "", "HS256", "ES512", "PS256"};
    unsigned char good[64];
    char *payload = good_payload();
    make_text(good_header(), payload);
    forge_sign(active()->key, EVP_sha256(), token, signed_size(), good, 32);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char header[160];
        snprintf(header, sizeof header, "{\"alg\":\"%s\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", words[i], active()->kid);
        static const size_t sizes[] = {0, 1, 64};
        for (size_t j = 0; j < 3; j++) {
            make_text(header, payload);
            put_signature(good, sizes[j]);
            refused(words[i]);
        }
    }
    free(payload);
}

/* Parts of two good tokens put together: the payload of an official of the city under the signature of a county's. */
static void test_mixed(void)
{
    char mine[FORGED_MAX], mixed[FORGED_MAX * 2];
    make_good();
    memcpy(mine, token, sizeof mine);
    json_t *claims = good_claims();
    json_object_set_new(claims, "role", json_string("city"));
    json_object_del(claims, "unit");
    make(good_header(), claims);
    CHECK(accepted(mine, strlen(mine)) && accepted(token, strlen(token)));
    const char *texts[] = {mine, token};
    for (int mix = 0; mix < 4; mix++) {
        const char *payload = strchr(texts[mix / 2], '.'), *signature = strrchr(texts[mix % 2], '.');
        size_t size = (size_t)(strrchr(payload, '.') - payload);
        snprintf(mixed, sizeof mixed, "%.*s%.*s%s", (int)(strchr(mine, '.') - mine), mine, (int)size, payload,
                 signature);
        bool whole = mix / 2 == mix % 2;
        CHECK(accepted(mixed, strlen(mixed)) == whole);
        mutations += !whole;
    }
}

static void test_der_signature(void)
{
    unsigned char der[80];
    size_t size = sizeof der;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    make_good();
    EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, active()->key);
    EVP_DigestSign(context, der, &size, (const unsigned char *)token, signed_size());
    put_signature(der, size);
    refused("DER");
    EVP_MD_CTX_free(context);
}

static void test_shapes(void)
{
    static const char *const texts[] = {"",      ".",      "..",   "...",      "a.b",
                                        "a.b.c", "Bearer", "null", "e30.e30.", "e30.e30.AA"};
    char changed[FORGED_MAX + 16];
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) refused_bytes(texts[i], texts[i], strlen(texts[i]));
    make_good();
    size_t size = strlen(token), dot = (size_t)(strchr(token, '.') - token), second = signed_size();
    for (size_t cut = 1; cut <= 3; cut++) refused_bytes("truncated", token, size - cut);
    refused_bytes("without signature", token, second);
    refused_bytes("empty signature", token, second + 1);
    static const char *const tails[] = {"=",
                                        "==",
                                        ".",
                                        ".x",
                                        "..",
                                        " ",
                                        "\n",
                                        "A",
                                        "."
                                        "e30.e30"};
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        snprintf(changed, sizeof changed, "%s%s", token, tails[i]);
        refused_bytes(tails[i], changed, strlen(changed));
    }
    snprintf(changed, sizeof changed, " %s", token);
    refused_bytes("a blank before", changed, strlen(changed));
    snprintf(changed, sizeof changed, ".%s", token + dot + 1);
    refused_bytes("empty header", changed, strlen(changed));
    snprintf(changed, sizeof changed, "%.*s..%s", (int)dot, token, token + second + 1);
    refused_bytes("empty payload", changed, strlen(changed));
    memcpy(changed, token, size + 1);
    changed[size] = '\0';
    refused_bytes("a NUL byte behind", changed, size + 1);
    changed[dot + 5] = '\0';
    refused_bytes("a NUL byte inside", changed, size);
    memcpy(changed, token, size);
    changed[dot + 5] = '+';
    refused_bytes("the other alphabet", changed, size);
}

/* The last character of a signature carries four bits that say nothing: only zeros are canonical. */
static void test_non_canonical(void)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    make_good();
    size_t last = strlen(token) - 1;
    size_t value = (size_t)(strchr(alphabet, token[last]) - alphabet);
    for (size_t bits = 1; bits < 16; bits++) {
        token[last] = alphabet[value | bits];
        refused("left-over bits");
    }
}

static void test_every_byte(void)
{
    char good[FORGED_MAX];
    make_good();
    memcpy(good, token, sizeof good);
    for (size_t at = 0; good[at] != '\0'; at += 3) {
        memcpy(token, good, sizeof good);
        token[at] = token[at] == 'A' ? 'E' : 'A';
        if (accepted(token, strlen(token)) || !accepted(good, strlen(good))) CHECK(!"one altered character");
        mutations++;
    }
}

static void test_size(void)
{
    char padding[4096];
    for (int over = 0; over < 2; over++) {
        json_t *claims = good_claims();
        size_t room = 3000;
        do {
            memset(padding, 'x', room);
            padding[room] = '\0';
            json_object_set_new(claims, "pad", json_string(padding));
            json_incref(claims);
            make(good_header(), claims);
            room--;
        } while (strlen(token) > (size_t)(TOKEN_SIZE_MAX + over * 2));
        json_decref(claims);
        if (over == 0) CHECK(accepted(token, strlen(token)));
        if (strlen(token) > TOKEN_SIZE_MAX) refused("over 4 KiB");
    }
    memset(token, 'A', FORGED_MAX - 1);
    token[FORGED_MAX - 1] = '\0';
    refused("16 KiB");
}

static void test_issue(void)
{
    static const struct {
        enum db_role role;
        const char *office;
        bool is_admin;
        struct token_about about;
    } people[] = {
        {DB_CITY, "st", true, {0}},
        {DB_CITY, "industry", false, {0}},
        {DB_COUNTY, "talent", true, {.unit = "140427"}},
        {DB_ENTERPRISE, "", false, {.enterprise = SESSION}},
        {DB_ENTERPRISE, "", false, {0}},
        {DB_SPECIALIST, "", false, {.specialist = ACCOUNT}},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        struct actor seen = {0}, actor = {.role = people[i].role,
                                          .account = ACCOUNT,
                                          .session = SESSION,
                                          .is_admin = people[i].is_admin,
                                          .auth_time = 1000};
        snprintf(actor.office, sizeof actor.office, "%s", people[i].office);
        const char *made = token_issue(a, &actor, &people[i].about);
        CHECK(made != NULL);
        CHECK(made != NULL && token_verify(made, strlen(made), &seen) == OK);
        CHECK(seen.role == people[i].role && seen.is_admin == people[i].is_admin);
        CHECK(seen.client[0] == '\0' && seen.scopes == 0);
        CHECK_TEXT(seen.account, ACCOUNT);
        CHECK_TEXT(seen.session, SESSION);
        CHECK_TEXT(seen.office, people[i].office);
        CHECK(seen.auth_time == 1000);
    }
    struct actor nobody = {.role = DB_PUBLIC};
    CHECK(token_issue(a, &nobody, &(const struct token_about){0}) == NULL);
    arena_free(a);
}

static void test_announced_key(void)
{
    struct arena *a = arena_new();
    json_t *set = json_loads(keys_jwks(a), 0, NULL), *keys = json_object_get(set, "keys");
    CHECK(json_array_size(keys) == 3);
    for (size_t i = 0; i < json_array_size(keys); i++) {
        const char *kid = json_string_value(json_object_get(json_array_get(keys, i), "kid"));
        const struct signing_key *key = keys_find(kid, strlen(kid)), *head_key = keys_head_find(kid);
        char header[128];
        char *payload = good_payload();
        CHECK((key == NULL) == (head_key != NULL));
        snprintf(header, sizeof header, "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", kid);
        forge(token, (key != NULL ? key : head_key)->key, header, strlen(header), payload, strlen(payload));
        CHECK(accepted(token, strlen(token)) == (key != NULL)); /* the key of heads signs no tokens */
        free(payload);
    }
    json_decref(set);
    arena_free(a);
}

int main(void)
{
    const char *path = forge_open();
    RUN(test_headers);
    RUN(test_claims);
    RUN(test_machine_claims);
    RUN(test_machine_is_no_administrator);
    RUN(test_times);
    RUN(test_payload_texts);
    RUN(test_other_keys);
    RUN(test_signatures);
    RUN(test_pairs);
    RUN(test_unsigned);
    RUN(test_mixed);
    RUN(test_der_signature);
    RUN(test_shapes);
    RUN(test_non_canonical);
    RUN(test_every_byte);
    RUN(test_size);
    RUN(test_issue);
    RUN(test_announced_key);
    forge_close(path);
    CHECK(mutations >= 460);
    printf("%d mutations\n", mutations);
    return REPORT();
}
