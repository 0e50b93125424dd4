/* UUIDs: their form, their version bits and that they sort by time. */
#include "check.h"
#include "uuid.h"

#include <sodium.h>
#include <stdlib.h>
#include <time.h>

static void has_the_form_of_version_7(void)
{
    char id[37];
    uuid_make(id);
    CHECK(strlen(id) == 36);
    CHECK(uuid_valid(id));
    CHECK(id[14] == '7');
    CHECK(strchr("89ab", id[19]) != NULL);
}

static void later_ones_are_not_smaller(void)
{
    char before[37], after[37];
    int turned = 0, same = 0;
    uuid_make(before);
    for (int i = 0; i < 10000; i++) {
        uuid_make(after);
        if (memcmp(before, after, 18) > 0) turned++; /* the 60 bits of time */
        if (strcmp(before, after) == 0) same++;
        memcpy(before, after, sizeof before);
    }
    CHECK(turned == 0);
    CHECK(same == 0);
}

static void carries_the_time(void)
{
    char id[37], digits[14];
    uuid_make(id);
    snprintf(digits, sizeof digits, "%.8s%.4s", id, id + 9);
    long long seconds = (long long)strtoull(digits, NULL, 16) / 1000;
    CHECK(llabs(seconds - (long long)time(NULL)) <= 1);
}

static void only_the_lower_case_form_is_valid(void)
{
    CHECK(uuid_valid("0197f0c4-6f2e-7c31-9d8a-3b1f5e6a7c90"));
    CHECK(!uuid_valid("0197F0C4-6f2e-7c31-9d8a-3b1f5e6a7c90"));
    CHECK(!uuid_valid("0197f0c46f2e7c319d8a3b1f5e6a7c90"));
    CHECK(!uuid_valid("0197f0c4-6f2e-7c31-9d8a-3b1f5e6a7c9"));
    CHECK(!uuid_valid("0197f0c4-6f2e-7c31-9d8a-3b1f5e6a7c900"));
    CHECK(!uuid_valid("0197f0c4-6f2e-7c31-9d8a-3b1f5e6a7c9g"));
    CHECK(!uuid_valid(""));
}

int main(void)
{
    if (sodium_init() < 0) return 1;
    RUN(has_the_form_of_version_7);
    RUN(later_ones_are_not_smaller);
    RUN(carries_the_time);
    RUN(only_the_lower_case_form_is_valid);
    return REPORT();
}
