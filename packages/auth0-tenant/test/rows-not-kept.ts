// What a whole export by auth0-deploy-cli asks for beside what the tenant keeps: paths as it asks for them, and empty answers.
import type { Row } from "./row";
import { get, patch, refused } from "./rows-given";

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
    steps: ["rules-configs", "custom-domains", "log-streams", "rules"].map((path) => ({
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
    name: "settings of logins, pages and attack protection are kept",
    steps: [
      { ...patch("branding", { colors: { primary: "#000000" } }), whole: { colors: { primary: "#000000" } } },
      patch("branding", { logo_url: "https://logo.example/1.png" }),
      get("branding", { colors: { primary: "#000000" }, logo_url: "https://logo.example/1.png" }),
      { request: "PUT /api/v2/guardian/factors/otp", body: { enabled: true }, status: 200 },
      get("guardian/factors", [
        { name: "sms", enabled: false },
        { name: "push-notification", enabled: false },
        { name: "otp", enabled: true },
        ...["email", "duo", "webauthn-roaming", "webauthn-platform", "recovery-code"].map((name) => ({
          ...{ name, enabled: false },
        })),
      ]),
      { request: "PUT /api/v2/guardian/factors/fax", body: { enabled: true }, status: 404 },
      { request: "PUT /api/v2/guardian/policies", body: ["all-applications"], status: 200 },
      { ...get("guardian/policies"), whole: ["all-applications"] },
      {
        request: "PUT /api/v2/prompts/login/custom-text/de",
        body: { login: { title: "Hallo" } },
        status: 200,
      },
      { ...get("prompts/login/custom-text/de"), whole: { login: { title: "Hallo" } } },
      { ...get("prompts/login/custom-text/en"), whole: {} },
      patch(
        "attack-protection/brute-force-protection",
        { max_attempts: 5 },
        { enabled: true, max_attempts: 5 },
      ),
      { request: "PATCH /api/v2/branding", body: [], status: 400 },
      // As it was, for the rows below.
      { request: "PUT /api/v2/guardian/factors/otp", body: { enabled: false }, status: 200 },
      patch("attack-protection/brute-force-protection", { max_attempts: 10 }),
    ],
  },
  {
    name: "settings that nobody has changed have Auth0's defaults",
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
