/* Brings a database to the version of this binary, and loads the demo programme. */
#ifndef TEPAI_MIGRATE_H
#define TEPAI_MIGRATE_H

#include <stdbool.h>

/* A file of sql/, embedded by the build. */
struct sql_file {
    const char *path; /* "schema/060_demand.sql" */
    const char *text;
};
extern const struct sql_file sql_files[]; /* sorted by path; ended by a NULL path */
extern const int sql_file_count;

/* Runs what is missing in order, then the repeatable files when any changed, then the reference data. False after a
 * sentence on standard error. */
bool migrate_run(bool with_demo);

/* True when the database at hand is at this binary's version, else *why says what it lacks. Waits for the database, so
 * it is for the start alone. */
bool migrate_current(const char **why);

/* What migrate_current() found last. What a database once had it keeps, so it holds as long as this process lives. */
bool migrate_found_current(void);

#endif
