#!/bin/sh
# A scan goes up over a bad line: announced, sent in two parts with a break between, and read back.
set -eu
. "$(dirname "$0")/lib.sh"
# A validating proxy takes every body for text, and these are bytes: they go past it.
BASE=${DIRECT:-$BASE} to=${DIRECT:-$BASE}

hex() { sha256sum "$1" | cut -d ' ' -f 1; }

# What Content-Digest says of a file (RFC 9530).
digest() { printf 'sha-256=:%s:' "$(hex "$1" | tr -d '\n' | sed 's/../\\x&/g' | xargs -0 printf | base64)"; }

file=$work/scan.pdf
{ printf '%%PDF-1.7\n'; head -c 4200000 /dev/urandom; } >"$file"
split -b 4194304 -d "$file" "$work/part"

say "An enterprise has a scan of 4.2 MB. It tells name, type, size and SHA-256 first; parts have 4 MiB."
as lishi
create /v1/attachments "{\"file_name\": \"营业执照.pdf\", \"media_type\": \"application/pdf\",
  \"size_bytes\": $(wc -c <"$file" | tr -d ' '), \"sha256\": \"$(hex "$file")\", \"purpose\": \"evidence\"}"
expect 201 '.state == "pending"' '.part_count == 2' '.parts_missing == [1, 2]'
keep attachment .id

# send_part NUMBER
send_part() {
    part=$work/part0$(($1 - 1))
    with "Content-Digest: $(digest "$part")"
    request PUT "/v1/attachments/$attachment/parts/$1" -H 'Content-Type: application/octet-stream' --data-binary "@$part"
}

say "The second part arrives, then the line breaks. Afterwards the file tells what is missing."
send_part 2
expect 200 '.parts_missing == [1]'
get "/v1/attachments/$attachment"
expect 200 '.state == "pending"' '.parts_missing == [1]'

say "Bytes that were bent on the way are refused at once."
with "Content-Digest: $(digest "$work/part01")"
request PUT "/v1/attachments/$attachment/parts/1" -H 'Content-Type: application/octet-stream' --data-binary "@$work/part00"
refused 422 digest_mismatch

say "The first part comes, too: the whole is judged and stored."
send_part 1
expect 200 '.state == "stored"' '.parts_missing == []'

say "It comes back as a download, with the digest of its bytes."
request GET "/v1/attachments/$attachment/content"
expect 200
if cmp -s "$work/body" "$file"; then note yes; else note no "the same bytes"; fi
tr -d '\r' <"$work/head" | grep -iE '^(content-disposition|repr-digest|content-type):'
if tr -d '\r' <"$work/head" | grep -qiF "repr-digest: $(digest "$file")"; then note yes; else note no "Repr-Digest"; fi

say "Announced once more, the same bytes are there already. Nobody else sees the file before a record names it."
create /v1/attachments "{\"file_name\": \"副本.pdf\", \"media_type\": \"application/pdf\",
  \"size_bytes\": $(wc -c <"$file" | tr -d ' '), \"sha256\": \"$(hex "$file")\"}"
expect 201 '.state == "stored"'
as shi.kj
get "/v1/attachments/$attachment"
refused 404 not_found

finish
