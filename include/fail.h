/* Everything that can go wrong with a request, in words. Functions return fail_t; TRY() hands a failure up. */
#ifndef TEPAI_FAIL_H
#define TEPAI_FAIL_H

/* Code in C, code on the wire, HTTP status, title in Chinese, title in English. */
#define PROBLEMS(X)                                                                                                    \
    X(MALFORMED_REQUEST, "malformed_request", 400, "请求报文不合法", "The request is not well-formed")                 \
    X(MALFORMED_JSON, "malformed_json", 400, "请求体不是合法的 JSON", "The body is not valid JSON")                    \
    X(VALIDATION_FAILED, "validation_failed", 400, "请求内容不符合约定", "The request does not match the contract")    \
    X(CURSOR_INVALID, "cursor_invalid", 400, "分页游标无效", "The cursor does not fit this list")                      \
    X(IDEMPOTENCY_KEY_MISSING, "idempotency_key_missing", 400, "缺少 Idempotency-Key", "Idempotency-Key is missing")   \
    X(UNAUTHENTICATED, "unauthenticated", 401, "未登录或令牌无效", "Not signed in, or token not valid")                \
    X(SIGN_IN_FAILED, "sign_in_failed", 401, "登录失败", "Sign-in failed")                                             \
    X(SESSION_ENDED, "session_ended", 401, "会话已结束", "The session has ended")                                      \
    X(FORBIDDEN, "forbidden", 403, "无权执行此操作", "Your role may not do this")                                      \
    X(NOT_FOUND, "not_found", 404, "未找到", "Not found")                                                              \
    X(METHOD_NOT_ALLOWED, "method_not_allowed", 405, "不支持的方法", "Method not allowed")                             \
    X(WRONG_STATE, "wrong_state", 409, "当前状态不允许此操作", "Not possible in the present state")                    \
    X(DUPLICATE, "duplicate", 409, "记录已存在", "Already exists")                                                     \
    X(CONCURRENT_CHANGE, "concurrent_change", 409, "并发冲突，请重试", "Changed at the same time, try again")          \
    X(IDEMPOTENCY_IN_PROGRESS, "idempotency_in_progress", 409, "相同请求正在处理", "The same request is running")      \
    X(VERSION_MISMATCH, "version_mismatch", 412, "记录已被他人修改", "Changed since you read it")                      \
    X(BODY_TOO_LARGE, "body_too_large", 413, "请求体过大", "Body too large")                                           \
    X(URI_TOO_LONG, "uri_too_long", 414, "网址过长", "URL too long")                                                   \
    X(UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", 415, "不支持的内容类型", "Media type not supported")           \
    X(RULE_VIOLATED, "rule_violated", 422, "不符合管理办法的规定", "A rule of the programme is not met")               \
    X(NOT_ELIGIBLE, "not_eligible", 422, "不符合选派条件", "Not eligible")                                             \
    X(SANCTIONED, "sanctioned", 422, "处于取消派驻资格期间", "Under a sanction")                                       \
    X(WINDOW_CLOSED, "window_closed", 422, "不在受理时间内", "The window is closed")                                   \
    X(POLICY_EXPIRED, "policy_expired", 422, "管理办法已过有效期", "The policy has expired")                           \
    X(REFERENCE_NOT_FOUND, "reference_not_found", 422, "引用的记录不存在", "A referenced record was not found")        \
    X(IDEMPOTENCY_KEY_REUSED, "idempotency_key_reused", 422, "Idempotency-Key 已用于其他请求",                         \
      "Key was used for another request")                                                                              \
    X(PRECONDITION_REQUIRED, "precondition_required", 428, "缺少 If-Match", "If-Match is required")                    \
    X(TOO_MANY_REQUESTS, "too_many_requests", 429, "请求过于频繁", "Too many requests")                                \
    X(HEADERS_TOO_LARGE, "headers_too_large", 431, "请求头过大", "Headers too large")                                  \
    X(INTERNAL_ERROR, "internal_error", 500, "系统内部错误", "Internal error")                                         \
    X(UNAVAILABLE, "unavailable", 503, "服务暂不可用", "Temporarily unavailable")

/* Rules of the programme and of the house, by name: problem, article (NULL: the house), sentences. */
#define RULES(X)                                                                                                       \
    X("already_recorded", DUPLICATE, NULL, "同一记录已经存在", "this is already recorded")                             \
    X("reference_not_found", REFERENCE_NOT_FOUND, NULL, "引用的记录不存在", "the record named here was not found")

enum [[nodiscard]] fail{OK,
#define PROBLEM_ENUMERATOR(code, word, status, zh, en) code,
                        PROBLEMS(PROBLEM_ENUMERATOR)
#undef PROBLEM_ENUMERATOR
};

typedef enum fail fail_t;

/* A rule of the programme: its name, the problem it is told as, the article behind it, a sentence in each language in
 * which %s stands for the figures the statement found. Constraints of tables carry the name of their rule. */
struct rule {
    const char *name;
    fail_t problem;
    const char *article; /* NULL for rules of the house */
    const char *zh, *en;
};

/* The rule of this name, or NULL. */
const struct rule *rule_find(const char *name);

/* A problem's word, status and titles. */
struct problem {
    const char *word;
    int status;
    const char *zh, *en;
};
const struct problem *problem_of(fail_t code);
const struct problem *problem_find(const char *word); /* NULL when there is none */

#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        fail_t try_failed_ = (call);                                                                                   \
        if (try_failed_ != OK) return try_failed_;                                                                     \
    } while (0)

#endif
