import { compileConfig, compileRoutes } from "../../../../../authorizer/build/compile";
import { renderAuthorizerConfig } from "../../../src/gateway/authorizer/authorizer-config";
import { listAuthorizedRoutes, type Operation } from "../../../src/openapi/document";

const operation = (method: string, path: string, security: string[][]): Operation => ({
  method,
  path,
  pathParameters: [],
  security,
});

const operations = [
  operation("GET", "/orders", [["read:orders"]]),
  operation("GET", "/health", []),
  operation("DELETE", "/orders/{orderId}", [["write:orders", "read:orders"], ["admin:orders"]]),
  operation("GET", "/me", [[]]),
];
const api = { title: "Orders", routes: compileRoutes(listAuthorizedRoutes(operations)) };
const issuer = "https://example.eu.auth0.com/";
const audience = "https://api.example.com/";
const jwks = { keys: [{ kid: "a", kty: "RSA", n: "AQ", e: "AQAB" }] };
const args = { api, issuer, audience, jwks, suspended: [] };

describe("the authorizer's settings", () => {
  it("are the operations that need a token, and their scopes as in the document", () => {
    expect(listAuthorizedRoutes(operations)).toEqual([
      { method: "GET", path: "/orders", scopes: [["read:orders"]] },
      {
        method: "DELETE",
        path: "/orders/{orderId}",
        scopes: [["write:orders", "read:orders"], ["admin:orders"]],
      },
      { method: "GET", path: "/me", scopes: [[]] },
    ]);
  });

  it("have the routes as the document's reader compiled them", () => {
    const config = renderAuthorizerConfig(args);
    expect(config.routes).toBe(api.routes);
    expect(compileConfig(config)).toMatchObject({ patterns: api.routes.patterns, denied: api.routes.denied });
  });

  it("trust the tenant alone, with the keys as they were at the deployment", () => {
    expect(renderAuthorizerConfig(args).issuers).toEqual([{ kind: "auth0", issuer, audience, jwks }]);
  });

  it("name the metrics after the API", () => {
    expect(renderAuthorizerConfig(args).name).toBe("Orders");
  });

  it("let any organization of the tenant call, for the portal makes some that no file declares", () => {
    expect(renderAuthorizerConfig(args).organizations).toBe("any");
  });

  it("suspend organizations in the order of their ids, and change nobody's list", () => {
    const suspended = ["org_b", "org_B", "org_a"];
    expect(renderAuthorizerConfig({ ...args, suspended }).suspended).toEqual({
      organizations: ["org_B", "org_a", "org_b"],
      clients: [],
      tokens: [],
    });
    expect(suspended).toEqual(["org_b", "org_B", "org_a"]);
  });

  it("are the same bytes whatever the order of the files, so that nothing is deployed again", () => {
    const render = (suspended: string[]) => JSON.stringify(renderAuthorizerConfig({ ...args, suspended }));
    expect(render(["org_b", "org_a"])).toBe(render(["org_a", "org_b"]));
  });

  it("name the live list of suspensions where there is one, and leave its ages to the authorizer", () => {
    const suspensionsParameter = "/orders/suspensions";
    expect(renderAuthorizerConfig({ ...args, suspensionsParameter }).liveSuspensions).toEqual({
      kind: "ssm",
      name: suspensionsParameter,
    });
    expect(renderAuthorizerConfig(args)).not.toHaveProperty("liveSuspensions");
  });

  it("leave ages and tolerances to the authorizer", () => {
    const names = ["audience", "issuers", "name", "organizations", "routes", "suspended"];
    expect(names).toEqual(expect.arrayContaining(Object.keys(renderAuthorizerConfig(args))));
  });

  it("are such that the authorizer takes them", () => {
    const { routes } = compileConfig(renderAuthorizerConfig(args));
    expect(routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      "DELETE /orders/{orderId}",
      "GET /me",
      "GET /orders",
    ]);
  });
});
