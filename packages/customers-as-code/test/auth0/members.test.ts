// The members of an organization: which resource each is, and the error for one who cannot be found.
import * as pulumi from "@pulumi/pulumi";
import { record } from "../../../../test/support/recorder";
import { createMembers, explainFailure, findMissingMembers } from "../../src/auth0/members";

test("a member's resource is named after the address as Auth0 has it, and was named after that of the file", async () => {
  await record({}, { "auth0:index/getUser:getUser": { id: "auth0|jane" } });
  const seen: [name: string, aliases: unknown][] = [];
  const transformations: pulumi.ResourceTransformation[] = [
    ({ name, opts: { aliases } }) => {
      seen.push([name, aliases]);
      return undefined;
    },
  ];
  const parent = new pulumi.ComponentResource("test:Parent", "parent", {}, { transformations });
  createMembers("acme", ["Jane@Acme.example", "joe@acme.example"], "org_1", parent);
  expect(seen).toEqual([
    ["parent", undefined],
    ["acme/jane@acme.example", [{ name: "acme/Jane@Acme.example" }]],
    ["acme/joe@acme.example", []],
  ]);
  await pulumi.runtime.disconnect();
});

test("whoever is no user is reported with all others, and each address is looked up once", async () => {
  const asked: unknown[] = [];
  await record(
    {},
    {
      "auth0:index/getUser:getUser": ({ query }) => {
        asked.push(query);
        if (String(query).includes("nobody")) {
          // The SDK reads the reason where gRPC has it.
          throw Object.assign(new Error(), { details: "No users found." });
        }
        return { id: "auth0|somebody" };
      },
    },
  );
  const customers = [
    { id: "acme", members: ["Ann@acme.example", "nobody@acme.example"] },
    { id: "globex", members: ["ann@acme.example", "nobody@globex.example"] },
    { id: "initech" },
  ];
  const missing = (email: string) =>
    expect.stringContaining(`"${email}" is not exactly one user of the tenant.`);
  expect(await findMissingMembers(customers, "customers")).toEqual([
    { file: "customers/acme.yaml", code: "member-not-found", message: missing("nobody@acme.example") },
    { file: "customers/globex.yaml", code: "member-not-found", message: missing("nobody@globex.example") },
  ]);
  expect(asked).toEqual(
    ["ann", "nobody", "nobody"].map((name, n) => `email:"${name}@${n < 2 ? "acme" : "globex"}.example"`),
  );
});

const reasons: [reason: string, said: string][] = [
  [
    "No users found. Note: wait.",
    '"jane@acme.example" is not exactly one user of the tenant. No users found. Note: wait.',
  ],
  [
    "Further refine the query to retrieve a single user",
    '"jane@acme.example" is not exactly one user of the tenant. Further refine the query to retrieve a single user',
  ],
  [
    "403 Forbidden: Insufficient scope, expected any of: read:users",
    '"jane@acme.example" cannot be looked up, for which Pulumi\'s client must have the scope read:users. 403 Forbidden: Insufficient scope, expected any of: read:users',
  ],
];

test.each(reasons)("of %j it says what it means", (reason, said) => {
  expect(explainFailure("jane@acme.example", reason)).toBe(said);
});
