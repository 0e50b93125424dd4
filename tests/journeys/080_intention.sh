#!/bin/sh
# Two lists (article 9.3): a firm is told who may answer its demand and why, both sides rank whom they wish for, and
# neither learns of the other's list before the wishes meet.
set -eu
. "$(dirname "$0")/lib.sh"
recall login firm researcher entry waived entry_by_waiver

say "A firm has a demand that county and city have looked at, and it is open."
opens demand_to_match "$login" "$firm" '"title": "熔炼余热利用与铸件气孔控制", "industry_code": "C33", "contact_name": "周岚",
  "description": "熔炼余热未利用，压铸件气孔率高。",
  "targets": [{"name": "气孔率", "unit": "%", "from_value": "8", "target_value": "3"}]'
demand=$demand_to_match

say "The firm asks who may answer its open demand. Each score is the sum of nine parts, each with its facts and a sentence."
as "$login" Langzhou-2026-Zhujian
view='.items[] | {score_bp, why: [.components[] | select(.value_bp > 0) | .zh]}' \
    get /v1/match-candidates subject_type=demand "subject_id=$demand" limit=3
expect 200 '[.items[].score_bp] | . == (sort | reverse)' '.items[0].components | length == 9' \
    '[.items[0].components[].weight_bp] | add == 10000' 'tostring | test("example.org|[*]{4}") | not'

say "It puts its list: the order is the rank. A tie between the two sides is declared, and one with a tie says which."
request PUT /v1/intentions -H 'Content-Type: application/json' -d '{"demand_id": "'"$demand"'", "wishes": [
  {"specialist_id": "'"$entry_by_waiver"'", "conflict": {"kind": "kinship"}}]}'
refused 422 rule_violated '.errors[0] | .rule == "conflict_detail_missing" and .article == "9.3"'
view='{version, wishes: [.items[] | {rank, specialist_id, mutual}]}' request PUT /v1/intentions \
    -H 'Content-Type: application/json' -d '{"demand_id": "'"$demand"'", "wishes": [
  {"specialist_id": "'"$entry"'", "note": "对余热利用有研究", "conflict": {"kind": "none"}},
  {"specialist_id": "'"$entry_by_waiver"'", "conflict": {"kind": "none"}}]}'
expect 200 '[.items[].rank] == [1, 2]' '[.items[].mutual] == [false, false]'
list=$etag

say "The specialist does not know of it. He asks which demands fit him, and ranks the same one."
as "$researcher" Fuxuan-2026-Yaoji
view='.items' get /v1/intentions "demand_id=$demand"
expect 200 '.items == []'
view='.items[] | {demand_id, score_bp, wished, mutual}' \
    get /v1/match-candidates subject_type=specialist "subject_id=$entry" limit=2
expect 200 '.items | length > 0'
view='[.items[] | {rank, mutual}]' request PUT /v1/intentions -H 'Content-Type: application/json' \
    -d '{"wishes": [{"demand_id": "'"$demand"'", "conflict": {"kind": "none"}}]}'
expect 200 '.items[0].mutual'

say "Now the wishes have met, and each side sees that the other wishes too: that, and neither rank nor note."
view='[.items[] | {side, rank, note, mutual}]' get /v1/intentions "demand_id=$demand"
expect 200 '[.items[] | select(.side == "enterprise") | .rank, .note] == [null, null]'
as "$login" Langzhou-2026-Zhujian
view='[.items[] | {side, rank, mutual, allowed_steps}]' get /v1/intentions "demand_id=$demand" mutual=true
expect 200 '.items | length == 2' '[.items[] | select(.side == "specialist") | .rank] == [null]'

say "顾怀石 wishes for the demand as well; the firm thinks better of it and declines with a reason he can read."
as "$waived" Fuxuan-2026-Yaoji
view='.items[0] | {rank, mutual}' request PUT /v1/intentions -H 'Content-Type: application/json' \
    -d '{"wishes": [{"demand_id": "'"$demand"'", "conflict": {"kind": "none"}}]}'
expect 200 '.items[0].mutual'
as "$login" Langzhou-2026-Zhujian
view='.items[0] | {id, version, side}' get /v1/intentions "specialist_id=$entry_by_waiver" side=enterprise,specialist mutual=true
keep wish '.items[] | select(.side == "specialist") | .id'
keep wish_version '.items[] | select(.side == "specialist") | .version'
etag='"'$wish_version'"'
view='{status, decline_reason}' act "/v1/intentions/$wish/decline" '{"reason": "专业方向不同，本轮先专注余热利用"}'
expect 200 '.status == "declined"'
view='[.items[] | {rank, specialist_id}]' get /v1/intentions "demand_id=$demand" status=active side=enterprise
expect 200 '.items | length == 1'

say "A list written on what was read before that is not taken: somebody changed it since."
with "If-Match: $list"
request PUT /v1/intentions -H 'Content-Type: application/json' -d '{"demand_id": "'"$demand"'", "wishes": []}'
refused 412 version_mismatch
as "$waived" Fuxuan-2026-Yaoji
view='.items[0] | {status, decline_reason}' get /v1/intentions status=declined
expect 200 '.items[0].decline_reason | test("余热利用")'

say "The bureau sees both lists; the finance bureau has no part in matching."
as shi.kj
view='[.items[] | {side, rank, status, mutual}]' get /v1/intentions "demand_id=$demand"
expect 200 '[.items[] | select(.status == "active" and .specialist_id == "'"$entry"'") | .rank] == [1, 1]'
as shi.cz
get /v1/intentions
refused 403 forbidden
finish
