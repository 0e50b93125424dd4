/* Sealed values open in their place alone; blind indexes and masks. */
#include "check.h"
#include "forge.h"
#include "seal.h"

#define ROW   "0197f0c4-6f2e-7c31-9d8a-3b1f5e6a7c90"
#define OTHER "0197f0d0-5b1e-7a40-8c3f-2d9e6b7a1c05"

static struct arena *a;

static void test_round_trip(void)
{
    static const char *const values[] = {"13800000013", "", "14999919800101001X", "山西省长治市", "a\tb"};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const char *sealed = seal(a, "account", "phone", ROW, values[i]);
        CHECK_TEXT(unseal(a, "account", "phone", ROW, sealed), values[i]);
        CHECK(strncmp(sealed, "\\x01", 4) == 0);
        CHECK(strstr(sealed, "13800000013") == NULL);
    }
}

static void test_moved_values(void)
{
    const char *sealed = seal(a, "account", "phone", ROW, "13800000013");
    CHECK(unseal(a, "account", "phone", OTHER, sealed) == NULL);
    CHECK(unseal(a, "account", "mobile", ROW, sealed) == NULL);
    CHECK(unseal(a, "enterprise", "phone", ROW, sealed) == NULL);
    CHECK(unseal(a, "accountphone", "", ROW, sealed) == NULL);
    CHECK(unseal(a, "account", "", "phone" ROW, sealed) == NULL);
    size_t size;
    CHECK(unseal_bytes(a, "account", sealed, &size) == NULL);
    CHECK(unseal(a, "account", "phone", ROW, seal_bytes(a, "account", "x", 1)) == NULL);
}

static void test_altered_bytes(void)
{
    const char *sealed = seal(a, "account", "phone", ROW, "13800000013");
    for (size_t at = 2; sealed[at] != '\0'; at++) {
        char *altered = arena_copy(a, sealed, strlen(sealed));
        altered[at] = altered[at] == '0' ? '1' : '0';
        CHECK(unseal(a, "account", "phone", ROW, altered) == NULL);
    }
    for (size_t size = 0; size < strlen(sealed); size++) {
        CHECK(unseal(a, "account", "phone", ROW, arena_copy(a, sealed, size)) == NULL);
    }
    CHECK(unseal(a, "account", "phone", ROW, "13800000013") == NULL);
    CHECK(unseal(a, "account", "phone", ROW, "\\xzz") == NULL);
}

static void test_nonces_differ(void)
{
    CHECK(strcmp(seal(a, "r", "f", ROW, "same"), seal(a, "r", "f", ROW, "same")) != 0);
}

static void test_bytes(void)
{
    size_t size = 0;
    const char bytes[] = "{\"a\":\0\"b\"}";
    const char *sealed = seal_bytes(a, ROW, bytes, sizeof bytes), *clear = unseal_bytes(a, ROW, sealed, &size);
    CHECK(clear != NULL && size == sizeof bytes && memcmp(clear, bytes, size) == 0);
    CHECK(unseal_bytes(a, OTHER, sealed, &size) == NULL);
    clear = unseal_bytes(a, ROW, seal_bytes(a, ROW, "", 0), &size);
    CHECK(clear != NULL && size == 0);
}

static bool same_index(const char *one, const char *other)
{
    return strcmp(blind_index(a, "id_no", one), blind_index(a, "id_no", other)) == 0;
}

static void test_blind_index(void)
{
    CHECK(strlen(blind_index(a, "id_no", "1")) == 66);
    CHECK(same_index("14999919800101001x", "14999919800101001X"));
    CHECK(same_index("149999 1980-0101 001X", "14999919800101001X"));
    CHECK(same_index("１４９９９９１９８００１０１００１Ｘ", "14999919800101001X"));
    CHECK(same_index("１４９９９９　１９８００１０１００１ｘ", "14999919800101001X"));
    CHECK(same_index("ａ～", "A~"));
    CHECK(!same_index("14999919800101002X", "14999919800101001X"));
    CHECK(!same_index("ã", "1"));
    CHECK(!same_index("", "1"));
    CHECK(strcmp(blind_index(a, "id_no", "1"), blind_index(a, "mobile", "1")) != 0);
}

static void test_masks(void)
{
    static const struct {
        const char *field, *clear, *masked;
    } cases[] = {
        {"phone", "13800000013", "138****0013"},
        {"contact_phone", "13800000013", "138****0013"},
        {"mobile", "13800000013", "138****0013"},
        {"id_no", "149999198001010013", "1499**********0013"},
        {"account_no", "6222000011112222333", "6222***********2333"},
        {"account_no", "12345678", "12****78"},
        {"contact_phone", "0355-2055555", "035******555"},
        {"id_no", "E1234567", "E1****67"},
        {"id_no", "张三李四", "张**四"},
        {"id_no", "abc", "***"},
        {"id_no", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_TEXT(mask(a, cases[i].field, cases[i].clear), cases[i].masked);
}

/* What an older key sealed opens beside what the new one seals, also for a server that has not seen the new file. */
static void test_rotated_key(const char *path)
{
    const char *old = seal(a, "account", "phone", ROW, "13800000013"), *index = blind_index(a, "phone", "1");
    CHECK(strncmp(old, "\\x0100000001", 12) == 0);
    CHECK(keys_rotate_sealing(path));
    CHECK(strncmp(seal(a, "account", "phone", ROW, "x"), old, 12) == 0); /* not noticed yet */
    CHECK(keys_data(2) != NULL && keys_data(3) == NULL);
    const char *new = seal(a, "account", "phone", ROW, "13800000013");
    CHECK(strncmp(new, "\\x0100000002", 12) == 0);
    CHECK_TEXT(unseal(a, "account", "phone", ROW, old), "13800000013");
    CHECK_TEXT(unseal(a, "account", "phone", ROW, new), "13800000013");
    CHECK_TEXT(blind_index(a, "phone", "1"), index);
    CHECK(keys_load(path));
    CHECK_TEXT(unseal(a, "account", "phone", ROW, old), "13800000013");
}

/* A value sealed under a key that is gone does not open; the key file of another installation has none of ours. */
static void test_other_keys(const char *path)
{
    const char *sealed = seal(a, "account", "phone", ROW, "13800000013");
    const char *index = blind_index(a, "phone", "13800000013");
    remove(path);
    CHECK(keys_load(path));
    CHECK(unseal(a, "account", "phone", ROW, sealed) == NULL);
    CHECK(strcmp(index, blind_index(a, "phone", "13800000013")) != 0);
}

int main(void)
{
    const char *path = forge_open();
    a = arena_new();
    RUN(test_round_trip);
    RUN(test_moved_values);
    RUN(test_altered_bytes);
    RUN(test_nonces_differ);
    RUN(test_bytes);
    RUN(test_blind_index);
    RUN(test_masks);
    check_test = "test_rotated_key";
    test_rotated_key(path);
    check_test = "test_other_keys";
    test_other_keys(path);
    arena_free(a);
    forge_close(path);
    return REPORT();
}
