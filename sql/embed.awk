# Prints sql/ as C: the files for migrations (struct sql_file, migrate.h) and the named statements of queries/
# (struct sql_text, embedded.h). To be called in sql/ with the files in the order in which they are to be listed.
#
# A statement begins with "-- name: demand_get" and ends before the next one or at the end of its file.

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

function end_statement() {
    if (name == "") return
    if (is_empty) refuse("statement " name " is empty")
    statement("    },")
    name = ""
}

function end_file() {
    if (is_query) end_statement()
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
    end_statement()
    name = $3
    if (NF != 3 || name !~ /^[a-z][a-z0-9_]*$/) refuse("a name is one lower_snake_case word")
    if (name in seen) refuse("second statement called " name)
    seen[name] = is_empty = 1
    statement("    {\"" name "\", \"" room "\",")
    statement_count++
    next
}

/^[ \t]*(--.*)?$/ { next }
name == "" { refuse("text before the first \"-- name:\"") }
/;[ \t]*$/ { refuse("a statement has no semicolon") }
{ statement(quoted($0)); is_empty = 0 }

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
