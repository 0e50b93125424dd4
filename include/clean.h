/* Memory that held what a request brought or was given: passwords, tokens and clear values do not stay behind in it. */
#ifndef TEPAI_CLEAN_H
#define TEPAI_CLEAN_H

#include <stddef.h>

/* As free(), of memory from malloc(), whose bytes are zeroed first. */
void clean_free(void *memory);

/* As realloc(): NULL, with the old memory as it was, when there is none. Memory that moves leaves zeros behind. */
void *clean_realloc(void *memory, size_t size);

#endif
