#!/bin/sh
# A specialist looks for work: what is open, what he sees of it, and what he does not.
set -eu
. "$(dirname "$0")/lib.sh"
recall firm demand login

say "林若川 looks for 余热, a word of two characters, among the open demands of this firm."
as linruochuan
view='.items[] | {title, tech_field, unit_id, valid_to}' get /v1/demands q=余热 "enterprise_id=$firm"
expect 200 ".items | length == 1 and .[0].id == \"$demand\""
view='.items' get /v1/demands 'q=余热 党参' "enterprise_id=$firm"
expect 200 '.items == []'

say "He reads what is wanted. Whom to call he learns when a match is confirmed."
get "/v1/demands/$demand"
expect 200 '.title == "铸件气孔缺陷与余热利用"' '.contact_phone_masked == null and .contact_name == null' '.allowed_steps == []'

say "What he has already, he need not fetch again."
with "If-None-Match: $etag"
get "/v1/demands/$demand"
expect 304

say "A walk through a list shows every row once; a cursor is good for its own list, order and filters alone."
view='{ids: [.items[].id], total, next_cursor}' get /v1/demands sort=id limit=3 total=true
expect 200 '.total > 3'
keep cursor .next_cursor
view='{ids: [.items[].id], has_more}' get /v1/demands sort=id limit=3 "cursor=$cursor"
expect 200 '.items | length > 0'
get /v1/demands sort=valid_to limit=3 "cursor=$cursor"
refused 400 cursor_invalid

say "The demand is not his to change, and of its history he learns that something happened, not how."
wrongly change "/v1/demands/$demand" '{"title": "我的题目"}'
refused 403 forbidden
view='.items[] | {at, operation, changes}' get /v1/events subject_type=demand "subject_id=$demand"
expect 200 '.items[0].operation == "demand_review" and .items[0].changes == null'

say "The firm solves it by other means and takes the demand back. It goes from the list at once."
as "$login" Langzhou-2026-Zhujian
view='{version, status, allowed_steps}' get "/v1/demands/$demand"
view='{version, status, close_reason}'
act "/v1/demands/$demand/withdrawal" '{"close_reason": "solved_elsewhere", "opinion": "已与高校自行合作"}'
expect 200 '.status == "withdrawn"'
as linruochuan
get "/v1/demands/$demand"
refused 404 not_found

say "The whole story, as the firm may read it."
as "$login" Langzhou-2026-Zhujian
view='.items[] | [.subject_version, .operation, .role, .review.opinion]' get /v1/events subject_type=demand "subject_id=$demand" sort=pos
expect 200 '[.items[].operation] == ["demand_create", "demand_update", "demand_update", "demand_submit", "demand_first_review", "demand_update", "demand_submit", "demand_first_review", "demand_review", "demand_withdraw"]'
finish
