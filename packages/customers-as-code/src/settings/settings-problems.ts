// What is wrong with a stack's settings, each by itself: a pure function from them to all problems. What settings say together is
// for settings.ts, which knows all of them.
import { Region } from "@pulumi/aws/types/enums";
import { domainFault } from "../auth0/tenant-domain";
import type { ProblemCode } from "../problems/codes";
import { setCommand, unsetCommand } from "../problems/config-command";
import { findHidden } from "../problems/invisible";
import type { Fault, Problem } from "../problems/problem";
import { isRecord } from "../problems/record";
import type { Place } from "../problems/source";
import { findNearest, suggestCandidates } from "../problems/suggestion";
import { printPath } from "../problems/words";
import {
  explainIssue,
  type Issue,
  type IssueFinding,
  type IssueKind,
  readValue,
} from "../problems/zod-issue";
import { isSecretKey, type KnownKeys, keyFault, shortKey } from "./settings-keys";
import { settingsSchema } from "./settings-schema";

export interface GivenConfig {
  /** Name of the project, which is the namespace of its own settings. */
  project: string;
  known: KnownKeys;
  /** By key with its namespace, such as `auth0:domain`; those that are encrypted may have any value. */
  values: Readonly<Record<string, string>>;
  isEncrypted(key: string): boolean;
  /** The variables that stand in for settings of the providers. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Where a setting is, as far as that is known. */
  at(key: string): Place | { file: string };
}

/** Keys that nothing reads, secrets in clear, and values that Auth0, AWS or the program itself would not take. */
export function checkConfig(given: GivenConfig): Problem[] {
  return [
    ...checkKeys(given),
    ...checkSecrets(given),
    ...checkVisible(given),
    ...checkValues(given),
    ...checkTenant(given),
    ...checkRegion(given),
    ...checkAccounts(given),
  ];
}

function checkKeys({ project, known, values, at }: GivenConfig): Problem[] {
  return Object.keys(values).flatMap((key) => {
    const fault = keyFault(key, project, known);
    return fault === undefined ? [] : [{ ...at(key), code: "setting-unknown", message: fault }];
  });
}

/** Without their values, which must not be printed. */
function checkSecrets({ project, values, isEncrypted, at }: GivenConfig): Problem[] {
  return Object.entries(values).flatMap(([key, value]) => {
    if (value === "" || isEncrypted(key) || !isSecretKey(key, project)) return [];
    const short = shortKey(key, project);
    const message = `${short} is a secret, but is not encrypted. Set it with: ${setCommand([short], "VALUE", true)}`;
    return [{ ...at(key), code: "setting-in-clear", message }];
  });
}

function checkVisible({ project, values, at }: GivenConfig): Problem[] {
  return Object.keys(settingsSchema.shape).flatMap((short) => {
    const key = `${project}:${short}`;
    // JSON has what cannot be seen within a list or a map as an escape or as it is.
    const hidden = findHidden(unescaped(values[key] ?? ""), { layout: false });
    if (hidden === undefined) return [];
    const remedy = `Type it again with: ${setCommand([short])}`;
    const message = `${short} contains the invisible character ${hidden.name}. ${remedy}`;
    return [{ ...at(key), code: "setting-invisible-character", message }];
  });
}

function unescaped(value: string): string {
  return /^[[{]/.test(value)
    ? value.replaceAll(/\\u([0-9a-f]{4})/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )
    : value;
}

/** The settings of the project that are there. */
function checkValues({ project, values, at }: GivenConfig): Problem[] {
  const own: Record<string, string> = Object.fromEntries(
    Object.keys(settingsSchema.shape).flatMap((name) => {
      const value = values[`${project}:${name}`];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const issues = settingsSchema.partial().safeParse(own).error?.issues ?? [];
  return issues.flatMap((issue) =>
    explainSetting(issue, own).map((fault) => ({
      ...at(`${project}:${String(issue.path[0])}`),
      ...fault,
    })),
  );
}

/** What an issue of the schema says, each with the command that fixes it. @param own the settings by name, as the engine hands them over */
export function explainSetting(issue: Issue, own: Readonly<Record<string, string>>): Fault[] {
  const values = Object.fromEntries(Object.entries(own).map(([name, value]) => [name, parsed(value)]));
  return explainIssue(issue, values).map((finding) => {
    const { kind, path, key, message } = finding;
    const place = key === undefined ? path : [...path, key];
    const predicate =
      kind === "unknownKey"
        ? `is not a setting. Remove it with: ${unsetCommand(place)}`
        : `${message}. ${remedyFor(finding, place, values)}`;
    return {
      code: codes[kind],
      message: `${printPath(place)} ${predicate}`,
    };
  });
}

const codes = {
  unknownKey: "setting-unknown",
  missingValue: "setting-missing",
  wrongType: "setting-wrong-type",
  invalidKey: "setting-invalid-key",
  invalidValue: "setting-invalid-value",
} as const satisfies Record<IssueKind, ProblemCode>;

function remedyFor(
  { kind, expected }: IssueFinding,
  path: readonly PropertyKey[],
  values: Readonly<Record<string, unknown>>,
): string {
  const isWithin = path.length > 1;
  // The command line writes no map into another; and a wrong name stays when another value is set.
  if (kind === "invalidKey" || (isWithin && expected === "map")) {
    return `Remove it with: ${unsetCommand(path)}`;
  }
  if (expected !== "list") return `Set it with: ${setCommand(path)}`;
  // Nor does it write an entry of a list into a map.
  if (!isRecord(readValue(values, path))) return `Set it with: ${setCommand([...path, 0])}`;
  return isWithin ? `Remove it with: ${unsetCommand(path)}` : `Set it with: ${setCommand(path, '["VALUE"]')}`;
}

/** https://auth0.com/docs/secure/tokens/json-web-tokens/validate-json-web-tokens: `iss` must be equal to what is expected. */
function checkTenant({ project, values, environment, at }: GivenConfig): Problem[] {
  const key = "auth0:domain";
  const problems: Problem[] = [];
  const { [key]: domain = environment.AUTH0_DOMAIN } = values;
  const wrong = domain === undefined || domain === "" ? undefined : domainFault(domain);
  if (wrong) {
    const { fault, right } = wrong;
    problems.push(
      values[key] === undefined
        ? {
            file: "the environment",
            code: "auth0-domain-invalid",
            message: `AUTH0_DOMAIN ${fault}. Set it to ${right ?? "that domain"}.`,
          }
        : {
            ...at(key),
            code: "auth0-domain-invalid",
            message: `${key} ${fault}. Set it with: ${setCommand([key], right)}`,
          },
    );
  }
  // The provider's own audience is the Management API's: https://www.pulumi.com/registry/packages/auth0/installation-configuration/
  const management = /^https:\/\/[^/]+\/api\/v2\/$/;
  const audience = values["auth0:audience"];
  if (audience !== undefined && !management.test(audience)) {
    const own = shortKey(`${project}:audience`, project);
    const message = `auth0:audience is the audience of Auth0's Management API, such as https://example.eu.auth0.com/api/v2/. The audience of your API is "${own}". Set that with: ${setCommand([own])}; and remove this with: ${unsetCommand(["auth0:audience"])}`;
    problems.push({ ...at("auth0:audience"), code: "auth0-audience-not-management-api", message });
  }
  const ofApi = values[`${project}:audience`];
  if (ofApi !== undefined && management.test(ofApi) && /\.auth0\.com\/|^https:\/\/localhost/.test(ofApi)) {
    const message = `audience is that of Auth0's Management API: every customer's token could manage the tenant. Set the identifier of your own API with: ${setCommand(["audience"])}`;
    problems.push({ ...at(`${project}:audience`), code: "audience-is-management-api", message });
  }
  return problems;
}

const regions: readonly string[] = Object.values(Region);

/** The provider takes any region (its skipRegionValidation is true by default) and fails in the middle of a deployment. */
function checkRegion(given: GivenConfig): Problem[] {
  const { project, values, environment, at } = given;
  const key = "aws:region";
  const variable = ["AWS_REGION", "AWS_DEFAULT_REGION"].find((name) => environment[name]);
  const region = values[key] ?? (variable && environment[variable]);
  if (region === undefined) return [];
  if (!regions.includes(region) && values["aws:skipRegionValidation"] !== "true") {
    const candidates = regions.filter((one) => one.slice(0, 2) === region.slice(0, 2).toLowerCase());
    const fault =
      `"${region}" is not an AWS region that this program knows. ${suggestCandidates(region, candidates)}`.trimEnd();
    const newer = `If it is a new one: ${setCommand(["aws:skipRegionValidation"], "true")}`;
    const found = findNearest(region, candidates);
    const code = "aws-region-unknown";
    const setAnother = `${fault} Set it to one that AWS has. ${newer}`;
    return values[key] === undefined
      ? [{ file: "the environment", code, message: `${variable}: ${setAnother}` }]
      : [
          {
            ...at(key),
            code,
            message: `${key}: ${fault} Set it with: ${setCommand([key], found)}. ${newer}`,
          },
        ];
  }
  return checkRegions(given, project, region);
}

/**
 * What these services have, an API can use in its own region only.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-regional-api-custom-domain-create.html (acm)
 * https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html (wafv2)
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html (sns)
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html (kms)
 */
const regional = /^arn:[a-z-]+:(acm|wafv2|sns|kms):([a-z0-9-]*):/;

function checkRegions(given: GivenConfig, project: string, region: string): Problem[] {
  return stringsOf(given).flatMap(({ path, text }) => {
    const found = regional.exec(text)?.[2];
    if (found === undefined || found === region) return [];
    const message = `${printPath(path)} is in ${found}, and the stack is in ${region}. Set one of that region with: ${setCommand(path)}`;
    return [{ ...given.at(`${project}:${String(path[0])}`), code: "setting-other-region", message }];
  });
}

/** An API can have certificates and web ACLs of its own account only; keys and topics may be another's. */
const ofOwnAccount = /^arn:[a-z-]+:(acm|wafv2):[a-z0-9-]*:(\d{12}):/;

function checkAccounts(given: GivenConfig): Problem[] {
  const { project, values, at } = given;
  const allowed = parsed(values["aws:allowedAccountIds"] ?? "[]");
  const accounts: string[] = Array.isArray(allowed) ? allowed.map(String) : [];
  const found = stringsOf(given).flatMap(({ path, text }) => {
    const account = ofOwnAccount.exec(text)?.[2];
    return account === undefined ? [] : [{ path, account }];
  });
  const [first] = found;
  return found.flatMap(({ path, account }) => {
    const place = at(`${project}:${String(path[0])}`);
    const remedy = `Set one of that account with: ${setCommand(path)}`;
    if (accounts.length > 0 && !accounts.includes(account)) {
      const message = `${printPath(path)} belongs to the account ${account}, and aws:allowedAccountIds has ${accounts.join(", ")}. ${remedy}`;
      return [{ ...place, code: "setting-other-account", message }];
    }
    if (accounts.length > 0 || first === undefined || account === first.account) return [];
    const message = `${printPath(path)} belongs to the account ${account}, and ${printPath(first.path)} of ${first.account}. ${remedy}`;
    return [{ ...place, code: "setting-other-account", message }];
  });
}

/** All strings of the project's settings, but for what stands behind the API. */
function stringsOf({ project, values }: GivenConfig): { path: PropertyKey[]; text: string }[] {
  return Object.keys(settingsSchema.shape).flatMap((name) => {
    const value = values[`${project}:${name}`];
    return value === undefined || name === "backends" ? [] : stringsIn(parsed(value), [name]);
  });
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function stringsIn(value: unknown, path: PropertyKey[]): { path: PropertyKey[]; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    stringsIn(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
