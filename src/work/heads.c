/* Signs heads of the feed. A head is stored and logged: where the log is kept elsewhere, so are the heads, and a change
 * of what lies before one shows even if it was made by who owns the database. */
#include "head.h"
#include "jobs.h"
#include "log.h"
#include "row.h"

#include <string.h>

#define EVERY "1000" /* positions without a head; or a minute */

static void keep(const char *pos, const char *head)
{
    PGresult *kept = work_ask("work_head_keep", (const char *const[]){pos, head});
    const char *word = kept == NULL ? NULL : row_text(kept, 0, "kept");
    if (word != NULL && strcmp(word, "t") == 0) log_line(LOG_INFO, "feed_head", "pos", pos, "head", head, NULL);
    PQclear(kept);
}

void head_look(void)
{
    static struct patience patience;
    char head[HEAD_SIZE];
    if (!patience_over(&patience)) return;
    PGresult *due = work_ask("work_head_due", (const char *const[]){EVERY});
    bool good = due != NULL;
    if (good && PQntuples(due) == 1) {
        const char *pos = row_text(due, 0, "pos");
        good = head_sign(pos, row_text(due, 0, "hash"), row_text(due, 0, "at"), head);
        if (good) keep(pos, head);
    }
    PQclear(due);
    patience_note(&patience, good);
}
