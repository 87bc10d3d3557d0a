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
    ],
  },
];
