// API Gateway, usage plans and API keys: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
import type { Properties } from "../../engine/provider";
import type { Account, StoredResource } from "../account";
import {
  booleanRule,
  isObject,
  listRule,
  numberRule,
  objectRule,
  type PropertyRule,
  stringRule,
  tagsRule,
} from "../property";
import { AwsError, type ResourceType, randomId, regionRule, tagsOf, textOf } from "../resource-type";
import { stageType } from "./api-gateway";

export const usagePlanType = "aws:apigateway/usagePlan:UsagePlan";
export const apiKeyType = "aws:apigateway/apiKey:ApiKey";
export const usagePlanKeyType = "aws:apigateway/usagePlanKey:UsagePlanKey";

/** Per account and region: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const limits = { [apiKeyType]: 10_000, [usagePlanType]: 300 };
const plansPerKey = 10;

/** The official provider takes a limit that is left out for 0, which lets nothing through. */
const throttle = (): Record<string, PropertyRule> => ({
  burstLimit: numberRule({ min: 0, default: 0 }),
  rateLimit: numberRule({ min: 0, default: 0 }),
});

export const usagePlanTypes: Record<string, ResourceType> = {
  [usagePlanType]: {
    title: "API Gateway Usage Plan",
    properties: {
      apiStages: listRule(
        objectRule({ apiId: stringRule({ required: true }), stage: stringRule({ required: true }) }),
      ),
      description: stringRule(),
      name: stringRule({ maxLength: 1024 }),
      productCode: stringRule(),
      quotaSettings: objectRule({
        limit: numberRule({ required: true, min: 0 }),
        period: stringRule({ required: true, values: ["DAY", "WEEK", "MONTH"] }),
      }),
      region: regionRule(),
      tags: tagsRule(),
      throttleSettings: objectRule(throttle()),
    },
    autoName: { property: "name", maxLength: 1024 },
    computed: ["arn", "tagsAll"],
    apply(inputs, account, current) {
      if (!current) checkLimit(usagePlanType, account);
      const id = current?.id ?? randomId(6);
      for (const stage of stagesOf(inputs)) {
        if (!account.get(stageType, `ags-${stage.replace(":", "-")}`)) {
          const [api, name] = stage.split(":");
          const message = `Invalid API Stage {api: ${api}, stage: ${name}} specified for usageplan ${id}`;
          throw new AwsError("NotFoundException", message);
        }
      }
      for (const { inputs: key } of keysOf(account, id)) checkOnePlan(textOf(key.keyId), id, inputs, account);
      return {
        id,
        outputs: { arn: account.arn("apigateway", `/usageplans/${id}`, { owned: false }), ...tagsOf(inputs) },
      };
    },
    // The official provider first takes the stages out of the plan, without which AWS would refuse.
    async remove({ id }, account) {
      for (const { id: key } of keysOf(account, id)) await account.remove(usagePlanKeyType, key);
    },
  },

  [apiKeyType]: {
    title: "API Gateway API Key",
    properties: {
      customerId: stringRule(),
      // 125,001 characters are too many (test_update_api_key_invalid_description_length of localstack/localstack).
      description: stringRule({ maxLength: 125_000 }),
      enabled: booleanRule({ default: true }),
      name: stringRule({ maxLength: 1024 }),
      region: regionRule(),
      tags: tagsRule(),
      value: stringRule({
        replace: true,
        pattern: /^[A-Za-z0-9]{20,128}$/,
        hint: "an API key's value is an alphanumeric text of 20 to 128 characters",
      }),
    },
    autoName: { property: "name", maxLength: 1024 },
    computed: ["arn", "createdDate", "lastUpdatedDate", "tagsAll"],
    recomputed: ["lastUpdatedDate"],
    apply(inputs, account, current) {
      if (!current) checkLimit(apiKeyType, account);
      const value = inputs.value ?? current?.outputs.value ?? randomId(40);
      const taken = account
        .list(apiKeyType)
        .some(({ id, outputs }) => id !== current?.id && outputs.value === value);
      // https://docs.aws.amazon.com/apigateway/latest/api/API_CreateApiKey.html
      if (taken) throw new AwsError("ConflictException", "API Key already exists");
      const id = current?.id ?? randomId(10);
      const now = new Date().toISOString();
      return {
        id,
        outputs: {
          arn: account.arn("apigateway", `/apikeys/${id}`, { owned: false }),
          createdDate: current?.outputs.createdDate ?? now,
          lastUpdatedDate: now,
          value,
          ...tagsOf(inputs),
        },
      };
    },
    async remove({ id }, account) {
      for (const { id: one, inputs } of account.list(usagePlanKeyType)) {
        if (inputs.keyId === id) await account.remove(usagePlanKeyType, one);
      }
    },
  },

  [usagePlanKeyType]: {
    title: "API Gateway Usage Plan Key",
    properties: {
      keyId: stringRule({ required: true, replace: true }),
      keyType: stringRule({ required: true, replace: true, values: ["API_KEY"] }),
      region: regionRule(),
      usagePlanId: stringRule({ required: true, replace: true }),
    },
    computed: ["name", "value"],
    apply(inputs, account) {
      const [keyId, planId] = [textOf(inputs.keyId), textOf(inputs.usagePlanId)];
      const key = account.get(apiKeyType, keyId);
      if (!key) throw new AwsError("NotFoundException", "Invalid API Key identifier specified");
      const plan = account.get(usagePlanType, planId);
      if (!plan) throw new AwsError("NotFoundException", "Invalid Usage Plan ID specified");
      checkOnePlan(keyId, planId, plan.inputs, account);
      if (account.list(usagePlanKeyType).filter((one) => one.inputs.keyId === keyId).length >= plansPerKey) {
        throw new AwsError("LimitExceededException", `an API key has at most ${plansPerKey} usage plans`);
      }
      // The official provider's id is the key's, of which several plans may have one.
      return { id: `${planId}/${keyId}`, outputs: { name: key.inputs.name, value: key.outputs.value } };
    },
  },
};

/** `API:STAGE` */
export function stagesOf({ apiStages }: Properties): string[] {
  return (Array.isArray(apiStages) ? apiStages.filter(isObject) : []).map(
    ({ apiId, stage }) => `${apiId}:${stage}`,
  );
}

function keysOf(account: Account, planId: string): StoredResource[] {
  return account.list(usagePlanKeyType).filter(({ inputs }) => inputs.usagePlanId === planId);
}

/** "A given API key can only be associated with one usage plan for each stage of your API." */
function checkOnePlan(keyId: string, planId: string, plan: Properties, account: Account): void {
  const stages = stagesOf(plan);
  for (const { inputs } of account.list(usagePlanKeyType)) {
    if (inputs.keyId !== keyId || inputs.usagePlanId === planId) continue;
    const other = account.get(usagePlanType, textOf(inputs.usagePlanId));
    const shared = other && stagesOf(other.inputs).find((stage) => stages.includes(stage));
    if (shared === undefined) continue;
    const message = `The API key ${keyId} is in the usage plan ${inputs.usagePlanId} already, which has the API stage ${shared} too`;
    throw new AwsError("ConflictException", message);
  }
}

function checkLimit(type: keyof typeof limits, account: Account): void {
  const limit = limits[type];
  if (account.list(type).length < limit) return;
  const noun = type === apiKeyType ? "API keys" : "usage plans";
  throw new AwsError("LimitExceededException", `an account has at most ${limit} ${noun} in a region`);
}
