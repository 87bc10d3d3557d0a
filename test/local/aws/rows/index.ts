// Every type of resource that the local AWS has, with what it refuses.
import { apiGateway } from "./api-gateway";
import { apiGatewayV2 } from "./api-gateway-v2";
import { cloudWatch } from "./cloudwatch";
import { domainNames } from "./domain-names";
import { ecs } from "./ecs";
import { firehose } from "./firehose";
import { iam } from "./iam";
import { lambda } from "./lambda";
import { loadBalancing } from "./load-balancing";
import { network } from "./network";
import { route53 } from "./route53";
import type { Row } from "./row";
import { secretsManager } from "./secrets-manager";
import { ssm } from "./ssm";
import { storage } from "./storage";
import { usagePlans } from "./usage-plans";
import { wafv2 } from "./wafv2";

export const rows: Row[] = [
  ...apiGateway,
  ...apiGatewayV2,
  ...cloudWatch,
  ...domainNames,
  ...ecs,
  ...firehose,
  ...iam,
  ...lambda,
  ...route53,
  ...secretsManager,
  ...loadBalancing,
  ...network,
  ...ssm,
  ...storage,
  ...usagePlans,
  ...wafv2,
];
