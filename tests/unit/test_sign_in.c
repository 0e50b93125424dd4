/* Where a try comes from and under which keys it is counted. */
#include "auth/sign_in.h"
#include "check.h"
#include "forge.h"

static struct arena *a;
static struct wire wire;
static struct req request;

static struct origin from(const char *peer, const char *real_ip)
{
    struct origin o;
    wire = (struct wire){.peer = peer};
    request = (struct req){.arena = a, .wire = &wire, .asked = {.real_ip = real_ip}};
    origin_of(&request, &o);
    return o;
}

static void test_networks(void)
{
    CHECK_TEXT(from("203.0.113.77", NULL).network, "203.0.113.0/24");
    CHECK_TEXT(from("2001:db8:1:2345:6789::1", NULL).network, "2001:db8:1:2300::/56");
    CHECK_TEXT(from("::ffff:203.0.113.77", NULL).network, "203.0.113.0/24");
    CHECK(from("", NULL).network == NULL);
    CHECK(from("unix:", NULL).address_key == NULL);
}

static void test_keys(void)
{
    struct origin one = from("203.0.113.77", NULL), two = from("203.0.113.78", NULL);
    CHECK(strcmp(one.address_key, two.address_key) != 0);
    CHECK_TEXT(one.network_key, two.network_key);
    CHECK_TEXT(from("::ffff:203.0.113.77", NULL).address_key, one.address_key);
    CHECK_TEXT(from("2001:DB8::1", NULL).address_key, from("2001:db8:0:0::1", NULL).address_key);
    CHECK(strlen(one.address_key) == 66 && strstr(one.address_key, "203") != one.address_key);
    CHECK(strcmp(sign_in_key(a, "name", "x"), sign_in_key(a, "address", "x")) != 0);
}

static void test_callers_on_the_machine(void)
{
    CHECK(from("127.0.0.1", NULL).address_key == NULL && from("127.0.0.1", NULL).network_key == NULL);
    CHECK(from("::1", NULL).address_key == NULL);
    CHECK(from("::ffff:127.0.0.1", NULL).address_key == NULL);
}

static void test_front(void)
{
    CHECK_TEXT(from("127.0.0.1", "203.0.113.77").network, "127.0.0.0/24"); /* no front is configured */
    setenv("TEPAI_FRONT", "127.0.0.1", 1);
    CHECK(config_load());
    CHECK_TEXT(from("127.0.0.1", "203.0.113.77").network, "203.0.113.0/24");
    CHECK_TEXT(from("198.51.100.1", "203.0.113.77").network, "198.51.100.0/24");
    CHECK(from("127.0.0.1", "garbage").network == NULL);
}

static void test_folding(void)
{
    CHECK_TEXT(folded(a, "HuGuan.KJ-9_Z"), "huguan.kj-9_z");
    CHECK_TEXT(folded(a, "\xe2\x84\xaa"), "\xe2\x84\xaa"); /* the Kelvin sign is no k */
    CHECK_TEXT(folded(a, "张三"), "张三");
}

int main(void)
{
    const char *path = forge_open();
    a = arena_new();
    RUN(test_networks);
    RUN(test_keys);
    RUN(test_callers_on_the_machine);
    RUN(test_front);
    RUN(test_folding);
    arena_free(a);
    forge_close(path);
    return REPORT();
}
