// Settings of the tenant as a whole.
import { z } from "zod";
import { defineOperation } from "../operation";
import { applyPatch, patchSchema, type TokenQuota, tokenQuotaSchema } from "../patch";
import { selectFields, selectingQuery } from "../query";
import type { View } from "../store";

export interface TenantSettings {
  /** For token requests without audience. */
  default_audience?: string;
  /** Organizations' names in token requests, and in tokens. */
  allow_organization_name_in_authentication_api?: boolean;
  default_token_quota?: { clients?: TokenQuota; organizations?: TokenQuota };
  [field: string]: unknown;
}

const META = "tenant-settings";

export function readTenantSettings(view: View): TenantSettings {
  return view.getMeta<TenantSettings>(META) ?? defaults;
}

const defaults: TenantSettings = {
  allowed_logout_urls: [],
  enabled_locales: ["en"],
  flags: {
    allow_changing_enable_sso: false,
    disable_impersonation: true,
    enable_sso: true,
    universal_login: true,
    revoke_refresh_token_grant: false,
    disable_clickjack_protection_headers: false,
  },
  idle_session_lifetime: 72,
  sandbox_version: "22",
  sandbox_versions_available: ["22", "18"],
  session_lifetime: 168,
  session_cookie: { mode: "persistent" },
};

const hours = z.number().min(0);
const minutes = z.int().min(1);
const fields = {
  default_audience: z.string(),
  default_directory: z.string(),
  error_page: z.record(z.string(), z.unknown()),
  change_password: z.record(z.string(), z.unknown()),
  guardian_mfa_page: z.record(z.string(), z.unknown()),
  default_token_quota: z.strictObject({
    clients: tokenQuotaSchema.optional(),
    organizations: tokenQuotaSchema.optional(),
  }),
  flags: z.record(z.string(), z.boolean()),
  friendly_name: z.string(),
  picture_url: z.url(),
  support_email: z.email(),
  support_url: z.url(),
  allowed_logout_urls: z.array(z.string()),
  session_lifetime: hours,
  idle_session_lifetime: hours,
  ephemeral_session_lifetime: hours,
  idle_ephemeral_session_lifetime: hours,
  sandbox_version: z.string(),
  default_redirection_uri: z.string(),
  enabled_locales: z.array(z.string()),
  session_cookie: z.strictObject({ mode: z.enum(["persistent", "non-persistent"]) }),
  sessions: z.record(z.string(), z.unknown()),
  oidc_logout: z.record(z.string(), z.unknown()),
  allow_organization_name_in_authentication_api: z.boolean(),
  customize_mfa_in_postlogin_action: z.boolean(),
  acr_values_supported: z.array(z.string()),
  mtls: z.record(z.string(), z.unknown()),
  pushed_authorization_requests_supported: z.boolean(),
  authorization_response_iss_parameter_supported: z.boolean(),
  skip_non_verifiable_callback_uri_confirmation_prompt: z.boolean(),
  // Recorded in 2026, or in the official SDK 7.1.
  universal_login: z.record(z.string(), z.unknown()),
  device_flow: z.record(z.string(), z.unknown()),
  country_codes: z.record(z.string(), z.unknown()),
  security_headers: z.record(z.string(), z.unknown()),
  session_lifetime_in_minutes: minutes,
  idle_session_lifetime_in_minutes: minutes,
  ephemeral_session_lifetime_in_minutes: minutes,
  idle_ephemeral_session_lifetime_in_minutes: minutes,
  legacy_sandbox_version: z.string(),
  resource_parameter_profile: z.enum(["audience", "compatibility"]),
  client_id_metadata_document_supported: z.boolean(),
  enable_ai_guide: z.boolean(),
  phone_consolidated_experience: z.boolean(),
  include_session_metadata_in_tenant_logs: z.boolean(),
  dynamic_client_registration_security_mode: z.enum(["strict", "permissive"]),
};

const nullable = [
  ...["change_password", "guardian_mfa_page", "error_page", "default_token_quota", "session_cookie"],
  ...["sessions", "customize_mfa_in_postlogin_action", "allow_organization_name_in_authentication_api"],
  ...["acr_values_supported", "mtls", "pushed_authorization_requests_supported"],
  ...["authorization_response_iss_parameter_supported"],
  ...["skip_non_verifiable_callback_uri_confirmation_prompt", "device_flow", "country_codes"],
  "security_headers",
];

export const tenantSettingsChange = patchSchema(fields, nullable);

export const tenantSettingsOperations = [
  defineOperation({
    method: "GET",
    path: "/tenants/settings",
    scopes: ["read:tenant_settings"],
    status: 200,
    query: selectingQuery,
    run: ({ view, query }) => selectFields(readTenantSettings(view), query),
  }),
  defineOperation({
    method: "PATCH",
    path: "/tenants/settings",
    scopes: ["update:tenant_settings"],
    status: 200,
    body: tenantSettingsChange,
    run({ view, body }) {
      // terraform-provider-auth0's recordings, TestAccPages.yaml.
      const merged = ["flags", "change_password", "guardian_mfa_page"];
      const settings = withMinutes(applyPatch(readTenantSettings(view), body, merged), body);
      view.putMeta(META, settings);
      return settings;
    },
  }),
];

/** A session's lifetime is kept in hours, of which minutes are parts: 181 minutes are 3.0166666666666666 hours. */
function withMinutes(settings: TenantSettings, patch: object): TenantSettings {
  const given = Object.entries(patch).flatMap(([name, value]) => {
    const [, hoursName] = /^(.*session_lifetime)_in_minutes$/.exec(name) ?? [];
    return hoursName !== undefined && typeof value === "number" ? [[hoursName, value / 60]] : [];
  });
  const kept = Object.entries(settings).filter(([name]) => !name.endsWith("_in_minutes"));
  return { ...Object.fromEntries(kept), ...Object.fromEntries(given) };
}
