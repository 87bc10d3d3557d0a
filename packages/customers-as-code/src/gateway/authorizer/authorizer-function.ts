// The Lambda function that checks tokens, with no more rights than to write its own log and to read what its configuration names.

import * as pulumi from "@pulumi/pulumi";
import type { CompiledRoutes } from "#authorizer/build/compile";
import type { AuthorizerConfig } from "#authorizer/config";
import * as aws from "../../pulumi/aws";
import { ServiceRole, type ServiceRoleArgs } from "../../pulumi/service-role";
import { readAuthorizerFiles } from "./authorizer-code";

export interface AuthorizerFunctionArgs {
  /** An output, since Pulumi searches an input for outputs, and that takes long in the routes of a large API. */
  config: pulumi.Output<AuthorizerConfig<CompiledRoutes>>;
  logRetentionDays: number;
  /** Key that encrypts its log; default: a key of AWS's own. */
  kmsKeyArn?: string | undefined;
  /** Have X-Ray follow requests into the function. */
  tracing: boolean;
  /** What its role may do beside writing the log. */
  allow: ServiceRoleArgs["allow"];
}

/** The authorizer's function, its role and its log group. */
export class AuthorizerFunction extends pulumi.ComponentResource {
  /** Name for {@link aws.lambda.Permission}. */
  readonly functionName: pulumi.Output<string>;
  readonly functionArn: pulumi.Output<string>;
  /** What API Gateway calls. */
  readonly invokeArn: pulumi.Output<string>;
  /** ARN of the role in which it runs. */
  readonly roleArn: pulumi.Output<string>;
  /** Of its log, which has a line for each decision (docs/explanation/authorizer.md). */
  readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: AuthorizerFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:gateway:AuthorizerFunction", name, {}, opts);
    const parent = { parent: this };
    const logs = new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: args.logRetentionDays, kmsKeyId: args.kmsKeyArn },
      parent,
    );
    const role = new ServiceRole(
      name,
      {
        service: "lambda.amazonaws.com",
        allow: [
          {
            actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
            resource: pulumi.interpolate`${logs.arn}:*`,
          },
          ...args.allow,
          ...(args.tracing ? [writeTraces] : []),
        ],
      },
      parent,
    );
    const lambda = new aws.lambda.Function(
      name,
      {
        description: "Checks the access tokens of the API's customers.",
        role: role.arn,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: args.config.apply(
          (config) =>
            new pulumi.asset.AssetArchive(
              Object.fromEntries(
                Object.entries(readAuthorizerFiles(config)).map(([path, text]) => [
                  path,
                  new pulumi.asset.StringAsset(text),
                ]),
              ),
            ),
        ),
        // API Gateway waits 10 seconds for an authorizer.
        timeout: 5,
        memorySize: 256,
        loggingConfig: { logFormat: "JSON", logGroup: logs.name },
        ...(args.tracing && { tracingConfig: { mode: "Active" } }),
      },
      parent,
    );
    this.functionName = lambda.name;
    this.functionArn = lambda.arn;
    this.invokeArn = lambda.invokeArn;
    this.roleArn = role.arn;
    this.logGroupName = logs.name;
    this.registerOutputs({ functionName: this.functionName });
  }
}

/**
 * X-Ray has no resources that these could name.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
 */
const writeTraces = { actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resource: "*" };
