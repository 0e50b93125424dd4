/* The operations made in C. */
#include "handlers.h"

#include <string.h>

#define HANDLERS(X)                                                                                                    \
    X(health_live)                                                                                                     \
    X(health_ready)                                                                                                    \
    X(contract_get)                                                                                                    \
    X(problem_get)                                                                                                     \
    X(oauth_get_metadata)                                                                                              \
    X(oauth_get_keys)                                                                                                  \
    X(oauth_issue_token)                                                                                               \
    X(oauth_revoke_token)                                                                                              \
    X(session_create)                                                                                                  \
    X(session_refresh)                                                                                                 \
    X(session_confirm)                                                                                                 \
    X(account_register)                                                                                                \
    X(account_begin_factor)                                                                                            \
    X(account_confirm_factor)                                                                                          \
    X(account_activate)                                                                                                \
    X(account_change_password)                                                                                         \
    X(disclosure_create)                                                                                               \
    X(attachment_upload)                                                                                               \
    X(attachment_download)                                                                                             \
    X(agreement_sign)                                                                                                  \
    X(agreement_download)                                                                                              \
    X(dispatch_notice_download)

#define HANDLER_DECLARATION(name) fail_t name(struct req *r);
HANDLERS(HANDLER_DECLARATION)

static const struct {
    const char *operation;
    handler_fn handler;
} handlers[] = {
#define HANDLER_ROW(name) {#name, name},
    HANDLERS(HANDLER_ROW)};

handler_fn handler_find(const char *operation)
{
    for (size_t i = 0; i < sizeof handlers / sizeof handlers[0]; i++) {
        if (strcmp(handlers[i].operation, operation) == 0) return handlers[i].handler;
    }
    return NULL;
}
