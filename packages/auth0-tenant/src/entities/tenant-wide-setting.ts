// Settings of logins, pages and attack protection. The tenant keeps them, so that an import by auth0-deploy-cli is there in the next export,
// but it has no logins that they could change, and checks no more of them than that they are JSON of the right kind.
// Defaults as recorded: auth0/auth0-deploy-cli, test/e2e/recordings/should-dump-without-throwing-an-error.json.
import { z } from "zod";
import { defineOperation } from "../operation";
import { notFound } from "../problem";
import type { View } from "../store";

interface Setting {
  path: string;
  /** The resource of its scopes, such as `branding` of `read:branding`. */
  resource: string;
  initial: object;
  /** PUT replaces the whole, PATCH the properties that it names. */
  update: "PUT" | "PATCH";
}

const setting = (path: string, resource: string, update: Setting["update"], initial: object): Setting => ({
  ...{ path, resource, update, initial },
});

const settings: readonly Setting[] = [
  setting("/guardian/factors/push-notification/providers/sns", "guardian_factors", "PUT", {}),
  setting("/guardian/factors/sms/providers/twilio", "guardian_factors", "PUT", {}),
  setting("/guardian/factors/sms/templates", "guardian_factors", "PUT", {}),
  setting("/guardian/factors/phone/selected-provider", "guardian_factors", "PUT", { provider: "auth0" }),
  setting("/guardian/factors/phone/message-types", "guardian_factors", "PUT", { message_types: [] }),
  setting("/guardian/policies", "mfa_policies", "PUT", []),
  setting("/branding", "branding", "PATCH", {}),
  setting("/prompts", "prompts", "PATCH", { universal_login_experience: "new", identifier_first: true }),
  setting("/prompts/:prompt/custom-text/:language", "prompts", "PUT", {}),
  setting("/prompts/:prompt/partials", "prompts", "PUT", {}),
  setting("/attack-protection/brute-force-protection", "attack_protection", "PATCH", {
    ...{ enabled: true, shields: ["block", "user_notification"] },
    ...{ mode: "count_per_identifier_and_ip", allowlist: [], max_attempts: 10 },
  }),
  setting("/attack-protection/breached-password-detection", "attack_protection", "PATCH", {
    ...{ enabled: false, shields: [], admin_notification_frequency: [], method: "standard" },
    stage: { "pre-user-registration": { shields: [] }, "pre-change-password": { shields: [] } },
  }),
  setting("/attack-protection/suspicious-ip-throttling", "attack_protection", "PATCH", {
    ...{ enabled: true, shields: ["admin_notification", "block"], allowlist: [] },
    stage: {
      "pre-login": { max_attempts: 100, rate: 864_000 },
      "pre-user-registration": { max_attempts: 50, rate: 1200 },
      "pre-custom-token-exchange": { max_attempts: 10, rate: 600_000 },
    },
  }),
  setting("/risk-assessments/settings", "attack_protection", "PATCH", { enabled: false }),
  setting("/risk-assessments/settings/new-device", "attack_protection", "PATCH", { remember_for: 30 }),
];

const factorNames = [
  ...["sms", "push-notification", "otp", "email", "duo", "webauthn-roaming", "webauthn-platform"],
  "recovery-code",
];

export const tenantWideSettingOperations = [
  ...settings.flatMap(({ path, resource, update, initial }) => [
    defineOperation({
      method: "GET",
      path,
      scopes: [`read:${resource}`],
      status: 200,
      query: z.record(z.string(), z.unknown()),
      run: ({ view, params }) => readSetting(view, path, params, initial),
    }),
    defineOperation({
      method: update,
      path,
      scopes: [`update:${resource}`],
      status: 200,
      body: Array.isArray(initial) ? z.array(z.unknown()) : z.record(z.string(), z.unknown()),
      run({ view, params, body }) {
        const before = readSetting(view, path, params, initial);
        const changed = update === "PATCH" ? { ...before, ...body } : body;
        view.putMeta(nameOf(path, params), changed);
        return changed;
      },
    }),
  ]),
  defineOperation({
    method: "GET",
    path: "/guardian/factors",
    scopes: ["read:guardian_factors"],
    status: 200,
    query: z.record(z.string(), z.unknown()),
    run: ({ view }) =>
      factorNames.map((name) => ({ name, enabled: isEnabled(view, name), trial_expired: false })),
  }),
  defineOperation({
    method: "PUT",
    path: "/guardian/factors/:factor",
    scopes: ["update:guardian_factors"],
    status: 200,
    body: z.strictObject({ enabled: z.boolean() }),
    run({ view, params, body }) {
      const { factor = "" } = params;
      if (!factorNames.includes(factor)) throw notFound("The factor does not exist.");
      view.putMeta(factorName(factor), body.enabled);
      return body;
    },
  }),
];

function readSetting(view: View, path: string, params: Record<string, string>, initial: object): object {
  return view.getMeta<object>(nameOf(path, params)) ?? initial;
}

const nameOf = (path: string, params: Record<string, string>) =>
  `setting ${path.replace(/:(\w+)/g, (_, name) => params[name] ?? "")}`;

const factorName = (factor: string) => `setting /guardian/factors/${factor}`;
const isEnabled = (view: View, factor: string) => view.getMeta<boolean>(factorName(factor)) ?? false;
