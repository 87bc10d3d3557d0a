// Over HTTP, against a server that answers as Moesif's management API does.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { askMoesif } from "../../../src/review/comment/moesif";
import { describePlan } from "../../../src/review/comment/report";
import { changesOfCustomers } from "../../../src/review/customer-changes";
import { customer, plan } from "../../../testing/preview-events";

const asked: { url?: string; authorization?: string; body: unknown }[] = [];
/** By company. */
let answers: Record<string, Answer> = {};

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body: unknown;
  /** Nothing is said; or the head and half of the body, and then no more. */
  hangs?: "at once" | "in the middle";
}

const server = createServer((request, response) => {
  let text = "";
  request.on("data", (chunk) => (text += chunk));
  request.on("end", () => {
    const body = JSON.parse(text);
    asked.push({ url: request.url, authorization: request.headers.authorization, body });
    const company = body.query.bool.filter[0].term["company_id.raw"];
    const { status = 200, headers, body: answer, hangs } = answers[company] ?? { body: hits() };
    if (hangs === "at once") return;
    response.writeHead(status, headers);
    if (hangs === "in the middle") response.write('{"took":');
    else response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
  });
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  asked.length = 0;
  answers = {};
});

const access = () => ({
  MOESIF_MANAGEMENT_API_KEY: "key",
  MOESIF_MANAGEMENT_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
});
/** As Moesif's reference shows it: https://www.moesif.com/docs/api#management-api, `searchEventsResponseDTO`. */
const hits = (...sources: object[]) => ({
  took: 358,
  timed_out: false,
  hits: {
    total: sources.length,
    hits: sources.map((source) => ({
      _id: "AWF5M-FDTqLFD8l5y2f4",
      _source: { duration_ms: 76, user_id: "auth0|1", event_type: "api_call", ...source },
      sort: [0],
    })),
  },
});
const removed = (...ids: string[]) =>
  changesOfCustomers(plan(...ids.map((id) => customer(id, { before: "active" }))));

test("the last call of who goes is asked for by the organization's id, with the key", async () => {
  answers.org_acme = {
    body: hits({ company_id: "org_acme", request: { time: "2026-11-20T13:37:00.000Z" } }),
  };
  expect(await askMoesif(removed("acme", "globex"), access())).toEqual({
    org_acme: { at: "2026-11-20T13:37:00.000Z" },
    org_globex: "never",
  });
  expect(asked[0]).toEqual({
    url: "/v1/search/~/search/events?from=-8760h&to=now",
    authorization: "Bearer key",
    body: {
      size: 1,
      query: { bool: { filter: [{ term: { "company_id.raw": "org_acme" } }] } },
      sort: [{ "request.time": "desc" }],
    },
  });
});

test("only those are asked for who go, are closed or suspended", async () => {
  const changes = changesOfCustomers(
    plan(
      customer("added", { after: "active" }),
      customer("resumed", { before: "suspended", after: "active" }),
      customer("suspended", { before: "active", after: "suspended" }),
      customer("closed", { before: "active", after: "closing" }),
    ),
  );
  expect(Object.keys(await askMoesif(changes, access()))).toEqual(["org_closed", "org_suspended"]);
});

test("nothing is asked without a key", async () => {
  const { MOESIF_MANAGEMENT_API_URL } = access();
  expect(await askMoesif(removed("acme"), { MOESIF_MANAGEMENT_API_URL })).toEqual({});
  expect(asked).toEqual([]);
});

test("a time is one with or without a zone, as Moesif writes it", async () => {
  for (const time of ["2026-07-09T06:14:58.550", "2026-07-09T06:14:58Z", "2026-07-09T06:14:58.550+02:00"]) {
    answers.org_acme = { status: 201, body: hits({ company_id: "org_acme", request: { time } }) };
    expect(await askMoesif(removed("acme"), access())).toEqual({ org_acme: { at: time } });
  }
});

const useless: [answer: Answer, reason: string][] = [
  [{ status: 401, body: { message: "Unauthorized" } }, "Moesif answered 401"],
  [{ status: 403, body: {} }, "Moesif answered 403"],
  [{ status: 429, headers: { "retry-after": "60" }, body: "" }, "Moesif answered 429"],
  [{ status: 500, body: "" }, "Moesif answered 500"],
  [{ status: 204, body: "" }, "Moesif could not be asked"],
  [{ body: "" }, "Moesif could not be asked"],
  [{ body: "null" }, "Moesif's answer has no events"],
  [{ body: "[]" }, "Moesif's answer has no events"],
  [{ body: { hits: [] } }, "Moesif's answer has no events"],
  [{ body: { hits: { total: 0, hits: {} } } }, "Moesif's answer has no events"],
  [{ body: { ...hits(), timed_out: true } }, "Moesif's search took too long"],
  [{ body: { hits: { hits: [null] } } }, "Moesif's answer is about something else"],
  [{ body: { hits: { hits: [{ _source: "event" }] } } }, "Moesif's answer is about something else"],
  [
    { body: hits({ company_id: "org_acme", request: { time: 1795786620000 } }) },
    "Moesif's answer is about something else",
  ],
  [
    { body: hits({ company_id: "org_acme", request: { time: "![](//evil.example)" } }) },
    "Moesif's answer is about something else",
  ],
  [{ body: "<html>" }, "Moesif could not be asked"],
  [{ body: { error: "x" } }, "Moesif's answer has no events"],
  [
    { body: hits({ company_id: "org_other", request: { time: "2026-11-20T13:37:00.000Z" } }) },
    "Moesif's answer is about something else",
  ],
  [{ body: hits({ company_id: "org_acme" }) }, "Moesif's answer is about something else"],
];

test.each(useless)("of an answer such as %j, nothing is concluded", async (answer, reason) => {
  answers.org_acme = answer;
  expect(await askMoesif(removed("acme"), access())).toEqual({ org_acme: { unknown: reason } });
});

test("a Moesif that is not there keeps nobody from the preview", async () => {
  const nowhere = { ...access(), MOESIF_MANAGEMENT_API_URL: "http://127.0.0.1:1" };
  expect(await askMoesif(removed("acme"), nowhere)).toEqual({
    org_acme: { unknown: "Moesif could not be asked" },
  });
});

test("of very many, fifty are asked for", async () => {
  await askMoesif(removed(...Array.from({ length: 60 }, (_, index) => `c${index}`)), access());
  expect(asked).toHaveLength(50);
});

test.each(["at once", "in the middle"] as const)(
  "a Moesif that hangs %s is not waited for",
  async (hangs) => {
    answers.org_acme = { body: "", hangs };
    const began = Date.now();
    expect(await askMoesif(removed("acme", "globex", "wayne"), access(), 500)).toEqual({
      org_acme: { unknown: "Moesif did not answer in time" },
      org_globex: { unknown: "Moesif did not answer in time" },
      org_wayne: { unknown: "Moesif did not answer in time" },
    });
    // The patience is for all of them together.
    expect(asked).toHaveLength(1);
    expect(Date.now() - began).toBeLessThan(15_000);
  },
);

test.each([401, 403, 429])("after %d nobody else is asked for", async (status) => {
  answers.org_acme = { status, body: "" };
  const unknown = { unknown: `Moesif answered ${status}` };
  expect(await askMoesif(removed("acme", "globex"), access())).toEqual({
    org_acme: unknown,
    org_globex: unknown,
  });
  expect(asked).toHaveLength(1);
});

test("after another failure the next one is asked for", async () => {
  answers.org_acme = { status: 500, body: "" };
  expect(await askMoesif(removed("acme", "globex"), access())).toEqual({
    org_acme: { unknown: "Moesif answered 500" },
    org_globex: "never",
  });
});

test("the key goes to Moesif alone, wherever its answer leads", async () => {
  const elsewhere: (string | undefined)[] = [];
  const other = createServer((request, response) => {
    elsewhere.push(request.headers.authorization);
    response.end(JSON.stringify(hits()));
  });
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
  answers.org_acme = { status: 307, headers: { location }, body: "" };
  expect(await askMoesif(removed("acme"), access())).toEqual({
    org_acme: { unknown: "Moesif could not be asked" },
  });
  expect(elsewhere).toEqual([]);
  await new Promise((resolve) => other.close(resolve));
});

describe("the comment", () => {
  const key = "moesif-management-key-1";
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  const comment = (more: Record<string, string> = {}) => {
    Object.assign(process.env, access(), { MOESIF_MANAGEMENT_API_KEY: key }, more);
    return describePlan({ plan: plan(customer("acme", { before: "active" })), refusals: [] });
  };

  it("says when who goes was last seen", async () => {
    answers.org_acme = {
      body: hits({ company_id: "org_acme", request: { time: "2026-11-20T13:37:00.000Z" } }),
    };
    expect(await comment()).toContain("; last seen by Moesif 2026-11-20 13:37 UTC");
    expect(asked[0]?.authorization).toBe(`Bearer ${key}`);
  });

  it.each<[string, Answer, string]>([
    ["that refuses the key and repeats it", { status: 401, body: { message: key } }, "Moesif answered 401"],
    [
      "that repeats the key as a time",
      { body: hits({ company_id: "org_acme", request: { time: key } }) },
      "",
    ],
    ["that answers no JSON but the key", { body: key }, "Moesif could not be asked"],
  ])("comes all the same from a Moesif %s, and never has the key", async (_, answer, reason) => {
    answers.org_acme = answer;
    const text = await comment();
    expect(text).toContain("removes `acme` (*acme*)");
    expect(text).toContain(`when it last called the API is not known: ${reason}`);
    expect(text).not.toContain(key);
  });

  it("comes all the same with a key that no header can have, and never has it", async () => {
    const text = await comment({ MOESIF_MANAGEMENT_API_KEY: `${key}\nsecond line` });
    expect(text).toContain("Moesif could not be asked");
    expect(text).not.toContain(key);
    expect(asked).toEqual([]);
  });
});
