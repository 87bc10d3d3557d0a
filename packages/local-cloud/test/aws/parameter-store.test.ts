// The Systems Manager's endpoint, and the deployed authorizer that reads its list of suspensions there.
import { setTimeout } from "node:timers/promises";
import { authorizerFiles } from "../../../../authorizer/build/bundle";
import { compileRoutes } from "../../../../authorizer/build/compile";
import { audience, issuer, makeKey, token } from "../../../../authorizer/testing/tokens";
import { renderAuthorizerConfig } from "../../../customers-as-code/src/gateway/authorizer/authorizer-config";
import { singleBackend } from "../../../customers-as-code/src/gateway/backends/backend";
import { renderRestApiBody } from "../../../customers-as-code/src/gateway/rest/rest-api-body";
import { listAuthorizedRoutes } from "../../../customers-as-code/src/openapi/document";
import { type Backend, call, Fixture, startBackend } from "../../testing/fixture";
import { send, ssm } from "../../testing/ssm-client";

let fixture: Fixture;
let name: string;

beforeEach(async () => {
  fixture = await Fixture.start();
  ({ id: name } = await fixture.create("ssm/parameter", {
    name: "/orders/suspensions",
    type: "String",
    value: "{}",
  }));
});
afterEach(() => fixture.close());

const get = (Name = name) => ssm(fixture.aws.ssmUrl, "GetParameter", { Name });
const put = (Value: string, more: object = {}) =>
  ssm(fixture.aws.ssmUrl, "PutParameter", { Name: name, Value, Overwrite: true, ...more });

describe("the parameter store", () => {
  // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
  it("gives a parameter by its name or its ARN", async () => {
    const ARN = "arn:aws:ssm:eu-central-1:123456789012:parameter/orders/suspensions";
    const answer = await get();
    expect(answer).toEqual({
      status: 200,
      json: {
        Parameter: {
          ARN,
          DataType: "text",
          LastModifiedDate: expect.any(Number),
          Name: name,
          Type: "String",
          Value: "{}",
          Version: 1,
        },
      },
    });
    expect(await get(ARN)).toEqual(answer);
  });

  // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
  it("lets people overwrite the value, of which a refresh then knows", async () => {
    expect(await put("[]")).toEqual({ status: 200, json: { Tier: "Standard", Version: 2 } });
    expect((await get()).json).toMatchObject({ Parameter: { Value: "[]", Version: 2 } });
    const { provider } = fixture.aws;
    const read = await provider.read("aws:ssm/parameter:Parameter", name, { type: "String" }, {});
    expect(read).toMatchObject({ inputs: { value: "[]" }, outputs: { value: "[]", version: 2 } });
  });

  // Local: as the official provider does it (internal/service/ssm/parameter.go).
  it("keeps what people put where the program changes tags only, as the official provider does", async () => {
    const inputs = { name: "/orders/list", type: "String", value: "{}" };
    const declared = await fixture.create("ssm/parameter", inputs);
    await put("[1]", { Name: declared.id });
    const tagged = await fixture.update("ssm/parameter", declared, { tags: { team: "api" } });
    expect((await get(declared.id)).json).toMatchObject({ Parameter: { Value: "[1]" } });
    await fixture.update("ssm/parameter", tagged, { value: "{}", description: "Changed." });
    expect((await get(declared.id)).json).toMatchObject({ Parameter: { Value: "{}" } });
  });

  // https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
  it("has longer values in the advanced tier, from which there is no way back", async () => {
    const long = "a".repeat(8192);
    expect(await put(long, { Tier: "Advanced" })).toMatchObject({ json: { Tier: "Advanced", Version: 2 } });
    expect(await put(long.slice(1))).toMatchObject({ status: 200, json: { Tier: "Advanced" } });
    expect(await put("{}", { Tier: "Standard" })).toMatchObject({
      status: 400,
      json: {
        __type: "ValidationException",
        message: "An advanced parameter cannot become a standard one.",
      },
    });
    expect((await get()).json).toMatchObject({ Parameter: { Value: long.slice(1), Version: 3 } });
  });

  // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html#API_PutParameter_Errors
  it.each([
    [
      "a value beyond its tier",
      { Value: "a".repeat(4097) },
      "ValidationException",
      "The value has 4097 bytes; a parameter of the Standard tier takes at most 4096",
    ],
    ["an empty value", { Value: "" }, "ValidationException", "Value must be a string that is not empty."],
    ["a tier that there is not", { Tier: "Basic" }, "ValidationException", '"Basic" is not a tier'],
    [
      "another type",
      { Type: "StringList" },
      "HierarchyTypeMismatchException",
      "The type of a parameter cannot be changed.",
    ],
    [
      "an existing name without Overwrite",
      { Overwrite: false },
      "ParameterAlreadyExists",
      "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    ],
    ["a name that no program has declared", { Name: "/orders/other" }, "ParameterNotFound", undefined],
  ])("refuses to put %s", async (_, wrong, __type, message) => {
    expect(await put("[]", wrong)).toMatchObject({
      status: 400,
      json: { __type, ...(message !== undefined && { message }) },
    });
    expect((await get()).json).toMatchObject({ Parameter: { Value: "{}", Version: 1 } });
  });

  // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html#API_GetParameter_Errors
  it("says of a missing parameter no more than AWS does", async () => {
    expect(await get("/orders/other")).toEqual({ status: 400, json: { __type: "ParameterNotFound" } });
  });

  // https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html
  it("refuses a request that is not signed, or for another service", async () => {
    const headers = { "x-amz-target": "AmazonSSM.GetParameter" };
    const body = JSON.stringify({ Name: name });
    const { ssmUrl } = fixture.aws;
    expect(await send(ssmUrl, headers, body)).toMatchObject({
      status: 400,
      json: { __type: "MissingAuthenticationTokenException" },
    });
    expect(await send(ssmUrl, { ...headers, authorization: "Bearer a" }, body)).toMatchObject({
      status: 400,
      json: { __type: "IncompleteSignatureException" },
    });
    expect(await ssm(ssmUrl, "GetParameter", { Name: name }, "s3")).toMatchObject({
      status: 400,
      json: { __type: "InvalidSignatureException" },
    });
  });

  // Local: AWS has more.
  it("knows no other operation", async () => {
    expect(await ssm(fixture.aws.ssmUrl, "DeleteParameter", { Name: name })).toMatchObject({
      status: 400,
      json: { __type: "UnknownOperationException" },
    });
    expect((await get()).status).toBe(200);
  });

  // Local: AWS is always there.
  it("is at the same address when the account is opened again, with what was put", async () => {
    const { ssmUrl } = fixture.aws;
    await put("[1]");
    await fixture.close({ keep: true });
    fixture = await Fixture.start({ directory: fixture.directory });
    expect(fixture.aws.ssmUrl).toBe(ssmUrl);
    expect((await get()).json).toMatchObject({ Parameter: { Value: "[1]", Version: 2 } });
  });
});

// Local: what the program's own function makes of the parameter.
describe("the deployed authorizer", () => {
  const key = makeKey("key-1");
  // The clock of the function is the real one.
  const seconds = Math.floor(Date.now() / 1000);
  const tokenOf = (organization: string) =>
    token(key, { iat: seconds - 60, exp: seconds + 3600, org_id: organization });
  const api = {
    title: "Orders",
    version: "1",
    scopes: {},
    operations: [{ method: "GET", path: "/orders", pathParameters: [], security: [["read:orders"]] }],
  };
  let backend: Backend;

  beforeAll(async () => {
    backend = await startBackend();
  });
  afterAll(() => backend.close());

  /** @param lifetimes of the list, beside the limit of an hour */
  async function deploy(lifetimes: { refreshSeconds: number; waitSeconds: number }) {
    const config = renderAuthorizerConfig({
      api: { ...api, routes: compileRoutes(listAuthorizedRoutes(api.operations)) },
      issuer,
      audience,
      jwks: { keys: [key.jwk] },
      suspended: [],
      suspensionsParameter: name,
    });
    if (!config.liveSuspensions) throw new Error("there is no live list");
    const fn = await fixture.function(
      authorizerFiles({ ...config, liveSuspensions: { ...config.liveSuspensions, ...lifetimes } }),
    );
    await fixture.permit(fn.id, "arn:aws:execute-api:*:*:*/authorizers/*");
    const authorizer = { authorizerUri: String(fn.outputs.invokeArn), authorizerCacheSeconds: 0 };
    const body = renderRestApiBody(api, { ...authorizer, backends: singleBackend(backend.url) });
    const { url } = await fixture.deploy(JSON.parse(body));
    return async (organization = "org_Acme1") => {
      const headers = { Authorization: `Bearer ${tokenOf(organization)}` };
      return (await call(`${url}/orders`, { headers })).status;
    };
  }

  /** Asks until the list has been read again. @returns the last answer, after five seconds at most */
  async function until(ask: () => Promise<number>, status: number): Promise<number> {
    let answer = await ask();
    for (let tries = 0; answer !== status && tries < 50; tries += 1) {
      await setTimeout(100);
      answer = await ask();
    }
    return answer;
  }

  it("denies whom the list names from its next reading on, and nobody else; then lets them in again", async () => {
    const ask = await deploy({ refreshSeconds: 1, waitSeconds: 1 });
    expect(await ask()).toBe(200);
    await put('{"organizations":["org_Acme1"]}');
    expect(await until(ask, 403)).toBe(403);
    expect(await ask("org_Globex")).toBe(200);
    await put("{}");
    expect(await until(ask, 200)).toBe(200);
  });

  it("reads the list no more often than it must", async () => {
    const ask = await deploy({ refreshSeconds: 300, waitSeconds: 600 });
    await put('{"organizations":["org_Acme1"]}');
    expect(await ask()).toBe(403);
    await put("{}");
    expect(await ask()).toBe(403);
  });

  it("keeps to the last good list where the new one is malformed", async () => {
    const ask = await deploy({ refreshSeconds: 1, waitSeconds: 1 });
    await put('{"organizations":["org_Acme1"]}');
    expect(await ask()).toBe(403);
    await put('{"organisations":[]}');
    // Long enough for several readings: none of them lets the suspended one in.
    expect(await until(ask, 200)).toBe(403);
    expect(await ask("org_Globex")).toBe(200);
  });

  it("lets nobody in, with an answer that may be repeated, where the list cannot be read from the start", async () => {
    const ask = await deploy({ refreshSeconds: 30, waitSeconds: 60 });
    await put("nobody");
    expect(await ask()).toBe(503);
  });
});
