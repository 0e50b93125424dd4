#!/bin/sh
# From two lists to pairs (article 9.3): a job proposes, the city adds by hand, both sides answer, the bureau adopts.
set -eu
. "$(dirname "$0")/lib.sh"
recall login demand_to_match entry waived entry_by_waiver
demand=$demand_to_match
other=fangyuan.$(random)

# settled JOB: asks again and again, unseen, until the job has ended.
settled() {
    waited=0
    until [ "$waited" -ge 300 ] || curl -sS "$BASE/v1/operations/$1" -H "Authorization: Bearer $token" |
        jq -e '.state == "succeeded" or .state == "failed"' >/dev/null; do
        sleep 0.1
        waited=$((waited + 1))
    done
}

say "The bureau begins a round. To compute it is a job: the answer says where to ask after it."
as shi.kj
create /v1/match-rounds '{"title": "2027年度第一批匹配", "year": 2027, "batch_no": 1, "method": "computed",
  "start_on": "2027-04-01"}'
expect 202 '.kind == "match_round"' '.result == null'
keep job .id
settled "$job"
view='{state, progress_bp, result}' get "/v1/operations/$job"
expect 200 '.state == "succeeded" and .progress_bp == 10000'
keep round .result.match_round_id

say "The talent office, which takes part, does not see jobs of the other office; the round it sees."
as shi.rc
get "/v1/operations/$job"
refused 404 not_found
view='{status, weights, counts, input_sha256}' get "/v1/match-rounds/$round"
expect 200 '.status == "proposed"' '.counts.matched >= 1 and .counts.blocking_pairs == 0' '.input_sha256 | length == 64'

say "The pair whose wishes have met is confirmed already; its score is explained by nine parts."
view='.items[] | {status, score_bp, enterprise_answer, specialist_answer, warnings}' \
    get /v1/matches "round_id=$round" "demand_id=$demand"
expect 200 '.items[0] | .status == "confirmed" and .specialist_id == "'"$entry"'"'
keep match '.items[0].id'
as "$login" Langzhou-2026-Zhujian
view='{status, contact, why: [.components[] | {key, value_bp, weight_bp, zh}]}' get "/v1/matches/$match"
expect 200 '.components | length == 9' '.contact.phone_masked | test("[*]{4}")' '.contact.name == "祁听澜"'

say "Meanwhile another firm of the county has been confirmed, and its demand is open, shown to specialists in outline only."
as nobody
view=.account.login_name post /v1/registrations '{"login_name": "'"$other"'", "password": "Langzhou-2026-Zhujian",
  "display_name": "方圆", "phone": "13900000102", "role": "enterprise"}'
expect 201
as "$other" Langzhou-2026-Zhujian
view='{status, name}' create /v1/enterprises '{"unit_id": "140423", "uscc": "'"$(new_uscc)"'",
  "name": "襄垣方圆'"$(random)"'有限公司", "is_legal_person": true, "legal_representative": "方圆",
  "registered_on": "2018-06-01", "registered_capital_fen": 500000000, "address": "襄垣县富阳工业园",
  "industry_code": "C30", "chain_code": "coal_chemistry", "main_business": "选矿药剂", "contact_name": "方圆",
  "contact_phone": "13900000102", "figures": [{"year": 2025, "employees": 40, "rd_staff": 5, "revenue_fen": 2100000000,
                                                "rd_expense_fen": 90000000, "assets_fen": 3000000000}]}'
expect 201
firm=$(jq -r .id "$work/body")
view='{status}' act "/v1/enterprises/$firm/submission"
as xiangyuan.kj
view='{status}' act "/v1/enterprises/$firm/confirmation" '{"decision": "pass"}'
expect 200 '.status == "active"'
opens limited "$other" "$firm" '"title": "细粒矿物捕收剂筛选", "industry_code": "C30", "contact_name": "方圆",
  "description": "细粒级回收率低，需要筛选捕收剂。", "confidentiality": "limited",
  "targets": [{"name": "回收率", "unit": "%", "from_value": "61", "target_value": "75"}]'

say "A pair that nobody wished for is proposed by hand, with the reason." \
    "Whose limited demand it is the person learns when both agree."
as shi.kj
wrongly create /v1/matches '{"round_id": "'"$round"'", "demand_id": "'"$limited"'", "specialist_id": "'"$entry_by_waiver"'"}'
refused 400 validation_failed '.errors[0].pointer == "#/reason"'
view='{status, origin, score_bp, enterprise_answer, specialist_answer}' create /v1/matches '{"round_id": "'"$round"'",
  "demand_id": "'"$limited"'", "specialist_id": "'"$entry_by_waiver"'", "reason": "双方已在技术对接会上达成意向"}'
expect 201 '.status == "proposed" and .origin == "manual"'
keep match_by_hand .id

say "Each side finds it among what waits for it. A no needs its reason, a yes is a word."
as "$other" Langzhou-2026-Zhujian
view='[.items[] | select(.subject_type == "match") | {title, steps}]' get /v1/todos limit=200
expect 200 '[.items[].subject_id] | index("'"$match_by_hand"'") != null'
get "/v1/matches/$match_by_hand"
expect 200 '.allowed_steps == ["answer"] and .contact == null'
act "/v1/matches/$match_by_hand/answer" '{"answer": "declined"}'
refused 422 rule_violated '.errors[0].rule == "answer_note_required"'
view='{status, enterprise_answer, specialist_answer}' act "/v1/matches/$match_by_hand/answer" '{"answer": "accepted"}'
expect 200 '.status == "proposed"'
as "$waived" Fuxuan-2026-Yaoji
view='{status, enterprise_id, contact}' get "/v1/matches/$match_by_hand"
expect 200 '.enterprise_id == null and .contact == null'
view='{status, enterprise_id, contact}' act "/v1/matches/$match_by_hand/answer" '{"answer": "accepted"}'
expect 200 '.status == "confirmed" and .enterprise_id != null' '.contact.phone_masked | test("[*]{4}")'

say "The county does not see pairs before they are adopted, and the bureau alone adopts: what is confirmed goes through." \
    "Demands of these pairs are matched, and the rest of the round is excluded."
as xiangyuan.kj
view='.items' get /v1/matches "round_id=$round"
expect 200 '.items == []'
as shi.rc
view='{counts}' get "/v1/match-rounds/$round"
act "/v1/match-rounds/$round/adoption" '{}'
refused 403 forbidden
as shi.kj
get "/v1/match-rounds/$round"
view='{status, counts, allowed_steps}' act "/v1/match-rounds/$round/adoption" '{}'
expect 200 '.status == "adopted" and .counts.matched >= 2'
view='{status}' get "/v1/demands/$demand"
expect 200 '.status == "matched"'
as xiangyuan.kj
view='.items[] | {status, score_bp}' get /v1/matches "round_id=$round"
expect 200 '[.items[].status] | unique == ["adopted"]'

say "The timeline of the pair tells who did what, the system's part too."
as "$login" Langzhou-2026-Zhujian
view='.items[] | {operation, role, subject_version}' get /v1/events subject_type=match "subject_id=$match"
expect 200 '.items[0] | .operation == "match_round_adopt" and .role == "system"'
finish
