// The API Gateway in front of the company's API: the REST API, its authorizer, its stage and its access log.
import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Jwks } from "../authorizer/config";
import { AccessLogs, type AccessLogsArgs } from "./access-logs";
import { authorizerConfig } from "./authorizer-config";
import { AuthorizerFunction } from "./authorizer-function";
import type { ApiDocument } from "./document";
import { fetchJwks } from "./jwks";
import { renderRestApiBody } from "./rest-api-body";
import { SuspensionList } from "./suspension-list";

export interface GatewayArgs extends AccessLogsArgs {
  api: ApiDocument;
  /** Issuer of the tokens, with a slash at the end. */
  issuer: string;
  /** Keys of the issuer; default: read from its JWKS endpoint. */
  jwks?: pulumi.Input<Jwks>;
  /** Audience of the tokens. */
  audience: pulumi.Input<string>;
  /** Ids of organizations whose requests are denied. */
  suspendedOrganizations: pulumi.Input<string>[];
  /** Make a list of suspensions that people can change without a deployment. */
  liveSuspensions: boolean;
  /** Base URL of the company's own service. */
  backendUrl: string;
  stageName: string;
  /** Seconds; for so long a suspension may not be noticed. */
  authorizerCacheSeconds: number;
  /** Give API Gateway the account-wide role with which it writes to CloudWatch. One program per account and region. */
  manageCloudWatchRole: boolean;
}

/** The gateway. */
export class Gateway extends pulumi.ComponentResource {
  /** Base URL of the API for customers. */
  readonly url: pulumi.Output<string>;
  /** Name of the Systems Manager's parameter with the live list of suspensions, where there is one. */
  readonly suspensionsParameter: pulumi.Output<string> | undefined;

  constructor(name: string, args: GatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:gateway:Gateway", name, {}, opts);
    const parent = { parent: this };
    const suspensions = args.liveSuspensions ? new SuspensionList(`${name}-suspensions`, parent) : undefined;
    const authorizer = new AuthorizerFunction(
      `${name}-authorizer`,
      {
        config: pulumi
          .output({
            jwks: args.jwks ?? fetchJwks(args.issuer),
            audience: args.audience,
            suspended: args.suspendedOrganizations,
            suspensionsParameter: suspensions?.parameterName,
          })
          .apply((told) => authorizerConfig({ api: args.api, issuer: args.issuer, ...told })),
        logRetentionDays: args.logRetentionDays,
        allow: suspensions ? [{ actions: ["ssm:GetParameter"], resource: suspensions.parameterArn }] : [],
      },
      parent,
    );
    const body = authorizer.invokeArn.apply((authorizerUri) =>
      renderRestApiBody(args.api, { ...args, authorizerUri }),
    );
    const restApi = new aws.apigateway.RestApi(
      name,
      {
        description: `${args.api.title} for its customers.`,
        endpointConfiguration: { types: "REGIONAL" },
        body,
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
    const deployment = new aws.apigateway.Deployment(
      name,
      { restApi: restApi.id, triggers: { body: body.apply(sha256) } },
      { ...parent, dependsOn: permission },
    );
    const logs = new AccessLogs(`${name}-access-logs`, args, parent);
    const stage = new aws.apigateway.Stage(
      name,
      {
        restApi: restApi.id,
        deployment: deployment.id,
        stageName: args.stageName,
        accessLogSettings: { destinationArn: logs.destinationArn, format: logs.format },
      },
      { ...parent, dependsOn: args.manageCloudWatchRole ? createCloudWatchRole(name, parent) : [] },
    );
    this.url = stage.invokeUrl;
    this.suspensionsParameter = suspensions?.parameterName;
    this.registerOutputs({ url: this.url });
  }
}

/** API Gateway writes to CloudWatch with a role that is set once per account and region. */
function createCloudWatchRole(name: string, parent: pulumi.ResourceOptions): aws.apigateway.Account {
  const role = new aws.iam.Role(
    `${name}-cloudwatch`,
    { assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "apigateway.amazonaws.com" }) },
    parent,
  );
  const policy = new aws.iam.RolePolicyAttachment(
    `${name}-cloudwatch`,
    {
      role: role.name,
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
    },
    parent,
  );
  return new aws.apigateway.Account(name, { cloudwatchRoleArn: role.arn }, { ...parent, dependsOn: policy });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
