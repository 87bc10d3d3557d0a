// What a whole export by auth0-deploy-cli asks for beside what the tenant keeps: paths as it asks for them, and empty answers.
import type { Row } from "./row";
import { get, refused } from "./rows-given";

const paged = "page=0&per_page=100&include_totals=true";
const totals = { start: 0, limit: 100, total: 0 };

export const notKeptRows: Row[] = [
  {
    name: "lists of what the tenant does not keep are empty, with totals",
    steps: [
      ...["rules", "hooks", "flows", "forms", "self-service-profiles", "network-acls"].map((path) => ({
        ...get(`${path}?${paged}`),
        whole: { [path.replaceAll("-", "_")]: [], ...totals },
      })),
      { ...get(`prompts/rendering?${paged}`), whole: { configs: [], ...totals } },
      { ...get(`actions/modules?${paged}`), whole: { modules: [], ...totals } },
      {
        ...get("flows/vault/connections?page=0&per_page=50&include_totals=true"),
        whole: { connections: [], ...totals, limit: 50 },
      },
    ],
  },
  {
    name: "lists of what the tenant does not keep are empty, by checkpoint",
    steps: [
      ...[
        "user-attribute-profiles",
        "connection-profiles",
        "token-exchange-profiles",
        "rate-limit-policies",
      ].map((path) => ({ ...get(`${path}?take=10`), whole: { [path.replaceAll("-", "_")]: [] } })),
      { ...get("event-streams?take=50"), whole: { eventStreams: [] } },
      { ...get("connections-directory-provisionings?take=50"), whole: { directory_provisionings: [] } },
      { ...get("branding/phone/providers"), whole: { providers: [] } },
    ],
  },
  {
    name: "lists of what the tenant does not keep are empty, bare",
    steps: ["rules-configs", "custom-domains", "log-streams", "guardian/policies", "rules"].map((path) => ({
      ...get(path),
      whole: [],
    })),
  },
  {
    name: "what is subscribed apart from the plan is refused",
    steps: [
      ["attack-protection/bot-detection", "bot detection"],
      ["attack-protection/captcha", "captcha"],
      ["supplemental-signals", "supplemental signals"],
    ].map(([path, feature]) =>
      refused(
        `GET ${path}`,
        403,
        `Please upgrade your subscription to use ${feature}`,
        "insufficient_entitlement",
      ),
    ),
  },
  {
    name: "settings that the tenant does not keep have Auth0's defaults",
    steps: [
      get("attack-protection/brute-force-protection", { enabled: true, max_attempts: 10 }),
      get(
        "guardian/factors",
        [{ name: "sms", enabled: false, trial_expired: false }].concat(
          [
            "push-notification",
            "otp",
            "email",
            "duo",
            "webauthn-roaming",
            "webauthn-platform",
            "recovery-code",
          ].map((name) => ({ name, enabled: false, trial_expired: false })),
        ),
      ),
      { ...get("prompts/login-id/custom-text/en"), whole: {} },
      refused(
        "GET email-templates/verify_email",
        404,
        "The template does not exist.",
        "inexistent_email_template",
      ),
      refused(
        "GET emails/provider",
        404,
        "There is no configured email provider",
        "inexistent_email_provider",
      ),
    ],
  },
];
