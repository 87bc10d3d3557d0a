// Usage plans: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
import type { Properties } from "../../../src/engine/provider";
import {
  type Backend,
  type Created,
  call,
  Fixture,
  proxied,
  securedBy,
  startBackend,
  typeOf,
} from "../../../testing/fixture";
import { authorizerCode, wish, wishOf } from "../../../testing/wishes";

const monday = Date.UTC(2026, 10, 23);
const day = 86_400_000;

let now = monday;
let fixture: Fixture;
let backend: Backend;
let authorizer: Created;

beforeAll(async () => {
  fixture = await Fixture.start({ clock: () => now });
  backend = await startBackend();
  authorizer = await fixture.function(authorizerCode);
  await fixture.permit(authorizer.id, "arn:aws:execute-api:*:*:*/authorizers/*");
});

beforeEach(() => {
  now = monday;
});

afterAll(async () => {
  await backend.close();
  await fixture.close();
});

/** A stage on which `/orders` takes requests with keys only, and `/open` any. */
function deploy(source: "AUTHORIZER" | "HEADER" | "" = "AUTHORIZER", stage: Properties = {}) {
  const { securitySchemes } = securedBy(authorizer) as { securitySchemes: Properties };
  const key = { type: "apiKey", name: "X-API-Key", in: "header" };
  const requestParameters = { "integration.request.header.X-Key-Id": "context.identity.apiKeyId" };
  const operation = (security: Properties[]) => proxied(backend.url, { requestParameters }, { security });
  return fixture.deploy(
    {
      openapi: "3.0.1",
      paths: {
        "/orders": { get: operation([{ customers: [] }, { api_key: [] }]) },
        "/open": { get: operation([{ customers: [] }]) },
      },
      components: { securitySchemes: { ...securitySchemes, api_key: key } },
      ...(source && { "x-amazon-apigateway-api-key-source": source }),
    },
    stage,
  );
}

type Deployed = Awaited<ReturnType<typeof deploy>>;

let keys = 0;

/** A plan of the stages, and a key in it. */
async function subscribe(deployed: Deployed[], limits: Properties = {}, key: Properties = {}) {
  keys += 1;
  const value = `key${keys}`.padEnd(20, "x");
  const apiStages = deployed.map(({ restApi }) => ({ apiId: restApi.id, stage: "v1" }));
  const plan = await fixture.create("apigateway/usagePlan", { apiStages, ...limits });
  const apiKey = await fixture.create("apigateway/apiKey", { value, ...key });
  const planKey = await join(plan, apiKey);
  return { value, plan, apiKey, planKey };
}

const join = (plan: Created, key: Created) =>
  fixture.create("apigateway/usagePlanKey", { keyId: key.id, keyType: "API_KEY", usagePlanId: plan.id });

const throttle = (rateLimit: number, burstLimit: number) => ({ throttleSettings: { rateLimit, burstLimit } });
const quota = (limit: number, period: string) => ({ quotaSettings: { limit, period } });

/** @param value that the authorizer gives */
const ask = ({ url }: Deployed, value?: string, headers: Record<string, string> = {}, path = "/orders") =>
  call(url + path, { headers: { Authorization: wish({ usageIdentifierKey: value }), ...headers } });

async function statuses(deployed: Deployed, value: string, count: number): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < count; index += 1) found.push((await ask(deployed, value)).status);
  return found;
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
describe("a method that demands a key", () => {
  it("takes it from the authorizer's answer, and does not look at what the caller sends", async () => {
    const deployed = await deploy();
    const { value, apiKey } = await subscribe([deployed]);
    const served = await ask(deployed, value, { "X-API-Key": "nonsense" });
    expect(served).toMatchObject({ status: 200, json: { headers: { "x-key-id": apiKey.id } } });
    expect((await ask(deployed, undefined, { "X-API-Key": value })).status).toBe(403);
  });

  it.each(["HEADER", ""] as const)("takes it from the caller where the source is %p", async (source) => {
    const deployed = await deploy(source);
    expect(deployed.restApi.outputs.apiKeySource).toBe("HEADER");
    const { value } = await subscribe([deployed]);
    expect((await ask(deployed, undefined, { "x-api-key": value })).status).toBe(200);
    expect((await ask(deployed, value)).status).toBe(403);
  });

  // resourceRestAPIWithBodyUpdateOperations in hashicorp/terraform-provider-aws; pulumi/pulumi-awsx#1057.
  it("keeps the source that the state has, whatever a later body says, unless the program says it too", async () => {
    const before = await deploy("HEADER");
    const { value } = await subscribe([before]);
    const { body } = before.restApi.inputs;
    const changed = String(body).replace('"HEADER"', '"AUTHORIZER"');
    const imported = await fixture.update("apigateway/restApi", before.restApi, { body: changed });
    expect(imported.outputs.apiKeySource).toBe("HEADER");
    const serve = async () => {
      const deployment = await fixture.create("apigateway/deployment", { restApi: imported.id });
      await fixture.update("apigateway/stage", before.stage, { deployment: deployment.id });
      return (await ask(before, value)).status;
    };
    expect(await serve()).toBe(403);
    const told = await fixture.update("apigateway/restApi", imported, { apiKeySource: "AUTHORIZER" });
    expect(told.outputs.apiKeySource).toBe("AUTHORIZER");
    expect((await ask(before, value)).status).toBe(403);
    expect(await serve()).toBe(200);
  });

  it("answers 403 without one, and to one that is in no plan of the stage", async () => {
    const [deployed, other] = [await deploy(), await deploy()];
    const { value } = await subscribe([other]);
    const lonely = await fixture.create("apigateway/apiKey", { value: "lonely".padEnd(20, "x") });
    for (const given of [undefined, value, String(lonely.inputs.value), "unknown".padEnd(20, "x")]) {
      const { status, json, headers } = await ask(deployed, given);
      expect({ status, json }).toEqual({ status: 403, json: { message: "Forbidden" } });
      expect(headers["x-amzn-errortype"]).toBe("ForbiddenException");
    }
  });

  // https://docs.aws.amazon.com/apigateway/latest/api/API_ApiKey.html
  it("answers 403 to a key that is disabled, or taken out of the plan", async () => {
    const deployed = await deploy();
    const { value, apiKey, planKey } = await subscribe([deployed]);
    expect((await ask(deployed, value)).status).toBe(200);
    const disabled = await fixture.update("apigateway/apiKey", apiKey, { enabled: false });
    expect((await ask(deployed, value)).status).toBe(403);
    await fixture.update("apigateway/apiKey", disabled, { enabled: true });
    expect((await ask(deployed, value)).status).toBe(200);
    await fixture.aws.provider.delete(typeOf("apigateway/usagePlanKey"), planKey.id, {});
    expect((await ask(deployed, value)).status).toBe(403);
  });

  it("first asks the authorizer, whose denial uses up nothing", async () => {
    const deployed = await deploy();
    const { value } = await subscribe([deployed], quota(1, "DAY"));
    const denied = wishOf(["Deny", "*"]);
    expect((await call(`${deployed.url}/orders`, { headers: { Authorization: denied } })).status).toBe(403);
    expect(await statuses(deployed, value, 2)).toEqual([200, 429]);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
it("a method that demands no key is not counted", async () => {
  const deployed = await deploy();
  const { value } = await subscribe([deployed], quota(1, "DAY"));
  for (let index = 0; index < 3; index += 1) {
    expect((await ask(deployed, value, {}, "/open")).status).toBe(200);
  }
  expect(await statuses(deployed, value, 2)).toEqual([200, 429]);
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
describe("the throttle of a plan", () => {
  it("lets a key's burst through, then as much as the rate refills", async () => {
    const deployed = await deploy();
    const { value } = await subscribe([deployed], throttle(10, 2));
    expect(await statuses(deployed, value, 3)).toEqual([200, 200, 429]);
    const { json, headers } = await ask(deployed, value);
    expect(json).toEqual({ message: "Too Many Requests" });
    expect(headers["x-amzn-errortype"]).toBe("TooManyRequestsException");
    now += 100;
    expect(await statuses(deployed, value, 2)).toEqual([200, 429]);
  });

  it("is each key's own", async () => {
    const deployed = await deploy();
    const { value, plan } = await subscribe([deployed], throttle(1, 1));
    const other = await fixture.create("apigateway/apiKey", { value: "another".padEnd(20, "x") });
    await join(plan, other);
    expect(await statuses(deployed, value, 2)).toEqual([200, 429]);
    expect(await statuses(deployed, String(other.inputs.value), 2)).toEqual([200, 429]);
  });

  it("is another one once the plan is changed", async () => {
    const deployed = await deploy();
    const { value, plan } = await subscribe([deployed], throttle(1, 1));
    expect(await statuses(deployed, value, 2)).toEqual([200, 429]);
    await fixture.update("apigateway/usagePlan", plan, throttle(1, 2));
    expect(await statuses(deployed, value, 3)).toEqual([200, 200, 429]);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/api/API_QuotaSettings.html
describe("the quota of a plan", () => {
  // https://docs.aws.amazon.com/apigateway/latest/api/API_QuotaSettings.html has the periods, but not when they begin.
  const periods: [period: string, until: number][] = [
    ["DAY", monday + day],
    ["WEEK", monday + 6 * day],
    ["MONTH", Date.UTC(2026, 11, 1)],
  ];
  it.each(periods)("of a %s begins again after it", async (period, next) => {
    const deployed = await deploy();
    const { value } = await subscribe([deployed], quota(2, period));
    expect(await statuses(deployed, value, 3)).toEqual([200, 200, 429]);
    const { json, headers } = await ask(deployed, value);
    expect(json).toEqual({ message: "Limit Exceeded" });
    expect(headers["x-amzn-errortype"]).toBe("LimitExceededException");
    now = next - 1;
    expect(await statuses(deployed, value, 1)).toEqual([429]);
    now = next;
    expect(await statuses(deployed, value, 3)).toEqual([200, 200, 429]);
  });

  it("counts the requests on all stages of the plan together", async () => {
    const [one, two] = [await deploy(), await deploy()];
    const { value } = await subscribe([one, two], quota(2, "DAY"));
    expect(await statuses(one, value, 1)).toEqual([200]);
    expect(await statuses(two, value, 2)).toEqual([200, 429]);
    expect(await statuses(one, value, 1)).toEqual([429]);
  });

  it("keeps what is used when it is changed, and when the API is deployed again", async () => {
    const deployed = await deploy();
    const { value, plan } = await subscribe([deployed], quota(2, "DAY"));
    expect(await statuses(deployed, value, 2)).toEqual([200, 200]);
    await fixture.update("apigateway/stage", deployed.stage, { description: "changed" });
    expect(await statuses(deployed, value, 1)).toEqual([429]);
    await fixture.update("apigateway/usagePlan", plan, quota(3, "DAY"));
    expect(await statuses(deployed, value, 2)).toEqual([200, 429]);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
describe("a key", () => {
  it("is in one plan of a stage at most, as long as it is in that", async () => {
    const deployed = await deploy();
    const { apiKey, planKey } = await subscribe([deployed]);
    const apiStages = [{ apiId: deployed.restApi.id, stage: "v1" }];
    const other = await fixture.create("apigateway/usagePlan", { apiStages });
    await expect(join(other, apiKey)).rejects.toThrow(
      /ConflictException: The API key .* is in the usage plan .* already, which has the API stage .* too/,
    );
    await fixture.aws.provider.delete(typeOf("apigateway/usagePlanKey"), planKey.id, {});
    await expect(join(other, apiKey)).resolves.toBeTruthy();
  });

  it("keeps its plan from another's stage", async () => {
    const deployed = await deploy();
    const { apiKey } = await subscribe([deployed]);
    const elsewhere = await fixture.create("apigateway/usagePlan", {});
    await join(elsewhere, apiKey);
    const apiStages = [{ apiId: deployed.restApi.id, stage: "v1" }];
    await expect(fixture.update("apigateway/usagePlan", elsewhere, { apiStages })).rejects.toThrow(
      /ConflictException/,
    );
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
  it("is in ten plans at most", async () => {
    const key = await fixture.create("apigateway/apiKey", {});
    for (let index = 0; index < 10; index += 1) {
      await join(await fixture.create("apigateway/usagePlan", {}), key);
    }
    await expect(join(await fixture.create("apigateway/usagePlan", {}), key)).rejects.toThrow(
      /LimitExceededException: an API key has at most 10 usage plans/,
    );
  });

  it("leaves its plans when it is deleted, and so do a plan's keys with the plan", async () => {
    const deployed = await deploy();
    const { provider, account } = fixture.aws;
    for (const gone of ["apiKey", "plan"] as const) {
      const subscribed = await subscribe([deployed]);
      const short = gone === "plan" ? "apigateway/usagePlan" : "apigateway/apiKey";
      await provider.delete(typeOf(short), subscribed[gone].id, {});
      expect(account.get(typeOf("apigateway/usagePlanKey"), subscribed.planKey.id)).toBeUndefined();
      expect((await ask(deployed, subscribed.value)).status).toBe(403);
    }
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
it("an account has 10,000 API keys at most", async () => {
  const { account } = fixture.aws;
  const type = typeOf("apigateway/apiKey");
  const length = 10_000 - account.list(type).length;
  const ids = Array.from({ length }, (_, index) => `key-${index}`);
  await Promise.all(
    ids.map((id) => account.put({ type, id, inputs: {}, outputs: { value: id }, state: {} })),
  );
  await expect(fixture.create("apigateway/apiKey", {})).rejects.toThrow(
    /LimitExceededException: an account has at most 10000 API keys in a region/,
  );
  await account.remove(type, "key-0");
  const created = await fixture.create("apigateway/apiKey", {});
  await Promise.all([created.id, ...ids].map((id) => account.remove(type, id)));
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
it("an account has 300 plans at most", async () => {
  const created: Created[] = [];
  const fill = async () => {
    for (let index = 0; index <= 300; index += 1) {
      created.push(await fixture.create("apigateway/usagePlan", { name: `plan-${index}` }));
    }
  };
  await expect(fill()).rejects.toThrow(
    /LimitExceededException: an account has at most 300 usage plans in a region/,
  );
  for (const { id } of created) await fixture.aws.provider.delete(typeOf("apigateway/usagePlan"), id, {});
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
it("the access log may name the key by its id, or give it away", async () => {
  const log = await fixture.accessLog(
    "$context.requestId $context.identity.apiKeyId $context.identity.apiKey $context.error.responseType",
  );
  const deployed = await deploy("AUTHORIZER", log.settings);
  const { value, apiKey } = await subscribe([deployed], quota(1, "DAY"));
  await statuses(deployed, value, 2);
  await ask(deployed, undefined);
  const lines = (await log.lines()).map((line) => line.split(" ").slice(1));
  expect(lines).toEqual([
    [apiKey.id, value, "-"],
    [apiKey.id, value, "QUOTA_EXCEEDED"],
    ["-", "-", "INVALID_API_KEY"],
  ]);
});
