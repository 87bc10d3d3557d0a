// Where a tenant is otherwise than the files say: a pure function from both to findings.
import type { ApiDeclaration } from "../auth0/declaration";
import type { Generation } from "../customers/generations";
import type { Imported, TenantImports } from "../customers/import-data";
import type { CustomerDeclaration } from "../customers/load-customers";
import { compareStrings } from "../problems/problem";
import { getOwn } from "../problems/record";
import {
  type Difference,
  differencesOfApi,
  differencesOfClient,
  differencesOfGrant,
  differencesOfKeys,
  differencesOfOrganization,
  differencesOfScopes,
  isSameInAnotherOrder,
} from "../tenant/differences";
import { type CustomerMatch, Grants, groupBy, isPortalMade, matchTenant } from "../tenant/match-customers";
import type { Tenant, TenantClient, TenantDetails, TenantGrant, TenantOrganization } from "../tenant/tenant";
import type { WantedDetails } from "../tenant/tenant-details";

export interface Finding {
  /** `undeclared`: no file has it; `missing`: the tenant lacks what a file has; `different`: both have it. */
  kind: "undeclared" | "missing" | "different";
  object: "API" | "organization" | "member" | "client" | "client grant";
  /** As files say it where they do, as Auth0 does otherwise. */
  name: string;
  /** Auth0's; absent if there is no value. */
  id?: string;
  /** Whether the Developer Portal made it. */
  isPortalMade: boolean;
  /** Where it is different. */
  differences?: Difference[];
  /** What else a reader must know, as an end of a sentence. */
  note?: string;
}

/** What a tenant is compared with. */
interface Compared {
  tenant: Tenant;
  declared: readonly CustomerDeclaration[];
  imports: TenantImports;
}

export interface DriftRequest extends Compared {
  /** Of what {@link wantedDetails} names; of anything else, details are not compared. */
  details: TenantDetails;
  /** Whether the plans are known, which say how many tokens clients get; without them, that is not compared. */
  hasPlans: boolean;
  /** Without `tokenLifetime`, where it is not known. */
  api: Omit<ApiDeclaration, "tokenLifetime"> & { tokenLifetime?: number };
}

/** Whose members the files name, and which clients they give a key. */
export function wantedDetails({ tenant, declared, imports }: Compared): WantedDetails {
  const { customers } = matchTenant(tenant, declared, imports);
  return {
    organizations: customers.flatMap(({ customer, organization }) =>
      customer.members !== undefined && organization ? [organization] : [],
    ),
    clients: customers.flatMap(({ clients }) =>
      clients.flatMap(({ client, found }) =>
        client.publicKey !== undefined && found?.keyIds ? [found] : [],
      ),
    ),
  };
}

/** In the order of kinds, objects and names. */
export function findDrift({ tenant, declared, imports, details, hasPlans, api }: DriftRequest): Finding[] {
  const grants = new Grants(tenant, api.identifier);
  const match = matchTenant(tenant, declared, imports);
  const clientsOf = groupBy(match.clients, ({ defaultOrganization }) => defaultOrganization?.organizationId);
  const findings = [
    ...ofApi(tenant, api, imports),
    ...match.customers.flatMap((customer) =>
      ofCustomer(customer, grants, getOwn(imports.customers, customer.customer.id), details, hasPlans),
    ),
    ...match.customers.flatMap(({ customer, organization }) =>
      organization ? ofMembers(customer, organization, details) : [],
    ),
    ...match.clients.flatMap((client) => ofStranger(client, grants)),
    ...match.organizations.map((organization): Finding => {
      const { id, name, displayName } = organization;
      const clients = clientsOf.get(id) ?? [];
      return {
        kind: "undeclared",
        object: "organization",
        name,
        id,
        isPortalMade: clients.some((client) => isPortalMade(client, organization)),
        ...(displayName !== undefined && { note: `"${displayName}"` }),
      };
    }),
    ...grants.ofNobody.map((grant) => undeclaredGrant(grant, "of no client in particular")),
  ];
  return findings.sort(
    (a, b) =>
      compareStrings(a.kind, b.kind) ||
      compareStrings(a.object, b.object) ||
      compareStrings(a.name, b.name) ||
      compareStrings(a.id ?? "", b.id ?? ""),
  );
}

function ofApi({ api: found }: Tenant, api: DriftRequest["api"], imports: TenantImports): Finding[] {
  const about = { object: "API" as const, name: api.identifier, isPortalMade: false };
  if (!found) return [{ ...about, kind: "missing" }];
  const { tokenLifetime = found.tokenLifetime ?? 0 } = api;
  const declared = { ...api, tokenLifetime };
  const differences = [
    ...unlessKept(differencesOfApi(declared, found), imports.api),
    ...unlessKept(differencesOfScopes(declared, found), imports.api?.scopes),
  ];
  return different({ ...about, id: found.id }, differences);
}

function ofCustomer(
  { customer, organization, clients }: CustomerMatch,
  grants: Grants,
  imported: TenantImports["customers"][string] | undefined,
  { keys }: TenantDetails,
  hasPlans: boolean,
): Finding[] {
  const about = { object: "organization" as const, name: customer.id, isPortalMade: false };
  const findings = organization
    ? different(
        { ...about, id: organization.id },
        unlessKept(differencesOfOrganization(customer, organization), imported?.organization),
      )
    : [{ ...about, kind: "missing" as const }];
  for (const { client, found } of clients) {
    const name = `${customer.id}/${client.key}`;
    if (!found) {
      findings.push({ kind: "missing", object: "client", name, isPortalMade: false });
      continue;
    }
    const kept = getOwn(imported?.clients, client.key);
    const isPortal = isPortalMade(found, organization);
    const ofClient = differencesOfClient(customer, client, found, organization?.id ?? "missing").filter(
      ({ property }) => hasPlans || property !== "tokenQuota",
    );
    const foundKeys = keys.get(found.id);
    if (client.publicKey !== undefined && foundKeys) ofClient.push(...differencesOfKeys(client, foundKeys));
    findings.push(
      ...different(
        { object: "client", name, id: found.id, isPortalMade: isPortal },
        unlessKept(ofClient, kept),
      ),
      ...ofGrants(customer, client, found, grants, organization?.id, kept?.grant),
    );
  }
  return findings;
}

/** Without the key `members`, who belongs to an organization is no file's business. */
function ofMembers(
  { id, members: declared }: CustomerDeclaration,
  organization: TenantOrganization,
  details: TenantDetails,
): Finding[] {
  const found = details.members.get(organization.id);
  if (!declared || !found) return [];
  // Auth0 keeps addresses in lower case.
  const emails = new Set(declared.map((email) => email.toLowerCase()));
  const present = new Set(found.map(({ email }) => email?.toLowerCase()));
  const missing = [...emails].filter((email) => !present.has(email));
  const undeclared = found.filter(({ email }) => email === undefined || !emails.has(email.toLowerCase()));
  return [
    ...missing.map(
      (email): Finding => ({
        kind: "missing",
        object: "member",
        name: `${id}/${email}`,
        isPortalMade: false,
      }),
    ),
    ...undeclared.map(
      ({ userId, email = userId }): Finding => ({
        kind: "undeclared",
        object: "member",
        name: `${id}/${email}`,
        id: userId,
        isPortalMade: isPortalMade({ name: email }, organization),
      }),
    ),
  ];
}

function ofGrants(
  customer: CustomerDeclaration,
  client: Generation,
  found: TenantClient,
  grants: Grants,
  organizationId: string | undefined,
  kept: Imported | undefined,
): Finding[] {
  const name = `${customer.id}/${client.key}`;
  const grant = grants.onApi(found);
  const others = grants
    .of(found)
    .filter(({ id }) => id !== grant?.id)
    .map((one) => undeclaredGrant(one, `of client ${name}`));
  if (!grant) return [{ kind: "missing", object: "client grant", name, isPortalMade: false }, ...others];
  const differences = unlessKept(differencesOfGrant(customer, client, grant), kept);
  const organizations = grants.organizationsOf(grant).map(({ id }) => id);
  if (organizationId !== undefined && (organizations.length !== 1 || organizations[0] !== organizationId)) {
    differences.push({ property: "organizations", declared: [organizationId], found: organizations });
  }
  return [
    ...different({ object: "client grant", name, id: grant.id, isPortalMade: false }, differences),
    ...others,
  ];
}

/** A client that no file has, where it can call the API or says that it is this program's. */
function ofStranger(client: TenantClient, grants: Grants): Finding[] {
  const { id, name, clientMetadata } = client;
  const onApi = grants.of(client).filter(({ audience }) => audience === grants.audience);
  const isMarked = clientMetadata?.customer !== undefined;
  if (onApi.length === 0 && !isMarked) return [];
  const organizations = onApi.flatMap((grant) => grants.organizationsOf(grant));
  const scopes = onApi.flatMap((grant) => grant.scopes);
  const where = organizations.map((organization) => `"${organization.name}"`).join(", ");
  const note = [
    ...(isMarked ? [`marked as ${clientMetadata?.customer}/${clientMetadata?.client}`] : []),
    `with ${scopes.join(" ") || "no scopes"}`,
    ...(where === "" ? [] : [`in ${where}`]),
  ];
  return [
    {
      kind: "undeclared",
      object: "client",
      name,
      id,
      isPortalMade: isPortalMade(client, organizations[0]),
      note: note.join(", "),
    },
  ];
}

function undeclaredGrant({ id, audience, scopes }: TenantGrant, whose: string): Finding {
  return {
    kind: "undeclared",
    object: "client grant",
    name: audience,
    id,
    isPortalMade: false,
    note: `${whose}, with ${scopes.join(" ") || "no scopes"}`,
  };
}

/** While a thing is being imported, these are as they should be. */
function unlessKept(differences: readonly Difference[], imported: Imported | undefined): Difference[] {
  return differences.filter(({ property }) => !imported?.keeps.includes(property));
}

function different(about: Omit<Finding, "kind">, all: Difference[]): Finding[] {
  const differences = all.filter((difference) => !isSameInAnotherOrder(difference));
  return differences.length === 0 ? [] : [{ kind: "different", ...about, differences }];
}
