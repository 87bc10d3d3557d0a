// The API Gateway in front of the company's API: the API, its authorizer and its access log.
import * as pulumi from "@pulumi/pulumi";
import type { Jwks } from "#authorizer/config";
import type { CompiledApi } from "../openapi/document";
import { renderAuthorizerConfig } from "./authorizer/authorizer-config";
import { AuthorizerFunction } from "./authorizer/authorizer-function";
import { fetchJwks } from "./authorizer/jwks";
import { SuspensionList } from "./authorizer/suspension-list";
import type { ApiTypeSettings } from "./backends/backend";
import { CustomDomain } from "./domain/custom-domain";
import { HttpApi, type HttpAuthorizer } from "./http/http-api";
import { AccessLogs, type AccessLogsArgs } from "./observability/access-logs";
import { type AlarmSettings, Alarms } from "./observability/alarms";
import { Dashboard } from "./observability/dashboard";
import type { WatchedResources } from "./observability/metrics";
import { describeRenamedParameters } from "./renamed-parameters";
import type { CustomerOrganization } from "./rest/api-keys";
import { ApiKeys, type MeteredCustomer } from "./rest/api-keys";
import { checksParameters, describeRequiredHeaders } from "./rest/request-parameters";
import { RestApi, type RestApiSettings } from "./rest/rest-api";

/** Arguments of {@link Gateway}: beside these, settings by their names (docs/reference/settings.md). */
export interface GatewayArgs extends AccessLogsArgs, RestApiSettings, ApiTypeSettings {
  /** The OpenAPI document, as {@link openCompany} has read it. */
  api: CompiledApi;
  /** Issuer of the tokens, with a slash at the end. */
  issuer: string;
  /** Keys of the issuer; default: read from its JWKS endpoint. */
  jwks?: pulumi.Input<Jwks>;
  /** Audience of the tokens. */
  audience: pulumi.Input<string>;
  /** As their files say. */
  customers: readonly MeteredCustomer[];
  /** What became of them in Auth0. */
  organizations: Promise<readonly CustomerOrganization[]>;
  /** Ids of the organizations whose calls are denied: of all customers who are not active, and of those without a file. */
  denied: pulumi.Input<string[]>;
  /** Make a list of suspensions that people can change without a deployment. */
  liveSuspensions: boolean;
  /** Alarms of CloudWatch, with their topics and thresholds. */
  alarms?: AlarmSettings | undefined;
  /** Make a dashboard of the API. */
  dashboard: boolean;
}

/** The authorizer's function, if one of the stack checks the tokens. */
export interface DeclaredAuthorizer {
  /** Name of the Lambda function. */
  functionName: pulumi.Output<string>;
  /** ARN of the Lambda function. */
  functionArn: pulumi.Output<string>;
  /** ARN of its role. */
  roleArn: pulumi.Output<string>;
  /** Name of its log group, which has a line for each decision. */
  logGroupName: pulumi.Output<string>;
}

/**
 * The API Gateway in front of the company's API: a REST or an HTTP API with its authorizer, access log, plans, domain name, alarms
 * and dashboard, as the settings say.
 *
 * @example
 * const gateway = new Gateway("gateway", {
 *   ...company.settings,
 *   api: company.api,
 *   backends: company.backends,
 *   jwks: company.jwks,
 *   customers: company.customers,
 *   organizations: customers.organizations,
 *   denied: customers.denied,
 * });
 */
export class Gateway extends pulumi.ComponentResource {
  /** Base URL of the API for customers. */
  readonly url: pulumi.Output<string>;
  /** Id of the REST or HTTP API. */
  readonly apiId: pulumi.Output<string>;
  /** ARN with which permissions name calls of the API: `EXECUTION_ARN/STAGE/METHOD/PATH`. */
  readonly executionArn: pulumi.Output<string>;
  /** Name of the stage, known once it is there. */
  readonly stageName: pulumi.Output<string>;
  /** ARN of the stage, with which AWS WAF associates a web ACL. */
  readonly stageArn: pulumi.Output<string>;
  /** What checks the tokens; undefined if API Gateway does it by itself. */
  readonly authorizer: DeclaredAuthorizer | undefined;
  /** Name of the log group of the access log; with Moesif, of what Firehose could not deliver. */
  readonly accessLogGroupName: pulumi.Output<string>;
  /** Where DNS must lead the API's own domain name, if it has one. */
  readonly domainTarget: pulumi.Output<string> | undefined;
  /** Hosted zone of {@link domainTarget}, which an alias record of Route 53 names. */
  readonly domainTargetZoneId: pulumi.Output<string> | undefined;
  /** Name of the Systems Manager's parameter with the live list of suspensions, where there is one. */
  readonly suspensionsParameter: pulumi.Output<string> | undefined;

  constructor(name: string, args: GatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:gateway:Gateway", name, {}, opts);
    const parent = { parent: this };
    const { apiType, audience, customDomain, issuer } = args;
    const notes = describeRenamedParameters(args.api, args.backends);
    if (checksParameters(args)) notes.push(...describeRequiredHeaders(args.api.operations));
    for (const note of notes) void pulumi.log.info(note, this);
    const suspensions = args.liveSuspensions ? new SuspensionList(`${name}-suspensions`, parent) : undefined;
    const logs = new AccessLogs(`${name}-access-logs`, args, parent);
    const keys = args.defaultPlan === undefined ? undefined : new ApiKeys(name, args, parent);
    const checker = hasFunction(args)
      ? createAuthorizerFunction(`${name}-authorizer`, args, suspensions, keys, parent)
      : undefined;
    const httpAuthorizer: HttpAuthorizer = checker
      ? { kind: "lambda", function: checker }
      : { kind: "jwt", issuer, audience };
    const api =
      apiType === "rest" && checker
        ? new RestApi(name, { ...args, authorizer: checker, logs, keys }, parent)
        : new HttpApi(name, { ...args, authorizer: httpAuthorizer, logs }, parent);
    const domain = customDomain
      ? new CustomDomain(`${name}-domain`, { ...customDomain, api: { type: apiType, ...api.served } }, parent)
      : undefined;
    watch(
      name,
      args,
      {
        api: api.watched,
        authorizer: checker && { functionName: checker.functionName, name: metricsName(args) },
        stream: logs.streamName,
      },
      parent,
    );
    this.url = domain ? pulumi.all([domain.url, api.url]).apply(([url]) => url) : api.url;
    this.apiId = api.served.id;
    this.executionArn = api.served.executionArn;
    this.stageName = api.served.stageName;
    this.stageArn = api.served.stageArn;
    this.authorizer = checker;
    this.accessLogGroupName = logs.logGroupName;
    this.domainTarget = domain?.target;
    this.domainTargetZoneId = domain?.targetZoneId;
    this.suspensionsParameter = suspensions?.parameterName;
    this.registerOutputs({ url: this.url });
  }
}

/** The issuer's keys, to be read before anything is declared; absent if API Gateway reads them itself. */
export async function fetchIssuerKeys({ issuer, ...settings }: KeySettings): Promise<Jwks | undefined> {
  return hasFunction(settings) ? fetchJwks(issuer) : undefined;
}

type KeySettings = Pick<GatewayArgs, "apiType" | "httpAuthorizer" | "issuer">;

/** Whether a function of the stack checks the tokens. */
function hasFunction({ apiType, httpAuthorizer }: Omit<KeySettings, "issuer">): boolean {
  return apiType === "rest" || httpAuthorizer === "lambda";
}

/** Two stacks of an account may have APIs of the same title. */
function metricsName({ api }: GatewayArgs): string {
  return `${api.title} (${pulumi.getStack()})`;
}

function watch(
  name: string,
  { alarms, api, dashboard }: GatewayArgs,
  watched: WatchedResources<pulumi.Output<string>>,
  parent: pulumi.ResourceOptions,
): void {
  const alarmArns = alarms ? new Alarms(name, { ...alarms, watched }, parent).arns : [];
  if (dashboard) new Dashboard(name, { title: api.title, watched, alarmArns }, parent);
}

function createAuthorizerFunction(
  name: string,
  args: GatewayArgs,
  suspensions: SuspensionList | undefined,
  keys: ApiKeys | undefined,
  parent: pulumi.ResourceOptions,
): AuthorizerFunction {
  const config = pulumi
    .output({
      jwks: args.jwks ?? fetchJwks(args.issuer),
      audience: args.audience,
      suspended: args.denied,
      usageKeys: keys?.collectKeyValues(args.organizations),
      suspensionsParameter: suspensions?.parameterName,
    })
    .apply((told) =>
      renderAuthorizerConfig({ name: metricsName(args), api: args.api, issuer: args.issuer, ...told }),
    );
  const allow = suspensions ? [{ actions: ["ssm:GetParameter"], resource: suspensions.parameterArn }] : [];
  return new AuthorizerFunction(name, { ...args, config, allow }, parent);
}
