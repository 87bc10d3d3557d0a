// API Gateway v2: HTTP APIs and their stages, and the VPC links that REST APIs have too.
import { UNKNOWN } from "../../engine/provider";
import type { Account } from "../account";
import { parseArn } from "../arn";
import { checkAccessLogFormat } from "../gateway/access-log";
import { readHttpApiBody } from "../gateway/http/http-api-body";
import { defaultStage } from "../gateway/http/http-exchange";
import {
  booleanRule,
  isObject,
  listRule,
  mapRule,
  numberRule,
  objectRule,
  stringRule,
  tagsRule,
} from "../property";
import { AwsError, type ResourceType, randomId, regionRule, tagsOf, textOf } from "../resource-type";
import { requireUnmapped } from "./api-mappings";
import { logGroupType } from "./cloudwatch-logs";
import { requireIssuers } from "./jwt-issuer";

export const httpApiType = "aws:apigatewayv2/api:Api";
export const httpStageType = "aws:apigatewayv2/stage:Stage";
const vpcLinkType = "aws:apigatewayv2/vpcLink:VpcLink";

const corsMethods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

export const apiGatewayV2Types: Record<string, ResourceType> = {
  [httpApiType]: {
    title: "API Gateway v2 API",
    properties: {
      body: stringRule(),
      // https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-cors.html
      corsConfiguration: objectRule({
        allowCredentials: booleanRule(),
        allowHeaders: listRule(stringRule()),
        allowMethods: listRule(stringRule({ values: [...corsMethods, "*"] })),
        allowOrigins: listRule(
          stringRule({
            pattern: /^(\*|https?:\/\/(\*|[^\s/*]+))$/,
            hint: "it is an origin such as https://app.example.com, or *",
          }),
        ),
        exposeHeaders: listRule(stringRule()),
        maxAge: numberRule({ min: -1, max: 86_400 }),
      }),
      description: stringRule({ maxLength: 1024 }),
      disableExecuteApiEndpoint: booleanRule(),
      failOnWarnings: booleanRule(),
      ipAddressType: stringRule({ values: ["ipv4", "dualstack"], default: "ipv4" }),
      name: stringRule({ maxLength: 128 }),
      protocolType: stringRule({ required: true, replace: true, values: ["HTTP"] }),
      region: regionRule(),
      tags: tagsRule(),
      version: stringRule({ pattern: /^.{1,64}$/s, hint: "it has 1 to 64 characters" }),
    },
    autoName: { property: "name", maxLength: 128 },
    check({ body, corsConfiguration }, report) {
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
      if (isObject(corsConfiguration) && corsConfiguration.allowCredentials === true) {
        const { allowOrigins } = corsConfiguration;
        if (Array.isArray(allowOrigins) && allowOrigins.includes("*")) {
          report("corsConfiguration.allowCredentials", "cannot be true where all origins are allowed");
        }
      }
      if (typeof body !== "string") return;
      for (const problem of readHttpApiBody(body).problems) report("body", `BadRequestException: ${problem}`);
    },
    computed: ["apiEndpoint", "arn", "executionArn", "tagsAll"],
    readBack: ["disableExecuteApiEndpoint", "name", "version"],
    async apply(inputs, account, current) {
      const id = current?.id ?? randomId(10);
      const { definition } = readHttpApiBody(typeof inputs.body === "string" ? inputs.body : emptyBody);
      requireVpcLinks(
        definition.routes.flatMap(({ integration }) => integration.vpcLink?.id ?? []),
        account,
      );
      const isImported = inputs.body !== undefined && inputs.body !== current?.inputs.body;
      if (isImported && inputs.failOnWarnings === true)
        await requireIssuers(definition.authorizers.values(), account);
      return {
        id,
        outputs: {
          // It is set first, and then comes the import (resourceAPIUpdate in hashicorp/terraform-provider-aws). Whether an
          // import that does not speak of it leaves it is not documented: the worst is assumed, that it does not.
          disableExecuteApiEndpoint: isImported
            ? definition.isEndpointOff
            : inputs.disableExecuteApiEndpoint === true,
          // What the document says of them, the provider leaves (reimportOpenAPIDefinition).
          ...(isImported && definition.info),
          apiEndpoint: `${account.gatewayUrl}/${id}`,
          arn: account.arn("apigateway", `/apis/${id}`, { owned: false }),
          executionArn: account.arn("execute-api", id),
          ...tagsOf(inputs),
        },
      };
    },
    async remove({ id }, account) {
      requireUnmapped(id, "http", account);
      // AWS deletes what belongs to the API together with it.
      for (const stage of account.list(httpStageType).filter(({ inputs }) => inputs.apiId === id)) {
        await account.remove(httpStageType, stage.id);
      }
    },
  },

  [httpStageType]: {
    title: "API Gateway v2 Stage",
    properties: {
      accessLogSettings: objectRule({
        destinationArn: stringRule({ required: true }),
        format: stringRule({ required: true, maxLength: 3072 }),
      }),
      apiId: stringRule({ required: true, replace: true }),
      // The local cloud keeps no deployments of HTTP APIs.
      autoDeploy: booleanRule({ required: true }),
      description: stringRule({ maxLength: 1024 }),
      name: stringRule({
        required: true,
        replace: true,
        pattern: /^([\w-]{1,128}|\$default)$/,
        hint: "$default, or up to 128 letters, digits, '_' and '-'",
      }),
      region: regionRule(),
      stageVariables: mapRule(
        stringRule({
          pattern: /^[A-Za-z0-9\-._~:/?#&=,]+$/,
          hint: "letters, digits and -._~:/?#&=, are allowed in a stage variable",
        }),
      ),
      tags: tagsRule(),
    },
    exclusive: true,
    check({ accessLogSettings, autoDeploy }, report) {
      if (autoDeploy === false)
        report("autoDeploy", "must be true for the local cloud, which has no deployments");
      if (!isObject(accessLogSettings)) return;
      const { destinationArn, format } = accessLogSettings;
      if (typeof format === "string") {
        for (const reason of checkAccessLogFormat(format, "http")) report("accessLogSettings.format", reason);
      }
      if (destinationArn === UNKNOWN) return;
      const destination = parseArn(textOf(destinationArn));
      if (destination?.service === "logs" && destination.resource.startsWith("log-group:")) return;
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html
      report(
        "accessLogSettings.destinationArn",
        `"${destinationArn}" must be the ARN of a log group: HTTP APIs log to CloudWatch only`,
      );
    },
    computed: ["arn", "deploymentId", "executionArn", "invokeUrl", "tagsAll"],
    apply(inputs, account, current) {
      const apiId = textOf(inputs.apiId);
      if (!account.get(httpApiType, apiId)) {
        throw new AwsError("NotFoundException", `Invalid API identifier specified ${account.id}:${apiId}`);
      }
      if (isObject(inputs.accessLogSettings)) {
        const destination = textOf(inputs.accessLogSettings.destinationArn).replace(/:\*$/, "");
        if (!account.findByArn(logGroupType, destination)) {
          throw new AwsError(
            "BadRequestException",
            `The access log's destination does not exist: ${destination}`,
          );
        }
      }
      const name = textOf(inputs.name);
      return {
        // The official provider's id is the name alone, which is not unique here.
        id: `${apiId}/${name}`,
        outputs: {
          arn: account.arn("apigateway", `/apis/${apiId}/stages/${name}`, { owned: false }),
          deploymentId: current?.outputs.deploymentId ?? randomId(6),
          executionArn: account.arn("execute-api", `${apiId}/${name}`),
          invokeUrl: `${account.gatewayUrl}/${apiId}/${name === defaultStage ? "" : name}`,
          ...tagsOf(inputs),
        },
      };
    },
  },

  [vpcLinkType]: {
    title: "API Gateway v2 VPC Link",
    properties: {
      name: stringRule({ pattern: /^.{1,128}$/s, hint: "it has 1 to 128 characters" }),
      region: regionRule(),
      securityGroupIds: listRule(stringRule({ pattern: /^sg-[0-9a-f]+$/ }), {
        required: true,
        replace: true,
      }),
      subnetIds: listRule(stringRule({ pattern: /^subnet-[0-9a-f]+$/ }), { required: true, replace: true }),
      tags: tagsRule(),
    },
    autoName: { property: "name", maxLength: 128 },
    computed: ["arn", "tagsAll"],
    // https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/vpclinks.html
    check({ subnetIds }, report) {
      if (Array.isArray(subnetIds) && subnetIds.length === 0) report("subnetIds", "must not be empty");
    },
    apply(inputs, account, current) {
      const id = current?.id ?? randomId(6);
      const arn = account.arn("apigateway", `/vpclinks/${id}`, { owned: false });
      return { id, outputs: { arn, ...tagsOf(inputs) } };
    },
  },
};

const emptyBody = '{"openapi":"3.0.1","paths":{}}';

/** AWS does not publish its words for this. */
export function requireVpcLinks(ids: readonly string[], account: Account): void {
  const missing = ids.find((id) => !account.get(vpcLinkType, id));
  if (missing !== undefined) throw new AwsError("BadRequestException", `There is no VPC link ${missing}`);
}
