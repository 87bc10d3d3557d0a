// The settings of a stack. Pulumi.yaml documents each of them for people; test/config.test.ts holds the two together.
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { rotateEveryDays } from "./customers/find-due";
import { type PlanSettings, plansSchema } from "./customers/plans";
import { removalLimit } from "./customers/removals";
import { type Placement, placementOf } from "./customers/shards";
import { formatProblems, type Problem } from "./diagnostics/problem";
import { webUrl, wholeNumber } from "./diagnostics/values";
import { printPath } from "./diagnostics/words";
import { alarmsSchema } from "./gateway/alarms";
import { customDomainSchema } from "./gateway/custom-domain";
import { type PortalSettings, portalSchema } from "./portal/settings";
import { tagsSchema } from "./tags";

const flag = z.stringbool({ truthy: ["true"], falsy: ["false"], error: "must be true or false" });
/** A value with a structure: the engine hands it over as JSON. */
const json = <T extends z.ZodType>(schema: T, error: string) =>
  z
    .string()
    .transform((value, context): unknown => {
      try {
        return JSON.parse(value);
      } catch {
        context.addIssue(error);
        return z.NEVER;
      }
    })
    .pipe(schema);
const list = json(z.array(z.string(), { error: "must be a list of texts" }), "must be a list");
/** A map of settings that belong together, or an empty one for none. */
const block = <T extends z.ZodType>(schema: T, error = "must be a map") =>
  json(
    z.preprocess((value) => (isDeepStrictEqual(value, {}) ? undefined : value), schema.optional()),
    error,
  ).prefault("{}");
/** https://www.rfc-editor.org/rfc/rfc6454#section-6.2, or all of them. */
const origin = z.string().regex(/^(\*|https?:\/\/[a-z0-9.-]+(:\d+)?)$/, {
  error: "must be an origin such as https://app.example.com, or *",
});
/** An ARN, or nothing. */
const arn = (pattern: RegExp, error: string) =>
  z
    .string()
    .regex(new RegExp(`^(${pattern.source})?$`), { error })
    .transform((value) => value || undefined)
    .prefault("");
const keyArn = arn(
  /arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[a-z0-9-]+/,
  "must be the ARN of a key, such as arn:aws:kms:REGION:ACCOUNT:key/ID; an alias will not do",
);

/**
 * Firehose delivers to https at port 443 only, and says so when the stream is made, in the middle of a deployment; the local
 * cloud's collector has no TLS.
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_HttpEndpointConfiguration.html
 */
const firehoseUrl = z
  .string()
  .regex(/^((https:\/\/[\w.-]+(:443)?|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?)(\/\S*)?)?$/, {
    error: "must be a URL that begins with https:// and has no other port than 443, as Firehose demands",
  })
  .default("");

/** Every key but the secret ones, with its default. The engine hands over each value as a text. */
export const settingsSchema = z.object({
  customers: z.string().default("customers"),
  openapi: z.string().default("openapi.yaml"),
  audience: z.string({ error: "is missing" }).min(1, { error: "must not be empty" }),
  tokenLifetime: wholeNumber(1, 2_592_000).default(86_400),
  portalScopes: list.default([]),
  backendUrl: z.literal("").or(webUrl).default(""),
  // What is in it is checked with the document, so that all of it is told at once.
  backends: json(
    z.record(z.string(), z.unknown(), { error: "must be a map of backends" }),
    "must be a map of backends",
  ).prefault("{}"),
  apiType: z.enum(["rest", "http"], { error: "must be rest or http" }).default("rest"),
  httpAuthorizer: z.enum(["lambda", "jwt"], { error: "must be lambda or jwt" }).default("lambda"),
  publicRoutes: list.default([]),
  validateRequests: z
    .enum(["none", "parameters", "body", "all"], { error: "must be none, parameters, body or all" })
    .default("none"),
  corsAllowedOrigins: json(
    z
      .array(origin, { error: "must be a list of origins" })
      .refine((origins) => origins.length < 2 || !origins.includes("*"), {
        error: "must be a list of origins, or have * alone",
      }),
    "must be a list of origins",
  ).prefault("[]"),
  stageName: z
    .string()
    .regex(/^(\w{1,128}|\$default)$/, { error: "must be 1 to 128 letters, digits or '_', or $default" })
    .default("v1"),
  plans: json(plansSchema, "must be a map of plans").prefault("{}"),
  defaultPlan: z
    .string()
    .transform((value) => value || undefined)
    .prefault(""),
  enforcePlans: flag.default(true),
  authorizerCacheSeconds: wholeNumber(0, 3600).default(60),
  liveSuspensions: flag.default(false),
  logRetentionDays: wholeNumber(1, 3653).default(30),
  manageCloudWatchRole: flag.default(false),
  webAclArn: arn(
    /arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/[^/]+\/[^/]+/,
    "must be the ARN of a regional web ACL, such as arn:aws:wafv2:REGION:ACCOUNT:regional/webacl/NAME/ID",
  ),
  tracing: flag.default(false),
  customDomain: block(customDomainSchema),
  alarms: block(alarmsSchema),
  dashboard: flag.default(false),
  tags: json(tagsSchema, "must be a map of texts").prefault("{}"),
  kmsKeyArn: keyArn,
  deliveryKmsKeyArn: keyArn,
  moesifIngestUrl: firehoseUrl,
  rotateEveryDays: wholeNumber(1, 3650).default(rotateEveryDays),
  portal: block(portalSchema, "must be a map of settings"),
  protect: flag.default(true),
  removalLimit: z
    .string()
    .regex(removalLimit, { error: 'must be a number of customers, or a share of them such as "25%"' })
    .default("25%"),
  replaceable: list.default([]),
  shards: wholeNumber(1, 1000).default(1),
  newCustomersPerMinute: wholeNumber(0, 100_000).default(0),
});

/** Keys whose values stay marked as secret. */
export const secretSettings = ["moesifApplicationId", "moesifManagementToken", "stripeApiKey"] as const;
type SecretSetting = (typeof secretSettings)[number];

export interface Settings extends Omit<z.output<typeof settingsSchema>, "portal"> {
  /** Which of the company's stacks this is. */
  placement: Placement;
  /** The stack's file, which holds them. */
  file: string;
  /** Domain of the Auth0 tenant, such as `example.eu.auth0.com`. */
  domain: string;
  /** Issuer of the tenant's tokens: the domain as a URL with a slash at the end. */
  issuer: string;
  /** Absent of a shard, too. */
  moesif?: { ingestUrl: string; applicationId: pulumi.Output<string> };
  /** The Developer Portal, where the stack has it; a shard has none. */
  portal?: PortalSettings & { secrets: Record<SecretSetting, pulumi.Output<string>> };
}

/**
 * The settings of the stack that is running.
 * @throws {pulumi.RunError} with every problem, each with the command that mends it.
 */
export function loadSettings(): Settings {
  const config = new pulumi.Config();
  const file = `Pulumi.${pulumi.getStack()}.yaml`;
  const problems: Problem[] = [];
  const report = (key: string, reason: string, argument = key) => {
    problems.push({ file, message: `${key} ${reason}. Set it with: pulumi config set ${argument} VALUE` });
  };

  const values = Object.keys(settingsSchema.shape).map((key) => [key, config.get(key)]);
  const parsed = settingsSchema.safeParse(Object.fromEntries(values));
  for (const issue of parsed.error?.issues ?? []) {
    const { path, message } = issue;
    const [key, ...within] = path.map(String);
    if (key === undefined) continue;
    const isList = message.startsWith("must be a list");
    const place = printPath(path);
    if (issue.code === "unrecognized_keys") {
      for (const unknown of issue.keys) {
        const argument = `--path '${place}.${unknown}'`;
        const remedy = `Remove it with: pulumi config rm ${argument}`;
        problems.push({ file, message: `${place}.${unknown} is no setting. ${remedy}` });
      }
      continue;
    }
    report(
      place,
      config.get(key) === undefined ? "is missing" : message,
      isList ? `--path '${place}[0]'` : within.length > 0 ? `--path '${place}'` : key,
    );
  }
  // Where there are others, the document says whether it needs this one.
  if (!config.get("backendUrl") && !/[^{}\s]/.test(config.get("backends") ?? "")) {
    report("backendUrl", "is missing");
  }
  if (parsed.data) {
    const wrong = defaultPlanFault(parsed.data);
    if (wrong !== undefined) report("defaultPlan", wrong);
  }
  const domain = new pulumi.Config("auth0").get("domain") ?? process.env.AUTH0_DOMAIN ?? "";
  if (domain === "") report("auth0:domain", "is missing");
  else if (!/^[a-z0-9.-]+(:\d+)?$/i.test(domain)) {
    report("auth0:domain", `is "${domain}"; it must be a bare domain such as example.eu.auth0.com`);
  }
  // Whether they are set must be known now; their values stay outputs that are marked as secret.
  const isSet = (key: string) => !!pulumi.runtime.getConfig(`${pulumi.getProject()}:${key}`);
  // The engine tells by this which values are encrypted. It would demand it of keys with a type, but then of all stacks,
  // also of those that do without: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/workspace/config.go
  const { PULUMI_CONFIG_SECRET_KEYS: encrypted } = process.env;
  const isEncrypted = (key: string) =>
    encrypted === undefined || encrypted.includes(`"${pulumi.getProject()}:${key}"`);
  const placement = placementOf(pulumi.getStack(), parsed.data?.shards ?? 1);
  // A shard has customers and nothing else: it is given none of the secrets (customers/shard-settings.ts).
  const isShard = typeof placement !== "string" && placement.number !== undefined;
  const ingestUrl = parsed.data?.moesifIngestUrl;
  const hasPortal = !["", "{}"].includes(config.get("portal") ?? "");
  if (ingestUrl && !hasPortal && !isShard && !isSet("moesifApplicationId")) {
    report("moesifApplicationId", "is missing, which moesifIngestUrl needs", "--secret moesifApplicationId");
  }
  if (ingestUrl === "" && !hasPortal && isSet("moesifApplicationId")) {
    report("moesifIngestUrl", "is missing, which moesifApplicationId needs");
  }
  for (const key of secretSettings) {
    if (isSet(key) && !isEncrypted(key)) report(key, "is in clear, and is a secret", `--secret ${key}`);
    if (hasPortal && !isShard && !isSet(key))
      report(key, "is missing, which portal needs", `--secret ${key}`);
    if (!hasPortal && isSet(key) && key !== "moesifApplicationId") {
      report("portal", `is missing, which ${key} needs`, "--path 'portal.domainName'");
    }
  }
  if (typeof placement === "string") problems.push({ file, message: `shards ${placement}` });
  if (!parsed.success || problems.length > 0 || typeof placement === "string") {
    throw new pulumi.RunError(formatProblems(problems, 1));
  }
  const { portal, ...settings } = parsed.data;
  const secret = (key: SecretSetting) => config.requireSecret(key);
  return {
    ...settings,
    placement,
    file,
    domain,
    issuer: `https://${domain}/`,
    ...(ingestUrl && !isShard && { moesif: { ingestUrl, applicationId: secret("moesifApplicationId") } }),
    ...(portal &&
      !isShard && {
        portal: {
          ...portal,
          secrets: {
            moesifApplicationId: secret("moesifApplicationId"),
            moesifManagementToken: secret("moesifManagementToken"),
            stripeApiKey: secret("stripeApiKey"),
          },
        },
      }),
  };
}

/** Any organization of the tenant may call, and API Gateway refuses those for which no plan is meant. */
function defaultPlanFault({ plans, defaultPlan }: PlanSettings): string | undefined {
  const names = Object.keys(plans);
  if (defaultPlan === undefined) {
    return names.length === 0
      ? undefined
      : "is missing, which plans needs for whoever has no plan of its own";
  }
  if (Object.hasOwn(plans, defaultPlan)) return undefined;
  if (names.length === 0) return `is "${defaultPlan}", and plans has none`;
  return `is "${defaultPlan}"; it must be one of plans, which has ${names.join(", ")}`;
}
