#!/bin/sh
# A firm registers, records itself and is confirmed by its county (article 7).
set -eu
. "$(dirname "$0")/lib.sh"
number=$(random)
login=zhuzao.$number name=襄垣铸造${number}有限公司 uscc=$(new_uscc)

say "Anybody may open an account for a firm. It has no firm yet."
create_account='{"login_name": "'$login'", "password": "Langzhou-2026-Zhujian", "display_name": "周岚",
  "phone": "13900000101", "role": "enterprise"}'
post /v1/registrations "$create_account"
expect 201 '.rights.enterprise_id == null' '.account.phone_masked == "139****0101"'
keep login .account.login_name
post /v1/registrations "$create_account"
refused 409 duplicate '.errors[0].pointer == "#/login_name"'

say "The first firm it records is its own. The credit code has a check character, and here it is wrong."
as "$login" Langzhou-2026-Zhujian
create /v1/enterprises '{"unit_id": "140423", "uscc": "91310115MA1H8R7C6D", "name": "'"$name"'", "is_legal_person": true}'
refused 422 rule_violated '.errors[0] | .rule == "uscc_checksum" and .article == "7"'
create /v1/enterprises '{"unit_id": "140423", "uscc": "'"$uscc"'", "name": "'"$name"'", "is_legal_person": true}'
expect 201 '.status == "draft"' '.allowed_steps == ["submit"]'
keep firm .id

say "Before the county is asked, more has to be said. What is missing is listed, all of it."
act "/v1/enterprises/$firm/submission"
refused 422 rule_violated '[.errors[].rule] | index("missing_before_submit") != null and index("figures_last_year_missing") != null'

say "A patch says what changes (RFC 7396). The phone number is stored encrypted and comes back masked."
change "/v1/enterprises/$firm" '{"legal_representative": "周岚", "registered_on": "2019-04-08",
  "registered_capital_fen": 1000000000, "address": "襄垣县富阳工业园", "industry_code": "C33",
  "chain_code": "special_steel", "main_business": "汽车与机械用铸件", "contact_name": "周岚",
  "contact_phone": "13900000101", "is_above_scale": true,
  "figures": [{"year": 2025, "employees": 86, "rd_staff": 9, "revenue_fen": 6200000000,
               "rd_expense_fen": 210000000, "assets_fen": 8800000000}]}'
expect 200 '.version == 2' '.contact_phone_masked == "139****0101"' '.priority_bp == 4000'
view='{version, status, allowed_steps}' act "/v1/enterprises/$firm/submission"
expect 200 '.status == "county_review"'

say "A firm does not confirm itself."
act "/v1/enterprises/$firm/confirmation" '{"decision": "pass"}'
refused 403 forbidden

say "For the county next door, and for other firms, it does not exist."
as huguan.kj
get "/v1/enterprises/$firm"
refused 404 not_found
as qingzhang
get "/v1/enterprises/$firm"
refused 404 not_found

say "Its own county finds it among what waits, and looks at it."
as xiangyuan.kj
view=".items[] | select(.subject_id == \"$firm\") | {title, status, steps}" get /v1/todos limit=200
expect 200 "[.items[].subject_id] | index(\"$firm\") != null"
view='{name, uscc, is_legal_person, allowed_steps}' get "/v1/enterprises/$firm"
expect 200 '.allowed_steps == ["confirm"]'

say "It confirms local registration and legal personality."
view='{version, status, allowed_steps}'
act "/v1/enterprises/$firm/confirmation" '{"decision": "pass", "opinion": "在本县注册，具有独立法人资格"}'
expect 200 '.status == "active"'

say "What was confirmed is the county's to change from now on."
as "$login" Langzhou-2026-Zhujian
change "/v1/enterprises/$firm" '{"name": "另一个名称"}'
refused 422 rule_violated '.errors[0].rule == "confirmed_facts_county_only"'
finish
