/* A growing run of bytes: doubling, so that adding is cheap however long the answer gets. */
#include "buffer.h"
#include "clean.h"

#include <stdlib.h>

static char *buffer_room(struct buffer *b, size_t more)
{
    if (more > SIZE_MAX / 4 - b->size) abort();
    if (b->room - b->size < more) {
        size_t room = b->room < 1024 ? 1024 : 2 * b->room;
        while (room - b->size < more) room *= 2;
        char *bytes = clean_realloc(b->bytes, room);
        if (bytes == NULL) abort();
        b->bytes = bytes;
        b->room = room;
    }
    return b->bytes + b->size;
}

void buffer_add(struct buffer *b, const void *bytes, size_t size)
{
    if (size == 0) return;
    memcpy(buffer_room(b, size), bytes, size);
    b->size += size;
}

void buffer_add_int(struct buffer *b, int64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (number < 0) digits[--at] = '-';
    buffer_add(b, digits + at, sizeof digits - at);
}

/* Writes one byte that JSON does not take as it stands; at most six bytes. */
static char *escape(char *to, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    static const char plain[] = "\"\\\b\f\n\r\t", words[] = "\"\\bfnrt";
    const char *found = strchr(plain, c);
    *to++ = '\\';
    if (c != 0 && found != NULL) {
        *to++ = words[found - plain];
        return to;
    }
    to = mempcpy(to, (const char[]){'u', '0', '0'}, 3);
    *to++ = hex[c >> 4];
    *to++ = hex[c & 15];
    return to;
}

void buffer_add_json_string(struct buffer *b, const char *text, size_t size)
{
    if (size > SIZE_MAX / 32) abort();
    char *start = buffer_room(b, 6 * size + 2), *to = start;
    *to++ = '"';
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c == '"' || c == '\\')
            to = escape(to, c);
        else
            *to++ = (char)c;
    }
    *to++ = '"';
    b->size += (size_t)(to - start);
}

void buffer_free(struct buffer *b)
{
    clean_free(b->bytes);
    *b = (struct buffer){0};
}
