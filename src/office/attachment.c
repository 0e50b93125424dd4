/* The parts of a file as they arrive, and the file as it is read. The row says stored only after the whole lies on the
 * disk: a crash in between costs one part sent again, and never leaves a row without its file. */
#include "files.h"
#include "log.h"
#include "req.h"
#include "row.h"
#include "stops.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const char *copied(struct req *r, const PGresult *row, const char *column)
{
    const char *text = row_text(row, 0, column);
    return text == NULL ? "" : arena_print(r->arena, "%s", text);
}

/* The file as its row says, and the state it is in. */
static fail_t look(struct req *r, struct announced *a, const char **state)
{
    PGresult *row;
    TRY(req_read(r, &row));
    *a = (struct announced){.id = r->path_values[0],
                            .sha256 = copied(r, row, "sha256"),
                            .media_type = copied(r, row, "media_type"),
                            .size = strtoul(copied(r, row, "size_bytes"), NULL, 10)};
    *state = copied(r, row, "state");
    PQclear(row);
    return OK;
}

static fail_t judge_size(struct req *r, const struct announced *a, int part_no)
{
    size_t want = files_part_size(a->size, part_no);
    if (r->wire->body_size == want) return OK;
    req_broken(r, rule_find("attachment_part_size"), NULL, arena_print(r->arena, "%zu", want));
    return RULE_VIOLATED;
}

/* A whole that is not what was announced is forgotten at once, whatever answer its sender hears: the parts have to be
 * sent anew. That answer is a refusal, so no key keeps it. */
static fail_t forget_wrong(struct req *r, const struct announced *a)
{
    r->prepared = "wrong";
    r->key[KEY_KEY] = NULL;
    TRY(req_write(r));
    files_drop_parts(a->id);
    req_take_back(r);
    return DIGEST_MISMATCH;
}

static fail_t take_part(struct req *r, const struct announced *a, int part_no)
{
    enum whole found;
    TRY(files_keep_part(a->id, part_no, r->wire->body, r->wire->body_size));
    TRY(files_assemble(a, &found));
    if (found == WHOLE_WRONG) return forget_wrong(r, a);
    r->prepared = found == WHOLE_GOOD ? "whole" : "part";
    TRY(req_write(r));
    if (found == WHOLE_GOOD) files_drop_parts(a->id);
    return OK;
}

/* A part of a file that is stored already changes nothing: its sender has not heard that it arrived. */
fail_t attachment_upload(struct req *r)
{
    struct announced a;
    const char *state;
    int part_no = (int)strtol(r->path_values[1], NULL, 10);
    TRY(look(r, &a, &state));
    if (part_no > files_part_count(a.size)) return NOT_FOUND;
    r->prepared = "nothing";
    if (strcmp(state, "pending") != 0) return req_write(r);
    TRY(judge_size(r, &a, part_no));
    int hold = files_hold();
    if (hold < 0) return UNAVAILABLE;
    fail_t outcome = take_part(r, &a, part_no);
    files_release(hold);
    return outcome;
}

/* sha-256=:BASE64: of 64 hexadecimal digits (RFC 9530). */
static const char *repr_digest(struct req *r, const char *hex)
{
    unsigned char bytes[crypto_hash_sha256_BYTES];
    char base64[sodium_base64_ENCODED_LEN(sizeof bytes, sodium_base64_VARIANT_ORIGINAL)];
    size_t size = 0;
    if (sodium_hex2bin(bytes, sizeof bytes, hex, strlen(hex), NULL, &size, NULL) != 0) return "";
    sodium_bin2base64(base64, sizeof base64, bytes, size, sodium_base64_VARIANT_ORIGINAL);
    return arena_print(r->arena, "sha-256=:%s:", base64);
}

static fail_t not_stored(struct req *r, const char *state)
{
    r->problem_members = arena_print(r->arena, ",\"current_status\":\"%s\",\"allowed_steps\":[]", state);
    return WRONG_STATE;
}

static fail_t send(struct req *r, const PGresult *row)
{
    const char *sha256 = copied(r, row, "sha256"), *state = copied(r, row, "state");
    size_t size = strtoul(copied(r, row, "size_bytes"), NULL, 10);
    if (strcmp(state, "stored") != 0) return not_stored(r, state);
    int file = files_read(sha256, size);
    if (file < 0) return INTERNAL_ERROR;
    reply_file_name(r, copied(r, row, "file_name"));
    reply_header(r, "Repr-Digest", repr_digest(r, sha256));
    reply_file(r, file, size, copied(r, row, "media_type"), arena_print(r->arena, "\"%.16s\"", sha256));
    return OK;
}

fail_t attachment_download(struct req *r)
{
    PGresult *row;
    TRY(req_read(r, &row));
    fail_t outcome = send(r, row);
    PQclear(row);
    return outcome;
}
