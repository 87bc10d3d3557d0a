// What a tenant has of the program's own and a stack's state does not know, since a deployment was broken off or the state is an
// older one: a pure function from the tenant, the files and the state to what the next deployment imports and what is there twice.
import { keepableProperties } from "../customers/check-import-data";
import { type Generation, generationsOf } from "../customers/generations";
import type { ImportedApi, ImportedClient, ImportedCustomer } from "../customers/import-data";
import type { CustomerDeclaration } from "../customers/load-customers";
import { isHere } from "../customers/shard-placement";
import { getOwn } from "../problems/record";
import type { StateIds } from "../stacks/stack-state";
import {
  type Difference,
  differencesOfApi,
  differencesOfClient,
  differencesOfGrant,
  differencesOfOrganization,
  differencesOfScopes,
} from "../tenant/differences";
import { Grants } from "../tenant/match-customers";
import type { Tenant, TenantClient, TenantOrganization } from "../tenant/tenant";
import type { RepairRequest } from "./found-in-tenant";
import { type Duplicate, FoundInTenant } from "./found-in-tenant";
import { keepDifferences } from "./plan-import";

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
    if (isKnown || getOwn(imports.customers, customer.id)) continue;
    const differences = isOrganizationKnown ? [] : differencesOfOrganization(customer, organization);
    const unfit = [
      ...unkept(
        `organization "${organization.name}" (${organization.id})`,
        differences,
        keepableProperties.organization,
      ),
      ...clients.flatMap(({ client }) => found.whyNotImported(client)),
      ...parts.flatMap((one) => one.unfit),
    ];
    repair.unfit.push(...unfit);
    if (unfit.length > 0) continue;
    repair.customers[customer.id] = {
      organization: keepDifferences(organization, differences),
      clients: Object.fromEntries(parts.map(({ key, imported }) => [key, imported])),
    };
  }
  repair.undeclared = found.undeclared(declared);
  if (placement.number !== undefined) return repair;
  repair.duplicates.push(...found.portals(api.identifier));
  const importedApi = importOfApi(tenant, api, state);
  return { ...repair, ...(importedApi && !imports.api && { api: importedApi }) };
}

/** What import data cannot keep must be as the file says. */
function unkept(what: string, differences: readonly Difference[], allowed: readonly string[]): string[] {
  return differences.flatMap(({ property, declared, found }) => {
    if (allowed.includes(property)) return [];
    return declared === undefined
      ? [`${what} has ${property}, which a customer file cannot declare`]
      : [`${what} has ${property} ${JSON.stringify(found)}, and its file has ${JSON.stringify(declared)}`];
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
      ...keepDifferences(client, ofClient),
      ...(grant && { grant: keepDifferences(grant, ofGrant) }),
      ...(lacks.length > 0 && { lacks }),
    },
    isKnown:
      isKnown.client &&
      (isKnown.credentials || !hasCredentials) &&
      (isKnown.grant || !grant) &&
      (isKnown.organizationGrant || !isLinked),
    unfit: [
      // Of what type it is, FoundInTenant says with the other reasons.
      ...unkept(`client "${client.name}" (${client.id})`, ofClient, [
        ...keepableProperties.client,
        "appType",
      ]),
      ...(grant ? unkept(`client grant ${grant.id}`, ofGrant, keepableProperties.grant) : []),
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
    ...keepDifferences(found, differencesOfApi(declared, found)),
    scopes: keepDifferences({ id: found.identifier }, differencesOfScopes(declared, found)),
  };
}
