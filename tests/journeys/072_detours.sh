#!/bin/sh
# Applications that do not go the straight way (articles 5 and 9.1): an institution never answers, and a ground fails
# that the bureau may waive.
set -eu
. "$(dirname "$0")/lib.sh"
recall institution specialist_call
silent=chunanxing.$(random) waived=guhuaishi.$(random)
printf %s "$waived" >"$state/waived"

# applies LOGIN NAME MEMBERS: an account, a scan, and an application.
applies() {
    as nobody
    view=.account.login_name post /v1/registrations '{"login_name": "'"$1"'", "password": "Fuxuan-2026-Yaoji",
  "display_name": "'"$2"'", "phone": "13900000321", "role": "specialist"}'
    expect 201
    as "$1" Fuxuan-2026-Yaoji
    evidence 证书.pdf
    view='{version, status, full_name, eligibility_ground}'
    create /v1/applications '{"call_id": "'"$specialist_call"'", "institution_id": "'"$institution"'",
  "evidence": ["'"$scan"'"], '"$3"', '"$(person "$2" "$(new_id_no)")"'}'
    expect 201
    keep application .id
}

say "It is the 21st of October. 楚南星 applies with her title; her institute has fourteen days to answer (consent_link_days)."
applies "$silent" 楚南星 '"eligibility_ground": "title"'
unanswered=$application
view='{version, status, answer_by_on}' act "/v1/applications/$unanswered/submission" '{"pledge_version": "2024"}'
expect 200 '.status == "institution_review"' '.answer_by_on == "2026-11-04"'
as shi.kj
create /v1/links '{"kind": "application_consent", "subject_id": "'"$unanswered"'"}'
expect 201
as_link
unused=$link

say "顾怀石 stands on a qualification that is over. Article 5 asks for a ground as a rule, so he may say why not of him."
applies "$waived" 顾怀石 '"eligibility_ground": "service_qualification", "service_qualification": "技术经理人",
  "qualification_no": "JSJL-0017", "qualification_valid_to": "2026-09-30"'
excused=$application
act "/v1/applications/$excused/submission" '{"pledge_version": "2024"}'
refused 422 not_eligible '.errors[0] | .rule == "ground_qualification_unproven" and .article == "5"'
view='{version, status, waiver_request}'
act "/v1/applications/$excused/submission" '{"pledge_version": "2024", "waiver_request": "续证已受理，选矿企业急需"}'
expect 200 '.status == "institution_review"'

say "His institute reads that too, and agrees."
as shi.kj
create /v1/links '{"kind": "application_consent", "subject_id": "'"$excused"'"}'
expect 201
keep hash .content_sha256
as_link
view='.document | {full_name, eligibility_ground, waiver_request}' get /v1/links/current
expect 200 '.document.waiver_request == "续证已受理，选矿企业急需"'
act "/v1/applications/$excused/consent" '{"decision": "pass", "content_sha256": "'"$hash"'", "signatory": "邢科长"}'
expect 200 '.status == "city_review"'

say "He cannot simply pass: an exception is a decision of its own, with reason and number."
as shi.kj
view='{version, status, eligibility_ground, waiver_request}' get "/v1/applications/$excused"
act "/v1/applications/$excused/review" '{"decision": "pass"}'
refused 422 not_eligible '.errors[0].rule == "ground_qualification_unproven"'
view='{version, status, waiver, specialist_id}'
act "/v1/applications/$excused/review" '{"decision": "pass", "opinion": "急需紧缺，同意放宽",
  "waiver": {"reason": "续证已受理，选矿企业急需", "decision_no": "长科会纪〔2026〕9号"}}'
expect 200 '.status == "approved"' '.waiver.decision_no == "长科会纪〔2026〕9号" and .waiver.by != null'
keep entry_by_waiver .specialist_id
view='{code, status, eligibility_ground, waived}' get "/v1/specialists/$entry_by_waiver"
expect 200 '.status == "registered"' .waived

say "Two weeks later nobody has opened the first link, and it opens nothing any more."
set_clock 2026-11-05T09:00:00+08:00
token='' link=$unused
get /v1/links/current
refused 410 capability_spent

say "Her application has expired, and the timeline says that it was the system. She may apply again."
as "$silent" Fuxuan-2026-Yaoji
view='{version, status, allowed_steps}' get "/v1/applications/$unanswered"
expect 200 '.status == "expired"' '.allowed_steps == []'
view='.items[] | {operation, role, subject_version}'
get /v1/events subject_type=application "subject_id=$unanswered"
expect 200 '.items[0] | .operation == "application_expire" and .role == "system" and .account == null'
finish
