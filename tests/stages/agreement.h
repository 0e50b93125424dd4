/* An agreement's way from a fixed line to its filing, for the tests of its room and of those that follow. */
#ifndef TEPAI_TEST_AGREEMENT_H
#define TEPAI_TEST_AGREEMENT_H

#include "harness.h"
#include "subjects.h"

#define FIRM_LOGIN   "lishi"       /* 襄垣砺石煤基新材料有限公司, unit 140423 */
#define PERSON_LOGIN "linruochuan" /* 林若川 of 晋原理工大学 */
#define PERSON_NAME  "林若川"

/* All terms that a text needs. */
#define TERMS                                                                                                          \
    "'service_forms':['consulting','rd'],'tasks':[{'task_group':'rd_transfer','content':'建立余热回收模型',"   \
    "'target':'热效率提高5%%','due_on':'2027-06-30'}],'conditions':'提供办公室','fee_terms':'据实列支'," \
    "'home_post_terms':'保留岗位','ip_terms':'共有','confidentiality_terms':'保密','safety_terms':"            \
    "'办理保险','change_terms':'书面变更','liability_terms':'赔偿损失'"

/* A list fixed the pair: the id of the draft that followed. Earlier pairs make room. */
static inline const char *drafted(void)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.dispatch_line SET status = 'struck' WHERE "
        "status IN"
        " ('listed', 'fixed'); COMMIT");
    const char *list =
        sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
            " INSERT INTO app.dispatch_list (id, version, created_at, updated_at, status, title, year, batch_no)"
            " SELECT gen_random_uuid(), 1, app.now(), app.now(), 'fixed', '试验名单', 2099, (SELECT count(*) + 1 FROM"
            " app.dispatch_list) FROM quiet RETURNING id");
    const char *line = sql(
        "WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " INSERT INTO app.dispatch_line (id, version, created_at, updated_at, unit_id, status, list_id, list_status,"
        " match_id, specialist_id, enterprise_id, demand_id, start_on, end_on) SELECT gen_random_uuid(), 1, app.now(),"
        " app.now(), e.unit_id, 'listed', '%s', 'fixed', gen_random_uuid(), p.specialist_id, e.id, d.id, '2027-01-01',"
        " '2027-12-31' FROM quiet, app.account f JOIN app.enterprise e ON e.id = f.enterprise_id JOIN app.demand d"
        " ON d.enterprise_id = e.id AND d.task_groups <> '{}', app.account p WHERE f.login_name = '" FIRM_LOGIN
        "' AND p.login_name = '" PERSON_LOGIN "' ORDER BY d.id LIMIT 1 RETURNING id",
        list);
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.demand SET status = 'matched' WHERE id = "
        "(SELECT"
        " demand_id FROM app.dispatch_line WHERE id = '%s'); COMMIT",
        line);
    sql("ALTER TABLE app.placement DISABLE TRIGGER placement_event");
    sql("SELECT set_config('app.actor', 'system', false)");
    sql("UPDATE app.dispatch_line SET status = 'fixed' WHERE id = '%s'", line);
    sql("SELECT set_config('app.actor', '', false)");
    return sql("SELECT id FROM app.agreement WHERE line_id = '%s'", line);
}

static inline const char *hash_of(const char *id)
{
    return sql("SELECT content_sha256 FROM app.agreement WHERE id = '%s'", id);
}

/* Both sides have written their terms and the county has sent it to be signed. */
static inline const char *issued(void)
{
    const char *id = drafted();
    as(FIRM_LOGIN);
    call("agreement_update", id, json("{" TERMS "}"));
    EXPECT(OK);
    as("xiangyuan.kj");
    call("agreement_issue", id, NULL);
    EXPECT_TEXT("/status", "signing");
    return id;
}

static inline void sign_as(const char *login, const char *id, const char *name)
{
    as(login);
    call("agreement_sign", id, json("{'content_sha256':'%s','signatory':'%s','post':'代表'}", hash_of(id), name));
}

static inline void sign_by_link(const char *id)
{
    as_link(new_link("agreement_signature", id, 300));
    call("agreement_sign", id, json("{'content_sha256':'%s','signatory':'周主任','post':'处长'}", hash_of(id)));
}

/* All three have signed. */
static inline const char *signed_by_all(void)
{
    const char *id = issued();
    sign_as(PERSON_LOGIN, id, PERSON_NAME);
    sign_as(FIRM_LOGIN, id, "李石");
    sign_by_link(id);
    EXPECT_TEXT("/status", "signed");
    return id;
}

static inline const char *filed(void)
{
    const char *id = signed_by_all();
    as("shi.rc");
    call("agreement_file", id, json("{'decision':'pass'}"));
    EXPECT_TEXT("/status", "filed");
    return id;
}

#endif
