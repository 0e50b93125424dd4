// A whole journey through the client that a tool of others makes from the contract: a firm's demand from its draft to
// the list in which a specialist finds it. BASE names the running server, with the demo data.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import test from "node:test";
import { createClient, createConfig, type Client } from "./client/client/index.js";
import * as api from "./client/index.js";

const baseUrl = process.env.BASE ?? "";

async function signedIn(login: string): Promise<Client> {
  const open = createClient(createConfig({ baseUrl }));
  const answer = await api.sessionCreate({ client: open, body: { login_name: login, password: "Tepai-Demo-2026" } });
  assert.equal(answer.response?.status, 201, login);
  const token = answer.data?.access_token;
  return createClient(createConfig({ baseUrl, auth: () => token }));
}

// What an answer holds, once it is one of the good ones.
function good<T>(answer: { data?: T; error?: unknown; response?: Response }): T {
  assert.ok(answer.data !== undefined, `${answer.response?.status}: ${JSON.stringify(answer.error)}`);
  return answer.data;
}

const onVersion = (version: number) => ({ "If-Match": `"${version}"`, "Idempotency-Key": randomUUID() });

const title = `生成客户端试用 ${randomUUID().slice(0, 8)}`;
const firm = await signedIn("lishi");
const me = good(await api.accountGetMe({ client: firm }));
const key = randomUUID();
const draft = {
  client: firm,
  headers: { "Idempotency-Key": key },
  body: { enterprise_id: me.rights.enterprise_id ?? "", kind: "technology" as const, title },
};
let demand: api.Demand;

test("a draft is made once, however often it is sent", async () => {
  demand = good(await api.demandCreate(draft));
  assert.equal(demand.status, "draft");
  assert.equal(good(await api.demandCreate(draft)).id, demand.id);
});

test("what is missing is told by place and rule", async () => {
  const { error, response } = await api.demandSubmit({
    client: firm, path: { demand_id: demand.id }, headers: onVersion(demand.version),
  });
  assert.equal(response?.status, 422);
  assert.ok(error !== undefined && "errors" in error && (error.errors?.length ?? 0) > 0);
});

test("it is filled in and submitted", async () => {
  demand = good(await api.demandUpdate({
    client: firm, path: { demand_id: demand.id }, headers: onVersion(demand.version),
    body: {
      description: "压铸件气孔率高。", task_groups: ["rd_transfer"], tech_field: "new_materials", industry_code: "C33",
      service_forms: ["rd", "testing"], expected_start_on: "2027-01-01", contact_name: "李砺",
      contact_phone: "13900000103", targets: [{ name: "气孔率", unit: "%", from_value: "8", target_value: "3" }],
    },
  }));
  demand = good(await api.demandSubmit({
    client: firm, path: { demand_id: demand.id }, headers: onVersion(demand.version),
  }));
  assert.equal(demand.status, "county_review");
});

test("the county finds it by filters and passes it on", async () => {
  const county = await signedIn("xiangyuan.kj");
  const waiting = good(await api.demandList({
    client: county, query: { status: ["county_review", "returned"], unit_id: ["140423"], sort: "-updated_at", limit: 5 },
  }));
  assert.ok(waiting.items.some((item) => item.id === demand.id));
  const decision = { client: county, path: { demand_id: demand.id }, body: { decision: "pass", opinion: "需求真实" } } as const;
  const late = await api.demandFirstReview({ ...decision, headers: onVersion(demand.version - 1) });
  assert.equal(late.response?.status, 412);
  demand = good(await api.demandFirstReview({ ...decision, headers: onVersion(demand.version) }));
  assert.equal(demand.status, "city_review");
});

test("the city opens it", async () => {
  const city = await signedIn("shi.kj");
  demand = good(await api.demandReview({
    client: city, path: { demand_id: demand.id }, headers: onVersion(demand.version), body: { decision: "pass" },
  }));
  assert.equal(demand.status, "open");
});

test("a specialist finds it by its words, without the firm's contact", async () => {
  const person = await signedIn("linruochuan");
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const page: api.DemandPage = good(await api.demandList({
      client: person, query: { q: "生成客户端", limit: 1, ...(cursor === null ? {} : { cursor }) },
    }));
    found.push(...page.items.map((item) => item.id));
    cursor = page.next_cursor;
  } while (cursor !== null);
  assert.ok(found.includes(demand.id));
  const seen = good(await api.demandGet({ client: person, path: { demand_id: demand.id } }));
  assert.equal(seen.title, title);
  assert.equal(seen.contact_name, null);
});

test("the timeline tells of every step", async () => {
  const events = good(await api.eventList({
    client: firm, query: { subject_type: "demand", subject_id: demand.id, sort: "pos", limit: 50 },
  }));
  assert.deepEqual(events.items.map((event) => event.operation), [
    "demand_create", "demand_update", "demand_submit", "demand_first_review", "demand_review"]);
});
