// The scopes of Auth0's Management API; only some have an operation in the tenant.

const crud = (...nouns: string[]) =>
  nouns.flatMap((noun) => ["read", "create", "update", "delete"].map((verb) => `${verb}:${noun}`));

export const managementScopes: readonly string[] = [
  ...crud("client_grants", "clients", "client_credentials", "client_keys", "resource_servers"),
  ...crud("organizations", "organization_members", "organization_connections"),
  ...crud("organization_member_roles", "organization_invitations", "organization_client_grants"),
  ...crud("users", "users_app_metadata", "user_custom_blocks", "user_tickets", "roles", "role_members"),
  ...crud("connections", "connections_options", "connection_profiles"),
  ...crud("actions", "rules", "rules_configs", "hooks", "log_streams", "custom_domains", "email_provider"),
  ...crud(
    "email_templates",
    "branding",
    "prompts",
    "attack_protection",
    "guardian_factors",
    "device_credentials",
  ),
  ...crud("refresh_tokens", "sessions", "token_exchange_profiles", "self_service_profiles", "network_acls"),
  "read:tenant_settings",
  "update:tenant_settings",
  "read:signing_keys",
  "create:signing_keys",
  "update:signing_keys",
  "read:logs",
  "read:logs_users",
  "read:stats",
  "read:user_idp_tokens",
  "read:triggers",
  "update:triggers",
  "read:entity_limits",
  "read:insights",
  "blacklist:tokens",
];
