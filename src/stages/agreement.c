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

/* Bytes of the Chinese figure that a line begins with; 0: none. */
static size_t figure_size(const char *line)
{
    static const char *const figures[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        if (strncmp(line, figures[i], strlen(figures[i])) == 0) return strlen(figures[i]);
    return 0;
}

/* Headings of the text begin with a Chinese number and a dunhao. */
static bool is_heading(const char *line)
{
    const char *at = line;
    for (size_t size; (size = figure_size(at)) > 0;) at += size;
    return at > line && strncmp(at, "、", strlen("、")) == 0;
}

/* The first line is the title; the others are paragraphs or headings. */
static void add_text(struct pdf *p, char *text)
{
    char *rest = NULL;
    pdf_title(p, strtok_r(text, "\n", &rest));
    for (const char *line = strtok_r(NULL, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        if (is_heading(line))
            pdf_heading(p, 1, line);
        else
            pdf_paragraph(p, line);
    }
}

static const char *in_words(const char *word)
{
    static const char *const words[][2] = {{"enterprise", "甲方（派驻企业）"},  {"specialist", "乙方（特派员）"},
                                           {"institution", "丙方（派出单位）"}, {"account", "账号签署"},
                                           {"link", "一次性链接签署"},          {"scan", "盖章件录入"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], word) == 0) return words[i][1];
    return word;
}

/* The signatures the text has so far. */
static void add_signatures(struct req *r, struct pdf *p, const json_t *signatures)
{
    static const int widths[] = {24, 15, 15, 22, 24};
    size_t count = json_array_size(signatures), i;
    const char **cells = arena_take(r->arena, sizeof *cells * 5 * (count + 1));
    const json_t *s;
    memcpy(cells, (const char *[]){"签署方", "签署人", "职务", "方式", "日期"}, sizeof *cells * 5);
    json_array_foreach (signatures, i, s) {
        const char **row = cells + 5 * (i + 1);
        row[0] = in_words(json_string_value(json_object_get(s, "party")));
        row[1] = json_string_value(json_object_get(s, "signatory"));
        row[2] = json_string_value(json_object_get(s, "post"));
        row[3] = in_words(json_string_value(json_object_get(s, "method")));
        row[4] = json_string_value(json_object_get(s, "on"));
    }
    pdf_heading(p, 1, "签署记录");
    pdf_table(p, 5, widths, cells, (int)count + 1);
}

static fail_t make_paper(struct req *r, const PGresult *row, struct buffer *out)
{
    const char *no = copied(r, row, "agreement_no"), *sha256 = copied(r, row, "content_sha256");
    struct pdf *p = pdf_begin(arena_print(r->arena, "企业科技特派员三方服务协议 %s", no), "长治市科学技术局",
                              copied(r, row, "issued_on"));
    json_t *signatures = json_loads(copied(r, row, "signatures"), 0, NULL);
    add_text(p, arena_print(r->arena, "%s", copied(r, row, "text")));
    pdf_gap(p);
    add_signatures(r, p, signatures);
    pdf_paragraph(p, arena_print(r->arena, "文本摘要（SHA-256）：%s", sha256));
    json_decref(signatures);
    return pdf_end(p, out);
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
