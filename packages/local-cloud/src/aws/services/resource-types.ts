// The table of resource types, by Pulumi type token.
import type { ResourceType } from "../resource-type";
import { apiGatewayTypes } from "./api-gateway";
import { apiGatewayV2Types } from "./api-gateway-v2";
import { cloudWatchTypes } from "./cloudwatch";
import { cloudWatchLogsTypes } from "./cloudwatch-logs";
import { domainNameTypes } from "./domain-names";
import { firehoseTypes } from "./firehose";
import { iamTypes } from "./iam";
import { lambdaTypes } from "./lambda";
import { s3Types } from "./s3";
import { secretsManagerTypes } from "./secrets-manager";
import { ssmTypes } from "./ssm";
import { storedOnlyTypes } from "./stored-only";
import { usagePlanTypes } from "./usage-plans";

export const resourceTypes: Record<string, ResourceType> = {
  ...apiGatewayTypes,
  ...apiGatewayV2Types,
  ...cloudWatchTypes,
  ...cloudWatchLogsTypes,
  ...domainNameTypes,
  ...firehoseTypes,
  ...iamTypes,
  ...lambdaTypes,
  ...s3Types,
  ...secretsManagerTypes,
  ...ssmTypes,
  ...storedOnlyTypes,
  ...usagePlanTypes,
};
