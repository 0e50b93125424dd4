#!/bin/sh
# A county calls for demands (article 9.1): from the draft to the day everybody may read it.
set -eu
. "$(dirname "$0")/lib.sh"

say "The technology department of 襄垣县 wants to know which calls of this year there are, to number the new one."
as xiangyuan.kj
view='[.items[] | {batch_no, status, title}]' get /v1/calls kind=demand unit_id=140423 year=2027 limit=200
expect 200
keep batch '[.items[] | select(.status != "cancelled").batch_no] as $taken | first(range(1; 101) | select(IN($taken[]) | not))'

body='{"kind": "demand", "title": "襄垣县2027年度企业科技需求征集", "year": 2027, "batch_no": '$batch',
  "body": "面向全县企业征集技术需求和人才需求，请于截止日前提交。",
  "opens_at": "2026-10-01T00:00:00+08:00", "closes_at": "2026-12-01T00:00:00+08:00"}'

say "What creates something needs a key, so that a retry over a bad line does not create it twice."
wrongly post /v1/calls "$body"
refused 400 idempotency_key_missing

say "A call whose last day is over already breaks a rule; the rule, its article and the place are named."
create /v1/calls "$(printf %s "$body" | sed 's/2026-12-01/2026-09-01/')"
refused 422 window_closed '[.errors[].rule] | index("call_window_in_past") != null'

say "Now it is right. The same key with the same bytes gives the same answer once more."
with "Idempotency-Key: call-$batch-$(random)"
key=$header
request POST /v1/calls -H 'Content-Type: application/json' -d "$body"
expect 201 '.status == "draft"' '.allowed_steps == ["close", "publish"]'
keep call .id
header=$key view='{id, version}'
request POST /v1/calls -H 'Content-Type: application/json' -d "$body"
expect 201 ".id == \"$call\""

say "A draft is seen by the office that writes it and by nobody else."
as nobody
get "/v1/calls/$call"
refused 404 not_found

say "A step is decided on what was read: it names the version, the ETag that came with it."
as xiangyuan.kj
wrongly request POST "/v1/calls/$call/publication"
refused 428 precondition_required
view='{version, status, allowed_steps}' act "/v1/calls/$call/publication"
expect 200 '.status == "published"'

say "Once published it is published."
act "/v1/calls/$call/publication"
refused 409 wrong_state '.current_status == "published"' '.allowed_steps == ["close"]'

say "Its words are fixed; only its end may move, and only to a later day."
change "/v1/calls/$call" '{"title": "襄垣县需求征集"}'
refused 422 rule_violated '.errors[0].rule == "published_call_fixed"'
before=$etag
view='{version, closes_at}' change "/v1/calls/$call" '{"closes_at": "2027-01-01T00:00:00+08:00"}'
expect 200 '.closes_at == "2026-12-31T16:00:00.000Z"'

say "Who still holds the older version is told so, and cannot overwrite what he has not read."
etag=$before
change "/v1/calls/$call" '{"closes_at": "2027-02-01T00:00:00+08:00"}'
refused 412 version_mismatch '.current_version == 3'

say "Everybody may read it now."
as nobody
view='{status, title, opens_at, closes_at}' get "/v1/calls/$call"
expect 200 '.status == "published"'
finish
