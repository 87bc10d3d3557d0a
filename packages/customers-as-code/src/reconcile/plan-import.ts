// Which of a tenant's organizations and clients become customers: a pure function from the tenant and the files to new files.
import type { ApiDeclaration } from "../auth0/declaration";
import { customerFile, pickMetadata } from "../customers/customer-schema";
import { generationsOf } from "../customers/generations";
import type { AllImports, Imported, ImportedCustomer } from "../customers/import-data";
import { renderImports } from "../customers/imports";
import type { CustomerFiles } from "../customers/load-customers";
import { type CustomerDeclaration, type CustomerText, parseCustomers } from "../customers/load-customers";
import { type NewCustomer, renderCustomer } from "../edit/edit";
import { compareStrings, type Fault, type Problem } from "../problems/problem";
import { getOwn } from "../problems/record";
import {
  type Difference,
  differencesOfApi,
  differencesOfClient,
  differencesOfGrant,
  differencesOfOrganization,
  differencesOfScopes,
} from "../tenant/differences";
import { isPortalMade } from "../tenant/match-customers";
import type { TenantDetails } from "../tenant/tenant";
import { type Candidate, type CandidatesRequest, findCandidates, type Left, notTaken } from "./candidates";

export interface ImportRequest extends CandidatesRequest {
  /** Of all tenants. */
  imports: AllImports;
  /** Path of schema.json, as editors find it from the folder. */
  schema: string;
  /** Given if the API is imported too. */
  api?: ApiDeclaration;
}

export interface ImportPlan {
  /** The content of imports.json, if there is anything new for it. */
  imports?: string;
  taken: TakenCustomer[];
  left: Left[];
  /** Why nothing may be written. */
  problems: Problem[];
}

export interface TakenCustomer {
  /** New: no file of its name exists. */
  file: CustomerText;
  customer: CustomerDeclaration;
  /** Whether the Developer Portal made it. */
  isPortalMade: boolean;
  imported: ImportedCustomer;
}

export function planImport(request: ImportRequest): ImportPlan {
  const { tenant, existing, imports, schema } = request;
  const ofTenant = getOwn(imports, tenant.domain) ?? { customers: {} };
  const { candidates, left } = findCandidates(request, ofTenant);
  const taken: TakenCustomer[] = [];
  for (const candidate of candidates) {
    const { organization, clients } = candidate;
    const text = renderCustomer(describe(candidate), schema);
    const file = { name: `${organization.name}.yaml`, text };
    const { customers, problems } = parseCustomers(existing.folder, [file], existing.scopes, existing.stacks);
    const [customer] = customers;
    if (customer && problems.length === 0) {
      const isFromPortal = clients.some(({ client }) => isPortalMade(client, organization));
      taken.push({ file, customer, isPortalMade: isFromPortal, imported: importOf(customer, candidate) });
      continue;
    }
    const reasons = problems.map(({ code, message }) => ({
      code,
      message: `cannot have a file: ${message}`,
    }));
    left.push({ kind: "organization", name: organization.name, id: organization.id, reasons });
    for (const {
      client: { id, name },
    } of clients) {
      left.push({ kind: "client", name, id, reasons: [notTaken(organization)] });
    }
  }
  taken.sort((a, b) => compareStrings(a.customer.id, b.customer.id));
  const api = importOfApi(request);
  const isNew = taken.length > 0 || (api !== undefined && ofTenant.api === undefined);
  const customers = Object.fromEntries(taken.map(({ customer, imported }) => [customer.id, imported]));
  const after = {
    ...ofTenant,
    ...(api && { api }),
    customers: { ...ofTenant.customers, ...customers },
  };
  return {
    ...(isNew && { imports: renderImports({ ...imports, [tenant.domain]: after }) }),
    taken,
    left: left.sort(
      (a, b) =>
        compareStrings(a.kind, b.kind) || compareStrings(a.name, b.name) || compareStrings(a.id, b.id),
    ),
    problems: taken.length === 0 ? [] : problemsTogether(existing, taken),
  };
}

/**
 * Users are not imported: a file that named them would fail each deployment once one of them leaves the portal for good.
 * @param members of the organizations that are imported
 */
export function leftMembers(taken: readonly TakenCustomer[], members: TenantDetails["members"]): Left[] {
  return taken.flatMap(({ customer, imported }) => {
    const { id } = imported.organization;
    const found = members.get(id) ?? [];
    const who = found.map(({ userId, email = userId }) => email).sort(compareStrings);
    const message = `stay as they are: ${who.join(", ")}`;
    const reasons: Fault[] = [{ code: "members-not-in-files", message }];
    return who.length === 0
      ? []
      : [{ kind: "members of organization", name: customer.organization, id, reasons }];
  });
}

function problemsTogether(
  { folder, files, scopes, stacks }: CustomerFiles,
  taken: readonly TakenCustomer[],
): Problem[] {
  const together = [...files, ...taken.map(({ file }) => file)].sort((a, b) =>
    compareStrings(a.name, b.name),
  );
  return parseCustomers(folder, together, scopes, stacks).problems;
}

/** The file of an organization and its clients. */
function describe({ organization, clients }: Candidate): NewCustomer {
  const { name, displayName, metadata: all = {} } = organization;
  const kept = pickMetadata(all);
  const metadata = Object.fromEntries(Object.entries(all).filter(([key]) => !Object.hasOwn(kept, key)));
  const user = clients.find(({ client }) => isPortalMade(client, organization))?.client.name;
  const contact = customerFile.shape.contact.safeParse(user).data;
  return {
    displayName: displayName ?? user ?? name,
    ...(contact !== undefined && { contact }),
    ...kept,
    ...(Object.keys(metadata).length > 0 && { metadata }),
    clients: Object.fromEntries(
      clients.map(({ name, client, grant }) => [
        name,
        {
          scopes: grant.scopes,
          ...(client.tokenQuota && { tokenQuota: client.tokenQuota.clientCredentials }),
          comment: [client.name, client.description].filter(Boolean).join(": "),
        },
      ]),
    ),
  };
}

function importOf(customer: CustomerDeclaration, { organization, clients }: Candidate): ImportedCustomer {
  const imported = customer.clients.flatMap((declared) => {
    const found = clients.find(({ name }) => name === declared.name);
    const [generation] = generationsOf(declared);
    if (!found || !generation) return [];
    const { client, grant } = found;
    const own = keepDifferences(client, differencesOfClient(customer, generation, client, organization.id));
    return [
      [
        declared.name,
        { ...own, grant: keepDifferences(grant, differencesOfGrant(customer, declared, grant)) },
      ],
    ];
  });
  return {
    organization: keepDifferences(organization, differencesOfOrganization(customer, organization)),
    clients: Object.fromEntries(imported),
  };
}

function importOfApi({ tenant: { api: found }, api: declared }: ImportRequest) {
  if (!found || !declared) return undefined;
  const scopes = keepDifferences({ id: found.identifier }, differencesOfScopes(declared, found));
  return { ...keepDifferences(found, differencesOfApi(declared, found)), scopes };
}

/** @param differences of what is declared: they stay as the tenant has them while it is imported */
export function keepDifferences({ id }: { id: string }, differences: readonly Difference[]): Imported {
  return { id, keeps: differences.map(({ property }) => property) };
}
