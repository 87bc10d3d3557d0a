// Who may not call although the token is good: organizations, clients and tokens, deployed or live.
import { createHash, createHmac } from "node:crypto";
import https from "node:https";
import type { AuthorizerConfig, LiveSuspensions, Suspended } from "../src/config";
import { pass, policyAnswer, Running, restEvent, Source, settings, stopClock } from "../testing/fixture";
import { makeKey, now, token } from "../testing/tokens";

stopClock();

const key = makeKey("key-1");
const good = token(key, { jti: "jti-1", exp: now + 1_000_000 });
const allowed = [200, "allowed"];
const start = (changes: Partial<AuthorizerConfig>) => new Running(settings(key, changes));
const suspending = (lists: Partial<Suspended>) => ({
  suspended: { organizations: [], clients: [], tokens: [], ...lists },
});

describe("the deployed list", () => {
  it.each<[Partial<Suspended>, string]>([
    [{ organizations: ["org_Other", "org_Acme1"] }, "organization_suspended"],
    [{ clients: ["otherCi", "acmeCi"] }, "client_suspended"],
    [{ tokens: ["jti-2", "jti-1"] }, "token_revoked"],
    // The organization's suspension is reported before the client's, and that before the token's.
    [{ organizations: ["org_Acme1"], clients: ["acmeCi"], tokens: ["jti-1"] }, "organization_suspended"],
    [{ clients: ["acmeCi"], tokens: ["jti-1"] }, "client_suspended"],
  ])("denies everything from the first request on: %j", async (lists, reason) => {
    const running = start(suspending(lists));
    for (const request of ["GET /orders", "GET /me", "POST /orders", "GET /unheard-of"]) {
      expect(await running.ask(good, request)).toEqual([403, reason]);
    }
  });

  it.each<[Partial<Suspended>]>([
    [{ organizations: ["org_Acme"], clients: ["acmeC"], tokens: ["jti-"] }],
    [{ organizations: ["ORG_ACME1"], clients: ["ACMECI"], tokens: ["JTI-1"] }],
    [{ organizations: ["acmeCi"], clients: ["org_Acme1"], tokens: ["org_Acme1", "acmeCi"] }],
    [{ organizations: ["*"], clients: ["*", ""], tokens: ["undefined", ""] }],
  ])("denies nobody else: %j", async (lists) => {
    const running = start(suspending(lists));
    expect(await running.ask(good)).toEqual(allowed);
    expect(await running.ask(token(key))).toEqual(allowed);
  });

  it("may name a token by the SHA-256 of its jti, which is its token_id", async () => {
    const tokenId = createHash("sha256").update("jti-1").digest("base64url");
    expect(await start(suspending({ tokens: [tokenId] })).ask(good)).toEqual([403, "token_revoked"]);
  });

  it.each([["jti-1"], [undefined]])("denies a token by the token_id of the log: jti %s", async (jti) => {
    const leaked = token(key, { jti, org_name: "acme" });
    const before = start({});
    expect(await before.ask(leaked)).toEqual(allowed);
    const running = start(suspending({ tokens: [String(before.decision.token_id)] }));
    expect(await running.ask(leaked)).toEqual([403, "token_revoked"]);
    expect(await running.ask(token(key, { jti: "jti-2" }))).toEqual(allowed);
  });

  it("gives the caller the reason, and the log the identity", async () => {
    const running = start(suspending({ clients: ["acmeCi"] }));
    const { context } = policyAnswer(await running.handler(restEvent(`Bearer ${good}`)));
    expect(context).toMatchObject({
      oauth_error: "access_denied",
      oauth_error_description: "The client is suspended.",
    });
    expect(running.decision).toMatchObject({ org_id: "org_Acme1", client_id: "acmeCi" });
  });
});

describe("the organizations that may call", () => {
  it.each<["any" | string[], number, string]>([
    ["any", 200, "allowed"],
    [["org_Other", "org_Acme1"], 200, "allowed"],
    [["org_Other"], 403, "organization_not_listed"],
    [["org_acme1"], 403, "organization_not_listed"],
    [["any"], 403, "organization_not_listed"],
    [[], 403, "organization_not_listed"],
  ])("are %j", async (organizations, status, reason) => {
    expect(await start({ organizations }).ask(good)).toEqual([status, reason]);
  });

  it("do not override a suspension, whatever the order", async () => {
    const suspended = suspending({ organizations: ["org_Acme1"] });
    expect(await start({ ...suspended, organizations: ["org_Acme1"] }).ask(good)).toEqual([
      403,
      "organization_suspended",
    ]);
  });
});

/** The list as the service has it, and how the service answers. */
let list: string | undefined;
/** What it answers instead. */
let answer: string | undefined;
let source: Source;
const credentials = {
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI",
  AWS_SESSION_TOKEN: "session",
};
const environment = [
  "AWS_ENDPOINT_URL_SSM",
  "AWS_ENDPOINT_URL_S3",
  "AWS_ENDPOINT_URL",
  "AWS_REGION",
  ...Object.keys(credentials),
];
const before = environment.map((name) => process.env[name]);

beforeEach(async () => {
  list = "{}";
  answer = undefined;
  source = await Source.start((request, response) => {
    if (answer !== undefined) return response.end(answer);
    const isObject = request.method === "GET";
    if (list === undefined) return response.writeHead(isObject ? 404 : 400).end("{}");
    return response.end(isObject ? list : JSON.stringify({ Parameter: { Name: "suspended", Value: list } }));
  });
  for (const name of environment) delete process.env[name];
  process.env.AWS_ENDPOINT_URL_SSM = source.url;
  process.env.AWS_ENDPOINT_URL_S3 = source.url;
});
afterEach(async () => {
  environment.forEach((name, index) => {
    const value = before[index];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  });
  await source.stop();
});

const ssm: LiveSuspensions = { kind: "ssm", name: "/api/suspended" };
const s3: LiveSuspensions = { kind: "s3", bucket: "lists", key: "api/suspended.json" };

describe.each([
  ["a parameter", ssm],
  ["an object", s3],
])("the live list in %s", (_, liveSuspensions) => {
  it.each<[Partial<Suspended>, string]>([
    [{ organizations: ["org_Acme1"] }, "organization_suspended"],
    [{ clients: ["acmeCi"] }, "client_suspended"],
    [{ tokens: ["jti-1"] }, "token_revoked"],
  ])("counts from the first request on: %j", async (lists, reason) => {
    list = JSON.stringify(lists);
    expect(await start({ liveSuspensions }).ask(good)).toEqual([403, reason]);
  });

  it("reaches a function with requests within half a minute, and no request waits for it", async () => {
    const running = start({ liveSuspensions });
    expect(await running.ask(good)).toEqual(allowed);
    list = JSON.stringify({ organizations: ["org_Acme1"] });
    pass(29.999);
    expect(await running.ask(good)).toEqual(allowed);
    expect(source.requests).toHaveLength(1);
    pass(0.001);
    expect(await running.ask(good)).toEqual(allowed);
    await running.askUntil(({ Reason }) => Reason === "organization_suspended", good);
    expect(source.requests).toHaveLength(2);
  });

  it("reaches a function whose last request was a minute ago, or hours, with the next one", async () => {
    for (const seconds of [60, 30_000]) {
      list = "{}";
      const running = start({ liveSuspensions });
      expect(await running.ask(good)).toEqual(allowed);
      list = JSON.stringify({ organizations: ["org_Acme1"] });
      pass(seconds);
      expect(await running.ask(good)).toEqual([403, "organization_suspended"]);
    }
  });

  it("is missed at a cold start: we cannot decide, and say so with a 500", async () => {
    list = undefined;
    const running = start({ liveSuspensions });
    expect(await running.ask(good)).toEqual([500, "suspensions_unavailable"]);
    expect(running.failures).toHaveLength(1);
    list = "{}";
    pass(1);
    expect(await running.ask(good)).toEqual(allowed);
  });

  it("counts for an hour through an outage, what it denies and what it allows, then nothing is allowed", async () => {
    const running = start({ liveSuspensions });
    const suspended = token(key, { org_id: "org_Bad", exp: now + 100_000 });
    list = JSON.stringify({ organizations: ["org_Bad"] });
    expect(await running.ask(good)).toEqual(allowed);
    list = undefined;
    pass(3_599.999);
    expect(await running.ask(good)).toEqual(allowed);
    expect(await running.ask(suspended)).toEqual([403, "organization_suspended"]);
    pass(0.001);
    expect(await running.ask(good)).toEqual([500, "suspensions_unavailable"]);
    expect(await running.ask(suspended)).toEqual([500, "suspensions_unavailable"]);
    list = "{}";
    pass(60);
    expect(await running.ask(good)).toEqual(allowed);
  });

  it("is not needed to refuse a bad token, nor to deny by the deployed lists", async () => {
    list = undefined;
    const running = start({ liveSuspensions, ...suspending({ organizations: ["org_Acme1"] }) });
    expect(await running.ask(good)).toEqual([403, "organization_suspended"]);
    expect(await running.ask("bad")).toEqual([401, "token_malformed"]);
    expect(await start({ liveSuspensions, organizations: [] }).ask(good)).toEqual([
      403,
      "organization_not_listed",
    ]);
    expect(source.requests).toHaveLength(0);
  });

  it("adds to the deployed one, and takes nothing from it", async () => {
    list = JSON.stringify({ organizations: [], clients: ["otherCi"] });
    const running = start({ liveSuspensions, ...suspending({ organizations: ["org_Acme1"] }) });
    expect(await running.ask(good)).toEqual([403, "organization_suspended"]);
    const other = token(key, { org_id: "org_B", azp: "otherCi", sub: "otherCi@clients" });
    expect(await running.ask(other)).toEqual([403, "client_suspended"]);
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "organizations: org_Acme1"],
    ["null", "null"],
    ["a number", "7"],
    ["an empty list", "[]"],
    ["an empty text", '""'],
    ["a list", '["org_Acme1"]'],
    ["a text", '"org_Acme1"'],
    ["a misspelt member", '{"organisations":["org_Acme1"]}'],
    ["a member too much", '{"organizations":[],"users":[]}'],
    ["a text for a list", '{"organizations":"org_Acme1"}'],
    ["null for a list", '{"organizations":null}'],
    ["an object for a list", '{"organizations":{"org_Acme1":true}}'],
    ["a list of other things", '{"tokens":["a",1]}'],
  ])("never counts as empty where it is malformed: %s", async (_, text) => {
    const running = start({ liveSuspensions });
    list = text;
    expect(await running.ask(good)).toEqual([500, "suspensions_unavailable"]);
    expect(running.failures).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(/^the list of suspensions must be a JSON object/),
      }),
    ]);
    list = JSON.stringify({ organizations: ["org_Acme1"] });
    pass(1);
    expect(await running.ask(good)).toEqual([403, "organization_suspended"]);
    // The last good one counts.
    list = text;
    pass(60);
    expect(await running.ask(good)).toEqual([403, "organization_suspended"]);
  });

  it("has the lifetimes of the settings", async () => {
    const lifetimes = { refreshSeconds: 1, waitSeconds: 2, limitSeconds: 3 };
    const running = start({ liveSuspensions: { ...liveSuspensions, ...lifetimes } });
    expect(await running.ask(good)).toEqual(allowed);
    list = undefined;
    pass(2);
    expect(await running.ask(good)).toEqual(allowed);
    expect(source.requests).toHaveLength(2);
    pass(1);
    expect(await running.ask(good)).toEqual([500, "suspensions_unavailable"]);
  });

  it("is read once for all decisions that wait for it", async () => {
    const running = start({ liveSuspensions });
    const decisions = ["1", "2", "3"].map((jti) => running.ask(token(key, { jti })));
    expect(await Promise.all(decisions)).toEqual([allowed, allowed, allowed]);
    expect(source.requests).toHaveLength(1);
  });
});

describe("the request for the live list", () => {
  it("is a GetParameter of the Systems Manager", async () => {
    await start({ liveSuspensions: ssm }).ask(good);
    const [{ request, body } = { request: undefined, body: "" }] = source.requests;
    expect(request).toMatchObject({
      method: "POST",
      url: "/",
      headers: { "x-amz-target": "AmazonSSM.GetParameter", "content-type": "application/x-amz-json-1.1" },
    });
    expect(JSON.parse(body)).toEqual({ Name: "/api/suspended" });
  });

  it.each([
    ["suspended.json", "/lists/suspended.json"],
    ["a b/ü+c&d?.json", "/lists/a%20b/%C3%BC%2Bc%26d%3F.json"],
    ["it's (1)!*.json", "/lists/it%27s%20%281%29%21%2A.json"],
  ])("is a GetObject of S3, each part of the key encoded as S3 signs it: %s", async (objectKey, url) => {
    await start({ liveSuspensions: { kind: "s3", bucket: "lists", key: objectKey } }).ask(good);
    expect(source.requests[0]?.request).toMatchObject({ method: "GET", url });
  });

  it("takes the endpoint of all services if the service doesn't have its own", async () => {
    delete process.env.AWS_ENDPOINT_URL_SSM;
    delete process.env.AWS_ENDPOINT_URL_S3;
    // Without the slash at the end, as everyone writes it.
    process.env.AWS_ENDPOINT_URL = source.url.slice(0, -1);
    expect(await start({ liveSuspensions: ssm }).ask(good)).toEqual(allowed);
    expect(await start({ liveSuspensions: s3 }).ask(good)).toEqual(allowed);
    expect(source.requests.map(({ request }) => request.url)).toEqual(["/", "/lists/api/suspended.json"]);
  });

  it.each([
    ["ssm", ssm],
    ["s3", s3],
  ])(
    "is signed, as it arrives, with the credentials that Lambda has: %s",
    async (service, liveSuspensions) => {
      Object.assign(process.env, credentials);
      await start({ liveSuspensions }).ask(good);
      const [{ request, body } = { request: undefined, body: "" }] = source.requests;
      const { headers = {}, method = "", url = "" } = request ?? {};
      const [, names = "", signature] =
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/.+, SignedHeaders=(.+), Signature=(\w+)$/.exec(
          headers.authorization ?? "",
        ) ?? [];
      expect(names.split(";")).toEqual(
        expect.arrayContaining(["host", "x-amz-date", "x-amz-security-token"]),
      );
      expect(headers["x-amz-security-token"]).toBe("session");
      expect(headers["x-amz-date"]).toBe("20270115T080000Z");
      const signed = names.split(";").map((name) => `${name}:${headers[name]}\n`);
      const canonical = [method, url, "", signed.join(""), names, sha256(body)].join("\n");
      const scope = `20270115/us-east-1/${service}/aws4_request`;
      const text = `AWS4-HMAC-SHA256\n20270115T080000Z\n${scope}\n${sha256(canonical)}`;
      const signingKey = scope.split("/").reduce<string | Buffer>(hmac, "AWS4wJalrXUtnFEMI");
      expect(signature).toBe(hmac(signingKey, text).toString("hex"));
    },
  );

  it("is for the region that Lambda says", async () => {
    process.env.AWS_REGION = "eu-west-1";
    await start({ liveSuspensions: ssm }).ask(good);
    expect(source.requests[0]?.request.headers.authorization).toContain("/eu-west-1/ssm/aws4_request");
  });

  it.each([
    "{}",
    '{"Parameter":{}}',
    '{"Parameter":{"Value":1}}',
    '{"Parameter":null}',
    "[]",
    "null",
    "7",
    "",
  ])("fails where the answer has no value: %j", async (text) => {
    answer = text;
    const running = start({ liveSuspensions: ssm });
    expect(await running.ask(good)).toEqual([500, "suspensions_unavailable"]);
    const message = 'the parameter "/api/suspended" has no value';
    expect(running.failures).toEqual([expect.objectContaining({ message })]);
  });

  it.each([
    [ssm, undefined, "https://ssm.us-east-1.amazonaws.com/"],
    [ssm, "eu-west-1", "https://ssm.eu-west-1.amazonaws.com/"],
    [ssm, "cn-north-1", "https://ssm.cn-north-1.amazonaws.com.cn/"],
    [s3, "eu-west-1", "https://s3.eu-west-1.amazonaws.com/lists/api/suspended.json"],
    [s3, "us-gov-west-1", "https://s3.us-gov-west-1.amazonaws.com/lists/api/suspended.json"],
  ])("goes to AWS where no endpoint is set: %j in %s", async (liveSuspensions, region, url) => {
    for (const name of environment) delete process.env[name];
    if (region) process.env.AWS_REGION = region;
    const request = jest.spyOn(https, "request").mockImplementation(() => {
      throw new Error("not from a test");
    });
    expect(await start({ liveSuspensions }).ask(good)).toEqual([500, "suspensions_unavailable"]);
    expect(request.mock.calls.map(([asked]) => asked)).toEqual([url]);
    request.mockRestore();
  });
});

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
