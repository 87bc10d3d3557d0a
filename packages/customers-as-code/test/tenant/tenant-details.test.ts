// Reads members and keys of the local tenant, as a function, and has them compared with files.

import { publicPem } from "../../../auth0-tenant/testing/assertion";
import { inProcessTenant } from "../../../auth0-tenant/testing/in-process";
import { parseCustomers } from "../../src/customers/load-customers";
import { thumbprintOf } from "../../src/customers/public-key";
import { findDrift, wantedDetails } from "../../src/reconcile/find-drift";
import { TenantError } from "../../src/tenant/tenant-access";
import { readDetails, readMembers } from "../../src/tenant/tenant-details";
import { readTenant } from "../../src/tenant/tenant-reader";
import { managementOf } from "../auth0/management";

const audience = "https://api.example.com/";
let tenant: Awaited<ReturnType<typeof inProcessTenant>>;
let send: Awaited<ReturnType<typeof managementOf>>;
let asked: string[] = [];

beforeEach(async () => {
  tenant = await inProcessTenant();
  send = await managementOf(tenant);
  asked = [];
});
afterEach(() => tenant.close());

const access = (more: { clientId?: string; clientSecret?: string } = {}) => ({
  domain: tenant.domain,
  clientId: tenant.clientId,
  clientSecret: tenant.clientSecret,
  fetch: (async (input, init) => {
    asked.push(`${init?.method ?? "GET"} ${new URL(String(input)).pathname}`);
    return tenant.fetch(input, init);
  }) as typeof fetch,
  ...more,
});

async function makeUser(email: string): Promise<string> {
  const connection = "Username-Password-Authentication";
  const user = { connection, email, password: "correct horse battery staple 9!" };
  return (await send<{ user_id: string }>("users", user)).user_id;
}

/** A client that authenticates by the first of the keys; the others are its too, but not in use. */
async function makeKeyedClient(name: string, ...pems: string[]): Promise<string> {
  const { client_id } = await send<{ client_id: string }>("clients", { name, app_type: "non_interactive" });
  const ids: string[] = [];
  for (const pem of pems) {
    const key = { name: "customer", credential_type: "public_key", pem, alg: "RS256" };
    ids.push((await send(`clients/${client_id}/credentials`, key)).id);
  }
  await attach(client_id, ids.slice(0, 1));
  return client_id;
}

const attach = (client: string, ids: readonly string[]) =>
  send(
    `clients/${client}`,
    {
      client_authentication_methods: { private_key_jwt: { credentials: ids.map((id) => ({ id })) } },
      token_endpoint_auth_method: null,
    },
    "PATCH",
  );

test("members are read page by page, of those organizations alone that are asked for", async () => {
  const { id } = await send("organizations", { name: "wayne" });
  const other = await send("organizations", { name: "other" });
  const users: string[] = [];
  for (let number = 0; number < 101; number++) users.push(await makeUser(`user-${number}@wayne.example`));
  for (let at = 0; at < users.length; at += 10) {
    await send(`organizations/${id}/members`, { members: users.slice(at, at + 10) });
  }
  const { organizations } = await readTenant(access(), audience);
  asked = [];
  const members = await readMembers(
    access(),
    organizations.filter(({ name }) => name === "wayne"),
  );
  expect([...members.keys()]).toEqual([id]);
  expect(new Set(members.get(id)?.map(({ userId }) => userId))).toEqual(new Set(users));
  expect(members.get(id)?.map(({ email }) => email)).toContain("user-100@wayne.example");
  expect(asked.join("\n")).not.toContain(other.id);
}, 60_000);

test("of a client's keys those count by which it authenticates, and no key itself is read", async () => {
  const client = await makeKeyedClient("Warehouse", publicPem("one"), publicPem("two"));
  const { clients } = await readTenant(access(), audience);
  const found = clients.filter(({ id }) => id === client);
  const { keys, members } = await readDetails(access(), { organizations: [], clients: found });
  expect(keys).toEqual(new Map([[client, [{ kid: thumbprintOf(publicPem("one")), algorithm: "RS256" }]]]));
  expect(members).toEqual(new Map());
});

test("nothing is asked where no file says members or keys", async () => {
  await readDetails(access(), { organizations: [], clients: [] });
  expect(asked).toEqual([]);
});

test("what may not be read is reported, with the missing right", async () => {
  const { id, name } = await send<{ id: string; name: string }>("organizations", { name: "wayne" });
  const { client_id, client_secret } = await send<Record<"client_id" | "client_secret", string>>("clients", {
    name: "reader",
    app_type: "non_interactive",
  });
  const scope = ["read:clients"];
  await send("client-grants", { client_id, audience: `https://${tenant.domain}/api/v2/`, scope });
  const reader = access({ clientId: client_id, clientSecret: client_secret });
  const error = await readMembers(reader, [{ id, name, grants: [], settings: [] }]).catch((e) => e);
  expect(error).toBeInstanceOf(TenantError);
  expect(error.statusCode).toBe(403);
  expect(error.message).toMatch(
    new RegExp(
      `^The members of organization "wayne" of .* cannot be read: 403 .*read:organization_members.* Grant them to the client ${client_id}\\.$`,
    ),
  );
});

test("who was added to an organization by hand is found, and so is a key that was added to a client", async () => {
  const indented = publicPem("one").trimEnd().split("\n").join("\n      ");
  const text = `displayName: Wayne
members: [Bruce@wayne.example, alfred@wayne.example]
clients:
  ci:
    scopes: [read:orders]
    authentication: private_key_jwt
    publicKey: |
      ${indented}
`;
  const { customers, problems } = parseCustomers(
    "customers",
    [{ name: "wayne.yaml", text }],
    ["read:orders"],
  );
  expect(problems).toEqual([]);
  const metadata = { customer: "wayne" };
  const { id } = await send("organizations", { name: "wayne", display_name: "Wayne", metadata });
  const client = await makeKeyedClient("wayne/ci", publicPem("one"));
  for (const email of ["bruce@wayne.example", "joker@evil.example"]) {
    await send(`organizations/${id}/members`, { members: [await makeUser(email)] });
  }
  const findings = async () => {
    const imports = { customers: {} };
    const read = await readTenant(access(), audience);
    const compared = { tenant: read, declared: customers, imports };
    const details = await readDetails(access(), wantedDetails(compared));
    const api = { name: "API", identifier: audience, scopes: { "read:orders": "" } };
    return findDrift({ ...compared, details, hasPlans: true, api })
      .filter(({ object }) => object === "member" || object === "client")
      .map(({ kind, object, name, differences = [] }) =>
        [kind, object, name, ...differences.map(({ property }) => property)].join(" "),
      );
  };
  const before = await findings();
  expect(before.filter((finding) => finding.includes("member"))).toEqual([
    "missing member wayne/alfred@wayne.example",
    "undeclared member wayne/joker@evil.example",
  ]);
  expect(before.join()).not.toContain("publicKeys");
  const key = { name: "mine", credential_type: "public_key", pem: publicPem("two"), alg: "RS256" };
  const added = await send(`clients/${client}/credentials`, key);
  const first = (await readTenant(access(), audience)).clients.find(({ id: one }) => one === client);
  await attach(client, [...(first?.keyIds ?? []), added.id]);
  expect((await findings()).join()).toMatch(/different client wayne\/ci .*publicKeys/);
});

test("a list of members or keys that is 200 and none stops the reading, and is named", async () => {
  const { id } = await send("organizations", { name: "wayne" });
  const client = await makeKeyedClient("Warehouse", publicPem("one"));
  const { organizations, clients } = await readTenant(access(), audience);
  const wanted = {
    organizations: organizations.filter((each) => each.id === id),
    clients: clients.filter((each) => each.id === client),
  };
  const errorWith = (path: RegExp, answer: string): Promise<unknown> => {
    const fetch: typeof globalThis.fetch = async (input, init) =>
      path.test(String(input)) ? new Response(answer) : tenant.fetch(input, init);
    return readDetails({ ...access(), fetch }, wanted).then(
      () => "it was read",
      (error) => (error instanceof TenantError ? error.message : error),
    );
  };
  for (const answer of ["<html>", "", "{}", "null"]) {
    expect([answer, await errorWith(/\/members/, answer)]).toEqual([
      answer,
      expect.stringMatching(
        /^The members of organization "wayne" of .* cannot be read: page 1 .*Try again later\./,
      ),
    ]);
    expect([answer, await errorWith(/\/credentials/, answer)]).toEqual([
      answer,
      expect.stringMatching(
        /^The keys of client "Warehouse" of .* cannot be read: the answer is .*Try again later\./,
      ),
    ]);
  }
});
