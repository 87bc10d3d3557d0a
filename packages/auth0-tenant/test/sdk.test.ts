// The official Node SDKs, over HTTPS, as a user's own program has them.
import { AuthenticationClient } from "auth0-v4";
import { type RunningTenant, startTenant } from "../src";
import { temporaryDirectory } from "../testing/in-process";
import { type Access, type Sdk, sdk4, sdk7 } from "./sdk-clients";

const { directory, remove } = temporaryDirectory();
let tenant: RunningTenant;
let access: Access;

beforeAll(async () => {
  tenant = await startTenant({ directory });
  const { domain, clientId, clientSecret, fetch } = tenant;
  access = { domain, clientId, clientSecret, fetch };
});

afterAll(async () => {
  await tenant.close();
  remove();
});

describe.each([
  ["auth0 4.14.0", sdk4],
  ["auth0 7", sdk7],
])("%s", (version, sdkFor) => {
  const slug = version.replaceAll(/[^a-z0-9]/g, "-");
  const audience = `https://api.example/${slug}`;
  const readOrders = { value: "read:orders" };
  const writeOrders = { value: "write:orders" };
  let sdk: Sdk;
  let apiId: string;

  const newOrganization = async (name: string) =>
    idIn(await sdk.organizations.create({ name: `${slug}-${name}` }));
  const newUser = async (name: string) => {
    const user = { connection: "Username-Password-Authentication", email: `${name}@${slug}.example` };
    return idIn(await sdk.users.create({ ...user, password: "correct horse" }), "user_id");
  };
  const newClient = async (name: string) => {
    const client = await sdk.clients.create({ name });
    return { clientId: idIn(client, "client_id"), clientSecret: idIn(client, "client_secret") };
  };
  const newGrant = async (client_id: string) => {
    const scope = [readOrders.value, writeOrders.value];
    return idIn(await sdk.grants.create({ client_id, audience, scope, organization_usage: "require" }));
  };

  beforeAll(async () => {
    sdk = sdkFor(access);
    const api = { name: `Orders ${version}`, identifier: audience, scopes: [readOrders, writeOrders] };
    apiId = idIn(await sdk.apis.create(api));
  });

  it("creates, reads, finds by name, updates and deletes an organization", async () => {
    const body = { name: `${slug}-acme`, display_name: "Acme", metadata: { tier: "gold" } };
    const created = await sdk.organizations.create(body);
    expect(created).toMatchObject({ id: expect.stringMatching(/^org_[A-Za-z0-9]{16}$/), ...body });
    const id = idIn(created);
    expect(await sdk.organizations.get(id)).toEqual(created);
    expect(await sdk.organizations.getByName(body.name)).toEqual(created);
    const updated = await sdk.organizations.update(id, { display_name: "Acme Ltd" });
    expect(updated).toMatchObject({ ...body, id, display_name: "Acme Ltd" });
    expect(await sdk.organizations.get(id)).toEqual(updated);
    await sdk.organizations.delete(id);
    await expect(sdk.organizations.get(id)).rejects.toMatchObject({ statusCode: 404 });
  });

  it("creates a client with a secret, updates it, and deletes it with its grants", async () => {
    const { clientId, clientSecret } = await newClient("Reporting");
    expect(clientSecret).toMatch(/^[A-Za-z0-9]{64}$/);
    const shown = { client_id: clientId, client_secret: clientSecret, name: "Reporting" };
    expect(await sdk.clients.get(clientId)).toMatchObject(shown);
    const updated = await sdk.clients.update(clientId, { description: "Nightly" });
    expect(updated).toMatchObject({ ...shown, description: "Nightly" });
    await newGrant(clientId);
    expect(await sdk.grants.list(clientId)).toHaveLength(1);
    await sdk.clients.delete(clientId);
    expect(await sdk.grants.list(clientId)).toEqual([]);
    await expect(sdk.clients.get(clientId)).rejects.toMatchObject({ statusCode: 404 });
  });

  it("updates and deletes a grant", async () => {
    const { clientId } = await newClient("Billing");
    const grant = await newGrant(clientId);
    const narrowed = { id: grant, client_id: clientId, audience, scope: ["read:orders"] };
    expect(await sdk.grants.update(grant, { scope: ["read:orders"] })).toMatchObject(narrowed);
    expect(await sdk.grants.list(clientId)).toEqual([expect.objectContaining(narrowed)]);
    await sdk.grants.delete(grant);
    expect(await sdk.grants.list(clientId)).toEqual([]);
  });

  it("gives a grant to an organization and takes it back", async () => {
    const organization = await newOrganization("granted");
    const { clientId } = await newClient("Shipping");
    const grant = await newGrant(clientId);
    const given = await sdk.organizations.addGrant(organization, grant);
    expect(given).toMatchObject({ client_id: clientId, audience, organization_usage: "require" });
    expect(await sdk.organizations.grants(organization)).toEqual([
      expect.objectContaining({ id: grant, client_id: clientId }),
    ]);
    await sdk.organizations.removeGrant(organization, grant);
    expect(await sdk.organizations.grants(organization)).toEqual([]);
  });

  it("creates a user, finds it by e-mail, merges its app_metadata and deletes it", async () => {
    const user = await newUser("ada");
    const email = `ada@${slug}.example`;
    expect(await sdk.users.byEmail(email.toUpperCase())).toEqual([
      expect.objectContaining({ user_id: user, email }),
    ]);
    await sdk.users.update(user, { app_metadata: { customerId: "cus_1" } });
    await sdk.users.update(user, { app_metadata: { subscriptionId: "sub_1" } });
    expect(await sdk.users.get(user)).toMatchObject({
      app_metadata: { customerId: "cus_1", subscriptionId: "sub_1" },
    });
    await sdk.users.delete(user);
    expect(await sdk.users.byEmail(email)).toEqual([]);
  });

  it("adds a member to organizations, lists both ways, and removes it", async () => {
    const user = await newUser("grace");
    const organizations: string[] = [];
    for (const name of ["one", "two", "three"]) organizations.push(await newOrganization(name));
    for (const id of organizations) await sdk.organizations.addMember(id, user);
    expect((await sdk.users.organizations(user)).map((one) => idIn(one))).toEqual(organizations);
    const [first = ""] = organizations;
    expect((await sdk.organizations.members(first)).map((one) => idIn(one, "user_id"))).toEqual([user]);
    await sdk.organizations.removeMember(first, user);
    expect(await sdk.organizations.members(first)).toEqual([]);
    expect(await sdk.users.organizations(user)).toHaveLength(2);
  });

  it("lists everything once, in pages of two", async () => {
    const organizations: string[] = [];
    const clients: string[] = [];
    for (let n = 1; n <= 5; n += 1) {
      organizations.push(await newOrganization(`page-${n}`));
      clients.push((await newClient(`Page ${n}`)).clientId);
    }
    const listed = (await sdk.organizations.list()).map((one) => idIn(one));
    expect(listed.filter((id) => organizations.includes(id))).toEqual(organizations);
    const listedClients = (await sdk.clients.list()).map((one) => idIn(one, "client_id"));
    expect(listedClients.filter((id) => clients.includes(id))).toEqual(clients);
    expect(new Set(listedClients).size).toBe(listedClients.length);
  });

  it("gets a token that carries the organization's id", async () => {
    const organization = await newOrganization("customer");
    const { clientId, clientSecret } = await newClient("Customer");
    await sdk.organizations.addGrant(organization, await newGrant(clientId));
    const { oauth } = new AuthenticationClient({ ...access, clientId, clientSecret });
    // 4.14.0 sends `organization`, but does not know it as a type.
    const request = { audience, organization };
    const { data } = await oauth.clientCredentialsGrant(request);
    expect(data).toMatchObject({
      token_type: "Bearer",
      expires_in: 86_400,
      scope: "read:orders write:orders",
    });
    expect(claimsOf(data.access_token)).toMatchObject({
      iss: `https://${tenant.domain}/`,
      aud: audience,
      azp: clientId,
      org_id: organization,
    });
    // An SDK reads error and error_description from a refusal.
    await expect(oauth.clientCredentialsGrant({ audience })).rejects.toMatchObject({
      name: "AuthApiError",
      statusCode: 400,
      error: "invalid_request",
      error_description: expect.stringContaining("organization"),
    });
  });

  it("does not get a token with a wrong secret", async () => {
    const { oauth } = new AuthenticationClient({ ...access, clientSecret: "wrong" });
    await expect(oauth.clientCredentialsGrant({ audience })).rejects.toMatchObject({
      statusCode: 401,
      error: "access_denied",
      error_description: "Unauthorized",
    });
    const stranger = sdkFor({ ...access, clientSecret: "wrong" });
    await expect(stranger.organizations.list()).rejects.toMatchObject({ statusCode: 401 });
  });

  describe("makes errors of refusals:", () => {
    const missing = "org_0123456789abcdef";
    it.each<[string, number, (sdk: Sdk) => Promise<unknown>]>([
      ["an organization that is not there", 404, (sdk) => sdk.organizations.get(missing)],
      ["a name that nobody has", 404, (sdk) => sdk.organizations.getByName("nobody")],
      ["deleting what is not there", 404, (sdk) => sdk.organizations.delete(missing)],
      ["a client that is not there", 404, (sdk) => sdk.clients.get("x".repeat(32))],
      [
        "a grant for an organization that is not there",
        404,
        (sdk) => sdk.organizations.addGrant(missing, "x"),
      ],
      ["a name that is not allowed", 400, (sdk) => sdk.organizations.create({ name: "Not Allowed" })],
      ["a name that is taken", 409, (sdk) => sdk.organizations.create({ name: `${slug}-customer` })],
      [
        "an API that is there already",
        409,
        (sdk) => sdk.apis.create({ name: "Again", identifier: audience, scopes: [] }),
      ],
    ])("%s is %d", async (_, statusCode, call) => {
      await expect(call(sdk)).rejects.toMatchObject({ statusCode });
    });

    it("a token without the scope is 403, with the required scope", async () => {
      const { clientId, clientSecret } = await newClient("Reader");
      const scope = ["read:organizations"];
      const management = `https://${tenant.domain}/api/v2/`;
      await sdk.grants.create({
        client_id: clientId,
        audience: management,
        scope,
        organization_usage: "allow",
      });
      const reader = sdkFor({ ...access, clientId, clientSecret });
      expect(await reader.organizations.getByName(`${slug}-customer`)).toMatchObject({
        name: `${slug}-customer`,
      });
      const refused = reader.organizations.create({ name: `${slug}-refused` });
      const message = expect.stringContaining("Insufficient scope, expected any of: create:organizations");
      await expect(refused).rejects.toMatchObject({ statusCode: 403, message });
    });
  });

  it("deletes the API", async () => {
    await sdk.apis.delete(apiId);
    const { oauth } = new AuthenticationClient(access);
    await expect(oauth.clientCredentialsGrant({ audience })).rejects.toMatchObject({
      statusCode: 403,
      error_description: `Service not enabled within domain: ${audience}`,
    });
  });
});

function idIn(answer: unknown, name = "id"): string {
  const value: unknown = typeof answer === "object" && answer ? Reflect.get(answer, name) : undefined;
  if (typeof value !== "string") throw new Error(`no text "${name}" in ${JSON.stringify(answer)}`);
  return value;
}

function claimsOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}
