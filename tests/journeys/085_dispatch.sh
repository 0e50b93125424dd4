#!/bin/sh
# Who is sent where (article 9.4): the S&T bureau lists adopted pairs, the talent office is asked about each, the public
# may object, and the bureau fixes the list.
set -eu
. "$(dirname "$0")/lib.sh"
recall demand_to_match round

say "The round left adopted pairs. The S&T bureau begins a list, which it means to announce, and puts two of them on it."
as shi.kj
view='[.items[] | {status, demand_id, specialist_id}]' get /v1/matches status=adopted "round_id=$round"
expect 200 '.items | length >= 2'
keep pair_on_list '.items[] | select(.demand_id == "'"$demand_to_match"'") | .id'
keep pair_struck '[.items[] | select(.demand_id != "'"$demand_to_match"'")][0].id'
view='{version, status, allowed_steps}' create /v1/dispatch-lists '{"title": "2027年第一批企业科技特派员拟选派名单",
  "year": 2027, "batch_no": '$(($(random) % 90 + 10))', "public_notice": true, "note": "拟于四月起派驻"}'
expect 201 '.status == "draft"' '.lines == []'
keep dispatch_list .id
list=/v1/dispatch-lists/$dispatch_list
view='{status, specialist_name, institution_name, enterprise_name, start_on, end_on, warnings}' \
    create "$list/lines" '{"match_id": "'"$pair_on_list"'"}'
expect 201 '.status == "listed"' '.talent_opinion == "none"'
keep dispatch_line .id
view='{id, status}' create "$list/lines" '{"match_id": "'"$pair_struck"'"}'
expect 201
keep other_line .id

say "One to one (article 4): who is on a list is on no other. Nothing starts in the past."
create "$list/lines" '{"match_id": "'"$pair_on_list"'"}'
refused 409 placement_overlap '[.errors[].rule] | index("specialist_reserved") != null'
create "$list/lines" '{"match_id": "'"$pair_on_list"'", "start_on": "2026-10-01"}'
refused 422 rule_violated '.errors[0] | .rule == "start_in_past" and .pointer == "#/start_on"'

say "The talent office is consulted. It concurs in one line and objects to the other, with the reason: the list goes back."
view='{version, status}' get "$list"
view='{status, consulted_at}' act "$list/consultation"
expect 200 '.status == "consulting"'
as shi.rc
view='[.items[] | select(.subject_type == "dispatch_list") | {title, status, steps}]' get /v1/todos limit=200
expect 200 '[.items[].subject_id] | index("'"$dispatch_list"'") != null'
view='[.lines[] | {specialist_name, enterprise_name, start_on}]' get "$list"
act "$list/concurrence" '{"lines": [{"line_id": "'"$dispatch_line"'", "opinion": "concur"},
  {"line_id": "'"$other_line"'", "opinion": "object"}]}'
refused 422 rule_violated '.errors[0] | .rule == "objection_needs_reason" and .article == "9.4"'
view='{status, lines: [.lines[] | {specialist_name, talent_opinion, talent_reason}]}' act "$list/concurrence" '{"lines": [
  {"line_id": "'"$dispatch_line"'", "opinion": "concur"},
  {"line_id": "'"$other_line"'", "opinion": "object", "reason": "同期承担其他派驻任务"}]}'
expect 200 '.status == "draft"'
etag='"'$(jq '.lines[] | select(.id == "'"$other_line"'") | .version' "$work/body")'"'

say "The bureau strikes that line; both sides are free for another match. Then it asks again."
as shi.kj
view='{status, strike_reason}' act "/v1/dispatch-lines/$other_line/strike" '{"reason": "同期承担其他派驻任务"}'
expect 200 '.status == "struck"'
view='{status}' get "/v1/matches/$pair_struck"
expect 200 '.status == "released"'
view='{version, status}' get "$list"
view='[.lines[] | {status, talent_opinion}]' act "$list/consultation"
expect 200 '[.lines[] | select(.status == "listed") | .talent_opinion] == ["none"]'
as shi.rc
view='{status, concurred_by}' act "$list/concurrence" '{"lines": [{"line_id": "'"$dispatch_line"'", "opinion": "concur"}]}'
expect 200 '.status == "concurred"' '.allowed_steps == []'

say "A list that is meant for public notice is not fixed without it. The notice runs as long as the policy says."
as shi.kj
act "$list/fixing"
refused 422 rule_violated '.errors[0].rule == "notice_not_held"'
view='{status, notice_from, notice_to}' act "$list/announcement"
expect 200 '.status == "announced"'
keep notice_over '.notice_to + "T00:00:00Z" | fromdate + 86400 | strftime("%Y-%m-%d")'

say "Everybody reads the announcement: names, institutions and firms, and nothing else."
as nobody
view='[.items[] | {title, status, notice_to}]' get /v1/dispatch-lists status=announced
expect 200 '[.items[].id] | index("'"$dispatch_list"'") != null'
get "$list"
expect 200 '.lines | length == 1' '.lines[0] | .specialist_name != null and .institution_name != null' \
    '.lines[0] | .specialist_id == null and .status == null and .start_on == null' '.note == null'

say "A firm that has read it objects to the line: it believes that the person holds shares of the firm he is to go to."
as qingzhang
view='{id, status, category, allowed_steps}' create /v1/issues '{"source": "public_notice",
  "list_id": "'"$dispatch_list"'", "line_id": "'"$dispatch_line"'", "category": "objection", "severity": "major",
  "content": "据了解，该人选与派驻企业可能存在持股关系"}'
expect 201 '.status == "open"'
keep objection .id

say "Until the notice is over the list is not fixed, and after it not while an objection is undecided."
as shi.kj
view='{version, status}' get "$list"
act "$list/fixing"
refused 422 window_closed '[.errors[].rule] == ["notice_not_over", "objection_undecided"]'
set_clock "${notice_over}T09:00:00+08:00"
view='{version, status}' get "$list"
act "$list/fixing"
refused 409 wrong_state '[.errors[].rule] == ["objection_undecided"]'

say "The bureau looks into it, finds nothing, and dismisses the objection; the firm is content."
view='{version, status, allowed_steps}' get "/v1/issues/$objection"
act "/v1/issues/$objection/resolution" '{"resolution": "x"}'
refused 422 rule_violated '.errors[0].rule == "upheld_required"'
view='{status, upheld, confirm_by_on}' act "/v1/issues/$objection/resolution" '{"upheld": false,
  "resolution": "经查询工商登记信息，双方不存在持股关系"}'
expect 200 '.status == "resolved"'
as qingzhang
view='{status, resolution}' act "/v1/issues/$objection/confirmation" '{"decision": "pass"}'
expect 200 '.status == "closed"'

say "Now the list is fixed, by another account than the one that concurred. Each of its lines is the draft of an agreement."
as shi.kj
view='{version, status}' get "$list"
view='{status, fixed_at, lines: [.lines[] | {status, specialist_name, enterprise_name}]}' act "$list/fixing"
expect 200 '.status == "fixed"' '[.lines[] | select(.id == "'"$dispatch_line"'") | .status] == ["fixed"]'

say "The announcement is over; the county reads the lines of its unit."
as nobody
get "$list"
refused 404 not_found
as xiangyuan.kj
view='[.lines[] | {status, specialist_name, enterprise_name, start_on, end_on}]' get "$list"
expect 200 '[.lines[].status] == ["fixed"]'
finish
