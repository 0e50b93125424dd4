/* How PostgreSQL carries out the lists and look-ups on tables of some size, as the role that asks: generic plans, by an
 * index, with the facts asked once a statement. Shapes only; what they cost is the bench's business. */
#include "as_role.h"
#include "harness.h"

#define ROWS      20000
#define PLAN_SIZE 20000

/* Rows like those of the demo programme, spread over units, firms and states, without waking a trigger. */
static void fill(void)
{
    sql("SET session_replication_role = replica");
    sql("INSERT INTO app.enterprise (id, version, created_at, updated_at, unit_id, status, side, shown, uscc, name,"
        " is_legal_person, figures, is_above_scale, is_weak_rd_sme, rd_platforms, other_programmes, priority_bp)"
        " SELECT gen_random_uuid(), 1, app.now(), app.now() - n * interval '1 minute', u.code,"
        " coalesce((ARRAY['county_review', 'returned', 'closed', 'rejected', 'draft'])[n %% 100 + 1], 'active'), "
        "'enterprise',"
        " true, '9114' || lpad(n::text, 14, '0'), '企业' || n, true, '[]', false, false, '{}', '{}', n %% 10000"
        " FROM generate_series(1, %d) n JOIN (SELECT code, row_number() OVER (ORDER BY code) AS i, count(*) OVER () AS"
        " of FROM app.unit) u ON u.i = n %% u.of + 1",
        ROWS);
    sql("INSERT INTO app.demand (id, version, created_at, updated_at, unit_id, status, side, shown, policy_id,"
        " enterprise_id, kind, title, description, task_groups, service_forms, targets, urgency, valid_to,"
        " confidentiality) SELECT gen_random_uuid(), 1, app.now(), app.now() - n * interval '1 minute', e.unit_id,"
        " (ARRAY['open', 'fulfilled', 'expired', 'withdrawn', 'rejected', 'county_review', 'city_review', 'fulfilled'])"
        "[n %% 8 + 1], 'enterprise', true,"
        " (SELECT id FROM app.policy LIMIT 1), e.id, 'technology', '需求' || n, '说明' || n, '{rd_transfer}', '{}', "
        "'[]',"
        " 'normal', app.today() + n %% 365, 'open' FROM generate_series(1, %d) n JOIN (SELECT id, unit_id, row_number()"
        " OVER (ORDER BY id) AS i, count(*) OVER () AS of FROM app.enterprise) e ON e.i = n %% e.of + 1",
        ROWS);
    sql("INSERT INTO app.event (operation, subject_type, subject_id, op, subject_version, changes_sha256, seen_by,"
        " seen_by_before) SELECT 'fill', 'demand', d.id, 'upsert', 1, '', ARRAY['city', 'unit:' || d.unit_id], '{}'"
        " FROM app.demand d");
    sql("INSERT INTO app.call (id, version, created_at, updated_at, status, side, shown, kind, title, year, batch_no,"
        " opens_at, closes_at) SELECT gen_random_uuid(), 1, app.now(), app.now(), 'published', 'city', true,"
        " 'specialist', '征集' || n, 2000 + n %% 100, n, app.now() - n * interval '1 hour', app.now() + interval '1 "
        "day'"
        " FROM generate_series(1, %d) n",
        ROWS / 10);
    sql("INSERT INTO app.placement (id, version, created_at, updated_at, unit_id, status, placement_no, policy_id,"
        " specialist_id, enterprise_id, institution_id, demand_id, agreement_id, notice_id, start_on, end_on,"
        " service_quota) SELECT gen_random_uuid(), 1, app.now(), app.now() - n * interval '1 minute', d.unit_id,"
        " (ARRAY['active', 'completed', 'closed'])[n %% 3 + 1], 'PZ-' || n, d.policy_id, gen_random_uuid(),"
        " gen_random_uuid(), d.id, d.id, gen_random_uuid(), d.id, app.today() - n %% 900, app.today() - n %% 900 + 364,"
        " 10 FROM (SELECT *, (row_number() OVER (ORDER BY id))::integer AS n FROM app.demand) d");
    sql("INSERT INTO app.obligation (id, version, created_at, updated_at, unit_id, status, kind, placement_id,"
        " debtor_role, enterprise_id, specialist_id, due_on) SELECT gen_random_uuid(), 1, app.now(), p.updated_at,"
        " p.unit_id, (ARRAY['open', 'met', 'overdue', 'met'])[n %% 4 + 1], 'annual_report', p.id, r.role,"
        " CASE r.role WHEN 'enterprise' THEN p.enterprise_id END, CASE r.role WHEN 'specialist' THEN p.specialist_id"
        " END, p.end_on + 15 FROM (SELECT *, (row_number() OVER (ORDER BY id))::integer AS n FROM app.placement) p,"
        " unnest(ARRAY['enterprise', 'specialist', 'county']) AS r(role)");
    sql("RESET session_replication_role");
    sql("ANALYZE");
}

/* What led to each placement, and an issue of each. */
static void fill_dispatch(void)
{
    sql("SET session_replication_role = replica");
    sql("INSERT INTO app.intention (id, version, created_at, updated_at, unit_id, status, side, demand_id, "
        "enterprise_id,"
        " specialist_id, rank, conflict) SELECT gen_random_uuid(), 1, created_at, updated_at, unit_id, 'honoured',"
        " 'enterprise', demand_id, enterprise_id, specialist_id, 1, '{}' FROM app.placement");
    sql("INSERT INTO app.match_round (id, version, created_at, updated_at, status, policy_id, title, year, method,"
        " start_on, weights) SELECT id, 1, created_at, updated_at, 'cancelled', policy_id, placement_no, 2026, "
        "'manual',"
        " start_on, '{}' FROM app.placement");
    sql("INSERT INTO app.match (id, version, created_at, updated_at, unit_id, status, round_id, demand_id, "
        "enterprise_id,"
        " specialist_id, origin, score_bp, components) SELECT gen_random_uuid(), 1, created_at, updated_at, unit_id,"
        " 'released', id, demand_id, enterprise_id, specialist_id, 'manual', 1, '[]' FROM app.placement");
    sql("INSERT INTO app.dispatch_list (id, version, created_at, updated_at, status, title, year, batch_no, unit_ids)"
        " SELECT id, 1, created_at, updated_at, 'fixed', placement_no, 2050, row_number() OVER (), ARRAY[unit_id]"
        " FROM app.placement");
    sql("INSERT INTO app.agreement (id, version, created_at, updated_at, unit_id, status, line_id, agreement_no,"
        " policy_id, specialist_id, institution_id, enterprise_id, demand_id, start_on, end_on, service_quota)"
        " SELECT agreement_id, 1, created_at, updated_at, unit_id, 'ended', id, placement_no, policy_id, specialist_id,"
        " institution_id, enterprise_id, demand_id, start_on, end_on, 10 FROM app.placement ON CONFLICT DO NOTHING");
    sql("INSERT INTO app.dispatch_notice (id, version, created_at, updated_at, status, title, readers) SELECT id, 1,"
        " created_at, updated_at, 'cancelled', placement_no, ARRAY['unit:' || unit_id] FROM app.placement");
    sql("INSERT INTO app.issue (id, version, created_at, updated_at, unit_id, status, source, placement_id, category,"
        " severity, content, raised_by, enterprise_id, specialist_id) SELECT gen_random_uuid(), 1, created_at,"
        " updated_at, unit_id, 'closed', 'placement', id, 'service', 'minor', '问题', (ARRAY['unit:' || unit_id,"
        " 'enterprise:' || enterprise_id, 'specialist:' || specialist_id])[1 + (row_number() OVER ()) %% 3],"
        " enterprise_id, specialist_id FROM app.placement");
    sql("INSERT INTO app.attachment (id, version, created_at, updated_at, owner, file_name, media_type, size_bytes, "
        "sha256,"
        " purpose, subject_type, subject_id, state) SELECT gen_random_uuid(), 1, d.updated_at, d.updated_at,"
        " (ARRAY['city', 'unit:' || d.unit_id, 'enterprise:' || d.enterprise_id])[n %% 3 + 1], 'a.pdf',"
        " 'application/pdf', 1, encode(sha256(n::text::bytea), 'hex'), 'evidence',"
        " CASE WHEN n %% 2 = 0 THEN 'demand' END, CASE WHEN n %% 2 = 0 THEN d.id END, 'stored'"
        " FROM (SELECT *, (row_number() OVER (ORDER BY id))::integer AS n FROM app.demand) d");
    sql("RESET session_replication_role");
    sql("ANALYZE");
}

/* What stands for one word: the first page of a list without filters. */
static const char *value_of(const struct order *order, const char *word)
{
    static char quoted[80];
    const char *value = NULL;
    if (strcmp(word, "limit") == 0) return "51";
    if (strcmp(word, "after_1") == 0) value = order->first_value;
    if (strcmp(word, "after_id") == 0) value = order->first_id;
    if (strcmp(word, "q") == 0) value = "企业777";
    bool timeline = strncmp(order->statement.statement->name, "event_", 6) == 0;
    if (timeline && strcmp(word, "subject_type") == 0) value = "demand";
    if (timeline && strcmp(word, "subject_id") == 0) value = "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000";
    snprintf(quoted, sizeof quoted, "'%s'", value);
    return value == NULL ? "NULL" : quoted;
}

static void arguments_of(const struct order *order, char *out, size_t size)
{
    const struct statement *s = order->statement.statement;
    out[0] = '\0';
    for (int i = 0; i < s->word_count; i++)
        snprintf(out + strlen(out), size - strlen(out), "%s%s", i == 0 ? "" : ",", value_of(order, s->words[i]));
}

static void read_plan(PGconn *conn, const char *explain, const char *name, const char *arguments, char *plan,
                      size_t size)
{
    char command[2000];
    snprintf(command, sizeof command, "%s EXECUTE %s(%s)", explain, name, arguments);
    PGresult *result = PQexec(conn, command);
    plan[0] = '\0';
    for (int i = 0; i < PQntuples(result) && strlen(plan) + 400 < size; i++)
        snprintf(plan + strlen(plan), size - strlen(plan), "%s\n", PQgetvalue(result, i, 0));
    PQclear(result);
}

/* Tables that grow with the years. Calls, policies and units do not: a year brings fifteen of them. */
static const char *const growing[] = {"demand", "enterprise", "event", "placement", "obligation", "attachment"};

static bool names_growing(const char *line, const char *before)
{
    char node[40];
    for (size_t i = 0; i < sizeof growing / sizeof growing[0]; i++) {
        snprintf(node, sizeof node, "%s %s ", before, growing[i]);
        if (strstr(line, node) != NULL) return true;
    }
    return false;
}

/* A fact inside of a filter is asked for every row; in an InitPlan it is a number with a dollar. */
static bool asks_a_fact(const char *line)
{
    static const char *const calls[] = {"current_setting(", "app.fact(", "my_side(", "my_words("};
    for (size_t i = 0; strstr(line, "Filter:") != NULL && i < sizeof calls / sizeof calls[0]; i++) {
        if (strstr(line, calls[i]) != NULL) return true;
    }
    return false;
}

/* No growing table is read whole, and none has a fact asked for each of its rows. */
static void check_plan(const char *place, const char *plan)
{
    char copy[PLAN_SIZE];
    bool whole = false, per_row = false, on_growing = false;
    snprintf(copy, sizeof copy, "%s", plan);
    for (char *rest = copy, *line; (line = strsep(&rest, "\n")) != NULL;) {
        if (strstr(line, "->  ") != NULL) on_growing = names_growing(line, " on");
        whole |= names_growing(line, "Seq Scan on");
        per_row |= on_growing && asks_a_fact(line);
    }
    bool once = !per_row && strstr(plan, "InitPlan") != NULL;
    check_note(!whole, place, 0, "reads by an index");
    check_note(once, place, 0, "asks for the facts once a statement");
    if (whole || !once) printf("%s", plan);
}

/* Six executions, so that PostgreSQL has settled; then the plan it settled on, and the one for all values. */
static void explain(PGconn *conn, const char *who, const struct order *order)
{
    static char plan[PLAN_SIZE];
    char arguments[1500], place[160];
    const struct statement *s = order->statement.statement;
    arguments_of(order, arguments, sizeof arguments);
    PGresult *prepared = PQprepare(conn, s->name, s->sql, 0, NULL);
    check_note(PQresultStatus(prepared) == PGRES_COMMAND_OK, s->name, 0, PQresultErrorMessage(prepared));
    PQclear(prepared);
    for (int i = 0; i < 6; i++) {
        const char *got = role_sql(conn, "EXECUTE %s(%s)", s->name, arguments);
        check_note(got[0] != '!', s->name, 0, got);
    }
    snprintf(place, sizeof place, "%s as %s", s->name, who);
    read_plan(conn, "EXPLAIN", s->name, arguments, plan, sizeof plan);
    check_plan(place, plan);
    role_sql(conn, "SET LOCAL plan_cache_mode = force_generic_plan");
    snprintf(place, sizeof place, "%s as %s, for all values", s->name, who);
    read_plan(conn, "EXPLAIN", s->name, arguments, plan, sizeof plan);
    check_plan(place, plan);
    role_sql(conn, "SET LOCAL plan_cache_mode = auto");
}

/* Lists of a page or two are read whole and may be; candidates come from a function, which is tried by itself. */
static bool is_small(const struct op *op)
{
    if (strcmp(op->id, "match_suggest") == 0) return true;
    return strcmp(op->room, "unit") == 0 || strcmp(op->room, "dictionary") == 0 || strcmp(op->room, "policy") == 0;
}

static void explain_lists_for(const char *login)
{
    int count;
    const struct op *ops = contract_ops(&count);
    enum db_role role = role_serving(sql("SELECT role FROM app.account WHERE login_name = '%s'", login));
    PGconn *conn = role_open(role);
    role_begin_as(conn, sql("SELECT id FROM app.account WHERE login_name = '%s'", login));
    for (int i = 0; i < count; i++) {
        if (!ops[i].is_list || is_small(&ops[i]) || (ops[i].db_roles & (1U << role)) == 0) continue;
        for (int o = 0; o < ops[i].order_count; o++) explain(conn, login, &ops[i].orders[o]);
    }
    PQfinish(conn);
}

static void lists(void)
{
    explain_lists_for("shi.kj");
    explain_lists_for("huguan.kj");
    explain_lists_for("zhangling");
    explain_lists_for("linruochuan");
}

/* Thousands of rows on every desk that can have so many: of each unit and of both sides. Issues are a handful for each
 * placement, and few of them wait. */
static void fill_desks(void)
{
    sql("SET session_replication_role = replica");
    sql("UPDATE app.demand SET status = (ARRAY['county_review', 'city_review', 'returned', 'returned'])[1 + n.n %% 4],"
        " side = (ARRAY['enterprise', 'enterprise', 'enterprise', 'county'])[1 + n.n %% 4],"
        " correct_by_on = CASE WHEN n.n %% 4 > 1 THEN app.today() + n.n %% 15 END"
        " FROM (SELECT id, (row_number() OVER (ORDER BY id))::integer AS n FROM app.demand) n WHERE n.id = demand.id");
    sql("UPDATE app.enterprise SET status = 'county_review' WHERE name LIKE '企业%%'");
    sql("INSERT INTO app.institution (id, version, created_at, updated_at, status, uscc, name, kind) SELECT"
        " gen_random_uuid(), 1, app.now(), app.now() - n * interval '1 minute', 'proposed', 'U' || n, '学院' || n,"
        " 'university' FROM generate_series(1, %d) n",
        ROWS / 10);
    sql("INSERT INTO app.bank_account (id, version, created_at, updated_at, created_by, unit_id, status, enterprise_id,"
        " bank_name, branch, account_name, account_no, account_no_masked, account_no_index) SELECT gen_random_uuid(), "
        "1,"
        " app.now(), updated_at, (SELECT id FROM app.account WHERE login_name = 'zhangling'), unit_id,"
        " (ARRAY['proposed', 'confirmed'])[1 + priority_bp %% 2], id, '银行', '支行', name, '', '',"
        " convert_to(uscc, 'UTF8') FROM app.enterprise WHERE name LIKE '企业%%'");
    sql("UPDATE app.agreement SET status = 'draft', issue_by_on = start_on WHERE status = 'ended'"
        " AND \"text\" IS NULL");
    sql("INSERT INTO app.application (id, version, created_at, updated_at, status, side, shown, policy_id, call_id,"
        " applicant_id, specialties, tech_fields, industries, achievements, work_history, preferred_units,"
        " other_programmes, evidence, version_no, versions, answer_by_on) SELECT gen_random_uuid(), 1, app.now(),"
        " app.now() - n * interval '1 minute', (ARRAY['institution_review', 'city_review', 'returned'])[1 + n %% 3],"
        " (ARRAY['specialist', 'city'])[1 + n %% 2], true, (SELECT id FROM app.policy LIMIT 1),"
        " (SELECT id FROM app.call LIMIT 1), a.id, '{}', '{}', '{}', '[]', '[]', '{}', '{}', '{}', 0, '[]',"
        " app.today() + n %% 30 FROM generate_series(1, %d) n, app.account a WHERE a.login_name = 'shi.kj'",
        ROWS);
    sql("RESET session_replication_role");
    sql("ANALYZE");
}

/* The number behind a word of a plan's line, or 0. */
static long number_after(const char *line, const char *word)
{
    const char *at = strstr(line, word);
    return at == NULL ? 0 : strtol(at + strlen(word), NULL, 10);
}

/* The most rows that one node took from a table or an index of those that hold what waits, thrown away ones counted. */
static long most_read(char *plan)
{
    static const char *const tables[] = {" on demand",       " on enterprise", " on application", " on institution",
                                         " on bank_account", " on obligation", " on agreement",   " on attachment"};
    long most = 0, read = 0;
    bool waits = false;
    for (char *rest = plan, *line; (line = strsep(&rest, "\n")) != NULL;) {
        if (strstr(line, "->  ") != NULL) {
            waits = false;
            for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) waits |= strstr(line, tables[i]) != NULL;
            read = number_after(line, "actual rows=");
        }
        read += number_after(line, "Rows Removed by Filter: ");
        if (waits && read > most) most = read;
    }
    return most;
}

/* A page and the row behind it are read from each desk, or of each owner: no more, however much there is. */
static void check_page(const char *operation, const char *login, const char *after_1)
{
    static char plan[PLAN_SIZE], copy[PLAN_SIZE];
    char arguments[200], place[200];
    struct order order = contract_op(operation)->orders[0];
    const struct statement *s = order.statement.statement;
    PGconn *conn = role_open(role_serving(sql("SELECT role FROM app.account WHERE login_name = '%s'", login)));
    role_begin_as(conn, sql("SELECT id FROM app.account WHERE login_name = '%s'", login));
    role_sql(conn, "SET LOCAL plan_cache_mode = force_generic_plan");
    PQclear(PQprepare(conn, s->name, s->sql, 0, NULL));
    if (after_1 != NULL) order.first_value = after_1;
    arguments_of(&order, arguments, sizeof arguments);
    read_plan(conn, "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF)", s->name, arguments, plan, sizeof plan);
    /* Rooms that a function reads are in no plan. */
    long by_function =
        strtol(role_sql(conn, "SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables"
                              " WHERE schemaname = 'app' AND relname IN ('application', 'bank_account')"),
               NULL, 10);
    PQfinish(conn);
    snprintf(place, sizeof place, "%s as %s after %s", operation, login, order.first_value);
    snprintf(copy, sizeof copy, "%s", plan);
    bool one_page = most_read(copy) <= 51 && strncmp(plan, "Limit (actual rows=", 19) == 0;
    if (!one_page) printf("%s", plan);
    check_note(one_page, place, 0, "reads a page of each");
    check_note(by_function <= 51L * 8, place, 0, "reads a page of what a function reads, for each of some desks");
    if (by_function > 51L * 8) printf("    %ld rows\n", by_function);
}

static void to_do_lists_cost_a_page(void)
{
    const char *dated = sql("SELECT app.today() + 7 || ' ' || app.now() - interval '3 days'");
    const char *undated = sql("SELECT 'infinity ' || app.now() - interval '3 days'");
    check_page("todo_list", "shi.kj", NULL);
    check_page("todo_list", "shi.kj", dated);
    check_page("todo_list", "shi.kj", undated);
    check_page("todo_list", "huguan.kj", NULL);
    check_page("todo_list", "huguan.kj", dated);
    check_page("todo_list", "huguan.kj", undated);
    check_page("todo_list", "huguan.rc", NULL);
    check_page("todo_list", "zhangling", NULL);
}

static void lists_of_files_cost_a_page(void)
{
    const char *later = sql("SELECT app.now() - interval '3 days'");
    check_page("attachment_list", "shi.kj", NULL);
    check_page("attachment_list", "shi.kj", later);
    check_page("attachment_list", "huguan.kj", NULL);
    check_page("attachment_list", "zhangling", NULL);
}

/* People and demands of few words and fields, so that each has thousands that share them. */
static void fill_matching(void)
{
    sql("SET session_replication_role = replica");
    sql("INSERT INTO app.specialist (id, version, created_at, updated_at, status, code, application_id, full_name,"
        " id_no_index, specialties, tech_fields, industries, achievements, work_history, preferred_units,"
        " other_programmes, eligibility_ground, waived, valid_from, valid_to) SELECT gen_random_uuid(), 1, app.now(),"
        " app.now(), 'registered', 'TP-2098-' || 10000 + n, (SELECT id FROM app.application LIMIT 1), '人员' || n,"
        " sha256(n::text::bytea), '{减速器监测}', '{new_materials}', '{}', '[]', '[]', '{}', '{}', 'title', false,"
        " app.today(), app.today() + 900 FROM generate_series(1, %d) n",
        ROWS);
    sql("INSERT INTO app.match_person (specialist_id, stands, tech_fields, task_groups, service_forms, pairs) SELECT "
        "id,"
        " true, tech_fields, '{}', '{}', app.pair_codes('减速器监测') FROM app.specialist WHERE code LIKE "
        "'TP-2098-%%'");
    sql("INSERT INTO app.match_person_field SELECT 'new_materials', 5000, id FROM app.specialist WHERE code LIKE"
        " 'TP-2098-%%'");
    sql("UPDATE app.demand SET tech_field = 'new_materials', status = 'open' WHERE title LIKE '需求%%'");
    sql("INSERT INTO app.match_need SELECT id, true, tech_field, 5000, app.pair_codes('减速器监测') FROM app.demand "
        "WHERE"
        " title LIKE '需求%%'");
    sql("RESET session_replication_role");
    sql("SELECT app.job_match_count(app.today())");
    sql("ANALYZE");
}

/* Candidates of one demand or person cost what their own number is, however many people and demands there are: nothing
 * is read whole, and no more rows are fetched by index than a few for each of some hundred candidates. */
static void check_suggestion(const char *type, const char *id)
{
    PGconn *conn = role_open(DB_CITY);
    role_begin_as(conn, sql("SELECT id FROM app.account WHERE login_name = 'shi.kj'"));
    const char *found = role_sql(conn,
                                 "SELECT count(*) FROM app.match_suggest('%s', '%s', NULL, 100000,"
                                 " 'ffffffff-ffff-ffff-ffff-ffffffffffff', 51)",
                                 type, id);
    check_note(strcmp(found, "51") == 0, type, 0, found);
    static const char *const tables = "'specialist', 'demand', 'match_person', 'match_need', 'match_person_field'";
    long whole = strtol(role_sql(conn,
                                 "SELECT sum(seq_tup_read) FROM pg_stat_xact_user_tables WHERE schemaname = 'app' AND"
                                 " relname IN (%s)",
                                 tables),
                        NULL, 10);
    long fetched = strtol(role_sql(conn,
                                   "SELECT sum(idx_tup_fetch) FROM pg_stat_xact_user_tables WHERE schemaname = 'app'"
                                   " AND relname IN (%s)",
                                   tables),
                          NULL, 10);
    PQfinish(conn);
    check_note(whole == 0, type, 0, "no table of people or demands is read whole");
    check_note(fetched > 0 && fetched < 6000, type, 0, "rows fetched are few");
    if (whole != 0 || fetched >= 6000) printf("    read whole %ld, by index %ld\n", whole, fetched);
}

static void candidates_cost_their_own_number(void)
{
    check_suggestion("demand", sql("SELECT id FROM app.demand WHERE title LIKE '需求%%' LIMIT 1"));
    check_suggestion("specialist", sql("SELECT id FROM app.specialist WHERE code LIKE 'TP-2098-%%' LIMIT 1"));
}

int main(void)
{
    harness_open();
    RUN(fill);
    RUN(fill_dispatch);
    RUN(fill_matching);
    RUN(candidates_cost_their_own_number);
    RUN(lists);
    RUN(fill_desks);
    RUN(to_do_lists_cost_a_page);
    RUN(lists_of_files_cost_a_page);
    return harness_close();
}
