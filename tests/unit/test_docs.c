/* The fixed pages: which paths they have, what stands there with and without the viewer. */
#include "check.h"
#include "docs.h"
#include "embedded.h"

#include <stdlib.h>
#include <unistd.h>

static struct reply reply;

static bool serve(const char *path)
{
    free(reply.body);
    reply = (struct reply){0};
    return docs_serve(path, strlen(path), &reply);
}

static const char *header(const char *name)
{
    for (int i = 0; i < reply.header_count; i++)
        if (strcmp(reply.headers[i].name, name) == 0) return reply.headers[i].value;
    return NULL;
}

static bool holds(const char *words)
{
    return reply.body != NULL && memmem(reply.body, reply.body_size, words, strlen(words)) != NULL;
}

static void without_the_viewer_the_page_says_how_to_get_it(void)
{
    docs_open("");
    CHECK(serve("/docs"));
    CHECK(reply.status == 200);
    CHECK_TEXT(header("Content-Type"), "text/html; charset=utf-8");
    CHECK(strstr(header("Content-Security-Policy"), "default-src 'none'") != NULL);
    CHECK(holds("npm ci"));
    CHECK(!serve("/docs/swagger-ui.css"));
    CHECK(serve("/docs/page.css"));
}

static void contract_is_there_as_it_was_written(void)
{
    CHECK(serve("/v1/openapi.yaml"));
    CHECK_TEXT(header("Content-Type"), "application/yaml");
    CHECK(reply.body_size == embedded_contract_yaml_size);
    CHECK(holds("operationId: demand_get"));
}

static void only_whole_paths_match(void)
{
    static const char *const none[] = {"",           "//",      "/doc",          "/docs/",         "/docs/x",
                                       "/docs/page", "/docs?x", "/docs/../docs", "/docs/page.css/"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) CHECK(!serve(none[i]));
    CHECK(!docs_serve("/docs/page.css", strlen("/docs/page.cs"), &reply));
}

static void the_bare_address_leads_to_the_page(void)
{
    CHECK(docs_has("/", 1));
    CHECK(serve("/"));
    CHECK(reply.status == 308);
    CHECK_TEXT(header("Location"), "/docs");
}

static void put(const char *folder, const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    if (out == NULL) abort();
    fputs(text, out);
    fclose(out);
}

static void take_away(const char *folder, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    unlink(path);
}

/* Last, for what was read stays until the process ends. */
static void with_the_viewer_the_page_opens_it(void)
{
    char folder[] = "/tmp/tepai-docs-XXXXXX";
    if (mkdtemp(folder) == NULL) abort();
    put(folder, "swagger-ui-bundle.js", "var bundle;");
    docs_open(folder); /* half of it is none */
    CHECK(serve("/docs") && holds("npm ci"));
    put(folder, "swagger-ui.css", "body {}");
    docs_open(folder);
    CHECK(serve("/docs") && holds("/docs/swagger-ui-bundle.js"));
    take_away(folder, "swagger-ui.css");
    take_away(folder, "swagger-ui-bundle.js");
    CHECK(serve("/docs/swagger-ui.css") && holds("body {}"));
    CHECK_TEXT(header("Content-Type"), "text/css; charset=utf-8");
    rmdir(folder);
}

int main(void)
{
    RUN(without_the_viewer_the_page_says_how_to_get_it);
    RUN(contract_is_there_as_it_was_written);
    RUN(only_whole_paths_match);
    RUN(the_bare_address_leads_to_the_page);
    RUN(with_the_viewer_the_page_opens_it);
    free(reply.body);
    return REPORT();
}
