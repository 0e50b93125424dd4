/* What PostgreSQL says when it refuses, as problems. */
#ifndef TEPAI_SQLSTATE_H
#define TEPAI_SQLSTATE_H

#include "fail.h"

#include <libpq-fe.h>

/* The problem for a failed result. A missing SQLSTATE means that the connection was lost. */
fail_t sqlstate_problem(const PGresult *result);

/* The five characters, or "" when there are none; never NULL. */
const char *sqlstate_of(const PGresult *result);

/* Name of the constraint that objected, or "". */
const char *sqlstate_constraint(const PGresult *result);

#endif
