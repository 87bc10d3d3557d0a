import { httpProxied } from "../gateway/http/fixture";
import type { Row, World } from "./row";

const format = "$context.requestId";
const body = JSON.stringify({
  openapi: "3.0.1",
  paths: { "/a": { get: httpProxied("http://127.0.0.1:9") } },
});

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
    refused: [
      { given: { protocolType: undefined }, property: "protocolType", message: /required/ },
      { given: { protocolType: "REST" }, property: "protocolType", message: /must be one of HTTP/ },
      { given: { body: "{" }, property: "body", message: /BadRequestException: Invalid OpenAPI input/ },
      { given: { version: "" }, property: "version", message: /1 to 64 characters/ },
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
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
      { given: { name: "n".repeat(129) }, property: "name", message: /at most 128 characters/ },
      { given: { target: "https://a.example" }, property: "target", message: /not supported/ },
      {
        given: {
          body: JSON.stringify({
            ...JSON.parse(body),
            servers: [{ url: "/", "x-amazon-apigateway-endpoint-configuration": { vpcEndpointIds: [] } }],
          }),
        },
        property: "body",
        message: /knows disableExecuteApiEndpoint of x-amazon-apigateway-endpoint-configuration only/,
      },
      {
        given: { body: JSON.stringify({ ...JSON.parse(body), info: { title: "t".repeat(129) } }) },
        property: "body",
        message: /title has over 128 characters/,
      },
      {
        given: { body: JSON.stringify({ ...JSON.parse(body), info: { version: "1".repeat(65) } }) },
        property: "body",
        message: /version has over 64 characters/,
      },
      {
        given: { body: privateBody },
        message: /BadRequestException: There is no VPC link a1b2c3/,
      },
    ],
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
    refused: [
      { given: { name: undefined }, property: "name", message: /required/ },
      { given: { name: "v1.2" }, property: "name", message: /\$default, or up to 128 letters/ },
      { given: { autoDeploy: false }, property: "autoDeploy", message: /no deployments/ },
      {
        given: { stageVariables: { name: "a b" } },
        property: "stageVariables.name",
        message: /letters, digits/,
      },
      { given: { apiId: "nowhere" }, message: /NotFoundException: Invalid API identifier/ },
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html
      {
        given: ({ stream }: World) => ({ accessLogSettings: { destinationArn: stream.outputs.arn, format } }),
        property: "accessLogSettings.destinationArn",
        message: /HTTP APIs log to CloudWatch only/,
      },
      {
        given: ({ logGroup }) => ({
          accessLogSettings: { destinationArn: `${logGroup.outputs.arn}-no`, format },
        }),
        message: /BadRequestException: The access log's destination does not exist/,
      },
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
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
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
      {
        given: ({ logGroup }) => ({
          accessLogSettings: { destinationArn: logGroup.outputs.arn, format: format.padEnd(3073) },
        }),
        property: "accessLogSettings.format",
        message: /at most 3072 characters/,
      },
    ],
  },
  {
    type: "apigatewayv2/vpcLink",
    inputs: () => ({ name: "row-link", subnetIds: ["subnet-0a1b"], securityGroupIds: ["sg-0a1b"] }),
    change: { name: "row-link-2" },
    // "You can't change the subnets or security groups of a VPC link after you create it":
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-links-v2.html
    replaced: ["securityGroupIds", "subnetIds"],
    generatedId: true,
    refused: [
      { given: { subnetIds: undefined }, property: "subnetIds", message: /required/ },
      { given: { subnetIds: [] }, property: "subnetIds", message: /not be empty/ },
      { given: { securityGroupIds: undefined }, property: "securityGroupIds", message: /required/ },
      { given: { subnetIds: ["private"] }, property: "subnetIds[0]", message: /not valid/ },
      { given: { name: "" }, property: "name", message: /1 to 128 characters/ },
    ],
  },
];
