// The REST API (API Gateway v1): its body, its deployment and its stage.
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { PlanSettings } from "../../customers/plans";
import { type ApiDocument, listAuthorizedRoutes } from "../../openapi/document";
import * as aws from "../../pulumi/aws";
import type { AuthorizerFunction } from "../authorizer/authorizer-function";
import type { Backends } from "../backends/backend";
import { createVpcLinks, permitFunctions } from "../backends/backend-access";
import type { CorsSettings } from "../cors";
import { type CustomDomainSettings, namelessSecurity, restSecurity } from "../domain/custom-domain";
import type { AccessLogs } from "../observability/access-logs";
import type { WatchedResources } from "../observability/metrics";
import type { ApiKeys } from "./api-keys";
import { type BinarySettings, combineBinaryMediaTypes } from "./binary-bodies";
import { renderRestApiBody, type ValidationSettings } from "./rest-api-body";
import { UsagePlans } from "./usage-plans";

export interface RestApiSettings extends CorsSettings, ValidationSettings, BinarySettings, PlanSettings {
  /** Whether requests count in the plans, and are refused beyond them. */
  enforcePlans: boolean;
  api: ApiDocument;
  /** The company's own services. */
  backends: Backends;
  stageName: string;
  /** Seconds; for so long a suspension may not be noticed. */
  authorizerCacheSeconds: number;
  /** Give API Gateway the account-wide role with which it writes to CloudWatch. One program per account and region. */
  manageCloudWatchRole: boolean;
  /** A web ACL of AWS WAF that requests pass first. */
  webAclArn?: string | undefined;
  /** Have X-Ray follow requests. */
  tracing: boolean;
  /** The API's own domain name, at which callers find it. */
  customDomain?: CustomDomainSettings | undefined;
}

export interface RestApiArgs extends RestApiSettings {
  authorizer: AuthorizerFunction;
  logs: AccessLogs;
  /** Given where there are plans. */
  keys?: ApiKeys | undefined;
}

/** The REST API with its one stage. */
export class RestApi extends pulumi.ComponentResource {
  /** Known once the stage is there. */
  readonly served: Record<"id" | "stageName" | "stageArn" | "executionArn", pulumi.Output<string>>;
  /** Base URL of the stage. */
  readonly url: pulumi.Output<string>;
  /** By what its metrics go. */
  readonly watched: WatchedResources<pulumi.Output<string>>["api"];

  constructor(name: string, args: RestApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:gateway:RestApi", name, {}, opts);
    const parent = { parent: this };
    const { api, authorizer, backends, customDomain, stageName, logs, keys, plans, defaultPlan } = args;
    const isEndpointOff = customDomain?.defaultEndpoint === false;
    const security = customDomain ? restSecurity(customDomain) : namelessSecurity;
    const metersUsage = keys !== undefined && args.enforcePlans;
    const binaryMediaTypes = combineBinaryMediaTypes(api, args);
    const body = pulumi
      .all([authorizer.invokeArn, createVpcLinks(name, backends, parent)])
      .apply(([authorizerUri, vpcLinkIds]) =>
        renderRestApiBody(api, { ...args, metersUsage, authorizerUri, vpcLinkIds }),
      );
    const restApi = new aws.apigateway.RestApi(
      name,
      {
        description: `${api.title} for its customers.`,
        endpointConfiguration: { types: "REGIONAL" },
        body,
        // What the body says too: where the program says nothing, the provider sets it back to the state's after the import.
        apiKeySource: metersUsage ? "AUTHORIZER" : "HEADER",
        // Likewise. An empty list would be none for the provider.
        ...(binaryMediaTypes.length > 0 && { binaryMediaTypes }),
        ...(api.minimumCompressionSize !== undefined && {
          minimumCompressionSize: String(api.minimumCompressionSize),
        }),
        // Also without a name: what is unset stays as it was when there was one.
        ...security,
        disableExecuteApiEndpoint: isEndpointOff,
      },
      parent,
    );
    const permission = new aws.lambda.Permission(
      name,
      {
        function: authorizer.functionName,
        action: "lambda:InvokeFunction",
        principal: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${restApi.executionArn}/authorizers/*`,
      },
      parent,
    );
    const permissions = [
      permission,
      ...permitFunctions(name, backends, { executionArn: restApi.executionArn, stageName }, parent),
    ];
    const deployment = new aws.apigateway.Deployment(
      name,
      {
        restApi: restApi.id,
        // Scopes are the authorizer's matter and not in the body; but each state of the API that customers meet has a
        // deployment of its own, in whose list the company finds when it changed.
        triggers: {
          body: body.apply(sha256),
          scopes: sha256(JSON.stringify(listAuthorizedRoutes(api.operations))),
          // Both take effect with the next deployment only:
          // https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html
          // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-update.html
          defaultEndpoint: isEndpointOff ? "off" : "on",
          securityPolicy: security.securityPolicy,
        },
      },
      { ...parent, dependsOn: permissions },
    );
    const stage = new aws.apigateway.Stage(
      name,
      {
        restApi: restApi.id,
        deployment: deployment.id,
        stageName,
        accessLogSettings: { destinationArn: logs.destinationArn, format: logs.format },
        xrayTracingEnabled: args.tracing,
      },
      { ...parent, dependsOn: args.manageCloudWatchRole ? createCloudWatchRole(name, parent) : [] },
    );
    if (args.webAclArn !== undefined) {
      const association = { resourceArn: stage.arn, webAclArn: args.webAclArn };
      new aws.wafv2.WebAclAssociation(name, association, parent);
    }
    const { executionArn } = restApi;
    this.served = { id: restApi.id, stageName: stage.stageName, stageArn: stage.arn, executionArn };
    this.watched = { type: "rest", name: restApi.name, stage: args.stageName };
    const usagePlans =
      keys && defaultPlan !== undefined
        ? new UsagePlans(
            name,
            { plans, defaultPlan, keys, restApiId: restApi.id, stageName: stage.stageName },
            parent,
          )
        : undefined;
    // The program's end waits for its outputs, and so for what is registered in waves.
    this.url = usagePlans
      ? pulumi.all([stage.invokeUrl, usagePlans.registered]).apply(([url]) => url)
      : stage.invokeUrl;
    this.registerOutputs({ url: this.url });
  }
}

/**
 * API Gateway writes to CloudWatch with a role that is set once per account and region, for all of its APIs: it outlives
 * the stack that set it. To delete the resource would take it from them (hashicorp/terraform-provider-aws#42226).
 */
function createCloudWatchRole(name: string, parent: pulumi.ResourceOptions): aws.apigateway.Account {
  const lasting = { ...parent, retainOnDelete: true };
  const role = new aws.iam.Role(
    `${name}-cloudwatch`,
    { assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "apigateway.amazonaws.com" }) },
    lasting,
  );
  const policy = new aws.iam.RolePolicyAttachment(
    `${name}-cloudwatch`,
    {
      role: role.name,
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
    },
    lasting,
  );
  return new aws.apigateway.Account(name, { cloudwatchRoleArn: role.arn }, { ...lasting, dependsOn: policy });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
