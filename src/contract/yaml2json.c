/* Build tool: reads the YAML of the contract and writes the same as JSON. libyaml gives scalars without types, lets a
 * later key hide an earlier one and follows aliases, so this tool takes a strict part of YAML only: a plain scalar is
 * what JSON would make of it or a string, and duplicate keys, anchors, aliases, merge keys, tags and a second document
 * are refused with the line they stand on. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define DEPTH_MAX 64

/* Keys of one mapping, kept to find duplicates. */
struct keys {
    char **names;
    size_t count;
};

struct converter {
    const char *path;
    yaml_parser_t parser;
    FILE *out;
    int depth;
};

static bool refuse(const struct converter *c, size_t line, const char *why, const char *what)
{
    fprintf(stderr, "%s:%zu: %s%s%s\n", c->path, line + 1, why, what ? ": " : "", what ? what : "");
    return false;
}

/* The next event; the caller deletes it. */
static bool next(struct converter *c, yaml_event_t *event)
{
    if (yaml_parser_parse(&c->parser, event)) return true;
    return refuse(c, c->parser.problem_mark.line, c->parser.problem ? c->parser.problem : "not YAML",
                  c->parser.context);
}

static void write_string(FILE *out, const char *text, size_t size)
{
    fputc('"', out);
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte == '"' || byte == '\\')
            fprintf(out, "\\%c", byte);
        else if (byte < 0x20 || byte == 0x7F)
            fprintf(out, "\\u%04x", byte);
        else
            fputc(byte, out);
    }
    fputc('"', out);
}

static const char *digits(const char *at)
{
    while (isdigit((unsigned char)*at)) at++;
    return at;
}

/* The grammar of RFC 8259: no leading zero, no sign "+", no bare point. */
static bool is_number(const char *text)
{
    const char *at = text + (*text == '-');
    if (!isdigit((unsigned char)*at)) return false;
    at = *at == '0' ? at + 1 : digits(at);
    if (*at == '.') {
        if (digits(at + 1) == at + 1) return false;
        at = digits(at + 1);
    }
    if (*at == 'e' || *at == 'E') {
        at += 1 + (at[1] == '+' || at[1] == '-');
        if (digits(at) == at) return false;
        at = digits(at);
    }
    return *at == '\0';
}

static bool is_json_word(const char *text)
{
    return strcmp(text, "true") == 0 || strcmp(text, "false") == 0 || strcmp(text, "null") == 0;
}

static const char *scalar_text(const yaml_event_t *event)
{
    return (const char *)event->data.scalar.value;
}

static bool write_scalar(struct converter *c, const yaml_event_t *event)
{
    const char *text = scalar_text(event);
    size_t size = event->data.scalar.length;
    bool is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (strlen(text) != size) return refuse(c, event->start_mark.line, "NUL in a string", NULL);
    if (is_plain && size == 0) return refuse(c, event->start_mark.line, "no value (write null or \"\")", NULL);
    if (is_plain && (is_json_word(text) || is_number(text)))
        fputs(text, c->out);
    else
        write_string(c->out, text, size);
    return true;
}

/* What the strict part leaves out, whatever kind of node it stands at. */
static bool acceptable(struct converter *c, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;
    if (event->type == YAML_ALIAS_EVENT) return refuse(c, event->start_mark.line, "an alias is not allowed", NULL);
    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    }
    if (anchor) return refuse(c, event->start_mark.line, "an anchor is not allowed", (const char *)anchor);
    if (tag) return refuse(c, event->start_mark.line, "a tag is not allowed", (const char *)tag);
    return true;
}

static bool write_node(struct converter *c, const yaml_event_t *event);

static bool write_sequence(struct converter *c)
{
    fputc('[', c->out);
    for (bool first = true;; first = false) {
        yaml_event_t event;
        if (!next(c, &event)) return false;
        bool is_end = event.type == YAML_SEQUENCE_END_EVENT;
        if (!is_end && !first) fputs(",\n", c->out);
        bool fine = is_end || write_node(c, &event);
        yaml_event_delete(&event);
        if (!fine) return false;
        if (is_end) break;
    }
    fputc(']', c->out);
    return true;
}

static bool key_add(struct converter *c, struct keys *keys, const yaml_event_t *event)
{
    size_t line = event->start_mark.line;
    if (event->type != YAML_SCALAR_EVENT) return refuse(c, line, "a key has to be a string", NULL);
    const char *name = scalar_text(event);
    if (strlen(name) != event->data.scalar.length) return refuse(c, line, "NUL in a key", NULL);
    bool is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (is_plain && strcmp(name, "<<") == 0) return refuse(c, line, "a merge key is not allowed", NULL);
    for (size_t i = 0; i < keys->count; i++)
        if (strcmp(keys->names[i], name) == 0) return refuse(c, line, "this key stands here already", name);
    keys->names = realloc(keys->names, (keys->count + 1) * sizeof *keys->names);
    if (!keys->names || !(keys->names[keys->count++] = strdup(name))) abort();
    return true;
}

static bool write_member(struct converter *c, struct keys *keys, const yaml_event_t *key)
{
    if (!acceptable(c, key) || !key_add(c, keys, key)) return false;
    if (keys->count > 1) fputs(",\n", c->out);
    write_string(c->out, scalar_text(key), key->data.scalar.length);
    fputc(':', c->out);
    yaml_event_t value;
    if (!next(c, &value)) return false;
    bool fine = write_node(c, &value);
    yaml_event_delete(&value);
    return fine;
}

static bool write_members(struct converter *c, struct keys *keys)
{
    for (;;) {
        yaml_event_t event;
        if (!next(c, &event)) return false;
        bool is_end = event.type == YAML_MAPPING_END_EVENT;
        bool fine = is_end || write_member(c, keys, &event);
        yaml_event_delete(&event);
        if (!fine || is_end) return fine;
    }
}

static bool write_mapping(struct converter *c)
{
    struct keys keys = {0};
    fputc('{', c->out);
    bool fine = write_members(c, &keys);
    fputc('}', c->out);
    for (size_t i = 0; i < keys.count; i++) free(keys.names[i]);
    free(keys.names);
    return fine;
}

static bool write_node(struct converter *c, const yaml_event_t *event)
{
    if (!acceptable(c, event)) return false;
    if (event->type == YAML_SCALAR_EVENT) return write_scalar(c, event);
    if (++c->depth > DEPTH_MAX) return refuse(c, event->start_mark.line, "nested too deeply", NULL);
    bool fine = event->type == YAML_SEQUENCE_START_EVENT ? write_sequence(c) : write_mapping(c);
    c->depth--;
    return fine;
}

/* Takes the next event, which has to be of this type; events around the document hold nothing that is needed. */
static bool expect(struct converter *c, yaml_event_type_t type, const char *otherwise)
{
    yaml_event_t event;
    if (!next(c, &event)) return false;
    bool fine = event.type == type;
    if (!fine) refuse(c, event.start_mark.line, otherwise, NULL);
    yaml_event_delete(&event);
    return fine;
}

static bool convert(struct converter *c)
{
    if (!expect(c, YAML_STREAM_START_EVENT, "not a YAML stream")) return false;
    if (!expect(c, YAML_DOCUMENT_START_EVENT, "empty")) return false;
    yaml_event_t root;
    if (!next(c, &root)) return false;
    bool fine = write_node(c, &root);
    yaml_event_delete(&root);
    if (!fine || !expect(c, YAML_DOCUMENT_END_EVENT, "text after the document")) return false;
    fputc('\n', c->out);
    return expect(c, YAML_STREAM_END_EVENT, "a second document is not allowed");
}

/* Half a file must not look like a result: it is removed when anything fails. */
static bool convert_file(FILE *in, const char *path, const char *out_path)
{
    struct converter c = {.path = path, .out = fopen(out_path, "w")};
    if (!c.out || !yaml_parser_initialize(&c.parser)) {
        perror(out_path);
        return false;
    }
    yaml_parser_set_encoding(&c.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_file(&c.parser, in);
    bool fine = convert(&c);
    yaml_parser_delete(&c.parser);
    if (ferror(c.out)) fine = false;
    if (fclose(c.out) != 0) fine = false;
    if (!fine) remove(out_path);
    return fine;
}

int main(int count, char **words)
{
    if (count != 3) {
        fputs("usage: yaml2json FILE.yaml FILE.json\n", stderr);
        return 2;
    }
    FILE *in = fopen(words[1], "r");
    if (!in) {
        perror(words[1]);
        return 1;
    }
    bool fine = convert_file(in, words[1], words[2]);
    fclose(in);
    return fine ? 0 : 1;
}
