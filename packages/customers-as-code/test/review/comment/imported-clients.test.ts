// What the comment says of clients that a pull request imports: whose they are until now, and whether somebody uses them.
import { setTimeout as delay } from "node:timers/promises";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { inProcessTenant } from "../../../../auth0-tenant/testing/in-process";
import { changesToReview, renderComment } from "../../../src/review/comment/comment-text";
import { checkReviewable } from "../../../src/review/comment/grave-changes";
import { importedClients, type LastUse, readLastUse } from "../../../src/review/comment/imported-clients";
import { readPlan } from "../../../src/stacks/plan";
import { step } from "../../../testing/preview-events";
import { managementOf } from "../../auth0/management";

const plan = (...events: EngineEvent[][]) => readPlan("dev", events.flat());
const organization = { name: "wayne", displayName: "Wayne *Enterprises*" };
const imported = plan(
  step("Customer", "mallory", { op: "create", new: {} }),
  step("Organization", "mallory", { op: "import", id: "org_1", new: organization }),
  step("Client", "mallory/ci", { op: "import", id: "abc", new: { name: "Wayne: `Warehouse`" } }),
  step("Client", "acme/ci", { op: "import-replacement", id: "new", old: {}, new: { name: "acme/ci" } }),
  step("Client", "acme/other", { op: "create", new: { name: "acme/other" } }),
  step("Client", "portal", { op: "import", new: { name: "Portal" } }),
);

test("each imported client of a customer is found, with its present name and organization", () => {
  expect(importedClients(imported)).toEqual([
    {
      ...{ customer: "mallory", client: "ci", clientId: "abc", name: "Wayne: `Warehouse`" },
      ...{ organization: { id: "org_1", ...organization }, isReplacing: false },
    },
    { customer: "acme", client: "ci", clientId: "new", name: "acme/ci", isReplacing: true },
  ]);
  const known = plan(
    step("Organization", "acme", {
      id: "org_2",
      old: { name: "acme", displayName: "Acme" },
      new: { name: "b" },
    }),
    step("Client", "acme/ci", { op: "import", id: "abc", new: { name: "ci" } }),
  );
  expect(importedClients(known)[0]?.organization).toEqual({ id: "org_2", name: "acme", displayName: "Acme" });
});

const lines = (lastUse: LastUse, of = imported) =>
  renderComment({ plan: of, refusals: [], lastSeen: {}, changes: [], lastUse })
    .split("\n")
    .filter((line) => line.includes("imports `"));

test("the comment says of each, once and as grave, what it is and when it was used last", () => {
  const at = new Map([["abc", "2026-11-20T10:11:12.000Z"]]);
  expect(lines(at)).toEqual([
    "- **goes elsewhere**: imports `new`, called *acme/ci*, **instead of the client that it has, which is deleted**, as client `ci` of `acme` (*acme*) with no scope: whoever has its secret is this customer then; it has got no token since Auth0's logs begin",
    "- **goes elsewhere**: imports `abc`, called *Wayne: \\`Warehouse\\`*, of organization `wayne` (`org_1`, *Wayne \\*Enterprises\\**), as client `ci` of `mallory` (*Wayne \\*Enterprises\\**) with no scope: whoever has its secret is this customer then; its last token is of 2026-11-20 10:11 UTC",
  ]);
  expect(lines({ unknown: "no rights" })[0]).toMatch(/; whether it is in use is not known: no rights$/);
});

test("an imported client of a customer whose organization is new is reported too", () => {
  const of = plan(
    step("Customer", "mallory", { op: "create", new: {} }),
    step("Organization", "mallory", { op: "create", new: organization }),
    step("Client", "mallory/ci", { op: "import", id: "abc", new: { name: "Warehouse" } }),
  );
  expect(lines(new Map(), of)).toHaveLength(1);
});

test("of many imports, each is named at the top, or the pull request is refused", () => {
  const many = (number: number) =>
    plan(
      ...Array.from({ length: number }, (_, n) => [
        ...step("Customer", `c${n}`, { op: "create", new: {} }),
        ...step("Organization", `c${n}`, { op: "import", new: organization }),
        ...step("Client", `c${n}/ci`, { op: "import", id: `id-${n}`, new: { name: `Client ${n}` } }),
      ]),
    );
  const of = many(100);
  const text = renderComment({ plan: of, refusals: [], lastSeen: {}, changes: [] });
  const top = text.split("\n").slice(0, 40).join("\n");
  expect(Array.from({ length: 100 }, (_, n) => `c${n}/ci`).filter((name) => !top.includes(name))).toEqual([]);
  expect(checkReviewable(changesToReview({ plan: of, changes: [] }))).toEqual([]);
  expect(checkReviewable(changesToReview({ plan: many(1000), changes: [] }))).toEqual([
    expect.objectContaining({ guard: "size of the review" }),
  ]);
});

describe("the last use of a client", () => {
  let tenant: Awaited<ReturnType<typeof inProcessTenant>>;
  beforeAll(async () => {
    tenant = await inProcessTenant();
  });
  afterAll(() => tenant.close());
  const rights = () => ({ AUTH0_CLIENT_ID: tenant.clientId, AUTH0_CLIENT_SECRET: tenant.clientSecret });
  const clients = (...ids: string[]) =>
    ids.map((clientId) => ({ customer: "a", client: "b", clientId, name: "c", isReplacing: false }));

  it("is read from Auth0's logs: of each client its own", async () => {
    const used = clients(tenant.clientId, "nobody");
    let found = await readLastUse(used, tenant.domain, rights(), tenant.fetch);
    // Reading takes a token, which is in the logs a moment later.
    for (let waited = 0; found instanceof Map && found.size === 0 && waited < 100; waited += 1) {
      await delay(50);
      found = await readLastUse(used, tenant.domain, rights(), tenant.fetch);
    }
    expect(found).toEqual(new Map([[tenant.clientId, expect.stringMatching(/^\d{4}-\d\d-\d\dT/)]]));
  });

  it("is not known to a client without read:logs, nor without a client, nor of very many", async () => {
    const management = await managementOf(tenant);
    const { client_id, client_secret } = await management<Record<string, string>>("clients", {
      name: "Reads clients",
      app_type: "non_interactive",
    });
    const audience = `https://${tenant.domain}/api/v2/`;
    await management("client-grants", { client_id, audience, scope: ["read:clients"] });
    const reader = { AUTH0_CLIENT_ID: client_id, AUTH0_CLIENT_SECRET: client_secret };
    expect(await readLastUse(clients("abc"), tenant.domain, reader, tenant.fetch)).toEqual({
      unknown: expect.stringContaining("read:logs"),
    });
    expect(await readLastUse(clients("abc"), tenant.domain, {}, tenant.fetch)).toEqual({
      unknown: "there is no AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET to read Auth0's logs",
    });
    const many = clients(...Array.from({ length: 51 }, (_, n) => `client-${n}`));
    expect(await readLastUse(many, tenant.domain, rights(), tenant.fetch)).toEqual({
      unknown: "more than 50 clients are imported at once",
    });
    expect(await readLastUse([], tenant.domain, {}, tenant.fetch)).toEqual(new Map());
  });
});
