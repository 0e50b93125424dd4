/* Walks the feed from its beginning and compares it with itself, with the events and with signed heads. It computes the
 * hashes here and asks the database for bare columns alone: whoever can change rows can change functions too. */
#include "commands.h"
#include "config.h"
#include "db/admin.h"
#include "head.h"
#include "keys.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PORTION 5000

/* What app.feed_text() says of an event, said once more. */
#define FEED_TEXT                                                                                                      \
    "jsonb_build_array(e.seq, e.id, (extract(epoch FROM e.at) * 1000000)::bigint, e.operation, e.subject_type, "       \
    "e.subject_id, e.unit_id, e.op, e.subject_version, e.account, e.role, e.office, e.client, e.on_behalf_of, "        \
    "e.changes_sha256, e.seen_by, e.seen_by_before)::text"

static const char walk_sql[] =
    "SELECT f.pos, encode(f.hash, 'hex'), e.seq IS NULL, " FEED_TEXT ", e.changes IS NULL, "
    "e.changes_sha256 = encode(sha256(convert_to(e.changes::text, 'UTF8')), 'hex') "
    "FROM app.feed f LEFT JOIN app.event e USING (seq) WHERE f.pos > $1 ORDER BY f.pos LIMIT 5000";
enum { POS, HASH, IS_MISSING, TEXT, IS_EMPTIED, IS_DIGEST_RIGHT };

struct heads {
    struct head *list;
    size_t count, room;
};

struct walk {
    unsigned char hash[crypto_hash_sha256_BYTES];
    int64_t pos;
    long emptied;
    struct heads heads;
    size_t next_head; /* in order of position */
};

static bool broken(int64_t pos, const char *what)
{
    printf("Position %ld: %s.\n", (long)pos, what);
    return false;
}

static bool heads_add(struct heads *h, const char *text, size_t size, const char *where, long line)
{
    if (h->count == h->room) {
        size_t room = h->room == 0 ? 256 : h->room * 2;
        struct head *list = realloc(h->list, room * sizeof *list);
        if (list == NULL) return false;
        h->list = list;
        h->room = room;
    }
    if (head_read(text, size, &h->list[h->count])) {
        h->count++;
        return true;
    }
    printf("%s, line %ld: no head that this service signed.\n", where, line);
    return false;
}

static bool heads_of_database(PGconn *c, struct heads *h)
{
    PGresult *rows = admin_rows(c, "SELECT head FROM app.feed_head ORDER BY pos", 0, NULL);
    bool good = rows != NULL;
    for (int i = 0; good && i < PQntuples(rows); i++)
        good = heads_add(h, PQgetvalue(rows, i, 0), (size_t)PQgetlength(rows, i, 0), "app.feed_head", i + 1);
    PQclear(rows);
    return good;
}

static bool heads_of_file(const char *path, struct heads *h)
{
    char line[HEAD_SIZE];
    FILE *in = fopen(path, "r");
    if (in == NULL) {
        fprintf(stderr, "%s cannot be read.\n", path);
        return false;
    }
    bool good = true;
    for (long number = 1; good && fgets(line, sizeof line, in) != NULL; number++)
        good = heads_add(h, line, strcspn(line, "\r\n"), path, number);
    fclose(in);
    return good;
}

static int by_position(const void *a, const void *b)
{
    const struct head *x = a, *y = b;
    return (x->pos > y->pos) - (x->pos < y->pos);
}

/* Every head of this position names this hash. */
static bool heads_agree(struct walk *w, const char *hash)
{
    for (; w->next_head < w->heads.count && w->heads.list[w->next_head].pos == w->pos; w->next_head++) {
        const struct head *h = &w->heads.list[w->next_head];
        if (strcmp(h->hash, hash) == 0) continue;
        printf("Signed at %s with another hash. ", h->at);
        return broken(w->pos, "it is not what was signed, so something up to here was changed");
    }
    return true;
}

static void next_hash(struct walk *w, const char *pos, const char *text)
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, w->hash, sizeof w->hash);
    crypto_hash_sha256_update(&state, (const unsigned char *)pos, strlen(pos));
    crypto_hash_sha256_update(&state, (const unsigned char *)" ", 1);
    crypto_hash_sha256_update(&state, (const unsigned char *)text, strlen(text));
    crypto_hash_sha256_final(&state, w->hash);
}

static bool judge(struct walk *w, const PGresult *rows, int i)
{
    char hash[crypto_hash_sha256_BYTES * 2 + 1];
    int64_t pos = strtoll(PQgetvalue(rows, i, POS), NULL, 10);
    if (pos != w->pos + 1) return broken(w->pos + 1, "there is no such position");
    w->pos = pos;
    if (*PQgetvalue(rows, i, IS_MISSING) == 't') return broken(pos, "its event is gone");
    next_hash(w, PQgetvalue(rows, i, POS), PQgetvalue(rows, i, TEXT));
    sodium_bin2hex(hash, sizeof hash, w->hash, sizeof w->hash);
    if (strcmp(hash, PQgetvalue(rows, i, HASH)) != 0)
        return broken(pos, "the hash is not that of the event and the position before");
    if (*PQgetvalue(rows, i, IS_EMPTIED) == 't')
        w->emptied++;
    else if (*PQgetvalue(rows, i, IS_DIGEST_RIGHT) != 't')
        return broken(pos, "the changes are not those of the digest");
    return heads_agree(w, hash);
}

/* One portion; *done when it was the last. */
static bool walk_portion(PGconn *c, struct walk *w, bool *done)
{
    char after[24];
    snprintf(after, sizeof after, "%ld", (long)w->pos);
    PGresult *rows = admin_rows(c, walk_sql, 1, (const char *const[]){after});
    bool good = rows != NULL;
    for (int i = 0; good && i < PQntuples(rows); i++) good = judge(w, rows, i);
    *done = PQntuples(rows) < PORTION;
    PQclear(rows);
    return good;
}

/* Below the sequencer's mark every event has its place: one without was put there later. */
static bool nothing_beside(PGconn *c)
{
    PGresult *rows = admin_rows(c,
                                "SELECT e.seq FROM app.event e, app.feed_mark m WHERE e.seq <= m.low AND NOT EXISTS "
                                "(SELECT FROM app.feed f WHERE f.seq = e.seq) ORDER BY e.seq LIMIT 1",
                                0, NULL);
    bool good = rows != NULL && PQntuples(rows) == 0;
    if (rows != NULL && !good) printf("Event number %s never had a position.\n", PQgetvalue(rows, 0, 0));
    PQclear(rows);
    return good;
}

static bool walk_feed(PGconn *c, struct walk *w)
{
    if (w->heads.count > 0) qsort(w->heads.list, w->heads.count, sizeof *w->heads.list, by_position);
    for (bool done = false; !done;)
        if (!walk_portion(c, w, &done)) return false;
    if (w->next_head < w->heads.count)
        return broken(w->heads.list[w->next_head].pos, "it was signed, and the feed ends before it");
    return nothing_beside(c);
}

/* The isolation lets the walk see one state, while others write on. */
static bool verify(PGconn *c, const char *file)
{
    struct walk w = {0};
    bool good = admin_read_all(c) && admin_run(c, "audit", "BEGIN ISOLATION LEVEL REPEATABLE READ") &&
                heads_of_database(c, &w.heads) && (file == NULL || heads_of_file(file, &w.heads)) && walk_feed(c, &w);
    if (good)
        printf("%ld positions and %zu heads agree; %ld events have had their values erased.\n", (long)w.pos,
               w.heads.count, w.emptied);
    free(w.heads.list);
    return good;
}

static bool print_heads(PGconn *c)
{
    PGresult *rows = admin_read_all(c) ? admin_rows(c, "SELECT head FROM app.feed_head ORDER BY pos", 0, NULL) : NULL;
    for (int i = 0; i < PQntuples(rows); i++) puts(PQgetvalue(rows, i, 0));
    bool good = rows != NULL;
    PQclear(rows);
    return good;
}

int audit_command(int argc, char **argv)
{
    bool heads = argc == 2 && strcmp(argv[1], "heads") == 0;
    bool alone = argc == 2 && strcmp(argv[1], "verify") == 0;
    bool with_file = argc == 4 && strcmp(argv[1], "verify") == 0 && strcmp(argv[2], "--heads") == 0;
    if (!heads && !alone && !with_file) {
        fputs("usage: tepaid audit heads | verify [--heads FILE]\n", stderr);
        return 2;
    }
    const char *keys = config_text(SETTING_KEYS);
    if (access(keys, R_OK) != 0) { /* loading would make a new one, under which no head is good */
        fprintf(stderr, "TEPAI_KEYS names %s, which cannot be read. Heads are verified by the keys in it.\n", keys);
        return 1;
    }
    if (!keys_load(keys)) return 1;
    PGconn *c = admin_connect();
    bool good = c != NULL && (heads ? print_heads(c) : verify(c, with_file ? argv[3] : NULL));
    PQfinish(c);
    keys_free();
    return good ? 0 : 1;
}
