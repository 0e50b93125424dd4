/* Password hashes. Argon2id works on an HMAC of the password under a pepper from the key file, so that a copy of the
 * database alone cannot be guessed against. One hash takes about 100 ms and 64 MiB, hence the slots. */
#include "password.h"
#include "config.h"
#include "keys.h"
#include "metrics.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define PEPPERED   32
#define HASH_BYTES 32

_Static_assert(PASSWORD_HASH_SIZE == crypto_pwhash_STRBYTES, "libsodium's own size");

static atomic_int taken;

/* A thread never waits here: while it did, every other connection it serves would wait with it. */
static bool slot_take(void)
{
    if (atomic_fetch_add(&taken, 1) < config_int(SETTING_ARGON2_SLOTS)) return true;
    atomic_fetch_sub(&taken, 1);
    metrics_add(METRIC_SIGN_IN_SLOTS_TAKEN);
    return false;
}

static void slot_give(void)
{
    atomic_fetch_sub(&taken, 1);
}

static void pepper(const char *password, unsigned char out[PEPPERED])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, keys_secret(SECRET_PEPPER), 32);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)password, strlen(password));
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof state);
}

static unsigned long long passes(void)
{
    return (unsigned long long)config_int(SETTING_ARGON2_PASSES);
}

static size_t memory(void)
{
    return (size_t)config_int(SETTING_ARGON2_MIB) << 20;
}

fail_t password_hash(const char *password, char out[PASSWORD_HASH_SIZE])
{
    unsigned char peppered[PEPPERED];
    if (!slot_take()) return UNAVAILABLE;
    pepper(password, peppered);
    int done = crypto_pwhash_str_alg(out, (const char *)peppered, sizeof peppered, passes(), memory(),
                                     crypto_pwhash_ALG_ARGON2ID13);
    slot_give();
    sodium_memzero(peppered, sizeof peppered);
    return done == 0 ? OK : UNAVAILABLE;
}

/* A hash taken apart. */
struct hashed {
    unsigned kib, passes;
    unsigned char salt[crypto_pwhash_SALTBYTES], bytes[HASH_BYTES];
};

static bool decode(const char *text, unsigned char *out, size_t size)
{
    size_t got = 0;
    return sodium_base642bin(out, size, text, strlen(text), NULL, &got, NULL,
                             sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0 &&
           got == size;
}

/* The form that crypto_pwhash_str() writes. */
static bool take_apart(const char *text, struct hashed *h)
{
    char salt[23], bytes[44];
    int end = 0;
    int fields = sscanf(text, "$argon2id$v=19$m=%8u,t=%3u,p=1$%22[A-Za-z0-9+/]$%43[A-Za-z0-9+/]%n", &h->kib, &h->passes,
                        salt, bytes, &end);
    return fields == 4 && text[end] == '\0' && decode(salt, h->salt, sizeof h->salt) &&
           decode(bytes, h->bytes, sizeof h->bytes);
}

/* A hash of today's parameters that no password has: its bytes are random. */
static void nobodys(struct hashed *h)
{
    h->kib = (unsigned)(memory() / 1024);
    h->passes = (unsigned)passes();
    randombytes_buf(h->salt, sizeof h->salt);
    randombytes_buf(h->bytes, sizeof h->bytes);
}

/* Not crypto_pwhash_str_verify(): in libsodium 1.0.18 it answers want of memory just like a wrong password. */
fail_t password_verify(const char *hash, const char *password, bool *right)
{
    struct hashed h;
    unsigned char peppered[PEPPERED], made[HASH_BYTES];
    *right = false;
    bool known = hash != NULL && take_apart(hash, &h);
    if (!known) nobodys(&h);
    if (!slot_take()) return UNAVAILABLE;
    pepper(password, peppered);
    int done = crypto_pwhash(made, sizeof made, (const char *)peppered, sizeof peppered, h.salt, h.passes,
                             (size_t)h.kib * 1024, crypto_pwhash_ALG_ARGON2ID13);
    slot_give();
    sodium_memzero(peppered, sizeof peppered);
    if (done != 0) return UNAVAILABLE;
    *right = sodium_memcmp(made, h.bytes, sizeof made) == 0 && known;
    return OK;
}

bool password_outdated(const char *hash)
{
    return crypto_pwhash_str_needs_rehash(hash, passes(), memory()) != 0;
}
