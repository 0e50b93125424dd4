/* The request target, taken apart: part of the guard. */
#ifndef TEPAI_TARGET_H
#define TEPAI_TARGET_H

#include "guard.h"

/* Fills the path and the parameters of `asked`. `target` is not longer than the guard allows. */
fail_t target_parse(const char *target, struct asked *asked, struct faults *faults, struct arena *arena);

#endif
