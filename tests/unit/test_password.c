/* Password hashes: right and wrong, the pepper, equal work for unknown names, slots, and want of memory. */
#include "check.h"
#include "forge.h"
#include "password.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *path;

static bool verifies(const char *hash, const char *password)
{
    bool right = false;
    CHECK(password_verify(hash, password, &right) == OK);
    return right;
}

static void test_right_and_wrong(void)
{
    char hash[PASSWORD_HASH_SIZE], again[PASSWORD_HASH_SIZE];
    CHECK(password_hash("Tepai-Demo-2026", hash) == OK);
    CHECK(password_hash("Tepai-Demo-2026", again) == OK);
    CHECK(strcmp(hash, again) != 0);
    CHECK(strncmp(hash, "$argon2id$v=19$m=8192,t=2,p=1$", 30) == 0);
    CHECK(verifies(hash, "Tepai-Demo-2026"));
    CHECK(!verifies(hash, "Tepai-Demo-2027"));
    CHECK(!verifies(hash, ""));
    CHECK(!verifies(NULL, "Tepai-Demo-2026"));
    CHECK(!verifies("", "Tepai-Demo-2026"));
    CHECK(!verifies("not a hash", "Tepai-Demo-2026"));
    CHECK(password_hash("山西省长治市科技特派员", hash) == OK);
    CHECK(verifies(hash, "山西省长治市科技特派员"));
}

static void test_pepper(void)
{
    char hash[PASSWORD_HASH_SIZE];
    CHECK(password_hash("Tepai-Demo-2026", hash) == OK);
    remove(path);
    CHECK(keys_load(path));
    CHECK(!verifies(hash, "Tepai-Demo-2026"));
}

static double work_ms(const char *hash)
{
    struct timespec began, ended;
    bool right;
    double least = 1e9;
    for (int i = 0; i < 7; i++) {
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &began);
        CHECK(password_verify(hash, "Tepai-Demo-2026", &right) == OK);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ended);
        double took = (double)(ended.tv_sec - began.tv_sec) * 1e3 + (double)(ended.tv_nsec - began.tv_nsec) / 1e6;
        if (took < least) least = took;
    }
    return least;
}

static void test_unknown_names_take_as_long(void)
{
    char hash[PASSWORD_HASH_SIZE];
    CHECK(password_hash("another password", hash) == OK);
    double known = work_ms(hash), unknown = work_ms(NULL);
    CHECK(unknown > known * 0.8 && unknown < known * 1.25);
    printf("known %.2f ms, unknown %.2f ms\n", known, unknown);
}

static void test_outdated(void)
{
    char hash[PASSWORD_HASH_SIZE];
    CHECK(password_hash("Tepai-Demo-2026", hash) == OK);
    CHECK(!password_outdated(hash));
    setenv("TEPAI_ARGON2_PASSES", "3", 1);
    CHECK(config_load());
    CHECK(password_outdated(hash));
    CHECK(verifies(hash, "Tepai-Demo-2026"));
    setenv("TEPAI_ARGON2_PASSES", "2", 1);
    CHECK(config_load());
    CHECK(password_outdated("not a hash"));
}

static atomic_int served, turned_away, mistaken;
static char shared_hash[PASSWORD_HASH_SIZE];

static void *sign_in(void *unused)
{
    for (int i = 0; i < 10; i++) {
        bool right = false;
        fail_t outcome = password_verify(shared_hash, "Tepai-Demo-2026", &right);
        if (outcome == OK)
            atomic_fetch_add(right ? &served : &mistaken, 1);
        else
            atomic_fetch_add(&turned_away, 1);
    }
    return unused;
}

/* Sixteen threads and two slots: some are turned away at once, none is told that a right password is wrong. */
static void test_slots(void)
{
    pthread_t threads[16];
    CHECK(password_hash("Tepai-Demo-2026", shared_hash) == OK);
    for (int i = 0; i < 16; i++) pthread_create(&threads[i], NULL, sign_in, NULL);
    for (int i = 0; i < 16; i++) pthread_join(threads[i], NULL);
    CHECK(served > 0);
    CHECK(turned_away > 0);
    CHECK(mistaken == 0);
    for (int i = 0; i < 5; i++) CHECK(verifies(shared_hash, "Tepai-Demo-2026"));
}

#ifndef __SANITIZE_ADDRESS__
/* In a process that may have no more memory, a right password is not called wrong. */
static void test_want_of_memory(void)
{
    CHECK(password_hash("Tepai-Demo-2026", shared_hash) == OK);
    if (fork() == 0) {
        struct rlimit little = {1, 1};
        bool right = true;
        setrlimit(RLIMIT_AS, &little);
        _exit(password_verify(shared_hash, "Tepai-Demo-2026", &right) == UNAVAILABLE && !right ? 0 : 1);
    }
    int status = 1;
    wait(&status);
    CHECK(status == 0);
}
#endif

int main(void)
{
    setenv("TEPAI_ARGON2_MIB", "8", 1);
    setenv("TEPAI_ARGON2_PASSES", "2", 1);
    setenv("TEPAI_ARGON2_SLOTS", "2", 1);
    path = forge_open();
    RUN(test_right_and_wrong);
    RUN(test_pepper);
    RUN(test_unknown_names_take_as_long);
    RUN(test_outdated);
    RUN(test_slots);
#ifndef __SANITIZE_ADDRESS__
    RUN(test_want_of_memory);
#endif
    forge_close(path);
    return REPORT();
}
