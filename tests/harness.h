/* Drives the road without a socket, on a database of the program's own: a copy of the demo programme that ends with it.
 *
 *     as("huguan.kj");
 *     call("demand_first_review", id, "{\"decision\":\"pass\"}");
 *     EXPECT(OK);
 *     EXPECT_TEXT("/status", "city_review");
 *
 * Every answer is compared with its schema in the contract, unknown members refused; one that does not fit is a failed
 * check wherever it comes. */
#ifndef TEPAI_HARNESS_H
#define TEPAI_HARNESS_H

#include "check.h"
#include "contract.h"
#include "fail.h"

#include <jansson.h>
#include <libpq-fe.h>

/* Makes the copy, reads contract and keys. To be called once, first; ends the program with a sentence on failure. */
void harness_open(void);

/* Drops the copy; returns the exit status of the program after printing the last line. */
int harness_close(void);

/* Who asks from now on: a demo account, or NULL for nobody. Signs in once for each account, and again when that is
 * minutes ago. */
void as(const char *login_name);

/* The same with a token as it is. */
void as_token(const char *token);
/* The same with the token of a capability link. */
void as_link(const char *capability_token);
const char *token_of(const char *login_name);

/* Calls an operation. `id` fills the first word of its path. What the contract requires and the test does not set is
 * added: a fresh Idempotency-Key, and the If-Match of the version the caller sees now. A NULL body sends none. */
void call(const char *operation, const char *id, const char *body);

/* A request as it stands, without anything added but the type of its body and the digest of bytes. */
void ask(const char *method, const char *target, const char *body);
void ask_bytes(const char *method, const char *target, const char *body, size_t size);

/* A value for Content-Digest; kept until the program ends. */
const char *digest_of(const void *bytes, size_t size);

/* A header of the next request only; a NULL value keeps call() from adding that header. */
void with(const char *name, const char *value);

/* The answer. */
int status_of(void);
const char *header_of(const char *name); /* NULL when absent */
const char *bytes_of(void);
size_t size_of(void);                     /* of those bytes */
const json_t *body_of(void);              /* NULL when there is none */
const char *text_at(const char *pointer); /* text of a member, numbers and booleans as JSON; NULL when absent or null */
const char *rule_at(int index);           /* "rule" of the index-th entry in errors */

/* A copy of text_at(), kept until the program ends. */
const char *keep(const char *pointer);

/* The body that moves a firm to another unit, with the words of both. */
const char *move_to(const char *firm, const char *unit);

/* JSON written with ' in the place of ", printf-style; kept until the program ends. */
const char *json(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Follows a list to its end by next_cursor and gives how many rows it showed. A row shown twice, or out of the order
 * that `sort` names ("-updated_at"; NULL: any), is a failed check. */
int walk(const char *target, const char *sort);

/* Runs SQL as the owner of everything, outside the road; the first column of the first row, or NULL. */
const char *sql(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Ends every placement of the demo programme on its first day, beside the road, and forgets what fell due in it, so
 * that a test may place whom it likes. */
void end_placements(void);

/* The code of a problem, or OK for a success; of a refusal in the words of OAuth only the status is compared. */
void expect(fail_t code, const char *file, int line);
void expect_text(const char *pointer, const char *want, const char *file, int line);
void expect_rule(const char *rule, const char *file, int line);
void expect_fault(const char *where, const char *code, const char *file, int line);
void expect_event(const char *id, const char *operation, const char *member, const char *file, int line);

#define EXPECT(code)               expect((code), __FILE__, __LINE__)
#define EXPECT_TEXT(pointer, want) expect_text((pointer), (want), __FILE__, __LINE__)

/* The answer names this rule among its errors. */
#define EXPECT_RULE(rule) expect_rule((rule), __FILE__, __LINE__)

/* The answer names this place ("#/title", "limit", "if-match") among its errors, with this code. */
#define EXPECT_FAULT(where, code) expect_fault((where), (code), __FILE__, __LINE__)

/* The present version of a record has one event: it names the operation, the caller, and this member as changed. */
#define EXPECT_EVENT(id, operation, member) expect_event((id), (operation), (member), __FILE__, __LINE__)

#endif
