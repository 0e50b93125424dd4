/* Memory that is zeroed before it is given back. */
#include "clean.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LARGE 65536 /* from here on memory grows by a quarter more, since every move is a copy */

void clean_free(void *memory)
{
    if (memory == NULL) return;
    explicit_bzero(memory, malloc_usable_size(memory));
    free(memory);
}

void *clean_realloc(void *memory, size_t size)
{
    size_t had = memory == NULL ? 0 : malloc_usable_size(memory);
    if (memory != NULL && size <= had) {
        explicit_bzero((char *)memory + size, had - size);
        return memory;
    }
    if (size > SIZE_MAX / 2) return NULL;
    void *fresh = malloc(size < LARGE ? size : size + size / 4);
    if (fresh == NULL) return NULL;
    if (had > 0) memcpy(fresh, memory, had);
    clean_free(memory);
    return fresh;
}
