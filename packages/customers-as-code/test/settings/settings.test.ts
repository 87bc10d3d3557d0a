import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { restrictedSettings } from "../../src/gateway/api-type";
import { describeSettings, effectiveSettings } from "../../src/settings/effective-settings";
import { loadSettings, secretSettings, settingsSchema } from "../../src/settings/settings";
import { readProjectValues } from "../../src/settings/stack-file";
import { portal as portalBlock } from "../../testing/portal-blocks";

const required = {
  "auth0:domain": "example.eu.auth0.com",
  "customers-as-code:audience": "https://api.example.com/",
  "customers-as-code:backendUrl": "https://backend.example.com",
};

const runAs = (stack: string) =>
  pulumi.runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    "customers-as-code",
    stack,
  );
beforeAll(() => runAs("dev"));

/** Settings of a stack with these values; a value that is undefined is not set. */
function load(values: Record<string, string | undefined> = {}) {
  const all = Object.entries({ ...required, ...values }).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value]],
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(all),
    secretSettings.map((name) => key(name)),
  );
  return loadSettings();
}

function problemsOf(values: Record<string, string | undefined>): string[] {
  try {
    load(values);
  } catch (error) {
    return String(error instanceof Error && error.message)
      .split("\n")
      .slice(0, -1);
  }
  return [];
}

const key = (name: string) => `customers-as-code:${name}`;

test("a stack needs three settings; all others have defaults", () => {
  expect(load()).toEqual({
    file: "Pulumi.dev.yaml",
    domain: "example.eu.auth0.com",
    issuer: "https://example.eu.auth0.com/",
    audience: "https://api.example.com/",
    backendUrl: "https://backend.example.com",
    backends: {},
    customers: "customers",
    openapi: "openapi.yaml",
    tokenLifetime: 86_400,
    portalScopes: [],
    publicRoutes: [],
    validateRequests: "none",
    maxResources: 300,
    binaryMediaTypes: [],
    corsAllowedOrigins: [],
    apiType: "rest",
    httpAuthorizer: "lambda",
    stageName: "v1",
    plans: {},
    defaultPlan: undefined,
    enforcePlans: true,
    authorizerCacheSeconds: 60,
    liveSuspensions: false,
    logRetentionDays: 30,
    manageCloudWatchRole: false,
    webAclArn: undefined,
    tracing: false,
    customDomain: undefined,
    alarms: undefined,
    dashboard: false,
    tags: {},
    kmsKeyArn: undefined,
    deliveryKmsKeyArn: undefined,
    moesifIngestUrl: "",
    rotateEveryDays: 180,
    protect: true,
    removalLimit: "25%",
    shards: 1,
    newCustomersPerMinute: 0,
    placement: { main: "dev", shards: 1 },
    replaceable: [],
  });
});

test("every value is read in its type", () => {
  expect(
    load({
      [key("tokenLifetime")]: "3600",
      [key("publicRoutes")]: '["GET /health","GET /version"]',
      [key("protect")]: "false",
      // As the command line writes it: what looks like a number becomes one.
      [key("tags")]: '{"team":"api","cost-centre":4711,"critical":true}',
    }),
  ).toMatchObject({
    tokenLifetime: 3600,
    publicRoutes: ["GET /health", "GET /version"],
    protect: false,
    tags: { team: "api", "cost-centre": "4711", critical: "true" },
  });
});

test("a domain name needs a certificate, and alarms need somebody to notify; the rest has defaults", () => {
  const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/1a2b";
  const topicArns = ["arn:aws:sns:eu-central-1:123456789012:on-call"];
  const { customDomain, alarms } = load({
    [key("customDomain")]: JSON.stringify({ name: "api.example.com", certificateArn }),
    [key("alarms")]: JSON.stringify({ topicArns, thresholds: { serverErrorPercent: "5" } }),
  });
  expect(customDomain).toEqual({ name: "api.example.com", certificateArn, defaultEndpoint: false });
  expect(alarms).toEqual({
    topicArns,
    thresholds: {
      serverErrorPercent: 5,
      authorizerFaults: 0,
      authorizerThrottles: 0,
      keysAgeSeconds: 3600,
      failedDeliveryPercent: 0,
      deliveryDelaySeconds: 900,
      streamThrottles: 0,
    },
  });
});

test("plans are read as the command line writes them, which takes 2.5 for a text", () => {
  const free = { throttle: { rate: "2.5", burst: 5 }, quota: { limit: 1000, period: "month" } };
  const gold = { tokenQuota: { perHour: 10, enforce: "false" } };
  expect(
    load({ [key("plans")]: JSON.stringify({ free, gold, unlimited: {} }), [key("defaultPlan")]: "free" }),
  ).toMatchObject({
    plans: {
      free: { throttle: { rate: 2.5, burst: 5 }, quota: { limit: 1000, period: "month" } },
      gold: { tokenQuota: { perHour: 10, enforce: false } },
      unlimited: {},
    },
    defaultPlan: "free",
    enforcePlans: true,
  });
});

test("Moesif's application id stays a secret", async () => {
  const { moesif } = load({
    [key("moesifIngestUrl")]: "https://moesif.example.com/x",
    [key("moesifApplicationId")]: "id",
  });
  expect(moesif?.ingestUrl).toBe("https://moesif.example.com/x");
  // The local cloud's own.
  for (const url of ["http://127.0.0.1:8080/logs", "http://localhost/", "https://moesif.example.com:443"]) {
    const loaded = load({ [key("moesifIngestUrl")]: url, [key("moesifApplicationId")]: "id" });
    expect(loaded.moesif?.ingestUrl).toBe(url);
  }
  expect(await pulumi.isSecret(pulumi.output(moesif?.applicationId))).toBe(true);
});

describe("a shard", () => {
  const values = {
    ...{ [key("shards")]: "2", [key("moesifIngestUrl")]: "https://moesif.example.com/x" },
    [key("portal")]: JSON.stringify(portalBlock),
  };
  afterEach(() => runAs("dev"));

  it("needs none of the secrets that its main stack needs, and has nothing of what they are for", () => {
    expect(problemsOf(values)).toEqual(
      secretSettings.map((name) => expect.stringContaining(`${name} is missing, which portal needs`)),
    );
    runAs("dev-shard-1");
    const { moesif, portal, placement } = load(values);
    expect({ moesif, portal }).toEqual({});
    expect(placement).toEqual({ main: "dev", number: 1, shards: 2 });
  });
});

test("a secret in clear is refused, if the engine reports which values are encrypted", () => {
  const ids = {
    [key("moesifIngestUrl")]: "https://moesif.example.com/x",
    [key("moesifApplicationId")]: "id",
  };
  try {
    process.env.PULUMI_CONFIG_SECRET_KEYS = "[]";
    expect(problemsOf(ids)).toEqual([
      "Pulumi.dev.yaml  moesifApplicationId is a secret, but is not encrypted. Set it with: pulumi config set --secret moesifApplicationId VALUE",
    ]);
    process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify([key("moesifApplicationId")]);
    expect(problemsOf(ids)).toEqual([]);
  } finally {
    delete process.env.PULUMI_CONFIG_SECRET_KEYS;
  }
});

test("the domain comes from the environment if the stack has no domain, as the Auth0 provider reads it", () => {
  process.env.AUTH0_DOMAIN = "other.us.auth0.com";
  try {
    expect(load({ "auth0:domain": undefined }).issuer).toBe("https://other.us.auth0.com/");
    expect(load().issuer).toBe("https://example.eu.auth0.com/");
  } finally {
    delete process.env.AUTH0_DOMAIN;
  }
});

const customDomain = (more: string) =>
  `{"name":"api.example.com","certificateArn":"arn:aws:acm:eu-central-1:123456789012:certificate/1a2b",${more}}`;

/** Settings that nothing would read, or that Auth0 or AWS would not take; of each the problem. */
const strict: [values: Record<string, string | undefined>, problem: string][] = [
  [
    { [key("webAclARN")]: "x" },
    'webAclARN is not a setting. Did you mean "webAclArn"? Set that with: pulumi config set webAclArn VALUE; and remove this with: pulumi config rm webAclARN',
  ],
  [
    { [key("remvalLimit")]: "5" },
    'remvalLimit is not a setting. Did you mean "removalLimit"? Set that with: pulumi config set removalLimit VALUE; and remove this with: pulumi config rm remvalLimit',
  ],
  [
    { [key("protct")]: "false" },
    'protct is not a setting. Did you mean "protect"? Set that with: pulumi config set protect VALUE; and remove this with: pulumi config rm protct',
  ],
  [
    { [key("colour")]: "red" },
    "colour is not a setting. Remove it with: pulumi config rm colour. If it is your own, declare it under config in Pulumi.yaml.",
  ],
  [
    { "auth0:domian": "x" },
    'auth0:domian is not a setting of auth0. Did you mean "auth0:domain"? Set that with: pulumi config set auth0:domain VALUE; and remove this with: pulumi config rm auth0:domian',
  ],
  [
    { "aws:regoin": "x" },
    'aws:regoin is not a setting of aws. Did you mean "aws:region"? Set that with: pulumi config set aws:region VALUE; and remove this with: pulumi config rm aws:regoin',
  ],
  [
    { "AWS:region": "x" },
    'AWS:region is not a setting. Did you mean "aws:region"? Set that with: pulumi config set aws:region VALUE; and remove this with: pulumi config rm AWS:region',
  ],
  [
    { [key("domain")]: "x" },
    'domain is not a setting. Did you mean "auth0:domain"? Set that with: pulumi config set auth0:domain VALUE; and remove this with: pulumi config rm domain',
  ],
  [
    { "auth0:stripeApiKey": "" },
    'auth0:stripeApiKey is not a setting of auth0. Did you mean "stripeApiKey"? Set that with: pulumi config set --secret stripeApiKey VALUE; and remove this with: pulumi config rm auth0:stripeApiKey',
  ],
  [
    { "auth0:audience": "https://api.example.com/" },
    'auth0:audience is the audience of Auth0\'s Management API, such as https://example.eu.auth0.com/api/v2/. The audience of your API is "audience". Set that with: pulumi config set audience VALUE; and remove this with: pulumi config rm auth0:audience',
  ],
  [
    { "auth0:domain": "Example.eu.auth0.com" },
    'auth0:domain is "Example.eu.auth0.com"; tokens name the tenant without capital letters. Set it with: pulumi config set auth0:domain example.eu.auth0.com',
  ],
  [
    { "auth0:domain": "example.eu.auth0.com." },
    'auth0:domain is "example.eu.auth0.com."; tokens name the tenant without a dot at the end. Set it with: pulumi config set auth0:domain example.eu.auth0.com',
  ],
  ...["example.eu.auth0.com:8443", "example", " example.eu.auth0.com", "example.eu.auth0.com/x", "a..b"].map(
    (domain): [Record<string, string>, string] => [
      { "auth0:domain": domain },
      `auth0:domain is "${domain}"; it must be a bare domain such as example.eu.auth0.com. Set it with: pulumi config set auth0:domain VALUE`,
    ],
  ),
  ...["200%", "101%", "100001"].map((limit): [Record<string, string>, string] => [
    { [key("removalLimit")]: limit },
    "removalLimit must be at most 100000 customers or 100%. Set it with: pulumi config set removalLimit VALUE",
  ]),
  ...["0", "0%"].map((limit): [Record<string, string>, string] => [
    { [key("removalLimit")]: limit },
    "removalLimit must be at least 1: removing one customer is always allowed. Set it with: pulumi config set removalLimit VALUE",
  ]),
  ...["-1", "25 %", "1e9", "", "5.5", "%", "0x5"].map((limit): [Record<string, string>, string] => [
    { [key("removalLimit")]: limit },
    'removalLimit must be a number of customers, or a share of them such as "25%". Set it with: pulumi config set removalLimit VALUE',
  ]),
  ...["31", "2", "3652"].map((days): [Record<string, string>, string] => [
    { [key("logRetentionDays")]: days },
    "logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, which CloudWatch allows. Set it with: pulumi config set logRetentionDays VALUE",
  ]),
  // Number() reads each of these as a number.
  ...["", " 60", "0x10", "1e3", "60.0"].map((seconds): [Record<string, string>, string] => [
    { [key("authorizerCacheSeconds")]: seconds },
    "authorizerCacheSeconds must be a whole number. Set it with: pulumi config set authorizerCacheSeconds VALUE",
  ]),
  [
    { "aws:region": "eu-centrall-1" },
    'aws:region: "eu-centrall-1" is not an AWS region that this program knows. Did you mean "eu-central-1"? Set it with: pulumi config set aws:region eu-central-1. If it is a new one: pulumi config set aws:skipRegionValidation true',
  ],
  [
    { "aws:region": "eu-central-1", [key("kmsKeyArn")]: "arn:aws:kms:us-east-1:123456789012:key/1a" },
    "kmsKeyArn is in us-east-1, and the stack is in eu-central-1. Set one of that region with: pulumi config set kmsKeyArn VALUE",
  ],
  [
    {
      [key("webAclArn")]: "arn:aws:wafv2:eu-central-1:210987654321:regional/webacl/api/1",
      [key("customDomain")]: customDomain('"basePath":"v1"'),
    },
    "customDomain.certificateArn belongs to the account 123456789012, and webAclArn of 210987654321. Set one of that account with: pulumi config set --path 'customDomain.certificateArn' VALUE",
  ],
  [
    {
      "aws:allowedAccountIds": '["123456789012"]',
      [key("webAclArn")]: "arn:aws:wafv2:eu-central-1:210987654321:regional/webacl/api/1",
    },
    "webAclArn belongs to the account 210987654321, and aws:allowedAccountIds has 123456789012. Set one of that account with: pulumi config set webAclArn VALUE",
  ],
  [
    {
      "aws:region": "eu-central-1",
      [key("alarms")]: '{"topicArns":["arn:aws:sns:eu-west-1:123456789012:on-call"]}',
    },
    "alarms.topicArns[0] is in eu-west-1, and the stack is in eu-central-1. Set one of that region with: pulumi config set --path 'alarms.topicArns[0]' VALUE",
  ],
  ...["https://user:word@backend.example.com", "https://user@backend.example.com"].map(
    (url): [Record<string, string>, string] => [
      { [key("backendUrl")]: url },
      "backendUrl must not hold a user name or password. Set it with: pulumi config set backendUrl VALUE",
    ],
  ),
  ...[
    "https://backend.example.com/?a=b",
    "https://backend.example.com#a",
    "https://backend.example.com?",
  ].map((url): [Record<string, string>, string] => [
    { [key("backendUrl")]: url },
    "backendUrl must end with a host or path, without ? and #. Set it with: pulumi config set backendUrl VALUE",
  ]),
  ...[" https://backend.example.com", "https:/backend.example.com", "https:\\\\backend.example.com"].map(
    (url): [Record<string, string>, string] => [
      { [key("backendUrl")]: url },
      "backendUrl must be a URL that begins with https:// or http://. Set it with: pulumi config set backendUrl VALUE",
    ],
  ),
  [
    { [key("audience")]: " https://api.example.com/" },
    "audience must not begin or end with a space. Set it with: pulumi config set audience VALUE",
  ],
  [
    { [key("audience")]: "https://api.example.com/\u200b" },
    "audience contains the invisible character U+200B. Type it again with: pulumi config set audience VALUE",
  ],
  [
    { [key("tags")]: '{"team":"a\\u202eb"}' },
    "tags contains the invisible character U+202E. Type it again with: pulumi config set tags VALUE",
  ],
  [
    { [key("audience")]: "https://example.eu.auth0.com/api/v2/" },
    "audience is that of Auth0's Management API: every customer's token could manage the tenant. Set the identifier of your own API with: pulumi config set audience VALUE",
  ],
  [{ [key("customers")]: "" }, "customers must not be empty. Set it with: pulumi config set customers VALUE"],
  [
    {
      [key("alarms")]:
        '{"topicArns":["arn:aws:sns:eu-central-1:123456789012:a"],"thresholds":{"keysAgeSeconds":null}}',
    },
    "alarms.thresholds.keysAgeSeconds must be a number. Set it with: pulumi config set --path 'alarms.thresholds.keysAgeSeconds' VALUE",
  ],
];

test.each(strict)("settings with %p are refused before anything is declared", (values, problem) => {
  expect(problemsOf(values)).toContain(`Pulumi.dev.yaml  ${problem}`);
});

test("what is not a setting of ours is allowed: of other providers, of the engine, of the providers that are used", () => {
  expect(
    problemsOf({
      ...{
        "cloudflare:email": "a@example.com",
        "aws-native:region": "eu-central-1",
        "awsx:x": "y",
        "gcp:project": "x",
      },
      ...{ "pulumi:tags": "{}", "pulumi:disable-default-providers": "[]" },
      ...{
        "auth0:clientId": "x",
        "auth0:debug": "true",
        "auth0:audience": "https://example.eu.auth0.com/api/v2/",
      },
      ...{
        "aws:region": "eu-central-1",
        "aws:defaultTags": "{}",
        "aws:profile": "x",
        "aws:version": "7.0.0",
      },
    }),
  ).toEqual([]);
  // A region that AWS has since this program was made.
  expect(problemsOf({ "aws:region": "eu-new-1", "aws:skipRegionValidation": "true" })).toEqual([]);
  // A tenant on this machine.
  expect(problemsOf({ "auth0:domain": "localhost:8443" })).toEqual([]);
});

test("whole numbers of a list are its entries as the command line writes them, and no other is lost", () => {
  expect(load({ [key("replaceable")]: '["acme",123,"007"]' }).replaceable).toEqual(["acme", "123", "007"]);
});

describe("a secret in clear is refused without being printed", () => {
  const secrets = [
    ...[
      "auth0:clientSecret",
      "auth0:apiToken",
      "auth0:clientAssertionPrivateKey",
      "aws:secretKey",
      "aws:token",
    ],
    ...["cloudflare:apiToken", ...secretSettings.map((name) => key(name))],
  ];
  afterEach(() => {
    delete process.env.PULUMI_CONFIG_SECRET_KEYS;
  });

  it.each(secrets)("%s", (name) => {
    process.env.PULUMI_CONFIG_SECRET_KEYS = "[]";
    const short = name.replace(/^customers-as-code:/, "");
    const problems = problemsOf({ [name]: "the-secret-itself" });
    expect(problems).toContain(
      `Pulumi.dev.yaml  ${short} is a secret, but is not encrypted. Set it with: pulumi config set --secret ${short} VALUE`,
    );
    expect(problems.join()).not.toContain("the-secret-itself");
    process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify([name]);
    expect(problemsOf({ [name]: "the-secret-itself" }).join()).not.toContain("in clear");
  });
});

test("the environment's domain and region are held to the same", () => {
  const { AUTH0_DOMAIN, AWS_REGION } = process.env;
  try {
    process.env.AUTH0_DOMAIN = "Example.eu.auth0.com";
    process.env.AWS_REGION = "eu-centrall-1";
    expect(problemsOf({ "auth0:domain": undefined })).toEqual([
      'the environment  AUTH0_DOMAIN is "Example.eu.auth0.com"; tokens name the tenant without capital letters. Set it to example.eu.auth0.com.',
      'the environment  AWS_REGION: "eu-centrall-1" is not an AWS region that this program knows. Did you mean "eu-central-1"? Set it to one that AWS has. If it is a new one: pulumi config set aws:skipRegionValidation true',
    ]);
    expect(problemsOf({ "aws:region": "eu-central-1" })).toEqual([]);
  } finally {
    for (const [name, value] of Object.entries({ AUTH0_DOMAIN, AWS_REGION })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});

const mutualTls = '"mutualTls":{"truststoreUri":"s3://truststore/clients.pem"}';

const wrong: [values: Record<string, string | undefined>, problem: string][] = [
  [
    { "auth0:domain": undefined },
    "auth0:domain is missing. Set it with: pulumi config set auth0:domain VALUE",
  ],
  [
    { "auth0:domain": "https://example.eu.auth0.com/" },
    'auth0:domain is "https://example.eu.auth0.com/"; it must be a bare domain such as example.eu.auth0.com. Set it with: pulumi config set auth0:domain VALUE',
  ],
  [{ [key("audience")]: undefined }, "audience is missing. Set it with: pulumi config set audience VALUE"],
  [{ [key("audience")]: "" }, "audience must not be empty. Set it with: pulumi config set audience VALUE"],
  [
    { [key("backendUrl")]: undefined },
    "backendUrl is missing. Set it with: pulumi config set backendUrl VALUE",
  ],
  [
    { [key("backends")]: "reports" },
    "backends must be a map of backends. Set it with: pulumi config set backends VALUE",
  ],
  [
    { [key("backendUrl")]: "backend" },
    "backendUrl must be a URL that begins with https:// or http://. Set it with: pulumi config set backendUrl VALUE",
  ],
  [
    { [key("tokenLifetime")]: "0" },
    "tokenLifetime must be at least 1. Set it with: pulumi config set tokenLifetime VALUE",
  ],
  [
    { [key("authorizerCacheSeconds")]: "3601" },
    "authorizerCacheSeconds must be at most 3600. Set it with: pulumi config set authorizerCacheSeconds VALUE",
  ],
  [
    { [key("protect")]: "yes" },
    "protect must be true or false. Set it with: pulumi config set protect VALUE",
  ],
  [
    { [key("publicRoutes")]: "GET /health" },
    "publicRoutes must be a list. Set it with: pulumi config set --path 'publicRoutes[0]' VALUE",
  ],
  [
    { [key("validateRequests")]: "yes" },
    "validateRequests must be none, parameters, body or all. Set it with: pulumi config set validateRequests VALUE",
  ],
  [
    { [key("binaryMediaTypes")]: '["image/png; q=1"]' },
    "binaryMediaTypes[0] must be a media type in lower case such as image/png, image/* or */*. Set it with: pulumi config set --path 'binaryMediaTypes[0]' VALUE",
  ],
  [
    { [key("corsAllowedOrigins")]: '["https://app.example.com/"]' },
    "corsAllowedOrigins[0] must be an origin such as https://app.example.com, or *. Set it with: pulumi config set --path 'corsAllowedOrigins[0]' VALUE",
  ],
  [
    { [key("corsAllowedOrigins")]: '["*","https://app.example.com"]' },
    "corsAllowedOrigins must be a list of origins, or only *. Set it with: pulumi config set --path 'corsAllowedOrigins[0]' VALUE",
  ],
  [
    { [key("stageName")]: "v1/beta" },
    "stageName must be 1 to 128 letters, digits or '_', or $default. Set it with: pulumi config set stageName VALUE",
  ],
  [
    { [key("apiType")]: "HTTP" },
    "apiType must be rest or http. Set it with: pulumi config set apiType VALUE",
  ],
  [
    { [key("httpAuthorizer")]: "cognito" },
    "httpAuthorizer must be lambda or jwt. Set it with: pulumi config set httpAuthorizer VALUE",
  ],
  [
    { [key("webAclArn")]: "arn:aws:wafv2:us-east-1:123456789012:global/webacl/api/1" },
    "webAclArn must be the ARN of a regional web ACL, such as arn:aws:wafv2:REGION:ACCOUNT:regional/webacl/NAME/ID. Set it with: pulumi config set webAclArn VALUE",
  ],
  [
    { [key("kmsKeyArn")]: "arn:aws:kms:eu-central-1:123456789012:alias/logs" },
    "kmsKeyArn must be the ARN of a key, such as arn:aws:kms:REGION:ACCOUNT:key/ID; an alias does not work. Set it with: pulumi config set kmsKeyArn VALUE",
  ],
  [{ [key("tags")]: "team=api" }, "tags must be a map of strings. Set it with: pulumi config set tags VALUE"],
  [
    { [key("tags")]: '{"aws:team":"api"}' },
    'tags.aws:team must have a name of 1 to 128 letters, digits, spaces and "_.:/=+-@" that does not begin with "aws:". Remove it with: pulumi config rm --path \'tags.aws:team\'',
  ],
  [
    { [key("tags")]: '{"team":"a;b"}' },
    "tags.team must have up to 256 letters, digits, spaces and \"_.:/=+-@\". Set it with: pulumi config set --path 'tags.team' VALUE",
  ],
  ...plansThatAreWrong(),
  [
    {
      [key("customDomain")]:
        '{"name":"API.example.com","certificateArn":"arn:aws:acm:eu-central-1:123456789012:certificate/1a2b"}',
    },
    "customDomain.name must be a domain name in lower case, such as api.example.com. Set it with: pulumi config set --path 'customDomain.name' VALUE",
  ],
  [
    { [key("customDomain")]: '{"name":"api.example.com"}' },
    "customDomain.certificateArn must be the ARN of a certificate, such as arn:aws:acm:REGION:ACCOUNT:certificate/ID. Set it with: pulumi config set --path 'customDomain.certificateArn' VALUE",
  ],
  [
    { [key("customDomain")]: customDomain('"basePath":"orders/v1"') },
    "customDomain.basePath must be one part of a path, of letters, digits and $-_.+!*'(), without a slash. Set it with: pulumi config set --path 'customDomain.basePath' VALUE",
  ],
  [
    { [key("customDomain")]: customDomain('"mutualTls":{"truststoreUri":"https://bucket/key"}') },
    "customDomain.mutualTls.truststoreUri must be a URL such as s3://bucket/key. Set it with: pulumi config set --path 'customDomain.mutualTls.truststoreUri' VALUE",
  ],
  [
    { [key("customDomain")]: customDomain(`${mutualTls},"defaultEndpoint":true`) },
    "customDomain.defaultEndpoint must be false with mutualTls: it accepts callers without a certificate. Set it with: pulumi config set --path 'customDomain.defaultEndpoint' VALUE",
  ],
  [
    { [key("customDomain")]: customDomain(`${mutualTls},"minimumTls":"1.3"`) },
    "customDomain.minimumTls must be \"1.2\" with mutualTls: API Gateway has no mutual TLS with a policy of TLS 1.3 only. Set it with: pulumi config set --path 'customDomain.minimumTls' VALUE",
  ],
  [
    { [key("customDomain")]: customDomain('"tls":"1.3"') },
    "customDomain.tls is not a setting. Remove it with: pulumi config rm --path 'customDomain.tls'",
  ],
  [
    { [key("alarms")]: '{"topicArns":[]}' },
    "alarms.topicArns must be a list of one to five ARNs of the topics to notify. Set it with: pulumi config set --path 'alarms.topicArns[0]' VALUE",
  ],
  [
    { [key("alarms")]: '{"topicArns":["on-call"]}' },
    "alarms.topicArns[0] must be the ARN of a topic, such as arn:aws:sns:REGION:ACCOUNT:NAME. Set it with: pulumi config set --path 'alarms.topicArns[0]' VALUE",
  ],
  [
    {
      [key("alarms")]:
        '{"topicArns":["arn:aws:sns:eu-central-1:123456789012:on-call"],"thresholds":{"errors":1}}',
    },
    "alarms.thresholds.errors is not a setting. Remove it with: pulumi config rm --path 'alarms.thresholds.errors'",
  ],
  [
    {
      [key("alarms")]:
        '{"topicArns":["arn:aws:sns:eu-central-1:123456789012:on-call"],"thresholds":{"serverErrorPercent":101}}',
    },
    "alarms.thresholds.serverErrorPercent must be at most 100. Set it with: pulumi config set --path 'alarms.thresholds.serverErrorPercent' VALUE",
  ],
  [{ [key("alarms")]: "on" }, "alarms must be a map. Set it with: pulumi config set alarms VALUE"],
  [
    { [key("removalLimit")]: "a quarter" },
    'removalLimit must be a number of customers, or a share of them such as "25%". Set it with: pulumi config set removalLimit VALUE',
  ],
  [
    { [key("moesifIngestUrl")]: "https://moesif.example.com/x" },
    "moesifApplicationId is missing, which moesifIngestUrl needs. Set it with: pulumi config set --secret moesifApplicationId VALUE",
  ],
  [
    { [key("moesifApplicationId")]: "id" },
    "moesifIngestUrl is missing, which moesifApplicationId needs. Set it with: pulumi config set moesifIngestUrl VALUE",
  ],
  ...[
    "http://moesif.example.com/x",
    "https://moesif.example.com:8443/x",
    "https://moesif.example.com/a b",
    "http://localhost.example.com/x",
    "moesif.example.com",
  ].map((url): [Record<string, string>, string] => [
    { [key("moesifIngestUrl")]: url, [key("moesifApplicationId")]: "id" },
    "moesifIngestUrl must be a URL that begins with https:// and has no other port than 443, as Firehose requires. Set it with: pulumi config set moesifIngestUrl VALUE",
  ]),
];

function plansThatAreWrong(): typeof wrong {
  const withPlans = (plans: unknown, defaultPlan?: string) => ({
    [key("plans")]: JSON.stringify(plans),
    [key("defaultPlan")]: defaultPlan,
  });
  const withLimits = (limits: unknown) => withPlans({ free: limits }, "free");
  const set = (name: string) => `Set it with: pulumi config set ${name} VALUE`;
  const at = (path: string) => set(`--path '${path}'`);
  const remove = (path: string) => `Remove it with: pulumi config rm --path '${path}'`;
  const many = Array.from({ length: 301 }, (_, index) => [`plan-${index}`, {}]);
  const suspend = "a customer that may do nothing is suspended (status)";
  return [
    [
      withPlans({ free: {} }),
      `defaultPlan is missing, which plans needs for customers without a plan of their own. ${set("defaultPlan")}`,
    ],
    [
      withPlans({}, "free"),
      `defaultPlan is "free", but plans is empty. Remove it with: pulumi config rm defaultPlan`,
    ],
    [
      withPlans({ free: {}, gold: {} }, "golden"),
      `defaultPlan is "golden"; it must be one of plans, which has free, gold. ${set("defaultPlan")}`,
    ],
    [
      withPlans({ free: {} }, "toString"),
      `defaultPlan is "toString"; it must be one of plans, which has free. ${set("defaultPlan")}`,
    ],
    [withPlans(["free"], "free"), `plans must be a map of plans. ${set("plans")}`],
    [withPlans(Object.fromEntries(many), "plan-0"), `plans must have at most 300 plans. ${set("plans")}`],
    [
      withPlans({ Gold: {} }, "Gold"),
      `plans.Gold has a name that must consist of lower-case letters, digits, '-' and '_', begin with a letter or digit, and have up to 50 of them. Remove it with: pulumi config rm --path 'plans.Gold'`,
    ],
    [withLimits(5), `plans.free must be a map of limits. ${remove("plans.free")}`],
    [
      withLimits({ throtle: {} }),
      "plans.free.throtle is not a setting. Remove it with: pulumi config rm --path 'plans.free.throtle'",
    ],
    [
      withLimits({ throttle: { rate: 0, burst: 1 } }),
      `plans.free.throttle.rate must be above 0; ${suspend}. ${at("plans.free.throttle.rate")}`,
    ],
    [
      withLimits({ throttle: { rate: 1 } }),
      `plans.free.throttle.burst must be a whole number. ${at("plans.free.throttle.burst")}`,
    ],
    [
      withLimits({ quota: { limit: 0, period: "day" } }),
      `plans.free.quota.limit must be at least 1; ${suspend}. ${at("plans.free.quota.limit")}`,
    ],
    [
      withLimits({ quota: { limit: 1, period: "hour" } }),
      `plans.free.quota.period must be day, week or month. ${at("plans.free.quota.period")}`,
    ],
    [
      withLimits({ tokenQuota: {} }),
      `plans.free.tokenQuota must have perHour, perDay or both. ${remove("plans.free.tokenQuota")}`,
    ],
    [{ [key("enforcePlans")]: "no" }, `enforcePlans must be true or false. ${set("enforcePlans")}`],
  ];
}

test.each(wrong)("a stack with %p is refused", (values, problem) => {
  expect(problemsOf(values)).toEqual([`Pulumi.dev.yaml  ${problem}`]);
});

test("all wrong settings are reported at once, those of other providers too", () => {
  expect(
    problemsOf({
      "auth0:domain": undefined,
      [key("audience")]: undefined,
      [key("backendUrl")]: undefined,
      [key("protect")]: "1",
    }),
  ).toHaveLength(4);
});

// Whoever adds a setting says here that an HTTP API can do it, or in packages/customers-as-code/src/gateway/api-type.ts why not.
test("every setting is good for each kind of API, or packages/customers-as-code/src/gateway/api-type.ts refuses it", () => {
  const forEveryKind =
    `alarms apiType audience authorizerCacheSeconds backends backendUrl dashboard deliveryKmsKeyArn kmsKeyArn logRetentionDays manageCloudWatchRole
    newCustomersPerMinute openapi portal portalScopes protect publicRoutes removalLimit replaceable rotateEveryDays shards tags tokenLifetime`.split(
      /\s+/,
    );
  expect([...forEveryKind, ...restrictedSettings].sort()).toEqual(Object.keys(settingsSchema.shape).sort());
});

test("every setting has a description of one or more sentences", () => {
  expect(describeSettings().map(({ name }) => name)).toEqual([
    ...Object.keys(settingsSchema.shape),
    ...secretSettings,
  ]);
  for (const { description } of describeSettings()) expect(description).toMatch(/^[A-Z].*\.$/);
});

test("each documented default is the value that the program sees without the setting", () => {
  const documented = describeSettings().flatMap(({ name, default: value }) =>
    value === undefined ? [] : [[name, typeof value === "string" ? value : JSON.stringify(value)]],
  );
  expect(effectiveSettings(Object.fromEntries(documented))).toEqual(effectiveSettings({}));
  expect(documented.map(([name]) => name)).toEqual(
    Object.keys(settingsSchema.shape).filter((name) => name !== "audience"),
  );
});

test("an invalid setting counts as absent, and leaves the others alone", () => {
  expect(effectiveSettings({ shards: "many", stageName: "v2" })).toMatchObject({
    shards: 1,
    stageName: "v2",
  });
});

describe("the Pulumi.yaml of a fork, which documents every setting", () => {
  const text = readFileSync(join(__dirname, "fork/Pulumi.yaml"), "utf8");

  it("gives each setting the default that the program has", () => {
    const values = readProjectValues(text, "customers-as-code");
    expect(Object.keys(values).length).toBeGreaterThan(30);
    const own = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name.replace("customers-as-code:", ""), value]),
    );
    expect(effectiveSettings(own)).toEqual(effectiveSettings({}));
    expect(load({ ...values, ...required })).toEqual(load());
  });

  it("gives its own defaults where it has others, in the forms that Pulumi accepts", () => {
    const config = `name: shop\nconfig:\n  shards: 3\n  shop:stageName: { value: v2 }\n  aws:region: eu-west-1\n  plans:\n    default: { gold: { throttle: { rate: 5 } } }\n  audience: { type: string }\n`;
    expect(readProjectValues(config, "shop")).toEqual({
      "shop:shards": "3",
      "shop:stageName": "v2",
      "aws:region": "eu-west-1",
      "shop:plans": '{"gold":{"throttle":{"rate":5}}}',
    });
  });
});

test("the example company's Pulumi.yaml leaves the settings to the package", () => {
  expect(Object.keys(parse(readFileSync("Pulumi.yaml", "utf8")))).toEqual([
    "name",
    "description",
    "main",
    "runtime",
  ]);
});

test("Pulumi.dev.yaml is a stack that the program takes", () => {
  const { config } = parse(readFileSync("Pulumi.dev.yaml", "utf8")) as { config: Record<string, unknown> };
  const values = Object.entries(config).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  expect(load(Object.fromEntries(values))).toMatchObject({
    audience: "https://api.example.com/",
    publicRoutes: ["GET /health"],
    protect: true,
  });
  // Nor does the policy pack leave out what holds the stack to it.
  const policies: Record<string, unknown> = JSON.parse(readFileSync("policy/dev.json", "utf8"));
  expect(Object.keys(policies)).toEqual(["public-routes"]);
});
