/* One request as it arrived and its answer as it leaves. Nothing of the HTTP library shows through, so that tests and
 * fuzzers can walk the road without a socket. */
#ifndef TEPAI_WIRE_H
#define TEPAI_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_HEADERS_MAX  64
#define REPLY_HEADERS_MAX 24

struct header {
    const char *name;
    const char *value;
    size_t name_size; /* bytes as received; longer than strlen() when a NUL was sent */
    size_t value_size;
};

struct wire {
    const char *method;
    const char *target;  /* path and query as sent, undecoded */
    const char *version; /* "HTTP/1.1" */
    struct header headers[WIRE_HEADERS_MAX];
    int header_count;   /* all that arrived, even when more than the table holds */
    size_t header_size; /* raw bytes of the request line and header block; 0 when not known */
    const char *body;   /* NULL when there is none */
    size_t body_size;   /* bytes received, at most one more than the largest limit */
    const char *peer;   /* textual address of the other end */
    int64_t began_us;   /* monotonic microseconds */
};

struct reply {
    int status;
    char *body; /* from malloc; whoever sends the reply takes it over */
    size_t body_size;
    int file;         /* open for reading; whoever sends the reply closes it */
    size_t file_size; /* bytes to send from it in the place of a body; 0: there is no file */
    struct {
        const char *name;
        const char *value;
    } headers[REPLY_HEADERS_MAX]; /* in the request's arena */
    int header_count;
    bool close; /* end the connection after this answer */
    bool head;  /* the answer to HEAD: the size is told, the body is not sent */
};

#endif
