// What a deployment that was broken off has left in a tenant, and a stack's state does not know: a pure function from the
// tenant, the files and the state to what the next deployment takes in and what nobody needs.
import { type ApiDeclaration, portalMark } from "../auth0/declaration";
import {
  type Difference,
  differencesOfApi,
  differencesOfClient,
  differencesOfGrant,
  differencesOfOrganization,
  differencesOfScopes,
} from "../auth0/differences";
import type { Tenant, TenantClient, TenantOrganization } from "../auth0/tenant";
import { own } from "../diagnostics/record";
import { type Generation, generationsOf } from "./generations";
import type { ImportedApi, ImportedClient, ImportedCustomer, TenantImports } from "./imports";
import type { CustomerDeclaration } from "./load";
import { Grants, groupBy, markOf } from "./match";
import { isHere, type Placement } from "./shards";
import type { StateIds } from "./stack-state";
import { keep } from "./take-in";

export interface RepairRequest {
  tenant: Tenant;
  declared: readonly CustomerDeclaration[];
  /** Of the stack. */
  state: StateIds;
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
  /** The program's own, made twice: the state has another one, and nobody has ever seen the secrets of these. */
  duplicates: TenantClient[];
  /** The program's own, but of customers that have no file. */
  undeclared: TenantOrganization[];
  /** Names of what the state has and the tenant has not. */
  gone: string[];
}

export function planRepair(request: RepairRequest): Repair {
  const { tenant, declared, state, placement, imports, api } = request;
  const grants = new Grants(tenant, api.identifier);
  const organizations = groupBy(tenant.organizations, ({ metadata }) => metadata?.customer);
  const clients = groupBy(tenant.clients, ({ clientMetadata: mark }) => mark?.client && markOf(mark));
  const clientIds = new Set(tenant.clients.map(({ id }) => id));
  const repair: Repair = { customers: {}, duplicates: [], undeclared: [], gone: [] };

  for (const customer of declared.filter((one) => isHere(one, placement))) {
    const ids = [customer.id, ...(customer.previously === undefined ? [] : [customer.previously])];
    const known = state.of("organization", ids);
    const marked = ids.flatMap((id) => organizations.get(id) ?? []);
    const organization =
      known === undefined ? marked[0] : tenant.organizations.find(({ id }) => id === known);
    if (!organization) {
      if (known !== undefined) repair.gone.push(`organization ${customer.id} (${known})`);
      continue;
    }
    const found = customer.clients.flatMap(generationsOf).flatMap((generation) => {
      const keys = [generation.key, ...generation.previousKeys];
      const names = ids.flatMap((id) => keys.map((key) => `${id}/${key}`));
      const own = names
        .flatMap((name) => clients.get(name) ?? [])
        .filter((client) => client.defaultOrganization?.organizationId === organization.id);
      const knownClient = state.of("client", names);
      if (knownClient !== undefined && !clientIds.has(knownClient)) {
        repair.gone.push(`client ${names[0]} (${knownClient})`);
      }
      const strangers = own.filter(({ id }) => !state.has("client", id));
      const adopted = knownClient === undefined ? fullestFirst(strangers, grants)[0] : undefined;
      repair.duplicates.push(...strangers.filter((one) => one !== adopted));
      const client = adopted ?? tenant.clients.find(({ id }) => id === knownClient);
      return client ? [{ generation, client, names }] : [];
    });
    const parts = found.map((one) => ({
      key: one.generation.key,
      ...partsOf(customer, organization, one, { state, grants }),
    }));
    const isKnown = known !== undefined && parts.every((one) => one.isKnown);
    if (isKnown || own(imports.customers, customer.id)) continue;
    const differences = known === undefined ? differencesOfOrganization(customer, organization) : [];
    repair.customers[customer.id] = {
      organization: keep(organization, differences),
      clients: Object.fromEntries(parts.map(({ key, imported }) => [key, imported])),
    };
  }
  const files = new Set(declared.flatMap(({ id, previously }) => [id, previously]));
  repair.undeclared = tenant.organizations.filter(
    ({ id, metadata }) =>
      metadata?.customer !== undefined &&
      !files.has(metadata.customer) &&
      isHere({ id: metadata.customer }, placement) &&
      !state.has("organization", id),
  );
  if (placement.number !== undefined) return repair;
  repair.duplicates.push(
    ...tenant.clients.filter(
      ({ id, clientMetadata }) => clientMetadata?.[portalMark] === api.identifier && !state.has("client", id),
    ),
  );
  const importedApi = importOfApi(tenant, api, state);
  return { ...repair, ...(importedApi && !imports.api && { api: importedApi }) };
}

/** Of clients that are there twice, the one that lacks least. */
function fullestFirst(clients: readonly TenantClient[], grants: Grants): TenantClient[] {
  const parts = (client: TenantClient) => {
    const grant = grants.onApi(client);
    return grant ? 1 + grants.organizationsOf(grant).length : 0;
  };
  return [...clients].sort((a, b) => parts(b) - parts(a));
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
): { imported: ImportedClient; isKnown: boolean } {
  const knows = (type: Parameters<StateIds["of"]>[0]) => state.of(type, names) !== undefined;
  const grant = grants.onApi(client);
  const isLinked =
    grant !== undefined && grants.organizationsOf(grant).some(({ id }) => id === organization.id);
  const differences = differencesOfClient(customer, generation, client, organization.id);
  const isMethod = ({ property }: Difference) => property === "authenticationMethod";
  // Each client is made with a secret; a key of its own comes by a request of its own.
  const hasCredentials = !differences.some(isMethod);
  const lacks = [
    ...(hasCredentials || knows("credentials") ? [] : (["credentials"] as const)),
    ...(isLinked || knows("organizationGrant") ? [] : (["organizationGrant"] as const)),
  ];
  const ofClient = knows("client") ? [] : differences.filter((one) => !isMethod(one));
  const ofGrant = grant && !knows("grant") ? differencesOfGrant(customer, generation, grant) : [];
  return {
    imported: {
      ...keep(client, ofClient),
      ...(grant && { grant: keep(grant, ofGrant) }),
      ...(lacks.length > 0 && { lacks }),
    },
    isKnown:
      knows("client") &&
      (knows("credentials") || !hasCredentials) &&
      (knows("grant") || !grant) &&
      (knows("organizationGrant") || !isLinked),
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
