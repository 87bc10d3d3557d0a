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
