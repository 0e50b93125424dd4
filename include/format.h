/* The formats the contract may name: strings with a shape that a pattern cannot say. */
#ifndef TEPAI_FORMAT_H
#define TEPAI_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

/* True when `text` has the format. `strict` is the contract's manner: a uuid then is lower case. */
typedef bool format_check(const char *text, size_t size, bool strict);

/* The check of a format by its name: uuid, date, date-time, email, uri-reference, uscc, cn-id, cn-mobile. NULL for a
 * name nobody here knows. */
format_check *format_find(const char *name);

format_check format_uuid;          /* RFC 4122, hyphenated */
format_check format_date;          /* RFC 3339 full-date, real in the calendar */
format_check format_date_time;     /* RFC 3339, any offset; second 60 only where UTC has one */
format_check format_email;         /* RFC 5321 mailbox */
format_check format_uri_reference; /* RFC 3986 */
format_check format_uscc;          /* unified social credit code, GB 32100-2015, with its check character */
format_check format_cn_id;         /* resident ID number, GB 11643-1999: check character, birthday not in the future */
format_check format_cn_mobile;     /* 11 digits, 1 and then 3 to 9 */

#endif
