// The settings of the local stack: the company's own, except for what leads to real clouds. A pure function, so that each
// replacement has one place, and one line that reports it.
import type { CloudAddress } from "../presence";
import { isRecord } from "../record";
import type { CompanySettings, Setting } from "./company-settings";

export interface LocalSettings {
  /** The map `config` of the local stack's file, by key with YAML values on one line. */
  config: Record<string, string>;
  /** Values that the engine keeps encrypted, by key. */
  secrets: Record<string, string>;
  /** Keys that Pulumi.yaml must not give the local stack either. */
  leftOut: string[];
  /** A line for each setting that the local stack doesn't have, or has with another value. */
  notices: string[];
  apiType: "rest" | "http";
  /** Whether API Gateway checks the tokens by itself, without the function. */
  hasJwtAuthorizer: boolean;
  /** Names of the backends that answer in API Gateway itself. */
  mocks: string[];
}

/** If the company's own settings are not there, or cannot be read. */
const defaultAudience = "https://api.localhost/";
const defaultRegion = "us-east-1";

/** By key: why the local stack does without it. */
const leftOut: Record<string, string> = {
  newCustomersPerMinute: "the local tenant has no rate limit",
  shards: "the local stack has all customers",
};

/** By key, in the sentence "KEY is kept: ...": what the local cloud does not do with it. */
const kept: Record<string, string> = {
  alarms: "each has a state, but no topic is notified",
  customDomain: "local calls reach that name without DNS and without TLS",
  kmsKeyArn: "nothing here is encrypted with that key",
  portal: "its AWS resources exist, but no container runs",
  protect: "npx customers local destroy deletes everything all the same",
  removalLimit: "to try any change, add --config removalLimit=100%",
  webAclArn: "the association exists, but no rule checks a call",
};

/** Each in the sentence "KEY is replaced: ...". */
const replaced: Record<string, string> = {
  "auth0:domain": "the tenant runs on this machine",
  backendUrl: "a backend on this machine answers each call with what it gets",
  deliveryKmsKeyArn: "the local cloud accepts any key",
  moesifIngestUrl: "Moesif's collector runs on this machine",
  moesifManagementToken: "no container of the Developer Portal runs here",
  stripeApiKey: "no container of the Developer Portal runs here",
};

/**
 * @param publicOperations those that the document declares without security, such as `GET /health`
 */
export function adaptSettings(
  { project, file, settings, otherKeys }: CompanySettings,
  publicOperations: readonly string[],
  { tenant, backendUrl, moesif }: CloudAddress,
): LocalSettings {
  const given = new Map(settings.map((setting) => [setting.key, setting]));
  const apiType = textOf(given.get("apiType")) === "http" ? "http" : "rest";
  const region = textOf(given.get("aws:region")) || defaultRegion;
  const backends = adaptBackends(given.get("backends")?.value, backendUrl);
  // What is missing is the program's to report, unless it may be where nothing is read from.
  const mayBeElsewhere = file === undefined || otherKeys.includes("environment");
  const lacks = (key: string) => given.get(key)?.isEncrypted || (mayBeElsewhere && !isSet(given.get(key)));

  const isReadable = (key: string) => isSet(given.get(key)) && !given.get(key)?.isEncrypted;
  const isAsked = (key: string) => isReadable(key) && given.get(key)?.isOfProject === false;
  const withPortal = hasPortal({ settings });

  const local: Record<string, unknown> = {
    "auth0:domain": tenant.domain,
    "auth0:clientId": tenant.clientId,
    "aws:region": region,
    // Unless the stack asks for them: any change may be tried here, also one that would cut off every customer.
    ...(!isAsked("protect") && { protect: "false" }),
    ...(!isAsked("removalLimit") && { removalLimit: "100%" }),
    // Its access log goes to CloudWatch; the program refuses anything else.
    ...(apiType === "rest" && { moesifIngestUrl: moesif.ingestUrl }),
    ...((isSet(given.get("backendUrl")) || (mayBeElsewhere && !backends.hasDefault)) && { backendUrl }),
    ...(backends.replaced.length > 0 && { backends: backends.value }),
    ...(isSet(given.get("deliveryKmsKeyArn")) && {
      deliveryKmsKeyArn: `arn:aws:kms:${region}:123456789012:key/00000000-0000-0000-0000-000000000000`,
    }),
    ...(lacks("audience") && { audience: defaultAudience }),
    ...(lacks("publicRoutes") && { publicRoutes: publicOperations }),
  };

  const secrets: Record<string, string> = {
    "auth0:clientSecret": tenant.clientSecret,
    ...((apiType === "rest" || withPortal) && { moesifApplicationId: moesif.applicationId }),
    ...(withPortal && Object.fromEntries(secretsOfPortal.map((key) => [key, standIn]))),
  };
  const config: Record<string, string> = {};
  const notices: string[] = [];
  const removed: string[] = [];
  for (const setting of settings) {
    const { key, value, file } = setting;
    const notify = (text: string) => notices.push(`${file}: ${key} is ${text}`);
    const reason = isSet(setting) ? reasonToLeaveOut(setting, withPortal) : undefined;
    if (Object.hasOwn(local, key)) {
      const why = setting.isEncrypted ? `it is encrypted; here it is ${local[key]}` : replaced[key];
      const isNews = isSet(setting) && value !== local[key] && !setting.isOfProject;
      if (why !== undefined && isNews) notify(`replaced: ${why}`);
    } else if (reason !== undefined) {
      removed.push(key);
      notify(`left out: ${reason}`);
    } else if (secretsOfCloud.includes(key)) {
      if (isSet(setting) && replaced[key] !== undefined) notify(`replaced: ${replaced[key]}`);
    } else if (setting.isSecret) {
      secrets[key] = textOf(setting) ?? JSON.stringify(value);
    } else {
      const isMutual = key === "customDomain" && isRecord(value) && value.mutualTls !== undefined;
      if (isSet(setting) && kept[key] !== undefined && value !== "false") notify(`kept: ${kept[key]}`);
      if (isMutual)
        notices.push(`${file}: customDomain.mutualTls is left out: the truststore is in your AWS account`);
      // What Pulumi.yaml says, the local stack has from there.
      if (!setting.isOfProject || isMutual) {
        config[withNamespace(key, project)] = setting.renderYaml(isMutual ? "mutualTls" : undefined);
      }
    }
  }
  for (const name of backends.replaced) {
    const where = given.get("backends")?.file ?? "";
    notices.push(`${where}: backends.${name} is replaced: the local backend answers instead`);
  }
  if (otherKeys.includes("environment")) {
    notices.push(`${file}: environment is left out: nothing is read from Pulumi ESC`);
  }
  for (const [key, value] of Object.entries(local)) {
    config[withNamespace(key, project)] = JSON.stringify(value);
  }
  return {
    config,
    secrets,
    leftOut: removed,
    notices,
    apiType,
    hasJwtAuthorizer: apiType === "http" && textOf(given.get("httpAuthorizer")) === "jwt",
    mocks: backends.mocks,
  };
}

/** What no service of this machine reads. */
const standIn = "local";

/** Whether the stack has the Developer Portal, of which components of awsx make a part. */
export function hasPortal({ settings }: Pick<CompanySettings, "settings">): boolean {
  const portal = settings.find(({ key }) => key === "portal");
  return isSet(portal) && portal?.isEncrypted === false;
}

/** Path of the OpenAPI document, from the company's folder. */
export function findDocument({ settings }: CompanySettings): string {
  return textOf(settings.find(({ key }) => key === "openapi")) || "openapi.yaml";
}

function textOf(setting: Setting | undefined): string | undefined {
  return typeof setting?.value === "string" ? setting.value : undefined;
}

const secretsOfPortal = ["moesifManagementToken", "stripeApiKey"];

/** Those that the cloud has itself. */
const secretsOfCloud = ["auth0:clientSecret", "moesifApplicationId", ...secretsOfPortal];

/** Undefined for a setting that the local stack keeps, or has with another value. */
function reasonToLeaveOut({ key, isEncrypted }: Setting, withPortal: boolean): string | undefined {
  if (Object.hasOwn(leftOut, key)) return leftOut[key];
  if (secretsOfPortal.includes(key) && !withPortal) return "only the Developer Portal needs it";
  if (secretsOfCloud.includes(key)) return undefined;
  if (key.startsWith("auth0:")) return "the tenant runs on this machine";
  if (key.startsWith("aws:")) return "the AWS account is on this machine";
  return isEncrypted
    ? `it is encrypted, and only your own stack can decrypt it. To have one here: --config ${key}=VALUE`
    : undefined;
}

/** An empty value stands for none, as in the project's own defaults. */
function isSet(setting: Setting | undefined): boolean {
  const value = setting?.value ?? "";
  if (typeof value === "object") return Object.keys(value).length > 0;
  if (setting?.key === "shards" && value === "1") return false;
  return value !== "" && value !== "0";
}

interface AdaptedBackends {
  value: Record<string, unknown>;
  /** Names of those that the local backend stands in for. */
  replaced: string[];
  mocks: string[];
  hasDefault: boolean;
}

/** Any load balancer of the local cloud leads to the local backend already; what is wrong is for the program to refuse. */
function adaptBackends(given: unknown, url: string): AdaptedBackends {
  const backends = isRecord(given) ? given : {};
  const value: Record<string, unknown> = {};
  const hasDefault = Object.hasOwn(backends, "default");
  const adapted: AdaptedBackends = { value, replaced: [], mocks: [], hasDefault };
  for (const [name, backend] of Object.entries(backends)) {
    const kind = isRecord(backend) ? backend.kind : undefined;
    if (kind === "mock") adapted.mocks.push(name);
    const isElsewhere = kind === "http" || kind === "lambda";
    if (isElsewhere) adapted.replaced.push(name);
    value[name] = isElsewhere ? { kind: "http", url } : backend;
  }
  return adapted;
}

function withNamespace(key: string, project: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}
