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
import { s3 } from "./s3";
import { secretsManager } from "./secrets-manager";
import { ssm } from "./ssm";
import { storedOnly } from "./stored-only";
import { usagePlans } from "./usage-plans";

export const resourceTypes: Record<string, ResourceType> = {
  ...apiGateway,
  ...apiGatewayV2,
  ...cloudWatch,
  ...cloudWatchLogs,
  ...domainNames,
  ...firehose,
  ...iam,
  ...lambda,
  ...s3,
  ...secretsManager,
  ...ssm,
  ...storedOnly,
  ...usagePlans,
};
