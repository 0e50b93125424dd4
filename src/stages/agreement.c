/* Agreements of article 9.5: the proof of a signature, and the paper that shows the frozen text. The paper is made anew
 * each time and adds nothing to the text: what is signed is the hash of the text alone. */
#include "clock.h"
#include "pdf.h"
#include "proof.h"
#include "req.h"
#include "row.h"

#include <stdlib.h>
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
    char *text = json_dumps(said, JSON_COMPACT);
    const char *kept = text == NULL ? NULL : arena_print(r->arena, "%s", text);
    free(text);
    json_decref(said);
    return kept;
}

fail_t agreement_sign(struct req *r)
{
    const char *said = payload(r);
    r->prepared = said == NULL ? NULL : proof_sign(r->arena, AGREEMENT_PROOF, said);
    return r->prepared == NULL ? INTERNAL_ERROR : req_write(r);
}

static const char *copied(struct req *r, const PGresult *row, const char *column)
{
    const char *text = row_text(row, 0, column);
    return text == NULL ? "" : arena_print(r->arena, "%s", text);
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

static const char *method_name(const char *word)
{
    static const char *const words[][2] = {{"account", "账号签署"}, {"link", "一次性链接签署"}, {"scan", "盖章件录入"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], word) == 0) return words[i][1];
    return word;
}

static const char *member(const json_t *signature, const char *name)
{
    const char *text = json_string_value(json_object_get(signature, name));
    return text == NULL ? "" : text;
}

/* What a party has signed, or room for it. */
static const char *signed_by(struct paper *w, int party, const json_t *signature)
{
    const char *name = w->names[party] == NULL ? "" : w->names[party];
    if (signature == NULL)
        return arena_print(w->r->arena, "%s\n（签字盖章）\n\n签署人：\n职务：\n日期：　　年　月　日", name);
    return arena_print(w->r->arena, "%s\n（%s）\n\n签署人：%s\n职务：%s\n日期：%s", name,
                       method_name(member(signature, "method")), member(signature, "signatory"),
                       member(signature, "post"), member(signature, "on"));
}

static void add_signatures(struct paper *w, const json_t *signatures)
{
    static const char *const words[PARTIES] = {"enterprise", "specialist", "institution"};
    static const int widths[PARTIES] = {34, 33, 33};
    const char *cells[2 * PARTIES];
    for (int i = 0; i < PARTIES; i++) {
        cells[i] = titles[i];
        cells[PARTIES + i] = signed_by(w, i, json_object_get(signatures, words[i]));
    }
    pdf_gap(w->p);
    pdf_heading(w->p, 1, "三方签署");
    pdf_table(w->p, PARTIES, widths, cells, 2);
}

static void add_filing(struct paper *w, const PGresult *row)
{
    if (row_text(row, 0, "filing_no") == NULL) return;
    pdf_paragraph(w->p, arena_print(w->r->arena, "备案号：%s　备案日期：%s（中共长治市委人才工作领导组办公室）",
                                    copied(w->r, row, "filing_no"), copied(w->r, row, "filed_on")));
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
    const char *no = copied(r, row, "agreement_no"), *mark = mark_of(row_text(row, 0, "status"));
    struct paper w = {.r = r,
                      .p = pdf_begin(arena_print(r->arena, "企业科技特派员三方服务协议 %s", no), "长治市科学技术局",
                                     copied(r, row, "issued_on"))};
    json_t *signatures = json_loads(copied(r, row, "signatures"), 0, NULL);
    if (mark != NULL) pdf_mark(w.p, mark);
    add_text(&w, arena_print(r->arena, "%s", copied(r, row, "text")),
             strcmp(copied(r, row, "template_version"), "2026-1") != 0);
    add_signatures(&w, signatures);
    add_filing(&w, row);
    pdf_paragraph(w.p, arena_print(r->arena, "文本摘要（SHA-256）：%s", copied(r, row, "content_sha256")));
    json_decref(signatures);
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
    if (row_text(row, 0, "text") == NULL) return no_text(r, copied(r, row, "status"));
    TRY(make_paper(r, row, &paper));
    reply_file_name(
        r, arena_print(r->arena, "三方协议%s第%s版.pdf", copied(r, row, "agreement_no"), copied(r, row, "version_no")));
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
