/* People and records for the tests that try every operation. */
#include "subjects.h"

#include "arena.h"
#include "clock.h"
#include "forge.h"
#include "harness.h"
#include "link.h"
#include "seal.h"
#include "token.h"
#include "totp.h"

#include <openssl/core_names.h>

#include <stdlib.h>

const char *const caller_words[CALLERS] = {"nobody",  "city/st",    "city/other", "county/st",  "county/other",
                                           "machine", "enterprise", "specialist", "institution"};
const char *const owner_words[OWNERS] = {"own", "colleague", "neighbour", "stranger", "draft", "nowhere"};

static struct {
    const char *login, *account, *colleague;
    bool is_admin;
} people[CALLERS];
static const char *firm, *firm_unit, *other_unit, *base_firm, *base_demand, *base_call, *adopted_policy;

/* Copies a row with some members changed and without waking a trigger; columns the database computes are left out. */
#define CLONE                                                                                                          \
    "CREATE FUNCTION pg_temp.clone(room text, source uuid, changes jsonb) RETURNS uuid LANGUAGE plpgsql AS $$ "        \
    "DECLARE names text; made uuid := gen_random_uuid(); BEGIN "                                                       \
    "SELECT string_agg(quote_ident(column_name), ',') INTO names FROM information_schema.columns "                     \
    "WHERE table_schema = 'app' AND table_name = room AND is_generated = 'NEVER'; "                                    \
    "PERFORM set_config('session_replication_role', 'replica', true); "                                                \
    "EXECUTE format('INSERT INTO app.%%1$I (%%2$s) SELECT %%2$s FROM jsonb_populate_record(NULL::app.%%1$I, "          \
    "(SELECT to_jsonb(t) FROM app.%%1$I t WHERE t.id = $1) || $2)', room, names) "                                     \
    "USING source, changes || jsonb_build_object('id', made); "                                                        \
    "PERFORM set_config('session_replication_role', 'origin', true); RETURN made; END $$"

static const char *own_link; /* of the application that the holder of a link is about to be asked about */
static struct arena *kept;   /* texts made here, until the program ends */
#define TEXT(...) arena_print(kept, __VA_ARGS__)

/* The hash of the version that applications made here are at. */
#define SHA256 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* The figures of the last full year, without which nothing is submitted. */
#define LAST_YEAR                                                                                                      \
    "[{\"year\": 2025, \"employees\": 80, \"rd_staff\": 8, \"revenue_fen\": 1, \"rd_expense_fen\": 1, "                \
    "\"assets_fen\": 1}]"

static const char *need(const char *value, const char *what)
{
    if (value != NULL) return value;
    printf("the demo programme has no %s\n0 passed, 1 failed\n", what);
    exit(1);
}

static void person(enum caller c, const char *login, const char *colleague)
{
    people[c].login = need(login, caller_words[c]);
    people[c].account = sql("SELECT id FROM app.account WHERE login_name = '%s'", login);
    people[c].colleague = colleague;
    people[c].is_admin = sql("SELECT 1 FROM app.account WHERE login_name = '%s' AND is_admin", login) != NULL;
}

static const char *officer(const char *where)
{
    return sql("SELECT login_name FROM app.account WHERE status = 'active' AND locked_until IS NULL AND %s"
               " ORDER BY login_name LIMIT 1",
               where);
}

static const char *account_of(const char *where)
{
    return sql("SELECT id FROM app.account WHERE status = 'active' AND %s ORDER BY login_name DESC LIMIT 1", where);
}

static const char *in_unit(const char *office)
{
    return TEXT("role = 'county' AND office = '%s' AND unit_id = '%s'", office, firm_unit);
}

static void choose_people(void)
{
    const char *owner =
        need(sql("SELECT a.login_name FROM app.account a JOIN app.enterprise e ON e.id = a.enterprise_id"
                 " WHERE a.status = 'active' AND e.status = 'active' AND e.side = 'enterprise'"
                 " ORDER BY a.login_name LIMIT 1"),
             "firm with an account");
    firm = sql("SELECT enterprise_id FROM app.account WHERE login_name = '%s'", owner);
    firm_unit = sql("SELECT unit_id FROM app.enterprise WHERE id = '%s'", firm);
    other_unit = sql("SELECT code FROM app.unit WHERE code <> '%s' ORDER BY code LIMIT 1", firm_unit);
    const char *mate = sql("SELECT pg_temp.clone('account', (SELECT id FROM app.account WHERE login_name = '%s'),"
                           " '{\"login_name\": \"colleague.of.firm\"}')",
                           owner);
    sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " UPDATE app.account SET is_admin = true FROM quiet WHERE login_name = '%s'",
        owner);
    person(ENTERPRISE, owner, mate);
    person(CITY_ST, officer("role = 'city' AND office = 'st'"), account_of("role = 'city' AND office = 'st'"));
    person(CITY_OTHER, officer("role = 'city' AND office = 'talent'"),
           account_of("role = 'city' AND office = 'talent'"));
    person(COUNTY_ST, officer(in_unit("st")), account_of(in_unit("talent")));
    person(COUNTY_OTHER, officer(in_unit("talent")), account_of(in_unit("talent")));
    person(SPECIALIST, officer("role = 'specialist'"), NULL);
    people[MACHINE].colleague = people[COUNTY_ST].account;
}

static EVP_PKEY *machine_key;

#define MACHINE_ID  "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0004"
#define MACHINE_KID "of-the-tests"

const char *machine_id(void)
{
    return MACHINE_ID;
}

static const char *coordinate(const char *name)
{
    BIGNUM *number = NULL;
    unsigned char bytes[32];
    char *text = arena_take(kept, 44);
    EVP_PKEY_get_bn_param(machine_key, name, &number);
    BN_bn2binpad(number, bytes, sizeof bytes);
    BN_free(number);
    return sodium_bin2base64(text, 44, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static const char *all_scopes(const char *between)
{
    const char *list = "";
    for (int i = 0; contract_scope(i) != NULL; i++)
        list = TEXT("%s%s%s", list, i == 0 ? "" : between, contract_scope(i));
    return list;
}

/* The county's own system, with a key. */
static void open_machine(void)
{
    machine_key = EVP_EC_gen("P-256");
    sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " INSERT INTO app.client (id, version, created_at, updated_at, unit_id, status, name, office, scopes, jwks)"
        " SELECT '" MACHINE_ID "', 1, app.now(), app.now(), '%s', 'active', '试验系统', 'st', '{%s}',"
        " '{\"keys\": [{\"kty\": \"EC\", \"crv\": \"P-256\", \"kid\": \"" MACHINE_KID "\", \"x\": \"%s\","
        " \"y\": \"%s\"}]}' FROM quiet",
        firm_unit, all_scopes(","), coordinate("qx"), coordinate("qy"));
}

const char *machine_token(const char *scopes)
{
    struct actor actor = {.role = DB_COUNTY, .office = "st", .client = MACHINE_ID, .auth_time = clock_unix()};
    const struct token_about about = {.unit = firm_unit, .scope = scopes == NULL ? all_scopes(" ") : scopes};
    return token_issue(kept, &actor, &about);
}

/* An assertion as a form has it, good once. */
static const char *machine_proof(void)
{
    static char token[FORGED_MAX];
    static int made;
    static const char header[] =
        "{\"alg\":\"ES256\",\"typ\":\"client-authentication+jwt\",\"kid\":\"" MACHINE_KID "\"}";
    const char *payload =
        TEXT("{\"iss\":\"" MACHINE_ID "\",\"sub\":\"" MACHINE_ID "\",\"aud\":\"%s\",\"exp\":%lld,\"jti\":\"%d\"}",
             config_text(SETTING_PUBLIC_URL), (long long)clock_unix() + 60, ++made);
    forge(token, machine_key, header, sizeof header - 1, payload, strlen(payload));
    return TEXT("client_assertion_type=urn%%3Aietf%%3Aparams%%3Aoauth%%3Aclient-assertion-type%%3Ajwt-bearer"
                "&client_assertion=%s",
                token);
}

/* Rows of files are made beside the road, but their bytes lie where the road put them. */
static void store_bytes(void)
{
    as(people[SPECIALIST].login);
    call("attachment_create", NULL,
         TEXT("{\"file_name\":\"x.pdf\",\"media_type\":\"application/pdf\",\"size_bytes\":%zu,\"sha256\":\"%s\"}",
              sizeof FILE_BYTES - 1, sql("SELECT encode(sha256('%s'), 'hex')", FILE_BYTES)));
    call("attachment_upload", keep("/id"), FILE_BYTES);
    EXPECT(OK);
}

void subjects_open(void)
{
    kept = arena_new();
    sql(CLONE);
    choose_people();
    base_firm = firm;
    base_demand = need(sql("SELECT id FROM app.demand WHERE status = 'open' AND confidentiality = 'open' AND targets <>"
                           " '[]' ORDER BY id LIMIT 1"),
                       "open demand");
    base_call = need(sql("SELECT id FROM app.call WHERE kind = 'demand' ORDER BY id LIMIT 1"), "call for demands");
    adopted_policy = need(sql("SELECT id FROM app.policy WHERE status = 'adopted' LIMIT 1"), "policy");
    open_machine();
    store_bytes();
}

const char *login_of(enum caller c)
{
    return people[c].login;
}

/* Links are tried on documents that no room has: what the room of agreements says of an id it does not know is laid
 * over for them. */
static void open_links(void)
{
    if (sql("SELECT to_regprocedure('app.agreement_document_of_room(uuid)')") != NULL) return;
    sql("ALTER FUNCTION app.agreement_document(uuid) RENAME TO agreement_document_of_room");
    sql("ALTER FUNCTION app.agreement_link(uuid) RENAME TO agreement_link_of_room");
    sql("CREATE FUNCTION app.agreement_document(of uuid) RETURNS jsonb LANGUAGE sql STABLE AS"
        " 'SELECT coalesce(app.agreement_document_of_room(of), jsonb_build_object(''agreement_no'', ''TP-2026-0001'',"
        " ''version_no'', 1))'");
    sql("CREATE FUNCTION app.agreement_link(of uuid) RETURNS TABLE (version integer, content_sha256 text,"
        " institution_id uuid, days integer, waits boolean) LANGUAGE sql STABLE AS"
        " 'SELECT * FROM app.agreement_link_of_room(of) UNION ALL"
        " SELECT 3, encode(sha256(''text''), ''hex''), (SELECT id FROM app.institution WHERE name = ''晋原理工大学''),"
        " 14, of <> ''" SETTLED_ID "'' WHERE of <> ''" NOWHERE_ID "''"
        " AND NOT EXISTS (SELECT FROM app.agreement a WHERE a.id = of)'");
}

const char *new_link(const char *kind, const char *subject, int hours)
{
    open_links();
    struct new_link made = link_make(kept);
    sql("INSERT INTO app.link (id, kind, subject_id, subject_version, content_sha256, token_hash, created_at,"
        " expires_at) VALUES (app.uuid7(), '%s', '%s', 1, encode(sha256('content'), 'hex'), '%s',"
        " app.link_clock('%s') - interval '14 days', app.link_clock('%s') + interval '%d hours')",
        kind, subject, made.hash, kind, kind, hours);
    return strchr(made.url, '#') + 1;
}

void as_caller(enum caller c)
{
    static const char *held;
    as(login_of(c));
    if (c == MACHINE) as_token(machine_token(NULL));
    if (c != INSTITUTION) return;
    if (own_link != NULL) {
        as_link(own_link);
        own_link = NULL;
        return;
    }
    if (held == NULL) held = new_link("agreement_signature", "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001", 300);
    as_link(held);
}

const char *unit_here(void)
{
    return firm_unit;
}

const char *unit_elsewhere(void)
{
    return other_unit;
}

const char *unbound_login(void)
{
    static int made;
    const char *login = TEXT("unbound.%d", ++made);
    sql("SELECT pg_temp.clone('account', '%s', '{\"login_name\": \"%s\", \"enterprise_id\": null}')",
        people[ENTERPRISE].account, login);
    return login;
}

static bool is_county(enum caller c)
{
    return c == COUNTY_ST || c == COUNTY_OTHER || c == MACHINE;
}

static bool is_city(enum caller c)
{
    return c == CITY_ST || c == CITY_OTHER;
}

static const char *side_of(enum caller c)
{
    return is_city(c) ? "city" : is_county(c) ? "county" : "enterprise";
}

/* The check character of GB 32100-2015 over the first 17. */
static char uscc_check(const char *code)
{
    static const char letters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    static const int weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    int sum = 0;
    for (int i = 0; i < 17; i++) sum += (int)(strchr(letters, code[i]) - letters) * weights[i];
    return letters[(31 - sum % 31) % 31];
}

const char *fresh_uscc(void)
{
    static int made;
    const char *code = TEXT("91140499MATT%05d", ++made % 100000);
    return TEXT("%s%c", code, uscc_check(code));
}

/* Members every clone gets: who made it, in which state, and whether others have seen it. */
static const char *common(const char *author, const char *side, const char *status, bool shown)
{
    return sql("SELECT jsonb_build_object('created_by', nullif('%s', ''), 'side', '%s', 'status', '%s', 'shown', %s,"
               " 'entered_for', null, 'version', 1, 'updated_at', app.now() + interval '1 day')",
               author == NULL ? "" : author, side, status, shown ? "true" : "false");
}

static const char *new_firm(const char *unit, const char *members)
{
    return sql("SELECT pg_temp.clone('enterprise', '%s', '%s'::jsonb || '{\"unit_id\": \"%s\", \"uscc\": \"%s\","
               " \"is_above_scale\": false, \"figures\": " LAST_YEAR "}')",
               base_firm, members, unit, fresh_uscc());
}

static const char *my_firm(const char *members)
{
    return sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
               " UPDATE app.enterprise e SET (created_by, side, status, shown, updated_at, is_legal_person,"
               " figures) = (SELECT p.created_by, p.side, p.status, p.shown, p.updated_at, true, '" LAST_YEAR "'::jsonb"
               " FROM jsonb_populate_record(e, '%s') p) FROM quiet WHERE e.id = '%s' RETURNING e.id",
               members, firm);
}

static const char *enterprise_subject(enum caller c, enum owner o, const char *status)
{
    bool draft = o == DRAFT;
    const char *state = draft ? "draft" : status == NULL ? "active" : status;
    const char *author = o == OWN ? people[c].account : o == COLLEAGUE ? people[c].colleague : NULL;
    bool knows_own = c == ENTERPRISE || is_county(c);
    if ((o == OWN || o == COLLEAGUE || o == NEIGHBOUR) && !knows_own) return NULL;
    const char *other_side = c == ENTERPRISE ? "county" : "enterprise";
    const char *side = draft ? other_side : o == OWN || o == COLLEAGUE ? side_of(c) : "enterprise";
    const char *members = common(author, side, state, !draft);
    if (c == ENTERPRISE && (o == OWN || o == COLLEAGUE || draft)) return my_firm(members);
    return new_firm(o == STRANGER && knows_own ? other_unit : firm_unit, members);
}

/* The firm a demand belongs to; it is confirmed, as the steps of a demand ask. */
static const char *firm_for(enum caller c, enum owner o)
{
    const char *confirmed = common(NULL, "enterprise", "active", true);
    if (c == ENTERPRISE && (o == OWN || o == COLLEAGUE || o == DRAFT)) return my_firm(confirmed);
    bool elsewhere = o == STRANGER && (c == ENTERPRISE || is_county(c));
    return new_firm(elsewhere ? other_unit : firm_unit, confirmed);
}

static const char *new_demand(const char *of_firm, const char *members)
{
    return sql(
        "SELECT pg_temp.clone('demand', '%s', '%s'::jsonb || jsonb_build_object('enterprise_id', e.id, 'unit_id',"
        " e.unit_id, 'call_id', null, 'priority_no', null, 'correct_by_on', '2000-01-01', 'valid_to',"
        " app.today() + 100)) FROM app.enterprise e WHERE e.id = '%s'",
        base_demand, members, of_firm);
}

static const char *demand_subject(enum caller c, enum owner o, const char *status)
{
    bool knows_own = c == ENTERPRISE || is_county(c), draft = o == DRAFT;
    if ((o == OWN || o == COLLEAGUE || o == NEIGHBOUR) && !knows_own) return NULL;
    const char *author = o == OWN ? people[c].account : o == COLLEAGUE ? people[c].colleague : NULL;
    const char *other_side = c == ENTERPRISE ? "county" : "enterprise";
    const char *side = draft ? other_side : o == OWN || o == COLLEAGUE ? side_of(c) : "enterprise";
    const char *state = draft ? "draft" : status == NULL ? "open" : status;
    return new_demand(firm_for(c, o), common(author, side, state, !draft));
}

/* A further application is another person's by its number, so the account loses its entry; a draft before it ends. */
static void make_way(const char *applicant)
{
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.account SET specialist_id = NULL WHERE id ="
        " '%s'; UPDATE app.application SET status = 'withdrawn' WHERE applicant_id = '%s' AND status = 'draft'; COMMIT",
        applicant, applicant);
}

/* A complete application of the account, in answer to the call that is open; of paper when side is the city. */
static const char *new_application(const char *applicant, const char *author, const char *side, const char *status)
{
    make_way(applicant);
    return sql(
        "WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " INSERT INTO app.application (id, version, created_at, updated_at, created_by, entered_for, status, side, "
        "shown,"
        " policy_id, call_id, applicant_id, full_name, gender, birth_on, id_type, id_no, id_no_masked, id_no_index,"
        " id_no_birth_on, id_no_gender, mobile, mobile_masked, institution_id, department, position, employment, "
        "education_code,"
        " doctoral_status, title_level, discipline, specialties, tech_fields, industries, research_summary,"
        " intended_service, achievements, work_history, preferred_units, other_programmes, eligibility_ground, "
        "evidence,"
        " version_no, content_sha256, versions, answer_by_on)"
        " SELECT gen_random_uuid(), 1, app.now(), app.now() + interval '1 day', nullif('%s', '')::uuid, CASE '%s' WHEN"
        " 'city' THEN jsonb_build_object('side', 'specialist', 'reason', 'paper form', 'attachment_id',"
        " gen_random_uuid()) END, '%s', '%s', '%s' <> 'draft', p.id, c.id, '%s', '试验人员', 'male', '1980-01-01',"
        " 'resident_id', '\\x00', '1499**********0013', sha256(uuid_send(gen_random_uuid())), '1980-01-01', 'male',"
        " '\\x00', '139****0001', (SELECT id FROM app.institution WHERE status = 'active' ORDER BY id LIMIT 1),"
        " '机械学院', '教师', 'employed', '11', 'awarded', 'senior', '机械工程', '{诊断}', '{new_materials}', '{}', "
        "'研究', '服务', '[]',"
        " '[]', '{}', '{}', 'title', ARRAY[gen_random_uuid()], 1, repeat('a', 64),"
        " '[{\"no\": 1, \"content\": {}, \"sha256\": \"" SHA256 "\", \"submitted_at\": \"2026-10-19T00:00:00Z\"}]',"
        " CASE '%s' WHEN 'institution_review' THEN app.today() + 14 END"
        " FROM quiet, app.policy p, app.call c WHERE p.status = 'adopted' AND c.kind = 'specialist' AND c.status ="
        " 'published' LIMIT 1 RETURNING id",
        author == NULL ? "" : author, side, status, side, status, applicant, status);
}

static const char *other_applicant(void)
{
    return sql("SELECT id FROM app.account WHERE role = 'specialist' AND id <> '%s' ORDER BY login_name LIMIT 1",
               people[SPECIALIST].account);
}

static const char *application_subject(enum caller c, enum owner o, const char *status)
{
    bool by_city = is_city(c) && (o == OWN || o == COLLEAGUE), mine = c == SPECIALIST && o != STRANGER;
    bool holds_own = c == SPECIALIST || c == INSTITUTION || is_city(c);
    if (o == NEIGHBOUR || (o == OWN && !holds_own) || (o == COLLEAGUE && !is_city(c))) return NULL;
    const char *author = o == OWN ? people[c].account : o == COLLEAGUE ? people[c].colleague : NULL;
    const char *side = by_city || (o == DRAFT && c == SPECIALIST) ? "city" : "specialist";
    const char *state = o == DRAFT ? "draft" : status == NULL ? "city_review" : status;
    const char *id = new_application(mine ? people[SPECIALIST].account : other_applicant(), author, side, state);
    if (c == INSTITUTION && o == OWN) own_link = new_link("application_consent", id, 300);
    return id;
}

static const char *new_specialist(const char *account, const char *status, const char *paused_by)
{
    static int made;
    return sql(
        "WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true)),"
        " made AS (INSERT INTO app.specialist (id, version, created_at, updated_at, status, code, application_id,"
        " full_name, id_no_index, specialties, tech_fields, industries, achievements, work_history, preferred_units,"
        " other_programmes, eligibility_ground, waived, valid_from, valid_to, suspended_by_side)"
        " SELECT gen_random_uuid(), 1, app.now(), app.now() + interval '1 day', '%s', 'TP-2099-%04d',"
        " gen_random_uuid(), '试验人员', sha256(uuid_send(gen_random_uuid())), '{}', '{}', '{}', '[]', '[]', '{}', "
        "'{}',"
        " 'title', false, app.today(), app.today() + 300, CASE '%s' WHEN 'suspended' THEN '%s' END FROM quiet"
        " RETURNING id), bound AS (UPDATE app.account SET specialist_id = made.id FROM made WHERE account.id ="
        " nullif('%s', '')::uuid) SELECT id FROM made",
        status, ++made, status, paused_by, account == NULL ? "" : account);
}

static const char *specialist_subject(enum caller c, enum owner o, const char *status)
{
    if (o != STRANGER && (o != OWN || c != SPECIALIST)) return NULL;
    return new_specialist(o == OWN ? people[c].account : NULL, status == NULL ? "registered" : status,
                          c == SPECIALIST ? "self" : "city");
}

static const char *service_offer_subject(enum caller c, enum owner o, const char *status)
{
    const char *of = specialist_subject(c, o, NULL);
    if (of == NULL) return NULL;
    return sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
               " INSERT INTO app.service_offer (id, version, created_at, updated_at, status, specialist_id, title,"
               " description, deliverables, task_group, service_forms, tech_fields) SELECT gen_random_uuid(), 1,"
               " app.now(), app.now() + interval '1 day', '%s', '%s', '试验', '说明', '报告', 'rd_transfer', '{rd}',"
               " '{new_materials}' FROM quiet RETURNING id",
               status == NULL ? "published" : status, of);
}

/* A wish of the caller's side for a pair; MUTUAL stands for one of the other side that the caller may know of. */
#define MUTUAL "mutual"

static const char *new_wish(const char *author, const char *side, const char *demand, const char *person, bool mutual)
{
    return sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
               " INSERT INTO app.intention (id, version, created_at, updated_at, created_by, unit_id, status, side,"
               " demand_id, enterprise_id, specialist_id, rank, conflict, mutual) SELECT gen_random_uuid(), 1,"
               " app.now(), app.now() + interval '1 day', nullif('%s', '')::uuid, d.unit_id, 'active', '%s', d.id,"
               " d.enterprise_id, '%s', 1, '{\"kind\": \"none\", \"detail\": null}', %s FROM quiet, app.demand d WHERE"
               " d.id = '%s' RETURNING id",
               author == NULL ? "" : author, side, person, mutual ? "true" : "false", demand);
}

static const char *intention_subject(enum caller c, enum owner o, const char *status)
{
    bool others = status != NULL && strcmp(status, MUTUAL) == 0, mine = o == OWN || o == COLLEAGUE;
    bool of_firm = c == ENTERPRISE || (is_county(c) && o == NEIGHBOUR);
    if (o == DRAFT || (mine && c != ENTERPRISE && (c != SPECIALIST || o != OWN))) return NULL;
    if (o == NEIGHBOUR && !of_firm) return NULL;
    const char *author = o == OWN ? people[c].account : o == COLLEAGUE ? people[c].colleague : NULL;
    const char *demand = new_demand(firm_for(c, o), common(NULL, "enterprise", "open", true));
    const char *person = new_specialist(mine && c == SPECIALIST ? author : NULL, "registered", "self");
    const char *side = (c == SPECIALIST) != others ? "specialist" : "enterprise";
    return new_wish(author, side, demand, person, others);
}

static const char *call_subject(enum caller c, enum owner o, const char *status)
{
    static int made;
    bool knows_own = is_city(c) || is_county(c), draft = o == DRAFT;
    if ((o == OWN || o == COLLEAGUE) && !knows_own) return NULL;
    if (o == NEIGHBOUR) return NULL;
    const char *state = draft ? "draft" : status == NULL ? "published" : status;
    made++;
    const char *author = o == OWN ? people[c].account : o == COLLEAGUE ? people[c].colleague : NULL;
    bool by_city = draft ? !is_city(c) : is_city(c) && o != STRANGER;
    const char *unit = by_city ? "null" : TEXT("'%s'", is_county(c) && o != STRANGER ? firm_unit : other_unit);
    const char *members = common(author, by_city ? "city" : "county", state, strcmp(state, "draft") != 0);
    return sql("SELECT pg_temp.clone('call', '%s', '%s'::jsonb || jsonb_build_object('unit_id', %s, 'year', %d,"
               " 'batch_no', %d,"
               " 'opens_at', app.now() + interval '300 days', 'closes_at', app.now() + interval '400 days'))",
               base_call, members, unit, 2030 + made / 100, 1 + made % 100);
}

static const char *firm_name(const char *of)
{
    return sql("SELECT name FROM app.enterprise WHERE id = '%s'", of);
}

/* An account of a firm; the firm's earlier ones make room for it. */
static const char *new_bank_account(const char *of_firm, const char *author, const char *status)
{
    sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " UPDATE app.bank_account SET status = 'replaced' FROM quiet WHERE enterprise_id = '%s'",
        of_firm);
    return sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
               " INSERT INTO app.bank_account (id, version, created_at, updated_at, created_by, unit_id, status,"
               " enterprise_id, bank_name, branch, account_name, account_no, account_no_masked, account_no_index)"
               " SELECT gen_random_uuid(), 1, app.now(), app.now() + interval '1 day', nullif('%s', '')::uuid,"
               " e.unit_id, '%s', e.id, '试验银行', '试验支行', e.name, '\\x00', '6222****0001',"
               " sha256(uuid_send(gen_random_uuid())) FROM quiet, app.enterprise e WHERE e.id = '%s' RETURNING id",
               author == NULL ? "" : author, status, of_firm);
}

static const char *bank_account_subject(enum caller c, enum owner o, const char *status)
{
    bool mine = c == ENTERPRISE && (o == OWN || o == COLLEAGUE);
    if (!mine && o != STRANGER && (o != NEIGHBOUR || (c != ENTERPRISE && !is_county(c)))) return NULL;
    const char *author = !mine ? NULL : o == OWN ? people[c].account : people[c].colleague;
    return new_bank_account(firm_for(c, o), author, status == NULL ? "confirmed" : status);
}

/* A pair that a list fixed, at any state of its way; an issued one has a text, and as many signatures as it needs. */
static const char *new_agreement(const char *of_firm, const char *of_person, const char *status)
{
    static int made;
    made++;
    const char *need = new_demand(of_firm, common(NULL, "enterprise", "matched", true));
    const char *id = sql(
        "WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " INSERT INTO app.agreement (id, version, created_at, updated_at, unit_id, status, line_id, agreement_no,"
        " version_no, policy_id, specialist_id, institution_id, enterprise_id, demand_id, start_on, end_on,"
        " service_quota, service_forms, tasks, conditions, fee_terms, home_post_terms, ip_terms, confidentiality_terms,"
        " safety_terms, change_terms, liability_terms, template_version, \"text\", content_sha256, sign_by_on,"
        " signed_parties, filing_no) SELECT gen_random_uuid(), 1, app.now(), app.now() + interval '1 day', e.unit_id,"
        " '%s', gen_random_uuid(), 'XY-2099-%04d', 1, '%s', '%s', (SELECT id FROM app.institution WHERE status ="
        " 'active' ORDER BY id LIMIT 1), e.id, '%s', app.today() + 60, app.today() + 424, 10, '{rd}', "
        "'[{\"task_group\":"
        " \"rd_transfer\", \"content\": \"x\", \"target\": null, \"due_on\": null}]', 'x', 'x', 'x', 'x', 'x', 'x', "
        "'x',"
        " 'x', s.template, s.template, CASE WHEN s.template IS NOT NULL THEN repeat('a', 64) END, app.today() + 30,"
        " CASE WHEN '%s' IN ('signed', 'filed') THEN '{specialist,institution,enterprise}' ELSE '{}' END::text[],"
        " CASE '%s' WHEN 'filed' THEN 'BA-2099-%04d' END"
        " FROM quiet, app.enterprise e, (SELECT CASE WHEN '%s' <> 'draft' THEN '2026-1' END AS template) s"
        " WHERE e.id = '%s' RETURNING id",
        status, made, adopted_policy, of_person, need, status, status, made, status, of_firm);
    sql("INSERT INTO app.agreement_version (agreement_id, version_no, template_version, \"text\", content_sha256)"
        " SELECT id, version_no, template_version, \"text\", content_sha256 FROM app.agreement WHERE id = '%s' AND "
        "\"text\""
        " IS NOT NULL",
        id);
    return id;
}

static const char *agreement_subject(enum caller c, enum owner o, const char *status)
{
    bool mine = o == OWN && (c == ENTERPRISE || c == SPECIALIST || c == INSTITUTION);
    bool beside = o == NEIGHBOUR && (c == ENTERPRISE || is_county(c));
    if (!mine && !beside && o != STRANGER) return NULL;
    const char *person_of_it = new_specialist(c == SPECIALIST && mine ? people[c].account : NULL, "registered", "city");
    const char *of = firm_for(c, o == OWN && c != ENTERPRISE ? STRANGER : o);
    const char *id = new_agreement(of, person_of_it, status == NULL ? "filed" : status);
    if (c == INSTITUTION && o == OWN) own_link = new_link("agreement_signature", id, 300);
    return id;
}

/* Whose the firm or the person of a placement is: the caller's own, of the caller's unit, or of another. */
static bool stands_beside(enum caller c, enum owner o)
{
    if (o == OWN) return c == ENTERPRISE || c == SPECIALIST;
    return o == STRANGER || (o == NEIGHBOUR && (is_county(c) || c == ENTERPRISE));
}

static const char *side_person(enum caller c, enum owner o)
{
    return new_specialist(c == SPECIALIST && o == OWN ? people[c].account : NULL, "registered", "city");
}

/* A notice with one line; the offices have said what its state asks for. */
static const char *dispatch_notice_subject(enum caller c, enum owner o, const char *status)
{
    static int made;
    const char *state = status == NULL ? "issued" : status;
    if (!stands_beside(c, o)) return NULL;
    bool issued = strcmp(state, "issued") == 0, complete = issued || strcmp(state, "approved") == 0;
    return sql(
        "WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true)), line AS (SELECT"
        " e.id AS firm, e.unit_id, '%s'::uuid AS person FROM app.enterprise e WHERE e.id = '%s'), made AS (INSERT INTO"
        " app.dispatch_notice (id, version, created_at, updated_at, status, doc_no, title, issued_on, approval_count,"
        " readers) SELECT gen_random_uuid(), 1, app.now(), app.now() + interval '1 day', '%s', %s, '试验通知', %s, %d,"
        " ARRAY['unit:' || unit_id, 'enterprise:' || firm, 'specialist:' || person] FROM quiet, line RETURNING id)"
        " INSERT INTO app.dispatch_notice_agreement (notice_id, agreement_id, position, unit_id, enterprise_id,"
        " specialist_id) SELECT made.id, gen_random_uuid(), 1, unit_id, firm, person FROM made, line RETURNING "
        "notice_id",
        side_person(c, o), firm_for(c, o), state, issued ? TEXT("'试验〔2026〕%d号'", ++made) : "NULL",
        issued ? "app.today()" : "NULL", complete ? 4 : 0);
}

/* Each has days of its own, for one firm and one person have one placement a day. */
static const char *placement_subject(enum caller c, enum owner o, const char *status)
{
    static int made;
    if (!stands_beside(c, o)) return NULL;
    made++;
    return sql(
        "WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " INSERT INTO app.placement (id, version, created_at, updated_at, unit_id, status, placement_no,"
        " policy_id, specialist_id, enterprise_id, institution_id, demand_id, agreement_id, notice_id, start_on,"
        " end_on, service_quota) SELECT gen_random_uuid(), 1, app.now(), app.now() + interval '1 day', e.unit_id,"
        " '%s', 'PZ-2099-%04d', '%s', '%s', e.id, gen_random_uuid(), '%s', gen_random_uuid(), gen_random_uuid(),"
        " app.today() + 4 * %d, app.today() + 4 * %d + 3, 1 FROM quiet, app.enterprise e WHERE e.id = '%s'"
        " RETURNING id",
        status == NULL ? "active" : status, made, adopted_policy, side_person(c, o), base_demand, 100 + made,
        100 + made, firm_for(c, o));
}

/* A report of the firm, or for a person his plan. */
static const char *obligation_subject(enum caller c, enum owner o, const char *status)
{
    if (!stands_beside(c, o)) return NULL;
    bool personal = c == SPECIALIST;
    return sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
               " INSERT INTO app.obligation (id, version, created_at, updated_at, unit_id, status, kind, placement_id,"
               " debtor_role, enterprise_id, specialist_id, period, due_on) SELECT gen_random_uuid(), 1, app.now(),"
               " app.now() + interval '1 day', e.unit_id, '%s', '%s', gen_random_uuid(), '%s', %s, %s, %s, app.today()"
               " FROM quiet, app.enterprise e WHERE e.id = '%s' RETURNING id",
               status == NULL ? "open" : status, personal ? "work_plan" : "quarter_report",
               personal ? "specialist" : "enterprise", personal ? "NULL" : "e.id",
               personal ? TEXT("'%s'", side_person(c, o)) : "NULL", personal ? "NULL" : "'q1'", firm_for(c, o));
}

static const char *institution_subject(enum caller c, enum owner o, const char *status)
{
    bool knows_own = c == CITY_ST || c == SPECIALIST;
    if (o == DRAFT || o == NEIGHBOUR || (o == OWN && !knows_own) || (o == COLLEAGUE && c != CITY_ST)) return NULL;
    const char *author = o == OWN ? people[c].account : o == COLLEAGUE ? people[c].colleague : NULL;
    return sql("SELECT pg_temp.clone('institution', (SELECT id FROM app.institution WHERE status = 'active' ORDER BY id"
               " LIMIT 1), jsonb_build_object('created_by', nullif('%s', ''), 'status', '%s', 'uscc', '%s', 'version',"
               " 1, 'updated_at', app.now() + interval '1 day'))",
               author == NULL ? "" : author, status == NULL ? "active" : status, fresh_uscc());
}

static const char *new_account(const char *author, const char *status, const char *rights)
{
    static int made;
    return sql("SELECT pg_temp.clone('account', '%s', '{\"office\": null, \"unit_id\": null, \"enterprise_id\": null,"
               " \"is_admin\": false, \"managed_in\": null, \"version\": 1}'::jsonb || '%s' || jsonb_build_object("
               "'login_name', 'subject.%d', 'status', '%s', 'created_by', nullif('%s', ''), 'updated_at', app.now() +"
               " interval '1 day'))",
               people[ENTERPRISE].account, rights, ++made, status, author == NULL ? "" : author);
}

/* Of the caller's organisation, of a firm in the caller's unit, or of an organisation elsewhere. */
static const char *rights_of_account(enum caller c, enum owner o)
{
    if (o == STRANGER)
        return TEXT("{\"role\": \"county\", \"office\": \"st\", \"unit_id\": \"%s\", \"managed_in\": \"%s\"}",
                    other_unit, other_unit);
    if (o == NEIGHBOUR || c == ENTERPRISE)
        return TEXT("{\"role\": \"enterprise\", \"enterprise_id\": \"%s\", \"managed_in\": \"%s\"}",
                    o == NEIGHBOUR ? new_firm(firm_unit, common(NULL, "enterprise", "active", true)) : firm, firm_unit);
    if (is_city(c)) return "{\"role\": \"city\", \"office\": \"finance\"}";
    return TEXT("{\"role\": \"county\", \"office\": \"st\", \"unit_id\": \"%s\", \"managed_in\": \"%s\"}", firm_unit,
                firm_unit);
}

/* One's own account is really one's own, but for steps that would end it: then it is one that the caller opened. */
static const char *account_subject(enum caller c, enum owner o, const char *status)
{
    bool organised = is_city(c) || is_county(c) || c == ENTERPRISE;
    if (o == DRAFT || (o == NEIGHBOUR && !is_county(c) && c != ENTERPRISE)) return NULL;
    if (o == OWN && status == NULL) return people[c].account;
    if (o != STRANGER && !organised) return NULL;
    const char *author = o == OWN ? people[c].account : o == COLLEAGUE ? people[c].colleague : NULL;
    return new_account(author, status == NULL ? "active" : status, rights_of_account(c, o));
}

static const char *new_session(const char *account)
{
    return sql(
        "WITH s AS (INSERT INTO app.session (id, account_id, expires_at, ends_at) VALUES (gen_random_uuid(), '%s',"
        " now() + interval '30 minutes', now() + interval '1 hour') RETURNING id) SELECT id FROM s",
        account);
}

static const char *fresh;

const char *fresh_token(void)
{
    return fresh;
}

/* Signs in anew: some operations take the session of the token itself alone. */
static const char *own_session(const char *login)
{
    if (login == NULL) return NULL;
    as(NULL);
    ask("POST", "/v1/sessions", TEXT("{\"login_name\":\"%s\",\"password\":\"Tepai-Demo-2026\"}", login));
    fresh = keep("/access_token");
    return keep("/id");
}

static const char *session_subject(enum caller c, enum owner o)
{
    if (o == OWN) return own_session(people[c].login);
    if (o == COLLEAGUE) return people[c].colleague == NULL ? NULL : new_session(people[c].colleague);
    if (o == STRANGER) return new_session(people[c == CITY_ST ? SPECIALIST : CITY_ST].account);
    return NULL;
}

const char *adopted_pair(const char *unit)
{
    static int made;
    made++;
    const char *of_firm = new_firm(unit, common(NULL, "enterprise", "active", true));
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.enterprise SET is_legal_person = true,"
        " barred_until = NULL, other_programmes = '{}', name = '结对企业%d' WHERE id = '%s'; COMMIT",
        made, of_firm);
    const char *need_id = new_demand(of_firm, common(NULL, "enterprise", "matched", true));
    const char *who = new_specialist(NULL, "registered", "city");
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.specialist SET full_name = '结对人员%d',"
        " institution_id = (SELECT id FROM app.institution WHERE status = 'active' ORDER BY id LIMIT 1) WHERE id ="
        " '%s'; COMMIT",
        made, who);
    const char *round =
        sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
            " INSERT INTO app.match_round (id, version, created_at, updated_at, status, policy_id,"
            " title, year, method, start_on, weights) SELECT gen_random_uuid(), 1, app.now(),"
            " app.now(), 'adopted', '%s', '试验轮次', 2026, 'manual', app.today() + 60, '{}' FROM quiet"
            " RETURNING id",
            adopted_policy);
    return sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
               " INSERT INTO app.match (id, version, created_at, updated_at, unit_id, status, round_id, demand_id,"
               " enterprise_id, specialist_id, origin, score_bp, components, enterprise_answer, specialist_answer)"
               " SELECT gen_random_uuid(), 1, app.now(), app.now(), '%s', 'adopted', '%s', '%s', '%s', '%s', 'manual',"
               " 5000, '[]', 'accepted', 'accepted' FROM quiet RETURNING id",
               unit, round, need_id, of_firm, who);
}

static const char *last_line; /* of the list that was made last */

/* A list with one line of the unit, all in the state. */
static const char *new_list(const char *author, const char *unit, const char *status)
{
    static int made;
    const char *pair = adopted_pair(unit);
    bool noticed = strcmp(status, "announced") == 0;
    made++;
    const char *id = sql(
        "WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " INSERT INTO app.dispatch_list (id, version, created_at, updated_at, created_by, status, title, year, "
        "batch_no,"
        " public_notice, notice_from, notice_to, unit_ids) SELECT gen_random_uuid(), 1, app.now(), app.now() + interval"
        " '1 day', nullif('%s', '')::uuid, '%s', '试验名单', %d, %d, %s, %s, %s, '{%s}' FROM quiet RETURNING id",
        author == NULL ? "" : author, status, 2030 + made / 100, 1 + made % 100, noticed ? "true" : "false",
        noticed ? "app.today()" : "NULL", noticed ? "app.today() + 4" : "NULL", unit);
    const char *opinion = strcmp(status, "draft") == 0 || strcmp(status, "consulting") == 0 ? "none" : "concur";
    last_line = sql(
        "WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " INSERT INTO app.dispatch_line (id, version, created_at, updated_at, created_by, unit_id, status, list_id,"
        " match_id, specialist_id, enterprise_id, demand_id, start_on, end_on, talent_opinion, list_status) SELECT"
        " gen_random_uuid(), 1, app.now(), app.now() + interval '1 day', nullif('%s', '')::uuid, m.unit_id, '%s', '%s',"
        " m.id, m.specialist_id, m.enterprise_id, m.demand_id, app.today() + 60, app.today() + 424, '%s', '%s' FROM"
        " quiet, app.match m WHERE m.id = '%s' RETURNING id",
        author == NULL ? "" : author,
        strcmp(status, "fixed") == 0       ? "fixed"
        : strcmp(status, "cancelled") == 0 ? "struck"
                                           : "listed",
        id, opinion, status, pair);
    return id;
}

/* A list belongs to the bureau; a county's neighbour is one with a line of its unit. */
static const char *dispatch_list_subject(enum caller c, enum owner o, const char *status)
{
    bool writes = c == CITY_ST && (o == OWN || o == COLLEAGUE);
    if (!writes && o != STRANGER && o != DRAFT && (o != NEIGHBOUR || !is_county(c))) return NULL;
    if (o == DRAFT && is_city(c)) return NULL;
    const char *author = !writes ? NULL : o == OWN ? people[c].account : people[c].colleague;
    const char *state = o == DRAFT ? "draft" : status == NULL ? "announced" : status;
    return new_list(author, o == STRANGER && is_county(c) ? other_unit : firm_unit, state);
}

static const char *dispatch_line_subject(enum caller c, enum owner o)
{
    return dispatch_list_subject(c, o, "draft") == NULL ? NULL : last_line;
}

/* A problem of a placement that is nowhere else; its owner is its raiser when it is the caller's, else a person. */
static const char *new_issue(const char *author, const char *raised_by, const char *unit, const char *status,
                             const char *owner_side, const char *of_firm, const char *of_person)
{
    return sql(
        "WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " INSERT INTO app.issue (id, version, created_at, updated_at, created_by, unit_id, status, source,"
        " placement_id, category, severity, content, owner_side, owner_office, due_on, resolution, confirm_by_on,"
        " raised_by, enterprise_id, specialist_id) SELECT gen_random_uuid(), 1, app.now(), app.now() + interval '1 "
        "day',"
        " nullif('%s', '')::uuid, '%s', s, 'placement', gen_random_uuid(), 'service', 'minor', '试验问题',"
        " CASE WHEN s <> 'open' THEN '%s' END, CASE WHEN s <> 'open' AND '%s' = 'city' THEN 'st' END,"
        " CASE WHEN s <> 'open' THEN app.today() + 5 END, CASE s WHEN 'resolved' THEN '已处理' END,"
        " CASE s WHEN 'resolved' THEN app.today() + 10 END, '%s', '%s', '%s' FROM quiet, (SELECT '%s' AS s) x"
        " RETURNING id",
        author == NULL ? "" : author, unit, owner_side, owner_side, raised_by, of_firm, of_person, status);
}

static const char *issue_subject(enum caller c, enum owner o, const char *status)
{
    bool raises = c == CITY_ST || is_county(c) || c == ENTERPRISE || c == SPECIALIST;
    bool mine = raises && (o == OWN || (o == COLLEAGUE && c != SPECIALIST));
    if (!mine && o != STRANGER && (o != NEIGHBOUR || (!is_county(c) && c != ENTERPRISE))) return NULL;
    const char *person_id = new_specialist(mine && c == SPECIALIST ? people[c].account : NULL, "registered", "city");
    const char *owner = c == SPECIALIST && mine ? "specialist" : side_of(c);
    const char *word = c == CITY_ST      ? "city"
                       : is_county(c)    ? TEXT("unit:%s", firm_unit)
                       : c == ENTERPRISE ? TEXT("enterprise:%s", firm)
                                         : TEXT("specialist:%s", person_id);
    return new_issue(!mine      ? NULL
                     : o == OWN ? people[c].account
                                : people[c].colleague,
                     mine ? word : "enterprise:none", o == STRANGER ? other_unit : firm_unit,
                     status == NULL ? "open" : status, mine ? owner : "specialist",
                     mine && c == ENTERPRISE ? firm : NOWHERE_ID, person_id);
}

/* A draft for years that no other version rules. */
static const char *new_policy(void)
{
    static int made;
    made++;
    return sql("SELECT pg_temp.clone('policy', '%s', '{\"status\": \"draft\", \"code\": \"9%03d\","
               " \"valid_from\": \"9%03d-01-01\", \"valid_to\": \"9%03d-12-31\"}')",
               adopted_policy, made, made, made);
}

/* The organisation of a caller, or one beside or away from it, as a file names its owner. */
static const char *file_owner(enum caller c, enum owner o)
{
    if (o == STRANGER) return TEXT("unit:%s", other_unit);
    if (o == NEIGHBOUR) return is_city(c) || c == SPECIALIST ? NULL : "enterprise:" NOWHERE_ID;
    if (is_city(c)) return "city";
    if (c == SPECIALIST)
        return o == OWN ? sql("SELECT coalesce('specialist:' || specialist_id, 'account:' || id) FROM app.account"
                              " WHERE id = '%s'",
                              people[c].account)
                        : NULL;
    return c == ENTERPRISE ? TEXT("enterprise:%s", firm) : TEXT("unit:%s", firm_unit);
}

/* The file becomes evidence of a document that waits for the answer of whoever is asked as the holder of a link. */
static const char *make_evidence(const char *file)
{
    const char *document = application_subject(INSTITUTION, OWN, "institution_review");
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.attachment SET subject_type = 'application',"
        " subject_id = '%s' WHERE id = '%s'; UPDATE app.application SET versions = jsonb_set(versions,"
        " '{0,content,evidence}', jsonb_build_array('%s')) WHERE id = '%s'; COMMIT",
        document, file, file, document);
    return file;
}

static const char *new_file(const char *owner, const char *author, const char *state)
{
    return sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
               " INSERT INTO app.attachment (id, version, created_at, updated_at, created_by, owner, file_name,"
               " media_type, size_bytes, sha256, purpose, state) SELECT gen_random_uuid(), 1, app.now(), app.now(),"
               " nullif('%s', '')::uuid, '%s', '试验.pdf', 'application/pdf', %zu, encode(sha256('%s'), 'hex'),"
               " 'other', '%s' FROM quiet RETURNING id",
               author == NULL ? "" : author, owner, sizeof FILE_BYTES - 1, FILE_BYTES,
               state == NULL ? "stored" : state);
}

const char *stored_file(const char *login)
{
    const char *owner = sql("SELECT CASE role WHEN 'city' THEN 'city' WHEN 'county' THEN 'unit:' || unit_id ELSE"
                            " coalesce('enterprise:' || enterprise_id, 'specialist:' || specialist_id,"
                            " 'account:' || id) END FROM app.account WHERE login_name = '%s'",
                            login);
    return new_file(owner, sql("SELECT id FROM app.account WHERE login_name = '%s'", login), "stored");
}

/* The file becomes an annex of a published call. */
static const char *make_annex(const char *file)
{
    const char *of = call_subject(NOBODY, STRANGER, NULL);
    sql("BEGIN; SET LOCAL session_replication_role = replica; UPDATE app.attachment SET subject_type = 'call',"
        " subject_id = '%s' WHERE id = '%s'; UPDATE app.call SET attachments = ARRAY['%s'::uuid] WHERE id = '%s';"
        " COMMIT",
        of, file, file, of);
    return file;
}

static const char *attachment_subject(enum caller c, enum owner o, const char *state)
{
    if (c == NOBODY && o == STRANGER) return make_annex(new_file(file_owner(c, o), NULL, state));
    if (c == INSTITUTION && o == OWN) return make_evidence(attachment_subject(SPECIALIST, OWN, state));
    if (o == DRAFT || (login_of(c) == NULL && c != MACHINE && o != STRANGER)) return NULL;
    const char *owner = file_owner(c, o), *author = o == OWN         ? people[c].account
                                                    : o == COLLEAGUE ? people[c].colleague
                                                                     : NULL;
    return owner == NULL ? NULL : new_file(owner, author, state);
}

/* A disclosure that the caller made, and for a specialist one of his own data; STRANGER: another person's of another.
 */
static const char *disclosure_subject(enum caller c, enum owner o)
{
    const char *author = o == OWN ? people[c].account : people[c].colleague;
    if (o == STRANGER) author = people[c == COUNTY_ST ? ENTERPRISE : COUNTY_ST].account;
    if ((o != OWN && o != COLLEAGUE && o != STRANGER) || author == NULL) return NULL;
    return sql(
        "WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true)), d AS"
        " (INSERT INTO app.disclosure (id, version, created_at, updated_at, created_by, subject_type, subject_id,"
        " fields, purpose, role) SELECT gen_random_uuid(), 1, now(), now(), '%s', 'demand', gen_random_uuid(),"
        " '{contact_phone}', '试验', 'county' FROM quiet RETURNING id) SELECT id FROM d",
        author);
}

/* A round of a unit, or of the whole city when `unit` is NULL. */
static const char *new_round(const char *unit, const char *status)
{
    return sql(
        "WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " INSERT INTO app.match_round (id, version, created_at, updated_at, status, policy_id, title, year, method,"
        " unit_ids, start_on, weights) SELECT gen_random_uuid(), 1, app.now(), app.now() + interval '1 day', '%s',"
        " p.id, '试验轮次', 2027, 'manual', nullif('{%s}', '{}')::text[], app.today() + 60, (SELECT jsonb_object_agg(v "
        "->> 'key',"
        " v -> 'value') FROM jsonb_array_elements(p.\"values\") v WHERE v ->> 'key' IN ('match_weights_bp',"
        " 'match_candidates', 'match_min_score_bp')) FROM quiet, app.policy p WHERE p.id = '%s' RETURNING id",
        status, unit == NULL ? "" : unit, adopted_policy);
}

/* A pair in a round, without answers but where it is confirmed or further. Who was taken before is free again. */
static const char *new_match(const char *round, const char *of_demand, const char *of_specialist, const char *status)
{
    sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true)) UPDATE app.match m"
        " SET status = 'released' FROM quiet, app.demand d WHERE d.id = '%s' AND m.enterprise_id = d.enterprise_id AND"
        " m.status IN ('proposed', 'confirmed', 'adopted', 'placed')",
        of_demand);
    const char *answer = strcmp(status, "proposed") == 0 ? "none" : "accepted";
    return sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
               " INSERT INTO app.match (id, version, created_at, updated_at, unit_id, status, round_id, demand_id,"
               " enterprise_id, specialist_id, origin, score_bp, components, enterprise_answer, specialist_answer)"
               " SELECT gen_random_uuid(), 1, app.now(), app.now() + interval '1 day', d.unit_id, '%s', '%s', d.id,"
               " d.enterprise_id, '%s', 'computed', 5000, '[]', '%s', '%s' FROM quiet, app.demand d WHERE d.id = '%s'"
               " RETURNING id",
               status, round, of_specialist, answer, answer, of_demand);
}

static const char *match_subject(enum caller c, enum owner o, const char *status)
{
    bool mine = (c == ENTERPRISE || c == SPECIALIST) && o == OWN;
    if (!mine && o != STRANGER && (o != NEIGHBOUR || (c != ENTERPRISE && !is_county(c)))) return NULL;
    const char *state = status == NULL ? "adopted" : status;
    const char *members = common(NULL, "enterprise", strcmp(state, "adopted") == 0 ? "matched" : "open", true);
    const char *of = new_demand(firm_for(c, o), members);
    const char *who = new_specialist(c == SPECIALIST && mine ? people[c].account : NULL, "registered", "city");
    return new_match(new_round(NULL, strcmp(state, "adopted") == 0 ? "adopted" : "proposed"), of, who, state);
}

/* Rounds belong to nobody; to a county they are of its unit or of another. */
static const char *match_round_subject(enum caller c, enum owner o, const char *status)
{
    if (o != STRANGER && (o != NEIGHBOUR || !is_county(c))) return NULL;
    const char *unit = o == NEIGHBOUR ? firm_unit : is_county(c) ? other_unit : NULL;
    const char *round = new_round(unit, status == NULL ? "adopted" : status);
    if (status == NULL) return round;
    const char *members = common(NULL, "enterprise", "open", true);
    new_match(round, new_demand(firm_for(c, STRANGER), members), new_specialist(NULL, "registered", "city"),
              "confirmed");
    return round;
}

static const char *operation_subject(enum caller c, enum owner o)
{
    const char *of = o == OWN ? people[c].account : o == COLLEAGUE ? people[c].colleague : NULL;
    if (o == STRANGER) of = people[c == CITY_ST ? COUNTY_ST : CITY_ST].account;
    if (of == NULL) return NULL;
    return sql(
        "INSERT INTO app.operation (id, kind, account_id, actor, unit_id) SELECT gen_random_uuid(), 'match_round',"
        " a.id, concat_ws('/', a.role, a.office), a.unit_id FROM app.account a WHERE a.id = '%s' RETURNING id",
        of);
}

/* A term of a dictionary is known by two words, which stand here as they do in its path. */
#define TERM "sister_programme/entries/other"

const char *version_of(const struct op *op, const char *id)
{
    if (strcmp(op->room, "dictionary") == 0)
        return sql("SELECT version FROM app.dictionary_entry WHERE dictionary || '/entries/' || code = '%s'",
                   id == NULL ? TERM : id);
    return sql("SELECT version FROM app.%s WHERE id = '%s'", op->room, id);
}

const char *subject(const char *room, enum caller c, enum owner o, const char *status)
{
    if (o == NOWHERE) return NOWHERE_ID;
    if (strcmp(room, "dictionary") == 0) return TERM;
    if (strcmp(room, "attachment") == 0) return attachment_subject(c, o, status);
    if (strcmp(room, "enterprise") == 0) return enterprise_subject(c, o, status);
    if (strcmp(room, "demand") == 0) return demand_subject(c, o, status);
    if (strcmp(room, "call") == 0) return call_subject(c, o, status);
    if (strcmp(room, "institution") == 0) return institution_subject(c, o, status);
    if (strcmp(room, "bank_account") == 0) return bank_account_subject(c, o, status);
    if (strcmp(room, "agreement") == 0) return agreement_subject(c, o, status);
    if (strcmp(room, "application") == 0) return application_subject(c, o, status);
    if (strcmp(room, "specialist") == 0) return specialist_subject(c, o, status);
    if (strcmp(room, "service_offer") == 0) return service_offer_subject(c, o, status);
    if (strcmp(room, "intention") == 0) return intention_subject(c, o, status);
    if (strcmp(room, "dispatch_list") == 0) return dispatch_list_subject(c, o, status);
    if (strcmp(room, "dispatch_line") == 0) return dispatch_line_subject(c, o);
    if (strcmp(room, "issue") == 0) return issue_subject(c, o, status);
    if (strcmp(room, "dispatch_notice") == 0) return dispatch_notice_subject(c, o, status);
    if (strcmp(room, "placement") == 0) return placement_subject(c, o, status);
    if (strcmp(room, "obligation") == 0) return obligation_subject(c, o, status);
    if (strcmp(room, "session") == 0) return session_subject(c, o);
    if (strcmp(room, "disclosure") == 0) return disclosure_subject(c, o);
    if (strcmp(room, "account") == 0) return account_subject(c, o, status);
    if (strcmp(room, "operation") == 0) return operation_subject(c, o);
    if (strcmp(room, "match_round") == 0) return match_round_subject(c, o, status);
    if (strcmp(room, "match") == 0) return match_subject(c, o, status);
    if (strcmp(room, "policy") != 0) return NULL;
    bool wants_draft = o == DRAFT || (status != NULL && strcmp(status, "draft") == 0);
    if (o != STRANGER && o != DRAFT) return NULL;
    return wants_draft ? new_policy() : adopted_policy;
}

const char *state_for(const struct op *op, enum caller c)
{
    static const struct {
        const char *operation, *state;
    } states[] = {
        {"policy_adopt", "draft"},
        {"account_invite", "active"},
        {"account_disable", "active"},
        {"account_close", "disabled"},
        {"attachment_upload", "pending"},
        {"enterprise_submit", "returned"},
        {"enterprise_confirm", "county_review"},
        {"enterprise_close", "returned"},
        {"enterprise_update", "returned"},
        {"institution_confirm", "proposed"},
        {"bank_account_confirm", "proposed"},
        {"call_update", "draft"},
        {"call_publish", "draft"},
        {"call_close", "published"},
        {"application_update", "returned"},
        {"application_submit", "returned"},
        {"application_consent", "institution_review"},
        {"application_review", "city_review"},
        {"application_withdraw", "city_review"},
        {"specialist_suspend", "registered"},
        {"specialist_resume", "suspended"},
        {"demand_update", "returned"},
        {"demand_submit", "returned"},
        {"demand_review", "city_review"},
        {"demand_withdraw", "county_review"},
        {"demand_first_review", "county_review"},
        {"intention_decline", MUTUAL},
        {"match_round_adopt", "proposed"},
        {"match_round_cancel", "proposed"},
        {"match_answer", "proposed"},
        {"match_exclude", "proposed"},
        {"agreement_update", "draft"},
        {"agreement_issue", "draft"},
        {"agreement_sign", "signing"},
        {"agreement_refuse", "signing"},
        {"agreement_file", "signed"},
        {"agreement_cancel", "draft"},
        {"dispatch_notice_approve", "signing_off"},
        {"dispatch_notice_issue", "approved"},
        {"dispatch_notice_cancel", "signing_off"},
        {"placement_cancel", "pending"},
        {"todo_list", "county_review"},
        {"dispatch_list_update", "draft"},
        {"dispatch_list_consult", "draft"},
        {"dispatch_list_concur", "consulting"},
        {"dispatch_list_announce", "concurred"},
        {"dispatch_list_fix", "concurred"},
        {"dispatch_list_reopen", "announced"},
        {"dispatch_list_cancel", "draft"},
        {"dispatch_line_create", "draft"},
        {"issue_assign", "open"},
        {"issue_resolve", "assigned"},
        {"issue_confirm", "resolved"},
        {"issue_withdraw", "open"},
    };
    /* The city's only change of a firm is the move of a confirmed one. */
    if (strcmp(op->id, "enterprise_update") == 0 && is_city(c)) return "active";
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strcmp(states[i].operation, op->id) == 0) return states[i].state;
    }
    return NULL;
}

static const char *entered_for(enum caller c)
{
    return is_county(c) ? "\"entered_for\":{\"side\":\"enterprise\",\"reason\":\"paper form\"}," : "";
}

static const char *enterprise_create_body(enum caller c, enum owner o, bool *refers)
{
    *refers = o == OWN || o == STRANGER;
    return TEXT("{%s\"unit_id\":\"%s\",\"uscc\":\"%s\",\"name\":\"试验企业\",\"is_legal_person\":true}", entered_for(c),
                o == STRANGER ? other_unit : firm_unit, fresh_uscc());
}

static const char *demand_create_body(enum caller c, enum owner o, bool *refers)
{
    const char *of = o == NOWHERE ? NOWHERE_ID : NULL;
    bool stands =
        o == STRANGER || (c == ENTERPRISE && (o == OWN || o == NEIGHBOUR)) || (is_county(c) && o == NEIGHBOUR);
    if (stands) of = firm_for(c, o);
    if (o == DRAFT && is_county(c)) of = enterprise_subject(c, o, NULL);
    *refers = of != NULL;
    return TEXT("{%s\"enterprise_id\":\"%s\",\"kind\":\"technology\"}", entered_for(c), of == NULL ? NOWHERE_ID : of);
}

/* A list of one wish: of the demand that stands so to a firm or a county, or of a specialist for it. */
static const char *intention_rank_body(enum caller c, enum owner o, bool *refers)
{
    const char *of = o == NOWHERE ? NOWHERE_ID : o == DRAFT ? NULL : demand_subject(c, o, NULL);
    *refers = of != NULL;
    if (of == NULL) return NULL;
    if (c != SPECIALIST)
        return TEXT("{%s\"demand_id\":\"%s\",\"wishes\":[{\"specialist_id\":\"%s\",\"conflict\":{\"kind\":\"none\"}}]}",
                    entered_for(c), of, new_specialist(NULL, "registered", "self"));
    new_specialist(people[c].account, "registered", "self");
    return TEXT("{\"wishes\":[{\"demand_id\":\"%s\",\"conflict\":{\"kind\":\"none\"}}]}", of);
}

static const char *bank_account_create_body(enum caller c, enum owner o, bool *refers)
{
    static int made;
    const char *of = o == NOWHERE ? NOWHERE_ID : NULL;
    if (o == STRANGER || (c == ENTERPRISE && (o == OWN || o == NEIGHBOUR)) || (is_county(c) && o == NEIGHBOUR))
        of = firm_for(c, o);
    *refers = of != NULL;
    const char *name = of == NULL ? NULL : firm_name(of);
    return TEXT("{\"enterprise_id\":\"%s\",\"bank_name\":\"试验银行\",\"branch\":\"试验支行\",\"account_name\":\"%s\","
                "\"account_no\":\"62229999%08d\"}",
                of == NULL ? NOWHERE_ID : of, name == NULL ? "试验企业" : name, ++made);
}

/* An objection to a line on public notice, which anybody who is signed in may raise. */
static const char *issue_create_body(enum owner o, bool *refers)
{
    *refers = o == OWN || o == NOWHERE;
    const char *list = o == OWN ? new_list(NULL, firm_unit, "announced") : NOWHERE_ID;
    return TEXT("{\"source\":\"public_notice\",\"list_id\":\"%s\",\"line_id\":\"%s\",\"category\":\"objection\","
                "\"severity\":\"minor\",\"content\":\"试验异议\"}",
                list, o == OWN ? last_line : NOWHERE_ID);
}

/* The clear phone of the record that stands so to the caller. */
static const char *disclosure_create_body(enum caller c, enum owner o, bool *refers)
{
    const char *of = o == NOWHERE ? NOWHERE_ID : demand_subject(c, o, NULL);
    *refers = of != NULL;
    if (of == NULL) return NULL;
    sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true)) UPDATE app.demand"
        " SET contact_phone = '%s', contact_phone_masked = '139****0000' FROM quiet WHERE id = '%s'",
        seal(kept, "demand", "contact_phone", of, "13900000000"), of);
    return TEXT("{\"subject_type\":\"demand\",\"subject_id\":\"%s\",\"fields\":[\"contact_phone\"],"
                "\"purpose\":\"试验目的\"}",
                of);
}

static const char *account_rights_body(enum caller c, enum owner o)
{
    if (o == NOWHERE) return TEXT("\"role\":\"enterprise\",\"enterprise_id\":\"%s\"", NOWHERE_ID);
    if (o == STRANGER && is_city(c))
        return TEXT("\"role\":\"county\",\"office\":\"st\",\"unit_id\":\"%s\"", other_unit);
    if (o == NEIGHBOUR || o == STRANGER)
        return TEXT("\"role\":\"enterprise\",\"enterprise_id\":\"%s\"",
                    new_firm(o == STRANGER ? other_unit : firm_unit, common(NULL, "enterprise", "active", true)));
    if (is_city(c)) return "\"role\":\"city\",\"office\":\"finance\"";
    if (is_county(c)) return TEXT("\"role\":\"county\",\"office\":\"st\",\"unit_id\":\"%s\"", firm_unit);
    return TEXT("\"role\":\"enterprise\",\"enterprise_id\":\"%s\"", firm);
}

static const char *account_create_body(enum caller c, enum owner o, bool *refers)
{
    static int made;
    *refers = o == OWN || o == STRANGER || o == NOWHERE || (o == NEIGHBOUR && (is_county(c) || c == ENTERPRISE));
    return TEXT("{\"login_name\":\"opened.%d\",\"display_name\":\"新同事\",%s}", ++made,
                *refers ? account_rights_body(c, o) : "\"role\":\"city\"");
}

/* Somebody who was invited a moment ago. */
static const char *activate_body(void)
{
    const char *id = new_account(NULL, "invited", "{\"role\": \"city\", \"office\": \"finance\"}");
    return TEXT("{\"token\":\"%s\",\"password\":\"Long-Enough-1\"}", new_link("account_activation", id, 24));
}

static const char *refresh_body(enum owner o)
{
    if (o != OWN) return "{\"refresh_token\":\"rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}";
    as(NULL);
    ask("POST", "/v1/sessions",
        TEXT("{\"login_name\":\"%s\",\"password\":\"Tepai-Demo-2026\"}", people[SPECIALIST].login));
    return TEXT("{\"refresh_token\":\"%s\"}", text_at("/refresh_token"));
}

static const char *fixed_body(const char *operation)
{
    static const char *const bodies[][2] = {
        {"dictionary_put_entry", "{\"zh\":\"其他项目\",\"en\":\"Other\",\"sort_no\":5,\"valid_from\":\"2024-06-10\"}"},
        {"policy_adopt", "{\"decision\":\"pass\"}"},
        {"attachment_upload", FILE_BYTES},
        {"session_confirm", "{\"password\":\"Tepai-Demo-2026\"}"},
        {"sandbox_set_clock", "{\"now\":\"2026-10-20T01:00:00Z\"}"},
        {"enterprise_confirm", "{\"decision\":\"pass\"}"},
        {"enterprise_close", "{}"},
        {"institution_update", "{\"address\":\"另一地址\"}"},
        {"institution_confirm", "{\"decision\":\"pass\"}"},
        {"bank_account_confirm", "{\"decision\":\"pass\"}"},
        {"call_close", "{\"decision\":\"close\"}"},
        {"account_change_password", "{\"current_password\":\"Tepai-Demo-2026\",\"new_password\":\"Tepai-Demo-2026\"}"},
        {"account_update", "{\"locale\":\"en\"}"},
        {"call_update", "{\"title\":\"另一标题\"}"},
        {"application_update", "{\"position\":\"教授\"}"},
        {"application_submit", "{\"pledge_version\":\"2024\"}"},
        {"application_review", "{\"decision\":\"pass\"}"},
        {"specialist_update", "{\"available_to\":\"2027-12-31\"}"},
        {"specialist_suspend", "{\"reason\":\"访学\"}"},
        {"specialist_remove", "{\"reason\":\"调离\"}"},
        {"service_offer_update", "{\"fee_fen\":100}"},
        {"enterprise_submit", "{}"},
        {"demand_submit", "{}"},
        {"demand_update", "{\"title\":\"另一标题\"}"},
        {"demand_first_review", "{\"decision\":\"pass\"}"},
        {"demand_review", "{\"decision\":\"pass\"}"},
        {"demand_withdraw", "{\"close_reason\":\"withdrawn\"}"},
        {"intention_decline", "{\"reason\":\"另有安排\"}"},
        {"match_round_create",
         "{\"title\":\"试验轮次\",\"year\":2027,\"method\":\"manual\",\"start_on\":\"2027-01-01\"}"},
        {"match_round_adopt", "{}"},
        {"match_round_cancel", "{\"reason\":\"范围有误\"}"},
        {"match_answer", "{\"answer\":\"accepted\"}"},
        {"match_exclude", "{\"reason\":\"需求已由其他项目解决\"}"},
        {"agreement_update", "{\"fee_terms\":\"据实列支\"}"},
        {"agreement_refuse",
         "{\"decision\":\"return\",\"content_sha256\":\"" SHA256 "\",\"opinion\":\"再议\",\"signatory\":\"周主任\"}"},
        {"agreement_file", "{\"decision\":\"pass\"}"},
        {"agreement_cancel", "{\"opinion\":\"停产\"}"},
        {"dispatch_list_update", "{\"note\":\"另一说明\"}"},
        {"dispatch_list_reopen", "{\"reason\":\"调整人选\"}"},
        {"dispatch_list_cancel", "{\"reason\":\"本批不再选派\"}"},
        {"dispatch_line_strike", "{\"reason\":\"本人放弃\"}"},
        {"issue_assign", "{\"owner_side\":\"county\",\"due_on\":\"2030-01-01\"}"},
        {"issue_resolve", "{\"resolution\":\"已处理\"}"},
        {"issue_confirm", "{\"decision\":\"pass\"}"},
        {"issue_withdraw", "{\"opinion\":\"已解决\"}"},
        {"dispatch_notice_approve", "{\"decision\":\"approve\"}"},
        {"dispatch_notice_cancel", "{\"opinion\":\"另行下发\"}"},
        {"placement_cancel", "{\"opinion\":\"企业停产\"}"},
        {"obligation_extend", "{\"extended_to\":\"2028-10-01\",\"reason\":\"资料封存\"}"},
        {"obligation_excuse", "{\"reason\":\"停产\"}"},
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        if (strcmp(bodies[i][0], operation) == 0) return bodies[i][1];
    }
    printf("no body is known for %s\n", operation);
    return "{}";
}

/* The bureau says for whom it enters a form, and shows the scan of a consent; others speak for themselves. */
static const char *application_create_body(enum caller c)
{
    make_way(people[SPECIALIST].account);
    const char *call_id = sql("SELECT id FROM app.call WHERE kind = 'specialist' AND status = 'published' LIMIT 1");
    if (!is_city(c)) return TEXT("{\"call_id\":\"%s\"}", call_id);
    return TEXT("{\"call_id\":\"%s\",\"applicant_id\":\"%s\",\"entered_for\":{\"side\":\"specialist\",\"reason\":"
                "\"paper form\"}}",
                call_id, people[SPECIALIST].account);
}

static const char *application_consent_body(enum caller c)
{
    const char *scan = is_city(c) ? subject("attachment", c, OWN, "stored") : NULL;
    return TEXT("{\"decision\":\"pass\",\"content_sha256\":\"%s\",\"signatory\":\"周主任\"%s%s%s}", SHA256,
                scan == NULL ? "" : ",\"attachment_id\":\"", scan == NULL ? "" : scan, scan == NULL ? "" : "\"");
}

static const char *agreement_sign_body(enum caller c)
{
    const char *scan = is_city(c) ? subject("attachment", c, OWN, "stored") : NULL;
    return TEXT("{\"content_sha256\":\"%s\",\"signatory\":\"试验人员\"%s%s%s}", SHA256,
                scan == NULL ? "" : ",\"attachment_id\":\"", scan == NULL ? "" : scan, scan == NULL ? "" : "\"");
}

static const char *service_offer_create_body(enum caller c)
{
    specialist_subject(c, OWN, NULL);
    return "{\"title\":\"试验\",\"description\":\"说明\",\"deliverables\":\"报告\",\"task_group\":\"rd_transfer\","
           "\"service_forms\":[\"rd\"],\"tech_fields\":[\"new_materials\"]}";
}

/* An open round, demand and person. */
static const char *match_create_body(enum owner o, bool *refers)
{
    *refers = o == OWN || o == NOWHERE;
    if (o != OWN)
        return TEXT("{\"round_id\":\"%s\",\"demand_id\":\"%s\",\"specialist_id\":\"%s\",\"reason\":\"x\"}", NOWHERE_ID,
                    NOWHERE_ID, NOWHERE_ID);
    const char *of = new_firm(firm_unit, common(NULL, "enterprise", "active", true));
    return TEXT("{\"round_id\":\"%s\",\"demand_id\":\"%s\",\"specialist_id\":\"%s\",\"reason\":\"对接会上已有意向\"}",
                new_round(NULL, "proposed"), new_demand(of, common(NULL, "enterprise", "open", true)),
                new_specialist(NULL, "registered", "city"));
}

/* A secret that waits for its first code. Whatever an operation did to second factors before is forgotten, for people
 * sign in with their password alone here. */
static const char *confirm_body(enum caller c)
{
    static const unsigned char secret[TOTP_SECRET_BYTES + 1] = "12345678901234567890";
    char code[7];
    totp_code(secret, clock_unix() / TOTP_STEP_S, code);
    if (people[c].account == NULL) return "{\"code\":\"123456\"}";
    sql("INSERT INTO app.account_factor (account_id, secret) VALUES ('%s', '%s')", people[c].account,
        seal(kept, "account", "second_factor", people[c].account, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
    return TEXT("{\"code\":\"%s\"}", code);
}

static void forget_factors(const struct op *op)
{
    sql("DELETE FROM app.account_factor");
    if (strcmp(op->id, "account_remove_factor") != 0) return;
    sql("WITH quiet AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))"
        " UPDATE app.account SET second_factor = true FROM quiet");
}

/* What a county does to a firm's own record it does for the firm. */
static const char *acting_body(const char *operation, enum caller c, const char *body)
{
    static const char *const acts[] = {"enterprise_submit", "enterprise_update", "demand_submit", "demand_update",
                                       "demand_withdraw"};
    bool acts_for = false;
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) acts_for |= strcmp(acts[i], operation) == 0;
    if (!acts_for || !is_county(c)) return body;
    const char *said = "{\"entered_for\":{\"side\":\"enterprise\",\"reason\":\"asked by phone\"}";
    return TEXT("%s%s%s", said, strcmp(body, "{}") == 0 ? "" : ",", body + 1);
}

static const char *dispatch_notice_create_body(enum owner o, bool *refers)
{
    *refers = o == OWN || o == NOWHERE;
    return TEXT("{\"title\":\"试验通知\",\"agreement_ids\":[\"%s\"]}",
                o == OWN ? agreement_subject(CITY_ST, STRANGER, NULL) : NOWHERE_ID);
}

const char *body_for(const struct op *op, enum caller c, enum owner o, bool *refers)
{
    static int made;
    forget_factors(op);
    if (strcmp(op->id, "enterprise_create") == 0) return enterprise_create_body(c, o, refers);
    if (strcmp(op->id, "demand_create") == 0) return demand_create_body(c, o, refers);
    if (strcmp(op->id, "bank_account_create") == 0) return bank_account_create_body(c, o, refers);
    if (strcmp(op->id, "intention_rank") == 0) return intention_rank_body(c, o, refers);
    if (strcmp(op->id, "disclosure_create") == 0) return disclosure_create_body(c, o, refers);
    if (strcmp(op->id, "account_create") == 0) return account_create_body(c, o, refers);
    if (strcmp(op->id, "match_create") == 0) return match_create_body(o, refers);
    if (strcmp(op->id, "issue_create") == 0) return issue_create_body(o, refers);
    if (strcmp(op->id, "dispatch_notice_create") == 0) return dispatch_notice_create_body(o, refers);
    *refers = op->path_word_count > 0 || o == OWN || (o == NOWHERE && strcmp(op->id, "session_refresh") == 0);
    if (op->content_type == NULL || !*refers) return NULL;
    if (strcmp(op->id, "dispatch_list_create") == 0)
        return TEXT("{\"title\":\"试验名单\",\"year\":2091,\"batch_no\":%d}", 1 + ++made % 100);
    if (strcmp(op->id, "dispatch_list_concur") == 0)
        return TEXT("{\"lines\":[{\"line_id\":\"%s\",\"opinion\":\"concur\"}]}",
                    last_line == NULL ? NOWHERE_ID : last_line);
    if (strcmp(op->id, "dispatch_line_create") == 0) return TEXT("{\"match_id\":\"%s\"}", adopted_pair(firm_unit));
    if (strcmp(op->id, "application_create") == 0) return application_create_body(c);
    if (strcmp(op->id, "application_consent") == 0) return application_consent_body(c);
    if (strcmp(op->id, "agreement_sign") == 0) return agreement_sign_body(c);
    if (strcmp(op->id, "service_offer_create") == 0) return service_offer_create_body(c);
    if (strcmp(op->id, "call_create") == 0)
        return TEXT("{\"kind\":\"demand\",\"title\":\"试验征集\",\"year\":2027,\"batch_no\":%d,\"opens_at\":"
                    "\"2026-11-01T00:00:00Z\",\"closes_at\":\"2026-12-01T00:00:00Z\"}",
                    1 + ++made % 40);
    if (strcmp(op->id, "policy_create") == 0)
        return TEXT("{\"code\":\"x%d\",\"title\":\"试验\",\"doc_no\":\"x\",\"valid_from\":\"2090-01-01\","
                    "\"valid_to\":\"2090-12-31\",\"values\":%s}",
                    ++made, sql("SELECT \"values\" FROM app.policy WHERE id = '%s'", adopted_policy));
    if (strcmp(op->id, "attachment_create") == 0)
        return TEXT("{\"file_name\":\"试验.pdf\",\"media_type\":\"application/pdf\",\"size_bytes\":5000000,\"sha256\":"
                    "\"%064d\"}",
                    ++made);
    if (strcmp(op->id, "institution_create") == 0)
        return TEXT("{\"uscc\":\"%s\",\"name\":\"试验大学\",\"kind\":\"university\"}", fresh_uscc());
    if (strcmp(op->id, "link_create") == 0) {
        open_links();
        return "{\"kind\":\"agreement_signature\",\"subject_id\":\"0199aaaa-bbbb-7ccc-8ddd-eeeeffff0003\"}";
    }
    if (strcmp(op->id, "dispatch_notice_issue") == 0)
        return TEXT("{\"doc_no\":\"长科发〔%s〕%d号\"}", sql("SELECT to_char(app.today(), 'YYYY')"), 1 + ++made % 9999);
    if (strcmp(op->id, "session_create") == 0)
        return TEXT("{\"login_name\":\"%s\",\"password\":\"Tepai-Demo-2026\"}", people[SPECIALIST].login);
    if (strcmp(op->id, "session_refresh") == 0) return refresh_body(o);
    if (strcmp(op->id, "oauth_issue_token") == 0) return TEXT("grant_type=client_credentials&%s", machine_proof());
    if (strcmp(op->id, "oauth_revoke_token") == 0) return TEXT("token=%s&%s", machine_token(NULL), machine_proof());
    if (strcmp(op->id, "account_activate") == 0) return activate_body();
    if (strcmp(op->id, "account_confirm_factor") == 0) return confirm_body(c);
    if (strcmp(op->id, "account_register") == 0)
        return TEXT("{\"login_name\":\"new.%d\",\"password\":\"Long-Enough-1\",\"display_name\":\"新人\","
                    "\"phone\":\"13900000000\",\"role\":\"enterprise\"}",
                    ++made);
    if (strcmp(op->id, "enterprise_update") == 0)
        return is_city(c) ? TEXT("{\"unit_id\":\"%s\",\"reason\":\"moved\",\"unit_words\":[{\"unit_id\":\"%s\","
                                 "\"opinion\":\"同意\"},{\"unit_id\":\"%s\",\"opinion\":\"同意\"}]}",
                                 other_unit, firm_unit, other_unit)
                          : acting_body(op->id, c, "{\"main_business\":\"另一业务\"}");
    return acting_body(op->id, c, fixed_body(op->id));
}

bool may_call(const struct op *op, enum caller c)
{
    static const enum db_role roles[CALLERS] = {DB_PUBLIC, DB_CITY,       DB_CITY,       DB_COUNTY, DB_COUNTY,
                                                DB_COUNTY, DB_ENTERPRISE, DB_SPECIALIST, DB_PUBLIC};
    static const char *const offices[CALLERS] = {NULL, "st", "talent", "st", "talent", "st", NULL, NULL, NULL};
    if (op->is_public) return true;
    if (c == NOBODY || (c == MACHINE && !op->has_scopes)) return false;
    for (int i = 0; i < op->permission_count; i++) {
        const struct permission *p = &op->permissions[i];
        if (p->role != roles[c] || (p->admin && !people[c].is_admin)) continue;
        if (p->office == NULL || (offices[c] != NULL && strcmp(p->office, offices[c]) == 0)) return true;
    }
    return false;
}

const char *target_of(const struct op *op, const char *id)
{
    const char *open = strchr(op->path, '{'), *given = id == NULL ? "" : id;
    if (strcmp(op->id, "event_list") == 0)
        return TEXT("%s?subject_type=demand&subject_id=%s", op->path, id == NULL ? NOWHERE_ID : id);
    if (strcmp(op->id, "match_suggest") == 0)
        return TEXT("%s?subject_type=demand&subject_id=%s", op->path, id == NULL ? NOWHERE_ID : id);
    if (strcmp(op->id, "problem_get") == 0) given = id == NULL ? "not_found" : id;
    if (open == NULL) return op->path;
    const char *rest = strchr(open, '}') + 1;
    if (strcmp(rest, "/parts/{part_no}") == 0) rest = "/parts/1";
    if (strcmp(rest, "/entries/{code}") == 0) {
        if (id == NULL) given = TERM;
        rest = strchr(given, '/') == NULL ? "/entries/other" : "";
    }
    return TEXT("%.*s%s%s", (int)(open - op->path), op->path, given, rest);
}
