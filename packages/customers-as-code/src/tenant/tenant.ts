// What a tenant holds of organizations, clients and grants: plain data in the provider's terms, without any secret.

import type { TokenQuota } from "../customers/plans";

export interface Tenant {
  domain: string;
  /** The API of the audience that was asked for, where the tenant has it. */
  api?: TenantApi;
  organizations: TenantOrganization[];
  clients: TenantClient[];
  grants: TenantGrant[];
}

export interface TenantApi {
  id: string;
  name?: string;
  identifier: string;
  signingAlg?: string;
  tokenLifetime?: number;
  scopes: { name: string; description?: string }[];
}

export interface TenantOrganization {
  id: string;
  name: string;
  displayName?: string;
  metadata?: Record<string, string>;
  /** Ids of the client grants that it may use, in Auth0's order. */
  grants: string[];
  /** Names of what is set beside all this and what the provider would unset. */
  settings: string[];
}

export interface TenantClient {
  id: string;
  name: string;
  description?: string;
  appType?: string;
  isFirstParty: boolean;
  grantTypes: string[];
  authenticationMethod: string;
  organizationUsage?: string;
  defaultOrganization?: { organizationId: string; flows: string[] };
  clientMetadata?: Record<string, string>;
  /** Ids of the public keys by which it authenticates; absent where it does so otherwise. */
  keyIds?: string[];
  tokenQuota?: { clientCredentials: TokenQuota };
  /** Names of what is set beside all this and what the provider would unset. */
  settings: string[];
}

export interface TenantGrant {
  id: string;
  /** Absent where the grant is the default of a group of clients. */
  clientId?: string;
  audience: string;
  scopes: string[];
  organizationUsage?: string;
  allowAnyOrganization: boolean;
  /** `client` unless it is for users. */
  subjectType: string;
  /** Names of what is set beside all this and what the provider would unset. */
  settings: string[];
}

/** What takes a request for each organization and client, and is read of those alone of which files say it. */
export interface TenantDetails {
  /** By the organization's id. */
  members: ReadonlyMap<string, readonly TenantMember[]>;
  /** By the client's id. */
  keys: ReadonlyMap<string, readonly TenantKey[]>;
}

export interface TenantMember {
  userId: string;
  /** Absent of a user who is known by a phone number, for example. */
  email?: string;
}

export interface TenantKey {
  /** Its thumbprint, after RFC 7638. */
  kid: string;
  algorithm: string;
  /** As Auth0 says it; absent where it does not end. */
  expiresAt?: string;
}
