/* Papers as PDF, read back with pdftotext: what stands on which page, and that the same calls give the same bytes. */
#include "arena.h"
#include "check.h"
#include "log.h"
#include "paper.h"
#include "pdf.h"

#include <pthread.h>
#include <stdbool.h>
#include <sys/wait.h>

static struct arena *arena;

static const char *page(const char *text, int number)
{
    while (text != NULL && --number > 0) {
        text = strchr(text, '\f');
        if (text != NULL) text++;
    }
    if (text == NULL) return "";
    return arena_copy(arena, text, strcspn(text, "\f"));
}

static bool holds(const char *text, const char *words)
{
    return strstr(text, words) != NULL;
}

static struct pdf *begin(void)
{
    return pdf_begin("协议", "长治市科学技术局", "2026-10-20");
}

static struct buffer end(struct pdf *p)
{
    struct buffer out;
    CHECK(pdf_end(p, &out) == OK && out.size > 5 && memcmp(out.bytes, "%PDF-", 5) == 0);
    return out;
}

#define NO_FONTS "<fontconfig></fontconfig>"

/* Of a process that finds no fonts; another font never takes their place. To be run before any paper is made here. */
static void missing_fonts_are_told(void)
{
    int status = -1;
    char path[] = "/tmp/tepai-fonts-XXXXXX";
    int file = mkstemp(path);
    CHECK(file >= 0 && write(file, NO_FONTS, sizeof NO_FONTS - 1) == sizeof NO_FONTS - 1);
    close(file);
    pid_t child = fork();
    if (child == 0) {
        struct buffer out;
        setenv("FONTCONFIG_FILE", path, 1);
        bool silent = freopen("/dev/null", "w", stderr) != NULL;
        _exit(silent && !pdf_has_fonts() && pdf_end(begin(), &out) == INTERNAL_ERROR ? 0 : 1);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
    unlink(path);
}

static struct buffer notice(void)
{
    static const char *const issuers[] = {"长治市科学技术局", "长治市财政局"};
    static const int widths[] = {40, 60};
    static const char *const cells[] = {"姓名", "企业", "林若川", NULL};
    struct pdf *p = begin();
    pdf_red_head(p, issuers, 2, "长科发〔2026〕17号");
    pdf_title(p, "关于派驻企业科技特派员的通知");
    pdf_line(p, "各县区：");
    pdf_heading(p, 1, "一、人员");
    pdf_paragraph(p, "派驻一年。\n做好保障。");
    pdf_table(p, 2, widths, cells, 2);
    pdf_closing(p, "2026年10月20日");
    return end(p);
}

/* An annex begins on a page of its own; asked for at the head of one it changes nothing. */
static void an_annex_begins_a_page(void)
{
    struct pdf *p = begin();
    pdf_page(p);
    pdf_paragraph(p, "正文。");
    pdf_page(p);
    pdf_page(p);
    pdf_line(p, "附件");
    struct buffer paper = end(p);
    const char *text = paper_text(paper.bytes, paper.size, "-layout");
    CHECK(holds(page(text, 1), "正文。") && !holds(page(text, 1), "附件"));
    CHECK(holds(page(text, 2), "附件") && holds(page(text, 2), "—2—"));
    buffer_free(&paper);
}

static void a_notice_can_be_read(void)
{
    struct buffer first = notice(), again = notice();
    CHECK(first.size == again.size && memcmp(first.bytes, again.bytes, first.size) == 0);
    const char *text = paper_text(first.bytes, first.size, "-layout");
    CHECK(holds(text, "长科发〔2026〕17号") && holds(text, "关于派驻企业科技特派员的通知"));
    CHECK(holds(text, "一、人员") && holds(text, "派驻一年。") && holds(text, "做好保障。"));
    CHECK(holds(text, "姓名") && holds(text, "林若川") && holds(text, "2026年10月20日") && holds(text, "—1—"));
    buffer_free(&first);
    buffer_free(&again);
}

/* Names have characters beyond the common ones, up to those outside the basic plane. */
static void rare_characters_have_shapes(void)
{
    struct pdf *p = begin();
    pdf_paragraph(p, "喆 翀 㛃 𬭎 𬘓");
    struct buffer out = end(p);
    CHECK(holds(paper_text(out.bytes, out.size, "-raw"), "喆 翀 㛃 𬭎 𬘓"));
    buffer_free(&out);
}

/* 22 lines a page, 28 characters a line. */
static void pages_have_the_measure(void)
{
    char line[28 * 3 + 2] = "";
    for (int i = 0; i < 28; i++) strcat(line, "甲");
    struct pdf *p = begin();
    for (int i = 0; i < 22; i++) pdf_line(p, line);
    struct buffer full = end(p);
    const char *text = paper_text(full.bytes, full.size, "-raw");
    CHECK(holds(page(text, 1), line) && *page(text, 2) == '\0');
    buffer_free(&full);

    p = begin();
    for (int i = 0; i < 22; i++) pdf_line(p, line);
    pdf_line(p, "乙");
    full = end(p);
    text = paper_text(full.bytes, full.size, "-raw");
    CHECK(!holds(page(text, 1), "乙") && holds(page(text, 2), "乙") && holds(page(text, 2), "— 2 —"));
    buffer_free(&full);
}

static void a_closing_takes_lines_along(void)
{
    struct pdf *p = begin();
    for (int i = 0; i < 20; i++) pdf_line(p, "甲");
    pdf_paragraph(p, "特此通知。");
    pdf_gap(p);
    pdf_closing(p, "2026年10月20日");
    struct buffer out = end(p);
    const char *text = paper_text(out.bytes, out.size, "-raw");
    CHECK(!holds(page(text, 1), "特此通知。"));
    CHECK(holds(page(text, 2), "特此通知。") && holds(page(text, 2), "2026年10月20日"));
    buffer_free(&out);
}

/* Who signs is never alone on a page: the note and the last two lines of the text come along. */
static void seals_take_the_text_along(void)
{
    static const char *const issuers[] = {"长治市科学技术局", "中共长治市委人才工作领导组办公室", "长治市财政局"};
    char text[100 * 3 + 1] = "";
    for (int i = 0; i < 80; i++) strcat(text, "甲");
    struct pdf *p = begin();
    for (int i = 0; i < 9; i++) pdf_line(p, "乙");
    pdf_paragraph(p, strcat(text, "末"));
    pdf_note(p, "附件：名单");
    pdf_seals(p, issuers, 3, "2026年10月20日");
    struct buffer out = end(p);
    const char *words = paper_text(out.bytes, out.size, "-raw");
    CHECK(holds(page(words, 1), "甲") && !holds(page(words, 1), "末"));
    CHECK(holds(page(words, 2), "末") && holds(page(words, 2), "附件：名单"));
    for (int i = 0; i < 3; i++) CHECK(holds(page(words, 2), issuers[i]));
    CHECK(holds(page(words, 2), "2026年10月20日") && *page(words, 3) == '\0');
    buffer_free(&out);
}

/* It stands at the foot; on a page that is full there is no foot left. */
static void an_imprint_ends_the_paper(void)
{
    for (int lines = 20; lines <= 21; lines++) {
        struct pdf *p = begin();
        for (int i = 0; i < lines; i++) pdf_line(p, "甲");
        pdf_imprint(p, "抄送：有关单位。", "长治市科学技术局", "2026年10月20日印发");
        struct buffer out = end(p);
        const char *last = page(paper_text(out.bytes, out.size, "-layout"), lines - 19);
        CHECK(holds(last, "抄送：有关单位。") && holds(last, "长治市科学技术局") && holds(last, "2026年10月20日印发"));
        buffer_free(&out);
    }
}

static void a_mark_stands_on_every_page(void)
{
    struct pdf *p = begin(), *plain = begin();
    pdf_mark(p, "作废");
    for (int i = 0; i < 30; i++) pdf_line(p, "甲");
    pdf_line(plain, "甲");
    struct buffer out = end(p), other = end(plain);
    const char *text = paper_text(out.bytes, out.size, "-raw");
    CHECK(holds(page(text, 1), "作废") && holds(page(text, 2), "作废"));
    CHECK(!holds(paper_text(other.bytes, other.size, "-raw"), "作废"));
    p = begin();
    pdf_mark(p, "已取消");
    pdf_line(p, "甲");
    buffer_free(&other);
    other = end(p);
    CHECK(holds(paper_text(other.bytes, other.size, "-raw"), "已取消"));
    buffer_free(&out);
    buffer_free(&other);
}

static void a_heading_stays_with_its_text(void)
{
    struct pdf *p = begin();
    for (int i = 0; i < 21; i++) pdf_line(p, "甲");
    pdf_heading(p, 1, "一、期限");
    pdf_paragraph(p, "一年。");
    struct buffer out = end(p);
    const char *text = paper_text(out.bytes, out.size, "-raw");
    CHECK(!holds(page(text, 1), "一、期限") && holds(page(text, 2), "一、期限"));
    buffer_free(&out);
}

static void a_long_table_goes_on_with_its_head(void)
{
    static const int widths[] = {20, 80};
    const char *cells[2 * 61] = {"序号", "内容"};
    for (int i = 1; i <= 60; i++) {
        cells[2 * i] = arena_print(arena, "行%d", i);
        cells[2 * i + 1] = "企业科技特派员";
    }
    struct pdf *p = begin();
    pdf_table(p, 2, widths, cells, 61);
    struct buffer out = end(p);
    const char *text = paper_text(out.bytes, out.size, "-layout");
    CHECK(holds(page(text, 1), "序号") && holds(page(text, 2), "序号") && holds(page(text, 1), "行1"));
    CHECK(!holds(page(text, 1), "行60") && holds(text, "行60"));
    buffer_free(&out);
}

/* A cell longer than a page is not cut off. */
static void a_high_row_is_split(void)
{
    static const int widths[] = {20, 80};
    struct buffer many = {0};
    for (int i = 0; i < 4000; i++) buffer_add_text(&many, "特");
    buffer_add_text(&many, "末");
    const char *cells[] = {"项", "内容", "一", arena_copy(arena, many.bytes, many.size)};
    struct pdf *p = begin();
    pdf_table(p, 2, widths, cells, 2);
    struct buffer out = end(p);
    const char *text = paper_text(out.bytes, out.size, "-layout");
    int found = 0;
    for (const char *at = text; (at = strstr(at, "特")) != NULL; at++) found++;
    CHECK(found == 4000 && holds(text, "末"));
    buffer_free(&many);
    buffer_free(&out);
}

/* What is broken over two lines is written without signs of ours. */
static void hashes_get_no_hyphen(void)
{
    struct pdf *p = begin();
    pdf_paragraph(p, "摘要：e3cb03dedb5c4a3fb51602e2a28fefff29786616b8a22565aee1359369c6a950");
    struct buffer out = end(p);
    CHECK(strchr(paper_text(out.bytes, out.size, "-raw"), '-') == NULL);
    buffer_free(&out);
}

/* U+202E would show 方甲 where 甲方 is signed. */
static void direction_is_never_turned(void)
{
    struct pdf *p = begin();
    pdf_paragraph(p, "付款方：\u202E甲方\u202C");
    struct buffer out = end(p);
    CHECK(holds(paper_text(out.bytes, out.size, "-raw"), "\uFFFD甲方\uFFFD"));
    buffer_free(&out);
}

#define READERS 12

static void *read_one(void *number)
{
    static __thread struct buffer out;
    struct pdf *p = begin();
    char text[40];
    snprintf(text, sizeof text, "第%d号", *(int *)number % 3);
    pdf_paragraph(p, text);
    fail_t outcome = pdf_end(p, &out);
    bool right = outcome == OK && memcmp(out.bytes, "%PDF-", 5) == 0;
    buffer_free(&out);
    return right || outcome == UNAVAILABLE ? number : NULL;
}

/* Many at once are answered or told to come again, and who comes again finds it. */
static void readers_are_answered_or_told_to_come_again(void)
{
    pthread_t threads[READERS];
    int numbers[READERS];
    for (int i = 0; i < READERS; i++) {
        numbers[i] = i;
        pthread_create(&threads[i], NULL, read_one, &numbers[i]);
    }
    for (int i = 0; i < READERS; i++) {
        void *answered;
        pthread_join(threads[i], &answered);
        CHECK(answered != NULL);
    }
    struct pdf *p = begin();
    pdf_paragraph(p, "第1号");
    struct buffer out = end(p);
    CHECK(strstr(paper_text(out.bytes, out.size, "-raw"), "第1号") != NULL);
    buffer_free(&out);
}

int main(void)
{
    arena = arena_new();
    log_open(LOG_INFO);
    RUN(missing_fonts_are_told);
    RUN(a_notice_can_be_read);
    RUN(an_annex_begins_a_page);
    RUN(rare_characters_have_shapes);
    RUN(pages_have_the_measure);
    RUN(a_closing_takes_lines_along);
    RUN(seals_take_the_text_along);
    RUN(an_imprint_ends_the_paper);
    RUN(a_mark_stands_on_every_page);
    RUN(a_heading_stays_with_its_text);
    RUN(a_long_table_goes_on_with_its_head);
    RUN(a_high_row_is_split);
    RUN(hashes_get_no_hyphen);
    RUN(direction_is_never_turned);
    RUN(readers_are_answered_or_told_to_come_again);
    arena_free(arena);
    pdf_close();
    return REPORT();
}
