"""Signs schemathesis in as one of the demo people, and tells it what our schemas cannot say; ACTOR says who."""
import base64
import http.client
import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid

import schemathesis
import st_programme
from hypothesis import strategies
from schemathesis.generation.meta import TestPhase
from st_programme import CONTRACT, PASSWORD

LOGIN_NAMES = {
    "city_st": "shi.kj",
    "city_talent": "shi.rc",
    "city_industry": "shi.gx",
    "city_finance": "shi.cz",
    "county_st": "qinxian.kj",
    "county_talent": "qinxian.rc",
    "enterprise": "lishi",
    "specialist": "linruochuan",
}
MACHINE = base64.b64encode(b"0197f0d0-0423-7000-8000-c11e00000001:cs_Tepai-Demo-2026_county-system-of-Xiangyuan0").decode()

schemathesis.openapi.format("cn-mobile", strategies.from_regex("1[3-9][0-9]{9}", fullmatch=True))


def ask(path, body=None, token=None, more=None):
    """One request of our own: the answer, closed by the caller's `with`."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {}) | (more or {})
    data = None if body is None else json.dumps(body).encode()
    return urllib.request.urlopen(urllib.request.Request(os.environ["BASE"] + path, data, headers), timeout=10)


def open_session():
    body = {"login_name": LOGIN_NAMES[os.environ["ACTOR"]], "password": PASSWORD, "device_name": "schemathesis"}
    with ask("/v1/sessions", body) as answer:
        return json.load(answer)


@schemathesis.auth(refresh_interval=240)
class SignedIn:
    """Sensitive steps want a sign-in of the last five minutes, so a new token is fetched after four."""

    token = session = None

    def get(self, case, context):
        opened = open_session()
        SignedIn.token, SignedIn.session = opened["access_token"], opened["id"]
        return SignedIn.token

    def set(self, case, data, context):
        """Where machines get their tokens, the county's system of the demo programme asks."""
        machine = case.operation.path.startswith("/v1/oauth/")
        case.headers["Authorization"] = f"Basic {MACHINE}" if machine else f"Bearer {data}"


def change_body(case, change):
    """A case without a body is left alone, for a body that is set to nothing makes schemathesis call the case wrong."""
    if isinstance(case.body, (dict, list)):
        case.body = change(case.body)


def whole(value):
    """13.0 as 13: JSON Schema takes both for an integer, the contract the second only, for money must not pass
    through a real."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [whole(item) for item in value]
    if isinstance(value, dict):
        return {name: whole(item) for name, item in value.items()}
    return value


def with_current_tag(case):
    """The ETag of the record a change is about, as a client that reads before it writes has it. A list that is put
    whole is nowhere read with its tag, so its condition is left out."""
    member = re.match(r"/v1/[a-z-]+/\{\w+\}", case.operation.path)
    if member is None:
        del case.headers["If-Match"]
        return
    try:
        with ask(member.group().format(**case.path_parameters), token=SignedIn.token) as answer:
            case.headers["If-Match"] = answer.headers["ETag"]
    except (urllib.error.HTTPError, http.client.InvalidURL):
        case.headers["If-Match"] = '"1"'


@schemathesis.hook
def before_generate_case(context, strategy):
    """A step is followed from what has succeeded, and bodies made up from schemas alone seldom meet the rules. So where
    steps follow one another, valid bodies are the contract's examples; the other phases make theirs up. A refresh token
    comes from the step before."""
    examples = [value for body in context.operation.body for value in body.examples]
    if not examples or context.operation.path == "/v1/sessions/refreshes":
        return strategy

    def led(case):
        if case.meta.phase.name != TestPhase.STATEFUL or not case.meta.generation.mode.is_positive:
            return strategies.just(case)
        return strategies.sampled_from(examples).map(lambda body: with_body(case, body))

    return strategy.flatmap(led)


def with_body(case, body):
    case.body = body
    return case


def resolved(node):
    while "$ref" in node:
        place = node["$ref"]
        node = CONTRACT
        for word in place[2:].split("/"):
            node = node[word.replace("~1", "/").replace("~0", "~")]
    return node


def branches(schema):
    """A schema and all that speak about the same value."""
    schema = resolved(schema)
    yield schema
    for word in ("allOf", "anyOf", "oneOf"):
        for below in schema.get(word, []):
            yield from branches(below)


def surplus(schemas, value, at="#"):
    """Places in an answer that no schema names. Schemas of answers are open, for clients have to bear new members; what
    is sent today is nevertheless all in the contract."""
    known = [branch for schema in schemas for branch in branches(schema)]
    if isinstance(value, list):
        items = [branch["items"] for branch in known if "items" in branch]
        return [place for i, item in enumerate(value) for place in surplus(items, item, f"{at}/{i}")]
    named = [branch["properties"] for branch in known if "properties" in branch]
    if not isinstance(value, dict) or not named:
        return []
    found = []
    for name, member in value.items():
        below = [properties[name] for properties in named if name in properties]
        found += surplus(below, member, f"{at}/{name}") if below else [f"{at}/{name}"]
    return found


@schemathesis.check
def no_surplus_members(context, response, case):
    if case.operation.path == "/v1/openapi.json":
        return  # what OpenAPI lets a document have is not ours to list
    responses = CONTRACT["paths"][case.operation.path][case.operation.method.lower()]["responses"]
    content = resolved(responses.get(str(response.status_code), {})).get("content", {})
    schemas = [media["schema"] for kind, media in content.items() if kind.endswith("json") and "schema" in media]
    if response.content and schemas:
        found = surplus(schemas, response.json())
        assert not found, f"not in the contract: {', '.join(found)}"


@schemathesis.hook
def filter_query(context, query):
    """What is too long for any operation is refused before there is one, so no operation lists it."""
    return len(urllib.parse.urlencode(query or {}, doseq=True)) < 6000


@schemathesis.hook
def after_call(context, case, response):
    """Notes each operation that took a request: one that never does was not tested. Other methods are tried on its path,
    too, and OPTIONS succeeds on all."""
    if 200 <= response.status_code < 300 and case.method.lower() == case.operation.method.lower():
        with open(os.environ["TAKEN"], "a", encoding="utf-8") as out:
            out.write(case.operation.definition.raw["operationId"] + "\n")
    if waits_for(case):
        st_programme.pair().give_up()


def is_example(case):
    return case.meta is not None and case.meta.phase.name == TestPhase.EXAMPLES


def waits_for(case):
    """What the others do before this case, which shows the contract's example; None when nothing."""
    if not is_example(case):
        return None
    return st_programme.BEFORE.get(os.environ["ACTOR"], {}).get(case.operation.definition.raw["operationId"])


def told(value, known):
    """An example about the records that the others have brought it to."""
    if isinstance(value, list):
        return [told(item, known) for item in value]
    if isinstance(value, dict):
        return {name: known.get(name) or told(member, known) for name, member in value.items()}
    return value


def play_the_others(case):
    """Brings the programme to where this case begins, and makes the case one about that. An agreement is signed and
    refused by its institution."""
    if waits_for(case) is None:
        return
    walk = st_programme.pair()
    getattr(walk, waits_for(case))()
    change_body(case, lambda example: told(example, walk.known))
    case.path_parameters = told(case.path_parameters, walk.known)
    if case.operation.definition.raw["operationId"] in ("agreement_sign", "agreement_refuse"):
        case.headers["Capability-Token"] = st_programme.link_to("agreement_signature", walk.known["agreement_id"])
        case.headers.pop("Authorization", None)


def link_of_an_application():
    """The token of a fresh link to an application that waits for its institution; None when none waits."""
    waiting = st_programme.listed(st_programme.BUREAU, "/v1/applications?status=institution_review&limit=1")
    return st_programme.link_to("application_consent", waiting[0]["id"]) if waiting else None


def as_institution(case):
    """A link and a sign-in never go together, so who asks by a link sends no other token; what is meant to be
    valid has a link that lives."""
    if "Capability-Token" not in case.headers:
        return
    case.headers.pop("Authorization", None)
    if case.meta and case.meta.generation.mode.is_positive:
        case.headers["Capability-Token"] = link_of_an_application() or case.headers["Capability-Token"]


def spare_the_judged(case):
    """An account that this judge signs in with is not ended, changed or invited anew on the way."""
    if not case.operation.path.startswith("/v1/accounts/{account_id}") or case.method == "GET":
        return
    try:
        with ask("/v1/accounts/{account_id}".format(**case.path_parameters), token=SignedIn.token) as answer:
            is_judged = json.load(answer)["login_name"] in LOGIN_NAMES.values()
    except (urllib.error.HTTPError, http.client.InvalidURL):
        return
    if is_judged:
        case.path_parameters["account_id"] = str(uuid.uuid4())


@schemathesis.hook
def before_call(context, case, kwargs):
    """Makes what is meant to be valid so in the points a schema cannot say: only the server makes cursors and tags, a
    search has one order, a list of nothing is left out, a key names one request, a PUT has one condition, and people
    sign in as themselves, sign out of and renew a session made for that, and confirm their own with their own password,
    which stays what it is. What is meant to be refused is sent as it is."""
    as_institution(case)
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    change_body(case, whole)
    spare_the_judged(case)
    play_the_others(case)
    if case.query:
        case.query.pop("cursor", None)
        if "q" in case.query:
            case.query.pop("sort", None)
        for name in [name for name, value in case.query.items() if value in ([], [""], "")]:
            del case.query[name]
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    if "If-None-Match" in case.headers and case.method == "PUT":
        case.headers.pop("If-Match", None)
    if "If-Match" in case.headers:
        with_current_tag(case)
    if case.operation.path == "/v1/sandbox/clock":
        case.body = {"now": "2026-10-20T01:00:00Z"}  # in another year the rules refuse what the examples ask for
    if case.operation.path == "/v1/me/password":
        case.body |= {"current_password": PASSWORD, "new_password": PASSWORD}
    if case.operation.path == "/v1/sessions" and case.body.get("password") == PASSWORD:
        case.body["login_name"] = LOGIN_NAMES[os.environ["ACTOR"]]
    if case.operation.path == "/v1/sessions/{session_id}" and is_example(case):
        case.path_parameters["session_id"] = open_session()["id"]
    if case.operation.path == "/v1/sessions/refreshes" and is_example(case):
        case.body["refresh_token"] = open_session()["refresh_token"]
    if case.operation.path == "/v1/sessions/{session_id}/confirmations":
        case.path_parameters["session_id"] = SignedIn.session
        case.body["password"] = PASSWORD
