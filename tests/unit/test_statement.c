/* Named statements become what PostgreSQL prepares: words are numbered, and a colon that is no word's stays. */
#include "check.h"
#include "db.h"

struct sql_text {
    const char *name, *room, *sql;
};
const struct sql_text sql_statements[] = {
    {"words", "probe", "SELECT :one, :two_2, :one"},
    {"casts", "probe", "SELECT :one::uuid, now()::text, '1'::integer"},
    {"strings", "probe", "SELECT ':no', \":no\", 'it''s :no', :yes -- :no\n, :also"},
    {"slices", "probe", "SELECT a[1:2], a[b:c] FROM t WHERE x = :a"},
    {"begins", "probe", ":first"},
    {"none", "probe", "SELECT 1"},
    {NULL, NULL, NULL},
};
const int sql_statement_count = 6;

static void check_statement(const char *name, const char *sql, int count, const char *const *words)
{
    const struct statement *s = statement_find(name);
    CHECK_TEXT(s->sql, sql);
    CHECK(s->word_count == count);
    for (int i = 0; i < count; i++) CHECK_TEXT(s->words[i], words[i]);
}

static void the_same_word_is_one_parameter(void)
{
    check_statement("words", "SELECT $1, $2, $1", 2, (const char *const[]){"one", "two_2"});
}

static void casts_keep_their_colons(void)
{
    check_statement("casts", "SELECT $1::uuid, now()::text, '1'::integer", 1, (const char *const[]){"one"});
}

static void quotes_and_comments_hold_no_words(void)
{
    check_statement("strings", "SELECT ':no', \":no\", 'it''s :no', $1 -- :no\n, $2", 2,
                    (const char *const[]){"yes", "also"});
}

static void slices_keep_their_colons(void)
{
    check_statement("slices", "SELECT a[1:2], a[b:c] FROM t WHERE x = $1", 1, (const char *const[]){"a"});
}

static void any_place_will_do(void)
{
    check_statement("begins", "$1", 1, (const char *const[]){"first"});
    check_statement("none", "SELECT 1", 0, NULL);
    CHECK(statement_find("nothing") == NULL);
    CHECK(statement_at(sql_statement_count) == NULL);
}

int main(void)
{
    CHECK(statements_load());
    RUN(the_same_word_is_one_parameter);
    RUN(casts_keep_their_colons);
    RUN(quotes_and_comments_hold_no_words);
    RUN(slices_keep_their_colons);
    RUN(any_place_will_do);
    return REPORT();
}
