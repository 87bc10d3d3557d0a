// Private integrations, of both kinds of API.
import type { Properties } from "../../../src/engine/provider";
import { type Backend, type Created, call, Fixture, proxied, startBackend } from "../../../testing/fixture";
import { deployHttp, httpProxied } from "../../../testing/http-fixture";

const arn = (resource: string) => `arn:aws:elasticloadbalancing:eu-central-1:123456789012:${resource}`;
const application = arn("loadbalancer/app/orders/0a1b");
const network = arn("loadbalancer/net/orders/0a1b");
const listener = arn("listener/app/orders/0a1b/2c3d");

let fixture: Fixture;
let backend: Backend;
let link: Created;

beforeAll(async () => {
  backend = await startBackend();
  const reachable = [application, network, listener];
  fixture = await Fixture.start({
    loadBalancer: (target) => (reachable.includes(target) ? backend.url : undefined),
  });
  link = await fixture.create("apigatewayv2/vpcLink", { subnetIds: ["subnet-0a"], securityGroupIds: [] });
});

afterAll(async () => {
  await fixture.close();
  await backend.close();
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html
describe("in a REST API", () => {
  const deploy = (integrationTarget: string, integration: Properties = {}) =>
    fixture.deploy({
      openapi: "3.0.1",
      paths: {
        "/orders": {
          get: proxied("http://orders.internal:8080/base/orders", {
            connectionType: "VPC_LINK",
            connectionId: link.id,
            integrationTarget,
            ...integration,
          }),
        },
      },
    });

  it.each([application, network])("leads to %s, with the URI's host and path", async (target) => {
    const { url } = await deploy(target);
    const { status, json } = await call(`${url}/orders?page=2`);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      url: "/base/orders?page=2",
      headers: { host: "orders.internal:8080" },
    });
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
  it("answers 504 where nothing is behind the load balancer", async () => {
    const { url } = await deploy(arn("loadbalancer/app/nobody/0a1b"));
    expect((await call(`${url}/orders`)).status).toBe(504);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
describe("in an HTTP API", () => {
  const deploy = (uri: string, requestParameters: Properties = {}) =>
    deployHttp(fixture, {
      openapi: "3.0.1",
      paths: {
        "/orders/{id}": {
          get: httpProxied(uri, {
            connectionType: "VPC_LINK",
            connectionId: link.id,
            tlsConfig: { serverNameToVerify: "orders.internal" },
            requestParameters,
          }),
        },
      },
    });

  it("leads to the listener, with the stage's name in the path", async () => {
    const { url } = await deploy(listener);
    expect((await call(`${url}/orders/7?page=2`)).json).toMatchObject({ url: "/v1/orders/7?page=2" });
  });

  it("leaves that out where the path is overwritten", async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is API Gateway's variable
    const { url } = await deploy(listener, { "overwrite:path": "/base${request.path}" });
    expect((await call(`${url}/orders/a%20b?page=2`)).json).toMatchObject({
      url: "/base/orders/a%20b?page=2",
    });
  });

  it("answers 503 where nothing is behind the listener", async () => {
    const { url } = await deploy(arn("listener/app/nobody/0a1b/2c3d"));
    expect((await call(`${url}/orders/7`)).status).toBe(503);
  });
});
