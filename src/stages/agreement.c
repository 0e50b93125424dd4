/* Agreements of article 9.5: the proof of a signature, and the paper that shows the frozen text. The paper is made anew
 * each time and adds nothing to the text: what is signed is the hash of the text alone. */
#include "clock.h"
#include "pdf.h"
#include "proof.h"
#include "req.h"
#include "row.h"

#include <string.h>

static const char *party(const struct req *r)
{
    if (r->actor.role == DB_SPECIALIST) return "specialist";
    return r->actor.role == DB_ENTERPRISE ? "enterprise" : "institution";
}

/* What was signed, for whom and by whom, in real time as all that is about keys. The text that the hash stands for
 * names its number and version. */
static const char *payload(struct req *r)
{
    json_t *said = json_pack("{s:s, s:s, s:s, s:s, s:I}", "agreement_id", r->path_values[0], "content_sha256",
                             body_text(r, "content_sha256"), "party", party(r), "signatory", body_text(r, "signatory"),
                             "iat", (json_int_t)clock_unix());
    const char *text = req_json(r, said);
    json_decref(said);
    return text;
}

fail_t agreement_sign(struct req *r)
{
    r->prepared = proof_sign(r->arena, AGREEMENT_PROOF, payload(r));
    return r->prepared == NULL ? INTERNAL_ERROR : req_write(r);
}

/* ---- the text */

#define MARGIN  "　　"
#define PARTIES 3

/* How the text calls the parties; its first lines that begin so name them, for those before the terms are the house's.
 */
static const char *const titles[PARTIES] = {"甲方（派驻企业）", "乙方（企业科技特派员）", "丙方（派出单位）"};

struct paper {
    struct req *r;
    struct pdf *p;
    const char *names[PARTIES];
};

static void find_name(struct paper *w, const char *line)
{
    for (int i = 0; i < PARTIES; i++) {
        size_t size = strlen(titles[i]);
        if (w->names[i] != NULL || strncmp(line, titles[i], size) != 0) continue;
        w->names[i] = arena_print(w->r->arena, "%s", line + size + strlen("："));
    }
}

/* The first line is the title. Headings begin at the margin, which no line of a term can; in the first wording both
 * did, so nothing of it is drawn as a heading. */
static void add_text(struct paper *w, char *text, bool tells_headings)
{
    char *rest = NULL;
    pdf_title(w->p, strtok_r(text, "\n", &rest));
    for (const char *line = strtok_r(NULL, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        bool inside = strncmp(line, MARGIN, strlen(MARGIN)) == 0;
        const char *words = inside ? line + strlen(MARGIN) : line;
        find_name(w, words);
        if (inside || !tells_headings)
            pdf_paragraph(w->p, words);
        else
            pdf_heading(w->p, 1, words);
    }
}

/* ---- below the text */

/* What a party has signed, or room for it. */
static const char *signed_by(struct paper *w, int party, const char *signature)
{
    static const char blank[] = "（签字盖章）\n\n签署人：\n职务：\n日期：　　年　月　日";
    const char *name = w->names[party] == NULL ? "" : w->names[party];
    return arena_print(w->r->arena, "%s\n%s", name, signature == NULL ? blank : signature);
}

static void add_signatures(struct paper *w, const PGresult *row)
{
    static const char *const columns[PARTIES] = {"enterprise_signed", "specialist_signed", "institution_signed"};
    static const int widths[PARTIES] = {34, 33, 33};
    const char *cells[2 * PARTIES];
    for (int i = 0; i < PARTIES; i++) {
        cells[i] = titles[i];
        cells[PARTIES + i] = signed_by(w, i, row_text(row, 0, columns[i]));
    }
    pdf_gap(w->p);
    pdf_heading(w->p, 1, "三方签署");
    pdf_table(w->p, PARTIES, widths, cells, 2);
}

static void add_filing(struct paper *w, const PGresult *row)
{
    if (row_text(row, 0, "filing_no") == NULL) return;
    pdf_paragraph(w->p, arena_print(w->r->arena, "备案号：%s　备案日期：%s（中共长治市委人才工作领导组办公室）",
                                    row_text(row, 0, "filing_no"), row_text(row, 0, "filed_on")));
}

/* What a reader of the paper alone could not know: that it does not hold, or not yet, or no more. */
static const char *mark_of(const char *status)
{
    static const char *const marks[][2] = {{"signing", "签署中　尚未生效"}, {"signed", "待备案　尚未生效"},
                                           {"refused", "作废　已拒绝签署"}, {"cancelled", "作废　已取消"},
                                           {"expired", "作废　逾期未签"},   {"ended", "已期满"},
                                           {"dissolved", "已解除"},         {"superseded", "已由变更协议替代"}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strcmp(marks[i][0], status) == 0) return marks[i][1];
    return NULL;
}

static fail_t make_paper(struct req *r, const PGresult *row, struct buffer *out)
{
    const char *no = row_text(row, 0, "agreement_no"), *mark = mark_of(row_text(row, 0, "status"));
    struct paper w = {.r = r,
                      .p = pdf_begin(arena_print(r->arena, "企业科技特派员三方服务协议 %s", no), "长治市科学技术局",
                                     row_text(row, 0, "issued_on"))};
    if (mark != NULL) pdf_mark(w.p, mark);
    add_text(&w, arena_print(r->arena, "%s", row_text(row, 0, "text")),
             strcmp(row_text(row, 0, "template_version"), "2026-1") != 0);
    add_signatures(&w, row);
    add_filing(&w, row);
    pdf_paragraph(w.p, arena_print(r->arena, "文本摘要（SHA-256）：%s", row_text(row, 0, "content_sha256")));
    return pdf_end(w.p, out);
}

/* A draft has no text yet. */
static fail_t no_text(struct req *r, const char *status)
{
    r->problem_members = arena_print(r->arena, ",\"current_status\":\"%s\",\"allowed_steps\":[]", status);
    return WRONG_STATE;
}

static fail_t send(struct req *r, const PGresult *row)
{
    struct buffer paper;
    if (row_text(row, 0, "text") == NULL) return no_text(r, row_text(row, 0, "status"));
    TRY(make_paper(r, row, &paper));
    reply_file_name(r, arena_print(r->arena, "三方协议%s第%s版.pdf", row_text(row, 0, "agreement_no"),
                                   row_text(row, 0, "version_no")));
    reply_document(r, &paper, "application/pdf");
    return OK;
}

fail_t agreement_download(struct req *r)
{
    PGresult *row;
    TRY(req_read(r, &row));
    fail_t outcome = send(r, row);
    PQclear(row);
    return outcome;
}
