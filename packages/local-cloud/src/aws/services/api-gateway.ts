// API Gateway, REST APIs: the API, its deployments and stages, and the settings of the account.
import { UNKNOWN } from "../../engine/provider";
import type { Account, StoredResource } from "../account";
import { parseArn } from "../arn";
import { checkAccessLogFormat } from "../gateway/access-log";
import { readRestApiBody } from "../gateway/rest-api-body";
import {
  arnRule,
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
import { requireVpcLinks } from "./api-gateway-v2";
import { requireUnmapped } from "./api-mappings";
import { deliveryStreamType } from "./firehose";
import { canAssume } from "./iam";
import { accessModeRequired, checkSecurityPolicy, isEnhanced, securityPolicies } from "./security-policy";

export const restApiType = "aws:apigateway/restApi:RestApi";
export const deploymentType = "aws:apigateway/deployment:Deployment";
export const stageType = "aws:apigateway/stage:Stage";
export const methodSettingsType = "aws:apigateway/methodSettings:MethodSettings";
const accountType = "aws:apigateway/account:Account";

export const apiGatewayTypes: Record<string, ResourceType> = {
  [restApiType]: {
    title: "API Gateway REST API",
    properties: {
      apiKeySource: stringRule({ values: ["HEADER", "AUTHORIZER"] }),
      binaryMediaTypes: listRule(
        stringRule({ pattern: /^[^\s/]+\/[^\s/]+$/, hint: "it is a media type such as image/png, or */*" }),
      ),
      body: stringRule(),
      description: stringRule({ maxLength: 1024 }),
      disableExecuteApiEndpoint: booleanRule(),
      endpointAccessMode: stringRule({ values: ["BASIC", "STRICT"] }),
      endpointConfiguration: objectRule({
        ipAddressType: stringRule({ values: ["ipv4", "dualstack"] }),
        types: stringRule({ required: true, values: ["EDGE", "REGIONAL"] }),
      }),
      failOnWarnings: booleanRule(),
      minimumCompressionSize: stringRule({ pattern: /^\d+$/, hint: "it is a number of bytes" }),
      name: stringRule({ maxLength: 1024 }),
      putRestApiMode: stringRule({ values: ["overwrite"], default: "overwrite" }),
      region: regionRule(),
      securityPolicy: stringRule({ values: securityPolicies }),
      tags: tagsRule(),
    },
    autoName: { property: "name", maxLength: 255 },
    check({ body, endpointAccessMode, failOnWarnings, securityPolicy }, report) {
      checkSecurityPolicy({ endpointAccessMode, securityPolicy }, report);
      if (typeof body !== "string") return;
      const { problems } = readRestApiBody(body, failOnWarnings === true);
      for (const problem of problems) report("body", `BadRequestException: ${problem}`);
    },
    computed: [
      "apiKeySource",
      "arn",
      "binaryMediaTypes",
      "createdDate",
      "executionArn",
      "minimumCompressionSize",
      "rootResourceId",
      "tagsAll",
    ],
    apply(inputs, account, current) {
      const id = current?.id ?? randomId(10);
      const { definition } = readRestApiBody(typeof inputs.body === "string" ? inputs.body : "{}");
      requireVpcLinks(
        definition.methods.flatMap(({ integration }) => integration?.vpcLink?.id ?? []),
        account,
      );
      // Unset, they stay as they were; the mode is taken away (resourceRestAPIUpdate in hashicorp/terraform-provider-aws).
      const securityPolicy = inputs.securityPolicy ?? current?.outputs.securityPolicy ?? "TLS_1_0";
      if (isEnhanced(securityPolicy) && inputs.endpointAccessMode === undefined) {
        throw new AwsError("BadRequestException", accessModeRequired);
      }
      return {
        id,
        outputs: {
          disableExecuteApiEndpoint:
            inputs.disableExecuteApiEndpoint ?? current?.outputs.disableExecuteApiEndpoint ?? false,
          securityPolicy,
          // After each import the provider sets it to the program's value, or else to that of its state:
          // resourceRestAPIWithBodyUpdateOperations in hashicorp/terraform-provider-aws; pulumi/pulumi-awsx#1057.
          apiKeySource: inputs.apiKeySource ?? current?.outputs.apiKeySource ?? definition.apiKeySource,
          // Likewise, but an empty list counts as none there, so that the last types stay.
          binaryMediaTypes:
            nonEmpty(inputs.binaryMediaTypes) ??
            nonEmpty(current?.outputs.binaryMediaTypes) ??
            definition.binaryMediaTypes,
          minimumCompressionSize:
            inputs.minimumCompressionSize ??
            current?.outputs.minimumCompressionSize ??
            definition.minimumCompressionSize?.toString(),
          arn: account.arn("apigateway", `/restapis/${id}`, { owned: false }),
          createdDate: current?.outputs.createdDate ?? new Date().toISOString(),
          executionArn: account.arn("execute-api", id),
          rootResourceId: current?.outputs.rootResourceId ?? randomId(10),
          ...tagsOf(inputs),
        },
      };
    },
    async remove({ id }, account) {
      requireUnmapped(id, "rest", account);
      // AWS deletes what belongs to the API together with it.
      for (const type of [stageType, deploymentType]) {
        for (const part of account.list(type).filter(({ inputs }) => inputs.restApi === id)) {
          await account.remove(type, part.id);
        }
      }
    },
  },

  [deploymentType]: {
    title: "API Gateway Deployment",
    properties: {
      description: stringRule(),
      region: regionRule(),
      restApi: stringRule({ required: true, replace: true }),
      triggers: mapRule(stringRule(), { replace: true }),
      variables: mapRule(stringRule(), { replace: true }),
    },
    computed: ["createdDate"],
    idOfImport: (given) => given.replace(/^[^/]+\//, ""),
    apply(inputs, account, current) {
      if (current) return { id: current.id, outputs: current.outputs, state: current.state };
      const restApi = findRestApi(inputs.restApi, account);
      const { body } = restApi.inputs;
      const { definition } = readRestApiBody(typeof body === "string" ? body : "{}");
      if (definition.methods.length === 0) {
        throw new AwsError("BadRequestException", "The REST API doesn't contain any methods");
      }
      if (definition.methods.some(({ integration }) => integration === undefined)) {
        throw new AwsError("BadRequestException", "No integration defined for method");
      }
      return {
        id: randomId(6),
        outputs: { createdDate: new Date().toISOString() },
        // A deployment is a snapshot: stages serve it, whatever becomes of the API.
        state: {
          apiKeySource: restApi.outputs.apiKeySource,
          binaryMediaTypes: restApi.outputs.binaryMediaTypes,
          minimumCompressionSize: restApi.outputs.minimumCompressionSize,
          body,
          variables: inputs.variables ?? {},
        },
      };
    },
    remove({ id, inputs }, account) {
      const isActive = account
        .list(stageType)
        .some((stage) => stage.inputs.restApi === inputs.restApi && stage.inputs.deployment === id);
      if (isActive) {
        throw new AwsError(
          "BadRequestException",
          "Active stages pointing to this deployment must be moved or deleted",
        );
      }
    },
  },

  [stageType]: {
    title: "API Gateway Stage",
    properties: {
      accessLogSettings: objectRule({
        destinationArn: stringRule({ required: true }),
        format: stringRule({ required: true, maxLength: 3072 }),
      }),
      deployment: stringRule({ required: true }),
      description: stringRule(),
      region: regionRule(),
      restApi: stringRule({ required: true, replace: true }),
      stageName: stringRule({
        required: true,
        replace: true,
        pattern: /^[\w-]{1,128}$/,
        hint: "up to 128 letters, digits, '_' and '-'",
      }),
      tags: tagsRule(),
      variables: mapRule(
        stringRule({
          pattern: /^[A-Za-z0-9\-._~:/?#&=,]+$/,
          hint: "letters, digits and -._~:/?#&=, are allowed in a stage variable",
        }),
      ),
      xrayTracingEnabled: booleanRule({ default: false }),
    },
    exclusive: true,
    check({ accessLogSettings }, report) {
      if (!isObject(accessLogSettings)) return;
      const { destinationArn, format } = accessLogSettings;
      if (typeof format === "string") {
        for (const reason of checkAccessLogFormat(format)) report("accessLogSettings.format", reason);
      }
      if (destinationArn === UNKNOWN) return;
      const destination = parseArn(textOf(destinationArn));
      const isLogGroup = destination?.service === "logs" && destination.resource.startsWith("log-group:");
      const isStream =
        destination?.service === "firehose" &&
        destination.resource.startsWith("deliverystream/amazon-apigateway-");
      if (isLogGroup || isStream) return;
      report(
        "accessLogSettings.destinationArn",
        `"${destinationArn}" must be the ARN of a log group, or of a delivery stream whose name begins with amazon-apigateway-`,
      );
    },
    computed: ["arn", "executionArn", "invokeUrl", "tagsAll"],
    idOfImport: (given) => `ags-${given.replace("/", "-")}`,
    async apply(inputs, account, current) {
      const restApi = findRestApi(inputs.restApi, account);
      const { id } = restApi;
      const deployment = account.get(deploymentType, textOf(inputs.deployment));
      if (deployment?.inputs.restApi !== id) {
        throw new AwsError("NotFoundException", "Invalid Deployment identifier specified");
      }
      if (isObject(inputs.accessLogSettings))
        findLogDestination(inputs.accessLogSettings.destinationArn, account);
      const stage = textOf(inputs.stageName);
      await account.put({
        ...restApi,
        state: { ...restApi.state, isEndpointOff: restApi.outputs.disableExecuteApiEndpoint === true },
      });
      return {
        id: current?.id ?? `ags-${id}-${stage}`,
        outputs: {
          arn: account.arn("apigateway", `/restapis/${id}/stages/${stage}`, { owned: false }),
          executionArn: account.arn("execute-api", `${id}/${stage}`),
          invokeUrl: `${account.gatewayUrl}/${id}/${stage}`,
          ...tagsOf(inputs),
        },
      };
    },
  },

  [accountType]: {
    title: "API Gateway Account",
    properties: { cloudwatchRoleArn: arnRule("iam"), region: regionRule() },
    singleton: true,
    computed: ["apiKeyVersion", "features", "throttleSettings"],
    apply(inputs, account) {
      if (
        inputs.cloudwatchRoleArn !== undefined &&
        !canAssume(inputs.cloudwatchRoleArn, "apigateway.amazonaws.com", account)
      ) {
        throw new AwsError(
          "BadRequestException",
          "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.",
        );
      }
      return {
        id: "api-gateway-account",
        outputs: {
          apiKeyVersion: "4",
          features: ["UsagePlans"],
          throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
        },
      };
    },
  },

  [methodSettingsType]: {
    title: "API Gateway Method Settings",
    properties: {
      methodPath: stringRule({
        required: true,
        replace: true,
        pattern: /^(\*|[^*]+)\/(\*|[A-Z]+)$/,
        hint: "it is */*, or PATH/METHOD such as orders/GET",
      }),
      region: regionRule(),
      restApi: stringRule({ required: true, replace: true }),
      settings: objectRule(
        {
          dataTraceEnabled: booleanRule(),
          loggingLevel: stringRule({ values: ["OFF", "ERROR", "INFO"] }),
          metricsEnabled: booleanRule(),
          // -1 takes the limit away.
          throttlingBurstLimit: numberRule({ min: -1 }),
          throttlingRateLimit: numberRule({ min: -1 }),
        },
        { required: true },
      ),
      stageName: stringRule({ required: true, replace: true }),
    },
    exclusive: true,
    computed: [],
    idOfImport: (given) => given.replace("/", "-").replace("/", "-"),
    apply(inputs, account) {
      const { restApi, stageName, methodPath, settings } = inputs;
      if (!account.get(stageType, `ags-${restApi}-${stageName}`)) {
        throw new AwsError("NotFoundException", "Invalid stage identifier specified");
      }
      const level = isObject(settings) ? settings.loggingLevel : undefined;
      if (level !== undefined && level !== "OFF") requireCloudWatchRole(account);
      return { id: `${restApi}-${stageName}-${methodPath}`, outputs: {} };
    },
  },
};

/**
 * Whether callers get a 403 at the default endpoint. "This setting takes affect when you update any setting on any stage."
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html
 */
export function isEndpointOff(apiId: string, account: Account): boolean {
  return account.get(restApiType, apiId)?.state.isEndpointOff === true;
}

function nonEmpty(list: unknown): unknown[] | undefined {
  return Array.isArray(list) && list.length > 0 ? list : undefined;
}

function findRestApi(id: unknown, account: Account): StoredResource {
  const restApi = account.get(restApiType, textOf(id));
  if (!restApi) throw new AwsError("NotFoundException", "Invalid API identifier specified");
  return restApi;
}

function findLogDestination(destinationArn: unknown, account: Account): void {
  const destination = textOf(destinationArn).replace(/:\*$/, "");
  // A log group need not be there (test_stage_access_log_settings of localstack/localstack).
  if (parseArn(destination)?.service === "logs") {
    requireCloudWatchRole(account);
    return;
  }
  if (account.findByArn(deliveryStreamType, destination)) return;
  throw new AwsError("BadRequestException", `The access log's destination does not exist: ${destination}`);
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
function requireCloudWatchRole(account: Account): void {
  if (account.list(accountType).some(({ inputs }) => inputs.cloudwatchRoleArn !== undefined)) return;
  throw new AwsError(
    "BadRequestException",
    "CloudWatch Logs role ARN must be set in account settings to enable logging",
  );
}
