// What is wrong with an answer, and that customers-as-code agrees: its rules are repeated here, since it isn't installed yet.
import { domainFault as productDomainFault } from "../../customers-as-code/src/auth0/tenant-domain";
import { webUrl } from "../../customers-as-code/src/problems/values";
import { settingsSchema } from "../../customers-as-code/src/settings/settings-schema";
import {
  audienceFault,
  backendUrlFault,
  domainFault,
  nameFault,
  ownerFault,
  regionFault,
  splitStacks,
  stackFaults,
} from "../src/answers";

test.each(["example.eu.auth0.com", "login.example.com", "localhost:8443", "127.0.0.1", "a.b"])(
  "%s is a domain, to the product too.",
  (domain) => {
    expect(domainFault(domain)).toBeUndefined();
    expect(productDomainFault(domain)).toBeUndefined();
  },
);

test.each([
  ["Example.eu.auth0.com", 'Use "example.eu.auth0.com".'],
  ["https://example.eu.auth0.com", 'Use "example.eu.auth0.com".'],
  ["example.eu.auth0.com/", 'Use "example.eu.auth0.com".'],
  ["example.eu.auth0.com.", 'Use "example.eu.auth0.com".'],
  [" HTTPS://Example.eu.auth0.com/api/v2/ ", 'Use "example.eu.auth0.com".'],
  ["example", 'Use a bare domain such as "example.eu.auth0.com".'],
  ["", 'Use a bare domain such as "example.eu.auth0.com".'],
  ["exa mple.com", 'Use a bare domain such as "example.eu.auth0.com".'],
  [`${"a".repeat(64)}.com`, 'Use a bare domain such as "example.eu.auth0.com".'],
])("%p is no domain, to the product neither.", (domain, remedy) => {
  expect(domainFault(domain)).toContain(remedy);
  expect(productDomainFault(domain)).toBeDefined();
});

test.each([
  ["https://api.example.com/", undefined],
  ["urn:example:orders", undefined],
  ["", /^is empty/],
  [" https://api.example.com/", /has spaces or invisible characters/],
  ["https://api.example.com/\u200b", /has spaces or invisible characters/],
  ["https://example.eu.auth0.com/api/v2/", /the identifier of Auth0's Management API/],
])("The audience %p: %p", (audience, fault) => {
  if (fault) expect(audienceFault(audience)).toMatch(fault);
  else {
    expect(audienceFault(audience)).toBeUndefined();
    expect(settingsSchema.shape.audience.safeParse(audience).success).toBe(true);
  }
});

test.each([
  ["https://backend.example.com", true],
  ["http://10.0.0.1:8080/v1", true],
  ["backend.example.com", false],
  ["https:/backend.example.com", false],
  ["https://user:secret@backend.example.com", false],
  ["https://backend.example.com/?a=b", false],
  ["https://backend.example.com/#x", false],
  ["https://back end.example.com", false],
])("The backend URL %p is accepted: %p, by the product too.", (url, isAccepted) => {
  expect(backendUrlFault(url) === undefined).toBe(isAccepted);
  expect(webUrl.safeParse(url).success).toBe(isAccepted);
  // A password must not be printed.
  expect(backendUrlFault(url) ?? "").not.toContain("secret");
});

test.each([
  ["my-company", true],
  ["a", true],
  ["My-Company", false],
  ["1company", false],
  ["my_company", false],
  ["-x", false],
  ["", false],
  ["a".repeat(64), false],
  ["customers-as-code", false],
  ["auth0-tenant", false],
  ["aws", false],
])("The project's name may be %p: %p", (name, isAccepted) => {
  expect(nameFault(name) === undefined).toBe(isAccepted);
});

test.each([
  [["dev", "prod.eu", "Test_1"], []],
  [[], ["names no stack"]],
  [["org/dev"], ['has "org/dev". Leave the organization out: "dev".']],
  [["dév"], ['has "dév". Use letters']],
  [["local"], ['has "local", the stack of the local cloud.']],
  [["prod-shard-2"], ['has "prod-shard-2", the name of a shard.']],
  [["dev", "Dev"], ['names "Dev" twice.']],
  [["dev", "dev", "dev"], ['names "dev" twice.']],
  [
    ["local", ".x"],
    ['has "local"', 'has ".x"'],
  ],
])("The stacks %p have the faults %p.", (stacks, faults) => {
  expect(stackFaults(stacks)).toEqual(faults.map((fault) => expect.stringContaining(fault)));
});

test("Stacks are separated by commas, spaces or both.", () => {
  expect(splitStacks("dev, prod eu,")).toEqual(["dev", "prod", "eu"]);
});

test.each([
  ["eu-central-1", true],
  ["us-gov-west-1", true],
  ["Frankfurt", false],
  ["eu-central", false],
])("The region %p has the form of one: %p", (region, isAccepted) => {
  expect(regionFault(region) === undefined).toBe(isAccepted);
});

test.each([
  ["@example/platform", true],
  ["@group/sub/team @jane jane@example.com", true],
  ["platform", false],
  ["@a/b # c", false],
  ["", false],
])("The owner %p is accepted: %p", (owner, isAccepted) => {
  expect(ownerFault(owner) === undefined).toBe(isAccepted);
});
