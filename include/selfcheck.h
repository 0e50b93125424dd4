/* Looks at the surroundings before the service trusts them. */
#ifndef TEPAI_SELFCHECK_H
#define TEPAI_SELFCHECK_H

#include <stdbool.h>

/* Versions of the libraries: false, after a sentence, for one that must not be used; a log line for one that this was
 * not tested with. */
bool check_libraries(void);

/* Whether the URL of a server keeps to host, port and database: row-level security is worth nothing to whoever reads
 * the administrator's password in its memory. Otherwise a sentence and false; a log line alone when the profile is
 * demo. */
bool check_database_url(void);

/* Settings of the server and of the serving roles against those that the promises of this service rest on. A
 * difference is a sentence on standard error, and false unless the profile is demo. */
bool check_database(void);

/* Opens a connection of each serving role, which prepares all of its statements. */
bool check_statements(void);

#endif
