// What the local auth0 provider does where the official one's requests were not recorded.

import { type KeyName, publicPem, signAssertion } from "../../../auth0-tenant/testing/assertion";
import { inProcessTenant } from "../../../auth0-tenant/testing/in-process";
import { auth0Provider } from "../../src/auth0/auth0-provider";
import { type Properties, type Provider, Secret } from "../../src/engine/provider";

const types = {
  client: "auth0:index/client:Client",
  credentials: "auth0:index/clientCredentials:ClientCredentials",
  grant: "auth0:index/clientGrant:ClientGrant",
  member: "auth0:index/organizationMember:OrganizationMember",
  organization: "auth0:index/organization:Organization",
  organizationGrant: "auth0:index/organizationClientGrant:OrganizationClientGrant",
  server: "auth0:index/resourceServer:ResourceServer",
  scopes: "auth0:index/resourceServerScopes:ResourceServerScopes",
};
type Type = keyof typeof types;

interface Kept {
  type: Type;
  id: string;
  inputs: Properties;
  outputs: Properties;
}

let tenant: Awaited<ReturnType<typeof inProcessTenant>>;
let provider: Provider;
/** Called after each change that the provider makes. */
let afterWrite: () => Promise<void> = async () => {};
/** Requests to the Management API since the last call of `requestsOf`, with the bodies of changes. */
let requests: string[] = [];
let number = 0;

beforeAll(async () => {
  tenant = await inProcessTenant();
  provider = auth0Provider({
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const { method, url } = request;
      const body = await request.clone().text();
      const [, path] = url.split("/api/v2/");
      if (path !== undefined) requests.push(`${method} ${path}${body && ` ${body}`}`);
      const response = await tenant.fetch(request);
      if (method !== "GET" && request.url.includes("/api/v2/")) await afterWrite();
      return response;
    },
  });
  const { domain, clientId, clientSecret } = tenant;
  await provider.configure({ domain, clientId, clientSecret });
});
beforeEach(() => {
  afterWrite = async () => {};
  number += 1;
});
afterAll(() => tenant.close());

async function create(type: Type, given: Properties): Promise<Kept> {
  const { inputs, failures } = await provider.check(types[type], given, "urn", undefined);
  expect(failures).toEqual([]);
  return { type, inputs, ...(await provider.create(types[type], inputs, false)) };
}

async function change({ type, id, outputs }: Kept, given: Properties): Promise<Kept> {
  const { inputs } = await provider.check(types[type], given, "urn", undefined);
  return { type, id, inputs, outputs: await provider.update(types[type], id, outputs, inputs, false) };
}

/** The action's requests, with the names of these ids instead of the ids. */
async function requestsOf(ids: Record<string, string>, action: () => Promise<unknown>): Promise<string[]> {
  requests = [];
  await action();
  return requests.map((request) =>
    Object.entries(ids).reduce((line, [name, id]) => line.replaceAll(id, `{${name}}`), request),
  );
}

/** Properties that the next deployment would change, although the program has not changed. */
async function driftOf({ type, id, inputs, outputs }: Kept): Promise<string[]> {
  return (await provider.diff(types[type], id, inputs, outputs, inputs)).changed;
}

const read = ({ type, id, inputs, outputs }: Kept) => provider.read(types[type], id, inputs, outputs);
const remove = ({ type, id, outputs }: Kept) => provider.delete(types[type], id, outputs);

/** What Auth0 has, without the provider in between. */
const get = (path: string) => call(path);
const post = (path: string, body: object) => call(path, body);
const database = "Username-Password-Authentication";

async function call(path: string, given?: object): Promise<Properties> {
  const { domain, clientId: client_id, clientSecret: client_secret } = tenant;
  const form = { grant_type: "client_credentials", audience: `https://${domain}/api/v2/` };
  const body = new URLSearchParams({ ...form, client_id, client_secret });
  const issued = await tenant.fetch(`https://${domain}/oauth/token`, { method: "POST", body });
  const { access_token } = (await issued.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}`, "content-type": "application/json" };
  const response = await tenant.fetch(`https://${domain}/api/v2/${path}`, {
    method: given ? "POST" : "GET",
    headers,
    ...(given && { body: JSON.stringify(given) }),
  });
  return (await response.json()) as Properties;
}

const machine = () => ({ name: `machine ${number}`, appType: "non_interactive" });

describe("a client", () => {
  test("that is changed keeps what Auth0 chose for it", async () => {
    const client = await create("client", machine());
    const changed = await change(client, { ...machine(), description: "changed" });
    expect(changed.outputs).toMatchObject({
      description: "changed",
      isFirstParty: true,
      oidcConformant: false,
      grantTypes: ["authorization_code", "implicit", "refresh_token", "client_credentials"],
      clientId: client.id,
    });
  });

  test("gives up by null what can be given up", async () => {
    const organization = await create("organization", { name: `default-${number}` });
    const client = await create("client", {
      ...machine(),
      organizationUsage: "require",
      defaultOrganization: { organizationId: organization.id, flows: ["client_credentials"] },
      tokenQuota: { clientCredentials: { perHour: 5 } },
    });
    expect(client.outputs).toMatchObject({
      tokenQuota: { clientCredentials: { enforce: true, perHour: 5 } },
      defaultOrganization: { organizationId: organization.id },
    });
    await change(client, machine());
    const names = Object.keys(await get(`clients/${client.id}`));
    expect(names).not.toContain("organization_usage");
    expect(names).not.toContain("default_organization");
    expect(names).not.toContain("token_quota");
  });

  test("loses the metadata that are no longer declared, one or all", async () => {
    const client = await create("client", {
      ...machine(),
      clientMetadata: { camelCase: "1", snake_case: "2" },
    });
    const fewer = await change(client, { ...machine(), clientMetadata: { snake_case: "2" } });
    expect((await get(`clients/${client.id}`)).client_metadata).toEqual({ snake_case: "2" });
    await change(fewer, machine());
    expect((await get(`clients/${client.id}`)).client_metadata).toEqual({});
  });

  test("is changed without its metadata and default organization, unless they are what changes", async () => {
    const organization = await create("organization", { name: `default-${number}` });
    const more = {
      ...{ organizationUsage: "require", clientMetadata: { customer: "acme" } },
      defaultOrganization: { organizationId: organization.id, flows: ["client_credentials"] },
    };
    const client = await create("client", { ...machine(), ...more });
    const sent = await requestsOf({ client: client.id }, () =>
      change(client, { ...machine(), ...more, description: "changed" }),
    );
    expect(sent).toEqual([
      `PATCH clients/{client} {"name":"machine ${number}","description":"changed","app_type":"non_interactive","organization_usage":"require"}`,
      "GET clients/{client}",
    ]);
  });

  test("whose default organization someone has taken away gets it back", async () => {
    const organization = await create("organization", { name: `default-${number}` });
    const defaultOrganization = { organizationId: organization.id, flows: ["client_credentials"] };
    const client = await create("client", { ...machine(), defaultOrganization });
    await change(client, machine());
    const found = await read(client);
    expect(found?.inputs).not.toHaveProperty("defaultOrganization");
    const diff = await provider.diff(
      types.client,
      client.id,
      found?.inputs ?? {},
      found?.outputs ?? {},
      client.inputs,
    );
    expect(diff).toEqual({ changed: ["defaultOrganization"], replace: [] });
    await provider.update(types.client, client.id, found?.outputs ?? {}, client.inputs, false);
    expect(await get(`clients/${client.id}`)).toMatchObject({
      default_organization: { organization_id: organization.id },
    });
  });

  test("of a page has the addresses to which users may go back", async () => {
    const url = "https://portal.example.com";
    const page = {
      name: `page ${number}`,
      appType: "spa",
      callbacks: [url],
      webOrigins: [url],
      allowedLogoutUrls: [url],
    };
    const client = await create("client", page);
    expect(await get(`clients/${client.id}`)).toMatchObject({
      token_endpoint_auth_method: "none",
      callbacks: [url],
      web_origins: [url],
      allowed_logout_urls: [url],
    });
    expect((await read(client))?.inputs).toEqual({ ...page, description: "Managed by Pulumi" });
  });

  test("that is not there is no state, and no error to delete", async () => {
    const client = await create("client", machine());
    await remove(client);
    expect(await read(client)).toBeUndefined();
    await remove(client);
  });

  test("that Auth0 has changed is read as it is", async () => {
    const client = await create("client", { ...machine(), description: "declared" });
    await change(client, { ...machine(), description: "changed by hand" });
    expect((await read(client))?.inputs).toEqual({ ...machine(), description: "changed by hand" });
  });

  test("is imported with everything that Auth0 has of it", async () => {
    const { id } = await create("client", machine());
    const imported = await provider.read(types.client, id, {}, {});
    expect(imported?.inputs).toMatchObject({
      ...machine(),
      isFirstParty: true,
      grantTypes: expect.any(Array),
    });
  });
});

const key = (name: KeyName, more: Properties = {}) => ({
  ...{ credentialType: "public_key", name, pem: publicPem(name), algorithm: "RS256", ...more },
});

async function accepts(clientId: string, name: KeyName): Promise<boolean> {
  const { domain } = tenant;
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    audience: "https://missing/",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: signAssertion({ sub: clientId, key: name }, domain, Date.now()),
  });
  const response = await tenant.fetch(`https://${domain}/oauth/token`, { method: "POST", body });
  // A known client gets the answer that there is no such API.
  return response.status === 403;
}

describe("a client's credentials", () => {
  async function keyed(...credentials: Properties[]) {
    const { id } = await create("client", machine());
    const by = (...keys: Properties[]) => ({
      ...{ clientId: id, authenticationMethod: "private_key_jwt", privateKeyJwt: { credentials: keys } },
    });
    return { id, by, resource: await create("credentials", by(...credentials)) };
  }

  test("are rotated so that a key is accepted at every moment", async () => {
    const { id, by, resource } = await keyed(key("one"));
    const accepted: boolean[] = [];
    afterWrite = async () => {
      accepted.push((await accepts(id, "one")) || (await accepts(id, "two")));
    };
    await change(resource, by(key("two")));
    expect(accepted.length).toBeGreaterThan(3);
    expect(accepted).not.toContain(false);
    expect([await accepts(id, "one"), await accepts(id, "two")]).toEqual([false, true]);
    expect(await get(`clients/${id}/credentials`)).toMatchObject([{ name: "two" }]);
  });

  test("are rotated one by one where Auth0 takes no third", async () => {
    const { id, by, resource } = await keyed(key("one"), key("two"));
    const accepted: boolean[] = [];
    afterWrite = async () => {
      accepted.push((await accepts(id, "two")) || (await accepts(id, "three")));
    };
    await change(resource, by(key("two"), key("three")));
    expect(accepted).not.toContain(false);
    expect(await get(`clients/${id}/credentials`)).toMatchObject([{ name: "three" }, { name: "two" }]);
  });

  test("may be swapped for two others", async () => {
    const { id, by, resource } = await keyed(key("one"), key("two"));
    await change(resource, by(key("three")));
    expect(await get(`clients/${id}/credentials`)).toMatchObject([{ name: "three" }]);
    expect(await accepts(id, "three")).toBe(true);
  });

  test("of one name are a change in every deployment, since the official provider finds them by name", async () => {
    const { resource } = await keyed(key("one", { name: "customer" }), key("two", { name: "customer" }));
    expect(await driftOf(resource)).toEqual(["privateKeyJwt"]);
    const again = await change(resource, resource.inputs);
    expect(await driftOf(again)).toEqual(["privateKeyJwt"]);
  });

  test("of different names are no change in the next deployment, whichever is added or removed", async () => {
    const { by, resource } = await keyed(key("one"));
    expect(await driftOf(resource)).toEqual([]);
    const both = await change(resource, by(key("one"), key("two")));
    expect(await driftOf(both)).toEqual([]);
    const inputs = by(key("two"), key("one"));
    expect(await driftOf({ ...both, inputs })).toEqual([]);
    const last = await change(both, by(key("two")));
    expect(await driftOf(last)).toEqual([]);
    const found = await read(last);
    expect(found && (await driftOf({ ...last, ...found }))).toEqual([]);
  });

  test("keep the name that they have, which is a change in every deployment then", async () => {
    const { id, by, resource } = await keyed(key("one"));
    const sent = await requestsOf({ id }, async () => {
      const renamed = await change(resource, by(key("one", { name: "other" })));
      expect(await driftOf(renamed)).toEqual(["privateKeyJwt"]);
    });
    expect(sent.filter((request) => !request.startsWith("GET"))).toEqual([]);
    expect(await get(`clients/${id}/credentials`)).toMatchObject([{ name: "one" }]);
  });

  test("list the client's keys once while one is rotated", async () => {
    const { id, by, resource } = await keyed(key("one"));
    const before = Object(Object.values(await get(`clients/${id}/credentials`))[0]).id;
    let after: Kept | undefined;
    const sent = await requestsOf({ id, before }, async () => {
      after = await change(resource, by(key("two")));
    });
    const { privateKeyJwt } = after?.outputs ?? {};
    const added = Object(privateKeyJwt).credentials[0].id;
    const attached = (...ids: string[]) =>
      `PATCH clients/{id} {"client_authentication_methods":{"private_key_jwt":{"credentials":[${ids.map((one) => `{"id":"${one}"}`)}]}},"token_endpoint_auth_method":null}`;
    const fields = "GET clients/{id}?fields=client_id%2Capp_type&include_fields=true";
    expect(sent.map((request) => request.replaceAll(added, "{added}"))).toEqual([
      "GET clients/{id}?fields=client_id&include_fields=true",
      "GET clients/{id}/credentials?include_totals=true&per_page=50",
      `POST clients/{id}/credentials ${JSON.stringify({ name: "two", credential_type: "public_key", pem: publicPem("two"), alg: "RS256" })}`,
      fields,
      attached("{before}", "{added}"),
      fields,
      attached("{added}"),
      "DELETE clients/{id}/credentials/{before}",
      "GET clients/{id}",
      "GET clients/{id}/credentials/{added}",
    ]);
  });

  test("set the method again, last, when a secret takes the keys' place", async () => {
    const { id, resource } = await keyed(key("one"));
    const before = Object(Object.values(await get(`clients/${id}/credentials`))[0]).id;
    const sent = await requestsOf({ id, before }, () =>
      change(resource, { clientId: id, authenticationMethod: "client_secret_post" }),
    );
    expect(sent).toEqual([
      "GET clients/{id}?fields=client_id&include_fields=true",
      "GET clients/{id}/credentials?include_totals=true&per_page=50",
      "GET clients/{id}?fields=client_id%2Capp_type&include_fields=true",
      'PATCH clients/{id} {"client_authentication_methods":null,"signed_request_object":null,"token_endpoint_auth_method":"client_secret_post"}',
      "DELETE clients/{id}/credentials/{before}",
      'PATCH clients/{id} {"token_endpoint_auth_method":"client_secret_post"}',
      "GET clients/{id}",
    ]);
  });

  test("cannot get another algorithm for the same key while there is room, in the official provider's way", async () => {
    const { by, resource } = await keyed(key("one"));
    await expect(change(resource, by(key("one", { algorithm: "PS256" })))).rejects.toThrow(
      "credentials contains public keys that already exist in client",
    );
  });

  test("keep their key when only its expiry is moved", async () => {
    const { id, by, resource } = await keyed(key("one", { expiresAt: "2090-01-01T00:00:00Z" }));
    const [before] = Object.values(await get(`clients/${id}/credentials`));
    await change(resource, by(key("one", { expiresAt: "2091-01-01T00:00:00Z" })));
    const [after] = Object.values(await get(`clients/${id}/credentials`));
    expect(after).toMatchObject({ id: Object(before).id, expires_at: "2091-01-01T00:00:00.000Z" });
  });

  test("turn from keys to a secret, and back", async () => {
    const { id, by, resource } = await keyed(key("one"));
    const secret = { clientId: id, authenticationMethod: "client_secret_post", clientSecret: "s".repeat(64) };
    const changed = await change(resource, secret);
    expect(changed.outputs).toMatchObject({ clientSecret: new Secret("s".repeat(64)) });
    expect(await get(`clients/${id}/credentials`)).toEqual([]);
    await change(changed, by(key("two")));
    expect(await accepts(id, "two")).toBe(true);
  });

  test("are read with the key that someone has put instead of the declared one", async () => {
    const { by, resource } = await keyed(key("one"));
    await change(resource, by(key("two")));
    const { pem: _, ...shown } = key("two");
    expect((await read(resource))?.inputs).toEqual({
      ...resource.inputs,
      privateKeyJwt: { credentials: [shown] },
    });
  });

  test("leave the client with a secret when they are deleted", async () => {
    const { id, resource } = await keyed(key("one"));
    await remove(resource);
    expect(await get(`clients/${id}`)).toMatchObject({
      token_endpoint_auth_method: "client_secret_post",
      client_secret: expect.any(String),
    });
  });

  test("of a client that is gone are no state, and no error to delete", async () => {
    const client = await create("client", machine());
    const given = { clientId: client.id, authenticationMethod: "client_secret_post" };
    const resource = await create("credentials", given);
    await remove(client);
    expect(await read(resource)).toBeUndefined();
    await remove(resource);
  });
});

describe("a client grant", () => {
  const api = () => ({ identifier: `https://orders${number}/`, name: "Orders" });

  test("that exists is taken over as it is", async () => {
    const client = await create("client", machine());
    await create("server", api());
    const given = { clientId: client.id, audience: api().identifier };
    const first = await create("grant", { ...given, scopes: ["read:orders"] });
    const second = await create("grant", { ...given, scopes: ["write:orders"] });
    expect(second).toMatchObject({ id: first.id, outputs: { scopes: ["read:orders"] } });
  });

  test("is replaced where its client, audience or subject type changes", async () => {
    const before = { clientId: "a", audience: "b", scopes: [] };
    const after = { clientId: "c", audience: "d", scopes: ["e"], subjectType: "user" };
    expect(await provider.diff(types.grant, "cgr", before, before, after)).toEqual({
      changed: ["clientId", "audience", "scopes", "subjectType"],
      replace: ["clientId", "audience", "subjectType"],
    });
  });

  test("in an organization is found on the first page of 50 only, as by the official provider", async () => {
    const organization = await create("organization", { name: `many-${number}` });
    const client = await create("client", machine());
    const added: Kept[] = [];
    for (let n = 1; n <= 50; n += 1) {
      const { identifier } = (await create("server", { identifier: `${api().identifier}${n}` })).inputs;
      const given = { clientId: client.id, audience: identifier, scopes: [], organizationUsage: "allow" };
      const grant = await create("grant", given);
      added.push(await create("organizationGrant", { organizationId: organization.id, grantId: grant.id }));
    }
    const last = added.at(-1);
    expect(last && (await read(last))).toMatchObject({ id: last?.id });
    const { identifier } = (await create("server", api())).inputs;
    const grant = await create("grant", {
      ...{ clientId: client.id, audience: identifier, scopes: [], organizationUsage: "allow" },
    });
    await expect(
      create("organizationGrant", { organizationId: organization.id, grantId: grant.id }),
    ).rejects.toThrow("does not list its new client grant");
  });
});

describe("an organization", () => {
  test("loses its metadata when they are no longer declared", async () => {
    const name = `acme-${number}`;
    const organization = await create("organization", { name, metadata: { plan: "gold" } });
    await change(organization, { name });
    expect(await get(`organizations/${organization.id}`)).not.toHaveProperty("metadata");
  });

  test("of a taken name is refused in Auth0's words", async () => {
    await create("organization", { name: `acme-${number}` });
    await expect(create("organization", { name: `acme-${number}` })).rejects.toThrow(
      "409 Conflict: An organization with this name already exists. (POST organizations)",
    );
  });

  test("is found by its id, and once it is deleted, Auth0's words say so", async () => {
    const organization = await create("organization", { name: `found-${number}`, displayName: "Found" });
    const find = (args: object) =>
      provider.invoke("auth0:index/getOrganization:getOrganization", {
        ...{ skipConnections: true, skipMembers: true, ...args },
      });
    const { id: organizationId } = organization;
    expect(await find({ organizationId })).toMatchObject({
      ...{ id: organizationId, organizationId, name: `found-${number}`, displayName: "Found" },
    });
    await remove(organization);
    await expect(find({ organizationId })).rejects.toThrow(/^404 Not Found: /);
    await expect(find({ name: "found" })).rejects.toThrow('"organizationId" is missing');
  });
});

describe("a member", () => {
  test("is found by address, and is one until deleted, or somebody else has taken the user out", async () => {
    const email = `jane${number}@acme.example`;
    const organization = await create("organization", { name: `members-${number}` });
    await post("users", { email, password: "correct horse 9!Battery", connection: database });
    const query = `email:"${email}"`;
    const found = await provider.invoke("auth0:index/getUser:getUser", { query, skipRoles: true });
    expect(found).toMatchObject({ email, query, id: expect.stringMatching(/^auth0\|/) });

    const given = { organizationId: organization.id, userId: found.id };
    const member = await create("member", given);
    expect(member.id).toBe(`${organization.id}::${found.id}`);
    expect(requests.slice(-2)).toEqual([
      `POST organizations/${organization.id}/members {"members":["${found.id}"]}`,
      `GET organizations/${organization.id}/members?fields=user_id&include_fields=true&include_totals=true&per_page=50&take=100`,
    ]);
    expect(await read(member)).toMatchObject({ id: member.id, inputs: given });
    await remove(member);
    expect(await read(member)).toBeUndefined();
    await expect(remove(member)).resolves.toBeUndefined();
  });

  test("that nobody is, or two are, is refused in the official provider's words", async () => {
    const find = (query: string) => provider.invoke("auth0:index/getUser:getUser", { query });
    await expect(find('email:"nobody@acme.example"')).rejects.toThrow("No users found.");
    for (const at of ["a", "b"]) {
      await post("users", {
        ...{
          email: `${at}${number}@acme.example`,
          password: "correct horse 9!Battery",
          connection: database,
        },
        given_name: `Twin ${number}`,
      });
    }
    await expect(find(`given_name:"Twin ${number}"`)).rejects.toThrow("Further refine the query");
    await expect(provider.invoke("auth0:index/getRole:getRole", {})).rejects.toThrow(
      "does not know the function auth0:index/getRole:getRole",
    );
  });
});

describe("scopes of an API", () => {
  test("are not taken over where the API has others", async () => {
    const identifier = `https://scoped${number}/`;
    await create("server", { identifier });
    const given = { resourceServerIdentifier: identifier, scopes: [{ name: "a" }] };
    await create("scopes", given);
    await expect(create("scopes", { ...given, scopes: [{ name: "b" }] })).rejects.toThrow(
      "import them instead",
    );
    expect((await create("scopes", given)).outputs).toMatchObject({ scopes: [{ name: "a" }] });
  });
});

describe("a check", () => {
  test("names every input that is missing, and every one that is unknown", async () => {
    const given = { colour: "blue", audience: "x" };
    const { failures } = await provider.check(types.grant, given, "urn", undefined);
    expect(failures).toEqual([
      { property: "clientId", reason: 'missing required property "clientId"' },
      { property: "colour", reason: 'the local auth0 provider does not know "colour"' },
    ]);
  });

  test("refuses a type that is unknown", async () => {
    await expect(provider.check("auth0:index/robot:Robot", {}, "urn", undefined)).rejects.toThrow(
      "does not know the resource type auth0:index/robot:Robot",
    );
  });
});

describe("a function", () => {
  const invoke = (name: string, args: Properties) => provider.invoke(`auth0:index/${name}:${name}`, args);

  test("returns a client's kind, its organization and all its grants", async () => {
    const organization = await create("organization", {
      name: `told-${number}`,
      metadata: { customer: "told" },
    });
    const inputs = {
      name: "told/ci",
      appType: "non_interactive",
      grantTypes: ["client_credentials"],
      defaultOrganization: { organizationId: organization.id, flows: ["client_credentials"] },
      organizationUsage: "require",
      clientMetadata: { customer: "told" },
    };
    const client = await create("client", inputs);
    const server = await create("server", { name: "Told", identifier: `https://told-${number}/` });
    const audience = server.outputs.identifier;
    const given = { clientId: client.id, audience, scopes: [], organizationUsage: "require" };
    const grant = await create("grant", given);
    await create("organizationGrant", { organizationId: organization.id, grantId: grant.id });

    expect(await invoke("getClient", { clientId: client.id })).toMatchObject({
      ...{ id: client.id, name: "told/ci", appType: "non_interactive", isFirstParty: true },
      ...{ grantTypes: ["client_credentials"], clientMetadata: { customer: "told" } },
      defaultOrganizations: [{ organizationId: organization.id, flows: ["client_credentials"] }],
    });
    expect(await invoke("getClientGrants", { clientId: client.id })).toMatchObject({
      clientGrants: [
        { id: grant.id, audience, clientId: client.id, subjectType: "client", allowAllScopes: false },
      ],
    });
    const args = { organizationId: organization.id, skipConnections: true, skipMembers: true };
    expect(await invoke("getOrganization", args)).toMatchObject({
      ...{ id: organization.id, name: `told-${number}`, metadata: { customer: "told" } },
      clientGrants: [grant.id],
    });
    expect(await invoke("getResourceServer", { resourceServerId: server.id })).toMatchObject({
      ...{ id: server.id, identifier: audience },
    });
  });

  test("returns every page of a list", async () => {
    const server = await create("server", { name: "Pages", identifier: `https://pages-${number}/` });
    const audience = server.outputs.identifier;
    for (let n = 0; n < 101; n += 1) {
      const client = await create("client", { name: `page ${n}` });
      await create("grant", { clientId: client.id, audience, scopes: [] });
    }
    expect((await invoke("getClientGrants", { audience })).clientGrants).toHaveLength(101);
  });

  test("that finds nothing fails in Auth0's words", async () => {
    const skipped = { skipConnections: true, skipMembers: true };
    const nothing: [string, Properties][] = [
      ["getClient", { clientId: "nobody" }],
      ["getOrganization", { organizationId: "org_nobody", ...skipped }],
      ["getResourceServer", { resourceServerId: "https://nobody/" }],
    ];
    for (const [name, args] of nothing) await expect(invoke(name, args)).rejects.toThrow("404 Not Found: ");
  });
});
