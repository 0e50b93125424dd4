#!/bin/sh
# What the database owes by itself, asked in SQL with pgTAP: who may touch what, row security, triggers, and what no
# serving role can do whatever statement reaches it. Each file of pgtap/ is a subject.
set -eu
folder=$(dirname "$0")
database=tepai_pgtap

drop() { psql -Xq -c "SET client_min_messages = error" -c "DROP DATABASE IF EXISTS $database" postgres; }

drop
trap drop EXIT
psql -Xq -v ON_ERROR_STOP=1 -c "CREATE DATABASE $database TEMPLATE $TEPAI_TEST_TEMPLATE" \
    -c "REVOKE CREATE, TEMPORARY ON DATABASE $database FROM PUBLIC" postgres # which a copy does not take along
psql -Xq -v ON_ERROR_STOP=1 -f "$folder/pgtap.sql" "$database"
failed=0
export PGOPTIONS="-c search_path=tap,app -c tap.migrated=$TEPAI_TEST_TEMPLATE"
report=$(pg_prove -f -d "$database" "$folder"/pgtap/*.sql 2>&1) || failed=1
tests=$(printf '%s\n' "$report" | sed -n 's/^Files=[0-9]*, Tests=\([0-9]*\),.*/\1/p')
[ "$failed" = 0 ] && [ "${tests:-0}" -gt 0 ] || { printf '%s\n' "$report"; exit 1; }
echo "$tests tests, 0 failed"
