/* The way from filed agreements to people at work, for the tests of its three rooms. Agreements are put beside the
 * road, so that these tests do not depend on the rooms before. */
#ifndef TEPAI_TEST_PLACEMENT_H
#define TEPAI_TEST_PLACEMENT_H

#include "as_role.h"
#include "harness.h"

#include <stdlib.h>

#define QUIET "WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"

static const char *const signers[] = {"shi.kj", "shi.rc", "shi.gx", "shi.cz"};

static inline const char *today(void)
{
    return sql("SELECT app.today()");
}

static inline const char *days_on(int days)
{
    return sql("SELECT app.today() + %d", days);
}

/* A person of the register and a confirmed firm that nothing else knows. */
static inline const char *new_person(void)
{
    static int made;
    made++;
    return sql(
        QUIET
        " INSERT INTO app.specialist (id, version, created_at, updated_at, status, code, application_id, full_name,"
        " id_no_index, institution_id, specialties, tech_fields, industries, achievements, work_history,"
        " preferred_units, other_programmes, eligibility_ground, waived, valid_from, valid_to) SELECT"
        " gen_random_uuid(), 1, app.now(), app.now(), 'registered', 'TP-2098-%04d', gen_random_uuid(), '试验人员%d',"
        " sha256(uuid_send(gen_random_uuid())), (SELECT id FROM app.institution WHERE status = 'active' ORDER BY id"
        " LIMIT 1), '{}', '{}', '{}', '[]', '[]', '{}', '{}', 'title', false, app.today(), app.today() + 900 FROM"
        " quiet RETURNING id",
        made, made);
}

static inline const char *new_firm_in(const char *unit)
{
    static int made;
    made++;
    return sql(
        QUIET
        " INSERT INTO app.enterprise (id, version, created_at, updated_at, unit_id, status, side, shown, uscc, name,"
        " is_legal_person, figures, is_above_scale, is_weak_rd_sme, rd_platforms, other_programmes, priority_bp)"
        " SELECT gen_random_uuid(), 1, app.now(), app.now(), '%s', 'active', 'enterprise', true, 'TEST%014d',"
        " '试验企业%d', true, '[]', false, false, '{}', '{}', 0 FROM quiet RETURNING id",
        unit, made, made);
}

/* The members of a demand that a list has found somebody for; its id, unit and firm are to follow. */
#define MATCHED                                                                                                           \
    "(version, created_at, updated_at, policy_id, kind, side, shown, title, task_groups, service_forms, targets,"         \
    " urgency, valid_to, confidentiality, status, id, unit_id, enterprise_id) SELECT 1, app.now(), app.now(),"            \
    " app.policy_current(), (SELECT kind FROM app.demand ORDER BY id LIMIT 1), 'enterprise', true, '试验需求', '{}'," \
    " '{}', '[]', 'normal', app.today() + 300, 'open', "

static inline const char *matched(const char *firm)
{
    return sql(QUIET " INSERT INTO app.demand " MATCHED "'matched', gen_random_uuid(), e.unit_id, e.id FROM quiet,"
                     " app.enterprise e WHERE e.id = '%s' RETURNING id",
               firm);
}

/* A filed agreement of 12 months from a day on. */
static inline const char *filed(const char *firm, const char *person, const char *start_on)
{
    static int made;
    made++;
    return sql(
        QUIET
        " INSERT INTO app.agreement (id, version, created_at, updated_at, unit_id, status, line_id, agreement_no,"
        " version_no, policy_id, specialist_id, institution_id, enterprise_id, demand_id, start_on, end_on,"
        " service_quota, signed_parties, filing_no, filed_on) SELECT gen_random_uuid(), 1, app.now(), app.now(), "
        "e.unit_id, 'filed',"
        " gen_random_uuid(), 'XY-2098-%05d', 1, app.policy_current(), s.id, coalesce(s.institution_id, (SELECT id FROM"
        " app.institution WHERE status = 'active' LIMIT 1)), e.id, '%s',"
        " d, (d + interval '12 months')::date - 1, 10, '{specialist,institution,enterprise}', 'BA-2098-%05d', "
        "app.today() FROM quiet, app.enterprise e,"
        " app.specialist s, (SELECT '%s'::date AS d) x WHERE e.id = '%s' AND s.id = '%s' RETURNING id",
        made, matched(firm), made, start_on, firm, person);
}

static inline const char *filed_anew(const char *start_on)
{
    return filed(new_firm_in("140423"), new_person(), start_on);
}

static inline void draft_notice(const char *agreement)
{
    as("shi.kj");
    call("dispatch_notice_create", NULL,
         json("{'title':'关于派驻企业科技特派员的通知','agreement_ids':['%s']}", agreement));
}

static inline const char *drafted(const char *agreement)
{
    draft_notice(agreement);
    EXPECT_TEXT("/status", "signing_off");
    return keep("/id");
}

static inline void say(const char *login, const char *notice, const char *body)
{
    as(login);
    call("dispatch_notice_approve", notice, json("%s", body));
}

static inline const char *signed_off(const char *agreement)
{
    const char *id = drafted(agreement);
    for (int i = 0; i < 4; i++) {
        say(signers[i], id, "{'decision':'approve'}");
        EXPECT_TEXT("/status", i < 3 ? "signing_off" : "approved");
    }
    return id;
}

/* A number of this year that no other notice has. */
static inline const char *doc_no(void)
{
    static int made = 4000;
    return json("长科发〔%.4s〕%d号", today(), ++made);
}

static inline void issue(const char *notice)
{
    as("shi.kj");
    call("dispatch_notice_issue", notice, json("{'doc_no':'%s'}", doc_no()));
}

/* The placement of an agreement, once its notice is issued. */
static inline const char *placement_of(const char *agreement)
{
    return sql("SELECT id FROM app.placement WHERE agreement_id = '%s'", agreement);
}

static inline const char *pending(const char *agreement)
{
    issue(signed_off(agreement));
    EXPECT_TEXT("/status", "issued");
    return placement_of(agreement);
}

/* A job as the worker does it, for one day. */
static inline const char *work(const char *job, const char *day)
{
    static PGconn *worker;
    static int period;
    if (worker == NULL) worker = role_open(DB_WORKER);
    return role_sql(worker, "SELECT app.work_once('%s', 'test %d', '%s')", job, ++period, day);
}

static inline const char *status_in(const char *room, const char *id)
{
    return sql("SELECT status FROM app.%s WHERE id = '%s'", room, id);
}

static inline void set_quietly(const char *room, const char *id, const char *what)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.%s SET %s WHERE id = '%s'; COMMIT", room, what,
        id);
}

/* The place of a record in the caller's list of what waits, or NULL. */
static inline const char *waits_at(const char *login, const char *id)
{
    as(login);
    ask("GET", "/v1/todos?limit=200", NULL);
    EXPECT(OK);
    for (int i = 0; text_at(json("/items/%d", i)) != NULL; i++) {
        if (strcmp(text_at(json("/items/%d/subject_id", i)), id) == 0) return json("/items/%d", i);
    }
    return NULL;
}

#endif
