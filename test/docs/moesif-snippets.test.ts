// The snippets of docs/how-to/moesif.md, with what the local gateway gives a backend in each kind of API.

import { authorizerFiles } from "../../authorizer/build/bundle";
import { compileRoutes } from "../../authorizer/build/compile";
import { audience, issuer, makeKey, token } from "../../authorizer/testing/tokens";
import { moesifOptions as express } from "../../docs/snippets/moesif-express";
import { moesifOptions as lambda } from "../../docs/snippets/moesif-lambda";
import { renderAuthorizerConfig } from "../../packages/customers-as-code/src/gateway/authorizer/authorizer-config";
import { singleBackend } from "../../packages/customers-as-code/src/gateway/backends/backend";
import { renderHttpApiBody } from "../../packages/customers-as-code/src/gateway/http/http-api-body";
import { renderRestApiBody } from "../../packages/customers-as-code/src/gateway/rest/rest-api-body";
import {
  type ApiDocument,
  listAuthorizedRoutes,
} from "../../packages/customers-as-code/src/openapi/document";
import { type Backend, call, Fixture, startBackend } from "../../packages/local-cloud/testing/fixture";
import { deployHttp } from "../../packages/local-cloud/testing/http-fixture";

const api: ApiDocument = {
  title: "Orders",
  version: "1",
  scopes: {},
  operations: [
    { method: "GET", path: "/orders", pathParameters: [], security: [["read:orders"]] },
    { method: "GET", path: "/health", pathParameters: [], security: [] },
  ],
};
const kinds = ["rest", "http", "jwt"] as const;
type Urls = Record<(typeof kinds)[number], string>;

const key = makeKey("key-1");
const times = { iat: Math.floor(Date.now() / 1000) - 60, exp: Math.floor(Date.now() / 1000) + 3600 };
const Authorization = `Bearer ${token(key, times)}`;
const caller = { company: "org_Acme1", user: "acmeCi" };
const nobody = { company: undefined, user: undefined };

let fixture: Fixture;
let backend: Backend;
/** Of the same API with an HTTP backend, and with a function. */
let toBackend: Urls;
let toFunction: Urls;

beforeAll(async () => {
  const keys = { issuer, jwks_uri: `${issuer}jwks`, keys: [key.jwk] };
  fixture = await Fixture.start({ fetchIssuer: async () => new Response(JSON.stringify(keys)) });
  backend = await startBackend();
  const routes = compileRoutes(listAuthorizedRoutes(api.operations));
  const jwks = { keys: [key.jwk] };
  const config = renderAuthorizerConfig({ api: { ...api, routes }, issuer, audience, jwks, suspended: [] });
  const authorizer = await fixture.function(authorizerFiles(config));
  const echo = "export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });";
  const fn = await fixture.function(echo, { name: "backend" });
  await fixture.permit(authorizer.id, "arn:aws:execute-api:*:*:*/authorizers/*");
  await fixture.permit(fn.id, "arn:aws:execute-api:*:*:*/*/*");
  const uri = String(authorizer.outputs.invokeArn);
  const args = { authorizerUri: uri, authorizerCacheSeconds: 60, backends: singleBackend(backend.url) };
  const bodies = {
    rest: renderRestApiBody(api, args),
    http: renderHttpApiBody(api, { ...args, authorizer: { kind: "lambda", uri, cacheSeconds: 60 } }),
    jwt: renderHttpApiBody(api, { ...args, authorizer: { kind: "jwt", issuer, audience } }),
  };
  const deployAll = async (change: (kind: string, body: string) => string): Promise<Urls> => ({
    rest: (await fixture.deploy(JSON.parse(change("rest", bodies.rest)))).url,
    http: (await deployHttp(fixture, JSON.parse(change("http", bodies.http)))).url,
    jwt: (await deployHttp(fixture, JSON.parse(change("jwt", bodies.jwt)))).url,
  });
  toBackend = await deployAll((_, body) => body);
  const invoked = { type: "aws_proxy", httpMethod: "POST", uri: fn.outputs.invokeArn };
  toFunction = await deployAll((kind, body) =>
    JSON.stringify(JSON.parse(body), (name, value) =>
      name === "x-amazon-apigateway-integration"
        ? { ...invoked, ...(kind !== "rest" && { payloadFormatVersion: "2.0" }) }
        : value,
    ),
  );
});

afterAll(async () => {
  await backend.close();
  await fixture.close();
});

/** What Moesif's middleware does (moesif-nodejs 3.11, lib/formatEventDataAndSave.js): it masks before it asks. */
function report(request: { headers: Record<string, string | string[] | undefined> }) {
  const event = express.maskContent({ request: { headers: request.headers } });
  return { event, company: express.identifyCompany(request), user: express.identifyUser(request) };
}

describe.each(kinds)("behind %s, Moesif learns from a backend in Express", (kind) => {
  const ask = async (path: string, headers: Record<string, string>) => {
    // The backend answers with what Node gave it: an object of names in lower case.
    const request: { headers: Record<string, string> } = JSON.parse(
      (await call(toBackend[kind] + path, { headers })).text,
    );
    return report(request);
  };

  it("the caller", async () => {
    expect(await ask("/orders", { Authorization })).toMatchObject(caller);
  });

  it("nothing that the caller says of itself", async () => {
    const lies = { "X-Org-Id": "org_lie", "X-Client-Id": "lie" };
    expect(await ask("/orders", { Authorization, ...lies })).toMatchObject(caller);
    expect(await ask("/health", lies)).toMatchObject(nobody);
    // Where no token is demanded, none is verified.
    const forged = `Bearer ${token(makeKey("key-1"), { ...times, org_id: "org_lie" })}`;
    expect(await ask("/health", { Authorization: forged, ...lies })).toMatchObject(nobody);
  });

  it("no token, though the backend still has it", async () => {
    const { text } = await call(`${toBackend[kind]}/orders`, { headers: { Authorization } });
    const request: { headers: Record<string, string> } = JSON.parse(text);
    expect(JSON.stringify(report(request).event)).not.toMatch(/authorization|eyJ/i);
    expect(report(request).event.request.headers).toHaveProperty("host");
    expect(request.headers.authorization).toBe(Authorization);
  });
});

describe.each(kinds)("behind %s, Moesif learns from a function", (kind) => {
  const ask = async (path: string, headers: Record<string, string>) => {
    const { text } = await call(toFunction[kind] + path, { headers });
    const event: Parameters<typeof lambda.identifyCompany>[0] & { headers: Record<string, string> } =
      JSON.parse(text);
    const sent = lambda.maskContent({ request: { headers: event.headers } });
    return { sent, company: lambda.identifyCompany(event), user: lambda.identifyUser(event) };
  };

  it("the caller, and no token", async () => {
    const { sent, ...told } = await ask("/orders", { Authorization });
    expect(told).toEqual(caller);
    expect(JSON.stringify(sent)).not.toMatch(/authorization|eyJ/i);
    expect(Object.keys(sent.request.headers ?? {}).join()).toMatch(/host/i);
  });

  it("nobody's, where no token is demanded", async () => {
    const lies = { Authorization, "X-Org-Id": "org_lie" };
    expect(await ask("/health", lies)).toMatchObject(nobody);
  });
});

it("takes no word of a caller that came through beside the gateway's", () => {
  const headers = { "x-org-id": "org_1, org_lie", "x-client-id": "client_1, lie" };
  expect(report({ headers })).toMatchObject(nobody);
});

it("takes no token that is none for one", () => {
  for (const authorization of [
    undefined,
    "Basic YTpi",
    "Bearer x",
    "Bearer x.bm9uZQ.x",
    "Bearer x.bnVsbA.x",
  ]) {
    expect(report({ headers: { authorization } })).toMatchObject(nobody);
  }
});
