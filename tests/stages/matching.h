/* People for the tests of matching: firms with an open demand and persons of the register, made beside the road so that
 * there are enough of them, each known by a number. Firm and person 1 have an account. */
#ifndef TEPAI_TEST_MATCHING_H
#define TEPAI_TEST_MATCHING_H

#include "harness.h"
#include "subjects.h"

#define FIRM_LOGIN   "lishi"
#define PERSON_LOGIN "luzhixing"
#define START_ON     "2027-01-01"

/* An open demand of a firm of its own; number 1 is the firm of FIRM_LOGIN. */
static inline const char *new_need(int n)
{
    const char *of = n == 1
                         ? sql("SELECT enterprise_id FROM app.account WHERE login_name = '" FIRM_LOGIN "'")
                         : sql("SELECT pg_temp.clone('enterprise', (SELECT enterprise_id FROM app.account WHERE"
                               " login_name = '" FIRM_LOGIN "'), jsonb_build_object('uscc', '%s', 'name', '试验企业%d',"
                               " 'other_programmes', '[]'::jsonb))",
                               fresh_uscc(), n);
    return sql(
        "SELECT pg_temp.clone('demand', (SELECT id FROM app.demand WHERE confidentiality = 'open' AND"
        " tech_field IS NOT NULL AND targets <> '[]' ORDER BY id LIMIT 1), jsonb_build_object('enterprise_id', e.id,"
        " 'unit_id', e.unit_id, 'status', 'open', 'side', 'enterprise', 'shown', true, 'close_reason', null,"
        " 'title', '试验需求%d', 'call_id', null, 'priority_no', null, 'version', 1, 'opened_at', app.now(),"
        " 'valid_to', app.today() + 200, 'contact_name', '王工', 'contact_phone_masked', '138****0013'))"
        " FROM app.enterprise e WHERE e.id = '%s'",
        n, of);
}

/* A registered person; number 1 is that of PERSON_LOGIN. */
static inline const char *new_person(int n)
{
    static int made;
    return sql(
        "WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true)), made AS"
        " (INSERT INTO app.specialist (id, version, created_at, updated_at, status, code, application_id, full_name,"
        " id_no_index, mobile_masked, email, specialties, tech_fields, industries, achievements, work_history,"
        " preferred_units, other_programmes, eligibility_ground, waived, valid_from, valid_to) SELECT"
        " gen_random_uuid(), 1, app.now(), app.now(), 'registered', 'TP-2098-%04d', gen_random_uuid(), '试验人员%d',"
        " sha256(uuid_send(gen_random_uuid())), '139****0321', 'person@example.org', '{试验}', '{new_materials}',"
        " '{}', '[]', '[]', '{}', '{}', 'title', false, app.today(), app.today() + 900 FROM quiet RETURNING id),"
        " bound AS (UPDATE app.account SET specialist_id = made.id FROM made WHERE %d = 1 AND login_name ="
        " '" PERSON_LOGIN "') SELECT id FROM made",
        ++made, n, n);
}

/* One side's wish, or what became of it, made beside the road. */
static inline void wish(const char *side, const char *need, const char *person, int rank, const char *status,
                        const char *conflict)
{
    sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true)) INSERT INTO"
        " app.intention (id, version, created_at, updated_at, unit_id, status, side, demand_id, enterprise_id,"
        " specialist_id, rank, conflict) SELECT gen_random_uuid(), 1, app.now(), app.now(), d.unit_id, '%s', '%s', "
        "d.id,"
        " d.enterprise_id, '%s', %d, jsonb_build_object('kind', '%s', 'detail', null) FROM quiet, app.demand d WHERE "
        "d.id"
        " = '%s'",
        status, side, person, rank, conflict, need);
}

static inline const char *new_round_by_hand(void)
{
    as("shi.kj");
    call("match_round_create", NULL,
         json("{'title':'补充匹配','year':2027,'method':'manual','start_on':'" START_ON "'}"));
    EXPECT_TEXT("/status", "proposed");
    return keep("/id");
}

static inline const char *pair_by_hand(const char *round, const char *need, const char *person)
{
    as("shi.kj");
    call("match_create", NULL,
         json("{'round_id':'%s','demand_id':'%s','specialist_id':'%s','reason':'对接会上已有意向'}", round, need,
              person));
    return keep("/id");
}

static inline const char *status_of_match(const char *id)
{
    return sql("SELECT status FROM app.match WHERE id = '%s'", id);
}

#endif
