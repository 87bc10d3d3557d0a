import { archive } from "../fixture";
import type { Row } from "./row";

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
    refused: [
      { given: { role: undefined }, property: "role", message: /required/ },
      { given: { memory: 256 }, property: "memory", message: /not supported/ },
      { given: { name: "with.dot" }, property: "name", message: /up to 64 letters/ },
      // https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
      {
        given: { runtime: "nodejs20.x" },
        property: "runtime",
        message: /nodejs22.x, nodejs24.x, not "nodejs20.x"/,
      },
      { given: { runtime: "node24" }, property: "runtime", message: /one of/ },
      { given: { architectures: ["x86"] }, property: "architectures[0]", message: /arm64, x86_64/ },
      { given: { handler: "index handler" }, property: "handler", message: /not valid/ },
      { given: { code: "index.mjs" }, property: "code", message: /archive/ },
      { given: { role: "arn:aws:s3:::bucket" }, property: "role", message: /ARN of a resource of iam/ },
      // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
      { given: { timeout: 901 }, property: "timeout", message: /1 to 900/ },
      { given: { memorySize: 64 }, property: "memorySize", message: /128 to 10240/ },
      {
        given: { environment: { variables: { LARGE: "x".repeat(4096) } } },
        property: "environment.variables",
        message: /at most 4096/,
      },
      // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
      {
        given: { environment: { variables: { AWS_REGION: "us-east-1" } } },
        property: "environment.variables.AWS_REGION",
        message: /reserved/,
      },
      {
        given: { environment: { variables: { "1ST": "1" } } },
        property: "environment.variables.1ST",
        message: /not a valid name/,
      },
      {
        given: { environment: { variables: { COUNT: 1 } } },
        property: "environment.variables.COUNT",
        message: /must be a text, not 1/,
      },
      // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
      {
        given: { loggingConfig: { logFormat: "Text", applicationLogLevel: "WARN" } },
        property: "loggingConfig.applicationLogLevel",
        message: /logFormat "JSON"/,
      },
      {
        given: ({ gatewayRole }) => ({ role: gatewayRole.outputs.arn }),
        message: /creating Lambda Function \(row-function\).*cannot be assumed by Lambda/,
      },
      { given: { role: "arn:aws:iam::123456789012:role/nobody" }, message: /cannot be assumed by Lambda/ },
    ],
  },
  {
    type: "lambda/alias",
    inputs: ({ function: { id } }) => ({ name: "live", functionName: id, functionVersion: "$LATEST" }),
    change: { description: "changed" },
    replaced: ["functionName", "name"],
    importedAs: ({ inputs }) => `${inputs.functionName}/live`,
    refused: [
      { given: { functionName: undefined }, property: "functionName", message: /required/ },
      { given: { functionVersion: "7" }, property: "functionVersion", message: /\$LATEST, not "7"/ },
      // https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html
      { given: { name: "42" }, property: "name", message: /not digits only/ },
      { given: { functionName: "nobody" }, message: /ResourceNotFoundException: Function not found: nobody/ },
    ],
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
    refused: [
      { given: { function: undefined }, property: "function", message: /required/ },
      { given: { action: "InvokeFunction" }, property: "action", message: /not valid/ },
      { given: { principal: "API Gateway" }, property: "principal", message: /not valid/ },
      { given: { sourceArn: "abc123/*" }, property: "sourceArn", message: /must be an ARN/ },
      { given: { sourceAccount: "12" }, property: "sourceAccount", message: /not valid/ },
      { given: { function: "nobody" }, message: /ResourceNotFoundException: Function not found: nobody/ },
    ],
  },
];
