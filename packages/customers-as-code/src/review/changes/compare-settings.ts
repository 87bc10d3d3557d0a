// What a change of each setting means: the one table of them.
import { isDeepStrictEqual } from "node:util";
import { spellDomain } from "../../auth0/tenant-domain";
import { getOwn, isRecord } from "../../problems/record";
import type { secretSettings, settingsSchema } from "../../settings/settings";
import {
  compareLists,
  describeChange,
  differencesOf,
  isList,
  listOf,
  type ValueDifference,
} from "../compare-values";
import { effectiveValue, ownNamespace } from "../declared/declared-settings";
import { inlineCode } from "../markdown";
import { type Change, grave, type Meaning, notable, plain } from "./declared-change";
import { isLooser, meaningOfLimits } from "./limits";

type OwnSetting = keyof typeof settingsSchema.shape | (typeof secretSettings)[number];

/** @param path within the setting; empty if it has no structure, or comes or goes as a whole */
type Judge = (before: unknown, after: unknown, path: readonly string[]) => Meaning;

const always =
  (meaning: Meaning): Judge =>
  () =>
    meaning;
const whenMore =
  (more: Meaning, less: Meaning): Judge =>
  (before, after) =>
    Number(after) > Number(before) ? more : less;
const whenOn =
  (on: Meaning, off: Meaning): Judge =>
  (_, after) =>
    after === true ? on : off;
/** By what is added to a list, else by what is removed. */
const ofList =
  (added: Meaning, removed: Meaning): Judge =>
  (before, after) => {
    const lists = compareLists(listOf(before), listOf(after));
    const isBoth = lists.added.length > 0 && lists.removed.length > 0;
    // The graver one describes what happens.
    if (isBoth) return added.gravity === "grave" ? added : removed;
    if (lists.added.length > 0) return added;
    return lists.removed.length > 0 ? removed : plain("only the order is different");
  };
/** By the first key of the path, or `whole` if the setting comes or goes. */
const ofMap =
  (whole: Judge, keys: Record<string, Judge>, other: Judge): Judge =>
  (before, after, path) => {
    const [key, ...within] = path;
    if (key === undefined) return whole(before, after, path);
    return (getOwn(keys, key) ?? other)(before, after, within);
  };
const comesOrGoes =
  (comes: Meaning, goes: Meaning, differs: Meaning): Judge =>
  (before, after) =>
    isNone(before) ? comes : isNone(after) ? goes : differs;

const order = ["none", "parameters", "body", "all"];

export const settingMeanings = {
  customers: always(grave("program", "the customers are read from another folder")),
  openapi: always(grave("program", "the API is read from another document")),
  audience: always(
    grave(
      "address",
      "every token in use is refused, and the API with all of its grants is replaced; every customer has to ask for tokens with the new audience",
    ),
  ),
  tokenLifetime: whenMore(
    grave("delay", "a token that was given before a scope or a client goes is good for longer"),
    notable("customers ask for tokens more often, which Auth0 bills"),
  ),
  portalScopes: (before, after) => {
    if (listOf(after).length === 0)
      return grave("gains", "clients from the Developer Portal get every scope of the API");
    if (listOf(before).length === 0)
      return grave("cutOff", "new clients from the Developer Portal get these scopes alone");
    return ofList(
      grave("gains", "clients from the Developer Portal get them"),
      grave("cutOff", "new clients from the Developer Portal do not get them"),
    )(before, after, []);
  },
  backendUrl: always(
    grave(
      "elsewhere",
      "the requests of every operation without a backend of its own go there, tokens included",
    ),
  ),
  backends: (before, after, [name = "", key]) => {
    if (key === "timeoutMs") return notable("how long API Gateway waits for an answer");
    if (key === "body" || key === "statusCode") return notable("what API Gateway answers by itself");
    if (before === undefined && name !== "default") return notable("operations can go to it");
    if (after === undefined && key === undefined)
      return grave("elsewhere", "operations cannot go to it any more");
    return grave("elsewhere", "requests go there, tokens included");
  },
  apiType: always(
    grave("address", "the API is made again as another kind, with another URL, and the old one is deleted"),
  ),
  httpAuthorizer: (_, after) =>
    after === "jwt"
      ? grave(
          "guard",
          "API Gateway checks tokens by itself, without suspensions and without the authorizer's other checks",
        )
      : notable("the authorizer checks tokens"),
  publicRoutes: ofList(
    grave("gains", "the document may let anyone call them without a token"),
    notable("the document must demand a token for them"),
  ),
  validateRequests: (before, after) =>
    order.indexOf(String(after)) > order.indexOf(String(before))
      ? notable("API Gateway refuses requests that the backend got until now")
      : grave("guard", "the backend gets requests that API Gateway refused until now"),
  maxResources: whenMore(
    notable("the document may have more paths, which AWS refuses unless it has raised the API's quota"),
    notable("the document may have fewer paths"),
  ),
  binaryMediaTypes: ofList(
    notable("bodies of these types pass unchanged, and functions get them as Base64"),
    grave("cutOff", "bodies of these types are read as text, and corrupted, unless the document has them"),
  ),
  corsAllowedOrigins: ofList(
    grave("gains", "pages of these origins can call the API from browsers"),
    grave("cutOff", "pages of these origins can no longer call the API from browsers"),
  ),
  stageName: always(grave("address", "the URL of the API is another one for every customer")),
  plans: (before, after, path) => {
    const [name = ""] = path;
    if (path.length === 1 && before === undefined) return notable("customers can have this plan");
    if (path.length === 1 && after === undefined)
      return grave("guard", "its limits hold for nobody any more");
    return meaningOfLimits(before, after, path.at(-1) ?? "", `whoever has the plan ${inlineCode(name)}`);
  },
  defaultPlan: always(
    grave("guard", "other limits hold for customers that name no plan, and for organizations without a file"),
  ),
  enforcePlans: whenOn(
    notable("what goes beyond a plan is answered with 429"),
    grave("guard", "no customer's plan is enforced: nothing is counted and nothing is refused"),
  ),
  authorizerCacheSeconds: whenMore(
    grave(
      "delay",
      "API Gateway remembers decisions for so long: a suspension, and lost scopes, take effect that much later",
    ),
    notable("suspensions take effect sooner, and the authorizer runs more often"),
  ),
  liveSuspensions: whenOn(
    notable("an operator can suspend without a deployment"),
    grave(
      "gains",
      "whoever is suspended without a deployment can call again, and no operator can suspend that way",
    ),
  ),
  logRetentionDays: whenMore(notable("logs are kept for longer"), grave("guard", "older logs are deleted")),
  manageCloudWatchRole: whenOn(
    notable("the region's role for API Gateway's logs is this stack's"),
    notable("another program must set the region's role for API Gateway's logs"),
  ),
  webAclArn: comesOrGoes(
    notable("AWS WAF can refuse requests"),
    grave("guard", "no rule of AWS WAF holds any more"),
    grave("guard", "other rules of AWS WAF hold"),
  ),
  tracing: always(plain("whether X-Ray follows requests")),
  customDomain: ofMap(
    comesOrGoes(
      grave(
        "address",
        "the API has another address, and its own endpoint is closed unless defaultEndpoint is true",
      ),
      grave("address", "the domain name no longer leads to the API"),
      grave("address"),
    ),
    {
      name: always(grave("address", "the API's domain name is another one for every customer")),
      basePath: always(grave("address", "the API's path is another one for every customer")),
      hostedZoneId: always(grave("address", "the domain name's record is kept in another zone")),
      certificateArn: always(grave("elsewhere", "customers see another certificate")),
      minimumTls: (before, after) =>
        String(after ?? "1.3") > String(before ?? "1.3")
          ? grave("cutOff", "whoever cannot use this version of TLS cannot call the API")
          : grave("guard", "older versions of TLS are accepted"),
      mutualTls: ofMap(
        comesOrGoes(
          grave("cutOff", "whoever has no certificate of these cannot call the API"),
          grave("guard", "callers need no certificate any more"),
          grave("gains"),
        ),
        { ownershipCertificateArn: always(notable("how ACM knows that the name is the company's")) },
        always(grave("gains", "other certificates are accepted")),
      ),
      defaultEndpoint: whenOn(
        grave("guard", "the API can be called past its domain name"),
        grave("address", "the API's own endpoint is closed"),
      ),
    },
    always(grave("address")),
  ),
  alarms: ofMap(
    comesOrGoes(notable("people learn of faults"), grave("guard", "nobody learns of faults"), notable()),
    {
      topicArns: ofList(notable("they learn of faults"), grave("guard", "they no longer learn of faults")),
      thresholds: (before, after) =>
        Number(after) > Number(before)
          ? grave("guard", "the alarm goes off later")
          : notable("the alarm goes off sooner"),
    },
    always(notable()),
  ),
  dashboard: whenOn(plain("a dashboard is made"), plain("the dashboard is deleted")),
  tags: always(plain("only the tags in AWS are different")),
  kmsKeyArn: comesOrGoes(
    notable("logs are encrypted with this key"),
    grave("guard", "logs are encrypted with keys of AWS's own"),
    grave("guard", "whoever may use this key can read the logs"),
  ),
  deliveryKmsKeyArn: comesOrGoes(
    grave("guard", "whoever may use this key can read delivered secrets"),
    grave("cutOff", "customers with AWS accounts of their own cannot read their secrets"),
    grave("guard", "whoever may use this key can read delivered secrets"),
  ),
  moesifIngestUrl: comesOrGoes(
    grave("elsewhere", "the access log of every customer goes there"),
    grave("guard", "Moesif gets no calls any more: nothing is metered"),
    grave("elsewhere", "the access log of every customer goes there"),
  ),
  moesifApplicationId: always(grave("elsewhere", "calls are metered in another application of Moesif")),
  moesifManagementToken: always(grave("elsewhere", "the portal manages another account of Moesif")),
  stripeApiKey: always(grave("elsewhere", "the portal uses another account of Stripe")),
  rotateEveryDays: whenMore(
    grave("guard", "you are reminded later of secrets to rotate"),
    notable("you are reminded sooner of secrets to rotate"),
  ),
  portal: ofMap(
    comesOrGoes(
      grave("gains", "a Developer Portal opens, in which people get clients and secrets"),
      grave("cutOff", "the Developer Portal is deleted"),
      notable(),
    ),
    {
      domainName: always(grave("address", "the portal is at another address")),
      apiDomainName: always(grave("address", "the portal's API is at another address")),
      certificateArn: always(grave("elsewhere", "people see another certificate")),
      hostedZoneId: always(grave("address", "the records of the portal are kept in another zone")),
      images: always(grave("elsewhere", "another image runs, and gets the portal's secrets")),
      moesif: always(grave("elsewhere", "the portal shows, or reports to, something else in Moesif")),
      stripe: always(grave("elsewhere", "people pay to, or manage, another account of Stripe")),
      network: always(notable("the portal's network is another one")),
      allowedCidrs: ofList(
        grave("gains", "they can open the portal"),
        grave("cutOff", "they can no longer open the portal"),
      ),
      cpu: always(plain("the size of the portal's task")),
      memory: always(plain("the size of the portal's task")),
      desiredCount: always(plain("how many of the portal's tasks run")),
      environment: always(grave("elsewhere", "the portal can behave differently, or use other services")),
    },
    always(grave("elsewhere")),
  ),
  protect: whenOn(
    notable("the engine refuses to delete or replace customers that are not closing"),
    grave("guard", "every customer can be deleted or replaced by a deployment"),
  ),
  removalLimit: (before, after) =>
    isLowerLimit(String(before), String(after))
      ? notable("fewer customers may go at once")
      : grave("guard", "more customers may go at once"),
  replaceable: ofList(
    grave(
      "guard",
      "a deployment may replace the organizations and clients of these customers, which gives them other ids and secrets",
    ),
    notable("a deployment may no longer replace them"),
  ),
  shards: always(
    grave("program", "customers belong to other stacks: move them first, with npx customers shards move"),
  ),
  newCustomersPerMinute: always(plain("how fast customers are made")),
} satisfies Record<OwnSetting, Judge>;

/** Of the providers, and of Pulumi. Whatever is not here is as grave as anything of its namespace can be. */
const ofProviders: Record<string, Record<string, Meaning>> = {
  auth0: {
    domain: grave(
      "elsewhere",
      "tokens of another tenant are accepted, those of this one are refused, and every customer is made there",
    ),
    clientId: grave("elsewhere", "Pulumi signs in to Auth0 as another client"),
    clientSecret: grave("elsewhere", "Pulumi signs in to Auth0 with another secret"),
    clientAssertionPrivateKey: grave("elsewhere", "Pulumi signs in to Auth0 with another key"),
    clientAssertionSigningAlg: grave("elsewhere", "Pulumi signs in to Auth0 in another way"),
    apiToken: grave("elsewhere", "Pulumi calls Auth0 with another token"),
    audience: grave("elsewhere", "Pulumi manages another tenant, or by another address"),
    customDomainHeader: grave("elsewhere", "Pulumi calls Auth0 for another domain"),
    dynamicCredentials: grave("elsewhere", "Pulumi gets its credentials for Auth0 elsewhere"),
    cliLogin: grave("elsewhere", "Pulumi gets its credentials for Auth0 elsewhere"),
    debug: grave("guard", "the provider can write secrets into logs"),
  },
  aws: {
    region: grave("address", "everything in AWS is made again in another region"),
    defaultTags: plain("only the tags in AWS are different"),
    ignoreTags: plain("only the tags in AWS are different"),
    maxRetries: plain("how often a call to AWS is tried"),
    retryMode: plain("how a call to AWS is tried again"),
  },
  pulumi: {
    tags: plain("only the stack's own tags are different"),
  },
};
const ofNamespaces: Record<string, Meaning> = {
  auth0: grave("elsewhere", "how Pulumi reaches Auth0 is different"),
  aws: grave("elsewhere", "how Pulumi reaches AWS, or which account, is different"),
  pulumi: grave("guard", "how Pulumi itself works is different"),
};

/** What has the value of a default, the stack's file may say or not. @param before,after names of what it says */
export function compareWritten(before: readonly string[], after: readonly string[]): Change[] {
  const meaning = plain("its value stays the same");
  const tell = (key: string, does: string): Change => ({
    at: `stack: config.${key}`,
    name: inlineCode(key),
    does,
    sentence: `${does}: ${meaning.means}`,
    ...meaning,
  });
  const { added, removed } = compareLists(before, after);
  return [
    ...added.map((key) =>
      tell(String(key), `writes the default of ${inlineCode(String(key))} into the stack's file`),
    ),
    ...removed.map((key) => tell(String(key), `leaves ${inlineCode(String(key))} to its default`)),
  ];
}

/** @param before,after as {@link mergeSettings} has them */
export function compareSettings(before: Record<string, unknown>, after: Record<string, unknown>): Change[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((full) => {
    const [given, wanted] = [getOwn(before, full), getOwn(after, full)];
    if (isDeepStrictEqual(given, wanted)) return [];
    const colon = full.indexOf(":");
    const [namespace, key] = [full.slice(0, colon), full.slice(colon + 1)];
    if (full === "auth0:domain" && isSameDomain(given, wanted)) {
      const meaning = plain("it is the same tenant");
      return [changeOf(full, { path: [], before: given, after: wanted }, meaning)];
    }
    return namespace === ownNamespace && Object.hasOwn(settingMeanings, key)
      ? compareOwn(key, getOwn<Judge>(settingMeanings, key) ?? always(notable()), given, wanted)
      : differencesOf(given, wanted).map((difference) =>
          changeOf(full, difference, meaningOf(namespace, key)),
        );
  });
}

function compareOwn(key: string, judge: Judge, given: unknown, wanted: unknown): Change[] {
  const found = differencesOf(effectiveValue(key, given), effectiveValue(key, wanted));
  if (found.length > 0) {
    return found.map((difference) =>
      changeOf(key, difference, judge(difference.before, difference.after, difference.path)),
    );
  }
  const does = `writes ${inlineCode(key)} differently: ${describeChange("it", given, wanted)}`;
  const meaning = plain("its value stays the same");
  return [
    {
      at: `settings: ${key}`,
      name: inlineCode(key),
      does,
      sentence: `${does}; ${meaning.means}`,
      ...meaning,
    },
  ];
}

function isSameDomain(before: unknown, after: unknown): boolean {
  return (
    typeof before === "string" && typeof after === "string" && spellDomain(before) === spellDomain(after)
  );
}

function meaningOf(namespace: string, key: string): Meaning {
  const known = getOwn(getOwn(ofProviders, namespace), key) ?? getOwn(ofNamespaces, namespace);
  return known ?? grave("unknown", "nothing reads this setting, or something that is not known here");
}

function changeOf(key: string, { path, before, after }: ValueDifference, meaning: Meaning): Change {
  const name = [key, ...path].join(".");
  const isNothing = none(before) === undefined && none(after) === undefined;
  const does = isNothing
    ? describeChange(inlineCode(name), before, after)
    : describeChange(inlineCode(name), none(before), none(after));
  return {
    at: `settings: ${name}`,
    name: inlineCode(name),
    does,
    sentence: meaning.means === undefined ? does : `${does}: ${meaning.means}`,
    ...meaning,
  };
}

/** A setting that is not there and one that is empty are the same to the program. */
function none(value: unknown): unknown {
  return isNone(value) && !isList(value) ? undefined : value;
}

function isNone(value: unknown): boolean {
  return value === undefined || value === "" || (isRecord(value) && Object.keys(value).length === 0);
}

/** A share and a number cannot be compared: that may be more. */
function isLowerLimit(before: string, after: string): boolean {
  if (before.endsWith("%") !== after.endsWith("%")) return false;
  return !isLooser(Number.parseInt(before, 10), Number.parseInt(after, 10), "limit");
}
