/* Values as JSON Schema compares them: 1 equals 1.0, the order of members does not matter, and lengths are counted in
 * characters. */
#include "schema_internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

unsigned value_kind(const json_t *value)
{
    static const unsigned kinds[] = {
        [JSON_OBJECT] = ON_OBJECT, [JSON_ARRAY] = ON_ARRAY,  [JSON_STRING] = ON_STRING, [JSON_INTEGER] = ON_INTEGER,
        [JSON_REAL] = ON_REAL,     [JSON_TRUE] = ON_BOOLEAN, [JSON_FALSE] = ON_BOOLEAN, [JSON_NULL] = ON_NULL,
    };
    return kinds[json_typeof(value)];
}

long double value_number(const json_t *value)
{
    return json_is_integer(value) ? (long double)json_integer_value(value) : (long double)json_real_value(value);
}

static bool strings_equal(const json_t *a, const json_t *b)
{
    size_t size = json_string_length(a);
    return size == json_string_length(b) && memcmp(json_string_value(a), json_string_value(b), size) == 0;
}

static bool arrays_equal(const json_t *a, const json_t *b)
{
    size_t count = json_array_size(a);
    if (count != json_array_size(b)) return false;
    for (size_t i = 0; i < count; i++)
        if (!value_equal(json_array_get(a, i), json_array_get(b, i))) return false;
    return true;
}

/* jansson's iterators take a pointer to what is not const, but only read. */
static void *first_member(const json_t *object)
{
    return json_object_iter((json_t *)(uintptr_t)object);
}

static void *next_member(const json_t *object, void *member)
{
    return json_object_iter_next((json_t *)(uintptr_t)object, member);
}

static bool objects_equal(const json_t *a, const json_t *b)
{
    if (json_object_size(a) != json_object_size(b)) return false;
    for (void *m = first_member(a); m != NULL; m = next_member(a, m)) {
        const json_t *other = json_object_getn(b, json_object_iter_key(m), json_object_iter_key_len(m));
        if (other == NULL || !value_equal(json_object_iter_value(m), other)) return false;
    }
    return true;
}

/* Recurses as deep as the values do: 32 on a request, which the guard sees to, 2048 at most by the parser. */
bool value_equal(const json_t *a, const json_t *b)
{
    if (json_is_number(a) && json_is_number(b)) return value_number(a) == value_number(b);
    if (json_typeof(a) != json_typeof(b)) return false;
    if (json_is_string(a)) return strings_equal(a, b);
    if (json_is_array(a)) return arrays_equal(a, b);
    if (json_is_object(a)) return objects_equal(a, b);
    return true;
}

/* The number digits * 10^exponent. */
struct decimal {
    uint64_t digits;
    int exponent;
};

/* The decimal that was written: the shortest that reads back as the same real. 0.01 is then one hundredth, and not
 * the nearest binary fraction. */
static struct decimal to_decimal(const json_t *value)
{
    if (json_is_integer(value)) {
        json_int_t i = json_integer_value(value);
        return (struct decimal){i < 0 ? 0 - (uint64_t)i : (uint64_t)i, 0};
    }
    double real = fabs(json_real_value(value));
    char text[40] = "";
    for (int precision = 14; precision <= 16; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, real);
        if (strtod(text, NULL) == real) break;
    }
    struct decimal d = {0, 0};
    const char *at = text;
    for (bool fraction = false; *at != 'e' && *at != '\0'; at++) {
        if (*at == '.') {
            fraction = true;
            continue;
        }
        d.digits = 10 * d.digits + (uint64_t)(*at - '0');
        if (fraction) d.exponent--;
    }
    if (*at == 'e') d.exponent += (int)strtol(at + 1, NULL, 10);
    return d;
}

/* Exact at any size: whether value / of is whole, in decimals and without ever dividing reals. */
bool value_is_multiple(const json_t *value, const json_t *of)
{
    if (json_is_integer(value) && json_is_integer(of)) {
        json_int_t divisor = json_integer_value(of);
        return divisor == 1 || json_integer_value(value) % divisor == 0;
    }
    struct decimal v = to_decimal(value), d = to_decimal(of);
    int more = v.exponent - d.exponent;
    if (v.digits == 0) return true;
    if (d.digits == 0) return false;
    unsigned __int128 divisor = d.digits, rest;
    if (more >= 0) {
        for (rest = v.digits % divisor; more > 0; more--) rest = rest * 10 % divisor;
        return rest == 0;
    }
    /* the divisor must be widened; from 10^20 on it is larger than any 64 bits of digits */
    for (; more < 0 && divisor <= UINT64_MAX; more++) divisor *= 10;
    return more == 0 && v.digits % divisor == 0;
}

/* Hashes only need to agree where value_equal() does: 1 and 1.0, and members in any order. */
static uint64_t mix(uint64_t hash, uint64_t more)
{
    hash = (hash ^ more) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 29);
}

static uint64_t hash_bytes(uint64_t seed, const char *bytes, size_t size)
{
    uint64_t hash = mix(seed, size);
    for (size_t i = 0; i < size; i += 8) {
        uint64_t word = 0;
        memcpy(&word, bytes + i, size - i < 8 ? size - i : 8);
        hash = mix(hash, word);
    }
    return hash;
}

static uint64_t hash_value(uint64_t seed, const json_t *value)
{
    unsigned kind = value_kind(value);
    uint64_t hash = mix(seed, kind & ON_NUMBER ? ON_NUMBER : kind + 128 * (uint64_t)json_is_true(value));
    if (kind & ON_NUMBER) {
        double real = (double)value_number(value);
        return real == 0 ? hash : hash_bytes(hash, (const char *)&real, sizeof real);
    }
    if (kind == ON_STRING) return hash_bytes(hash, json_string_value(value), json_string_length(value));
    for (size_t i = 0; i < json_array_size(value); i++) hash = hash_value(hash, json_array_get(value, i));
    uint64_t sum = 0; /* of all members, for their order must not matter */
    for (void *m = first_member(value); m != NULL; m = next_member(value, m))
        sum += hash_value(hash_bytes(seed, json_object_iter_key(m), json_object_iter_key_len(m)),
                          json_object_iter_value(m));
    return mix(hash, sum);
}

struct hashed {
    uint64_t hash;
    const json_t *value;
};

static int by_hash(const void *a, const void *b)
{
    const struct hashed *x = a, *y = b;
    return (x->hash > y->hash) - (x->hash < y->hash);
}

/* A secret of this process, so that nobody can send a body whose items all collide. */
static uint64_t hash_seed(void)
{
    static _Atomic uint64_t seed;
    uint64_t s = seed;
    if (s != 0) return s;
    if (getrandom(&s, sizeof s, 0) != sizeof s) abort();
    uint64_t unset = 0;
    s |= 1;
    return __atomic_compare_exchange_n((uint64_t *)&seed, &unset, s, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST) ? s
                                                                                                                : unset;
}

/* Pairs are compared one by one while there are few, and through hashes when a client sends thousands. */
bool value_all_differ(const json_t *array)
{
    size_t count = json_array_size(array);
    if (count <= 16) {
        for (size_t i = 1; i < count; i++)
            for (size_t j = 0; j < i; j++)
                if (value_equal(json_array_get(array, i), json_array_get(array, j))) return false;
        return true;
    }
    struct hashed *all = calloc(count, sizeof *all);
    if (all == NULL) abort();
    for (size_t i = 0; i < count; i++)
        all[i] = (struct hashed){hash_value(hash_seed(), json_array_get(array, i)), json_array_get(array, i)};
    qsort(all, count, sizeof *all, by_hash);
    bool differ = true;
    for (size_t i = 1; differ && i < count; i++)
        for (size_t j = i; differ && j-- > 0 && all[j].hash == all[i].hash;)
            differ = !value_equal(all[i].value, all[j].value);
    free(all);
    return differ;
}

size_t value_length(const char *text, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; i < size; i++) length += (text[i] & 0xC0) != 0x80; /* bytes that begin a character */
    return length;
}
