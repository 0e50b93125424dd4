/* The log: one JSON object a line on standard error. Text is data, never a format, and no line carries a URL, a body,
 * a header value, personal data or a secret. */
#ifndef TEPAI_LOG_H
#define TEPAI_LOG_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_open(enum log_level least);

/* One line: time, level, `event` (a fixed lower_snake_case word) and pairs of name and text, ended by NULL:
 * log_line(LOG_WARN, "database_lost", "role", "tepai_city", "sqlstate", "57P01", NULL). A NULL text is left out. */
void log_line(enum log_level level, const char *event, ...) __attribute__((sentinel));

/* The line of one answered request. */
struct log_request {
    const char *operation, *route, *method, *request_id, *trace_id, *account, *client, *problem; /* NULL is left out */
    int status;
    int64_t duration_us;
    size_t bytes;
};
void log_request(const struct log_request *l);

#endif
