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

static void read_plan(PGconn *conn, const char *name, const char *arguments, char *plan, size_t size)
{
    char command[2000];
    snprintf(command, sizeof command, "EXPLAIN EXECUTE %s(%s)", name, arguments);
    PGresult *result = PQexec(conn, command);
    plan[0] = '\0';
    for (int i = 0; i < PQntuples(result) && strlen(plan) + 400 < size; i++)
        snprintf(plan + strlen(plan), size - strlen(plan), "%s\n", PQgetvalue(result, i, 0));
    PQclear(result);
}

/* Tables that grow with the years. Calls, policies and units do not: a year brings fifteen of them. */
static const char *const growing[] = {"demand", "enterprise", "event"};

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
    read_plan(conn, s->name, arguments, plan, sizeof plan);
    check_plan(place, plan);
    role_sql(conn, "SET LOCAL plan_cache_mode = force_generic_plan");
    snprintf(place, sizeof place, "%s as %s, for all values", s->name, who);
    read_plan(conn, s->name, arguments, plan, sizeof plan);
    check_plan(place, plan);
    role_sql(conn, "SET LOCAL plan_cache_mode = auto");
}

/* Lists of a page or two are read whole and may be. */
static bool is_small(const struct op *op)
{
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

int main(void)
{
    harness_open();
    RUN(fill);
    RUN(lists);
    return harness_close();
}
