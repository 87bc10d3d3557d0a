// Settings that between them have the program declare everything that it can declare: what holds for all resources is
// tested with each of them. A new key that makes resources, or rights, belongs into one.
import { ownPortal, portal, portalSecrets } from "../../packages/customers-as-code/testing/portal-blocks";
import { moesif } from "./run-program";

const settings = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      `customers-as-code:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );

/** Whatever goes with any type of API. */
const edge = {
  liveSuspensions: true,
  kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555",
  tags: { team: "api" },
  alarms: { topicArns: ["arn:aws:sns:eu-central-1:123456789012:on-call"] },
  dashboard: true,
  customDomain: {
    name: "api.example.com",
    certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/1a2b",
    hostedZoneId: "Z0123456789ABCDEFGHIJ",
    basePath: "orders",
    mutualTls: { truststoreUri: "s3://truststore/clients.pem", truststoreVersion: "1" },
  },
};

/** A backend of each kind that makes something, and a document whose operations go to them. */
const backends = {
  openapi: "test/fixtures/backends.yaml",
  backends: {
    warehouse: {
      kind: "vpcLink",
      url: "https://warehouse.example.com",
      loadBalancerArn:
        "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/warehouse/0a1b2c3d4e5f6071",
      listenerArn:
        "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/warehouse/0a1b2c3d4e5f6071/1a2b3c4d5e6f7081",
      subnetIds: ["subnet-0a1b2c3d", "subnet-1a2b3c4d"],
      securityGroupIds: ["sg-0a1b2c3d"],
    },
    mailer: {
      kind: "lambda",
      functionArn: "arn:aws:lambda:eu-central-1:123456789012:function:mailer:live",
    },
  },
};

export const variants: Record<string, Record<string, string>> = {
  "as few settings as can be": {},
  "customers in shards": settings({ shards: 2 }),
  Moesif: moesif,
  "a REST API with everything": {
    ...moesif,
    ...settings({
      ...edge,
      tracing: true,
      plans: {
        free: { throttle: { rate: 5, burst: 10 }, quota: { limit: 1000, period: "month" } },
        unlimited: {},
      },
      defaultPlan: "free",
      enforcePlans: true,
      webAclArn: "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/api/0a1b",
    }),
  },
  "a REST API that logs to CloudWatch": settings({
    ...edge,
    ...backends,
    manageCloudWatchRole: true,
    validateRequests: "all",
    binaryMediaTypes: ["image/*"],
    corsAllowedOrigins: ["https://app.example.com"],
  }),
  "an HTTP API with everything": settings({
    ...edge,
    ...backends,
    apiType: "http",
    corsAllowedOrigins: ["https://app.example.com", "http://localhost:3000"],
  }),
  "a Developer Portal": settings({ portal, ...portalSecrets }),
  "a Developer Portal of one's own": settings({ ...edge, ...portalSecrets, portal: ownPortal }),
  "customers that read their secrets from accounts of their own": settings({
    ...edge,
    deliveryKmsKeyArn: edge.kmsKeyArn,
    customers: "test/fixtures/delivered-customers",
  }),
  "an HTTP API with a JWT authorizer": settings({
    ...edge,
    apiType: "http",
    httpAuthorizer: "jwt",
    liveSuspensions: false,
    customers: "test/fixtures/active-customers",
    openapi: "test/fixtures/any-scope.yaml",
    publicRoutes: [],
  }),
};

/** Keys that change what a resource says, but neither which resources there are nor who may do what. */
export const besideResources = [
  "approvedChanges",
  "audience",
  "authorizerCacheSeconds",
  "backendUrl",
  "binaryMediaTypes",
  "corsAllowedOrigins",
  "logRetentionDays",
  "maxResources",
  "moesifIngestUrl",
  "newCustomersPerMinute",
  "portalScopes",
  "protect",
  "removalLimit",
  "replaceable",
  "rotateEveryDays",
  "stageName",
  "tokenLifetime",
  "validateRequests",
];
