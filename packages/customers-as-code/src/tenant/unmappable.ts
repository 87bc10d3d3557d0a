// Why an organization or client of a tenant cannot become a customer's: files have no key for something that it has, so a deployment
// would remove that.
import { isDeepStrictEqual } from "node:util";
import { organizationName } from "../customers/customer-schema";
import type { ProblemCode } from "../problems/codes";
import type { Fault } from "../problems/problem";
import type { TenantClient, TenantGrant, TenantOrganization } from "./tenant";

/** The provider looks for an organization's grants on the first page of this length only. */
const mostGrants = 50;

/** @param files by the customer's id @returns predicates of sentences; none if it can */
export function whyNotOrganization(
  { name, metadata = {}, grants, settings }: TenantOrganization,
  files: ReadonlyMap<string, string>,
): Fault[] {
  const reasons: Fault[] = [];
  const file = files.get(name);
  if (!organizationName.safeParse(name).success)
    reasons.push(fault("organization-name-unmappable", "has a name that cannot be the name of a file"));
  if (file !== undefined) {
    const message = `would be the customer "${name}", but ${file} belongs to another customer`;
    reasons.push(fault("organization-name-unmappable", message));
  }
  if (metadata.customer !== undefined) {
    const message = `is marked as the customer "${metadata.customer}" of this program (metadata "customer"), which has no file here`;
    reasons.push(fault("mark-without-file", message));
  }
  if (settings.length > 0) reasons.push(unmappableSettings(settings));
  if (grants.length > mostGrants) {
    const message = `has ${grants.length} client grants, of which Pulumi's provider sees only the first ${mostGrants}`;
    reasons.push(fault("organization-too-many-grants", message));
  }
  return reasons;
}

export interface UnmappedClient {
  client: TenantClient;
  /** On the API, where it has one. */
  grant?: TenantGrant;
  /** Of the API. */
  audience: string;
  /** Id of the client by which the tenant was read. */
  reader: string;
  /** Every scope that the API declares. */
  scopes: readonly string[];
  /** Whether it has a grant on the tenant's Management API too, as only the company's own tools have. */
  managesTenant: boolean;
  /** Which may use the grant. */
  organizations: readonly TenantOrganization[];
}

const wanted = "client_credentials";
/** Auth0's default, which the portal's clients have: without `callbacks`, nobody can use the others. */
const defaultGrantTypes = ["authorization_code", "implicit", "refresh_token", wanted];

/** @returns predicates of sentences; none if it can */
export function whyNotClient(unmapped: UnmappedClient): Fault[] {
  const { client, grant, audience, reader } = unmapped;
  if (client.id === reader) {
    return [fault("client-reads-tenant", "is the client with which this command reads the tenant")];
  }
  if (!grant) return [fault("client-without-grant", `has no grant on ${audience}`)];
  if (unmapped.managesTenant) {
    return [fault("client-manages-tenant", "has a grant on the Auth0 Management API")];
  }
  return [...whyNotKind(client), ...whyNotGrant(grant, unmapped)];
}

/** From what Auth0 lists of every client. @returns predicates of sentences; none for a machine-to-machine client of the company's own */
export function whyNotMachine({
  appType,
  isFirstParty,
  grantTypes,
}: Pick<TenantClient, "appType" | "isFirstParty" | "grantTypes">): Fault[] {
  const reasons: string[] = [];
  if (appType !== "non_interactive") {
    reasons.push(`is of the type ${appType ?? "none"}, not non_interactive (machine to machine)`);
  }
  if (!isFirstParty) reasons.push("belongs to a third party");
  if (!grantTypes.includes(wanted)) reasons.push(`does not have the grant type ${wanted}`);
  const others = grantTypes.filter((type) => type !== wanted);
  const isDefault = isDeepStrictEqual([...grantTypes].sort(), [...defaultGrantTypes].sort());
  if (others.length > 0 && !isDefault) {
    reasons.push(`has other grant types, for which files have no key: ${others.join(", ")}`);
  }
  return reasons.map((message) => fault("client-type-unmappable", message));
}

function whyNotKind(client: TenantClient): Fault[] {
  const { authenticationMethod, clientMetadata = {}, settings } = client;
  const reasons = whyNotMachine(client);
  if (authenticationMethod !== "client_secret_post") {
    const message =
      authenticationMethod === "private_key_jwt"
        ? "has a key pair, whose public key Auth0 does not return"
        : `authenticates by ${authenticationMethod}, for which files have no key`;
    reasons.push(fault("client-authentication-unmappable", message));
  }
  const { customer, client: name, ...metadata } = clientMetadata;
  if (customer !== undefined || name !== undefined) {
    const message = `is marked as the client "${customer}/${name}" of this program, which has no file here`;
    reasons.push(fault("mark-without-file", message));
  }
  const unsaid = [...settings, ...Object.keys(metadata).map((key) => `client_metadata.${key}`)];
  if (unsaid.length > 0) reasons.push(unmappableSettings(unsaid));
  return reasons;
}

function whyNotGrant(grant: TenantGrant, { client, scopes, organizations }: UnmappedClient): Fault[] {
  const reasons: string[] = [];
  const unknown = grant.scopes.filter((scope) => !scopes.includes(scope));
  if (grant.settings.length > 0) reasons.push(`has a grant with ${grant.settings.join(", ")}`);
  if (grant.scopes.length === 0) reasons.push("has a grant without scopes, and a file needs one");
  if (grant.allowAnyOrganization) reasons.push("has a grant for any organization");
  const [home, ...others] = organizations;
  if (!home) reasons.push("has a grant that no organization can use");
  if (others.length > 0) {
    reasons.push(`serves more than one organization: ${organizations.map(({ name }) => name).join(", ")}`);
  }
  const standard = client.defaultOrganization?.organizationId;
  if (home && standard !== undefined && standard !== home.id) {
    reasons.push(`has a default organization, ${standard}, that is not the one that can use its grant`);
  }
  const faults = reasons.map((message) => fault("grant-unmappable", message));
  const undeclared = `has scopes that the OpenAPI document does not declare: ${unknown.join(", ")}`;
  return unknown.length > 0 ? [...faults, fault("grant-scope-not-in-api", undeclared)] : faults;
}

/** Its identifier is `https://TENANT/api/v2/` in every tenant: https://auth0.com/docs/api/management/v2 */
export function isManagementApi(audience: string): boolean {
  return /^https:\/\/[^/]+\/api\/v2\/?$/.test(audience);
}

function unmappableSettings(settings: readonly string[]): Fault {
  const message = `has settings for which files have no key, so that a deployment would remove them: ${settings.join(", ")}`;
  return fault("settings-unmappable", message);
}

function fault(code: ProblemCode, message: string): Fault {
  return { code, message };
}
