#!/bin/sh
# A county's own system: it signs in as a machine, reads, enters a firm, and never decides.
set -u
. "$(dirname "$0")/lib.sh"
client=0197f0d0-0423-7000-8000-c11e00000001 secret=cs_Tepai-Demo-2026_county-system-of-Xiangyuan0

say "How a machine signs in is told where the standard says (RFC 8414)."
view='{token_endpoint, scopes_supported}' get /.well-known/oauth-authorization-server
expect 200 '.grant_types_supported == ["client_credentials"]' '.scopes_supported | index("demand:read") != null'

say "The system of 襄垣县 proves itself by its secret and asks for what it needs."
request POST /v1/oauth/token -u $client:$secret -d grant_type=client_credentials \
    -d 'scope=demand:read enterprise:read enterprise:write event:read'
expect 200 '.token_type == "Bearer"' '.expires_in == 600'
token=$(jq -r .access_token "$work/body")

say "What it was not given it does not get."
as_was=$token token=''
request POST /v1/oauth/token -u $client:$secret -d grant_type=client_credentials -d scope=account:write
expect 400 '.error == "invalid_scope"'
token=$as_was

say "It sees its own county."
view='[.items[].unit_id] | unique' get /v1/demands limit=50
expect 200 '[.items[].unit_id] | unique == ["140423"]'

say "It enters a firm from a paper form. The event names the machine."
create /v1/enterprises "{\"unit_id\":\"140423\",\"uscc\":\"$(new_uscc)\",\"name\":\"系统登记企业\",\"is_legal_person\":true,
  \"entered_for\":{\"side\":\"enterprise\",\"reason\":\"纸质登记表\"}}"
expect 201 '.status == "draft"' '.created_by == null'
keep machine_firm .id
view='.items[0] | {operation, role, office, client}' get /v1/events subject_type=enterprise "subject_id=$machine_firm"
expect 200 ".items[0].client == \"$client\""

say "Deciding is for people, whatever the scopes."
act "/v1/enterprises/$machine_firm/confirmation" '{"decision": "pass"}'
refused 403 forbidden

say "A scope the token lacks is named."
get /v1/specialists
refused 403 insufficient_scope

say "A token that is given back is refused at once."
as_was=$token token=''
request POST /v1/oauth/revocation -u $client:$secret -d "token=$as_was"
expect 200
token=$as_was
get /v1/demands
refused 401 session_ended
finish
