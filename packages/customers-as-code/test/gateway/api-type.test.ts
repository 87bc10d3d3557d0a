import { type CheckApiTypeArgs, checkApiType } from "../../src/gateway/api-type";
import type { Operation } from "../../src/openapi/document";

const operation = (security: string[][], path = "/orders"): Operation => ({
  method: "GET",
  path,
  pathParameters: [],
  security,
});

const rest: CheckApiTypeArgs["settings"] = {
  file: "Pulumi.dev.yaml",
  openapi: "openapi.yaml",
  apiType: "rest",
  httpAuthorizer: "lambda",
  stageName: "v1",
  liveSuspensions: false,
  webAclArn: undefined,
  tracing: false,
  customDomain: undefined,
  validateRequests: "none",
  binaryMediaTypes: [],
  corsAllowedOrigins: [],
  plans: {},
};
const http = { ...rest, apiType: "http" as const };
const jwt = { ...http, httpAuthorizer: "jwt" as const };
const moesif = { ingestUrl: "https://moesif.example.com", applicationId: undefined as never };

/** The problems of a stack that is fine but for these. */
function problemsOf(
  settings: CheckApiTypeArgs["settings"],
  operations: Operation[] = [operation([["read:orders"]])],
  customers: CheckApiTypeArgs["customers"] = [{ id: "acme", status: "active" }],
): string[] {
  const api = { title: "Orders", version: "1", scopes: {}, operations };
  return checkApiType({ settings, api, customers }).problems.map(
    ({ file, message }) => `${file}  ${message}`,
  );
}

const many = (length: number) => Array.from({ length }, (_, index) => operation([["a"]], `/${index}`));
const scopes = (length: number) => Array.from({ length }, (_, index) => [`scope:${index}`]);
const demanding = (...security: string[][]) => [operation(security)];
const customers = [
  { id: "acme", status: "active" as const },
  { id: "globex", status: "suspended" as const },
  { id: "initech", status: "closing" as const },
];

const domain = (minimumTls?: "1.2" | "1.3") => ({
  customDomain: { name: "api.example.com", certificateArn: "", minimumTls, defaultEndpoint: false },
});

const withParameters = (
  pathParameters: string[],
  ...parameters: [place: "query" | "header", name: string, required: boolean][]
): Operation => ({
  ...operation([["a"]]),
  pathParameters,
  request: {
    body: {},
    parameters: parameters.map(([place, name, required]) => ({ name, in: place, required })),
  },
});

type Args = Parameters<typeof problemsOf>;

const allowed: [title: string, args: Args][] = [
  [
    "a REST API may have all of it",
    [{ ...rest, moesif, liveSuspensions: true, plans: { free: {} } }, many(299), customers],
  ],
  [
    "an HTTP API whose tokens a function checks may suspend",
    [{ ...http, liveSuspensions: true }, undefined, customers],
  ],
  ["... and demand scopes together", [http, demanding(["a", "b"])]],
  ["... and be served without a stage's name", [{ ...http, stageName: "$default" }]],
  ["... and have a name that takes TLS 1.2 too", [{ ...http, ...domain() }]],
  ["... which may be said", [{ ...http, ...domain("1.2") }]],
  ["a REST API's name may take TLS 1.3 only", [{ ...rest, ...domain("1.3") }]],
  [
    "a REST API may check requests, for the pages of one origin",
    [{ ...rest, validateRequests: "body", corsAllowedOrigins: ["*"] }],
  ],
  [
    "an HTTP API may be called from the pages of several origins",
    [{ ...http, corsAllowedOrigins: ["https://a.example", "https://b.example"] }],
  ],
  ["a REST API may have more resources if AWS does", [{ ...rest, maxResources: 400 }, many(399)]],
  [
    "a name may be in two places if requests are not checked, or if it need not come",
    [rest, [withParameters(["id"], ["query", "id", true])]],
  ],
  [
    "... or if it need not come",
    [{ ...rest, validateRequests: "all" }, [withParameters(["id"], ["query", "id", false])]],
  ],
  [
    "/ping may be below a part of a domain's path",
    [
      { ...rest, customDomain: { ...domain("1.3").customDomain, basePath: "v1" } },
      [operation([["a"]], "/ping")],
    ],
  ],
  ["an HTTP API may have 300 operations", [http, many(300)]],
  ["a JWT authorizer may demand one of ten scopes", [jwt, demanding(...scopes(10))]],
  ["... and none at all", [jwt, [operation([[]]), operation([], "/health")]]],
  ["... and scopes together where one of them suffices anyway", [jwt, demanding(["a"], ["a", "b"])]],
];

test.each(allowed)("%s", (_title, args) => {
  expect(problemsOf(...args)).toEqual([]);
});

const refused: [title: string, args: Args, problem: string][] = [
  [
    "a JWT authorizer of a REST API",
    [{ ...jwt, apiType: "rest" as const }],
    "Pulumi.dev.yaml  httpAuthorizer: jwt: only HTTP APIs have a JWT authorizer. Set apiType to http, or httpAuthorizer to lambda.",
  ],
  [
    "a REST API without a stage's name",
    [{ ...rest, stageName: "$default" }],
    "Pulumi.dev.yaml  stageName: $default: only HTTP APIs have a stage without a name. Choose a name such as v1, or set apiType to http.",
  ],
  [
    "Firehose behind an HTTP API",
    [{ ...http, moesif }],
    "Pulumi.dev.yaml  moesifIngestUrl: the access log of an HTTP API goes to CloudWatch; Firehose takes that of a REST API only. Set apiType to rest; or unset moesifIngestUrl and moesifApplicationId, and let Moesif's SDK in the backend report which customer calls (docs/how-to/moesif.md).",
  ],
  [
    "AWS WAF before an HTTP API",
    [{ ...http, webAclArn: "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/api/1" }],
    "Pulumi.dev.yaml  webAclArn: AWS WAF protects REST APIs only. Set apiType to rest, or unset webAclArn.",
  ],
  [
    "X-Ray in an HTTP API",
    [{ ...http, tracing: true }],
    "Pulumi.dev.yaml  tracing: HTTP APIs have no X-Ray. Set apiType to rest, or tracing to false.",
  ],
  [
    "a name of an HTTP API that takes TLS 1.3 only",
    [{ ...http, ...domain("1.3") }],
    'Pulumi.dev.yaml  customDomain.minimumTls: "1.3": the domain name of an HTTP API takes TLS 1.2 too. Set apiType to rest, or minimumTls to "1.2".',
  ],
  [
    "checked requests in an HTTP API",
    [{ ...http, validateRequests: "all" }],
    "Pulumi.dev.yaml  validateRequests: all: HTTP APIs do not validate requests. Set apiType to rest, or validateRequests to none and let the backend check.",
  ],
  [
    "binary media types of an HTTP API",
    [{ ...http, binaryMediaTypes: ["image/png", "*/*"] }],
    "Pulumi.dev.yaml  binaryMediaTypes: image/png, */*: HTTP APIs pass on every body as it is. Unset binaryMediaTypes, or set apiType to rest.",
  ],
  [
    "two origins of a REST API",
    [{ ...rest, corsAllowedOrigins: ["https://a.example", "https://b.example"] }],
    "Pulumi.dev.yaml  corsAllowedOrigins: https://a.example, https://b.example: a REST API gives every browser the same answer, which names one origin. Choose one, or * for all, or set apiType to http.",
  ],
  [
    "plans of an HTTP API",
    [{ ...http, plans: { free: {} } }],
    "Pulumi.dev.yaml  plans: HTTP APIs have neither API keys nor usage plans, so no plan could be enforced. Set apiType to rest, or unset plans and defaultPlan.",
  ],
  [
    "a name in the path and in the query, which is required",
    [{ ...rest, validateRequests: "all" }, [withParameters(["id"], ["query", "id", true])]],
    'openapi.yaml  GET /orders requires "id" in the query, and uses the name in another place, too: API Gateway takes a parameter\'s name in one place only: the path, the query or the headers. Rename one of them, or set validateRequests to none or body and let the backend check.',
  ],
  [
    "what AWS answers itself at the root of a domain",
    [{ ...rest, ...domain("1.3") }, [operation([["a"]], "/ping")]],
    "openapi.yaml  GET /ping: at the root of a custom domain, AWS answers /ping and /sping itself. Rename the path, or set customDomain.basePath.",
  ],
  [
    "more resources than a REST API has",
    [rest, [...many(298), operation([["a"]], "/a/{b}")]],
    'openapi.yaml  301 resources: each path and each part of a path above it is a resource, and AWS allows as many as maxResources sets. Split the document; or have AWS raise the quota "Resources per API" in Service Quotas, then set maxResources to it.',
  ],
  [
    "more resources than AWS allows an API",
    [{ ...rest, maxResources: 400 }, many(400)],
    'openapi.yaml  401 resources: each path and each part of a path above it is a resource, and AWS allows as many as maxResources sets. Split the document; or have AWS raise the quota "Resources per API" in Service Quotas, then set maxResources to it.',
  ],
  [
    "resources of an HTTP API",
    [{ ...http, maxResources: 400 }],
    "Pulumi.dev.yaml  maxResources: 400: HTTP APIs have no resources. Set apiType to rest, or unset maxResources.",
  ],
  [
    "more operations than an HTTP API has integrations",
    [http, many(301)],
    "openapi.yaml  301 operations: an HTTP API has at most 300 integrations, a quota that AWS does not raise. Set apiType to rest, or split the document.",
  ],
  [
    "the live list with a JWT authorizer",
    [{ ...jwt, liveSuspensions: true }],
    "Pulumi.dev.yaml  liveSuspensions: a JWT authorizer knows tokens only, and no list of suspensions. Set httpAuthorizer to lambda, or liveSuspensions to false.",
  ],
  [
    "customers that a JWT authorizer cannot deny",
    [jwt, undefined, customers],
    "Pulumi.dev.yaml  httpAuthorizer: jwt, with globex (suspended), initech (closing): a JWT authorizer accepts every token that the tenant issues, even for customers who are not active. Set httpAuthorizer to lambda, or remove these customers' files once their tokens have expired.",
  ],
  [
    "scopes that a JWT authorizer cannot demand together",
    [jwt, demanding(["a", "b"], ["c"])],
    "openapi.yaml  GET /orders requires a and b at once: a JWT authorizer accepts a token with any one of a route's scopes. Require one scope that stands for all of them, or set httpAuthorizer to lambda.",
  ],
  [
    "more scopes than a route of a JWT authorizer has",
    [jwt, demanding(...scopes(11))],
    "openapi.yaml  GET /orders takes one of 11 scopes: a route with a JWT authorizer has at most 10 scopes. Require fewer, or set httpAuthorizer to lambda.",
  ],
];

test.each(refused)("%s is refused", (_title, args, problem) => {
  expect(problemsOf(...args)).toEqual([problem]);
});

test("reports everything that is refused at once", () => {
  const settings = { ...jwt, moesif, liveSuspensions: true };
  const operations = [...many(299), operation([["a", "b"]], "/x"), operation(scopes(11), "/y")];
  expect(problemsOf(settings, operations, customers)).toHaveLength(6);
});
