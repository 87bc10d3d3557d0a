// The settings of a stack by name, each with its type, its limits, its default and its description. docs/reference/settings.md has the same as a
// table, and so does `npx customers config`.
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
  "must be the ARN of a key, such as arn:aws:kms:REGION:ACCOUNT:key/ID; an alias does not work",
);

/**
 * Firehose delivers to https at port 443 only, and says so when the stream is made, in the middle of a deployment; the local
 * cloud's collector has no TLS.
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_HttpEndpointConfiguration.html
 */
const firehoseUrl = z
  .string()
  .regex(/^((https:\/\/[\w.-]+(:443)?|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?)(\/[^\s#]*)?)?$/, {
    error: "must be a URL that begins with https:// and has no other port than 443, as Firehose requires",
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

/** Every key but the secret ones. The engine hands over each value as a string. */
export const settingsSchema = z.object({
  customers: path.default("customers").describe("Folder of the customer files."),
  openapi: path
    .default("openapi.yaml")
    .describe("The API's OpenAPI 3 document. Its client credentials scheme declares the scopes."),
  audience: z
    .string({ error: "is missing" })
    .min(1, { error: "must not be empty" })
    .regex(/^(\S(.*\S)?)?$/, { error: "must not begin or end with a space" })
    .describe(
      "Identifier of the API in Auth0, the audience of its tokens. Changing it replaces the API and every grant.",
    ),
  tokenLifetime: wholeNumber(1, 2_592_000)
    .default(86_400)
    .describe("Seconds for which a token is valid. Auth0 bills machine-to-machine tokens by number."),
  portalScopes: list
    .default([])
    .describe(
      "Scopes of the clients that the Developer Portal creates. An empty list means all scopes of the API.",
    ),
  backendUrl: webUrlOrNone
    .default("")
    .describe("Base URL of the service behind the gateway. Paths of the document are appended to it."),
  // Its contents are checked with the document, so that all problems show at once.
  backends: json(
    z.record(z.string(), z.unknown(), { error: "must be a map of backends" }),
    "must be a map of backends",
  )
    .prefault("{}")
    .describe(
      'More backends by name, for operations with "x-backend". Each has the kind http, vpcLink, lambda or mock (docs/reference/gateway.md).',
    ),
  apiType: z
    .enum(["rest", "http"], { error: "must be rest or http" })
    .default("rest")
    .describe(
      "Type of API in API Gateway, rest or http. An HTTP API costs less and has fewer features (docs/reference/gateway.md).",
    ),
  httpAuthorizer: z
    .enum(["lambda", "jwt"], { error: "must be lambda or jwt" })
    .default("lambda")
    .describe(
      "What checks tokens for an HTTP API, lambda (the function, as for a REST API) or jwt (API Gateway itself, with fewer checks).",
    ),
  publicRoutes: list
    .default([])
    .describe(
      'Operations that need no token, such as "GET /health". The document must declare them without security, too.',
    ),
  validateRequests: z
    .enum(["none", "parameters", "body", "all"], { error: "must be none, parameters, body or all" })
    .default("none")
    .describe(
      "Requests that API Gateway refuses by itself, parameters (if required ones are missing), body (if the JSON is invalid), all or none. REST APIs only.",
    ),
  maxResources: wholeNumber(300, 100_000)
    .default(300)
    .describe(
      'Resources (paths and the parts of paths above them) that AWS allows in this API. Set it once AWS has raised the quota "Resources per API". REST APIs only.',
    ),
  binaryMediaTypes: json(
    z.array(mediaType, { error: "must be a list of media types" }),
    "must be a list of media types",
    "list",
  )
    .prefault("[]")
    .describe(
      "Media types whose bodies are bytes, such as image/png or */*, beside those of the document (docs/reference/gateway.md). REST APIs only.",
    ),
  corsAllowedOrigins: json(
    z
      .array(origin, { error: "must be a list of origins" })
      .refine((origins) => origins.length < 2 || !origins.includes("*"), {
        error: "must be a list of origins, or only *",
        params: { expected: "list" },
      }),
    "must be a list of origins",
    "list",
  )
    .prefault("[]")
    .describe(
      "Origins whose pages may call the API from browsers, such as https://app.example.com, or * alone; by default none. A REST API has one.",
    ),
  stageName: z
    .string()
    .regex(/^(\w{1,128}|\$default)$/, { error: "must be 1 to 128 letters, digits or '_', or $default" })
    .default("v1")
    .describe(
      "Name of the API's stage, the first part of its path. An HTTP API may have $default, which is not in the path.",
    ),
  plans: json(plansSchema, "must be a map of plans")
    .prefault("{}")
    .describe(
      "Plans by name, each with an optional throttle, quota and tokenQuota (docs/how-to/plans.md). REST APIs only.",
    ),
  defaultPlan: z
    .string()
    .transform((value) => value || undefined)
    .prefault("")
    .describe(
      "Plan of customers whose files name none, and of all organizations without a file together. Required with plans.",
    ),
  enforcePlans: flag
    .default(true)
    .describe(
      "Refuse requests beyond a plan's limits. With false, plans and keys exist, but API Gateway counts nothing.",
    ),
  authorizerCacheSeconds: wholeNumber(0, 3600)
    .default(60)
    .describe(
      "Seconds (0 to 3600) for which API Gateway caches a decision, and so the longest delay of a suspension.",
    ),
  liveSuspensions: flag
    .default(false)
    .describe(
      "Create a parameter in Systems Manager that suspends organizations, clients and tokens without a deployment.",
    ),
  logRetentionDays: wholeNumber(1, 3653)
    .refine((days) => retentionDays.includes(days), {
      error: `must be one of ${retentionDays.join(", ")}, which CloudWatch allows`,
    })
    .default(30)
    .describe("Days for which logs are kept, one of the values that CloudWatch allows."),
  manageCloudWatchRole: flag
    .default(false)
    .describe(
      "Set the role with which API Gateway writes to CloudWatch. An account has one per region, so it stays when the stack is destroyed.",
    ),
  webAclArn: arn(
    /arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/[^/]+\/[^/]+/,
    "must be the ARN of a regional web ACL, such as arn:aws:wafv2:REGION:ACCOUNT:regional/webacl/NAME/ID",
  ).describe("ARN of a regional web ACL of AWS WAF that checks every request first. REST APIs only."),
  tracing: flag
    .default(false)
    .describe("Trace requests through the stage and the authorizer with X-Ray. REST APIs only."),
  customDomain: block(customDomainSchema).describe(
    "The API's own domain name, its certificate, TLS, base path and optional mutual TLS (docs/how-to/operations.md).",
  ),
  alarms: block(alarmsSchema).describe(
    "CloudWatch alarms, with the topics that they notify (topicArns) and their thresholds (docs/how-to/operations.md).",
  ),
  dashboard: flag
    .default(false)
    .describe("Create a CloudWatch dashboard with the API's calls, decisions and deliveries."),
  tags: json(tagsSchema, "must be a map of strings")
    .prefault("{}")
    .describe("Tags for every AWS resource that can have tags, in addition to project, stack and managedBy."),
  kmsKeyArn: keyArn.describe(
    "ARN of a KMS key for log groups, the stream to Moesif and its backup. Without it, AWS's own keys encrypt them.",
  ),
  deliveryKmsKeyArn: keyArn.describe(
    "ARN of the KMS key for secrets that customers read from their own AWS accounts, which its key policy must allow.",
  ),
  moesifIngestUrl: firehoseUrl.describe(
    "URL of Moesif's Firehose endpoint for API Gateway logs. Without it, the access log goes to CloudWatch.",
  ),
  rotateEveryDays: wholeNumber(1, 3650)
    .default(rotateEveryDays)
    .describe("Age in days from which `npx customers rotation-due` reminds you of a client's secret or key."),
  portal: block(portalSchema, "must be a map of settings").describe(
    "The Developer Portal in AWS, created if this has settings; docs/how-to/portal.md lists them.",
  ),
  protect: flag
    .default(true)
    .describe("Refuse to delete or replace anything of a customer that is not closing."),
  removalLimit: z
    .string()
    .regex(removalLimit, {
      error: 'must be a number of customers, or a share of them such as "25%"',
      abort: true,
    })
    .refine((limit) => Number.parseInt(limit, 10) >= 1, {
      error: "must be at least 1: removing one customer is always allowed",
    })
    .refine((limit) => Number.parseInt(limit, 10) <= (limit.endsWith("%") ? 100 : mostCustomers), {
      error: `must be at most ${mostCustomers} customers or 100%`,
    })
    .default("25%")
    .describe(
      "Most customers, as a number or a percentage, that deployments may cut off within a day. One is always allowed (docs/explanation/ci.md).",
    ),
  replaceable: list
    .default([])
    .describe(
      "Ids of customers whose organization and clients a deployment in CI may replace, which gives them new credentials.",
    ),
  shards: wholeNumber(1, 1000)
    .default(1)
    .describe(
      "Number of stacks among which the customers are split (docs/how-to/scale.md). With 1, they are in this stack.",
    ),
  newCustomersPerMinute: wholeNumber(0, 100_000)
    .default(0)
    .describe(
      "Most customers that a deployment creates per minute, to stay within Auth0's rate limits (docs/how-to/scale.md). 0 means no limit.",
    ),
});

/** Keys whose values stay marked as secret. */
export const secretSettings = ["moesifApplicationId", "moesifManagementToken", "stripeApiKey"] as const;
export type SecretSetting = (typeof secretSettings)[number];

export const secretDescriptions: Readonly<Record<SecretSetting, string>> = {
  moesifApplicationId: "Application id of Moesif, which moesifIngestUrl and portal need.",
  moesifManagementToken: "Token of Moesif's Management API, which portal needs.",
  stripeApiKey: "Secret or restricted key of Stripe, which portal needs.",
};
