/* The request, as the stops of the road and the rooms see it. What a room is given belongs to the request: it frees
 * nothing, opens no transaction and writes no log line. */
#ifndef TEPAI_REQ_H
#define TEPAI_REQ_H

#include "arena.h"
#include "buffer.h"
#include "contract.h"
#include "db.h"
#include "fail.h"
#include "faults.h"
#include "guard.h"
#include "limit.h"
#include "wire.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Who asks. The token says it, the database looks again in each transaction. */
struct actor {
    enum db_role role; /* DB_PUBLIC without sign-in */
    char account[37];  /* lower-case UUIDs, empty when there is none */
    char session[37];
    char client[37]; /* of a machine, which has neither account nor session */
    char token[37];  /* the token's own id */
    char office[12]; /* "st", "talent", "industry", "finance"; empty for firms and persons */
    uint64_t scopes; /* of a machine: bits of contract_scopes() */
    bool is_admin;
    int64_t auth_time; /* last proof of identity, Unix seconds */
};

/* A broken rule of the programme, from a blockers statement or a constraint. */
struct broken_rule {
    const struct rule *rule;
    const char *pointer; /* JSON pointer into the body, or NULL */
    const char *figures; /* fills %s of the rule's sentence, or NULL */
};

#define BROKEN_RULES_MAX 20

struct req {
    struct arena *arena;
    const struct wire *wire;
    struct reply *reply;
    struct asked asked;
    char id[37];         /* X-Request-Id, UUIDv7 */
    char trace_id[33];   /* lower-case hex (W3C Trace Context) */
    bool english;        /* else zh-CN */
    bool is_page;        /* a page for people, with a policy of its own */
    const struct op *op; /* NULL until routed */
    struct slice path_words[PATH_WORDS_MAX];
    const char *allow; /* for 405 and OPTIONS */
    struct actor actor;
    json_t *body; /* the validated body; NULL when there is none */

    /* What statements are bound from, by the index in struct word_source. */
    const char *path_values[PATH_WORDS_MAX];
    const char *query_values[OP_PARAMETERS_MAX]; /* lists as PostgreSQL arrays; NULL when absent */
    const char *facts[FACT_WORDS];
    const char *page[PAGE_WORDS], *whole[PAGE_WORDS];
    bool counts; /* the total was asked for */
    const char *key[KEY_WORDS];
    const char *link[LINK_WORDS]; /* made when a statement first asks for it */
    const char *new_id;           /* of a create */
    const char *prepared;         /* :prepared, what the handler found out before its statement */
    const struct order *order;    /* of a list */
    int limit;                    /* rows of a page */
    int64_t if_match;             /* version asked for; 0: none */
    bool makes;                   /* a PUT that asks for nothing to be there yet (If-None-Match: *) */
    bool made;                    /* what that statement said it did */
    bool begun;                   /* the work goes on as a job (202) */
    struct faults faults;
    struct broken_rule broken[BROKEN_RULES_MAX];
    int broken_count;
    const PGresult *row;         /* of a write whose handler makes the answer: what the transaction read at its end */
    struct allowance allowance;  /* of the limit that this request counted for */
    int retry_after_s;           /* for 409, 429, 503; 0: none */
    const char *conflict_id;     /* `conflicting_id` of a duplicate that the caller may see, or NULL */
    const char *problem_members; /* further members of the problem, as JSON text beginning with a comma, or NULL */
    const char *oauth_error;     /* of RFC 6749, where the status alone does not tell it, or NULL */
};

/* Header of the answer; name and value live in the arena or for ever. */
void reply_header(struct req *r, const char *name, const char *value);

/* JSON text of a value, in memory of the request. */
const char *req_json(struct req *r, const json_t *value);

/* Text of a body member, or NULL when it is absent or null. */
const char *body_text(const struct req *r, const char *member);

/* Runs one statement by name in a transaction of its own, on a connection of `role`, without facts; `values` in the
 * order of the statement's words. The caller gives *result back with PQclear(). Handlers of sign-in use it; rooms that
 * act for a signed-in caller have the road's transaction. */
fail_t req_run(struct req *r, enum db_role role, const char *statement, const char *const *values, PGresult **result);

/* The row of the operation's own read, as the caller sees it; NOT_FOUND when there is none. The caller gives it back
 * with PQclear(). */
fail_t req_read(struct req *r, PGresult **row);

/* The operation's own statements, with all that a write is judged by; OK means committed and answered. */
fail_t req_write(struct req *r);

/* Forgets an answer that was given, because another one is due. */
void req_take_back(struct req *r);

/* Adds a broken rule; the further ones are dropped when the list is full. */
void req_broken(struct req *r, const struct rule *rule, const char *pointer, const char *figures);

/* Answers 200 (or the operation's 2xx) with the bytes of `body`, which the reply takes over. */
void reply_body(struct req *r, struct buffer *body);

/* Answers with a document made for this request, which the reply takes over. Whoever has the same bytes gets 304. */
void reply_document(struct req *r, struct buffer *body, const char *media_type);

/* The name under which a browser keeps what the answer holds (RFC 8187). */
void reply_file_name(struct req *r, const char *name);

/* Answers with `size` bytes of an open file, which the reply takes over. Whoever has this tag already gets 304. */
void reply_file(struct req *r, int file, size_t size, const char *media_type, const char *etag);

#endif
