import { type Row, required } from "./row";

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
    refused: {
      "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateUsagePlan.html": [
        {
          given: ({ restApi }) => ({ apiStages: [{ apiId: restApi.id, stage: "v2" }] }),
          message: /NotFoundException: Invalid API Stage \{api: \w+, stage: v2\} specified for usageplan/,
        },
      ],
      "https://docs.aws.amazon.com/apigateway/latest/api/API_ApiStage.html": [
        { given: { apiStages: [{ apiId: "a" }] }, property: "apiStages[0].stage", message: /required/ },
        ...required("apiStages[0].apiId"),
      ],
      "https://docs.aws.amazon.com/apigateway/latest/api/API_QuotaSettings.html": [
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
        ...required("quotaSettings.period"),
        ["quotaSettings.limit", -1, /from 0 to/],
      ],
      "https://docs.aws.amazon.com/apigateway/latest/api/API_ThrottleSettings.html": [
        {
          given: { throttleSettings: { rateLimit: "fast" } },
          property: "throttleSettings.rateLimit",
          message: /must be a number/,
        },
        ["throttleSettings.burstLimit", -1, /from 0 to/],
        ["throttleSettings.rateLimit", -1, /from 0 to/],
      ],
      "guess: the limit of an HTTP API's description, since AWS states none for REST APIs": [
        ["name", "x".repeat(1025), /at most 1024/],
      ],
    },
  },
  {
    type: "apigateway/apiKey",
    inputs: () => ({ name: "row-key" }),
    change: { enabled: false },
    replaced: ["value"],
    generatedId: true,
    refused: {
      "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateApiKey.html": [
        ["value", "a".repeat(19), /20 to 128 characters/],
        ["value", "a".repeat(129), /20 to 128 characters/],
        ["value", "a-b".repeat(10), /alphanumeric/],
        {
          given: ({ apiKey }) => ({ value: apiKey.outputs.value }),
          message: /ConflictException: API Key already exists/,
        },
      ],
      "recorded: localstack/localstack, test_apigateway_extended.py, TestApigatewayApiKeysCrud": [
        ["name", "x".repeat(1025), /at most 1024/],
        ["description", "x".repeat(125_001), /at most 125000/],
      ],
    },
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
    refused: {
      "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateUsagePlanKey.html": [
        ["keyType", "TOKEN", /one of API_KEY/],
        { given: { keyId: "nowhere" }, message: /NotFoundException: Invalid API Key identifier/ },
        { given: { usagePlanId: "nowhere" }, message: /NotFoundException: Invalid Usage Plan ID/ },
        ...required("keyId", "keyType", "usagePlanId"),
      ],
    },
  },
];
