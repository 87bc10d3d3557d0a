import { type AddressSettings, addressChanges, addressOf, addressSchema } from "../../src/deployment/address";

const settings: AddressSettings = {
  domain: "example.eu.auth0.com",
  audience: "https://api.example.com/",
  apiType: "rest",
  stageName: "v1",
  placement: {},
};
const domain = { name: "api.example.com", defaultEndpoint: false };

const cases: [what: string, before: object, after: object, changes: string[]][] = [
  ["nothing", {}, {}, []],
  [
    "another tenant",
    {},
    { domain: "other.eu.auth0.com" },
    ["auth0:domain from example.eu.auth0.com to other.eu.auth0.com"],
  ],
  ["the domain in capitals and with a dot", {}, { domain: "Example.EU.auth0.com." }, []],
  [
    "another audience",
    {},
    { audience: "https://other/" },
    ["audience from https://api.example.com/ to https://other/"],
  ],
  ["another API", {}, { apiType: "http" }, ["apiType from rest to http"]],
  ["another stage", {}, { stageName: "v2" }, ["stageName from v1 to v2"]],
  [
    "both",
    {},
    { apiType: "http", stageName: "v2" },
    ["apiType from rest to http", "stageName from v1 to v2"],
  ],
  [
    "a domain name that closes the API's own endpoint",
    {},
    { customDomain: domain },
    ["customDomain, which closes the API's own endpoint"],
  ],
  ["a domain name beside it", {}, { customDomain: { ...domain, defaultEndpoint: true } }, []],
  ["no domain name any more", { customDomain: domain }, {}, ["customDomain from api.example.com to none"]],
  [
    "another base path",
    { customDomain: domain },
    { customDomain: { ...domain, basePath: "shop" } },
    ["customDomain from api.example.com to api.example.com/shop"],
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
    ["stageName from v1 to v2"],
  ],
  [
    "an own endpoint that is closed",
    { customDomain: { ...domain, defaultEndpoint: true } },
    { customDomain: domain },
    ["customDomain, which closes the API's own endpoint"],
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
