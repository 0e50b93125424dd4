/* A researcher's way into the register, for the tests of its three rooms: 陆知行 applies with a title of 晋原理工大学.
 */
#ifndef TEPAI_TEST_REGISTER_H
#define TEPAI_TEST_REGISTER_H

#include "harness.h"
#include "subjects.h"

#define APPLICANT "luzhixing"
#define ID_NO     "11010519491231002X"

/* Members of a complete application but for its number, ground and evidence. */
#define PERSON                                                                                                                 \
    "'full_name':'陆知行','id_type':'resident_id','mobile':'13900000321','department':'材料学院','position':'教师','" \
    "employment':'employed',"                                                                                                  \
    "'education_code':'11','degree_code':'208','doctoral_status':'awarded','title_level':'senior',"                            \
    "'discipline':'材料学','specialties':['耐磨材料'],'tech_fields':['new_materials'],"                                 \
    "'research_summary':'研究耐磨材料','intended_service':'到企业诊断'"

static inline const char *open_call(void)
{
    return sql("SELECT id FROM app.call WHERE kind = 'specialist' AND status = 'published'");
}

static inline const char *listed_institution(void)
{
    return sql("SELECT id FROM app.institution WHERE status = 'active' ORDER BY id LIMIT 1");
}

/* A draft of the applicant; members are laid over a complete one that stands on a title. */
static inline const char *draft_of(const char *login, const char *id_no, const char *members)
{
    as(login);
    call(
        "application_create", NULL,
        json("{'call_id':'%s','institution_id':'%s','id_no':'%s','eligibility_ground':'title','evidence':['%s']," PERSON
             "%s}",
             open_call(), listed_institution(), id_no, stored_file(login), ""));
    EXPECT(OK);
    const char *id = keep("/id");
    if (members[0] == '\0') return id;
    call("application_update", id, json("{%s}", members));
    EXPECT(OK);
    return id;
}

static inline const char *submit_it(const char *id)
{
    call("application_submit", id, json("{'pledge_version':'2024'}"));
    EXPECT_TEXT("/status", "institution_review");
    return id;
}

/* The institution's word by a link of its own. */
static inline void consent_by_link(const char *id, const char *decision)
{
    const char *hash = sql("SELECT content_sha256 FROM app.application WHERE id = '%s'", id);
    as_link(new_link("application_consent", id, 300));
    with("If-Match", json("'%s'", sql("SELECT version FROM app.application WHERE id = '%s'", id)));
    call("application_consent", id,
         json("{'decision':'%s','content_sha256':'%s','signatory':'周主任','opinion':'见说明'}", decision, hash));
}

/* The whole way of one person: the entry's id. */
static inline const char *entered(const char *login, const char *id_no)
{
    const char *id = submit_it(draft_of(login, id_no, ""));
    consent_by_link(id, "pass");
    EXPECT(OK);
    as("shi.kj");
    call("application_review", id, json("{'decision':'pass'}"));
    EXPECT_TEXT("/status", "approved");
    return keep("/specialist_id");
}

/* Ends what a person has under way in the call, as a person cannot, so that he may apply once more. */
static inline void forget(void)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.application SET status = 'withdrawn' WHERE"
        " applicant_id IN (SELECT id FROM app.account WHERE login_name IN ('" APPLICANT "', 'peiyunshu', 'shenmobai'));"
        " COMMIT");
}

#endif
