/* What a new password must be, by the profile of TEPAI_PASSWORD_RULES. */
#ifndef TEPAI_PASSWORD_RULES_H
#define TEPAI_PASSWORD_RULES_H

#include "req.h"

/* RULE_VIOLATED, with each broken rule at `pointer`, or OK. Length and characters are the contract's to judge. */
fail_t password_judge(struct req *r, const char *login_name, const char *password, const char *pointer);

#endif
