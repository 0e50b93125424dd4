/* Names are looked up apart from the requests. All addresses of a name are kept, for libpq tries one after the other;
 * an answer that fails leaves the one before it in force. */
#include "hosts.h"

#include "log.h"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PERIOD_S 10

static char *names, *ports; /* as given, lists with commas; NULL: there is no name */
static struct hosts latest;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static bool is_name(const char *host)
{
    unsigned char bytes[16];
    return host[0] != '\0' && host[0] != '/' && host[0] != '@' && inet_pton(AF_INET, host, bytes) != 1 &&
           inet_pton(AF_INET6, host, bytes) != 1;
}

/* The entry of a list that begins at `*at`, which moves behind it; an empty text past the end. */
static void take_entry(const char **at, char *out, size_t room)
{
    size_t size = strcspn(*at, ",");
    snprintf(out, room, "%.*s", (int)size, *at);
    *at += size + ((*at)[size] == ',');
}

static bool append(char *list, size_t room, bool first, const char *entry)
{
    size_t size = strlen(list);
    return (size_t)snprintf(list + size, room - size, "%s%s", first ? "" : ",", entry) < room - size;
}

static bool add_address(struct hosts *to, bool first, const char *host, const char *address, const char *port)
{
    return append(to->host, sizeof to->host, first, host) &&
           append(to->hostaddr, sizeof to->hostaddr, first, address) && append(to->port, sizeof to->port, first, port);
}

static bool add_name(struct hosts *to, bool first, const char *host, const char *port)
{
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    if (getaddrinfo(host, NULL, &wanted, &found) != 0) return false;
    bool good = true;
    for (const struct addrinfo *a = found; a != NULL && good; a = a->ai_next) {
        char address[INET6_ADDRSTRLEN + 20];
        good = getnameinfo(a->ai_addr, a->ai_addrlen, address, sizeof address, NULL, 0, NI_NUMERICHOST) == 0 &&
               add_address(to, first, host, address, port);
        first = false;
    }
    freeaddrinfo(found);
    return good;
}

/* A single port counts for all hosts. */
static bool look_up(struct hosts *to)
{
    const char *at = names, *port_at = ports;
    bool several = strchr(ports, ',') != NULL, good = true;
    char host[512], port[16];
    *to = (struct hosts){.port = ""};
    take_entry(&port_at, port, sizeof port);
    for (bool first = true; good && *at != '\0'; first = false) {
        if (!first && several) take_entry(&port_at, port, sizeof port);
        take_entry(&at, host, sizeof host);
        bool known_address = !is_name(host) && host[0] != '/' && host[0] != '@';
        good = is_name(host) ? add_name(to, first, host, port)
                             : add_address(to, first, host, known_address ? host : "", port);
    }
    return good;
}

static void *look_up_again(void *unused)
{
    const struct timespec pause = {.tv_sec = PERIOD_S};
    struct hosts found;
    (void)unused;
    for (;;) {
        nanosleep(&pause, NULL);
        if (!look_up(&found)) continue;
        pthread_mutex_lock(&mutex);
        latest = found;
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

static bool has_name(const char *list)
{
    char host[512];
    while (*list != '\0') {
        take_entry(&list, host, sizeof host);
        if (is_name(host)) return true;
    }
    return false;
}

/* Keeps host and port of the connection string when a name is among them. False when it cannot be read. */
static bool take_names(const char *connection)
{
    PQconninfoOption *given = PQconninfoParse(connection, NULL);
    const char *host = "", *port = "";
    bool has_address = false;
    if (given == NULL) return false;
    for (const PQconninfoOption *o = given; o->keyword != NULL; o++) {
        if (o->val == NULL) continue;
        if (strcmp(o->keyword, "host") == 0) host = o->val;
        if (strcmp(o->keyword, "port") == 0) port = o->val;
        has_address |= strcmp(o->keyword, "hostaddr") == 0;
    }
    if (!has_address && has_name(host)) {
        names = strdup(host);
        ports = strdup(port);
    }
    PQconninfoFree(given);
    return true;
}

bool hosts_open(const char *connection)
{
    pthread_t thread;
    bool good = take_names(connection);
    if (good && names == NULL) return true;
    if (!good || ports == NULL || !look_up(&latest)) {
        log_line(LOG_ERROR, "database_host_unknown", "advice", "set TEPAI_DATABASE_URL to a host that can be looked up",
                 NULL);
        free(names);
        free(ports);
        names = ports = NULL;
        return false;
    }
    if (pthread_create(&thread, NULL, look_up_again, NULL) != 0) return false;
    pthread_detach(thread);
    return true;
}

bool hosts_copy(struct hosts *to)
{
    if (names == NULL) return false;
    pthread_mutex_lock(&mutex);
    *to = latest;
    pthread_mutex_unlock(&mutex);
    return true;
}
