/* Any text against every format, in an exact allocation so that a read beyond its end is seen. What the strict manner
 * accepts, the other must accept too. */
#include "format.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"uuid",          "date", "date-time", "email",
                                        "uri-reference", "uscc", "cn-id",     "cn-mobile"};
    char *text = malloc(size > 0 ? size : 1);
    if (text == NULL) abort();
    if (size > 0) memcpy(text, data, size);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        format_check *fits = format_find(names[i]);
        if (fits == NULL) abort();
        if (fits(text, size, true) && !fits(text, size, false)) abort();
    }
    free(text);
    return 0;
}
