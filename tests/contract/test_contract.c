/* What people forget when an operation, a step, a problem or a rule comes or goes: that each has its other half. What
 * later releases bring stands in pending.tsv until they do; a line there that has come true fails. */
#include "arena.h"
#include "harness.h"

#include <glob.h>
#include <regex.h>
#include <stdlib.h>

static struct arena *kept;
static const char *rooms_tests; /* sources of tests/stages and tests/office */
static const char *all_tests;   /* everything that tests */
static const char *program;     /* src and include */
static const char *statements;  /* sql */

#define TEXT(...) arena_print(kept, __VA_ARGS__)

static void note(bool holds, const char *place, const char *what)
{
    check_note(holds, place, 0, what);
}

/* ---- sources */

static char *add_file(char *text, size_t *size, const char *path)
{
    char line[8192];
    FILE *f = fopen(path, "r");
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        size_t more = strlen(line);
        text = realloc(text, *size + more + 1);
        memcpy(text + *size, line, more + 1);
        *size += more;
    }
    if (f != NULL) fclose(f);
    return text;
}

/* All files of the patterns in one text. */
static const char *sources(const char *const *patterns)
{
    size_t size = 0;
    char *text = calloc(1, 1);
    for (; *patterns != NULL; patterns++) {
        glob_t found;
        if (glob(TEXT("%s/%s", SOURCE_DIR, *patterns), GLOB_BRACE, NULL, &found) != 0) continue;
        for (size_t i = 0; i < found.gl_pathc; i++) text = add_file(text, &size, found.gl_pathv[i]);
        globfree(&found);
    }
    const char *copy = TEXT("%s", text);
    free(text);
    return copy;
}

static void read_sources(void)
{
    rooms_tests = sources((const char *const[]){"tests/stages/*.c", "tests/office/*.c", NULL});
    all_tests = sources((const char *const[]){"tests/{stages,office,contract,unit}/*.c", "tests/faults/*.py",
                                              "tests/journeys/*.sh", NULL});
    program = sources((const char *const[]){"src/*.c", "src/*/*.c", "include/*.h", NULL});
    statements = sources((const char *const[]){"sql/{functions,queries,schema}/*.sql", NULL});
    CHECK(strlen(rooms_tests) > 1000 && strlen(all_tests) > 1000 && strlen(program) > 1000 &&
          strlen(statements) > 1000);
}

/* The word, not as a part of a longer one. */
static bool says(const char *text, const char *word)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    size_t size = strlen(word);
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
        bool begins = at == text || strchr(letters, at[-1]) == NULL;
        if (begins && (at[size] == '\0' || strchr(letters, at[size]) == NULL)) return true;
    }
    return false;
}

/* Calls `found` with each first group of a pattern. */
static void each_match(const char *text, const char *pattern, void (*found)(const char *word))
{
    regex_t compiled;
    regmatch_t group[2];
    CHECK(regcomp(&compiled, pattern, REG_EXTENDED) == 0);
    for (const char *at = text; regexec(&compiled, at, 2, group, 0) == 0; at += group[0].rm_eo)
        found(arena_copy(kept, at + group[1].rm_so, (size_t)(group[1].rm_eo - group[1].rm_so)));
    regfree(&compiled);
}

/* ---- pending.tsv: kind, name, reason */

static struct {
    const char *kind, *name;
    bool used;
} pending[200];
static int pending_count;

static void read_pending(void)
{
    char line[1000];
    FILE *f = fopen(SOURCE_DIR "/tests/contract/pending.tsv", "r");
    CHECK(f != NULL);
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        if (line[0] == '#') continue;
        char *rest = line, *kind = strsep(&rest, "\t"), *name = strsep(&rest, "\t"), *reason = strsep(&rest, "\t\n");
        note(reason != NULL && strlen(reason) > 10, "pending.tsv", name == NULL ? kind : name);
        pending[pending_count].kind = TEXT("%s", kind);
        pending[pending_count++].name = TEXT("%s", name == NULL ? "" : name);
    }
    if (f != NULL) fclose(f);
}

static bool is_pending(const char *kind, const char *name)
{
    for (int i = 0; i < pending_count; i++) {
        if (strcmp(pending[i].kind, kind) != 0 || strcmp(pending[i].name, name) != 0) continue;
        pending[i].used = true;
        return true;
    }
    return false;
}

/* Either it is so, or it is pending: not both and not neither. */
static void so_or_pending(bool so, const char *kind, const char *name, const char *what)
{
    bool waits = is_pending(kind, name);
    note(so || waits, TEXT("%s %s", kind, name), what);
    note(!(so && waits), TEXT("%s %s", kind, name), "has come true and still stands in pending.tsv");
}

static void pending_lines_are_of_use(void)
{
    for (int i = 0; i < pending_count; i++)
        note(pending[i].used, TEXT("%s %s", pending[i].kind, pending[i].name),
             "stands in pending.tsv and means nothing");
}

/* ---- operations */

static const json_t *member(const json_t *node, const char *name)
{
    return json_object_get(node, name);
}

static const json_t *node_of(const struct op *op)
{
    char method[8];
    snprintf(method, sizeof method, "%s", op->method);
    for (char *c = method; *c != '\0'; c++) *c = (char)(*c | 0x20);
    return member(member(member(contract_document(), "paths"), op->path), method);
}

static const json_t *schema_named(const char *name)
{
    return member(member(member(contract_document(), "components"), "schemas"), name);
}

static void each_op(void (*test)(const struct op *op))
{
    int count;
    const struct op *ops = contract_ops(&count);
    CHECK(count > 0);
    for (int i = 0; i < count; i++) test(&ops[i]);
}

static bool is_article(const char *word)
{
    static const char *const articles[] = {"2",  "3",  "4",  "5",  "6",  "7",  "8",  "9.1", "9.2", "9.3", "9.4", "9.5",
                                           "10", "11", "12", "13", "14", "15", "16", "17",  "18",  "19",  "20"};
    for (size_t i = 0; i < sizeof articles / sizeof articles[0]; i++) {
        if (strcmp(articles[i], word) == 0) return true;
    }
    return false;
}

static void cites_an_article(const struct op *op)
{
    const json_t *articles = member(node_of(op), "x-regulation"), *word;
    size_t i;
    note(json_array_size(articles) > 0, op->id, "cites an article or is infrastructure");
    json_array_foreach (articles, i, word) {
        const char *text = json_string_value(word);
        bool house = strcmp(text, "infrastructure") == 0 && json_array_size(articles) == 1;
        note(house || is_article(text), op->id, "cites articles that the regulation has");
    }
    note(json_array_size(member(node_of(op), "x-roles")) > 0, op->id, "has roles");
}

static void is_named_well(const struct op *op)
{
    regex_t pattern;
    CHECK(regcomp(&pattern, "^[a-z][a-z0-9]*(_[a-z0-9]+)+$", REG_EXTENDED | REG_NOSUB) == 0);
    const char *tag = json_string_value(json_array_get(member(node_of(op), "tags"), 0));
    note(regexec(&pattern, op->id, 0, NULL, 0) == 0 && strlen(op->id) <= 48, op->id, "is named by the rule");
    note(strncmp(op->id, tag, strlen(tag)) == 0, op->id, "begins with its room");
    regfree(&pattern);
}

static void is_exercised(const struct op *op)
{
    bool named = strstr(rooms_tests, TEXT("\"%s\"", op->id)) != NULL;
    /* A list is asked for by its path, since its filters stand there. */
    if (op->is_list) named = strstr(rooms_tests, TEXT("\"%s", op->path)) != NULL;
    note(named, op->id, "is named in tests/stages or tests/office");
}

static bool is_among(const char *const *words, const char *word)
{
    while (*words != NULL && strcmp(*words, word) != 0) words++;
    return *words != NULL;
}

/* What decides, signs, pays, unmasks or changes accounts and where links and money go is done by who proved himself in
 * the last minutes. Signing in and confirming a second factor are such proofs. */
static bool is_sensitive(const struct op *op)
{
    static const char *const tags[] = {"account", "disclosure", "link", "bank_account", "payment", "client", NULL};
    static const char *const steps[] = {"adopt", "sign", "refuse", "approve", "pay", "impose", NULL};
    static const char *const named[] = {"institution_update", NULL};
    static const char *const proofs[] = {"account_confirm_factor", NULL};
    const char *tag = json_string_value(json_array_get(member(node_of(op), "tags"), 0));
    if (strcmp(op->method, "GET") == 0 || op->is_public || is_among(proofs, op->id)) return false;
    bool decides = json_object_get(op->body_members, "decision") != NULL || is_among(named, op->id);
    for (int i = 0; i < op->step_count; i++) decides |= is_among(steps, op->steps[i]);
    return decides || is_among(tags, tag);
}

static void asks_for_a_recent_proof(const struct op *op)
{
    bool recent = op->max_auth_age_s > 0 && op->max_auth_age_s <= 900;
    note(recent || !is_sensitive(op), op->id, "is sensitive and has x-max-auth-age of some minutes");
}

static void operations(void)
{
    each_op(cites_an_article);
    each_op(is_named_well);
    each_op(is_exercised);
    each_op(asks_for_a_recent_proof);
}

/* ---- statements and handlers */

static bool is(const struct bound *b, const char *name)
{
    return b->statement != NULL && strcmp(b->statement->name, name) == 0;
}

static bool op_uses(const struct op *op, const char *name)
{
    for (int i = 0; i < op->order_count; i++) {
        if (is(&op->orders[i].statement, name) || is(&op->orders[i].total, name)) return true;
    }
    return is(&op->lock, name) || is(&op->blockers, name) || is(&op->act, name) || is(&op->get, name);
}

static void statements_have_a_use(void)
{
    const struct statement *s;
    int count;
    const struct op *ops = contract_ops(&count);
    const struct bound *const road[] = {&road_facts, &road_key_claim, &road_key_get, &road_key_keep};
    for (int i = 0; (s = statement_at(i)) != NULL; i++) {
        bool used = strstr(program, TEXT("\"%s\"", s->name)) != NULL;
        for (int o = 0; o < count; o++) used |= op_uses(&ops[o], s->name);
        for (size_t r = 0; r < sizeof road / sizeof road[0]; r++) used |= is(road[r], s->name);
        note(used, s->name, "the statement is used by an operation, the road or a handler");
    }
}

static void handler_is_an_operation(const char *name)
{
    const struct op *op = contract_op(name);
    note(op != NULL && op->handler != NULL, name, "the handler belongs to an operation");
}

static void operation_has_its_work(const struct op *op)
{
    bool stated = op->order_count > 0 || op->act.statement != NULL || op->get.statement != NULL;
    bool both = op->handler != NULL && member(node_of(op), "x-query") != NULL;
    note((op->handler != NULL) != stated || (both && stated), op->id, "is a handler or statements, both by x-query");
}

static void handlers(void)
{
    const char *table = strstr(program, "#define HANDLERS(X)");
    CHECK(table != NULL);
    if (table == NULL) return;
    each_match(arena_copy(kept, table, (size_t)(strstr(table, "#define HANDLER_DECLARATION") - table)),
               "X\\(([a-z_]+)\\)", handler_is_an_operation);
    each_op(operation_has_its_work);
}

/* ---- lifecycle */

/* Runs a query whose every row is a fault. */
static void no_rows(const char *query)
{
    const char *found = sql("SELECT string_agg(x::text, '; ') FROM (%s) AS f(x)", query);
    note(found == NULL, "lifecycle", found == NULL ? query : found);
}

static void states_are_reachable(void)
{
    no_rows("WITH RECURSIVE reached AS (SELECT resource, to_state AS state FROM app.lifecycle WHERE from_state = '-'"
            " UNION SELECT l.resource, l.to_state FROM reached r JOIN app.lifecycle l ON l.resource = r.resource AND"
            " l.from_state = r.state) SELECT resource || ' ' || from_state FROM app.lifecycle WHERE from_state <> '-'"
            " AND (resource, from_state) NOT IN (SELECT resource, state FROM reached)");
}

/* Where a life ends on purpose. */
static void dead_ends_are_meant(void)
{
    CHECK_TEXT(sql("SELECT string_agg(x, ', ' ORDER BY x) FROM (SELECT DISTINCT resource || ' ' || to_state AS x FROM"
                   " app.lifecycle l WHERE NOT EXISTS (SELECT FROM app.lifecycle n WHERE n.resource = l.resource AND"
                   " n.from_state = l.to_state)) d"),
               "account closed, agreement cancelled, agreement dissolved, agreement ended, agreement expired, "
               "agreement refused, agreement superseded, application approved, application declined, "
               "application expired, application rejected, application withdrawn, bank_account rejected, "
               "bank_account replaced, call cancelled, call closed, client closed, client rejected, demand fulfilled, "
               "demand rejected, demand "
               "withdrawn, dispatch_line lapsed, dispatch_line placed, dispatch_line struck, dispatch_list "
               "cancelled, dispatch_list fixed, dispatch_notice cancelled, dispatch_notice issued, "
               "dispatch_notice refused, enterprise rejected, institution active, institution declined, "
               "intention declined, intention honoured, intention lapsed, intention withdrawn, issue closed, "
               "issue withdrawn, match declined, match excluded, match placed, match released, match_round "
               "adopted, match_round cancelled, match_round failed, obligation cancelled, obligation excused, "
               "obligation met, obligation met_late, placement cancelled, placement closed, policy discarded, "
               "policy superseded, service_offer retired");
}

static void rows_speak_both_languages(void)
{
    no_rows("SELECT resource || ' ' || step FROM app.lifecycle WHERE zh !~ '[一-鿿]' OR en !~ '^[A-Z][ -~]+$'");
    no_rows("SELECT resource || ' ' || step FROM app.lifecycle WHERE duty AND who = 'system'");
}

/* The statuses a resource may show are the states of its life. */
static void compare_states(const char *resource, const json_t *words)
{
    const char *states = sql("SELECT string_agg(DISTINCT to_state, ',' ORDER BY to_state) FROM app.lifecycle WHERE"
                             " resource = '%s'",
                             resource);
    const json_t *word;
    size_t i;
    const char *listed = "";
    json_array_foreach (words, i, word) listed = TEXT("%s%s%s", listed, i == 0 ? "" : ",", json_string_value(word));
    const char *sorted = sql("SELECT string_agg(s, ',' ORDER BY s) FROM unnest(string_to_array('%s', ',')) s", listed);
    check_text(sorted, states, resource, 0, "statuses of the contract are states of the lifecycle");
}

static void statuses_are_states(void)
{
    compare_states("policy", member(schema_named("PolicyStatus"), "enum"));
    compare_states("institution", member(schema_named("InstitutionStatus"), "enum"));
    compare_states("enterprise", member(schema_named("EnterpriseStatus"), "enum"));
    compare_states("bank_account", member(schema_named("BankAccountStatus"), "enum"));
    compare_states("call", member(schema_named("CallStatus"), "enum"));
    compare_states("demand", member(schema_named("DemandStatus"), "enum"));
    compare_states("match_round", member(schema_named("MatchRoundStatus"), "enum"));
    compare_states("match", member(schema_named("MatchStatus"), "enum"));
    compare_states("dispatch_list", member(schema_named("DispatchListStatus"), "enum"));
    compare_states("dispatch_line", member(schema_named("DispatchLineStatus"), "enum"));
    compare_states("issue", member(schema_named("IssueStatus"), "enum"));
    compare_states("account", member(schema_named("AccountStatus"), "enum"));
    compare_states("intention", member(schema_named("IntentionStatus"), "enum"));
    compare_states("dispatch_notice", member(schema_named("DispatchNoticeStatus"), "enum"));
    compare_states("placement", member(schema_named("PlacementStatus"), "enum"));
    compare_states("obligation", member(schema_named("ObligationStatus"), "enum"));
}

static const char *roles_sorted(const struct op *op)
{
    const json_t *word;
    size_t i;
    const char *list = "";
    json_array_foreach (member(node_of(op), "x-roles"), i, word)
        list = TEXT("%s%s%s", list, i == 0 ? "" : ",", json_string_value(word));
    return sql("SELECT string_agg(DISTINCT split_part(r, '+', 1), ',') FROM unnest(string_to_array('%s', ',')) r",
               list);
}

/* A step may be taken by exactly those whom its rows name, and its rows' article is cited. */
static void step_agrees(const struct op *op)
{
    for (int i = 0; i < op->step_count; i++) {
        const char *who =
            sql("SELECT string_agg(DISTINCT w, ',') FROM app.lifecycle, unnest(string_to_array(who, ', ')) w"
                " WHERE resource = '%s' AND step = '%s' AND w <> 'system'",
                op->noun, op->steps[i]);
        check_text(roles_sorted(op), who, op->id, 0, "x-roles are who the lifecycle names");
        note(strcmp(op->id, TEXT("%s_%s", op->noun, op->steps[i])) == 0, op->id, "is named after its step");
        char *articles = json_dumps(member(node_of(op), "x-regulation"), JSON_COMPACT);
        const char *article =
            sql("SELECT article FROM app.lifecycle WHERE resource = '%s' AND step = '%s' AND article ="
                " ANY (ARRAY(SELECT CASE a WHEN 'infrastructure' THEN 'infra' ELSE a END FROM"
                " json_array_elements_text('%s') a)) LIMIT 1",
                op->noun, op->steps[i], articles);
        free(articles);
        note(article != NULL, op->id, "cites an article of its step");
    }
}

static bool takes_step(const char *resource, const char *step)
{
    const struct op *op = contract_op(TEXT("%s_%s", resource, step));
    for (int i = 0; op != NULL && i < op->step_count; i++) {
        if (strcmp(op->steps[i], step) == 0) return true;
    }
    return false;
}

/* Every step that people take has its operation. */
static void steps_have_operations(void)
{
    const char *list = sql("SELECT string_agg(DISTINCT resource || '.' || step, ',') FROM app.lifecycle WHERE who <>"
                           " 'system'");
    char *copy = strdup(list), *rest = copy, *word;
    while ((word = strsep(&rest, ",")) != NULL) {
        char *dot = strchr(word, '.');
        const char *resource = arena_copy(kept, word, (size_t)(dot - word));
        so_or_pending(takes_step(resource, dot + 1), "step", word, "has an operation");
    }
    free(copy);
}

static void lifecycle(void)
{
    states_are_reachable();
    dead_ends_are_meant();
    rows_speak_both_languages();
    statuses_are_states();
    each_op(step_agrees);
    steps_have_operations();
}

/* ---- articles */

/* The sentences an example of a problem shows are those the service says. */
static void example_of_a_problem(const char *name, const json_t *problem)
{
    const json_t *entry, *errors = member(problem, "errors");
    const char *code = json_string_value(member(problem, "code")),
               *detail = json_string_value(member(problem, "detail"));
    const struct problem *p = problem_find(code == NULL ? "" : code);
    size_t i;
    note(p != NULL, name, "shows a problem there is");
    if (p == NULL) return;
    CHECK_TEXT(json_string_value(member(problem, "title")), p->zh);
    CHECK(json_integer_value(member(problem, "status")) == p->status);
    json_array_foreach (errors, i, entry) {
        const char *word = json_string_value(member(entry, "rule"));
        if (word == NULL) return; /* places of a body have sentences of the validator's */
        const struct rule *rule = rule_find(word);
        note(rule != NULL, name, "names a rule there is");
        if (rule != NULL) CHECK_TEXT(json_string_value(member(entry, "detail")), rule->zh);
        if (rule != NULL) CHECK_TEXT(detail, rule->zh);
    }
    if (json_array_size(errors) > 0) return;
    ask("GET", json("/v1/problems/%s", code), NULL);
    const char *hole = strstr(text_at("/advice_zh"), "…");
    size_t same = hole == NULL ? strlen(detail) + 1 : (size_t)(hole - text_at("/advice_zh"));
    note(strncmp(detail, text_at("/advice_zh"), same) == 0, name, "says what the service says");
}

static void examples_of_problems_are_true(void)
{
    const char *name;
    json_t *example;
    json_object_foreach ((json_t *)member(member(contract_document(), "components"), "examples"), name, example) {
        const char *type = json_string_value(member(member(example, "value"), "type"));
        if (type != NULL && strncmp(type, "/v1/problems/", 13) == 0)
            example_of_a_problem(name, member(example, "value"));
    }
}

static json_t *cited;

static void gather_articles(const struct op *op)
{
    const json_t *word;
    size_t i;
    json_array_foreach (member(node_of(op), "x-regulation"), i, word)
        json_object_set_new(cited, json_string_value(word), json_true());
}

static void articles_are_cited(void)
{
    cited = json_object();
    each_op(gather_articles);
    static const char *const articles[] = {"2",  "3",  "4",  "5",  "6",  "7",  "8",  "9.1", "9.2", "9.3", "9.4", "9.5",
                                           "10", "11", "12", "13", "14", "15", "16", "17",  "18",  "19",  "20"};
    for (size_t i = 0; i < sizeof articles / sizeof articles[0]; i++)
        so_or_pending(json_object_get(cited, articles[i]) != NULL, "article", articles[i], "is cited by an operation");
    json_decref(cited);
}

/* ---- problems and rules */

static const struct {
    const char *name, *word;
} codes[] = {
#define CODE_ROW(code, word, status, zh, en) {#code, word},
    PROBLEMS(CODE_ROW)
#undef CODE_ROW
};

static void problems_are_the_contract_s(void)
{
    const json_t *words = member(schema_named("ProblemWord"), "enum");
    size_t count = sizeof codes / sizeof codes[0];
    note(json_array_size(words) == count, "ProblemWord", "as many words as fail.h");
    for (size_t i = 0; i < count; i++) {
        const json_t *word;
        size_t at;
        bool listed = false;
        json_array_foreach (words, at, word) listed |= strcmp(json_string_value(word), codes[i].word) == 0;
        note(listed, codes[i].word, "stands in the contract");
    }
}

/* A code nobody can provoke is dead code; one nobody does provoke is not tested. */
static void problems_are_provoked(void)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        bool by_code = says(all_tests, TEXT("EXPECT(%s)", codes[i].name)) || says(all_tests, codes[i].name);
        bool by_word = strstr(all_tests, TEXT("\"%s\"", codes[i].word)) != NULL;
        so_or_pending(by_code || by_word, "code", codes[i].word, "is provoked by a test");
        note(says(program, codes[i].name), codes[i].word, "can be given by the service");
    }
}

static const struct {
    const char *name, *article;
} rules[] = {
#define RULE_NAME(name, code, article, zh, en) {name, article},
    RULES(RULE_NAME)
#undef RULE_NAME
};

/* Each rule is told by a statement, a constraint or the road, and tried by a test. */
static void rules_are_used(void)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        bool used =
            says(statements, rules[i].name) || strstr(program, TEXT("rule_find(\"%s\")", rules[i].name)) != NULL;
        note(used, rules[i].name, "the rule is told by a statement, a constraint or the road");
        bool tried = strstr(all_tests, TEXT("\"%s\"", rules[i].name)) != NULL;
        so_or_pending(tried, "rule", rules[i].name, "is tried by a test");
        const char *article = rules[i].article;
        note(article == NULL || strcmp(article, OF_OPERATION) == 0 || is_article(article), rules[i].name,
             "cites an article that there is");
    }
}

/* Of two sentences for one rule the second would never be said. */
static void rules_stand_once(void)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        for (size_t j = 0; j < i; j++)
            if (strcmp(rules[i].name, rules[j].name) == 0) note(false, rules[i].name, "the rule stands once");
    }
}

static void is_rule(const char *word)
{
    note(rule_find(word) != NULL, word, "what a blocker tells is a rule with sentences");
}

static void blockers_tell_rules(void)
{
    each_match(statements, "SELECT[[:space:]]+'([a-z_]+)'( AS rule)?,[[:space:]]*('#/|NULL|place)", is_rule);
}

/* CHECK and EXCLUDE constraints are named like the rule they keep; two of the house cannot be met by a request. */
static void constraints_are_rules(void)
{
    const char *list =
        sql("SELECT string_agg(DISTINCT conname::text, ',') FROM pg_constraint WHERE contype IN ('c', 'x')"
            " AND connamespace = 'app'::regnamespace AND conname NOT IN ('event_op',"
            " 'sandbox_clock_one_row')");
    char *copy = strdup(list), *rest = copy, *word;
    while ((word = strsep(&rest, ",")) != NULL) note(rule_find(word) != NULL, word, "the constraint is a rule");
    free(copy);
}

static void has_a_function(const char *job)
{
    note(sql("SELECT to_regprocedure('app.job_%s(date)')", job) != NULL, job, "the job has its function");
}

/* A function nobody calls would let its deadlines pass in silence. */
static void jobs_are_in_the_calendar(void)
{
    char *list = strdup(sql("SELECT string_agg(substr(proname, 5), ',') FROM pg_proc WHERE pronamespace ="
                            " 'app'::regnamespace AND proname LIKE 'job\\_%%' AND pronargs = 1")),
         *rest = list, *job;
    while ((job = strsep(&rest, ",")) != NULL)
        note(strstr(program, TEXT("{.name = \"%s\", .every", job)) != NULL, job, "stands in src/work/calendar.c");
    free(list);
    each_match(program, "[{]\\.name = \"([a-z_]+)\", \\.every", has_a_function);
}

int main(void)
{
    harness_open();
    kept = arena_new();
    RUN(read_sources);
    RUN(read_pending);
    RUN(operations);
    RUN(statements_have_a_use);
    RUN(handlers);
    RUN(lifecycle);
    RUN(articles_are_cited);
    RUN(problems_are_the_contract_s);
    RUN(problems_are_provoked);
    RUN(rules_are_used);
    RUN(rules_stand_once);
    RUN(examples_of_problems_are_true);
    RUN(jobs_are_in_the_calendar);
    RUN(blockers_tell_rules);
    RUN(constraints_are_rules);
    RUN(pending_lines_are_of_use);
    return harness_close();
}
