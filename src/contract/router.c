/* The router is a trie over path words. A node has its literal children in a sorted array, searched by halves, and at
 * most one child for a word in braces, so the cost of a look-up depends on the length of the path and not on the number
 * of operations. */
#include "router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In the order in which Allow lists them. */
static const char *const methods[] = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"};
enum method { DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, METHODS };

#define ALLOW_SIZE 64 /* all methods with commas have 47 characters */

struct node {
    struct slice word;     /* in the path that was given to router_add; that of the child in braces is empty */
    struct node *children; /* literal ones, sorted */
    size_t child_count;
    struct node *any; /* the child for a word in braces */
    const struct op *ops[METHODS];
    char allow[ALLOW_SIZE]; /* empty: no path ends here */
};

struct router {
    struct node root;
};

static void *need(void *memory)
{
    if (memory == NULL) abort();
    return memory;
}

struct router *router_new(void)
{
    return need(calloc(1, sizeof(struct router)));
}

static void node_clear(struct node *n)
{
    for (size_t i = 0; i < n->child_count; i++) {
        free((char *)n->children[i].word.at);
        node_clear(&n->children[i]);
    }
    if (n->any != NULL) node_clear(n->any);
    free(n->any);
    free(n->children);
}

void router_free(struct router *r)
{
    if (r == NULL) return;
    node_clear(&r->root);
    free(r);
}

static int compare(struct slice a, struct slice b)
{
    int order = memcmp(a.at, b.at, a.size < b.size ? a.size : b.size);
    if (order != 0) return order;
    return a.size < b.size ? -1 : a.size > b.size;
}

/* Place of `word` among the children: where it is, or where it would have to be put. */
static size_t child_place(const struct node *n, struct slice word)
{
    size_t low = 0, high = n->child_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(n->children[middle].word, word) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct node *child_find(const struct node *n, struct slice word)
{
    size_t at = child_place(n, word);
    bool found = at < n->child_count && compare(n->children[at].word, word) == 0;
    return found ? &n->children[at] : NULL;
}

static struct node *child_add(struct node *n, struct slice word)
{
    struct node *found = child_find(n, word);
    if (found != NULL) return found;
    size_t at = child_place(n, word);
    n->children = need(realloc(n->children, (n->child_count + 1) * sizeof *n->children));
    memmove(n->children + at + 1, n->children + at, (n->child_count - at) * sizeof *n->children);
    n->child_count++;
    n->children[at] = (struct node){.word = {need(strndup(word.at, word.size)), word.size}};
    return &n->children[at];
}

static struct node *any_add(struct node *n)
{
    if (n->any == NULL) n->any = need(calloc(1, sizeof *n->any));
    return n->any;
}

/* Cuts the next word off `rest`, which begins with a slash. */
static struct slice next_word(struct slice *rest)
{
    struct slice word = {rest->at + 1, 0};
    while (word.size < rest->size - 1 && word.at[word.size] != '/') word.size++;
    rest->at += 1 + word.size;
    rest->size -= 1 + word.size;
    return word;
}

static enum method method_number(const char *method)
{
    int m = 0;
    while (m < METHODS && strcmp(methods[m], method) != 0) m++;
    return (enum method)m;
}

static bool is_braced(struct slice word)
{
    return word.size > 2 && word.at[0] == '{' && word.at[word.size - 1] == '}';
}

bool router_add(struct router *r, const char *method, const char *path, const struct op *op)
{
    enum method m = method_number(method);
    if (m == METHODS || path[0] != '/') return false;
    struct node *n = &r->root;
    struct slice rest = {path, strlen(path)};
    int braced = 0;
    while (rest.size > 0) {
        struct slice word = next_word(&rest);
        if (is_braced(word) && ++braced > PATH_WORDS_MAX) return false;
        n = is_braced(word) ? any_add(n) : child_add(n, word);
    }
    if (n->ops[m] != NULL) return false;
    n->ops[m] = op;
    return true;
}

/* OPTIONS is answered on every path, HEAD wherever GET is. */
static void node_seal(struct node *n)
{
    bool ends_here = false;
    for (int m = 0; m < METHODS; m++)
        if (n->ops[m] != NULL) ends_here = true;
    for (int m = 0; ends_here && m < METHODS; m++) {
        if (n->ops[m] == NULL && m != OPTIONS && !(m == HEAD && n->ops[GET] != NULL)) continue;
        size_t used = strlen(n->allow);
        snprintf(n->allow + used, sizeof n->allow - used, "%s%s", used > 0 ? ", " : "", methods[m]);
    }
    for (size_t i = 0; i < n->child_count; i++) node_seal(&n->children[i]);
    if (n->any != NULL) node_seal(n->any);
}

void router_seal(struct router *r)
{
    node_seal(&r->root);
}

/* Follows the path below `n`, literal words first; where they lead nowhere, the word in braces is tried. A path has at
 * most as many branches to try as it has words that are both, which the contract keeps to one or two. */
static const struct node *walk(const struct node *n, struct slice rest, struct route *route)
{
    if (rest.size == 0) return n->allow[0] != '\0' ? n : NULL;
    struct slice word = next_word(&rest);
    const struct node *child = child_find(n, word);
    const struct node *end = child != NULL ? walk(child, rest, route) : NULL;
    if (end != NULL || n->any == NULL || word.size == 0) return end;
    route->words[route->word_count++] = word;
    end = walk(n->any, rest, route);
    if (end == NULL) route->word_count--;
    return end;
}

struct route router_find(const struct router *r, const char *method, const char *path, size_t path_size)
{
    struct route route = {0};
    if (path_size == 0 || path[0] != '/') return route;
    const struct node *end = walk(&r->root, (struct slice){path, path_size}, &route);
    if (end == NULL) return (struct route){0};
    enum method m = method_number(method);
    if (m == HEAD) m = GET;
    route.allow = end->allow;
    route.op = m < METHODS ? end->ops[m] : NULL;
    return route;
}
