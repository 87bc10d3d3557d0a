// What a deployment must hold before it declares anything, from wherever it is made, with or without a preview.

import { findMissingMembers } from "../auth0/members";
import type { CustomerDeclaration } from "../customers/load-customers";
import { refuseDeployment } from "../problems/fail";
import { configuredRegion } from "../pulumi/region";
import type { Settings } from "../settings/settings";
import { addressOf } from "./address";
import type { Company } from "./company";
import { findForbiddenImports } from "./guard-imports";
import { findTakenOrganizationNames } from "./guard-organization-names";
import { findForbiddenRemovals } from "./guard-removals";
import type { Deployed } from "./placement";

/**
 * @param here the customers of this stack
 * @throws {pulumi.RunError} with everything that is refused, and the ways out; nothing has changed then
 */
export async function guardDeployment(
  company: Company,
  here: readonly CustomerDeclaration[],
  settings: Settings,
  deployed: Deployed,
): Promise<void> {
  const { customers: declared } = company;
  refuseDeployment([
    ...findForbiddenRemovals(declared, settings, deployed, addressOf(settings, configuredRegion())),
    ...findTakenOrganizationNames(declared, settings, deployed),
    ...(await findForbiddenImports(company, here, settings, deployed)),
    ...(await findMissingMembers(here, settings.customers)),
  ]);
}
