# What the journeys share: requests that are shown as a reader would type them, answers that are shown and checked.
# $BASE is the server; $DIRECT, where set, is the same server without the validating proxy that BASE may be, and takes
# the requests that break the contract on purpose. What a journey keeps for the next one stands in $TOUR_STATE.
# The reader's shell would have BASE, and in T the access token of whoever asks, or in L the token of his link.

: "${BASE:?set BASE to the address of a server with the demo programme, or play the journeys with ./dev tour}"
root=$(cd "$(dirname "$0")/../.." && pwd)
state=${TOUR_STATE:-$root/build/tour/$(printf %s "$BASE" | tr -c 'a-zA-Z0-9' _)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$state" && chmod 700 "$state"

passed=0 failed=0
token='' link='' etag='' header='' view='' to=$BASE

say() {
    printf '\n# %s\n' "$@"
}

# note PASSED TEXT
note() {
    if [ "$1" = yes ]; then passed=$((passed + 1)); return; fi
    failed=$((failed + 1))
    printf 'NOT AS TOLD: %s\n' "$2"
}

# keep NAME FILTER: a value of the last answer, as $NAME, here and in the journeys that follow.
keep() {
    value=$(jq -r "$2" "$work/body")
    printf %s "$value" >"$state/$1"
    eval "$1=\$value"
}

# recall NAME…: what earlier journeys kept.
recall() {
    for name; do
        [ -f "$state/$name" ] || { echo "Play the journeys before this one first: there is no $name yet."; exit 1; }
        eval "$name=\$(cat \"\$state/$name\")"
    done
}

random() {
    od -An -N4 -tu4 /dev/urandom | tr -d ' '
}

new_key() {
    cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen
}

# A unified social credit code with its right check character (GB 32100-2015), of a division that does not exist.
new_uscc() {
    printf '91140499MAT%06d' $(($(random) % 1000000)) | awk '{
        letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"; weight = 1
        for (i = 1; i <= 17; i++) {
            sum += (index(letters, substr($0, i, 1)) - 1) * weight
            weight = weight * 3 % 31
        }
        print $0 substr(letters, (31 - sum % 31) % 31 + 1, 1)
    }'
}

# A resident ID number with its right check character (GB 11643-1999), of a division that does not exist.
new_id_no() {
    printf '149999%04d%02d%02d%03d' $((1970 + $(random) % 25)) $((1 + $(random) % 12)) $((1 + $(random) % 28)) \
        $(($(random) % 1000)) | awk '{
        for (i = 1; i <= 17; i++) sum = (sum + substr($0, i, 1)) * 2
        print $0 substr("0123456789X", (12 - sum % 11) % 11 + 1, 1)
    }'
}

# person NAME ID_NO: the members of an application that say who applies and what he can do.
person() {
    printf '%s' '"full_name": "'"$1"'", "id_type": "resident_id", "id_no": "'"$2"'", "mobile": "13900000321",
  "department": "矿物工程系", "position": "工程师", "employment": "employed", "education_code": "14",
  "degree_code": "308", "doctoral_status": "none", "title_level": "intermediate", "discipline": "矿物加工工程",
  "specialties": ["浮选药剂"], "tech_fields": ["new_materials"], "research_summary": "研究细粒矿物的浮选药剂。",
  "intended_service": "到企业诊断选矿流程。"'
}

# opens NAME LOGIN FIRM MEMBERS: a demand of a firm of 襄垣县 from its draft to the day it is open, kept under that name.
opens() {
    as "$2" Langzhou-2026-Zhujian
    view='{status, title, confidentiality}' create /v1/demands '{"enterprise_id": "'"$3"'", "kind": "technology",
  "task_groups": ["rd_transfer"], "tech_field": "new_materials", "service_forms": ["rd", "testing"],
  "contact_phone": "13900000101", '"$4"'}'
    expect 201 '.status == "draft"'
    keep "$1" .id
    reviewed=/v1/demands/$(jq -r .id "$work/body")
    view='{status}' act "$reviewed/submission"
    as xiangyuan.kj
    view='{status}' act "$reviewed/first-review" '{"decision": "pass"}'
    as shi.kj
    view='{status}' act "$reviewed/review" '{"decision": "pass"}'
    expect 200 '.status == "open"'
}

# with 'NAME: VALUE': a header of the next request.
with() {
    header=$1
}

# directly COMMAND…: past a validating proxy, which takes every body for text and spoils bytes.
directly() {
    to=${DIRECT:-$BASE}
    "$@"
    to=$BASE
}

# wrongly COMMAND…: the request breaks the contract on purpose.
wrongly() {
    directly "$@"
}

# One word of the command line, as a shell wants it; bodies begin a line of their own.
word() {
    case $1 in
        -d) printf ' \\\n    -d' ;;
        *[!a-zA-Z0-9_./:=,%@+-]*) printf " '%s'" "$1" ;;
        *) printf ' %s' "$1" ;;
    esac
}

# Tokens and cursors are long and say nothing to a reader.
shorten() {
    sed -E 's/(eyJ|rt_|cap_)([A-Za-z0-9_-]{9})[A-Za-z0-9_.-]+/\1\2…/g'
}

typed() {
    method=$1 path=$2
    shift 2
    printf '\n$ curl'
    [ "$method" = GET ] || printf ' -X %s' "$method"
    case $path in *[?]*) printf ' "$BASE%s"' "$path" ;; *) printf ' $BASE%s' "$path" ;; esac
    # shellcheck disable=SC2016
    [ -z "$token" ] || printf ' -H "Authorization: Bearer $T"'
    # shellcheck disable=SC2016
    [ -z "$link" ] || printf ' -H "Capability-Token: $L"'
    for arg; do word "$arg"; done
    [ -z "$view" ] || printf " | jq '%s'" "$view"
    echo
}

# request METHOD PATH [curl's words…]: shows it, sends it, shows the answer.
request() {
    method=$1 path=$2
    shift 2
    [ -z "$header" ] || set -- -H "$header" "$@"
    typed "$method" "$path" "$@" | shorten
    [ -z "$token" ] || set -- -H "Authorization: Bearer $token" "$@"
    [ -z "$link" ] || set -- -H "Capability-Token: $link" "$@"
    : >"$work/body"
    status=$(curl -sS -X "$method" -D "$work/head" -o "$work/body" -w '%{http_code}' "$to$path" "$@") || status=000
    show
    header='' view=''
}

show() {
    echo "HTTP $status"
    tr -d '\r' <"$work/head" | grep -iE '^(etag|location|retry-after|allow|idempotency-replayed):' || :
    its_tag=$(tr -d '\r' <"$work/head" | sed -n 's/^[Ee][Tt]ag: \(".*\..*"\)$/\1/p')
    [ -z "$its_tag" ] || etag=$its_tag
    jq "${view:-.}" "$work/body" 2>/dev/null | shorten
}

# get PATH [NAME=VALUE…]: plain parameters stand in the URL, others are encoded by curl.
get() {
    path=$1
    shift
    mark='?'
    for pair; do
        shift
        case $pair in
            *[!a-zA-Z0-9_.,=-]*) set -- "$@" --data-urlencode "$pair" ;;
            *) path=$path$mark$pair mark='&' ;;
        esac
    done
    [ $# -eq 0 ] || set -- -G "$@"
    request GET "$path" "$@"
}

post() {
    request POST "$1" -H 'Content-Type: application/json' -d "$2"
}

# create PATH BODY: what is made twice by accident needs a key.
create() {
    request POST "$1" -H "Idempotency-Key: $(new_key)" -H 'Content-Type: application/json' -d "$2"
}

# change PATH BODY: a merge patch of the version seen last.
change() {
    request PATCH "$1" -H "If-Match: $etag" -H 'Content-Type: application/merge-patch+json' -d "$2"
}

# act PATH [BODY]: a step, decided on the version seen last.
act() {
    if [ $# -gt 1 ]; then set -- "$1" -H 'Content-Type: application/json' -d "$2"; fi
    path=$1
    shift
    request POST "$path" -H "If-Match: $etag" "$@"
}

hex() { sha256sum "$1" | cut -d ' ' -f 1; }

# What Content-Digest says of a file (RFC 9530).
digest() { printf 'sha-256=:%s:' "$(hex "$1" | tr -d '\n' | sed 's/../\\x&/g' | xargs -0 printf | base64)"; }

# announce FILE NAME: tells of a file to come; its parts of 4 MiB are FILE.1, FILE.2 …
announce() {
    split -b 4194304 --numeric-suffixes=1 -a 1 "$1" "$1."
    create /v1/attachments "{\"file_name\": \"$2\", \"media_type\": \"application/pdf\",
  \"size_bytes\": $(wc -c <"$1" | tr -d ' '), \"sha256\": \"$(hex "$1")\", \"purpose\": \"evidence\"}"
}

# send_part ATTACHMENT FILE NUMBER
send_part() {
    with "Content-Digest: $(digest "$2.$3")"
    directly request PUT "/v1/attachments/$1/parts/$3" -H 'Content-Type: application/octet-stream' \
        --data-binary "@$2.$3"
}

# evidence NAME: a small scan, announced and sent in one part; its id is kept as $scan.
evidence() {
    { printf '%%PDF-1.7\n'; head -c 2000 /dev/urandom; } >"$work/scan.pdf"
    view='{id, state, parts_missing}' announce "$work/scan.pdf" "$1"
    keep scan .id
    view='{state, parts_missing}' send_part "$scan" "$work/scan.pdf" 1
    expect 200 '.state == "stored"'
}

# set_clock INSTANT: moves the sandbox's time, as its administrator, and waits until the days between are done.
set_clock() {
    whose=$token
    as shi.kj
    request PUT /v1/sandbox/clock -H 'Content-Type: application/json' -d "{\"now\":\"$1\"}"
    waited=0
    until jq -e '.days_waiting == 0' "$work/body" >/dev/null 2>&1 || [ "$waited" -ge 300 ]; do
        sleep 0.1
        waited=$((waited + 1))
        curl -sS -X PUT -o "$work/body" "$BASE/v1/sandbox/clock" -H "Authorization: Bearer $token" \
            -H 'Content-Type: application/json' -d "{\"now\":\"$1\"}"
    done
    expect 200 '.days_waiting == 0'
    token=$whose
}

# as LOGIN [PASSWORD]: signs in; `as nobody` forgets who one was.
as() {
    token='' link=''
    if [ "$1" = nobody ]; then echo; echo "(without sign-in)"; return; fi
    printf '\n(T is the token of %s)\n' "$1"
    token=$(curl -sS "$BASE/v1/sessions" -H 'Content-Type: application/json' \
        -d "{\"login_name\":\"$1\",\"password\":\"${2:-Tepai-Demo-2026}\"}" | jq -r '.access_token // empty')
    [ -n "$token" ] || note no "$1 signs in"
}

# as_link: who got the link that was made last, without an account. What he decides on is the version it shows.
as_link() {
    token='' link=$(jq -r '.url | split("#")[1]' "$work/body") etag=$(jq '.subject_version | tostring' "$work/body")
    printf '\n(L is the token behind the number sign of the link)\n'
}

# expect STATUS [FILTER…]: the status, and what jq must find true of the answer.
expect() {
    if [ "$status" = "$1" ]; then note yes; else note no "status $1"; fi
    shift
    for filter; do
        if jq -e "$filter" "$work/body" >/dev/null 2>&1; then note yes; else note no "$filter"; fi
    done
}

# refused STATUS CODE [FILTER…]: a problem document, in Chinese, whatever else it says.
refused() {
    code=$2 wanted=$1
    shift 2
    expect "$wanted" ".code == \"$code\" and .status == $wanted" '.title, .detail | test("[一-龥]")' "$@"
}

finish() {
    printf '\n%s passed, %s failed\n' "$passed" "$failed"
    [ "$failed" -eq 0 ]
}
