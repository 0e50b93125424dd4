/* JSON Schema 2020-12 as the contract uses it: the validation and applicator vocabularies with unevaluatedItems and
 * unevaluatedProperties, boolean schemas, `format` as an assertion, and references inside one document. */
#ifndef TEPAI_SCHEMA_H
#define TEPAI_SCHEMA_H

#include "faults.h"

#include <jansson.h>
#include <stdbool.h>

struct schema;     /* one compiled schema; read-only, shared by all threads */
struct schema_set; /* owns what was compiled from one document, each place once */

/* How numbers are judged. The contract is stricter than the standard: 1.0 is no integer there, for money must not
 * pass through a real. */
enum schema_manner { SCHEMA_STANDARD, SCHEMA_CONTRACT };

/* A set for the schemas inside `document`, which must outlive it. */
struct schema_set *schema_set_new(const json_t *document, enum schema_manner manner);
void schema_set_free(struct schema_set *set);

/* The schema at `node`, which stands in the document at `pointer` ("" is the root, "/components/schemas/Demand").
 * NULL, and a sentence in `why` naming the place, when it uses what this engine does not know or cannot resolve; the
 * set then refuses everything, so that nothing half compiled is ever run. */
const struct schema *schema_compile(struct schema_set *set, const json_t *node, const char *pointer, char *why,
                                    size_t why_size);

/* True when `value` satisfies the schema. Every fault is added to `faults` with `base` ("#" for a body) before its
 * pointer; a NULL `faults` asks for the verdict alone. A value that reaches a limit on work or of a pattern is never
 * valid. */
bool schema_validate(const struct schema *schema, const json_t *value, enum place place, const char *base,
                     struct faults *faults);

/* The same for one parameter that arrived as text: judged as the type its schema names (string, integer, boolean, or
 * an array of words separated by commas). `name` names the parameter in faults. */
bool schema_validate_text(const struct schema *schema, const char *text, enum place place, const char *name,
                          struct faults *faults);

#endif
