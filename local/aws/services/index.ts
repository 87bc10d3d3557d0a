// The table of resource types, by Pulumi type token.
import type { ResourceType } from "../resource-type";
import { apiGateway } from "./api-gateway";
import { apiGatewayV2 } from "./api-gateway-v2";
import { cloudWatch } from "./cloudwatch";
import { cloudWatchLogs } from "./cloudwatch-logs";
import { domainNames } from "./domain-names";
import { firehose } from "./firehose";
import { iam } from "./iam";
import { lambda } from "./lambda";
import { route53 } from "./route53";
import { s3 } from "./s3";
import { secretsManager } from "./secrets-manager";
import { ssm } from "./ssm";
import { usagePlans } from "./usage-plans";
import { wafv2 } from "./wafv2";

export const resourceTypes: Record<string, ResourceType> = {
  ...apiGateway,
  ...apiGatewayV2,
  ...cloudWatch,
  ...cloudWatchLogs,
  ...domainNames,
  ...firehose,
  ...iam,
  ...lambda,
  ...route53,
  ...s3,
  ...secretsManager,
  ...ssm,
  ...usagePlans,
  ...wafv2,
};
