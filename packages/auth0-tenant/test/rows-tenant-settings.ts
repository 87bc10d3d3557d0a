// Settings of the tenant as a whole. Rows share the tenant, so each puts back what it changes.
import type { Row } from "./row";
import { get, invalid, patch } from "./rows-given";

const settings = "tenants/settings";
const quota = { clients: { client_credentials: { enforce: false, per_day: 1000 } } };

export const tenantSettingsRows: Row[] = [
  {
    name: "a new tenant has Auth0's settings, without those that nobody has set",
    steps: [
      {
        ...get(settings, {
          enabled_locales: ["en"],
          session_lifetime: 168,
          idle_session_lifetime: 72,
          session_cookie: { mode: "persistent" },
          allowed_logout_urls: [],
        }),
        absent: ["default_audience", "default_token_quota", "allow_organization_name_in_authentication_api"],
      },
    ],
  },
  {
    name: "a setting is changed, and null takes it away",
    steps: [
      patch(settings, { default_token_quota: quota }, { default_token_quota: quota, session_lifetime: 168 }),
      get(settings, { default_token_quota: quota }),
      { ...patch(settings, { default_token_quota: null }), absent: ["default_token_quota"] },
      { ...get(settings), absent: ["default_token_quota"] },
    ],
  },
  {
    name: "flags are merged",
    steps: [
      patch(
        settings,
        { flags: { enable_sso: false } },
        { flags: { enable_sso: false, universal_login: true } },
      ),
      patch(
        settings,
        { flags: { enable_sso: true } },
        { flags: { enable_sso: true, universal_login: true } },
      ),
    ],
  },
  {
    name: "pages of a tenant are merged",
    steps: [
      patch(settings, { change_password: { enabled: true, html: "<html>" } }),
      patch(
        settings,
        { change_password: { enabled: false } },
        { change_password: { enabled: false, html: "<html>" } },
      ),
      { ...patch(settings, { change_password: null }), absent: ["change_password"] },
    ],
  },
  {
    name: "a session's lifetime may be given in minutes, and is shown in hours",
    steps: [
      {
        ...patch(settings, { session_lifetime_in_minutes: 181, idle_session_lifetime_in_minutes: 60 }),
        shape: { session_lifetime: 181 / 60, idle_session_lifetime: 1 },
        absent: ["session_lifetime_in_minutes", "idle_session_lifetime_in_minutes"],
      },
      patch(settings, { session_lifetime: 168, idle_session_lifetime: 72 }),
    ],
  },
  {
    name: "settings of 2026 are kept",
    steps: [
      patch(
        settings,
        { resource_parameter_profile: "audience", client_id_metadata_document_supported: false },
        { resource_parameter_profile: "audience", client_id_metadata_document_supported: false },
      ),
    ],
  },
  ...["allow_organization_name_in_authentication_api", "session_cookie", "mtls", "sessions"].map((field) => ({
    name: `null takes the tenant's ${field} away`,
    steps: [
      { ...patch(settings, { [field]: null }), absent: [field] },
      patch(settings, { session_cookie: { mode: "persistent" } }),
    ],
  })),
  {
    name: "selected settings come alone",
    steps: [{ ...get(`${settings}?fields=session_lifetime`), whole: { session_lifetime: 168 } }],
  },
  {
    name: "an unknown setting is refused",
    steps: [invalid(`PATCH ${settings}`, { colour: "blue" }, "'Additional properties not allowed: colour'.")],
  },
  {
    name: "null for enabled_locales is refused",
    steps: [
      invalid(
        `PATCH ${settings}`,
        { enabled_locales: null },
        "'Expected type array but found type null' on property enabled_locales.",
      ),
    ],
  },
  {
    name: "a quota without a limit is refused",
    steps: [
      invalid(
        `PATCH ${settings}`,
        { default_token_quota: { clients: { client_credentials: {} } } },
        "'Missing required property: per_hour or per_day' on property default_token_quota.clients.client_credentials.",
      ),
    ],
  },
];
