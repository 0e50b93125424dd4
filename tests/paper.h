/* What a PDF says, read back with pdftotext. */
#ifndef TEPAI_TEST_PAPER_H
#define TEPAI_TEST_PAPER_H

#include "check.h"

#include <stdlib.h>
#include <unistd.h>

/* Its text, the pages parted by form feeds; `option` is one of pdftotext (-raw, -layout). Lives until the next call. */
static inline const char *paper_text(const char *bytes, size_t size, const char *option)
{
    static char text[200000];
    char path[] = "/tmp/tepai-paper-XXXXXX", command[100];
    int file = mkstemp(path);
    CHECK(file >= 0 && write(file, bytes, size) == (ssize_t)size);
    close(file);
    snprintf(command, sizeof command, "pdftotext %s %s -", option, path);
    FILE *out = popen(command, "r");
    size_t found = out == NULL ? 0 : fread(text, 1, sizeof text - 1, out);
    text[found] = '\0';
    CHECK(out != NULL && pclose(out) == 0);
    unlink(path);
    return text;
}

#endif
