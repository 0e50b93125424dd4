// What a client in TypeScript may write against the types made from the contract, and what the compiler must refuse:
// a line after @ts-expect-error that compiles is an error itself.
import type { components, operations, paths } from "./api";

type Schemas = components["schemas"];
type Query<Op extends keyof operations> = NonNullable<operations[Op]["parameters"]["query"]>;
type Body<Op extends keyof operations> =
  operations[Op] extends { requestBody: { content: infer C } } ? C[keyof C] : never;

export const waiting: Query<"demand_list"> = {
  status: ["county_review", "returned"],
  unit_id: ["140423"],
  sort: "-updated_at",
  limit: 20,
};

// @ts-expect-error a word that is no state
export const misspelt: Query<"demand_list"> = { status: ["county_rewiev"] };

// @ts-expect-error a list is ordered by what its enum names
export const unordered: Query<"enterprise_list"> = { sort: "name" };

// @ts-expect-error both halves of the subject are needed
export const subjectless: Query<"event_list"> = { subject_type: "demand" };

export const review: Body<"demand_first_review"> = { decision: "pass", opinion: "指标明确", visible_to_applicant: true };

export const shortest: Body<"demand_first_review"> = { decision: "pass" };

// @ts-expect-error sending back to the county is the city's word
export const wrongDesk: Body<"demand_first_review"> = { decision: "return_to_county" };

// @ts-expect-error a firm is recorded with its legal personality
export const bare: Body<"enterprise_create"> = { unit_id: "140423", uscc: "91140499MADM900186", name: "某公司" };

// What is shown of a demand: every member is there, and what may be hidden is null.
export function summary(demand: Schemas["Demand"]): string {
  const title: string | null = demand.title;
  const steps: string[] = demand.allowed_steps;
  const groups: number = demand.task_groups.length;
  return `${demand.id} v${demand.version} ${demand.status} ${title ?? "-"} ${steps.join()} ${groups}`;
}

// The clear number is written and never shown.
export function phones(demand: Schemas["Demand"]): string | null {
  // @ts-expect-error the answer has no such member
  void demand.contact_phone;
  return demand.contact_phone_masked;
}

export async function everyPage(read: (query: Query<"call_list">) => Promise<Schemas["CallPage"]>): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Schemas["CallPage"] = await read(cursor === null ? { limit: 200 } : { limit: 200, cursor });
    ids.push(...page.items.map((call) => call.id));
    cursor = page.next_cursor;
  } while (cursor !== null);
  return ids;
}

// A step needs the version it was decided on.
type Headers<Op extends keyof operations> = operations[Op]["parameters"]["header"];
export const onVersion: Headers<"demand_submit"> = { "If-Match": '"3"', "Idempotency-Key": "6f1c" };
// @ts-expect-error If-Match is required
export const onAny: Headers<"demand_submit"> = { "Idempotency-Key": "6f1c" };

export type Readable = { [P in keyof paths]: paths[P] extends { get: unknown } ? P : never }[keyof paths];
export const entrance: Readable = "/v1/demands/{demand_id}";
