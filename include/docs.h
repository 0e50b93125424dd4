/* Fixed pages beside the operations: /docs with its viewer, and the contract as YAML. */
#ifndef TEPAI_DOCS_H
#define TEPAI_DOCS_H

#include "wire.h"

#include <stdbool.h>

/* Reads the viewer's files from `directory` once. Without them (or with "") /docs says how to get them. */
void docs_open(const char *directory);

/* True when `path` is a page. */
bool docs_has(const char *path, size_t size);

/* Answers when `path` is a page: status, body and headers, its own Content-Security-Policy among them. False, and
 * nothing done, when it is none. No path from outside ever reaches the file system. */
bool docs_serve(const char *path, size_t size, struct reply *reply);

#endif
