/* A growing run of bytes from malloc, so that a finished answer can be handed to the server without a copy. */
#ifndef TEPAI_BUFFER_H
#define TEPAI_BUFFER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buffer {
    char *bytes; /* not terminated; NULL while empty */
    size_t size;
    size_t room;
};

void buffer_add(struct buffer *b, const void *bytes, size_t size);
void buffer_add_int(struct buffer *b, int64_t number);

/* Appends `text` as a JSON string with its quotes; the text is valid UTF-8. */
void buffer_add_json_string(struct buffer *b, const char *text, size_t size);

void buffer_free(struct buffer *b);

static inline void buffer_add_text(struct buffer *b, const char *text)
{
    buffer_add(b, text, strlen(text));
}

#endif
