#!/bin/sh
# A scan goes up over a bad line: announced, sent in two parts with a break between, and read back.
set -eu
. "$(dirname "$0")/lib.sh"

file=$work/scan.pdf
{ printf '%%PDF-1.7\n'; head -c 4200000 /dev/urandom; } >"$file"

say "An enterprise has a scan of 4.2 MB. It tells name, type, size and SHA-256 first; parts have 4 MiB."
as lishi
announce "$file" 营业执照.pdf
expect 201 '.state == "pending"' '.part_count == 2' '.parts_missing == [1, 2]'
keep attachment .id

say "The second part arrives, then the line breaks. Afterwards the file tells what is missing."
send_part "$attachment" "$file" 2
expect 200 '.parts_missing == [1]'
get "/v1/attachments/$attachment"
expect 200 '.state == "pending"' '.parts_missing == [1]'

say "Bytes that were bent on the way are refused at once."
with "Content-Digest: $(digest "$file.2")"
directly request PUT "/v1/attachments/$attachment/parts/1" -H 'Content-Type: application/octet-stream' \
    --data-binary "@$file.1"
refused 422 digest_mismatch

say "The first part comes, too: the whole is judged and stored."
send_part "$attachment" "$file" 1
expect 200 '.state == "stored"' '.parts_missing == []'

say "It comes back as a download, with the digest of its bytes."
directly request GET "/v1/attachments/$attachment/content"
expect 200
if cmp -s "$work/body" "$file"; then note yes; else note no "the same bytes"; fi
tr -d '\r' <"$work/head" | grep -iE '^(content-disposition|repr-digest|content-type):'
if tr -d '\r' <"$work/head" | grep -qiF "repr-digest: $(digest "$file")"; then note yes; else note no "Repr-Digest"; fi

say "Announced once more, the same bytes are there already. Nobody else sees the file before a record names it."
announce "$file" 副本.pdf
expect 201 '.state == "stored"'
as shi.kj
get "/v1/attachments/$attachment"
refused 404 not_found

finish
