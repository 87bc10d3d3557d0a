// What the program declares in Auth0, in the provider's terms: pure functions from files, which the commands that compare a
// tenant with the files use too.

import { firstRotation, pickMetadata } from "../customers/customer-schema";
import type { Generation } from "../customers/generations";
import type { CustomerClient, CustomerDeclaration } from "../customers/load-customers";
import { type KeyNames, nameKeys } from "./key-names";

/** Key in the metadata of the Developer Portal's client; its value is the audience of the API. */
export const portalMark = "developerPortalOf";

export interface ApiDeclaration {
  /** Name that Auth0's dashboard shows. */
  name: string;
  /** The audience of its tokens; cannot be changed without replacing the API and every grant on it. */
  identifier: string;
  /** Description by scope. */
  scopes: Record<string, string>;
  /** Seconds. */
  tokenLifetime: number;
}

export function declareApi({ name, identifier, tokenLifetime }: ApiDeclaration) {
  return { name: shortened(name, 200), identifier, signingAlg: "RS256", tokenLifetime };
}

export function declareScopes(scopes: Record<string, string>) {
  return Object.entries(scopes).map(([name, description]) => ({
    name,
    description: shortened(description, 500),
  }));
}

export function declareOrganization(customer: CustomerDeclaration) {
  const { id, organization, displayName, metadata } = customer;
  return {
    name: organization,
    displayName,
    metadata: { ...metadata, customer: id, ...pickMetadata(customer) },
  };
}

/** @typeParam Id of the organization: known, or an output of the engine's */
export function declareClient<Id>(
  { id, displayName }: CustomerDeclaration,
  { name, key, rotation, tokenQuota }: Generation,
  organizationId: Id,
) {
  return {
    name: `${id}/${key}`,
    description: shortened(`Client "${name}" of ${displayName}.`, 140),
    appType: "non_interactive",
    grantTypes: ["client_credentials"],
    // For token requests that name no organization.
    defaultOrganization: { organizationId, flows: ["client_credentials"] },
    organizationUsage: "require",
    clientMetadata: { customer: id, client: name, ...(rotation !== firstRotation && { rotation }) },
    // Where it is not set, nothing is sent: not every tenant's plan has quotas of tokens.
    ...(tokenQuota && { tokenQuota: { clientCredentials: tokenQuota } }),
  };
}

/** @param keyNames of the keys that Auth0 has */
export function declareAuthentication({ publicKey, retiringPublicKey }: CustomerClient, keyNames?: KeyNames) {
  if (publicKey === undefined) return { authenticationMethod: "client_secret_post" };
  const pems = retiringPublicKey === undefined ? [publicKey] : [retiringPublicKey, publicKey];
  const names = nameKeys(pems, keyNames);
  const credentials = pems.map((pem, at) => ({
    ...{ name: names[at], credentialType: "public_key", algorithm: "RS256", pem },
  }));
  return { authenticationMethod: "private_key_jwt", privateKeyJwt: { credentials } };
}

/** The one function through which a client's scopes leave its file for Auth0: deployments, import, drift and repair call it. */
export function declareGrant(
  { status }: Pick<CustomerDeclaration, "status">,
  { scopes }: { scopes: readonly string[] },
) {
  return {
    // A customer that is gone is no longer on the authorizer's list: by then no good token of it may be left.
    scopes: status === "closing" ? [] : [...scopes],
    // The grant's organizationUsage, not the client's, is what puts org_id into the token.
    organizationUsage: "require",
    allowAnyOrganization: false,
  };
}

/**
 * Auth0 refuses longer texts: https://auth0.com/docs/api/management/v2. Whether it counts characters or, as JavaScript does, some of
 * them twice, it does not say: such a text is short enough either way, and none of its characters is cut in two.
 */
function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = /[\uD800-\uDBFF]$/;
  return `${text
    .slice(0, most - 1)
    .replace(half, "")
    .trimEnd()}…`;
}
