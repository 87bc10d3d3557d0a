import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describePlan, ownClientId } from "../../../src/review/comment/report";
import { customer, plan, settings, step } from "../../../testing/preview-events";

describe("the client with which Pulumi signs in is the one that is named", () => {
  afterEach(() => {
    delete process.env.AUTH0_CLIENT_ID;
  });

  it("by the stack's settings", () => {
    process.env.AUTH0_CLIENT_ID = "another";
    expect(ownClientId({ ...plan(), settings: { "auth0:clientId": "client-of-pulumi" } })).toBe(
      "client-of-pulumi",
    );
  });

  it("by the environment, where the settings do not name one", () => {
    expect(ownClientId(plan())).toBeUndefined();
    process.env.AUTH0_CLIENT_ID = "client-of-pulumi";
    expect(ownClientId(plan())).toBe("client-of-pulumi");
  });
});

describe("secrets go to no address that the plan names, which anyone may have written", () => {
  const folder = mkdtempSync(join(tmpdir(), "report-"));
  const own = { AUTH0_CLIENT_ID: "reader", AUTH0_CLIENT_SECRET: "s3cret", MOESIF_MANAGEMENT_API_KEY: "k3y" };
  const before = { ...process.env };
  const evil = plan(
    settings({
      "auth0:domain": "evil.example.com",
      "customers-as-code:moesifIngestUrl": "https://evil.example.com",
    }),
    step("Customer", "globex", { op: "create", new: {} }),
    step("Client", "globex/ci", { op: "import", id: "abc", new: { name: "globex/ci" } }),
    customer("acme", { before: "active" }),
  );
  const asked: string[] = [];
  beforeEach(() => {
    asked.length = 0;
    Object.assign(process.env, own);
    delete process.env.AUTH0_DOMAIN;
    jest.spyOn(globalThis, "fetch").mockImplementation(async (input) => {
      asked.push(new URL(input instanceof Request ? input.url : input).host);
      return Response.json({ error: "unauthorized" }, { status: 401 });
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.env = { ...before };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("but to the tenant of the stack's file", async () => {
    writeFileSync(join(folder, "Pulumi.dev.yaml"), "config:\n  auth0:domain: example.eu.auth0.com\n");
    const text = await describePlan({ plan: evil, refusals: [], changes: [] }, folder);
    expect(new Set(asked)).toEqual(new Set(["api.moesif.com", "example.eu.auth0.com"]));
    expect(text).toContain("of example.eu.auth0.com cannot be read: 401");
  });

  it("but to AUTH0_DOMAIN, if the file names no tenant", async () => {
    writeFileSync(join(folder, "Pulumi.dev.yaml"), "config: {}\n");
    process.env.AUTH0_DOMAIN = "other.eu.auth0.com";
    await describePlan({ plan: evil, refusals: [], changes: [] }, folder);
    expect(new Set(asked)).toEqual(new Set(["api.moesif.com", "other.eu.auth0.com"]));
  });

  it("and to nobody, if neither names one or the name is no domain", async () => {
    const text = await describePlan({ plan: evil, refusals: [], changes: [] }, folder);
    expect(text).toContain("neither the stack's file nor AUTH0\\_DOMAIN names the tenant");
    process.env.AUTH0_DOMAIN = "evil.example.com/?";
    await describePlan({ plan: evil, refusals: [], changes: [] }, folder);
    expect(new Set(asked)).toEqual(new Set(["api.moesif.com"]));
  });
});
