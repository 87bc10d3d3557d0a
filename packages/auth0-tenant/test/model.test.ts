// Random sequences of changes against a plain model: after each, the lists and the decision about tokens must agree.
import fc from "fast-check";
import { inProcessTenant } from "../testing/in-process";

const apis = ["https://orders/", "https://stock/"] as const;
const scopes = ["read", "write", "delete"] as const;

interface Grant {
  client_id: string;
  audience: string;
  scope: string[];
  organization_usage?: string;
  allow_any_organization?: boolean;
}

/** What the tenant should hold; maps keep the order of creation. */
class Model {
  readonly organizations = new Map<string, { name: string; display_name?: string }>();
  readonly clients = new Map<string, { secret: string; default_organization?: string }>();
  readonly grants = new Map<string, Grant>();
  /** Grants of each organization, in the order in which they were added. */
  readonly added = new Map<string, string[]>();

  deleteGrant(id: string): void {
    this.grants.delete(id);
    for (const [organization, grants] of this.added)
      this.added.set(
        organization,
        grants.filter((grant) => grant !== id),
      );
  }

  deleteClient(id: string): void {
    this.clients.delete(id);
    for (const [grant, { client_id }] of this.grants) if (client_id === id) this.deleteGrant(grant);
  }

  deleteOrganization(id: string): void {
    this.organizations.delete(id);
    this.added.delete(id);
  }

  grantOf(client_id: string, audience: string): [string, Grant] | undefined {
    return [...this.grants].find(([, one]) => one.client_id === client_id && one.audience === audience);
  }

  /** Auth0's table of organization_usage, and what scopes come of it. */
  token(client: string, audience: string, organization: string | undefined, asked: string[]): Expected {
    const [id, grant] = this.grantOf(client, audience) ?? [];
    if (!grant) return { status: 403 };
    if (asked.some((scope) => !grant.scope.includes(scope))) return { status: 403 };
    const scope = (asked.length > 0 ? asked : grant.scope).join(" ");
    const usage = grant.organization_usage ?? "deny";
    const byDefault = usage === "require" ? this.clients.get(client)?.default_organization : undefined;
    const wanted = organization ?? byDefault;
    if (usage === "deny") return wanted ? { status: 400 } : { status: 200, scope };
    if (wanted === undefined) return usage === "require" ? { status: 400 } : { status: 200, scope };
    if (!this.organizations.has(wanted)) return { status: 400 };
    const allowed = grant.allow_any_organization || this.added.get(wanted)?.includes(id ?? "");
    return allowed ? { status: 200, scope, organization: wanted } : { status: 403 };
  }
}

interface Expected {
  status: number;
  scope?: string;
  organization?: string;
}

class Api {
  private token = "";

  constructor(readonly tenant: Awaited<ReturnType<typeof inProcessTenant>>) {}

  async login(): Promise<void> {
    const { clientId, clientSecret, domain } = this.tenant;
    const { answer } = await this.askToken(clientId, clientSecret, `https://${domain}/api/v2/`);
    this.token = String(answer.access_token);
  }

  askToken(client_id: string, client_secret: string, audience: string, more: Record<string, string> = {}) {
    const form = { grant_type: "client_credentials", client_id, client_secret, audience, ...more };
    return this.fetch("/oauth/token", { method: "POST", body: new URLSearchParams(form) });
  }

  /** @returns the answer, and its status */
  send(method: string, path: string, body?: object) {
    return this.fetch(`/api/v2/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  async list(path: string): Promise<Record<string, unknown>[]> {
    const { answer } = await this.send("GET", `${path}?per_page=100`);
    return Array.isArray(answer) ? answer : [];
  }

  private async fetch(path: string, init: RequestInit) {
    const response = await this.tenant.fetch(`https://${this.tenant.domain}${path}`, init);
    const text = await response.text();
    const answer: Record<string, unknown> = text === "" ? {} : JSON.parse(text);
    return { status: response.status, answer };
  }
}

/** A change, or a question. */
class Command implements fc.AsyncCommand<Model, Api> {
  constructor(
    private readonly name: string,
    private readonly given: unknown,
    private readonly action: (model: Model, api: Api) => Promise<void>,
  ) {}

  check = () => true;
  toString = () => `${this.name} ${JSON.stringify(this.given)}`;

  async run(model: Model, api: Api): Promise<void> {
    await this.action(model, api);
    await agree(model, api);
  }
}

/** Of every organization, since 2026. */
const ofEvery = { third_party_client_access: "block", is_app_entitlement_active: false };

async function agree(model: Model, api: Api): Promise<void> {
  expect(await api.list("organizations")).toEqual(
    [...model.organizations].map(([id, organization]) => ({ id, ...organization, ...ofEvery })),
  );
  const clients = (await api.list("clients")).map(({ client_id }) => client_id);
  expect(clients).toEqual([api.tenant.clientId, ...model.clients.keys()]);
  const [, ...grants] = await api.list("client-grants");
  expect(grants).toEqual(
    [...model.grants].map(([id, grant]) => ({ id, subject_type: "client", ...defined(grant) })),
  );
  for (const [organization, added] of model.added) {
    const listed = await api.list(`organizations/${organization}/client-grants`);
    expect(listed.map(({ id }) => id)).toEqual(added);
  }
}

const defined = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));

/** One of them, or now and then one that does not exist. */
function pick(ids: Iterable<string>, at: number, missing: string): string {
  const all = [...ids];
  return at === mostAt ? missing : (all[at % all.length] ?? missing);
}

const noOrganization = `org_${"0".repeat(16)}`;
const organizationOf = (model: Model, at: number) => pick(model.organizations.keys(), at, noOrganization);
const clientOf = (model: Model, at: number) => pick(model.clients.keys(), at, "missing");
const grantOf = (model: Model, at: number) => pick(model.grants.keys(), at, "cgr_missing");

const mostAt = 30;
const at = fc.nat(mostAt);
const name = fc.constantFrom("acme", "globex", "initech", "hooli");
const api = fc.constantFrom(...apis);
const some = fc.subarray([...scopes]);
const settings = fc.record(
  {
    organization_usage: fc.constantFrom("allow", "require", "deny"),
    allow_any_organization: fc.boolean(),
  },
  { requiredKeys: ["organization_usage"] },
);

const createOrganization = fc.record({ name, display_name: fc.option(name, { nil: undefined }) }).map(
  (given) =>
    new Command("create organization", given, async (model, api) => {
      const taken = [...model.organizations.values()].some((one) => one.name === given.name);
      const { status, answer } = await api.send("POST", "organizations", given);
      expect(status).toBe(taken ? 409 : 201);
      if (taken) return;
      model.organizations.set(String(answer.id), given);
      model.added.set(String(answer.id), []);
    }),
);

const renameOrganization = fc.record({ at, name }).map(
  (given) =>
    new Command("rename organization", given, async (model, api) => {
      const id = organizationOf(model, given.at);
      const before = model.organizations.get(id);
      const taken = [...model.organizations].some(([other, one]) => other !== id && one.name === given.name);
      const { status } = await api.send("PATCH", `organizations/${id}`, { name: given.name });
      expect(status).toBe(before ? (taken ? 409 : 200) : 404);
      if (before && !taken) model.organizations.set(id, { ...before, name: given.name });
    }),
);

const deleteOrganization = at.map(
  (given) =>
    new Command("delete organization", given, async (model, api) => {
      const id = organizationOf(model, given);
      const { status } = await api.send("DELETE", `organizations/${id}`);
      expect(status).toBe(model.organizations.has(id) ? 204 : 404);
      model.deleteOrganization(id);
    }),
);

const createClient = fc.constant({}).map(
  (given) =>
    new Command("create client", given, async (model, api) => {
      const { status, answer } = await api.send("POST", "clients", {
        name: "c",
        app_type: "non_interactive",
      });
      expect(status).toBe(201);
      model.clients.set(String(answer.client_id), { secret: String(answer.client_secret) });
    }),
);

const setDefaultOrganization = fc.record({ at, organization: fc.option(at) }).map(
  (given) =>
    new Command("default organization", given, async (model, api) => {
      const id = clientOf(model, given.at);
      const organization =
        given.organization === null ? undefined : organizationOf(model, given.organization);
      const { status } = await api.send("PATCH", `clients/${id}`, {
        default_organization: organization
          ? { organization_id: organization, flows: ["client_credentials"] }
          : null,
      });
      const client = model.clients.get(id);
      const there = !organization || model.organizations.has(organization);
      expect(status).toBe(client && there ? 200 : 404);
      if (client && there) model.clients.set(id, { ...client, default_organization: organization });
    }),
);

const rotateSecret = at.map(
  (given) =>
    new Command("rotate secret", given, async (model, api) => {
      const id = clientOf(model, given);
      const client = model.clients.get(id);
      const { status, answer } = await api.send("POST", `clients/${id}/rotate-secret`);
      expect(status).toBe(client ? 200 : 404);
      if (client) model.clients.set(id, { ...client, secret: String(answer.client_secret) });
    }),
);

const deleteClient = at.map(
  (given) =>
    new Command("delete client", given, async (model, api) => {
      const id = clientOf(model, given);
      const { status } = await api.send("DELETE", `clients/${id}`);
      expect(status).toBe(204);
      model.deleteClient(id);
    }),
);

const createGrant = fc.record({ at, audience: api, scope: some, settings }).map(
  (given) =>
    new Command("create grant", given, async (model, api) => {
      const client_id = clientOf(model, given.at);
      const grant: Grant = { client_id, audience: given.audience, scope: given.scope, ...given.settings };
      const { status, answer } = await api.send("POST", "client-grants", grant);
      const known = model.grantOf(client_id, given.audience);
      expect(status).toBe(model.clients.has(client_id) ? (known ? 409 : 201) : 404);
      if (status === 201) model.grants.set(String(answer.id), grant);
    }),
);

const changeGrant = fc.record({ at, change: fc.record({ scope: some }, { requiredKeys: [] }), settings }).map(
  (given) =>
    new Command("change grant", given, async (model, api) => {
      const id = grantOf(model, given.at);
      const change = { ...given.change, ...given.settings };
      const { status } = await api.send("PATCH", `client-grants/${id}`, change);
      const before = model.grants.get(id);
      expect(status).toBe(before ? 200 : 404);
      if (before) model.grants.set(id, { ...before, ...change });
    }),
);

const deleteGrant = at.map(
  (given) =>
    new Command("delete grant", given, async (model, api) => {
      const id = grantOf(model, given);
      expect((await api.send("DELETE", `client-grants/${id}`)).status).toBe(204);
      model.deleteGrant(id);
    }),
);

const addToOrganization = fc.record({ organization: at, grant: at }).map(
  (given) =>
    new Command("add grant to organization", given, async (model, api) => {
      const organization = organizationOf(model, given.organization);
      const grant_id = grantOf(model, given.grant);
      const { status } = await api.send("POST", `organizations/${organization}/client-grants`, {
        grant_id,
      });
      const added = model.added.get(organization);
      const usage = model.grants.get(grant_id)?.organization_usage ?? "deny";
      if (!added || !model.grants.has(grant_id)) expect(status).toBe(404);
      else if (usage === "deny") expect(status).toBe(400);
      else if (added.includes(grant_id)) expect(status).toBe(409);
      else {
        expect(status).toBe(201);
        added.push(grant_id);
      }
    }),
);

const takeOutOfOrganization = fc.record({ organization: at, grant: at }).map(
  (given) =>
    new Command("take grant out of organization", given, async (model, api) => {
      const organization = organizationOf(model, given.organization);
      const grant = grantOf(model, given.grant);
      const { status } = await api.send("DELETE", `organizations/${organization}/client-grants/${grant}`);
      const added = model.added.get(organization);
      expect(status).toBe(added ? 204 : 404);
      if (added)
        model.added.set(
          organization,
          added.filter((one) => one !== grant),
        );
    }),
);

const asked = fc.oneof(
  { weight: 3, arbitrary: fc.constant<string[]>([]) },
  { weight: 1, arbitrary: fc.subarray<string>([...scopes]) },
);
const askToken = fc.record({ at, audience: api, organization: fc.option(at), scope: asked }).map(
  (given) =>
    new Command("ask for a token", given, async (model, api) => {
      const organization =
        given.organization === null ? undefined : organizationOf(model, given.organization);
      await decide(model, api, clientOf(model, given.at), given.audience, organization, given.scope);
    }),
);

/** The tenant gives the token that the model expects, or refuses as it does. */
async function decide(
  model: Model,
  api: Api,
  client: string,
  audience: string,
  organization?: string,
  scope: string[] = [],
): Promise<void> {
  const secret = model.clients.get(client)?.secret;
  const more = { ...(organization && { organization }), scope: scope.join(" ") };
  const { status, answer } = await api.askToken(client, secret ?? "", audience, more);
  const claims = status === 200 ? claimsIn(String(answer.access_token)) : {};
  const expected = secret ? model.token(client, audience, organization, scope) : { status: 401 };
  expect({ status, scope: claims.scope, organization: claims.org_id }).toEqual({
    ...expected,
    scope: expected.scope || undefined,
  });
}

async function decideAll(model: Model, api: Api): Promise<void> {
  for (const client of model.clients.keys())
    for (const audience of apis)
      for (const organization of [undefined, noOrganization, ...model.organizations.keys()])
        await decide(model, api, client, audience, organization);
}

/** The association seen from its other side. */
async function agreeOnGrants(model: Model, api: Api): Promise<void> {
  for (const grant of model.grants.keys()) {
    const listed = await api.list(`client-grants/${grant}/organizations`);
    const expected = [...model.added].filter(([, added]) => added.includes(grant)).map(([id]) => id);
    expect(listed.map(({ id }) => id).sort()).toEqual(expected.sort());
  }
}

function claimsIn(token: string): { scope?: string; org_id?: string } {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}

/** Few deletions, so that there is something to decide about. */
const weighted = [
  ...[createOrganization, createOrganization, renameOrganization, deleteOrganization],
  ...[createClient, createClient, setDefaultOrganization, rotateSecret, deleteClient],
  ...[createGrant, createGrant, createGrant, createGrant, changeGrant, deleteGrant],
  ...[addToOrganization, addToOrganization, addToOrganization, addToOrganization, takeOutOfOrganization],
  ...[askToken, askToken, askToken, askToken, askToken, askToken],
];

/** Two organizations to begin with, each with a client that has a grant there. */
async function begin(api: Api): Promise<Model> {
  for (const { client_id } of await api.list("clients"))
    if (client_id !== api.tenant.clientId) await api.send("DELETE", `clients/${client_id}`);
  for (const { id } of await api.list("organizations")) await api.send("DELETE", `organizations/${id}`);
  const model = new Model();
  for (const name of ["acme", "globex"]) {
    const { answer } = await api.send("POST", "organizations", { name });
    model.organizations.set(String(answer.id), { name });
    model.added.set(String(answer.id), []);
    const client = await api.send("POST", "clients", { name, app_type: "non_interactive" });
    const client_id = String(client.answer.client_id);
    model.clients.set(client_id, { secret: String(client.answer.client_secret) });
    const grant = { client_id, audience: apis[0], scope: ["read"], organization_usage: "require" };
    const granted = await api.send("POST", "client-grants", grant);
    const grant_id = String(granted.answer.id);
    model.grants.set(grant_id, grant);
    await api.send("POST", `organizations/${answer.id}/client-grants`, { grant_id });
    model.added.get(String(answer.id))?.push(grant_id);
  }
  return model;
}

test("the tenant agrees with a plain model after any sequence of changes", async () => {
  const tenant = await inProcessTenant();
  const api = new Api(tenant);
  await api.login();
  for (const identifier of apis) {
    const values = scopes.map((value) => ({ value }));
    await api.send("POST", "resource-servers", { identifier, scopes: values });
  }
  try {
    const sequences = fc.commands(weighted, { maxCommands: 60, size: "max" });
    const property = fc.asyncProperty(sequences, async (sequence) => {
      const model = await begin(api);
      await fc.asyncModelRun(() => ({ model, real: api }), sequence);
      await decideAll(model, api);
      await agreeOnGrants(model, api);
    });
    await fc.assert(property, { seed: 20_260_115, numRuns: 30 });
  } finally {
    await tenant.close();
  }
});
