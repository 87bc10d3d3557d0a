import { httpProxied } from "../../../testing/http-fixture";
import { type Row, required, type World } from "./row";

const format = "$context.requestId";
const body = JSON.stringify({
  openapi: "3.0.1",
  paths: { "/a": { get: httpProxied("http://127.0.0.1:9") } },
});

const bodyWith = (change: object) => JSON.stringify({ ...JSON.parse(body), ...change });

const privateBody = JSON.stringify({
  openapi: "3.0.1",
  paths: {
    "/a": {
      get: httpProxied("arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/a/1/2", {
        connectionType: "VPC_LINK",
        connectionId: "a1b2c3",
      }),
    },
  },
});

export const apiGatewayV2: Row[] = [
  {
    type: "apigatewayv2/api",
    inputs: () => ({ name: "row-api", protocolType: "HTTP", body, failOnWarnings: true }),
    change: { description: "changed", version: "2" },
    replaced: ["protocolType"],
    generatedId: true,
    refused: {
      "https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html": [
        ["protocolType", undefined, /required/],
        ["version", "", /1 to 64 characters/],
        ["description", "x".repeat(1025), /at most 1024/],
        ["ipAddressType", "other", /ipv4, dualstack, not/],
        ["name", "n".repeat(129), /at most 128 characters/],
        ["body", bodyWith({ info: { title: "t".repeat(129) } }), /title has over 128 characters/],
        ["body", bodyWith({ info: { version: "1".repeat(65) } }), /version has over 64 characters/],
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html": [
        { given: { body: "{" }, property: "body", message: /BadRequestException: Invalid OpenAPI input/ },
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html": [
        {
          given: { corsConfiguration: { allowOrigins: ["app.example.com"] } },
          property: "corsConfiguration.allowOrigins[0]",
          message: /an origin such as/,
        },
        {
          given: { corsConfiguration: { allowMethods: ["TRACE"] } },
          property: "corsConfiguration.allowMethods[0]",
          message: /must be one of/,
        },
        {
          given: { corsConfiguration: { allowOrigins: ["*"], allowCredentials: true } },
          property: "corsConfiguration.allowCredentials",
          message: /cannot be true where all origins are allowed/,
        },
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html":
        [
          {
            given: { body: privateBody },
            message: /BadRequestException: There is no VPC link a1b2c3/,
          },
        ],
      "https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-cors.html": [
        ["corsConfiguration.maxAge", -2, /from -1 to 86400/],
        ["corsConfiguration.maxAge", 86401, /from -1 to 86400/],
      ],
      "local: of the values that AWS takes, those that the local cloud serves": [
        ["protocolType", "REST", /must be one of HTTP/],
      ],
      "local: it has no other properties": [
        ["target", "https://a.example", /not supported/],
        [
          "body",
          bodyWith({
            servers: [{ url: "/", "x-amazon-apigateway-endpoint-configuration": { vpcEndpointIds: [] } }],
          }),
          /knows disableExecuteApiEndpoint of x-amazon-apigateway-endpoint-configuration only/,
        ],
      ],
    },
  },
  {
    type: "apigatewayv2/stage",
    inputs: ({ httpApi, logGroup }) => ({
      apiId: httpApi.id,
      name: "$default",
      autoDeploy: true,
      accessLogSettings: { destinationArn: logGroup.outputs.arn, format },
    }),
    change: { stageVariables: { backend: "http://127.0.0.1:1" } },
    replaced: ["apiId", "name"],
    importedAs: ({ inputs }) => `${inputs.apiId}/$default`,
    refused: {
      "https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages.html": [
        ["name", undefined, /required/],
        ["name", "v1.2", /\$default, or up to 128 letters/],
        {
          given: { stageVariables: { name: "a b" } },
          property: "stageVariables.name",
          message: /letters, digits/,
        },
        { given: { apiId: "nowhere" }, message: /NotFoundException: Invalid API identifier/ },
        ...required("accessLogSettings.destinationArn", "accessLogSettings.format", "apiId", "autoDeploy"),
        ["description", "x".repeat(1025), /at most 1024/],
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html": [
        {
          given: ({ stream }: World) => ({
            accessLogSettings: { destinationArn: stream.outputs.arn, format },
          }),
          property: "accessLogSettings.destinationArn",
          message: /HTTP APIs log to CloudWatch only/,
        },
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html": [
        {
          given: ({ logGroup }) => ({
            accessLogSettings: { destinationArn: `${logGroup.outputs.arn}-no`, format },
          }),
          message: /BadRequestException: The access log's destination does not exist/,
        },
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html": [
        {
          given: ({ logGroup }) => ({
            accessLogSettings: {
              destinationArn: logGroup.outputs.arn,
              format: `${format} $context.resourcePath`,
            },
          }),
          property: "accessLogSettings.format",
          message: /\$context\.resourcePath, which is no variable/,
        },
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html": [
        {
          given: ({ logGroup }) => ({
            accessLogSettings: { destinationArn: logGroup.outputs.arn, format: format.padEnd(3073) },
          }),
          property: "accessLogSettings.format",
          message: /at most 3072 characters/,
        },
      ],
      "local: it keeps no deployments of HTTP APIs": [["autoDeploy", false, /no deployments/]],
    },
  },
  {
    type: "apigatewayv2/vpcLink",
    inputs: () => ({ name: "row-link", subnetIds: ["subnet-0a1b"], securityGroupIds: ["sg-0a1b"] }),
    change: { name: "row-link-2" },
    // "You can't change the subnets or security groups of a VPC link after you create it":
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-links-v2.html
    replaced: ["securityGroupIds", "subnetIds"],
    generatedId: true,
    refused: {
      "https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/vpclinks.html": [
        ["subnetIds", undefined, /required/],
        ["subnetIds", [], /not be empty/],
        ["securityGroupIds", undefined, /required/],
        { given: { subnetIds: ["private"] }, property: "subnetIds[0]", message: /not valid/ },
        ["name", "", /1 to 128 characters/],
        ["securityGroupIds[0]", "group", /not valid/],
      ],
    },
  },
];
