// Every operation of the Management API that the tenant serves.
import { actionOperations } from "./entities/action";
import { actionTriggerOperations } from "./entities/action-trigger";
import { clientOperations } from "./entities/client";
import { clientCredentialOperations } from "./entities/client-credential";
import { clientGrantOperations } from "./entities/client-grant";
import { connectionOperations } from "./entities/connection";
import { logOperations } from "./entities/log";
import { notKeptOperations } from "./entities/not-kept";
import { organizationOperations } from "./entities/organization";
import { resourceServerOperations } from "./entities/resource-server";
import { roleOperations } from "./entities/role";
import { signingKeyOperations } from "./entities/signing-key";
import { tenantSettingsOperations } from "./entities/tenant-settings";
import { tenantWideSettingOperations } from "./entities/tenant-wide-setting";
import { userOperations } from "./entities/user";
import type { Operation } from "./operation";

export const operations: Operation[] = [
  ...clientOperations,
  ...clientCredentialOperations,
  ...clientGrantOperations,
  ...resourceServerOperations,
  ...organizationOperations,
  ...userOperations,
  ...roleOperations,
  ...connectionOperations,
  ...actionOperations,
  ...actionTriggerOperations,
  ...tenantSettingsOperations,
  ...tenantWideSettingOperations,
  ...signingKeyOperations,
  ...logOperations,
  ...notKeptOperations,
];
