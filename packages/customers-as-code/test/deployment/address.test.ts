import {
  type AddressChange,
  type AddressSettings,
  addressChanges,
  addressOf,
  addressSchema,
} from "../../src/deployment/address";

const settings: AddressSettings = {
  domain: "example.eu.auth0.com",
  audience: "https://api.example.com/",
  apiType: "rest",
  stageName: "v1",
  placement: {},
};
const domain = { name: "api.example.com", defaultEndpoint: false };

const cases: [what: string, before: object, after: object, changes: AddressChange[]][] = [
  ["nothing", {}, {}, []],
  [
    "another tenant",
    {},
    { domain: "other.eu.auth0.com" },
    [{ setting: "auth0:domain", before: "example.eu.auth0.com", after: "other.eu.auth0.com" }],
  ],
  ["the domain in capitals and with a dot", {}, { domain: "Example.EU.auth0.com." }, []],
  [
    "another audience",
    {},
    { audience: "https://other/" },
    [{ setting: "audience", before: "https://api.example.com/", after: "https://other/" }],
  ],
  ["another API", {}, { apiType: "http" }, [{ setting: "apiType", before: "rest", after: "http" }]],
  ["another stage", {}, { stageName: "v2" }, [{ setting: "stageName", before: "v1", after: "v2" }]],
  [
    "both",
    {},
    { apiType: "http", stageName: "v2" },
    [
      { setting: "apiType", before: "rest", after: "http" },
      { setting: "stageName", before: "v1", after: "v2" },
    ],
  ],
  [
    "a domain name that closes the API's own endpoint",
    {},
    { customDomain: domain },
    [{ setting: "customDomain.defaultEndpoint", before: "true", after: "false" }],
  ],
  ["a domain name beside it", {}, { customDomain: { ...domain, defaultEndpoint: true } }, []],
  [
    "no domain name any more",
    { customDomain: domain },
    {},
    [{ setting: "customDomain", before: "api.example.com", after: "none" }],
  ],
  [
    "another base path",
    { customDomain: domain },
    { customDomain: { ...domain, basePath: "shop" } },
    [{ setting: "customDomain", before: "api.example.com", after: "api.example.com/shop" }],
  ],
  [
    "another stage behind the domain name",
    { customDomain: domain },
    { customDomain: domain, stageName: "v2" },
    [],
  ],
  [
    "another stage beside the domain name",
    { customDomain: { ...domain, defaultEndpoint: true } },
    { customDomain: { ...domain, defaultEndpoint: true }, stageName: "v2" },
    [{ setting: "stageName", before: "v1", after: "v2" }],
  ],
  [
    "an own endpoint that is closed",
    { customDomain: { ...domain, defaultEndpoint: true } },
    { customDomain: domain },
    [{ setting: "customDomain.defaultEndpoint", before: "true", after: "false" }],
  ],
  [
    "certificates that callers need from now on",
    { customDomain: domain },
    { customDomain: { ...domain, mutualTls: {} } },
    [{ setting: "customDomain.mutualTls", before: "none", after: "required" }],
  ],
  [
    "certificates that callers need no more",
    { customDomain: { ...domain, mutualTls: {} } },
    { customDomain: domain },
    [],
  ],
];

test.each(cases)("%s", (_, before, after, changes) => {
  const address = addressOf({ ...settings, ...before });
  expect(addressChanges(address, addressOf({ ...settings, ...after }))).toEqual(changes);
  expect(addressSchema.parse(JSON.parse(JSON.stringify(address)))).toEqual(address);
});

test("a shard has no gateway, and changes with the tenant and the audience alone", () => {
  const shard = addressOf({ ...settings, placement: { number: 2 } });
  expect(shard).toEqual({ domain: settings.domain, audience: settings.audience });
  expect(addressChanges(shard, addressOf({ ...settings, stageName: "v2" }))).toEqual([]);
});

test("another region is another URL, if both are known and customers call the API's own endpoint", () => {
  const inRegion = (region: string | undefined, more = {}) => addressOf({ ...settings, ...more }, region);
  const [before, after] = [inRegion("eu-central-1"), inRegion("us-east-1")];
  expect(addressSchema.parse(JSON.parse(JSON.stringify(before)))).toEqual(before);
  expect(addressChanges(before, after)).toEqual([
    { setting: "aws:region", before: "eu-central-1", after: "us-east-1" },
  ]);
  expect(addressChanges(inRegion(undefined), after)).toEqual([]);
  expect(addressChanges(before, inRegion(undefined))).toEqual([]);
  const own = { customDomain: domain };
  expect(addressChanges(inRegion("eu-central-1", own), inRegion("us-east-1", own))).toEqual([]);
});

test("whether callers needed certificates is unknown of a deployment that did not leave it", () => {
  const after = addressOf({ ...settings, customDomain: { ...domain, mutualTls: {} } });
  const before = { ...after, gateway: { apiType: "rest", stageName: "v1", customDomain: domain } };
  expect(addressChanges(before, after)).toEqual([]);
});
