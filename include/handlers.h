/* Operations that are made in C: all others are one statement. */
#ifndef TEPAI_HANDLERS_H
#define TEPAI_HANDLERS_H

#include "contract.h"

/* The handler of this operationId, or NULL. */
handler_fn handler_find(const char *operation);

#endif
