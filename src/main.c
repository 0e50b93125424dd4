/* tepaid and its commands. Everything that has to be settled before a second thread exists is settled here. */
#include "clean.h"
#include "commands.h"
#include "config.h"
#include "files.h"
#include "keys.h"
#include "log.h"
#include "migrate.h"
#include "selfcheck.h"
#include "validate.h"

#include <jansson.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <orcania.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* The libraries go on with a freed or half-made object when memory lacks, which corrupts what is served next. A clean
 * end loses nothing that was acknowledged. */
static void *need(void *memory)
{
    if (memory != NULL) return memory;
    log_line(LOG_ERROR, "out_of_memory", NULL);
    abort();
}

static void *need_malloc(size_t size)
{
    return need(malloc(size > 0 ? size : 1));
}

static void *need_realloc(void *memory, size_t size)
{
    return need(clean_realloc(memory, size > 0 ? size : 1));
}

/* A hash that fails for want of memory would read as a wrong token. */
static void *crypto_malloc(size_t size, const char *file, int line)
{
    (void)file, (void)line;
    return need_malloc(size);
}

static void *crypto_realloc(void *memory, size_t size, const char *file, int line)
{
    (void)file, (void)line;
    return need_realloc(memory, size);
}

static void crypto_free(void *memory, const char *file, int line)
{
    (void)file, (void)line;
    clean_free(memory);
}

/* Keys and personal data must not be left in a core file or be read by another process of the same user. */
static void keep_memory_private(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
    umask(077);
}

static bool prepare(void)
{
    o_set_alloc_funcs(need_malloc, need_realloc, clean_free);
    json_set_alloc_funcs(need_malloc, clean_free);
    CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free);
    json_object_seed(0);
    keep_memory_private();
    mallopt(M_MXFAST, 0); /* merging those bins again and again cost 7 % of a request's work outside the kernel */
    signal(SIGPIPE, SIG_IGN);
    return sodium_init() >= 0;
}

static bool open_log(void)
{
    static const char *const levels[] = {"debug", "info", "warn", "error"};
    for (int level = LOG_DEBUG; level <= LOG_ERROR; level++)
        if (config_is(SETTING_LOG_LEVEL, levels[level])) log_open((enum log_level)level);
    return check_libraries();
}

static int migrate_command(int argc, char **argv)
{
    bool with_demo = argc == 2 && strcmp(argv[1], "--demo") == 0;
    if (argc > 1 && !with_demo) {
        fputs("usage: tepaid migrate [--demo]\n", stderr);
        return 2;
    }
    if (with_demo && (!keys_load(config_text(SETTING_KEYS)) || !files_open(config_text(SETTING_FILES)))) return 1;
    bool fine = migrate_run(with_demo);
    keys_free();
    return fine ? 0 : 1;
}

static int config_command(int argc, char **argv)
{
    (void)argc, (void)argv;
    config_print(stdout);
    return 0;
}

static int keys_command(int argc, char **argv)
{
    const char *path = config_text(SETTING_KEYS), *what = argc == 2 ? argv[1] : "";
    bool signing = strcmp(what, "rotate") == 0, sealing = strcmp(what, "rotate-sealing") == 0;
    if (!signing && !sealing && strcmp(what, "reseal") != 0) {
        fputs("usage: tepaid keys rotate | rotate-sealing | reseal\n", stderr);
        return 2;
    }
    bool fine = keys_load(path);
    if (signing) fine = fine && keys_rotate(path);
    if (sealing) fine = fine && keys_rotate_sealing(path);
    if (!signing && !sealing) fine = fine && reseal_command() == 0;
    keys_free();
    return fine ? 0 : 1;
}

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the name */
    const char *meaning;
} commands[] = {
    {"serve", serve_command, "serve the API until TERM or INT"},
    {"work", work_command, "do the background work alone, without serving, until TERM or INT"},
    {"migrate", migrate_command, "bring the database to this version; --demo loads the demo programme too"},
    {"check", check_command, "look at settings, contract, keys and database, and say what is wrong"},
    {"account", account_command, "make the link of the first administrator: LOGIN_NAME DISPLAY_NAME"},
    {"config", config_command, "print every setting with its meaning, value and default"},
    {"validate", validate_command, "judge JSON documents by a JSON Schema: SCHEMA.json DOCUMENT.json…"},
    {"routes", routes_command, "print method, path, operation and roles of every operation"},
    {"lifecycle", lifecycle_command, "print the states and steps in the database as Mermaid diagrams"},
    {"audit", audit_command, "heads: print the signed heads of the feed; verify [--heads FILE]: walk it against them"},
    {"keys", keys_command,
     "rotate: the next signing key becomes the active one; rotate-sealing: a new key seals personal data; reseal: what "
     "older keys sealed is sealed by it"},
};
#define COMMANDS (sizeof commands / sizeof *commands)

static int usage(void)
{
    fputs("tepaid " TEPAI_VERSION "\nusage: tepaid COMMAND\n", stderr);
    for (size_t i = 0; i < COMMANDS; i++) fprintf(stderr, "  %-10s %s\n", commands[i].name, commands[i].meaning);
    return 2;
}

int main(int argc, char **argv)
{
    const struct command *chosen = NULL;
    for (size_t i = 0; argc > 1 && i < COMMANDS; i++)
        if (strcmp(commands[i].name, argv[1]) == 0) chosen = &commands[i];
    if (chosen == NULL) return usage();
    setvbuf(stdout, NULL, _IOLBF, 0); /* in order with what goes to standard error */
    if (!prepare() || !config_load() || !open_log()) return 1;
    return chosen->run(argc - 1, argv + 1);
}
