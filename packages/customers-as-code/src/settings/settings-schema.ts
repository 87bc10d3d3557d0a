// The settings of a stack by name, each with its type and its limits. Pulumi.yaml documents them for people; packages/customers-as-code/test/settings/settings.test.ts holds
// the two together.
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { rotateEveryDays } from "../customers/due-credentials";
import { plansSchema } from "../customers/plans";
import { customDomainSchema } from "../gateway/domain/custom-domain";
import { alarmsSchema } from "../gateway/observability/alarms";
import { portalSchema } from "../portal/portal-settings";
import { webUrlOrNone, wholeNumber, writtenText } from "../problems/values";
import { wrongType } from "../problems/zod-issue";
import { tagsSchema } from "../pulumi/tags";

const flag = z.stringbool({ truthy: ["true"], falsy: ["false"], error: "must be true or false" });
/** A value with a structure: the engine hands it over as JSON. */
const json = <T extends z.ZodType>(schema: T, error: string, expected: "map" | "list" = "map") =>
  z
    .string()
    .transform((value, context): unknown => {
      try {
        return JSON.parse(value);
      } catch {
        context.addIssue({ code: "custom", message: error, params: wrongType(expected) });
        return z.NEVER;
      }
    })
    .pipe(schema);
const list = json(
  z.array(writtenText("must be a string"), { error: "must be a list of strings" }),
  "must be a list",
  "list",
);
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
/** With wildcards as API Gateway has them, without parameters, which it does not compare. */
const mediaType = z.string().regex(/^(\*\/\*|[a-z0-9._+-]+\/(\*|[a-z0-9._+-]+))$/, {
  error: "must be a media type in lower case such as image/png, image/* or */*",
});
const path = z.string().min(1, { error: "must not be empty" });
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
  .regex(/^((https:\/\/[\w.-]+(:443)?|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?)(\/[^\s#]*)?)?$/, {
    error: "must be a URL that begins with https:// and has no other port than 443, as Firehose demands",
  })
  .default("");

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** More than any tenant has, so that a slip such as 1e9 does not switch the limit off. */
const mostCustomers = 100_000;

/** Both `5` and `25%`. */
const removalLimit = /^\d+%?$/;

/** Every key but the secret ones, with its default. The engine hands over each value as a text. */
export const settingsSchema = z.object({
  customers: path.default("customers"),
  openapi: path.default("openapi.yaml"),
  audience: z
    .string({ error: "is missing" })
    .min(1, { error: "must not be empty" })
    .regex(/^(\S(.*\S)?)?$/, { error: "must not begin or end with a space" }),
  tokenLifetime: wholeNumber(1, 2_592_000).default(86_400),
  portalScopes: list.default([]),
  backendUrl: webUrlOrNone.default(""),
  // Its contents are checked with the document, so that all problems show at once.
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
  maxResources: wholeNumber(300, 100_000).default(300),
  binaryMediaTypes: json(
    z.array(mediaType, { error: "must be a list of media types" }),
    "must be a list of media types",
    "list",
  ).prefault("[]"),
  corsAllowedOrigins: json(
    z
      .array(origin, { error: "must be a list of origins" })
      .refine((origins) => origins.length < 2 || !origins.includes("*"), {
        error: "must be a list of origins, or have * alone",
        params: { expected: "list" },
      }),
    "must be a list of origins",
    "list",
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
  logRetentionDays: wholeNumber(1, 3653)
    .refine((days) => retentionDays.includes(days), {
      error: `must be one of ${retentionDays.join(", ")}, which CloudWatch allows`,
    })
    .default(30),
  manageCloudWatchRole: flag.default(false),
  webAclArn: arn(
    /arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/[^/]+\/[^/]+/,
    "must be the ARN of a regional web ACL, such as arn:aws:wafv2:REGION:ACCOUNT:regional/webacl/NAME/ID",
  ),
  tracing: flag.default(false),
  customDomain: block(customDomainSchema),
  alarms: block(alarmsSchema),
  dashboard: flag.default(false),
  tags: json(tagsSchema, "must be a map of strings").prefault("{}"),
  kmsKeyArn: keyArn,
  deliveryKmsKeyArn: keyArn,
  moesifIngestUrl: firehoseUrl,
  rotateEveryDays: wholeNumber(1, 3650).default(rotateEveryDays),
  portal: block(portalSchema, "must be a map of settings"),
  protect: flag.default(true),
  removalLimit: z
    .string()
    .regex(removalLimit, {
      error: 'must be a number of customers, or a share of them such as "25%"',
      abort: true,
    })
    .refine((limit) => Number.parseInt(limit, 10) >= 1, {
      error: "must be at least 1: one customer may always go",
    })
    .refine((limit) => Number.parseInt(limit, 10) <= (limit.endsWith("%") ? 100 : mostCustomers), {
      error: `must be at most ${mostCustomers} customers or 100%`,
    })
    .default("25%"),
  replaceable: list.default([]),
  shards: wholeNumber(1, 1000).default(1),
  newCustomersPerMinute: wholeNumber(0, 100_000).default(0),
});

/** Keys whose values stay marked as secret. */
export const secretSettings = ["moesifApplicationId", "moesifManagementToken", "stripeApiKey"] as const;
export type SecretSetting = (typeof secretSettings)[number];
