// Each policy by itself; test/e2e/pull-request.test.ts runs the pack on the real engine.
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import type { CustomerDeclaration } from "../../src/customers/load-customers";
import { singleBackend } from "../../src/gateway/backends/backend";
import { renderHttpApiBody } from "../../src/gateway/http/http-api-body";
import { renderRestApiBody } from "../../src/gateway/rest/rest-api-body";
import { loadDocument } from "../../src/openapi/load-document";
import { operationsOf } from "../../src/policy/gateway-operations";
import { grantedScopes, protectedCustomers } from "../../src/policy/protected-customers";
import { publicRoutes } from "../../src/policy/public-routes";
import { reported, reportedOf, resource } from "../../testing/reported";

type Status = CustomerDeclaration["status"];

interface Given {
  status?: Status;
  closing?: string[];
  protect?: boolean;
  scopes?: string[];
}

/** The resources of a customer "acme" with a client "ci". */
function customer({ status = "active", closing = [], protect = true, scopes = ["read:orders"] }: Given) {
  const parent = resource({
    type: "customers-as-code:auth0:Customer",
    name: "acme",
    props: { status, closing },
  });
  const opts = { ...parent.opts, protect };
  return [
    parent,
    resource({ type: "auth0:index/organization:Organization", name: "acme", parent, opts }),
    resource({ type: "auth0:index/client:Client", name: "acme/ci", parent, opts }),
    resource({
      type: "auth0:index/clientGrant:ClientGrant",
      name: "acme/ci",
      parent,
      opts,
      props: { scopes },
    }),
    // The portal's, which is nobody's customer.
    resource({ type: "auth0:index/client:Client", name: "portal" }),
    resource({ type: "auth0:index/clientGrant:ClientGrant", name: "portal", props: { scopes: [] } }),
  ];
}

const unprotected = [
  "The organization of customer acme is not protected.",
  "The client acme/ci is not protected.",
];

const protections: [given: Given, violations: string[]][] = [
  [{}, []],
  [{ protect: false }, unprotected],
  [{ protect: false, status: "suspended" }, unprotected],
  [{ protect: false, status: "closing" }, []],
  [{ protect: false, closing: ["ci"] }, unprotected.slice(0, 1)],
  [{ protect: false, closing: ["i"] }, unprotected],
  // The client "ci" of another rotation.
  [{ protect: false, closing: ["ci/2"] }, unprotected],
];

test.each(protections)("of %p, protection is demanded of %p", async (given, violations) => {
  expect(await reported(protectedCustomers, customer(given))).toEqual(violations);
});

test("a client whose secret has been rotated is known by its rotation too", async () => {
  const [parent] = customer({ closing: ["ci/2"] });
  const client = (name: string) => resource({ type: "auth0:index/client:Client", name, parent });
  const resources = ["acme/ci/2", "acme/ci/3", "acme/ci", "acme/2"].map(client);
  expect(await reported(protectedCustomers, resources)).toEqual([
    "The client acme/ci/3 is not protected.",
    "The client acme/ci is not protected.",
    "The client acme/2 is not protected.",
  ]);
});

const grants: [given: Given, violations: string[]][] = [
  [{}, []],
  [{ scopes: [] }, ["The client acme/ci has no scope."]],
  [{ scopes: [], status: "suspended" }, ["The client acme/ci has no scope."]],
  [{ scopes: [], status: "closing" }, []],
];

test.each(grants)("of %p, scopes are demanded of %p", async (given, violations) => {
  expect(await reported(grantedScopes, customer(given))).toEqual(violations);
});

const { api } = loadDocument("openapi.yaml", ["GET /health"]);
const backends = singleBackend("https://backend.example.com");
const authorizerUri = "arn:aws:apigateway:::authorizer";
const bodies: [type: string, body: string][] = [
  [
    "aws:apigateway/restApi:RestApi",
    renderRestApiBody(api, { authorizerUri, authorizerCacheSeconds: 60, backends }),
  ],
  [
    "aws:apigatewayv2/api:Api",
    renderHttpApiBody(api, {
      backends,
      authorizer: { kind: "lambda", uri: authorizerUri, cacheSeconds: 60 },
    }),
  ],
];

describe.each(bodies)("%s", (type, body) => {
  it("has the document's operations, of which one is public", () => {
    const operations = operationsOf(body);
    expect(operations.map(({ route }) => route).sort()).toEqual(
      api.operations.map(({ method, path }) => `${method} ${path}`).sort(),
    );
    expect(operations.filter(({ isPublic }) => isPublic)).toEqual([{ route: "GET /health", isPublic: true }]);
  });

  it("may have the public routes that are allowed, and no other", async () => {
    expect(await reportedOf(type, body, ["GET /health"])).toEqual([]);
    expect(await reportedOf(type, body, ["POST /health"])).toEqual([
      "GET /health is public, and not allowed to be.",
    ]);
  });

  it("is refused without a body", async () => {
    expect(await reportedOf(type, undefined, ["GET /health"])).toHaveLength(1);
  });
});

test("a public route is the same whatever API Gateway calls its parameters", async () => {
  const body = '{"paths":{"/users/{id}/avatar":{"get":{}}}}';
  const type = "aws:apigateway/restApi:RestApi";
  expect(await reportedOf(type, body, ["GET /users/{userId}/avatar"])).toEqual([]);
  expect(await reportedOf(type, body, ["GET /users/{userId+}/avatar", "GET /users/avatar"])).toHaveLength(1);
});

test("an operation whose security is left out is public", () => {
  expect(operationsOf('{"paths":{"/a":{"get":{}}}}')).toEqual([{ route: "GET /a", isPublic: true }]);
});

test("other resources have no routes", async () => {
  expect(await reportedOf("aws:apigateway/stage:Stage", undefined, [])).toEqual([]);
});

describe("the pack", () => {
  const files = [...readdirSync("packages/customers-as-code/src/policy")].filter((name) =>
    /\.[jt]s$/.test(name),
  );
  const texts = files.map((name) => readFileSync(`packages/customers-as-code/src/policy/${name}`, "utf8"));

  it("imports nothing from beyond its folder, so that it can be published", () => {
    const packages = Object.keys(
      JSON.parse(readFileSync("packages/customers-as-code/policy/package.json", "utf8")).dependencies,
    );
    for (const [, from = ""] of texts.join("").matchAll(/(?:from |require\()"([^"]+)"/g)) {
      const [name = ""] = /^(@[^/]+\/)?[^/]+/.exec(from) ?? [];
      expect(from.startsWith("./") || packages.includes(name)).toBe(true);
    }
  });

  it("has the packages that the project has", () => {
    const { dependencies, peerDependencies } = JSON.parse(
      readFileSync("packages/customers-as-code/package.json", "utf8"),
    );
    expect({ ...dependencies, ...peerDependencies }).toMatchObject(
      JSON.parse(readFileSync("packages/customers-as-code/policy/package.json", "utf8")).dependencies,
    );
  });

  it("says in each policy's description how to satisfy it", () => {
    for (const { description } of [protectedCustomers, grantedScopes, publicRoutes]) {
      expect(description).toMatch(/\. (Set|Give|Only) .*\.$/);
    }
    expect(parse(readFileSync("packages/customers-as-code/policy/PulumiPolicy.yaml", "utf8"))).toMatchObject({
      runtime: "nodejs",
    });
  });
});
