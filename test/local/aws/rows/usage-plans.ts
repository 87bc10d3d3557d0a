import type { Row } from "./row";

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
export const usagePlans: Row[] = [
  {
    type: "apigateway/usagePlan",
    inputs: ({ restApi }) => ({
      name: "row-plan",
      apiStages: [{ apiId: restApi.id, stage: "v1" }],
      throttleSettings: { rateLimit: 10, burstLimit: 20 },
      quotaSettings: { limit: 1000, period: "MONTH" },
    }),
    change: { quotaSettings: { limit: 10, period: "DAY" } },
    replaced: [],
    generatedId: true,
    refused: [
      {
        given: ({ restApi }) => ({ apiStages: [{ apiId: restApi.id, stage: "v2" }] }),
        message: /BadRequestException: Invalid API Stage \{api: \w+, stage: v2\} specified for usageplan/,
      },
      { given: { apiStages: [{ apiId: "a" }] }, property: "apiStages[0].stage", message: /required/ },
      // https://docs.aws.amazon.com/apigateway/latest/api/API_QuotaSettings.html
      {
        given: { quotaSettings: { limit: 1, period: "HOUR" } },
        property: "quotaSettings.period",
        message: /one of DAY, WEEK, MONTH/,
      },
      {
        given: { quotaSettings: { period: "DAY" } },
        property: "quotaSettings.limit",
        message: /required/,
      },
      // https://docs.aws.amazon.com/apigateway/latest/api/API_ThrottleSettings.html
      {
        given: { throttleSettings: { rateLimit: "fast" } },
        property: "throttleSettings.rateLimit",
        message: /must be a number/,
      },
    ],
  },
  {
    type: "apigateway/apiKey",
    inputs: () => ({ name: "row-key" }),
    change: { enabled: false },
    replaced: ["value"],
    generatedId: true,
    refused: [
      { given: { value: "a".repeat(19) }, property: "value", message: /20 to 128 characters/ },
      { given: { value: "a".repeat(129) }, property: "value", message: /20 to 128 characters/ },
      { given: { value: "a-b".repeat(10) }, property: "value", message: /alphanumeric/ },
      // https://docs.aws.amazon.com/apigateway/latest/api/API_CreateApiKey.html
      {
        given: ({ apiKey }) => ({ value: apiKey.outputs.value }),
        message: /ConflictException: API Key already exists/,
      },
    ],
  },
  {
    type: "apigateway/usagePlanKey",
    inputs: ({ apiKey, usagePlan }) => ({
      keyId: apiKey.id,
      keyType: "API_KEY",
      usagePlanId: usagePlan.id,
    }),
    change: undefined,
    replaced: ["keyId", "keyType", "usagePlanId"],
    refused: [
      { given: { keyType: "TOKEN" }, property: "keyType", message: /one of API_KEY/ },
      { given: { keyId: "nowhere" }, message: /NotFoundException: Invalid API Key identifier/ },
      { given: { usagePlanId: "nowhere" }, message: /NotFoundException: Invalid Usage Plan ID/ },
    ],
  },
];
