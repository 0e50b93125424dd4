#!/bin/sh
# Time goes by (articles 9.1 and 9.2): a call closes and a demand expires at their hour, without anybody's hand. In a
# sandbox the clock can be set, so nobody has to wait for it.
set -eu
. "$(dirname "$0")/lib.sh"
recall firm login batch

say "It is the 20th of October, and the city's call is open until midnight. Only the city's administrator sets the clock."
as huguan.kj
request PUT /v1/sandbox/clock -H 'Content-Type: application/json' -d '{"now": "2026-10-20T18:00:00+08:00"}'
refused 403 forbidden
set_clock 2026-10-20T18:00:00+08:00
as shi.kj
create /v1/calls '{"kind": "demand", "title": "十月二十日截止的征集", "year": 2028, "batch_no": '"$batch"',
  "opens_at": "2026-10-19T00:00:00+08:00", "closes_at": "2026-10-21T00:00:00+08:00"}'
expect 201 '.status == "draft"'
keep closing .id
view='{status, closes_at}' act "/v1/calls/$closing/publication"
expect 200 '.status == "published"'

say "A firm has a need that is over by the end of the day; county and city are quick."
as "$login" Langzhou-2026-Zhujian
create /v1/demands '{"enterprise_id": "'"$firm"'", "kind": "technology", "title": "当日有效的检测需求",
  "description": "今天之内需要一次检测。", "task_groups": ["tech_liaison"], "tech_field": "new_materials",
  "industry_code": "C33", "service_forms": ["testing"], "valid_to": "2026-10-20", "contact_phone": "13900000101",
  "targets": [{"name": "检测", "unit": "次", "from_value": "0", "target_value": "1"}]}'
expect 201 '.valid_to == "2026-10-20"'
keep brief .id
act "/v1/demands/$brief/submission"
as xiangyuan.rc
act "/v1/demands/$brief/first-review" '{"decision": "pass"}'
as shi.kj
view='{status, valid_to}' act "/v1/demands/$brief/review" '{"decision": "pass"}'
expect 200 '.status == "open"'

say "The next morning the work of the night is done: once for each day, whatever happened to the server."
set_clock 2026-10-21T09:00:00+08:00
as nobody
view='{title, status}' get "/v1/calls/$closing"
expect 200 '.status == "closed"'
as "$login" Langzhou-2026-Zhujian
view='{status, close_reason, allowed_steps}' get "/v1/demands/$brief"
expect 200 '.status == "expired"' '.allowed_steps | index("submit") != null'

say "The timeline says that it was the system, and gives each change its place among all changes."
view='.items[] | {pos, operation, role, subject_version}' get /v1/events subject_type=demand "subject_id=$brief"
expect 200 '.items[0] | .operation == "demand_expire" and .role == "system" and .account == null' \
    '[.items[1:][].pos] | . == (sort | reverse)'

finish
