/* SQLSTATE to problem. The only reader of PostgreSQL's error fields: a field may be missing when the connection broke,
 * and message texts are never used, for they quote values. */
#include "sqlstate.h"

#include <stddef.h>
#include <string.h>

struct mapping {
    const char *prefix; /* whole state or its class */
    fail_t problem;
};

/* Ours first, then whole states, then classes; the first that fits counts. */
static const struct mapping mappings[] = {
    {"TP401", SESSION_ENDED},
    {"TP40F", SECOND_FACTOR_MISSING},
    {"TP40S", INSUFFICIENT_SCOPE},
    {"TP403", FORBIDDEN},
    {"TP409", WRONG_STATE},
    {"TP410", CAPABILITY_SPENT},
    {"TP422", RULE_VIOLATED},
    /* Values that the contract let pass and the column's type does not; the rest of class 22 is our own fault. */
    {"22003", VALIDATION_FAILED},
    {"22007", VALIDATION_FAILED},
    {"22008", VALIDATION_FAILED},
    {"22021", VALIDATION_FAILED},
    {"22P02", VALIDATION_FAILED},
    {"22P05", VALIDATION_FAILED},
    {"23505", DUPLICATE},
    {"23P01", RULE_VIOLATED},
    {"23503", REFERENCE_NOT_FOUND},
    {"23", RULE_VIOLATED},
    {"42501", FORBIDDEN},
    {"40", CONCURRENT_CHANGE},
    {"55P03", CONCURRENT_CHANGE},
    {"57", UNAVAILABLE},
    {"53", UNAVAILABLE},
    {"08", UNAVAILABLE},
    {"25P03", UNAVAILABLE}, /* idle in transaction too long */
};

const char *sqlstate_of(const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return state == NULL ? "" : state;
}

const char *sqlstate_constraint(const PGresult *result)
{
    const char *name = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    return name == NULL ? "" : name;
}

fail_t sqlstate_problem(const PGresult *result)
{
    const char *state = sqlstate_of(result);
    if (state[0] == '\0') return UNAVAILABLE;
    for (size_t i = 0; i < sizeof mappings / sizeof mappings[0]; i++) {
        if (strncmp(state, mappings[i].prefix, strlen(mappings[i].prefix)) == 0) return mappings[i].problem;
    }
    return INTERNAL_ERROR;
}
