/* Papers as PDF. What is called for is kept as a list of blocks and drawn as a whole by the press, whose thread alone
 * touches the fonts. A page is a grid of 22 lines; what is drawn knows only the lines it needs. */
#include "pdf.h"

#include "arena.h"
#include "log.h"
#include "press.h"

#include <cairo-pdf.h>
#include <malloc.h>
#include <pango/pangocairo.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define SERIF "Noto Serif CJK SC"
#define SANS  "Noto Sans CJK SC"

/* GB/T 9704-2012, 5: A4, margins of 37 mm above and 28 mm left, a type area of 156 mm by 225 mm. In points. */
#define MM          (72 / 25.4)
#define PAGE_WIDTH  (210 * MM)
#define PAGE_HEIGHT (297 * MM)
#define LEFT        (28 * MM)
#define TOP         (37 * MM)
#define WIDTH       (156 * MM)
#define HEIGHT      (225 * MM)
#define LINES       22
#define PITCH       (HEIGHT / LINES)
#define CHARACTER   (WIDTH / 28)

#define SEAL_LINES 4 /* of a row of seals, the name being the last */

#define TITLE_SIZE  22.0
#define NUMBER_SIZE 14.0
#define MARK_SIZE   18.0
#define CELL_SIZE   12.0
#define CELL_PITCH  18.0
#define CELL_MARGIN 4.0

#define COLUMNS_MAX 12
#define ISSUERS_MAX 8

enum kind { RED_HEAD, TITLE, HEADING, PARAGRAPH, LINE, NOTE, CLOSING, SEALS, GAP, PAGE, TABLE, IMPRINT };

struct block {
    enum kind kind;
    int level; /* of a heading */
    const char *text;
    const char *const *cells; /* of a table; the names of issuers; the parts of an imprint */
    int columns, rows;
    int widths[COLUMNS_MAX];
    struct block *next;
};

struct pdf {
    struct arena *arena;
    const char *title, *author, *date;
    const char *mark; /* of every page; NULL: none */
    struct block *first, **last;
};

/* A paper while it is drawn. */
struct canvas {
    cairo_t *cr;
    PangoContext *context;
    const char *mark;
    int page;
    double y; /* upper edge of what comes next */
};

static PangoFontMap *fonts; /* made once, with the faces that were used; the press's thread has it */

/* ---- what is called for */

static struct block *add(struct pdf *p, enum kind kind, const char *text)
{
    struct block *b = arena_take(p->arena, sizeof *b);
    b->kind = kind;
    b->text = text == NULL ? "" : arena_print(p->arena, "%s", text);
    *p->last = b;
    p->last = &b->next;
    return b;
}

static const char *const *copied(struct pdf *p, const char *const *texts, int count)
{
    const char **copies = arena_take(p->arena, sizeof *copies * (size_t)(count == 0 ? 1 : count));
    for (int i = 0; i < count; i++) copies[i] = texts[i] == NULL ? "" : arena_print(p->arena, "%s", texts[i]);
    return copies;
}

/* A paper has an arena of its own, for the press may still be at it when its request has been answered. */
struct pdf *pdf_begin(const char *title, const char *author, const char *date)
{
    struct arena *a = arena_new();
    struct pdf *p = arena_take(a, sizeof *p);
    *p = (struct pdf){.arena = a,
                      .title = arena_print(a, "%s", title),
                      .author = arena_print(a, "%s", author),
                      .date = arena_print(a, "%s%s", date, strlen(date) == 10 ? "T00:00:00+08:00" : "")};
    p->last = &p->first;
    return p;
}

static void add_issuers(struct pdf *p, enum kind kind, const char *const *issuers, int count, const char *text)
{
    struct block *b = add(p, kind, text);
    b->rows = count > ISSUERS_MAX ? ISSUERS_MAX : count;
    b->columns = 1;
    b->cells = copied(p, issuers, b->rows);
}

void pdf_red_head(struct pdf *p, const char *const *issuers, int count, const char *doc_no)
{
    add_issuers(p, RED_HEAD, issuers, count, doc_no);
}

void pdf_title(struct pdf *p, const char *text)
{
    add(p, TITLE, text);
}

void pdf_heading(struct pdf *p, int level, const char *text)
{
    add(p, HEADING, text)->level = level;
}

void pdf_paragraph(struct pdf *p, const char *text)
{
    add(p, PARAGRAPH, text);
}

void pdf_line(struct pdf *p, const char *text)
{
    add(p, LINE, text);
}

void pdf_closing(struct pdf *p, const char *text)
{
    add(p, CLOSING, text);
}

void pdf_note(struct pdf *p, const char *text)
{
    add(p, NOTE, text);
}

void pdf_seals(struct pdf *p, const char *const *issuers, int count, const char *date)
{
    add_issuers(p, SEALS, issuers, count, date);
}

void pdf_imprint(struct pdf *p, const char *copies, const char *office, const char *date)
{
    struct block *b = add(p, IMPRINT, copies);
    b->rows = 2;
    b->columns = 1;
    b->cells = copied(p, (const char *[]){office, date}, b->rows);
}

void pdf_mark(struct pdf *p, const char *text)
{
    p->mark = arena_print(p->arena, "%s", text);
}

void pdf_gap(struct pdf *p)
{
    add(p, GAP, NULL);
}

void pdf_page(struct pdf *p)
{
    add(p, PAGE, NULL);
}

void pdf_table(struct pdf *p, int columns, const int *widths, const char *const *cells, int rows)
{
    struct block *b = add(p, TABLE, NULL);
    b->columns = columns > COLUMNS_MAX ? COLUMNS_MAX : columns;
    b->rows = rows;
    memcpy(b->widths, widths, sizeof *widths * (size_t)b->columns);
    b->cells = copied(p, cells, b->columns * rows);
}

/* ---- text */

/* Signs that turn the direction of writing would let a paper show another text than was signed: they are shown. */
static void set_text(PangoLayout *layout, const char *text)
{
    GString *shown = g_string_sized_new(strlen(text));
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        bool turns =
            c == 0x061C || (c >= 0x200E && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        g_string_append_unichar(shown, turns ? 0xFFFD : c);
    }
    pango_layout_set_text(layout, shown->str, (int)shown->len);
    g_string_free(shown, TRUE);
}

/* A hash or a number that is broken over two lines gets no hyphen, for it would look like a part of it. */
static void never_hyphenate(PangoLayout *layout)
{
    PangoAttrList *list = pango_attr_list_new();
    pango_attr_list_insert(list, pango_attr_insert_hyphens_new(FALSE));
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
}

static PangoLayout *layout_new(const struct canvas *c, const char *text, const char *family, PangoWeight weight,
                               double size, double width)
{
    PangoLayout *layout = pango_layout_new(c->context);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family(font, family);
    pango_font_description_set_weight(font, weight);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, width < 0 ? -1 : (int)(width * PANGO_SCALE + 0.5));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_auto_dir(layout, FALSE);
    never_hyphenate(layout);
    set_text(layout, text);
    return layout;
}

static int line_count(PangoLayout *layout)
{
    return pango_layout_get_line_count(layout);
}

/* Lines `from` to `to` of the layout, the first one's upper edge at y: the grid decides how far apart they stand, not
 * the font. The middle of a Chinese character lies 0.38 of its size above the baseline. */
static void draw_lines(const struct canvas *c, PangoLayout *layout, int from, int to, double x, double y, double pitch,
                       double size)
{
    PangoLayoutIter *at = pango_layout_get_iter(layout);
    for (int i = 0; i < to; i++, pango_layout_iter_next_line(at)) {
        PangoRectangle box;
        if (i < from) continue;
        pango_layout_iter_get_line_extents(at, NULL, &box);
        cairo_move_to(c->cr, x + (double)box.x / PANGO_SCALE, y + (i - from + 0.5) * pitch + 0.38 * size);
        pango_cairo_show_layout_line(c->cr, pango_layout_iter_get_line_readonly(at));
    }
    pango_layout_iter_free(at);
}

static void red(const struct canvas *c)
{
    cairo_set_source_rgb(c->cr, 0.9, 0, 0);
}

static void black(const struct canvas *c)
{
    cairo_set_source_rgb(c->cr, 0, 0, 0);
}

static void draw_rule(const struct canvas *c, double y, double width)
{
    cairo_set_line_width(c->cr, width);
    cairo_move_to(c->cr, LEFT, y);
    cairo_line_to(c->cr, LEFT + WIDTH, y);
    cairo_stroke(c->cr);
}

/* ---- pages */

/* GB/T 9704-2012, 7.5: between dashes, 7 mm below the type area, one character from its outer edge. */
static void number_page(struct canvas *c)
{
    char text[32];
    snprintf(text, sizeof text, "— %d —", c->page);
    PangoLayout *layout = layout_new(c, text, SERIF, PANGO_WEIGHT_NORMAL, NUMBER_SIZE, WIDTH - 2 * CHARACTER);
    pango_layout_set_alignment(layout, c->page % 2 == 1 ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    draw_lines(c, layout, 0, 1, LEFT + CHARACTER, TOP + HEIGHT + 7 * MM, NUMBER_SIZE, NUMBER_SIZE);
    g_object_unref(layout);
}

/* In the margin above the type area, at its outer edge, where no text can stand. */
static void mark_page(const struct canvas *c)
{
    PangoLayout *layout = layout_new(c, c->mark, SANS, PANGO_WEIGHT_BOLD, MARK_SIZE, -1);
    int width;
    pango_layout_get_pixel_size(layout, &width, NULL);
    double frame = width + 2 * MARK_SIZE, height = 2 * MARK_SIZE, x = LEFT + WIDTH - frame, y = TOP - 20 * MM;
    red(c);
    cairo_set_line_width(c->cr, 1.5);
    cairo_rectangle(c->cr, x, y, frame, height);
    cairo_stroke(c->cr);
    draw_lines(c, layout, 0, 1, x + MARK_SIZE, y, height, MARK_SIZE);
    black(c);
    g_object_unref(layout);
}

static void begin_page(struct canvas *c)
{
    c->page++;
    c->y = TOP;
    number_page(c);
    if (c->mark != NULL) mark_page(c);
}

static void end_page(struct canvas *c)
{
    cairo_show_page(c->cr);
    begin_page(c);
}

/* Whether this much of the page is left; a hair is forgiven, for the lines are sums of fractions. */
static bool fits(const struct canvas *c, double height)
{
    return c->y + height <= TOP + HEIGHT + 0.01;
}

static void need(struct canvas *c, double height)
{
    if (!fits(c, height) && c->y > TOP) end_page(c);
}

/* ---- blocks */

static PangoLayout *paragraph_layout(const struct canvas *c, const struct block *b)
{
    PangoLayout *layout = layout_new(c, b->text, SERIF, PANGO_WEIGHT_NORMAL, CHARACTER, WIDTH);
    if (b->kind != LINE) pango_layout_set_indent(layout, (int)(2 * CHARACTER * PANGO_SCALE));
    return layout;
}

static double note_height(const struct canvas *c, const struct block *b)
{
    PangoLayout *layout = paragraph_layout(c, b);
    double height = (1 + line_count(layout)) * PITCH;
    g_object_unref(layout);
    return height;
}

/* Two names a row. A seal of 42 mm over each leaves a hand's breadth between the rows. */
static double seals_height(const struct block *b)
{
    int rows = (b->rows + 1) / 2;
    return (SEAL_LINES * rows + 1) * PITCH;
}

/* The height of the closing that follows, which is not to stand alone on a page; 0: none follows. */
static double closing_after(const struct canvas *c, const struct block *b)
{
    double height = 0, closing = 0;
    for (const struct block *at = b->next; at != NULL; at = at->next) {
        switch (at->kind) {
        case GAP: height += PITCH; break;
        case NOTE: height += note_height(c, at); break;
        case CLOSING: closing = height += PITCH; break;
        case SEALS: closing = height += seals_height(at); break;
        default: return closing;
        }
    }
    return closing;
}

static void draw_text(struct canvas *c, const struct block *b, PangoLayout *layout)
{
    int count = line_count(layout), last = count < 2 ? 0 : count - 2;
    double tail = closing_after(c, b);
    for (int i = 0; i < count; i++) {
        need(c, tail > 0 && i == last ? (count - i) * PITCH + tail : PITCH);
        draw_lines(c, layout, i, i + 1, LEFT, c->y, PITCH, CHARACTER);
        c->y += PITCH;
    }
    g_object_unref(layout);
}

static void draw_paragraph(struct canvas *c, const struct block *b)
{
    if (b->kind == NOTE) c->y += PITCH;
    draw_text(c, b, paragraph_layout(c, b));
}

static void draw_heading(struct canvas *c, const struct block *b)
{
    bool first = b->level <= 1;
    PangoLayout *layout =
        layout_new(c, b->text, first ? SANS : SERIF, first ? PANGO_WEIGHT_MEDIUM : PANGO_WEIGHT_BOLD, CHARACTER, WIDTH);
    pango_layout_set_indent(layout, (int)(2 * CHARACTER * PANGO_SCALE));
    need(c, (line_count(layout) + 1) * PITCH);
    draw_text(c, b, layout);
}

static void draw_title(struct canvas *c, const struct block *b)
{
    PangoLayout *layout = layout_new(c, b->text, SERIF, PANGO_WEIGHT_BOLD, TITLE_SIZE, WIDTH - 2 * CHARACTER);
    double pitch = 1.25 * PITCH;
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    need(c, line_count(layout) * pitch + PITCH);
    draw_lines(c, layout, 0, line_count(layout), LEFT + CHARACTER, c->y, pitch, TITLE_SIZE);
    c->y += line_count(layout) * pitch + PITCH;
    g_object_unref(layout);
}

static void draw_closing(struct canvas *c, const struct block *b)
{
    PangoLayout *layout = layout_new(c, b->text, SERIF, PANGO_WEIGHT_NORMAL, CHARACTER, WIDTH - 4 * CHARACTER);
    pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT);
    draw_text(c, b, layout);
}

static void draw_centred(const struct canvas *c, const char *text, double x, double width, double y)
{
    PangoLayout *layout = layout_new(c, text, SERIF, PANGO_WEIGHT_NORMAL, CHARACTER, width);
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    draw_lines(c, layout, 0, 1, x, y, PITCH, CHARACTER);
    g_object_unref(layout);
}

/* Characters of the longest name in a column and one beside it. */
static double column_share(const struct block *b, int column)
{
    long most = 1;
    for (int i = column; i < b->rows; i += 2) {
        long count = g_utf8_strlen(b->cells[i], -1);
        if (count > most) most = count;
    }
    return (double)most + 1;
}

/* A name stands on the last line of its row, under the middle of its seal; the day under the last name. */
static void draw_seals(struct canvas *c, const struct block *b)
{
    double left = WIDTH * column_share(b, 0) / (column_share(b, 0) + column_share(b, 1));
    need(c, seals_height(b));
    for (int i = 0; i < b->rows; i += 2) {
        c->y += (SEAL_LINES - 1) * PITCH;
        draw_centred(c, b->cells[i], LEFT, left, c->y);
        if (i + 1 < b->rows) draw_centred(c, b->cells[i + 1], LEFT + left, WIDTH - left, c->y);
        c->y += PITCH;
    }
    draw_centred(c, b->text, LEFT + left, WIDTH - left, c->y);
    c->y += PITCH;
}

/* ---- the red head */

static void draw_red(const struct canvas *c, const char *text, double size, double x, double y, double pitch)
{
    PangoLayout *layout = layout_new(c, text, SERIF, PANGO_WEIGHT_BOLD, size, -1);
    draw_lines(c, layout, 0, 1, x, y, pitch, size);
    g_object_unref(layout);
}

/* Characters spread evenly over the width, as the names of offices that issue together are. */
static void spread(const struct canvas *c, const char *text, double size, double x, double width, double y,
                   double pitch)
{
    long count = g_utf8_strlen(text, -1);
    double step = count < 2 ? 0 : (width - size) / (double)(count - 1);
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        char one[7] = "";
        g_unichar_to_utf8(g_utf8_get_char(at), one);
        draw_red(c, one, size, x, y, pitch);
        x += step;
    }
}

static long longest(const struct block *b)
{
    long most = 1;
    for (int i = 0; i < b->rows; i++) {
        long count = g_utf8_strlen(b->cells[i], -1);
        if (count > most) most = count;
    }
    return most;
}

/* The first line begins 35 mm below the edge of the type area when one office issues; each further one takes of it. */
static void draw_issuers(struct canvas *c, const struct block *b)
{
    const double words = 0.22 * WIDTH; /* for 文件 */
    double size = (WIDTH - words) / (double)longest(b), pitch;
    if (size > 36) size = 36;
    pitch = 1.5 * size;
    double width = size * (double)longest(b), left = LEFT + (WIDTH - width - words) / 2;
    double above = 35 * MM - (b->rows - 1) * pitch;
    c->y += above > 5 * MM ? above : 5 * MM;
    for (int i = 0; i < b->rows; i++) spread(c, b->cells[i], size, left, width, c->y + i * pitch, pitch);
    double large = size > 30 ? size : 30;
    spread(c, "文件", large, left + width + size * 0.6, 2.2 * large, c->y, b->rows * pitch);
    c->y += b->rows * pitch;
}

static void draw_red_head(struct canvas *c, const struct block *b)
{
    red(c);
    draw_issuers(c, b);
    black(c);
    c->y += PITCH;
    PangoLayout *layout = layout_new(c, b->text, SERIF, PANGO_WEIGHT_NORMAL, CHARACTER, WIDTH);
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    draw_lines(c, layout, 0, 1, LEFT, c->y, PITCH, CHARACTER);
    g_object_unref(layout);
    c->y += PITCH + 2 * MM;
    red(c);
    draw_rule(c, c->y, 1.5);
    black(c);
    c->y += 2 * PITCH;
}

/* ---- tables */

struct row {
    PangoLayout *cells[COLUMNS_MAX];
    int lines; /* of the highest cell */
};

static double column_width(const struct block *b, int column)
{
    return WIDTH * b->widths[column] / 100;
}

static struct row row_new(const struct canvas *c, const struct block *b, int at)
{
    struct row row = {.lines = 1};
    for (int i = 0; i < b->columns; i++) {
        row.cells[i] = layout_new(c, b->cells[at * b->columns + i], at == 0 ? SANS : SERIF, PANGO_WEIGHT_NORMAL,
                                  CELL_SIZE, column_width(b, i) - 2 * CELL_MARGIN);
        if (at == 0) pango_layout_set_alignment(row.cells[i], PANGO_ALIGN_CENTER);
        if (line_count(row.cells[i]) > row.lines) row.lines = line_count(row.cells[i]);
    }
    return row;
}

static void row_free(const struct block *b, struct row *row)
{
    for (int i = 0; i < b->columns; i++) g_object_unref(row->cells[i]);
}

static double row_height(int lines)
{
    return lines * CELL_PITCH + 2 * CELL_MARGIN;
}

/* These lines of each cell, with rules around them. */
static void draw_slice(struct canvas *c, const struct block *b, const struct row *row, int from, int to)
{
    double x = LEFT, height = row_height(to - from);
    cairo_set_line_width(c->cr, 0.6);
    for (int i = 0; i < b->columns; i++) {
        int end = line_count(row->cells[i]);
        cairo_rectangle(c->cr, x, c->y, column_width(b, i), height);
        cairo_stroke(c->cr);
        draw_lines(c, row->cells[i], from, end < to ? end : to, x + CELL_MARGIN, c->y + CELL_MARGIN, CELL_PITCH,
                   CELL_SIZE);
        x += column_width(b, i);
    }
    c->y += height;
}

static int lines_left(const struct canvas *c)
{
    return (int)((TOP + HEIGHT + 0.01 - c->y - 2 * CELL_MARGIN) / CELL_PITCH);
}

/* A row that does not fit stands on the next page; one that is higher than a page goes on there. */
static void draw_row(struct canvas *c, const struct block *b, const struct row *row, const struct row *head)
{
    int from = 0;
    while (from < row->lines) {
        int most = row->lines - from, room = lines_left(c);
        bool whole_page = row_height(most) > HEIGHT - row_height(head->lines);
        if (room < 1 || (room < most && !whole_page)) {
            end_page(c);
            draw_slice(c, b, head, 0, head->lines);
            room = lines_left(c);
        }
        int to = room < most ? from + (room < 1 ? 1 : room) : row->lines;
        draw_slice(c, b, row, from, to);
        from = to;
    }
}

static void draw_table(struct canvas *c, const struct block *b)
{
    if (b->rows == 0) return;
    struct row head = row_new(c, b, 0);
    need(c, row_height(head.lines) + row_height(1));
    draw_slice(c, b, &head, 0, head.lines);
    for (int i = 1; i < b->rows; i++) {
        struct row row = row_new(c, b, i);
        draw_row(c, b, &row, &head);
        row_free(b, &row);
    }
    row_free(b, &head);
    c->y += PITCH / 2;
}

/* ---- the imprint */

static PangoLayout *imprint_layout(const struct canvas *c, const char *text, PangoAlignment side)
{
    PangoLayout *layout = layout_new(c, text, SERIF, PANGO_WEIGHT_NORMAL, NUMBER_SIZE, WIDTH - 2 * CHARACTER);
    pango_layout_set_alignment(layout, side);
    return layout;
}

/* At the foot of the page, in the size of page numbers between thick rules, one character in from either side. */
static void draw_imprint(struct canvas *c, const struct block *b)
{
    PangoLayout *parts[] = {imprint_layout(c, b->text, PANGO_ALIGN_LEFT),
                            imprint_layout(c, b->cells[0], PANGO_ALIGN_LEFT),
                            imprint_layout(c, b->cells[1], PANGO_ALIGN_RIGHT)};
    const int copies = line_count(parts[0]);
    const double pitch = 1.7 * NUMBER_SIZE, height = (copies + 1) * pitch, x = LEFT + CHARACTER;
    need(c, height);
    c->y = TOP + HEIGHT - height;
    draw_rule(c, c->y, 1);
    draw_lines(c, parts[0], 0, copies, x, c->y, pitch, NUMBER_SIZE);
    draw_rule(c, c->y + copies * pitch, 0.7);
    for (int i = 1; i < 3; i++) draw_lines(c, parts[i], 0, 1, x, c->y + copies * pitch, pitch, NUMBER_SIZE);
    draw_rule(c, TOP + HEIGHT, 1);
    c->y = TOP + HEIGHT;
    for (int i = 0; i < 3; i++) g_object_unref(parts[i]);
}

/* ---- the whole */

static void draw(struct canvas *c, const struct block *b)
{
    switch (b->kind) {
    case RED_HEAD: draw_red_head(c, b); break;
    case TITLE: draw_title(c, b); break;
    case HEADING: draw_heading(c, b); break;
    case PARAGRAPH:
    case LINE:
    case NOTE: draw_paragraph(c, b); break;
    case CLOSING: draw_closing(c, b); break;
    case SEALS: draw_seals(c, b); break;
    case GAP: c->y += PITCH; break;
    case PAGE:
        if (c->y > TOP) end_page(c);
        break;
    case TABLE: draw_table(c, b); break;
    case IMPRINT: draw_imprint(c, b); break;
    }
}

static cairo_status_t take_bytes(void *out, const unsigned char *bytes, unsigned size)
{
    buffer_add(out, bytes, size);
    return CAIRO_STATUS_SUCCESS;
}

/* What the libraries say goes into our log as the name of the library alone, for their text may hold that of a paper.
 */
static GLogWriterOutput take_message(GLogLevelFlags level, const GLogField *fields, gsize count, gpointer none)
{
    const char *library = NULL;
    (void)none;
    for (gsize i = 0; i < count; i++)
        if (strcmp(fields[i].key, "GLIB_DOMAIN") == 0) library = fields[i].value;
    if ((level & (G_LOG_LEVEL_MASK & ~(G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG))) != 0)
        log_line(LOG_WARN, "pdf_library_complains", "library", library, NULL);
    return G_LOG_WRITER_HANDLED;
}

/* Whether this face is there itself: otherwise another one would take its place, perhaps without Chinese characters. */
static bool has_font(PangoContext *context, const char *family)
{
    PangoFontDescription *wanted = pango_font_description_new(), *found;
    pango_font_description_set_family(wanted, family);
    PangoFont *font = pango_context_load_font(context, wanted);
    pango_font_description_free(wanted);
    if (font == NULL) return false;
    found = pango_font_describe(font);
    bool same = strcmp(pango_font_description_get_family(found), family) == 0;
    pango_font_description_free(found);
    g_object_unref(font);
    return same;
}

/* Lengths as the font has them, not rounded to any screen; Chinese forms of the characters that countries share. */
static PangoContext *context_new(void)
{
    static bool listening;
    if (!listening) g_log_set_writer_func(take_message, NULL, NULL);
    listening = true;
    if (fonts == NULL) {
        fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
        pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(fonts), 72);
    }
    PangoContext *context = pango_font_map_create_context(fonts);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_language(context, pango_language_from_string("zh-cn"));
    pango_context_set_round_glyph_positions(context, FALSE);
    return context;
}

static cairo_surface_t *surface_new(const struct pdf *p, struct buffer *out)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take_bytes, out, PAGE_WIDTH, PAGE_HEIGHT);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, p->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, p->author);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, p->date);
    return surface;
}

static cairo_status_t draw_all(const struct pdf *p, PangoContext *context, struct buffer *out)
{
    cairo_surface_t *surface = surface_new(p, out);
    struct canvas c = {.cr = cairo_create(surface), .context = context, .mark = p->mark};
    begin_page(&c);
    for (const struct block *b = p->first; b != NULL; b = b->next) draw(&c, b);
    cairo_show_page(c.cr);
    cairo_status_t drawn = cairo_status(c.cr);
    cairo_destroy(c.cr);
    cairo_surface_finish(surface);
    cairo_status_t finished = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    return drawn == CAIRO_STATUS_SUCCESS ? finished : drawn;
}

bool pdf_has_fonts(void)
{
    PangoContext *context = context_new();
    bool found = has_font(context, SERIF) && has_font(context, SANS);
    g_object_unref(context);
    if (!found) fputs("The fonts of agreements and notices are missing. Install fonts-noto-cjk.\n", stderr);
    return found;
}

fail_t pdf_draw(const struct pdf *p, struct buffer *out)
{
    PangoContext *context = context_new();
    cairo_status_t status = CAIRO_STATUS_FONT_TYPE_MISMATCH;
    bool found = has_font(context, SERIF) && has_font(context, SANS);
    if (found) status = draw_all(p, context, out);
    g_object_unref(context);
    malloc_trim(0); // the font's outlines are read whole to find those used, tens of MB for a moment
    if (!found) log_line(LOG_ERROR, "font_missing", "family", SERIF, "package", "fonts-noto-cjk", NULL);
    if (found && status != CAIRO_STATUS_SUCCESS)
        log_line(LOG_ERROR, "pdf_failed", "reason", cairo_status_to_string(status), NULL);
    if (status == CAIRO_STATUS_SUCCESS) return OK;
    buffer_free(out);
    return INTERNAL_ERROR;
}

static void hash_text(crypto_generichash_state *state, const char *text)
{
    crypto_generichash_update(state, (const unsigned char *)text, strlen(text) + 1);
}

static void hash_block(crypto_generichash_state *state, const struct block *b)
{
    const int shape[] = {(int)b->kind, b->level, b->columns, b->rows};
    int cells = b->columns * b->rows;
    crypto_generichash_update(state, (const unsigned char *)shape, sizeof shape);
    crypto_generichash_update(state, (const unsigned char *)b->widths, sizeof b->widths);
    hash_text(state, b->text);
    for (int i = 0; i < cells; i++) hash_text(state, b->cells[i]);
}

void pdf_hash(const struct pdf *p, unsigned char out[PDF_HASH_SIZE])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, PDF_HASH_SIZE);
    hash_text(&state, p->title);
    hash_text(&state, p->author);
    hash_text(&state, p->date);
    hash_text(&state, p->mark == NULL ? "" : p->mark);
    for (const struct block *b = p->first; b != NULL; b = b->next) hash_block(&state, b);
    crypto_generichash_final(&state, out, PDF_HASH_SIZE);
}

void pdf_free(struct pdf *p)
{
    arena_free(p->arena);
}
