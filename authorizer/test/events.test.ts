// What API Gateway asks, and how it is answered.
import type { AuthorizerConfig } from "../src/config";
import {
  policyAnswer,
  Running,
  restEvent,
  settings,
  stageArn,
  statuses,
  stopClock,
} from "../testing/fixture";
import { isAllowed } from "../testing/iam";
import { makeKey, token } from "../testing/tokens";

stopClock();

const key = makeKey("key-1");
const good = token(key);
const start = (changes?: Partial<AuthorizerConfig>) => new Running(settings(key, changes));

/** As in the documentation of API Gateway, as far as an authorizer could read it. */
function restRequest(changes: object): unknown {
  return {
    type: "REQUEST",
    methodArn: `${stageArn}/GET/orders`,
    resource: "/orders",
    path: "/orders",
    httpMethod: "GET",
    headers: {},
    multiValueHeaders: {},
    ...changes,
  };
}

function httpRequest(changes: object = {}): unknown {
  return {
    version: "2.0",
    type: "REQUEST",
    routeArn: `${stageArn}/GET/orders`,
    identitySource: [`Bearer ${good}`],
    routeKey: "GET /orders",
    rawPath: "/orders",
    headers: { authorization: `Bearer ${good}` },
    ...changes,
  };
}

describe("a REST API's TOKEN event", () => {
  it("is answered with a policy, the client as principal, and texts for the backend", async () => {
    const { handler } = start();
    const answer = policyAnswer(await handler(restEvent(`Bearer ${good}`)));
    expect(answer.principalId).toBe("acmeCi");
    expect(answer.context).toEqual({
      org_id: "org_Acme1",
      client_id: "acmeCi",
      scopes: "read:orders write:orders",
      token_id: expect.stringMatching(/^[\w-]{43}$/),
      oauth_error: "insufficient_scope",
      oauth_error_description: "The access token's scopes do not suffice for this operation.",
    });
    expect(isAllowed(answer.policyDocument, `${stageArn}/GET/orders`)).toBe(true);
    expect(isAllowed(answer.policyDocument, `${stageArn}/DELETE/orders/1`)).toBe(false);
  });

  it("never has an empty text for the backend, in whose place a caller's own header might stay", async () => {
    for (const scope of [undefined, ""]) {
      const answer = policyAnswer(await start().handler(restEvent(`Bearer ${token(key, { scope })}`)));
      expect(answer.context).toMatchObject({ scopes: "-" });
    }
  });

  // RFC 6750 section 2.1; the scheme is case-insensitive by RFC 9110 section 11.1.
  it.each([
    ["Bearer X", "allowed"],
    ["bearer X", "allowed"],
    ["BEARER   X", "allowed"],
    ["X", "token_missing"],
    ["Basic X", "token_missing"],
    ["BearerX", "token_missing"],
    ["Bearer", "token_missing"],
    ["Bearer ", "token_missing"],
    ["", "token_missing"],
    [" Bearer X", "token_missing"],
    ["Bearer X ", "token_missing"],
    ["Bearer X,Bearer X", "token_missing"],
    ["Bearer X, Basic X", "token_missing"],
    ["Bearer X X", "token_missing"],
    ["Bearer\tX", "token_missing"],
    ["DPoP X", "token_missing"],
    ["Bearer X\n", "token_malformed"],
    ['Bearer "X"', "token_malformed"],
  ])("takes no other form of the header than the standard's: %j", async (header, reason) => {
    const running = start();
    const outcome = await running.answer(restEvent(header.replaceAll("X", good)));
    expect(outcome).toEqual([reason === "allowed" ? 200 : 401, reason]);
  });
});

describe("a REST API's REQUEST event", () => {
  it.each(["Authorization", "authorization", "AUTHORIZATION", "aUthorization"])(
    "finds the header as the client wrote it: %s",
    async (name) => {
      const value = `Bearer ${good}`;
      const both = { headers: { [name]: value }, multiValueHeaders: { [name]: [value] } };
      expect(await start().answer(restRequest(both))).toEqual([200, "allowed"]);
      const single = { headers: { [name]: value }, multiValueHeaders: null };
      expect(await start().answer(restRequest(single))).toEqual([200, "allowed"]);
    },
  );

  it.each<[string, object]>([
    ["two values of one name", { Authorization: [`Bearer ${good}`, `Bearer ${good}`] }],
    ["two names that differ in case", { Authorization: [`Bearer ${good}`], authorization: ["Bearer x"] }],
    ["no value", { Authorization: [] }],
    ["no such header", { "X-Authorization": [`Bearer ${good}`] }],
  ])("refuses %s", async (_, multiValueHeaders) => {
    // `headers` has the last value only: who reads that alone would see one good header.
    const event = restRequest({ headers: { Authorization: `Bearer ${good}` }, multiValueHeaders });
    expect(await start().answer(event)).toEqual([401, "token_missing"]);
  });

  it("does not take a token from the query", async () => {
    const queryStringParameters = { access_token: good, authorization: `Bearer ${good}` };
    expect(await start().answer(restRequest({ queryStringParameters }))).toEqual([401, "token_missing"]);
  });

  it.each([[null], [undefined], ["text"], [[]], [{ Authorization: 5 }], [{ Authorization: null }]])(
    "refuses headers that are none: %j",
    async (headers) => {
      const event = restRequest({ headers, multiValueHeaders: undefined });
      expect(await start().answer(event)).toEqual([401, "token_missing"]);
    },
  );
});

describe("an HTTP API's event", () => {
  it("of payload 2.0 is answered with a policy", async () => {
    const running = start();
    const { policyDocument } = policyAnswer(await running.handler(httpRequest()));
    expect(isAllowed(policyDocument, `${stageArn}/GET/orders`)).toBe(true);
    expect(isAllowed(policyDocument, `${stageArn}/DELETE/orders/1`)).toBe(false);
  });

  it("of payload 2.0 is answered simply where the API is set up so", async () => {
    const { handler } = start({ answers: "simple" });
    const context = expect.objectContaining({ org_id: "org_Acme1", client_id: "acmeCi" });
    expect(await handler(httpRequest())).toEqual({ isAuthorized: true, context });
    const routeArn = `${stageArn}/DELETE/orders/1`;
    expect(await handler(httpRequest({ routeArn }))).toEqual({ isAuthorized: false, context });
    expect(await handler(httpRequest({ routeArn: `${stageArn}/GET/unheard` }))).toEqual({
      isAuthorized: false,
      context,
    });
  });

  it("denies a suspended organization in both forms, and says why", async () => {
    const suspended = { organizations: ["org_Acme1"], clients: [], tokens: [] };
    const context = expect.objectContaining({
      oauth_error: "access_denied",
      oauth_error_description: "The organization is suspended.",
    });
    expect(await start({ suspended, answers: "simple" }).handler(httpRequest())).toEqual({
      isAuthorized: false,
      context,
    });
    const answer = policyAnswer(await start({ suspended }).handler(httpRequest()));
    expect(answer.context).toEqual(context);
    expect(isAllowed(answer.policyDocument, `${stageArn}/GET/orders`)).toBe(false);
  });

  // There is no way to a 401: an error is answered with 500.
  it("denies a bad token in both forms, without a context", async () => {
    const event = httpRequest({ headers: { authorization: "Bearer x.y.z" } });
    expect(await start({ answers: "simple" }).handler(event)).toEqual({ isAuthorized: false });
    const running = start();
    const answer = policyAnswer(await running.handler(event));
    expect(answer).toEqual({ principalId: "anonymous", policyDocument: expect.anything() });
    for (const route of ["GET/orders", "GET/me", "POST/"]) {
      expect(isAllowed(answer.policyDocument, `${stageArn}/${route}`)).toBe(false);
    }
    expect(running.decision.Reason).toBe("token_malformed");
  });

  it("takes two headers, which API Gateway joins with a comma, for none", async () => {
    const headers = { authorization: `Bearer ${good},Bearer ${good}` };
    const running = start({ answers: "simple" });
    expect(await running.handler(httpRequest({ headers }))).toEqual({ isAuthorized: false });
    expect(running.decision.Reason).toBe("token_missing");
  });

  it("of payload 1.0 is answered like a REST API's", async () => {
    const event = {
      version: "1.0",
      type: "REQUEST",
      methodArn: `${stageArn}/GET/orders`,
      identitySource: `Bearer ${good}`,
      authorizationToken: `Bearer ${good}`,
      headers: { Authorization: `Bearer ${good}` },
    };
    expect(await start().answer(event)).toEqual([200, "allowed"]);
    expect(await start().answer({ ...event, headers: {} })).toEqual([401, "token_missing"]);
  });
});

describe("the request behind an event", () => {
  it.each<[string, string, string, keyof typeof statuses]>([
    [
      "an HTTP API's default stage",
      "arn:aws:execute-api:eu-west-1:123456789012:abc/$default",
      "GET /orders",
      "allowed",
    ],
    ["China", "arn:aws-cn:execute-api:cn-north-1:123456789012:abc/prod", "GET /orders", "allowed"],
    ["GovCloud", "arn:aws-us-gov:execute-api:us-gov-west-1:123456789012:abc/prod", "GET /orders", "allowed"],
    ["another stage", "arn:aws:execute-api:us-east-1:123456789012:abc/test", "GET /orders", "allowed"],
    [
      "a stage named like a path",
      "arn:aws:execute-api:us-east-1:123456789012:abc/orders",
      "GET /me",
      "allowed",
    ],
    [
      "the test console's stage",
      "arn:aws:execute-api:us-east-1:123456789012:abc/test-invoke-stage",
      "POST /orders",
      "allowed",
    ],
    ["a deeper path", stageArn, "DELETE /orders/1", "insufficient_scope"],
    ["a method without a route", stageArn, "PUT /orders", "insufficient_scope"],
    ["a path that holds colons and line ends", stageArn, "GET /a:b\nc", "insufficient_scope"],
    ["the root, which has no route", stageArn, "GET /", "insufficient_scope"],
  ])("is known on %s", async (_, stage, request, reason) => {
    const running = start();
    const event = {
      type: "TOKEN",
      methodArn: `${stage}/${request.replace(" ", "")}`,
      authorizationToken: `Bearer ${good}`,
    };
    const { policyDocument } = policyAnswer(await running.handler(event));
    expect(isAllowed(policyDocument, event.methodArn)).toBe(reason === "allowed");
    expect(running.decision).toMatchObject({
      Reason: reason,
      method: request.split(" ")[0],
      path: request.slice(request.indexOf(" ") + 1),
    });
  });

  it("is allowed on its own API and stage only", async () => {
    const { policyDocument } = policyAnswer(await start().handler(restEvent(`Bearer ${good}`)));
    const allowed = (arn: string) => isAllowed(policyDocument, arn);
    expect(allowed("arn:aws:execute-api:eu-west-1:123456789012:abc123def4/prod/GET/orders")).toBe(true);
    expect(allowed("arn:aws:execute-api:eu-west-1:123456789012:abc123def4/test/GET/orders")).toBe(false);
    expect(allowed("arn:aws:execute-api:eu-west-1:123456789012:other/prod/GET/orders")).toBe(false);
    expect(allowed("arn:aws-cn:execute-api:eu-west-1:123456789012:abc123def4/prod/GET/orders")).toBe(false);
  });
});

describe("an event of anything else", () => {
  const authorizationToken = `Bearer ${good}`;
  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a text", "event"],
    ["a list", []],
    ["an empty object", {}],
    ["another type", { type: "SQS", methodArn: `${stageArn}/GET/orders`, authorizationToken }],
    ["no ARN", { type: "TOKEN", authorizationToken }],
    ["no token member", { type: "TOKEN", methodArn: `${stageArn}/GET/orders` }],
    [
      "another service's ARN",
      { type: "TOKEN", methodArn: "arn:aws:s3:::bucket/prod/GET/a", authorizationToken },
    ],
    ["an ARN without method", { type: "TOKEN", methodArn: stageArn, authorizationToken }],
    ["a wildcard for an API", { type: "TOKEN", methodArn: "arn:aws:execute-api:*", authorizationToken }],
    ["a list for an ARN", { type: "TOKEN", methodArn: [`${stageArn}/GET/orders`], authorizationToken }],
    [
      "payload 2.0 with a methodArn only",
      { version: "2.0", type: "REQUEST", methodArn: `${stageArn}/GET/a` },
    ],
  ])("fails as our own fault, never as the caller's: %s", async (_, event) => {
    const running = start();
    await expect(running.handler(event)).rejects.toThrow(/^event_unknown$/);
    expect(running.decision.Reason).toBe("event_unknown");
    expect(statuses.event_unknown).toBe(500);
  });
});
