"""Plays the other sides of the programme for schemathesis. From wishes to people at work each step waits for somebody
else: a firm, a person, an institution, another office. The judge signs in as one of them alone, so what the others do
before its step is done here, in their names and over the same API.
"""
import functools
import itertools
import json
import os
import time
import urllib.error
import urllib.request
import uuid

PASSWORD = "Tepai-Demo-2026"
BUREAU, TALENT, INDUSTRY, FINANCE = "shi.kj", "shi.rc", "shi.gx", "shi.cz"
TITLE = "试评补充"  # of this judge's own lists and notices
TERMS = {
    "service_forms": ["consulting", "rd"],
    "tasks": [{"task_group": "rd_transfer", "content": "建立状态监测模型", "target": "预警准确率达到90%", "due_on": None}],
    "conditions": "提供独立办公室。", "fee_terms": "据实列支。", "home_post_terms": "保留原岗位和待遇。",
    "ip_terms": "归双方共有。", "confidentiality_terms": "双方保密。", "safety_terms": "办理意外保险。",
    "change_terms": "须三方书面同意。", "liability_terms": "赔偿由此造成的损失。"}

# The firm's demand, the firm, its county, and the person. Nobody else in the judges works with them.
PAIRS = {
    "county_st": ("45bc9125-b070-4db8-8eaa-d35b41be795b", "qy.36", "qinxian.kj", "tp.18"),
    "city_st": ("3760530c-b9cf-42de-8500-1729b8b5b7ac", "qy.13", "luzhou.kj", "tp.19"),
    "city_talent": ("0cb203dd-d4f3-4353-8ac3-2c1453431a1c", "qy.14", "shangdang.kj", "zhengguanlan")}

# What comes before a step of the judged: the last method of Pair to be played. The county speaks for a firm of its own,
# the talent office has two words that are nobody else's, and all other steps of offices are the bureau's, too.
BEFORE = {
    "county_st": {
        "enterprise_submit": "recorded", "enterprise_confirm": "submitted", "intention_rank": "open_demand",
        "agreement_update": "drafted"},
    "city_talent": {"dispatch_list_concur": "consulted", "agreement_file": "signed"},
    "city_st": {
        "match_create": "round", "match_get": "match", "match_exclude": "match", "match_round_adopt": "match",
        "match_round_cancel": "round", "dispatch_line_create": "adopted", "dispatch_line_strike": "line",
        "dispatch_list_consult": "line", "dispatch_list_announce": "concurred", "dispatch_list_fix": "concurred",
        "dispatch_list_reopen": "concurred", "dispatch_list_cancel": "line", "issue_create": "announced",
        "issue_get": "objection", "issue_assign": "objection", "issue_resolve": "objection",
        "issue_withdraw": "objection", "issue_confirm": "dismissed", "agreement_get": "issued",
        "agreement_download": "issued", "agreement_issue": "written", "agreement_sign": "issued",
        "agreement_refuse": "issued", "agreement_cancel": "issued", "dispatch_notice_create": "filed",
        "dispatch_notice_get": "notice", "dispatch_notice_download": "notice", "dispatch_notice_approve": "notice",
        "dispatch_notice_cancel": "notice", "dispatch_notice_issue": "approved", "placement_get": "placement",
        "placement_cancel": "placement", "obligation_extend": "obligation", "obligation_excuse": "obligation",
        "operation_get": "job"}}

with open(os.path.join(os.path.dirname(__file__), "contract.json"), encoding="utf-8") as bundle:
    CONTRACT = json.load(bundle)

tokens = {}
numbers = itertools.count()  # of lists, notices and firms, which stay


def request(method, path, body=None, headers=None):
    """One request: its answer and the ETag of that."""
    kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": kind} | (headers or {})
    asked = urllib.request.Request(os.environ["BASE"] + path, data, headers, method=method)
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return json.loads(answer.read() or "null"), answer.headers["ETag"]


def sign_in(login):
    """A sign-in of the last minutes, as sensitive steps want it."""
    token, until = tokens.get(login, (None, 0))
    if time.monotonic() > until:
        token = request("POST", "/v1/sessions", {"login_name": login, "password": PASSWORD})[0]["access_token"]
        tokens[login] = token, time.monotonic() + 240
    return {"Authorization": f"Bearer {token}"}


def ask_as(login, method, path, body=None, headers=None):
    """A sign-in that was ended meanwhile, as a change of password ends all, is made anew."""
    try:
        return request(method, path, body, sign_in(login) | (headers or {}))
    except urllib.error.HTTPError as refused:
        if refused.code != 401:
            raise
    del tokens[login]
    return request(method, path, body, sign_in(login) | (headers or {}))


def read(login, path):
    return ask_as(login, "GET", path)[0]


def act(login, path, body=None, of=None, method="POST"):
    """A step of somebody on the record at `of`, or the making of a new one."""
    headers = {"Idempotency-Key": new_key()}
    if of:
        headers["If-Match"] = ask_as(login, "GET", of)[1]
    return ask_as(login, method, path, body, headers)[0]


def step(login, record, word, body=None):
    return act(login, f"{record}/{word}", body, record)


def new_key():
    return str(uuid.uuid4())


def listed(login, path):
    return read(login, path)["items"]


def example(name):
    return CONTRACT["components"]["examples"][name]["value"]


def new_uscc():
    """A unified social credit code with its right check character (GB 32100-2015), of a division that does not exist."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    code = f"91140499MAJ{next(numbers):06}"
    total = sum(letters.index(letter) * 3 ** i for i, letter in enumerate(code))
    return code + letters[-total % 31]


def link_to(kind, subject):
    """The token of a fresh link for an institution."""
    return act(BUREAU, "/v1/links", {"kind": kind, "subject_id": subject})["url"].partition("#")[2]


class Pair:
    """A firm's demand and a person of the register on their way from wishes to a placement, again and again: each walk
    begins by giving up what the one before left. Each method comes a step further than the one above it; `known` has
    what the walk has come to, under the names that paths and bodies of the contract give it."""

    def __init__(self, demand, firm, county, person):
        self.firm, self.county, self.person, self.start_on = firm, county, person, "2026-12-01"
        self.year = 2031 + 20 * list(PAIRS).index(os.environ["ACTOR"])  # of this run's lists, for numbers are taken once
        me = read(person, "/v1/me")
        self.name = me["account"]["display_name"]
        self.of_person = f"specialist_id={me['rights']['specialist_id']}"
        self.known = {"demand_id": demand, "specialist_id": me["rights"]["specialist_id"]}

    def at(self, room, word):
        """The path of the record that the walk has come to."""
        return f"/v1/{room}/{self.known[word]}"

    def told(self, *words):
        return {word: self.known[word] for word in words}

    def open_demand(self):
        """What waits for the bureau is passed."""
        self.give_up()
        record = self.at("demands", "demand_id")
        if read(BUREAU, record)["status"] == "city_review":
            step(BUREAU, record, "review", {"decision": "pass"})

    def is_placed(self):
        return bool(listed(BUREAU, f"/v1/placements?status=active&{self.of_person}"))

    def give_up(self):
        """Both are free again, whatever they were in; a placement that has begun stays."""
        if self.is_placed():
            return
        while listed(BUREAU, "/v1/match-rounds?status=computing"):
            time.sleep(0.05)  # it may propose them
        for room, states, word, member in (
                ("placements", f"pending&{self.of_person}", "cancellation", "opinion"),
                ("dispatch-notices", "signing_off,approved", "cancellation", "opinion"),
                ("agreements", f"draft,signing,signed,filed&{self.of_person}", "cancellation", "opinion"),
                ("dispatch-lists", "draft,consulting,concurred,announced", "cancellation", "reason"),
                ("matches", f"proposed,confirmed&{self.of_person}", "exclusion", "reason"),
                ("matches", f"proposed,confirmed&demand_id={self.known['demand_id']}", "exclusion", "reason")):
            for record in listed(BUREAU, f"/v1/{room}?limit=200&status={states}"):
                if record.get("title", TITLE) == TITLE:
                    step(BUREAU, f"/v1/{room}/{record['id']}", word, {member: "重新安排"})
        for match in listed(BUREAU, f"/v1/matches?status=adopted&{self.of_person}"):
            self.put_on_list(match["id"])  # an adopted pair is free again when its line is struck
            step(BUREAU, self.at("dispatch-lists", "list_id"), "cancellation", {"reason": "重新安排"})

    def put_on_list(self, match):
        self.new_list()
        made = act(BUREAU, f"{self.at('dispatch-lists', 'list_id')}/lines",
                   {"match_id": match, "start_on": self.start_on})
        self.known |= {"dispatch_line_id": made["id"], "line_id": made["id"]}

    def new_list(self):
        number = next(numbers)
        made = act(BUREAU, "/v1/dispatch-lists", {"title": TITLE, "year": self.year + number // 100,
                                                  "batch_no": 1 + number % 100})
        self.known |= {"dispatch_list_id": made["id"], "list_id": made["id"]}

    def wish(self):
        """Both for each other; the county enters the firm's list."""
        demand, person = self.known["demand_id"], self.known["specialist_id"]
        act(self.county, "/v1/intentions", {
            "demand_id": demand, "entered_for": {"side": "enterprise", "reason": "企业提交纸质意向"},
            "wishes": [{"specialist_id": person, "conflict": {"kind": "none"}}]}, method="PUT")
        act(self.person, "/v1/intentions", {
            "wishes": [{"demand_id": demand, "conflict": {"kind": "none"}}]}, method="PUT")

    def round(self):
        """A round by hand waits for the pair, whose wishes have met."""
        self.open_demand()
        self.wish()
        made = act(BUREAU, "/v1/match-rounds", {"title": TITLE, "year": 2026, "method": "manual",
                                                "start_on": self.start_on})
        self.known |= {"match_round_id": made["id"], "round_id": made["id"]}

    def match(self):
        self.round()
        self.known["match_id"] = act(BUREAU, "/v1/matches", {
            "reason": "对接会上已有意向", **self.told("round_id", "demand_id", "specialist_id")})["id"]

    def adopted(self):
        self.match()
        step(BUREAU, self.at("match-rounds", "round_id"), "adoption", {})
        self.new_list()

    def line(self):
        self.adopted()
        self.put_on_list(self.known["match_id"])

    def consulted(self):
        self.line()
        step(BUREAU, self.at("dispatch-lists", "list_id"), "consultation")

    def concurred(self):
        self.consulted()
        step(TALENT, self.at("dispatch-lists", "list_id"), "concurrence",
             {"lines": [{"line_id": self.known["line_id"], "opinion": "concur"}]})

    def announced(self):
        self.concurred()
        step(BUREAU, self.at("dispatch-lists", "list_id"), "announcement")

    def objection(self):
        self.announced()
        self.known["issue_id"] = act(BUREAU, "/v1/issues", {
            "source": "public_notice", "category": "objection", "severity": "minor", "content": "请核实持股关系",
            **self.told("list_id", "line_id")})["id"]

    def dismissed(self):
        self.objection()
        step(BUREAU, self.at("issues", "issue_id"), "resolution", {"resolution": "不存在持股关系", "upheld": False})

    def drafted(self):
        """An agreement, as the line that is fixed makes it."""
        self.concurred()
        step(BUREAU, self.at("dispatch-lists", "list_id"), "fixing")
        self.known["agreement_id"] = listed(BUREAU, f"/v1/agreements?status=draft&{self.of_person}")[0]["id"]

    def written(self):
        self.drafted()
        record = self.at("agreements", "agreement_id")
        act(self.county, record, TERMS, record, "PATCH")

    def issued(self):
        self.written()
        made = step(self.county, self.at("agreements", "agreement_id"), "issuance")
        self.known["content_sha256"] = made["content_sha256"]

    def signed(self):
        """By person and firm, then by the institution through its link."""
        self.issued()
        path, text = f"{self.at('agreements', 'agreement_id')}/signatures", self.known["content_sha256"]
        act(self.person, path, {"content_sha256": text, "signatory": self.name})
        act(self.firm, path, {"content_sha256": text, "signatory": "李经理"})
        link = {"Capability-Token": link_to("agreement_signature", self.known["agreement_id"])}
        request("POST", path, {"content_sha256": text, "signatory": "周处长"}, link | {"Idempotency-Key": new_key()})

    def filed(self):
        self.signed()
        step(TALENT, self.at("agreements", "agreement_id"), "filing", {"decision": "pass"})
        self.known["agreement_ids"] = [self.known["agreement_id"]]

    def notice(self):
        self.filed()
        self.known["dispatch_notice_id"] = act(BUREAU, "/v1/dispatch-notices", {
            "title": TITLE, **self.told("agreement_ids")})["id"]

    def approved(self):
        self.notice()
        for office in (BUREAU, TALENT, INDUSTRY, FINANCE):
            step(office, self.at("dispatch-notices", "dispatch_notice_id"), "approvals", {"decision": "approve"})

    def placement(self):
        """It waits for its first day."""
        self.approved()
        step(BUREAU, self.at("dispatch-notices", "dispatch_notice_id"), "issuance",
             {"doc_no": f"长科发〔2026〕{1000 + next(numbers)}号"})
        self.known["placement_id"] = listed(BUREAU, f"/v1/placements?status=pending,active&{self.of_person}")[0]["id"]

    def obligation(self):
        """It fell due with a placement that has begun, after which the two are free for no other walk."""
        if not self.is_placed():
            self.start_on = "2026-10-20"
            self.placement()
        due = listed(BUREAU, f"/v1/obligations?status=open&debtor_role=specialist&{self.of_person}")
        self.known["obligation_id"] = next(obligation["id"] for obligation in due if obligation["version"] == 1)

    def recorded(self):
        """Beside the walk: the record of another firm, which its county has typed from paper."""
        paper = example("EnterpriseCreatePaper") | {"uscc": new_uscc()}
        self.known["enterprise_id"] = act(self.county, "/v1/enterprises", paper)["id"]

    def submitted(self):
        """It may be returned by who submitted it, and not be confirmed."""
        self.recorded()
        step(self.county, self.at("enterprises", "enterprise_id"), "submission", example("Submission"))

    def job(self):
        """Beside the walk: a round that is computed."""
        self.known["operation_id"] = act(BUREAU, "/v1/match-rounds", {
            "title": TITLE, "year": 2026, "method": "computed", "start_on": self.start_on})["id"]


@functools.cache
def pair():
    """The pair of this run, made when it is first asked for."""
    return Pair(*PAIRS[os.environ["ACTOR"]])
