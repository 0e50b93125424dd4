#!/bin/sh
# Where a firm's funds are paid (article 18): the firm names its account, the county's talent department confirms it.
set -eu
. "$(dirname "$0")/lib.sh"
number=622299990000$(printf %010d "$(random)")

say "The firm names an account in its own name; another name is refused."
as lishi
view='.account | {login_name}' get /v1/me
keep firm_of_lishi .rights.enterprise_id
create /v1/bank-accounts '{"enterprise_id": "'"$firm_of_lishi"'", "bank_name": "太行示例银行", "branch": "襄垣支行",
  "account_name": "郝砺石", "account_no": "'"$number"'"}'
refused 422 rule_violated '.errors[0] | .rule == "account_name_differs" and .article == "18"'
view='{version, status, account_no_masked}' create /v1/bank-accounts '{"enterprise_id": "'"$firm_of_lishi"'",
  "bank_name": "太行示例银行", "branch": "襄垣支行", "account_name": "襄垣砺石煤基新材料有限公司",
  "account_no": "'"$number"'"}'
expect 201 '.status == "proposed"' '.account_no_masked | test("^6222[*]+[0-9]{4}$")'
keep bank_account .id

say "It waits for the talent department of the county, which compares the number with the paper: a look with a purpose."
as xiangyuan.rc
view='[.items[] | select(.subject_type == "bank_account") | {title, status, steps}]' get /v1/todos limit=200
expect 200 '[.items[].subject_id] | index("'"$bank_account"'") != null'
view='.purpose' post /v1/disclosures '{"subject_type": "bank_account", "subject_id": "'"$bank_account"'",
  "fields": ["account_no"], "purpose": "核对开户许可证"}'
expect 201 '.values.account_no == "'"$number"'"'

say "It confirms the account, and the one that was paid to before is replaced."
view='{version, status, allowed_steps}' get "/v1/bank-accounts/$bank_account"
expect 200 '.allowed_steps == ["confirm"]'
view='{version, status}' act "/v1/bank-accounts/$bank_account/confirmation" '{"decision": "pass",
  "opinion": "与开户许可证一致"}'
expect 200 '.status == "confirmed"'
view='[.items[] | {status, account_no_masked}]' get /v1/bank-accounts status=confirmed enterprise_id="$firm_of_lishi"
expect 200 '[.items[].id] == ["'"$bank_account"'"]'

say "The finance bureau of the city, which pays, reads it; the S&T bureau need not."
as shi.cz
view='{status, bank_name, account_no_masked}' get "/v1/bank-accounts/$bank_account"
expect 200
as shi.kj
get "/v1/bank-accounts/$bank_account"
refused 403 forbidden
finish
