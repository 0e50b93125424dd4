#!/bin/sh
# A specialist leaves and comes back (articles 9.1 and 10): he pauses, resumes, leaves the register, and a later call
# brings him back under the number he had.
set -eu
. "$(dirname "$0")/lib.sh"
recall institution researcher researcher_id_no entry entry_code offer

say "祁听澜 goes abroad and lets his entry pause, with the reason. Who pauses offers nothing new."
as "$researcher" Fuxuan-2026-Yaoji
view='{code, status, valid_to, allowed_steps}' get "/v1/specialists/$entry"
expect 200 '.allowed_steps == ["remove", "suspend"]'
view='{version, status, suspended_reason, suspended_by_side, allowed_steps}'
act "/v1/specialists/$entry/suspension" '{"reason": "出国访学半年"}'
expect 200 '.status == "suspended" and .suspended_by_side == "self"' '.allowed_steps == ["remove", "resume"]'
create /v1/service-offers '{"title": "浮选现场培训", "description": "为操作工培训一天。", "deliverables": "培训材料",
  "task_group": "talent_training", "service_forms": ["training"], "tech_fields": ["new_materials"]}'
refused 422 not_eligible '.errors[0] | .rule == "not_in_register" and .article == "4"'

say "Whoever paused it resumes it: not the bureau, but he himself."
as shi.kj
view='{version, status}' get "/v1/specialists/$entry"
act "/v1/specialists/$entry/resumption"
refused 422 rule_violated '.errors[0].rule == "resumed_by_other_side"'
as "$researcher" Fuxuan-2026-Yaoji
view='{version, status, suspended_reason}' act "/v1/specialists/$entry/resumption"
expect 200 '.status == "registered" and .suspended_reason == null'

say "Then he takes a post in industry and leaves the register. His menu is taken down with him."
view='{version, status, allowed_steps}' act "/v1/specialists/$entry/removal" '{"reason": "调离科研岗位"}'
expect 200 '.status == "removed"' '.allowed_steps == []'
view='{status, allowed_steps}' get "/v1/service-offers/$offer"
expect 200 '.status == "retired"'
as lishi
get "/v1/specialists/$entry"
refused 404 not_found
view='.items' get /v1/service-offers "specialist_id=$entry"
expect 200 '.items == []'

say "He comes back to his institute, and the bureau calls once more.."
as shi.kj
view='[.items[] | {batch_no, status}]' get /v1/calls kind=specialist year=2028 limit=200
keep number '[.items[] | select(.status != "cancelled").batch_no] as $taken | first(range(1; 101) | select(IN($taken[]) | not))'
create /v1/calls '{"kind": "specialist", "title": "2028年度企业科技特派员征集", "year": 2028, "batch_no": '"$number"',
  "opens_at": "2026-10-01T00:00:00+08:00", "closes_at": "2026-12-31T00:00:00+08:00"}'
expect 201
keep later_call .id
view='{status, closes_at}' act "/v1/calls/$later_call/publication"
expect 200 '.status == "published"'

say "His account applies as the person it has always been; another person's number is refused."
as "$researcher" Fuxuan-2026-Yaoji
evidence 职称证书.pdf
create /v1/applications '{"call_id": "'"$later_call"'", "id_type": "resident_id", "id_no": "'"$(new_id_no)"'"}'
refused 422 rule_violated '.errors[0].rule == "applicant_is_other_person"'
view='{version, status, full_name, id_no_masked}'
create /v1/applications '{"call_id": "'"$later_call"'", "institution_id": "'"$institution"'",
  "eligibility_ground": "title", "evidence": ["'"$scan"'"], '"$(person 祁听澜 "$researcher_id_no")"'}'
expect 201
keep application .id
view='{version, status, version_no}' act "/v1/applications/$application/submission" '{"pledge_version": "2024"}'
expect 200 '.status == "institution_review"'

say "The institute agrees, the bureau approves."
as shi.kj
create /v1/links '{"kind": "application_consent", "subject_id": "'"$application"'"}'
expect 201
keep hash .content_sha256
as_link
act "/v1/applications/$application/consent" '{"decision": "pass", "content_sha256": "'"$hash"'", "signatory": "邢科长"}'
expect 200 '.status == "city_review"'
as shi.kj
view='{version, status}' get "/v1/applications/$application"
view='{version, status, specialist_id}' act "/v1/applications/$application/review" '{"decision": "pass"}'
expect 200 '.status == "approved"' ".specialist_id == \"$entry\""

say "It is the entry he had, with its number and its history, valid from today. The menu is his to write anew."
view='{version, code, status, application_id, valid_from, valid_to}' get "/v1/specialists/$entry"
expect 200 '.status == "registered"' ".code == \"$entry_code\"" ".application_id == \"$application\""
view='.items[] | [.subject_version, .operation, .role, .review.opinion]'
get /v1/events subject_type=specialist "subject_id=$entry" sort=pos
expect 200 '[.items[].operation] == ["application_review", "specialist_suspend", "specialist_resume", "specialist_remove", "application_review"]'
as "$researcher" Fuxuan-2026-Yaoji
view='{status, allowed_steps}' get "/v1/service-offers/$offer"
expect 200 '.status == "retired"'
finish
