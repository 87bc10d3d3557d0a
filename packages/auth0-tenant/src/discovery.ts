// What clients look up before they trust a token: OpenID configuration and JWKS.
import type { TenantApp } from "./hono-app";
import { issuerOf, type Tenant } from "./tenant";

export function serveDiscovery(app: TenantApp, tenant: Tenant): void {
  const headers = { "cache-control": "public, max-age=15, stale-while-revalidate=15, stale-if-error=86400" };
  app.get("/.well-known/jwks.json", (c) => c.json(tenant.keys.jwks, 200, headers));
  app.get("/.well-known/openid-configuration", (c) => c.json(configuration(issuerOf(tenant)), 200, headers));
}

const configuration = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}authorize`,
  token_endpoint: `${issuer}oauth/token`,
  device_authorization_endpoint: `${issuer}oauth/device/code`,
  userinfo_endpoint: `${issuer}userinfo`,
  mfa_challenge_endpoint: `${issuer}mfa/challenge`,
  jwks_uri: `${issuer}.well-known/jwks.json`,
  registration_endpoint: `${issuer}oidc/register`,
  revocation_endpoint: `${issuer}oauth/revoke`,
  scopes_supported: ["openid", "profile", "offline_access", "name", "email"],
  response_types_supported: ["code", "token", "id_token", "code token", "code id_token", "token id_token"],
  code_challenge_methods_supported: ["S256", "plain"],
  response_modes_supported: ["query", "fragment", "form_post"],
  subject_types_supported: ["public"],
  token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "private_key_jwt"],
  token_endpoint_auth_signing_alg_values_supported: ["RS256", "RS384", "PS256"],
  claims_supported: ["aud", "exp", "iat", "iss", "sub"],
  request_uri_parameter_supported: false,
  request_parameter_supported: false,
  id_token_signing_alg_values_supported: ["HS256", "RS256", "PS256"],
  end_session_endpoint: `${issuer}oidc/logout`,
});
