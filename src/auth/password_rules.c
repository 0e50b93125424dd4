/* Rules of a new password. asvs (OWASP ASVS 5.0, 6.2; NIST SP 800-63B): length counts, composition does not, and what
 * everybody takes is refused. mlps (GB/T 22239, 等级保护): three classes of characters besides. */
#include "password_rules.h"
#include "config.h"
#include "sign_in.h"

#include <ctype.h>
#include <string.h>

#define DISTINCT_MIN 5 /* characters that differ; below it a long password is a short one repeated */
#define CLASSES_MIN  3

/* Words that lists of stolen passwords are full of, and those that our users would take first. A password of twelve
 * characters is common when, without its figures and signs, it is one of them, or one of them again and again. */
static const char *const stems[] = {
    "a",        "abc",    "abcd",      "abcdef",     "abcdefg",    "abcdefgh", "admin",   "administrator", "asd",
    "asdf",     "asdfgh", "asdfghjkl", "baseball",   "changeme",   "changzhi", "chang",   "default",       "dragon",
    "football", "guest",  "hello",     "helloworld", "iloveyou",   "kejiju",   "letmein", "login",         "master",
    "mima",     "monkey", "p",         "pass",       "passphrase", "passw",    "passwd",  "password",      "princess",
    "qaz",      "qazwsx", "qazwsxedc", "qq",         "qwe",        "qwer",     "qwerty",  "qwertyuiop",    "root",
    "secret",   "shadow", "shanxi",    "superman",   "sunshine",   "temp",     "tepai",   "tepaiyuan",     "test",
    "trustno",  "user",   "welcome",   "woaini",     "zhongguo",   "zxc",      "zxcvbnm", "zaq",
};

/* Whether `text` is `stem`, once or repeated. */
static bool repeats(const char *text, const char *stem)
{
    size_t size = strlen(stem), whole = strlen(text);
    if (whole == 0 || whole % size != 0) return false;
    for (size_t at = 0; at < whole; at += size) {
        if (memcmp(text + at, stem, size) != 0) return false;
    }
    return true;
}

static bool is_stem(const char *letters)
{
    for (size_t i = 0; i < sizeof stems / sizeof stems[0]; i++) {
        if (repeats(letters, stems[i])) return true;
    }
    return false;
}

static int distinct(const char *text)
{
    bool seen[256] = {false};
    int count = 0;
    for (const char *c = text; *c != '\0'; c++) {
        count += !seen[(unsigned char)*c];
        seen[(unsigned char)*c] = true;
    }
    return count;
}

/* Letters of ASCII, in lower case; 0 stands for o and so on no more than a guesser takes it to. */
static const char *letters_of(struct arena *a, const char *text)
{
    static const char *const looks[] = {"0o", "1i", "3e", "4a", "5s", "@a", "$s"};
    char *out = arena_take(a, strlen(text) + 1), *to = out;
    for (const char *c = text; *c != '\0'; c++) {
        char letter = (char)tolower((unsigned char)*c);
        bool inside = isalpha((unsigned char)c[1]) && c > text && isalpha((unsigned char)c[-1]);
        for (size_t i = 0; inside && i < sizeof looks / sizeof looks[0]; i++) {
            if (looks[i][0] == letter) letter = looks[i][1];
        }
        if (letter >= 'a' && letter <= 'z') *to++ = letter;
    }
    *to = '\0';
    return out;
}

static bool is_common(struct arena *a, const char *password)
{
    bool only_figures = strspn(password, "0123456789") == strlen(password);
    return only_figures || distinct(password) < DISTINCT_MIN || is_stem(letters_of(a, password));
}

/* Capitals, small letters, figures, and all else, letters of other scripts among it. */
static int classes(const char *password)
{
    bool upper = false, lower = false, digit = false, other = false;
    for (const char *c = password; *c != '\0'; c++) {
        bool is_upper = *c >= 'A' && *c <= 'Z', is_lower = *c >= 'a' && *c <= 'z', is_digit = *c >= '0' && *c <= '9';
        upper |= is_upper;
        lower |= is_lower;
        digit |= is_digit;
        other |= !is_upper && !is_lower && !is_digit;
    }
    return upper + lower + digit + other;
}

fail_t password_judge(struct req *r, const char *login_name, const char *password, const char *pointer)
{
    if (strstr(folded(r->arena, password), folded(r->arena, login_name)) != NULL)
        req_broken(r, rule_find("password_holds_login_name"), pointer, NULL);
    if (is_common(r->arena, password)) req_broken(r, rule_find("password_common"), pointer, NULL);
    if (config_is(SETTING_PASSWORD_RULES, "mlps") && classes(password) < CLASSES_MIN)
        req_broken(r, rule_find("password_composition"), pointer, NULL);
    return r->broken_count == 0 ? OK : RULE_VIOLATED;
}
