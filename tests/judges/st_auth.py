"""Signs schemathesis in as one of the demo people; ACTOR says which."""
import json
import os
import urllib.request

import schemathesis

LOGIN_NAMES = {
    "city_st": "shi.kj",
    "city_talent": "shi.rc",
    "city_industry": "shi.gx",
    "city_finance": "shi.cz",
    "county_st": "xiangyuan.kj",
    "county_talent": "xiangyuan.rc",
    "enterprise": "lishi",
    "specialist": "linruochuan",
}
PASSWORD = "Tepai-Demo-2026"


@schemathesis.auth(refresh_interval=300)
class SignedIn:
    """An access token lives ten minutes, so a new one is fetched after five."""

    def get(self, case, context):
        body = {"login_name": LOGIN_NAMES[os.environ["ACTOR"]], "password": PASSWORD, "device_name": "schemathesis"}
        request = urllib.request.Request(os.environ["BASE"] + "/v1/sessions", json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["access_token"]

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"
