// Every type of resource that the local AWS has, with what it refuses.
import { apiGateway } from "./api-gateway";
import { apiGatewayV2 } from "./api-gateway-v2";
import { cloudWatch } from "./cloudwatch";
import { domainNames } from "./domain-names";
import { firehose } from "./firehose";
import { iam } from "./iam";
import { lambda } from "./lambda";
import type { Row } from "./row";
import { secretsManager } from "./secrets-manager";
import { ssm } from "./ssm";
import { storage } from "./storage";
import { storedOnly } from "./stored-only";
import { usagePlans } from "./usage-plans";

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
