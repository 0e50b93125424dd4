/* The build tool yaml2json, run as the build runs it: which scalars become what, and what is refused on which line. */
#include "check.h"

#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/tepai-yaml-XXXXXX";
static char result[8192]; /* JSON without line feeds between tokens, or what the tool said */

static void read_all(FILE *in)
{
    size_t size = fread(result, 1, sizeof result - 1, in);
    result[size] = '\0';
    char *to = result;
    for (const char *at = result; *at != '\0'; at++)
        if (*at != '\n') *to++ = *at;
    *to = '\0';
}

/* True when the tool took `yaml`. */
static bool convert(const char *yaml, size_t size)
{
    char path[128], command[1024];
    snprintf(path, sizeof path, "%s/in.yaml", folder);
    FILE *in = fopen(path, "w");
    if (in == NULL) abort();
    fwrite(yaml, 1, size, in);
    fclose(in);
    snprintf(command, sizeof command, "cd %s && '%s/yaml2json' in.yaml out.json 2>&1", folder, BINARY_DIR);
    FILE *said = popen(command, "r");
    if (said == NULL) abort();
    read_all(said);
    if (pclose(said) != 0) return false;
    snprintf(path, sizeof path, "%s/out.json", folder);
    FILE *out = fopen(path, "r");
    if (out == NULL) abort();
    read_all(out);
    fclose(out);
    return true;
}

static void gives(const char *yaml, const char *json)
{
    CHECK(convert(yaml, strlen(yaml)));
    CHECK_TEXT(result, json);
}

static void refuses(const char *yaml, const char *where_and_why)
{
    CHECK(!convert(yaml, strlen(yaml)));
    CHECK(strstr(result, where_and_why) != NULL);
    if (strstr(result, where_and_why) == NULL) printf("    said %s\n", result);
    char path[128];
    snprintf(path, sizeof path, "%s/out.json", folder);
    CHECK(access(path, F_OK) != 0);
}

static void plain_scalars_follow_json_alone(void)
{
    gives("a: true\n", "{\"a\":true}");
    gives("a: null\n", "{\"a\":null}");
    gives("[no, on, yes, off, True, NULL, ~]\n", "[\"no\",\"on\",\"yes\",\"off\",\"True\",\"NULL\",\"~\"]");
    gives("[0, -0, 17, 1.50, 1e3, 1E+3, -2.5e-1]\n", "[0,-0,17,1.50,1e3,1E+3,-2.5e-1]");
    gives("[017, 0o17, 0x11, 1_000, +1, .5, 1., -, 1e]\n",
          "[\"017\",\"0o17\",\"0x11\",\"1_000\",\"+1\",\".5\",\"1.\",\"-\",\"1e\"]");
    gives("[2024-06-10, 12:30:00, .inf, .nan, 140427]\n", "[\"2024-06-10\",\"12:30:00\",\".inf\",\".nan\",140427]");
}

static void quoted_scalars_are_strings(void)
{
    gives("[\"1\", 'true', '', \"a\\tb\\u0007\"]\n", "[\"1\",\"true\",\"\",\"a\\u0009b\\u0007\"]");
    gives("a: |\n  one\n  \"two\"\n", "{\"a\":\"one\\u000a\\\"two\\\"\\u000a\"}");
    gives("a: >-\n  one\n  two\\\n", "{\"a\":\"one two\\\\\"}");
    gives("a: 壶关县\n", "{\"a\":\"壶关县\"}");
}

static void keys_are_strings(void)
{
    gives("200: {on: x}\nnull: y\n", "{\"200\":{\"on\":\"x\"},\"null\":\"y\"}");
    gives("{}\n", "{}");
    gives("a: []\n", "{\"a\":[]}");
}

static void the_rest_of_yaml_is_refused(void)
{
    refuses("a: 1\nb: 2\na: 3\n", "in.yaml:3: this key stands here already: a");
    refuses("a: 1\n\"a\": 3\n", "in.yaml:2: this key stands here already: a");
    refuses("a: &x 1\n", "in.yaml:1: an anchor is not allowed: x");
    refuses("a: &x {b: 1}\nc: 2\n", "in.yaml:1: an anchor");
    refuses("a: &x [1]\nb: *x\n", "in.yaml:1: an anchor");
    refuses("a: 1\nb: *x\n", "in.yaml:2: an alias is not allowed");
    refuses("a: 1\n<<: {b: 2}\n", "in.yaml:2: a merge key is not allowed");
    refuses("a: !!str 1\n", "in.yaml:1: a tag is not allowed");
    refuses("a: !x {b: 1}\n", "in.yaml:1: a tag is not allowed");
    refuses("? {a: 1}\n: 2\n", "in.yaml:1: a key has to be a string");
    refuses("a: 1\n---\nb: 2\n", "a second document is not allowed");
    refuses("a: 1\nb:\n", "no value");
    refuses("a: \"x\\0y\"\n", "in.yaml:1: NUL in a string");
    refuses("\"x\\0y\": 1\n", "in.yaml:1: NUL in a key");
    refuses("", "empty");
    refuses("a: {b: 1\n", "in.yaml:2:");
    refuses("a: 1\n\tb: 2\n", "in.yaml:2:");
    refuses("a: \xff\n", "in.yaml:");
}

static void depth_is_bounded(void)
{
    char yaml[512] = "";
    memset(yaml, '[', 100);
    memset(yaml + 100, ']', 100);
    refuses(yaml, "nested too deeply");
}

int main(void)
{
    if (mkdtemp(folder) == NULL) return 1;
    RUN(plain_scalars_follow_json_alone);
    RUN(quoted_scalars_are_strings);
    RUN(keys_are_strings);
    RUN(the_rest_of_yaml_is_refused);
    RUN(depth_is_bounded);
    char command[64];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return system(command) == 0 ? REPORT() : 1;
}
