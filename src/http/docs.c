/* Pages are a fixed table, filled once at start: a path is looked up in it and never put together. The viewer's files
 * are large and not ours, so they come from a directory; everything else is part of the binary. */
#include "docs.h"

#include "embedded.h"
#include "log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The viewer sets style attributes and shows small pictures from data: URLs; scripts come from this server alone. */
#define PAGE_POLICY                                                                                                    \
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "                  \
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

#define VIEWER_FILE_MAX (16 << 20) /* far above what the viewer has; untouched pages of it cost no memory */

struct page {
    const char *path, *type;
    const char *bytes;
    size_t size;
};

enum { PAGE_DOCS, PAGE_JS, PAGE_CSS, PAGE_YAML, PAGE_VIEWER_JS, PAGE_VIEWER_CSS, PAGE_COUNT };

static struct page pages[PAGE_COUNT] = {
    [PAGE_DOCS] = {.path = "/docs", .type = "text/html; charset=utf-8"},
    [PAGE_JS] = {.path = "/docs/page.js", .type = "text/javascript; charset=utf-8"},
    [PAGE_CSS] = {.path = "/docs/page.css", .type = "text/css; charset=utf-8"},
    [PAGE_YAML] = {.path = "/v1/openapi.yaml", .type = "application/yaml"},
    [PAGE_VIEWER_JS] = {.path = "/docs/swagger-ui-bundle.js", .type = "text/javascript; charset=utf-8"},
    [PAGE_VIEWER_CSS] = {.path = "/docs/swagger-ui.css", .type = "text/css; charset=utf-8"},
};

static void set_page(int page, const char *bytes, size_t size)
{
    pages[page].bytes = bytes;
    pages[page].size = size;
}

/* For the viewer's pages alone, whose bytes are from malloc; they stay until they are read again. */
static bool read_page(int page, FILE *in)
{
    char *bytes = malloc(VIEWER_FILE_MAX);
    if (bytes == NULL) return false;
    size_t size = fread(bytes, 1, VIEWER_FILE_MAX, in);
    if (ferror(in) || size == 0 || size == VIEWER_FILE_MAX) {
        free(bytes);
        return false;
    }
    free((char *)pages[page].bytes);
    set_page(page, bytes, size);
    return true;
}

/* Fills the page from the file of its own name in `directory`. */
static bool open_page(int page, const char *directory)
{
    char path[4096];
    snprintf(path, sizeof path, "%s%s", directory, strrchr(pages[page].path, '/'));
    FILE *in = fopen(path, "r");
    if (in == NULL) return false;
    bool fine = read_page(page, in);
    fclose(in);
    return fine;
}

void docs_open(const char *directory)
{
    bool has_viewer =
        directory[0] != '\0' && open_page(PAGE_VIEWER_JS, directory) && open_page(PAGE_VIEWER_CSS, directory);
    if (!has_viewer && directory[0] != '\0')
        log_line(LOG_WARN, "docs_viewer_missing", "advice", "TEPAI_DOCS must hold the files of swagger-ui-dist", NULL);
    set_page(PAGE_DOCS, has_viewer ? embedded_docs_index : embedded_docs_missing,
             has_viewer ? embedded_docs_index_size : embedded_docs_missing_size);
    set_page(PAGE_JS, embedded_docs_js, embedded_docs_js_size);
    set_page(PAGE_CSS, embedded_docs_css, embedded_docs_css_size);
    set_page(PAGE_YAML, embedded_contract_yaml, embedded_contract_yaml_size);
}

static const struct page *find(const char *path, size_t size)
{
    for (int i = 0; i < PAGE_COUNT; i++) {
        bool same = strlen(pages[i].path) == size && memcmp(pages[i].path, path, size) == 0;
        if (same && pages[i].bytes != NULL) return &pages[i];
    }
    return NULL;
}

bool docs_has(const char *path, size_t size)
{
    return find(path, size) != NULL || (size == 1 && path[0] == '/' && pages[PAGE_DOCS].bytes != NULL);
}

static void header(struct reply *reply, const char *name, const char *value)
{
    reply->headers[reply->header_count].name = name;
    reply->headers[reply->header_count++].value = value;
}

/* Whoever opens the address alone wants to know what is there. */
static bool lead_to_docs(const char *path, size_t size, struct reply *reply)
{
    if (size != 1 || path[0] != '/') return false;
    reply->status = 308;
    header(reply, "Location", pages[PAGE_DOCS].path);
    header(reply, "Cache-Control", "public, max-age=3600");
    header(reply, "Content-Security-Policy", PAGE_POLICY);
    return true;
}

bool docs_serve(const char *path, size_t size, struct reply *reply)
{
    if (lead_to_docs(path, size, reply)) return true;
    const struct page *page = find(path, size);
    if (page == NULL) return false;
    reply->body = malloc(page->size);
    if (reply->body == NULL) abort();
    memcpy(reply->body, page->bytes, page->size);
    reply->body_size = page->size;
    reply->status = 200;
    header(reply, "Content-Type", page->type);
    header(reply, "Cache-Control", "public, max-age=3600");
    header(reply, "Content-Security-Policy", PAGE_POLICY);
    return true;
}
