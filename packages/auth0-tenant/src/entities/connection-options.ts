// What Auth0 makes of a connection's options, by strategy. As recorded: TestConnectionManager_Create and TestAccConnection* in
// go-auth0 and terraform-provider-auth0.
import { X509Certificate } from "node:crypto";
import { badRequest } from "../problem";
import { type Randomness, randomAlphanumeric } from "../randomness";
import { managementMessages } from "../unverified";

type Options = Record<string, unknown>;

interface Strategy {
  /** Of an enterprise's directory: the answer always has whether it is shown as a button. */
  isEnterprise?: boolean;
  /** Whether its name is shown to users unless it is given another. */
  isNamed?: boolean;
  /** How long the code in `provisioning_ticket_url` is; none: there is no such URL. */
  ticket?: number;
  /** What a new connection has unless it is given. */
  defaults?: Options;
  /** What a changed connection has unless it is given: the rest is gone. */
  kept?: readonly string[];
  /** What follows from the others. */
  derive?(options: Options, domain: string): Options;
}

const oidc = { schema_version: "oidc-V4", connection_settings: { pkce: "auto" } };

const strategies: Record<string, Strategy> = {
  auth0: {
    defaults: {
      mfa: { active: true, return_enroll_settings: true },
      passwordPolicy: "good",
      passkey_options: {
        ...{ challenge_ui: "both", local_enrollment_enabled: true },
        progressive_enrollment_enabled: true,
      },
      strategy_version: 2,
      authentication_methods: {
        passkey: { enabled: false },
        password: { enabled: true, api_behavior: "required", signup_behavior: "allow" },
      },
      brute_force_protection: true,
    },
    kept: ["passkey_options", "authentication_methods"],
  },
  "google-oauth2": { defaults: { email: true, profile: true }, derive: googleScope },
  github: { defaults: { scope: [] } },
  salesforce: { defaults: { scope: [] } },
  facebook: { defaults: { scope: "" } },
  linkedin: { defaults: { profile: true, scope: ["r_liteprofile"] } },
  wordpress: { defaults: { profile: true }, derive: () => ({ scope: ["profile"] }) },
  windowslive: { defaults: { signin: true, scope: ["wl.signin"] } },
  "google-apps": {
    ...{ isEnterprise: true, ticket: 8 },
    defaults: {
      ...{ map_user_id_to_id: false, email: true, profile: true, scope: ["email", "profile"] },
      handle_login_from_social: true,
    },
  },
  ad: { isEnterprise: true, ticket: 32, defaults: { ips: null, brute_force_protection: true } },
  adfs: { isEnterprise: true, ticket: 8, defaults: { thumbprints: [] } },
  waad: {
    ...{ isEnterprise: true, ticket: 8, isNamed: true, kept: ["thumbprints"] },
    defaults: {
      ...{ thumbprints: [], identity_api: "microsoft-identity-platform-v2.0", useCommonEndpoint: false },
      should_trust_email_verified_connection: "never_set_emails_as_verified",
      ...{ use_wsfed: false, waad_protocol: "openid-connect" },
    },
    derive: (options, domain) => ({
      app_domain: options.app_domain ?? domain,
      waad_common_endpoint: options.useCommonEndpoint ?? false,
      userid_attribute: options.user_id_attribute === "sub" ? null : "oid",
    }),
  },
  samlp: { isEnterprise: true, ticket: 8, derive: samlCertificate },
  pingfederate: {
    ...{ isEnterprise: true, ticket: 8 },
    derive: (options) => ({
      signInEndpoint: options.signInEndpoint ?? options.pingFederateBaseUrl,
      ...samlCertificate(options),
      // Shown as `cert` only.
      signingCert: undefined,
    }),
  },
  oidc: {
    isEnterprise: true,
    defaults: { type: "front_channel", attribute_map: { mapping_mode: "bind_all" }, ...oidc },
    kept: ["schema_version", "attribute_map", "connection_settings"],
  },
  okta: {
    isEnterprise: true,
    defaults: {
      ...{ type: "back_channel", scope: "openid profile", attribute_map: { mapping_mode: "basic_profile" } },
      ...oidc,
    },
    kept: ["type", "schema_version", "attribute_map", "connection_settings"],
    derive: oktaEndpoints,
  },
};

const strategyOf = (name: string): Strategy => (Object.hasOwn(strategies, name) && strategies[name]) || {};

interface Surroundings {
  random: Randomness;
  domain: string;
}

/** @throws Problem 400 */
export function newOptions(strategy: string, given: Options, { random, domain }: Surroundings): Options {
  checkAttributes(given);
  const { defaults, derive } = strategyOf(strategy);
  const options = { ...defaults, ...withoutAbsent(given, defaults) };
  return sealed({ ...options, ...derive?.(options, domain) }, random);
}

/** The options that a PATCH leaves: it replaces them, but for some that Auth0 keeps. @throws Problem 400 */
export function changedOptions(
  strategy: string,
  before: Options,
  given: Options,
  { random, domain }: Surroundings,
): Options {
  checkAttributes(given);
  const { kept = [], derive } = strategyOf(strategy);
  const rest = Object.fromEntries(Object.entries(before).filter(([name]) => kept.includes(name)));
  const options = { ...rest, ...given };
  return sealed({ ...options, ...derive?.(options, domain) }, random);
}

/** What a new connection has beside its options. */
export function fieldsOfStrategy(
  { name, strategy }: { name: string; strategy: string },
  { random, domain }: Surroundings,
): Options {
  const { isEnterprise, ticket, isNamed } = strategyOf(strategy);
  return {
    ...(isNamed && { display_name: name }),
    ...(ticket && {
      provisioning_ticket_url: `https://${domain}/p/${strategy}/${randomAlphanumeric(random, ticket)}`,
    }),
    ...(isEnterprise && { show_as_button: false }),
  };
}

/** Where there is a default, null stands for it. */
function withoutAbsent(given: Options, defaults: Options = {}): Options {
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== null || defaults[name] === undefined),
  );
}

const googleScopes: Record<string, string> = {
  email: "email",
  profile: "profile",
  gmail: "https://mail.google.com/mail/feed/atom",
  calendar: "https://www.googleapis.com/auth/calendar",
  youtube: "https://gdata.youtube.com",
};

function googleScope({ scope: _, ...options }: Options): Options {
  const names = Object.keys(options).filter((name) => options[name] === true);
  return { scope: names.flatMap((name) => googleScopes[name] ?? []) };
}

function oktaEndpoints({ domain }: Options): Options {
  if (typeof domain !== "string") return {};
  const path = (name: string) => `https://${domain}/oauth2/v1/${name}`;
  return {
    ...{ issuer: `https://${domain}`, authorization_endpoint: path("authorize"), jwks_uri: path("keys") },
    ...{ token_endpoint: path("token"), userinfo_endpoint: path("userinfo") },
  };
}

const subjectNames: Record<string, string> = {
  ...{ C: "countryName", ST: "stateOrProvinceName", L: "localityName", O: "organizationName" },
  ...{ OU: "organizationalUnitName", CN: "commonName" },
};

function samlCertificate({ signingCert }: Options): Options {
  if (typeof signingCert !== "string") return {};
  try {
    const certificate = new X509Certificate(signingCert);
    const parts = certificate.subject.split("\n").map((part) => part.split("="));
    return {
      cert: signingCert,
      expires: new Date(certificate.validTo).toISOString(),
      subject: Object.fromEntries(parts.map(([name = "", value]) => [subjectNames[name] ?? name, value])),
      thumbprints: [certificate.fingerprint.replaceAll(":", "").toLowerCase()],
    };
  } catch {
    return {};
  }
}

/** Secrets of a custom database: Auth0 shows no value again, and nothing here needs it. */
function sealed({ configuration, ...options }: Options, random: Randomness): Options {
  if (typeof configuration !== "object" || configuration === null) return options;
  const entries = Object.keys(configuration).map((name) => {
    return [name, Buffer.from(randomAlphanumeric(random, 140)).toString("base64")];
  });
  return { ...options, configuration: Object.fromEntries(entries) };
}

interface Attribute {
  identifier?: { active?: boolean };
  unique?: boolean;
}

/** Auth0 docs, "Flexible Identifiers and Attributes" and "Non-unique Emails". */
function checkAttributes({ attributes, requires_username, validation }: Options): void {
  if (typeof attributes !== "object" || attributes === null) return;
  if (requires_username === true || validation) throw badRequest(managementMessages.attributesAndUsername);
  const all: [string, Attribute][] = Object.entries(attributes);
  if (!all.some(([, { identifier }]) => identifier?.active === true)) {
    throw badRequest(managementMessages.noIdentifier);
  }
  const email = all.find(([name]) => name === "email")?.[1];
  if (email?.unique === false && email.identifier?.active === true) {
    throw badRequest(managementMessages.emailNotUnique);
  }
}
