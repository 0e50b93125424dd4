/* What the program knows about itself, for people and for the documents: its operations and the lifecycles. */
#include "commands.h"
#include "contract.h"
#include "db/admin.h"

#include <stdio.h>
#include <string.h>

static const char *side_of(const struct permission *p)
{
    return strchr(db_role_names[p->role], '_') + 1;
}

static void print_roles(const struct op *op)
{
    if (op->is_public) fputs("public", stdout);
    for (int i = 0; i < op->permission_count; i++) {
        const struct permission *p = &op->permissions[i];
        printf("%s%s%s%s%s", i > 0 ? ", " : "", side_of(p), p->office ? "/" : "", p->office ? p->office : "",
               p->admin ? "+admin" : "");
    }
}

int routes_command(int argc, char **argv)
{
    (void)argc, (void)argv;
    int count;
    if (!contract_load()) return 1;
    const struct op *ops = contract_ops(&count);
    for (int i = 0; i < count; i++) {
        printf("%-6s %-50s %-22s ", ops[i].method, ops[i].path, ops[i].id);
        print_roles(&ops[i]);
        putchar('\n');
    }
    return 0;
}

/* "-" is the state before the first and after the last, which Mermaid writes "[*]". */
static const char *mermaid_state(const char *state)
{
    return strcmp(state, "-") == 0 ? "[*]" : state;
}

int lifecycle_command(int argc, char **argv)
{
    (void)argc, (void)argv;
    PGconn *c = admin_connect();
    PGresult *r =
        c == NULL
            ? NULL
            : admin_rows(c, "SELECT resource, from_state, to_state, step, who, article FROM app.lifecycle ORDER BY no",
                         0, NULL);
    const char *resource = "";
    for (int i = 0; i < PQntuples(r); i++) {
        if (strcmp(resource, PQgetvalue(r, i, 0)) != 0) {
            resource = PQgetvalue(r, i, 0);
            printf("%s## %s\n\n```mermaid\nstateDiagram-v2\n", i > 0 ? "```\n\n" : "", resource);
        }
        printf("    %s --> %s: %s (%s; %s)\n", mermaid_state(PQgetvalue(r, i, 1)), mermaid_state(PQgetvalue(r, i, 2)),
               PQgetvalue(r, i, 3), PQgetvalue(r, i, 4), PQgetvalue(r, i, 5));
    }
    bool fine = r != NULL;
    if (PQntuples(r) > 0) fputs("```\n", stdout);
    PQclear(r);
    PQfinish(c);
    return fine ? 0 : 1;
}
