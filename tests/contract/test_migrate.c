/* Migrations: run again they change nothing, a changed one is refused, and a database that lacks something is not
 * served. What belongs to the server's settings is looked at too. */
#include "config.h"
#include "harness.h"
#include "migrate.h"
#include "selfcheck.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static char said[8192]; /* standard output and error of the last quiet() */

static bool quiet(bool (*run)(void))
{
    FILE *kept = tmpfile();
    int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
    fflush(stdout);
    dup2(fileno(kept), STDOUT_FILENO);
    dup2(fileno(kept), STDERR_FILENO);
    bool fine = run();
    fflush(stdout);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    close(out);
    close(err);
    rewind(kept);
    said[fread(said, 1, sizeof said - 1, kept)] = '\0';
    fclose(kept);
    return fine;
}

static bool migrate(void)
{
    return migrate_run(true);
}

static bool current(void)
{
    const char *why;
    return migrate_current(&why);
}

#define DEMAND "path = 'schema/060_demand.sql'"

/* Before anything has found the database current, which is remembered. */
static void what_lacks_is_noticed(void)
{
    sql("DELETE FROM app.migration WHERE path = 'reference data'");
    CHECK(!current());
    CHECK(quiet(migrate));
    CHECK(strstr(said, "reference data\n") != NULL);
    sql("UPDATE app.migration SET sha256 = 'other' WHERE path = 'functions, lifecycle, views, policies'");
    CHECK(!current());
    CHECK(quiet(migrate));
    CHECK(strstr(said, "functions, lifecycle") != NULL);
}

/* A member may come between others: the view of an older version had its columns in another order. */
static void views_are_made_anew(void)
{
    sql("DROP VIEW api.unit; CREATE VIEW api.unit AS SELECT name_zh AS code, code AS name_zh FROM app.unit");
    sql("UPDATE app.migration SET sha256 = 'other' WHERE path = 'functions, lifecycle, views, policies'");
    CHECK(quiet(migrate));
    CHECK_TEXT(sql("SELECT code FROM api.unit WHERE name_zh = '襄垣县'"), "140423");
}

static void changed_migration_is_refused(void)
{
    const char *hash = sql("SELECT sha256 FROM app.migration WHERE " DEMAND);
    sql("UPDATE app.migration SET sha256 = 'other' WHERE " DEMAND);
    CHECK(!current());
    CHECK(!quiet(migrate));
    CHECK(strstr(said, "060_demand.sql was changed after it had been applied") != NULL);
    sql("UPDATE app.migration SET sha256 = '%s' WHERE " DEMAND, hash);
}

/* While a newer version is rolled out, the older one goes on serving. */
static void newer_database_is_served(void)
{
    sql("INSERT INTO app.migration VALUES ('schema/999_later.sql', 'x')");
    sql("UPDATE app.migration SET sha256 = 'newer' WHERE path LIKE 'functions%%'");
    CHECK(current());
    sql("DELETE FROM app.migration WHERE path = 'schema/999_later.sql'");
}

static void again_changes_nothing(void)
{
    CHECK(quiet(migrate));
    const char *accounts = sql("SELECT count(*) FROM app.account"), *events = sql("SELECT count(*) FROM app.event");
    CHECK(quiet(migrate));
    CHECK(strstr(said, "migration ") == NULL);
    CHECK(strstr(said, "left as it is") != NULL);
    CHECK_TEXT(sql("SELECT count(*) FROM app.account"), accounts);
    CHECK_TEXT(sql("SELECT count(*) FROM app.event"), events);
}

/* The URL of the same server with another database; `from` keeps its query. */
static void point_at(const char *name)
{
    char url[512];
    const char *from = getenv("TEPAI_DATABASE_URL"), *query = strchr(from, '?');
    const char *path = query == NULL ? strrchr(from, '/') : query;
    while (query != NULL && *path != '/') path--;
    snprintf(url, sizeof url, "%.*s/%s%s", (int)(path - from), from, name, query == NULL ? "" : query);
    setenv("TEPAI_DATABASE_URL", url, 1);
    CHECK(config_load());
}

static void *migrate_in_thread(void *fine)
{
    *(bool *)fine = migrate_run(false);
    return NULL;
}

static bool migrate_twice(void)
{
    pthread_t threads[2];
    bool fine[2] = {false, false};
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, migrate_in_thread, &fine[i]);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    return fine[0] && fine[1];
}

static int count_in_said(const char *words)
{
    int count = 0;
    for (const char *at = said; (at = strstr(at, words)) != NULL; at++) count++;
    return count;
}

static void two_at_once_do_it_once(void)
{
    char name[96], own[64];
    snprintf(own, sizeof own, "tepai_test_%d", (int)getpid());
    snprintf(name, sizeof name, "%s_empty", own);
    sql("CREATE DATABASE %s", name);
    point_at(name);
    CHECK(quiet(migrate_twice));
    CHECK(count_in_said("migration schema/060_demand.sql") == 1);
    point_at(own);
    sql("DROP DATABASE %s WITH (FORCE)", name);
}

static void settings_of_the_server_are_looked_at(void)
{
    setenv("TEPAI_PROFILE", "default", 1);
    CHECK(config_load());
    CHECK(quiet(check_database));
    CHECK_TEXT(said, "");
    sql("ALTER DATABASE tepai_test_%d SET log_error_verbosity = verbose", (int)getpid());
    CHECK(!quiet(check_database));
    CHECK(strstr(said, "set log_error_verbosity to terse (it is verbose)") != NULL);
    setenv("TEPAI_PROFILE", "demo", 1);
    CHECK(config_load());
    CHECK(quiet(check_database));
    CHECK(strstr(said, "log_error_verbosity") != NULL);
}

int main(void)
{
    harness_open();
    RUN(what_lacks_is_noticed);
    RUN(views_are_made_anew);
    RUN(changed_migration_is_refused);
    RUN(newer_database_is_served);
    RUN(again_changes_nothing);
    RUN(two_at_once_do_it_once);
    RUN(settings_of_the_server_are_looked_at);
    return harness_close();
}
