/* Settings: environment variables, read once at start and then fixed. `tepaid config` prints this table. */
#ifndef TEPAI_CONFIG_H
#define TEPAI_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum setting_kind { SETTING_TEXT, SETTING_SECRET, SETTING_INT, SETTING_WORD };

/* Name in C (after SETTING_) and after TEPAI_ in the environment, kind, default, limits (of a number), form
 * (of a text) or allowed words, meaning. */
#define SETTINGS(X)                                                                                                    \
    X(PROFILE, SETTING_WORD, "default", "default demo",                                                                \
      "demo: fictitious people, a sandbox clock and no second factor; never for real data")                            \
    X(DATABASE_URL, SETTING_SECRET, "", "",                                                                            \
      "PostgreSQL as a libpq URL; of serve and work without user and password, else of one who may create roles")      \
    X(DATABASE_PASSWORD, SETTING_SECRET, "", "", "password of the serving roles tepai_*, set by `tepaid migrate`")     \
    X(KEYS, SETTING_TEXT, "keys.json", "", "file of signing, sealing and cursor keys; made at first start, mode 0600") \
    X(FILES, SETTING_TEXT, "files", "",                                                                                \
      "folder of uploaded files; made at first start, mode 0700; shared by all servers")                               \
    X(ADDRESS, SETTING_TEXT, "127.0.0.1", "address", "numeric address to listen on")                                   \
    X(PORT, SETTING_INT, "8080", "0 65535", "port to listen on; 0 takes a free one")                                   \
    X(METRICS_PORT, SETTING_INT, "9464", "0 65535", "port of /metrics on 127.0.0.1; 0 switches it off")                \
    X(PUBLIC_URL, SETTING_TEXT, "http://127.0.0.1:8080", "url", "base URL as clients see it; issuer of tokens")        \
    X(FRONT_URL, SETTING_TEXT, "", "url", "front end whose page /answer links lead to; empty: TEPAI_PUBLIC_URL")       \
    X(AUDIENCE, SETTING_TEXT, "tepai", "", "name of this API in tokens")                                               \
    X(FRONT, SETTING_TEXT, "", "address", "address of the proxy in front, whose X-Real-IP is believed; empty: none")   \
    X(ORIGINS, SETTING_TEXT, "", "origins", "web origins whose pages may call, separated by commas; empty: none")      \
    X(THREADS, SETTING_INT, "8", "2 64", "request threads; each keeps one connection for each role")                   \
    X(CONNECTIONS, SETTING_INT, "4096", "16 65536", "connections at once")                                             \
    X(CONNECTIONS_PER_ADDRESS, SETTING_INT, "0", "0 65536", "connections at once from one address; 0: no limit")       \
    X(ACCOUNT_LIMIT, SETTING_INT, "300", "0 1000000", "requests a minute of one account at one server; 0: no limit")   \
    X(CLIENT_LIMIT, SETTING_INT, "1200", "0 1000000",                                                                  \
      "requests a minute of one county's system at one server; 0: no limit")                                           \
    X(ADDRESS_LIMIT, SETTING_INT, "60", "0 1000000",                                                                   \
      "requests a minute without sign-in from one address; 0: no limit")                                               \
    X(JOB_LIMIT, SETTING_INT, "20", "0 1000000", "long jobs an hour of one account at one server; 0: no limit")        \
    X(DISCLOSURE_LIMIT, SETTING_INT, "60", "0 1000000",                                                                \
      "disclosures of personal data an hour of one account, at all servers; 0: no limit")                              \
    X(HEADER_DEADLINE_MS, SETTING_INT, "10000", "500 60000", "time a client has to send its header")                   \
    X(REQUEST_DEADLINE_MS, SETTING_INT, "30000", "1000 600000", "time a client has to send a whole request")           \
    X(DATABASE_DEADLINE_MS, SETTING_INT, "6000", "500 60000", "time the database has to answer one request")           \
    X(DRAIN_MS, SETTING_INT, "10000", "0 60000", "time running requests have at a stop")                               \
    X(MEMORY_MIB, SETTING_INT, "512", "64 65536", "memory budget; near it receiving connections are cut")              \
    X(ARGON2_MIB, SETTING_INT, "64", "8 1024", "memory of one password hash")                                          \
    X(ARGON2_PASSES, SETTING_INT, "2", "1 10", "passes of one password hash")                                          \
    X(ARGON2_SLOTS, SETTING_INT, "4", "1 32", "password hashes at once; at most half of the threads")                  \
    X(WORK, SETTING_WORD, "on", "on off",                                                                              \
      "background work (feed, deadlines, sweeps) in `serve`; off where `tepaid work` does it")                         \
    X(PASSWORD_RULES, SETTING_WORD, "asvs", "asvs mlps",                                                               \
      "asvs: new passwords are long and not common; mlps: of three classes of characters besides")                     \
    X(DOCS, SETTING_TEXT, "", "", "directory with the files of swagger-ui-dist for /docs; empty: a page that tells")   \
    X(LOG_LEVEL, SETTING_WORD, "info", "debug info warn error", "least severity that is logged")

enum setting {
#define SETTING_ENUMERATOR(name, kind, value, limits, meaning) SETTING_##name,
    SETTINGS(SETTING_ENUMERATOR)
#undef SETTING_ENUMERATOR
        SETTING_COUNT
};

/* Reads the environment. False after a sentence on standard error for each wrong value, saying what to do. An unknown
 * TEPAI_ variable is wrong too, but for TEPAI_TEST_…, which belong to the tests. */
bool config_load(void);

const char *config_text(enum setting s); /* never NULL */
int64_t config_int(enum setting s);
bool config_is(enum setting s, const char *word);

/* The table with meaning, default and value; secrets show only whether they are set. */
void config_print(FILE *out);

#endif
