// What the chosen type of API, or its authorizer, cannot do: reported before anything is created.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html
import type { CustomerDeclaration } from "../customers/load-customers";
import type { ApiDocument } from "../openapi/document";
import { findPublicDetours } from "../openapi/encoded-slashes";
import type { Problem } from "../problems/problem";
import type { ApiTypeSettings } from "./backends/backend";
import type { CustomDomainSettings } from "./domain/custom-domain";
import { readJwtScopes } from "./http/jwt-scopes";
import { checksParameters, selectParameters } from "./rest/request-parameters";

/** The settings that decide the type of API, or that not every type can follow. */
interface GatewaySettings extends ApiTypeSettings {
  /** The stack's file. */
  file: string;
  /** Path of the OpenAPI document. */
  openapi: string;
  stageName: string;
  /** Given if access logs go to Moesif. */
  moesif?: object | undefined;
  liveSuspensions: boolean;
  webAclArn?: string | undefined;
  tracing: boolean;
  customDomain?: Pick<CustomDomainSettings, "minimumTls" | "basePath"> | undefined;
  validateRequests: string;
  /** How many resources AWS allows in the API; default: {@link defaultMaxResources}. */
  maxResources?: number;
  binaryMediaTypes: readonly string[];
  corsAllowedOrigins: readonly string[];
  plans: object;
}

export interface CheckApiTypeArgs {
  settings: GatewaySettings;
  api: ApiDocument;
  customers: readonly Pick<CustomerDeclaration, "id" | "status">[];
}

export interface CheckedApiType {
  problems: Problem[];
  /** The file of the settings, where they have problems; the document is counted elsewhere. */
  files: string[];
}

export function checkApiType(args: CheckApiTypeArgs): CheckedApiType {
  const { settings, api } = args;
  const chosen = kindsOf(settings);
  const found = (file: string, wanted: string, { reason, remedy }: Answer): Problem => ({
    file,
    code: "api-type-unsupported",
    message: `${wanted}: ${reason} ${remedy}`,
  });
  const ofSettings = settingRules
    .filter(({ kind }) => chosen.includes(kind))
    .flatMap((rule) => {
      const wanted = rule.wanted(args);
      return wanted === undefined ? [] : [found(settings.file, wanted, rule)];
    });
  const ofDocument = documentRules
    .filter(({ kind }) => chosen.includes(kind))
    .flatMap((rule) => rule.wanted(api, settings).map((wanted) => found(settings.openapi, wanted, rule)));
  return { problems: [...ofSettings, ...ofDocument], files: ofSettings.length > 0 ? [settings.file] : [] };
}

/** Whether a policy of the authorizer decides on requests, and not API Gateway by the scopes of each route. */
export function needsPolicies({ apiType, httpAuthorizer }: Record<keyof ApiTypeSettings, unknown>): boolean {
  return apiType === "rest" || httpAuthorizer !== "jwt";
}

/** `jwt` is an HTTP API as well. */
type Kind = "rest" | "http" | "jwt";

function kindsOf({ apiType, httpAuthorizer }: ApiTypeSettings): Kind[] {
  if (apiType === "rest") return ["rest"];
  return httpAuthorizer === "jwt" ? ["http", "jwt"] : ["http"];
}

interface Answer {
  /** Why this kind of API cannot do it. */
  reason: string;
  remedy: string;
}

interface SettingRule extends Answer {
  /** Key of the setting, or of what it brings along. */
  setting: string;
  /** Settings that are of no use without it. */
  besides?: string[];
  /** The kind of API that cannot do it. */
  kind: Kind;
  /** The setting that wants it; undefined where none does. */
  wanted(args: CheckApiTypeArgs): string | undefined;
}

interface DocumentRule extends Answer {
  kind: Kind;
  /** The operations that want it, and what. */
  wanted(api: ApiDocument, settings: GatewaySettings): string[];
}

const settingRules: SettingRule[] = [
  {
    setting: "httpAuthorizer",
    kind: "rest",
    wanted: ({ settings }) => (settings.httpAuthorizer === "jwt" ? "httpAuthorizer: jwt" : undefined),
    reason: "only HTTP APIs have a JWT authorizer.",
    remedy: "Set apiType to http, or httpAuthorizer to lambda.",
  },
  {
    setting: "stageName",
    kind: "rest",
    wanted: ({ settings }) => (settings.stageName === "$default" ? "stageName: $default" : undefined),
    reason: "only HTTP APIs have a stage without a name.",
    remedy: "Choose a name such as v1, or set apiType to http.",
  },
  {
    setting: "moesifIngestUrl",
    kind: "http",
    wanted: ({ settings }) => (settings.moesif ? "moesifIngestUrl" : undefined),
    reason: "the access log of an HTTP API goes to CloudWatch; Firehose takes that of a REST API only.",
    remedy:
      "Set apiType to rest; or unset moesifIngestUrl and moesifApplicationId, and let Moesif's SDK in the backend report which customer calls (docs/how-to/moesif.md).",
  },
  {
    setting: "webAclArn",
    kind: "http",
    wanted: ({ settings }) => (settings.webAclArn === undefined ? undefined : "webAclArn"),
    reason: "AWS WAF protects REST APIs only.",
    remedy: "Set apiType to rest, or unset webAclArn.",
  },
  {
    setting: "tracing",
    kind: "http",
    wanted: ({ settings }) => (settings.tracing ? "tracing" : undefined),
    reason: "HTTP APIs have no X-Ray.",
    remedy: "Set apiType to rest, or tracing to false.",
  },
  {
    setting: "customDomain",
    kind: "http",
    wanted: ({ settings }) =>
      settings.customDomain?.minimumTls === "1.3" ? 'customDomain.minimumTls: "1.3"' : undefined,
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
    reason: "the domain name of an HTTP API takes TLS 1.2 too.",
    remedy: 'Set apiType to rest, or minimumTls to "1.2".',
  },
  {
    setting: "validateRequests",
    kind: "http",
    wanted: ({ settings: { validateRequests: checked } }) =>
      checked === "none" ? undefined : `validateRequests: ${checked}`,
    reason: "HTTP APIs do not validate requests.",
    remedy: "Set apiType to rest, or validateRequests to none and let the backend check.",
  },
  {
    setting: "maxResources",
    kind: "http",
    wanted: ({ settings: { maxResources: most = defaultMaxResources } }) =>
      most === defaultMaxResources ? undefined : `maxResources: ${most}`,
    reason: "HTTP APIs have no resources.",
    remedy: "Set apiType to rest, or unset maxResources.",
  },
  {
    setting: "binaryMediaTypes",
    kind: "http",
    wanted: ({ settings: { binaryMediaTypes: types } }) =>
      types.length === 0 ? undefined : `binaryMediaTypes: ${types.join(", ")}`,
    reason: "HTTP APIs pass on every body as it is.",
    remedy: "Unset binaryMediaTypes, or set apiType to rest.",
  },
  {
    setting: "corsAllowedOrigins",
    kind: "rest",
    wanted: ({ settings: { corsAllowedOrigins: origins } }) =>
      origins.length > 1 ? `corsAllowedOrigins: ${origins.join(", ")}` : undefined,
    reason: "a REST API gives every browser the same answer, which names one origin.",
    remedy: "Choose one, or * for all, or set apiType to http.",
  },
  {
    setting: "plans",
    besides: ["defaultPlan", "enforcePlans"],
    kind: "http",
    wanted: ({ settings }) => (Object.keys(settings.plans).length === 0 ? undefined : "plans"),
    reason: "HTTP APIs have neither API keys nor usage plans, so no plan could be enforced.",
    remedy: "Set apiType to rest, or unset plans and defaultPlan.",
  },
  {
    setting: "liveSuspensions",
    kind: "jwt",
    wanted: ({ settings }) => (settings.liveSuspensions ? "liveSuspensions" : undefined),
    reason: "a JWT authorizer knows tokens only, and no list of suspensions.",
    remedy: "Set httpAuthorizer to lambda, or liveSuspensions to false.",
  },
  {
    setting: "customers",
    kind: "jwt",
    wanted: ({ customers }) => {
      const denied = customers.filter(({ status }) => status !== "active");
      return denied.length === 0
        ? undefined
        : `httpAuthorizer: jwt, with ${denied.map(({ id, status }) => `${id} (${status})`).join(", ")}`;
    },
    reason:
      "a JWT authorizer accepts every token that the tenant issues, even for customers who are not active.",
    remedy: "Set httpAuthorizer to lambda, or remove these customers' files once their tokens have expired.",
  },
];

const documentRules: DocumentRule[] = [
  {
    kind: "rest",
    wanted: findPublicDetours,
    reason:
      "a REST API passes decoded path parameters to HTTP backends, so a request with an encoded slash or letter reaches the one without a token, and the backend may read it as the other.",
    remedy:
      'Require a token for both, or set "x-encoded-slashes: allow" on the public one if its backend cannot read it that way.',
  },
  {
    kind: "rest",
    wanted: ({ operations }, { maxResources: most = defaultMaxResources }) => {
      const count = countResources(operations);
      return count > most ? [`${count} resources`] : [];
    },
    reason:
      "each path and each part of a path above it is a resource, and AWS allows as many as maxResources sets.",
    remedy:
      'Split the document; or have AWS raise the quota "Resources per API" in Service Quotas, then set maxResources to it.',
  },
  {
    kind: "rest",
    wanted: ({ operations }, settings) =>
      checksParameters(settings)
        ? operations.flatMap((operation) =>
            selectParameters(operation).unchecked.map(
              ({ name, in: place }) =>
                `${operation.method} ${operation.path} requires "${name}" in the ${place}, and uses the name in another place, too`,
            ),
          )
        : [],
    reason: "API Gateway takes a parameter's name in one place only: the path, the query or the headers.",
    remedy: "Rename one of them, or set validateRequests to none or body and let the backend check.",
  },
  {
    kind: "rest",
    wanted: ({ operations }, { customDomain }) =>
      customDomain && customDomain.basePath === undefined
        ? operations
            .filter(({ path }) => path === "/ping" || path === "/sping")
            .map(({ method, path }) => `${method} ${path}`)
        : [],
    reason: "at the root of a custom domain, AWS answers /ping and /sping itself.",
    remedy: "Rename the path, or set customDomain.basePath.",
  },
  {
    kind: "http",
    wanted: ({ operations }) =>
      operations
        .filter(({ encodedSlashes }) => encodedSlashes)
        .map(({ method, path }) => `${method} ${path} allows encoded slashes`),
    reason:
      "an HTTP API decodes the path before it chooses the operation, so that no parameter holds a slash.",
    remedy: "Remove x-encoded-slashes, or set apiType to rest.",
  },
  {
    kind: "http",
    wanted: ({ minimumCompressionSize: size }) =>
      size === undefined ? [] : [`x-amazon-apigateway-minimum-compression-size: ${size}`],
    reason: "HTTP APIs pass on answers as they are.",
    remedy: "Remove it and compress in the backend, or set apiType to rest.",
  },
  {
    kind: "http",
    wanted: ({ operations }) =>
      operations.length > maxIntegrations ? [`${operations.length} operations`] : [],
    reason: "an HTTP API has at most 300 integrations, a quota that AWS does not raise.",
    remedy: "Set apiType to rest, or split the document.",
  },
  {
    kind: "jwt",
    wanted: ({ operations }) =>
      operations.flatMap(({ method, path, security }) =>
        readJwtScopes(security).together.map(
          (set) => `${method} ${path} requires ${set.join(" and ")} at once`,
        ),
      ),
    reason: "a JWT authorizer accepts a token with any one of a route's scopes.",
    remedy: "Require one scope that stands for all of them, or set httpAuthorizer to lambda.",
  },
  {
    kind: "jwt",
    wanted: ({ operations }) =>
      operations.flatMap(({ method, path, security }) => {
        const { length } = readJwtScopes(security).scopes;
        return length > maxRouteScopes ? [`${method} ${path} takes one of ${length} scopes`] : [];
      }),
    reason: "a route with a JWT authorizer has at most 10 scopes.",
    remedy: "Require fewer, or set httpAuthorizer to lambda.",
  },
];

/** The settings that are not good for every kind of API. */
export const restrictedSettings: ReadonlySet<string> = new Set(
  settingRules.flatMap(({ setting, besides = [] }) => [setting, ...besides]),
);

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html; the program has one audience of 50.
const maxIntegrations = 300;
const maxRouteScopes = 10;

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
const defaultMaxResources = 300;

/** The root is one of them. */
function countResources(operations: ApiDocument["operations"]): number {
  const resources = new Set(["/"]);
  for (const { path, gatewayPath = path } of operations) {
    const parts = gatewayPath.split("/");
    for (let length = 2; length <= parts.length; length += 1) {
      resources.add(parts.slice(0, length).join("/"));
    }
  }
  return resources.size;
}
