// The local auth0 provider makes the requests that the official one makes, resource by resource.

import { publicPem } from "../../../auth0-tenant/testing/assertion";
import { inProcessTenant, type TestTenant } from "../../../auth0-tenant/testing/in-process";
import {
  officialRequests,
  type Phase,
  parseRecordedRequest,
  type RecordedRequest,
} from "../../../auth0-tenant/testing/official-requests";
import { auth0Provider } from "../../src/auth0/auth0-provider";
import type { Properties, Provider } from "../../src/engine/provider";

/** Ids that the tenant gave, by the names that the recording has for them. */
type Ids = Record<string, string>;

interface Declared {
  inputs(ids: Ids): Properties;
  /** What the changed program says instead. */
  changed?: Properties;
}

const machine = { appType: "non_interactive", grantTypes: ["client_credentials"] };
const bySecret = (name: string): Declared => ({
  inputs: (ids) => ({ clientId: ids[name], authenticationMethod: "client_secret_post" }),
});
const scope = (value: string, description: string) => ({ name: value, description });
const forOrganizations = { organizationUsage: "require", allowAnyOrganization: false };

/** The program that was recorded. */
const program: Record<string, Declared> = {
  "ResourceServer api": {
    inputs: () => ({ identifier: "https://api/", name: "Orders", signingAlg: "RS256", tokenLifetime: 7200 }),
    changed: { tokenLifetime: 3600 },
  },
  "ResourceServerScopes api": {
    inputs: () => ({ resourceServerIdentifier: "https://api/", scopes: [scope("read:orders", "r")] }),
    changed: { scopes: [scope("read:orders", "r"), scope("write:orders", "w")] },
  },
  "Organization acme": { inputs: () => ({ name: "acme", displayName: "Acme" }) },
  "Organization globex": {
    inputs: () => ({ name: "globex", displayName: "Globex", metadata: { plan: "gold" } }),
    changed: { displayName: "Globex Ltd" },
  },
  "Client own": { inputs: () => ({ name: "own", appType: "non_interactive" }) },
  "Client keyed": {
    inputs: () => ({ name: "keyed", ...machine, description: "", clientMetadata: { customer: "acme" } }),
  },
  "Client portal": { inputs: () => ({ name: "Portal", ...machine }) },
  "Client machine": {
    inputs: ({ acme }) => ({
      ...{ name: "acme", ...machine, organizationUsage: "require" },
      defaultOrganization: { organizationId: acme, flows: ["client_credentials"] },
    }),
  },
  "ClientCredentials own": {
    inputs: ({ own }) => ({
      ...{ clientId: own, authenticationMethod: "client_secret_post", clientSecret: "a".repeat(64) },
    }),
    changed: { clientSecret: "b".repeat(64) },
  },
  "ClientCredentials keyed": {
    inputs: ({ keyed }) => ({
      clientId: keyed,
      authenticationMethod: "private_key_jwt",
      privateKeyJwt: {
        credentials: [
          { credentialType: "public_key", name: "one", pem: publicPem("one"), algorithm: "RS256" },
        ],
      },
    }),
  },
  "ClientCredentials portal": bySecret("portal"),
  "ClientCredentials machine": bySecret("machine"),
  "ClientGrant keyed": {
    inputs: ({ keyed }) => ({
      ...{ clientId: keyed, audience: "https://api2/", scopes: ["read:orders", "write:orders"] },
      ...forOrganizations,
    }),
    changed: { scopes: ["read:orders"] },
  },
  "ClientGrant portal": {
    inputs: ({ portal }) => ({
      ...{ clientId: portal, audience: "https://tenant.example/api/v2/", scopes: ["read:users"] },
    }),
  },
  "ClientGrant machine": {
    inputs: (ids) => ({
      ...{ clientId: ids.machine, audience: "https://api/", scopes: ["read:orders"] },
      ...forOrganizations,
    }),
  },
  "OrganizationClientGrant acme": {
    inputs: ({ acme, machineGrant }) => ({ organizationId: acme, grantId: machineGrant }),
  },
};

const idNames: Record<string, string> = { "ClientGrant keyed": "keyedGrant" };
idNames["ClientGrant portal"] = "portalGrant";
idNames["ClientGrant machine"] = "machineGrant";

interface Kept {
  id: string;
  inputs: Properties;
  outputs: Properties;
}

/** A recording of what passes to the tenant, and the state that the engine would keep. */
class Engine {
  readonly ids: Ids = {};
  readonly state = new Map<string, Kept>();
  readonly provider: Provider;
  private requests: RecordedRequest[] = [];

  constructor(tenant: TestTenant) {
    this.provider = auth0Provider({
      fetch: async (input, init) => {
        const request = new Request(input, init);
        const { pathname, search } = new URL(request.url);
        const text = await request.clone().text();
        const response = await tenant.fetch(request);
        if (!pathname.startsWith("/api/v2/")) return response;
        this.requests.push({
          method: request.method,
          path: pathname.slice("/api/v2".length) + search,
          ...(text !== "" && { body: JSON.parse(text) }),
        });
        if (request.method === "POST" && pathname.endsWith("/credentials"))
          this.ids.key = ((await response.clone().json()) as { id: string }).id;
        return response;
      },
    });
  }

  /** What the action requested, with the recording's names for ids. */
  async record(action: () => Promise<void>): Promise<RecordedRequest[]> {
    this.requests = [];
    await action();
    let text = JSON.stringify(this.requests);
    for (const [name, id] of Object.entries(this.ids)) text = text.replaceAll(id, `{${name}}`);
    text = text.replaceAll(JSON.stringify(publicPem("one")), '"{pem}"');
    return JSON.parse(text.replaceAll("tenant.example", "{domain}"));
  }

  async create(resource: string): Promise<void> {
    const type = typeOf(resource);
    const { inputs } = await this.check(resource, declared(resource).inputs(this.ids));
    const { id, outputs } = await this.provider.create(type, inputs, false);
    this.state.set(resource, { id, inputs, outputs });
    const [, name = ""] = resource.split(" ");
    if (/^(Client|Organization|ResourceServer|ClientGrant) /.test(resource))
      this.ids[idNames[resource] ?? name] ??= id;
  }

  async refresh(resource: string): Promise<void> {
    const { id, inputs, outputs } = this.kept(resource);
    const found = await this.provider.read(typeOf(resource), id, inputs, outputs);
    expect(found).toMatchObject({ id, inputs });
    if (found) this.state.set(resource, found);
  }

  /** As an update does it: checked, compared, and changed where there is a difference. */
  async update(resource: string, changed: Properties): Promise<void> {
    const type = typeOf(resource);
    const { id, inputs: before, outputs } = this.kept(resource);
    const { inputs } = await this.check(resource, { ...declared(resource).inputs(this.ids), ...changed });
    const diff = await this.provider.diff(type, id, before, outputs, inputs);
    expect(diff.replace).toEqual([]);
    if (diff.changed.length === 0) return;
    await this.provider.update(type, id, outputs, inputs, true);
    this.state.set(resource, {
      id,
      inputs,
      outputs: await this.provider.update(type, id, outputs, inputs, false),
    });
  }

  async delete(resource: string): Promise<void> {
    const { id, outputs } = this.kept(resource);
    await this.provider.delete(typeOf(resource), id, outputs);
  }

  private async check(resource: string, inputs: Properties) {
    const urn = `urn:pulumi:dev::test::${typeOf(resource)}::${resource}`;
    const checked = await this.provider.check(typeOf(resource), inputs, urn, undefined);
    expect(checked.failures).toEqual([]);
    return checked;
  }

  private kept(resource: string): Kept {
    const kept = this.state.get(resource);
    if (!kept) throw new Error(`${resource} was not created`);
    return kept;
  }
}

function declared(resource: string): Declared {
  const found = program[resource];
  if (!found) throw new Error(`the program has no ${resource}`);
  return found;
}

function typeOf(resource: string): string {
  const [name = ""] = resource.split(" ");
  return `auth0:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
}

const expected = (phase: Phase, resource: string) =>
  (officialRequests[phase].find((one) => one.resource === resource)?.requests ?? []).map((text) => {
    const { name: _, ...request } = parseRecordedRequest(text);
    return request;
  });

const resourcesOf = (phase: Phase) => officialRequests[phase].map(({ resource }) => resource);

describe("the local auth0 provider makes the official one's requests", () => {
  let tenant: Awaited<ReturnType<typeof inProcessTenant>>;
  let engine: Engine;
  beforeAll(async () => {
    tenant = await inProcessTenant();
    engine = new Engine(tenant);
    const { domain, clientId, clientSecret } = tenant;
    await engine.provider.configure({ domain, clientId, clientSecret });
    const other = { identifier: "https://api2/" };
    await engine.provider.create("auth0:index/resourceServer:ResourceServer", other, false);
  });
  afterAll(() => tenant.close());

  test.each(resourcesOf("create"))("to create %s", async (resource) => {
    const requests = await engine.record(() => engine.create(resource));
    expect(requests).toEqual(expected("create", resource));
  });

  test.each(resourcesOf("create"))("none while nothing of %s has changed", async (resource) => {
    expect(await engine.record(() => engine.update(resource, {}))).toEqual([]);
  });

  test.each(resourcesOf("refresh"))("to refresh %s, which has not changed", async (resource) => {
    const requests = await engine.record(() => engine.refresh(resource));
    expect(requests).toEqual(expected("refresh", resource));
  });

  test.each(resourcesOf("create"))("to change %s, if the program changes it", async (resource) => {
    const changed = declared(resource).changed ?? {};
    const requests = await engine.record(() => engine.update(resource, changed));
    expect(requests).toEqual(expected("change", resource));
  });

  test.each(resourcesOf("delete"))("to delete %s", async (resource) => {
    const requests = await engine.record(() => engine.delete(resource));
    expect(requests).toEqual(expected("delete", resource));
  });

  test("and leaves nothing of the program behind", async () => {
    const { provider, state } = engine;
    const kept = [...state].map(([resource, { id, inputs, outputs }]) =>
      provider.read(typeOf(resource), id, inputs, outputs),
    );
    expect(new Set(await Promise.all(kept))).toEqual(new Set([undefined]));
  });
});
