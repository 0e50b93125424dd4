/* Where the database is, in addresses: a request thread must not look up a name, for that wait has no deadline. */
#ifndef TEPAI_HOSTS_H
#define TEPAI_HOSTS_H

#include <stdbool.h>

/* Lists as libpq takes them, an entry for each address of each name. */
struct hosts {
    char host[2048], hostaddr[1024], port[512];
};

/* Looks up the names in a connection string, and again every ten seconds from a thread of its own. False after a log
 * line when one is not found. Sockets and addresses need none of it. To be called once, before requests are served. */
bool hosts_open(const char *connection);

/* The latest answer; false when there was no name to look up. */
bool hosts_copy(struct hosts *to);

#endif
