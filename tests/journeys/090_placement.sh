#!/bin/sh
# From a filed agreement to people at work (articles 4, 9.5): the notice of four offices, the placement that begins on its
# day, and what falls due from then on.
set -eu
. "$(dirname "$0")/lib.sh"
recall agreement
number=$(($(random) % 9000 + 1))

say "The S&T bureau puts the filed agreement on a notice."
as shi.kj
view='{status, agreement_no, filing_no, start_on, end_on}' get "/v1/agreements/$agreement"
expect 200 '.status == "filed"'
keep start_on .start_on
keep end_on .end_on
keep placed_person .specialist_id
keep placing_firm .enterprise_id
create /v1/dispatch-notices '{"title": "关于派驻企业科技特派员的通知", "agreement_ids": ["'"$agreement"'"]}'
expect 201 '.status == "signing_off"' '.approvals == []'
keep notice .id
create /v1/dispatch-notices '{"title": "关于派驻企业科技特派员的通知", "agreement_ids": ["'"$agreement"'"]}'
refused 409 duplicate '.errors[0].rule == "agreement_on_notice"'

say "It waits for four offices, and each signs off once."
for office in shi.kj shi.rc shi.gx; do
    as "$office"
    view='[.items[] | select(.subject_type == "dispatch_notice") | {title, status, steps}]' get /v1/todos limit=200
    expect 200 '[.items[].subject_id] | index("'"$notice"'") != null'
    view='{version, status}' get "/v1/dispatch-notices/$notice"
    view='{version, status, approvals: [.approvals[] | {office, decision}]}' act "/v1/dispatch-notices/$notice/approvals" \
        '{"decision": "approve", "opinion": "同意下发"}'
    expect 200 '.status == "signing_off"'
done
act "/v1/dispatch-notices/$notice/approvals" '{"decision": "approve"}'
refused 409 duplicate '.errors[0].rule == "office_signed_already"'
as shi.kj
act "/v1/dispatch-notices/$notice/issuance" '{"doc_no": "长科发〔2026〕'"$number"'号"}'
refused 409 wrong_state
as shi.cz
view='{version, status, approvals: [.approvals[] | {office, decision}]}' act "/v1/dispatch-notices/$notice/approvals" \
    '{"decision": "approve"}'
expect 200 '.status == "approved"' '[.approvals[].office] | sort == ["finance", "industry", "st", "talent"]'

say "Numbered and issued it is a document, and its line a placement that waits for its first day."
as shi.kj
view='{status, doc_no, issued_on}' act "/v1/dispatch-notices/$notice/issuance" '{"doc_no": "长科发〔2026〕'"$number"'号"}'
expect 200 '.status == "issued"'
request GET "/v1/dispatch-notices/$notice/document" -I
note "$([ "$status" = 200 ] && grep -qi '^content-type: application/pdf' "$work/head" && echo yes || echo no)" "it is a PDF"
get /v1/placements specialist_id="$placed_person" status=pending
expect 200 '.items | length == 1' '.items[0] | .notice_id == "'"$notice"'" and .start_on == "'"$start_on"'"'
keep placement '.items[0].id'

say "On its first day, five past midnight, it begins without anybody's hand."
set_clock "${start_on}T09:00:00+08:00"
view='{status, placement_no, start_on, end_on, service_quota}' get "/v1/placements/$placement"
expect 200 '.status == "active"'
view='{full_name, is_placed, current_placement_id}' get "/v1/specialists/$placed_person"
expect 200 '.is_placed' '.current_placement_id == "'"$placement"'"'
view='.items[] | {status, score_bp}' get /v1/matches specialist_id="$placed_person" status=placed
expect 200 '.items | length == 1'
view='.items[] | {operation, role}' get /v1/events subject_type=placement "subject_id=$placement"
expect 200 '.items[0] | .operation == "placement_activate" and .role == "system"'

say "Plans, reports, evaluations and inspections of the term stand with their dates."
view='.items[] | {kind, period, debtor_role, due_on}' get /v1/obligations placement_id="$placement" limit=50
expect 200 '.items | length == 14' '[.items[].status] | unique == ["open"]' \
    '[.items[] | select(.kind == "work_plan")][0].due_on
     == ("'"$start_on"'T00:00:00Z" | fromdate + 30 * 86400 | strftime("%Y-%m-%d"))' \
    '[.items[] | select(.kind == "inspection" and .period == "h2")][0].due_on == "'"$end_on"'"'
finish
