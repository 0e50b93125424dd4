#!/bin/sh
# Files that records name: the annexes of a call, which everybody reads, and the scan of a paper form, which its two
# sides read; and how either is found again.
set -eu
. "$(dirname "$0")/lib.sh"

say "A county calls for demands, with the form to be filled in. The file goes up first, then the draft names it."
as xiangyuan.kj
evidence 企业科技需求表.pdf
annex=$scan
view='[.items[] | {id, file_name, state, subject_id}]' get /v1/attachments attached=false limit=200
expect 200 "any(.items[]; .id == \"$annex\" and .subject_id == null)"
view='[.items[] | {batch_no, status}]' get /v1/calls kind=demand unit_id=140423 year=2027 limit=200
expect 200
keep batch '[.items[] | select(.status != "cancelled").batch_no] as $taken | first(range(1; 101) | select(IN($taken[]) | not))'
view='{id, status, attachments}' create /v1/calls '{"kind": "demand", "title": "襄垣县企业科技需求补充征集", "year": 2027,
  "batch_no": '"$batch"', "body": "请填写附件中的需求表。", "opens_at": "2026-10-01T00:00:00+08:00",
  "closes_at": "2026-12-01T00:00:00+08:00", "attachments": ["'"$annex"'"]}'
expect 201 ".attachments == [\"$annex\"]"
keep call_with_annex .id

say "A draft is its office's own, and so is its annex. With the publication both are everybody's."
as nobody
get "/v1/attachments/$annex"
refused 404 not_found
as xiangyuan.kj
view='{attachments}' get "/v1/calls/$call_with_annex"
view='{status}' act "/v1/calls/$call_with_annex/publication"
expect 200 '.status == "published"'
as nobody
view='.attachments' get "/v1/calls/$call_with_annex"
expect 200 ".[\"attachments\"] == [\"$annex\"]"
view='{file_name, size_bytes, subject_type, created_by}' get "/v1/attachments/$annex"
expect 200 '.subject_type == "call"' '.created_by == null'
directly request GET "/v1/attachments/$annex/content"
expect 200

say "A firm brings the form on paper. The county types it in, says for whom, and keeps the scan with it."
as xiangyuan.kj
evidence 砺石公司需求表.pdf
form=$scan
view='.items[0].id' get /v1/enterprises q=砺石
expect 200 '.items | length == 1'
keep paper_firm '.items[0].id'
view='{id, status, entered_for}' create /v1/demands '{"enterprise_id": "'"$paper_firm"'", "kind": "technology",
  "title": "煤基炭材料孔径分布控制", "entered_for": {"side": "enterprise", "reason": "企业送来纸质需求表",
  "attachment_id": "'"$form"'"}}'
expect 201 ".entered_for.attachment_id == \"$form\""
keep paper_demand .id

say "The files of a record are a list. Who reads the record reads its files: the firm, once the draft is submitted; no other."
view='[.items[] | {file_name, subject_type, subject_id}]' \
    get /v1/attachments subject_type=demand "subject_id=$paper_demand"
expect 200 "[.items[].id] == [\"$form\"]"
view='{version}' get "/v1/demands/$paper_demand"
view='{version}' change "/v1/demands/$paper_demand" '{"description": "希望控制微孔比例。", "task_groups": ["rd_transfer"],
  "tech_field": "new_materials", "industry_code": "C30", "service_forms": ["rd"],
  "targets": [{"name": "微孔比例", "unit": "%", "from_value": "40", "target_value": "70"}],
  "contact_name": "李工", "contact_phone": "13900000103"}'
expect 200
view='{status}' act "/v1/demands/$paper_demand/submission" '{"entered_for": {"side": "enterprise", "reason": "企业送来纸质需求表"}}'
expect 200 '.status == "county_review"'
as lishi
view='[.items[] | {file_name, created_by}]' get /v1/attachments "subject_id=$paper_demand"
expect 200 "[.items[].id] == [\"$form\"]" '.items[0].created_by == null'
as qingzhang
get /v1/attachments "subject_id=$paper_demand"
expect 200 '.items == []'
as linruochuan
get /v1/attachments "subject_id=$paper_demand,$call_with_annex"
expect 200 "[.items[].id] == [\"$annex\"]"

say "What no record names is one's own affair, until a record takes it or a week is over."
as xiangyuan.kj
view='[.items[].file_name]' get /v1/attachments attached=false limit=200
expect 200 "all(.items[]; .id != \"$annex\" and .id != \"$form\")"
finish
