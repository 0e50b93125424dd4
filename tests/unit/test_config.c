/* Settings: defaults, values of the environment, and the sentence for each kind of mistake. */
#include "check.h"
#include "config.h"

#include <stdlib.h>
#include <unistd.h>

static char said[4096]; /* standard error of the last load() */

/* Loads the settings with what one more variable says, and takes it back. */
static bool load(const char *name, const char *value)
{
    FILE *kept = tmpfile();
    int real = dup(STDERR_FILENO);
    dup2(fileno(kept), STDERR_FILENO);
    if (name != NULL) setenv(name, value, 1);
    bool fine = config_load();
    dup2(real, STDERR_FILENO);
    close(real);
    rewind(kept);
    said[fread(said, 1, sizeof said - 1, kept)] = '\0';
    fclose(kept);
    return fine;
}

static void defaults_hold(void)
{
    CHECK(load(NULL, NULL));
    CHECK_TEXT(said, "");
    CHECK(config_int(SETTING_PORT) == 8080);
    CHECK(config_is(SETTING_PROFILE, "default"));
    CHECK_TEXT(config_text(SETTING_DATABASE_URL), "");
}

static void environment_wins(void)
{
    CHECK(load("TEPAI_PORT", "0"));
    CHECK(config_int(SETTING_PORT) == 0);
    CHECK_TEXT(config_text(SETTING_PORT), "0");
    unsetenv("TEPAI_PORT");
    CHECK(load("TEPAI_PROFILE", "demo"));
    CHECK(config_is(SETTING_PROFILE, "demo"));
    unsetenv("TEPAI_PROFILE");
}

static void refuse(const char *name, const char *value, const char *advice)
{
    CHECK(!load(name, value));
    CHECK(strstr(said, name) != NULL);
    CHECK(strstr(said, advice) != NULL);
    unsetenv(name);
}

static void wrong_values_are_told(void)
{
    refuse("TEPAI_PORT", "65536", "from 0 to 65535");
    refuse("TEPAI_PORT", "-1", "whole number");
    refuse("TEPAI_PORT", "80x", "whole number");
    refuse("TEPAI_PORT", "", "whole number");
    refuse("TEPAI_PORT", "99999999999999999999", "whole number");
    refuse("TEPAI_PROFILE", "Demo", "one of: default demo");
    refuse("TEPAI_PROFILE", "default demo", "one of");
    refuse("TEPAI_ADDRESS", "localhost", "not a name");
    refuse("TEPAI_FRONT", "10.0.0", "address");
    refuse("TEPAI_PUBLIC_URL", "tepai.example", "https://");
    refuse("TEPAI_PUBLIC_URL", "https://tepai.example/", "slash");
    refuse("TEPAI_ORIGINS", "*", "origin");
    refuse("TEPAI_ORIGINS", "https://front.example/", "without path");
    refuse("TEPAI_ORIGINS", "https://*.front.example", "origin");
    refuse("TEPAI_ORIGINS", "https://a.example, https://b.example", "without path and blanks");
    refuse("TEPAI_ORIGINS", "https://a.example,", "origin");
    refuse("TEPAI_THREADS", "4", "half");
}

static void right_forms_are_taken(void)
{
    CHECK(load("TEPAI_ADDRESS", "::1"));
    unsetenv("TEPAI_ADDRESS");
    CHECK(load("TEPAI_ORIGINS", "https://a.example,http://127.0.0.1:3000"));
    unsetenv("TEPAI_ORIGINS");
    CHECK(load("TEPAI_FRONT", ""));
    CHECK(load("TEPAI_FRONT", "10.0.0.7"));
    unsetenv("TEPAI_FRONT");
}

static void unknown_names_are_told(void)
{
    refuse("TEPAI_PROT", "8080", "no setting");
    CHECK(load("TEPAI_TEST_URL", "x"));
    unsetenv("TEPAI_TEST_URL");
}

static void table_shows_no_secret(void)
{
    CHECK(load("TEPAI_DATABASE_URL", "postgresql://u:canary-7@/tepai"));
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    config_print(out);
    fclose(out);
    CHECK(strstr(text, "canary-7") == NULL);
    CHECK(strstr(text, "TEPAI_DATABASE_URL            (set, not shown)") != NULL);
    CHECK(strstr(text, "TEPAI_PORT                    8080 (default)") != NULL);
    free(text);
    unsetenv("TEPAI_DATABASE_URL");
}

/* The test brings its own settings; what is set outside belongs to others. */
static void forget_settings(void)
{
    for (char **at = environ; *at != NULL;) {
        char name[64];
        size_t size = strcspn(*at, "=");
        bool ours = strncmp(*at, "TEPAI_", 6) == 0 && size < sizeof name;
        if (!ours) {
            at++;
            continue;
        }
        snprintf(name, sizeof name, "%.*s", (int)size, *at);
        unsetenv(name); /* moves the rest up */
    }
}

int main(void)
{
    forget_settings();
    RUN(defaults_hold);
    RUN(environment_wins);
    RUN(wrong_values_are_told);
    RUN(right_forms_are_taken);
    RUN(unknown_names_are_told);
    RUN(table_shows_no_secret);
    return REPORT();
}
