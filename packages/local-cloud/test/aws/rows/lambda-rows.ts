import { archive } from "../../../testing/fixture";
import { type Row, required } from "./row";

const code = archive("export const handler = async () => 1;");

export const lambda: Row[] = [
  {
    type: "lambda/function",
    inputs: ({ lambdaRole }) => ({
      name: "row-function",
      role: lambdaRole.outputs.arn,
      runtime: "nodejs24.x",
      handler: "index.handler",
      code,
    }),
    change: { code: archive("export const handler = async () => 2;"), memorySize: 256 },
    replaced: ["name", "packageType"],
    refused: {
      "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html": [
        ["role", undefined, /required/],
        ["name", "with.dot", /up to 64 letters/],
        ...required("code", "handler", "runtime"),
        ["description", "x".repeat(257), /at most 256/],
        ["memorySize", 10241, /from 128 to 10240/],
        ["timeout", 0, /from 1 to 900/],
        { given: { architectures: ["x86"] }, property: "architectures[0]", message: /arm64, x86_64/ },
        ["handler", "index handler", /not valid/],
        ["code", "index.mjs", /archive/],
        ["role", "arn:aws:s3:::bucket", /ARN of a resource of iam/],
      ],
      "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html": [
        { given: { role: "arn:aws:iam::123456789012:role/nobody" }, message: /cannot be assumed by Lambda/ },
        {
          given: ({ gatewayRole }) => ({ role: gatewayRole.outputs.arn }),
          message: /creating Lambda Function \(row-function\).*cannot be assumed by Lambda/,
        },
      ],
      "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html": [
        ["runtime", "nodejs20.x", /nodejs22.x, nodejs24.x, not "nodejs20.x"/],
        ["runtime", "node24", /one of/],
      ],
      "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html": [
        ["timeout", 901, /1 to 900/],
        ["memorySize", 64, /128 to 10240/],
        {
          given: { environment: { variables: { LARGE: "x".repeat(4096) } } },
          property: "environment.variables",
          message: /at most 4096/,
        },
      ],
      "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html": [
        {
          given: { environment: { variables: { AWS_REGION: "us-east-1" } } },
          property: "environment.variables.AWS_REGION",
          message: /reserved/,
        },
        ["environment.variables.AWS_DEFAULT_REGION", "us-east-1", /reserved/],
        {
          given: { environment: { variables: { "1ST": "1" } } },
          property: "environment.variables.1ST",
          message: /not a valid name/,
        },
      ],
      "https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html": [
        {
          given: { environment: { variables: { COUNT: 1 } } },
          property: "environment.variables.COUNT",
          message: /must be a string, not 1/,
        },
      ],
      "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html": [
        {
          given: { loggingConfig: { logFormat: "Text", applicationLogLevel: "WARN" } },
          property: "loggingConfig.applicationLogLevel",
          message: /logFormat "JSON"/,
        },
      ],
      "https://docs.aws.amazon.com/lambda/latest/api/API_LoggingConfig.html": [
        ...required("loggingConfig.logFormat"),
        ["loggingConfig.applicationLogLevel", "other", /TRACE, DEBUG, INFO, WARN, ERROR, FATAL, not/],
        ["loggingConfig.logFormat", "other", /JSON, Text, not/],
        ["loggingConfig.systemLogLevel", "other", /DEBUG, INFO, WARN, not/],
      ],
      "https://docs.aws.amazon.com/lambda/latest/api/API_TracingConfig.html": [
        ...required("tracingConfig.mode"),
        ["tracingConfig.mode", "other", /Active, PassThrough, not/],
      ],
      "local: it has no other properties": [["memory", 256, /not supported/]],
      "local: of the values that AWS takes, those that the local cloud serves": [
        ["packageType", "other", /Zip, not/],
      ],
      "local: the AWS provider's schema has it so": [
        ["environment", "A=1", /must be an object, not "A=1"/],
        ["environment.variables", "A=1", /must be a map, not "A=1"/],
        ["architectures", "arm64", /must be a list, not "arm64"/],
        ["reservedConcurrentExecutions", -2, /from -1 to/],
      ],
    },
  },
  {
    type: "lambda/alias",
    inputs: ({ function: { id } }) => ({ name: "live", functionName: id, functionVersion: "$LATEST" }),
    change: { description: "changed" },
    replaced: ["functionName", "name"],
    importedAs: ({ inputs }) => `${inputs.functionName}/live`,
    refused: {
      "https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html": [
        ["functionName", undefined, /required/],
        ["name", "42", /not digits only/],
        {
          given: { functionName: "nobody" },
          message: /ResourceNotFoundException: Function not found: nobody/,
        },
        ...required("functionVersion", "name"),
        ["description", "x".repeat(257), /at most 256/],
      ],
      "local: it publishes no versions": [["functionVersion", "7", /\$LATEST, not "7"/]],
    },
  },
  {
    type: "lambda/permission",
    inputs: ({ function: { id } }) => ({
      statementId: "row-permission",
      function: id,
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
    }),
    change: undefined,
    replaced: ["action", "function", "principal", "qualifier", "sourceAccount", "sourceArn", "statementId"],
    importedAs: ({ inputs }) => `${inputs.function}/row-permission`,
    refused: {
      "https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html": [
        ["function", undefined, /required/],
        ["action", "InvokeFunction", /not valid/],
        ["principal", "API Gateway", /not valid/],
        ["sourceArn", "abc123/*", /must be an ARN/],
        ["sourceAccount", "12", /not valid/],
        { given: { function: "nobody" }, message: /ResourceNotFoundException: Function not found: nobody/ },
        ...required("action", "principal"),
        ["statementId", "with.dot", /not valid/],
      ],
    },
  },
];
