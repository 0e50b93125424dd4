/* Papers of the programme as PDF, in the manners of GB/T 9704-2012: A4 with the margins of an official document, 28
 * characters a line and 22 lines a page, headings by level, page numbers between dashes. The same calls with the same
 * texts give the same bytes as long as the font and the libraries are the same, so nothing that is to be signed is made
 * of these bytes: digests are taken over the text. */
#ifndef TEPAI_PDF_H
#define TEPAI_PDF_H

#include "buffer.h"
#include "fail.h"

#include <stdbool.h>

struct pdf;

/* Begins a paper, which pdf_end() ends. `title` and `author` stand in the file's properties alone; `date` (RFC 3339 or
 * YYYY-MM-DD) is the date it claims to be made, never the clock's. Texts given here and below are copied; errors are
 * told by pdf_end(). */
struct pdf *pdf_begin(const char *title, const char *author, const char *date);

/* The red head of a document issued by several offices: their names above each other with 文件 beside them, the
 * document number under it, a red line below (GB/T 9704-2012, 7.2). At the top of the first page only. */
void pdf_red_head(struct pdf *p, const char *const *issuers, int count, const char *doc_no);

/* Centred, in the size of titles; lines are broken by the width or by LF. */
void pdf_title(struct pdf *p, const char *text);

/* Level 1 (一、) and 2 (（一）); indented by two characters, kept with what follows. */
void pdf_heading(struct pdf *p, int level, const char *text);

/* Paragraphs of running text, one for each line of it, the first line of each indented by two characters. */
void pdf_paragraph(struct pdf *p, const char *text);

/* A paragraph without indentation, such as the party a notice is addressed to. */
void pdf_line(struct pdf *p, const char *text);

/* What the paper has annexed, an empty line below the text (7.3.4). */
void pdf_note(struct pdf *p, const char *text);

/* Right-aligned by four characters from the edge, such as a signing office or a date; kept together with the last lines
 * before it where these would stand alone on the page. */
void pdf_closing(struct pdf *p, const char *text);

/* The offices that issue together, two a row with room for their seals, and the day below them (7.3.5). Kept together
 * with the note and the last lines of the text before it. */
void pdf_seals(struct pdf *p, const char *const *issuers, int count, const char *date);

/* The imprint at the foot of the last page: who gets a copy, who printed it and when (7.4). */
void pdf_imprint(struct pdf *p, const char *copies, const char *office, const char *date);

/* A word in a red frame above the text of every page: what the paper is no more, or not yet. */
void pdf_mark(struct pdf *p, const char *text);

/* An empty line. */
void pdf_gap(struct pdf *p);

/* What follows begins on a page of its own, as an annex does (7.3.8). */
void pdf_page(struct pdf *p);

/* A ruled table: `widths` are shares of the line in per cent, `cells` row by row, the first row being the head, which
 * stands again on each page. A cell that is NULL is empty. */
void pdf_table(struct pdf *p, int columns, const int *widths, const char *const *cells, int rows);

/* Puts the paper into *out, which the caller frees, and gives back `p`, whatever the outcome. It is drawn by a thread
 * of its own, which is waited for 3 s at most. UNAVAILABLE: it is not made yet, ask again; it may be there then.
 * INTERNAL_ERROR after a log line: the font is not installed, or the library could not go on. */
fail_t pdf_end(struct pdf *p, struct buffer *out);

/* Whether the fonts are installed; otherwise false after a sentence on standard error. */
bool pdf_has_fonts(void);

/* Ends the thread that draws, after the paper it is at. No paper may be begun any more. */
void pdf_close(void);

#endif
