/* What the service says about itself: that it lives, that it can serve, its contract, its problems, its keys and how a
 * machine signs in. */
#include "config.h"
#include "keys.h"
#include "migrate.h"
#include "req.h"
#include "server.h"
#include "stops.h"

#include <string.h>

/* Whoever balances asks every few seconds and must not wait for the whole deadline of a request. */
#define READY_MS 2000

static fail_t reply_text(struct req *r, const char *json)
{
    struct buffer body = {0};
    buffer_add_text(&body, json);
    reply_body(r, &body);
    return OK;
}

fail_t health_live(struct req *r)
{
    return reply_text(r, "{\"status\":\"up\"}");
}

static bool database_answers(struct req *r)
{
    PGresult *answer = NULL;
    db_request_shorten(READY_MS);
    bool answers = req_run(r, DB_PUBLIC, "health_database", NULL, &answer) == OK;
    PQclear(answer);
    return answers;
}

/* 200 or 503, with the same body: whoever balances reads the status, whoever repairs reads the checks. The database is
 * asked, for an open connection proves nothing: its server may be gone or stuck. */
fail_t health_ready(struct req *r)
{
    bool database = database_answers(r), migrations = database && migrate_found_current(), keys = keys_in_order();
    bool ready = migrations && keys && !server_draining();
    fail_t replied = reply_text(
        r, arena_print(r->arena,
                       "{\"status\":\"%s\",\"checks\":{\"database\":\"%s\",\"migrations\":\"%s\",\"keys\":\"%s\"}}",
                       ready ? "ready" : "not_ready", database ? "up" : "down", migrations ? "current" : "not_current",
                       keys ? "usable" : "not_usable"));
    if (!ready) r->reply->status = 503;
    return replied;
}

fail_t contract_get(struct req *r)
{
    size_t size;
    struct buffer body = {0};
    const char *json = contract_json(&size);
    buffer_add(&body, json, size);
    reply_resource(r, &body, NULL);
    return OK;
}

static void add_member(struct buffer *out, const char *before, const char *value)
{
    buffer_add_text(out, before);
    buffer_add_json_string(out, value, strlen(value));
}

fail_t problem_get(struct req *r)
{
    const struct problem *p = problem_find(r->path_values[0]);
    struct buffer body = {0};
    if (p == NULL) return NOT_FOUND;
    add_member(&body, "{\"code\":", p->word);
    buffer_add_text(&body, ",\"status\":");
    buffer_add_int(&body, p->status);
    add_member(&body, ",\"zh\":", p->zh);
    add_member(&body, ",\"en\":", p->en);
    problem_explain(r, &body, p);
    buffer_add_text(&body, "}");
    reply_resource(r, &body, NULL);
    return OK;
}

static void add_words(struct buffer *out, const char *name, const char *const *words)
{
    buffer_add_text(out, ",\"");
    buffer_add_text(out, name);
    buffer_add_text(out, "\":[");
    for (int i = 0; words[i] != NULL; i++) {
        if (i > 0) buffer_add_text(out, ",");
        buffer_add_json_string(out, words[i], strlen(words[i]));
    }
    buffer_add_text(out, "]");
}

static const char *here(struct req *r, const char *path)
{
    return arena_print(r->arena, "%s%s", config_text(SETTING_PUBLIC_URL), path);
}

/* RFC 8414: both endpoints take the same proofs of a client. */
fail_t oauth_get_metadata(struct req *r)
{
    static const char *const none[] = {NULL}, *const grants[] = {"client_credentials", NULL},
                             *const proofs[] = {"private_key_jwt", "client_secret_basic", NULL},
                             *const algorithms[] = {"ES256", NULL};
    const char *scopes[65] = {NULL};
    struct buffer body = {0};
    for (int i = 0; contract_scope(i) != NULL; i++) scopes[i] = contract_scope(i);
    add_member(&body, "{\"issuer\":", config_text(SETTING_PUBLIC_URL));
    add_member(&body, ",\"token_endpoint\":", here(r, "/v1/oauth/token"));
    add_member(&body, ",\"revocation_endpoint\":", here(r, "/v1/oauth/revocation"));
    add_member(&body, ",\"jwks_uri\":", here(r, "/.well-known/jwks.json"));
    add_member(&body, ",\"service_documentation\":", here(r, "/docs"));
    add_words(&body, "scopes_supported", scopes);
    add_words(&body, "response_types_supported", none);
    add_words(&body, "grant_types_supported", grants);
    add_words(&body, "token_endpoint_auth_methods_supported", proofs);
    add_words(&body, "token_endpoint_auth_signing_alg_values_supported", algorithms);
    add_words(&body, "revocation_endpoint_auth_methods_supported", proofs);
    add_words(&body, "revocation_endpoint_auth_signing_alg_values_supported", algorithms);
    buffer_add_text(&body, "}");
    reply_resource(r, &body, NULL);
    return OK;
}

fail_t oauth_get_keys(struct req *r)
{
    struct buffer body = {0};
    buffer_add_text(&body, keys_jwks(r->arena));
    reply_resource(r, &body, NULL);
    return OK;
}
