# Fails with the rows that break a law of invariants.sql, in the database that the first word names.
found=$(psql -X -v ON_ERROR_STOP=1 "$1" <"$(dirname "$0")/invariants.sql" 2>&1) || { echo "$found"; exit 1; }
[ -z "$found" ] || { echo "$found" | head -n 40; exit 1; }
echo "every law holds"
