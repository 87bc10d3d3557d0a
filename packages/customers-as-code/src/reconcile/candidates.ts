// Sorts a tenant's organizations and clients into those that can become customers and those that stay as they are.
import { join } from "node:path";
import type { TenantImports } from "../customers/import-data";
import type { CustomerFiles } from "../customers/load-customers";
import { type CustomerDeclaration, idOf } from "../customers/load-customers";
import type { Fault } from "../problems/problem";
import { getOwn } from "../problems/record";
import { type CustomerMatch, Grants, groupBy, matchTenant } from "../tenant/match-customers";
import type { Tenant, TenantClient, TenantGrant, TenantOrganization } from "../tenant/tenant";
import { isManagementApi, whyNotClient, whyNotOrganization } from "../tenant/unmappable";
import { nameClients } from "./client-names";

export interface CandidatesRequest {
  tenant: Tenant;
  /** Of the company's API. */
  audience: string;
  /** Id of the client by which the tenant was read. */
  reader: string;
  existing: CustomerFiles;
  declared: readonly CustomerDeclaration[];
}

export interface Candidate {
  organization: TenantOrganization;
  clients: CandidateClient[];
}

interface CandidateClient {
  /** In the file. */
  name: string;
  client: TenantClient;
  grant: TenantGrant;
}

/** What stays as it is, outside of the files. */
export interface Left {
  kind: "organization" | "members of organization" | "client" | "client grant";
  name: string;
  id: string;
  /** Each with the predicate of a sentence about it. */
  reasons: Fault[];
}

export function findCandidates(
  request: CandidatesRequest,
  imports: TenantImports,
): { candidates: Candidate[]; left: Left[] } {
  const { tenant, audience, reader, existing } = request;
  const grants = new Grants(tenant, audience);
  const match = matchTenant(tenant, request.declared, imports);
  const files = new Map(existing.files.map(({ name }) => [idOf(name), join(existing.folder, name)]));
  const left = match.customers.flatMap((customer) => leftOfCustomer(customer, files, imports, grants));
  /** By organization: why a client of it cannot be imported. */
  const closed = new Map<string, Fault>();
  for (const { customer, organization } of match.customers) {
    const message = `is a client of the customer in ${files.get(customer.id)}, and import changes no existing file`;
    if (organization) closed.set(organization.id, { code: "customer-file-exists", message });
  }
  const open = match.organizations.filter((organization) => {
    const reasons = whyNotOrganization(organization, files);
    if (reasons.length === 0) return true;
    closed.set(organization.id, notTaken(organization));
    left.push(leave("organization", organization, reasons));
    return false;
  });
  const free = match.clients.flatMap((client) => {
    const grant = grants.onApi(client);
    const organizations = grant ? grants.organizationsOf(grant) : [];
    const [home, ...others] = organizations;
    const managesTenant = grants.of(client).some((one) => isManagementApi(one.audience));
    const reasons = whyNotClient({
      client,
      grant,
      audience,
      reader,
      scopes: existing.scopes,
      managesTenant,
      organizations,
    });
    const reason = home && others.length === 0 ? closed.get(home.id) : undefined;
    if (reason !== undefined) reasons.push(reason);
    if (grant && home && reasons.length === 0) return [{ client, grant, home: home.id }];
    left.push(leave("client", client, reasons));
    return [];
  });
  const clientsOf = groupBy(free, ({ home }) => home);
  const candidates = open.flatMap((organization) => {
    const clients = clientsOf.get(organization.id) ?? [];
    if (clients.length > 0) return [{ organization, clients: nameClients(organization, clients) }];
    const message = "has no client that can be imported, and a file needs one";
    left.push(leave("organization", organization, [{ code: "organization-without-client", message }]));
    return [];
  });
  left.push(...free.flatMap(({ client, grant }) => otherGrants(client, grant, grants)));
  for (const grant of grants.ofNobody) {
    const message = `belongs to no single client (${grant.settings.join(", ")})`;
    left.push(leave("client grant", { id: grant.id, name: grant.audience }, [{ code: otherGrant, message }]));
  }
  return { candidates, left };
}

export function notTaken({ name }: TenantOrganization): Fault {
  const message = `is a client of the organization "${name}", which is not imported`;
  return { code: "organization-not-imported", message };
}

const otherGrant = "grant-not-in-files";

/** Of a customer that has a file: what the file does not say. */
function leftOfCustomer(
  { customer, organization, clients }: CustomerMatch,
  files: ReadonlyMap<string, string>,
  imports: TenantImports,
  grants: Grants,
): Left[] {
  const left = clients.flatMap(({ found }) => (found ? otherGrants(found, grants.onApi(found), grants) : []));
  if (!organization) return left;
  const isKnown =
    organization.metadata?.customer !== undefined || getOwn(imports.customers, customer.id) !== undefined;
  if (isKnown) return left;
  const file = files.get(customer.id);
  const message = `has the name in ${file}, but was not created from it: rename that file and import again, or delete the organization`;
  return [leave("organization", organization, [{ code: "organization-not-from-file", message }]), ...left];
}

/** Grants of a client beside the one that a file says. */
function otherGrants(client: TenantClient, own: TenantGrant | undefined, grants: Grants): Left[] {
  return grants
    .of(client)
    .filter(({ id }) => id !== own?.id)
    .map(({ id, audience, subjectType }) => {
      const what =
        audience === grants.audience ? `is for the subject type ${subjectType}` : "is on another API";
      const message = `of client "${client.name}" ${what}: it stays as it is`;
      return leave("client grant", { id, name: audience }, [{ code: otherGrant, message }]);
    });
}

function leave(kind: Left["kind"], { name, id }: { name: string; id: string }, reasons: Fault[]): Left {
  return { kind, name, id, reasons };
}
