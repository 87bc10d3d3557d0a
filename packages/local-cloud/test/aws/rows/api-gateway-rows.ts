import { proxied } from "../../../testing/fixture";
import { type Refusal, type Row, required, type World } from "./row";

const format = "$context.requestId";
const body = JSON.stringify({ openapi: "3.0.1", paths: { "/a": { get: proxied("http://127.0.0.1:9") } } });

const privateBody = JSON.stringify({
  openapi: "3.0.1",
  paths: {
    "/a": {
      get: proxied("http://127.0.0.1:9", {
        connectionType: "VPC_LINK",
        connectionId: "a1b2c3",
        integrationTarget: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/a/1",
      }),
    },
  },
});

export const apiGateway: Row[] = [
  {
    type: "apigateway/restApi",
    inputs: () => ({ name: "row-api", body, endpointConfiguration: { types: "REGIONAL" } }),
    change: { description: "changed" },
    // AWS changes everything of a REST API in place.
    replaced: [],
    generatedId: true,
    refused: {
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html": [
        { given: { body: "{" }, property: "body", message: /BadRequestException: Invalid OpenAPI input/ },
      ],
      "https://docs.aws.amazon.com/apigateway/latest/api/API_EndpointConfiguration.html": [
        {
          given: { endpointConfiguration: { types: "LOCAL" } },
          property: "endpointConfiguration.types",
          message: /EDGE/,
        },
        ...required("endpointConfiguration.types"),
        ["endpointConfiguration.ipAddressType", "other", /ipv4, dualstack, not/],
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html": [
        { given: { body: privateBody }, message: /BadRequestException: There is no VPC link a1b2c3/ },
      ],
      "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateRestApi.html": [
        ["apiKeySource", "QUERY", /HEADER, AUTHORIZER, not/],
        ["endpointAccessMode", "other", /BASIC, STRICT, not/],
        ["minimumCompressionSize", "1 KB", /it is a number of bytes/],
        ["binaryMediaTypes[0]", "png", /it is a media type such as image\/png, or \*\/\*/],
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html": [
        {
          given: { securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09" },
          property: "endpointAccessMode",
          message: /Endpoint access mode is required/,
        },
        {
          given: { securityPolicy: "TLS_1_2", endpointAccessMode: "STRICT" },
          property: "endpointAccessMode",
          message: /SecurityPolicy_ only/,
        },
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html": [
        ["securityPolicy", "other", /SecurityPolicy_TLS13_1_2_2021_06, not/],
      ],
      "local: the AWS provider's schema has it so": [["body", { openapi: "3.0.1" }, /must be a string/]],
      "guess: the limit of an HTTP API's description, since AWS states none for REST APIs": [
        ["description", "x".repeat(1025), /at most 1024/],
        ["name", "x".repeat(1025), /at most 1024/],
      ],
      "local: it has no other properties": [["stage", "v1", /not supported/]],
      "local: of the values that AWS takes, those that the local cloud serves": [
        ["putRestApiMode", "other", /overwrite, not/],
      ],
    },
  },
  {
    type: "apigateway/deployment",
    inputs: ({ restApi }) => ({ restApi: restApi.id, triggers: { body: "1" } }),
    change: { description: "changed" },
    replaced: ["restApi", "triggers", "variables"],
    importedAs: ({ id, inputs }) => `${inputs.restApi}/${id}`,
    generatedId: true,
    refused: {
      "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html": [
        ["restApi", undefined, /required/],
        { given: { restApi: "nowhere" }, message: /NotFoundException: Invalid API identifier/ },
      ],
      "local: the AWS provider's schema has it so": [
        {
          given: { triggers: { body: 1 } },
          property: "triggers.body",
          message: /must be a string/,
        },
      ],
    },
  },
  {
    type: "apigateway/stage",
    inputs: ({ restApi, deployment }) => ({
      restApi: restApi.id,
      deployment: deployment.id,
      stageName: "row",
    }),
    change: { variables: { backend: "http://127.0.0.1:1" } },
    replaced: ["restApi", "stageName"],
    importedAs: ({ inputs }) => `${inputs.restApi}/row`,
    refused: {
      "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html": [
        ["stageName", undefined, /required/],
        { given: { deployment: "nowhere" }, message: /NotFoundException: Invalid Deployment identifier/ },
        { given: { restApi: "nowhere" }, message: /NotFoundException: Invalid API identifier/ },
        ...required("deployment", "restApi"),
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html": [
        ["stageName", "v1.2", /up to 128 letters/],
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/stage-variables.html": [
        {
          given: { variables: { name: "a b" } },
          property: "variables.name",
          message: /allowed in a stage variable/,
        },
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html": [
        refusedLog({ format: "$context.status" }, "format", /requestId or \$context.extendedRequestId/),
        refusedLog({ format: `${format}\n$context.status` }, "format", /single line/),
        refusedLog({ format: `${format} ${"x".repeat(3072)}` }, "format", /at most 3072/),
        refusedLog({ format: undefined }, "format", /required/),
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-logging-to-kinesis.html": [
        refusedLog(
          { destinationArn: "arn:aws:firehose:eu-central-1:123456789012:deliverystream/logs" },
          "destinationArn",
          /begins with amazon-apigateway-/,
        ),
        refusedLog({ destinationArn: "arn:aws:s3:::bucket" }, "destinationArn", /ARN of a log group/),
        {
          given: {
            accessLogSettings: {
              destinationArn:
                "arn:aws:firehose:eu-central-1:123456789012:deliverystream/amazon-apigateway-no",
              format,
            },
          },
          message: /BadRequestException: The access log's destination does not exist.*amazon-apigateway-no/,
        },
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html": [
        {
          given: ({ logGroup }) => ({ accessLogSettings: { destinationArn: logGroup.outputs.arn, format } }),
          message: /CloudWatch Logs role ARN must be set in account settings/,
        },
      ],
      "https://docs.aws.amazon.com/apigateway/latest/api/API_AccessLogSettings.html": [
        ...required("accessLogSettings.destinationArn"),
      ],
    },
  },
  {
    type: "apigateway/methodSettings",
    inputs: ({ restApi, stage }) => ({
      restApi: restApi.id,
      stageName: stage.inputs.stageName,
      methodPath: "*/*",
      settings: { throttlingRateLimit: 10, throttlingBurstLimit: 5 },
    }),
    change: { settings: { throttlingRateLimit: 20, throttlingBurstLimit: 5 } },
    replaced: ["restApi", "stageName", "methodPath"],
    importedAs: ({ inputs }) => `${inputs.restApi}/${inputs.stageName}/*/*`,
    refused: {
      "https://docs.aws.amazon.com/apigateway/latest/api/API_MethodSetting.html": [
        {
          given: { settings: { loggingLevel: "DEBUG" } },
          property: "settings.loggingLevel",
          message: /OFF, ERROR/,
        },
        { given: { stageName: "nowhere" }, message: /NotFoundException: Invalid stage identifier/ },
        ...required("methodPath", "restApi", "stageName"),
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html": [
        { given: { settings: { loggingLevel: "INFO" } }, message: /CloudWatch Logs role ARN must be set/ },
      ],
      "local: the AWS provider's schema has it so": [
        ["settings", undefined, /required/],
        ["methodPath", "orders", /PATH\/METHOD/],
        ["settings.throttlingBurstLimit", -2, /from -1 to/],
        ["settings.throttlingRateLimit", -2, /from -1 to/],
      ],
      "local: it has no other properties": [
        { given: { settings: { cached: true } }, property: "settings.cached", message: /not supported/ },
      ],
    },
  },
  {
    type: "apigateway/account",
    inputs: () => ({}),
    change: undefined,
    replaced: [],
    singleton: true,
    refused: {
      "https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateAccount.html": [
        ["cloudwatchRoleArn", "role", /ARN of a resource of iam/],
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html": [
        {
          given: ({ lambdaRole }: World) => ({ cloudwatchRoleArn: lambdaRole.outputs.arn }),
          message: /role ARN does not have required permissions/,
        },
      ],
    },
  },
];

function refusedLog(settings: Record<string, unknown>, property: string, message: RegExp): Refusal {
  return {
    given: ({ stream }) => ({
      accessLogSettings: { destinationArn: stream.outputs.arn, format, ...settings },
    }),
    property: `accessLogSettings.${property}`,
    message,
  };
}
