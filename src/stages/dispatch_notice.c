/* The joint notice of four offices as a paper (article 9.5): in the form of an official document, with room for the
 * seals. Whoever reads an excerpt gets his own lines. */
#include "pdf.h"
#include "req.h"
#include "row.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS 6
#define LEAD    "长治市科学技术局"

/* The lead office first, whose number the document bears. */
static const char *const offices[] = {LEAD, "中共长治市委人才工作领导组办公室", "长治市工业和信息化局", "长治市财政局"};
#define OFFICES (int)(sizeof offices / sizeof *offices)

static void write_body(struct pdf *p, struct req *r, const PGresult *row)
{
    pdf_line(p, arena_print(r->arena, "%s科技、人才主管部门：", row_text(row, 0, "addressees")));
    pdf_paragraph(p, arena_print(r->arena,
                                 "按照《长治市企业科技特派员工作管理办法》（%s）规定，经组织申报、需求对接、会商确定，"
                                 "附件所列人员与派出单位、派驻企业签订协议并已备案，现予派驻，开展技术服务。",
                                 row_text(row, 0, "regulation_no")));
    pdf_paragraph(p, "请派驻企业提供必需的办公、科研和生活条件，派出单位支持其工作，各县区、高新区和经开区"
                     "科技、人才主管部门做好日常管理和服务，双方按协议商定工作计划，认真组织实施。");
    pdf_note(p, "附件：企业科技特派员派驻名单");
}

#define NO_DAY "　　年　月　日"

static void write_closing(struct pdf *p, const char *issued_on)
{
    pdf_seals(p, offices, OFFICES, issued_on == NULL ? NO_DAY : issued_on);
}

/* Institutions and firms act on it through the departments it is addressed to. */
static void write_imprint(struct pdf *p, struct req *r, const char *issued_on)
{
    const char *day = arena_print(r->arena, "%s印发", issued_on == NULL ? NO_DAY : issued_on);
    pdf_imprint(p, "抄送：有关派出单位，派驻企业。", LEAD, day);
}

/* What stands on paper and holds no more, or not yet. */
static const char *mark_of(const char *status)
{
    static const char *const marks[][2] = {{"signing_off", "会签稿"},
                                           {"approved", "会签稿"},
                                           {"refused", "作废　会签未通过"},
                                           {"cancelled", "作废　已撤回"}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strcmp(marks[i][0], status) == 0) return marks[i][1];
    return NULL;
}

static void write_list(struct pdf *p, struct req *r, const PGresult *row)
{
    static const char *const head[COLUMNS] = {"序号", "姓名", "派出单位", "派驻企业", "县区", "派驻期限"};
    static const int widths[COLUMNS] = {9, 11, 22, 27, 11, 20};
    int count = (int)strtol(row_text(row, 0, "count"), NULL, 10);
    const char **cells = arena_take(r->arena, sizeof *cells * COLUMNS * (size_t)(count + 1));
    char *rest = arena_print(r->arena, "%s", count == 0 ? "" : row_text(row, 0, "cells"));
    memcpy(cells, head, sizeof head);
    for (int i = 0; i < count * COLUMNS; i++) cells[COLUMNS + i] = strsep(&rest, "\x1F");
    pdf_page(p);
    pdf_line(p, "附件");
    pdf_title(p, row_text(row, 0, "excerpt") == NULL ? "企业科技特派员派驻名单" : "企业科技特派员派驻名单（摘录）");
    pdf_table(p, COLUMNS, widths, cells, count + 1);
}

static fail_t write_notice(struct req *r, const PGresult *row)
{
    struct buffer paper;
    const char *doc_no = row_text(row, 0, "doc_no"), *title = row_text(row, 0, "title");
    const char *issued_on = row_text(row, 0, "issued_on"), *mark = mark_of(row_text(row, 0, "status"));
    struct pdf *p = pdf_begin(title, LEAD, row_text(row, 0, "made_on"));
    if (mark != NULL) pdf_mark(p, mark);
    pdf_red_head(p, offices, OFFICES, doc_no == NULL ? "（未编号）" : doc_no);
    pdf_title(p, title);
    write_body(p, r, row);
    write_closing(p, issued_on);
    write_list(p, r, row);
    write_imprint(p, r, issued_on);
    TRY(pdf_end(p, &paper));
    reply_file_name(r, arena_print(r->arena, "%s.pdf", doc_no == NULL ? "派驻通知" : doc_no));
    reply_document(r, &paper, "application/pdf");
    return OK;
}

fail_t dispatch_notice_download(struct req *r)
{
    PGresult *row;
    TRY(req_read(r, &row));
    fail_t outcome = write_notice(r, row);
    PQclear(row);
    return outcome;
}
