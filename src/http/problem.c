/* Problems in words (RFC 9457), in the caller's language, with every place that has to be mended. Values that were sent
 * never come back. */
#include "stops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct problem problems[] = {
#define PROBLEM_ROW(code, word, status, zh, en) [code] = {word, status, zh, en},
    PROBLEMS(PROBLEM_ROW)
#undef PROBLEM_ROW
};

static const struct {
    const char *zh, *en;
} advice[] = {
#define ADVICE_ROW(code, zh, en) [code] = {zh, en},
    ADVICE(ADVICE_ROW)
#undef ADVICE_ROW
};

static const struct rule rules[] = {
#define RULE_ROW(name, code, article, zh, en) {name, code, article, zh, en},
    RULES(RULE_ROW)
#undef RULE_ROW
};

static const struct {
    const char *word, *zh, *en;
} fault_words[] = {
#define FAULT_ROW(kind, word, zh, en) [kind] = {word, zh, en},
    FAULT_KINDS(FAULT_ROW)
#undef FAULT_ROW
};

const struct rule *rule_find(const char *name)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (strcmp(rules[i].name, name) == 0) return &rules[i];
    }
    return NULL;
}

const struct problem *problem_of(fail_t code)
{
    return &problems[code];
}

const struct problem *problem_find(const char *word)
{
    for (size_t i = 1; i < sizeof problems / sizeof problems[0]; i++) {
        if (strcmp(problems[i].word, word) == 0) return &problems[i];
    }
    return NULL;
}

static void add_member(struct buffer *out, const char *name, const char *value)
{
    if (value == NULL) return;
    buffer_add_text(out, out->size == 0 || out->bytes[out->size - 1] == '{' ? "" : ",");
    buffer_add_json_string(out, name, strlen(name));
    buffer_add_text(out, ":");
    buffer_add_json_string(out, value, strlen(value));
}

/* A sentence of our tables with its %s filled; there is at most one. */
static const char *fill(struct req *r, const char *sentence, const char *value)
{
    const char *hole = strstr(sentence, "%s");
    if (hole == NULL) return sentence;
    return arena_print(r->arena, "%.*s%s%s", (int)(hole - sentence), sentence, value == NULL ? "" : value, hole + 2);
}

/* "integer, null" as a reader of Chinese knows them. */
static const char *types_zh(struct req *r, const char *types)
{
    static const char *const words[][2] = {
        {"string", "文本"}, {"integer", "整数"}, {"number", "数值"}, {"boolean", "true 或 false"},
        {"object", "对象"}, {"array", "列表"},   {"null", "null"}};
    const char *said = "";
    for (const char *at = types; *at != '\0'; at += strspn(at, ", ")) {
        size_t size = strcspn(at, ",");
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (strlen(words[i][0]) != size || strncmp(at, words[i][0], size) != 0) continue;
            said = arena_print(r->arena, "%s%s%s", said, said[0] == '\0' ? "" : "或", words[i][1]);
        }
        at += size;
    }
    return said;
}

static const char *fault_sentence(struct req *r, const struct fault *f)
{
    bool whole_body = f->place == PLACE_BODY && strcmp(f->where, "#") == 0;
    if (f->kind == FAULT_NOT_ALLOWED && whole_body && r->op->content_type == NULL)
        return r->english ? "this operation takes no body" : "此操作不带请求体";
    if (r->english) return fill(r, fault_words[f->kind].en, f->want);
    return fill(r, fault_words[f->kind].zh, f->kind == FAULT_TYPE ? types_zh(r, f->want) : f->want);
}

static void add_fault(struct req *r, struct buffer *out, const struct fault *f)
{
    static const char *const places[] = {
        [PLACE_BODY] = "pointer", [PLACE_PARAMETER] = "parameter", [PLACE_HEADER] = "header"};
    buffer_add_text(out, "{");
    add_member(out, places[f->place], f->where);
    add_member(out, "code", fault_words[f->kind].word);
    add_member(out, "detail", fault_sentence(r, f));
    buffer_add_text(out, "}");
}

static const char *rule_sentence(struct req *r, const struct broken_rule *b)
{
    return fill(r, r->english ? b->rule->en : b->rule->zh, b->figures);
}

/* Of a rule that many rooms share, the article of the operation. */
static const char *article_of(const struct req *r, const struct rule *rule)
{
    return rule->article != NULL && strcmp(rule->article, OF_OPERATION) == 0 ? r->op->article : rule->article;
}

static void add_broken(struct req *r, struct buffer *out, const struct broken_rule *b)
{
    buffer_add_text(out, "{");
    add_member(out, "rule", b->rule->name);
    add_member(out, "detail", rule_sentence(r, b));
    add_member(out, "article", article_of(r, b->rule));
    add_member(out, "pointer", b->pointer);
    buffer_add_text(out, "}");
}

static void add_errors(struct req *r, struct buffer *out)
{
    if (r->faults.count + r->broken_count == 0) return;
    buffer_add_text(out, ",\"errors\":[");
    for (int i = 0; i < r->faults.count; i++) {
        if (i > 0) buffer_add_text(out, ",");
        add_fault(r, out, &r->faults.list[i]);
    }
    for (int i = 0; i < r->broken_count; i++) {
        if (i + r->faults.count > 0) buffer_add_text(out, ",");
        add_broken(r, out, &r->broken[i]);
    }
    buffer_add_text(out, "]");
}

static const char *detail(struct req *r, fail_t code)
{
    const struct problem *p = problem_of(code);
    if (r->broken_count > 0) return rule_sentence(r, &r->broken[0]);
    if (r->faults.count > 0 && p->status == 400)
        return arena_print(r->arena, r->english ? "%d places do not fit the contract" : "%d 处不符合约定",
                           r->faults.count);
    const char *help = r->english ? advice[code].en : advice[code].zh;
    if (help == NULL) return r->english ? p->en : p->zh;
    return fill(r, help, r->op == NULL ? NULL : r->op->content_type);
}

static void add_sentence(struct req *r, struct buffer *out, const char *name, const char *sentence)
{
    buffer_add_text(out, arena_print(r->arena, ",\"%s\":", name));
    if (sentence == NULL) {
        buffer_add_text(out, "null");
        return;
    }
    const char *whole = fill(r, sentence, "…");
    buffer_add_json_string(out, whole, strlen(whole));
}

static void add_rule(struct req *r, struct buffer *out, const struct rule *rule)
{
    bool fixed = rule->article != NULL && strcmp(rule->article, OF_OPERATION) != 0;
    if (out->bytes[out->size - 1] == '}') buffer_add_text(out, ",");
    buffer_add_text(out, "{");
    add_member(out, "rule", rule->name);
    add_sentence(r, out, "article", fixed ? rule->article : NULL);
    add_sentence(r, out, "zh", rule->zh);
    add_sentence(r, out, "en", rule->en);
    buffer_add_text(out, "}");
}

void problem_explain(struct req *r, struct buffer *out, const struct problem *p)
{
    fail_t code = (fail_t)(p - problems);
    add_sentence(r, out, "advice_zh", (size_t)code < sizeof advice / sizeof advice[0] ? advice[code].zh : NULL);
    add_sentence(r, out, "advice_en", (size_t)code < sizeof advice / sizeof advice[0] ? advice[code].en : NULL);
    buffer_add_text(out, ",\"rules\":[");
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (rules[i].problem == code) add_rule(r, out, &rules[i]);
    }
    buffer_add_text(out, "]");
}

static void add_retry(struct req *r, struct buffer *out)
{
    if (r->retry_after_s == 0) return;
    const char *seconds = arena_print(r->arena, "%d", r->retry_after_s);
    reply_header(r, "Retry-After", seconds);
    buffer_add_text(out, ",\"retry_after_seconds\":");
    buffer_add_text(out, seconds);
}

/* Whose token was refused hears that it was the token; others only how to sign in (RFC 6750, 3.1; RFC 9470, 3). */
static const char *bearer_challenge(struct req *r, fail_t code)
{
    if (code == SECOND_FACTOR_MISSING) return "Bearer realm=\"tepai\", error=\"insufficient_user_authentication\"";
    if (code == INSUFFICIENT_SCOPE)
        return arena_print(r->arena, "Bearer realm=\"tepai\", error=\"insufficient_scope\", scope=\"%s\"",
                           r->op->scope_text);
    if (code == RECENT_SIGN_IN_REQUIRED)
        return arena_print(r->arena, "Bearer realm=\"tepai\", error=\"insufficient_user_authentication\", max_age=%d",
                           r->op->max_auth_age_s);
    bool refused = r->asked.authorization != NULL && (code == UNAUTHENTICATED || code == SESSION_ENDED);
    return refused ? "Bearer realm=\"tepai\", error=\"invalid_token\"" : "Bearer realm=\"tepai\"";
}

static void challenge(struct req *r, fail_t code)
{
    int status = problem_of(code)->status;
    if (status == 401 || code == INSUFFICIENT_SCOPE) reply_header(r, "WWW-Authenticate", bearer_challenge(r, code));
    if (status == 405) reply_header(r, "Allow", r->allow == NULL ? "" : r->allow);
    if (status != 415 || r->op == NULL || r->op->content_type == NULL) return;
    reply_header(r, strcmp(r->op->method, "PATCH") == 0 ? "Accept-Patch" : "Accept-Post", r->op->content_type);
}

/* The word of RFC 6749 for a refusal of the road or of a handler. */
static const char *oauth_word(const struct req *r, fail_t code)
{
    int status = problem_of(code)->status;
    if (r->oauth_error != NULL) return r->oauth_error;
    for (int i = 0; i < r->faults.count; i++) {
        const struct fault *f = &r->faults.list[i];
        if (f->kind == FAULT_ENUM && strcmp(f->where, "#/grant_type") == 0) return "unsupported_grant_type";
    }
    if (status == 401) return "invalid_client";
    if (status == 429 || status == 503) return "temporarily_unavailable";
    return status == 500 ? "server_error" : "invalid_request";
}

/* One sentence in ASCII, as the standard wants it. */
static const char *oauth_sentence(struct req *r, fail_t code)
{
    static const char *const known[][2] = {
        {"invalid_client", "The client is not known here, may not sign in now or from there, or its proof is not good"},
        {"invalid_scope", "The client was not given every scope that was asked for"},
        {"unsupported_grant_type", "grant_type is client_credentials"},
        {"invalid_grant", "The token was not issued to this client"},
    };
    const struct fault *f = r->faults.count > 0 ? &r->faults.list[0] : NULL;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i][0], oauth_word(r, code)) == 0) return known[i][1];
    }
    if (f != NULL) return arena_print(r->arena, "%s: %s", f->where, fill(r, fault_words[f->kind].en, f->want));
    return fill(r, advice[code].en == NULL ? problem_of(code)->en : advice[code].en, r->op->content_type);
}

/* How the two endpoints of OAuth refuse (RFC 6749, 5.2). */
static void reply_oauth_error(struct req *r, fail_t code)
{
    struct buffer out = {0};
    const char *sentence = oauth_sentence(r, code);
    char *clean = arena_copy(r->arena, sentence, strlen(sentence));
    for (char *c = clean; *c != '\0'; c++) {
        if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\') *c = '?';
    }
    buffer_add_text(&out, "{");
    add_member(&out, "error", oauth_word(r, code));
    add_member(&out, "error_description", clean);
    buffer_add_text(&out, "}");
    r->reply->status = problem_of(code)->status;
    r->reply->body = out.bytes;
    r->reply->body_size = out.size;
    reply_header(r, "Content-Type", "application/json");
    reply_header(r, "Cache-Control", "no-store");
    if (r->retry_after_s > 0) reply_header(r, "Retry-After", arena_print(r->arena, "%d", r->retry_after_s));
    if (r->reply->status == 401) reply_header(r, "WWW-Authenticate", "Basic realm=\"tepai\"");
    if (r->reply->status == 415) reply_header(r, "Accept-Post", r->op->content_type);
}

void reply_problem(struct req *r, fail_t code)
{
    const struct problem *p = problem_of(code);
    struct buffer out = {0};
    if (code == UNAVAILABLE && r->retry_after_s == 0) r->retry_after_s = 1;
    if (r->op != NULL && r->op->takes_client) {
        reply_oauth_error(r, code);
        return;
    }
    buffer_add_text(&out, "{");
    add_member(&out, "type", arena_print(r->arena, "/v1/problems/%s", p->word));
    add_member(&out, "title", r->english ? p->en : p->zh);
    buffer_add_text(&out, ",\"status\":");
    buffer_add_int(&out, p->status);
    add_member(&out, "code", p->word);
    add_member(&out, "detail", detail(r, code));
    add_member(&out, "instance", arena_print(r->arena, "urn:uuid:%s", r->id));
    add_member(&out, "trace_id", r->trace_id);
    add_errors(r, &out);
    if (r->problem_members != NULL) buffer_add_text(&out, r->problem_members);
    add_member(&out, "conflicting_id", r->conflict_id);
    add_retry(r, &out);
    buffer_add_text(&out, "}");
    r->reply->status = p->status;
    r->reply->body = out.bytes;
    r->reply->body_size = out.size;
    reply_header(r, "Content-Type", "application/problem+json");
    reply_header(r, "Content-Language", r->english ? "en" : "zh-CN");
    reply_header(r, "Cache-Control", "no-store");
    challenge(r, code);
}
