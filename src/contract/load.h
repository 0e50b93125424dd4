/* What load.c and bind.c share while the contract is compiled. */
#ifndef TEPAI_LOAD_H
#define TEPAI_LOAD_H

#include "contract.h"

/* Says on standard error what is wrong with `op`; always false. */
bool load_stop(const struct op *op, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The node a local reference names, or the node itself. */
const json_t *load_resolve(const json_t *node);

/* A named part of the contract's components, or NULL. */
const json_t *load_component(const char *kind, const char *name);

/* x-scopes, and that `security` says the same as they and x-roles, which are loaded before. */
bool load_security(struct op *op, const json_t *node);

/* The members of an object schema, through $ref and allOf: name to true when it is marked x-personal: p1. */
json_t *load_members(const json_t *schema);

/* Finds the operation's statements and the source of each of their words. */
bool load_statements(struct op *op, const json_t *x_query);

/* The statements that serve every operation. */
bool load_infrastructure(void);

#endif
