/* Background work without its thread: the feed's order and hashes, the jobs of the calendar, and what is done once. */
#include "as_role.h"
#include "harness.h"

#include <stdlib.h>
#include <string.h>

static PGconn *worker; /* as the worker's thread is connected */

static const char *work(const char *job, const char *period, const char *day)
{
    return role_sql(worker, "SELECT app.work_once('%s', '%s', '%s')", job, period, day);
}

static const char *advance(int most)
{
    return role_sql(worker, "SELECT app.feed_advance(%d)", most);
}

static void advance_all(void)
{
    for (int i = 0; i < 100 && atoi(advance(1000)) > 0;) i++;
}

/* A change of some enterprise on a connection of its own, whose transaction stays open. */
static PGconn *begin_change(const char *firm)
{
    PGconn *c = role_open(DB_COUNTY);
    role_begin_as(c, sql("SELECT a.id FROM app.account a JOIN app.enterprise e ON e.unit_id = a.unit_id"
                         " WHERE e.id = '%s' AND a.role = 'county' AND a.status = 'active' LIMIT 1",
                         firm));
    role_sql(c, "UPDATE app.enterprise SET address = 'a' || clock_timestamp() WHERE id = '%s'", firm);
    return c;
}

static const char *firm_at(int nth)
{
    return sql("SELECT id FROM app.enterprise WHERE status = 'active' ORDER BY id OFFSET %d LIMIT 1", nth);
}

static const char *unfed(void)
{
    return sql("SELECT count(*) FROM app.event e WHERE NOT EXISTS (SELECT FROM app.feed f WHERE f.seq = e.seq)");
}

static void end_change(PGconn *c, const char *word)
{
    role_sql(c, "%s", word);
    PQfinish(c);
}

static void the_feed_takes_every_event_in_portions(void)
{
    CHECK_TEXT(advance(7), "7");
    advance_all();
    CHECK_TEXT(advance(1000), "0");
    CHECK_TEXT(unfed(), "0");
    CHECK_TEXT(sql("SELECT count(*) = max(pos) AND min(pos) = 1 FROM app.feed"), "t");
}

static void each_hash_covers_the_one_before(void)
{
    CHECK_TEXT(sql("SELECT count(*) FROM (SELECT f.hash, sha256(coalesce(lag(f.hash) OVER (ORDER BY f.pos),"
                   " decode(repeat('00', 32), 'hex')) || convert_to(f.pos || ' ' || app.feed_text(e), 'UTF8')) AS want"
                   " FROM app.feed f JOIN app.event e USING (seq)) x WHERE hash <> want"),
               "0");
    const char *before = sql("SELECT app.feed_text(e) FROM app.event e ORDER BY seq LIMIT 1");
    sql("SET TimeZone = 'Asia/Shanghai'");
    CHECK_TEXT(sql("SELECT app.feed_text(e) FROM app.event e ORDER BY seq LIMIT 1"), before);
    sql("RESET TimeZone");
}

/* The later number is committed first: it is fed, and the earlier one is not forgotten. */
static void an_open_transaction_holds_up_nobody(void)
{
    PGconn *open = begin_change(firm_at(0)), *fast = begin_change(firm_at(1)), *dropped = begin_change(firm_at(2));
    end_change(fast, "COMMIT");
    CHECK_TEXT(advance(1000), "1");
    end_change(dropped, "ROLLBACK");
    for (int i = 0; i < 3; i++) {
        end_change(begin_change(firm_at(3 + i)), "COMMIT");
        CHECK_TEXT(advance(1000), "1");
    }
    end_change(open, "COMMIT");
    CHECK_TEXT(advance(1000), "1");
    CHECK_TEXT(unfed(), "0");
    CHECK_TEXT(sql("SELECT e.subject_id FROM app.feed f JOIN app.event e USING (seq) ORDER BY pos DESC LIMIT 1"),
               firm_at(0));
}

/* Below the mark nothing is looked for again, so it must never pass what somebody may still commit. */
static void the_mark_stays_below_what_is_open(void)
{
    PGconn *open = begin_change(firm_at(0));
    const char *number = sql("SELECT last_value FROM app.event_seq_seq");
    for (int i = 0; i < 4; i++) {
        end_change(begin_change(firm_at(1)), "COMMIT");
        CHECK_TEXT(advance(1000), "1");
    }
    CHECK_TEXT(sql("SELECT low < %s FROM app.feed_mark", number), "t");
    end_change(open, "COMMIT");
    for (int i = 0; i < 4; i++) {
        end_change(begin_change(firm_at(1)), "COMMIT");
        advance_all();
    }
    CHECK_TEXT(sql("SELECT low >= %s FROM app.feed_mark", number), "t");
    CHECK_TEXT(unfed(), "0");
}

/* As after a restore into another cluster, whose transaction ids are smaller. */
static void a_mark_from_another_cluster_is_settled(void)
{
    sql("UPDATE app.feed_mark SET candidate_xid = '99999999999'");
    end_change(begin_change(firm_at(1)), "COMMIT");
    CHECK_TEXT(advance(1000), "1");
    CHECK_TEXT(sql("SELECT candidate_xid < pg_current_xact_id() FROM app.feed_mark"), "t");
}

static void only_one_moves_the_feed(void)
{
    end_change(begin_change(firm_at(1)), "COMMIT");
    PGconn *other = role_open(DB_WORKER);
    role_sql(other, "BEGIN");
    CHECK_TEXT(role_sql(other, "SELECT app.feed_advance(10)"), "1");
    CHECK_TEXT(advance(10), "-1");
    end_change(other, "ROLLBACK");
    CHECK_TEXT(advance(10), "1");
}

static void whoever_waited_for_a_row_comes_later(void)
{
    CHECK_TEXT(sql("SELECT count(*) FROM (SELECT f.pos, e.subject_version, lag(e.subject_version) OVER (PARTITION BY"
                   " e.subject_type, e.subject_id ORDER BY f.pos) AS before FROM app.feed f JOIN app.event e USING"
                   " (seq)) x WHERE subject_version <> coalesce(before, 0) + 1"),
               "0");
}

static void a_period_is_done_once(void)
{
    const char *call = sql("SELECT id FROM app.call WHERE status = 'published' LIMIT 1");
    sql("UPDATE app.call SET closes_at = app.now() + interval '1 minute' WHERE id = '%s'", call);
    CHECK_TEXT(work("call_close", "2026-10-20T09:00", "2026-10-20"), "0");
    CHECK_TEXT(work("call_close", "2026-10-20T09:00", "2026-10-20"), "");
    sql("UPDATE app.sandbox_clock SET shift = shift + interval '1 hour'");
    int closed = atoi(work("call_close", "2026-10-20T10:00", "2026-10-20"));
    CHECK(closed >= 1);
    CHECK_TEXT(sql("SELECT status FROM app.call WHERE id = '%s'", call), "closed");
    CHECK_TEXT(sql("SELECT operation || role FROM app.event WHERE subject_id = '%s' ORDER BY seq DESC LIMIT 1", call),
               "call_closesystem");
    CHECK_TEXT(sql("SELECT rows FROM app.job_run WHERE period = '2026-10-20T10:00'"), json("%d", closed));
}

static void what_is_over_expires(void)
{
    const char *open = sql("SELECT id FROM app.demand WHERE status = 'open' ORDER BY valid_to LIMIT 1");
    const char *last = sql("SELECT valid_to FROM app.demand WHERE id = '%s'", open);
    const char *returned = sql("SELECT id FROM app.demand WHERE status = 'returned' LIMIT 1");
    work("demand_expire", "a", last);
    CHECK_TEXT(sql("SELECT status FROM app.demand WHERE id = '%s'", open), "open");
    work("demand_expire", "b", sql("SELECT '%s'::date + 1", last));
    CHECK_TEXT(sql("SELECT status || close_reason FROM app.demand WHERE id = '%s'", open), "expiredexpired");
    CHECK_TEXT(sql("SELECT operation || role FROM app.event WHERE subject_id = '%s' ORDER BY seq DESC LIMIT 1", open),
               "demand_expiresystem");
    work("demand_expire", "c", sql("SELECT correct_by_on + 1 FROM app.demand WHERE id = '%s'", returned));
    CHECK_TEXT(sql("SELECT status FROM app.demand WHERE id = '%s'", returned), "expired");
}

static void a_failed_job_leaves_no_mark(void)
{
    sql("CREATE OR REPLACE FUNCTION app.job_policy_supersede(day date) RETURNS integer LANGUAGE plpgsql AS"
        " 'BEGIN RAISE division_by_zero; END'");
    CHECK_TEXT(work("policy_supersede", "2026-10-20", "2026-10-20"), "!22012");
    CHECK_TEXT(sql("SELECT count(*) FROM app.job_run WHERE job = 'policy_supersede'"), "0");
}

/* A job that moved a whole portion is asked again for the same period. */
static void a_large_job_is_done_in_portions(void)
{
    sql("CREATE OR REPLACE FUNCTION app.job_policy_supersede(day date) RETURNS integer LANGUAGE sql AS 'SELECT 1000'");
    CHECK_TEXT(work("policy_supersede", "2026-10-20", "2026-10-20"), "1000");
    CHECK_TEXT(work("policy_supersede", "2026-10-20", "2026-10-20"), "1000");
    CHECK_TEXT(sql("SELECT count(*) FROM app.job_run WHERE job = 'policy_supersede'"), "0");
}

static void skipped_days_are_known(void)
{
    const char *today = sql("SELECT day FROM app.work_periods()");
    CHECK_TEXT(role_sql(worker, "SELECT string_agg(d::text, ',') FROM app.work_days() d"), today);
    work("day", today, today);
    CHECK_TEXT(role_sql(worker, "SELECT count(*) FROM app.work_days()"), "0");
    sql("UPDATE app.sandbox_clock SET shift = shift + interval '40 days'");
    CHECK_TEXT(role_sql(worker, "SELECT count(*) FROM app.work_days()"), "40");
    CHECK_TEXT(role_sql(worker, "SELECT min(d) - '%s' FROM app.work_days() d", today), "1");
    sql("UPDATE app.sandbox_clock SET shift = shift + interval '4000 days'");
    CHECK_TEXT(role_sql(worker, "SELECT count(*) FROM app.work_days()"), "401");
    sql("UPDATE app.sandbox_clock SET shift = shift - interval '4040 days'");
}

static void old_things_of_the_house_go(void)
{
    as("lishi");
    with("Idempotency-Key", "an-old-key");
    call("demand_create", NULL,
         json("{'enterprise_id':'%s','kind':'talent'}", sql("SELECT enterprise_id FROM app.account WHERE login_name ="
                                                            " 'lishi'")));
    EXPECT(OK);
    sql("UPDATE app.idempotency SET created_at = now() - interval '31 days'");
    sql("UPDATE app.session SET expires_at = now() - interval '31 days'");
    sql("INSERT INTO app.sign_in_attempt (kind, key, tries, at) VALUES ('name', 'x', 1, now() - interval '2 days')");
    sql("INSERT INTO app.job_run VALUES ('house_sweep', '2020-01-01T00', now() - interval '8 days', 0),"
        " ('day', '2020-01-01', now() - interval '8 days', 0)");
    CHECK(atoi(work("house_sweep", "2026-10-20T11", "2026-10-20")) >= 4);
    CHECK_TEXT(
        sql("SELECT (SELECT count(*) FROM app.idempotency) + (SELECT count(*) FROM app.session)"
            " + (SELECT count(*) FROM app.refresh_token) + (SELECT count(*) FROM app.sign_in_attempt WHERE key = 'x')"),
        "0");
    CHECK_TEXT(sql("SELECT string_agg(job, ',') FROM app.job_run WHERE period LIKE '2020%%'"), "day");
}

/* More than a portion of each kind: whoever asks until less than a portion was moved has swept all, and no statement
 * takes more than a portion of a table. */
static void a_heap_of_old_things_goes_in_portions(void)
{
    sql("INSERT INTO app.session (id, account_id, expires_at, ends_at) SELECT gen_random_uuid(), a.id,"
        " now() - interval '31 days', now() FROM (SELECT id FROM app.account LIMIT 1) a, generate_series(1, 2500)");
    sql("INSERT INTO app.refresh_token (hash, session_id) SELECT sha256(uuid_send(gen_random_uuid())), s.id"
        " FROM app.session s, generate_series(1, 2) WHERE s.expires_at < now() - interval '30 days'");
    sql("INSERT INTO app.sign_in_attempt (kind, key, tries, at) SELECT 'name', sha256(n::text::bytea), 1,"
        " now() - interval '2 days' FROM generate_series(1, 1500) n");
    int turns = 0, moved = 1000;
    for (; turns < 20 && moved >= 1000; turns++) {
        moved = atoi(work("house_sweep", "2026-10-20T12", "2026-10-20"));
        CHECK(moved <= 4000);
    }
    CHECK(turns == 6);
    CHECK_TEXT(sql("SELECT (SELECT count(*) FROM app.session WHERE expires_at < now() - interval '30 days')"
                   " + (SELECT count(*) FROM app.refresh_token t LEFT JOIN app.session s ON s.id = t.session_id"
                   " WHERE s.expires_at < now() - interval '30 days') + (SELECT count(*) FROM app.sign_in_attempt"
                   " WHERE at < now() - interval '1 day')"),
               "0");
    CHECK_TEXT(work("house_sweep", "2026-10-20T12", "2026-10-20"), "");
}

int main(void)
{
    harness_open();
    worker = role_open(DB_WORKER);
    RUN(the_feed_takes_every_event_in_portions);
    RUN(each_hash_covers_the_one_before);
    RUN(an_open_transaction_holds_up_nobody);
    RUN(the_mark_stays_below_what_is_open);
    RUN(a_mark_from_another_cluster_is_settled);
    RUN(only_one_moves_the_feed);
    RUN(whoever_waited_for_a_row_comes_later);
    RUN(a_period_is_done_once);
    RUN(what_is_over_expires);
    RUN(a_failed_job_leaves_no_mark);
    RUN(a_large_job_is_done_in_portions);
    RUN(skipped_days_are_known);
    RUN(old_things_of_the_house_go);
    RUN(a_heap_of_old_things_goes_in_portions);
    PQfinish(worker);
    return harness_close();
}
