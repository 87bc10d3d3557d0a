// Custom domain names: which API a host name and a base path lead to, and what is left of both.
import type { Properties } from "../../../src/engine/provider";
import { type Backend, call, Fixture, proxied, startBackend } from "../../../testing/fixture";
import { httpProxied } from "../../../testing/http-fixture";

let fixture: Fixture;
let backend: Backend;
const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/1a2b";

beforeAll(async () => {
  fixture = await Fixture.start();
  backend = await startBackend();
});

afterAll(async () => {
  await fixture.close();
  await backend.close();
});

/** Asks the gateway for a path, under a host name. */
const ask = (host: string, path: string) => call(`${fixture.aws.url}${path}`, { headers: { Host: host } });

// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
describe("the name of a REST API", () => {
  const host = "rest.example.com";
  const log = "$context.requestId $context.domainName $context.path $context.stage";
  let lines: () => Promise<string[]>;
  let api: Properties;

  beforeAll(async () => {
    const accessLog = await fixture.accessLog(log);
    ({ lines } = accessLog);
    const paths = {
      "/orders": { get: proxied(`${backend.url}/orders`) },
      "/v1": { get: proxied(`${backend.url}/v1`) },
    };
    const { restApi, stage } = await fixture.deploy({ openapi: "3.0.1", paths }, accessLog.settings);
    api = { restApi: restApi.id, stageName: stage.inputs.stageName };
    await fixture.create("apigateway/domainName", {
      domainName: host,
      regionalCertificateArn: certificateArn,
      endpointConfiguration: { types: "REGIONAL" },
      securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09",
      endpointAccessMode: "STRICT",
    });
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
  it("serves nothing before an API is mapped to it", async () => {
    expect(await ask(host, "/orders")).toMatchObject({ status: 403, json: { message: "Forbidden" } });
  });

  it("serves the mapped stage, whose name is not in the path", async () => {
    const mapping = await fixture.create("apigateway/basePathMapping", { domainName: host, ...api });
    expect((await ask(host, "/orders?a=1")).json).toMatchObject({ url: "/orders?a=1" });
    expect((await ask(`${host}:443`, "/v1")).json).toMatchObject({ url: "/v1" });
    expect((await lines()).at(-1)).toMatch(/ rest\.example\.com \/v1 v1$/);
    await fixture.aws.provider.delete("aws:apigateway/basePathMapping:BasePathMapping", mapping.id, {});
  });

  it("takes the base path away before the route is sought, and has it in the log", async () => {
    await fixture.create("apigateway/basePathMapping", { domainName: host, basePath: "shop", ...api });
    expect((await ask(host, "/shop/orders")).json).toMatchObject({ url: "/orders" });
    expect((await lines()).at(-1)).toMatch(/ rest\.example\.com \/shop\/orders v1$/);
    for (const path of ["/orders", "/shopping/orders", "/"]) {
      expect(await ask(host, path)).toMatchObject({ status: 403, json: { message: "Forbidden" } });
    }
  });

  it("is the only way to an API whose default endpoint is off", async () => {
    const { url } = fixture.aws;
    const at = `${url}/${api.restApi}/${api.stageName}/orders`;
    expect((await call(at)).status).toBe(200);
    const paths = { "/orders": { get: proxied(`${backend.url}/orders`) } };
    const restApi = await fixture.create("apigateway/restApi", {
      body: JSON.stringify({ openapi: "3.0.1", paths }),
      disableExecuteApiEndpoint: true,
    });
    const deployment = await fixture.create("apigateway/deployment", { restApi: restApi.id });
    const stage = { restApi: restApi.id, stageName: "v2" };
    await fixture.create("apigateway/stage", { ...stage, deployment: deployment.id });
    await fixture.create("apigateway/basePathMapping", { domainName: host, basePath: "closed", ...stage });
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html
    const forbidden = { status: 403, json: { message: "Forbidden" } };
    expect(await call(`${url}/${restApi.id}/v2/orders`)).toMatchObject(forbidden);
    const own = `${restApi.id}.execute-api.eu-central-1.amazonaws.com`;
    expect(await ask(own, "/v2/orders")).toMatchObject(forbidden);
    expect((await ask(host, "/closed/orders")).status).toBe(200);
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-update.html
  it("leaves its API closed when it goes, unless the program opens it and says which TLS it takes", async () => {
    const paths = { "/orders": { get: proxied(`${backend.url}/orders`) } };
    const named = await fixture.create("apigateway/restApi", {
      body: JSON.stringify({ openapi: "3.0.1", paths }),
      disableExecuteApiEndpoint: true,
      securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09",
      endpointAccessMode: "STRICT",
    });
    const deployment = await fixture.create("apigateway/deployment", { restApi: named.id });
    const stage = await fixture.create("apigateway/stage", {
      restApi: named.id,
      deployment: deployment.id,
      stageName: "v1",
    });
    const unsaid = { disableExecuteApiEndpoint: undefined, endpointAccessMode: undefined };
    await expect(
      fixture.update("apigateway/restApi", named, { ...unsaid, securityPolicy: undefined }),
    ).rejects.toThrow(/BadRequestException: Endpoint access mode is required/);
    const statusAfter = async (description: string) => {
      await fixture.update("apigateway/stage", stage, { description });
      return (await call(`${fixture.aws.url}/${named.id}/v1/orders`)).status;
    };
    const older = await fixture.update("apigateway/restApi", named, { ...unsaid, securityPolicy: "TLS_1_2" });
    expect(await statusAfter("older")).toBe(403);
    const opened = { securityPolicy: undefined, disableExecuteApiEndpoint: false };
    const { outputs } = await fixture.update("apigateway/restApi", older, opened);
    expect(outputs).toMatchObject({ securityPolicy: "TLS_1_2", disableExecuteApiEndpoint: false });
    expect(await statusAfter("opened")).toBe(200);
  });

  // https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteDomainName.html
  it("goes with its mappings", async () => {
    await fixture.aws.provider.delete("aws:apigateway/domainName:DomainName", host, {});
    expect(fixture.aws.account.list("aws:apigateway/basePathMapping:BasePathMapping")).toEqual([]);
  });
});

// A function's event has the base path, but neither the route nor what an authorizer is asked has it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html has the path and the requestContext.path apart,
// but no example behind a base path. Recorded: the path has it; the method's ARN doesn't (StackOverflow 77098182).
describe("events of a REST API behind a base path", () => {
  it("have it in their paths, and not in the method's ARN", async () => {
    const fn = await fixture.function(
      "export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });",
    );
    await fixture.permit(String(fn.inputs.name), "arn:aws:execute-api:*:*:*/*");
    const integration = { type: "aws_proxy", httpMethod: "POST", uri: fn.outputs.invokeArn };
    const paths = { "/orders": { get: proxied("", integration) } };
    const { restApi } = await fixture.deploy({ openapi: "3.0.1", paths });
    const host = "events.example.com";
    await fixture.create("apigateway/domainName", {
      domainName: host,
      regionalCertificateArn: certificateArn,
      endpointConfiguration: { types: "REGIONAL" },
    });
    const mapping = { domainName: host, basePath: "shop", restApi: restApi.id, stageName: "v1" };
    await fixture.create("apigateway/basePathMapping", mapping);
    expect((await ask(host, "/shop/orders")).json).toMatchObject({
      resource: "/orders",
      path: "/shop/orders",
      requestContext: { path: "/shop/orders", stage: "v1", domainName: host, domainPrefix: "events" },
    });
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mappings.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-disable-default-endpoint.html
describe("the name of an HTTP API", () => {
  const host = "http.example.com";

  beforeAll(async () => {
    const paths = {
      "/orders": { get: httpProxied(`${backend.url}/orders`) },
      "/orders/{id}": { get: httpProxied(`${backend.url}/one`) },
    };
    const servers = [
      { url: "/", "x-amazon-apigateway-endpoint-configuration": { disableExecuteApiEndpoint: true } },
    ];
    const body = JSON.stringify({ openapi: "3.0.1", servers, paths });
    const api = await fixture.create("apigatewayv2/api", {
      protocolType: "HTTP",
      body,
      disableExecuteApiEndpoint: true,
    });
    await fixture.create("apigatewayv2/stage", { apiId: api.id, name: "v1", autoDeploy: true });
    await fixture.create("apigatewayv2/domainName", {
      domainName: host,
      domainNameConfiguration: { certificateArn, endpointType: "REGIONAL", securityPolicy: "TLS_1_2" },
    });
    const mapping = { apiId: api.id, domainName: host, stage: "v1" };
    await fixture.create("apigatewayv2/apiMapping", { ...mapping, apiMappingKey: "shop" });
    await fixture.create("apigatewayv2/apiMapping", { ...mapping, apiMappingKey: "shop/orders" });
    apiId = api.id;
  });
  let apiId: string;

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mappings.html
  it("serves the stage of the longest base path that fits", async () => {
    expect((await ask(host, "/shop/orders/7")).status).toBe(404);
    expect((await ask(host, "/shop/orders/orders")).json).toMatchObject({ url: "/orders" });
    expect(await ask(host, "/orders")).toMatchObject({ status: 403, json: { message: "Forbidden" } });
  });

  // https://repost.aws/knowledge-center/api-gateway-disable-endpoint: 403 of REST APIs, and 404 of HTTP APIs.
  it("is the only way to an API whose default endpoint is off", async () => {
    expect(await call(`${fixture.aws.url}/${apiId}/v1/orders`)).toMatchObject({
      status: 404,
      json: { message: "Not Found" },
    });
  });
});
