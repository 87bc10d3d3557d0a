// Every type of resource that the local AWS has, with what it refuses.
import { apiGateway } from "./api-gateway-rows";
import { apiGatewayV2 } from "./api-gateway-v2-rows";
import { cloudWatch } from "./cloudwatch-rows";
import { domainNames } from "./domain-names-rows";
import { firehose } from "./firehose-rows";
import { iam } from "./iam-rows";
import { lambda } from "./lambda-rows";
import type { Row } from "./row";
import { secretsManager } from "./secrets-manager-rows";
import { ssm } from "./ssm-rows";
import { storage } from "./storage-rows";
import { storedOnly } from "./stored-only-rows";
import { usagePlans } from "./usage-plans-rows";

export const rows: Row[] = [
  ...apiGateway,
  ...apiGatewayV2,
  ...cloudWatch,
  ...domainNames,
  ...firehose,
  ...iam,
  ...lambda,
  ...secretsManager,
  ...ssm,
  ...storage,
  ...storedOnly,
  ...usagePlans,
];
