// Over HTTP, against a server that answers as Moesif's management API does.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { changesOfCustomers } from "../../ci/customer-changes";
import { askMoesif } from "../../ci/moesif";
import { customer, plan } from "./plans";

const asked: { url?: string; authorization?: string; body: unknown }[] = [];
/** By company. */
let answers: Record<string, { status?: number; body: unknown }> = {};

const server = createServer((request, response) => {
  let text = "";
  request.on("data", (chunk) => (text += chunk));
  request.on("end", () => {
    const body = JSON.parse(text);
    asked.push({ url: request.url, authorization: request.headers.authorization, body });
    const company = body.query.bool.filter[0].term["company_id.raw"];
    const { status = 200, body: answer } = answers[company] ?? { body: hits() };
    response.writeHead(status).end(typeof answer === "string" ? answer : JSON.stringify(answer));
  });
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  asked.length = 0;
  answers = {};
});

const access = () => ({
  MOESIF_MANAGEMENT_API_KEY: "key",
  MOESIF_MANAGEMENT_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
});
const hits = (...sources: unknown[]) => ({
  took: 1,
  hits: { total: sources.length, hits: sources.map((source) => ({ _id: "1", _source: source })) },
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

const useless: [answer: { status?: number; body: unknown }, reason: string][] = [
  [{ status: 403, body: {} }, "Moesif answered 403"],
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
