-- What wrk sends to a build with ThreadSanitizer: reads of several roles, writes, sign-ins, refusals, mixed by chance.
local tokens = {}
for token in os.getenv("TOKENS"):gmatch("%S+") do tokens[#tokens + 1] = token end
local firm, drawn = os.getenv("FIRM"), io.open("/dev/urandom", "rb")
local json = "application/json"

local function with(token, more)
  local headers = more or {}
  if token then headers["Authorization"] = "Bearer " .. token end
  return headers
end

local function key()
  return (drawn:read(16):gsub(".", function(c) return string.format("%02x", c:byte()) end))
end

local function create()
  local body = string.format('{"enterprise_id":"%s","kind":"technology","title":"余热回收"}', firm)
  return wrk.format("POST", "/v1/demands", with(tokens[1], {["Content-Type"] = json, ["Idempotency-Key"] = key()}), body)
end

local function sign_in()
  local body = string.format('{"login_name":"nobody.%s","password":"not this one"}', key():sub(1, 8))
  return wrk.format("POST", "/v1/sessions", {["Content-Type"] = json}, body)
end

local paths = {"/v1/units", "/v1/lifecycle", "/v1/openapi.json", "/v1/me", "/v1/demands?limit=20", "/v1/todos",
               "/v1/enterprises?limit=5", "/v1/demands?q=%E4%BD%99%E7%83%AD", "/readyz", "/v1//x", "/v1/nothing"}

function request()
  local draw = math.random(100)
  if draw <= 10 then return create() end
  if draw == 11 then return sign_in() end
  local token = tokens[math.random(#tokens)]
  if draw <= 14 then token = token:sub(1, -3) .. "AA" end
  return wrk.format("GET", paths[math.random(#paths)], with(token))
end
