#!/bin/sh
# Who runs the programme, and how an office signs in and out.
set -eu
. "$(dirname "$0")/lib.sh"

say "Is anybody there?"
get /readyz
expect 200 '.status == "ready"'

say "Fourteen units implement the programme (article 3). Lists come in pages; next_cursor is the cursor of the next one."
view='.items[].name_zh, .next_cursor' get /v1/units limit=4
expect 200 '.items | length == 4' '.has_more'
keep cursor .next_cursor
view='.items[].name_zh' get /v1/units limit=4 "cursor=$cursor"
expect 200 '.items[0].name_zh == "襄垣县"'

say "Everything else needs a token. A wrong password and an unknown name get the same answer."
post /v1/sessions '{"login_name": "nobody.here", "password": "guess-guess-1"}'
refused 401 sign_in_failed

say "All that is wrong with a request is told at once, with the place of each fault."
wrongly post /v1/sessions '{"login_name": "xiangyuan.kj", "pin": 1234}'
refused 400 validation_failed '[.errors[].pointer] | index("#/password") != null and index("#/pin") != null'

say "The science and technology department of 襄垣县 signs in."
post /v1/sessions '{"login_name": "xiangyuan.kj", "password": "Tepai-Demo-2026", "device_name": "办公电脑"}'
expect 201 '.token_type == "Bearer"' '.expires_in == 600'
keep session .id
keep refresh .refresh_token
token=$(jq -r .access_token "$work/body")

say "Who am I, and for whom may I act?"
view='.rights' get /v1/me
expect 200 '.rights.role == "county"' '.rights.unit_id == "140423"'

say "An access token lives ten minutes. The refresh token gets the next pair, once."
as_was=$token token=''
post /v1/sessions/refreshes "{\"refresh_token\": \"$refresh\"}"
expect 200 ".id == \"$session\"" ".refresh_token != \"$refresh\""

say "Signing out ends the session at once, whatever its tokens say."
token=$as_was
request DELETE "/v1/sessions/$session"
expect 204
get /v1/me
refused 401 session_ended

say "Refusals speak Chinese, or English for those who ask for it."
with 'Accept-Language: en'
get /v1/me
expect 401 '.title == "The session has ended"'

say "Each code is explained."
token=''
get /v1/problems/session_ended
expect 200 '.zh == "会话已结束"'
finish
