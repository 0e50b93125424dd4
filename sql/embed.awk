# Prints sql/ as C: the files for migrations (struct sql_file, migrate.h) and the named statements of queries/
# (struct sql_text, embedded.h). To be called in sql/ with the files in the order in which they are to be listed.
#
# A statement begins with "-- name: demand_get" and ends before the next one or at the end of its file. What several
# statements of a file share stands once before them, under "-- part: demand_rows", and comes to each where it says
# "-- include: demand_rows". For each list there is one more, which counts its rows: "demand_list_total" gives `total`.

function quoted(text) {
    gsub(/[\\"]/, "\\\\&", text)
    return "        \"" text "\\n\""
}

function refuse(why) {
    print FILENAME ":" FNR ": " why > "/dev/stderr"
    refused = 1
    exit 1
}

function statement(text) { statements[statement_lines++] = text }

# The name in this line, which begins a statement or a part.
function begin(what) {
    end_text()
    if (NF != 3 || $3 !~ /^[a-z][a-z0-9_]*$/) refuse("a name is one lower_snake_case word")
    claim($3, what)
    is_empty = 1
    return $3
}

function claim(called, what) {
    if (called in seen) refuse("second " what " called " called)
    seen[called] = 1
}

function end_text() {
    if (name part == "") return
    if (is_empty) refuse(name part " is empty")
    if (name != "") end_statement()
    name = part = ""
}

function end_statement(    i, end) {
    statement("    },")
    if (name !~ /_list(_search)?$/) return
    end = statement_lines - 1
    claim(name "_total", "statement")
    begin_statement(name "_total")
    statement(quoted("SELECT count(*) AS total FROM ("))
    for (i = first_line; i < end; i++) statement(statements[i])
    statement(quoted(") AS rows"))
    statement("    },")
}

function begin_statement(called) {
    statement("    {\"" called "\", \"" room "\",")
    statement_count++
}

# Parts serve their own file alone.
function end_query_file(    p) {
    end_text()
    for (p in parts) if (!(p in used)) refuse("no statement includes " p)
    split("", parts)
    split("", used)
}

function end_file() {
    if (is_query) end_query_file()
    else if (path != "") print "    },"
}

BEGIN {
    print "/* Made by sql/embed.awk. */"
    print "#include \"embedded.h\"\n#include \"migrate.h\"\n"
    print "const struct sql_file sql_files[] = {"
}

FNR == 1 {
    end_file()
    path = room = FILENAME
    is_query = path ~ /^queries\//
    sub(/^.*\//, "", room)
    sub(/\.sql$/, "", room)
    if (!is_query) {
        print "    {\"" path "\", \"\""
        file_count++
    }
}

!is_query { print quoted($0); next }

/^-- name:/ {
    name = begin("statement")
    begin_statement(name)
    first_line = statement_lines
    next
}

/^-- part:/ {
    part = begin("part")
    parts[part] = ""
    next
}

/^[ \t]*-- include:/ {
    if (name == "") refuse("only a statement includes a part")
    if (NF != 3 || !($3 in parts)) refuse("no part of this name stands before it in this file")
    statement(parts[$3])
    used[$3] = 1
    is_empty = 0
    next
}

/^[ \t]*(--.*)?$/ { next }
name part == "" { refuse("text before the first \"-- name:\"") }
/;[ \t]*$/ { refuse("a statement has no semicolon") }
{ is_empty = 0 }
part != "" { parts[part] = parts[part] (parts[part] == "" ? "" : "\n") quoted($0); next }
{ statement(quoted($0)) }

END {
    if (refused) exit 1
    end_file()
    if (refused) exit 1
    print "    {0, 0},\n};"
    print "const int sql_file_count = " file_count + 0 ";\n"
    print "const struct sql_text sql_statements[] = {"
    for (i = 0; i < statement_lines; i++) print statements[i]
    print "    {0, 0, 0},\n};"
    print "const int sql_statement_count = " statement_count + 0 ";"
}
