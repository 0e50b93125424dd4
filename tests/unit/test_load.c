/* A contract that cannot be carried out stops the start with a sentence that names the operation. The program brings a
 * contract and statements of its own in the place of the embedded ones; each case is loaded in a process of its own. */
#include "check.h"
#include "contract.h"
#include "migrate.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

char embedded_contract[16384];
size_t embedded_contract_size;
const char embedded_contract_yaml[] = "";
const size_t embedded_contract_yaml_size = 0;

struct sql_text {
    const char *name, *room, *sql;
};
struct sql_text sql_statements[] = {
    {"facts", "facts", "SELECT :actor_operation"},
    {"idempotency_claim", "idempotency", "SELECT :idempotency_key"},
    {"idempotency_get", "idempotency", "SELECT :idempotency_key"},
    {"idempotency_keep", "idempotency", "SELECT :status"},
    {"thing_get", "thing", "SELECT * FROM thing WHERE id = :thing_id"},
    {"thing_lock", "thing", "SELECT version FROM thing WHERE id = :thing_id"},
    {"thing_rename", "thing", "UPDATE thing SET name = :name WHERE id = :thing_id"},
    {"thing_lose", "thing", "UPDATE thing SET name = :forgotten WHERE id = :thing_id"},
    {NULL, NULL, NULL},
};
const int sql_statement_count = 8;
const struct sql_file sql_files[] = {{NULL, NULL}};
const int sql_file_count = 0;

#define THING_ID "{\"name\":\"thing_id\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"}}"
#define IF_MATCH "{\"name\":\"If-Match\",\"in\":\"header\",\"required\":true,\"schema\":{\"type\":\"string\"}}"
#define ANSWER                                                                                                         \
    "\"responses\":{\"200\":{\"description\":\"\",\"content\":{\"application/"                                         \
    "json\":{\"schema\":{\"type\":\"object\"}}}}}"
#define GET(words)                                                                                                     \
    "\"get\":{\"operationId\":\"thing_get\",\"tags\":[\"thing\"]," words "\"parameters\":[" THING_ID "]," ANSWER "}"
#define COUNTY   "\"x-roles\":[\"county\"],"
#define SIGNED   "\"security\":[{\"bearer\":[]}],"
#define MACHINES "\"security\":[{\"bearer\":[]},{\"machine\":[\"thing:read\"]}],"
#define SCOPES   "\"x-scopes\":[\"thing:read\"],"
#define ROLES    COUNTY SIGNED
#define RULED    "\"x-regulation\":[\"infrastructure\"],"
#define POST(id, words, parameters, schema)                                                                            \
    "\"post\":{\"operationId\":\"" id "\",\"tags\":[\"thing\"]," ROLES RULED words                                     \
    "\"parameters\":[" THING_ID parameters "],\"requestBody\":{\"content\":{\"application/json\":{\"schema\":" schema  \
    "}}}," ANSWER "}"
#define WRITES "\"x-idempotency\":\"none\",\"x-if-match\":\"required\","
#define NAMED  "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"}}}"

/* Loads a contract whose only path is /things/{thing_id}; what it says on standard error goes into `said`. */
static bool load(const char *operation, char *said, size_t room)
{
    int ends[2], status = 1;
    if (pipe(ends) != 0) abort();
    embedded_contract_size = (size_t)snprintf(embedded_contract, sizeof embedded_contract,
                                              "{\"components\":{\"securitySchemes\":{\"machine\":{\"flows\":{"
                                              "\"clientCredentials\":{\"scopes\":{\"thing:read\":\"\"}}}}}},"
                                              "\"paths\":{\"/things/{thing_id}\":{%s}}}",
                                              operation);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        _exit(contract_load() ? 0 : 1);
    }
    close(ends[1]);
    size_t size = 0;
    for (ssize_t got; size < room - 1 && (got = read(ends[0], said + size, room - 1 - size)) > 0;) size += (size_t)got;
    said[size] = '\0';
    close(ends[0]);
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void refused(const char *operation, const char *name, const char *sentence)
{
    char said[1024];
    CHECK(!load(operation, said, sizeof said));
    bool names = strstr(said, name) != NULL && strstr(said, sentence) != NULL;
    CHECK(names);
    if (!names) printf("    said %s    want %s … %s\n", said, name, sentence);
}

static void what_can_be_carried_out_is_loaded(void)
{
    char said[1024];
    CHECK(load(GET(ROLES RULED), said, sizeof said));
    CHECK(load(POST("thing_rename", WRITES, "," IF_MATCH, NAMED), said, sizeof said));
    CHECK_TEXT(said, "");
}

static void permissions_must_be_said(void)
{
    refused(GET(RULED), "thing_get", "has no x-roles");
    refused(GET("\"x-roles\":[\"mayor\"]," RULED), "thing_get", "unknown word 'mayor'");
    refused(GET("\"x-roles\":[\"public\",\"city\"]," RULED), "thing_get", "public beside other roles");
    refused(GET(ROLES), "thing_get", "x-regulation");
}

/* Said twice, for the program and for clients: both say the same. */
static void security_must_agree(void)
{
    char said[1024];
    CHECK(load(GET(COUNTY SCOPES MACHINES RULED), said, sizeof said));
    CHECK_TEXT(said, "");
    refused(GET(COUNTY RULED), "thing_get", "its x-roles and its security disagree");
    refused(GET(COUNTY RULED "\"security\":[{},{\"bearer\":[]}],"), "thing_get", "x-roles and its security disagree");
    refused(GET(COUNTY RULED "\"security\":[{\"capability\":[]}],"), "thing_get", "x-roles and its security disagree");
    refused(GET("\"x-roles\":[\"public\"]," SIGNED RULED), "thing_get", "x-roles and its security disagree");
    refused(GET("\"x-roles\":[\"institution\"]," SIGNED RULED), "thing_get", "x-roles and its security disagree");
    refused(GET(COUNTY RULED "\"security\":[{\"key\":[]}],"), "thing_get", "unknown scheme key");
    refused(GET(COUNTY RULED "\"security\":[{\"bearer\":[],\"capability\":[]}],"), "thing_get", "two proofs at once");
    refused(GET(COUNTY SCOPES SIGNED RULED), "thing_get", "its x-scopes and its security disagree");
    refused(GET(COUNTY MACHINES RULED), "thing_get", "its x-scopes and its security disagree");
    refused(GET(COUNTY "\"x-scopes\":[\"thing:write\"]," MACHINES RULED), "thing_get", "x-scopes and its security");
    refused(GET("\"x-roles\":[\"city\"]," SCOPES MACHINES RULED), "thing_get", "of no use to a county");
    refused(GET(COUNTY SCOPES MACHINES RULED "\"x-max-auth-age\":300,"), "thing_get", "machines may call");
    refused(GET(COUNTY "\"x-scopes\":[\"thing:sign\"],"
                       "\"security\":[{\"bearer\":[]},{\"machine\":[\"thing:sign\"]}]," RULED),
            "thing_get", "is no scope");
    refused(GET(COUNTY "\"x-scopes\":[\"other:read\"],"
                       "\"security\":[{\"bearer\":[]},{\"machine\":[\"other:read\"]}]," RULED),
            "thing_get", "not described");
}

static void words_must_be_known(void)
{
    refused(GET(ROLES RULED "\"x-colour\":1,"), "thing_get", "unknown word x-colour");
    refused(GET(ROLES RULED "\"x-max-auth-age\":0,"), "thing_get", "x-max-auth-age is no number of seconds of a day");
    refused(GET(ROLES RULED "\"x-max-bytes\":0,"), "thing_get", "x-max-bytes is not a number from 1 to 4194304");
    refused(GET(ROLES RULED "\"x-max-bytes\":4194305,"), "thing_get", "x-max-bytes is not a number");
    refused(GET(ROLES RULED "\"x-idempotency\":\"none\","), "thing_get", "is a GET and has x-idempotency");
    refused(POST("thing_rename", "\"x-idempotency\":\"none\",", "", NAMED), "thing_rename", "has no x-if-match");
    refused(POST("thing_rename", WRITES, "", NAMED), "thing_rename", "disagrees with its header parameters");
}

static void statements_must_be_there_and_bound(void)
{
    refused(POST("thing_forget", WRITES, "," IF_MATCH, NAMED), "thing_forget", "neither a handler nor the statement");
    refused(POST("thing_lose", WRITES, "," IF_MATCH, NAMED), "thing_lose", "the word :forgotten");
    refused(POST("thing_rename", WRITES, "," IF_MATCH, "{\"type\":\"object\"}"), "thing_rename", "the word :name");
}

static void schemas_must_be_usable(void)
{
    refused(POST("thing_rename", WRITES, "," IF_MATCH, "{\"type\":\"object\",\"colour\":\"red\"}"), "thing_rename",
            "colour");
    refused(POST("thing_rename", WRITES, "," IF_MATCH, "{\"$ref\":\"#/components/schemas/Nothing\"}"), "thing_rename",
            "Nothing");
}

int main(void)
{
    RUN(what_can_be_carried_out_is_loaded);
    RUN(permissions_must_be_said);
    RUN(security_must_agree);
    RUN(words_must_be_known);
    RUN(statements_must_be_there_and_bound);
    RUN(schemas_must_be_usable);
    return REPORT();
}
