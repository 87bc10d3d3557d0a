import { checkBackends } from "../../../src/gateway/backends/check-backends";
import { formatProblem } from "../../../src/problems/problem";
import { parseSource } from "../../../src/problems/source";
import { head, readFiles } from "../document-files";

const loadBalancerArn =
  "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/orders/0a1b2c3d4e5f6071";
const listenerArn =
  "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/orders/0a1b2c3d4e5f6071/1a2b";
const functionArn = "arn:aws:lambda:eu-central-1:123456789012:function:orders";

interface Given {
  /** YAML under the key `backends`, from the fourth column on. */
  backends?: string;
  /** What the one operation, GET /orders, has beside its responses. */
  operation?: string;
  /** What its path has. */
  item?: string;
  apiType?: "rest" | "http";
  backendUrl?: string;
}

/** Both files as people write them, so that the places are those of the texts. */
function check({ backends = "", operation = "", item = "", apiType = "rest", backendUrl }: Given) {
  const settings = `config:\n  orders:backends:\n${backends.replace(/^/gm, "    ")}\n`;
  const document = `${head}paths:
  /orders:
${item.replace(/^/gm, "    ")}
    get:
${operation.replace(/^/gm, "      ")}
      responses: { default: { description: Orders. } }
`;
  const { wanted, problems } = readFiles({ "openapi.yaml": document });
  const source = parseSource("Pulumi.dev.yaml", settings);
  const above = ["config", "orders:backends"];
  const at = (path: readonly PropertyKey[]) => source.at([...above, ...path]);
  const atKey = (path: readonly PropertyKey[], key: string) => source.atKey([...above, ...path], key);
  const given = (source.value as { config: Record<string, unknown> }).config["orders:backends"] ?? {};
  const checked = checkBackends({
    given: given as Record<string, unknown>,
    backendUrl: backendUrl ?? "https://backend.example.com",
    apiType,
    wanted,
    places: { at, atKey },
  });
  return { ...checked, problems: [...problems, ...checked.problems].map(formatProblem) };
}

const one = (kind: string, keys: Record<string, unknown> = {}) =>
  `orders: ${JSON.stringify({ kind, ...keys })}`;
const http = one("http", { url: "https://orders.example.com" });
const chosen = "x-backend: orders";
const subnetIds = ["subnet-0a1b2c3d"];
const vpcLink = { url: "https://orders.example.com", subnetIds };

const allowed: [title: string, given: Given][] = [
  ["no backend but that of backendUrl", {}],
  ["a backend of an operation", { backends: http, operation: chosen }],
  ["a backend of a path", { backends: http, item: chosen }],
  [
    "a default backend in the place of backendUrl",
    { backends: http.replace("orders", "default"), backendUrl: "" },
  ],
  ["no default backend where no operation goes there", { backends: http, operation: chosen, backendUrl: "" }],
  ["a function", { backends: one("lambda", { functionArn }), item: chosen }],
  ["a function's alias", { backends: one("lambda", { functionArn: `${functionArn}:live` }), item: chosen }],
  ["a mock of a REST API", { backends: one("mock", { statusCode: 404, body: { a: 1 } }), item: chosen }],
  ["a VPC link of a REST API", { backends: one("vpcLink", { ...vpcLink, loadBalancerArn }), item: chosen }],
  [
    "a VPC link of an HTTP API",
    { backends: one("vpcLink", { ...vpcLink, listenerArn }), item: chosen, apiType: "http" },
  ],
  [
    "a VPC link that exists",
    { backends: one("vpcLink", { url: vpcLink.url, vpcLinkId: "a1b2c3", loadBalancerArn }), item: chosen },
  ],
  ["30 seconds of an HTTP API", { operation: "x-backend: { timeoutMs: 30000 }", apiType: "http" }],
];

test.each(allowed)("%s is fine", (_title, given) => {
  expect(check(given).problems).toEqual([]);
});

const refused: [title: string, given: Given, ...problems: string[]][] = [
  [
    "an unknown backend of an operation",
    { backends: http, operation: "x-backend: order", item: chosen },
    'openapi.yaml:16:18  GET /orders: x-backend: "order" is not a backend. Did you mean "orders"?',
    "Pulumi.dev.yaml:3:5  backends.orders is not used: no operation names it with x-backend. Remove it, or name it in the document.",
  ],
  [
    "an unknown backend of a path",
    { item: "x-backend: { name: reports }" },
    'openapi.yaml:14:24  GET /orders: x-backend: "reports" is not a backend. Known: "default".',
  ],
  [
    "a choice that is none",
    { operation: "x-backend: [orders]" },
    "openapi.yaml:16:18  GET /orders: x-backend: must be the name of a backend, or a map with name and timeoutMs",
  ],
  [
    "a choice with another key",
    { operation: "x-backend: { timeout: 5 }" },
    'openapi.yaml:16:20  GET /orders: x-backend: "timeout" is not a known key. Did you mean "timeoutMs"?',
  ],
  [
    "a choice in other types",
    { operation: "x-backend: { name: 1, timeoutMs: soon }" },
    "openapi.yaml:16:26  GET /orders: x-backend.name: must be a string",
    "openapi.yaml:16:40  GET /orders: x-backend.timeoutMs: must be a whole number of milliseconds",
  ],
  [
    "an operation's timeout over AWS's limit",
    { operation: "x-backend: { timeoutMs: 29001 }" },
    "openapi.yaml:16:31  GET /orders: x-backend.timeoutMs: must be from 50 to 29000 milliseconds, which is what a REST API allows; it is 29001.",
  ],
  [
    "a timeout of a mock",
    { backends: one("mock"), operation: "x-backend: { name: orders, timeoutMs: 100 }" },
    "openapi.yaml:16:45  GET /orders: x-backend.timeoutMs: a mock takes no time.",
  ],
  [
    "a backend's timeout over AWS's limit",
    {
      backends: one("http", { url: "https://a.example", timeoutMs: 30_001 }),
      item: chosen,
      apiType: "http",
    },
    "Pulumi.dev.yaml:3:54  backends.orders.timeoutMs must be from 50 to 30000 milliseconds, which is what an HTTP API allows; it is 30001.",
  ],
  [
    "a backend without a kind",
    { backends: "orders: { url: https://a.example }", item: chosen },
    "Pulumi.dev.yaml:3:13  backends.orders.kind is missing; it is one of http, vpcLink, lambda, mock",
  ],
  [
    "an unknown kind",
    { backends: one("vpclink"), item: chosen },
    'Pulumi.dev.yaml:3:14  backends.orders.kind "vpclink" is not a kind of backend. Did you mean "vpcLink"?',
  ],
  [
    "a backend that is no map",
    { backends: "orders: https://a.example", item: chosen },
    "Pulumi.dev.yaml:3:5  backends.orders must be a map with a kind",
  ],
  [
    "a name that no resource could have",
    { backends: `"my orders": { kind: mock }`, item: "x-backend: my orders" },
    "Pulumi.dev.yaml:3:5  backends.my orders must have a name of up to 40 letters, digits, '-' and '_' that begins with a letter.",
  ],
  [
    "a missing URL, and a key of another kind",
    { backends: one("http", { uri: "https://a.example" }), item: chosen },
    'Pulumi.dev.yaml:3:13  backends.orders.url is missing, which the kind "http" needs',
    'Pulumi.dev.yaml:3:28  backends.orders.uri is not a key of the kind "http". Did you mean "url"?',
  ],
  [
    "a missing function",
    { backends: one("lambda"), item: chosen },
    'Pulumi.dev.yaml:3:13  backends.orders.functionArn is missing, which the kind "lambda" needs',
  ],
  [
    "what is no function",
    { backends: one("lambda", { functionArn: "orders" }), item: chosen },
    "Pulumi.dev.yaml:3:30  backends.orders.functionArn must be an ARN such as arn:aws:lambda:REGION:ACCOUNT:function:NAME or, of an alias, ...:function:NAME:ALIAS",
  ],
  [
    "a status that is none",
    { backends: one("mock", { statusCode: 99 }), item: chosen },
    "Pulumi.dev.yaml:3:28  backends.orders.statusCode must be a status code from 200 to 599",
  ],
  [
    "a mock of an HTTP API",
    { backends: one("mock"), item: chosen, apiType: "http" },
    'Pulumi.dev.yaml:3:14  backends.orders.kind "mock": HTTP APIs have no mock integrations. Set apiType to rest, or choose another kind.',
  ],
  [
    "a VPC link of a REST API without a load balancer, and without a place",
    { backends: one("vpcLink", { url: "http://a.example" }), item: chosen },
    "Pulumi.dev.yaml:3:13  backends.orders.loadBalancerArn is missing: a REST API names the load balancer itself.",
    "Pulumi.dev.yaml:3:13  backends.orders.subnetIds is missing: the new VPC link needs it. Or name an existing link with vpcLinkId.",
  ],
  [
    "a VPC link of an HTTP API without a listener",
    { backends: one("vpcLink", { ...vpcLink, loadBalancerArn }), item: chosen, apiType: "http" },
    "Pulumi.dev.yaml:3:13  backends.orders.listenerArn is missing: an HTTP API names the load balancer's listener.",
  ],
  [
    "a VPC link that exists and is to be made",
    { backends: one("vpcLink", { ...vpcLink, loadBalancerArn, vpcLinkId: "a1b2c3" }), item: chosen },
    "Pulumi.dev.yaml:3:214  backends.orders.vpcLinkId names an existing link, which has its own subnets and security groups. Unset one of them.",
  ],
  [
    "two default backends",
    { backends: http.replace("orders", "default") },
    "Pulumi.dev.yaml:3:5  backends.default is what backendUrl sets already. Unset one of them.",
  ],
  [
    "a default backend that nothing goes to",
    { backends: `${http}\n${http.replace("orders", "default")}`, item: chosen, backendUrl: "" },
    "Pulumi.dev.yaml:4:5  backends.default is not used: every operation names another one with x-backend. Remove it, or name it in the document.",
  ],
  [
    "no default backend where an operation goes there",
    { backendUrl: "" },
    'Pulumi.dev.yaml  backendUrl is missing, which GET /orders needs. Set it with: pulumi config set backendUrl VALUE; or set the backend "default".',
  ],
];

test.each(refused)("%s is refused", (_title, given, ...problems) => {
  expect(check(given).problems).toEqual(problems);
});

test("reports all of it at once", () => {
  const backends = `${one("mock")}\nreports: { kind: lambda }\nmails: { kind: smtp }`;
  const given = { backends, operation: "x-backend: { name: order, timeoutMs: 1 }", apiType: "http" as const };
  // The mock, a missing ARN, an unknown kind, an unknown name, a timeout, and three that are not used.
  expect(check(given).problems).toHaveLength(8);
});

test("a document as a whole has no backend: the settings have", () => {
  const document = `${head}x-backend: orders\npaths: { /a: { get: { responses: { default: { description: A. } } } } }\n`;
  expect(readFiles({ "openapi.yaml": document }).problems.map(formatProblem)).toEqual([
    'openapi.yaml:12:1  x-backend: belongs to paths and operations. For all others, set the backend "default" in the config key "backends".',
  ]);
});

describe("an operation", () => {
  const backendOf = (given: Given) => {
    const { wanted } = readFiles({ "openapi.yaml": `${head}${paths(given)}` });
    return { name: wanted[0]?.name?.value, timeoutMs: wanted[0]?.timeoutMs?.value };
  };
  const paths = ({ item = "", operation = "" }: Given) =>
    `paths:\n  /orders:\n    ${item}\n    get:\n      ${operation}\n      responses: { default: { description: A. } }\n`;

  it("has the backend of its path, unless it has its own, key by key", () => {
    const item = "x-backend: { name: a, timeoutMs: 100 }";
    expect(backendOf({ item })).toEqual({ name: "a", timeoutMs: 100 });
    expect(backendOf({ item, operation: "x-backend: b" })).toEqual({ name: "b", timeoutMs: 100 });
    expect(backendOf({ item, operation: "x-backend: { timeoutMs: 200 }" })).toEqual({
      name: "a",
      timeoutMs: 200,
    });
  });

  it("has that of a path item which refers to another", () => {
    const files = {
      "openapi.yaml": `${head}paths: { /orders: { $ref: orders.yaml, x-backend: a } }\n`,
      "orders.yaml": "get: { responses: { default: { description: A. } } }\n",
    };
    const { wanted, problems } = readFiles(files);
    expect(problems).toEqual([]);
    expect(wanted[0]?.name?.value).toBe("a");
  });
});
