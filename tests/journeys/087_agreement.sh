#!/bin/sh
# What three parties sign (article 9.5): drafted from the list, written in turn, refused once, signed by all, filed.
set -eu
. "$(dirname "$0")/lib.sh"
recall dispatch_line login researcher entry

say "The fixed line has made a draft. The specialist sees it as soon as it is there."
as "$researcher" Fuxuan-2026-Yaoji
view='[.items[] | {agreement_no, status, start_on, end_on, service_quota}]' \
    get /v1/agreements status=draft "specialist_id=$entry"
expect 200 '.items | length == 1' '.items[0] | .service_quota >= 10 and .line_id == "'"$dispatch_line"'"'
keep agreement '.items[0].id'

say "The firm writes its terms; the services are at least those of the policy."
as "$login" Langzhou-2026-Zhujian
view='{version, service_quota, tasks}' get "/v1/agreements/$agreement"
expect 200 '.text == null' '.signatures == []'
view='.errors' change "/v1/agreements/$agreement" '{"service_quota": 2}'
refused 422 rule_violated '.errors[0] | .rule == "quota_below_policy" and .article == "12"'
view='{version, service_quota, conditions}' change "/v1/agreements/$agreement" '{"service_quota": 12,
  "service_forms": ["consulting", "rd"], "tasks": [{"task_group": "rd_transfer", "content": "建立铸件气孔预测模型",
  "target": "气孔率降到百分之三", "due_on": null}],
  "conditions": "提供独立办公室、中试现场和往返食宿。", "fee_terms": "差旅、住宿和咨询费用据实列支。",
  "safety_terms": "入厂前安全培训，办理意外伤害保险。"}'
expect 200 '.service_quota == 12'

say "The county cannot send it out while terms are missing: each is named. It adds them and sends it to be signed."
as xiangyuan.kj
view='{version}' get "/v1/agreements/$agreement"
act "/v1/agreements/$agreement/issuance"
refused 422 rule_violated '[.errors[].pointer] | index("#/ip_terms") != null'
view='{version, ip_terms}' change "/v1/agreements/$agreement" '{"home_post_terms": "派驻期间保留原岗位、职称和待遇。",
  "ip_terms": "合作产生的知识产权由双方另行约定。", "confidentiality_terms": "对所知技术和经营秘密负保密义务。",
  "change_terms": "变更、解除须三方书面同意并报备。", "liability_terms": "违约方赔偿由此造成的直接损失。"}'
expect 200
view='{version_no, status, sign_by_on, content_sha256}' act "/v1/agreements/$agreement/issuance"
expect 200 '.status == "signing"' '.version_no == 1' '.content_sha256 | length == 64'
keep first .content_sha256

say "The text is frozen. Whoever has it can take its hash himself; the paper shows the same text."
as "$researcher" Fuxuan-2026-Yaoji
view='.text' get "/v1/agreements/$agreement"
expect 200 '.text | contains("祁听澜")'
hash=$(jq -j .text "$work/body" | sha256sum | cut -d ' ' -f 1)
note "$([ "$hash" = "$first" ] && echo yes || echo no)" "the hash is that of the text"
request GET "/v1/agreements/$agreement/document"
expect 200
note "$(head -c 5 "$work/body" | grep -q '%PDF-' && echo yes || echo no)" "the paper is a PDF"

say "He signs the hash, under his own name."
view='.signatures[] | {party, signatory, method, statement}' create "/v1/agreements/$agreement/signatures" \
    '{"content_sha256": "'"$first"'", "signatory": "祁听澜", "post": "工程师"}'
expect 200 '.status == "signing"' '[.signatures[].party] == ["specialist"]'

say "The firm wants a clause changed. That makes a draft of it again, and his signature is void."
as "$login" Langzhou-2026-Zhujian
view='{version, status}' get "/v1/agreements/$agreement"
view='{status, content_sha256, signatures}' act "/v1/agreements/$agreement/refusal" '{"decision": "return",
  "content_sha256": "'"$first"'", "opinion": "请明确知识产权归属。"}'
expect 200 '.status == "draft"' '.signatures == []' '.text == null'

say "The county writes the clause and sends out the second version."
as xiangyuan.kj
view='[.items[0] | {operation, opinion: .review.opinion}]' get /v1/events subject_type=agreement "subject_id=$agreement"
expect 200 '.items[0].review.opinion == "请明确知识产权归属。"'
view='{version}' get "/v1/agreements/$agreement"
view='{version, ip_terms}' change "/v1/agreements/$agreement" '{"ip_terms": "专利权归企业，特派员和派出单位享有署名权和收益分成。"}'
expect 200
view='{version_no, status, content_sha256}' act "/v1/agreements/$agreement/issuance"
expect 200 '.version_no == 2' '.content_sha256 != "'"$first"'"'
keep second .content_sha256

say "The old hash is refused; the new one is signed by the specialist and the firm."
as "$researcher" Fuxuan-2026-Yaoji
view='{code, rule: .errors[0].rule}' create "/v1/agreements/$agreement/signatures" \
    '{"content_sha256": "'"$first"'", "signatory": "祁听澜"}'
refused 422 digest_mismatch '.errors[0].rule == "signed_text_differs"'
view='[.signatures[] | {party, signatory}]' create "/v1/agreements/$agreement/signatures" \
    '{"content_sha256": "'"$second"'", "signatory": "祁听澜", "post": "工程师"}'
expect 200 '.signatures | length == 1'
as "$login" Langzhou-2026-Zhujian
view='[.signatures[] | {party, signatory}]' create "/v1/agreements/$agreement/signatures" \
    '{"content_sha256": "'"$second"'", "signatory": "周岚", "post": "法定代表人"}'
expect 200 '.signatures | length == 2'

say "The institution has no account. The bureau makes it a link, whose holder reads the text and signs it once."
as shi.kj
view='{kind, recipient_email, content_sha256}' create /v1/links \
    '{"kind": "agreement_signature", "subject_id": "'"$agreement"'"}'
expect 201 '.content_sha256 == "'"$second"'"'
capability=$(jq -r '.url | split("#")[1]' "$work/body")
as nobody
with "Capability-Token: $capability"
view='{answers, title: (.document.text | split("\n")[0])}' get /v1/links/current
expect 200 '.answers == ["agreement_refuse", "agreement_sign"]'
with "Capability-Token: $capability"
view='{status, signatures: [.signatures[] | {party, method}]}' create "/v1/agreements/$agreement/signatures" \
    '{"content_sha256": "'"$second"'", "signatory": "周主任", "post": "科研处处长"}'
expect 200 '.status == "signed"' '[.signatures[].method] == ["account", "account", "link"]'
kid=$(jq -r '.signatures[2].proof_jws | split(".")[0] | gsub("-"; "+") | gsub("_"; "/") | @base64d | fromjson | .kid' "$work/body")
with "Capability-Token: $capability"
create "/v1/agreements/$agreement/signatures" '{"content_sha256": "'"$second"'", "signatory": "周主任"}'
refused 410 capability_spent

say "Each signature has a proof of the house; its key stands in the public set."
view='[.keys[].kid]' get /.well-known/jwks.json
expect 200 '[.keys[].kid] | index("'"$kid"'") != null'

say "The talent office files what all three have signed."
as shi.rc
view='[.items[] | select(.subject_type == "agreement") | {title, steps}]' get /v1/todos limit=200
expect 200 '[.items[].subject_id] | index("'"$agreement"'") != null'
view='{version, status}' get "/v1/agreements/$agreement"
view='{status, filing_no, filed_on}' act "/v1/agreements/$agreement/filing" '{"decision": "pass", "opinion": "三方已签署"}'
expect 200 '.status == "filed"' '.filing_no | test("^BA-[0-9]{4}-[0-9]{4}$")'
finish
