/* Password hashes. Argon2id works on an HMAC of the password under a pepper from the key file, so that a copy of the
 * database alone cannot be guessed against. One hash takes about 100 ms and 64 MiB, hence the slots. */
#include "password.h"
#include "config.h"
#include "keys.h"
#include "metrics.h"

#include <errno.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define PEPPERED 32

_Static_assert(PASSWORD_HASH_SIZE == crypto_pwhash_STRBYTES, "libsodium's own size");

static atomic_int taken;

static int slot_count(void)
{
    int64_t half = config_int(SETTING_THREADS) / 2, slots = config_int(SETTING_ARGON2_SLOTS);
    return (int)(slots < half ? slots : half);
}

/* A thread never waits here: while it did, every other connection it serves would wait with it. */
static bool slot_take(void)
{
    if (atomic_fetch_add(&taken, 1) < slot_count()) return true;
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

/* A hash of today's parameters that no password has: its 32 bytes are random. */
static void nobodys_hash(char out[PASSWORD_HASH_SIZE])
{
    unsigned char bytes[48];
    char salt[23], hash[44];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(salt, sizeof salt, bytes, 16, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    sodium_bin2base64(hash, sizeof hash, bytes + 16, 32, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    snprintf(out, PASSWORD_HASH_SIZE, "$argon2id$v=19$m=%u,t=%u,p=1$%s$%s", (unsigned)(memory() / 1024),
             (unsigned)passes(), salt, hash);
}

/* libsodium says -1 for a wrong password and for want of memory; only errno tells them apart. */
fail_t password_verify(const char *hash, const char *password, bool *right)
{
    unsigned char peppered[PEPPERED];
    char nobody[PASSWORD_HASH_SIZE];
    *right = false;
    if (hash == NULL) nobodys_hash(nobody);
    if (!slot_take()) return UNAVAILABLE;
    pepper(password, peppered);
    errno = 0;
    int same = crypto_pwhash_str_verify(hash == NULL ? nobody : hash, (const char *)peppered, sizeof peppered);
    int reason = errno;
    slot_give();
    sodium_memzero(peppered, sizeof peppered);
    if (same != 0 && reason != EINVAL) return UNAVAILABLE;
    *right = same == 0 && hash != NULL;
    return OK;
}

bool password_outdated(const char *hash)
{
    return crypto_pwhash_str_needs_rehash(hash, passes(), memory()) != 0;
}
