// Every kind of backend in every kind of API, as the program renders it, called by a client that lies about who it is.

import { audience, issuer, makeKey, now, token } from "../../../../../authorizer/testing/tokens";
import { organizationOf } from "../../../../../docs/snippets/caller";
import type { Backends } from "../../../../customers-as-code/src/gateway/backends/backend";
import { renderHttpApiBody } from "../../../../customers-as-code/src/gateway/http/http-api-body";
import { renderRestApiBody } from "../../../../customers-as-code/src/gateway/rest/rest-api-body";
import type { ApiDocument, Operation } from "../../../../customers-as-code/src/openapi/document";
import {
  type Answer,
  type Backend,
  type Created,
  call,
  Fixture,
  startBackend,
} from "../../../testing/fixture";
import { deployHttp } from "../../../testing/http-fixture";
import { authorizerCode, wish } from "../../../testing/wishes";

const loadBalancer = (kind: string) =>
  `arn:aws:elasticloadbalancing:eu-central-1:123456789012:${kind}/app/orders/0a1b2c3d4e5f6071`;

const names = ["default", "service", "vpc", "fn"];

/** Of each backend `/NAME/{id}`, which demands a token, and `/NAME/public`, which does not. */
const operations = (backends: readonly string[]): Operation[] =>
  backends.flatMap((name) => [
    {
      method: "POST",
      path: `/${name}/{id}`,
      pathParameters: ["id"],
      security: [[]],
      ...(name !== "default" && { backend: { name } }),
    },
    { method: "POST", path: `/${name}/public`, pathParameters: [], security: [], backend: { name } },
  ]);
const api = (backends: readonly string[]): ApiDocument => ({
  title: "Orders",
  version: "1",
  scopes: {},
  operations: operations(backends),
});

type Mode = "rest" | "http" | "jwt";
const urls = new Map<string, string>();
let fixture: Fixture;
let backend: Backend;
let fn: Created;

/** Answers with its event. */
const functionCode =
  "export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });";
const key = makeKey("key-1");

beforeAll(async () => {
  backend = await startBackend();
  fixture = await Fixture.start({
    loadBalancer: () => backend.url,
    clock: () => now * 1000,
    fetchIssuer: async (url) =>
      Response.json(
        String(url).endsWith("/openid-configuration")
          ? { issuer, jwks_uri: `${issuer}.well-known/jwks.json` }
          : { keys: [key.jwk] },
      ),
  });
  const authorizer = await fixture.function(authorizerCode);
  await fixture.permit(authorizer.id, "arn:aws:execute-api:*:*:*/authorizers/*");
  fn = await fixture.function(functionCode, { name: "orders" });
  await fixture.permit(fn.id, "arn:aws:execute-api:*:*:*/v1/*");
  const link = await fixture.create("apigatewayv2/vpcLink", {
    subnetIds: ["subnet-0a1b"],
    securityGroupIds: [],
  });

  const backends: Backends = {
    default: { kind: "http", url: backend.url },
    service: { kind: "http", url: `${backend.url}/base` },
    vpc: {
      kind: "vpcLink",
      url: "http://orders.internal/base",
      loadBalancerArn: loadBalancer("loadbalancer"),
      listenerArn: `${loadBalancer("listener")}/1a2b`,
    },
    fn: { kind: "lambda", functionArn: String(fn.outputs.arn) },
    mock: { kind: "mock", statusCode: 202, body: { state: "$planned" } },
  };
  const behind = { backends, vpcLinkIds: { vpc: link.id } };
  const uri = String(authorizer.outputs.invokeArn);
  const rest = renderRestApiBody(api([...names, "mock"]), {
    ...behind,
    authorizerUri: uri,
    authorizerCacheSeconds: 0,
  });
  urls.set("rest", (await fixture.deploy(JSON.parse(rest))).url);
  for (const [mode, checkedBy] of [
    ["http", { kind: "lambda", uri, cacheSeconds: 0 }],
    ["jwt", { kind: "jwt", issuer, audience }],
  ] as const) {
    const body = renderHttpApiBody(api(names), { ...behind, authorizer: checkedBy });
    urls.set(mode, (await deployHttp(fixture, JSON.parse(body))).url);
  }
});

afterAll(async () => {
  await fixture.close();
  await backend.close();
});

const context = { org_id: "org_1", client_id: "client_1", scopes: "read:orders" };
/** In several ways of writing, as a client might try. */
const lies = [
  ["X-Org-Id", "org_forged"],
  ["x-org-id", "org_forged2"],
  ["X-CLIENT-ID", "client_forged"],
  ["x-Scopes", "scopes_forged"],
].flat();

function lie(mode: Mode, path: string, headers: string[] = []): Promise<Answer> {
  const bearer = mode === "jwt" ? `Bearer ${token(key)}` : `${wish({ context })}.e30.c2ln`;
  const sent = ["Host", "api.example", "Authorization", bearer, ...lies, ...headers];
  return call(`${urls.get(mode)}${path}`, { method: "POST", headers: sent, body: "{}" });
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
describe.each([
  ["a service", "default", "/default/7"],
  ["a named service", "service", "/base/service/7"],
  ["a service in a VPC", "vpc", "/base/vpc/7"],
])("%s", (_title, name, target) => {
  it.each<Mode>(["rest", "http"])(
    "behind %s gets the caller's identity, whatever the caller says",
    async (mode) => {
      const { status, text, json } = await lie(mode, `/${name}/7`);
      expect(status).toBe(200);
      expect(json).toMatchObject({
        url: target,
        headers: { "x-org-id": "org_1", "x-client-id": "client_1", "x-scopes": "read:orders" },
      });
      expect(text).not.toContain("forged");
    },
  );

  it("behind jwt learns it of the token alone, since the caller's words are removed", async () => {
    const { status, text, json } = await lie("jwt", `/${name}/7`);
    expect({ status, url: json.url }).toEqual({ status: 200, url: target });
    expect(text).not.toMatch(/forged|x-org-id/i);
  });

  it.each<Mode>(["rest", "http", "jwt"])(
    "behind %s learns that nobody calls a public operation",
    async (mode) => {
      const { text, json } = await lie(mode, `/${name}/public`);
      expect(json.headers).toMatchObject({ "x-org-id": "-", "x-client-id": "-", "x-scopes": "-" });
      expect(text).not.toContain("forged");
    },
  );
});

describe("a function", () => {
  // "... passes the entire client request": https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
  it("behind rest reads the authorizer's context, since the headers are the caller's own", async () => {
    const { json } = await lie("rest", "/fn/7");
    const { headers, requestContext } = json as Record<string, Record<string, unknown>>;
    expect(requestContext?.authorizer).toMatchObject(context);
    expect(JSON.stringify(requestContext)).not.toContain("forged");
    expect(headers).toMatchObject({ "x-org-id": "org_forged2" });
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
  it("behind rest has no authorizer in the event of a public operation", async () => {
    const { json } = await lie("rest", "/fn/public");
    expect(json.requestContext).not.toHaveProperty("authorizer");
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
  it("behind http has both, the context and the overwritten headers", async () => {
    const { text, json } = await lie("http", "/fn/7");
    expect(json).toMatchObject({
      headers: { "x-org-id": "org_1", "x-client-id": "client_1", "x-scopes": "read:orders" },
      requestContext: { authorizer: { lambda: context } },
    });
    expect(text).not.toContain("forged");
    expect((await lie("http", "/fn/public")).json).toMatchObject({ headers: { "x-org-id": "-" } });
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
  it("behind jwt reads the token's claims", async () => {
    const { text, json } = await lie("jwt", "/fn/7");
    expect(json).toMatchObject({ requestContext: { authorizer: { jwt: { claims: { iss: issuer } } } } });
    expect(text).not.toContain("forged");
  });
});

// AWS says of REST APIs that header names are "processed in a case-sensitive way", which may be meant of this too:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
describe.each(["in any case", "by case"] as const)(
  "a service behind rest, with headers %s",
  (headerNames) => {
    let own: Fixture;
    let service: Backend;
    let url: string;

    beforeAll(async () => {
      own = await Fixture.start({ headerNames });
      // Reads who calls as docs/reference/gateway.md has it.
      service = await startBackend((request, response) => {
        const { rawHeaders } = request;
        const organization = organizationOf(request) ?? "refused";
        response.end(JSON.stringify({ organization, rawHeaders }));
      });
      const authorizer = await own.function(authorizerCode);
      await own.permit(authorizer.id, "arn:aws:execute-api:*:*:*/authorizers/*");
      const body = renderRestApiBody(api(["default"]), {
        backends: { default: { kind: "http", url: service.url } },
        authorizerUri: String(authorizer.outputs.invokeArn),
        authorizerCacheSeconds: 0,
      });
      ({ url } = await own.deploy(JSON.parse(body)));
    });

    afterAll(async () => {
      await own.close();
      await service.close();
    });

    async function ask(path: string, header: string[]) {
      const sent = ["Host", "api.example", "Authorization", `${wish({ context })}.e30.c2ln`, ...header];
      const { json } = await call(url + path, { method: "POST", headers: sent, body: "{}" });
      const { organization, rawHeaders } = json as { organization: string; rawHeaders: string[] };
      const values = rawHeaders.flatMap((name, at) => (name === "X-Org-Id" ? [rawHeaders[at + 1]] : []));
      return { organization, values };
    }

    it.each([
      ["/default/7", "org_1"],
      ["/default/public", "-"],
    ])(
      "learns at %s of nobody but whom the gateway names, or sees that there is a lie",
      async (path, truth) => {
        expect(await ask(path, [])).toEqual({ organization: truth, values: [truth] });
        for (const name of ["X-Org-Id", "x-org-id", "X-ORG-ID"]) {
          const { organization, values } = await ask(path, [name, "org_forged"]);
          // What the gateway says is always there, in its own spelling.
          expect(values).toEqual([truth]);
          const isSeen = headerNames === "by case" && name !== "X-Org-Id";
          expect([name, organization]).toEqual([name, isSeen ? "refused" : truth]);
        }
      },
    );
  },
);

// Recorded: API Gateway lets it through (aws/aws-sam-cli#1860, the event of a deployed API); its pages say nothing of underscores.
// CGI, WSGI and PHP take the two names for one; so such a service must drop the other before it looks.
it.each<Mode>(["rest", "http", "jwt"])(
  "a service behind %s gets a caller's X_Org_Id, which is another header",
  async (mode) => {
    const { headers } = (await lie(mode, "/default/7", ["X_Org_Id", "org_underlined"])).json;
    expect(headers).toMatchObject({ x_org_id: "org_underlined" });
    if (mode !== "jwt") expect(headers).toMatchObject({ "x-org-id": "org_1" });
  },
);

// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
describe("a mock", () => {
  it("answers by itself, and nothing that the caller sends is in it", async () => {
    const { status, json, text } = await lie("rest", "/mock/7");
    expect({ status, json }).toEqual({ status: 202, json: { state: "$planned" } });
    expect(text).not.toContain("forged");
    expect((await lie("rest", "/mock/public")).status).toBe(202);
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
  it("answers 415 to a body that is no JSON", async () => {
    expect((await lie("rest", "/mock/7", ["Content-Type", "text/plain"])).status).toBe(415);
    expect((await lie("rest", "/mock/7", ["Content-Type", "application/json; charset=utf-8"])).status).toBe(
      202,
    );
  });

  it("demands a token where the operation does", async () => {
    expect((await call(`${urls.get("rest")}/mock/7`, { method: "POST" })).status).toBe(401);
  });
});
