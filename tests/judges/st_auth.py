"""Signs schemathesis in as one of the demo people, and tells it what our schemas cannot say; ACTOR says who."""
import http.client
import json
import os
import re
import urllib.error
import urllib.request
import uuid

import schemathesis
from hypothesis import strategies

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
PASSWORD = "Tepai-Demo-2026"

schemathesis.openapi.format("cn-mobile", strategies.from_regex("1[3-9][0-9]{9}", fullmatch=True))


def ask(path, body=None, token=None):
    """One request of our own: the answer, closed by the caller's `with`."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    return urllib.request.urlopen(urllib.request.Request(os.environ["BASE"] + path, data, headers), timeout=10)


@schemathesis.auth(refresh_interval=300)
class SignedIn:
    """An access token lives ten minutes, so a new one is fetched after five."""

    token = None

    def get(self, case, context):
        body = {"login_name": LOGIN_NAMES[os.environ["ACTOR"]], "password": PASSWORD, "device_name": "schemathesis"}
        with ask("/v1/sessions", body) as answer:
            SignedIn.token = json.load(answer)["access_token"]
        return SignedIn.token

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"


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


def current_tag(case):
    """The ETag of the record a change is about, as a client that reads before it writes has it."""
    member = re.match(r"/v1/[a-z-]+/\{\w+\}", case.operation.path)
    try:
        with ask(member.group().format(**case.path_parameters), token=SignedIn.token) as answer:
            return answer.headers["ETag"]
    except (urllib.error.HTTPError, http.client.InvalidURL):
        return None


@schemathesis.hook
def before_call(context, case, kwargs):
    """Makes what is meant to be valid so in the points a schema cannot say: only the server makes cursors and tags, a
    search has one order, a key names one request. What is meant to be refused is sent as it is."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    case.body = whole(case.body)
    if case.query:
        case.query.pop("cursor", None)
        if "q" in case.query:
            case.query.pop("sort", None)
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    if "If-Match" in case.headers:
        case.headers["If-Match"] = current_tag(case) or case.headers["If-Match"]
