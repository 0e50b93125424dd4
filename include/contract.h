/* The contract as the program uses it: openapi.yaml, compiled at start into operations. */
#ifndef TEPAI_CONTRACT_H
#define TEPAI_CONTRACT_H

#include "db.h"
#include "router.h"
#include "schema.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct req;

/* What a room in C gives: the whole answer of an operation that is no statement, or, where x-query names statements
 * too, the answer to what the road has written and read (r->row), before it is committed. */
typedef fail_t (*handler_fn)(struct req *r);

/* One line of x-roles. */
struct permission {
    enum db_role role;
    const char *office; /* NULL: any */
    bool admin;
};

enum need { NEED_NONE, NEED_ACCEPTED, NEED_REQUIRED }; /* x-idempotency and x-if-match (optional = accepted) */

struct op_parameter {
    const char *name;
    bool required;
    bool is_list; /* several words separated by commas */
    const struct schema *schema;
};

/* Where the value of a statement's :word comes from. */
enum source {
    FROM_PATH,   /* index: path word */
    FROM_QUERY,  /* index: query parameter */
    FROM_BODY,   /* member of the body */
    FROM_SEALED, /* member sealed, masked, blind index of the clear value */
    FROM_MASKED,
    FROM_INDEX,
    FROM_PATCH,   /* the whole body */
    FROM_NEW_ID,  /* the body's id or one made for it */
    FROM_HANDLER, /* what the operation's handler found out before its statement (r->prepared) */
    FROM_FACT,    /* actor_… */
    FROM_PAGE,    /* after_1, after_id, limit */
    FROM_WHOLE,   /* the same of one page from the beginning, for the total */
    FROM_KEY,     /* idempotency_… */
    FROM_LINK,    /* new_link_… */
};

struct op;

/* A statement as one operation uses it. */
struct bound {
    const struct statement *statement;
    struct word_source {
        enum source source;
        int index;        /* of path word, query parameter, fact, page word */
        const char *name; /* of the body member */
    } * sources;
};

#define BODY_DEFAULT_MAX (1024UL * 1024)

/* Words the road binds by itself, in the order of their enums. */
enum fact_word {
    FACT_OPERATION,
    FACT_ACCOUNT,
    FACT_SESSION,
    FACT_LINK,
    FACT_CLIENT,
    FACT_TOKEN,
    FACT_SCOPES,
    FACT_ADDRESS,
    FACT_FACTOR,
    FACT_WORDS
};
enum page_word { PAGE_AFTER_1, PAGE_AFTER_ID, PAGE_LIMIT, PAGE_WORDS };
enum link_word { LINK_HASH, LINK_URL, LINK_WORDS };
enum key_word { KEY_KEY, KEY_FINGERPRINT, KEY_STATUS, KEY_ETAG, KEY_LOCATION, KEY_BODY, KEY_WORDS };

#define TOTAL_MAX          10000 /* of a list with more rows it is said that these are not all */
#define OP_PARAMETERS_MAX  24
#define OP_PERMISSIONS_MAX 12
#define OP_ORDERS_MAX      8
#define OP_STEPS_MAX       4

/* One order of a list. */
struct order {
    const char *word;                   /* "-updated_at"; "q" for the search */
    const char *column;                 /* "updated_at" */
    const char *first_value, *first_id; /* the end of the range, where the first page begins */
    struct bound statement, total;      /* total: counts the rows on all pages */
};

struct op {
    const char *id, *method, *path, *room; /* room: of the last {<room>_id} in the path, else the tag */
    const char *noun;                      /* the tag */
    bool makes_part;                       /* of the room's row: then the tag is another than the room */
    struct permission permissions[OP_PERMISSIONS_MAX];
    int permission_count;
    bool is_public;
    bool takes_client;       /* Authorization is a machine's proof, and refusals are those of RFC 6749 */
    bool has_scopes;         /* machines may call it */
    uint64_t scopes;         /* that they need, all of them: bits of contract_scopes() */
    const char *scope_text;  /* the same, separated by blanks */
    const char *scope_array; /* the same, as a PostgreSQL array */
    unsigned db_roles;
    enum need idempotency, if_match;
    size_t max_bytes;
    const char *steps[OP_STEPS_MAX];
    int step_count;
    const char *article; /* the last of x-regulation, which it is mainly about; NULL for the house */
    int max_auth_age_s;  /* how old the last proof of identity may be; 0: as old as the session */
    struct op_parameter path_words[PATH_WORDS_MAX];
    int path_word_count;
    struct op_parameter query[OP_PARAMETERS_MAX];
    int query_count;
    const char *content_type; /* of the request body; NULL when the operation takes none */
    bool takes_bytes;         /* the body is no JSON: it is taken as it comes */
    bool takes_form;          /* the body is a form, judged like an object of texts */
    bool needs_digest;        /* Content-Digest is required and judged */
    bool body_required;
    const struct schema *body;
    json_t *body_members;     /* name: true when marked x-personal: p1 */
    int success;              /* the 2xx it answers with */
    int created;              /* of a PUT that may make what it names: 201, when its statement says so; else 0 */
    const json_t *answer;     /* schema of that answer's body, or NULL */
    const json_t *job_answer; /* of an operation that may begin a job (202): the schema of what tells of it, or NULL */
    bool tells_location;      /* its success has the header Location */
    const char *cache_control;
    handler_fn handler;
    bool handler_first; /* its statement asks for :prepared, so it comes before and runs it by req_write() */
    bool is_list;
    struct order orders[OP_ORDERS_MAX];
    int order_count;
    struct bound lock, blockers, act, get; /* statement NULL where there is none */
};

/* Compiles the embedded contract. False, after a sentence on standard error that names the operation, when anything in
 * it cannot be carried out. */
bool contract_load(void);

const struct op *contract_ops(int *count);
const struct op *contract_op(const char *id);

/* The bits of scopes that some operation needs, from words separated by blanks; other words have none. */
uint64_t contract_scopes(const char *words);

/* The scopes that some operation needs, one by one; NULL behind the last. */
const char *contract_scope(int index);

/* Statements of the road itself: facts, and the three of an Idempotency-Key. */
extern struct bound road_facts, road_key_claim, road_key_get, road_key_keep;
const struct router *contract_router(void);

/* The document itself, as served and as parsed. */
const char *contract_json(size_t *size);
const json_t *contract_document(void);

#endif
