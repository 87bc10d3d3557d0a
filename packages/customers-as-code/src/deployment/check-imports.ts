// Which import data a deployment may use: a pure function from the file, the last deployments and what Auth0 has to all
// problems. Whoever writes imports.json could otherwise give any client of the tenant, and its secret, to a customer of theirs.
import { portalMark } from "../auth0/declaration";
import { type Generation, generationsOf } from "../customers/generations";
import type {
  ImportedClient,
  ImportedCustomer,
  PlaceOfImport,
  TenantImports,
} from "../customers/import-data";
import type { CustomerDeclaration } from "../customers/load-customers";
import type { ProblemCode } from "../problems/codes";
import type { Problem } from "../problems/problem";
import { getOwn } from "../problems/record";
import type {
  Existing,
  ExistingClient,
  ExistingGrant,
  ExistingOrganization,
} from "../tenant/existing-resources";
import { markOf } from "../tenant/match-customers";
import { isManagementApi, whyNotMachine } from "../tenant/unmappable";
import type { DeployedCustomer } from "./last-deployment";

export interface ImportsRequest {
  imports: TenantImports;
  placeOf: PlaceOfImport;
  /** The customers of this stack. */
  declared: readonly CustomerDeclaration[];
  /** By customer id, in every stack that shares the customers. */
  deployed: Readonly<Record<string, DeployedCustomer>>;
  existing: Existing;
  /** Of the company's API. */
  audience: string;
  /** Id of the client with which Pulumi itself signs in to the tenant. */
  ownClientId: string | undefined;
}

const remedy = "Delete these lines; npx customers import writes what can be imported.";
const again = "Delete these lines, and have npx customers repair or npx customers import write them again.";

export function checkImports(request: ImportsRequest): Problem[] {
  const { imports, declared } = request;
  const owners = ownersOf(request.deployed);
  return [
    ...checkApi(request),
    ...declared.flatMap((customer) => {
      const imported = getOwn(imports.customers, customer.id);
      return imported ? checkCustomer({ ...request, customer, imported, owners }) : [];
    }),
  ];
}

/** Ids of those clients of the last deployment that decide what may be imported: whether Auth0 still has them. */
export function deployedBeside(
  imports: TenantImports,
  declared: readonly CustomerDeclaration[],
  deployed: ImportsRequest["deployed"],
): { organizations: string[]; clients: string[] } {
  const before = declared.flatMap((customer) =>
    getOwn(imports.customers, customer.id) ? (deployedOf(customer, deployed) ?? []) : [],
  );
  return {
    organizations: before.flatMap(({ organizationId }) => organizationId ?? []),
    clients: before.flatMap(({ clients, retiring = {} }) => [
      ...Object.values(clients),
      ...Object.values(retiring),
    ]),
  };
}

interface CustomerCheck extends ImportsRequest {
  customer: CustomerDeclaration;
  imported: ImportedCustomer;
  owners: Owners;
}

function checkCustomer(check: CustomerCheck): Problem[] {
  const { customer, imported, placeOf } = check;
  const generations = new Map(customer.clients.flatMap(generationsOf).map((one) => [one.key, one]));
  const path = ["customers", customer.id];
  const at = (code: ProblemCode, reasons: readonly string[], ...rest: string[]): Problem[] =>
    reasons.map((message) => ({ ...placeOf([...path, ...rest]), code, message }));
  return [
    ...at("imports-organization-refused", whyNotOrganization(check), "organization", "id"),
    ...Object.entries(imported.clients).flatMap(([key, client]) => {
      const generation = generations.get(key);
      // A client that no file declares is refused when the file is read.
      if (!generation) return [];
      return [
        ...at("imports-client-refused", whyNotClient(check, generation, client), "clients", key, "id"),
        ...at("imports-grant-refused", whyNotGrant(check, client), "clients", key, "grant", "id"),
      ];
    }),
  ];
}

function whyNotOrganization(check: CustomerCheck): string[] {
  const { customer, imported, existing, owners, deployed } = check;
  const { id } = imported.organization;
  const found = existing.organizations.get(id);
  const owner = owners.organizations.get(id);
  const last = deployedOf(customer, deployed)?.organizationId;
  if (owner !== undefined && !idsOf(customer).includes(owner)) {
    return [`organization ${id} belongs to customer ${owner}, which is deployed. ${remedy}`];
  }
  if (last !== undefined && last !== id && existing.organizations.has(last)) {
    return [mismatch(`customer ${customer.id} has organization ${last}`, id)];
  }
  if (!found) return [`organization ${id} does not exist in the tenant. ${remedy}`];
  return owner === undefined ? whyNotNamed(customer, found) : [];
}

function whyNotNamed(customer: CustomerDeclaration, found: ExistingOrganization): string[] {
  const { id, name, metadata } = found;
  const mark = metadata.customer;
  if (mark !== undefined && !idsOf(customer).includes(mark)) {
    return [`organization "${name}" (${id}) is marked as that of customer ${mark}. ${remedy}`];
  }
  // An organization of another name may be another's: of a customer that the portal made, or of a stack for tests in this tenant.
  if (name !== customer.organization) {
    return [
      `organization ${id} is named "${name}", and customer ${customer.id} says "${customer.organization}". Write "organization: ${name}" in the customer's file, or delete these lines.`,
    ];
  }
  return [];
}

function whyNotClient(check: CustomerCheck, generation: Generation, imported: ImportedClient): string[] {
  const { customer, existing, owners, ownClientId, audience } = check;
  const { id } = imported;
  const name = `${customer.id}/${generation.key}`;
  const owner = owners.clients.get(id);
  if (id === ownClientId) {
    return [`client ${id} is the one with which Pulumi signs in to Auth0. ${remedy}`];
  }
  if (owner !== undefined && !mayBe(owner, customer, generation)) {
    return [`client ${id} is ${owner.customer}/${owner.client}, which is deployed. ${remedy}`];
  }
  const stale = deployedAs(check, generation).find((one) => one !== id);
  if (stale !== undefined) return [mismatch(`${name} is client ${stale}`, id)];
  const found = existing.clients.get(id);
  if (!found) return [`client ${id} does not exist in the tenant. ${remedy}`];
  const reasons = [
    ...whyNotMachine(found).map(({ message }) => message),
    ...found.settings.map((setting) => `has ${setting}, as only applications with users have`),
    ...whyNotMarked(found, customer, generation),
    ...whyNotApis(found, audience),
    ...whyNotHome(check, found, imported),
  ];
  return reasons.map((reason) => `client "${found.name}" (${id}) ${reason}. ${remedy}`);
}

function whyNotMarked(
  { metadata }: ExistingClient,
  customer: CustomerDeclaration,
  generation: Generation,
): string[] {
  if (metadata[portalMark] !== undefined) return ["is the application of the Developer Portal"];
  if (metadata.customer === undefined && metadata.client === undefined) return [];
  const mark = markOf(metadata);
  return namesOf(customer, generation).includes(mark) ? [] : [`is marked as the client ${mark}`];
}

/** Of what else it can do beside calling the company's API. */
function whyNotApis({ grants }: ExistingClient, audience: string): string[] {
  if (grants.some((grant) => isManagementApi(grant.audience))) {
    return ["has a grant on the Auth0 Management API"];
  }
  const [other] = grants;
  if (!other || grants.some((grant) => grant.audience === audience)) return [];
  return [`has no grant on ${audience}, but one on ${other.audience}`];
}

/** A client that this program did not create must belong to the organization according to Auth0. */
function whyNotHome(
  { imported: { organization }, existing, audience }: CustomerCheck,
  found: ExistingClient,
  imported: ImportedClient,
): string[] {
  const { defaultOrganizationId, grants, metadata } = found;
  if (defaultOrganizationId !== undefined && defaultOrganizationId !== organization.id) {
    return [`has another default organization, ${defaultOrganizationId}`];
  }
  const onApi = grants.find((grant) => isOnApi(grant, audience));
  const isLinked = onApi !== undefined && isLinkedTo(existing, organization.id, onApi);
  const isOwn = metadata.customer !== undefined;
  if (isLinked || (isOwn && imported.lacks?.includes("organizationGrant"))) return [];
  if (isOwn && !onApi && !imported.grant) return [];
  return [
    `has no grant on ${audience} that organization ${organization.id} may use, or Pulumi's client lacks read:organization_client_grants`,
  ];
}

function whyNotGrant(
  { existing, audience, imported: { organization } }: CustomerCheck,
  { id: clientId, grant, lacks }: ImportedClient,
): string[] {
  const client = existing.clients.get(clientId);
  if (!client) return [];
  const onApi = client.grants.find((one) => isOnApi(one, audience));
  // The provider would adopt the one, and Auth0 refuse to add the other again. What this program has made may have got them since.
  const isOwn = client.metadata.customer !== undefined;
  if (!isOwn && onApi && !grant) {
    return [
      `client "${client.name}" (${clientId}) has client grant ${onApi.id}, which is not named here. ${again}`,
    ];
  }
  if (
    !isOwn &&
    onApi &&
    lacks?.includes("organizationGrant") &&
    isLinkedTo(existing, organization.id, onApi)
  ) {
    return [
      `organization ${organization.id} may use client grant ${onApi.id}, which this says it lacks. ${again}`,
    ];
  }
  if (!grant) return [];
  const found = client.grants.find(({ id }) => id === grant.id);
  if (!found) {
    return [`client grant ${grant.id} is not one of client "${client.name}" (${clientId}). ${remedy}`];
  }
  const { audience: other, subjectType, settings } = found;
  if (other !== audience) return [`client grant ${grant.id} is on ${other}, not on ${audience}. ${remedy}`];
  if (subjectType !== "client") {
    return [`client grant ${grant.id} is for the subject type ${subjectType}. ${remedy}`];
  }
  return settings.map(
    (setting) => `client grant ${grant.id} has ${setting}, which a customer file cannot declare. ${remedy}`,
  );
}

/** By which the client itself calls the API. */
function isOnApi(grant: ExistingGrant, audience: string): boolean {
  return grant.audience === audience && grant.subjectType === "client";
}

function isLinkedTo({ organizations }: Existing, organization: string, { id }: ExistingGrant): boolean {
  return organizations.get(organization)?.grants.includes(id) === true;
}

function checkApi({ imports: { api }, existing, audience, placeOf }: ImportsRequest): Problem[] {
  if (!api) return [];
  const found = existing.api;
  const at = (message: string, ...path: string[]): Problem => ({
    ...placeOf(["api", ...path]),
    code: "imports-api-refused",
    message,
  });
  if (!found) return [at(`API ${api.id} does not exist in the tenant. ${remedy}`, "id")];
  const wrong =
    found.identifier === audience
      ? []
      : [
          at(
            `API ${api.id} is ${found.identifier}, and this stack's audience is ${audience}. ${remedy}`,
            "id",
          ),
        ];
  if (api.scopes.id === audience) return wrong;
  return [...wrong, at(`scopes of ${api.scopes.id} are not those of ${audience}. ${remedy}`, "scopes", "id")];
}

/** The engine would delete what it has, protected or not, and say nothing: pulumi/pulumi, pkg/resource/deploy/step_generator.go. */
function mismatch(known: string, id: string): string {
  return `${known}, which Auth0 still has, and not ${id}: the deployment would delete it. Delete these lines; if ${id} is the right one, docs/how-to/import.md says how to change over.`;
}

/** The client that the last deployment made of it, if Auth0 still has it. Its mark, and not the outputs, says which rotation it is. */
function deployedAs({ customer, deployed, existing }: CustomerCheck, generation: Generation): string[] {
  const last = deployedOf(customer, deployed);
  const names = [generation.name, ...(generation.previously === undefined ? [] : [generation.previously])];
  const keys = [generation.key, ...generation.previousKeys];
  return names.flatMap((name) =>
    [getOwn(last?.clients, name), getOwn(last?.retiring, name)].flatMap((id) => {
      const found = id === undefined ? undefined : existing.clients.get(id);
      if (!found) return [];
      const { client = name, rotation } = found.metadata;
      const mark = markOf({ client, ...(rotation !== undefined && { rotation }), customer: customer.id });
      return keys.some((key) => mark === `${customer.id}/${key}`) ? [found.id] : [];
    }),
  );
}

interface Owners {
  /** Customer by the organization's id. */
  organizations: ReadonlyMap<string, string>;
  clients: ReadonlyMap<string, { customer: string; client: string }>;
}

function ownersOf(deployed: ImportsRequest["deployed"]): Owners {
  const all = Object.entries(deployed);
  return {
    organizations: new Map(
      all.flatMap(([customer, { organizationId }]): [string, string][] =>
        organizationId === undefined ? [] : [[organizationId, customer]],
      ),
    ),
    clients: new Map(
      all.flatMap(([customer, { clients, retiring = {} }]) =>
        [...Object.entries(clients), ...Object.entries(retiring)].map(
          ([client, id]): [string, { customer: string; client: string }] => [id, { customer, client }],
        ),
      ),
    ),
  };
}

function mayBe(
  owner: { customer: string; client: string },
  customer: CustomerDeclaration,
  { name, previously }: Generation,
): boolean {
  return idsOf(customer).includes(owner.customer) && [name, previously].includes(owner.client);
}

function deployedOf(customer: CustomerDeclaration, deployed: ImportsRequest["deployed"]) {
  return idsOf(customer)
    .map((id) => getOwn(deployed, id))
    .find((one) => one !== undefined);
}

function idsOf({ id, previously }: CustomerDeclaration): string[] {
  return previously === undefined ? [id] : [id, previously];
}

function namesOf(customer: CustomerDeclaration, { key, previousKeys }: Generation): string[] {
  return idsOf(customer).flatMap((id) => [key, ...previousKeys].map((one) => `${id}/${one}`));
}
