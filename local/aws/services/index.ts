// The table of resource types, by Pulumi type token.
import type { ResourceType } from "../resource-type";
import { apiGateway } from "./api-gateway";
import { apiGatewayV2 } from "./api-gateway-v2";
import { cloudWatch } from "./cloudwatch";
import { cloudWatchLogs } from "./cloudwatch-logs";
import { domainNames } from "./domain-names";
import { ecs } from "./ecs";
import { firehose } from "./firehose";
import { iam } from "./iam";
import { lambda } from "./lambda";
import { loadBalancing } from "./load-balancing";
import { route53 } from "./route53";
import { routes } from "./routes";
import { s3 } from "./s3";
import { secretsManager } from "./secrets-manager";
import { securityGroups } from "./security-groups";
import { ssm } from "./ssm";
import { usagePlans } from "./usage-plans";
import { vpc } from "./vpc";
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
  ...ecs,
  ...loadBalancing,
  ...routes,
  ...s3,
  ...secretsManager,
  ...securityGroups,
  ...ssm,
  ...usagePlans,
  ...vpc,
  ...wafv2,
};
