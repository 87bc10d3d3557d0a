// What a tenant has of the program's own and a stack's state does not know, since a deployment was broken off or the state is an
// older one: a pure function from the tenant, the files and the state to what the next deployment imports and what is there twice.
import { type ApiDeclaration, portalMark } from "../auth0/declaration";
import {
  type Difference,
  differencesOfApi,
  differencesOfClient,
  differencesOfGrant,
  differencesOfOrganization,
  differencesOfScopes,
} from "../auth0/differences";
import type { Tenant, TenantClient, TenantGrant, TenantOrganization } from "../auth0/tenant";
import { own } from "../diagnostics/record";
import { keepable } from "./check-import-data";
import { type Generation, generationsOf } from "./generations";
import type { ImportedApi, ImportedClient, ImportedCustomer, TenantImports } from "./imports";
import type { CustomerDeclaration } from "./load";
import { Grants, groupBy, markOf } from "./match";
import { keep } from "./plan-import";
import { isHere, type Placement } from "./shards";
import type { StateIds } from "./stack-state";
import { isManagementApi, whyNotMachine } from "./unmappable";

export interface RepairRequest {
  tenant: Tenant;
  declared: readonly CustomerDeclaration[];
  /** Of the stack. */
  state: StateIds;
  /** Id of the client that reads the tenant: it is never imported. */
  reader: string;
  /** By client id, when it last got a token; absent for those that Auth0's logs do not tell of. */
  lastTokens?: ReadonlyMap<string, string>;
  /** Which stack that is: what others have is none of its business. */
  placement: Placement;
  imports: TenantImports;
  /** Without `tokenLifetime`, where it is not known: then the API is left alone. */
  api: Omit<ApiDeclaration, "tokenLifetime"> & { tokenLifetime?: number };
}

export interface Repair {
  /** For imports.json: of each customer of which the tenant has more than the state. */
  customers: Record<string, ImportedCustomer>;
  api?: ImportedApi;
  /** The program's own, made twice. */
  duplicates: Duplicate[];
  /** Sentences about what would be imported, if nobody had changed it by hand. */
  unfit: string[];
  /** The program's own, but of customers that have no file. */
  undeclared: TenantOrganization[];
  /** Names of what the state has and the tenant does not, neither under this id nor under another. */
  gone: string[];
}

/** A client beside the one that stays. */
export interface Duplicate {
  /** Of the resource that both are made for, such as `acme/default`. */
  name: string;
  client: TenantClient;
  /** Of the client, on any API. */
  grants: TenantGrant[];
  /** The client that the state has, or that the next deployment imports. */
  kept: TenantClient;
  /** Whether it can get no token for anything: nobody can have it in use. */
  isUnused: boolean;
}

export function planRepair(request: RepairRequest): Repair {
  const { tenant, declared, state, placement, imports, api } = request;
  const grants = new Grants(tenant, api.identifier);
  const found = new FoundInTenant(request, grants);
  const repair: Repair = { customers: {}, duplicates: [], unfit: [], undeclared: [], gone: [] };
  for (const customer of declared.filter((one) => isHere(one, placement))) {
    const { organization, known: knownOrganization } = found.organizationOf(customer);
    if (!organization) {
      if (knownOrganization !== undefined)
        repair.gone.push(`organization ${customer.id} (${knownOrganization})`);
      continue;
    }
    const isOrganizationKnown = knownOrganization === organization.id;
    const clients = customer.clients.flatMap(generationsOf).flatMap((generation) => {
      const { client, known, others, names } = found.clientOf(customer, generation, organization);
      const [name = customer.id] = names;
      if (known !== undefined && !client) repair.gone.push(`client ${name} (${known})`);
      if (client) repair.duplicates.push(...others.map((other) => found.duplicate(name, other, client)));
      return client ? [{ generation, client, names }] : [];
    });
    const parts = clients.map((one) => ({
      key: one.generation.key,
      ...partsOf(customer, organization, one, { state, grants }),
    }));
    const isKnown = isOrganizationKnown && parts.every((one) => one.isKnown);
    if (isKnown || own(imports.customers, customer.id)) continue;
    const differences = isOrganizationKnown ? [] : differencesOfOrganization(customer, organization);
    const unfit = [
      ...unkept(
        `organization "${organization.name}" (${organization.id})`,
        differences,
        keepable.organization,
      ),
      ...clients.flatMap(({ client }) => found.whyNotImported(client)),
      ...parts.flatMap((one) => one.unfit),
    ];
    repair.unfit.push(...unfit);
    if (unfit.length > 0) continue;
    repair.customers[customer.id] = {
      organization: keep(organization, differences),
      clients: Object.fromEntries(parts.map(({ key, imported }) => [key, imported])),
    };
  }
  repair.undeclared = found.undeclared(declared);
  if (placement.number !== undefined) return repair;
  repair.duplicates.push(...found.portals(api.identifier));
  const importedApi = importOfApi(tenant, api, state);
  return { ...repair, ...(importedApi && !imports.api && { api: importedApi }) };
}

/** The program's own of a tenant, by the marks that it leaves in metadata. */
class FoundInTenant {
  private readonly organizations: ReadonlyMap<string | undefined, TenantOrganization[]>;
  private readonly clients: ReadonlyMap<string | undefined, TenantClient[]>;
  private readonly byId: ReadonlyMap<string, TenantClient>;

  constructor(
    private readonly request: RepairRequest,
    private readonly grants: Grants,
  ) {
    const { tenant } = request;
    this.organizations = groupBy(tenant.organizations, ({ metadata }) => metadata?.customer);
    this.clients = groupBy(tenant.clients, ({ clientMetadata: mark }) => mark?.client && markOf(mark));
    this.byId = new Map(tenant.clients.map((client) => [client.id, client]));
  }

  /** The state's, unless the tenant has it no more: then the state is older than what is marked there. */
  organizationOf(customer: CustomerDeclaration): { organization?: TenantOrganization; known?: string } {
    const ids = idsOf(customer);
    const known = this.request.state.of("organization", ids);
    const marked = ids.flatMap((id) => this.organizations.get(id) ?? []);
    const organization =
      this.request.tenant.organizations.find(({ id }) => id === known) ??
      marked.find(({ name }) => name === customer.organization) ??
      marked[0];
    return { ...(organization && { organization }), ...(known !== undefined && { known }) };
  }

  clientOf(customer: CustomerDeclaration, generation: Generation, organization: TenantOrganization) {
    const { state } = this.request;
    const keys = [generation.key, ...generation.previousKeys];
    const names = idsOf(customer).flatMap((id) => keys.map((key) => `${id}/${key}`));
    const known = state.of("client", names);
    const strangers = names
      .flatMap((name) => this.clients.get(name) ?? [])
      .filter((client) => client.defaultOrganization?.organizationId === organization.id)
      .filter(({ id }) => !state.has("client", id));
    const client = this.byId.get(known ?? "") ?? this.likeliest(strangers);
    return { client, known, others: strangers.filter((one) => one !== client), names };
  }

  /** Of clients that are there twice, the one that was used last; if nothing tells, the one that lacks least. */
  private likeliest(clients: readonly TenantClient[]): TenantClient | undefined {
    const { lastTokens } = this.request;
    const parts = (client: TenantClient) => {
      const grant = this.grants.onApi(client);
      return grant ? 1 + this.grants.organizationsOf(grant).length : 0;
    };
    const lastUse = ({ id }: TenantClient) => Date.parse(lastTokens?.get(id) ?? "") || 0;
    return [...clients].sort((a, b) => lastUse(b) - lastUse(a) || parts(b) - parts(a))[0];
  }

  duplicate(name: string, client: TenantClient, kept: TenantClient): Duplicate {
    const grants = this.grants.of(client);
    const isUnused = grants.length === 0 && !this.request.lastTokens?.has(client.id);
    return { name, client, grants, kept, isUnused };
  }

  portals(audience: string): Duplicate[] {
    const all = this.request.tenant.clients.filter(
      ({ clientMetadata }) => clientMetadata?.[portalMark] === audience,
    );
    const kept = all.find(({ id }) => this.request.state.has("client", id)) ?? this.likeliest(all);
    return all.flatMap((client) =>
      kept === undefined || client === kept || this.request.state.has("client", client.id)
        ? []
        : [this.duplicate(client.name, client, kept)],
    );
  }

  /** What the program refuses to import (customers/check-imports.ts), beside what the marks have sorted out. */
  whyNotImported(client: TenantClient): string[] {
    if (this.request.state.has("client", client.id)) return [];
    const { id, name, settings } = client;
    const reasons = [
      ...(id === this.request.reader ? ["is the one with which this command reads the tenant"] : []),
      ...whyNotMachine(client),
      ...settings.map((setting) => `has ${setting}`),
      ...this.grants
        .of(client)
        .flatMap(({ audience }) =>
          isManagementApi(audience) ? ["has a grant on the Auth0 Management API"] : [],
        ),
    ];
    return reasons.map((reason) => `client "${name}" (${id}) ${reason}`);
  }

  undeclared(declared: readonly CustomerDeclaration[]): TenantOrganization[] {
    const { tenant, placement, state } = this.request;
    const files = new Set<string | undefined>(declared.flatMap(idsOf));
    return tenant.organizations.filter(
      ({ id, metadata }) =>
        metadata?.customer !== undefined &&
        !files.has(metadata.customer) &&
        isHere({ id: metadata.customer }, placement) &&
        !state.has("organization", id),
    );
  }
}

function idsOf({ id, previously }: CustomerDeclaration): string[] {
  return previously === undefined ? [id] : [id, previously];
}

/** What import data cannot keep must be as the file says. */
function unkept(what: string, differences: readonly Difference[], allowed: readonly string[]): string[] {
  return differences.flatMap(({ property, declared, found }) => {
    if (allowed.includes(property)) return [];
    const wanted = declared === undefined ? "nothing" : JSON.stringify(declared);
    return [`${what} has ${property} ${JSON.stringify(found)}, and its file says ${wanted}`];
  });
}

interface FoundClient {
  generation: Generation;
  client: TenantClient;
  /** Of its resources, now and until now. */
  names: string[];
}

/** What the tenant has of a client, and whether the state has it all. What it has keeps nothing: it follows the file as ever. */
function partsOf(
  customer: CustomerDeclaration,
  organization: TenantOrganization,
  { generation, client, names }: FoundClient,
  { state, grants }: { state: StateIds; grants: Grants },
): { imported: ImportedClient; isKnown: boolean; unfit: string[] } {
  const grant = grants.onApi(client);
  const isLinked =
    grant !== undefined && grants.organizationsOf(grant).some(({ id }) => id === organization.id);
  const knows = (type: Parameters<StateIds["of"]>[0], id: string | undefined) =>
    id !== undefined && state.of(type, names) === id;
  const isKnown = {
    client: knows("client", client.id),
    credentials: knows("credentials", client.id),
    grant: knows("grant", grant?.id),
    organizationGrant: knows("organizationGrant", grant && `${organization.id}::${grant.id}`),
  };
  const differences = differencesOfClient(customer, generation, client, organization.id);
  const isMethod = ({ property }: Difference) => property === "authenticationMethod";
  // Each client is made with a secret; a key of its own comes by a request of its own.
  const hasCredentials = !differences.some(isMethod);
  const lacks = [
    ...(hasCredentials || isKnown.credentials ? [] : (["credentials"] as const)),
    ...(isLinked || isKnown.organizationGrant ? [] : (["organizationGrant"] as const)),
  ];
  const ofClient = isKnown.client ? [] : differences.filter((one) => !isMethod(one));
  const ofGrant = grant && !isKnown.grant ? differencesOfGrant(customer, generation, grant) : [];
  return {
    imported: {
      ...keep(client, ofClient),
      ...(grant && { grant: keep(grant, ofGrant) }),
      ...(lacks.length > 0 && { lacks }),
    },
    isKnown:
      isKnown.client &&
      (isKnown.credentials || !hasCredentials) &&
      (isKnown.grant || !grant) &&
      (isKnown.organizationGrant || !isLinked),
    unfit: [
      ...unkept(`client "${client.name}" (${client.id})`, ofClient, keepable.client),
      ...(grant ? unkept(`client grant ${grant.id}`, ofGrant, keepable.grant) : []),
    ],
  };
}

function importOfApi(
  { api: found }: Tenant,
  { tokenLifetime, ...api }: RepairRequest["api"],
  state: StateIds,
): ImportedApi | undefined {
  if (!found || tokenLifetime === undefined || state.has("api", found.id)) return undefined;
  const declared = { ...api, tokenLifetime };
  return {
    ...keep(found, differencesOfApi(declared, found)),
    scopes: keep({ id: found.identifier }, differencesOfScopes(declared, found)),
  };
}
