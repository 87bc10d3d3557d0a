// Why an organization or client of a tenant cannot become a customer's: what a file cannot say, and what a deployment would
// take away from it.
import type { TenantClient, TenantGrant, TenantOrganization } from "../auth0/tenant";
import { organizationName } from "./schema";

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
  /** Which may use the grant. */
  organizations: readonly TenantOrganization[];
}

/** Of a client that has no code flow without addresses to come back to, Auth0's default lets these go unused. */
const harmless = ["client_credentials", "authorization_code", "implicit", "refresh_token"];

/** @returns predicates of sentences; none where it can */
export function whyNotClient(unmapped: UnmappedClient): string[] {
  const { client, grant, audience, reader } = unmapped;
  if (client.id === reader) return ["is the client by which this command reads the tenant"];
  if (!grant) return [`has no grant on ${audience}`];
  return [...whyNotKind(client), ...whyNotGrant(grant, unmapped)];
}

function whyNotKind(client: TenantClient): string[] {
  const { appType, isFirstParty, grantTypes, authenticationMethod, clientMetadata = {}, settings } = client;
  const reasons: string[] = [];
  if (appType !== "non_interactive") {
    reasons.push(`is of the type ${appType ?? "none"}, not non_interactive (machine to machine)`);
  }
  if (!isFirstParty) reasons.push("is a third party's");
  if (!grantTypes.includes("client_credentials")) {
    reasons.push("may not use the grant type client_credentials");
  }
  const others = grantTypes.filter((type) => !harmless.includes(type));
  if (others.length > 0)
    reasons.push(`may use other grant types, which files cannot say: ${others.join(", ")}`);
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

function unsayable(settings: readonly string[]): string {
  return `has what files cannot say and a deployment would take away: ${settings.join(", ")}`;
}
