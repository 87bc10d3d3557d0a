// Why an organization or client of a tenant cannot become a customer's: what a file cannot say, and what a deployment would
// take away from it.
import { isDeepStrictEqual } from "node:util";
import { organizationName } from "../customers/customer-schema";
import type { TenantClient, TenantGrant, TenantOrganization } from "./tenant";

/** The provider looks for an organization's grants on the first page of this length only. */
const mostGrants = 50;

/** @param files by the customer's id @returns predicates of sentences; none where it can */
export function whyNotOrganization(
  { name, metadata = {}, grants, settings }: TenantOrganization,
  files: ReadonlyMap<string, string>,
): string[] {
  const reasons: string[] = [];
  const file = files.get(name);
  if (!organizationName.safeParse(name).success) reasons.push("has a name that cannot be a file's");
  if (file !== undefined) reasons.push(`would be the customer "${name}", whose file ${file} is another's`);
  if (metadata.customer !== undefined) {
    reasons.push(
      `is marked as the customer "${metadata.customer}" of this program (metadata "customer"), for which there is no file here`,
    );
  }
  if (settings.length > 0) reasons.push(unsayable(settings));
  if (grants.length > mostGrants) {
    reasons.push(
      `has ${grants.length} client grants, of which Pulumi's provider sees the first ${mostGrants} only`,
    );
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

/** @returns predicates of sentences; none where it can */
export function whyNotClient(unmapped: UnmappedClient): string[] {
  const { client, grant, audience, reader } = unmapped;
  if (client.id === reader) return ["is the client by which this command reads the tenant"];
  if (!grant) return [`has no grant on ${audience}`];
  if (unmapped.managesTenant) return ["has a grant on the Auth0 Management API"];
  return [...whyNotKind(client), ...whyNotGrant(grant, unmapped)];
}

/** By what Auth0 tells of every client. @returns predicates of sentences; none for a machine-to-machine client of the company's own */
export function whyNotMachine({
  appType,
  isFirstParty,
  grantTypes,
}: Pick<TenantClient, "appType" | "isFirstParty" | "grantTypes">): string[] {
  const reasons: string[] = [];
  if (appType !== "non_interactive") {
    reasons.push(`is of the type ${appType ?? "none"}, not non_interactive (machine to machine)`);
  }
  if (!isFirstParty) reasons.push("is a third party's");
  if (!grantTypes.includes(wanted)) reasons.push(`may not use the grant type ${wanted}`);
  const others = grantTypes.filter((type) => type !== wanted);
  const isDefault = isDeepStrictEqual([...grantTypes].sort(), [...defaultGrantTypes].sort());
  if (others.length > 0 && !isDefault) {
    reasons.push(`may use other grant types, which files cannot say: ${others.join(", ")}`);
  }
  return reasons;
}

function whyNotKind(client: TenantClient): string[] {
  const { authenticationMethod, clientMetadata = {}, settings } = client;
  const reasons = whyNotMachine(client);
  if (authenticationMethod === "private_key_jwt") {
    reasons.push("has a key pair, of which Auth0 shows no public key to write into a file");
  } else if (authenticationMethod !== "client_secret_post") {
    reasons.push(`authenticates by ${authenticationMethod}, which files cannot say`);
  }
  const { customer, client: name, ...metadata } = clientMetadata;
  if (customer !== undefined || name !== undefined) {
    reasons.push(
      `is marked as the client "${customer}/${name}" of this program, for which there is no file here`,
    );
  }
  const unsaid = [...settings, ...Object.keys(metadata).map((key) => `client_metadata.${key}`)];
  if (unsaid.length > 0) reasons.push(unsayable(unsaid));
  return reasons;
}

function whyNotGrant(grant: TenantGrant, { client, scopes, organizations }: UnmappedClient): string[] {
  const reasons: string[] = [];
  const unknown = grant.scopes.filter((scope) => !scopes.includes(scope));
  if (grant.settings.length > 0) reasons.push(`has a grant with ${grant.settings.join(", ")}`);
  if (grant.scopes.length === 0) reasons.push("has a grant without scopes, and a file needs one");
  if (unknown.length > 0)
    reasons.push(`has scopes that the OpenAPI document does not declare: ${unknown.join(", ")}`);
  if (grant.allowAnyOrganization) reasons.push("has a grant for any organization");
  const [home, ...others] = organizations;
  if (!home) reasons.push("has a grant that no organization may use");
  if (others.length > 0) {
    reasons.push(`serves more than one organization: ${organizations.map(({ name }) => name).join(", ")}`);
  }
  const standard = client.defaultOrganization?.organizationId;
  if (home && standard !== undefined && standard !== home.id) {
    reasons.push(`has a default organization, ${standard}, that is not the one which may use its grant`);
  }
  return reasons;
}

/** Its identifier is `https://TENANT/api/v2/` in every tenant: https://auth0.com/docs/api/management/v2 */
export function isManagementApi(audience: string): boolean {
  return /^https:\/\/[^/]+\/api\/v2\/?$/.test(audience);
}

function unsayable(settings: readonly string[]): string {
  return `has what files cannot say and a deployment would take away: ${settings.join(", ")}`;
}
