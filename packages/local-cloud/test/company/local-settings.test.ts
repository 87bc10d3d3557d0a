// Which of a company's settings the local stack has, and what it says of the others.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { readCompany, restorePlaces, settingsFor } from "../../src/company/company";
import { parseConfigArgument } from "../../src/company/config-argument";
import type { CloudAddress } from "../../src/presence";

const address: CloudAddress = {
  pid: 1,
  tenant: { domain: "localhost:1", caFile: "ca.pem", clientId: "id", clientSecret: "secret" },
  providers: {},
  backendUrl: "http://127.0.0.1:2",
  gatewayUrl: "http://127.0.0.1:4",
  moesif: { ingestUrl: "http://127.0.0.1:3", applicationId: "application" },
};
const document = `
openapi: 3.0.3
paths:
  /health: { get: { security: [] } }
  /orders: { get: { security: [{ m2m: [] }] } }
components: { securitySchemes: { m2m: { type: oauth2, flows: { clientCredentials: { scopes: {} } } } } }
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "company-"));
  write("Pulumi.yaml", "name: acme\nmain: index.ts\n");
  write("openapi.yaml", document);
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

/** Of the stack `dev` with this configuration. */
function adapt(config?: string, more = "", options: string[] = []) {
  if (config !== undefined) write("Pulumi.dev.yaml", `${more}config:\n${config.replace(/^/gm, "  ")}\n`);
  const { notices, leftOut, ...rest } = settingsFor(
    readCompany(folder, undefined, options.map(parseConfigArgument)),
    address,
  );
  const values: Record<string, unknown> = Object.fromEntries(
    Object.entries(rest.config).map(([key, yaml]) => [key, parse(yaml)]),
  );
  return { notices, leftOut, values, written: rest.config, ...rest };
}

const complete =
  "acme:audience: urn:acme\nacme:backendUrl: https://acme.example\nauth0:domain: acme.eu.auth0.com";

test("the local stack has the company's settings, and the cloud's addresses", () => {
  const { values, notices } = adapt(
    `${complete}\naws:region: eu-north-1\nacme:tokenLifetime: 600\nother:key: x`,
  );
  expect(values).toEqual({
    "acme:audience": "urn:acme",
    "acme:tokenLifetime": 600,
    "other:key": "x",
    "aws:region": "eu-north-1",
    "auth0:domain": "localhost:1",
    "auth0:clientId": "id",
    "acme:backendUrl": "http://127.0.0.1:2",
    "acme:moesifIngestUrl": "http://127.0.0.1:3",
    "acme:protect": "false",
    "acme:removalLimit": "100%",
  });
  expect(notices).toEqual([
    "Pulumi.dev.yaml: backendUrl is replaced: a backend on this machine answers each call with what it gets",
    "Pulumi.dev.yaml: auth0:domain is replaced: the tenant runs on this machine",
  ]);
});

test("without settings, the company's API runs all the same", () => {
  const { values, notices } = adapt();
  expect(values).toMatchObject({
    "acme:audience": "https://api.localhost/",
    "acme:backendUrl": "http://127.0.0.1:2",
    "acme:publicRoutes": ["GET /health"],
    "aws:region": "us-east-1",
  });
  expect(notices).toEqual([]);
});

test("what settings lack is the program's to report, unless an environment of Pulumi ESC may have it", () => {
  const { values } = adapt("acme:tokenLifetime: 600");
  expect(Object.keys(values)).not.toEqual(expect.arrayContaining(["acme:audience"]));
  expect(values).not.toHaveProperty(["acme:backendUrl"]);
  const { values: withEnvironment, notices } = adapt("acme:tokenLifetime: 600", "environment: [acme/dev]\n");
  expect(withEnvironment).toMatchObject({ "acme:audience": "https://api.localhost/" });
  expect(withEnvironment).toMatchObject({ "acme:backendUrl": "http://127.0.0.1:2" });
  expect(notices).toEqual(["Pulumi.dev.yaml: environment is left out: nothing is read from Pulumi ESC"]);
});

test.each([
  ["acme:stripeApiKey: { secure: x }", "stripeApiKey is left out: only the Developer Portal needs it"],
  ["acme:shards: 3", "shards is left out: the local stack has all customers"],
  ["acme:newCustomersPerMinute: 5", "newCustomersPerMinute is left out: the local tenant has no rate limit"],
  ["aws:profile: production", "aws:profile is left out: the AWS account is on this machine"],
  ["aws:allowedAccountIds: ['1']", "aws:allowedAccountIds is left out: the AWS account is on this machine"],
  ["auth0:apiToken: { secure: x }", "auth0:apiToken is left out: the tenant runs on this machine"],
  [
    "other:token: { secure: x }",
    "other:token is left out: it is encrypted, and only your own stack can decrypt it. To have one here: --config other:token=VALUE",
  ],
  [
    "acme:tags: { a: { secure: x } }",
    "tags is left out: it is encrypted, and only your own stack can decrypt it. To have one here: --config tags=VALUE",
  ],
])("%s leads to a real cloud, or is unreadable: it is left out", (setting, notice) => {
  const { values, notices, leftOut } = adapt(`${setting}\nacme:audience: urn:acme`);
  expect(notices).toEqual([`Pulumi.dev.yaml: ${notice}`]);
  const [key = ""] = notice.split(" ");
  expect(leftOut).toEqual([key]);
  expect(Object.keys(values).filter((one) => one.endsWith(key))).toEqual([]);
});

test.each([
  ["acme:alarms: { topicArns: [a] }", "alarms is kept: each has a state, but no topic is notified"],
  [
    "customDomain: { name: api.acme.example, defaultEndpoint: true }",
    "customDomain is kept: local calls reach that name without DNS and without TLS",
  ],
  ["acme:config:kmsKeyArn: arn:x", "kmsKeyArn is kept: nothing here is encrypted with that key"],
  ["acme:webAclArn: arn:x", "webAclArn is kept: the association exists, but no rule checks a call"],
  ["acme:portal: { domainName: x }", "portal is kept: its AWS resources exist, but no container runs"],
  ["acme:protect: true", "protect is kept: npx customers local destroy deletes everything all the same"],
  ["acme:removalLimit: 5%", "removalLimit is kept: to try any change, add --config removalLimit=100%"],
])("%s is kept, and what the local cloud does not do with it is printed", (setting, notice) => {
  const { values, notices, leftOut } = adapt(`${setting}\nacme:audience: urn:acme`);
  expect(notices).toEqual([`Pulumi.dev.yaml: ${notice}`]);
  expect(leftOut).toEqual([]);
  const [key = ""] = notice.split(" ");
  const [given] = Object.values<unknown>(parse(setting));
  expect(values[`acme:${key}`]).toEqual(given);
});

test("mutual TLS is left out of a domain name, and nothing else of it", () => {
  const { values, notices } = adapt(
    "customDomain: { name: api.acme.example, defaultEndpoint: true, mutualTls: { truststoreUri: s3://x/y } }",
  );
  expect(values["acme:customDomain"]).toEqual({ name: "api.acme.example", defaultEndpoint: true });
  expect(notices).toContain(
    "Pulumi.dev.yaml: customDomain.mutualTls is left out: the truststore is in your AWS account",
  );
});

test("the Developer Portal has stand-ins for its secrets, also with an HTTP API", () => {
  const { secrets, notices } = adapt(
    "acme:apiType: http\nacme:portal: { domainName: x }\nacme:stripeApiKey: { secure: x }",
  );
  expect(secrets).toEqual({
    "auth0:clientSecret": "secret",
    moesifApplicationId: "application",
    moesifManagementToken: "local",
    stripeApiKey: "local",
  });
  expect(notices).toContain(
    "Pulumi.dev.yaml: stripeApiKey is replaced: no container of the Developer Portal runs here",
  );
});

test.each(["acme:shards: 1", "acme:portal: {}", "acme:kmsKeyArn: ''", "acme:alarms:"])(
  "%s says nothing, so that nothing is reported",
  (setting) => {
    expect(adapt(setting).notices).toEqual([]);
  },
);

test.each([
  ["acme:audience: { secure: x }", "acme:audience", "https://api.localhost/"],
  ["acme:moesifIngestUrl: https://moesif.example", "acme:moesifIngestUrl", "http://127.0.0.1:3"],
  ["acme:backendUrl: { secure: x }", "acme:backendUrl", "http://127.0.0.1:2"],
])("%s has another value here, which is reported", (setting, key, value) => {
  const { values, notices } = adapt(setting);
  expect(values).toMatchObject({ [key]: value });
  expect(notices).toEqual([expect.stringMatching(`^Pulumi.dev.yaml: ${key.slice(5)} is replaced: `)]);
});

test("the key for deliveries is one of the region, whose account is the local one", () => {
  const { values } = adapt("aws:region: eu-west-1\nacme:deliveryKmsKeyArn: arn:aws:kms:eu-west-1:1:key/x");
  expect(values["acme:deliveryKmsKeyArn"]).toMatch(/^arn:aws:kms:eu-west-1:123456789012:key\//);
});

test("the local backend answers for URLs and functions; load balancers lead to it already, and mocks answer themselves", () => {
  const backends = {
    default: { kind: "http", url: "https://acme.example", timeoutMs: 500 },
    reports: { kind: "lambda", functionArn: "arn:x" },
    inner: { kind: "vpcLink", url: "https://inner.example" },
    later: { kind: "mock", statusCode: "501" },
  };
  const { values, notices, mocks } = adapt(`acme:backends: ${JSON.stringify(backends)}`);
  const local = { kind: "http", url: "http://127.0.0.1:2" };
  expect(values["acme:backends"]).toEqual({ ...backends, default: local, reports: local });
  expect(values).not.toHaveProperty(["acme:backendUrl"]);
  expect(mocks).toEqual(["later"]);
  expect(notices).toEqual(
    ["default", "reports"].map(
      (name) => `Pulumi.dev.yaml: backends.${name} is replaced: the local backend answers instead`,
    ),
  );
});

test.each([
  ["acme:apiType: http", { apiType: "http", hasJwtAuthorizer: false }],
  ["acme:apiType: http\nacme:httpAuthorizer: jwt", { apiType: "http", hasJwtAuthorizer: true }],
  ["acme:apiType: rest", { apiType: "rest", hasJwtAuthorizer: false }],
])("with %j, only a REST API has Moesif's collector", (config, expected) => {
  const { values, ...found } = adapt(config);
  expect(found).toMatchObject(expected);
  expect("acme:moesifIngestUrl" in values).toBe(expected.apiType === "rest");
});

test("a value stays as it is written, since the Pulumi CLI reads it differently from YAML 1.2", () => {
  const { written } = adapt(
    `acme:a: 010\nacme:b: "010"\nacme:c: 1_000\nacme:d: yes\nacme:e: "a: b # c"\nacme:f: &x [1e3, '~', it's]\nacme:g: *x\nacme:h: |\n  two\n  lines`,
  );
  expect(written).toMatchObject({
    "acme:a": "010",
    "acme:b": '"010"',
    "acme:c": "1_000",
    "acme:d": "yes",
    "acme:e": '"a: b # c"',
    "acme:f": `[1e3, "~", "it's"]`,
    "acme:g": `[1e3, "~", "it's"]`,
    "acme:h": '"two\\nlines\\n"',
  });
});

test("Pulumi.yaml has settings for every stack, and the stack's own win", () => {
  write(
    "Pulumi.yaml",
    `name: acme
config:
  audience: { type: string, value: urn:all }
  openapi: { default: api.json }
  acme:customDomain: { default: { name: api.acme.example } }
  portal: { description: Empty, default: {} }
  shards: { default: 2 }
  protect: { type: boolean, default: true }
  apiType: http
  declared: { type: string }
`,
  );
  write("api.json", document);
  const withFile = adapt("acme:apiType: rest");
  // What only Pulumi.yaml has, the local stack reads from its copy.
  expect(withFile.values).not.toHaveProperty(["acme:audience"]);
  expect(withFile).toMatchObject({ apiType: "rest", leftOut: ["shards"] });
  expect(withFile.notices).toEqual([
    "Pulumi.yaml: customDomain is kept: local calls reach that name without DNS and without TLS",
    "Pulumi.yaml: shards is left out: the local stack has all customers",
  ]);
  // That all stacks are protected by default is no wish of this one.
  expect(withFile.values).toMatchObject({ "acme:protect": "false" });
  rmSync(join(folder, "Pulumi.dev.yaml"));
  const without = adapt();
  expect(without.values).not.toHaveProperty(["acme:audience"]);
  expect(without).toMatchObject({ apiType: "http", values: { "acme:publicRoutes": ["GET /health"] } });
});

const stackOf = (stack?: string) => readCompany(folder, stack).given.file;

test("the settings are those of dev, of the only other stack, or of the one that is named", () => {
  expect(stackOf()).toBeUndefined();
  expect(() => stackOf("prod")).toThrow(
    `There is no Pulumi.prod.yaml in ${folder}. No stack has settings. Leave out --settings-of.`,
  );
  write("Pulumi.prod.yaml", "config: {}");
  write("Pulumi.prod-shard-1.yaml", "config: {}");
  expect(stackOf()).toBe("Pulumi.prod.yaml");
  write("Pulumi.dev.yaml", "");
  expect(stackOf()).toBe("Pulumi.dev.yaml");
  expect(stackOf("prod")).toBe("Pulumi.prod.yaml");
});

test("without dev, several stacks are a choice that nobody makes for the user", () => {
  write("Pulumi.prod.yaml", "");
  write("Pulumi.staging.yaml", "");
  expect(() => stackOf()).toThrow(
    "Pulumi.prod.yaml and Pulumi.staging.yaml are there, but no Pulumi.dev.yaml. Choose the settings: --settings-of prod, or --settings-of staging",
  );
  expect(() => stackOf("test")).toThrow(
    `There is no Pulumi.test.yaml in ${folder}. Stacks with settings: prod, staging. Name one of them with --settings-of.`,
  );
});

test("a file that is no YAML is reported with its place", () => {
  write("Pulumi.dev.yaml", "config:\n  acme:audience: [urn\n");
  expect(() => readCompany(folder)).toThrow(
    /^Pulumi\.dev\.yaml:3:1 {2}Flow sequence .*\. Correct the YAML\.$/,
  );
});

test("a file that cannot be read is reported with its name", () => {
  mkdirSync(join(folder, "Pulumi.dev.yaml"));
  expect(() => readCompany(folder)).toThrow("Pulumi.dev.yaml  cannot be read (EISDIR). Make it readable.");
});

test("a project without a name has no namespace for its settings", () => {
  write("Pulumi.yaml", "main: index.ts\n");
  expect(() => readCompany(folder)).toThrow(
    "Pulumi.yaml  name is missing. Add the project's name, such as: name: my-company",
  );
});

test("what the program reports of the local stack's file is in the company's", () => {
  write("Pulumi.dev.yaml", "config:\n  # A comment.\n  acme:tokenLifetime: soon\n");
  const company = readCompany(folder);
  expect(
    restorePlaces(
      "Pulumi.local.yaml:9:3  tokenLifetime must be a number\nPulumi.local.yaml  audience is missing\nopenapi.yaml:1:1  Pulumi.local.yaml",
      company,
    ),
  ).toBe(
    "Pulumi.dev.yaml:3:3  tokenLifetime must be a number\nPulumi.dev.yaml  audience is missing\nopenapi.yaml:1:1  Pulumi.local.yaml",
  );
});

test("the command line wins over the files, for a whole setting or a part of one", () => {
  write("Pulumi.yaml", "name: acme\nconfig: { tokenLifetime: 60 }\n");
  const options = [
    "tokenLifetime=600",
    "acme:apiType=http",
    "plans.free.quota.limit=10",
    'plans["a.b"].throttle={rate: 1, burst: 010}',
    "publicRoutes[1]=GET /ready",
    "replaceable[0]=acme",
    'note="010"',
    "empty=",
  ];
  const { written, apiType, notices } = adapt(
    `${complete}\nplans:\n  free: &a { quota: { limit: 5, period: month } }\n  gold: *a\npublicRoutes: [GET /health]`,
    "",
    options,
  );
  expect(written).toMatchObject({
    "acme:tokenLifetime": "600",
    "acme:plans": `{"free": {"quota": {"limit": 10, "period": month}}, "gold": {"quota": {"limit": 5, "period": month}}, "a.b": {"throttle": {"rate": 1, "burst": 010}}}`,
    "acme:publicRoutes": `["GET /health", "GET /ready"]`,
    "acme:replaceable": "[acme]",
    "acme:note": '"010"',
    "acme:empty": '""',
  });
  expect(apiType).toBe("http");
  expect(notices.filter((line) => line.startsWith("--config"))).toEqual([]);
});

test("a setting of the command line that leads to a real cloud is reported as one of it", () => {
  const { notices } = adapt(complete, "", ["auth0:domain=other.eu.auth0.com", "shards=3", "protect=true"]);
  expect(notices.filter((line) => line.startsWith("--config"))).toEqual([
    "--config: auth0:domain is replaced: the tenant runs on this machine",
    "--config: shards is left out: the local stack has all customers",
    "--config: protect is kept: npx customers local destroy deletes everything all the same",
  ]);
});

test("the value of a secret from the command line is kept encrypted", () => {
  write("Pulumi.yaml", "name: acme\nconfig: { pin: { secret: true } }\n");
  const { secrets, values, notices } = adapt(`${complete}\nacme:key: { secure: x }`, "", [
    "key=k",
    "pin=1234",
    "cloudflare:apiToken=t",
    "other:note=n",
  ]);
  expect(secrets).toMatchObject({ key: "k", pin: "1234", "cloudflare:apiToken": "t" });
  expect(values).toMatchObject({ "other:note": "n" });
  expect(JSON.stringify([values, notices])).not.toMatch(/"k"|1234|"t"/);
});

test.each([
  ["apiType", "A setting is KEY=VALUE, such as apiType=http."],
  ["=http", "A setting is KEY=VALUE, such as apiType=http."],
  ["plans..free=1", '"plans..free" is not the path of a setting. Write it like apiType, customDomain.name'],
  ["publicRoutes[x]=1", '"publicRoutes[x]" is not the path of a setting.'],
  ["plans={free: [}", `Correct the YAML, or quote all of the value: KEY='"VALUE"'.`],
])("--config %s is refused with what it must be", (argument, message) => {
  expect(() => parseConfigArgument(argument)).toThrow(message);
});

test.each([
  [
    "audience.name=x",
    "--config  audience.name: audience is not a map. Set all of it: --config 'audience=VALUE'",
  ],
  [
    "audience[0]=x",
    "--config  audience[0]: audience is not a list. Set all of it: --config 'audience=VALUE'",
  ],
  [
    "replaceable[1]=x",
    "--config  replaceable[1]: replaceable has 0 entries. Set all of it: --config 'replaceable=VALUE'",
  ],
  [
    "publicRoutes[2]=x",
    "--config  publicRoutes[2]: publicRoutes has 1 entry. Set all of it: --config 'publicRoutes=VALUE'",
  ],
])("--config %s, which does not fit what the file has, is refused", (argument, message) => {
  expect(() => adapt("audience: urn:acme\npublicRoutes: [GET /health]", "", [argument])).toThrow(message);
});

test("problems of what the command line has set are placed there, with options as remedies", () => {
  write("Pulumi.dev.yaml", "config:\n  acme:customDomain: { name: x }\n  acme:tokenLifetime: 60\n");
  const company = readCompany(
    folder,
    undefined,
    ["tokenLifetime=soon", "customDomain.basePath=a b", "stagName=v2"].map(parseConfigArgument),
  );
  const lines = [
    "Pulumi.local.yaml:2:3  tokenLifetime must be a number. Set it with: pulumi config set tokenLifetime VALUE",
    "Pulumi.local.yaml:2:3  customDomain.name is wrong. Set it with: pulumi config set --path 'customDomain.name' VALUE",
    "Pulumi.local.yaml:2:3  customDomain.basePath is wrong. Set it with: pulumi config set --path 'customDomain.basePath' 'a b'",
    'Pulumi.local.yaml:4:3  stagName is not a setting. Did you mean "stageName"? Set that with: pulumi config set stageName VALUE; and remove this with: pulumi config rm stagName',
  ];
  expect(restorePlaces(lines.join("\n"), company).split("\n")).toEqual([
    "--config  tokenLifetime must be a number. Set it with: --config tokenLifetime=VALUE",
    "Pulumi.dev.yaml:2:3  customDomain.name is wrong. Set it with: pulumi config set --path 'customDomain.name' VALUE",
    "--config  customDomain.basePath is wrong. Set it with: --config 'customDomain.basePath=a b'",
    '--config  stagName is not a setting. Did you mean "stageName"? Set that with: --config stageName=VALUE; and remove this.',
  ]);
});
