#!/bin/sh
# Where a specialist comes from (article 2): an applicant names his institute, the bureau confirms it.
set -eu
. "$(dirname "$0")/lib.sh"

say "沈墨白 wants to apply. First he looks whether his institute is in the list."
as shenmobai
view='[.items[] | {name, status, kind}]' get /v1/institutions q=长治 limit=5
expect 200

uscc=$(new_uscc)
say "It is not, so he names it. The address that links will be sent to is not his to write."
create /v1/institutions '{"uscc": "'"$uscc"'", "name": "潞水精密制造研究院", "kind": "new_rd_institute",
  "province_code": "140000", "contact_name": "邢科长", "contact_email": "shenmobai@example.org"}'
refused 422 rule_violated '.errors[0].rule == "institution_email_by_city"'
view='{id, version, status, name, contact_name, allowed_steps}'
create /v1/institutions '{"uscc": "'"$uscc"'", "name": "潞水精密制造研究院", "kind": "new_rd_institute",
  "province_code": "140000", "contact_name": "邢科长"}'
expect 201 '.status == "proposed"' '.contact_name == null' '.allowed_steps == []'
keep institution .id

say "A credit code belongs to one institution."
create /v1/institutions '{"uscc": "'"$uscc"'", "name": "另一研究院", "kind": "research_institute"}'
refused 409 duplicate '.errors[0].pointer == "#/uscc"'

say "It waits for the S&T bureau, which sees whom to ask there."
as shi.kj
view='[.items[] | select(.subject_type == "institution") | {title, status, steps}]' get /v1/todos limit=200
expect 200 '[.items[].subject_id] | index("'"$institution"'") != null'
view='{version, status, contact_name, allowed_steps}' get "/v1/institutions/$institution"
expect 200 '.contact_name == "邢科长"' '.allowed_steps == ["confirm"]'

say "The bureau declines only with words; this one it confirms."
act "/v1/institutions/$institution/confirmation" '{"decision": "reject"}'
refused 422 rule_violated '.errors[0].rule == "opinion_required"'
view='{version, status}' act "/v1/institutions/$institution/confirmation" '{"decision": "pass",
  "opinion": "已登记的新型研发机构"}'
expect 200 '.status == "active"'

say "And it enters the address itself: who reads the mail there answers for the institute."
view='{version, contact_email}' change "/v1/institutions/$institution" '{"contact_email": "kyc@example.org"}'
expect 200 '.contact_email == "kyc@example.org"' '.version == 3'

say "A link is made for a document that waits for an institution, and for nothing else."
create /v1/links '{"kind": "application_consent", "subject_id": "'"$institution"'"}'
refused 422 reference_not_found '.errors[0].pointer == "#/subject_id"'

say "Whoever has a link shows its token in a header of its own. One that nobody made opens nothing."
as nobody
with 'Capability-Token: cap_nothing'
get /v1/links/current
refused 401 unauthenticated

say "The applicant reads what became of his proposal."
as shenmobai
view='[.items[] | {operation, office, review: .review.opinion}]'
get /v1/events subject_type=institution subject_id="$institution"
expect 200 '.items[1].review.opinion == "已登记的新型研发机构"'
finish
