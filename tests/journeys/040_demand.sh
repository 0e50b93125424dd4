#!/bin/sh
# A demand (article 9.2): drafted by the firm, returned by the county, corrected, passed on, opened by the city.
set -eu
. "$(dirname "$0")/lib.sh"
recall call firm login

say "The firm answers the county's call. A draft may be as short as this."
as "$login" Langzhou-2026-Zhujian
create /v1/demands '{"enterprise_id": "'"$firm"'", "call_id": "'"$call"'", "kind": "technology"}'
expect 201 '.status == "draft"' '.unit_id == "140423"' '.valid_to != null'
keep demand .id
act "/v1/demands/$demand/submission"
refused 422 rule_violated '[.errors[].pointer] | index("#/title") != null and index("#/targets") != null'

say "Codes come from the dictionaries."
view='.items[] | {code, zh}' get /v1/dictionaries dictionary=task_group
expect 200 '.items | length == 4'
change "/v1/demands/$demand" '{"task_groups": ["magic"]}'
refused 422 rule_violated '.errors[0] | .rule == "unknown_code" and .pointer == "#/task_groups/0"'
change "/v1/demands/$demand" '{"title": "铸件气孔缺陷与余热利用", "description": "压铸件气孔率高，熔炼余热未利用。",
  "current_state": "气孔率约百分之八", "task_groups": ["rd_transfer"], "tech_field": "new_materials",
  "industry_code": "C33", "service_forms": ["rd", "testing"], "budget_fen": 30000000,
  "contact_name": "周岚", "contact_phone": "13900000101"}'
expect 200 '.version == 2'

say "Figures that can be measured are still missing. Each place of a fault is told, and what was sent is not repeated."
wrongly change "/v1/demands/$demand" '{"targets": [{"name": "气孔率", "unit": "%", "from_value": "about 8"}]}'
refused 400 validation_failed '[.errors[].pointer] | index("#/targets/0/target_value") != null' 'tostring | test("about") | not'
view='{version, targets}'
change "/v1/demands/$demand" '{"targets": [{"name": "气孔率", "unit": "%", "from_value": "8", "target_value": "3"}]}'
view='{version, status, allowed_steps}' act "/v1/demands/$demand/submission"
expect 200 '.status == "county_review"' '.allowed_steps == ["withdraw"]'

say "While the county reads it, it stays as it is."
change "/v1/demands/$demand" '{"title": "换个题目"}'
refused 409 wrong_state '.errors[0].rule == "not_editable"'

say "The county next door cannot review it: for that county there is no such demand."
seen=$etag
as huguan.kj
act "/v1/demands/$demand/first-review" '{"decision": "pass"}'
refused 404 not_found

say "Its own county wants to know more. Whoever returns something says why."
as xiangyuan.rc
view='{title, targets, allowed_steps}' get "/v1/demands/$demand"
expect 200 '.allowed_steps | index("first_review") != null'
act "/v1/demands/$demand/first-review" '{"decision": "return"}'
refused 422 rule_violated '.errors[0] | .rule == "opinion_required" and .pointer == "#/opinion"'
view='{version, status, correct_by_on}'
act "/v1/demands/$demand/first-review" '{"decision": "return", "reason_code": "figures_unclear", "opinion": "请说明气孔率的检测方法"}'
expect 200 '.status == "returned"' '.correct_by_on != null'

say "The firm finds it on its list, with the day until which it may be corrected, and reads the reason."
as "$login" Langzhou-2026-Zhujian
get /v1/todos
expect 200 ".items[0] | .subject_id == \"$demand\" and .due_on != null"
view='.items[0] | {operation, changes, review}' get /v1/events subject_type=demand "subject_id=$demand" limit=1
expect 200 '.items[0].review.opinion == "请说明气孔率的检测方法"'

say "It corrects the demand. The version it knew is no longer the present one, so it reads first."
etag=$seen
change "/v1/demands/$demand" '{"current_state": "X射线检测，气孔率约百分之八"}'
refused 412 version_mismatch
view='{version, status, current_state}' get "/v1/demands/$demand"
view='{version, status, current_state}'
change "/v1/demands/$demand" '{"current_state": "X射线检测，气孔率约百分之八"}'
expect 200 '.current_state | startswith("X射线")'
view='{version, status, correct_by_on}' act "/v1/demands/$demand/submission"
expect 200 '.status == "county_review"' '.correct_by_on == null'

say "The county accepts it and reports it to the city. The last word is not the county's."
as xiangyuan.kj
view='{version, status}' get "/v1/demands/$demand"
view='{version, status, allowed_steps}'
act "/v1/demands/$demand/first-review" '{"decision": "pass", "opinion": "需求真实，指标明确"}'
expect 200 '.status == "city_review"'
act "/v1/demands/$demand/review" '{"decision": "pass"}'
refused 403 forbidden

say "The city opens it for matching."
as shi.kj
view='{version, status, allowed_steps}' get "/v1/demands/$demand"
expect 200 '.allowed_steps == ["review"]'
act "/v1/demands/$demand/review" '{"decision": "pass"}'
expect 200 '.status == "open"' '.opened_at != null'
finish
