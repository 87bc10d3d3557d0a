// The HTTP API (API Gateway v2): its body, and its stage, which deploys every change by itself.

import * as pulumi from "@pulumi/pulumi";
import type { ApiDocument } from "../../openapi/document";
import * as aws from "../../pulumi/aws";
import type { AuthorizerFunction } from "../authorizer/authorizer-function";
import type { Backends } from "../backends/backend";
import { createVpcLinks, permitFunctions } from "../backends/backend-access";
import { type CorsSettings, renderHttpCors } from "../cors";
import type { CustomDomainSettings } from "../domain/custom-domain";
import type { AccessLogs } from "../observability/access-logs";
import { httpAccessLogFormat } from "../observability/log-format";
import type { WatchedResources } from "../observability/metrics";
import {
  type JwtAuthorizer,
  type LambdaAuthorizer,
  renderHttpApiBody,
  renderHttpApiName,
  renderHttpApiVersion,
} from "./http-api-body";

interface HttpApiSettings extends CorsSettings {
  api: ApiDocument;
  /** The company's own services. */
  backends: Backends;
  /** `$default` is served without a name in the path. */
  stageName: string;
  /** Seconds; for so long a suspension may not be noticed. */
  authorizerCacheSeconds: number;
  /** The API's own domain name, at which callers find it. */
  customDomain?: CustomDomainSettings | undefined;
}

export interface HttpApiArgs extends HttpApiSettings {
  authorizer: HttpAuthorizer;
  logs: AccessLogs;
}

/** A function, or API Gateway itself. */
export type HttpAuthorizer =
  | { kind: "lambda"; function: AuthorizerFunction }
  | { kind: "jwt" /** With a slash at the end. */; issuer: string; audience: pulumi.Input<string> };

/** The HTTP API with its one stage. */
export class HttpApi extends pulumi.ComponentResource {
  /** Known once the stage is there. */
  readonly served: Record<"id" | "stageName" | "stageArn" | "executionArn", pulumi.Output<string>>;
  /** Base URL of the stage. */
  readonly url: pulumi.Output<string>;
  /** By what its metrics go. */
  readonly watched: WatchedResources<pulumi.Output<string>>["api"];

  constructor(name: string, args: HttpApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:gateway:HttpApi", name, {}, opts);
    const parent = { parent: this };
    const { api, authorizer, backends, customDomain, stageName, logs } = args;
    const isEndpointOff = customDomain?.defaultEndpoint === false;
    const body = pulumi
      .all([describe(authorizer, args.authorizerCacheSeconds), createVpcLinks(name, backends, parent)])
      .apply(([described, vpcLinkIds]) =>
        renderHttpApiBody(api, { authorizer: described, backends, vpcLinkIds, isEndpointOff }),
      );
    const httpApi = new aws.apigatewayv2.Api(
      name,
      {
        protocolType: "HTTP",
        description: `${api.title} for its customers.`,
        // What the body says too: the import sets both to the body's, and another value here would be set by every second
        // deployment (reimportOpenAPIDefinition in hashicorp/terraform-provider-aws).
        name: renderHttpApiName(api),
        version: renderHttpApiVersion(api),
        body,
        corsConfiguration: renderHttpCors(api, args),
        // A warning says that API Gateway passes over something: it may be what overwrites a caller's own headers.
        failOnWarnings: true,
        disableExecuteApiEndpoint: isEndpointOff,
      },
      parent,
    );
    const { executionArn } = httpApi;
    const stage = new aws.apigatewayv2.Stage(
      name,
      {
        apiId: httpApi.id,
        name: stageName,
        autoDeploy: true,
        accessLogSettings: {
          destinationArn: logs.destinationArn,
          format: httpAccessLogFormat(authorizer.kind),
        },
      },
      {
        ...parent,
        dependsOn: [
          ...(authorizer.kind === "lambda" ? [permit(name, authorizer.function, httpApi, parent)] : []),
          ...permitFunctions(name, backends, { executionArn, stageName }, parent),
        ],
      },
    );
    this.served = { id: httpApi.id, stageName: stage.name, stageArn: stage.arn, executionArn };
    this.watched = { type: "http", id: httpApi.id, stage: args.stageName };
    // That of $default has a slash at the end.
    this.url = stage.invokeUrl.apply((url) => url.replace(/\/$/, ""));
    this.registerOutputs({ url: this.url });
  }
}

function describe(
  authorizer: HttpAuthorizer,
  cacheSeconds: number,
): pulumi.Output<LambdaAuthorizer | JwtAuthorizer> {
  type Described = LambdaAuthorizer | JwtAuthorizer;
  if (authorizer.kind === "lambda") {
    return authorizer.function.invokeArn.apply((uri): Described => ({ kind: "lambda", uri, cacheSeconds }));
  }
  const { kind, issuer } = authorizer;
  return pulumi.output(authorizer.audience).apply((audience): Described => ({ kind, issuer, audience }));
}

/** Lets the API call the function for its authorizers, and for nothing else. */
function permit(
  name: string,
  { functionName }: AuthorizerFunction,
  { executionArn }: aws.apigatewayv2.Api,
  parent: pulumi.ResourceOptions,
): aws.lambda.Permission {
  return new aws.lambda.Permission(
    name,
    {
      function: functionName,
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
      sourceArn: pulumi.interpolate`${executionArn}/authorizers/*`,
    },
    parent,
  );
}
