/* The whole test framework: a program is a list of named functions, each making checks; main() runs them with
 * RUN(function) and returns REPORT(). A failed check prints its place and the program goes on. */
#ifndef TEPAI_CHECK_H
#define TEPAI_CHECK_H

#include <stdio.h>
#include <string.h>

/* Weak: one counter for all files of a program, whichever of them holds the check. */
__attribute__((weak)) int check_passed, check_failed;
__attribute__((weak)) const char *check_test = "";

static inline void check_note(int holds, const char *file, int line, const char *what)
{
    if (holds) {
        check_passed++;
        return;
    }
    check_failed++;
    printf("%s:%d: %s: %s\n", file, line, check_test, what);
}

static inline void check_text(const char *got, const char *want, const char *file, int line, const char *what)
{
    int same = got == want || (got != NULL && want != NULL && strcmp(got, want) == 0);
    check_note(same, file, line, what);
    if (!same) printf("    got  %s\n    want %s\n", got == NULL ? "(null)" : got, want == NULL ? "(null)" : want);
}

#define CHECK(condition) check_note((condition) ? 1 : 0, __FILE__, __LINE__, #condition)

/* Equal strings; NULL equals NULL alone. */
#define CHECK_TEXT(got, want) check_text((got), (want), __FILE__, __LINE__, #got)

#define RUN(test)                                                                                                      \
    do {                                                                                                               \
        check_test = #test;                                                                                            \
        test();                                                                                                        \
    } while (0)

/* The last line of the output and the exit status. */
#define REPORT() (printf("%d passed, %d failed\n", check_passed, check_failed), check_failed == 0 ? 0 : 1)

#endif
