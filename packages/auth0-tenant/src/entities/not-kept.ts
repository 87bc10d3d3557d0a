// What the tenant doesn't keep, and yet answers for: a whole export by auth0-deploy-cli asks for it. Nothing of it can be added
// here. As recorded: auth0/auth0-deploy-cli, test/e2e/recordings/should-dump-without-throwing-an-error.json.
import { z } from "zod";
import { defineOperation } from "../operation";
import { insufficientEntitlement, notFound } from "../problem";

/** How a list without entries is shown: with totals on demand, as a page of a checkpoint, or bare. */
type Style = "totals" | "checkpoint" | "bare";

const lists: [path: string, scope: string, name: string, style: Style][] = [
  ["/rules", "read:rules", "rules", "totals"],
  ["/rules-configs", "read:rules_configs", "", "bare"],
  ["/hooks", "read:hooks", "hooks", "totals"],
  ["/custom-domains", "read:custom_domains", "", "bare"],
  ["/log-streams", "read:log_streams", "", "bare"],
  ["/prompts/rendering", "read:prompts", "configs", "totals"],
  ["/flows", "read:flows", "flows", "totals"],
  ["/flows/vault/connections", "read:flows_vault_connections", "connections", "totals"],
  ["/forms", "read:forms", "forms", "totals"],
  ["/self-service-profiles", "read:self_service_profiles", "self_service_profiles", "totals"],
  ["/network-acls", "read:network_acls", "network_acls", "totals"],
  ["/branding/phone/providers", "read:phone_providers", "providers", "checkpoint"],
  ["/branding/phone/templates", "read:phone_templates", "templates", "checkpoint"],
  ["/user-attribute-profiles", "read:user_attribute_profiles", "user_attribute_profiles", "checkpoint"],
  ["/connection-profiles", "read:connection_profiles", "connection_profiles", "checkpoint"],
  ["/token-exchange-profiles", "read:token_exchange_profiles", "token_exchange_profiles", "checkpoint"],
  ["/rate-limit-policies", "read:rate_limit_policies", "rate_limit_policies", "checkpoint"],
  [
    "/connections-directory-provisionings",
    "read:directory_provisionings",
    "directory_provisionings",
    "checkpoint",
  ],
  ["/event-streams", "read:event_streams", "eventStreams", "checkpoint"],
  ["/actions/modules", "read:actions", "modules", "totals"],
];

const missing: [path: string, scope: string, message: string, errorCode: string][] = [
  [
    "/email-templates/:name",
    "read:email_templates",
    "The template does not exist.",
    "inexistent_email_template",
  ],
  [
    "/branding/themes/default",
    "read:branding",
    "There was an error retrieving branding settings: invalid theme ID",
    "theme_not_found",
  ],
  [
    "/emails/provider",
    "read:email_provider",
    "There is no configured email provider",
    "inexistent_email_provider",
  ],
];

/** What has a price of its own beside the plan. */
const notSubscribed: [path: string, scope: string, feature: string][] = [
  ["/attack-protection/bot-detection", "read:attack_protection", "bot detection"],
  ["/attack-protection/captcha", "read:attack_protection", "captcha"],
  ["/supplemental-signals", "read:attack_protection", "supplemental signals"],
];

/** Whatever is asked for: there is nothing to select from. */
const anyQuery = z.record(z.string(), z.unknown());

export const notKeptOperations = [
  ...lists.map(([path, scope, name, style]) =>
    defineOperation({
      method: "GET",
      path,
      scopes: [scope],
      status: 200,
      query: anyQuery,
      run({ query: { include_totals, page, per_page, take } }) {
        if (style === "checkpoint" || take !== undefined) return { [name]: [] };
        if (style === "bare" || include_totals !== "true") return [];
        const limit = Number(per_page ?? 50);
        return { [name]: [], start: Number(page ?? 0) * limit, limit, total: 0 };
      },
    }),
  ),
  ...missing.map(([path, scope, message, errorCode]) =>
    defineOperation({
      method: "GET",
      path,
      scopes: [scope],
      status: 200,
      query: anyQuery,
      run() {
        throw notFound(message, errorCode);
      },
    }),
  ),
  ...notSubscribed.map(([path, scope, feature]) =>
    defineOperation({
      method: "GET",
      path,
      scopes: [scope],
      status: 200,
      run() {
        throw insufficientEntitlement(feature);
      },
    }),
  ),
];
