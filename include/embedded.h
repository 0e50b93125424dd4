/* What the build puts into the binary: the contract, the pages of docs/viewer and the named statements (the files of
 * sql/ are in migrate.h). */
#ifndef TEPAI_EMBEDDED_H
#define TEPAI_EMBEDDED_H

#include <stddef.h>

/* openapi.yaml as JSON and as it was written, each followed by a NUL that its size does not count. */
extern const char embedded_contract[], embedded_contract_yaml[];
extern const size_t embedded_contract_size, embedded_contract_yaml_size;

extern const char embedded_docs_index[], embedded_docs_missing[], embedded_docs_css[], embedded_docs_js[];
extern const size_t embedded_docs_index_size, embedded_docs_missing_size, embedded_docs_css_size, embedded_docs_js_size;

/* A statement of sql/queries/<room>.sql under its "-- name:", without comment lines. */
struct sql_text {
    const char *name;
    const char *room;
    const char *sql;
};
extern const struct sql_text sql_statements[]; /* ended by a NULL name */
extern const int sql_statement_count;

#endif
