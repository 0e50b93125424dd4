/* tepaid validate SCHEMA.json DOCUMENT.json…: the engine of the contract, judged from outside. */
#include "validate.h"

#include "schema.h"

#include <stdio.h>
#include <string.h>

enum { VALID = 0, INVALID = 1, UNUSABLE = 2 };

/* Numbers beyond int64 have no other home than reals, so a file that has one is read again with reals alone. */
static json_t *load(const char *path)
{
    const size_t flags = JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL;
    json_error_t error;
    json_t *document = json_load_file(path, flags, &error);
    if (document == NULL && json_error_code(&error) == json_error_numeric_overflow)
        document = json_load_file(path, flags | JSON_DECODE_INT_AS_REAL, &error);
    if (document == NULL) fprintf(stderr, "%s: line %d: %s\n", path, error.line, error.text);
    return document;
}

static void print_fault(const char *path, const struct fault *fault)
{
    static const struct {
        const char *word, *sentence;
    } kinds[] = {
#define FAULT_WORDS(kind, word, zh, en) {word, en},
        FAULT_KINDS(FAULT_WORDS)
#undef FAULT_WORDS
    };
    const char *sentence = kinds[fault->kind].sentence, *hole = strstr(sentence, "%s");
    printf("%s: %s: %s: ", path, fault->where, kinds[fault->kind].word);
    if (hole == NULL)
        printf("%s\n", sentence);
    else
        printf("%.*s%s%s\n", (int)(hole - sentence), sentence, fault->want, hole + 2);
}

static int judge(const struct schema *schema, const char *path)
{
    json_t *document = load(path);
    if (document == NULL) return UNUSABLE;
    struct faults faults = {.arena = arena_new()};
    bool valid = schema_validate(schema, document, PLACE_BODY, "#", &faults);
    for (int i = 0; i < faults.count; i++) print_fault(path, &faults.list[i]);
    arena_free(faults.arena);
    json_decref(document);
    return valid ? VALID : INVALID;
}

static int judge_all(const json_t *document, char *const *paths, int count)
{
    char why[512] = "";
    struct schema_set *set = schema_set_new(document, SCHEMA_STANDARD);
    const struct schema *schema = schema_compile(set, document, "", why, sizeof why);
    int worst = schema == NULL ? UNUSABLE : VALID;
    if (schema == NULL) fprintf(stderr, "the schema cannot be used: %s\n", why);
    for (int i = 0; schema != NULL && i < count; i++) {
        int verdict = judge(schema, paths[i]);
        if (verdict > worst) worst = verdict;
    }
    schema_set_free(set);
    return worst;
}

int validate_command(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: tepaid validate SCHEMA.json DOCUMENT.json...\n", stderr);
        return UNUSABLE;
    }
    json_t *schema = load(argv[1]);
    if (schema == NULL) return UNUSABLE;
    int verdict = judge_all(schema, argv + 2, argc - 2);
    json_decref(schema);
    return verdict;
}
