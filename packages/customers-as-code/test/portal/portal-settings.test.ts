// The config block `portal`: what it takes, and what it says of a wrong one.
import * as pulumi from "@pulumi/pulumi";
import { loadSettings, secretSettings } from "../../src/settings/settings";
import { portal, portalSecrets } from "../../testing/portal-blocks";

beforeAll(() =>
  pulumi.runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    "customers-as-code",
    "dev",
  ),
);

function load(
  block: unknown,
  secrets: Record<string, string> = portalSecrets,
  more: Record<string, string> = {},
) {
  const values = {
    audience: "https://api.example.com/",
    backendUrl: "https://backend.example.com",
    ...(block !== undefined && { portal: JSON.stringify(block) }),
    ...secrets,
    ...more,
  };
  const all = Object.entries(values).map(([key, value]) => [`customers-as-code:${key}`, value]);
  pulumi.runtime.setAllConfig(
    { "auth0:domain": "example.eu.auth0.com", ...Object.fromEntries(all) },
    secretSettings.map((key) => `customers-as-code:${key}`),
  );
  return loadSettings();
}

/** The problems of a block, without the file's name and the count. */
function problemsOf(...args: Parameters<typeof load>): string[] {
  try {
    load(...args);
  } catch (error) {
    return String(error instanceof Error && error.message)
      .split("\n")
      .slice(0, -1)
      .map((line) => line.replace(/^Pulumi\.dev\.yaml {2}/, ""));
  }
  return [];
}

const set = (key: string, argument = `--path 'portal.${key}'`) =>
  `Set it with: pulumi config set ${argument} VALUE`;
const remove = (key: string) => `Remove it with: pulumi config rm --path 'portal.${key}'`;

test("an empty block, as none, is no portal", () => {
  expect(load({}, {}).portal).toBeUndefined();
  expect(load(undefined, {}).portal).toBeUndefined();
});

test("a block of what must be said has defaults for the rest", () => {
  const { secrets, ...block } = load(portal).portal ?? {};
  expect(block).toEqual({
    ...portal,
    moesif: { ...portal.moesif, monetizationVersion: "V2" },
    network: { cidr: "10.0.0.0/16", availabilityZones: 2, natGateways: "single" },
    allowedCidrs: ["0.0.0.0/0"],
    cpu: 1024,
    memory: 4096,
    desiredCount: 2,
    environment: { web: {}, api: {} },
  });
  expect(Object.keys(secrets ?? {})).toEqual(Object.keys(portalSecrets));
});

test("keys stay secrets", async () => {
  for (const secret of Object.values(load(portal).portal?.secrets ?? {})) {
    expect(await pulumi.isSecret(secret)).toBe(true);
  }
});

test("Moesif's application id serves the portal as well as the access log", () => {
  const moesifIngestUrl = "https://moesif.example.com/x";
  expect(load(portal).moesif).toBeUndefined();
  expect(load(portal, portalSecrets, { moesifIngestUrl }).moesif).toMatchObject({
    ingestUrl: moesifIngestUrl,
  });
});

test("numbers may be texts, as variables of an environment always are", () => {
  expect(
    load({
      ...portal,
      cpu: "2048",
      memory: "8192",
      environment: { web: { REACT_APP_SHOW_PRICES: true }, api: { CACHE_SECONDS: 5 } },
    }).portal,
  ).toMatchObject({
    cpu: 2048,
    memory: 8192,
    environment: { web: { REACT_APP_SHOW_PRICES: "true" }, api: { CACHE_SECONDS: "5" } },
  });
});

const subnet = (last: number) => `subnet-0123456789abcdef${last}`;

test("a network that there is has its subnets", () => {
  const network = { vpcId: "vpc-0123456789abcdef0", publicSubnetIds: [subnet(0), subnet(1)] };
  expect(load({ ...portal, network }).portal?.network).toEqual({ ...network, privateSubnetIds: [] });
});

const wrong: [change: object, ...problems: string[]][] = [
  [
    { domainName: "https://portal.example.com" },
    `domainName must be a domain name such as portal.example.com. ${set("domainName")}`,
  ],
  [
    { apiDomainName: portal.domainName },
    `apiDomainName must differ from domainName. ${set("apiDomainName")}`,
  ],
  [
    { certificateArn: "arn:aws:iam::123456789012:server-certificate/portal" },
    `certificateArn must be the ARN of a certificate, such as arn:aws:acm:REGION:ACCOUNT:certificate/ID. ${set("certificateArn")}`,
  ],
  [
    { hostedZoneId: "example.com" },
    `hostedZoneId must be the id of a hosted zone, such as Z0123456789ABC. ${set("hostedZoneId")}`,
  ],
  ...["moesif/dev-portal", "moesif/dev-portal:latest", "moesif/dev-portal:1.x"].map(
    (web): [object, string] => [
      { images: { ...portal.images, web } },
      `images.web must be pinned, by a whole version such as :1.2.3 or by a digest @sha256:…. ${set("images.web")}`,
    ],
  ),
  [
    { images: { ...portal.images, api: "Moesif/dev portal" } },
    `images.api must be an image such as moesif/dev-portal:1.2.3. ${set("images.api")}`,
  ],
  [{ cpu: 1000 }, `cpu must be one of 512, 1024, 2048, 4096, 8192, 16384. ${set("cpu")}`],
  [{ memory: 9216 }, `memory must be 2048 to 8192 in steps of 1024 with a cpu of 1024. ${set("memory")}`],
  [{ memory: 2560 }, `memory must be 2048 to 8192 in steps of 1024 with a cpu of 1024. ${set("memory")}`],
  [{ desiredCount: 0 }, `desiredCount must be at least 1. ${set("desiredCount")}`],
  [
    { allowedCidrs: ["10.0.0.0"] },
    `allowedCidrs[0] must be a range such as 10.0.0.0/16. ${set("allowedCidrs[0]")}`,
  ],
  [
    { stripe: { publishableKey: "sk_test_1" } },
    `stripe.publishableKey must be a publishable key, which begins with pk_. ${set("stripe.publishableKey")}`,
  ],
  [
    { moesif: "live" },
    "moesif must be a map of settings. Remove it with: pulumi config rm --path 'portal.moesif'",
  ],
  [
    { network: { natGateways: "two" } },
    `network.natGateways must be none, single, onePerAz. ${set("network.natGateways")}`,
  ],
  [
    { network: { availabilityZones: 1 } },
    `network.availabilityZones must be at least 2. ${set("network.availabilityZones")}`,
  ],
  [
    { network: { vpcId: "vpc-0123456789abcdef0", natGateways: "single" } },
    `network.natGateways is for a new VPC, but network.vpcId names an existing one. ${set("network.natGateways")}`,
    `network.publicSubnetIds must name two subnets or more, because a load balancer needs them. ${set("network.publicSubnetIds")}`,
  ],
  [
    { network: { privateSubnetIds: [subnet(0)] } },
    `network.privateSubnetIds belongs to an existing VPC: set network.vpcId. ${set("network.privateSubnetIds")}`,
  ],
  // Old guides have the front end call Stripe by itself, with the secret key.
  [
    { environment: { web: { REACT_APP_STRIPE_AUTH_KEY: "Bearer sk_live_1" } } },
    `environment.web.REACT_APP_STRIPE_AUTH_KEY holds a secret key, which has no place in the open. ${set("environment.web.REACT_APP_STRIPE_AUTH_KEY")}`,
  ],
  [
    { environment: { web: { THEME: "dark" } } },
    `environment.web.THEME must begin with REACT_APP_ or VITE_: the portal's build reads no others. ${remove("environment.web.THEME")}`,
  ],
  ...["STRIPE_API_KEY", "PLUGIN_AUTH0_M2M_DOMAIN"].map((name): [object, string] => [
    { environment: { api: { [name]: "x" } } },
    `environment.api.${name} must be the name of a variable that is neither secret nor one of the provisioning plugin's (PLUGIN_…). ${remove(`environment.api.${name}`)}`,
  ]),
  [
    { domain: "portal.example.com" },
    "domain is not a setting. Remove it with: pulumi config rm --path 'portal.domain'",
  ],
  [
    { stripe: { ...portal.stripe, apiKey: "sk_test_1" } },
    "stripe.apiKey is not a setting. Remove it with: pulumi config rm --path 'portal.stripe.apiKey'",
  ],
];

test.each(wrong)("a block with %j is refused", (change, ...problems) => {
  expect(problemsOf({ ...portal, ...change })).toEqual(problems.map((problem) => `portal.${problem}`));
});

test("reports all that is wrong at once, with what is missing and the keys beside the block", () => {
  expect(problemsOf({ cpu: 1000, images: {}, theme: "dark" }, {})).toEqual([
    ...["domainName", "apiDomainName", "certificateArn", "images.web", "images.api"].map(
      (key) => `portal.${key} is missing. ${set(key)}`,
    ),
    ...["moesif.liveEventLogWorkspaceId", "moesif.timeSeriesWorkspaceId", "stripe.publishableKey"].map(
      (key) => `portal.${key} is missing. ${set(key)}`,
    ),
    "portal.theme is not a setting. Remove it with: pulumi config rm --path 'portal.theme'",
    `portal.cpu must be one of 512, 1024, 2048, 4096, 8192, 16384. ${set("cpu")}`,
    ...secretSettings.map((key) => `${key} is missing, which portal needs. ${set(key, `--secret ${key}`)}`),
  ]);
});

test("what is no block is refused", () => {
  expect(problemsOf("on")).toEqual([`portal must be a map of settings. ${set("", "portal")}`]);
});

test("keys without a portal are refused, since they would be for nothing", () => {
  expect(problemsOf({}, { stripeApiKey: "sk_test_1" })).toEqual([
    `portal is missing, which stripeApiKey needs. ${set("domainName")}`,
  ]);
});
