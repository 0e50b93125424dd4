/* Names of database hosts: each address has its entry, and what needs no look-up is left alone. */
#include "check.h"
#include "hosts.h"
#include "log.h"

static void what_has_no_name_is_left_alone(void)
{
    static const char *const given[] = {"postgresql:///tepai",
                                        "postgresql:///tepai?host=%2Frun%2Fpg",
                                        "postgresql://127.0.0.1:5433/tepai",
                                        "postgresql://[::1]/tepai",
                                        "postgresql://db.example/tepai?hostaddr=127.0.0.1",
                                        "host=/run/a,/run/b"};
    struct hosts found;
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        CHECK(hosts_open(given[i]));
        CHECK(!hosts_copy(&found));
    }
}

static int entries(const char *list)
{
    int count = 1;
    for (const char *at = list; *at != '\0'; at++) count += *at == ',';
    return count;
}

static void names_become_addresses(void)
{
    struct hosts found;
    CHECK(hosts_open("postgresql://localhost:5433,127.0.0.2:5434/tepai"));
    CHECK(hosts_copy(&found));
    int count = entries(found.host);
    CHECK(entries(found.hostaddr) == count && entries(found.port) == count);
    CHECK(strncmp(found.host, "localhost", 9) == 0);
    CHECK(strstr(found.hostaddr, "127.0.0.1") != NULL || strstr(found.hostaddr, "::1") != NULL);
    const char *last = strrchr(found.hostaddr, ','), *last_port = strrchr(found.port, ',');
    CHECK_TEXT(last, ",127.0.0.2");
    CHECK_TEXT(last_port, ",5434");
    CHECK(strncmp(found.port, "5433", 4) == 0);
}

static void an_unknown_name_is_told_at_the_start(void)
{
    log_open(LOG_ERROR + 1);
    CHECK(!hosts_open("postgresql://no-such-host.invalid/tepai"));
}

int main(void)
{
    RUN(what_has_no_name_is_left_alone);
    RUN(an_unknown_name_is_told_at_the_start);
    RUN(names_become_addresses);
    return REPORT();
}
