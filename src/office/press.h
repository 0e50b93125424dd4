/* Between papers and the thread that draws them. */
#ifndef TEPAI_PRESS_H
#define TEPAI_PRESS_H

#include "pdf.h"

#define PDF_HASH_SIZE 32

/* Draws the paper into *out, which the caller frees. On the press's thread alone. */
fail_t pdf_draw(const struct pdf *p, struct buffer *out);

/* Of all that makes the paper: equal hash, equal bytes. */
void pdf_hash(const struct pdf *p, unsigned char out[PDF_HASH_SIZE]);

void pdf_free(struct pdf *p);

#endif
