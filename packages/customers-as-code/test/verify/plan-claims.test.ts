// Which claims are tried on which stack, and what it takes: pure, without any connection.
import { existsSync, readFileSync } from "node:fs";
import { asRecord } from "../../src/problems/record";
import { chooseAllowed, chooseDenied, chooseItem } from "../../src/verify/choose-operations";
import type { ApiKind, StackUnderTest } from "../../src/verify/claim";
import { themes } from "../../src/verify/claims/all-claims";
import { readDefaultEndpoint, readOperation, readStackUnderTest } from "../../src/verify/read-stack";

const claims = Object.values(themes).flat();

const client = {
  ...{ clientId: "cid", clientSecret: "secret", tokenUrl: "https://t.example/oauth/token" },
  ...{ audience: "https://api.example/", scopes: ["read:orders", "write:orders"] },
};
const outputs = {
  url: "https://api.example/v1",
  customers: {
    acme: { organizationId: "org_acme", status: "active" },
    globex: { organizationId: "org_globex", status: "active" },
    initech: { organizationId: "org_initech", status: "suspended" },
  },
  credentials: {
    acme: { keyed: { ...client, clientSecret: undefined }, default: client },
    globex: { keyed: { ...client, clientSecret: undefined } },
    initech: { default: client },
  },
};

const get = (path: string, ...security: string[][]) => ({
  ...{ method: "GET", path, security },
  pathParameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name),
});
const operations: StackUnderTest["operations"] = [
  get("/health"),
  get("/orders/{id}", ["read:orders"]),
  { ...get("/orders", ["write:orders"]), method: "POST" },
  get("/orders", ["read:orders"], ["admin"]),
  get("/changes", ["write:orders"]),
];

const stack = (changes: Partial<StackUnderTest> = {}): StackUnderTest => ({
  ...readStackUnderTest({ outputs, settings: {}, who: "acme", domain: "t.example" }),
  ...{ operations, marker: "verify1", showsCaller: false, given: {} },
  ...changes,
});

test("each claim has an id of its own and a page of the docs that exists", () => {
  const ids = claims.map(({ id }) => id);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  const anchors = (file: string) =>
    [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
  const broken = claims.filter(({ page }) => {
    const [file = "", anchor] = page.split("#");
    return !existsSync(file) || (anchor !== undefined && !anchors(file).includes(anchor));
  });
  expect(broken.map(({ id, page }) => `${id}: ${page}`)).toEqual([]);
});

test("docs/how-to/verify.md has every claim", () => {
  const page = readFileSync("docs/how-to/verify.md", "utf8");
  expect(claims.map(({ id }) => id).filter((id) => !page.includes(`\`${id}\``))).toEqual([]);
});

test("only GET operations are called, unless the user names one", () => {
  const planned = claims.flatMap((claim) => {
    const attempt = claim.plan(stack({ showsCaller: true }));
    return "notTried" in attempt ? [] : attempt.questions;
  });
  const methods = planned.flatMap((question) => (question.to === "gateway" ? question.method : []));
  expect(new Set(methods)).toEqual(new Set(["GET"]));
});

test("an operation without path parameters comes first, and one whose backend is too slow never", () => {
  expect(chooseAllowed(stack())).toEqual({ method: "GET", path: "/orders" });
  const tooSlow = { method: "GET", path: "/orders" };
  expect(chooseAllowed(stack({ given: { tooSlow } }))).toEqual({ method: "GET", path: "/changes" });
});

test("an operation with a required parameter is not called", () => {
  const parameters = [{ name: "since", in: "query" as const, required: true }];
  const needing = { ...get("/orders", ["read:orders"]), request: { parameters, body: {} } };
  expect(chooseAllowed(stack({ operations: [needing] }))).toBeUndefined();
});

test("what all scopes of the customer allow is denied to a token with one of them", () => {
  expect(chooseDenied(stack())).toEqual({ method: "GET", path: "/changes", scope: "read:orders" });
  const secret = get("/secret", ["admin"]);
  expect(chooseDenied(stack({ operations: [...operations, secret] }))).toEqual({
    method: "GET",
    path: "/secret",
  });
});

test.each([
  ["/files/{path+}", {}],
  ["/orders/{id}", { encodedSlashes: true as const }],
  ["/orders/{id}/items", {}],
])("slashes are not encoded in %s", (path, more) => {
  expect(chooseItem(stack({ operations: [{ ...get(path, ["read:orders"]), ...more }] }))).toBeUndefined();
});

test.each<ApiKind>(["rest", "http", "jwt"])(
  "every claim is tried on an API of kind %s, or has a reason",
  (kind) => {
    for (const claim of claims) {
      const attempt = claim.plan(stack({ kind, operations: [] }));
      if ("notTried" in attempt) expect(attempt.notTried).toMatch(/\w/);
      else expect(attempt.questions).not.toEqual([]);
    }
  },
);

test("a token that has not expired proves nothing", () => {
  const claim = claims.find(({ id }) => id === "expired-token");
  const payload = Buffer.from(JSON.stringify({ exp: Date.now() / 1000 })).toString("base64url");
  expect(claim?.plan(stack({ given: { expiredToken: `a.${payload}.c` } }))).toEqual({
    notTried: "the token of --expired-token has not been expired for a minute",
  });
});

const domain = {
  name: "api.example.com",
  certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
};

test.each([
  [{}, "the stack has no customDomain"],
  // As the Pulumi.yaml of a fork has it.
  [{ customDomain: "{}" }, "the stack has no customDomain"],
  [{ customDomain: JSON.stringify(domain) }, "--default-endpoint https://ID.execute-api"],
  [{ customDomain: JSON.stringify({ ...domain, defaultEndpoint: true }) }, "keeps the endpoint open"],
])("with the settings %j, what to do about the default endpoint is known", (settings, reason) => {
  const claim = claims.find(({ id }) => id === "default-endpoint");
  const read = readStackUnderTest({ outputs, settings, who: "acme", domain: "" });
  expect(claim?.plan(stack(read))).toEqual({ notTried: expect.stringContaining(reason) });
});

describe("at the API's own endpoint", () => {
  const defaultEndpoint = "https://abc.execute-api.eu-central-1.amazonaws.com";
  const attempt = (changes: Partial<StackUnderTest>) => {
    const domain = { hasCustomDomain: true, given: { defaultEndpoint } };
    const planned = claims
      .find(({ id }) => id === "default-endpoint")
      ?.plan(stack({ ...domain, ...changes }));
    if (!planned || "notTried" in planned) throw new Error("the endpoint is not tried");
    return planned;
  };
  const answer = (status: number, body: object) => ({
    ...{ status, headers: {}, body: Buffer.from(JSON.stringify(body)), seconds: 1 },
  });

  it.each([
    ["v1", "/v1"],
    ["$default", ""],
  ])("the stage %s is called with a good token", (stageName, path) => {
    expect(attempt({ stageName }).questions).toEqual([
      expect.objectContaining({ token: { of: "customer" }, baseUrl: defaultEndpoint + path }),
    ]);
  });

  it.each<[ApiKind, number, object, string]>([
    ["rest", 403, { message: "Forbidden" }, "holds"],
    ["rest", 200, {}, "fails"],
    ["rest", 401, { error: "invalid_token" }, "fails"],
    ["rest", 403, { error: "insufficient_scope" }, "fails"],
    ["http", 404, { message: "Not Found" }, "holds"],
    ["http", 403, { message: "Forbidden" }, "fails"],
    ["jwt", 200, {}, "fails"],
    ["jwt", 503, { message: "Service Unavailable" }, "unclear"],
  ])("an API of kind %s that answers %d %j: %s", (kind, status, body, verdict) => {
    expect(attempt({ kind }).judge([answer(status, body)])).toMatchObject({ verdict });
  });

  it.each([
    "http://abc.execute-api.eu-central-1.amazonaws.com",
    `${defaultEndpoint}/v1`,
    "https://api.example.com",
  ])("%s is refused", (url) => {
    expect(() => readDefaultEndpoint(url)).toThrow("is not an API's own endpoint");
    expect(readDefaultEndpoint(`${defaultEndpoint}/`)).toBe(defaultEndpoint);
  });
});

test("a judge that gets no answer does not say that the claim holds", () => {
  const given = {
    ...{ showsHeaders: { method: "GET", path: "/h" }, echoesBody: { method: "POST", path: "/e" } },
    ...{ tooSlow: { method: "GET", path: "/s" }, hasManagementToken: true, awaitSuspensionSeconds: 1 },
  };
  const answer = { status: 500, headers: {}, body: Buffer.alloc(0), seconds: 1 };
  for (const claim of claims) {
    const attempt = claim.plan(stack({ given, hasLiveSuspensions: true }));
    if ("notTried" in attempt || claim.id === "timeout") continue;
    const { verdict } = attempt.judge(attempt.questions.map(() => answer));
    expect([claim.id, verdict]).not.toEqual([claim.id, "holds"]);
  }
});

describe("the stack", () => {
  it("is called with a client's secret, and has another's organization and a suspended customer", () => {
    expect(stack()).toMatchObject({
      customer: { name: "acme/default", organizationId: "org_acme" },
      foreignOrganizationId: "org_globex",
      suspended: { name: "initech/default" },
      kind: "rest",
    });
  });

  it.each([
    [{}, "rest"],
    [{ apiType: "http" }, "http"],
    [{ apiType: "http", httpAuthorizer: "jwt" }, "jwt"],
  ])("%j is of the kind %s", (settings, kind) => {
    expect(readStackUnderTest({ outputs, settings, who: "acme", domain: "" }).kind).toBe(kind);
  });

  it.each([
    [
      outputs,
      undefined,
      'The stack has no customer "canary". Name one with --customer: acme, globex, initech.',
    ],
    [outputs, "initech", 'Customer "initech" is suspended'],
    [outputs, "acme/ci", 'Customer "acme" has no client "ci". Its clients: keyed, default.'],
    [outputs, "globex", "globex has no client with a secret"],
    [outputs, "acme/keyed", "acme/keyed has no client with a secret"],
    [{}, "acme", "The stack's outputs have no url: deploy the stack first."],
  ])("is refused if nothing can be called (%#)", (given, who, message) => {
    expect(() => readStackUnderTest({ outputs: given, settings: {}, who, domain: "" })).toThrow(message);
  });

  it("has an operation by its method and path", () => {
    expect(readOperation("--too-slow", "GET /slow?x=1")).toEqual({ method: "GET", path: "/slow?x=1" });
    for (const text of ["/slow", "get /slow", "GET slow", "GET /slow/{id}", "GET /a b"])
      expect(() => readOperation("--too-slow", text)).toThrow(`--too-slow "${text}" is not an operation.`);
  });
});

test("no forged token is one that the tenant could have issued", () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = [part({ alg: "RS256" }), part({ org_id: "org_acme", aud: "a" }), "Asig"].join(".");
  const forged = claims.flatMap((claim) => {
    const attempt = claim.plan(stack());
    if ("notTried" in attempt) return [];
    return attempt.questions.flatMap((question) =>
      question.to === "gateway" && question.forge ? question.forge(token) : [],
    );
  });
  expect(forged).toHaveLength(4);
  expect(new Set([...forged, token]).size).toBe(5);
  expect(
    forged.map((one) => asRecord(JSON.parse(Buffer.from(one.split(".")[1] ?? "", "base64url").toString()))),
  ).toEqual([
    { org_id: "org_acme", aud: "a" },
    { org_id: "org_globex", aud: "a" },
    { org_id: "org_acme", aud: "https://verify1/" },
    { org_id: "org_acme", aud: "a" },
  ]);
});
