/* Operations of people's sign-in. They run before there are facts about a caller, so each is made in C over a few
 * functions of the database that tepai_public may call. */
#ifndef TEPAI_SESSION_H
#define TEPAI_SESSION_H

#include "req.h"

fail_t session_create(struct req *r);
fail_t session_refresh(struct req *r);
fail_t session_confirm(struct req *r);
fail_t account_register(struct req *r);
fail_t account_begin_factor(struct req *r);
fail_t account_confirm_factor(struct req *r);
fail_t account_activate(struct req *r);
fail_t account_change_password(struct req *r);

#endif
