// The records of the tenant's organizations, clients, APIs and users, with their tables, and what is deleted along with which.
import type { TokenQuota } from "./patch";
import type { Table, View } from "./store";

export interface Client {
  client_id: string;
  client_secret: string;
  name: string;
  app_type?: string;
  is_first_party: boolean;
  grant_types: string[];
  token_endpoint_auth_method?: string;
  client_authentication_methods?: Partial<
    Record<ClientAuthenticationMethod, { credentials: { id: string }[] }>
  >;
  default_organization?: { organization_id: string; flows: string[] };
  token_quota?: TokenQuota;
  /** What the tenant keeps and gives back without looking at it. */
  [field: string]: unknown;
}

export const clientAuthenticationMethods = [
  "private_key_jwt",
  "tls_client_auth",
  "self_signed_tls_client_auth",
] as const;
type ClientAuthenticationMethod = (typeof clientAuthenticationMethods)[number];

export const clients: Table<Client> = {
  name: "clients",
  id: ({ client_id }) => client_id,
  indexes: {},
};

export interface ClientCredential {
  id: string;
  client_id: string;
  credential_type: "public_key" | "cert_subject_dn" | "x509_cert";
  name?: string;
  /** SPKI in PEM of a public_key; not shown. */
  pem?: string;
  alg?: "RS256" | "RS384" | "PS256";
  kid?: string;
  /** Only for cert_subject_dn. */
  subject_dn?: string;
  /** Only for x509_cert. */
  thumbprint_sha256?: string;
  created_at: string;
  updated_at: string;
  expires_at?: string;
}

export const clientCredentials: Table<ClientCredential> = {
  name: "client-credentials",
  id: ({ id }) => id,
  indexes: { client: ({ client_id }) => client_id },
};

export interface ClientGrant {
  id: string;
  /** Empty for a default of third-party clients. */
  client_id: string;
  audience: string;
  scope: string[];
  organization_usage?: "deny" | "allow" | "require";
  allow_any_organization?: boolean;
  subject_type: "client" | "user";
  allow_all_scopes?: boolean;
  /** The clients whose default this grant is: it has no client of its own then. */
  default_for?: "third_party_clients";
  authorization_details_types?: string[];
}

export const clientGrants: Table<ClientGrant> = {
  name: "client-grants",
  id: ({ id }) => id,
  indexes: {
    client: ({ client_id }) => client_id,
    audience: ({ audience }) => audience,
    unique: (grant) => clientGrantKey(grant),
  },
};

/** A client has one grant on an API for each kind of subject. */
export const clientGrantKey = (grant: Pick<ClientGrant, "client_id" | "audience" | "subject_type">) =>
  `${grant.client_id} ${grant.subject_type} ${grant.audience}`;

export interface ResourceServer {
  id: string;
  name?: string;
  identifier: string;
  is_system?: boolean;
  scopes?: { value: string; description?: string }[];
  signing_alg: "HS256" | "RS256" | "PS256" | "RS512";
  signing_secret?: string;
  token_lifetime: number;
  token_lifetime_for_web: number;
  token_encryption?: {
    format: string;
    encryption_key?: { name?: string; alg: string; kid?: string; pem: string };
  };
  [field: string]: unknown;
}

export const resourceServers: Table<ResourceServer> = {
  name: "resource-servers",
  id: ({ id }) => id,
  indexes: { identifier: ({ identifier }) => identifier },
};

export interface Organization {
  id: string;
  name: string;
  display_name?: string;
  branding?: unknown;
  metadata?: Record<string, string | null>;
  token_quota?: TokenQuota;
  third_party_client_access?: "allow" | "block";
  is_app_entitlement_active?: boolean;
}

export const organizations: Table<Organization> = {
  name: "organizations",
  id: ({ id }) => id,
  indexes: { name: ({ name }) => name },
};

export interface Membership {
  organization_id: string;
  user_id: string;
}

export const memberships: Table<Membership> = {
  name: "organization-members",
  id: ({ organization_id, user_id }) => `${organization_id} ${user_id}`,
  indexes: { organization: ({ organization_id }) => organization_id, user: ({ user_id }) => user_id },
};

export interface OrganizationGrant {
  organization_id: string;
  grant_id: string;
}

export const organizationGrants: Table<OrganizationGrant> = {
  name: "organization-grants",
  id: ({ organization_id, grant_id }) => `${organization_id} ${grant_id}`,
  indexes: { organization: ({ organization_id }) => organization_id, grant: ({ grant_id }) => grant_id },
};

export interface OrganizationConnection {
  organization_id: string;
  connection_id: string;
  assign_membership_on_login: boolean;
  show_as_button?: boolean;
  is_signup_enabled?: boolean;
  organization_access_level?: string;
  is_enabled?: boolean;
}

export const organizationConnections: Table<OrganizationConnection> = {
  name: "organization-connections",
  id: ({ organization_id, connection_id }) => `${organization_id} ${connection_id}`,
  indexes: {
    organization: ({ organization_id }) => organization_id,
    connection: ({ connection_id }) => connection_id,
  },
};

export interface Connection {
  id: string;
  name: string;
  strategy: string;
  options: object;
  enabled_clients: string[];
  realms: string[];
  is_domain_connection: boolean;
  [field: string]: unknown;
}

export const connections: Table<Connection> = {
  name: "connections",
  id: ({ id }) => id,
  indexes: { name: ({ name }) => name },
};

export interface User {
  user_id: string;
  email?: string;
  name?: string;
  picture?: string;
  identities: { connection: string; user_id: string; provider: string; isSocial: boolean }[];
  /** Never shown. */
  password_hash?: string;
  [field: string]: unknown;
}

export const users: Table<User> = {
  name: "users",
  id: ({ user_id }) => user_id,
  indexes: {
    email: ({ email }) => email?.toLowerCase(),
    connection: ({ identities }) => identities[0]?.connection,
    username: ({ username }) => (typeof username === "string" ? username : undefined),
  },
};

export interface Role {
  id: string;
  name: string;
  description: string | null;
  /** Not shown with the role. */
  permissions: { resource_server_identifier: string; permission_name: string }[];
}

export const roles: Table<Role> = { name: "roles", id: ({ id }) => id, indexes: {} };

export interface RoleAssignment {
  role_id: string;
  user_id: string;
  /** Only there, if it is set. */
  organization_id?: string;
}

/** Of whoever has roles: a user, or a member of an organization. */
export function holderKey({ user_id, organization_id = "" }: Omit<RoleAssignment, "role_id">): string {
  return `${organization_id} ${user_id}`;
}

export const roleAssignments: Table<RoleAssignment> = {
  name: "role-assignments",
  id: ({ role_id, user_id, organization_id = "" }) => `${role_id} ${organization_id} ${user_id}`,
  indexes: {
    role: ({ role_id }) => role_id,
    user: ({ user_id }) => user_id,
    holder: holderKey,
  },
};

/**
 * Deletes the record and what depends on it, as Auth0 does.
 * @returns false if there is no such record
 */
export function deleteRecord<T>(view: View, table: Table<T>, id: string): boolean {
  for (const { owner, onDelete } of deletions) if (owner === table.name) onDelete(view, id);
  return view.delete(table, id);
}

interface Deletion {
  /** Name of the table whose record is deleted. */
  owner: string;
  onDelete(view: View, id: string): void;
}

const deletions: Deletion[] = [
  deletesDependents(clients, ({ client_id }) => client_id, clientGrants, "client"),
  deletesDependents(clients, ({ client_id }) => client_id, clientCredentials, "client"),
  { owner: clients.name, onDelete: disableInConnections },
  deletesDependents(clientGrants, ({ id }) => id, organizationGrants, "grant"),
  deletesDependents(resourceServers, ({ identifier }) => identifier, clientGrants, "audience"),
  deletesDependents(organizations, ({ id }) => id, memberships, "organization"),
  deletesDependents(organizations, ({ id }) => id, organizationGrants, "organization"),
  deletesDependents(organizations, ({ id }) => id, organizationConnections, "organization"),
  deletesDependents(connections, ({ id }) => id, organizationConnections, "connection"),
  deletesDependents(connections, ({ name }) => name, users, "connection"),
  deletesDependents(users, ({ user_id }) => user_id, memberships, "user"),
  deletesDependents(users, ({ user_id }) => user_id, roleAssignments, "user"),
  deletesDependents(memberships, memberships.id, roleAssignments, "holder"),
  deletesDependents(roles, ({ id }) => id, roleAssignments, "role"),
];

/** @param key what the dependents hold of their owner, under their `index` */
function deletesDependents<O, D>(
  owner: Table<O>,
  key: (record: O) => string,
  dependents: Table<D>,
  index: string,
): Deletion {
  return {
    owner: owner.name,
    onDelete(view, id) {
      const record = view.get(owner, id);
      if (record === undefined) return;
      for (const dependent of view.list(dependents, index, key(record)).toArray()) {
        deleteRecord(view, dependents, dependents.id(dependent));
      }
    },
  };
}

function disableInConnections(view: View, clientId: string): void {
  for (const connection of view.list(connections).toArray()) {
    const enabled_clients = connection.enabled_clients.filter((id) => id !== clientId);
    if (enabled_clients.length < connection.enabled_clients.length) {
      view.put(connections, { ...connection, enabled_clients });
    }
  }
}
