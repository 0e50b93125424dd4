#!/bin/sh
# From the city's call to an entry in the register (articles 2, 5 and 9.1): a researcher applies, his institution sends
# it back and then agrees, by links and without an account, and the bureau takes him in.
set -eu
. "$(dirname "$0")/lib.sh"
recall institution
login=qitinglan.$(random) id_no=$(new_id_no)

say "The S&T bureau calls for specialists of the coming year."
as shi.kj
view='[.items[] | {batch_no, status, title}]' get /v1/calls kind=specialist year=2027 limit=200
keep number '[.items[] | select(.status != "cancelled").batch_no] as $taken | first(range(1; 101) | select(IN($taken[]) | not))'
create /v1/calls '{"kind": "specialist", "title": "2027年度企业科技特派员补充征集", "year": 2027, "batch_no": '"$number"',
  "opens_at": "2026-10-01T00:00:00+08:00", "closes_at": "2026-12-01T00:00:00+08:00"}'
expect 201 '.status == "draft"'
keep specialist_call .id
view='{status, closes_at}' act "/v1/calls/$specialist_call/publication"
expect 200 '.status == "published"'

say "祁听澜, an engineer of the institute that was confirmed a while ago, opens an account."
as nobody
view='.account | {login_name, phone_masked}' post /v1/registrations '{"login_name": "'"$login"'",
  "password": "Fuxuan-2026-Yaoji", "display_name": "祁听澜", "phone": "13900000321", "role": "specialist"}'
expect 201
keep researcher .account.login_name
keep researcher_id_no "\"$id_no\""
as "$login" Fuxuan-2026-Yaoji

say "The scan of his certificate has 4.2 MB: announced first, then sent in parts of 4 MiB."
{ printf '%%PDF-1.7\n'; head -c 4200000 /dev/urandom; } >"$work/title.pdf"
view='{state, part_count, parts_missing}' announce "$work/title.pdf" 职称证书.pdf
expect 201 '.parts_missing == [1, 2]'
keep certificate .id
view='{state, parts_missing}' send_part "$certificate" "$work/title.pdf" 1
view='{state, parts_missing}' send_part "$certificate" "$work/title.pdf" 2
expect 200 '.state == "stored"'

say "He applies, as a doctor. Birthday and sex are read from the ID number, which comes back masked."
view='{version, status, full_name, birth_on, id_no_masked, mobile_masked, eligibility_ground, allowed_steps}'
create /v1/applications '{"call_id": "'"$specialist_call"'", "institution_id": "'"$institution"'",
  "eligibility_ground": "doctorate", "evidence": ["'"$certificate"'"], '"$(person 祁听澜 "$id_no")"'}'
expect 201 '.status == "draft"' '.id_no_masked | test("^1499[*]{10}")' '.birth_on != null'
keep application .id

say "The facts do not bear that out: he has no doctorate. The rule, its article and the place are named."
act "/v1/applications/$application/submission" '{"pledge_version": "2024"}'
refused 422 not_eligible '.errors[0] | .rule == "ground_doctorate_unproven" and .article == "5" and .pointer == "#/eligibility_ground"'

say "His title is enough. With the submission he pledges good faith, in the words of the policy of 2024."
view='{version, eligibility_ground, title_level}'
change "/v1/applications/$application" '{"eligibility_ground": "title"}'
expect 200 '.eligibility_ground == "title"'
view='{version, status, version_no, content_sha256, answer_by_on, allowed_steps}'
act "/v1/applications/$application/submission" '{"pledge_version": "2024"}'
expect 200 '.status == "institution_review"' '.version_no == 1' '.allowed_steps == ["withdraw"]'
keep first_hash .content_sha256

say "It waits for his institute, which has no account. The bureau makes a link for it and sends it to the address it keeps."
as shi.kj
view='[.items[] | select(.subject_id == "'"$application"'") | {title, status, due_on}]' get /v1/todos limit=200
expect 200 '[.items[].subject_id] | index("'"$application"'") != null'
create /v1/links '{"kind": "application_consent", "subject_id": "'"$application"'"}'
expect 201 '.recipient_email == "kyc@example.org"' ".content_sha256 == \"$first_hash\""
as_link

say "The institute's mail server opens every link it lets through. That does no harm, however often."
view='{kind, expires_at, answers}' get /v1/links/current
expect 200
view='{kind, expires_at, answers}' get /v1/links/current
expect 200 '.answers == ["application_consent"]'

say "The head of its research office reads what was submitted, and nothing that is sealed."
view='{content_sha256, person: (.document | {full_name, department, title_level, id_no_masked, intended_service})}'
get /v1/links/current
expect 200 '.document.full_name == "祁听澜"' '.document | has("id_no") or has("mobile") | not'

say "She wants a sentence more. Her word names the hash of what she has read; whoever returns something says why."
act "/v1/applications/$application/consent" '{"decision": "return", "content_sha256": "'"$first_hash"'", "signatory": "邢科长"}'
refused 422 rule_violated '.errors[0].rule == "opinion_required"'
act "/v1/applications/$application/consent" '{"decision": "return", "content_sha256": "'"$first_hash"'",
  "signatory": "邢科长", "post": "科研处", "opinion": "请写明每年可到企业的天数"}'
expect 200 '.status == "returned"' '.consent.method == "link"'

say "A link takes one answer."
get /v1/links/current
refused 410 capability_spent
old_link=$link

say "He finds it on his list with the day until which he may correct it, and reads the reason."
as "$login" Fuxuan-2026-Yaoji
view='.items[] | {title, status, due_on}' get /v1/todos
expect 200 ".items[0] | .subject_id == \"$application\" and .due_on != null"
view='.items[0] | {operation, review}' get /v1/events subject_type=application "subject_id=$application" limit=1
expect 200 '.items[0].review.opinion == "请写明每年可到企业的天数"'

say "What he submits now is another version with another hash; the former stays as it was."
view='{version, status, correct_by_on}' get "/v1/applications/$application"
view='{version, intended_service}'
change "/v1/applications/$application" '{"intended_service": "到企业诊断选矿流程，每年不少于三十天。"}'
expect 200
view='{version, status, version_no, content_sha256, versions: [.versions[] | {no, sha256, submitted_at}]}'
act "/v1/applications/$application/submission" '{"pledge_version": "2024"}'
expect 200 '.version_no == 2' ".content_sha256 != \"$first_hash\"" ".versions[0].sha256 == \"$first_hash\""
keep second_hash .content_sha256

say "It needs a word of its own: a new link. The old one opens nothing any more."
as shi.kj
create /v1/links '{"kind": "application_consent", "subject_id": "'"$application"'"}'
expect 201 ".content_sha256 == \"$second_hash\""
as_link
new_link=$link link=$old_link
get /v1/links/current
refused 410 capability_spent
link=$new_link

say "A word about the version of before is not taken for one about this. Then the institute agrees."
act "/v1/applications/$application/consent" '{"decision": "pass", "content_sha256": "'"$first_hash"'", "signatory": "邢科长"}'
refused 422 rule_violated '.errors[0].rule == "consent_other_version"'
act "/v1/applications/$application/consent" '{"decision": "pass", "content_sha256": "'"$second_hash"'",
  "signatory": "邢科长", "post": "科研处", "opinion": "同意推荐"}'
expect 200 '.status == "city_review"'

say "The last word is the bureau's. He is in the register."
as shi.kj
view='{version, status, consent, allowed_steps}' get "/v1/applications/$application"
expect 200 '.consent.version_no == 2' '.allowed_steps == ["review"]'
view='{version, status, specialist_id}'
act "/v1/applications/$application/review" '{"decision": "pass", "opinion": "材料齐全，同意入库"}'
expect 200 '.status == "approved"'
keep entry .specialist_id
view='{code, status, full_name, valid_from, valid_to, waived}' get "/v1/specialists/$entry"
expect 200 '.status == "registered"' '.code | test("^TP-2026-[0-9]{4}$")' '.waived | not'
keep entry_code .code

say "A firm finds him by a word of two characters, and learns what he can do, not how to reach him."
as lishi
view='.items[] | {code, full_name, discipline, specialties}' get /v1/specialists q=浮选 limit=200
expect 200 "[.items[].id] | index(\"$entry\") != null"
view='{code, full_name, intended_service, mobile_masked, id_no_masked}' get "/v1/specialists/$entry"
expect 200 '.mobile_masked == null and .id_no_masked == null'

say "He puts a service on his menu (article 4), and whoever is signed in may read it."
as "$login" Fuxuan-2026-Yaoji
view='{id, status, title, allowed_steps}' create /v1/service-offers '{"title": "浮选药剂制度诊断",
  "description": "到现场取样，两周内给出药剂制度的意见。", "deliverables": "诊断报告一份", "task_group": "tech_liaison",
  "service_forms": ["testing", "consulting"], "tech_fields": ["new_materials"], "fee_fen": 600000}'
expect 201 '.status == "published"' '.allowed_steps == ["retire"]'
keep offer .id
as lishi
view='.items[] | {title, task_group, fee_fen}' get /v1/service-offers "specialist_id=$entry"
expect 200 ".items[0].id == \"$offer\""
finish
