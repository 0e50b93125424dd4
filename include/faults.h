/* What a request has wrong, place by place: the validator, the guard and the rules add to one list, and problem.c
 * puts it into words. */
#ifndef TEPAI_FAULTS_H
#define TEPAI_FAULTS_H

#include "arena.h"

#include <stdbool.h>
#include <stddef.h>

/* Where a fault lies. A place in the body is a JSON pointer (RFC 6901), the others are names. */
enum place { PLACE_BODY, PLACE_PARAMETER, PLACE_HEADER };

/* Code, word on the wire, sentence in Chinese, sentence in English; %s is what was wanted. */
#define FAULT_KINDS(X)                                                                                                 \
    X(FAULT_REQUIRED, "required", "缺少必填项", "is required")                                                         \
    X(FAULT_UNKNOWN, "unknown", "契约中没有这一项", "is not part of the contract")                                     \
    X(FAULT_TYPE, "type", "类型应为 %s", "should be of type %s")                                                       \
    X(FAULT_ENUM, "enum", "应为以下之一：%s", "should be one of %s")                                                   \
    X(FAULT_FORMAT, "format", "应符合格式 %s", "should have the format %s")                                            \
    X(FAULT_PATTERN, "pattern", "应匹配模式 %s", "should match the pattern %s")                                        \
    X(FAULT_TOO_SHORT, "too_short", "至少 %s 个字符", "should have at least %s characters")                            \
    X(FAULT_TOO_LONG, "too_long", "至多 %s 个字符", "should have at most %s characters")                               \
    X(FAULT_TOO_SMALL, "too_small", "应不小于 %s", "should be at least %s")                                            \
    X(FAULT_TOO_LARGE, "too_large", "应不大于 %s", "should be at most %s")                                             \
    X(FAULT_TOO_FEW, "too_few", "至少 %s 项", "should have at least %s items")                                         \
    X(FAULT_TOO_MANY, "too_many", "至多 %s 项", "should have at most %s items")                                        \
    X(FAULT_NOT_UNIQUE, "not_unique", "各项不得重复", "should have no repeated items")                                 \
    X(FAULT_NOT_ALLOWED, "not_allowed", "不允许出现在此处", "is not allowed here")

enum fault_kind {
#define FAULT_ENUMERATOR(kind, word, zh, en) kind,
    FAULT_KINDS(FAULT_ENUMERATOR)
#undef FAULT_ENUMERATOR
};

#define FAULTS_MAX 50 /* more than this helps nobody */

struct fault {
    enum place place;
    enum fault_kind kind;
    const char *where; /* "#/targets/1/due_on", "limit", "if-match" */
    const char *want;  /* fills %s: a limit, a format, a list of words; never what was sent */
};

struct faults {
    struct arena *arena; /* owns `where` and `want` */
    struct fault list[FAULTS_MAX];
    int count; /* entries in list; further faults are dropped */
};

/* Adds one fault; `where` and `want` are copied. Does nothing once the list is full. */
void faults_add(struct faults *f, enum place place, enum fault_kind kind, const char *where, const char *want);

#endif
