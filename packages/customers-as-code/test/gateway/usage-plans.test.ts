// What the program declares where the stack has plans.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileRoutes } from "../../../../authorizer/build/compile";
import type { AuthorizerConfig } from "../../../../authorizer/src/config";
import { isSecret, type Recording, secretValue } from "../../../../test/support/recorder";
import { moesif, runProgram } from "../../../../test/support/run-program";

const folder = mkdtempSync(join(tmpdir(), "plans-"));
const customers = join(folder, "customers");
const clients = "clients:\n  default:\n    scopes: [read:orders]\n";
const plans = {
  free: { throttle: { rate: 5, burst: 10 }, quota: { limit: 1000, period: "month" } },
  gold: { throttle: { rate: 50.5, burst: 100 } },
  unlimited: {},
};
const withPlans = {
  ...moesif,
  "customers-as-code:customers": customers,
  "customers-as-code:plans": JSON.stringify(plans),
  "customers-as-code:defaultPlan": "free",
};

beforeAll(() => {
  mkdirSync(customers);
  writeFileSync(join(customers, "acme.yaml"), `displayName: Acme\nplan: gold\n${clients}`);
  writeFileSync(join(customers, "globex.yaml"), `displayName: Globex\n${clients}`);
  writeFileSync(
    join(customers, "initech.yaml"),
    `displayName: Initech\nstatus: suspended\nplan: gold\n${clients}`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const ofType = ({ resources }: Recording, type: string) =>
  resources.filter((resource) => resource.type === `aws:apigateway/${type}`);

const bodyOf = (recording: Recording) =>
  JSON.parse(String(recording.find("aws:apigateway/restApi:RestApi", "gateway").inputs.body));

/** What counts in the end: unset, the provider would keep the source from before the plans were enforced. */
const keySource = (recording: Recording) =>
  recording.find("aws:apigateway/restApi:RestApi", "gateway").inputs.apiKeySource;

/** The recorder's key of a name. */
const keyOf = (name: string) => `keyOf${name}`.padEnd(20, "x");

async function toldToTheAuthorizer(code: unknown): Promise<AuthorizerConfig> {
  const { assets } = code as { assets: Promise<Record<string, { text: Promise<string> }>> };
  return JSON.parse((await (await assets)["config.json"]?.text) ?? "");
}

describe("with plans", () => {
  let ran: Awaited<ReturnType<typeof runProgram>>;
  beforeAll(async () => {
    ran = await runProgram(withPlans);
  });

  it("there is a usage plan of the stage for each, with its limits", () => {
    const apiStages = [{ apiId: "gateway-id", stage: "v1" }];
    const declared = ofType(ran.recording, "usagePlan:UsagePlan").map(({ name, inputs }) => {
      const { description: _, tags: __, ...limits } = inputs;
      return [name, limits];
    });
    expect(Object.fromEntries(declared)).toEqual({
      "gateway-free": {
        apiStages,
        throttleSettings: { rateLimit: 5, burstLimit: 10 },
        quotaSettings: { limit: 1000, period: "MONTH" },
      },
      "gateway-gold": { apiStages, throttleSettings: { rateLimit: 50.5, burstLimit: 100 } },
      "gateway-unlimited": { apiStages },
    });
  });

  it("each customer has a key of its own in its plan, and all other organizations one together in the default", () => {
    expect(
      ofType(ran.recording, "apiKey:ApiKey")
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["acme", "gateway/others", "globex", "initech"]);
    const joined = ofType(ran.recording, "usagePlanKey:UsagePlanKey").map(({ name, inputs }) => [
      name,
      inputs,
    ]);
    const inPlan = (keyId: string, usagePlanId: string) => ({ keyId, keyType: "API_KEY", usagePlanId });
    expect(Object.fromEntries(joined)).toEqual({
      acme: inPlan("acme-id", "gateway-gold-id"),
      globex: inPlan("globex-id", "gateway-free-id"),
      initech: inPlan("initech-id", "gateway-gold-id"),
      "gateway/others": inPlan("gateway/others-id", "gateway-free-id"),
    });
  });

  // Another key with a value of ours could be refused by AWS, or guessed.
  it("AWS chooses the values of keys", () => {
    for (const { inputs } of ofType(ran.recording, "apiKey:ApiKey")) {
      expect(inputs).not.toHaveProperty("value");
    }
  });

  it("the authorizer knows from a secret whose key is which", async () => {
    const { code } = ran.recording.find("aws:lambda/function:Function", "gateway-authorizer").inputs;
    const { usageKeys, organizations } = await toldToTheAuthorizer(secretValue(code));
    expect(organizations).toBe("any");
    expect(usageKeys).toEqual({
      own: { "acme-id": keyOf("acme"), "globex-id": keyOf("globex"), "initech-id": keyOf("initech") },
      shared: keyOf("gatewayothers"),
    });
  });

  it("every operation that needs a token counts, by the key that the authorizer names, and no other", () => {
    const { paths, components, ...body } = bodyOf(ran.recording);
    expect(body["x-amazon-apigateway-api-key-source"]).toBe("AUTHORIZER");
    expect(keySource(ran.recording)).toBe("AUTHORIZER");
    expect(components.securitySchemes.api_key).toEqual({ type: "apiKey", name: "x-api-key", in: "header" });
    const operations = Object.entries<Record<string, { security: unknown }>>(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { security }]) => ({ name: `${method} ${path}`, security })),
    );
    expect(operations).toHaveLength(7);
    for (const { name, security } of operations) {
      expect([name, security]).toEqual([
        name,
        name === "get /health" ? [] : [{ authorizer: [] }, { api_key: [] }],
      ]);
    }
  });

  it("no output, no log and no request to the backend has a key", async () => {
    const { accessLogSettings } = ran.recording.find("aws:apigateway/stage:Stage", "gateway").inputs;
    const told = JSON.stringify([ran.outputs, accessLogSettings, bodyOf(ran.recording)]);
    expect(told).not.toMatch(/keyOf|context\.identity\.apiKey|usageIdentifierKey/);
    expect(await isSecret(ran.program.customers)).toBe(false);
  });
});

test("plans that are not enforced are made ready, and nothing is counted", async () => {
  const { recording } = await runProgram({ ...withPlans, "customers-as-code:enforcePlans": "false" });
  expect(ofType(recording, "usagePlanKey:UsagePlanKey")).toHaveLength(4);
  const { code } = recording.find("aws:lambda/function:Function", "gateway-authorizer").inputs;
  expect((await toldToTheAuthorizer(secretValue(code))).usageKeys?.shared).toBe(keyOf("gatewayothers"));
  expect(JSON.stringify(bodyOf(recording))).not.toMatch(/api_key|api-key-source/);
  expect(keySource(recording)).toBe("HEADER");
});

test("without plans there are neither plans nor keys, and the authorizer names none", async () => {
  const { recording } = await runProgram(moesif);
  expect(recording.resources.filter(({ type }) => /usagePlan|apiKey/i.test(type))).toEqual([]);
  const { code } = recording.find("aws:lambda/function:Function", "gateway-authorizer").inputs;
  expect(await toldToTheAuthorizer(code)).not.toHaveProperty("usageKeys");
  expect(JSON.stringify(bodyOf(recording))).not.toMatch(/api_key|api-key-source/);
});

test("the order of the files changes nothing of what the authorizer gets", async () => {
  const { renderAuthorizerConfig } = jest.requireActual<
    typeof import("../../src/gateway/authorizer/authorizer-config")
  >("../../src/gateway/authorizer/authorizer-config");
  const text = (own: Record<string, string>) =>
    JSON.stringify(
      renderAuthorizerConfig({
        api: { title: "Orders", routes: compileRoutes([]) },
        issuer: "https://example.eu.auth0.com/",
        jwks: { keys: [] },
        audience: "https://api.example.com/",
        suspended: [],
        usageKeys: { own, shared: keyOf("shared") },
      }),
    );
  expect(text({ org_b: keyOf("b"), org_a: keyOf("a") })).toBe(text({ org_a: keyOf("a"), org_b: keyOf("b") }));
});
